"""Fetching an address that a person or a feed has named, without trusting it.

Only http and https; every hop's host is looked up, every address it has must be a public one, and
the connection goes to the very address that was checked, so that a name which resolves
differently the second time (DNS rebinding) gains nothing.
"""

import ipaddress
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

import httpx

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_IN_MEMORY = 1024 * 1024


class FetchError(Exception):
    """The address could not be fetched; the message is the end of a sentence."""


class RefusedError(FetchError):
    """It is none of those that are fetched; nothing was asked there."""


class CertificateError(FetchError):
    """The host cannot prove that it is the one its name says."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one fetch may take: bytes, seconds in all, seconds of silence, redirects."""

    size: int = 4 * 1024 * 1024 * 1024
    seconds: float = 600.0
    silence: float = 20.0
    redirects: int = 5


@dataclass(slots=True)
class Fetched:
    """What an address gave: a file at its start, its size in bytes, and where it was in the end."""

    file: BinaryIO
    size: int
    url: str
    content_type: str


def public(address: Address) -> bool:
    """Say whether an address is one of the public Internet, in whatever form it is wrapped.

    IPv4 inside IPv6 (mapped, 6to4, Teredo, NAT64) counts as the IPv4 address it leads to.
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = _inside(address)
        if inner is not None:
            return public(inner)
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
    )


@dataclass(frozen=True, slots=True)
class Answered:
    """How an address answered to what was sent there; ``retry_after`` is the header as it came."""

    status: int
    retry_after: str = ""


def post(
    url: str,
    content: bytes,
    headers: Mapping[str, str],
    *,
    limits: Limits | None = None,
    allowed: Callable[[Address], bool] = public,
) -> Answered:
    """Send something to an address that a person has named, and say with which status it answered.

    Redirects are not followed and the answer's text is not read: a receiver gets what is sent at
    the address it gave, or not at all. Raises FetchError like ``fetch``.
    """
    limits = limits or Limits(seconds=20.0, silence=10.0)
    with (
        _client(limits) as client,
        _deadline(limits.seconds) as watch,
        _response(client, url, allowed, watch, method="POST", headers=headers, content=content) as (
            response
        ),
    ):
        return Answered(response.status_code, response.headers.get("retry-after", ""))


def ask(
    url: str,
    headers: Mapping[str, str],
    *,
    limits: Limits | None = None,
    allowed: Callable[[Address], bool] = public,
) -> int:
    """The status with which an address answers where its redirects lead; no text is read.

    A redirect is the answer where there are too many of them. Raises FetchError like ``fetch``.
    """
    limits = limits or Limits(seconds=20.0, silence=10.0)
    with _client(limits) as client, _deadline(limits.seconds) as watch:
        for _ in range(limits.redirects + 1):
            response = _head(client, url, headers, allowed, watch)
            if response.status_code not in _REDIRECTS or "location" not in response.headers:
                break
            url = _next(url, response)
    return response.status_code


def fetch(
    url: str, *, limits: Limits | None = None, allowed: Callable[[Address], bool] = public
) -> Fetched:
    """Fetch an address whole into a temporary file.

    ``allowed`` decides about every IP address before it is connected to. Raises FetchError for
    what is refused, unreachable, not found, too large or too slow.
    """
    limits = limits or Limits()
    with _client(limits) as client, _deadline(limits.seconds) as watch:
        for _ in range(limits.redirects + 1):
            with _response(client, url, allowed, watch) as response:
                if response.status_code not in _REDIRECTS:
                    return _download(response, url, limits)
                url = _next(url, response)
    raise FetchError(f"it redirects more than {limits.redirects} times")


class _Watch:
    """Cuts every connection when the time is up, even while the other side trickles bytes."""

    def __init__(self) -> None:
        self.expired = False
        self._sockets: list[socket.socket] = []

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Note each connection as httpcore's ``trace`` extension reports it."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            found = info["return_value"].get_extra_info("socket")
            if found is not None:
                self._sockets.append(found)
                if self.expired:
                    self.expire()

    def expire(self) -> None:
        self.expired = True
        for connection in self._sockets:
            with suppress(OSError):
                # Not the method of an SSLSocket, which would first take its TLS state away from
                # the thread that is reading.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)


@contextmanager
def _deadline(seconds: float) -> Iterator[_Watch]:
    watch = _Watch()
    timer = threading.Timer(seconds, watch.expire)
    timer.daemon = True
    timer.start()
    try:
        yield watch
    except httpx.HTTPError as error:
        kind = CertificateError if _is_about_certificate(error) else FetchError
        raise kind(_reason(error, expired=watch.expired, seconds=seconds)) from error
    except (httpx.InvalidURL, ValueError) as error:  # httpx reads a redirect's address by itself
        raise FetchError("it redirects to what is not an address") from error
    finally:
        timer.cancel()


def _client(limits: Limits) -> httpx.Client:
    # Not compressed on the wire: a packed file is unpacked later, where its growth is bounded.
    headers = {"User-Agent": "Dateline", "Accept-Encoding": "identity"}
    return httpx.Client(headers=headers, timeout=limits.silence, trust_env=False)


def check(url: str) -> None:
    """Raise FetchError for an address that would be refused before its host is looked up."""
    target = _target(url)
    with suppress(ValueError):
        if not public(ipaddress.ip_address(target.host)):
            raise RefusedError(f"{target.host} is not a public address")


@contextmanager
def _response(
    client: httpx.Client,
    url: str,
    allowed: Callable[[Address], bool],
    watch: _Watch,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
) -> Iterator[httpx.Response]:
    target = _target(url)
    addresses = _addresses(target, allowed)
    for place, address in enumerate(addresses):
        request = client.build_request(
            method,
            target.copy_with(host=str(address)),
            headers={**(headers or {}), "Host": target.netloc.decode("ascii")},
            content=content,
            extensions={"sni_hostname": target.raw_host.decode("ascii"), "trace": watch.trace},
        )
        try:
            response = client.send(request, stream=True)
        except httpx.ConnectError:
            if place + 1 == len(addresses) or watch.expired:
                raise
            continue
        try:
            yield response
        finally:
            response.close()
        return


def _head(
    client: httpx.Client,
    url: str,
    headers: Mapping[str, str],
    allowed: Callable[[Address], bool],
    watch: _Watch,
) -> httpx.Response:
    """A response of which only the head was read.

    Sites that refuse the method HEAD say so in many ways, 404 and 500 among them: what GET gets
    counts, unless the site asks for fewer requests.
    """
    with _response(client, url, allowed, watch, method="HEAD", headers=headers) as response:
        if not response.is_error or response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            return response
    with _response(client, url, allowed, watch, headers=headers) as response:
        return response


def _target(url: str) -> httpx.URL:
    try:
        target = httpx.URL(url)
        host = target.host  # decodes a name written in Punycode
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError("it is not an address that can be fetched") from error
    if target.scheme not in ("http", "https") or not host:
        raise RefusedError("only http and https addresses can be fetched")
    if target.userinfo:
        raise RefusedError("an address with a user name or password in it is not fetched")
    return target.copy_with(fragment=None)


def _addresses(target: httpx.URL, allowed: Callable[[Address], bool]) -> list[Address]:
    port = target.port or (443 if target.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(target.host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(f"the host {target.host} is not found") from error
    addresses = [ipaddress.ip_address(str(entry[4][0])) for entry in found]
    for address in addresses:
        if not allowed(address):
            raise RefusedError(f"{target.host} is at {address}, which is not a public address")
    return addresses


def _inside(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def _next(url: str, response: httpx.Response) -> str:
    place = response.headers.get("location")
    if not place:
        raise FetchError(f"it answers {response.status_code} without saying where to go")
    try:
        return str(httpx.URL(url).join(place))
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError("it redirects to what is not an address") from error


def _download(response: httpx.Response, url: str, limits: Limits) -> Fetched:
    if response.status_code != httpx.codes.OK:
        raise FetchError(f"it answers {response.status_code} {response.reason_phrase}".rstrip())
    file = cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115
    try:
        size = _copy(response, file, limits)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return Fetched(file, size, url, response.headers.get("content-type", ""))


def _copy(response: httpx.Response, file: BinaryIO, limits: Limits) -> int:
    size = 0
    end = time.monotonic() + limits.seconds
    for block in response.iter_raw():
        size += len(block)
        if size > limits.size:
            raise FetchError(f"it is larger than the {limits.size:,} bytes allowed")
        if time.monotonic() > end:
            raise httpx.ReadTimeout("too slow")
        file.write(block)
    return size


def _reason(error: httpx.HTTPError, *, expired: bool, seconds: float) -> str:
    if expired:
        return f"it was not fetched within {seconds:g} seconds"
    if isinstance(error, httpx.TimeoutException):
        return "it does not answer in time; try again later"
    if isinstance(error, httpx.ConnectError):
        return f"no connection could be made: {error}"
    return f"the transfer broke off: {error}"


def _is_about_certificate(error: BaseException | None) -> bool:
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error is not None
