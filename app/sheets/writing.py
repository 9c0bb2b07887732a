"""XLSX as it is written: sheets of rows, streamed to a file; what looks like a formula is text like any other."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Written = str | int | float | Decimal | date | None

LONGEST_NAME = 31  # of a sheet
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


class Kind(StrEnum):
    """How the cells of a column are written; the value is the number format."""

    TEXT = "@"
    WHOLE = "0"
    COUNT = "#,##0"
    POINTS = "0.00####"
    VALUE = "0.00######"
    DAY = "dd-mm-yyyy"


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: what stands above it, its width in characters, and how its cells are written."""

    label: str
    width: float = 14
    kind: Kind = Kind.TEXT


class Table:
    """One sheet under way: rows are added below its headings, in the order in which they come."""

    def __init__(self, sheet: Worksheet, headings: Sequence[Heading], formats: Mapping[Kind, Format], row: int) -> None:
        self._sheet, self._kinds, self._formats = sheet, [heading.kind for heading in headings], formats
        self._headings, self._next = row, row + 1

    @property
    def rows(self) -> int:
        """How many rows stand below the headings."""
        return self._next - self._headings - 1

    def add(self, rows: Iterable[Sequence[Written]]) -> None:
        """Write rows, one cell per heading; None leaves its cell empty."""
        for row in rows:
            for column, (value, kind) in enumerate(zip(row, self._kinds, strict=True)):
                self._write(column, value, kind)
            self._next += 1

    def _write(self, column: int, value: Written, kind: Kind) -> None:
        match value:
            case None:
                return
            case str():
                # never `write`, which would take a text for a formula, an address or a number
                refused = self._sheet.write_string(self._next, column, value, self._formats[Kind.TEXT])
            case date():
                day = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a day has no zone
                refused = self._sheet.write_datetime(self._next, column, day, self._formats[kind])
            case _:
                refused = self._sheet.write_number(self._next, column, value, self._formats[kind])
        if refused:
            raise ValueError(f"a sheet cannot hold row {self._next + 1}, column {column + 1}")

    def finish(self) -> None:
        """Let the headings filter the rows."""
        self._sheet.autofilter(self._headings, 0, max(self._next - 1, self._headings), len(self._kinds) - 1)


class Workbook:
    """A workbook in a directory of its own, which goes when the context is left; nothing of it is held in memory."""

    def __init__(self) -> None:
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        folder = self._stack.enter_context(tempfile.TemporaryDirectory())
        self._path = Path(folder, "workbook.xlsx")
        self._book = xlsxwriter.Workbook(str(self._path), {"constant_memory": True, "tmpdir": folder})
        self._formats = {kind: self._book.add_format({"num_format": kind.value}) for kind in Kind}
        self._title = self._book.add_format({"bold": True, "font_size": 14})
        self._heading = self._book.add_format(
            {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#1F3A5F", "font_color": "#FFFFFF"}
        )
        self._tables: list[Table] = []
        self._names: set[str] = set()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for sheet in self._book.worksheets():
            sheet._opt_close()  # noqa: SLF001 - of a workbook that nobody finishes, the files would stay open
        self._stack.close()

    def add_table(self, name: str, headings: Sequence[Heading], above: Sequence[str] = ()) -> Table:
        """A sheet with lines above its headings, the first of them as its title; the headings stay in sight."""
        sheet = self._book.add_worksheet(self._free_name(name))
        for column, heading in enumerate(headings):
            sheet.set_column(column, column, heading.width)
        for row, line in enumerate(above):
            sheet.write_string(row, 0, line, self._title if row == 0 else None)
        top = len(above) + 1 if above else 0
        for column, heading in enumerate(headings):
            sheet.write_string(top, column, heading.label, self._heading)
        sheet.freeze_panes(top + 1, 0)
        table = Table(sheet, headings, self._formats, top)
        self._tables.append(table)
        return table

    def _free_name(self, name: str) -> str:
        """A name that a spreadsheet program accepts and no other sheet has."""
        plain = " ".join(name.translate(FORBIDDEN).split()).strip("'")[:LONGEST_NAME].strip() or "Lembar"
        free, number = plain, 1
        while free.casefold() in self._names:
            number += 1
            free = f"{plain[: LONGEST_NAME - len(f' {number}')]} {number}"
        self._names.add(free.casefold())
        return free

    def finish(self) -> BinaryIO:
        """The finished file, open for reading; it is on no disk any more as soon as the context is left."""
        for table in self._tables:
            table.finish()
        self._book.close()
        return self._path.open("rb")
