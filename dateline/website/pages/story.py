"""A story as its page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from dateline.archive import closing, sentence, story_endings
from dateline.lib import languages as tongues
from dateline.lib import newsroom
from dateline.publishing import releases
from dateline.publishing.models import Kind, Version
from dateline.stories import body as bodies
from dateline.stories.models import State, Story
from dateline.vocabularies import snapshot as vocabularies
from dateline.vocabularies.snapshot import Snapshot, TermInfo
from dateline.website.pages import body, citation, related, structured, versions, video
from dateline.website.pages.pictures import Shown, shown


@dataclass(frozen=True)
class Text:
    """The same story in another language."""

    language: str
    name: str
    direction: str
    headline: str
    path: str


@dataclass(frozen=True)
class Terms:
    """What a story is filed under."""

    genre: TermInfo | None
    offices: list[TermInfo]
    topics: list[TermInfo]


@dataclass(frozen=True)
class File:
    """A document attached to a story; `size` in bytes."""

    title: str
    path: str
    kind: str
    size: int


def present(story: Story, texts: Mapping[str, Story], *, preview: bool = False) -> dict[str, Any]:
    """The context of `website/story.html`. `texts`: the release's public texts by language."""
    snapshot = vocabularies.current()
    terms = _terms(story, snapshot)
    if story.state == State.RETRACTED and not preview:
        return _retracted(story, terms, texts)
    pictures = {row.picture_id: shown(row, story, preview=preview) for row in story.pictures.all()}
    documents = _documents(story, preview=preview)
    placed = bodies.placed(story.body)
    return {
        **_shared(story, terms, texts),
        **_texts(story, pictures, documents),
        "closing": closing.html(
            story.notes_to_editors, terms.offices if story.boilerplate else (), story.language
        ),
        "preview": preview,
        "pictures": [each for key, each in pictures.items() if key not in placed],
        "documents": list(documents.values()),
        "contacts": list(story.contacts.all()),
        **({} if preview else _history(story)),
        "related": [] if preview else related.to(story, terms.offices, terms.topics, snapshot),
        **_taken(story, terms),
        **({} if preview else _of_the_original(story, texts)),
        "outdated": None
        if preview or story.state != State.OUT_OF_DATE
        else _last(story, Kind.OUT_OF_DATE),
        "structured": "" if preview else structured.news_article(story, list(pictures.values())),
        "picture": next(iter(pictures.values()), None),
    }


def _taken(story: Story, terms: Terms) -> dict[str, Any]:
    """How the story is cited and in what forms it is taken along; a draft is in none."""
    if story.number is None:
        return {}
    genre = terms.genre.label(story.language) if terms.genre else ""
    cited, citations = citation.cite(story, genre)
    forms = [(ending, ending.path(story)) for ending in story_endings.every()]
    return {
        "cited": cited,
        "citations": citations,
        "references": [form for form in forms if form[0].cites],
        "reuses": [form for form in forms if not form[0].cites],
    }


def present_killed(story: Story) -> dict[str, Any]:
    """The context of `website/gone.html`: the notice, and nothing of the text."""
    return {"notice": _last(story, Kind.KILL), "number": story.number}


def languages(texts: Mapping[str, Story]) -> list[Text]:
    """The release's texts as links, in the newsroom's order of languages."""
    return [
        Text(
            tag,
            tongues.endonym(tag),
            tongues.direction(tag),
            text.headline,
            text.get_absolute_url(),
        )
        for tag, text in texts.items()
    ]


def _retracted(story: Story, terms: Terms, texts: Mapping[str, Story]) -> dict[str, Any]:
    """The notice in place of the text: headline and date stay, so that readers know which."""
    return {**_shared(story, terms, texts), "retraction": _last(story, Kind.RETRACTION)}


def _shared(story: Story, terms: Terms, texts: Mapping[str, Story]) -> dict[str, Any]:
    language = story.language
    return {
        "section": "news",
        "story": story,
        "terms": terms,
        "breadcrumbs": _breadcrumbs(language),
        "texts": [text for text in languages(texts) if text.language != language],
        "alternates": {tag: text.get_absolute_url() for tag, text in texts.items()},
        "short": f"{settings.ORIGIN}/n/{story.number}" if story.number else "",
    }


def _texts(
    story: Story, pictures: Mapping[int, Shown], documents: Mapping[int, File]
) -> dict[str, Any]:
    """Summary, dateline and body, each printed once where one repeats another."""
    figures = {
        key: render_to_string("website/_figure.html", {"picture": pictures[key], "lazy": True})
        for key in bodies.placed(story.body) & pictures.keys()
    }
    html = body.html(story.body, figures, {key: file.path for key, file in documents.items()})
    plain = body.opening(story.body)
    summary = story.summary.strip()
    opens = plain or summary
    return {
        "summary": "" if plain and body.repeats(plain, summary) else summary,
        "body": mark_safe(video.offered(html)),
        "dateline": "" if body.repeats(opens, story.dateline) else story.dateline,
    }


def _terms(story: Story, snapshot: Snapshot) -> Terms:
    def named(facet: str, ids: list[int]) -> list[TermInfo]:
        return sorted(
            snapshot.meant(facet, ids), key=lambda term: term.label(story.language).casefold()
        )

    return Terms(
        snapshot.by_id["genre"].get(story.genre_id) if story.genre_id else None,
        named("office", [office.pk for office in story.offices.all()]),
        named("topic", [topic.pk for topic in story.topics.all()]),
    )


def _breadcrumbs(language: str) -> list[tuple[str, str]]:
    """The newsroom, then its list; the content type above the headline leads to more of it."""
    name = newsroom.say(settings.NEWSROOM.name, language)
    return [(name, f"/{language}/"), (sentence.heading(language), f"/{language}/news")]


def _documents(story: Story, *, preview: bool) -> dict[int, File]:
    """The story's documents by their keys."""
    return {
        row.document_id: File(
            str(row),
            row.document.url
            if preview
            else f"/n/{story.number}/documents/{row.document_id}/{row.document.filename}",
            row.document.file_extension.upper(),
            row.document.get_file_size() or 0,
        )
        for row in story.documents.select_related("document")
    }


def _history(story: Story) -> dict[str, Any]:
    """All versions, and the notes to tell: of corrections, and of updates that have one."""
    seen = releases.versions(story)
    told = [each for each in seen if each.note and each.kind in (Kind.CORRECTION, Kind.UPDATE)]
    return {
        "changes": told[::-1],
        "entries": versions.entries(story, seen) if len(seen) > 1 else [],
    }


def _of_the_original(story: Story, texts: Mapping[str, Story]) -> dict[str, Any]:
    """What a translation's readers should know of the original: one thing, the gravest."""
    gone = releases.withdrawn(story, texts)
    if gone is None:
        return {"overtaken": _overtaken(story, texts)}
    return {
        "original_withdrawn": {
            "language": tongues.name(gone.original.language, story.language),
            "state": gone.state,
            "at": gone.at,
            # The address without the headline, which a killed story no longer has for readers.
            "path": f"/{gone.original.language}/news/{gone.original.number}",
            "hreflang": gone.original.language,
        }
    }


def _overtaken(story: Story, texts: Mapping[str, Story]) -> dict[str, Any] | None:
    """That the original was changed since, with a link to what was."""
    found = releases.overtaken(story, texts)
    if found is None:
        return None
    return {
        "language": tongues.name(found.original.language, story.language),
        "kind": found.kind,
        "at": found.at,
        "translated_at": found.translated_at,
        "path": versions.path(found.original, found.version, "changes"),
        "hreflang": found.original.language,
    }


def _last(story: Story, kind: Kind) -> Version | None:
    return Version.objects.filter(story=story, kind=kind).order_by("-number").first()
