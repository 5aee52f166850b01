"""The tables of docs/rights.md, made from what the code says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.urls import URLResolver, get_resolver

from dateline.desk.rights.doors import DOORS
from dateline.people.rights import ALLOWED, OF_ANY, Action

NO_TREE = re.compile(
    r"wagtailadmin_(pages|explore|api:pages|reports:(aging|page))|wagtailadmin_error"
)
"""Addresses for a tree of pages, which a newsroom has not: without a door, so closed."""

SETTLED = re.compile(r"wagtail(sites|locales):|view$")
"""Settings that come from the newsroom's file: without a door, so closed."""


def routes() -> Iterator[tuple[str, set[str]]]:
    """(view name, what it is given by its address) of every address below /desk/."""

    def walk(
        resolver: Any, before: str, spaces: tuple[str, ...], wanted: set[str]
    ) -> Iterator[tuple[str, set[str]]]:
        for entry in resolver.url_patterns:
            path = before + str(entry.pattern)
            given = wanted | set(re.compile(entry.pattern.regex).groupindex)
            if isinstance(entry, URLResolver):
                yield from walk(entry, path, (*spaces, *filter(None, (entry.namespace,))), given)
            elif path.lstrip("^").startswith("desk/"):
                yield ":".join((*spaces, entry.name or entry.callback.__name__)), given

    yield from walk(get_resolver(), "", (), set())


def rights_table() -> str:
    """What each role may do, and of how many of a story's offices it must be."""
    lines = [f"| | {' | '.join(str(role.label) for role in ALLOWED)} | in |", "|---|" + "---|" * 5]
    for action in Action:
        marks = " | ".join("yes" if action in allowed else "–" for allowed in ALLOWED.values())
        where = "any of its offices" if action in OF_ANY else "all of its offices"
        lines.append(f"| {action.label} | {marks} | {where} |")
    return "\n".join(lines)


def doors_table() -> str:
    """How many addresses there are below /desk/, by what is asked at them."""
    counted: Counter[str] = Counter()
    for name, _ in routes():
        if name in DOORS:
            counted[DOORS[name].because] += 1
        elif NO_TREE.match(name):
            counted["closed: a newsroom has no tree of pages"] += 1
        else:
            counted["closed: comes from the newsroom's file"] += 1
    lines = ["| addresses | what is asked |", "|---:|---|"]
    lines += [f"| {count} | {because} |" for because, count in counted.most_common()]
    return "\n".join([*lines, f"| **{counted.total()}** | |"])
