"""A text taken back, and its texts in other languages: nobody overlooks them, readers are told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from build import office, published
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale

from dateline.desk.withdrawn import endings
from dateline.people.models import Membership, Role
from dateline.publishing import verbs
from dateline.stories.models import State, Story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("archive_file")]


def translated(story: Story, language: str, headline: str, **fields: Any) -> Story:
    locale = Locale.objects.get_or_create(language_code=language)[0]
    copy = story.copy_for_translation(locale)
    copy.headline, copy.body, copy.live = headline, f"<p>{headline}.</p>", False
    for name, value in fields.items():
        setattr(copy, name, value)
    copy.save()
    verbs.publish(copy)
    return Story.objects.get(pk=copy.pk)


@pytest.fixture
def story() -> Story:
    return published("Secret court opens", body="<p>It opened.</p>")


def address(verb: str, story: Story) -> str:
    return f"/desk/stories/{verb}/{story.pk}/"


@pytest.mark.parametrize("verb", ["retract", "kill", "out-of-date"])
def test_other_languages_are_named_before_and_after(desk: Client, story: Story, verb: str) -> None:
    french = translated(story, "fr", "La cour ouvre")
    joint = f"/desk/translations/{story.pk}/together/{verb}/"
    before = desk.get(address(verb, story)).content.decode()
    assert "La cour ouvre" in before
    assert joint in before
    after = desk.post(address(verb, story), {"note": "Wrong."})
    told = str(list(get_messages(after.wsgi_request))[-1])  # type: ignore[attr-defined]
    assert "left as they are: Français" in told
    assert joint in told
    desk.post(joint, {"do-fr": "on", "note-fr": "Faux."})
    french.refresh_from_db()
    assert french.state != State.PUBLISHED


def test_who_may_not_do_it_to_the_others_is_told_of_what_is_public(story: Story) -> None:
    vienna, tunis = office("vienna"), office("tunis")
    story.offices.set([vienna])
    story.save()
    for language, headline, hidden in (("fr", "La cour ouvre", 0), ("ru", "Суд открыт", 1)):
        until = timezone.now() + timedelta(hours=hidden) if hidden else None
        other = translated(story, language, headline, embargoed_until=until)
        other.offices.set([tunis])
        other.save()
        other.save_revision()
    anna = get_user_model().objects.create_user("anna")
    Membership.objects.create(user=anna, role=Role.CHIEF_EDITOR, office=vienna)
    client = Client()
    client.force_login(anna)
    page = client.get(address("retract", story)).content.decode()
    assert "La cour ouvre" in page
    assert "Суд открыт" not in page
    assert "/together/" not in page


@pytest.mark.parametrize(
    ("verb", "words", "status"),
    [
        (verbs.retract, "The original text (French) was retracted on", 200),
        (verbs.kill, "The original text (French) was withdrawn on", 410),
        (verbs.withdraw_as_out_of_date, "The original text (French) has been out of date", 200),
    ],
)
def test_readers_of_a_translation_hear_of_it(
    client: Client, verb: Any, words: str, status: int
) -> None:
    story = published("Cour secrète", language="fr", body="<p>Elle est ouverte.</p>")
    english = translated(story, "en", "Court opens")
    verb(story, "It was not so.")
    answer = client.get(english.get_absolute_url())
    page = BeautifulSoup(answer.content, "html.parser")
    notice = page.select_one(".notice.withdrawn")
    assert notice is not None
    assert words in notice.get_text(" ", strip=True)
    assert "Court opens." in page.get_text()
    notices = client.get(notice.select_one("a")["href"], follow=True)  # type: ignore[index, arg-type]
    assert notices.status_code == status
    assert "It was not so." in notices.content.decode()
    if status == 410:
        assert "secr" not in answer.content.decode()


def test_nothing_is_said_of_what_was_never_public_nor_of_a_translations_end(
    story: Story, client: Client
) -> None:
    french = translated(story, "fr", "La cour ouvre")
    later = timezone.now() + timedelta(hours=1)
    russian = translated(story, "ru", "Суд открыт", embargoed_until=later)
    verbs.kill(russian, "Never was.")
    arabic = translated(story, "ar", "افتتاح المحكمة", translated_from=russian)
    verbs.retract(french, "Faux.")
    for text in (story, arabic):
        page = BeautifulSoup(client.get(text.get_absolute_url()).content, "html.parser")
        assert page.select_one(".notice.withdrawn") is None


def test_the_form_says_that_a_story_and_its_original_were_taken_back(
    desk: Client, officer: Any, story: Story
) -> None:
    french = translated(story, "fr", "La cour ouvre", translated_from=story)
    stranger = get_user_model().objects.create_user("stranger")
    assert not list(endings(french, story, officer))
    verbs.kill(story, "It was not so.")
    verbs.retract(french, "Faux.")
    page = BeautifulSoup(desk.get(f"/desk/stories/edit/{french.pk}/").content, "html.parser")
    own, original = (each.get_text(" ", strip=True) for each in page.select(".help-warning"))
    assert "This story was retracted on" in own
    assert "Faux." in own
    assert "The original (English) was killed on" in original
    assert "It was not so." in original
    verbs.publish(french)
    story, french = Story.objects.get(pk=story.pk), Story.objects.get(pk=french.pk)
    assert len(list(endings(french, story, stranger))) == 1
    Story.objects.update(visible_from=timezone.now() + timedelta(hours=1))
    assert not list(endings(french, Story.objects.get(pk=story.pk), stranger))
