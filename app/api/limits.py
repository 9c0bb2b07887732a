"""How much a client may ask for in a time: quotas, what is left of them, and the headers that say so."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Hashable, Mapping, MutableMapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from starlette.requests import Request

from app.domain.actors import Actor
from app.domain.errors import TooManyRequests

READING = frozenset({"GET", "HEAD", "OPTIONS"})
FEWEST_SWEPT = 1024  # clients; below that many, nobody is forgotten
IPV6_NETWORK = 64  # bits; whoever has one address of such a network has them all


@dataclass(frozen=True, slots=True)
class Quota:
    """So many units in so many seconds; `name` is what the RateLimit headers call it."""

    name: str
    amount: int
    seconds: int

    @property
    def policy(self) -> str:
        """An item of `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers)."""
        return f'"{self.name}";q={self.amount};w={self.seconds}'


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an attempt to take from a quota; times are whole seconds from now, rounded up."""

    remaining: int
    full_in: int
    """When all of the quota is there again."""
    retry_after: int
    """When the same attempt would be granted; 0 where it was."""

    @property
    def is_granted(self) -> bool:
        return self.retry_after == 0


class Meter:
    """What each client took from one quota, by the generic cell rate algorithm (ITU-T I.371).

    All of a quota can be taken at once, and comes back evenly. One number per client, in this process alone: several
    processes grant a client as many times the quota. Clients whose quota is full again are forgotten.
    """

    def __init__(self, quota: Quota, clock: Callable[[], float] = time.monotonic) -> None:
        self.quota = quota
        self._clock = clock
        self._unit = quota.seconds / quota.amount
        self._full_at: dict[Hashable, float] = {}
        self._swept_at = FEWEST_SWEPT

    def take(self, client: Hashable, units: int = 1) -> Taken:
        """Take some, or nothing if that many are not left."""
        now = self._clock()
        owed = max(self._full_at.get(client, now) - now, 0.0)  # seconds until the quota is full
        after = owed + units * self._unit
        if after > self.quota.seconds + self._unit / 1000:  # what fits but for the rounding of floats fits
            retry_after = max(math.ceil(after - self.quota.seconds), 1)
            return Taken(self._left(owed), math.ceil(owed), retry_after)
        self._full_at[client] = now + after
        if len(self._full_at) > self._swept_at:
            self._sweep(now)
        return Taken(self._left(after), math.ceil(after), retry_after=0)

    def _left(self, owed: float) -> int:
        return max(int((self.quota.seconds - owed) / self._unit + 1e-3), 0)

    def _sweep(self, now: float) -> None:
        self._full_at = {client: full_at for client, full_at in self._full_at.items() if full_at > now}
        self._swept_at = max(FEWEST_SWEPT, 2 * len(self._full_at))


@dataclass(frozen=True, slots=True)
class Meters:
    """The meters of one process."""

    requests: Meter
    """Of somebody who is signed in."""
    writes: Meter
    """Of the same, for everything that changes something; taken in addition."""
    strangers: Meter
    """Of an address, for attempts to sign in: those that failed, and all that ask for a client's token."""
    costs: Meter
    """Of somebody who is signed in, for what GraphQL operations cost."""


Notes = MutableMapping[str, tuple[Quota, Taken]]
"""What was taken for a request, by the name of the quota; lies in the scope as `taken`."""


def take(request: Request, meter: Meter, client: Hashable, units: int = 1) -> Taken:
    """Take from a quota and note it for the headers of the answer; `TooManyRequests` where too little is left."""
    taken = meter.take(client, units)
    notes: Notes = request.scope.setdefault("taken", {})
    notes[meter.quota.name] = (meter.quota, taken)
    if not taken.is_granted:
        raise TooManyRequests("rate.limited", seconds=taken.retry_after)
    return taken


def client_of(somebody: Actor) -> Hashable:
    """Whose quota it is: a person's or a system's in one institution, whatever the token."""
    return somebody.institution_id, somebody.subject


def address_of(request: Request) -> Hashable:
    """Where a request comes from: an IPv4 address, or the network of an IPv6 address."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return ip_network((address, IPV6_NETWORK), strict=False) if address.version == 6 else address


def headers_of(notes: Mapping[str, tuple[Quota, Taken]]) -> list[tuple[bytes, bytes]]:
    """`RateLimit-Policy` and `RateLimit`: what is left (r), and in how many seconds all of it is back (t)."""
    if not notes:
        return []
    policy = ", ".join(quota.policy for quota, _ in notes.values())
    left = ", ".join(f'"{name}";r={taken.remaining};t={taken.full_in}' for name, (_, taken) in notes.items())
    return [(b"ratelimit-policy", policy.encode()), (b"ratelimit", left.encode())]
