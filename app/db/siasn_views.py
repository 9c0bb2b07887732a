"""Views of SIASN's facade: one statement finds where a client may read somebody, reads there and tells the origin."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Text,
    Uuid,
    bindparam,
    case,
    cast,
    column,
    exists,
    func,
    literal_column,
    not_,
    select,
    true,
)

from app.db.documents import Selection, Shape, Statement, as_statement, asking
from app.db.tables.receipts import ViewReceiptRow
from app.db.tables.talents import TalentRow
from app.db.views import VIEWER, Columns, rows_viewed, written

NIP = bindparam("reach_nip", type_=Text)
HISTORY = bindparam("reach_history", type_=Text)


@lru_cache(512)
def compile_siasn_view(shape: Shape, selection: Selection | None, conditions: frozenset[str]) -> Statement:
    """The statement of one document about a talent of the own institution, or of one that shares it by a grant.

    No row where neither is. Every look leaves a receipt, and one across institutions an entry in the ledger; both are
    the origin's.
    """
    reached = _reached(asking())
    viewed = rows_viewed(reached, shape, selection, conditions, reached.c.grant_id, reached.c.receiving_institution)
    receipt = written("receipt", ViewReceiptRow, _receipt(viewed, shape.type))
    return as_statement(select(viewed.c.body).add_cte(receipt))


def _reached(asker: CTE) -> CTE:
    """Where the talent is found: at home, else where the function looks for grants.

    The function makes the institution that it finds the one that the rest reads and writes as.
    """
    person = select(TalentRow.id).where(
        TalentRow.institution_id == cast(asker.c.institution, Uuid), TalentRow.nip == NIP
    )
    found = func.siasn_reach(VIEWER["subject"], NIP, HISTORY).table_valued(
        column("institution", Text), column("grant_id", Uuid), column("receiving_institution", Text), name="found"
    )
    # whoever asks is set before either looks, and the function is called for those alone who are not at home
    elsewhere = select(*found.c).where(not_(exists(person.correlate(asker)))).correlate(asker)
    place = elsewhere.offset(literal_column("0")).lateral("place")
    columns: tuple[ColumnElement[Any], ...] = (
        func.coalesce(place.c.institution, asker.c.institution).label("institution"),
        place.c.grant_id,
        place.c.receiving_institution,
        literal_column("'institution'").label("reach"),
    )
    rows = select(*columns).select_from(asker.outerjoin(place, true()))
    return rows.cte("reached").prefix_with("MATERIALIZED")


def _receipt(viewed: CTE, document: str) -> Columns:
    """A receipt; that of a look across institutions has its viewer from the entry, so that neither is there alone."""
    about = viewed.c.grant_id, viewed.c.talent_id, viewed.c.receiving_institution
    entered = func.siasn_look_entered(*about, HISTORY, *VIEWER.values(), type_=Text)
    return {
        "institution_id": cast(viewed.c.institution, Uuid),
        "talent_id": viewed.c.talent_id,
        "document": literal_column(f"'{document}'"),
        "viewer_institution": case((viewed.c.grant_id.is_not(None), entered)),
        **VIEWER,
    }
