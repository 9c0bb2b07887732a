"""A round on arrays comes to what the plain rules come to: every outcome, code, cut-off, post, cell and move."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain import mobility_answers, mobility_matching, mobility_moves
from app.domain.errors import Invalid
from app.domain.mobility import Cell, Market, Participant, Post, Wish
from app.domain.mobility_faults import faults_of
from app.domain.mobility_order import Application
from app.kernels import mobility, mobility_rounds
from app.kernels.mobility_answers import CODES, results_of
from app.kernels.mobility_moves import moves_of
from app.kernels.mobility_rounds import NONE
from tests.unit.mobility import a_market, columns_of, markets, some_lots

AS_OFTEN_AS_USUAL = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
"""The first example may have to wait for the machine code."""


def solved_on_arrays(market, lots):
    """What arrays come to, in the words of the plain rules."""
    round_, _ = columns_of(market, lots)
    solved = mobility.solve(round_)
    results, moves = results_of(round_, solved), moves_of(round_, solved)
    wishes = [(who, wish) for who in market.participants for wish in who.wishes]

    def shown(number):
        return (
            None
            if number == NONE
            else Application(wishes[number][0].id, wishes[number][1].post, wishes[number][1].rank)
        )

    matching = {
        who.id: shown(wish) or Application(who.id, who.home, None)
        for who, wish in zip(market.participants, solved.wish.tolist(), strict=True)
    }
    answers = tuple(
        mobility_answers.Answer(
            who.id,
            wish.rank,
            wish.bar if code == NONE else CODES[code],
            None if cell == NONE else market.cells[cell].id,
            shown(cutoff),
        )
        for (who, wish), code, cell, cutoff in zip(
            wishes, results.code.tolist(), results.cell.tolist(), results.cutoff.tolist(), strict=True
        )
    )
    posts = {
        post.id: mobility_answers.PostResult(post.id, post.seats, filled, incumbents, shown(last))
        for post, filled, incumbents, last in zip(
            market.posts, results.filled.tolist(), results.incumbents.tolist(), results.last.tolist(), strict=True
        )
    }
    cells = {
        cell.id: mobility_answers.CellResult(cell.id, cell.ceiling, before, after, shown(last))
        for cell, before, after, last in zip(
            market.cells, results.before.tolist(), results.after.tolist(), results.last_inside.tolist(), strict=True
        )
    }
    units = [[] for _ in range(moves.unit.max(initial=0))]
    for unit, step, who in zip(moves.unit.tolist(), moves.step.tolist(), moves.participant.tolist(), strict=True):
        one = matching[market.participants[who].id]
        units[unit - 1].append(mobility_moves.Move(one.participant, market.participants[who].home, one.post))
        assert step == len(units[unit - 1])
    kinds = [mobility_moves.Kind.CHAIN] * moves.chains + [mobility_moves.Kind.CYCLE] * (len(units) - moves.chains)
    whole = tuple(mobility_moves.Unit(kind, tuple(unit)) for kind, unit in zip(kinds, units, strict=True))
    return matching, mobility_answers.Results(answers, posts, cells), whole


def solved_plainly(market, lots):
    solved = mobility_matching.solve(market, lots)
    return solved.matching, mobility_answers.results_of(solved), mobility_moves.units_of(solved)


@AS_OFTEN_AS_USUAL
@given(st.randoms(use_true_random=False))
def test_arrays_come_to_what_the_plain_rules_come_to(chance):
    market = a_market(chance, people=6, posts=5, cells=4)
    lots = some_lots(chance, market)
    assert solved_on_arrays(market, lots) == solved_plainly(market, lots)


def test_so_do_they_in_larger_rounds_with_full_posts_and_cells():
    for market, lots in markets(20, seed="large", people=120, posts=40, cells=12):
        assert solved_on_arrays(market, lots) == solved_plainly(market, lots)


def test_lots_use_all_of_their_bits():
    posts = Post("a", None, 1, 1), Post("x", None, 2, None)
    people = tuple(Participant(name, "x", (Wish(1, "a", 0),)) for name in ("i", "j"))
    lots = {"i": 2**64 - 1, "j": 2**63}
    matching, _, _ = solved_on_arrays(Market((), posts, people), lots)
    assert matching["j"].post == "a"


def test_ids_that_do_not_ascend_are_no_labels():
    _, labels = columns_of(SOUND, LOTS)
    with pytest.raises(ValueError, match="ascend"):
        replace(labels, posts=labels.posts[::-1])


def test_a_round_of_nobody_is_solved():
    assert solved_on_arrays(Market((), (), ()), {}) == ({}, mobility_answers.Results((), {}, {}), ())


# ── what must not be wrong

SOUND = Market(
    (Cell("l", None, "province", 3), Cell("m", "l", "regency", 2)),
    (Post("a", "m", 1, 1), Post("b", "m", 1, 1), Post("pool", "l", 1, None)),
    (
        Participant("i", "a", (Wish(1, "b", 0),)),
        Participant("j", "b", (Wish(1, "a", 0),)),
        Participant("k", "pool", (Wish(1, "a", 0),)),
    ),
)
[TOP, INNER], [A, B, POOL], [WHO, J, K] = SOUND.cells, SOUND.posts, SOUND.participants
LOTS = {"i": 0, "j": 0, "k": 0}


@pytest.mark.parametrize(
    "changes",
    [
        {"cells": (replace(TOP, ceiling=2), replace(INNER, ceiling=1))},
        {"posts": (replace(A, seats=0), B, replace(POOL, seats=2))},
        {"participants": (replace(WHO, wishes=(Wish(1, "a", 0), Wish(2, "pool", 0), Wish(3, "a", 0))), J, K)},
    ],
)
def test_what_is_wrong_with_columns_is_said_as_the_plain_rules_say_it(changes):
    wrong = replace(SOUND, **changes)
    round_, labels = columns_of(wrong, LOTS)
    with pytest.raises(Invalid) as refused:
        mobility_rounds.must_be_sound(round_, labels)
    assert sorted(map(repr, refused.value.faults)) == sorted(map(repr, faults_of(wrong)))
    with pytest.raises(ValueError, match="must_be_sound"):
        mobility.solve(round_)


def test_cells_in_a_circle_are_refused_before_anybody_is_counted():
    round_, labels = columns_of(replace(SOUND, cells=(replace(TOP, parent="m"), INNER)), LOTS)
    found = list(mobility_rounds.faults_of(round_, labels))
    assert [(fault.code, fault.where) for fault in found] == [
        ("mobility.circle", "/cells/0/parent"),
        ("mobility.circle", "/cells/1/parent"),
    ]
    assert not mobility_rounds.is_sound(round_)
