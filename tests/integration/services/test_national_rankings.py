"""The nation: whoever is found is found by everybody being looked at, and nobody else is told anything."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio
from pydantic import ValidationError

from app.db.candidates import JSON_FACTS
from app.db.database import Database, open_database
from app.db.national_candidates import Lots, find_best
from app.dev.installation import OWNER_ROLE
from app.dev.nation.loading import NationStandsError, lay
from app.domain.actors import Actor, Role
from app.domain.candidates import FIELDS, LEVELS, Candidate, Given, candidate_from
from app.domain.careers import PositionLevel
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.experience import affairs_of
from app.domain.national_search import POOL_BOXES, Person, Post, Search, answer_of, search_for
from app.domain.provinces import PROVINCES
from app.domain.ranking import Rated, points_of, rank, tie_break
from app.domain.requirements import Field, Outcome
from app.domain.rule_set_document import read_rule_set
from app.domain.rule_sets import Criterion, CriterionKind, RuleSet
from app.domain.verdicts import verdict
from app.services import cards, disclosures, national_rankings
from app.services.disclosures import RequestDisclosure
from app.services.national_rankings import RankNationally
from app.services.rule_sets import RuleSetVersion
from tests.conftest import TEMPLATE, as_superuser, copy_database, url_of
from tests.cycles import somebody
from tests.national import ON

PEOPLE = 4_000
GROUNDS = "PP 11/2017 ps. 107: pengisian jabatan lintas instansi"
UNGUARDED = "ALTER TABLE candidate DISABLE TRIGGER note_change"
"""Changes of rows alone, which nobody records."""


SAID = f"""
    UPDATE candidate SET functional_days = (
        SELECT coalesce(jsonb_object_agg(level, jsonb_build_object('?', days / 4, coalesce(affair, '?'), days / 2)),
            '{{}}')
        FROM unnest(closed_days, ARRAY{[level.value for level in LEVELS]}) AS held (days, level),
            (SELECT coalesce(min(past), government_affair) AS affair FROM jsonb_object_keys(affair_days) past) AS said
        WHERE days > 0 AND level LIKE 'jf%')
    WHERE closed_days IS NOT NULL AND get_byte(uuid_send(id), 0) % 2 = 0"""  # noqa: S608 - our own words
"""Of half of them somebody has said in which affairs they held functional posts, of some of it."""


def silent(_what: str, _done: int, _all: int) -> None:
    """Progress that nobody looks at."""


@pytest_asyncio.fixture(scope="module")
async def nation_name() -> AsyncIterator[str]:
    """A database with a small nation and nobody else."""
    name = await copy_database(TEMPLATE)
    assert await lay(url_of(name, OWNER_ROLE), PEOPLE, silent)
    for statement in (UNGUARDED, SAID, UNGUARDED.replace("DISABLE", "ENABLE")):
        await as_superuser(statement, name)
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
    asked = {"grounds": GROUNDS, "level": PositionLevel.ADMINISTRATOR, "on": ON, "boxes": [7, 8, 9], **but}
    search_id = await national_rankings.rank_nationally(db, actor, RankNationally(**asked))
    return json.loads(await national_rankings.national_ranking_document(db, actor, search_id))


async def everybody(database: str) -> list[tuple[Candidate, Mapping[str, Any]]]:
    """All candidates of all institutions as the domain knows them, each with the row."""
    rows = await as_superuser(
        "SELECT c.*, i.province_code FROM candidate c JOIN institution i ON i.id = c.institution_id", database
    )
    known = [{**row, **{name: row[name] and json.loads(row[name]) for name in JSON_FACTS}} for row in rows]
    return [(candidate_from({name: row[name] for name in FIELDS}), row) for row in known]


async def shipped(database: str, code: str) -> RuleSet:
    [row] = await as_superuser(f"SELECT document FROM rule_set WHERE code = '{code}' AND version = 2", database)  # noqa: S608
    return read_rule_set(json.loads(row["document"])).rule_set


def on_record(search: Search, candidate: Candidate) -> bool:
    """Whether the level, and the affair, that a search asks for are anywhere in somebody's posts on record."""
    held = {level for level, days in zip(LEVELS, candidate.closed_days or (), strict=False) if days} | {candidate.level}
    asked = [one for one in search.deciding if one.field is Field.TIME_AT_LEVELS]
    is_asked = any(one.field is Field.RELATED_EXPERIENCE for one in search.deciding)
    return all(held & {PositionLevel(level) for level in one.of} for one in asked) and (
        not is_asked or search.post.government_affair in affairs_of(candidate)
    )


def outcome_of(search: Search, candidate: Candidate) -> str:
    """What the plain rules say: a requirement that is surely not met, `open`, or `met`."""
    found = {one.code: verdict(one, candidate, search.post.target, Given()).outcome for one in search.deciding}
    ruled_out = [code for code, outcome in found.items() if outcome is Outcome.NOT_MET]
    return ruled_out[0] if ruled_out else "met" if set(found.values()) <= {Outcome.MET} else "open"


STANDARDS = {"alike": (4,) * 9, "unlike": (3, 4, 5, 2, 4, 3, 3, 4, 5)}


@pytest.mark.parametrize(
    ("level", "affair", "standard"),
    [
        ("pengawas", None, "alike"),
        ("pengawas", "education", "unlike"),
        ("administrator", "education", "alike"),
        ("administrator", None, "unlike"),
        ("jpt-pratama", "transport", "alike"),
        ("jpt-pratama", None, "alike"),
    ],
)
@pytest.mark.parametrize("is_in_field", [False, True])
async def test_the_best_of_the_nation_are_those_that_plain_rules_find_among_everybody(
    level: str,
    affair: str | None,
    standard: str,
    is_in_field: bool,
    nation: Database,
    nation_name: str,
    national: Actor,
) -> None:
    rule_set = await shipped(nation_name, f"pp-11-2017-{level}")
    requirements = [
        replace(one, is_in_field=is_in_field and one.field is Field.TIME_AT_LEVELS) for one in rule_set.requirements
    ]
    rule_set = replace(rule_set, requirements=tuple(requirements))
    post = Post(on=ON, level=rule_set.level, government_affair=affair, standard=STANDARDS[standard])
    search = search_for(rule_set, post, boxes=POOL_BOXES, provinces=None, first=15)
    lots = Lots(seed=b"s" * 32, key=b"k" * 32)
    async with nation.read_as(national) as tx:
        found = await find_best(tx, search, lots)

    pooled = {one.id: (one, row) for one, row in await everybody(nation_name) if one.box in POOL_BOXES}
    said = {key: outcome_of(search, one) for key, (one, _) in pooled.items()}
    shown = {key: on_record(search, one) for key, (one, _) in pooled.items()}
    assert all(shown[key] for key, outcome in said.items() if outcome == "met")
    counted = Counter(said[key] for key in pooled if shown[key])
    assert (found.counted.eligible, found.counted.to_verify) == (counted.pop("met", 0), counted.pop("open", 0))
    assert {code: people for code, people in found.counted.ruled_out.items() if people} == counted
    assert found.counted.considered == len(pooled)
    assert sum(said[key] == "open" for key in pooled if not shown[key]) <= found.counted.with_gaps

    target = post.target
    parts = {
        key: [points_of(by, pooled[key][0], target, Given()).points for by in search.criteria]
        for key, outcome in said.items()
        if outcome == "met"
    }
    ids = {key: UUID(tie_break(lots.key, key)[:32]) for key in parts}
    rated = [Rated(ids[key], tuple(points)) for key, points in parts.items() if None not in points]  # type: ignore[arg-type]
    assert found.counted.unranked == len(parts) - len(rated)
    best = [(one.candidate.id, one.total, one.tie_break) for one in found.best]
    assert best == [(one.id, one.total, one.tie_break) for one in rank(rated, lots.seed)[:15]]
    known = {ids[key]: pooled[key] for key in parts}
    for one in found.best:
        candidate, row = known[one.candidate.id]
        assert one.candidate == replace(candidate, id=one.candidate.id)
        assert one.province_code == row["province_code"]


async def test_an_answer_tells_every_part_and_verdict(nation: Database, nation_name: str, national: Actor) -> None:
    told = await searched(nation, national, government_affair="education")
    assert told["candidates"]
    for one in told["candidates"]:
        assert 0 <= one["total"] - sum(part["points"] for part in one["parts"]) < len(one["parts"])  # rounded down
        assert [word["outcome"] == "met" for word in one["verdicts"]] == [
            asked["field"] != Field.VERIFIED for asked in told["requirements"]
        ]
        for part, criterion in zip(one["parts"], told["criteria"], strict=True):
            assert part["criterion"] == criterion["criterion"]
            assert 0 <= part["points"] <= criterion["weight"]
    ruled_out = {asked["field"]: asked["ruledOut"] for asked in told["requirements"]}
    assert ruled_out.pop(Field.VERIFIED) is None
    others = told["eligible"] + told["toVerify"] + told["notOnRecord"] + told["withGaps"]
    untold = told["considered"] - others - sum(people for people in ruled_out.values() if people is not None)
    assert untold >= list(ruled_out.values()).count(None)
    assert bool(untold) is (None in ruled_out.values())


async def test_nobody_is_told_how_old_somebody_is_by_points(
    nation: Database, national: Actor, nation_name: str
) -> None:
    rule_set = await shipped(nation_name, "pp-11-2017-pengawas")
    age = Criterion(
        code="age", kind=CriterionKind.AGE, weight=5_000_000, full=60, label_id="Usia", label_en="Age", years=None
    )
    post = Post(on=ON, level=rule_set.level, government_affair=None, standard=(2,) * 9)
    search = search_for(
        replace(rule_set, criteria=(*rule_set.criteria, age)), post, boxes=POOL_BOXES, provinces=None, first=5
    )
    lots = Lots(seed=b"s" * 32, key=b"k" * 32)
    async with nation.read_as(national) as tx:
        found = await find_best(tx, search, lots)
    people = [Person(one.candidate, one.province_code, None) for one in found.best]
    answer = answer_of(search, people, lots.seed)
    assert [one["candidateId"] for one in answer] == [str(one.candidate.id) for one in found.best]
    assert all(one["parts"][-1] is None and one["total"] is None for one in answer)  # type: ignore[index]


async def test_equal_totals_are_told_apart_by_a_lot_that_anybody_can_draw_again(
    nation: Database, nation_name: str, national: Actor
) -> None:
    await as_superuser(UNGUARDED, nation_name)
    await as_superuser(
        """UPDATE candidate SET talent_value = 80000000, competencies = '{5,5,5,5,5,5,5,5,5}',
            training_hours = '{60,0,0,0,0}'""",
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


async def test_every_search_is_kept_and_in_the_ledger_with_its_grounds(
    nation: Database, nation_name: str, national: Actor
) -> None:
    told = await searched(nation, national, government_affair="health")
    [entry] = await as_superuser(
        f"SELECT * FROM ledger_entry WHERE about_id = '{told['id']}'",  # noqa: S608 - an id
        nation_name,
    )
    assert (entry["institution_id"], entry["type"]) == (national.institution_id, "nationSearched")
    payload = json.loads(entry["payload"])
    assert payload["grounds"] == told["grounds"] == GROUNDS
    assert payload["rule_set"] == "{code}/{version}".format(**told["ruleSet"])
    assert {name: payload[name] for name in ("seed", "digest", "eligible")} == {
        name: told[name] for name in ("seed", "digest", "eligible")
    }
    page = json.loads(await national_rankings.national_rankings_page(nation, national, first=1))
    assert page["edges"][0]["node"]["id"] == told["id"]


async def test_whoever_asks_again_for_better_lots_is_seen_to(nation: Database, national: Actor) -> None:
    first, again = [await searched(nation, national, government_affair="transport") for _ in range(2)]
    assert (first["earlier"], [one["id"] for one in again["earlier"]]) == ([], [first["id"]])
    assert first["seed"] != again["seed"]
    fewer = await searched(nation, national, government_affair="transport", first=19, provinces=[*PROVINCES])
    assert ([one["id"] for one in fewer["earlier"]], fewer["earlierCount"]) == ([first["id"], again["id"]], 2)
    assert fewer["provinces"] is None
    assert (await searched(nation, national, government_affair="transport", boxes=[9]))["earlier"] == []


async def test_nobody_is_recognised_from_one_search_to_the_next(nation: Database, national: Actor) -> None:
    first, again = [await searched(nation, national, level=PositionLevel.PENGAWAS, first=50) for _ in range(2)]
    assert first["candidates"]
    assert [one["total"] for one in first["candidates"]] == [one["total"] for one in again["candidates"]]
    ids = [{one["candidateId"] for one in told["candidates"]} for told in (first, again)]
    assert not ids[0] & ids[1]


async def test_a_search_made_again_from_what_it_kept_is_the_same_unless_somebody_changed_it(
    nation: Database, nation_name: str, national: Actor
) -> None:
    told = await searched(nation, national, government_affair="education")

    async def made_again() -> dict[str, Any]:
        made = await national_rankings.recompute_national_ranking(nation, national, UUID(told["id"]))
        return json.loads(await national_rankings.national_recomputation_document(nation, national, made))

    assert (await made_again())["isSame"] is True
    await as_superuser(UNGUARDED.replace("candidate", "national_search"), nation_name)
    await as_superuser(
        f"""UPDATE national_search SET inputs = jsonb_set(inputs, '{{people,0,facts,talent_value}}', '1')
            WHERE id = '{told["id"]}'""",  # noqa: S608 - an id
        nation_name,
    )
    assert (await made_again())["isSame"] is False
    with pytest.raises(NotFound):
        await national_rankings.recompute_national_ranking(nation, national, UUID(int=0))


@pytest.mark.parametrize(
    "change",
    ["answer = jsonb_set(answer, '{0,total}', '1')", "outcomes = jsonb_set(outcomes, '{eligible}', '1')"],
)
async def test_an_answer_that_was_changed_is_found_though_its_facts_were_not(
    nation: Database, nation_name: str, national: Actor, change: str
) -> None:
    told = await searched(nation, national, government_affair="education")
    await as_superuser(UNGUARDED.replace("candidate", "national_search"), nation_name)
    await as_superuser(f"UPDATE national_search SET {change} WHERE id = '{told['id']}'", nation_name)  # noqa: S608 - our own
    made = await national_rankings.recompute_national_ranking(nation, national, UUID(told["id"]))
    assert not json.loads(await national_rankings.national_recomputation_document(nation, national, made))["isSame"]


async def test_points_are_told_whole_and_no_count_points_at_single_people(nation: Database, national: Actor) -> None:
    told = [await searched(nation, national, provinces=[code]) for code in ("14", "31", "32")]
    people = [one for answer in told for one in answer["candidates"]]
    points = [one["points"] for somebody in people for one in somebody["parts"]] + [one["total"] for one in people]
    assert points
    assert all(one is None or one % 1 == 0 for one in points)
    counts = [one["ruledOut"] for answer in told for one in answer["requirements"]]
    assert None in counts
    assert not {1, 2, 3, 4} & set(counts)


LISTED = """
    UPDATE talent_card SET listed_until = 'infinity'
    WHERE listed_until IS NULL AND position_level = 'pengawas' AND get_byte(uuid_send(id), 0) % 2 = 0"""
"""Every other one: few are listed, and on some days nobody of those found."""
AS_BEFORE = "UPDATE talent_card SET listed_until = NULL WHERE listed_until = 'infinity'"


@pytest_asyncio.fixture
async def many_listed(nation_name: str) -> AsyncIterator[None]:
    await as_superuser(LISTED, nation_name)
    yield
    await as_superuser(AS_BEFORE, nation_name)


@pytest.mark.usefixtures("many_listed")
async def test_who_is_listed_can_be_asked_for_by_the_search(nation: Database, national: Actor) -> None:
    told = await searched(nation, national, level=PositionLevel.PENGAWAS, first=100)
    listed = {one["isListed"]: one["candidateId"] for one in told["candidates"]}
    assert set(listed) == {True, False}
    officer = somebody(national, Role.HR_OFFICER, "officer")

    async def asked(candidate: str) -> UUID:
        found = {"searchId": told["id"], "candidateId": candidate}
        body = {"found": found, "tier": "identified", "reason": "Calon untuk jabatan yang lowong"}
        return await disclosures.request_disclosure(nation, officer, RequestDisclosure.model_validate(body))

    disclosure = json.loads(await disclosures.disclosure_document(nation, officer, await asked(listed[True])))
    assert disclosure["state"] == "requested"
    with pytest.raises(NotFound):
        await asked(listed[False])
    nobody = RequestDisclosure.model_validate({"tier": "identified", "reason": "Calon untuk jabatan yang lowong"})
    with pytest.raises(Invalid):
        await disclosures.request_disclosure(nation, officer, nobody)


async def test_what_cannot_be_searched_is_refused(nation: Database, national: Actor) -> None:
    with pytest.raises(ValidationError, match="at least 20"):
        RankNationally(grounds="perlu", level=PositionLevel.PENGAWAS, on=ON)
    for but in ({"government_affair": "magic"}, {"boxes": [5]}):
        with pytest.raises(Invalid):
            await searched(nation, national, **but)
    for but in (
        {"level": PositionLevel.PELAKSANA},
        {"rule_set": RuleSetVersion(code="pp-11-2017-pengawas", version=1)},  # of another level
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
BY_PROVINCE = (
    """SELECT coalesce(i.province_code, '') AS province, coalesce(c.position_level, '') AS level,
            coalesce(c.box, 0) AS box, count(*) AS people
        FROM talent_card c JOIN institution i ON i.id = c.institution_id GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""",
    """SELECT province_code AS province, position_level AS level, place - 1 AS box, people
        FROM national_count, unnest(
            ARRAY[unassessed, box_1, box_2, box_3, box_4, box_5, box_6, box_7, box_8, box_9]
        ) WITH ORDINALITY AS counted (people, place) WHERE people <> 0 ORDER BY 1, 2, 3""",
)
POOLED = "SELECT id, box, level, talent_value FROM {} WHERE box >= 7 ORDER BY id"
POOL_COUNTS = (
    """SELECT institution_id, box, count(*), count(*) FILTER (WHERE has_gaps) FROM pool_candidate
        GROUP BY 1, 2 ORDER BY 1, 2""",
    "SELECT institution_id, box, people, with_gaps FROM national_pool_count WHERE people > 0 ORDER BY 1, 2",
)
POOLS_BY_PROVINCE = (
    """SELECT coalesce(province_code, ''), box, count(*), count(*) FILTER (WHERE has_gaps) FROM pool_candidate
        GROUP BY 1, 2 ORDER BY 1, 2""",
    """SELECT province_code, box, people, with_gaps
        FROM national_count n, LATERAL (VALUES (7, pooled_7, gaps_7), (8, pooled_8, gaps_8), (9, pooled_9, gaps_9))
            AS counted (box, people, with_gaps) WHERE people > 0 ORDER BY 1, 2""",
)
MEASURED = (
    "SELECT id, 1 + cardinality(affairs), province_code, education_rank FROM pool_candidate ORDER BY 1",
    "SELECT id, count(*), min(province_code), min(education_rank) FROM pool_measure GROUP BY 1 ORDER BY 1",
)


async def must_be_alike(told: tuple[str, str], name: str) -> None:
    counted, kept = [await as_superuser(sql, name) for sql in told]
    assert [tuple(one) for one in counted] == [tuple(one) for one in kept]


async def test_counts_and_pools_follow_every_change(nation_name: str) -> None:
    name = await copy_database(nation_name)
    try:
        await as_superuser(UNGUARDED, name)
        for change in (*CHANGES[:1], *CHANGES):
            await as_superuser(change, name)
            assert await as_superuser(KEPT, name) == await as_superuser(RECOUNTED, name)
            await must_be_alike(BY_PROVINCE, name)
        for change in (
            "UPDATE candidate SET box = 9, level = 'pengawas', closed_days = NULL WHERE box = 5",
            "UPDATE candidate SET box = NULL WHERE box = 7",
            "UPDATE candidate SET talent_value = 1, unplaced_days = 5",
            "DELETE FROM candidate WHERE box = 8",
        ):
            await as_superuser(change, name)
            pools = [await as_superuser(POOLED.format(table), name) for table in ("pool_candidate", "candidate")]
            assert pools[0] == pools[1]
            for told in (POOL_COUNTS, POOLS_BY_PROVINCE, MEASURED):
                await must_be_alike(told, name)
        await as_superuser(UNGUARDED.replace("candidate", "institution"), name)
        await as_superuser("UPDATE institution SET province_code = '71'", name)
        assert not await as_superuser("SELECT id FROM pool_candidate WHERE province_code <> '71'", name)
        for told in (BY_PROVINCE, POOLS_BY_PROVINCE, MEASURED):
            await must_be_alike(told, name)
        assert not await as_superuser("SELECT id FROM national_count_change", name)
    finally:
        await as_superuser(f"DROP DATABASE {name} WITH (FORCE)")


async def test_nobody_waits_for_the_counts_and_nothing_is_lost(nation_name: str, national: Actor) -> None:
    name = await copy_database(nation_name)
    slow, quick = [await asyncpg.connect(url_of(name, "postgres")) for _ in range(2)]
    promoted = """UPDATE talent_card SET box = 9 WHERE id = (
        SELECT id FROM talent_card WHERE box < 9 ORDER BY institution_id {} LIMIT 1)"""

    async def in_box_9() -> int:
        async with open_database(url_of(name)) as db:
            counts = [json.loads(await cards.talent_card_counts_document(db, national)) for _ in range(2)]
        assert counts[0] == counts[1]
        await quick.execute("SELECT set_config('app.reach', 'national', false)")
        return cast("int", await quick.fetchval("SELECT sum(counts[10]) FROM national_card_count"))

    try:
        before = await in_box_9()
        async with slow.transaction():
            await slow.execute(promoted.format("ASC"))
            await quick.execute(promoted.format("DESC"), timeout=60)
            assert await in_box_9() == before + 1
        assert await in_box_9() == before + 2
        await quick.execute(promoted.format("DESC"))
        assert await in_box_9() == before + 3
        assert not await quick.fetch("SELECT id FROM national_count_change")
        await must_be_alike(BY_PROVINCE, name)
    finally:
        for one in (slow, quick):
            await one.close()
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
