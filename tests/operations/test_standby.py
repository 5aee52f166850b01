"""Which server a request reads: a standby only for what anyone may read (more in test_nodes)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch

from dateline.operations import standby
from dateline.publishing.models import Change
from dateline.stories.models import Story
from dateline.vocabularies.models import Office

ROUTER = standby.Router()


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This thread's request may read the standby."""
    monkeypatch.setattr(standby._local, "reading", True, raising=False)
    yield
    monkeypatch.setattr(standby._local, "reading", False, raising=False)


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (RequestFactory().get("/en/news"), True),
        (RequestFactory().head("/en/news.atom"), True),
        (RequestFactory().post("/oai"), False),
        (RequestFactory().get("/desk/"), False),
        (RequestFactory().get("/readyz"), False),
        (RequestFactory().get("/api/v1/drafts", headers={"authorization": "Bearer x"}), False),
    ],
    ids=["page", "head", "post", "desk", "readiness", "token"],
)
def test_only_what_anyone_may_read_is_read_there(request_: HttpRequest, expected: bool) -> None:
    assert standby.is_readers(request_) is expected


def test_public_rows_are_read_there_and_all_else_on_the_primary(reading: None) -> None:
    for model in (Story, Change, Office):
        assert ROUTER.db_for_read(model) == "standby"
        assert ROUTER.db_for_write(model) == "default"
    assert ROUTER.db_for_read(Session) is None


def test_outside_of_a_readers_request_nothing_is_read_there() -> None:
    assert ROUTER.db_for_read(Story) is None


def test_a_standby_that_dies_in_the_midst_is_replaced_by_the_primary(
    reading: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[Exception] = []

    def leave(error: Exception) -> None:
        left.append(error)
        standby._local.reading = False

    monkeypatch.setattr(standby, "_leave", leave)
    request = RequestFactory().get("/en/news")

    def view(_request: HttpRequest, language: str) -> HttpResponse:
        return HttpResponse(f"{language} from {ROUTER.db_for_read(Story) or 'the primary'}")

    request.resolver_match = ResolverMatch(view, (), {"language": "en"})
    middleware = standby.Reading(lambda _: HttpResponse())
    error = OperationalError("terminating connection due to administrator command")
    answer = middleware.process_exception(request, error)
    assert isinstance(answer, HttpResponse)
    assert answer.content == b"en from the primary"
    assert left == [error]
    assert middleware.process_exception(request, error) is None, "the primary's own errors stay"
