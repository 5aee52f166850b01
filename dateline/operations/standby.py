"""Reading from a hot standby: readers' requests go there while it keeps up with this node.

The rows of a page must be at least as new as the index that found them, or a page would miss
stories, and show what the index knows to be withdrawn. So the standby is read only when it has
come as far in the outbox as this node's own index; else, and when it is away, the primary is.
Decision 0010 gives the reasons.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import Error, InterfaceError, OperationalError, connections, models
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from dateline.archive import index
from dateline.archive.engines.base import EngineError
from dateline.publishing.models import Change

ALIAS = "standby"
REST = 5.0
"""Seconds a standby that was away is left alone, so that not every reader waits for it."""
PUBLIC = frozenset({"stories", "publishing", "vocabularies", "wagtailcore", "wagtailimages"})
"""Apps whose rows readers see. All else, such as sessions and tokens, is the primary's."""

log = logging.getLogger(__name__)


class _Local(threading.local):
    reading = False
    """Whether this thread's request reads the standby."""
    connection: Any = None
    head = -1
    """How far the standby behind `connection` is known to have come."""


_local = _Local()
_resume = 0.0
_state = threading.Lock()


class Router:
    """Django's database router: only what a reader's request reads goes to the standby."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str | None:
        """The standby for public rows of a request that may read it."""
        return ALIAS if _local.reading and model._meta.app_label in PUBLIC else None

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str:
        """Always the primary, for rows read from the standby too."""
        return "default"

    def allow_relation(self, first: models.Model, second: models.Model, **hints: Any) -> bool:
        """Both hold the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """Tables reach the standby by replication."""
        return False if db == ALIAS else None


class Reading:
    """Middleware, the outermost: decides for each request which server it reads.

    The choice holds until the thread's next request, so that an answer sent as a stream is read
    where it began.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        _local.reading = is_readers(request) and _keeps_up()
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """A standby that goes away in the midst of a request: the primary answers it."""
        match = request.resolver_match
        if not (
            _local.reading and match and isinstance(exception, OperationalError | InterfaceError)
        ):
            return None
        _leave(exception)
        arguments: Sequence[Any] = match.args
        options: Mapping[str, Any] = match.kwargs
        answer: HttpResponseBase = match.func(request, *arguments, **options)
        return answer


def is_readers(request: HttpRequest) -> bool:
    """Whether a request only reads what anyone may: no desk, no token, nothing changed by it."""
    return (
        request.method in ("GET", "HEAD")
        and not request.path_info.startswith(("/desk", "/healthz", "/readyz"))
        and "Authorization" not in request.headers
    )


def is_late(patience: timedelta) -> bool:
    """Whether the standby is away, or lacks a change that is older than `patience`."""
    try:
        lacking = Change.objects.using("default").filter(sequence__gt=_head(ALIAS))
    except Error:
        connections[ALIAS].close()
        return True
    return lacking.filter(at__lt=timezone.now() - patience).exists()


def _keeps_up() -> bool:
    """Whether the standby has all that this node's index was made from."""
    if time.monotonic() < _resume:
        return False
    try:
        cursor = index.engine().cursor()
        standby = connections[ALIAS]
        if standby.connection is not None:
            standby.close_if_unusable_or_obsolete()
        standby.ensure_connection()
        # What a connection has seen stays true of it, and costs no second query.
        if _local.connection is not standby.connection:
            _local.connection, _local.head = standby.connection, -1
        if _local.head < cursor:
            _local.head = _head(ALIAS)
    except EngineError:
        return False
    except Error as error:
        _leave(error)
        return False
    return _local.head >= cursor


def _head(alias: str) -> int:
    last = Change.objects.using(alias).aggregate(last=models.Max("sequence"))["last"]
    return last or 0


def _leave(error: Exception) -> None:
    """Read the primary, and leave the standby alone for a while."""
    global _resume
    _local.reading, _local.connection = False, None
    connections[ALIAS].close()
    with _state:
        if time.monotonic() >= _resume:
            log.warning("the standby does not answer, reading the primary: %s", str(error).strip())
        _resume = time.monotonic() + REST
