"""Telling a WebSub hub (W3C Recommendation, 2018) which feeds have changed.

The hub then fetches the feeds and hands them to whoever subscribed there. How a publisher tells its
hub is left open by the standard; this is what hubs have taken since PubSubHubbub 0.4 (7.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlencode

from django.conf import settings

from dateline.archive import entries, index
from dateline.archive.query import Query
from dateline.feeds.respond import WRITERS
from dateline.lib import fetch
from dateline.publishing import outbox
from dateline.publishing.models import Change, Cursor, Datestamp
from dateline.stories.models import Story
from dateline.vocabularies import snapshot as vocabularies
from dateline.vocabularies.snapshot import Snapshot

NAME = "websub"
BATCH = 200
AT_ONCE = 100
"""Addresses in one message to the hub."""


class HubError(Exception):
    """The hub did not take what it was told; it is told again later."""


def carry() -> bool:
    """Tell the hub of the feeds that the next changes are in; True when there may be more.

    Only of changes this machine's index has taken in: the hub fetches the feeds at once. Raises
    HubError, with nothing moved on, when the hub is away.
    """
    if not settings.WEBSUB_HUB:
        return False
    cursor, new = Cursor.objects.get_or_create(name=NAME, defaults={"sequence": outbox.head()})
    indexed = index.engine().cursor()
    changes = [
        change
        for change in outbox.after(cursor.sequence, BATCH)
        if not new and change.sequence <= indexed
    ]
    if not changes:
        return False
    _tell(list(feeds(changes)))
    Cursor.objects.filter(name=NAME).update(sequence=changes[-1].sequence)
    return len(changes) == BATCH


def feeds(changes: Iterable[Change]) -> Iterator[str]:
    """The addresses of the feeds these changes are in, each once.

    The list of each text's language, those of its offices, topics and content type with whatever
    is above them, and its corrections. A story not public yet is in none: even that there is one
    must not be told.
    """
    ids = [change.story_id for change in changes if change.story_id is not None]
    stamps = list(Datestamp.objects.filter(story_id__in=ids))
    stories = Story.objects.prefetch_related("offices", "topics").in_bulk(
        [stamp.story_id for stamp in stamps]
    )
    snapshot = vocabularies.current()
    paths: dict[str, None] = {}
    for stamp in stamps:
        queries = [Query(stamp.language)]
        if story := stories.get(stamp.story_id):
            queries += _lists(story, stamp.language, snapshot)
        for suffix in WRITERS:
            paths |= dict.fromkeys(query.path(suffix) for query in queries)
            paths[f"/{stamp.language}/news/{stamp.number}/corrections.{suffix}"] = None
    yield from map(entries.absolute, paths)


def _lists(story: Story, language: str, snapshot: Snapshot) -> Iterator[Query]:
    used = {
        "genre": [story.genre_id] if story.genre_id else [],
        "office": [office.pk for office in story.offices.all()],
        "topic": [topic.pk for topic in story.topics.all()],
    }
    for facet, ids in used.items():
        for term in (snapshot.by_id[facet][pk] for pk in ids if pk in snapshot.by_id[facet]):
            for one in (term, *snapshot.ancestors(term)):
                yield Query(language, selections=((facet, (one.slug,)),))


def _tell(addresses: list[str]) -> None:
    for start in range(0, len(addresses), AT_ONCE):
        told = [("hub.url", address) for address in addresses[start : start + AT_ONCE]]
        content = urlencode([("hub.mode", "publish"), *told]).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            # The hub is the administrator's choice, and may well be on the same machine.
            answer = fetch.post(settings.WEBSUB_HUB, content, headers, allowed=lambda address: True)
        except fetch.FetchError as error:
            raise HubError(f"{settings.WEBSUB_HUB}: {error}") from error
        if not 200 <= answer.status < 300:
            raise HubError(f"{settings.WEBSUB_HUB}: it answered {answer.status}")
