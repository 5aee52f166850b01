"""A feed as JSON Feed 1.1."""

from datetime import tzinfo

import orjson

from dateline.formats.feed import Attachment, Entry, Feed, Withdrawn, moment

_VERSION = "https://jsonfeed.org/version/1.1"


def write(feed: Feed) -> bytes:
    """Return the feed in UTF-8. What is empty is left out, as the specification asks."""
    document = _present(
        version=_VERSION,
        title=feed.title,
        home_page_url=feed.home_url,
        feed_url=feed.feed_url,
        description=feed.description,
        next_url=feed.next_url,
        icon=feed.icon_url,
        language=feed.language,
        authors=[{"name": feed.publisher}] if feed.publisher else [],
    )
    if feed.hub_url:
        document["hubs"] = [{"type": "WebSub", "url": feed.hub_url}]
    if feed.withdrawn:
        document["_withdrawn"] = [_tombstone(withdrawn, feed.zone) for withdrawn in feed.withdrawn]
    document["items"] = [_item(entry, feed.zone) for entry in feed.entries]
    return orjson.dumps(document)


def _item(entry: Entry, zone: tzinfo) -> dict[str, object]:
    item = _present(
        id=entry.id,
        url=entry.url,
        external_url=entry.source_url,
        title=entry.headline,
        summary=entry.summary,
        content_html=entry.body_html,
        image=entry.pictures[0].url if entry.pictures else "",
        date_published=moment(entry.published, zone),
        date_modified=moment(entry.updated, zone) if entry.updated else "",
        language=entry.language,
        authors=[{"name": name} for name in entry.authors],
        tags=[category.label for category in entry.categories],
        attachments=[_attachment(attachment) for attachment in entry.attachments],
    )
    if not entry.body_html:
        # An item must have content; a story without a body has its summary or headline.
        item["content_text"] = entry.summary or entry.headline
    return item


def _tombstone(withdrawn: Withdrawn, zone: tzinfo) -> dict[str, object]:
    """JSON Feed knows no tombstones; its extensions begin with an underscore."""
    return {"id": withdrawn.id, "date": moment(withdrawn.at, zone), "reason": withdrawn.reason}


def _attachment(attachment: Attachment) -> dict[str, object]:
    return _present(
        url=attachment.url,
        mime_type=attachment.content_type,
        title=attachment.title,
        size_in_bytes=attachment.size,
    )


def _present(**values: object) -> dict[str, object]:
    return {key: value for key, value in values.items() if value not in (None, "", [])}
