"""Writing a batch: one transaction, in bulk, without drafts, signals or search records.

Everything is prepared before the transaction begins, so that the desk and the worker wait for no
more than the writing itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from wagtail.models import Locale

from dateline.importing import identity
from dateline.importing.match import Decision, Known, decide
from dateline.importing.report import Report
from dateline.importing.terms import Terms
from dateline.importing.texts import Text
from dateline.lib import slugs
from dateline.publishing import bulk, numbers, outbox, versions
from dateline.publishing.models import Due, Kind, Version
from dateline.stories.models import State, Story
from dateline.stories.ports import day_start

_LOCK = 0x496D706F
"""On PostgreSQL one import writes at a time; SQLite has one writer anyway."""

_NO_PARTS: Mapping[str, list[Any]] = {
    "pictures": [],
    "documents": [],
    "contacts": [],
    "related": [],
}


def store(source: str, texts: Sequence[Text], terms: Terms, report: Report) -> Decision:
    """Bring texts into the store, all or none; returns what was done with each.

    The store is compared again inside the transaction: another import or the desk may have been
    faster since.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        decision = decide(source, texts)
        if decision.writes:
            terms.refresh()
            changed = terms.learn(decision.writes, write=True)
            batch = _Batch(source, terms, report, timezone.now())
            batch.create(decision.create)
            batch.update(decision.update)
            batch.announce(vocabulary=changed)
    return decision


@dataclass(slots=True)
class _Batch:
    source: str
    terms: Terms
    report: Report
    now: datetime
    versions: list[dict[str, Any]] = field(default_factory=list)
    links: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {"office": [], "topic": []}
    )
    due: list[Due] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)

    def create(self, texts: Sequence[Text]) -> None:
        """Add new stories with their number, terms and first version."""
        if not texts:
            return
        places = _Places(self.source, texts)
        self.report.alone += places.alone
        rows = [self._row(text, places) for text in texts]
        bulk.insert(Story, rows)
        pks = _pks(self.source, texts)
        for text, row in zip(texts, rows, strict=True):
            pk = pks[text.external_id]
            kind = Kind.UNPUBLICATION if text.withdrawn else Kind.PUBLICATION
            self._record(pk, row, text, kind, 1, _NO_PARTS)
            if not text.withdrawn:
                self._let_appear(pk, row["visible_from"], was_public=False)

    def update(self, pairs: Sequence[tuple[Text, Known]]) -> None:
        """Change stories whose source changed; number and translations stay their own."""
        if not pairs:
            return
        pks = [known.pk for _, known in pairs]
        for facet in self.links:
            _through(facet).objects.filter(story_id__in=pks).delete()
        Due.objects.filter(story_id__in=pks).delete()
        last = _last_versions(pks)
        for text, known in pairs:
            self._change(text, known, last.get(known.pk))

    def announce(self, *, vocabulary: bool) -> None:
        """Write what belongs to the stories, and the outbox last."""
        bulk.insert(Version, self.versions)
        for facet, rows in self.links.items():
            bulk.insert(_through(facet), rows)
        Due.objects.bulk_create(self.due)
        outbox.append(self.withdrawn, withdraws=True)
        outbox.append(self.changed, vocabulary=vocabulary)

    def _row(self, text: Text, places: _Places) -> dict[str, Any]:
        key, number = places.of(text)
        published = None if text.withdrawn else self.now
        return {
            "translation_key": key,
            "locale_id": places.locale(text.language),
            "number": number,
            "source": self.source,
            "external_id": text.external_id,
            "first_published_at": published,
            "last_published_at": published,
            **self._columns(text),
        }

    def _columns(self, text: Text) -> dict[str, Any]:
        """What the source says of a story, by the store's columns."""
        public = not text.withdrawn
        local = timezone.localtime(text.published_at).time() if text.published_at else None
        genre = self.terms.ids(text, "genre")
        return {
            "state": State.PUBLISHED.value if public else State.UNPUBLISHED.value,
            "live": public,
            "slug": slugs.slug(text.headline),
            "published_on": text.published_on,
            "published_at": text.published_at,
            "given_date": text.published_on,
            "given_time": local,
            "updated_at": text.updated_at,
            "visible_from": text.published_at or day_start(text.published_on),
            "source_url": text.url,
            "source_fingerprint": text.fingerprint,
            "headline": text.headline,
            "summary": text.summary,
            "body": text.body,
            "dateline": text.dateline,
            "byline": text.byline,
            "location": text.location,
            "translation_note": "",
            "notes_to_editors": "",
            "boilerplate": False,
            "genre_id": genre[0] if genre else None,
        }

    def _change(self, text: Text, known: Known, last: Version | None) -> None:
        columns = self._columns(text)
        was_public, is_public = known.state == State.PUBLISHED, not text.withdrawn
        if was_public and is_public:
            columns["updated_at"] = text.updated_at or self.now
        Story.objects.filter(pk=known.pk).update(**columns)
        parts = {name: versions.read(last)[name] for name in _NO_PARTS} if last else _NO_PARTS
        kind, number = _kind(was_public, is_public), last.number + 1 if last else 1
        self._record(known.pk, columns, text, kind, number, parts)
        if is_public:
            self._let_appear(known.pk, columns["visible_from"], was_public=was_public)
        else:
            self.withdrawn.append(known.pk)

    def _record(
        self,
        pk: int,
        columns: Mapping[str, Any],
        text: Text,
        kind: Kind,
        number: int,
        parts: Mapping[str, Any],
    ) -> None:
        """Note a story's terms and version, to be written with the batch."""
        terms = {facet: self.terms.ids(text, facet) for facet in self.links}
        for facet, ids in terms.items():
            self.links[facet] += [{"story_id": pk, f"{facet}_id": term} for term in ids]
        self.versions.append(
            {
                "story_id": pk,
                "number": number,
                "kind": kind.value,
                "at": self.now,
                "content": versions.content(columns, terms["office"], terms["topic"], parts),
            }
        )

    def _let_appear(self, pk: int, at: datetime, *, was_public: bool) -> None:
        """Announce a story, now or when its moment comes."""
        ahead = at > self.now
        if ahead:
            self.due.append(Due(story_id=pk, at=at))
        (self.withdrawn if ahead and was_public else self.changed).append(pk)


class _Places:
    """Where new texts belong: the release they share a number with, if it is known already."""

    def __init__(self, source: str, texts: Sequence[Text]) -> None:
        self.alone = 0
        self._source = source
        self._locales = _locales({text.language for text in texts})
        self._numbers: dict[UUID, int] = {}
        self._taken: set[tuple[UUID, int]] = set()
        rows = Story.objects.filter(translation_key__in={text.translation_key for text in texts})
        for key, locale, number in rows.values_list("translation_key", "locale_id", "number"):
            self._taken.add((key, locale))
            if number is not None:
                self._numbers[key] = number
        keys = [self._key(text) for text in texts]
        new = [key for key in dict.fromkeys(keys) if key not in self._numbers]
        self._numbers.update(zip(new, numbers.draw(len(new)) if new else (), strict=True))
        self._keys = dict(zip((text.external_id for text in texts), keys, strict=True))

    def of(self, text: Text) -> tuple[UUID, int]:
        """The text's translation key and number."""
        key = self._keys[text.external_id]
        return key, self._numbers[key]

    def locale(self, language: str) -> int:
        """The key of a language's Locale."""
        return self._locales[language]

    def _key(self, text: Text) -> UUID:
        key = text.translation_key
        if (key, self._locales[text.language]) in self._taken:
            self.alone += 1
            key = identity.alone(self._source, text.external_id, text.language)
        self._taken.add((key, self._locales[text.language]))
        return key


def _locales(languages: Iterable[str]) -> dict[str, int]:
    """Language → Locale; one added to the newsroom file since the last migration gets its row."""
    known = dict(Locale.all_objects.values_list("language_code", "pk"))
    for language in languages:
        if language not in known:
            known[language] = Locale.all_objects.create(language_code=language).pk
    return known


def _pks(source: str, texts: Sequence[Text]) -> dict[str, int]:
    """External id → key of the stories just inserted."""
    names = [text.external_id for text in texts]
    rows = Story.objects.filter(source=source, external_id__in=names).exclude(source="")
    return dict(rows.values_list("external_id", "pk"))


def _last_versions(pks: list[int]) -> dict[int, Version]:
    rows = Version.objects.filter(story_id__in=pks).order_by("number")
    return {version.story_id: version for version in rows}


def _kind(was_public: bool, is_public: bool) -> Kind:
    if not is_public:
        return Kind.UNPUBLICATION
    return Kind.UPDATE if was_public else Kind.PUBLICATION


def _through(facet: str) -> Any:
    return getattr(Story, f"{facet}s").through
