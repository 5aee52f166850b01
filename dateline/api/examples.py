"""An example of each call for reading: addresses that answer in this newsroom as it is now."""

from __future__ import annotations

from dateline.api import addresses as known
from dateline.api import asking
from dateline.archive import search
from dateline.archive.query import Query
from dateline.vocabularies import snapshot as vocabularies


def addresses(language: str) -> dict[str, str]:
    """Operation id → an address. Left out is what this newsroom has nothing for."""
    return {
        "list_stories": known.api(f"/{language}/stories?size=10&fields=headline,published"),
        "list_facets": known.api(f"/{language}/facets"),
        "suggest": known.api(f"/{language}/suggestions?text=pa"),
        "list_vocabularies": known.api("/vocabularies"),
        "get_vocabulary": known.api("/vocabularies/offices"),
        "get_scheme": known.api("/vocabularies/topics.jsonld"),
        **_of_a_story(language),
        **_of_a_term(),
    }


def _of_a_story(language: str) -> dict[str, str]:
    """The newest story's."""
    newest = search.search(Query(language, size=1), counted=False).stories
    if not newest:
        return {}
    here = known.story(language, newest[0].number)
    return {
        "get_story": here,
        "list_versions": f"{here}/versions",
        "list_corrections": f"{here}/corrections",
        "list_translations": known.api(f"/stories/{newest[0].number}"),
    }


def _of_a_term() -> dict[str, str]:
    """The first of any vocabulary."""
    snapshot = vocabularies.current()
    for facet in asking.VOCABULARIES.values():
        for info in sorted(snapshot.terms(facet), key=lambda info: info.slug):
            here = known.term(info)
            return {"get_term": here, "get_concept": f"{here}.jsonld"}
    return {}
