"""What all commands and lists have in common: strict bodies, cursors, pages."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from app.db.documents import LARGEST_PAGE
from app.domain.errors import Fault, Invalid, refuse
from app.domain.rubric_faults import LARGEST_VERSION

DEFAULT_PAGE = 50
LARGEST_NUMBER = 2**63 - 1  # that PostgreSQL counts to
LARGEST_PLACE = 2**31 - 1  # of a list, as PostgreSQL counts


def is_storable(text: str) -> bool:
    """Whether PostgreSQL can hold the text: no NUL, and nothing that UTF-8 cannot write."""
    try:
        return b"\x00" not in text.encode()
    except UnicodeEncodeError:
        return False


def may_be_version(code: str, version: int) -> bool:
    """Whether a code and a number can be those of a version; what cannot be is not asked for."""
    return is_storable(code) and 0 < version <= LARGEST_VERSION


def must_be_storable(text: str) -> str:
    """The text; refused where PostgreSQL cannot hold it."""
    if not is_storable(text):
        raise PydanticCustomError("field.unstorable", "a character that cannot be stored")
    return text


def must_be_decimal(value: object) -> object:
    """Digits of other scripts, `1_0` and `1e2` are numbers to Python, and a slip of the pen to everybody else."""
    if isinstance(value, str) and not DECIMAL.fullmatch(value):
        raise PydanticCustomError("field.number", "a number is written with the digits 0 to 9 and a point")
    return value


def must_be_written_out(value: object) -> object:
    """A day or a moment is written YYYY-MM-DD…; a number would be taken for seconds since 1970."""
    if not isinstance(value, date) and not (isinstance(value, str) and DAY.match(value)):
        raise PydanticCustomError("field.date", "a day is written as YYYY-MM-DD")
    return value


DECIMAL = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WrittenDay = Annotated[date, BeforeValidator(must_be_written_out), Field(strict=False)]


StorableText = Annotated[str, AfterValidator(must_be_storable)]


def must_say_something(text: str) -> str:
    """The text, which can be stored and holds a letter or a digit; characters that nobody sees say nothing."""
    if not any(character.isalnum() for character in text):
        raise PydanticCustomError("field.blank", "a text without a letter or a digit")
    return must_be_storable(text)


Comment = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=10, max_length=2000),
    AfterValidator(must_say_something),
]
"""Why somebody decided so; blanks around it say nothing."""
Statement = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=20, max_length=4000),
    AfterValidator(must_say_something),
]
"""An objection, or the answer to one."""


class Command(BaseModel):
    """What somebody may ask for: frozen, strict, camelCase on the wire."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


def must_be_one_of(allowed: Sequence[str], parameter: str, value: str | None) -> None:
    """`Invalid` where a parameter is given and none of what is allowed: a misspelt word would answer with nobody."""
    if value is not None and value not in allowed:
        refuse(Fault("value.unknown", parameter, {"allowed": ", ".join(allowed)}))


def page_size(first: int | None) -> int:
    """1 to 200; `Invalid` otherwise."""
    if first is None:
        return DEFAULT_PAGE
    if not 1 <= first <= LARGEST_PAGE:
        refuse(Fault("page.size", "first", {"highest": LARGEST_PAGE}))
    return first


def named_cursor(cursor: str | None) -> tuple[str, UUID] | None:
    """The keys (text, id) inside a cursor of ours; `Invalid` for anything else."""
    if cursor is None:
        return None
    text, identity = _texts(cursor)
    try:
        return text, UUID(identity)
    except ValueError as error:
        raise _not_a_cursor() from error


def id_cursor(cursor: str | None) -> tuple[UUID] | None:
    """The one id inside a cursor of ours; `Invalid` for anything else."""
    if cursor is None:
        return None
    match _keys(cursor):
        case [str(identity)]:
            try:
                return (UUID(identity),)
            except ValueError as error:
                raise _not_a_cursor() from error
    raise _not_a_cursor()


def number_cursor(cursor: str | None) -> tuple[int] | None:
    """The one whole number inside a cursor of ours; `Invalid` for anything else."""
    if cursor is None:
        return None
    match _keys(cursor):
        case [int(number)] if not isinstance(number, bool) and 0 <= number <= LARGEST_NUMBER:
            return (number,)
    raise _not_a_cursor()


def place_cursor(cursor: str | None, largest: int = LARGEST_PLACE) -> tuple[int, UUID] | None:
    """The keys (whole number, id) inside a cursor of ours; `Invalid` for anything else."""
    if cursor is None:
        return None
    match _keys(cursor):
        case [int(place), str(identity)] if not isinstance(place, bool) and 0 <= place <= largest:
            try:
                return place, UUID(identity)
            except ValueError as error:
                raise _not_a_cursor() from error
    raise _not_a_cursor()


def text_cursor(cursor: str | None) -> tuple[str, str] | None:
    """The two text keys inside a cursor of ours; `Invalid` for anything else."""
    return None if cursor is None else _texts(cursor)


def _texts(cursor: str) -> tuple[str, str]:
    match _keys(cursor):
        case [str(first), str(second)] if is_storable(first) and is_storable(second):
            return first, second
    raise _not_a_cursor()


def _keys(cursor: str) -> object:
    try:
        return json.loads(base64.b64decode(cursor, validate=True))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise _not_a_cursor() from error


def _not_a_cursor() -> Invalid:
    return Invalid("request.invalid", faults=(Fault("page.cursor", "after"),))
