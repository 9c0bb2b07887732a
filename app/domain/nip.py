"""The NIP: the 18-digit number of a civil servant, and what may be read from it."""

from __future__ import annotations

from datetime import date

from app.domain.durations import MONTHS_OF_A_YEAR, months_before
from app.domain.errors import Invalid

YOUNGEST = 18
"""Years: nobody enters service before (PP 11/2017 art. 23 paragraph 1 a)."""
YEARS = range(1900, 2100)
"""What a year in a number may be; outside, nothing is read from it."""
_DIGITS = 18
_EARLIEST_YEAR = YEARS[0]
_PPPK_MARKER = 20  # digits 13-14 of a PNS are the month of entry, those of a PPPK a marker seen from 21 upwards


def parse_nip(text: str) -> str:
    """The 18 digits; refused with `nip.format`, `nip.length` or `nip.birth_date`.

    The month of entry and the sex digit are not judged: real numbers deviate there.
    """
    if not (text.isascii() and text.isdigit()):
        raise Invalid("nip.format")
    if len(text) != _DIGITS:
        raise Invalid("nip.length", digits=len(text))
    try:
        born = birth_date(text)
    except ValueError as error:
        raise Invalid("nip.birth_date") from error
    if born.year < _EARLIEST_YEAR:
        raise Invalid("nip.birth_date")
    return text


def birth_date(nip: str) -> date:
    """The date of birth a parsed NIP carries; the person's own record may have been corrected since."""
    return date(int(nip[:4]), int(nip[4:6]), int(nip[6:8]))


def is_pppk(nip: str) -> bool:
    """Whether a parsed NIP probably belongs to a contract employee (PPPK); the meaning of the marker is unconfirmed."""
    return int(nip[12:14]) >= _PPPK_MARKER


def day_of_birth(recorded: date | None, nip: str, on: date) -> date | None:
    """The date of birth: of the record, and of a parsed NIP only where that is silent.

    Unknown where it is one that nobody has who serves on the day `on`.
    """
    born = birth_date(nip) if recorded is None else recorded
    return born if born.year in YEARS and born <= _latest_birth(on) else None


def month_of_entry(nip: str, born_on: date | None, on: date) -> date | None:
    """The first day of the month in which the service of a civil servant began, by the NIP.

    Unknown where the number says no month, one still to come, or one in which somebody born on `born_on` was too young;
    a number whose owner's date of birth is unknown is trusted no further.
    """
    year, month = int(nip[8:12]), int(nip[12:14])
    if born_on is None or year not in YEARS or not 1 <= month <= MONTHS_OF_A_YEAR:
        return None
    entered = date(year, month, 1)
    return entered if born_on.replace(day=1) <= _latest_birth(entered) and entered <= on else None


def _latest_birth(on: date) -> date:
    return months_before(on, YOUNGEST * MONTHS_OF_A_YEAR)
