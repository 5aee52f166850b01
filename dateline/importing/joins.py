"""Joining the names of one term in several languages, from the releases that carry them.

A source that names its offices once per language, without a key, still lists them in the same
order in every text of a release. Each release is evidence: the first name here and the first name
there stood for one thing. Two names are joined when neither ever stood beside another name of that
language. Whatever contradicts itself stays apart and is reported: a wrong join would file stories
under a wrong office for good, while two terms left apart can be merged by hand.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from dateline.importing.report import Apart
from dateline.vocabularies import names

Node = tuple[str, str]
"""(language, folded name)"""


@dataclass(frozen=True, slots=True)
class Joined:
    """One term: its printed name per language, and whether any of them said "(closed)"."""

    names: Mapping[str, str]
    closed: bool = False


@dataclass(slots=True)
class Evidence:
    """What the releases say about the names of one facet."""

    printed: dict[Node, Counter[str]] = field(default_factory=dict)
    beside: dict[Node, dict[str, Counter[Node]]] = field(default_factory=dict)
    closed: set[Node] = field(default_factory=set)
    uneven: set[Node] = field(default_factory=set)
    _known: dict[tuple[str, str], tuple[Node, str]] = field(default_factory=dict)

    def see(self, release: Mapping[str, tuple[str, ...]]) -> None:
        """Take in one release: language → its names in order."""
        lists = [[self._node(tag, name) for name in listed] for tag, listed in release.items()]
        if len({len(nodes) for nodes in lists}) > 1:
            self.uneven.update(node for nodes in lists for node in nodes)
            return
        for here, there in combinations(lists, 2):
            for one, other in zip(here, there, strict=True):
                self._count(one, other)
                self._count(other, one)

    def _node(self, language: str, printed: str) -> Node:
        """The name as a node; printed names recur by the thousand, so each is folded once."""
        known = self._known.get((language, printed))
        if known is None:
            name = names.read(printed)
            known = (language, names.fold(name.name)), name.name
            self._known[language, printed] = known
            if name.closed:
                self.closed.add(known[0])
        node, name_alone = known
        self.printed.setdefault(node, Counter())[name_alone] += 1
        return node

    def _count(self, node: Node, other: Node) -> None:
        self.beside.setdefault(node, {}).setdefault(other[0], Counter())[other] += 1

    def counterpart(self, node: Node, language: str) -> Node | None:
        """The one name of `language` that `node` stood beside, and that stood beside no other."""
        others = self.beside.get(node, {}).get(language, ())
        if len(others) != 1:
            return None
        other = next(iter(others))
        return other if len(self.beside[other][node[0]]) == 1 else None


class Joins:
    """The terms of one facet as the evidence joins them."""

    def __init__(self, facet: str, evidence: Evidence) -> None:
        self._facet = facet
        self._evidence = evidence
        self._terms: dict[Node, Joined] = {}
        self._apart: dict[tuple[Node, ...], Apart] = {}
        for group in _groups(evidence):
            self._take(group)

    @property
    def apart(self) -> list[Apart]:
        """What was not joined, each contradiction once."""
        return list(self._apart.values())

    @property
    def across_languages(self) -> int:
        """How many terms have a name in one language and another one in another."""
        terms = {id(term): term for term in self._terms.values()}
        return sum(len(set(map(names.fold, term.names.values()))) > 1 for term in terms.values())

    def term(self, language: str, folded: str) -> Joined | None:
        """The term a name belongs to; None for a name that was not looked at."""
        return self._terms.get((language, folded))

    def _take(self, group: list[Node]) -> None:
        languages = Counter(language for language, _ in group)
        if max(languages.values()) > 1:
            self._report(group, "their counterparts lead to more than one name of a language")
            parts = [[node] for node in group]
        else:
            parts = [group]
            for node in group:
                self._doubt(node, languages)
        for part in parts:
            term = self._joined(part)
            self._terms.update(dict.fromkeys(part, term))

    def _joined(self, group: list[Node]) -> Joined:
        printed = {node[0]: self._name(node) for node in group}
        return Joined(printed, closed=not self._evidence.closed.isdisjoint(group))

    def _doubt(self, node: Node, joined: Mapping[str, int]) -> None:
        """Report where a name is not joined with a language it stood beside."""
        for language, others in self._evidence.beside.get(node, {}).items():
            if language not in joined and len(others) > 1:
                self._report(sorted(others), f"each stood where “{self._name(node)}” stood")
        if node in self._evidence.uneven and len(joined) == 1:
            self._report([node], "only seen where the languages list different numbers of names")

    def _report(self, nodes: list[Node], reason: str) -> None:
        apart = Apart(self._facet, nodes[0][0], tuple(map(self._name, nodes)), reason)
        self._apart.setdefault(tuple(nodes), apart)

    def _name(self, node: Node) -> str:
        return self._evidence.printed[node].most_common(1)[0][0]


def _groups(evidence: Evidence) -> Iterable[list[Node]]:
    """The names in groups that stand for one term: alike in spelling, or each other's only one."""
    above: dict[Node, Node] = {node: node for node in evidence.printed}

    def top(node: Node) -> Node:
        while above[node] != node:
            above[node] = above[above[node]]
            node = above[node]
        return node

    # Terms are found by name in any language, so names spelt alike are one term's already.
    alike: dict[str, Node] = {}
    for node in evidence.printed:
        above[top(node)] = top(alike.setdefault(node[1], node))
    for node, beside in evidence.beside.items():
        for language in beside:
            if other := evidence.counterpart(node, language):
                above[top(node)] = top(other)
    groups: dict[Node, list[Node]] = defaultdict(list)
    for node in evidence.printed:
        groups[top(node)].append(node)
    return groups.values()
