"""Many small reads from few places: HTTP/1.1 on connections that are kept, made to addresses that were checked.

A general client spends more on one request than such a read takes altogether; what is not a read goes through one.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import time
import zlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address
from types import MappingProxyType
from typing import cast

import httptools
import httpx2

LookUp = Callable[[str], Awaitable[tuple[httpx2.URL, Sequence[IPv4Address | IPv6Address]]]]
"""`f(origin)` answers with addresses that may be spoken to, at least one; `httpx2.ConnectError` where there is none."""
KEPT_FOR = 5.0
"""Seconds that a connection waits for the next read."""
COOKIES_KEPT_FOR = 1.0
"""Seconds for which cookies that were chosen for a place are not chosen again: they may be over by then."""
LARGEST_HEAD = 65_536  # bytes
PORTS = {"https": 443, "http": 80}
ANSWERS = 200
"""Statuses below are of what comes before an answer."""
HEARD = frozenset({b"content-encoding", b"content-length", b"retry-after", b"set-cookie", b"transfer-encoding"})
LENGTHS = frozenset({b"content-length", b"transfer-encoding"})
GZIP = frozenset({b"gzip", b"x-gzip"})
NO_HEADER: Mapping[str, str] = MappingProxyType({})
ADDRESS = re.compile(r"(https?://[^/?#]+)(/[!\"$-~]*)")
HEADER = re.compile(r"[!#-'*+.^-z|~0-9A-Z-]+: (?:[!-~](?:[\t -~]*[!-~])?)?")
Told = tuple[int, bytes | None, str | None]
"""Status, body (None: it is larger than it may be), `Retry-After`."""


class Reader:
    """Reads from whom `look_up` allows, and closes its connections at the end; it follows no redirects.

    An address is looked up and checked for every connection that is made, and TLS verifies that it bears the name;
    what is read on a connection comes from where it was made to. How many there are is up to the caller.
    """

    def __init__(self, look_up: LookUp, tls: ssl.SSLContext, cookies: httpx2.Cookies) -> None:
        self._look_up, self._tls, self._cookies = look_up, tls, cookies
        self._idle: dict[str, list[_Line]] = {}
        self._chosen: dict[str, tuple[float, Mapping[str, str]]] = {}

    async def read(self, url: str, headers: Mapping[str, str], largest: int) -> Told:
        """The whole answer, of at most `largest` bytes.

        `httpx2.ConnectError` and others of its kind before there is any, `httpx2.RemoteProtocolError` where one has
        begun and does not end as it should. There is no limit of time: bound the whole yourself.
        """
        origin, target = _parted(url)
        line = self._kept(origin) or await self._connected(origin)
        await line.read(target, {"accept-encoding": "gzip", **self._cookies_for(url), **headers}, largest)
        if line.is_usable():
            self._idle.setdefault(origin, []).append(line)
        if b"set-cookie" in line.said:
            self._keep_cookies(url, line.status, line.said[b"set-cookie"])
        retry_after = line.said[b"retry-after"][0].decode("latin-1") if b"retry-after" in line.said else None
        return line.status, _plain(line.body, line.said, largest), retry_after

    def forget_cookies(self) -> None:
        """Those of whoever shares them, too."""
        self._cookies.clear()
        self._chosen.clear()

    def close(self) -> None:
        """Close all connections that nobody reads on."""
        for lines in self._idle.values():
            for line in lines:
                line.close()
        self._idle.clear()

    def _kept(self, origin: str) -> _Line | None:
        lines = self._idle.get(origin)
        while lines:
            line = lines.pop()
            if line.is_usable():
                return line
            line.close()
        return None

    async def _connected(self, origin: str) -> _Line:
        """A connection to the first address that can be connected to."""
        url, [*others, last] = await self._look_up(origin)
        for address in others:
            with suppress(httpx2.ConnectError):
                return await self._connected_to(url, address)
        return await self._connected_to(url, last)

    async def _connected_to(self, url: httpx2.URL, address: IPv4Address | IPv6Address) -> _Line:
        host, port = url.netloc.decode("ascii"), url.port or PORTS[url.scheme]
        tls = self._tls if url.scheme == "https" else None
        name = None if tls is None else url.raw_host.decode("ascii")
        loop = asyncio.get_running_loop()
        try:
            _, line = await loop.create_connection(
                lambda: _Line(host), str(address), port, ssl=tls, server_hostname=name
            )
        except OSError as error:  # whatever TLS has against it is one
            raise httpx2.ConnectError(type(error).__name__) from error
        return line

    def _cookies_for(self, url: str) -> Mapping[str, str]:
        """The header, if there are any; what lies in the same directory is sent the same ones."""
        place, now = url[: url.rfind("/")], time.monotonic()
        until, header = self._chosen.get(place, (0.0, NO_HEADER))
        if until <= now:
            request = httpx2.Request("GET", url)
            self._cookies.set_cookie_header(request)
            header = {"cookie": request.headers["cookie"]} if "cookie" in request.headers else NO_HEADER
            self._chosen[place] = now + COOKIES_KEPT_FOR, header
        return header

    def _keep_cookies(self, url: str, status: int, cookies: Sequence[bytes]) -> None:
        told = [(b"set-cookie", one) for one in cookies]
        self._cookies.extract_cookies(httpx2.Response(status, headers=told, request=httpx2.Request("GET", url)))
        self._chosen.clear()


class _Line(asyncio.Protocol):
    """One connection, for one read after the other. What it was last told stands in its attributes."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.status = 0
        self.said: dict[bytes, list[bytes]] = {}
        """The headers that somebody heeds, by name."""
        self.body: bytes | None = None
        """None where it is larger than it may be."""
        self._transport: asyncio.Transport
        self._parser = httptools.HttpResponseParser(self)
        self._waiting: asyncio.Future[None] | None = None
        self._parts: list[bytes] = []
        self._has_begun = self._is_kept = self._may_be_kept = False
        self._largest = self._taken = 0
        self._idle_since = 0.0

    async def read(self, target: str, headers: Mapping[str, str], largest: int) -> None:
        """Send a request, and wait for the end of its answer. The line ends unless all is well."""
        self._waiting = asyncio.get_running_loop().create_future()
        self._has_begun = self._is_kept = self._may_be_kept = False
        self._largest, self._taken, self._parts = largest, 0, []
        try:
            if self._transport.is_closing():
                raise httpx2.ReadError("closed")
            self._transport.write(_head(target, {"host": self.host, **headers}))
            await self._waiting
        finally:
            self._waiting = None
            if not self._is_kept:
                self._transport.abort()
        self._idle_since = time.monotonic()
        self.body = None if self._taken > largest else b"".join(self._parts)

    def is_usable(self) -> bool:
        """Whether something else can be read on it."""
        is_open = self._is_kept and not self._transport.is_closing()
        return is_open and time.monotonic() - self._idle_since < KEPT_FOR

    def close(self) -> None:
        """Read nothing else."""
        self._transport.abort()

    # ── what comes from the connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It stands."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Some of an answer; what nobody has asked for ends the line."""
        if self._waiting is None or self._waiting.done():
            self._is_kept = False
            self._transport.abort()
            return
        self._taken += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail()
        if self._taken > self._largest:
            self._is_kept = False
            self._end()
        elif self._taken > LARGEST_HEAD and not self._has_begun:
            self._fail()

    def connection_lost(self, error: Exception | None) -> None:
        """It is gone, which is how an answer ends that does not tell its length."""
        self._is_kept = False
        if error is None and self._has_begun and not self.said.keys() & LENGTHS:
            self._end()
        self._fail()

    def _end(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def _fail(self) -> None:
        self._is_kept = False
        if self._waiting is not None and not self._waiting.done():
            error = httpx2.RemoteProtocolError if self._has_begun else httpx2.ReadError
            self._waiting.set_exception(error("broken off"))

    # ── what the parser finds in it

    def on_message_begin(self) -> None:
        """An answer, or something before it. The parser stops at a second one, and the line ends."""
        if self._has_begun:
            raise RuntimeError("nobody has asked for another answer")
        self.said = {}

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header; what follows the body counts for nothing."""
        name = name.lower()
        if name in HEARD and not self._has_begun:
            self.said.setdefault(name, []).append(value)

    def on_headers_complete(self) -> None:
        """The body follows."""
        self.status = self._parser.get_status_code()
        self._has_begun = self.status >= ANSWERS
        self._may_be_kept = self._parser.should_keep_alive()

    def on_body(self, data: bytes) -> None:
        """Some of the body."""
        self._parts.append(data)

    def on_message_complete(self) -> None:
        """That was all."""
        if self._has_begun:
            self._is_kept = self._may_be_kept
            self._end()


def _parted(url: str) -> tuple[str, str]:
    """An origin, and what to ask it for, as both are sent."""
    parts = ADDRESS.fullmatch(url) or ADDRESS.fullmatch(str(httpx2.URL(url)))
    if parts is None:
        raise httpx2.InvalidURL("no address of a document")
    return parts[1], parts[2]


def _head(target: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"{name}: {value}" for name, value in headers.items()]
    if not all(map(HEADER.fullmatch, lines)):
        raise httpx2.LocalProtocolError("a header that cannot be sent")
    return "\r\n".join((f"GET {target} HTTP/1.1", *lines, "\r\n")).encode("ascii")


def _plain(body: bytes | None, said: Mapping[bytes, Sequence[bytes]], largest: int) -> bytes | None:
    """The body as it was before it was compressed; None where that is larger than it may be."""
    if not body or said.get(b"content-encoding", [b""])[0].strip().lower() not in GZIP:
        return body
    packed = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        plain = packed.decompress(body, largest + 1)
    except zlib.error as error:
        raise httpx2.RemoteProtocolError("no gzip") from error
    if len(plain) > largest:
        return None
    if not packed.eof:
        raise httpx2.RemoteProtocolError("broken off")
    return plain
