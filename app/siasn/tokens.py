"""The two tokens that travel with a call: fetched once for all who wait for one, and dropped when they are refused."""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

from app.siasn.connection import Connection
from app.siasn.replies import WELL, Answer, Failed, Layer, Trouble

DEFAULT_LIFETIME = 3600.0  # seconds, of an application token that does not say
EARLY = 60.0  # seconds before its end from which on a token is not used
LONGEST_TOKEN = 16_384  # characters
LATEST = 253_402_300_799  # the last second of the year 9999
SENDABLE = re.compile(r"[!-~]+")
Renewal = Callable[[], Awaitable[str | None]]
"""Answers with the SSO token issued by hand as it is kept now: it may have been replaced meanwhile."""
Grant = Callable[[str, Mapping[str, str], Mapping[str, str]], Awaitable[Answer]]
"""`f(url, headers, form)` answers with what a token endpoint says."""


class NoTokenError(Exception):
    """There is no token to be had; `failed` says why."""

    def __init__(self, failed: Failed) -> None:
        super().__init__(failed.code)
        self.failed = failed


@dataclass(frozen=True, slots=True, repr=False)
class Token:
    """A token, and until when it is used, in seconds since 1970; None as long as nobody refuses it."""

    value: str
    until: float | None


@dataclass(frozen=True, slots=True, repr=False)
class Held:
    """What one call is made with; None for a token that it does not take."""

    application: str | None
    sso: str | None

    @property
    def headers(self) -> dict[str, str]:
        """As both layers read them."""
        told = {} if self.application is None else {"authorization": f"Bearer {self.application}"}
        return told if self.sso is None else {**told, "auth": f"bearer {self.sso}"}


def lapse_of(token: str) -> datetime | None:
    """When a JWT says that it ends, unverified; None where it cannot be read."""
    try:
        payload = token.split(".")[1]
        told = orjson.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["exp"]
    except (IndexError, KeyError, TypeError, ValueError, binascii.Error):
        return None
    is_number = isinstance(told, (int, float)) and not isinstance(told, bool)
    return datetime.fromtimestamp(told, UTC) if is_number and 0 < told <= LATEST else None


class Shared:
    """One token, kept while it counts; however many wait for it, it is fetched once."""

    def __init__(self, fetch: Callable[[], Awaitable[Token]]) -> None:
        self._fetch = fetch
        self._token: Token | None = None
        self._fetching: asyncio.Task[Token] | None = None

    async def value(self) -> str:
        """The token; `NoTokenError` where there is none to be had."""
        if self._token is not None and (self._token.until is None or time.time() < self._token.until):
            return self._token.value
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._renew())
            self._fetching.add_done_callback(_looked_at)
        return (await asyncio.shield(self._fetching)).value

    def drop(self, refused: str) -> None:
        """Forget a token that was refused, unless somebody has fetched another one since."""
        if self._token is not None and self._token.value == refused:
            self._token = None

    async def _renew(self) -> Token:
        try:
            self._token = await self._fetch()
            return self._token
        finally:
            self._fetching = None

    async def aclose(self) -> None:
        """Nobody waits any longer."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.gather(self._fetching, return_exceptions=True)


def _looked_at(done: asyncio.Task[Token]) -> None:
    """Why it failed is told to whoever waits; if nobody does any more, that is all."""
    if not done.cancelled():
        done.exception()


class Tokens:
    """Both tokens of a connection. Credentials that were refused are not tried again: accounts are locked for that."""

    def __init__(self, connection: Connection, grant: Grant, renewal: Renewal | None) -> None:
        self._connection, self._grant, self._renewal = connection, grant, renewal
        self._application, self._sso = Shared(self._fetch_application), Shared(self._fetch_sso)
        self._refused: dict[Layer, Failed] = {}
        self._refused_by_hand: set[str] = set()

    async def held(self, *, with_sso: bool = True) -> Held:
        """What a call is made with; a token that is switched off is not."""
        application = await self._application.value() if self._connection.use_application_token else None
        sso = await self._sso.value() if with_sso and self._connection.use_sso_token else None
        return Held(application, sso)

    async def application(self) -> str:
        """The token of the application; `NoTokenError` where there is none to be had."""
        return await self._application.value()

    async def sso(self) -> str:
        """The token of the civil servant; `NoTokenError` where there is none to be had."""
        return await self._sso.value()

    def drop(self, held: Held, trouble: Trouble) -> None:
        """Forget the token that a call was refused for, or both where that is unclear."""
        if held.application is not None and trouble is not Trouble.SSO:
            self._application.drop(held.application)
        if held.sso is not None and trouble is not Trouble.APPLICATION:
            self._sso.drop(held.sso)
            is_bad = trouble is Trouble.SSO or (trouble is Trouble.UNCLEAR and self._connection.has_password)
            if is_bad:
                self._refused_by_hand.add(held.sso)

    async def aclose(self) -> None:
        """Nobody waits any longer."""
        await self._application.aclose()
        await self._sso.aclose()

    async def _fetch_application(self) -> Token:
        """By client credentials, in the usual form."""
        told = self._connection
        if told.application_token_url is None or told.consumer_key is None or told.consumer_secret is None:
            raise NoTokenError(Failed("siasn.unauthorised", None, Layer.APPLICATION))
        pair = base64.b64encode(f"{told.consumer_key}:{told.consumer_secret}".encode()).decode()
        headers, form = {"authorization": f"Basic {pair}"}, {"grant_type": "client_credentials"}
        token, lifetime = await self._granted(Layer.APPLICATION, told.application_token_url, headers, form)
        return Token(token, _end_of(token, lifetime) or time.time() + DEFAULT_LIFETIME - EARLY)

    async def _fetch_sso(self) -> Token:
        """The one issued by hand while it counts, then by password."""
        told = self._connection
        by_hand = told.sso_token if self._renewal is None else await self._renewal()
        if by_hand is not None and by_hand not in self._refused_by_hand:
            lapse = lapse_of(by_hand)
            if lapse is None or lapse.timestamp() > time.time():
                return Token(by_hand, None if lapse is None else lapse.timestamp())
        if told.sso_token_url is None or told.sso_client_id is None:
            raise NoTokenError(Failed("siasn.unauthorised", None, Layer.SSO))
        if told.sso_username is None or told.sso_password is None:
            raise NoTokenError(Failed("siasn.unauthorised", None, Layer.SSO))
        who = {"client_id": told.sso_client_id, "username": told.sso_username, "password": told.sso_password}
        form = {"grant_type": "password", **who}
        token, lifetime = await self._granted(Layer.SSO, told.sso_token_url, {}, form)
        return Token(token, _end_of(token, lifetime))

    async def _granted(
        self, layer: Layer, url: str, headers: Mapping[str, str], form: Mapping[str, str]
    ) -> tuple[str, float | None]:
        """A token and its lifetime in seconds, if it says so."""
        if layer in self._refused:
            raise NoTokenError(self._refused[layer])
        answer = await self._grant(url, headers, form)
        if answer.status in REFUSED:
            self._refused[layer] = Failed("siasn.unauthorised", answer.status, layer)
            raise NoTokenError(self._refused[layer])
        document = answer.document
        if answer.status != WELL or not isinstance(document, dict):
            raise NoTokenError(Failed(answer.failed.code, answer.status, layer))
        token = document.get("access_token")
        if not isinstance(token, str) or len(token) > LONGEST_TOKEN or not SENDABLE.fullmatch(token):
            raise NoTokenError(Failed("siasn.error", answer.status, layer))
        return token, _seconds(document.get("expires_in"))


REFUSED = frozenset({400, 401, 403})
"""Statuses of a token endpoint that does not accept the credentials."""


def _seconds(told: object) -> float | None:
    try:
        seconds = float(told) if isinstance(told, (int, float, str)) else 0.0
    except (ValueError, OverflowError):
        return None
    return seconds if 0 < seconds < LATEST else None


def _end_of(token: str, lifetime: float | None) -> float | None:
    """Until when a token is used: a minute less than it lives, or a tenth less where it lives shortly."""
    now = time.time()
    if lifetime is None:
        lapse = lapse_of(token)
        lifetime = None if lapse is None else lapse.timestamp() - now
    return None if lifetime is None else now + lifetime - min(EARLY, max(lifetime, 0.0) / 10)
