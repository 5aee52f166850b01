"""Varnish in front of a node, with the example of `deploy/varnish`: fast, and never wrong."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nodes
import pytest
from newsrooms import Newsroom, copied
from nodes import Answer, Desk, Site

pytestmark = pytest.mark.skipif(
    shutil.which("varnishd") is None, reason="no Varnish: apt-get install varnish varnish-modules"
)


@dataclass
class Front:
    """A cache, the node behind it, and somebody at the desk."""

    port: int
    site: Site
    desk: Desk

    def get(self, path: str, **headers: str) -> Answer:
        return nodes.get(self.port, path, headers)

    def cached(self, path: str) -> Answer:
        """The answer from the cache's memory."""
        nodes.until(lambda: _is_hit(self.get(path)), f"{path} is kept")
        return self.get(path)


def _is_hit(answer: Answer) -> bool:
    return answer.headers["Cache-Status"] == "Varnish; hit"


def _in_front(prepared: Newsroom, folder: Path) -> Iterator[Front]:
    port = nodes.free_port()
    env = {"DATELINE_PURGE_URLS": f"http://127.0.0.1:{port}/"}
    with (
        copied(prepared, folder) as newsroom,
        nodes.site(newsroom, env) as site,
        nodes.varnish(site.port, port),
        nodes.desk(newsroom) as desk,
    ):
        nodes.until(lambda: nodes.get(port, "/en/news").status == 200, "the cache answers")
        yield Front(port, site, desk)


@pytest.fixture(scope="module")
def front(prepared: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """Shared: each test makes the stories it speaks of."""
    yield from _in_front(prepared, tmp_path_factory.mktemp("front"))


def _path(front: Front, headline: str) -> str:
    """A published story's address, once the list behind the cache has it."""
    slug = headline.lower().replace(" ", "-")
    nodes.until(lambda: slug in front.get("/en/news").text, f"{headline} is listed")
    page = front.get("/en/news").text
    end = page.index(slug) + len(slug)
    return page[page.rindex('"/', 0, end) + 1 : end]


def test_what_was_read_once_is_kept_and_says_nothing_of_it_to_readers(front: Front) -> None:
    front.cached("/en/news")
    answer = front.get("/en/news")
    assert "Surrogate-Key" not in answer.headers
    assert "xkey" not in answer.headers
    # A reader's browser cannot be purged: it hears of a minute, the cache heard of an hour.
    lasting = answer.headers["Cache-Control"]
    assert "s-maxage" not in lasting
    assert "max-age=45" in lasting
    assert "s-maxage=3600" in front.site.get("/en/news").headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/en/news", "/en/news.atom", "/en/news.csv", "/en/offices"])
def test_a_reader_who_has_it_already_is_told_so_by_the_cache(front: Front, path: str) -> None:
    known = front.cached(path).headers["ETag"]
    again = front.get(path, **{"If-None-Match": known})
    assert (again.status, again.text) == (304, "")


def test_the_desk_and_cookies_are_never_kept(front: Front) -> None:
    for _ in range(2):
        answer = front.get("/desk/login/")
        assert answer.status == 200
        assert not _is_hit(answer)
        assert "csrftoken" in answer.headers["Set-Cookie"]
    # A reader's cookie neither passes by the cache nor marks what it keeps.
    front.cached("/en/news")
    assert _is_hit(front.get("/en/news", Cookie="sessionid=somebody"))
    assert "Set-Cookie" not in front.get("/en/news").headers


def test_languages_are_told_apart_where_the_address_names_none(front: Front) -> None:
    for language in ("fr", "en", "fr"):
        answer = front.get("/", **{"Accept-Language": f"{language}-CH,{language};q=0.9"})
        assert answer.headers["Location"] == f"/{language}/"


def test_a_published_story_appears_in_what_was_kept(front: Front) -> None:
    front.cached("/en/news")
    front.cached("/en/news.atom")
    front.desk.publish("Appears at once")
    for path in ("/en/news", "/en/news.atom"):
        nodes.until(lambda path=path: "Appears at once" in front.get(path).text, path)


def test_a_correction_replaces_the_text_that_was_kept(front: Front) -> None:
    front.desk.publish("Told wrongly")
    path = _path(front, "Told wrongly")
    front.cached(path)
    front.desk.do(
        "story = Story.objects.get(headline='Told wrongly'); story.body = '<p>Told rightly</p>';"
        "verbs.correct(story, 'It was told wrongly.')"
    )
    nodes.until(lambda: "Told rightly" in front.get(path).text, "the correction is read")


def test_a_killed_story_is_gone_from_page_list_and_feed(front: Front) -> None:
    front.desk.publish("Never to be used")
    path = _path(front, "Never to be used")
    kept = (path, "/en/news", "/en/", "/en/news.atom", "/en/news.csv")
    nodes.until(lambda: all("Never to be used" in front.cached(one).text for one in kept), "kept")
    front.desk.do("verbs.kill(Story.objects.get(headline='Never to be used'), 'It was not ours.')")
    for one in kept[1:]:
        nodes.until(lambda one=one: "Never to be used" not in front.get(one).text, one)
    nodes.until(lambda: front.get(path).status == 410, "the address answers 410")


def test_only_the_newsroom_purges(front: Front) -> None:
    import http.client

    front.cached("/en/news")
    connection = http.client.HTTPConnection("127.0.0.1", front.port, timeout=nodes.PATIENCE)
    passed_on = {"Surrogate-Key": "all", "X-Forwarded-For": "203.0.113.9"}
    connection.request("PURGE", "/", headers=passed_on)
    assert connection.getresponse().status == 403
    assert _is_hit(front.get("/en/news"))


def test_readers_are_served_while_the_site_is_down(
    prepared: Newsroom, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for front in _in_front(prepared, tmp_path_factory.mktemp("down")):
        kept = ("/en/", "/en/news", "/en/news.atom")
        for path in kept:
            front.cached(path)
        # Marked as stale, so that the cache would ask the site before it shows them again.
        front.desk.publish("Published before the power cut")
        nodes.until(
            lambda front=front: "before the power cut" in front.get("/en/news").text, "listed"
        )
        front.site.stop()
        for path in kept:
            for _ in range(5):
                answer = front.get(path)
                assert answer.status == 200, path
                assert "</html>" in answer.text or "</feed>" in answer.text
        assert front.get("/en/news?page=2").status == 503, "what nobody read is not to be had"
