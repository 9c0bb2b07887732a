"""What a shape becomes for somebody: fields that a rule withholds are null, and the document names them.

A value of which a rule tells something less exact instead is not named among them: it is known. A list of which a rule
leaves something out is. What is kept in some documents only, such as of masked candidates, is named in these alone.

Variants are made once per set of permissions that a shape asks for, and there are few; each compiles like any shape.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal_column, not_, null, or_, true
from sqlalchemy.dialects.postgresql import array

from app.db.classes import Rule
from app.db.documents import Field, Fields, Pages, Shape, Value, literal_text
from app.domain.actors import Permission

Permissions = frozenset[Permission]
WITHHELD = Value(literal_column("NULL"), {"type": "array", "items": {"type": "string"}})
"""The field `withheld`: the paths of the fields below the same object that the reader may not see, none as []."""


def shape_for(permissions: Permissions, shape: Shape) -> Shape:
    """The shape as somebody with these permissions may read it."""
    asked = _asked(shape)
    return _variant(shape, asked & permissions) if asked is not None else shape


def pages_for(permissions: Permissions, pages: Pages) -> Pages:
    """The pages as somebody with these permissions may read them."""
    asked = _asked(pages.node)
    return _variant_of_pages(pages, asked & permissions) if asked is not None else pages


@lru_cache(None)
def _asked(shape: Shape) -> Permissions | None:
    """The permissions that some field asks for; None where there is nothing to decide."""
    if not any(field.needs or field is WITHHELD for _, field in walk(shape.fields)):
        return None
    rules = (rule for _, field in walk(shape.fields) for rule in field.needs)
    return Permissions().union(*(rule.permissions for rule in rules))


@lru_cache(None)
def _variant(shape: Shape, held: Permissions) -> Shape:
    return replace(shape, fields=_shown(shape.fields, held))


@lru_cache(None)
def _variant_of_pages(pages: Pages, held: Permissions) -> Pages:
    return replace(pages, node=_variant(pages.node, held))


def walk(fields: Fields, above: str = "") -> Iterator[tuple[str, Field]]:
    """Every field with its path, such as `placement.trace.found`."""
    for name, field in fields.items():
        yield above + name, field
        if not isinstance(field, Value):
            yield from walk(field.fields, f"{above}{name}.")


def withheld_from(held: Permissions, fields: Fields) -> dict[str, ColumnElement[bool]]:
    """The paths of the fields, or of some of whose rows, that somebody with these permissions may not see.

    With each the condition for the row of the document: what is shown in one document can be withheld in another.
    """
    paths: dict[str, ColumnElement[bool]] = {}
    for path, field in walk(fields):
        rules = [*_standing_against(field, held), *_leaving_out(field, held)]
        if not rules:
            continue
        named = [true() if rule.named_where is None else rule.named_where for rule in rules]
        above = [where for other, where in paths.items() if path.startswith(f"{other}.")]
        if not any(where.compare(one) for where in above for one in (true(), or_(*named))):
            paths[path] = and_(or_(*named), *(not_(where) for where in above))
    return paths


def _leaving_out(field: Field, held: Permissions) -> list[Rule]:
    return [rule for rule in field.needs if rule.leaves_out and not rule.permissions & held]


def _named(held: Permissions, fields: Fields) -> ColumnElement[Any]:
    """The list of the paths that are withheld in a document, as JSON."""
    paths = withheld_from(held, fields)
    if all(where.compare(true()) for where in paths.values()):
        return literal_column(f"'{json.dumps([*paths])}'::json")
    named = [case((where, literal_text(path))) for path, where in paths.items()]
    return func.to_json(func.array_remove(array(named), literal_column("NULL::text")))


def _standing_against(field: Field, held: Permissions) -> list[Rule]:
    return [rule for rule in field.needs if rule.instead is None and not rule.permissions & held]


def _told_instead(field: Value, held: Permissions) -> list[tuple[ColumnElement[bool], ColumnElement[Any]]]:
    """In which rows which less exact value is told."""
    rules = [rule for rule in field.needs if not rule.permissions & held]
    return [(rule.where, rule.instead) for rule in rules if rule.where is not None and rule.instead is not None]


def _shown(fields: Fields, held: Permissions) -> Fields:
    return {name: _shown_field(field, fields, held) for name, field in fields.items()}


def _shown_field(field: Field, beside: Fields, held: Permissions) -> Field:
    if field is WITHHELD:
        return Value(_named(held, beside), WITHHELD.schema)
    rules = _standing_against(field, held)
    wheres = [rule.where for rule in rules if rule.where is not None]
    if len(wheres) < len(rules):
        return Value(null(), field.schema if isinstance(field, Value) else {})
    if not isinstance(field, Value):
        shown = replace(field, needs=(), fields=_shown(field.fields, held))
        return (
            replace(shown, on=and_(*([] if field.on is None else [field.on]), not_(or_(*wheres)))) if wheres else shown
        )
    cases = [*([(or_(*wheres), null())] if wheres else []), *_told_instead(field, held)]
    return replace(field, needs=(), sql=case(*cases, else_=field.sql) if cases else field.sql)
