"""What the newsroom sends out or asks of others: each courier works on a thread of its own.

A slow receiver must not keep a story from the index, so none of this is done by the worker's own
thread. Whichever machine takes a courier's lock works; the others wait, and take over when it ends.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.db import Error, close_old_connections, connections

from dateline.alerts import courier as alerts
from dateline.embargo import courier as embargo
from dateline.feeds import websub
from dateline.operations import locks, purging
from dateline.publishing import link_courier as links
from dateline.webhooks import courier as webhooks

log = logging.getLogger(__name__)

SETBACK = 10.0
"""Seconds a courier rests after a round that failed."""


@dataclass(frozen=True)
class Courier:
    """`deliver` does one short round and says whether more is waiting already.

    It must bear being killed anywhere, and being run again. `every` are the seconds between rounds.
    """

    name: str
    every: float
    deliver: Callable[[], bool]


COURIERS: tuple[Courier, ...] = (
    Courier("webhooks", 0.5, webhooks.carry),
    Courier("alerts", 0.5, alerts.carry),
    Courier("embargo", 5.0, embargo.carry),
    Courier("websub", 0.5, websub.carry),
    Courier("links", 2.0, links.carry),
    *(
        Courier(f"purge {purging.name_of(url)}", 0.1, partial(purging.carry, url))
        for url in settings.PURGE_URLS
    ),
)


def start(stopping: threading.Event, couriers: Iterable[Courier]) -> list[threading.Thread]:
    """Set the couriers to work until `stopping`; each ends after the round it is in."""
    threads = [
        threading.Thread(target=_work, args=(courier, stopping), name=courier.name)
        for courier in couriers
    ]
    for thread in threads:
        thread.start()
    return threads


def once(couriers: Iterable[Courier] = COURIERS) -> None:
    """Let every courier deliver what is waiting now, one after the other."""
    for courier in couriers:
        with locks.alone(courier.name) as mine:
            while mine and courier.deliver():
                pass


def _work(courier: Courier, stopping: threading.Event) -> None:
    wait = courier.every
    try:
        while not stopping.wait(wait):
            wait = _round(courier)
    finally:
        connections.close_all()


def _round(courier: Courier) -> float:
    """One round; returns the seconds until the next."""
    try:
        close_old_connections()
        with locks.alone(courier.name) as mine:
            more = mine and courier.deliver()
    except Error as error:
        log.warning("%s: the database does not answer: %s", courier.name, str(error).strip())
        connections.close_all()
        return SETBACK
    except Exception:
        log.exception("%s failed; trying again in %.0f s", courier.name, SETBACK)
        return SETBACK
    return 0.0 if more else courier.every
