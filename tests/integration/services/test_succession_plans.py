"""Who follows in a post, how many are counted on today, who may act tomorrow, and what the merit rules ask."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from app.db.database import Database
from app.db.ledger import record
from app.db.migrations import RULE_SETS
from app.db.tables.candidates import CandidateRow
from app.db.tables.succession import PoolMemberRow
from app.domain import succession
from app.domain.actors import Actor, Role
from app.domain.durations import months_after
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.evidence import COMPETENCIES, years_before
from app.domain.post_events import PostEdited
from app.domain.requirements import Requirement
from app.domain.revisions import exactly
from app.domain.standing import ReferenceKind
from app.services import ekspose, posts, rule_sets, standing, succession_plans
from app.services.ekspose import ChooseAudience
from app.services.posts import EditPost, StandardLevels
from app.services.rule_sets import PublishRuleSet, RuleSetVersion
from app.services.standing import KeepReference
from app.services.succession_plans import EditSuccessionPlan
from tests.cycles import at, member, somebody
from tests.factories import an_institution, import_files, officer, rows_of, write_csv
from tests.succession import (
    BECAUSE,
    a_post,
    confirm,
    in_pool,
    nominate,
    plan,
    plan_of,
    publish_policy,
    say,
    some_people,
    suspend,
    talent_ids,
    units,
)
from tests.vacancies import let_hold

LACKING = ("notReady", "notEligible", "needsVerification", "incomplete", "notInPool", "unwilling", "willingnessUnknown")


async def bench(db: Database, actor: Actor) -> dict[str, Any]:
    return json.loads(await succession_plans.bench_strength_document(db, officer(actor)))


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
    assert told["ruleSet"] == {"code": "pp-11-2017-pengawas", "version": 2}
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
        who = (await talent_ids(db, actor))[nip]
        over = update(PoolMemberRow).where(PoolMemberRow.talent_id == who)
        await tx.execute(over.values(expires_on=db.today() - timedelta(days=1)))
        await record(tx, actor, PostEdited(who, {}, {}))


@pytest.mark.parametrize("what", ["sanction", "rules", "post", "field", "day"])
async def test_nobody_is_counted_on_whose_facts_rules_or_day_are_others_than_the_plan_judged(
    db: Database, tmp_path: Path, what: str
) -> None:
    actor = await an_institution(db)
    [nip] = await in_pool(db, actor, tmp_path / "a", 1)
    await say(db, actor, nip)
    post = await a_post(db, actor, level="pengawas", is_target=True)
    told = await plan(db, actor, post, nip)
    assert (told["bench"]["available"], told["bench"]["outdated"]) == (1, 0)
    await change(db, actor, nip, post, tmp_path / "b", what)
    [one], counted = (told := await plan_of(db, actor, post))["successors"], told["bench"]
    assert (one["isEligible"], one["isCurrent"], one["isAvailable"]) == (None, False, False)
    assert (counted["available"], counted["outdated"], counted["needsVerification"]) == (0, 1, 0)
    assert (await bench(db, actor))["withOne"] == 0
    assert await succession_plans.calculate_succession_plans(db, officer(actor)) == 1
    [one], counted = (told := await plan_of(db, actor, post))["successors"], told["bench"]
    assert (one["isCurrent"], counted["outdated"]) == (True, 0)
    assert one["isEligible"] is one["isAvailable"] is (what in {"field", "day"})
    assert await succession_plans.calculate_succession_plans(db, officer(actor)) == 0


async def test_a_plan_is_out_of_date_for_who_was_confirmed_since_and_by_another_policy(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    first, later, holder = await some_people(db, actor, tmp_path, None, None, None)
    post = await a_post(db, actor, [holder], level="pengawas", is_target=True)
    await nominate(db, actor)
    await confirm(db, actor, first, holder)
    assert (await plan(db, actor, post, first))["proposed"] == []
    hr = officer(actor)
    assert await succession_plans.calculate_succession_plans(db, hr) == 0
    await confirm(db, actor, later)
    assert await succession_plans.calculate_succession_plans(db, hr) == 1
    assert [one["talent"]["nip"] for one in (await plan_of(db, actor, post))["proposed"]] == [later]
    await publish_policy(db, actor)
    assert await succession_plans.calculate_succession_plans(db, hr) == 1
    assert (await plan_of(db, actor, post))["policy"] == {"code": "own", "version": 1}
    assert await succession_plans.calculate_succession_plans(db, hr) == 0


async def test_others_are_served_while_a_plan_is_calculated(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rules are put to somebody only once something else has had its turn; it would never, were it waited for."""
    actor = await an_institution(db)
    [nip] = await in_pool(db, actor, tmp_path, 1)
    post = await a_post(db, actor, level="pengawas")
    begun, served = Event(), Event()
    judged = succession.judged

    def wait(requirements: Sequence[Requirement]) -> tuple[Requirement, ...]:
        begun.set()
        assert served.wait(timeout=60)
        return judged(requirements)

    async def serve() -> None:
        assert await asyncio.to_thread(begun.wait, 60)
        served.set()

    monkeypatch.setattr(succession, "judged", wait)
    told, _ = await asyncio.gather(plan(db, actor, post, nip), serve())
    assert [one["readiness"] for one in told["successors"]] == ["ready_now"]


async def test_an_assessment_that_is_out_of_date_by_today_makes_nobody_eligible(db: Database, tmp_path: Path) -> None:
    """The rules of the level look back three years."""
    actor = await an_institution(db)
    [nip] = await in_pool(db, actor, tmp_path, 1, assessed_on=years_before(db.today(), 3) - timedelta(days=1))
    await say(db, actor, nip)
    post = await a_post(db, actor, level="pengawas", is_target=True)
    await plan(at(db, db.now() - timedelta(days=10)), actor, post, nip)
    [one] = (await plan_of(db, actor, post))["successors"]
    assert (one["readiness"], one["standsUntil"]) == ("ready_now", (db.today() - timedelta(days=1)).isoformat())
    assert (one["isEligible"], one["isAvailable"]) == (None, False)
    await succession_plans.calculate_succession_plans(db, officer(actor))
    [one] = (await plan_of(db, actor, post))["successors"]
    assert (one["isCurrent"], one["isEligible"], one["unverified"]) == (True, None, ["competence"])


async def test_who_takes_back_their_willingness_is_counted_on_no_more(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    [nip] = await in_pool(db, actor, tmp_path, 1)
    await say(db, actor, nip)
    post = await a_post(db, actor, level="pengawas", is_target=True)
    await plan(db, actor, post, nip)
    assert (await bench(db, actor))["withOne"] == 1
    await say(db, actor, nip, isWilling=False)
    counted = (await plan_of(db, actor, post))["bench"]
    assert (counted["available"], counted["unwilling"], (await bench(db, actor))["withOne"]) == (0, 1, 0)


async def change(db: Database, actor: Actor, nip: str, post_id: UUID, folder: Path, what: str) -> None:
    """Have something else be found today than the plan found."""
    match what:
        case "sanction":
            folder.mkdir()
            sanction = {"NIP": nip, "TINGKAT": "SEDANG", "JENIS": "x"}
            row = sanction | {"TMT MULAI": "01-11-2025", "TMT SELESAI": "31-10-2030"}
            await import_files(db, actor, [write_csv(folder, "hukuman-disiplin", [row])])
        case "rules":
            document = json.loads((RULE_SETS / "pp-11-2017-pengawas-v2.json").read_text(encoding="utf-8"))
            document["requirements"][1]["threshold"] = "s3"
            told = PublishRuleSet(based_on=RuleSetVersion(code=document["code"], version=2), document=document)
            await rule_sets.publish_rule_set(db, officer(actor), told)
        case "post":
            standard = StandardLevels(**dict.fromkeys(COMPETENCIES, 5))
            await posts.edit_post(db, officer(actor), post_id, EditPost(standard=standard))
        case "field":
            await posts.edit_post(db, officer(actor), post_id, EditPost(job_family="Perencana"))
        case "day":
            long_ago = at(db, db.now() - timedelta(days=400))
            await succession_plans.calculate_succession_plan(long_ago, officer(actor), post_id)


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


async def test_nobody_is_proposed_for_a_lower_post_or_counted_on_there(db: Database, tmp_path: Path) -> None:
    """At the level of administrators since an inauguration; the post is one of pengawas."""
    actor = await an_institution(db)
    named, other = await in_pool(db, actor, tmp_path, 2)
    post = await a_post(db, actor, level="pengawas", is_target=True)
    await say(db, actor, named)
    told = await plan(db, actor, post, named)
    assert (told["bench"]["available"], [one["talent"]["nip"] for one in told["proposed"]]) == (1, [other])
    async with db.write_as(actor) as tx:
        await tx.execute(update(CandidateRow).values(level="administrator"))
        await record(tx, actor, PostEdited(post, {}, {}))
    await succession_plans.calculate_succession_plans(db, officer(actor))
    told = await plan_of(db, actor, post)
    [successor] = told["successors"]
    assert (successor["movement"], successor["isAvailable"], told["proposed"]) == ("demotion", False, [])
    assert (told["bench"]["available"], told["bench"]["demotion"]) == (0, 1)


async def test_one_person_counts_for_one_post_where_the_merit_rules_ask_for_successors(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    one, other = await in_pool(db, actor, tmp_path, 2)
    first, second = [await a_post(db, actor, level="pengawas", is_target=True) for _ in range(2)]
    for nip in (one, other):
        await say(db, actor, nip)

    async def filled() -> tuple[str, int, int]:
        [item] = [item for item in (await merit(db, actor))["items"] if item["item"] == "bench"]
        return item["outcome"], item["found"], item["needed"]

    for post in (first, second):
        await plan(db, actor, post, one)
    assert (await bench(db, actor))["withOne"] == 2
    assert await filled() == ("notMet", 1, 2)
    await plan(db, actor, second, one, other)
    assert await filled() == ("met", 2, 2)


async def test_there_is_no_coverage_where_there_is_no_plan(db: Database) -> None:
    actor = await an_institution(db)
    assert (
        json.loads(await ekspose.ekspose_document(db, officer(actor), ChooseAudience()))["successionCoverage"] is None
    )
    assert (await bench(db, actor))["coverageOfOne"] is None


# ── who may act


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


async def test_nobody_acts_who_serves_a_sanction_or_retires_meanwhile_and_the_others_say_why(
    db: Database, tmp_path: Path
) -> None:
    """Everybody here is born on 21 August 1980; who holds a post with the age of 46 has retired by now."""
    actor = await an_institution(db)
    able, sanctioned, retiring, unchecked = nips = await some_people(db, actor, tmp_path / "a", *[None] * 4)
    folder = tmp_path / "b"
    folder.mkdir()
    row = {"NIP": sanctioned, "TINGKAT": "SEDANG", "JENIS": "x", "TMT MULAI": "01-11-2025", "TMT SELESAI": "31-10-2030"}
    await import_files(db, actor, [write_csv(folder, "hukuman-disiplin", [row])])
    post = await a_post(db, actor, level="administrator")
    for nip in nips:
        await a_post(db, actor, [nip], level="pengawas", retirement_age=46 if nip == retiring else 58)
    await not_checked(db, actor, unchecked)
    told = json.loads(await succession_plans.emergency_cover_document(db, officer(actor), post))
    people = {one["talent"]["nip"]: one for one in told["people"]}
    assert set(people) == {able, unchecked}
    assert (people[able]["outcome"], people[unchecked]["outcome"]) == ("met", "needsVerification")
    tomorrow = db.today() + timedelta(days=1)
    assert (told["actsFrom"], told["actsUntil"]) == (tomorrow.isoformat(), months_after(tomorrow, 3).isoformat())
    assert people[able]["because"]["sanction"]["en"] == "Serves no medium or heavy disciplinary sanction."
    assert people[able]["because"]["unit"]["id"] == "Bekerja di unit yang sama."
    auditor = somebody(actor, Role.AUDITOR, "auditor")
    hidden = json.loads(await succession_plans.emergency_cover_document(db, auditor, post))
    assert [(one["outcome"], one["because"]["sanction"]) for one in hidden["people"]] == [(None, None)] * 2


async def not_checked(db: Database, actor: Actor, nip: str) -> None:
    """Nobody has checked the register of sanctions for somebody."""
    async with db.write_as(actor) as tx:
        who = (await talent_ids(db, actor))[nip]
        await tx.execute(update(CandidateRow).where(CandidateRow.talent_id == who).values(are_sanctions_known=False))
        await record(tx, actor, PostEdited(who, {}, {}))


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
    assert all(one["lacking"] for one in told["items"])
    assert [one["en"].partition(" ")[0] for one in told["heldByOthers"]] == ["The", "Coordination"]
    kept = KeepReference(kind=ReferenceKind.COMMITTEE, name="SK 12/2025", title="Komite Talenta")
    await standing.keep_reference(db, officer(actor), uuid4(), kept)
    [nip] = await in_pool(db, actor, tmp_path, 1)
    await plan(db, actor, await a_post(db, actor, level="pengawas", is_target=True), nip)
    told = await merit(db, actor)
    outcomes = {one["item"]: (one["outcome"], one["found"], one["needed"]) for one in told["items"]}
    assert outcomes["committee"] == outcomes["targetPosts"] == outcomes["pool"] == outcomes["plans"] == ("met", 1, 1)
    assert {one["item"] for one in told["items"] if one["lacking"]} == {"regulation", "talentMap", "bench"}
    assert outcomes["bench"] == ("notMet", 0, 1)  # nobody knows whether that one is willing
    assert (told["share"], told["policy"]) == (10 + 10 + 20 + 20, {"code": "shipped", "version": 1})
    await publish_policy(db, actor)
    assert (await merit(db, actor))["share"] == 60  # weighed otherwise: 20 + 0 + 20 + 20


async def merit(db: Database, actor: Actor) -> dict[str, Any]:
    return json.loads(await succession_plans.merit_readiness_document(db, officer(actor)))
