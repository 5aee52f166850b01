"""The verbs: the only way a story changes for the public.

Each is one transaction: check, write the story, write its version, append to the outbox. Nothing
here asks who may do it; the desk does, where the request is known.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.actions.unpublish import UnpublishAction
from wagtail.models import Revision

from dateline.lib import slugs
from dateline.publishing import numbers, outbox, versions
from dateline.publishing.models import Due, Kind
from dateline.stories.models import State, Story
from dateline.stories.ports import day_start


class VerbError(ValueError):
    """The story cannot take this verb now; the message is for the person who asked."""


def publish(
    story: Story,
    *,
    user: Any = None,
    revision: Revision | None = None,
    kind: Kind | None = None,
    note: str = "",
    **options: Any,
) -> Story:
    """Make a draft the public text: at once, or at `go_live_at` when that is still to come.

    `kind` says what it is to readers of a story already public: an update (nothing was wrong) or
    a correction, which needs a public `note`. Returns the story as it now is in the store.
    """
    if kind == Kind.CORRECTION and not note.strip():
        raise VerbError("A correction needs a note that tells readers what was wrong.")
    with transaction.atomic():
        current = locked(story)
        if current.state == State.KILLED:
            raise VerbError("A killed story cannot be published again.")
        chosen = revision or story.save_revision(user=user)
        action = PublishRevisionAction(chosen, user=user, **options)
        draft: Story = action.object
        if _is_ahead(draft.go_live_at):
            action.execute(skip_permission_checks=True)
            return current
        before = current.state
        _give_public_facts(draft, current)
        draft.state = State.PUBLISHED
        action.execute(skip_permission_checks=True)
        _record_publication(draft, before, kind, note, user)
    return draft


def _record_publication(story: Story, before: str, kind: Kind | None, note: str, user: Any) -> None:
    now = timezone.now()
    first = before != State.PUBLISHED
    versions.record(story, kind or (Kind.PUBLICATION if first else Kind.UPDATE), now, note, user)
    moment = story.visible_from
    if moment is not None and moment > now:
        Due.objects.update_or_create(pk=story.pk, defaults={"at": moment})
        # An embargo set on a story that was public takes it away.
        outbox.append([story.pk], withdraws=True)
    else:
        Due.objects.filter(pk=story.pk).delete()
        outbox.append([story.pk])


def correct(story: Story, note: str, *, user: Any = None) -> Story:
    """Publish the story's draft as a correction; `note` tells readers what was wrong."""
    if story.state != State.PUBLISHED:
        raise VerbError("Only a published story can be corrected.")
    return publish(story, user=user, kind=Kind.CORRECTION, note=note)


def schedule(story: Story, at: datetime, *, user: Any = None) -> Story:
    """Publish the story's draft at a later moment; the worker carries it out."""
    if not _is_ahead(at):
        raise VerbError("The time to publish at has already passed.")
    story.go_live_at = at
    return publish(story, user=user)


def unpublish(story: Story, *, user: Any = None, **options: Any) -> Story:
    """Take a published story off the site; its number and address stay its own."""
    with transaction.atomic():
        current = locked(story)
        if current.state != State.PUBLISHED:
            return current
        current.state = State.UNPUBLISHED
        current.slug = current.slug or slugs.slug(current.headline)
        UnpublishAction(current, user=user, **options).execute(skip_permission_checks=True)
        _record_withdrawal(current, Kind.UNPUBLICATION, "", user)
    return current


def retract(story: Story, note: str, *, user: Any = None) -> Story:
    """Disown a story: its address shows `note` in place of the text."""
    return _withdraw(story, State.RETRACTED, Kind.RETRACTION, note, user)


def kill(story: Story, note: str, *, user: Any = None) -> Story:
    """Say that a story must not be used: its address answers 410 with `note`."""
    return _withdraw(story, State.KILLED, Kind.KILL, note, user)


def _withdraw(story: Story, state: State, kind: Kind, note: str, user: Any) -> Story:
    if not note.strip():
        raise VerbError("Readers are owed a reason: the note must not be empty.")
    with transaction.atomic():
        current = locked(story)
        if current.number is None:
            raise VerbError("This story was never public; delete the draft instead.")
        current.state, current.live, current.updated_at = state, False, timezone.now()
        current.live_revision = None
        current.save()
        current.revisions.update(approved_go_live_at=None)
        _record_withdrawal(current, kind, note, user)
    return current


def _record_withdrawal(story: Story, kind: Kind, note: str, user: Any) -> None:
    versions.record(story, kind, timezone.now(), note, user)
    Due.objects.filter(story=story).delete()
    outbox.append([story.pk], withdraws=True)


def delete(story: Story) -> None:
    """Remove a story for good, drafts and versions included; its number is not given again."""
    with transaction.atomic():
        pk = story.pk
        story.delete()
        outbox.append([pk], withdraws=True)


def locked(story: Story) -> Story:
    """The story as it is in the store, locked until the transaction ends."""
    current: Story = Story.objects.select_for_update(of=("self",)).get(pk=story.pk)
    return current


def _is_ahead(moment: datetime | None) -> bool:
    return moment is not None and moment > timezone.now()


def _give_public_facts(draft: Story, current: Story) -> None:
    """Number, address, dates: what a text needs to be public."""
    now = timezone.now()
    draft.number = numbers.number_for(current)
    draft.slug = slugs.slug(draft.headline)
    if current.state == State.PUBLISHED:
        draft.updated_at = now
    _date(draft, current, now)
    moment = draft.instant
    assert moment is not None  # noqa: S101 - _date has just set it
    draft.visible_from = max(moment, draft.embargoed_until or moment)
    draft.expired = False


def _date(draft: Story, current: Story, now: datetime) -> None:
    """The publishing date: as given at the desk, else as it was, else this moment."""
    if draft.given_date:
        draft.published_on, draft.published_at = draft.given_date, None
        if draft.given_time:
            start = day_start(draft.given_date)
            naive = start.replace(tzinfo=None) + _since_midnight(draft)
            draft.published_at = timezone.make_aware(naive, timezone.get_default_timezone())
    elif current.published_on is None:
        draft.published_at = now
        draft.published_on = timezone.localdate(now)


def _since_midnight(draft: Story) -> timedelta:
    time = draft.given_time
    assert time is not None  # noqa: S101 - asked by the caller
    return timedelta(hours=time.hour, minutes=time.minute, seconds=time.second)
