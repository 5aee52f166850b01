"""People at the desk."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image
from wagtail.models import Page

from dateline.people.models import Membership, Role
from dateline.stories.models import Picture


def _person(name: str, role: Role) -> Any:
    person = get_user_model().objects.create_user(name, f"{name}@example.org", "a long pass phrase")
    Membership.objects.create(user=person, role=role)
    return person


@pytest.fixture
def officer(db: None) -> Any:
    """A press officer: chief editor of every office."""
    return _person("officer", Role.CHIEF_EDITOR)


@pytest.fixture
def keeper(db: None) -> Any:
    """An administrator."""
    return _person("keeper", Role.ADMINISTRATOR)


@pytest.fixture
def desk(officer: Any) -> Client:
    """The press officer's browser, signed in."""
    client = Client()
    client.force_login(officer)
    return client


@pytest.fixture
def keepers_desk(keeper: Any) -> Client:
    """The administrator's browser, signed in."""
    # Wagtail's reports ask for the root of its pages, which a flushed database has lost.
    if Page.get_first_root_node() is None:
        Page.add_root(title="Root", slug="root")
    client = Client()
    client.force_login(keeper)
    return client


@pytest.fixture
def picture(db: None) -> Picture:
    """A picture of the library."""
    file = BytesIO()
    Image.new("RGB", (4, 4), "navy").save(file, "PNG")
    return Picture.objects.create(
        title="Court", description="A court", file=ContentFile(file.getvalue(), "court.png")
    )
