"""Killing the worker without warning while stories fall due: each is published exactly once.

The worker is a process of its own on a data folder of its own, sent SIGKILL at random moments and
started again. Half of the stories are new, half are updates of stories readers see already.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from newsrooms import Newsroom, empty

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1800)]
WHOLE = os.environ.get("DATELINE_SOAK") == "full"
KILLS, STORIES = (50, 400) if WHOLE else (5, 40)

SCHEDULE = """
import sys
sys.path.insert(0, {tests!r})
from datetime import timedelta
from django.utils import timezone
from build import draft, published
from dateline.publishing import verbs
from dateline.stories.models import Story
made = [draft(f"New {{n}}", published=None) for n in range({count} // 2)]
for n in range({count} // 2):
    story = published(f"Old {{n}}", published=None)
    story.headline = f"Update {{n}}"
    made.append(story)
begin = timezone.now() + timedelta(seconds=2)
for n, story in enumerate(made):
    verbs.schedule(story, begin + timedelta(seconds={span} * n / len(made)))
"""
SEEN = """
import json
from dateline.archive import index
from dateline.publishing.models import Change, Version
from dateline.publishing import schedule, visibility
from dateline.stories.models import Story
versions = list(Version.objects.order_by("story", "number").values_list("story_id", "kind"))
changes = list(Change.objects.values_list("story_id", flat=True))
listed = list(visibility.listed(Story.objects.all()).values_list("pk", "headline"))
print(json.dumps([versions, changes, listed, schedule.next_moment() is None]))
"""
FOUND = """
from dateline.archive import search
from dateline.archive.query import Query
print(search.search(Query("en")).total)
"""


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    with empty(tmp_path) as made:
        assert made.command("prepare").returncode == 0
        yield made


def test_each_is_published_exactly_once(newsroom: Newsroom, record_property: Any) -> None:
    span = KILLS * 0.8
    tests = str(Path(__file__).parent.parent)
    newsroom.shell(SCHEDULE.format(tests=tests, count=STORIES, span=span))
    chance = random.Random(50)
    for _ in range(KILLS):
        worker = newsroom.start("work")
        with pytest.raises(Exception, match="timed out"):  # it must not end by itself
            worker.wait(chance.uniform(0.5, 2.5))
        worker.kill()
        worker.wait()
    while not json.loads(newsroom.shell(SEEN))[3]:
        assert newsroom.command("work", "--once").returncode == 0
    assert newsroom.command("work", "--once").returncode == 0
    versions, changes, listed, _ = json.loads(newsroom.shell(SEEN))
    of_story: dict[int, list[str]] = {}
    for story, kind in versions:
        of_story.setdefault(story, []).append(kind)
    names = dict(listed)
    assert len(names) == STORIES
    for story, kinds in of_story.items():
        new = names[story].startswith("New")
        assert kinds == (["publication"] if new else ["publication", "update"]), names[story]
        # A new one is announced at its moment, and may have been prepared before it.
        assert changes.count(story) in ((1, 2) if new else (2,)), names[story]
    assert sum(name.startswith("Update") for name in names.values()) == STORIES // 2
    assert int(newsroom.shell(FOUND)) == STORIES
    record_property("stories", STORIES)
    record_property("worker killed", KILLS)
