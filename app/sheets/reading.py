"""XLSX and CSV files as sheets of rows with the numbers a spreadsheet program shows; hostile files are refused."""

from __future__ import annotations

import codecs
import csv
import re
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TextIO

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum

from app.domain.errors import Invalid, TalentError, TooLarge
from app.sheets import unpacking
from app.sheets.cells import Cell, is_absent

Records = Generator[tuple[int, Sequence[Cell]], None, None]

_BLOCK = 1 << 20
_SAMPLE = 1 << 16
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_OTHER_KINDS = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"<")
_CONTROLS = bytes(set(range(1, 32)) - set(b"\t\n\v\f\r\x1a"))

_RECORD_CHARACTERS = 1 << 20
csv.field_size_limit(1 << 16)  # the csv module knows one limit for the whole process


@dataclass(frozen=True, slots=True)
class Limits:
    """How large an XLSX may be, as it arrives and unpacked. CSV is streamed and has no limit here."""

    packed_bytes: int
    unpacked_bytes: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: `headings` are its first row that says something, trimmed; () where there is none."""

    file: str
    name: str
    headings: tuple[str, ...]
    _heading_row: int
    _records: Callable[[], Records]

    def rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """The rows below the headings as (row number, one cell per heading), without those that say nothing.

        Each call reads anew from the beginning. Refused with `file.row_too_wide` or `file.damaged` on the way.
        """
        width = len(self.headings)
        with closing(self._records()) as records:
            for row, cells in records:
                if row <= self._heading_row:
                    continue
                fitting = cells if len(cells) == width else [*cells[:width], *[None] * (width - len(cells))]
                if not all(map(is_absent, fitting)):
                    yield row, fitting


def open_sheets(path: Path, file: str, limits: Limits) -> Iterator[Sheet]:
    """The sheets of an XLSX or CSV in their order, hidden ones included; `file` is the name people know it by.

    What it is, its content decides. Refused when the first sheet is asked for, with `file.empty`,
    `file.not_a_spreadsheet`, `file.encrypted`, `file.damaged`, `file.nul_bytes`, `file.too_large` or
    `file.unpacked_too_large`. Sheets stay readable as long as the file at `path` does; nothing needs closing.
    """
    with path.open("rb") as stream:
        head = stream.read(_SAMPLE)
    if not head.removeprefix(codecs.BOM_UTF8).strip():
        raise Invalid("file.empty", file=file)
    if head.startswith(_ZIP):
        yield from _workbook_sheets(path, file, limits)
    elif head.startswith(_OLE):
        raise Invalid("file.encrypted" if unpacking.is_encrypted(path) else "file.not_a_spreadsheet", file=file)
    elif _is_binary(head):
        raise Invalid("file.not_a_spreadsheet", file=file)
    else:
        yield _text_sheet(path, file)


def _sheet(file: str, name: str, records: Callable[[], Records]) -> Sheet:
    with closing(records()) as rows:
        for row, cells in rows:
            headings = [_heading(cell) for cell in cells]
            while headings and not headings[-1]:
                headings.pop()
            if headings:
                return Sheet(file, name, tuple(headings), row, records)
    return Sheet(file, name, (), 0, records)


def _heading(cell: Cell) -> str:
    if is_absent(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).encode(errors="replace").decode().strip()


def _is_binary(head: bytes) -> bool:
    if head.startswith(_UTF16):
        return False
    if head.removeprefix(codecs.BOM_UTF8).lstrip().startswith(_OTHER_KINDS):
        return True
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls > 4 and controls * 20 > len(head)


def _text_sheet(path: Path, file: str) -> Sheet:
    encoding, has_nul = _encoding_of(path, file)
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as text:
        delimiter = _delimiter_of(text.read(_SAMPLE))
    records = partial(_text_records, path, file, encoding, delimiter)
    if has_nul:
        with closing(records()) as rows:
            row = next((row for row, cells in rows if any("\0" in str(cell) for cell in cells)), 1)
        raise Invalid("file.nul_bytes", file=file, row=row)
    return _sheet(file, Path(file).stem, records)


def _encoding_of(path: Path, file: str) -> tuple[str, bool]:
    """What decodes the whole file, and whether it holds a NUL; without a BOM, what is not all UTF-8 is cp1252.

    Bytes without a meaning become lone surrogates when read, which no cell accepts: only their row is refused.
    """
    with path.open("rb") as stream:
        head = stream.read(3)
        stream.seek(0)
        encoding = "utf-8-sig" if head == codecs.BOM_UTF8 else "utf-8"
        if head.startswith(_UTF16):
            encoding = "utf-16"
        errors = "surrogateescape" if encoding == "utf-8-sig" else "strict"
        decoder = codecs.getincrementaldecoder(encoding)(errors)
        has_nul, block = False, b"more"
        while block:
            block = stream.read(_BLOCK)
            try:
                has_nul = "\0" in decoder.decode(block, final=not block) or has_nul
            except UnicodeDecodeError as error:
                if encoding == "utf-16":
                    raise Invalid("file.damaged", file=file) from error
                encoding, decoder = "cp1252", codecs.getincrementaldecoder("cp1252")("surrogateescape")
                has_nul = b"\0" in block or has_nul
    return encoding, has_nul


def _delimiter_of(sample: str) -> str:
    """The most frequent of `,` `;` and tab in the first line that says something, quoted text aside."""
    unquoted = re.sub(r'"[^"]*"?', "x", sample)
    speaking = (line for line in unquoted.splitlines() if line.strip(" \xa0,;\t"))
    return max(",;\t", key=next(speaking, unquoted).count)


class _Lines:
    """The lines of a text file for the csv module, which by itself would collect an endless record in memory.

    `taken` counts the characters handed out; whoever receives a record sets it back to zero.
    """

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self.taken = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._text.readline(_RECORD_CHARACTERS)
        if not line and not self.taken:
            raise StopIteration
        self.taken += len(line)
        if not line or self.taken >= _RECORD_CHARACTERS:
            raise csv.Error("a record is too long, or the file ends inside a quoted field")
        return line


def _text_records(path: Path, file: str, encoding: str, delimiter: str) -> Records:
    row = 0
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as text:
        lines = _Lines(text)
        try:
            for row, cells in enumerate(csv.reader(lines, delimiter=delimiter), 1):
                lines.taken = 0
                yield row, cells
        except csv.Error as error:
            raise Invalid("file.row_too_wide", file=file, row=row + 1) from error


@contextmanager
def _damage_refused(file: str) -> Iterator[None]:
    """Whatever the unpacking or parsing of a file dies of, Rust's panics included, refuses the file."""
    try:
        yield
    except (TalentError, MemoryError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # a panic is no Exception, and its class cannot be imported
        raise Invalid("file.damaged", file=file) from error


def _workbook_sheets(path: Path, file: str, limits: Limits) -> Iterator[Sheet]:
    if path.stat().st_size > limits.packed_bytes:
        raise TooLarge("file.too_large", file=file, limit=limits.packed_bytes)
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as unpacked:
        with _damage_refused(file):
            parts = unpacking.repack(path, unpacked.file, file, limits.unpacked_bytes)
            book = CalamineWorkbook.from_path(unpacked.name)
            if len(book.sheet_names) > parts:
                raise Invalid("file.damaged", file=file)
        with book:
            for position, about in enumerate(book.sheets_metadata):
                if about.typ == SheetTypeEnum.WorkSheet:
                    with _damage_refused(file):
                        content = book.get_sheet_by_index(position)
                    yield _sheet(file, about.name, partial(_workbook_records, content, file))


def _workbook_records(content: CalamineSheet, file: str) -> Records:
    with _damage_refused(file):
        yield from enumerate(content.iter_rows(), 1)
