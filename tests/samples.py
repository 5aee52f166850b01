"""Entries to write in every format: one full, one bare, one withdrawn; and any at all."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from dateline.formats.feed import Attachment, Category, Contact, Entry, Picture, Publisher
from dateline.lib import html

ORIGIN = "https://news.example.org"
PUBLISHER = Publisher("Org & Co", "Newsroom", f"{ORIGIN}/en/", ZoneInfo("Europe/Vienna"))

FULL = Entry(
    id=f"{ORIGIN}/n/12#en",
    url=f"{ORIGIN}/en/news/12/court-opens",
    headline="Court & council <open> 100% of their #doors_to {all}",
    published=date(2024, 3, 15),
    language="en",
    updated=datetime(2024, 3, 16, 9, 30, tzinfo=UTC),
    summary="A lead\nin two lines; “quoted”, 50 % of it",
    body_html=(
        '<p>First &amp; <b>bold</b>,<br>then <a href="https://example.org/?a=1&amp;b=2" '
        'rel="noopener noreferrer">a link</a>.</p><h3>Below</h3><ul><li>one</li><li>two</li></ul>'
        '<ol start="3"><li>three</li></ol><blockquote><p>Said.</p></blockquote>'
        '<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td rowspan="2">1</td>'
        '<td colspan="9">2</td></tr><tr><td>3</td></tr></tbody></table>'
        '<p><img src="https://example.org/x.png" alt="A door"></p>'
    ),
    authors=("A. Writer", "B. Writer & Daughter"),
    categories=(
        Category("genre", "press-release", "Press release"),
        Category("office", "vienna", "Vienna"),
        Category("topic", "rule-of-law", "Rule of law"),
        Category("topic", "courts", "Courts; and more"),
    ),
    pictures=(Picture(f"{ORIGIN}/n/12/pictures/1-960.webp", "image/webp", "A", "B", "C", "D"),),
    attachments=(Attachment(f"{ORIGIN}/n/12/documents/1/a.pdf", "application/pdf", "A paper", 12),),
    number=12,
    source_url="https://old.example.org/12",
    dateline="VIENNA, 15 March 2024",
    location="Vienna",
    version=2,
    contacts=(Contact("N. Officer", "Spokesperson", "n@example.org", "+43 1 1", "+43 1 2"),),
)
BARE = Entry(
    id=f"{ORIGIN}/n/13#ar",
    url=f"{ORIGIN}/ar/news/13/x",
    headline="افتتاح المحكمة",
    published=datetime(2024, 3, 15, 14, 30, tzinfo=ZoneInfo("Europe/Vienna")),
    language="ar",
    number=13,
)
GONE = Entry(
    id=f"{ORIGIN}/n/14#ru",
    url=f"{ORIGIN}/ru/news/14/x",
    headline="Заголовок",
    published=date(2024, 3, 15),
    language="ru",
    number=14,
    version=3,
    canceled=True,
    note="The figures were wrong.",
)

_TEXT = st.text(st.characters(codec="utf-8"), max_size=60)
_WORDS = _TEXT.filter(str.strip)
_ZONES = st.sampled_from([UTC, ZoneInfo("Europe/Vienna"), ZoneInfo("Asia/Kathmandu")])
_MOMENTS = st.datetimes(datetime(1900, 1, 2), datetime(2200, 1, 1), timezones=_ZONES)  # noqa: DTZ001
_TAGS = """
<p> </p> <b> </b> <ul> <li> </ul> <ol> <table> <tr> <td> </table> <h2> <h4> </h2> <th> <br> <dl>
<dt> <dd> <pre> <q> <figure> <sub> <blockquote>
""".split()  # noqa: SIM905 - a list of them would be a page long
_ATTRIBUTED = [
    "<ol start=7>",
    "<td rowspan=3 colspan=2>",
    "<p dir=rtl lang=ar>",
    "<a href='https://example.org/#x'>",
    "<img alt=x src=/y>",
]
_MARKUP = st.lists(st.sampled_from([*_TAGS, *_ATTRIBUTED]) | _TEXT, max_size=25)


def any_entries() -> st.SearchStrategy[Entry]:
    """Entries with every text there can be, markup that was cleaned, and any date."""
    return st.builds(
        lambda number, body, **fields: Entry(
            id=f"{ORIGIN}/n/{number}#en",
            url=f"{ORIGIN}/en/news/{number}/x",
            number=number,
            language="en",
            body_html=html.clean("".join(body), f"{ORIGIN}/en/news/1/x"),
            **fields,
        ),
        number=st.integers(1, 10**8),
        body=_MARKUP,
        headline=_WORDS,
        published=st.dates(date(1900, 1, 2), date(2200, 1, 1)) | _MOMENTS,
        updated=st.none() | _MOMENTS,
        summary=_TEXT,
        authors=st.lists(_WORDS, max_size=2),
        categories=st.lists(
            st.builds(
                Category,
                st.sampled_from(["genre", "office", "topic"]),
                st.from_regex(r"[a-z0-9-]{1,9}", fullmatch=True),
                _WORDS,
            ),
            max_size=4,
        ),
        dateline=_TEXT,
        location=_TEXT,
        version=st.none() | st.integers(1, 99),
        contacts=st.lists(st.builds(Contact, _WORDS, _TEXT, _TEXT, _TEXT, _TEXT), max_size=1),
    )
