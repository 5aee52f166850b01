"""A receiver on this machine, and an endpoint that leads to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from webhooks.machines import Receiver

from dateline.webhooks import courier, delivery
from dateline.webhooks.models import Endpoint


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    received = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            names = {name.lower(): value for name, value in self.headers.items()}
            received.arrived.append((names, content))
            status, headers = received.answers.pop(0) if received.answers else (200, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    received.url = f"http://127.0.0.1:{server.server_port}/hook"
    monkeypatch.setattr(delivery, "allowed", lambda address: True)
    yield received
    server.shutdown()
    server.server_close()


@pytest.fixture
def endpoint(receiver: Receiver, db: None) -> Endpoint:
    """Told of everything in English from now on."""
    made = Endpoint.objects.create(name="Mirror", url=receiver.url, listing="/en/news")
    courier.carry()
    return made
