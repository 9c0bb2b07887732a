"""The connection to SIASN through the doors: secrets go in and never come out, and a trial says what is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from app.auth.destinations import Destinations
from app.db.database import Database
from app.dev.siasn_simulator.faults import TOKENS, Fails
from app.domain.actors import Role
from app.domain.errors import Conflict, Invalid
from app.services import siasn_connections, siasn_syncs, siasn_trials
from app.services.siasn_connections import KeepSiasnConnection
from app.services.siasn_runs import run_siasn_sync
from app.services.siasn_syncs import MoveSiasnSync, StartSiasnSync
from app.siasn.client import SiasnClient
from app.siasn.replies import Found
from tests.conftest import DESTINATIONS, SEALING, as_superuser
from tests.cycles import somebody
from tests.factories import an_institution, officer, rows_of
from tests.personas import Personas
from tests.siasn import Siasn, a_siasn
from tests.siasn_connections import the_sealing, told

PATH = "/v1/siasn-connection"
NEW = {"if-none-match": "*"}


@pytest.fixture(scope="module")
def siasn() -> Iterator[Siasn]:
    with a_siasn(people=2) as one:
        yield one


def a_token(days: float) -> str:
    return jwt.encode({"exp": datetime.now(UTC) + timedelta(days=days)}, "k" * 32, "HS256")


def codes(answer: Any) -> list[tuple[str, str]]:
    return [(one["code"], one["where"]) for one in answer.json()["errors"]]


async def test_a_connection_is_kept_shown_without_secrets_changed_and_cut(
    db: Database, personas: Personas, siasn: Siasn, database_name: str
) -> None:
    actor = await an_institution(db)
    administrator = personas.administrator(actor.institution_id)
    assert (await administrator.get(PATH)).status_code == 404
    assert (await personas.hr_officer(actor.institution_id).get(PATH)).status_code == 403
    secret = {"secretHeaders": [{"name": "X-Api-Key", "value": "kunci-relai"}], "ssoToken": a_token(10)}
    body = told(siasn, **secret, headers=[{"name": "X-Instansi", "value": "contoh"}])
    answer = await administrator.put(PATH, json=body, headers=NEW)
    assert answer.status_code == 200, answer.text
    document = answer.json()
    assert (document["hasConsumerSecret"], document["hasSsoPassword"]) == (True, True)
    assert document["secretHeaders"] == ["X-Api-Key"]
    assert document["headers"] == [{"name": "X-Instansi", "value": "contoh"}]
    assert document["pushesPlacements"] is False
    token = document["ssoToken"]
    assert (token["daysLeft"], token["state"]) == (9, "soon")
    assert "dua minggu" in token["warning"]["id"]
    secrets = [body["consumerSecret"], body["ssoPassword"], body["ssoToken"], "kunci-relai"]
    assert not [one for one in secrets if one in answer.text]
    held = str(await as_superuser("SELECT * FROM siasn_connection", database_name))
    held += str(await as_superuser("SELECT * FROM ledger_entry WHERE type LIKE 'siasn%'", database_name))
    assert not [one for one in secrets if one in held]

    assert (await administrator.put(PATH, json=body, headers=NEW)).status_code == 412
    answer = await administrator.put(f"{PATH}/sso-token", json={"ssoToken": a_token(60)})
    assert (answer.json()["ssoToken"]["daysLeft"], answer.json()["ssoToken"]["warning"]) == (59, None)
    answer = await administrator.put(f"{PATH}/sso-token", json={"ssoToken": "bukan.sebuah.jwt"})
    assert [answer.json()["ssoToken"][name] for name in ("lapsesAt", "daysLeft", "state")] == [None, None, "unreadable"]
    answer = await administrator.put(f"{PATH}/sso-token", json={"ssoToken": a_token(-1)})
    assert codes(answer) == [("siasn.token_over", "/ssoToken")]

    kept = told(siasn, consumerSecret=None, ssoPassword=None, gapSeconds=0, pushesPlacements=True)
    etag = (await administrator.get(PATH)).headers["etag"]
    answer = await administrator.put(PATH, json=kept, headers={"if-match": etag})
    assert answer.status_code == 200, answer.text
    assert (await administrator.put(PATH, json=kept, headers={"if-match": etag})).status_code == 412
    async with db.read_as(actor) as tx:
        opened = await siasn_connections._open_connection(tx, actor, the_sealing(personas))
    assert (opened.consumer_secret, opened.sso_password) == (body["consumerSecret"], body["ssoPassword"])
    assert opened.headers == {"X-Api-Key": "kunci-relai"}
    assert (opened.gap_seconds, opened.pushes_placements, opened.sso_token) == (0, True, "bukan.sebuah.jwt")

    assert (await administrator.delete(PATH)).status_code == 204
    assert (
        await as_superuser(
            f"SELECT FROM siasn_connection WHERE institution_id = '{actor.institution_id}'", database_name
        )
        == []
    )


async def test_an_address_is_public_and_encrypted_and_no_secret_follows_it_elsewhere(
    db: Database, personas: Personas, siasn: Siasn
) -> None:
    actor = await an_institution(db)
    administrator = personas.administrator(actor.institution_id)
    for address, code in {
        "https://10.1.2.3/apisiasn/1.0": "destination.private",
        "https://169.254.169.254/latest": "destination.private",
        "https://nama:sandi@contoh.go.id/api": "destination.credentials",
        "https://contoh.go.id/api?kunci=1": "destination.address",
        "bukan alamat": "destination.address",
    }.items():
        answer = await administrator.put(PATH, json=told(siasn, apiBase=address), headers=NEW)
        assert (address, codes(answer)) == (address, [(code, "/apiBase")])
    command = KeepSiasnConnection.model_validate_json(json.dumps(told(siasn)))
    named = somebody(actor, Role.ADMINISTRATOR, "administrator")
    with pytest.raises(Invalid) as refused:
        await siasn_connections.keep_siasn_connection(db, named, SEALING, Destinations(), command)
    assert [one.code for one in refused.value.faults] == ["destination.https"], "but in development"
    answer = await administrator.put(PATH, json=told(siasn, consumerSecret=None, ssoPassword=None), headers=NEW)
    assert codes(answer) == [
        ("siasn.credential_needed", "/consumerSecret"),
        ("siasn.credential_needed", "/ssoPassword"),
    ]
    reserved = [
        {"name": "Authorization", "value": "Basic x"},
        {"name": "X-A", "value": "1"},
        {"name": "x-a", "value": "2"},
    ]
    answer = await administrator.put(PATH, json=told(siasn, headers=reserved), headers=NEW)
    assert codes(answer) == [("siasn.header_taken", "/headers/0/name"), ("siasn.header_taken", "/headers/2/name")]
    answer = await administrator.put(PATH, json=told(siasn, ssoUsername="123", histories=["rw-tubel"]), headers=NEW)
    assert codes(answer) == [("siasn.nip", "/ssoUsername"), ("siasn.history", "/histories/0")]

    relay = {"secretHeaders": [{"name": "X-Api-Key", "value": "kunci-relai"}]}
    assert (await administrator.put(PATH, json=told(siasn, **relay), headers=NEW)).status_code == 200
    elsewhere = told(
        siasn,
        apiBase="https://relai.contoh.go.id/apisiasn/1.0",
        applicationTokenUrl="https://relai.contoh.go.id/oauth2/token",
        consumerSecret=None,
        ssoPassword=None,
    )
    assert codes(await administrator.put(PATH, json=elsewhere)) == [
        ("siasn.secret_again", "/consumerSecret"),
        ("siasn.secret_again", "/secretHeaders"),
    ]
    assert (await administrator.put(PATH, json={**elsewhere, **relay, "consumerSecret": "baru"})).status_code == 200


async def test_a_trial_says_which_layer_failed_and_asks_about_nobody(
    db: Database, personas: Personas, siasn: Siasn
) -> None:
    actor = await an_institution(db)
    administrator = personas.administrator(actor.institution_id)
    assert (await administrator.put(PATH, json=told(siasn), headers=NEW)).status_code == 200

    async def tried() -> tuple[bool, list[tuple[str, str, str | None]]]:
        answer = await administrator.put(f"{PATH}/trial")
        assert answer.status_code == 200, answer.text
        trial = answer.json()["trial"]
        assert all((step["detail"] is None) == (step["code"] is None) for step in trial["steps"])
        return trial["succeeded"], [(step["step"], step["outcome"], step["code"]) for step in trial["steps"]]

    well = [(step, "succeeded", None) for step in ("applicationToken", "ssoToken", "read", "references")]
    assert await tried() == (True, well)
    assert siasn.asked.nips.total() == 0
    siasn.fails(Fails.REFUSED, TOKENS, times=1)
    skipped = [(step, "skipped", None) for step in ("read", "references")]
    assert await tried() == (False, [("applicationToken", "failed", "siasn.unauthorised"), well[1], *skipped])
    siasn.fails(Fails.SSO_MISMATCH, "ref-unor", times=2)
    assert await tried() == (False, [*well[:2], ("read", "failed", "siasn.unauthorised"), well[3]])
    private = told(siasn, apiBase="http://tidak-ada.contoh.invalid/apisiasn/1.0")
    assert (await administrator.put(PATH, json=private)).status_code == 200
    assert (await administrator.get(PATH)).json()["trial"] is None, "it was one of other settings"
    succeeded, steps = await tried()
    assert (succeeded, steps[2]) == (False, ("read", "failed", "destination.unresolved"))


async def test_graphql_keeps_tries_and_cuts_as_rest_does(db: Database, personas: Personas, siasn: Siasn) -> None:
    actor = await an_institution(db)
    administrator = personas.administrator(actor.institution_id)
    keep = """mutation($input: KeepSiasnConnectionInput!) {
        keepSiasnConnection(revision: 0, input: $input) { revision apiBase hasSsoPassword ssoToken { state } } }"""
    answer = await administrator.ask(keep, input=told(siasn))
    assert answer["data"]["keepSiasnConnection"]["hasSsoPassword"] is True, answer
    replace = """mutation($token: String!) {
        replaceSiasnSsoToken(input: {ssoToken: $token}) { ssoToken { state daysLeft warning { id } } } }"""
    answer = await administrator.ask(replace, token=a_token(20))
    assert answer["data"]["replaceSiasnSsoToken"]["ssoToken"] == {"state": "valid", "daysLeft": 19, "warning": None}
    answer = await administrator.ask("mutation { trySiasnConnection { revision trial { steps { step outcome } } } }")
    assert len(answer["data"]["trySiasnConnection"]["trial"]["steps"]) == 4
    revision = answer["data"]["trySiasnConnection"]["revision"]
    answer = await administrator.ask(f"mutation {{ removeSiasnConnection(revision: {revision}) {{ apiBase }} }}")
    assert answer["data"] == {"removeSiasnConnection": None}
    assert (await administrator.ask("{ siasnConnection { apiBase } }"))["data"] == {"siasnConnection": None}


async def test_another_installation_cannot_open_what_was_sealed(db: Database, personas: Personas, siasn: Siasn) -> None:
    actor = await an_institution(db)
    await personas.administrator(actor.institution_id).put(PATH, json=told(siasn), headers=NEW)
    async with db.read_as(actor) as tx:
        with pytest.raises(Conflict) as refused:
            await siasn_connections._open_connection(tx, actor, SEALING)
    assert refused.value.code == "siasn.sealed_elsewhere"


async def test_secrets_that_nobody_can_open_are_seen_at_the_connection_and_stop_what_needs_them(
    db: Database, personas: Personas, siasn: Siasn
) -> None:
    actor = await an_institution(db)
    hr, administrator = officer(actor), personas.administrator(actor.institution_id)
    await administrator.put(PATH, json=told(siasn, gapSeconds=0, histories=[]), headers=NEW)
    sync_id = await siasn_syncs.start_siasn_sync(db, hr, StartSiasnSync(nips=siasn.nips))
    for _ in range(2):
        await run_siasn_sync(db, hr, SEALING, DESTINATIONS, sync_id)
    sync = (await personas.hr_officer(actor.institution_id).get(f"/v1/siasn-syncs/{sync_id}")).json()
    assert (sync["state"], sync["problem"]["code"]) == ("paused", "siasn.sealed_elsewhere")
    assert "key file" in sync["problem"]["detail"]["en"]
    trial = (await administrator.get(PATH)).json()["trial"]
    [first, *others] = trial["steps"]
    assert (trial["succeeded"], first["step"], first["code"]) == (False, "secrets", "siasn.sealed_elsewhere")
    assert (first["detail"]["en"], {one["outcome"] for one in others}) == (sync["problem"]["detail"]["en"], {"skipped"})
    metrics = (await personas.anonymous().get("/metrics")).text
    assert re.search(r'secrets_unreadable{kind="siasnConnection"} [1-9]', metrics)
    entries = "SELECT payload FROM ledger_entry WHERE type = 'siasnConnectionTried' ORDER BY id"
    assert [row["payload"]["failed"] for row in await rows_of(db, actor, entries)] == [["secrets"]]

    # the former key file is back
    await siasn_syncs.move_siasn_sync(db, hr, sync_id, MoveSiasnSync(state="running"))
    await run_siasn_sync(db, hr, the_sealing(personas), DESTINATIONS, sync_id)
    assert (await administrator.get(PATH)).json()["trial"] is None
    assert [row["payload"]["succeeded"] for row in await rows_of(db, actor, entries)] == [False, True]
    await siasn_trials.try_siasn_connection(db, replace(actor, role=Role.ADMINISTRATOR), SEALING, DESTINATIONS)
    assert (await administrator.get(PATH)).json()["trial"]["steps"][0]["code"] == "siasn.sealed_elsewhere"


async def test_work_under_way_takes_up_a_replaced_token(db: Database, personas: Personas, siasn: Siasn) -> None:
    actor = await an_institution(db)
    administrator, sealing = personas.administrator(actor.institution_id), the_sealing(personas)
    first = told(siasn, ssoToken=siasn.simulator.tokens.static_sso_token(), ssoPassword=None, gapSeconds=0)
    await administrator.put(PATH, json=first, headers=NEW)
    async with db.read_as(actor) as tx:
        connection = await siasn_connections._open_connection(tx, actor, sealing)
    renewal = siasn_connections._renewal(db, actor, sealing)
    async with SiasnClient(connection, DESTINATIONS, renewal=renewal) as client:
        assert isinstance(await client.person(siasn.nips[0]), Found)
        second = siasn.simulator.tokens.static_sso_token()
        answer = await administrator.put(f"{PATH}/sso-token", json={"ssoToken": second})
        assert answer.status_code == 200
        assert isinstance(await client.person(siasn.nips[0]), Found)
        assert siasn.asked.headers["auth"] == f"bearer {second}"
