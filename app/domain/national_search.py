"""A search of the nation: who is looked for, which requirements decide, and what is told of those on the list."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.domain.candidates import Candidate, Target
from app.domain.careers import PositionLevel
from app.domain.errors import Fault, refuse
from app.domain.masks import KEPT_WHILE_MASKED
from app.domain.messages import day_in_words
from app.domain.ranking import criteria_in_use, must_keep_seniority_small, points_on_facts, tie_break
from app.domain.requirements import Field, Outcome, Requirement
from app.domain.rule_sets import Criterion, RuleSet
from app.domain.suppression import tell
from app.domain.verdicts import outcome_on_facts

Json = Mapping[str, object]

POOL_BOXES = (7, 8, 9)
"""The boxes whose people are kept for searches, the widest that a pool can be (PermenPANRB 3/2020); which of them a
search looks at unless told is a matter of the policy of succession."""
MOST = 100
"""How many a search names at the most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The post that somebody is looked for."""

    on: date
    level: PositionLevel
    government_affair: str | None
    standard: tuple[int, ...]

    @property
    def target(self) -> Target:
        """As rules ask for it; priority programmes are an affair of the institution that fills the post."""
        return Target(on=self.on, level=self.level, government_affair=self.government_affair, standard=self.standard)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Who is looked for: for which post, under which rules, in which boxes and provinces; the `first` so many."""

    post: Post
    requirements: tuple[Requirement, ...]
    criteria: tuple[Criterion, ...]
    """Those in use."""
    boxes: tuple[int, ...]
    provinces: tuple[str, ...] | None
    first: int

    @property
    def deciding(self) -> tuple[Requirement, ...]:
        """The requirements that facts can meet: whoever does not meet them all is not found."""
        return tuple(one for one in self.requirements if _is_decided_by_facts(one, self.post))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many people a search found to be what; everybody in its boxes and provinces is counted once."""

    eligible: int
    unranked: int
    """Of these: who has no total, because something that criteria rate is unknown."""
    to_verify: int
    """Of whom no requirement is surely not met, and some are open."""
    ruled_out: Mapping[str, int]
    """By the code of the first requirement, in the order of the rule set, that is surely not met."""
    not_on_record: int
    """Of whose whole service is on record, and neither the level nor the affair that is asked for is in it."""
    with_gaps: int
    """Of whom the record does not show the level, or the affair, and has gaps: in these they may have had it."""

    @property
    def considered(self) -> int:
        """Everybody in the boxes and provinces."""
        found = self.eligible + self.to_verify + sum(self.ruled_out.values())
        return found + self.not_on_record + self.with_gaps


def must_lie_ahead(on: date, today: date) -> None:
    """Refused where the planned day of inauguration has passed: nobody can be looked for any more."""
    if on < today:
        refuse(Fault("national.past", "/on", {"day": day_in_words(on), "today": day_in_words(today)}))


def search_for(
    rule_set: RuleSet, post: Post, *, boxes: tuple[int, ...], provinces: tuple[str, ...] | None, first: int
) -> Search:
    """A search under a rule set, in these of the boxes that are kept. Nobody has been tested for the post.

    Refused with `ranking.seniority` where little but seniority would decide.
    """
    has_affair = post.government_affair is not None
    criteria = criteria_in_use(rule_set, has_technical_scores=False, has_programmes=False, has_affair=has_affair)
    must_keep_seniority_small(rule_set, criteria)
    return Search(
        post=post,
        requirements=rule_set.requirements,
        criteria=criteria,
        boxes=tuple(box for box in POOL_BOXES if box in boxes),
        provinces=provinces,
        first=first,
    )


def _is_decided_by_facts(requirement: Requirement, post: Post) -> bool:
    """Whether anybody can meet a requirement on the facts alone.

    What only documents show, and experience in an affair that nobody has said, is left to the institution that fills
    the post: it excludes nobody here, and its verdict stays open.
    """
    is_open = requirement.field is Field.RELATED_EXPERIENCE and post.government_affair is None
    return requirement.field is not Field.VERIFIED and not is_open


# ── what is told


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the list: the facts, by an id that is of this search alone."""

    candidate: Candidate
    province_code: str | None
    card_id: UUID | None
    """By which the institution of origin and the person can be asked; None without the consent to be listed."""


def answer_of(search: Search, people: Sequence[Person], seed: bytes, met: Collection[Requirement] = ()) -> list[Json]:
    """Those on the list in their order, as they are told: found again from the same facts it is the same.

    `met` are the requirements that the search has found to be met by all of them; the others are put to them here.

    Points that say how old somebody is, or how long they have served, are kept back, and with them the totals, from
    which the other parts could be subtracted. ValueError for somebody whose total is unknown.
    """
    target, found = search.post.target, {one.code for one in met}
    open_ones = [one for one in search.requirements if one.code not in found]
    rated = [(one, _points(search, one, target)) for one in people]
    told = [(sum(points), tie_break(seed, one.candidate.id), one, points) for one, points in rated]
    told.sort(key=lambda one: (-one[0], one[1]))
    return [
        {
            "position": position,
            **_told(search, one, points),
            "outcomes": _outcomes(search, one, target, open_ones),
            "tieBreak": lot,
        }
        for position, (_, lot, one, points) in enumerate(told, start=1)
    ]


def digest_of(answer: Sequence[Json], outcomes: Json) -> str:
    """SHA-256, in hexadecimal, over an answer and over how many people were found to be what."""
    told = {"answer": answer, "outcomes": outcomes}
    return hashlib.sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def told_counts(ruled_out: Mapping[str, int]) -> Mapping[str, int | None]:
    """Whom each requirement ruled out, without the counts that would point at single people, or give these away."""
    if not ruled_out:
        return {}
    [counts] = tell([list(ruled_out.values())]).cells
    return dict(zip(ruled_out, counts, strict=True))


def _points(search: Search, person: Person, target: Target) -> list[int]:
    """What each criterion gives."""
    points = []
    for one in search.criteria:
        if (given := points_on_facts(one, person.candidate, target)) is None:
            raise ValueError(str(person.candidate.id))
        points.append(given)
    return points


def _outcomes(search: Search, person: Person, target: Target, open_ones: Sequence[Requirement]) -> list[Outcome]:
    put = {one.code: outcome_on_facts(one, person.candidate, target) for one in open_ones}
    return [put.get(one.code, Outcome.MET) for one in search.requirements]


def _told(search: Search, person: Person, points: Sequence[int]) -> Json:
    candidate = person.candidate
    parts = [
        None if one.kind in KEPT_WHILE_MASKED else given for one, given in zip(search.criteria, points, strict=True)
    ]
    return {
        "candidateId": str(candidate.id),
        "isListed": person.card_id is not None,
        "provinceCode": person.province_code,
        "level": candidate.level,
        "box": candidate.box,
        "parts": parts,
        "total": None if None in parts else sum(points),
    }
