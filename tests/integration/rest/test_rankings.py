"""REST and GraphQL: a ranking from the vacancy to the explanation, and bad input as clear problems."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from app.db.database import Database
from tests.factories import an_institution
from tests.personas import Personas
from tests.rankings import a_vacancy_for, an_explained_ranking, some_people


async def test_a_ranking_is_made_read_and_made_again(db: Database, personas: Personas, tmp_path: Path) -> None:
    actor = await an_institution(db)
    await some_people(db, actor, tmp_path, 2)
    vacancy_id, office = await a_vacancy_for(db, actor), personas.hr_officer(actor.institution_id)
    made = await office.post(f"/v1/vacancies/{vacancy_id}/rankings")
    assert made.status_code == 201, made.text
    at, ranking = made.headers["location"], made.json()
    assert (await office.get(at)).json() == ranking
    [edge] = (await office.get(f"/v1/vacancies/{vacancy_id}/rankings")).json()["edges"]
    assert edge["node"]["id"] == ranking["id"]
    listed = (await office.get(f"{at}/candidates?outcome=needsVerification&requirement=integrity&first=1")).json()
    one = listed["edges"][0]["node"]["candidateId"]
    about = f"/v1/vacancies/{vacancy_id}/candidates/{one}"
    seen = await office.put(f"{about}/verifications/health", json={"isMet": True, "document": "Surat dokter 12/2026"})
    assert (seen.status_code, seen.json()["isMet"]) == (200, True), seen.text
    assert (await office.get(f"{about}/verifications/health")).json() == seen.json()
    assert (await office.get(f"{about}/verifications/health?fields=isMet,by")).json() == {
        "isMet": True,
        "by": "officer",
    }
    score = await office.put(f"{about}/technical-score", json={"score": "81.25", "source": "Berita acara"})
    assert (score.status_code, score.json()["score"]) == (200, 81.25)
    assert (await office.get(f"{about}/technical-score")).json() == score.json()
    assert (await office.get(f"{about}/technical-score?fields=score")).json() == {"score": 81.25}
    recorded = f"/v1/vacancies/{vacancy_id}/recorded?fields=verifications,technicalScores"
    assert (await office.get(recorded)).json() == {"verifications": 1, "technicalScores": 1}
    again = await personas.auditor(actor.institution_id).post(f"{at}/recomputation")
    assert (again.status_code, again.json()["isSame"]) == (201, True)
    assert (await office.get(again.headers["location"])).json() == again.json()
    assert (await office.get(f"{again.headers['location']}?fields=isSame")).json() == {"isSame": True}


BAD_SCORES = ["NaN", "-1", "100.1", "1.0000001", "٣", None, {}, "1e999"]


@pytest.mark.parametrize("score", BAD_SCORES, ids=str)
async def test_a_score_that_is_none_is_refused_where_it_stands(db: Database, personas: Personas, score: object) -> None:
    actor = await an_institution(db)
    office = personas.hr_officer(actor.institution_id)
    body = {"scores": [{"candidateId": str(uuid4()), "score": score, "source": "Berita acara"}]}
    answer = await office.post(f"/v1/vacancies/{uuid4()}/technical-scores", json=body)
    assert answer.status_code == 422
    assert [fault["where"] for fault in answer.json()["errors"]] == ["/scores/0/score"]


async def test_what_is_not_there_is_not_found_and_a_misspelt_word_is_named(db: Database, personas: Personas) -> None:
    actor = await an_institution(db)
    office = personas.hr_officer(actor.institution_id)
    for path in (
        f"/v1/rankings/{uuid4()}",
        "/v1/rankings/x",
        f"/v1/rankings/{uuid4()}/candidates/{uuid4()}",
        f"/v1/talents/198008212005011001/rankings/{uuid4()}",
        f"/v1/vacancies/{uuid4()}/candidates/{uuid4()}/verifications/%00",
        f"/v1/ranking-recomputations/{uuid4()}",
        f"/v1/vacancies/{uuid4()}/recorded",
    ):
        assert (await office.get(path)).status_code == 404, path
    for question in ("outcome=best", "after=eA==", "first=0", "sex=1", "requirement=%00"):
        answer = await office.get(f"/v1/rankings/{uuid4()}/candidates?{question}")
        assert answer.status_code == 422, question
    assert (await office.post(f"/v1/vacancies/{uuid4()}/rankings")).status_code == 404


async def test_graphql_tells_the_same(db: Database, personas: Personas, tmp_path: Path) -> None:
    actor = await an_institution(db)
    [nip] = await some_people(db, actor, tmp_path, 1)
    ids = await an_explained_ranking(db, actor, nip)
    office = personas.hr_officer(actor.institution_id)
    document = (await office.get(f"/v1/rankings/{ids['rankingId']}/candidates/{ids['candidateId']}")).json()
    asked = """query ($ranking: UUID!, $candidate: UUID!) {
        candidateExplanation(rankingId: $ranking, candidateId: $candidate) {
            total position talent { nip }
            verdicts { requirement { code } outcome explanation { found { id } isVerified } }
            parts { criterion { code } points explanation { found whole } }
            counterfactual { eligible { isReached items { about detail { en } } } first { isReached blocked total } }
        }
        ranking(rankingId: $ranking) { considered digest recomputations { isSame } }
    }"""
    answer = await office.ask(asked, ranking=str(ids["rankingId"]), candidate=str(ids["candidateId"]))
    told = answer["data"]["candidateExplanation"]
    assert told["talent"] == {"nip": nip}
    assert told["total"] == document["total"]
    assert [one["points"] for one in told["parts"]] == [one["points"] for one in document["parts"]]
    assert [one["outcome"] for one in told["verdicts"]] == [one["outcome"] for one in document["verdicts"]]
    assert answer["data"]["ranking"]["recomputations"] == [{"isSame": True}]
    oneself = personas.talent(actor.institution_id, nip)
    own = f"/v1/talents/{nip}/rankings"
    newest, _ = (await oneself.get(own)).json()["edges"]
    assert newest["node"]["rankingId"] == str(ids["rankingId"])
    assert (await oneself.get(f"{own}/{ids['rankingId']}")).json()["verdicts"] == document["verdicts"]
    changed = await office.ask("mutation ($v: UUID!) { rankCandidates(vacancyId: $v) { id } }", v=str(ids["vacancyId"]))
    assert changed["errors"][0]["extensions"]["code"] == "vacancy.state"
