"""Whom the simulated SIASN knows: the people of a demonstration institution, or ones that nobody can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.dev.seed import names
from app.dev.seed.folders import DEMO, DEMO_AS_OF, employee
from app.dev.seed.people import Person, Workforce, invent_people
from app.dev.siasn_simulator import telling
from app.dev.siasn_simulator.telling import Row, owned, written
from app.domain.durations import months_before
from app.domain.evidence import Kind
from app.sheets import layouts
from app.siasn import codes, wire

INSTITUTION: Final = "Pemerintah Kabupaten Contoh"
_SEX_DIGIT = 14


@dataclass(frozen=True, slots=True)
class Register:
    """Everybody SIASN knows in one institution, and its units."""

    workforce: Workforce
    people: Mapping[str, Person]
    units: tuple[Row, ...]
    unit_names: Mapping[str, str]

    def told(self, nip: str) -> dict[str, list[Row]]:
        """All that SIASN knows of somebody, by history; a history without rows is not there."""
        person = self.people[nip]
        rows: dict[str, list[Row]] = {wire.PERSON: [self._person(person)]}
        for history, row in self._evidence(person):
            rows.setdefault(history, []).append(row)
        for history, tell in _TOLD_OF.items():
            if found := list(tell(person)):
                rows[history] = found
        whose = names.identifier(nip)
        return {
            history: [owned(history, row, nip, whose, place) for place, row in enumerate(found)]
            for history, found in rows.items()
        }

    def _person(self, person: Person) -> Row:
        cells = {name: written(cell) or cell for name, cell in employee(person, self.workforce).items()}
        agency = person.seat.unit.agency
        kind = str(cells["JENIS JABATAN ID"])
        post = {"1": "jabatanStruktural", "2": "jabatanFungsional", "4": "jabatanFungsionalUmum"}[kind]
        posts = ("jabatanStruktural", "jabatanFungsional", "jabatanFungsionalUmum")
        return {
            **dict.fromkeys(wire.HISTORIES[wire.PERSON].keys),
            **{key: f"tidak-disimpan-{key}" for key in wire.PERSON_NEVER_STORED},
            **dict.fromkeys(("nipLama", "gelarDepan", "gelarBelakang"), ""),
            **{f"{one}{part}": "" for one in posts for part in ("Id", "Nama")},
            **{key: cells.get(column) for column, key in _PERSON_CELLS.items()},
            "statusPegawai": _EMPLOYMENTS[str(cells["STATUS CPNS PNS"])],
            f"{post}Id": cells["JABATAN ID"],
            f"{post}Nama": cells["JABATAN NAMA"],
            "unorIndukId": None if agency is None else names.identifier(self.workforce.institution, agency.name),
            "unorIndukNama": None if agency is None else agency.name,
            "eselonLevel": str(cells["ESELON ID"])[:1],
            "validNik": True,
            "path": {},
        }

    def _evidence(self, person: Person) -> Iterator[tuple[str, Row]]:
        for kind, values in held(person):
            if tell := telling.TOLD.get(kind):
                yield tell({**values, "unit_name": self.unit_names.get(str(values.get("unit_id")))})


def held(person: Person) -> Iterator[tuple[Kind, dict[str, object]]]:
    """The evidence about a person as an import of the institution's own files would hold it."""
    for layout in layouts.EVIDENCE:
        for cells in person.evidence.get(layout.name, ()):
            columns = layout.columns[1:]
            values = {column.field: column.parse(cell) for column, cell in zip(columns, cells, strict=True)}
            layout.check(values)
            if layout.kind is not None:
                yield layout.kind, values


def register(institution: str | None = None, people: int | None = None, seed: str = "simulator") -> Register:
    """The people of a demonstration institution by its name; otherwise invented ones whose numbers nobody can have."""
    shown = next((one.workforce for one in DEMO if one.name == institution), None)
    workforce = shown or Workforce(
        institution=institution or INSTITUTION,
        region="0000",
        neighbour="Pemerintah Provinsi Contoh",
        people=people or 100,
        seed=seed,
    )
    tree = names.unit_tree(workforce.institution, workforce.people)
    everybody = invent_people(workforce, tree, DEMO_AS_OF)
    numbered = (one if shown else replace(one, nip=nobodys(one.nip)) for one in everybody)
    return Register(
        workforce=workforce,
        people={one.nip: one for one in numbered},
        units=tuple(_units(workforce, tree)),
        unit_names={unit.id: unit.name for unit in tree.units},
    )


def nobodys(nip: str) -> str:
    """The number with a sex that there is not, so that it can belong to nobody."""
    return f"{nip[:_SEX_DIGIT]}0{nip[_SEX_DIGIT + 1 :]}"


def _units(workforce: Workforce, tree: names.Tree) -> Iterator[Row]:
    institution = names.identifier(workforce.institution)
    for place, unit in enumerate(tree.units):
        head = unit.agency and names.identifier(workforce.institution, unit.agency.name)
        yield {
            **dict.fromkeys(wire.UNIT_KEYS),
            "Id": unit.id,
            "InstansiId": institution,
            "DiatasanId": unit.parent_id,
            "NamaUnor": unit.name,
            "NamaJabatan": f"KEPALA {unit.name}",
            "CepatKode": f"{place:06}",
            "IndukUnorId": head,
            "EselonId": "",
        }


def _ranks(person: Person) -> Iterator[Row]:
    """The last two ranks; the time in rank is one of the numbers that SIASN writes as text."""
    grades = [grade for grade, code in names.GRADES.items() if len(code) == 2 and "/" in grade]
    grade, since = person.grade, date(person.as_of.year - person.number % 4 - 1, 4, 1)
    for step in range(2):
        yield {
            "golonganId": names.GRADES[grade],
            "golongan": grade,
            "tmtGolongan": f"{months_before(since, 48 * step).isoformat()}T00:00:00Z",
            "skNomor": f"823/{person.number}/{since.year}",
            "jumlahKreditUtama": "0",
            "jumlahKreditTambahan": "0",
            "jenisKPId": "101",
            "jenisKPNama": "Reguler",
            "masaKerjaGolonganTahun": str(max(0, since.year - person.started.year - 4 * step)),
            "masaKerjaGolonganBulan": "0",
        }
        if grade not in grades or (place := grades.index(grade)) == 0:
            return
        grade = grades[place - 1]


def _periods(person: Person) -> Iterator[Row]:
    for quarter in (1, 2):
        yield {
            "tahun": str(person.as_of.year),
            "periodikId": "2",
            "periodikNama": "triwulan",
            "hasilKinerja": "SESUAI EKSPEKTASI",
            "hasilKinerjaNilai": "2",
            "perilakuKerja": "SESUAI EKSPEKTASI",
            "perilakuKerjaNilai": "2",
            "kuadranNilai": "BAIK",
            "kuadranKinerjaNilai": "2",
            "persentase": str(25 * quarter),
            "statusPenilai": "ASN",
        }


def _earlier_appraisals(person: Person) -> Iterator[Row]:
    if person.started.year < person.as_of.year - 4:
        yield {"tahun": str(person.as_of.year - 5), "nilaiSkp": f"{80 + person.number % 15}.50", "integritas": "85"}


def _credits(person: Person) -> Iterator[Row]:
    if person.seat.level.kind == "2":
        year = str(person.as_of.year - 1)
        yield {
            "nomorSk": f"800/{person.number}/{year}",
            "tanggalSk": written(date(person.as_of.year, 1, 15)),
            "bulanMulaiPenailan": "1",
            "tahunMulaiPenailan": year,
            "bulanSelesaiPenailan": "12",
            "tahunSelesaiPenailan": year,
            "kreditUtamaBaru": "12.500",
            "kreditPenunjangBaru": "2.000",
            "kreditBaruTotal": "14.500",
            "namaJabatan": person.seat.title,
            "isAngkaKreditPertama": "",
            "isIntegrasi": "1",
            "isKonversi": "",
            "created_at": f"{person.as_of.year}-01-20T08:00:00Z",
        }


def _professionalism(person: Person) -> Iterator[Row]:
    parts = {"kualifikasi": 20, "kompetensi": 25.5, "kinerja": 25, "disiplin": 5}
    parts["kinerja"] -= person.number % 10
    yield {
        **{name: f"{value:g}" for name, value in parts.items()},
        "subtotal": f"{sum(parts.values()):g}",
        "tahun": str(person.as_of.year - 1),
        "created_at": f"{person.as_of.year}-01-31 10:15:00",
    }


def _unit_placements(person: Person) -> Iterator[Row]:
    yield {"unorBaru": person.seat.unit.id, "namaUnorBaru": person.seat.unit.name, "asalNama": "SIASN"}


_TOLD_OF: Final[Mapping[str, Callable[[Person], Iterator[Row]]]] = {
    "rw-golongan": _ranks,
    "rw-kinerjaperiodik": _periods,
    "rw-skp": _earlier_appraisals,
    "rw-angkakredit": _credits,
    "rw-pnsunor": _unit_placements,
    wire.PROFESSIONALISM: _professionalism,
}

_EMPLOYMENTS: Final = codes.outwards(codes.EMPLOYMENTS)

_PERSON_CELLS: Final = {
    "PNS ID": "id",
    "NIP BARU": "nipBaru",
    "NAMA": "nama",
    "GELAR DEPAN": "gelarDepan",
    "GELAR BELAKANG": "gelarBelakang",
    "TANGGAL LAHIR": "tglLahir",
    "JENIS KELAMIN": "jenisKelamin",
    "JENIS PEGAWAI ID": "jenisPegawaiId",
    "JENIS PEGAWAI NAMA": "jenisPegawaiNama",
    "KEDUDUKAN HUKUM ID": "kedudukanPnsId",
    "KEDUDUKAN HUKUM NAMA": "kedudukanPnsNama",
    "NOMOR SK CPNS": "nomorSkCpns",
    "TANGGAL SK CPNS": "tglSkCpns",
    "TMT CPNS": "tmtCpns",
    "TMT PNS": "tmtPns",
    "GOL AKHIR ID": "golRuangAkhirId",
    "GOL AKHIR NAMA": "golRuangAkhir",
    "TMT GOLONGAN": "tmtGolAkhir",
    "MK TAHUN": "mkTahun",
    "MK BULAN": "mkBulan",
    "JENIS JABATAN ID": "jenisJabatanId",
    "JENIS JABATAN NAMA": "jenisJabatan",
    "JABATAN NAMA": "jabatanNama",
    "TMT JABATAN": "tmtJabatan",
    "ESELON ID": "eselonId",
    "ESELON NAMA": "eselon",
    "TINGKAT PENDIDIKAN ID": "tkPendidikanTerakhirId",
    "TINGKAT PENDIDIKAN NAMA": "tkPendidikanTerakhir",
    "PENDIDIKAN ID": "pendidikanTerakhirId",
    "PENDIDIKAN NAMA": "pendidikanTerakhirNama",
    "TAHUN LULUS": "tahunLulus",
    "LOKASI KERJA NAMA": "lokasiKerja",
    "UNOR ID": "unorId",
    "UNOR NAMA": "unorNama",
    "INSTANSI INDUK ID": "instansiIndukId",
    "INSTANSI INDUK NAMA": "instansiIndukNama",
    "INSTANSI KERJA ID": "instansiKerjaId",
    "INSTANSI KERJA NAMA": "instansiKerjaNama",
    "SATUAN KERJA KERJA NAMA": "satuanKerjaKerjaNama",
}
