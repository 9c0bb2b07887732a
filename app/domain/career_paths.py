"""Career paths: the posts ahead of a person, whether they fit, and what the person or time would have to change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from app.domain.candidates import Candidate, Given, Target
from app.domain.counterfactuals import Way, way_to_eligibility
from app.domain.levers import Case
from app.domain.replays import Terms
from app.domain.requirements import Outcome, Requirement
from app.domain.verdicts import Finding, overall, verdict

HORIZONS = (3, 5)
"""In years: posts that are empty by then are counted."""
NOTHING_VERIFIED = Given()


class Remedy(StrEnum):
    """What helps where a requirement is not met."""

    ACT = "act"
    """The person can do something about it within a year, as the rule set says."""
    WAIT = "wait"
    """Nothing but time."""
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a requirement finds, and what helps where it is not met."""

    requirement: Requirement
    finding: Finding
    remedy: Remedy | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """How a person stands to posts of one kind."""

    outcome: Outcome
    steps: tuple[Step, ...]
    time_alone_from: date | None
    """From when everything that is not met now is met, if nothing but time goes on, and nothing else is not.

    None where nothing is unmet now, or where time is not enough.
    """
    way: Way
    """The fewest things that together would make the person eligible."""


def find_path(candidate: Candidate, target: Target, requirements: Sequence[Requirement]) -> Path:
    """How a person stands to a post on the day of the target; documents have been seen of nobody."""
    findings = _findings(candidate, target, requirements)
    return Path(
        outcome=overall(tuple(one.outcome for one in findings)),
        steps=tuple(
            Step(requirement=requirement, finding=finding, remedy=_remedy(requirement, finding))
            for requirement, finding in zip(requirements, findings, strict=True)
        ),
        time_alone_from=_time_alone_from(candidate, target, requirements, findings),
        way=way_to_eligibility(Case(Terms(target, requirements, (), b""), candidate, NOTHING_VERIFIED)),
    )


def without_narrowed(candidate: Candidate, *, sanctions: bool, assessments: bool) -> Candidate:
    """The candidate as somebody sees them who may not see sanctions, or assessments: unknown, so that nothing tells."""
    seen = candidate
    if not sanctions:
        seen = replace(seen, are_sanctions_known=False, sanctioned_until=None, sanctioned_on=(None, None, None))
    if not assessments:
        seen = replace(seen, competencies=None, assessed_on=None)
    return seen


def _findings(candidate: Candidate, target: Target, requirements: Sequence[Requirement]) -> list[Finding]:
    return [verdict(one, candidate, target, NOTHING_VERIFIED) for one in requirements]


def _remedy(requirement: Requirement, finding: Finding) -> Remedy | None:
    if finding.outcome is not Outcome.NOT_MET:
        return None
    if requirement.is_actionable:
        return Remedy.ACT
    return Remedy.NONE if finding.met_on is None else Remedy.WAIT


def _time_alone_from(
    candidate: Candidate, target: Target, requirements: Sequence[Requirement], findings: Sequence[Finding]
) -> date | None:
    """Waiting for one requirement may make somebody too old for another: the day that is found is looked at again."""
    waiting = [one.met_on for one in findings if one.outcome is Outcome.NOT_MET]
    days = [met_on for met_on in waiting if met_on is not None]
    if not days or len(days) < len(waiting):
        return None
    day = max(days)
    then = _findings(candidate, replace(target, on=day), requirements)
    return None if any(one.outcome is Outcome.NOT_MET for one in then) else day
