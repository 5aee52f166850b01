"""What the worker calls for alerts."""

from __future__ import annotations

from dateline.alerts import enveloping, gathering, sending


def carry() -> bool:
    """Gather what is new, put what is due into mails, send for a while; True when more waits."""
    gathered = gathering.gather()
    if sending.stopped():
        return gathered
    enveloped = enveloping.envelop()
    return sending.send() or gathered or enveloped
