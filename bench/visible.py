"""How soon readers see what the desk did, from the verb's end to the first answer that shows it.

    python bench/visible.py [ROUNDS]

Behind Varnish, and on two nodes with one PostgreSQL and its standby. All on this machine; nothing
may be measured where other work shares the processors.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import clusters
import nodes
from newsrooms import Newsroom, empty, stories


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of all do not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def tell(what: str, seconds: list[float]) -> None:
    """Print one line of the table."""
    milliseconds = [1000 * value for value in seconds]
    print(
        f"{what:40} median {statistics.median(milliseconds):6.0f} ms"
        f"   95 of 100 {percentile(milliseconds, 0.95):6.0f} ms   most {max(milliseconds):6.0f} ms"
    )


def behind_varnish(rounds: int) -> None:
    """Publish, correct and kill stories that the cache holds, and wait for each to be seen."""
    port = nodes.free_port()
    env = {"DATELINE_PURGE_URLS": f"http://127.0.0.1:{port}/"}
    with (
        tempfile.TemporaryDirectory() as folder,
        empty(Path(folder)) as newsroom,
    ):
        assert newsroom.command("prepare").returncode == 0
        newsroom.shell(stories(20))
        with (
            nodes.site(newsroom, env) as site,
            nodes.varnish(site.port, port),
            nodes.desk(newsroom) as desk,
        ):
            _rounds(port, desk, rounds)


def _rounds(port: int, desk: nodes.Desk, rounds: int) -> None:
    found: dict[str, list[float]] = {"published": [], "corrected": [], "killed": []}
    nodes.until(lambda: nodes.get(port, "/en/news").status == 200, "the cache answers")
    for number in range(rounds):
        headline = f"Measured {number:04}"
        nodes.get(port, "/en/news")
        time.sleep(0.3)
        done = desk.publish(headline)
        seen = nodes.until(lambda h=headline: h in nodes.get(port, "/en/news").text, headline)
        found["published"].append(seen - done)
        page = nodes.get(port, "/en/news").text
        slug = headline.lower().replace(" ", "-")
        end = page.index(slug) + len(slug)
        path = page[page.rindex('"/', 0, end) + 1 : end]
        nodes.get(port, path)
        story = f"story = Story.objects.get(headline={headline!r})"
        done = desk.do(f"{story}; story.body = '<p>Rightly</p>'; verbs.correct(story, 'Wrong.')")
        seen = nodes.until(lambda p=path: "Rightly" in nodes.get(port, p).text, headline)
        found["corrected"].append(seen - done)
        done = desk.do(f"{story}; verbs.kill(story, 'Not ours.')")
        seen = nodes.until(
            lambda p=path, h=headline: (
                nodes.get(port, p).status == 410 and h not in nodes.get(port, "/en/news").text
            ),
            headline,
        )
        found["killed"].append(seen - done)
    for what, seconds in found.items():
        tell(f"{what}, seen through the cache", seconds)


def on_every_node(rounds: int) -> None:
    """Publish and kill on the primary, and wait until both nodes, which read the standby, agree."""
    with tempfile.TemporaryDirectory() as folder, clusters.primary() as primary:
        env = {"DATELINE_DATABASE_URL": primary.url, "DATELINE_STATIC": f"{folder}/static"}
        first, second = Newsroom(Path(folder) / "first"), Newsroom(Path(folder) / "second")
        assert first.command("prepare", env=env).returncode == 0
        with clusters.standby(primary) as standby, nodes.desk(first, env) as desk:
            env["DATELINE_DATABASE_REPLICA_URL"] = standby.url
            with nodes.site(first, env) as one, nodes.site(second, env) as two:
                _agreeing((one, two), desk, rounds)


def _agreeing(sites: tuple[nodes.Site, nodes.Site], desk: nodes.Desk, rounds: int) -> None:
    found: dict[str, list[float]] = {"published": [], "killed": []}
    for number in range(rounds + 1):
        headline = f"Measured {number:04}"

        def everywhere(shown: bool, headline: str = headline) -> bool:
            return all(site.shows(headline) is shown for site in sites)

        done = desk.publish(headline)
        published = nodes.until(lambda: everywhere(True), headline) - done
        done = desk.do(f"verbs.kill(Story.objects.get(headline={headline!r}), 'Not ours.')")
        killed = nodes.until(lambda: everywhere(False), headline) - done
        if number:  # the first round is the processes' warming up
            found["published"].append(published)
            found["killed"].append(killed)
    for what, seconds in found.items():
        tell(f"{what}, on both nodes", seconds)


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    behind_varnish(count)
    on_every_node(count)
