"""A program that reads the API, and writes to it when it has a token."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

ROOT = "/api/v1"


class Api:
    """Asks addresses below the API's root; with a token it writes as well."""

    def __init__(self, token: str = "") -> None:
        self.client = Client(raise_request_exception=True)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **headers: str) -> Any:
        """The JSON of an answer that is expected to be 200."""
        answer = self.ask("GET", path, **headers)
        assert answer.status_code == 200, answer.content
        return json.loads(answer.content)

    def problem(self, path: str, status: int) -> Any:
        """The problem of an answer that is expected to be one."""
        return problem(self.ask("GET", path), status)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Any request; `path` is below the root, or an absolute address of this site."""
        path = path.removeprefix("http://localhost:8000").removeprefix(ROOT)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content = b"" if body is None else json.dumps(body).encode()
        return self.client.generic(
            method,
            f"{ROOT}{path}",
            content,
            "application/json",
            headers=self.headers | named,
        )


def problem(answer: HttpResponse, status: int) -> Any:
    """What an answer says went wrong."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    said = json.loads(answer.content)
    assert said["status"] == status
    return said
