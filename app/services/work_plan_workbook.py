"""The work plan as a workbook: which evidence decides most people, and who they are, unit by unit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TypedDict

import asyncpg

from app.domain.messages import sentence
from app.sheets.writing import Heading, Kind, Table, Workbook

MOST_SHEETS = 60  # units with a sheet of their own; more share one sheet
WITHOUT_UNIT = "Tanpa unit"
EVERYWHERE = "Seluruh instansi"


class EvidenceSet(TypedDict):
    """Items that become known together, and how many people that decides."""

    items: list[str]
    decides: int
    mayDecide: int


class UnitName(TypedDict):
    """A unit."""

    id: str
    name: str


class UnitPlan(TypedDict):
    """The sets of a unit's own people, those that decide most first."""

    unit: UnitName
    undecided: int
    sets: list[EvidenceSet]


class EvidencePlan(TypedDict):
    """The document of the next evidence to gather."""

    asOf: str | None
    undecided: int
    sets: list[EvidenceSet]
    units: list[UnitPlan]


SUMMARY = (
    Heading("UNIT", 44),
    Heading("BELUM PASTI", 12, Kind.COUNT),
    Heading("BUKTI YANG DIKUMPULKAN", 60),
    Heading("PASTI MENENTUKAN", 14, Kind.COUNT),
    Heading("DAPAT MENENTUKAN", 14, Kind.COUNT),
)
PEOPLE = (
    Heading("NIP", 21),
    Heading("NAMA", 32),
    Heading("JABATAN", 40),
    Heading("UNIT", 40),
    Heading("BUKTI YANG KURANG", 48),
    Heading("HIMPUNAN BUKTI TERKECIL YANG MEMASTIKAN", 60),
    Heading("KOTAK YANG MASIH MUNGKIN", 18),
)


@dataclass(slots=True)
class Tables:
    """The sheets of people: one, or one per unit in the order in which the people come."""

    book: Workbook
    shared: Table | None
    _of_units: dict[str | None, Table] = field(default_factory=dict)

    def add(self, people: Sequence[asyncpg.Record]) -> None:
        """Add people in their order."""
        for person in people:
            self._table(person).add([_line(person)])

    def _table(self, person: asyncpg.Record) -> Table:
        if self.shared is not None:
            return self.shared
        unit = person["unit_id"]
        if unit not in self._of_units:
            name = person["unit"] or unit or WITHOUT_UNIT
            self._of_units[unit] = self.book.add_table(name, PEOPLE)
        return self._of_units[unit]


def begin(
    book: Workbook, institution: str, plan: EvidencePlan, units: Collection[str] | None, *, unit_count: int
) -> Tables:
    """The summary, and the sheets below it; `units` are those the plan is for, None for the whole institution."""
    above = [f"Rencana kerja pengumpulan bukti – {institution}", f"Per tanggal {plan['asOf'] or '–'}"]
    summary = book.add_table("Ringkasan", SUMMARY, above)
    if units is None:
        summary.add(_ranked(EVERYWHERE, plan["undecided"], plan["sets"]))
    for unit in plan["units"]:
        if units is None or unit["unit"]["id"] in units:
            summary.add(_ranked(unit["unit"]["name"], unit["undecided"], unit["sets"]))
    return Tables(book, book.add_table("Pegawai", PEOPLE) if unit_count > MOST_SHEETS else None)


def _ranked(unit: str, undecided: int, sets: Sequence[EvidenceSet]) -> list[tuple[str | int, ...]]:
    return [(unit, undecided, _named(one["items"]), one["decides"], one["mayDecide"]) for one in sets]


def _line(person: asyncpg.Record) -> tuple[str | None, ...]:
    sets = [_named(one.split("+")) for one in person["decides"]]
    return (
        *(person["nip"], person["name"], person["position"], person["unit"]),
        "; ".join(label_of(item) for item in person["missing"]),
        "; atau ".join(sets) or None,
        ", ".join(map(str, person["reachable"])),
    )


def _named(items: Sequence[str]) -> str:
    return " + ".join(label_of(item) for item in items)


def label_of(item: str) -> str:
    """What an item of completeness is called."""
    return sentence(f"label.item.{item}")["id"]
