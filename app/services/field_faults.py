"""What is wrong with a body or a query, from Pydantic's list of errors: where, and in sentences of our own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.errors import Fault
from app.domain.messages import SENTENCES, Sentence, sentence

_KINDS: Mapping[str, tuple[str, ...]] = {
    "field.missing": ("missing", "missing_argument", "missing_keyword_only_argument", "union_tag_not_found"),
    "field.empty": ("none_required",),
    "field.date": (
        "date_type",
        "date_parsing",
        "date_from_datetime_parsing",
        "date_from_datetime_inexact",
        "date_past",
        "date_future",
    ),
    "field.moment": (
        "datetime_type",
        "datetime_parsing",
        "datetime_object_invalid",
        "datetime_from_date_parsing",
        "datetime_past",
        "datetime_future",
        "timezone_naive",
        "timezone_aware",
        "timezone_offset",
    ),
    "field.integer": ("int_type", "int_parsing", "int_parsing_size", "int_from_float"),
    "field.number": ("float_type", "float_parsing", "decimal_type", "decimal_parsing", "finite_number"),
    "field.decimals": ("decimal_max_digits", "decimal_max_places", "decimal_whole_digits"),
    "field.boolean": ("bool_type", "bool_parsing"),
    "field.text": ("string_type", "bytes_type"),
    "field.unstorable": ("string_unicode", "string_not_ascii", "bytes_invalid_encoding"),
    "field.pattern": ("string_pattern_mismatch",),
    "field.id": ("uuid_type", "uuid_parsing", "uuid_version"),
    "field.list": ("list_type", "tuple_type", "set_type", "frozen_set_type", "iterable_type"),
    "field.object": ("dict_type", "mapping_type", "model_type", "model_attributes_type", "dataclass_type"),
    "field.choice": ("enum", "literal_error", "union_tag_invalid"),
    "field.range": ("greater_than", "greater_than_equal", "less_than", "less_than_equal", "multiple_of"),
    "field.length": (
        "string_too_short",
        "string_too_long",
        "bytes_too_short",
        "bytes_too_long",
        "too_short",
        "too_long",
    ),
    "field.unexpected": ("extra_forbidden", "unexpected_keyword_argument"),
    "field.address": ("url_type", "url_parsing", "url_syntax_violation", "url_too_long", "url_scheme"),
    "request.not_json": ("json_invalid", "json_type"),
}
CODES: Mapping[str, str] = {kind: code for code, kinds in _KINDS.items() for kind in kinds}
"""Our code by Pydantic's kind of error; one of our own kinds may be a code itself, and the rest is `field.invalid`."""
PATTERNS: Mapping[str, str] = {
    r"^[a-z][a-z0-9-]{1,59}$": "pattern.code",
    r"^[a-z0-9][a-z0-9-]{0,59}$": "pattern.name",
    r"^[A-Za-z0-9_-]{1,36}$": "pattern.cell",
    r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$": "pattern.header_name",
    r"^[!-~]([ -~]{0,1998}[!-~])?$": "pattern.header_value",
    r"^[^\r\n]*\S[^\r\n]*$": "pattern.line",
    "^[0-9a-f]{64}$": "pattern.sha256",
}
"""What a regular expression asks for, in words."""
_CHOICES = re.compile(r"'((?:[^'\\]|\\.)*)'|\"([^\"]*)\"|(-?\d+)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
_LIMITS = ("ge", "gt", "le", "lt", "multiple_of", "min_length", "max_length")


def faults_of(errors: Iterable[Mapping[str, Any]]) -> tuple[Fault, ...]:
    """Every fault with its pointer; none of the library's words is in it."""
    return tuple(_fault_of(error) for error in errors)


def _fault_of(error: Mapping[str, Any]) -> Fault:
    kind, told = str(error["type"]), error.get("ctx") or {}
    if kind in SENTENCES:
        return Fault(kind, _pointer(error["loc"]), told)
    if kind == "json_invalid":
        return _broken_json(error["loc"])
    if kind in _KINDS["field.object"] and isinstance(error.get("input"), bytes):
        return Fault("request.content_type", "Content-Type")
    code = CODES.get(kind, "field.invalid")
    about = ABOUT[code](kind, told) if code in ABOUT else {}
    return Fault(code, _pointer(error["loc"]), about)


def _broken_json(location: Sequence[int | str]) -> Fault:
    """Where the body stops being JSON, counted in characters from 1, where that is known."""
    match location:
        case [*_, int(place)]:
            return Fault("request.json_broken", "", {"position": place + 1})
    return Fault("request.not_json", "")


def _choice(_kind: str, told: Mapping[str, Any]) -> dict[str, object]:
    """The values as they are to be sent; the library joins them by an English word."""
    words = str(told.get("expected") or told.get("expected_tags", ""))
    return {"expected": ", ".join("".join(found) for found in _CHOICES.findall(words))}


def _limit(kind: str, told: Mapping[str, Any]) -> dict[str, object]:
    name = next(name for name in _LIMITS if name in told)
    number = _number(str(told[name]))
    match kind:
        case "too_short" | "too_long":
            name = f"list.{name}"
        case _ if name.endswith("_length"):
            name = f"text.{name}"
        case _ if isinstance(number, date):
            name = f"day.{name}"
    return {"limit": sentence(f"limit.{name}", number=number)}


def _number(limit: str) -> int | date | Sentence:
    """A limit as sentences say it: a day, a whole number, or a fraction with the comma or point of the language.

    The library writes some as Python would, such as `Decimal('99.5')`.
    """
    if day := _DAY.match(limit):
        return date.fromisoformat(day[0])
    found = _NUMBER.search(limit)
    value = Decimal(found[0] if found else limit)
    return int(value) if value == int(value) else Sentence(id=f"{value:f}".replace(".", ","), en=f"{value:f}")


def _form(_kind: str, told: Mapping[str, Any]) -> dict[str, object]:
    return {"form": sentence(PATTERNS.get(str(told.get("pattern")), "pattern.other"))}


ABOUT: Mapping[str, Callable[[str, Mapping[str, Any]], dict[str, object]]] = {
    "field.choice": _choice,
    "field.range": _limit,
    "field.length": _limit,
    "field.pattern": _form,
}
"""What fills the blanks of a sentence, from the kind of an error and what Pydantic tells of it."""


def _pointer(location: Sequence[int | str]) -> str:
    """A JSON pointer into a body or form; the bare name of a parameter."""
    if location and location[0] == "body":
        return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in location[1:])
    return ".".join(str(part) for part in location if part not in ("query", "path", "header"))
