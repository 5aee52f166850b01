"""Fetching, against a real server on this machine and against addresses that must be refused."""

import gzip
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from dateline.lib import fetch, reading
from dateline.lib.fetch import Address, FetchError, Limits


class _Handler(BaseHTTPRequestHandler):
    """Answers by path; ``released`` ends the answers that would never end."""

    released: ClassVar[threading.Event] = threading.Event()
    seen_hosts: ClassVar[list[str]] = []
    seen: ClassVar[list[tuple[str, str, dict[str, str]]]] = []

    def do_GET(self) -> None:
        self.seen_hosts.append(self.headers["Host"])
        self.seen.append((self.command, self.path, dict(self.headers)))
        getattr(self, "answer_" + self.path.partition("?")[0].strip("/"), self.answer_missing)()

    def do_HEAD(self) -> None:
        if self.path in ("/endless", "/busy"):
            self.seen.append((self.command, self.path, dict(self.headers)))
            self.send_error(405 if self.path == "/endless" else 429)
        else:
            self.do_GET()

    def answer_missing(self) -> None:
        self.send_error(404)

    def answer_file(self) -> None:
        self._send(b"hello\n", {"Content-Type": "text/plain"})

    def answer_packed(self) -> None:
        self._send(gzip.compress(b"hello\n"), {"Content-Encoding": "gzip"})

    def answer_hop(self) -> None:
        self._redirect("/file")

    def answer_loop(self) -> None:
        self._redirect("/loop")

    def answer_away(self) -> None:
        self._redirect(self.path.partition("?")[2])

    def answer_nowhere(self) -> None:
        self._send(b"", {}, status=302)

    def answer_endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" * 65536)
        except OSError:
            self.close_connection = True

    def answer_trickle(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        try:
            while not self.released.wait(0.05):
                self.wfile.write(b"x")
        except OSError:
            self.close_connection = True

    def answer_trickled_header(self) -> None:
        try:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not self.released.wait(0.05):
                self.wfile.write(b"x")
        except OSError:
            self.close_connection = True

    def answer_short(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"only this")
        self.close_connection = True

    def _redirect(self, place: str) -> None:
        self._send(b"", {"Location": place}, status=302)

    def _send(self, body: bytes, headers: dict[str, str], status: int = 200) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    running.daemon_threads = True
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}"
    _Handler.released.set()
    running.shutdown()
    running.server_close()


def _anything(address: Address) -> bool:
    return True


def test_a_file_is_fetched(server: str) -> None:
    fetched = fetch.fetch(f"{server}/file#part", allowed=_anything)
    with closing(fetched.file):
        assert fetched.file.read() == b"hello\n"
    assert (fetched.size, fetched.content_type) == (6, "text/plain")


def test_the_host_is_named_to_the_server_though_the_address_is_connected_to(server: str) -> None:
    port = server.rpartition(":")[2]
    fetch.fetch(f"http://localhost:{port}/file", allowed=_anything).file.close()
    assert _Handler.seen_hosts[-1] == f"localhost:{port}"


def test_a_redirect_is_followed(server: str) -> None:
    fetched = fetch.fetch(f"{server}/hop", allowed=_anything)
    with closing(fetched.file):
        assert fetched.url == f"{server}/file"


def test_what_is_packed_on_the_wire_stays_packed(server: str) -> None:
    fetched = fetch.fetch(f"{server}/packed", allowed=_anything)
    with closing(fetched.file):
        assert gzip.decompress(fetched.file.read()) == b"hello\n"


def test_an_address_is_opened_like_a_file(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading.fetch, "fetch", partial(fetch.fetch, allowed=_anything))
    with reading.open_source(f"{server}/packed") as source:
        assert list(source.text_lines()) == [(1, "hello")]
        assert source.position == source.total
    with pytest.raises(reading.SourceError, match=f"{server}/missing: it answers 404"):
        reading.open_source(f"{server}/missing")


@pytest.mark.parametrize(
    ("path", "limits", "reason"),
    [
        ("missing", Limits(), "404 Not Found"),
        ("loop", Limits(redirects=3), "redirects more than 3 times"),
        ("nowhere", Limits(), "without saying where"),
        ("away?ftp://example.org/", Limits(), "only http and https"),
        ("away?file:///etc/passwd", Limits(), "only http and https"),
        ("endless", Limits(size=1_000_000), "larger than"),
        ("short", Limits(), "broke off"),
        ("trickle", Limits(seconds=0.3), "not fetched within"),
        ("trickled_header", Limits(seconds=0.3), "not fetched within"),
        ("trickle", Limits(silence=0.01), "does not answer in time"),
    ],
)
def test_what_is_refused(server: str, path: str, limits: Limits, reason: str) -> None:
    with pytest.raises(FetchError, match=reason):
        fetch.fetch(f"{server}/{path}", limits=limits, allowed=_anything)


@pytest.mark.parametrize(
    ("path", "status", "requests"),
    [
        ("/file", 200, ["HEAD /file"]),
        ("/hop", 200, ["HEAD /hop", "HEAD /file"]),
        ("/loop", 302, ["HEAD /loop"] * 3),
        ("/nowhere", 302, ["HEAD /nowhere"]),
        ("/missing", 404, ["HEAD /missing", "GET /missing"]),
        ("/endless", 200, ["HEAD /endless", "GET /endless"]),
        ("/busy", 429, ["HEAD /busy"]),
    ],
)
def test_an_address_is_asked_how_it_answers_and_nothing_is_read(
    server: str, path: str, status: int, requests: list[str]
) -> None:
    _Handler.seen.clear()
    limits, headers = Limits(redirects=2, seconds=20), {"User-Agent": "Newsroom"}
    assert fetch.ask(server + path, headers, limits=limits, allowed=_anything) == status
    assert [f"{method} {path}" for method, path, _ in _Handler.seen] == requests
    for _, _, sent in _Handler.seen:
        assert sent["User-Agent"] == "Newsroom"
        assert not {"Referer", "Cookie", "Authorization"} & set(sent)


@pytest.mark.parametrize("where", ["http://xn--a/", "javascript:alert(1)", "http://[::1"])
def test_a_redirect_to_what_is_no_address_is_an_error_like_any_other(
    server: str, where: str
) -> None:
    for reach in (fetch.ask, fetch.fetch, fetch.post):
        given = {fetch.ask: ({},), fetch.fetch: (), fetch.post: (b"", {})}[reach]
        with suppress(FetchError):
            reach(f"{server}/away?{where}", *given, allowed=_anything)  # type: ignore[operator]


def test_what_is_not_asked() -> None:
    for url in ("http://127.0.0.1/", "http://[fd00::1]/", "http://a:b@example.org/", "ftp://a.b/"):
        with pytest.raises(fetch.RefusedError):
            fetch.ask(url, {})
    for url in ("http://xn--a/", "http://[::1", "http://a..b/", "http://127.0.0.1:99999/"):
        with pytest.raises(FetchError):
            fetch.ask(url, {}, allowed=_anything)


def test_a_site_that_cannot_prove_its_name_is_told_from_one_that_is_away(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"https://127.0.0.1:{listening.getsockname()[1]}/"
        threading.Thread(target=_shake_hands, args=(listening, tmp_path), daemon=True).start()
        with pytest.raises(fetch.CertificateError):
            fetch.ask(url, {}, allowed=_anything)
    with pytest.raises(FetchError) as away:
        fetch.ask(url, {}, allowed=_anything)
    assert type(away.value) is FetchError


def _shake_hands(listening: socket.socket, folder: Path) -> None:
    """Offer a certificate that nobody has signed."""
    key, names = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    since = datetime(2020, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(names, names, key.public_key(), 1, since, since.replace(2100))
    (folder / "own.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "own.pem")
    connection, _ = listening.accept()
    with suppress(OSError), context.wrap_socket(connection, server_side=True):
        pass


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fd00::1]",
        "[ff02::1]",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "0.0.0.0",  # noqa: S104 - an address to refuse, not to bind
    ],
)
def test_addresses_that_are_not_public_are_refused(host: str) -> None:
    with pytest.raises(FetchError, match=r"not a public address|is not found|not an address"):
        fetch.fetch(f"http://{host}/")


def test_a_redirect_to_a_private_address_is_refused(server: str) -> None:
    port = int(server.rpartition(":")[2])

    def first_only(address: Address) -> bool:
        return address == ipaddress.ip_address("127.0.0.1")

    with pytest.raises(FetchError, match=r"10\.0\.0\.1, which is not a public address"):
        fetch.fetch(f"http://127.0.0.1:{port}/away?http://10.0.0.1/", allowed=first_only)
    with pytest.raises(fetch.RefusedError, match="not a public address"):
        fetch.ask(f"http://127.0.0.1:{port}/away?http://10.0.0.1/", {}, allowed=first_only)


def test_one_private_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*args: object, **options: object) -> list[tuple[object, ...]]:
        return [(2, 1, 6, "", (address, 80)) for address in ("93.184.216.34", "127.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(FetchError, match="not a public address"):
        fetch.fetch("http://example.org/")


def test_the_name_is_looked_up_once_so_rebinding_gains_nothing(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(server.rpartition(":")[2])
    answers = iter(["127.0.0.1"])
    real = socket.getaddrinfo

    def resolve(host: str, *args: object, **options: object) -> object:
        if host == "rebound.example":
            return real(next(answers), port, type=socket.SOCK_STREAM)
        return real(host, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    fetched = fetch.fetch(f"http://rebound.example:{port}/file", allowed=_anything)
    fetched.file.close()
    assert _Handler.seen_hosts[-1] == f"rebound.example:{port}"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::5db8:d822", True),
        ("::ffff:192.168.0.1", False),
        ("::", False),
        ("2001:db8::1", False),
        ("240.0.0.1", False),
    ],
)
def test_public(address: str, expected: bool) -> None:
    assert fetch.public(ipaddress.ip_address(address)) is expected


def test_addresses_that_are_none() -> None:
    for url in ("http://", "http:///x", "javascript:alert(1)", "http://[::1", "x" * 99, ""):
        with pytest.raises(FetchError):
            fetch.fetch(url)
    with pytest.raises(FetchError, match="user name"):
        fetch.fetch("http://user:word@example.org/")
