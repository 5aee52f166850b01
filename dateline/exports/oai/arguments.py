"""What a harvester asks: a verb and its arguments, checked as the protocol's chapter 4 has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing

PREFIX = "oai_dc"
_SALT = "dateline.oai"

ARGUMENTS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "Identify": (frozenset(), frozenset()),
    "ListMetadataFormats": (frozenset(), frozenset({"identifier"})),
    "ListSets": (frozenset(), frozenset()),
    "GetRecord": (frozenset({"identifier", "metadataPrefix"}), frozenset()),
    "ListIdentifiers": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
    "ListRecords": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
}
"""Verb → arguments that must be given, and those that may."""


class OaiError(Exception):
    """An error the protocol names; `code` is its (chapter 3.6)."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Window:
    """Which records a list is of, and how far it has come: behind `after` (moment, story id)."""

    since: datetime | None = None
    until: datetime | None = None
    set: str = ""
    after: tuple[datetime, int] | None = None

    def token(self) -> str:
        """The window as a resumption token: it holds all there is, and never expires."""
        parts = [_iso(self.since), _iso(self.until), self.set]
        if self.after:
            parts += [_iso(self.after[0]), str(self.after[1])]
        return signing.dumps(parts, salt=_SALT, compress=True)


def read(given: Mapping[str, Sequence[str]]) -> tuple[str, dict[str, str]]:
    """The verb and its arguments. Raises OaiError for whatever the protocol does not allow."""
    verb = "".join(given.get("verb", ()))
    if len(given.get("verb", ())) != 1 or verb not in ARGUMENTS:
        raise OaiError("badVerb", f"The verb must be one of: {', '.join(ARGUMENTS)}.")
    if repeated := sorted(name for name, values in given.items() if len(values) > 1):
        raise OaiError("badArgument", f"{repeated[0]} is given more than once.")
    arguments = {name: values[0] for name, values in given.items() if name != "verb"}
    if verb.startswith("List") and set(arguments) == {"resumptionToken"}:
        if verb == "ListSets":
            raise OaiError("badResumptionToken", "The list of sets is complete in one answer.")
        return verb, arguments
    required, optional = ARGUMENTS[verb]
    if unknown := sorted(set(arguments) - required - optional):
        raise OaiError("badArgument", f"{verb} takes no {unknown[0]} here.")
    if missing := sorted(required - set(arguments)):
        raise OaiError("badArgument", f"{verb} needs {missing[0]}.")
    if arguments.get("metadataPrefix", PREFIX) != PREFIX:
        raise OaiError("cannotDisseminateFormat", f"There is one format: {PREFIX}.")
    return verb, arguments


def window(arguments: Mapping[str, str]) -> Window:
    """The window a list's arguments or its resumption token mean."""
    if "resumptionToken" in arguments:
        return _resumed(arguments["resumptionToken"])
    since, until = arguments.get("from", ""), arguments.get("until", "")
    if since and until and len(since) != len(until):
        raise OaiError("badArgument", "from and until must be of the same granularity.")
    first = _moment("from", since)
    last = _moment("until", until)
    if last is not None:
        last += timedelta(days=1) if len(until) == 10 else timedelta(seconds=1)
    if first and last and first >= last:
        raise OaiError("badArgument", "from is later than until.")
    return Window(first, last, arguments.get("set", ""))


def _moment(name: str, text: str) -> datetime | None:
    if not text:
        return None
    form = "%Y-%m-%d" if len(text) == 10 else "%Y-%m-%dT%H:%M:%SZ"
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC)
    except ValueError as error:
        expected = "YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ"
        raise OaiError("badArgument", f"{name}: {text[:40]!r} is not {expected}.") from error


def _resumed(token: str) -> Window:
    try:
        since, until, chosen, *after = signing.loads(token, salt=_SALT)
        place = (datetime.fromisoformat(after[0]), int(after[1])) if after else None
        return Window(_read(since), _read(until), chosen, place)
    except (signing.BadSignature, ValueError, IndexError, TypeError) as error:
        raise OaiError("badResumptionToken", "This is no resumption token of ours.") from error


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _read(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
