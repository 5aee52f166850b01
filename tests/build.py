"""Short ways to fill a newsroom in tests, through the same verbs that fill a real one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from wagtail.models import Locale

from dateline.publishing import verbs
from dateline.stories.models import Story
from dateline.vocabularies.models import Genre, Office, Topic


def term(model: type[Any], slug: str, name: str = "", **fields: Any) -> Any:
    """A vocabulary term with an English name; `names={"fr": …}` adds others."""
    names = {"en": name or slug.replace("-", " ").capitalize(), **fields.pop("names", {})}
    made = model.objects.create(slug=slug, **fields)
    for language, text in names.items():
        made.names.create(language=language, name=text)
    made.save()
    return made


def office(slug: str, name: str = "", **fields: Any) -> Office:
    return term(Office, slug, name, **fields)  # type: ignore[no-any-return]


def topic(slug: str, name: str = "", **fields: Any) -> Topic:
    return term(Topic, slug, name, **fields)  # type: ignore[no-any-return]


def genre(slug: str, name: str = "", **fields: Any) -> Genre:
    return term(Genre, slug, name, **fields)  # type: ignore[no-any-return]


def draft(
    headline: str = "A headline",
    language: str = "en",
    published: date | datetime | None = date(2024, 3, 15),
    offices: tuple[Office, ...] = (),
    topics: tuple[Topic, ...] = (),
    **fields: Any,
) -> Story:
    """A story nobody but the desk sees yet."""
    story = Story(
        headline=headline,
        locale=Locale.objects.get_or_create(language_code=language)[0],
        live=False,
        **fields,
    )
    if isinstance(published, datetime):
        story.given_date, story.given_time = published.date(), published.time()
    else:
        story.given_date = published
    story.save()
    story.offices.set(offices)
    story.topics.set(topics)
    story.save()
    return story


def published(headline: str = "A headline", **fields: Any) -> Story:
    """A story that went through the verb `publish`."""
    verbs.publish(draft(headline, **fields))
    return Story.objects.get(headline=headline, locale__language_code=fields.get("language", "en"))


def indexed() -> None:
    """Let the index catch up, as the worker does."""
    from dateline.archive import follow, index

    follow.catch_up(index.engine())
