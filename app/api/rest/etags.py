"""Entity tags (RFC 9110, section 8.8): nothing is sent twice, and nobody overwrites what they have not read.

The tag of a document is a digest of its bytes. Of what several people change it begins with the revision, `"r7.…"`, and
`If-Match` is judged by that alone: a document tells more than its own row, such as how far a calculation is.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Annotated

import orjson
from fastapi import Depends, Header
from starlette.requests import Request
from starlette.responses import Response

from app.db.documents import Document
from app.domain.errors import PreconditionFailed, PreconditionRequired
from app.domain.revisions import ABSENT, Expected

ANY = "*"
DIGEST = 16  # bytes
REVISION = "revision"
TAG = re.compile(r'(W/)?"([!#-~\x80-\xff]*)"')
OF_REVISION = re.compile(r"r([0-9]{1,10})(?:\.[0-9a-f]*)?")


def tag_of(document: Document, *, is_contested: bool) -> str:
    """The strong entity tag of a document; it names the revision where the document is contested and tells it."""
    digest = blake2b(document, digest_size=DIGEST).hexdigest()
    revision = orjson.loads(document).get(REVISION) if is_contested else None
    return f'"{digest}"' if revision is None else f'"r{revision}.{digest}"'


def contested(document: Document, status: int = 200, location: str | None = None) -> Response:
    """A document that several people change, as the answer to a write: with the tag for the next one."""
    headers = {"etag": tag_of(document, is_contested=True), **({} if location is None else {"location": location})}
    return Response(document, status, headers, "application/json")


def unless_known(request: Request, document: Document, *, is_contested: bool) -> Response:
    """A document that was read; 304 without it for who has it already."""
    tag = tag_of(document, is_contested=is_contested)
    known = request.headers.getlist("if-none-match")
    if known and (ANY in known or any(f'"{found[2]}"' == tag for one in known for found in TAG.finditer(one))):
        return Response(status_code=304, headers={"etag": tag})
    return Response(document, headers={"etag": tag}, media_type="application/json")


def _expected(if_match: str) -> Expected:
    """The revisions an `If-Match` names; weak tags and those of something else name none."""
    if if_match.strip() == ANY:
        return Expected(None)
    strong = [found[2] for found in TAG.finditer(if_match) if found[1] is None]
    return Expected(frozenset(int(found[1]) for tag in strong if (found := OF_REVISION.fullmatch(tag))))


READ_BEFORE = "The ETag that came with what was read; `*` for whichever it has."
IfMatch = Annotated[str | None, Header(alias="If-Match", description="The ETag of what is there already.")]
IfDraft = Annotated[str | None, Header(alias="If-Match", description="The ETag of the draft; a version needs none.")]
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match", description="`*` for what is not there yet.")]


def read_before(if_match: Annotated[str | None, Header(alias="If-Match", description=READ_BEFORE)] = None) -> Expected:
    """What was read of something contested; `PreconditionRequired` from who does not say."""
    if if_match is None:
        raise PreconditionRequired("precondition.required")
    return _expected(if_match)


ReadBefore = Annotated[Expected, Depends(read_before)]


def read_if_draft(if_match: IfDraft = None) -> Expected | None:
    """What was read, where that is said."""
    return None if if_match is None else _expected(if_match)


ReadIfDraft = Annotated[Expected | None, Depends(read_if_draft)]


def read_or_absent(if_match: IfMatch = None, if_none_match: IfNoneMatch = None) -> Expected:
    """What was read, or that nothing is there yet (`If-None-Match: *`); `PreconditionRequired` without either."""
    if if_match is None and if_none_match is not None and if_none_match.strip() == ANY:
        return Expected(frozenset({ABSENT}))
    return read_before(if_match)


ReadOrAbsent = Annotated[Expected, Depends(read_or_absent)]


OWN = "The ETag of what one has said before, or `*`; nobody else changes it, so that it may be left out."
IfSaid = Annotated[str | None, Header(alias="If-Match", description=OWN)]


def said_before(if_match: IfSaid = None, if_none_match: IfNoneMatch = None) -> bool | None:
    """Of what one person alone changes: whether it is to be there (`If-Match`) or not yet; None says neither."""
    if if_match is not None:
        return True
    return False if if_none_match is not None and if_none_match.strip() == ANY else None


def must_be_as_read(request: Request, document: Document) -> None:
    """`PreconditionFailed` where an `If-Match` names other tags than that of a document that nobody else changes."""
    named = request.headers.get("if-match", ANY)
    tag = tag_of(document, is_contested=False)
    if named.strip() != ANY and not any(f'"{found[2]}"' == tag for found in TAG.finditer(named) if found[1] is None):
        raise PreconditionFailed("precondition.other")


SaidBefore = Annotated[bool | None, Depends(said_before)]
