"""A request that is sent again is carried out once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from api.reader import Api, problem
from django.contrib.auth.models import User
from django.utils import timezone

from dateline.api import idempotency, tokens
from dateline.api.models import KeptAnswer, Scope, Token
from dateline.publishing.models import Version
from dateline.stories.models import Story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("archive_file")]
HEADLINE = {"headline": "Once"}


def _send(writer: Api, key: str = '"k1"', body: Any = HEADLINE, path: str = "/en/drafts") -> Any:
    return writer.ask("POST", path, body, Idempotency_Key=key)


def test_the_same_request_gets_the_same_answer(archive_file: Path, writer: Api) -> None:
    first, again = _send(writer), _send(writer)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert {name: again[name] for name in idempotency.HEADERS} == {
        name: first[name] for name in idempotency.HEADERS
    }
    assert Story.objects.count() == 1


def test_a_verb_sent_twice_writes_one_version(writer: Api) -> None:
    made = _send(writer).json()
    for _ in range(3):
        assert _send(writer, '"k2"', {}, f"{made['self']}/publish").status_code == 200
    assert Version.objects.count() == 1


def test_quotes_make_no_difference(writer: Api) -> None:
    assert _send(writer, "k1").content == _send(writer, '"k1"').content


def test_another_request_with_the_same_key_is_refused(writer: Api) -> None:
    made = _send(writer).json()
    assert problem(_send(writer, body={"headline": "Twice"}), 422)["type"].endswith("key-reused")
    assert problem(_send(writer, path="/fr/drafts"), 422)
    assert problem(_send(writer, body={}, path=f"{made['self']}/publish"), 422)
    assert Story.objects.count() == 1


def test_another_token_s_keys_are_its_own(chief: User, writer: Api) -> None:
    other = Api(tokens.make(chief, "Other", list(Scope))[1])
    assert _send(writer).json()["key"] != _send(other).json()["key"]


def test_a_request_being_worked_on_is_not_begun_again(writer: Api) -> None:
    done = _send(writer)
    KeptAnswer.objects.update(status=None)
    again = _send(writer)
    assert problem(again, 409)["type"].endswith("request-in-progress")
    assert again["Retry-After"] == "1"
    assert done.status_code == 201
    assert Story.objects.count() == 1


def test_a_request_whose_process_died_may_be_sent_again(writer: Api) -> None:
    """A row without an answer means that nothing of the change was written."""
    token = Token.objects.get()
    long_ago = timezone.now() - idempotency.ABANDONED - timedelta(seconds=1)
    KeptAnswer.objects.create(token=token, key="k1", fingerprint="", claim=uuid4(), at=long_ago)
    assert _send(writer).status_code == 201


def test_a_slow_request_that_was_given_up_changes_nothing(
    writer: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = idempotency._keep

    def overtaken(mine: KeptAnswer, answer: Any) -> None:
        KeptAnswer.objects.filter(pk=mine.pk).update(claim=uuid4())
        kept(mine, answer)

    monkeypatch.setattr(idempotency, "_keep", overtaken)
    problem(_send(writer), 409)
    assert not Story.objects.exists()


def test_a_refused_request_may_be_mended_and_sent_again(writer: Api) -> None:
    problem(_send(writer, body={"headline": "x", "genre": "poem"}), 422)
    assert _send(writer).status_code == 201
    made = _send(writer).json()
    problem(_send(writer, "k2", {"note": "x"}, f"{made['self']}/retract"), 409)
    assert _send(writer, "k2", {}, f"{made['self']}/publish").status_code == 200


def test_answers_are_forgotten_after_a_day(writer: Api) -> None:
    _send(writer)
    KeptAnswer.objects.update(at=timezone.now() - idempotency.KEPT - timedelta(seconds=1))
    _send(writer)
    assert Story.objects.count() == 2


@pytest.mark.parametrize("key", ["", '""', "a b", "ключ".encode().decode("latin-1"), "a" * 256])
def test_a_key_is_a_word(writer: Api, key: str) -> None:
    problem(_send(writer, key), 400)
    assert not Story.objects.exists()


def test_without_a_key_two_requests_are_two(writer: Api) -> None:
    for _ in range(2):
        writer.ask("POST", "/en/drafts", HEADLINE)
    assert Story.objects.count() == 2
    assert not KeptAnswer.objects.exists()
