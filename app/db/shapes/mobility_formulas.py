"""What documents about points formulas of mobility campaigns can contain."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Integer, Text, Uuid, bindparam, cast, func, literal_column, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql import column

from app.db.documents import Items, JsonSchema, Object, Pages, Shape, Value
from app.db.shapes.formats import instant
from app.db.shapes.schemas import ID, INSTANT, INTEGER, NULLABLE_INTEGER, NULLABLE_TEXT, TEXT, TEXTS
from app.db.tables.mobility import MobilityFormulaRow
from app.domain.mobility_formulas import BlockKind

KIND: JsonSchema = {"type": "string", "enum": [kind.value for kind in BlockKind]}
_block: Any = (
    func.jsonb_array_elements(MobilityFormulaRow.document["blocks"])
    .table_valued(column("told", JSONB), with_ordinality="place", name="blocks")
    .render_derived()
)
_told = _block.c.told
_step: Any = (
    func.jsonb_each(func.coalesce(_told["scale"], literal_column("'{}'::jsonb")))
    .table_valued(column("key", Text), column("value", JSONB), name="steps")
    .render_derived()
)


def _sentence(told: ColumnElement[Any]) -> Object:
    return Object("Sentence", {name: Value(told[name].astext, TEXT) for name in ("id", "en")})


def _listed(name: str) -> Value:
    """The texts of a list that may not be there."""
    found = func.coalesce(_told["areas"][name], literal_column("'[]'::jsonb"))
    return Value(found, TEXTS)


MOBILITY_FORMULA = Shape(
    "MobilityFormula",
    MobilityFormulaRow.__table__,
    {
        "organiserId": Value(MobilityFormulaRow.institution_id, ID),
        "code": Value(MobilityFormulaRow.code, TEXT),
        "version": Value(MobilityFormulaRow.version, INTEGER),
        "publishedAt": Value(instant(MobilityFormulaRow.published_at), INSTANT),
        "title": _sentence(MobilityFormulaRow.document["title"]),
        "blocks": Items(
            "MobilityBlock",
            {
                "code": Value(_told["code"].astext, TEXT),
                "kind": Value(_told["kind"].astext, KIND),
                "label": _sentence(_told["label"]),
                "most": Value(cast(_told["most"].astext, Integer), NULLABLE_INTEGER),
                "perYear": Value(cast(_told["perYear"].astext, Integer), NULLABLE_INTEGER),
                "ground": Value(_told["ground"].astext, NULLABLE_TEXT),
                "provinces": _listed("provinces"),
                "institutions": _listed("institutions"),
                "scale": Items(
                    "MobilityScaleStep",
                    {
                        "value": Value(_step.c.key, TEXT),
                        "points": Value(
                            cast(_step.c.value.op("#>>")(literal_column("'{}'::text[]")), Integer), INTEGER
                        ),
                    },
                    _step,
                    true(),
                    (_step.c.key,),
                ),
            },
            _block,
            true(),
            (_block.c.place,),
        ),
    },
    rooted=lambda actor: actor.c.institution.is_not(None),
    conditions={
        "organiser_id": MobilityFormulaRow.institution_id == bindparam("organiser_id", type_=Uuid),
        "code": MobilityFormulaRow.code == bindparam("code", type_=Text),
        "version": MobilityFormulaRow.version == bindparam("version", type_=Integer),
    },
)
_number = func.lpad(cast(MobilityFormulaRow.version, Text), 10, "0")
_named = func.concat(
    MobilityFormulaRow.code, "/", _number, "/", cast(MobilityFormulaRow.institution_id, Text), type_=Text
)
MOBILITY_FORMULAS = Pages("MobilityFormula", MOBILITY_FORMULA, (MobilityFormulaRow.code, _named))
