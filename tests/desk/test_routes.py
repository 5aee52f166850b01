"""Every way of Wagtail's to publish, withdraw, copy or delete a story ends in the verbs.

After each route the same is asked of the store: the version and the outbox row are there, `live`
agrees with the state, the public list shows what it should and the number is kept.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from build import draft, office, published
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import (
    Locale,
    Revision,
    Workflow,
)
from webform import filled

from dateline.desk.moments import written
from dateline.desk.workflow import review
from dateline.people.models import Membership, Role
from dateline.publishing import outbox, schedule, verbs, visibility
from dateline.publishing.models import Change, Kind
from dateline.stories.models import State, Story

pytestmark = pytest.mark.django_db


def edit(story: Story) -> str:
    return f"/desk/stories/edit/{story.pk}/"


def save(client: Client, address: str, **values: Any) -> Any:
    response = client.post(address, filled(client, address, **values))
    assert response.status_code == 302, response.content.decode()[:2000]
    return response


def public() -> set[str]:
    return set(visibility.listed(Story.objects.all()).values_list("headline", flat=True))


def check(story: Story, state: State, kinds: list[Kind]) -> Story:
    """The story as stored, after asserting what must hold after every route."""
    kept = Story.objects.get(pk=story.pk)
    assert kept.state == state
    assert kept.live == (state == State.PUBLISHED)
    assert (kept.live_revision_id is not None) == kept.live
    assert [version.kind for version in kept.versions.order_by("number")] == kinds
    changes = Change.objects.filter(story_id=kept.pk).order_by("sequence")
    withdrawing = {Kind.UNPUBLICATION, Kind.RETRACTION, Kind.KILL}
    assert [change.withdraws for change in changes] == [kind in withdrawing for kind in kinds]
    return kept


def test_a_draft_is_written_and_saved(desk: Client) -> None:
    save(desk, "/desk/stories/add/?locale=fr", headline="  La  cour\nouvre ")
    story = check(Story.objects.get(), State.DRAFT, [])
    assert (story.headline, story.language, story.number) == ("La cour ouvre", "fr", None)
    assert public() == set()


def test_the_publish_button(desk: Client) -> None:
    story = draft("Court opens")
    save(desk, edit(story), **{"action-publish": "1"})
    assert check(story, State.PUBLISHED, [Kind.PUBLICATION]).number == 1
    assert public() == {"Court opens"}


def test_publish_on_create(desk: Client) -> None:
    save(desk, "/desk/stories/add/", headline="Court opens", **{"action-publish": "1"})
    check(Story.objects.get(), State.PUBLISHED, [Kind.PUBLICATION])
    assert public() == {"Court opens"}


def test_editing_a_published_story_then_publishing_again(desk: Client) -> None:
    story = published("Court opens")
    save(desk, edit(story), headline="Court opens doors")
    check(story, State.PUBLISHED, [Kind.PUBLICATION])
    assert public() == {"Court opens"}
    save(desk, edit(story), **{"action-publish": "1"})
    kept = check(story, State.PUBLISHED, [Kind.PUBLICATION, Kind.UPDATE])
    assert public() == {"Court opens doors"}
    assert (kept.number, kept.slug) == (story.number, "court-opens-doors")


def go_live(desk: Client, story: Story, **values: Any) -> None:
    at = timezone.localtime() + timedelta(hours=2)
    values = {"go_live_at": f"{at:%Y-%m-%d %H:%M}", "action-publish": "1"} | values
    save(desk, edit(story), **values)


def two_hours_pass() -> None:
    due = Revision.objects.filter(approved_go_live_at__isnull=False)
    for revision in due:
        past = timezone.now() - timedelta(minutes=1)
        revision.content["go_live_at"] = past.isoformat()
        revision.approved_go_live_at = past
        revision.save()


def the_worker() -> None:
    schedule.run()


def wagtails_command() -> None:
    call_command("publish_scheduled")


@pytest.mark.parametrize("carry_out", [the_worker, wagtails_command])
def test_a_scheduled_draft(desk: Client, carry_out: Any) -> None:
    story = draft("Court opens")
    go_live(desk, story)
    check(story, State.DRAFT, [])
    carry_out()
    assert public() == set()
    two_hours_pass()
    carry_out()
    carry_out()
    kept = check(story, State.PUBLISHED, [Kind.PUBLICATION])
    assert public() == {"Court opens"}
    # The time that has passed neither stays in the form nor schedules the next edit.
    assert kept.go_live_at is None
    save(desk, edit(kept), headline="Court opens doors", **{"action-publish": "1"})
    assert public() == {"Court opens doors"}


@pytest.mark.parametrize("carry_out", [the_worker, wagtails_command])
def test_a_scheduled_update_leaves_the_public_text_until_then(desk: Client, carry_out: Any) -> None:
    story = published("Court opens")
    go_live(desk, story, headline="Court opens doors")
    check(story, State.PUBLISHED, [Kind.PUBLICATION])
    assert public() == {"Court opens"}
    two_hours_pass()
    carry_out()
    check(story, State.PUBLISHED, [Kind.PUBLICATION, Kind.UPDATE])
    assert public() == {"Court opens doors"}


def test_scheduling_an_update_of_an_imported_story_keeps_it_public(desk: Client) -> None:
    story = published("Court opens")
    # As imports leave it: public, and without any of Wagtail's revisions.
    Story.objects.update(live_revision=None, latest_revision=None)
    Revision.objects.all().delete()
    go_live(desk, story, headline="Court opens doors")
    assert public() == {"Court opens"}
    two_hours_pass()
    schedule.run()
    assert public() == {"Court opens doors"}


def test_a_schedule_is_cancelled(desk: Client) -> None:
    story = draft("Court opens")
    go_live(desk, story)
    revision = Revision.objects.get(approved_go_live_at__isnull=False)
    address = f"/desk/stories/history/{story.pk}/revisions/{revision.pk}/unschedule/"
    assert desk.post(address).status_code == 302
    two_hours_pass()
    assert schedule.run().done == 0
    check(story, State.DRAFT, [])


@pytest.fixture
def approval(keeper: Any) -> Any:
    """The workflow a newsroom starts with."""
    return Workflow.objects.get(name=review.NAME)


def test_workflow_approval(desk: Client, keepers_desk: Client, approval: Any) -> None:
    story = draft("Court opens")
    save(desk, edit(story), **{"action-submit": "1"})
    check(story, State.DRAFT, [])
    task = Story.objects.get(pk=story.pk).current_workflow_task_state
    address = f"/desk/stories/workflow/action/{story.pk}/approve/{task.pk}/"
    assert keepers_desk.get("/desk/").status_code == 200
    response = keepers_desk.post(address, {"comment": "good"})
    assert response.status_code in {200, 302}
    check(story, State.DRAFT, [])
    assert "approved" in desk.get("/desk/stories/").content.decode()
    save(desk, edit(story), **{"action-publish": "1"})
    check(story, State.PUBLISHED, [Kind.PUBLICATION])
    assert public() == {"Court opens"}


def test_approval_of_a_draft_that_names_its_time_schedules_it(
    desk: Client, keepers_desk: Client, approval: Any
) -> None:
    story = draft("Court opens")
    at = timezone.localtime() + timedelta(hours=2)
    go_live = {"go_live_at": f"{at:%Y-%m-%d %H:%M}"}
    save(desk, edit(story), **go_live, **{"action-submit": "1"})
    task = Story.objects.get(pk=story.pk).current_workflow_task_state
    address = f"/desk/stories/workflow/action/{story.pk}/approve/{task.pk}/"
    assert keepers_desk.post(address, {"comment": ""}).status_code in {200, 302}
    check(story, State.DRAFT, [])
    assert schedule.next_moment() is not None


def approve(client: Client, story: Story, **values: str) -> None:
    """From the form, which saves what it holds."""
    now = edit(Story.objects.get(pk=story.pk))
    save(
        client, now, **values, **{"action-workflow-action": "1", "workflow-action-name": "approve"}
    )


def test_approval_from_the_form_is_of_what_was_read_and_changed_there(
    desk: Client, keepers_desk: Client, approval: Any
) -> None:
    story = draft("Court opens")
    save(desk, edit(story), **{"action-submit": "1"})
    at = timezone.localtime() + timedelta(hours=2)
    approve(keepers_desk, story, headline="Court opens doors", go_live_at=f"{at:%Y-%m-%d %H:%M}")
    assert Story.objects.get(pk=story.pk).current_workflow_state is None
    assert Revision.objects.get(approved_go_live_at__isnull=False).object_str == "Court opens doors"


def test_what_somebody_else_changed_has_to_be_read_first(
    desk: Client, keepers_desk: Client, approval: Any
) -> None:
    story = draft("Court opens")
    save(desk, edit(story), **{"action-submit": "1"})
    task = Story.objects.get(pk=story.pk).current_workflow_task_state
    save(desk, edit(Story.objects.get(pk=story.pk)), headline="Court stays shut")
    address = f"/desk/stories/workflow/action/{story.pk}/approve/{task.pk}/"
    said = keepers_desk.post(address, {"comment": ""}, follow=True).content.decode()
    assert "officer has changed the story" in said
    assert Story.objects.get(pk=story.pk).current_workflow_state is not None
    approve(keepers_desk, story)
    assert Story.objects.get(pk=story.pk).current_workflow_state is None


def test_a_time_that_has_passed_is_not_approved(
    desk: Client, keepers_desk: Client, approval: Any
) -> None:
    story = draft("Court opens", go_live_at=timezone.now() - timedelta(minutes=1))
    there = {"go_live_at": written(story.go_live_at)}
    save(desk, edit(story), **there, **{"action-submit": "1"})
    approve(keepers_desk, story, **there)
    assert Story.objects.get(pk=story.pk).current_workflow_state is not None
    assert "has passed" in keepers_desk.get(f"/desk/stories/edit/{story.pk}/").content.decode()


def test_those_who_may_approve_are_told(
    desk: Client, officer: Any, approval: Any, mailoutbox: list[Any]
) -> None:
    vienna, tirana = office("vienna"), office("tirana")
    for name, place in (("near", vienna), ("far", tirana)):
        person = get_user_model().objects.create_user(name, f"{name}@example.org")
        Membership.objects.create(user=person, role=Role.EDITOR, office=place)
    save(desk, edit(draft("Court opens", offices=(vienna,))), **{"action-submit": "1"})
    told = {address for mail in mailoutbox for address in mail.to}
    assert told == {"near@example.org", "keeper@example.org"}
    letter = mailoutbox[0]
    assert letter.subject == "For your approval: Court opens"
    assert f"/desk/stories/edit/{Story.objects.get().pk}/" in letter.body


def test_approval_of_a_story_killed_meanwhile_is_refused_in_words(
    desk: Client, keepers_desk: Client, approval: Any
) -> None:
    story = published("Court opens")
    save(desk, edit(story), headline="Court opens doors", **{"action-submit": "1"})
    task = Story.objects.get(pk=story.pk).current_workflow_task_state
    verbs.kill(story, "Not so.")
    address = f"/desk/stories/workflow/action/{story.pk}/approve/{task.pk}/"
    assert keepers_desk.post(address, {"comment": ""}).status_code in {200, 302}
    check(story, State.KILLED, [Kind.PUBLICATION, Kind.KILL])
    assert Story.objects.get(pk=story.pk).current_workflow_state is None


def test_unpublish(desk: Client) -> None:
    story = published("Court opens")
    assert desk.post(f"/desk/stories/unpublish/{story.pk}/").status_code == 302
    kept = check(story, State.UNPUBLISHED, [Kind.PUBLICATION, Kind.UNPUBLICATION])
    assert public() == set()
    assert kept.number == story.number
    save(desk, edit(kept), **{"action-publish": "1"})
    check(kept, State.PUBLISHED, [Kind.PUBLICATION, Kind.UNPUBLICATION, Kind.PUBLICATION])
    assert Story.objects.get(pk=story.pk).number == story.number


@pytest.mark.parametrize("carry_out", [the_worker, wagtails_command])
def test_expiry(desk: Client, carry_out: Any) -> None:
    story = published("Court opens")
    Story.objects.update(expire_at=timezone.now() - timedelta(minutes=1))
    assert public() == set()
    carry_out()
    carry_out()
    kept = check(story, State.UNPUBLISHED, [Kind.PUBLICATION, Kind.UNPUBLICATION])
    assert kept.expired


def test_publishing_past_the_expiry_date_is_refused_in_words(desk: Client) -> None:
    story = draft("Court opens")
    revision = story.save_revision()
    revision.content["expire_at"] = (timezone.now() - timedelta(days=1)).isoformat()
    revision.save()
    with pytest.raises(verbs.VerbError):
        verbs.publish(story, revision=revision)
    check(story, State.DRAFT, [])


def test_revert_and_publish(desk: Client) -> None:
    story = published("Court opens")
    save(desk, edit(story), headline="Court opens doors", **{"action-publish": "1"})
    first = Revision.objects.order_by("pk").first()
    assert first is not None
    address = f"/desk/stories/history/{story.pk}/revisions/{first.pk}/revert/"
    save(desk, address, **{"action-publish": "1"})
    kept = check(story, State.PUBLISHED, [Kind.PUBLICATION, Kind.UPDATE, Kind.UPDATE])
    assert public() == {"Court opens"}
    assert (kept.number, kept.slug) == (story.number, "court-opens")


def test_reverting_to_a_draft_from_before_the_first_publication(desk: Client) -> None:
    story = draft("Court opens")
    before = story.save_revision()
    verbs.publish(Story.objects.get(pk=story.pk))
    number = Story.objects.get(pk=story.pk).number
    address = f"/desk/stories/history/{story.pk}/revisions/{before.pk}/revert/"
    at = timezone.localtime() + timedelta(hours=2)
    save(desk, address, go_live_at=f"{at:%Y-%m-%d %H:%M}", **{"action-publish": "1"})
    # That draft knows nothing of a public text; the public text stays all the same.
    kept = check(story, State.PUBLISHED, [Kind.PUBLICATION])
    assert (kept.number, public()) == (number, {"Court opens"})


def test_history_and_comparison_open(desk: Client) -> None:
    story = published("Court opens")
    save(desk, edit(story), headline="Court opens doors")
    compare = f"/desk/stories/history/{story.pk}/revisions/compare/live...latest/"
    page = desk.get(compare)
    assert page.status_code == 200
    assert b"doors" in page.content
    assert desk.get(f"/desk/stories/history/{story.pk}/").status_code == 200


def test_a_locked_story_is_not_saved(desk: Client, keepers_desk: Client) -> None:
    story = draft("Court opens")
    assert keepers_desk.post(f"/desk/stories/lock/{story.pk}/").status_code == 302
    data = filled(keepers_desk, edit(story), headline="Changed")
    assert desk.post(edit(story), data).status_code == 200
    assert Story.objects.get(pk=story.pk).headline == "Court opens"
    assert keepers_desk.post(f"/desk/stories/unlock/{story.pk}/").status_code == 302
    save(desk, edit(story), headline="Changed")
    assert Story.objects.get(pk=story.pk).headline == "Changed"


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_translation_of_a_public_story_is_a_draft(desk: Client, language: str) -> None:
    story = published("Court opens", source="agency", external_id="17")
    locale = Locale.objects.get(language_code=language)
    address = f"/desk/translation/submit/snippet/stories/story/{story.pk}/"
    assert desk.post(address, {"locales": [locale.pk]}).status_code == 302
    copy = Story.objects.get(locale=locale)
    assert copy.translation_key == story.translation_key
    assert (copy.number, copy.published_on, copy.published_at, copy.visible_from) == (None,) * 4
    assert (copy.source, copy.external_id, copy.slug) == ("", "", "")
    assert copy.first_published_at is None
    check(copy, State.DRAFT, [])
    assert public() == {"Court opens"}
    save(desk, edit(copy), headline="La cour ouvre", **{"action-publish": "1"})
    assert check(copy, State.PUBLISHED, [Kind.PUBLICATION]).number == story.number


def test_there_is_no_copy_page(desk: Client) -> None:
    story = published("Court opens")
    address = f"/desk/stories/copy/{story.pk}/"
    assert desk.get(address).status_code == 404
    assert desk.post(address, {"headline": "Copy"}).status_code == 404
    check(story, State.PUBLISHED, [Kind.PUBLICATION])


def test_a_draft_is_deleted_and_its_followers_are_told(desk: Client) -> None:
    story = draft("Court opens")
    assert desk.post(f"/desk/stories/delete/{story.pk}/").status_code == 302
    assert not Story.objects.exists()
    assert outbox.withdrawn_after(0) == {story.pk}


def test_a_story_that_was_public_is_not_deleted_at_the_desk(desk: Client) -> None:
    story = published("Court opens")
    response = desk.post(f"/desk/stories/delete/{story.pk}/", follow=True)
    assert b"must keep answering" in response.content
    check(story, State.PUBLISHED, [Kind.PUBLICATION])


def test_bulk_deletion_takes_drafts_and_passes_public_stories_over(desk: Client) -> None:
    story, other = published("Court opens"), draft("Court closes")
    address = f"/desk/bulk/stories/story/delete/?id={story.pk}&id={other.pk}"
    assert desk.get(address).status_code == 200
    assert desk.post(address).status_code == 302
    assert set(Story.objects.all()) == {story}
    assert outbox.withdrawn_after(0) == {other.pk}


@pytest.mark.parametrize("page", ["edit", "revert"])
def test_a_story_published_while_its_draft_was_being_saved_stays_published(
    desk: Client, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    from dateline.desk import story_views

    story = draft("Court opens")
    revision = story.save_revision()
    revert = f"/desk/stories/history/{story.pk}/revisions/{revision.pk}/revert/"
    address = edit(story) if page == "edit" else revert
    data = filled(desk, address, headline="Court opens doors")
    locked = verbs.locked

    def publish_first(other: Story) -> Story:
        monkeypatch.setattr(story_views.verbs, "locked", locked)
        verbs.publish(Story.objects.get(pk=other.pk))
        return locked(other)

    monkeypatch.setattr(story_views.verbs, "locked", publish_first)
    assert desk.post(address, data).status_code == 302
    kept = check(story, State.PUBLISHED, [Kind.PUBLICATION])
    assert (kept.number, kept.headline) == (1, "Court opens")


def test_a_draft_of_a_retracted_story_leaves_its_public_headline(desk: Client) -> None:
    story = published("Court opens")
    first = story.revisions.get()
    verbs.retract(story, "It was not so.")
    save(desk, edit(story), headline="Court does not open")
    save(desk, f"/desk/stories/history/{story.pk}/revisions/{first.pk}/revert/", headline="Third")
    kept = check(story, State.RETRACTED, [Kind.PUBLICATION, Kind.RETRACTION])
    assert kept.headline == "Court opens"
    assert b"Third" in desk.get(edit(story)).content
    save(desk, edit(story), headline="Court may open", **{"action-publish": "1"})
    check(story, State.PUBLISHED, [Kind.PUBLICATION, Kind.RETRACTION, Kind.PUBLICATION])
    assert public() == {"Court may open"}


def test_publishing_a_killed_story_is_refused_in_words(desk: Client) -> None:
    story = published("Court opens")
    data = filled(desk, edit(story), headline="Court opens doors", **{"action-publish": "1"})
    verbs.kill(story, "Not so.")
    response = desk.post(edit(story), data)
    assert response.status_code == 200
    assert b"killed" in response.content
    check(story, State.KILLED, [Kind.PUBLICATION, Kind.KILL])


def test_publishing_twice_at_once(desk: Client) -> None:
    story = draft("Court opens")
    data = filled(desk, edit(story), **{"action-publish": "1"})
    assert [desk.post(edit(story), data).status_code for _ in range(2)] == [302, 302]
    assert check(story, State.PUBLISHED, [Kind.PUBLICATION, Kind.UPDATE]).number == 1
