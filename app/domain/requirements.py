"""Requirements as data: a field, a comparison, a threshold and a legal basis; met, not met, or to be verified."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What a requirement finds about somebody. In SQL: true, false, null."""

    MET = "met"
    NOT_MET = "notMet"
    NEEDS_VERIFICATION = "needsVerification"


class Field(StrEnum):
    """What a requirement may look at, and nothing else: sex, religion, marital status and ethnicity are none of it."""

    EMPLOYMENT = "employment"
    LEVEL = "level"
    EDUCATION = "education"
    GRADE = "grade"
    TIME_AT_LEVELS = "timeAtLevels"
    """Months in posts of the levels `of`, together."""
    TIME_IN_POST = "timeInPost"
    """Months in the present post."""
    RELATED_EXPERIENCE = "relatedExperience"
    """Months in the government affair of the vacant post."""
    SERVICE = "service"
    """Months in service."""
    AGE = "age"
    """Completed years on the day of inauguration."""
    APPRAISALS = "appraisals"
    """The lowest predicate of the last `years` calendar years."""
    COMPETENCE = "competence"
    """Job-person match in percent against the standard of the vacant post, each competency capped at its standard."""
    SANCTION_FREE = "sanctionFree"
    """Serves no sanction on the day; with a threshold, none of the severities `of` began in so many months before."""
    LEADERSHIP_TRAINING = "leadershipTraining"
    BOX = "box"
    TALENT_VALUE = "talentValue"
    """Points, 0–100."""
    COMPLETENESS = "completeness"
    """Whether the evidence is complete."""
    VERIFIED = "verified"
    """Nothing is on record; only somebody who has seen a document can say (health, integrity, wealth report …)."""


class Comparison(StrEnum):
    """How a fact is compared with the threshold."""

    AT_LEAST = "atLeast"
    AT_MOST = "atMost"
    ONE_OF = "oneOf"
    IS_TRUE = "isTrue"


Threshold = int | str | tuple[str, ...] | tuple[int, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One requirement of a rule set. `code` is its own within the set."""

    code: str
    field: Field
    comparison: Comparison
    threshold: Threshold = None
    of: tuple[str, ...] = ()
    """The levels of `timeAtLevels`, the severities of `sanctionFree`."""
    years: int | None = None
    """Of `appraisals`: how many calendar years. Of `competence`: after how many years an assessment is out of date."""
    label_id: str
    label_en: str
    legal_basis: str
    is_actionable: bool = False
    """Whether the person can do something about it within a year."""
