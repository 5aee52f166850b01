"""The body's way between the store's clean HTML and the desk's rich-text editor."""

from __future__ import annotations

import json
import logging
import re
from functools import lru_cache
from html import escape, unescape
from typing import Any

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from draftjs_exporter.dom import DOM
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.admin.rich_text.converters.contentstate_models import Entity
from wagtail.admin.rich_text.converters.html_to_contentstate import (
    AtomicBlockEntityElementHandler,
    ExternalLinkElementHandler,
    LinkElementHandler,
)
from wagtail.admin.rich_text.editors.draftail import features as draftail
from wagtail.whitelist import check_url

from dateline.lib import html
from dateline.stories.models import Story

LONGEST = 300_000
"""Characters of a body that the editor is asked to show: with more it is too slow to use."""

_SPACE = re.compile(r"\s+")
_VOID = re.compile(r"<(br|hr)>")
_TABLE = re.compile(r"<table\b(?:(?!<table\b).)*?</table>", re.DOTALL)
_HELD = re.compile(r'<figure data-table="([^"]*)">\s*</figure>')
# A blank at the edge of a block shows nowhere, and is left behind by everybody who pauses typing.
_EDGES = "(?:p|li|h2|h3|h4|blockquote)"
_BEFORE = re.compile(rf"(<{_EDGES}(?: [^>]*)?>(?:<(?:b|i|a|sub|sup)\b[^>]*>)*) ")
_AFTER = re.compile(rf" ((?:</(?:b|i|a|sub|sup)>)*</{_EDGES}>)")
_ALIKE = re.compile(r"<(/?)(strong|em)>")


def survives(body: str) -> bool:
    """Whether the editor gives this HTML back as it got it.

    Imported bodies may hold figures or nested quotations, which the editor would drop without a
    word. Such a body is edited as HTML instead.
    """
    if len(body) > LONGEST:
        return False
    try:
        converter = _converter()
        back = from_editor(
            converter.to_database_format(converter.from_database_format(for_editor(body)))
        )
    except Exception:  # Wagtail's parser asserts its way through HTML that is not its own.
        logging.getLogger(__name__).debug("the editor cannot read a body", exc_info=True)
        return False
    return _canonical(back) == _canonical(body)


def is_editors(sent: str) -> bool:
    """Whether a form's field was sent by the editor, which sends its own JSON."""
    try:
        return "blocks" in json.loads(sent)
    except (ValueError, TypeError):
        return False


def for_editor(body: str) -> str:
    """Clean HTML as Wagtail's parser reads it.

    It waits for the end of a `<br>` for ever, and knows no tables: one is an attribute meanwhile.
    """
    held = _TABLE.sub(lambda table: f'<figure data-table="{escape(table[0])}"></figure>', body)
    return _VOID.sub(r"<\1/>", held)


def from_editor(body: str) -> str:
    """The editor's HTML clean, its tables as such again."""
    return html.clean(_HELD.sub(lambda held: unescape(held[1]), body))


def _canonical(body: str) -> str:
    alike = _ALIKE.sub(lambda tag: f"<{tag[1]}{'b' if tag[2] == 'strong' else 'i'}>", body)
    tidy = _SPACE.sub(" ", html.clean(alike)).replace("> <", "><").strip()
    return _AFTER.sub(r"\1", _BEFORE.sub(r"\1", tidy))


@lru_cache(maxsize=1)
def _converter() -> ContentstateConverter:
    return ContentstateConverter(features=Story._meta.get_field("body").features)


def register_links(features: Any) -> None:
    """Links go to addresses: there is no tree of pages to choose from."""
    outside = reverse_lazy("wagtailadmin_choose_page_external_link")
    choosers = {
        "pageChooser": outside,
        "externalLinkChooser": outside,
        "emailLinkChooser": reverse_lazy("wagtailadmin_choose_page_email_link"),
        "phoneLinkChooser": reverse_lazy("wagtailadmin_choose_page_phone_link"),
        "anchorLinkChooser": reverse_lazy("wagtailadmin_choose_page_anchor_link"),
    }
    control = {
        "type": "LINK",
        "icon": "link",
        "description": _("Link"),
        "attributes": ["url"],
        "allowlist": {"href": "^(http:|https:|mailto:|tel:|undefined$)"},
        "chooserUrls": choosers,
    }
    plugin = draftail.EntityFeature(control, js=["wagtailadmin/js/page-chooser-modal.js"])
    _register(features, "link", plugin, "a[href]", ExternalLinkElementHandler("LINK"), _link)


def register_parts(features: Any) -> None:
    """Places of pictures, links to documents, and tables: `stories.body` says how they are kept."""
    kinds: tuple[tuple[str, dict[str, Any], str, Any, Any], ...] = (
        (
            "picture",
            {"icon": "image", "description": _("Picture of this story"), "texts": _PICTURE_TEXTS},
            "figure[data-picture]",
            _PlaceHandler("PICTURE_PLACE", "data-picture", "id"),
            lambda props: DOM.create_element("figure", {"data-picture": props.get("id")}),
        ),
        (
            "table",
            {"icon": "table", "description": _("Table"), "texts": _TABLE_TEXTS},
            "figure[data-table]",
            _PlaceHandler("TABLE", "data-table", "html"),
            lambda props: DOM.create_element("figure", {"data-table": props.get("html")}),
        ),
        (
            "document",
            {"icon": "doc-full", "description": _("Document of this story"), "texts": _FILE_TEXTS},
            "a[data-document]",
            _DocumentHandler("DOCUMENT_LINK"),
            lambda props: DOM.create_element(
                "a", {"data-document": props.get("id")}, props["children"]
            ),
        ),
    )
    for name, control, selector, handler, write in kinds:
        control |= {"type": handler.entity_type}
        plugin = draftail.EntityFeature(control, js=["desk/body.js"])
        _register(features, name, plugin, selector, handler, write)


def _register(
    features: Any, name: str, plugin: Any, selector: str, handler: Any, write: Any
) -> None:
    features.register_editor_plugin("draftail", name, plugin)
    rule = {
        "from_database_format": {selector: handler},
        "to_database_format": {"entity_decorators": {handler.entity_type: write}},
    }
    features.register_converter_rule("contentstate", name, rule)


class _PlaceHandler(AtomicBlockEntityElementHandler):
    """An empty figure whose attribute says what belongs there."""

    def __init__(self, entity_type: str, attribute: str, name: str) -> None:
        self.entity_type, self.attribute, self.name = entity_type, attribute, name

    def create_entity(self, name: str, attrs: dict[str, Any], *_rest: Any) -> Entity:
        return Entity(self.entity_type, "IMMUTABLE", {self.name: attrs[self.attribute]})


class _DocumentHandler(LinkElementHandler):
    def get_attribute_data(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {"id": attrs["data-document"]}


_TEXTS = {
    "insert": _("Insert"),
    "cancel": _("Cancel"),
    "change": _("Change"),
    "remove": _("Remove from the text"),
}
_PICTURE_TEXTS = _TEXTS | {
    "none": _("The story has no pictures yet: add them under “Pictures and documents”."),
    "gone": _("This picture is not among the story's any more, and is not shown."),
}
_FILE_TEXTS = _TEXTS | {
    "none": _("The story has no documents yet: add them under “Pictures and documents”."),
}
_TABLE_TEXTS = _TEXTS | {
    "hint": _(
        "Type into the cells, or paste from a spreadsheet. "
        "Tab leads from cell to cell, Escape out of them."
    ),
    "caption": _("Caption"),
    "heading": _("The first row holds headings"),
    "rowAfter": _("Add row"),
    "rowAway": _("Remove row"),
    "columnAfter": _("Add column"),
    "columnAway": _("Remove column"),
}


def _link(props: dict[str, Any]) -> Any:
    return DOM.create_element("a", {"href": check_url(props.get("url"))}, props["children"])
