"""Plain functions that connect institutions of tests to SIASN and give them something handed over."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert

from app.auth.sealing import Sealing
from app.db.database import Database
from app.db.ledger import record
from app.db.tables.siasn_connections import SiasnTrialRow
from app.db.tables.siasn_pushes import SiasnPushRow, SiasnReceiptRow
from app.domain.actors import Actor, Role
from app.domain.messages import sentence
from app.domain.siasn_events import HandoverMoved, SiasnConnectionTried
from app.services import siasn_connections
from app.services.siasn_connections import KeepSiasnConnection
from tests.conftest import DESTINATIONS, SEALING
from tests.cycles import somebody
from tests.factories import rows_of
from tests.personas import Personas
from tests.siasn import Siasn


def told(siasn: Siasn, **but: Any) -> dict[str, Any]:
    """The connection as JSON; None leaves something out."""
    given = {_camel(name): value for name, value in siasn.addresses.items()} | but
    return {name: value for name, value in given.items() if value is not None}


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def the_sealing(personas: Personas) -> Sealing:
    """Of the application under test."""
    sealing: Sealing = personas.http._transport.app.state.doors.sealing  # type: ignore[attr-defined]
    return sealing


async def connect(db: Database, actor: Actor, **but: Any) -> None:
    """Connect an institution to somewhere that nobody answers; the last trial failed."""
    given = {
        "api_base": "https://siasn.contoh.go.id/apisiasn/1.0",
        "sso_token": "bukan-sebuah-token",
        "headers": [{"name": "X-Instansi", "value": str(actor.institution_id)}],
        "use_application_token": False,
    }
    administrator = somebody(actor, Role.ADMINISTRATOR, "administrator")
    command = KeepSiasnConnection.model_validate(given | but)
    await siasn_connections.keep_siasn_connection(db, administrator, SEALING, DESTINATIONS, command)
    steps = [{"step": "read", "outcome": "failed", "code": "siasn.unreachable", "status": None}]
    trial = {"tried_at": db.now(), "tried_by": "administrator", "succeeded": False, "steps": steps}
    async with db.write_as(administrator) as tx:
        await tx.execute(insert(SiasnTrialRow).values(institution_id=actor.institution_id, **trial))
        await record(tx, administrator, SiasnConnectionTried(succeeded=False, failed=["read"]))


async def a_handover(db: Database, actor: Actor, nip: str, cycle_id: UUID) -> dict[str, UUID]:
    """A handing over that ended early, with the receipt of somebody who was refused; its id by path parameter."""
    [(talent_id,)] = await rows_of(db, actor, "SELECT id FROM talent WHERE nip = $1", nip)
    push_id, now = uuid4(), db.now()
    key = {"institution_id": actor.institution_id, "cycle_id": cycle_id}
    ended = {"state": "failed", "error": {"code": "siasn.html", **sentence("siasn.html")}, "finished_at": now}
    begun = {"repeats_unknown": False, "subject": "officer", "queued_at": now, "heartbeat_at": now}
    receipt = {"outcome": "refused", "code": "siasn_push.refused", "box": 8, "x": "1.00", "y": "2.00", "total": "3.00"}
    async with db.write_as(actor) as tx:
        await tx.execute(insert(SiasnPushRow).values(**key, id=push_id, **begun, **ended))
        await tx.execute(insert(SiasnReceiptRow).values(**key, push_id=push_id, talent_id=talent_id, **receipt))
        await record(tx, actor, HandoverMoved(push_id, "running", "failed", {"refused": 1}))
    return {"pushId": push_id}
