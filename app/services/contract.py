"""What all commands and lists have in common: strict bodies, cursors, pages."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from app.db.documents import LARGEST_PAGE
from app.domain.errors import Fault, Invalid

DEFAULT_PAGE = 50


def is_storable(text: str) -> bool:
    """Whether PostgreSQL can hold the text: no NUL, and nothing that UTF-8 cannot write."""
    try:
        return b"\x00" not in text.encode()
    except UnicodeEncodeError:
        return False


def _must_be_storable(text: str) -> str:
    if not is_storable(text):
        raise ValueError("a character that cannot be stored")
    return text


StorableText = Annotated[str, AfterValidator(_must_be_storable)]


class Command(BaseModel):
    """What somebody may ask for: frozen, strict, camelCase on the wire."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


def faults_of(errors: Iterable[Mapping[str, Any]]) -> tuple[Fault, ...]:
    """What is wrong with a body or a query, from Pydantic's list of errors: where (a pointer), and what to do."""
    return tuple(_fault_of(error) for error in errors)


def _fault_of(error: Mapping[str, Any]) -> Fault:
    kind, limits = str(error["type"]), error.get("ctx") or {}
    code = next((code for beginning, code in FAULTS.items() if kind.startswith(beginning)), "field.invalid")
    limit = ", ".join(f"{name} {value}" for name, value in limits.items())
    about = {"problem": error["msg"], "expected": limits.get("expected", ""), "limit": limit}
    return Fault(code, _pointer(error["loc"]), about)


FAULTS = {
    "missing": "field.missing",
    "date": "field.date",
    "int": "field.integer",
    "bool": "field.boolean",
    "string_type": "field.text",
    "dict": "field.object",
    "model": "field.object",
    "enum": "field.choice",
    "literal": "field.choice",
    "greater": "field.range",
    "less": "field.range",
    "string_too": "field.length",
    "extra": "field.unexpected",
}


def _pointer(location: Sequence[int | str]) -> str:
    """A JSON pointer into a body or form; the bare name of a parameter."""
    if location and location[0] == "body":
        return "/" + "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in location[1:])
    return ".".join(str(part) for part in location if part not in ("query", "path", "header"))


def page_size(first: int | None) -> int:
    """1 to 200; `Invalid` otherwise."""
    if first is None:
        return DEFAULT_PAGE
    if not 1 <= first <= LARGEST_PAGE:
        raise Invalid("request.invalid", faults=(Fault("page.size", "first", {"highest": LARGEST_PAGE}),))
    return first


def named_cursor(cursor: str | None) -> tuple[str, UUID] | None:
    """The keys (text, id) inside a cursor of ours; `Invalid` for anything else."""
    if cursor is None:
        return None
    text, identity = _keys(cursor, 2)
    try:
        return text, UUID(identity)
    except ValueError as error:
        raise _not_a_cursor() from error


def text_cursor(cursor: str | None) -> tuple[str, ...] | None:
    """The two text keys inside a cursor of ours; `Invalid` for anything else."""
    return None if cursor is None else _keys(cursor, 2)


def _keys(cursor: str, count: int) -> tuple[str, ...]:
    try:
        keys = json.loads(base64.b64decode(cursor, validate=True))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise _not_a_cursor() from error
    fits = isinstance(keys, list) and len(keys) == count and all(isinstance(key, str) for key in keys)
    if not fits or not all(map(is_storable, keys)):
        raise _not_a_cursor()
    return tuple(keys)


def _not_a_cursor() -> Invalid:
    return Invalid("request.invalid", faults=(Fault("page.cursor", "after"),))
