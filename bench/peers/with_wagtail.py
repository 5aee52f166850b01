"""Wagtail's own search in the database: what a newsroom on plain Wagtail has.

Its search is the package modelsearch, here on SQLite (FTS5), with fields to search, to complete
and to filter by, and its `facet` for the counts. It is measured up to 25,000 stories only. Its
autocompletion takes each word as a beginning, so typing is left out; its phrases run across the
end of the headline and of the summary, so they are timed but not compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from importlib.metadata import version
from itertools import islice
from typing import Any

from bench.peers.base import Answer, Peer, bases, year
from bench.synthetic import KINDS, PAGE, Question
from dateline.archive.engines.base import Document

_FIELD = {"office": "offices", "topic": "topics"}


class Wagtail(Peer):
    """A Django of its own over one SQLite file; no other Django can be in the process."""

    name = "Wagtail search"
    kinds = frozenset(KINDS) - {"typing"}
    loose = frozenset({"phrase"})
    most = 25_000

    @classmethod
    def version(cls) -> str:
        return version("wagtail")

    def build(self, documents: Iterable[Document]) -> None:
        self._set_up()
        models = _models()
        from django.core.management import call_command
        from django.db import connection, transaction
        from modelsearch.backends import get_search_backend

        connection.cursor().execute("PRAGMA journal_mode=WAL")
        call_command("migrate", run_syncdb=True, verbosity=0)
        terms: dict[tuple[str, str], int] = {}
        source = iter(documents)
        backend = get_search_backend()
        rebuilder = backend.rebuilder_class(backend.get_index_for_model(models.Story))
        index = rebuilder.start()
        index.add_model(models.Story)
        while batch := list(islice(source, 1000)):
            with transaction.atomic():
                index.add_items(models.Story, _insert(batch, terms))
        rebuilder.finish()
        connection.cursor().execute("ANALYZE")
        connection.close()

    def open(self) -> None:
        self._set_up()
        models = _models()
        from django.db import connection
        from modelsearch.backends import get_search_backend

        self._stories, self._backend = models.Story.objects, get_search_backend()
        connection.cursor().execute("PRAGMA mmap_size=16000000000")
        connection.cursor().execute("PRAGMA cache_size=-256000")
        self._terms = {(one.facet, one.value): one.pk for one in models.Term.objects.all()}
        self._values = {one.pk: one.value for one in models.Term.objects.all()}

    def answer(self, question: Question) -> Answer:
        counts: dict[str, dict[str, int]] = {}
        for at, (selections, facets) in enumerate(bases(question)):
            found = self._found(question, selections)
            for facet in [*facets, "year"] if at == 0 else facets:
                told = found.facet(_FIELD.get(facet, facet))
                counts[facet] = {self._name(facet, value): told[value] for value in told}
        found = self._found(question, question.selections)
        page = found[question.offset : question.offset + PAGE]
        return Answer(tuple(one.pk for one in page), found.count(), counts)

    def _found(self, question: Question, selections: Mapping[str, tuple[str, ...]]) -> Any:
        from modelsearch.query import MATCH_ALL, And, Phrase, PlainText

        stories = self._stories.order_by("-instant")
        for facet, values in selections.items():
            if facet in _FIELD:
                chosen = [self._terms.get((facet, value), 0) for value in values]
                links = getattr(self._stories.model, _FIELD[facet]).through.objects
                stories = stories.filter(pk__in=links.filter(term_id__in=chosen).values("story_id"))
            else:
                stories = stories.filter(**{f"{facet}__in": values})
        if question.prefix:
            return self._backend.autocomplete(question.prefix, stories, order_by_relevance=False)
        asked: list[Any] = [PlainText(" ".join(question.words))] if question.words else []
        if question.phrase:
            asked.append(Phrase(" ".join(question.phrase)))
        query = And(asked) if len(asked) > 1 else asked[0] if asked else MATCH_ALL
        return self._backend.search(query, stories, order_by_relevance=question.ranked)

    def _name(self, facet: str, value: Any) -> str:
        return self._values.get(value, "") if facet in _FIELD else str(value)

    def _set_up(self) -> None:
        import django
        from django.conf import settings

        if settings.configured:  # built and opened in one process
            return
        settings.configure(
            DATABASES={
                "default": {
                    "ENGINE": "django.db.backends.sqlite3",
                    "NAME": str(self.folder / "stories.sqlite3"),
                }
            },
            INSTALLED_APPS=[
                "django.contrib.contenttypes", "modelsearch", "bench.peers.wagtail_app",
            ],
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
            MODELSEARCH_BACKENDS={
                "default": {"BACKEND": "modelsearch.backends.database", "AUTO_UPDATE": False}
            },
        )  # fmt: skip
        django.setup()


def _models() -> Any:
    """The app's models; they can be imported only once Django is set up."""
    return import_module("bench.peers.wagtail_app.models")


def _insert(batch: list[Document], terms: dict[tuple[str, str], int]) -> list[Any]:
    models = _models()
    stories = models.Story.objects.bulk_create(
        models.Story(
            pk=one.id,
            instant=one.instant,
            year=year(one.instant),
            language=one.language,
            genre=next(iter(one.facets.get("genre", ())), ""),
            headline=one.headline,
            summary=one.summary,
            body=one.body,
        )
        for one in batch
    )
    for facet, field in _FIELD.items():
        links = getattr(models.Story, field).through
        rows = []
        for one in batch:
            for value in one.facets.get(facet, ()):
                if (facet, value) not in terms:
                    made = models.Term.objects.create(facet=facet, value=value)
                    terms[facet, value] = made.pk
                rows.append(links(story_id=one.id, term_id=terms[facet, value]))
        links.objects.bulk_create(rows)
    return list(stories)
