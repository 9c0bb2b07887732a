"""What documents about grants of data sharing can contain, for the origin and for the institution that receives."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Uuid, and_, bindparam, case, cast, func, null, or_
from sqlalchemy.orm import InstrumentedAttribute

from app.db.documents import Actor, Condition, JsonSchema, Pages, Shape, Value
from app.db.shapes.formats import instant
from app.db.shapes.schemas import BOOLEAN, ID, INSTANT, NULLABLE_INSTANT, NULLABLE_TEXT, TEXT
from app.db.tables.siasn_accounts import DataSharingGrantRow

HISTORIES: JsonSchema = {"type": ["array", "null"], "items": TEXT}
_row = DataSharingGrantRow
_granted_at = instant(_row.granted_at)


def _at_home(column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]) -> ColumnElement[str | None]:
    """Who it was stays with the origin."""
    return case((_row.institution_id == func.current_institution(type_=Uuid), column), else_=null())


def _either_side(actor: Actor) -> Condition:
    mine = cast(actor.c.institution, Uuid)
    return or_(_row.institution_id == mine, _row.receiving_institution_id == mine)


DATA_SHARING_GRANT = Shape(
    "DataSharingGrant",
    _row.__table__,
    {
        "id": Value(_row.id, ID),
        "origin": Value(_row.origin, TEXT),
        "receivingInstitution": Value(_row.receiving_institution, TEXT),
        "clientId": Value(_row.client_id, TEXT),
        "agreement": Value(_row.agreement, TEXT),
        "basis": Value(_row.basis, TEXT),
        "histories": Value(_row.histories, HISTORIES),
        "grantedAt": Value(_granted_at, INSTANT),
        "grantedBy": Value(_at_home(_row.granted_by), NULLABLE_TEXT),
        "expiresAt": Value(instant(_row.expires_at), INSTANT),
        "revokedAt": Value(instant(_row.revoked_at), NULLABLE_INSTANT),
        "revokedBy": Value(_at_home(_row.revoked_by), NULLABLE_TEXT),
        "isOpen": Value(and_(_row.revoked_at.is_(None), _row.expires_at > func.now()), BOOLEAN),
    },
    rooted=_either_side,
    conditions={"id": _row.id == bindparam("id", type_=Uuid)},
)
DATA_SHARING_GRANTS = Pages("DataSharingGrant", DATA_SHARING_GRANT, (_granted_at, _row.id), descending=True)
