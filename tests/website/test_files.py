"""Pictures and documents: open while a listed story shows them, and never otherwise."""

from __future__ import annotations

import io
import re

import pytest
from bs4 import BeautifulSoup
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


def test_a_picture_comes_in_avif_too_and_in_nothing_else(room: Room, client: Client) -> None:
    webp = _addresses(room.full, room.full.number)[0]
    served = client.get(webp.replace(".webp", ".avif"))
    assert served["Content-Type"] == "image/avif"
    picture = Image.open(io.BytesIO(b"".join(served)))
    assert (picture.format, picture.width) == ("AVIF", 480)
    page = BeautifulSoup(client.get(room.full.get_absolute_url()).content, "html.parser")
    offered = page.select_one("figure picture source[type='image/avif']")
    assert offered is not None
    for address in re.findall(r"/n/\S+", str(offered["srcset"])):
        assert client.get(address)["Content-Type"] == "image/avif"
    assert client.get(webp.replace(".webp", ".heic")).status_code == 404


def test_a_decorative_picture_is_passed_over(room: Room, client: Client) -> None:
    row = room.full.pictures.get()
    row.decorative, row.alternative_text, row.caption = True, "", "The square at noon"
    row.save()
    page = BeautifulSoup(client.get(room.full.get_absolute_url()).content, "html.parser")
    image = page.select_one("figure img")
    assert image is not None
    assert image["alt"] == ""
    assert page.select_one("meta[property='og:image:alt']") is None
    download = page.select_one("figure a[download]")
    assert download is not None
    assert "The square at noon" in download.text


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
