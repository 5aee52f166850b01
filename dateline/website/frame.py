"""What surrounds every page: the newsroom's name, its sections, its languages, its footer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext, pgettext

from dateline.archive import facets, sentence
from dateline.lib import languages, newsroom
from dateline.website import negotiation
from dateline.website.views import appearance


@dataclass(frozen=True)
class Link:
    """A link of the frame; `current` is "page", "true" or "" as `aria-current` has it."""

    label: str
    path: str
    current: str = ""
    language: str = ""
    direction: str = ""


def frame(request: HttpRequest, language: str, context: Mapping[str, Any]) -> dict[str, Any]:
    """The context every page shares. Reads `alternates` and `section` of the page's own context."""
    room = settings.NEWSROOM
    interface = negotiation.interface(language)
    return {
        "language": language,
        "interface": interface,
        "direction": languages.direction(interface),
        "content_direction": languages.direction(language),
        "newsroom": newsroom.say(room.name, language),
        "organisation": newsroom.say(room.organisation, language),
        "footer": newsroom.say(room.footer, language),
        "contact_email": room.contact_email,
        "list_name": sentence.heading(language),
        "news": f"/{language}/news",
        "labels": {facet: facets.label(facet, language) for facet in facets.VOCABULARIES},
        "origin": settings.ORIGIN,
        "path": request.path,
        "theme": appearance.theme_path(),
        "logo": appearance.logo_path(),
        "languages": _languages(language, context.get("alternates", {})),
        "sections": _sections(language, context.get("section", "")),
    }


def _languages(language: str, alternates: Mapping[str, str]) -> list[Link]:
    """The language switch: the same page where it exists in a language, else that front page."""
    return [
        Link(
            languages.endonym(tag),
            alternates.get(tag, f"/{tag}/"),
            "true" if tag == language else "",
            tag,
            languages.direction(tag),
        )
        for tag in settings.NEWSROOM.languages
    ]


def _sections(language: str, section: str) -> list[Link]:
    named = {
        "news": pgettext("section of the site", "News"),
        "offices": facets.label("office", language),
        "topics": facets.label("topic", language),
        "about": gettext("About"),
    }
    return [
        Link(label, f"/{language}/{name}", "page" if name == section else "")
        for name, label in named.items()
    ]
