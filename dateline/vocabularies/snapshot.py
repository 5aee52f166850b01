"""All terms of all vocabularies in memory: a few hundred rows that every page needs.

`current()` answers with the same immutable snapshot until any term changes in any process: each
change draws the one row of `Stamp` anew inside its own transaction, and reading that row is the
only query a page pays.
"""

from __future__ import annotations

import secrets
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from dateline.vocabularies.models import TERMS, Genre, Office, Stamp, Topic


@dataclass(frozen=True)
class FormerName:
    """A name a term had; either end may be unknown."""

    language: str
    name: str
    valid_from: date | None
    valid_until: date

    def held(self, day: date) -> bool:
        """Whether the term was called so on a day."""
        return (self.valid_from is None or self.valid_from <= day) and day <= self.valid_until


@dataclass(frozen=True)
class TermInfo:
    """One term, detached from the database."""

    facet: str
    id: int
    slug: str
    names: Mapping[str, str]
    former: tuple[FormerName, ...] = ()
    abouts: Mapping[str, str] = field(default_factory=dict)
    parent: int | None = None
    successors: tuple[int, ...] = ()
    former_slugs: tuple[str, ...] = ()
    merged_into: int | None = None
    place: str = ""
    opened_on: date | None = None
    closed: bool = False
    closed_on: date | None = None

    def on(self, day: date) -> TermInfo:
        """The term with the names it had on a day; today's in languages where no other is known."""
        then = {name.language: name.name for name in reversed(self.former) if name.held(day)}
        return replace(self, names={**self.names, **then}) if then else self

    def renamed(self, language: str) -> bool:
        """Whether it was ever called otherwise than it is now, in a language."""
        now = self.label(language)
        return any(self.on(name.valid_until).label(language) != now for name in self.former)

    def label(self, language: str) -> str:
        """Today's name in `language`, else in English, else in any language, else the slug."""
        names = self.names
        return names.get(language) or names.get("en") or next(iter(names.values()), self.slug)

    def about(self, language: str) -> str:
        """The text about the term, in `language` or English; "" where there is none."""
        return self.abouts.get(language) or self.abouts.get("en", "")


@dataclass(frozen=True)
class Snapshot:
    """Every term, by facet and id and by facet and slug, with the families of the hierarchies.

    Ids of terms that were merged, and slugs that terms had before, lead to what they mean today.
    """

    stamp: int
    by_id: Mapping[str, Mapping[int, TermInfo]]
    by_slug: Mapping[str, Mapping[str, TermInfo]]
    families: Mapping[str, Mapping[int, frozenset[int]]]

    def term(self, facet: str, slug: str) -> TermInfo | None:
        """The term behind a slug in an address, or None."""
        return self.by_slug[facet].get(slug)

    def terms(self, facet: str) -> Iterable[TermInfo]:
        """All terms of a facet, in no particular order."""
        return [info for pk, info in self.by_id[facet].items() if info.id == pk]

    def meant(self, facet: str, keys: Iterable[int]) -> list[TermInfo]:
        """What these ids mean today, each term once; ids of terms that are gone are left out."""
        known = (self.by_id[facet].get(pk) for pk in keys)
        return list({term.id: term for term in known if term}.values())

    def ancestors(self, term: TermInfo) -> list[TermInfo]:
        """The terms above, topmost first."""
        above: list[TermInfo] = []
        while term.parent is not None:
            term = self.by_id[term.facet][term.parent]
            above.append(term)
        return above[::-1]

    def predecessors(self, term: TermInfo) -> set[int]:
        """The ids of all that led to a term, and of what led to those."""
        found: set[int] = set()
        fresh = {term.id}
        while fresh:
            before = {other.id for other in self.terms(term.facet) if fresh & set(other.successors)}
            fresh = before - found - {term.id}
            found |= fresh
        return found

    def successors(self, term: TermInfo) -> set[int]:
        """The ids of all that came after a term, and of what came after those."""
        known = self.by_id[term.facet]
        found: set[int] = set()
        fresh = {term.id}
        while fresh:
            after = {known[pk].id for each in fresh for pk in known[each].successors}
            fresh = after - found - {term.id}
            found |= fresh
        return found

    def children(self, term: TermInfo) -> list[TermInfo]:
        """The terms directly below."""
        return [other for other in self.terms(term.facet) if other.parent == term.id]


_lock = threading.Lock()
_current: Snapshot | None = None


def current() -> Snapshot:
    """The vocabularies as they are now; one small query when nothing has changed."""
    global _current
    stamp = Stamp.objects.values_list("value", flat=True).first() or 0
    snapshot = _current
    if snapshot is not None and snapshot.stamp == stamp:
        return snapshot
    with _lock:
        _current = load(stamp)
        return _current


def forget() -> None:
    """Drop the copy in memory: for a database that was replaced under the process (tests)."""
    global _current
    _current = None


def hold() -> None:
    """Let nobody else change a vocabulary until this transaction ends: their `touch` waits."""
    Stamp.objects.select_for_update().filter(pk=1).first()


def touch() -> None:
    """Say that a term changed; call it inside the transaction that changes it.

    The stamp is drawn and not counted: a number from a transaction that was taken back would be
    given again to another change, which a process that had read the first would never see.
    """
    # One key, so that two first changes cannot each make a row.
    Stamp.objects.update_or_create(pk=1, defaults={"value": 1 + secrets.randbits(62)})


def load(stamp: int) -> Snapshot:
    """Read all vocabularies: a fixed handful of queries, whatever their size."""
    rows = {model.facet: {info.id: info for info in _infos(model)} for model in TERMS}
    families = {facet: _families(infos) for facet, infos in rows.items()}
    by_id = {facet: _meant(infos) for facet, infos in rows.items()}
    by_slug = {facet: _slugs(infos, by_id[facet]) for facet, infos in rows.items()}
    return Snapshot(stamp, by_id, by_slug, families)


def _meant(infos: Mapping[int, TermInfo]) -> dict[int, TermInfo]:
    """Id → the term it means: its own, or the one it was merged into."""
    meant = {}
    for pk, info in infos.items():
        while info.merged_into is not None:
            info = infos[info.merged_into]
        meant[pk] = info
    return meant


def _slugs(infos: Mapping[int, TermInfo], meant: Mapping[int, TermInfo]) -> dict[str, TermInfo]:
    """Slug → the term it leads to; one of today wins over those that were given up."""
    found = {slug: meant[pk] for pk, info in infos.items() for slug in info.former_slugs}
    found |= {info.slug: meant[pk] for pk, info in infos.items() if info.merged_into is not None}
    return found | {info.slug: info for info in infos.values() if info.merged_into is None}


def _infos(model: type[Office] | type[Topic] | type[Genre]) -> Iterable[TermInfo]:
    names: dict[int, dict[str, str]] = defaultdict(dict)
    former: dict[int, list[FormerName]] = defaultdict(list)
    for row in model._meta.get_field("names").related_model.objects.all():
        if row.valid_until is None:
            names[row.term_id].setdefault(row.language, row.name)
        else:
            former[row.term_id].append(
                FormerName(row.language, row.name, row.valid_from, row.valid_until)
            )
    extras = _extras(model)
    for term in model.objects.all():
        yield TermInfo(
            facet=model.facet,
            id=term.pk,
            slug=term.slug,
            names=names[term.pk],
            former=tuple(sorted(former[term.pk], key=lambda name: name.valid_until)),
            parent=getattr(term, "parent_id", None),
            former_slugs=tuple(term.former_slugs),
            merged_into=getattr(term, "merged_into_id", None),
            place=getattr(term, "place", ""),
            opened_on=getattr(term, "opened_on", None),
            closed=getattr(term, "closed", False),
            closed_on=getattr(term, "closed_on", None),
            **extras.get(term.pk, {}),
        )


def _extras(model: type[Office] | type[Topic] | type[Genre]) -> dict[int, dict[str, Any]]:
    """Abouts and successors, for the vocabularies that have them."""
    extras: dict[int, dict[str, Any]] = defaultdict(dict)
    if issubclass(model, Genre):
        return extras
    abouts: dict[int, dict[str, str]] = defaultdict(dict)
    for row in model._meta.get_field("abouts").related_model.objects.all():
        abouts[row.term_id][row.language] = row.text
    successors: dict[int, tuple[int, ...]] = defaultdict(tuple)
    facet = model.facet
    for link in model.successors.through.objects.order_by("pk"):
        before = getattr(link, f"from_{facet}_id")
        successors[before] += (getattr(link, f"to_{facet}_id"),)
    for pk in abouts.keys() | successors.keys():
        extras[pk] = {"abouts": abouts[pk], "successors": successors[pk]}
    return extras


def _families(infos: Mapping[int, TermInfo]) -> dict[int, frozenset[int]]:
    """Each term with itself and all its descendants."""
    families: dict[int, set[int]] = {pk: {pk} for pk in infos}
    for pk in infos:
        above, steps = infos[pk].parent, 0
        while above is not None and steps < len(infos):
            families[above].add(pk)
            above, steps = infos[above].parent, steps + 1
    return {pk: frozenset(members) for pk, members in families.items()}
