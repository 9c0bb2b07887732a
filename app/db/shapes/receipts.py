"""What documents about view receipts can contain."""

from __future__ import annotations

from sqlalchemy import Text, Uuid, and_, bindparam, case, cast, func, null

from app.db.documents import Actor, Condition, Pages, Shape, Value
from app.db.shapes.formats import instant
from app.db.shapes.parents import OF_TALENT
from app.db.shapes.schemas import INSTANT, INTEGER, NULLABLE_TEXT, TEXT
from app.db.shapes.scopes import SCOPES
from app.db.tables.institutions import InstitutionRow
from app.db.tables.receipts import ViewReceiptRow
from app.db.tables.talents import TalentRow

_receipt, _talent, _institution = ViewReceiptRow.__table__, TalentRow.__table__, InstitutionRow.__table__


def _owned(actor: Actor) -> Condition:
    return ViewReceiptRow.institution_id == cast(actor.c.institution, Uuid)


RECEIPT = Shape(
    "ViewReceipt",
    _receipt.join(
        _talent,
        and_(TalentRow.institution_id == ViewReceiptRow.institution_id, TalentRow.id == ViewReceiptRow.talent_id),
    ).join(_institution, InstitutionRow.id == ViewReceiptRow.institution_id),
    {
        "id": Value(ViewReceiptRow.id, INTEGER),
        "seenAt": Value(instant(ViewReceiptRow.seen_at), INSTANT),
        "role": Value(ViewReceiptRow.role, TEXT),
        "institution": Value(func.coalesce(ViewReceiptRow.viewer_institution, InstitutionRow.name), TEXT),
        # colleagues are named; of another institution, its name and the role answer for who looked
        "by": Value(
            case((ViewReceiptRow.viewer_institution.is_(None), ViewReceiptRow.subject), else_=null()), NULLABLE_TEXT
        ),
        "purpose": Value(ViewReceiptRow.purpose, TEXT),
        "document": Value(ViewReceiptRow.document, TEXT),
    },
    rooted=_owned,
    conditions={"nip": TalentRow.nip == bindparam("nip", type_=Text), **SCOPES},
)
RECEIPTS = Pages("ViewReceipt", RECEIPT, (ViewReceiptRow.id,), descending=True, parent=OF_TALENT)
