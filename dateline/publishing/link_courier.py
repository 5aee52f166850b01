"""Asking other sites whether the links to them are dead, away from everything that must be quick.

A site learns that this newsroom's server asked for an address, and nothing of the text: no
Referer is sent, and redirects are followed by the same rules as everything fetched from outside.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from dateline.lib import fetch
from dateline.publishing import links
from dateline.publishing.models import OutsideLink

log = logging.getLogger(__name__)

AT_ONCE = 4
LOOKED_AT = 1000
"""Due links among which those of different hosts are chosen: half the oldest, half the newest, so
that no host with many holds up the others."""
LIMITS = fetch.Limits(seconds=15.0, silence=8.0)

allowed = fetch.public


def carry() -> bool:
    """Ask a few of the links that are due, one of each host; True when more are waiting."""
    if not settings.LINK_CHECKS:
        return False
    first: dict[str | None, OutsideLink] = {}
    due = OutsideLink.objects.filter(due=True)
    for order in ("pk", "-pk"):
        for link in due.order_by(order)[: LOOKED_AT // 2]:
            first.setdefault(urlsplit(link.url).hostname, link)
    chosen = list(first.values())[:AT_ONCE]
    if not chosen:
        return False
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(ask, [link.url for link in chosen]))
    now = timezone.now()
    for link, answer in zip(chosen, answers, strict=True):
        link.due, link.asked_at, link.answer = False, now, answer
    OutsideLink.objects.bulk_update(chosen, ["due", "asked_at", "answer"])
    return True


def ask(url: str) -> str:
    """How an address answers, as `OutsideLink.answer` has it. Touches no database."""
    headers = {"User-Agent": f"Dateline (+{settings.ORIGIN})"}
    try:
        return str(fetch.ask(url, headers, limits=LIMITS, allowed=allowed))
    except fetch.RefusedError:
        return links.NOT_ASKED
    except fetch.CertificateError:
        return links.UNTRUSTED
    except fetch.FetchError:
        return links.UNREACHABLE
    except Exception:  # one address must not keep all others from being asked
        log.exception("a link could not be asked")
        return links.UNREACHABLE
