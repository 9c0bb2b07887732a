"""Invented institutions as folders in the import layouts, each delivered as another office would."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from operator import itemgetter
from pathlib import Path
from typing import Final

import xlsxwriter

from app.dev.seed import names
from app.dev.seed.people import Cell, Completeness, Person, Workforce, invent_people

DEMO_AS_OF: Final = date(2025, 12, 4)

DATA_ASN: Final = "Data ASN"
UNITS: Final = "HierarkiUnor"
_DATA_ASN_COLUMNS: Final = (
    "PNS ID", "NIP BARU", "NIP LAMA", "NAMA", "GELAR DEPAN", "GELAR BELAKANG", "TEMPAT LAHIR ID", "TEMPAT LAHIR NAMA",
    "TANGGAL LAHIR", "JENIS KELAMIN", "AGAMA ID", "AGAMA NAMA", "JENIS KAWIN ID", "JENIS KAWIN NAMA", "NIK", "NOMOR HP",
    "EMAIL", "EMAIL GOV", "ALAMAT", "NPWP NOMOR", "BPJS", "JENIS PEGAWAI ID", "JENIS PEGAWAI NAMA",
    "KEDUDUKAN HUKUM ID", "KEDUDUKAN HUKUM NAMA", "STATUS CPNS PNS", "KARTU ASN VIRTUAL", "NOMOR SK CPNS",
    "TANGGAL SK CPNS", "TMT CPNS", "NOMOR SK PNS", "TANGGAL SK PNS", "TMT PNS", "GOL AWAL ID", "GOL AWAL NAMA",
    "GOL AKHIR ID", "GOL AKHIR NAMA", "TMT GOLONGAN", "MK TAHUN", "MK BULAN", "JENIS JABATAN ID", "JENIS JABATAN NAMA",
    "JABATAN ID", "JABATAN NAMA", "TMT JABATAN", "TINGKAT PENDIDIKAN ID", "TINGKAT PENDIDIKAN NAMA", "PENDIDIKAN ID",
    "PENDIDIKAN NAMA", "TAHUN LULUS", "KPKN ID", "KPKN NAMA", "LOKASI KERJA ID", "LOKASI KERJA NAMA", "UNOR ID",
    "UNOR NAMA", "INSTANSI INDUK ID", "INSTANSI INDUK NAMA", "INSTANSI KERJA ID", "INSTANSI KERJA NAMA",
    "SATUAN KERJA INDUK ID", "SATUAN KERJA INDUK NAMA", "SATUAN KERJA KERJA ID", "SATUAN KERJA KERJA NAMA",
    "IS VALID NIK", "NAMA SEKOLAH", "FLAG IKD", "ESELON ID", "ESELON NAMA",
)  # fmt: skip
_EVIDENCE_COLUMNS: Final = {
    "SKP": ("TAHUN", "HASIL KERJA", "PERILAKU KERJA", "PREDIKAT KINERJA"),
    "UMPAN BALIK 360": ("TAHUN", "PREDIKAT"),
    "PENGHARGAAN": ("NAMA PENGHARGAAN", "TINGKAT", "TANGGAL"),
    "TIM KERJA": ("NAMA TIM", "PERAN", "CAKUPAN", "MULAI", "SELESAI"),
    "ASESMEN KOMPETENSI": (
        "TANGGAL", "METODE", "INTEGRITAS", "KERJA SAMA", "KOMUNIKASI", "ORIENTASI PADA HASIL", "PELAYANAN PUBLIK",
        "PENGEMBANGAN DIRI DAN ORANG LAIN", "MENGELOLA PERUBAHAN", "PENGAMBILAN KEPUTUSAN", "PEREKAT BANGSA",
    ),
    "ASESMEN POTENSI": (
        "TANGGAL", "METODE", "KEMAMPUAN INTELEKTUAL", "KEMAMPUAN INTERPERSONAL", "KESADARAN DIRI",
        "BERPIKIR KRITIS DAN STRATEGIS", "PENYELESAIAN MASALAH", "KECERDASAN EMOSIONAL",
        "BELAJAR CEPAT DAN PENGEMBANGAN DIRI", "MOTIVASI DAN KOMITMEN",
    ),
    "DIKLAT": ("NAMA", "JENIS", "JP", "TANGGAL SELESAI"),
    "JABATAN": ("JENIS JABATAN", "NAMA JABATAN", "JENJANG", "UNOR ID", "INSTANSI", "TMT", "STATUS"),
    "PENDIDIKAN": ("TINGKAT", "BIDANG", "SEKOLAH", "TAHUN LULUS"),
    "HUKUMAN DISIPLIN": ("TINGKAT", "JENIS", "TMT MULAI", "TMT SELESAI"),
}  # fmt: skip
_COLUMNS: Final = {
    DATA_ASN: _DATA_ASN_COLUMNS,
    UNITS: ("ID", "NAMA_UNOR", "ID_ATASAN"),
    **{sheet: ("NIP", *columns) for sheet, columns in _EVIDENCE_COLUMNS.items()},
}
# Numbers that a spreadsheet would spoil; SIASN writes them with an apostrophe.
_MARKED: Final = frozenset({"NIP", "NIP BARU", "NIK", "NOMOR HP"})
_FILES: Final = {DATA_ASN: "data-asn", UNITS: "hierarki-unor"}

_Write = Callable[[Sequence[str]], object]


def _dashed(day: date) -> str:
    return f"{day.day:02d}-{day.month:02d}-{day.year}"


def _slashed(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How an office writes its files: the fields say what differs from an export of SIASN."""

    is_workbook: bool = False
    delimiter: str = ","
    encoding: str = "utf-8"
    mark: str = "'"
    day: Callable[[date], str] = _dashed
    is_lower_case: bool = False
    is_sorted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoInstitution:
    """An institution of the demo: its province, its people, and the files it delivers of them."""

    province: str
    workforce: Workforce
    delivery: Delivery
    undelivered: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """The name under which the institution is created and its people are imported."""
        return self.workforce.institution


DEMO: Final = (
    DemoInstitution(
        province="64",
        workforce=Workforce(
            institution="Pemerintah Kota Bontang",
            region="6474",
            neighbour="Pemerintah Provinsi Kalimantan Timur",
            people=320,
            seed="demo/bontang",
            completeness=Completeness(
                both_assessments=0.5, one_assessment=0.2, no_feedback=0.1, no_last_appraisal=0.08, no_education=0.05
            ),
            away=0.01,
        ),
        delivery=Delivery(is_workbook=True),
    ),
    DemoInstitution(
        province="13",
        workforce=Workforce(
            institution="Pemerintah Kabupaten Pasaman",
            region="1308",
            neighbour="Pemerintah Provinsi Sumatera Barat",
            people=280,
            seed="demo/pasaman",
            completeness=Completeness(
                both_assessments=0.25, one_assessment=0.25, no_feedback=0.2, no_last_appraisal=0.15, no_education=0.1
            ),
            away=0.02,
        ),
        delivery=Delivery(
            delimiter=";", encoding="cp1252", mark="", day=date.isoformat, is_lower_case=True, is_sorted=True
        ),
    ),
    DemoInstitution(
        province="16",
        workforce=Workforce(
            institution="Pemerintah Kota Palembang",
            region="1671",
            neighbour="Pemerintah Provinsi Sumatera Selatan",
            people=420,
            seed="demo/palembang",
            completeness=Completeness(
                both_assessments=0.85, one_assessment=0.08, no_feedback=0.03, no_last_appraisal=0.02, no_education=0.01
            ),
            away=0.01,
        ),
        delivery=Delivery(is_workbook=True),
    ),
    DemoInstitution(
        province="61",
        workforce=Workforce(
            institution="Pemerintah Kabupaten Melawi",
            region="6110",
            neighbour="Pemerintah Provinsi Kalimantan Barat",
            people=240,
            seed="demo/melawi",
            completeness=Completeness(
                both_assessments=0.1, one_assessment=0.3, no_feedback=0.35, no_last_appraisal=0.25, no_education=0.2
            ),
            away=0.02,
        ),
        delivery=Delivery(encoding="utf-8-sig", day=_slashed),
        undelivered=frozenset({"PENGHARGAAN", "TIM KERJA"}),
    ),
)


def write_institution(folder: Path, institution: DemoInstitution, as_of: date) -> None:
    """The folder that this institution delivers; the same arguments give the same bytes."""
    sheets = [sheet for sheet in _COLUMNS if sheet not in institution.undelivered]
    _write_folder(folder, institution.workforce, institution.delivery, sheets, as_of)


def write_population(folder: Path, people: int, *, institution: str, seed: str, as_of: date) -> None:
    """A folder of CSV files with complete evidence of so many people, who are never all in memory."""
    workforce = Workforce(
        institution=institution, region="0000", neighbour="Pemerintah Contoh Tetangga", people=people, seed=seed
    )
    _write_folder(folder, workforce, Delivery(), list(_COLUMNS), as_of)


def _write_folder(folder: Path, workforce: Workforce, delivery: Delivery, sheets: Iterable[str], as_of: date) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tree = names.unit_tree(workforce.institution, workforce.people)
    open_sheets = _open_workbooks if delivery.is_workbook else _open_csv_files
    with ExitStack() as files:
        writers = open_sheets(files, folder, delivery, sheets)
        tables = {sheet: _Table(_COLUMNS[sheet], delivery, write) for sheet, write in writers.items()}
        for unit in tree.units:
            tables[UNITS].add((unit.id, unit.name, unit.parent_id))
        for person in invent_people(workforce, tree, as_of):
            cells = employee(person, workforce)
            tables[DATA_ASN].add([cells.get(column, "") for column in _DATA_ASN_COLUMNS])
            for sheet, rows in person.evidence.items():
                if sheet in tables:
                    for row in rows:
                        tables[sheet].add((person.nip, *row))


class _Table:
    """A sheet that writes its headings at once and then rows in the office's manner."""

    def __init__(self, columns: Sequence[str], delivery: Delivery, write: _Write) -> None:
        self._write, self._day, self._mark = write, delivery.day, delivery.mark
        self._marked = [at for at, column in enumerate(columns) if column in _MARKED]
        order = sorted(range(len(columns)), key=columns.__getitem__) if delivery.is_sorted else range(len(columns))
        self._arranged: Callable[[Sequence[str]], tuple[str, ...]] = itemgetter(*order)
        write(self._arranged([column.lower() if delivery.is_lower_case else column for column in columns]))

    def add(self, cells: Sequence[Cell]) -> None:
        """Write a row whose cells stand in the layout's own order."""
        texts = [cell if isinstance(cell, str) else self._day(cell) for cell in cells]
        for at in self._marked:
            texts[at] = self._mark + texts[at]
        self._write(self._arranged(texts))


def _open_csv_files(files: ExitStack, folder: Path, delivery: Delivery, sheets: Iterable[str]) -> dict[str, _Write]:
    """One CSV file for each sheet, named after it."""
    writers: dict[str, _Write] = {}
    for sheet in sheets:
        path = folder / f"{_FILES.get(sheet, sheet.lower().replace(' ', '-'))}.csv"
        file = files.enter_context(path.open("w", 1 << 20, encoding=delivery.encoding, newline=""))
        writers[sheet] = csv.writer(file, delimiter=delivery.delimiter, lineterminator="\n").writerow
    return writers


def _open_workbooks(files: ExitStack, folder: Path, _: Delivery, sheets: Iterable[str]) -> dict[str, _Write]:
    """A workbook of its own for Data ASN and for the units, one for all evidence."""
    workbooks: dict[str, xlsxwriter.Workbook] = {}
    writers: dict[str, _Write] = {}
    for sheet in sheets:
        file = _FILES.get(sheet, "riwayat")
        if file not in workbooks:
            workbook = xlsxwriter.Workbook(folder / f"{file}.xlsx", {"constant_memory": True})
            workbook.set_properties({"created": datetime(2025, 1, 1, tzinfo=UTC)})
            workbooks[file] = files.enter_context(workbook)
        writers[sheet] = _row_writer(workbooks[file].add_worksheet(sheet))
    return writers


def _row_writer(worksheet: xlsxwriter.worksheet.Worksheet) -> _Write:
    rows = count()

    def write(texts: Sequence[str]) -> None:
        row = next(rows)
        for column, text in enumerate(texts):
            worksheet.write_string(row, column, text)

    return write


def employee(person: Person, workforce: Workforce) -> Mapping[str, Cell]:
    """The row of Data ASN; its private columns hold what nobody can have."""
    place = workforce.institution.removeprefix("Pemerintah ")
    return _identity(person, workforce, place) | _service(person, workforce) | _post(person, workforce, place)


def _identity(person: Person, workforce: Workforce, place: str) -> dict[str, Cell]:
    _, bachelor, master = person.subject
    degrees = {"D-IV": bachelor, "S-1": bachelor, "S-2": master, "S-3": master}
    return {
        "PNS ID": names.identifier(person.nip),
        "NIP BARU": person.nip,
        "NAMA": person.name,
        "GELAR DEPAN": "Dr." if person.study == "S-3" else "",
        "GELAR BELAKANG": degrees.get(person.study, ""),
        "TEMPAT LAHIR ID": names.identifier(place),
        "TEMPAT LAHIR NAMA": place,
        "TANGGAL LAHIR": person.born,
        "JENIS KELAMIN": "F" if person.is_female else "M",
        "NIK": f"{workforce.region}00{person.number:010d}",
        "NOMOR HP": f"0800{person.number:08d}",
        "EMAIL": f"pegawai{person.number}@contoh.invalid",
        "ALAMAT": f"JALAN CONTOH NOMOR {person.number}",
        "NPWP NOMOR": "-",
        "IS VALID NIK": "0",
        "FLAG IKD": "0",
    }


_CIVIL_SERVANT: Final = ("PNS Daerah Kab/Kota yang bekerja pada Kab/Kota", "P")
_CONTRACT: Final = ("PPPK", "K")


def _service(person: Person, workforce: Workforce) -> dict[str, Cell]:
    kind, status = _CONTRACT if person.is_contract else _CIVIL_SERVANT
    active = "PPPK Aktif" if person.is_contract else "Aktif"
    started, as_of = person.started, person.as_of
    years = as_of.year - started.year - ((as_of.month, as_of.day) < (started.month, started.day))
    is_abroad = person.whereabouts == "neighbour"
    employer = workforce.neighbour if is_abroad else workforce.institution
    return {
        "JENIS PEGAWAI ID": "13",
        "JENIS PEGAWAI NAMA": kind,
        "KEDUDUKAN HUKUM ID": "02" if person.whereabouts == "leave" else "01",
        "KEDUDUKAN HUKUM NAMA": "Cuti di Luar Tanggungan Negara" if person.whereabouts == "leave" else active,
        "STATUS CPNS PNS": status,
        "NOMOR SK CPNS": f"813/{person.number}/{started.year}",
        "TANGGAL SK CPNS": started,
        "TMT CPNS": started,
        "TMT PNS": "" if person.is_contract else started.replace(year=started.year + 1),
        "GOL AKHIR ID": names.GRADES[person.grade],
        "GOL AKHIR NAMA": person.grade,
        "TMT GOLONGAN": max(started, date(as_of.year - person.number % 4 - 1, 4, 1)),
        "MK TAHUN": f"{years:02d}",
        "MK BULAN": "00",
        "INSTANSI INDUK ID": names.identifier(workforce.institution),
        "INSTANSI INDUK NAMA": workforce.institution,
        "INSTANSI KERJA ID": names.identifier(employer),
        "INSTANSI KERJA NAMA": employer,
        "SATUAN KERJA KERJA NAMA": employer,
    }


def _post(person: Person, workforce: Workforce, place: str) -> dict[str, Cell]:
    seat, subject = person.seat, "UMUM" if person.study == "SLTA" else person.subject[0]
    return {
        "JENIS JABATAN ID": seat.level.kind,
        "JENIS JABATAN NAMA": names.KINDS[seat.level.kind],
        "JABATAN ID": names.identifier(workforce.institution, seat.unit.name, seat.title),
        "JABATAN NAMA": seat.title,
        "TMT JABATAN": person.seated,
        "TINGKAT PENDIDIKAN ID": names.STUDIES[person.study].code,
        "TINGKAT PENDIDIKAN NAMA": person.study,
        "PENDIDIKAN ID": names.identifier(person.study, subject),
        "PENDIDIKAN NAMA": f"{person.study} {subject}",
        "TAHUN LULUS": str(person.graduated(person.study)),
        "LOKASI KERJA NAMA": place,
        "UNOR ID": seat.unit.id,
        "UNOR NAMA": seat.unit.name,
        "ESELON ID": names.ECHELONS[seat.echelon],
        "ESELON NAMA": seat.echelon,
    }
