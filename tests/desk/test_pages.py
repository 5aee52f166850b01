"""Every page of the desk opens, for those who may."""

from __future__ import annotations

import pytest
from build import draft, genre, office, published, topic
from django.test import Client

pytestmark = pytest.mark.django_db

OFFICERS = (
    "/desk/",
    "/desk/stories/",
    "/desk/stories/add/",
    "/desk/stories/add/?locale=ar",
    "/desk/contact/",
    "/desk/contact/new/",
    "/desk/images/",
    "/desk/images/add/",
    "/desk/documents/",
    "/desk/account/",
)
KEEPERS = (
    "/desk/office/",
    "/desk/office/new/",
    "/desk/topic/new/",
    "/desk/genre/new/",
    "/desk/users/",
    "/desk/groups/",
    "/desk/collections/",
    "/desk/workflows/list/",
    "/desk/reports/log/",
)


@pytest.mark.parametrize("address", OFFICERS)
def test_a_press_officer_opens(desk: Client, address: str) -> None:
    assert desk.get(address).status_code == 200


@pytest.mark.parametrize("address", KEEPERS)
def test_an_administrator_opens(keepers_desk: Client, address: str) -> None:
    assert keepers_desk.get(address).status_code == 200


@pytest.mark.parametrize("address", ["/desk/office/", "/desk/topic/new/", "/desk/users/"])
def test_a_press_officer_does_not_keep_vocabularies_or_users(desk: Client, address: str) -> None:
    assert desk.get(address).status_code == 302


@pytest.mark.parametrize("page", ["edit", "history", "usage", "delete"])
def test_a_draft_has_its_pages(desk: Client, page: str) -> None:
    story = draft("Court opens")
    assert desk.get(f"/desk/stories/{page}/{story.pk}/").status_code == 200


@pytest.mark.parametrize("page", ["edit", "history", "unpublish", "correct", "retract", "kill"])
def test_a_published_story_has_its_pages(desk: Client, page: str) -> None:
    story = published("Court opens")
    assert desk.get(f"/desk/stories/{page}/{story.pk}/").status_code == 200


def test_a_term_has_its_pages(keepers_desk: Client) -> None:
    for term in (office("vienna"), topic("media"), genre("news")):
        for page in ("edit", "history", "delete"):
            address = f"/desk/{term.facet}/{page}/{term.pk}/"
            assert keepers_desk.get(address).status_code == 200, address


def test_anybody_else_is_asked_to_sign_in(client: Client) -> None:
    for address in (*OFFICERS, *KEEPERS):
        response = client.get(address)
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/desk/login/")
