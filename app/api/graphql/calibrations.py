"""GraphQL: calibrations, the moves of a committee."""

from __future__ import annotations

import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.api.graphql.context import WITHHELD, Asked, RootFunction, compiled
from app.api.graphql.cycle_placements import CalibrationReason
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain import calibration
from app.domain.revisions import exactly
from app.services import calibration as service
from app.services.calibration import CalibratePlacement, CalibrationFilter, RejectCalibration

strawberry.enum(
    calibration.State, name="CalibrationState", graphql_name_from="value", description="What became of a move."
)


@strawberry.type(description="Whom a move or an objection is about.")
class TalentName:
    nip: str
    name: str


@strawberry.type(description="What a move rests on: a row on record, or where to find what is not.")
class CalibrationEvidence:
    kind: str | None
    id: int | None
    text: str | None


@strawberry.type(description="Who consented to a move, or did not, and why.")
class SecondPerson:
    by: str
    role: str
    at: datetime.datetime
    comment: str | None


@strawberry.type(
    description="A move from one box to another. A large one takes effect when a second person confirms it."
)
class Calibration:
    id: UUID
    revision: int
    cycle_id: UUID
    talent: TalentName
    state: calibration.State
    computed_box: int
    from_box: int
    to_box: int
    reason: CalibrationReason
    comment: str
    evidence: CalibrationEvidence
    by: str
    role: str
    moved_at: datetime.datetime
    second_person: SecondPerson | None
    withheld: list[str] = strawberry.field(description=WITHHELD)


@strawberry.type
class CalibrationEdge:
    cursor: str
    node: Calibration


@strawberry.type(description="A page of moves, newest first.")
class CalibrationConnection:
    edges: list[CalibrationEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(name="CalibrationFilter", description="Which moves to list; what is not given does not restrict.")
class CalibrationFilterInput:
    state: calibration.State | None = None
    nip: str | None = None


@strawberry.input(description="A row of evidence on record: its kind, such as `award`, and its number.")
class EvidenceReferenceInput:
    kind: str
    id: int


@strawberry.input(description="A move; `fromBox` is the box that the mover has seen the talent in.")
class CalibratePlacementInput:
    from_box: int
    box: int
    reason: calibration.ReasonCode
    comment: str
    evidence: EvidenceReferenceInput | None = None
    evidence_text: str | None = None


@strawberry.input(description="Why a move is not consented to.")
class RejectCalibrationInput:
    comment: str


@strawberry.type
class CalibrationQueries:
    @strawberry.field(description="One move; null where the institution has no such move.")
    def calibration(self, calibration_id: UUID) -> Calibration | None:
        compiled()

    @strawberry.field(description="The moves in a cycle, newest first.")
    def calibrations(
        self,
        cycle_id: UUID,
        first: int | None = None,
        after: str | None = None,
        chosen: Annotated[CalibrationFilterInput | None, strawberry.argument(name="filter")] = None,
    ) -> CalibrationConnection | None:
        compiled()


@strawberry.type
class CalibrationChanges:
    @strawberry.field(description="Move a talent to another box; a second person confirms large moves.")
    def calibrate_placement(
        self,
        cycle_id: UUID,
        nip: str,
        input: CalibratePlacementInput,  # noqa: A002
    ) -> Calibration | None:
        compiled()

    @strawberry.field(description="Consent to somebody else's move as its second person.")
    def confirm_calibration(self, calibration_id: UUID, revision: int) -> Calibration | None:
        compiled()

    @strawberry.field(description="Refuse consent to somebody else's move, and say why.")
    def reject_calibration(
        self,
        calibration_id: UUID,
        revision: int,
        input: RejectCalibrationInput,  # noqa: A002
    ) -> Calibration | None:
        compiled()

    @strawberry.field(description="Take back one's own move as long as it awaits a second person.")
    def withdraw_calibration(self, calibration_id: UUID, revision: int) -> Calibration | None:
        compiled()


async def calibration_document(asked: Asked, calibration_id: UUID) -> Document:
    return await service.calibration_document(asked.db, asked.actor, calibration_id, asked.wanted)


async def calibrations_page(
    asked: Asked,
    cycle_id: UUID,
    first: int | None = None,
    after: str | None = None,
    filter: dict[str, Any] | None = None,  # noqa: A002 - the argument's name in the schema
) -> Document:
    chosen = CalibrationFilter.model_validate(filter or {}, by_alias=True)
    return await service.calibrations_page(asked.db, asked.actor, cycle_id, chosen, first, after, asked.wanted)


async def _decided(asked: Asked, calibration_id: UUID) -> Document:
    return await service.calibration_document(asked.db, asked.actor, calibration_id, asked.wanted, just_decided=True)


async def calibrate_placement(asked: Asked, cycle_id: UUID, nip: str, input: dict[str, Any]) -> Document:  # noqa: A002
    command = CalibratePlacement.model_validate(input, by_alias=True)
    calibration_id = await service.calibrate_placement(asked.db, asked.actor, cycle_id, nip, command)
    return await _decided(asked, calibration_id)


async def confirm_calibration(asked: Asked, calibration_id: UUID, revision: int) -> Document:
    await service.confirm_calibration(asked.db, asked.actor, calibration_id, expected=exactly(revision))
    return await _decided(asked, calibration_id)


async def reject_calibration(
    asked: Asked,
    calibration_id: UUID,
    revision: int,
    input: dict[str, Any],  # noqa: A002
) -> Document:
    command = RejectCalibration.model_validate(input, by_alias=True)
    await service.reject_calibration(asked.db, asked.actor, calibration_id, command, expected=exactly(revision))
    return await _decided(asked, calibration_id)


async def withdraw_calibration(asked: Asked, calibration_id: UUID, revision: int) -> Document:
    await service.withdraw_calibration(asked.db, asked.actor, calibration_id, expected=exactly(revision))
    return await _decided(asked, calibration_id)


ROOTS: dict[str, RootFunction] = {"calibration": calibration_document, "calibrations": calibrations_page}
CHANGES: dict[str, RootFunction] = {
    "calibratePlacement": calibrate_placement,
    "confirmCalibration": confirm_calibration,
    "rejectCalibration": reject_calibration,
    "withdrawCalibration": withdraw_calibration,
}
