"""The pipeline: look through the input once, then bring it in batch by batch.

read (`formats`) → check and date (`texts`) → tell apart (`identity`) → compare (`match`) → clean
(`texts.cleaned`) → store. A batch is one transaction; one that was stored is recognised as
unchanged the next time, which is all that resuming takes.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.conf import settings

from dateline.formats.record import Record, Rejection
from dateline.importing import inputs
from dateline.importing.identity import Repeats
from dateline.importing.match import Decision, decide
from dateline.importing.options import Options, source_name
from dateline.importing.progress import Progress
from dateline.importing.reject import RejectedFile
from dateline.importing.report import Report
from dateline.importing.store import store
from dateline.importing.survey import Survey, Surveyor
from dateline.importing.terms import Terms
from dateline.importing.texts import Door, Text, Unusable, cleaned
from dateline.lib import languages
from dateline.lib.reading import Source, SourceError
from dateline.vocabularies import snapshot

_SHOWN_EVERY = 200


def run(address: str | Path, options: Options, progress: Progress) -> Report:
    """Import one input; see `dateline.importing.run`."""
    began = time.monotonic()
    report = Report(options.source or source_name(address), dry_run=options.dry_run)
    door = Door(report.source, _default_language(options))
    with inputs.opened(address, options.encoding) as source:
        report.format, read = inputs.reader(source, options, _names())
        survey = _survey(_shown(read(source), source, "looking", progress), door)
        again = source.again()
        records = _shown(read(again), again, "importing", progress)
        with RejectedFile(options.rejected) as rejected:
            _Import(door, survey, report, rejected, options).bring_in(records)
    report.seconds = time.monotonic() - began
    return report


def _survey(records: Iterable[Record | Rejection], door: Door) -> Survey:
    surveyor = Surveyor(door)
    for record in records:
        surveyor.look(record)
    return surveyor.finish()


@dataclass(slots=True)
class _Import:
    """The second reading, which writes."""

    door: Door
    survey: Survey
    report: Report
    rejected: RejectedFile
    options: Options

    def bring_in(self, records: Iterable[Record | Rejection]) -> None:
        """Store all records, a batch at a time, and count what became of them."""
        terms = Terms(self.survey.joins, self.report)
        terms.refresh()
        texts = self._texts(records)
        while batch := list(islice(texts, self.options.batch)):
            self._count(self._bring(batch, terms))
        for facet, joins in self.survey.joins.items():
            self.report.joined[facet] = joins.across_languages
            self.report.apart += joins.apart

    def _bring(self, batch: list[Text], terms: Terms) -> Decision:
        decision = decide(self.door.source, batch)
        if self.options.dry_run:
            terms.learn(decision.writes, write=False)
        elif decision.writes:
            # Cleaned before the transaction, which others wait for, and only what will be written.
            stored = store(
                self.door.source, [cleaned(text) for text in decision.writes], terms, self.report
            )
            stored.unchanged += decision.unchanged
            stored.kept += decision.kept
            return stored
        return decision

    def _count(self, decision: Decision) -> None:
        report = self.report
        report.created += len(decision.create)
        report.updated += len(decision.update)
        report.unchanged += decision.unchanged
        report.kept += len(decision.kept)

    def _texts(self, records: Iterable[Record | Rejection]) -> Iterator[Text]:
        """The records that are stories, told apart; the others are refused or superseded."""
        repeats = Repeats(self.survey.repeated)
        for record in records:
            self.report.records += 1
            text = self._enter(record)
            if text is None:
                continue
            at, of = repeats.occurrence(text.key)
            if text.has_id and at < of:
                self.report.superseded += 1
                continue
            self.report.without_id += not text.has_id
            self.report.cut += text.cut
            yield text if at == 1 or text.has_id else text.numbered(at)

    def _enter(self, record: Record | Rejection) -> Text | None:
        rejection = record if isinstance(record, Rejection) else None
        if isinstance(record, Record):
            try:
                return self.door.enter(record)
            except Unusable as error:
                rejection = error.rejection(record)
        if rejection is not None:
            self.report.reject(rejection.field, rejection.reason)
            self.rejected.write(rejection)
        return None


def _default_language(options: Options) -> str:
    if not options.language:
        return str(settings.NEWSROOM.languages[0])
    try:
        return languages.normalise(options.language)
    except ValueError as error:
        raise SourceError(str(error)) from error


def _names() -> list[str]:
    """All names known, so that one with a comma in it is not taken for two."""
    known = snapshot.current()
    return [
        name
        for facet in ("office", "topic")
        for t in known.terms(facet)
        for name in t.names.values()
    ]


def _shown(
    records: Iterable[Record | Rejection], source: Source, stage: str, progress: Progress
) -> Iterator[Record | Rejection]:
    """The records, with the progress told every so many of them and at the end."""
    number = 0
    for number, record in enumerate(records, start=1):
        yield record
        if number % _SHOWN_EVERY == 0:
            progress(stage, source.position, source.total, number)
    progress(stage, source.position, source.total, number)
