"""What goes wrong: which answers are replaced, where, for whom and how often."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.siasn import wire


class Fails(StrEnum):
    """What happens in the place of an answer."""

    SLOW = "slow"
    """The answer comes `seconds` late."""
    RESET = "reset"
    """The connection is reset before anything is answered."""
    CUT_OFF = "cutOff"
    """The connection ends in the middle of the answer."""
    TRUNCATED = "truncated"
    """Half of the JSON, as a whole answer."""
    HTML = "html"
    """A page of the gateway, with 200 unless told."""
    NO_PATH = "noPath"
    """404 as a web server writes it: the path is wrong, which says nothing about the person."""
    UNAVAILABLE = "unavailable"
    """502 unless told, with a page of the gateway."""
    RATE_LIMITED = "rateLimited"
    """429; with `seconds` as Retry-After where told."""
    INVALID_CREDENTIALS = "invalidCredentials"
    RUNTIME_ERROR = "runtimeError"
    SUSPENDED = "suspended"
    INVALID_JWT = "invalidJwt"
    SSO_MISMATCH = "ssoMismatch"
    NOTHING = "nothing"
    """404 "Data tidak ditemukan"."""
    NOTHING_BUT_WELL = "nothingButWell"
    """200 "Data tidak ditemukan"."""
    NO_RECORD = "noRecord"
    """200 "record not found"."""
    SAID_WRONG = "saidWrong"
    """200 with a text where the data should be."""
    EMPTY = "empty"
    """200 with an empty list."""
    OTHER_PERSON = "otherPerson"
    """The right answer about somebody else."""
    TOKENS_GONE = "tokensGone"
    """Both tokens expire, and the answer is 401."""
    REFUSED = "refused"
    """400 as a token endpoint refuses."""


@dataclass(slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong.

    `at` is the name of a history, `ref-unor`, `tokens`, `talentmapping-save`, or None for every call of the API.
    `after` lets the first calls pass, `times` says how many fail then (None: all).
    """

    fails: Fails
    at: str | None = None
    nip: str | None = None
    after: int = 0
    times: int | None = None
    seconds: float = 0.0
    status: int | None = None

    def strikes(self, at: str, nip: str | None) -> bool:
        """Whether this call fails; counts it."""
        if (self.at or at) != at or (self.nip is not None and self.nip != nip) or (self.at is None and at == TOKENS):
            return False
        if self.after > 0:
            self.after -= 1
            return False
        if self.times is not None:
            self.times -= 1
            return self.times >= 0
        return True


TOKENS = "tokens"

PAGE = b"<html><head><title>Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
MISSING_PAGE = b"<html><body><h1>404 Not Found</h1></body></html>"

ANSWERS: dict[Fails, tuple[int, bytes]] = {
    Fails.INVALID_CREDENTIALS: (
        401,
        b'{"code":"900901","type":"Status report","message":"Invalid Credentials","description":"Access failure"}',
    ),
    Fails.RUNTIME_ERROR: (
        401,
        b'{"code":"101503","type":"Status report","message":"Runtime Error","description":"Error connecting"}',
    ),
    Fails.SUSPENDED: (
        401,
        (
            b'{"code":"303001","type":"Status report","message":"Runtime Error",'
            b'"description":"Currently, Address endpoint : [ Name: siasn ] [ State: SUSPENDED ]"}'
        ),
    ),
    Fails.INVALID_JWT: (401, b'{"message":"invalid or expired jwt"}'),
    Fails.SSO_MISMATCH: (401, b'{"code":0,"data":"Token SSO mismatch"}'),
    Fails.NOTHING: (404, wire.nothing()),
    Fails.NOTHING_BUT_WELL: (200, wire.nothing_but_well()),
    Fails.NO_RECORD: (200, b'{"code":0,"data":"record not found"}'),
    Fails.SAID_WRONG: (200, b'{"code":0,"data":"Terjadi kesalahan pada server"}'),
    Fails.EMPTY: (200, wire.answered(b"[]")),
    Fails.RATE_LIMITED: (429, b'{"code":"900802","message":"Message throttled out"}'),
    Fails.REFUSED: (400, b'{"error":"invalid_grant","error_description":"Invalid user credentials"}'),
}
"""The answers that are the same for everybody."""
