"""Succession: the policy as data, how soon somebody is ready, and how many posts the same people can fill at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.domain import verdicts
from app.domain.careers import PositionLevel
from app.domain.durations import months_after
from app.domain.errors import Fault, Invalid
from app.domain.recommendations import BOXES_OF_POOL, Pool
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


class MeritOutcome(StrEnum):
    """What is found of an item."""

    MET = "met"
    NOT_MET = "notMet"
    UNKNOWN = "unknown"
    """The institution keeps nothing that could tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How an institution plans succession; a version never changes. Version 0 is the shipped one."""

    version: int
    boxes: Mapping[Pool, tuple[int, ...]]
    term_months: int
    """How long a confirmation holds."""
    soon_months: int
    """Within how many months somebody has to be ready to be so in one to two years."""
    cover: Mapping[PositionLevel, tuple[PositionLevel, ...]]
    """By level of a post: the levels whose holders may act in it, preferred first; nobody acts in other posts."""
    merit_weights: Mapping[MeritItem, int]
    legal_basis: str


SHIPPED = Policy(
    version=0,
    boxes={pool: tuple(sorted(boxes)) for pool, boxes in BOXES_OF_POOL.items()},
    term_months=24,
    soon_months=24,
    cover={
        PositionLevel.JPT_UTAMA: (PositionLevel.JPT_UTAMA, PositionLevel.JPT_MADYA),
        PositionLevel.JPT_MADYA: (PositionLevel.JPT_MADYA, PositionLevel.JPT_PRATAMA),
        PositionLevel.JPT_PRATAMA: (PositionLevel.JPT_PRATAMA, PositionLevel.ADMINISTRATOR),
        PositionLevel.ADMINISTRATOR: (PositionLevel.ADMINISTRATOR, PositionLevel.PENGAWAS),
        PositionLevel.PENGAWAS: (PositionLevel.PENGAWAS, PositionLevel.PELAKSANA),
    },
    merit_weights={
        MeritItem.COMMITTEE: 10,
        MeritItem.REGULATION: 10,
        MeritItem.TALENT_MAP: 20,
        MeritItem.TARGET_POSTS: 10,
        MeritItem.POOL: 20,
        MeritItem.PLANS: 20,
        MeritItem.BENCH: 10,
    },
    legal_basis=(
        "PermenPANRB 3/2020; PermenPANRB 40/2018; SE BKN 1/SE/I/2021. Masa berlaku, bobot daftar periksa, dan pejabat "
        "fungsional sebagai Plt/Plh belum pasti: tetapkan versi instansi."
    ),
)
"""What holds where an institution has published no policy of its own. Boxes as in the appendix of PermenPANRB 3/2020;
officials of the same or the next lower level act (SE BKN 1/SE/I/2021). Terms and weights are in no regulation at hand:
they are there to be replaced."""
FULL = 100
"""What the weights of all items make together."""
MERIT_ASPECT_WEIGHT = 30
"""Percent of the merit index that aspect 3 has (PermenPANRB 40/2018)."""


def must_be_consistent(pools: Sequence[Sequence[int]], weights: Sequence[tuple[MeritItem, int]]) -> None:
    """Refused with every fault: boxes said twice, a national pool wider than the institution's, weights unlike 100."""
    faults = []
    institution, national = pools
    for where, boxes in (("/institutionBoxes", institution), ("/nationalBoxes", national)):
        if repeated := sorted({box for box in boxes if list(boxes).count(box) > 1}):
            faults.append(Fault("policy.boxes_repeated", where, {"boxes": ", ".join(map(str, repeated))}))
    if not set(national) <= set(institution):
        faults.append(Fault("policy.boxes_wider", "/nationalBoxes"))
    together = sum(weight for _, weight in weights)
    if sorted(item for item, _ in weights) != sorted(MeritItem) or together != FULL:
        faults.append(Fault("policy.weights", "/meritWeights", {"sum": together}))
    if faults:
        raise Invalid("request.invalid", faults=tuple(faults))


# ── readiness


class Readiness(StrEnum):
    """How soon somebody can take over a post."""

    READY_NOW = "ready_now"
    IN_1_TO_2_YEARS = "in_1_to_2_years"
    LATER = "later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How ready somebody is and why; requirements by their codes."""

    readiness: Readiness
    is_eligible: bool | None
    """Today; None where something needs verification and nothing stands against it."""
    ready_from: date | None
    not_met: tuple[str, ...]
    unverified: tuple[str, ...]


Findings = Mapping[str, verdicts.Finding]
"""What each requirement finds about somebody, by its code."""
UNKNOWN = Finding(readiness=Readiness.LATER, is_eligible=None, ready_from=None, not_met=(), unverified=())
"""Of somebody about whom nothing is on record any more."""


def judged(requirements: Sequence[Requirement]) -> tuple[Requirement, ...]:
    """The requirements that records can tell of; what only a document shows is verified once a post is vacant."""
    return tuple(one for one in requirements if one.field is not Field.VERIFIED)


def find_readiness(
    requirements: Sequence[Requirement], findings_on: Callable[[date], Findings], today: date, soon_months: int
) -> Finding:
    """How ready somebody is: now, or from the first day of the coming months on which time leaves nothing in the way.

    What a person can do something about can be settled before that day, and stands against nobody who is named for
    later; everything else has to be met on one and the same day. Somebody who would then be too old is not ready,
    however much time goes by, and of what has to be verified first nobody can promise a day.
    """
    found = findings_on(today)
    not_met = tuple(one.code for one in requirements if found[one.code].outcome is Outcome.NOT_MET)
    unverified = tuple(one.code for one in requirements if found[one.code].outcome is Outcome.NEEDS_VERIFICATION)
    is_eligible = False if not_met else None if unverified else True
    fixed = [one.code for one in requirements if not one.is_actionable]
    day = max((today, *(found[code].met_on or today for code in fixed)))
    is_too_late = day > months_after(today, soon_months)
    ready_from = day if not is_too_late and _are_met(findings_on(day), fixed) else None
    return Finding(
        readiness=_readiness(ready_from, is_eligible=is_eligible),
        is_eligible=is_eligible,
        ready_from=ready_from,
        not_met=not_met,
        unverified=unverified,
    )


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
        about = {"nip": nip, "computed": computed.value, "chosen": chosen.value}
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
