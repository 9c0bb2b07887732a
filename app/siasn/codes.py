"""SIASN's code lists, and which of our values each code is: one table for both directions.

A code that stands for several of our values, or a value for several codes, is named once with the code that is served.
What a table does not have is unknown: reported when pulled, null when served.
"""

from __future__ import annotations

from collections.abc import Mapping

Codes = Mapping[str, str]

POSITION_TYPES: Codes = {
    "1": "JABATAN STRUKTURAL",
    "2": "JABATAN FUNGSIONAL",
    "3": "JABATAN RANGKAP",
    "4": "JABATAN PELAKSANA",
}
GRADES: Codes = {
    **{f"1{n}": f"I/{letter}" for n, letter in enumerate("abcd", 1)},
    **{f"2{n}": f"II/{letter}" for n, letter in enumerate("abcd", 1)},
    **{f"3{n}": f"III/{letter}" for n, letter in enumerate("abcd", 1)},
    **{f"4{n}": f"IV/{letter}" for n, letter in enumerate("abcde", 1)},
}
RANKS: Codes = {
    "11": "Juru Muda",
    "12": "Juru Muda Tingkat I",
    "13": "Juru",
    "14": "Juru Tingkat I",
    "21": "Pengatur Muda",
    "22": "Pengatur Muda Tingkat I",
    "23": "Pengatur",
    "24": "Pengatur Tingkat I",
    "31": "Penata Muda",
    "32": "Penata Muda Tingkat I",
    "33": "Penata",
    "34": "Penata Tingkat I",
    "41": "Pembina",
    "42": "Pembina Tingkat I",
    "43": "Pembina Utama Muda",
    "44": "Pembina Utama Madya",
    "45": "Pembina Utama",
}
"""The rank (pangkat) of each grade of a PNS."""
ECHELONS: Codes = {
    "10": "I.a",
    "11": "I.a",
    "12": "I.b",
    "21": "II.a",
    "22": "II.b",
    "31": "III.a",
    "32": "III.b",
    "41": "IV.a",
    "42": "IV.b",
    "51": "V.a",
    "52": "V.b",
    "99": "Non Eselon",
}
NO_ECHELON = frozenset({"00", "99"})
LEGAL_STATUSES: Codes = {
    "01": "Aktif",
    "02": "CLTN",
    "03": "Tugas Belajar",
    "04": "Pemberhentian Sementara",
    "15": "Menjalani Hukuman Disiplin",
    "20": "Masa Persiapan Pensiun",
    "66": "Diberhentikan",
    "71": "PPPK Aktif",
    "77": "Diberhentikan Tanpa Hak Pensiun",
    "88": "Diberhentikan Dengan Hak Pensiun",
    "98": "Mencapai Batas Usia Pensiun",
    "99": "Pensiun",
}
"""Not complete. `72` is a further status of PPPK whose name nobody has shown."""
TRAINING_TYPES: Codes = {
    "1": "Diklat Struktural",
    "2": "Diklat Fungsional",
    "3": "Diklat Teknis",
    "4": "Workshop",
    "5": "Pelatihan Manajerial",
    "6": "Pelatihan Sosial Kultural",
    "7": "Sosialisasi",
    "8": "Bimbingan Teknis",
    "9": "Seminar",
    "10": "Magang",
    "11": "Kursus",
    "14": "Coaching",
    "15": "Mentoring",
    "16": "E-Learning",
    "17": "Pelatihan Jarak Jauh",
    "18": "Detasering",
    "20": "Benchmarking",
    "22": "Belajar Mandiri",
    "25": "Nonklasikal Lainnya",
}
STRUCTURAL_TRAININGS: Codes = {
    "1": "SEPADA",
    "2": "DIKLAT PIM TK. IV",
    "3": "DIKLAT PIM TK. III",
    "4": "DIKLAT PIM TK. II",
    "5": "DIKLAT PIM TK. I",
    "6": "SESPIM",
    "7": "SESPATI",
    "8": "LAINNYA",
}
PENALTY_SEVERITIES: Codes = {"R": "Ringan", "S": "Sedang", "B": "Berat"}
QUADRANTS: Codes = {
    "1": "SANGAT BAIK",
    "2": "BAIK",
    "3": "BUTUH PERBAIKAN",
    "4": "KURANG",
    "5": "SANGAT KURANG",
}
EXPECTATIONS: Codes = {"1": "DIATAS EKSPEKTASI", "2": "SESUAI EKSPEKTASI", "3": "DIBAWAH EKSPEKTASI"}
ASSIGNMENTS: Codes = {
    "D": "Definitif",
    "PLT": "Pelaksana Tugas",
    "PLH": "Pelaksana Harian",
    "PJ": "Penjabat",
    "TT": "Tugas Tambahan",
}
FUNCTIONAL_LETTERS: Codes = {
    "PM": "Pemula",
    "TR": "Terampil",
    "MH": "Mahir",
    "PY": "Penyelia",
    "PT": "Ahli Pertama",
    "MU": "Ahli Muda",
    "MA": "Ahli Madya",
    "UT": "Ahli Utama",
}
PROMOTIONS: Codes = {"101": "Reguler", **{str(code): "Pilihan" for code in range(201, 211)}, "211": "Pengangkatan"}
"""Kinds of promotion in rank (jenis KP): regular, selective, from recruitment."""
EDUCATION_LEVELS: Codes = {
    "05": "Sekolah Dasar",
    "10": "SLTP",
    "12": "SLTP Kejuruan",
    "15": "SLTA",
    "17": "SLTA Kejuruan",
    "18": "SLTA Keguruan",
    "20": "Diploma I",
    "25": "Diploma II",
    "30": "Diploma III/Sarjana Muda",
    "35": "Diploma IV",
    "40": "S-1/Sarjana",
    "45": "S-2",
    "50": "S-3/Doktor",
}
DOCUMENTS: Codes = {
    "858": "SK Kenaikan Pangkat",
    "870": "Ijazah",
    "871": "Transkrip Nilai",
    "872": "SK Jabatan",
    "873": "Surat Pernyataan Pelantikan",
    "874": "Sertifikat Diklat",
    "879": "PAK",
    "880": "SK PAK",
    "881": "Sertifikat Kursus",
    "882": "SK Hukuman Disiplin",
    "887": "SK PNS",
    "888": "SPMT",
    "889": "SK CPNS",
    "890": "Evaluasi Kinerja",
    "891": "SKP",
    "892": "Penghargaan",
    "1179": "Evaluasi Kinerja Periodik",
}

# Code → our value. Outwards the first code of a value is served.
OUR_SEX: Codes = {"M": "male", "F": "female"}
OUR_PREDICATE: Codes = {"1": "very_good", "2": "good", "3": "needs_improvement", "4": "poor", "5": "very_poor"}
OUR_RATING: Codes = {"1": "above", "2": "as_expected", "3": "below"}
OUR_SEVERITY: Codes = {"R": "light", "S": "medium", "B": "heavy"}
OUR_TRAINING: Codes = {"1": "structural", "2": "functional", "3": "technical"}
"""Of `rw-diklat` and `rw-kursus`; a certification of ours stands in `rw-sertifikasi`."""
OUR_DIPLOMA: Codes = {
    "15": "slta",
    "17": "slta",
    "18": "slta",
    "30": "d3",
    "35": "d4",
    "40": "s1",
    "45": "s2",
    "50": "s3",
}
THEIR_ASSIGNMENT: Codes = {
    "definitive": "D",
    "acting_higher": "PLT",
    "acting_same": "PLT",
    "acting_daily_higher": "PLH",
    "acting_daily_same": "PLH",
    "acting_regional_head": "PJ",
}
"""Our status of a post held → jenis penugasan, which does not tell whether the post is higher than one's own."""
THEIR_POSITION_TYPE: Codes = {
    **dict.fromkeys(("jpt_utama", "jpt_madya", "jpt_pratama", "administrator", "pengawas"), "1"),
    **dict.fromkeys(("jf_ahli_utama", "jf_ahli_madya", "jf_ahli_muda", "jf_ahli_pertama"), "2"),
    **dict.fromkeys(("jf_penyelia", "jf_mahir", "jf_terampil", "jf_pemula"), "2"),
    "pelaksana": "4",
}
"""Our level of a post → jenis jabatan."""
OUR_COMPETENCY: Codes = {
    "integritas": "integrity",
    "kerjasama": "teamwork",
    "komunikasi": "communication",
    "orientasiPadaHasil": "results_orientation",
    "pelayananPublik": "public_service",
    "pengembanganDiriDanOrla": "developing_self_and_others",
    "mengelolaPerubahan": "managing_change",
    "pengambilanKeputusan": "decision_making",
    "perekatBangsa": "nation_binding",
}
OUR_POTENTIAL: Codes = {
    "intelektual": "intellectual_ability",
    "interpersonal": "interpersonal_ability",
    "kesadaranDiri": "self_awareness",
    "berfikirKritis": "critical_and_strategic_thinking",
    "motivasiKomitmen": "motivation_and_commitment",
}
"""Their five aspects of eight; `total` is of no aspect."""


def outwards(codes: Codes) -> Codes:
    """Our value → the code that is served for it: the first of several."""
    return {value: code for code, value in reversed(list(codes.items()))}


EMPLOYMENTS: Codes = {"CPNS": "C", "PNS": "P", "PPPK": "K"}
"""Status pegawai → status CPNS/PNS as the personnel files of offices write it."""
