"""Plain functions that bring consents and disclosures to where a test needs them, through the services."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.db.database import Database
from app.domain.actors import Actor, ClientScope, Role
from app.domain.purposes import Purpose
from app.services import clients, consents, disclosures
from app.services.clients import RegisterClient
from app.services.consents import GiveConsent
from app.services.disclosures import ReleaseDisclosure, RequestDisclosure
from tests.conftest import as_superuser
from tests.cycles import authority
from tests.factories import officer, talent

WHY = "Calon pengisi jabatan pengelola data daerah."
YES = "Dilepas sesuai rapat pimpinan."
NUMBER = "800/123/BKPSDM/2025"


async def a_consent(db: Database, actor: Actor, nip: str, scope: str = "card", days: int = 60, **but: Any) -> UUID:
    told = {"scope": scope, "expiresAt": (db.now() + timedelta(days=days)).isoformat(), **but}
    return await consents.give_consent(db, talent(actor, nip), GiveConsent.model_validate(told))


async def card_of(database: str, nip: str) -> UUID:
    """The id behind a number, which the application cannot look up."""
    sql = f"SELECT c.id FROM talent_card c JOIN talent t ON t.id = c.talent_id WHERE t.nip = '{nip}'"  # noqa: S608
    [row] = await as_superuser(sql, database)
    return row["id"]


async def a_request(db: Database, asker: Actor, card: UUID, tier: str = "identified", **but: Any) -> UUID:
    number = {"requestNumber": NUMBER} if tier == "dossier" else {}
    told = {"cardId": str(card), "tier": tier, "reason": WHY, **number, **but}
    return await disclosures.request_disclosure(db, officer(asker), RequestDisclosure.model_validate(told))


async def release(db: Database, origin: Actor, disclosure_id: UUID, days: int = 90) -> None:
    await disclosures.release_disclosure(
        db, authority(origin), disclosure_id, ReleaseDisclosure(comment=YES, days=days)
    )


async def agree(db: Database, origin: Actor, nip: str, disclosure_id: UUID) -> None:
    await disclosures.agree_to_disclosure(db, talent(origin, nip), disclosure_id)


async def an_open_disclosure(
    db: Database, database: str, origin: Actor, nip: str, asker: Actor, tier: str = "identified"
) -> UUID:
    """Somebody who consents to be listed is asked for, released, and agrees."""
    await a_consent(db, origin, nip)
    disclosure_id = await a_request(db, asker, await card_of(database, nip), tier)
    await release(db, origin, disclosure_id)
    await agree(db, origin, nip, disclosure_id)
    return disclosure_id


async def a_system(db: Database, actor: Actor, *others: Actor) -> Actor:
    """A client that may ask for cards and disclosures of these institutions."""
    told = RegisterClient(
        name="SIMPEG",
        scopes=[ClientScope.DISCLOSURES],
        institutions=[one.institution_id for one in others],
        data_sharing_agreement="PKS 12/2025",
    )
    made = await clients.register_client(db, actor, told)
    return Actor(actor.institution_id, Role.CLIENT, made.client_id, scopes=frozenset(told.scopes))


def looking(actor: Actor, purpose: Purpose | None = Purpose.TALENT_MOBILITY) -> Actor:
    """An officer who says why they look."""
    return replace(officer(actor), purpose=purpose)
