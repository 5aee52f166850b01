"""Every public exit: addresses enumerated from the URL resolver, and a reader that tries them."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from leaks.newsroom import Hidden, files
from pyarrow import parquet
from wagtail.documents.models import Document

from dateline.archive import endings, story_endings
from dateline.archive.query import FACETS
from dateline.embargo.models import Reader
from dateline.publishing.models import Counter
from dateline.stories.models import Picture, Story
from dateline.vocabularies.models import Genre, Office, Topic

LANGUAGES = ("en", "fr", "ar")
ENDINGS = tuple(ending.suffix for ending in endings.every())
FEEDS = tuple(ending.suffix for ending in endings.every() if ending.feed)
STORY_ENDINGS = tuple(ending.suffix for ending in story_endings.every())


def routes(patterns: Iterable[Any] | None = None, prefix: str = "") -> Iterator[str]:
    """Every address pattern of the site, as its `path()` calls write it."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route


def public_routes() -> set[str]:
    """Those a reader has no need to log in for."""
    return {route for route in routes() if not route.lstrip("^").startswith("desk/")}


def desk_routes() -> set[str]:
    return set(routes()) - public_routes()


def addresses(hidden: list[Hidden]) -> dict[str, list[str]]:
    """Route → every address of it worth trying, read from the newsroom as it is."""
    return {route: list(make(hidden)) for route, make in ADDRESSES.items()}


# --- what stands in addresses -----------------------------------------------------------------
def _numbers() -> range:
    """Every number drawn so far, and two that are guessed."""
    return range(1, Counter.objects.get().last_number + 3)


def _once(*paths: str) -> Callable[[list[Hidden]], Iterable[str]]:
    return lambda hidden: paths


def _each_language(path: str) -> Callable[[list[Hidden]], Iterable[str]]:
    return lambda hidden: [path.format(language) for language in LANGUAGES]


def _queries(hidden: list[Hidden]) -> Iterator[str]:
    """Query strings: each filter with each value, each marked word, sizes, sorts, nonsense."""
    yield ""
    terms = {"genre": Genre, "office": Office, "topic": Topic}
    values: dict[str, Iterable[str]] = {
        facet: model.objects.values_list("slug", flat=True) for facet, model in terms.items()
    }
    values |= {"language": LANGUAGES, "year": ["2023", "2190"], "month": ["2023-02", "2190-01"]}
    for facet in FACETS:
        yield from (urlencode({facet: value}) for value in values[facet])
    yield from (urlencode({"keywords": story.handle}) for story in hidden)
    yield from (urlencode({"keywords": word}) for word in ("zq*", '"zq*"', "-zqnothing", "story"))
    yield from ("from=2023-02-15&to=2023-02-15", "from=2190", "sort=oldest&size=100", "page=2")
    yield from (
        "page=99",
        "from=soon",
        "colour=red",
        "topic=unknown",
        "office=shadow-office&year=2023",
        "office=shadow-office&predecessors=yes",
        "labels=publication",
    )


def _listings(hidden: list[Hidden]) -> Iterator[str]:
    for language, query in product(LANGUAGES, _queries(hidden)):
        yield f"/{language}/news?{query}"


def _endings(hidden: list[Hidden]) -> Iterator[str]:
    """Every form with every query; in a second language those that are followed, and the plain."""
    for ending, query in product(ENDINGS, _queries(hidden)):
        yield f"/en/news.{ending}?{query}"
        if ending in FEEDS or not query:
            yield f"/fr/news.{ending}?{query}"


def _stories(hidden: list[Hidden]) -> Iterator[str]:
    for language, number in product(LANGUAGES, _numbers()):
        yield f"/{language}/news/{number}"


def _versions(*endings: str) -> Callable[[list[Hidden]], Iterable[str]]:
    """The first versions of every number, those there are and those there might be."""
    return lambda hidden: [
        f"/{language}/news/{number}/v{version}{ending}"
        for language, number, version, ending in product(
            LANGUAGES, _numbers(), range(1, 5), endings
        )
    ]


def _slugged(hidden: list[Hidden]) -> Iterator[str]:
    known = {(story.number, story.slug) for story in hidden if story.number and story.slug}
    known |= set(Story.objects.exclude(slug="").values_list("number", "slug"))
    known |= {(number, "guessed") for number in _numbers()}
    for language, (number, slug) in product(LANGUAGES, sorted(known)):
        yield f"/{language}/news/{number}/{slug}"


def _corrections(hidden: list[Hidden]) -> Iterator[str]:
    for language, number, suffix in product(LANGUAGES, _numbers(), ("atom", "rss", "json", "no")):
        yield f"/{language}/news/{number}/corrections.{suffix}"


def _harvests(hidden: list[Hidden]) -> Iterator[str]:
    listed = {"metadataPrefix": "oai_dc"}
    sets = ["", *(f"language:{tag}" for tag in LANGUAGES)]
    for facet, model in (("genre", Genre), ("office", Office), ("topic", Topic)):
        sets += [f"{facet}:{slug}" for slug in model.objects.values_list("slug", flat=True)]
    for verb, chosen in product(("ListRecords", "ListIdentifiers"), sets):
        yield "/oai?" + urlencode({"verb": verb, **listed, **({"set": chosen} if chosen else {})})
    for language, number in product(LANGUAGES, _numbers()):
        identifier = f"{settings.ORIGIN}/n/{number}#{language}"
        yield "/oai?" + urlencode({"verb": "GetRecord", **listed, "identifier": identifier})
    for verb in ("Identify", "ListSets", "ListMetadataFormats", "Nonsense"):
        yield f"/oai?verb={verb}"


def _story_forms(hidden: list[Hidden]) -> Iterator[str]:
    for language, number, suffix in product(LANGUAGES, _numbers(), (*STORY_ENDINGS, "no")):
        yield f"/{language}/news/{number}.{suffix}"


def _pictures(hidden: list[Hidden]) -> Iterator[str]:
    for number, pk in product(_numbers(), Picture.objects.values_list("pk", flat=True)):
        yield f"/n/{number}/pictures/{pk}-480.webp"
        yield f"/n/{number}/pictures/{pk}-960.avif"
        yield f"/n/{number}/pictures/{pk}-full.png"


def _documents(hidden: list[Hidden]) -> Iterator[str]:
    for number, document in product(_numbers(), Document.objects.all()):
        yield f"/n/{number}/documents/{document.pk}/{document.filename}"


def _terms(model: type[Any], path: str) -> Callable[[list[Hidden]], Iterable[str]]:
    return lambda hidden: [
        f"/{language}/{path}/{slug}"
        for language in LANGUAGES
        for slug in (*model.objects.values_list("slug", flat=True), "unknown")
    ]


def _api_lists(hidden: list[Hidden]) -> Iterator[str]:
    whole = "&include=facets&fields=headline,body,pictures,documents"
    for language, query, extra in product(LANGUAGES[:2], _queries(hidden), ("", whole)):
        yield f"{API}/{language}/stories?{query}{extra}"


def _api_facets(hidden: list[Hidden]) -> Iterator[str]:
    for language, query in product(LANGUAGES[:2], _queries(hidden)):
        yield f"{API}/{language}/facets?{query}"


def _api_suggestions(hidden: list[Hidden]) -> Iterator[str]:
    texts = [word[:-2] for story in hidden for word in (story.handle, story.headline)]
    for language, text in product(LANGUAGES[:2], [*texts, "zq", "Zqhedline", "open story", "vien"]):
        yield f"{API}/{language}/suggestions?{urlencode({'text': text})}"


def _api_stories(part: str) -> Callable[[list[Hidden]], Iterable[str]]:
    return lambda hidden: [
        f"{API}/{language}/stories/{number}{part}"
        for language, number in product(LANGUAGES, _numbers())
    ]


def _api_drafts(verb: str = "") -> Callable[[list[Hidden]], Iterable[str]]:
    """Every draft there is, and one that is guessed."""

    def paths(hidden: list[Hidden]) -> Iterator[str]:
        keys = Story.objects.values_list("translation_key", "locale__language_code")
        for key, language in (*keys, (GUESSED_KEY, "en")):
            yield f"{API}/{language}/drafts/{key}{verb}"

    return paths


def _api_terms(ending: str) -> Callable[[list[Hidden]], Iterable[str]]:
    return lambda hidden: [
        f"{API}/vocabularies/{name}/{slug}{ending}"
        for name, model in (("offices", Office), ("topics", Topic), ("genres", Genre))
        for slug in (*model.objects.values_list("slug", flat=True), "unknown")
    ]


API = "/api/v1"
GUESSED_KEY = "5b2c1a52-5a3b-4c0f-8b1e-0e5f3c1d2a3b"
GUESSED_TOKEN = "Bearer dateline_00c0ffee_" + "A" * 43
API_VERBS = ("publish", "correct", "schedule", "unpublish", "retract", "kill")
_API_STORY = "api/v1/<language:language>/stories/<number:number>"
_API_DRAFT = "api/v1/<language:language>/drafts/<uuidstr:key>"

API_ADDRESSES: dict[str, Callable[[list[Hidden]], Iterable[str]]] = {
    "api/v1/": _once(f"{API}/"),
    "api/v1/openapi.json": _once(f"{API}/openapi.json"),
    "api/v1/<language:language>/stories": _api_lists,
    "api/v1/<language:language>/facets": _api_facets,
    "api/v1/<language:language>/suggestions": _api_suggestions,
    _API_STORY: _api_stories(""),
    f"{_API_STORY}/versions": _api_stories("/versions"),
    f"{_API_STORY}/corrections": _api_stories("/corrections"),
    f"{_API_STORY}/draft": _api_stories("/draft"),
    "api/v1/stories/<number:number>": lambda hidden: [
        f"{API}/stories/{number}" for number in _numbers()
    ],
    "api/v1/vocabularies": _once(f"{API}/vocabularies"),
    "api/v1/vocabularies/<vocabulary>": lambda hidden: [
        f"{API}/vocabularies/{name}" for name in ("offices", "topics", "genres", "unknown")
    ],
    "api/v1/vocabularies/<vocabulary>.jsonld": lambda hidden: [
        f"{API}/vocabularies/{name}.jsonld" for name in ("offices", "topics", "genres")
    ],
    "api/v1/vocabularies/<vocabulary>/<slug:slug>": _api_terms(""),
    "api/v1/vocabularies/<vocabulary>/<slug:slug>.jsonld": _api_terms(".jsonld"),
    "api/v1/<language:language>/drafts": lambda hidden: [
        f"{API}/{language}/drafts" for language in LANGUAGES
    ],
    _API_DRAFT: _api_drafts(),
    **{f"{_API_DRAFT}/{verb}": _api_drafts(f"/{verb}") for verb in API_VERBS},
    r"^api/v1/(?P<rest>(?s:.*))\Z": _once(
        f"{API}/nowhere", f"{API}/tlh/stories", f"{API}/en/stories/0"
    ),
}
"""The API's, which nobody without a token may write to and everybody may read from."""


def _follow(hidden: list[Hidden]) -> Iterator[str]:
    """The preview counts and names stories, like a list."""
    for language, query in product(LANGUAGES[:2], _queries(hidden)):
        yield f"/{language}/follow?{query}"


def _follow_links(name: str, ending: str = "") -> Callable[[list[Hidden]], Iterable[str]]:
    """Tokens that are guessed: one of nonsense, and one that is signed for another purpose."""
    signed = signing.dumps([1, "0" * 32], salt="dateline.alerts.guessed")
    return lambda hidden: [
        f"/en/follow/{name}/{token}{ending}" for token in ("1", "WzEsIiJd:1abc:xyz", signed)
    ]


_FOLLOW = "<language:language>/follow"
ALERTS_ADDRESSES: dict[str, Callable[[list[Hidden]], Iterable[str]]] = {
    "mail-reports": _once("/mail-reports"),
    _FOLLOW: _follow,
    f"{_FOLLOW}/sent": _each_language("/{}/follow/sent"),
    f"{_FOLLOW}/link": _each_language("/{}/follow/link"),
    f"{_FOLLOW}/confirm/<str:token>": _follow_links("confirm"),
    f"{_FOLLOW}/mine/<str:token>": _follow_links("mine"),
    f"{_FOLLOW}/mine/<str:token>/record.json": _follow_links("mine", "/record.json"),
    f"{_FOLLOW}/leave/<str:token>": _follow_links("leave"),
}
"""Following by e-mail, where nothing is said of who follows what."""


def _rooms(ending: str) -> Callable[[list[Hidden]], Iterable[str]]:
    """Links to read ahead that are guessed, for files of stories that have readers."""

    def paths(hidden: list[Hidden]) -> Iterator[str]:
        for secret in ("1", "A" * 32, "0" * 64, *Reader.objects.values_list("digest", flat=True)):
            for story in hidden:
                path = ending.format(pk=story.pk, file=f"{story.file}.txt")
                yield f"/embargo/{secret}{path}"

    return paths


_ROOM = "embargo/<str:secret>"
EMBARGO_ADDRESSES: dict[str, Callable[[list[Hidden]], Iterable[str]]] = {
    _ROOM: _rooms(""),
    f"{_ROOM}/story.pdf": _rooms("/story.pdf"),
    f"{_ROOM}/pictures/<int:pk>.webp": _rooms("/pictures/{pk}.webp"),
    f"{_ROOM}/documents/<int:pk>/<str:filename>": _rooms("/documents/{pk}/{file}"),
}
"""The embargo room, for those without a link (tests/embargo has those with one)."""

ADDRESSES: dict[str, Callable[[list[Hidden]], Iterable[str]]] = {
    "": _once("/"),
    "healthz": _once("/healthz"),
    "readyz": _once("/readyz"),
    "n/<number:number>": lambda hidden: [f"/n/{number}" for number in _numbers()],
    "n/<number:number>/pictures/<number:pk>-<str:size>.<slug:extension>": _pictures,
    "n/<number:number>/documents/<number:pk>/<str:filename>": _documents,
    "theme-<slug:version>.css": _once("/theme-0.css"),
    "logo-<slug:version>": _once("/logo-0"),
    "sitemap.xml": _once("/sitemap.xml"),
    "sitemap-news.xml": _once("/sitemap-news.xml"),
    "sitemap-<language:language>-<number:part>.xml": lambda hidden: [
        f"/sitemap-{language}-{part}.xml" for language in LANGUAGES for part in (1, 2)
    ],
    "robots.txt": _once("/robots.txt"),
    "calendar/<str:secret>.ics": _once("/calendar/guessed.ics", f"/calendar/{'A' * 43}.ics"),
    ".well-known/security.txt": _once("/.well-known/security.txt"),
    "opensearch-<language:language>.xml": _each_language("/opensearch-{}.xml"),
    "oai": _harvests,
    "<language:language>": _each_language("/{}"),
    "<language:language>/": _each_language("/{}/"),
    "<language:language>/news": _listings,
    "<language:language>/news.<str:suffix>": _endings,
    "<language:language>/news/<number:number>": _stories,
    "<language:language>/news/<number:number>.<str:suffix>": _story_forms,
    "<language:language>/news/<number:number>/corrections.<str:suffix>": _corrections,
    "<language:language>/news/<number:number>/<str:slug>": _slugged,
    "<language:language>/news/<number:number>/v<number:version>": _versions(""),
    "<language:language>/news/<number:number>/v<number:version>/changes": _versions("/changes"),
    "<language:language>/news/<number:number>/v<number:version>/<str:slug>": _versions("/guessed"),
    "<language:language>/offices": _each_language("/{}/offices"),
    "<language:language>/offices/<str:slug>": _terms(Office, "offices"),
    "<language:language>/topics": _each_language("/{}/topics"),
    "<language:language>/topics/<str:slug>": _terms(Topic, "topics"),
    "<language:language>/about": _each_language("/{}/about"),
    "<language:language>/accessibility": _each_language("/{}/accessibility"),
    **API_ADDRESSES,
    **ALERTS_ADDRESSES,
    **EMBARGO_ADDRESSES,
}

ELSEWHERE = (
    "/nowhere",
    "/en/nowhere",
    "/tlh/news",
    "/en/news/0",
    "/en/news/x",
    "/en/news/1/a/b",
    "/favicon.ico",
    "/static/../dateline.sqlite3",
    "/en/news?keywords=%00",
    "/en/news?%FF=%FE",
)
"""Addresses no route has: error pages."""


def stray_files() -> Iterator[str]:
    """Where files would lie if the media folder were served."""
    for name in files():
        yield from (f"/media/{name}", f"/static/{name}", f"/desk/media/{name}", f"/{name}")


def desk_addresses(hidden: list[Hidden]) -> Iterator[str]:
    """Every route of the desk with something hidden in the place of each variable."""
    for route, story in product(sorted(desk_routes()), hidden[:2]):
        yield "/" + _filled(route, story.pk)


def _filled(route: str, pk: int) -> str:
    if "(" in route:
        route = re.sub(r"\(\?P<[^>]*>[^)]*\)|\([^)]*\)", str(pk), route)
        route = re.sub(r"[\^$\\?]|\[[^]]*\][*+]?", "", route)
    samples = {"int": str(pk), "uuid": "5b2c1a52-5a3b-4c0f-8b1e-0e5f3c1d2a3b"}
    return re.sub(r"<(?:(\w+):)?\w+>", lambda found: samples.get(found[1] or "str", str(pk)), route)


# --- the reader -------------------------------------------------------------------------------
class Walker:
    """Tries addresses without logging in, and notes each hidden word that any answer holds."""

    def __init__(self, hidden: list[Hidden]) -> None:
        self.hidden = hidden
        self.client = Client(raise_request_exception=False)
        self.requests = 0
        self.leaks: list[str] = []
        self.statuses: dict[str, int] = {}

    def walk(self, paths: Iterable[str], **headers: str) -> None:
        for path in paths:
            self.get(path, **headers)

    def get(self, path: str, **headers: str) -> str:
        """The answer as text, headers included, after looking for what must not be in it."""
        response = self.client.get(path, headers=headers)
        content = b"".join(response) if response.streaming else response.content
        said = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
        text = f"{said}\n{response.reason_phrase}\n\n{unpacked(content)}"
        self.requests += 1
        self.statuses[path] = response.status_code
        folded = text.casefold()
        self.leaks += [
            f"{story.state}: {word} at {path} ({response.status_code})"
            for story in self.hidden
            for word in story.words
            if word in folded and not _may_say(path, story, word)
        ]
        return text


def unpacked(content: bytes) -> str:
    """What an answer says, once it is taken out of what it is packed in."""
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(unpacked(archive.read(name)) for name in archive.namelist())
    if content.startswith(b"PAR1"):
        file = parquet.ParquetFile(io.BytesIO(content))
        return f"{file.schema_arrow}\n{file.read(use_threads=False).to_pylist()}"
    if content.startswith(b"%PDF") and (reader := shutil.which("pdftotext")):
        done = subprocess.run([reader, "-", "-"], input=content, capture_output=True, check=True)
        return done.stdout.decode()
    return content.decode("utf-8", "replace")


def _may_say(path: str, story: Hidden, word: str) -> bool:
    """What an address holds, its answer may repeat; a retracted story's own says which it is.

    What is out of date can be read where it stood, and is found nowhere.
    """
    if word in path:
        return True
    if story.state == "outofdate":
        return bool(re.match(rf"/(n|\w+/news|api/v1(/\w+)?/stories)/{story.number}\b", path))
    own = re.fullmatch(
        rf"/(n|\w+/news|api/v1(/\w+)?/stories)/{story.number}(/v\d+)?(/[\w-]+)?(\.\w+)?", path
    )
    return story.state == "retracted" and word == story.headline and bool(own)
