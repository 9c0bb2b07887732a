"""GraphQL: taking part in mobility campaigns, wishes, grounds and points, and what offices see of it."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

import strawberry

from app.api.graphql.context import WITHHELD, Asked, RootFunction, compiled
from app.api.graphql.mobility_certificates import MobilityPointsPart, MobilityRequirement
from app.api.graphql.placements import Sentence
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain.careers import PositionLevel
from app.domain.consents import Scope
from app.domain.mobility_campaigns import State
from app.domain.mobility_formulas import Ground
from app.domain.revisions import exactly
from app.services import mobility_assessments, mobility_grounds, mobility_participations
from app.services.mobility_grounds import DeclareMobilityGrounds, VerifyMobilityGround
from app.services.mobility_participations import JoinMobilityCampaign, SetMobilityWishes

strawberry.enum(
    Ground,
    name="MobilityGroundCode",
    graphql_name_from="value",
    description="Why somebody wants to move, where documents were seen; no story is kept.",
)


@strawberry.type(description="What is told of a post, at home or wished for.")
class MobilityOfferedPost:
    offer_id: UUID
    post_name: str
    unit: str
    institution: str
    province_code: str | None
    level: PositionLevel
    government_affair: str | None
    urgency: int


@strawberry.type(description="Any post on offer that has all of this; what is null does not restrict.")
class MobilityWildcard:
    province: str | None
    level: PositionLevel | None
    affair: str | None
    institution_id: UUID | None


@strawberry.type(
    description="A wish as it was written: one offer (`offer` is null where it was taken back), or a wildcard."
)
class MobilityWishWritten:
    place: int
    offer_id: UUID | None
    offer: MobilityOfferedPost | None
    wildcard: MobilityWildcard | None


@strawberry.type(description="A ground that was declared; `isVerified` is null until somebody has looked.")
class MobilityGround:
    code: Ground
    declared_at: datetime.datetime
    is_verified: bool | None
    verified_at: datetime.datetime | None


@strawberry.type(description="The consent that a participation rests on.")
class MobilityConsent:
    id: UUID
    scope: Scope
    expires_at: datetime.datetime


@strawberry.type(
    description="One's own part in a campaign. `isReleased` and `releasePlace` follow from the quota and order of the "
    "unit; `assessedAt` is null where nothing was worked out since the wishes changed; `barred` of the applications "
    "cannot count."
)
class MobilityParticipation:
    id: UUID
    revision: int
    campaign_id: UUID
    campaign: str
    state: State
    collecting_until: datetime.date
    correction_until: datetime.date
    consent: MobilityConsent
    home: MobilityOfferedPost
    joined_at: datetime.datetime
    wished_at: datetime.datetime | None
    is_released: bool | None
    release_place: int | None
    assessed_at: datetime.datetime | None
    applications: int
    barred: int
    grounds: list[MobilityGround] | None
    wishes: list[MobilityWishWritten]
    withheld: list[str] = strawberry.field(description=WITHHELD)


@strawberry.type
class MobilityParticipationEdge:
    cursor: str
    node: MobilityParticipation


@strawberry.type(description="A page of one's own parts in campaigns.")
class MobilityParticipationConnection:
    edges: list[MobilityParticipationEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type(
    description="Somebody at one post wished for, wildcards expanded: the points by part, and what bars it "
    "(`NOT_RELEASED`, or `NOT_ELIGIBLE:` and a rule, `unverified.` before it where nobody knows yet)."
)
class MobilityApplication:
    rank: int
    wish_place: int
    offer: MobilityOfferedPost | None
    points: int
    parts: list[MobilityPointsPart]
    bar: str | None
    requirements: list[MobilityRequirement]


@strawberry.type
class MobilityApplicationEdge:
    cursor: str
    node: MobilityApplication


@strawberry.type(description="A page of one's own applications, the dearest first.")
class MobilityApplicationConnection:
    edges: list[MobilityApplicationEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type(description="A requirement that nobody knows yet of somebody, and which evidence would decide it.")
class MobilityMissing:
    requirement: str
    label: Sentence
    missing: list[Sentence]


@strawberry.type(
    description="Somebody of the own institution who takes part; never what they wish for. `missing` is the evidence "
    "that bars them until it is on record."
)
class MobilityParticipant:
    id: UUID
    campaign_id: UUID
    nip: str
    name: str
    home: MobilityOfferedPost
    consent: MobilityConsent
    joined_at: datetime.datetime
    has_wishes: bool
    is_released: bool | None
    release_place: int | None
    assessed_at: datetime.datetime | None
    applications: int
    barred: int
    grounds: list[MobilityGround] | None
    missing: list[MobilityMissing] | None
    withheld: list[str] = strawberry.field(description=WITHHELD)


@strawberry.type
class MobilityParticipantEdge:
    cursor: str
    node: MobilityParticipant


@strawberry.type(description="A page of those of the own institution who take part.")
class MobilityParticipantConnection:
    edges: list[MobilityParticipantEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type(
    description="How far the assessment of the own institution's people is; `unverified` of the applications are "
    "barred until evidence is on record."
)
class MobilityAssessment:
    campaign_id: UUID
    participants: int
    assessed: int
    released: int
    assessed_at: datetime.datetime | None
    applications: int
    not_eligible: int
    unverified: int
    not_released: int


@strawberry.input(description="A consent to give now, for talent mobility: `identified` or `dossier`.")
class NewConsentInput:
    scope: Scope
    expires_at: datetime.datetime


@strawberry.input(description="By which consent; without a word, one that was given before and lasts long enough.")
class JoinMobilityCampaignInput:
    consent_id: UUID | None = None
    consent: NewConsentInput | None = None


@strawberry.input(description="Any post on offer that has all of what is named; at least one thing is.")
class WishWildcardInput:
    province: str | None = None
    level: PositionLevel | None = None
    affair: str | None = None
    institution_id: UUID | None = None


@strawberry.input(description="One wish: an offer, or a wildcard.")
class MobilityWishInput:
    offer_id: UUID | None = None
    wildcard: WishWildcardInput | None = None


@strawberry.input(description="The whole list, the dearest first.")
class SetMobilityWishesInput:
    wishes: list[MobilityWishInput]


@strawberry.input(description="All grounds that one declares; those that are not named are taken back.")
class DeclareMobilityGroundsInput:
    grounds: list[Ground]


@strawberry.input(description="Whether documents show the ground.")
class VerifyMobilityGroundInput:
    is_verified: bool


@strawberry.type
class MobilityParticipationQueries:
    @strawberry.field(description="One's own part in a campaign; null where one has none of that id.")
    def mobility_participation(self, campaign_id: UUID, participation_id: UUID) -> MobilityParticipation | None:
        compiled()

    @strawberry.field(description="The campaigns that one takes part in, and one's part in each.")
    def mobility_participations(
        self, first: int | None = None, after: str | None = None
    ) -> MobilityParticipationConnection | None:
        compiled()

    @strawberry.field(description="One's own wishes with wildcards expanded, with points by part and what bars them.")
    def mobility_applications(
        self, campaign_id: UUID, participation_id: UUID, first: int | None = None, after: str | None = None
    ) -> MobilityApplicationConnection | None:
        compiled()

    @strawberry.field(description="Who of the own institution takes part, and which evidence is missing.")
    def mobility_participants(
        self, campaign_id: UUID, first: int | None = None, after: str | None = None
    ) -> MobilityParticipantConnection | None:
        compiled()

    @strawberry.field(description="How far the assessment of the own institution's people is.")
    def mobility_assessment(self, campaign_id: UUID) -> MobilityAssessment | None:
        compiled()


@strawberry.type
class MobilityParticipationChanges:
    @strawberry.field(description="Take part in a campaign oneself.")
    def join_mobility_campaign(
        self,
        campaign_id: UUID,
        input: JoinMobilityCampaignInput,  # noqa: A002
    ) -> MobilityParticipation | None:
        compiled()

    @strawberry.field(description="Write down all of one's wishes; they take the place of those before.")
    def set_mobility_wishes(
        self,
        campaign_id: UUID,
        participation_id: UUID,
        revision: int,
        input: SetMobilityWishesInput,  # noqa: A002
    ) -> MobilityParticipation | None:
        compiled()

    @strawberry.field(description="Take part no longer; answers with the other campaigns that one takes part in.")
    def withdraw_from_mobility(
        self, campaign_id: UUID, participation_id: UUID, revision: int
    ) -> MobilityParticipationConnection | None:
        compiled()

    @strawberry.field(description="Declare one's grounds for moving; each counts once somebody has verified it.")
    def declare_mobility_grounds(
        self,
        campaign_id: UUID,
        participation_id: UUID,
        input: DeclareMobilityGroundsInput,  # noqa: A002
    ) -> MobilityParticipation | None:
        compiled()

    @strawberry.field(description="Say whether documents show a ground; answers with those who take part.")
    def verify_mobility_ground(
        self,
        campaign_id: UUID,
        participation_id: UUID,
        ground: Ground,
        input: VerifyMobilityGroundInput,  # noqa: A002
    ) -> MobilityParticipantConnection | None:
        compiled()

    @strawberry.field(description="Assess everybody of the own institution who takes part anew.")
    def assess_mobility(self, campaign_id: UUID) -> MobilityAssessment | None:
        compiled()


async def participation(asked: Asked, campaign_id: UUID, participation_id: UUID) -> Document:
    return await mobility_participations.mobility_participation_document(
        asked.db, asked.actor, campaign_id, participation_id, asked.wanted
    )


async def participations_page(asked: Asked, first: int | None = None, after: str | None = None) -> Document:
    return await mobility_participations.mobility_participations_page(asked.db, asked.actor, first, after, asked.wanted)


async def applications_page(
    asked: Asked, campaign_id: UUID, participation_id: UUID, first: int | None = None, after: str | None = None
) -> Document:
    return await mobility_participations.mobility_applications_page(
        asked.db, asked.actor, campaign_id, participation_id, first, after, asked.wanted
    )


async def participants_page(
    asked: Asked, campaign_id: UUID, first: int | None = None, after: str | None = None
) -> Document:
    return await mobility_participations.mobility_participants_page(
        asked.db, asked.actor, campaign_id, first, after, asked.wanted
    )


async def assessment(asked: Asked, campaign_id: UUID) -> Document:
    return await mobility_assessments.mobility_assessment_document(asked.db, asked.actor, campaign_id, asked.wanted)


async def join_mobility_campaign(asked: Asked, campaign_id: UUID, input: dict[str, Any]) -> Document:  # noqa: A002
    command = JoinMobilityCampaign.model_validate(input, by_alias=True)
    made = await mobility_participations.join_mobility_campaign(asked.db, asked.actor, campaign_id, command)
    return await participation(asked, campaign_id, made)


async def set_mobility_wishes(
    asked: Asked,
    campaign_id: UUID,
    participation_id: UUID,
    revision: int,
    input: dict[str, Any],  # noqa: A002
) -> Document:
    command = SetMobilityWishes.model_validate(input, by_alias=True)
    await mobility_participations.set_mobility_wishes(
        asked.db, asked.actor, campaign_id, participation_id, command, expected=exactly(revision)
    )
    return await participation(asked, campaign_id, participation_id)


async def withdraw_from_mobility(asked: Asked, campaign_id: UUID, participation_id: UUID, revision: int) -> Document:
    await mobility_participations.withdraw_from_mobility(
        asked.db, asked.actor, campaign_id, participation_id, expected=exactly(revision)
    )
    return await participations_page(asked)


async def declare_mobility_grounds(
    asked: Asked,
    campaign_id: UUID,
    participation_id: UUID,
    input: dict[str, Any],  # noqa: A002
) -> Document:
    command = DeclareMobilityGrounds.model_validate(input, by_alias=True)
    await mobility_grounds.declare_mobility_grounds(asked.db, asked.actor, campaign_id, participation_id, command)
    return await participation(asked, campaign_id, participation_id)


async def verify_mobility_ground(
    asked: Asked,
    campaign_id: UUID,
    participation_id: UUID,
    ground: Ground,
    input: dict[str, Any],  # noqa: A002
) -> Document:
    command = VerifyMobilityGround.model_validate(input, by_alias=True)
    await mobility_grounds.verify_mobility_ground(asked.db, asked.actor, campaign_id, participation_id, ground, command)
    return await participants_page(asked, campaign_id)


async def assess_mobility(asked: Asked, campaign_id: UUID) -> Document:
    await mobility_assessments.assess_mobility(asked.db, asked.actor, campaign_id)
    return await assessment(asked, campaign_id)


ROOTS: dict[str, RootFunction] = {
    "mobilityParticipation": participation,
    "mobilityParticipations": participations_page,
    "mobilityApplications": applications_page,
    "mobilityParticipants": participants_page,
    "mobilityAssessment": assessment,
}
CHANGES: dict[str, RootFunction] = {
    "joinMobilityCampaign": join_mobility_campaign,
    "setMobilityWishes": set_mobility_wishes,
    "withdrawFromMobility": withdraw_from_mobility,
    "declareMobilityGrounds": declare_mobility_grounds,
    "verifyMobilityGround": verify_mobility_ground,
    "assessMobility": assess_mobility,
}
