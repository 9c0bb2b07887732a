"""Outages however they look: so many in a row pause a sync, and a few may be about somebody alone."""

from __future__ import annotations

from typing import Any

import pytest

from app.db.database import Database
from app.dev.siasn_simulator.faults import Fails
from app.services import siasn_syncs
from app.services.siasn_syncs import MoveSiasnSync
from app.siasn.connection import Patience
from tests.factories import an_institution, name_of, officer
from tests.siasn import a_siasn
from tests.siasn_syncs import carry_out, connect, sync, told

PROFILE, TOKENS = "data-utama", "tokens"
OUTAGES: dict[str, tuple[Fails, str, dict[str, Any], str]] = {
    "nothing in time": (Fails.SLOW, PROFILE, {"seconds": 30}, "siasn.timeout"),
    "a page with 503": (Fails.UNAVAILABLE, PROFILE, {"status": 503}, "siasn.html"),
    "a page with 500": (Fails.HTML, PROFILE, {"status": 500}, "siasn.html"),
    "a page for a token": (Fails.HTML, TOKENS, {"status": 200}, "siasn.html"),
    "503 for a token": (Fails.UNAVAILABLE, TOKENS, {"status": 503}, "siasn.html"),
}


@pytest.fixture(autouse=True)
def no_second_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever fails does so at once, so that an outage takes seconds."""
    monkeypatch.setattr("app.siasn.client.Patience", lambda: Patience(attempts=1))


@pytest.mark.parametrize(("how", "at", "but", "code"), OUTAGES.values(), ids=list(OUTAGES))
async def test_twenty_in_a_row_pause_a_sync_and_are_asked_about_again(
    how: Fails, at: str, but: dict[str, Any], code: str, db: Database
) -> None:
    actor = await an_institution(db)
    hr = officer(actor)
    with a_siasn(people=25, institution=await name_of(db, actor)) as siasn:
        await connect(db, actor, siasn.addresses, histories=[], concurrency=16, timeout_seconds=1)
        siasn.fails(how, at, **but)
        sync_id = await sync(db, hr, nips=siasn.nips)
        paused = await told(db, hr, sync_id)
        assert (paused["state"], paused["done"], paused["problem"]["code"]) == ("paused", 0, code)
        siasn.simulator.faults.clear()
        await siasn_syncs.move_siasn_sync(db, hr, sync_id, MoveSiasnSync(state="running"))
        await carry_out(db, hr, sync_id)
        done = await told(db, hr, sync_id)
        assert (done["state"], done["added"], done["failed"]) == ("succeeded", 25, 0)


@pytest.mark.parametrize(("how", "at", "but", "code"), OUTAGES.values(), ids=list(OUTAGES))
async def test_fewer_than_twenty_have_failed_for_themselves(
    how: Fails, at: str, but: dict[str, Any], code: str, db: Database
) -> None:
    actor = await an_institution(db)
    hr = officer(actor)
    with a_siasn(people=2, institution=await name_of(db, actor)) as siasn:
        await connect(db, actor, siasn.addresses, histories=[], timeout_seconds=1)
        siasn.fails(how, at, **but)
        ended = await told(db, hr, await sync(db, hr, nips=siasn.nips))
        assert (ended["state"], ended["failed"], ended["problem"]) == ("succeeded", 2, None), code
