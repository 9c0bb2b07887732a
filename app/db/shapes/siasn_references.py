"""What lists of an institution tell in SIASN's words: its units, and the references that its own rows can answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, literal_column, select

from app.db.documents import ITEM, Column, JsonSchema, Shape, Value, literal_text
from app.db.shapes.institutions import mine
from app.db.shapes.schemas import INTEGER
from app.db.shapes.siasn_histories import SUCCESS
from app.db.shapes.siasn_words import NULL, TALENT
from app.db.tables.institutions import InstitutionRow, OrgUnitRow
from app.siasn import wire

_institution: Any = InstitutionRow.__table__
_unit: Any = OrgUnitRow.__table__


_limit, _offset = bindparam("limit", type_=Integer), bindparam("offset", type_=Integer)
PAGE = {"limit": _limit > literal_column("0"), "offset": _offset >= literal_column("0")}
"""How many rows are wanted, after how many."""


def schema_of_list(keys: tuple[str, ...]) -> JsonSchema:
    """The JSON Schema of a list of rows with these keys."""
    row = {
        "type": "object",
        "properties": {key: {"type": ["string", "null"]} for key in keys},
        "required": list(keys),
        "additionalProperties": False,
    }
    return {"type": "array", "items": row}


def _columns(keys: tuple[str, ...], said: Mapping[str, Column]) -> list[ColumnElement[Any]]:
    return [said.get(key, NULL).label(key) for key in keys]


def _page(rows: Select[Any]) -> ColumnElement[Any]:
    """The asked part of the rows as a JSON list."""
    items = rows.limit(_limit).offset(_offset).correlate(_institution).subquery(ITEM)
    listed = select(func.json_agg(func.row_to_json(literal_column(f'"{ITEM}"')))).select_from(items)
    return func.coalesce(listed.scalar_subquery(), literal_column("'[]'::json"))


_own_units = _unit.c.institution_id == _institution.c.id
_units = (
    select(
        *_columns(
            wire.UNIT_KEYS,
            {
                "Id": _unit.c.id,
                "InstansiId": _institution.c.siasn_id,
                "DiatasanId": _unit.c.parent_id,
                "NamaUnor": _unit.c.name,
            },
        )
    )
    .where(_own_units)
    .order_by(_unit.c.id)
)
UNITS = Shape(
    "SiasnUnits",
    _institution,
    {
        "code": Value(literal_column("1"), SUCCESS),
        "data": Value(_page(_units), schema_of_list(wire.UNIT_KEYS)),
        "count": Value(
            select(func.count()).select_from(_unit).where(_own_units).correlate(_institution).scalar_subquery(),
            INTEGER,
        ),
    },
    rooted=mine,
    conditions=PAGE,
)


def _posts(name: str, position_type: str) -> Select[Any]:
    """The posts of a type that people of the institution hold, once each."""
    said = {"id": TALENT.c.position_id, "nama": func.min(TALENT.c.position)}
    held = (
        TALENT.c.institution_id == _institution.c.id,
        TALENT.c.position_type_id == literal_text(position_type),
        TALENT.c.position_id.is_not(None),
    )
    columns = _columns(wire.REFERENCES[name], said)
    return select(*columns).where(*held).group_by(TALENT.c.position_id).order_by(TALENT.c.position_id)


def _institutions() -> Select[Any]:
    own = _institution.alias("own")
    columns = _columns(wire.REFERENCES["instansi"], {"id": own.c.siasn_id, "nama": own.c.name})
    return select(*columns).where(own.c.id == _institution.c.id, own.c.siasn_id.is_not(None)).order_by(own.c.id)


def _reference(name: str, rows: Select[Any]) -> Shape:
    words = "".join(word.capitalize() for word in name.split("-"))
    results = Value(_page(rows), schema_of_list(wire.REFERENCES[name]))
    return Shape(f"SiasnReference{words}", _institution, {"results": results}, rooted=mine, conditions=PAGE)


REFERENCES: Mapping[str, Shape] = {
    name: _reference(name, rows)
    for name, rows in (
        ("instansi", _institutions()),
        ("jabatan-fungsional", _posts("jabatan-fungsional", "2")),
        ("jabatan-fungsional-umum", _posts("jabatan-fungsional-umum", "4")),
    )
}
"""The references (E12) that an institution's own rows answer; others stand in code lists, or nobody holds them."""
