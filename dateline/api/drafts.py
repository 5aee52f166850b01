"""Drafts as programs read and write them: one shape in both directions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
from django.core.exceptions import ValidationError
from django.utils import timezone
from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field
from wagtail.models import Locale

from dateline.api import addresses, fields, problems
from dateline.api.problems import ProblemError
from dateline.archive import caching, entries
from dateline.lib import html
from dateline.stories.models import Story
from dateline.vocabularies.models import Genre, Office, Topic

Slug = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,120}$")]


def _line(text: str) -> str:
    """One line without what no text holds."""
    return " ".join(text.replace("\0", " ").split())


def _text(text: str) -> str:
    return text.replace("\0", " ").strip()


Headline = Annotated[str, AfterValidator(_line), Field(min_length=1, max_length=500)]
Line = Annotated[str, AfterValidator(_line), Field(max_length=300)]
Short = Annotated[str, AfterValidator(_line), Field(max_length=200)]
Summary = Annotated[str, AfterValidator(_text), Field(max_length=10_000)]
Html = Annotated[str, AfterValidator(html.clean), Field(max_length=2_000_000)]


class Change(Schema):
    """What may be changed of a draft; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    headline: Headline = Field("", description="One line.")
    summary: Summary = Field("", description="The lead: what lists and feeds show.")
    body: Html = Field("", description="HTML. What a news text has no use for is taken out.")
    notes_to_editors: Html = Field("", description="HTML. Public, behind the text.")
    boilerplate: bool = Field(
        False, description="Whether it closes with the text about its offices."
    )
    dateline: Line = ""
    byline: Line = ""
    location: Short = ""
    translation_note: Line = ""
    genre: Slug | None = Field(None, description="A content type's slug.")
    offices: list[Slug] = Field([], max_length=50, description="Slugs.")
    topics: list[Slug] = Field([], max_length=50, description="Slugs.")
    published: date | datetime | None = Field(
        None, description="The publishing date, with a time or without; null: when it is published."
    )
    embargoed_until: datetime | None = Field(
        None, description="A published story stays hidden until then."
    )
    expires: datetime | None = Field(None, description="When it leaves the site by itself.")


class New(Change):
    """A new draft."""

    headline: Headline
    translates: UUID | None = Field(
        None, description="The key of the draft or story this is a translation of."
    )


class Draft(Schema):
    """A draft, and the story it belongs to."""

    key: UUID = Field(description="Shared by all languages of a release.")
    language: str
    state: str = Field(description="draft, published, unpublished, retracted or killed.")
    changed: bool = Field(description="Whether the draft differs from what is public.")
    self: str
    number: int | None = None
    url: str | None = Field(None, description="The page, once it was public.")
    scheduled_for: datetime | None = None
    headline: str
    summary: str
    body: str
    notes_to_editors: str
    boilerplate: bool
    dateline: str
    byline: str
    location: str
    translation_note: str
    genre: str | None
    offices: list[str]
    topics: list[str]
    published: date | datetime | None
    embargoed_until: datetime | None
    expires: datetime | None


# --- reading ----------------------------------------------------------------------------------
_TEXTS = (
    *("headline", "summary", "body", "notes_to_editors", "boilerplate", "dateline", "byline"),
    *("location", "translation_note"),
)


def show(story: Story) -> dict[str, Any]:
    """A story's draft as it is now."""
    draft: Story = story.get_latest_revision_as_object()
    said = {
        "key": str(story.translation_key),
        "language": story.language,
        "state": str(story.state),
        "changed": bool(story.has_unpublished_changes or not story.live),
        "self": address(story),
        "number": story.number,
        "url": entries.absolute(story.get_absolute_url()) if story.number else None,
        "scheduled_for": _scheduled(story),
        **{name: getattr(draft, name) for name in _TEXTS},
        "genre": draft.genre.slug if draft.genre else None,
        "offices": sorted(office.slug for office in draft.offices.all()),
        "topics": sorted(topic.slug for topic in draft.topics.all()),
        "published": _given(draft),
        "embargoed_until": fields.moment(draft.embargoed_until),
        "expires": fields.moment(draft.expire_at),
    }
    absent = [name for name in ("number", "url", "scheduled_for") if said[name] is None]
    return {name: value for name, value in said.items() if name not in absent}


def etag(said: Mapping[str, Any]) -> str:
    """The state of a draft in one word, for `If-Match`."""
    return caching.etag(orjson.dumps(said))


def address(story: Story, verb: str = "") -> str:
    """Where a draft is, or one of its verbs."""
    path = f"/{story.language}/drafts/{story.translation_key}"
    return addresses.api(f"{path}/{verb}" if verb else path)


def _scheduled(story: Story) -> datetime | None:
    waiting = story.revisions.exclude(approved_go_live_at=None).order_by("approved_go_live_at")
    return fields.moment(waiting.values_list("approved_go_live_at", flat=True).first())


def _given(draft: Story) -> date | datetime | None:
    if draft.given_date is None or draft.given_time is None:
        return draft.given_date
    zone = timezone.get_default_timezone()
    return datetime.combine(draft.given_date, draft.given_time, zone)


# --- writing ----------------------------------------------------------------------------------
def begin(language: str, new: New) -> Story:
    """An unsaved story in a language; as a translation it shares its source's key."""
    locale = Locale.all_objects.filter(language_code=language).first()
    story = Story(locale=locale or Locale.all_objects.create(language_code=language))
    if new.translates is None:
        return story
    release = Story.objects.filter(translation_key=new.translates)
    if not release.exists():
        refuse({"/translates": "There is no draft or story with this key."})
    if release.filter(locale=story.locale).exists():
        detail = f"The release has a text in “{language}” already."
        raise ProblemError(problems.NOT_NOW, detail)
    story.translation_key = new.translates
    return story


def put(change: Change, draft: Story) -> None:
    """Write the given fields onto a draft, unsaved. Raises ProblemError 422 naming each field."""
    given = change.model_dump(exclude_unset=True)
    for name in (*_TEXTS, "embargoed_until"):
        if name in given:
            setattr(draft, name, given[name])
    if "expires" in given:
        draft.expire_at = given["expires"]
    if "published" in given:
        _date(draft, given["published"])
    wrong: dict[str, str] = {}
    if "genre" in given:
        found = _terms(Genre, [given["genre"]] if given["genre"] else [], "/genre", wrong)
        draft.genre = found[0] if found else None
    for name, model in (("offices", Office), ("topics", Topic)):
        if name in given:
            setattr(draft, name, _terms(model, given[name], f"/{name}", wrong))
    refuse(wrong)


def _date(draft: Story, value: date | datetime | None) -> None:
    if isinstance(value, datetime):
        zone = timezone.get_default_timezone()
        local = value.astimezone(zone) if value.tzinfo else value
        draft.given_date = local.date()
        draft.given_time = local.time().replace(microsecond=0)
    else:
        draft.given_date, draft.given_time = value, None


def _terms(model: Any, slugs: Sequence[str], pointer: str, wrong: dict[str, str]) -> list[Any]:
    found = {term.slug: term for term in model.objects.filter(slug__in=slugs)}
    several = pointer != "/genre"
    for position, slug in enumerate(slugs):
        if slug not in found:
            at = f"{pointer}/{position}" if several else pointer
            wrong[at] = f"Nothing is called “{slug}”."
    return [found[slug] for slug in dict.fromkeys(slugs) if slug in found]


def refuse(wrong: Mapping[str, str]) -> None:
    """Raise ProblemError 422 if anything is wrong: JSON pointer → what."""
    if wrong:
        errors = [{"field": at, "detail": what} for at, what in wrong.items()]
        raise ProblemError(problems.INVALID, members={"errors": errors})


def refuse_invalid(error: ValidationError) -> None:
    """The same for what the model itself does not take."""
    names = {"expire_at": "expires", "given_date": "published", "given_time": "published"}
    listed: Iterable[tuple[str, list[str]]] = (
        error.message_dict.items() if hasattr(error, "error_dict") else [("", error.messages)]
    )
    refuse({f"/{names.get(name, name)}".rstrip("/"): " ".join(said) for name, said in listed})
