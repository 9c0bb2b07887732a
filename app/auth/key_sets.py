"""The keys of an issuer: found by discovery, kept, and asked for again when they may have changed."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

import httpx2
import stamina
import structlog

from app.auth.addresses import must_be_safe
from app.auth.keys import PublicKey, VerifyingKey, verifying_keys
from app.domain.errors import Unavailable

DISCOVERY = "/.well-known/openid-configuration"
LARGEST_ANSWER = 256 * 1024  # bytes
PATIENCE = 5.0  # seconds for each step of a request
LONGEST_REFRESH = 20.0  # seconds, all attempts included
ATTEMPTS = 3
BETWEEN_ATTEMPTS = 0.1  # seconds before the second attempt; then more
REFRESHED_AFTER = 3600.0  # seconds
KEPT_FOR = 24 * 3600.0  # seconds, where the provider is away
NOT_SOONER_THAN = 10.0  # seconds from one refresh to the next, whatever ids of keys people send
logger = structlog.get_logger("issuers")


class Keys(Protocol):
    """Where the keys of an issuer are found."""

    async def find(self, key_id: str | None, algorithm: str) -> PublicKey | None:
        """The key of that id for that algorithm; without an id, the only one for it. None where there is none."""


@dataclass(frozen=True, slots=True)
class GivenKeys:
    """Keys that do not change while the service runs."""

    keys: tuple[VerifyingKey, ...]

    async def find(self, key_id: str | None, algorithm: str) -> PublicKey | None:
        return chosen(self.keys, key_id, algorithm)


class UnusableAnswerError(ValueError):
    """A provider answered with what is no discovery document or key set of its own."""


class PublishedKeys:
    """The keys a provider publishes (OpenID Connect Discovery 1.0, section 4).

    An unknown id of a key leads to one refresh, shared by all who wait for it and not more often than every ten
    seconds, so a provider may rotate its keys at any time. Old keys are asked for again in the background and kept
    for a day should the provider be away.
    """

    def __init__(self, issuer: str, *, is_development: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._issuer, self._is_development, self._clock = issuer, is_development, clock
        self._keys: tuple[VerifyingKey, ...] = ()
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._refreshing: asyncio.Task[None] | None = None

    async def find(self, key_id: str | None, algorithm: str) -> PublicKey | None:
        """The key of that id for that algorithm; `Unavailable` where the provider could not be asked."""
        if self._age() < KEPT_FOR and (key := chosen(self._keys, key_id, algorithm)) is not None:
            if self._age() > REFRESHED_AFTER:
                self._refresh()
            return key
        if (refreshing := self._refresh()) is not None:
            await asyncio.shield(refreshing)
        if self._age() >= KEPT_FOR or self._is_away():
            raise Unavailable("issuer.away")
        return chosen(self._keys, key_id, algorithm)

    def _age(self) -> float:
        return float("inf") if self._fetched_at is None else self._clock() - self._fetched_at

    def _is_away(self) -> bool:
        """Whether the last refresh failed."""
        return self._tried_at is not None and (self._fetched_at is None or self._fetched_at < self._tried_at)

    def _refresh(self) -> asyncio.Task[None] | None:
        """The refresh that is under way, or a new one; None where the last one was a moment ago."""
        if self._refreshing is not None and not self._refreshing.done():
            return self._refreshing
        if self._tried_at is not None and self._clock() - self._tried_at < NOT_SOONER_THAN:
            return None
        self._tried_at = self._clock()
        self._refreshing = asyncio.create_task(self._ask())
        return self._refreshing

    async def _ask(self) -> None:
        try:
            async with asyncio.timeout(LONGEST_REFRESH):
                keys = await _published_keys(self._issuer, is_development=self._is_development)
        except (TimeoutError, httpx2.HTTPError, httpx2.InvalidURL, ValueError, RecursionError) as error:
            logger.warning("issuer.away", issuer=self._issuer, problem=f"{type(error).__name__}: {error}")
            return
        self._keys, self._fetched_at = keys, self._clock()
        logger.info("issuer.keys", issuer=self._issuer, keys=[key.id for key in keys])


def chosen(keys: Iterable[VerifyingKey], key_id: str | None, algorithm: str) -> PublicKey | None:
    """The key of that id for an algorithm; a token without an id fits where there is only one key (OIDC Core 10.1)."""
    fitting = [one.key for one in keys if one.algorithm == algorithm and key_id in (None, one.id)]
    return fitting[0] if len(fitting) == 1 else None


async def _published_keys(issuer: str, *, is_development: bool) -> tuple[VerifyingKey, ...]:
    """Discovery, then the key set it names. No redirects: nobody else answers for a provider."""
    # in a thread, for it reads all certificates there are
    async with await asyncio.to_thread(httpx2.AsyncClient, timeout=PATIENCE) as client:
        discovered = await _document(client, issuer.rstrip("/") + DISCOVERY)
        if discovered.get("issuer") != issuer:
            raise UnusableAnswerError("the discovery document is of another issuer")
        address = discovered.get("jwks_uri")
        if not isinstance(address, str):
            raise UnusableAnswerError("the discovery document names no jwks_uri")
        must_be_safe(address, is_development=is_development)
        published = (await _document(client, address)).get("keys")
    keys = verifying_keys(published) if isinstance(published, list) else ()
    if not keys:
        raise UnusableAnswerError("the key set holds no key that tokens can be verified with")
    return keys


async def _document(client: httpx2.AsyncClient, address: str) -> dict[str, object]:
    """The JSON object at an address, asked for up to three times where the way there or the server fails."""
    async for attempt in stamina.retry_context(
        on=_is_passing, attempts=ATTEMPTS, wait_initial=BETWEEN_ATTEMPTS, wait_jitter=0.1
    ):
        with attempt:
            body = await _body(client, address)
    document = json.loads(body)
    if not isinstance(document, dict):
        raise UnusableAnswerError(f"{address} answers with no JSON object")
    return document


def _is_passing(error: Exception) -> bool:
    if isinstance(error, httpx2.HTTPStatusError):
        return bool(error.response.is_server_error)
    return isinstance(error, httpx2.TransportError)


async def _body(client: httpx2.AsyncClient, address: str) -> bytes:
    body = bytearray()
    async with client.stream("GET", address) as answer:
        if answer.status_code != httpx2.codes.OK:
            answer.raise_for_status()
            raise UnusableAnswerError(f"{address} answers with status {answer.status_code}")
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > LARGEST_ANSWER:
                raise UnusableAnswerError(f"{address} answers with more than {LARGEST_ANSWER} bytes")
    return bytes(body)
