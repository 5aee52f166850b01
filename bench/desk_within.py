"""The part of bench.desk that runs inside the newsroom's environment: prints JSON."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import django

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))


def main() -> None:
    """Ask each page so many times; queries are counted once."""
    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["*"]
    rounds = int(sys.argv[1])
    found: dict[str, Any] = {}
    for who, client in (("administrator", _client(None)), ("editor of an office", _client(1))):
        for name, ask in _pages(client).items():
            ask()
            found[f"{name}, {who}"] = {"queries": _queries(ask), "seconds": _times(ask, rounds)}
    print(json.dumps(found))


def _client(offices: int | None) -> Any:
    from django.contrib.auth import get_user_model
    from django.test import Client

    from dateline.people.models import Membership, Role
    from dateline.vocabularies.models import Office

    name = "keeper" if offices is None else "editor"
    user = get_user_model().objects.create_user(name)
    office = None if offices is None else Office.objects.order_by("pk").first()
    role = Role.ADMINISTRATOR if offices is None else Role.EDITOR
    Membership.objects.create(user=user, role=role, office=office)
    client = Client()
    client.force_login(user)
    return client


def _pages(client: Any) -> dict[str, Any]:
    from webform import filled

    from dateline.stories.models import Story
    from dateline.vocabularies.models import Office

    office = Office.objects.order_by("pk").first()
    assert office is not None
    story = office.stories.order_by("-pk").first()
    assert story is not None
    words = story.headline.split()
    form = f"/desk/stories/edit/{story.pk}/"

    def get(path: str) -> Any:
        def ask() -> None:
            answer = client.get(path)
            assert answer.status_code == 200, (path, answer.status_code)

        return ask

    def save() -> None:
        sent = filled(client, form, summary=f"Saved at {time.time()}")
        began = time.perf_counter()
        assert client.post(form, sent).status_code == 302
        save.took.append(time.perf_counter() - began)  # type: ignore[attr-defined]

    save.took = []  # type: ignore[attr-defined]
    assert Story.objects.exists()
    return {
        "first page": get("/desk/"),
        "list": get("/desk/stories/"),
        "list of an office": get(f"/desk/stories/?office={office.pk}"),
        "translations": get("/desk/translations/"),
        "search": get(f"/desk/stories/?q={words[0]}+{words[1]}"),
        "search, rare word": get("/desk/stories/?q=zzzzz"),
        "form": get(form),
        "save": save,
    }


def _queries(ask: Any) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        ask()
    return len(queries)


def _times(ask: Any, rounds: int) -> list[float]:
    if hasattr(ask, "took"):
        ask.took.clear()
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        ask()
        seconds.append(time.perf_counter() - began)
    return ask.took if hasattr(ask, "took") else seconds


if __name__ == "__main__":
    main()
