"""Invented folders: the same arguments give the same people, in the layouts that offices deliver."""

import csv
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from app.dev.seed import folders

BONTANG, PASAMAN, PALEMBANG, MELAWI = folders.DEMO
AS_OF = folders.DEMO_AS_OF
Rows = list[dict[str, str]]


def _read_csv(folder: Path, name: str, *, delimiter: str = ",", encoding: str = "utf-8") -> Rows:
    with (folder / f"{name}.csv").open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def _read_sheet(folder: Path, name: str, sheet: str) -> Rows:
    headings, *rows = CalamineWorkbook.from_path(folder / f"{name}.xlsx").get_sheet_by_name(sheet).to_python()
    return [dict(zip(map(str, headings), map(str, row), strict=True)) for row in rows]


def _write(folder: Path, institution: folders.DemoInstitution) -> Path:
    folders.write_institution(folder, institution, AS_OF)
    return folder


def _smaller(institution: folders.DemoInstitution, **but: object) -> folders.DemoInstitution:
    return replace(institution, workforce=replace(institution.workforce, **({"people": 40} | but)))


@pytest.fixture(scope="module")
def population(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("population")
    folders.write_population(folder, 500, institution="Pemerintah Kota Contoh", seed="test", as_of=AS_OF)
    return folder


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rows]:
    """Data ASN of the four institutions, each as if it came as SIASN exports it."""
    folder = tmp_path_factory.mktemp("demo")
    return {
        it.name: _read_csv(_write(folder / it.province, replace(it, delivery=folders.Delivery())), "data-asn")
        for it in folders.DEMO
    }


@pytest.mark.parametrize("institution", folders.DEMO, ids=lambda it: it.name)
def test_the_same_arguments_write_the_same_bytes(tmp_path: Path, institution: folders.DemoInstitution) -> None:
    once, again = (_write(tmp_path / name, _smaller(institution)) for name in ("once", "again"))

    assert {it.name: it.read_bytes() for it in once.iterdir()} == {it.name: it.read_bytes() for it in again.iterdir()}


def test_another_seed_writes_other_people(tmp_path: Path) -> None:
    one, other = (_write(tmp_path / seed, _smaller(MELAWI, seed=seed)) for seed in ("one", "other"))

    assert (one / "data-asn.csv").read_bytes() != (other / "data-asn.csv").read_bytes()


def test_a_population_has_the_number_of_people_asked_for(population: Path) -> None:
    people = _read_csv(population, "data-asn")

    assert len(people) == 500
    assert {it["INSTANSI KERJA NAMA"] for it in people} == {"Pemerintah Kota Contoh"}
    assert {it["KEDUDUKAN HUKUM NAMA"] for it in people} == {"Aktif", "PPPK Aktif"}


def test_everybody_in_a_population_has_complete_evidence(population: Path) -> None:
    everybody = {it["NIP BARU"] for it in _read_csv(population, "data-asn")}
    needed = ("skp", "umpan-balik-360", "asesmen-kompetensi", "asesmen-potensi", "pendidikan", "jabatan")

    for name in needed:
        assert {it["NIP"] for it in _read_csv(population, name)} == everybody, name
    rows = sum(len(_read_csv(population, path.stem)) for path in population.iterdir())
    units = len(_read_csv(population, "hierarki-unor"))
    assert 12 <= (rows - units) / 500 - 1 <= 15


def test_every_employee_number_is_unique_and_has_eighteen_digits(demo: dict[str, Rows], population: Path) -> None:
    people = [it for rows in demo.values() for it in rows] + _read_csv(population, "data-asn")
    numbers = Counter(it["NIP BARU"].removeprefix("'") for it in people)

    assert numbers.most_common(1)[0][1] == 1
    assert all(len(it) == 18 and it.isascii() and it.isdigit() for it in numbers)


def test_an_employee_number_tells_birth_date_start_and_sex(population: Path) -> None:
    for person in _read_csv(population, "data-asn"):
        number = person["NIP BARU"].removeprefix("'")
        day, month, year = person["TANGGAL LAHIR"].split("-")
        _, started_month, started_year = person["TMT CPNS"].split("-")
        marker = "21" if person["JENIS PEGAWAI NAMA"] == "PPPK" else started_month

        assert number[:14] == f"{year}{month}{day}{started_year}{marker}"
        assert number[14] == {"M": "1", "F": "2"}[person["JENIS KELAMIN"]]


def test_the_current_post_of_data_asn_is_the_latest_definitive_one(population: Path) -> None:
    history = defaultdict(list)
    for row in _read_csv(population, "jabatan"):
        if row["STATUS"] == "DEFINITIF":
            history[row["NIP"]].append(row)

    for person in _read_csv(population, "data-asn"):
        latest = max(history[person["NIP BARU"]], key=lambda row: row["TMT"].split("-")[::-1])
        assert (person["JABATAN NAMA"], person["UNOR ID"], person["TMT JABATAN"]) == (
            latest["NAMA JABATAN"],
            latest["UNOR ID"],
            latest["TMT"],
        )
        assert person["JENIS JABATAN NAMA"] == latest["JENIS JABATAN"]


def test_every_unit_but_one_hangs_below_another_and_every_post_is_in_a_unit(population: Path) -> None:
    parents = {it["ID"]: it["ID_ATASAN"] for it in _read_csv(population, "hierarki-unor")}

    assert [parent for parent in parents.values() if parent not in parents] == [""]
    assert {it["UNOR ID"] for it in _read_csv(population, "data-asn")} <= parents.keys()


def test_no_leading_post_has_two_holders(population: Path) -> None:
    led = Counter(it["JABATAN NAMA"] for it in _read_csv(population, "data-asn") if it["JENIS JABATAN ID"] == "1")

    assert led.most_common(1)[0][1] == 1


def test_appraisals_are_of_the_last_two_full_years(population: Path) -> None:
    assert Counter(it["TAHUN"] for it in _read_csv(population, "skp")) == {"2023": 500, "2024": 500}


def test_evidence_lies_between_the_start_of_service_and_the_day_of_the_folder(population: Path) -> None:
    started = {it["NIP BARU"]: _day(it["TMT CPNS"]) for it in _read_csv(population, "data-asn")}
    dated = {
        "penghargaan": "TANGGAL",
        "tim-kerja": "MULAI",
        "asesmen-kompetensi": "TANGGAL",
        "asesmen-potensi": "TANGGAL",
        "diklat": "TANGGAL SELESAI",
        "jabatan": "TMT",
        "hukuman-disiplin": "TMT MULAI",
    }

    for name, column in dated.items():
        assert all(started[it["NIP"]] <= _day(it[column]) <= AS_OF for it in _read_csv(population, name)), name


def _day(text: str) -> date:
    day, month, year = map(int, text.split("-"))
    return date(year, month, day)


def test_some_teams_are_still_running(population: Path) -> None:
    ends = {it["SELESAI"] for it in _read_csv(population, "tim-kerja")}

    assert "" in ends
    assert len(ends) > 50


def test_the_four_institutions_have_some_hundred_people_at_every_level(demo: dict[str, Rows]) -> None:
    assert {name: len(rows) for name, rows in demo.items()} == {
        "Pemerintah Kota Bontang": 320,
        "Pemerintah Kabupaten Pasaman": 280,
        "Pemerintah Kota Palembang": 420,
        "Pemerintah Kabupaten Melawi": 240,
    }
    for rows in demo.values():
        assert {it["JENIS JABATAN ID"] for it in rows} == {"1", "2", "4"}
        assert {"II.a", "II.b", "III.a", "III.b", "IV.a"} <= {it["ESELON NAMA"] for it in rows}


def test_the_institutions_are_complete_to_different_degrees(tmp_path: Path) -> None:
    shares = []
    for institution in (PALEMBANG, BONTANG, PASAMAN, MELAWI):
        folder = _write(tmp_path / institution.province, replace(institution, delivery=folders.Delivery()))
        assessed = [{it["NIP"] for it in _read_csv(folder, name)} for name in ("asesmen-kompetensi", "asesmen-potensi")]
        shares.append(len(assessed[0] & assessed[1]) / institution.workforce.people)

    assert shares == pytest.approx([0.85, 0.5, 0.25, 0.1], abs=0.06)


def test_a_workbook_has_all_sheets_as_text_with_apostrophes(tmp_path: Path) -> None:
    folder = _write(tmp_path, _smaller(BONTANG))
    people = _read_sheet(folder, "data-asn", folders.DATA_ASN)

    assert sorted(it.name for it in folder.iterdir()) == ["data-asn.xlsx", "hierarki-unor.xlsx", "riwayat.xlsx"]
    assert len(people) == 40
    assert len(people[0]) == 69
    assert all(it[column].startswith("'") for it in people for column in ("NIP BARU", "NIK", "NOMOR HP"))
    assert len(CalamineWorkbook.from_path(folder / "riwayat.xlsx").sheet_names) == 10
    assert all(it["NIP"].startswith("'") and it["TAHUN"].isdigit() for it in _read_sheet(folder, "riwayat", "SKP"))


def test_one_institution_writes_csv_as_no_export_of_siasn_does(tmp_path: Path) -> None:
    people = _read_csv(_write(tmp_path, PASAMAN), "data-asn", delimiter=";", encoding="cp1252")

    assert list(people[0]) == sorted(people[0])
    assert all(heading == heading.lower() for heading in people[0])
    assert all(date.fromisoformat(it["tanggal lahir"]) and it["nip baru"].isdigit() for it in people)
    assert any(not it["nama"].isascii() for it in people)


def test_the_least_complete_institution_delivers_neither_awards_nor_teams(tmp_path: Path) -> None:
    delivered = {it.stem for it in _write(tmp_path, _smaller(MELAWI)).iterdir()}

    assert len(delivered) == 10
    assert delivered.isdisjoint({"penghargaan", "tim-kerja"})


def test_no_private_column_holds_what_somebody_could_have(demo: dict[str, Rows]) -> None:
    for person in (it for rows in demo.values() for it in rows):
        assert person["NIK"][5:7] == "00"  # no district has this number
        assert person["NOMOR HP"].startswith("'0800")
        assert person["EMAIL"].endswith(".invalid")
