"""Every peer answers as brute force does: what is timed is the same work."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from bench import agreement, oracle, peers, synthetic
from bench.peers.base import Answer, Unavailable
from bench.synthetic import Document, Question

SIZE = 1_500
NEEDED = {"tantivy": "tantivy", "duckdb": "duckdb", "datasette": "datasette"}


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    return list(synthetic.documents(SIZE, body=20))


@pytest.fixture(scope="module")
def truth(documents: list[Document]) -> list[tuple[Question, Answer]]:
    questions = synthetic.questions(divisor=5)
    return [(question, oracle.answer(documents, question)) for question in questions]


@pytest.mark.parametrize("key", ["dateline", "tantivy", "sqlite", "duckdb", "postgresql"])
def test_answers_are_those_of_brute_force(
    key: str, documents: list[Document], truth: list[tuple[Question, Answer]], tmp_path: Path
) -> None:
    if key in NEEDED and find_spec(NEEDED[key]) is None:
        pytest.skip(f"{key} is not installed: it comes with the extra `bench`")
    peer = peers.find(key)(_open_to_all(tmp_path))
    try:
        peer.start()
        peer.build(iter(documents))
        peer.open()
        for question, expected in truth:
            if question.kind in peer.kinds:
                _check(question, peer.answer(question), expected)
        peer.close()
    except Unavailable as reason:
        pytest.skip(str(reason))
    finally:
        peer.stop()


def test_datasette_answers_what_it_can_be_asked(
    documents: list[Document], truth: list[tuple[Question, Answer]], tmp_path: Path
) -> None:
    if find_spec("datasette") is None:
        pytest.skip("Datasette is not installed: it comes with the extra `bench`")
    peers.find("sqlite")(tmp_path).build(iter(documents))
    peer = peers.find("datasette")(tmp_path)
    try:
        peer.start()
        peer.open()
        for question, expected in truth:
            if question.kind in peer.kinds:
                got = peer.answer(question)
                assert agreement.alike(question, got, expected, disjunctive=False), question
        peer.close()
    finally:
        peer.stop()


def test_a_difference_is_noticed() -> None:
    question = Question("facets", selections={"genre": ("1",)})
    one = Answer((1, 2), 2, {"genre": {"1": 2, "2": 5}, "office": {}})
    assert agreement.alike(question, one, Answer((1, 2), 2, {"genre": {"1": 2, "2": 5, "3": 0}}))
    for other in (
        Answer((2, 1), 2, one.counts),
        Answer((1, 2), 3, one.counts),
        Answer((1, 2), 2, {"genre": {"1": 2}}),
    ):
        assert not agreement.alike(question, one, other)
    assert agreement.alike(question, one, Answer((1, 2), 2, {"genre": {"1": 2}}), disjunctive=False)


def _check(question: Question, got: Answer, expected: Answer) -> None:
    """Ranked pages need only be of what matches; brute force gives all of that."""
    assert agreement.alike(question, got, expected), question
    if question.ranked:
        assert len(set(got.ids)) == min(synthetic.PAGE, expected.total)
        assert set(got.ids) <= set(expected.ids)


def _open_to_all(folder: Path) -> Path:
    """pytest's folders are closed to other accounts, and PostgreSQL's server has one of its own."""
    for parent in (folder, *folder.parents):
        parent.chmod(0o755)
        if parent.name.startswith("pytest-of-"):
            break
    return folder
