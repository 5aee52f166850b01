"""The languages of a story, and one of them side by side with its source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.models import Locale

from dateline.desk.translations import exchange, markup, saving, together
from dateline.desk.translations import rows as side
from dateline.desk.translations import source as sources
from dateline.desk.translations.exchange import Refused, UnreadableFile, po, xliff
from dateline.desk.translations.rows import Row, Standing
from dateline.desk.translations.source import WITHDRAWN, Source
from dateline.lib import html, languages
from dateline.people import rights
from dateline.people.rights import Action
from dateline.publishing.verbs import VerbError
from dateline.stories.models import Story

FORMATS: dict[str, Any] = {"xlf": xliff, "po": po}
"""Ending → the module that writes and reads such files."""
UNREADABLE = 422
"""The status of a page whose file was refused."""


@dataclass(frozen=True, slots=True)
class Language:
    """One of the newsroom's languages and the story's text in it, if there is one."""

    tag: str
    story: Story | None
    is_source: bool
    behind: bool
    may: bool

    @property
    def name(self) -> str:
        return languages.endonym(self.tag)

    @property
    def direction(self) -> str:
        return languages.direction(self.tag)


@require_safe
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """Every newsroom language of a story with its state."""
    source = original(get_object_or_404(Story, pk=pk))
    if not rights.may(request.user, Action.SEE, source):
        raise Http404
    now = sources.of(source)
    texts = {t.language: t for t in source.get_translations(inclusive=True)}
    context = {
        "page_title": gettext("Translations"),
        "page_subtitle": source.headline,
        "header_icon": "globe",
        "source": source,
        "withdrawn": source.state in WITHDRAWN,
        "together": together.acts(source, request.user),
        "languages": [_language(request.user, tag, texts.get(tag), now) for tag in _tags()],
    }
    return render(request, "desk/translations/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def side_by_side(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """A translation beside its source; saving makes a draft of it.

    A file from a translator's tool fills the page in, and is saved as if it had been typed.
    """
    now, locale, there = _asked(request, pk, language)
    if request.method != "POST":
        return _page(request, now, locale, there, None)
    if "file" in request.FILES:
        return _brought(request, now, locale, there)
    return _saved(request, now, locale, there)


@require_safe
def file(request: HttpRequest, pk: int, language: str, ending: str) -> HttpResponse:
    """The translation as a file for a translator's tool."""
    now, locale, there = _asked(request, pk, language)
    if ending not in FORMATS:
        raise Http404
    form, tag = FORMATS[ending], locale.language_code
    rows = side.rows(now, side.standing(now, there))
    sheet = exchange.sheet(
        str(now.story.number or ""),
        now.version,
        (now.story.language, tag),
        [row.segment for row in rows],
        {row.segment.key: row.target for row in rows},
        frozenset(row.segment.key for row in rows if row.changes or row.is_new),
    )
    answer = HttpResponse(form.write(sheet), content_type=form.MEDIA_TYPE)
    name = f"{now.story.number or f'draft-{pk}'}-{tag}.{ending}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _asked(request: HttpRequest, pk: int, language: str) -> tuple[Source, Locale, Story | None]:
    """The source, the language, and the text there is in it, for who may translate it."""
    source = get_object_or_404(Story, pk=pk)
    locale = get_object_or_404(Locale, language_code=language)
    if locale.pk == source.locale_id:
        raise Http404
    there = source.get_translation_or_none(locale)
    if there is not None and not rights.may(request.user, Action.SEE, there):
        raise Http404
    if there is not None and not rights.may(request.user, Action.TRANSLATE, there):
        raise PermissionDenied
    return sources.of(source), locale, there


def _brought(
    request: HttpRequest, now: Source, locale: Locale, there: Story | None
) -> HttpResponse:
    upload: Any = request.FILES["file"]
    ending = str(upload.name).rpartition(".")[2].lower()
    form = FORMATS.get({"xliff": "xlf"}.get(ending, ending))
    try:
        if now.story.state in WITHDRAWN:
            raise UnreadableFile(
                gettext("The source was withdrawn: there is nothing to translate.")
            )
        if form is None:
            raise UnreadableFile(gettext("Choose a file that ends in .xlf, .xliff or .po."))
        if (upload.size or 0) > exchange.LARGEST:
            raise UnreadableFile(gettext("The file is larger than a story can be."))
        sheet = form.read(upload.read())
        kept = side.rows(now, side.standing(now, there))
        segments = [row.segment for row in kept]
        taken, refused = exchange.match(sheet, segments, locale.language_code)
    except UnreadableFile as error:
        messages.error(request, f"{error} {gettext('Nothing was taken from it.')}")
        return _page(request, now, locale, there, None, status=UNREADABLE)
    given = {row.segment.key: row.target for row in kept} | taken
    said = ngettext(
        "%(count)d passage was taken from the file and stands below. Read it, then save.",
        "%(count)d passages were taken from the file and stand below. Read them, then save.",
        len(taken),
    )
    messages.success(request, said % {"count": len(taken)})
    _warn(request, kept, taken)
    return _page(request, now, locale, there, given, refused=refused)


def _saved(request: HttpRequest, now: Source, locale: Locale, there: Story | None) -> HttpResponse:
    given = {one.key: request.POST[one.key] for one in now.segments if one.key in request.POST}
    rows = side.rows(now, side.standing(now, there))
    try:
        if request.POST.get("source") != now.fingerprint:
            raise VerbError(gettext("The source has changed since you opened this page."))
        base = request.POST.get("base", "")
        saving.save(now, locale, given, base=base, user=request.user)
    except VerbError as refusal:
        messages.error(request, f"{refusal} {gettext('Nothing you typed is lost: see below.')}")
        return _page(request, now, locale, there, given, status=409)
    messages.success(request, gettext("The translation is kept as a draft."))
    _warn(request, rows, given)
    return redirect("desk_translate", now.story.pk, locale.language_code)


def _warn(request: HttpRequest, rows: Sequence[Row], targets: Mapping[str, str]) -> None:
    if lost := " ".join(markup.losses(rows, targets)):
        messages.warning(request, lost)


def original(story: Story) -> Story:
    """The text a story's translations are made from: the one it names, else the first written."""
    if story.translated_from_id:
        return story.translated_from or story
    first = story.get_translations(inclusive=True).order_by("pk").first()
    return first or story


def _tags() -> list[str]:
    return list(settings.NEWSROOM.languages)


def _language(user: Any, tag: str, story: Story | None, now: Source) -> Language:
    seen = story if story is not None and rights.may(user, Action.SEE, story) else None
    draft = seen.get_latest_revision_as_object() if seen else None
    own = draft.translated_version if draft else None
    behind = own is not None and now.version is not None and own < now.version
    may = rights.may(user, Action.TRANSLATE, seen or now.story) and (story is None or seen == story)
    return Language(tag, seen, tag == now.story.language, behind, may)


def _page(
    request: HttpRequest,
    now: Source,
    locale: Locale,
    there: Story | None,
    given: dict[str, str] | None,
    status: int = 200,
    refused: Sequence[Refused] = (),
) -> HttpResponse:
    stand = side.standing(now, there)
    withdrawn = now.story.state in WITHDRAWN
    base = str(there.latest_revision_id or there.pk) if there else ""
    tag = locale.language_code
    context = {
        "page_title": gettext("Translate"),
        "page_subtitle": now.headline,
        "header_icon": "globe",
        "source": now,
        "from_direction": languages.direction(now.story.language),
        "from_name": languages.endonym(now.story.language),
        "language": Language(tag, there, False, False, True),
        # Nothing is to be typed any more, but what was typed when it happened is not lost.
        "rows": side.rows(now, stand, given) if given is not None or not withdrawn else (),
        "apart": stand.draft if stand.text is None else None,
        "apart_texts": _apart(stand),
        "own_notes": _own_notes(stand),
        "base": base,
        "withdrawn": withdrawn,
        "refused": refused,
        "file_refused": status == UNREADABLE,
        "endings": FORMATS,
    }
    return render(request, "desk/translations/side_by_side.html", context, status=status)


def _apart(stand: Standing) -> tuple[str, ...]:
    if stand.draft is None or stand.text is not None:
        return ()
    return html.clean(stand.draft.body), html.clean(stand.draft.notes_to_editors)


def _own_notes(stand: Standing) -> str:
    if stand.draft is None or not stand.text or (stand.rendered and stand.rendered.notes):
        return ""
    return html.clean(stand.draft.notes_to_editors)
