"""Every column says what it holds about people, and no document shows what is narrowed without asking who reads."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Column, ColumnElement
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ColumnClause

from app.db import shapes, tables
from app.db.base import Base
from app.db.classes import PERMISSION_OF, DataClass, Rule, class_of
from app.db.documents import Field, Fields, Items, Object, Pages, Shape, Value, compile_document
from app.db.withholding import WITHHELD, shape_for, walk
from app.domain.actors import Permission
from tests.conftest import as_superuser

for module in pkgutil.iter_modules(tables.__path__):
    importlib.import_module(f"{tables.__name__}.{module.name}")
MAPPERS = {mapper.class_.__name__: mapper.class_ for mapper in Base.registry.mappers}
ABOUT_PEOPLE = {"talent_id", "nip", "person_id", "talents"}
"""Columns that make a table one of people, all of whose columns have to be declared one by one."""
OF_SOMEBODY = re.compile(r"nip|.*_nip|name_of_person|subject|.*_subject|.*_by|born_on|sex|title_(before|after)")
"""Columns that hold somebody wherever they are."""
NOT_OF_SOMEBODY = {"submission.submitted_by", "withdrawn_by", "withdrawn_by_submission"}
ONLY_IN_SQL = {
    "alembic_version": "which migrations have run",
    "job_failure": "codes of failures by the number of a job",
    "person": "opaque ids only; reached through functions",
    "person_nip": "numbers of a person; reached through functions",
    "unrecorded_change": "which transactions owe the ledger an entry",
    "unchained_entry": "ids of entries that wait for the chain",
}
TOLD_IN_PART = {
    "Import.files": "counts of the report by sheet",
    "Import.unrecognised": "names of files and sheets",
    "Import.mapped": "a count",
    "Import.notMapped": "counts",
    "Import.notDelivered": "a count",
    "Import.seats": "counts",
    "Import.changes": "counts",
    "RankedCandidate.movement": "the level of the post held, which is general",
    "CandidateExplanation.movement": "the level of the post held, which is general",
    "CandidateExplanation.movementDetail": "the level of the post held, which is general",
    "CandidateExplanation.movementDetail.id": "the level of the post held, which is general",
    "CandidateExplanation.movementDetail.en": "the level of the post held, which is general",
    "TalentRanking.movement": "the level of the post held, which is general",
    "Shortlist.candidates.movement": "the level of the post held, which is general",
    "Shortlist.passedOver.movement": "the level of the post held, which is general",
    "MobilityApplication.parts.points": "of one's own application, which nobody else reads",
    "MobilityApplication.requirements.found.id": "the same",
    "MobilityApplication.requirements.found.en": "the same",
    "NationalRanking.candidates.parts.points": "of an opaque id, worked out for one search",
}
"""Fields made of a column that holds more than they tell."""
OF_A_PART = (".found[", ".scores[", ".points[", ".reasons[", ".evidence_ids[", ".evidence_days[")
NOTHING_IS_WITHHELD = {
    "AccessExport": "what is held about somebody, for that very person (UU 27/2022 art. 7)",
    "MobilityCertificate": "what became of somebody and why, for that very person",
}


# ── columns


@pytest.mark.parametrize("name", sorted(MAPPERS))
def test_every_column_says_what_it_holds_about_people(name: str) -> None:
    table = MAPPERS[name].__table__
    assert [column.name for column in table.columns if class_of(column) is None] == []


@pytest.mark.parametrize("name", sorted(MAPPERS))
def test_a_table_of_people_says_it_column_by_column(name: str) -> None:
    columns = {column.name for column in MAPPERS[name].__table__.columns}
    assert MAPPERS[name].__columns_are__ is None or not columns & ABOUT_PEOPLE


def test_no_column_that_names_somebody_is_declared_internal() -> None:
    internal = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if OF_SOMEBODY.fullmatch(column.name) and class_of(column) is DataClass.INTERNAL
    }
    assert {one for one in internal if one.partition(".")[2] not in NOT_OF_SOMEBODY} == set()


def test_sanctions_are_specific_and_levels_of_assessments_restricted() -> None:
    def classes(table: str, *names: str) -> set[DataClass | None]:
        return {class_of(Base.metadata.tables[table].c[name]) for name in names}

    assert classes("disciplinary_sanction", "severity", "kind", "starts_on", "ends_on") == {DataClass.SPECIFIC}
    assert classes("competency_assessment", "integrity", "decision_making") == {DataClass.RESTRICTED}
    assert classes("potential_assessment", "motivation_and_commitment") == {DataClass.RESTRICTED}
    assert classes("assessment_score", "value") == {DataClass.RESTRICTED}
    parts = ("found", "scores", "points", "reasons", "evidence_ids", "evidence_days")
    assert classes("placement", *parts) | classes("cycle_placement", *parts) == {DataClass.SPECIFIC}
    assert classes("talent", "nip", "name", "born_on") == {DataClass.GENERAL}


def test_what_the_law_forbids_to_collect_here_is_not_stored() -> None:
    """Family, religion, NIK and health have no column (domain.md 8)."""
    forbidden = re.compile(r"nik|.*(religion|agama|health|spouse|child|marital|ethnic|blood).*")
    named = [f"{table.name}.{column.name}" for table in Base.metadata.tables.values() for column in table.columns]
    assert [name for name in named if forbidden.fullmatch(name.partition(".")[2])] == []


async def test_every_table_of_the_database_is_classified(database_name: str) -> None:
    sql = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'procrastinate%'"
    found = {row["tablename"] for row in await as_superuser(sql, database_name)}
    assert found - set(Base.metadata.tables) == set(ONLY_IN_SQL)


# ── what fields of documents are made of


def columns_read(expression: Any) -> Iterator[Column[Any]]:
    """The classified columns that an expression is made of, through aliases, sub-selects and functions with rows."""
    pending, met = [_element(expression)], set()
    while pending:
        for part in visitors.iterate(pending.pop()):
            if id(part) in met:
                continue
            met.add(id(part))
            if not isinstance(part, ColumnClause):
                continue
            if isinstance(part, Column) and class_of(part) is not None:
                yield part
                continue
            others = [base for base in part.base_columns if base is not part]
            rows = getattr(part.table, "element", None)
            pending += others or ([] if rows is None else [rows])
            if part.is_literal:
                yield from _named_in(part.name)


def _element(expression: Any) -> Any:
    make = getattr(expression, "__clause_element__", None)
    return expression if make is None else make()


NARROWED = {
    column.name: column
    for table in Base.metadata.tables.values()
    for column in table.columns
    if class_of(column) in PERMISSION_OF and column.name not in ("kind", "content", "method", "value", "id", "report")
}


SENTENCE = re.compile(r"'[^']* [^']* [^']*'")


def _named_in(sql: str) -> Iterator[Column[Any]]:
    """Narrowed columns that a piece of SQL names; what it says to people in several words names none."""
    return (NARROWED[word] for word in re.findall(r"\w+", SENTENCE.sub("", sql)) if word in NARROWED)


def narrowed(expression: Any) -> set[Permission]:
    """The permissions that the columns of an expression ask for."""
    classes = {class_of(column) for column in columns_read(expression)}
    return {PERMISSION_OF[one] for one in classes if one in PERMISSION_OF}


def found() -> Iterator[tuple[str, Shape | Pages]]:
    for module in pkgutil.iter_modules(shapes.__path__):
        for name, value in vars(importlib.import_module(f"{shapes.__name__}.{module.name}")).items():
            if isinstance(value, Shape | Pages):
                yield f"{module.name}.{name}", value


SHAPES = {name: value.node if isinstance(value, Pages) else value for name, value in found()}
PAGES = {name: value for name, value in found() if isinstance(value, Pages)}
GUARDED = [name for name, shape in SHAPES.items() if shape.type not in NOTHING_IS_WITHHELD]
NARROWING = [name for name in GUARDED if any(field.needs for _, field in walk(SHAPES[name].fields))]


def unguarded(fields: Fields, above: str, rules: tuple[Rule, ...] = ()) -> Iterator[str]:
    """The paths of fields made of narrowed columns, for which nothing on the way asks for the permission."""
    for name, field in fields.items():
        put = (*rules, *field.needs)
        asked = {permission for rule in put for permission in rule.permissions}
        path = f"{above}.{name}"
        for expression in _expressions(field):
            if not narrowed(expression) <= asked and path not in TOLD_IN_PART:
                yield path
        if not isinstance(field, Value):
            yield from unguarded(field.fields, path, put)


def _expressions(field: Field) -> tuple[Any, ...]:
    """What a reader sees the value, the presence or the order of."""
    match field:
        case Value():
            return (field.sql,)
        case Items():
            return (field.on, *field.order)
        case _:
            return () if field.on is None else (field.on,)


@pytest.mark.parametrize("name", GUARDED)
def test_no_narrowed_column_is_in_a_document_without_a_rule(name: str) -> None:
    assert list(unguarded(SHAPES[name].fields, SHAPES[name].type)) == []


@pytest.mark.parametrize("name", SHAPES)
def test_no_filter_tells_what_is_withheld(name: str) -> None:
    assert {put for put, condition in SHAPES[name].conditions.items() if narrowed(condition)} == set()


@pytest.mark.parametrize("name", PAGES)
def test_no_order_of_a_list_tells_what_is_withheld(name: str) -> None:
    assert [key for key in PAGES[name].keys if narrowed(key)] == []


ANSWERED_AS_NOT_FOUND = {"siasn_persons.INDEX"}
"""SIASN's envelope has no place for what is withheld: whoever may not see it is told what is told of nothing."""


@pytest.mark.parametrize("name", NARROWING)
def test_what_can_be_withheld_may_be_null_and_is_named(name: str) -> None:
    shape = SHAPES[name]
    if name not in ANSWERED_AS_NOT_FOUND:
        assert shape.fields["withheld"] is WITHHELD
    for path, field in walk(shape.fields):
        if isinstance(field, Value) and any(rule.instead is None for rule in field.needs):
            assert "null" in field.schema["type"], path
        elif not isinstance(field, Value) and field.needs:
            assert field.nullable, path
            assert isinstance(field, Object) or all(rule.where is None for rule in field.needs), path


@pytest.mark.parametrize("name", ["talents.TALENT", "placements.PLACEMENT", "cycle_placements.CYCLE_PLACEMENT"])
def test_a_shape_that_nobody_asked_about_sends_nothing_that_can_be_withheld(name: str) -> None:
    """Whoever compiles a shape and forgets to ask for whom gets the document of who may see least."""
    shape = SHAPES[name]
    forgotten = compile_document(shape, None, frozenset()).sql
    for word in ("disciplinary_sanction.severity", "competency_assessment.integrity", *OF_A_PART):
        assert word not in forgotten
    allowed = compile_document(shape_for(frozenset(Permission), shape), None, frozenset()).sql
    assert "disciplinary_sanction.severity" in allowed or all(word in allowed for word in OF_A_PART)


def test_the_test_sees_through_what_shapes_are_made_with() -> None:
    seen = {column.table.name: column for column in columns_read(_levels_of_the_plan())}
    assert class_of(seen["competency_assessment"]) is DataClass.RESTRICTED
    assert narrowed(_content_of_a_submission()) == {Permission.READ_ASSESSMENTS}


def _field(shape: Shape, path: str) -> Field:
    return next(field for one, field in walk(shape.fields) if one == path)


def _levels_of_the_plan() -> ColumnElement[Any]:
    field = _field(SHAPES["development_plans.DEVELOPMENT_PLAN"], "competencies.actual")
    assert isinstance(field, Value)
    return field.sql  # type: ignore[return-value]


def _content_of_a_submission() -> ColumnElement[Any]:
    field = _field(SHAPES["submissions.SUBMISSION"], "content.competencyAssessment.integrity")
    assert isinstance(field, Value)
    return field.sql  # type: ignore[return-value]


def test_a_shape_has_few_variants_and_each_is_made_once() -> None:
    talent = SHAPES["talents.TALENT"]
    everything, nothing = frozenset(Permission), frozenset[Permission]()
    assert shape_for(everything, talent) is shape_for(everything - {Permission.EXPORT}, talent)
    assert shape_for(nothing, talent) is shape_for(frozenset({Permission.READ_TALENTS}), talent)
    assert shape_for(nothing, talent) is not shape_for(everything, talent)
    institution = SHAPES["institutions.INSTITUTION"]
    assert shape_for(nothing, institution) is institution
