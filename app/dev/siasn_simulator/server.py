"""The simulated gateway: two tokens, everything below the API base, and a door of its own to look and to switch."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs

import orjson

from app.dev.siasn_simulator.faults import ANSWERS, MISSING_PAGE, PAGE, Fails, Fault
from app.dev.siasn_simulator.people import Register
from app.dev.siasn_simulator.quirks import USUAL, Quirk, spoil, spoil_units
from app.dev.siasn_simulator.telling import Row
from app.dev.siasn_simulator.tokens import Tokens
from app.siasn import codes, wire

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Answer = tuple[int, bytes]

API: Final = "/apisiasn/1.0"
REFERENCES: Final = "/referensi_siasn/1"
UNITS: Final = "ref-unor"
SAVED: Final = "talentmapping-save"
_JSON: Final = (b"content-type", b"application/json")
_HTML: Final = (b"content-type", b"text/html")
_NOTHING: Final[Answer] = (404, wire.nothing())
_LARGEST_PAGE, _USUAL_PAGE = 1000, 100
_NIP_DIGITS = 18


@dataclass(slots=True)
class Asked:
    """What the simulator was asked, for those who want to know how polite and how sparing somebody was."""

    calls: Counter[str] = field(default_factory=Counter)
    """By the name of the history or of the call."""
    statuses: Counter[int] = field(default_factory=Counter)
    nips: Counter[str] = field(default_factory=Counter)
    writes: int = 0
    """Calls that are not reads, the results of a talent mapping left out."""
    at_once: int = 0
    most_at_once: int = 0
    """Answers are so quick that calls overlap only where one is `slow`."""
    shortest_gap: float | None = None
    """Seconds between the beginnings of two calls of the API."""
    last: float = 0.0
    last_headers: Collection[tuple[bytes, bytes]] = ()

    def begin(self, at: str, nip: str | None, headers: Collection[tuple[bytes, bytes]]) -> None:
        """Count a call that begins."""
        now = time.monotonic()
        if self.last and (self.shortest_gap is None or now - self.last < self.shortest_gap):
            self.shortest_gap = now - self.last
        self.last = now
        self.calls[at] += 1
        if nip is not None:
            self.nips[nip] += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.last_headers = headers

    @property
    def headers(self) -> dict[str, str]:
        """Of the last call."""
        return {name.decode("latin-1"): value.decode("latin-1") for name, value in self.last_headers}


@dataclass(slots=True)
class Simulator:
    """A SIASN with one institution. What a test or an operator switches are its attributes."""

    register: Register
    quirks: frozenset[Quirk] = USUAL
    faults: list[Fault] = field(default_factory=list)
    tokens: Tokens = field(default_factory=Tokens)
    asked: Asked = field(default_factory=Asked)
    moved: dict[str, str] = field(default_factory=dict)
    """NIP → the institution that somebody works for by now."""
    renumbered: dict[str, str] = field(default_factory=dict)
    """NIP → the one that somebody has instead of it."""
    part_time: set[str] = field(default_factory=set)
    """Whom only the endpoint of part-time employees knows."""
    said: dict[str, dict[str, list[Row]]] = field(default_factory=dict)
    """NIP → history → rows that stand in the place of those of the register."""
    saved: list[Row] = field(default_factory=list)
    """The results of talent mappings that were sent."""
    in_the_beginning: frozenset[Quirk] = field(init=False)
    """The quirks that it was started with."""
    _answers: dict[str, dict[str, bytes]] = field(default_factory=dict)
    _units: list[Row] | None = None

    def __post_init__(self) -> None:
        self.in_the_beginning = self.quirks

    def prepare(self) -> None:
        """Encode the answers about everybody beforehand."""
        for nip in self.register.people:
            self.answers_about(nip)

    def forget_answers(self) -> None:
        """Answer by what is switched on now."""
        self._answers.clear()
        self._units = None

    def answers_about(self, nip: str) -> dict[str, bytes] | None:
        """The answers about somebody by history; a history that is not there has no rows."""
        known = self._answers.get(nip)
        if known is None and (nip in self.register.people or nip in self.said):
            known = self._answers[nip] = self._encode(nip)
        return known

    def _encode(self, nip: str) -> dict[str, bytes]:
        rows = self.register.told(nip) if nip in self.register.people else {}
        rows = spoil(rows, nip, self.quirks) | self.said.get(nip, {})
        for row in rows.get(wire.PERSON, []):
            if nip in self.renumbered:
                row["nipBaru"] = self.renumbered[nip]
            if institution := self.moved.get(nip):
                row |= {"instansiKerjaNama": institution, "instansiIndukNama": institution, "instansiKerjaId": "X1"}
        return {
            history: wire.answered(orjson.dumps(found[0] if wire.HISTORIES[history].is_one else found))
            for history, found in rows.items()
            if found
        }

    @property
    def units(self) -> list[Row]:
        """The units as they are told."""
        if self._units is None:
            self._units = spoil_units([dict(unit) for unit in self.register.units], self.quirks)
        return self._units

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One call below the API base."""
        path: str = scope["path"][len(API) + 1 :]
        at, nip = _aim(path, scope["query_string"])
        headers = scope["headers"]
        self.asked.begin(at, nip, headers)
        try:
            for fault in self.faults:
                if fault.strikes(at, nip):
                    if await self._fail(fault, at, nip, scope, send):
                        return
                    break
            if (refused := self._refused(headers)) is not None:
                await self._send(send, *refused)
            elif scope["method"] == "GET":
                await self._send(send, *self._read(path, at, nip, scope["query_string"]))
            elif scope["method"] == "POST" and at == SAVED:
                await self._send(send, *self._save(await _body(receive)))
            else:
                self.asked.writes += 1
                await self._send(send, 405, wire.nothing())
        finally:
            self.asked.at_once -= 1

    def _refused(self, headers: Collection[tuple[bytes, bytes]]) -> Answer | None:
        application = sso = ""
        for name, value in headers:
            if name == b"authorization":
                application = value.decode("latin-1").removeprefix("Bearer ")
            elif name == b"auth":
                sso = value[7:].decode("latin-1") if value[:7].lower() == b"bearer " else ""
        if "application" in self.tokens.needed and not self.tokens.application.is_valid(application):
            return ANSWERS[Fails.INVALID_CREDENTIALS]
        if "sso" in self.tokens.needed and not self.tokens.sso.is_valid(sso):
            return ANSWERS[Fails.INVALID_JWT]
        return None

    def _read(self, path: str, at: str, nip: str | None, query: bytes) -> Answer:
        if at == UNITS:
            rows, total = _page(self.units, query)
            return 200, wire.counted(orjson.dumps(rows), total)
        if path == "tm/detail-nilai-sumbu-tm":
            return 200, wire.answered(orjson.dumps(self.saved))
        if nip is None or at not in _KNOWN:
            return _NOTHING
        is_part_time = at == wire.PART_TIME_PERSON
        if at in {wire.PERSON, wire.PART_TIME_PERSON} and (nip in self.part_time) is not is_part_time:
            return _NOTHING
        answers = self.answers_about(nip)
        body = None if answers is None else answers.get(wire.PERSON if is_part_time else at)
        return _NOTHING if body is None else (200, body)

    def _save(self, body: bytes) -> Answer:
        """E7 where the result is taken, E8 where it is not."""
        try:
            row = orjson.loads(body)
        except orjson.JSONDecodeError:
            return 400, b'{"success":false,"message":"format tidak sesuai"}'
        if not isinstance(row, dict) or any(not isinstance(row.get(key), str) for key in wire.TALENT_MAPPING_KEYS):
            return 200, b'{"success":false,"message":"data tidak lengkap","mapData":"data tidak lengkap"}'
        self.saved.append(row)
        told = {"rwTalentMappingId": f"{len(self.saved):032x}"}
        return 200, orjson.dumps({"success": True, "code": 1, "message": "success", "mapData": told})

    async def _fail(self, fault: Fault, at: str, nip: str | None, scope: Scope, send: Send) -> bool:
        """Do what the fault says; whether that was the answer."""
        match fault.fails:
            case Fails.SLOW:
                await asyncio.sleep(fault.seconds)
                return False
            case Fails.RESET:
                scope["state"]["reset"]()
            case Fails.CUT_OFF | Fails.TRUNCATED:
                _, body = self._read("", at, nip, scope["query_string"])
                half = body[: len(body) // 2]
                if fault.fails is Fails.TRUNCATED:
                    await self._send(send, fault.status or 200, half)
                else:
                    await _start(send, 200, len(body), _JSON)
                    await send({"type": "http.response.body", "body": half, "more_body": True})
                    scope["state"]["reset"]()
            case Fails.HTML:
                await self._send(send, fault.status or 200, PAGE, _HTML)
            case Fails.UNAVAILABLE:
                await self._send(send, fault.status or 502, PAGE, _HTML, _retry_after(fault))
            case Fails.NO_PATH:
                await self._send(send, 404, MISSING_PAGE, _HTML)
            case Fails.OTHER_PERSON:
                other = next(one for one in self.register.people if one != nip)
                await self._send(send, *self._read("", at, other, b""))
            case Fails.TOKENS_GONE:
                self.tokens.forget()
                return False
            case said:
                status, body = ANSWERS[said]
                await self._send(send, fault.status or status, body, _JSON, _retry_after(fault))
        return True

    async def _send(self, send: Send, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
        self.asked.statuses[status] += 1
        await _start(send, status, len(body), *(headers or (_JSON,)))
        await send({"type": "http.response.body", "body": body})


_KNOWN: Final = frozenset({*wire.HISTORIES, wire.PART_TIME_PERSON})


def _retry_after(fault: Fault) -> tuple[bytes, bytes]:
    return (b"retry-after", str(int(fault.seconds)).encode()) if fault.seconds else (b"x-gateway", b"1")


async def _start(send: Send, status: int, length: int, *headers: tuple[bytes, bytes]) -> None:
    sized = (b"content-length", str(length).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, sized]})


async def _body(receive: Receive) -> bytes:
    parts, more = [], True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


def _aim(path: str, query: bytes) -> tuple[str, str | None]:
    """What a path asks for, and about whom: `pns/rw-jabatan/{nip}`, `pns/nilaiipasn?nip=`, `referensi/ref-unor`."""
    name, _, last = path.rpartition("/")
    if name.startswith("pns/"):
        return name[4:], last if last.isdigit() and len(last) == _NIP_DIGITS else None
    nip = parse_qs(query.decode("latin-1")).get("nip", [None])[0] if last == wire.PROFESSIONALISM else None
    return last, nip


def _page(rows: list[Row], query: bytes) -> tuple[list[Row], int]:
    said = parse_qs(query.decode("latin-1"))
    limit, offset = (wire.whole(said.get(name, [""])[0]) or 0 for name in ("limit", "offset"))
    size = min(limit, _LARGEST_PAGE) if limit > 0 else _USUAL_PAGE
    return rows[max(0, offset) : max(0, offset) + size], len(rows)


_LISTS: Final[Mapping[str, codes.Codes]] = {
    "eselon": codes.ECHELONS,
    "golongan": codes.GRADES,
    "jenis-diklat": codes.TRAINING_TYPES,
    "jenis-jabatan": codes.POSITION_TYPES,
    "kedudukan-hukum": codes.LEGAL_STATUSES,
    "latihan-struktural": codes.STRUCTURAL_TRAININGS,
    "tingkat-pendidikan": codes.EDUCATION_LEVELS,
}


def reference(name: str, query: bytes) -> Answer:
    """A list of the reference service."""
    if name not in wire.REFERENCES:
        return _NOTHING
    keys = wire.REFERENCES[name]
    rows: list[Row] = [
        {**dict.fromkeys(keys), "id": code, "nama": label} for code, label in _LISTS.get(name, {}).items()
    ]
    return 200, wire.listed(orjson.dumps(_page(rows, query)[0]))
