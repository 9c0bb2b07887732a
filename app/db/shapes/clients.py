"""What documents about integration clients can contain; of their secrets, when each was made and when it ends."""

from __future__ import annotations

from sqlalchemy import Text, Uuid, and_, bindparam, cast

from app.db.documents import Actor, Condition, Fields, Items, JsonSchema, Pages, Shape, Value
from app.db.shapes.formats import instant
from app.db.shapes.schemas import ID, INSTANT, NULLABLE_INSTANT, NULLABLE_TEXT, TEXT
from app.db.tables.clients import ClientRow, ClientSecretRow
from app.domain.actors import ClientScope

SCOPES: JsonSchema = {"type": "array", "items": {"type": "string", "enum": [scope.value for scope in ClientScope]}}
IDS: JsonSchema = {"type": "array", "items": ID}

CLIENT_FIELDS: Fields = {
    "clientId": Value(ClientRow.client_id, TEXT),
    "name": Value(ClientRow.name, TEXT),
    "scopes": Value(ClientRow.scopes, SCOPES),
    "institutions": Value(ClientRow.institutions, IDS),
    "dataSharingAgreement": Value(ClientRow.data_sharing_agreement, NULLABLE_TEXT),
    "createdAt": Value(instant(ClientRow.created_at), INSTANT),
    "createdBy": Value(ClientRow.created_by, TEXT),
    "revokedAt": Value(instant(ClientRow.revoked_at), NULLABLE_INSTANT),
    "revokedBy": Value(ClientRow.revoked_by, NULLABLE_TEXT),
    "secrets": Items(
        "ClientSecret",
        {
            "id": Value(ClientSecretRow.id, ID),
            "createdAt": Value(instant(ClientSecretRow.created_at), INSTANT),
            "createdBy": Value(ClientSecretRow.created_by, TEXT),
            "expiresAt": Value(instant(ClientSecretRow.expires_at), NULLABLE_INSTANT),
        },
        ClientSecretRow.__table__,
        and_(
            ClientSecretRow.institution_id == ClientRow.institution_id,
            ClientSecretRow.client_id == ClientRow.client_id,
        ),
        (ClientSecretRow.created_at.desc(), ClientSecretRow.id),
    ),
}


def _owned(actor: Actor) -> Condition:
    return ClientRow.institution_id == cast(actor.c.institution, Uuid)


CLIENT = Shape(
    "Client",
    ClientRow.__table__,
    CLIENT_FIELDS,
    rooted=_owned,
    conditions={"client_id": ClientRow.client_id == bindparam("client_id", type_=Text)},
)
CLIENTS = Pages("Client", CLIENT, (ClientRow.name, ClientRow.client_id))
