"""Who follows in a post, how many are counted on, and what the chain of an appointment comes to when it is done."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from app.db.database import Database
from app.db.ledger import record
from app.db.tables.institutions import OrgUnitRow
from app.db.tables.succession import PoolMemberRow
from app.domain.actors import Actor, Role
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.post_events import PostEdited
from app.domain.revisions import exactly
from app.domain.standing import ReferenceKind
from app.services import dominoes, ekspose, standing, succession_plans, vacancies
from app.services.dominoes import PreviewDominoes
from app.services.ekspose import ChooseAudience
from app.services.standing import KeepReference
from app.services.succession_plans import EditSuccessionPlan
from app.services.vacancies import InaugurateTalent
from tests.cycles import at, member, somebody
from tests.factories import an_institution, officer, rows_of
from tests.succession import (
    BECAUSE,
    confirm,
    ids_of,
    nominate,
    plan,
    plan_of,
    publish_policy,
    say,
    some_people,
    suspend,
)
from tests.vacancies import a_decreed_vacancy, a_post, let_hold

LACKING = ("notReady", "notEligible", "needsVerification", "incomplete", "notInPool", "unwilling", "willingnessUnknown")


async def in_pool(db: Database, actor: Actor, folder: Path, number: int) -> list[str]:
    """Confirmed members of the pool who are eligible for a post of pengawas; what they want is unknown."""
    nips = await some_people(db, actor, folder, *[None] * number)
    await nominate(db, actor)
    await confirm(db, actor, *nips)
    return nips


async def bench(db: Database, actor: Actor) -> dict[str, Any]:
    return json.loads(await succession_plans.bench_strength_document(db, officer(actor)))


async def overlaps(db: Database, actor: Actor) -> dict[str, Any]:
    return json.loads(await dominoes.succession_overlaps_document(db, officer(actor)))


async def units(db: Database, actor: Actor, *paths: str) -> None:
    """Units by their path, such as `D/B/S`."""
    async with db.write_as(actor) as tx:
        for path in paths:
            row = {"id": path.rpartition("/")[2], "name": f"UNIT {path}", "path": path.split("/")}
            await tx.execute(insert(OrgUnitRow).values(institution_id=actor.institution_id, **row))
        await record(tx, actor, PostEdited(uuid4(), {}, {}))


# ── plans


async def test_a_plan_names_members_of_the_pool_and_proposes_the_others(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    first, second, third = await in_pool(db, actor, tmp_path, 3)
    post = await a_post(db, actor, level="pengawas", is_target=True)
    told = await plan(db, actor, post, second, first)
    assert [one["talent"]["nip"] for one in told["successors"]] == [second, first]
    assert {(one["readiness"], one["isEligible"], one["poolState"]) for one in told["successors"]} == {
        ("ready_now", True, "confirmed")
    }
    assert [one["talent"]["nip"] for one in told["proposed"]] == [third]
    assert told["ruleSet"] == {"code": "pp-11-2017-pengawas", "version": 1}
    assert (told["revision"], told["asOf"]) == (1, db.today().isoformat())
    entries = await rows_of(db, actor, "SELECT type, about_id FROM ledger_entry WHERE type LIKE 'successionPlan%'")
    assert sorted(tuple(row) for row in entries) == [
        ("successionPlanCalculated", str(post)),
        ("successionPlanEdited", str(post)),
    ]


async def test_readiness_is_computed_by_the_rules_of_the_level(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    [nip] = await in_pool(db, actor, tmp_path, 1)
    post = await a_post(db, actor, level="jpt_pratama", is_target=True)
    [one] = (await plan(db, actor, post, nip))["successors"]
    assert (one["readiness"], one["isEligible"]) == ("later", False)
    assert "competence" in one["notMet"]  # the standard of the level is higher
    assert "requiredPost" in one["unverified"]  # of thirteen years nothing is on record
    hidden = json.loads(
        await succession_plans.succession_plan_document(db, somebody(actor, Role.AUDITOR, "auditor"), post)
    )
    assert hidden["successors"][0]["notMet"] is None
    assert "successors.notMet" in hidden["withheld"]


async def test_what_departs_from_pool_and_computation_needs_a_reason_and_keeps_it(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    inside, outside = await some_people(db, actor, tmp_path, None, None)
    await nominate(db, actor, inside)
    await confirm(db, actor, inside)
    post = await a_post(db, actor, level="pengawas", is_target=True)
    with pytest.raises(Invalid) as refusal:
        await plan(db, actor, post, {"nip": inside, "readiness": "later"}, outside)
    assert [(fault.code, fault.where) for fault in refusal.value.faults] == [
        ("plan.readiness_without_reason", "/successors/0"),
        ("plan.not_in_pool", "/successors/1"),
    ]
    named = [{"nip": inside, "readiness": "later", "reason": BECAUSE}, {"nip": outside, "reason": BECAUSE}]
    told = await plan(db, actor, post, *named)
    assert [(one["talent"]["nip"], one["readiness"], one["computedReadiness"]) for one in told["successors"]] == [
        (outside, "ready_now", "ready_now"),
        (inside, "later", "ready_now"),
    ]
    await succession_plans.calculate_succession_plan(db, officer(actor), post)
    again = await plan_of(db, actor, post)
    assert [one["reason"] for one in again["successors"]] == [BECAUSE, BECAUSE]
    assert again["successors"] == told["successors"]


async def test_who_cannot_be_named_is_told_by_place(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip, holder = await in_pool(db, actor, tmp_path, 2)
    post = await a_post(db, actor, [holder], level="pengawas")
    with pytest.raises(Invalid) as refusal:
        await plan(db, actor, post, nip, nip, holder, "196001011985031999")
    assert [fault.code for fault in refusal.value.faults] == [
        "plan.talent_repeated",
        "plan.holds_post",
        "plan.talent_not_found",
    ]
    with pytest.raises(Conflict, match=r"plan\.no_rules"):
        await plan(db, actor, await a_post(db, actor, level="jf_ahli_muda"), nip)
    with pytest.raises(NotFound, match=r"post\.not_found"):
        await plan(db, actor, uuid4(), nip)
    with pytest.raises(NotFound, match=r"plan\.not_found"):
        await succession_plans.calculate_succession_plan(db, officer(actor), post)
    with pytest.raises(Forbidden):
        await succession_plans.edit_succession_plan(db, member(actor), post, EditSuccessionPlan(successors=[]))


async def test_a_plan_is_changed_only_by_who_has_read_it_and_belongs_to_one_institution(
    db: Database, tmp_path: Path
) -> None:
    actor, stranger = await an_institution(db), await an_institution(db)
    [nip] = await in_pool(db, actor, tmp_path, 1)
    post = await a_post(db, actor, level="pengawas")
    await plan(db, actor, post, nip)
    nothing = EditSuccessionPlan(successors=[])
    for revision in (0, 2):
        with pytest.raises(Exception, match=r"precondition\.failed"):
            await succession_plans.edit_succession_plan(db, officer(actor), post, nothing, expected=exactly(revision))
    await succession_plans.edit_succession_plan(db, officer(actor), post, nothing, expected=exactly(1))
    assert (await plan_of(db, actor, post))["successors"] == []
    for wall in (
        plan(db, stranger, post),
        plan_of(db, stranger, post),
        succession_plans.emergency_cover_document(db, officer(stranger), post),
    ):
        with pytest.raises(NotFound):
            await wall


# ── the bench


async def test_the_bench_counts_only_who_is_eligible_complete_unexpired_and_willing(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    willing, unknown, unwilling, suspended, expired = await in_pool(db, actor, tmp_path / "a", 5)
    [incomplete] = await some_people(db, actor, tmp_path / "b", None, without=["PENGHARGAAN"])
    for nip in (willing, suspended, expired, incomplete):
        await say(db, actor, nip)
    await say(db, actor, unwilling, isWilling=False)
    await suspend(db, actor, suspended)
    post = await a_post(db, actor, level="pengawas", is_target=True)
    await a_post(db, actor, level="pengawas", is_target=True)
    await a_post(db, actor, level="pengawas")  # no target
    reasoned = [{"nip": one, "reason": BECAUSE} for one in (suspended, incomplete)]
    await plan(db, actor, post, willing, unknown, unwilling, expired, *reasoned)
    await let_expire(db, actor, expired)
    told = (await plan_of(db, actor, post))["bench"]
    assert {name: told[name] for name in ("named", "available")} == {"named": 6, "available": 1}
    assert {name: told[name] for name in LACKING} == {
        "notReady": 0,
        "notEligible": 0,
        "needsVerification": 0,
        "incomplete": 1,
        "notInPool": 3,  # suspended, expired, and the one who never entered it
        "unwilling": 1,
        "willingnessUnknown": 1,
    }
    whole = await bench(db, actor)
    assert (whole["posts"], whole["withPlan"], whole["withOne"], whole["withTwo"]) == (2, 1, 1, 0)
    assert (whole["coverageOfOne"], whole["coverageOfTwo"]) == (50, 0)
    assert [(one["level"], one["posts"], one["withOne"]) for one in whole["levels"]] == [("pengawas", 2, 1)]
    assert [(one["id"], one["bench"]) for one in whole["units"]] == [("U1", told)]
    pack = json.loads(await ekspose.ekspose_document(db, officer(actor), ChooseAudience()))
    assert pack["successionCoverage"] == 50


async def let_expire(db: Database, actor: Actor, nip: str) -> None:
    """The term of a member ended yesterday."""
    async with db.write_as(actor) as tx:
        who = (await ids_of(db, actor))[nip]
        over = update(PoolMemberRow).where(PoolMemberRow.talent_id == who)
        await tx.execute(over.values(expires_on=db.today() - timedelta(days=1)))
        await record(tx, actor, PostEdited(who, {}, {}))


async def test_willingness_holds_until_its_day_and_of_its_posts_alone(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    [nip] = await in_pool(db, actor, tmp_path, 1)
    one, other = [await a_post(db, actor, level="pengawas", is_target=True) for _ in range(2)]
    await say(db, actor, nip, forPosts=[str(one)])
    for post, available in ((one, 1), (other, 0)):
        told = (await plan(db, actor, post, nip))["bench"]
        assert (told["available"], told["willingnessUnknown"]) == (available, 1 - available)
    await say(at(db, db.now() - timedelta(days=30)), actor, nip, until=(db.today() - timedelta(days=1)).isoformat())
    assert (await plan_of(db, actor, one))["bench"]["willingnessUnknown"] == 1


async def test_there_is_no_coverage_where_there_is_no_plan(db: Database) -> None:
    actor = await an_institution(db)
    assert (
        json.loads(await ekspose.ekspose_document(db, officer(actor), ChooseAudience()))["successionCoverage"] is None
    )
    assert (await bench(db, actor))["coverageOfOne"] is None


async def test_one_name_in_many_plans_covers_one_post(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    star, other = await in_pool(db, actor, tmp_path, 2)
    await say(db, actor, star)
    posts = [await a_post(db, actor, level="pengawas", is_target=True) for _ in range(3)]
    for post, names in zip(posts, ([star], [star], [star, other]), strict=True):
        await plan(db, actor, post, *names)
    told = await overlaps(db, actor)
    assert {name: told[name] for name in ("plans", "named", "namedOneEach", "covered", "coveredOneEach")} == {
        "plans": 3,
        "named": 3,
        "namedOneEach": 2,
        "covered": 3,
        "coveredOneEach": 1,
    }
    assert [(one["talent"]["nip"], len(one["posts"])) for one in told["people"]] == [(star, 3)]


# ── who may act, and dominoes


async def test_the_nearest_official_of_the_same_or_the_next_lower_level_acts(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    head, near, far, clerk = await some_people(db, actor, tmp_path, None, None, None, None)
    await units(db, actor, "D", "D/B", "D/B/S", "D/C", "X")
    post = await a_post(db, actor, level="administrator", unit_id="B")
    for nip, level, unit in (
        (head, "jpt_pratama", "D"),
        (near, "pengawas", "S"),
        (far, "administrator", "C"),
        (clerk, "pelaksana", "S"),
    ):
        await a_post(db, actor, [nip], level=level, unit_id=unit)
    told = json.loads(await succession_plans.emergency_cover_document(db, officer(actor), post))
    assert told["kind"] == "acting"
    assert [(one["talent"]["nip"], one["distance"]) for one in told["people"]] == [(near, 1), (far, 2)]
    await let_hold(db, actor, post, far)
    told = json.loads(await succession_plans.emergency_cover_document(db, officer(actor), post))
    assert (told["kind"], [one["talent"]["nip"] for one in told["people"]]) == ("acting_daily", [near])
    await publish_policy(db, actor, cover=[{"level": "administrator", "actedBy": ["pelaksana"]}])
    told = json.loads(await succession_plans.emergency_cover_document(db, officer(actor), post))
    assert [one["talent"]["nip"] for one in told["people"]] == [clerk]


async def test_the_domino_preview_equals_actually_executing_it(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    chief, second, third, spare = await in_pool(db, actor, tmp_path, 4)
    await units(db, actor, "D", "D/A", "D/B", "D/C")
    empty = await a_post(db, actor, level="pengawas", unit_id="D")
    posts = [
        await a_post(db, actor, [nip], level="pengawas", unit_id=unit)
        for nip, unit in ((chief, "A"), (second, "B"), (third, "C"))
    ]
    await a_post(db, actor, [spare], level="pelaksana", unit_id="C")
    for nip in (chief, second, third, spare):
        await say(db, actor, nip)
    await plan(db, actor, posts[0], second)
    await plan(db, actor, posts[1], chief, third)  # the first has moved by then
    people, before = await ids_of(db, actor), await seats(db, actor)
    told = await preview(db, actor, empty, people[chief])
    assert await seats(db, actor) == before
    assert [(one["talent"]["nip"], one["toPost"]["id"]) for one in told["moves"]] == [
        (chief, str(empty)),
        (second, str(posts[0])),
        (third, str(posts[1])),
    ]
    assert [one["talent"]["nip"] for one in told["passedOver"]] == [chief]
    for move in told["moves"]:
        await appoint(db, actor, move["talent"]["nip"], UUID(move["toPost"]["id"]))
    after = dict(before)
    for move in told["moves"]:
        after[move["talentId"]] = move["toPost"]["id"]
    assert await seats(db, actor) == after
    [end] = told["ends"]
    assert (end["post"]["id"], end["hasPlan"], end["cover"]) == (str(posts[2]), False, "acting")
    cover = json.loads(await succession_plans.emergency_cover_document(db, officer(actor), posts[2]))
    first = cover["people"][0]
    assert (cover["kind"], cover["post"]["holders"]) == ("acting", 0)
    assert (end["official"]["nip"], end["distance"]) == (first["talent"]["nip"], first["distance"])


async def preview(db: Database, actor: Actor, post_id: UUID, talent_id: UUID) -> dict[str, Any]:
    told = {"choices": [{"postId": str(post_id), "talentId": str(talent_id)}]}
    command = PreviewDominoes.model_validate_json(json.dumps(told))
    return json.loads(await dominoes.preview_dominoes(db, officer(actor), command))


async def appoint(db: Database, actor: Actor, nip: str, post_id: UUID) -> None:
    """Through all the steps of a vacancy, up to the inauguration."""
    vacancy_id = await a_decreed_vacancy(db, actor, nip, post_id)
    await vacancies.inaugurate_talent(db, officer(actor), vacancy_id, InaugurateTalent())


async def seats(db: Database, actor: Actor) -> dict[str, str]:
    """Who holds what."""
    rows = await rows_of(db, actor, "SELECT talent_id::text, post_id::text FROM post_holder")
    return {row["talent_id"]: row["post_id"] for row in rows}


async def test_dominoes_of_what_is_not_there_are_refused_by_place(db: Database, tmp_path: Path) -> None:
    actor, stranger = await an_institution(db), await an_institution(db)
    [nip] = await some_people(db, actor, tmp_path, None)
    post = await a_post(db, actor)
    with pytest.raises(Invalid) as refusal:
        await preview(db, stranger, post, (await ids_of(db, actor))[nip])
    assert [(fault.code, fault.where) for fault in refusal.value.faults] == [
        ("domino.post_not_found", "/choices/0/postId"),
        ("domino.talent_not_found", "/choices/0/talentId"),
    ]


# ── what the merit rules ask


async def test_merit_readiness_tells_met_not_met_and_unknown_apart(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    told = await merit(db, actor)
    assert {one["item"]: one["outcome"] for one in told["items"]} == {
        "committee": "notMet",
        "regulation": "notMet",
        "talentMap": "notMet",
        "targetPosts": "unknown",
        "pool": "notMet",
        "plans": "unknown",
        "bench": "unknown",
    }
    assert (told["share"], told["highestShare"], told["isReady"], told["aspectWeight"]) == (0, 40, False, 30)
    kept = KeepReference(kind=ReferenceKind.COMMITTEE, name="SK 12/2025", title="Komite Talenta")
    await standing.keep_reference(db, officer(actor), uuid4(), kept)
    [nip] = await in_pool(db, actor, tmp_path, 1)
    await plan(db, actor, await a_post(db, actor, level="pengawas", is_target=True), nip)
    told = await merit(db, actor)
    outcomes = {one["item"]: (one["outcome"], one["found"], one["needed"]) for one in told["items"]}
    assert outcomes["committee"] == outcomes["targetPosts"] == outcomes["pool"] == outcomes["plans"] == ("met", 1, 1)
    assert outcomes["bench"] == ("notMet", 0, 1)  # nobody knows whether that one is willing
    assert (told["share"], told["policyVersion"]) == (10 + 10 + 20 + 20, 0)
    await publish_policy(db, actor)
    assert (await merit(db, actor))["share"] == 60  # weighed otherwise: 20 + 0 + 20 + 20


async def merit(db: Database, actor: Actor) -> dict[str, Any]:
    return json.loads(await succession_plans.merit_readiness_document(db, officer(actor)))
