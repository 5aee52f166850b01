"""Links to other sites: which ones a draft has, which of them are dead.

A draft that is saved makes its links due; a courier asks them (`link_courier`), so that no page
waits for another site. What is known of them is said by the checks before publishing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from wagtail.models import Revision

from dateline.publishing.models import OutsideLink
from dateline.stories import drafts
from dateline.stories.models import Story

FIELDS = ("body", "notes_to_editors")
MOST = 100
"""Links of one text that are asked."""
LONGEST = 2000
"""Bytes of an address: what every database can index."""
AGAIN = timedelta(days=1)
AGAIN_WHEN_DEAD = timedelta(minutes=10)
"""A saved draft has its links asked again after this time; sooner where one may be repaired."""
KEPT = timedelta(days=30)
"""What no saved draft has needed for this long is forgotten."""

UNREACHABLE = "unreachable"
UNTRUSTED = "certificate"
NOT_ASKED = "not asked"
"""Answers where there is no status; the last one for addresses that are not public."""

_LINK = re.compile(r'\shref="\s*(https?://[^"\s]+)\s*"', re.IGNORECASE)
_GONE = {"404", "410", UNREACHABLE, UNTRUSTED}


def outside(html: str) -> list[str]:
    """The addresses of other sites that cleaned HTML links to, each once, without fragments."""
    written = (unescape(found).partition("#")[0] for found in _LINK.findall(html))
    return list(dict.fromkeys(url for url in written if _is_outside(url)))


def is_dead(answer: str) -> bool:
    """Whether a reader would find nothing. Many sites let no robot in (401, 403, 429 and others):
    that says nothing."""
    return answer in _GONE or (len(answer) == 3 and answer.startswith("5"))


def broken(draft: Story) -> Iterator[tuple[str, OutsideLink]]:
    """The field and the link, for each link of a draft that is known to be dead. One query."""
    places = _places({name: getattr(draft, name) for name in FIELDS})
    if not places or not settings.LINK_CHECKS:
        return
    known = OutsideLink.objects.in_bulk({url for _field, url in places}, field_name="url")
    for field, url in places:
        if (link := known.get(url)) and is_dead(link.answer):
            yield field, link


def said(link: OutsideLink) -> str:
    """The sentence that tells an editor of a dead link."""
    if link.answer == UNREACHABLE:
        sentence = _("The site of %(url)s could not be reached (asked %(moment)s).")
    elif link.answer == UNTRUSTED:
        sentence = _("The site of %(url)s has no valid certificate (asked %(moment)s).")
    else:
        sentence = _("The link to %(url)s answers %(status)s (asked %(moment)s).")
    asked = date_format(timezone.localtime(link.asked_at), "SHORT_DATETIME_FORMAT")
    shown = Truncator(link.url).chars(100)
    return sentence % {"url": shown, "status": link.answer, "moment": asked}


def want(texts: dict[str, Any]) -> None:
    """Make the links of a text due that are unknown, or were asked too long ago."""
    urls = sorted({url for _field, url in _places(texts)})
    if not urls:
        return
    now = timezone.now()
    known = OutsideLink.objects.in_bulk(urls, field_name="url")
    old = [
        link.pk
        for link in known.values()
        if link.asked_at
        and not link.due
        and now - link.asked_at > (AGAIN_WHEN_DEAD if is_dead(link.answer) else AGAIN)
    ]
    if old:
        OutsideLink.objects.filter(pk__in=old).update(due=True)
    new = [OutsideLink(url=url) for url in urls if url not in known]
    OutsideLink.objects.bulk_create(new, ignore_conflicts=True)


def tidy() -> None:
    """Forget what no draft has needed for long, and everything where links are not asked.

    Whoever saves a text has its links asked again after a day: so those asked last before KEPT
    stand in nothing that was saved since.
    """
    links = OutsideLink.objects.all()
    if settings.LINK_CHECKS:
        links = links.filter(due=False, asked_at__lt=timezone.now() - KEPT)
    links.delete()


def connect() -> None:
    """Listen to every saved draft."""
    drafts.follow(_saved, "publishing.links")


def _saved(draft: Revision) -> None:
    if settings.LINK_CHECKS:
        want(draft.content)


def _places(texts: dict[str, Any]) -> list[tuple[str, str]]:
    """Field and address of a text's links."""
    return [(name, url) for name in FIELDS for url in outside(texts.get(name) or "")][:MOST]


def _is_outside(url: str) -> bool:
    if len(url.encode(errors="replace")) > LONGEST:
        return False
    try:
        host = urlsplit(url).netloc.lower()
    except ValueError:
        return False
    return bool(host) and host != urlsplit(settings.ORIGIN).netloc.lower()
