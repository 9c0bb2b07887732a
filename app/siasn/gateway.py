"""Requests to one institution's SIASN: in turn and politely, with both tokens, and again where that is safe."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import ClassVar, Protocol
from urllib.parse import urlsplit

import aiohttp
import stamina
from multidict import CIMultiDict
from yarl import URL

from app.siasn.connection import Connection, Patience
from app.siasn.replies import PASSING, TOO_MANY, Answer, Failed, Layer, Trouble, answer_of, trouble_of
from app.siasn.tokens import Held, NoTokenError, Renewal, Tokens

LARGEST_ANSWER = 16 * 1024 * 1024  # bytes
LARGEST_TOKEN_ANSWER = 256 * 1024
SLOWEST_GAP = 10.0  # seconds between requests, however often SIASN says that they are too many
SLOWER_GAP = 1.0  # seconds, once it has said so
SHUT_FOR = 10  # pauses, after a back end that stayed suspended
JSON = "application/json"
USUAL_HEADERS = {"accept": JSON, "accept-encoding": "gzip"}


class Ways(Protocol):
    """The ways out, which decide whom may be spoken to."""

    unsent: ClassVar[tuple[type[Exception], ...]]
    """What a client raises before anything of a request went out."""

    def client(self, *, timeout: float, at_once: int, keeps_cookies: bool) -> aiohttp.ClientSession:
        """A client; `timeout` in seconds, for each step of a request."""


class PassingError(Exception):
    """This attempt failed, another one may not; `wait` is in how many seconds, where that is told."""

    def __init__(self, failed: Failed, wait: float | None = None, *, was_sent: bool = True) -> None:
        super().__init__(failed.code)
        self.failed, self.wait, self.was_sent = failed, wait, was_sent


class FinalError(Exception):
    """The call failed, and another attempt would too."""

    def __init__(self, failed: Failed, *, was_sent: bool = False) -> None:
        super().__init__(failed.code)
        self.failed, self.was_sent = failed, was_sent


class Pace:
    """Whose turn it is: so many calls at once, a gap after each, and a rest for all where SIASN asks for one."""

    def __init__(self, concurrency: int, gap_seconds: float) -> None:
        self._places = asyncio.Semaphore(concurrency)
        self._gap = gap_seconds
        self._resting_until = 0.0

    async def begin(self) -> None:
        """Wait for one's turn; whoever has had it ends it."""
        await self._places.acquire()
        try:
            rest = self._resting_until - time.monotonic()
            while rest > 0:
                await asyncio.sleep(rest)
                rest = self._resting_until - time.monotonic()  # somebody may have asked for more
        except BaseException:
            self.end()
            raise

    def end(self) -> None:
        """The next one's turn comes after a gap."""
        if self._gap > 0:
            asyncio.get_running_loop().call_later(self._gap, self._places.release)
        else:
            self._places.release()

    def rest(self, seconds: float) -> None:
        """Nobody's turn for a while."""
        self._resting_until = max(self._resting_until, time.monotonic() + seconds)

    def slow_down(self) -> float:
        """Twice the gap from now on; how many seconds that is."""
        self._gap = min(max(2 * self._gap, SLOWER_GAP), SLOWEST_GAP)
        return self._gap


class Gateway:
    """The way to SIASN and back for one connection; an async context manager."""

    def __init__(self, connection: Connection, ways: Ways, patience: Patience, renewal: Renewal | None) -> None:
        self._connection, self._patience = connection, patience
        self._http = ways.client(
            timeout=connection.timeout_seconds, at_once=connection.concurrency + 2, keeps_cookies=True
        )
        self._unsent = ways.unsent
        self._pace = Pace(connection.concurrency, connection.gap_seconds)
        self.tokens = Tokens(connection, self._grant, renewal)
        self._shut: Failed | None = None
        self._shut_until = 0.0
        self._suspended = 0
        known = (connection.api_base, connection.reference_base)
        self._origins = frozenset(_origin_of(base) for base in known if base is not None)
        self._headers = {name.lower(): value for name, value in connection.headers.items()}
        self._usual: tuple[Held | None, CIMultiDict[str]] = None, CIMultiDict()

    async def aclose(self) -> None:
        """Close all connections."""
        await self.tokens.aclose()
        await self._http.close()

    async def get(self, url: str, *, with_sso: bool = True) -> Answer | Failed:
        """What SIASN answers. Tried again where the way, the gateway or the back end fails for a moment."""
        try:
            self._must_be_open()
            return await self._asked(url, with_sso=with_sso)
        except PassingError as error:
            return await self._retried(error, url, with_sso=with_sso)
        except (FinalError, NoTokenError) as error:
            return error.failed

    async def _retried(self, first: PassingError, url: str, *, with_sso: bool) -> Answer | Failed:
        """What comes of the other attempts: nearly every call is answered at the first one, and need not count them."""
        patience = self._patience
        try:
            async for attempt in stamina.retry_context(
                on=self._again,
                attempts=patience.attempts,
                timeout=None,
                wait_initial=patience.first_wait,
                wait_jitter=patience.first_wait,
                wait_max=patience.longest_wait,
            ):
                with attempt:
                    if attempt.num == 1:
                        raise first
                    return await self._asked(url, with_sso=with_sso)
        except (PassingError, FinalError, NoTokenError) as error:
            return error.failed
        raise AssertionError("every attempt answers or fails")

    async def post(self, url: str, document: bytes) -> Answer:
        """What SIASN answers to a row that is handed over: asked once.

        Only a call that a token was refused for is made again, since nobody has looked at it. `PassingError` says
        whether the row was sent; `FinalError` and `NoTokenError` mean that it was not taken.
        """
        self._must_be_open()
        return await self._asked(url, document)

    def _must_be_open(self) -> None:
        """Nobody asks as long as SIASN would answer nobody."""
        if self._shut is not None and time.monotonic() < self._shut_until:
            raise FinalError(self._shut)

    def _shut_for(self, failed: Failed, seconds: float) -> None:
        self._shut, self._shut_until = failed, time.monotonic() + seconds

    def _again(self, error: Exception) -> bool | float:
        """Whether, and in how many seconds, another attempt is worth it."""
        if not isinstance(error, PassingError):
            return False
        if error.wait is None:
            return True
        return error.wait if error.wait <= self._patience.longest_wait else False

    async def _asked(self, url: str, document: bytes | None = None, *, with_sso: bool = True) -> Answer:
        """What SIASN answers to a read, or to a row that is handed over."""
        refused: set[Trouble] = set()
        while True:
            held = await self.tokens.held(with_sso=with_sso)
            answer = await self._sent(url, held, document)
            trouble = trouble_of(answer)
            if trouble is None or not held.headers or not _may_be_cured(trouble, refused, is_read=document is None):
                break
            self.tokens.drop(held, trouble)
            refused.add(trouble)
        match trouble:
            case Trouble.SUSPENDED:
                raise self._after_suspension(answer)
            case Trouble.APPLICATION | Trouble.SSO | Trouble.UNCLEAR:
                raise FinalError(Failed("siasn.unauthorised", answer.status, LAYERS[trouble]))
        self._suspended = 0
        if answer.status == TOO_MANY:
            raise self._after_too_many(answer)
        if answer.status in PASSING and document is None:
            if answer.retry_after is not None:
                self._pace.rest(min(answer.retry_after, self._patience.longest_wait))
            raise PassingError(answer.failed, answer.retry_after)
        return answer

    def _after_suspension(self, answer: Answer) -> PassingError:
        """Everybody rests; where that has not helped, nobody asks for a good while."""
        failed, pause = Failed("siasn.suspended", answer.status), self._patience.pause
        self._suspended += 1
        if self._suspended >= self._patience.attempts:
            self._shut_for(failed, SHUT_FOR * pause)
        else:
            self._pace.rest(pause)
        return PassingError(failed, pause, was_sent=False)

    def _after_too_many(self, answer: Answer) -> PassingError:
        """Everybody is slower from now on, and rests for as long as SIASN says."""
        failed = Failed("siasn.rate_limited", answer.status)
        wait = max(self._pace.slow_down(), answer.retry_after or 0.0)
        if wait > self._patience.longest_wait:
            self._shut_for(failed, wait)
        else:
            self._pace.rest(wait)
        return PassingError(failed, wait, was_sent=False)

    async def _sent(self, url: str, held: Held, document: bytes | None) -> Answer:
        headers = self._headers_with(held)
        if document is not None:
            headers = CIMultiDict({**headers, "content-type": JSON})
        way = "GET" if document is None else "POST"
        await self._pace.begin()
        try:
            seconds = self._connection.timeout_seconds
            return await self._exchanged(way, URL(url, encoded=True), headers, document, seconds, LARGEST_ANSWER)
        finally:
            self._pace.end()

    def _headers_with(self, held: Held) -> CIMultiDict[str]:
        """What every call says, put together once for each pair of tokens."""
        if self._usual[0] != held:
            self._usual = held, CIMultiDict({**USUAL_HEADERS, **self._headers, **held.headers})
        return self._usual[1]

    async def _grant(self, url: str, headers: Mapping[str, str], form: Mapping[str, str]) -> Answer:
        """What a token endpoint says; headers for a relay go there only if the relay is there."""
        extra = self._headers if _origin_of(url) in self._origins else {}
        told = CIMultiDict({**USUAL_HEADERS, **extra, **headers})
        try:
            seconds = self._connection.token_timeout_seconds
            answer = await self._exchanged("POST", url, told, form, seconds, LARGEST_TOKEN_ANSWER)
        except (PassingError, FinalError) as error:
            error.was_sent = False  # nothing but the request for a token
            raise
        if answer.status in PASSING or answer.status == TOO_MANY:
            raise PassingError(answer.failed, answer.retry_after, was_sent=False)
        return answer

    async def _exchanged(
        self,
        way: str,
        url: URL | str,
        headers: CIMultiDict[str],
        data: Mapping[str, str] | bytes | None,
        seconds: float,
        largest: int,
    ) -> Answer:
        """One request and its whole answer, in time and no larger than it may be."""
        has_begun = False
        timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=seconds)
        try:
            async with self._http.request(
                way, url, headers=headers, data=data, allow_redirects=False, timeout=timeout
            ) as response:
                has_begun = True
                body = bytearray()
                async for part in response.content.iter_any():
                    body += part
                    if len(body) > largest:
                        raise FinalError(Failed("siasn.error", response.status), was_sent=True)
        except TimeoutError as error:
            was_sent = not isinstance(error, aiohttp.ConnectionTimeoutError)
            raise PassingError(Failed("siasn.timeout"), was_sent=was_sent) from error
        except aiohttp.ClientError as error:
            self._http.cookie_jar.clear()  # a balancer that hung up may have meant somebody else
            code = "siasn.truncated" if has_begun else "siasn.unreachable"
            raise PassingError(Failed(code), was_sent=not isinstance(error, self._unsent)) from error
        return answer_of(response.status, bytes(body), _seconds_of(response.headers.get("retry-after")))


def _may_be_cured(trouble: Trouble, before: set[Trouble], *, is_read: bool) -> bool:
    """Whether fresh tokens are worth another call: once for each token, once for both where it was unclear which.

    What failed inside the gateway may have gone through it, which only a read may do twice.
    """
    if trouble is Trouble.SUSPENDED or (trouble is Trouble.FAULT and not is_read):
        return False
    return trouble not in before and not before & {Trouble.UNCLEAR, Trouble.FAULT}


LAYERS = {
    Trouble.APPLICATION: Layer.APPLICATION,
    Trouble.SSO: Layer.SSO,
    Trouble.UNCLEAR: Layer.API,
}


def _origin_of(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.casefold()


def _seconds_of(retry_after: str | None) -> float | None:
    """`Retry-After` in seconds: a number of them, or the day and time when they are over."""
    if retry_after is None:
        return None
    if retry_after.isascii() and retry_after.isdigit() and len(retry_after) < LONGEST_NUMBER:
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except (ValueError, OverflowError):  # a year that no clock knows
        return None
    return max((moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds(), 0.0)


LONGEST_NUMBER = 9  # digits
