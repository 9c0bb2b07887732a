"""Government affairs (UU 23/2014): what a unit works at, and by which words its name says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class AffairKind(StrEnum):
    """What sort of affair it is."""

    BASIC_SERVICE = "basicService"
    """Mandatory, and a basic service (art. 12 paragraph 1)."""
    MANDATORY = "mandatory"
    """Mandatory, not a basic service (art. 12 paragraph 2)."""
    OPTIONAL = "optional"
    """Of a region's choice, by what it lives on (art. 12 paragraph 3)."""
    SUPPORTING = "supporting"
    """No affair of the law's list, but what serves them: planning, finance, personnel … (art. 215 to 225)."""
    OVERSIGHT = "oversight"
    """Oversight of all of them (art. 216)."""


@dataclass(frozen=True, slots=True)
class Affair:
    """An affair with its names, and the words of an Indonesian name of a unit that give it away."""

    code: str
    kind: AffairKind
    label_id: str
    label_en: str
    words: tuple[str, ...]


_BASIC, _MANDATORY, _OPTIONAL = AffairKind.BASIC_SERVICE, AffairKind.MANDATORY, AffairKind.OPTIONAL
_SUPPORTING, _OVERSIGHT = AffairKind.SUPPORTING, AffairKind.OVERSIGHT
_SCHOOLS = ("SD", "SDN", "SMP", "SMPN", "SMA", "SMAN", "SMK", "SMKN", "SLB")
CATALOGUE = (
    Affair("education", _BASIC, "Pendidikan", "Education", ("PENDIDIKAN", "SEKOLAH", *_SCHOOLS)),
    Affair("health", _BASIC, "Kesehatan", "Health", ("KESEHATAN", "RUMAH SAKIT", "RSUD", "PUSKESMAS")),
    Affair(
        "public_works",
        _BASIC,
        "Pekerjaan umum dan penataan ruang",
        "Public works and spatial planning",
        ("PEKERJAAN UMUM", "PENATAAN RUANG", "TATA RUANG", "BINA MARGA", "CIPTA KARYA", "SUMBER DAYA AIR", "PUPR"),
    ),
    Affair(
        "housing",
        _BASIC,
        "Perumahan rakyat dan kawasan permukiman",
        "Public housing and settlements",
        ("PERUMAHAN", "PERMUKIMAN", "PEMUKIMAN"),
    ),
    Affair(
        "public_order",
        _BASIC,
        "Ketenteraman, ketertiban umum, dan pelindungan masyarakat",
        "Public order and protection of the public",
        (
            *("POLISI PAMONG PRAJA", "SATPOL PP", "KETERTIBAN UMUM", "KETENTERAMAN", "KETENTRAMAN"),
            *("PERLINDUNGAN MASYARAKAT", "PELINDUNGAN MASYARAKAT", "PENANGGULANGAN BENCANA", "BPBD"),
            *("PEMADAM KEBAKARAN", "KEBAKARAN"),
        ),
    ),
    Affair("social", _BASIC, "Sosial", "Social affairs", ("SOSIAL",)),
    Affair(
        "manpower", _MANDATORY, "Tenaga kerja", "Manpower", ("TENAGA KERJA", "KETENAGAKERJAAN", "HUBUNGAN INDUSTRIAL")
    ),
    Affair(
        "women_and_children",
        _MANDATORY,
        "Pemberdayaan perempuan dan pelindungan anak",
        "Women's empowerment and child protection",
        ("PEMBERDAYAAN PEREMPUAN", "PERLINDUNGAN ANAK", "PELINDUNGAN ANAK", "PERLINDUNGAN PEREMPUAN"),
    ),
    Affair("food", _MANDATORY, "Pangan", "Food", ("KETAHANAN PANGAN", "PANGAN")),
    Affair("land", _MANDATORY, "Pertanahan", "Land", ("PERTANAHAN",)),
    Affair(
        "environment",
        _MANDATORY,
        "Lingkungan hidup",
        "Environment",
        ("LINGKUNGAN HIDUP", "KEBERSIHAN", "PERSAMPAHAN"),
    ),
    Affair(
        "civil_registration",
        _MANDATORY,
        "Administrasi kependudukan dan pencatatan sipil",
        "Population administration and civil registration",
        ("KEPENDUDUKAN", "PENCATATAN SIPIL", "DISDUKCAPIL"),
    ),
    Affair(
        "villages",
        _MANDATORY,
        "Pemberdayaan masyarakat dan desa",
        "Community and village empowerment",
        ("PEMBERDAYAAN MASYARAKAT", "PEMBERDAYAAN DESA", "PEMERINTAHAN DESA"),
    ),
    Affair(
        "family_planning",
        _MANDATORY,
        "Pengendalian penduduk dan keluarga berencana",
        "Population control and family planning",
        ("PENGENDALIAN PENDUDUK", "KELUARGA BERENCANA", "DALDUK"),
    ),
    Affair("transport", _MANDATORY, "Perhubungan", "Transport", ("PERHUBUNGAN",)),
    Affair(
        "communication",
        _MANDATORY,
        "Komunikasi dan informatika",
        "Communication and informatics",
        ("KOMUNIKASI", "INFORMATIKA", "KOMINFO", "DISKOMINFO"),
    ),
    Affair(
        "cooperatives",
        _MANDATORY,
        "Koperasi, usaha kecil, dan menengah",
        "Cooperatives, small and medium enterprises",
        ("KOPERASI", "USAHA KECIL", "USAHA MIKRO", "UMKM", "UKM"),
    ),
    Affair(
        "investment",
        _MANDATORY,
        "Penanaman modal",
        "Investment",
        ("PENANAMAN MODAL", "PELAYANAN TERPADU SATU PINTU", "PTSP", "PERIZINAN"),
    ),
    Affair("youth_and_sports", _MANDATORY, "Kepemudaan dan olahraga", "Youth and sports", ("PEMUDA", "OLAHRAGA")),
    Affair("statistics", _MANDATORY, "Statistik", "Statistics", ("STATISTIK",)),
    Affair("encryption", _MANDATORY, "Persandian", "Encryption", ("PERSANDIAN",)),
    Affair("culture", _MANDATORY, "Kebudayaan", "Culture", ("KEBUDAYAAN",)),
    Affair("libraries", _MANDATORY, "Perpustakaan", "Libraries", ("PERPUSTAKAAN",)),
    Affair("archives", _MANDATORY, "Kearsipan", "Archives", ("KEARSIPAN", "ARSIP")),
    Affair(
        "marine_and_fisheries", _OPTIONAL, "Kelautan dan perikanan", "Marine and fisheries", ("KELAUTAN", "PERIKANAN")
    ),
    Affair("tourism", _OPTIONAL, "Pariwisata", "Tourism", ("PARIWISATA", "KEPARIWISATAAN")),
    Affair(
        "agriculture",
        _OPTIONAL,
        "Pertanian",
        "Agriculture",
        ("PERTANIAN", "TANAMAN PANGAN", "HORTIKULTURA", "PERKEBUNAN", "PETERNAKAN"),
    ),
    Affair("forestry", _OPTIONAL, "Kehutanan", "Forestry", ("KEHUTANAN",)),
    Affair(
        "energy_and_minerals",
        _OPTIONAL,
        "Energi dan sumber daya mineral",
        "Energy and mineral resources",
        ("ENERGI", "SUMBER DAYA MINERAL", "PERTAMBANGAN", "ESDM"),
    ),
    Affair("trade", _OPTIONAL, "Perdagangan", "Trade", ("PERDAGANGAN", "PASAR")),
    Affair("industry", _OPTIONAL, "Perindustrian", "Industry", ("PERINDUSTRIAN",)),
    Affair("transmigration", _OPTIONAL, "Transmigrasi", "Transmigration", ("TRANSMIGRASI",)),
    Affair("planning", _SUPPORTING, "Perencanaan", "Planning", ("PERENCANAAN", "BAPPEDA", "BAPPELITBANG")),
    Affair(
        "finance",
        _SUPPORTING,
        "Keuangan",
        "Finance",
        ("KEUANGAN", "PENDAPATAN", "PENGELOLAAN PAJAK", "ASET", "BPKAD", "BAPENDA"),
    ),
    Affair(
        "personnel",
        _SUPPORTING,
        "Kepegawaian serta pendidikan dan pelatihan",
        "Personnel and training",
        (
            *("KEPEGAWAIAN", "PENDIDIKAN DAN PELATIHAN", "PENGEMBANGAN SUMBER DAYA MANUSIA", "PENGEMBANGAN SDM"),
            *("DIKLAT", "BKPSDM", "BKD"),
        ),
    ),
    Affair(
        "research",
        _SUPPORTING,
        "Penelitian dan pengembangan",
        "Research and development",
        ("PENELITIAN", "RISET", "LITBANG", "BRIDA"),
    ),
    Affair(
        "secretariat",
        _SUPPORTING,
        "Sekretariat",
        "Secretariat",
        ("SEKRETARIAT DAERAH", "SEKRETARIAT DPRD", "SEKRETARIAT DEWAN", "SEKRETARIAT JENDERAL", "SEKRETARIAT UTAMA"),
    ),
    Affair(
        "territory",
        _SUPPORTING,
        "Kewilayahan",
        "Districts and wards",
        ("KECAMATAN", "KELURAHAN", "DISTRIK"),
    ),
    Affair(
        "general_government",
        _SUPPORTING,
        "Pemerintahan umum",
        "General government",
        ("KESATUAN BANGSA", "KESBANGPOL"),
    ),
    Affair("oversight", _OVERSIGHT, "Pengawasan", "Oversight", ("INSPEKTORAT",)),
)
"""The 24 mandatory affairs, the 8 of choice, then what supports and oversees them."""
AFFAIRS: Mapping[str, Affair] = {affair.code: affair for affair in CATALOGUE}
_BY_WORDS = {words: affair for affair in CATALOGUE for words in affair.words}
# the longest first: PENDIDIKAN DAN PELATIHAN is no education
_WORDS = re.compile(rf"\b(?:{'|'.join(sorted(_BY_WORDS, key=len, reverse=True))})\b")
_PART = re.compile(r"\s+[-–]\s+")
_OF_A_BODY = re.compile(r"(?:SUB\s?)?(?:BIDANG|BAGIAN|SEKSI|SUBAG|SUBBAG|SUBBID)\b|SEKRETARIAT$|TATA USAHA\b")
"""How the names of units begin that are part of a body: their finance or personnel serves the body's own affair."""


def affair_of_unit(name: str) -> str | None:
    """The code of the affair that a unit's own name says; None where it says none, and its superiors may.

    Of several the one named first counts. A section's finance, planning or personnel is no affair of its own.
    """
    for part in _PART.split(" ".join(name.upper().split())):
        found = _WORDS.search(part)
        affair = None if found is None else _BY_WORDS[found[0]]
        if affair is not None and not (is_supporting(affair.code) and _OF_A_BODY.match(part)):
            return affair.code
    return None


def is_supporting(code: str) -> bool:
    """Whether the affair only serves or oversees those of the law's list."""
    return AFFAIRS[code].kind in (AffairKind.SUPPORTING, AffairKind.OVERSIGHT)


def affairs_of_units(units: Iterable[tuple[str, str, tuple[str, ...]]]) -> dict[str, str]:
    """The affairs that names say, by unit, of units as (id, name, path from the root to the unit itself).

    What a section of a supporting body looks after is not its affair: the social bureau of a planning agency plans.
    """
    said: dict[str, str] = {}
    for unit, name, path in sorted(units, key=lambda one: len(one[2])):
        code = affair_of_unit(name)
        nearest = next((said[above] for above in reversed(path[:-1]) if above in said), None)
        is_section = _OF_A_BODY.match(" ".join(name.upper().split())) is not None
        if code is not None and not (is_section and nearest is not None and is_supporting(nearest)):
            said[unit] = code
    return said
