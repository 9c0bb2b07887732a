"""XLSX archives unpacked within bounds: the parser sees only what was measured, however the archive lies."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from app.domain.errors import Invalid, TooLarge

_BLOCK = 1 << 20
_MOST_PARTS = 10_000
_DIRECTORY_BYTES = 4 << 20  # of that many parts; reading a directory costs a kilobyte of memory for each part
_BELIEVED_SIZE = 1 << 62  # zipfile stops where the declared size ends, the parser would not
_BYTES_PER_CELL = 32  # calamine holds the rectangle around all cells of a sheet, empty ones included

_WORKBOOK = re.compile(r"(?:^|/)workbook\d*\.xml$")
_ANY_REFERENCE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]*)(\d+)[\"']")
_BARE_ROW = re.compile(rb"[<:]row(?=[\s/>])(?!\s+r=\"\d+\")")
_PLAIN = rb' r="[A-Z]+\d+"(?: (?!r=)\w+="\w*")*/?>'  # as programs write the rest of a cell's tag
_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"(?: (?!r=)\w+="\w*")*>')  # plain and not empty
_BARE_CELLS = re.compile(rb"<c(?=[\s/>])(?!" + _PLAIN + rb")"), re.compile(rb":c(?=[\s/>])")  # two searches are faster
_ROW_END = re.compile(rb"</(?:[^\s<>/:]+:)?row\s*>")
_ODD_XML = re.compile(rb"<!|<\?(?!xml[^<>?]*\?>)|=\s*(?:\"[^\"<>]*<|'[^'<>]*<)")  # what could hide a tag or feign one
_STRING = re.compile(rb"[<:]si(?=[\s/>])")
_STRING_CELL = re.compile(rb"<c\s[^<>]*><v>(0|[1-9]\d{0,8})</v></c>")


def repack(path: Path, unpacked: IO[bytes], file: str, limit: int) -> int:
    """Write the XML of the workbook at `path` to `unpacked`, uncompressed, and give the number of parts.

    Refused with `file.not_a_spreadsheet`, `file.encrypted` or `file.unpacked_too_large`: more bytes than the limit, in
    the archive or in the memory of the parser. What is no sound archive raises whatever zipfile raises.
    """
    too_large = TooLarge("file.unpacked_too_large", file=file, limit=limit)
    with path.open("rb") as packed:
        if _directory_bytes(packed) > _DIRECTORY_BYTES:
            raise too_large
        with zipfile.ZipFile(packed) as source, zipfile.ZipFile(unpacked, "w", zipfile.ZIP_STORED) as target:
            entries = source.infolist()
            _must_be_a_workbook(entries, file)
            if len(entries) > _MOST_PARTS or sum(entry.file_size for entry in entries) > limit:
                raise too_large
            allowance = limit
            for entry in entries:
                part = _unpack(source, entry, allowance)
                allowance -= len(part)
                if allowance < 0:
                    raise too_large
                if entry.filename.lower().endswith((".xml", ".rels")):
                    target.writestr(entry.filename, part)
            if not _is_readable_within(limit, target):
                raise too_large
    unpacked.flush()
    return len(entries)


def is_encrypted(path: Path) -> bool:
    """Whether an OLE file is the envelope Excel puts around a workbook with a password."""
    mark = "EncryptedPackage".encode("utf-16-le")
    with path.open("rb") as stream:
        tail = b""
        while block := stream.read(_BLOCK):
            if mark in tail + block:
                return True
            tail = block[-len(mark) :]
    return False


def _directory_bytes(packed: IO[bytes]) -> int:
    """The size of the archive's directory, the greatest that any reading of its end could give."""
    packed.seek(0, 2)
    packed.seek(max(0, packed.tell() - (1 << 16) - 100))
    tail = packed.read()
    packed.seek(0)
    short = [tail[found.start() + 12 : found.start() + 16] for found in re.finditer(b"PK\x05\x06", tail)]
    long = [tail[found.start() + 40 : found.start() + 48] for found in re.finditer(b"PK\x06\x06", tail)]
    sizes = [int.from_bytes(size, "little") for size in [*short, *long] if size != b"\xff" * 4]
    return max(sizes, default=0)


def _must_be_a_workbook(entries: Sequence[zipfile.ZipInfo], file: str) -> None:
    names = {entry.filename.lower() for entry in entries}
    if len(names) < len(entries):
        raise zipfile.BadZipFile("a part is there twice")
    if not any(map(_WORKBOOK.search, names)):
        raise Invalid("file.not_a_spreadsheet", file=file)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Invalid("file.encrypted", file=file)


def _unpack(source: zipfile.ZipFile, entry: zipfile.ZipInfo, allowance: int) -> bytes:
    """The bytes of a part whatever size the archive declares; where they exceed the allowance, only their beginning."""
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile("compressed in a way no spreadsheet program uses")
    entry.file_size = _BELIEVED_SIZE
    blocks: list[bytes] = []
    size = 0
    with source.open(entry) as stream:
        while size <= allowance and (block := stream.read(_BLOCK)):
            blocks.append(block)
            size += len(block)
    return b"".join(blocks)


def _is_readable_within(limit: int, archive: zipfile.ZipFile) -> bool:
    """Whether no worksheet takes more memory than the limit, of which a few bytes can demand any amount.

    Two cells in far corners make the parser lay out all between them; a long shared string is copied into each cell.
    """
    tables = [sizes for name in archive.namelist() if (sizes := _string_sizes(archive.read(name)))]
    string_sizes = [size for sizes in tables for size in sizes]
    if len(tables) > 1:  # which of them the parser numbers first is in doubt
        string_sizes = [max(string_sizes)] * len(string_sizes)
    return all(_is_sheet_within(limit, archive.read(name), string_sizes) for name in archive.namelist())


def _string_sizes(part: bytes) -> list[int]:
    """The size of each shared string, mark-up included; where its numbering is in doubt, that of the longest."""
    if b"sst" not in part:
        return []
    starts = [found.start() for found in _STRING.finditer(part)]
    sizes = [end - start for start, end in zip(starts, [*starts[1:], len(part)], strict=False)]
    return [max(sizes)] * len(sizes) if sizes and _ODD_XML.search(part) else sizes


def _is_sheet_within(limit: int, part: bytes, string_sizes: Sequence[int]) -> bool:
    if b"sheetData" not in part:
        return True
    columns: set[bytes] = set()
    rows: set[bytes] = set()
    cells = bare = 0
    for piece in _pieces(part):
        if found := _CELL.findall(piece):
            letters, digits = zip(*found, strict=True)
            columns.update(letters)
            rows.update(digits)
            cells += len(found)
        bare += _count_bare(piece)
    width = max(map(_column_number, columns), default=0)
    height = max(map(int, rows), default=0)
    if bare:
        width, height = _extent_with_bare_cells(part)
    if width * height * _BYTES_PER_CELL > limit:
        return False
    cells += bare
    return cells * max(string_sizes, default=0) <= limit or _copied_bytes(part, cells, string_sizes) <= limit


def _count_bare(piece: bytes) -> int:
    """The cells without a plain reference: with none, or one in an unusual place or spelling."""
    return sum(len(pattern.findall(piece)) for pattern in _BARE_CELLS)


def _pieces(part: bytes) -> Iterator[bytes]:
    """The part in blocks, cut only before a tag, so that no attribute is torn."""
    start = 0
    while start < len(part):
        end = part.find(b"<", start + _BLOCK)
        end = len(part) if end < 0 else end
        yield part[start:end]
        start = end


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:7]:
        number = number * 26 + letter - ord("A") + 1
    return number


def _extent_with_bare_cells(part: bytes) -> tuple[int, int]:
    """How far cells can reach of which some carry no reference: these follow the cell, or the row, before them."""
    if _ODD_XML.search(part):
        raise zipfile.BadZipFile("mark-up no spreadsheet program writes")
    width = height = 0
    for piece in _pieces(part):
        for letters, digits in _ANY_REFERENCE.findall(piece):
            width = max(width, _column_number(letters))
            height = max(height, int(digits))
    in_one_row = max(map(_count_bare, _ROW_END.split(part)))
    return width + in_one_row, height + len(_BARE_ROW.findall(part))


def _copied_bytes(part: bytes, cells: int, string_sizes: Sequence[int]) -> int:
    """The size of all shared strings as often as cells show them; what cannot be told counts as the longest."""
    longest = max(string_sizes)
    if _ODD_XML.search(part):
        return cells * longest
    total = told = 0
    for found in _STRING_CELL.finditer(part):
        index = int(found[1])
        told += 1
        total += string_sizes[index] if index < len(string_sizes) else 0
    return total + max(0, cells - told) * longest
