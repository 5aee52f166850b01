"""The body's way between the store's clean HTML and the desk's rich-text editor."""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from typing import Any

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from draftjs_exporter.dom import DOM
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.admin.rich_text.converters.html_to_contentstate import ExternalLinkElementHandler
from wagtail.admin.rich_text.editors.draftail import features as draftail
from wagtail.whitelist import check_url

from dateline.lib import html
from dateline.stories.models import Story

_SPACE = re.compile(r"\s+")
_VOID = re.compile(r"<(br|hr)>")
_ALIKE = re.compile(r"<(/?)(strong|em)>")


def survives(body: str) -> bool:
    """Whether the editor gives this HTML back as it got it.

    Imported bodies may hold tables, figures or nested quotations, which the editor would drop
    without a word. Such a body is edited as HTML instead.
    """
    try:
        converter = _converter()
        back = converter.to_database_format(converter.from_database_format(for_editor(body)))
    except Exception:  # Wagtail's parser asserts its way through HTML that is not its own.
        logging.getLogger(__name__).debug("the editor cannot read a body", exc_info=True)
        return False
    return _canonical(back) == _canonical(body)


def for_editor(body: str) -> str:
    """Clean HTML as Wagtail's parser reads it: it waits for the end of a `<br>` for ever."""
    return _VOID.sub(r"<\1/>", body)


def _canonical(body: str) -> str:
    alike = _ALIKE.sub(lambda tag: f"<{tag[1]}{'b' if tag[2] == 'strong' else 'i'}>", body)
    return _SPACE.sub(" ", html.clean(alike)).replace("> <", "><").strip()


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
    features.register_editor_plugin("draftail", "link", plugin)
    features.register_converter_rule(
        "contentstate",
        "link",
        {
            "from_database_format": {"a[href]": ExternalLinkElementHandler("LINK")},
            "to_database_format": {"entity_decorators": {"LINK": _link}},
        },
    )


def _link(props: dict[str, Any]) -> Any:
    return DOM.create_element("a", {"href": check_url(props.get("url"))}, props["children"])
