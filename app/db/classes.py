"""What each column holds about people (UU 27/2022 art. 4), declared beside it, and which rule follows for readers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated, Any, TypeVar

from sqlalchemy import Column, ColumnElement
from sqlalchemy.orm import mapped_column

from app.domain.actors import Permission
from app.domain.evidence import Kind

T = TypeVar("T")
KEY = "class"  # of a column's `info`


class DataClass(IntEnum):
    """How much a column can do to a person, ascending."""

    INTERNAL = 0
    """About no person: keys, counts, rules, settings."""
    GENERAL = 1
    """General personal data (art. 4 paragraph 3), and what the service itself finds about somebody."""
    RESTRICTED = 2
    """General by law, narrowed by the product: what psychometric assessments found, level by level."""
    SPECIFIC = 3
    """Treated as specific personal data (art. 4 paragraph 2): disciplinary sanctions."""

    @property
    def word(self) -> str:
        """As ledger entries and pages for people say it."""
        return self.name.lower()


def told(data_class: DataClass) -> dict[Any, Any]:
    """The `info` of a column that is declared without an annotation."""
    return {KEY: data_class}


Internal = Annotated[T, mapped_column(info=told(DataClass.INTERNAL))]
General = Annotated[T, mapped_column(info=told(DataClass.GENERAL))]
Restricted = Annotated[T, mapped_column(info=told(DataClass.RESTRICTED))]
Specific = Annotated[T, mapped_column(info=told(DataClass.SPECIFIC))]

PERMISSION_OF: dict[DataClass, Permission] = {
    DataClass.RESTRICTED: Permission.READ_ASSESSMENTS,
    DataClass.SPECIFIC: Permission.READ_SPECIFIC_DATA,
}
"""What somebody has to hold who sees a column of the class; for others who may see the document may see the column."""

KINDS_OF: dict[DataClass, tuple[Kind, ...]] = {
    DataClass.RESTRICTED: (Kind.COMPETENCY_ASSESSMENT, Kind.POTENTIAL_ASSESSMENT, Kind.ASSESSMENT_SCORE),
    DataClass.SPECIFIC: (Kind.SANCTION,),
}
"""The kinds of evidence that are of a narrowed class; what is calculated from one row of them tells as much."""


def class_of(column: Column[Any]) -> DataClass | None:
    """The class that a column declares; None where nobody has said it."""
    declared = column.info.get(KEY)
    return declared if isinstance(declared, DataClass) else None


def highest_of(columns: Iterable[Column[Any]]) -> DataClass:
    """The highest class among columns; what is not declared counts as the highest of all."""
    classes = [class_of(column) for column in columns]
    return max((DataClass.SPECIFIC if one is None else one for one in classes), default=DataClass.INTERNAL)


@dataclass(frozen=True, eq=False, slots=True)
class Rule:
    """Who may see a field: whoever holds one of the permissions. `where` says in which rows; in all unless told.

    `instead` is what others are told in these rows, a value that is less exact; nothing unless told. `leaves_out`: it
    is a list that may have less on it, so that the document names the field all the same. `named_where` says of which
    documents that is; of all unless told. It is put to the row of the document, not to rows below it.
    """

    permissions: frozenset[Permission]
    where: ColumnElement[bool] | None = None
    instead: ColumnElement[Any] | None = None
    leaves_out: bool = False
    named_where: ColumnElement[bool] | None = None


def rule_for(data_class: DataClass, where: ColumnElement[bool] | None = None, *also: Permission) -> tuple[Rule, ...]:
    """The rule that a class asks for; none where it asks for none. `also` are further permissions that are enough."""
    permission = PERMISSION_OF.get(data_class)
    return () if permission is None else (Rule(frozenset({permission, *also}), where),)
