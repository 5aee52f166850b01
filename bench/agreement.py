"""Whether peers answered alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.peers.base import Answer, Peer
from bench.synthetic import Question


@dataclass
class Agreement:
    """How a peer's answers compare with the reference's, by kind of question."""

    equal: dict[str, int] = field(default_factory=dict)
    compared: dict[str, int] = field(default_factory=dict)
    overlap: float | None = None
    """Of ranked questions: the mean share of the reference's page that is on the peer's, too."""
    example: str = ""
    """The first question that was answered otherwise."""

    def hear(
        self,
        peer: type[Peer],
        questions: Sequence[Question],
        mine: list[Answer],
        yours: list[Answer],
    ) -> None:
        """Compare the answers to one kind of question, as far as both gave one."""
        for question, one, other in zip(questions, mine, yours, strict=False):
            kind = question.kind
            if kind in peer.loose:
                continue
            same = alike(question, one, other, disjunctive=peer.disjunctive)
            self.compared[kind] = self.compared.get(kind, 0) + 1
            self.equal[kind] = self.equal.get(kind, 0) + same
            if not same and not self.example:
                self.example = f"{question}: totals {one.total} and {other.total}"
        shares = [
            len(set(one.ids) & set(other.ids)) / len(other.ids)
            for question, one, other in zip(questions, mine, yours, strict=False)
            if question.ranked and other.ids
        ]
        if shares:
            self.overlap = round(sum(shares) / len(shares), 3)


def alike(question: Question, one: Answer, other: Answer, *, disjunctive: bool = True) -> bool:
    """Equal totals and counts, and equal pages unless by relevance, which each reckons its own way.

    Where one peer counts a facet under its own selection, that facet's counts are not compared.
    """
    left_out = () if disjunctive else tuple(question.selections)
    return (
        one.total == other.total
        and _counts(one, left_out) == _counts(other, left_out)
        and (question.ranked or one.ids == other.ids)
    )


def _counts(answer: Answer, left_out: tuple[str, ...]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for facet, held in answer.counts.items():
        kept = {value: count for value, count in held.items() if count}
        if kept and facet not in left_out:
            counts[facet] = kept
    return counts
