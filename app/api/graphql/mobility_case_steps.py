"""GraphQL: what is done with mobility cases, step by step."""

from __future__ import annotations

import datetime
from collections.abc import Awaitable
from typing import Any
from uuid import UUID

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.mobility_campaigns import MobilityCampaign, mobility_campaign
from app.api.graphql.mobility_cases import MobilityCase, mobility_case
from app.db.documents import Document
from app.domain import mobility_cases as words
from app.domain.revisions import exactly
from app.services import mobility_cases as service
from app.services import mobility_executions
from app.services.mobility_case_commands import (
    CancelMobilityCase,
    DecreeMobilityCase,
    InaugurateMobilityCase,
    KeepMobilityDocument,
    MobilityLetter,
    OpenMobilityCase,
    RefuseMobilityCase,
    ReturnMobilityCase,
)


@strawberry.input(description="Who is asked for, by a card or an open disclosure, and for which of the own posts.")
class OpenMobilityCaseInput:
    post_id: UUID
    planned_on: datetime.date
    reason: str
    card_id: UUID | None = strawberry.UNSET
    disclosure_id: UUID | None = strawberry.UNSET


@strawberry.input(description="The paper of a step.")
class MobilityLetterInput:
    number: str
    dated: datetime.date


@strawberry.input(description="Why the origin does not let somebody go.")
class RefuseMobilityCaseInput(MobilityLetterInput):
    because: str


@strawberry.input(description="What BKN finds lacking.")
class ReturnMobilityCaseInput(MobilityLetterInput):
    because: str


@strawberry.input(
    description="The decree, the day from which the person holds the post, and a permit where a freeze asks for one."
)
class DecreeMobilityCaseInput(MobilityLetterInput):
    effective_on: datetime.date
    permit_number: str | None = None


@strawberry.input(description="The Minister's permit, where a freeze was put on record after the decree.")
class InaugurateMobilityCaseInput:
    permit_number: str | None = None


@strawberry.input(description="Why a case is given up.")
class CancelMobilityCaseInput:
    because: str


@strawberry.input(description="The number and day of a document, or why it is not needed.")
class KeepMobilityDocumentInput:
    state: words.DocumentState
    number: str | None = strawberry.UNSET
    dated: datetime.date | None = strawberry.UNSET
    because: str | None = strawberry.UNSET


@strawberry.type
class MobilityCaseChanges:
    @strawberry.field(description="Begin to carry out a published campaign: a case for every move of its run.")
    def open_mobility_cases(self, campaign_id: UUID, revision: int) -> MobilityCampaign | None:
        compiled()

    @strawberry.field(description="Prepare a request for one person of another institution.")
    def open_mobility_case(self, input: OpenMobilityCaseInput) -> MobilityCase | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Ask the origin for the person, as the receiving institution.")
    def request_mobility_case(self, case_id: UUID, revision: int, input: MobilityLetterInput) -> MobilityCase | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Let the person go, as the appointing authority of the origin.")
    def release_mobility_case(self, case_id: UUID, revision: int, input: MobilityLetterInput) -> MobilityCase | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Do not let the person go, as the appointing authority of the origin.")
    def refuse_mobility_case(
        self,
        case_id: UUID,
        revision: int,
        input: RefuseMobilityCaseInput,  # noqa: A002
    ) -> MobilityCase | None:
        compiled()

    @strawberry.field(description="Send it to BKN by the route that applies, as the receiving institution.")
    def submit_mobility_case(self, case_id: UUID, revision: int, input: MobilityLetterInput) -> MobilityCase | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Give the technical approval, as BKN.")
    def approve_mobility_case(self, case_id: UUID, revision: int, input: MobilityLetterInput) -> MobilityCase | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Return what is lacking something, as BKN.")
    def return_mobility_case(
        self,
        case_id: UUID,
        revision: int,
        input: ReturnMobilityCaseInput,  # noqa: A002
    ) -> MobilityCase | None:
        compiled()

    @strawberry.field(description="Put the decree on record, as the party that the route names.")
    def decree_mobility_case(
        self,
        case_id: UUID,
        revision: int,
        input: DecreeMobilityCaseInput,  # noqa: A002
    ) -> MobilityCase | None:
        compiled()

    @strawberry.field(description="Have the person take over the post, as the receiving institution.")
    def inaugurate_mobility_case(
        self,
        case_id: UUID,
        revision: int,
        input: InaugurateMobilityCaseInput | None = None,  # noqa: A002
    ) -> MobilityCase | None:
        compiled()

    @strawberry.field(description="Give a case up; what rests on the move falls with it.")
    def cancel_mobility_case(
        self,
        case_id: UUID,
        revision: int,
        input: CancelMobilityCaseInput,  # noqa: A002
    ) -> MobilityCase | None:
        compiled()

    @strawberry.field(description="Agree to be moved, as the talent.")
    def agree_to_mobility_case(self, case_id: UUID, revision: int) -> MobilityCase | None:
        compiled()

    @strawberry.field(description="Put on record where a document is to be found, or why it is not needed.")
    def keep_mobility_document(
        self,
        case_id: UUID,
        item: str,
        revision: int,
        input: KeepMobilityDocumentInput,  # noqa: A002
    ) -> MobilityCase | None:
        compiled()


async def open_mobility_cases(asked: Asked, campaign_id: UUID, revision: int) -> Document:
    expected = exactly(revision)
    await mobility_executions.open_mobility_cases(asked.db, asked.actor, campaign_id, expected=expected)
    return await mobility_campaign(asked, campaign_id)


async def open_mobility_case(asked: Asked, input: dict[str, Any]) -> Document:  # noqa: A002
    command = OpenMobilityCase.model_validate(input, by_alias=True)
    return await mobility_case(asked, await service.open_mobility_case(asked.db, asked.actor, command))


async def _taken(asked: Asked, case_id: UUID, step: Awaitable[None]) -> Document:
    """The case as it is once a step of it is taken."""
    await step
    return await mobility_case(asked, case_id)


async def request_mobility_case(asked: Asked, case_id: UUID, revision: int, input: dict[str, Any]) -> Document:  # noqa: A002
    command = MobilityLetter.model_validate(input, by_alias=True)
    step = service.request_mobility_case(asked.db, asked.actor, case_id, command, expected=exactly(revision))
    return await _taken(asked, case_id, step)


async def release_mobility_case(asked: Asked, case_id: UUID, revision: int, input: dict[str, Any]) -> Document:  # noqa: A002
    command = MobilityLetter.model_validate(input, by_alias=True)
    step = service.release_mobility_case(asked.db, asked.actor, case_id, command, expected=exactly(revision))
    return await _taken(asked, case_id, step)


async def refuse_mobility_case(asked: Asked, case_id: UUID, revision: int, input: dict[str, Any]) -> Document:  # noqa: A002
    command = RefuseMobilityCase.model_validate(input, by_alias=True)
    step = service.refuse_mobility_case(asked.db, asked.actor, case_id, command, expected=exactly(revision))
    return await _taken(asked, case_id, step)


async def submit_mobility_case(asked: Asked, case_id: UUID, revision: int, input: dict[str, Any]) -> Document:  # noqa: A002
    command = MobilityLetter.model_validate(input, by_alias=True)
    step = service.submit_mobility_case(asked.db, asked.actor, case_id, command, expected=exactly(revision))
    return await _taken(asked, case_id, step)


async def approve_mobility_case(asked: Asked, case_id: UUID, revision: int, input: dict[str, Any]) -> Document:  # noqa: A002
    command = MobilityLetter.model_validate(input, by_alias=True)
    step = service.approve_mobility_case(asked.db, asked.actor, case_id, command, expected=exactly(revision))
    return await _taken(asked, case_id, step)


async def return_mobility_case(asked: Asked, case_id: UUID, revision: int, input: dict[str, Any]) -> Document:  # noqa: A002
    command = ReturnMobilityCase.model_validate(input, by_alias=True)
    step = service.return_mobility_case(asked.db, asked.actor, case_id, command, expected=exactly(revision))
    return await _taken(asked, case_id, step)


async def decree_mobility_case(asked: Asked, case_id: UUID, revision: int, input: dict[str, Any]) -> Document:  # noqa: A002
    command = DecreeMobilityCase.model_validate(input, by_alias=True)
    step = service.decree_mobility_case(asked.db, asked.actor, case_id, command, expected=exactly(revision))
    return await _taken(asked, case_id, step)


async def cancel_mobility_case(asked: Asked, case_id: UUID, revision: int, input: dict[str, Any]) -> Document:  # noqa: A002
    command = CancelMobilityCase.model_validate(input, by_alias=True)
    step = service.cancel_mobility_case(asked.db, asked.actor, case_id, command, expected=exactly(revision))
    return await _taken(asked, case_id, step)


async def inaugurate_mobility_case(
    asked: Asked,
    case_id: UUID,
    revision: int,
    input: dict[str, Any] | None = None,  # noqa: A002
) -> Document:
    command = InaugurateMobilityCase.model_validate(input or {}, by_alias=True)
    step = service.inaugurate_mobility_case(asked.db, asked.actor, case_id, command, expected=exactly(revision))
    return await _taken(asked, case_id, step)


async def agree_to_mobility_case(asked: Asked, case_id: UUID, revision: int) -> Document:
    step = service.agree_to_mobility_case(asked.db, asked.actor, case_id, expected=exactly(revision))
    return await _taken(asked, case_id, step)


async def keep_mobility_document(
    asked: Asked,
    case_id: UUID,
    item: str,
    revision: int,
    input: dict[str, Any],  # noqa: A002
) -> Document:
    command = KeepMobilityDocument.model_validate(input, by_alias=True)
    await service.keep_mobility_document(asked.db, asked.actor, case_id, item, command, expected=exactly(revision))
    return await mobility_case(asked, case_id)


CHANGES: dict[str, RootFunction] = {
    "openMobilityCases": open_mobility_cases,
    "openMobilityCase": open_mobility_case,
    "requestMobilityCase": request_mobility_case,
    "releaseMobilityCase": release_mobility_case,
    "refuseMobilityCase": refuse_mobility_case,
    "submitMobilityCase": submit_mobility_case,
    "approveMobilityCase": approve_mobility_case,
    "returnMobilityCase": return_mobility_case,
    "decreeMobilityCase": decree_mobility_case,
    "inaugurateMobilityCase": inaugurate_mobility_case,
    "cancelMobilityCase": cancel_mobility_case,
    "agreeToMobilityCase": agree_to_mobility_case,
    "keepMobilityDocument": keep_mobility_document,
}
