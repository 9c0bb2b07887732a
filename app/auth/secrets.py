"""Secrets of integration clients: made, kept as a hash, compared without telling how far they agree."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable

SECRET_BYTES = 32
NOBODYS = bytes(32)
"""No secret has this hash; it is compared with where there is none."""


def new_client_id() -> str:
    """A name for a client that says nothing about it."""
    return f"client-{secrets.token_hex(12)}"


def new_secret() -> str:
    """256 random bits as text; too many to guess, so a plain hash keeps them."""
    return secrets.token_urlsafe(SECRET_BYTES)


def hash_of(secret: str) -> bytes:
    """What is stored of a secret: SHA-256."""
    return hashlib.sha256(secret.encode(errors="replace")).digest()


def matches(secret: str, hashes: Iterable[bytes]) -> bool:
    """Whether the secret is one of those; takes as long for none as for those a client can have."""
    given = hash_of(secret)
    first, second = (*hashes, NOBODYS, NOBODYS)[:2]
    is_first, is_second = hmac.compare_digest(given, first), hmac.compare_digest(given, second)
    return is_first or is_second
