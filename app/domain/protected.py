"""Protected characteristics: what nobody may be told apart by, and how people write it in Indonesian and English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum


class Characteristic(StrEnum):
    """What the merit system tells nobody apart by (UU 20/2023, and art. 1 number 22 of UU 5/2014 before it)."""

    SEX = "sex"
    RELIGION = "religion"
    MARITAL_STATUS = "maritalStatus"
    ETHNICITY = "ethnicity"
    DISABILITY = "disability"
    BIRTHPLACE = "birthplace"


PROTECTED: Mapping[Characteristic, tuple[str, ...]] = {
    Characteristic.SEX: (
        *("jenis kelamin", "kelamin", "pria", "wanita", "laki", "laki laki", "perempuan", "lelaki", "hamil"),
        *("kehamilan", "sex", "gender", "male", "males", "female", "females", "woman", "women", "pregnant"),
        "pregnancy",
    ),
    Characteristic.RELIGION: (
        *("agama", "beragama", "keagamaan", "seagama", "aliran kepercayaan", "islam", "muslim", "muslimah"),
        *("mualaf", "kristen", "kristiani", "nasrani", "katolik", "protestan", "hindu", "buddha", "budha", "konghucu"),
        *("nonmuslim", "khonghucu", "jilbab", "berjilbab", "hijab", "berhijab"),
        *("religion", "religious", "faith", "christian", "catholic", "protestant", "buddhist", "confucian"),
    ),
    Characteristic.MARITAL_STATUS: (
        *("kawin", "status kawin", "perkawinan", "status perkawinan", "status nikah", "menikah", "nikah", "pernikahan"),
        *("suami", "istri", "isteri", "bersuami", "beristri", "beristeri", "janda", "duda", "lajang", "bujang"),
        *("cerai", "bercerai", "perceraian", "berkeluarga"),
        *("marital", "marital status", "marriage", "married", "unmarried", "divorced", "divorce", "widow", "widower"),
        *("husband", "wife", "spouse"),
    ),
    Characteristic.ETHNICITY: (
        *("suku", "suku bangsa", "kesukuan", "bersuku", "etnis", "etnik", "ras", "rasial", "warna kulit", "pribumi"),
        *("asal usul", "keturunan", "orang asli"),
        *("ethnic", "ethnic group", "ethnicity", "race", "racial", "tribe", "tribal", "skin color", "skin colour"),
        *("indigenous", "descent"),
    ),
    Characteristic.DISABILITY: (
        *("disabilitas", "difabel", "cacat", "kecacatan", "tunanetra", "tunarungu", "tunadaksa"),
        *("disability", "disabilities", "disabled", "handicap", "handicapped"),
    ),
    Characteristic.BIRTHPLACE: (
        *("tempat lahir", "tempat kelahiran", "asal daerah", "putra daerah", "putri daerah", "putra putri daerah"),
        *("putra asli", "putri asli", "putra putri asli", "penduduk asli", "warga asli", "asli daerah"),
        *("kelahiran asli", "birthplace", "place of birth", "birth place", "hometown"),
    ),
}
"""The words of each, by which a field, a code, a label or a legal basis gives it away."""
NAMES = (
    *("umat beragama", "moderasi beragama", "dharma wanita", "suku dinas", "suku badan", "suku cadang", "suku bunga"),
    *("cacat hukum", "good faith"),
)
"""Names of offices and things that have such a word in them and say nothing about a person."""

# ── what is a subject and says nothing about a person: an office, a school or an affair, and what national laws rule

_FAITHS = (
    *("agama", "keagamaan", "islam", "kristen", "katolik", "protestan", "hindu", "buddha", "budha", "konghucu"),
    *("khonghucu", "religion", "religious", "christian", "catholic", "protestant", "buddhist", "confucian"),
)
_SUBJECTS = (
    *(*_FAITHS, "perempuan", "wanita", "gender", "hamil", "women", "perkawinan", "pernikahan", "nikah", "perceraian"),
    *("marriage", "divorce", "disabilitas", "difabel", "disability", "disabilities", "asal usul", "indigenous"),
)
"""Words that name a subject as well. All the others (`beragama`, `istri`, `putra daerah`) speak of a person alone."""
_OFFICES = (
    *("menteri", "kementerian", "departemen", "direktorat", "kantor", "bagian", "bidang", "seksi", "lembaga"),
    *("majelis", "pengadilan", "peradilan", "institut", "universitas", "sekolah", "perguruan"),
    *("pendidikan", "rumah sakit"),
    *("bimas", "bimbingan", "guru agama", "guru pendidikan agama", "dosen agama", "penyuluh agama", "tokoh agama"),
    *("ministry of", "minister of", "department of", "faculty of"),
)
"""What religions have: after these the name of one is part of the name."""
_AFFAIRS = (
    *("urusan", "hak", "pemberdayaan", "perlindungan", "pelayanan", "layanan", "rehabilitasi", "kesetaraan"),
    *("keadilan", "pengarusutamaan", "responsif", "kualitas hidup", "inklusi", "inklusif"),
    *("aksesibilitas", "kesehatan", "gizi"),
    *("kekerasan", "diskriminasi", "pencatatan", "kerukunan", "pembinaan", "penyuluhan", "anggaran", "statistik"),
    *("empowerment of", "protection of", "rights of", "rehabilitation of", "services for"),
    *("ministry of", "minister of"),
)
"""What is done for people: after these stands for whom."""
_LINKS = (
    *("tinggi", "ilmu", "negeri", "hak", "sosial", "penyandang", "umat", "masyarakat", "kaum", "kelompok", "ibu"),
    *("terhadap", "persons with", "people with", "the"),
)
"""What may stand between."""
_TAILS = (
    *("affairs", "courts", "court", "education", "harmony", "university", "college", "empowerment", "protection"),
    *("rights", "equality", "mainstreaming", "responsive", "budgeting", "services", "studies", "rehabilitation"),
    *("inclusion", "registration"),
)
"""In English an affair stands after its subject."""
_LAWS = (
    *("uu", "undang undang", "perpu", "perppu", "pp", "peraturan pemerintah", "perpres", "peraturan presiden"),
    *("keppres", "inpres", "law", "government regulation", "presidential regulation", "presidential instruction"),
)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[a-z0-9]+")
_TOKEN = re.compile(r"[a-z0-9]+|[^a-z0-9\s_'\u2019\u2010\u2011-]")
_BREAK = "·"


def _any(phrases: Collection[str]) -> str:
    return f"(?: (?:{'|'.join(sorted(phrases, key=len, reverse=True))})(?= ))"


_LINKED = rf"{_any(_LINKS)}*{_any(_SUBJECTS)}"
_SUBJECT = re.compile(
    rf"{_any(NAMES)}"
    rf"|{_any(_OFFICES)}{_any(_LINKS)}*{_any(_FAITHS)}*"
    rf"|{_any(_AFFAIRS)}(?:{_LINKED}+(?: dan{_LINKED}+)*)?"
    rf"|{_any(_SUBJECTS)}(?: s)?{_any(_TAILS)}"
)
_TITLE = re.compile(rf"{_any(_LAWS)}(?: no| nomor| number| tahun| \d+| {_BREAK})+ (?:tentang|on|concerning)[a-z0-9 ]+")
_NAMED = re.compile(_any(_SUBJECTS))


def characteristic_in(text: object) -> Characteristic | None:
    """Which protected characteristic a text names of a person; None where it names none, and of what is no text.

    Whole words count, in any case and however they are joined (`statusKawin`, `Jenis-Kelamin`, `JENISKELAMIN`). Words
    inside others are none: `keras` is not `ras`. Nor is what a name says of an office, a school, an affair or a
    national law (`Pengadilan Tinggi Agama`, `pemberdayaan perempuan`); what is said beside it still counts.
    """
    if not isinstance(text, str):
        return None
    plain = _plain(text)
    words = _WORD.findall(plain)
    said = f" {' '.join(_WORD.findall(_without_subjects(plain)))} "
    whole = "".join(words)
    return next((one for one, phrases in PROTECTED.items() if _names(phrases, said, whole)), None)


def _without_subjects(plain: str) -> str:
    """A name ends where punctuation stands: what follows is said of somebody."""
    tokens = (token if token.isalnum() else _BREAK for token in _TOKEN.findall(plain))
    said = f" {' '.join(tokens)} "
    said = _TITLE.sub(lambda title: _NAMED.sub(f" {_BREAK}", title.group()), said)
    return _SUBJECT.sub(f" {_BREAK}", said)


def _names(phrases: Sequence[str], said: str, whole: str) -> bool:
    return any(f" {phrase} " in said or phrase.replace(" ", "") == whole for phrase in phrases)


def _plain(text: str) -> str:
    """In small letters; accents, and characters that nobody sees, are left out."""
    letters = unicodedata.normalize("NFKD", text)
    seen = "".join(letter for letter in letters if unicodedata.category(letter) not in ("Mn", "Cf"))
    return _HUMP.sub(" ", seen).casefold()
