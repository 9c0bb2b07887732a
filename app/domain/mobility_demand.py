"""Demand and supply over the nation: what may be told of counts of people who want to move, beside counts of seats.

Net pressure is the number of people who want in, less the seats that are empty or will be within the horizon. Above
nothing more want to come than can be seated unless somebody leaves; below it seats would stay empty.

Of people, somebody counts once at each level or affair they name, and once among all of a province and of the nation:
sums of the groups can be more. Which counts are withheld is found on the sums; a total of people is told where the sum
is, and is not small itself. What single people are moved between so that every sum stays as it is, leaves every total
as it is as well, so that the totals give nobody away either.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.suppression import SMALLEST_TOLD, is_small, sum_told, tell

ALL = "*"
"""The province, or the value, of what is counted over all of them."""
LONGEST_HORIZON = 60
"""Months."""
FEWEST_ASKING = SMALLEST_TOLD
"""How many have to ask for a kind of post before it is told that nobody lists one; as in `mobility_unmet_posts()`."""
STEPS = (5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)


class Group(StrEnum):
    """By what demand and supply are told within each province."""

    POSITION_LEVEL = "positionLevel"
    GOVERNMENT_AFFAIR = "governmentAffair"
    JOB_FAMILY = "jobFamily"
    PROGRAMME = "programme"
    """By the priority programmes of one's own institution that are in force, each with all of its affairs."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted of a province and a value."""

    wanting_in: int = 0
    wanting_out: int = 0
    empty: int = 0
    freed: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What of it may be told; None where it is withheld."""

    wanting_in: int | None
    wanting_out: int | None
    empty: int
    freed: int | None

    @property
    def net_pressure(self) -> int | None:
        """People who want in, less the seats that are empty or will be; None where that would tell what is withheld."""
        if self.wanting_in is None or self.freed is None:
            return None
        return self.wanting_in - self.empty - self.freed


Place = tuple[str, str]
"""A province and a value; blank where it is unknown or was not said, `*` for all of them."""
Table = Mapping[Place, Counts]
_Sheet = dict[Place, int | None]


def withhold(table: Table) -> dict[Place, Told]:
    """What may be told of a whole table, which has its totals among its places.

    Small counts of people go, and those that would give them away. So do seats that will be free: somebody retires from
    each. What is told of a province and of the nation is the same whatever the groups.
    """
    provinces = sorted({province for province, _ in table} - {ALL})
    values = sorted({value for _, value in table} - {ALL})
    sheets = [
        _told({place: getattr(counts, kind) for place, counts in table.items()}, provinces, values)
        for kind in ("wanting_in", "wanting_out", "freed")
    ]
    return {
        place: Told(sheets[0][place], sheets[1][place], counts.empty, sheets[2][place])
        for place, counts in table.items()
    }


def _told(counts: Mapping[Place, int], provinces: Sequence[str], values: Sequence[str]) -> _Sheet:
    """First which totals of provinces are told, which are the same in every table; then the rest by them."""
    if not provinces or not values:
        return {place: None if is_small(count) else count for place, count in counts.items()}
    nation = counts.get((ALL, ALL), 0)
    by_province = tell([[counts.get((province, ALL), 0) for province in provinces]], known=[(0, len(provinces))])
    hidden = [row for row, told in enumerate(by_province.cells[0]) if told is None]
    cells = [[counts.get((province, value), 0) for value in values] for province in provinces]
    last_row, last_column = len(provinces), len(values)
    small = {(last_row, column) for column, value in enumerate(values) if is_small(counts.get((ALL, value), 0))}
    known = [(row, last_column) for row in range(last_row) if row not in hidden]
    told = tell(cells, also={*((row, last_column) for row in hidden), *small}, known=known)
    sheet: _Sheet = {
        (province, value): told.cells[row][column]
        for row, province in enumerate(provinces)
        for column, value in enumerate(values)
    }
    for column, value in enumerate(values):
        sheet[ALL, value] = None if told.columns[column] is None else counts.get((ALL, value), 0)
    for row, province in enumerate(provinces):
        sheet[province, ALL] = None if row in hidden else counts.get((province, ALL), 0)
    sheet[ALL, ALL] = None if is_small(nation) else nation
    return sheet


def by_programme(
    told: Mapping[Place, Told], programmes: Mapping[str, tuple[Collection[str], str | None]]
) -> dict[Place, Told]:
    """Affairs put together to programmes: sums of what is told, so that nothing is told by them that was withheld.

    Of each programme its affairs, and the province that it is for; None for all. Who would take two of a programme's
    affairs is counted at each of them.
    """
    sums = {
        (province, code): _sum([told[province, affair] for affair in sorted(affairs) if (province, affair) in told])
        for province in {province for province, _ in told}
        for code, (affairs, only) in programmes.items()
        if only in (None, province)
    }
    return {**{place: one for place, one in told.items() if place[1] == ALL}, **sums}


def _sum(parts: Sequence[Told]) -> Told:
    return Told(
        sum_told([part.wanting_in for part in parts]),
        sum_told([part.wanting_out for part in parts]),
        sum(part.empty for part in parts),
        sum_told([part.freed for part in parts]),
    )


def at_least(people: int) -> int:
    """So many people in a step that tells no single one of them."""
    return max(step for step in STEPS if step <= people)
