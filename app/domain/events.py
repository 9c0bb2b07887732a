"""The catalogue of everything that can happen: each change of data is recorded as one of these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args
from uuid import UUID

from app.domain.job_events import JobEvent
from app.domain.mobility_events import MobilityEvent
from app.domain.national_events import NationalEvent
from app.domain.post_events import PostEvent
from app.domain.privacy_events import PrivacyEvent
from app.domain.siasn_events import SiasnEvent
from app.domain.succession_events import SuccessionEvent
from app.domain.vacancy_events import VacancyEvent
from app.domain.webhook_events import WebhookEvent


@dataclass(frozen=True, slots=True)
class InstitutionCreated:
    """An institution was registered."""

    institution_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class FilesImported:
    """Files were imported as one unit; `digest` is the SHA-256 over the files' contents, `changes` counts rows."""

    import_id: UUID
    as_of: str
    digest: str
    changes: dict[str, int]


@dataclass(frozen=True, slots=True)
class TalentsPlaced:
    """The placements of an institution were calculated; `digest` is the SHA-256 over all of them in order of id."""

    as_of: str
    rubric: str
    total: int
    assessed: int
    manual_decisions: int
    """How many of them object to automated processing: a human decides."""
    digest: str


@dataclass(frozen=True, slots=True)
class EvidenceSubmitted:
    """A talent declared evidence about themselves; what it says stays out of the ledger."""

    submission_id: UUID
    talent_id: UUID
    kind: str
    corrects: int | None


@dataclass(frozen=True, slots=True)
class DocumentAttached:
    """A document of `size` bytes was attached to a submission."""

    submission_id: UUID
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class SubmissionVerified:
    """A verifier lifted a submission to a rung; verified by HR it became the row of evidence `evidence_id`."""

    submission_id: UUID
    talent_id: UUID
    rung: str
    evidence_id: int | None


@dataclass(frozen=True, slots=True)
class SubmissionRefused:
    """A verifier refused a submission."""

    submission_id: UUID
    talent_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class SubmissionWithdrawn:
    """A talent took a submission back."""

    submission_id: UUID
    talent_id: UUID


@dataclass(frozen=True, slots=True)
class CycleOpened:
    """A mapping cycle was opened."""

    cycle_id: UUID
    name: str
    as_of: str
    rubric: str


@dataclass(frozen=True, slots=True)
class CycleEdited:
    """Parts of a cycle were edited; both hold their contents by name."""

    cycle_id: UUID
    before: dict[str, str | None]
    changed: dict[str, str]


@dataclass(frozen=True, slots=True)
class CycleAdvanced:
    """A cycle entered its next phase; `early` where people could still have objected."""

    cycle_id: UUID
    phase_before: str
    phase: str
    early: bool


@dataclass(frozen=True, slots=True)
class CycleCalculated:
    """Everybody in a cycle was placed; `inputs` is the SHA-256 over the digests of all frozen inputs.

    `manual_decisions`: how many of them object to automated processing. `restricted`: who was left out because their
    processing is restricted.
    """

    cycle_id: UUID
    calculation_id: UUID
    rubric: str
    total: int
    assessed: int
    stale_calibrations: int
    manual_decisions: int
    restricted: int
    inputs: str


@dataclass(frozen=True, slots=True)
class CycleConfirmed:
    """The appointing authority confirmed a cycle; `boxes` is the SHA-256 over everybody's published box."""

    cycle_id: UUID
    inputs: str
    boxes: str


@dataclass(frozen=True, slots=True)
class TalentMoved:
    """A committee moved somebody to another box; where two people are needed, only the first has spoken."""

    calibration_id: UUID
    cycle_id: UUID
    talent_id: UUID
    from_box: int
    to_box: int
    reason: str
    awaits_second_person: bool


@dataclass(frozen=True, slots=True)
class CalibrationConfirmed:
    """The second person consented: the move is in force."""

    calibration_id: UUID
    talent_id: UUID
    to_box: int


@dataclass(frozen=True, slots=True)
class CalibrationRejected:
    """The second person did not consent."""

    calibration_id: UUID
    talent_id: UUID


@dataclass(frozen=True, slots=True)
class CalibrationWithdrawn:
    """Whoever made a move took it back before a second person spoke."""

    calibration_id: UUID
    talent_id: UUID


@dataclass(frozen=True, slots=True)
class ObjectionRaised:
    """A talent objected to the own placement; what the objection says stays out of the ledger."""

    objection_id: UUID
    cycle_id: UUID
    talent_id: UUID


@dataclass(frozen=True, slots=True)
class ObjectionAnswered:
    """An objection was answered. Upheld, the talent was placed anew: `inputs` is then the cycle's new digest."""

    objection_id: UUID
    cycle_id: UUID
    talent_id: UUID
    outcome: str
    box_before: int | None
    box_after: int | None
    inputs: str | None


@dataclass(frozen=True, slots=True)
class TalentMapExported:
    """Something left the house: `what` it was, how many people or counts it lists, and the SHA-256 of its bytes.

    `highest_class` is that of the data in it (UU 27/2022 art. 4): internal, general or specific. `suppressed`: small
    counts were withheld in it.
    """

    what: str
    rows: int
    digest: str
    highest_class: str
    suppressed: bool


@dataclass(frozen=True, slots=True)
class TalentMapImported:
    """Somebody else's map came to be a closed cycle; `digest` is the SHA-256 over the files' contents."""

    cycle_id: UUID
    as_of: str
    rubric: str
    digest: str
    placements: int


@dataclass(frozen=True, slots=True)
class InstitutionEdited:
    """Settings of an institution were changed; those that stayed are not named."""

    before: dict[str, str | int | None]
    changed: dict[str, str | int]


@dataclass(frozen=True, slots=True)
class IndexRecorded:
    """An index value of a year was put on record, in place of an earlier one if there was any."""

    index: str
    year: int
    value_before: str | None
    grade_before: str | None
    value: str
    grade: str


@dataclass(frozen=True, slots=True)
class IndexRemoved:
    """An index value was taken off the record."""

    index: str
    year: int


@dataclass(frozen=True, slots=True)
class ReferenceKept:
    """A reference to a regulation or a committee was put on record, or changed."""

    reference_id: UUID
    kind_before: str | None
    name_before: str | None
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class ReferenceRemoved:
    """A reference was taken off the record."""

    reference_id: UUID


@dataclass(frozen=True, slots=True)
class MovementCalculated:
    """The movement between two cycles was worked out; `causes` counts the movers by what moved them."""

    cycle_id: UUID
    earlier_cycle_id: UUID
    calculation_id: UUID
    people: int
    movers: int
    causes: dict[str, int]


@dataclass(frozen=True, slots=True)
class RubricCopied:
    """A rubric (`source`, as code/version) was copied to a draft of the institution's own."""

    rubric: str
    source: str


@dataclass(frozen=True, slots=True)
class RubricEdited:
    """A draft was replaced as a whole; `revision` is the one that it has now."""

    rubric: str
    revision: int


@dataclass(frozen=True, slots=True)
class RubricDiscarded:
    """A draft was thrown away."""

    rubric: str


@dataclass(frozen=True, slots=True)
class RubricActivated:
    """A rubric came to hold in place of the `previous` one; a draft was published by it."""

    rubric: str
    previous: str


@dataclass(frozen=True, slots=True)
class RubricRehearsed:
    """Another rubric was applied to a cohort; nobody was placed by it."""

    calculation_id: UUID
    cycle_id: UUID | None
    rubric: str
    people: int
    movers: int


@dataclass(frozen=True, slots=True)
class ClientRegistered:
    """An institution registered an integration client; its secret stands nowhere."""

    client_id: str
    name: str
    scopes: list[str]
    institutions: list[str]
    data_sharing_agreement: str | None


@dataclass(frozen=True, slots=True)
class ClientEdited:
    """Parts of an integration client were edited; both hold contents by name."""

    client_id: str
    before: dict[str, object]
    changed: dict[str, object]


@dataclass(frozen=True, slots=True)
class ClientSecretRotated:
    """A client has another secret; `ends` says when each of those before it ends, by their ids."""

    client_id: str
    secret_id: UUID
    ends: dict[str, str]


@dataclass(frozen=True, slots=True)
class ClientRevoked:
    """An integration client obtains no tokens any more."""

    client_id: str


Event = (
    InstitutionCreated
    | FilesImported
    | TalentsPlaced
    | EvidenceSubmitted
    | DocumentAttached
    | SubmissionVerified
    | SubmissionRefused
    | SubmissionWithdrawn
    | CycleOpened
    | CycleEdited
    | CycleAdvanced
    | CycleCalculated
    | CycleConfirmed
    | TalentMoved
    | CalibrationConfirmed
    | CalibrationRejected
    | CalibrationWithdrawn
    | ObjectionRaised
    | ObjectionAnswered
    | MovementCalculated
    | RubricCopied
    | RubricEdited
    | RubricDiscarded
    | RubricActivated
    | RubricRehearsed
    | TalentMapExported
    | TalentMapImported
    | InstitutionEdited
    | IndexRecorded
    | IndexRemoved
    | ReferenceKept
    | ReferenceRemoved
    | ClientRegistered
    | ClientEdited
    | ClientSecretRotated
    | ClientRevoked
    | NationalEvent
    | PrivacyEvent
    | PostEvent
    | VacancyEvent
    | SuccessionEvent
    | MobilityEvent
    | JobEvent
    | SiasnEvent
    | WebhookEvent
)


def event_type(event: Event) -> str:
    """The stable name of an event, such as `filesImported`."""
    return event_name(type(event))


def event_name(kind: type[Event]) -> str:
    """The stable name of a kind of event."""
    return kind.__name__[0].lower() + kind.__name__[1:]


EVENT_TYPES = tuple(sorted(event_name(kind) for kind in get_args(Event)))
"""The name of everything that can happen."""
