"""What documents about accounts of SIASN's facade can contain; of secrets and tokens, when they were made and end."""

from __future__ import annotations

from sqlalchemy import Uuid, and_, bindparam, case, cast, func

from app.db.documents import Actor, Condition, Fields, Items, Pages, Shape, Value
from app.db.shapes.formats import instant
from app.db.shapes.schemas import BOOLEAN, ID, INSTANT, INTEGER, NULLABLE_INSTANT, NULLABLE_TEXT, TEXT
from app.db.tables.institutions import InstitutionRow
from app.db.tables.siasn_accounts import SiasnAccountRow, SiasnSignInRow, SiasnTokenRow
from app.db.tables.talents import TalentRow

_account, _sign_in, _token = SiasnAccountRow, SiasnSignInRow, SiasnTokenRow
_created_at = instant(_account.created_at)
_of_account = and_(_sign_in.institution_id == _account.institution_id, _sign_in.account_id == _account.id)
_of_person = and_(TalentRow.institution_id == _account.institution_id, TalentRow.id == _account.talent_id)
_locked_until = case((_sign_in.locked_until > func.now(), instant(_sign_in.locked_until)))

ACCOUNT_FIELDS: Fields = {
    "id": Value(_account.id, ID),
    "clientId": Value(_account.client_id, TEXT),
    "nip": Value(TalentRow.nip, TEXT),
    "createdAt": Value(_created_at, INSTANT),
    "createdBy": Value(_account.created_by, TEXT),
    "secretMadeAt": Value(instant(_account.secret_made_at), INSTANT),
    "signedInAt": Value(instant(_sign_in.succeeded_at), NULLABLE_INSTANT),
    "failures": Value(_sign_in.failures, INTEGER),
    "lockedUntil": Value(_locked_until, NULLABLE_INSTANT),
    "revokedAt": Value(instant(_account.revoked_at), NULLABLE_INSTANT),
    "revokedBy": Value(_account.revoked_by, NULLABLE_TEXT),
    "tokens": Items(
        "SiasnToken",
        {
            "id": Value(_token.id, ID),
            "issuedAt": Value(instant(_token.issued_at), INSTANT),
            "issuedBy": Value(_token.issued_by, TEXT),
            "expiresAt": Value(instant(_token.expires_at), INSTANT),
            "revokedAt": Value(instant(_token.revoked_at), NULLABLE_INSTANT),
            "revokedBy": Value(_token.revoked_by, NULLABLE_TEXT),
        },
        _token.__table__,
        and_(_token.institution_id == _account.institution_id, _token.account_id == _account.id),
        (_token.issued_at.desc(), _token.id),
    ),
}


def _owned(actor: Actor) -> Condition:
    return _account.institution_id == cast(actor.c.institution, Uuid)


SIASN_ACCOUNT = Shape(
    "SiasnAccount",
    _account.__table__.join(TalentRow.__table__, _of_person).join(_sign_in.__table__, _of_account),
    ACCOUNT_FIELDS,
    rooted=_owned,
    conditions={"id": _account.id == bindparam("id", type_=Uuid)},
)
SIASN_ACCOUNTS = Pages("SiasnAccount", SIASN_ACCOUNT, (_created_at, _account.id), descending=True)
SIASN_SIGN_IN = Shape(
    "SiasnSignIn",
    InstitutionRow.__table__,
    {"passwordGrant": Value(InstitutionRow.siasn_password_grant, BOOLEAN)},
    rooted=lambda actor: InstitutionRow.id == cast(actor.c.institution, Uuid),
    conditions={},
)
