"""The second token of a SIASN call: it says which person uses a client, and is signed with the installation's key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.auth.client_tokens import ALGORITHM
from app.auth.keys import key_id
from app.auth.tokens import CLOCK_SKEW, UNREADABLE
from app.domain.errors import Unauthenticated
from app.domain.siasn_accounts import SignedIn

REALM = "/auth/realms/public-siasn"
AUDIENCE = "siasn"
REQUIRED = ["exp", "iat", "sub", "aud", "iss", "azp", "jti"]


@dataclass(frozen=True, slots=True)
class SsoTokens:
    """The installation as SIASN's single sign-on: its address, its key, and how long a token lives that it issues.

    Issuer and audience are not those of tokens of clients: neither kind counts as the other.
    """

    service: str
    key: Ed25519PrivateKey
    lifetime: timedelta

    def issue(self, who: SignedIn, now: datetime, expires_at: datetime) -> str:
        """A token for an account. It holds no employee number; a pre-issued one names its row, by which it ends."""
        claims = {
            "iss": self.service + REALM,
            "aud": AUDIENCE,
            "sub": str(who.account_id),
            "azp": who.client_id,
            "institution": str(who.institution_id),
            "generation": who.generation,
            "jti": uuid4().hex if who.token_id is None else str(who.token_id),
            "iat": now,
            "exp": expires_at,
            "typ": "Bearer",
        } | ({} if who.token_id is None else {"issued": "beforehand"})
        return jwt.encode(claims, self.key, algorithm=ALGORITHM, headers={"kid": key_id(self.key.public_key())})

    def signed_in(self, token: str) -> tuple[SignedIn, float]:
        """Whom a token stands for and until when (seconds since 1970); `Unauthenticated` for any other token."""
        try:
            claims = jwt.decode(
                token,
                self.key.public_key(),
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=self.service + REALM,
                leeway=CLOCK_SKEW,
                options={"require": REQUIRED},
            )
            token_id = UUID(claims["jti"]) if claims.get("issued") == "beforehand" else None
            who = SignedIn(
                UUID(claims["institution"]), claims["azp"], UUID(claims["sub"]), claims["generation"], token_id
            )
            return who, float(claims["exp"])
        except UNREADABLE as error:
            raise Unauthenticated("siasn.sso_token") from error
