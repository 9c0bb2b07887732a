"""The issuers whose tokens count for people: providers of OpenID Connect that a file names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from app.auth.addresses import must_be_safe
from app.auth.claims import NUMBERED_ROLES, PEOPLES_ROLES, ClaimMapping, ClaimPaths
from app.auth.key_sets import GivenKeys, Keys, PublishedKeys
from app.auth.keys import ALGORITHMS, verifying_keys
from app.auth.tokens import AUDIENCE, Issuer
from app.domain.actors import Role

TYPES_OF_TOKENS = frozenset({"jwt", "at+jwt"})
"""What most providers call an access token, and what RFC 9068 calls it. Logout tokens and the like say otherwise."""


def _must_be_of_people(role: Role) -> Role:
    if role not in PEOPLES_ROLES:
        raise ValueError(f"no person has the role {role.value}")
    return role


PersonsRole = Annotated[Role, AfterValidator(_must_be_of_people)]
Words = Annotated[str, Field(min_length=1)]


class IssuerEntry(BaseModel):
    """One issuer as the file names it, in camelCase: `docs/identity.md` has an example."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", alias_generator=to_camel)

    issuer: Words
    audience: Words = AUDIENCE
    algorithms: Annotated[list[Literal["RS256", "ES256", "EdDSA"]], Field(min_length=1)] = ["RS256", "ES256", "EdDSA"]
    claims: ClaimPaths = ClaimPaths()
    role_names: dict[str, PersonsRole] | None = None
    institution_ids: dict[str, UUID] | None = None
    institutions: list[UUID] | None = None
    roles: list[PersonsRole] | None = None
    nip_roles: list[PersonsRole] = sorted(NUMBERED_ROLES)
    """The roles that count only beside an employee number; fewer, where people without one have them."""
    jwks: dict[str, Any] | None = None
    """The key set itself, for a provider that the service cannot reach; then nothing is asked for."""

    def as_issuer(self, *, is_development: bool) -> Issuer:
        """The issuer; ValueError where its address or its keys will not do."""
        must_be_safe(self.issuer, is_development=is_development)
        mapping = ClaimMapping(
            self.claims,
            self.role_names,
            self.institution_ids,
            None if self.institutions is None else frozenset(self.institutions),
            frozenset(PEOPLES_ROLES if self.roles is None else self.roles),
            frozenset(self.nip_roles),
        )
        keys = self._keys(is_development=is_development)
        algorithms = frozenset(self.algorithms)
        return Issuer(self.issuer, keys, algorithms, mapping.actor_of, self.audience, TYPES_OF_TOKENS)

    def _keys(self, *, is_development: bool) -> Keys:
        if self.jwks is None:
            return PublishedKeys(self.issuer, is_development=is_development)
        listed = self.jwks.get("keys")
        keys = verifying_keys(listed) if isinstance(listed, list) else ()
        if not keys:
            raise ValueError(f"jwks of {self.issuer} holds no key for {', '.join(ALGORITHMS)}")
        return GivenKeys(keys)


_entries = TypeAdapter(Annotated[list[IssuerEntry], Field(min_length=1)])


def read_issuers(path: Path, *, is_development: bool) -> list[Issuer]:
    """The issuers of a JSON file; ValueError says what is wrong in it, and where."""
    try:
        entries = _entries.validate_json(path.read_bytes())
    except ValidationError as error:
        told = "; ".join(".".join(map(str, fault["loc"])) + f" {fault['msg']}" for fault in error.errors())
        raise ValueError(f"{path}: {told}") from error
    return [entry.as_issuer(is_development=is_development) for entry in entries]
