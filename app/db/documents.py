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
    ARRAY,
    CTE,
    ColumnElement,
    FromClause,
    Integer,
    Join,
    Select,
    SQLColumnExpression,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect
from sqlalchemy.sql.selectable import NamedFromClause
from sqlalchemy.sql.type_api import TypeEngine

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
    """A scalar, or a list of scalars. `schema` is its JSON Schema; "null" in its type says that it may be unknown."""

    sql: Column
    schema: JsonSchema


@dataclass(frozen=True, eq=False, slots=True)
class Object:
    """An object: from the same row (no `source`), or from at most one other row, null where there is none."""

    type: str
    fields: Fields
    source: FromClause | None = None
    on: ColumnElement[bool] | None = None
    by_default: bool = True

    @property
    def nullable(self) -> bool:
        return self.source is not None


@dataclass(frozen=True, eq=False, slots=True)
class Items:
    """A list of objects from other rows, in a stated order."""

    type: str
    fields: Fields
    source: FromClause
    on: ColumnElement[bool]
    order: tuple[Column, ...]
    by_default: bool = True


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
class Pages:
    """A list of documents of one shape, a page at a time, in the order of `keys` (the last one is unique)."""

    type: str
    node: Shape
    keys: tuple[Column, ...]
    descending: bool = False


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
    actor = _actor()
    columns = _columns(shape.type, shape.fields, shape.selection(selection), tables(shape.source))
    document = _select(columns, shape.source)
    document = document.where(shape.rooted(actor), *(shape.conditions[name] for name in sorted(conditions)))
    return _compiled(actor, document.correlate(actor))


@lru_cache(COMPILED_STATEMENTS)
def compile_page(pages: Pages, selection: Selection | None, conditions: frozenset[str]) -> Statement:
    """The statement of one page: `first` rows, after the keys `after_0`, `after_1` … if `after` is put."""
    actor, shape = _actor(), pages.node
    put = [shape.rooted(actor), *(shape.conditions[name] for name in sorted(conditions - {"after"}))]
    wanted = PAGE if selection is None else selection
    listed = _listed(pages, _page(pages, put, actor, has_previous="after" in conditions), wanted, actor)
    gathered = _gathered(pages, listed, wanted, has_previous="after" in conditions)
    columns: list[ColumnElement[Any]] = []
    for outer, pick in enumerate(wanted):
        match pick.name:
            case "edges":
                part: ColumnElement[Any] = gathered.c[f"edges_{outer}"]
            case "pageInfo":
                part = _page_info(gathered, pick.below)
            case "totalCount":
                part = select(func.count()).select_from(shape.source).where(*put).correlate(actor).scalar_subquery()
            case _:
                part = _text(f"{pages.type}Connection")
        columns.append(part.label(pick.alias))
    return _compiled(actor, _select(columns, gathered))


EDGE: Selection = (Pick("cursor", "cursor"), Pick("node", "node"))
PAGE_INFO: Selection = tuple(
    Pick(name, name) for name in ("hasNextPage", "hasPreviousPage", "startCursor", "endCursor")
)
PAGE: Selection = (Pick("edges", "edges"), Pick("pageInfo", "pageInfo"))  # totalCount only if asked for


def _page(pages: Pages, put: Sequence[Condition], actor: Actor, *, has_previous: bool) -> FromClause:
    """The keys of the rows on the page, and of one more if there are more."""
    keys: list[Any] = [key.label(f"key_{n}") for n, key in enumerate(pages.keys)]
    page = select(*keys).select_from(pages.node.source).where(*put)
    if has_previous:
        after = [bindparam(f"after_{n}", type_=_type_of(key)) for n, key in enumerate(pages.keys)]
        here, there = tuple_(*pages.keys), tuple_(*after)
        page = page.where(here < there if pages.descending else here > there)
    most = bindparam("first", type_=Integer) + 1
    return page.order_by(*_in_order(pages, pages.keys)).limit(most).correlate(actor).subquery("page")


def _listed(pages: Pages, page: FromClause, wanted: Selection, actor: Actor) -> FromClause:
    """The rows of the page with position, cursor and the document of each selection of a node."""
    shape, keys = pages.node, [page.c[f"key_{n}"] for n in range(len(pages.keys))]
    nodes = []
    for outer, pick in enumerate(wanted):
        for inner, node in enumerate(_edge_of(pick)):
            if node.name == "node":
                columns = _columns(shape.type, shape.fields, shape.selection(node.below), tables(shape.source))
                # looked up by key, row by row: the planner does not know how few they are, and would join whole tables
                row = _select(columns, shape.source).where(shape.rooted(actor), pages.keys[-1] == keys[-1])
                nodes.append(_json_row(row.correlate(page, actor)).label(f"node_{outer}_{inner}"))
    cursor = func.encode(func.convert_to(cast(func.json_build_array(*keys), Text), _text("UTF8")), _text("base64"))
    rows = select(
        func.row_number().over(order_by=_in_order(pages, keys)).label("position"),
        func.translate(cursor, literal_column("E'\\n'"), _text("")).label("cursor"),
        *nodes,
    )
    return rows.select_from(page).correlate(actor).subquery("listed")


def _edge_of(pick: Pick) -> Selection:
    if pick.name != "edges":
        return ()
    return EDGE if pick.below is None else pick.below


def _in_order(pages: Pages, keys: Sequence[Column]) -> list[Column]:
    return [key.desc() for key in keys] if pages.descending else list(keys)


def _gathered(pages: Pages, listed: FromClause, wanted: Selection, *, has_previous: bool) -> FromClause:
    """One row: the edges of each selection, and what is to be known about the page."""
    shown = listed.c.position <= bindparam("first", type_=Integer)
    edges = [
        _edges(pages, listed, shown, outer, _edge_of(pick)).label(f"edges_{outer}")
        for outer, pick in enumerate(wanted)
        if pick.name == "edges"
    ]
    about = {
        "hasNextPage": func.count() > bindparam("first", type_=Integer),
        "hasPreviousPage": literal_column("true" if has_previous else "false"),
        "startCursor": func.max(listed.c.cursor).filter(listed.c.position == 1),
        "endCursor": _last(listed.c.cursor, listed.c.position, shown),
    }
    return select(*edges, *(sql.label(name) for name, sql in about.items())).select_from(listed).subquery("gathered")


def _edges(pages: Pages, listed: FromClause, shown: Condition, outer: int, edge: Selection) -> ColumnElement[Any]:
    columns: list[ColumnElement[Any]] = []
    for inner, pick in enumerate(edge):
        match pick.name:
            case "node":
                column: ColumnElement[Any] = listed.c[f"node_{outer}_{inner}"]
            case "cursor":
                column = listed.c.cursor
            case _:
                column = _text(f"{pages.type}Edge")
        columns.append(column.label(pick.alias))
    each = _json_row(_select(columns).correlate(listed))
    edges = func.json_agg(aggregate_order_by(each, listed.c.position)).filter(shown)
    return func.coalesce(edges, literal_column("'[]'::json"))


def _page_info(gathered: FromClause, selection: Selection | None) -> ColumnElement[Any]:
    wanted = PAGE_INFO if selection is None else selection
    columns = [
        (_text("PageInfo") if pick.name == TYPENAME else gathered.c[pick.name]).label(pick.alias) for pick in wanted
    ]
    return _json_row(_select(columns).correlate(gathered))


def _last(cursor: ColumnElement[Any], position: ColumnElement[Any], shown: Condition) -> ColumnElement[Any]:
    return func.array_agg(aggregate_order_by(cursor, position.desc()), type_=ARRAY(Text)).filter(shown)[1]


def _type_of(column: Column) -> TypeEngine[Any]:
    return column.label(None).type


def tables(source: FromClause) -> tuple[FromClause, ...]:
    """What a source consists of: rows that an inner select may refer to."""
    return (*tables(source.left), *tables(source.right)) if isinstance(source, Join) else (source,)


def _columns(
    type_name: str, fields: Fields, selection: Selection | None, around: tuple[FromClause, ...]
) -> list[ColumnElement[Any]]:
    """The columns of one object; `around` are the rows that enclose it."""
    columns: list[ColumnElement[Any]] = []
    for pick in everything(fields) if selection is None else selection:
        if pick.name == TYPENAME:
            columns.append(_text(type_name).label(pick.alias))
            continue
        match fields[pick.name]:
            case Value(sql=sql):
                columns.append(sql.label(pick.alias))
            case Object() as one:
                columns.append(_object(one, pick.below, around).label(pick.alias))
            case Items() as many:
                columns.append(_items(many, pick.below, around).label(pick.alias))
    return columns


def _object(one: Object, selection: Selection | None, around: tuple[FromClause, ...]) -> ColumnElement[Any]:
    if one.source is None:
        return _json_row(_select(_columns(one.type, one.fields, selection, around)).correlate(*around))
    return _json_row(_rows_of(one.type, one.fields, selection, one.source, one.on, around).limit(1))


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
    columns = _columns(type_name, fields, selection, (*around, *tables(source)))
    return _select(columns, source).where(true() if on is None else on).correlate(*around)


def _select(columns: Sequence[ColumnElement[Any]], source: FromClause | None = None) -> Select[Any]:
    """A select that may have no columns: then nothing of an object is wanted, and it is sent empty."""
    rows: Select[Any] = select(*(columns or [NOTHING]))
    return rows if source is None else rows.select_from(source)


def _json_row(rows: Select[Any]) -> ColumnElement[Any]:
    """The one row of a select as a JSON object; null without a row."""
    object_ = rows.subquery(OBJECT)
    return select(_row(object_)).select_from(object_).scalar_subquery()


def _row(rows: NamedFromClause) -> ColumnElement[Any]:
    """The whole row as a JSON object: over a sub-select the fastest way PostgreSQL has to build one."""
    if "~nothing" in rows.c:
        return literal_column("'{}'::json")
    return func.row_to_json(literal_column(f'"{rows.name}"'))


def _text(words: str) -> ColumnElement[Any]:
    return literal_column("'" + words.replace("'", "''") + "'::text")


def _actor() -> CTE:
    setting = (("institution", "app.institution_id"), ("reach", "app.reach"))
    settings = [
        func.set_config(_text(name), bindparam(parameter, type_=Text), true()).label(parameter)
        for parameter, name in setting
    ]
    return select(*settings).cte("actor").prefix_with("MATERIALIZED")


def _compiled(actor: CTE, rows: Select[Any]) -> Statement:
    """`actor CROSS JOIN LATERAL document`: the setting is made before the first row of the document is looked for.

    `LATERAL` alone does not see to that: the planner may pull the document up and begin with its rows, before anybody
    has been set. `OFFSET 0` keeps it a sub-select of its own, which waits for the actor it refers to.
    """
    document = rows.offset(literal_column("0")).subquery(DOCUMENT)
    body = select(_row(document).label("body")).select_from(document).lateral("answer")
    compiled = select(body.c.body).select_from(actor.join(body, true())).compile(dialect=DIALECT)
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
        case Items(fields=fields):
            return {"type": "array", "items": schema_of(fields)}
