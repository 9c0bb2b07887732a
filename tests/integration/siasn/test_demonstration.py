"""`run --siasn`: the simulator in a process of its own, a connection to it, and a sync that a worker takes up."""

from __future__ import annotations

import json

import httpx2
import pytest

from app.db.database import Database
from app.dev.siasn_simulator.demonstration import simulated, start_sync
from app.services import siasn_connections, siasn_syncs
from app.services.siasn_connections import ReplaceSiasnSsoToken
from app.services.siasn_syncs import MoveSiasnSync
from tests.conftest import DESTINATIONS, SEALING
from tests.factories import an_institution, name_of, officer
from tests.siasn_syncs import told

BONTANG = "Pemerintah Kota Bontang"


def test_the_simulator_runs_beside_the_service_with_news_about_its_people() -> None:
    with simulated(BONTANG) as address:
        shown = httpx2.get(f"{address}/simulator").json()
        assert (shown["institution"], shown["people"]) == (BONTANG, 320)
        assert "news" in shown["quirks"]
    with pytest.raises(httpx2.TransportError):
        httpx2.get(f"{address}/simulator")


async def test_an_institution_is_connected_to_it_and_one_sync_waits_for_a_worker(db: Database) -> None:
    actor = await an_institution(db)
    institution, address = await name_of(db, actor), "http://127.0.0.1:9"
    sync = await start_sync(db, SEALING, DESTINATIONS, institution, address)
    assert sync is not None
    assert (await told(db, officer(actor), sync))["state"] == "queued"
    assert await start_sync(db, SEALING, DESTINATIONS, institution, address) is None
    connection = json.loads(await siasn_connections.siasn_connection_document(db, actor))
    assert connection["apiBase"] == f"{address}/apisiasn/1.0"


async def test_a_token_that_somebody_gave_does_not_keep_it_from_another_address(db: Database) -> None:
    actor = await an_institution(db)
    institution = await name_of(db, actor)
    sync = await start_sync(db, SEALING, DESTINATIONS, institution, "http://127.0.0.1:9")
    assert sync is not None
    await siasn_syncs.move_siasn_sync(db, officer(actor), sync, MoveSiasnSync(state="cancelled"))
    given = ReplaceSiasnSsoToken.model_validate({"sso_token": "by-hand"})
    await siasn_connections.replace_siasn_sso_token(db, actor, SEALING, given)
    assert await start_sync(db, SEALING, DESTINATIONS, institution, "http://127.0.0.1:10") is not None
    connection = json.loads(await siasn_connections.siasn_connection_document(db, actor))
    assert connection["ssoTokenUrl"].startswith("http://127.0.0.1:10/")
