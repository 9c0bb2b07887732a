"""Shortlists and decisions: who may be proposed and chosen, and for whom a reason is owed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.domain.errors import Conflict, Fault, Forbidden, Invalid
from app.domain.messages import words_in_both
from app.domain.replays import Standing
from app.domain.requirements import Requirement


class PassingReason(StrEnum):
    """Why somebody who is ranked better is passed over. Age, sex and the like can be none."""

    EXPERIENCE = "experience"
    INTERVIEW = "interview"
    RECORD_UNDER_REVIEW = "recordUnderReview"
    NEEDED_IN_POST = "neededInPost"
    UNWILLING = "unwilling"
    OTHER_PLAN = "otherPlan"
    UNKNOWN_POINTS = "unknownPoints"
    TEAM = "team"
    OTHER = "other"


class DecidedBy(StrEnum):
    """Who chooses: the appointing authority, or the President through it, as for the highest posts."""

    APPOINTING_AUTHORITY = "appointingAuthority"
    PRESIDENT = "president"


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """Somebody in the ranking that a shortlist is made from."""

    candidate_id: UUID
    standing: Standing
    position: int | None
    """None where points are unknown."""
    lowest: int
    highest: int
    verdicts: tuple[bool | None, ...]


@dataclass(frozen=True, slots=True)
class Passing:
    """Somebody who is passed over, with the reason."""

    candidate_id: UUID
    reason: PassingReason
    words: str | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Whom a committee proposes, by place, and whom it passes over."""

    places: tuple[UUID, ...]
    passed_over: tuple[Passing, ...]


def could_be_better(one: Considered, other: Considered) -> bool:
    """Whether somebody is, or can turn out to be, ranked before another one."""
    if one.position is not None and other.position is not None:
        return one.position < other.position
    return one.highest >= other.lowest


def must_be_sound(
    proposal: Proposal, people: Mapping[UUID, Considered], requirements: Sequence[Requirement], size: int
) -> None:
    """`Invalid` with everything that is wrong with a proposal, each at its pointer."""
    faults = [*_of_places(proposal.places, people, requirements), *_of_size(proposal.places, people, size)]
    if not faults:
        faults = [*_of_passings(proposal, people)]
    if faults:
        raise Invalid("request.invalid", faults=tuple(faults))


def _of_places(
    places: Sequence[UUID], people: Mapping[UUID, Considered], requirements: Sequence[Requirement]
) -> Iterator[Fault]:
    for place, candidate_id in enumerate(places):
        where, somebody = f"/candidates/{place}", people.get(candidate_id)
        if candidate_id in places[:place]:
            yield Fault("shortlist.repeated", where)
        elif somebody is None:
            yield Fault("shortlist.not_considered", where)
        elif somebody.standing is not Standing.ELIGIBLE:
            yield _ineligible(somebody, where, requirements)


def _ineligible(somebody: Considered, where: str, requirements: Sequence[Requirement]) -> Fault:
    """What somebody does not meet, or else what is to be verified, by name."""
    is_out = somebody.standing is Standing.INELIGIBLE
    open_ones = [
        one
        for one, met in zip(requirements, somebody.verdicts, strict=True)
        if (met is False if is_out else met is None)
    ]
    about = {
        "codes": ", ".join(one.code for one in open_ones),
        "labels": words_in_both((one.label_id for one in open_ones), (one.label_en for one in open_ones)),
    }
    return Fault("shortlist.ineligible" if is_out else "shortlist.to_verify", where, about)


def _of_size(places: Sequence[UUID], people: Mapping[UUID, Considered], size: int) -> Iterator[Fault]:
    eligible = sum(one.standing is Standing.ELIGIBLE for one in people.values())
    if len(places) > size:
        yield Fault("shortlist.too_many", "/candidates", {"size": size})
    elif len(places) < min(size, eligible):
        yield Fault("shortlist.too_few", "/candidates", {"size": min(size, eligible), "eligible": eligible})


def _of_passings(proposal: Proposal, people: Mapping[UUID, Considered]) -> Iterator[Fault]:
    proposed = [people[one] for one in proposal.places]
    owed = {
        one.candidate_id: one
        for one in people.values()
        if one.standing is Standing.ELIGIBLE
        and one.candidate_id not in proposal.places
        and any(could_be_better(one, other) for other in proposed)
    }
    told = [one.candidate_id for one in proposal.passed_over]
    for place, passing in enumerate(proposal.passed_over):
        where = f"/passedOver/{place}"
        if passing.candidate_id in told[:place]:
            yield Fault("shortlist.repeated", f"{where}/candidateId")
        elif passing.candidate_id not in owed:
            yield Fault("shortlist.not_passed_over", f"{where}/candidateId")
        yield from _of_words(passing.reason, passing.words, where)
    for one in sorted(owed.values(), key=_in_order):
        if one.candidate_id not in told:
            about = {"candidate": str(one.candidate_id), "position": "–" if one.position is None else one.position}
            code = "shortlist.reason_owed" if one.position is not None else "shortlist.unknown_reason_owed"
            yield Fault(code, "/passedOver", about)


def _in_order(one: Considered) -> tuple[bool, int, int, bytes]:
    return one.position is None, one.position or 0, -one.highest, one.candidate_id.bytes


def _of_words(reason: PassingReason, words: str | None, where: str) -> Iterator[Fault]:
    if reason is PassingReason.OTHER and words is None:
        yield Fault("shortlist.words_needed", f"{where}/reason")


def must_be_newest(*, is_newest: bool, is_by_rules: bool, is_current: bool) -> None:
    """Refused with `shortlist.outdated` for a ranking that says no longer what would be found."""
    if not (is_newest and is_by_rules and is_current):
        raise Conflict("shortlist.outdated")


# ── the decision


def must_be_reasoned(place: int, reason: PassingReason | None, words: str | None) -> None:
    """`Invalid` where another one than the first is chosen without a reason."""
    faults = []
    if place > 1 and reason is None:
        faults.append(Fault("decision.reason_needed", "/reasonCode", {"place": place}))
    elif reason is not None:
        faults += _of_words(reason, words, "")
    if faults:
        raise Invalid("request.invalid", faults=tuple(faults))


def must_be_somebody_else(subject: str, proposed_by: str) -> None:
    """Who made a proposal does not decide on it."""
    if subject == proposed_by:
        raise Forbidden("decision.same_person")


def must_not_be_oneself(nip: str | None, people: Sequence[str]) -> None:
    """Nobody proposes, or decides, where they are among those it is about."""
    if nip is not None and nip in people:
        raise Forbidden("shortlist.oneself")
