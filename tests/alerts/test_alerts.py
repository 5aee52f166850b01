"""Who follows a list hears of what is in it, once, and of what becomes of it."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from alerts.conftest import Follow
from alerts.mailbox import Mailbox, carried, html, hurried, link, text
from build import draft, office, published, topic
from django.utils import timezone

from dateline.alerts import courier, gathering, letters, membership, questions, sending
from dateline.alerts.membership import When
from dateline.alerts.models import (
    Announced,
    Control,
    Delivery,
    Frequency,
    Mail,
    MailState,
    Standing,
    Subscriber,
    Subscription,
)
from dateline.archive import percolate
from dateline.archive.query import Query
from dateline.publishing import verbs
from dateline.publishing.models import Cursor
from dateline.stories.models import Story
from dateline.vocabularies import snapshot

ADA, BEN = "ada@example.org", "ben@example.org"
FRENCH_FIRST = ("fr", "en")


def news(headline: str = "A headline", **fields: Any) -> Story:
    """A story published now."""
    return published(headline, **{"published": None, **fields})


def translated(story: Story, language: str, headline: str) -> Story:
    """The story's text in another language, published now."""
    from wagtail.models import Locale

    text = story.copy_for_translation(Locale.objects.get_or_create(language_code=language)[0])
    text.headline, text.live = headline, False
    text.save()
    verbs.publish(text)
    return Story.objects.get(pk=text.pk)


def office_query(*slugs: str) -> Query:
    return Query("en", selections=(("office", slugs),))


# --- what is news -----------------------------------------------------------------------------
def test_a_story_is_sent_to_who_follows_its_list(follow: Follow, mailbox: Mailbox) -> None:
    vienna = office("vienna", "Vienna")
    follow(ADA, office_query("vienna"))
    follow(BEN, Query("en", keywords="zeppelin"))
    news("In Vienna", offices=(vienna,), summary="A lead.")
    news("Elsewhere")
    carried()
    assert mailbox.subjects == [(ADA, "In Vienna")]
    (mail,) = mailbox.mails
    assert "A lead." in text(mail)
    assert "News and press releases from Vienna" in text(mail)


def test_five_subscriptions_that_find_a_story_are_one_mail(
    follow: Follow, mailbox: Mailbox
) -> None:
    vienna, law = office("vienna", "Vienna"), topic("law", "Law")
    for query in (
        Query("en"),
        Query("en", keywords="zeppelin"),
        office_query("vienna"),
        Query("en", selections=(("topic", ("law",)),)),
        Query("en", keywords="zep*"),
    ):
        follow(ADA, query)
    news("Zeppelin lands", offices=(vienna,), topics=(law,))
    carried()
    assert mailbox.subjects == [(ADA, "Zeppelin lands")]


def test_editing_sends_nothing_and_nothing_is_sent_again(follow: Follow, mailbox: Mailbox) -> None:
    law = topic("law", "Law")
    follow()
    story = news("First")
    carried()
    follow(BEN, Query("en", selections=(("topic", ("law",)),)))
    story.headline, story.topics = "First, edited", [law]
    verbs.publish(story)
    verbs.unpublish(story)
    verbs.publish(Story.objects.get(pk=story.pk))
    carried()
    assert mailbox.subjects == [(ADA, "First")]


def test_old_stories_and_those_not_public_are_no_news(follow: Follow, mailbox: Mailbox) -> None:
    follow()
    published("Old", published=timezone.localdate() - timedelta(days=5))
    hidden = draft("Embargoed", published=None)
    hidden.embargoed_until = timezone.now() + timedelta(hours=1)
    verbs.publish(hidden)
    expiring = draft("Gone again", published=None)
    verbs.publish(expiring)
    verbs.unpublish(expiring)
    carried()
    assert mailbox.subjects == []
    assert not Announced.objects.exists()
    news("New")
    published("Of this morning", published=timezone.localdate())
    hurried()
    (mail,) = mailbox.mails
    assert mail["Subject"] == "2 new stories: News and press releases"


def test_an_embargo_that_ends_is_news(
    follow: Follow, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dateline.publishing import schedule

    follow()
    hidden = draft("Embargoed", published=None)
    hidden.embargoed_until = timezone.now() + timedelta(hours=1)
    verbs.publish(hidden)
    carried()
    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    schedule.run()
    carried()
    assert mailbox.subjects == [(ADA, "Embargoed")]


# --- languages ----------------------------------------------------------------------------------
def test_of_a_release_one_text_comes_in_the_language_liked_best(
    follow: Follow, mailbox: Mailbox
) -> None:
    follow(ADA, languages=FRENCH_FIRST)
    follow(BEN, languages=("en",))
    follow("cem@example.org", languages=("fr",))
    translated(news("English"), "fr", "Français")
    carried()
    later = news("Later")
    carried()
    translated(later, "fr", "Plus tard")
    carried()
    assert mailbox.counted() == {
        (ADA, "Français"): 1,
        (BEN, "English"): 1,
        ("cem@example.org", "Français"): 1,
        (ADA, "Later"): 1,
        (BEN, "Later"): 1,
        ("cem@example.org", "Plus tard"): 1,
    }


def test_a_better_text_takes_the_place_of_one_that_still_waits(
    follow: Follow, mailbox: Mailbox, settings: Any
) -> None:
    settings.ALERTS_HOLD = 60
    follow(ADA, languages=FRENCH_FIRST)
    story = news("English")
    carried()
    translated(story, "fr", "Français")
    hurried()
    assert mailbox.subjects == [(ADA, "Français")]


# --- corrections and withdrawals ----------------------------------------------------------------
def test_corrections_and_withdrawals_go_to_who_received_the_story(
    follow: Follow, mailbox: Mailbox
) -> None:
    follow()
    first, second = news("First"), news("Second")
    carried()
    mailbox.raw.clear()
    follow(BEN)
    first.headline = "First, right"
    verbs.correct(first, "It was the first.")
    carried()
    verbs.retract(first, "It was not so.")
    carried()
    verbs.kill(second, "It must not be used.")
    carried()
    corrected, retracted, killed = mailbox.mails
    assert {mail["To"] for mail in mailbox.mails} == {ADA}
    assert corrected["Subject"] == "Correction: First, right"
    assert "It was the first." in text(corrected)
    assert corrected["In-Reply-To"] in corrected["References"]
    assert retracted["Subject"] == "Retracted: First, right"
    assert "It was not so." in html(retracted)
    assert "It must not be used." in text(killed)
    assert "Second" not in killed.as_string()


def test_what_is_corrected_before_it_is_sent_is_sent_right_and_once(
    follow: Follow, mailbox: Mailbox, settings: Any
) -> None:
    settings.ALERTS_HOLD = 60
    follow()
    wrong, withdrawn = news("Wrong"), news("Withdrawn")
    carried()
    wrong.headline = "Right"
    verbs.correct(wrong, "It was wrong.")
    verbs.kill(withdrawn, "Must not be used.")
    hurried()
    hurried()
    assert mailbox.subjects == [(ADA, "Right")]


def test_a_story_withdrawn_after_its_mail_was_made_is_not_sent(
    follow: Follow, mailbox: Mailbox
) -> None:
    from dateline.alerts import enveloping

    follow()
    story = news("Withdrawn")
    gathering.gather()
    enveloping.envelop()
    verbs.unpublish(story)
    carried()
    assert mailbox.subjects == []
    assert Mail.objects.get(purpose="stories").state == MailState.DROPPED


# --- digests ------------------------------------------------------------------------------------
def test_a_digest_comes_at_its_hour_with_all_there_is(
    follow: Follow, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(ADA, when=When(Frequency.DAILY, 7), zone="America/New_York")
    for number in range(3):
        news(f"Story {number}")
        carried()
    assert mailbox.subjects == []
    (due,) = set(Delivery.objects.values_list("due", flat=True))
    assert due.astimezone(ZoneInfo("America/New_York")).hour == 7
    monkeypatch.setattr(timezone, "now", lambda: due)
    carried()
    (mail,) = mailbox.mails
    assert mail["Subject"] == "3 new stories: News and press releases"
    assert [f"Story {n}" in text(mail) for n in range(3)] == [True] * 3


def test_the_soonest_of_a_persons_lists_decides(follow: Follow, mailbox: Mailbox) -> None:
    follow(ADA, Query("en"), when=When(Frequency.WEEKLY, 7))
    follow(ADA, Query("en", keywords="zeppelin"))
    news("Zeppelin")
    news("Other")
    hurried()
    assert [subject for _, subject in mailbox.subjects] == ["Zeppelin", "Other"]


def test_what_waits_for_a_list_that_is_ended_passes_to_another_that_finds_it(
    follow: Follow, mailbox: Mailbox
) -> None:
    weekly = When(Frequency.WEEKLY, 7)
    ada = follow(ADA, Query("en", keywords="zeppelin"), when=When(Frequency.DAILY, 7))
    follow(ADA, Query("en", keywords="lands"), when=weekly)
    news("Zeppelin lands")
    news("Zeppelin only")
    carried()
    membership.end(ada.subscriptions.order_by("pk")[0])
    hurried()
    assert mailbox.subjects == [(ADA, "Zeppelin lands")]


# --- terms that change ----------------------------------------------------------------------------
def test_followers_of_a_renamed_or_merged_office_go_along(follow: Follow, mailbox: Mailbox) -> None:
    almaty, astana = office("almaty", "Almaty"), office("astana", "Astana")
    child = office("branch", "Branch", parent=astana)
    follow(ADA, office_query("almaty"))
    almaty.slug = "centre-in-almaty"
    almaty.save()
    news("Renamed", offices=(almaty,))
    carried()
    almaty.successors.add(astana)
    carried()
    almaty.delete()
    news("Merged", offices=(astana,))
    carried()
    news("Of a branch", offices=(child,))
    carried()
    assert mailbox.subjects == [(ADA, "Renamed"), (ADA, "Merged"), (ADA, "Of a branch")]


def test_two_followed_lists_that_become_one_are_followed_once(follow: Follow) -> None:
    old, new = office("old", "Old"), office("new", "New")
    ada = follow(ADA, office_query("old"))
    follow(ADA, office_query("old", "new"))
    follow(BEN, office_query("old"))
    old.successors.add(new)
    assert questions.carry_along(snapshot.current()) == 1
    assert ada.subscriptions.count() == 1
    assert Subscription.objects.count() == 2
    assert questions.carry_along(snapshot.current()) == 0


def test_a_followed_office_that_was_deleted_stops_nobody(follow: Follow, mailbox: Mailbox) -> None:
    gone, old, new = office("gone"), office("old"), office("new")
    follow(ADA, office_query("gone"))
    follow(BEN, office_query("old"))
    gone.delete()
    old.successors.add(new)
    carried()
    new.save()
    carried()
    news("Goes on", offices=(new,))
    carried()
    assert mailbox.subjects == [(BEN, "Goes on")]


def test_lists_that_have_nothing_to_do_with_a_story_are_not_looked_at(
    follow: Follow, mailbox: Mailbox
) -> None:
    vienna = office("vienna", "Vienna")
    follow(ADA, office_query("vienna"))
    follow(BEN, Query("en", keywords="zeppelin"))
    story = news("Zeppelin", offices=(vienna,))
    known = snapshot.current()
    with percolate.few([story.pk]) as stories:
        before = questions.kept_by(stories.keys)
        for number in range(40):
            questions.keep(Query("en", keywords=f"other{number}"), known)
            questions.keep(Query("en", keywords=f"story other{number}"), known)
        office("elsewhere", "Elsewhere")
        questions.keep(office_query("elsewhere"), snapshot.current())
        assert questions.kept_by(stories.keys) == before
    assert len(before) == 2


def test_a_mail_that_cannot_be_made_holds_up_no_other(
    follow: Follow, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(ADA)
    follow(BEN)
    made = letters.message

    def failing(mail: Mail, *rest: Any) -> Any:
        if mail.subscriber and mail.subscriber.folded == ADA:
            raise ValueError("a defect")
        return made(mail, *rest)

    news("First")
    with monkeypatch.context() as patched:
        patched.setattr(letters, "message", failing)
        carried()
    assert mailbox.subjects == [(BEN, "First")]
    hurried()
    assert mailbox.subjects == [(BEN, "First"), (ADA, "First")]
    assert set(Subscriber.objects.values_list("failures", flat=True)) == {0}


# --- sending --------------------------------------------------------------------------------------
def test_a_refusal_for_now_is_tried_again_and_nobody_gets_two(
    follow: Follow, mailbox: Mailbox
) -> None:
    follow()
    mailbox.answers = ["451 4.7.1 Try later, ada@example.org", "250"]
    story = news("First")
    carried()
    waiting = Mail.objects.get(purpose="stories")
    assert (waiting.state, waiting.attempts) == (MailState.WAITING, 1)
    assert waiting.due > timezone.now()
    assert "4.7.1" in waiting.answer
    assert "example.org" not in waiting.answer
    verbs.correct(story, "It was wrong.")
    hurried()
    hurried()
    assert [subject for _, subject in mailbox.subjects] == ["First"]


def test_an_address_that_does_not_exist_is_left_alone(follow: Follow, mailbox: Mailbox) -> None:
    follow(ADA)
    follow(BEN)
    mailbox.refused = {ADA: "550 5.1.1 No such user", BEN: "550 5.7.1 You are spam"}
    news("First")
    carried()
    standings = dict(Subscriber.objects.values_list("folded", "standing"))
    assert standings == {ADA: Standing.BOUNCED, BEN: Standing.ACTIVE}
    for number in range(4):
        news(f"Story {number}")
        carried()
    assert Subscriber.objects.get(folded=BEN).standing == Standing.BOUNCED
    assert Mail.objects.filter(subscriber__folded=BEN).count() == sending.MOST_FAILURES


def test_a_server_that_is_away_loses_nothing(
    follow: Follow, mailbox: Mailbox, settings: Any
) -> None:
    follow()
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    news("First")
    with pytest.raises(sending.MailServerAway):
        courier.carry()
    settings.EMAIL_PORT = port
    carried()
    assert mailbox.subjects == [(ADA, "First")]


def test_a_server_that_refuses_us_does_not_cost_the_subscriber(
    follow: Follow, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow()
    news("First")
    with monkeypatch.context() as patched:
        error = smtplib.SMTPSenderRefused(550, b"who are you", "newsroom@localhost")
        patched.setattr(smtplib.SMTP, "sendmail", _raising(error))
        with pytest.raises(sending.MailServerAway):
            courier.carry()
    assert Subscriber.objects.get().failures == 0
    hurried()
    assert mailbox.subjects == [(ADA, "First")]


def _raising(error: Exception) -> Any:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    return fail


def test_a_mail_found_half_sent_is_sent_again_under_the_same_name(
    follow: Follow, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a worker leaves that is killed after the server's 250 and before it wrote that down."""
    follow()
    story = news("First")
    with monkeypatch.context() as patched:
        patched.setattr(sending, "settle", _raising(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            courier.carry()
    assert Mail.objects.get(purpose="stories").state == MailState.SENDING
    story.headline = "Second"
    verbs.correct(story, "It was wrong.")
    carried()
    first, *others = mailbox.mails
    assert [mail["Subject"] for mail in others] == ["Second", "Correction: Second"] or [
        mail["Subject"] for mail in others
    ] == ["Correction: Second", "Second"]
    same = [mail for mail in others if mail["Message-ID"] == first["Message-ID"]]
    assert [mail["Subject"] for mail in same] == ["Second"]


def test_a_round_killed_before_the_cursor_moved_tells_nothing_twice(
    follow: Follow, mailbox: Mailbox
) -> None:
    follow()
    before = Cursor.objects.get(name=gathering.NAME).sequence
    news("First")
    carried()
    Announced.objects.all().delete()
    Cursor.objects.filter(name=gathering.NAME).update(sequence=before)
    carried()
    assert mailbox.subjects == [(ADA, "First")]


def test_the_stop_keeps_everything(follow: Follow, mailbox: Mailbox) -> None:
    follow()
    Control.objects.create(pk=1, stopped=True)
    news("First")
    news("Second")
    carried()
    assert mailbox.subjects == []
    Control.objects.update(stopped=False)
    carried()
    assert [subject for _, subject in mailbox.subjects] == [
        "2 new stories: News and press releases"
    ]


def test_who_paused_or_left_gets_nothing_that_waits(
    follow: Follow, mailbox: Mailbox, settings: Any
) -> None:
    settings.ALERTS_HOLD = 60
    ada, ben = follow(ADA), follow(BEN)
    news("First")
    carried()
    membership.pause(ada)
    membership.leave(ben)
    news("Second")
    hurried()
    membership.resume(ada)
    hurried()
    assert mailbox.subjects == []
    news("Third")
    hurried()
    assert mailbox.subjects == [(ADA, "Third")]
    assert not Subscriber.objects.filter(folded=BEN).exists()


def test_the_mail_says_what_mail_programs_want_to_know(follow: Follow, mailbox: Mailbox) -> None:
    follow()
    news("Überschrift über Łódź", summary="Ein Satz mit „Anführungszeichen“ " * 20)
    carried()
    (mail,) = mailbox.mails
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link(mail, "leave") in mail["List-Unsubscribe"]
    assert mail["List-Id"] == "<alerts.localhost>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Precedence"] == "bulk"
    assert mail["From"].startswith("Test newsroom <")
    assert mail["Subject"] == "Überschrift über Łódź"
    assert mail.get_content_type() == "multipart/alternative"
    ((_, raw),) = mailbox.raw
    assert raw.isascii()
    assert max(map(len, raw.splitlines())) < 999
    assert "<img" not in html(mail)
