"""Tokens that a development installation signs for people itself. They count nowhere else."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.auth.claims import ClaimMapping, ClaimPaths
from app.auth.key_sets import GivenKeys
from app.auth.keys import VerifyingKey, signing_key
from app.auth.tokens import AUDIENCE, Issuer
from app.domain.actors import Actor

ALGORITHM = "EdDSA"
DEVELOPMENT_ISSUER = "nusatalenta-development"
DEVELOPMENT_KEY = "development-issuer.pem"
"""Its file below DATA_DIR."""
LIFETIME = timedelta(hours=12)


def development_issuer(key: Ed25519PublicKey) -> Issuer:
    """Our own issuer of tokens for people."""
    keys = GivenKeys((VerifyingKey(None, ALGORITHM, key),))
    mapping = ClaimMapping(ClaimPaths(roles="role"))
    return Issuer(DEVELOPMENT_ISSUER, keys, frozenset({ALGORITHM}), mapping.actor_of)


def sign(actor: Actor, key: Ed25519PrivateKey, lifetime: timedelta = LIFETIME, issuer: str = DEVELOPMENT_ISSUER) -> str:
    """A token for an actor, of the development issuer unless told."""
    now = datetime.now(UTC)
    claims: dict[str, object] = {
        "iss": issuer,
        "aud": AUDIENCE,
        "sub": actor.subject,
        "iat": now,
        "exp": now + lifetime,
        "institution": str(actor.institution_id),
        "role": [actor.role.value, *sorted(actor.other_roles)] if actor.other_roles else actor.role.value,
    }
    if actor.nip is not None:
        claims["nip"] = actor.nip
    if actor.unit_id is not None:
        claims["unit"] = actor.unit_id
    return jwt.encode(claims, key, algorithm=ALGORITHM)


def development_key(path: Path) -> Ed25519PrivateKey:
    """The key of a development installation, made on first use and readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        part = path.with_suffix(f".{os.getpid()}")
        part.touch(mode=0o600)
        part.write_bytes(fresh)
        with suppress(FileExistsError):  # another process was quicker: both use its key
            os.link(part, path)
        part.unlink()
    return signing_key(path)
