"""Time in government affairs: the days on record, and those that nobody has said anything about."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from app.domain.candidates import Candidate


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


def days_since(since: date | None, on: date) -> int:
    """None before the first of them, and none where it is not known."""
    return 0 if since is None else max(0, (on - since).days)


def days_unaccounted(service_from: date | None, on: date, accounted: int) -> int | None:
    """Days in service about which nothing is on record; None where nobody knows since when somebody serves."""
    return None if service_from is None else max(0, (on - service_from).days - accounted)
