"""An office whose figures leave the house, and what its files and pages say, read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

from python_calamine import CalamineWorkbook

from app.db.database import Database
from app.domain.actors import Actor
from app.domain.cycles import Phase
from tests.cycles import WEAK_POTENTIAL, a_cycle_in, evidence_of
from tests.factories import (
    a_nip,
    an_employee,
    an_institution,
    import_files,
    name_of,
    officer,
    write_csv,
    write_folder,
)
from tests.movements import work_out

UNITS = {"R": "PEMERINTAH", "U1": "BIDANG <script>alert(1)</script>", "U2": "=BIDANG DUA", "U3": "BIDANG TIGA"}
WHO = {  # by unit: how many with complete evidence in box 8, how many in box 5, how many without evidence
    "U1": (7, 3, 5),
    "U2": (1, 0, 6),
    "U3": (0, 0, 2),
    "": (0, 0, 1),
}
STRANGE = '=HYPERLINK("http://x";"y")'


@dataclass(frozen=True)
class Office:
    """An institution with two published cycles and the movement between them; by unit its people's NIPs."""

    actor: Actor
    name: str
    people: Mapping[str, list[str]]
    cycles: tuple[UUID, UUID]

    @property
    def id(self) -> UUID:
        return self.actor.institution_id


async def an_office(db: Database, folder: Path) -> Office:
    actor = officer(await an_institution(db))
    name, people = await name_of(db, actor), {unit: [a_nip() for _ in range(sum(who))] for unit, who in WHO.items()}
    employees, sheets = [], dict[str, list[dict[str, str]]]()
    for unit, (strong, weak, _) in WHO.items():
        for number, nip in enumerate(people[unit]):
            title = "PENATA KOMPUTER TERAMPIL" if number % 5 == 4 else "ANALIS KEBIJAKAN AHLI MUDA"
            row = an_employee(nip, name, NAMA=STRANGE if (unit, number) == ("U2", 1) else f"PEGAWAI {unit} {number}")
            employees.append(row | {"UNOR ID": unit, "UNOR NAMA": UNITS.get(unit, ""), "JABATAN NAMA": title})
            if number < strong + weak:
                for sheet, rows in evidence_of(nip, name, None if number < strong else WEAK_POTENTIAL).items():
                    sheets.setdefault(sheet, []).extend(rows)
    folder.mkdir(parents=True, exist_ok=True)
    parents = [{"ID": unit, "NAMA_UNOR": UNITS[unit], "ID_ATASAN": "" if unit == "R" else "R"} for unit in UNITS]
    units = write_csv(folder, "units", parents)
    await import_files(db, actor, [units, *write_folder(folder, employees, sheets)])
    earlier = await a_cycle_in(db, actor, Phase.PUBLICATION)
    # from box 5 to box 8; where somebody works, only Data ASN says
    stronger = evidence_of(people["U1"][7], name)["ASESMEN POTENSI"]
    await import_files(db, actor, [write_csv(folder, "again", [row | {"TANGGAL": "01-10-2025"} for row in stronger])])
    later = await a_cycle_in(db, actor, Phase.PUBLICATION)
    await work_out(db, actor, later, earlier)
    return Office(actor, name, people, (earlier, later))


# ── read back

Table = list[dict[str, Any]]


def tables_of(content: bytes) -> dict[str, Table]:
    """Every sheet of a workbook as rows by heading; lines above the headings end with an empty row."""
    with CalamineWorkbook.from_filelike(BytesIO(content)) as book:
        return {
            name: _by_heading(book.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in book.sheet_names
        }


def _by_heading(rows: list[list[Any]]) -> Table:
    top = next((n + 1 for n, row in enumerate(rows[:6]) if not any(row)), 0)
    return [{str(h): None if c == "" else c for h, c in zip(rows[top], row, strict=True)} for row in rows[top + 1 :]]


class Page(HTMLParser):
    """A page's figures by id, its elements with their attributes, and its text."""

    def __init__(self, content: str) -> None:
        super().__init__(convert_charrefs=True)
        self.figures: dict[str, float] = {}
        self.shown: dict[str, str] = {}
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: str | None = None
        self.feed(content)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.elements.append((tag, told))
        self._open = told.get("id") if tag in ("span", "text") else None
        if self._open and (value := told.get("data-value")) is not None:
            self.figures[self._open] = float(value)

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._open:
            self.shown[self._open] = self.shown.get(self._open, "") + data

    def handle_endtag(self, tag: str) -> None:
        self._open = None


def figures_of(pack: Mapping[str, Any]) -> dict[str, float]:
    """The figures of a pack by the ids they have on its page."""
    found: dict[str, float | None] = {f"coverage-{name}": count for name, count in pack["coverage"].items()}
    found |= {f"pools-{name}": count for name, count in pack["pools"].items()}
    found |= {f"box-{one['box']}": one["count"] for one in pack["boxes"]}
    for level in pack["levels"]:
        row = f"level-{level['positionLevel'] or 'unknown'}"
        found |= {f"{row}-{one['box']}": one["count"] for one in level["boxes"]}
        found |= {f"{row}-{name}": level[name] for name in ("decided", "notAssessed", "total")}
    for one in pack["items"]:
        found |= {f"item-{one['item']}-{name}": one[name] for name in ("have", "missing")}
    for number, unit in enumerate(pack["units"], start=1):
        found[f"unit-{number}-total"] = unit["total"]
        found |= {f"unit-{number}-{one['item']}": one["have"] for one in unit["items"]}
    if movement := pack["movement"]:
        found |= {f"movement-{name}": movement[name] for name in ("stayed", "moved")}
        found |= {f"movement-{name}": movement["margins"][name] for name in ("entered", "left")}
        found |= {f"movement-{name}": count for name, count in movement["byCause"].items()}
        found |= {f"movement-{one['fromBox']}-{one['toBox']}": one["count"] for one in movement["matrix"]}
    found |= {f"index-{one['index']}-{one['year']}": one["value"] for one in pack["indices"]}
    return {name: count for name, count in found.items() if count is not None}
