"""What both doors promise, made once for all modules that look at it; nobody changes it."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from graphql import GraphQLSchema, build_schema

from app.api.graphql.schema import sdl
from app.main import create_app
from app.settings import Settings


@cache
def openapi() -> dict[str, Any]:
    """The OpenAPI document of an application."""
    with tempfile.TemporaryDirectory() as directory:
        return create_app(Settings(environment="development", data_dir=Path(directory)), "postgresql://").openapi()


@cache
def graphql_schema() -> GraphQLSchema:
    """The GraphQL schema, as its document describes it."""
    return build_schema(sdl())
