"""Vocabularies: plain JSON, and SKOS in JSON-LD for those who join data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from dateline.api import addresses
from dateline.archive import entries, facets
from dateline.vocabularies.snapshot import FormerName, Snapshot, TermInfo

PAGES = ("office", "topic")
"""Facets whose terms have pages of their own."""

CONTEXT = {
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "skosxl": "http://www.w3.org/2008/05/skos-xl#",
    "dct": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "schema": "http://schema.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "id": "@id",
    "type": "@type",
    "graph": "@graph",
    "ConceptScheme": "skos:ConceptScheme",
    "Concept": "skos:Concept",
    "Label": "skosxl:Label",
    "title": {"@id": "dct:title", "@container": "@language"},
    "prefLabel": {"@id": "skos:prefLabel", "@container": "@language"},
    "altLabel": {"@id": "skos:altLabel", "@container": "@language"},
    "definition": {"@id": "skos:definition", "@container": "@language"},
    "notation": "skos:notation",
    "inScheme": {"@id": "skos:inScheme", "@type": "@id"},
    "topConceptOf": {"@id": "skos:topConceptOf", "@type": "@id"},
    "hasTopConcept": {"@id": "skos:hasTopConcept", "@type": "@id"},
    "broader": {"@id": "skos:broader", "@type": "@id"},
    "narrower": {"@id": "skos:narrower", "@type": "@id"},
    "isReplacedBy": {"@id": "dct:isReplacedBy", "@type": "@id"},
    "replaces": {"@id": "dct:replaces", "@type": "@id"},
    "page": {"@id": "schema:url", "@type": "@id"},
    "place": "schema:location",
    "opened": {"@id": "schema:foundingDate", "@type": "xsd:date"},
    "closed": {"@id": "schema:dissolutionDate", "@type": "xsd:date"},
    "deprecated": {"@id": "owl:deprecated", "@type": "xsd:boolean"},
    "formerLabel": "skosxl:altLabel",
    "literalForm": "skosxl:literalForm",
    "validFrom": {"@id": "schema:validFrom", "@type": "xsd:date"},
    "validUntil": {"@id": "schema:validThrough", "@type": "xsd:date"},
}


def ordered(facet: str, snapshot: Snapshot) -> list[TermInfo]:
    """A vocabulary's terms by slug."""
    return sorted(snapshot.terms(facet), key=lambda info: info.slug)


# --- plain ------------------------------------------------------------------------------------
def vocabularies(snapshot: Snapshot) -> dict[str, Any]:
    """The three vocabularies, and how many terms each has."""
    return {
        "vocabularies": [
            {
                "name": name,
                "labels": _labels(facet),
                "terms": len(list(snapshot.terms(facet))),
                "self": addresses.vocabulary(facet),
            }
            for facet, name in addresses.NAMES.items()
        ]
    }


def vocabulary(facet: str, snapshot: Snapshot) -> dict[str, Any]:
    """A vocabulary with all its terms."""
    return {
        "name": addresses.NAMES[facet],
        "labels": _labels(facet),
        "self": addresses.vocabulary(facet),
        "terms": [term(info, snapshot) for info in ordered(facet, snapshot)],
    }


def term(info: TermInfo, snapshot: Snapshot) -> dict[str, Any]:
    """One term; dates and texts it does not have are left out."""
    said = {
        "id": addresses.term(info),
        "slug": info.slug,
        "names": info.names,
        "former_names": [_former(name) for name in info.former],
        "about": info.abouts,
        "place": info.place,
        "parent": _slug(info.parent, info, snapshot),
        "children": sorted(child.slug for child in snapshot.children(info)),
        "successors": [_slug(pk, info, snapshot) for pk in info.successors],
        "predecessors": sorted(before.slug for before in _predecessors(info, snapshot)),
        "opened_on": info.opened_on,
        "closed": info.closed,
        "closed_on": info.closed_on,
        "url": _page(info),
        "stories": addresses.api(f"/{_main()}/stories?{info.facet}={info.slug}"),
    }
    return {name: value for name, value in said.items() if value not in (None, "")}


def _former(name: FormerName) -> dict[str, Any]:
    said = {
        "language": name.language,
        "name": name.name,
        "valid_from": name.valid_from,
        "valid_until": name.valid_until,
    }
    return {key: value for key, value in said.items() if value is not None}


def _slug(pk: int | None, beside: TermInfo, snapshot: Snapshot) -> str | None:
    return snapshot.by_id[beside.facet][pk].slug if pk is not None else None


def _predecessors(info: TermInfo, snapshot: Snapshot) -> list[TermInfo]:
    return [other for other in snapshot.terms(info.facet) if info.id in other.successors]


def _labels(facet: str) -> dict[str, str]:
    return {tag: facets.label(facet, tag) for tag in settings.NEWSROOM.languages}


def _page(info: TermInfo) -> str:
    if info.facet not in PAGES:
        return ""
    return entries.absolute(f"/{_main()}/{addresses.NAMES[info.facet]}/{info.slug}")


def _main() -> str:
    """The newsroom's first language: addresses of pages need one."""
    return str(settings.NEWSROOM.languages[0])


# --- SKOS -------------------------------------------------------------------------------------
def scheme(facet: str, snapshot: Snapshot) -> dict[str, Any]:
    """A vocabulary as a skos:ConceptScheme with its concepts, in JSON-LD 1.1."""
    infos = ordered(facet, snapshot)
    described = {
        "id": addresses.vocabulary(facet),
        "type": "ConceptScheme",
        "title": _labels(facet),
        "hasTopConcept": [addresses.term(info) for info in infos if info.parent is None],
    }
    return {
        "@context": CONTEXT,
        "graph": [described, *(_concept(info, snapshot) for info in infos)],
    }


def concept(info: TermInfo, snapshot: Snapshot) -> dict[str, Any]:
    """One term as a skos:Concept, in JSON-LD 1.1."""
    return {"@context": CONTEXT, **_concept(info, snapshot)}


def _concept(info: TermInfo, snapshot: Snapshot) -> dict[str, Any]:
    known = snapshot.by_id[info.facet]
    home = addresses.vocabulary(info.facet)
    said = {
        "id": addresses.term(info),
        "type": "Concept",
        "inScheme": home,
        "topConceptOf": home if info.parent is None else None,
        "notation": info.slug,
        "prefLabel": dict(info.names),
        "altLabel": _former_by_language(info.former),
        "definition": dict(info.abouts),
        "broader": addresses.term(known[info.parent]) if info.parent is not None else None,
        "narrower": _ids(snapshot.children(info)),
        "isReplacedBy": _ids(known[pk] for pk in info.successors),
        "replaces": _ids(_predecessors(info, snapshot)),
        "page": _page(info),
        "place": info.place,
        "opened": info.opened_on,
        "closed": info.closed_on,
        "deprecated": True if info.closed else None,
        "formerLabel": [_label(name) for name in info.former],
    }
    return {name: value for name, value in said.items() if value}


def _ids(infos: Iterable[TermInfo]) -> list[str]:
    return sorted(addresses.term(info) for info in infos)


def _former_by_language(former: Iterable[FormerName]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name in former:
        found[name.language].append(name.name)
    return dict(found)


def _label(name: FormerName) -> dict[str, Any]:
    """A former name with its time: SKOS-XL, since a plain label can carry no dates."""
    said = {
        "type": "Label",
        "literalForm": {"@value": name.name, "@language": name.language},
        "validFrom": name.valid_from,
        "validUntil": name.valid_until,
    }
    return {key: value for key, value in said.items() if value is not None}
