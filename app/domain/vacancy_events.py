"""What can happen to vacancies, from the draft to the inauguration."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class VacancyDrafted:
    """A vacancy of a post was written down, with the commitment to the seed that will decide ties."""

    vacancy_id: UUID
    post_id: UUID
    seed_commitment: str


@dataclass(frozen=True, slots=True)
class VacancyAdvanced:
    """A vacancy entered another state; `rule_set` is the version it is filled by."""

    vacancy_id: UUID
    state_before: str
    state: str
    rule_set: str | None


@dataclass(frozen=True, slots=True)
class VacancyEdited:
    """Parts of a vacancy were edited; both hold contents by name."""

    vacancy_id: UUID
    before: dict[str, object]
    changed: dict[str, object]


@dataclass(frozen=True, slots=True)
class TalentInaugurated:
    """Somebody took over the seat that a vacancy was about, and left the seat that they held before."""

    vacancy_id: UUID
    talent_id: UUID
    post_before: UUID | None
    post: UUID
    effective_on: str
    permit_number: str | None


@dataclass(frozen=True, slots=True)
class FreezeAdded:
    """Days were put on record on which nobody is appointed without a permit."""

    freeze_period_id: UUID
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class FreezeEdited:
    """Parts of a freeze were edited; both hold contents by name."""

    freeze_period_id: UUID
    before: dict[str, object]
    changed: dict[str, object]


@dataclass(frozen=True, slots=True)
class FreezeRemoved:
    """A freeze was taken off the record."""

    freeze_period_id: UUID


@dataclass(frozen=True, slots=True)
class ProgrammePublished:
    """A version of a priority programme was published; it replaces those before it from its own first day on."""

    programme: str
    version: int
    weight: int
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class RuleSetPublished:
    """An institution published a version of a rule set of its own, made from another (`based_on`)."""

    rule_set: str
    level: str
    based_on: str


@dataclass(frozen=True, slots=True)
class CandidatesRanked:
    """Everybody on the map was considered for a vacancy; `digest` is the SHA-256 over facts and outcomes of all.

    `manual_decisions`: how many of them object to automated processing.
    """

    vacancy_id: UUID
    ranking_id: UUID
    rule_set: str
    as_of: str
    considered: int
    eligible: int
    to_verify: int
    ineligible: int
    manual_decisions: int
    digest: str


@dataclass(frozen=True, slots=True)
class RankingRecomputed:
    """A ranking was made again from its frozen facts; about `people` something was different, of none as a rule."""

    vacancy_id: UUID
    ranking_id: UUID
    digest_before: str
    digest: str
    people: int


@dataclass(frozen=True, slots=True)
class RequirementVerified:
    """Somebody saw a document about a requirement; what it showed stays out of the ledger."""

    vacancy_id: UUID
    talent_id: UUID
    requirement: str


@dataclass(frozen=True, slots=True)
class TechnicalScoreGiven:
    """A technical score for a vacancy was put on record, in millionths of a point."""

    vacancy_id: UUID
    talent_id: UUID
    score_before: int | None
    score: int


@dataclass(frozen=True, slots=True)
class ShortlistProposed:
    """A committee proposed people for a vacancy; `candidates` are opaque ids by place.

    `passed_over` are the opaque ids of those ranked better, with the code of the reason.
    """

    vacancy_id: UUID
    ranking_id: UUID
    rule_set: str
    candidates: list[str]
    passed_over: dict[str, str]


@dataclass(frozen=True, slots=True)
class VacancyDecided:
    """One of those proposed was chosen; `reason` is given where somebody had a better place."""

    vacancy_id: UUID
    talent_id: UUID
    ranking_id: UUID
    rule_set: str
    place: int
    reason: str | None
    decided_by: str


VacancyEvent = (
    ShortlistProposed
    | VacancyDecided
    | VacancyDrafted
    | VacancyAdvanced
    | VacancyEdited
    | TalentInaugurated
    | FreezeAdded
    | FreezeEdited
    | FreezeRemoved
    | ProgrammePublished
    | RuleSetPublished
    | CandidatesRanked
    | RankingRecomputed
    | RequirementVerified
    | TechnicalScoreGiven
)
