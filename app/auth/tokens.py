"""Access tokens: those of any trusted issuer are verified, and become an actor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from app.auth.claims import Claims
from app.auth.key_sets import Keys
from app.domain.actors import Actor
from app.domain.errors import Unauthenticated

AUDIENCE = "nusatalenta"
CLOCK_SKEW = timedelta(seconds=30)
TOKENS_REMEMBERED = 10_000
REMEMBERED_FOR = timedelta(minutes=10)
"""Then a token is verified again, so that one signed with a key since withdrawn does not count for its whole life."""
REQUIRED = ["exp", "iat", "sub", "aud", "iss"]


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs tokens, how it is proven, for whom they are meant, and whom they stand for."""

    name: str
    keys: Keys
    algorithms: frozenset[str]
    actor_of: Callable[[Claims], Actor]
    audience: str = AUDIENCE
    types: frozenset[str] = frozenset({"jwt"})
    """What the header may say in `typ` (RFC 8725, section 3.11), in small letters; one that says nothing is a JWT."""


@dataclass(frozen=True, slots=True)
class _Verified:
    actor: Actor
    until: float


class TokenVerifier:
    """Turns a token into an actor; remembers for a while what it has verified.

    ValueError where two issuers have one name: nobody could tell whose a token is.
    """

    def __init__(self, issuers: Iterable[Issuer], clock_skew: timedelta = CLOCK_SKEW) -> None:
        self._issuers: dict[str, Issuer] = {}
        for issuer in issuers:
            if self._issuers.setdefault(issuer.name, issuer) is not issuer:
                raise ValueError(f"{issuer.name} is named more than once")
        self._clock_skew = clock_skew
        self._verified: dict[str, _Verified] = {}

    async def actor_of(self, token: str) -> Actor:
        """The actor a token stands for; `Unauthenticated` for any other token, `Unavailable` while nobody can tell."""
        now = datetime.now(UTC).timestamp()
        known = self._verified.get(token)
        if known is not None and known.until > now:
            return known.actor
        self._verified.pop(token, None)
        verified = await self._verify(token, now)
        if len(self._verified) >= TOKENS_REMEMBERED:
            self._verified.clear()
        self._verified[token] = verified
        return verified.actor

    async def _verify(self, token: str, now: float) -> _Verified:
        try:
            issuer, header = self._issuer_of(token)
            algorithm = header.get("alg")
            if algorithm not in issuer.algorithms or _type_of(header) not in issuer.types:
                raise Unauthenticated("unauthenticated")
            key = await issuer.keys.find(header.get("kid"), algorithm)
            if key is None:
                raise Unauthenticated("unauthenticated")
            claims = jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                audience=issuer.audience,
                issuer=issuer.name,
                leeway=self._clock_skew,
                options={"require": REQUIRED},
            )
            ends = float(claims["exp"]) + self._clock_skew.total_seconds()
            return _Verified(issuer.actor_of(claims), min(ends, now + REMEMBERED_FOR.total_seconds()))
        except jwt.ExpiredSignatureError as error:
            raise Unauthenticated("token.expired") from error
        except UNREADABLE as error:
            raise Unauthenticated("unauthenticated") from error

    def _issuer_of(self, token: str) -> tuple[Issuer, dict[str, Any]]:
        """Who claims to have signed a token, and its header; neither is proven by that."""
        said = jwt.decode_complete(token, options={"verify_signature": False})
        name = said["payload"].get("iss")
        issuer = self._issuers.get(name) if isinstance(name, str) else None
        if issuer is None:
            raise Unauthenticated("unauthenticated")
        return issuer, said["header"]


# what may happen to whoever reads a token made by an attacker; deep JSON ends in a RecursionError
UNREADABLE = (jwt.PyJWTError, KeyError, ValueError, TypeError, AttributeError, OverflowError, RecursionError)


def _type_of(header: dict[str, Any]) -> str:
    said = header.get("typ") or "JWT"
    return said.lower().removeprefix("application/") if isinstance(said, str) else ""
