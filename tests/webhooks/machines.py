"""A machine that is told things by webhook, as a test sees it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from dateline.webhooks import courier


@dataclass
class Receiver:
    """What arrived, and with which status each is answered (200 when none is left)."""

    url: str = ""
    arrived: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)

    @property
    def payloads(self) -> list[dict[str, Any]]:
        return [json.loads(content) for _, content in self.arrived]

    @property
    def told(self) -> list[tuple[str, int]]:
        return [(payload["type"], payload["data"]["number"]) for payload in self.payloads]


def carried() -> None:
    """Everything that waits and is due is sent."""
    while courier.carry():
        pass
