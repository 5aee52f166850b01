"""Drafts and verbs through the API: what the desk would do, by whoever may do it at the desk."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from api.reader import Api, problem
from build import draft, genre, indexed, office, published, topic
from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone
from wagtail.models import ModelLogEntry

from dateline.api import tokens
from dateline.api.models import Scope
from dateline.people.models import Role
from dateline.publishing import schedule, verbs
from dateline.publishing.models import OutsideLink
from dateline.stories.models import State, Story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("archive_file")]


@pytest.fixture
def terms(archive_file: Path) -> None:
    office("vienna", "Vienna")
    office("tirana", "Tirana")
    topic("law", "Rule of law")
    genre("news", "News")


def _begin(writer: Api, **fields: Any) -> dict[str, Any]:
    answer = writer.ask("POST", "/en/drafts", {"headline": "A headline", **fields})
    assert answer.status_code == 201, answer.content
    assert answer["Location"] == answer.json()["self"]
    return dict(answer.json())


def _do(writer: Api, draft: dict[str, Any], verb: str, **body: Any) -> Any:
    return writer.ask("POST", f"{draft['self']}/{verb}", body)


def _patch(writer: Api, draft: dict[str, Any], **change: Any) -> Any:
    etag = writer.ask("GET", draft["self"])["ETag"]
    return writer.ask("PATCH", draft["self"], change, If_Match=etag)


# --- from a draft to the public ---------------------------------------------------------------
def test_a_story_from_draft_to_reader(terms: None, writer: Api, api: Api) -> None:
    made = _begin(
        writer,
        headline="  Court \n opens ",
        summary="The lead",
        body="<p onclick='x()'>Text</p><script>alert(1)</script>",
        dateline="VIENNA, 1 March 2024",
        byline="A. Writer",
        location="Vienna",
        translation_note="Unofficial",
        genre="news",
        offices=["vienna", "tirana"],
        topics=["law"],
        published="2024-03-01",
    )
    assert made["state"] == "draft"
    assert api.get("/en/stories")["total"] == 0
    done = _do(writer, made, "publish").json()
    assert (done["state"], done["number"], done["changed"]) == ("published", 1, False)
    indexed()
    story = api.get("/en/stories/1")
    assert story["headline"] == "Court opens"
    assert story["body"] == "<p>Text</p>"
    assert story["published"] == "2024-03-01"
    assert [term["slug"] for term in story["offices"]] == ["tirana", "vienna"]
    assert (story["genre"]["slug"], story["topics"][0]["slug"]) == ("news", "law")
    for name in ("summary", "dateline", "byline", "location", "translation_note"):
        assert story[name] == made[name]
    assert api.get("/en/stories")["total"] == 1


def test_a_change_stays_at_the_desk_until_it_is_published(writer: Api, api: Api) -> None:
    made = _begin(writer)
    _do(writer, made, "publish")
    changed = _patch(writer, made, headline="Another headline").json()
    assert changed["changed"] is True
    assert api.get("/en/stories/1")["headline"] == "A headline"
    _do(writer, made, "publish", note="More is known.")
    assert api.get("/en/stories/1")["headline"] == "Another headline"
    seen = api.get("/en/stories/1/versions")["versions"]
    assert [(one["kind"], one.get("note"), one["headline"]) for one in seen] == [
        ("publication", None, "A headline"),
        ("update", "More is known.", "Another headline"),
    ]


def test_only_what_is_given_changes_and_null_empties(terms: None, writer: Api) -> None:
    made = _begin(writer, genre="news", offices=["vienna"], summary="Lead", published="2024-03-01")
    changed = _patch(writer, made, genre=None, offices=[], published=None).json()
    kept = {"summary", "headline", "topics", "key"}
    assert {name: changed[name] for name in kept} == {name: made[name] for name in kept}
    assert (changed["genre"], changed["offices"], changed["published"]) == (None, [], None)


def test_the_draft_of_a_public_story_is_found_by_its_number(writer: Api) -> None:
    made = _begin(writer)
    _do(writer, made, "publish")
    assert writer.get("/en/stories/1/draft")["key"] == made["key"]
    problem(writer.ask("GET", "/fr/stories/1/draft"), 404)


def test_a_time_is_taken_with_its_zone(writer: Api) -> None:
    made = _begin(writer, published="2024-07-01T10:30:00Z")
    assert made["published"] == "2024-07-01T12:30:00+02:00"
    _do(writer, made, "publish")
    assert Story.objects.get().published_at == datetime(2024, 7, 1, 10, 30, tzinfo=UTC)


def test_a_correction_tells_readers_what_was_wrong(writer: Api, api: Api) -> None:
    made = _begin(writer)
    _do(writer, made, "publish")
    _patch(writer, made, headline="A better headline")
    answer = _do(writer, made, "correct", note=" The name was wrong. ")
    assert answer.status_code == 200
    (told,) = api.get("/en/stories/1/corrections")["corrections"]
    assert told["note"] == "The name was wrong."


def test_a_story_is_published_at_its_time(writer: Api, api: Api) -> None:
    made = _begin(writer)
    at = timezone.now() + timedelta(hours=1)
    answer = _do(writer, made, "schedule", at=at.isoformat()).json()
    assert answer["state"] == "draft"
    assert datetime.fromisoformat(answer["scheduled_for"]) == at.replace(microsecond=0)
    assert schedule.next_moment() == at
    api.problem("/stories/1", 404)


def test_unpublish_retract_and_kill(writer: Api, api: Api) -> None:
    made = _begin(writer)
    _do(writer, made, "publish")
    assert _do(writer, made, "unpublish").json()["state"] == "unpublished"
    api.problem("/en/stories/1", 404)
    _do(writer, made, "publish")
    assert _do(writer, made, "retract", note="It was wrong.").json()["state"] == "retracted"
    assert api.get("/en/stories/1")["retraction"]["notice"] == "It was wrong."
    assert _do(writer, made, "kill", note="Not to be used.").json()["state"] == "killed"
    assert api.problem("/en/stories/1", 410)["notice"] == "Not to be used."


def test_a_translation_shares_its_source_s_number(writer: Api, api: Api) -> None:
    made = _begin(writer)
    french = writer.ask("POST", "/fr/drafts", {"headline": "Titre", "translates": made["key"]})
    assert french.json()["key"] == made["key"]
    again = writer.ask("POST", "/fr/drafts", {"headline": "Titre", "translates": made["key"]})
    problem(again, 409)
    _do(writer, made, "publish")
    _do(writer, french.json(), "publish")
    assert {text["language"] for text in api.get("/stories/1")["texts"]} == {"en", "fr"}


def test_the_desk_s_history_says_who_it_was(writer: Api, chief: User) -> None:
    made = _begin(writer)
    _do(writer, made, "publish")
    said = ModelLogEntry.objects.filter(user=chief).values_list("action", flat=True)
    assert {"wagtail.create", "wagtail.edit", "wagtail.publish"} <= set(said)
    assert Story.objects.get().versions.get().by == chief


def test_the_links_of_a_draft_are_asked_as_those_written_at_the_desk(
    writer: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "LINK_CHECKS", True)
    text, notes = (f'<a href="https://{host}.example/?a=1&amp;b=2#c">x</a>' for host in "ab")
    made = _begin(writer, body=text)
    _patch(writer, made, notes_to_editors=notes)
    waiting = OutsideLink.objects.filter(due=True).order_by("url").values_list("url", flat=True)
    assert list(waiting) == [f"https://{host}.example/?a=1&b=2" for host in "ab"]


# --- what is refused --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "/headline"),
        ({"headline": "  "}, "/headline"),
        ({"headline": "x" * 501}, "/headline"),
        ({"headline": "x", "colour": "red"}, "/colour"),
        ({"headline": "x", "offices": ["vienna", "atlantis"]}, "/offices/1"),
        ({"headline": "x", "genre": "poem"}, "/genre"),
        ({"headline": "x", "topics": "law"}, "/topics"),
        ({"headline": "x", "embargoed_until": "soon"}, "/embargoed_until"),
        ({"headline": "x", "translates": str(uuid4())}, "/translates"),
    ],
)
def test_what_cannot_be_taken_is_named(
    terms: None, writer: Api, body: dict[str, Any], field: str
) -> None:
    said = problem(writer.ask("POST", "/en/drafts", body), 422)
    assert [one["field"] for one in said["errors"]] == [field]
    assert not Story.objects.exists()


@pytest.mark.parametrize("note", ["", "   ", None])
@pytest.mark.parametrize("verb", ["correct", "retract", "kill"])
def test_readers_are_owed_a_reason(writer: Api, verb: str, note: str | None) -> None:
    made = _begin(writer)
    _do(writer, made, "publish")
    said = problem(_do(writer, made, verb, **({} if note is None else {"note": note})), 422)
    assert said["errors"][0]["field"] == "/note"
    assert Story.objects.get().state == State.PUBLISHED


def test_what_the_state_does_not_allow(writer: Api) -> None:
    made = _begin(writer)
    for verb, body in (("unpublish", {}), ("retract", {"note": "x"}), ("correct", {"note": "x"})):
        assert problem(_do(writer, made, verb, **body), 409)["detail"]
    _do(writer, made, "publish")
    _do(writer, made, "kill", note="Never.")
    for verb, body in (("publish", {}), ("kill", {"note": "x"}), ("retract", {"note": "x"})):
        assert "killed" in problem(_do(writer, made, verb, **body), 409)["detail"]
    problem(_patch(writer, made, headline="Still here"), 409)


def test_a_time_gone_by_is_refused(writer: Api) -> None:
    made = _begin(writer)
    said = problem(_do(writer, made, "schedule", at="2020-01-01T00:00:00Z"), 422)
    assert said["errors"][0]["field"] == "/at"


def test_a_story_somebody_has_locked_is_left_alone(writer: Api) -> None:
    made = _begin(writer)
    other = User.objects.create_user("other")
    Story.objects.update(locked=True, locked_by=other, locked_at=timezone.now())
    assert "locked" in problem(_patch(writer, made, headline="Mine"), 409)["detail"]
    problem(_do(writer, made, "publish"), 409)


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"headline": "\xff"}', "application/json", 400),
        (b'{"headline": "\\ud800"}', "application/json", 400),
        (b"headline=x", "application/x-www-form-urlencoded", 415),
        (b'{"headline": "x"}', "text/plain", 415),
        (b'{"headline": "' + b"x" * 3_000_000 + b'"}', "application/json", 413),
        (b"[]", "application/json", 422),
    ],
)
def test_bodies_are_json(writer: Api, content: bytes, media_type: str, status: int) -> None:
    answer = writer.client.generic(
        "POST", "/api/v1/en/drafts", content, media_type, headers=writer.headers
    )
    problem(answer, status)


# --- nobody's work is overwritten ---------------------------------------------------------------
def test_a_change_says_which_state_it_changes(writer: Api) -> None:
    made = _begin(writer)
    problem(writer.ask("PATCH", made["self"], {"headline": "x"}), 428)
    first = writer.ask("GET", made["self"])["ETag"]
    assert (
        writer.ask("PATCH", made["self"], {"headline": "Mine"}, If_Match=first).status_code == 200
    )
    problem(writer.ask("PATCH", made["self"], {"headline": "Theirs"}, If_Match=first), 412)
    assert writer.get(made["self"])["headline"] == "Mine"


def test_a_tag_made_weak_by_a_compressing_proxy_still_matches(writer: Api) -> None:
    made = _begin(writer)
    weak = f"W/{writer.ask('GET', made['self'])['ETag']}"
    assert writer.ask("PATCH", made["self"], {"headline": "x"}, If_Match=weak).status_code == 200


def test_a_verb_may_say_which_state_it_means(writer: Api) -> None:
    made = _begin(writer)
    seen = writer.ask("GET", made["self"])["ETag"]
    story = Story.objects.get()
    story.headline = "Changed at the desk"
    story.save_revision()
    problem(writer.ask("POST", f"{made['self']}/publish", {}, If_Match=seen), 412)
    now = writer.ask("GET", made["self"])["ETag"]
    assert writer.ask("POST", f"{made['self']}/publish", {}, If_Match=now).status_code == 200


def test_a_story_imported_without_a_draft_can_be_changed(writer: Api) -> None:
    story = published("Imported", published=date(2024, 1, 1))
    story.revisions.all().delete()
    Story.objects.update(latest_revision=None, live_revision=None)
    path = f"/en/drafts/{story.translation_key}"
    etag = writer.ask("GET", path)["ETag"]
    assert writer.ask("PATCH", path, {"summary": "New"}, If_Match=etag).status_code == 200
    assert writer.ask("POST", f"{path}/publish", {}).json()["summary"] == "New"


def test_a_draft_of_a_retracted_story_changes_nothing_readers_see(writer: Api, api: Api) -> None:
    made = _begin(writer)
    _do(writer, made, "publish")
    _do(writer, made, "retract", note="Wrong.")
    _patch(writer, made, headline="Secret plan")
    assert api.get("/en/stories/1")["headline"] == "A headline"


# --- who may do it ------------------------------------------------------------------------------
CALLS = [
    (Scope.CREATE, "POST", "/en/drafts", {"headline": "x"}),
    (Scope.UPDATE, "GET", "/en/drafts/{key}", None),
    (Scope.UPDATE, "GET", "/en/stories/1/draft", None),
    (Scope.UPDATE, "PATCH", "/en/drafts/{key}", {"headline": "y"}),
    (Scope.PUBLISH, "POST", "/en/drafts/{key}/publish", {}),
    (Scope.PUBLISH, "POST", "/en/drafts/{key}/schedule", {"at": "2190-01-01T00:00:00Z"}),
    (Scope.CORRECT, "POST", "/en/drafts/{key}/correct", {"note": "x"}),
    (Scope.UNPUBLISH, "POST", "/en/drafts/{key}/unpublish", {}),
    (Scope.RETRACT, "POST", "/en/drafts/{key}/retract", {"note": "x"}),
    (Scope.KILL, "POST", "/en/drafts/{key}/kill", {"note": "x"}),
]


def test_every_call_needs_its_own_scope(chief: User) -> None:
    story = published("Public")
    for scope, method, path, body in CALLS:
        without = Api(tokens.make(chief, "t", [other for other in Scope if other != scope])[1])
        path = path.format(key=story.translation_key)
        said = problem(without.ask(method, path, body, If_Match="*"), 403)
        assert scope.value in said["detail"]
    assert Story.objects.get().state == State.PUBLISHED


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (None, set()),
        (Role.CONTRIBUTOR, {Scope.CREATE, Scope.UPDATE}),
        (Role.EDITOR, {Scope.CREATE, Scope.UPDATE, Scope.PUBLISH, Scope.CORRECT}),
    ],
)
def test_a_token_may_do_no_more_than_its_owner(
    chief: User, role: Role | None, allowed: set[Scope]
) -> None:
    story = published("Public")
    chief.memberships.update(role=role) if role else chief.memberships.all().delete()
    token = Api(tokens.make(chief, "t", list(Scope))[1])
    for scope, method, path, body in CALLS:
        if scope not in allowed:
            path = path.format(key=story.translation_key)
            problem(token.ask(method, path, body, If_Match="*"), 403)
    assert Story.objects.get().state == State.PUBLISHED


def test_a_token_knows_nothing_of_other_offices(chief: User) -> None:
    vienna, tirana = office("vienna"), office("tirana")
    chief.memberships.update(office=vienna)
    theirs = draft("Theirs", offices=(tirana,))
    token = Api(tokens.make(chief, "t", list(Scope))[1])
    for scope, method, path, body in CALLS:
        if scope != Scope.CREATE:
            path = path.format(key=theirs.translation_key)
            problem(token.ask(method, path, body, If_Match="*"), 404)
    problem(token.ask("POST", "/en/drafts", {"headline": "x", "offices": ["tirana"]}), 422)
    assert token.ask("POST", "/en/drafts", {"headline": "x", "offices": ["vienna"]})
    assert Story.objects.filter(headline="x").count() == 1


def test_cookies_open_nothing(chief: User, api: Api) -> None:
    api.client.force_login(User.objects.create_superuser("root"))
    problem(api.ask("POST", "/en/drafts", {"headline": "x"}), 401)
    assert not Story.objects.exists()


def test_other_sites_pages_may_read_and_not_write(writer: Api) -> None:
    made = _begin(writer)
    for answer in (
        writer.ask("GET", made["self"], Origin="https://evil.example"),
        writer.ask("OPTIONS", made["self"], Origin="https://evil.example"),
        writer.ask("POST", "/en/drafts", {"headline": "x"}, Origin="https://evil.example"),
    ):
        assert not [name for name in answer.headers if name.startswith("Access-Control")]


def test_what_is_written_is_kept_by_no_cache(writer: Api) -> None:
    made = _begin(writer)
    assert writer.ask("GET", made["self"])["Cache-Control"] == "no-store"
    assert json.loads(writer.ask("GET", made["self"]).content) == made


def test_drafts_of_the_desk_can_be_read_too(writer: Api) -> None:
    story = draft("At the desk")
    assert writer.get(f"/en/drafts/{story.translation_key}")["headline"] == "At the desk"
    verbs.publish(story)
    assert writer.get(f"/en/drafts/{story.translation_key}")["state"] == "published"
