"""Rule sets: the requirements and the criteria of a level of posts, as one versioned document."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.careers import PositionLevel
from app.domain.requirements import Requirement
from app.domain.sources import Source


class CriterionKind(StrEnum):
    """What a criterion rates, from 0 to all of its weight."""

    TALENT_VALUE = "talentValue"
    PERFORMANCE = "performance"
    POTENTIAL = "potential"
    COMPETENCE_FIT = "competenceFit"
    """Job-person match, each competency capped at the standard of the post."""
    RELATED_EXPERIENCE = "relatedExperience"
    """Months in the government affair of the post, up to `full`."""
    TRAINING = "training"
    """Lesson hours of the last `years`, up to `full`."""
    PRIORITY_PROGRAMME = "priorityProgramme"
    """Whether somebody works, or has worked, in an affair that a priority programme in force favours."""
    TECHNICAL_SCORE = "technicalScore"
    """What was given for this vacancy; out of use where nobody has one."""
    TIME_AT_LEVEL = "timeAtLevel"
    """Months at the present level, up to `full`."""
    SERVICE = "service"
    """Months in service, up to `full`."""
    AGE = "age"
    """Completed years, up to `full`."""


SENIORITY = frozenset({CriterionKind.TIME_AT_LEVEL, CriterionKind.SERVICE, CriterionKind.AGE})
"""Nobody is promoted on these alone: together they weigh at most `RuleSet.seniority_share`."""

COUNTED = SENIORITY | {CriterionKind.RELATED_EXPERIENCE, CriterionKind.TRAINING}
"""The kinds without an end of their own: `Criterion.full` says what earns the whole weight."""

WITHIN_YEARS = frozenset({CriterionKind.TRAINING})
"""The kinds that look back so many years as `Criterion.years` says; no regulation says how many."""
USUAL_YEARS = 3
"""What older versions mean, which do not say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One criterion. `weight` in millionths of a point; the weights of a set make 100 points."""

    code: str
    kind: CriterionKind
    weight: int
    full: int | None = None
    """What earns the whole weight, in the unit of the kind; None where the kind has its own end."""
    years: int | None = None
    """How far back it looks; None where the kind has no window."""
    label_id: str
    label_en: str
    source: Source | None = None
    """Where it was taken from; None only in versions that were published before anybody had to say so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """How posts of a level are filled. A version never changes."""

    code: str
    version: int
    level: PositionLevel
    requirements: tuple[Requirement, ...]
    criteria: tuple[Criterion, ...]
    seniority_share: int
    """The most that seniority may weigh together, in percent."""
    stability_threshold: int
    """Below this percentage of weightings that keep the first place, the first are statistically tied."""
    shortlist_size: int
