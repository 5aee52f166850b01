"""The verbs: the only way a story changes for the public.

Each is one transaction: check, write the story, write its version, append to the outbox. Nothing
here asks who may do it; the desk does, where the request is known.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.actions.unpublish import UnpublishAction
from wagtail.models import Revision

from dateline.lib import slugs
from dateline.publishing import numbers, outbox, versions, visibility
from dateline.publishing.models import Due, Kind
from dateline.stories.models import State, Story


class VerbError(ValueError):
    """The story cannot take this verb now; the message is for the person who asked."""


def publish(
    story: Story,
    *,
    user: Any = None,
    revision: Revision | None = None,
    kind: Kind | None = None,
    note: str = "",
    public_from: datetime | None = None,
    **options: Any,
) -> Story:
    """Make a draft the public text: at once, or at `go_live_at` when that is still to come.

    `kind` says what it is to readers of a story already public: an update (nothing was wrong), a
    correction, which needs a public `note`, or a minor edit, of which they are told nothing and
    which makes no version of its own. With `public_from` everything is done now and readers see
    the story from that moment on, as they would one under an embargo. Returns the story as it now
    is in the store.
    """
    if kind == Kind.CORRECTION and not note.strip():
        raise VerbError(_("A correction needs a note that tells readers what was wrong."))
    with transaction.atomic():
        if revision is None:
            # Before a draft is saved: a refusal would leave the caller's object pointing at it.
            _check_publishable(story, locked(story), kind)
            revision = story.save_revision(user=user)
        # The draft takes what the verbs own from the story as it is now, not as it was when
        # somebody opened it.
        revision.content_object = current = locked(story)
        action = PublishRevisionAction(revision, user=user, **options)
        draft: Story = action.object
        _check_publishable(draft, current, kind)
        if public_from is None and _is_ahead(draft.go_live_at):
            _await(action, current)
            return locked(story)
        before = current.state
        _give_public_facts(draft, current, public_from, minor=kind == Kind.MINOR)
        draft.state = State.PUBLISHED
        # It has served its purpose; left in place, it would stand in the form as if still to come.
        draft.go_live_at = None
        action.execute(skip_permission_checks=True)
        _record_publication(draft, before, kind, note, user)
    return draft


def _check_publishable(draft: Story, current: Story, kind: Kind | None) -> None:
    if current.state == State.KILLED:
        raise VerbError(_("A killed story cannot be published again."))
    if draft.expire_at is not None and not _is_ahead(draft.expire_at):
        raise VerbError(_("The story's expiry date has passed: set a later one or clear it."))
    if kind not in (Kind.CORRECTION, Kind.MINOR):
        return
    if current.state != State.PUBLISHED:
        raise VerbError(_("Only a published story can be corrected."))
    if _is_ahead(draft.go_live_at):
        raise VerbError(_("A correction takes effect at once: clear the time to go live first."))


def _await(action: PublishRevisionAction, current: Story) -> None:
    """Approve the draft for its moment. What readers see stays as it is until then."""
    if current.state in visibility.READABLE:
        # Wagtail tells by this that the text in the store must stay; a story imported or retracted
        # has none. The value is only looked at: with one, the object is not saved here.
        action.object.live_revision_id = action.object.live_revision_id or action.revision.pk
    action.execute(skip_permission_checks=True)


def _record_publication(story: Story, before: str, kind: Kind | None, note: str, user: Any) -> None:
    now = timezone.now()
    first = before != State.PUBLISHED
    versions.record(story, kind or (Kind.PUBLICATION if first else Kind.UPDATE), now, note, user)
    moment = story.visible_from
    ahead = moment is not None and moment > now
    if moment is not None and ahead:
        Due.objects.update_or_create(story=story, defaults={"at": moment})
    else:
        Due.objects.filter(story=story).delete()
    # An embargo set on a story that was public takes it away.
    outbox.append([story.pk], withdraws=ahead)


def correct(
    story: Story, note: str, *, user: Any = None, revision: Revision | None = None
) -> Story:
    """Publish the story's draft as a correction; `note` tells readers what was wrong."""
    return publish(story, user=user, revision=revision, kind=Kind.CORRECTION, note=note)


def schedule(story: Story, at: datetime, *, user: Any = None) -> Story:
    """Publish the story's draft at a later moment; the worker carries it out."""
    if not _is_ahead(at):
        raise VerbError(_("The time to publish at has already passed."))
    story.go_live_at = at
    return publish(story, user=user)


def unpublish(story: Story, *, user: Any = None, **options: Any) -> Story:
    """Take a published story off the site; its number and address stay its own."""
    with transaction.atomic():
        current = locked(story)
        if current.state != State.PUBLISHED:
            return current
        current.state = State.UNPUBLISHED
        UnpublishAction(current, user=user, **options).execute(skip_permission_checks=True)
        _record_withdrawal(current, Kind.UNPUBLICATION, "", user)
    return current


def withdraw_as_out_of_date(story: Story, note: str, *, user: Any = None) -> Story:
    """Take a story off all lists; its address goes on showing it, under a banner with `note`."""
    return _withdraw(story, State.OUT_OF_DATE, Kind.OUT_OF_DATE, note, user)


def retract(story: Story, note: str, *, user: Any = None) -> Story:
    """Disown a story: its address shows `note` in place of the text."""
    return _withdraw(story, State.RETRACTED, Kind.RETRACTION, note, user)


def kill(story: Story, note: str, *, user: Any = None) -> Story:
    """Say that a story must not be used: its address answers 410 with `note`."""
    return _withdraw(story, State.KILLED, Kind.KILL, note, user)


def _withdraw(story: Story, state: State, kind: Kind, note: str, user: Any) -> Story:
    if not note.strip():
        raise VerbError(_("Readers are owed a reason: the note must not be empty."))
    with transaction.atomic():
        current = locked(story)
        _check_withdrawable(current, state)
        current.state, current.live = state, False
        if state != State.OUT_OF_DATE:  # whose text is as it was
            current.updated_at = timezone.now()
        current.live_revision = None
        current.save()
        current.revisions.update(approved_go_live_at=None)
        if current.current_workflow_state:
            current.current_workflow_state.cancel(user=user)
        _record_withdrawal(current, kind, note, user)
    return current


def _check_withdrawable(current: Story, state: State) -> None:
    if current.number is None:
        raise VerbError(_("This story was never public: delete the draft instead."))
    if current.state == State.KILLED:
        raise VerbError(_("This story was killed already; that is final."))
    if current.state == state:
        raise VerbError(_("This was done already."))
    if state == State.OUT_OF_DATE and current.state != State.PUBLISHED:
        raise VerbError(_("Only a published story can be withdrawn as out of date."))


def _record_withdrawal(story: Story, kind: Kind, note: str, user: Any) -> None:
    versions.record(story, kind, timezone.now(), note, user)
    Due.objects.filter(story=story).delete()
    outbox.append([story.pk], withdraws=True)


def delete(story: Story) -> None:
    """Remove a story for good, drafts and versions included; its number is not given again.

    Every other way to delete one is announced as well (`dateline.publishing.deletions`).
    """
    story.delete()


def locked(story: Story) -> Story:
    """The story as it is in the store, locked until the transaction ends."""
    stored: Story = Story.objects.select_for_update(of=("self",)).get(pk=story.pk)
    return stored


def _is_ahead(moment: datetime | None) -> bool:
    return moment is not None and moment > timezone.now()


def _give_public_facts(
    draft: Story, current: Story, public_from: datetime | None, *, minor: bool
) -> None:
    """Number, address, dates: what a text needs to be public."""
    now = public_from or timezone.now()
    draft.number = numbers.number_for(current)
    draft.slug = slugs.slug(draft.headline)
    if current.state != State.DRAFT and not minor:
        draft.updated_at = now
    _date(draft, current, now)
    moment = draft.instant
    assert moment is not None  # noqa: S101 - _date has just set it
    draft.visible_from = max(moment, draft.embargoed_until or moment, public_from or moment)
    draft.expired = False


def _date(draft: Story, current: Story, now: datetime) -> None:
    """The publishing date: as given at the desk, else as it was, else this moment."""
    if draft.given_date:
        draft.published_on, draft.published_at = draft.given_date, None
        if draft.given_time:
            zone = timezone.get_default_timezone()
            at = datetime.combine(draft.given_date, draft.given_time, zone)
            # In UTC: times of one zone compare by the clock, which turns back in autumn.
            draft.published_at = at.astimezone(UTC)
    elif current.published_on is None:
        draft.published_at = now
        draft.published_on = timezone.localdate(now)
