"""What documents about consents can contain."""

from __future__ import annotations

from sqlalchemy import Uuid, and_, bindparam, cast, func

from app.db.documents import Actor, Condition, JsonSchema, Pages, Shape, Value
from app.db.shapes.formats import instant
from app.db.shapes.schemas import BOOLEAN, ID, INSTANT, NULLABLE_ID, NULLABLE_INSTANT, TEXT
from app.db.shapes.scopes import SCOPES
from app.db.tables.consents import ConsentRow
from app.db.tables.talents import TalentRow
from app.domain.consents import Scope

_consent, _talent = ConsentRow.__table__, TalentRow.__table__
SCOPE: JsonSchema = {"type": "string", "enum": [scope.value for scope in Scope]}
_given_at = instant(ConsentRow.given_at)


def _owned(actor: Actor) -> Condition:
    return ConsentRow.institution_id == cast(actor.c.institution, Uuid)


CONSENT = Shape(
    "Consent",
    _consent.join(
        _talent, and_(TalentRow.institution_id == ConsentRow.institution_id, TalentRow.id == ConsentRow.talent_id)
    ),
    {
        "id": Value(ConsentRow.id, ID),
        "scope": Value(ConsentRow.scope, SCOPE),
        "purpose": Value(ConsentRow.purpose, TEXT),
        "receivingInstitutionId": Value(ConsentRow.receiving_institution_id, NULLABLE_ID),
        "givenAt": Value(_given_at, INSTANT),
        "expiresAt": Value(instant(ConsentRow.expires_at), INSTANT),
        "withdrawnAt": Value(instant(ConsentRow.withdrawn_at), NULLABLE_INSTANT),
        "isInForce": Value(and_(ConsentRow.withdrawn_at.is_(None), ConsentRow.expires_at > func.now()), BOOLEAN),
    },
    rooted=_owned,
    conditions={"id": ConsentRow.id == bindparam("id", type_=Uuid), **SCOPES},
)
CONSENTS = Pages("Consent", CONSENT, (_given_at, ConsentRow.id), descending=True)
