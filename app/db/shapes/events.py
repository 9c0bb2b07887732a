"""CloudEvents 1.0 in JSON, made from the ledger by what other systems may be told of each type of event."""

from __future__ import annotations

import json

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Integer,
    Text,
    and_,
    bindparam,
    case,
    cast,
    column,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.selectable import LateralFromClause

from app.db.documents import Fields, Items, Shape, Value, literal_text
from app.db.shapes.formats import instant
from app.db.shapes.institutions import mine
from app.db.shapes.schemas import INSTANT, TEXT
from app.db.tables.institutions import InstitutionRow
from app.db.tables.ledger import LedgerEntryRow, LedgerLinkRow
from app.domain.entries import INSTITUTION
from app.domain.told_events import PREFIX, SOURCE, SPECVERSION, TOLD, VERSION

SEQUENCE_DIGITS = 19
DATA = {"type": "object"}
_entry, _link = LedgerEntryRow.__table__, LedgerLinkRow.__table__
HAPPENED = _link.join(_entry, and_(_entry.c.institution_id == _link.c.institution_id, _entry.c.id == _link.c.entry_id))
"""Entries that have their place in the ledger; what is committed gets one within seconds, in the order of commits."""
EVENT_ID = cast(_link.c.institution_id, Text).concat(literal_text("_")).concat(cast(_link.c.position, Text))
ABOUT_TYPE = func.coalesce(_entry.c.about_type, literal_text(INSTITUTION))
SUBJECT = ABOUT_TYPE.concat(literal_text("/")).concat(
    func.coalesce(_entry.c.about_id, cast(_entry.c.institution_id, Text))
)


def _data() -> ColumnElement[object]:
    """The fields of the payload that may be told, by the names they are told by."""
    allowed = cast(literal_text(json.dumps({name: dict(told.data) for name, told in TOLD.items()})), JSONB)
    fields = func.jsonb_each_text(allowed.op("->", return_type=JSONB)(_entry.c.type))
    told = fields.table_valued(column("key", Text), column("value", Text), name="told")
    value = _entry.c.payload.op("->", return_type=JSONB)(told.c.key)
    data = select(func.jsonb_object_agg(told.c.value, value)).select_from(told).where(value.is_not(None))
    return func.coalesce(data.correlate(_entry).scalar_subquery(), literal_column("'{}'::jsonb"))


EVENT_FIELDS: Fields = {
    "specversion": Value(literal_text(SPECVERSION), TEXT),
    "id": Value(EVENT_ID, TEXT),
    "source": Value(literal_text(SOURCE).concat(cast(_link.c.institution_id, Text)), TEXT),
    "type": Value(literal_text(PREFIX).concat(_entry.c.type).concat(literal_text(VERSION)), TEXT),
    "subject": Value(SUBJECT, TEXT),
    "time": Value(instant(_entry.c.recorded_at), INSTANT),
    "datacontenttype": Value(literal_text("application/json"), TEXT),
    "sequence": Value(
        func.lpad(cast(_link.c.position, Text), literal_column(str(SEQUENCE_DIGITS)), literal_text("0")), TEXT
    ),
    "data": Value(_data(), DATA),
}


def _asked_for(name: str) -> LateralFromClause:
    """The places of the events of a page: after a place, of some types, about one thing."""
    types, subject = bindparam("types", type_=ARRAY(Text)), bindparam("subject", type_=Text)
    return (
        select(_link.c.position)
        .select_from(HAPPENED)
        .where(_link.c.institution_id == InstitutionRow.id)
        .where(_link.c.position > bindparam("after", type_=BigInteger))
        .where(or_(types.is_(None), _entry.c.type == func.any(types)))
        .where(or_(subject.is_(None), subject == SUBJECT))
        .order_by(_link.c.position)
        .limit(bindparam("first", type_=Integer))
        .correlate(InstitutionRow)
        .lateral(name)
    )


def _next_after() -> ColumnElement[str]:
    """Where to go on: after the last event of a full page; else after everything that there is by now."""
    seen, own = _asked_for("seen"), _link.alias("own")
    newest = select(func.max(own.c.position)).where(own.c.institution_id == InstitutionRow.id)
    newest = newest.correlate(InstitutionRow)
    is_full = func.count() == bindparam("first", type_=Integer)
    after = bindparam("after", type_=BigInteger)
    place = case((is_full, func.max(seen.c.position)), else_=func.greatest(after, newest.scalar_subquery()))
    return cast(select(place).select_from(seen).correlate(InstitutionRow).scalar_subquery(), Text)


_page = _asked_for("page")
_head = select(column("position", BigInteger)).select_from(func.ledger_head()).scalar_subquery()
EVENT_PAGE = Shape(
    "EventPage",
    InstitutionRow.__table__,
    {
        "events": Items(
            "CloudEvent",
            EVENT_FIELDS,
            _page.join(HAPPENED, _link.c.position == _page.c.position),
            true(),
            (_link.c.position,),
        ),
        "nextAfter": Value(_next_after(), TEXT),
    },
    rooted=mine,
    conditions={
        "after": bindparam("after", type_=BigInteger) <= _head,
        "types": true(),
        "subject": true(),
        "first": true(),
    },
)
"""The events of the own institution, some at a time; nothing where the place to begin after does not exist yet."""
