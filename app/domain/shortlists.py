"""Shortlists and decisions: who may be proposed and chosen, and for whom a reason is owed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.domain.errors import Conflict, Fault, Forbidden, refuse
from app.domain.masks import label_of
from app.domain.messages import Sentence, sentence, words_in_both
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


class Group(StrEnum):
    """Who can be passed over together, with one reason: whose rank depends on what nobody knows yet."""

    TO_VERIFY = "toVerify"
    """Requirements are still to be verified."""
    UNKNOWN_POINTS = "unknownPoints"
    """Eligible, and points are unknown."""


MOST_FAULTS = 50
"""Of those who are owed a reason of their own, that a refusal names."""


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

    @property
    def group(self) -> Group | None:
        """With whom they can be passed over; who has a position has a reason of their own."""
        if self.standing is Standing.NEEDS_VERIFICATION:
            return Group.TO_VERIFY
        return Group.UNKNOWN_POINTS if self.position is None else None


@dataclass(frozen=True, slots=True)
class Passing:
    """Somebody who is passed over, with the reason."""

    candidate_id: UUID
    reason: PassingReason
    words: str | None


@dataclass(frozen=True, slots=True)
class PassingTogether:
    """Everybody of a group who has no reason of their own, with one reason for all of them."""

    group: Group
    reason: PassingReason
    words: str | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Whom a committee proposes, by place, and whom it passes over: one by one, and by groups."""

    places: tuple[UUID, ...]
    passed_over: tuple[Passing, ...]
    together: tuple[PassingTogether, ...] = ()


def could_be_better(one: Considered, other: Considered) -> bool:
    """Whether somebody is, or can turn out to be, ranked before another one."""
    if one.position is not None and other.position is not None:
        return one.position < other.position
    return one.highest >= other.lowest


def is_better(one: Considered, other: Considered) -> bool:
    """Whether somebody is ranked before another one, whatever will become known."""
    if one.position is not None and other.position is not None:
        return one.position < other.position
    return one.lowest > other.highest


def must_be_sound(
    proposal: Proposal, people: Mapping[UUID, Considered], requirements: Sequence[Requirement], size: int
) -> Mapping[Group, int]:
    """How many each group that is passed over together has; `Invalid` with what is wrong, each at its pointer.

    `people` are all who are considered; of the ineligible only those who are proposed need be there.
    """
    faults = [*_of_places(proposal.places, people, requirements), *_of_size(proposal.places, people, size)]
    if faults or (faults := list(_of_order(proposal.places, people))):
        refuse(*faults)
    owed = _owed(proposal.places, people)
    told = {one.candidate_id for one in proposal.passed_over}
    rest = [one for one in owed.values() if one.candidate_id not in told]
    counts = Counter(one.group for one in rest if one.group is not None)
    faults = [*_of_passings(proposal.passed_over, owed), *_of_groups(proposal.together, counts), *_of_silence(rest)]
    if faults:
        refuse(*faults)
    return {one.group: counts[one.group] for one in proposal.together}


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
    told = [label_of(one) for one in open_ones]
    labels = words_in_both((one["id"] for one in told), (one["en"] for one in told))
    return Fault("shortlist.ineligible" if is_out else "shortlist.to_verify", where, {"labels": labels})


def _of_size(places: Sequence[UUID], people: Mapping[UUID, Considered], size: int) -> Iterator[Fault]:
    eligible = sum(one.standing is Standing.ELIGIBLE for one in people.values())
    if len(places) > size:
        yield Fault("shortlist.too_many", "/candidates", {"size": size})
    elif len(places) < min(size, eligible):
        yield Fault("shortlist.too_few", "/candidates", {"size": min(size, eligible), "eligible": eligible})


def _of_order(places: Sequence[UUID], people: Mapping[UUID, Considered]) -> Iterator[Fault]:
    """Places follow the ranking, so that whoever chooses another than the first says why."""
    for place, candidate_id in enumerate(places):
        later = range(place + 1, len(places))
        better = [one for one in later if is_better(people[places[one]], people[candidate_id])]
        if better:
            yield Fault("shortlist.order", f"/candidates/{place}", {"place": place + 1, "better": better[0] + 1})


def _owed(places: Collection[UUID], people: Mapping[UUID, Considered]) -> Mapping[UUID, Considered]:
    """Those to whom a reason is owed: they are, or can turn out to be, ranked before somebody proposed."""
    proposed = [people[one] for one in places]
    return {
        one.candidate_id: one
        for one in people.values()
        if one.standing is not Standing.INELIGIBLE
        and one.candidate_id not in places
        and any(could_be_better(one, other) for other in proposed)
    }


def _of_passings(passings: Sequence[Passing], owed: Mapping[UUID, Considered]) -> Iterator[Fault]:
    seen: set[UUID] = set()
    for place, passing in enumerate(passings):
        where = f"/passedOver/{place}"
        if passing.candidate_id in seen:
            yield Fault("shortlist.repeated", f"{where}/candidateId")
        elif passing.candidate_id not in owed:
            yield Fault("shortlist.not_passed_over", f"{where}/candidateId")
        seen.add(passing.candidate_id)
        yield from _of_words(passing.reason, passing.words, where)


def _of_groups(together: Sequence[PassingTogether], counts: Mapping[Group, int]) -> Iterator[Fault]:
    """One reason for a group that is owed one, and none for another."""
    told = [one.group for one in together]
    for place, one in enumerate(together):
        where = f"/passedOverTogether/{place}"
        if one.group in told[:place]:
            yield Fault("shortlist.group_repeated", f"{where}/who")
        elif not counts.get(one.group):
            yield Fault("shortlist.nobody_in_group", f"{where}/who", {"who": words_of(one.group)})
        yield from _of_words(one.reason, one.words, where)
    for group in Group:
        if counts.get(group) and group not in told:
            about = {"people": counts[group], "who": words_of(group)}
            yield Fault("shortlist.group_reason_owed", "/passedOverTogether", about)


def _of_silence(rest: Sequence[Considered]) -> Iterator[Fault]:
    """Those with a position have a reason each; the first of them are named."""
    silent = sorted((one for one in rest if one.group is None), key=lambda one: one.position or 0)
    for one in silent[:MOST_FAULTS]:
        about = {"candidate": str(one.candidate_id), "position": one.position}
        yield Fault("shortlist.reason_owed", "/passedOver", about)


def words_of(group: Group) -> Sentence:
    """A group, as it stands in a sentence."""
    return sentence(f"passing.group.{group.value}")


def _of_words(reason: PassingReason, words: str | None, where: str) -> Iterator[Fault]:
    if reason is PassingReason.OTHER and words is None:
        yield Fault("shortlist.words_needed", f"{where}/reason")


def must_be_newest(*, is_newest: bool, is_by_rules: bool, is_current: bool) -> None:
    """Refused with `shortlist.outdated` for a ranking that says no longer what would be found."""
    if not (is_newest and is_by_rules and is_current):
        raise Conflict("shortlist.outdated")


def must_ask_the_same(*, is_same_post: bool, is_same_map: bool) -> None:
    """Refused with `ranking.out_of_date` where another ranking would ask something else, or look at another map."""
    changed = [name for name, same in (("post", is_same_post), ("map", is_same_map)) if not same]
    if changed:
        said = [sentence(f"ranking.changed.{name}") for name in changed]
        what = words_in_both((one["id"] for one in said), (one["en"] for one in said))
        raise Conflict("ranking.out_of_date", what=what)


# ── the decision


def must_be_reasoned(place: int, reason: PassingReason | None, words: str | None) -> None:
    """`Invalid` where another one than the first is chosen without a reason."""
    faults = []
    if place > 1 and reason is None:
        faults.append(Fault("decision.reason_needed", "/reasonCode", {"place": place}))
    elif reason is not None:
        faults += _of_words(reason, words, "")
    if faults:
        refuse(*faults)


def must_be_somebody_else(subject: str, proposed_by: str) -> None:
    """Who made a proposal does not decide on it."""
    if subject == proposed_by:
        raise Forbidden("decision.same_person")


def must_not_be_oneself(nip: str | None, people: Collection[str]) -> None:
    """Nobody takes a step, from the proposal to the inauguration, that is about themselves among others."""
    if nip is not None and nip in people:
        raise Forbidden("shortlist.oneself")
