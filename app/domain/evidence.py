"""Evidence about a person as the rubric sees it: kinds, windows, and the difference between unknown and none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.domain.careers import PositionLevel


class Kind(StrEnum):
    """What a row of evidence is about."""

    PERFORMANCE_APPRAISAL = "performanceAppraisal"
    WORK_RESULT = "workResult"
    """The rating of work results inside a performance appraisal, which some institutions take by itself."""
    FEEDBACK_360 = "feedback360"
    AWARD = "award"
    TEAM_ASSIGNMENT = "teamAssignment"
    COMPETENCY_ASSESSMENT = "competencyAssessment"
    POTENTIAL_ASSESSMENT = "potentialAssessment"
    ASSESSMENT_SCORE = "assessmentScore"
    """The total of an instrument as the assessment centre states it."""
    TRAINING = "training"
    POSITION = "position"
    ACTING = "acting"
    EDUCATION = "education"
    SANCTION = "sanction"


# Registers that are delivered complete: no row means "checked, none". For all other kinds no row means "unknown".
COMPLETE_REGISTERS = frozenset({Kind.AWARD, Kind.TEAM_ASSIGNMENT, Kind.TRAINING, Kind.ACTING, Kind.SANCTION})

# The nine competencies of PermenPANRB 38/2017 and the eight potential aspects of PermenPANRB 3/2020, in their order.
COMPETENCIES = (
    "integrity",
    "teamwork",
    "communication",
    "results_orientation",
    "public_service",
    "developing_self_and_others",
    "managing_change",
    "decision_making",
    "nation_binding",
)
POTENTIAL_ASPECTS = (
    "intellectual_ability",
    "interpersonal_ability",
    "self_awareness",
    "critical_and_strategic_thinking",
    "problem_solving",
    "emotional_intelligence",
    "fast_learning_and_self_development",
    "motivation_and_commitment",
)
ASPECTS: Mapping[Kind, tuple[str, ...]] = {
    Kind.COMPETENCY_ASSESSMENT: COMPETENCIES,
    Kind.POTENTIAL_ASSESSMENT: POTENTIAL_ASPECTS,
}

PREDICATES = ("very_good", "good", "needs_improvement", "poor", "very_poor")
CODES: Mapping[Kind, tuple[str, ...]] = {
    Kind.PERFORMANCE_APPRAISAL: PREDICATES,
    Kind.WORK_RESULT: ("above", "as_expected", "below"),
    Kind.FEEDBACK_360: PREDICATES,
    Kind.AWARD: ("international", "national", "cross_institution", "institution"),
    Kind.TEAM_ASSIGNMENT: (
        "lead_cross_institution",
        "lead_internal",
        "member_cross_institution",
        "member_internal",
    ),
    Kind.TRAINING: ("technical", "functional", "structural", "certification"),
    Kind.POSITION: tuple(level.value for level in PositionLevel),
    Kind.ACTING: (
        "acting_regional_head",
        "acting_higher",
        "acting_same",
        "acting_daily_higher",
        "acting_daily_same",
    ),
    Kind.EDUCATION: ("slta", "d3", "d4", "s1", "s2", "s3"),
    Kind.SANCTION: ("light", "medium", "heavy"),
}
"""The categories that rows of a kind can state; the other kinds state levels, or a total."""

# One row a year: a year decides about it, not a day.
YEARLY = frozenset({Kind.PERFORMANCE_APPRAISAL, Kind.WORK_RESULT, Kind.FEEDBACK_360})


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of evidence.

    `id` grows in the order of delivery, so a later row corrects an earlier one of the same standing. `code` is the
    category the row states (predicate, award level, team role, training kind, position level, diploma, severity) or
    the instrument that was used; `value` its total in millionths.
    `begins` is the day that decides about windows, except for teams (`ends`, or the day of mapping while running).
    """

    id: int
    code: str | None = None
    begins: date | None = None
    ends: date | None = None
    year: int | None = None
    unit: str | None = None
    institution: str | None = None
    levels: tuple[int | None, ...] = ()
    value: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """All evidence held about one person. `checked` names the complete registers that were delivered."""

    entries: Mapping[Kind, tuple[Entry, ...]] = field(default_factory=dict)
    checked: frozenset[Kind] = frozenset()
    level: PositionLevel | None = None
    """The level of the current post as the personnel record implies it; used where the post history is silent."""

    def of(self, kind: Kind) -> tuple[Entry, ...]:
        """The rows of a kind, in the order of delivery."""
        return self.entries.get(kind, ())


def years_before(day: date, years: int) -> date:
    """The same day `years` earlier; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def completed_years(since: date, until: date) -> int:
    """Whole years from `since` to `until`, both days included in the sense of an anniversary."""
    return until.year - since.year - ((since.month, since.day) > (until.month, until.day))


def is_within(day: date | None, as_of: date, window_years: int | None) -> bool:
    """Whether a day lies in as-of − n years ≤ day ≤ as-of; without a window every day up to as-of does."""
    if day is None or day > as_of:
        return False
    return window_years is None or day >= years_before(as_of, window_years)


def decisive_day(kind: Kind, entry: Entry, as_of: date) -> date | None:
    """The day of a row that a window looks at, and that a trace shows.

    A running team counts as of the day of mapping (one that is still to begin, by its beginning), a yearly row by the
    last day of its year, the others by their date.
    """
    if kind is Kind.TEAM_ASSIGNMENT:
        has_begun = entry.begins is not None and entry.begins <= as_of
        return entry.ends or (as_of if has_begun else entry.begins)
    return entry.begins if entry.year is None else date(entry.year, 12, 31)


def same_institution(one: str | None, other: str) -> bool:
    """Whether two names mean the same institution; a blank says nothing and differs from none."""
    return one is None or " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
