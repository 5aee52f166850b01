"""Every answer is what the OpenAPI document says: tried by schemathesis, which knows only that."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from build import draft, genre, indexed, office, published, topic
from django.contrib.auth.models import User
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.config import SchemathesisConfig

from dateline.api import tokens
from dateline.api.models import Scope
from dateline.publishing import verbs
from dateline.stories.models import Story
from dateline.wsgi import application

SOAK = os.environ.get("DATELINE_SOAK") == "full"
EXAMPLES = 200 if SOAK else 6
CONFIG = SchemathesisConfig.from_dict(
    {
        "seed": 6,
        "generation": {"max-examples": EXAMPLES, "deterministic": True},
        "checks": {
            # What a document cannot say: which slugs there are, which text is a date, which
            # parameters exclude each other, which state a story is in.
            "positive_data_acceptance": {
                "expected-statuses": ["2xx", "400", "404", "409", "410", "412", "422"]
            },
            # RFC 6585 has a status for exactly this.
            "missing_required_header": {"expected-statuses": ["400", "401", "428"]},
        },
    }
)


@pytest.fixture
def token(db: None, archive_file: Path) -> str:
    """A newsroom with something at most addresses, and a token for everything in it."""
    vienna = office("vienna", "Vienna")
    law, news = topic("law", "Rule of law"), genre("news", "News")
    for number in range(2):
        published(f"Story {number}", published=date(2024, 1, 1), offices=(vienna,), genre=news)
    corrected = published("Corrected", topics=(law,))
    verbs.correct(corrected, "A name was wrong.")
    verbs.retract(published("Retracted"), "It was wrong.")
    verbs.kill(published("Killed"), "Never.")
    draft("Draft")
    indexed()
    owner = User.objects.create_superuser("root")
    return tokens.make(owner, "Trial", list(Scope))[1]


@pytest.fixture(autouse=True)
def _transaction_kept() -> Iterator[None]:
    """A request would close the connection that the test's transaction is on."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


# Nothing of the document stands in the database, so that it can be read before there is one.
document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, config=CONFIG)


@pytest.mark.soak
@document.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck),
          phases=[Phase.explicit, Phase.generate], database=None)  # fmt: skip
def test_every_answer_is_as_the_document_says(case: Any, token: str) -> None:
    _aim(case)
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"})


def _aim(case: Any) -> None:
    """Most made-up numbers, keys and slugs lead nowhere: these lead somewhere."""
    if not case.meta.generation.mode.is_positive:
        return
    chosen = case.path_parameters
    if "number" in chosen:
        chosen["number"] = 1 + int(chosen["number"]) % 6
    if "slug" in chosen:
        chosen["slug"] = SLUGS[chosen["vocabulary"]]
    if "key" in chosen:
        stories = Story.objects.order_by("pk").values_list("translation_key", flat=True)
        chosen["key"] = str(stories[len(str(case.body)) % len(stories)])
        chosen["language"] = "en"
    _aim_list(case.query or {})
    if isinstance(case.body, dict):
        _aim_terms(case.body)
        case.body.pop("translates", None)
    if case.headers and "If-Match" in case.headers:
        case.headers["If-Match"] = "*"


def _aim_list(query: dict[str, Any]) -> None:
    for name in ("cursor", "sort"):
        query.pop(name, None)
    for name in ("from", "to"):
        if name in query:
            query[name] = "2024"
    for name in ("office", "topic", "genre"):
        if name in query:
            query[name] = [SLUGS[f"{name}s"]]


def _aim_terms(body: dict[str, Any]) -> None:
    for name in ("offices", "topics"):
        if name in body:
            body[name] = [SLUGS[name]]
    if body.get("genre"):
        body["genre"] = SLUGS["genres"]


SLUGS = {"offices": "vienna", "topics": "law", "genres": "news"}
