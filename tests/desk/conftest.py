"""People at the desk, and a form filled as the browser would fill it."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from dateline.desk import groups


def _person(name: str, group: str) -> Any:
    person = get_user_model().objects.create_user(name, f"{name}@example.org", "a long pass phrase")
    person.groups.add(Group.objects.get(name=group))
    return person


@pytest.fixture
def officer(db: None) -> Any:
    """A press officer."""
    return _person("officer", groups.PRESS_OFFICERS)


@pytest.fixture
def keeper(db: None) -> Any:
    """An administrator."""
    return _person("keeper", groups.ADMINISTRATORS)


@pytest.fixture
def desk(officer: Any) -> Client:
    """The press officer's browser, signed in."""
    client = Client()
    client.force_login(officer)
    return client


@pytest.fixture
def keepers_desk(keeper: Any) -> Client:
    """The administrator's browser, signed in."""
    client = Client()
    client.force_login(keeper)
    return client


def filled(client: Client, address: str, **values: Any) -> dict[str, Any]:
    """What a browser would send from the form at an address, with some fields changed."""
    page = BeautifulSoup(client.get(address).content, "html.parser")
    form = page.select_one("#w-editor-form") or page.select_one("main form[method]")
    assert form is not None, f"no form at {address}"
    data: dict[str, Any] = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        name, kind = str(field["name"]), field.get("type")
        if kind in {"checkbox", "radio"} and not field.has_attr("checked"):
            continue
        if field.name == "select":
            chosen = [str(option["value"]) for option in field.select("option[selected]")]
            data[name] = chosen if field.has_attr("multiple") else "".join(chosen[:1])
        elif field.name == "textarea":
            data[name] = field.text.removeprefix("\n")
        elif kind == "checkbox":
            data.setdefault(name, []).append(str(field.get("value", "on")))
        else:
            data[name] = str(field.get("value", ""))
    return {name: value for name, value in data.items() if "__prefix__" not in name} | values
