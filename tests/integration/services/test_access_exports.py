"""Everything held about one person in one document: every table that knows the person, and nobody else's rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema_rs
import pytest
import pytest_asyncio

from app.db.base import Base
from app.db.database import Database
from app.db.documents import Field, Items, Object, schema_of, tables
from app.db.shapes.access_exports import ACCESS_EXPORT, OF_THE_SYSTEM
from app.db.withholding import walk
from app.domain.actors import Actor
from app.domain.errors import Forbidden, NotFound
from app.domain.ladder import RefusalReason, Rung
from app.domain.messages import SENTENCES
from app.domain.purposes import Purpose
from app.services import access_exports, submissions
from app.services.access_exports import Notice
from app.services.submissions import RefuseSubmission
from tests.conftest import as_superuser
from tests.cycles import a_whole_cycle, member
from tests.factories import (
    a_nip,
    a_submission,
    an_employee,
    an_institution,
    complete_evidence,
    import_files,
    name_of,
    officer,
    rows_of,
    talent,
    write_folder,
)
from tests.movements import a_comparison
from tests.rights import ask, officer_for_data_protection

NOTICE = Notice("PPDP Kota Contoh, ppdp@contoh.test", "/v1/access-export.html")
# Tables that know a talent and are not part of an export, with the reason.
NOT_EXPORTED = {
    "pool_candidate": "the same facts as those of `candidate`, kept where a search of the nation finds them",
    "talent_card": "the view `own_card` of it is: the application may not read whose the others are",
}
# Columns that are not part of one, with the reason.
COLUMNS_NOT_EXPORTED = {
    *OF_THE_SYSTEM,  # whose row it is, and the digest that tells equal rows apart
}


@dataclass(frozen=True)
class Office:
    """ANI has something of everything, BUDI is a colleague with evidence of the same kinds."""

    db: Database
    actor: Actor
    ani: Actor
    budi: Actor

    async def export(self, who: Actor | None = None) -> dict[str, Any]:
        return json.loads(await access_exports.export_own_data(self.db, who or self.ani, NOTICE))


@pytest_asyncio.fixture(scope="module")
async def office(db: Database, tmp_path_factory: pytest.TempPathFactory) -> Office:
    operator = await an_institution(db)
    name, folder = await name_of(db, operator), tmp_path_factory.mktemp("office")
    nips = [a_nip(), a_nip()]
    sheets: dict[str, list[dict[str, str]]] = {}
    for nip in nips:
        evidence = complete_evidence(nip, name)
        evidence["HUKUMAN DISIPLIN"] = [
            {"NIP": nip, "TINGKAT": "RINGAN", "JENIS": "", "TMT MULAI": "01-02-2020", "TMT SELESAI": "01-03-2020"}
        ]
        evidence["NILAI ASESMEN"] = [{"NIP": nip, "TANGGAL": "03-04-2025", "INSTRUMEN": "POTKOM", "NILAI": "93,47"}]
        for sheet, rows in evidence.items():
            sheets.setdefault(sheet, []).extend(rows)
    people = [an_employee(nip, name, NAMA=who) for nip, who in zip(nips, ("ANI CONTOH", "BUDI CONTOH"), strict=True)]
    await import_files(db, operator, write_folder(folder / "first", people, sheets))
    better = {"UMPAN BALIK 360": [row | {"PREDIKAT": "SANGAT BAIK"} for row in sheets["UMPAN BALIK 360"]]}
    await import_files(db, operator, write_folder(folder / "second", people, better))
    for nip in nips:
        refused = await a_submission(db, operator, nip)
        command = RefuseSubmission(rung=Rung.VERIFIED_BY_UNIT, reason=RefusalReason.OTHER, comment="Tidak terbaca.")
        await submissions.refuse_submission(db, officer(operator), refused, command)
    ids = await a_whole_cycle(db, operator, nips[0])
    await a_comparison(db, operator, ids["cycleId"])
    ani, budi = (talent(operator, nip) for nip in nips)
    await ask(db, ani, "automated-processing")
    return Office(db, officer(operator), ani, budi)


def sources(fields: Mapping[str, Field]) -> set[str]:
    """The tables that an export reads rows of."""
    read: set[str] = set()
    for _, field in walk(fields):
        if isinstance(field, Items | Object) and field.source is not None:
            read |= {getattr(table, "name", "") for table in tables(field.source)}
    return read | {getattr(table, "name", "") for table in tables(ACCESS_EXPORT.source)}


async def test_every_table_that_knows_a_talent_is_part_of_the_export(database_name: str) -> None:
    known = await as_superuser(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'talent_id'",
        database_name,
    )
    names = {row["table_name"] for row in known}
    assert len(names) >= 20
    assert names - sources(ACCESS_EXPORT.fields) == set(NOT_EXPORTED)


def test_every_column_of_evidence_is_part_of_the_export() -> None:
    for name, field in ACCESS_EXPORT.fields.items():
        if isinstance(field, Items) and {"imported"} <= set(field.fields):
            [table] = tables(field.source)
            columns = {column.name for column in table.columns} - COLUMNS_NOT_EXPORTED  # type: ignore[union-attr]
            assert len(field.fields) == len(columns) + 1, name
    held = set(ACCESS_EXPORT.fields["profile"].fields)  # type: ignore[union-attr]
    assert len(held) == len(set(Base.metadata.tables["talent"].columns.keys()) - COLUMNS_NOT_EXPORTED)


def test_nothing_in_it_is_withheld_from_its_subject() -> None:
    assert not [path for path, field in walk(ACCESS_EXPORT.fields) if field.needs or path.endswith("withheld")]


def test_every_part_of_it_has_a_label_in_both_languages() -> None:
    names = {path.rpartition(".")[2] for path, _ in walk(ACCESS_EXPORT.fields)}
    assert {name for name in names if f"held.{name}" not in SENTENCES} == set()


async def test_it_holds_something_of_everything_that_happened(office: Office) -> None:
    held = await office.export()
    jsonschema_rs.Draft202012Validator(schema_of(ACCESS_EXPORT.fields), validate_formats=True).validate(held)
    assert set(held) == set(ACCESS_EXPORT.fields)
    empty = {name for name, value in held.items() if value in (None, [])}
    selection = {"rankings", "verifications", "technicalScores", "shortlists", "decisions", "appointments", "seat"}
    selection |= {"decisionChecks", "siasnReceipts"}
    selection |= {"poolMemberships", "willingness", "successions"}
    selection |= {"mobilityCases", "mobilityListing", "mobilityParticipations", "siasnAccounts"}
    selection |= {"siasnConflicts", "siasnReceipts", "siasnRecords", "siasnSyncs"}
    undone = {"rehearsals", "reviews", "consents", "disclosures", "receipts"} | selection
    assert empty <= undone  # what nobody has done here
    assert held["profile"]["nip"] == office.ani.nip
    assert (held["processing"], held["placement"]["manualDecision"]) == ("normal", True)
    assert held["placement"]["trace"][0]["reason"]["detail"]["en"]
    assert held["cyclePlacements"][0]["publishedBox"] == 9
    assert held["calibrations"][0]["comment"]
    assert held["objections"][0]["text"]
    assert held["developmentPlan"]["competencies"][0]["actual"] == 3
    assert held["disciplinarySanctions"][0]["severity"] == "light"
    assert held["assessmentScores"][0]["value"] == 93.47
    assert [one["kind"] for one in held["dataRequests"]] == ["automated-processing"]
    [submission] = held["submissions"]
    assert (submission["state"], submission["document"]["name"]) == ("refused", "ijazah.pdf")
    assert submission["content"]["education"]["field"] == "ILMU HUKUM"
    assert submission["decisions"][-1]["comment"] == "Tidak terbaca."
    types = {entry["type"] for entry in held["ledger"]}
    assert {"talentMoved", "objectionRaised", "documentAttached", "dataRequestRaised"} <= types


async def test_evidence_that_was_withdrawn_is_in_it_with_its_import(office: Office) -> None:
    held = await office.export()
    first, second = held["feedback360"]
    assert (first["predicate"], first["withdrawnBy"]) == ("good", second["importId"])
    assert (second["predicate"], second["withdrawnBy"]) == ("very_good", None)
    assert first["imported"]["asOf"] == "2025-12-04"
    assert first["imported"]["digest"] != second["imported"]["digest"]


async def test_its_head_says_what_people_are_to_be_told(office: Office) -> None:
    notice = (await office.export())["notice"]
    assert (notice["contact"], notice["page"]) == (NOTICE.contact, NOTICE.page)
    assert [one["code"] for one in notice["purposes"]] == list(Purpose)
    by_code = {one["code"]: one["basis"]["en"] for one in notice["purposes"]}
    assert "consent" in by_code["talent-mobility"]
    assert "20(2)e" in by_code["talent-management"]
    assert notice["retention"]["id"]
    assert notice["rights"]["en"]


async def test_nobody_elses_rows_are_in_it(office: Office) -> None:
    text = json.dumps(await office.export())
    assert "ANI CONTOH" in text
    assert "BUDI CONTOH" not in text
    assert (office.budi.nip or "") not in text
    assert len((await office.export(office.budi))["feedback360"]) == 2


async def test_it_is_recorded_by_its_digest_and_says_nothing_there(office: Office) -> None:
    document = await access_exports.export_own_data(office.db, office.ani, NOTICE)
    sql = "SELECT e.*, e::text AS entry FROM ledger_entry e WHERE type = 'dataExported' ORDER BY id DESC LIMIT 1"
    [entry] = await rows_of(office.db, office.actor, sql)
    assert entry["payload"]["digest"] == hashlib.sha256(document).hexdigest()
    assert (entry["payload"]["what"], entry["about_id"]) == ("json", json.loads(document)["profile"]["id"])
    assert "ANI CONTOH" not in entry["entry"]
    assert (office.ani.nip or "") not in entry["payload"].values()


async def test_taken_out_by_somebody_else_it_leaves_a_receipt(office: Office) -> None:
    for reader in (office.actor, officer_for_data_protection(office.actor)):
        document = await access_exports.export_data_of_talent(office.db, reader, office.ani.nip or "", NOTICE)
        assert json.loads(document)["disciplinarySanctions"]
    receipts = (await office.export())["receipts"]
    assert {(one["by"], one["purpose"], one["document"]) for one in receipts} == {
        ("officer", "data-subject-request", "AccessExport"),
        ("protector", "data-subject-request", "AccessExport"),
    }


async def test_only_its_subject_and_those_who_answer_data_subjects_take_it_out(office: Office) -> None:
    nip = office.ani.nip or ""
    for nobody in (member(office.actor), office.budi):
        with pytest.raises(Forbidden):
            await access_exports.export_data_of_talent(office.db, nobody, nip, NOTICE)
    with pytest.raises(Forbidden):
        await access_exports.export_own_data(office.db, office.actor, NOTICE)
    stranger = officer(await an_institution(office.db))
    for who, number in ((stranger, nip), (office.actor, "\x00"), (office.actor, "198008212005011999")):
        with pytest.raises(NotFound, match=r"talent\.not_found"):
            await access_exports.export_data_of_talent(office.db, who, number, NOTICE)
    with pytest.raises(NotFound):
        await access_exports.export_own_data(office.db, talent(office.actor, "198008212005011999"), NOTICE)
