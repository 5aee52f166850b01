"""What the worker calls for webhooks."""

from __future__ import annotations

from dateline.webhooks import delivery, events


def carry() -> bool:
    """Gather what is new and try what is due; True when more is waiting already."""
    more = events.gather()
    return delivery.deliver() or more
