"""Dateline's engine beside its peers, over the same archive and the same questions.

    python -m bench.engines [--size N | --swiss COPIES] [--seed N] [--peers a,b] [--record NAME]

Answers are compared before anything counts: totals, counts and pages must be equal, ranked pages
are compared by overlap. The exit status is 1 if any peer answered otherwise.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from bench import building, measuring, peers, results, synthetic
from bench.agreement import Agreement
from bench.corpora import Corpus, swiss_corpus, synthetic_corpus
from bench.measuring import Contestant
from bench.peers.base import Answer, Unavailable
from bench.synthetic import KINDS, Question

REFERENCE = "dateline"
"""Whose answers the others are compared with. (Its own are compared with brute force in tests/.)"""


def main() -> int:
    """Build what is missing, ask, compare, print, and write the results."""
    arguments = _arguments()
    try:
        corpus = _corpus(arguments)
    except Unavailable as reason:
        print(f"skipped: {reason}")
        return 0
    keys = arguments.peers.split(",") if arguments.peers else list(peers.NAMES)
    outcome = compare(corpus, keys, rounds=arguments.rounds, cap=arguments.cap, part=arguments.part)
    _print(outcome)
    name = arguments.record or f"engines-{corpus.key}"
    print("written to", results.write(name, outcome, record=bool(arguments.record)).name)
    return 0 if all(one["agreed"] for one in outcome["peers"].values()) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.engines")
    parser.add_argument("--size", type=int, default=10_000, help="synthetic stories")
    parser.add_argument("--swiss", type=int, metavar="COPIES", help="the Swiss file instead")
    parser.add_argument("--seed", type=int, default=synthetic.SEED)
    parser.add_argument("--peers", help=f"some of {','.join(peers.NAMES)}")
    parser.add_argument("--rounds", type=int, default=measuring.ROUNDS)
    parser.add_argument("--cap", type=float, default=measuring.CAP, help="seconds, see measuring")
    parser.add_argument("--part", type=int, default=1, help="ask one of so many questions")
    parser.add_argument("--record", metavar="NAME", help="write docs/benchmarks/NAME.json")
    return parser.parse_args()


def _corpus(arguments: argparse.Namespace) -> Corpus:
    if arguments.swiss:
        return swiss_corpus(arguments.swiss)
    return synthetic_corpus(arguments.size, arguments.seed)


def compare(
    corpus: Corpus,
    keys: Sequence[str],
    *,
    rounds: int = measuring.ROUNDS,
    cap: float = measuring.CAP,
    part: int = 1,
) -> dict[str, Any]:
    """Everything measured of these peers over one archive, as it is written down."""
    began = time.monotonic()
    skipped: dict[str, str] = {}
    measured: dict[str, dict[str, Any]] = {}
    contestants: list[Contestant] = []
    for key in keys:
        try:
            measured[key] = _prepared(corpus, key, contestants)
        except (Unavailable, ImportError) as reason:
            skipped[key] = str(reason)
            print(f"left out: {key}, {reason}")
    try:
        agreements = _ask(corpus, contestants, rounds, cap, part)
    finally:
        for one in contestants:
            one.close()
    for one in contestants:
        if one.failed:
            skipped[one.label] = f"failed while it was measured: {one.failed}"
            print(f"{one.label} {skipped[one.label]}")
            continue
        measured[one.label] |= _summary(one, agreements[one.label], exact=corpus.exact)
    return {
        "corpus": {"name": corpus.name, "size": corpus.size, "seed": corpus.seed},
        "rounds": rounds,
        "cap": cap,
        "questions": _how_many(corpus.questions(part)),
        "peers": {key: measured[key] for key in measured if "kinds" in measured[key]},
        "skipped": skipped,
        "seconds": round(time.monotonic() - began),
    }


def _prepared(corpus: Corpus, key: str, contestants: list[Contestant]) -> dict[str, Any]:
    """The peer built and opened; what that took."""
    build = building.ensure(corpus, key)
    contestant = Contestant(key, building.folder_of(corpus, key))
    try:
        opened = contestant.open()
    except Unavailable:
        contestant.close()
        raise
    contestants.append(contestant)
    peer = contestant.peer
    return {
        "name": peer.name,
        "version": peer.version(),
        "build": None if peer.shares else build,
        "disk": build["disk"],
        "opened": asdict(opened),
    }


def _ask(
    corpus: Corpus, contestants: Sequence[Contestant], rounds: int, cap: float, part: int
) -> dict[str, Agreement]:
    by_key = {one.label: one.peer for one in contestants}
    agreements = {key: Agreement() for key in by_key}

    def hear(kind: str, answers: dict[str, list[Answer]], asked: Sequence[Question]) -> None:
        reference = answers.get(REFERENCE) or next(iter(answers.values()))
        for key, mine in answers.items():
            agreements[key].hear(by_key[key], asked, mine, reference)
        print(f"  {kind}: answered by {len(answers)}", flush=True)

    questions = corpus.questions(part)
    measuring.run(contestants, questions, rounds=rounds, cap=cap, heard=hear)
    for one in contestants:
        if not one.failed:
            one.after = one.memory()
    return agreements


def _summary(one: Contestant, agreement: Agreement, *, exact: bool) -> dict[str, Any]:
    exactly = {kind: _worded(kind) is False or exact for kind in agreement.compared}
    agreed = all(
        agreement.equal[kind] == agreement.compared[kind]
        for kind, counts in exactly.items()
        if counts
    )
    if not agreed:
        print(f"{one.peer.name} ANSWERED OTHERWISE: {agreement.example}")
    return {
        "kinds": {kind: timed.summary() for kind, timed in one.times.items()},
        "after": asdict(one.after) if one.after else None,
        "agreed": agreed,
        "equal": agreement.equal,
        "compared": agreement.compared,
        "overlap": agreement.overlap,
    }


def _worded(kind: str) -> bool:
    """Whether questions of this kind ask for words, which real text does not cut alike for all."""
    return kind not in {"match all", "facets", "deep page"}


def _how_many(questions: Sequence[Question]) -> dict[str, int]:
    return {kind: sum(one.kind == kind for one in questions) for kind in KINDS}


def _print(outcome: dict[str, Any]) -> None:
    kinds = [kind for kind in KINDS if outcome["questions"][kind]]
    print(f"\n{outcome['corpus']['size']:,} stories; p50/p95 in ms (first touch p95)")
    for one in outcome["peers"].values():
        print(f"{one['name']} {one['version']}: {_line(one)}")
        for kind in kinds:
            if held := one["kinds"].get(kind):
                print(
                    f"    {kind:<18} {held['p50']:9.2f} {held['p95']:9.2f}"
                    f"  ({held['first_p95']:.1f})  n={held['n']}"
                )


def _line(one: dict[str, Any]) -> str:
    opened, after = one["opened"], one["after"]
    built = (
        f"built with {one['build']['processor']:.0f} s of processor"
        if one["build"]
        else "nothing built"
    )
    equal = "equal answers" if one["agreed"] else "OTHER ANSWERS"
    overlap = "" if one["overlap"] is None else f", ranked overlap {one['overlap']:.2f}"
    return (
        f"{built}, {one['disk'] / 1e6:,.0f} MB; opened in {opened['seconds']:.2f} s, "
        f"{after['own_mb']:.0f} MB own + {after['mapped_mb']:.0f} mapped"
        f" + {after['servers_mb']:.0f} servers; {equal}{overlap}"
    )


if __name__ == "__main__":
    sys.exit(main())
