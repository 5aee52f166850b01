"""What goes into a mail at the moment it is sent: stories as they are then, or nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Max
from django.utils import timezone

from dateline.alerts import links, questions
from dateline.alerts.letters import Envelope, Item, Letter, message_id
from dateline.alerts.models import Delivery, Mail, Purpose, Question, Subscriber
from dateline.archive import entries, rows, sentence
from dateline.archive.rows import StoryRow
from dateline.publishing import outbox, visibility
from dateline.publishing.models import Kind, Version
from dateline.stories.models import Story
from dateline.vocabularies import snapshot as vocabularies
from dateline.vocabularies.snapshot import Snapshot


@dataclass
class Shelf:
    """The stories of a batch of mails, read once and anew whenever anything has changed.

    `fresh` is one small query: who asks it before each mail never sends what was withdrawn.
    """

    head: int = -1
    until: datetime | None = None
    rows: dict[int, StoryRow] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)
    snapshot: Snapshot | None = None
    lists: dict[int, tuple[str, str]] = field(default_factory=dict)

    def fresh(self, ids: Collection[int]) -> None:
        """Make it show these stories as they are now."""
        head, now = outbox.head(), timezone.now()
        if head != self.head or (self.until and self.until <= now):
            self.head, self.snapshot = head, vocabularies.current()
            self.rows, self.versions, self.lists, self.until = {}, {}, {}, None
        missing = [pk for pk in ids if pk not in self.versions]
        if not missing:
            return
        assert self.snapshot is not None  # noqa: S101 - the head of an outbox is never -1
        # Versions first: a text newer than its number is corrected once too often, not never.
        last = Version.objects.filter(story_id__in=missing).order_by().values_list("story_id")
        self.versions |= dict.fromkeys(missing, 0) | dict(last.annotate(Max("number")))
        found = rows.fetch(missing, self.snapshot, now)
        self.rows |= {row.id: row for row in found}
        self.until = min(filter(None, (self.until, rows.earliest_expiry(found))), default=None)

    def list_of(self, question: Question) -> tuple[str, str]:
        """What a followed list is called, and its address."""
        assert self.snapshot is not None  # noqa: S101
        if question.pk not in self.lists:
            query = questions.read(question.language, question.text, self.snapshot)
            said = sentence.say(query, self.snapshot)
            self.lists[question.pk] = (said, entries.absolute(query.path()))
        return self.lists[question.pk]


@dataclass(frozen=True)
class Content:
    """A mail's letter and envelope, and which version of each story is in it."""

    letter: Letter
    envelope: Envelope
    versions: dict[int, int] = field(default_factory=dict)


def content(mail: Mail, deliveries: Sequence[Delivery], shelf: Shelf) -> Content | None:
    """What a mail holds now; None where there is nothing left to say."""
    if mail.purpose == Purpose.CONFIRMATION:
        return _confirmation(mail)
    subscriber = mail.subscriber
    if subscriber is None:
        return None
    if mail.purpose == Purpose.LINK:
        letter = Letter(Purpose.LINK, subscriber.language, link=links.manage(subscriber))
        return Content(letter, Envelope(subscriber.address, links.manage(subscriber)))
    shelf.fresh([delivery.story_id for delivery in deliveries])
    if mail.purpose == Purpose.CORRECTION:
        return _correction(subscriber, deliveries[0], shelf) if deliveries else None
    return _stories(subscriber, deliveries, shelf)


def _confirmation(mail: Mail) -> Content | None:
    request = mail.request
    if request is None:
        return None
    snapshot = vocabularies.current()
    query = questions.read(request.languages.split(",")[0], request.text, snapshot)
    lists = ((sentence.say(query, snapshot), entries.absolute(query.path())),)
    letter = Letter(
        Purpose.CONFIRMATION, request.language, lists=lists, link=links.confirm(request)
    )
    return Content(letter, Envelope(request.address))


def _stories(
    subscriber: Subscriber, deliveries: Iterable[Delivery], shelf: Shelf
) -> Content | None:
    shown = [one for one in deliveries if one.story_id in shelf.rows]
    if not shown:
        return None
    items = (_item(shelf.rows[one.story_id], subscriber.language) for one in shown)
    letter = Letter(Purpose.STORIES, subscriber.language, tuple(items), _lists(shown, shelf))
    versions = {one.pk: shelf.versions[one.story_id] for one in shown}
    return Content(letter, _envelope(subscriber), versions)


def _lists(deliveries: Iterable[Delivery], shelf: Shelf) -> tuple[tuple[str, str], ...]:
    followed = (one.subscription for one in deliveries)
    return tuple(dict.fromkeys(shelf.list_of(one.question) for one in followed if one))


def _envelope(subscriber: Subscriber, answers: tuple[str, ...] = ()) -> Envelope:
    return Envelope(subscriber.address, links.manage(subscriber), links.leave(subscriber), answers)


def _item(row: StoryRow, language: str, kind: str = "", note: str = "") -> Item:
    return Item(
        headline=row.headline,
        url=entries.absolute(row.path),
        published=row.published,
        language=row.language,
        summary=row.summary,
        genre=row.genre.label(language) if row.genre else "",
        offices=tuple(office.label(language) for office in row.offices),
        kind=kind,
        note=note,
    )


# --- what was wrong ---------------------------------------------------------------------------
def _correction(subscriber: Subscriber, delivery: Delivery, shelf: Shelf) -> Content | None:
    version = Version.objects.filter(story_id=delivery.story_id, number=delivery.sequence).first()
    item = _corrected(version, shelf, subscriber.language) if version else None
    if item is None:
        return None
    first = Delivery.objects.filter(
        subscriber=subscriber, number=delivery.number, sequence=0, mail__isnull=False
    ).select_related("mail")
    answers = tuple(message_id(one.mail) for one in first if one.mail)
    letter = Letter(Purpose.CORRECTION, subscriber.language, (item,), _lists([delivery], shelf))
    return Content(letter, _envelope(subscriber, answers), {delivery.pk: delivery.sequence})


def _corrected(version: Version, shelf: Shelf, language: str) -> Item | None:
    """The notice; None where a later verb has overtaken it, of which there is another notice."""
    row = shelf.rows.get(version.story_id)
    if version.kind == Kind.CORRECTION:
        return _item(row, language, "correction", version.note) if row else None
    story = Story.objects.filter(pk=version.story_id)
    if version.kind == Kind.RETRACTION and (found := visibility.readable(story).first()):
        url = entries.absolute(found.get_absolute_url())
        tongue, note = found.language, version.note
        return Item(found.headline, url, found.published, tongue, kind="retraction", note=note)
    if version.kind == Kind.KILL and (found := visibility.killed(story).first()):
        url = entries.absolute(f"/n/{found.number}")
        return Item("", url, found.published, found.language, kind="kill", note=version.note)
    return None
