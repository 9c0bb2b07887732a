"""Tokens that the service issues itself: short ones, for integration clients."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.auth.claims import Claims
from app.auth.key_sets import GivenKeys
from app.auth.keys import key_id, published, verifying_keys
from app.auth.tokens import AUDIENCE, Issuer
from app.domain.actors import Actor, ClientScope, Role

ALGORITHM = "EdDSA"
TYPE = "at+jwt"


@dataclass(frozen=True, slots=True)
class ClientTokens:
    """The installation as an issuer (RFC 9068): its address, the key all its processes share, and how long tokens live.

    A token is not taken back: it counts until it ends, also when its client is revoked meanwhile. Hence its short life.
    """

    issuer: str
    key: Ed25519PrivateKey
    lifetime: timedelta

    def issue(self, client_id: str, institution_id: UUID, scopes: Iterable[ClientScope], now: datetime) -> str:
        """A token with which a client acts in its institution, as far as the scopes go."""
        claims = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": client_id,
            "client_id": client_id,
            "jti": uuid4().hex,
            "iat": now,
            "exp": now + self.lifetime,
            "scope": " ".join(sorted(scopes)),
            "institution": str(institution_id),
        }
        headers = {"typ": TYPE, "kid": key_id(self.key.public_key())}
        return jwt.encode(claims, self.key, algorithm=ALGORITHM, headers=headers)

    def key_set(self) -> dict[str, object]:
        """What others verify our tokens with: a JWK set."""
        return {"keys": [published(self.key.public_key())]}

    def as_issuer(self) -> Issuer:
        """Ourselves, as an issuer whose tokens count."""
        keys = GivenKeys(verifying_keys([published(self.key.public_key())]))
        return Issuer(self.issuer, keys, frozenset({ALGORITHM}), _client_of, types=frozenset({TYPE}))


def _client_of(claims: Claims) -> Actor:
    scopes = frozenset(ClientScope(scope) for scope in claims["scope"].split())
    return Actor(UUID(claims["institution"]), Role.CLIENT, claims["sub"], scopes=scopes)
