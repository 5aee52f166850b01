"""Several nodes on one PostgreSQL with a hot standby: each has its own index, and all agree."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import clusters
import nodes
import pytest
from clusters import Server
from newsrooms import ON_POSTGRES, Newsroom
from nodes import Desk, Site

pytestmark = [
    pytest.mark.skipif(
        clusters.programs() is None, reason="no PostgreSQL server: apt-get install postgresql"
    ),
    pytest.mark.skipif(
        ON_POSTGRES, reason="brings a PostgreSQL of its own: run with the tests on SQLite"
    ),
]


@dataclass
class Cluster:
    """A primary, a standby, two nodes, and somebody at a desk on the primary."""

    folder: Path
    primary: Server
    standby: Server
    first: Site
    second: Site
    desk: Desk
    env: dict[str, str]

    @property
    def nodes(self) -> tuple[Site, Site]:
        return self.first, self.second

    def everywhere(self, text: str, path: str = "/en/news") -> None:
        """Wait until both nodes show a text."""
        for site in self.nodes:
            nodes.until(lambda site=site: site.shows(text, path), f"{text} is shown")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Shared: each test makes the stories it speaks of, and leaves everything running."""
    folder = tmp_path_factory.mktemp("cluster")
    with clusters.primary() as primary:
        env = {
            "DATELINE_DATABASE_URL": primary.url,
            "DATELINE_MEDIA": str(folder / "media"),
            "DATELINE_STATIC": str(folder / "static"),
            "DATELINE_SECRET_KEY": "the same on every node",
        }
        first, second = Newsroom(folder / "first"), Newsroom(folder / "second")
        prepared = first.command("prepare", env=env)
        assert prepared.returncode == 0, prepared.stderr
        with clusters.standby(primary) as standby, nodes.desk(first, env) as desk:
            desk.do("office('vienna')")
            env["DATELINE_DATABASE_REPLICA_URL"] = standby.url
            with nodes.site(first, env) as one, nodes.site(second, env) as two:
                yield Cluster(folder, primary, standby, one, two, desk, env)


def _address(cluster: Cluster, headline: str) -> str:
    number = cluster.primary.ask(
        f"SELECT number FROM stories_story WHERE headline = '{headline}'"  # noqa: S608
    )
    return f"/en/news/{number}/{headline.lower().replace(' ', '-')}"


def _reads(server: Server) -> int:
    """How many connections of the nodes' web processes a server has had public rows from."""
    return int(
        str(
            server.ask(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = 'dateline' AND query LIKE '%stories%'"
                " AND pid <> pg_backend_pid()"
            )
        )
    )


def test_a_published_story_is_shown_by_every_node(cluster: Cluster) -> None:
    cluster.desk.publish("Seen everywhere")
    cluster.everywhere("Seen everywhere")
    cluster.everywhere("Seen everywhere", _address(cluster, "Seen everywhere"))


def test_readers_are_served_from_the_standby(cluster: Cluster) -> None:
    cluster.desk.publish("Read from the standby")
    cluster.everywhere("Read from the standby")

    def reads() -> bool:
        return cluster.first.get("/en/news").status == 200 and _reads(cluster.standby) > 0

    nodes.until(reads, "the standby is read")


def test_a_standby_that_lags_hides_nothing_and_shows_nothing_withdrawn(cluster: Cluster) -> None:
    cluster.desk.publish("Public before the lag")
    cluster.everywhere("Public before the lag")
    address = _address(cluster, "Public before the lag")
    cluster.standby.ask("SELECT pg_wal_replay_pause()")
    try:
        cluster.desk.publish("Published during the lag")
        cluster.everywhere("Published during the lag")
        cluster.desk.do(
            "verbs.kill(Story.objects.get(headline='Public before the lag'), 'Not ours.')"
        )
        for site in cluster.nodes:
            nodes.until(lambda site=site: site.get(address).status == 410, "it is gone")
            assert not site.shows("Public before the lag")
        lagging = cluster.standby.ask(
            "SELECT state FROM stories_story WHERE headline = 'Public before the lag'"
        )
        assert lagging == "published", "the standby itself knows nothing of it"
    finally:
        cluster.standby.ask("SELECT pg_wal_replay_resume()")
    for site in cluster.nodes:
        nodes.until(lambda site=site: site.get("/readyz").text == "ok\n", "all is well again")
        assert site.get(address).status == 410


def test_while_the_standby_is_away_the_primary_is_read(cluster: Cluster) -> None:
    cluster.standby.stop()
    try:
        for site in cluster.nodes:
            for _ in range(5):
                assert site.get("/en/news").status == 200
        cluster.desk.publish("Published without a standby")
        cluster.everywhere("Published without a standby")
        assert cluster.first.get("/readyz").text == "ok\nstandby\n"
    finally:
        cluster.standby.start()
    nodes.until(lambda: cluster.first.get("/readyz").text == "ok\n", "the standby is back")
    nodes.until(
        lambda: cluster.first.get("/en/news").status == 200 and _reads(cluster.standby) > 0,
        "it is read again",
    )


def test_what_is_due_is_published_once_for_all_nodes(cluster: Cluster) -> None:
    cluster.desk.do(
        "from datetime import timedelta; from django.utils import timezone\n"
        "for number in range(5):\n"
        "    verbs.schedule(draft(f'Due {number}'), timezone.now() + timedelta(seconds=1))"
    )
    for number in range(5):
        cluster.everywhere(f"Due {number}")
    versions = cluster.primary.ask(
        "SELECT count(*) FROM publishing_version v JOIN stories_story s ON s.id = v.story_id"
        " WHERE s.headline LIKE 'Due %'"
    )
    assert versions == 5


def test_a_worker_that_is_killed_holds_up_no_other_node(cluster: Cluster) -> None:
    found = subprocess.run(
        ["pgrep", "-P", str(cluster.first.process.pid), "-f", "dateline.cli work"],
        capture_output=True,
        text=True,
        check=True,
    )
    os.kill(int(found.stdout), signal.SIGKILL)
    cluster.desk.publish("Published while a worker is down")
    cluster.everywhere("Published while a worker is down")  # the supervisor starts it again


def test_a_node_that_was_away_catches_up_even_past_the_kept_changes(cluster: Cluster) -> None:
    away = Newsroom(cluster.folder / "away")
    assert "WRONG    index" not in _worked(cluster, away)
    for number in range(3):
        cluster.desk.publish(f"While it was away {number}")
    assert "building it anew" not in _worked(cluster, away), "the changes are applied one by one"
    cluster.desk.publish("Pruned before it came back")
    nodes.until(lambda: cluster.first.shows("Pruned before"), "the other nodes have it")
    cluster.desk.do(
        "from dateline.publishing import outbox; from dateline.publishing.models import Change\n"
        "from django.utils import timezone\n"
        "Change.objects.update(at=timezone.now() - 2 * outbox.KEPT); published('After pruning')\n"
        "assert outbox.prune()"
    )
    assert "building it anew" in _worked(cluster, away)
    checked = away.command("check", env=cluster.env)
    assert "ok       index" in checked.stdout, checked.stdout
    assert cluster.first.shows("After pruning"), "nodes that were not away need no rebuilding"


def test_a_new_node_begins_with_a_copy_of_anothers_index(cluster: Cluster) -> None:
    cluster.desk.publish("In the copy")
    nodes.until(lambda: cluster.first.shows("In the copy"), "it is indexed")
    new = Newsroom(cluster.folder / "new")
    new.data.mkdir()
    copy = str(new.data / "archive.sqlite3")
    copying = cluster.first.newsroom.start(
        "copy-index", copy, env=cluster.env, stdout=subprocess.PIPE
    )
    for number in range(10):
        cluster.desk.publish(f"Published while it is copied {number}")
    said, _ = copying.communicate(timeout=nodes.PATIENCE)
    assert copying.returncode == 0, said
    assert "as of change" in said
    cluster.desk.publish("After the copy")
    assert "building it anew" not in _worked(cluster, new)
    checked = new.command("check", env=cluster.env)
    assert "ok       index" in checked.stdout, checked.stdout
    again = cluster.first.newsroom.command("copy-index", copy, env=cluster.env)
    assert again.returncode == 1
    assert "exists already" in again.stderr


def _worked(cluster: Cluster, newsroom: Newsroom) -> str:
    """What a node's worker said while it did all there was to do."""
    done = newsroom.command("work", "--once", env=cluster.env)
    assert done.returncode == 0, done.stderr
    return done.stderr
