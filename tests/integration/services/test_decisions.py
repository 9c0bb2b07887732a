"""Decisions rest on what is on record at that moment: looked at before each step, frozen, and one seat for a person."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import jsonschema_rs
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db.database import Database
from app.db.documents import schema_of
from app.db.migrations import RULE_SETS
from app.db.shapes.access_exports import ACCESS_EXPORT
from app.domain.actors import Actor, Role
from app.domain.errors import Conflict, Forbidden, TalentError
from app.domain.messages import sentence
from app.domain.vacancies import CancellationReason
from app.services import (
    access_exports,
    candidates,
    posts,
    rankings,
    rule_sets,
    seats,
    shortlists,
    vacancies,
    verifications,
)
from app.services.access_exports import Notice
from app.services.posts import EditPost, SetUnitAffair
from app.services.rule_sets import PublishRuleSet, RuleSetVersion
from app.services.vacancies import CancelVacancy, InaugurateTalent
from app.services.verifications import GiveTechnicalScore, VerifyRequirement
from tests.cycles import at, authority, member, somebody
from tests.factories import AS_OF, an_employee, an_institution, import_files, name_of, officer, talent, write_folder
from tests.rankings import NARROWED, a_vacancy_for, ids_of, some_people, verify_all
from tests.rights import restrict
from tests.shortlists import a_proposal, a_ranked_vacancy, decide, in_order, propose, shortlist_of
from tests.vacancies import a_post, an_open_vacancy, choose, decree, let_hold, recommend, shortlist

INAUGURATE = InaugurateTalent()
SERVING = {"TINGKAT": "SEDANG", "JENIS": "PEMOTONGAN", "TMT MULAI": "01-11-2025", "TMT SELESAI": "01-11-2027"}


async def sanction(db: Database, actor: Actor, folder: Path, nip: str) -> None:
    """The register of sanctions says that somebody serves one."""
    employees = [an_employee(nip, await name_of(db, actor))]
    await import_files(db, actor, write_folder(folder, employees, {"HUKUMAN DISIPLIN": [{"NIP": nip, **SERVING}]}))


async def retire(db: Database, actor: Actor, folder: Path, nip: str) -> None:
    gone = {"KEDUDUKAN_HUKUM_ID": "99", "KEDUDUKAN_HUKUM_NAMA": "Pensiun"}
    await import_files(db, actor, write_folder(folder, [an_employee(nip, await name_of(db, actor), **gone)], {}))


async def refusal_of(doing: Any) -> TalentError:
    with pytest.raises(TalentError) as refusal:
        await doing
    return refusal.value


async def nips_of(db: Database, actor: Actor, ranking_id: UUID) -> Mapping[UUID, str]:
    return {one: nip for nip, one in (await ids_of(db, actor, ranking_id)).items()}


# ── looked at once more


async def test_who_is_sanctioned_after_the_ranking_is_not_proposed(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, order = await a_ranked_vacancy(db, actor, tmp_path / "before", is_masked=False)
    nips = await nips_of(db, actor, ranking_id)
    await sanction(db, actor, tmp_path / "after", nips[order[1]])
    refusal = await refusal_of(propose(db, member(actor), vacancy_id, ranking_id, order[:3]))
    [fault] = refusal.faults
    assert (refusal.code, fault.code, fault.where) == (
        "vacancy.no_longer_eligible",
        "eligibility.changed",
        "/candidates/1",
    )
    assert fault.about["before"] == sentence("fact.no_sanction")
    assert "2027" in fault.detail["en"]
    newest = await rankings.rank_candidates(db, officer(actor), vacancy_id)
    again = await in_order(db, actor, newest)
    assert order[1] not in again
    await propose(db, member(actor), vacancy_id, newest, again)


async def test_whom_the_facts_turn_against_is_not_chosen_and_not_installed(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, order = await a_ranked_vacancy(db, actor, tmp_path / "before")
    nips = await nips_of(db, actor, ranking_id)
    await propose(db, member(actor), vacancy_id, ranking_id, order[:3])
    await restrict(db, talent(actor, nips[order[0]]))
    assert (await refusal_of(decide(db, authority(actor), vacancy_id, order[0]))).code == "vacancy.talent_gone"
    await retire(db, actor, tmp_path / "gone", nips[order[1]])
    why = {"reasonCode": "unwilling"}
    assert (await refusal_of(decide(db, authority(actor), vacancy_id, order[1], **why))).code == "vacancy.talent_gone"
    await decide(db, authority(actor), vacancy_id, order[2], **why)
    await recommend(db, actor, vacancy_id)
    await sanction(db, actor, tmp_path / "after", nips[order[2]])
    assert (await refusal_of(decree(db, actor, vacancy_id))).code == "vacancy.no_longer_eligible"


async def test_what_units_work_at_counts_as_it_is_said_when_somebody_is_chosen(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    [nip] = await some_people(db, actor, tmp_path, 1)
    post_id, hr = await a_post(db, actor), officer(actor)
    await posts.edit_post(db, hr, post_id, EditPost(government_affair="health"))
    await posts.set_unit_affair(db, hr, "U1", SetUnitAffair(government_affair="health"))
    vacancy_id = await an_open_vacancy(db, actor, post_id)
    candidate_id = await shortlist(db, actor, vacancy_id, nip)
    await posts.set_unit_affair(db, hr, "U1", SetUnitAffair(government_affair="education"))
    refusal = await refusal_of(decide(db, authority(actor), vacancy_id, candidate_id))
    assert [(fault.code, fault.where) for fault in refusal.faults] == [("eligibility.changed", "/candidateId")]
    assert refusal.faults[0].about["before"] != refusal.faults[0].about["now"]


async def test_a_ranking_of_another_post_or_map_makes_no_shortlist(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nips = await some_people(db, actor, tmp_path / "before")
    post_id = await a_post(db, actor)
    vacancy_id, hr = await an_open_vacancy(db, actor, post_id), officer(actor)
    await verify_all(
        db,
        actor,
        vacancy_id,
        list((await ids_of(db, actor, await rankings.rank_candidates(db, hr, vacancy_id))).values()),
    )

    async def refused(ranking_id: UUID) -> TalentError:
        order = await in_order(db, actor, ranking_id)
        return await refusal_of(propose(db, member(actor), vacancy_id, ranking_id, order))

    ranking_id = await rankings.rank_candidates(db, hr, vacancy_id)
    levels = dict.fromkeys(posts.StandardLevels.model_fields, 1)
    await posts.edit_post(db, hr, post_id, EditPost(standard=posts.StandardLevels(**levels)))
    refusal = await refused(ranking_id)
    assert (refusal.code, refusal.about["what"]) == ("ranking.out_of_date", sentence("ranking.changed.post"))
    newest = await rankings.rank_candidates(db, hr, vacancy_id)
    people = [an_employee(nip, await name_of(db, actor)) for nip in nips]
    await import_files(db, actor, write_folder(tmp_path / "after", people, {}), as_of=AS_OF + timedelta(days=7))
    refusal = await refused(newest)
    assert (refusal.code, refusal.about["what"]) == ("ranking.out_of_date", sentence("ranking.changed.map"))


async def an_own_rule_set_with(db: Database, actor: Actor, requirement: Mapping[str, object]) -> RuleSetVersion:
    """The shipped rules for pengawas, and one requirement more."""
    base = RuleSetVersion(code="pp-11-2017-pengawas", version=2)
    document = json.loads((RULE_SETS / f"{base.code}-v{base.version}.json").read_text(encoding="utf-8"))
    words: dict[str, object] = {
        "label": {"id": "Usia", "en": "Age"},
        "legalBasis": "Perwako 1/2026",
        "isActionable": False,
    }
    words |= {"source": {"document": "Perwako 1/2026", "confidence": "confirmed"}}
    document["requirements"].append(words | requirement)
    command = PublishRuleSet(based_on=base, document=document)
    key = await rule_sets.publish_rule_set(db, officer(actor), command)
    return RuleSetVersion(code=key.code, version=key.version)


async def test_age_counts_on_the_day_of_the_decree_and_of_the_inauguration(db: Database, tmp_path: Path) -> None:
    actor, this_year = await an_institution(db), db.today().year
    [nip] = await some_people(db, actor, tmp_path, 1)  # born on 21 August 1980
    oldest = this_year - 1980
    age = {"code": "age", "field": "age", "comparison": "atMost", "threshold": oldest}
    rules = await an_own_rule_set_with(db, actor, age)
    vacancy_id = await an_open_vacancy(db, actor, rule_set=rules)
    await choose(db, actor, vacancy_id, nip)
    await recommend(db, actor, vacancy_id)
    too_late = date(this_year + 1, 9, 1)
    refusal = await refusal_of(decree(db, actor, vacancy_id, too_late))
    assert refusal.code == "vacancy.no_longer_eligible"
    assert [str(oldest) in fault.about["before"]["en"] for fault in refusal.faults].count(True) == 1
    await decree(db, actor, vacancy_id)
    later = at(db, db.now().replace(year=this_year + 1, month=9, day=1))
    refusal = await refusal_of(vacancies.inaugurate_talent(later, officer(actor), vacancy_id, INAUGURATE))
    assert refusal.code == "vacancy.no_longer_eligible"
    await vacancies.inaugurate_talent(db, officer(actor), vacancy_id, INAUGURATE)


async def test_a_committee_is_not_told_the_age_of_who_is_masked(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    [nip] = await some_people(db, actor, tmp_path / "before", 1)
    age = {"code": "age", "field": "age", "comparison": "atMost", "threshold": 56}
    vacancy_id, hr = (
        await an_open_vacancy(db, actor, rule_set=await an_own_rule_set_with(db, actor, age)),
        officer(actor),
    )
    before = await ids_of(db, actor, await rankings.rank_candidates(db, hr, vacancy_id))
    await verify_all(db, actor, vacancy_id, [before[nip]])
    ranking_id = await rankings.rank_candidates(db, hr, vacancy_id)
    older = an_employee(nip, await name_of(db, actor), TANGGAL_LAHIR="21-08-1968")
    await import_files(db, actor, write_folder(tmp_path / "after", [older], {}))
    refusal = await refusal_of(propose(db, member(actor), vacancy_id, ranking_id, [before[nip]]))
    assert [(fault.code, fault.about) for fault in refusal.faults] == [("eligibility.changed_withheld", {})]


async def test_a_committee_is_told_outcomes_and_no_facts_of_who_is_masked(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, order = await a_ranked_vacancy(db, actor, tmp_path / "before", is_masked=True)
    nips = await nips_of(db, actor, ranking_id)
    await sanction(db, actor, tmp_path / "after", nips[order[0]])
    refusal = await refusal_of(propose(db, member(actor), vacancy_id, ranking_id, order[:3]))
    [fault] = refusal.faults
    assert fault.about == {
        "requirement": {
            "id": "Tidak sedang menjalani hukuman disiplin sedang atau berat",
            "en": "Serves no medium or heavy disciplinary sanction",
        },
        "before": sentence("mask.met"),
        "now": sentence("mask.notMet"),
    }


async def test_what_each_step_rested_on_is_frozen_and_shown(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip, _ = await some_people(db, actor, tmp_path / "before", 2)
    vacancy_id = await an_open_vacancy(db, actor)
    await choose(db, actor, vacancy_id, nip)
    await recommend(db, actor, vacancy_id)
    await decree(db, actor, vacancy_id)
    await vacancies.inaugurate_talent(db, officer(actor), vacancy_id, INAUGURATE)
    before = (await shortlist_of(db, member(actor), vacancy_id))["checks"]
    assert [one["state"] for one in before] == ["shortlisted", "decided", "decreed", "effective"]
    planned = (db.today() + timedelta(days=30)).isoformat()
    assert [one["day"] for one in before] == [planned, planned, *[db.today().isoformat()] * 2]
    found = {one["requirement"]: one for one in before[0]["findings"]}
    assert found["sanction"]["found"] == sentence("fact.no_sanction")
    assert (found["health"]["isVerified"], found["education"]["isVerified"]) == (True, False)
    async with db.read_as(actor) as tx:
        told = await tx.execute(text("SELECT payload->'checks' FROM ledger_entry WHERE type = 'vacancyAdvanced'"))
        assert {digest for (digests,) in told for digest in digests} == {one["digest"] for one in before}
    await sanction(db, actor, tmp_path / "after", nip)
    assert (await shortlist_of(db, member(actor), vacancy_id))["checks"] == before
    auditor = somebody(actor, Role.AUDITOR, "auditor")
    seen = {one["requirement"]: one for one in (await shortlist_of(db, auditor, vacancy_id))["checks"][0]["findings"]}
    assert {code for code, one in seen.items() if one["found"] is None} == NARROWED
    with pytest.raises(DBAPIError, match="permission denied"):
        async with db.write_as(actor) as tx:
            await tx.execute(text("UPDATE decision_check SET digest = ''"))


# ── one person, one seat


async def two_shortlists(db: Database, actor: Actor, folder: Path) -> list[tuple[UUID, UUID]]:
    """Two vacancies that the same person is proposed for, and the opaque id in each."""
    [nip] = await some_people(db, actor, folder, 1)
    opened = [await an_open_vacancy(db, actor) for _ in range(2)]
    return [(vacancy_id, await shortlist(db, actor, vacancy_id, nip)) for vacancy_id in opened]


async def test_who_is_chosen_for_one_seat_is_not_chosen_for_another(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    (one, here), (other, there) = await two_shortlists(db, actor, tmp_path)
    await decide(db, authority(actor), one, here)
    assert (await refusal_of(decide(db, authority(actor), other, there))).code == "vacancy.already_chosen"
    await recommend(db, actor, one)
    assert (await refusal_of(decide(db, authority(actor), other, there))).about == {}
    why = CancelVacancy(reason_code=CancellationReason.CHOSEN_UNAVAILABLE, reason="Mengundurkan diri.")
    await vacancies.cancel_vacancy(db, officer(actor), one, why)
    await decide(db, authority(actor), other, there)


async def test_of_two_decisions_about_one_person_at_once_one_counts(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    both = [
        decide(db, authority(actor), vacancy_id, candidate_id)
        for vacancy_id, candidate_id in await two_shortlists(db, actor, tmp_path)
    ]
    answers = await asyncio.gather(*both, return_exceptions=True)
    [refusal] = [one for one in answers if one is not None]
    assert isinstance(refusal, Conflict), refusal
    assert refusal.code == "vacancy.already_chosen"


async def test_a_decree_that_was_overtaken_takes_nobody_out_of_a_newer_seat(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    [nip] = await some_people(db, actor, tmp_path, 1)
    vacancy_id = await an_open_vacancy(db, actor)
    await choose(db, actor, vacancy_id, nip)
    await recommend(db, actor, vacancy_id)
    await decree(db, actor, vacancy_id)
    newer = await a_post(db, actor)
    await let_hold(db, actor, newer, nip, since=db.today() + timedelta(days=1))
    later = at(db, db.now() + timedelta(days=3))
    refusal = await refusal_of(vacancies.inaugurate_talent(later, officer(actor), vacancy_id, INAUGURATE))
    assert refusal.code == "vacancy.newer_seat"


async def test_one_person_fills_one_seat_of_a_post(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    [nip] = await some_people(db, actor, tmp_path, 1)
    post_id = await a_post(db, actor, seats=2)
    one, other = [await an_open_vacancy(db, actor, post_id) for _ in range(2)]
    here, there = [await shortlist(db, actor, vacancy_id, nip) for vacancy_id in (one, other)]
    await decide(db, authority(actor), one, here)
    await recommend(db, actor, one)
    await decree(db, actor, one)
    await vacancies.inaugurate_talent(db, officer(actor), one, INAUGURATE)
    refusal = await refusal_of(decide(db, authority(actor), other, there))
    assert (refusal.code, [(fault.code, fault.where) for fault in refusal.faults]) == (
        "vacancy.holds_post",
        [("vacancy.holds_post", "/candidateId")],
    )


async def test_who_came_to_hold_the_post_otherwise_is_given_no_second_seat(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    [nip] = await some_people(db, actor, tmp_path, 1)
    post_id = await a_post(db, actor, seats=2)
    vacancy_id = await an_open_vacancy(db, actor, post_id)
    await choose(db, actor, vacancy_id, nip)
    await recommend(db, actor, vacancy_id)
    await decree(db, actor, vacancy_id)
    await let_hold(db, actor, post_id, nip, since=db.today() - timedelta(days=1))
    refusal = await refusal_of(vacancies.inaugurate_talent(db, officer(actor), vacancy_id, INAUGURATE))
    assert refusal.code == "vacancy.holds_post"
    async with db.write_as(actor) as tx:
        talent_id = await tx.scalar(text("SELECT id FROM talent WHERE nip = :nip"), {"nip": nip})
        taking = seats._take(tx, actor, post_id, talent_id, vacancy_id, db.today())
        assert (await refusal_of(taking)).code == "vacancy.holds_post"


# ── who may take a step


async def test_a_member_who_can_be_chosen_does_not_propose_and_one_who_is_ruled_out_may(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    [gone, *_] = await some_people(db, actor, tmp_path / "before", 4)
    await sanction(db, actor, tmp_path / "sanction", gone)
    vacancy_id = await a_vacancy_for(db, actor)
    before = await ids_of(db, actor, await rankings.rank_candidates(db, officer(actor), vacancy_id))
    await verify_all(db, actor, vacancy_id, list(before.values()))
    ranking_id = await rankings.rank_candidates(db, officer(actor), vacancy_id)
    order = await in_order(db, actor, ranking_id)
    assert before[gone] not in order, "ineligible"
    for nip in before.keys() - {gone}:
        refusal = await refusal_of(propose(db, member(actor, nip=nip), vacancy_id, ranking_id, order[:1]))
        assert refusal.code == "shortlist.oneself"
    await propose(db, member(actor, nip=gone), vacancy_id, ranking_id, order)


async def test_who_was_restricted_after_the_ranking_is_owed_no_reason_and_not_proposed(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, order = await a_ranked_vacancy(db, actor, tmp_path)
    await restrict(db, talent(actor, (await nips_of(db, actor, ranking_id))[order[0]]))
    refusal = await refusal_of(propose(db, member(actor), vacancy_id, ranking_id, order[:3]))
    assert (refusal.code, [(fault.code, fault.where) for fault in refusal.faults]) == (
        "vacancy.talent_gone",
        [("vacancy.talent_gone", "/candidates/0")],
    )
    await propose(db, member(actor), vacancy_id, ranking_id, order[1:])


async def test_nobody_records_what_is_about_themselves(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    [nip] = await some_people(db, actor, tmp_path, 1)
    vacancy_id = await an_open_vacancy(db, actor)
    await choose(db, actor, vacancy_id, nip)
    oneself = Actor(actor.institution_id, Role.HR_OFFICER, "chosen", nip)
    letter = vacancies.RecordRecommendation(number="1", recommended_on=db.today())
    with pytest.raises(Forbidden, match=r"shortlist\.oneself"):
        await vacancies.record_recommendation(db, oneself, vacancy_id, letter)
    await recommend(db, actor, vacancy_id)
    paper = vacancies.RecordDecree(number="1", decreed_on=db.today(), effective_on=db.today())
    with pytest.raises(Forbidden, match=r"shortlist\.oneself"):
        await vacancies.record_decree(db, oneself, vacancy_id, paper)
    await decree(db, actor, vacancy_id)
    with pytest.raises(Forbidden, match=r"shortlist\.oneself"):
        await vacancies.inaugurate_talent(db, oneself, vacancy_id, INAUGURATE)


# ── what those considered are told


async def standings(db: Database, actor: Actor, nip: str, reader: Actor | None = None) -> list[dict[str, Any]]:
    page = json.loads(await candidates.talent_rankings_page(db, reader or talent(actor, nip), nip))
    return [edge["node"] for edge in page["edges"]]


async def test_those_considered_read_what_became_of_them_from_the_decree_on(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, order = await a_ranked_vacancy(db, actor, tmp_path, count=5)
    nips = await nips_of(db, actor, ranking_id)
    places = [order[1], order[2], order[3]]
    proposal = a_proposal(ranking_id, places, **{f"_{order[0].hex}": "neededInPost"})
    await shortlists.propose_shortlist(db, member(actor), vacancy_id, proposal)
    await decide(db, authority(actor), vacancy_id, places[1], reasonCode="interview")
    await recommend(db, actor, vacancy_id)
    for one in order:
        assert await standings(db, actor, nips[one]) == []
    await decree(db, actor, vacancy_id)

    async def told(one: UUID) -> dict[str, Any]:
        newest, *_ = await standings(db, actor, nips[one])
        return newest["vacancyOutcome"]

    passed, before, chosen, after, none = [await told(one) for one in order]
    assert passed["passedOver"] == {
        "reasonCode": "neededInPost",
        "label": sentence("passing.neededInPost"),
        "reason": None,
    }
    assert (passed["place"], passed["isChosen"], passed["choice"]) == (None, False, None)
    assert (before["place"], before["choice"]["reasonCode"], before["passedOver"]) == (1, "interview", None)
    assert (chosen["place"], chosen["isChosen"], chosen["choice"]) == (2, True, None)
    assert (after["place"], after["isChosen"], after["choice"]) == (3, False, None)
    assert (none["place"], none["passedOver"], none["decreedOn"]) == (None, None, db.today().isoformat())

    auditor = somebody(actor, Role.AUDITOR, "auditor")
    for one in order[:2]:
        newest, *_ = await standings(db, actor, nips[one], auditor)
        assert (newest["vacancyOutcome"]["passedOver"], newest["vacancyOutcome"]["choice"]) == (None, None)
        assert {"vacancyOutcome.passedOver", "vacancyOutcome.choice"} <= set(newest["withheld"])
    async with db.read_as(actor) as tx:
        asked = text("SELECT payload::text FROM ledger_entry WHERE type IN ('shortlistProposed', 'vacancyDecided')")
        ledger = list(await tx.scalars(asked))
    assert (len(ledger), [word in "".join(ledger) for word in ("neededInPost", "interview", str(order[0]))]) == (
        2,
        [False, False, True],
    )


async def test_an_export_tells_of_a_selection_that_runs_and_of_its_result_once_it_is_public(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    [nip] = await some_people(db, actor, tmp_path, 1)
    vacancy_id = await an_open_vacancy(db, actor)
    found = await ids_of(db, actor, await rankings.rank_candidates(db, officer(actor), vacancy_id))
    score = GiveTechnicalScore.model_validate({"score": "80", "source": "Berita acara"})
    await verifications.give_technical_score(db, officer(actor), vacancy_id, found[nip], score)
    seen = VerifyRequirement(is_met=True, document="Surat dokter 1/2026")
    await verifications.verify_requirement(db, officer(actor), vacancy_id, found[nip], "health", seen)
    await choose(db, actor, vacancy_id, nip)
    notice = Notice("PPDP", "/v1/access-export.html")

    async def export() -> dict[str, Any]:
        return json.loads(await access_exports.export_own_data(db, talent(actor, nip), notice))

    async with db.read_as(actor) as tx:
        ids = {str(one) for one in await tx.scalars(text("SELECT candidate_id FROM ranking_candidate"))}
    assert len(ids) == 1, "one opaque id in all three runs"
    runs = await export()
    assert [one for one in ids if one in json.dumps(runs)] == []
    assert [runs[name] for name in ("verifications", "technicalScores")] == [[], []]
    assert {one["isClosed"] for one in runs["rankings"]} == {False}
    assert {tuple(one["facts"]) for one in runs["rankings"]} == {("candidate",)}
    assert {(one["position"], one["outcome"], one["total"], one["verdicts"]) for one in runs["rankings"]} == {
        (None, None, None, None)
    }
    assert all(one["facts"]["candidate"]["born_on"] == "1980-08-21" for one in runs["rankings"])
    assert [runs[name] for name in ("shortlists", "decisions", "decisionChecks", "appointments")] == [[], [], [], []]
    about = {"vacancyDecided", "requirementVerified", "technicalScoreGiven"}
    assert about & {entry["type"] for entry in runs["ledger"]} == set()
    await recommend(db, actor, vacancy_id)
    await decree(db, actor, vacancy_id)
    public = await export()
    jsonschema_rs.Draft202012Validator(schema_of(ACCESS_EXPORT.fields), validate_formats=True).validate(public)
    assert 1 in {one["position"] for one in public["rankings"]}
    assert [one["place"] for one in public["shortlists"]] == [1]
    assert {one["state"] for one in public["decisionChecks"]} == {"shortlisted", "decided", "decreed"}
    assert [one["id"] for one in public["appointments"]] == [str(vacancy_id)]
    assert about <= {entry["type"] for entry in public["ledger"]}
    assert len(public["technicalScores"]) == 1
    assert {one["documentSeen"] for one in public["verifications"]} >= {"Surat dokter 1/2026"}
    assert all(one in json.dumps(public) for one in ids)


async def test_who_was_found_eligible_reads_why_a_vacancy_was_given_up(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip, other = await some_people(db, actor, tmp_path, 2)
    vacancy_id = await an_open_vacancy(db, actor)
    await shortlist(db, actor, vacancy_id, nip)
    why = CancelVacancy(reason_code=CancellationReason.PROCEDURE, reason="Uji teknis harus diulang.")
    await vacancies.cancel_vacancy(db, officer(actor), vacancy_id, why)
    newest, *_ = await standings(db, actor, nip)
    assert newest["state"] == "cancelled"
    assert newest["vacancyOutcome"]["cancellation"] == {
        "cancelledOn": db.today().isoformat(),
        "reasonCode": "procedure",
        "label": sentence("cancellation.procedure"),
        "reason": "Uji teknis harus diulang.",
    }
    assert await standings(db, actor, other) == [], "still to be verified"
    assert await standings(db, actor, nip, member(actor)), "names were told with the shortlist"


async def test_a_masked_vacancy_that_is_cancelled_tells_a_committee_of_nobody(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, order = await a_ranked_vacancy(db, actor, tmp_path, is_masked=True)
    nip = (await nips_of(db, actor, ranking_id))[order[0]]
    why = CancelVacancy(reason_code=CancellationReason.PROCEDURE, reason="Uji teknis harus diulang.")
    await vacancies.cancel_vacancy(db, officer(actor), vacancy_id, why)
    others = [member(actor), authority(actor), member(actor, nip="198008212005011999")]
    for reader in others:
        assert await standings(db, actor, nip, reader) == []
        refusal = await refusal_of(candidates.talent_ranking_document(db, reader, nip, ranking_id))
        assert refusal.code == "candidate.not_considered"
    for reader in (talent(actor, nip), member(actor, nip=nip), officer(actor)):
        assert [one["state"] for one in await standings(db, actor, nip, reader)] == ["cancelled"]
        own = json.loads(await candidates.talent_ranking_document(db, reader, nip, ranking_id))
        assert own["candidateId"] == str(order[0])


async def test_those_passed_over_together_read_the_reason_for_all_and_are_counted(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    people = await some_people(db, actor, tmp_path, 7)
    vacancy_id = await a_vacancy_for(db, actor)
    await choose(db, actor, vacancy_id, people[0])
    document = await shortlist_of(db, member(actor), vacancy_id)
    assert (document["passedOver"], document["passedOverTogether"]) == (
        [],
        [
            {
                "who": "toVerify",
                "people": 6,
                "reasonCode": "unknownPoints",
                "label": sentence("passing.unknownPoints"),
                "reason": None,
            }
        ],
    )
    seen = await shortlist_of(db, somebody(actor, Role.AUDITOR, "auditor"), vacancy_id)
    none = {"reasonCode": None, "label": None, "reason": None}
    assert seen["passedOverTogether"] == [{"who": "toVerify", "people": 6, **none}]
    counts = json.loads(await shortlists.passing_reasons_document(db, member(actor)))["reasons"]
    assert {one["code"]: one["byCommittee"] for one in counts}["unknownPoints"] == 6
    await recommend(db, actor, vacancy_id)
    await decree(db, actor, vacancy_id)
    newest, *_ = await standings(db, actor, people[1])
    assert newest["vacancyOutcome"]["passedOver"]["reasonCode"] == "unknownPoints"
    own, *_ = await standings(db, actor, people[0])
    assert (own["vacancyOutcome"]["passedOver"], own["vacancyOutcome"]["isChosen"]) == (None, True)
