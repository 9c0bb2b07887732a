"""Whatever Pydantic says of a body is said again in our own sentences, and none of its words reach anybody."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

import pytest
from pydantic import BaseModel, BeforeValidator, Field, StrictInt, StringConstraints, TypeAdapter, ValidationError
from pydantic_core.core_schema import ErrorType

import app.services
from app.domain.careers import PositionLevel
from app.domain.messages import SENTENCES
from app.services.contract import Command, Comment, StorableText, WrittenDay, must_be_decimal
from app.services.field_faults import CODES, PATTERNS, faults_of
from app.services.siasn_conflicts import DecideSiasnConflict
from app.services.siasn_syncs import StartSiasnSync
from app.services.submission_contents import Line, Nip

SERVICES = Path(app.services.__file__).parent
NOT_OF_A_BODY = {
    "arguments_type", "assertion_error", "callable_type", "complex_str_parsing", "complex_type", "counter_type",
    "dataclass_exact_type", "default_factory_not_called", "deque_type", "ellipsis_error", "fraction_parsing",
    "fraction_type", "frozen_dict_type", "frozen_field", "frozen_instance", "get_attribute_error", "invalid_key",
    "is_instance_of", "is_subclass_of", "iteration_error", "missing_positional_only_argument",
    "missing_sentinel_error", "multiple_argument_values", "named_tuple_type", "needs_python_object",
    "no_such_attribute", "ordered_dict_type", "recursion_depth_exceeded", "recursion_loop", "set_item_not_hashable",
    "time_delta_parsing", "time_delta_type", "time_parsing", "time_type", "unexpected_positional_argument",
    "value_error",
}  # fmt: skip
"""What no command of ours can meet; it would be `field.invalid`."""


class Colour(StrEnum):
    RED = "red"
    NEARLY_RED = "nearly'red"


class Part(BaseModel):
    number: StrictInt


Score = Annotated[Decimal, BeforeValidator(must_be_decimal), Field(ge=0, le=Decimal("99.5"))]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,59}$")]
SAID: list[tuple[Any, object, str, str]] = [
    (PositionLevel, "raja", "field.choice", "Gunakan salah satu dari: " + ", ".join(PositionLevel) + "."),
    (Literal["pengawas", "pelaksana", 3], "x", "field.choice", "Gunakan salah satu dari: pengawas, pelaksana, 3."),
    (Colour, "x", "field.choice", "Gunakan salah satu dari: red, nearly'red."),
    (Annotated[str, Field(min_length=3)], "x", "field.length",
     "Panjangnya tidak sesuai: harus paling sedikit 3 huruf."),
    (Annotated[list[int], Field(max_length=1)], [1, 2], "field.length",
     "Panjangnya tidak sesuai: harus paling banyak 1 isi."),
    (Annotated[int, Field(le=100)], 101, "field.range", "Di luar batas: harus paling banyak 100."),
    (Annotated[float, Field(ge=0)], -1, "field.range", "Di luar batas: harus paling sedikit 0."),
    (Annotated[int, Field(gt=4)], 4, "field.range", "Di luar batas: harus lebih dari 4."),
    (Annotated[int, Field(multiple_of=5)], 4, "field.range", "Di luar batas: harus kelipatan 5."),
    (Annotated[date, Field(ge=date(1900, 1, 1))], date(1800, 1, 1), "field.range",
     "Di luar batas: harus paling awal 1 Januari 1900."),
    (Score, "100", "field.range", "Di luar batas: harus paling banyak 99,5."),
    (Score, "NaN", "field.number", "Harus bilangan: tulis dengan angka 0 sampai 9, dengan titik di depan desimalnya."),
    (UUID, "abc", "field.id", "Harus nomor pengenal (UUID); salin dari daftar atau dokumen yang memuatnya."),
    (list[str], "a", "field.list", "Harus daftar JSON: tulis isinya di antara [ dan ]."),
    (Part, [], "field.object", "Harus objek JSON."),
    (Part, {"number": 1.5}, "field.integer", "Harus bilangan bulat."),
    (Part, {}, "field.missing", "Wajib diisi."),
    (Code, "A b", "field.pattern",
     "Bentuknya tidak sesuai: tulis 2 sampai 60 huruf kecil, angka, atau tanda hubung, diawali huruf."),
    (WrittenDay, 1700000000, "field.date", "Harus tanggal yang ada, ditulis yyyy-mm-dd."),
    (datetime, "kemarin", "field.moment", SENTENCES["field.moment"][0]),
    (StorableText, "a\x00", "field.unstorable", SENTENCES["field.unstorable"][0]),
    (Comment, "…………………………", "field.blank", SENTENCES["field.blank"][0]),
    (Line, " - ", "field.line", SENTENCES["field.line"][0]),
    (Nip, "123", "field.nip", SENTENCES["field.nip"][0]),
    (DecideSiasnConflict, {"decision": "ask"}, "siasn.ask", SENTENCES["siasn.ask"][0]),
    (StartSiasnSync, {"unit": "1", "nips": ["198001012005011001"]}, "siasn.scope", SENTENCES["siasn.scope"][0]),
    (StartSiasnSync, {"maxAgeHours": 5}, "siasn.age", SENTENCES["siasn.age"][0]),
    (Annotated[str, BeforeValidator(int)], "x", "field.invalid", SENTENCES["field.invalid"][0]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value", "code", "words"), SAID)
def test_what_does_not_fit_is_said_in_words_of_our_own(kind: Any, value: object, code: str, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(value)
    (error,) = refused.value.errors()
    (fault,) = faults_of([error])
    assert (fault.code, fault.detail["id"]) == (code, words)
    assert error["msg"] not in fault.detail["id"]


def test_every_kind_of_error_has_a_sentence_of_its_own() -> None:
    assert set(get_args(ErrorType)) - set(CODES) == NOT_OF_A_BODY
    assert set(CODES.values()) <= set(SENTENCES)


def test_half_a_body_breaks_at_a_character() -> None:
    (broken,) = faults_of([{"type": "json_invalid", "loc": ("body", 11), "msg": "x", "ctx": {"error": "Expecting"}}])
    assert (broken.code, broken.where) == ("request.json_broken", "")
    assert "karakter ke-12." in broken.detail["id"]


def commands() -> Iterator[type[Command]]:
    for module in pkgutil.iter_modules([str(SERVICES)]):
        importlib.import_module(f"app.services.{module.name}")
    waiting = [Command]
    while waiting:
        yield (kind := waiting.pop())
        waiting += kind.__subclasses__()


def patterns(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("pattern"), str) and schema.get("type") == "string":
            yield schema["pattern"]
        for part in schema.values():
            yield from patterns(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from patterns(part)


def test_every_form_that_a_command_asks_for_is_said_in_words() -> None:
    asked = {
        pattern
        for kind in commands()
        if kind.__module__.startswith("app.")
        for pattern in patterns(TypeAdapter(kind).json_schema(mode="validation"))
    }
    decimals = {pattern for pattern in asked if pattern.startswith("^(?!^[-+.]*$)")}  # Pydantic's, of Decimal
    assert asked - decimals == set(PATTERNS)
    assert set(PATTERNS.values()) <= set(SENTENCES)


def test_a_validator_of_ours_refuses_with_a_sentence() -> None:
    calls = [
        (path.name, call)
        for path in sorted(SERVICES.glob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
    ]
    kinds = [
        (name, call.args[0].value)
        for name, call in calls
        if getattr(call.func, "id", None) == "PydanticCustomError" and isinstance(call.args[0], ast.Constant)
    ]
    assert len(kinds) > 5
    assert [one for one in kinds if one[1] not in SENTENCES and one[1] not in CODES] == []
    assert [(name, call.lineno) for name, call in calls if getattr(call.func, "id", None) == "ValueError"] == []


def test_no_sentence_about_a_field_shows_how_the_library_names_its_limits() -> None:
    names = re.compile(r"min_length|max_length|\b(?:ge|le|gt|lt)\b|pattern '|Input should|String should")
    for kind, value, _, _ in SAID:
        with pytest.raises(ValidationError) as refused:
            TypeAdapter(kind).validate_python(value)
        (fault,) = faults_of(refused.value.errors())
        assert not names.search(fault.detail["id"] + fault.detail["en"])
