"""Who follows an office goes on hearing of it, whatever becomes of the office."""

from __future__ import annotations

from datetime import date

from alerts.conftest import Follow
from alerts.mailbox import Mailbox, carried, text
from build import office, published

from dateline.alerts.models import Subscription
from dateline.archive.query import Query
from dateline.desk.over_time import acts
from dateline.desk.over_time.effects import count

ADA, BEN, CLEO = "ada@example.org", "ben@example.org", "cleo@example.org"


def of(*slugs: str, predecessors: bool = False) -> Query:
    return Query("en", selections=(("office", slugs),), predecessors=predecessors)


def test_who_follows_an_office_that_is_merged_goes_on(follow: Follow, mailbox: Mailbox) -> None:
    into, twin = office("yerevan", "Yerevan"), office("erevan", "Erevan")
    follow(ADA, of("erevan"))
    follow(BEN, of("erevan", "yerevan"))
    follow(CLEO, of("yerevan"))
    assert count(twin).followers == 2
    acts.merge(twin, into, date(2020, 1, 1))
    published("New", offices=(into,), published=None)
    carried()
    assert sorted(mailbox.subjects) == [(ADA, "New"), (BEN, "New"), (CLEO, "New")]
    assert Subscription.objects.values("question").distinct().count() == 1
    assert Subscription.objects.count() == 3


def test_who_follows_an_office_with_predecessors_hears_of_both(
    follow: Follow, mailbox: Mailbox
) -> None:
    old, new = office("old", "Old"), office("new", "New")
    acts.close(old, None, [new])
    follow(ADA, of("new", predecessors=True))
    follow(BEN, of("new"))
    published("From the old one", offices=(old,), published=None)
    carried()
    assert mailbox.subjects == [(ADA, "From the old one")]


def test_who_follows_an_office_that_is_split_hears_of_its_parts(
    follow: Follow, mailbox: Mailbox
) -> None:
    whole, north, south = office("whole"), office("north"), office("south")
    follow(ADA, of("whole"))
    acts.close(whole, date(2015, 1, 1), [north, south])
    published("From the north", offices=(north,), published=None)
    published("From the south", offices=(south,), published=None)
    carried()
    [mail] = mailbox.mails
    assert "From the north" in text(mail)
    assert "From the south" in text(mail)
