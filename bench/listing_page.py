"""How fast a listing page is made: the Swiss federal news, uncached, in one process.

    python bench/listing_page.py [FILE]

The whole of Django's handling is timed, from the request to the last byte, over questions that are
all different. Beside it stands the floor in the same run: a plain Django view that renders one
small template through the same middleware.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.test import Client

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 40
QUESTIONS = {
    "plain list": "/de/news?page={n}",
    "one office": "/de/news?office={office}&page={n}",
    "two facets": "/fr/news?office={office}&topic={topic}",
    "a year": "/it/news?year={year}&size=50",
    "words": "/de/news?keywords=Bundesrat+{year}",
    "words, newest": "/fr/news?keywords=conseil+{year}&sort=newest",
}


def main() -> int:
    """Fill a scratch newsroom, time the pages, print the figures."""
    given = os.environ.get("DATELINE_TEST_DATA", str(ROOT.parent / "shared"))
    path = Path(sys.argv[1] if len(sys.argv) > 1 else f"{given}/data/swiss-federal-news.jsonl.gz")
    if not path.exists():
        print(f"skipped: no {path} (set DATELINE_TEST_DATA to the folder that holds data/)")
        return 0
    scratch = tempfile.mkdtemp(prefix="dateline-bench-")
    os.environ.update(DATELINE_DATA=scratch, DJANGO_SETTINGS_MODULE="dateline.settings")
    try:
        _fill(path)
        _report()
    finally:
        shutil.rmtree(scratch)
    return 0


def _fill(path: Path) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from dateline import importing
    from dateline.archive import follow, index

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    importing.run(str(path), importing.Options())
    follow.catch_up(index.engine())


def _report() -> None:
    from django.http import HttpRequest, HttpResponse
    from django.template import engines
    from django.test import Client
    from django.urls import path

    from dateline import urls

    template = engines["django"].from_string("<!doctype html><title>{{ title }}</title>")

    def floor(request: HttpRequest) -> HttpResponse:
        return HttpResponse(template.render({"title": request.path}))

    urls.urlpatterns += [path("floor", floor)]  # type: ignore[list-item]
    client = Client(SERVER_NAME="localhost")
    for name, addresses in _addresses().items():
        _time(name, client, addresses)
    _time("floor: a plain view", client, ["/floor"] * ROUNDS)


def _addresses() -> dict[str, list[str]]:
    """Different questions of each kind; those a redirect would answer are not among them."""
    from dateline.vocabularies import snapshot

    known = snapshot.current()
    offices = sorted(known.by_slug["office"])
    topics = sorted(known.by_slug["topic"])
    return {
        name: [
            form.format(
                n=n + 2, office=offices[n], topic=topics[n % len(topics)], year=1998 + n % 27
            )
            for n in range(ROUNDS)
        ]
        for name, form in QUESTIONS.items()
    }


def _time(name: str, client: Client, addresses: Sequence[str]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    taken = []
    for address in addresses:
        began = time.perf_counter()
        response = client.get(address)
        taken.append(1000 * (time.perf_counter() - began))
        assert response.status_code == 200, (address, response.status_code)
    with CaptureQueriesContext(connection) as captured:
        client.get(addresses[0])
    taken.sort()
    median, p95 = statistics.median(taken), taken[-len(taken) // 20]
    print(f"{name:<22} median {median:6.1f} ms   p95 {p95:6.1f} ms   {len(captured)} queries")


if __name__ == "__main__":
    sys.exit(main())
