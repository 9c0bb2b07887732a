"""Ready clients: somebody with a role in an institution, speaking to the real application."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.auth.development import sign
from app.domain.actors import Actor, Role


@dataclass(frozen=True)
class Persona:
    """A client with a token; `token=None` is anonymous."""

    http: httpx2.AsyncClient
    token: str | None

    async def get(self, path: str, **options: Any) -> httpx2.Response:
        return await self.http.get(path, headers=self._headers(options), **options)

    async def post(self, path: str, **options: Any) -> httpx2.Response:
        """Under a fresh key, unless the test says which; None sends none."""
        return await self.http.post(path, headers=self._headers(options, **a_key(path)), **options)

    async def put(self, path: str, **options: Any) -> httpx2.Response:
        return await self.http.put(path, headers=self._headers(options, **WHICHEVER), **options)

    async def patch(self, path: str, **options: Any) -> httpx2.Response:
        return await self.http.patch(path, headers=self._headers(options, **WHICHEVER), **options)

    async def delete(self, path: str, **options: Any) -> httpx2.Response:
        return await self.http.delete(path, headers=self._headers(options, **WHICHEVER), **options)

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The whole GraphQL answer."""
        answer = await self.post("/graphql", json={"query": query, "variables": variables})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def _headers(self, options: dict[str, Any], **unless_said: str) -> dict[str, str]:
        said = {name.lower(): value for name, value in options.pop("headers", {}).items()}
        headers = {**({} if "if-none-match" in said else unless_said), **said}
        headers = {name: value for name, value in headers.items() if value is not None}
        return headers if self.token is None else {"authorization": f"Bearer {self.token}", **headers}


WHICHEVER = {"if-match": "*"}
"""Whatever revision it has: a test that is about something else says no more."""


def a_key(path: str) -> dict[str, str]:
    """A key that nobody has used, where one is asked for."""
    return {"idempotency-key": uuid4().hex} if path.startswith("/v1/") else {}


@dataclass(frozen=True)
class Personas:
    http: httpx2.AsyncClient
    key: Ed25519PrivateKey

    def anonymous(self) -> Persona:
        return Persona(self.http, None)

    def hr_officer(self, institution: UUID) -> Persona:
        return self._with(Actor(institution, Role.HR_OFFICER, "officer"))

    def unit_verifier(self, institution: UUID, unit: str | None) -> Persona:
        return self._with(Actor(institution, Role.UNIT_VERIFIER, "verifier", unit_id=unit))

    def committee_member(self, institution: UUID, subject: str = "member") -> Persona:
        return self._with(Actor(institution, Role.COMMITTEE_MEMBER, subject))

    def committee_chair(self, institution: UUID) -> Persona:
        return self._with(Actor(institution, Role.COMMITTEE_CHAIR, "chair"))

    def appointing_authority(self, institution: UUID) -> Persona:
        return self._with(Actor(institution, Role.APPOINTING_AUTHORITY, "authority"))

    def auditor(self, institution: UUID) -> Persona:
        return self._with(Actor(institution, Role.AUDITOR, "auditor"))

    def national(self, institution: UUID) -> Persona:
        return self._with(Actor(institution, Role.NATIONAL, "national"))

    def data_protection_officer(self, institution: UUID) -> Persona:
        return self._with(Actor(institution, Role.DATA_PROTECTION_OFFICER, "officer for data protection"))

    def administrator(self, institution: UUID) -> Persona:
        return self._with(Actor(institution, Role.ADMINISTRATOR, "administrator"))

    def talent(self, institution: UUID, nip: str) -> Persona:
        return self._with(Actor(institution, Role.TALENT, "talent", nip))

    def expired(self, institution: UUID) -> Persona:
        actor = Actor(institution, Role.HR_OFFICER, "late")
        return Persona(self.http, sign(actor, self.key, timedelta(hours=-1)))

    def _with(self, actor: Actor) -> Persona:
        return Persona(self.http, sign(actor, self.key))
