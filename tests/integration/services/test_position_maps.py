"""Position maps in; posts, their holders, their empty seats and their clocks out."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlalchemy import insert, update

from app.db import retirements
from app.db.database import Database
from app.db.ledger import record
from app.db.tables.posts import PostHolderRow
from app.db.tables.vacancies import VacancyRow
from app.domain.actors import Actor
from app.domain.ages import age_reached_on
from app.domain.careers import PositionLevel
from app.domain.errors import Invalid
from app.domain.post_events import PostEdited
from app.domain.posts import RetirementRule, retirement_on, rule_of
from app.services import posts
from tests.factories import (
    AS_OF,
    a_nip,
    an_employee,
    an_institution,
    import_files,
    name_of,
    officer,
    rows_of,
    write_csv,
)
from tests.posts import POST, a_post, import_posts, post_named


@pytest_asyncio.fixture
async def actor(db: Database, tmp_path: Path) -> Actor:
    """An office with one person, in a unit U1."""
    actor = await an_institution(db)
    await deliver_people(db, actor, tmp_path, a_nip())
    return actor


async def deliver_people(db: Database, actor: Actor, folder: Path, *nips: str, **but: str) -> Any:
    name = await name_of(db, actor)
    people = [an_employee(nip, name, **{"TANGGAL_LAHIR": "21-08-1980", **but}) for nip in nips]
    return await import_files(db, actor, [write_csv(folder, "data-asn", people)])


REFUSED = [
    ({"UNOR_ID": "NOWHERE"}, "UNOR ID", "unit_id.unknown"),
    ({"NAMA_JABATAN": "-"}, "NAMA JABATAN", "cell.missing"),
    ({"JENJANG": "kepala"}, "JENJANG", "value.unknown"),
    ({"KELAS_JABATAN": "18"}, "KELAS JABATAN", "number.range"),
    ({"KELAS_JABATAN": "0"}, "KELAS JABATAN", "number.range"),
    ({"KEBUTUHAN": "-1"}, "KEBUTUHAN", "number.range"),
    ({"KEBUTUHAN": "1,5"}, "KEBUTUHAN", "number.invalid"),
    ({"KEBUTUHAN": ""}, "KEBUTUHAN", "cell.missing"),
    ({"TANGGAL_ABK": "31-02-2025"}, "TANGGAL ABK", "date.invalid"),
    ({"KRITIKAL": "MUNGKIN"}, "KRITIKAL", "value.unknown"),
    # the first offending cell of the row is the one that is named
    ({"UNOR_ID": "NOWHERE", "KRITIKAL": "MUNGKIN"}, "UNOR ID", "unit_id.unknown"),
]


async def test_rows_that_cannot_be_accepted_are_refused_each_with_its_cell(
    db: Database, actor: Actor, tmp_path: Path
) -> None:
    offending = [a_post(**{"NAMA_JABATAN": f"LAIN {n}", **cell}) for n, (cell, _, _) in enumerate(REFUSED)]
    report = await import_posts(db, actor, tmp_path, POST, *offending)
    assert [(refusal["row"], refusal["column"], refusal["code"]) for refusal in report["refusals"]] == [
        (row, column, code) for row, (_, column, code) in enumerate(REFUSED, start=3)
    ]
    assert report["seats"] is not None
    assert report["seats"]["posts"] == 1


async def test_a_workload_analysis_of_a_day_to_come_is_noticed_and_counts_as_unknown(
    db: Database, actor: Actor, tmp_path: Path
) -> None:
    rows = [a_post(TANGGAL_ABK=day, NAMA_JABATAN=f"JABATAN {day}") for day in ("04-12-2025", "05-12-2025")]
    report = await import_posts(db, actor, tmp_path, *rows)
    assert [(one["row"], one["column"], one["code"]) for one in report["notices"]] == [
        (3, "TANGGAL ABK", "analysis.to_come")
    ]
    states = {}
    for row in rows:
        post = await post_named(db, actor, row["NAMA JABATAN"])
        states[row["TANGGAL ABK"]] = json.loads(await posts.post_document(db, actor, post))["analysis"]["state"]
    assert states == {"04-12-2025": "current", "05-12-2025": "unknown"}


async def test_other_offices_write_it_otherwise(db: Database, actor: Actor, tmp_path: Path) -> None:
    row = {
        "kritikal": "ya",
        "Tanggal ABK": "2025/02/07",
        "KEBUTUHAN": "'2",
        "kelas jabatan": "'9",
        "Jenjang": "JF_AHLI_MUDA",
        "Nama  Jabatan": "Analis Kebijakan  Ahli Muda",
        "unor_id": "U1",
    }
    report = await import_files(db, actor, [write_csv(tmp_path, "peta", [row], delimiter=";")])
    assert report["refusals"] == []
    assert report["seats"] is not None
    assert (report["seats"]["posts"], report["seats"]["held"], report["seats"]["vacantSeats"]) == (1, 1, 1)
    [kept] = await rows_of(db, actor, "SELECT * FROM post")
    assert (kept["analysed_on"], kept["is_critical"], kept["job_class"]) == (date(2025, 2, 7), True, 9)


async def test_a_sheet_that_lacks_a_column_is_refused_as_a_whole(db: Database, actor: Actor, tmp_path: Path) -> None:
    rows = [{name: value for name, value in POST.items() if name != "KEBUTUHAN"}]
    with pytest.raises(Invalid) as refused:
        await import_files(db, actor, [write_csv(tmp_path, "peta-jabatan", rows)])
    assert (refused.value.code, refused.value.about["column"]) == ("heading.missing", "KEBUTUHAN")


async def test_of_a_post_delivered_twice_the_first_row_counts(db: Database, actor: Actor, tmp_path: Path) -> None:
    again = a_post(NAMA_JABATAN="analis kebijakan ahli  muda")
    report = await import_posts(db, actor, tmp_path, POST, again, a_post(KEBUTUHAN="7"))
    [sheet] = report["files"][0]["sheets"]
    assert (sheet["rows"], sheet["accepted"], sheet["duplicates"], sheet["refused"]) == (3, 1, 2, 0)
    assert [(one["row"], one["code"]) for one in report["notices"]] == [(4, "post.repeated")]
    assert report["seats"] is not None
    assert report["seats"]["seats"] == 2


async def test_a_post_that_is_delivered_no_longer_stays_on_record(db: Database, actor: Actor, tmp_path: Path) -> None:
    await import_posts(db, actor, tmp_path, POST, a_post(NAMA_JABATAN="LAIN"))
    report = await import_posts(db, actor, tmp_path, a_post(NAMA_JABATAN="LAIN"))
    assert report["seats"] is not None
    assert (report["seats"]["posts"], report["seats"]["notDelivered"], report["seats"]["withoutPost"]) == (1, 1, 1)
    [gone] = await rows_of(db, actor, "SELECT * FROM post WHERE NOT is_delivered")
    assert (gone["name"], gone["empty_since"]) == (POST["NAMA JABATAN"], None)
    back = await import_posts(db, actor, tmp_path, POST, a_post(NAMA_JABATAN="LAIN"))
    assert back["seats"] is not None
    assert (back["seats"]["posts"], back["seats"]["held"], back["seats"]["notDelivered"]) == (2, 1, 0)
    assert [row["id"] for row in await rows_of(db, actor, "SELECT id FROM post WHERE id = $1", gone["id"])]


async def test_more_holders_than_seats_and_people_without_a_post_are_noticed(
    db: Database, actor: Actor, tmp_path: Path
) -> None:
    name = await name_of(db, actor)
    people = [an_employee(a_nip(), name), an_employee(a_nip(), name, JABATAN_NAMA="ARSIPARIS AHLI MUDA")]
    files = [write_csv(tmp_path, "data-asn", people), write_csv(tmp_path, "peta-jabatan", [a_post(KEBUTUHAN="1")])]
    report = await import_files(db, actor, files)
    noticed = [(one["file"], one["row"], one["column"], one["code"]) for one in report["notices"]]
    assert noticed == [
        ("peta-jabatan.csv", 2, "KEBUTUHAN", "post.crowded"),
        ("data-asn.csv", 3, "JABATAN NAMA", "post.not_on_map"),
    ]
    assert report["seats"] is not None
    assert (report["seats"]["held"], report["seats"]["beyondSeats"], report["seats"]["withoutPost"]) == (2, 1, 1)


async def test_holders_follow_data_asn_when_it_alone_is_delivered(db: Database, actor: Actor, tmp_path: Path) -> None:
    await import_posts(db, actor, tmp_path, POST, a_post(NAMA_JABATAN="ARSIPARIS AHLI MUDA", KEBUTUHAN="1"))
    [person] = await rows_of(db, actor, "SELECT nip FROM talent")
    report = await deliver_people(db, actor, tmp_path, person["nip"], JABATAN_NAMA="Arsiparis  Ahli Muda")
    assert report["changes"]["postHolders"] == 1
    held = await rows_of(db, actor, "SELECT p.name FROM post_holder h JOIN post p ON p.id = h.post_id")
    assert [row["name"] for row in held] == ["ARSIPARIS AHLI MUDA"]


async def appoint(db: Database, actor: Actor, name: str, since: date) -> None:
    """What an inauguration leaves behind, in an institution of one person."""
    post = await post_named(db, actor, name)
    days = {"foreseeable_from": since, "vacant_from": since, "inauguration_on": since}
    seed = {"seed": b"", "seed_commitment": "", "is_masked": False}
    key = {"institution_id": actor.institution_id, "id": uuid4()}
    async with db.write_as(actor) as tx:
        await tx.execute(insert(VacancyRow).values(**key, post_id=post, state="effective", **days, **seed))
        await tx.execute(update(PostHolderRow).values(post_id=post, vacancy_id=key["id"], since=since))
        await record(tx, actor, PostEdited(post, {}, {}))


async def test_an_appointment_outlives_an_import_that_does_not_know_it_yet(
    db: Database, actor: Actor, tmp_path: Path
) -> None:
    other = a_post(NAMA_JABATAN="ARSIPARIS AHLI MUDA")
    await import_posts(db, actor, tmp_path, POST, other)
    await appoint(db, actor, "ARSIPARIS AHLI MUDA", date(2025, 12, 10))
    held = "SELECT p.name FROM post_holder h JOIN post p ON p.id = h.post_id"
    await import_posts(db, actor, tmp_path, POST, other, as_of=date(2025, 12, 9))
    assert [row["name"] for row in await rows_of(db, actor, held)] == ["ARSIPARIS AHLI MUDA"]
    await import_posts(db, actor, tmp_path, POST, other, as_of=date(2025, 12, 10))
    assert [row["name"] for row in await rows_of(db, actor, held)] == [POST["NAMA JABATAN"]]


async def test_what_the_map_repeats_of_a_critical_post_overrules_nobody(
    db: Database, actor: Actor, tmp_path: Path
) -> None:
    await import_posts(db, actor, tmp_path)
    post = await post_named(db, actor)
    await posts.edit_post(db, officer(actor), post, posts.EditPost(is_critical=True))
    critical = "SELECT is_critical FROM post"
    await import_posts(db, actor, tmp_path, a_post(KEBUTUHAN="4"))
    assert (await rows_of(db, actor, critical))[0]["is_critical"]
    await import_posts(db, actor, tmp_path, a_post(KRITIKAL="YA"))
    await import_posts(db, actor, tmp_path, a_post(KRITIKAL="TIDAK"))
    assert not (await rows_of(db, actor, critical))[0]["is_critical"]


async def test_a_clock_runs_on_when_who_was_to_retire_has_gone(db: Database, actor: Actor, tmp_path: Path) -> None:
    [person] = await rows_of(db, actor, "SELECT nip FROM talent")
    await deliver_people(db, actor, tmp_path, person["nip"], TANGGAL_LAHIR="17-03-1968")
    await import_posts(db, actor, tmp_path, a_post(KEBUTUHAN="1"))
    retired = {"KEDUDUKAN_HUKUM_NAMA": "Pensiun", "KEDUDUKAN_HUKUM_ID": "99"}
    clocks = [await clock_of(db, actor)]
    await deliver_people(db, actor, tmp_path, person["nip"], TANGGAL_LAHIR="17-03-1968", **retired)
    clocks.append(await clock_of(db, actor))
    await deliver_people(db, actor, tmp_path, a_nip())
    clocks.append(await clock_of(db, actor))
    assert clocks == [
        ("foreseeable", "2025-04-01", None, "2026-04-01"),
        ("empty", "2025-04-01", "2025-12-04", None),
        ("held", None, None, "2038-09-01"),
    ]


async def clock_of(db: Database, actor: Actor) -> tuple[str | None, ...]:
    """The clock of the one post."""
    told = json.loads(await posts.post_document(db, actor, await post_named(db, actor)))["clock"]
    return told["state"], told["foreseeableFrom"], told["emptySince"], told["nextRetirementOn"]


@pytest.mark.parametrize(
    ("born", "recorded", "told"),
    [
        ("19800821", "21-08-1980", ("1980-08-21", "record", False, "2038-08-21", "2038-09-01", None)),
        # corrected since the number was given
        ("19800821", "31-12-1979", ("1979-12-31", "record", True, "2037-12-31", "2038-01-01", None)),
        ("19800821", "", ("1980-08-21", "employeeNumber", None, "2038-08-21", "2038-09-01", None)),
        ("99991231", "", (None, None, None, None, None, "noBirthDate")),
        ("99991231", "01-02-1980", ("1980-02-01", "record", None, "2038-02-01", "2038-03-01", None)),
    ],
)
async def test_a_retirement_says_from_what_day_of_birth_it_was_worked_out(
    db: Database, actor: Actor, tmp_path: Path, born: str, recorded: str, told: tuple[str | bool | None, ...]
) -> None:
    number = born + a_nip()[8:]
    await deliver_people(db, actor, tmp_path, number, TANGGAL_LAHIR=recorded)
    await import_posts(db, actor, tmp_path, a_post(KEBUTUHAN="2"))
    document = json.loads(await posts.post_document(db, actor, await post_named(db, actor)))
    [holder] = [one for one in document["holders"] if one["talent"]["nip"] == number]
    found = holder["retirement"]
    assert (
        *(found["bornOn"], found["birthDateSource"], found["isNumberDifferent"], found["reachesAgeOn"]),
        *(holder["retiresOn"], holder["retirementUnknown"]),
    ) == told


async def test_the_database_finds_the_same_retirement_as_the_rule(db: Database, actor: Actor, tmp_path: Path) -> None:
    names = ("GURU AHLI MUDA", "GURU BESAR", "GURUNDA", "DOSEN", "ANALIS", "LEKTOR KEPALA", "KEPALA BIDANG GURU")
    births = (date(1968, 2, 29), date(1964, 12, 31), date(1970, 1, 1), date(1999, 5, 31))
    name = await name_of(db, actor)
    levels = [level.value for level in PositionLevel]
    rows = [a_post(NAMA_JABATAN=f"{one} {level}", JENJANG=level) for one in names for level in levels]
    people = [
        an_employee(a_nip(), name, JABATAN_NAMA=row["NAMA JABATAN"], TANGGAL_LAHIR=f"{births[n % 4]:%d-%m-%Y}")
        for n, row in enumerate(rows)
    ]
    files = [write_csv(tmp_path, "data-asn", people), write_csv(tmp_path, "peta-jabatan", rows)]
    await import_files(db, actor, files)
    found = await rows_of(
        db,
        actor,
        """SELECT p.name_key, p.level, t.born_on, h.reaches_age_on, h.retires_on FROM post_holder h
           JOIN post p ON p.id = h.post_id JOIN talent t ON t.id = h.talent_id""",
    )
    kept = await rows_of(db, actor, "SELECT * FROM retirement_rule WHERE version = 1 ORDER BY ordinal")
    rules = [
        RetirementRule(
            level=one["level"] and PositionLevel(one["level"]),
            words=one["words"],
            age=one["age"],
            legal_basis=one["legal_basis"],
        )
        for one in kept
    ]
    assert len(found) == len(rows)
    for row in found:
        rule = rule_of(PositionLevel(row["level"]), row["name_key"], rules)
        assert rule is not None
        assert row["reaches_age_on"] == age_reached_on(row["born_on"], rule.age)
        assert row["retires_on"] == retirement_on(row["born_on"], rule.age)


async def test_what_is_foreseen_twice_changes_nothing(db: Database, actor: Actor, tmp_path: Path) -> None:
    await import_posts(db, actor, tmp_path)
    async with db.write_as(actor) as tx:
        assert await retirements.foresee(tx, actor.institution_id, AS_OF) == 0
        await tx.rollback()
