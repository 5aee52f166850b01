"""When answers last changed, for readers that ask whether there is anything new."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.utils import timezone

from dateline.archive import index
from dateline.publishing.models import Change, Datestamp, Subject
from dateline.vocabularies import snapshot as vocabularies

_SETTLED = timedelta(seconds=2)


def last_modified() -> datetime | None:
    """The moment of the last public change, if the index has taken it in: no list changed since.

    None where that is not known, or so recent that another change may fall into the same second,
    which is as fine as the header's clock goes (RFC 9110, 8.8.2.2).
    """
    last = _last_public()
    if last is None or last >= timezone.now() - _SETTLED or _behind(last) is not None:
        return None
    return last


def tag(*parts: str) -> str:
    """A weak entity tag of an answer too long to be made first: of all it is made from.

    `parts` say what was asked. Take it before the answer is read: what changes meanwhile then
    makes it different, and never the same.
    """
    last = _last_public()
    known = (last, last and _behind(last), vocabularies.current().stamp, *parts)
    return f'W/"{hashlib.blake2b(repr(known).encode(), digest_size=12).hexdigest()}"'


def _last_public() -> datetime | None:
    """When something last changed for the public.

    A story that is put under an embargo, or withdrawn before anybody saw it, changes nothing for
    them, and must not show in a header either.
    """
    texts = Datestamp.objects.order_by("-at").values_list("at", flat=True).first()
    terms = Change.objects.filter(subject=Subject.VOCABULARY).order_by("-sequence")
    known = [at for at in (texts, terms.values_list("at", flat=True).first()) if at]
    return max(known, default=None)


def _behind(last: datetime) -> int | None:
    """How far the index has come, while it has not come as far as the last public change."""
    cursor = index.engine().cursor()
    missing = Change.objects.filter(sequence__gt=cursor, at__lte=last)
    return cursor if missing.exists() else None
