"""Plain functions that compare cycles and rehearse rubrics, through the services."""

from __future__ import annotations

from uuid import UUID

from app.db.database import Database
from app.domain.actors import Actor, Role
from app.domain.cycles import Phase
from app.domain.revisions import exactly
from app.services import movements, rehearsals, rubrics
from app.services.cycles import RubricChoice
from app.services.rehearsals import RehearseRubric
from app.services.rubrics import CopyRubric, EditRubric
from tests.cycles import a_cycle_in, authority, carried_out, somebody
from tests.factories import rows_of

OTHER = RubricChoice(code="pu-djbk", version=1)
"""Which asks for an instrument that nobody has taken."""
USUAL = RubricChoice(code="bkn-411-2025", version=2)


async def work_out(db: Database, actor: Actor, cycle_id: UUID, earlier_cycle_id: UUID) -> UUID:
    """Compare two cycles."""
    calculation_id = await movements.start_movement(db, actor, cycle_id, earlier_cycle_id)
    await carried_out(movements.run_movement, db, actor, calculation_id, earlier_cycle_id)
    return calculation_id


async def rehearse(db: Database, actor: Actor, rubric: RubricChoice, cycle_id: UUID | None = None) -> UUID:
    """Apply a rubric, to everybody on the map unless told otherwise."""
    command = RehearseRubric(code=rubric.code, version=rubric.version, cycle_id=cycle_id)
    calculation_id = await rehearsals.rehearse_rubric(db, actor, command)
    await carried_out(rehearsals.run_rehearsal, db, actor, calculation_id, command)
    return calculation_id


async def a_lenient_draft(db: Database, actor: Actor) -> RubricChoice:
    """A draft that differs from the usual rubric in one edge: potential is high from 73 points on."""
    key = await rubrics.copy_rubric(db, actor, CopyRubric(code=USUAL.code, version=USUAL.version))
    [(document,)] = await rows_of(db, actor, "SELECT document FROM rubric_draft WHERE code = $1", key.code)
    document["cutPoints"]["potential"] = [60, 73]
    await rubrics.edit_rubric(db, actor, *key, EditRubric(document=document), expected=exactly(1))
    return RubricChoice(code=key.code, version=key.version)


async def a_lenient_rubric(db: Database, actor: Actor) -> RubricChoice:
    """The same, activated."""
    draft = await a_lenient_draft(db, actor)
    await rubrics.activate_rubric(db, authority(actor), draft.code, draft.version, expected=exactly(2))
    return draft


async def a_comparison(db: Database, actor: Actor, cycle_id: UUID) -> dict[str, UUID]:
    """An uncalibrated cycle of the same people to compare with, and a rehearsal; their ids by path parameter."""
    hr = somebody(actor, Role.HR_OFFICER, "officer")
    earlier_cycle_id = await a_cycle_in(db, hr, Phase.CALIBRATION)
    await work_out(db, hr, cycle_id, earlier_cycle_id)
    return {"earlierCycleId": earlier_cycle_id, "rehearsalId": await rehearse(db, hr, OTHER)}
