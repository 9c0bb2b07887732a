"""Plain functions about requests of data subjects that several tests need."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from app.db.database import Database
from app.domain.actors import Actor, Role
from app.services import calibration, data_requests
from app.services.calibration import ReviewPlacement
from app.services.data_requests import AnswerDataRequest, LiftRestriction, RaiseDataRequest
from tests.cycles import member, somebody
from tests.factories import talent

STATEMENT = "Saya menggunakan hak saya sebagai subjek data."
COMMENT = "Sudah kami periksa bersama berkasnya."


def officer_for_data_protection(actor: Actor) -> Actor:
    return somebody(actor, Role.DATA_PROTECTION_OFFICER, "protector")


async def ask(db: Database, who: Actor, kind: str, **but: Any) -> UUID:
    """Raise a request, through the same JSON as the doors."""
    told = json.dumps({"kind": kind, "statement": STATEMENT, **but})
    return await data_requests.raise_data_request(db, who, RaiseDataRequest.model_validate_json(told))


async def reply(db: Database, actor: Actor, request_id: UUID, outcome: str, **but: Any) -> None:
    command = AnswerDataRequest.model_validate({"outcome": outcome, "comment": COMMENT, **but})
    await data_requests.answer_data_request(db, actor, request_id, command)


async def lift(db: Database, actor: Actor, request_id: UUID) -> None:
    await data_requests.lift_restriction(db, actor, request_id, LiftRestriction(comment=COMMENT))


async def restrict(db: Database, who: Actor) -> UUID:
    """A restriction that holds."""
    request_id = await ask(db, who, "restriction")
    await reply(db, officer_for_data_protection(who), request_id, "granted")
    return request_id


async def a_reviewed_case(db: Database, actor: Actor, nip: str, cycle_id: UUID) -> UUID:
    """Somebody objects to automated processing, and a human lets their box in a cycle stand."""
    request_id = await ask(db, talent(actor, nip), "automated-processing")
    await calibration.review_placement(db, member(actor), cycle_id, nip, ReviewPlacement(comment=COMMENT))
    return request_id


async def told(db: Database, actor: Actor, request_id: UUID) -> dict[str, Any]:
    return json.loads(await data_requests.data_request_document(db, actor, request_id))
