"""Reads are documents: a shape and a selection become one SQL statement whose result is the finished JSON.

A shape says once what a document can contain. REST asks for everything or names fields, GraphQL for the selection set
of an operation; both compile here, once per (shape, selection, conditions), and the text is kept. The first thing each
statement does is to set who is asking, and the document depends on it (`LATERAL`), so that row-level security answers
for the right institution or, should anything run too early, for none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Insert,
    Join,
    Select,
    SQLColumnExpression,
    Text,
    bindparam,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect
from sqlalchemy.sql.selectable import NamedFromClause

from app.db.classes import Rule

JsonSchema = Mapping[str, object]
Column = SQLColumnExpression[Any]
Document = bytes
LARGEST_PAGE = 200
DIALECT = asyncpg_dialect.dialect()  # type: ignore[no-untyped-call]
COMPILED_STATEMENTS = 2048  # kept per process; the text of most is some 10 kB

Actor = FromClause
"""The one row every statement starts with: `institution` (text) and `reach`."""


@dataclass(frozen=True, slots=True)
class Pick:
    """One field of a selection: its name, the name it is sent under, and the selection below it (None: everything)."""

    name: str
    alias: str
    below: Selection | None = None
    _hash: int = dataclass_field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # worked out once: the selection of a large operation is looked up at every request
        object.__setattr__(self, "_hash", hash((self.name, self.alias, self.below)))

    def __hash__(self) -> int:
        return self._hash


Selection = tuple[Pick, ...]
TYPENAME = "__typename"
# Names of sub-selects: no field or GraphQL alias can be spelled like this, so none of their columns shadows them.
DOCUMENT, OBJECT, ITEM = "~document", "~object", "~item"
NOTHING: ColumnElement[Any] = literal_column("NULL").label("~nothing")


@dataclass(frozen=True, eq=False, slots=True)
class Value:
    """A scalar, or a list of scalars. `schema` is its JSON Schema; "null" in its type says that it may be unknown.

    A field of any kind is null for whom one of its `needs` withholds it (`app.db.withholding`).
    """

    sql: Column
    schema: JsonSchema
    needs: tuple[Rule, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class Object:
    """An object: from the same row (no `source`), or from at most one other row; null where `on` finds none."""

    type: str
    fields: Fields
    source: FromClause | None = None
    on: ColumnElement[bool] | None = None
    by_default: bool = True
    needs: tuple[Rule, ...] = ()

    @property
    def nullable(self) -> bool:
        return self.source is not None or self.on is not None or bool(self.needs)


@dataclass(frozen=True, eq=False, slots=True)
class Items:
    """A list of objects from other rows, in a stated order."""

    type: str
    fields: Fields
    source: FromClause
    on: ColumnElement[bool]
    order: tuple[Column, ...]
    by_default: bool = True
    needs: tuple[Rule, ...] = ()

    @property
    def nullable(self) -> bool:
        return bool(self.needs)


Field = Value | Object | Items
Fields = Mapping[str, Field]
Condition = ColumnElement[bool]


@dataclass(frozen=True, eq=False, slots=True)
class Shape:
    """What one kind of document can contain, where its rows come from and which conditions may be put.

    `rooted` ties the rows to the actor; `conditions` are put when their parameter is given. Parameters are
    `bindparam`s of the names used in `Database.document_as`.
    """

    type: str
    source: FromClause
    fields: Fields
    rooted: Callable[[Actor], Condition]
    conditions: Mapping[str, Condition]
    summary: tuple[str, ...] | None = None
    """The fields that are sent when nobody says which; all of them where this says nothing."""

    def selection(self, wanted: Selection | None) -> Selection:
        """What is asked for, or what is sent by default."""
        if wanted is not None:
            return wanted
        return everything(self.fields) if self.summary is None else tuple(Pick(name, name) for name in self.summary)


@dataclass(frozen=True, eq=False, slots=True)
class Parent:
    """What a list is of: a row of this table; of none there is no list, not an empty one.

    It is asked for where the condition `name` is put, and `scopes` hold for it as far as they are put as well.
    """

    name: str
    table: FromClause
    is_it: Callable[[Actor], Condition]
    absent: str
    """The code of what is said where there is no such row."""
    scopes: Mapping[str, Condition] = dataclass_field(default_factory=dict)


@dataclass(frozen=True, eq=False, slots=True)
class Pages:
    """A list of documents of one shape, a page at a time, in the order of `keys`."""

    type: str
    node: Shape
    keys: tuple[Column, ...]
    descending: bool = False
    opened_by: frozenset[str] = frozenset()
    """Paths of the fields that open a dossier: a page with any of them leaves everybody on it a receipt of the look.

    The table of talents is then among the rows of the shape.
    """
    of_one: bool = False
    """Whether all rows are about one talent, whom every page with rows leaves a receipt, whatever is selected."""
    parent: Parent | None = None
    row: tuple[Column, ...] = ()
    """What no two rows of an institution have in common; none where that is the last key alone."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A compiled document: its SQL, the names of its parameters in the order of $1, $2 …, and those that never vary."""

    sql: str
    parameters: tuple[str, ...]
    constants: Mapping[str, object]


def everything(fields: Fields) -> Selection:
    """The selection of all fields that are sent unless somebody asks for less."""
    return tuple(Pick(name, name) for name, field in fields.items() if getattr(field, "by_default", True))


def select_named(shape: Shape, names: str) -> Selection:
    """The selection of `fields=a,b.c`; raises KeyError with the first name that the shape does not have."""
    paths = [part.strip() for part in names.split(",") if part.strip()]
    return _select_paths(shape.fields, [(path, path.split(".")) for path in paths])


def _select_paths(fields: Fields, paths: Sequence[tuple[str, list[str]]]) -> Selection:
    """Paths below a common beginning; what is named as a whole is sent as a whole, also if parts are named as well."""
    below: dict[str, list[tuple[str, list[str]]]] = {}
    for path, (name, *others) in paths:
        field = fields.get(name)
        if field is None or (others and isinstance(field, Value)):
            raise KeyError(path)
        below.setdefault(name, []).append((path, others))
    return tuple(Pick(name, name, _select_below(fields[name], parts)) for name, parts in below.items())


def _select_below(field: Field, parts: Sequence[tuple[str, list[str]]]) -> Selection | None:
    if isinstance(field, Value) or any(not others for _, others in parts):
        return None
    return _select_paths(field.fields, parts)


@lru_cache(COMPILED_STATEMENTS)
def compile_document(shape: Shape, selection: Selection | None, conditions: frozenset[str]) -> Statement:
    """The statement of one document; no row where the conditions leave none."""
    actor = asking()
    columns = columns_of(shape.type, shape.fields, shape.selection(selection), tables(shape.source))
    document = selected(columns, shape.source)
    document = document.where(shape.rooted(actor), *(shape.conditions[name] for name in sorted(conditions)))
    return answering(actor, document.correlate(actor))


def tables(source: FromClause) -> tuple[FromClause, ...]:
    """What a source consists of: rows that an inner select may refer to."""
    return (*tables(source.left), *tables(source.right)) if isinstance(source, Join) else (source,)


def columns_of(
    type_name: str, fields: Fields, selection: Selection | None, around: tuple[FromClause, ...]
) -> list[ColumnElement[Any]]:
    """The columns of one object; `around` are the rows that enclose it."""
    columns: list[ColumnElement[Any]] = []
    for pick in everything(fields) if selection is None else selection:
        if pick.name == TYPENAME:
            columns.append(literal_text(type_name).label(pick.alias))
            continue
        match fields[pick.name]:
            case Value(needs=needs) | Object(needs=needs) | Items(needs=needs) if needs:
                columns.append(literal_column("NULL").label(pick.alias))  # nobody has asked who reads: for nobody
            case Value(sql=sql):
                columns.append(sql.label(pick.alias))
            case Object() as one:
                columns.append(_object(one, pick.below, around).label(pick.alias))
            case Items() as many:
                columns.append(_items(many, pick.below, around).label(pick.alias))
    return columns


def _object(one: Object, selection: Selection | None, around: tuple[FromClause, ...]) -> ColumnElement[Any]:
    if one.source is None:
        own = selected(columns_of(one.type, one.fields, selection, around))
        return json_row((own if one.on is None else own.where(one.on)).correlate(*around))
    return json_row(_rows_of(one.type, one.fields, selection, one.source, one.on, around).limit(1))


def _items(many: Items, selection: Selection | None, around: tuple[FromClause, ...]) -> ColumnElement[Any]:
    rows = _rows_of(many.type, many.fields, selection, many.source, many.on, around).order_by(*many.order)
    items = rows.subquery(ITEM)
    listed = select(func.json_agg(_row(items))).select_from(items).scalar_subquery()
    return func.coalesce(listed, literal_column("'[]'::json"))


def _rows_of(
    type_name: str,
    fields: Fields,
    selection: Selection | None,
    source: FromClause,
    on: Condition | None,
    around: tuple[FromClause, ...],
) -> Select[Any]:
    columns = columns_of(type_name, fields, selection, (*around, *tables(source)))
    return selected(columns, source).where(true() if on is None else on).correlate(*around)


def selected(columns: Sequence[ColumnElement[Any]], source: FromClause | None = None) -> Select[Any]:
    """A select that may have no columns: then nothing of an object is wanted, and it is sent empty."""
    rows: Select[Any] = select(*(columns or [NOTHING]))
    return rows if source is None else rows.select_from(source)


def json_row(rows: Select[Any]) -> ColumnElement[Any]:
    """The one row of a select as a JSON object; null without a row."""
    object_ = rows.subquery(OBJECT)
    return select(_row(object_)).select_from(object_).scalar_subquery()


def _row(rows: NamedFromClause) -> ColumnElement[Any]:
    """The whole row as a JSON object: over a sub-select the fastest way PostgreSQL has to build one."""
    if "~nothing" in rows.c:
        return literal_column("'{}'::json")
    return func.row_to_json(literal_column(f'"{rows.name}"'))


def literal_text(words: str) -> ColumnElement[Any]:
    """Text of our own as it stands in the statement."""
    return literal_column("'" + words.replace("'", "''") + "'::text")


def asking() -> CTE:
    """Who asks: the settings that policies look at are made in the first row that anything else depends on."""
    setting = (("institution", "app.institution_id"), ("reach", "app.reach"))
    settings = [
        func.set_config(literal_text(name), bindparam(parameter, type_=Text), true()).label(parameter)
        for parameter, name in setting
    ]
    return select(*settings).cte("actor").prefix_with("MATERIALIZED")


def answering(actor: CTE, rows: Select[Any], *beside: CTE) -> Statement:
    """`actor CROSS JOIN LATERAL document`: the setting is made before the first row of the document is looked for.

    What is to be written `beside` the document is part of the same statement.

    `LATERAL` alone does not see to that: the planner may pull the document up and begin with its rows, before anybody
    has been set. `OFFSET 0` keeps it a sub-select of its own, which waits for the actor it refers to.
    """
    document = rows.offset(literal_column("0")).subquery(DOCUMENT)
    body = select(_row(document).label("body")).select_from(document).lateral("answer")
    return as_statement(select(body.c.body).select_from(actor.join(body, true())).add_cte(*beside))


def rows_with_body(
    shape: Shape, selection: Selection | None, conditions: frozenset[str], actor: CTE, *beside: ColumnElement[Any]
) -> Select[Any]:
    """The rows of a shape, each as its JSON (`body`), with what is wanted `beside` it; they wait for the actor."""
    around = tables(shape.source)
    body = json_row(
        selected(columns_of(shape.type, shape.fields, shape.selection(selection), around)).correlate(*around)
    )
    rows = select(body.label("body"), *beside).select_from(shape.source)
    rows = rows.where(shape.rooted(actor), *(shape.conditions[name] for name in sorted(conditions)))
    return rows.correlate(actor).offset(literal_column("0"))


def as_statement(rows: Select[Any] | Insert) -> Statement:
    """A select, or what adds rows, as its text, with its parameters."""
    compiled = rows.compile(dialect=DIALECT)
    constants = {name: value for name, value in compiled.params.items() if value is not None}
    return Statement(str(compiled), tuple(compiled.positiontup or ()), constants)


def schema_of(fields: Fields) -> JsonSchema:
    """The JSON Schema of an object with these fields. Nothing is required: a caller may have asked for less."""
    return {
        "type": "object",
        "properties": {name: _schema_of_field(field) for name, field in fields.items()},
        "additionalProperties": False,
    }


def _schema_of_field(field: Field) -> JsonSchema:
    match field:
        case Value(schema=schema):
            return schema
        case Object(fields=fields, nullable=nullable):
            schema = schema_of(fields)
            return {"anyOf": [schema, {"type": "null"}]} if nullable else schema
        case Items(fields=fields, nullable=nullable):
            return {"type": ["array", "null"] if nullable else "array", "items": schema_of(fields)}
