"""GraphQL: certificates of mobility campaigns."""

from __future__ import annotations

import datetime
from uuid import UUID

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.mobility_results import MobilityCutoff, RoundPost
from app.api.graphql.placements import Sentence
from app.db.documents import Document
from app.services import mobility_certificates as certificates


@strawberry.type(description="A version of a points formula.")
class CertifiedFormula:
    code: str
    version: int


@strawberry.type(description="The campaign that a certificate is of.")
class CertifiedCampaign:
    id: UUID
    name: str
    legal_basis: str
    profile: str
    own_cell_first: bool
    effective_on: datetime.date
    formula: CertifiedFormula


@strawberry.type(description="What a block of the formula gives; null is unknown, and counts 0.")
class MobilityPointsPart:
    block: str
    points: int | None
    most: int
    label: Sentence
    because: Sentence


@strawberry.type(description="What was found of a requirement.")
class MobilityRequirement:
    requirement: str
    label: Sentence
    outcome: str
    found: Sentence
    missing: list[Sentence]


@strawberry.type(description="A wish at one post, wildcards expanded: what became of it, and why.")
class CertifiedWish:
    rank: int
    wish_place: int = strawberry.field(description="The wish that it comes from, as it was written.")
    post: RoundPost
    code: str
    rule: str | None
    why: Sentence
    points: int
    parts: list[MobilityPointsPart]
    requirements: list[MobilityRequirement]
    nearness: int | None
    urgency: int | None
    cell_id: str | None = strawberry.field(description="The full cell that is in the way.")
    ceiling: int | None
    seats: int
    filled: int
    incumbents: int
    cutoff: MobilityCutoff | None


@strawberry.type(description="The run that a certificate rests on.")
class CertifiedRun:
    id: UUID
    finished_at: datetime.datetime | None
    identity: str | None
    snapshot_digest: str | None
    result_digest: str | None
    rules_version: str
    solver_version: str
    lottery_commitment: str
    lottery_source: str
    lottery_value: str
    seed: str


@strawberry.type(description="How anybody can check a certificate.")
class CertifiedVerification:
    detail: Sentence
    command: str


@strawberry.type(description="What became of somebody who took part in a campaign, and of each wish why.")
class MobilityCertificate:
    participant_id: UUID
    campaign: CertifiedCampaign
    nip: str
    name: str
    moves: bool
    rank: int | None = strawberry.field(description="Of the wish that came true, in the list with wildcards expanded.")
    wish_place: int | None = strawberry.field(description="Of the same wish, as it was written.")
    home: RoundPost
    post: RoundPost
    detail: Sentence
    lot: str | None
    order: Sentence
    wishes: list[CertifiedWish]
    run: CertifiedRun
    verification: CertifiedVerification


@strawberry.type
class MobilityCertificateQueries:
    @strawberry.field(description="One's own certificate of a campaign; null before it is published, or without one.")
    def mobility_certificate(self, campaign_id: UUID) -> MobilityCertificate | None:
        compiled()


async def mobility_certificate_document(asked: Asked, campaign_id: UUID) -> Document:
    return await certificates.mobility_certificate_document(asked.db, asked.actor, campaign_id, asked.wanted)


ROOTS: dict[str, RootFunction] = {"mobilityCertificate": mobility_certificate_document}
