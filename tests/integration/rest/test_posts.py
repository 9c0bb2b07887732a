"""Posts: what the registry tells of them, what an officer says of them, and who may."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from app.db.database import Database
from app.domain.actors import Actor, ClientScope, Role
from app.services import forecasts, posts
from app.services.forecasts import ForecastYears
from tests.factories import a_nip, an_employee, an_institution, import_files, name_of, rows_of, write_csv
from tests.personas import Persona, Personas
from tests.posts import a_post, import_posts, post_named

UNITS = [
    {"ID": "ROOT", "NAMA_UNOR": "PEMERINTAH KOTA CONTOH", "ID_ATASAN": ""},
    {"ID": "DINKES", "NAMA_UNOR": "DINAS KESEHATAN", "ID_ATASAN": "ROOT"},
    {"ID": "U1", "NAMA_UNOR": "BIDANG I", "ID_ATASAN": "DINKES"},
    {"ID": "BAPPEDA", "NAMA_UNOR": "BADAN PERENCANAAN PEMBANGUNAN DAERAH", "ID_ATASAN": "ROOT"},
]
NEW = {"if-none-match": "*"}


async def an_office(db: Database, folder: Path) -> Actor:
    """An office with four units, two people in a post of three seats, and a post of one seat that nobody holds."""
    actor = await an_institution(db)
    name = await name_of(db, actor)
    born = {"1968-03-17": "17-03-1968", "1985-02-02": "02-02-1985"}
    people = [an_employee(a_nip(), name, NAMA=f"LAHIR {day}", TANGGAL_LAHIR=said) for day, said in born.items()]
    rows = [
        a_post(KEBUTUHAN="3"),
        a_post(NAMA_JABATAN="KEPALA DINAS KESEHATAN", JENJANG="jpt_pratama", UNOR_ID="DINKES", KEBUTUHAN="1")
        | {"TANGGAL ABK": "13-06-2020", "KRITIKAL": "YA"},
    ]
    await import_files(db, actor, [write_csv(folder, "unor", UNITS), write_csv(folder, "asn", people)])
    await import_posts(db, actor, folder, *rows)
    return actor


@pytest_asyncio.fixture
async def actor(db: Database, tmp_path: Path) -> Actor:
    """An office of the test's own."""
    return await an_office(db, tmp_path)


@pytest.fixture
def hr(personas: Personas, actor: Actor) -> Persona:
    return personas.hr_officer(actor.institution_id)


@pytest_asyncio.fixture(scope="module")
async def untouched(db: Database, tmp_path_factory: pytest.TempPathFactory) -> Actor:
    """An office that tests read and do not change."""
    return await an_office(db, tmp_path_factory.mktemp("office"))


@pytest.fixture
def reader(personas: Personas, untouched: Actor) -> Persona:
    return personas.hr_officer(untouched.institution_id)


async def listed(persona: Persona, query: str = "") -> list[str]:
    answer = await persona.get(f"/v1/posts{query}")
    assert answer.status_code == 200, answer.text
    return [edge["node"]["name"] for edge in answer.json()["edges"]]


ANALYST, HEAD = "ANALIS KEBIJAKAN AHLI MUDA", "KEPALA DINAS KESEHATAN"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", [ANALYST, HEAD]),
        ("?unit=DINKES", [ANALYST, HEAD]),
        ("?unit=U1", [ANALYST]),
        ("?unit=BAPPEDA", []),
        ("?level=jpt_pratama", [HEAD]),
        ("?vacant=true&critical=false", [ANALYST]),
        ("?vacant=false", []),
        ("?critical=true", [HEAD]),
        ("?target=true", []),
        ("?affair=health", [ANALYST, HEAD]),
        ("?affair=planning", []),
        ("?q=kepala%20%20dinas", [HEAD]),
        ("?delivered=false", []),
    ],
)
async def test_posts_are_found_by_what_is_asked(reader: Persona, query: str, names: list[str]) -> None:
    assert await listed(reader, query) == names


@pytest.mark.parametrize("query", ["?level=chief", "?affair=magic", "?vacant=perhaps", "?first=0", "?colour=red"])
async def test_a_filter_that_nothing_fits_is_refused(reader: Persona, query: str) -> None:
    assert (await reader.get(f"/v1/posts{query}")).status_code == 422


async def test_a_post_tells_its_seats_holders_standard_affair_and_clock(
    db: Database, untouched: Actor, reader: Persona
) -> None:
    told = (await reader.get(f"/v1/posts/{await post_named(db, untouched)}")).json()
    assert (told["seats"], told["held"], told["vacantSeats"], told["level"], told["jobClass"]) == (
        *(3, 2, 1),
        "jf_ahli_muda",
        9,
    )
    assert told["unit"] == {"id": "U1", "name": "BIDANG I", "path": ["ROOT", "DINKES", "U1"]}
    assert told["governmentAffair"] == {"code": "health", "isOwn": False, "isDerived": True}
    assert told["standard"]["isDefault"]
    assert {level for name, level in told["standard"].items() if name != "isDefault"} == {3}
    # 58 years and the month after: whoever was born on 17 March 1968 goes on 1 April 2026
    assert {**told["retirement"], "reason": None} == {
        "age": 58,
        "source": "level",
        "level": "jf_ahli_muda",
        "words": None,
        "isOwn": False,
        "legalBasis": "PP 11/2017 pasal 239",
        "version": 1,
        "reason": None,
    }
    retirements = {one["talent"]["name"]: one["retiresOn"] for one in told["holders"]}
    assert retirements == {"LAHIR 1968-03-17": "2026-04-01", "LAHIR 1985-02-02": "2043-03-01"}
    # a year ahead of it the seat was foreseeably empty, and on the day of the map another was found so
    assert told["clock"] == {
        "state": "empty",
        "foreseeableFrom": "2025-04-01",
        "emptySince": "2025-12-04",
        "nextRetirementOn": "2026-04-01",
    }
    assert (told["analysis"]["state"], told["analysis"]["isStale"]) == ("current", False)


async def test_a_stale_workload_analysis_is_flagged_as_the_institution_has_set_it(
    db: Database, actor: Actor, hr: Persona
) -> None:
    address = f"/v1/posts/{await post_named(db, actor, HEAD, 'DINKES')}"
    analysis = (await hr.get(address)).json()["analysis"]
    assert (analysis["state"], analysis["isStale"], analysis["validUntil"]) == ("stale", True, "2025-06-13")
    assert "SIASN" in analysis["reason"]["en"]
    for is_stale in (True, False):
        listed = (await hr.get(f"/v1/posts?staleAnalysis={str(is_stale).lower()}&fields=name,analysis.isStale")).json()
        assert {edge["node"]["analysis"]["isStale"] for edge in listed["edges"]} == {is_stale}
        asked = f"{{ posts(filter: {{staleAnalysis: {str(is_stale).lower()}}}) {{ edges {{ node {{ name }} }} }} }}"
        through = (await hr.post("/graphql", json={"query": asked})).json()["data"]["posts"]["edges"]
        assert [one["node"]["name"] for one in through] == [one["node"]["name"] for one in listed["edges"]]
    await hr.patch("/v1/institution/settings", json={"workloadAnalysisYears": 6})
    assert (await hr.get(address)).json()["analysis"]["state"] == "current"


async def test_the_time_an_institution_looks_ahead_moves_the_clock(
    db: Database, actor: Actor, hr: Persona, tmp_path: Path
) -> None:
    await import_posts(db, actor, tmp_path, a_post(KEBUTUHAN="2"))
    address = f"/v1/posts/{await post_named(db, actor)}"
    for months, foreseen in ((12, "2025-04-01"), (3, "2026-01-01")):
        await hr.patch("/v1/institution/settings", json={"foresightMonths": months})
        clock = (await hr.get(address)).json()["clock"]
        found = (clock["state"], clock["foreseeableFrom"], clock["nextRetirementOn"])
        assert found == ("foreseeable", foreseen, "2026-04-01")


async def test_what_is_said_of_a_post_counts_and_can_be_taken_back(db: Database, actor: Actor, hr: Persona) -> None:
    address = f"/v1/posts/{await post_named(db, actor)}"
    levels = dict.fromkeys(
        (
            *("integrity", "teamwork", "communication", "resultsOrientation", "publicService"),
            *("developingSelfAndOthers", "managingChange", "decisionMaking", "nationBinding"),
        ),
        4,
    )
    said = {"isTarget": True, "jobFamily": "kebijakan", "governmentAffair": "planning"}
    said |= {"retirementAge": 60, "retirementBasis": "Keputusan Wali Kota 12/2025"}
    told = (await hr.patch(address, json={**said, "standard": levels})).json()
    assert (told["isTarget"], told["jobFamily"], told["isCritical"]) == (True, "kebijakan", False)
    assert told["governmentAffair"] == {"code": "planning", "isOwn": True, "isDerived": False}
    assert told["standard"] == {"isDefault": False, **levels}
    rule = told["retirement"]
    assert (rule["age"], rule["source"], rule["legalBasis"]) == (60, "post", "Keputusan Wali Kota 12/2025")
    assert (rule["isOwn"], rule["version"], told["clock"]["nextRetirementOn"]) == (True, None, "2028-04-01")
    taken_back = dict.fromkeys(("jobFamily", "governmentAffair", "retirementAge", "retirementBasis", "standard"))
    told = (await hr.patch(address, json=taken_back)).json()
    assert (told["isTarget"], told["jobFamily"], told["governmentAffair"]["code"]) == (True, None, "health")
    assert (told["standard"]["isDefault"], told["retirement"]["age"]) == (True, 58)
    entries = await rows_of(db, actor, "SELECT before, after FROM ledger_entry WHERE type = 'postEdited' ORDER BY id")
    assert len(entries) == 2


@pytest.mark.parametrize(
    "body",
    [
        {"governmentAffair": "magic"},
        {"retirementAge": 200},
        {"retirementAge": 60},
        {"retirementBasis": "Keputusan Wali Kota 12/2025"},
        {"standard": {"integrity": 4}},
        {"seats": 9},
        {"isCritical": "yes"},
    ],
)
async def test_a_post_is_not_edited_into_nonsense(db: Database, untouched: Actor, reader: Persona, body: Any) -> None:
    answer = await reader.patch(f"/v1/posts/{await post_named(db, untouched)}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")


async def test_nobody_overwrites_what_they_have_not_read(db: Database, actor: Actor, hr: Persona) -> None:
    address = f"/v1/posts/{await post_named(db, actor)}"
    read = {"if-match": (await hr.get(address)).headers["etag"]}
    assert (await hr.patch(address, json={"isTarget": True}, headers=read)).status_code == 200
    assert (await hr.patch(address, json={"isTarget": False}, headers=read)).status_code == 412


async def test_an_officer_says_what_a_unit_works_at_and_no_import_overwrites_it(
    db: Database, actor: Actor, hr: Persona, tmp_path: Path
) -> None:
    told = (await hr.get("/v1/units/U1/government-affair")).json()
    assert (told["governmentAffair"], told["saidOf"], told["revision"]) == ("health", "DINKES", 0)
    kept = await hr.put("/v1/units/DINKES/government-affair", json={"governmentAffair": "social"})
    assert kept.json() | {"revision": 0} == {
        "unitId": "DINKES",
        "unitName": "DINAS KESEHATAN",
        "revision": 0,
        "governmentAffair": "social",
        "isDerived": False,
        "saidOf": "DINKES",
    }
    own = await hr.put("/v1/units/U1/government-affair", json={"governmentAffair": "food"}, headers=NEW)
    assert (own.status_code, own.json()["saidOf"]) == (200, "U1")
    renamed = [{**UNITS[1], "NAMA_UNOR": "DINAS KESEHATAN DAN KELUARGA BERENCANA"}, {**UNITS[3], "NAMA_UNOR": "BADAN"}]
    await import_files(db, actor, [write_csv(tmp_path, "unor", renamed)])
    said = {unit: (await hr.get(f"/v1/units/{unit}/government-affair")).json() for unit in ("DINKES", "U1", "BAPPEDA")}
    assert [one["governmentAffair"] for one in said.values()] == ["social", "food", None]


async def test_the_catalogue_has_the_affairs_of_the_law(reader: Persona) -> None:
    affairs = (await reader.get("/v1/government-affairs")).json()["affairs"]
    kinds = [affair["kind"] for affair in affairs]
    assert [kinds.count(kind) for kind in ("basicService", "mandatory", "optional")] == [6, 18, 8]
    assert {"planning", "finance", "personnel", "oversight"} <= {affair["code"] for affair in affairs}


@pytest.mark.parametrize(("years", "names"), [(1, ["LAHIR 1968-03-17"]), (3, ["LAHIR 1968-03-17"])])
async def test_a_forecast_names_who_retires_and_from_when_that_is_foreseeable(
    reader: Persona, years: int, names: list[str]
) -> None:
    told = (await reader.get(f"/v1/posts/forecast?years={years}")).json()
    assert (told["asOf"], told["until"]) == ("2025-12-04", f"{2025 + years}-12-04")
    assert told["total"] == {
        "seats": 4,
        "vacantSeats": 2,
        "reservedSeats": 0,
        "retiring": 1,
        "unknownRetirements": 0,
    }
    assert [one["talent"]["name"] for one in told["retirements"]] == names
    [retirement] = told["retirements"]
    assert (retirement["retiresOn"], retirement["foreseeableFrom"]) == ("2026-04-01", "2025-04-01")
    assert [(one["level"], one["retiring"], one["vacantSeats"]) for one in told["levels"]] == [
        ("jf_ahli_muda", 1, 1),
        ("jpt_pratama", 0, 1),
    ]
    assert [(one["unit"]["id"], one["retiring"]) for one in told["units"]] == [("DINKES", 0), ("U1", 1)]


async def test_a_forecast_looks_ahead_by_the_horizons_there_are(
    reader: Persona, personas: Personas, db: Database
) -> None:
    assert (await reader.get("/v1/posts/forecast?years=2")).status_code == 422
    nobody = personas.hr_officer((await an_institution(db)).institution_id)
    answer = await nobody.get("/v1/posts/forecast")
    assert (answer.status_code, answer.json()["code"]) == (404, "posts.not_imported")


async def test_a_forecast_says_by_which_rules_it_was_made(reader: Persona) -> None:
    told = (await reader.get("/v1/posts/forecast?years=10&fields=rules,retirements")).json()
    assert told["rules"] == {
        "version": 1,
        "effectiveFrom": "2023-10-31",
        "newerVersion": None,
        "legalBasis": "UU 20/2023; PP 11/2017; UU 14/2005",
    }
    [retirement] = told["retirements"]
    assert (retirement["reachesAgeOn"], retirement["birthDateSource"]) == ("2026-03-17", "record")
    assert (retirement["rule"]["source"], retirement["rule"]["version"]) == ("level", 1)


@pytest.mark.parametrize(
    ("born", "level", "years"),
    [  # of the ages of retirement, and the day of the map, 4 December 2025
        ("03-12-1967", "administrator", None),  # reached already: everywhere
        ("04-12-1968", "pengawas", 1),
        ("05-12-1968", "pengawas", 3),
        ("04-12-1970", "jpt_pratama", 5),
        ("05-12-1970", "jpt_pratama", 10),
        ("04-12-1970", "jf_ahli_utama", 10),
        ("05-12-1970", "jf_ahli_utama", 11),
        ("29-02-1968", "pelaksana", 1),
    ],
)
async def test_a_forecast_counts_who_reaches_the_age_until_its_last_day(
    db: Database, actor: Actor, hr: Persona, tmp_path: Path, born: str, level: str, years: int | None
) -> None:
    person = an_employee(a_nip(), await name_of(db, actor), TANGGAL_LAHIR=born, JABATAN_NAMA="JABATAN UJI")
    files = [write_csv(tmp_path, "asn", [person])]
    files.append(write_csv(tmp_path, "peta", [a_post(NAMA_JABATAN="JABATAN UJI", JENJANG=level)]))
    await import_files(db, actor, files)
    for horizon in (1, 3, 5, 10):
        told = (await hr.get(f"/v1/posts/forecast?years={horizon}")).json()
        counted = {one["level"]: one["retiring"] for one in told["levels"]}[level]
        named = [one for one in told["retirements"] if one["post"]["level"] == level]
        assert (counted, len(named)) == ((1, 1) if horizon >= (years or 0) else (0, 0)), horizon


async def test_who_may_not_read_about_people_sees_posts_without_their_holders(
    db: Database, untouched: Actor, reader: Persona
) -> None:
    """A system with the scope for vacancies alone."""
    portal = Actor(untouched.institution_id, Role.CLIENT, "portal", scopes=frozenset({ClientScope.VACANCIES_READ}))
    post = json.loads(await posts.post_document(db, portal, await post_named(db, untouched)))
    assert (post["held"], post["holders"], post["clock"]["nextRetirementOn"]) == (2, None, None)
    assert post["clock"]["foreseeableFrom"] == "2025-04-01"  # that of the seat that is empty
    assert post["withheld"] == ["clock.foreseeableFrom", "clock.nextRetirementOn", "holders"]
    forecast = json.loads(await forecasts.post_forecast_document(db, portal, ForecastYears(years=10)))
    assert (forecast["total"]["retiring"], forecast["retirements"]) == (1, None)
    assert forecast["withheld"] == ["retirements"]
    assert b"LAHIR" not in await posts.posts_page(db, portal, wanted=None)
    assert (await reader.get("/v1/posts?fields=withheld")).json()["edges"][0]["node"] == {"withheld": []}


async def test_a_clock_that_tells_when_somebody_retires_is_theirs(
    db: Database, actor: Actor, hr: Persona, tmp_path: Path
) -> None:
    portal = Actor(actor.institution_id, Role.CLIENT, "portal", scopes=frozenset({ClientScope.VACANCIES_READ}))
    await import_posts(db, actor, tmp_path, a_post(KEBUTUHAN="2"))
    post = await post_named(db, actor)
    assert (await hr.get(f"/v1/posts/{post}")).json()["clock"]["foreseeableFrom"] == "2025-04-01"
    clock = json.loads(await posts.post_document(db, portal, post))["clock"]
    assert (clock["state"], clock["foreseeableFrom"]) == ("foreseeable", None)


async def test_reads_of_posts_send_the_fields_that_are_asked_for(reader: Persona) -> None:
    listed = (await reader.get("/v1/posts?fields=name,unit.id&first=1")).json()
    assert [edge["node"] for edge in listed["edges"]] == [{"name": ANALYST, "unit": {"id": "U1"}}]
    affair = (await reader.get("/v1/units/U1/government-affair?fields=saidOf")).json()
    assert affair == {"saidOf": "DINKES", "revision": 0}
    affairs = (await reader.get("/v1/government-affairs?fields=affairs.code")).json()
    assert affairs["affairs"][0] == {"code": "education"}
    for path in ("/v1/posts", "/v1/units/U1/government-affair", "/v1/government-affairs"):
        assert (await reader.get(f"{path}?fields=colour")).json()["code"] == "request.invalid"


async def test_both_doors_tell_and_change_the_same(db: Database, actor: Actor, hr: Persona) -> None:
    post = str(await post_named(db, actor))
    answer = await hr.ask(
        """query ($id: UUID!) {
            post(postId: $id) {
                revision name governmentAffair { code isDerived } holders { talent { name } retiresOn }
            }
            posts(filter: {vacant: true, level: jpt_pratama}) { edges { node { name clock { state } } } totalCount }
            postForecast(years: 10) { total { retiring } }
            unitAffair(unitId: "U1") { governmentAffair saidOf revision }
        }""",
        id=post,
    )
    data = answer["data"]
    assert data["post"]["governmentAffair"] == {"code": "health", "isDerived": True}
    assert data["posts"] == {"edges": [{"node": {"name": HEAD, "clock": {"state": "empty"}}}], "totalCount": 1}
    assert (data["postForecast"], data["unitAffair"]["revision"]) == ({"total": {"retiring": 1}}, 0)
    changed = await hr.ask(
        """mutation ($id: UUID!, $revision: Int!) {
            editPost(postId: $id, revision: $revision, input: {isTarget: true}) { isTarget isCritical jobFamily }
            setUnitAffair(unitId: "U1", revision: 0, input: {governmentAffair: "food"}) { governmentAffair revision }
        }""",
        id=post,
        revision=data["post"]["revision"],
    )
    assert changed["data"] == {
        "editPost": {"isTarget": True, "isCritical": False, "jobFamily": None},
        "setUnitAffair": {"governmentAffair": "food", "revision": 1},
    }


async def test_who_may_read_and_who_may_edit(db: Database, actor: Actor, personas: Personas) -> None:
    post = await post_named(db, actor)
    readers = (personas.committee_member, personas.appointing_authority, personas.auditor)
    for reader in readers:
        somebody = reader(actor.institution_id)
        assert (await somebody.get(f"/v1/posts/{post}")).status_code == 200
        assert (await somebody.patch(f"/v1/posts/{post}", json={"isTarget": True})).status_code == 403
    for stranger in (personas.talent(actor.institution_id, a_nip()), personas.national(actor.institution_id)):
        assert (await stranger.get("/v1/posts")).status_code == 403
        assert (await stranger.get("/v1/government-affairs")).status_code == 200
    elsewhere = personas.hr_officer((await an_institution(db)).institution_id)
    for path in (f"/v1/posts/{post}", "/v1/units/U1/government-affair", "/v1/posts/not-an-id"):
        assert (await elsewhere.get(path)).status_code == 404
    assert (await elsewhere.patch(f"/v1/posts/{post}", json={"isTarget": True})).status_code == 404
    assert await listed(elsewhere) == []
