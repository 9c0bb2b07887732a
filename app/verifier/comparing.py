"""Where a published result differs from what the rules give: line, column, what stands there and what should."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.verifier.columns import EMPTY, NONE, Flags, Ints
from app.verifier.following import Following, Shown
from app.verifier.published import Results
from app.verifier.sentences import Finding
from app.verifier.snapshot import Snapshot

MOST_TOLD = 20
"""Of each table."""

Values = npt.NDArray[np.generic]
Write = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Column:
    """The rows of one column that differ, and how to write what is published and what is right."""

    name: str
    differs: Flags
    stated: Write
    expected: Write


def _column(name: str, found: Values, right: Values, write: Write) -> Column:
    return Column(name, found != right, lambda row: write(found[row]), lambda row: write(right[row]))


def number(value: int) -> str:
    """A number as it stands in a table."""
    return "" if value == EMPTY else str(value)


def differences(snapshot: Snapshot, taken: Ints, following: Following, results: Results) -> Iterator[list[Finding]]:
    """Of each table of the result, its findings; the first of them says how many rows differ."""
    people, posts, cells = snapshot.people.ids, snapshot.posts.ids, snapshot.cells.ids
    wisher = snapshot.wishes.person
    yield _of_table("outcomes.csv", people.name, _outcomes(snapshot, taken, following, results))
    yield _of_table("answers.csv", lambda row: people.name(wisher[row]), _answers(snapshot, following, results))
    yield _of_table("post-results.csv", posts.name, _posts(snapshot, following, results))
    yield _of_table("cell-results.csv", cells.name, _cells(snapshot, following, results))
    yield _moves(snapshot, following, results)


def _of_table(file: str, about: Write, columns: list[Column]) -> list[Finding]:
    differs = np.logical_or.reduce([column.differs for column in columns])
    rows = np.flatnonzero(differs).tolist()
    if not rows:
        return []
    told = [
        Finding(
            "result.value",
            {
                "file": file,
                "line": row + 2,
                "about": about(row),
                "column": column.name,
                "stated": column.stated(row),
                "expected": column.expected(row),
            },
        )
        for row in rows[:MOST_TOLD]
        for column in columns
        if column.differs[row]
    ]
    return [Finding("result.rows", {"file": file, "rows": len(rows), "of": len(differs)}), *told[:MOST_TOLD]]


def _outcomes(snapshot: Snapshot, taken: Ints, following: Following, results: Results) -> list[Column]:
    rank = np.where(taken == NONE, EMPTY, taken - snapshot.wishes.begins[:-1] + 1)
    return [
        _column("post", results.outcomes.post, following.where, snapshot.posts.ids.name),
        _column("rank", results.outcomes.rank, rank, number),
    ]


def _answers(snapshot: Snapshot, following: Following, results: Results) -> list[Column]:
    found, right = results.answers, following.answers
    return [
        _column("code", found.code, right.code, lambda code: found.codes[code]),
        _column("cell", found.cell, right.cell, snapshot.cells.ids.name),
        *_shown(found.shown, right.shown),
    ]


def _posts(snapshot: Snapshot, following: Following, results: Results) -> list[Column]:
    seats = snapshot.posts.seats
    right = {"seats": seats, "filled": following.filled, "incumbents": following.incumbents}
    right["empty"] = seats - following.filled
    found = results.posts
    numbers = [_column(name, found.numbers[name], right[name], number) for name in found.numbers]
    return [*numbers, *_shown(found.shown, following.post_shown, has_urgency=False)]


def _cells(snapshot: Snapshot, following: Following, results: Results) -> list[Column]:
    right = {"ceiling": snapshot.cells.ceiling, "before": following.before, "after": following.after}
    found = results.cells
    numbers = [_column(name, found.numbers[name], right[name], number) for name in found.numbers]
    return [*numbers, *_shown(found.shown, following.cell_shown)]


def _shown(found: Shown, right: Shown, *, has_urgency: bool = True) -> list[Column]:
    columns = [_column("depth", found.depth, right.depth, number)]
    if has_urgency:
        columns.append(_column("urgency", found.urgency, right.urgency, number))
    lots = Column(
        "lot",
        (found.known != right.known) | (found.lot != right.lot),
        lambda row: str(found.lot[row]) if found.known[row] else "",
        lambda row: str(right.lot[row]) if right.known[row] else "",
    )
    return [*columns, _column("points", found.points, right.points, number), lots]


def _moves(snapshot: Snapshot, following: Following, results: Results) -> list[Finding]:
    found, right = results.moves, following.moves
    counted = (
        [Finding("moves.count", {"file": "moves.csv", "rows": len(found.unit), "expected": len(right.unit)})]
        if len(found.unit) != len(right.unit)
        else []
    )
    rows = slice(min(len(found.unit), len(right.unit)))
    posts, person = snapshot.posts.ids.name, right.person[rows]
    columns = [
        _column("unit", found.unit[rows], right.unit[rows], number),
        _column("step", found.step[rows], right.step[rows], number),
        _column("participant", found.person[rows], person, snapshot.people.ids.name),
        _column("from", found.origin[rows], snapshot.people.home[person], posts),
        _column("to", found.target[rows], following.where[person], posts),
    ]
    about = snapshot.people.ids
    return counted + _of_table("moves.csv", lambda row: about.name(found.person[row]), columns)
