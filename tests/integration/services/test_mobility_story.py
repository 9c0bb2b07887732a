"""A campaign from the first offer to the last seat: three regencies, BKN, and nothing put anywhere by hand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import func, select

from app.db.database import LEGAL_TIME, Database
from app.db.mobility_seats import promised_seats
from app.domain.actors import Actor
from app.domain.errors import NotFound, TalentError
from app.domain.mobility_campaigns import State
from app.domain.mobility_run import RESULTS, SNAPSHOT
from app.services import (
    consents,
    forecasts,
    mobility_assessments,
    mobility_campaigns,
    mobility_cases,
    mobility_cells,
    mobility_certificates,
    mobility_executions,
    mobility_participations,
    mobility_releases,
    mobility_results,
    posts,
)
from app.services.mobility_campaigns import AdvanceMobilityCampaign
from app.services.mobility_case_commands import MobilityCaseFilter
from app.services.mobility_cells import PutMobilityCells
from app.services.mobility_files import download_mobility_file
from app.services.mobility_releases import SetMobilityRelease
from app.services.posts import PostFilter
from app.verifier import __main__ as verifier
from tests.conftest import as_superuser
from tests.cycles import WEAK_POTENTIAL, at, authority, evidence_of
from tests.factories import (
    a_nip,
    an_employee,
    an_institution,
    import_files,
    name_of,
    officer,
    rows_of,
    talent,
    write_csv,
    write_folder,
)
from tests.mobility import a_campaign, a_participant, advanced, an_offer, an_organiser
from tests.mobility_cases import case_of, consider, decree, give_up, letter, located, release, request
from tests.mobility_rounds import frozen, run
from tests.posts import a_post, import_posts, post_named

PEOPLE = {"Ani": "A", "Candra": "A", "Fitri": "A", "Budi": "B", "Dewi": "B", "Eko": "C", "Gita": "C"}
"""Who works for which regency; each holds the only seat of a post of their own."""
PROVINCES = {"A": "14", "B": "14", "C": "61"}
EMPTY = ("Diklat", "Umum")
"""The posts of C that nobody holds."""
WISHES = {
    "Ani": ["Budi"],
    "Budi": ["Ani"],
    "Candra": ["Diklat"],
    "Dewi": ["Candra"],
    "Eko": ["Ani", "Diklat", "Fitri"],
    "Fitri": ["Diklat"],
    "Gita": ["Umum"],
}
"""By whom the dearest first: posts are called after who holds them."""
CELLS = [
    {"id": f"p{code}", "level": "province", "provinceCode": code, "headroom": more}
    for code, more in (("14", 0), ("61", 1))
]


@dataclass
class Story:
    """Who is who, and what each is called in the campaign."""

    organiser: Actor
    regions: dict[str, Actor]
    nips: dict[str, str]
    posts: dict[str, UUID]
    campaign_id: UUID
    offers: dict[str, UUID]
    parts: dict[str, UUID]
    run: dict[str, Any]

    def of(self, who: str) -> Actor:
        """The regency that somebody works for at first."""
        return self.regions[PEOPLE[who]]

    def as_talent(self, who: str) -> Actor:
        return talent(self.of(who), self.nips[who])


def seat_of(who: str) -> dict[str, str]:
    """What Data ASN says of the post of somebody."""
    return {"JENIS JABATAN ID": "1", "ESELON ID": "41", "JABATAN NAMA": f"KEPALA SEKSI {who.upper()}"}


async def a_regency(db: Database, folder: Path, nips: dict[str, str], name: str) -> Actor:
    """A regency with its people, as its files deliver them, and the posts they hold."""
    actor = await an_institution(db, f"Pemerintah Kabupaten Contoh {name} {a_nip()}")
    await located(db, actor, PROVINCES[name])
    own, official = [who for who, of in PEOPLE.items() if of == name], await name_of(db, actor)
    sheets: dict[str, list[dict[str, str]]] = {}
    for who in own:
        weak = WEAK_POTENTIAL if who == "Eko" else None
        for sheet, rows in evidence_of(nips[who], official, weak).items():
            sheets.setdefault(sheet, []).extend(rows)
    employees = [an_employee(nips[who], official, NAMA=who) | seat_of(who) for who in own]
    await import_files(db, actor, write_folder(folder / name, employees, sheets))
    rows = [
        a_post(NAMA_JABATAN=seat_of(who)["JABATAN NAMA"], JENJANG="pengawas", KEBUTUHAN="1")
        for who in [*own, *(EMPTY if name == "C" else ())]
    ]
    await import_posts(db, actor, folder / f"{name}-posts", *rows)
    return actor


async def deliver(db: Database, story: Story, folder: Path, where: dict[str, tuple[str, str]], as_of: date) -> None:
    """Data ASN of every regency on a day, by which these hold the posts named: not their own ones since that day."""
    for name, actor in story.regions.items():
        official = await name_of(db, actor)
        rows = [
            an_employee(story.nips[who], official, NAMA=who)
            | seat_of(post)
            | ({} if post == who else {"TMT JABATAN": f"{as_of:%d-%m-%Y}"})
            for who, (of, post) in where.items()
            if of == name
        ]
        await import_files(db, actor, [write_csv(folder, "data-asn", rows)], as_of=as_of)


@pytest_asyncio.fixture(scope="module")
async def story(db: Database, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The campaign, published."""
    folder, organiser = tmp_path_factory.mktemp("story"), await an_organiser(db)
    nips = {who: a_nip() for who in PEOPLE}
    regions = {name: await a_regency(db, folder, nips, name) for name in PROVINCES}
    places = PEOPLE | dict.fromkeys(EMPTY, "C")
    posts = {post: await post_named(db, regions[of], seat_of(post)["JABATAN NAMA"]) for post, of in places.items()}
    told = Story(organiser, regions, nips, posts, await a_campaign(db, organiser), {}, {}, {})
    cells = PutMobilityCells.model_validate_json(json.dumps({"cells": CELLS}))
    await mobility_cells.put_mobility_cells(db, organiser, told.campaign_id, cells)
    await advanced(db, organiser, told.campaign_id, State.ANNOUNCED)
    await offer_and_release(db, told)
    await advanced(db, organiser, told.campaign_id, State.COLLECTING)
    for who, wishes in WISHES.items():
        wished = [told.offers[one] for one in wishes]
        told.parts[who] = await a_participant(db, told.of(who), told.campaign_id, nips[who], *wished)
    await advanced(db, organiser, told.campaign_id, State.CORRECTION)
    await withdraw(db, told, "Fitri")
    for actor in regions.values():
        await mobility_assessments.assess_mobility(db, officer(actor), told.campaign_id)
    assert (await frozen(db, organiser, told.campaign_id))["state"] == "succeeded"
    told.run = await run(db, organiser, told.campaign_id)
    published = AdvanceMobilityCampaign(state=State.PUBLISHED)
    await mobility_campaigns.advance_mobility_campaign(db, organiser, told.campaign_id, published)
    return told


async def offer_and_release(db: Database, told: Story) -> None:
    """Every post is offered, held or not, and each regency lets three of its people go."""
    quota = SetMobilityRelease.model_validate({"quota": 3, "criteria": ["yearsInPost"]})
    for name, actor in told.regions.items():
        own = [one for one in told.posts if PEOPLE.get(one, "C") == name]
        offers = await an_offer(db, actor, told.campaign_id, *(told.posts[one] for one in own))
        told.offers |= dict(zip(own, offers, strict=True))
        await mobility_releases.set_mobility_release(db, authority(actor), told.campaign_id, "U1", quota)


async def withdraw(db: Database, told: Story, who: str) -> None:
    """Somebody withdraws the consent that the participation rests on."""
    actor = told.as_talent(who)
    part = await mobility_participations.mobility_participation_document(db, actor, told.campaign_id, told.parts[who])
    await consents.withdraw_consent(db, actor, UUID(json.loads(part)["consent"]["id"]))


async def refused(code: str, step: Any) -> None:
    with pytest.raises(TalentError) as refusal:
        await step
    assert code in {refusal.value.code, *(fault.code for fault in refusal.value.faults)}


async def certificate(db: Database, told: Story, who: str) -> dict[str, Any]:
    actor = told.as_talent(who)
    return json.loads(await mobility_certificates.mobility_certificate_document(db, actor, told.campaign_id))


async def nodes(page: Any) -> list[dict[str, Any]]:
    return [edge["node"] for edge in json.loads(await page)["edges"]]


async def test_fully_held_posts_are_swapped_and_whoever_gets_nothing_reads_why(
    db: Database, story: Story, tmp_path: Path
) -> None:
    told = {who: await certificate(db, story, who) for who in PEOPLE if who != "Fitri"}
    received = {who: one["post"]["name"].removeprefix("KEPALA SEKSI ") for who, one in told.items()}
    assert received == {
        "Ani": "BUDI",
        "Budi": "ANI",
        "Candra": "DIKLAT",
        "Dewi": "CANDRA",
        "Eko": "EKO",
        "Gita": "UMUM",
    }
    wishes = {wish["post"]["name"].removeprefix("KEPALA SEKSI "): wish for wish in told["Eko"]["wishes"]}
    codes = {post: wish["code"] for post, wish in wishes.items()}
    assert codes == {"ANI": "BELOW_CUTOFF", "DIKLAT": "BELOW_CUTOFF", "FITRI": "INCUMBENT_STAYED"}
    points = told["Budi"]["wishes"][0]["points"]
    assert f"had at least {points} points; you had {wishes['ANI']['points']}" in wishes["ANI"]["why"]["en"]
    assert wishes["ANI"]["points"] < points
    with pytest.raises(NotFound):
        await certificate(db, story, "Fitri")
    outcomes = await nodes(mobility_results.mobility_outcomes_page(db, officer(story.regions["A"]), story.campaign_id))
    assert [one["name"] for one in outcomes] == ["Ani", "Candra"]

    reader, run_id = officer(story.regions["C"]), UUID(story.run["id"])
    for name in (*SNAPSHOT, *RESULTS, "run.json"):
        file = await download_mobility_file(db, reader, run_id, name)
        content = b"".join([part async for part in file.content])
        assert not [who for who, part in story.parts.items() if str(part).encode() in content]
        (tmp_path / name).write_bytes(content)
    assert verifier.main([str(tmp_path / "run.json")]) == verifier.VERIFIED
    units = await nodes(mobility_results.mobility_moves_page(db, reader, run_id))
    moved = [[(step["participantId"], step["toPost"]["name"]) for step in unit["moves"]] for unit in units]
    parts = {who: one["participantId"] for who, one in told.items()}
    assert [(parts["Gita"], "KEPALA SEKSI UMUM")] in moved
    assert [(parts["Candra"], "KEPALA SEKSI DIKLAT"), (parts["Dewi"], "KEPALA SEKSI CANDRA")] in moved
    assert sorted(moved[2]) == sorted([(parts["Ani"], "KEPALA SEKSI BUDI"), (parts["Budi"], "KEPALA SEKSI ANI")])
    assert json.loads(await mobility_results.mobility_conservation_document(db, reader, run_id))["holds"]


# ── carried out


async def taken(db: Database, told: Story) -> dict[str, tuple[int, int, int]]:
    """Of every post its seats, who holds one by the registry, and who has taken one over from elsewhere.

    Lists tell the same, and whether a seat is empty.
    """
    found: dict[str, tuple[int, int, int]] = {}
    for name, post_id in told.posts.items():
        actor = officer(told.regions[PEOPLE.get(name, "C")])
        post = json.loads(await posts.post_document(db, actor, post_id))
        seats, holders, reserved = found[name] = post["seats"], post["held"], post["reservedSeats"]
        assert post["vacantSeats"] == max(seats - holders - reserved, 0)
        vacant = await nodes(posts.posts_page(db, actor, PostFilter(vacant=True), 200))
        assert (str(post_id) in [one["id"] for one in vacant]) == (post["vacantSeats"] > 0)
        async with db.read_as(actor) as tx:
            assert await promised_seats(tx, actor.institution_id, post_id) <= max(seats - holders, 0)
    return found


async def counted(database: str, told: Story) -> set[str]:
    """The posts of which a seat is empty by the counts of the nation."""
    empty = "SELECT post_id::text FROM mobility_post_seat WHERE empty > 0"
    found = {row[0] for row in await as_superuser(empty, database)}
    return {name for name, post_id in told.posts.items() if str(post_id) in found}


async def whose_cases(db: Database, told: Story) -> dict[str, UUID]:
    """The cases of the campaign by who moves, as each finds their own."""
    chosen = MobilityCaseFilter(campaign=told.campaign_id)
    found: dict[str, UUID] = {}
    for who in PEOPLE:
        for one in await nodes(mobility_cases.mobility_cases_page(db, told.as_talent(who), chosen)):
            found[who] = UUID(one["id"])
    return found


async def test_chain_and_cycle_are_carried_out_and_nobody_loses_a_seat(
    db: Database, database_name: str, story: Story, tmp_path: Path
) -> None:
    organiser, regions, campaign_id = story.organiser, story.regions, story.campaign_id
    before = await taken(db, story)
    assert before == {name: (1, int(name not in EMPTY), 0) for name in story.posts}
    assert await counted(database_name, story) == set(EMPTY)
    await mobility_executions.open_mobility_cases(db, organiser, campaign_id)
    cases = await whose_cases(db, story)
    assert set(cases) == {"Ani", "Budi", "Candra", "Dewi", "Gita"}
    receivers = {"Ani": "B", "Budi": "A", "Candra": "C", "Dewi": "A"}
    unsupported = mobility_cases.request_mobility_case(db, officer(regions["B"]), cases["Ani"], letter("800/1/BKD"))
    await refused("mobility_case.documents", unsupported)
    for who, to in receivers.items():
        await request(db, regions[to], cases[who])
        assert (await case_of(db, officer(regions[to]), cases[who]))["talent"] is None
        await release(db, story.of(who), cases[who])
        assert (await case_of(db, officer(regions[to]), cases[who]))["talent"]["nip"] == story.nips[who]
    await request(db, regions["C"], cases["Gita"])
    await release(db, regions["C"], cases["Gita"])
    receivers["Gita"] = "C"
    await give_up(db, story.as_talent("Dewi"), cases["Dewi"])  # the last of the chain
    for who in ("Ani", "Budi", "Candra"):
        await consider(db, regions[receivers[who]], organiser, cases[who])

    day = date.fromisoformat((await case_of(db, organiser, cases["Ani"]))["plannedOn"])
    then = at(db, datetime.combine(day, time(9), LEGAL_TIME))

    async def take_over(clock: Database, who: str) -> None:
        await mobility_cases.inaugurate_mobility_case(clock, officer(regions[receivers[who]]), cases[who])

    await decree(db, officer(regions["B"]), cases["Ani"], day)
    await refused("mobility_case.early", take_over(db, "Ani"))
    await refused("mobility_case.held", take_over(then, "Ani"))
    await refused("mobility_case.common_day", decree(db, officer(regions["A"]), cases["Budi"], day + timedelta(1)))
    await decree(db, officer(regions["A"]), cases["Budi"], day)
    for who in ("Candra", "Gita"):  # the move within C needs no approval of BKN
        await decree(db, officer(regions["C"]), cases[who], day)
    assert await taken(db, story) == before
    closed = AdvanceMobilityCampaign(state=State.CLOSED)
    close = mobility_campaigns.advance_mobility_campaign
    await refused("mobility_campaign.open_cases", close(then, organiser, campaign_id, closed))
    for who in ("Ani", "Budi", "Candra", "Gita"):
        await take_over(then, who)
        assert sum(holders + reserved for _, holders, reserved in (await taken(db, story)).values()) == len(PEOPLE)
    now = {
        "Ani": (1, 0, 1),
        "Budi": (1, 0, 1),
        "Candra": (1, 0, 0),
        "Gita": (1, 0, 0),
        **dict.fromkeys(EMPTY, (1, 0, 1)),
        "Umum": (1, 1, 0),  # within C, where nobody waits for a Data ASN
    }
    assert await taken(db, story) == before | now
    assert await counted(database_name, story) == {"Candra", "Gita"}
    forecast = json.loads(await forecasts.post_forecast_document(db, officer(regions["C"])))["total"]
    assert (forecast["seats"], forecast["reservedSeats"], forecast["vacantSeats"]) == (4, 1, 1)
    left = MobilityCaseFilter(seat_left_open=True)
    [open_seat] = await nodes(mobility_cases.mobility_cases_page(db, officer(regions["A"]), left))
    assert open_seat["post"]["id"] == str(story.posts["Candra"])
    await close(then, organiser, campaign_id, closed)

    # a Data ASN that lags gives nobody a seat back, and one that knows of the moves takes the place of reservations
    homes = {who: (of, who) for who, of in PEOPLE.items()}
    await deliver(then, story, tmp_path, homes, day)
    assert await taken(db, story) == before | now
    moved = {"Ani": ("B", "Budi"), "Budi": ("A", "Ani"), "Candra": ("C", "Diklat"), "Gita": ("C", "Umum")}
    await deliver(then, story, tmp_path, homes | moved, day)
    assert await taken(db, story) == before | {one: (1, int(one in EMPTY), 0) for one in ("Candra", "Gita", *EMPTY)}
    assert await counted(database_name, story) == {"Candra", "Gita"}
    async with db.write_as(officer(regions["B"])) as tx:
        assert await tx.scalar(select(func.leave_seat_for_case(cases["Ani"]))) is None  # once and for all
    assert await taken(db, story) == before | {one: (1, int(one in EMPTY), 0) for one in ("Candra", "Gita", *EMPTY)}
    since = "SELECT empty_since, clock_from FROM post WHERE id = $1"
    assert [tuple(row) for row in await rows_of(db, officer(regions["A"]), since, story.posts["Candra"])] == [
        (day, day)
    ]
