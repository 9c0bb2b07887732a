"""The institutions of an invented nation: where they are, what they are called and how many people each employs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from app.domain.provinces import PROVINCES

DISTRICTS: Final = 508
"""Kabupaten and kota with an appointing authority of their own."""
CENTRAL: Final = 75
CAPITAL: Final = "31"
INSTITUTIONS: Final = len(PROVINCES) + DISTRICTS + CENTRAL
LARGEST: Final = 100_000
FEWEST: Final = 100
"""An institution has about so many people at least; a small population has fewer institutions."""
SEED: Final = "the nation"
_NAMESPACE: Final = uuid5(NAMESPACE_URL, SEED)
# Share of everybody, and the spread of sizes (of a log-normal draw), of what is central, a province, a district.
_KINDS: Final = {"central": (0.24, 1.1), "province": (0.16, 0.45), "district": (0.60, 0.45)}


@dataclass(frozen=True, slots=True)
class Government:
    """One institution; its number counts from 0."""

    number: int
    name: str
    province: str
    kind: str
    people: int

    @property
    def id(self) -> UUID:
        """The same in every population."""
        return uuid5(_NAMESPACE, self.name)


def governments(population: int) -> tuple[Government, ...]:
    """The institutions of a nation of so many people: 621 of them, or as many as such a population fills."""
    places = sorted(_places(), key=lambda place: (Random(f"{SEED}/{place[0]}").random(), place[0]))
    kept = places[: max(1, min(INSTITUTIONS, population // FEWEST))]
    sizes = _sizes(kept, population)
    return tuple(
        Government(number, name, province, kind, people)
        for number, ((name, province, kind), people) in enumerate(zip(kept, sizes, strict=True))
    )


def _places() -> Iterator[tuple[str, str, str]]:
    """Name, province and kind of all institutions."""
    for number in range(1, CENTRAL + 1):
        yield f"Kementerian atau Lembaga Contoh {number:02d}", CAPITAL, "central"
    for province, name in PROVINCES.items():
        yield f"Pemerintah Provinsi {name}", province, "province"
    autonomous = [code for code in PROVINCES if code != CAPITAL]  # the six of Jakarta are administrative
    for number in range(DISTRICTS):
        turn, place = divmod(number, len(autonomous))
        province = autonomous[place]
        form = "Kota" if turn % 5 == 4 else "Kabupaten"
        yield f"Pemerintah {form} Contoh {province}{turn + 1:02d}", province, "district"


def _sizes(places: list[tuple[str, str, str]], population: int) -> list[int]:
    """How many people each has, in all exactly the population."""
    present = {kind for _, _, kind in places}
    whole = sum(share for kind, (share, _) in _KINDS.items() if kind in present)
    weights = [Random(f"{SEED}/size/{name}").lognormvariate(0, _KINDS[kind][1]) for name, _, kind in places]
    alike = dict.fromkeys(present, 0.0)
    for (_, _, kind), weight in zip(places, weights, strict=True):
        alike[kind] += weight
    sizes = [
        int(min(LARGEST, population * _KINDS[kind][0] / whole * weight / alike[kind]))
        for (_, _, kind), weight in zip(places, weights, strict=True)
    ]
    for number in range(population - sum(sizes)):
        sizes[number % len(sizes)] += 1
    return sizes
