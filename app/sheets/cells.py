"""Cells of real spreadsheets as typed values: one parser for each kind of cell."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

from app.domain import nip as numbers
from app.domain.errors import Invalid

Cell = str | int | float | bool | date | datetime | time | timedelta | None

_ABSENT = frozenset({"", "-", "–", "—"})
_UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_WHOLE = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,12}(?:[.,][0-9]{1,18})?")
_INSTRUMENT = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]+")
_TIME = r"(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_DAY_FIRST = re.compile(r"(\d{1,2})([-/])(\d{1,2})\2(\d{4})" + _TIME, re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})" + _TIME, re.ASCII)

_NO_DATE = date(1, 1, 1)  # SIASN writes 01-01-0001 where it has no date
_EXCEL_DAY_ZERO = date(1899, 12, 30)  # not 31 December: Excel counts a 29 February 1900 that never was
_SERIALS = range(10_000, 80_001)
_YEARS = range(1900, 2101)
_EXACT = 10**15  # Excel keeps 15 digits of a number and replaces the rest by zeros
_LONGEST_DATE = 40
_LONGEST_LABEL = 200
_LONGEST_WHOLE = 18
_MILLIONTH = Decimal("0.000001")  # what is stored of a total


class CellFault(ValueError):
    """A cell cannot be accepted: `code` names the sentence, `about` fills its placeholders except the column."""

    def __init__(self, code: str, **about: object) -> None:
        super().__init__(code)
        self.code = code
        self.about = about


def is_absent(cell: Cell) -> bool:
    """Whether the cell says nothing: empty, blank or only a dash."""
    if isinstance(cell, str):
        return not cell[-1:].isalnum() and _bare(cell) in _ABSENT
    return cell is None


def text(cell: Cell, limit: int = 500) -> str | None:
    """One line of text, composed (NFC); refused with `text.control_character`, `text.too_long`, `text.invalid`."""
    line = _as_text(cell)
    if not line.isprintable() and _UNSTORABLE.search(line):
        raise CellFault("text.control_character")
    line = " ".join(_bare(line).split())
    if line in _ABSENT:
        return None
    if not line.isascii():
        line = unicodedata.normalize("NFC", line)
    if len(line) > limit:
        raise CellFault("text.too_long", limit=limit)
    return line


def code(cell: Cell, limit: int = 100) -> str | None:
    """An identifier: 33.0 is "33", zeros in front stay. Refused like text, or `code.number` where digits are lost."""
    if isinstance(cell, (bool, date, time, timedelta)):
        raise CellFault("text.invalid")
    if isinstance(cell, (int, float)) and math.isfinite(cell) and abs(cell) >= _EXACT:
        raise CellFault("code.number")
    return text(cell, limit)


def day(cell: Cell) -> date | None:
    """A date from 1900 to 2100, written day first or as ISO (a time of day is dropped), or Excel's count of days.

    Refused with `date.invalid`. The SIASN date 01-01-0001 is absent.
    """
    if isinstance(cell, str):
        found = _day_of_text(cell) if len(cell) <= _LONGEST_DATE else _day_of_text(_bare(cell)[: _LONGEST_DATE + 1])
    elif isinstance(cell, date):
        found = cell.date() if isinstance(cell, datetime) else cell
    elif isinstance(cell, (int, float)) and not isinstance(cell, bool):
        found = _day_of_serial(cell)
    elif cell is None:
        return None
    else:
        raise CellFault("date.invalid")
    if found is None or found == _NO_DATE:
        return None
    if found.year not in _YEARS:
        raise CellFault("date.invalid")
    return found


def whole(cell: Cell, lowest: int, highest: int) -> int | None:
    """A whole number in the closed range; refused with `number.invalid` or `number.range`."""
    number = _whole_number(cell)
    if number is not None and not lowest <= number <= highest:
        raise CellFault("number.range", lowest=lowest, highest=highest)
    return number


def decimal(cell: Cell, lowest: int, highest: int) -> Decimal | None:
    """A number with a point or a comma in the closed range, to the millionth; equal numbers are written alike.

    Refused with `number.decimal` or `number.range`.
    """
    number = _decimal_number(cell)
    if number is None:
        return None
    if not lowest <= number <= highest:
        raise CellFault("number.range", lowest=lowest, highest=highest)
    exact = number.quantize(_MILLIONTH) + 0  # there is no -0
    return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact.normalize()


def instrument(cell: Cell) -> str | None:
    """The name of an instrument in small letters, words joined by hyphens: "Potensi JPM" is potensi-jpm.

    Refused like text, or with `instrument.invalid`.
    """
    name = text(cell, _LONGEST_LABEL)
    if name is None:
        return None
    slug = "-".join(name.casefold().replace("_", " ").replace("-", " ").split())
    if not _INSTRUMENT.fullmatch(slug):
        raise CellFault("instrument.invalid")
    return slug


def level(cell: Cell) -> int | None:
    """A level from 1 to 5; refused with `level.range`, words included."""
    try:
        return whole(cell, 1, 5)
    except CellFault as fault:
        raise CellFault("level.range") from fault


def year(cell: Cell) -> int | None:
    """A year from 1900 to 2100; refused with `year.invalid`."""
    try:
        return whole(cell, _YEARS[0], _YEARS[-1])
    except CellFault as fault:
        raise CellFault("year.invalid") from fault


def nip(cell: Cell) -> str | None:
    """The 18 digits of a NIP; refused with `nip.format`, `nip.length`, `nip.birth_date`.

    A long number, also one written as 1.99E+17, is refused with `nip.number`: its last digits are gone.
    """
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        cell = _number_as_nip(cell)
    elif not isinstance(cell, str) and cell is not None:
        raise CellFault("nip.format")
    digits = "" if cell is None else _bare(cell)
    if digits in _ABSENT:
        return None
    if not digits.isdigit() and _SCIENTIFIC.fullmatch(digits):
        raise CellFault("nip.number")
    try:
        return numbers.parse_nip(digits)
    except Invalid as error:
        raise CellFault(error.code, **error.about) from error


def choice(cell: Cell, allowed: Mapping[str, str]) -> str | None:
    """The stored code of a label, whatever its letter case and spacing; refused with `value.unknown`."""
    if isinstance(cell, str) and cell in allowed:
        return allowed[cell]
    label = text(cell, _LONGEST_LABEL)
    if label is None:
        return None
    if (stored := allowed.get(label.upper())) is not None:
        return stored
    folded = _fold(label)
    for candidate, value in allowed.items():
        if _fold(candidate) == folded:
            return value
    raise CellFault("value.unknown", allowed=", ".join(allowed))


def _bare(written: str) -> str:
    """Without the blanks around it and the apostrophe by which a spreadsheet marks text."""
    stripped = written.strip()
    return stripped[1:].strip() if stripped[:1] == "'" else stripped


def _as_text(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, date):
        return f"{cell.day:02}-{cell.month:02}-{cell.year:04}"
    if isinstance(cell, float):
        if not math.isfinite(cell):
            raise CellFault("text.invalid")
        return str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT else repr(cell)
    if isinstance(cell, int) and abs(cell) >= 10**_LONGEST_WHOLE:
        raise CellFault("text.invalid")  # no spreadsheet holds it, and endless numbers have no text in Python
    return str(cell)


@lru_cache(maxsize=1 << 17)
def _day_of_text(written: str) -> date | None:
    """The date written, None where absent; what is no date becomes one outside the accepted years."""
    written = _bare(written)
    if written in _ABSENT:
        return None
    if len(written) == 10 and written[2] == written[5] and written[2] in "-/":
        return _day_of_iso(f"{written[6:]}-{written[3:5]}-{written[:2]}")
    if found := _DAY_FIRST.fullmatch(written):
        return _day_of_iso(f"{found[4]}-{found[3]:0>2}-{found[1]:0>2}")
    if found := _YEAR_FIRST.fullmatch(written):
        return _day_of_iso(f"{found[1]}-{found[3]:0>2}-{found[4]:0>2}")
    if _WHOLE.fullmatch(written) and len(written) <= _LONGEST_WHOLE:
        return _day_of_serial(int(written))
    return date.max


def _day_of_iso(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return date.max


def _day_of_serial(number: float) -> date:
    if math.isfinite(number) and int(number) in _SERIALS:
        return _EXCEL_DAY_ZERO + timedelta(days=int(number))
    return date.max


def _whole_number(cell: Cell) -> int | None:
    if isinstance(cell, str):
        written = _bare(cell)
        if written in _ABSENT:
            return None
        if len(written) <= _LONGEST_WHOLE and _WHOLE.fullmatch(written):
            return int(written)
    elif cell is None:
        return None
    elif isinstance(cell, (int, float)) and not isinstance(cell, bool) and math.isfinite(cell) and cell == int(cell):
        return int(cell)
    raise CellFault("number.invalid")


def _decimal_number(cell: Cell) -> Decimal | None:
    if isinstance(cell, str):
        written = _bare(cell)
        if written in _ABSENT:
            return None
        if _DECIMAL.fullmatch(written):
            return Decimal(written.replace(",", "."))
    elif cell is None:
        return None
    elif isinstance(cell, (int, float)) and not isinstance(cell, bool) and math.isfinite(cell) and abs(cell) < _EXACT:
        return Decimal(str(cell))
    raise CellFault("number.decimal")


def _number_as_nip(number: float) -> str:
    """The digits of a short number, which parsing will refuse for their count."""
    if not math.isfinite(number) or number < 0 or number != int(number):
        raise CellFault("nip.format")
    if number >= _EXACT:
        raise CellFault("nip.number")
    return str(int(number))


@lru_cache(maxsize=1 << 12)
def _fold(label: str) -> str:
    return " ".join(label.split()).casefold()
