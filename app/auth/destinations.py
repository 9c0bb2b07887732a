"""Which addresses the service speaks to on behalf of others, and a way there that no name server can bend."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import httpx2

from app.auth.reader import PORTS, Reader
from app.domain.errors import Fault, Invalid

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""`f(name, port)` answers with the addresses behind a name; OSError where there are none."""

LOOPBACK = ("127.0.0.0/8", "::1/128")
"""What an installation for development may speak to besides public addresses."""
RESOLVED_WITHIN = 5.0  # seconds
LOOK_UPS = ThreadPoolExecutor(8, "look-up")
"""Threads of their own: a name server that does not answer holds up nothing but other names."""
LONGEST_ADDRESS = 2000  # characters
LARGEST_PORT = 65535
METADATA = (ip_address("168.63.129.16"),)
"""Services that tell a machine about itself at an address that looks public; the others are link-local or private."""


class ForbiddenDestinationError(httpx2.ConnectError):
    """The service does not speak to this address. `code` is stable and has a sentence for people."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


async def resolved(name: str, port: int) -> Sequence[str]:
    """The addresses behind a name, as the machine's resolver tells them."""
    look_up = partial(socket.getaddrinfo, name, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(LOOK_UPS, look_up)
    return [str(one[4][0]) for one in found]


@dataclass(frozen=True, slots=True, eq=False)
class Destinations:
    """Public addresses by https, and `networks` that the installation allows besides.

    `allows_http`: these networks may be spoken to without encryption, as in development on the machine itself.
    """

    networks: tuple[Network, ...] = ()
    allows_http: bool = False
    origin: str = "localhost"
    """The service's own name, as it introduces itself to those it speaks to."""
    resolve: Resolver = resolved
    tls: ssl.SSLContext = field(default_factory=httpx2.create_ssl_context)

    def must_be_plausible(self, address: str, where: str) -> None:
        """Refuse, with `Invalid` at `where`, what can be told from the address alone."""
        try:
            self._plausible(address)
        except ForbiddenDestinationError as error:
            raise _refused(error, where) from error

    async def must_be_reachable(self, address: str, where: str) -> None:
        """The same, and what its name stands for now; later it may stand for something else: see `client`."""
        try:
            await self.addresses_of(self._plausible(address))
        except ForbiddenDestinationError as error:
            raise _refused(error, where) from error

    def client(self, *, timeout: float, at_once: int = 10) -> httpx2.AsyncClient:
        """A client whose every request, redirects included, goes to an address that was checked for this request.

        `ForbiddenDestinationError` where it may not be spoken to. It follows no redirects of its own accord, keeps no
        cookies of strangers and asks no proxy. `timeout` in seconds is for each step: bound the whole yourself.
        """
        return httpx2.AsyncClient(
            transport=CheckedTransport(self, at_once), timeout=timeout, follow_redirects=False, trust_env=False
        )

    def reader(self, cookies: httpx2.Cookies) -> Reader:
        """The same for many small reads, at a tenth of the cost; an address is checked when it is connected to."""
        return Reader(self._place_of, self.tls, cookies)

    async def _place_of(self, origin: str) -> tuple[httpx2.URL, list[Address]]:
        url = self._plausible(origin)
        return url, await self.addresses_of(url)

    async def addresses_of(self, url: httpx2.URL) -> list[Address]:
        """The addresses behind a URL that may be spoken to; `ForbiddenDestinationError` where there are none."""
        name = url.raw_host.decode("ascii")
        try:
            async with asyncio.timeout(RESOLVED_WITHIN):
                told = [name] if _literal(name) else await self.resolve(name, url.port or PORTS[url.scheme])
        except (OSError, UnicodeError) as error:  # TimeoutError is one
            raise ForbiddenDestinationError("destination.unresolved") from error
        found = list(dict.fromkeys(ip_address(one) for one in told))
        allowed = [one for one in found if self._may_be(one, url.scheme)]
        if not allowed:
            raise ForbiddenDestinationError("destination.private" if found else "destination.unresolved")
        return allowed

    def _plausible(self, address: str) -> httpx2.URL:
        try:
            url = httpx2.URL(address)
            name = url.raw_host.decode("ascii")
        except (httpx2.InvalidURL, UnicodeError, ValueError) as error:
            raise ForbiddenDestinationError("destination.address") from error
        if not name or url.fragment or len(address) > LONGEST_ADDRESS or not address.isprintable() or " " in address:
            raise ForbiddenDestinationError("destination.address")
        if url.port is not None and not 0 < url.port <= LARGEST_PORT:
            raise ForbiddenDestinationError("destination.address")
        if url.userinfo:
            raise ForbiddenDestinationError("destination.credentials")
        if url.scheme not in PORTS or (url.scheme == "http" and not self.allows_http):
            raise ForbiddenDestinationError("destination.https")
        if (literal := _literal(name)) is not None and not self._may_be(literal, url.scheme):
            raise ForbiddenDestinationError("destination.private")
        return url

    def _may_be(self, address: Address, scheme: str) -> bool:
        if any(address.version == network.version and address in network for network in self.networks):
            return scheme == "https" or self.allows_http
        return scheme == "https" and _is_public(address)


def networks_named(words: Iterable[str]) -> tuple[Network, ...]:
    """Networks such as `10.20.0.0/16`; ValueError for what is none."""
    return tuple(ip_network(word) for word in words)


class CheckedTransport(httpx2.AsyncBaseTransport):
    """Sends each request to an address that was looked up and checked for it; the certificate is that of the name.

    Connections are kept by name: one that a certificate was verified for never serves another name at its address.
    """

    def __init__(self, destinations: Destinations, at_once: int) -> None:
        self._destinations = destinations
        self._limits = httpx2.Limits(max_connections=at_once, max_keepalive_connections=at_once)
        self._by_name: dict[str, httpx2.AsyncHTTPTransport] = {}

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Try the addresses of a name in turn; once one was connected to, its answer counts."""
        url = self._destinations._plausible(str(request.url))  # noqa: SLF001 - the other half of the same guard
        *others, last = await self._destinations.addresses_of(url)
        for address in others:
            with suppress(httpx2.ConnectError, httpx2.ConnectTimeout):
                return await self._send(request, address)
        return await self._send(request, last)

    async def _send(self, request: httpx2.Request, address: Address) -> httpx2.Response:
        name = request.url.raw_host.decode("ascii")
        if name not in self._by_name:
            transport = httpx2.AsyncHTTPTransport(verify=self._destinations.tls, trust_env=False, limits=self._limits)
            self._by_name[name] = transport
        there = httpx2.Request(
            request.method,
            request.url.copy_with(host=str(address)),
            headers=request.headers,  # with the Host of the name
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": name},
        )
        return await self._by_name[name].handle_async_request(there)

    async def aclose(self) -> None:
        """Close all connections."""
        for transport in self._by_name.values():
            await transport.aclose()


def _refused(error: ForbiddenDestinationError, where: str) -> Invalid:
    return Invalid("request.invalid", faults=(Fault(error.code, where),))


def _literal(name: str) -> Address | None:
    try:
        return ip_address(name)
    except ValueError:
        return None


def _is_public(address: Address) -> bool:
    """Whether it is some machine on the internet, and no other way to write an address that may be none."""
    if isinstance(address, IPv6Address):
        is_wrapped = address.ipv4_mapped or address.sixtofour or address.teredo
        if is_wrapped or address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address in METADATA)
