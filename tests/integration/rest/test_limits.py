"""Limits: who asks too often, too much or too slowly is told so, and nobody else notices."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from time import perf_counter
from uuid import uuid4

import asyncpg
import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from structlog.testing import capture_logs

from app.api.limits import Meter
from app.db.database import Database
from app.main import create_app
from app.settings import Settings
from tests.conftest import url_of
from tests.factories import an_institution
from tests.personas import Personas

PROBLEM = "application/problem+json"
Serving = Callable[..., AbstractAsyncContextManager[Personas]]


@pytest.fixture
def serving(settings: Settings, database_name: str, signing_key: Ed25519PrivateKey) -> Serving:
    """An application with limits of its own."""

    @asynccontextmanager
    async def served(**limits: object) -> AsyncIterator[Personas]:
        application = create_app(settings.model_copy(update=limits), url_of(database_name))
        async with application.router.lifespan_context(application):
            transport = httpx2.ASGITransport(app=application, raise_app_exceptions=False)
            async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
                yield Personas(client, signing_key)

    return served


def must_be_refused(answer: httpx2.Response, most_seconds: int) -> None:
    assert (answer.status_code, answer.headers["content-type"]) == (429, PROBLEM), answer.text
    assert answer.json()["code"] == "rate.limited"
    assert 1 <= int(answer.headers["retry-after"]) <= most_seconds
    assert answer.headers["retry-after"] in answer.json()["detail"]


# ── how often


async def test_who_asks_too_often_waits_and_others_do_not(db: Database, serving: Serving) -> None:
    actor = await an_institution(db)
    async with serving(rate_limit="3/hour") as personas:
        officer, member = personas.hr_officer(actor.institution_id), personas.committee_member(actor.institution_id)
        answers = [await officer.get("/v1/institutions") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert [answer.headers["ratelimit-policy"] for answer in answers] == ['"default";q=3;w=3600'] * 4
        assert [answer.headers["ratelimit"].split(";t=")[0] for answer in answers] == [
            f'"default";r={left}' for left in (2, 1, 0, 0)
        ]
        must_be_refused(answers[-1], 1200)
        must_be_refused(await officer.post("/graphql", json={"query": "{ __typename }"}), 1200)
        assert (await member.get("/v1/institutions")).status_code == 200
        assert (await personas.hr_officer(uuid4()).get("/v1/institutions")).status_code == 200
        assert (await personas.anonymous().get("/health/live")).status_code == 200


async def test_a_quota_comes_back(db: Database, serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    actor, times = await an_institution(db), [0.0]
    monkeypatch.setattr("app.main.Meter", partial(Meter, clock=lambda: times[-1]))
    async with serving(rate_limit="1/hour") as personas:
        officer = personas.hr_officer(actor.institution_id)
        assert (await officer.get("/v1/institutions")).status_code == 200
        refused = await officer.get("/v1/institutions")
        must_be_refused(refused, 3600)
        times.append(float(refused.headers["retry-after"]))
        assert (await officer.get("/v1/institutions")).status_code == 200


async def test_changes_have_a_quota_of_their_own_and_are_refused_before_their_body(
    db: Database, serving: Serving
) -> None:
    actor = await an_institution(db)
    async with serving(rate_limit_writes="2/hour") as personas:
        officer = personas.hr_officer(actor.institution_id)
        answers = [await officer.put(f"/v1/submissions/{uuid4()}/withdrawal") for _ in range(2)]
        assert [answer.status_code for answer in answers if answer.status_code == 429] == []
        assert '"writes";r=0' in answers[1].headers["ratelimit"]
        must_be_refused(await officer.post("/v1/cycles", content=unread()), 1800)
        change = {"query": f'mutation {{ withdrawSubmission(submissionId: "{uuid4()}") {{ id }} }}'}
        refused = await officer.post("/graphql", json=change)
        assert refused.status_code == 429, refused.text
        assert refused.json()["errors"][0]["extensions"]["code"] == "rate.limited"
        assert (await officer.get("/v1/institutions")).status_code == 200
        assert (await officer.ask("{ institution { id } }"))["data"]["institution"]


async def unread() -> AsyncIterator[bytes]:
    raise AssertionError("the body was read")
    yield b""


async def test_an_address_may_fail_to_sign_in_so_often_and_who_is_signed_in_does_not_care(
    db: Database, serving: Serving
) -> None:
    actor = await an_institution(db)
    async with serving(rate_limit_strangers="2/hour") as personas:
        failed = [
            await personas.anonymous().get("/v1/talents"),
            await personas.expired(actor.institution_id).get("/v1/talents"),
            await personas.expired(actor.institution_id).get("/v1/talents"),
        ]
        assert [answer.status_code for answer in failed] == [401, 401, 429]
        must_be_refused(failed[-1], 1800)
        must_be_refused(await personas.anonymous().post("/oauth/token", content=unread()), 1800)
        assert (await personas.hr_officer(actor.institution_id).get("/v1/institutions")).status_code == 200


@pytest.mark.parametrize("rate", ["", "x", "0/minute", "5/minute;1/second", "-1/hour"])
def test_a_rate_that_is_none_is_refused_at_the_start(rate: str) -> None:
    with pytest.raises(ValueError, match="rate"):
        Settings(rate_limit=rate)


# ── how long


@asynccontextmanager
async def held(database: str, table: str) -> AsyncIterator[None]:
    """Somebody else keeps everybody from a table."""
    connection = await asyncpg.connect(url_of(database, "postgres"))
    try:
        async with connection.transaction():
            await connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            yield
    finally:
        await connection.close()


async def must_serve_on(asked: Callable[[], Awaitable[httpx2.Response]]) -> httpx2.Response:
    """What is asked is answered again. A disk that pauses may use up the short time, but not ten times in a row."""
    for _ in range(10):
        answer = await asked()
        if answer.status_code != 503:
            break
    assert answer.is_success, answer.text
    return answer


async def test_a_read_that_takes_too_long_is_stopped_and_its_connection_serves_on(
    db: Database, serving: Serving, database_name: str
) -> None:
    actor = await an_institution(db)
    async with serving(request_seconds=0.3, database_connections=1) as personas:
        officer = personas.hr_officer(actor.institution_id)
        await must_serve_on(lambda: officer.get("/v1/talents"))
        async with held(database_name, "talent"):
            with capture_logs():
                answers = [await officer.get("/v1/talents") for _ in range(3)]
                graphql = await officer.post("/graphql", json={"query": "{ talents { totalCount } }"})
        for answer in (*answers, graphql):
            assert (answer.status_code, answer.headers["content-type"]) == (503, PROBLEM), answer.text
            assert answer.json()["code"] == "request.took_too_long"
            assert answer.headers["x-request-id"] == answer.json()["requestId"]
        await must_serve_on(lambda: officer.get("/v1/talents"))


async def test_a_change_that_takes_too_long_is_not_made(db: Database, serving: Serving, database_name: str) -> None:
    actor = await an_institution(db)
    async with serving(request_seconds=0.3) as personas:
        officer = personas.hr_officer(actor.institution_id)
        year = {"value": 55.5, "grade": "B"}
        address = "/v1/indices/merit/2024"
        async with held(database_name, "ledger_entry"):
            with capture_logs():
                stopped = [await officer.put(address, json=year) for _ in range(6)]  # more than there are connections
        assert {answer.status_code for answer in stopped} == {503}, stopped[0].text
        assert (await must_serve_on(lambda: officer.get("/v1/indices"))).json()["values"] == []
        await must_serve_on(lambda: officer.put(address, json=year))


async def test_a_body_that_trickles_in_is_not_waited_for(db: Database, serving: Serving) -> None:
    actor = await an_institution(db)

    async def trickling(beginning: bytes) -> AsyncIterator[bytes]:
        yield beginning
        for _ in range(1000):
            yield b" "
            await asyncio.sleep(0.1)

    form = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\n'
    doors = (
        ("/graphql", 0.4, "application/json", b"{"),
        ("/v1/cycles", 0.4, "application/json", b"{"),
        ("/v1/imports", 0.8, "multipart/form-data; boundary=x", form),
    )

    async with serving(request_seconds=0.4, long_request_seconds=0.8) as personas:
        officer = personas.hr_officer(actor.institution_id)
        for address, most, kind, beginning in doors:
            began = perf_counter()
            with capture_logs():
                answer = await officer.post(address, content=trickling(beginning), headers={"content-type": kind})
            assert (answer.status_code, answer.headers["content-type"]) == (408, PROBLEM), answer.text
            assert (answer.json()["code"], answer.headers["connection"]) == ("request.slow", "close")
            assert most <= perf_counter() - began < most + 30
            assert re.search(r"\d", answer.json()["detail"])
