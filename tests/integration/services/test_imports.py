"""Files in, profiles and placements out."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
import xlsxwriter
from python_calamine import CalamineWorkbook

from app.db.database import Database, open_database
from app.db.documents import Pick
from app.domain.actors import Actor, Role
from app.domain.errors import Conflict, NotFound
from app.domain.messages import SENTENCES
from app.services import imports, placements, talents
from app.services.import_report import DeliveredFile, Report
from app.services.imports import ImportFiles
from tests.conftest import as_superuser, copy_database, url_of
from tests.factories import (
    AS_OF,
    LIMITS,
    a_nip,
    a_placed_talent,
    an_employee,
    an_institution,
    complete_evidence,
    everything_stored,
    import_files,
    name_of,
    rows_of,
    spreadsheets,
    write_csv,
    write_folder,
)

Row = Mapping[str, str]
Sheets = Mapping[str, Sequence[Row]]


async def test_worked_example_a_comes_out_to_the_digit(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    placement = json.loads(await placements.placement_document(db, actor, nip))
    assert (placement["performance"]["value"], placement["potential"]["value"]) == (71, 83.85)
    assert (placement["box"], placement["talentValue"]) == (8, 77.425)


# ── Kota Dumai, 4 December 2025: the figures were calculated from the files by another program

KOTA_DUMAI = "Pemerintah Kota Dumai"
SHEETS = {  # rows, accepted, duplicates, refused
    ("data-asn.xlsx", "Data ASN"): (595, 592, 1, 2),
    ("hierarki-unor.xlsx", "HierarkiUnor"): (101, 101, 0, 0),
    ("peta-jabatan.xlsx", "PETA JABATAN"): (493, 493, 0, 0),
    ("riwayat.xlsx", "SKP"): (1186, 1184, 0, 2),
    ("riwayat.xlsx", "UMPAN BALIK 360"): (592, 592, 0, 0),
    ("riwayat.xlsx", "PENGHARGAAN"): (332, 332, 0, 0),
    ("riwayat.xlsx", "TIM KERJA"): (533, 533, 0, 0),
    ("riwayat.xlsx", "ASESMEN KOMPETENSI"): (68, 67, 0, 1),
    ("riwayat.xlsx", "ASESMEN POTENSI"): (67, 67, 0, 0),
    ("riwayat.xlsx", "DIKLAT"): (2684, 2684, 0, 0),
    ("riwayat.xlsx", "JABATAN"): (1251, 1251, 0, 0),
    ("riwayat.xlsx", "PENDIDIKAN"): (592, 592, 0, 0),
    ("riwayat.xlsx", "HUKUMAN DISIPLIN"): (28, 28, 0, 0),
}
REFUSALS = [
    ("data-asn.xlsx", "Data ASN", 202, "NIP BARU", "'19870231201001102", "nip.length"),
    ("data-asn.xlsx", "Data ASN", 302, "NIP BARU", "BELUM ADA", "nip.format"),
    ("riwayat.xlsx", "SKP", 1186, "NIP", "'199902302020011001", "nip.birth_date"),
    ("riwayat.xlsx", "SKP", 1187, "NIP", "'199001012015011999", "nip.unknown"),
    ("riwayat.xlsx", "ASESMEN KOMPETENSI", 69, "INTEGRITAS", "9", "level.range"),
]
POINTS = {  # of all people together, in millionths
    "performanceAppraisal": 29_184_000_000,
    "awards": 1_511_250_000,
    "teamAssignments": 2_145_000_000,
    "feedback360": 4_896_000_000,
    "competency.integrity": 116_333_330,
    "competency.teamwork": 127_833_332,
    "competency.communication": 116_166_664,
    "competency.resultsOrientation": 122_833_332,
    "competency.publicService": 184_250_000,
    "competency.developingSelfAndOthers": 122_166_666,
    "competency.managingChange": 183_750_000,
    "competency.decisionMaking": 122_166_665,
    "competency.nationBinding": 120_333_331,
    "trainingCount": 806_250_000,
    "structuralTrainingCount": 592_500_000,
    "yearsInLevel": 1_962_400_000,
    "breadth": 1_284_000_000,
    "acting": 208_800_000,
    "potential.intellectualAbility": 139_200_000,
    "potential.interpersonalAbility": 131_400_000,
    "potential.selfAwareness": 138_000_000,
    "potential.criticalAndStrategicThinking": 133_800_000,
    "potential.problemSolving": 133_200_000,
    "potential.emotionalIntelligence": 134_400_000,
    "potential.fastLearningAndSelfDevelopment": 200_000_000,
    "potential.motivationAndCommitment": 138_000_000,
    "education": 4_722_000_000,
    "fieldFit": 5_920_000_000,
    "discipline": 8_722_500_000,
}
# of the lines "NIP performance potential box", in the order of NIPs, values in millionths
PLACEMENTS_DIGEST = "d6d9253dd9860592ead91508e9c29317d84d1e6c8e8619c7c35823747af10a69"


@dataclass(frozen=True)
class Dumai:
    """Kota Dumai, imported once for the tests of this module, in a database of its own."""

    db: Database
    database: str
    actor: Actor
    files: list[DeliveredFile]
    report: Report

    async def ledger(self) -> Counter[str]:
        """How many entries of each type the ledger has."""
        return Counter(row["type"] for row in await rows_of(self.db, self.actor, "SELECT type FROM ledger_entry"))


@pytest_asyncio.fixture(scope="module")
async def dumai(dumai_files: Path) -> AsyncIterator[Dumai]:
    database, files = await copy_database(), spreadsheets(dumai_files)
    async with open_database(url_of(database)) as db:
        actor = await an_institution(db, KOTA_DUMAI)
        yield Dumai(db, database, actor, files, await import_files(db, actor, files))
    await as_superuser(f"DROP DATABASE {database} WITH (FORCE)")


async def placed(db: Database, actor: Actor) -> dict[str, tuple[Any, ...]]:
    """Every placement of the institution by NIP, without the ids of its evidence."""
    sql = """
        SELECT t.nip, p.performance, p.potential, p.box, p.performance_category, p.potential_category, p.talent_value,
               p.missing, p.reasons, p.found, p.scores, p.points, p.evidence_days
        FROM placement p JOIN talent t ON t.id = p.talent_id ORDER BY t.nip"""
    return {nip: tuple(values) for nip, *values in await rows_of(db, actor, sql)}


def refused(report: Report) -> list[tuple[Any, ...]]:
    return [tuple(refusal[name] for name in ("file", "sheet", "row", "column", "value", "code"))  # type: ignore[literal-required]
            for refusal in report["refusals"]]  # fmt: skip


async def test_dumai_is_counted_row_by_row(dumai: Dumai) -> None:
    counted = {
        (file["file"], sheet["sheet"]): (sheet["rows"], sheet["accepted"], sheet["duplicates"], sheet["refused"])
        for file in dumai.report["files"]
        for sheet in file["sheets"]
    }
    assert counted == SHEETS


async def test_the_position_map_of_dumai_gives_its_seats_and_who_is_in_them(dumai: Dumai) -> None:
    assert dumai.report["seats"] == {
        "posts": 493,
        "seats": 655,
        "held": 592,
        "reservedSeats": 0,
        "vacantSeats": 63,
        "beyondSeats": 0,
        "withoutPost": 0,
        "notDelivered": 0,
        "emptyPosts": {"administrator": 32, "jpt_pratama": 6},
    }


async def test_every_unit_of_dumai_below_the_top_has_its_government_affair(dumai: Dumai) -> None:
    sql = "SELECT name FROM org_unit WHERE cardinality(path) = 2 AND id NOT IN (SELECT unit_id FROM unit_affair)"
    assert await rows_of(dumai.db, dumai.actor, sql) == []


async def test_of_dumai_exactly_the_unusable_rows_are_refused(dumai: Dumai) -> None:
    assert refused(dumai.report) == REFUSALS


async def test_every_refusal_says_why_in_indonesian_and_english(dumai: Dumai) -> None:
    said = [(refusal["detail"]["id"], refusal["detail"]["en"]) for refusal in dumai.report["refusals"]]
    about = {"digits": 17, "column": "INTEGRITAS"}
    assert said == [tuple(words.format_map(about) for words in SENTENCES[refusal[-1]]) for refusal in REFUSALS]


async def test_the_stored_import_is_the_report(dumai: Dumai) -> None:
    stored = json.loads(await imports.import_document(dumai.db, dumai.actor, dumai.report["id"]))
    said = {name: value for name, value in dumai.report.items() if name != "stored"}
    assert {name: stored[name] for name in said} == said


async def test_every_file_of_dumai_is_recognised(dumai: Dumai) -> None:
    assert dumai.report["unrecognised"] == []


async def test_everybody_in_dumai_is_mapped(dumai: Dumai) -> None:
    assert (dumai.report["mapped"], dumai.report["notMapped"]) == (592, {})


async def test_the_nine_boxes_of_dumai(dumai: Dumai) -> None:
    nine_box = json.loads(await placements.nine_box_document(dumai.db, dumai.actor))
    counts = {box["box"]: box["count"] for box in nine_box["boxes"]}
    assert (nine_box["total"], nine_box["assessed"], nine_box["notAssessed"]) == (592, 67, 525)
    assert counts == {1: 0, 2: 0, 3: 25, 4: 0, 5: 31, 6: 4, 7: 4, 8: 3, 9: 0}


async def test_the_completeness_of_dumai(dumai: Dumai) -> None:
    completeness = json.loads(await placements.completeness_document(dumai.db, dumai.actor))
    have = {item["item"]: (item["have"], item["missing"]) for item in completeness["items"]}
    assert have == dict.fromkeys(ITEM_OF.values(), (592, 0)) | dict.fromkeys(ASSESSMENTS, (67, 525))


async def test_the_completeness_of_units_adds_up_to_that_of_dumai(dumai: Dumai) -> None:
    completeness = json.loads(await placements.completeness_document(dumai.db, dumai.actor))
    units = Counter[str]()
    for unit in completeness["units"]:
        units.update({item["item"]: item["have"] for item in unit["items"]})
    assert units == {item["item"]: item["have"] for item in completeness["items"]}


async def test_every_value_of_dumai_is_the_one_calculated_elsewhere(dumai: Dumai) -> None:
    lines = [f"{nip} {it[0]} {it[1]} {it[2]}" for nip, it in (await placed(dumai.db, dumai.actor)).items()]
    assert hashlib.sha256("\n".join(lines).encode()).hexdigest() == PLACEMENTS_DIGEST


@pytest.mark.parametrize(
    ("axis", "people", "total"), [("performance", 592, 37_736_250_000), ("potential", 67, 5_122_633_320)]
)
async def test_an_axis_of_dumai_adds_up(dumai: Dumai, axis: str, people: int, total: int) -> None:
    [sums] = await rows_of(dumai.db, dumai.actor, f"SELECT count({axis}), sum({axis})::bigint FROM placement")  # noqa: S608
    assert tuple(sums) == (people, total)


@pytest.mark.parametrize(
    ("axis", "people"),
    [
        ("performance", {"low": 239, "middle": 313, "high": 40}),
        ("potential", {"middle": 60, "high": 7, None: 525}),
    ],
)
async def test_the_categories_of_dumai(dumai: Dumai, axis: str, people: dict[str | None, int]) -> None:
    counted = f"SELECT {axis}_category, count(*) FROM placement GROUP BY 1"  # noqa: S608
    assert dict(await rows_of(dumai.db, dumai.actor, counted)) == people


async def test_the_points_of_every_part_of_dumai_add_up(dumai: Dumai) -> None:
    sql = """
        SELECT leaf.leaf, sum(p.points[leaf.ordinal])::bigint
        FROM placement p JOIN rubric_leaf leaf USING (rubric_code, rubric_version) GROUP BY 1"""
    assert dict(await rows_of(dumai.db, dumai.actor, sql)) == POINTS


async def test_which_evidence_would_decide_whom_in_dumai(dumai: Dumai) -> None:
    plan = json.loads(await placements.next_evidence_document(dumai.db, dumai.actor))
    decides = {tuple(one["items"]): (one["decides"], one["mayDecide"]) for one in plan["sets"]}
    assert plan["undecided"] == 525
    assert decides[ASSESSMENTS] == (525, 525)
    assert decides["potentialAssessment",] == (130, 525)
    assert decides["competencyAssessment",] == (0, 1)
    assert [one["decides"] for one in plan["sets"]] == sorted((one["decides"] for one in plan["sets"]), reverse=True)


async def test_the_plans_of_units_add_up_to_that_of_dumai(dumai: Dumai) -> None:
    plan = json.loads(await placements.next_evidence_document(dumai.db, dumai.actor))
    of_units = Counter[tuple[str, ...]]()
    for unit in plan["units"]:
        of_units.update({tuple(one["items"]): one["decides"] for one in unit["sets"]})
    assert of_units[ASSESSMENTS] == 525
    assert of_units["potentialAssessment",] == 130
    assert sum(unit["undecided"] for unit in plan["units"]) == 525


async def test_the_people_a_set_of_items_decides_can_be_listed(dumai: Dumai) -> None:
    counted = (Pick("totalCount", "totalCount"),)
    for items, people in (("potentialAssessment", 130), ("potentialAssessment,competencyAssessment", 525)):
        chosen = talents.TalentFilter(decided_by=items)
        assert json.loads(await talents.talents_page(dumai.db, dumai.actor, chosen, wanted=counted)) == {
            "totalCount": people
        }


# ── the same files again


@dataclass(frozen=True)
class Repetition:
    """Dumai's files imported once more, and what was stored before and after."""

    report: Report
    before: set[tuple[str, str, str]]
    after: set[tuple[str, str, str]]
    entries: Counter[str]


@pytest_asyncio.fixture(scope="module")
async def repetition(dumai: Dumai) -> Repetition:
    before, entries = await everything_stored(dumai.database), await dumai.ledger()
    report = await import_files(dumai.db, dumai.actor, dumai.files)
    return Repetition(report, before, await everything_stored(dumai.database), await dumai.ledger() - entries)


async def test_a_repeated_import_reports_the_same(dumai: Dumai, repetition: Repetition) -> None:
    differing = ("id", "changes")
    assert [value for name, value in repetition.report.items() if name not in differing] == [
        value for name, value in dumai.report.items() if name not in differing
    ]


async def test_a_repeated_import_changes_nothing(repetition: Repetition) -> None:
    assert repetition.report["changes"] == dict.fromkeys(repetition.report["changes"], 0)


async def test_a_repeated_import_writes_no_row_but_its_own_record(repetition: Repetition) -> None:
    written = Counter(table for table, _, _ in repetition.after - repetition.before)
    assert (written, repetition.before - repetition.after) == (
        {"import": 1, "import_refusal": len(REFUSALS), "ledger_entry": 1, "unchained_entry": 1},
        set(),
    )


async def test_a_repeated_import_is_one_entry_of_the_ledger(repetition: Repetition) -> None:
    assert repetition.entries == {"filesImported": 1}


def in_two_files(office: Office, nip: str) -> list[DeliveredFile]:
    return [file for name in ("SITI SATU", "SITI DUA") for file in office.written([office.employee(nip, NAMA=name)])]


async def test_importing_again_changes_nothing_though_two_of_the_files_disagree(office: Office) -> None:
    files = in_two_files(office, a_nip())
    await import_files(office.db, office.actor, files)
    report = await import_files(office.db, office.actor, files)
    assert report["changes"] == dict.fromkeys(report["changes"], 0)


async def test_where_two_files_disagree_the_last_counts(office: Office) -> None:
    nip = a_nip()
    await import_files(office.db, office.actor, in_two_files(office, nip))
    assert (await office.profile(nip))["name"] == "SITI DUA"


# ── the same content as another office would deliver it


DATES = {"data-asn.xlsx": "%Y-%m-%d", "riwayat.xlsx": "%d/%m/%Y", "peta-jabatan.xlsx": "%Y/%m/%d"}
A_DATE = re.compile(r"\d\d-\d\d-\d{4}")


def write_otherwise(folder: Path, file: DeliveredFile, institution: str) -> None:
    """Every sheet of a workbook as a CSV file about another institution, with accents in the names of its people."""
    book = CalamineWorkbook.from_path(file.path)
    for sheet in book.sheet_names:
        headings, *rows = book.get_sheet_by_name(sheet).to_python()
        order = sorted(range(len(headings)), key=headings.__getitem__)
        with (folder / f"{sheet}.csv").open("w", encoding="cp1252", newline="") as stream:
            writer = csv.writer(stream, delimiter=";")
            writer.writerow(headings[place].lower() for place in order)
            for row in rows:
                writer.writerow(_respelt(row[place], headings[place], file.name, institution) for place in order)


def _respelt(cell: str, heading: str, file: str, institution: str) -> str:
    if A_DATE.fullmatch(cell):
        return datetime.strptime(cell, "%d-%m-%Y").strftime(DATES[file])  # noqa: DTZ007 - a day has no time zone
    return cell.replace("E", "É") if heading == "NAMA" else cell.replace(KOTA_DUMAI, institution)


async def test_csv_in_another_manner_places_everybody_alike(dumai: Dumai, tmp_path: Path) -> None:
    actor = await an_institution(dumai.db)
    institution = await name_of(dumai.db, actor)
    for file in dumai.files:
        write_otherwise(tmp_path, file, institution)

    report = await import_files(dumai.db, actor, spreadsheets(tmp_path))

    assert report["seats"] == dumai.report["seats"]
    assert await placed(dumai.db, actor) == await placed(dumai.db, dumai.actor)


# ── one office and its people


@dataclass(frozen=True)
class Office:
    """An institution of a test, which delivers files."""

    db: Database
    actor: Actor
    name: str
    folder: Path
    _serial: count

    async def deliver(self, employees: Sequence[Row] = (), evidence: Sheets | None = None, **but: object) -> Report:
        return await import_files(self.db, self.actor, self.written(employees, evidence), **but)

    def written(self, employees: Sequence[Row] = (), evidence: Sheets | None = None) -> list[DeliveredFile]:
        folder = self.folder / str(next(self._serial))
        files = write_folder(folder, employees or [an_employee("", "")], evidence or {})
        return files if employees else files[1:]

    def employee(self, nip: str, **but: str) -> dict[str, str]:
        return an_employee(nip, self.name, **but)

    def evidence(self, *nips: str) -> dict[str, list[dict[str, str]]]:
        """Complete evidence of everybody named."""
        sheets: dict[str, list[dict[str, str]]] = {}
        for nip in nips:
            for sheet, rows in complete_evidence(nip, self.name).items():
                sheets.setdefault(sheet, []).extend(rows)
        return sheets

    async def placement(self, nip: str) -> dict[str, Any]:
        return json.loads(await placements.placement_document(self.db, self.actor, nip))

    async def profile(self, nip: str) -> dict[str, Any]:
        return json.loads(await talents.talent_document(self.db, self.actor, nip))

    async def missing(self, nip: str) -> list[str]:
        return (await self.placement(nip))["missing"]

    async def finding(self, nip: str, part: str) -> tuple[str | None, str]:
        """What a part of the placement found, and the code of the reason."""
        trace = (await self.placement(nip))["trace"]
        return next((it["found"], it["reason"]["code"]) for it in trace if it["part"] == part)

    async def count(self, table: str) -> int:
        return (await rows_of(self.db, self.actor, f'SELECT count(*) FROM "{table}"'))[0][0]  # noqa: S608


async def an_office(db: Database, folder: Path, name: str | None = None) -> Office:
    actor = await an_institution(db, name)
    return Office(db, actor, await name_of(db, actor), folder, count())


@pytest_asyncio.fixture
async def office(db: Database, tmp_path: Path) -> Office:
    return await an_office(db, tmp_path)


def only(sheets: Sheets, *names: str) -> Sheets:
    return {name: sheets[name] for name in names}


def corrected(sheets: Sheets, sheet: str, **but: str) -> Sheets:
    """The sheets with other cells in the first row of one of them."""
    first, *others = sheets[sheet]
    return {**sheets, sheet: [{**first, **{name.replace("_", " "): cell for name, cell in but.items()}}, *others]}


# ── rows


async def test_a_refused_row_names_its_cell_whatever_the_sheet(office: Office) -> None:
    nip = a_nip()
    evidence = office.evidence(nip)
    for sheet, cells in {
        "SKP": {"TAHUN": "20X4"},
        "UMPAN BALIK 360": {"PREDIKAT": "LUAR BIASA"},
        "PENGHARGAAN": {"TANGGAL": "31-02-2024"},
        "TIM KERJA": {"SELESAI": "31-12-2024"},
        "DIKLAT": {"JP": "banyak"},
        "JABATAN": {"JENJANG": "eselon_2"},
        "PENDIDIKAN": {"NIP": "-"},
    }.items():
        evidence = {**evidence, sheet: [evidence[sheet][0], {**evidence[sheet][0], **cells}]}

    report = await office.deliver([office.employee(nip), office.employee(a_nip(), NAMA="-")], evidence)

    assert [tuple(it)[1:] for it in refused(report)] == [
        ("data-asn", 3, "NAMA", "-", "cell.missing"),
        ("skp", 3, "TAHUN", "20X4", "year.invalid"),
        ("umpan-balik-360", 3, "PREDIKAT", "LUAR BIASA", "value.unknown"),
        ("penghargaan", 3, "TANGGAL", "31-02-2024", "date.invalid"),
        ("tim-kerja", 3, "SELESAI", "31-12-2024", "date.order"),
        ("diklat", 3, "JP", "banyak", "number.invalid"),
        ("jabatan", 3, "JENJANG", "eselon_2", "value.unknown"),
        ("pendidikan", 3, "NIP", "-", "cell.missing"),
    ]


async def test_accepted_rows_are_stored_beside_refused_ones(office: Office) -> None:
    nip = a_nip()
    await office.deliver([office.employee("BELUM ADA"), office.employee(nip)], office.evidence(a_nip(), nip))
    assert (await office.placement(nip))["box"] == 8


async def test_a_repeated_row_of_data_asn_counts_once(office: Office) -> None:
    nip = a_nip()
    report = await office.deliver([office.employee(nip), office.employee(nip)])
    assert (report["files"][0]["sheets"][0]["duplicates"], await office.count("talent")) == (1, 1)


async def test_a_repeated_row_that_says_the_same_is_not_noticed(office: Office) -> None:
    nip = a_nip()
    assert (await office.deliver([office.employee(nip), office.employee(nip)]))["notices"] == []


async def test_a_repeated_row_with_other_contents_is_noticed(office: Office) -> None:
    nip = a_nip()
    report = await office.deliver([office.employee(nip), office.employee(nip, NAMA="SITI LAIN")])
    noticed = [(it["row"], it["column"], it["value"], it["code"]) for it in report["notices"]]
    assert noticed == [(3, "NIP BARU", nip, "nip.repeated")]


async def test_of_repeated_rows_the_first_counts(office: Office) -> None:
    nip = a_nip()
    await office.deliver([office.employee(nip, NAMA="SITI PERTAMA"), office.employee(nip, NAMA="SITI LAIN")])
    assert (await office.profile(nip))["name"] == "SITI PERTAMA"


async def test_equal_rows_of_evidence_are_stored_once(office: Office) -> None:
    nip = a_nip()
    evidence = office.evidence(nip)
    await office.deliver([office.employee(nip)], {"SKP": [*evidence["SKP"], *evidence["SKP"]]})
    assert await office.count("performance_appraisal") == 1


async def test_a_name_in_cp1252_keeps_its_letters(office: Office) -> None:
    nip = a_nip()
    row = office.employee(nip, NAMA="ANDRÉ SIÑGARIMBUN")
    await import_files(
        office.db, office.actor, [write_csv(office.folder, "a", [row], encoding="cp1252", delimiter=";")]
    )
    assert (await office.profile(nip))["name"] == "ANDRÉ SIÑGARIMBUN"


# ── nothing stored

NOT_STORED = pytest.mark.parametrize("option", ["dry_run", "all_or_nothing"])


def with_a_refusal(office: Office) -> list[DeliveredFile]:
    nip = a_nip()
    return office.written([office.employee(nip), office.employee("BELUM ADA")], office.evidence(nip))


@NOT_STORED
async def test_nothing_is_stored_where_only_a_report_is_wanted(office: Office, database_name: str, option: str) -> None:
    before = await everything_stored(database_name)
    await import_files(office.db, office.actor, with_a_refusal(office), **{option: True})
    assert await everything_stored(database_name) == before


@NOT_STORED
async def test_what_would_be_stored_is_reported_all_the_same(office: Office, option: str) -> None:
    files = with_a_refusal(office)
    would = await import_files(office.db, office.actor, files, **{option: True})
    does = await import_files(office.db, office.actor, files)
    assert would == {**does, "id": would["id"], "stored": False}


@NOT_STORED
async def test_an_institution_does_not_come_to_be_with_an_import_that_is_not_stored(
    office: Office, option: str
) -> None:
    founder, name = Actor(uuid4(), Role.OPERATOR, "test"), f"Pemerintah Kota Baru {uuid4().hex[:10]}"
    command = ImportFiles(as_of=AS_OF, **{option: True})
    await imports.import_files(office.db, founder, command, with_a_refusal(office), limits=LIMITS, founding=name)
    assert await office.db.find_institution(name) is None


async def test_an_institution_comes_to_be_with_its_first_import(office: Office) -> None:
    founder, name = Actor(uuid4(), Role.OPERATOR, "test"), f"Pemerintah Kota Baru {uuid4().hex[:10]}"
    command = ImportFiles(as_of=AS_OF)
    await imports.import_files(office.db, founder, command, with_a_refusal(office), limits=LIMITS, founding=name)
    assert await office.db.find_institution(name) == founder.institution_id


async def test_all_or_nothing_stores_all_where_nothing_is_refused(office: Office) -> None:
    nip = a_nip()
    report = await office.deliver([office.employee(nip)], office.evidence(nip), all_or_nothing=True)
    assert (report["stored"], (await office.placement(nip))["box"]) == (True, 8)


# ── what is never stored

PRIVATE = {
    "NIK": "'3276019911224455",
    "AGAMA ID": "8842137",
    "AGAMA NAMA": "Kepercayaan Contoh",
    "JENIS KAWIN ID": "8842138",
    "JENIS KAWIN NAMA": "Menikah Contoh",
    "NOMOR HP": "'081299887766",
    "EMAIL": "pribadi@contoh.invalid",
    "ALAMAT": "Jalan Rahasia 7",
    "NPWP NOMOR": "09.254.294.3-407.000",
    "BPJS": "0001992837465",
}


async def found_in(database: str, *secrets: str) -> list[str]:
    """Those of the secrets that stand anywhere in any table."""
    everything = "\n".join(row for _, _, row in await everything_stored(database))
    return [secret for secret in secrets if secret.strip("'") in everything]


async def test_private_columns_are_nowhere_in_the_database(office: Office, database_name: str) -> None:
    nip = a_nip()
    people = [
        office.employee(nip) | PRIVATE,
        office.employee(nip, NAMA="SITI LAIN") | PRIVATE,
        office.employee("BELUM ADA") | PRIVATE,
        office.employee(a_nip(), TMT_JABATAN="31-02-2024", NAMA="SITI RAHASIA") | PRIVATE,
    ]
    await office.deliver(people)
    assert await found_in(database_name, nip, *PRIVATE.values()) == [nip]


@pytest.mark.parametrize(
    "number",
    [
        "3276018811224455",
        "'3276018811224455",
        "3276 0188 1122 4455",
        "Nomor KTP 3276018811224466",
        "09.254.294.3-407.111",
        "081299887766",
        "0001992837465",
    ],
)
async def test_an_identity_or_tax_number_in_the_place_of_a_nip_is_withheld(
    office: Office, database_name: str, number: str
) -> None:
    report = await office.deliver([office.employee(a_nip()), office.employee("") | {"NIP BARU": number}])
    assert len(report["refusals"]) == 1
    assert await found_in(database_name, number) == []


async def test_an_identity_number_that_a_workbook_holds_as_a_number_is_withheld(
    office: Office, database_name: str
) -> None:
    with xlsxwriter.Workbook(office.folder / "data-asn.xlsx") as book:
        sheet = book.add_worksheet("Data ASN")
        sheet.write_row(0, 0, list(office.employee("")))
        sheet.write_row(1, 0, list(office.employee(a_nip()).values()))
        sheet.write_row(2, 0, [3276017711224455, *list(office.employee("").values())[1:]])

    report = await import_files(office.db, office.actor, spreadsheets(office.folder))

    assert len(report["refusals"]) == 1
    assert await found_in(database_name, "3276017711224455") == []


async def test_a_file_without_headings_does_not_bring_its_first_person_into_the_report(
    office: Office, database_name: str
) -> None:
    nip = a_nip()
    files = office.written([office.employee(nip)])
    headless = office.folder / "tanpa-judul.csv"
    headless.write_text(f"{nip},SITI CONTOH,3276016611224455,Jalan Rahasia 66\n")

    await import_files(office.db, office.actor, [*files, DeliveredFile(headless, headless.name)])

    assert await found_in(database_name, "3276016611224455", "Jalan Rahasia 66") == []


# ── known, none, unknown

ITEM_OF = {
    "ASESMEN KOMPETENSI": "competencyAssessment",
    "ASESMEN POTENSI": "potentialAssessment",
    "SKP": "performanceAppraisal",
    "UMPAN BALIK 360": "feedback360",
    "PENDIDIKAN": "education",
    "JABATAN": "positionHistory",
    "DIKLAT": "training",
    "PENGHARGAAN": "awards",
    "TIM KERJA": "teamAssignments",
    "HUKUMAN DISIPLIN": "discipline",
}
ASSESSMENTS = ("competencyAssessment", "potentialAssessment")
REGISTERS = {  # delivered complete; what no row means in each
    "awards": "none",
    "teamAssignments": "none",
    "trainingCount": "0",
    "structuralTrainingCount": "0",
    "acting": "none",
    "discipline": "none",
}


async def test_a_sheet_that_is_not_delivered_is_unknown_and_becomes_known_with_its_delivery(office: Office) -> None:
    nip = a_nip()
    evidence = office.evidence(nip)
    await office.deliver([office.employee(nip)])
    missing = [set(await office.missing(nip))]
    for sheet in ITEM_OF:
        await office.deliver(evidence=only(evidence, sheet))
        missing.append(set(await office.missing(nip)))
    items = list(ITEM_OF.values())
    assert missing == [set(items[delivered:]) for delivered in range(11)]


async def test_a_register_that_is_not_delivered_is_unknown_for_everybody(office: Office) -> None:
    nips = [a_nip(), a_nip()]
    evidence = office.evidence(*nips)
    del evidence["TIM KERJA"]
    await office.deliver([office.employee(nip) for nip in nips], evidence)
    assert [await office.missing(nip) for nip in nips] == [["teamAssignments"]] * 2


@pytest.mark.parametrize("part", REGISTERS)
async def test_no_row_in_a_delivered_register_means_checked_and_none(office: Office, part: str) -> None:
    rich, poor = a_nip(), a_nip()
    await office.deliver([office.employee(rich), office.employee(poor)], office.evidence(rich))
    assert await office.finding(poor, part) == (REGISTERS[part], "finding.checked_none")


async def test_no_row_in_any_other_delivered_sheet_means_unknown(office: Office) -> None:
    rich, poor = a_nip(), a_nip()
    await office.deliver([office.employee(rich), office.employee(poor)], office.evidence(rich))
    unknown = {"SKP", "UMPAN BALIK 360", "PENDIDIKAN", "JABATAN", "ASESMEN KOMPETENSI", "ASESMEN POTENSI"}
    assert set(await office.missing(poor)) == {ITEM_OF[sheet] for sheet in unknown}


async def test_a_register_delivered_before_somebody_came_says_nothing_about_them(office: Office) -> None:
    old, new = a_nip(), a_nip()
    await office.deliver([office.employee(old)], office.evidence(old))
    own = {sheet: rows for sheet, rows in office.evidence(new).items() if sheet not in {"PENGHARGAAN", "TIM KERJA"}}
    await office.deliver([office.employee(new)], own)
    assert await office.missing(new) == ["awards", "teamAssignments"]


async def test_a_register_delivered_once_more_speaks_of_those_who_came_since(office: Office) -> None:
    old, new = a_nip(), a_nip()
    await office.deliver([office.employee(old)], office.evidence(old))
    await office.deliver([office.employee(new)])
    await office.deliver(evidence=only(office.evidence(old), "PENGHARGAAN"))
    assert await office.finding(new, "awards") == ("none", "finding.checked_none")


async def test_an_unrecognised_education_is_stored(office: Office) -> None:
    nip = a_nip()
    await office.deliver([office.employee(nip)], corrected(office.evidence(nip), "PENDIDIKAN", TINGKAT="Akta IV"))
    assert [(it["level"], it["levelLabel"]) for it in (await office.profile(nip))["educations"]] == [(None, "Akta IV")]


async def test_an_unrecognised_education_is_noticed(office: Office) -> None:
    nip = a_nip()
    evidence = corrected(office.evidence(nip), "PENDIDIKAN", TINGKAT="Akta IV")
    report = await office.deliver([office.employee(nip)], evidence)
    noticed = [(it["sheet"], it["row"], it["column"], it["value"], it["code"]) for it in report["notices"]]
    assert noticed == [("pendidikan", 2, "TINGKAT", "Akta IV", "education.unrecognised")]


async def test_an_unrecognised_education_leaves_the_item_missing(office: Office) -> None:
    nip = a_nip()
    await office.deliver([office.employee(nip)], corrected(office.evidence(nip), "PENDIDIKAN", TINGKAT="Akta IV"))
    assert await office.missing(nip) == ["education"]


def with_a_sanction(office: Office, nip: str, ends: str) -> Sheets:
    row = {"NIP": nip, "TINGKAT": "RINGAN", "JENIS": "Teguran", "TMT MULAI": "01-03-2025", "TMT SELESAI": ends}
    return office.evidence(nip) | {"HUKUMAN DISIPLIN": [row]}


async def test_a_sanction_without_an_end_is_noticed(office: Office) -> None:
    nip = a_nip()
    report = await office.deliver([office.employee(nip)], with_a_sanction(office, nip, ""))
    noticed = [(it["row"], it["column"], it["value"], it["code"]) for it in report["notices"]]
    assert noticed == [(2, "TMT SELESAI", None, "sanction.open_ended")]


async def test_a_sanction_without_an_end_leaves_discipline_unknown(office: Office) -> None:
    nip = a_nip()
    await office.deliver([office.employee(nip)], with_a_sanction(office, nip, "-"))
    assert (await office.missing(nip), await office.finding(nip, "discipline")) == (
        ["discipline"],
        (None, "finding.open_ended"),
    )


async def test_a_sanction_that_ended_is_known(office: Office) -> None:
    nip = a_nip()
    await office.deliver([office.employee(nip)], with_a_sanction(office, nip, "01-09-2025"))
    assert await office.missing(nip) == []


# ── later deliveries


async def test_a_later_appraisal_of_the_same_year_corrects_the_earlier(office: Office) -> None:
    nip = a_nip()
    evidence = office.evidence(nip)
    await office.deliver([office.employee(nip)], evidence)
    await office.deliver(evidence=only(corrected(evidence, "SKP", PREDIKAT_KINERJA="KURANG"), "SKP"))
    assert (await office.placement(nip))["performance"]["value"] == 47


async def test_a_correction_is_taken_back_by_delivering_the_first_row_again(office: Office) -> None:
    nip = a_nip()
    evidence = office.evidence(nip)
    await office.deliver([office.employee(nip)], evidence)
    await office.deliver(evidence=only(corrected(evidence, "SKP", PREDIKAT_KINERJA="KURANG"), "SKP"))
    await office.deliver(evidence=only(evidence, "SKP"))
    assert (await office.placement(nip))["performance"]["value"] == 71


async def test_of_two_rows_of_a_year_in_one_sheet_the_last_counts_however_often_it_is_delivered(office: Office) -> None:
    nip = a_nip()
    evidence = office.evidence(nip)
    evidence["SKP"] = [*evidence["SKP"], *corrected(evidence, "SKP", PREDIKAT_KINERJA="KURANG")["SKP"]]
    await office.deliver([office.employee(nip)], evidence)
    again = await office.deliver([office.employee(nip)], evidence)
    assert (await office.placement(nip))["performance"]["value"] == 47
    assert not any(again["changes"].values())


@pytest.mark.parametrize(
    ("sheet", "corrections", "part", "before", "after"),
    [
        ("PENGHARGAAN", {"TINGKAT": "INTERNASIONAL"}, "awards", "institution", "international"),
        (
            "TIM KERJA",
            {"PERAN": "ANGGOTA"},
            "teamAssignments",
            "lead_internal",
            "member_internal",
        ),
        ("PENDIDIKAN", {"TINGKAT": "S-3"}, "education", "s2", "s3"),
    ],
)
async def test_other_words_about_the_same_thing_correct_it(
    office: Office, sheet: str, corrections: dict[str, str], part: str, before: str, after: str
) -> None:
    nip = a_nip()
    evidence = office.evidence(nip)
    await office.deliver([office.employee(nip)], evidence)
    assert (await office.finding(nip, part))[0] == before
    await office.deliver(evidence=only(corrected(evidence, sheet, **corrections), sheet))
    assert (await office.finding(nip, part))[0] == after
    await office.deliver(evidence=only(evidence, sheet))
    assert (await office.finding(nip, part))[0] == before


async def test_a_sanction_whose_end_is_filled_in_later_becomes_known(office: Office) -> None:
    nip = a_nip()
    sanction = {"NIP": nip, "TINGKAT": "RINGAN", "JENIS": "Teguran", "TMT MULAI": "01-02-2025", "TMT SELESAI": ""}
    await office.deliver([office.employee(nip)], office.evidence(nip) | {"HUKUMAN DISIPLIN": [sanction]})
    await office.deliver(evidence={"HUKUMAN DISIPLIN": [sanction | {"TMT SELESAI": "01-03-2025"}]})
    assert (await office.finding(nip, "discipline"))[0] == "light"


async def test_a_correction_spread_over_two_files_is_the_same_however_often_it_is_delivered(office: Office) -> None:
    nip = a_nip()
    evidence = office.evidence(nip)
    wrong = corrected(evidence, "SKP", PREDIKAT_KINERJA="KURANG")["SKP"]
    files = [
        *write_folder(office.folder, [office.employee(nip)], evidence),
        write_csv(office.folder, "skp-2", wrong),
    ]
    await import_files(office.db, office.actor, files)
    again = await import_files(office.db, office.actor, files)
    assert not any(again["changes"].values())


async def test_two_files_of_one_name_are_reported_apart(office: Office) -> None:
    first, second = office.folder / "a", office.folder / "b"
    files = [write_folder(folder, [office.employee(a_nip())], {})[0] for folder in (first, second)]
    report = await import_files(office.db, office.actor, files)
    assert [(file["file"], file["sheets"][0]["rows"]) for file in report["files"]] == [
        ("data-asn.csv", 1),
        ("data-asn.csv (2)", 1),
    ]


async def test_an_institution_that_exists_is_not_founded_again(office: Office) -> None:
    founder = Actor(uuid4(), Role.OPERATOR, "test")
    command, again = ImportFiles(as_of=AS_OF), office.name.upper()
    files = write_folder(office.folder, [office.employee(a_nip())], {})
    with pytest.raises(Conflict, match=r"institution\.exists"):
        await imports.import_files(office.db, founder, command, files, limits=LIMITS, founding=again)


async def test_a_later_day_is_mapped_with_the_windows_of_that_day(office: Office) -> None:
    nip = a_nip()
    evidence = office.evidence(nip)
    await office.deliver([office.employee(nip)], evidence)
    await office.deliver([office.employee(nip)], evidence, as_of=date(2026, 12, 4))
    assert await office.finding(nip, "performanceAppraisal") == (None, "finding.not_current")


# ── who is mapped

AWAY = {
    "notActive": {"KEDUDUKAN_HUKUM_ID": "02", "KEDUDUKAN_HUKUM_NAMA": "Cuti di Luar Tanggungan Negara"},
    "worksElsewhere": {"INSTANSI_KERJA_NAMA": "Pemerintah Provinsi Tetangga"},
}
away = pytest.mark.parametrize("because", AWAY)


@away
async def test_somebody_who_is_away_is_listed_with_the_reason(office: Office, because: str) -> None:
    nip = a_nip()
    await office.deliver([office.employee(nip, **AWAY[because]), office.employee(a_nip())])
    unmapped = await talents.talents_page(office.db, office.actor, talents.TalentFilter(mapped=False))
    listed = [edge["node"] for edge in json.loads(unmapped)["edges"]]
    assert [(it["nip"], it["unmappedBecause"]) for it in listed] == [(nip, because)]


@away
async def test_somebody_who_is_away_is_counted_in_the_report(office: Office, because: str) -> None:
    report = await office.deliver([office.employee(a_nip(), **AWAY[because]), office.employee(a_nip())])
    assert (report["mapped"], report["notMapped"]) == (1, {because: 1})


@away
async def test_somebody_who_is_away_has_no_placement(office: Office, because: str) -> None:
    nip = a_nip()
    await office.deliver([office.employee(nip, **AWAY[because])], office.evidence(nip))
    placement = await office.placement(nip)
    assert (placement["box"], placement["unmappedBecause"], await office.count("placement")) == (None, because, 0)


@away
async def test_somebody_who_leaves_loses_the_placement(office: Office, because: str) -> None:
    nip = a_nip()
    await office.deliver([office.employee(nip)], office.evidence(nip))
    await office.deliver([office.employee(nip, **AWAY[because])])
    nine_box = json.loads(await placements.nine_box_document(office.db, office.actor))
    assert (nine_box["total"], await office.count("placement")) == (0, 0)


@away
async def test_somebody_who_returns_is_placed(office: Office, because: str) -> None:
    nip = a_nip()
    await office.deliver([office.employee(nip, **AWAY[because])], office.evidence(nip))
    await office.deliver([office.employee(nip)])
    assert (await office.placement(nip))["box"] == 8


# ── units

HIERARCHY = [("AKAR", ""), ("DINAS", "AKAR"), ("U1", "DINAS")]


def units(office: Office, *parents: tuple[str, str]) -> DeliveredFile:
    rows = [{"ID": unit, "NAMA_UNOR": f"UNIT {unit}", "ID_ATASAN": parent} for unit, parent in parents]
    return write_csv(office.folder, f"unor-{uuid4()}", rows)


async def path_of(office: Office, nip: str) -> list[str]:
    return (await office.profile(nip))["unit"]["path"]


async def test_a_unit_knows_its_path_from_the_root(office: Office) -> None:
    nip = a_nip()
    files = [*office.written([office.employee(nip)]), units(office, *HIERARCHY)]
    await import_files(office.db, office.actor, files)
    assert await path_of(office, nip) == ["AKAR", "DINAS", "U1"]


async def test_a_unit_that_no_hierarchy_named_stands_alone(office: Office) -> None:
    nip = a_nip()
    await office.deliver([office.employee(nip)])
    assert (await office.profile(nip))["unit"] == {"id": "U1", "name": "BIDANG CONTOH", "path": ["U1"]}


async def test_a_hierarchy_delivered_after_its_people_gives_them_a_path(office: Office) -> None:
    nip = a_nip()
    await office.deliver([office.employee(nip)])
    await import_files(office.db, office.actor, [units(office, *HIERARCHY)])
    assert await path_of(office, nip) == ["AKAR", "DINAS", "U1"]


async def test_a_unit_that_moves_takes_the_units_below_along(office: Office) -> None:
    nip = a_nip()
    await import_files(office.db, office.actor, [*office.written([office.employee(nip)]), units(office, *HIERARCHY)])
    await import_files(office.db, office.actor, [units(office, ("BADAN", "AKAR"), ("DINAS", "BADAN"))])
    assert await path_of(office, nip) == ["AKAR", "BADAN", "DINAS", "U1"]


@pytest.mark.parametrize("circle", [[("U1", "U1")], [("A", "B"), ("B", "A"), ("U1", "A")]], ids=["own", "two"])
async def test_a_circle_in_the_hierarchy_ends(office: Office, circle: list[tuple[str, str]]) -> None:
    nip = a_nip()
    files = [*office.written([office.employee(nip)]), units(office, *circle)]
    async with asyncio.timeout(20):
        await import_files(office.db, office.actor, files)
    assert await path_of(office, nip) == ["U1"]


# ── at the same time, and side by side


async def test_of_two_imports_at_once_one_does_the_work_and_the_other_finds_it_done(office: Office) -> None:
    nips = [a_nip() for _ in range(20)]
    files = office.written([office.employee(nip) for nip in nips], office.evidence(*nips))
    reports = await asyncio.gather(*(import_files(office.db, office.actor, files) for _ in range(2)))
    assert sorted(report["changes"]["placements"] for report in reports) == [0, 20]


async def test_two_imports_at_once_each_count_with_what_the_other_brings(office: Office) -> None:
    nips = [a_nip() for _ in range(20)]
    await office.deliver([office.employee(nip) for nip in nips])
    evidence = office.evidence(*nips)
    await asyncio.gather(
        *(office.deliver(evidence=only(evidence, *half)) for half in ([*evidence][:5], [*evidence][5:]))
    )
    assert {(await office.placement(nip))["box"] for nip in nips} == {8}


@dataclass(frozen=True)
class Neighbours:
    """Two institutions that deliver the same number at once, each with a name of its own for the person."""

    offices: tuple[Office, Office]
    nip: str


@pytest_asyncio.fixture
async def neighbours(db: Database, tmp_path: Path) -> Neighbours:
    nip = a_nip()
    one, other = [await an_office(db, tmp_path / side) for side in ("one", "other")]
    await asyncio.gather(
        one.deliver([one.employee(nip, NAMA="SITI SATU")], one.evidence(nip)),
        other.deliver([other.employee(nip, NAMA="SITI DUA")]),
    )
    return Neighbours((one, other), nip)


async def test_one_number_in_two_institutions_is_one_person(neighbours: Neighbours, database_name: str) -> None:
    sql = f"SELECT id, person_id FROM talent WHERE nip = '{neighbours.nip}'"  # noqa: S608
    rows = await as_superuser(sql, database_name)
    assert (len({row["id"] for row in rows}), len({row["person_id"] for row in rows})) == (2, 1)


async def test_each_institution_sees_its_own_record_of_a_shared_person(neighbours: Neighbours) -> None:
    seen = [await office.profile(neighbours.nip) for office in neighbours.offices]
    assert [(it["name"], len(it["performanceAppraisals"])) for it in seen] == [("SITI SATU", 1), ("SITI DUA", 0)]


async def test_evidence_of_somebody_at_another_institution_is_refused(neighbours: Neighbours) -> None:
    one, other = neighbours.offices
    nip = a_nip()
    await one.deliver([one.employee(nip)])
    report = await other.deliver(evidence=only(other.evidence(nip), "SKP"))
    assert [refusal["code"] for refusal in report["refusals"]] == ["nip.unknown"]


async def test_people_of_another_institution_are_not_found(neighbours: Neighbours) -> None:
    one, other = neighbours.offices
    nip = a_nip()
    await one.deliver([one.employee(nip)])
    with pytest.raises(NotFound):
        await other.profile(nip)


async def test_an_import_of_another_institution_is_not_found(neighbours: Neighbours) -> None:
    one, other = neighbours.offices
    report = await one.deliver([one.employee(a_nip())])
    with pytest.raises(NotFound):
        await imports.import_document(other.db, replace(other.actor, role=Role.HR_OFFICER), report["id"])
