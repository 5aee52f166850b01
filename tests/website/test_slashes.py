"""A slash too many or too few: the page that was meant, and nothing that is hidden."""

from __future__ import annotations

import pytest
from django.test import Client
from website.rooms import Room

pytestmark = pytest.mark.django_db


def _leads_to(client: Client, path: str) -> str:
    address, _, query = path.partition("?")
    # Told apart here: the client would take "//example.org/" for another host.
    response = client.get("/", PATH_INFO=address, QUERY_STRING=query)
    if response.status_code == 404:
        return ""
    assert response.status_code == 301, (path, response.status_code)
    assert "public" in response["Cache-Control"]
    return response["Location"]


def test_a_wrong_slash_leads_to_the_page_that_was_meant(room: Room, client: Client) -> None:
    story = room.full.get_absolute_url()
    for path in ("/en/news", "/ar/offices", f"/en/news/{room.full.number}", story):
        assert _leads_to(client, f"{path}/") == path
    assert _leads_to(client, "/en/news/?keywords=a%26b&page=1") == "/en/news?keywords=a%26b&page=1"
    assert _leads_to(client, "/desk") == "/desk/"
    assert _leads_to(client, "/desk?next=%2F") == "/desk/?next=%2F"
    assert client.head(f"{story}/").status_code == 301
    assert client.post(f"{story}/").status_code == 404


def test_nothing_is_found_with_a_slash_that_is_not_found_without(
    room: Room, client: Client
) -> None:
    most = max(room.full.number, room.killed.number) + 100
    for path in (
        f"/en/news/{most}/",
        f"/en/news/{room.only_french.number}/",
        "/en/nowhere/",
        "/en/news//",
        "//example.org/",
        "//example.org/en/news/",
        "/\\example.org/",
        "/embargo/guessed/",
    ):
        assert _leads_to(client, path) == "", path
