"""Views of SIASN's facade: one statement finds where a client may read somebody, reads there and tells the origin."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import CTE, Text, Uuid, bindparam, cast, column, func, literal_column, select, true

from app.db.documents import Selection, Shape, Statement, as_statement, asking
from app.db.tables.ledger import LedgerEntryRow
from app.db.tables.receipts import ViewReceiptRow
from app.db.views import VIEWER, Columns, rows_viewed, written

SUBJECT = VIEWER["subject"]
HISTORY = bindparam("reach_history", type_=Text)


@lru_cache(512)
def compile_siasn_view(
    shape: Shape, selection: Selection | None, conditions: frozenset[str], *, leaves_receipt: bool
) -> Statement:
    """The statement of one document about a talent of the own institution, or of one that shares it by a grant.

    No row where neither is. A look across institutions leaves a receipt and an entry in the ledger, both the origin's;
    one at home leaves a receipt where `leaves_receipt` says so.
    """
    reached = _reached(asking())
    viewed = rows_viewed(reached, shape, selection, conditions, reached.c.grant_id, reached.c.receiving_institution)
    across = viewed.c.grant_id.is_not(None)
    receipt = written("receipt", ViewReceiptRow, _receipt(viewed, shape.type), true() if leaves_receipt else across)
    entry = written("entry", LedgerEntryRow, _entry(viewed), across)
    return as_statement(select(viewed.c.body).add_cte(receipt, entry))


def _reached(asker: CTE) -> CTE:
    """Where the talent is found: the function makes that institution the one that the rest reads and writes as."""
    found = func.siasn_reach(SUBJECT, bindparam("reach_nip", type_=Text), HISTORY).table_valued(
        column("institution", Text), column("grant_id", Uuid), column("receiving_institution", Text), name="found"
    )
    # the second reach waits for the first: who asks is set before the function looks
    one = select(*found.c).where(asker.c.institution.is_not(None)).correlate(asker)
    where = one.offset(literal_column("0")).lateral("place")
    rows = select(*where.c, literal_column("'institution'").label("reach")).select_from(asker.join(where, true()))
    return rows.cte("reached").prefix_with("MATERIALIZED")


def _receipt(viewed: CTE, document: str) -> Columns:
    return {
        "institution_id": cast(viewed.c.institution, Uuid),
        "talent_id": viewed.c.talent_id,
        "document": literal_column(f"'{document}'"),
        "viewer_institution": viewed.c.receiving_institution,
        **VIEWER,
    }


def _entry(viewed: CTE) -> Columns:
    payload = func.jsonb_build_object(
        *("grant_id", viewed.c.grant_id),
        *("talent_id", viewed.c.talent_id),
        *("receiving_institution", viewed.c.receiving_institution),
        *("history", HISTORY),
    )
    return {
        "institution_id": cast(viewed.c.institution, Uuid),
        "type": literal_column("'profileShared'"),
        "about_type": literal_column("'talent'"),
        "about_id": cast(viewed.c.talent_id, Text),
        "payload": payload,
        **VIEWER,
    }
