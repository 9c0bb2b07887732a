"""Systems and people who ask the facade as they ask SIASN."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.auth.sso_tokens import SsoTokens
from app.db.database import Database
from app.domain.actors import Actor, ClientScope, Role
from app.services import clients, data_sharing_grants, siasn_accounts
from app.services.clients import RegisterClient
from app.services.data_sharing_grants import GrantDataSharing
from app.services.siasn_accounts import IssueSiasnToken, RegisterSiasnAccount
from tests.factories import an_institution, rows_of

BASE, REFERENCES = "/apisiasn/1.0", "/referensi_siasn/1"
APPLICATION = "/oauth2/token"
SSO = "/auth/realms/public-siasn/protocol/openid-connect/token"
NOTHING = b'{"code":0,"data":"Data tidak ditemukan"}'
ALL = [ClientScope.SIASN_READ, ClientScope.SPECIFIC_DATA_READ]


@dataclass(frozen=True)
class Simpeg:
    """A regional system: its client, the account of the person it signs in with, and what it asks with."""

    http: httpx2.AsyncClient
    institution: UUID
    client_id: str
    secret: str
    account_id: UUID
    nip: str
    password: str

    async def application(self, **but: Any) -> httpx2.Response:
        """Ask for the first token, in the usual form."""
        return await self.http.post(
            APPLICATION, auth=(self.client_id, self.secret), data={"grant_type": "client_credentials"} | but
        )

    async def sso(self, path: str = SSO, **but: Any) -> httpx2.Response:
        """Ask for the second token."""
        who = {"client_id": self.client_id, "username": self.nip, "password": self.password}
        return await self.http.post(path, data={"grant_type": "password"} | who | but)

    async def tokens(self) -> dict[str, str]:
        """Both headers, with fresh tokens."""
        first, second = (await self.application()).json(), (await self.sso()).json()
        return {"Authorization": f"Bearer {first['access_token']}", "Auth": f"bearer {second['access_token']}"}

    async def get(self, path: str, tokens: dict[str, str] | None = None) -> httpx2.Response:
        """Ask below the base."""
        return await self.http.get(BASE + path, headers=await self.tokens() if tokens is None else tokens)


async def a_simpeg(
    db: Database, http: httpx2.AsyncClient, actor: Actor, nip: str, scopes: list[ClientScope] = ALL
) -> Simpeg:
    """A client of the institution with an account for one of its people."""
    made = await clients.register_client(db, actor, RegisterClient(name="SIMPEG", scopes=scopes))
    told = RegisterSiasnAccount(client_id=made.client_id, nip=nip)
    account = await siasn_accounts.register_siasn_account(db, actor, told)
    institution = actor.institution_id
    return Simpeg(http, institution, made.client_id, made.secret, account.account_id, nip, account.secret)


async def a_reader(db: Database, actor: Actor, nip: str) -> dict[str, UUID]:
    """An account with a failure to sign in, a token issued beforehand, and a grant to a client of somebody else."""
    receiver = await an_institution(db)
    told = RegisterClient(name="SIMPEG", scopes=ALL)
    own, foreign = [(await clients.register_client(db, one, told)).client_id for one in (actor, receiver)]
    administrator = replace(actor, role=Role.ADMINISTRATOR)
    registered = RegisterSiasnAccount(client_id=own, nip=nip)
    account_id = (await siasn_accounts.register_siasn_account(db, administrator, registered)).account_id
    sso = SsoTokens("https://talenta.example.go.id", Ed25519PrivateKey.generate(), timedelta(hours=1))
    await siasn_accounts.issue_siasn_token(db, administrator, sso, account_id, IssueSiasnToken())
    token = await rows_of(db, actor, "SELECT id FROM siasn_token WHERE account_id = $1", account_id)
    grant_id = await share(db, actor, foreign)
    return {"accountId": account_id, "tokenId": token[0]["id"], "grantId": grant_id}


async def share(db: Database, origin: Actor, client_id: str, *histories: str) -> UUID:
    """The appointing authority of the origin lets a client of another institution read."""
    told = GrantDataSharing(
        client_id=client_id,
        agreement="PKS 12/2026",
        basis="Perpindahan pegawai antarinstansi di provinsi",
        histories=list(histories) or None,
        until=db.today() + timedelta(days=30),
    )
    authority = replace(origin, role=Role.APPOINTING_AUTHORITY)
    return await data_sharing_grants.grant_data_sharing(db, authority, told)
