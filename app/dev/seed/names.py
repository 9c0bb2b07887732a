"""What invented institutions are made of: names, agencies and their units, posts, studies, teams, awards, trainings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import count, islice
from typing import Final

MALE_NAMES: Final = (
    "Adnan", "Arga", "Bayu", "Bimo", "Candra", "Damar", "Dimas", "Edwin", "Fadli", "Galih", "Hadi", "Haris", "Ilham",
    "Indra", "Jaka", "Kurnia", "Lutfi", "Mahesa", "Nanda", "Oscar", "Pandu", "Raka", "Rendra", "René", "Satria",
    "Teguh", "Umar", "Wahyu", "Yoga", "Zaki",
)  # fmt: skip
FEMALE_NAMES: Final = (
    "Aisyah", "Anggun", "Ayu", "Bunga", "Citra", "Dahlia", "Dewi", "Elok", "Farida", "Gita", "Hana", "Intan", "Jelita",
    "Kartika", "Laras", "Maya", "Melati", "Nadia", "Nur'aini", "Okta", "Puspa", "Ratih", "Rini", "Salma", "Sekar",
    "Tiara", "Utami", "Wulan", "Yuniar", "Zahra",
)  # fmt: skip
FAMILY_NAMES: Final = (
    "Adiguna", "Alamsyah", "Anwar", "Bahari", "Baskoro", "Chaniago", "Cahyono", "Darmawan", "Daulay", "Effendi",
    "Fauzan", "Firdaus", "Ginting", "Gunadi", "Handoko", "Harahap", "Hasibuan", "Iskandar", "Jamil", "Kusnadi",
    "Lesmana", "Lubis", "Mahendra", "Manurung", "Mulyadi", "Nasution", "Nugraha", "Oktavian", "Pamungkas", "Piliang",
    "Pranata", "Rahardjo", "Rajagukguk", "Ramadhan", "Saputra", "Setyawan", "Siregar", "Sutrisno", "Tambunan",
    "Tanjung", "Utomo", "Wardhana", "Wibisono", "Wijaya", "Yudhistira", "Zulkarnain",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency with its divisions and the functional posts that belong to its work."""

    name: str
    divisions: tuple[str, ...]
    functions: tuple[str, ...]


def _agency(name: str, divisions: str, functions: str) -> Agency:
    """An agency with a secretariat beside its divisions."""
    return Agency(
        name, ("SEKRETARIAT", *(f"BIDANG {it}" for it in divisions.split("; "))), tuple(functions.split("; "))
    )


_OFFICE: Final = ("ANALIS KEBIJAKAN", "PERENCANA", "ARSIPARIS")
# Every government has the first three; the others are added in this order as the number of people grows.
CORE_AGENCIES: Final = (
    Agency("SEKRETARIAT DAERAH", ("BAGIAN UMUM", "BAGIAN HUKUM", "BAGIAN ORGANISASI", "BAGIAN PEMERINTAHAN"), _OFFICE),
    Agency("INSPEKTORAT DAERAH", ("SEKRETARIAT", "BIDANG PENGAWASAN I", "BIDANG PENGAWASAN II"), ("AUDITOR", "PPUPD")),
    Agency("SEKRETARIAT DPRD", ("BAGIAN UMUM", "BAGIAN KEUANGAN", "BAGIAN PERSIDANGAN"), _OFFICE),
)
AGENCIES: Final = (
    _agency("DINAS KESEHATAN",
        "KESEHATAN MASYARAKAT; PELAYANAN KESEHATAN; SUMBER DAYA KESEHATAN", "PERAWAT; BIDAN; EPIDEMIOLOG KESEHATAN"),
    _agency("DINAS PENDIDIKAN DAN KEBUDAYAAN",
        "PENDIDIKAN DASAR; PAUD; KEBUDAYAAN", "GURU; PAMONG BUDAYA; PENGEMBANG TEKNOLOGI PEMBELAJARAN"),
    _agency("BADAN KEPEGAWAIAN DAN PENGEMBANGAN SDM",
        "MUTASI; PENGEMBANGAN KOMPETENSI; KINERJA", "ANALIS SDM APARATUR; ASESOR SDM APARATUR; ANALIS KEBIJAKAN"),
    _agency("DINAS PEKERJAAN UMUM DAN PENATAAN RUANG",
        "BINA MARGA; SUMBER DAYA AIR; CIPTA KARYA", "TEKNIK JALAN DAN JEMBATAN; TEKNIK PENGAIRAN; PENATA RUANG"),
    _agency("BADAN PERENCANAAN PEMBANGUNAN DAERAH",
        "EKONOMI; SOSIAL BUDAYA; PRASARANA WILAYAH", "PERENCANA; PENELITI; ANALIS KEBIJAKAN"),
    _agency("BADAN PENGELOLAAN KEUANGAN DAN ASET DAERAH",
        "ANGGARAN; PERBENDAHARAAN; ASET", "ANALIS KEUANGAN PUSAT DAN DAERAH; PENILAI PEMERINTAH; PERENCANA"),
    _agency("DINAS KOMUNIKASI DAN INFORMATIKA",
        "INFRASTRUKTUR DIGITAL; LAYANAN INFORMASI; STATISTIK", "PRANATA KOMPUTER; PRANATA HUMAS; STATISTISI"),
    _agency("DINAS KETAHANAN PANGAN DAN PERTANIAN",
        "KETAHANAN PANGAN; TANAMAN PANGAN; PETERNAKAN", "PENYULUH PERTANIAN; MEDIK VETERINER; ANALIS KETAHANAN PANGAN"),
    _agency("DINAS SOSIAL",
        "REHABILITASI SOSIAL; PEMBERDAYAAN SOSIAL", "PEKERJA SOSIAL; PENYULUH SOSIAL; ANALIS KEBIJAKAN"),
    _agency("DINAS PENANAMAN MODAL DAN PTSP",
        "PROMOSI; PELAYANAN PERIZINAN", "PENATA PERIZINAN; PRANATA KOMPUTER; ANALIS KEBIJAKAN"),
    _agency("DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL",
        "PENDAFTARAN PENDUDUK; PENCATATAN SIPIL", "ADMINISTRATOR DATABASE KEPENDUDUKAN; PRANATA KOMPUTER; ARSIPARIS"),
    _agency("DINAS LINGKUNGAN HIDUP",
        "PERSAMPAHAN; PENGENDALIAN PENCEMARAN", "PENGENDALI DAMPAK LINGKUNGAN; PENGAWAS LINGKUNGAN HIDUP"),
    _agency("DINAS PERHUBUNGAN", "LALU LINTAS; ANGKUTAN", "PENGUJI KENDARAAN BERMOTOR; PERENCANA; PRANATA KOMPUTER"),
    _agency("DINAS KOPERASI DAN PERDAGANGAN",
        "KOPERASI; PERDAGANGAN", "PENGAWAS KOPERASI; PENERA; ANALIS PERDAGANGAN"),
    _agency("DINAS TENAGA KERJA",
        "PELATIHAN KERJA; HUBUNGAN INDUSTRIAL", "PENGANTAR KERJA; INSTRUKTUR; MEDIATOR HUBUNGAN INDUSTRIAL"),
    _agency("DINAS PERPUSTAKAAN DAN KEARSIPAN", "PERPUSTAKAAN; KEARSIPAN", "PUSTAKAWAN; ARSIPARIS; PRANATA KOMPUTER"),
)  # fmt: skip
# Title and echelon of heads that are not simply called head of their agency.
HEADS: Final = {
    "SEKRETARIAT DAERAH": ("SEKRETARIS DAERAH", "II.a"),
    "INSPEKTORAT DAERAH": ("INSPEKTUR DAERAH", "II.b"),
    "SEKRETARIAT DPRD": ("SEKRETARIS DPRD", "II.b"),
}
SKILLED_FUNCTIONS: Final = ("ARSIPARIS", "PRANATA KOMPUTER", "PERAWAT", "BIDAN", "PRANATA SDM APARATUR", "PUSTAKAWAN")
EXECUTORS: Final = ("PENATA LAYANAN OPERASIONAL", "PENGADMINISTRASI PERKANTORAN", "PENGELOLA LAYANAN OPERASIONAL")


def bag(text: str) -> tuple[str, ...]:
    """Words to draw from; a repeated word is drawn more often."""
    return tuple(text.split())


@dataclass(frozen=True, slots=True)
class Level:
    """What is usual at a position level, and the levels it is reached from, acted at and promoted to."""

    code: str
    kind: str
    suffix: str
    standard: int
    ages: tuple[int, int]
    grades: tuple[str, ...]
    studies: tuple[str, ...]
    before: str
    same: str = ""
    higher: str = ""


@dataclass(frozen=True, slots=True)
class Study:
    """An education level: its code, the age of leaving it, the grades it gives and the education before entry."""

    code: str
    age: int
    grades: tuple[str, ...]
    contract_grade: str
    entry: str


KINDS: Final = {"1": "Jabatan Struktural", "2": "Jabatan Fungsional", "4": "Jabatan Pelaksana"}
_ROWS: Final = (
    ("jpt_pratama", "1", "", 4, (45, 59), "IV/b IV/b IV/c", "S-1 S-2 S-2 S-2 S-3",
     "administrator", "jpt_pratama", ""),
    ("administrator", "1", "", 3, (40, 57), "III/d IV/a IV/a IV/b", "S-1 S-1 S-1 D-IV S-2 S-2",
     "pengawas", "administrator", "jpt_pratama"),
    ("pengawas", "1", "", 2, (34, 57), "III/b III/c III/c III/d", "D-III S-1 S-1 S-1 S-2",
     "pelaksana", "pengawas", "administrator"),
    ("jf_ahli_madya", "2", "AHLI MADYA", 4, (43, 59), "IV/a IV/a IV/b IV/c", "S-1 S-2 S-2 S-3",
     "jf_ahli_muda", "administrator", "jpt_pratama"),
    ("jf_ahli_muda", "2", "AHLI MUDA", 3, (35, 57), "III/c III/d", "S-1 S-1 S-1 D-IV S-2",
     "jf_ahli_pertama", "pengawas", "administrator"),
    ("jf_ahli_pertama", "2", "AHLI PERTAMA", 2, (29, 46), "III/a III/b", "S-1 S-1 S-1 S-1 D-IV",
     "pelaksana", "", "pengawas"),
    ("jf_penyelia", "2", "PENYELIA", 3, (42, 57), "III/c III/d", "D-III D-III S-1", "jf_mahir", "", "pengawas"),
    ("jf_mahir", "2", "MAHIR", 2, (35, 54), "III/a III/b", "D-III", "jf_terampil", "", "pengawas"),
    ("jf_terampil", "2", "TERAMPIL", 1, (29, 42), "II/c II/d", "D-III", "pelaksana", "", ""),
    ("pelaksana", "4", "", 1, (29, 57), "", "SLTA SLTA D-III S-1", "pelaksana", "", ""),
)  # fmt: skip
LEVELS: Final = {row[0]: Level(*row[:5], bag(row[5]), bag(row[6]), *row[7:]) for row in _ROWS}
# Levels below the leading posts, as often as they are drawn, and those that people on contract hold.
LOWER_LEVELS: Final = bag(
    "jf_ahli_madya jf_ahli_muda jf_ahli_muda jf_ahli_pertama jf_ahli_pertama jf_ahli_pertama jf_ahli_pertama "
    "jf_penyelia jf_mahir jf_terampil pelaksana pelaksana pelaksana"
)
CONTRACT_LEVELS: Final = frozenset({"jf_ahli_pertama", "jf_terampil", "pelaksana"})
STUDIES: Final = {
    "SLTA": Study("15", 18, bag("II/a II/b II/c"), "V", "SLTA"),
    "D-III": Study("30", 21, bag("II/c II/d III/a"), "VII", "D-III"),
    "D-IV": Study("35", 22, bag("III/a III/b"), "IX", "D-IV"),
    "S-1": Study("40", 22, bag("III/a III/b III/c"), "IX", "S-1"),
    "S-2": Study("45", 30, (), "X", "S-1"),
    "S-3": Study("50", 38, (), "XI", "S-1"),
}
GRADES: Final = {"V": "05", "VII": "07", "IX": "09", "X": "10", "XI": "11"} | {
    f"{group}/{letter}": f"{tens}{units}"
    for tens, group in enumerate(("I", "II", "III", "IV"), 1)
    for units, letter in enumerate("abcde", 1)
}
ECHELONS: Final = {"": "", "II.a": "21", "II.b": "22", "III.a": "31", "III.b": "32", "IV.a": "41"}

# Field of study with the first and second degree it gives.
FIELDS: Final = (
    ("AKUNTANSI", "S.Ak.", "M.Ak."),
    ("ADMINISTRASI NEGARA", "S.A.P.", "M.A.P."),
    ("EKONOMI PEMBANGUNAN", "S.E.", "M.E."),
    ("HUKUM", "S.H.", "M.H."),
    ("ILMU PEMERINTAHAN", "S.I.P.", "M.I.P."),
    ("INFORMATIKA", "S.Kom.", "M.Kom."),
    ("KEPERAWATAN", "S.Kep.", "M.Kep."),
    ("KESEHATAN MASYARAKAT", "S.K.M.", "M.K.M."),
    ("PENDIDIKAN", "S.Pd.", "M.Pd."),
    ("PERTANIAN", "S.P.", "M.P."),
    ("TEKNIK LINGKUNGAN", "S.T.", "M.T."),
    ("TEKNIK SIPIL", "S.T.", "M.T."),
)
SCHOOLS: Final = ("UNIVERSITAS CONTOH NUSANTARA", "UNIVERSITAS CONTOH KHATULISTIWA", "INSTITUT CONTOH BAHARI")
HIGH_SCHOOLS: Final = ("SMA NEGERI CONTOH 1", "SMA NEGERI CONTOH 2", "SMK NEGERI CONTOH 3")

AWARDS: Final = ("Inovasi Pelayanan Publik", "Aparatur Teladan", "Pelayanan Prima \u2013 Kategori Perorangan")
TEAMS: Final = (
    "Tim Pengendalian Inflasi",
    "Tim Percepatan Penurunan Stunting",
    "Tim Reformasi Birokrasi",
    "Tim Satu Data",
    "Tim Layanan Digital \u2013 Tahap II",
    "Tim Penyusunan Rencana Kerja",
)
TRAININGS: Final = {
    "TEKNIS": ("Bimbingan Teknis Pengelolaan Anggaran", "Pelatihan Analisis Data", "Pelatihan Pelayanan Prima"),
    "FUNGSIONAL": ("Pelatihan Fungsional Dasar", "Pelatihan Fungsional Lanjutan"),
    "STRUKTURAL": ("Pelatihan Kepemimpinan", "Pelatihan Manajemen Perubahan"),
    "SERTIFIKASI": ("Sertifikasi Pengadaan Barang dan Jasa", "Sertifikasi Manajemen Risiko"),
}
# What a sanction of each severity is and for how many days it is served.
SANCTIONS: Final = {
    "RINGAN": (("Teguran lisan", 1), ("Teguran tertulis", 1), ("Pernyataan tidak puas secara tertulis", 1)),
    "SEDANG": (
        ("Pemotongan tunjangan kinerja 25 persen selama 6 bulan", 182),
        ("Pemotongan tunjangan kinerja 25 persen selama 12 bulan", 365),
    ),
    "BERAT": (
        ("Penurunan jabatan setingkat lebih rendah selama 12 bulan", 365),
        ("Pembebasan dari jabatan menjadi pelaksana selama 12 bulan", 365),
    ),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A node of the unit tree; the root has no agency, an agency's own node no division."""

    id: str
    name: str
    parent_id: str
    agency: Agency | None = None
    division: str = ""


@dataclass(frozen=True, slots=True)
class Tree:
    """All units of an institution, parents first."""

    units: tuple[Unit, ...]
    agencies: tuple[Unit, ...]
    divisions: tuple[Unit, ...]


@lru_cache(maxsize=4096)
def identifier(*parts: str) -> str:
    """A 32-digit id as SIASN writes them, always the same for the same parts."""
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:32].upper()


def unit_tree(institution: str, people: int) -> Tree:
    """The units of the institution, as many agencies as its people need."""
    wanted = max(1, min(people // 22, 15 + people // 200))
    root = Unit(identifier(institution, "root"), institution.upper(), "")
    agencies: list[Unit] = []
    divisions: list[Unit] = []
    for agency in islice(_agencies(), wanted):
        head = Unit(identifier(institution, agency.name), agency.name, root.id, agency)
        agencies.append(head)
        for division in agency.divisions:
            name = f"{division} - {agency.name}"
            divisions.append(Unit(identifier(institution, name), name, head.id, agency, division))
    return Tree((root, *agencies, *divisions), tuple(agencies), tuple(divisions))


def _agencies() -> Iterator[Agency]:
    yield from CORE_AGENCIES
    yield from AGENCIES
    for region in count(2):
        for agency in AGENCIES:
            yield Agency(f"{agency.name} WILAYAH {region}", agency.divisions, agency.functions)
