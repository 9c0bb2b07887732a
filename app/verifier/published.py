"""What a run hands out as its result, read as it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.verifier.columns import EMPTY, NONE, Ints, Refs
from app.verifier.following import CODES, Shown
from app.verifier.snapshot import NOT_ELIGIBLE, NOT_RELEASED, Snapshot
from app.verifier.tables import Table


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Of every participant, in their order; a rank is EMPTY where somebody stays."""

    post: Refs
    rank: Ints


@dataclass(frozen=True, slots=True)
class PublishedAnswers:
    """Of every wish, in their order. A code counts as in `following.Answers`, and on with what should not be there."""

    code: Refs
    codes: tuple[str, ...]
    cell: Refs
    shown: Shown


@dataclass(frozen=True, slots=True)
class Counted:
    """Of every post, or every cell, in their order: its numbers by column, and the last application shown."""

    numbers: dict[str, Ints]
    shown: Shown


@dataclass(frozen=True, slots=True)
class PublishedMoves:
    """Row by row."""

    unit: Ints
    step: Ints
    person: Refs
    origin: Refs
    target: Refs


@dataclass(frozen=True, slots=True)
class Results:
    """All five tables."""

    outcomes: Outcomes
    answers: PublishedAnswers
    posts: Counted
    cells: Counted
    moves: PublishedMoves


def read_results(read: Callable[[str], Table], snapshot: Snapshot) -> Results:
    """The tables, each refused where it has not one row, in its place, for everything it is about."""
    return Results(
        outcomes=_outcomes(read("outcomes.csv"), snapshot),
        answers=_answers(read("answers.csv"), snapshot),
        posts=_post_results(read("post-results.csv"), snapshot),
        cells=_cell_results(read("cell-results.csv"), snapshot),
        moves=_moves(read("moves.csv"), snapshot),
    )


def _outcomes(table: Table, snapshot: Snapshot) -> Outcomes:
    person = table.refs("participant", snapshot.people.ids)
    _must_be_in_turn(table, "participant", person, np.arange(len(snapshot.people.ids)))
    return Outcomes(table.refs("post", snapshot.posts.ids), table.numbers("rank", low=1, is_optional=True))


def _answers(table: Table, snapshot: Snapshot) -> PublishedAnswers:
    wishes = snapshot.wishes
    _must_be_in_turn(table, "participant", table.refs("participant", snapshot.people.ids), wishes.person)
    rank = np.arange(len(wishes.person)) - wishes.begins[wishes.person] + 1
    _must_be_in_turn(table, "rank", table.numbers("rank"), rank)
    code, codes = _codes(table, wishes.bars)
    return PublishedAnswers(
        code=code,
        codes=codes,
        cell=table.refs("cell", snapshot.cells.ids, is_optional=True),
        shown=_shown(table),
    )


def _codes(table: Table, bars: tuple[str, ...]) -> tuple[Refs, tuple[str, ...]]:
    word, words = table.words("code")
    known = (*CODES, *bars)
    own = {*known} - {""}
    foreign = tuple(text for text in words if text not in own)
    for text in foreign:
        if text != NOT_RELEASED and not text.startswith(NOT_ELIGIBLE):
            raise table.refusal("answers.code", int(np.argmax(word == words.index(text))), "code")
    number = {text: index for index, text in enumerate(known + foreign) if text}
    return np.array([number[text] for text in words], np.int32)[word], known + foreign


def _post_results(table: Table, snapshot: Snapshot) -> Counted:
    post = table.refs("post", snapshot.posts.ids)
    _must_be_in_turn(table, "post", post, np.arange(len(snapshot.posts.ids)))
    numbers = {column: table.numbers(column, low=0) for column in ("seats", "filled", "empty", "incumbents")}
    return Counted(numbers, _shown(table))


def _cell_results(table: Table, snapshot: Snapshot) -> Counted:
    _must_be_in_turn(table, "cell", table.refs("cell", snapshot.cells.ids), np.arange(len(snapshot.cells.ids)))
    numbers = {column: table.numbers(column, low=0) for column in ("before", "after")}
    ceiling = table.numbers("ceiling", low=0, is_optional=True)
    return Counted({"ceiling": ceiling} | numbers, _shown(table))


def _moves(table: Table, snapshot: Snapshot) -> PublishedMoves:
    unit, step = table.numbers("unit", low=1), table.numbers("step", low=1)
    begins_unit = np.diff(unit, prepend=0) == 1
    follows = (np.diff(unit, prepend=0) == 0) & (np.diff(step, prepend=0) == 1)
    for row in np.flatnonzero(~np.where(begins_unit, step == 1, follows))[:1]:
        raise table.refusal("moves.number", int(row), "step")
    return PublishedMoves(
        unit=unit,
        step=step,
        person=table.refs("participant", snapshot.people.ids),
        origin=table.refs("from", snapshot.posts.ids),
        target=table.refs("to", snapshot.posts.ids),
    )


def _shown(table: Table) -> Shown:
    """The columns of an application that is shown; `post-results.csv` leaves out the urgency, which is the post's."""
    is_optional = True
    urgency = np.full(table.rows, EMPTY)
    if "urgency" in table.columns:
        urgency = table.numbers("urgency", low=1, is_optional=is_optional)
    depth = table.numbers("depth", low=0, is_optional=is_optional)
    points = table.numbers("points", is_optional=is_optional)
    return Shown(depth, urgency, points, *table.lots("lot"))


def _must_be_in_turn(table: Table, column: str, found: Ints | Refs, wanted: Ints | Refs) -> None:
    """Refuse the first row that is not about what the snapshot has in its place."""
    if len(found) == len(wanted) and np.array_equal(found, wanted):
        return
    common = min(len(found), len(wanted))
    for row in np.flatnonzero(found[:common] != wanted[:common])[:1]:
        raise table.refusal("results.turn", int(row), column)
    raise table.refusal("results.rows", common - 1, rows=len(found), wanted=len(wanted))


def taken_of(outcomes: Outcomes, snapshot: Snapshot) -> tuple[Ints, Ints]:
    """The wish that came true by these outcomes (NONE: stays), and the people for whom none such can have."""
    wishes, people = snapshot.wishes, snapshot.people
    begins, wished = wishes.begins[:-1], np.diff(wishes.begins)
    is_staying = (outcomes.rank == EMPTY) & (outcomes.post == people.home)
    is_wish = (outcomes.rank != EMPTY) & (outcomes.rank <= wished)
    taken = np.where(is_wish, begins + np.where(is_wish, outcomes.rank, 1) - 1, NONE)
    if len(wishes.post):
        is_bar = np.array([bool(bar) for bar in wishes.bars], np.bool_)
        is_wish &= (wishes.post[taken] == outcomes.post) & ~is_bar[wishes.bar[taken]]
    return np.where(is_wish, taken, NONE), np.flatnonzero(~is_staying & ~is_wish)
