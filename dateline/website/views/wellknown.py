"""Addresses that programs look for by themselves: a search box's description, security.txt."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote
from xml.etree import ElementTree as ET

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dateline.archive import endings, sentence
from dateline.archive.caching import EVERYTHING
from dateline.formats.xml import add, document
from dateline.lib import newsroom
from dateline.website.responses import cacheable

OPENSEARCH = "application/opensearchdescription+xml"
SHORT = 16
"""Characters a search engine's name may have (OpenSearch 1.1, "ShortName")."""


@require_safe
def opensearch(request: HttpRequest, language: str) -> HttpResponse:
    """How browsers and readers search the archive (OpenSearch 1.1 draft 6): a page or a feed."""
    name = newsroom.say(settings.NEWSROOM.name, language)
    root = ET.Element("OpenSearchDescription", {"xmlns": "http://a9.com/-/spec/opensearch/1.1/"})
    add(root, "ShortName", name[:SHORT].strip())
    add(root, "LongName", name[:48].strip())
    add(root, "Description", f"{sentence.heading(language)} – {name}")
    add(root, "Language", language)
    add(root, "InputEncoding", "UTF-8")
    feeds = [(f".{ending.suffix}", ending.media_type) for ending in endings.every() if ending.feed]
    for suffix, media_type in [("", "text/html"), *feeds]:
        url = ET.SubElement(root, "Url", {"type": media_type})
        url.set("template", f"{settings.ORIGIN}/{language}/news{suffix}?keywords={{searchTerms}}")
    response = HttpResponse(document(root), content_type=f"{OPENSEARCH}; charset=utf-8")
    return cacheable(request, response, [EVERYTHING])


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a hole (RFC 9116); 404 where the newsroom names nobody."""
    contact = settings.NEWSROOM.security_contact or settings.NEWSROOM.contact_email
    if not contact:
        raise Http404(_("This newsroom names no contact."))
    expires = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=90)
    address = contact if ":" in contact else "mailto:" + quote(contact, safe="@+")
    lines = [
        f"Contact: {address}",
        f"Expires: {expires.isoformat()}",
        f"Preferred-Languages: {', '.join(settings.NEWSROOM.interface_languages)}",
        f"Canonical: {settings.ORIGIN}/.well-known/security.txt",
    ]
    response = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    return cacheable(request, response, [EVERYTHING])
