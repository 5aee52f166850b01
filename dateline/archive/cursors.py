"""Where a reader of a list has come to, as text for an address.

A cursor names the last story given by its place in the order of all (`Place`), not by a count of
what came before: what is published or withdrawn meanwhile neither repeats nor hides another story,
and the thousandth page costs what the first does.
"""

from __future__ import annotations

import base64
import binascii
import re

from dateline.archive.engines.base import Place

_LONGEST = 80
_PLACE = re.compile(r"(-?[0-9]{1,15})/([0-9]{1,15})/([A-Za-z0-9-]{1,35})", re.ASCII)


def write(place: Place) -> str:
    """A place as one word that may stand in an address as it is; readers need not look inside."""
    text = f"{place.instant}/{place.number}/{place.language}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(text: str) -> Place:
    """The place `write` wrote; ValueError for anything else."""
    try:
        said = base64.urlsafe_b64decode(text[:_LONGEST] + "=" * (-len(text) % 4)).decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise ValueError("this is no cursor") from error
    found = _PLACE.fullmatch(said)
    place = found and Place(int(found[1]), int(found[2]), found[3])
    # One place has one cursor: spellings that decoders forgive are not taken.
    if not place or write(place) != text:
        raise ValueError("this is no cursor")
    return place
