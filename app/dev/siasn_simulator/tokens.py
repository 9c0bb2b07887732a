"""The two token endpoints: the application's token and the one of a civil servant, which expire as they are told to."""

from __future__ import annotations

import base64
import binascii
import secrets
import time
from dataclasses import dataclass, field
from typing import Final, Literal

import jwt
import orjson
from starlette.requests import Request
from starlette.responses import Response

CONSUMER_KEY: Final = "kunci-contoh"
CONSUMER_SECRET: Final = "rahasia-contoh"  # noqa: S105 - of a simulator
SSO_CLIENT: Final = "contohws"
USERNAME: Final = "190001011920012001"
PASSWORD: Final = "sandi-contoh"  # noqa: S105 - of a simulator

Name = Literal["application", "sso"]


@dataclass(slots=True)
class Issued:
    """One kind of token: which is valid now, and for how many seconds and calls."""

    seconds: float = 3600.0
    calls: int | None = None
    """After so many calls a token is worth nothing, whatever it says."""
    token: str = ""
    until: float = 0.0
    left: int | None = None
    count: int = 0
    """How many tokens there were."""

    def is_valid(self, token: str) -> bool:
        """Whether this is the token, which may be called with once more; counts the call."""
        if not token or token != self.token or time.time() >= self.until:
            return False
        if self.left is not None:
            if self.left <= 0:
                return False
            self.left -= 1
        return True

    def renew(self, token: str) -> None:
        """Hand out another token."""
        self.token, self.until, self.left = token, time.time() + self.seconds, self.calls
        self.count += 1

    def is_over(self) -> bool:
        """Whether a new token is due."""
        return not self.token or time.time() >= self.until or self.left == 0


@dataclass(slots=True)
class Tokens:
    """Both tokens. The gateway hands out the same one until it expires, as it does for parallel workers."""

    application: Issued = field(default_factory=Issued)
    sso: Issued = field(default_factory=lambda: Issued(1800.0))
    asked: dict[Name, int] = field(default_factory=lambda: {"application": 0, "sso": 0})
    needed: frozenset[Name] = frozenset({"application", "sso"})
    """Behind a relay that adds a token itself, callers send fewer."""
    _key: str = field(default_factory=lambda: secrets.token_hex(32))

    def forget(self) -> None:
        """Both expire now."""
        self.application.token = self.sso.token = ""

    def static_sso_token(self, seconds: float = 3600.0) -> str:
        """A token issued by hand; it is the valid one from now on."""
        self.sso.renew(self._sso(seconds))
        self.sso.until = time.time() + seconds
        return self.sso.token

    async def application_token(self, request: Request) -> Response:
        """Client credentials: by Basic, in a form or in JSON."""
        self.asked["application"] += 1
        said = await _said(request)
        key, secret = _basic(request) or (said.get("client_id", ""), said.get("client_secret", ""))
        if said.get("grant_type") != "client_credentials":
            return _refused(400, "unsupported_grant_type")
        if (key, secret) != (CONSUMER_KEY, CONSUMER_SECRET):
            return _refused(401, "invalid_client")
        if self.application.is_over():
            self.application.renew(secrets.token_hex(16))
        return _granted(self.application)

    async def sso_token(self, request: Request) -> Response:
        """The password grant of a public client."""
        self.asked["sso"] += 1
        said = await _said(request)
        who = (said.get("client_id"), said.get("username"), said.get("password"))
        if said.get("grant_type") != "password" or who != (SSO_CLIENT, USERNAME, PASSWORD):
            return _refused(401, "invalid_grant")
        self.sso.renew(self._sso(self.sso.seconds))
        return _granted(self.sso)

    def _sso(self, seconds: float) -> str:
        claims = {"preferred_username": USERNAME, "exp": time.time() + seconds, "jti": secrets.token_hex(4)}
        return jwt.encode({**claims, "exp": int(claims["exp"])}, self._key, "HS256")  # type: ignore[call-overload]


def _basic(request: Request) -> tuple[str, str] | None:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.casefold() != "basic":
        return None
    try:
        key, _, secret = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return key, secret


async def _said(request: Request) -> dict[str, str]:
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            said = orjson.loads(await request.body())
        except orjson.JSONDecodeError:
            return {}
        return {str(key): str(value) for key, value in said.items()} if isinstance(said, dict) else {}
    return {key: str(value) for key, value in (await request.form()).items()}


def _granted(issued: Issued) -> Response:
    granted = {
        "access_token": issued.token,
        "token_type": "Bearer",
        "expires_in": max(0, int(issued.until - time.time())),
        "scope": "default",
    }
    return Response(orjson.dumps(granted), media_type="application/json", headers={"set-cookie": "pdns=1; Path=/"})


def _refused(status: int, error: str) -> Response:
    body = orjson.dumps({"error": error, "error_description": "Invalid user credentials"})
    return Response(body, status, media_type="application/json")
