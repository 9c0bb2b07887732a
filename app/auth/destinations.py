"""Which addresses the service speaks to on behalf of others, and a way there that no name server can bend."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache, partial
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import ClassVar

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

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
PORTS = {"https": 443, "http": 80}
FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}
LONGEST_ADDRESS = 2000  # characters
LARGEST_PORT = 65535
METADATA = (ip_address("168.63.129.16"),)
"""Services that tell a machine about itself at an address that looks public; the others are link-local or private."""


class ForbiddenDestinationError(aiohttp.ClientConnectionError):
    """The service does not speak to this address. `code` is stable and has a sentence for people."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class BrokenOffError(aiohttp.ClientConnectionError):
    """A connection ended before there was an answer. The client would ask again by itself, uncounted and unasked."""


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

    unsent: ClassVar[tuple[type[Exception], ...]] = (
        ForbiddenDestinationError,
        aiohttp.ClientConnectorError,
        aiohttp.InvalidURL,
        aiohttp.NonHttpUrlClientError,
    )
    """What a client raises before anything of a request went out."""
    networks: tuple[Network, ...] = ()
    allows_http: bool = False
    origin: str = "localhost"
    """The service's own name, as it introduces itself to those it speaks to."""
    resolve: Resolver = resolved
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

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

    def client(self, *, timeout: float, at_once: int = 10, keeps_cookies: bool = False) -> aiohttp.ClientSession:
        """A client whose every request is checked, and whose every connection goes to an address that was checked.

        `ForbiddenDestinationError` where it may not be spoken to. It asks no proxy; say `allow_redirects=False` at
        each request, though a redirect is checked too. `timeout` in seconds is for each step: bound the whole
        yourself. Make it where an event loop runs.
        """
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=CheckedResolver(self), use_dns_cache=False, ssl=self.tls, limit=at_once
            ),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=timeout, sock_read=timeout),
            cookie_jar=aiohttp.CookieJar(unsafe=True) if keeps_cookies else aiohttp.DummyCookieJar(),
            middlewares=(self._checked,),
        )

    async def _checked(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        self._must_be_allowed(request.url)
        if (
            request.url.scheme == "http" and _literal(request.url.raw_host or "") is None
        ):  # resolving names, a connection does not know what will be spoken on it
            await self.addresses_of(request.url)
        try:
            return await handler(request)
        except aiohttp.ClientConnectorError:
            raise
        except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
            raise BrokenOffError(type(error).__name__) from error

    async def addresses_of(self, url: URL) -> list[Address]:
        """The addresses behind a URL that may be spoken to; `ForbiddenDestinationError` where there are none."""
        return await self.addresses_behind(url.raw_host or "", url.port or PORTS[url.scheme], url.scheme)

    async def addresses_behind(self, name: str, port: int, scheme: str) -> list[Address]:
        """The same for a name and a port."""
        try:
            async with asyncio.timeout(RESOLVED_WITHIN):
                told = [name] if _literal(name) else await self.resolve(name, port)
        except (OSError, UnicodeError) as error:  # TimeoutError is one
            raise ForbiddenDestinationError("destination.unresolved") from error
        found = list(dict.fromkeys(ip_address(one) for one in told))
        allowed = [one for one in found if self._may_be(one, scheme)]
        if not allowed:
            raise ForbiddenDestinationError("destination.private" if found else "destination.unresolved")
        return allowed

    def _plausible(self, address: str) -> URL:
        try:
            url = URL(address)
        except ValueError as error:
            raise ForbiddenDestinationError("destination.address") from error
        if url.raw_fragment or len(address) > LONGEST_ADDRESS or not address.isprintable() or " " in address:
            raise ForbiddenDestinationError("destination.address")
        self._must_be_allowed(url)
        return url

    def _must_be_allowed(self, url: URL) -> None:
        """Whether an address is one, of somebody who may be spoken to as far as it tells."""
        name = url.raw_host
        if not name or (url.port is not None and not 0 < url.port <= LARGEST_PORT):
            raise ForbiddenDestinationError("destination.address")
        if url.raw_user is not None or url.raw_password is not None:
            raise ForbiddenDestinationError("destination.credentials")
        if url.scheme not in PORTS or (url.scheme == "http" and not self.allows_http):
            raise ForbiddenDestinationError("destination.https")
        literal = _literal(name)
        if literal is None and (":" in name or name.replace(".", "").isdigit()):  # connected to without a look-up
            raise ForbiddenDestinationError("destination.address")
        if literal is not None and not self._may_be(literal, url.scheme):
            raise ForbiddenDestinationError("destination.private")

    def _may_be(self, address: Address, scheme: str) -> bool:
        if any(address.version == network.version and address in network for network in self.networks):
            return scheme == "https" or self.allows_http
        return scheme == "https" and _is_public(address)


def networks_named(words: Iterable[str]) -> tuple[Network, ...]:
    """Networks such as `10.20.0.0/16`; ValueError for what is none."""
    return tuple(ip_network(word) for word in words)


class CheckedResolver(AbstractResolver):
    """Tells a client those addresses of a name alone that may be spoken to, anew for each connection."""

    def __init__(self, destinations: Destinations) -> None:
        self._destinations = destinations

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses; `ForbiddenDestinationError` where there are none."""
        return [
            ResolveResult(
                hostname=host,
                host=str(address),
                port=port,
                family=FAMILIES[address.version],
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in await self._destinations.addresses_behind(host, port, "https")
            if family in (socket.AF_UNSPEC, FAMILIES[address.version])
        ]

    async def close(self) -> None:
        """Nothing is kept."""


def _refused(error: ForbiddenDestinationError, where: str) -> Invalid:
    return Invalid("request.invalid", faults=(Fault(error.code, where),))


@lru_cache(1024)
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
