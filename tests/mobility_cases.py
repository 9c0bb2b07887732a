"""Plain functions that bring mobility cases to where a test needs them, through the services."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import UUID

from app.db.database import Database
from app.domain.actors import Actor
from app.domain.mobility_cases import DocumentState
from app.services import mobility_cases, standing
from app.services.mobility_case_commands import (
    CancelMobilityCase,
    DecreeMobilityCase,
    KeepMobilityDocument,
    MobilityLetter,
    OpenMobilityCase,
)
from app.services.standing import EditInstitution
from tests.conftest import as_superuser
from tests.cycles import authority
from tests.factories import officer
from tests.mobility import national

BECAUSE = "Sesuai rapat pimpinan pada hari ini."
PAST = date(2026, 1, 5)
"""The day of whatever is put on record: it has come, and comes before nothing."""


async def located(db: Database, actor: Actor, province: str, kind: str | None = None) -> None:
    """Where an institution is, and what it is if its name does not say so."""
    told = {"provinceCode": province, **({} if kind is None else {"kind": kind})}
    await standing.edit_institution(db, officer(actor), EditInstitution.model_validate_json(json.dumps(told)))


async def a_case(db: Database, receiver: Actor, post_id: UUID, card_id: UUID | None, **but: Any) -> UUID:
    """A draft of a direct request, for today."""
    told = {"postId": str(post_id), "cardId": card_id and str(card_id), "reason": BECAUSE}
    told |= {"plannedOn": str(db.today()), **but}
    return await mobility_cases.open_mobility_case(db, officer(receiver), OpenMobilityCase.model_validate(told))


async def a_reserved_seat(database: str, actor: Actor) -> None:
    """A seat of a post of the actor's institution, past the case that would have taken it over."""
    await as_superuser(
        f"""DO $$ BEGIN
            PERFORM set_config('session_replication_role', 'replica', true);
            INSERT INTO reserved_seat SELECT institution_id, id, gen_random_uuid(), current_date FROM post
            WHERE institution_id = '{actor.institution_id}' LIMIT 1;
        END $$""",  # noqa: S608 - our own id
        database,
    )


async def case_of(db: Database, actor: Actor, case_id: UUID) -> dict[str, Any]:
    return json.loads(await mobility_cases.mobility_case_document(db, actor, case_id))


async def let_papers_go(db: Database, actor: Actor, case_id: UUID, side: str) -> None:
    """Nothing of a side's checklist is needed."""
    told = KeepMobilityDocument(state=DocumentState.NOT_NEEDED, because=BECAUSE)
    for paper in (await case_of(db, actor, case_id))["documents"]:
        if paper["side"] == side and paper["item"] not in ("requestLetter", "releaseLetter"):
            await mobility_cases.keep_mobility_document(db, actor, case_id, paper["item"], told)


def letter(number: str) -> MobilityLetter:
    return MobilityLetter(number=number, dated=PAST)


async def request(db: Database, receiver: Actor, case_id: UUID) -> None:
    await let_papers_go(db, officer(receiver), case_id, "receiving")
    await mobility_cases.request_mobility_case(db, officer(receiver), case_id, letter("800/1/BKD"))


async def release(db: Database, origin: Actor, case_id: UUID) -> None:
    await let_papers_go(db, authority(origin), case_id, "origin")
    await mobility_cases.release_mobility_case(db, authority(origin), case_id, letter("800/2/BKPSDM"))


async def consider(db: Database, receiver: Actor, bkn: Actor, case_id: UUID) -> None:
    """It is sent to BKN, which gives its technical approval."""
    await mobility_cases.submit_mobility_case(db, officer(receiver), case_id, letter("800/3/BKD"))
    await mobility_cases.approve_mobility_case(db, national(bkn), case_id, letter("B-12/V/2026"))


async def decree(db: Database, who: Actor, case_id: UUID, effective_on: date) -> None:
    told = DecreeMobilityCase(number="821/7/2026", dated=PAST, effective_on=effective_on)
    await mobility_cases.decree_mobility_case(db, who, case_id, told)


async def give_up(db: Database, who: Actor, case_id: UUID) -> None:
    await mobility_cases.cancel_mobility_case(db, who, case_id, CancelMobilityCase(because=BECAUSE))
