"""Priority programmes: which version holds on a day in a province, and how strongly it favours government affairs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.errors import Fault, refuse
from app.domain.government_affairs import AFFAIRS

MILLIONTHS_OF_A_PERCENT = 10_000


class NotInForce(StrEnum):
    """Why a version does not hold on the present day; the first that applies."""

    REPLACED = "replaced"
    NOT_YET = "notYet"
    OVER = "over"
    PROVINCE_UNKNOWN = "provinceUnknown"
    """It applies in one province, and nobody has said in which the institution is."""
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """One version of a programme, such as education, health or the control of inflation. A version never changes."""

    code: str
    version: int
    affairs: tuple[str, ...]
    """Codes of `domain.government_affairs`."""
    weight: int
    """Percent of what the criterion of a rule set gives at most."""
    province: str | None
    """Where it applies; everywhere where None."""
    since: date
    until: date

    def is_in_force(self, on: date, province: str | None) -> bool:
        """Whether it runs on the day and applies in the province; None is a province that nobody has said."""
        return self.since <= on <= self.until and self.province in (None, province)


def newest_on(programmes: Iterable[Programme], on: date) -> list[Programme]:
    """Of each programme the version that counts on a day: the newest of those whose first day has come.

    So a version replaces those before it from its own first day on, and may end a programme sooner than they said.
    """
    newest: dict[str, Programme] = {}
    for one in programmes:
        if one.since <= on and (one.code not in newest or one.version > newest[one.code].version):
            newest[one.code] = one
    return list(newest.values())


def affairs_in_force(programmes: Iterable[Programme], on: date, province: str | None) -> Mapping[str, int]:
    """The affairs that programmes favour on a day, with the strongest weight of each in millionths of a whole."""
    strongest: dict[str, int] = {}
    for one in newest_on(programmes, on):
        if one.is_in_force(on, province):
            for affair in one.affairs:
                strongest[affair] = max(strongest.get(affair, 0), one.weight * MILLIONTHS_OF_A_PERCENT)
    return dict(sorted(strongest.items()))


def must_be_affairs(codes: Sequence[str], pointer: str) -> None:
    """Refused with every code that is no government affair, or stands there twice."""
    faults = []
    for place, code in enumerate(codes):
        if code not in AFFAIRS:
            about = {"affair": code, "allowed": ", ".join(AFFAIRS)}
            faults.append(Fault("programme.affair", f"{pointer}/{place}", about))
        elif code in codes[:place]:
            faults.append(Fault("programme.repeated", f"{pointer}/{place}", {"affair": code}))
    if faults:
        refuse(*faults)
