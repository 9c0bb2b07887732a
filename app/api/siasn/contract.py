"""What the OpenAPI document says of the facade; everything below its bases is served, and refused, in SIASN's words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from fastapi import FastAPI
from pydantic.alias_generators import to_camel

from app.api.client_credentials import FORM
from app.api.siasn import envelopes
from app.api.siasn.envelopes import JSON, UNAUTHENTICATED
from app.api.siasn.reads import FacadeRead
from app.api.siasn.tokens import APPLICATION, SSO

TAG = "siasn"
TEXT = {"type": "string"}
SCHEMES = {
    "siasnApplication": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "Of a system."},
    "siasnSso": {
        "type": "apiKey",
        "in": "header",
        "name": "Auth",
        "description": "`Bearer` or `bearer`, a blank, and the token of a person.",
    },
}
ERROR = {"type": "object", "required": ["code", "data"], "properties": {"code": {"const": 0}, "data": TEXT}}
TOKEN = {
    "type": "object",
    "required": ["access_token", "token_type", "expires_in", "scope"],
    "properties": {
        "access_token": TEXT,
        "token_type": {"const": "Bearer"},
        "expires_in": {"type": "integer", "description": "Seconds."},
        "scope": TEXT,
    },
}
OAUTH_ERROR = {
    "type": "object",
    "required": ["error", "error_description"],
    "properties": {"error": TEXT, "error_description": TEXT},
}
GRANTS: Mapping[str, tuple[str, str, Mapping[str, object]]] = {
    APPLICATION: (
        "obtainApplicationToken",
        "Obtain the token of a system, for a client with the scope `siasn:read`.",
        {"grant_type": {"const": "client_credentials"}, "client_id": TEXT, "client_secret": TEXT},
    ),
    SSO: (
        "obtainSsoToken",
        "Obtain the token of a person: employee number, and the secret issued to them for a client.",
        {"grant_type": {"const": "password"}, "client_id": TEXT, "username": TEXT, "password": TEXT},
    ),
}
RETRY = {"Retry-After": {"description": "In how many seconds to ask again.", "schema": {"type": "integer"}}}


def describe(app: FastAPI, bases: Mapping[str, Sequence[FacadeRead]], without_sso: str) -> None:
    """Add the facade to the document of the application; below `without_sso` the token of a system is enough."""
    others = app.openapi

    def with_facade() -> dict[str, Any]:
        document = others()
        if APPLICATION not in document["paths"]:
            document["components"]["securitySchemes"] |= SCHEMES
            for base, reads in bases.items():
                for read in reads:
                    document["paths"][base + read.path] = {"get": _read(read, needs_sso=base != without_sso)}
            document["paths"] |= {path: {"post": _grant(*grant)} for path, grant in GRANTS.items()}
            document["paths"] = dict(sorted(document["paths"].items()))
        return document

    app.openapi = with_facade  # type: ignore[method-assign]


def _read(read: FacadeRead, *, needs_sso: bool) -> dict[str, Any]:
    words = re.sub(r"\W+", "_", re.sub(r"{(\w+)}", r"of_\1", read.path)).strip("_")
    tokens: dict[str, list[str]] = {"siasnApplication": [], **({"siasnSso": []} if needs_sso else {})}
    named = [
        {"name": name, "in": "path", "required": True, "schema": TEXT} for name in re.findall(r"{(\w+)", read.path)
    ]
    unauthenticated = [{"const": body} for body in UNAUTHENTICATED.values()]
    return {
        "operationId": to_camel(f"siasn_{words}"),
        "tags": [TAG],
        "summary": read.summary,
        "security": [tokens],
        "parameters": [*named, *read.parameters],
        "responses": {
            "200": _answer("As SIASN answers.", read.schema),
            "401": _answer("One of the tokens counts no more; the text says which.", {"oneOf": unauthenticated}),
            "404": _answer("Not there, not held, or not for this system.", {"const": orjson.loads(envelopes.NOTHING)}),
            "429": _answer("Too many requests.", ERROR) | {"headers": RETRY},
            "500": _answer("Our mistake.", ERROR),
            "503": _answer("Not ready.", ERROR) | {"headers": RETRY},
        },
    }


def _grant(operation_id: str, summary: str, fields: Mapping[str, object]) -> dict[str, Any]:
    schema = {"type": "object", "required": ["grant_type"], "properties": fields}
    return {
        "operationId": operation_id,
        "tags": [TAG],
        "summary": summary,
        "security": [],
        "requestBody": {"required": True, "content": {kind: {"schema": schema} for kind in (FORM, JSON)}},
        "responses": {
            "200": _answer("A token.", TOKEN),
            "400": _answer("The request, or what it asks for, will not do.", OAUTH_ERROR),
            "401": _answer("Client or person have not proven who they are.", OAUTH_ERROR),
            "429": _answer("Too many attempts.", OAUTH_ERROR) | {"headers": RETRY},
            "500": _answer("Our mistake.", OAUTH_ERROR),
            "503": _answer("Not ready.", OAUTH_ERROR) | {"headers": RETRY},
        },
    }


def _answer(description: str, schema: Mapping[str, object]) -> dict[str, Any]:
    return {"description": description, "content": {JSON: {"schema": schema}}}
