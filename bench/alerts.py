"""Alerts: one story, many subscriptions. Time to match, mails a second handed to SMTP, memory.

    python -m bench.alerts --subscriptions 100000 --more 100000 --send 5000

A newsroom is made in a temporary folder. Subscriptions have a realistic mix of lists: much-followed
offices and topics, pairs of them, and words that hardly anybody else asks for. Then `--more`
subscriptions are added that the story has nothing to do with, and the story's twin is published:
what matching costs must not have grown. The mail server is another process that takes everything.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SINK = """
import asyncio, sys
from aiosmtpd.smtp import SMTP
class Sink:
    async def handle_DATA(self, server, session, envelope):
        return "250 OK"
async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Sink()), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""
OFFICES, TOPICS = 60, 40
SHARE_MATCHING = 0.1
"""Of the first subscriptions, how many follow a list that the story will be in."""


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        sink = subprocess.Popen([sys.executable, "-c", SINK], stdout=subprocess.PIPE, text=True)
        try:
            assert sink.stdout is not None
            _set_up(Path(folder), int(sink.stdout.readline()))
            _measure(options)
        finally:
            sink.kill()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--subscriptions", type=int, default=100_000)
    parser.add_argument("--more", type=int, default=100_000)
    parser.add_argument("--send", type=int, default=5_000, help="mails sent at most")
    return parser.parse_args()


def _set_up(folder: Path, port: int) -> None:
    import django
    from django.core.management import call_command

    os.environ |= {
        "DATELINE_DATA": str(folder / "data"),
        "DATELINE_EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "DATELINE_ALERTS_HOLD": "0",
        "DATELINE_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "dateline.settings",
    }
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
    django.setup()
    call_command("migrate", verbosity=0)


def _measure(options: argparse.Namespace) -> None:
    from build import office, topic

    from dateline.alerts import courier

    offices = [office(f"office-{n}") for n in range(OFFICES)]
    topics = [topic(f"topic-{n}") for n in range(TOPICS)]
    courier.carry()
    chance = random.Random(1)
    _subscribe(options.subscriptions, chance, SHARE_MATCHING)
    _say("subscriptions", options.subscriptions)
    first = _match("First", offices, topics)
    _subscribe(options.more, chance, 0.0)
    _say("subscriptions", options.subscriptions + options.more)
    second = _match("Second", offices, topics)
    _say("ratio of processor time", f"{second / first:.2f}")
    _send(options.send)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _say("peak memory of the process, setting up included", f"{peak / 1024:.0f} MB")


def _subscribe(count: int, chance: random.Random, matching: float) -> None:
    """Subscribers of one list each; a share of them of lists that the story is in."""
    from django.db import transaction
    from django.utils import timezone

    from dateline.alerts import questions
    from dateline.alerts.models import Subscriber, Subscription
    from dateline.vocabularies import snapshot

    now, terms = timezone.now(), snapshot.current()
    start = Subscriber.objects.count()
    kept: dict[object, int] = {}
    with transaction.atomic():
        people = [
            Subscriber(
                address=f"reader{start + n}@example.org", folded=f"reader{start + n}@example.org",
                language="en", zone="UTC", confirmed_at=now, wording="bench",
            )
            for n in range(count)
        ]  # fmt: skip
        Subscriber.objects.bulk_create(people, batch_size=5000)
        rows = []
        for person in people:
            query = _query(chance, chance.random() < matching)
            if query not in kept:
                kept[query] = questions.keep(query, terms).pk
            rows.append(
                Subscription(
                    subscriber=person, question_id=kept[query], languages="en",
                    frequency="at-once", confirmed_at=now, wording="bench",
                )
            )  # fmt: skip
        Subscription.objects.bulk_create(rows, batch_size=5000)
    _say("distinct lists among them", len(kept))


def _query(chance: random.Random, matching: bool):
    """The story is in office 0 and topic 0, and says “zeppelin”."""
    from dateline.archive.query import Query

    kind = chance.random()
    where = 0 if matching else chance.randint(1, OFFICES - 1)
    what = 0 if matching else chance.randint(1, TOPICS - 1)
    word = "zeppelin" if matching else f"word{chance.randint(0, 50_000)}"
    if kind < 0.35:
        return Query("en", selections=(("office", (f"office-{where}",)),))
    if kind < 0.6:
        return Query("en", selections=(("topic", (f"topic-{what}",)),))
    both = (("office", (f"office-{where}",)), ("topic", (f"topic-{what}",)))
    if kind < 0.8:
        return Query("en", selections=both)
    return Query("en", keywords=word, selections=both[: chance.randint(0, 2)])


def _match(headline: str, offices: list, topics: list) -> float:  # type: ignore[type-arg]
    """Seconds of processor time from a published story to every delivery written down."""
    from build import published

    from dateline.alerts import gathering
    from dateline.alerts.models import Delivery
    from dateline.archive import percolate

    story = published(
        headline, published=None, offices=(offices[0],), topics=(topics[0],),
        body=f"<p>A zeppelin landed. {' '.join(f'Sentence{n}.' for n in range(300))}</p>",
    )  # fmt: skip
    from dateline.alerts import questions

    with percolate.few([story.pk]) as few:
        _say("lists asked, of all", len(questions.kept_by(few.keys)))
    before, clock, began = Delivery.objects.count(), time.process_time(), time.perf_counter()
    gathering.gather()
    spent, waited = time.process_time() - clock, time.perf_counter() - began
    found = Delivery.objects.count() - before
    _say(f"{headline}: deliveries written", found)
    _say(f"{headline}: seconds, processor and in all", f"{spent:.2f} {waited:.2f}")
    return spent


def _send(most: int) -> None:
    from dateline.alerts import enveloping, sending
    from dateline.alerts.models import Mail, MailState

    clock, began = time.process_time(), time.perf_counter()
    while Mail.objects.count() < most and enveloping.envelop():
        pass
    made = Mail.objects.count()
    _say("mails made a second of processor time", f"{made / (time.process_time() - clock):.0f}")
    clock, began = time.process_time(), time.perf_counter()
    while sending.send():
        pass
    sent = Mail.objects.filter(state=MailState.SENT).count()
    spent, waited = time.process_time() - clock, time.perf_counter() - began
    _say("mails sent", sent)
    _say("mails a second", f"{sent / waited:.0f}")
    _say("mails a second of processor time", f"{sent / spent:.0f}")


def _say(name: str, value: object) -> None:
    print(f"{name:>48}: {value}", flush=True)


if __name__ == "__main__":
    main()
