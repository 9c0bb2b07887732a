"""What is narrowed is shown to whom the rule names, at both doors; to others the document says what it withholds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from python_calamine import CalamineWorkbook

from app.db.database import Database
from app.domain.actors import Actor, ClientScope, Role
from app.domain.cycles import Phase
from app.domain.evidence import Kind
from app.services import exports, talents
from app.services.exports import ExportTalentMap
from tests.cycles import a_cycle_in
from tests.factories import (
    a_nip,
    a_submission,
    an_employee,
    an_institution,
    complete_evidence,
    import_files,
    name_of,
    rows_of,
    write_folder,
)
from tests.personas import Persona, Personas

SANCTION = {"TINGKAT": "RINGAN", "JENIS": "Teguran tertulis", "TMT MULAI": "01-03-2024", "TMT SELESAI": "01-09-2024"}
ASSESSMENTS = ["competencyAssessments", "potentialAssessments", "assessmentScores"]
FINDINGS = ["oldestEvidence"]
FINDINGS += [f"trace.{path}" for path in ("found", "score", "points", "evidence.id", "evidence.date", "reason")]
OF_PLACEMENT = [f"placement.{path}" for path in FINDINGS]
WITHHELD = {
    Role.HR_OFFICER: [],
    Role.COMMITTEE_CHAIR: [],
    Role.APPOINTING_AUTHORITY: [],
    Role.TALENT: [],
    Role.COMMITTEE_MEMBER: [],
    Role.AUDITOR: [*OF_PLACEMENT, *ASSESSMENTS, "disciplinarySanctions"],
    Role.UNIT_VERIFIER: [*OF_PLACEMENT, *ASSESSMENTS, "disciplinarySanctions"],
}
LEFT_OUT = "Kolom yang tidak disertakan"
MOST_WITHHELD = WITHHELD[Role.AUDITOR]


DIFFERENCES: dict[str, dict[str, dict[str, str]]] = {
    "nothing": {},
    "sanction": {"HUKUMAN DISIPLIN": SANCTION},
    "competency": {"ASESMEN KOMPETENSI": {"INTEGRITAS": "2"}},
    "aspect": {"ASESMEN POTENSI": {"PENYELESAIAN MASALAH": "2"}},
}


@dataclass(frozen=True)
class Office:
    """People alike but for a sanction or one level of an assessment; the register of sanctions was checked for all."""

    actor: Actor
    nips: dict[str, str]
    cycle: UUID

    @property
    def id(self) -> UUID:
        return self.actor.institution_id

    @property
    def sanctioned(self) -> str:
        return self.nips["sanction"]

    @property
    def clean(self) -> str:
        return self.nips["nothing"]


@pytest_asyncio.fixture(scope="module")
async def office(db: Database, tmp_path_factory: pytest.TempPathFactory) -> Office:
    actor, nips = await an_institution(db), {difference: a_nip() for difference in DIFFERENCES}
    name, folder = await name_of(db, actor), tmp_path_factory.mktemp("office")
    sheets: dict[str, list[dict[str, str]]] = {}
    for difference, nip in nips.items():
        for sheet, rows in complete_evidence(nip, name).items():
            but = DIFFERENCES[difference].get(sheet)
            own = rows if but is None else [{**row, "NIP": nip, **but} for row in rows]
            sheets.setdefault(sheet, []).extend(own)
    await import_files(db, actor, write_folder(folder, [an_employee(nip, name) for nip in nips.values()], sheets))
    return Office(actor, nips, await a_cycle_in(db, actor, Phase.CALIBRATION))


def persona(personas: Personas, office: Office, role: Role) -> Persona:
    match role:
        case Role.UNIT_VERIFIER:
            return personas.unit_verifier(office.id, "U1")
        case Role.TALENT:
            return personas.talent(office.id, office.sanctioned)
        case _:
            made: Persona = getattr(personas, role.value.replace("-", "_"))(office.id)
            return made


async def read(somebody: Persona, path: str) -> dict[str, Any]:
    answer = await somebody.get(path)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def without(document: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in names}


# ── the profile


@pytest.mark.parametrize("role", WITHHELD)
async def test_a_profile_says_what_it_withholds_from_whom(role: Role, personas: Personas, office: Office) -> None:
    told = await read(persona(personas, office, role), f"/v1/talents/{office.sanctioned}")
    assert sorted(told["withheld"]) == sorted(WITHHELD[role])
    for name in ("disciplinarySanctions", *ASSESSMENTS):
        assert (told[name] is None) is (name in WITHHELD[role]), name


async def test_everything_else_is_the_same_for_all_readers(personas: Personas, office: Office) -> None:
    path = f"/v1/talents/{office.sanctioned}"
    all_of_it = await read(personas.hr_officer(office.id), path)
    narrowed = await read(personas.auditor(office.id), path)
    names = ("withheld", "placement", "disciplinarySanctions", *ASSESSMENTS)
    assert without(narrowed, *names) == without(all_of_it, *names)
    of_all = ("withheld", "oldestEvidence")
    assert without(narrowed["placement"], *of_all) == without(all_of_it["placement"], *of_all)
    assert [one["severity"] for one in all_of_it["disciplinarySanctions"]] == ["light"]
    assert all_of_it["competencyAssessments"][0]["integrity"] == 3


async def test_unknown_none_and_not_for_you_are_three_things(
    db: Database, personas: Personas, office: Office, tmp_path_factory: pytest.TempPathFactory
) -> None:
    unchecked, nip = await an_institution(db), a_nip()
    name = await name_of(db, unchecked)
    sheets = {sheet: rows for sheet, rows in complete_evidence(nip, name).items() if sheet != "HUKUMAN DISIPLIN"}
    await import_files(
        db, unchecked, write_folder(tmp_path_factory.mktemp("unchecked"), [an_employee(nip, name)], sheets)
    )

    async def seen(somebody: Persona, number: str) -> tuple[Any, bool, bool]:
        query = "?fields=disciplinarySanctions,withheld,placement.missing"
        told = await read(somebody, f"/v1/talents/{number}{query}")
        is_missing = "discipline" in told["placement"]["missing"]
        return told["disciplinarySanctions"], "disciplinarySanctions" in told["withheld"], is_missing

    assert await seen(personas.hr_officer(unchecked.institution_id), nip) == ([], False, True)
    assert await seen(personas.hr_officer(office.id), office.clean) == ([], False, False)
    for number in (office.clean, office.sanctioned):
        assert await seen(personas.auditor(office.id), number) == (None, True, False)


async def test_naming_a_withheld_field_does_not_show_it(personas: Personas, office: Office) -> None:
    auditor = personas.auditor(office.id)
    asked = "fields=disciplinarySanctions.severity,competencyAssessments.integrity,withheld"
    told = await read(auditor, f"/v1/talents/{office.sanctioned}?{asked}")
    assert (told["disciplinarySanctions"], told["competencyAssessments"]) == (None, None)
    page = await read(auditor, f"/v1/talents?{asked}")
    assert [edge["node"] for edge in page["edges"]] == [told] * len(office.nips)


async def test_graphql_withholds_the_same_under_any_alias(personas: Personas, office: Office) -> None:
    query = """query($nip: String!) { talent(nip: $nip) {
        withheld mine: disciplinarySanctions { __typename s: severity } competencyAssessments { integrity }
        placement { withheld trace { part found points evidence { id } } } } }"""
    full = (await personas.hr_officer(office.id).ask(query, nip=office.sanctioned))["data"]["talent"]
    assert (full["withheld"], full["mine"]) == ([], [{"__typename": "DisciplinarySanction", "s": "light"}])
    told = (await personas.auditor(office.id).ask(query, nip=office.sanctioned))["data"]["talent"]
    assert sorted(told["withheld"]) == sorted(MOST_WITHHELD)
    assert (told["mine"], told["competencyAssessments"]) == (None, None)
    assert told["placement"]["withheld"] == FINDINGS
    listed = "{ talents { edges { node { nip disciplinarySanctions { severity } } } } }"
    page = (await personas.auditor(office.id).ask(listed))["data"]["talents"]["edges"]
    assert {edge["node"]["disciplinarySanctions"] for edge in page} == {None}


# ── placements

READERS_OF_AXES = {
    "/v1/talents/{nip}/placement": (Role.AUDITOR, Role.UNIT_VERIFIER),
    "/v1/cycles/{cycle}/placements/{nip}": (Role.AUDITOR,),  # of cycles a unit verifier sees nothing
}
PLACEMENTS = pytest.mark.parametrize("path", READERS_OF_AXES)
NARROWED = {Kind.SANCTION.value, Kind.COMPETENCY_ASSESSMENT.value, Kind.POTENTIAL_ASSESSMENT.value}
READERS_OF_PARTS = (Role.HR_OFFICER, Role.COMMITTEE_MEMBER, Role.COMMITTEE_CHAIR, Role.APPOINTING_AUTHORITY)


def said_of(part: dict[str, Any]) -> list[Any]:
    """All that a part says about the person, and not about the rubric."""
    evidence = part["evidence"]
    return [*(part[name] for name in ("found", "score", "points", "reason")), evidence["id"], evidence["date"]]


@PLACEMENTS
async def test_a_part_that_rests_on_narrowed_evidence_is_withheld_whole(
    path: str, personas: Personas, office: Office
) -> None:
    address = path.format(nip=office.sanctioned, cycle=office.cycle)
    full = await read(personas.hr_officer(office.id), address)
    assert full["withheld"] == []
    for axis in ("performance", "potential"):
        parts = [Decimal(str(part["points"])) for part in full["trace"] if part["axis"] == axis]
        assert sum(parts) == Decimal(str(full[axis]["value"]))
    [of_sanction] = [part for part in full["trace"] if part["evidence"]["kind"] == Kind.SANCTION.value]
    assert said_of(of_sanction)[:3] == ["light", 75, 11.25]
    for role in READERS_OF_PARTS:
        assert await read(persona(personas, office, role), address) == full, role
    for role in READERS_OF_AXES[path]:
        told = await read(persona(personas, office, role), address)
        assert told["withheld"] == FINDINGS, role
        assert told["oldestEvidence"] is None
        narrowed = ("withheld", "trace", "oldestEvidence")
        assert without(told, *narrowed) == without(full, *narrowed)
        for part, whole in zip(told["trace"], full["trace"], strict=True):
            is_narrowed = whole["evidence"]["kind"] in NARROWED
            assert said_of(part) == ([None] * 6 if is_narrowed else said_of(whole)), part["part"]


TOTALS = ("box", "computedBox", "publishedBox", "decidedBox", "reachableBoxes", "potential", "talentValue")


async def seen_of(somebody: Persona, path: str) -> dict[str, Any]:
    """A placement without its totals, and without what tells one person from another anyway."""
    told = without(await read(somebody, path), "nip", "name", *TOTALS)
    for part in told["trace"]:
        part["evidence"].pop("id")
    return told


@PLACEMENTS
@pytest.mark.parametrize("difference", ["sanction", "competency", "aspect"])
async def test_whom_only_a_sanction_or_a_level_sets_apart_looks_the_same(
    path: str, difference: str, personas: Personas, office: Office
) -> None:
    paths = [path.format(nip=office.nips[one], cycle=office.cycle) for one in ("nothing", difference)]
    for role in READERS_OF_AXES[path]:
        one, other = [await seen_of(persona(personas, office, role), each) for each in paths]
        assert one == other, role
    one, other = [await seen_of(personas.hr_officer(office.id), each) for each in paths]
    assert len([part for part, beside in zip(one["trace"], other["trace"], strict=True) if part != beside]) == 1


async def test_gaps_of_a_development_plan_are_levels_of_an_assessment(personas: Personas, office: Office) -> None:
    path = f"/v1/talents/{office.sanctioned}/development-plan"
    told = await read(personas.auditor(office.id), path)
    assert (told["competencies"], told["potentialAspects"]) == (None, None)
    assert told["withheld"] == ["competencies", "potentialAspects"]
    assert told["competencyAssessment"]["assessedOn"] == "2025-04-03"
    assert len((await read(personas.committee_member(office.id), path))["competencies"]) == 9


# ── what else holds the same


async def test_who_verifies_sees_what_is_to_be_verified(db: Database, personas: Personas, office: Office) -> None:
    content = {"competencyAssessment": {"assessedOn": "2025-05-05", "integrity": 4}}
    submission = await a_submission(db, office.actor, office.sanctioned, content)
    for somebody in (personas.unit_verifier(office.id, "U1"), personas.hr_officer(office.id)):
        told = await read(somebody, f"/v1/submissions/{submission}")
        assert (told["content"]["competencyAssessment"]["integrity"], told["withheld"]) == (4, [])


async def test_cells_of_an_import_may_be_of_any_sheet(
    db: Database, personas: Personas, tmp_path_factory: pytest.TempPathFactory
) -> None:
    actor, nip = await an_institution(db), a_nip()
    rows = {"HUKUMAN DISIPLIN": [{"NIP": nip, **SANCTION, "TINGKAT": "SANGAT BERAT"}]}
    folder = write_folder(tmp_path_factory.mktemp("refused"), [an_employee(nip, await name_of(db, actor))], rows)
    report = await import_files(db, actor, folder)
    path = f"/v1/imports/{report['id']}"
    full = await read(personas.hr_officer(actor.institution_id), path)
    told = await read(personas.auditor(actor.institution_id), path)
    assert [one["value"] for one in full["refusals"]] == ["SANGAT BERAT"]
    assert [one["value"] for one in told["refusals"]] == [None]
    assert (full["withheld"], told["withheld"]) == ([], ["notices", "refusals.value"])


async def test_a_client_sees_what_its_scopes_say(db: Database, office: Office) -> None:
    async def withheld(*scopes: ClientScope) -> str:
        client = Actor(office.id, Role.CLIENT, "client", scopes=frozenset(scopes))
        return (await talents.talent_document(db, client, office.sanctioned)).decode()

    narrowed = await withheld(ClientScope.TALENTS_READ)
    assert '"severity"' not in narrowed
    assert '"disciplinarySanctions":null' in narrowed
    full = await withheld(ClientScope.TALENTS_READ, ClientScope.SPECIFIC_DATA_READ)
    assert '"severity":"light"' in full
    assert '"withheld":[]' in full


# ── exports


async def exported(db: Database, office: Office, somebody: Actor) -> tuple[list[str], dict[str, str], str]:
    """The headings of a talent map, what its second sheet says, and the class of data that the ledger says it has."""
    file = await exports.export_talent_map(db, somebody, ExportTalentMap())
    with file.content:
        book = CalamineWorkbook.from_filelike(file.content)
    headings = [str(cell) for cell in book.get_sheet_by_name("Peta talenta").to_python()[0]]
    about = {str(row[0]): str(row[1]) for row in book.get_sheet_by_name("Keterangan").to_python()}
    sql = (
        "SELECT payload->>'highest_class' AS class FROM ledger_entry WHERE type = 'talentMapExported' ORDER BY id DESC"
    )
    [entry, *_] = await rows_of(db, office.actor, sql)
    return headings, about, entry["class"]


async def test_a_workbook_has_columns_of_narrowed_parts_for_whom_may_see_them(db: Database, office: Office) -> None:
    full, about, contained = await exported(db, office, Actor(office.id, Role.HR_OFFICER, "officer"))
    assert (contained, LEFT_OUT in about) == ("specific", False)
    scopes = frozenset({ClientScope.TALENTS_READ})
    fewer, about, contained = await exported(db, office, Actor(office.id, Role.CLIENT, "client", scopes=scopes))
    left_out = [one for one in full if one not in fewer]
    assert [one for one in full if one in fewer] == fewer
    assert [one.partition(" - ")[2] for one in left_out] == [
        "PENILAIAN KOMPETENSI",
        "PENILAIAN POTENSI",
        "REKAM JEJAK DISIPLIN",
    ]
    assert about[LEFT_OUT].startswith(left_out[-1].partition(" - ")[2])
    assert contained == "general"
