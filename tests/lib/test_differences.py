"""What changed between two texts: both can be read off the answer, whatever they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.lib import differences, html
from dateline.lib.differences import Block, Passage

WORD = st.text(alphabet="abАя中文é 1.,-", min_size=1, max_size=8)
LINE = st.lists(WORD, max_size=8).map(" ".join)
TAG = st.sampled_from(["p", "h2", "li", "td"])
TEXT = st.lists(
    st.builds(Block, TAG, LINE.map(lambda s: " ".join(s.split())).filter(bool)), max_size=6
)


def read(passages: list[Passage], without: str) -> list[str]:
    """The text of one side: what is not marked as the other's alone."""
    found = [
        "".join(part.text for part in passage.parts if part.mark != without) for passage in passages
    ]
    return [text for text in found if text]


@given(LINE, LINE)
def test_both_lines_can_be_read_off(before: str, after: str) -> None:
    parts = differences.words(before, after)
    assert "".join(part.text for part in parts if part.mark != "added") == before
    assert "".join(part.text for part in parts if part.mark != "removed") == after


@given(TEXT, TEXT)
def test_both_texts_can_be_read_off_in_order(before: list[Block], after: list[Block]) -> None:
    passages = differences.passages(before, after)
    assert read(passages, "added") == [block.text for block in before]
    assert read(passages, "removed") == [block.text for block in after]


@given(TEXT)
def test_the_same_text_has_no_changes(text: list[Block]) -> None:
    assert not any(passage.changed for passage in differences.passages(text, text))


@given(TEXT)
def test_the_blocks_are_the_words_of_the_html(text: list[Block]) -> None:
    written = "".join(f"<{b.tag}>{b.text}</{b.tag}>" for b in text if b.tag in ("p", "h2"))
    found = differences.blocks(html.clean(written))
    assert [block.text for block in found] == html.text(html.clean(written)).splitlines()


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("five people", "six people", [("removed", "five"), ("added", "six"), ("same", " people")]),
        ("会议开始", "会议结束", [("same", "会议"), ("removed", "开始"), ("added", "结束")]),
        ("1,200", "1,300", [("same", "1,"), ("removed", "200"), ("added", "300")]),
    ],
)
def test_words_are_what_people_call_words(
    before: str, after: str, marked: list[tuple[str, str]]
) -> None:
    assert [(p.mark, p.text) for p in differences.words(before, after)] == marked


def test_a_changed_link_is_told_though_the_words_are_the_same() -> None:
    before = differences.blocks('<p>See <a href="/a">this</a></p>')
    after = differences.blocks('<p>See <a href="/b">this</a></p>')
    (passage,) = differences.passages(before, after)
    assert passage.changed
    assert passage.relinked
