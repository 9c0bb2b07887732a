"""What the ledger keeps of an event: what it is about, and which values it changed from what to what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from uuid import UUID

from app.domain import (
    events,
    job_events,
    mobility_events,
    national_events,
    post_events,
    privacy_events,
    siasn_events,
    succession_events,
    vacancy_events,
    webhook_events,
)
from app.domain.events import Event

Values = dict[str, object]


@dataclass(frozen=True, slots=True)
class Change:
    """A value that an event changed: the fields that tell it before and after.

    Without a `name` the two fields hold several values by their names.
    """

    name: str | None
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class About:
    """What a kind of event is about: a type, and the fields that its id consists of, joined by a slash.

    `changes` are the values that such an event changes.
    """

    type: str
    id: tuple[str, ...]
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as the ledger keeps it; about nothing in particular, it is about the institution as a whole."""

    about_type: str
    about_id: str | None
    payload: Values
    before: Values | None
    after: Values | None


def _of(about: str, /, *fields: str, **changes: tuple[str, str]) -> About:
    return About(about, fields, tuple(Change(name, *pair) for name, pair in changes.items()))


INSTITUTION = "institution"
_TALENT, _CYCLE, _CLIENT = _of("talent", "talent_id"), _of("cycle", "cycle_id"), _of("client", "client_id")
_VACANCY, _FREEZE = _of("vacancy", "vacancy_id"), _of("freezePeriod", "freeze_period_id")
_CAMPAIGN = _of("mobilityCampaign", "campaign_id")
_CASE = _of("mobilityCase", "case_id")
_SYNC = _of("siasnSync", "sync_id")
_ACCOUNT, _GRANT = _of("siasnAccount", "account_id"), _of("dataSharingGrant", "grant_id")
_WEBHOOK = _of("webhook", "webhook_id")
_BOX = _of("talent", "talent_id", box=("from_box", "to_box"))

ABOUT: Mapping[type[Event], About] = {
    job_events.JobRetried: _of("job", "job_id"),
    job_events.JobCancelled: _of("job", "job_id"),
    events.InstitutionCreated: _of(INSTITUTION, "institution_id"),
    events.InstitutionEdited: About(INSTITUTION, (), (Change(None, "before", "changed"),)),
    events.FilesImported: _of("import", "import_id"),
    events.EvidenceSubmitted: _TALENT,
    events.DocumentAttached: _of("submission", "submission_id"),
    events.SubmissionVerified: _TALENT,
    events.SubmissionRefused: _TALENT,
    events.SubmissionWithdrawn: _TALENT,
    events.CycleOpened: _CYCLE,
    events.CycleEdited: About("cycle", ("cycle_id",), (Change(None, "before", "changed"),)),
    events.CycleAdvanced: _of("cycle", "cycle_id", phase=("phase_before", "phase")),
    events.CycleCalculated: _CYCLE,
    events.CycleConfirmed: _CYCLE,
    events.TalentMapImported: _CYCLE,
    events.MovementCalculated: _CYCLE,
    events.TalentMoved: _BOX,
    events.CalibrationConfirmed: _TALENT,
    events.CalibrationRejected: _TALENT,
    events.CalibrationWithdrawn: _TALENT,
    events.ObjectionRaised: _TALENT,
    events.ObjectionAnswered: _of("talent", "talent_id", box=("box_before", "box_after")),
    privacy_events.PlacementReviewed: _TALENT,
    events.IndexRecorded: _of(
        "index", "index", "year", value=("value_before", "value"), grade=("grade_before", "grade")
    ),
    events.IndexRemoved: _of("index", "index", "year"),
    events.ReferenceKept: _of("reference", "reference_id", kind=("kind_before", "kind"), name=("name_before", "name")),
    events.ReferenceRemoved: _of("reference", "reference_id"),
    events.RubricCopied: _of("rubric", "rubric"),
    events.RubricEdited: _of("rubric", "rubric"),
    events.RubricDiscarded: _of("rubric", "rubric"),
    events.RubricActivated: _of(INSTITUTION, rubric=("previous", "rubric")),
    events.RubricRehearsed: _of("rubric", "rubric"),
    privacy_events.ConsentGiven: _TALENT,
    privacy_events.ConsentWithdrawn: _TALENT,
    privacy_events.DisclosureRequested: _of("disclosure", "disclosure_id"),
    privacy_events.DisclosureReleased: _TALENT,
    privacy_events.DisclosureAgreed: _TALENT,
    privacy_events.DisclosureRefused: _TALENT,
    privacy_events.DisclosureWithdrawn: _TALENT,
    privacy_events.ProfileDisclosed: _TALENT,
    privacy_events.DataRequestRaised: _TALENT,
    privacy_events.DataRequestAnswered: _TALENT,
    privacy_events.DataRequestWithdrawn: _TALENT,
    privacy_events.RestrictionLifted: _TALENT,
    privacy_events.DataExported: _TALENT,
    events.ClientRegistered: _CLIENT,
    events.ClientEdited: About("client", ("client_id",), (Change(None, "before", "changed"),)),
    events.ClientSecretRotated: _CLIENT,
    events.ClientRevoked: _CLIENT,
    national_events.NationSearched: _of("nationalRanking", "search_id"),
    national_events.NationalSearchRecomputed: _of("nationalRanking", "search_id"),
    post_events.PostEdited: About("post", ("post_id",), (Change(None, "before", "changed"),)),
    post_events.UnitAffairSet: _of("unit", "unit_id", affair=("affair_before", "affair")),
    post_events.RetirementExceptionKept: _of("retirementException", "exception_id", age=("age_before", "age")),
    post_events.RetirementExceptionRemoved: _of("retirementException", "exception_id"),
    post_events.RetirementRulesPublished: _of("retirementRules", "version"),
    vacancy_events.VacancyDrafted: _VACANCY,
    vacancy_events.VacancyAdvanced: _of("vacancy", "vacancy_id", state=("state_before", "state")),
    vacancy_events.ShortlistProposed: _VACANCY,
    vacancy_events.VacancyDecided: _TALENT,
    vacancy_events.VacancyEdited: About("vacancy", ("vacancy_id",), (Change(None, "before", "changed"),)),
    vacancy_events.TalentInaugurated: _of("talent", "talent_id", post=("post_before", "post")),
    vacancy_events.FreezeAdded: _FREEZE,
    vacancy_events.FreezeEdited: About("freezePeriod", ("freeze_period_id",), (Change(None, "before", "changed"),)),
    vacancy_events.FreezeRemoved: _FREEZE,
    vacancy_events.ProgrammePublished: _of("priorityProgramme", "programme", "version"),
    vacancy_events.RuleSetPublished: _of("ruleSet", "rule_set"),
    vacancy_events.CandidatesRanked: _VACANCY,
    vacancy_events.RankingRecomputed: _of("ranking", "ranking_id"),
    vacancy_events.RequirementVerified: _of("candidate", "candidate_id"),
    vacancy_events.RequirementsVerified: _VACANCY,
    vacancy_events.TechnicalScoreGiven: _of("candidate", "candidate_id"),
    vacancy_events.TechnicalScoresGiven: _VACANCY,
    succession_events.TalentsNominated: _of("pool", "level"),
    succession_events.PoolMembersConfirmed: _of("pool", "level"),
    succession_events.PoolMemberMoved: _of("talent", "talent_id", state=("state_before", "state")),
    succession_events.WillingnessDeclared: _of("talent", "talent_id", willing=("willing_before", "willing")),
    succession_events.SuccessionPlanEdited: _of("post", "post_id"),
    succession_events.SuccessionPlanCalculated: _of("post", "post_id"),
    mobility_events.MobilityOrganiserSet: _of(
        "mobilityOrganiser", "organiser_id", may_organise=("may_organise_before", "may_organise")
    ),
    mobility_events.MobilityFormulaPublished: _of("mobilityFormula", "formula", "version"),
    mobility_events.MobilityCampaignDrafted: _CAMPAIGN,
    mobility_events.MobilityCampaignEdited: About(
        "mobilityCampaign", ("campaign_id",), (Change(None, "before", "changed"),)
    ),
    mobility_events.MobilityCampaignDiscarded: _CAMPAIGN,
    mobility_events.MobilityCampaignAdvanced: _of("mobilityCampaign", "campaign_id", state=("state_before", "state")),
    mobility_events.MobilityCellsLaid: _CAMPAIGN,
    mobility_events.MobilityCampaignFrozen: _CAMPAIGN,
    mobility_events.MobilityRunStarted: _CAMPAIGN,
    mobility_events.MobilityRunFinished: _CAMPAIGN,
    mobility_events.MobilityRehearsed: _CAMPAIGN,
    mobility_events.MobilityVerificationRequested: _of("mobilityVerification", "verification_id"),
    mobility_events.MobilityVerified: _of("mobilityVerification", "verification_id"),
    mobility_events.MobilityPostsOffered: _CAMPAIGN,
    mobility_events.MobilityOfferWithdrawn: _CAMPAIGN,
    mobility_events.MobilityReleaseSet: _of("mobilityCampaign", "campaign_id", quota=("quota_before", "quota")),
    mobility_events.MobilityReleaseRemoved: _CAMPAIGN,
    mobility_events.MobilityJoined: _TALENT,
    mobility_events.MobilityLeft: _TALENT,
    mobility_events.MobilityWishesSet: _TALENT,
    mobility_events.MobilityGroundsDeclared: _TALENT,
    mobility_events.MobilityGroundVerified: _TALENT,
    mobility_events.MobilityAssessed: _CAMPAIGN,
    mobility_events.MobilityListingKept: _TALENT,
    mobility_events.MobilityListingWithdrawn: _TALENT,
    mobility_events.MobilityCaseOpened: _CASE,
    mobility_events.MobilityCaseAdvanced: _of("mobilityCase", "case_id", state=("state_before", "state")),
    mobility_events.MobilityCaseAgreed: _TALENT,
    mobility_events.MobilityDocumentKept: _of("mobilityCase", "case_id", kept=("kept_before", "kept")),
    mobility_events.MobilityCasesOpened: _CAMPAIGN,
    mobility_events.MobilitySeatLeft: _CASE,
    siasn_events.SiasnConnectionKept: About(INSTITUTION, (), (Change(None, "before", "changed"),)),
    siasn_events.PlacementsHandedOver: _of("siasnPush", "push_id"),
    siasn_events.HandoverMoved: _of("siasnPush", "push_id", state=("state_before", "state")),
    siasn_events.SiasnSyncRequested: _SYNC,
    siasn_events.SiasnSyncMoved: _of("siasnSync", "sync_id", state=("state_before", "state")),
    siasn_events.SiasnUnitsTaken: _SYNC,
    siasn_events.SiasnPeopleTaken: _SYNC,
    siasn_events.SiasnConflictDecided: _TALENT,
    siasn_events.SiasnAccountRegistered: _TALENT,
    siasn_events.SiasnSecretRotated: _ACCOUNT,
    siasn_events.SiasnAccountRevoked: _ACCOUNT,
    siasn_events.SiasnAccountLocked: _ACCOUNT,
    siasn_events.SiasnAccountUnlocked: _ACCOUNT,
    siasn_events.SiasnTokenIssued: _ACCOUNT,
    siasn_events.SiasnTokenRevoked: _ACCOUNT,
    siasn_events.SiasnSignInRefused: _CLIENT,
    siasn_events.SiasnSignInEdited: About(INSTITUTION, (), (Change(None, "before", "changed"),)),
    siasn_events.DataShared: _GRANT,
    siasn_events.DataSharingEnded: _GRANT,
    siasn_events.ProfileShared: _TALENT,
    webhook_events.WebhookCreated: _WEBHOOK,
    webhook_events.WebhookEdited: About("webhook", ("webhook_id",), (Change(None, "before", "changed"),)),
    webhook_events.WebhookMoved: _of("webhook", "webhook_id", state=("state_before", "state")),
    webhook_events.WebhookSecretRotated: _WEBHOOK,
    webhook_events.WebhookSecretsForgotten: _WEBHOOK,
    webhook_events.WebhookReplayed: _WEBHOOK,
    webhook_events.WebhookRedelivered: _WEBHOOK,
    webhook_events.WebhookTested: _WEBHOOK,
    webhook_events.WebhookDeleted: _WEBHOOK,
    succession_events.SuccessionPolicyPublished: _of(INSTITUTION, version=("version_before", "version")),
}
"""By kind of event. An event that is not here is about the institution as a whole."""


def entry_of(event: Event) -> Entry:
    """What the ledger keeps of an event."""
    about = ABOUT.get(type(event), About(INSTITUTION, ()))
    payload = {name: _plain(value) for name, value in asdict(event).items()}
    before: Values = {}
    after: Values = {}
    for change in about.changes:
        before |= _values(change.name, payload[change.before])
        after |= _values(change.name, payload[change.after])
    identity = "/".join(str(payload[field]) for field in about.id) or None
    return Entry(about.type, identity, payload, _unless_unknown(before), _unless_unknown(after))


def _values(name: str | None, value: object) -> Values:
    if name is not None:
        return {name: value}
    return dict(value) if isinstance(value, dict) else {}


def _unless_unknown(values: Values) -> Values | None:
    """None where there is not a single value."""
    return values if any(value is not None for value in values.values()) else None


def _plain(value: object) -> object:
    return str(value) if isinstance(value, UUID) else value
