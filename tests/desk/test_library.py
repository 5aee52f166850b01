"""The library: what belongs to a draft is as secret as the draft."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from build import draft, office, published
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image
from wagtail.models import Collection
from webform import filled

from dateline.desk import library
from dateline.people.models import Membership, Role
from dateline.publishing import verbs
from dateline.stories.models import Picture, StoryPicture
from dateline.vocabularies.models import Office

pytestmark = pytest.mark.django_db


def person(name: str, place: Office | None, role: Role = Role.CHIEF_EDITOR) -> Any:
    made = get_user_model().objects.create_user(name)
    Membership.objects.create(user=made, role=role, office=place)
    return get_user_model().objects.get(pk=made.pk)


def picture(title: str, by: Any) -> Picture:
    file = BytesIO()
    Image.new("RGB", (4, 4), "navy").save(file, "PNG")
    return Picture.objects.create(
        title=title,
        description=title,
        uploaded_by_user=by,
        file=ContentFile(file.getvalue(), f"{title}.png"),
    )


def test_nobody_uses_by_its_key_what_they_may_not_see(places: tuple[Office, Office]) -> None:
    vienna, tirana = places
    secret = picture("secret", person("anna", vienna))
    client = Client()
    client.force_login(person("yusuf", tirana))
    story = draft("Mine", offices=(tirana,))
    row = {
        "pictures-TOTAL_FORMS": "1",
        "pictures-0-picture": str(secret.pk),
        "pictures-0-ORDER": "1",
        "pictures-0-id": "",
        "pictures-0-alternative_text": "A square",
    }
    address = f"/desk/stories/edit/{story.pk}/"
    page = client.post(address, filled(client, address) | row).content.decode()
    assert "no such item in your library" in page
    assert not story.get_latest_revision()
    secret.collection = Collection.get_first_root_node().add_child(name="For all")
    secret.save()
    client.post(address, filled(client, address) | row)
    assert story.get_latest_revision_as_object().pictures.count() == 1


@pytest.fixture
def places(db: None) -> tuple[Office, Office]:
    return office("vienna"), office("tirana")


def seen(user: Any) -> set[str]:
    return set(library.visible(Picture.objects.all(), user).values_list("title", flat=True))


def test_who_sees_what(places: tuple[Office, Office]) -> None:
    vienna, tirana = places
    anna, yusuf, keeper = person("anna", vienna), person("yusuf", tirana), person("hq", None)
    intern = person("intern", office("desk", parent=vienna), Role.CONTRIBUTOR)
    story, secret = published("Public", offices=(vienna,)), draft("Draft", offices=(vienna,))
    for title, use in (("public", story), ("drafted", secret), ("unused", None)):
        made = picture(title, anna)
        if use is not None:
            use.pictures.add(StoryPicture(picture=made))
            use.save()
    logo = picture("logo", keeper)
    root = Collection.get_first_root_node()
    logo.collection = root.add_child(name="For all")
    logo.save()
    picture("imported", None)
    picture("headquarters", keeper)
    assert seen(keeper) == {
        *("public", "drafted", "unused", "logo", "imported", "headquarters"),
    }
    assert seen(anna) == {"public", "drafted", "unused", "logo", "imported"}
    assert seen(intern) == {"public", "unused", "logo", "imported"}
    assert seen(yusuf) == {"public", "logo", "imported"}
    verbs.publish(secret)
    assert "drafted" in seen(yusuf)


def test_the_desk_shows_no_more(
    places: tuple[Office, Office], settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    vienna, tirana = places
    made = picture("Zyxwvut", person("anna", vienna))
    rendition = made.get_rendition("width-2|format-webp")
    answers = {}
    for name, place in (("yusuf", tirana), ("clara", vienna)):
        client = Client()
        client.force_login(person(name, place))
        answers[name] = [
            client.get("/desk/images/").content.decode().count("Zyxwvut") > 0,
            client.get("/desk/images/chooser/").content.decode().count("Zyxwvut") > 0,
            client.get(f"/desk/images/chooser/chosen/{made.pk}/").status_code == 200,
            client.get(f"/desk/images/{made.pk}/").status_code == 200,
            client.get(f"/desk/media/{made.file.name}").status_code == 200,
            client.get(f"/desk/media/{rendition.file.name}").status_code == 200,
        ]
    assert answers == {"yusuf": [False] * 6, "clara": [True] * 6}
