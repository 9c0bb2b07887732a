"""Succession: the policy as data, how soon somebody is ready, and how many posts the same people can fill at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from app.domain import verdicts
from app.domain.careers import PositionLevel
from app.domain.durations import months_after
from app.domain.errors import Fault, refuse
from app.domain.messages import Sentence, sentence
from app.domain.national_search import POOL_BOXES
from app.domain.recommendations import Pool
from app.domain.requirements import Field, Outcome, Requirement

# ── the policy


class MeritItem(StrEnum):
    """What the merit rules ask for before posts may be filled without open selection (aspect 3)."""

    COMMITTEE = "committee"
    """A talent committee is on record."""
    REGULATION = "regulation"
    """A regulation on talent management is on record."""
    TALENT_MAP = "talentMap"
    """A cycle of mapping is published."""
    TARGET_POSTS = "targetPosts"
    """Target or critical posts are decided."""
    POOL = "pool"
    """The pool of the institution has confirmed members."""
    PLANS = "plans"
    """Every target and critical post has a succession plan."""
    BENCH = "bench"
    """Every one of them has a successor who is available today."""

    @property
    def sentence_code(self) -> str:
        """The code of its label."""
        return f"merit.{self.value}"

    @property
    def lacking_code(self) -> str:
        """The code of what is to be done where it is not met, or not known."""
        return f"merit.{self.value}.lacking"


HELD_BY_OTHERS = ("merit.supervisor", "merit.category")
"""The codes of what is asked as well, and only others can tell."""


class MeritOutcome(StrEnum):
    """What is found of an item."""

    MET = "met"
    NOT_MET = "notMet"
    UNKNOWN = "unknown"
    """The institution keeps nothing that could tell."""


class PolicyCode(StrEnum):
    """Whose policy it is."""

    SHIPPED = "shipped"
    """What holds where an institution has published none."""
    OWN = "own"


class PolicyPart(StrEnum):
    """The values of a policy that a source can stand behind."""

    INSTITUTION_BOXES = "institutionBoxes"
    NATIONAL_BOXES = "nationalBoxes"
    TERM_MONTHS = "termMonths"
    SOON_MONTHS = "soonMonths"
    ACTING_MONTHS = "actingMonths"
    COVER = "cover"
    LEVELS_AHEAD = "levelsAhead"
    MERIT_WEIGHTS = "meritWeights"
    MERIT_ASPECT_WEIGHT = "meritAspectWeight"


Ladder = Mapping[PositionLevel, tuple[PositionLevel, ...]]
"""Levels by level, preferred first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How an institution plans succession; a version never changes.

    What is shipped is data, a row for each version (`shipped_succession_policy`), with the source of each value and how
    sure it is. The newest version of the institution's own is in force, and the newest shipped one where there is none.
    """

    code: PolicyCode
    version: int
    boxes: Mapping[Pool, tuple[int, ...]]
    """The one source of the boxes of a pool, of the institution's and of the national one.

    What nine boxes recommend (`recommendations`) is said of a box and decides about nobody; who searches the nation
    looks at the boxes of `Pool.NATIONAL`, and no rule set has boxes of its own to say.
    """
    term_months: int
    """How long a confirmation holds."""
    soon_months: int
    """Within how many months somebody has to be ready to be so in one to two years; ready now is who is eligible."""
    acting_months: int
    """How long an acting official acts: who retires before that is over does not act."""
    cover: Ladder
    """By level of a post: the levels whose holders may act in it, preferred first; nobody acts in other posts."""
    levels_ahead: Ladder
    """By present level: the levels above and beside it that its holders may be appointed to, the highest first."""
    merit_weights: Mapping[MeritItem, int]
    merit_aspect_weight: int
    """Percent of the merit index that the aspect has which asks for pools and plans."""


FULL = 100
"""What the weights of all items make together."""


def must_be_consistent(
    pools: Sequence[Sequence[int]],
    weights: Sequence[tuple[MeritItem, int]],
    ladders: Mapping[PolicyPart, Sequence[tuple[PositionLevel, Sequence[PositionLevel]]]],
) -> None:
    """Refused with every fault: what is said twice, a national pool wider than may be, weights of another sum."""
    faults = [
        Fault("policy.level_repeated", f"/{part.value}/{place}")
        for part, rules in ladders.items()
        for place, (level, others) in enumerate(rules)
        if any(earlier == level for earlier, _ in rules[:place]) or len(set(others)) < len(others)
    ]
    institution, national = pools
    for where, boxes in (("/institutionBoxes", institution), ("/nationalBoxes", national)):
        if repeated := sorted({box for box in boxes if list(boxes).count(box) > 1}):
            faults.append(Fault("policy.boxes_repeated", where, {"boxes": ", ".join(map(str, repeated))}))
    if not set(national) <= set(institution):
        faults.append(Fault("policy.boxes_wider", "/nationalBoxes"))
    if unkept := sorted({*national} - {*POOL_BOXES}):
        about = {"boxes": ", ".join(map(str, unkept)), "kept": ", ".join(map(str, POOL_BOXES))}
        faults.append(Fault("policy.boxes_not_national", "/nationalBoxes", about))
    together = sum(weight for _, weight in weights)
    if sorted(item for item, _ in weights) != sorted(MeritItem) or together != FULL:
        faults.append(Fault("policy.weights", "/meritWeights", {"sum": together}))
    if faults:
        refuse(*faults)


# ── readiness


class Readiness(StrEnum):
    """How soon somebody can take over a post."""

    READY_NOW = "ready_now"
    IN_1_TO_2_YEARS = "in_1_to_2_years"
    LATER = "later"

    @property
    def words(self) -> Sentence:
        """What it is called."""
        return sentence(f"readiness.{self.value}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How ready somebody is and why; requirements by their codes."""

    readiness: Readiness
    is_eligible: bool | None
    """Today; None where something needs verification and nothing stands against it."""
    ready_from: date | None
    stands_until: date | None
    """The last day on which every requirement finds the same, as long as no fact changes; looked ahead for a year."""
    not_met: tuple[str, ...]
    unverified: tuple[str, ...]


Findings = Mapping[str, verdicts.Finding]
"""What each requirement finds about somebody, by its code."""
FindingsOn = Callable[[date, Collection[str]], Findings]
"""What the requirements of these codes find on a day."""
UNKNOWN = Finding(
    readiness=Readiness.LATER, is_eligible=None, ready_from=None, stands_until=None, not_met=(), unverified=()
)
"""Of somebody about whom nothing is on record any more."""


def judged(requirements: Sequence[Requirement]) -> tuple[Requirement, ...]:
    """The requirements that records can tell of; what only a document shows is verified once a post is vacant."""
    return tuple(one for one in requirements if one.field is not Field.VERIFIED)


def find_readiness(
    requirements: Sequence[Requirement], findings_on: FindingsOn, today: date, soon_months: int
) -> Finding:
    """How ready somebody is: now, or from the first day of the coming months on which time leaves nothing in the way.

    What a person can do something about can be settled before that day, and stands against nobody who is named for
    later; everything else has to be met on one and the same day. Somebody who would then be too old is not ready,
    however much time goes by, and of what has to be verified first nobody can promise a day.
    """
    found = findings_on(today, [one.code for one in requirements])
    not_met = tuple(one.code for one in requirements if found[one.code].outcome is Outcome.NOT_MET)
    unverified = tuple(one.code for one in requirements if found[one.code].outcome is Outcome.NEEDS_VERIFICATION)
    is_eligible = False if not_met else None if unverified else True
    fixed = [one.code for one in requirements if not one.is_actionable]
    day = max((today, *(found[code].met_on or today for code in fixed)))
    is_too_late = day > months_after(today, soon_months)
    ready_from = (
        day if not is_too_late and _are_met(found if day == today else findings_on(day, fixed), fixed) else None
    )
    return Finding(
        readiness=_readiness(ready_from, is_eligible=is_eligible),
        is_eligible=is_eligible,
        ready_from=ready_from,
        stands_until=stands_until(findings_on, found, today),
        not_met=not_met,
        unverified=unverified,
    )


LOOKED_AHEAD = 366
"""Days that `stands_until` looks ahead; plans are calculated more often."""


def stands_until(findings_on: FindingsOn, found: Findings, today: date) -> date:
    """The last day on which every requirement still finds what it finds today, if no fact changes.

    With the same facts a requirement changes what it finds once or twice as time goes by (a time is reached, an age is
    passed, an assessment is out of date, a sanction is over) and never goes back: who finds the same at the end found
    it all the time, and of the others halving finds the day.
    """

    def others(days: int, codes: Collection[str]) -> list[str]:
        then = findings_on(today + timedelta(days), codes)
        return [code for code in codes if then[code].outcome is not found[code].outcome]

    last, first_other = 0, LOOKED_AHEAD
    if not (changing := others(LOOKED_AHEAD, found)):
        return today + timedelta(LOOKED_AHEAD)
    while first_other - last > 1:
        middle = (last + first_other) // 2
        if changed := others(middle, changing):
            first_other, changing = middle, changed
        else:
            last = middle
    return today + timedelta(last)


def _are_met(found: Findings, codes: Sequence[str]) -> bool:
    return all(found[code].outcome is Outcome.MET for code in codes)


def _readiness(ready_from: date | None, *, is_eligible: bool | None) -> Readiness:
    if is_eligible:
        return Readiness.READY_NOW
    return Readiness.LATER if ready_from is None else Readiness.IN_1_TO_2_YEARS


def faults_of_naming(
    where: str, nip: str, *, is_confirmed: bool, computed: Readiness, chosen: Readiness | None, reason: str | None
) -> list[Fault]:
    """What a committee has to give a reason for: a name from outside the pool, and a readiness other than computed."""
    if reason is not None:
        return []
    faults = [] if is_confirmed else [Fault("plan.not_in_pool", where, {"nip": nip})]
    if chosen is not None and chosen is not computed:
        about = {"nip": nip, "computed": computed.words, "chosen": chosen.words}
        faults.append(Fault("plan.readiness_without_reason", where, about))
    return faults


# ── one name, many plans


def fill(people_of: Mapping[UUID, Sequence[UUID]]) -> dict[UUID, UUID]:
    """As many posts as possible filled with one of their people each, nobody in two of them: person by post.

    A maximum matching by shortest augmenting paths; `people_of` lists the people for each post, preferred first.
    """
    person_in: dict[UUID, UUID] = {}
    post_of: dict[UUID, UUID] = {}
    for post in people_of:
        _fill_one(post, people_of, person_in, post_of)
    return person_in


def _fill_one(
    start: UUID, people_of: Mapping[UUID, Sequence[UUID]], person_in: dict[UUID, UUID], post_of: dict[UUID, UUID]
) -> None:
    """Fill one more post, if others can do without their person or move on to somebody else."""
    reached_from: dict[UUID, UUID] = {}
    waiting = deque([start])
    while waiting:
        post = waiting.popleft()
        for person in people_of[post]:
            if person in reached_from:
                continue
            reached_from[person] = post
            if person not in post_of:
                _shift(person, reached_from, person_in, post_of)
                return
            waiting.append(post_of[person])


def _shift(
    free: UUID, reached_from: Mapping[UUID, UUID], person_in: dict[UUID, UUID], post_of: dict[UUID, UUID]
) -> None:
    person: UUID | None = free
    while person is not None:
        post = reached_from[person]
        displaced = person_in.get(post)
        person_in[post], post_of[person] = person, post
        person = displaced
