"""Both tokens of the facade: how they are had, what they open, and how people are kept from guessing."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import jwt
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI

from app.auth.sso_tokens import SsoTokens
from app.db.database import Database, open_database
from app.domain.actors import Actor, ClientScope, Role
from app.domain.errors import Unauthenticated
from app.domain.siasn_accounts import LOCKED_FOR, MOST_FAILURES, SignedIn
from app.main import create_app
from app.services import clients, siasn_accounts
from app.settings import Settings
from tests.conftest import as_superuser, url_of
from tests.facade import APPLICATION, BASE, NOTHING, REFERENCES, SSO, Simpeg, a_simpeg
from tests.factories import a_placed_talent, an_institution, rows_of
from tests.personas import Personas

JWT = {"message": "invalid or expired jwt"}
MISMATCH = {"code": 0, "data": "Token SSO mismatch"}
PATH = "/pns/rw-none/190001011920012001"


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def office(db: Database, tmp_path_factory: pytest.TempPathFactory) -> tuple[Actor, str]:
    actor = await an_institution(db)
    return actor, await a_placed_talent(db, actor, tmp_path_factory.mktemp("office"))


@pytest_asyncio.fixture
async def simpeg(db: Database, http: httpx2.AsyncClient, office: tuple[Actor, str]) -> Simpeg:
    return await a_simpeg(db, http, *office)


async def test_all_forms_in_which_clients_ask_for_the_first_token_are_understood(simpeg: Simpeg) -> None:
    post, proof = simpeg.http.post, {"client_id": simpeg.client_id, "client_secret": simpeg.secret}
    grant, basic = {"grant_type": "client_credentials"}, (simpeg.client_id, simpeg.secret)
    answers = [
        await post(APPLICATION, data=grant, auth=basic),
        await post(APPLICATION, data=grant | proof),
        await post(APPLICATION, data=grant | {"client_id": simpeg.client_id}, auth=basic),
        await post(APPLICATION, json=grant, auth=basic),
        await post(APPLICATION, data=grant | {"token_type": "", "access_token": "x"}, auth=basic),
    ]
    for answer in answers:
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert (told["token_type"], told["expires_in"]) == ("Bearer", 3600)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-type"] == "application/json"
        assert (
            await simpeg.http.get(BASE + PATH, headers={"Authorization": f"Bearer {told['access_token']}"})
        ).json() == JWT


async def test_what_is_no_request_for_a_token_is_refused_in_the_words_of_oauth(simpeg: Simpeg) -> None:
    post, basic = simpeg.http.post, (simpeg.client_id, simpeg.secret)
    client = {"grant_type": "client_credentials"}
    asked = [
        (await post(APPLICATION, auth=basic), 400, "invalid_request"),
        (
            await post(APPLICATION, content=b"{", auth=basic, headers={"content-type": "application/json"}),
            400,
            "invalid_request",
        ),
        (await post(APPLICATION, json=[1], auth=basic), 400, "invalid_request"),
        (await post(APPLICATION, data={"grant_type": "password"}, auth=basic), 400, "unsupported_grant_type"),
        (await post(APPLICATION, data=client, auth=(simpeg.client_id, "wrong")), 401, "invalid_client"),
        (await post(APPLICATION, data=client, auth=("nobody", "wrong")), 401, "invalid_client"),
        (await post(APPLICATION, data=client, headers={"authorization": "Basic ?"}), 401, "invalid_client"),
        (await post(APPLICATION, data=client), 401, "invalid_client"),
        (await post(APPLICATION, data=client | {"x": "y" * 9000}, auth=basic), 400, "invalid_request"),
        (await simpeg.sso(grant_type="refresh_token"), 400, "unsupported_grant_type"),
        (await simpeg.sso(client_id="nobody"), 401, "invalid_client"),
        (await simpeg.sso(username=""), 401, "invalid_grant"),
        (await simpeg.sso(username="\x00"), 400, "invalid_request"),
        (await simpeg.sso(grant_type=""), 400, "invalid_request"),
        (await post(f"{APPLICATION}/", data={"grant_type": "password"}, auth=basic), 400, "unsupported_grant_type"),
        (await simpeg.http.get(APPLICATION), 405, "invalid_request"),
        (await simpeg.http.put(SSO), 405, "invalid_request"),
    ]
    for answer, status, error in asked:
        assert (answer.status_code, answer.json()["error"]) == (status, error)
        assert answer.json()["error_description"]
        assert answer.headers.get("allow") == ("POST" if status == 405 else None)
        assert answer.headers["content-type"] == "application/json"
    assert "password" in asked[-4][0].json()["error_description"], "what is told fits the single sign-on too"


async def test_a_client_without_the_scope_has_no_token_here(
    db: Database, simpeg: Simpeg, office: tuple[Actor, str]
) -> None:
    told = clients.EditClient(scopes=[ClientScope.TALENTS_READ])
    await clients.edit_client(db, office[0], simpeg.client_id, told)
    answer = await simpeg.application()
    assert (answer.status_code, answer.json()["error"]) == (400, "unauthorized_client")
    assert (await simpeg.sso()).json()["error"] == "invalid_client"


async def test_a_person_signs_in_and_both_tokens_open_the_facade_in_every_form(simpeg: Simpeg) -> None:
    application = (await simpeg.application()).json()["access_token"]
    answers = [await simpeg.sso(), await simpeg.sso(SSO + "/", token_type="", access_token="unused")]
    for told in (answer.json() for answer in answers):
        assert (told["token_type"], told["expires_in"]) == ("Bearer", 3600)
        claims = jwt.decode(told["access_token"], options={"verify_signature": False})
        assert simpeg.nip not in str(claims)
        assert claims["exp"] - claims["iat"] == told["expires_in"]
        for scheme in ("bearer", "Bearer", "BEARER"):
            headers = {"Authorization": f"Bearer {application}", "Auth": f"{scheme} {told['access_token']}"}
            answer = await simpeg.http.get(BASE + PATH, headers=headers, params={"nipBaru": simpeg.nip})
            assert (answer.status_code, answer.content) == (404, NOTHING)
            assert answer.headers["content-type"] == "application/json"
            assert answer.headers["x-request-id"]


async def test_each_token_that_will_not_do_is_refused_with_its_own_body_and_always_401(
    db: Database, simpeg: Simpeg, office: tuple[Actor, str], app: FastAPI
) -> None:
    good, other = await simpeg.tokens(), await (await a_simpeg(db, simpeg.http, *office)).tokens()
    sso: SsoTokens = app.state.doors.sso_tokens
    now = datetime.now(UTC)
    late = sso.issue(SignedIn(simpeg.institution, simpeg.client_id, simpeg.account_id, 1), now, now - LOCKED_FOR)
    forger = SsoTokens(sso.service, Ed25519PrivateKey.generate(), sso.lifetime)
    forged = forger.issue(SignedIn(simpeg.institution, simpeg.client_id, simpeg.account_id, 1), now, now + LOCKED_FOR)
    apim = {
        "code": "900901",
        "type": "Status report",
        "message": "Invalid Credentials",
        "description": "Access failure for API: the access token is missing, unknown or expired.",
    }
    expected = [
        ({"Authorization": None}, apim),
        ({"Authorization": "Bearer x.y.z"}, apim),
        ({"Authorization": "Basic eDp5"}, apim),
        ({"Authorization": good["Auth"]}, apim),
        ({"Auth": None}, JWT),
        ({"Auth": "x"}, JWT),
        ({"Auth": "bearer"}, JWT),
        ({"Auth": good["Authorization"]}, JWT),
        ({"Auth": f"bearer {late}"}, JWT),
        ({"Auth": f"bearer {forged}"}, JWT),
        ({"Auth": other["Auth"]}, MISMATCH),
        ({"Authorization": other["Authorization"]}, MISMATCH),
    ]
    for but, body in expected:
        headers = {name: value for name, value in (good | but).items() if value is not None}
        answer = await simpeg.http.get(BASE + PATH, headers=headers)
        assert (answer.status_code, answer.json()) == (401, body), but
    # each kind of token counts at its own doors alone
    assert (await simpeg.http.get("/v1/talents", headers={"Authorization": good["Auth"]})).status_code == 401


async def test_references_need_the_token_of_the_system_alone(simpeg: Simpeg) -> None:
    tokens = await simpeg.tokens()
    alone = {"Authorization": tokens["Authorization"]}
    path = f"{REFERENCES}/none/search"
    assert (await simpeg.http.get(path, headers=alone)).content == NOTHING
    answer = await simpeg.http.get(path, headers={"Auth": tokens["Auth"]})
    assert (answer.status_code, answer.json()["message"]) == (401, "Invalid Credentials")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "GET"])
async def test_nothing_is_written_and_no_answer_of_the_framework_is_seen(simpeg: Simpeg, method: str) -> None:
    tokens = await simpeg.tokens()
    odd = ("", "/", "//", "/%00", "/%FF", "/a%0Ab/c", "/..%2f..%2fv1")
    for path in (*odd, "/jabatan/save", "/jabatan/delete/1", "/pns/none", "/pns/a/b/c/", "/pns/rw-jabatan/"):
        answer = await simpeg.http.request(method, BASE + path, headers=tokens)
        assert (answer.status_code, answer.content) == (404, NOTHING), path
        assert (await simpeg.http.request(method, BASE + path)).status_code == 401


async def test_wrong_secrets_lock_an_account_until_its_time_or_the_administrator(
    db: Database, simpeg: Simpeg, office: tuple[Actor, str], personas: Personas
) -> None:
    for _ in range(MOST_FAILURES - 1):
        assert (await simpeg.sso(password="wrong")).status_code == 401
    assert (await simpeg.sso()).status_code == 200  # a right one begins anew
    refusals = await asyncio.gather(*(simpeg.sso(password="wrong") for _ in range(MOST_FAILURES)))
    unknown = await simpeg.sso(username="190001011920012001")
    locked = await simpeg.sso()
    assert {answer.content for answer in (*refusals, unknown, locked)} == {locked.content}
    assert (locked.status_code, locked.json()["error"]) == (401, "invalid_grant")

    administrator = personas.administrator(simpeg.institution)
    account = (await administrator.get(f"/v1/siasn-accounts/{simpeg.account_id}")).json()
    assert (account["failures"], account["nip"]) == (MOST_FAILURES, simpeg.nip)
    assert datetime.fromisoformat(account["lockedUntil"]) > datetime.now(UTC)
    unlocked = await administrator.delete(f"/v1/siasn-accounts/{simpeg.account_id}/lock")
    assert (unlocked.json()["failures"], unlocked.json()["lockedUntil"]) == (0, None)
    assert (await simpeg.sso()).status_code == 200

    told = await rows_of(
        db,
        office[0],
        "SELECT type, payload->>'reason' AS reason, count(*) AS n FROM ledger_entry"
        " WHERE (about_id = ANY ($1) OR payload->>'account_id' = ANY ($1)) AND type LIKE 'siasn%' GROUP BY 1, 2",
        [simpeg.client_id, str(simpeg.account_id)],
    )
    counted = {(row["type"], row["reason"]): row["n"] for row in told}
    assert counted == {
        ("siasnAccountRegistered", None): 1,
        ("siasnSignInRefused", "wrong_secret"): 2 * MOST_FAILURES - 1,
        ("siasnSignInRefused", "unknown_account"): 1,
        ("siasnSignInRefused", "locked"): 1,
        ("siasnAccountLocked", None): 1,
        ("siasnAccountUnlocked", None): 1,
    }


async def test_an_account_opens_by_itself_and_failures_count_anew(
    db: Database, database_name: str, simpeg: Simpeg
) -> None:
    for _ in range(MOST_FAILURES):
        await simpeg.sso(password="wrong")
    service = Actor(simpeg.institution, Role.OPERATOR, "service")
    offer = await db.find_sign_in(simpeg.client_id, simpeg.nip)
    assert offer is not None

    async def sign_in(at: Database, *, is_proven: bool) -> SignedIn:
        return await siasn_accounts.sign_in_to_siasn(at, service, simpeg.client_id, offer.account, is_proven=is_proven)

    with pytest.raises(Unauthenticated):
        await sign_in(db, is_proven=True)
    after = datetime.now(UTC) + LOCKED_FOR + timedelta(seconds=1)
    async with open_database(url_of(database_name), clock=lambda: after) as later:
        with pytest.raises(Unauthenticated):
            await sign_in(later, is_proven=False)
        assert (await sign_in(later, is_proven=True)).account_id == simpeg.account_id


async def test_what_is_rotated_revoked_or_switched_off_counts_no_more(
    simpeg: Simpeg, personas: Personas, app: FastAPI
) -> None:
    administrator = personas.administrator(simpeg.institution)
    address = f"/v1/siasn-accounts/{simpeg.account_id}"

    async def counts(tokens: dict[str, str]) -> bool:
        app.state.facade.admitted.clear()  # as half a minute does
        answer = await simpeg.get(PATH, tokens)
        assert answer.status_code == 404 or answer.json() == JWT
        return answer.status_code == 404

    had = await simpeg.tokens()
    issued = (await administrator.post(f"{address}/tokens", json={"days": 2})).json()
    configured = had | {"Auth": f"Bearer {issued['secret']}"}
    assert await counts(had)
    assert await counts(configured)

    await administrator.put("/v1/siasn-sign-in", json={"passwordGrant": False})
    assert (await simpeg.sso()).json()["error"] == "unauthorized_client"
    assert not await counts(had)
    assert await counts(configured)
    told = await administrator.put("/v1/siasn-sign-in", json={"passwordGrant": True})
    assert told.json() == (await administrator.get("/v1/siasn-sign-in")).json() == {"passwordGrant": True}
    assert await counts(had)

    rotated = (await administrator.post(f"{address}/secrets")).json()
    assert not await counts(had)
    assert (await simpeg.sso()).status_code == 401
    renewed = replace(simpeg, password=rotated["secret"])
    had = await renewed.tokens()
    assert await counts(had)

    token_id = issued["account"]["tokens"][0]["id"]
    await administrator.put(f"{address}/tokens/{token_id}/revocation")
    assert not await counts(configured)
    revoked = (await administrator.put(f"{address}/revocation")).json()
    assert revoked["revokedBy"] == "administrator"
    assert not await counts(had)
    assert (await renewed.sso()).status_code == 401
    for refused in (await administrator.post(f"{address}/secrets"), await administrator.delete(f"{address}/lock")):
        assert (refused.status_code, refused.json()["code"]) == (409, "siasn_account.revoked")


async def test_what_was_verified_is_remembered_for_half_a_minute_however_often_it_is_used(
    simpeg: Simpeg, personas: Personas, app: FastAPI
) -> None:
    admitted, began = app.state.facade.admitted, time.time()
    admitted.clear()
    had, others = await simpeg.tokens(), await simpeg.tokens()
    assert (await simpeg.get(PATH, had)).status_code == 404
    [(pair, known)] = admitted.items()
    assert began < known.until <= time.time() + 30
    await personas.administrator(simpeg.institution).put(f"/v1/siasn-accounts/{simpeg.account_id}/revocation")
    assert (await simpeg.get(PATH, had)).status_code == 404
    assert admitted == {pair: known}, "use does not make it last"
    assert (await simpeg.get(PATH, others)).json() == JWT, "tokens that nobody has seen yet count no more at once"
    admitted[pair] = replace(known, until=time.time())
    assert (await simpeg.get(PATH, had)).json() == JWT
    assert admitted == {}


async def test_a_revoked_client_is_shut_out_of_everything(
    db: Database, simpeg: Simpeg, office: tuple[Actor, str], app: FastAPI
) -> None:
    tokens = await simpeg.tokens()
    await clients.revoke_client(db, office[0], simpeg.client_id)
    app.state.facade.admitted.clear()
    answer = await simpeg.get(PATH, tokens)
    assert (answer.status_code, answer.json()["message"]) == (401, "Invalid Credentials")


async def test_accounts_are_for_people_and_clients_of_the_institution(
    db: Database, simpeg: Simpeg, office: tuple[Actor, str], personas: Personas
) -> None:
    administrator = personas.administrator(simpeg.institution)
    register = {"clientId": simpeg.client_id, "nip": simpeg.nip}
    again = await administrator.post("/v1/siasn-accounts", json=register)
    assert (again.status_code, again.json()["code"]) == (409, "siasn_account.exists")
    wrong = await administrator.post("/v1/siasn-accounts", json={"clientId": "client-x", "nip": "1"})
    assert {fault["where"] for fault in wrong.json()["errors"]} == {"/clientId", "/nip"}
    stranger = personas.administrator((await an_institution(db)).institution_id)
    for path in ("", "/tokens", "/secrets"):
        answer = (
            await stranger.get(f"/v1/siasn-accounts/{simpeg.account_id}")
            if not path
            else await stranger.post(f"/v1/siasn-accounts/{simpeg.account_id}{path}", json={})
        )
        assert answer.status_code == 404
    listed = await administrator.ask("{ siasnAccounts(first: 200) { edges { node { id clientId failures } } } }")
    edges = listed["data"]["siasnAccounts"]["edges"]
    assert {"id": str(simpeg.account_id), "clientId": simpeg.client_id, "failures": 0} in [one["node"] for one in edges]
    officer = personas.hr_officer(simpeg.institution)
    assert (await officer.get("/v1/siasn-accounts")).status_code == 403


async def test_whoever_asks_too_often_is_told_when_to_ask_again(
    settings: Settings, database_name: str, simpeg: Simpeg
) -> None:
    few = settings.model_copy(
        update={
            "rate_limit_siasn": "2/minute",
            "rate_limit_strangers": "4/minute",
            "siasn_mounts": ("/apisiasn/1.0", "/api/1.0"),
        }
    )
    application = create_app(few, url_of(database_name))
    async with (
        application.router.lifespan_context(application),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(application), base_url="http://test") as http,
    ):
        here = replace(simpeg, http=http)
        tokens = await here.tokens()
        for base in ("/apisiasn/1.0", "/api/1.0"):
            assert (await http.get(base + PATH, headers=tokens)).content == NOTHING
        over = await http.get(BASE + PATH, headers=tokens)
        assert (over.status_code, over.json()["code"]) == (429, 0)
        assert 1 <= int(over.headers["retry-after"]) <= 60
        strangers = [await http.get(BASE + PATH) for _ in range(3)]
        assert [one.status_code for one in strangers] == [401, 401, 429]
        for refused in (await here.sso(), await here.application()):
            assert (refused.status_code, refused.json()["error"]) == (429, "temporarily_unavailable")
            assert int(refused.headers["retry-after"]) >= 1


async def test_what_takes_too_long_is_told_in_the_envelope(
    settings: Settings, database_name: str, simpeg: Simpeg
) -> None:
    tokens = await simpeg.tokens()
    application = create_app(settings.model_copy(update={"request_seconds": 1e-6}), url_of(database_name))
    async with (
        application.router.lifespan_context(application),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(application), base_url="http://test") as http,
    ):
        late = await http.get(BASE + PATH, headers=tokens)
        assert (late.status_code, late.json()["code"], late.headers["content-type"]) == (503, 0, "application/json")
        assert late.headers["retry-after"]
        assert (await http.get("/v1/talents")).headers["content-type"] == "application/problem+json"


async def test_a_mistake_of_ours_is_told_in_the_envelope_and_tells_nothing(
    settings: Settings, own_database_name: str, tmp_path: Path
) -> None:
    application = create_app(settings, url_of(own_database_name))
    async with (
        application.router.lifespan_context(application),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(application), base_url="http://test") as http,
    ):
        db = application.state.doors.database
        actor = await an_institution(db)
        here = await a_simpeg(db, http, actor, await a_placed_talent(db, actor, tmp_path))
        tokens = await here.tokens()
        for function in ("siasn_standing", "siasn_sign_in_of"):
            await as_superuser(f"DROP FUNCTION {function}", own_database_name)
        failed = await http.get(BASE + PATH, headers=tokens)
        assert (failed.status_code, failed.json()["code"], set(failed.json())) == (500, 0, {"code", "data"})
        assert "siasn_standing" not in failed.text
        refused = await here.sso()
        assert (refused.status_code, refused.json()["error"]) == (500, "server_error")
