"""After an inauguration: whom it put in a post is judged by that post at once, until Data ASN names it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.db.candidates import load_candidates
from app.db.database import Database
from app.domain.actors import Actor
from app.domain.candidates import LEVELS, Candidate, Given, Target
from app.domain.careers import PositionLevel
from app.domain.requirements import Comparison, Field, Outcome, Requirement
from app.domain.verdicts import verdict
from app.services import pools, posts, rankings, talents, vacancies
from app.services.pools import PoolMemberFilter
from app.services.posts import SetUnitAffair
from app.services.vacancies import InaugurateTalent
from tests.factories import an_employee, an_institution, import_files, name_of, officer, rows_of, write_folder
from tests.rankings import a_vacancy_for, ids_of, ranked, some_people, why
from tests.succession import members, nominate
from tests.succession import some_people as people_in_box_8
from tests.vacancies import a_decreed_vacancy, a_post

POST = {"UNOR ID": "U9", "UNOR NAMA": "BADAN BARU", "JENIS JABATAN ID": "1", "ESELON ID": "41"}
WORDS = {"label_id": "Masa jabatan", "label_en": "Time in post", "legal_basis": "PP 11/2017"}
TWO_YEARS = Requirement(code="inPost", field=Field.TIME_IN_POST, comparison=Comparison.AT_LEAST, threshold=24, **WORDS)
A_YEAR_AS_PENGAWAS = Requirement(
    code="asPengawas",
    field=Field.TIME_AT_LEVELS,
    comparison=Comparison.AT_LEAST,
    threshold=12,
    of=("pengawas",),
    **WORDS,
)


async def facts_of(db: Database, actor: Actor) -> Candidate:
    async with db.read_as(actor) as tx:
        [(_, facts)] = await load_candidates(tx, actor.institution_id)
    return facts


async def profile_of(db: Database, actor: Actor, nip: str) -> dict[str, Any]:
    return json.loads(await talents.talent_document(db, officer(actor), nip))


async def test_who_was_inaugurated_is_in_the_new_post_since_that_day(db: Database, tmp_path: Path) -> None:
    actor, today = await an_institution(db), db.today()
    [nip] = await some_people(db, actor, tmp_path / "before", 1)
    before, functional = await facts_of(db, actor), LEVELS.index(PositionLevel.JF_AHLI_MUDA)
    post_id = await a_post(db, actor, unit_id="U9", level="pengawas")
    await posts.set_unit_affair(db, officer(actor), "U9", SetUnitAffair(government_affair="health"))
    vacancy_id = await a_decreed_vacancy(db, actor, nip, post_id)
    assert (await profile_of(db, actor, nip))["inauguration"] is None
    await vacancies.inaugurate_talent(db, officer(actor), vacancy_id, InaugurateTalent())

    facts = await facts_of(db, actor)
    assert before.level_since is not None
    assert (facts.level, facts.level_since, facts.post_since) == (PositionLevel.PENGAWAS, today, today)
    assert (facts.government_affair, facts.affair_since) == ("health", today)
    assert (facts.closed_days or ())[functional] == (today - before.level_since).days  # the post before has ended
    target = Target(on=today + timedelta(days=30), level=PositionLevel.ADMINISTRATOR, standard=(1,) * 9)
    assert verdict(TWO_YEARS, before, target, Given()).outcome is Outcome.MET
    assert verdict(TWO_YEARS, facts, target, Given()).outcome is Outcome.NOT_MET
    at_level = verdict(A_YEAR_AS_PENGAWAS, facts, target, Given())
    assert (at_level.outcome, at_level.about["months"]) == (Outcome.NEEDS_VERIFICATION, 0)  # but for earlier posts
    told = (await profile_of(db, actor, nip))["inauguration"]
    assert (told["vacancyId"], told["postId"], told["level"], told["unitId"], told["since"]) == (
        str(vacancy_id),
        str(post_id),
        "pengawas",
        "U9",
        today.isoformat(),
    )

    [post] = await rows_of(db, actor, "SELECT name FROM post WHERE id = $1", post_id)
    ranking_id = await rankings.rank_candidates(db, officer(actor), await a_vacancy_for(db, actor))
    [found] = await ranked(db, actor, ranking_id)
    assert (found["talent"]["position"], found["talent"]["unitId"]) == (post["name"], "U9")
    explained = await why(db, actor, ranking_id, (await ids_of(db, actor, ranking_id))[nip])
    assert explained["talent"] == found["talent"]
    known = {**POST, "JABATAN NAMA": post["name"], "TMT JABATAN": f"{today:%d-%m-%Y}"}
    employee = an_employee(nip, await name_of(db, actor)) | known
    await import_files(db, actor, write_folder(tmp_path / "after", [employee], {}), as_of=today)
    facts = await facts_of(db, actor)
    assert (facts.level, facts.post_since) == (PositionLevel.PENGAWAS, today)
    profile = await profile_of(db, actor, nip)
    assert (profile["inauguration"], profile["position"]["effectiveFrom"]) == (None, today.isoformat())


async def test_a_pool_shows_and_lists_who_was_inaugurated_by_the_new_post(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    [nip] = await people_in_box_8(db, actor, tmp_path, None)
    await nominate(db, actor)
    before = (await members(db, actor))[nip]
    post_id = await a_post(db, actor, unit_id="U9", level="pengawas")
    vacancy_id = await a_decreed_vacancy(db, actor, nip, post_id)
    await vacancies.inaugurate_talent(db, officer(actor), vacancy_id, InaugurateTalent())
    [post] = await rows_of(db, actor, "SELECT name FROM post WHERE id = $1", post_id)
    after = (await members(db, actor))[nip]
    told = ("position", "positionLevel", "unitId")
    assert [after[name] for name in told] == [post["name"], "pengawas", "U9"] != [before[name] for name in told]
    for level, is_listed in ((PositionLevel.PENGAWAS, True), (PositionLevel(before["positionLevel"]), False)):
        chosen = PoolMemberFilter(position_level=level)
        page = json.loads(await pools.pool_members_page(db, officer(actor), "institution", chosen))
        assert bool(page["edges"]) is is_listed
