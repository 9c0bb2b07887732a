"""What a mobility campaign consists of: which days, posts and programmes are possible together, and what is urgent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.contradictions import contradictions
from app.domain.errors import Conflict, Fault, refuse
from app.domain.government_affairs import AFFAIRS
from app.domain.messages import day_in_words
from app.domain.mobility_campaigns import ONLY_LATER, TERM_OF, State, part_in_words, words_of
from app.domain.programmes import Programme, newest_on
from app.domain.provinces import PROVINCES
from app.domain.requirements import Field, Requirement, parse_requirement

HIGHEST_URGENCY = 9
"""Classes that priority programmes can be given: 1 is the most urgent."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of a campaign: the last of wishes, the last of corrections, and the one on which moves take effect."""

    collecting_until: date
    correction_until: date
    effective_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What an organiser lays down, as it is kept."""

    state: State
    levels: Sequence[str]
    government_affairs: Sequence[str] | None
    province_codes: Sequence[str] | None
    requirements: Sequence[object]
    urgency_of_programmes: Mapping[str, int]
    calendar: Calendar


def must_be_sound(rules: Rules, programmes: Collection[str], own_province: str | None, today: date) -> None:
    """Refused with everything that is wrong at once.

    `programmes` are the organiser's, by code; an organiser with a province organises for that one alone.
    """
    faults = [
        *_out_of_order(rules.state, rules.calendar, today),
        *_repeated("/levels", rules.levels),
        *_repeated("/provinceCodes", rules.province_codes or ()),
        *_out_of_reach(rules.province_codes, own_province),
        *_no_affairs(rules.government_affairs or ()),
        *_no_programmes(rules.urgency_of_programmes, programmes),
        *_no_requirements(rules.requirements),
    ]
    if faults:
        refuse(*faults)


def requirements_of(written: Sequence[object]) -> tuple[Requirement, ...]:
    """The requirements of a campaign, which were sound when it was laid down."""
    faults: list[Fault] = []
    found = (parse_requirement(one, "", faults, is_published=True) for one in written)
    return tuple(one for one in found if one is not None)


def _repeated(pointer: str, codes: Sequence[str]) -> Iterator[Fault]:
    for place, code in enumerate(codes):
        if code in codes[:place]:
            yield Fault("mobility_campaign.repeated", f"{pointer}/{place}", {"value": code})


def _out_of_reach(provinces: Sequence[str] | None, own: str | None) -> Iterator[Fault]:
    if own is not None and (provinces is None or [*provinces] != [own]):
        about = {"province": PROVINCES.get(own, own), "number": own}
        yield Fault("mobility_campaign.own_province", "/provinceCodes", about)


def _no_affairs(affairs: Sequence[str]) -> Iterator[Fault]:
    for place, code in enumerate(affairs):
        if code not in AFFAIRS:
            about = {"affair": code, "allowed": ", ".join(AFFAIRS)}
            yield Fault("programme.affair", f"/governmentAffairs/{place}", about)
    yield from _repeated("/governmentAffairs", affairs)


def _no_programmes(classes: Mapping[str, int], known: Collection[str]) -> Iterator[Fault]:
    for code in classes:
        if code not in known:
            about = {"programme": code, "known": ", ".join(sorted(known)) or "–"}
            yield Fault("mobility_campaign.no_programme", "/urgencies", about)


def classes_of(pairs: Sequence[tuple[str, int]]) -> dict[str, int]:
    """The class of each programme, which is told once."""
    faults = [*_repeated("/urgencies", [code for code, _ in pairs])]
    if faults:
        refuse(*faults)
    return dict(pairs)


def _no_requirements(written: Sequence[object]) -> Iterator[Fault]:
    """What is wrong with requirements: each as rule sets write it, and none that only a vacancy can have."""
    faults: list[Fault] = []
    found: list[tuple[str, Requirement]] = []
    taken: dict[str, str] = {}
    for place, one in enumerate(written):
        where = f"/requirements/{place}"
        requirement = parse_requirement(one, where, faults)
        if requirement is None:
            continue
        if requirement.field is Field.VERIFIED:
            yield Fault("mobility_campaign.unverifiable", f"{where}/field")
        if (other := taken.setdefault(requirement.code, where)) != where:
            yield Fault("requirement.repeated", f"{where}/code", {"name": requirement.code, "other": other})
        found.append((where, requirement))
    yield from faults
    yield from contradictions(found)


# ── days


def must_be_possible(state: State, calendar: Calendar, today: date) -> None:
    """Wishes close on a day to come, corrections after that, and moves take effect after those; every fault at once."""
    if faults := [*_out_of_order(state, calendar, today)]:
        refuse(*faults)


def _out_of_order(state: State, calendar: Calendar, today: date) -> Iterator[Fault]:
    """Wishes that are open already may close on whichever day was announced."""
    if state in (State.DRAFT, State.ANNOUNCED) and calendar.collecting_until <= today:
        about = {"day": day_in_words(calendar.collecting_until), "today": day_in_words(today)}
        yield Fault("mobility_campaign.past", "/collectingUntil", about)
    for earlier, later in (("collecting_until", "correction_until"), ("correction_until", "effective_on")):
        before, day = _day(calendar, earlier), _day(calendar, later)
        if day <= before:
            about = {"day": day_in_words(day), "name": part_in_words(earlier), "earlier": day_in_words(before)}
            yield Fault("mobility_campaign.order", _pointer(later), about)


def must_only_be_put_off(state: State, before: Calendar, after: Calendar) -> None:
    """Once announced, a day only moves to a later one: nobody is given less time than was promised."""
    faults = [
        Fault(
            "mobility_campaign.shortened",
            _pointer(name),
            {"day": day_in_words(_day(after, name)), "announced": day_in_words(_day(before, name))},
        )
        for name in ONLY_LATER
        if state is not State.DRAFT and _day(after, name) < _day(before, name)
    ]
    if faults:
        refuse(*faults)


def is_running(state: State, calendar: Calendar, today: date) -> bool:
    """Whether the term of a state, its last day included, is not over."""
    return state in TERM_OF and today <= _day(calendar, TERM_OF[state])


def too_early(state: State, calendar: Calendar) -> Conflict:
    """A term that is not over is cut short only by who says so."""
    return Conflict("mobility_campaign.early", state=words_of(state), day=day_in_words(_day(calendar, TERM_OF[state])))


def _day(calendar: Calendar, name: str) -> date:
    day: date = getattr(calendar, name)
    return day


def _pointer(name: str) -> str:
    first, *others = name.split("_")
    return "/" + first + "".join(word.capitalize() for word in others)


# ── urgency


@dataclass(frozen=True, slots=True)
class Urgency:
    """Posts of an affair, in a province or everywhere, that a priority programme makes urgent."""

    affair: str
    province: str | None
    urgency: int


def urgency_of(rules: Iterable[Urgency], affair: str | None, province: str | None) -> int:
    """The class of a post, 1 is the most urgent: the strongest rule that fits, else the class after all of them."""
    known = list(rules)
    fitting = [one.urgency for one in known if one.affair == affair and one.province in (None, province)]
    return min(fitting, default=1 + max((one.urgency for one in known), default=0))


def urgency_rules(programmes: Iterable[Programme], classes: Mapping[str, int], on: date) -> list[Urgency]:
    """What the classes of programmes say about affairs on a day; those that are not in force then say nothing."""
    strongest: dict[tuple[str, str | None], int] = {}
    for one in newest_on(programmes, on):
        if one.code in classes and one.since <= on <= one.until:
            for affair in one.affairs:
                key = affair, one.province
                strongest[key] = min(strongest.get(key, HIGHEST_URGENCY), classes[one.code])
    rules = [Urgency(affair, province, urgency) for (affair, province), urgency in strongest.items()]
    return sorted(rules, key=lambda one: (one.affair, one.province or ""))
