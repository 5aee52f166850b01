"""A story withdrawn as out of date: in no list, and still there for who has its address."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from build import indexed, published
from django.test import Client

from dateline.publishing import releases, verbs
from dateline.publishing.models import Kind
from dateline.stories.models import State, Story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("archive_file")]

LISTS = (
    "/en/",
    "/en/news",
    "/en/news?keywords=easier",
    "/en/news.atom",
    "/en/news.rss",
    "/en/news.json",
    "/en/news.csv",
    "/en/news.ndjson",
    "/sitemap-en-1.xml",
    "/api/v1/en/stories",
    "/api/v1/en/suggestions?text=easi",
    "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc",
)


@pytest.fixture
def story() -> Story:
    made = published("Visas are easier to get", body="<p>From Monday on.</p>")
    published("Another story")
    indexed()
    verbs.withdraw_as_out_of_date(made, "The rules changed in 2025.")
    return Story.objects.get(pk=made.pk)


@pytest.mark.parametrize("caught_up", [False, True], ids=["stale index", "index caught up"])
@pytest.mark.parametrize("path", LISTS)
def test_it_is_in_no_list(story: Story, client: Client, path: str, *, caught_up: bool) -> None:
    if caught_up:
        indexed()
    answer = client.get(path)
    assert answer.status_code == 200
    said = b"".join(answer) if answer.streaming else answer.content
    assert b"isas" not in said


def test_its_address_shows_it_under_the_notice(story: Story, client: Client) -> None:
    page = BeautifulSoup(client.get(story.get_absolute_url()).content, "html.parser")
    assert "The rules changed in 2025." in page.select_one(".withdrawn").get_text()
    assert "From Monday on." in page.select_one("#text").get_text()
    said = client.get(f"/api/v1/en/stories/{story.number}").json()
    assert said["state"] == "out_of_date"
    assert said["out_of_date"]["notice"] == "The rules changed in 2025."
    assert "From Monday on." in said["body"]
    assert client.get(f"{story.get_absolute_url()}".rsplit("/", 1)[0] + ".txt").status_code == 200


def test_it_comes_back_by_being_published(story: Story, client: Client) -> None:
    back = verbs.publish(story)
    indexed()
    assert b"Visas" in client.get("/en/news").content
    assert [version.kind for version in releases.versions(back)] == [
        Kind.PUBLICATION,
        Kind.PUBLICATION,
    ]


def test_only_what_is_published_can_be_out_of_date(story: Story) -> None:
    for verb, wanted in (
        (verbs.withdraw_as_out_of_date, State.OUT_OF_DATE),
        (verbs.kill, State.KILLED),
    ):
        if wanted == State.OUT_OF_DATE:
            with pytest.raises(verbs.VerbError):
                verb(story, "Again.")
        else:
            verb(story, "It was wrong.")
    assert Story.objects.get(pk=story.pk).state == State.KILLED


def test_a_draft_of_it_changes_nothing_readers_see(story: Story, admin_client: Any) -> None:
    from webform import filled

    address = f"/desk/stories/edit/{story.pk}/"
    answer = admin_client.post(address, filled(admin_client, address, headline="Not yet"))
    assert answer.status_code == 302
    kept = Story.objects.get(pk=story.pk)
    assert kept.headline == "Visas are easier to get"
    assert "Not yet" in kept.get_latest_revision_as_object().headline


def test_its_pictures_stay_with_it(admin_client: Any, client: Client) -> None:
    from io import BytesIO

    from django.core.files.base import ContentFile
    from PIL import Image

    from dateline.stories.models import Picture, StoryPicture

    file = BytesIO()
    Image.new("RGB", (8, 8), "navy").save(file, "PNG")
    picture = Picture.objects.create(
        title="Court", description="A court", file=ContentFile(file.getvalue(), "court.png")
    )
    made = published("Visas")
    StoryPicture.objects.create(story=made, picture=picture)
    verbs.withdraw_as_out_of_date(
        verbs.publish(Story.objects.get(pk=made.pk)), "The rules changed."
    )
    page = BeautifulSoup(client.get(made.get_absolute_url()).content, "html.parser")
    assert client.get(str(page.select_one("figure img")["src"])).status_code == 200
