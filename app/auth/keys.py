"""Keys: those of issuers as JSON Web Keys, and our own in PEM files."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

PublicKey = RSAPublicKey | EllipticCurvePublicKey | Ed25519PublicKey
ALGORITHMS: Mapping[str, tuple[str, str | None]] = {
    "RS256": ("RSA", None),
    "ES256": ("EC", "P-256"),
    "EdDSA": ("OKP", "Ed25519"),
}
"""The algorithms we accept, with key type and curve. All of them sign with a key that nobody else has."""
SMALLEST_RSA_KEY = 2048
"""Bits (RFC 7518, section 3.3)."""


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """A public key under the id it is published with, for the one algorithm it is used with."""

    id: str | None
    algorithm: str
    key: PublicKey


def verifying_keys(published: Iterable[object]) -> tuple[VerifyingKey, ...]:
    """The keys of a JWK set (RFC 7517) that tokens may be verified with; all others are left out.

    Left out are keys for encryption, of other algorithms, secret ones, and RSA keys below 2048 bits.
    """
    return tuple(key for key in map(_verifying_key, published) if key is not None)


def _verifying_key(jwk: object) -> VerifyingKey | None:
    if not isinstance(jwk, dict) or jwk.get("use", "sig") != "sig" or "d" in jwk:
        return None
    operations, key_id = jwk.get("key_ops", ["verify"]), jwk.get("kid")
    if not isinstance(operations, list) or "verify" not in operations or not isinstance(key_id, str | None):
        return None
    of_kind = (jwk.get("kty"), jwk.get("crv"))
    algorithm = next((name for name, kind in ALGORITHMS.items() if kind == of_kind), None)
    if algorithm is None or jwk.get("alg", algorithm) != algorithm:
        return None
    try:
        key = jwt.PyJWK(jwk, algorithm).key
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        return None
    if isinstance(key, RSAPublicKey) and key.key_size < SMALLEST_RSA_KEY:
        return None
    return VerifyingKey(key_id, algorithm, key)


def key_id(key: Ed25519PublicKey) -> str:
    """The thumbprint of a key (RFC 7638)."""
    members = {"crv": "Ed25519", "kty": "OKP", "x": _base64url(key.public_bytes_raw())}
    return _base64url(hashlib.sha256(json.dumps(members, separators=(",", ":")).encode()).digest())


def published(key: Ed25519PublicKey) -> dict[str, str]:
    """A key of ours as others fetch it (RFC 8037)."""
    about = {"kid": key_id(key), "use": "sig", "alg": "EdDSA"}
    return {"kty": "OKP", "crv": "Ed25519", "x": _base64url(key.public_bytes_raw()), **about}


def _base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def signing_key(path: Path) -> Ed25519PrivateKey:
    """The key of an installation, which all its processes share, from a PEM file."""
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path} does not hold an Ed25519 key")
    return key
