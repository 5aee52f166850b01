"""What should be put right before a story goes out: asked by the desk and by the API alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from dateline.lib import html
from dateline.publishing import links, visibility
from dateline.stories import body as bodies
from dateline.stories.models import State, Story

LONGEST_HEADLINE = 120
"""Characters of a headline that search engines, mail programs and lists show in full."""

UNTRANSLATED = "[\N{HORIZONTAL ELLIPSIS}]"
"""What stands alone in a paragraph of a translation that is still to be made."""

_SAME = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)\S+")
_LEFT = re.compile(rf"(?:^|>)\s*{re.escape(UNTRANSLATED)}\s*(?:<|$)")
_OWN_LINK = re.compile(r'href="(?:https?://[^/"]+)?/(?:[\w-]+/news|n)/(\d+)')


Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """An error keeps a story from being published or submitted; a warning is for a second look."""

    level: Level
    field: str
    message: str


def findings(draft: Story) -> list[Finding]:
    """All there is to say about a draft as it stands, errors first."""
    found = [finding for check in _CHECKS for finding in check(draft)]
    return sorted(found, key=lambda finding: finding.level)


def has_words(text: str) -> bool:
    """Whether plain text says anything in a language; figures and addresses do not."""
    return any(letter.isalpha() for letter in _SAME.sub("", text))


def errors(draft: Story) -> list[Finding]:
    """What keeps the draft from being published."""
    return [finding for finding in findings(draft) if finding.level == "error"]


def _headline(draft: Story) -> Iterator[Finding]:
    if (length := len(draft.headline)) > LONGEST_HEADLINE:
        said = _("The headline has %(length)s characters; after %(most)s lists cut it.")
        yield Finding("warning", "headline", said % {"length": length, "most": LONGEST_HEADLINE})


def _filing(draft: Story) -> Iterator[Finding]:
    if draft.genre_id is None:
        yield Finding("warning", "genre", _("The story has no content type."))
    if not draft.offices.all():
        yield Finding("warning", "offices", _("The story stands under no office."))
    if not draft.contacts.all():
        yield Finding("warning", "contacts", _("There is no press contact."))
    if not draft.summary.strip() and not draft.body.strip():
        yield Finding("warning", "summary", _("The story has a headline and no text."))


def _pictures(draft: Story) -> Iterator[Finding]:
    for row in draft.pictures.all():
        if not row.alt.strip() and not row.decorative:
            said = _("The picture “%(title)s” has no alternative text and is not decorative.")
            yield Finding("error", "pictures", said % {"title": row.picture.title})
    yield from _places(draft)


def _places(draft: Story) -> Iterator[Finding]:
    parts = ((bodies.placed, "pictures", "picture_id"), (bodies.linked, "documents", "document_id"))
    for named, parts_of, key in parts:
        if named(draft.body) - {getattr(row, key) for row in getattr(draft, parts_of).all()}:
            said = _("The text has a place for a picture or document that the story does not have.")
            yield Finding("warning", "body", said)
            return


def _links(draft: Story) -> Iterator[Finding]:
    """Links to stories of our own that no reader can open."""
    numbers = {int(number) for number in _OWN_LINK.findall(draft.body) if len(number) < 10}
    public = visibility.readable(Story.objects.filter(number__in=numbers))
    for number in sorted(numbers - set(public.values_list("number", flat=True))):
        said = _("The text links to story %(number)s, which no reader can open.")
        yield Finding("warning", "body", said % {"number": number})


def _outside(draft: Story) -> Iterator[Finding]:
    """Links to other sites that were dead when they were last asked."""
    for field, bad in links.broken(draft):
        yield Finding("warning", field, links.said(bad))


def _translation(draft: Story) -> Iterator[Finding]:
    """An untranslated text must not pose as a translation."""
    others = Story.objects.filter(translation_key=draft.translation_key).exclude(
        locale_id=draft.locale_id
    )
    own = (draft.headline.strip(), html.text(draft.body))
    fields = ("locale__language_code", "headline", "body", "notes_to_editors")
    for language, headline, body, notes in others.values_list(*fields):
        if notes == draft.notes_to_editors and has_words(html.text(notes)):
            said = _("The notes to editors are still those of the other language (%(language)s).")
            yield Finding("error", "notes_to_editors", said % {"language": language})
        same_body = bool(own[1]) and own[1] == html.text(body)
        if same_body or (not own[1] and own[0] == headline.strip()):
            said = _("The text is still the one of the other language (%(language)s).")
            yield Finding("error", "body", said % {"language": language})


def _passages(draft: Story) -> Iterator[Finding]:
    """Passages that the page side by side has marked as still to be translated."""
    if draft.translated_from_id is None:
        return
    captions = [
        text for row in draft.pictures.all() for text in (row.alternative_text, row.caption)
    ]
    fields = {
        "body": len(_LEFT.findall(draft.body)),
        "notes_to_editors": len(_LEFT.findall(draft.notes_to_editors)),
        "pictures": captions.count(UNTRANSLATED),
        "documents": [row.title for row in draft.documents.all()].count(UNTRANSLATED),
    }
    for field, left in fields.items():
        if left:
            said = _("Passages that are not translated yet: %(count)s.")
            yield Finding("error", field, said % {"count": left})


def _captions(draft: Story) -> Iterator[Finding]:
    """What a translation still says of a file in the words of the text it was made from.

    Screen readers would read such an alternative text out in the wrong language; a caption or title
    may be a name, and the same in both.
    """
    source = draft.translated_from
    if source is None:
        return
    level: Level
    theirs = {(kind, key, words.strip()) for kind, key, _title, words in _said(_as_read(source))}
    for kind, key, title, words in _said(draft):
        if has_words(words) and (kind, key, words.strip()) in theirs:
            level = "error" if kind == "alt" else "warning"
            field = "documents" if kind == "title" else "pictures"
            said = _still(kind) % {"title": title, "language": source.language}
            yield Finding(level, field, said)


def _as_read(source: Story) -> Story:
    """The text as translators have it before them: what is public, else the newest draft."""
    public = source.state == State.PUBLISHED
    return source if public else source.get_latest_revision_as_object()


def _said(story: Story) -> Iterator[tuple[str, int, str, str]]:
    """Of each file: what is said, the file's key, its name in the library, and the words."""
    for row in story.pictures.all():
        yield "alt", row.picture_id, row.picture.title, row.alt
        yield "caption", row.picture_id, row.picture.title, row.caption
    for row in story.documents.all():
        yield "title", row.document_id, row.document.title, str(row)


def _still(kind: str) -> str:
    messages = {
        "alt": _(
            "The alternative text of “%(title)s” is still the one of the source (%(language)s)."
        ),
        "caption": _("The caption of “%(title)s” is still the one of the source (%(language)s)."),
        "title": _(
            "The title of the document “%(title)s” is still the one of the source (%(language)s)."
        ),
    }
    return messages[kind]


def _source(draft: Story) -> Iterator[Finding]:
    """What was disowned in one language is not published in another."""
    others = Story.objects.filter(translation_key=draft.translation_key).exclude(pk=draft.pk)
    gone = others.filter(state__in=(State.RETRACTED, State.KILLED))
    if draft.translated_from_id in gone.values_list("pk", flat=True):
        yield Finding("error", "body", _("The text that this one translates has been withdrawn."))


_CHECKS: tuple[Callable[[Story], Iterator[Finding]], ...] = (
    _headline,
    _filing,
    _pictures,
    _links,
    _outside,
    _translation,
    _passages,
    _captions,
    _source,
)
