"""Speaking to those who subscribed to events: asking whether they want them, and sending them signed."""

from __future__ import annotations

import asyncio
import base64
import hmac
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp

from app.auth.destinations import ForbiddenDestinationError
from app.domain.webhooks import Answer, Permit, permit_of

PREFIX = "whsec_"
SECRET_BYTES = 32
PATIENCE = 10.0
"""Seconds for a whole request, its answer included."""
MOST_READ = 2048  # bytes of an answer
EXCERPT = 200  # characters
RATE = "600"
"""Requests a minute that a receiver is asked to allow."""
STRUCTURED = "application/cloudevents+json; charset=utf-8"
AGENT = "Nusatalenta-Webhooks/1"


def new_webhook_secret() -> str:
    """256 random bits, as Standard Webhooks writes a secret."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature_of(secret: str, event_id: str, timestamp: int, body: bytes) -> str:
    """The signature of one request (Standard Webhooks 1.0): `v1,` and HMAC-SHA256 over id, timestamp and body."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = hmac.digest(key, f"{event_id}.{timestamp}.".encode() + body, "sha256")
    return "v1," + base64.b64encode(signed).decode()


async def ask_for_permit(client: aiohttp.ClientSession, url: str, origin: str) -> tuple[Permit | None, Answer]:
    """Whether a receiver wants to be sent events (CloudEvents, HTTP 1.1 Web Hooks, section 4); and what it answered."""
    headers = {"webhook-request-origin": origin, "webhook-request-rate": RATE, "user-agent": AGENT}
    try:
        async with (
            asyncio.timeout(PATIENCE),
            client.options(url, headers=headers, allow_redirects=False) as response,
        ):
            said = response.headers
            permit = permit_of(origin, said.get("webhook-allowed-origin"), said.get("webhook-allowed-rate"))
            return permit, Answer(response.status)
    except (aiohttp.ClientError, TimeoutError) as error:
        return None, Answer(error=_named(error))


async def send_event(
    client: aiohttp.ClientSession, url: str, origin: str, event_id: str, body: bytes, keys: Sequence[str], now: datetime
) -> Answer:
    """Send one event, signed with every secret that counts; the same event always has the same id."""
    timestamp = int(now.timestamp())
    headers = {
        "content-type": STRUCTURED,
        "accept-encoding": "identity",
        "user-agent": AGENT,
        "webhook-request-origin": origin,
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature_of(key, event_id, timestamp, body) for key in keys),
    }
    try:
        async with (
            asyncio.timeout(PATIENCE),
            client.post(url, headers=headers, data=body, allow_redirects=False, auto_decompress=False) as response,
        ):
            excerpt = await _excerpt(response)
            asked = response.headers.get("retry-after")
    except (aiohttp.ClientError, TimeoutError) as error:
        return Answer(error=_named(error))
    answer = Answer(response.status)
    if answer.is_accepted:
        return answer
    return Answer(response.status, None, _retry_after(asked, now), excerpt)


def _named(error: Exception) -> str:
    """Why there was no answer, as a stable code."""
    match error:
        case ForbiddenDestinationError():
            return error.code
        case TimeoutError():
            return "webhook.timeout"
        case aiohttp.ClientConnectorError():
            return "webhook.unreachable"
    return "webhook.broken"


async def _excerpt(response: aiohttp.ClientResponse) -> str | None:
    """The beginning of an answer without anything that does not print; the rest is never read."""
    said = bytearray()
    async for part in response.content.iter_any():
        said += part
        if len(said) >= MOST_READ:
            break
    text = bytes(said[:MOST_READ]).decode(errors="replace")
    words = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    return words[:EXCERPT] or None


def _retry_after(said: str | None, now: datetime) -> timedelta | None:
    """What a receiver asks for with Retry-After: seconds, or a date (RFC 9110, section 10.2.3)."""
    if said is None:
        return None
    if said.isascii() and said.isdigit():
        return timedelta(seconds=min(int(said[:LONGEST_NUMBER]), MOST_SECONDS))
    try:
        moment = parsedate_to_datetime(said)
    except (ValueError, OverflowError):
        return None
    return max((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now, timedelta())


LONGEST_NUMBER, MOST_SECONDS = 9, 7 * 24 * 3600
