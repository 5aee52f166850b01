"""Keeping a translation as a draft, unless it would undo what somebody else has done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Locale

from dateline.desk.translations import captions, segments
from dateline.desk.translations import source as sources
from dateline.desk.translations.segments import BODY, NOTES
from dateline.desk.translations.source import WITHDRAWN, Source
from dateline.publishing import verbs
from dateline.publishing.verbs import VerbError
from dateline.stories.models import State, Story


def save(
    source: Source,
    locale: Locale,
    targets: Mapping[str, str],
    *,
    base: str,
    user: Any,
) -> Story:
    """Write the targets (segment key → text) as the draft of the translation.

    `base` is the key of the draft they were made on, "" where there was none. VerbError when
    another draft has come since, when the text is locked, or when the source was withdrawn.
    """
    with transaction.atomic():
        # Two people starting the same language wait for each other here.
        if verbs.locked(source.story).state in WITHDRAWN:
            raise VerbError(_("The source was withdrawn: there is nothing to translate."))
        draft = _draft(source, locale, base, user)
        draft.headline = targets.get("headline", "").strip()[:500]
        if not draft.headline:
            raise VerbError(_("The translation needs a headline."))
        draft.summary = targets.get("summary", "").strip()
        draft.body = segments.join(BODY, source.body, targets)
        if source.notes or sources.rendered(source, draft).notes:  # else they are its own
            draft.notes_to_editors = segments.join(NOTES, source.notes, targets)
        captions.write(draft, source.captions, targets)
        draft.translated_from_id = source.story.pk
        draft.translated_version = source.version
        if draft.state == State.DRAFT:  # the desk's lists show a draft by its stored headline
            draft.save()
        draft.save_revision(user=user, log_action=True)
    return draft


def _draft(source: Source, locale: Locale, base: str, user: Any) -> Story:
    there = Story.objects.filter(
        translation_key=source.story.translation_key, locale=locale
    ).first()
    if there is None:
        if base:
            raise VerbError(_("This translation was deleted meanwhile."))
        text = source.story if source.version else source.story.get_latest_revision_as_object()
        copy: Story = text.copy_for_translation(locale)
        copy.translation_note = copy.notes_to_editors = ""
        return copy
    current = verbs.locked(there)
    lock = current.get_lock()
    if lock and lock.for_user(user):
        raise VerbError(str(lock.get_message(user)))
    if str(current.latest_revision_id or current.pk) != base:
        raise VerbError(_("Somebody has saved another draft since you opened this page."))
    draft: Story = current.get_latest_revision_as_object()
    return draft
