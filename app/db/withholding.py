"""What a shape becomes for somebody: fields that a rule withholds are null, and the document names them.

Variants are made once per set of permissions that a shape asks for, and there are few; each compiles like any shape.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from sqlalchemy import case, literal_column, not_, null, or_

from app.db.classes import Rule
from app.db.documents import Field, Fields, Pages, Shape, Value
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


def withheld_from(held: Permissions, fields: Fields) -> list[str]:
    """The paths of the fields, or of some of whose rows, that somebody with these permissions may not see."""
    paths: list[str] = []
    for path, field in walk(fields):
        is_below_another = any(path.startswith(f"{other}.") for other in paths)
        if not is_below_another and _standing_against(field, held):
            paths.append(path)
    return paths


def _standing_against(field: Field, held: Permissions) -> list[Rule]:
    return [rule for rule in field.needs if not rule.permissions & held]


def _shown(fields: Fields, held: Permissions) -> Fields:
    return {name: _shown_field(field, fields, held) for name, field in fields.items()}


def _shown_field(field: Field, beside: Fields, held: Permissions) -> Field:
    if field is WITHHELD:
        paths = ", ".join(f'"{path}"' for path in withheld_from(held, beside))
        return Value(literal_column(f"'[{paths}]'::json"), WITHHELD.schema)
    rules = _standing_against(field, held)
    wheres = [rule.where for rule in rules if rule.where is not None]
    if len(wheres) < len(rules):
        return Value(null(), field.schema if isinstance(field, Value) else {})
    if not isinstance(field, Value):
        shown = replace(field, needs=(), fields=_shown(field.fields, held))
        return replace(shown, on=not_(or_(*wheres))) if wheres else shown
    return replace(field, needs=(), sql=case((or_(*wheres), null()), else_=field.sql) if wheres else field.sql)
