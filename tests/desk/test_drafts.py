"""Drafts are found by their words: by what would find them as public texts, and by nobody else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from build import draft, indexed, office, published
from desk.test_list import listed
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from dateline.archive import search
from dateline.archive.query import Query
from dateline.desk.drafts import models as drafts
from dateline.people.models import Membership, Role
from dateline.publishing import verbs
from dateline.stories.models import Story
from dateline.vocabularies import snapshot

pytestmark = pytest.mark.django_db

TEXTS = [
    ("en", "Judges meet", "<p>The organisation's e-mail address: 12 organisations.</p>"),
    ("en", "Emails and <b>tags</b>", "<p>One judge</p><p>meets another, 50%_sure.</p>"),
    ("fr", "Réunion des juges", "<p>L'élection à Kyïv, l'été.</p>"),
    ("de", "Straßenwahlen", "<p>Die Wahlen der Bürgermeisterinnen</p>"),
    ("ru", "Выборы в Киеве", "<p>Наблюдатели сообщили о выборах.</p>"),
    ("ar", "الانتخابات في القاهرة", "<p>وزارة القانون</p>"),
]
QUESTIONS = [
    *("judge", "judges", "JUDGES", "meeting", "organization", "organisations", "org*", "e-mail"),
    *("email", "E-Mails", "tags", "b", "p", "50%", "%", "_", "50", "50%_sure", "reunion"),
    *("élection", "juge"),
    *("election", "Kyiv", "strassenwahlen", "straße*", "wahl", "wahlen", "выборы", "ВЫБОРАХ"),
    *("киев", "наблюд*", "انتخابات", "القانون", "قانون", '"judge meets"', '"judges meet"'),
    *('"meet the"', "headline:judge", "headline:election", "judge -another", "-judge", "", "."),
    *("judge meets another", '"12 organisations"', "address 12"),
]


def test_what_finds_a_public_text_finds_the_same_draft(archive_file: Path) -> None:
    stories = [published(name, language=tag, body=body) for tag, name, body in TEXTS]
    indexed()
    every = frozenset(story.pk for story in stories)
    # A newer draft with the very same text: now both places have them.
    for story in stories:
        Story.objects.get(pk=story.pk).save_revision()
    assert drafts.DraftWords.objects.count() == len(every)
    for typed in QUESTIONS:
        query = Query("en", typed, selections=(("language", ("en", "fr", "de", "ru", "ar")),))
        public = search.find(query, timezone.now(), snapshot.current()).ids
        expected = frozenset(public) if typed.strip(" .%_") else frozenset()
        mine = frozenset(drafts.found(typed).values_list("pk", flat=True))
        assert mine == expected, typed


def test_the_list_finds_what_was_typed_a_moment_ago_and_not_what_was_taken_out(
    desk: Client,
) -> None:
    story = draft("Выборы", language="ru", body="<p>Наблюдатели прибыли.</p>")
    story.save_revision()
    assert listed(desk, "?q=наблюдателей") == ["Выборы"]
    story.body = "<p>Никто не прибыл.</p>"
    story.save_revision()
    assert listed(desk, "?q=наблюдателей") == []
    assert listed(desk, "?q=ВЫБОРЫ") == ["Выборы"]
    draft("Case", body="<p>Number 4711</p>").save_revision()
    assert listed(desk, "?q=4711") == ["Case"]
    assert desk.get("/desk/stories/results/?q=" + "word+" * 2000).status_code == 200


def test_words_are_kept_while_readers_do_not_have_them() -> None:
    story = draft("Court opens", body="<p>First</p>")
    story.save_revision()
    kept = drafts.DraftWords.objects
    assert kept.filter(pk=story.pk).exists()
    verbs.publish(story)
    assert not kept.exists(), "the archive has it"
    newer = Story.objects.get(pk=story.pk)
    newer.body = "<p>Second</p>"
    newer.save_revision()
    assert drafts.found("second").exists()
    verbs.retract(Story.objects.get(pk=story.pk), "Wrong.")
    assert drafts.found("second").exists(), "no reader has the text, the desk does"
    imported = published("Imported", body="<p>Third</p>")
    Story.objects.filter(pk=imported.pk).update(latest_revision=None)
    verbs.retract(Story.objects.get(pk=imported.pk), "Wrong.")
    assert drafts.found("third").exists()
    verbs.kill(Story.objects.get(pk=story.pk), "Wrong.")
    assert not drafts.found("second").exists()
    hidden = published("Embargoed", embargoed_until=timezone.now() + timedelta(days=1))
    assert drafts.found("embargoed").exists()
    Story.objects.filter(pk=hidden.pk).update(visible_from=timezone.now())
    drafts.tidy()
    assert not drafts.found("embargoed").exists()


def test_drafts_of_other_offices_are_not_found(client: Client) -> None:
    mine, other = office("vienna", "Vienna"), office("hague", "The Hague")
    for place in (mine, other):
        story = draft(f"Plan of {place}", body="<p>Confidential</p>")
        story.offices.set([place])
        story.save()
        story.save_revision()
    person = get_user_model().objects.create_user("editor")
    Membership.objects.create(user=person, role=Role.EDITOR, office=mine)
    client.force_login(person)
    assert listed(client, "?q=confidential") == ["Plan of Vienna"]
