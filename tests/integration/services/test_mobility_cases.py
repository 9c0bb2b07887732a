"""Chains and cycles are carried out as one, and no party of a case takes another's step, not even in SQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db.database import Database
from app.db.ledger import record
from app.domain.actors import Actor
from app.domain.errors import TalentError
from app.domain.mobility_campaigns import State
from app.domain.mobility_events import MobilityCasesOpened
from app.services import mobility_cases, mobility_executions, mobility_offers
from app.services.mobility_case_commands import MobilityCaseFilter
from app.services.mobility_offers import OfferPost
from tests.cycles import authority
from tests.disclosures import a_consent, card_of
from tests.factories import a_placed_talent, an_institution, officer, rows_of, talent
from tests.mobility import a_campaign, a_participant, advanced, an_offer, an_organiser, file_id
from tests.mobility_cases import (
    a_case,
    case_of,
    consider,
    decree,
    give_up,
    letter,
    located,
    release,
    request,
)
from tests.vacancies import a_post

Moves = Sequence[tuple[int, int, UUID, UUID, UUID]]
"""Unit, step, participant, the offer of the home, the offer of the post."""


async def publish(db: Database, organiser: Actor, campaign_id: UUID, moves: Moves, chains: int) -> None:
    """What a run would have left of a campaign: its moves, published."""
    run_id, told = uuid4(), {"campaign": campaign_id, "mine": organiser.institution_id}
    made = f"""
        INSERT INTO mobility_work (institution_id, id, campaign_id, kind, state, stage, done, total, subject, queued_at,
            heartbeat_at, is_early)
            VALUES (:mine, '{run_id}', :campaign, 'run', 'succeeded', 'x', 0, 0, 'x', now(), now(), false);
        INSERT INTO mobility_run (institution_id, id, campaign_id, value, seed, is_first, chains)
            VALUES (:mine, '{run_id}', :campaign, 'x', 'x', true, {chains});
        UPDATE mobility_campaign SET state = 'published' WHERE institution_id = :mine AND id = :campaign"""  # noqa: S608 - our own words
    move = "INSERT INTO mobility_move VALUES (:mine, :run, :unit, :step, :participant, :home, :post)"
    async with db.write_as(organiser) as tx:
        for statement in made.split(";"):
            names = {name: value for name, value in told.items() if f":{name}" in statement}
            await tx.execute(text(statement), names)
        for unit, step, participant, home, post in moves:
            row = {"unit": unit, "step": step, "participant": participant, "home": home, "post": post}
            await tx.execute(text(move), {"mine": organiser.institution_id, "run": run_id, **row})
        await record(tx, organiser, MobilityCasesOpened(campaign_id, run_id, 0))


async def refused(code: str, step: Any) -> None:
    with pytest.raises(TalentError) as refusal:
        await step
    codes = {refusal.value.code, *(fault.code for fault in refusal.value.faults)}
    assert code in codes


async def cases_by_step(db: Database, organiser: Actor, campaign_id: UUID) -> dict[tuple[int, int], UUID]:
    chosen = MobilityCaseFilter(campaign=campaign_id)
    page = json.loads(await mobility_cases.mobility_cases_page(db, organiser, chosen, first=200))
    whole = [await case_of(db, organiser, UUID(edge["node"]["id"])) for edge in page["edges"]]
    assert {(one["side"], one["talent"] and one["talent"]["nip"]) for one in whole} == {("organiser", None)}
    return {(one["unit"]["unit"], one["unit"]["step"]): UUID(one["id"]) for one in whole}


async def test_a_chain_and_a_cycle_of_a_campaign_are_carried_out_as_one(db: Database, tmp_path: Path) -> None:
    organiser = await an_organiser(db)
    regions = [await an_institution(db) for _ in range(5)]
    nips = [await a_placed_talent(db, one, tmp_path / str(n)) for n, one in enumerate(regions)]
    homes = [await a_post(db, one, [nip], seats=2) for one, nip in zip(regions, nips, strict=True)]
    empty = await a_post(db, regions[0])
    for n, one in enumerate(regions):
        await located(db, one, str(11 + n))
    campaign = await a_campaign(db, organiser)
    await advanced(db, organiser, campaign, State.ANNOUNCED)
    offers = [(await an_offer(db, one, campaign, home))[0] for one, home in zip(regions, homes, strict=True)]
    [vacant] = await an_offer(db, regions[0], campaign, empty)
    await advanced(db, organiser, campaign, State.COLLECTING)
    parts = [await a_participant(db, one, campaign, nip) for one, nip in zip(regions, nips, strict=True)]
    people = [await file_id(db, one, part) for one, part in zip(regions, parts, strict=True)]
    chain = [(1, 1, people[1], offers[1], vacant), *((1, n, people[n], offers[n], offers[n - 1]) for n in (2, 3))]
    cycle = [(2, 1, people[0], offers[0], offers[4]), (2, 2, people[4], offers[4], offers[0])]
    await publish(db, organiser, campaign, [*chain, *cycle], 1)
    await mobility_executions.open_mobility_cases(db, organiser, campaign)
    await refused("mobility_campaign.state", mobility_executions.open_mobility_cases(db, organiser, campaign))
    cases = await cases_by_step(db, organiser, campaign)
    assert set(cases) == {(1, 1), (1, 2), (1, 3), (2, 1), (2, 2)}
    told = await rows_of(db, officer(regions[1]), "SELECT about_id FROM ledger_entry WHERE about_type = 'mobilityCase'")
    assert {row[0] for row in told} == {str(cases[1, 1]), str(cases[1, 2])}

    # a chain: who is behind keeps the seat, who is ahead still moves, and the seat nobody took is known
    for step in (1, 2):
        await request(db, regions[step - 1], cases[1, step])
        await release(db, regions[step], cases[1, step])
    await give_up(db, talent(regions[2], nips[2]), cases[1, 2])
    fallen = await case_of(db, officer(regions[3]), cases[1, 3])
    assert (fallen["cancellation"]["code"], fallen["cancellation"]["fellWith"]) == ("aheadFell", 2)
    left = MobilityCaseFilter(seat_left_open=True)
    page = json.loads(await mobility_cases.mobility_cases_page(db, organiser, left))
    assert [edge["node"]["post"]["id"] for edge in page["edges"]] == [str(homes[1])]
    await consider(db, regions[0], organiser, cases[1, 1])
    await decree(db, officer(regions[0]), cases[1, 1], db.today())
    await mobility_cases.inaugurate_mobility_case(db, officer(regions[0]), cases[1, 1])
    held = "SELECT count(*) FROM post_holder"
    assert [(await rows_of(db, officer(one), held))[0][0] for one in regions] == [1, 0, 1, 1, 1]

    # a cycle: nobody before all are decreed, on one day, and all fall together
    for step, (origin, receiver) in {1: (regions[0], regions[4]), 2: (regions[4], regions[0])}.items():
        await request(db, receiver, cases[2, step])
        await release(db, origin, cases[2, step])
        await consider(db, receiver, organiser, cases[2, step])
    here, there = officer(regions[4]), officer(regions[0])
    await decree(db, here, cases[2, 1], db.today())
    await refused("mobility_case.held", mobility_cases.inaugurate_mobility_case(db, here, cases[2, 1]))
    assert (await case_of(db, here, cases[2, 1]))["nextStep"]["heldBySteps"] == [2]
    other_day = decree(db, there, cases[2, 2], db.today() + timedelta(days=1))
    await refused("mobility_case.common_day", other_day)
    await decree(db, there, cases[2, 2], db.today())
    await give_up(db, there, cases[2, 2])
    ended = [(await case_of(db, organiser, cases[2, step]))["cancellation"] for step in (1, 2)]
    assert [one["code"] for one in ended] == ["cycleFell", "decreeWithdrawn"]


# ── nobody takes the step of another party

STEPS = {
    "receiving": "state = 'sentToBkn', submitted_on = current_date, route = 'acrossProvinces', decree_party = 'bkn'",
    "origin": "state = 'released', released_on = current_date",
    "bkn": "state = 'technicalApproval'",
}


async def attempt(db: Database, actor: Actor, sql: str, case_id: UUID) -> int:
    """A statement as somebody, rolled back; answers with how many rows it would have changed."""
    async with db.write_as(actor) as tx:
        changed = (await tx.execute(text(sql), {"case": case_id})).rowcount  # type: ignore[attr-defined]
        await tx.rollback()
    return changed


async def test_no_party_takes_the_step_of_another_in_sql_either(
    db: Database, database_name: str, tmp_path: Path
) -> None:
    origin, receiver, stranger, bkn = [*[await an_institution(db) for _ in range(3)], await an_organiser(db)]
    nip = await a_placed_talent(db, origin, tmp_path)
    await a_consent(db, origin, nip)
    case_id = await a_case(db, receiver, await a_post(db, receiver), await card_of(database_name, nip))
    await request(db, receiver, case_id)
    update = "UPDATE mobility_case SET moved_institution_id = current_institution(), {} WHERE id = :case"
    assert await attempt(db, authority(origin), update.format(STEPS["origin"]), case_id) == 1
    oneself = mobility_cases.release_mobility_case(db, replace(authority(origin), nip=nip), case_id, letter("800/2"))
    await refused("shortlist.oneself", oneself)
    for who, step in ((origin, "receiving"), (receiver, "origin"), (receiver, "receiving"), (origin, "bkn")):
        with pytest.raises(DBAPIError, match="no step of this party"):
            await attempt(db, officer(who), update.format(STEPS[step]), case_id)
    for who in (origin, receiver):
        with pytest.raises(DBAPIError, match="no step of this party"):
            await attempt(db, officer(who), update.format("receiving_institution_id = gen_random_uuid()"), case_id)
    for who in (bkn, officer(stranger)):
        assert await attempt(db, who, update.format(STEPS["bkn"]), case_id) == 0
    paper = """UPDATE mobility_case_document SET state = 'missing', number = NULL, dated = NULL, because = NULL
        WHERE case_id = :case AND side = '{}'"""
    assert await attempt(db, officer(receiver), paper.format("receiving"), case_id) > 0
    assert await attempt(db, officer(receiver), paper.format("origin"), case_id) == 0
    with pytest.raises(DBAPIError, match="no document of this party"):
        await attempt(db, officer(origin), paper.format("receiving"), case_id)
    for statement in (
        "INSERT INTO mobility_case_step SELECT * FROM mobility_case_step WHERE case_id = :case",
        "UPDATE mobility_case_step SET number = 'x' WHERE case_id = :case",
        "DELETE FROM mobility_case WHERE id = :case",
    ):
        with pytest.raises(DBAPIError, match="permission denied"):
            await attempt(db, officer(origin), statement, case_id)
    seat = "SELECT leave_seat_for_case(:case)"
    with pytest.raises(DBAPIError, match="before the decree"):
        await attempt(db, officer(receiver), seat, case_id)
    facts = "SELECT FROM mobility_case_facts(:case)"
    assert [await attempt(db, officer(one), facts, case_id) for one in (origin, receiver, stranger)] == [1, 0, 0]
    await give_up(db, officer(receiver), case_id)
    assert await attempt(db, officer(origin), facts, case_id) == 0


async def test_a_seat_that_a_case_is_to_fill_is_not_offered_as_well(
    db: Database, database_name: str, tmp_path: Path
) -> None:
    origin, receiver, organiser = await an_institution(db), await an_institution(db), await an_organiser(db)
    nip = await a_placed_talent(db, origin, tmp_path)
    await a_consent(db, origin, nip)
    post, campaign = await a_post(db, receiver), await a_campaign(db, organiser)
    await advanced(db, organiser, campaign, State.ANNOUNCED)
    case_id = await a_case(db, receiver, post, await card_of(database_name, nip))
    await refused("offer.seats", mobility_offers.offer_post(db, officer(receiver), campaign, post, OfferPost(seats=1)))
    await give_up(db, officer(receiver), case_id)
    await mobility_offers.offer_post(db, officer(receiver), campaign, post, OfferPost(seats=1))
