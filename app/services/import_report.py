"""What an import tells: counts per sheet, refused rows with their cell, what was noticed, what changed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypedDict
from uuid import UUID

from app.db.posts import Figures
from app.domain.errors import Invalid
from app.domain.messages import Sentence, sentence
from app.sheets.cells import Cell
from app.sheets.layouts import Layout, RecognisedSheet, RefusedCell

LONGEST_VALUE = 100  # characters of a refused cell that are reported
MOST_REMARKS = 100_000  # held in memory until the import ends
Progress = Callable[[str, int, int], None]
"""Told what is being done, how far it is, and how much there is (0: not known)."""


@dataclass(frozen=True, slots=True)
class DeliveredFile:
    """A file on disk, and the name its owner knows it by."""

    path: Path
    name: str


class SheetReport(TypedDict):
    """What became of the non-empty rows of a sheet: accepted + duplicates + refused = rows."""

    sheet: str
    rows: int
    accepted: int
    duplicates: int
    refused: int


class FileReport(TypedDict):
    """The recognised sheets of a file."""

    file: str
    sheets: list[SheetReport]


class Remark(TypedDict):
    """One row and one cell of it: why the row was refused, or what was noticed about an accepted one."""

    file: str
    sheet: str
    row: int
    column: str
    value: str | None
    code: str
    detail: Sentence


class SeatsReport(TypedDict):
    """The seats of the posts that the latest position map names, and who is in them."""

    posts: int
    seats: int
    held: int
    reservedSeats: int
    """Taken over by people of other institutions whom no Data ASN names here yet."""
    vacantSeats: int
    beyondSeats: int
    """Holders beyond the seats of their post."""
    withoutPost: int
    """People on the talent map whose unit and post the position map does not name."""
    notDelivered: int
    """Posts that an earlier position map named; they stay on record, and none of their seats counts."""
    emptyPosts: dict[str, int]
    """Posts with seats and nobody in them, by level."""


class Report(TypedDict):
    """What an import did, or would do."""

    id: str
    asOf: str
    stored: bool
    files: list[FileReport]
    refusals: list[Remark]
    notices: list[Remark]
    unrecognised: list[dict[str, str]]
    mapped: int
    notMapped: dict[str, int]
    """People on the books whom the map leaves out, by reason."""
    notDelivered: int
    """People on the books whom the delivered Data ASN no longer names; they stay as they are."""
    seats: SeatsReport | None
    """None before the first position map."""
    changes: dict[str, int]


@dataclass(slots=True)
class Delivery:
    """The delivered files, opened: their recognised sheets, and what nobody recognises."""

    files: Sequence[DeliveredFile]
    sheets: list[RecognisedSheet]
    unrecognised: list[dict[str, str]]
    digest: str


@dataclass(slots=True)
class ImportRun:
    """One import under way."""

    id: UUID
    delivery: Delivery
    progress: Progress
    counts: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    refusals: list[Remark] = field(default_factory=list)
    notices: list[Remark] = field(default_factory=list)
    changes: dict[str, int] = field(default_factory=dict)
    mapped: int = 0
    not_mapped: dict[str, int] = field(default_factory=dict)
    not_delivered: int = 0
    seats: Figures | None = None

    def sheets_of(self, *wanted: Layout) -> Iterator[RecognisedSheet]:
        return (sheet for sheet in self.delivery.sheets if sheet.layout in wanted)

    def count(self, sheet: RecognisedSheet) -> Counter[str]:
        return self.counts.setdefault((sheet.sheet.file, sheet.sheet.name), Counter())

    def remark(self, sheet: RecognisedSheet, row: int, cell: RefusedCell) -> Remark:
        about = {"column": cell.column, **cell.about}
        detail, file = sentence(cell.code, **about), sheet.sheet.file
        value = _shown(cell.value)
        return Remark(
            file=file, sheet=sheet.sheet.name, row=row, column=cell.column, value=value, code=cell.code, detail=detail
        )

    def refuse(self, sheet: RecognisedSheet, row: int, cell: RefusedCell) -> None:
        """One more refused row; an import of which most cannot be used is refused as a whole."""
        self.count(sheet)["refused"] += 1
        self.refusals.append(self.remark(sheet, row, cell))
        self._must_be_bounded()

    def notice(self, sheet: RecognisedSheet, row: int, cell: RefusedCell) -> None:
        """Something about an accepted row that should be looked at."""
        self.notices.append(self.remark(sheet, row, cell))
        self._must_be_bounded()

    def _must_be_bounded(self) -> None:
        if len(self.refusals) + len(self.notices) > MOST_REMARKS:
            raise Invalid("import.too_many_refused", limit=MOST_REMARKS)

    def report(self, as_of: date, *, stored: bool) -> Report:
        return Report(
            id=str(self.id),
            asOf=as_of.isoformat(),
            stored=stored,
            files=[self._file_report(file.name) for file in self.delivery.files],
            refusals=self.refusals,
            notices=self.notices,
            unrecognised=self.delivery.unrecognised,
            mapped=self.mapped,
            notMapped=self.not_mapped,
            notDelivered=self.not_delivered,
            seats=None if self.seats is None else _seats_report(self.seats),
            changes=self.changes,
        )

    def _file_report(self, name: str) -> FileReport:
        sheets = [
            SheetReport(
                sheet=sheet,
                rows=count["rows"],
                accepted=count["rows"] - count["duplicates"] - count["refused"],
                duplicates=count["duplicates"],
                refused=count["refused"],
            )
            for (file, sheet), count in self.counts.items()
            if file == name
        ]
        return FileReport(file=name, sheets=sheets)


def _seats_report(figures: Figures) -> SeatsReport:
    return SeatsReport(
        posts=figures.posts,
        seats=figures.seats,
        held=figures.held,
        reservedSeats=figures.reserved_seats,
        vacantSeats=figures.vacant_seats,
        beyondSeats=figures.beyond_seats,
        withoutPost=figures.without_post,
        notDelivered=figures.not_delivered,
        emptyPosts=dict(figures.empty_posts),
    )


def _shown(value: Cell) -> str | None:
    """A refused cell as it is reported. What looks like an identity or tax number is withheld: it is never stored."""
    if value is None:
        return None
    words = str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()
    return PRIVATE_NUMBER.sub(_withheld, words)[:LONGEST_VALUE].replace("\x00", "").encode(errors="replace").decode()


# telephone (11 to 13 digits), BPJS (13), NPWP (15 or 16), NIK (16), however they are grouped; a NIP has more
PRIVATE_NUMBER = re.compile(r"(?<!\d)\d(?:[ .-]?\d){10,15}(?![ .-]?\d)")


def _withheld(number: re.Match[str]) -> str:
    return f"({sum(map(str.isdigit, number[0]))} digits, withheld)"
