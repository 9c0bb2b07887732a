"""Posts: what several people say of them, and of units, at the same time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import update

from app.db.database import Database
from app.db.ledger import record
from app.db.tables.posts import PostRow
from app.domain.actors import Actor
from app.domain.errors import Conflict, Invalid
from app.domain.post_events import PostEdited
from app.services import imports, posts, retirement_rules, rubrics, standing
from app.services.posts import EditPost, SetUnitAffair
from app.services.retirement_rules import KeepRetirementException
from app.services.standing import EditInstitution
from tests.factories import (
    a_nip,
    a_placed_talent,
    an_employee,
    an_institution,
    import_files,
    name_of,
    officer,
    rows_of,
    write_csv,
)
from tests.posts import a_post, import_posts, post_named


@pytest_asyncio.fixture
async def actor(db: Database, tmp_path: Path) -> Actor:
    """An office with one placed person in a post, and a second post."""
    actor = await an_institution(db)
    await a_placed_talent(db, actor, tmp_path)
    await import_posts(db, actor, tmp_path, a_post(), a_post(NAMA_JABATAN="ARSIPARIS AHLI MUDA"))
    return actor


async def changes(db: Database, actor: Actor) -> dict[str, Any]:
    """Everything that changes what many people's facts and retirements rest on."""
    post, hr = await post_named(db, actor), officer(actor)
    exception = KeepRetirementException(words="ANALIS", age=60, legal_basis="Perwako 3/2025")
    return {
        "post": lambda: posts.edit_post(db, hr, post, EditPost(government_affair="health")),
        "unit": lambda: posts.set_unit_affair(db, hr, "U1", SetUnitAffair(government_affair="social")),
        "settings": lambda: standing.edit_institution(db, hr, EditInstitution(foresight_months=24)),
        "exception": lambda: retirement_rules.keep_retirement_exception(db, hr, post, exception),
    }


@pytest.mark.parametrize("name", ["post", "unit", "settings", "exception"])
async def test_nobody_changes_what_facts_rest_on_while_files_are_imported(
    db: Database, actor: Actor, name: str
) -> None:
    """An import holds the institution until it is done; whoever comes meanwhile is told to try again."""
    change = (await changes(db, actor))[name]
    async with db.write_as(actor) as tx:
        await imports._hold_institution(tx, actor)
        with pytest.raises(Conflict) as refused:
            await change()
        await tx.rollback()
    assert refused.value.code == "institution.busy"
    await change()


async def test_changes_at_the_same_time_are_all_kept_and_none_waits_for_another_in_a_circle(
    db: Database, actor: Actor, tmp_path: Path
) -> None:
    """The facts are those of all changes together, whichever of them was last."""
    hr, first = officer(actor), await post_named(db, actor)
    second = await post_named(db, actor, "ARSIPARIS AHLI MUDA")
    person = [an_employee(a_nip(), await name_of(db, actor), JABATAN_NAMA="ARSIPARIS AHLI MUDA")]
    files = [write_csv(tmp_path, "data-asn", person)]
    for family, affair in (("kebijakan", "health"), ("arsip", "social"), ("hukum", "education")):
        at_once: list[Awaitable[object]] = [
            posts.edit_post(db, hr, first, EditPost(job_family=family)),
            posts.edit_post(db, hr, second, EditPost(job_family=family)),
            posts.set_unit_affair(db, hr, "U1", SetUnitAffair(government_affair=affair)),
            import_files(db, actor, files),
        ]
        await asyncio.gather(*at_once)
        facts = await rows_of(db, actor, "SELECT DISTINCT job_family, government_affair FROM candidate")
        assert [tuple(row) for row in facts] == [(family, affair)]


async def test_an_import_and_a_rubric_are_not_made_at_the_same_time(db: Database, actor: Actor) -> None:
    committee = actor
    async with db.write_as(actor) as tx:
        await imports._hold_institution(tx, actor)
        with pytest.raises(Conflict):
            await rubrics.activate_rubric(db, committee, "bkn-411-2025", 1)
        await tx.rollback()


async def test_a_post_whose_age_of_retirement_has_no_legal_basis_from_before_is_edited(
    db: Database, actor: Actor
) -> None:
    hr, post = officer(actor), await post_named(db, actor)
    async with db.write_as(actor) as tx:
        await tx.execute(update(PostRow).where(PostRow.id == post).values(retirement_age=60))
        await record(tx, actor, PostEdited(post, {}, {}))
    await posts.edit_post(db, hr, post, EditPost(is_critical=True))
    with pytest.raises(Invalid):
        await posts.edit_post(db, hr, post, EditPost(retirement_age=61))
    document = json.loads(await posts.post_document(db, actor, post))
    assert (document["isCritical"], document["retirement"]["age"]) == (True, 60)
