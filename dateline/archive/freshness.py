"""When answers last changed, for readers that ask whether there is anything new."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.utils import timezone

from dateline.archive import index
from dateline.publishing import outbox
from dateline.publishing.models import Change
from dateline.vocabularies import snapshot as vocabularies

_SETTLED = timedelta(seconds=2)


def last_modified() -> datetime | None:
    """The moment of the last change the index has taken in: no list has changed since.

    None where that is not known, or so recent that another change may fall into the same second,
    which is as fine as the header's clock goes (RFC 9110, 8.8.2.2).
    """
    changes = Change.objects.filter(sequence__lte=index.engine().cursor())
    at = changes.order_by("-sequence").values_list("at", flat=True).first()
    return at if at and at < timezone.now() - _SETTLED else None


def tag(*parts: str) -> str:
    """A weak entity tag of an answer too long to be made first: of all it is made from.

    `parts` say what was asked. Take it before the answer is read: what changes meanwhile then
    makes it different, and never the same.
    """
    known = (outbox.head(), index.engine().cursor(), vocabularies.current().stamp, *parts)
    return f'W/"{hashlib.blake2b(repr(known).encode(), digest_size=12).hexdigest()}"'
