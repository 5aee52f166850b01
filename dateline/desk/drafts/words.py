"""A text as a line of words to look through, and a question as what to look for in it.

Both are made by the archive's own analysis, so that a draft is found by what finds it as a public
text: in any case and writing, by other forms of its words, by phrases and beginnings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Q

from dateline.archive import keywords
from dateline.archive.analysis import RUN, Sought, fold, joined, parts, sought, stem_term


def stream(text: str, language: str) -> str:
    """The words' forms in order, then other terms they are found by, each between spaces."""
    forms = [part.form for run in RUN.findall(text) for part in parts(run)]
    others = dict.fromkeys(_others(text, language))
    return f" {' '.join(forms)} \n {' '.join(others)} "


def asked(typed: str, languages: Iterable[str]) -> Q:
    """What was typed as a question of fields `headline` and `text`; false if it says nothing."""
    tags = tuple(languages)
    question = Q()
    for clause in keywords.parse(typed):
        wanted = _any_of(sought(clause, tags), clause.field or "text")
        question &= ~wanted if clause.excluded else wanted
    return question


def _any_of(wanted: Sought, field: str) -> Q:
    end = "" if wanted.opened else " "
    lines = [f" {' '.join(wanted.sequence)}{end}"] if wanted.sequence else []
    lines += [f" {term} " for term in wanted.instead]
    question = Q()
    for line in lines:
        question |= Q(**{f"{field}__contains": line})
    return question


def _others(text: str, language: str) -> Iterator[str]:
    for run in set(RUN.findall(text)):
        whole = joined(run)
        if whole:
            yield fold(whole)
        for written in (*(part.written for part in parts(run)), whole):
            if written and (stem := stem_term(written, language)):
                yield stem
