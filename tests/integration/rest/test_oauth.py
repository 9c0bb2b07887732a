"""Integration clients: registered, given tokens and new secrets, revoked – and what their tokens open."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID, uuid4

import httpx2
import jwt
import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from app.api.rest.oauth import FORM
from app.db.database import Database, now, open_database
from app.domain.actors import Actor, ClientScope, Role
from app.services import clients
from app.services.clients import RegisterClient, RotateClientSecret
from app.settings import Settings
from tests.conftest import as_superuser, url_of
from tests.factories import an_institution
from tests.personas import Persona, Personas

READING = ["talents:read", "talent-map:read"]
DISCLOSING = {"name": "Portal", "scopes": ["disclosures"], "dataSharingAgreement": "PKS-12/2026"}


@pytest_asyncio.fixture
async def administrator(db: Database, personas: Personas) -> Persona:
    return personas.administrator((await an_institution(db)).institution_id)


async def register(administrator: Persona, **but: Any) -> dict[str, Any]:
    body = {"name": "SIMPEG", "scopes": READING} | but
    answer = await administrator.post("/v1/clients", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def rotate(administrator: Persona, client_id: str, hours: int = 24) -> str:
    told = {"overlapHours": hours}
    answer = await administrator.post(f"/v1/clients/{client_id}/secrets", json=told)
    assert answer.status_code == 201, answer.text
    secret: str = answer.json()["clientSecret"]
    return secret


async def ask(http: httpx2.AsyncClient, client_id: str, secret: str, **form: str) -> httpx2.Response:
    data = {"grant_type": "client_credentials", **form}
    return await http.post("/oauth/token", data=data, auth=(client_id, secret))


async def token_of(http: httpx2.AsyncClient, made: dict[str, Any], **form: str) -> Persona:
    answer = await ask(http, made["client"]["clientId"], made["clientSecret"], **form)
    assert answer.status_code == 200, answer.text
    return Persona(http, answer.json()["access_token"])


def must_be_error(answer: httpx2.Response, error: str) -> None:
    assert answer.status_code == (401 if error == "invalid_client" else 400), answer.text
    assert set(answer.json()) == {"error", "error_description"}
    assert answer.json()["error"] == error
    assert answer.json()["error_description"].isascii()
    assert "no-store" in answer.headers["cache-control"]
    assert ("www-authenticate" in answer.headers) is (error == "invalid_client")
    if error == "invalid_client":
        assert answer.headers["www-authenticate"].startswith("Basic ")


# ── registration


async def test_a_secret_is_shown_once(administrator: Persona) -> None:
    body = {"name": " SIMPEG ", "scopes": [*READING, "talents:read"]}
    answer = await administrator.post("/v1/clients", json=body)
    assert answer.status_code == 201
    assert "no-store" in answer.headers["cache-control"]
    made, secret = answer.json()["client"], answer.json()["clientSecret"]
    assert len(base64.urlsafe_b64decode(secret + "=")) == 32
    assert answer.headers["location"] == f"/v1/clients/{made['clientId']}"
    document = await administrator.get(answer.headers["location"])
    assert document.json() == made
    assert (made["name"], made["scopes"]) == ("SIMPEG", sorted(READING))
    assert (made["dataSharingAgreement"], made["revokedAt"], len(made["institutions"])) == (None, None, 1)
    [kept] = made["secrets"]
    assert kept["expiresAt"] is None
    [edge] = (await administrator.get("/v1/clients")).json()["edges"]
    assert edge["node"] == made
    assert secret not in document.text + json.dumps(edge)


async def test_a_secret_is_nowhere_but_in_the_answer(administrator: Persona, database_name: str) -> None:
    key = {"idempotency-key": uuid4().hex}
    with capture_logs() as logs:
        body = {"name": "SIMPEG", "scopes": READING}
        made = (await administrator.post("/v1/clients", json=body, headers=key)).json()
        again = await administrator.post("/v1/clients", json=body, headers=key)
        secrets = [made["clientSecret"], await rotate(administrator, made["client"]["clientId"])]
    assert secrets[0] not in again.text
    assert len((await administrator.get("/v1/clients")).json()["edges"]) == 1
    tables = await as_superuser(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'", database_name
    )
    for table in tables:
        rows = await as_superuser(f'SELECT t::text AS told FROM "{table["relname"]}" t', database_name)  # noqa: S608
        assert not [row for row in rows if any(secret in row["told"] for secret in secrets)], table
    assert not any(secret in repr(logs) for secret in secrets)


async def test_what_happens_to_a_client_is_in_the_ledger(
    administrator: Persona, http: httpx2.AsyncClient, personas: Personas, db: Database
) -> None:
    made = await register(administrator)
    client_id, own = made["client"]["clientId"], UUID(made["client"]["institutions"][0])
    await rotate(administrator, client_id)
    edited = await administrator.patch(f"/v1/clients/{client_id}", json={"scopes": ["talents:read"]})
    assert edited.json()["scopes"] == ["talents:read"]
    revoked = await administrator.put(f"/v1/clients/{client_id}/revocation")
    assert revoked.json()["revokedBy"] == "administrator"
    assert (await administrator.put(f"/v1/clients/{client_id}/revocation")).json() == revoked.json()
    entries = (await personas.auditor(own).get("/v1/ledger")).json()["edges"]
    told = {entry["node"]["type"]: entry["node"] for entry in entries}
    assert set(told) >= {"clientRegistered", "clientSecretRotated", "clientEdited", "clientRevoked"}
    assert told["clientEdited"]["payload"]["changed"] == {"scopes": ["talents:read"]}
    assert told["clientEdited"]["payload"]["before"] == {"scopes": sorted(READING)}
    assert {entry["payload"]["client_id"] for name, entry in told.items() if name.startswith("client")} == {client_id}


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"scopes": READING}, "/name"),
        ({"name": " ", "scopes": READING}, "/name"),
        ({"name": "x\x00", "scopes": READING}, "/name"),
        ({"name": "x", "scopes": []}, "/scopes"),
        ({"name": "x", "scopes": ["everything"]}, "/scopes/0"),
        ({"name": "x", "scopes": "talents:read"}, "/scopes"),
        ({"name": "x", "scopes": READING, "institutions": ["dumai"]}, "/institutions/0"),
        ({"name": "x", "scopes": READING, "institutions": [str(uuid4())]}, "/dataSharingAgreement"),
        ({"name": "x", "scopes": ["disclosures"]}, "/dataSharingAgreement"),
        ({"name": "x", "scopes": ["disclosures"], "dataSharingAgreement": " "}, "/dataSharingAgreement"),
        ({"name": "x", "scopes": READING, "clientId": "mine"}, "/clientId"),
    ],
)
async def test_a_client_that_cannot_be_registered_is_told_why(
    body: dict[str, Any], where: str, administrator: Persona
) -> None:
    answer = await administrator.post("/v1/clients", json=body)
    assert answer.status_code == 422, answer.text
    assert [fault["where"] for fault in answer.json()["errors"]] == [where]


async def test_no_edit_takes_the_agreement_from_under_a_client(administrator: Persona) -> None:
    path = f"/v1/clients/{(await register(administrator))['client']['clientId']}"
    other = str(uuid4())
    for change in ({"scopes": ["disclosures"]}, {"institutions": [other]}):
        answer = await administrator.patch(path, json=change)
        assert [fault["code"] for fault in answer.json()["errors"]] == ["client.agreement_needed"]
    answer = await administrator.patch(path, json={"institutions": [other], "dataSharingAgreement": "PKS-12/2026"})
    assert (answer.status_code, other in answer.json()["institutions"]) == (200, True)
    assert len(answer.json()["institutions"]) == 2


async def test_only_administrators_see_clients_and_only_their_own(
    administrator: Persona, personas: Personas, db: Database
) -> None:
    made = (await register(administrator))["client"]
    path, elsewhere = f"/v1/clients/{made['clientId']}", await an_institution(db)
    for persona in (personas.hr_officer(UUID(made["institutions"][0])), personas.national(elsewhere.institution_id)):
        assert (await persona.get(path)).status_code == 403
        assert (await persona.get("/v1/clients")).status_code == 403
        refused = await persona.post("/v1/clients", json={"name": "x", "scopes": READING})
        assert refused.status_code == 403
    stranger = personas.administrator(elsewhere.institution_id)
    absent = await stranger.get("/v1/clients/client-of-nobody")
    for answer in (
        await stranger.get(path),
        await stranger.patch(path, json={"name": "x"}),
        await stranger.put(f"{path}/revocation"),
        await stranger.post(f"{path}/secrets", json={}),
        await administrator.get("/v1/clients/%00"),
        await administrator.patch("/v1/clients/%C3%A9", json={"name": "x"}),
    ):
        bodies = [{k: v for k, v in one.json().items() if k != "requestId"} for one in (answer, absent)]
        assert (answer.status_code, bodies[0]) == (404, bodies[1])
    assert (await stranger.get("/v1/clients")).json()["edges"] == []


async def test_graphql_does_the_same(administrator: Persona, http: httpx2.AsyncClient) -> None:
    told = await administrator.post(
        "/graphql",
        json={
            "query": """mutation ($input: RegisterClientInput!) { registerClient(input: $input) {
                __typename secret: clientSecret client { clientId scopes secrets { expiresAt } } } }""",
            "variables": {"input": {"name": "SIMPEG", "scopes": READING}},
        },
    )
    assert "no-store" in told.headers["cache-control"]
    made = told.json()["data"]["registerClient"]
    assert (made["__typename"], made["client"]["scopes"]) == ("ClientCredentials", sorted(READING))
    client_id = made["client"]["clientId"]
    assert (await ask(http, client_id, made["secret"])).status_code == 200
    rotated = await administrator.post(
        "/graphql",
        json={
            "query": """mutation ($id: String!) {
                rotateClientSecret(clientId: $id, input: {overlapHours: 0}) { clientSecret }
                editClient(clientId: $id, input: {name: "SIMPEG 2"}) { name }
                revoked: revokeClient(clientId: $id) { revokedBy } }""",
            "variables": {"id": client_id},
        },
    )
    data = rotated.json()["data"]
    assert (data["editClient"]["name"], data["revoked"]["revokedBy"]) == ("SIMPEG 2", "administrator")
    asked = await administrator.ask(
        "query ($id: String!) { client(clientId: $id) { name secrets { id } } clients { edges { node { clientId } } }}",
        id=client_id,
    )
    assert asked["data"]["client"]["name"] == "SIMPEG 2"
    assert len(asked["data"]["client"]["secrets"]) == 2
    assert asked["data"]["clients"]["edges"] == [{"node": {"clientId": client_id}}]


# ── tokens


async def test_a_token_opens_what_its_scopes_say_in_its_own_institution(
    administrator: Persona, http: httpx2.AsyncClient
) -> None:
    made = await register(administrator)
    answer = await ask(http, made["client"]["clientId"], made["clientSecret"])
    assert answer.status_code == 200
    assert (answer.headers["cache-control"], answer.headers["pragma"]) == ("no-store", "no-cache")
    token = answer.json()
    assert (token["token_type"], token["expires_in"], token["scope"]) == ("Bearer", 600, " ".join(sorted(READING)))
    system = Persona(http, token["access_token"])
    assert (await system.get("/v1/talents")).status_code == 200
    assert (await system.get("/v1/nine-box")).status_code == 200
    assert (await system.get("/v1/imports")).status_code == 403
    assert (await system.get("/v1/clients")).status_code == 403
    [edge] = (await system.get("/v1/institutions")).json()["edges"]
    assert [edge["node"]["id"]] == made["client"]["institutions"]
    narrow = await token_of(http, made, scope="talent-map:read")
    assert (await narrow.get("/v1/nine-box")).status_code == 200
    assert (await narrow.get("/v1/talents")).status_code == 403


async def test_a_token_is_what_the_published_key_and_metadata_say(
    administrator: Persona, http: httpx2.AsyncClient
) -> None:
    about = (await http.get("/.well-known/oauth-authorization-server")).json()
    path = about["jwks_uri"].removeprefix(about["issuer"])
    [published] = (await http.get(path)).json()["keys"]
    assert "d" not in published
    token = (await token_of(http, await register(administrator))).token or ""
    assert jwt.get_unverified_header(token) == {"alg": "EdDSA", "typ": "at+jwt", "kid": published["kid"]}
    claims = jwt.decode(token, jwt.PyJWK(published), ["EdDSA"], audience="nusatalenta", issuer=about["issuer"])
    assert {"sub", "client_id", "jti", "iat", "exp", "scope"} <= set(claims)
    assert claims["sub"] == claims["client_id"]
    assert about["token_endpoint"] == about["issuer"] + "/oauth/token"
    assert about["scopes_supported"] == [scope.value for scope in ClientScope]


async def test_a_client_may_say_who_it_is_in_the_form_or_percent_encoded(
    administrator: Persona, http: httpx2.AsyncClient
) -> None:
    made = await register(administrator)
    client_id, secret = made["client"]["clientId"], made["clientSecret"]
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    assert (await http.post("/oauth/token", data=form)).status_code == 200
    encoded = base64.b64encode("".join(f"%{ord(one):02X}" for one in client_id).encode() + b":" + secret.encode())
    headers = {"authorization": f"Basic {encoded.decode()}"}
    assert (
        await http.post("/oauth/token", data={"grant_type": form["grant_type"]}, headers=headers)
    ).status_code == 200


async def test_an_unknown_client_and_a_wrong_secret_get_the_same_answer(
    administrator: Persona, http: httpx2.AsyncClient
) -> None:
    made = await register(administrator)
    client_id, secret = made["client"]["clientId"], made["clientSecret"]
    answers = [
        await ask(http, client_id, secret[:-1]),
        await ask(http, client_id, ""),
        await ask(http, "client-of-nobody", secret),
        await ask(http, client_id.upper(), secret),
        await ask(http, client_id[:-1] + "%", secret),
        await ask(http, quote("klien\x00é"), secret),
        await ask(http, "", ""),
        await http.post("/oauth/token", data={"grant_type": "client_credentials"}),
        await http.post("/oauth/token", data={"grant_type": "client_credentials", "client_id": client_id}),
        *[
            await http.post(
                "/oauth/token", data={"grant_type": "client_credentials"}, headers={"authorization": header}
            )
            for header in ("Basic", "Basic =", "Basic /w==", "Basic AAAA", "Bearer x", f"Basic {client_id}:{secret}")
        ],
    ]
    for answer in answers:
        must_be_error(answer, "invalid_client")
        assert answer.content == answers[0].content


BAD_FORMS: dict[str, tuple[str, str, str]] = {
    "no grant": ("scope=talents:read", FORM, "invalid_request"),
    "an empty grant": ("grant_type=", FORM, "invalid_request"),
    "a grant twice": ("grant_type=client_credentials&grant_type=client_credentials", FORM, "invalid_request"),
    "the grant of people": ("grant_type=password&username=a&password=b", FORM, "unsupported_grant_type"),
    "JSON": ('{"grant_type": "client_credentials"}', "application/json", "invalid_request"),
    "no type": ("grant_type=client_credentials", "", "invalid_request"),
    "no text": ("grant_type=%ff", FORM, "invalid_request"),
    "too long": ("grant_type=client_credentials&a=" + "b" * 10_000, FORM, "invalid_request"),
    "too much": ("grant_type=client_credentials&" + "&".join(f"a{n}=b" for n in range(50)), FORM, "invalid_request"),
    "two ways": ("grant_type=client_credentials&client_secret=x", FORM, "invalid_request"),
    "two names": ("grant_type=client_credentials&client_id=somebody", FORM, "invalid_request"),
    "another scope": ("grant_type=client_credentials&scope=evidence:write", FORM, "invalid_scope"),
    "one scope too many": ("grant_type=client_credentials&scope=talents:read+disclosures", FORM, "invalid_scope"),
}


@pytest.mark.parametrize(("form", "media_type", "error"), BAD_FORMS.values(), ids=list(BAD_FORMS))
async def test_a_request_that_is_not_as_it_should_be_is_told_so_as_oauth_says_it(
    form: str, media_type: str, error: str, administrator: Persona, http: httpx2.AsyncClient
) -> None:
    made = await register(administrator)
    credentials = (made["client"]["clientId"], made["clientSecret"])
    answer = await http.post("/oauth/token", content=form, headers={"content-type": media_type}, auth=credentials)
    must_be_error(answer, error)
    good = urlencode({"grant_type": "client_credentials", "scope": ""})
    answer = await http.post("/oauth/token", content=good, headers={"content-type": FORM}, auth=credentials)
    assert answer.status_code == 200


# ── rotation and revocation


async def test_an_old_secret_overlaps_for_the_stated_hours_and_two_live_at_most(
    database_name: str, db: Database
) -> None:
    actor = Actor((await an_institution(db)).institution_id, Role.ADMINISTRATOR, "administrator")
    first = await clients.register_client(db, actor, RegisterClient(name="SIMPEG", scopes=[ClientScope.TALENTS_READ]))
    client_id = first.client_id
    second = await clients.rotate_client_secret(db, actor, client_id, RotateClientSecret(overlap_hours=3))

    async def live(after: timedelta) -> int:
        async with open_database(url_of(database_name), clock=lambda: now() + after) as later:
            known = await later.find_client(client_id)
            assert known is not None
            return len(known.hashes)

    assert [await live(timedelta(hours=hours)) for hours in (0, 2.9, 3.1, 1000)] == [2, 2, 1, 1]
    await clients.rotate_client_secret(db, actor, client_id, RotateClientSecret(overlap_hours=24))
    assert [await live(timedelta(hours=hours)) for hours in (0, 23.9, 24.1)] == [2, 2, 1]
    await clients.rotate_client_secret(db, actor, client_id, RotateClientSecret(overlap_hours=0))
    assert await live(timedelta(0)) == 1
    assert first.secret not in repr(first) + repr(second)


async def test_old_and_new_secret_both_count_until_the_overlap_ends(
    administrator: Persona, http: httpx2.AsyncClient
) -> None:
    made = await register(administrator)
    client_id, first = made["client"]["clientId"], made["clientSecret"]
    second = await rotate(administrator, client_id)
    assert {(await ask(http, client_id, secret)).status_code for secret in (first, second)} == {200}
    third = await rotate(administrator, client_id)
    statuses = [(await ask(http, client_id, secret)).status_code for secret in (first, second, third)]
    assert statuses == [401, 200, 200]
    fourth = await rotate(administrator, client_id, hours=0)
    statuses = [(await ask(http, client_id, secret)).status_code for secret in (second, third, fourth)]
    assert statuses == [401, 401, 200]
    listed = (await administrator.get(f"/v1/clients/{client_id}")).json()["secrets"]
    assert [secret["expiresAt"] is None for secret in listed] == [True, False, False, False]


@pytest.mark.parametrize("hours", [-1, 169, "24", 1.5])
async def test_an_overlap_is_a_number_of_hours_up_to_a_week(hours: Any, administrator: Persona) -> None:
    path = f"/v1/clients/{(await register(administrator))['client']['clientId']}/secrets"
    answer = await administrator.post(path, json={"overlapHours": hours})
    assert [fault["where"] for fault in answer.json()["errors"]] == ["/overlapHours"]


async def test_a_revoked_client_obtains_nothing_and_its_token_runs_out(
    administrator: Persona, http: httpx2.AsyncClient, settings: Settings
) -> None:
    made = await register(administrator)
    client_id, system = made["client"]["clientId"], await token_of(http, made)
    assert (await administrator.put(f"/v1/clients/{client_id}/revocation")).status_code == 200
    must_be_error(await ask(http, client_id, made["clientSecret"]), "invalid_client")
    assert (await system.get("/v1/talents")).status_code == 200
    claims = jwt.decode(system.token or "", options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 60 * settings.client_token_minutes
    for answer in (
        await administrator.patch(f"/v1/clients/{client_id}", json={"name": "x"}),
        await administrator.post(f"/v1/clients/{client_id}/secrets", json={}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "client.revoked")
