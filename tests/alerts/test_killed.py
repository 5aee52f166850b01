"""Killing the worker without warning while it matches and sends: nobody misses a story.

The worker is a process of its own on a data folder of its own. It is sent SIGKILL at random
moments, and at the worst one: when the server has a mail and its answer is on the way. What arrived
is compared with what was published. The bound on doubled mails: one for each time it was killed.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from alerts.mailbox import Mailbox, free_port, text

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1800)]
WHOLE = os.environ.get("DATELINE_SOAK") == "full"
SUBSCRIBERS, KILLS = (200, 20) if WHOLE else (25, 2)

FOLLOW = """
import sys, django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from wagtail.models import Locale
from dateline.alerts import courier, membership
from dateline.alerts.models import Request
from dateline.archive.query import Query
for number in range(int(sys.argv[1])):
    address = f"reader{number}@example.org"
    for query in (Query("en"), Query("en", keywords="story")):
        membership.ask(query, ("en",), membership.When(), "UTC", address, address)
        membership.confirm(Request.objects.latest("pk"))
courier.carry()
"""
WORK = """
import sys, django; django.setup()
sys.path.insert(0, sys.argv[1])
from build import published
from dateline.alerts import courier
from dateline.operations import locks
published(f"Story {sys.argv[2]}.", published=None)
print("ready", flush=True)
with locks.alone("alerts") as mine:
    assert mine
    while courier.carry():
        pass
"""


@dataclass
class Killing(Mailbox):
    """A mail server that ends the worker when it has taken so many mails."""

    worker: subprocess.Popen[str] | None = None
    after: int = 0
    kills: int = field(default=0)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.after -= 1
        if self.after == 0 and self.worker is not None:
            self.worker.send_signal(signal.SIGKILL)
            self.worker.wait()
        return await super().handle_DATA(server, session, envelope)


def _environment(data: Path, port: int) -> dict[str, str]:
    """A newsroom of its own, on SQLite whatever the suite runs on."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")}
    return own | {
        "DATELINE_DATA": str(data),
        "DATELINE_EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "DATELINE_ALERTS_HOLD": "0",
        "DJANGO_SETTINGS_MODULE": "dateline.settings",
    }


def _work(environment: dict[str, str], story: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WORK, str(Path(__file__).parent.parent), str(story)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, env=environment, text=True, **pipes)  # type: ignore[call-overload,no-any-return]


def test_killed_while_sending(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    box, chance = Killing(free_port()), random.Random(7)
    environment = _environment(tmp_path / "data", box.port)
    (tmp_path / "data").mkdir()
    setup = [sys.executable, "-c", FOLLOW, str(SUBSCRIBERS)]
    subprocess.run(setup, env=environment, check=True)
    server = Controller(box, hostname="127.0.0.1", port=box.port)
    server.start()
    try:
        _kill_again_and_again(box, environment, chance)
    finally:
        server.stop(no_assert=True)
    stories = _published(tmp_path / "data")
    _assert_whole(box, stories)
    record_property("stories", len(stories))
    record_property("subscribers", SUBSCRIBERS)
    record_property("killed", box.kills)
    record_property("mails", len(box.raw))
    record_property("doubled", len(box.raw) - len({mail["Message-ID"] for mail in box.mails}))


def _kill_again_and_again(box: Killing, environment: dict[str, str], chance: random.Random) -> None:
    for story in range(KILLS + 1):
        with _work(environment, story) as worker:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n", worker.communicate()[1]
            if story == KILLS:
                assert worker.wait(600) == 0, worker.communicate()[1]
                return
            if story % 2:
                try:
                    worker.wait(chance.uniform(0, 0.6))
                except subprocess.TimeoutExpired:
                    worker.kill()
            else:
                box.worker, box.after = worker, chance.randint(1, SUBSCRIBERS)
            worker.wait(600)
            box.worker = None
            box.kills += worker.returncode == -signal.SIGKILL


def _published(data: Path) -> list[str]:
    with closing(sqlite3.connect(data / "dateline.sqlite3")) as store:
        rows = store.execute("SELECT headline FROM stories_story WHERE state = 'published'")
        return [row[0] for row in rows]


def _assert_whole(box: Killing, stories: list[str]) -> None:
    """Everybody has every story, in one mail; a second copy of it has the same name."""
    assert box.kills >= KILLS // 2
    assert len(stories) == KILLS + 1
    copies = Counter(mail["Message-ID"] for mail in box.mails)
    assert sum(copies.values()) - len(copies) <= box.kills
    distinct = {mail["Message-ID"]: mail for mail in box.mails}.values()
    had = Counter(
        (mail["To"], story) for mail in distinct for story in stories if story in text(mail)
    )
    everybody = [f"reader{number}@example.org" for number in range(SUBSCRIBERS)]
    assert had == {(address, story): 1 for address in everybody for story in stories}
