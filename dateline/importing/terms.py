"""Finding the terms that records name, and making those that are new."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

from dateline.importing.joins import Joined, Joins
from dateline.importing.report import Apart, Report
from dateline.importing.texts import Text, printed
from dateline.lib import slugs
from dateline.vocabularies import names, snapshot
from dateline.vocabularies.models import TERMS, Office
from dateline.vocabularies.snapshot import Snapshot

_MODELS: Mapping[str, Any] = {model.facet: model for model in TERMS}
_LONGEST_SLUG = 120


class Terms:
    """Printed names to term ids, for one import.

    A name is matched with every name a term has or had in any language. One that matches none is
    a new term, which takes the names that `joins` found in other languages; when one of *those*
    is known, the term is that one and gains the names it lacked.
    """

    def __init__(self, joins: Mapping[str, Joins], report: Report) -> None:
        self._joins = joins
        self._report = report
        self._stamp = -1
        self._found: dict[tuple[str, str, str], int] = {}
        self._index: dict[str, dict[str, int]] = {}
        self._slugs: dict[str, set[str]] = {}
        self._languages: dict[tuple[str, int], set[str]] = {}
        self._imagined = count(-1, -1)

    def refresh(self) -> None:
        """Look again at the vocabularies if anybody changed them since the last batch."""
        now = snapshot.current()
        if now.stamp == self._stamp:
            return
        self._stamp = now.stamp
        self._found.clear()
        self._index = {facet: names.index(now, facet) for facet in _MODELS}
        self._slugs = {facet: set(now.by_slug[facet]) for facet in _MODELS}
        self._languages = _languages(now)

    def ids(self, text: Text, facet: str) -> list[int]:
        """The terms a text names in a facet, in its order, each once; all must be known by now."""
        found = (self._known(facet, text.language, name) for name in printed(text, facet))
        return list(dict.fromkeys(pk for pk in found if pk is not None))

    def learn(self, texts: Iterable[Text], *, write: bool) -> bool:
        """Make the terms that `texts` name and nobody knows; says whether the store changed.

        Without `write` the terms are only imagined, so that a rehearsal can count them.
        """
        changed = False
        for text in texts:
            for facet in _MODELS:
                for name in printed(text, facet):
                    if self._known(facet, text.language, name) is None:
                        self._add(facet, text.language, name, write)
                        changed = write
        if changed:
            snapshot.touch()
        return changed

    def _known(self, facet: str, language: str, name: str) -> int | None:
        key = (facet, language, name)
        found = self._found.get(key)
        if found is None:
            found = self._index[facet].get(names.fold(names.read(name).name))
            if found is not None:
                self._found[key] = found
        return found

    def _add(self, facet: str, language: str, name: str, write: bool) -> None:
        read = names.read(name)
        alone = Joined({language: read.name}, read.closed)
        term = self._joins[facet].term(language, names.fold(read.name)) or alone
        index = self._index[facet]
        known = {index[key] for key in map(names.fold, term.names.values()) if key in index}
        if len(known) > 1:
            reason = "joined with names that are two terms here already"
            self._report.apart.append(Apart(facet, language, (read.name,), reason))
            term, known = alone, set()
        pk = known.pop() if known else self._create(facet, term, write)
        self._name(facet, pk, term, write)

    def _create(self, facet: str, term: Joined, write: bool) -> int:
        name = term.names.get("en") or next(iter(term.names.values()))
        self._report.terms.setdefault(facet, []).append(name)
        slug = self._slug(facet, name)
        if not write:
            return next(self._imagined)
        model = _MODELS[facet]
        state = {"closed": term.closed} if model is Office else {}
        # In bulk, because a signal for each term would record each as a change of its own.
        (made,) = model.objects.bulk_create([model(slug=slug, **state)])
        return int(made.pk)

    def _name(self, facet: str, pk: int, term: Joined, write: bool) -> None:
        """Give a term the names it lacks; where it has another today, it is found by both."""
        has = self._languages.setdefault((facet, pk), set())
        lacking = {tag: name for tag, name in term.names.items() if tag not in has}
        has.update(lacking)
        for name in term.names.values():
            self._index[facet].setdefault(names.fold(name), pk)
        if write:
            rows = _MODELS[facet]._meta.get_field("names").related_model
            rows.objects.bulk_create(
                [rows(term_id=pk, language=tag, name=name) for tag, name in lacking.items()]
            )

    def _slug(self, facet: str, name: str) -> str:
        wanted = slugs.slug(name, _LONGEST_SLUG - 6)
        taken = self._slugs[facet]
        numbered = (f"{wanted}-{number}" for number in count(2))
        slug = wanted if wanted not in taken else next(s for s in numbered if s not in taken)
        taken.add(slug)
        return slug


def _languages(now: Snapshot) -> dict[tuple[str, int], set[str]]:
    return {(facet, term.id): set(term.names) for facet in _MODELS for term in now.terms(facet)}
