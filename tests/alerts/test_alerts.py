"""Who follows a list hears of what is in it, once, and of what becomes of it."""

from __future__ import annotations

from alerts.conftest import Follow
from alerts.mailbox import Mailbox, carried, hurried, text
from build import draft, office, published, topic
from django.utils import timezone

from dateline.alerts.models import Delivery, Mail, Subscriber
from dateline.archive.query import Query
from dateline.publishing import verbs
from dateline.stories.models import Story

ADA = "ada@example.org"


def news(headline: str = "A headline", **fields: object) -> Story:
    """A story published now."""
    fields.setdefault("published", None)
    return published(headline, **fields)


def test_a_story_is_sent_to_who_follows_its_list(follow: Follow, mailbox: Mailbox) -> None:
    vienna = office("vienna", "Vienna")
    follow(ADA, Query("en", selections=(("office", ("vienna",)),)))
    follow("ben@example.org", Query("en", keywords="zeppelin"))
    news("In Vienna", offices=(vienna,), summary="A lead.")
    news("Elsewhere")
    carried()
    assert mailbox.subjects == [(ADA, "In Vienna")]
    (mail,) = mailbox.mails
    assert "A lead." in text(mail)
    assert "News and press releases from Vienna" in text(mail)
