"""Views: documents about one person, read by a statement that leaves a receipt of the look as it reads.

Without a document there is no receipt, and people's looks at themselves leave none. A view across institutions asks
first, as the institution that looks, whether a disclosure is open; the institution that it finds is the one under
which the rest reads and writes. Should anything run too early, the policies answer nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    func,
    insert,
    literal_column,
    or_,
    select,
    true,
)

from app.db.documents import Selection, Shape, Statement, as_statement, asking, rows_with_body
from app.db.tables.disclosures import DisclosureRow
from app.db.tables.ledger import LedgerEntryRow
from app.db.tables.receipts import ViewReceiptRow
from app.db.tables.talents import TalentRow
from app.domain.actors import Actor
from app.domain.disclosures import State
from app.domain.purposes import Purpose

Columns = Mapping[str, ColumnElement[Any]]
VIEWER = {
    "role": bindparam("viewer_role", type_=Text),
    "subject": bindparam("viewer_subject", type_=Text),
    "purpose": bindparam("viewer_purpose", type_=Text),
    "request_id": bindparam("viewer_request", type_=Text),
}


def viewer(actor: Actor, purpose: Purpose) -> dict[str, object]:
    """The parameters that say who looks and why."""
    return {
        "viewer_role": actor.role.value,
        "viewer_subject": actor.subject,
        "viewer_purpose": purpose.value,
        "viewer_request": actor.request_id,
        "viewer_nip": actor.nip,
    }


@lru_cache(512)
def compile_view(shape: Shape, selection: Selection | None, conditions: frozenset[str]) -> Statement:
    """The statement of one document about a talent, whose table the shape has among its rows."""
    actor = asking()
    viewed = rows_viewed(actor, shape, selection, conditions)
    return as_statement(select(viewed.c.body).add_cte(receipt_of(viewed, shape.type)))


def receipt_of(viewed: CTE, document: str) -> CTE:
    """The receipt of a look at the talent of `viewed` (its `institution`, `talent_id` and `nip`), unless at oneself."""
    somebody_else = viewed.c.nip.is_distinct_from(bindparam("viewer_nip", type_=Text))
    return written("receipt", ViewReceiptRow, _receipt(viewed, document), somebody_else)


@lru_cache(512)
def compile_disclosed_view(shape: Shape, selection: Selection | None, conditions: frozenset[str]) -> Statement:
    """The statement of one document about another institution's talent; no row without an open disclosure.

    `disclosure_id` names it. The receipt and the entry in the ledger are the origin's.
    """
    asker = asking()
    granted = _granted(asker)
    origin = _origin(granted)
    viewed = rows_viewed(origin, shape, selection, conditions)
    looked = {"viewer_institution": granted.c.receiving_institution, "disclosure_id": granted.c.id}
    receipt = written("receipt", ViewReceiptRow, {**_receipt(viewed, shape.type), **looked})
    entry = written("entry", LedgerEntryRow, _entry(viewed, granted))
    return as_statement(select(viewed.c.body).add_cte(receipt, entry))


def rows_viewed(
    actor: CTE, shape: Shape, selection: Selection | None, conditions: frozenset[str], *beside: ColumnElement[Any]
) -> CTE:
    """The rows of a shape with `institution`, `talent_id`, `nip` and what is wanted `beside` of the actor."""
    about = TalentRow.id.label("talent_id"), TalentRow.nip.label("nip")
    seen = rows_with_body(shape, selection, conditions, actor, *about).lateral("seen")
    rows = select(actor.c.institution, *beside, *seen.c).select_from(actor.join(seen, true()))
    return rows.cte("viewed").prefix_with("MATERIALIZED")


def _granted(asker: CTE) -> CTE:
    """The open disclosure to the institution that asks, for the purpose that it names."""
    row, allowed = DisclosureRow, func.allowed_institutions(type_=ARRAY(Uuid))
    is_open = and_(
        row.receiving_institution_id == cast(asker.c.institution, Uuid),
        row.id == bindparam("disclosure_id", type_=Uuid),
        row.state == State.OPEN.value,
        row.purpose == bindparam("viewer_purpose", type_=Text),
        row.expires_at > func.now(),
        or_(allowed.is_(None), row.institution_id == func.any(allowed)),
    )
    found = select(row.institution_id, row.id, row.tier, row.receiving_institution).where(is_open)
    one = found.correlate(asker).offset(literal_column("0")).lateral("one")
    return select(*one.c).select_from(asker.join(one, true())).cte("granted").prefix_with("MATERIALIZED")


def _origin(granted: CTE) -> CTE:
    """From here on the statement reads and writes as the institution of the talent."""
    settings = (
        func.set_config("app.institution_id", cast(granted.c.institution_id, Text), true()).label("institution"),
        func.set_config("app.reach", "institution", true()).label("reach"),
    )
    return select(*settings).select_from(granted).cte("origin").prefix_with("MATERIALIZED")


def _receipt(viewed: CTE, document: str) -> Columns:
    return {
        "institution_id": cast(viewed.c.institution, Uuid),
        "talent_id": viewed.c.talent_id,
        "document": literal_column(f"'{document}'"),
        **VIEWER,
    }


def _entry(viewed: CTE, granted: CTE) -> Columns:
    payload = func.jsonb_build_object(
        *("disclosure_id", granted.c.id),
        *("talent_id", viewed.c.talent_id),
        *("receiving_institution", granted.c.receiving_institution),
        *("tier", granted.c.tier),
    )
    return {
        "institution_id": cast(viewed.c.institution, Uuid),
        "type": literal_column("'profileDisclosed'"),
        "about_type": literal_column("'talent'"),
        "about_id": cast(viewed.c.talent_id, Text),
        "payload": payload,
        **VIEWER,
    }


def written(
    name: str, table: type[ViewReceiptRow | LedgerEntryRow], columns: Columns, *put: ColumnElement[bool]
) -> CTE:
    """A row for what was viewed, where the conditions hold; nothing of it is read again."""
    return insert(table).from_select(list(columns), select(*columns.values()).where(*put)).cte(name)
