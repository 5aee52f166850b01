"""When each text last changed for the public: what harvesters ask by (OAI-PMH 2.0, 2.7.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from dateline.publishing.models import Datestamp
from dateline.stories.models import Story

_BATCH = 5000
_NEW = """
INSERT INTO {datestamp} (story_id, number, language, at)
SELECT story.id, story.number, locale.language_code, %s
FROM {story} story JOIN wagtailcore_locale locale ON locale.id = story.locale_id
WHERE story.id IN ({ids}) AND story.number IS NOT NULL AND story.visible_from <= %s
ON CONFLICT (story_id) DO NOTHING
"""


def mark(ids: Sequence[int], now: datetime) -> None:
    """Date the texts that changed at `now`; one that is not public yet gets no date.

    Those dated before keep their row when they are withdrawn or deleted.
    """
    for start in range(0, len(ids), _BATCH):
        some = ids[start : start + _BATCH]
        Datestamp.objects.filter(story_id__in=some).update(at=now)
        _date_new(some, now)


def _date_new(ids: Sequence[int], now: datetime) -> None:
    statement = _NEW.format(
        datestamp=connection.ops.quote_name(Datestamp._meta.db_table),
        story=connection.ops.quote_name(Story._meta.db_table),
        ids=", ".join(["%s"] * len(ids)),
    )
    moment = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(statement, [moment, *ids, moment])
