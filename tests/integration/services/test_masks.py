"""Masked candidates: an id for one vacancy, nothing that could be looked up among all talents, no second hat."""

from __future__ import annotations

import hmac
import json
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.db import locks
from app.db.database import Database
from app.db.migrations import RULE_SETS
from app.db.tables.institutions import InstitutionRow
from app.domain.actors import Actor, Role
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.services import candidates, rankings, rule_sets, shortlists, verifications
from app.services.candidates import RankedCandidateFilter
from app.services.rule_sets import PublishRuleSet
from app.services.verifications import GiveTechnicalScore, VerifyRequirement
from tests.cycles import authority, evidence_of, member, somebody
from tests.factories import (
    a_nip,
    an_employee,
    an_institution,
    import_files,
    name_of,
    officer,
    rows_of,
    talent,
    write_folder,
)
from tests.rankings import a_vacancy_for, give_scores, ids_of, ranked, some_people, why
from tests.rights import restrict
from tests.shortlists import a_proposal, a_ranked_vacancy, decide, in_order, propose, shortlist_of
from tests.vacancies import a_post, an_open_vacancy

PENGAWAS, AGED = "pp-11-2017-pengawas", {"code": "age", "kind": "age", "weight": 5, "full": 60}


async def rank(db: Database, actor: Actor, vacancy_id: UUID) -> UUID:
    return await rankings.rank_candidates(db, officer(actor), vacancy_id)


async def let_age_count(db: Database, actor: Actor) -> None:
    """From now on five of the points for posts of pengawas are for age."""
    shipped: dict[str, Any] = json.loads((RULE_SETS / f"{PENGAWAS}-v2.json").read_text(encoding="utf-8"))
    first, *others = shipped["criteria"]
    age = {**first, **AGED, "label": {"id": "Usia", "en": "Age"}}
    document = {**shipped, "criteria": [{**first, "weight": first["weight"] - AGED["weight"]}, *others, age]}
    command = PublishRuleSet.model_validate({"basedOn": {"code": PENGAWAS, "version": 2}, "document": document})
    await rule_sets.publish_rule_set(db, officer(actor), command)


# ── an id for one vacancy


async def test_one_person_has_another_id_in_every_vacancy_and_keeps_it_there(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nips = await some_people(db, actor, tmp_path)
    first, second = [await a_vacancy_for(db, actor) for _ in range(2)]
    ids = await ids_of(db, actor, await rank(db, actor, first))
    others = await ids_of(db, actor, await rank(db, actor, second))
    assert set(ids) == set(others) == set(nips)
    assert not {*ids.values()} & {*others.values()}
    assert await ids_of(db, actor, await rank(db, actor, first)) == ids
    permanent = {row["id"] for row in await rows_of(db, actor, "SELECT id FROM candidate")}
    assert not permanent & {*ids.values(), *others.values()}


async def test_the_id_of_another_vacancy_names_nobody(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    await some_people(db, actor, tmp_path)
    first, second = [await a_vacancy_for(db, actor) for _ in range(2)]
    one = next(iter((await ids_of(db, actor, await rank(db, actor, first))).values()))
    ranking_id = await rank(db, actor, second)
    seen = VerifyRequirement(is_met=True, document="Surat dokter 12/2026")
    score = GiveTechnicalScore.model_validate({"score": "80", "source": "Berita acara"})
    await verifications.verify_requirement(db, officer(actor), first, one, "health", seen)
    for attempt in (
        verifications.verify_requirement(db, officer(actor), second, one, "health", seen),
        verifications.give_technical_score(db, officer(actor), second, one, score),
        verifications.verification_document(db, officer(actor), second, one, "health"),
        candidates.candidate_explanation_document(db, officer(actor), ranking_id, one),
    ):
        with pytest.raises(NotFound):
            await attempt


# ── nothing to look up


async def test_a_masked_explanation_has_no_value_that_is_somebodys_alone(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    _, ranking_id, (one, *_) = await a_ranked_vacancy(db, actor, tmp_path, is_masked=True)
    exact, masked = await why(db, officer(actor), ranking_id, one), await why(db, member(actor), ranking_id, one)
    assert any(part["points"] % 1 for part in exact["parts"])
    for told, known in zip(masked["parts"], exact["parts"], strict=True):
        assert told["points"] == known["points"] // 1
        assert (told["explanation"]["because"], told["explanation"]["found"]) == (None, None)
    assert (masked["total"], masked["highest"]) == (exact["total"] // 1, -(-exact["highest"] // 1))
    assert [told["outcome"] for told in masked["verdicts"]] == [known["outcome"] for known in exact["verdicts"]]
    explained = [told["explanation"] for told in masked["verdicts"]]
    assert {(told["found"], told["metOn"]) for told in explained} == {(None, None)}
    assert masked["counterfactual"] == {"eligible": None, "first": None}
    assert masked["digest"] is None  # over the exact facts
    assert {"talent", "verdicts.explanation", "parts.explanation", "counterfactual.first", "digest"} <= set(
        masked["withheld"]
    )
    [listed] = [told for told in await ranked(db, member(actor), ranking_id) if told["candidateId"] == str(one)]
    assert listed["total"] == exact["total"] // 1
    assert "total" not in masked["withheld"]  # told, in whole points


async def test_after_the_proposal_everything_is_told_exactly(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, people = await a_ranked_vacancy(db, actor, tmp_path, is_masked=True)
    await propose(db, member(actor), vacancy_id, ranking_id, people[:3])
    exact, told = [await why(db, who, ranking_id, people[0]) for who in (officer(actor), member(actor))]
    assert told == exact
    assert told["withheld"] == []


async def test_points_for_age_are_kept_while_masked_and_so_is_what_they_could_be_subtracted_from(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    await let_age_count(db, actor)
    _, ranking_id, (one, *_) = await a_ranked_vacancy(db, actor, tmp_path, is_masked=True)
    told = await why(db, member(actor), ranking_id, one)
    kept = [part["criterion"]["kind"] for part in told["parts"] if part["points"] is None]
    assert kept == ["age"]
    assert [told[name] for name in ("total", "lowest", "highest")] == [None] * 3
    assert told["position"] == 1
    assert (await why(db, officer(actor), ranking_id, one))["total"] > 0


async def test_a_masked_list_tells_of_no_ages_and_cannot_be_searched_by_them(db: Database, tmp_path: Path) -> None:
    """The post asks for an age of at most 56, and one of the two is older."""
    actor = await an_institution(db)
    young, old, name = a_nip(), a_nip(date(1967, 3, 1)), await name_of(db, actor)
    sheets = evidence_of(young, name)
    await import_files(db, actor, write_folder(tmp_path, [an_employee(nip, name) for nip in (young, old)], sheets))
    ranking_id = await rank(
        db, actor, await an_open_vacancy(db, actor, await a_post(db, actor, level="jpt_pratama"), is_masked=True)
    )
    people = await ranked(db, officer(actor), ranking_id)
    ids = {told["talent"]["nip"]: UUID(told["candidateId"]) for told in people}
    by_code = {
        told["requirement"]["code"]: told for told in (await why(db, officer(actor), ranking_id, ids[old]))["verdicts"]
    }
    assert by_code["age"]["outcome"] == "notMet"
    for who, is_told in ((officer(actor), True), (member(actor), False)):
        lists = {told["candidateId"]: told for told in await ranked(db, who, ranking_id)}
        listed = lists[str(ids[old])]
        assert [("age" in told["lacking"]) for told in (listed, lists[str(ids[young])])] == [is_told, False]
        assert {"health", "noProceedings"} <= {*listed["lacking"]}
        assert ("lacking" in listed["withheld"]) is not is_told
    found = await ranked(db, officer(actor), ranking_id, chosen=RankedCandidateFilter(requirement="age"))
    assert [told["candidateId"] for told in found] == [str(ids[old])]
    with pytest.raises(Invalid):
        await ranked(db, member(actor), ranking_id, chosen=RankedCandidateFilter(requirement="age"))
    verdicts = (await why(db, member(actor), ranking_id, ids[old]))["verdicts"]
    assert [told["requirement"]["code"] for told in verdicts if told["outcome"] is None] == ["age"]


async def test_what_somebody_saw_is_no_way_to_a_name(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, _, (one, *_) = await a_ranked_vacancy(db, actor, tmp_path, is_masked=True)
    seen = VerifyRequirement(is_met=True, document="Surat dokter 12/2026")
    await verifications.verify_requirement(db, officer(actor), vacancy_id, one, "health", seen)
    score = GiveTechnicalScore.model_validate({"score": "81.25", "source": "Berita acara"})
    await verifications.give_technical_score(db, officer(actor), vacancy_id, one, score)
    told = await document(db, verifications.verification_document, member(actor), vacancy_id, one, "health")
    assert [told[name] for name in ("talent", "isMet", "document")] == [None] * 3
    scored = await document(db, verifications.technical_score_document, member(actor), vacancy_id, one)
    assert [scored[name] for name in ("talent", "score", "source")] == [None, 81, None]
    assert {"isMet", "document"} <= set(told["withheld"])
    entries = await rows_of(
        db,
        actor,
        "SELECT payload::text AS told FROM ledger_entry WHERE about_type = 'candidate' AND about_id = $1",
        str(one),
    )
    people = await rows_of(db, actor, "SELECT id FROM talent")
    assert len(entries) > 1
    assert not [entry for entry in entries for person in people if str(person["id"]) in entry["told"]]
    assert not [entry for entry in entries if "81250000" in entry["told"]], "no score while masked"


async def test_scores_cannot_be_found_by_trying_them_against_the_ledger(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, _, (one, *_) = await a_ranked_vacancy(db, actor, tmp_path, is_masked=True)
    await give_scores(db, actor, vacancy_id, {one: "81.25"})
    sql = "SELECT payload->>'digest' AS digest FROM ledger_entry WHERE type = 'technicalScoresGiven'"
    line = f"{one} 81250000".encode()
    [seed] = await rows_of(db, actor, "SELECT seed FROM vacancy WHERE id = $1", vacancy_id)
    told = [row["digest"] for row in await rows_of(db, actor, sql)]
    assert sha256(line).hexdigest() not in told
    assert hmac.new(seed["seed"], line, "sha256").hexdigest() in told


async def test_what_age_removes_is_not_told_while_masked(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    old, name = a_nip(date(1967, 3, 1)), await name_of(db, actor)
    await import_files(db, actor, write_folder(tmp_path, [an_employee(old, name)], evidence_of(old, name)))
    post = await a_post(db, actor, level="jpt_pratama")
    ranking_id = await rank(db, actor, await an_open_vacancy(db, actor, post, is_masked=True))

    def removed(told: dict[str, Any]) -> dict[str, int | None]:
        return {one["requirement"]: one["removed"] for one in told["autopsy"]["removals"]}

    exact = json.loads(await rankings.ranking_document(db, officer(actor), ranking_id))
    masked = json.loads(await rankings.ranking_document(db, member(actor), ranking_id))
    assert (removed(exact)["age"], removed(masked)["age"]) == (1, None)
    assert removed(exact)["education"] == removed(masked)["education"]


# ── what was said stays


async def test_the_latest_word_counts_and_what_was_said_before_stays_with_who_said_it(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    vacancy_id, _, (one, *_) = await a_ranked_vacancy(db, actor, tmp_path)
    colleague = somebody(actor, Role.HR_OFFICER, "colleague")
    command = VerifyRequirement(is_met=False, document="Surat dokter 77/2026")
    await verifications.verify_requirement(db, colleague, vacancy_id, one, "health", command)
    for score in ("60", "81.25"):
        await give_scores(db, actor, vacancy_id, {one: score})
    told = await document(db, verifications.verification_document, officer(actor), vacancy_id, one, "health")
    assert [told[name] for name in ("isMet", "version", "by")] == [False, 2, "colleague"]
    assert [(word["isMet"], word["by"], word["document"]) for word in told["earlier"]] == [
        (True, "officer", "Surat keterangan health")
    ]
    scored = await document(db, verifications.technical_score_document, officer(actor), vacancy_id, one)
    assert (scored["score"], [before["score"] for before in scored["earlier"]]) == (81.25, [60])
    page = await document(db, verifications.technical_scores_page, officer(actor), vacancy_id)
    assert [edge["node"]["version"] for edge in page["edges"]] == [2]
    ranking_id = await rank(db, actor, vacancy_id)
    assert (await why(db, officer(actor), ranking_id, one))["outcome"] == "ineligible"
    assert (await document(db, verifications.recorded_document, officer(actor), vacancy_id))["technicalScores"] == 1


async def test_nobody_can_take_back_what_was_said(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    await a_ranked_vacancy(db, actor, tmp_path)
    for table in ("candidate_verification", "technical_score"):
        for sql in (f"DELETE FROM {table}", f"UPDATE {table} SET talent_id = talent_id"):  # noqa: S608 - our own words
            with pytest.raises(ProgrammingError, match="permission denied"):
                async with db.write_as(actor) as tx:
                    await tx.execute(text(sql))


async def document(db: Database, read: Any, *asked: Any) -> dict[str, Any]:
    return json.loads(await read(db, *asked))


# ── two hats


@pytest.mark.parametrize("is_masked", [True, False])
async def test_who_judged_candidates_by_name_neither_proposes_nor_decides(
    db: Database, tmp_path: Path, is_masked: bool
) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, people = await a_ranked_vacancy(db, actor, tmp_path, is_masked=is_masked)
    with pytest.raises(Forbidden, match=r"shortlist\.had_a_hand"):
        await propose(db, member(actor, "officer"), vacancy_id, ranking_id, people[:3])
    await propose(db, member(actor), vacancy_id, ranking_id, people[:3])
    with pytest.raises(Forbidden, match=r"shortlist\.had_a_hand"):
        await decide(db, somebody(actor, Role.APPOINTING_AUTHORITY, "officer"), vacancy_id, people[0])
    await decide(db, authority(actor), vacancy_id, people[0])


async def test_who_can_see_masked_names_does_not_propose(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, people = await a_ranked_vacancy(db, actor, tmp_path, is_masked=True)
    both = frozenset({Role.HR_OFFICER})
    two_hats = Actor(actor.institution_id, Role.COMMITTEE_MEMBER, "two hats", other_roles=both)
    with pytest.raises(Forbidden, match=r"shortlist\.sees_names"):
        await propose(db, two_hats, vacancy_id, ranking_id, people[:3])
    await propose(db, member(actor), vacancy_id, ranking_id, people[:3])


# ── one state of the facts


async def test_nobody_is_ranked_while_somebody_changes_the_facts(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "SHORTLY", "50ms")
    actor = await an_institution(db)
    await some_people(db, actor, tmp_path)
    vacancy_id = await a_vacancy_for(db, actor)
    async with db.write_as(actor) as tx:  # as an import does
        await tx.get(InstitutionRow, actor.institution_id, with_for_update={"key_share": True})
        with pytest.raises(Conflict, match=r"institution\.busy"):
            await rank(db, actor, vacancy_id)
    await rank(db, actor, vacancy_id)


# ── after the proposal


async def test_a_reason_about_somebodys_record_is_for_who_may_see_records(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, (best, *others) = await a_ranked_vacancy(db, actor, tmp_path)
    proposal = a_proposal(ranking_id, others[:3], **{f"_{best.hex}": "recordUnderReview"})
    await shortlists.propose_shortlist(db, member(actor), vacancy_id, proposal)
    [passed] = (await shortlist_of(db, member(actor), vacancy_id))["passedOver"]
    assert (passed["reasonCode"], passed["candidateId"]) == ("recordUnderReview", str(best))
    told = await shortlist_of(db, somebody(actor, Role.AUDITOR, "auditor"), vacancy_id)
    [kept] = told["passedOver"]
    assert [kept[name] for name in ("reasonCode", "label", "reason")] == [None] * 3
    assert "passedOver.reasonCode" in told["withheld"]


async def test_who_must_not_be_processed_has_no_name_in_a_shortlist(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, people = await a_ranked_vacancy(db, actor, tmp_path)
    await propose(db, member(actor), vacancy_id, ranking_id, people[:3])
    first, *_ = (await shortlist_of(db, member(actor), vacancy_id))["candidates"]
    await restrict(db, talent(actor, first["talent"]["nip"]))
    kept, *others = (await shortlist_of(db, member(actor), vacancy_id))["candidates"]
    assert (kept["candidateId"], kept["talent"]) == (first["candidateId"], None)
    assert all(one["talent"] for one in others)
    assert (await shortlist_of(db, officer(actor), vacancy_id))["candidates"][0]["talent"] == first["talent"]


async def test_what_is_named_as_withheld_is_null_and_nothing_else(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, people = await a_ranked_vacancy(db, actor, tmp_path, is_masked=True)
    auditor = somebody(actor, Role.AUDITOR, "auditor")
    sums = ["total", "lowest", "highest"]

    async def named(read: Any, *asked: Any) -> list[str]:
        told = (await document(db, read, auditor, *asked))["edges"][0]["node"]
        withheld = set(told["withheld"]) - {"lacking"}  # a list that has less on it
        assert {name for name in withheld if "." not in name} == {
            name
            for name in ("talent", "movement", *sums, "isMet", "document", "score", "source")
            if told.get(name, "") is None
        }
        return sorted(withheld)

    await give_scores(db, actor, vacancy_id, dict.fromkeys(people, "81.25"))
    ranking_id = await rank(db, actor, vacancy_id)
    words, scores = verifications.verifications_page, verifications.technical_scores_page
    assert "talent" in await named(candidates.ranked_candidates_page, ranking_id)
    assert "talent" in await named(words, vacancy_id)
    assert {"source", "talent"} <= {*await named(scores, vacancy_id)}
    order = await in_order(db, actor, ranking_id)
    await propose(db, member(actor), vacancy_id, ranking_id, order[:3])
    assert await named(candidates.ranked_candidates_page, ranking_id) == sorted(sums)
    assert "talent" not in await named(words, vacancy_id)
    assert await named(scores, vacancy_id) == []
    before = (await shortlist_of(db, auditor, vacancy_id))["withheld"]
    nips = {one: nip for nip, one in (await ids_of(db, actor, ranking_id)).items()}
    await restrict(db, talent(actor, nips[order[1]]))
    after = await shortlist_of(db, auditor, vacancy_id)
    assert [one["talent"] is None for one in after["candidates"]] == [False, True, False]
    assert set(after["withheld"]) - set(before) == {"candidates.talent"}


async def test_a_rotation_is_told_as_such_from_the_proposal_on(db: Database, tmp_path: Path) -> None:
    """Ahli muda stand as pengawas do: for a post of pengawas nobody of them is promoted."""
    actor = await an_institution(db)
    vacancy_id, ranking_id, people = await a_ranked_vacancy(db, actor, tmp_path, is_masked=True)

    async def told_to(who: Actor) -> tuple[str | None, str | None, bool]:
        explained, [listed, *_] = await why(db, who, ranking_id, people[0]), await ranked(db, who, ranking_id)
        assert listed["movement"] == explained["movement"]
        assert ("movement" in listed["withheld"]) is (listed["movement"] is None)
        detail = explained["movementDetail"]
        return explained["movement"], detail and detail["en"], "movementDetail" in explained["withheld"]

    sentence = "This is a rotation: the post is of the same level as the one held, or of an equal one."
    assert await told_to(officer(actor)) == ("rotation", sentence, False)
    assert await told_to(member(actor)) == (None, None, True)
    await propose(db, member(actor), vacancy_id, ranking_id, people[:3])
    assert await told_to(member(actor)) == ("rotation", sentence, False)
    shortlist = await shortlist_of(db, member(actor), vacancy_id)
    assert [one["movement"] for one in (*shortlist["candidates"], *shortlist["passedOver"])] == ["rotation"] * 3
