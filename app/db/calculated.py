"""What a calculation found, as rows of the columns that placements and the placements of cycles share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

import numpy as np

from app.db.tables.placements import PlacementRow
from app.domain.ladder import Rung
from app.domain.nine_box import BOXES, CATEGORIES, Axis
from app.domain.rubric import Rubric
from app.kernels.columns import NO_DAY, UNKNOWN, Ints
from app.kernels.found import REASONS
from app.kernels.next_evidence import deciding, joined
from app.kernels.scoring import Scored

COLUMNS = tuple(column.name for column in PlacementRow.__table__.columns if column.name != "institution_id")
_RUNGS = tuple(rung.value for rung in Rung)
_REASONS = tuple(reason.value for reason in REASONS)
_CATEGORIES = tuple(category.value for category in CATEGORIES)


def rows(talents: Sequence[UUID], scored: Scored, rubric: Rubric, as_of: date) -> Iterator[tuple[object, ...]]:
    """The people of one result as rows, in the order of COLUMNS; `talents` are the ids of the whole batch."""
    axes = (scored.axes[Axis.PERFORMANCE], scored.axes[Axis.POTENTIAL])
    decides = deciding(rubric, scored)
    categories = np.array([*_CATEGORIES, None], dtype=object)  # the last one where the category is negative: unknown
    columns = (
        *(_numbers(axis.value) for axis in axes),
        *(ends.tolist() for axis in axes for ends in (axis.lowest, axis.highest)),
        *(categories[axis.category].tolist() for axis in axes),
        [box or None for box in scored.box.tolist()],
        [[box for box, may in zip(BOXES, own, strict=True) if may] for own in scored.reachable.tolist()],
        [box or None for box in scored.decided_box.tolist()],
        [Decimal(value).scaleb(-8) if value >= 0 else None for value in scored.talent_value.tolist()],
        [[item for item, may in zip(rubric.items, own, strict=True) if may] for own in scored.missing.tolist()],
        *([joined(sets) for sets in of_everybody] for of_everybody in (decides.surely, decides.possibly)),
        np.array([*_RUNGS, None], dtype=object)[scored.lowest_rung].tolist(),
        _days(scored.oldest_evidence),
        np.array(_REASONS, dtype=object)[scored.reasons].tolist(),
        scored.found.tolist(),
        *(_numbers(numbers) for numbers in (scored.scores, scored.points, scored.evidence_ids)),
        _days(scored.evidence_days),
    )
    head = (as_of, rubric.code, rubric.version, max(scored.variant, 0))
    for place, *values in zip(scored.who.tolist(), *columns, strict=True):
        yield (talents[place], *head, *values)


def _numbers(numbers: Ints) -> list[object]:
    """As Python's numbers, and None for what is unknown."""
    known = numbers.astype(object)
    known[numbers == UNKNOWN] = None
    return list(known.tolist())


def _days(days: Ints) -> list[object]:
    """As dates, and None for no day."""
    dates = days.astype("datetime64[D]").astype(object)
    dates[days == NO_DAY] = None
    return list(dates.tolist())


def digestible(talents: Sequence[UUID], scored: Scored) -> bytes:
    """The bytes of one result that the ledger's digest covers: who, both axis values, box."""
    values = [scored.axes[axis].value for axis in (Axis.PERFORMANCE, Axis.POTENTIAL)]
    numbers = np.stack([*values, scored.box], axis=1)
    return b"".join(talents[place].bytes for place in scored.who.tolist()) + numbers.astype("<i8").tobytes()
