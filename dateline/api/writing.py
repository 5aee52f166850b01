"""Addresses for writing: drafts, and the verbs that make them public. A token opens each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import parse_etags
from ninja import Router, Schema
from pydantic import AfterValidator, ConfigDict, Field
from wagtail.log_actions import log

from dateline.api import answers, asking, drafts, idempotency, parameters, problems, schemas
from dateline.api.models import Scope, Token
from dateline.api.problems import ProblemError
from dateline.api.tokens import Bearer
from dateline.lib import html
from dateline.people import rights
from dateline.people.rights import Action
from dateline.publishing import checks, verbs
from dateline.stories.models import State, Story

router = Router(tags=["Writing"])

_CLOSED = dict.fromkeys((400, 401, 403, 404), schemas.Problem)
_REFUSED = dict.fromkeys((409, 412, 413, 415, 422), schemas.Problem)
_ANSWERS: dict[int, Any] = {200: drafts.Draft, **_CLOSED, **_REFUSED}

_KEY = parameters.header(
    "Idempotency-Key",
    "Drawn anew for each request; the same request again gets the same answer.",
    {"type": "string", "pattern": idempotency.KEY.pattern},
)
_MATCH = parameters.header("If-Match", "The draft's ETag: 412 if it was changed since.")


class Publication(Schema):
    """What readers may be told of an update."""

    model_config = ConfigDict(extra="forbid")

    note: Annotated[str, Field(max_length=2000, description="What changed; may be empty.")] = ""


class Reason(Schema):
    """What readers are told."""

    model_config = ConfigDict(extra="forbid")

    note: Annotated[str, AfterValidator(str.strip), Field(min_length=1, max_length=2000)]


class Time(Schema):
    """When to publish; without an offset on the newsroom's clock."""

    model_config = ConfigDict(extra="forbid")

    at: datetime


class Nothing(Schema):
    """An empty object."""

    model_config = ConfigDict(extra="forbid")


# --- drafts -----------------------------------------------------------------------------------
@router.post(
    "/{language:language}/drafts",
    auth=Bearer(Scope.CREATE),
    response={201: drafts.Draft, **_CLOSED, **_REFUSED},
    summary="Begin a draft",
    operation_id="create_draft",
    openapi_extra={"parameters": [_KEY]},
)
def create_draft(request: HttpRequest, language: str, new: drafts.New) -> HttpResponse:
    """A story nobody but the desk sees. Its address and ETag are in the answer."""
    user = _owner(request)
    mine = rights.offices(user, Action.WRITE)
    if mine is not None and not mine:
        raise ProblemError(problems.FORBIDDEN, "The token's owner may not create stories.")

    def carry_out() -> HttpResponse:
        story = drafts.begin(language, new)
        drafts.put(new, story)
        _check_offices(story, frozenset(), user)
        _save(story, user, whole=True)
        log(story, "wagtail.create", user=user)
        answer = _shown(story, 201)
        answer["Location"] = drafts.address(story)
        return answer

    return idempotency.once(request, _token(request), carry_out)


@router.get(
    "/{language:language}/drafts/{uuid:key}",
    auth=Bearer(Scope.UPDATE),
    response={200: drafts.Draft, **_CLOSED},
    summary="A draft",
    operation_id="get_draft",
)
def get_draft(request: HttpRequest, language: str, key: UUID) -> HttpResponse:
    """The newest draft of a story, public or not."""
    asking.only(request)
    return _shown(_found(request, language, key))


@router.get(
    "/{language:language}/stories/{number:number}/draft",
    auth=Bearer(Scope.UPDATE),
    response={200: drafts.Draft, **_CLOSED},
    summary="The draft of a story",
    operation_id="get_draft_of_story",
)
def get_draft_of_story(request: HttpRequest, language: str, number: int) -> HttpResponse:
    """The newest draft of the story with a number, which has its key."""
    asking.only(request)
    return _shown(_permitted(request, Story.objects.filter(number=number), language))


@router.patch(
    "/{language:language}/drafts/{uuid:key}",
    auth=Bearer(Scope.UPDATE),
    response={**_ANSWERS, 428: schemas.Problem},
    summary="Change a draft",
    operation_id="update_draft",
    openapi_extra={"parameters": [_MATCH | {"required": True}, _KEY]},
)
def update_draft(
    request: HttpRequest, language: str, key: UUID, change: drafts.Change
) -> HttpResponse:
    """Only the fields given change. What readers see stays as it is until it is published."""
    if "If-Match" not in request.headers:
        raise ProblemError(problems.MATCH_REQUIRED)

    def write(story: Story, user: Any) -> None:
        _check_lock(story, user)
        draft: Story = story.get_latest_revision_as_object()
        drafts.put(change, draft)
        _check_offices(draft, rights.standing(story), user)
        _save(draft, user, whole=story.state in (State.DRAFT, State.UNPUBLISHED))

    return _change(request, language, key, Action.WRITE, write)


# --- verbs ------------------------------------------------------------------------------------
_View = Callable[..., HttpResponse]


def _verb(name: str, scope: Scope, summary: str) -> Callable[[_View], _View]:
    return router.post(
        f"/{{language:language}}/drafts/{{uuid:key}}/{name}",
        auth=Bearer(scope),
        response=_ANSWERS,
        summary=summary,
        operation_id=f"{name}_story",
        openapi_extra={"parameters": [_MATCH, _KEY]},
    )


@_verb("publish", Scope.PUBLISH, "Publish")
def publish(
    request: HttpRequest,
    language: str,
    key: UUID,
    body: Publication,
) -> HttpResponse:
    """The draft becomes what readers see: as a first publication, or as an update of it."""

    def write(story: Story, user: Any) -> None:
        _check_lock(story, user)
        _check_ready(story)
        note = body.note.strip()
        verbs.publish(story, revision=story.latest_revision, user=user, note=note)

    return _change(request, language, key, Action.PUBLISH, write)


@_verb("correct", Scope.CORRECT, "Publish a correction")
def correct(
    request: HttpRequest,
    language: str,
    key: UUID,
    body: Reason,
) -> HttpResponse:
    """The public text was wrong: the draft replaces it, and the note tells readers what it was."""

    def write(story: Story, user: Any) -> None:
        _check_lock(story, user)
        _check_ready(story)
        verbs.correct(story, body.note, revision=story.latest_revision, user=user)

    return _change(request, language, key, Action.CORRECT, write)


@_verb("schedule", Scope.PUBLISH, "Publish later")
def schedule(
    request: HttpRequest,
    language: str,
    key: UUID,
    body: Time,
) -> HttpResponse:
    """The draft is published at that moment, on the second."""
    at = body.at if body.at.tzinfo else timezone.make_aware(body.at)
    if at <= timezone.now():
        drafts.refuse({"/at": "The time to publish at has already passed."})

    def write(story: Story, user: Any) -> None:
        _check_lock(story, user)
        _check_ready(story)
        verbs.schedule(story.get_latest_revision_as_object(), at, user=user)

    return _change(request, language, key, Action.PUBLISH, write)


@_verb("unpublish", Scope.UNPUBLISH, "Unpublish")
def unpublish(
    request: HttpRequest,
    language: str,
    key: UUID,
    body: Nothing,
) -> HttpResponse:
    """The story leaves the site; it may be published again at the same address."""

    def write(story: Story, user: Any) -> None:
        if story.state != State.PUBLISHED:
            raise ProblemError(problems.NOT_NOW, "Only a published story can be unpublished.")
        verbs.unpublish(story, user=user)

    return _change(request, language, key, Action.WITHDRAW, write)


@_verb("retract", Scope.RETRACT, "Retract")
def retract(
    request: HttpRequest,
    language: str,
    key: UUID,
    body: Reason,
) -> HttpResponse:
    """The organisation no longer stands by the story: its address shows the note instead."""

    def write(story: Story, user: Any) -> None:
        verbs.retract(story, body.note, user=user)

    return _change(request, language, key, Action.WITHDRAW, write)


@_verb("kill", Scope.KILL, "Kill")
def kill(
    request: HttpRequest,
    language: str,
    key: UUID,
    body: Reason,
) -> HttpResponse:
    """The story must not be used by anyone: its address answers 410 with the note. Final."""

    def write(story: Story, user: Any) -> None:
        verbs.kill(story, body.note, user=user)

    return _change(request, language, key, Action.WITHDRAW, write)


# --- what they share ----------------------------------------------------------------------------
def _change(
    request: HttpRequest,
    language: str,
    key: UUID,
    action: Action,
    write: Callable[[Story, Any], None],
) -> HttpResponse:
    """Carry one change out, once: on the story as it is now, if it is what the writer saw."""

    def carry_out() -> HttpResponse:
        story = verbs.locked(_found(request, language, key, action))
        _check_match(request, story)
        try:
            write(story, _owner(request))
        except verbs.VerbError as refusal:
            raise ProblemError(problems.NOT_NOW, str(refusal)) from refusal
        except ValidationError as error:
            drafts.refuse_invalid(error)
        return _shown(Story.objects.get(pk=story.pk))

    return idempotency.once(request, _token(request), carry_out)


def _found(request: HttpRequest, language: str, key: UUID, action: Action = Action.WRITE) -> Story:
    return _permitted(request, Story.objects.filter(translation_key=key), language, action)


def _permitted(
    request: HttpRequest, stories: Any, language: str, action: Action = Action.WRITE
) -> Story:
    """The story, if the token's owner may see it; 403 if they may, and may not do that.

    The same rights as at the desk: a token does no more than its owner.
    """
    user = _owner(request)
    mine = rights.offices(user, action)
    if mine is not None and not mine:
        raise ProblemError(problems.FORBIDDEN, f"The token's owner may not {action} stories.")
    story: Story | None = stories.filter(locale__language_code=language).first()
    if story is None or not rights.may(user, Action.SEE, story):
        raise ProblemError(problems.NOT_FOUND)
    if not rights.may(user, action, story):
        raise ProblemError(problems.FORBIDDEN, f"The token's owner may not {action} this story.")
    return story


def _check_offices(draft: Story, before: frozenset[int], user: Any) -> None:
    """An owner's own offices may come and go; those of others stay as they are."""
    mine = rights.offices(user, Action.WRITE)
    if mine is None:
        return
    after = {office.pk for office in draft.offices.all()}
    if (after ^ before) - mine or not after & mine:
        drafts.refuse({"/offices": "The token's owner writes for other offices."})


def _token(request: HttpRequest) -> Token:
    token: Token = request.auth  # type: ignore[attr-defined] # ninja puts there what opened the door
    return token


def _owner(request: HttpRequest) -> Any:
    return _token(request).owner


def _check_match(request: HttpRequest, story: Story) -> None:
    given = request.headers.get("If-Match")
    if given is None or given.strip() == "*":
        return
    # A proxy that compresses an answer makes its tag weak, and the writer sends it back so.
    seen = [tag.removeprefix("W/") for tag in parse_etags(given)]
    if drafts.etag(drafts.show(story)) not in seen:
        raise ProblemError(problems.CHANGED)


def _check_lock(story: Story, user: Any) -> None:
    lock = story.get_lock()
    if lock is not None and lock.for_user(user):
        raise ProblemError(problems.NOT_NOW, html.text(str(lock.get_message(user))))


def _check_ready(story: Story) -> None:
    """422 for what keeps the draft from going out, as at the desk."""
    found = checks.errors(story.get_latest_revision_as_object())
    drafts.refuse({f"/{finding.field}": finding.message for finding in found})


def _save(draft: Story, user: Any, *, whole: bool) -> None:
    """Keep a draft; `whole` writes a text nobody sees onto the story too, as the desk does."""
    try:
        draft.full_clean()
    except ValidationError as error:
        drafts.refuse_invalid(error)
    if whole:
        draft.save()
    draft.save_revision(user=user, log_action=True)


def _shown(story: Story, status: int = 200) -> HttpResponse:
    said = drafts.show(story)
    answer = HttpResponse(orjson.dumps(said), content_type=answers.JSON, status=status)
    answer["ETag"] = drafts.etag(said)
    answer["Cache-Control"] = "no-store"
    return answer
