"""Profiles, histories and lists as SIASN tells them; what there is none of, or is not theirs to see, is None."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import orjson

from app.db.database import Database
from app.db.documents import Document, Shape, Value
from app.db.shapes import siasn_histories, siasn_persons, siasn_references
from app.domain.actors import Actor, Permission
from app.services.contract import is_storable
from app.siasn import codes, wire

NIP_DIGITS, LONGEST_ID = 18, 42
PAGE_SIZE, LARGEST_PAGE, LAST_OFFSET = 100, 100_000, 2**31 - 1
"""Rows of a list where nobody says how many; and bounds, which no institution reaches."""


async def person_document(db: Database, actor: Actor, nip: str, *, is_part_time: bool = False) -> Document | None:
    """`data-utama` of somebody, or that of somebody whose record says that they work part-time."""
    actor.require(Permission.READ_AS_SIASN)
    shape = siasn_persons.PART_TIME_PERSON if is_part_time else siasn_persons.PERSON
    return await _about(db, actor, wire.PERSON, shape, nip)


async def professionalism_document(db: Database, actor: Actor, nip: str) -> Document | None:
    """The index of professionalism as SIASN last told it."""
    actor.require(Permission.READ_AS_SIASN)
    return await _about(db, actor, wire.PROFESSIONALISM, siasn_persons.INDEX, nip)


async def history_document(db: Database, actor: Actor, name: str, nip: str) -> Document | None:
    """All rows of one history of somebody, newest first."""
    actor.require(Permission.READ_AS_SIASN)
    return await _about(db, actor, name, siasn_histories.HISTORIES[name], nip)


async def history_row_document(db: Database, actor: Actor, entity: str, row_id: str) -> Document | None:
    """One row by its id, of somebody of the own institution."""
    actor.require(Permission.READ_AS_SIASN)
    shape = siasn_histories.ROWS[entity]
    if len(row_id) > LONGEST_ID or not is_storable(row_id) or not _may_see(actor, shape):
        return None
    history = siasn_histories.ENTITIES[entity]
    return await db.siasn_view_as(actor, history, None, shape, row_id=row_id)


async def units_document(
    db: Database, actor: Actor, limit: int | None = None, offset: int | None = None
) -> Document | None:
    """A page of the units of the institution, and how many there are."""
    actor.require(Permission.READ_AS_SIASN)
    return await db.document_as(actor, siasn_references.UNITS, None, **_page(limit, offset))


async def reference_document(
    db: Database, actor: Actor, name: str, limit: int | None = None, offset: int | None = None
) -> Document | None:
    """A page of a reference: of a code list, of what the institution's own rows name, else an empty one."""
    actor.require(Permission.READ_AS_SIASN)
    page = _page(limit, offset)
    if (shape := siasn_references.REFERENCES.get(name)) is not None:
        return await db.document_as(actor, shape, None, **page)
    rows = LISTS.get(name, ())[page["offset"] : page["offset"] + page["limit"]]
    return wire.listed(orjson.dumps(rows))


async def _about(db: Database, actor: Actor, history: str, shape: Shape, nip: str) -> Document | None:
    """A document about somebody; a number that is none is nobody's. Every look leaves a receipt."""
    if len(nip) != NIP_DIGITS or not (nip.isascii() and nip.isdigit()) or not _may_see(actor, shape):
        return None
    return await db.siasn_view_as(actor, history, nip, shape, nip=nip)


def _may_see(actor: Actor, shape: Shape) -> bool:
    """Whether somebody holds what a history asks for: of sanctions and assessments more than the rest."""
    data = shape.fields["data"]
    return isinstance(data, Value) and all(rule.permissions & actor.permissions for rule in data.needs)


def _page(limit: int | None, offset: int | None) -> dict[str, int]:
    """Clients have sent a limit of 0, with arguments swapped: that is the usual size."""
    size = limit if limit is not None and limit > 0 else PAGE_SIZE
    return {"limit": min(size, LARGEST_PAGE), "offset": min(max(offset or 0, 0), LAST_OFFSET)}


def _rows(name: str, said: codes.Codes, **also: codes.Codes) -> Sequence[Mapping[str, str | None]]:
    """The rows of a code list with all its keys; `also` are keys besides the name."""
    known: dict[str, codes.Codes] = {"nama": said, **also}
    return [
        {key: code if key == "id" else known.get(key, {}).get(code) for key in wire.REFERENCES[name]} for code in said
    ]


LISTS: Mapping[str, Sequence[Mapping[str, str | None]]] = {
    "eselon": _rows("eselon", codes.ECHELONS),
    "golongan": _rows("golongan", codes.GRADES, namaPangkat=codes.RANKS),
    "jenis-diklat": _rows("jenis-diklat", codes.TRAINING_TYPES),
    "jenis-jabatan": _rows("jenis-jabatan", codes.POSITION_TYPES),
    "kedudukan-hukum": _rows("kedudukan-hukum", codes.LEGAL_STATUSES),
    "latihan-struktural": _rows("latihan-struktural", codes.STRUCTURAL_TRAININGS),
    "ref-dokumen": _rows("ref-dokumen", codes.DOCUMENTS),
    "ref-jenjang-jf": _rows("ref-jenjang-jf", codes.FUNCTIONAL_LETTERS),
    "tingkat-pendidikan": _rows("tingkat-pendidikan", codes.EDUCATION_LEVELS),
}
"""The references that code lists answer."""
