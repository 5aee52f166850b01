"""What machines read from a story's page: schema.org's NewsArticle as JSON-LD."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from dateline.lib import newsroom
from dateline.stories.models import Story
from dateline.website.pages.pictures import Shown

_ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
"""A headline may hold `</script>`; in JSON these say the same without ending the element."""


def news_article(story: Story, pictures: Iterable[Shown]) -> SafeString:
    """The story as JSON-LD (schema.org/NewsArticle), safe to print inside a script element."""
    language, published = story.language, story.published
    facts: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline,
        "description": story.summary or None,
        "inLanguage": language,
        "datePublished": published.isoformat() if published else None,
        "dateModified": story.updated_at.isoformat() if story.updated_at else None,
        "dateline": story.dateline or None,
        "url": settings.ORIGIN + story.get_absolute_url(),
        "mainEntityOfPage": settings.ORIGIN + story.get_absolute_url(),
        "image": [settings.ORIGIN + picture.source for picture in pictures] or None,
        "author": {"@type": "Person", "name": story.byline} if story.byline else None,
        "publisher": _publisher(language),
        "isBasedOn": story.source_url or None,
    }
    known = {name: value for name, value in facts.items() if value is not None}
    return mark_safe(orjson.dumps(known).decode().translate(_ESCAPED))


def _publisher(language: str) -> dict[str, str]:
    room = settings.NEWSROOM
    name = newsroom.say(room.organisation or room.name, language)
    return {"@type": "Organization", "name": name, "url": f"{settings.ORIGIN}/{language}/"}
