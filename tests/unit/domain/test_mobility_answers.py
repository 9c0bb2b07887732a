"""What becomes of each wish, post and cell, and who takes whose seat."""

from app.domain.mobility import Cell, Market, Participant, Post, Wish
from app.domain.mobility_answers import Code, PostResult, count_of, results_of
from app.domain.mobility_matching import solve
from app.domain.mobility_moves import Kind, Move, conservation_of, units_of
from app.domain.mobility_order import Application
from tests.unit.mobility import markets


def wishes(*posts, points=0):
    return tuple(Wish(rank, post, points) for rank, post in enumerate(posts, start=1))


def solved(*participants, posts, cells=(), lots=None, own_cell_first=False):
    market = Market(tuple(cells), tuple(posts), participants, own_cell_first)
    return solve(market, lots or {who.id: 0 for who in participants})


def codes(of):
    return {(answer.participant, answer.rank): answer.code for answer in results_of(of).answers}


X = Post("x", None, 1, 1)


def test_every_seat_that_stayed_with_its_holder_is_said_to_be_so():
    of = solved(Participant("i", "x", wishes("y")), posts=(X, Post("y", None, 0, 1)))
    assert codes(of) == {("i", 1): Code.INCUMBENT_STAYED}


def test_who_came_in_last_is_shown_to_those_who_did_not():
    posts = (Post("a", None, 2, 1), Post("x", None, 3, None))
    people = [Participant(name, "x", wishes("a", points=points)) for name, points in (("i", 1), ("j", 3), ("k", 2))]
    of = solved(*people, posts=posts)
    assert codes(of) == {("i", 1): Code.BELOW_CUTOFF, ("j", 1): Code.RECEIVED, ("k", 1): Code.RECEIVED}
    last = Application("k", "a", 1)
    assert results_of(of).answers[0].cutoff == last
    assert results_of(of).posts["a"] == PostResult("a", seats=2, filled=2, incumbents=0, last=last)


def test_a_wish_after_the_one_that_came_true_was_not_needed_and_a_bar_is_always_said():
    barred = Wish(2, "b", 0, "NOT_ELIGIBLE:rank")
    of = solved(
        Participant("i", "x", (Wish(1, "a", 0), barred, Wish(3, "c", 0))),
        posts=(X, *(Post(name, None, 1, 1) for name in "abc")),
    )
    assert list(codes(of).values()) == [Code.RECEIVED, "NOT_ELIGIBLE:rank", Code.NOT_NEEDED]


def a_seat_of_ones_own(*, own_cell_first):
    """Home a, wish the empty seat b in the same cell of one; somebody from outside with more points wants a."""
    posts = Post("a", "l", 1, 1), Post("b", "l", 1, 1), X
    insider, outsider = Participant("i", "a", wishes("b")), Participant("j", "x", wishes("a", points=5))
    cells = [Cell("l", None, "regency", 1)]
    return solved(insider, outsider, posts=posts, cells=cells, own_cell_first=own_cell_first)


def test_a_seat_that_stays_empty_because_of_the_persons_own_has_a_code_of_its_own():
    of = a_seat_of_ones_own(own_cell_first=False)
    assert {who: one.post for who, one in of.matching.items()} == {"i": "a", "j": "x"}
    assert codes(of) == {("i", 1): Code.CEILING_OWN_CELL, ("j", 1): Code.INCUMBENT_STAYED}
    [refused, _] = results_of(of).answers
    assert (refused.cell, refused.cutoff) == ("l", None)


def test_where_own_cells_are_first_the_same_person_gets_that_seat():
    assert codes(a_seat_of_ones_own(own_cell_first=True)) == {("i", 1): Code.RECEIVED, ("j", 1): Code.CEILING}


def test_a_full_cell_that_is_not_ones_own_is_named_the_smallest_first():
    cells = Cell("l", None, "province", 1), Cell("m", "l", "regency", 1)
    posts = Post("a", "m", 1, 1), Post("b", "m", 1, 1), Post("x", None, 2, None)
    people = Participant("i", "x", wishes("a", points=2)), Participant("j", "x", wishes("b", points=1))
    results = results_of(solved(*people, posts=posts, cells=cells))
    refused = results.answers[1]
    assert (refused.code, refused.cell, refused.cutoff) == (Code.CEILING, "m", Application("i", "a", 1))
    cell = results.cells["l"]
    assert (cell.before, cell.after, cell.last) == (0, 1, Application("i", "a", 1))


def test_a_refused_wish_names_somebody_who_goes_before_or_only_people_at_home_are_in_the_way():
    """No envy by right: of all wishes dearer than the outcome the cut-off goes before."""
    counts = count_of(())
    for market, lots in markets(800, seed="answers", people=7, posts=6, cells=4):
        of = solve(market, lots)
        results = results_of(of)
        counts += count_of(results.answers)
        post_of = {(who.id, wish.rank): wish.post for who in market.participants for wish in who.wishes}
        for answer in results.answers:
            if answer.cutoff is not None:
                mine = Application(answer.participant, post_of[answer.participant, answer.rank], answer.rank)
                assert of.place[answer.cutoff] < of.place[mine]
                post = results.posts[mine.post]
                assert post.is_full == (answer.cell is None)
                assert answer.cell is None or results.cells[answer.cell].is_full
    assert min(counts[code] for code in Code) > 5


# ── moves


def test_a_chain_begins_at_the_empty_seat_and_each_takes_what_the_one_before_leaves():
    posts = Post("a", None, 1, 1), Post("b", None, 1, 1), Post("c", None, 1, 1)
    of = solved(Participant("i", "b", wishes("c")), Participant("j", "a", wishes("b")), posts=posts)
    [unit] = units_of(of)
    assert (unit.kind, unit.moves) == (Kind.CHAIN, (Move("i", "b", "c"), Move("j", "a", "b")))


def test_who_swap_are_a_cycle_and_come_after_the_chains():
    posts = Post("a", None, 1, 1), Post("b", None, 1, 1), Post("c", None, 1, 1), Post("d", None, 1, 1)
    of = solved(
        Participant("i", "a", wishes("b")),
        Participant("j", "b", wishes("a")),
        Participant("k", "c", wishes("d")),
        posts=posts,
    )
    assert [(unit.kind, [move.participant for move in unit.moves]) for unit in units_of(of)] == [
        (Kind.CHAIN, ["k"]),
        (Kind.CYCLE, ["i", "j"]),
    ]


def test_of_those_who_come_to_a_post_the_first_take_the_empty_seats():
    posts = Post("a", None, 2, 1), Post("b", None, 2, 1), Post("c", None, 1, 1)
    of = solved(
        Participant("i", "b", wishes("a")),
        Participant("j", "b", wishes("a")),
        Participant("k", "a", wishes("c")),
        posts=posts,
    )
    assert [[move.participant for move in unit.moves] for unit in units_of(of)] == [["i"], ["k", "j"]]


def test_who_comes_from_a_pool_fills_a_seat_for_good():
    of = solved(Participant("i", "pool", wishes("x")), posts=(X, Post("pool", None, 1, None)))
    found = conservation_of(of)
    assert (found.empty_before, found.empty_after, found.entered) == (1, 0, 1)
    assert found.holds


def test_every_move_is_in_one_unit_and_no_seat_is_made_or_lost():
    kinds = set()
    for market, lots in markets(800, seed="moves", people=7, posts=6):
        of = solve(market, lots)
        assert conservation_of(of).holds
        units = units_of(of)
        kinds.update(unit.kind for unit in units)
        moves = [move for unit in units for move in unit.moves]
        assert sorted(move.participant for move in moves) == sorted(
            one.participant for one in of.matching.values() if one.rank is not None
        )
        for unit in units:
            links = list(zip(unit.moves, unit.moves[1:], strict=False))
            if unit.kind is Kind.CYCLE:
                links.append((unit.moves[-1], unit.moves[0]))
            assert all(one.home == then.post for one, then in links)
        began = [unit.moves[0].post for unit in units if unit.kind is Kind.CHAIN]
        home = [who.home for who in market.participants]
        assert all(began.count(post.id) <= post.seats - home.count(post.id) for post in market.posts)
    assert kinds == set(Kind)
