"""Queries as they are kept: canonical, by the ids of terms, and once however many follow them.

A term's slug may be changed, and a term may be succeeded by another. The id stays, and successors
join what they succeed (`carry_along`), and a merged term gives way to the one it became, so that
nobody who follows an office has to follow it anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.db.models import Count

from dateline.alerts.models import Key, Question, Subscription
from dateline.archive import candidates, facets, percolate
from dateline.archive.facets import VOCABULARIES
from dateline.archive.query import FACETS, Query
from dateline.vocabularies.snapshot import Snapshot

GONE = "–"
"""What stands for the slug of a term that was deleted: no story has it."""

_AT_ONCE = 800
"""Values in one statement: SQLite takes some thousands."""


def plain(query: Query, languages: Iterable[str]) -> Query:
    """The question itself in these languages, the first being the list's own."""
    tongues = tuple(languages)
    chosen = dict(query.selections) | {"language": tongues if len(tongues) > 1 else ()}
    return Query(
        language=tongues[0],
        keywords=query.keywords,
        selections=tuple(chosen.items()),
        since=query.since,
        until=query.until,
        predecessors=query.predecessors,
    )


def write(query: Query, snapshot: Snapshot) -> str:
    """A query's text as it is kept; its terms must exist."""
    return urlencode([(name, _id(name, value, snapshot)) for name, value in query.parameters()])


def _id(name: str, value: str, snapshot: Snapshot) -> str:
    term = snapshot.term(name, value) if name in VOCABULARIES else None
    return str(term.id) if term else value


def read(language: str, text: str, snapshot: Snapshot) -> Query:
    """The query that was kept, as it is written today."""
    pairs = parse_qsl(text)
    single = dict(pairs)
    return Query(
        language=language,
        keywords=single.get("keywords", ""),
        selections=tuple(
            (facet, tuple(_slug(facet, value, snapshot) for name, value in pairs if name == facet))
            for facet in FACETS
        ),
        since=date.fromisoformat(single["from"]) if "from" in single else None,
        until=date.fromisoformat(single["to"]) if "to" in single else None,
        predecessors="predecessors" in single,
    )


def _slug(facet: str, value: str, snapshot: Snapshot) -> str:
    if facet not in VOCABULARIES or value == GONE:
        return value
    term = snapshot.by_id[facet].get(int(value))
    return term.slug if term else GONE


def keep(query: Query, snapshot: Snapshot) -> Question:
    """The question's row, made with its keys if nobody asked it yet. Within a transaction."""
    text = write(query, snapshot)
    question, new = Question.objects.get_or_create(
        digest=_digest(query.language, text), defaults={"language": query.language, "text": text}
    )
    if new:
        _keep_keys(question, query, snapshot)
    return question


def _digest(language: str, text: str) -> str:
    """What tells questions apart: their text is longer than an index takes."""
    return hashlib.blake2b(f"{language} {text}".encode(), digest_size=16).hexdigest()


def _keep_keys(question: Question, query: Query, snapshot: Snapshot) -> None:
    groups = percolate.keeping(query, snapshot)
    counted = Key.objects.filter(key__in=frozenset().union(*groups)).values_list("key")
    asked = dict(counted.annotate(Count("pk")))
    chosen = candidates.rarest(groups, asked)
    Key.objects.bulk_create(Key(question=question, key=key) for key in chosen)


def kept_by(keys: Iterable[str]) -> list[Question]:
    """The questions that could find a story with these keys."""
    every = sorted(keys)
    found: set[int] = set()
    for start in range(0, len(every), _AT_ONCE):
        some = Key.objects.filter(key__in=every[start : start + _AT_ONCE])
        found.update(some.values_list("question_id", flat=True))
    questions: list[Question] = []
    ids = sorted(found)
    for start in range(0, len(ids), _AT_ONCE):
        questions += Question.objects.filter(pk__in=ids[start : start + _AT_ONCE])
    return questions


def forget_unasked() -> int:
    """Drop the questions nobody follows any more."""
    return Question.objects.filter(subscriptions__isnull=True).delete()[0]


# --- terms that are succeeded by others -------------------------------------------------------
def carry_along(snapshot: Snapshot) -> int:
    """Let who follows a term follow its successors too; returns how many questions changed."""
    if not _anything_follows(snapshot):
        return 0
    changed = 0
    for question in Question.objects.all().iterator():
        today = read(question.language, question.text, snapshot)
        wider = facets.carried_on(today, snapshot)
        if write(wider, snapshot) != question.text:
            _replace(question, wider, snapshot)
            changed += 1
    return changed


def _anything_follows(snapshot: Snapshot) -> bool:
    """Whether any term has successors, or gave way to another."""
    return any(
        term.successors or pk != term.id
        for facet in VOCABULARIES
        for pk, term in snapshot.by_id[facet].items()
    )


@transaction.atomic
def _replace(question: Question, query: Query, snapshot: Snapshot) -> None:
    """Change a question in place; followers of one that becomes another's equal go over to it."""
    text = write(query, snapshot)
    digest = _digest(question.language, text)
    other = Question.objects.filter(digest=digest).first()
    if other is None:
        question.text, question.digest = text, digest
        question.save()
        question.keys.all().delete()
        _keep_keys(question, query, snapshot)
        return
    doubled = Subscription.objects.filter(question=other).values("subscriber")
    question.subscriptions.exclude(subscriber__in=doubled).update(question=other)
    question.delete()
