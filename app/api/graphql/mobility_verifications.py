"""GraphQL: checks of mobility runs from their files alone."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.placements import Sentence
from app.db.documents import Document
from app.domain import mobility_verifications
from app.services import mobility_verifications as verifications
from app.services.mobility_verifications import VerifyMobilityRun

strawberry.enum(
    mobility_verifications.State,
    name="MobilityVerificationState",
    graphql_name_from="value",
    description="How far a check is.",
)
strawberry.enum(
    mobility_verifications.Verdict,
    name="MobilityVerdict",
    graphql_name_from="value",
    description="What a check came to.",
)


@strawberry.type(description="Something that is wrong in the files of a run.")
class MobilityFinding:
    code: str
    id: str = strawberry.field(description="In Indonesian.")
    en: str = strawberry.field(description="In English.")


@strawberry.type(description="How much of something a check has gone through.")
class MobilityVerifiedCount:
    name: str
    count: int


@strawberry.type(
    description="A check of a run from its files alone, by a program that shares nothing with what made it."
)
class MobilityVerification:
    id: UUID
    run_id: UUID | None
    is_fast: bool
    state: mobility_verifications.State
    requested_at: datetime.datetime
    finished_at: datetime.datetime | None
    verdict: mobility_verifications.Verdict | None
    detail: Sentence
    identity: str | None
    summary: list[MobilityVerifiedCount]
    findings: list[MobilityFinding]


@strawberry.input(description="Which run to check; `isFast`: in one pass, without solving it again.")
class VerifyMobilityRunInput:
    run_id: UUID
    is_fast: bool = False


@strawberry.type
class MobilityVerificationQueries:
    @strawberry.field(description="A check of a run; null where there is none.")
    def mobility_verification(self, verification_id: UUID) -> MobilityVerification | None:
        compiled()


@strawberry.type
class MobilityVerificationChanges:
    @strawberry.field(description="Have a run checked from its published files; the same run is checked once.")
    def verify_mobility_run(self, input: VerifyMobilityRunInput) -> MobilityVerification | None:  # noqa: A002
        compiled()


async def mobility_verification_document(asked: Asked, verification_id: UUID) -> Document:
    return await verifications.mobility_verification_document(asked.db, asked.actor, verification_id, asked.wanted)


async def verify_mobility_run(asked: Asked, input: dict[str, Any]) -> Document:  # noqa: A002
    command = VerifyMobilityRun.model_validate(input, by_alias=True)
    verification_id = await verifications.verify_mobility_run(asked.db, asked.actor, command)
    return await mobility_verification_document(asked, verification_id)


ROOTS: dict[str, RootFunction] = {"mobilityVerification": mobility_verification_document}
CHANGES: dict[str, RootFunction] = {"verifyMobilityRun": verify_mobility_run}
