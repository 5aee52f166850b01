"""Pictures and documents: open while a listed story shows them, and never otherwise."""

from __future__ import annotations

import io

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image
from website.rooms import Room

from dateline.publishing import verbs
from dateline.stories.models import Story

pytestmark = pytest.mark.django_db


def _addresses(story: Story, number: int) -> list[str]:
    picture, document = story.pictures.get(), story.documents.get().document
    name = picture.picture.file.name.rpartition(".")[2]
    return [
        f"/n/{number}/pictures/{picture.picture_id}-480.webp",
        f"/n/{number}/pictures/{picture.picture_id}-full.{name}",
        f"/n/{number}/documents/{document.pk}/{document.filename}",
    ]


def test_a_listed_storys_files_are_served(room: Room, client: Client) -> None:
    small, full, document = _addresses(room.full, room.full.number)
    served = client.get(small)
    assert (served.status_code, served["Content-Type"]) == (200, "image/webp")
    assert Image.open(io.BytesIO(b"".join(served))).width == 480
    assert client.get(full)["Content-Disposition"].startswith("attachment")
    assert client.get(document)["Content-Type"] == "application/pdf"
    assert "sandbox" in client.get(document)["Content-Security-Policy"]
    assert client.get(small, headers={"If-None-Match": served["ETag"]}).status_code == 304


def test_a_drafts_files_are_not_reached_through_another_story(room: Room, client: Client) -> None:
    for address in _addresses(room.hidden, room.full.number):
        assert client.get(address).status_code == 404


def test_a_replaced_document_is_found_at_its_old_address(room: Room, client: Client) -> None:
    old = _addresses(room.full, room.full.number)[2]
    document = room.full.documents.get().document
    before = client.get(old)["ETag"]
    document.file = ContentFile(b"%PDF-1.7 second edition", name="second edition.pdf")
    document.save()
    answer = client.get(old, follow=True)
    assert answer.redirect_chain[0][1] == 302
    assert b"".join(answer).startswith(b"%PDF-1.7 second")
    assert answer["ETag"] != before


@pytest.mark.parametrize("verb", [verbs.retract, verbs.kill])
def test_a_withdrawn_storys_files_go_with_it(room: Room, client: Client, verb: object) -> None:
    verb(room.full, "Wrong.")  # type: ignore[operator]
    for address in _addresses(room.full, room.full.number):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("size", ["481", "0", "99999", "original", "../full"])
def test_only_the_offered_sizes_exist(room: Room, client: Client, size: str) -> None:
    picture = room.full.pictures.get().picture_id
    address = f"/n/{room.full.number}/pictures/{picture}-{size}.webp"
    assert client.get(address).status_code == 404
