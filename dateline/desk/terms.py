"""Form fields for the vocabularies, labelled from the snapshot instead of a query for each term."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.html import format_html
from django.utils.translation import get_language, gettext

from dateline.vocabularies import snapshot
from dateline.vocabularies.models import Genre, Office, Topic
from dateline.vocabularies.snapshot import Snapshot, TermInfo

INDENT = "\N{NO-BREAK SPACE}" * 4


def label(term: TermInfo) -> str:
    """A term's name in the desk's language; a closed one says so."""
    name = term.label(get_language() or "en")
    return gettext("%(name)s (closed)") % {"name": name} if term.closed else name


def labels(facet: str) -> dict[int, str]:
    """Term id → label, for tables."""
    return {term.id: label(term) for term in snapshot.current().terms(facet)}


def ordered(
    terms: Snapshot, facet: str, offered: frozenset[int] | None = None
) -> list[tuple[TermInfo, int]]:
    """Every term, or those `offered`, with its depth below the others.

    The open ones by name, parents before their parts, closed last.
    """
    found: list[tuple[TermInfo, int]] = []

    def walk(level: list[TermInfo], depth: int) -> None:
        for term in sorted(level, key=lambda each: (each.closed, label(each).casefold())):
            shown = offered is None or term.id in offered
            if shown:
                found.append((term, depth))
            walk(terms.children(term), depth + shown)

    walk([term for term in terms.terms(facet) if term.parent is None], 0)
    return found


def choices(facet: str, offered: frozenset[int] | None = None) -> list[tuple[int, str]]:
    """(id, label) of the terms, or of those `offered`, indented by blanks: selects have no more."""
    found = ordered(snapshot.current(), facet, offered)
    return [(term.id, INDENT * depth + label(term)) for term, depth in found]


class _Choices(ModelChoiceIterator):  # type: ignore[type-arg]
    """(id, label) of every term of the field's vocabulary, with the empty choice if it has one."""

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        if self.field.empty_label is not None:
            yield ("", str(self.field.empty_label))
        offered = getattr(self.field, "offered", None)
        for term, depth in ordered(snapshot.current(), self.queryset.model.facet, offered):
            yield (term.id, self.indented(label(term), depth))

    @staticmethod
    def indented(name: str, depth: int) -> str:
        return INDENT * depth + name


class _Boxes(_Choices):
    """The same as boxes to tick, which the stylesheet indents: lines that wrap as well."""

    @staticmethod
    def indented(name: str, depth: int) -> str:
        return format_html('<span data-depth="{}">{}</span>', depth, name)


class TermField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One term of a vocabulary; of all of them, or of those `offered`."""

    iterator = _Choices
    offered: frozenset[int] | None = None

    def __init__(self, model: type[Genre | Office | Topic], **options: Any) -> None:
        super().__init__(model.objects.all(), required=False, **options)


class TermsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Any number of terms of a vocabulary, as boxes to tick."""

    iterator = _Boxes
    widget = forms.CheckboxSelectMultiple

    def __init__(self, model: type[Genre | Office | Topic], **options: Any) -> None:
        super().__init__(model.objects.all(), required=False, **options)
        self.facet = model.facet
        self.widget.attrs["class"] = "desk-terms"
        self.offered: frozenset[int] | None = None

    def prepare_value(self, value: Any) -> Any:
        """An older version names terms that were merged since: what they mean today is ticked."""
        prepared = super().prepare_value(value)
        return self._meant(prepared) if isinstance(prepared, list) else prepared

    def clean(self, value: Any) -> Any:
        """A form that was open while terms were merged is read as it would be filled in today."""
        return super().clean(self._meant(value) if isinstance(value, list | tuple) else value)

    def _meant(self, keys: Iterable[Any]) -> list[Any]:
        known = snapshot.current().by_id[self.facet]
        term = {str(pk): info.id for pk, info in known.items()}
        return list(dict.fromkeys(term.get(str(key), key) for key in keys))

    def limit_to(self, keys: frozenset[int]) -> None:
        """Offer these terms alone."""
        self.offered = keys
        self.widget.choices = _Boxes(self)
