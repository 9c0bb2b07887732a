"""The same request again: done once, answered alike, whatever happened in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.requests import Request
from structlog.testing import capture_logs

from app.api import idempotency
from app.db.database import Database, open_database
from app.db.idempotency import Answer, Repeatable, claim, give_up, keep
from app.domain.actors import Actor, ClientScope, Role
from app.domain.errors import Conflict, InProgress
from app.main import create_app
from app.services import cycles
from app.services.cycles import OpenCycle
from app.settings import Settings
from tests.conftest import as_superuser, url_of
from tests.cycles import some_talents
from tests.factories import a_nip, an_employee, an_institution, officer, rows_of, write_csv
from tests.personas import Persona, Personas
from tests.rights import STATEMENT

OPENED = {"name": "Pemetaan 2026", "asOf": "2025-12-04"}
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest_asyncio.fixture
async def actor(db: Database) -> Actor:
    return await an_institution(db)


@pytest.fixture
def hr(personas: Personas, actor: Actor) -> Persona:
    return personas.hr_officer(actor.institution_id)


def under(key: str | None) -> dict[str, Any]:
    return {"headers": {"idempotency-key": key}}


def refused(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def names(db: Database, actor: Actor) -> list[str]:
    return [row["name"] for row in await rows_of(db, actor, "SELECT name FROM cycle ORDER BY name")]


async def keys(db: Database, actor: Actor) -> list[Any]:
    return await rows_of(db, actor, "SELECT * FROM idempotency_key")


async def grow_older(database: str, actor: Actor, hours: float) -> None:
    """Everything that the institution asked for was asked earlier."""
    of = f"WHERE institution_id = '{actor.institution_id}'"
    await as_superuser(
        f"""UPDATE idempotency_key SET claimed_at = claimed_at - {hours} * interval '1 hour',
            expires_at = expires_at - {hours} * interval '1 hour' {of}""",  # noqa: S608
        database,
    )


# ── keys


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (None, "idempotency.key_missing"),
        ("", "idempotency.key_malformed"),
        ('""', "idempotency.key_malformed"),
        ('"x', "idempotency.key_malformed"),
        ('"a", "b"', "idempotency.key_malformed"),
        ("k" * 256, "idempotency.key_malformed"),
        (b"kunci-\xe9", "idempotency.key_malformed"),
    ],
)
async def test_a_post_needs_a_key(key: Any, code: str, hr: Persona, db: Database, actor: Actor) -> None:
    assert refused(await hr.post("/v1/cycles", json=OPENED, **under(key))) == (400, code)
    assert await names(db, actor) == []


@pytest.mark.parametrize("key", ["k" * 255, '"8e03978e-40d5"', r'"a \"b\" \\ c"', "2026/04:a b"])
async def test_a_key_is_any_printable_text(key: str, hr: Persona) -> None:
    assert (await hr.post("/v1/cycles", json=OPENED, **under(key))).status_code == 201
    assert (await hr.post("/v1/cycles", json=OPENED, **under(key))).headers["idempotency-replayed"] == "true"


async def test_who_is_not_signed_in_is_told_that_first(personas: Personas) -> None:
    assert (await personas.anonymous().post("/v1/cycles", json=OPENED, **under(None))).status_code == 401


# ── the same again


async def test_the_same_again_has_the_same_answer(hr: Persona, db: Database, actor: Actor) -> None:
    first = await hr.post("/v1/cycles", json=OPENED, **under("one"))
    again = await hr.post("/v1/cycles", json=OPENED, **under('"one"'))
    assert (first.status_code, "idempotency-replayed" in first.headers) == (201, False)
    assert (again.status_code, again.headers["idempotency-replayed"]) == (201, "true")
    assert again.content == first.content
    for name in ("content-type", "location", "etag"):
        assert again.headers[name] == first.headers[name]
    assert await names(db, actor) == [OPENED["name"]]


@pytest.mark.parametrize(
    ("path", "but"),
    [
        ("/v1/cycles", {"json": OPENED | {"name": "Pemetaan 2027"}}),
        ("/v1/cycles?x=1", {"json": OPENED}),
        ("/v1/rubric-validations", {"json": OPENED}),
        ("/v1/cycles", {"content": b"{}", "headers": {"content-type": "text/plain"}}),
    ],
)
async def test_another_request_under_the_same_key_is_refused(
    path: str, but: dict[str, Any], hr: Persona, db: Database, actor: Actor
) -> None:
    await hr.post("/v1/cycles", json=OPENED, **under("one"))
    told = {**but, "headers": {**but.get("headers", {}), "idempotency-key": "one"}}
    assert refused(await hr.post(path, **told)) == (422, "idempotency.reused")
    assert await names(db, actor) == [OPENED["name"]]


async def test_a_refusal_is_an_answer_too(hr: Persona, db: Database, actor: Actor) -> None:
    await hr.post("/v1/cycles", json=OPENED)
    first = await hr.post("/v1/cycles", json=OPENED, **under("second"))
    again = await hr.post("/v1/cycles", json=OPENED, **under("second"))
    assert refused(first) == refused(again) == (409, "cycle.exists")
    assert (again.content, again.headers["idempotency-replayed"]) == (first.content, "true")
    assert again.headers["content-type"] == "application/problem+json"


async def test_who_may_not_do_it_uses_up_no_key(personas: Personas, db: Database, actor: Actor) -> None:
    auditor = personas.auditor(actor.institution_id)
    assert refused(await auditor.post("/v1/cycles", json=OPENED, **under("one"))) == (403, "forbidden")
    assert await keys(db, actor) == []


async def test_a_key_is_its_senders_own(personas: Personas, db: Database, actor: Actor, hr: Persona) -> None:
    stranger = await an_institution(db)
    everybody = [hr, personas.hr_officer(stranger.institution_id), personas.talent(actor.institution_id, a_nip())]
    answers = [await one.post("/v1/cycles", json=OPENED, **under("one")) for one in everybody]
    assert [answer.status_code for answer in answers] == [201, 201, 403]
    assert answers[0].json()["id"] != answers[1].json()["id"]
    assert [row["subject"] for row in await keys(db, stranger)] == ["officer"]


@pytest.mark.parametrize(
    "but",
    [
        {"nip": "198001012005011002"},
        {"unit_id": "U2"},
        {"other_roles": frozenset({Role.AUDITOR})},
        {"role": Role.COMMITTEE_MEMBER},
        {"scopes": frozenset({ClientScope.EVIDENCE_WRITE})},
    ],
)
async def test_another_person_of_the_same_name_is_not_told_the_first_ones_answer(
    but: dict[str, Any], db: Database, actor: Actor
) -> None:
    one = Actor(actor.institution_id, Role.HR_OFFICER, "ani", "198001012005011001", unit_id="U1")
    request = Request({"type": "http", "method": "POST", "path": "/v1/cycles", "query_string": b"", "headers": []})
    request._body = b"{}"
    first, again, other = [
        await idempotency._fingerprint(request, somebody, with_files=False)
        for somebody in (one, replace(one, request_id="another"), replace(one, **but))
    ]
    assert first == again != other


async def test_a_key_of_somebody_else_of_the_same_name_is_refused(
    personas: Personas, db: Database, actor: Actor, tmp_path: Path
) -> None:
    nips = await some_talents(db, actor, tmp_path / "office", None, None)
    ani, budi = (personas.talent(actor.institution_id, nip) for nip in nips)
    body = {"kind": "restriction", "statement": STATEMENT}
    assert (await ani.post("/v1/data-requests", json=body, **under("one"))).status_code == 201
    assert refused(await budi.post("/v1/data-requests", json=body, **under("one"))) == (422, "idempotency.reused")


async def test_files_between_other_boundaries_are_the_same_request(
    hr: Persona, db: Database, actor: Actor, tmp_path: Path
) -> None:
    def sent(boundary: str, *nips: str) -> dict[str, Any]:
        people = [write_csv(tmp_path, nip, [an_employee(nip, "X", INSTANSI_KERJA_NAMA="")]).path for nip in nips]
        files = [("files", (path.name, path.read_bytes(), "text/csv")) for path in people]
        kind = f"multipart/form-data; boundary={boundary}"
        headers = {"idempotency-key": "files", "content-type": kind}
        return {"files": files, "data": {"asOf": "2025-12-04"}, "headers": headers}

    one, other = a_nip(), a_nip()
    first = await hr.post("/v1/imports", **sent("one", one, other))
    again = await hr.post("/v1/imports", **sent("another", other, one))
    assert (first.status_code, again.headers.get("idempotency-replayed")) == (201, "true")
    assert again.content == first.content
    assert refused(await hr.post("/v1/imports", **sent("one", one))) == (422, "idempotency.reused")
    assert len(await rows_of(db, actor, "SELECT FROM import")) == 1


async def test_a_secret_is_shown_once(personas: Personas, db: Database, actor: Actor) -> None:
    administrator = personas.administrator(actor.institution_id)
    told = {"name": "Simpeg", "scopes": ["talents:read"]}
    first = await administrator.post("/v1/clients", json=told, **under("client"))
    assert first.status_code == 201, first.text
    again = await administrator.post("/v1/clients", json=told, **under("client"))
    assert refused(again) == (409, "idempotency.not_repeatable")
    [row] = await keys(db, actor)
    assert (row["status"], row["body"]) == (201, None)
    assert len(await rows_of(db, actor, "SELECT FROM client")) == 1


async def test_keys_and_answers_are_forgotten_after_a_day(
    hr: Persona, db: Database, actor: Actor, database_name: str
) -> None:
    await hr.post("/v1/cycles", json=OPENED, **under("one"))
    await grow_older(database_name, actor, 23.9)
    assert (await hr.post("/v1/cycles", json=OPENED, **under("one"))).headers["idempotency-replayed"] == "true"
    await grow_older(database_name, actor, 0.2)
    assert refused(await hr.post("/v1/cycles", json=OPENED, **under("one"))) == (409, "cycle.exists")
    await grow_older(database_name, actor, 24.1)
    await hr.post("/v1/cycles", json=OPENED | {"name": "Lain"}, **under("other"))
    assert [row["key"] for row in await keys(db, actor)] == ["other"]
    await grow_older(database_name, actor, 24.1)
    await db.forget_answers()
    assert await keys(db, actor) == []


# ── at once


async def test_of_many_at_once_one_is_carried_out(hr: Persona, db: Database, actor: Actor) -> None:
    everybody = [hr.post("/v1/cycles", json=OPENED, **under("one")) for _ in range(8)]
    answers = await asyncio.gather(*everybody)
    told = [answer for answer in answers if answer.status_code == 201]
    waiting = [answer for answer in answers if answer.status_code != 201]
    assert len([answer for answer in told if "idempotency-replayed" not in answer.headers]) == 1
    assert len({answer.content for answer in told}) == 1
    for answer in waiting:
        assert refused(answer) == (409, "idempotency.in_progress")
        assert int(answer.headers["retry-after"]) > 0
    assert await names(db, actor) == [OPENED["name"]]
    again = await hr.post("/v1/cycles", json=OPENED, **under("one"))
    assert (again.content, again.headers["idempotency-replayed"]) == (told[0].content, "true")


@asynccontextmanager
async def held(db: Database, actor: Actor) -> AsyncIterator[None]:
    """Somebody else works on the institution, so that nobody copies a rubric meanwhile."""
    async with db.write_as(actor) as tx:
        await (await tx.connection()).exec_driver_sql("SELECT FROM institution FOR NO KEY UPDATE")
        yield


COPIED = {"code": "bkn-411-2025", "version": 2}


async def test_what_is_under_way_is_not_done_again(hr: Persona, db: Database, actor: Actor) -> None:
    async with held(db, actor):
        first = asyncio.create_task(hr.post("/v1/rubric-drafts", json=COPIED, **under("one")))
        await _until_claimed(db, actor)
        again = await hr.post("/v1/rubric-drafts", json=COPIED, **under("one"))
        assert refused(again) == (409, "idempotency.in_progress")
    assert (await first).status_code == 201
    assert len(await rows_of(db, actor, "SELECT FROM rubric_draft")) == 1


async def test_a_cancelled_request_leaves_the_key_free(hr: Persona, db: Database, actor: Actor) -> None:
    async with held(db, actor):
        first = asyncio.create_task(hr.post("/v1/rubric-drafts", json=COPIED, **under("one")))
        await _until_claimed(db, actor)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
    assert await keys(db, actor) == []
    again = await hr.post("/v1/rubric-drafts", json=COPIED, **under("one"))
    assert (again.status_code, "idempotency-replayed" in again.headers) == (201, False)
    assert len(await rows_of(db, actor, "SELECT FROM rubric_draft")) == 1


async def _until_claimed(db: Database, actor: Actor) -> None:
    for _ in range(200):
        if await keys(db, actor):
            return
        await asyncio.sleep(0.02)
    raise AssertionError("nobody claimed the key")


# ── GraphQL

OPENING = 'mutation { openCycle(input: {name: "Pemetaan 2026"}) { id } }'


async def test_an_operation_that_changes_something_is_done_once(hr: Persona, db: Database, actor: Actor) -> None:
    answers = [await hr.post("/graphql", json={"query": OPENING}, **under("one")) for _ in range(2)]
    assert answers[0].json()["data"]["openCycle"]["id"]
    assert answers[1].content == answers[0].content
    assert answers[1].headers["idempotency-replayed"] == "true"
    other = await hr.post("/graphql", json={"query": OPENING.replace("2026", "2027")}, **under("one"))
    assert refused(other) == (422, "idempotency.reused")
    malformed = await hr.post("/graphql", json={"query": OPENING}, **under('"'))
    assert refused(malformed) == (400, "idempotency.key_malformed")
    assert await names(db, actor) == [OPENED["name"]]


async def test_a_query_ignores_the_key(hr: Persona, db: Database, actor: Actor) -> None:
    for query in ("{ cycles { totalCount } }", "{ institution { name } }"):
        assert "errors" not in (await hr.post("/graphql", json={"query": query}, **under("one"))).json()
    assert await keys(db, actor) == []


async def test_a_secret_is_shown_once_here_too(personas: Personas, db: Database, actor: Actor) -> None:
    administrator = personas.administrator(actor.institution_id)
    made = {"query": 'mutation { registerClient(input: {name: "Simpeg", scopes: ["talents:read"]}) { clientSecret } }'}
    first = await administrator.post("/graphql", json=made, **under("one"))
    assert first.json()["data"]["registerClient"]["clientSecret"]
    again = await administrator.post("/graphql", json=made, **under("one"))
    assert refused(again) == (409, "idempotency.not_repeatable")


# ── when something breaks


@asynccontextmanager
async def serving(settings: Settings, database: str) -> AsyncIterator[httpx2.AsyncClient]:
    application = create_app(settings, url_of(database))
    transport = httpx2.ASGITransport(app=application, raise_app_exceptions=False)
    async with (
        application.router.lifespan_context(application),
        httpx2.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        yield client


async def test_a_write_that_was_rolled_back_is_done_by_the_next_attempt(
    settings: Settings, own_database_name: str, signing_key: Ed25519PrivateKey
) -> None:
    async with open_database(url_of(own_database_name)) as db, serving(settings, own_database_name) as http:
        actor = await an_institution(db)
        hr = Personas(http, signing_key).hr_officer(actor.institution_id)
        await as_superuser("ALTER TABLE ledger_entry RENAME TO misplaced", own_database_name)
        with capture_logs():
            broken = await hr.post("/v1/cycles", json=OPENED, **under("one"))
        assert refused(broken) == (500, "internal")
        await as_superuser("ALTER TABLE misplaced RENAME TO ledger_entry", own_database_name)
        assert (await names(db, actor), await keys(db, actor)) == ([], [])
        again = await hr.post("/v1/cycles", json=OPENED, **under("one"))
        assert (again.status_code, "idempotency-replayed" in again.headers) == (201, False)
        assert await names(db, actor) == [OPENED["name"]]


async def test_a_write_whose_answer_was_lost_is_not_done_again(
    settings: Settings, own_database_name: str, signing_key: Ed25519PrivateKey
) -> None:
    async with open_database(url_of(own_database_name)) as db, serving(settings, own_database_name) as http:
        actor = await an_institution(db)
        hr = Personas(http, signing_key).hr_officer(actor.institution_id)
        await as_superuser("ALTER TABLE calibration RENAME TO misplaced", own_database_name)  # the document tells of it
        with capture_logs():
            broken = await hr.post("/v1/cycles", json=OPENED, **under("one"))
        assert refused(broken) == (500, "internal")
        await as_superuser("ALTER TABLE misplaced RENAME TO calibration", own_database_name)
        again = await hr.post("/v1/cycles", json=OPENED, **under("one"))
        assert refused(again) == (409, "idempotency.answer_lost")
        assert broken.headers["x-request-id"] in again.json()["detail"]
        [entry] = await rows_of(db, actor, "SELECT request_id FROM ledger_entry WHERE type = 'cycleOpened'")
        assert entry["request_id"] == broken.headers["x-request-id"]
        assert await names(db, actor) == [OPENED["name"]]


def asking(key: str = "one") -> Repeatable:
    return Repeatable(key, b"what is asked for", DAY, MINUTE)


async def open_under(db: Database, claimed: Actor | Answer) -> UUID:
    assert isinstance(claimed, Actor)
    return await cycles.open_cycle(db, claimed, OpenCycle(name=OPENED["name"]))


async def test_what_a_dead_process_left_undone_is_taken_over(db: Database, actor: Actor, database_name: str) -> None:
    dead, living = (replace(officer(actor), request_id=uuid4().hex) for _ in range(2))
    first = await claim(db, dead, asking())
    with pytest.raises(InProgress):
        await claim(db, living, asking())
    await grow_older(database_name, actor, 1)
    second = await claim(db, living, asking())
    with pytest.raises(Conflict, match=r"idempotency\.taken_over"):  # should it be alive after all
        await open_under(db, first)
    assert isinstance(first, Actor)
    await keep(db, first, Answer(201, {}, b"too late"))
    await give_up(db, first)
    await open_under(db, second)
    assert await names(db, actor) == [OPENED["name"]]
    with pytest.raises(InProgress):
        await claim(db, dead, asking())


async def test_a_transaction_under_way_is_not_taken_over_however_long_it_takes(db: Database, actor: Actor) -> None:
    slow, hasty = (replace(officer(actor), request_id=uuid4().hex) for _ in range(2))
    claimed = await claim(db, slow, asking())
    assert isinstance(claimed, Actor)
    impatient = replace(asking(), given_up_after=timedelta(0))
    async with db.write_as(claimed):
        with pytest.raises(InProgress):
            await claim(db, hasty, impatient)
    with pytest.raises(Conflict, match=r"idempotency\.answer_lost"):
        await claim(db, hasty, impatient)


async def test_what_a_dead_process_has_done_is_not_done_again(db: Database, actor: Actor, database_name: str) -> None:
    dead, living = (replace(officer(actor), request_id=uuid4().hex) for _ in range(2))
    await open_under(db, await claim(db, dead, asking()))
    with pytest.raises(InProgress):  # its answer is on its way
        await claim(db, living, asking())
    await grow_older(database_name, actor, 1)
    with pytest.raises(Conflict, match=r"idempotency\.answer_lost") as lost:
        await claim(db, living, asking())
    assert lost.value.about == {"request": dead.request_id}
