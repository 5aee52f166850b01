"""The demonstration's offices, topics and content types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from dateline.vocabularies.models import TERMS, Genre, Office, Topic

Model = type[Office] | type[Topic] | type[Genre]


def load(vocabulary: Mapping[str, list[dict[str, Any]]]) -> int:
    """Make the terms that are not there yet, in one transaction; returns how many.

    A term that is there is left alone: its slug is its identity, and its names may be edited.
    """
    with transaction.atomic():
        return sum(_load(model, vocabulary[f"{model.facet}s"]) for model in TERMS)


def _load(model: Model, terms: Iterable[Mapping[str, Any]]) -> int:
    known = set(model._default_manager.values_list("slug", flat=True))
    made = {term["slug"]: _make(model, term) for term in terms if term["slug"] not in known}
    by_slug = {term.slug: term for term in model._default_manager.all()} | made
    for term in terms:
        if term["slug"] in made and model is not Genre:
            _join(made[term["slug"]], term, by_slug)
    return len(made)


def _make(model: Model, term: Mapping[str, Any]) -> Any:
    made = model(slug=term["slug"], **(_office_facts(term) if model is Office else {}))
    made.names = [
        *_names(model, term["names"]),
        *(
            name
            for former in term["former_names"]
            for name in _names(
                model,
                former["names"],
                valid_from=_day(former["from"], "-01-01"),
                valid_until=_day(former["until"], "-12-31"),
            )
        ),
    ]
    if model is not Genre:
        about = model._meta.get_field("abouts").related_model
        made.abouts = [about(language=tag, text=text) for tag, text in term["about"].items()]
    made.save()
    return made


def _names(model: Model, names: Mapping[str, str], **dates: date | None) -> list[Any]:
    name = model._meta.get_field("names").related_model
    return [name(language=tag, name=text, **dates) for tag, text in names.items()]


def _join(made: Any, term: Mapping[str, Any], by_slug: Mapping[str, Any]) -> None:
    """Parents and successors, once every term is there."""
    if term["parent"]:
        made.parent = by_slug[term["parent"]]
        made.save()
    if term["successors"]:
        made.successors.set([by_slug[slug] for slug in term["successors"]])
        made.save()


def _office_facts(term: Mapping[str, Any]) -> dict[str, Any]:
    place = term["place"] or {}
    return {
        "place": ", ".join(filter(None, (place.get("city"), place.get("country")))),
        "opened_on": _day(term["opened"], "-01-01"),
        "closed": term["closed"],
        "closed_on": _day(term["closed_on"], "-12-31"),
    }


def _day(text: str | None, rest_of_year: str) -> date | None:
    """A date, or a year alone read as its first or last day."""
    if not text:
        return None
    return date.fromisoformat(text + rest_of_year if len(text) == 4 else text)
