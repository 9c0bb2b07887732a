"""Time in government affairs and fields: the days on record, and those that nobody has said anything about."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta

from app.domain.candidates import FUNCTIONAL, LEVELS, UNSAID, Candidate, Target
from app.domain.careers import PositionLevel


def time_in_affair(candidate: Candidate, affair: str, on: date) -> tuple[int, int | None]:
    """Days in an affair up to a day: those known, and how many more it may have been; None where nothing limits it."""
    known = (candidate.affair_days or {}).get(affair, 0)
    if candidate.government_affair == affair:
        known += days_since(candidate.affair_since, on)
    return known, time_unaccounted(candidate, on)


def time_unaccounted(candidate: Candidate, on: date) -> int | None:
    """Days in service before the posts on record begin, and in posts whose affair nobody has said.

    None where nobody knows since when somebody serves.
    """
    is_placed = candidate.government_affair is not None and candidate.affair_since is not None
    unplaced = (candidate.unplaced_days or 0) + (0 if is_placed else days_since(candidate.post_since, on))
    history = None if candidate.affair_days is None else candidate.history_from
    return days_unaccounted(candidate.service_from, on, days_since(history, on) - unplaced)


def affairs_of(candidate: Candidate) -> Collection[str]:
    """The affairs in which somebody is known to work, or to have worked."""
    present = candidate.government_affair
    return {*(candidate.affair_days or {}), *(() if present is None else (present,))}


def time_in_field(candidate: Candidate, target: Target, level: PositionLevel, held: int) -> tuple[int, int]:
    """Of the days held at a functional level, those in the field of a post, and those of which nobody knows it.

    A functional post is in the field of a post that works at the same government affair (PP 11/2017 art. 54); the
    present one also where both belong to the same job family.
    """
    is_present = candidate.level is level and candidate.level_since is not None
    present = days_since(candidate.post_since, target.on) if is_present else 0
    of_present, affair = is_in_field(candidate, target), target.government_affair
    said = None if candidate.functional_days is None else candidate.functional_days.get(level, {})
    known = 0 if said is None or affair is None else said.get(affair, 0)
    unsaid = max(held - present, 0) if said is None or affair is None else said.get(UNSAID, 0)
    return known + (present if of_present else 0), unsaid + (present if of_present is None else 0)


def is_in_field(candidate: Candidate, target: Target) -> bool | None:
    """Whether the present post is in the field of another one; None where nobody has said it of one of them."""
    pairs = (
        (candidate.government_affair, target.government_affair),
        (candidate.job_family, target.job_family),
    )
    if any(one is not None and one == other for one, other in pairs):
        return True
    (own, affair), (family, asked) = pairs
    is_other_affair = own is not None and affair is not None
    is_other_family = asked is None or family is not None
    return False if is_other_affair and is_other_family else None


def days_since(since: date | None, on: date) -> int:
    """None before the first of them, and none where it is not known."""
    return 0 if since is None else max(0, (on - since).days)


def days_unaccounted(service_from: date | None, on: date, accounted: int) -> int | None:
    """Days in service about which nothing is on record; None where nobody knows since when somebody serves."""
    return None if service_from is None else max(0, (on - service_from).days - accounted)


# ── what a history of posts could show


def with_time_in_affair(candidate: Candidate, affair: str, on: date, days: int) -> Candidate:
    """Somebody of whom at least so many days in an affair are on record: what is added was not accounted for before."""
    more = days - time_in_affair(candidate, affair, on)[0]
    if more <= 0:
        return candidate
    known = candidate.affair_days or {}
    begins = on if candidate.affair_days is None or candidate.history_from is None else candidate.history_from
    return replace(
        candidate,
        affair_days={**known, affair: known.get(affair, 0) + more},
        history_from=begins - timedelta(more),
    )


def with_time_at_level(candidate: Candidate, level: PositionLevel, affair: str | None, days: int) -> Candidate:
    """Somebody with so many days more at a level; of a functional one they are in the affair."""
    closed = candidate.closed_days or (0,) * len(LEVELS)
    longer = tuple(held + days * (one is level) for one, held in zip(LEVELS, closed, strict=True))
    if level not in FUNCTIONAL or affair is None:
        return replace(candidate, closed_days=longer)
    known = candidate.functional_days or {}
    there = known.get(level, {})
    functional = {**known, level.value: {**there, affair: there.get(affair, 0) + days}}
    return replace(candidate, closed_days=longer, functional_days=functional)
