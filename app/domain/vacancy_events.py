"""What can happen to vacancies, from the draft to the inauguration."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class VacancyDrafted:
    """A vacancy of a post was written down, with the commitment to the seed that will decide ties."""

    vacancy_id: UUID
    post_id: UUID
    seed_commitment: str


@dataclass(frozen=True, slots=True)
class VacancyAdvanced:
    """A vacancy entered another state; `rule_set` is the version it is filled by.

    `checks` are the digests of what was looked at once more about those whom the step is about.
    """

    vacancy_id: UUID
    state_before: str
    state: str
    rule_set: str | None
    checks: list[str] = field(default_factory=list)


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
    """Somebody saw a document about a requirement; what it showed stays out of the ledger, and so does about whom.

    `candidate_id` is the opaque id in this vacancy: whoever reads the ledger may be kept from names as yet.
    """

    vacancy_id: UUID
    candidate_id: UUID
    requirement: str


@dataclass(frozen=True, slots=True)
class RequirementsVerified:
    """Somebody saw so many documents together; `digest`: SHA-256 over whom and what they are about, not what they show.

    One line for each, in order: the opaque id, a space, the code of the requirement.
    """

    vacancy_id: UUID
    verifications: int
    digest: str


@dataclass(frozen=True, slots=True)
class TechnicalScoreGiven:
    """A technical score for a vacancy was put on record, the `version`-th of this candidate (the opaque id).

    The score stays out of the ledger: an exact one could be looked up while candidates are masked.
    """

    vacancy_id: UUID
    candidate_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class TechnicalScoresGiven:
    """So many technical scores for a vacancy were put on record together; `digest`: HMAC-SHA256 over all of them.

    Its key is the seed of the vacancy, which nobody sees before the proposal: without it nobody finds scores by trying
    them. One line for each, in order: the opaque id, a space, the millionths of a point.
    """

    vacancy_id: UUID
    scores: int
    digest: str


@dataclass(frozen=True, slots=True)
class ShortlistProposed:
    """A committee proposed people for a vacancy; `candidates` are opaque ids by place.

    `passed_over` are the opaque ids of those ranked better, `passed_over_together` the groups. The reasons stay out of
    the ledger: one of them is that a record is under review, which not everybody who reads entries may know.
    """

    vacancy_id: UUID
    ranking_id: UUID
    rule_set: str
    candidates: list[str]
    passed_over: list[str]
    passed_over_together: list[str]


@dataclass(frozen=True, slots=True)
class VacancyDecided:
    """One of those proposed was chosen; why, where somebody had a better place, stays out of the ledger."""

    vacancy_id: UUID
    talent_id: UUID
    ranking_id: UUID
    rule_set: str
    place: int
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
    | RequirementsVerified
    | TechnicalScoreGiven
    | TechnicalScoresGiven
)
