"""Whose people an integration client reaches: those of the institutions it is registered for, as long as it is."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from app.db.database import Database
from app.domain.actors import Actor
from app.domain.errors import NotFound
from app.services import clients, disclosures
from app.services.clients import EditClient
from app.services.disclosures import RequestDisclosure
from tests.disclosures import WHY, a_consent, a_system, card_of
from tests.factories import a_placed_talent, an_institution


async def ask(db: Database, system: Actor, card: UUID) -> UUID:
    told = RequestDisclosure.model_validate({"cardId": str(card), "tier": "identified", "reason": WHY})
    return await disclosures.request_disclosure(db, system, told)


async def test_a_client_asks_for_those_it_is_registered_for_as_long_as_it_is(
    db: Database, database_name: str, tmp_path: Path
) -> None:
    origin, other, asker = [await an_institution(db) for _ in range(3)]
    nip = await a_placed_talent(db, origin, tmp_path / "office")
    await a_consent(db, origin, nip)
    card, system = await card_of(database_name, nip), await a_system(db, asker, other)
    with pytest.raises(NotFound, match=r"card\.not_found"):
        await ask(db, system, card)
    await clients.edit_client(db, asker, system.subject, EditClient(institutions=[origin.institution_id]))
    assert await ask(db, system, card)
    await clients.revoke_client(db, asker, system.subject)
    with pytest.raises(NotFound, match=r"card\.not_found"):
        await ask(db, system, card)


async def test_nobody_takes_the_registration_of_another_institution(
    db: Database, database_name: str, tmp_path: Path
) -> None:
    origin, asker, stranger = [await an_institution(db) for _ in range(3)]
    nip = await a_placed_talent(db, origin, tmp_path / "office")
    await a_consent(db, origin, nip)
    system = await a_system(db, asker, origin)
    posing = Actor(stranger.institution_id, system.role, system.subject, scopes=system.scopes)
    with pytest.raises(NotFound, match=r"card\.not_found"):
        await ask(db, posing, await card_of(database_name, nip))
