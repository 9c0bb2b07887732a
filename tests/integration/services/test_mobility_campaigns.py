"""Mobility campaigns through their services: laid down, announced, moved on, and kept from others until then."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import product
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from app.db.database import Database
from app.domain.actors import Actor
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound, PreconditionFailed, TalentError
from app.domain.mobility_campaigns import State
from app.domain.mobility_cells import NAMES, CellIndex, CellLevel, Place
from app.domain.revisions import exactly
from app.services import mobility_campaigns, mobility_cells, mobility_formulas, mobility_organisers, standing
from app.services.mobility_campaigns import AdvanceMobilityCampaign, EditMobilityCampaign
from app.services.mobility_cells import ProposeMobilityCells, PutMobilityCells
from app.services.mobility_formulas import PublishMobilityFormula
from app.services.mobility_organisers import SetMobilityOrganiser
from app.services.standing import EditInstitution
from tests.cycles import at, authority
from tests.factories import an_institution, officer
from tests.mobility import EARLY, a_campaign, advanced, an_organiser
from tests.vacancies import a_programme

FORMULA = {
    "title": {"id": "Formula contoh", "en": "Example formula"},
    "blocks": [{"code": "fit", "kind": "competenceFit", "most": 100, "label": {"id": "Kesesuaian", "en": "Match"}}],
}


async def in_province(db: Database, code: str) -> Actor:
    actor = officer(await an_institution(db))
    await standing.edit_institution(db, actor, EditInstitution(province_code=code))
    return actor


async def shown(db: Database, actor: Actor, campaign_id: UUID) -> dict[str, Any]:
    return json.loads(await mobility_campaigns.mobility_campaign_document(db, actor, campaign_id))


async def edit(db: Database, actor: Actor, campaign_id: UUID, **changed: Any) -> None:
    command = EditMobilityCampaign.model_validate_json(json.dumps(changed))
    await mobility_campaigns.edit_mobility_campaign(db, actor, campaign_id, command)


async def put(db: Database, actor: Actor, campaign_id: UUID, *cells: dict[str, Any], **but: Any) -> None:
    command = PutMobilityCells.model_validate_json(json.dumps({"cells": cells, **but}))
    await mobility_cells.put_mobility_cells(db, actor, campaign_id, command)


async def enter(db: Database, actor: Actor, campaign_id: UUID, state: State, **but: Any) -> None:
    command = AdvanceMobilityCampaign(state=state, **but)
    await mobility_campaigns.advance_mobility_campaign(db, actor, campaign_id, command)


def faults_of(refusal: pytest.ExceptionInfo[TalentError]) -> set[tuple[str, str]]:
    assert all(fault.detail["id"] and fault.detail["en"] for fault in refusal.value.faults)
    return {(fault.where, fault.code) for fault in refusal.value.faults}


# ── who organises


async def test_a_governors_office_organises_for_its_own_province_once_bkn_allows_it(db: Database) -> None:
    bkn, office = await an_organiser(db), await in_province(db, "61")
    with pytest.raises(Forbidden, match=r"mobility_organiser\.not_allowed"):
        await a_campaign(db, office, provinceCodes=["61"])
    with pytest.raises(Forbidden):
        await mobility_organisers.set_mobility_organiser(
            db, office, office.institution_id, SetMobilityOrganiser(may_organise=True)
        )
    nowhere = await an_institution(db)
    with pytest.raises(NotFound, match=r"mobility_organiser\.not_found"):
        await mobility_organisers.set_mobility_organiser(
            db, bkn, nowhere.institution_id, SetMobilityOrganiser(may_organise=True)
        )
    for _ in range(2):  # it may be said again
        await mobility_organisers.set_mobility_organiser(
            db, bkn, office.institution_id, SetMobilityOrganiser(may_organise=True)
        )
    for provinces in (None, ["32"], ["61", "32"]):
        with pytest.raises(Invalid) as refused:
            await a_campaign(db, office, provinceCodes=provinces)
        assert faults_of(refused) == {("/provinceCodes", "mobility_campaign.own_province")}
    campaign_id = await a_campaign(db, authority(office), provinceCodes=["61"])
    await standing.edit_institution(db, office, EditInstitution(province_code="32"))  # and is asked again
    with pytest.raises(Forbidden):
        await enter(db, office, campaign_id, State.ANNOUNCED)


# ── laying down


async def test_everything_wrong_with_a_draft_is_said_at_once(db: Database) -> None:
    today = db.today()
    rule = {"code": "u", "field": "verified", "comparison": "isTrue", "proof": "diploma", "legalBasis": "PP 11/2017"}
    rule |= {"label": {"id": "Ijazah", "en": "Diploma"}, "source": {"document": "PP 11/2017", "confidence": "likely"}}
    with pytest.raises(Invalid) as refused:
        await a_campaign(
            db,
            await an_organiser(db),
            levels=["pengawas", "pengawas"],
            governmentAffairs=["astrology"],
            requirements=[{"code": "x"}, rule, rule],
            urgencies=[{"programme": "tidak-ada", "urgency": 1}],
            collectingUntil=str(today),
            correctionUntil=str(today + timedelta(days=5)),
            effectiveOn=str(today + timedelta(days=5)),
        )
    assert {
        ("/levels/1", "mobility_campaign.repeated"),
        ("/governmentAffairs/0", "programme.affair"),
        ("/requirements/0/field", "requirement.missing_field"),
        ("/requirements/1/field", "mobility_campaign.unverifiable"),
        ("/requirements/2/code", "requirement.repeated"),
        ("/urgencies", "mobility_campaign.no_programme"),
        ("/collectingUntil", "mobility_campaign.past"),
        ("/effectiveOn", "mobility_campaign.order"),
    } <= faults_of(refused)


async def test_the_secret_of_the_lottery_is_in_no_document_and_no_ledger(db: Database) -> None:
    organiser = await an_organiser(db)
    campaign_id = await a_campaign(db, organiser)
    async with db.read_as(organiser) as tx:
        secret = (await tx.execute(text("SELECT secret FROM mobility_secret"))).scalar_one()
        told = (await tx.execute(text("SELECT payload::text FROM ledger_entry"))).scalars().all()
    document = json.dumps(await shown(db, organiser, campaign_id))
    assert secret.hex() not in document
    assert secret.hex() not in json.dumps(told)
    async with db.read_as(await an_organiser(db)) as tx:  # another organiser's, and no row of theirs
        assert (await tx.execute(text("SELECT count(*) FROM mobility_secret"))).scalar_one() == 0


async def test_formulas_are_versions_and_the_shipped_one_is_nobodys_to_publish(db: Database) -> None:
    organiser, other = await an_organiser(db), await an_organiser(db)
    told = {"code": "contoh", "document": FORMULA}
    for version in (1, 2):
        key = await mobility_formulas.publish_mobility_formula(db, organiser, PublishMobilityFormula(**told))
        assert key.version == version
    with pytest.raises(Conflict, match=r"mobility_formula\.reserved"):
        await mobility_formulas.publish_mobility_formula(
            db, organiser, PublishMobilityFormula(code="nasional", document=FORMULA)
        )
    with pytest.raises(Invalid) as refused:
        await mobility_formulas.publish_mobility_formula(db, organiser, PublishMobilityFormula(code="x1", document=[]))
    assert faults_of(refused) == {("/document", "mobility_formula.not_object")}
    chosen = {"code": "contoh", "version": 2}
    with pytest.raises(NotFound):
        await a_campaign(db, other, formula=chosen)
    campaign_id = await a_campaign(db, organiser, formula=chosen)
    assert (await shown(db, organiser, campaign_id))["formula"] == chosen
    with pytest.raises(NotFound):  # others read it with the announcement
        await mobility_formulas.mobility_formula_document(db, officer(other), *key)
    await enter(db, organiser, campaign_id, State.ANNOUNCED)
    formula = json.loads(await mobility_formulas.mobility_formula_document(db, officer(other), *key))
    assert formula["blocks"][0]["most"] == 100


# ── the life of a campaign


async def test_others_see_a_campaign_from_the_announcement_on_and_its_rules_stay(db: Database) -> None:
    organiser, other = await an_organiser(db), officer(await an_institution(db))
    await a_programme(db, organiser, until=db.today() + timedelta(days=900))
    campaign_id = await a_campaign(db, organiser, urgencies=[{"programme": "pendidikan", "urgency": 1}])
    with pytest.raises(NotFound):
        await shown(db, other, campaign_id)
    await edit(db, organiser, campaign_id, ownCellFirst=True, governmentAffairs=["education"])
    await edit(db, organiser, campaign_id, governmentAffairs=[])
    await enter(db, organiser, campaign_id, State.ANNOUNCED)
    document = await shown(db, other, campaign_id)
    assert (document["state"], document["nextState"], document["ownCellFirst"]) == ("announced", "collecting", True)
    assert document["governmentAffairs"] is None
    assert [step["state"] for step in document["steps"]] == ["draft", "announced"]
    assert len(document["lotteryCommitment"]) == 64
    page = json.loads(await mobility_campaigns.mobility_campaigns_page(db, other))
    assert str(campaign_id) in json.dumps(page)
    with pytest.raises(NotFound):  # somebody else's is read, never changed
        await edit(db, await an_organiser(db), campaign_id, name="Milik orang lain")
    with pytest.raises(Conflict, match=r"mobility_campaign\.locked"):
        await edit(db, organiser, campaign_id, ownCellFirst=False)
    with pytest.raises(Invalid) as refused:
        await edit(db, organiser, campaign_id, collectingUntil=str(db.today() + timedelta(days=5)))
    assert faults_of(refused) == {("/collectingUntil", "mobility_campaign.shortened")}
    await edit(db, organiser, campaign_id, collectingUntil=str(db.today() + timedelta(days=40)))
    async with db.read_as(other) as tx:
        row = await mobility_campaigns._find(tx, campaign_id)
    assert mobility_campaigns._urgency(row, "education", "61") == 1
    assert mobility_campaigns._urgency(row, "health", None) == 2
    command = AdvanceMobilityCampaign(state=State.COLLECTING)
    with pytest.raises(PreconditionFailed):
        await mobility_campaigns.advance_mobility_campaign(db, organiser, campaign_id, command, expected=exactly(1))


async def test_terms_are_kept_unless_they_are_cut_short_on_purpose(db: Database) -> None:
    organiser = await an_organiser(db)
    campaign_id = await a_campaign(db, organiser)
    with pytest.raises(Conflict, match=r"mobility_campaign\.state"):
        await enter(db, organiser, campaign_id, State.COLLECTING)
    await advanced(db, organiser, campaign_id, State.COLLECTING)
    with pytest.raises(Conflict, match=r"mobility_campaign\.early"):
        await enter(db, organiser, campaign_id, State.CORRECTION)
    with pytest.raises(Invalid) as refused:
        await enter(db, organiser, campaign_id, State.CORRECTION, is_early=True)
    assert faults_of(refused) == {("/because", "mobility_campaign.because")}
    with pytest.raises(Conflict, match=r"mobility_campaign\.nothing_offered"):
        await enter(at(db, db.now() + timedelta(days=31)), organiser, campaign_id, State.CORRECTION)
    with pytest.raises(Conflict, match=r"mobility_campaign\.other_door"):
        await enter(db, organiser, campaign_id, State.FROZEN)
    with pytest.raises(Invalid):
        await enter(db, organiser, campaign_id, State.CANCELLED)
    await enter(db, organiser, campaign_id, State.CANCELLED, because=EARLY)
    document = await shown(db, officer(await an_institution(db)), campaign_id)
    assert (document["state"], document["cancelledBecause"], document["nextState"]) == ("cancelled", EARLY, None)


async def test_a_draft_is_thrown_away_and_an_announced_campaign_is_not(db: Database) -> None:
    organiser = await an_organiser(db)
    draft, announced = await a_campaign(db, organiser), await a_campaign(db, organiser)
    with pytest.raises(Conflict):
        await enter(db, organiser, draft, State.CANCELLED, because=EARLY)
    await put(db, organiser, draft, {"id": "p61", "level": "province", "provinceCode": "61", "headroom": 0})
    await mobility_campaigns.discard_mobility_campaign(db, organiser, draft)
    with pytest.raises(NotFound):
        await shown(db, organiser, draft)
    await enter(db, organiser, announced, State.ANNOUNCED)
    with pytest.raises(Conflict, match=r"mobility_campaign\.state"):
        await mobility_campaigns.discard_mobility_campaign(db, organiser, announced)


# ── cells


async def test_cells_are_put_whole_or_in_part_and_those_kept_are_looked_at_too(db: Database) -> None:
    organiser = await an_organiser(db)
    campaign_id = await a_campaign(db, organiser)
    province = {"id": "p61", "level": "province", "provinceCode": "61", "headroom": 0}
    await put(db, organiser, campaign_id, province)
    education = {"id": "e", "level": "occupation", "governmentAffair": "education"}
    with pytest.raises(Invalid) as refused:
        await put(db, organiser, campaign_id, education, {"id": "x", "parentId": "y", "level": "unit"}, isPart=True)
    assert faults_of(refused) == {
        ("/cells/0", "mobility_cell.cross"),
        ("/cells/1", "mobility_cell.own_level"),
        ("/cells/1/parentId", "mobility.no_cell"),
    }
    office = {"id": "o", "parentId": "p61", "level": "institution", "institutionId": str(organiser.institution_id)}
    with pytest.raises(Invalid) as refused:  # BKN is in no province
        await put(db, organiser, campaign_id, office, isPart=True)
    assert faults_of(refused) == {("/cells/0", "mobility_cell.outside")}
    bali = {"id": "p51", "level": "province", "provinceCode": "51", "ceiling": 7}
    await put(db, organiser, campaign_id, bali, isPart=True)
    page = json.loads(await mobility_cells.mobility_cells_page(db, organiser, campaign_id))
    assert [(edge["node"]["id"], edge["node"]["ceiling"]) for edge in page["edges"]] == [("p51", 7), ("p61", None)]
    await put(db, organiser, campaign_id, isPart=True, removed=["p61"])
    assert (await shown(db, organiser, campaign_id))["cells"] == 1
    stranger = officer(await an_institution(db))
    with pytest.raises(NotFound, match=r"mobility_campaign\.not_found"):
        await mobility_cells.mobility_cells_page(db, stranger, campaign_id)


async def test_a_proposal_saves_writing_hundreds_of_cells(db: Database) -> None:
    organiser, office = await an_organiser(db), await in_province(db, "61")
    campaign_id = await a_campaign(db, organiser, provinceCodes=["61", "32"])
    before = (await shown(db, organiser, campaign_id))["revision"]
    await mobility_cells.propose_mobility_cells(db, organiser, campaign_id, ProposeMobilityCells())
    document = await shown(db, organiser, campaign_id)
    assert document["cells"] >= 3
    assert document["revision"] == before + 1
    async with db.read_as(organiser) as tx:
        asked = {"campaign": campaign_id, "institution": office.institution_id}
        sql = "SELECT mobility_cell_of(:campaign, 'pengawas', NULL, '61', :institution, 'U1')"
        assert (await tx.execute(text(sql), asked)).scalar_one() == f"i{office.institution_id.hex}"


async def test_sql_finds_the_cell_that_plain_python_finds(db: Database) -> None:
    organiser, offices = await an_organiser(db), [await in_province(db, code) for code in ("61", "32", "32")]
    campaign_id = await a_campaign(db, organiser)
    homes = [office.institution_id for office in offices]
    posts = [
        Place(*one)
        for one in product(("pengawas", "pelaksana"), ("education", None), ("61", "32"), homes, ("U1", "U2"))
    ]
    sound = 0
    for seed in range(60):
        cells = some_cells(Random(seed), homes)  # noqa: S311
        try:
            await put(db, organiser, campaign_id, *cells)
        except Invalid:
            continue
        sound += 1
        async with db.read_as(organiser) as tx:
            index = CellIndex(await mobility_cells._cells_of(tx, await mobility_campaigns._find(tx, campaign_id)))
            sql = "SELECT mobility_cell_of(:campaign, :level, :affair, :province, :institution, :unit)"
            for post in posts:
                told = dict(
                    zip(
                        ("level", "affair", "province", "institution", "unit"),
                        (getattr(post, name) for names in NAMES.values() for name in names),
                        strict=True,
                    )
                )
                found = (await tx.execute(text(sql), {"campaign": campaign_id, **told})).scalar_one()
                assert found == index.cell_of(post), (cells, post)
    assert sound > 5


def some_cells(chance: Random, homes: list[UUID]) -> list[dict[str, Any]]:
    """A few cells, which now and then nest."""
    cells: list[dict[str, Any]] = []
    for number in range(chance.randint(2, 5)):
        level = chance.choice(list(CellLevel))
        place = {
            CellLevel.OCCUPATION: chance.choice([{"governmentAffair": "education"}, {"positionLevel": "pengawas"}]),
            CellLevel.PROVINCE: {"provinceCode": chance.choice(["61", "32"])},
            CellLevel.INSTITUTION: {"institutionId": str(chance.choice(homes))},
            CellLevel.UNIT: {"unitId": chance.choice(["U1", "U2"]), "institutionId": str(chance.choice(homes))},
        }[level]
        parent = chance.choice([None, *(cell["id"] for cell in cells)])
        cells.append({"id": f"c{number}", "parentId": parent, "level": level.value, **place})
    return cells
