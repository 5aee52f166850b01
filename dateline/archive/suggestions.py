"""What else might have been meant by the words of a query: other spellings, and dates."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from dateline.archive import index, keywords, rows, search
from dateline.archive.analysis import LONGEST_TERM, RUN, Part, parts
from dateline.archive.engines.base import Engine, Search
from dateline.archive.keywords import Clause
from dateline.archive.query import Query
from dateline.lib import dates
from dateline.publishing import outbox
from dateline.vocabularies.snapshot import Snapshot

MOST_WORDS = 8
"""Words of one query that are looked up: each may cost a walk through the index's words."""
_SHORTEST = 3
"""Letters below which every word is like every other."""
_LONGEST_DATE = 4
"""Words of the longest date: "14 de marzo 2016"."""


@dataclass(frozen=True)
class Suggestion:
    """Another question, and how many stories it finds."""

    query: Query
    total: int


# --- did you mean -----------------------------------------------------------------------------
def respelled(query: Query, moment: datetime, snapshot: Snapshot) -> Suggestion | None:
    """The query with words that no story has replaced by the nearest ones that some story has.

    None unless that finds something with every other filter kept. The words come from the index
    less what was withdrawn, and are printed as the stories found print them: nothing is suggested
    that readers could not read.
    """
    engine = index.engine_knowing(snapshot)
    barred = outbox.withdrawn_after(engine.cursor())
    asked = Search(languages=query.languages, at=int(moment.timestamp()), barred=barred)
    speller = _Speller(engine, replace(asked, size=0, counted=False))
    typed = keywords.parse(query.keywords)
    better = tuple(speller.respelled(clause) for clause in typed)
    if better == typed:
        return None
    other = replace(query, keywords=keywords.write(better), page=1)
    found = search.find(other, moment, snapshot, counted=False)
    if not found.total:
        return None
    shown = rows.fetch(found.ids[:5], snapshot, moment)
    written = _as_written(speller.found, [f"{row.headline} {row.summary}" for row in shown])
    better = tuple(_rewritten(clause, written) for clause in better)
    return Suggestion(replace(other, keywords=keywords.write(better)), found.total)


class _Speller:
    """Corrects the words of clauses, a few of them, and remembers what it put in."""

    def __init__(self, engine: Engine, asked: Search) -> None:
        self._engine, self._asked = engine, asked
        self._left = MOST_WORDS
        self.found: dict[str, bool] = {}
        """Folded word put in → whether it was typed in small letters."""

    def respelled(self, clause: Clause) -> Clause:
        if clause.excluded or clause.kind == "prefix":
            return clause
        text = clause.text
        for part in reversed(list(_words(text))):
            if other := self._other(part, clause):
                self.found[other] = part.written.islower()
                text = text[: part.start] + other + text[part.end :]
        return replace(clause, text=text)

    def _other(self, part: Part, clause: Clause) -> str | None:
        self._left -= 1
        if self._left < 0:
            return None
        alone = replace(clause, text=part.written)
        if self._engine.search(replace(self._asked, clauses=(alone,))).total:
            return None
        asked = self._asked
        return self._engine.spelling(
            part.form, languages=asked.languages, at=asked.at, barred=asked.barred
        )


def _words(text: str) -> Iterator[Part]:
    """What has a spelling: words of letters that stand between spaces."""
    for run in RUN.finditer(text):
        for part in parts(run[0], run.start()):
            whole = run[0][part.start - run.start() : part.end - run.start()]
            if _SHORTEST <= len(part.form) < LONGEST_TERM and whole.isalpha():
                yield part


def _as_written(forms: dict[str, bool], texts: list[str]) -> dict[str, str]:
    """Each folded word as these texts write it, in small letters where it was typed in them."""
    written: dict[str, str] = {}
    for text in texts:
        for part in _words(text):
            if part.form in forms:
                small = part.written.lower() if forms[part.form] else part.written
                written.setdefault(part.form, small)
    return written


def _rewritten(clause: Clause, written: dict[str, str]) -> Clause:
    text = clause.text
    for part in reversed(list(_words(text))):
        if part.written in written:
            text = text[: part.start] + written[part.written] + text[part.end :]
    return replace(clause, text=text)


# --- dates among the words --------------------------------------------------------------------
def dated(query: Query, moment: datetime, snapshot: Snapshot, today: date) -> Suggestion | None:
    """The query with a date at the end of its words ("elections March 2016") as a filter.

    None unless that finds something, or where the query has dates already.
    """
    chosen = query.since or query.until or query.selected("year") or query.selected("month")
    words = query.keywords.split()
    if chosen or not any(map(str.isdecimal, query.keywords)):
        return None
    for size in range(min(_LONGEST_DATE, len(words)), 0, -1):
        if period := dates.named(" ".join(words[-size:]), query.language, today):
            other = _within(replace(query, keywords=" ".join(words[:-size]), page=1), *period)
            total = search.find(other, moment, snapshot, counted=False).total
            return Suggestion(other, total) if total else None
    return None


def _within(query: Query, first: date, last: date) -> Query:
    """A whole year or month as the facet's value, anything else as days."""
    if (first, last) == (date(first.year, 1, 1), date(first.year, 12, 31)):
        return query.with_("year", (str(first.year),))
    month_end = date(first.year, first.month, monthrange(first.year, first.month)[1])
    if first.day == 1 and last == month_end:
        return query.with_("month", (f"{first.year}-{first.month:02}",))
    return replace(query, since=first, until=last)
