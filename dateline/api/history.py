"""One story: its text, what it was before, what was corrected, or why it is not here any more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from dateline.api import addresses, fields, problems
from dateline.api.problems import ProblemError
from dateline.archive import entries, rows
from dateline.lib import html
from dateline.publishing import releases
from dateline.publishing import versions as contents
from dateline.publishing.models import Kind, Version
from dateline.stories import body as bodies
from dateline.stories.models import State, Story
from dateline.vocabularies import snapshot as vocabularies
from dateline.vocabularies.snapshot import Snapshot

_TEXTS = ("headline", "summary", "dateline", "byline", "location", "translation_note")


# --- finding it -------------------------------------------------------------------------------
def texts(number: int) -> dict[str, Story]:
    """A release's readable texts by language, in the newsroom's order; 404 or 410 if none."""
    found = releases.readable(number)
    if not found:
        raise _missing(number, {}, "")
    return found


def readable(number: int, language: str) -> Story:
    """One text that has a page; 410 if it was killed, 404 with the languages it exists in."""
    found = releases.readable(number)
    if language not in found:
        raise _missing(number, found, language)
    return found[language]


def _missing(number: int, texts: Mapping[str, Story], language: str) -> ProblemError:
    gone = releases.killed(number, language)
    if gone is not None:
        return _gone(gone)
    members = {"languages": list(texts)} if texts else {}
    return ProblemError(problems.NOT_FOUND, members=members)


def _gone(story: Story) -> ProblemError:
    notice = _notice(story, Kind.KILL)
    members = {"number": story.number, "language": story.language, **notice}
    return ProblemError(problems.GONE, members=members)


def _notice(story: Story, kind: Kind) -> dict[str, Any]:
    version = story.versions.filter(kind=kind).order_by("-number").only("at", "note").first()
    return {"at": fields.moment(version.at), "notice": version.note} if version else {}


# --- showing it -------------------------------------------------------------------------------
def story(found: Story, names: tuple[str, ...]) -> dict[str, Any]:
    """A readable text with these fields (all, where none is named); a retracted one's notice."""
    language = found.language
    if found.state == State.RETRACTED:
        return _retracted(found)
    listed = rows.fetch([found.pk], vocabularies.current(), bodies=True, at_address=True)
    if not listed:  # withdrawn since it was found
        raise ProblemError(problems.NOT_FOUND)
    said = fields.story(listed[0], language, names or fields.EVERY) | {"links": _links(found)}
    if found.state == State.OUT_OF_DATE:
        said |= {"state": str(found.state), "out_of_date": _notice(found, Kind.OUT_OF_DATE)}
    return said


def _retracted(found: Story) -> dict[str, Any]:
    """Headline and date stay, so that readers know which it is; its text is disowned."""
    return {
        **_identity(found),
        **_brief(found),
        "retraction": _notice(found, Kind.RETRACTION),
        "links": _links(found),
    }


def page(found: Story) -> str:
    """The address of a story's page."""
    return entries.absolute(found.get_absolute_url())


def _identity(found: Story) -> dict[str, Any]:
    assert found.number is not None  # noqa: S101 - what is readable has one
    return fields.identity(found.number, found.language, str(found.state), page(found))


def _links(found: Story) -> dict[str, str]:
    here = addresses.story(found.language, found.number or 0)
    return {
        "versions": f"{here}/versions",
        "corrections": f"{here}/corrections",
        "translations": addresses.api(f"/stories/{found.number}"),
    }


def _brief(found: Story) -> dict[str, Any]:
    return {"headline": found.headline, "published": fields.published(found.published)}


def release(found: Mapping[str, Story]) -> dict[str, Any]:
    """The texts of one release: what they are called, in which language, where."""
    number = next(iter(found.values())).number
    listed = [_identity(text) | _brief(text) for text in found.values()]
    return {"number": number, "self": addresses.api(f"/stories/{number}"), "texts": listed}


# --- what it was before -----------------------------------------------------------------------
def versions(found: Story) -> dict[str, Any]:
    """What readers saw, oldest first. Of a retracted story nothing is shown but its notice."""
    snapshot = vocabularies.current()
    said = _identity(found) | {
        "versions": [_version(found, seen, snapshot) for seen in releases.versions(found)]
    }
    if found.state == State.RETRACTED:
        said["retraction"] = _notice(found, Kind.RETRACTION)
    return said


def corrections(found: Story) -> dict[str, Any]:
    """What was wrong and has been put right, newest first."""
    notes = [
        {"version": seen.number, "at": fields.moment(seen.at), "note": seen.note}
        for seen in reversed(releases.versions(found))
        if seen.kind == Kind.CORRECTION
    ]
    said = _identity(found) | {"corrections": notes}
    if found.state == State.RETRACTED:
        said["retraction"] = _notice(found, Kind.RETRACTION)
    return said


def _version(found: Story, seen: Version, snapshot: Snapshot) -> dict[str, Any]:
    """A text as it was; terms that are gone since are left out."""
    content = contents.read(seen)
    published = _published(content)
    on = published.date() if isinstance(published, datetime) else published
    said = {
        "version": seen.number,
        "kind": seen.kind,
        "at": fields.moment(seen.at),
        "note": seen.note,
        **{name: content[name] for name in _TEXTS},
        "published": published,
        "body": _body(content["body"], found),
    }
    genre = snapshot.by_id["genre"].get(content["genre"])
    terms = {
        f"{facet}s": [
            fields.term(known, found.language, on)
            for known in snapshot.meant(facet, content[f"{facet}s"])
        ]
        for facet in ("office", "topic")
    }
    said = {name: value for name, value in said.items() if value not in (None, "")}
    return said | ({"genre": fields.term(genre, found.language, on)} if genre else {}) | terms


def _published(content: Mapping[str, Any]) -> Any:
    if content["published_at"]:
        return fields.published(timezone.localtime(datetime.fromisoformat(content["published_at"])))
    return date.fromisoformat(content["published_on"])


def _body(body: str, found: Story) -> str:
    """As feeds carry it: the desk's links written out, every address absolute."""
    return html.clean(bodies.without_files(body), page(found)) if body else ""
