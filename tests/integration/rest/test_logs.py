"""No number and no name of anybody leaves through a log: what the database refuses, libraries say, requests carry."""

from __future__ import annotations

import json
import linecache
import logging
import traceback
from collections.abc import Awaitable, Callable, Iterator
from datetime import date
from uuid import UUID

import pytest
import structlog
from pydantic import BaseModel
from sqlalchemy import text

from app.db.base import Base
from app.db.classes import DataClass, class_of
from app.db.database import Database
from app.db.tables.talents import TalentRow
from app.domain.actors import Actor
from app.domain.errors import Conflict
from app.main import create_app
from app.observability import LibraryLogs, personal_names, without_people
from app.settings import Settings
from tests.conftest import url_of
from tests.factories import a_nip, an_institution
from tests.personas import Personas

NAME = "SITI RAHMAWATI CONTOH"
LIBRARY = logging.getLogger("a.library")
logger = structlog.get_logger()


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """What is written, as JSON; loggers that are already made follow too."""
    written: list[str] = []

    def write(_logger: object, _method: str, event: structlog.typing.EventDict) -> str:
        written.append(json.dumps(without_people(None, "", dict(event)), ensure_ascii=False))
        raise structlog.DropEvent

    processors, of_libraries = structlog.get_config()["processors"], LibraryLogs()
    kept = list(processors)
    processors[:] = [structlog.processors.add_log_level, write]
    LIBRARY.addHandler(of_libraries)
    yield written
    LIBRARY.removeHandler(of_libraries)
    processors[:] = kept


Fail = Callable[[Database, Actor, str], Awaitable[object]]


async def a_row_twice(db: Database, actor: Actor, nip: str) -> None:
    """UniqueViolation: `DETAIL: Key (nip)=(1980…) already exists.`"""
    async with db.write_as(actor) as tx:
        await tx.execute(text("CREATE TEMP TABLE listed (nip text CONSTRAINT once UNIQUE) ON COMMIT DROP"))
        for _ in range(2):
            await tx.execute(text("INSERT INTO listed VALUES (:nip)"), {"nip": nip})


async def a_row_without_a_name(db: Database, actor: Actor, nip: str) -> None:
    """NotNullViolation: `DETAIL: Failing row contains (1980…, SITI …, null).`"""
    async with db.write_as(actor) as tx:
        await tx.execute(text("CREATE TEMP TABLE listed (nip text, name text, day date NOT NULL) ON COMMIT DROP"))
        await tx.execute(text("INSERT INTO listed VALUES (:nip, :name, NULL)"), {"nip": nip, "name": NAME})


async def a_name_for_a_number(db: Database, actor: Actor, nip: str) -> None:
    """DataError: `invalid input for query argument $1: 'SITI …'`"""
    async with db.write_as(actor) as tx:
        await tx.execute(text("SELECT CAST(:given AS integer)"), {"given": f"{NAME} {nip}"})


async def a_cast_in_the_database(db: Database, actor: Actor, nip: str) -> None:
    """InvalidTextRepresentation: `invalid input syntax for type integer: "SITI …"`"""
    async with db.write_as(actor) as tx:
        await tx.execute(text(f"SELECT CAST('{NAME} {nip}' AS integer)"))


class Person(BaseModel):
    """Something that is validated."""

    born_on: date


async def a_value_that_does_not_fit(_db: Database, _actor: Actor, nip: str) -> None:
    """ValidationError: `… input_value='SITI …'`"""
    Person.model_validate({"born_on": f"{NAME} {nip}"})


async def a_key_that_is_none(_db: Database, _actor: Actor, nip: str) -> None:
    """KeyError, caused by an error that quotes too, inside a group."""
    try:
        {}[f"{NAME} {nip}"]
    except KeyError as error:
        raise ExceptionGroup(f"about {NAME}", [ValueError(f"{NAME} {nip}"), error]) from error


FAILURES: list[Fail] = [
    a_row_twice,
    a_row_without_a_name,
    a_name_for_a_number,
    a_cast_in_the_database,
    a_value_that_does_not_fit,
    a_key_that_is_none,
]


@pytest.mark.parametrize("fail", FAILURES, ids=[fail.__name__ for fail in FAILURES])
async def test_an_error_is_logged_without_the_row_or_the_value_it_met(
    fail: Fail, db: Database, lines: list[str]
) -> None:
    actor, nip = await an_institution(db), a_nip()
    try:
        await fail(db, actor, nip)
    except Exception as error:
        logger.error("request.failed", exc_info=error)  # noqa: TRY400 - told to whom it is about
        LIBRARY.error("failed with %s", error, exc_info=error)
        kind, said = type(error).__name__, "".join(traceback.format_exception(error))
    assert NAME in said or nip in said  # else there was nothing to keep in
    assert len(lines) == 2
    for line in lines:
        assert NAME not in line
        assert nip not in line
        assert kind in line
        assert "test_logs.py" in line  # where it happened is told


async def test_an_error_of_the_database_names_what_it_broke(db: Database, lines: list[str]) -> None:
    actor = await an_institution(db)
    try:
        await a_row_twice(db, actor, a_nip())
    except Exception:
        logger.exception("request.failed")
    assert "sqlstate=23505" in lines[0]
    assert "constraint_name=once" in lines[0]
    assert "asyncpg.exceptions.UniqueViolationError" in lines[0]


async def test_an_error_is_told_without_what_it_met_where_nobody_set_up_logs(
    settings: Settings, database_name: str
) -> None:
    """And without drawing it frame by frame, which takes seconds."""
    structlog.reset_defaults()
    create_app(settings, url_of(database_name))
    assert without_people in structlog.get_config()["processors"]


def test_an_error_that_a_group_held_is_told_once_and_reads_no_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is raised again out of the group, each of the two came from the other."""
    monkeypatch.setattr(linecache, "getlines", lambda *_: pytest.fail("the source of a frame was read"))
    try:
        try:
            raise ExceptionGroup("both", [ValueError("x"), KeyError("y")])  # noqa: TRY301 - what is tried here
        except ExceptionGroup as group:
            raise group.exceptions[0]  # noqa: B904 - what is tried here
    except ValueError as error:
        lines = str(told(exc_info=error)["exception"]).splitlines()
    kinds = [line for line in lines if not line.startswith("  ")]
    assert kinds == ["builtins.ValueError", "builtins.ExceptionGroup", "builtins.KeyError"]


def told(**fields: object) -> dict[str, object]:
    return dict(without_people(None, "", {"event": "e", **fields}))


@pytest.mark.parametrize(
    "written", ["198008212005011001", "19800821 200501 1 001", "NIP=198008212005011001;", "3201011508800001"]
)
def test_a_number_of_somebody_is_masked_wherever_it_stands(written: str) -> None:
    digits = "".join(letter for letter in written if letter.isdigit())
    seen = json.dumps(
        told(path=f"/v1/talents/{written}", deep={"list": [written, {"inside": (written,)}]}, number=int(digits))
    )
    assert written not in seen
    assert digits not in seen
    assert seen.count("[number]") == 4


def test_ids_days_and_durations_stay_readable() -> None:
    kept = {
        "id": "12345678901234567890123456789012",
        "talent_id": "00000000-0000-4000-8000-000000000005",
        "timestamp": "2026-11-22T01:02:03.123456Z",
        "took_ms": 12.5,
        "status": 200,
        "level": "info",
        "rows": 1_000_000,
        "institution_id": UUID(int=7),
    }
    assert told(**kept) == {"event": "e", **kept, "institution_id": str(UUID(int=7))}


def test_fields_called_like_columns_about_people_are_dropped() -> None:
    seen = told(
        name=NAME, nip="x", bornOn="1980-08-21", severity="light", asked={"title_before": NAME, "rows": 2}, rows=1
    )
    assert seen == {"event": "e", "asked": {"rows": 2}, "rows": 1}


def test_what_is_no_plain_value_is_named_by_its_kind() -> None:
    assert told(row=TalentRow(name=NAME)) == {"event": "e", "row": "TalentRow"}


def test_the_names_come_from_the_classification() -> None:
    narrowed = {
        column.name
        for table in Base.metadata.tables.values()
        for column in table.columns
        if class_of(column) in (DataClass.RESTRICTED, DataClass.SPECIFIC)
    }
    assert narrowed <= personal_names()
    assert {"titleBefore", "appraiser_nip"} <= personal_names()
    assert not {"event", "level", "id", "status", "route", "talent_id"} & personal_names()


async def test_requests_that_carry_people_are_logged_by_template(
    db: Database, personas: Personas, lines: list[str]
) -> None:
    actor, nip = await an_institution(db), a_nip()
    officer = personas.hr_officer(actor.institution_id)
    await officer.get(f"/v1/talents/{nip}?unit={NAME}")
    await officer.get(f"/v1/talents/{nip}/nothing/{NAME}")
    await officer.post("/v1/objections", json={"text": NAME, "nip": nip})
    await officer.ask("query($nip: String!) { talent(nip: $nip) { name } }", nip=nip)
    await officer.ask(f'{{ talent(nip: "{nip}") {{ nothing }} }}')
    assert len(lines) >= 5
    assert not [line for line in lines if nip in line or NAME in line]


def test_of_a_refusal_its_code_is_told() -> None:
    seen = told(exc_info=Conflict("submission.pending"))
    assert "code=submission.pending" in str(seen["exception"])


def test_libraries_log_their_sentence_and_not_what_they_put_into_it(lines: list[str]) -> None:
    LIBRARY.error("\n".join(("Task failed", f"future: <Task exception=ValueError({NAME!r})>")))
    LIBRARY.error("row %s", NAME)
    LIBRARY.error(ValueError(NAME))
    assert [json.loads(line)["event"] for line in lines] == ["Task failed", "row %s", "failed"]
    assert NAME not in "".join(lines)
