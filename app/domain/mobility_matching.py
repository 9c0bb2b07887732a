"""Who gets which post: everybody proposes in turn, and whoever is last where there is no room proposes again.

Deferred acceptance with contracts (Hatfield and Milgrom, American Economic Review 2005). What may be held together is a
laminar matroid, posts within nested cells; of all that propose, the first in one strict order are held. So applications
are substitutes and the law of aggregate demand holds (Kamada and Kojima, American Economic Review 2015). Whatever the
order in which people are asked, nobody has a justified claim to another seat, everybody gets the best that any such
outcome gives them, and nobody gains by another list than their true one. Homes stand first in the order (Pereyra, Games
and Economic Behavior 2013), so that nobody ends below theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.mobility import Geography, Market, geography_of
from app.domain.mobility_order import Application, Standing, list_of, places, standings

Matching = Mapping[str, Application]
"""The application that came true, by participant."""


@dataclass(slots=True)
class Nest:
    """A post or a cell: how many it may hold, and what it holds at present."""

    most: int | None
    """None: no bound."""
    held: set[Application] = field(default_factory=set)

    @property
    def is_overfull(self) -> bool:
        return self.most is not None and len(self.held) > self.most


@dataclass(frozen=True, slots=True)
class Solved:
    """The outcome of a round, and what it rests on."""

    market: Market
    geography: Geography
    standing: Mapping[Application, Standing]
    place: Mapping[Application, int]
    matching: Matching


def solve(market: Market, lots: Mapping[str, int]) -> Solved:
    """The outcome of a market without faults."""
    standing = standings(market, lots)
    place = places(market, standing)
    geography = geography_of(market)
    lists = {who.id: list_of(who) for who in market.participants}
    return Solved(market, geography, standing, place, match(geography, place, lists))


def match(
    geography: Geography, place: Mapping[Application, int], lists: Mapping[str, Sequence[Application]]
) -> dict[str, Application]:
    """Deferred acceptance. Each list ends with the home; those asked later make no difference."""
    nests_of = _nests(geography)
    next_of = {participant: iter(own) for participant, own in lists.items()}
    waiting, held = list(lists), {}
    while waiting:
        participant = waiting.pop()
        held[participant] = next(next_of[participant])
        evicted = _hold(held[participant], nests_of, place)
        if evicted is not None:
            waiting.append(evicted.participant)
    return held


def _nests(geography: Geography) -> dict[str, tuple[Nest, ...]]:
    """Each post and the cells that hold it, the smallest first."""
    cells = {cell.id: Nest(cell.ceiling) for cell in geography.cells.values()}
    return {
        post.id: (Nest(post.seats), *(cells[cell] for cell in geography.cells_around(post.id)))
        for post in geography.posts.values()
    }


def _hold(
    application: Application, nests_of: Mapping[str, Iterable[Nest]], place: Mapping[Application, int]
) -> Application | None:
    """Hold one more; the application that has to go for it, which may be itself.

    One at most: without the last of the smallest nest that is overfull every larger one has room again.
    """
    for nest in nests_of[application.post]:
        nest.held.add(application)
    overfull = next((nest for nest in nests_of[application.post] if nest.is_overfull), None)
    if overfull is None:
        return None
    last = max(overfull.held, key=place.__getitem__)
    for nest in nests_of[last.post]:
        nest.held.remove(last)
    return last
