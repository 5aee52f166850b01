"""What went wrong, as RFC 9457 has it: one registry, and one exception that becomes the answer.

An API speaks one language to those who write programs against it: these texts are English
everywhere. Programs look at `type`, `status` and the codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpResponse

CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """A kind of problem: its name in `type`, its status, and what to do about it."""

    name: str
    status: int
    title: str
    advice: str

    @property
    def uri(self) -> str:
        """The problem's type: where the documentation explains it."""
        return f"{settings.ORIGIN}/api/v1/#problem-{self.name}"


@dataclass(frozen=True)
class _RegisteredKind(Kind):
    """A kind that the RateLimit draft has registered for everybody."""

    @property
    def uri(self) -> str:
        return f"https://iana.org/assignments/http-problem-types#{self.name}"


BAD_PARAMETERS = Kind(
    "bad-parameters",
    400,
    "Parameters that cannot be used",
    "Nothing is ignored: `parameters` names each one with its value, a code and what to do.",
)
BAD_REQUEST = Kind(
    "bad-request", 400, "The request cannot be read", "The body must be JSON in UTF-8."
)
UNAUTHORIZED = Kind(
    "unauthorized",
    401,
    "A valid token is needed",
    "Send `Authorization: Bearer …` with a token that has not expired or been revoked. The answer "
    "is the same whatever was wrong with the token.",
)
FORBIDDEN = Kind(
    "forbidden",
    403,
    "This token may not do that",
    "The token lacks the scope, or its owner lacks the right at the desk; `detail` says which.",
)
NOT_FOUND = Kind(
    "not-found",
    404,
    "There is nothing at this address",
    "For a story that exists in other languages, `languages` names them.",
)
METHOD_NOT_ALLOWED = Kind(
    "method-not-allowed",
    405,
    "This address does not take that method",
    "`Allow` names those it takes.",
)
NOT_NOW = Kind(
    "not-now",
    409,
    "The story cannot take this now",
    "Its state does not allow it, or somebody has locked it; `detail` says what stands in the way.",
)
IN_PROGRESS = Kind(
    "request-in-progress",
    409,
    "The first request with this key is still being worked on",
    "Wait a second and send the same request again.",
)
GONE = Kind(
    "gone",
    410,
    "This story was killed and must not be used",
    "`notice` says why. Delete your copies.",
)
CHANGED = Kind(
    "changed-meanwhile",
    412,
    "The story was changed meanwhile",
    "Read it again, put your change onto what it is now, and send its new ETag in `If-Match`.",
)
TOO_LARGE = Kind("too-large", 413, "The body is too large", "`detail` says how much is taken.")
UNSUPPORTED = Kind(
    "unsupported-media-type", 415, "The body must be JSON", "Send `Content-Type: application/json`."
)
INVALID = Kind(
    "invalid", 422, "Values that cannot be taken", "`errors` names each field and what is wrong."
)
KEY_REUSED = Kind(
    "key-reused",
    422,
    "This key was used for another request",
    "Draw a new `Idempotency-Key` for each new request.",
)
MATCH_REQUIRED = Kind(
    "if-match-required",
    428,
    "Say which state of the story you are changing",
    "Send the story's ETag in `If-Match`, so that nobody's work is overwritten.",
)
QUOTA_EXCEEDED = _RegisteredKind(
    "quota-exceeded",
    429,
    "Too many requests",
    "`Retry-After` says in how many seconds to go on. `RateLimit` says in every answer how many "
    "requests are left.",
)
FAILURE = Kind(
    "failure", 500, "Something went wrong here", "It is in this site's log. Try again later."
)

KINDS = (
    *(BAD_PARAMETERS, BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, METHOD_NOT_ALLOWED),
    *(NOT_NOW, IN_PROGRESS, GONE, CHANGED, TOO_LARGE, UNSUPPORTED, INVALID, KEY_REUSED),
    *(MATCH_REQUIRED, QUOTA_EXCEEDED, FAILURE),
)


@dataclass
class ProblemError(Exception):
    """Raised anywhere below a view; `members` are the kind's own members of the answer."""

    kind: Kind
    detail: str = ""
    members: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def response(problem: ProblemError) -> HttpResponse:
    """The problem as an answer."""
    kind = problem.kind
    said = {"type": kind.uri, "title": kind.title, "status": kind.status}
    if problem.detail:
        said["detail"] = problem.detail
    content = orjson.dumps({**said, **problem.members})
    answer = HttpResponse(content, status=kind.status, content_type=CONTENT_TYPE)
    answer["Cache-Control"] = "no-store"
    for name, value in problem.headers.items():
        answer[name] = value
    return answer
