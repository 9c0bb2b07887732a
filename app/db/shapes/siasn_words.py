"""How rows are told in SIASN's words: what we hold comes first, beside it stands what only SIASN said.

The rows of one person's history are one JSON list, newest first, joined to the person: nobody without rows has a
document. A row of evidence that stands is told with SIASN's row of it, a row of SIASN that became none as it is, once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    FromClause,
    Select,
    Table,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.selectable import LateralFromClause

from app.db.documents import ITEM, Actor, Column, Condition, JsonSchema, literal_text
from app.db.shapes.placements import owned
from app.db.shapes.scopes import is_restricted
from app.db.staging import TABLES
from app.db.tables.evidence import stands
from app.db.tables.siasn_records import SiasnRecordRow
from app.db.tables.talents import TalentRow
from app.domain.evidence import Kind
from app.siasn import wire

Columns = Mapping[str, ColumnElement[Any]]
NOTHING: Columns = MappingProxyType({})
TALENT: Table = TalentRow.__table__  # type: ignore[assignment]
RECORD: Table = SiasnRecordRow.__table__  # type: ignore[assignment]
PERSON_ID: ColumnElement[str] = func.coalesce(TALENT.c.siasn_id, cast(TALENT.c.id, Text))
"""SIASN's id of the person, or ours where nobody has told it."""
OWNERS = ("idPns", "pns", "pnsId", "pnsOrang", "pnsOrangId", "pnsDinilaiId")
OTHER_SPELLINGS = {
    "masaBerlakuSertSelasai": "masaBerlakuSertSelesai",
    "akhirHukumTanggal": "akhirHukumanTanggal",
    "tasaKerjaTahun": "masaKerjaTahun",
}
NULL: ColumnElement[Any] = literal_column("NULL::text")
HALF = 16  # of the 32 hexadecimal digits of a row's id


# ── values


def day(column: Column) -> ColumnElement[str]:
    """A date as `dd-MM-yyyy`."""
    return func.to_char(column, literal_column("'DD-MM-YYYY'"), type_=Text)


def instant_of(column: Column) -> ColumnElement[str]:
    """A date as the beginning of the day in ISO."""
    return func.to_char(column, literal_column("'YYYY-MM-DD\"T00:00:00Z\"'"), type_=Text)


def year_of(column: Column) -> ColumnElement[str]:
    """The year of a date as text."""
    return func.to_char(column, literal_column("'YYYY'"), type_=Text)


def as_text(column: Column) -> ColumnElement[str]:
    """A number as text."""
    return cast(column, Text)


def coded(column: Column, words: Mapping[str, str]) -> ColumnElement[Any]:
    """What stands for a value of ours in SIASN's list; null for what it does not have."""
    return case(*((column == literal_text(one), literal_text(word)) for one, word in words.items()))


def said(history: str, body: Column, key: str) -> ColumnElement[Any]:
    """A key of a row of SIASN as it is told again: blanks and zero dates are null, days are written alike."""
    value = body.op("->>")(literal_text(key))
    if key == "path":
        documents = body.op("->", return_type=JSONB())(literal_text(key))
        typed = func.nullif(documents.op("-", return_type=JSONB())(literal_text("")), literal_column("'{}'::jsonb"))
        return case((func.jsonb_typeof(documents) == literal_text("object"), typed))
    if key == "validNik":
        return func.nullif(body.op("->", return_type=JSONB())(literal_text(key)), literal_column("'null'::jsonb"))
    if key in wire.INSTANTS.get(history, ()):
        return func.siasn_instant(value, type_=Text)
    if wire.is_day(history, key):
        return func.siasn_day(value, type_=Text)
    if key.startswith("is"):
        return case((value == literal_text("true"), literal_text("1")), else_=func.siasn_text(value, type_=Text))
    return func.siasn_text(value, type_=Text)


def told_columns(
    history: wire.History, about: Columns, ours: Columns, body: Column, otherwise: Columns = NOTHING
) -> list[ColumnElement[Any]]:
    """The keys of an endpoint in their order: ours, else SIASN's, else what can be said all the same, else null.

    `about` are those that are never unknown.
    """
    columns: list[ColumnElement[Any]] = []
    for key in history.keys:
        spellings = (key, OTHER_SPELLINGS[key]) if key in OTHER_SPELLINGS else (key,)
        theirs = [said(history.name, body, one) for one in spellings if one in history.stored]
        parts = [*([ours[key]] if key in ours else []), *theirs, *([otherwise[key]] if key in otherwise else [])]
        if key in about:
            parts = [about[key]]
        whole = parts[0] if len(parts) == 1 else func.coalesce(*parts) if parts else NULL
        columns.append(whole.label(key))
    return columns


# ── rows


@dataclass(frozen=True, slots=True)
class Telling:
    """How one history is told. `ours` makes its keys of a row of evidence; the newest rows come first.

    `newest` is the evidence's date or year, `newest_said` SIASN's key of it. `otherwise` makes what SIASN says more
    exactly, where it has said nothing. `told_here` says which evidence belongs here where no row of SIASN does.
    `is_same` says which row of SIASN, of those that became no evidence, is about a row of ours for certain.
    """

    name: str
    newest_said: str
    kind: Kind | None = None
    newest: str = "id"
    ours: Callable[[Any], Columns] = field(default=lambda _row: NOTHING)
    otherwise: Callable[[Any], Columns] = field(default=lambda _row: NOTHING)
    told_here: Callable[[Any], Condition] | None = None
    is_same: Callable[[Any, Column], Condition] | None = None

    @property
    def history(self) -> wire.History:
        return wire.HISTORIES[self.name]


def talents_told(actor: Actor) -> Condition:
    """The talents of the actor's institution whose data are processed at present."""
    return and_(owned(actor), not_(is_restricted))


def rows_told(telling: Telling) -> Select[Any]:
    """The rows of a history about the talent around it, newest first."""
    theirs = _theirs(telling).subquery("theirs")
    newest = _sortable(theirs.c.body, telling.newest_said)
    if telling.kind is None:
        columns = _told(telling, theirs.c.row_id, theirs.c.body)
        return _rows(theirs, columns, newest, theirs.c.row_id)
    ours = _held(telling, telling.kind).subquery("ours")
    joined = ours.outerjoin(theirs, ours.c.row_key == theirs.c.key, full=True)
    row_id = func.coalesce(theirs.c.row_id, _row_id(ours.c.talent_id, ours.c.id))
    newest = func.coalesce(cast(ours.c[telling.newest], Text), newest)
    columns = _told(telling, row_id, theirs.c.body, telling.ours(ours.c), telling.otherwise(ours.c))
    # a row of SIASN whose evidence stands no more, or was never taken, is not told
    is_told = or_(ours.c.id.is_not(None), theirs.c.kind.is_(None))
    return _rows(joined, columns, newest, row_id).where(is_told)


def rows_or_present(telling: Telling, present: Columns, is_known: Condition) -> Select[Any]:
    """SIASN's rows of a history; without any the one row that the talent's own record makes, where it is known."""
    theirs = _theirs(telling).subquery("theirs")
    row_id = func.coalesce(theirs.c.row_id, _row_id(TALENT.c.id, literal_column("0")))
    alone = {key: case((theirs.c.row_id.is_(None), value)) for key, value in present.items()}
    columns = _told(telling, row_id, theirs.c.body, otherwise=alone)
    source = select(literal_column("1").label("one")).subquery("once").outerjoin(theirs, true())
    rows = _rows(source, columns, _sortable(theirs.c.body, telling.newest_said), row_id)
    return rows.where(or_(theirs.c.row_id.is_not(None), is_known))


def records_of(history: str) -> Select[Any]:
    """SIASN's rows of a history about the talent around it, as last told."""
    mine = (
        RECORD.c.institution_id == TALENT.c.institution_id,
        RECORD.c.talent_id == TALENT.c.id,
        RECORD.c.history == literal_text(history),
        RECORD.c.withdrawn_at.is_(None),
    )
    return select(RECORD.c.row_id, RECORD.c.body).where(*mine).correlate(TALENT)


def _theirs(telling: Telling) -> Select[Any]:
    """The same with the `key` of the evidence that a row became."""
    if telling.kind is None:
        return records_of(telling.name)
    became = case((RECORD.c.kind == literal_text(telling.kind), RECORD.c.row_key)).label("key")
    return records_of(telling.name).add_columns(RECORD.c.kind, became)


def _held(telling: Telling, kind: Kind) -> Select[Any]:
    """The evidence of the talent that stands and is told here: as SIASN did, or by what it is where SIASN did not."""
    table = TABLES[kind]
    rows = select(table).where(
        table.c.institution_id == TALENT.c.institution_id,
        table.c.talent_id == TALENT.c.id,
        literal_column(stands(f'"{table.name}"'), Boolean),
    )
    if telling.told_here is not None:
        told = select(RECORD.c.row_id).where(
            RECORD.c.institution_id == table.c.institution_id,
            RECORD.c.talent_id == table.c.talent_id,
            RECORD.c.kind == literal_text(kind),
            RECORD.c.row_key == table.c.row_key,
            RECORD.c.withdrawn_at.is_(None),
        )
        elsewhere = exists(told.correlate(table))
        here = exists(told.where(RECORD.c.history == literal_text(telling.name)).correlate(table))
        rows = rows.where(or_(and_(telling.told_here(table.c), not_(elsewhere)), here))
    if telling.is_same is not None:
        rows = rows.where(not_(_told_unread(telling, kind, telling.is_same)))
    return rows.correlate(TALENT)


def _told_unread(telling: Telling, kind: Kind, is_same: Callable[[Any, Column], Condition]) -> Condition:
    """Whether a row of SIASN that became no evidence tells a row of ours, which none became, and no other of ours."""
    table = TABLES[kind]
    twin = table.alias("twin")
    others = select(twin.c.id).where(
        twin.c.institution_id == table.c.institution_id,
        twin.c.talent_id == table.c.talent_id,
        twin.c.id != table.c.id,
        literal_column(stands(f'"{twin.name}"'), Boolean),
        is_same(twin.c, RECORD.c.body),
    )
    told = select(RECORD.c.row_id).where(
        RECORD.c.institution_id == table.c.institution_id,
        RECORD.c.talent_id == table.c.talent_id,
        RECORD.c.withdrawn_at.is_(None),
    )
    unread = told.where(
        RECORD.c.history == literal_text(telling.name),
        RECORD.c.kind.is_(None),
        is_same(table.c, RECORD.c.body),
        not_(exists(others.correlate(table, RECORD))),
    )
    became = told.where(RECORD.c.kind == literal_text(kind), RECORD.c.row_key == table.c.row_key)
    return and_(exists(unread.correlate(table)), not_(exists(became.correlate(table))))


def _row_id(talent_id: Column, number: ColumnElement[int]) -> ColumnElement[str]:
    """An id of 32 hexadecimal digits as SIASN has them: half of the talent's id, then the number of the row."""
    talent = func.replace(cast(talent_id, Text), literal_text("-"), literal_text(""))
    padded = func.lpad(func.to_hex(number), literal_column(str(HALF)), literal_text("0"))
    return func.left(talent, literal_column(str(HALF)), type_=Text).op("||", return_type=Text())(padded)


def _told(
    telling: Telling, row_id: ColumnElement[str], body: Column, ours: Columns = NOTHING, otherwise: Columns = NOTHING
) -> list[ColumnElement[Any]]:
    """The keys of a row, with its id and whom it is about."""
    history = telling.history
    about = {**dict.fromkeys(OWNERS, PERSON_ID), "nipBaru": TALENT.c.nip, "nip": TALENT.c.nip, "nama": TALENT.c.name}
    return told_columns(history, {**about, history.row_id[0]: row_id}, ours, body, otherwise)


def _rows(
    source: FromClause, columns: list[ColumnElement[Any]], newest: ColumnElement[Any], row_id: ColumnElement[str]
) -> Select[Any]:
    order = (newest.desc().nulls_last(), row_id.desc())
    return select(*columns).select_from(source).order_by(*order).correlate(TALENT)


def _sortable(body: Column, key: str) -> ColumnElement[str]:
    """A day or a year of SIASN such that later ones are greater as text."""
    return func.siasn_instant(body.op("->>")(literal_text(key)), type_=Text)


def listed(rows: Select[Any]) -> LateralFromClause:
    """All rows as one JSON list (`data`), null without any; joined to the person's row."""
    items = rows.subquery(ITEM)
    return select(func.json_agg(_WHOLE).label("data")).select_from(items).lateral("told")


def one_of(rows: Select[Any]) -> LateralFromClause:
    """The first row as a JSON object (`data`); joined to the person's row."""
    items = rows.limit(literal_column("1")).subquery(ITEM)
    return select(_WHOLE.label("data")).select_from(items).lateral("told")


_WHOLE = func.row_to_json(literal_column(f'"{ITEM}"'))


# ── schemas


def schema_of_row(history: wire.History) -> dict[str, object]:
    """The JSON Schema of one row."""
    return {
        "type": "object",
        "properties": {key: _schema_of(key) for key in history.keys},
        "required": list(history.keys),
        "additionalProperties": False,
        **({"description": "Provisional: nobody has shown how SIASN's rows look."} if history.is_provisional else {}),
    }


DOCUMENTS: JsonSchema = {
    "type": ["object", "null"],
    "description": "Documents by their type.",
    "additionalProperties": {"type": "object"},
}


def _schema_of(key: str) -> JsonSchema:
    if key == "path":
        return DOCUMENTS
    return {"type": ["string", "boolean", "null"]} if key == "validNik" else {"type": ["string", "null"]}
