"""What a run found, as everybody reads it: the certificate with a reason for every wish, posts, regions and chains."""

from __future__ import annotations

import json
from typing import Any

import pytest
import pytest_asyncio

from app.db.database import Database
from app.domain.actors import Actor
from app.domain.errors import NotFound
from app.domain.mobility_answers import Code
from app.services import mobility_certificates, mobility_results
from app.services.mobility_results import MobilityPostFilter
from tests.factories import officer, rows_of, talent
from tests.mobility_results import Round, a_published_round, a_run_round

TAKEN = "Every seat of this post (1) is taken: 0 stayed with who held it, 1 went to others. "
FULL = "A seat of this post stayed empty, but the cell “{}” is limited to 1 people of the round and is full. "
WHY = {
    "Elang": (Code.BELOW_CUTOFF, TAKEN + "All who came in had at least 71 points; you had 68."),
    "Merak": (
        Code.INCUMBENT_STAYED,
        "No seat was left: every seat of this post (1) stayed with who held it.",
    ),
    "Kasuari": (Code.INCUMBENT_STAYED, "This post opened no seat in this round."),
    "Undian": (
        Code.BELOW_CUTOFF,
        TAKEN + "The last who came in had as many points as you, 50; the smaller lot goes first",
    ),
    "Bunga": (
        Code.CEILING,
        FULL.format("bunga") + "More urgent posts go first: the last who came in went to a post of class 1, this post"
        " is of class 2.",
    ),
    "Daun": (
        Code.CEILING_OWN_CELL,
        FULL.format("daun") + "Your own seat counts against that limit, so that you compete with those who come in "
        "there. All of them hold their posts there and may stay.",
    ),
    "Nuri": ("NOT_RELEASED", "Your unit does not let you go in this round"),
    "Rajawali": ("NOT_ELIGIBLE", "You do not meet the requirement “Rank III/d”: The rank is III/b."),
    "Damar": ("NOT_ELIGIBLE", "It is not known whether you meet the requirement “Rank III/d”: The rank is III/b."),
}


@pytest_asyncio.fixture(scope="module")
async def round_(db: Database, database_name: str, tmp_path_factory: pytest.TempPathFactory) -> Round:
    return await a_published_round(db, database_name, tmp_path_factory.mktemp("round"))


async def the_certificate(db: Database, round_: Round, who: str) -> dict[str, Any]:
    one = talent(round_.here, round_.nips[who])
    return json.loads(await mobility_certificates.mobility_certificate_document(db, one, round_.campaign_id))


def by_post(certificate: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {wish["post"]["name"].removeprefix("Kepala "): wish for wish in certificate["wishes"]}


# ── certificates


async def test_whoever_stays_reads_of_every_wish_why(db: Database, round_: Round) -> None:
    ani = await the_certificate(db, round_, "Ani")
    assert (ani["moves"], ani["rank"], ani["post"], ani["name"]) == (False, None, ani["home"], "Ani")
    assert "none of your wishes came true" in ani["detail"]["en"]
    wishes = by_post(ani)
    assert set(wishes) == set(WHY)
    for name, (code, words) in WHY.items():
        assert wishes[name]["code"] == code, name
        assert wishes[name]["why"]["en"].startswith(words), wishes[name]["why"]
        assert wishes[name]["why"]["id"]
        assert wishes[name]["points"] == sum(part["points"] for part in wishes[name]["parts"])
    cutoff = wishes["Elang"]["cutoff"]
    assert (cutoff["points"], cutoff["urgency"], cutoff["nearness"]) == (71, 2, None)
    assert int(wishes["Undian"]["cutoff"]["lot"]) < int(ani["lot"])
    assert wishes["Undian"]["cutoff"]["lot"] in wishes["Undian"]["why"]["id"]
    assert (wishes["Rajawali"]["rule"], wishes["Bunga"]["cellId"], wishes["Bunga"]["ceiling"]) == ("rank", "bunga", 1)


async def test_whoever_moves_reads_what_they_receive_and_what_it_rests_on(db: Database, round_: Round) -> None:
    budi = await the_certificate(db, round_, "Budi")
    assert (budi["moves"], budi["rank"], budi["post"]["name"]) == (True, 1, "Kepala Cemara")
    assert (
        budi["detail"]["id"]
        == "Anda memperoleh jabatan Kepala Cemara di Bidang Mutasi, Kota Pontianak: pilihan Anda nomor 1."
    )
    assert [wish["code"] for wish in budi["wishes"]] == ["RECEIVED", "NOT_NEEDED"]
    assert budi["participantId"] == str(round_.people["Budi"])
    assert budi["participantId"] in budi["verification"]["detail"]["en"]
    run = budi["run"]
    assert run["rulesVersion"] == "{code}/{version}".format(**budi["campaign"]["formula"])
    assert (run["id"], run["solverVersion"], len(run["identity"])) == (str(round_.run_id), "1", 64)
    assert None not in run.values()


async def test_nearness_is_told_where_it_goes_before_points(
    db: Database, database_name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("near")
    round_ = await a_published_round(db, database_name, folder, own_cell_first=True)
    ani = await the_certificate(db, round_, "Ani")
    elang = by_post(ani)["Elang"]
    assert (elang["nearness"], elang["cutoff"]["nearness"]) == (0, 1)
    assert elang["why"]["en"] == TAKEN + (
        "People nearer to a post go first: the last who came in shares 1 cells with the post, you share 0."
    )
    assert "nearer" not in ani["order"]["en"]
    assert "more cells" in ani["order"]["en"]


# ── who reads what


async def test_nobody_else_reads_results_before_they_are_published(
    db: Database, database_name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    round_ = await a_run_round(db, database_name, tmp_path_factory.mktemp("unpublished"))
    summary = json.loads(await mobility_results.mobility_run_summary_document(db, round_.organiser, round_.run_id))
    assert summary["movers"] == 4
    with pytest.raises(NotFound, match="mobility_certificate"):
        await the_certificate(db, round_, "Ani")
    for read in (mobility_results.mobility_run_summary_document, mobility_results.mobility_flows_document):
        with pytest.raises(NotFound):
            await read(db, officer(round_.there), round_.run_id)
    for read in (mobility_results.mobility_moves_page, mobility_results.mobility_post_results_page):
        with pytest.raises(NotFound, match="mobility_result"):
            await read(db, officer(round_.here), round_.run_id)
    assert await told(mobility_results.mobility_outcomes_page, db, officer(round_.here), round_.campaign_id) == []


async def told(read: Any, db: Database, actor: Actor, of: Any, *but: Any) -> list[dict[str, Any]]:
    return [edge["node"] for edge in json.loads(await read(db, actor, of, *but))["edges"]]


async def test_an_institution_reads_its_own_people_and_sees_others_by_number_only(db: Database, round_: Round) -> None:
    here, there = officer(round_.here), officer(round_.there)
    own = await told(mobility_results.mobility_outcomes_page, db, here, round_.campaign_id)
    assert [(one["name"], one["moves"], one["toPost"]["name"]) for one in own] == [
        ("Ani", False, "Kepala Rumah"),
        ("Budi", True, "Kepala Cemara"),
    ]
    assert not {one["participationId"] for one in own} & {str(one) for one in round_.people.values()}
    arrivals = await told(mobility_results.mobility_arrivals_page, db, there, round_.campaign_id)
    came = {one["post"]["name"]: one["participantId"] for one in arrivals}
    assert came["Kepala Cemara"] == str(round_.people["Budi"])
    assert round_.nips["Budi"] not in json.dumps(arrivals)
    assert await told(mobility_results.mobility_arrivals_page, db, here, round_.campaign_id) == []
    with pytest.raises(NotFound):
        await mobility_certificates.mobility_certificate_document(
            db, talent(round_.there, round_.nips["Ani"]), round_.campaign_id
        )


# ── posts, cells, regions, chains


async def test_posts_and_cells_tell_their_seats_and_the_last_who_came_in(db: Database, round_: Round) -> None:
    reader = officer(round_.here)
    posts = {
        one["post"]["name"]: one
        for one in await told(mobility_results.mobility_post_results_page, db, reader, round_.run_id)
    }
    elang = posts["Kepala Elang"]
    assert (elang["seats"], elang["filled"], elang["left"], elang["incumbents"]) == (1, 1, 0, 0)
    assert elang["cutoff"]["points"] == 71
    assert posts["Kepala Merak"]["cutoff"] is None
    filtered = MobilityPostFilter(province="14", has_empty_seats=True)
    left = await told(mobility_results.mobility_post_results_page, db, reader, round_.run_id, filtered)
    assert {one["post"]["name"] for one in left} == {"Kepala Daun", "Kepala Teras"}
    cells = await told(mobility_results.mobility_cell_results_page, db, reader, round_.run_id)
    full = {one["cellId"]: (one["before"], one["after"], one["isFull"]) for one in cells}
    assert full == {"akar": (4, 2, False), "bunga": (0, 1, True), "daun": (1, 1, True)}


async def test_a_run_tells_itself_as_a_whole(db: Database, round_: Round) -> None:
    reader = officer(round_.there)
    summary = json.loads(await mobility_results.mobility_run_summary_document(db, reader, round_.run_id))
    counts = {(one["code"], one["rule"]): one["wishes"] for one in summary["answers"]}
    assert counts[("CEILING_OWN_CELL", None)] == 1
    assert counts[("NOT_ELIGIBLE", "unverified.rank")] == 1
    assert sum(counts.values()) == summary["wishes"]
    assert (summary["participants"], summary["withWishes"], summary["movers"], summary["firstWishes"]) == (7, 6, 4, 4)
    assert (summary["firstWishShare"], summary["moverShare"]) == (0.6667, 0.5714)
    assert summary["lengths"] == [{"kind": "chain", "moves": 1, "units": 4}]
    conservation = json.loads(await mobility_results.mobility_conservation_document(db, reader, round_.run_id))
    assert conservation["holds"]
    assert conservation["emptyBefore"] == conservation["emptyAfter"] + conservation["entered"]
    [row] = await rows_of(
        db, round_.organiser, "SELECT sum(empty) AS empty FROM mobility_post_result WHERE run_id = $1", round_.run_id
    )
    assert conservation["emptyAfter"] == row["empty"]


async def test_chains_are_told_step_by_step_without_anybody(db: Database, round_: Round) -> None:
    units = await told(mobility_results.mobility_moves_page, db, officer(round_.here), round_.run_id)
    assert [unit["unit"] for unit in units] == [1, 2, 3, 4]
    steps = {step["participantId"]: step for unit in units for step in unit["moves"]}
    budi = steps[str(round_.people["Budi"])]
    assert (budi["fromPost"]["name"], budi["toPost"]["name"]) == ("Kepala Teras", "Kepala Cemara")
    assert set(steps) == {str(round_.people[who]) for who in ("Budi", "Better", "Lucky", "Urgent")}


async def test_few_people_of_a_province_are_withheld_from_all_and_known_to_their_institution(
    db: Database, round_: Round
) -> None:
    flows = json.loads(await mobility_results.mobility_flows_document(db, officer(round_.here), round_.run_id))
    assert {one["provinceCode"] for one in flows["regions"]} == {"14", "61"}
    assert all(one["entered"] in (None, 0) and one["left"] in (None, 0) for one in flows["regions"])
    assert [(one["institution"], one["entered"], one["left"], one["net"]) for one in flows["institutions"]] == [
        ("Kota Dumai", 0, 1, -1)
    ]
    of_organiser = json.loads(await mobility_results.mobility_flows_document(db, round_.organiser, round_.run_id))
    assert sum(one["net"] for one in of_organiser["institutions"]) == 0
