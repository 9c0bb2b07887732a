"""Demand and supply: counts kept up by what changes equal those counted anew, and tell nobody of single people."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database, open_database
from app.db.ledger import record
from app.domain.actors import Actor, Role
from app.domain.careers import PositionLevel
from app.domain.errors import Forbidden, Invalid
from app.domain.events import InstitutionCreated
from app.domain.mobility_campaigns import State
from app.domain.provinces import PROVINCES
from app.services import mobility_demand, mobility_listings, mobility_participations, programmes, standing
from app.services.mobility_demand import DemandFilter
from app.services.mobility_listings import KeepMobilityListing
from app.services.standing import EditInstitution
from tests.conftest import as_superuser, url_of
from tests.cycles import at as with_clock
from tests.cycles import somebody
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
from tests.mobility import a_campaign, a_participant, advanced, an_organiser
from tests.mobility_listings import a_listing, told
from tests.vacancies import a_post

KEPT = """
    SELECT dimension, free_on::text, kind, province, value, sum(number) AS number FROM (
        SELECT dimension, '-infinity'::date AS free_on, kind, province, value, number
        FROM mobility_count CROSS JOIN LATERAL (
            VALUES ('in', wanting_in), ('out', wanting_out), ('empty', empty_seats)) AS told (kind, number)
        UNION ALL SELECT dimension, free_on, 'freed', province, value, number FROM mobility_freed_seat
        UNION ALL SELECT dimension, free_on, kind, province, value, number FROM mobility_count_change
    ) counts
    GROUP BY 1, 2, 3, 4, 5 HAVING sum(number) <> 0"""
SUMMED_WRONGLY = """
    SELECT dimension, province, value, sum(number) FROM (
        SELECT dimension, province, value, freed_seats AS number FROM mobility_count
        UNION ALL SELECT dimension, province, value, -number FROM mobility_freed_seat, mobility_foresight
        WHERE free_on <= until) counts
    GROUP BY 1, 2, 3 HAVING sum(number) <> 0"""
ALWAYS = "-infinity"


@pytest_asyncio.fixture
async def nation(own_database_name: str) -> AsyncIterator[Database]:
    """A database that holds nobody else."""
    async with open_database(url_of(own_database_name)) as db:
        yield db


async def people(db: Database, folder: Path, province: str | None, many: int) -> tuple[Actor, list[str]]:
    """An institution in a province with people of one level in two units."""
    actor = await an_institution(db)
    if province is not None:
        await standing.edit_institution(db, officer(actor), EditInstitution(province_code=province))
    name, nips = await name_of(db, actor), [a_nip() for _ in range(many)]
    employees = [an_employee(nip, name, UNOR_ID=f"U{place % 2}") for place, nip in enumerate(nips)]
    await import_files(db, actor, write_folder(folder, employees, {}))
    return actor, nips


@asynccontextmanager
async def changing(db: Database, actor: Actor) -> AsyncIterator[AsyncSession]:
    """A recorded transaction in an institution."""
    async with db.write_as(actor) as tx:
        yield tx
        await record(tx, actor, InstitutionCreated(actor.institution_id, "changed"))


async def change(db: Database, actor: Actor, sql: str, **values: object) -> None:
    async with changing(db, actor) as tx:
        await tx.execute(text(sql), {"mine": actor.institution_id, **values})


async def posts_of(db: Database, actor: Actor, *seats: int, affair: str | None = None) -> list[UUID]:
    """Posts of the unit U0, each with so many seats."""
    ids = [uuid4() for _ in seats]
    async with changing(db, actor) as tx:
        for post_id, many in zip(ids, seats, strict=True):
            await tx.execute(
                text(
                    """INSERT INTO post (institution_id, id, unit_id, name, name_key, level, seats, is_critical,
                        critical_as_delivered, government_affair)
                    VALUES (:mine, :id, 'U0', :name, :name, 'jf_ahli_muda', :seats, false, false, :affair)"""
                ),
                {
                    "mine": actor.institution_id,
                    "id": post_id,
                    "name": f"post {post_id}",
                    "seats": many,
                    "affair": affair,
                },
            )
    return ids


# ── counted anew, in plain Python


async def counted_anew(database: str) -> Counter[tuple[str, ...]]:
    found: Counter[tuple[str, ...]] = Counter()
    for row in await as_superuser("SELECT * FROM mobility_listing", database):
        found.update(wants(row))
    affairs = {
        (row["institution_id"], row["unit_id"]): row["government_affair"]
        for row in await as_superuser("SELECT * FROM unit_affair", database)
    }
    held = await as_superuser("SELECT institution_id, post_id, retires_on FROM post_holder", database)
    posts = """SELECT p.*, u.path, i.province_code FROM post p JOIN institution i ON i.id = p.institution_id
        JOIN org_unit u ON u.institution_id = p.institution_id AND u.id = p.unit_id WHERE p.is_delivered"""
    for post in await as_superuser(posts, database):
        of_units = [affairs.get((post["institution_id"], unit)) for unit in post["path"]]
        affair = post["government_affair"] or next((one for one in reversed(of_units) if one), None) or ""
        days = [row["retires_on"] for row in held if row["post_id"] == post["id"]]
        leaving = sorted(day for day in days if day is not None)[max(len(days) - post["seats"], 0) :]
        values = {"positionLevel": post["level"], "governmentAffair": affair, "jobFamily": post["job_family"] or ""}
        province, empty = post["province_code"] or "", max(post["seats"] - len(days), 0)
        for dimension, value in {**values, "post": f"{post['level']}/{affair}"}.items():
            found[dimension, ALWAYS, "empty", province, value] += empty
        for dimension, value in values.items():
            for day in leaving:
                found[dimension, day.isoformat(), "freed", province, value] += 1
    return +found


def wants(row: Any) -> Counter[tuple[str, ...]]:
    found: Counter[tuple[str, ...]] = Counter()
    home, going = row["home_province"], set(row["destinations"]) - {row["home_province"]}
    wanted = {
        "positionLevel": set(row["levels"]) or {""},
        "governmentAffair": set(row["government_affairs"]) or {""},
        "jobFamily": {row["job_family"] or ""},
    }
    own = {"positionLevel": "home_level", "governmentAffair": "home_affair", "jobFamily": "job_family"}
    for dimension, values in wanted.items() if going else ():
        found[dimension, ALWAYS, "out", home, row[own[dimension]] or ""] = 1
        found.update((dimension, ALWAYS, "in", at, value) for at in {*going, "*"} for value in {*values, "*"})
    for at in going:
        found.update(
            ("post", ALWAYS, "in", at, f"{level}/{affair}")
            for level in row["levels"]
            for affair in row["government_affairs"]
        )
    return found


async def kept(database: str) -> Counter[tuple[str, ...]]:
    rows = await as_superuser(KEPT, database)
    return Counter({tuple(row.values())[:5]: row["number"] for row in rows})


# ── kept up


def a_wish(chance: Random) -> dict[str, Any]:
    provinces = chance.sample(list(PROVINCES), 6)
    return {
        "provincesWanted": provinces[: chance.choice((0, 1, 3))],
        "provincesExcluded": provinces[3 : chance.choice((3, 6))],
        "positionLevels": chance.sample([level.value for level in PositionLevel], chance.choice((0, 1, 3))),
        "governmentAffairs": chance.sample(["health", "education", "finance", "food"], chance.choice((0, 1, 4))),
    }


WHO = "(SELECT id FROM talent WHERE institution_id = :mine AND nip = :nip)"
UNLISTED = f"DELETE FROM mobility_listing WHERE talent_id = {WHO}"  # noqa: S608 - our own words
SEATS = (
    "UPDATE post SET seats = CAST(:number AS integer), is_delivered = CAST(:number AS integer) <> 1 WHERE id = :post"
)
ASKED = """UPDATE post SET government_affair = CAST(:affair AS text), level = 'pengawas',
    job_family = CAST(:affair AS text), unit_id = CASE WHEN unit_id = 'U0' THEN 'U1' ELSE 'U0' END WHERE id <> :post"""
HELD = f"""INSERT INTO post_holder (institution_id, talent_id, post_id, retires_on)
    VALUES (:mine, {WHO}, CAST(:post AS uuid), CAST(:day AS date)) ON CONFLICT (institution_id, talent_id)
    DO UPDATE SET post_id = excluded.post_id, retires_on = excluded.retires_on"""  # noqa: S608 - our own words
LEFT = f"DELETE FROM post_holder WHERE talent_id = {WHO}"  # noqa: S608 - our own words
AFFAIRS = """WITH gone AS (DELETE FROM unit_affair WHERE unit_id = 'U0')
    INSERT INTO unit_affair (institution_id, unit_id, government_affair, is_derived)
    VALUES (:mine, 'U1', coalesce(CAST(:affair AS text), 'food'), false)
    ON CONFLICT (institution_id, unit_id) DO UPDATE SET government_affair = excluded.government_affair"""
FACTS = f"""UPDATE candidate SET level = 'pengawas', government_affair = CAST(:affair AS text),
    job_family = CAST(:affair AS text) WHERE institution_id = :mine AND talent_id = {WHO}"""  # noqa: S608 - our own words
UNITS = """UPDATE org_unit SET path = CASE CAST(:number AS integer) WHEN 0 THEN ARRAY['U1', 'U0'] ELSE ARRAY['U0'] END
    WHERE id = 'U0'"""
CHANGES = (UNLISTED, SEATS, ASKED, HELD, HELD, HELD, LEFT, AFFAIRS, FACTS, UNITS)


async def a_change(db: Database, chance: Random, actor: Actor, nips: list[str], posts: list[UUID]) -> None:
    """Something that happens to what is counted."""
    values = {
        "nip": chance.choice(nips),
        "post": chance.choice(posts),
        "number": chance.randrange(4),
        "affair": chance.choice((None, "health", "food", "education")),
        "day": chance.choice((None, date(2027, 1, 1), date(2027, 6, 1), date(2030, 3, 1))),
    }
    match chance.randrange(8):
        case 0 | 1:
            await a_listing(db, actor, str(values["nip"]), **a_wish(chance))
        case 2:
            code = chance.choice(("13", "14", "96"))
            await standing.edit_institution(db, officer(actor), EditInstitution(province_code=code))
        case _:
            sql = chance.choice(CHANGES)
            await change(db, actor, sql, **{name: value for name, value in values.items() if f":{name}" in sql})


async def test_what_is_kept_equals_what_is_counted_anew(
    nation: Database, own_database_name: str, tmp_path: Path
) -> None:
    chance, offices = Random(1), []  # noqa: S311 - no secret
    for place, province in enumerate(("13", None)):
        actor, nips = await people(nation, tmp_path / str(place), province, 4)
        offices.append((actor, nips, await posts_of(nation, actor, 2, 1, 3)))
    for _ in range(25):
        await a_change(nation, chance, *chance.choice(offices))
        await a_change(nation, chance, *chance.choice(offices))
        assert await kept(own_database_name) == await counted_anew(own_database_name)
    assert len(await kept(own_database_name)) > 50
    [(folded,)] = await as_superuser("SELECT sum(freed_seats) FROM mobility_count", own_database_name)
    assert folded > 0
    assert await as_superuser(SUMMED_WRONGLY, own_database_name) == []
    for actor, *_ in offices:
        await change(nation, actor, "DELETE FROM post_holder")
        await change(nation, actor, "DELETE FROM post")
        await change(nation, actor, "DELETE FROM mobility_listing")
    assert await kept(own_database_name) == Counter()


async def test_two_at_once_neither_wait_for_each_other_nor_lose_a_count(
    nation: Database, own_database_name: str, tmp_path: Path
) -> None:
    actor, nips = await people(nation, tmp_path / "office", "13", 3)
    [shared] = await posts_of(nation, actor, 3)
    # so much that either of them would add up what has changed
    much = {
        "provincesWanted": [],
        "positionLevels": [level.value for level in PositionLevel][:6],
        "governmentAffairs": ["health", "education", "finance", "food", "land"],
    }
    command = KeepMobilityListing.model_validate_json(json.dumps(told(nation, **much)))
    async with nation.write_as(talent(actor, nips[0])) as tx:
        await mobility_listings._keep(tx, nation, talent(actor, nips[0]), command)
        await asyncio.wait_for(a_listing(nation, actor, nips[1], **much), 60)
    assert await kept(own_database_name) == await counted_anew(own_database_name)
    takes = """INSERT INTO post_holder (institution_id, talent_id, post_id)
        SELECT institution_id, id, :post FROM talent WHERE institution_id = :mine AND nip = :nip"""
    async with changing(nation, actor) as tx:
        await tx.execute(text(takes), {"mine": actor.institution_id, "post": shared, "nip": nips[0]})
        other = asyncio.create_task(change(nation, actor, takes, post=shared, nip=nips[1]))
        await asyncio.sleep(0.2)
        assert not other.done()  # they take seats of one post: the second has to see the first
    await asyncio.wait_for(other, 60)
    assert await kept(own_database_name) == await counted_anew(own_database_name)
    assert (await kept(own_database_name))["positionLevel", ALWAYS, "empty", "13", "jf_ahli_muda"] == 1


# ── told


async def demand(db: Database, actor: Actor, **chosen: Any) -> dict[str, Any]:
    return json.loads(await mobility_demand.mobility_demand_document(db, actor, DemandFilter(**chosen)))


async def test_demand_and_supply_are_told_by_province_level_affair_and_programme(
    nation: Database, tmp_path: Path
) -> None:
    riau, people_of_riau = await people(nation, tmp_path / "riau", "14", 6)
    west, people_of_west = await people(nation, tmp_path / "west", "13", 7)
    [held, _] = await posts_of(nation, riau, 2, 3, affair="health")
    soon = nation.today() + timedelta(days=200)
    sql = """INSERT INTO post_holder (institution_id, talent_id, post_id, retires_on)
        SELECT institution_id, id, :post, :soon FROM talent WHERE institution_id = :mine LIMIT 2"""
    await change(nation, riau, sql, post=held, soon=soon)
    for nip in people_of_west:
        await a_listing(nation, west, nip, governmentAffairs=["health", "food"])
    for nip in people_of_riau[:2]:
        await a_listing(nation, riau, nip, provincesWanted=["13"])
    await a_listing(nation, riau, people_of_riau[2], provincesWanted=["14"])  # stays in the province: no in and no out

    by_level = await demand(nation, somebody(riau, Role.NATIONAL, "bkn"))
    [west_told, riau_told] = by_level["provinces"]
    assert (west_told["provinceCode"], riau_told["provinceCode"]) == ("13", "14")
    # two people want out of Riau and into the west: both counts are small; nine in all
    assert (west_told["wantingIn"], riau_told["wantingOut"]) == (None, None)
    assert by_level["total"] | {"netPressure": 0} == {
        "wantingIn": 9,
        "wantingOut": 9,
        "emptySeats": 3,
        "foreseeableSeats": None,
        "netPressure": 0,
    }
    assert riau_told["emptySeats"] == 3
    # with the nation's nine the seven would tell the two
    assert (riau_told["wantingIn"], west_told["wantingOut"]) == (None, None)

    for nip in people_of_riau[2:]:
        await a_listing(nation, riau, nip, provincesWanted=["13"])
    by_affair = await demand(nation, officer(west), grouped_by="governmentAffair", province="14")
    [only] = by_affair["provinces"]
    assert (only["wantingIn"], only["wantingOut"], only["emptySeats"]) == (7, 6, 3)
    assert by_affair["total"] == {name: only[name] for name in by_affair["total"]}
    assert by_affair["groups"] == only["groups"]
    groups = {group["code"]: group for group in only["groups"]}
    assert (groups["health"]["wantingIn"], groups["food"]["wantingIn"], groups["health"]["emptySeats"]) == (7, 7, 3)
    assert [(post["positionLevel"], post["governmentAffair"], post["atLeast"]) for post in by_affair["unmetPosts"]] == [
        ("jf_ahli_muda", "food", 5)
    ]
    today = nation.today().isoformat()
    command = programmes.PublishPriorityProgramme.model_validate_json(
        json.dumps(
            {
                "code": "services",
                "name": "Layanan",
                "governmentAffairs": ["health", "food"],
                "weight": 50,
                "since": today,
                "until": "2099-01-01",
                "legalBasis": "RPJMN 2025–2029",
            }
        )
    )
    await programmes.publish_priority_programme(nation, officer(west), command)
    [of_programme] = (await demand(nation, officer(west), grouped_by="programme", province="14"))["provinces"]
    [group] = of_programme["groups"]
    assert (group["code"], group["wantingIn"], group["emptySeats"]) == ("services", 14, 3)
    near = await demand(nation, officer(west), horizon_months=3, province="14")
    assert near["provinces"][0]["foreseeableSeats"] == 0
    assert near["provinces"][0]["netPressure"] == 7 - 3


async def test_kinds_of_posts_that_open_campaigns_ask_for_and_nobody_offers_are_told(
    nation: Database, tmp_path: Path
) -> None:
    riau, nips = await people(nation, tmp_path, "14", 5)
    await a_post(nation, riau, nips, seats=5)
    organiser = await an_organiser(nation)
    campaign = await a_campaign(nation, organiser)
    await advanced(nation, organiser, campaign, State.COLLECTING)
    kind = {"province": "13", "level": "pengawas", "affair": "health"}
    parts = [await a_participant(nation, riau, campaign, nip, kind, {"level": "pengawas"}) for nip in nips]
    await a_listing(nation, riau, nips[0], provincesWanted=["13"], positionLevels=["pengawas"])
    unmet = (await demand(nation, organiser))["unmetPosts"]
    assert [(one["provinceCode"], one["positionLevel"], one["governmentAffair"], one["atLeast"]) for one in unmet] == [
        ("13", "pengawas", "health", 5)
    ]
    assert (await demand(nation, organiser, province="14"))["unmetPosts"] == []
    leaver = talent(riau, nips[0])
    await mobility_participations.withdraw_from_mobility(nation, leaver, campaign, parts[0])
    assert (await demand(nation, organiser))["unmetPosts"] == []


async def test_demand_is_for_who_may_read_it(db: Database) -> None:
    actor = await an_institution(db)
    for role in (Role.TALENT, Role.AUDITOR, Role.COMMITTEE_MEMBER):
        with pytest.raises(Forbidden):
            await demand(db, somebody(actor, role, "x"))
    with pytest.raises(Invalid):
        await demand(db, officer(actor), province="00")


async def test_whose_consent_has_ended_is_counted_no_more(nation: Database, tmp_path: Path) -> None:
    actor, nips = await people(nation, tmp_path / "office", "13", 6)
    for nip in nips:
        await a_listing(nation, actor, nip)
    assert (await demand(nation, officer(actor)))["total"]["wantingIn"] == 6
    sql = "UPDATE mobility_listing SET expires_at = now() - interval '1 day' WHERE institution_id = :mine"
    await change(nation, actor, sql)
    ended = await demand(nation, officer(actor))
    assert (ended["total"]["wantingIn"], ended["provinces"]) == (0, [])
    await a_listing(nation, actor, nips[0], days=30)
    await with_clock(nation, nation.now() + timedelta(days=90)).forget_mobility_listings()  # a clock that is wrong
    assert [row["talent_id"] for row in await rows_of(nation, actor, "SELECT talent_id FROM mobility_listing")] == [
        row["id"] for row in await rows_of(nation, actor, "SELECT id FROM talent WHERE nip = $1", nips[0])
    ]
    entries = "SELECT payload FROM ledger_entry WHERE type = 'mobilityListingsEnded'"
    assert [row["payload"] for row in await rows_of(nation, actor, entries)] == [{"listings": 5}]
    assert (await demand(nation, officer(actor)))["provinces"] != ended["provinces"]
