"""Rankings: everybody is considered, every point explained, ties are drawn, and made again they are the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app.db.database import Database
from app.db.migrations import RULE_SETS
from app.domain.actors import Actor, Role
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.messages import day_in_words
from app.domain.ranking import candidate_id, tie_break
from app.services import candidates, rankings, receipts, rule_sets, vacancies, verifications
from app.services.candidates import RankedCandidateFilter
from app.services.rule_sets import PublishRuleSet
from app.services.vacancies import CancelVacancy
from app.services.verifications import GiveTechnicalScore, VerifyRequirement
from tests.cycles import authority, member, somebody
from tests.factories import an_institution, officer, rows_of, talent
from tests.rankings import (
    NARROWED,
    TO_VERIFY,
    a_vacancy_for,
    give_scores,
    ids_of,
    ranked,
    ranking_of,
    some_people,
    tamper,
    verify_all,
    why,
)
from tests.shortlists import decide, in_order, propose
from tests.vacancies import a_post, an_open_vacancy, decree, recommend


def auditor(actor: Actor) -> Actor:
    return somebody(actor, Role.AUDITOR, "auditor")


async def an_order(db: Database, actor: Actor, folder: Path, **but: object) -> tuple[UUID, UUID, dict[str, UUID]]:
    """Three people alike, everything verified, ranked: the vacancy, the ranking, and their ids by NIP."""
    await some_people(db, actor, folder)
    vacancy_id = await a_vacancy_for(db, actor, **but)
    before = await rankings.rank_candidates(db, officer(actor), vacancy_id)
    ids = await ids_of(db, actor, before)
    await verify_all(db, actor, vacancy_id, list(ids.values()))
    return vacancy_id, await rankings.rank_candidates(db, officer(actor), vacancy_id), ids


async def a_vacancy_under(db: Database, actor: Actor, weights: dict[str, int]) -> UUID:
    """An open vacancy of pengawas under a rule set of its own, with these criteria."""
    shipped = json.loads((RULE_SETS / "pp-11-2017-pengawas-v2.json").read_text(encoding="utf-8"))
    known = {one["kind"]: one for one in shipped["criteria"]}
    service = {**shipped["criteria"][0], "code": "service", "kind": "service", "full": 360}
    criteria = [{**known.get(kind, service), "weight": weight} for kind, weight in weights.items()]
    document = {**shipped, "code": f"uji-{'-'.join(weights).lower()}", "criteria": criteria}
    command = PublishRuleSet.model_validate({"basedOn": {"code": shipped["code"], "version": 2}, "document": document})
    await rule_sets.publish_rule_set(db, officer(actor), command)
    return await a_vacancy_for(db, actor)


# ── everybody is considered


async def test_what_no_evidence_decides_waits_for_a_document_and_counts_from_the_next_ranking(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    await some_people(db, actor, tmp_path)
    vacancy_id = await a_vacancy_for(db, actor)
    first = await rankings.rank_candidates(db, officer(actor), vacancy_id)
    people = await ranked(db, officer(actor), first)
    assert [(one["outcome"], one["position"], one["lacking"]) for one in people] == [
        ("needsVerification", None, [*TO_VERIFY])
    ] * 3
    await verify_all(db, actor, vacancy_id, [UUID(people[0]["candidateId"])])
    second = await rankings.rank_candidates(db, officer(actor), vacancy_id)
    told = await ranking_of(db, actor, second)
    assert [told[name] for name in ("considered", "eligible", "toVerify", "ineligible")] == [3, 1, 2, 0]
    assert (await ranked(db, officer(actor), second))[0]["candidateId"] == people[0]["candidateId"]
    assert await ranked(db, officer(actor), first) == people  # what was found stays found


async def test_who_holds_a_seat_of_the_post_is_no_candidate_for_another_one_of_it(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    holder, *others = await some_people(db, actor, tmp_path)
    post = await a_post(db, actor, [holder], level="pengawas", seats=2)
    ranking_id = await rankings.rank_candidates(db, officer(actor), await an_open_vacancy(db, actor, post))
    assert set(await ids_of(db, actor, ranking_id)) == set(others)
    assert (await ranking_of(db, actor, ranking_id))["holders"] == 1


async def test_parts_add_up_to_the_total_and_each_says_why(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    _, ranking_id, ids = await an_order(db, actor, tmp_path)
    one = await why(db, officer(actor), ranking_id, next(iter(ids.values())))
    assert sum(part["points"] for part in one["parts"]) == pytest.approx(one["total"], abs=1e-9)
    assert all(part["explanation"]["because"]["id"] for part in one["parts"])
    assert all(verdict["outcome"] == "met" for verdict in one["verdicts"])
    by_code = {verdict["requirement"]["code"]: verdict for verdict in one["verdicts"]}
    assert by_code["health"]["explanation"]["isVerified"]
    today = day_in_words(db.today())
    assert by_code["health"]["explanation"]["found"] == {
        "id": (
            "Sudah dilihat: Surat keterangan sehat dari dokter atau rumah sakit. "
            f"Dokumennya dilihat pada {today['id']} oleh pengelola kepegawaian."
        ),
        "en": (
            "Seen: A certificate of health of a doctor or hospital. "
            f"The document was seen on {today['en']} by an HR officer."
        ),
    }
    assert not by_code["education"]["explanation"]["isVerified"]
    assert one["counterfactual"]["eligible"]["isReached"]


async def test_what_is_unknown_is_not_zero(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, _, ids = await an_order(db, actor, tmp_path)
    worst, best, unknown = ids.values()
    await give_scores(db, actor, vacancy_id, {worst: "60.000001", best: "81.25"})
    ranking_id = await rankings.rank_candidates(db, officer(actor), vacancy_id)
    people = await ranked(db, officer(actor), ranking_id)
    assert [UUID(one["candidateId"]) for one in people] == [best, worst, unknown]
    assert [one["position"] for one in people] == [1, 2, None]
    assert people[2]["total"] is None
    assert people[2]["highest"] - people[2]["lowest"] == pytest.approx(30)
    assert "technicalScore" in (await ranking_of(db, actor, ranking_id))["criteriaInUse"]
    [part] = [
        part
        for part in (await why(db, officer(actor), ranking_id, worst))["parts"]
        if part["criterion"]["kind"] == "technicalScore"
    ]
    assert part["points"] == 18  # 30 times 60.000001 of a hundred, rounded down to the millionth
    assert part["explanation"]["found"] == 60_000_001


async def test_nobody_is_ordered_by_seniority_while_the_criteria_that_outweigh_it_are_out_of_use(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    await some_people(db, actor, tmp_path, 1)
    waiting = await a_vacancy_under(db, actor, {"technicalScore": 80, "service": 20})
    [first] = await ranked(db, officer(actor), await rankings.rank_candidates(db, officer(actor), waiting))
    assert (first["position"], first["total"]) == (None, None), "a score is missing"
    await give_scores(db, actor, waiting, {UUID(first["candidateId"]): "60"})
    [scored] = await ranked(db, officer(actor), await rankings.rank_candidates(db, officer(actor), waiting))
    assert scored["total"] is not None
    without = await a_vacancy_under(db, actor, {"priorityProgramme": 80, "service": 20})
    with pytest.raises(Conflict) as refused:
        await rankings.rank_candidates(db, officer(actor), without)
    assert (refused.value.code, refused.value.about["share"]) == ("ranking.seniority", 20)


async def test_who_is_ruled_out_is_given_no_score(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, _, ids = await an_order(db, actor, tmp_path)
    out, other, _ = ids.values()
    seen = VerifyRequirement(is_met=False, document="Surat keterangan 12/2026")
    await verifications.verify_requirement(db, officer(actor), vacancy_id, out, "integrity", seen)
    ranking_id = await rankings.rank_candidates(db, officer(actor), vacancy_id)
    score = GiveTechnicalScore.model_validate({"score": "80", "source": "Berita acara"})
    with pytest.raises(Conflict, match=r"technical_score\.ruled_out"):
        await verifications.give_technical_score(db, officer(actor), vacancy_id, out, score)
    with pytest.raises(Invalid) as several:
        await give_scores(db, actor, vacancy_id, {other: "80", out: "70"})
    assert [(one.code, one.where) for one in several.value.faults] == [("technical_score.ruled_out", "/scores/1")]
    assert "technicalScore" not in (await ranking_of(db, actor, ranking_id))["criteriaInUse"]


async def test_an_empty_map_is_refused(db: Database) -> None:
    actor = await an_institution(db)
    with pytest.raises(Conflict, match=r"ranking\.nobody"):
        await rankings.rank_candidates(db, officer(actor), await a_vacancy_for(db, actor))


# ── the order


async def test_equal_totals_are_decided_by_lot_and_by_nothing_else(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, ids = await an_order(db, actor, tmp_path)
    [row] = await rows_of(db, actor, "SELECT seed FROM vacancy WHERE id = $1", vacancy_id)
    people = await ranked(db, officer(actor), ranking_id)
    assert len({one["total"] for one in people}) == 1
    talents = await rows_of(db, actor, "SELECT id FROM talent")
    assert {candidate_id(row["seed"], one["id"]) for one in talents} == set(ids.values())
    lots = {str(one): tie_break(row["seed"], one) for one in ids.values()}
    assert [one["candidateId"] for one in people] == sorted(lots, key=lots.__getitem__)
    assert [one["tieBreak"] for one in people] == sorted(lots.values())
    told = await ranking_of(db, actor, ranking_id)
    assert told["stability"]["kept"] == told["stability"]["weightings"]  # alike under every weighting: the lot decides
    assert told["seed"] is None
    await propose(db, member(actor), vacancy_id, ranking_id, await in_order(db, actor, ranking_id))
    assert (await ranking_of(db, actor, ranking_id))["seed"] == row["seed"].hex()


async def test_the_list_is_paged_and_filtered(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, _, ids = await an_order(db, actor, tmp_path)
    one = next(iter(ids.values()))
    command = VerifyRequirement(is_met=False, document="Surat keterangan 12/2026")
    await verifications.verify_requirement(db, officer(actor), vacancy_id, one, "integrity", command)
    ranking_id = await rankings.rank_candidates(db, officer(actor), vacancy_id)
    page = json.loads(await candidates.ranked_candidates_page(db, officer(actor), ranking_id, first=2))
    rest = await ranked(db, officer(actor), ranking_id, after=page["pageInfo"]["endCursor"])
    assert [(UUID(node["candidateId"]), node["outcome"]) for node in rest] == [(one, "ineligible")]
    for chosen in ({"outcome": "ineligible"}, {"requirement": "integrity"}):
        found = await ranked(db, officer(actor), ranking_id, chosen=RankedCandidateFilter.model_validate(chosen))
        assert [UUID(node["candidateId"]) for node in found] == [one]


async def test_proceedings_and_health_stand_in_the_lists_of_those_who_may_know_of_them(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    await some_people(db, actor, tmp_path)
    vacancy_id = await a_vacancy_for(db, actor, is_masked=False)
    one, *_ = (await ids_of(db, actor, await rankings.rank_candidates(db, officer(actor), vacancy_id))).values()
    await verify_all(db, actor, vacancy_id, [one])
    examined = VerifyRequirement(is_met=False, document="Surat inspektorat 12/2026")
    await verifications.verify_requirement(db, officer(actor), vacancy_id, one, "noProceedings", examined)
    ranking_id = await rankings.rank_candidates(db, officer(actor), vacancy_id)
    unseen = {"health", "noProceedings"}
    for who, is_told in ((officer(actor), True), (auditor(actor), False)):
        by_id = {UUID(told["candidateId"]): told for told in await ranked(db, who, ranking_id)}
        others = [told["lacking"] for key, told in by_id.items() if key != one]
        assert (by_id[one]["outcome"], by_id[one]["lacking"]) == ("ineligible", ["noProceedings"] if is_told else [])
        assert all({*lacking} & NARROWED == (unseen if is_told else set()) for lacking in others)
        assert all("integrity" in lacking for lacking in others)
        assert ("lacking" in by_id[one]["withheld"]) is not is_told
        for code in unseen if is_told else ():
            assert await ranked(db, who, ranking_id, chosen=RankedCandidateFilter(requirement=code))
        for code in ("none", *(() if is_told else unseen)):
            with pytest.raises(Invalid) as refusal:
                await ranked(db, who, ranking_id, chosen=RankedCandidateFilter(requirement=code))
            [fault] = refusal.value.faults
            assert (fault.code, fault.where) == ("ranking.requirement_not_told", "requirement")
        assert await ranked(db, who, ranking_id, chosen=RankedCandidateFilter(requirement="integrity"))
    told = await why(db, auditor(actor), ranking_id, one)
    assert told["counterfactual"]["eligible"] is None  # it would name the requirement in the way
    assert (await why(db, officer(actor), ranking_id, one))["counterfactual"]["eligible"] is not None
    said = json.loads(await verifications.verification_document(db, auditor(actor), vacancy_id, one, "noProceedings"))
    assert (said["isMet"], said["document"]) == (None, None)


# ── made again


async def test_a_ranking_made_again_by_the_plain_rules_has_the_same_bytes(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, _, ids = await an_order(db, actor, tmp_path)
    await give_scores(db, actor, vacancy_id, {next(iter(ids.values())): "70"})
    ranking_id = await rankings.rank_candidates(db, officer(actor), vacancy_id)
    await some_people(db, actor, tmp_path / "later")  # what came to be known since is nothing to it
    await rankings.recompute_ranking(db, auditor(actor), ranking_id)
    told = await ranking_of(db, actor, ranking_id)
    [again] = told["recomputations"]
    assert again["digest"] == told["digest"]
    assert (again["isSame"], again["people"], again["differences"]) == (True, 0, [])


CHANGES = {
    "facts": "facts = jsonb_set(facts::jsonb, '{candidate,job_family}', '\"x\"')::json",
    "parts": "facts = jsonb_set(facts::jsonb, '{candidate,training_hours}', '1')::json",
    "unreadable": "facts = '{}'",
    "total": "total = total + 1",
    "verdicts": "verdicts[1] = false",
    "position": "position = 7",
    "outcome": "outcome = 'ineligible'",
    "lacking": "lacking = '{health}'",
}


@pytest.mark.parametrize("what", CHANGES)
async def test_a_changed_stored_byte_is_found(db: Database, database_name: str, tmp_path: Path, what: str) -> None:
    actor = await an_institution(db)
    _, ranking_id, ids = await an_order(db, actor, tmp_path)
    victim = next(iter(ids.values()))
    of_victim = f"WHERE ranking_id = '{ranking_id}' AND candidate_id = '{victim}'"
    await tamper(database_name, f"UPDATE ranking_candidate SET {CHANGES[what]} {of_victim}")  # noqa: S608 - our own words
    await rankings.recompute_ranking(db, auditor(actor), ranking_id)
    [again] = (await ranking_of(db, actor, ranking_id))["recomputations"]
    assert not again["isSame"]
    different = {UUID(one["candidateId"]): one["what"] for one in again["differences"]}
    assert ("facts" if what == "unreadable" else what) in different[victim]
    assert again["people"] == len(different)
    assert all(found == ["position"] for one, found in different.items() if one != victim)  # others move with somebody


async def test_an_id_that_a_ranking_of_before_gave_still_means_its_person(
    db: Database, database_name: str, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, ids = await an_order(db, actor, tmp_path)
    before, now = uuid4(), next(iter(ids.values()))
    of_one = f"WHERE ranking_id = '{ranking_id}' AND candidate_id = '{now}'"
    await tamper(database_name, f"UPDATE ranking_candidate SET candidate_id = '{before}' {of_one}")  # noqa: S608 - our own words
    seen = VerifyRequirement(is_met=False, document="Surat keterangan 12/2026")
    await verifications.verify_requirement(db, officer(actor), vacancy_id, before, "integrity", seen)
    await rankings.rank_candidates(db, officer(actor), vacancy_id)
    for one in (before, now):
        found = await verifications.verification_document(db, officer(actor), vacancy_id, one, "integrity")
        assert json.loads(found)["candidateId"] == str(now)
    page = json.loads(await verifications.verifications_page(db, officer(actor), vacancy_id))
    listed = [(edge["node"]["candidateId"], edge["node"]["requirement"]) for edge in page["edges"]]
    assert len(listed) == len(set(listed)), "nobody is listed once for each ranking"


@pytest.mark.parametrize("change", ["eligible = eligible + 1", "findings = findings || '{\"stability\": null}'"])
async def test_changed_counts_and_findings_of_a_run_are_found(
    db: Database, database_name: str, tmp_path: Path, change: str
) -> None:
    actor = await an_institution(db)
    _, ranking_id, _ = await an_order(db, actor, tmp_path)
    await tamper(database_name, f"UPDATE ranking SET {change} WHERE id = '{ranking_id}'")  # noqa: S608 - our own words
    for _ in range(21):
        await rankings.recompute_ranking(db, auditor(actor), ranking_id)
    told = await ranking_of(db, actor, ranking_id)
    assert not any(one["isSame"] for one in told["recomputations"])
    assert (told["recomputationCount"], len(told["recomputations"])) == (21, 20)


# ── what documents show


async def test_no_document_overrules_what_the_evidence_decides(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, _, ids = await an_order(db, actor, tmp_path)
    one, command = next(iter(ids.values())), VerifyRequirement(is_met=False, document="Surat kaleng")
    with pytest.raises(Conflict, match=r"verification\.decided") as refused:
        await verifications.verify_requirement(db, officer(actor), vacancy_id, one, "education", command)
    assert "S2" in refused.value.detail["id"]
    with pytest.raises(NotFound, match=r"verification\.no_requirement"):
        await verifications.verify_requirement(db, officer(actor), vacancy_id, one, "sex", command)
    with pytest.raises(NotFound, match=r"candidate\.not_found"):
        await verifications.verify_requirement(db, officer(actor), vacancy_id, uuid4(), "health", command)


async def test_nobody_says_what_documents_show_about_themselves(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, _, ids = await an_order(db, actor, tmp_path)
    (nip, one), *_ = ids.items()
    command = VerifyRequirement(is_met=True, document="Surat dokter")
    with pytest.raises(Forbidden, match=r"verification\.oneself"):
        await verifications.verify_requirement(db, replace(officer(actor), nip=nip), vacancy_id, one, "health", command)


async def test_who_is_a_candidate_neither_ranks_nor_judges_rivals_nor_gives_the_vacancy_up(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    vacancy_id, _, ids = await an_order(db, actor, tmp_path)
    (nip, own), (_, rival), *_ = ids.items()
    candidate = replace(officer(actor), nip=nip)
    seen = VerifyRequirement(is_met=False, document="Surat dokter")
    given_up = CancelVacancy.model_validate({"reasonCode": "other", "reason": "Tidak jadi diisi tahun ini."})
    for attempt in (
        verifications.verify_requirement(db, candidate, vacancy_id, rival, "health", seen),
        rankings.rank_candidates(db, candidate, vacancy_id),
        vacancies.cancel_vacancy(db, candidate, vacancy_id, given_up),
    ):
        with pytest.raises(Forbidden, match=r"shortlist\.oneself"):
            await attempt
    await verifications.verify_requirement(db, officer(actor), vacancy_id, own, "health", seen)
    await rankings.rank_candidates(db, officer(actor), vacancy_id)
    await rankings.rank_candidates(db, candidate, vacancy_id)  # who is ineligible by now has no rivals


async def test_many_are_taken_all_or_none_with_every_fault_at_its_place(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, _, ids = await an_order(db, actor, tmp_path)
    one, *_ = ids.values()
    with pytest.raises(Invalid) as refused:
        await give_scores(db, actor, vacancy_id, {one: "50", uuid4(): "60", uuid4(): "70"})
    assert [fault.where for fault in refused.value.faults] == ["/scores/1", "/scores/2"]
    told = json.loads(await verifications.recorded_document(db, officer(actor), vacancy_id))
    assert (told["verifications"], told["technicalScores"]) == (3 * len(TO_VERIFY), 0)


async def test_nothing_is_put_on_record_after_the_shortlist(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, ids = await an_order(db, actor, tmp_path)
    one = next(iter(ids.values()))
    await propose(db, member(actor), vacancy_id, ranking_id, await in_order(db, actor, ranking_id))
    score = GiveTechnicalScore.model_validate({"score": "90", "source": "Berita acara"})
    with pytest.raises(Conflict, match=r"vacancy\.state"):
        await verifications.give_technical_score(db, officer(actor), vacancy_id, one, score)
    with pytest.raises(Conflict, match=r"vacancy\.state"):
        await rankings.rank_candidates(db, officer(actor), vacancy_id)


async def test_a_committee_neither_ranks_nor_verifies(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, _, ids = await an_order(db, actor, tmp_path)
    command = VerifyRequirement(is_met=True, document="Surat keterangan")
    with pytest.raises(Forbidden):
        await rankings.rank_candidates(db, member(actor), vacancy_id)
    with pytest.raises(Forbidden):
        await verifications.verify_requirement(
            db, member(actor), vacancy_id, next(iter(ids.values())), "health", command
        )


# ── who sees what


async def test_a_masked_candidate_has_no_name_until_the_shortlist(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, ids = await an_order(db, actor, tmp_path, is_masked=True)
    nip, one = next(iter(ids.items()))
    assert all(person["talent"] is None for person in await ranked(db, member(actor), ranking_id))
    assert {person["talent"]["nip"] for person in await ranked(db, officer(actor), ranking_id)} == set(ids)
    masked = await why(db, member(actor), ranking_id, one)
    assert masked["talent"] is None
    assert "talent" in masked["withheld"]
    assert nip not in json.dumps(masked)
    assert await receipts_of(db, actor, nip) == []  # whoever read them would know who it was
    await why(db, officer(actor), ranking_id, one)
    assert await receipts_of(db, actor, nip) == ["officer"]
    await propose(db, member(actor), vacancy_id, ranking_id, await in_order(db, actor, ranking_id))
    assert (await why(db, member(actor), ranking_id, one))["talent"]["nip"] == nip
    assert await receipts_of(db, actor, nip) == ["member", "officer"]


async def receipts_of(db: Database, actor: Actor, nip: str) -> list[str]:
    """Who has a receipt of a look at an explanation of somebody's."""
    page = json.loads(await receipts.talent_receipts_page(db, auditor(actor), nip))
    return sorted(edge["node"]["by"] for edge in page["edges"] if edge["node"]["document"] == "CandidateExplanation")


async def test_sanctions_and_assessments_are_withheld_from_who_may_not_see_them(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    _, ranking_id, ids = await an_order(db, actor, tmp_path, is_masked=False)
    seen = await why(db, auditor(actor), ranking_id, next(iter(ids.values())))
    kept = {one["requirement"]["code"] for one in seen["verdicts"] if one["outcome"] is None}
    assert kept == NARROWED
    assert {one["requirement"]["code"] for one in seen["verdicts"] if one["explanation"] is None} == kept
    assert [one["criterion"]["kind"] for one in seen["parts"] if one["points"] is None] == ["competenceFit"]
    assert {"verdicts.outcome", "verdicts.explanation", "parts.points", "parts.explanation"} <= set(seen["withheld"])
    # a sum less the other parts would be the part for competencies
    [listed, *_] = await ranked(db, auditor(actor), ranking_id)
    for document in (seen, listed):
        assert [document[name] for name in ("total", "lowest", "highest")] == [None] * 3
        assert {"total", "lowest", "highest"} <= set(document["withheld"])
        assert document["outcome"] == "eligible"
    assert listed["position"] == 1


async def test_talents_read_all_about_themselves_once_it_is_decreed_and_nothing_about_others(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, ids = await an_order(db, actor, tmp_path)
    (nip, one), (other, _), _ = ids.items()
    oneself = talent(actor, nip)
    assert await own(db, oneself, nip) == []
    with pytest.raises(NotFound):
        await candidates.talent_ranking_document(db, oneself, nip, ranking_id)
    await propose(db, member(actor), vacancy_id, ranking_id, await in_order(db, actor, ranking_id))
    await decide(db, authority(actor), vacancy_id, (await in_order(db, actor, ranking_id))[0])
    assert await own(db, oneself, nip) == []
    await recommend(db, actor, vacancy_id)
    await decree(db, actor, vacancy_id)
    newest, earlier = await own(db, oneself, nip)
    assert UUID(newest["rankingId"]) == ranking_id
    assert {"health", "noProceedings"} <= {*earlier["lacking"]}
    assert [one["withheld"] for one in (newest, earlier)] == [[], []]
    also_auditor = replace(auditor(actor), nip=nip, other_roles=frozenset({Role.TALENT}))
    assert await own(db, also_auditor, nip) == [newest, earlier]
    others = await own(db, also_auditor, other)
    assert all("lacking" in one["withheld"] for one in others)
    assert not {"health", "noProceedings"} & {*others[1]["lacking"]}
    seen = json.loads(await candidates.talent_ranking_document(db, oneself, nip, ranking_id))
    assert UUID(seen["candidateId"]) == one
    assert seen["withheld"] == []
    assert all(verdict["explanation"] for verdict in seen["verdicts"])
    assert other not in json.dumps(seen)
    with pytest.raises(NotFound):
        await candidates.talent_ranking_document(db, oneself, other, ranking_id)
    with pytest.raises(NotFound, match=r"talent\.not_found"):
        await own(db, oneself, other)
    with pytest.raises(Forbidden):
        await candidates.candidate_explanation_document(db, oneself, ranking_id, one)


async def own(db: Database, reader: Actor, nip: str) -> list[dict[str, str]]:
    page = json.loads(await candidates.talent_rankings_page(db, reader, nip))
    return [edge["node"] for edge in page["edges"]]


async def test_another_institution_finds_nothing(db: Database, tmp_path: Path) -> None:
    actor, stranger = await an_institution(db), officer(await an_institution(db))
    vacancy_id, ranking_id, ids = await an_order(db, actor, tmp_path)
    one = next(iter(ids.values()))
    with pytest.raises(NotFound):
        await rankings.ranking_document(db, stranger, ranking_id)
    with pytest.raises(NotFound):
        await rankings.recompute_ranking(db, stranger, ranking_id)
    with pytest.raises(NotFound):
        await candidates.candidate_explanation_document(db, stranger, ranking_id, one)
    with pytest.raises(NotFound):
        await rankings.rank_candidates(db, stranger, vacancy_id)
    with pytest.raises(NotFound, match=r"ranking\.not_found"):
        await ranked(db, stranger, ranking_id)
