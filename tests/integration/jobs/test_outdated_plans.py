"""Plans of succession are calculated anew by the worker after whatever they rest on was changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import update

from app.db.database import Database, fetch_rows, open_database
from app.db.ledger import record
from app.db.outdated_plans import recalculate_plans
from app.db.tables.posts import PostRow
from app.domain.actors import Actor
from app.domain.evidence import COMPETENCIES
from app.domain.post_events import PostEdited
from app.services import posts, succession_plans
from app.services.posts import EditPost, StandardLevels
from tests.conftest import a_worker, as_superuser, url_of
from tests.factories import an_institution, import_files, officer, rows_of, write_csv
from tests.integration.jobs.test_worker import until
from tests.succession import a_post, in_pool, plan, plan_of, say

HIGH = StandardLevels(**dict.fromkeys(COMPETENCIES, 5))


async def waiting(database: str, actor: Actor) -> int:
    [row] = await as_superuser(
        f"""SELECT count(*) AS jobs FROM procrastinate_jobs WHERE task_name = 'recalculate_plans'
            AND status = 'todo' AND args -> 'actor' ->> 'institution_id' = '{actor.institution_id}'""",  # noqa: S608
        database,
    )
    return int(row["jobs"])


async def sanction(db: Database, actor: Actor, nip: str, folder: Path) -> None:
    folder.mkdir()
    row = {"NIP": nip, "TINGKAT": "SEDANG", "JENIS": "x", "TMT MULAI": "01-11-2025", "TMT SELESAI": "31-10-2030"}
    await import_files(db, actor, [write_csv(folder, "hukuman-disiplin", [row])])


async def test_what_an_import_made_out_of_date_is_found_out_anew_without_anybody_asking(
    own_database_name: str, tmp_path: Path
) -> None:
    async with open_database(url_of(own_database_name)) as db, a_worker(own_database_name):
        actor = await an_institution(db)
        [nip] = await in_pool(db, actor, tmp_path / "a", 1)
        await say(db, actor, nip)
        post = await a_post(db, actor, level="pengawas", is_target=True)
        assert (await plan(db, actor, post, nip))["bench"]["available"] == 1
        await sanction(db, actor, nip, tmp_path / "b")

        async def found() -> dict[str, Any]:
            [one] = (await plan_of(db, actor, post))["successors"]
            return one

        async def is_current() -> bool:
            return bool((await found())["isCurrent"])

        await until(is_current)
        assert (await found())["isEligible"] is False
        told = "SELECT subject, role FROM ledger_entry WHERE type = 'successionPlanCalculated' ORDER BY id DESC LIMIT 1"
        assert [tuple(row) for row in await rows_of(db, actor, told)] == [("service", "operator")]


async def test_changes_that_nobody_has_looked_at_wait_as_one_job_and_without_plans_there_is_none(
    db: Database, database_name: str, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    [nip] = await in_pool(db, actor, tmp_path / "a", 1)
    post = await a_post(db, actor, level="pengawas", is_target=True)
    await posts.edit_post(db, officer(actor), post, EditPost(is_critical=True))
    assert await waiting(database_name, actor) == 0
    await plan(db, actor, post, nip)
    await sanction(db, actor, nip, tmp_path / "b")
    await posts.edit_post(db, officer(actor), post, EditPost(standard=HIGH))
    assert await waiting(database_name, actor) == 1


async def test_a_job_that_is_enough_for_a_change_is_not_begun_before_the_change_is_there(
    db: Database, database_name: str, tmp_path: Path
) -> None:
    """Else it would look at what was there before, and nobody would look again."""
    actor = await an_institution(db)
    [nip] = await in_pool(db, actor, tmp_path, 1)
    post = await a_post(db, actor, level="pengawas", is_target=True)
    await plan(db, actor, post, nip)
    await posts.edit_post(db, officer(actor), post, EditPost(standard=HIGH))
    free = "SELECT count(*) FROM (SELECT FROM procrastinate_jobs WHERE lock LIKE $1 FOR UPDATE SKIP LOCKED) AS free"
    mine = f"%{actor.institution_id}"
    async with db.write_as(actor) as tx:
        await recalculate_plans(tx, actor)
        async with db.write_as(actor) as other:
            assert [row["count"] for row in await fetch_rows(other, free, mine)] == [0]
    async with db.write_as(actor) as other:
        assert [row["count"] for row in await fetch_rows(other, free, mine)] == [1]
    assert await waiting(database_name, actor) == 1


async def test_a_plan_without_rules_does_not_keep_the_others_from_being_calculated(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    [nip] = await in_pool(db, actor, tmp_path, 1)
    gone, stays = [await a_post(db, actor, level="pengawas", is_target=True) for _ in range(2)]
    for post in (gone, stays):
        await plan(db, actor, post, nip)
        await posts.edit_post(db, officer(actor), post, EditPost(standard=HIGH))
    async with db.write_as(actor) as tx:
        await tx.execute(update(PostRow).where(PostRow.id == gone).values(level="jf_ahli_muda"))
        await record(tx, actor, PostEdited(gone, {}, {}))
    for calculated in (1, 0):
        assert await succession_plans.calculate_succession_plans(db, officer(actor)) == calculated
    current = {post: (await plan_of(db, actor, post))["successors"][0]["isCurrent"] for post in (gone, stays)}
    assert current == {gone: False, stays: True}
