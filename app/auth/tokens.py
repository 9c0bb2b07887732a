"""Access tokens: verify signed JWTs of the configured issuer, and sign our own for development."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from app.domain.actors import Actor, Role
from app.domain.errors import Unauthenticated

ALGORITHM = "EdDSA"
AUDIENCE = "nusatalenta"
DEVELOPMENT_ISSUER = "nusatalenta-development"
CLOCK_SKEW = timedelta(seconds=30)
LIFETIME = timedelta(hours=12)
TOKENS_REMEMBERED = 10_000
ROLES_OF_TOKENS = frozenset(Role) - {Role.OPERATOR, Role.CLIENT}


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs tokens, and the key that proves it."""

    name: str
    public_key: Ed25519PublicKey


@dataclass(frozen=True, slots=True)
class _Verified:
    actor: Actor
    expires: float


class TokenVerifier:
    """Turns a token into an actor; remembers what it has verified until it expires."""

    def __init__(self, issuer: Issuer) -> None:
        self._issuer = issuer
        self._verified: dict[str, _Verified] = {}

    async def actor_of(self, token: str) -> Actor:
        """The actor a token stands for; `Unauthenticated` for any other token."""
        now = datetime.now(UTC).timestamp()
        known = self._verified.get(token)
        if known is None:
            known = self._verify(token)
            if len(self._verified) >= TOKENS_REMEMBERED:
                self._verified.clear()
            self._verified[token] = known
        if known.expires + CLOCK_SKEW.total_seconds() < now:
            del self._verified[token]
            raise Unauthenticated("token.expired")
        return known.actor

    def _verify(self, token: str) -> _Verified:
        try:
            claims = jwt.decode(
                token,
                self._issuer.public_key,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=self._issuer.name,
                leeway=CLOCK_SKEW,
                options={"require": ["exp", "iat", "sub", "aud", "iss"]},
            )
            role = Role(claims["role"])
            if role not in ROLES_OF_TOKENS or (role is Role.TALENT and not claims.get("nip")):
                raise Unauthenticated("unauthenticated")
            subject, nip, unit_id = (_words(claims.get(name)) for name in ("sub", "nip", "unit"))
            actor = Actor(UUID(claims["institution"]), role, subject or "", nip, unit_id=unit_id)
            return _Verified(actor, float(claims["exp"]))
        except jwt.ExpiredSignatureError as error:
            raise Unauthenticated("token.expired") from error
        except (jwt.PyJWTError, KeyError, ValueError, TypeError, AttributeError) as error:
            raise Unauthenticated("unauthenticated") from error


def _words(claim: object) -> str | None:
    """A claim that can be stored as it is; `Unauthenticated` for what is no text, or text that nothing can hold."""
    if claim is None:
        return None
    if not isinstance(claim, str) or not claim.isprintable():
        raise Unauthenticated("unauthenticated")
    return claim


def sign(actor: Actor, key: Ed25519PrivateKey, lifetime: timedelta = LIFETIME) -> str:
    """A development token for an actor."""
    now = datetime.now(UTC)
    claims: dict[str, object] = {
        "iss": DEVELOPMENT_ISSUER,
        "aud": AUDIENCE,
        "sub": actor.subject,
        "iat": now,
        "exp": now + lifetime,
        "institution": str(actor.institution_id),
        "role": actor.role.value,
    }
    if actor.nip is not None:
        claims["nip"] = actor.nip
    if actor.unit_id is not None:
        claims["unit"] = actor.unit_id
    return jwt.encode(claims, key, algorithm=ALGORITHM)


def development_key(path: Path) -> Ed25519PrivateKey:
    """The key of the development issuer, made on first use and readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        part = path.with_suffix(f".{os.getpid()}")
        part.touch(mode=0o600)
        part.write_bytes(fresh)
        with suppress(FileExistsError):  # another process was quicker: both use its key
            os.link(part, path)
        part.unlink()
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path} does not hold an Ed25519 key")
    return key


def public_key(path: Path) -> Ed25519PublicKey:
    """An issuer's public key from a PEM file."""
    key = load_pem_public_key(path.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise TypeError(f"{path} does not hold an Ed25519 key")
    return key
