"""The one address of the protocol: `/oai`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from dateline.archive import entries
from dateline.exports.oai import arguments, records
from dateline.exports.oai.arguments import PREFIX, OaiError, Window
from dateline.exports.oai.records import Record
from dateline.formats.dublincore.write import NAMESPACE, SCHEMA, record
from dateline.formats.xml import add, document, legal
from dateline.lib import newsroom

_OAI = "http://www.openarchives.org/OAI/2.0/"

Arguments = Mapping[str, str]


@csrf_exempt  # the protocol asks by POST as well (3.1.1.2); nothing is changed and no cookie read
@require_http_methods(["GET", "HEAD", "POST"])
def oai(request: HttpRequest) -> HttpResponse:
    """Answer a harvester. The protocol's errors are answers of their own, with status 200."""
    given = dict((request.POST if request.method == "POST" else request.GET).lists())
    root = ET.Element(
        "OAI-PMH",
        {
            "xmlns": _OAI,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": f"{_OAI} {_OAI}OAI-PMH.xsd",
        },
    )
    add(root, "responseDate", _stamp(timezone.now()))
    asked = add(root, "request", f"{settings.ORIGIN}/oai")
    try:
        verb, given_arguments = arguments.read(given)
        answer = ET.Element(verb)
        _ANSWERS[verb](answer, given_arguments)
        asked.attrib.update({"verb": verb, **_legal(given_arguments)})
    except OaiError as error:
        if error.code not in ("badVerb", "badArgument"):  # 3.2: then without attributes
            asked.attrib.update(_legal({name: values[0] for name, values in given.items()}))
        answer = ET.Element("error", {"code": error.code})
        answer.text = str(error)
    root.append(answer)
    response = HttpResponse(document(root), content_type="text/xml; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def _legal(given: Arguments) -> dict[str, str]:
    return {name: legal(value) for name, value in given.items()}


def _identify(answer: ET.Element, _: Arguments) -> None:
    room = settings.NEWSROOM
    add(answer, "repositoryName", newsroom.say(room.name, room.languages[0]))
    add(answer, "baseURL", f"{settings.ORIGIN}/oai")
    add(answer, "protocolVersion", "2.0")
    add(answer, "adminEmail", room.contact_email or settings.DEFAULT_FROM_EMAIL)
    add(answer, "earliestDatestamp", _stamp(records.earliest() or datetime(1970, 1, 1, tzinfo=UTC)))
    add(answer, "deletedRecord", "persistent")
    add(answer, "granularity", "YYYY-MM-DDThh:mm:ssZ")


def _formats(answer: ET.Element, given: Arguments) -> None:
    if "identifier" in given:
        records.one(given["identifier"])
    found = add(answer, "metadataFormat")
    add(found, "metadataPrefix", PREFIX)
    add(found, "schema", SCHEMA)
    add(found, "metadataNamespace", NAMESPACE)


def _sets(answer: ET.Element, _: Arguments) -> None:
    for spec, name in records.sets(settings.NEWSROOM.languages[0]):
        found = add(answer, "set")
        add(found, "setSpec", spec)
        add(found, "setName", name)


def _get(answer: ET.Element, given: Arguments) -> None:
    _record(answer, records.one(given["identifier"]))


def _list(write: Callable[[ET.Element, Record], None]) -> Callable[[ET.Element, Arguments], None]:
    def answered(answer: ET.Element, given: Arguments) -> None:
        window = arguments.window(given)
        page, rest = records.page(window)
        for found in page:
            write(answer, found)
        _resumption(answer, window, rest)

    return answered


def _resumption(answer: ET.Element, window: Window, rest: Window | None) -> None:
    """Where a list goes on; an empty token ends one that took more than one answer (3.5)."""
    if rest:
        add(answer, "resumptionToken", rest.token())
    elif window.after:
        add(answer, "resumptionToken")


def _record(answer: ET.Element, found: Record) -> None:
    element = add(answer, "record")
    _header(element, found)
    if found.row:
        entry = entries.entry(found.row, found.row.language)
        room = settings.NEWSROOM
        publisher = newsroom.say(room.organisation or room.name, found.row.language)
        add(element, "metadata").append(record(entry, publisher))


def _header(answer: ET.Element, found: Record) -> None:
    header = add(answer, "header")
    if found.row is None:
        header.set("status", "deleted")
    add(header, "identifier", found.identifier)
    add(header, "datestamp", _stamp(found.at))
    for name in found.sets:
        add(header, "setSpec", name)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_ANSWERS: Mapping[str, Callable[[ET.Element, Arguments], None]] = {
    "Identify": _identify,
    "ListMetadataFormats": _formats,
    "ListSets": _sets,
    "GetRecord": _get,
    "ListIdentifiers": _list(_header),
    "ListRecords": _list(_record),
}
