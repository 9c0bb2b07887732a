"""What can be wrong with a market: everything is said at once, each fault where it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from app.domain.errors import Fault, Invalid
from app.domain.mobility import NOT_ELIGIBLE, NOT_RELEASED, Cell, Market, Participant, Post, Wish

MOST_FAULTS = 500  # of one market; more would help nobody
LARGEST = 10**9  # of seats, ceilings and classes; more people than there are
MOST_POINTS = 10**18 - 1
_ID = re.compile(r"[A-Za-z0-9_-]{1,36}")
_RULE = re.compile(r"[A-Za-z0-9._-]{1,60}")


def must_be_sound(market: Market) -> None:
    """Refused with what is wrong, the first 500 faults."""
    refuse_where_faulty(faults_of(market))


def refuse_where_faulty(faults: Iterable[Fault]) -> None:
    """Refused where there is any."""
    if found := tuple(islice(faults, MOST_FAULTS)):
        raise Invalid("mobility.market", faults=found)


def faults_of(market: Market) -> Iterator[Fault]:
    """Everything that is wrong: cells, posts, people."""
    cells = {cell.id: cell for cell in reversed(market.cells)}
    posts = {post.id: post for post in reversed(market.posts)}
    people = Counter(who.home for who in market.participants)
    yield from _faults_of_cells(market.cells, cells, _stock(cells, posts, people))
    yield from _faults_of_posts(market.posts, cells, people)
    yield from _faults_of_participants(market.participants, posts)


def _stock(cells: Mapping[str, Cell], posts: Mapping[str, Post], people: Mapping[str, int]) -> Counter[str]:
    """How many people have their home in each cell."""
    stock: Counter[str] = Counter()
    for post, count in people.items():
        for cell in _around(cells, posts[post].cell if post in posts else None):
            stock[cell] += count
    return stock


def _around(cells: Mapping[str, Cell], cell: str | None) -> list[str]:
    """A cell and those around it, as far as they are known; each once, also where they go round in a circle."""
    around: list[str] = []
    while cell is not None and cell in cells and cell not in around:
        around.append(cell)
        cell = cells[cell].parent
    return around


# ── cells


def _faults_of_cells(listed: Sequence[Cell], cells: Mapping[str, Cell], stock: Mapping[str, int]) -> Iterator[Fault]:
    seen: dict[str, Cell] = {}
    for place, cell in enumerate(listed):
        where = f"/cells/{place}"
        yield from _faults_of_id(cell.id, f"{where}/id")
        if not _ID.fullmatch(cell.level):
            yield Fault("mobility.level", f"{where}/level")
        if cell.id in seen:
            yield _fault_of_second(cell.id, seen[cell.id].parent, cell.parent, where)
            continue
        seen[cell.id] = cell
        yield from _faults_of_parent(cell, cells, f"{where}/parent")
        yield from _faults_of_ceiling(cell, stock[cell.id], f"{where}/ceiling")


def _fault_of_second(id_: str, first: str | None, second: str | None, where: str) -> Fault:
    """What is listed twice: in the same cell, or in two, which then cross."""
    if first == second:
        return Fault("mobility.repeated", f"{where}/id", {"id": id_})
    return Fault("mobility.cross", where, {"id": id_, "one": first or "–", "other": second or "–"})


def _faults_of_parent(cell: Cell, cells: Mapping[str, Cell], where: str) -> Iterator[Fault]:
    if cell.parent is None:
        return
    if cell.parent not in cells:
        yield Fault("mobility.no_cell", where, {"cell": cell.parent})
    elif cell.id in _around(cells, cell.parent):
        yield circle(cell.id, where)


def _faults_of_ceiling(cell: Cell, people: int, where: str) -> Iterator[Fault]:
    if cell.ceiling is None:
        return
    if not 0 <= cell.ceiling <= LARGEST:
        yield Fault("mobility.number", where, {"lowest": 0, "highest": LARGEST})
    elif cell.ceiling < people:
        yield ceiling_below_people(cell.id, cell.ceiling, people, where)


def circle(cell: str, where: str) -> Fault:
    """A cell that lies within itself."""
    return Fault("mobility.circle", where, {"cell": cell})


def ceiling_below_people(cell: str, ceiling: int, people: int, where: str) -> Fault:
    """A ceiling that those who are at home could not all stay under."""
    return Fault("mobility.ceiling", where, {"cell": cell, "ceiling": ceiling, "people": people})


# ── posts


def _faults_of_posts(listed: Sequence[Post], cells: Mapping[str, Cell], people: Mapping[str, int]) -> Iterator[Fault]:
    seen: dict[str, Post] = {}
    for place, post in enumerate(listed):
        where = f"/posts/{place}"
        yield from _faults_of_id(post.id, f"{where}/id")
        if post.id in seen:
            yield _fault_of_second(post.id, seen[post.id].cell, post.cell, where)
            continue
        seen[post.id] = post
        if post.cell is not None and post.cell not in cells:
            yield Fault("mobility.no_cell", f"{where}/cell", {"cell": post.cell})
        if post.urgency is not None and not 1 <= post.urgency <= LARGEST:
            yield Fault("mobility.number", f"{where}/urgency", {"lowest": 1, "highest": LARGEST})
        yield from _faults_of_seats(post, people.get(post.id, 0), f"{where}/seats")


def _faults_of_seats(post: Post, people: int, where: str) -> Iterator[Fault]:
    if not 0 <= post.seats <= LARGEST:
        yield Fault("mobility.number", where, {"lowest": 0, "highest": LARGEST})
    elif post.is_pool and post.seats != people:
        yield pool_of_others(post.id, post.seats, people, where)
    elif post.seats < people:
        yield seats_below_people(post.id, post.seats, people, where)


def seats_below_people(post: str, seats: int, people: int, where: str) -> Fault:
    """A post in which those who are at home could not all stay."""
    return Fault("mobility.seats", where, {"post": post, "seats": seats, "people": people})


def pool_of_others(post: str, seats: int, people: int, where: str) -> Fault:
    """A pool with other seats than its people."""
    return Fault("mobility.pool_seats", where, {"post": post, "seats": seats, "people": people})


# ── people


def _faults_of_participants(listed: Sequence[Participant], posts: Mapping[str, Post]) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, who in enumerate(listed):
        where = f"/participants/{place}"
        yield from _faults_of_id(who.id, f"{where}/id")
        if who.id in seen:
            yield Fault("mobility.repeated", f"{where}/id", {"id": who.id})
        seen.add(who.id)
        if who.home not in posts:
            yield Fault("mobility.no_post", f"{where}/home", {"post": who.home})
        yield from _faults_of_wishes(who, posts, f"{where}/wishes")


def _faults_of_wishes(who: Participant, posts: Mapping[str, Post], wishes: str) -> Iterator[Fault]:
    wished: set[str] = set()
    for place, wish in enumerate(who.wishes):
        where = f"{wishes}/{place}"
        if wish.rank != place + 1:
            yield Fault("mobility.rank", f"{where}/rank", {"rank": wish.rank, "expected": place + 1})
        if wish.post not in posts:
            yield Fault("mobility.no_post", f"{where}/post", {"post": wish.post})
        elif posts[wish.post].is_pool:
            yield pool_wished(wish.post, f"{where}/post")
        if wish.post == who.home:
            yield home_wished(wish.post, f"{where}/post")
        if wish.post in wished:
            yield wished_twice(wish.post, f"{where}/post")
        wished.add(wish.post)
        yield from _faults_of_wish(wish, where)


def _faults_of_wish(wish: Wish, where: str) -> Iterator[Fault]:
    if abs(wish.points) > MOST_POINTS:
        yield Fault("mobility.number", f"{where}/points", {"lowest": -MOST_POINTS, "highest": MOST_POINTS})
    if wish.bar is not None and not is_bar(wish.bar):
        yield Fault("mobility.bar", f"{where}/bar")


def is_bar(text: str) -> bool:
    """Whether a text says why a wish cannot count."""
    rule = text.removeprefix(NOT_ELIGIBLE)
    return text == NOT_RELEASED or (rule != text and _RULE.fullmatch(rule) is not None)


def pool_wished(post: str, where: str) -> Fault:
    """A wish for a pool, which has no seats to give."""
    return Fault("mobility.pool_wished", where, {"post": post})


def home_wished(post: str, where: str) -> Fault:
    """A wish for the seat that somebody holds already."""
    return Fault("mobility.home_wished", where, {"post": post})


def wished_twice(post: str, where: str) -> Fault:
    """A second wish for the same post."""
    return Fault("mobility.wished_twice", where, {"post": post})


def _faults_of_id(id_: str, where: str) -> Iterator[Fault]:
    if not _ID.fullmatch(id_):
        yield Fault("mobility.id", where)
