"""What a round would come to under other settings, in figures to compare. Loads the compiler: for jobs alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np
import numpy.typing as npt

from app.domain.errors import Fault, Invalid
from app.domain.mobility import NOT_RELEASED
from app.kernels.columns import Ints
from app.kernels.mobility_answers import CEILING_OWN_CELL
from app.kernels.mobility_rounds import NONE, Round
from app.services.mobility_rounds import Found, Loaded


@dataclass(frozen=True, slots=True)
class Regions:
    """Regions of a kind: what they are called, and the one each post is in."""

    kind: str
    codes: Sequence[str | None]
    names: Sequence[str | None]
    of_post: Ints


@dataclass(frozen=True, slots=True)
class Flow:
    """How many people come to a region from elsewhere, and leave it."""

    region: str
    code: str | None
    name: str | None
    came: int
    went: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What a round comes to."""

    movers: int
    by_rank: list[int]
    chains: int
    cycles: int
    lengths: list[int]
    own_cell_refusals: int
    urgent: list[dict[str, int]]
    flows: list[Flow]


@dataclass(frozen=True, slots=True)
class Release:
    """Somebody who would be let go, or no longer; then only to posts inside the unit."""

    participant: UUID
    is_released: bool
    inside: Sequence[UUID]


def regions_of(kind: str, told: Sequence[tuple[str | None, str | None]]) -> Regions:
    """Regions from code and name of each post's."""
    place = {region: number for number, region in enumerate(dict.fromkeys(told))}
    of_post = np.array([place[region] for region in told], np.int64)
    return Regions(kind, [code for code, _ in place], [name for _, name in place], of_post)


# ── other settings


def with_headroom(loaded: Loaded, headroom: Mapping[str, int]) -> Loaded:
    """The same round where cells may grow by so many beyond the people at home in them."""
    if not headroom:
        return loaded
    round_, ceiling = loaded.round_, loaded.round_.ceiling.copy()
    stock, place = round_.stock, _places(loaded.labels.cells)
    strange = [
        Fault("mobility_rehearsal.no_cell", f"/headroom/{cell}", {"cell": cell})
        for cell in headroom
        if cell not in place
    ]
    if strange:
        raise Invalid("request.invalid", faults=tuple(strange))
    for cell, room in headroom.items():
        ceiling[place[cell]] = stock[place[cell]] + room
    return Loaded(replace(round_, ceiling=ceiling), loaded.labels)


def with_releases(loaded: Loaded, releases: Sequence[Release]) -> Loaded:
    """The same round where others are let go. Only who meets every requirement is barred by not being released."""
    if not releases:
        return loaded
    round_, labels = loaded
    bars = [*labels.bars.astype(str).tolist()]
    if NOT_RELEASED not in bars:
        bars.append(NOT_RELEASED)
    unreleased, bar = bars.index(NOT_RELEASED), round_.bar.copy()
    people, posts = _places(labels.participants), _places(labels.posts)
    for one in releases:
        who = people.get(str(one.participant))
        if who is None:
            continue
        own = slice(int(round_.begins[who]), int(round_.begins[who + 1]))
        if one.is_released:
            bar[own] = np.where(bar[own] == unreleased, NONE, bar[own])
        else:
            inside = [posts[str(post)] for post in one.inside if str(post) in posts]
            goes_elsewhere = ~np.isin(round_.post[own], inside)
            bar[own] = np.where((bar[own] == NONE) & goes_elsewhere, unreleased, bar[own])
    return Loaded(replace(round_, bar=bar), replace(labels, bars=np.array(bars, np.bytes_)))


def with_own_cell_first(loaded: Loaded, *, own_cell_first: bool) -> Loaded:
    """The same round in which insiders go first, or do not."""
    return Loaded(replace(loaded.round_, own_cell_first=own_cell_first), loaded.labels)


def _places(names: npt.NDArray[np.bytes_]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names.astype(str).tolist())}


# ── figures


def figures_of(found: Found, regions: Sequence[Regions]) -> Figures:
    """What the round came to."""
    round_, moves = found.round_, found.moves
    wish = found.solved.wish[found.solved.wish != NONE]
    lengths = np.bincount(moves.unit)[1:]
    moved = found.solved.wish != NONE
    return Figures(
        movers=len(wish),
        by_rank=np.bincount(round_.ranks[wish])[1:].tolist(),
        chains=moves.chains,
        cycles=len(lengths) - moves.chains,
        lengths=np.bincount(lengths)[1:].tolist(),
        own_cell_refusals=int((found.results.code == CEILING_OWN_CELL).sum()),
        urgent=_urgent(round_, found.results.filled),
        flows=[flow for one in regions for flow in _flows(one, round_.home[moved], round_.post[wish])],
    )


def _urgent(round_: Round, filled: Ints) -> list[dict[str, int]]:
    """Seats by class of urgency: how many there are, and how many were and stay empty."""
    at_home, classes = round_.at_home, np.unique(round_.urgency[round_.urgency != NONE])
    told = []
    for urgency in classes.tolist():
        of_class = round_.urgency == urgency
        seats = int(round_.seats[of_class].sum())
        before, after = seats - int(at_home[of_class].sum()), seats - int(filled[of_class].sum())
        told.append({"urgency": urgency, "seats": seats, "emptyBefore": before, "emptyAfter": after})
    return told


def _flows(regions: Regions, homes: Ints, posts: Ints) -> Iterator[Flow]:
    """Of every region of the round."""
    source, target = regions.of_post[homes], regions.of_post[posts]
    crosses = source != target
    came = np.bincount(target[crosses], minlength=len(regions.codes)).tolist()
    went = np.bincount(source[crosses], minlength=len(regions.codes)).tolist()
    for code, name, coming, going in zip(regions.codes, regions.names, came, went, strict=True):
        yield Flow(regions.kind, code, name, coming, going)
