"""A form of the desk as a browser would send it."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from django.test import Client


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
