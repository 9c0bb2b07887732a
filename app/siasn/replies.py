"""What a reply of SIASN means: rows, nothing, or a failure with a stable code, however it is said."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum

import orjson

from app.siasn import wire
from app.siasn.mapping import AROUND_ASSESSMENTS
from app.siasn.names import DEFAULT

Row = dict[str, object]
WELL, UNAUTHORISED, NOT_THERE, TOO_MANY = 200, 401, 404, 429
PASSING = frozenset({502, 503, 504})
"""Statuses of a gateway that may answer in a moment."""


class Layer(StrEnum):
    """Where a call failed."""

    APPLICATION = "application_token"
    SSO = "sso_token"
    API = "api"


@dataclass(frozen=True, slots=True)
class Found:
    """Rows, reduced to what may be kept. `count`: how many there are in all, where a page tells it.

    `unknown`: the names of keys that nobody knows, where the rows of a history have never been shown.
    """

    rows: tuple[Row, ...]
    count: int | None = None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Nothing:
    """SIASN answered that there is nothing. It is no reason to forget anything."""


@dataclass(frozen=True, slots=True)
class Failed:
    """No answer, or none that counts. `code` is stable and has a sentence; `status` is that of HTTP, if there was one.

    siasn.unreachable, siasn.timeout, siasn.suspended, siasn.unauthorised, siasn.html, siasn.truncated,
    siasn.wrong_person, siasn.rate_limited, siasn.error.
    """

    code: str
    status: int | None = None
    layer: Layer = Layer.API


Reply = Found | Nothing | Failed


@dataclass(frozen=True, slots=True)
class Accepted:
    """SIASN has taken a row; its id and message where it told them."""

    id: str | None
    message: str | None


@dataclass(frozen=True, slots=True)
class Refused:
    """SIASN has not taken it, and said why."""

    message: str | None
    status: int


@dataclass(frozen=True, slots=True)
class Unsent:
    """It did not reach SIASN: to hand it over again is safe."""

    code: str
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have reached SIASN, but nobody knows what came of it."""

    code: str
    status: int | None = None


Saved = Accepted | Refused | Unsent | Unknown


class Trouble(Enum):
    """What the gateway or the back end has against a call, other than its contents."""

    APPLICATION = "application"
    SSO = "sso"
    UNCLEAR = "unclear"
    """One of the tokens, and it does not say which."""
    FAULT = "fault"
    """Something went wrong inside the gateway, which stale tokens have been seen to cause."""
    SUSPENDED = "suspended"
    """The gateway gives the back end a rest."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: its status, and its JSON or why it is none."""

    status: int
    document: object
    retry_after: float | None = None
    """Seconds, where it says so."""

    @property
    def failed(self) -> Failed:
        """The answer as a failure."""
        return self.document if isinstance(self.document, Failed) else Failed("siasn.error", self.status)


def answer_of(status: int, body: bytes, retry_after: float | None = None) -> Answer:
    """The answer in a body: JSON, or the failure that it is none."""
    try:
        document = _document_in(body)
        return Answer(status, storable(document) if NUL in body else document, retry_after)
    except orjson.JSONDecodeError:
        pass
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return Answer(status, Failed("siasn.html", status), retry_after)
    return Answer(status, Failed("siasn.truncated" if status == WELL else "siasn.error", status), retry_after)


NUL = b"\\u0000"
SURROGATES = re.compile(
    rb"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)
"""Escaped halves of characters: the group is one alone, which is no text."""


def _document_in(body: bytes) -> object:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        whole = SURROGATES.sub(lambda found: b"" if found[1] else found[0], body)
        if whole == body:
            raise
        return orjson.loads(whole)


def trouble_of(answer: Answer) -> Trouble | None:
    """What kept a call from being answered at all; what the body says counts before the status."""
    document = answer.document
    if isinstance(document, dict) and not isinstance(document.get("data"), (dict, list)):
        said = " ".join(_said(document, "message", "description", "data")).casefold()
        if "suspended" in said:
            return Trouble.SUSPENDED
        if any(code in STALE for code in _said(document, "code")):
            return Trouble.APPLICATION
        for words, trouble in TROUBLES.items():
            if words in said:
                return trouble
    return Trouble.UNCLEAR if answer.status == UNAUTHORISED else None


TROUBLES = {
    "expired jwt": Trouble.SSO,
    "malformed jwt": Trouble.SSO,
    "token sso mismatch": Trouble.SSO,
    "invalid credentials": Trouble.APPLICATION,
    "missing credentials": Trouble.APPLICATION,
    "runtime error": Trouble.FAULT,
}
"""Words of the two layers, in lower case."""
STALE = frozenset(f"90090{digit}" for digit in range(6))
"""Codes of the gateway for a token that is missing, unknown or over."""


def _said(document: Mapping[str, object], *names: str) -> list[str]:
    """What a body says about itself; the gateway may wrap that in `fault`."""
    fault = document.get("fault")
    around = [document, *([fault] if isinstance(fault, dict) else [])]
    return [str(said) for one in around for name in names if isinstance(said := one.get(name), (str, int))]


def reply_of(answer: Answer, history: wire.History, nip: str, person_id: str | None = None) -> Reply:
    """The rows of somebody's history; `siasn.wrong_person` where they are somebody else's, or those of several.

    Most rows say no number, but the id that SIASN knows their person by: `person_id`, where that is known here.
    """
    reply = _rows_of(answer, is_one=history.is_one)
    if not isinstance(reply, Found):
        return reply
    numbers = {None if wire.is_absent(said := row.get("nipBaru")) else wire.text(said) for row in reply.rows}
    is_foreign = bool(numbers - {None, nip}) or (history.name == wire.PERSON and None in numbers)
    owners = {_sameness_of(person_id), *_owners_of(reply.rows, history)} - {None}
    if is_foreign or len(owners) > 1:
        return Failed("siasn.wrong_person", answer.status)
    rows = tuple(row for row in reply.rows if wire.is_absent(row.get("deletedAt")))
    if not history.is_provisional:
        return Found(reduced(rows, history.stored))
    kept = history.stored | NAMED[history.name]
    return Found(reduced(rows, kept), unknown=_names_of(rows, kept | AROUND_ASSESSMENTS))


def _owners_of(rows: Sequence[Row], history: wire.History) -> set[str | None]:
    """Whose the rows are by SIASN's ids of people, whatever the spelling of the key; None where that is not said."""
    named = {key.casefold() for key in history.owner}
    return {_sameness_of(value) for row in rows for key, value in row.items() if key.casefold() in named}


def _sameness_of(siasn_id: object) -> str | None:
    """What all spellings of an id share: SIASN writes it in capitals, in small letters, and with dashes."""
    return None if wire.is_absent(siasn_id) else str(wire.text(siasn_id)).replace("-", "").casefold()


NAMED = {wire.POTENTIAL: DEFAULT.potentials.keys(), wire.COMPETENCY: DEFAULT.competencies.keys()}
"""What may be kept besides of rows that nobody has shown: what the table of names gives a meaning."""
MOST_NAMES, LONGEST_NAME = 30, 60


def _names_of(rows: Sequence[Row], known: frozenset[str]) -> tuple[str, ...]:
    """The names of keys beside those that are known; a number of somebody that stands in one is struck out."""
    strange = {name[:LONGEST_NAME] for row in rows for key in row if key not in known and (name := _words(key))}
    return tuple(sorted(strange)[:MOST_NAMES])


def page_of(answer: Answer, keys: Sequence[str]) -> Reply:
    """A page of units (E3)."""
    reply = _rows_of(answer, is_one=False)
    if not isinstance(reply, Found):
        return reply
    count = wire.whole(answer.document.get("count")) if isinstance(answer.document, dict) else None
    return Found(reduced(reply.rows, frozenset(keys)), count)


def references_of(answer: Answer, keys: Sequence[str]) -> Reply:
    """A page of the reference service (E12): `results`, or a bare list."""
    document = answer.document
    listed = document.get("results") if isinstance(document, dict) else document
    if answer.status != WELL or not isinstance(listed, list):
        return _rows_of(answer, is_one=False)
    if not all(isinstance(row, dict) for row in listed):
        return Failed("siasn.error", answer.status)
    return Found(reduced(listed, frozenset(keys))) if listed else Nothing()


def saved_of(answer: Answer) -> Saved:
    """What became of a row that was handed over (E7, E8); their words without numbers of people."""
    document = answer.document
    if not isinstance(document, dict):
        outcome = Unsent if REDIRECTS <= answer.status < SERVERS else Unknown
        return outcome(answer.failed.code, answer.status)
    words = next((said for name in ("message", "data", "mapData") if (said := _words(document.get(name)))), None)
    if trouble_of(answer) is Trouble.FAULT:  # the gateway's: what is behind it may have been reached
        return Unknown("siasn.error", answer.status)
    if answer.status == WELL and any(wire.says_nothing(document.get(name)) for name in ("data", "mapData")):
        return Refused(words, answer.status)
    if answer.status == WELL and _is_well(document):
        return Accepted(_id_in(document.get("mapData")) or _id_in(document.get("data")), words)
    says_no = document.get("success") is False or wire.text(document.get("code")) == "0" or answer.status < SERVERS
    return Refused(words, answer.status) if says_no else Unknown("siasn.error", answer.status)


REDIRECTS, SERVERS = 300, 500
"""Statuses from here on are of something that did not happen, and of a server that failed."""
LONGEST_WORDS, LONGEST_ID = 300, 42  # characters
NUMBERS = re.compile(r"[0-9]{16,18}")  # of people: NIP and NIK


def _rows_of(answer: Answer, *, is_one: bool) -> Reply:
    document = answer.document
    if not isinstance(document, dict):
        return answer.failed
    data = document.get("data")
    if wire.says_nothing(data):
        return Nothing()
    if answer.status != WELL or not _is_well(document):
        return Failed("siasn.error", answer.status)
    if data is None or data in ([], {}):
        return Nothing()
    if isinstance(data, dict) and is_one:
        return Found((data,))
    if isinstance(data, list) and not is_one and all(isinstance(row, dict) for row in data):
        return Found(tuple(data))
    return Failed("siasn.error", answer.status)


def _is_well(document: Mapping[str, object]) -> bool:
    code = document.get("code")
    return code is True or code in (1, "1") or document.get("success") is True


def reduced(rows: Sequence[Row], keys: frozenset[str]) -> tuple[Row, ...]:
    """Rows with nothing in them but what may be kept."""
    return tuple({key: value for key, value in row.items() if key in keys} for row in rows)


def storable(value: object) -> object:
    """A value of JSON without the one character that PostgreSQL cannot hold."""
    if isinstance(value, str):
        return value.replace("\x00", "") if "\x00" in value else value
    if isinstance(value, list):
        return [storable(one) for one in value]
    if isinstance(value, dict):
        return {storable(key): storable(one) for key, one in value.items()}
    return value


def _words(value: object) -> str | None:
    """Their words, if they are words: short, on one line, and with the numbers of people struck out."""
    if not isinstance(value, str):
        return None
    plain = " ".join("".join(one if one.isprintable() else " " for one in value).split())
    return wire.text(NUMBERS.sub("…", plain)[:LONGEST_WORDS])


def _id_in(value: object) -> str | None:
    """The id of the row that was saved: the first text of an object, whatever its name; a bare text is a message."""
    if not isinstance(value, dict):
        return None
    found = next((said for one in value.values() if isinstance(one, str) and (said := wire.text(one))), None)
    return found if found is not None and len(found) <= LONGEST_ID and found.isprintable() else None
