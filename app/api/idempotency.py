"""Idempotent writes (draft-ietf-httpapi-idempotency-key-header): the same request again has the same answer."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import BinaryIO, cast

import structlog
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.api.access import database, doors
from app.db.idempotency import Answer, Repeatable, claim, give_up, keep
from app.domain.actors import Actor
from app.domain.errors import Malformed

HEADER, REPLAYED = "idempotency-key", "idempotency-replayed"
LONGEST_KEY = 255
QUOTED = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')  # a String of RFC 9651
BARE = re.compile(r"[!#-~][ -~]*")
KEPT_HEADERS = ("content-type", "content-language", "location", "etag", "vary")
FREE_AGAIN = frozenset({401, 403, 408, 429})
"""What says nothing of the request itself; nor does any answer from 500 up."""
CHUNK = 1024 * 1024
logger = structlog.get_logger()
Work = Callable[[], Awaitable[Response]]


def key_of(request: Request) -> str | None:
    """The key a request was sent under, without quotes; `Malformed` for what is no key."""
    given = request.headers.getlist(HEADER)
    if not given:
        return None
    if len(given) == 1:
        quoted = QUOTED.fullmatch(given[0])
        key = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else given[0]
        if 1 <= len(key) <= LONGEST_KEY and (quoted or BARE.fullmatch(key)):
            return key
    raise Malformed("idempotency.key_malformed", longest=LONGEST_KEY)


def required_key(request: Request) -> str:
    """The key a request was sent under; `Malformed` without one."""
    if (key := key_of(request)) is None:
        raise Malformed("idempotency.key_missing")
    return key


def says_something(answer: Response) -> bool:
    """Whether an answer is one to the request itself, so that it is given again."""
    return answer.status_code < 500 and answer.status_code not in FREE_AGAIN


async def once(
    request: Request,
    somebody: Actor,
    key: str,
    work: Work,
    *,
    with_files: bool = False,
    is_kept: Callable[[Response], bool] = says_something,
) -> Response:
    """The answer of `work`, or the one it gave before; refusals are answers too (`claim` says what is refused here).

    Whoever does the work finds in the scope an actor that carries the key. An answer that says
    `Cache-Control: no-store` holds a secret: it is given this once and kept without its body.
    """
    db, repeating = database(request), doors(request).repeating
    try:
        asked = Repeatable(
            key,
            await _fingerprint(request, somebody, with_files=with_files),
            repeating.kept_for,
            repeating.longest_with_files if with_files else repeating.longest,
        )
        claimed = await claim(db, somebody, asked)
        if isinstance(claimed, Answer):
            return Response(claimed.body, claimed.status, {**claimed.headers, REPLAYED: "true"})
        request.scope["actor"] = claimed
        if claimed.idempotency_key is None:
            return await work()
        return await _answer_and_keep(request, claimed, work, is_kept)
    finally:
        await request.close()  # uploaded files


async def _answer_and_keep(
    request: Request, claimed: Actor, work: Work, is_kept: Callable[[Response], bool]
) -> Response:
    db = database(request)
    try:
        answer = await _answered(request, work)
    except BaseException:  # also cancelled, as when it takes too long
        await _attempt(give_up(db, claimed), claimed)
        raise
    ending = keep(db, claimed, _kept(answer)) if is_kept(answer) else give_up(db, claimed)
    await _attempt(ending, claimed)
    return answer


async def _answered(request: Request, work: Work) -> Response:
    """The answer; a refusal as the application says it."""
    try:
        return await work()
    except Exception as error:
        handlers = request.app.exception_handlers
        handler = next((handlers[kind] for kind in type(error).__mro__ if kind in handlers), None)
        if handler is None:
            raise
        return cast("Response", await handler(request, error))


def _kept(answer: Response) -> Answer:
    headers = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
    is_secret = "no-store" in answer.headers.get("cache-control", "")
    return Answer(answer.status_code, headers, None if is_secret else bytes(answer.body))


async def _attempt(ending: Awaitable[None], claimed: Actor) -> None:
    """The answer goes out even if it cannot be kept: then whoever asks again learns that it was lost."""
    try:
        await ending
    except Exception:
        logger.exception("idempotency.not_kept", request_id=claimed.request_id)


async def _fingerprint(request: Request, somebody: Actor, *, with_files: bool) -> bytes:
    """SHA-256 over who asks as what, and for what: method, address, media type and body.

    Of a form: over its fields and files in order of name, whatever stands between them. Files are read in pieces.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    parts = [*_said_of(somebody), request.method, request.url.path, request.url.query, media_type]
    try:
        body = await _parts_of_form(request) if with_files else [sha256(await request.body()).hexdigest()]
    except HTTPException:
        raise
    except Exception as error:  # as the framework says it of bodies that it reads itself
        raise HTTPException(400, "There was an error parsing the body") from error
    digest = sha256()
    for part in (*parts, *body):
        digest.update(sha256(part.encode(errors="surrogatepass")).digest())  # of one length: no part runs into the next
    return digest.digest()


def _said_of(somebody: Actor) -> list[str]:
    """What an actor is: a subject is not always one person, and one person not always the same."""
    others, scopes = (",".join(sorted(said)) for said in (somebody.other_roles, somebody.scopes))
    return [somebody.role.value, others, scopes, somebody.nip or "", somebody.unit_id or ""]


async def _parts_of_form(request: Request) -> list[str]:
    told: list[tuple[str, str, str]] = []
    for name, value in (await request.form()).multi_items():
        if isinstance(value, UploadFile):
            told.append((name, value.filename or "", await asyncio.to_thread(_digest_of, value.file)))
        else:
            told.append((name, "", value))
    return [part for parts in sorted(told) for part in parts]


def _digest_of(file: BinaryIO) -> str:
    digest = sha256()
    file.seek(0)
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
