"""What documents tell of moves from a post into another: up, to an equal level, or down, by the ladder of levels."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import ColumnElement, Text, literal_column, type_coerce
from sqlalchemy.dialects.postgresql import JSONB

from app.db.classes import Rule
from app.db.documents import Column, JsonSchema, Object, Value
from app.db.shapes.sentences import said
from app.db.tables.rankings import RankingCandidateRow, RankingRow
from app.domain.careers import CareerMove, PositionLevel, move_between

NULLABLE_MOVE: JsonSchema = {"type": ["string", "null"], "enum": [*(move.value for move in CareerMove), None]}
_MOVES = {
    held.value: {wanted.value: move.value for wanted in PositionLevel if (move := move_between(held, wanted))}
    for held in PositionLevel
}


def _level_in(json: Column, *path: str) -> ColumnElement[str]:
    words = ",".join((*path, "level"))
    return type_coerce(json, JSONB).op("#>>", return_type=Text())(literal_column(f"'{{{words}}}'"))


def move_between_columns(held: ColumnElement[Any], wanted: ColumnElement[Any]) -> ColumnElement[str]:
    """As `domain.careers.move_between`; null where a level is unknown or they cannot be compared."""
    moves = literal_column(f"'{json.dumps(_MOVES)}'::jsonb", JSONB)
    return moves.op("->", return_type=JSONB())(held).op("->>", return_type=Text())(wanted)


_move = move_between_columns(_level_in(RankingCandidateRow.facts, "candidate"), _level_in(RankingRow.target))


def movement(*needs: Rule) -> Value:
    """By the level of the post that somebody held as the ranking found it; null where levels cannot be compared."""
    return Value(_move, NULLABLE_MOVE, needs)


def movement_in_words(*needs: Rule) -> Object:
    """The same as a sentence."""
    told = said({move.value: f"move.{move.value}" for move in CareerMove}, _move)
    return Object(told.type, told.fields, on=_move.is_not(None), needs=needs)
