"""The NIP: the 18-digit number of a civil servant, and what may be read from it."""

from __future__ import annotations

from datetime import date

from app.domain.errors import Invalid

_DIGITS = 18
_EARLIEST_YEAR = 1900
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
