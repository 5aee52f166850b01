"""The part of bench.scheduling that runs inside the newsroom's environment.

`alone N` schedules N stories one after another; `together N E` schedules N for one moment and lets
a process of its own save E edits meanwhile (`edit E`). Each prints seconds as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta

import django

PATIENCE = 120.0
LOOK = 0.005
"""Seconds between two looks at the list."""


def main() -> None:
    """Do what the arguments say."""
    django.setup()
    name, *numbers = sys.argv[1:]
    count, *more = map(int, numbers)
    match name:
        case "alone":
            print(json.dumps(_alone(count)))
        case "together":
            print(json.dumps(_together(count, more[0])))
        case "edit":
            print(json.dumps(_edit(count)))


def _alone(count: int) -> list[float]:
    late = []
    for at in range(count):
        moment = _now() + timedelta(seconds=0.6)
        late += _watch(_scheduled(1, moment, f"alone{at}"), moment)
    return late


def _together(count: int, edits: int) -> dict[str, list[float]]:
    # Scheduling takes some 20 ms each: far enough ahead that all are in place before the moment.
    moment = (_now() + timedelta(seconds=5 + 0.06 * count)).replace(microsecond=0)
    waiting = _scheduled(count, moment, "together")
    if _now() > moment:
        raise SystemExit("the moment came before everything was scheduled")
    editor = subprocess.Popen(
        [sys.executable, "-m", "bench.scheduling_within", "edit", str(edits)],
        stdout=subprocess.PIPE,
        text=True,
    )
    public = _watch(waiting, moment)
    told, _ = editor.communicate()
    return {"public": public, "edits": json.loads(told.splitlines()[-1])}


def _edit(count: int) -> list[float]:
    """Save and publish stories as the desk does, ten a second; how long each took."""
    from dateline.publishing import verbs
    from dateline.stories.models import State, Story

    took = []
    for story in Story.objects.filter(state=State.PUBLISHED).order_by("pk")[:count]:
        story.headline += " (edited)"
        began = time.perf_counter()
        verbs.publish(story)
        took.append(time.perf_counter() - began)
        time.sleep(max(0.0, 0.1 - took[-1]))
    return took


def _scheduled(count: int, moment: datetime, word: str) -> set[int]:
    from wagtail.models import Locale

    from dateline.publishing import verbs
    from dateline.stories.models import Story

    locale = Locale.objects.get(language_code="en")
    found = set()
    for at in range(count):
        story = Story(headline=f"{word} number {at}", locale=locale, live=False)
        story.summary = " ".join(["Sixty words of a summary, ten at a time, as all have."] * 6)
        story.save()
        verbs.schedule(story, moment)
        found.add(story.pk)
    return found


def _watch(waiting: set[int], moment: datetime) -> list[float]:
    """Seconds after the moment at which each of the stories stood in the list."""
    from dateline.archive import index, rows, search
    from dateline.archive.query import Query
    from dateline.vocabularies import snapshot as vocabularies

    late: dict[int, float] = {}
    asked = Query(language="en", size=100)
    while len(late) < len(waiting):
        snapshot = vocabularies.current()
        engine = index.engine_knowing(snapshot)
        question = search.question(asked, engine, snapshot, _now())
        found = engine.search(replace(question, size=len(waiting) + 100, counted=False)).ids
        new = [pk for pk in found if pk in waiting and pk not in late]
        shown = {row.id for row in rows.fetch(new, snapshot)} if new else set()
        seen = (_now() - moment).total_seconds()
        late |= dict.fromkeys(shown, seen)
        if seen > PATIENCE:
            raise SystemExit(f"{len(waiting) - len(late)} stories are not public")
        time.sleep(LOOK)
    return list(late.values())


def _now() -> datetime:
    from django.utils import timezone

    return timezone.now()


if __name__ == "__main__":
    main()
