"""What can happen to mobility campaigns, and to those who take part in them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class MobilityOrganiserSet:
    """Somebody of national reach said whether an institution may organise campaigns."""

    organiser_id: UUID
    may_organise_before: bool
    may_organise: bool


@dataclass(frozen=True, slots=True)
class MobilityFormulaPublished:
    """A version of a points formula was published; `digest` is the SHA-256 of its document."""

    formula: str
    version: int
    digest: str


@dataclass(frozen=True, slots=True)
class MobilityCampaignDrafted:
    """A campaign was laid down, with the commitment to the secret of its lottery."""

    campaign_id: UUID
    formula: str
    lottery_commitment: str


@dataclass(frozen=True, slots=True)
class MobilityCampaignEdited:
    """Parts of a campaign were edited; both hold contents by name."""

    campaign_id: UUID
    before: dict[str, object]
    changed: dict[str, object]


@dataclass(frozen=True, slots=True)
class MobilityCampaignDiscarded:
    """A draft was thrown away before anybody else had seen it."""

    campaign_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class MobilityCampaignAdvanced:
    """A campaign entered another state; `early` where a term that was announced was not over yet."""

    campaign_id: UUID
    state_before: str
    state: str
    early: bool
    because: str | None


@dataclass(frozen=True, slots=True)
class MobilityCellsLaid:
    """So many cells of a campaign were put or taken away; `digest` is the SHA-256 over all that it has now."""

    campaign_id: UUID
    put: int
    removed: int
    cells: int
    digest: str


@dataclass(frozen=True, slots=True)
class MobilityPostsOffered:
    """So many posts were offered with so many open seats together; `digest` is the SHA-256 over posts and seats."""

    campaign_id: UUID
    posts: int
    seats: int
    digest: str


@dataclass(frozen=True, slots=True)
class MobilityOfferWithdrawn:
    """An offer was taken back before wishes closed."""

    campaign_id: UUID
    post_id: UUID


@dataclass(frozen=True, slots=True)
class MobilityReleaseSet:
    """A unit said how many people it lets go, and in what order."""

    campaign_id: UUID
    unit_id: str
    quota_before: int | None
    quota: int
    criteria: list[str]


@dataclass(frozen=True, slots=True)
class MobilityReleaseRemoved:
    """What a unit lets go was taken back."""

    campaign_id: UUID
    unit_id: str
    quota: int


@dataclass(frozen=True, slots=True)
class MobilityJoined:
    """A talent takes part in a campaign, by a consent. The id that files of the campaign know them by is not told."""

    campaign_id: UUID
    talent_id: UUID
    consent_id: UUID


@dataclass(frozen=True, slots=True)
class MobilityLeft:
    """A talent takes part no longer; everything of their part was deleted."""

    campaign_id: UUID
    talent_id: UUID


@dataclass(frozen=True, slots=True)
class MobilityWishesSet:
    """A talent wrote down so many wishes; which ones stays out of the ledger."""

    campaign_id: UUID
    talent_id: UUID
    wishes: int


@dataclass(frozen=True, slots=True)
class MobilityGroundsDeclared:
    """A talent declared so many grounds for moving; which ones stays out of the ledger."""

    campaign_id: UUID
    talent_id: UUID
    grounds: int


@dataclass(frozen=True, slots=True)
class MobilityGroundVerified:
    """Somebody saw, or did not see, what shows a ground of a talent; which one stays out of the ledger."""

    campaign_id: UUID
    talent_id: UUID
    is_verified: bool


@dataclass(frozen=True, slots=True)
class MobilityAssessed:
    """The participants of the institution were assessed; `barred` counts by kind.

    `digest` is the SHA-256 over everybody's posts, points and bars.
    """

    campaign_id: UUID
    participants: int
    released: int
    applications: int
    barred: dict[str, int]
    digest: str


@dataclass(frozen=True, slots=True)
class MobilityListingKept:
    """A talent was listed as one who wants to move, or changed what they wish for; what that is stays out of here."""

    talent_id: UUID
    consent_id: UUID
    expires_at: str


@dataclass(frozen=True, slots=True)
class MobilityListingWithdrawn:
    """A talent is not listed as one who wants to move any more."""

    talent_id: UUID


@dataclass(frozen=True, slots=True)
class MobilityListingsEnded:
    """So many listings were removed, whose consents had ended."""

    listings: int


@dataclass(frozen=True, slots=True)
class MobilityCaseOpened:
    """The own institution prepares to ask for somebody for one of its posts; whom, it may not know yet."""

    case_id: UUID
    post_id: UUID
    card_id: UUID | None
    disclosure_id: UUID | None


@dataclass(frozen=True, slots=True)
class MobilityCaseAdvanced:
    """A case entered another state, by the step of any of its parties; each institution's ledger is told.

    `number` is that of the paper; `reason` is the code of why it was given up.
    """

    case_id: UUID
    state_before: str | None
    state: str
    number: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class MobilityCaseAgreed:
    """A talent agreed to be moved."""

    case_id: UUID
    talent_id: UUID


@dataclass(frozen=True, slots=True)
class MobilityDocumentKept:
    """It was put on record where a document of a case is to be found, or why it is not needed."""

    case_id: UUID
    item: str
    kept_before: str
    kept: str


@dataclass(frozen=True, slots=True)
class MobilityCasesOpened:
    """A case was opened for every move of a published run."""

    campaign_id: UUID
    run_id: UUID
    cases: int


@dataclass(frozen=True, slots=True)
class MobilitySeatLeft:
    """Somebody left for a post of another institution, or unit; `post_id` is what they held, if a seat is on record."""

    case_id: UUID
    post_id: UUID | None
    effective_on: str


@dataclass(frozen=True, slots=True)
class MobilityCampaignFrozen:
    """What a campaign's run depends on was frozen: so many cells, posts, participants and wishes, by their digest."""

    campaign_id: UUID
    digest: str
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class MobilityRunStarted:
    """A run was queued with the public value of its lottery, which with the secret makes the seed."""

    campaign_id: UUID
    run_id: UUID
    value: str
    seed: str


@dataclass(frozen=True, slots=True)
class MobilityRunFinished:
    """A run found what its identity stands for; `digest` is that of its result."""

    campaign_id: UUID
    run_id: UUID
    identity: str
    digest: str
    movers: int


@dataclass(frozen=True, slots=True)
class MobilityRehearsed:
    """A rehearsal of a campaign was asked for, or is finished; nothing of it is published."""

    campaign_id: UUID
    rehearsal_id: UUID
    told: dict[str, object]


@dataclass(frozen=True, slots=True)
class MobilityVerificationRequested:
    """Somebody asked for a check of a run from its published files, or of files that they handed in."""

    verification_id: UUID
    run_id: UUID | None
    files: str | None
    is_fast: bool


@dataclass(frozen=True, slots=True)
class MobilityVerified:
    """A check of a run ended: verified, rejected, or with files that cannot be used; None where it came to no end."""

    verification_id: UUID
    verdict: str | None


MobilityEvent = (
    MobilityOrganiserSet
    | MobilityFormulaPublished
    | MobilityCampaignDrafted
    | MobilityCampaignEdited
    | MobilityCampaignDiscarded
    | MobilityCampaignAdvanced
    | MobilityCellsLaid
    | MobilityPostsOffered
    | MobilityOfferWithdrawn
    | MobilityReleaseSet
    | MobilityReleaseRemoved
    | MobilityJoined
    | MobilityLeft
    | MobilityWishesSet
    | MobilityGroundsDeclared
    | MobilityGroundVerified
    | MobilityAssessed
    | MobilityListingKept
    | MobilityListingWithdrawn
    | MobilityListingsEnded
    | MobilityCaseOpened
    | MobilityCaseAdvanced
    | MobilityCaseAgreed
    | MobilityDocumentKept
    | MobilityCasesOpened
    | MobilitySeatLeft
    | MobilityCampaignFrozen
    | MobilityRunStarted
    | MobilityRunFinished
    | MobilityRehearsed
    | MobilityVerificationRequested
    | MobilityVerified
)
