"""People, posts and requirements drawn by lot, near to where a requirement changes its mind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise, takewhile
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from app.domain.candidates import (
    FUNCTIONAL,
    GRADES,
    LEADERSHIP_RANKS,
    LEVELS,
    NUMBER_OF_COMPETENCIES,
    SEVERITIES,
    UNSAID,
    YEARS_OF_APPRAISALS,
    YEARS_OF_TRAINING,
    Candidate,
    Employment,
    Given,
    Target,
)
from app.domain.careers import PositionLevel
from app.domain.requirements import FORMS, Comparison, Field, Proof, Requirement, Threshold
from app.domain.sources import Confidence, Source

AS_OF, ON = date(2025, 12, 4), date(2026, 3, 2)
LEAP_DAY = date(1968, 2, 29)
AFFAIRS = ("health", "education", "finance")
FAMILIES = ("auditor", "perencana")
SOURCE = Source(document="PP 11/2017 ps. 54", confidence=Confidence.LIKELY)
MONTHS = (1, 6, 24, 36, 60, 61, 120, 300, 672, 684)
TALENT_VALUES = (0, 69_999_999, 70_000_000, 100_000_000)
CODE = "asked"

Drawn = TypeVar("Drawn")


def a_candidate(lot: Random) -> Candidate:
    """Somebody about whom anything may be unknown."""
    affairs = {affair: _days(lot) for affair in AFFAIRS if lot.random() < 0.5}
    return Candidate(
        id=UUID(int=lot.getrandbits(128)),
        as_of=AS_OF,
        employment=_maybe(lot, tuple(Employment)),
        level=_maybe(lot, LEVELS[2:9]),
        level_since=_maybe(lot, [_day(lot)]),
        post_since=_maybe(lot, [_day(lot)]),
        closed_days=_maybe(lot, [tuple(_days(lot) if lot.random() < 0.3 else 0 for _ in LEVELS)]),
        history_from=_maybe(lot, [_day(lot)]),
        service_from=_maybe(lot, [_day(lot)]),
        job_family=_maybe(lot, FAMILIES),
        government_affair=_maybe(lot, AFFAIRS),
        affair_days=_maybe(lot, [affairs]),
        affair_since=_maybe(lot, [_day(lot)]),
        unplaced_days=_maybe(lot, [_days(lot)]),
        functional_days=_maybe(lot, [{level.value: _of_affairs(lot) for level in FUNCTIONAL if lot.random() < 0.5}]),
        education_rank=_maybe(lot, [1, 2, 3, 4, 5]),
        grade=_maybe(lot, GRADES),
        born_on=_maybe(lot, [_day(lot), LEAP_DAY]),
        appraised_to=AS_OF.year - 1,
        appraisals=tuple(_maybe(lot, [1, 2, 3, 4, 4, 5]) for _ in range(YEARS_OF_APPRAISALS)),
        competencies=_maybe(lot, [tuple(_maybe(lot, [1, 2, 3, 4, 5]) for _ in range(NUMBER_OF_COMPETENCIES))]),
        assessed_on=_maybe(lot, [_day(lot)]),
        are_sanctions_known=lot.random() < 0.8,
        sanctioned_until=_maybe(lot, [_day(lot), ON, ON - timedelta(1), ON + timedelta(30), date.max]),
        sanctioned_on=tuple(_maybe(lot, [_day(lot)]) for _ in SEVERITIES),
        leadership=_maybe(lot, [0, *LEADERSHIP_RANKS.values()]),
        training_hours=_maybe(lot, [tuple(_maybe(lot, [0, 20, 60]) for _ in range(YEARS_OF_TRAINING))]),
        box=_maybe(lot, range(1, 10)),
        performance=_maybe(lot, TALENT_VALUES),
        potential=_maybe(lot, TALENT_VALUES),
        talent_value=_maybe(lot, TALENT_VALUES),
        missing=lot.choice(((), (), ("competencyAssessment", "potentialAssessment"))),
    )


def a_target(lot: Random) -> Target:
    """A post, with or without an affair."""
    return Target(
        on=lot.choice([ON, date(2028, 2, 29), date(2026, 3, 31), date(2026, 2, 28)]),
        level=lot.choice(tuple(PositionLevel)),
        government_affair=lot.choice([*AFFAIRS, None]),
        job_family=lot.choice([*FAMILIES, None]),
        standard=tuple(lot.randint(1, 5) for _ in range(NUMBER_OF_COMPETENCIES)),
    )


def a_requirement(lot: Random, field: Field, comparison: Comparison) -> Requirement:
    """A requirement as somebody may write it down."""
    form = FORMS[field]
    threshold = _threshold(lot, field, comparison)
    needs_of = form.of and (threshold is not None)
    is_dated = form.years is not None and not (form.is_free and lot.random() < 0.5)
    return Requirement(
        code=CODE,
        field=field,
        comparison=comparison,
        threshold=threshold,
        of=_some(lot, form.of) if needs_of else (),
        years=lot.choice(form.years) if is_dated and form.years is not None else None,
        label_id="Syarat",
        label_en="Requirement",
        legal_basis="PP 11/2017",
        source=SOURCE,
        proof=lot.choice(tuple(Proof)) if form.needs_proof else None,
        is_in_field=form.has_field and lot.random() < 0.7,
    )


def a_word(lot: Random) -> Given:
    """What a secretariat verified about the requirement, if anything."""
    return Given(verified=lot.choice([{}, {CODE: True}, {CODE: False}, {"another": True}]))


def every_kind_of_requirement() -> list[tuple[Field, Comparison]]:
    return [(field, comparison) for field, form in FORMS.items() for comparison in form.comparisons]


def _threshold(lot: Random, field: Field, comparison: Comparison) -> Threshold:
    form = FORMS[field]
    if comparison is Comparison.ONE_OF:
        return _some(lot, form.words) if form.words else _some(lot, form.numbers)
    if comparison is Comparison.IS_TRUE and not (form.numbers and lot.random() < 0.7):
        return None
    if form.words:
        return lot.choice(form.words)
    return lot.choice([one for one in MONTHS if one in form.numbers] or form.numbers)


def _of_affairs(lot: Random) -> dict[str, int]:
    return {affair: _days(lot) for affair in (*AFFAIRS, UNSAID) if lot.random() < 0.5}


def _some(lot: Random, among: Sequence[Drawn]) -> tuple[Drawn, ...]:
    return tuple(lot.sample(list(among), lot.randint(1, min(3, len(among)))))


def _maybe(lot: Random, among: Sequence[Drawn]) -> Drawn | None:
    return None if lot.random() < 0.2 else lot.choice(among)


def _day(lot: Random) -> date:
    """A day so many months before the inauguration, or next to it; or any."""
    if lot.random() < 0.3:
        return date(1960, 1, 1) + timedelta(lot.randrange(24_000))
    months = lot.choice(MONTHS)
    there = ON.year * 12 + ON.month - 1 - months
    return date(there // 12, there % 12 + 1, ON.day) + timedelta(lot.choice([-2, -1, 0, 0, 1, 2]))


def _days(lot: Random) -> int:
    return lot.choice([0, 1, 28, 364, 729, 730, 731, 1095, 1826, lot.randrange(12_000)])


# ── careers that hang together


@dataclass(frozen=True)
class Post:
    """A definitive post, held until the next one begins."""

    begins: date
    level: PositionLevel
    affair: str | None


def a_career(lot: Random, begins: date) -> list[Post]:
    """Posts since a day, some of them equal to the one before in level or affair."""
    posts = []
    while begins <= AS_OF and len(posts) < 6:
        posts.append(Post(begins, lot.choice(LEVELS[3:8]), lot.choice(AFFAIRS)))
        begins += timedelta(lot.choice([365, 730, 1095, 1826]) + lot.choice([-1, 0, 0, 1]))
    return posts


def facts_of_career(posts: Sequence[Post]) -> dict[str, Any]:
    """What posts in the order of their beginning say, spell by spell."""
    if not posts:
        return {}
    level_since, affair_since = (_unbroken(posts, attribute) for attribute in ("level", "affair"))
    closed, affairs, unplaced = Counter[PositionLevel](), Counter[str](), 0
    functional: dict[str, dict[str, int]] = {}
    for post, successor in pairwise(posts):
        days = (successor.begins - post.begins).days
        if post.level in FUNCTIONAL:
            of_level = functional.setdefault(post.level.value, {})
            of_level[post.affair or UNSAID] = of_level.get(post.affair or UNSAID, 0) + days
        if post.begins < level_since:
            closed[post.level] += days
        if post.affair is None:
            unplaced += days
        elif posts[-1].affair is None or post.begins < affair_since:
            affairs[post.affair] += days
    return {
        "level": posts[-1].level,
        "level_since": level_since,
        "post_since": posts[-1].begins,
        "closed_days": tuple(closed[level] for level in LEVELS),
        "history_from": posts[0].begins,
        "government_affair": posts[-1].affair,
        "affair_days": dict(affairs),
        "affair_since": None if posts[-1].affair is None else affair_since,
        "unplaced_days": unplaced,
        "functional_days": functional,
    }


def _unbroken(posts: Sequence[Post], attribute: str) -> date:
    """Since when the last posts are alike in something."""
    alike = takewhile(lambda post: getattr(post, attribute) == getattr(posts[-1], attribute), reversed(posts))
    return min(post.begins for post in alike)


def somebody_known(lot: Random) -> tuple[Candidate, list[Post]]:
    """Somebody about whom everything is known, and the posts held since the first day in service."""
    service_from = _day(lot)
    posts = a_career(lot, service_from)
    known = Candidate(
        id=UUID(int=lot.getrandbits(128)),
        as_of=AS_OF,
        employment=lot.choice(tuple(Employment)),
        service_from=service_from,
        job_family=lot.choice(FAMILIES),
        education_rank=lot.randint(1, 5),
        grade=lot.choice(GRADES),
        born_on=_day(lot),
        appraised_to=AS_OF.year - 1,
        appraisals=tuple(lot.choice([1, 2, 3, 4, 4, 5]) for _ in range(YEARS_OF_APPRAISALS)),
        competencies=tuple(lot.randint(1, 5) for _ in range(NUMBER_OF_COMPETENCIES)),
        assessed_on=_day(lot),
        are_sanctions_known=True,
        sanctioned_until=lot.choice([None, _day(lot), ON]),
        sanctioned_on=tuple(_maybe(lot, [_day(lot)]) for _ in SEVERITIES),
        leadership=lot.randint(0, len(LEADERSHIP_RANKS)),
        training_hours=(20,) * YEARS_OF_TRAINING,
        box=lot.randint(1, 9),
        talent_value=lot.choice(TALENT_VALUES),
    )
    return replace(known, **facts_of_career(posts)), posts


SINGLE = (
    "employment",
    "job_family",
    "education_rank",
    "grade",
    "born_on",
    "competencies",
    "assessed_on",
    "leadership",
    "box",
)


def forgotten(lot: Random, known: Candidate, posts: Sequence[Post]) -> Candidate:
    """The same person, with gaps in what is on record: earlier posts, affairs of posts, levels, whole registers."""
    later = [replace(post, affair=_maybe(lot, [post.affair])) for post in posts[lot.randint(0, len(posts)) :]]
    unknown = dict.fromkeys(("level", "level_since", "post_since", "closed_days", "history_from", "government_affair"))
    unknown |= dict.fromkeys(("affair_days", "affair_since", "unplaced_days", "functional_days"))
    levels = known.competencies or ()
    gaps = {
        "service_from": _maybe(lot, [known.service_from]),
        "talent_value": _maybe(lot, [known.talent_value]),
        "appraisals": tuple(_maybe(lot, [rank]) for rank in known.appraisals),
        "competencies": tuple(_maybe(lot, [level]) for level in levels),
        "are_sanctions_known": lot.random() < 0.8,
        **{name: None for name in SINGLE if lot.random() < 0.2},
    }
    return replace(known, **(unknown | facts_of_career(later) | gaps))
