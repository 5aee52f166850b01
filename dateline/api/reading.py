"""Addresses for reading: no key, nothing that is not public."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from django.http import HttpRequest, HttpResponseBase
from ninja import Path, Router

from dateline.api import (
    addresses,
    answers,
    asking,
    fields,
    history,
    lists,
    parameters,
    problems,
    schemas,
    terms,
    typing_ahead,
)
from dateline.api.problems import ProblemError
from dateline.archive import caching, converters, freshness  # noqa: F401 - <language>, <number>
from dateline.stories.models import Story
from dateline.vocabularies import snapshot as vocabularies
from dateline.vocabularies.snapshot import TermInfo

router = Router()

REFUSED = {400: schemas.Problem}
MISSING = {400: schemas.Problem, 404: schemas.Problem}
WITHDRAWN = {**MISSING, 410: schemas.Problem}

Vocabulary = Literal["offices", "topics", "genres"]


def _takes(*taken: dict[str, Any]) -> dict[str, Any]:
    return {"parameters": list(taken)}


# --- stories ----------------------------------------------------------------------------------
@router.get(
    "/{language:language}/stories",
    response={200: schemas.StoryList, **MISSING},
    summary="A list of stories",
    operation_id="list_stories",
    tags=["Stories"],
    openapi_extra=_takes(*parameters.listing(), *parameters.own()),
)
def list_stories(request: HttpRequest, language: str) -> HttpResponseBase:
    """Any list of the site: its address's parameters mean the same here.

    Follow `next` until it is absent: what is published or withdrawn meanwhile neither repeats nor
    hides another story. A list by relevance goes on by page.
    """
    own = {"fields": fields.EVERY, "include": ("facets",)}
    asked = asking.listing(request, language, own)
    said, until = lists.stories(asked)
    return answers.json(
        request,
        said,
        # Facets count the stories of other languages, too.
        [caching.EVERY_LIST] if "facets" in said else caching.query_keys(asked.query),
        language=language,
        links={"next": said["next"]} if "next" in said else {},
        modified=freshness.last_modified(),
        until=until,
    )


@router.get(
    "/{language:language}/facets",
    response={200: schemas.Facets, **MISSING},
    summary="The facets of a list",
    operation_id="list_facets",
    tags=["Stories"],
    openapi_extra=_takes(*parameters.listing(asking.FILTERS)),
)
def list_facets(request: HttpRequest, language: str) -> HttpResponseBase:
    """Every value of every facet with its count under the other filters, and no stories."""
    said = lists.facets(asking.filters(request, language))
    return answers.json(
        request,
        said,
        [caching.EVERY_LIST],
        language=language,
        modified=freshness.last_modified(),
    )


@router.get(
    "/{language:language}/stories/{number:number}",
    response={200: schemas.Story, **WITHDRAWN},
    summary="One story",
    operation_id="get_story",
    tags=["Stories"],
    openapi_extra=_takes(
        parameters.chosen("fields", fields.EVERY, "Only these fields. `id` and the like stay.")
    ),
)
def get_story(request: HttpRequest, language: str, number: int) -> HttpResponseBase:
    """A story in one language, with its text, pictures and documents.

    A retracted story has its notice in place of its text. A killed one answers 410 with its notice.
    """
    names = asking.names(request, "fields", fields.EVERY)
    found = history.readable(number, language)
    return _about(request, found, history.story(found, names), {"canonical": history.page(found)})


@router.get(
    "/{language:language}/stories/{number:number}/versions",
    response={200: schemas.Versions, **WITHDRAWN},
    summary="What a story said before",
    operation_id="list_versions",
    tags=["Stories"],
)
def list_versions(request: HttpRequest, language: str, number: int) -> HttpResponseBase:
    """Each text as readers saw it, oldest first. What was withdrawn is not shown again."""
    asking.only(request)
    found = history.readable(number, language)
    return _about(request, found, history.versions(found))


@router.get(
    "/{language:language}/stories/{number:number}/corrections",
    response={200: schemas.Corrections, **WITHDRAWN},
    summary="What was corrected in a story",
    operation_id="list_corrections",
    tags=["Stories"],
)
def list_corrections(request: HttpRequest, language: str, number: int) -> HttpResponseBase:
    """The notes that told readers what had been wrong, newest first."""
    asking.only(request)
    found = history.readable(number, language)
    return _about(request, found, history.corrections(found))


@router.get(
    "/stories/{number:number}",
    response={200: schemas.Release, **WITHDRAWN},
    summary="A story's translations",
    operation_id="list_translations",
    tags=["Stories"],
)
def list_translations(request: HttpRequest, number: int) -> HttpResponseBase:
    """The texts of one release: all languages share its number."""
    asking.only(request)
    said = history.release(history.texts(number))
    return answers.json(request, said, [caching.story_key(number)])


@router.get(
    "/{language:language}/suggestions",
    response={200: schemas.Suggestions, **MISSING},
    summary="Suggestions for a text being typed",
    operation_id="suggest",
    tags=["Stories"],
    openapi_extra=_takes(
        parameters.text("text", "What has been typed.", typing_ahead.LONGEST, required=True)
    ),
)
def suggest(request: HttpRequest, language: str) -> HttpResponseBase:
    """Terms and headlines that begin so; where no headline does, the archive's own spelling."""
    text = asking.only(request, "text").get("text", "")
    if not text or len(text) > typing_ahead.LONGEST:
        refused = asking.Refusals()
        advice = f"Give from 1 to {typing_ahead.LONGEST} characters."
        refused.add("text", text[:80], "bad-value", advice)
        refused.stop()
    said = typing_ahead.suggest(text, language)
    return answers.json(request, said, [caching.list_key(language)], language=language)


def _about(
    request: HttpRequest,
    found: Story,
    said: dict[str, Any],
    links: Mapping[str, str] | None = None,
) -> HttpResponseBase:
    """An answer about one story. No Last-Modified: the store may be ahead of the index's clock."""
    return answers.json(
        request,
        said,
        [caching.story_key(found.number)],
        language=found.language,
        links=links,
        until=found.expire_at,
    )


# --- vocabularies -----------------------------------------------------------------------------
_LD = {
    "responses": {
        200: {
            "description": "OK",
            "content": {answers.JSON_LD: {"schema": {"type": "object"}}},
        }
    }
}


@router.get(
    "/vocabularies",
    response={200: schemas.Vocabularies, **REFUSED},
    summary="The vocabularies",
    operation_id="list_vocabularies",
    tags=["Vocabularies"],
)
def list_vocabularies(request: HttpRequest) -> HttpResponseBase:
    """Offices, topics and content types."""
    asking.only(request)
    return answers.json(request, terms.vocabularies(vocabularies.current()))


@router.get(
    "/vocabularies/{vocabulary}.jsonld",
    response={200: Any, **MISSING},
    summary="A vocabulary as SKOS",
    operation_id="get_scheme",
    tags=["Vocabularies"],
    openapi_extra=_LD,
)
def get_scheme(request: HttpRequest, vocabulary: Path[Vocabulary]) -> HttpResponseBase:
    """A concept scheme with all its concepts, in JSON-LD."""
    asking.only(request)
    said = terms.scheme(_facet(vocabulary), vocabularies.current())
    return answers.json(request, said, media_type=answers.JSON_LD)


@router.get(
    "/vocabularies/{vocabulary}",
    response={200: schemas.Vocabulary, **MISSING},
    summary="A vocabulary",
    operation_id="get_vocabulary",
    tags=["Vocabularies"],
)
def get_vocabulary(request: HttpRequest, vocabulary: Path[Vocabulary]) -> HttpResponseBase:
    """All its terms with their names in every language, today's and former ones."""
    asking.only(request)
    facet = _facet(vocabulary)
    said = terms.vocabulary(facet, vocabularies.current())
    return answers.json(request, said, links=_alternate(addresses.vocabulary(facet)))


@router.get(
    "/vocabularies/{vocabulary}/{slug:slug}.jsonld",
    response={200: Any, **MISSING},
    summary="A term as SKOS",
    operation_id="get_concept",
    tags=["Vocabularies"],
    openapi_extra=_LD,
)
def get_concept(request: HttpRequest, vocabulary: Path[Vocabulary], slug: str) -> HttpResponseBase:
    """A concept, in JSON-LD."""
    asking.only(request)
    said = terms.concept(_term(vocabulary, slug), vocabularies.current())
    return answers.json(request, said, media_type=answers.JSON_LD)


@router.get(
    "/vocabularies/{vocabulary}/{slug:slug}",
    response={200: schemas.VocabularyTerm, **MISSING},
    summary="A term",
    operation_id="get_term",
    tags=["Vocabularies"],
)
def get_term(request: HttpRequest, vocabulary: Path[Vocabulary], slug: str) -> HttpResponseBase:
    """A term with its names, its place in the hierarchy, and what became of it."""
    asking.only(request)
    found = _term(vocabulary, slug)
    said = terms.term(found, vocabularies.current())
    return answers.json(request, said, links=_alternate(addresses.term(found)))


def _facet(vocabulary: str) -> str:
    facet = asking.VOCABULARIES.get(vocabulary)
    if facet is None:
        raise ProblemError(problems.NOT_FOUND)
    return facet


def _term(vocabulary: str, slug: str) -> TermInfo:
    found = vocabularies.current().term(_facet(vocabulary), slug)
    if found is None:
        raise ProblemError(problems.NOT_FOUND)
    return found


def _alternate(address: str) -> dict[str, str]:
    return {"alternate": f"{address}.jsonld"}
