"""The archive for harvesters, harvested by sickle, a client that knows nothing of Dateline."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from build import draft, office, published, topic
from defusedxml import ElementTree
from django.test import Client
from django.utils import timezone
from sickle import Sickle
from sickle.oaiexceptions import (
    BadArgument,
    BadResumptionToken,
    CannotDisseminateFormat,
    IdDoesNotExist,
    NoRecordsMatch,
)

from dateline.exports.oai import records
from dateline.publishing import verbs
from dateline.publishing.models import Datestamp
from dateline.stories.models import Story

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("archive_file")]


@pytest.fixture
def harvester(live_server: Any, settings: Any) -> Sickle:
    settings.ORIGIN = live_server.url
    return Sickle(f"{live_server.url}/oai")


def _identifier(story: Story, settings: Any) -> str:
    return f"{settings.ORIGIN}/n/{story.number}#{story.language}"


def test_a_harvester_learns_what_it_is_dealing_with(harvester: Sickle) -> None:
    who = harvester.Identify()
    assert (who.repositoryName, who.protocolVersion) == ("Test newsroom", "2.0")
    assert (who.deletedRecord, who.granularity) == ("persistent", "YYYY-MM-DDThh:mm:ssZ")
    office("vienna", "Vienna")
    assert ("office:vienna", "Vienna") in {
        (found.setSpec, found.setName) for found in harvester.ListSets()
    }
    assert [found.metadataPrefix for found in harvester.ListMetadataFormats()] == ["oai_dc"]


def test_all_is_harvested_once_with_what_was_withdrawn_marked(
    harvester: Sickle, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "PAGE", 3)
    public = [published(f"Story {number}", summary="A lead") for number in range(7)]
    killed, unpublished, deleted = (published(name) for name in ("Killed", "Gone", "Deleted"))
    verbs.kill(killed, "Must not be used")
    verbs.unpublish(unpublished)
    gone = {_identifier(story, settings) for story in (killed, unpublished, deleted)}
    deleted.delete()
    embargoed = draft("Embargoed")
    embargoed.embargoed_until = timezone.now() + timedelta(hours=1)
    verbs.publish(embargoed)
    draft("Draft")

    found = list(harvester.ListRecords(metadataPrefix="oai_dc"))
    assert len(found) == len({record.header.identifier for record in found}) == 10
    assert {record.header.identifier for record in found if record.header.deleted} == gone
    kept = {record.header.identifier: record.metadata for record in found if not record.deleted}
    assert kept.keys() == {_identifier(story, settings) for story in public}
    assert kept[_identifier(public[0], settings)]["title"] == ["Story 0"]
    assert kept[_identifier(public[0], settings)]["description"] == ["A lead"]
    identifiers = [
        header.identifier for header in harvester.ListIdentifiers(metadataPrefix="oai_dc")
    ]
    assert identifiers == [record.header.identifier for record in found]


def test_a_later_harvest_brings_what_changed_since(harvester: Sickle, settings: Any) -> None:
    old, changed = published("Old"), published("Changed")
    Datestamp.objects.update(at=timezone.now() - timedelta(days=2))
    since = (timezone.now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    with pytest.raises(NoRecordsMatch):
        list(harvester.ListRecords(metadataPrefix="oai_dc", **{"from": since}))
    verbs.correct(changed, "It was Monday")
    found = harvester.ListRecords(metadataPrefix="oai_dc", **{"from": since})
    assert [record.header.identifier for record in found] == [_identifier(changed, settings)]
    before = harvester.ListRecords(metadataPrefix="oai_dc", until=since[:10])
    assert [record.header.identifier for record in before] == [_identifier(old, settings)]


def test_a_set_holds_its_term_with_those_below_it(harvester: Sickle, settings: Any) -> None:
    vienna = office("vienna", "Vienna")
    branch = office("branch", "Branch", parent=vienna)
    inside = published("Inside", offices=(branch,))
    published("Outside", topics=(topic("law", "Law"),))
    found = list(harvester.ListRecords(metadataPrefix="oai_dc", set="office:vienna"))
    assert [record.header.identifier for record in found] == [_identifier(inside, settings)]
    assert "office:branch" in found[0].header.setSpecs
    assert len(list(harvester.ListRecords(metadataPrefix="oai_dc", set="language:en"))) == 2


def test_one_record_is_had_by_its_identifier(harvester: Sickle, settings: Any) -> None:
    story = published("A story")
    record = harvester.GetRecord(identifier=_identifier(story, settings), metadataPrefix="oai_dc")
    assert record.metadata["identifier"] == [f"{settings.ORIGIN}{story.get_absolute_url()}"]
    for wrong in ("", "x", f"{settings.ORIGIN}/n/999#en", f"{settings.ORIGIN}/n/²#en"):
        with pytest.raises(IdDoesNotExist):
            harvester.GetRecord(identifier=wrong, metadataPrefix="oai_dc")


def test_what_cannot_be_answered_is_an_error_the_protocol_names(harvester: Sickle) -> None:
    published("A story")
    with pytest.raises(CannotDisseminateFormat):
        harvester.ListRecords(metadataPrefix="marc21")
    with pytest.raises(BadResumptionToken):
        harvester.ListRecords(resumptionToken="forged")
    for arguments in (
        {"from": "yesterday"},
        {"from": "2024-01-01", "until": "2024-01-01T00:00:00Z"},
        {"from": "2024-02-01", "until": "2024-01-01"},
        {"set": "colour:red"},
        {"set": "office:unknown"},
        {"colour": "red"},
    ):
        with pytest.raises(BadArgument):
            harvester.ListRecords(metadataPrefix="oai_dc", **arguments)


@pytest.mark.parametrize(
    "query", ["", "verb=Dance", "verb=Identify&verb=Identify", "verb=%00", "verb=ListRecords"]
)
def test_nonsense_is_answered_in_well_formed_xml(client: Client, query: str) -> None:
    answer = client.get(f"/oai?{query}")
    root = ElementTree.fromstring(answer.content)
    error = root.find("{http://www.openarchives.org/OAI/2.0/}error")
    assert error is not None
    assert error.get("code") in ("badVerb", "badArgument")


def test_it_is_asked_by_post_as_well(client: Client) -> None:
    answer = client.post("/oai", {"verb": "Identify"})
    assert b"<repositoryName>Test newsroom</repositoryName>" in answer.content
