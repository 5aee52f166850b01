"""What load balancers are told: little to outsiders, and the truth."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from build import indexed, published
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from dateline.operations import readiness
from dateline.publishing.models import Change, Due
from dateline.stories.models import Story


@pytest.fixture(autouse=True)
def _alive(archive_file: Path) -> None:
    readiness.sign_of_life().touch()


def _ready(client: Client) -> tuple[int, list[str]]:
    response = client.get("/readyz")
    return response.status_code, response.content.decode().split()


def test_health_asks_nothing_but_the_process(client: Client) -> None:
    """No database mark: a query would make this test fail."""
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


@pytest.mark.django_db
def test_a_site_in_order_is_ready(client: Client) -> None:
    published()
    indexed()
    assert _ready(client) == (200, ["ok"])


@pytest.mark.django_db
def test_a_change_left_unindexed_is_noticed(client: Client) -> None:
    published()
    assert _ready(client)[0] == 200, "a moment's delay is no fault"
    Change.objects.update(at=timezone.now() - 2 * readiness.PATIENCE)
    assert _ready(client) == (503, ["index"])


@pytest.mark.django_db
def test_a_damaged_index_is_noticed(client: Client, archive_file: Path) -> None:
    archive_file.write_bytes(b"not a database" * 1000)
    assert _ready(client) == (503, ["index"])


@pytest.mark.django_db
def test_a_silent_worker_is_noticed(client: Client) -> None:
    indexed()
    long_ago = time.time() - 2 * readiness.PATIENCE.total_seconds()
    os.utime(readiness.sign_of_life(), (long_ago, long_ago))
    assert _ready(client) == (503, ["worker"])
    readiness.sign_of_life().unlink()
    assert _ready(client) == (503, ["worker"])


@pytest.mark.django_db
def test_a_schedule_that_nobody_keeps_is_noticed(client: Client) -> None:
    published()
    indexed()
    late = timezone.now() - readiness.PATIENCE - timedelta(seconds=1)
    Due.objects.create(story=Story.objects.get(), at=late)
    assert _ready(client) == (503, ["schedule"])


@pytest.mark.django_db
def test_missing_tables_are_noticed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    indexed()
    monkeypatch.setattr(readiness, "_migrated", False)
    monkeypatch.setattr(readiness, "unapplied", lambda: ["stories.0002_more"])
    assert _ready(client) == (503, ["migrations"])


def test_a_database_that_is_away_is_named_without_details(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> bool:
        raise OperationalError("could not connect to 10.1.2.3 as user secret")

    monkeypatch.setattr(readiness, "_database", away)
    response: Any = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"database\n")
