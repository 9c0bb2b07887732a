"""Pages: documents of one shape, some at a time, compiled to one statement with what is to be known about the list.

A summary is no look at anybody. A page that opens dossiers is one at each person on it, and leaves the receipts as it
reads: then the rows of the page are found once, for the documents and for the receipts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.sql.type_api import TypeEngine

from app.db.documents import (
    COMPILED_STATEMENTS,
    TYPENAME,
    Actor,
    Column,
    Condition,
    Fields,
    Pages,
    Parent,
    Pick,
    Selection,
    Statement,
    Value,
    answering,
    asking,
    columns_of,
    everything,
    json_row,
    literal_text,
    selected,
    tables,
)
from app.db.tables.talents import TalentRow
from app.db.views import receipt_of


@lru_cache(COMPILED_STATEMENTS)
def compile_page(pages: Pages, selection: Selection | None, conditions: frozenset[str]) -> Statement:
    """The statement of one page: `first` rows, after the keys `after_0`, `after_1` … if `after` is put.

    Where the page is a look at people, it asks for `app.db.views.viewer` as well. No row where what the list is of is
    not there.
    """
    actor, shape = asking(), pages.node
    put = [shape.rooted(actor), *(shape.conditions[name] for name in sorted(conditions - {"after"}))]
    wanted = PAGE if selection is None else selection
    is_look = pages.of_one or _opens(pages, wanted)
    rows = _rows_of_page(pages, put, is_look=is_look, has_previous="after" in conditions)
    page = _kept(rows, actor) if is_look else rows.correlate(actor).subquery("page")
    receipts = (receipt_of(_looked_at(pages, page), shape.type),) if isinstance(page, CTE) else ()
    listed = _listed(pages, page, wanted, actor)
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
                part = literal_text(f"{pages.type}Connection")
        columns.append(part.label(pick.alias))
    body = selected(columns, gathered)
    if pages.parent is not None and pages.parent.name in conditions:
        body = body.where(_is_there(pages.parent, conditions, actor))
    return answering(actor, body, *receipts)


def _is_there(parent: Parent, conditions: frozenset[str], actor: CTE) -> Condition:
    scopes = (parent.scopes[name] for name in sorted(conditions & parent.scopes.keys()))
    found: Select[Any] = select(literal_column("1")).select_from(parent.table).where(parent.is_it(actor), *scopes)
    return exists(found.correlate(actor))


EDGE: Selection = (Pick("cursor", "cursor"), Pick("node", "node"))
PAGE_INFO: Selection = tuple(
    Pick(name, name) for name in ("hasNextPage", "hasPreviousPage", "startCursor", "endCursor")
)
PAGE: Selection = (Pick("edges", "edges"), Pick("pageInfo", "pageInfo"))  # totalCount only if asked for


def _opens(pages: Pages, wanted: Selection) -> bool:
    """Whether any of the nodes that are wanted has a field that opens a dossier."""
    nodes = (node for pick in wanted for node in _edge_of(pick) if node.name == "node")
    shape = pages.node
    return any(not pages.opened_by.isdisjoint(_paths(shape.fields, shape.selection(node.below))) for node in nodes)


def _paths(fields: Fields, selection: Selection, above: str = "") -> Iterator[str]:
    """The path of everything that is selected, whatever it is sent as."""
    for pick in selection:
        yield above + pick.name
        field = fields.get(pick.name)  # none for the name of the type
        if field is not None and not isinstance(field, Value):
            below = everything(field.fields) if pick.below is None else pick.below
            yield from _paths(field.fields, below, f"{above}{pick.name}.")


def _rows_of_page(pages: Pages, put: Sequence[Condition], *, is_look: bool, has_previous: bool) -> Select[Any]:
    """The keys of the rows on the page, and of one more if there are more; and for a look whom they are about."""
    keys: list[Any] = [key.label(f"key_{n}") for n, key in enumerate(pages.keys)]
    keys += [one.label(f"row_{n}") for n, one in enumerate(_telling_apart(pages))]
    about = (TalentRow.id.label("talent_id"), TalentRow.nip.label("nip")) if is_look else ()
    page = select(*keys, *about).select_from(pages.node.source).where(*put)
    if has_previous:
        after = [bindparam(f"after_{n}", type_=_type_of(key)) for n, key in enumerate(pages.keys)]
        here, there = tuple_(*pages.keys), tuple_(*after)
        page = page.where(here < there if pages.descending else here > there)
    most = bindparam("first", type_=Integer) + 1
    return page.order_by(*_in_order(pages, pages.keys)).limit(most)


def _kept(rows: Select[Any], actor: CTE) -> CTE:
    """The rows of the page with whose institution they are, found once, after the actor has been set."""
    found = rows.correlate(actor).lateral("found")
    page = select(actor.c.institution, *found.c).select_from(actor.join(found, true()))
    return page.cte("page").prefix_with("MATERIALIZED")


def _looked_at(pages: Pages, page: CTE) -> CTE:
    """Whom the page shows: not the row by which it knows that there are more, and one talent once."""
    in_order = _in_order(pages, _keys_of(pages, page))
    most = literal_column("1") if pages.of_one else bindparam("first", type_=Integer)
    about = page.c.institution, page.c.talent_id, page.c.nip
    return select(*about).order_by(*in_order).limit(most).cte("looked_at")


def _keys_of(pages: Pages, page: FromClause) -> list[Column]:
    return [page.c[f"key_{n}"] for n in range(len(pages.keys))]


def _telling_apart(pages: Pages) -> tuple[Column, ...]:
    return pages.row or pages.keys[-1:]


def _listed(pages: Pages, page: FromClause, wanted: Selection, actor: Actor) -> FromClause:
    """The rows of the page with position, cursor and the document of each selection of a node."""
    shape, keys = pages.node, _keys_of(pages, page)
    nodes = []
    for outer, pick in enumerate(wanted):
        for inner, node in enumerate(_edge_of(pick)):
            if node.name == "node":
                columns = columns_of(shape.type, shape.fields, shape.selection(node.below), tables(shape.source))
                # looked up by key, row by row: the planner does not know how few they are, and would join whole tables
                is_it = (one == page.c[f"row_{n}"] for n, one in enumerate(_telling_apart(pages)))
                row = selected(columns, shape.source).where(shape.rooted(actor), *is_it)
                nodes.append(json_row(row.correlate(page, actor)).label(f"node_{outer}_{inner}"))
    cursor = func.encode(
        func.convert_to(cast(func.json_build_array(*keys), Text), literal_text("UTF8")), literal_text("base64")
    )
    rows = select(
        func.row_number().over(order_by=_in_order(pages, keys)).label("position"),
        func.translate(cursor, literal_column("E'\\n'"), literal_text("")).label("cursor"),
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
                column = literal_text(f"{pages.type}Edge")
        columns.append(column.label(pick.alias))
    each = json_row(selected(columns).correlate(listed))
    edges = func.json_agg(aggregate_order_by(each, listed.c.position)).filter(shown)
    return func.coalesce(edges, literal_column("'[]'::json"))


def _page_info(gathered: FromClause, selection: Selection | None) -> ColumnElement[Any]:
    wanted = PAGE_INFO if selection is None else selection
    columns = [
        (literal_text("PageInfo") if pick.name == TYPENAME else gathered.c[pick.name]).label(pick.alias)
        for pick in wanted
    ]
    return json_row(selected(columns).correlate(gathered))


def _last(cursor: ColumnElement[Any], position: ColumnElement[Any], shown: Condition) -> ColumnElement[Any]:
    return func.array_agg(aggregate_order_by(cursor, position.desc()), type_=ARRAY(Text)).filter(shown)[1]


def _type_of(column: Column) -> TypeEngine[Any]:
    return column.label(None).type
