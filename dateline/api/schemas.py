"""The shapes of answers, as the OpenAPI document describes them.

Answers are built as plain values and not passed through these models: the tests hold every answer
against the document.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

Url = Annotated[str, Field(json_schema_extra={"format": "uri"})]
Published = Annotated[
    date | datetime,
    Field(description="A moment, or a day where no time is known; the newsroom's clock."),
]
Moment = Annotated[datetime, Field(description="On the newsroom's clock.")]
Texts = Annotated[dict[str, str], Field(description="Language → text.")]


class Term(Schema):
    """A vocabulary term, named in the list's language."""

    slug: str
    label: str
    id: Url
    label_at_publication: str | None = Field(
        None, description="What it was called on the story's date, where that is another name."
    )


class Picture(Schema):
    """A picture at its absolute address."""

    url: Url
    content_type: str
    alt: str = Field(description="What it shows; empty for a decoration.")
    caption: str
    credit: str
    licence: str


class Document(Schema):
    """A file that goes with a story."""

    url: Url
    content_type: str
    title: str
    size: int | None = Field(None, description="Bytes.")


class Identity(Schema):
    """What tells a text from all others, in every answer."""

    id: Url = Field(description="Never changes: number and language.")
    number: int = Field(description="Shared by all languages of a release.", ge=1)
    language: str
    state: Literal["published", "out_of_date", "retracted"]
    url: Url = Field(description="The page.")
    self: Url = Field(description="This text in the API.")


class Listed(Identity):
    """A story. What it does not have, or `fields` left out, is absent."""

    headline: str | None = None
    summary: str | None = None
    dateline: str | None = None
    byline: str | None = None
    location: str | None = None
    published: Published | None = None
    updated: Moment | None = None
    corrected: Moment | None = None
    translation_note: str | None = None
    source_url: str | None = Field(None, description="Where an imported story was taken from.")
    genre: Term | None = None
    offices: list[Term] | None = None
    topics: list[Term] | None = None
    body: str | None = Field(
        None,
        description="Clean HTML, every address absolute. Notes to editors and the text about the "
        "offices stand at its end, under headings.",
    )
    pictures: list[Picture] | None = None
    documents: list[Document] | None = None


class Notice(Schema):
    """Why a story was withdrawn."""

    at: Moment
    notice: str


class Links(Schema):
    """What else is known of a story."""

    versions: Url
    corrections: Url
    translations: Url


class Story(Listed):
    """A story with everything, or the notice of one that was retracted."""

    out_of_date: Notice | None = Field(None, description="In no list any more, but to be read.")
    retraction: Notice | None = None
    links: Links


class FacetValue(Schema):
    """A value of a facet: `count` stories have it under the other filters."""

    value: str
    label: str
    count: int = Field(ge=0)
    selected: bool
    closed: bool
    depth: int = Field(description="How many of its ancestors are shown above it.", ge=0)


class Facet(Schema):
    """A facet; counts ignore its own selection."""

    name: Literal["language", "genre", "office", "topic", "year", "month"]
    label: str
    values: list[FacetValue]


class StoryList(Schema):
    """A page of a list."""

    title: str = Field(description="The query in one sentence.")
    total: int = Field(description="How many stories match in all.", ge=0)
    url: Url = Field(description="The list as a page.")
    self: Url = Field(description="This page of the list, in canonical form.")
    next: Url | None = Field(None, description="Where the list goes on; absent at its end.")
    stories: list[Listed]
    facets: list[Facet] | None = Field(None, description="With `include=facets`.")


class Facets(Schema):
    """The facets of a query's whole answer."""

    title: str
    total: int = Field(ge=0)
    facets: list[Facet]


class Version(Schema):
    """A text as readers saw it from `at` on."""

    version: int = Field(ge=1)
    kind: Literal["publication", "update", "correction"]
    at: Moment
    note: str | None = Field(None, description="What was corrected or updated.")
    headline: str | None = None
    summary: str | None = None
    dateline: str | None = None
    byline: str | None = None
    location: str | None = None
    translation_note: str | None = None
    published: Published
    body: str | None = None
    genre: Term | None = None
    offices: list[Term]
    topics: list[Term]


class Versions(Identity):
    """What readers saw of a text, oldest first; of a retracted one its notice alone."""

    versions: list[Version]
    retraction: Notice | None = None


class Correction(Schema):
    """What was wrong."""

    version: int = Field(ge=1)
    at: Moment
    note: str


class Corrections(Identity):
    """What was wrong in a text and has been put right, newest first."""

    corrections: list[Correction]
    retraction: Notice | None = None


class Text(Identity):
    """One language's text of a release."""

    headline: str
    published: Published


class Release(Schema):
    """All texts of one release: its translations."""

    number: int
    self: Url
    texts: list[Text]


class FormerName(Schema):
    """A name a term had."""

    language: str
    name: str
    valid_from: date | None = None
    valid_until: date


class VocabularyTerm(Schema):
    """A term with its names, its place in the hierarchy and what became of it."""

    id: Url
    slug: str
    names: Texts
    former_names: list[FormerName]
    about: Texts
    place: str | None = None
    parent: str | None = None
    children: list[str]
    successors: list[str]
    predecessors: list[str]
    opened_on: date | None = None
    closed: bool
    closed_on: date | None = None
    url: Url | None = None
    stories: Url


class VocabularyName(Schema):
    """A vocabulary."""

    name: Literal["offices", "topics", "genres"]
    labels: Texts
    terms: int
    self: Url


class Vocabularies(Schema):
    """The vocabularies stories are filed under."""

    vocabularies: list[VocabularyName]


class Vocabulary(Schema):
    """A vocabulary with all its terms, by slug."""

    name: Literal["offices", "topics", "genres"]
    labels: Texts
    self: Url
    terms: list[VocabularyTerm]


class SuggestedTerm(Term):
    """A term whose name begins so, and the list of its stories."""

    facet: Literal["genre", "office", "topic"]
    stories: Url


class Suggestions(Schema):
    """What may be meant by a text that is being typed."""

    text: str
    terms: list[SuggestedTerm]
    stories: list[Listed]
    spelling: str | None = Field(
        None, description="The archive's own spelling, where no headline begins so."
    )


class ParameterProblem(Schema):
    """A parameter that cannot be used."""

    name: str
    value: str
    code: str
    detail: str = Field(description="What to do.")


class FieldProblem(Schema):
    """A value that cannot be taken."""

    field: str = Field(description="As a JSON Pointer: /topics/0.")
    detail: str


class Problem(Schema):
    """What went wrong (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: Annotated[str, Field(json_schema_extra={"format": "uri"})]
    title: str
    status: int
    detail: str | None = None
    parameters: list[ParameterProblem] | None = None
    errors: list[FieldProblem] | None = None
    languages: list[str] | None = None
    notice: str | None = Field(None, description="Why a story was killed.")
