"""Background work is seen by its own institution, tells ids alone, and is tried again or dropped where that is safe."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from app.db.database import Database
from app.db.queue import Job, defer
from app.domain.errors import Conflict, Forbidden, Unavailable
from app.domain.jobs import Failure
from app.jobs.attempts import failure_of
from app.services import cycles
from tests.conftest import as_superuser, url_of
from tests.cycles import a_cycle, some_talents
from tests.factories import a_nip, an_institution, officer
from tests.personas import Persona, Personas


async def newest(somebody: Persona, **parameters: str) -> dict[str, Any]:
    answer = await somebody.get("/v1/jobs", params={"first": "1", **parameters})
    assert answer.status_code == 200, answer.text
    node: dict[str, Any] = answer.json()["edges"][0]["node"]
    return node


async def put_into(database: str, job_id: str, status: str, attempts: int = 1, code: str | None = None) -> None:
    connection = await asyncpg.connect(url_of(database, "postgres"))
    try:
        await connection.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = $1", int(job_id))
        await connection.execute(
            "UPDATE procrastinate_jobs SET status = $2::procrastinate_job_status, attempts = $3 WHERE id = $1",
            *(int(job_id), status, attempts),
        )
        if code is not None:
            await connection.execute("SELECT note_job_failure($1, $2, $3)", int(job_id), code, "calculation.running")
    finally:
        await connection.close()


async def test_a_job_is_told_to_its_institution_and_tells_ids_alone(
    db: Database, personas: Personas, database_name: str
) -> None:
    here, there = await an_institution(db), await an_institution(db)
    nip, work_id, talent_name = a_nip(), uuid4(), "SITI CONTOH"
    secret = replace(officer(here), request_id="r-1", subject="budi.contoh")
    async with db.write_as(secret) as tx:
        given = {"work_id": work_id, "nip": nip, "person_id": nip, "name": talent_name, "attempt": 3, "unit_id": None}
        await defer(tx, secret, Job.RUN_MOBILITY, **given)
    told = await newest(personas.hr_officer(here.institution_id))
    assert told | {"id": "", "enqueuedAt": ""} == {
        "id": "",
        "kind": "run_mobility",
        "state": "waiting",
        "attempts": 0,
        "enqueuedAt": "",
        "startedAt": None,
        "finishedAt": None,
        "retryAt": None,
        "causedByRole": "hr-officer",
        "requestId": "r-1",
        "about": [{"name": "workId", "id": str(work_id), "href": f"/v1/mobility-runs/{work_id}"}],
        "lastFailure": None,
    }
    stranger = personas.hr_officer(there.institution_id)
    for path in (f"/v1/jobs/{told['id']}", "/v1/jobs/999999999999", "/v1/jobs/x", f"/v1/jobs/{2**63}", "/v1/jobs/٣"):
        answer = await stranger.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "job.not_found")
    assert (await stranger.get("/v1/jobs")).json()["edges"] == []
    for noun in ("retry", "cancellation"):
        answer = await stranger.put(f"/v1/jobs/{told['id']}/{noun}")
        assert (answer.status_code, answer.json()["code"]) == (404, "job.not_found")
    everything = (await personas.auditor(here.institution_id).get(f"/v1/jobs/{told['id']}")).text
    for hidden in (nip, talent_name, "budi.contoh"):
        assert hidden not in everything


async def test_a_job_that_failed_for_good_is_tried_again_by_whoever_may(
    db: Database, personas: Personas, database_name: str
) -> None:
    actor = officer(await an_institution(db))
    async with db.write_as(actor) as tx:
        await defer(tx, actor, Job.ASSESS_MOBILITY)
    manager, reader = personas.hr_officer(actor.institution_id), personas.auditor(actor.institution_id)
    job_id = (await newest(manager))["id"]
    await put_into(database_name, job_id, "failed", 9, "job.refused")
    failed = await newest(reader, state="failed", kind="assess_mobility")
    assert (failed["id"], failed["state"], failed["attempts"]) == (job_id, "failed", 1)
    assert failed["finishedAt"] > failed["startedAt"] >= failed["enqueuedAt"]
    assert {**failed["lastFailure"], "at": ""} == {
        "code": "job.refused",
        "cause": "calculation.running",
        "at": "",
        "detail": {
            "id": failed["lastFailure"]["detail"]["id"],
            "en": "A rule refused this attempt; the code of its cause says which. If the job is not tried again by "
            "itself, put that right, then try it again.",
        },
    }
    assert (await reader.put(f"/v1/jobs/{job_id}/retry")).status_code == 403
    again = await manager.put(f"/v1/jobs/{job_id}/retry")
    assert (again.status_code, again.headers["location"]) == (202, f"/v1/jobs/{job_id}")
    assert (again.json()["state"], again.json()["retryAt"], again.json()["finishedAt"]) == ("waiting", None, None)
    twice = await manager.put(f"/v1/jobs/{job_id}/retry")
    assert (twice.status_code, twice.json()["code"]) == (409, "job.not_failed")
    told = (await reader.get("/v1/ledger", params={"about": job_id, "first": "1"})).json()["edges"][0]["node"]
    assert (told["type"], told["payload"]["kind"]) == ("jobRetried", "assess_mobility")


async def test_a_job_is_dropped_only_as_long_as_it_waits_and_only_where_nothing_else_stops_it(
    db: Database, personas: Personas, database_name: str, tmp_path: Path
) -> None:
    actor = officer(await an_institution(db))
    await some_talents(db, actor, tmp_path / "office", None)
    calculation_id = await cycles.start_calculation(db, actor, await a_cycle(db, actor))
    manager = personas.hr_officer(actor.institution_id)
    job = await newest(manager, kind="run_calculation")
    assert job["about"][0]["href"] == f"/v1/calculations/{calculation_id}"
    dropped = await manager.ask(
        "mutation ($id: String!) { cancelJob(jobId: $id) { state about { name href } lastFailure { code } } }",
        id=job["id"],
    )
    assert dropped["data"]["cancelJob"]["state"] == "cancelled"
    calculation = (await manager.get(job["about"][0]["href"])).json()
    assert (calculation["state"], calculation["error"]["code"]) == ("failed", "calculation.cancelled")
    over = await manager.put(f"/v1/jobs/{job['id']}/cancellation")
    assert (over.status_code, over.json()["code"]) == (409, "job.over")
    async with db.write_as(actor) as tx:
        await defer(tx, actor, Job.RUN_MOBILITY, work_id=uuid4())
        await defer(tx, actor, Job.VERIFY_MOBILITY)
    for kind, code in (("run_mobility", "job.stopped_elsewhere"), ("verify_mobility", "job.running")):
        held = await newest(manager, kind=kind)
        await put_into(database_name, held["id"], "doing")
        refused = await manager.put(f"/v1/jobs/{held['id']}/cancellation")
        assert (refused.status_code, refused.json()["code"]) == (409, code)
    listed = await manager.ask("{ jobs(state: running) { edges { node { id kind state } } totalCount } }")
    assert {edge["node"]["kind"] for edge in listed["data"]["jobs"]["edges"]} == {"run_mobility", "verify_mobility"}
    assert (await manager.get("/v1/jobs", params={"state": "lost"})).status_code == 422


async def test_operators_see_counts_of_all_institutions_and_nobodys_name(
    db: Database, personas: Personas, database_name: str
) -> None:
    await as_superuser("DELETE FROM procrastinate_jobs", database_name)
    for _ in range(2):
        actor = officer(await an_institution(db))
        async with db.write_as(actor) as tx:
            await defer(tx, actor, Job.VERIFY_MOBILITY)
    await put_into(database_name, (await newest(personas.hr_officer(actor.institution_id)))["id"], "failed", 9)
    counted = {(one.kind, one.state): one.jobs for one in await db.count_jobs()}
    assert counted == {("verify_mobility", "waiting"): 1, ("verify_mobility", "failed"): 1}
    text = (await personas.anonymous().get("/metrics")).text
    assert 'jobs{kind="verify_mobility",state="failed"} 1.0' in text
    assert 'job_oldest_seconds{kind="verify_mobility",state="waiting"}' in text


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (Unavailable("unavailable"), (Failure.UNAVAILABLE, None)),
        (Conflict("calculation.running", done=1, total=2), (Failure.REFUSED, "calculation.running")),
        (Forbidden("forbidden"), (Failure.REFUSED, "forbidden")),
        (ValueError("NIP 198008212005011001"), (Failure.INTERNAL, None)),
    ],
)
def test_why_a_job_failed_is_told_by_codes_alone(error: Exception, told: tuple[Failure, str | None]) -> None:
    assert failure_of(error) == told


async def test_a_role_without_the_permission_sees_no_jobs(db: Database, personas: Personas) -> None:
    institution = (await an_institution(db)).institution_id
    assert (await personas.committee_member(institution).get("/v1/jobs")).status_code == 403
