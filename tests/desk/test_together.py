"""Several languages of a story at once: all of them, or none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from build import draft, office
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale
from webform import filled

from dateline.people.models import Membership, Role
from dateline.publishing import schedule, verbs
from dateline.publishing.models import Change, Version
from dateline.stories.models import State, Story

pytestmark = pytest.mark.django_db


def translated(story: Story, language: str, headline: str, body: str = "") -> Story:
    copy = story.copy_for_translation(Locale.objects.get_or_create(language_code=language)[0])
    copy.headline, copy.body, copy.live = headline, body or f"<p>{headline}.</p>", False
    copy.save()
    copy.save_revision()
    return Story.objects.get(pk=copy.pk)


@pytest.fixture
def release(db: None) -> list[Story]:
    """English, French and Russian, none of them public."""
    story = draft("Court opens", body="<p>It opened.</p>", published=None)
    story.offices.set([office("vienna", "Vienna")])
    story.save()
    story.save_revision()
    return [story, translated(story, "fr", "La cour"), translated(story, "ru", "Суд")]


def address(story: Story, act: str) -> str:
    return f"/desk/translations/{story.pk}/together/{act}/"


def send(desk: Client, story: Story, act: str, **given: Any) -> Any:
    where = address(story, act)
    form = filled(desk, where, **given)
    return desk.post(where, {name: value for name, value in form.items() if value is not None})


def states(release: list[Story]) -> list[str]:
    return [Story.objects.get(pk=story.pk).state for story in release]


def test_languages_are_published_in_one_moment(desk: Client, release: list[Story]) -> None:
    before = Change.objects.count()
    assert send(desk, release[0], "publish").status_code == 302
    assert states(release) == [State.PUBLISHED] * 3
    numbers = {Story.objects.get(pk=story.pk).number for story in release}
    assert len(numbers) == 1
    assert Change.objects.count() == before + 3
    overview = desk.get(f"/desk/translations/{release[0].pk}/").content.decode()
    assert "/together/publish/" not in overview
    assert "/together/retract/" in overview


def test_some_are_left_for_later(desk: Client, release: list[Story]) -> None:
    send(desk, release[0], "publish", **{"do-ru": None})
    assert states(release) == [State.PUBLISHED, State.PUBLISHED, State.DRAFT]


def test_one_that_cannot_be_published_keeps_all_back(desk: Client, release: list[Story]) -> None:
    french = release[1]
    french.body = "<p>It opened.</p>"  # still the English text
    french.save_revision()
    page = send(desk, release[0], "publish").content.decode()
    assert "Français: The text is still the one of the other language" in page
    assert "Nothing has been done." in page
    assert states(release) == [State.DRAFT] * 3
    assert not Version.objects.exists()


def test_they_are_scheduled_for_one_moment(
    desk: Client, release: list[Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = timezone.localtime() + timedelta(hours=2)
    send(desk, release[0], "publish", at=at.strftime("%Y-%m-%d %H:%M"))
    assert states(release) == [State.DRAFT] * 3
    later = timezone.now() + timedelta(hours=3)
    monkeypatch.setattr(timezone, "now", lambda: later)
    schedule.run()
    assert states(release) == [State.PUBLISHED] * 3


def test_a_retraction_has_a_note_for_the_readers_of_each(
    desk: Client, release: list[Story]
) -> None:
    for story in release:
        verbs.publish(story, revision=story.latest_revision)
    notes = {"note-en": "Wrong court.", "note-fr": "Mauvaise cour.", "note-ru": " "}
    page = send(desk, release[0], "retract", **notes).content.decode()
    assert "owed a reason too" in page
    assert states(release) == [State.PUBLISHED] * 3
    send(desk, release[0], "retract", **(notes | {"note-ru": "Не тот суд."}))
    assert states(release) == [State.RETRACTED] * 3
    told = Version.objects.filter(kind="retraction").values_list("note", flat=True)
    assert set(told) == {"Wrong court.", "Mauvaise cour.", "Не тот суд."}


def test_each_language_asks_for_its_own_rights(release: list[Story]) -> None:
    release[2].offices.set([office("tunis", "Tunis")])
    release[2].save()
    release[2].save_revision()
    anna = get_user_model().objects.create_user("anna")
    Membership.objects.create(user=anna, role=Role.EDITOR, office=release[0].offices.get())
    client = Client()
    client.force_login(anna)
    page = client.get(address(release[0], "publish")).content.decode()
    assert "La cour" in page
    assert "Суд" not in page
    send(client, release[0], "publish", **{"do-ru": "on"})
    assert states(release) == [State.PUBLISHED, State.PUBLISHED, State.DRAFT]
    assert client.get(address(release[2], "publish")).status_code == 404
