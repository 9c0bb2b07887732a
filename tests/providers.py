"""A small OpenID Connect provider on a real port, with keys that a test chooses and faults that it asks for."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.auth.key_sets import DISCOVERY

AUDIENCE = "nusatalenta"
KEYS = "/keys"


@dataclass
class Key:
    """A private key, the algorithm it signs with, and the JWK that it is published as."""

    algorithm: str
    private: Any
    published: dict[str, Any]

    @property
    def id(self) -> str:
        return self.published["kid"]


def a_key(algorithm: str = "EdDSA", bits: int = 2048, **but: Any) -> Key:
    private: Any
    if algorithm == "RS256":
        private = rsa.generate_private_key(65537, bits)
    elif algorithm == "ES256":
        private = ec.generate_private_key(ec.SECP256R1())
    else:
        private = Ed25519PrivateKey.generate()
    published = jwt.get_algorithm_by_name(algorithm).to_jwk(private.public_key(), as_dict=True)
    published |= {"kid": uuid4().hex, "use": "sig", "alg": algorithm} | but
    return Key(algorithm, private, {name: value for name, value in published.items() if value is not None})


@dataclass
class Provider:
    """What the provider answers with; `answers` stands in for a document by its path."""

    url: str = ""
    keys: list[Key] = field(default_factory=list)
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    may_answer: threading.Event = field(default_factory=threading.Event)

    def document(self, path: str) -> tuple[int, dict[str, str], bytes]:
        if path in self.answers:
            return self.answers[path]
        if path == DISCOVERY:
            return 200, {}, json.dumps({"issuer": self.url, "jwks_uri": self.url + KEYS}).encode()
        if path == KEYS:
            return 200, {}, json.dumps({"keys": [key.published for key in self.keys]}).encode()
        return 404, {}, b"{}"

    def token(self, key: Key | None = None, header: dict[str, Any] | None = None, **but: Any) -> str:
        """A token in Keycloak's shape, signed with the first key; claims that are None are left out."""
        key, now = key or self.keys[0], datetime.now(UTC)
        claims = {
            "iss": self.url,
            "aud": ["account", AUDIENCE],
            "sub": "2f0b",
            "iat": now,
            "nbf": now,
            "exp": now + timedelta(minutes=5),
            "realm_access": {"roles": ["offline_access", "hr-officer"]},
            "institution": "7f1d8c1e-9d57-4f3e-a80a-96a1d3d1f7d2",
            "nip": "198501012010011001",
        }
        given = {name: value for name, value in (claims | but).items() if value is not None}
        payload = json.dumps(given, default=lambda moment: int(moment.timestamp())).encode()
        # below the library's own checks of what it signs
        return jwt.PyJWS().encode(payload, key.private, key.algorithm, {"kid": key.id} | (header or {}))


def in_production(directory: Path, *issuers: dict[str, Any]) -> dict[str, str]:
    """The settings of a production service that trusts these issuers, as environment variables."""
    named, pem = directory / "issuers.json", directory / "signing-key.pem"
    named.write_text(json.dumps(issuers))
    pem.write_bytes(Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    secrets = directory / "secrets.key"
    secrets.write_bytes(Fernet.generate_key())
    address = {"SERVICE_URL": "https://talenta.example.go.id", "SIGNING_KEY": str(pem), "SECRETS_KEY": str(secrets)}
    return {"ENVIRONMENT": "production", "TOKEN_ISSUERS": str(named), "DATA_DIR": str(directory), **address}


@contextmanager
def serving(provider: Provider, port: int = 0) -> Iterator[Provider]:
    """The provider answers on 127.0.0.1 until the block ends; its address is its issuer."""

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            provider.may_answer.wait(10)
            status, headers, body = provider.document(self.path)
            self.send_response(status)
            for name, value in {"content-length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Door)
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    provider.may_answer.set()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
