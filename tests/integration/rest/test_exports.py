"""What leaves the house: the ekspose pack as JSON, page and workbook; the work plan; who takes it, and the record."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import subprocess
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from app.db.database import Database
from app.domain.actors import Role
from app.domain.suppression import is_small
from tests.exports import STRANGE, WHO, Office, Page, an_office, figures_of, tables_of
from tests.factories import an_institution, rows_of
from tests.personas import Persona, Personas

EXPORTS = (
    "/v1/exports/work-plan.xlsx",
    "/v1/exports/talent-map.xlsx",
    "/v1/exports/ekspose.xlsx",
    "/v1/ekspose/page",
)
REFERENCE = "/v1/references/8f14e45f-ceea-467f-a9d1-2b5c1a2d9a11"
DUMAI = ((2022, 66.58, "Cukup"), (2023, 73.79, "Baik"), (2024, 77.56, "Baik"))
PEOPLE = sum(map(sum, WHO.values()))


@pytest_asyncio.fixture(scope="module")
async def office(db: Database, tmp_path_factory: pytest.TempPathFactory) -> Office:
    return await an_office(db, tmp_path_factory.mktemp("office"))


@pytest.fixture
def hr(personas: Personas, office: Office) -> Persona:
    return personas.hr_officer(office.id)


@pytest_asyncio.fixture
async def standing(hr: Persona) -> None:
    """The index history and the regulation of the city of Dumai."""
    for year, value, grade in DUMAI:
        told = await hr.put(f"/v1/indices/nspk/{year}", json={"value": value, "grade": grade})
        assert told.status_code == 200, told.text
    named = {"kind": "regulation", "name": "Perwako Dumai 11/2023", "title": "<b>Manajemen Talenta</b>"}
    kept = await hr.put(REFERENCE, json=named, headers={"if-none-match": "*"})
    assert kept.status_code in (200, 412)  # put on record, or there already


async def the_pack(hr: Persona, audience: str = "institution") -> dict[str, Any]:
    answer = await hr.get(f"/v1/ekspose?audience={audience}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def taken(hr: Persona, address: str) -> bytes:
    answer = await hr.get(address)
    assert answer.status_code == 200, answer.text
    return answer.content


def counts_of(told: Any) -> list[int | None]:
    """Every count of a pack, wherever it stands in it."""
    names = {"mapped", "assessed", "decided", "notAssessed", "count", "total", "have", "missing", "stayed", "moved"}
    names |= {"entered", "left", "data", "rating", "rubric", "calibration", "institution", "national"}
    if isinstance(told, list):
        return [count for one in told for count in counts_of(one)]
    if not isinstance(told, dict):
        return []
    here = [value for name, value in told.items() if name in names and isinstance(value, int | None)]
    return [*here, *(count for value in told.values() for count in counts_of(value))]


# ── the pack


async def test_the_pack_tells_what_the_other_documents_tell(hr: Persona, standing: None) -> None:
    pack = await the_pack(hr)
    nine_box, completeness = (await hr.get("/v1/nine-box")).json(), (await hr.get("/v1/completeness")).json()
    assert pack["boxes"] == nine_box["boxes"]
    assert (pack["items"], pack["units"]) == (completeness["items"], completeness["units"])
    assert pack["coverage"] == {"mapped": PEOPLE, "assessed": 11, "decided": 0, "notAssessed": PEOPLE - 11}
    assert pack["pools"] == {"institution": 9, "national": 0}
    assert {one["box"]: one["count"] for one in pack["boxes"] if one["count"]} == {5: 2, 8: 9}
    assert [(level["positionLevel"], level["total"]) for level in pack["levels"]] == [
        ("jf_ahli_muda", PEOPLE - 4),
        ("jf_terampil", 4),
    ]
    for box in range(9):
        assert sum(level["boxes"][box]["count"] for level in pack["levels"]) == pack["boxes"][box]["count"]
    assert [(one["year"], one["value"], one["grade"]) for one in pack["indices"]] == list(DUMAI)
    assert [one["name"] for one in pack["references"]] == ["Perwako Dumai 11/2023"]
    assert (pack["vacancies"], pack["successionCoverage"]) == (None, None)
    assert "Jabatan belum dikelola" in pack["postsNotKept"]["id"]


async def test_the_movement_is_that_of_the_two_cycles_published_last(hr: Persona, office: Office) -> None:
    movement = (await the_pack(hr))["movement"]
    told = (await hr.get(f"/v1/cycles/{office.cycles[1]}/movements/{office.cycles[0]}")).json()
    assert movement == {name: told[name] for name in movement}
    assert (movement["stayed"], movement["moved"], movement["byCause"]["data"]) == (10, 1, 1)


async def test_without_cycles_the_movement_is_null_and_the_page_says_so(db: Database, personas: Personas) -> None:
    hr = personas.hr_officer((await an_institution(db)).institution_id)
    pack = await the_pack(hr)
    assert (pack["movement"], pack["levels"], pack["coverage"]["mapped"]) == (None, [], 0)
    assert (await the_pack(hr, "public"))["coverage"]["mapped"] == 0
    assert "Belum ada: pergerakan memerlukan dua siklus" in (await taken(hr, "/v1/ekspose/page")).decode()


FIELDS = """{ audience __typename institution { id name asOf rubric { code version } } axisX
    coverage { mapped assessed decided notAssessed } boxes { box count }
    levels { positionLevel total boxes { box count } decided notAssessed }
    items { item have missing } units { unit { id name } total items { item have missing } }
    pools { institution national }
    movement { cycle { id name asOf rubric { code version } phase state }
      earlierCycle { id name asOf rubric { code version } phase state } calculatedAt isCurrent
      stayed moved byCause { data rating rubric calibration } margins { entered left notAssessed }
      matrix { fromBox toBox count } }
    indices { index year value grade source } references { id kind name title dated text revision }
    vacancies successionCoverage postsNotKept { id en } }"""


@pytest.mark.parametrize("audience", ["institution", "public"])
async def test_both_doors_tell_the_same_pack(audience: str, hr: Persona, standing: None) -> None:
    told = await hr.ask(f"{{ pack: ekspose(audience: {audience}) {FIELDS} }}")
    pack = told["data"]["pack"]
    assert pack.pop("__typename") == "Ekspose"
    assert pack == await the_pack(hr, audience)


async def test_parts_of_the_publics_pack_can_be_asked_for(hr: Persona) -> None:
    told = (await hr.get("/v1/ekspose?audience=public&fields=coverage.mapped,levels.positionLevel")).json()
    assert told == {
        "coverage": {"mapped": PEOPLE},
        "levels": [{"positionLevel": "jf_ahli_muda"}, {"positionLevel": "jf_terampil"}],
    }
    asked = await hr.ask("{ ekspose(audience: public) { c: coverage { of: __typename m: mapped } } }")
    assert asked["data"] == {"ekspose": {"c": {"of": "EksposeCoverage", "m": PEOPLE}}}


async def test_no_small_count_is_told_to_the_public(hr: Persona) -> None:
    own, public = await the_pack(hr), await the_pack(hr, "public")
    assert any(is_small(count) for count in counts_of(own) if count is not None)
    assert not any(is_small(count) for count in counts_of(public) if count is not None)
    assert public["audience"] == "public"
    assert public["coverage"] == own["coverage"]
    assert [one["count"] for one in public["boxes"]] == [0, 0, 0, 0, None, 0, 0, None, 0]  # 2 of 11, and the others
    assert public["movement"]["matrix"] == []
    [small] = [unit for unit in public["units"] if unit["unit"]["id"] == "U3"]
    assert small["total"] is None
    assert {one[name] for one in small["items"] for name in ("have", "missing")} <= {None, 0}


# ── the page


@pytest.mark.parametrize("audience", ["institution", "public"])
async def test_the_page_shows_the_figures_of_the_pack(audience: str, hr: Persona, standing: None) -> None:
    page = Page((await taken(hr, f"/v1/ekspose/page?audience={audience}")).decode())
    pack = await the_pack(hr, audience)
    assert page.figures == figures_of(pack)
    assert len(page.figures) > 60
    withheld = {name for name in page.shown if name not in page.figures}
    assert {page.shown[name] for name in withheld} == ({"•"} if audience == "public" else set())
    assert page.shown["index-nspk-2022"] == "66,58"
    assert ("Angka ditahan" in page.text) is (audience == "public")


async def test_what_the_page_says_is_text(hr: Persona, standing: None) -> None:
    answer = await hr.get("/v1/ekspose/page")
    page = Page(answer.text)
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert (answer.headers["content-security-policy"], answer.headers["cache-control"]) == (policy, "private, no-store")
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "b-manajemen", "iframe", "link", "object", "form", "img"}
    assert not [
        told for _, told in page.elements if any(name.startswith("on") or name in ("href", "src") for name in told)
    ]
    assert "BIDANG <script>alert(1)</script>" in page.text
    assert "<b>Manajemen Talenta</b>" in page.text


@pytest.mark.parametrize(("axis", "rows"), [("potential", "479 258 136"), ("performance", "689 357 124")])
async def test_the_nine_box_is_drawn_with_the_axes_of_the_setting(
    axis: str, rows: str, db: Database, personas: Personas
) -> None:
    hr = personas.hr_officer((await an_institution(db)).institution_id)
    assert (await hr.patch("/v1/institution/settings", json={"axisX": axis})).json()["axisX"] == axis
    page = Page((await taken(hr, "/v1/ekspose/page")).decode())
    drawn = [told for tag, told in page.elements if tag == "text" and (told.get("id") or "").startswith("box-")]
    places = sorted((float(str(told["y"])), float(str(told["x"])), str(told["id"])[-1]) for told in drawn)
    assert [box for _, _, box in places] == list(rows.replace(" ", ""))
    assert ("Sumbu X: Potensial" in page.text) is (axis == "potential")


@pytest.mark.skipif(not shutil.which("chromium"), reason="no Chromium on this machine")
async def test_chromium_prints_each_section_on_its_own_page(hr: Persona, standing: None, tmp_path: Path) -> None:
    content = await taken(hr, "/v1/ekspose/page")
    source, target = tmp_path / "page.html", tmp_path / "page.pdf"
    source.write_bytes(content)
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    command += [f"--print-to-pdf={target}", "--no-pdf-header-footer", source.as_uri()]
    await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True, timeout=60)
    sections = [told for tag, told in Page(content.decode()).elements if tag == "section"]
    assert target.read_bytes().count(b"/Type /Page\n") == len(sections) == 6


# ── the workbooks


async def test_the_workbook_holds_the_figures_of_the_pack(hr: Persona, standing: None) -> None:
    tables = tables_of(await taken(hr, "/v1/exports/ekspose.xlsx"))
    pack = await the_pack(hr)
    summary = {row["URAIAN"]: row["JUMLAH"] for row in tables["Ringkasan"]}
    assert summary["Dipetakan"] == pack["coverage"]["mapped"]
    assert [summary[f"Kotak {box}"] for box in range(1, 10)] == [one["count"] for one in pack["boxes"]]
    assert summary["Lowongan"] == pack["postsNotKept"]["id"]
    levels = [[row[f"KOTAK {box}"] for box in range(1, 10)] for row in tables["Kotak per jenjang"]]
    assert levels == [[one["count"] for one in level["boxes"]] for level in pack["levels"]]
    assert [row["ADA"] for row in tables["Kelengkapan"]] == [one["have"] for one in pack["items"]]
    units = [(row["UNIT"], row["PEGAWAI"], row["ASESMEN POTENSI"]) for row in tables["Kelengkapan per unit"]]
    assert units == [(unit["unit"]["name"], unit["total"], unit["items"][1]["have"]) for unit in pack["units"]]
    flow = {row["DARI KOTAK"]: row for row in tables["Pergerakan"]}
    assert (flow["Tetap"]["KE KOTAK 1"], flow["Berpindah"]["KE KOTAK 1"], flow["Kotak 5"]["KE KOTAK 8"]) == (10, 1, 1)
    assert [(row["TAHUN"], row["NILAI"], row["PREDIKAT"]) for row in tables["Indeks"]] == list(DUMAI)
    assert [row["TENTANG"] for row in tables["Peraturan dan komite"]] == ["<b>Manajemen Talenta</b>"]


async def test_the_publics_workbook_withholds_the_same(hr: Persona) -> None:
    tables = tables_of(await taken(hr, "/v1/exports/ekspose.xlsx?audience=public"))
    public = await the_pack(hr, "public")
    shown = [[row[f"KOTAK {box}"] for box in range(1, 10)] for row in tables["Kotak per jenjang"]]
    told = [[one["count"] for one in level["boxes"]] for level in public["levels"]]
    assert shown == [["•" if count is None else count for count in row] for row in told]


async def test_the_work_plan_lists_everybody_undecided_by_unit(hr: Persona, office: Office) -> None:
    tables = tables_of(await taken(hr, "/v1/exports/work-plan.xlsx"))
    plan = (await hr.get("/v1/next-evidence")).json()
    everywhere = [row for row in tables["Ringkasan"] if row["UNIT"] == "Seluruh instansi"]
    told = [(row["BELUM PASTI"], row["PASTI MENENTUKAN"], row["DAPAT MENENTUKAN"]) for row in everywhere]
    assert told == [(plan["undecided"], one["decides"], one["mayDecide"]) for one in plan["sets"]]
    assert [name for name in tables if name != "Ringkasan"] == [
        "BIDANG <script>alert(1)< script",
        "=BIDANG DUA",
        "BIDANG TIGA",
        "Tanpa unit",
    ]
    rows = [row for name, table in tables.items() if name != "Ringkasan" for row in table]
    undecided = {nip for unit, (strong, weak, _) in WHO.items() for nip in office.people[unit][strong + weak :]}
    assert {row["NIP"] for row in rows} == undecided
    assert len(rows) == plan["undecided"]
    assert [row["NAMA"] for row in tables["=BIDANG DUA"]].count(STRANGE) == 1
    assert all("Asesmen kompetensi" in row["BUKTI YANG KURANG"] for row in rows)
    assert {row["KOTAK YANG MASIH MUNGKIN"] for row in rows} == {"1, 2, 3, 5, 6, 8"}


async def test_a_work_plan_can_be_of_a_unit_and_those_below_it(hr: Persona, office: Office) -> None:
    tables = tables_of(await taken(hr, "/v1/exports/work-plan.xlsx?unit=U2"))
    assert {row["UNIT"] for row in tables["Ringkasan"]} == {"=BIDANG DUA"}
    assert {row["NIP"] for row in tables["=BIDANG DUA"]} == set(office.people["U2"][1:])
    below = tables_of(await taken(hr, "/v1/exports/work-plan.xlsx?unit=R"))
    assert len(below) == 4  # the summary and the three units below the root
    nobody = await hr.get("/v1/exports/work-plan.xlsx?unit=U")
    assert (nobody.status_code, nobody.json()["code"]) == (404, "unit.not_found")


async def test_many_units_share_one_sheet(hr: Persona, monkeypatch: pytest.MonkeyPatch, office: Office) -> None:
    monkeypatch.setattr("app.services.work_plan_workbook.MOST_SHEETS", 2)
    tables = tables_of(await taken(hr, "/v1/exports/work-plan.xlsx"))
    assert list(tables) == ["Ringkasan", "Pegawai"]
    assert len(tables["Pegawai"]) == PEOPLE - 11


# ── who, and the record of it


@pytest.mark.parametrize("address", EXPORTS)
async def test_whatever_leaves_the_house_is_recorded(address: str, db: Database, hr: Persona, office: Office) -> None:
    answer = await hr.get(address)
    [entry] = await rows_of(db, office.actor, "SELECT * FROM ledger_entry ORDER BY id DESC LIMIT 1")
    payload = entry["payload"]
    assert (entry["type"], entry["subject"], entry["role"]) == ("talentMapExported", "officer", "hr-officer")
    assert entry["request_id"] == answer.headers["x-request-id"]
    assert payload["digest"] == hashlib.sha256(answer.content).hexdigest()
    assert (payload["suppressed"], payload["rows"] > 0) == (False, True)


async def test_it_is_recorded_that_small_counts_were_withheld(db: Database, hr: Persona, office: Office) -> None:
    for address in ("/v1/ekspose/page", "/v1/exports/ekspose.xlsx"):
        await taken(hr, f"{address}?audience=public")
        [entry] = await rows_of(db, office.actor, "SELECT payload FROM ledger_entry ORDER BY id DESC LIMIT 1")
        assert entry["payload"]["suppressed"] is True


MAY_EXPORT = {Role.HR_OFFICER, Role.COMMITTEE_CHAIR, Role.APPOINTING_AUTHORITY}
MAY_READ = MAY_EXPORT | {Role.COMMITTEE_MEMBER, Role.AUDITOR}


@pytest.mark.parametrize(("address", "allowed"), [*((one, MAY_EXPORT) for one in EXPORTS), ("/v1/ekspose", MAY_READ)])
async def test_only_some_roles_may(address: str, allowed: set[Role], personas: Personas, office: Office) -> None:
    everybody: dict[Role, Persona] = {
        Role.HR_OFFICER: personas.hr_officer(office.id),
        Role.COMMITTEE_MEMBER: personas.committee_member(office.id),
        Role.COMMITTEE_CHAIR: personas.committee_chair(office.id),
        Role.APPOINTING_AUTHORITY: personas.appointing_authority(office.id),
        Role.AUDITOR: personas.auditor(office.id),
        Role.NATIONAL: personas.national(office.id),
        Role.UNIT_VERIFIER: personas.unit_verifier(office.id, "U1"),
        Role.TALENT: personas.talent(office.id, office.people["U1"][0]),
    }
    answers = {role: await persona.get(address) for role, persona in everybody.items()}
    assert {role for role, answer in answers.items() if answer.status_code == 200} == allowed
    assert {answer.status_code for role, answer in answers.items() if role not in allowed} == {403}
    assert (await personas.anonymous().get(address)).status_code == 401


@pytest.mark.parametrize(
    "address",
    [
        "/v1/exports/work-plan.xlsx?units=U1",
        "/v1/exports/work-plan.xlsx?unit=%00",
        "/v1/exports/talent-map.xlsx?cycle=1",
        "/v1/exports/ekspose.xlsx?audience=everybody",
        "/v1/ekspose/page?for=public",
        "/v1/ekspose?audience=everybody",
        "/v1/ekspose?fields=nobody",
    ],
)
async def test_what_is_asked_otherwise_is_refused(address: str, hr: Persona) -> None:
    answer = await hr.get(address)
    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")


async def test_there_is_no_map_of_a_cycle_of_others_and_none_before_the_first(
    db: Database, personas: Personas, office: Office
) -> None:
    stranger = personas.hr_officer((await an_institution(db)).institution_id)
    for cycle in (office.cycles[0], uuid4()):
        answer = await stranger.get(f"/v1/exports/talent-map.xlsx?cycle={cycle}")
        assert (answer.status_code, answer.json()["code"]) == (404, "cycle.not_found")
    answer = await stranger.get("/v1/exports/talent-map.xlsx")
    assert (answer.status_code, answer.json()["code"]) == (409, "export.nothing_mapped")
