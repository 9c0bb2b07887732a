"""Plain functions that sync an institution with a small SIASN, through the services."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

from app.auth.sealing import Sealing
from app.db.database import Database
from app.db.ledger import record
from app.db.siasn_taken import keep_conflicts
from app.domain.actors import Actor, Role
from app.domain.ladder import Rung
from app.domain.revisions import exactly
from app.domain.siasn_events import SiasnPeopleTaken
from app.domain.siasn_syncs import Decision
from app.services import siasn_conflicts, siasn_connections, siasn_reports, siasn_syncs, submissions
from app.services.siasn_conflicts import DecideSiasnConflict, SiasnConflictFilter
from app.services.siasn_connections import KeepSiasnConnection
from app.services.siasn_runs import run_siasn_sync
from app.services.siasn_syncs import StartSiasnSync, SyncPersonFilter
from app.services.submissions import AttachDocument, SubmitEvidence, VerifySubmission
from tests.conftest import DESTINATIONS, SEALING
from tests.factories import PDF, rows_of, talent, unit_verifier

HISTORIES = ["rw-jabatan", "rw-golongan", "rw-diklat", "rw-kursus", "rw-skp22", "rw-hukdis", "rw-kompetensi"]


async def connect(
    db: Database, actor: Actor, addresses: dict[str, str], sealing: Sealing = SEALING, **but: Any
) -> None:
    """Connect an institution to a SIASN, without any politeness."""
    settings = {"gap_seconds": 0, "concurrency": 4, "timeout_seconds": 60, "histories": HISTORIES, **but}
    command = KeepSiasnConnection.model_validate({**addresses, **settings})
    administrator = replace(actor, role=Role.ADMINISTRATOR)
    await siasn_connections.keep_siasn_connection(db, administrator, sealing, DESTINATIONS, command)


async def sync(db: Database, actor: Actor, **command: Any) -> UUID:
    """A sync from its request to its end."""
    sync_id = await siasn_syncs.start_siasn_sync(db, actor, StartSiasnSync.model_validate(command))
    await carry_out(db, actor, sync_id)
    return sync_id


async def carry_out(db: Database, actor: Actor, sync_id: UUID) -> None:
    """What the worker does."""
    await run_siasn_sync(db, actor, SEALING, DESTINATIONS, sync_id)


async def told(db: Database, actor: Actor, sync_id: UUID) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(await siasn_syncs.siasn_sync_document(db, actor, sync_id))
    return document


async def report(db: Database, actor: Actor, sync_id: UUID) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(await siasn_reports.siasn_report_document(db, actor, sync_id))
    return document


async def people(db: Database, actor: Actor, sync_id: UUID, **chosen: Any) -> list[dict[str, Any]]:
    """The people of a sync who are chosen."""
    command = SyncPersonFilter.model_validate(chosen)
    page = json.loads(await siasn_syncs.siasn_sync_people_page(db, actor, sync_id, command))
    return [edge["node"] for edge in page["edges"]]


async def conflicts(db: Database, actor: Actor, **chosen: Any) -> list[dict[str, Any]]:
    """The conflicts that are chosen."""
    command = SiasnConflictFilter.model_validate(chosen)
    page = json.loads(await siasn_conflicts.siasn_conflicts_page(db, actor, command))
    return [edge["node"] for edge in page["edges"]]


async def a_conflict(db: Database, actor: Actor, nip: str) -> dict[str, UUID]:
    """A sync of somebody of a connected institution that waits, with a conflict; their ids by path parameter."""
    hr = replace(actor, role=Role.HR_OFFICER)
    sync_id = await siasn_syncs.start_siasn_sync(db, hr, StartSiasnSync(nips=[nip]))
    [(talent,)] = await rows_of(db, actor, "SELECT id FROM talent WHERE nip = $1", nip)
    told = json.dumps([{"field": "position", "ours": "ANALIS", "theirs": "PENYULUH"}])
    row = (talent, "post", None, None, "decree", told, "0" * 64)
    async with db.write_as(actor) as tx:
        await keep_conflicts(tx, actor.institution_id, sync_id, [], [row], db.now())
        await record(tx, actor, SiasnPeopleTaken(sync_id, 1, 0, 1, "0" * 64))
    [(conflict,)] = await rows_of(db, actor, "SELECT id FROM siasn_conflict")
    return {"syncId": sync_id, "conflictId": conflict}


async def trainings(db: Database, actor: Actor, nip: str, name: str) -> list[tuple[int | None, bool]]:
    """The hours of somebody's trainings of a name, and whether they stand."""
    sql = """SELECT e.hours, e.withdrawn_by IS NULL AND e.withdrawn_by_submission IS NULL FROM training e
             JOIN talent t ON t.id = e.talent_id WHERE t.nip = $1 AND e.name = $2 ORDER BY e.id"""
    return [tuple(row) for row in await rows_of(db, actor, sql, nip, name)]


async def decide(db: Database, actor: Actor, conflict: dict[str, Any], decision: Decision, **but: str) -> None:
    command = DecideSiasnConflict(decision=decision, **but)
    expected = exactly(conflict["revision"])
    await siasn_conflicts.decide_siasn_conflict(db, actor, UUID(conflict["id"]), command, expected=expected)


async def verified(db: Database, actor: Actor, nip: str, content: dict[str, Any]) -> None:
    """Somebody's first training is corrected by a submission of theirs, which both sides verify."""
    hr = replace(actor, role=Role.HR_OFFICER)
    sql = "SELECT t.unit_id, e.id FROM training e JOIN talent t ON t.id = e.talent_id WHERE t.nip = $1"
    unit, evidence = (await rows_of(db, hr, f"{sql} ORDER BY e.id", nip))[0]
    command = SubmitEvidence.model_validate({"content": content, "corrects": evidence})
    submission = await submissions.submit_evidence(db, talent(actor, nip), command)
    await submissions.attach_document(
        db, talent(actor, nip), submission, AttachDocument(name="sertifikat.pdf", content=PDF)
    )
    for verifier, rung in ((unit_verifier(actor, unit), Rung.DOCUMENTED), (hr, Rung.VERIFIED_BY_UNIT)):
        await submissions.verify_submission(db, verifier, submission, VerifySubmission(rung=rung))
