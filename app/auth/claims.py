"""What the claims of a token say about a person: who they are, in which institution, with which roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.domain.actors import Actor, Role
from app.domain.errors import Unauthenticated

Claims = Mapping[str, Any]
PEOPLES_ROLES = (
    Role.APPOINTING_AUTHORITY,
    Role.COMMITTEE_CHAIR,
    Role.COMMITTEE_MEMBER,
    Role.HR_OFFICER,
    Role.UNIT_VERIFIER,
    Role.DATA_PROTECTION_OFFICER,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
    Role.NATIONAL,
    Role.TALENT,
)
"""The roles a person can have, in the order in which one of several becomes the role they act as."""
NUMBERED_ROLES = frozenset(
    {Role.COMMITTEE_CHAIR, Role.COMMITTEE_MEMBER, Role.HR_OFFICER, Role.UNIT_VERIFIER, Role.TALENT}
)
"""Those who judge others, or read about themselves: without an employee number nobody could tell which of it they do.

An appointing authority can be a minister, regent or mayor, who has none.
"""


class ClaimPaths(BaseModel):
    """Where a token says what: names of claims, those inside others after a dot. The default is Keycloak's shape."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", str_min_length=1)

    subject: str = "sub"
    roles: str = "realm_access.roles"
    institution: str = "institution"
    nip: str = "nip"
    unit: str = "unit"


@dataclass(frozen=True, slots=True)
class ClaimMapping:
    """How the tokens of one issuer become actors, and how far that issuer is trusted.

    Where a table says which of our roles (or institutions) the provider's words mean, no other word counts; without
    a table the words are ours. An issuer restricted to some institutions or roles cannot speak for others.
    """

    paths: ClaimPaths = field(default_factory=ClaimPaths)
    role_names: Mapping[str, Role] | None = None
    institution_ids: Mapping[str, UUID] | None = None
    institutions: frozenset[UUID] | None = None
    roles: frozenset[Role] = field(default=frozenset(PEOPLES_ROLES))
    numbered: frozenset[Role] = frozenset({Role.TALENT})
    """The roles that count only beside an employee number."""

    def actor_of(self, claims: Claims) -> Actor:
        """The person a token stands for; `Unauthenticated` where it names none that this issuer may speak for."""
        paths = self.paths
        subject, nip, unit_id = (self._text(claims, path) for path in (paths.subject, paths.nip, paths.unit))
        if not subject or subject.isspace():
            raise Unauthenticated("unauthenticated")
        named = self._roles(claims) & self.roles
        if not named:
            raise Unauthenticated("unauthenticated")
        institution, roles = self._institution(claims), named - (frozenset() if nip else self.numbered)
        if not roles:
            raise Unauthenticated("token.no_nip")
        first, *others = [role for role in PEOPLES_ROLES if role in roles]
        return Actor(institution, first, subject, nip, unit_id=unit_id, other_roles=frozenset(others))

    def _text(self, claims: Claims, path: str) -> str | None:
        """A claim that can be stored as it is; None where there is none."""
        claim = _at(claims, path)
        if claim is not None and not (isinstance(claim, str) and claim.isprintable()):
            raise Unauthenticated("unauthenticated")
        return claim

    def _roles(self, claims: Claims) -> frozenset[Role]:
        """Our roles among those a token names, one or a list; providers name others too, which mean nothing here."""
        claim = _at(claims, self.paths.roles)
        named: Sequence[object] = claim if isinstance(claim, list) else [claim]
        known = {role.value: role for role in PEOPLES_ROLES} if self.role_names is None else self.role_names
        return frozenset(known[name] for name in named if isinstance(name, str) and name in known)

    def _institution(self, claims: Claims) -> UUID:
        named = self._text(claims, self.paths.institution) or ""
        if self.institution_ids is None:
            try:
                institution = UUID(named)
            except ValueError as error:
                raise Unauthenticated("unauthenticated") from error
        elif named in self.institution_ids:
            institution = self.institution_ids[named]
        else:
            raise Unauthenticated("unauthenticated")
        if self.institutions is not None and institution not in self.institutions:
            raise Unauthenticated("unauthenticated")
        return institution


def _at(claims: Claims, path: str) -> object:
    """The claim at a path; a claim of that very name comes first, since names with dots are common too."""
    if path in claims:
        return claims[path]
    found: object = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found
