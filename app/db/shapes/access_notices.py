"""What people are to be told with an access export (UU 27/2022 art. 21): purposes, retention and their rights."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Integer, Text, bindparam, column, func, literal_column, true, values

from app.db.documents import Fields, Items, Object, Value
from app.db.shapes.formats import instant
from app.db.shapes.schemas import INSTANT, NULLABLE_TEXT, TEXT
from app.db.tables.institutions import InstitutionRow
from app.domain.messages import sentence
from app.domain.purposes import BASES, Purpose

HELD = "HeldRecord"
"""The type of everything inside: it is told by REST alone."""


def _said(code: str) -> Object:
    return Object(HELD, {name: Value(_words(told), TEXT) for name, told in sentence(code).items()})


def _words(text: object) -> ColumnElement[str]:
    return literal_column("'" + str(text).replace("'", "''") + "'::text", Text)


_PURPOSE_COLUMNS = ("code", "label_id", "label_en", "basis_id", "basis_en")
_purpose = values(
    column("place", Integer), *(column(name, Text) for name in _PURPOSE_COLUMNS), name="purpose", literal_binds=True
).data(
    [
        (
            place,
            purpose.value,
            *sentence(f"rights.purpose.{purpose.value}").values(),
            *sentence(BASES[purpose].sentence_code).values(),
        )
        for place, purpose in enumerate(Purpose)
    ]
)


def _pair(name: str) -> Object:
    return Object(HELD, {language: Value(_purpose.c[f"{name}_{language}"], TEXT) for language in ("id", "en")})


def _told_by_the_service(name: str) -> ColumnElement[str | None]:
    """A parameter that restricts nothing; null where nobody gives it."""
    return func.nullif(bindparam(name, "", type_=Text), "")


NOTICE: Fields = {
    "title": _said("rights.title"),
    "intro": _said("rights.intro"),
    "madeAt": Value(instant(func.now()), INSTANT),
    "institution": Value(InstitutionRow.name, TEXT),
    "contact": Value(_told_by_the_service("contact"), NULLABLE_TEXT),
    "page": Value(_told_by_the_service("page"), NULLABLE_TEXT),
    "purposes": Items(
        HELD,
        {"code": Value(_purpose.c.code, TEXT), "label": _pair("label"), "basis": _pair("basis")},
        _purpose,
        true(),
        (_purpose.c.place,),
    ),
    "retention": _said("rights.retention"),
    "rights": _said("rights.rights"),
    "notStored": _said("rights.withheld"),
}
