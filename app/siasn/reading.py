"""Reading one row of SIASN's: absent is None, and what cannot be read or stands in no list is noted by its key."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from app.domain.errors import Invalid
from app.domain.nip import YEARS, parse_nip
from app.siasn import wire

Row = Mapping[str, object]
Values = dict[str, object]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unmapped:
    """Something said that has no place here; it is shown to those who look after the connection.

    siasn.missing: what a row needs is not there. siasn.unreadable: no date, number, or text that can be kept.
    siasn.code_unknown: in no list of ours. siasn.level_unknown: it does not tell the level of a post.
    siasn.acting_unknown: whether an acting post stood higher than one's own cannot be told.
    siasn.number_changed: the institution has the person under the NIP that is shown.
    siasn.open_ended: a sanction whose end is not said. siasn.dates_reversed: it ends before it begins.
    """

    code: str
    key: str
    value: str | None = None


class UnmappedError(Exception):
    """A row becomes nothing, because of this."""

    def __init__(self, unmapped: Unmapped) -> None:
        super().__init__(unmapped.code)
        self.unmapped = unmapped


_ABSENT = frozenset({"-", "–", "—"})
_UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_LONGEST = 500
_SHOWN = 100  # characters of a value that an operator is shown


@dataclass(frozen=True, slots=True)
class Reading:
    """A row that is being read. What is noted has no value of ours; the rest of the row has."""

    row: Row
    unmapped: list[Unmapped] = field(default_factory=list)

    def note(self, code: str, key: str) -> None:
        """Something under a key has no place here."""
        said = wire.text(self.row.get(key))
        self.unmapped.append(Unmapped(code, key, None if said is None else _UNSTORABLE.sub("", said)[:_SHOWN]))

    def fail(self, code: str, key: str) -> UnmappedError:
        """To be raised: the row becomes nothing because of this."""
        self.note(code, key)
        return UnmappedError(self.unmapped[-1])

    def needed(self, key: str, value: T | None) -> T:
        """A value without which the row becomes nothing."""
        if value is None:
            noted = next((one for one in self.unmapped if one.key == key), None)
            raise UnmappedError(noted or Unmapped("siasn.missing", key))
        return value

    def text(self, *keys: str) -> str | None:
        """One line of composed text under the first of the keys that says anything."""
        for key in keys:
            said = wire.text(self.row.get(key))
            if said is None:
                continue
            line = " ".join(said.split())
            is_plain = said.isascii() and said.isprintable()
            if not is_plain:
                line = unicodedata.normalize("NFC", line)
            if (not is_plain and _UNSTORABLE.search(said)) or len(line) > _LONGEST:
                self.note("siasn.unreadable", key)
            elif line and line not in _ABSENT:
                return line
        return None

    def day(self, *keys: str) -> date | None:
        """A date from 1900 to 2099 under the first of the keys that has one."""
        for key in keys:
            said = wire.text(self.row.get(key))
            if wire.is_absent(said) or said in _ABSENT:
                continue
            if (found := wire.day(said)) is not None and found.year in YEARS:
                return found
            self.note("siasn.unreadable", key)
        return None

    def year(self, key: str) -> int | None:
        """A year, also where a date is written."""
        said = wire.text(self.row.get(key))
        if wire.is_absent(said) or said in _ABSENT:
            return None
        if (found := wire.year(said)) is not None and found in YEARS:
            return found
        self.note("siasn.unreadable", key)
        return None

    def whole(self, key: str, lowest: int, highest: int) -> int | None:
        """A whole number in the closed range."""
        said = wire.text(self.row.get(key))
        if said is None or said in _ABSENT:
            return None
        if (found := wire.whole(said)) is not None and lowest <= found <= highest:
            return found
        self.note("siasn.unreadable", key)
        return None

    def decimal(self, key: str, lowest: int, highest: int) -> Decimal | None:
        """A number in the closed range, to the millionth; equal numbers are written alike."""
        said = self.row.get(key)
        if wire.text(said) is None:
            return None
        found = wire.number(said)
        if found is None or not lowest <= found <= highest:
            self.note("siasn.unreadable", key)
            return None
        exact = found.quantize(Decimal("0.000001")) + 0  # there is no -0
        return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact.normalize()

    def nip(self, key: str) -> str | None:
        """A number of 18 digits that begin with a date of birth."""
        said = wire.text(self.row.get(key))
        if said is None or said in _ABSENT:
            return None
        try:
            return parse_nip(said)
        except Invalid:
            self.note("siasn.unreadable", key)
            return None

    def one_of(self, key: str, known: Collection[str]) -> str | None:
        """A code of a list, as it is."""
        said = self.text(key)
        if said is None or said in known:
            return said
        self.note("siasn.code_unknown", key)
        return None

    def code(self, key: str, meanings: Mapping[str, str]) -> str | None:
        """What a code of a list is here."""
        said = self.one_of(key, meanings)
        return None if said is None else meanings[said]
