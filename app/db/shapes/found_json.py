"""What the domain found, as JSON put into a statement: its objects, words and sentences."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, TableValuedAlias, Text, column, func, literal_column, true, type_coerce
from sqlalchemy.dialects.postgresql import JSONB

from app.db.classes import Rule
from app.db.documents import Column, Fields, Items, Object, Value
from app.db.shapes.schemas import TEXT


def part_of(json: Column, *path: str | ColumnElement[int]) -> ColumnElement[Any]:
    """What stands in JSON below a path of names and places."""
    part: ColumnElement[Any] = type_coerce(json, JSONB)
    for step in path:
        part = part.op("->", return_type=JSONB())(literal_column(f"'{step}'") if isinstance(step, str) else step)
    return part


def word_of(json: Column, name: str) -> ColumnElement[str]:
    """The text under a name."""
    return json.op("->>", return_type=Text())(literal_column(f"'{name}'"))


def sentence_of(json: ColumnElement[Any], name: str, *needs: Rule) -> Object:
    """The sentence under a name."""
    said = part_of(json, name)
    return Object("Sentence", {word: Value(word_of(said, word), TEXT) for word in ("id", "en")}, needs=needs)


def sentences_of(json: ColumnElement[Any], name: str) -> Items:
    """The sentences under a name."""
    said = listed_in(part_of(json, name), name)
    fields: Fields = {word: Value(word_of(said.c.document, word), TEXT) for word in ("id", "en")}
    return Items("Sentence", fields, said, true(), (said.c.place,))


def listed_in(json: Column, name: str) -> TableValuedAlias:
    """The objects of a JSON list as rows of `document` and `place`, from 1."""
    listed = func.jsonb_array_elements(json).table_valued(column("document", JSONB), with_ordinality="place", name=name)
    return listed.render_derived()
