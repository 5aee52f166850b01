"""Documents as OpenSearch is given them: tokens ready-made by `archive.analysis`.

OpenSearch has analysers for some thirty languages, but they would cut and stem words otherwise than
the embedded engine and the highlighting do, and the two engines' totals would part. So it splits at
spaces what was analysed here.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateline.archive import analysis
from dateline.archive.engines.base import Document

FIELDS = ("headline", "summary", "body")
BOOSTS = {"headline": 8, "summary": 3, "body": 1}
"""How much a word counts in each field, as in the embedded engine."""

_FIRST = datetime.min.replace(tzinfo=UTC) + timedelta(days=2)
_LAST = datetime.max.replace(tzinfo=UTC) - timedelta(days=2)


def source(document: Document, zone: ZoneInfo) -> dict[str, Any]:
    """A document as it is put in."""
    month = _month(document.instant, zone)
    found: dict[str, Any] = {
        "story": document.id,
        "number": document.number,
        "language": document.language,
        "instant": document.instant,
        "month": month,
        "year": month[:4],
        "expires": document.expires,
        "fingerprint": base64.b64encode(document.fingerprint()).decode(),
        "facets": {name: sorted(set(values)) for name, values in document.facets.items()},
    }
    gist: dict[str, None] = {}
    for name in FIELDS:
        forms, terms = _analysed(getattr(document, name), document.language)
        found[f"forms_{name}"] = " ".join(forms)
        found[f"terms_{name}"] = " ".join(terms)
        if name != "body":
            gist |= dict.fromkeys(forms)
    found["gist"] = " ".join(gist)
    return found


def _analysed(text: str, language: str) -> tuple[list[str], list[str]]:
    """A field's forms in their order, and everything it is found by: forms, stems, joined runs."""
    forms: list[str] = []
    terms: list[str] = []
    # In lower case, as the embedded engine reads it.
    for run in analysis.RUN.findall(text.lower()):
        for part in analysis.parts(run):
            forms.append(part.form)
            terms += [part.form, *_stem(part.written, language)]
        if whole := analysis.joined(run):
            terms += [analysis.fold(whole), *_stem(whole, language)]
    return forms, terms


def _stem(word: str, language: str) -> Iterator[str]:
    stem = analysis.stem_term(word, language)
    if stem is not None:
        yield stem


def _month(instant: int, zone: ZoneInfo) -> str:
    clamped = min(max(instant, int(_FIRST.timestamp())), int(_LAST.timestamp()))
    moment = datetime.fromtimestamp(clamped, zone)
    return f"{moment.year:04d}-{moment.month:02d}"
