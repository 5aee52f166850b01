"""Couriers: what is sent out is sent by one machine, and goes on whatever happens to a round."""

from __future__ import annotations

import threading

import pytest
from django.db import OperationalError, connections

from dateline.operations import couriers, locks
from dateline.operations.couriers import Courier

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_courier_delivers_until_nothing_waits_and_again_later() -> None:
    rounds: list[str] = []
    stopping = threading.Event()

    def deliver() -> bool:
        rounds.append("more" if len(rounds) < 3 else "done")
        if len(rounds) == 5:
            stopping.set()
        return rounds[-1] == "more"

    (thread,) = couriers.start(stopping, [Courier("trial", 0.01, deliver)])
    thread.join(30)
    assert not thread.is_alive()
    assert rounds == ["more", "more", "more", "done", "done"]


@pytest.mark.parametrize("error", [ValueError, OperationalError], ids=["defect", "database"])
def test_a_round_that_fails_is_tried_again(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(couriers, "SETBACK", 0.01)
    stopping = threading.Event()
    rounds: list[int] = []

    def deliver() -> bool:
        rounds.append(1)
        if len(rounds) < 3:
            raise error("out of order")
        stopping.set()
        return False

    (thread,) = couriers.start(stopping, [Courier("trial", 0.01, deliver)])
    thread.join(30)
    assert len(rounds) == 3


def test_what_another_process_does_is_left_to_it() -> None:
    rounds: list[int] = []

    def deliver() -> bool:
        rounds.append(1)
        return False

    taken, release = threading.Event(), threading.Event()

    def hold() -> None:
        with locks.alone("trial") as mine:
            assert mine
            taken.set()
            release.wait(30)
        connections.close_all()

    other = threading.Thread(target=hold)
    other.start()
    assert taken.wait(30)
    couriers.once([Courier("trial", 1.0, deliver)])
    assert rounds == []
    release.set()
    other.join(30)
    couriers.once([Courier("trial", 1.0, deliver)])
    assert rounds == [1]
