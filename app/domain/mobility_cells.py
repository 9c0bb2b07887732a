"""Cells of a mobility campaign: what each holds, what is wrong with a set of them, and which one a post lies in.

A cell holds the posts that meet all it says, within those of its parent. Cells nest: two of them have no post in
common, or one lies within the other. An institution lies in one province, so naming it says the province as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from itertools import combinations, islice
from uuid import UUID

from app.domain.errors import Fault, Invalid
from app.domain.messages import sentence
from app.domain.mobility_faults import MOST_FAULTS

MOST_CELLS = 10_000  # of one campaign


class CellLevel(StrEnum):
    """What a cell is, from the widest to the narrowest: a cell lies in one of its own level or a wider one."""

    OCCUPATION = "occupation"
    PROVINCE = "province"
    INSTITUTION = "institution"
    UNIT = "unit"


NAMES: Mapping[CellLevel, tuple[str, ...]] = {
    CellLevel.OCCUPATION: ("position_level", "government_affair"),
    CellLevel.PROVINCE: ("province_code",),
    CellLevel.INSTITUTION: ("of_institution_id",),
    CellLevel.UNIT: ("of_unit_id",),
}
"""What a cell of a level has to name, at least one of them."""
ORDER = tuple(CellLevel)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a post is and what it is; of a cell, what it asks for, and None does not restrict."""

    position_level: str | None = None
    government_affair: str | None = None
    province_code: str | None = None
    of_institution_id: UUID | None = None
    of_unit_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenCell:
    """A cell as the organiser writes it."""

    id: str
    parent_id: str | None
    level: CellLevel
    place: Place
    headroom: int | None = None
    ceiling: int | None = None


Conditions = Mapping[str, object]
"""What a post in a cell has to be, by the names of `Place`; also what the cells around it and its institution say."""
DIMENSIONS = tuple(one.name for one in fields(Place))
NOWHERE = ""
"""The province of an institution that has none."""


# ── what is wrong with a set of cells

CROSSING = "mobility_cell.cross"


def must_nest(cells: Sequence[WrittenCell], provinces: Mapping[UUID, str | None], pointers: Sequence[str]) -> None:
    """Refused with everything that is wrong, the first 500 faults.

    `provinces` are those of known institutions, `pointers` say where each cell stands; of two the later one is told.
    """
    if found := tuple(islice(_faults(cells, provinces, pointers), MOST_FAULTS)):
        raise Invalid("request.invalid", faults=found)


def must_not_cross(cells: Sequence[WrittenCell], provinces: Mapping[UUID, str | None], pointers: Sequence[str]) -> None:
    """Refused where cells cross by now that were sound when they were put: an institution moved to another province."""
    crossing = (fault for fault in _faults(cells, provinces, pointers) if fault.code == CROSSING)
    if found := tuple(islice(crossing, MOST_FAULTS)):
        raise Invalid("request.invalid", faults=found)


def _faults(
    cells: Sequence[WrittenCell], provinces: Mapping[UUID, str | None], pointers: Sequence[str]
) -> Iterator[Fault]:
    family: dict[str, WrittenCell] = {}
    places: dict[str, int] = {}
    faulty: set[str] = set()
    for place, cell in enumerate(cells):
        if faults := [*_faults_of_cell(cell, provinces, pointers[place])]:
            faulty.add(cell.id)
            yield from faults
        if cell.id in family:
            yield Fault("mobility.repeated", f"{pointers[place]}/id", {"id": cell.id})
        else:
            family[cell.id], places[cell.id] = cell, place
    where = {id_: pointers[place] for id_, place in places.items()}
    orphans = {id_: fault for id_, cell in family.items() if (fault := _fault_of_parent(cell, family, where[id_]))}
    yield from orphans.values()
    rooted = {
        id_: cell for id_, cell in family.items() if orphans.keys().isdisjoint(one.id for one in _chain(cell, family))
    }
    told = conditions_of(rooted, provinces)
    for id_, cell in rooted.items():
        yield from _faults_within(cell, rooted, told, where[id_])
    sound = {id_: found for id_, found in told.items() if found is not None and id_ not in faulty}
    yield from _overlaps(rooted, sound, places, where)


def _faults_of_cell(cell: WrittenCell, provinces: Mapping[UUID, str | None], where: str) -> Iterator[Fault]:
    named = {name for name in DIMENSIONS if getattr(cell.place, name) is not None}
    if named.isdisjoint(NAMES[cell.level]):
        about = {"needed": sentence(f"mobility_cell.part.{cell.level.value}")}
        yield Fault("mobility_cell.own_level", where, about)
    for level in ORDER[ORDER.index(cell.level) + 1 :]:
        if not named.isdisjoint(NAMES[level]):
            about = {"named": sentence(f"mobility_cell.part.{level.value}")}
            yield Fault("mobility_cell.other_level", where, about)
    institution = cell.place.of_institution_id
    if institution is not None and institution not in provinces:
        yield Fault("mobility_cell.no_institution", f"{where}/institutionId")
    if cell.headroom is not None and cell.ceiling is not None:
        yield Fault("mobility_cell.two_bounds", where)


def _fault_of_parent(cell: WrittenCell, family: Mapping[str, WrittenCell], where: str) -> Fault | None:
    if cell.parent_id is None:
        return None
    if cell.parent_id not in family:
        return Fault("mobility.no_cell", f"{where}/parentId", {"cell": cell.parent_id})
    if cell.id in {one.id for one in _chain(family[cell.parent_id], family)}:
        return Fault("mobility.circle", f"{where}/parentId", {"cell": cell.id})
    return None


def _chain(cell: WrittenCell, family: Mapping[str, WrittenCell]) -> Iterator[WrittenCell]:
    """A cell and those around it, as far as they are known; each once, also where they go round in a circle."""
    seen: set[str] = set()
    found: WrittenCell | None = cell
    while found is not None and found.id not in seen:
        yield found
        seen.add(found.id)
        found = None if found.parent_id is None else family.get(found.parent_id)


def _faults_within(
    cell: WrittenCell, family: Mapping[str, WrittenCell], told: Mapping[str, Conditions | None], where: str
) -> Iterator[Fault]:
    """What is wrong between a cell and the one around it."""
    parent, own = (None if cell.parent_id is None else family[cell.parent_id]), told[cell.id]
    if own is None:
        if parent is None or told[parent.id] is not None:  # else the parent says it already
            yield Fault("mobility_cell.outside", where, {"cell": cell.id})
        return
    if cell.level is CellLevel.UNIT and "of_institution_id" not in own:
        yield Fault("mobility_cell.unit_alone", where, {"cell": cell.id})
    if parent is None:
        return
    about = {"cell": cell.id, "parent": parent.id}
    if ORDER.index(cell.level) < ORDER.index(parent.level):
        yield Fault("mobility_cell.level_order", f"{where}/level", about)
    if own == told[parent.id]:
        yield Fault("mobility_cell.not_narrower", where, about)


def conditions_of(
    family: Mapping[str, WrittenCell], provinces: Mapping[UUID, str | None]
) -> dict[str, Conditions | None]:
    """What posts in each cell have to be; None where nothing can be all of it. Parents are known and in no circle."""
    found: dict[str, Conditions | None] = {}
    for cell in family.values():
        for one in reversed([*_chain(cell, family)]):
            if one.id not in found:
                around = {} if one.parent_id is None else found[one.parent_id]
                found[one.id] = None if around is None else _narrowed(around, one.place, provinces)
    return found


def _narrowed(around: Conditions, place: Place, provinces: Mapping[UUID, str | None]) -> Conditions | None:
    told = {name: value for name in DIMENSIONS if (value := getattr(place, name)) is not None}
    institution = place.of_institution_id
    if institution is not None and institution in provinces:
        province = provinces[institution] or NOWHERE
        if told.setdefault("province_code", province) != province:
            return None
    if any(around.get(name, value) != value for name, value in told.items()):
        return None
    return {**around, **told}


# ── cells that have posts in common


def _overlaps(
    family: Mapping[str, WrittenCell],
    told: Mapping[str, Conditions],
    places: Mapping[str, int],
    where: Mapping[str, str],
) -> Iterator[Fault]:
    """Cells that have posts in common though neither is said to lie in the other.

    It is enough to compare the children of the same cell: where two farther apart overlap, so do those of them that
    hold the two.
    """
    children: defaultdict[str | None, list[str]] = defaultdict(list)
    for id_ in told:
        children[family[id_].parent_id].append(id_)
    for siblings in children.values():
        for one, other in _overlapping(siblings, told):
            first, last = sorted((one, other), key=places.__getitem__)
            yield _overlap(first, last, told, where[last])


def _overlapping(siblings: Sequence[str], told: Mapping[str, Conditions]) -> Iterator[tuple[str, str]]:
    """Pairs that agree on whatever both of them say: found by what they say, never by trying every pair."""
    by_names: defaultdict[frozenset[str], list[str]] = defaultdict(list)
    for id_ in siblings:
        by_names[frozenset(told[id_])].append(id_)
    for alike in by_names.values():
        yield from _agreeing(alike, alike, told, common=frozenset(told[alike[0]]), is_same=True)
    for (names, ones), (other_names, others) in combinations(by_names.items(), 2):
        yield from _agreeing(ones, others, told, common=names & other_names, is_same=False)


def _agreeing(
    ones: Sequence[str], others: Sequence[str], told: Mapping[str, Conditions], *, common: frozenset[str], is_same: bool
) -> Iterator[tuple[str, str]]:
    names = sorted(common)
    by_values: defaultdict[tuple[object, ...], list[str]] = defaultdict(list)
    for id_ in ones:
        by_values[tuple(told[id_][name] for name in names)].append(id_)
    if is_same:
        for alike in by_values.values():
            yield from combinations(alike, 2)
        return
    for id_ in others:
        yield from ((one, id_) for one in by_values.get(tuple(told[id_][name] for name in names), ()))


def _overlap(one: str, other: str, told: Mapping[str, Conditions], where: str) -> Fault:
    if told[one] == told[other]:
        return Fault("mobility_cell.same", where, {"cell": other, "other": one})
    if told[one].items() >= told[other].items():
        return Fault("mobility_cell.inside", where, {"cell": one, "other": other})
    if told[other].items() >= told[one].items():
        return Fault("mobility_cell.inside", where, {"cell": other, "other": one})
    return Fault(CROSSING, where, {"cell": other, "other": one})


# ── which cell a post lies in


class CellIndex:
    """Sound cells, to be asked which is the smallest that holds a post. The same is `mobility_cell_of` in SQL."""

    def __init__(self, cells: Iterable[WrittenCell]) -> None:
        self._children: defaultdict[str | None, dict[tuple[str, ...], dict[tuple[object, ...], str]]]
        self._children = defaultdict(dict)
        for cell in cells:
            names = tuple(name for name in DIMENSIONS if getattr(cell.place, name) is not None)
            asked = tuple(getattr(cell.place, name) for name in names)
            self._children[cell.parent_id].setdefault(names, {})[asked] = cell.id

    def cell_of(self, post: Place) -> str | None:
        """The smallest cell that holds a post; None where it lies in none."""
        found, inner = None, self._child(None, post)
        while inner is not None:
            found, inner = inner, self._child(inner, post)
        return found

    def _child(self, parent: str | None, post: Place) -> str | None:
        for names, cells in self._children.get(parent, {}).items():
            if (found := cells.get(tuple(getattr(post, name) for name in names))) is not None:
                return found
        return None


# ── a proposal


@dataclass(frozen=True, slots=True)
class Growth:
    """Where an organiser wants growth: posts of an affair, everywhere or in some provinces, by so many people."""

    government_affair: str
    headroom: int
    province_codes: tuple[str, ...] | None = None


def proposal(
    provinces: Sequence[str], institutions: Mapping[UUID, str], affairs: Sequence[str], growth: Sequence[Growth] = ()
) -> list[WrittenCell]:
    """Nested cells that nobody grows in: by province, and in it by institution; `institutions` is the province of each.

    Where growth is wanted somewhere, occupation comes first, as cells of affairs and of provinces would cross: each of
    the `affairs`, and in it each province with the headroom that is wanted there, or none.
    """
    if growth:
        wanted = {one.government_affair: one for one in growth}
        return [cell for affair in affairs for cell in _of_affair(affair, wanted.get(affair), provinces)]
    cells = []
    for province in provinces:
        around = f"p{province}"
        cells.append(_cell(around, None, CellLevel.PROVINCE, Place(province_code=province), 0))
        for institution, where in institutions.items():
            if where == province:
                place = Place(of_institution_id=institution)
                cells.append(_cell(f"i{institution.hex}", around, CellLevel.INSTITUTION, place, 0))
    return cells


def _of_affair(affair: str, growth: Growth | None, provinces: Sequence[str]) -> Iterator[WrittenCell]:
    yield _cell(affair, None, CellLevel.OCCUPATION, Place(government_affair=affair), None)
    for province in provinces:
        grows = growth is not None and (growth.province_codes is None or province in growth.province_codes)
        headroom = growth.headroom if growth is not None and grows else 0
        yield _cell(f"{affair}-{province}", affair, CellLevel.PROVINCE, Place(province_code=province), headroom)


def _cell(id_: str, parent: str | None, level: CellLevel, place: Place, headroom: int | None) -> WrittenCell:
    return WrittenCell(id=id_, parent_id=parent, level=level, place=place, headroom=headroom)
