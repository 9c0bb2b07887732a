"""What readers of a vacancy's candidates are told by rule: all of it, whole points, or nothing while it is masked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal_column, not_, or_

from app.db.classes import Rule
from app.db.documents import Column
from app.db.shapes.found_json import word_of
from app.db.shapes.vacancies import is_shortlisted
from app.db.tables.vacancies import VacancyRow
from app.domain.actors import Permission
from app.domain.masks import KEPT_WHILE_MASKED, NEEDED

is_masked: ColumnElement[bool] = and_(VacancyRow.is_masked, not_(is_shortlisted))
"""Committees see the candidates of the vacancy without name, sex, age and photo."""
Mask = tuple[Rule, ...]
"""What is kept as long as a vacancy is masked; nothing where nobody is masked."""

UNMASKING = frozenset({Permission.UNMASK_CANDIDATES})


def unmasked(
    where: ColumnElement[bool] | None = None, named_where: ColumnElement[bool] | None = None
) -> tuple[Rule, ...]:
    """For who verifies documents alone, as long as the vacancy is masked; `where` says in which rows.

    `named_where` says which of these documents have such a row; all unless told.
    """
    within, named = (is_masked if one is None else and_(is_masked, one) for one in (where, named_where))
    return (Rule(UNMASKING, within, named_where=named),)


def in_whole_points(points: ColumnElement[Any], *, upwards: bool = False) -> tuple[Rule, ...]:
    """As long as the vacancy is masked others are told whole points: exact ones can be looked up among all talents."""
    return (Rule(UNMASKING, is_masked, func.ceil(points) if upwards else func.floor(points)),)


def topic_in(json: Column) -> ColumnElement[str]:
    """As `masks.topic_of`: of a requirement as it is written down, or of what keeps its topic; older ones a field."""
    return func.coalesce(word_of(json, "topic"), word_of(json, "proof"), word_of(json, "field"))


IsAbout = Callable[[str], ColumnElement[bool]]
"""Whether something is about a requirement's topic, or a criterion's kind."""
Rules = Callable[[IsAbout], tuple[Rule, ...]]


def to_everybody(is_about: IsAbout) -> tuple[Rule, ...]:
    """The rules for what may tell of sanctions and assessments."""
    return tuple(
        Rule(frozenset({permission}), or_(*(is_about(word) for word, needed in NEEDED.items() if needed is permission)))
        for permission in dict.fromkeys(NEEDED.values())
    )


def to_committees(is_about: IsAbout, named_where: ColumnElement[bool] | None = None) -> tuple[Rule, ...]:
    """The same, and ages and times in service are kept while the vacancy is masked."""
    return (*to_everybody(is_about), *unmasked(is_kept(is_about), named_where))


def is_kept(is_about: IsAbout) -> ColumnElement[bool]:
    """Whether something is about what is kept while a vacancy is masked."""
    return or_(*map(is_about, sorted(KEPT_WHILE_MASKED)))


def names(subject: ColumnElement[str]) -> IsAbout:
    """Where a column says what it is about."""
    return lambda word: subject == literal_column(f"'{word}'")
