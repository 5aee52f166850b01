"""Vocabularies: every term with its names and history, plain and as SKOS."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from api.reader import Api
from build import genre, indexed, office, published, topic

from dateline.vocabularies.models import Office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("archive_file")]
ROOT = "http://localhost:8000/api/v1/vocabularies"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XL = "http://www.w3.org/2008/05/skos-xl#"
DCT = "http://purl.org/dc/terms/"
SCHEMA = "http://schema.org/"


@pytest.fixture
def astana(archive_file: Path) -> Office:
    """An office below another one, renamed once and succeeded after it closed."""
    secretariat = office("secretariat", "Secretariat")
    after = office("programme-office", "Programme Office")
    made = office(
        "astana",
        "Office in Astana",
        names={"fr": "Bureau à Astana"},
        parent=secretariat,
        place="Astana, Kazakhstan",
        opened_on=date(1998, 7, 23),
        closed=True,
        closed_on=date(2020, 1, 31),
    )
    made.names.create(
        language="en",
        name="Centre in Almaty",
        valid_from=date(1998, 7, 23),
        valid_until=date(2007, 6, 20),
    )
    made.abouts.create(language="en", text="It worked with the government.")
    made.save()
    made.successors.add(after)
    topic("law", "Rule of law")
    genre("news", "News")
    published("Court opens", offices=(made,))
    indexed()
    return made


def test_the_vocabularies_lead_to_every_term(astana: Office, api: Api) -> None:
    for named in api.get("/vocabularies")["vocabularies"]:
        whole = api.get(named["self"])
        assert whole["name"] == named["name"]
        assert len(whole["terms"]) == named["terms"] > 0
        assert set(named["labels"]) == {"en", "ru", "fr", "de", "es", "it", "ar"}
        for term in whole["terms"]:
            assert api.get(term["id"]) == term
            assert api.get(term["stories"])["total"] >= 0


def test_a_term_tells_its_whole_life(astana: Office, api: Api) -> None:
    assert api.get("/vocabularies/offices/astana") == {
        "id": f"{ROOT}/offices/astana",
        "slug": "astana",
        "names": {"en": "Office in Astana", "fr": "Bureau à Astana"},
        "former_names": [
            {
                "language": "en",
                "name": "Centre in Almaty",
                "valid_from": "1998-07-23",
                "valid_until": "2007-06-20",
            }
        ],
        "about": {"en": "It worked with the government."},
        "place": "Astana, Kazakhstan",
        "parent": "secretariat",
        "children": [],
        "successors": ["programme-office"],
        "predecessors": [],
        "opened_on": "1998-07-23",
        "closed": True,
        "closed_on": "2020-01-31",
        "url": "http://localhost:8000/en/offices/astana",
        "stories": "http://localhost:8000/api/v1/en/stories?office=astana",
    }
    assert api.get("/vocabularies/offices/secretariat")["children"] == ["astana"]
    assert api.get("/vocabularies/offices/programme-office")["predecessors"] == ["astana"]
    assert "url" not in api.get("/vocabularies/genres/news")


def test_plain_and_skos_point_to_each_other(astana: Office, api: Api) -> None:
    answer = api.ask("GET", "/vocabularies/offices/astana")
    assert answer["Link"] == f'<{ROOT}/offices/astana.jsonld>; rel="alternate"'
    other = api.ask("GET", "/vocabularies/offices/astana.jsonld")
    assert other["Content-Type"] == "application/ld+json"
    assert other.json()["id"] == f"{ROOT}/offices/astana"


# --- SKOS ---------------------------------------------------------------------------------------
class Graph:
    """The statements of a JSON-LD document, by so much of the expansion algorithm as it uses."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.context = document["@context"]
        self.said: set[tuple[str, str, Any]] = set()
        self.blank = 0
        for node in document.get("graph", [document]):
            self._node(node)

    def of(self, subject: str, predicate: str) -> set[Any]:
        return {o for s, p, o in self.said if (s, p) == (subject, predicate)}

    def _iri(self, term: str) -> str:
        defined = self.context.get(term, term)
        compact = defined["@id"] if isinstance(defined, dict) else defined
        prefix, _, rest = compact.partition(":")
        return self.context[prefix] + rest if prefix in self.context else compact

    def _node(self, node: dict[str, Any]) -> str:
        self.blank += 1
        subject = node.get("id", f"_:b{self.blank}")
        for term, values in node.items():
            if term in ("id", "@context"):
                continue
            for value in values if isinstance(values, list) else [values]:
                for said in self._values(term, value):
                    predicate = "type" if term == "type" else self._iri(term)
                    assert predicate == "type" or predicate.startswith("http"), term
                    self.said.add((subject, predicate, said))
        return subject

    def _values(self, term: str, value: Any) -> list[Any]:
        defined = self.context.get(term, {})
        if term == "type":
            return [self._iri(value)]
        if isinstance(defined, dict) and defined.get("@container") == "@language":
            return [
                (text, language)
                for language, texts in value.items()
                for text in (texts if isinstance(texts, list) else [texts])
            ]
        if isinstance(value, dict) and "@value" in value:
            return [(value["@value"], value["@language"])]
        return [self._node(value)] if isinstance(value, dict) else [value]


def test_a_scheme_says_in_skos_what_the_plain_form_says(astana: Office, api: Api) -> None:
    graph = Graph(api.get("/vocabularies/offices.jsonld"))
    scheme = f"{ROOT}/offices"
    assert graph.of(scheme, "type") == {f"{SKOS}ConceptScheme"}
    plain = api.get("/vocabularies/offices")["terms"]
    tops = {term["id"] for term in plain if "parent" not in term}
    assert graph.of(scheme, f"{SKOS}hasTopConcept") == tops
    for term in plain:
        subject = term["id"]
        assert graph.of(subject, "type") == {f"{SKOS}Concept"}
        assert graph.of(subject, f"{SKOS}inScheme") == {scheme}
        names = {(text, language) for language, text in term["names"].items()}
        assert graph.of(subject, f"{SKOS}prefLabel") == names
        former = {(name["name"], name["language"]) for name in term["former_names"]}
        assert graph.of(subject, f"{SKOS}altLabel") == former
        above = {f"{scheme}/{term['parent']}"} if "parent" in term else set()
        assert graph.of(subject, f"{SKOS}broader") == above
        below = {f"{scheme}/{slug}" for slug in term["children"]}
        assert graph.of(subject, f"{SKOS}narrower") == below
        after = {f"{scheme}/{slug}" for slug in term["successors"]}
        assert graph.of(subject, f"{DCT}isReplacedBy") == after
        before = {f"{scheme}/{slug}" for slug in term["predecessors"]}
        assert graph.of(subject, f"{DCT}replaces") == before


def test_names_and_offices_have_their_dates(astana: Office, api: Api) -> None:
    graph = Graph(api.get("/vocabularies/offices/astana.jsonld"))
    here = f"{ROOT}/offices/astana"
    assert graph.of(here, f"{SCHEMA}foundingDate") == {"1998-07-23"}
    assert graph.of(here, f"{SCHEMA}dissolutionDate") == {"2020-01-31"}
    assert graph.of(here, "http://www.w3.org/2002/07/owl#deprecated") == {True}
    (label,) = graph.of(here, f"{XL}altLabel")
    assert graph.of(label, f"{XL}literalForm") == {("Centre in Almaty", "en")}
    assert graph.of(label, f"{SCHEMA}validFrom") == {"1998-07-23"}
    assert graph.of(label, f"{SCHEMA}validThrough") == {"2007-06-20"}


def test_skos_has_no_two_preferred_labels_in_a_language(astana: Office, api: Api) -> None:
    """S14 of the SKOS reference; S13: no label is preferred and alternative at once."""
    for name in ("offices", "topics", "genres"):
        graph = Graph(api.get(f"/vocabularies/{name}.jsonld"))
        for subject, predicate, _ in graph.said:
            if predicate == f"{SKOS}prefLabel":
                labels = graph.of(subject, predicate)
                assert len({language for _, language in labels}) == len(labels)
                assert not labels & graph.of(subject, f"{SKOS}altLabel")
