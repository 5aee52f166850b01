"""How to cite a story: in the styles most asked for, each of the version that is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from babel import Locale
from babel.dates import format_date, format_skeleton
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from dateline.lib import languages, newsroom
from dateline.publishing.models import Version
from dateline.stories.models import Story

_MLA_MONTHS = (
    *("Jan.", "Feb.", "Mar.", "Apr.", "May", "June"),
    *("July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."),
)


@dataclass(frozen=True)
class Citation:
    """A story cited in one style; `key` names the style in addresses of the page's parts."""

    key: str
    style: str
    text: SafeString


@dataclass(frozen=True)
class Cited:
    """What there is to cite: one version of one text."""

    author: str
    by_organisation: bool
    publisher: str
    newsroom: str
    headline: str
    genre: str
    published: date
    version: int
    changed: date
    address: str


def cite(story: Story, genre: str) -> tuple[Cited, list[Citation]]:
    """A published story's citations. The address is the one that never changes."""
    cited = _cited(story, genre)
    return cited, [
        Citation("apa", "APA", _apa(cited)),
        Citation("chicago", "Chicago", _chicago(cited)),
        Citation("harvard", "Harvard", _harvard(cited)),
        Citation("mla", "MLA", _mla(cited)),
    ]


def _cited(story: Story, genre: str) -> Cited:
    room, language = settings.NEWSROOM, story.language
    name = newsroom.say(room.name, language)
    publisher = newsroom.say(room.organisation, language) or name
    published = story.published_on
    assert published is not None  # noqa: S101 - whatever is public is dated
    number, at = _version(story)
    return Cited(
        author=(story.byline or publisher).rstrip("."),
        by_organisation=not story.byline,
        publisher=publisher.rstrip("."),
        newsroom=name.rstrip("."),
        headline=story.headline.rstrip("."),
        genre=genre,
        published=published,
        version=number,
        changed=timezone.localtime(at).date() if at else published,
        address=f"{settings.ORIGIN}/n/{story.number}",
    )


def _version(story: Story) -> tuple[int, datetime | None]:
    last = Version.objects.filter(story=story).order_by("-number").values_list("number", "at")
    return last.first() or (1, None)


# --- styles -----------------------------------------------------------------------------------
def _apa(cited: Cited) -> SafeString:
    """APA, 7th edition, 10.16 (press releases and web pages)."""
    genre = f" [{cited.genre}]" if cited.genre else ""
    return format_html(
        "{}. ({}). <i>{}</i> ({}){}. {}. {}",
        cited.author,
        f"{cited.published.year}, {_skeleton(cited.published, 'MMMMd')}",
        cited.headline,
        _version_words(cited),
        genre,
        cited.newsroom,
        _address(cited),
    )


def _chicago(cited: Cited) -> SafeString:
    """The Chicago Manual of Style, 17th edition, 14.207 (bibliography)."""
    genre = f" {cited.genre}." if cited.genre else ""
    return format_html(
        "{}. “{}.”{} {}. {}, {}. {}.",
        cited.author,
        cited.headline,
        genre,
        _version_words(cited),
        _house(cited),
        str(format_date(cited.published, "long", locale=_locale())),
        _address(cited),
    )


def _harvard(cited: Cited) -> SafeString:
    """Cite Them Right, 12th edition, without the day it was read, which no page can know."""
    return format_html(
        "{} ({}) <i>{}</i>. {}. {}, {}. {} {}",
        cited.author,
        cited.published.year,
        cited.headline,
        _version_words(cited),
        _house(cited),
        _skeleton(cited.published, "MMMMd"),
        gettext("Available at:"),
        _address(cited),
    )


def _mla(cited: Cited) -> SafeString:
    """The MLA Handbook, 9th edition: an organisation that publishes itself is named once."""
    author = "" if cited.by_organisation else f"{cited.author}. "
    publisher = "" if cited.publisher == cited.newsroom else f", {cited.publisher}"
    return format_html(
        "{}“{}.” <i>{}</i>, {}{}, {}, {}.",
        author,
        cited.headline,
        cited.newsroom,
        _version_words(cited),
        publisher,
        _mla_day(cited.published),
        _address(cited),
    )


def _address(cited: Cited) -> SafeString:
    """Read from the left, in the midst of what reads from the right as well."""
    return format_html('<bdi dir="ltr">{}</bdi>', cited.address)


def _house(cited: Cited) -> str:
    """The newsroom, and who publishes it where neither name nor author have said so."""
    if cited.by_organisation or cited.publisher == cited.newsroom:
        return cited.newsroom
    return f"{cited.newsroom}, {cited.publisher}"


def _version_words(cited: Cited) -> str:
    return gettext("Version %(number)s") % {"number": cited.version}


def _language() -> str:
    return get_language() or "en"


def _locale() -> Locale:
    """Where the page's language writes dates as its styles do: English ones are American."""
    return Locale("en", "US") if _language() == "en" else languages.babel_locale(_language())


def _skeleton(day: date, form: str) -> str:
    return str(format_skeleton(form, day, locale=_locale()))


def _mla_day(day: date) -> str:
    if _language() == "en":
        return f"{day.day} {_MLA_MONTHS[day.month - 1]} {day.year}"
    return str(format_date(day, "long", locale=languages.babel_locale(_language())))
