"""Webhooks: a receiver that knows only Standard Webhooks is told of what it follows, in order."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from build import draft, office, published
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError
from webform import filled
from webhooks.machines import Receiver, carried

from dateline.desk.over_time import acts
from dateline.desk.over_time.effects import count
from dateline.lib import fetch
from dateline.people.models import Membership, Role
from dateline.publishing import verbs
from dateline.publishing.models import Cursor
from dateline.webhooks import courier, delivery, events, secrets
from dateline.webhooks.models import Endpoint, Message, State

pytestmark = pytest.mark.django_db


def _later(monkeypatch: pytest.MonkeyPatch, **time: float) -> None:
    now = timezone.now() + timedelta(**time)
    monkeypatch.setattr(timezone, "now", lambda: now)


def test_each_change_is_told_once_in_order(endpoint: Endpoint, receiver: Receiver) -> None:
    first, second = published("First", summary="A lead"), published("Second")
    carried()
    verbs.correct(first, "It was Monday")
    carried()
    verbs.publish(second)
    carried()
    verbs.kill(first, "Must not be used")
    verbs.unpublish(second)
    carried()
    assert receiver.told == [
        ("story.published", first.number),
        ("story.published", second.number),
        ("story.corrected", first.number),
        ("story.updated", second.number),
        ("story.withdrawn", first.number),
        ("story.withdrawn", second.number),
    ]
    told = receiver.payloads[0]["data"]
    assert (told["headline"], told["summary"]) == ("First", "A lead")
    assert told["url"].endswith(first.get_absolute_url())
    killed, gone = (payload["data"] for payload in receiver.payloads[-2:])
    assert (killed["reason"], killed["note"]) == ("kill", "Must not be used")
    assert (gone["reason"], gone["note"]) == ("unpublication", "")
    assert "headline" not in killed


def test_a_message_is_signed_as_the_standard_has_it(endpoint: Endpoint, receiver: Receiver) -> None:
    published()
    carried()
    ((headers, content),) = receiver.arrived
    key = secrets.secret(endpoint)
    Webhook(key).verify(content, headers)
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{content.decode()}"
    raw = base64.b64decode(key.removeprefix("whsec_"))
    mac = base64.b64encode(hmac.digest(raw, signed.encode(), hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{mac}"
    with pytest.raises(WebhookVerificationError):
        Webhook(key).verify(content + b" ", headers)


def test_a_new_secret_and_the_old_one_both_hold_for_a_day(
    endpoint: Endpoint, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = secrets.secret(endpoint)
    Endpoint.objects.update(generation=2, rotated_at=timezone.now())
    published("First")
    carried()
    headers, content = receiver.arrived[-1]
    new = secrets.secret(Endpoint.objects.get())
    assert new != old
    for key in (old, new):
        Webhook(key).verify(content, headers)
    Endpoint.objects.update(rotated_at=timezone.now() - timedelta(days=2))
    published("Second")
    carried()
    headers, content = receiver.arrived[-1]
    Webhook(new).verify(content, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(content, headers)


def test_only_the_list_that_is_followed_is_told_of(endpoint: Endpoint, receiver: Receiver) -> None:
    vienna = office("vienna", "Vienna")
    Endpoint.objects.update(listing="/en/news?office=vienna")
    published("Elsewhere")
    inside = published("Inside", offices=(vienna,))
    published("Ici", language="fr")
    hidden = draft("Embargoed", offices=(vienna,))
    hidden.embargoed_until = timezone.now() + timedelta(hours=1)
    verbs.publish(hidden)
    carried()
    assert receiver.told == [("story.published", inside.number)]


@pytest.mark.parametrize("act", ["closed", "split", "merged"])
def test_a_list_goes_on_with_what_came_after_its_office(
    endpoint: Endpoint, receiver: Receiver, keepers_desk: Client, act: str
) -> None:
    old, new, last = office("old"), office("new"), office("last")
    Endpoint.objects.update(listing="/en/news?office=old")
    match act:
        case "closed":
            acts.close(old, date(2015, 1, 1), [new])
            acts.close(new, date(2020, 1, 1), [last])
        case "split":
            acts.close(old, None, [new, last])
        case "merged":
            acts.merge(old, last, date(2015, 1, 1))
    assert (count(last).listeners, count(office("other")).listeners) == (1, 0)
    after = published("After", offices=(last,))
    published("Elsewhere", offices=(office("elsewhere"),))
    carried()
    assert receiver.told == [("story.published", after.number)]
    assert Endpoint.objects.get().listing == "/en/news?office=old"
    page = keepers_desk.get(f"/desk/webhooks/inspect/{endpoint.pk}/").content.decode()
    assert ("which are followed as well" in page) == (act != "merged")
    if act != "merged":
        assert 'href="/en/news?office=last&amp;office=new&amp;office=old"' in page


def test_a_story_that_left_the_list_is_still_told_of(
    endpoint: Endpoint, receiver: Receiver
) -> None:
    vienna = office("vienna", "Vienna")
    Endpoint.objects.update(listing="/en/news?office=vienna")
    story = published("Inside", offices=(vienna,))
    carried()
    story.offices.clear()
    verbs.publish(story)
    carried()
    verbs.retract(story, "It was not so")
    carried()
    assert [kind for kind, _ in receiver.told] == [
        "story.published",
        "story.updated",
        "story.withdrawn",
    ]
    assert receiver.payloads[1]["data"]["offices"] == []


def test_a_message_that_fails_holds_back_those_behind_it(
    endpoint: Endpoint, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.answers = [(500, {})]
    first, second = published("First"), published("Second")
    carried()
    assert receiver.told == [("story.published", first.number)]
    _later(monkeypatch, seconds=10)
    carried()
    assert receiver.told[1:] == [
        ("story.published", first.number),
        ("story.published", second.number),
    ]
    ids = [headers["webhook-id"] for headers, _ in receiver.arrived]
    assert ids[0] == ids[1] != ids[2]


def test_another_endpoint_does_not_wait_for_one_that_fails(
    endpoint: Endpoint, receiver: Receiver
) -> None:
    Endpoint.objects.create(name="Dead", url="http://127.0.0.1:9/", listing="/en/news")
    story = published()
    carried()
    assert receiver.told == [("story.published", story.number)]
    waiting = Message.objects.get(state=State.WAITING)
    assert (waiting.endpoint.name, waiting.attempts) == ("Dead", 1)
    assert "no connection" in waiting.answer


def test_it_is_tried_for_three_days_then_given_up_until_somebody_sends_it_again(
    endpoint: Endpoint, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.answers = [(503, {})] * 10
    story = published()
    began = timezone.now()
    while (message := Message.objects.first()) is None or message.state == State.WAITING:
        carried()
        message = Message.objects.get()
        monkeypatch.setattr(timezone, "now", lambda due=message.due: due)
    assert message.state == State.DEAD
    assert len(receiver.arrived) == 10
    assert timedelta(days=3) < message.due - began < timedelta(days=4)
    other = published("Other")
    carried()
    assert receiver.told[-1] == ("story.published", other.number)
    assert delivery.replay(endpoint.messages.all()) == 1
    carried()
    assert receiver.told[-1] == ("story.published", story.number)
    assert not Message.objects.exclude(state=State.DELIVERED).exists()


def test_a_receiver_may_ask_for_patience(endpoint: Endpoint, receiver: Receiver) -> None:
    receiver.answers = [(429, {"Retry-After": "3600"})]
    published()
    before = timezone.now()
    carried()
    assert Message.objects.get().due >= before + timedelta(hours=1)


def test_a_receiver_that_is_gone_is_left_alone(endpoint: Endpoint, receiver: Receiver) -> None:
    receiver.answers = [(410, {})]
    published("First")
    carried()
    published("Second")
    carried()
    assert len(receiver.arrived) == 1
    stopped = Endpoint.objects.get()
    assert (stopped.active, "410" in stopped.stopped) == (False, True)


def test_nothing_is_sent_into_the_house(
    endpoint: Endpoint, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.answers = [(307, {"Location": receiver.url})]
    published("First")
    carried()
    assert len(receiver.arrived) == 1, "a redirect is not followed"
    monkeypatch.setattr(delivery, "allowed", fetch.public)
    _later(monkeypatch, seconds=10)
    carried()
    assert len(receiver.arrived) == 1
    assert "not a public address" in Message.objects.get().answer


def test_a_round_killed_between_writing_and_moving_on_tells_nothing_twice(
    endpoint: Endpoint, receiver: Receiver
) -> None:
    published()
    before = Cursor.objects.get(name=events.NAME).sequence
    carried()
    Cursor.objects.filter(name=events.NAME).update(sequence=before)
    carried()
    assert len(receiver.arrived) == 1


def test_an_endpoint_whose_list_is_gone_says_so(endpoint: Endpoint, receiver: Receiver) -> None:
    Endpoint.objects.update(listing="/en/news?office=closed-down")
    published()
    carried()
    stopped = Endpoint.objects.get()
    assert receiver.arrived == []
    assert (stopped.active, "office=closed-down" in stopped.stopped) == (False, True)


def test_what_was_delivered_long_ago_is_forgotten_but_not_that_it_was(
    endpoint: Endpoint, receiver: Receiver
) -> None:
    story = published()
    carried()
    Message.objects.update(delivered_at=timezone.now() - timedelta(days=40))
    delivery.tidy()
    assert Message.objects.get().content == ""
    verbs.kill(story, "Must not be used")
    carried()
    assert receiver.told[-1] == ("story.withdrawn", story.number)


# --- at the desk --------------------------------------------------------------------------------
@pytest.fixture
def keepers_desk(db: None) -> Client:
    keeper = get_user_model().objects.create_user("keeper", "k@example.org", "a long pass phrase")
    Membership.objects.create(user=keeper, role=Role.ADMINISTRATOR)
    client = Client()
    client.force_login(keeper)
    return client


def test_an_administrator_sets_one_up(keepers_desk: Client, settings: Any) -> None:
    office("vienna", "Vienna")
    address = "/desk/webhooks/new/"
    listing = f"{settings.ORIGIN}/en/news?office=vienna&sort=newest"
    values = {"name": "Mirror", "url": "https://example.org/hook", "listing": listing}
    answer = keepers_desk.post(address, filled(keepers_desk, address, **values))
    assert answer.status_code == 302, answer.content.decode()
    made = Endpoint.objects.get()
    assert made.listing == "/en/news?office=vienna"
    page = keepers_desk.get(f"/desk/webhooks/inspect/{made.pk}/").content.decode()
    assert secrets.secret(made) in page
    keepers_desk.post(f"/desk/webhooks/{made.pk}/rotate/")
    assert Endpoint.objects.get().generation == 2


@pytest.mark.parametrize(
    ("url", "listing"),
    [
        ("http://127.0.0.1/", "/en/news"),
        ("http://user:word@example.org/", "/en/news"),
        ("ftp://example.org/", "/en/news"),
        ("https://example.org/", "/en/offices"),
        ("https://example.org/", "https://elsewhere.example/en/news"),
        ("https://example.org/", "/en/news?office=unknown"),
        ("https://example.org/", "/en/news?colour=red"),
    ],
)
def test_what_could_never_work_is_refused_when_it_is_typed(
    keepers_desk: Client, url: str, listing: str
) -> None:
    address = "/desk/webhooks/new/"
    values = filled(keepers_desk, address, name="Mirror", url=url, listing=listing)
    assert keepers_desk.post(address, values).status_code == 200
    assert not Endpoint.objects.exists()


def test_what_was_given_up_is_sent_again_from_the_desk(
    keepers_desk: Client, endpoint: Endpoint, receiver: Receiver
) -> None:
    published()
    courier.carry()
    Message.objects.update(state=State.DEAD)
    keepers_desk.post(f"/desk/webhooks/{endpoint.pk}/replay/")
    carried()
    assert len(receiver.arrived) == 2


def test_a_press_officer_has_no_business_there(endpoint: Endpoint, tmp_path: Path) -> None:
    officer = get_user_model().objects.create_user("officer", "o@example.org", "a long phrase")
    Membership.objects.create(user=officer, role=Role.CHIEF_EDITOR)
    client = Client()
    client.force_login(officer)
    for path in ("", "new/", f"edit/{endpoint.pk}/", f"inspect/{endpoint.pk}/"):
        answer = client.get(f"/desk/webhooks/{path}")
        assert answer.status_code == 302
        assert secrets.secret(endpoint) not in answer.content.decode()
    for path in ("rotate", "replay"):
        assert client.post(f"/desk/webhooks/{endpoint.pk}/{path}/").status_code in (302, 403)
    assert Endpoint.objects.get().generation == 1
