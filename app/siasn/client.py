"""SIASN as the service asks it: people, their histories, units, references; and placements handed over."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Mapping
from types import TracebackType
from typing import Self

import orjson
import structlog
from yarl import URL

from app.siasn import wire
from app.siasn.connection import Connection, Patience
from app.siasn.gateway import FinalError, Gateway, PassingError, Ways
from app.siasn.replies import (
    Failed,
    Found,
    Layer,
    Nothing,
    Reply,
    Saved,
    Unknown,
    Unsent,
    page_of,
    references_of,
    reply_of,
    saved_of,
)
from app.siasn.tokens import NoTokenError, Renewal

NIP = re.compile(r"[0-9]{18}")
PAGE = 100  # rows
MOST_PAGES = 1000  # of one list
TOLD_OF_A_NIP = 4  # digits, in logs
logger = structlog.get_logger("siasn")


class SiasnClient:
    """Asks SIASN for one institution; an async context manager, made for a piece of work and used by all of it.

    `ways` are those out of the house (`Destinations`); `renewal` tells the SSO token issued by hand as it is
    now. What comes back holds nothing but what may be kept, and no call raises for what SIASN does.
    """

    def __init__(
        self,
        connection: Connection,
        ways: Ways,
        *,
        patience: Patience | None = None,
        renewal: Renewal | None = None,
    ) -> None:
        self._api = _base(connection.api_base)
        self._references = None if connection.reference_base is None else _base(connection.reference_base)
        self._gateway = Gateway(connection, ways, patience or Patience(), renewal)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._gateway.aclose()

    async def person(self, nip: str, *, is_part_time: bool = False) -> Reply:
        """Somebody's main record; for a part-time employee also where those are kept apart."""
        reply = await self._told(wire.PERSON, wire.HISTORIES[wire.PERSON], nip)
        if isinstance(reply, Nothing) and is_part_time:
            return await self._told(wire.PART_TIME_PERSON, wire.HISTORIES[wire.PERSON], nip)
        return reply

    async def history(self, name: str, nip: str, person_id: str | None = None) -> Reply:
        """One of somebody's histories, by its name in the address; KeyError for one that SIASN does not have.

        `person_id` is what SIASN calls the person: rows that name another one are refused.
        """
        return await self._told(name, wire.HISTORIES[name], nip, person_id)

    async def units(self) -> AsyncIterator[Found | Failed]:
        """The institution's units, a page at a time. They are all there unless the last thing told is a failure."""
        seen, before = 0, None
        for _ in range(MOST_PAGES):
            answer = await self._gateway.get(f"{self._api}/referensi/ref-unor?limit={PAGE}&offset={seen}")
            page = answer if isinstance(answer, Failed) else page_of(answer, wire.UNIT_KEYS)
            if isinstance(page, Nothing):
                return
            if isinstance(page, Found) and page.rows == before:
                page = Failed("siasn.error")  # whoever ignores the offset tells the first page for ever
            yield page
            if isinstance(page, Failed):
                return
            before, seen = page.rows, seen + len(page.rows)
            if len(page.rows) < PAGE if page.count is None else seen >= page.count:
                return
        yield Failed("siasn.error")

    async def glance(self) -> Reply:
        """The first unit, as something that is told to nobody's detriment."""
        answer = await self._gateway.get(f"{self._api}/referensi/ref-unor?limit=1&offset=0")
        return answer if isinstance(answer, Failed) else page_of(answer, wire.UNIT_KEYS)

    async def reference(self, name: str) -> Reply:
        """The first entries of a list of the reference service, which asks for the application's token alone."""
        if self._references is None:
            return Nothing()
        url = f"{self._references}/{name}/search?limit={PAGE}&offset=0"
        answer = await self._gateway.get(url, with_sso=False)
        return answer if isinstance(answer, Failed) else references_of(answer, wire.REFERENCES[name])

    async def application_token(self) -> Failed | None:
        """Ask for the application's token; why there is none."""
        return await self._tried(Layer.APPLICATION)

    async def sso_token(self) -> Failed | None:
        """Ask for the civil servant's token; why there is none."""
        return await self._tried(Layer.SSO)

    async def save_talent_mapping(self, row: Mapping[str, str | None]) -> Saved:
        """Hand one placement over. It is never sent twice: who does not know what came of it is told so."""
        document = orjson.dumps({key: row[key] for key in wire.TALENT_MAPPING_KEYS})
        began = time.monotonic()
        try:
            answer = await self._gateway.post(f"{self._api}/tm/talentmapping-save", document)
        except (PassingError, FinalError) as error:
            outcome = Unknown if error.was_sent else Unsent
            saved: Saved = outcome(error.failed.code, error.failed.status)
        except NoTokenError as error:
            saved = Unsent(error.failed.code, error.failed.status)
        else:
            saved = saved_of(answer)
        if isinstance(saved, (Unknown, Unsent)):
            _note("tm/talentmapping-save", Failed(saved.code, saved.status), began)
        return saved

    async def _told(self, path: str, history: wire.History, nip: str, person_id: str | None = None) -> Reply:
        if not NIP.fullmatch(nip):
            raise ValueError("a NIP has 18 digits")
        began = time.monotonic()
        answer = await self._gateway.get(f"{self._api}/pns/{path}/{nip}")
        reply = answer if isinstance(answer, Failed) else reply_of(answer, history, nip, person_id)
        if isinstance(reply, Failed):
            _note(path, reply, began, who=f"…{nip[-TOLD_OF_A_NIP:]}")
        return reply

    async def _tried(self, layer: Layer) -> Failed | None:
        tokens = self._gateway.tokens
        try:
            await (tokens.application() if layer is Layer.APPLICATION else tokens.sso())
        except (PassingError, FinalError, NoTokenError) as error:
            return Failed(error.failed.code, error.failed.status, layer)
        return None


def _base(address: str) -> str:
    """What addresses begin with, as it is sent."""
    return str(URL(address)).rstrip("/")


def _note(path: str, failed: Failed, began: float, **who: str) -> None:
    took = round(1000 * (time.monotonic() - began))
    logger.warning("siasn.failed", path=path, code=failed.code, status=failed.status, took_ms=took, **who)
