"""Who may open what at the desk, and what its pages may load."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from build import draft, office, published
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.documents.models import Document
from webform import filled

from dateline.desk import groups
from dateline.people.models import Membership, Role
from dateline.stories.models import Picture, Story

pytestmark = pytest.mark.django_db

OUTSIDE = re.compile(r"""(?:src|srcset|<link[^>]+href)=["'](?:https?:)?//""")
"""What a browser would fetch by itself from elsewhere."""


@pytest.fixture
def media(tmp_path: Path, settings: Any) -> Path:
    """A media folder beside a file that must never be served."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    (tmp_path / "secret-key").write_text("secret")
    (settings.MEDIA_ROOT / "court.png").write_bytes(b"\x89PNG")
    (settings.MEDIA_ROOT / "drawing.svg").write_text("<svg/>")
    (settings.MEDIA_ROOT / "page.html").write_text("<script>1</script>")
    (settings.MEDIA_ROOT / "way-out").symlink_to(tmp_path / "secret-key")
    return tmp_path


def test_media_is_for_those_who_work_at_the_desk(desk: Client, client: Client, media: Path) -> None:
    response = desk.get("/desk/media/court.png")
    assert b"".join(response) == b"\x89PNG"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response.headers["Cache-Control"]
    assert client.get("/desk/media/court.png").status_code == 302
    client.force_login(get_user_model().objects.create_user("reader"))
    assert client.get("/desk/media/court.png").status_code == 302


@pytest.mark.parametrize("name", ["drawing.svg", "page.html"])
def test_what_could_run_in_a_browser_is_downloaded(desk: Client, media: Path, name: str) -> None:
    disposition = desk.get(f"/desk/media/{name}").headers["Content-Disposition"]
    assert disposition.startswith("attachment")


@pytest.mark.parametrize(
    "path",
    [
        "../secret-key",
        "..%2fsecret-key",
        "%2e%2e/secret-key",
        "x/../../secret-key",
        "/etc/passwd",
        "//etc/passwd",
        "way-out",
        "missing.png",
        ".",
        "%00",
        "..\\secret-key",
    ],
)
def test_no_path_leads_out_of_the_media_folder(desk: Client, media: Path, path: str) -> None:
    assert desk.get(f"/desk/media/{path}").status_code == 404


def test_media_takes_no_other_verb(desk: Client, media: Path) -> None:
    assert desk.post("/desk/media/court.png").status_code == 405


def test_documents_have_no_public_address(desk: Client, client: Client, media: Path) -> None:
    document = Document.objects.create(title="Report", file=ContentFile(b"text", "report.pdf"))
    assert document.url.startswith("/desk/documents/")
    assert b"".join(desk.get(document.url)) == b"text"
    assert client.get(document.url).status_code == 302
    assert desk.get("/desk/documents/").status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/desk/", "/desk/stories/", "/desk/stories/add/", "/desk/images/", "/desk/no-such-page/"],
)
def test_a_page_of_the_desk_keeps_to_its_own_site(desk: Client, address: str) -> None:
    response = desk.get(address)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert not re.search(r"https?:", policy)
    assert "*" not in policy
    assert not OUTSIDE.search(response.content.decode())


def test_the_login_page_is_the_newsrooms(client: Client) -> None:
    response = client.get("/desk/login/")
    page = response.content.decode()
    assert "Test newsroom" in page
    assert "Wagtail</h1>" not in page
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert not OUTSIDE.search(page)


def test_the_public_site_keeps_its_own_policy(client: Client) -> None:
    story = published("Court opens")
    policy = client.get(story.get_absolute_url()).headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy


def menu(desk: Client) -> set[str]:
    page = desk.get("/desk/").content.decode()
    return set(re.findall(r'"name": "([a-z-]+)"', page))


def test_the_menu_has_what_a_newsroom_needs_and_no_more(
    desk: Client, keepers_desk: Client, admin_client: Client
) -> None:
    assert {"stories", "images", "documents", "press-contacts"} <= menu(desk)
    assert {"vocabularies", "users", "groups", "workflows"} <= menu(keepers_desk)
    lacking = {"explorer", "sites", "locales", "redirects", "aging-pages", "editor-guide"}
    for somebody in (desk, keepers_desk, admin_client):
        assert not lacking & menu(somebody)


def test_who_writes_for_one_office_need_not_say_so(client: Client) -> None:
    vienna, hague = office("vienna", "Vienna"), office("hague", "The Hague")
    office("section", "Section", parent=vienna)
    person = get_user_model().objects.create_user("anna")
    Membership.objects.create(user=person, role=Role.CONTRIBUTOR, office=vienna)
    client.force_login(person)
    form = filled(client, "/desk/stories/add/?locale=en", headline="Court opens")
    assert form["offices"] == [str(vienna.pk)]
    client.post("/desk/stories/add/?locale=en", form, headers={"Accept": "application/json"})
    assert Story.objects.get().latest_revision.content["offices"] == [vienna.pk]
    Membership.objects.create(user=person, role=Role.EDITOR, office=hague)
    assert not filled(client, "/desk/stories/add/?locale=en").get("offices")


def test_people_are_given_roles_and_no_groups(keepers_desk: Client, client: Client) -> None:
    vienna = office("vienna", "Vienna")
    names = {"username": "eva", "email": "eva@example.org", "first_name": "Eva", "last_name": "D"}
    secret = {"password1": "a long pass phrase", "password2": "a long pass phrase"}
    given = {"role": "administrator", "office": vienna.pk, "is_superuser": "on"}
    refused = keepers_desk.post("/desk/users/new/", {**names, **secret, **given})
    assert "Administrators keep the whole newsroom" in refused.content.decode()
    keepers_desk.post("/desk/users/new/", {**names, **secret, **given, "role": "editor"})
    eva = get_user_model().objects.get(username="eva")
    assert [str(held) for held in eva.memberships.all()] == ["editor, Vienna"]
    assert not eva.is_superuser
    page = keepers_desk.get(f"/desk/users/edit/{eva.pk}/").content.decode()
    assert "editor, Vienna" in page
    assert 'name="groups"' not in page
    keepers_desk.post(f"/desk/users/edit/{eva.pk}/", {**names, "last_name": "E", "is_active": "on"})
    assert [group.name for group in eva.groups.all()] == [groups.NAMES[Role.EDITOR]]
    assert "editor, Vienna" in keepers_desk.get("/desk/users/").content.decode()
    eva.memberships.all().delete()
    signing = {"login": "eva", "password": secret["password1"]}
    answer = client.post("/desk/login/", signing, follow=True).content.decode()
    assert "You have no role here yet" in answer
    assert "Successfully signed in" not in answer


def test_the_groups_are_made_once_and_stay_as_they_were_left() -> None:
    officers = Group.objects.get(name=groups.NAMES[Role.EDITOR])
    officers.permissions.remove(Permission.objects.get(codename="add_contact"))
    groups.create()
    assert not officers.permissions.filter(codename="add_contact").exists()
    assert Group.objects.filter(name=groups.NAMES[Role.EDITOR]).count() == 1
    assert not Group.objects.filter(name="Moderators").exists()


def test_the_groups_are_complete_again_when_made_anew() -> None:
    before = {
        group.name: set(group.permissions.values_list("codename", flat=True))
        for group in Group.objects.all()
    }
    Group.objects.all().delete()
    groups.create()
    after = {
        group.name: set(group.permissions.values_list("codename", flat=True))
        for group in Group.objects.all()
    }
    assert after == before


def test_a_picture_is_described_and_credited(desk: Client, picture: Picture) -> None:
    page = desk.get(f"/desk/images/{picture.pk}/").content.decode()
    for field in ("description", "credit", "licence"):
        assert f'name="{field}"' in page
    assert "screen readers" in page


@pytest.mark.parametrize("language", settings.NEWSROOM.interface_languages)
def test_the_desk_speaks_every_language_of_the_newsroom(
    desk: Client, officer: Any, language: str
) -> None:
    from wagtail.users.models import UserProfile

    profile = UserProfile.get_for_user(officer)
    profile.preferred_language = language
    profile.save()
    page = desk.get("/desk/stories/add/").content.decode()
    assert f'lang="{language}"' in page


def test_everybody_reads_the_newsrooms_clock(desk: Client) -> None:
    page = desk.get("/desk/account/").content.decode()
    assert "current_time_zone" not in page


@pytest.mark.parametrize(
    ("role", "offers"), [(Role.CONTRIBUTOR, set()), (Role.EDITOR, {"new", "own"})]
)
def test_the_button_to_publish_is_for_those_who_may(
    client: Client, role: Role, offers: set[str]
) -> None:
    """An editor of Vienna alone cannot publish what stands under Tirana as well."""
    vienna, tirana = office("vienna"), office("tirana")
    person = get_user_model().objects.create_user("writer")
    Membership.objects.create(user=person, role=role, office=vienna)
    client.force_login(person)
    pages = {
        "new": "/desk/stories/add/",
        "own": f"/desk/stories/edit/{draft('Own', offices=[vienna]).pk}/",
        "shared": f"/desk/stories/edit/{draft('Shared', offices=[vienna, tirana]).pk}/",
    }
    answers = {name: client.get(address).content.decode() for name, address in pages.items()}
    assert all('name="headline"' in answer for answer in answers.values())
    assert {name for name, text in answers.items() if 'name="action-publish"' in text} == offers
