"""When answers last changed, for readers that ask whether there is anything new."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from dateline.archive import index
from dateline.publishing.models import Change

_SETTLED = timedelta(seconds=2)


def last_modified() -> datetime | None:
    """The moment of the last change the index has taken in: no list has changed since.

    None where that is not known, or so recent that another change may fall into the same second,
    which is as fine as the header's clock goes (RFC 9110, 8.8.2.2).
    """
    changes = Change.objects.filter(sequence__lte=index.engine().cursor())
    at = changes.order_by("-sequence").values_list("at", flat=True).first()
    return at if at and at < timezone.now() - _SETTLED else None
