"""The listing's text: the real layout, its odd ends, and any listing that can be laid out."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.formats.listing.names import split_names
from dateline.formats.listing.read import Heading, Labels, heading, read
from dateline.formats.record import Record, Rejection
from dateline.lib.reading import SourceError, from_bytes, open_source


def _read(text: str, known: Sequence[str] = (), labels: Labels | None = None) -> list[object]:
    return list(read(from_bytes(text.encode()), known=known, labels=labels))


def _records(text: str, known: Sequence[str] = ()) -> list[Record]:
    found = _read(text, known)
    assert all(isinstance(item, Record) for item in found), found
    return [item for item in found if isinstance(item, Record)]


# Real text


def test_the_seed_has_seven_stories_and_only_the_sixth_has_terms(real_data: Path) -> None:
    path = real_data / "seed" / "osce-newsroom-listing.txt"
    with open_source(path) as source:
        assert heading(source.head) == Heading(
            "Newsroom",
            "News and press releases",
            "News and press releases from the OSCE's global activities.",
        )
        stories = [story for story in read(source) if isinstance(story, Record)]
    assert len(stories) == 7
    assert stories[0].published == max(story.published for story in stories) == date(2024, 12, 19)
    terms = [(story.genre, story.offices, story.topics) for story in stories]
    nothing = (None, (), ())
    sixth = ("News", ("OSCE Programme Office in Astana",), ("Gender equality", "Rule of law"))
    assert terms == [nothing] * 5 + [sixth, nothing]
    assert all(story.headline and story.summary and not story.cut for story in stories)
    # Each headline, date and lead stands in the file just so.
    lines = path.read_text(encoding="utf-8").splitlines()
    for story in stories:
        assert lines[story.line - 1] == story.headline
        assert lines[story.line].endswith(f"{story.published:%d %B %Y}".lstrip("0"))
        assert story.summary in lines


@pytest.mark.parametrize(
    ("sample", "count", "cut"),
    [(1, 3, 0), (2, 4, 0), (3, 3, 0), (4, 2, 1), (5, 4, 0), (6, 4, 0), (7, 2, 0), (8, 3, 1)],
)
def test_samples_agree_with_the_stories_they_were_made_from(
    real_data: Path, sample: int, count: int, cut: int
) -> None:
    folder = real_data / "data" / "osce-listing"
    with open_source(folder / "listing-samples" / f"{sample:02}.txt") as source:
        found = list(read(source))
    records = [record for record in found if isinstance(record, Record)]
    assert (len(found), len(records)) == (count, count)
    assert sum(record.cut for record in records) == cut
    stories = [orjson.loads(line) for line in (folder / "stories.jsonl").open("rb")]
    for record in records:
        if record.cut:
            continue
        lead = f"{record.dateline} {record.summary}".strip()
        assert any(
            record.headline == story["title"]
            and str(record.published) == story["published"]
            and record.genre == story["content_type"]
            and list(record.offices) == story["offices"]
            and list(record.topics) == story["topics"]
            and record.location == (story["location"] or "")
            and record.dateline == (story["dateline"] or "").rstrip(" -–")
            and lead.split()[-5:] == story["lead"].split()[-5:]
            for story in stories
        ), record


def test_a_text_cut_in_a_field_line_gives_no_half_topic(real_data: Path) -> None:
    with open_source(real_data / "data/osce-listing/listing-samples/08.txt") as source:
        last = list(read(source))[-1]
    assert isinstance(last, Record)
    assert (last.topics, last.summary, last.cut) == (
        ("Media freedom and development", "Media laws"),
        "",
        True,
    )


# Ends and slips

_ONE = "Title one\nPublishing date: 2 May 2020\nWhat we do: Elections\nLead one.\n"


def test_a_cut_lead_is_kept_and_marked() -> None:
    first, second = _records(_ONE + "Title two\nPublishing date: 1 May 2020\nThe lead stops in mi")
    assert (first.cut, second.cut) == (False, True)
    assert second.summary == "The lead stops in mi"


def test_a_finished_last_line_is_not_cut() -> None:
    for end in ("A lead.", "A lead…", "He said “yes.”", "A lead...", "A lead\n"):
        assert not _records(_ONE + "Title two\nPublishing date: 1 May 2020\n" + end)[1].cut


def test_a_last_name_that_is_known_is_whole() -> None:
    text = _ONE + "Title two\nPublishing date: 1 May 2020\nWhat we do: Human rights, Elections"
    assert _records(text)[1].topics == ("Human rights", "Elections")  # seen in the first entry
    text = "Title\nPublishing date: 1 May 2020\nWhere we are: Mission, Office"
    assert _records(text)[0].offices == ("Mission",)
    assert _records(text, known=["Office"])[0].offices == ("Mission", "Office")


def test_a_title_at_the_end_is_reported_and_no_lead() -> None:
    story, stray = _read(
        _ONE + "Title two\nPublishing date: 1 May 2020\nLead two.\nThe next story's titl"
    )[1:]
    assert isinstance(story, Record)
    assert (story.summary, story.cut) == ("Lead two.", False)
    assert stray == Rejection(
        8,
        "published",
        "the text ends after this title, before its date",
        "The next story's titl",
    )


def test_two_lead_lines_are_a_lead_where_leads_have_two() -> None:
    text = "A\nPublishing date: 2 May 2020\nOne.\nTwo.\nB\nPublishing date: 1 May 2020\nOne.\nTw"
    assert [record.summary for record in _records(text)] == ["One. Two.", "One. Tw"]


def test_what_cannot_be_an_entry_is_rejected_and_the_rest_goes_on() -> None:
    text = (
        "Publishing date: 1 May 2020\nNo title above.\n"
        "Bad day\nPublishing date: 31 February 2020\nLead.\n"
        "Twice\nPublishing date: 1 May 2020\nPublishing date: 2 May 2020\n"
        "Good\nPublishing date: 3 May 2020\n"
    )
    found = _read(text)
    rejected = [(item.line, item.field) for item in found if isinstance(item, Rejection)]
    assert rejected == [(1, "headline"), (3, "published"), (8, "headline")]
    assert [item.headline for item in found if isinstance(item, Record)] == ["Twice", "Good"]


def test_a_text_that_is_no_listing_is_refused() -> None:
    with pytest.raises(SourceError, match="no line begins with “Publishing date:”"):
        _read("A letter\nto somebody\n")


def test_labels_of_another_newsroom() -> None:
    labels = Labels("Date de publication", "Type", "Bureaux", "Thèmes", "Lieu")
    text = (
        "Titre\nDate de publication : 1er mai 2020\nThèmes : Élections\nLieu : Vienne\nChapeau.\n"
    )
    (record,) = _read(text, labels=labels)
    assert isinstance(record, Record)
    assert (record.published, record.topics, record.location) == (
        date(2020, 5, 1),
        ("Élections",),
        "Vienne",
    )


def test_a_damaged_byte_costs_its_own_entry() -> None:
    entries = "".join(
        f"Žena {day}\nPublishing date: {day} May 2020\nLead.\n" for day in range(1, 9)
    ).encode()
    found = list(read(from_bytes(entries.replace(b"Lead.", b"Le\xe9d.", 1))))
    assert [item.field for item in found if isinstance(item, Rejection)] == ["summary"]
    assert sum(isinstance(item, Record) for item in found) == 7


# Any listing


@dataclass(frozen=True)
class _Story:
    headline: str
    published: date
    genre: str
    offices: tuple[str, ...]
    topics: tuple[str, ...]
    location: str
    lead: str


def _line(*, commas: bool = True) -> st.SearchStrategy[str]:
    excluded = "<&" if commas else "<&,"
    letters = st.characters(exclude_categories=["Cs", "Cc", "Z"], exclude_characters=excluded)
    word = st.text(letters | st.just("a"), min_size=1, max_size=8)
    lines = st.lists(word, min_size=1, max_size=6).map(" ".join)
    labels = ("publishing date", "content type", "where we are", "what we do", "location")
    return lines.filter(lambda line: not line.casefold().startswith(labels))


_NAMES = st.lists(_line(commas=False), max_size=4, unique=True).map(tuple)
_STORIES = st.lists(
    st.builds(
        _Story,
        _line(),
        st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)),
        _line() | st.just(""),
        _NAMES,
        _NAMES,
        _line() | st.just(""),
        _line() | st.just(""),
    ),
    min_size=1,
    max_size=5,
)


def _laid_out(story: _Story, order: Sequence[int]) -> str:
    optional = [
        f"Content type: {story.genre}" if story.genre else "",
        f"Where we are: {', '.join(story.offices)}" if story.offices else "",
        f"What we do: {', '.join(story.topics)}" if story.topics else "",
        f"Location: {story.location}" if story.location else "",
    ]
    lines = [
        story.headline,
        f"Publishing date: {story.published.day} {story.published:%B %Y}",
        *(optional[place] for place in order if optional[place]),
        story.lead,
    ]
    return "".join(f"{line}\n" for line in lines if line)


@given(_STORIES, st.permutations(range(4)), st.booleans())
def test_what_is_laid_out_is_read_back(
    stories: list[_Story], order: list[int], headed: bool
) -> None:
    text = "Newsroom\nNews\nWhat is new.\n" if headed else ""
    text += "".join(_laid_out(story, order) for story in stories)
    assert [
        _Story(
            record.headline,
            date.fromisoformat(str(record.published)),
            record.genre or "",
            record.offices,
            record.topics,
            record.location,
            record.summary,
        )
        for record in _records(text)
    ] == stories
    assert heading(text.encode()).heading == ("News" if headed else "")


@given(
    st.lists(
        st.text(max_size=20)
        | st.sampled_from(["Publishing date: 1 May 2020", "Publishing date:", "What we do: a, b"])
    ).map("\n".join)
)
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(SourceError):
        list(read(from_bytes(text.encode(), encoding="utf-8")))


# Names with commas


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("a, b", [], ("a", "b")),
        ("Peace, order, Law", ["Peace, Order"], ("Peace, order", "Law")),
        ("Law, Peace,  order", ["peace, order", "law, peace"], ("Law, Peace", "order")),
        ("a, b, c", ["a, b", "a, b, c"], ("a, b, c",)),
        ("a,, b,", [], ("a", "b")),
        ("a, a", [], ("a",)),
        ("", [], ()),
    ],
)
def test_split_names(text: str, known: list[str], expected: tuple[str, ...]) -> None:
    assert split_names(text, known) == expected


@given(st.lists(_line(), min_size=1, max_size=5, unique_by=str.casefold))
def test_known_names_come_back_whole_when_they_do_not_overlap(names: list[str]) -> None:
    names = [
        f"{place} {' '.join(name.replace(',', ' ').split())}, x" for place, name in enumerate(names)
    ]
    assert split_names(", ".join(names), names) == tuple(names)
