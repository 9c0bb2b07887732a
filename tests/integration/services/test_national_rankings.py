"""The nation: whoever is found is found by everybody being looked at, and nobody else is told anything."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio
from pydantic import ValidationError

from app.db.database import Database, open_database
from app.dev.installation import OWNER_ROLE
from app.dev.nation.loading import NationStandsError, lay
from app.domain.actors import Actor, Role
from app.domain.candidates import FIELDS, Candidate, Given, Target, candidate_from
from app.domain.careers import PositionLevel
from app.domain.errors import Conflict, Forbidden, Invalid
from app.domain.ranking import Rated, criteria_in_use, points_of, rank, tie_break
from app.domain.requirements import Field, Outcome
from app.domain.rule_set_document import parse_rule_set
from app.domain.rule_sets import RuleSet
from app.domain.verdicts import verdict
from app.services import national_rankings
from app.services.national_rankings import RankNationally
from app.services.rule_sets import RuleSetVersion
from tests.conftest import TEMPLATE, as_superuser, copy_database, url_of
from tests.cycles import somebody

PEOPLE = 4_000
GROUNDS = "PP 11/2017 ps. 107: pengisian jabatan lintas instansi"
ON = date(2026, 1, 15)
UNGUARDED = "ALTER TABLE candidate DISABLE TRIGGER note_change"
"""Changes of rows alone, which nobody records."""


def silent(_what: str, _done: int, _all: int) -> None:
    """Progress that nobody looks at."""


@pytest_asyncio.fixture(scope="module")
async def nation_name() -> AsyncIterator[str]:
    """A database with a small nation and nobody else."""
    name = await copy_database(TEMPLATE)
    assert await lay(url_of(name, OWNER_ROLE), PEOPLE, silent)
    yield name
    await as_superuser(f"DROP DATABASE {name} WITH (FORCE)")


@pytest_asyncio.fixture
async def nation(nation_name: str) -> AsyncIterator[Database]:
    async with open_database(url_of(nation_name)) as db:
        yield db


@pytest_asyncio.fixture
async def national(nation_name: str) -> Actor:
    [row] = await as_superuser("SELECT id FROM institution ORDER BY name LIMIT 1", nation_name)
    return somebody(Actor(row["id"], Role.NATIONAL, "bkn"), Role.NATIONAL, "bkn")


async def searched(db: Database, actor: Actor, **but: Any) -> dict[str, Any]:
    asked = {"grounds": GROUNDS, "level": PositionLevel.ADMINISTRATOR, "on": ON, **but}
    return json.loads(await national_rankings.rank_nationally(db, actor, RankNationally(**asked)))


async def everybody(database: str) -> list[tuple[Candidate, Mapping[str, Any]]]:
    """All candidates of all institutions as the domain knows them, each with the row."""
    rows = await as_superuser(
        """SELECT c.*, i.province_code, k.id AS card_id FROM candidate c JOIN institution i ON i.id = c.institution_id
           LEFT JOIN talent_card k ON (k.institution_id, k.talent_id) = (c.institution_id, c.talent_id)
               AND k.listed_until > now()""",
        database,
    )
    known = [{**row, "affair_days": row["affair_days"] and json.loads(row["affair_days"])} for row in rows]
    return [(candidate_from({name: row[name] for name in FIELDS}), row) for row in known]


async def shipped(database: str, code: str) -> RuleSet:
    [row] = await as_superuser(f"SELECT document FROM rule_set WHERE code = '{code}'", database)  # noqa: S608
    return parse_rule_set(json.loads(row["document"])).rule_set


@pytest.mark.parametrize("affair", [None, "education", "transport"])
@pytest.mark.parametrize("level", ["pengawas", "administrator", "jpt-pratama"])
async def test_the_best_of_the_nation_are_those_that_plain_rules_find_among_everybody(
    level: str, affair: str | None, nation: Database, nation_name: str, national: Actor
) -> None:
    rule_set = await shipped(nation_name, f"pp-11-2017-{level}")
    told = await searched(nation, national, level=rule_set.level, government_affair=affair, first=15)
    target = Target(on=ON, level=rule_set.level, government_affair=affair, standard=tuple(told["standard"]))
    left_open = {Field.VERIFIED} | ({Field.RELATED_EXPERIENCE} if affair is None else set())
    criteria = criteria_in_use(
        rule_set, has_technical_scores=False, has_programmes=False, has_affair=affair is not None
    )
    eligible = {
        one.id: (one, row)
        for one, row in await everybody(nation_name)
        if one.box in rule_set.pool_boxes
        and all(
            verdict(asked, one, target, Given()).outcome is Outcome.MET
            for asked in rule_set.requirements
            if asked.field not in left_open
        )
    }
    parts = {key: [points_of(by, one, target, Given()).points for by in criteria] for key, (one, _) in eligible.items()}
    rated = [Rated(key, tuple(points)) for key, points in parts.items() if None not in points]  # type: ignore[arg-type]
    seed = bytes.fromhex(told["seed"])
    assert (told["eligible"], told["unranked"]) == (len(eligible), len(eligible) - len(rated))
    found = [(one["position"], UUID(one["candidateId"]), one["tieBreak"]) for one in told["candidates"]]
    assert found == [(one.position, one.id, one.tie_break) for one in rank(rated, seed)[:15]]
    for one in told["candidates"]:
        key = UUID(one["candidateId"])
        candidate, row = eligible[key]
        assert [round(part["points"] * 1_000_000) for part in one["parts"]] == parts[key]
        assert round(one["total"] * 1_000_000) == sum(parts[key])  # type: ignore[arg-type]
        assert (one["level"], one["box"], one["provinceCode"]) == (candidate.level, candidate.box, row["province_code"])
        is_own = row["institution_id"] == national.institution_id
        assert one["cardId"] == (None if is_own or row["card_id"] is None else str(row["card_id"]))
        assert {word["outcome"] for word in one["verdicts"] if word["field"] not in left_open} == {"met"}


async def test_equal_totals_are_told_apart_by_a_lot_that_anybody_can_draw_again(
    nation: Database, nation_name: str, national: Actor
) -> None:
    await as_superuser(UNGUARDED, nation_name)
    await as_superuser(
        "UPDATE candidate SET talent_value = 80000000, competencies = '{5,5,5,5,5,5,5,5,5}', training_hours = 60",
        nation_name,
    )
    first, again = [await searched(nation, national, level=PositionLevel.PENGAWAS, first=5) for _ in range(2)]
    assert first["eligible"] > 5
    lots = [one["tieBreak"] for one in first["candidates"]]
    assert lots == sorted(lots)
    assert lots == [tie_break(bytes.fromhex(first["seed"]), UUID(o["candidateId"])) for o in first["candidates"]]
    assert [one["candidateId"] for one in again["candidates"]] != [one["candidateId"] for one in first["candidates"]]


async def test_a_search_keeps_to_its_boxes_and_provinces(nation: Database, nation_name: str, national: Actor) -> None:
    [row] = await as_superuser(
        "SELECT province_code FROM institution GROUP BY 1 ORDER BY count(*) DESC LIMIT 1", nation_name
    )
    here = row["province_code"]
    told = await searched(nation, national, level=PositionLevel.PENGAWAS, boxes=[9, 8, 9], provinces=[here], first=100)
    assert told["boxes"] == [8, 9]
    assert {one["provinceCode"] for one in told["candidates"]} == {here}
    assert {one["box"] for one in told["candidates"]} <= {8, 9}
    assert told["eligible"] < (await searched(nation, national, level=PositionLevel.PENGAWAS))["eligible"]


async def test_every_search_is_in_the_ledger_with_its_grounds(
    nation: Database, nation_name: str, national: Actor
) -> None:
    told = await searched(nation, national, government_affair="health")
    [entry] = await as_superuser(
        f"SELECT * FROM ledger_entry WHERE about_id = '{told['searchId']}'",  # noqa: S608 - an id
        nation_name,
    )
    assert (entry["institution_id"], entry["type"]) == (national.institution_id, "nationSearched")
    payload = json.loads(entry["payload"])
    assert {name: payload[name] for name in ("grounds", "seed", "digest", "eligible", "rule_set")} == {
        "grounds": GROUNDS,
        "rule_set": "pp-11-2017-administrator/1",
        **{name: told[name] for name in ("seed", "digest", "eligible")},
    }


async def test_what_cannot_be_searched_is_refused(nation: Database, national: Actor) -> None:
    with pytest.raises(ValidationError, match="at least 20"):
        RankNationally(grounds="perlu", level=PositionLevel.PENGAWAS, on=ON)
    for but in ({"government_affair": "magic"}, {"boxes": [5]}):
        with pytest.raises(Invalid):
            await searched(nation, national, **but)
    for but in (
        {"level": PositionLevel.PELAKSANA},
        {"rule_set": RuleSetVersion(code="pp-11-2017-pengawas", version=1)},
    ):
        with pytest.raises(Conflict):
            await searched(nation, national, **but)


# ── the wall


async def test_nobody_else_is_told_anything(nation: Database, nation_name: str, national: Actor) -> None:
    for role in set(Role) - {Role.NATIONAL}:
        with pytest.raises(Forbidden):
            await searched(nation, somebody(national, role, "somebody"))
    seeing = "SELECT count(*) FROM national_candidate"
    peeping = "SELECT count(*) FROM national_candidate WHERE peeps(id)"
    connection = await asyncpg.connect(url_of(nation_name))
    try:
        await connection.execute(
            """CREATE FUNCTION pg_temp.peeps(uuid) RETURNS boolean LANGUAGE plpgsql COST 0.0001
               AS $$ BEGIN RAISE EXCEPTION 'seen'; END $$"""
        )
        for reach in ("institution", "", "client:somebody"):
            await connection.execute(
                "SELECT set_config('app.reach', $1, false), set_config('app.institution_id', $2, false)",
                reach,
                str(national.institution_id),
            )
            assert await connection.fetchval(seeing) == 0
            assert await connection.fetchval(peeping.replace("peeps", "pg_temp.peeps")) == 0
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetchval("SELECT count(*) FROM pool_candidate")
    finally:
        await connection.close()


# ── what is kept


RECOUNTED = """
    SELECT institution_id, coalesce(position_level, '') AS position_level, array_agg(people ORDER BY box) AS counts
    FROM (SELECT institution_id, position_level, boxes.box,
              count(*) FILTER (WHERE coalesce(card.box, 0) = boxes.box) AS people
          FROM talent_card card CROSS JOIN generate_series(0, 9) AS boxes (box) GROUP BY 1, 2, 3) AS counted
    GROUP BY 1, 2 ORDER BY 1, 2"""
KEPT = """
    SELECT institution_id, position_level,
        ARRAY[unassessed, box_1, box_2, box_3, box_4, box_5, box_6, box_7, box_8, box_9]::bigint[] AS counts
    FROM national_box_count
    WHERE unassessed + box_1 + box_2 + box_3 + box_4 + box_5 + box_6 + box_7 + box_8 + box_9 > 0 ORDER BY 1, 2"""
CHANGES = (
    "UPDATE talent_card SET box = box % 9 + 1 WHERE position_level = 'pelaksana'",
    "UPDATE talent_card SET position_level = NULL WHERE box = 8",
    "UPDATE talent_card SET box = NULL, position_level = 'pengawas' WHERE box = 5",
    "DELETE FROM talent_card WHERE box = 7",
    "INSERT INTO talent_card (institution_id, talent_id, box) SELECT institution_id, gen_random_uuid(), 9 FROM talent",
    "DELETE FROM talent_card",
)
POOLED = "SELECT id, box, level, talent_value FROM {} WHERE box >= 7 ORDER BY id"


async def test_counts_and_pools_follow_every_change(nation_name: str) -> None:
    name = await copy_database(nation_name)
    try:
        await as_superuser(UNGUARDED, name)
        for change in (*CHANGES[:1], *CHANGES):
            await as_superuser(change, name)
            assert await as_superuser(KEPT, name) == await as_superuser(RECOUNTED, name)
        for change in (
            "UPDATE candidate SET box = 9, level = 'pengawas', closed_days = NULL WHERE box = 5",
            "UPDATE candidate SET box = NULL WHERE box = 7",
            "UPDATE candidate SET talent_value = 1",
            "DELETE FROM candidate WHERE box = 8",
        ):
            await as_superuser(change, name)
            pools = [await as_superuser(POOLED.format(table), name) for table in ("pool_candidate", "candidate")]
            assert pools[0] == pools[1]
    finally:
        await as_superuser(f"DROP DATABASE {name} WITH (FORCE)")


CONTENTS = "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS digest FROM {} t"


async def test_the_same_nation_is_the_same_again_and_no_other_is_mixed_with_it() -> None:
    names = [await copy_database(TEMPLATE) for _ in range(2)]
    try:
        for name in names:
            assert await lay(url_of(name, OWNER_ROLE), 300, silent)
        for table in ("institution", "person_nip", "talent", "placement", "candidate", "talent_card", "pool_candidate"):
            here, there = [await as_superuser(CONTENTS.format(table), name) for name in names]
            assert here == there, table
        assert not await lay(url_of(names[0], OWNER_ROLE), 300, silent)
        with pytest.raises(NationStandsError):
            await lay(url_of(names[0], OWNER_ROLE), 400, silent)
    finally:
        for name in names:
            await as_superuser(f"DROP DATABASE {name} WITH (FORCE)")


async def test_the_cards_of_a_nation_are_those_that_the_service_would_make(nation_name: str) -> None:
    name = await copy_database(nation_name)
    try:
        before = await as_superuser(CONTENTS.format("talent_card"), name)
        connection = await asyncpg.connect(url_of(name, "postgres"))
        try:
            for [institution] in await connection.fetch("SELECT id FROM institution"):
                await connection.execute("SELECT set_config('app.institution_id', $1, false)", str(institution))
                await connection.execute(
                    "SELECT make_cards(ARRAY(SELECT talent_id FROM placement WHERE institution_id = $1))", institution
                )
        finally:
            await connection.close()
        assert await as_superuser(CONTENTS.format("talent_card"), name) == before
    finally:
        await as_superuser(f"DROP DATABASE {name} WITH (FORCE)")
