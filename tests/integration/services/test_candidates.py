"""Facts of candidates: what is on record about placed people, made in sets wherever people are placed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Date, literal_column

from app.db import fact_columns
from app.db.candidates import load_candidates
from app.db.database import Database
from app.db.tables.talents import TalentRow
from app.domain import nip as numbers
from app.domain.actors import Actor
from app.domain.candidates import LEVELS, Candidate, candidate_of, facts_of
from app.domain.careers import PositionLevel
from app.domain.ladder import Rung
from app.services import submissions
from app.services.submissions import VerifySubmission
from tests.candidates import AFFAIRS, Post, a_career, facts_of_career
from tests.factories import (
    AS_OF,
    a_nip,
    a_placed_talent,
    a_submission,
    an_employee,
    an_institution,
    complete_evidence,
    import_files,
    name_of,
    officer,
    rows_of,
    talent,
    write_csv,
    write_folder,
)
from tests.rights import lift, officer_for_data_protection, restrict

PEOPLE = 60
UNITS = {"health": "DINAS KESEHATAN", "education": "DINAS PENDIDIKAN", "finance": "BADAN KEUANGAN DAERAH", None: "TIM"}
ECHELONS = {PositionLevel.JPT_PRATAMA: "22", PositionLevel.ADMINISTRATOR: "31", PositionLevel.PENGAWAS: "41"}


def as_delivered(level: PositionLevel) -> dict[str, str]:
    """How Data ASN says a level: by the echelon, or by the last words of a functional post."""
    if level in ECHELONS:
        return {"JENIS JABATAN ID": "1", "ESELON ID": ECHELONS[level], "JABATAN NAMA": "KEPALA"}
    grade = level.value.removeprefix("jf_").replace("_", " ").upper()
    return {"JENIS JABATAN ID": "2", "ESELON ID": "", "JABATAN NAMA": f"AUDITOR {grade}"}


async def facts(db: Database, actor: Actor) -> dict[str, Candidate]:
    """Everybody's facts by their numbers."""
    numbers = {row["id"]: row["nip"] for row in await rows_of(db, actor, "SELECT id, nip FROM talent")}
    async with db.read_as(actor) as tx:
        return {numbers[talent]: one for talent, one in await load_candidates(tx, actor.institution_id)}


async def written(db: Database, actor: Actor) -> list[tuple[Any, ...]]:
    """Every row, and the transaction that wrote it."""
    return [tuple(row) for row in await rows_of(db, actor, "SELECT xmin, c FROM candidate c")]


async def imported(
    db: Database, actor: Actor, folder: Path, evidence: Mapping[str, Sequence[Mapping[str, str]]], **but: str
) -> Candidate:
    """The facts of one employee with this evidence."""
    nip, institution = a_nip(), await name_of(db, actor)
    sheets = {sheet: [{"NIP": nip} | row for row in rows] for sheet, rows in evidence.items()}
    await import_files(db, actor, write_folder(folder, [an_employee(nip, institution, **but)], sheets))
    return (await facts(db, actor))[nip]


def a_training(name: str, kind: str = "STRUKTURAL", hours: str = "40", finished: str = "01-06-2024") -> dict[str, str]:
    return {"NAMA": name, "JENIS": kind, "JP": hours, "TANGGAL SELESAI": finished}


def a_post(begins: str, level: str, *, unit: str = "U1", status: str = "DEFINITIF") -> dict[str, str]:
    post = {"JENIS JABATAN": "Struktural", "NAMA JABATAN": "JABATAN", "JENJANG": level, "UNOR ID": unit}
    return post | {"INSTANSI": "X", "TMT": begins, "STATUS": status}


# ── posts


async def test_careers_are_added_up_spell_by_spell(db: Database, tmp_path: Path) -> None:
    """Of many people by lot, against a plain reckoning post by post."""
    actor, lot = await an_institution(db), Random(7)  # noqa: S311 - to try things with
    institution, units = await name_of(db, actor), {affair: f"U-{affair}" for affair in UNITS}
    careers: dict[str, list[Post]] = {}
    for _ in range(PEOPLE):
        posts = a_career(lot, date(lot.randint(2005, 2024), lot.randint(1, 12), lot.randint(1, 28)))
        careers[a_nip()] = [replace(post, affair=lot.choice([*AFFAIRS, None])) for post in posts]
    employees, rows = [], []
    for nip, posts in careers.items():
        unit = {"UNOR ID": units[posts[-1].affair], "UNOR NAMA": UNITS[posts[-1].affair]}
        post = as_delivered(posts[-1].level)
        employees.append(an_employee(nip, institution) | unit | post | {"TMT JABATAN": f"{posts[-1].begins:%d-%m-%Y}"})
        rows += [
            {"NIP": nip} | a_post(f"{post.begins:%d-%m-%Y}", post.level.value, unit=units[post.affair])
            for post in posts
        ]
    lot.shuffle(rows)
    await import_files(db, actor, write_folder(tmp_path, employees, {"JABATAN": rows}))
    found = await facts(db, actor)
    expected = {nip: facts_of_career(posts) for nip, posts in careers.items()}
    assert {nip: {name: getattr(found[nip], name) for name in told} for nip, told in expected.items()} == expected


async def test_only_definitive_posts_up_to_the_day_count_and_of_two_on_a_day_the_later_delivered(
    db: Database, tmp_path: Path
) -> None:
    posts = [
        a_post("01-01-2015", "pelaksana"),
        a_post("01-01-2020", "jf_penyelia"),
        a_post("01-01-2020", "pengawas"),
        a_post("01-01-2022", "administrator", status="PLT LEBIH TINGGI"),
        a_post("01-01-2026", "administrator"),
    ]
    post = {"JENIS JABATAN ID": "1", "ESELON ID": "41", "TMT JABATAN": "01-01-2020"}
    found = await imported(db, await an_institution(db), tmp_path, {"JABATAN": posts}, **post)
    assert (found.level, found.level_since, found.history_from) == ("pengawas", date(2020, 1, 1), date(2015, 1, 1))
    assert found.closed_days == tuple(1826 if level is PositionLevel.PELAKSANA else 0 for level in LEVELS)


@pytest.mark.parametrize(
    ("since", "level_since", "pengawas"),
    [
        ("01-01-2023", date(2023, 1, 1), 1096),
        ("01-01-2020", date(2020, 1, 1), 0),
        ("01-01-2019", None, 0),
        ("", None, 0),
    ],
)
async def test_data_asn_says_the_present_level_and_since_when_only_where_posts_on_record_are_silent(
    db: Database, tmp_path: Path, since: str, level_since: date | None, pengawas: int
) -> None:
    """A pengawas since 2020 by the posts on record, an administrator by Data ASN."""
    post = {"JENIS JABATAN ID": "1", "ESELON ID": "31", "TMT JABATAN": since}
    evidence = {"JABATAN": [a_post("01-01-2020", "pengawas")]}
    found = await imported(db, await an_institution(db), tmp_path, evidence, **post)
    assert (found.level, found.level_since) == (PositionLevel.ADMINISTRATOR, level_since)
    assert (found.closed_days or ())[LEVELS.index(PositionLevel.PENGAWAS)] == pengawas


async def test_without_any_post_on_record_nothing_is_known_about_times(db: Database, tmp_path: Path) -> None:
    found = await imported(db, await an_institution(db), tmp_path, {}, **{"TMT JABATAN": ""})
    assert (found.level, found.level_since, found.history_from) == (PositionLevel.JF_AHLI_MUDA, None, None)
    assert (found.closed_days, found.affair_days, found.unplaced_days) == (None, None, None)


# ── the other registers


async def test_registers_that_were_checked_say_none_and_others_nothing(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    unchecked = await imported(db, actor, tmp_path / "one", {})
    assert (unchecked.leadership, unchecked.training_hours, unchecked.are_sanctions_known) == (None, None, False)
    nip, institution = a_nip(), await name_of(db, actor)
    await import_files(
        db, actor, write_folder(tmp_path / "two", [an_employee(nip, institution)], complete_evidence(nip, institution))
    )
    checked = (await facts(db, actor))[nip]
    assert (checked.leadership, sum(checked.training_hours or ()), checked.are_sanctions_known) == (0, 120, True)
    assert (checked.sanctioned_until, checked.sanctioned_on) == (None, (None, None, None))
    assert (checked.appraised_to, checked.appraisals) == (2024, (4, None, None, None, None))
    assert (checked.education_rank, checked.competencies) == (4, (3, 3, 3, 3, 3, 3, 2, 3, 3))
    assert (checked.box, checked.talent_value, checked.missing) == (8, 77_425_000, ())


@pytest.mark.parametrize(
    ("name", "rank"),
    [
        ("PELATIHAN KEPEMIMPINAN NASIONAL TINGKAT I", 4),
        ("PKN TINGKAT II", 3),
        ("Diklatpim Tk. II Angkatan III", 3),
        ("DIKLAT PIM 3", 2),
        ("Pelatihan Kepemimpinan Administrator", 2),
        ("DIKLATPIM TINGKAT IV", 1),
        ("PKP ANGKATAN 2", 1),
        ("Pelatihan Struktural", None),
    ],
)
async def test_leadership_training_is_read_off_names_and_unknown_where_a_name_says_no_level(
    db: Database, tmp_path: Path, name: str, rank: int | None
) -> None:
    trainings = [a_training(name), a_training("PKN TINGKAT I", "TEKNIS", finished="01-06-2020")]
    found = await imported(db, await an_institution(db), tmp_path, {"DIKLAT": trainings})
    assert (found.leadership, found.training_hours) == (rank, (0, 40, 0, 0, 0))


async def test_lesson_hours_are_told_year_by_year_and_a_year_is_open_where_one_training_says_none(
    db: Database, tmp_path: Path
) -> None:
    """Years end on the day of the map: what was finished on its anniversary belongs to the year after it."""
    year = AS_OF.year
    days = {f"{AS_OF:%d-%m}-{year}": "10", f"{AS_OF:%d-%m}-{year - 1}": "20", f"01-01-{year - 1}": "30",
            f"01-01-{year - 3}": "", f"01-01-{year - 6}": "90"}  # fmt: skip
    trainings = [a_training("Bimtek", "TEKNIS", finished=day) | {"JP": hours} for day, hours in days.items()]
    found = await imported(db, await an_institution(db), tmp_path, {"DIKLAT": trainings})
    assert found.training_hours == (30, 30, 0, None, 0)


@pytest.mark.parametrize(
    ("last", "until"),
    [
        (("BERAT", "01-03-2025", ""), date.max),
        (("BERAT", "01-03-2025", "01-03-2026"), date(2026, 3, 1)),
        (("RINGAN", "01-03-2025", ""), date(2021, 8, 1)),
        (("RINGAN", "01-03-2025", "01-03-2030"), date(2021, 8, 1)),
    ],
)
async def test_sanctions_are_told_by_severity_and_only_medium_and_heavy_ones_last(
    db: Database, tmp_path: Path, last: tuple[str, str, str], until: date
) -> None:
    rows = [("RINGAN", "01-02-2020", "01-08-2020"), ("SEDANG", "01-02-2021", "01-08-2021"), last]
    sanctions = [{"TINGKAT": s, "JENIS": "Hukuman", "TMT MULAI": b, "TMT SELESAI": e} for s, b, e in rows]
    found = await imported(db, await an_institution(db), tmp_path, {"HUKUMAN DISIPLIN": sanctions})
    began, is_light = date(2025, 3, 1), last[0] == "RINGAN"
    light, heavy = (began, None) if is_light else (date(2020, 2, 1), began)
    assert found.sanctioned_on == (light, date(2021, 2, 1), heavy)
    assert found.sanctioned_until == until


@pytest.mark.parametrize(
    ("told", "employment", "grade", "service_from"),
    [
        ({"JENIS PEGAWAI NAMA": "PNS Daerah Kab/Kota", "GOL AKHIR ID": "33"}, "pns", 33, date(2005, 1, 1)),
        ({"JENIS PEGAWAI NAMA": "PNS", "TMT CPNS": "01-04-2005"}, "pns", None, date(2005, 4, 1)),
        ({"JENIS PEGAWAI NAMA": "PPPK", "GOL AKHIR ID": "09", "TMT PNS": "01-02-2022"}, "pppk", None, date(2022, 2, 1)),
        ({"JENIS PEGAWAI NAMA": "TNI", "GOL AKHIR ID": "33"}, None, None, date(2005, 1, 1)),
        ({"GOL AKHIR ID": "99"}, "pns", None, date(2005, 1, 1)),
    ],
)
async def test_grades_are_those_of_civil_servants(
    db: Database, tmp_path: Path, told: dict[str, str], employment: str | None, grade: int | None, service_from: date
) -> None:
    """What Data ASN does not say is read off the number: born on 21 August 1980, in service since January 2005."""
    found = await imported(db, await an_institution(db), tmp_path, {}, **told)
    assert (found.employment, found.grade) == (employment, grade)
    assert (found.born_on, found.service_from) == (date(1980, 8, 21), service_from)


@pytest.mark.parametrize(
    ("digits", "told", "service_from", "noticed"),
    [
        ("19800821000001", {}, None, ["nip.entry_impossible"]),
        ("19800821999901", {}, None, ["nip.entry_impossible"]),
        ("19800821200513", {}, None, ["nip.entry_impossible"]),
        ("19800821197901", {}, None, ["nip.entry_impossible"]),
        ("19800821000001", {"TMT CPNS": "01-04-2005"}, date(2005, 4, 1), []),
        ("99991231200501", {}, None, ["nip.birth_impossible"]),
        ("99991231200501", {"TANGGAL LAHIR": "21-08-1980"}, date(2005, 1, 1), []),
    ],
)
async def test_what_a_number_cannot_be_right_about_is_unknown_and_is_noticed(
    db: Database, tmp_path: Path, digits: str, told: dict[str, str], service_from: date | None, noticed: list[str]
) -> None:
    actor, number = await an_institution(db), f"{digits}{a_nip()[14:]}"
    rows = [an_employee(number, await name_of(db, actor), **told)]
    report = await import_files(db, actor, [write_csv(tmp_path, "asn", rows)])
    [found] = (await facts(db, actor)).values()
    assert found.service_from == service_from
    assert found.born_on == (None if "nip.birth_impossible" in noticed else date(1980, 8, 21))
    assert [(one["row"], one["code"]) for one in report["notices"]] == [(2, code) for code in noticed]


async def test_numbers_and_records_are_read_alike_in_sql_and_plain_python(db: Database) -> None:
    """Of numbers drawn by lot, near to what cannot be."""
    lot, actor = Random(11), await an_institution(db)  # noqa: S311 - to try things with
    people = []
    for _ in range(2_000):
        born = date(lot.choice([1900, 1960, 1985, 2007, 2008, 2098, 9999]), lot.randint(1, 12), lot.randint(1, 28))
        year = lot.choice(["0000", "1978", "2003", "2025", "9999"])
        number = f"{born.year}{born:%m%d}{year}{lot.randint(0, 25):02d}1001"
        people.append((number, lot.choice([None, None, date(1985, 3, 31), date(2099, 1, 1)])))
    talents = TalentRow.__table__.alias("t")
    on = literal_column(f"date '{AS_OF}'", Date)
    born_on = fact_columns.day_of_birth(talents.c, on)
    entered = fact_columns.month_of_entry(talents.c.nip, born_on, on)
    asked = f"""SELECT t.nip, t.born_on, {fact_columns.written(born_on)} AS born,
        {fact_columns.written(entered)} AS entered FROM unnest($1::text[], $2::date[]) AS t (nip, born_on)"""  # noqa: S608 - our own expressions
    for row in await rows_of(db, actor, asked, *map(list, zip(*people, strict=True))):
        born = numbers.day_of_birth(row["born_on"], row["nip"], AS_OF)
        assert (row["born"], row["entered"]) == (born, numbers.month_of_entry(row["nip"], born, AS_OF)), row


# ── when facts are made


async def test_accepted_evidence_changes_the_facts_and_not_the_id(db: Database, tmp_path: Path) -> None:
    """And what was found about one alone is what is found about everybody: the next import writes nothing."""
    actor, nip = await an_institution(db), a_nip()
    institution = await name_of(db, actor)
    files = write_folder(tmp_path, [an_employee(nip, institution)], complete_evidence(nip, institution))
    await import_files(db, actor, files)
    [before] = (await facts(db, actor)).values()
    submission = await a_submission(db, actor, nip)
    await submissions.verify_submission(db, officer(actor), submission, VerifySubmission(rung=Rung.VERIFIED_BY_UNIT))
    [after] = (await facts(db, actor)).values()
    changed = {name for name, value in facts_of(before).items() if facts_of(after)[name] != value}
    assert (before.education_rank, after.education_rank, after.id) == (4, 5, before.id)
    assert changed <= {"education_rank", "potential", "talent_value", "box"}
    rows = await written(db, actor)
    await import_files(db, actor, files)
    assert await written(db, actor) == rows


async def test_who_may_not_be_processed_has_no_facts_until_the_restriction_ends(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    request_id = await restrict(db, talent(actor, nip))
    assert await facts(db, actor) == {}
    await lift(db, officer_for_data_protection(actor), request_id)
    assert list(await facts(db, actor)) == [nip]


async def test_a_stranger_has_no_candidates(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    await a_placed_talent(db, actor, tmp_path)
    stranger = await an_institution(db)
    async with db.read_as(stranger) as tx:
        assert await load_candidates(tx, actor.institution_id) == []


async def test_loaded_facts_survive_json(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    await a_placed_talent(db, actor, tmp_path)
    [loaded] = (await facts(db, actor)).values()
    assert candidate_of(facts_of(loaded)) == loaded
