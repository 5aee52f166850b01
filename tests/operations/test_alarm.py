"""Administrators are told once that the worker is gone, and once that it is back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from build import draft
from django.contrib.auth import get_user_model
from django.utils import timezone

from dateline.operations import alarm, readiness
from dateline.operations.alarm import Watch
from dateline.people.models import Membership, Role
from dateline.publishing import schedule, verbs

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(archive_file: Any) -> Any:
    """The file that a living worker touches, and the people who are told."""
    for name, role in (("keeper", Role.ADMINISTRATOR), ("chief", Role.CHIEF_EDITOR)):
        person = get_user_model().objects.create_user(name, f"{name}@example.org")
        Membership.objects.create(user=person, role=role)
    file = readiness.sign_of_life()
    file.touch()
    return file


def test_a_dead_worker_is_told_once_and_its_return_too(worker: Any, mailoutbox: list[Any]) -> None:
    watch, other = Watch(), Watch()
    watch.look()
    worker.unlink()
    watch.look()
    assert mailoutbox == [], "it may be starting"
    watch.look()
    for each in (other, other, watch):
        each.look()
    [letter] = mailoutbox
    assert letter.bcc == ["keeper@example.org"]
    assert letter.subject.endswith("stories are not published")
    assert "no sign of life" in letter.body
    worker.touch()
    for each in (other, watch, other):
        each.look()
    assert [mail.subject.rpartition(": ")[2] for mail in mailoutbox[1:]] == [
        "the worker is well again"
    ]


def test_a_story_that_was_due_is_told_and_how_late_it_came(
    worker: Any, mailoutbox: list[Any], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ALARM_ADDRESSES = ["night@example.org"]
    verbs.schedule(draft("Due"), timezone.now() + timedelta(minutes=1))
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + timedelta(minutes=5))
    watch = Watch()
    watch.look()
    watch.look()
    assert mailoutbox[0].bcc == ["night@example.org"]
    assert "has not been published" in mailoutbox[0].body
    schedule.run()
    monkeypatch.setattr(alarm, "WATCHED", {"schedule"})  # nobody indexes here
    watch.look()
    assert "seconds late" in mailoutbox[1].body
