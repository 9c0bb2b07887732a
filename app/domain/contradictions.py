"""Contradictions: requirements that no person can meet together, and which they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import cast

from app.domain.candidates import Employment
from app.domain.durations import MONTHS_OF_A_YEAR
from app.domain.errors import Fault
from app.domain.requirements import FORMS, OLDEST, YOUNGEST, Comparison, Field, Requirement

Place = tuple[str, Requirement]
"""A requirement and its JSON pointer."""
Clash = tuple[Place, ...]
_TIMES = frozenset({Field.TIME_AT_LEVELS, Field.TIME_IN_POST, Field.RELATED_EXPERIENCE, Field.SERVICE})


def contradictions(placed: Sequence[Place]) -> Iterator[Fault]:
    """A fault for each smallest set that nobody can meet, at the last of it; it names the codes and pointers of all."""
    told: list[Clash] = []
    for clash in (*_clashes_of_facts(placed), *_clashes_of_age(placed)):
        if clash not in told:
            told.append(clash)
            yield _fault(clash)


def _fault(clash: Clash) -> Fault:
    codes, where = (", ".join(words) for words in zip(*((one.code, pointer) for pointer, one in clash), strict=True))
    return Fault("requirement.contradiction", clash[-1][0], {"codes": codes, "where": where})


# ── what is left of each fact


def _clashes_of_facts(placed: Sequence[Place]) -> Iterator[Clash]:
    allowed = {place[0]: dict(_allowed(place[1])) for place in placed}
    for fact in sorted({fact for facts in allowed.values() for fact in facts}):
        involved = [place for place in placed if fact in allowed[place[0]]]
        yield from _disjoint(involved, {pointer: facts.get(fact, frozenset()) for pointer, facts in allowed.items()})


def _disjoint(involved: Sequence[Place], allowed: Mapping[str, frozenset[object]]) -> Iterator[Clash]:
    """The pairs that have nothing in common; where there is none, a smallest set of which the same is true."""

    def is_empty(places: Sequence[Place]) -> bool:
        return not frozenset.intersection(*(allowed[pointer] for pointer, _ in places))

    pairs = [pair for pair in combinations(involved, 2) if is_empty(pair)]
    if pairs or len(involved) < 2 or not is_empty(involved):
        yield from pairs
        return
    least = list(involved)
    for place in involved:
        without = [one for one in least if one is not place]
        least = without if is_empty(without) else least
    yield tuple(least)


def _allowed(requirement: Requirement) -> Iterator[tuple[str, frozenset[object]]]:
    """What a requirement leaves of each fact it speaks of; PPPK have no grade of a civil servant."""
    form, threshold = FORMS[requirement.field], requirement.threshold
    match requirement.comparison:
        case Comparison.ONE_OF if isinstance(threshold, tuple):
            yield requirement.field.value, frozenset(threshold)
        case Comparison.AT_LEAST if isinstance(threshold, int):
            yield requirement.field.value, frozenset(one for one in form.numbers if one >= threshold)
        case Comparison.AT_MOST if isinstance(threshold, int):
            yield requirement.field.value, frozenset(one for one in (0, *form.numbers) if one <= threshold)
    if requirement.field is Field.GRADE:
        yield Field.EMPLOYMENT.value, frozenset({Employment.PNS.value})


# ── what takes longer than a life in service

Bound = tuple[int, Clash]
"""Completed years, and what asks for them."""


def _clashes_of_age(placed: Sequence[Place]) -> Iterator[Clash]:
    """Who must be older than somebody else must be younger than, or than anybody in service is."""
    oldest = [
        (cast("int", place[1].threshold), place)
        for place in placed
        if place[1].field is Field.AGE and place[1].comparison is Comparison.AT_MOST
    ]
    for least, asking in _lower_bounds(placed):
        if least > OLDEST:
            yield asking
            continue
        for most, limiting in oldest:
            if least > most:
                yield tuple(sorted((*asking, limiting), key=placed.index))


def _lower_bounds(placed: Sequence[Place]) -> Iterator[Bound]:
    """Nobody has spent more months anywhere than since turning `YOUNGEST`, nor the same months at two levels."""
    times = [place for place in placed if place[1].field in _TIMES and place[1].comparison is Comparison.AT_LEAST]
    for place in times:
        yield _years(_months(place)), (place,)
    at_levels = [place for place in times if place[1].field is Field.TIME_AT_LEVELS]
    for one, other in combinations(at_levels, 2):
        if not {*one[1].of} & {*other[1].of}:
            yield _years(_months(one) + _months(other)), (one, other)
    for place in placed:
        if place[1].field is Field.APPRAISALS:
            yield YOUNGEST + (place[1].years or 1) - 1, (place,)


def _months(place: Place) -> int:
    return cast("int", place[1].threshold)


def _years(months: int) -> int:
    return YOUNGEST + months // MONTHS_OF_A_YEAR
