"""Requirements as they are written down: what is refused, with its pointer."""

from collections.abc import Mapping
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import Fault
from app.domain.protected import NAMES, PROTECTED
from app.domain.requirements import Comparison, Field, parse_requirement, requirement_document
from tests.candidates import a_requirement, every_kind_of_requirement

AGE = {
    "code": "age",
    "field": "age",
    "comparison": "atMost",
    "threshold": 56,
    "label": {"id": "Usia paling tinggi 56 tahun", "en": "At most 56 years old"},
    "legalBasis": "PP 11/2017 art. 107",
    "source": {"document": "PP 11/2017 ps. 107 huruf c angka 6", "confidence": "confirmed"},
}
VERIFIED = {"field": "verified", "comparison": "isTrue", "proof": "integrityStatement"}
ENDLESS = 10**5_000
AT_LEVELS = {"field": "timeAtLevels", "comparison": "atLeast", "threshold": 24}
APPRAISED = {"field": "appraisals", "comparison": "atLeast", "threshold": "good"}
BOXES = {"field": "box", "comparison": "oneOf"}


def faults_of(document: object) -> list[tuple[str, str]]:
    faults: list[Fault] = []
    assert (parse_requirement(document, "/requirements/3", faults) is None) == bool(faults)
    assert all(fault.detail["en"] for fault in faults)
    return [(fault.where.removeprefix("/requirements/3"), fault.code.removeprefix("requirement.")) for fault in faults]


@given(seed=st.integers(0, 2**32), kind=st.sampled_from(every_kind_of_requirement()))
@settings(max_examples=300, deadline=None)
def test_a_requirement_survives_being_written_down(seed: int, kind: tuple[Field, Comparison]) -> None:
    requirement = a_requirement(Random(seed), *kind)  # noqa: S311 - to try things with
    faults: list[Fault] = []
    assert (parse_requirement(requirement_document(requirement), "", faults), faults) == (requirement, [])


WORDS = sorted(word for words in PROTECTED.values() for word in words)


@pytest.mark.parametrize("word", WORDS)
def test_what_is_protected_is_never_required(word: str) -> None:
    assert ("/field", "protected_field") in faults_of(AGE | {"field": word})
    assert ("/code", "protected_field") in faults_of(AGE | {"code": word.replace(" ", "-")})
    label = {"id": f"Calon adalah {word}, dibuktikan dengan dokumen", "en": f"The person is {word}"}
    assert faults_of(without_threshold(VERIFIED | {"label": label})) == [
        ("/label/id", "protected_field"),
        ("/label/en", "protected_field"),
    ]
    assert faults_of(AGE | {"legalBasis": f"Perwako 7/2025: {word.upper()}"}) == [("/legalBasis", "protected_field")]


def without_threshold(but: Mapping[str, object]) -> Mapping[str, object]:
    return {name: value for name, value in (AGE | but).items() if name != "threshold"}


@pytest.mark.parametrize(
    "field", ["Jenis Kelamin", "marital_status", "Tempat-Lahir", "AGAMA", "statusKawin", "LAKILAKI", "a\u0301gama"]
)
def test_spelling_hides_nothing_protected(field: str) -> None:
    assert faults_of(AGE | {"field": field}) == [("/field", "protected_field")]


@pytest.mark.parametrize(
    "words",
    [
        *(f"Pengalaman di {name}" for name in NAMES),
        "Berintegritas dan bekerja keras; transparan dalam memimpin",
        "Sehat jasmani dan rohani, dan dipercaya masyarakat",
        "Sertifikat pengadaan barang dan jasa",
    ],
)
def test_what_only_sounds_alike_may_be_said(words: str) -> None:
    assert faults_of(AGE | {"label": {"id": words, "en": words}}) == []


@pytest.mark.parametrize(
    "words",
    [
        *("Peraturan Menteri Agama 12/2020", "Kementerian Agama", "Direktorat Jenderal Bimbingan Masyarakat Islam"),
        *("Bimas Hindu", "Institut Agama Hindu Negeri", "Sekolah Tinggi Agama Buddha", "Pengadilan Tinggi Agama"),
        *("Pengadilan Agama", "pendidikan agama kristen", "Perguruan Tinggi Keagamaan", "Kepala Bagian Agama"),
        *("Forum Kerukunan Umat Beragama", "Rumah Sakit Islam", "Guru agama Islam", "Ministry of Religious Affairs"),
        *("Pengarusutamaan Gender (Inpres 9/2000)", "Perencanaan responsif gender"),
        *("Bidang Kualitas Hidup Perempuan", "Bidang Perlindungan Hak Perempuan"),
        "Dinas Pemberdayaan Perempuan dan Perlindungan Anak",
        *("Pemberdayaan perempuan dan penyandang disabilitas", "Women's empowerment", "Gender mainstreaming"),
        *("Rehabilitasi sosial penyandang disabilitas", "hak asal usul desa"),
        *("Law 8/2016 on Persons with Disabilities", "UU 8/2016 tentang Penyandang Disabilitas"),
        "UU 1/1974 tentang Perkawinan",
        *("PP 10/1983 tentang Izin Perkawinan", "UU Nomor 1 Tahun 1974 tentang Perkawinan; UU 20/2023"),
    ],
)
def test_the_names_of_offices_affairs_and_national_laws_say_nothing_of_a_person(words: str) -> None:
    source = {"document": words, "confidence": "confirmed", "note": {"id": words, "en": words}}
    assert faults_of(AGE | {"label": {"id": words, "en": words}, "legalBasis": words, "source": source}) == []


@pytest.mark.parametrize(
    "words",
    [
        *("beragama Islam", "laki-laki", "suami", "istri", "beristri", "bersuami", "belum menikah", "suku Jawa"),
        *("Orang Asli Papua", "Putra asli daerah", "tidak hamil", "bukan penyandang disabilitas", "Guru Islam"),
        *("Kepala bidang perempuan", "Dinas Sosial, untuk perempuan", "Pegawai Kementerian Agama, beragama Islam"),
        *("Pendidikan tinggi dan perempuan", "Kementerian Agama (perempuan)", "Pengadilan yang agama Islam"),
        *("UU 1/1974 tentang Perkawinan: sudah menikah", "UU 21/2001 tentang Orang Asli Papua"),
        *("Perda 1/2024 tentang jabatan bagi perempuan", "Perlindungan anak; perempuan"),
    ],
)
def test_what_is_said_of_a_person_is_refused_whatever_stands_beside_it(words: str) -> None:
    assert faults_of(AGE | {"label": {"id": words, "en": words}, "legalBasis": words}) == [
        ("/label/id", "protected_field"),
        ("/label/en", "protected_field"),
        ("/legalBasis", "protected_field"),
    ]


def test_who_is_refused_an_affirmative_rule_reads_why() -> None:
    faults: list[Fault] = []
    parse_requirement(AGE | {"legalBasis": "Orang Asli Papua"}, "", faults)
    assert faults[0].detail["en"] == (
        "Orang Asli Papua is about ethnicity, by which the merit system excludes nobody (UU 20/2023): remove it; an "
        "affirmative rule needs a law of its own and is not written in a rule set."
    )


def test_what_somebody_has_to_see_is_one_of_a_closed_list_and_the_source_is_said() -> None:
    assert faults_of(without_threshold(VERIFIED)) == []
    assert faults_of(without_threshold(VERIFIED | {"proof": "marriageCertificate"})) == [("/proof", "value_unknown")]
    assert faults_of({name: value for name, value in without_threshold(VERIFIED).items() if name != "proof"}) == [
        ("/proof", "missing_field")
    ]
    assert faults_of(AGE | {"proof": "diploma"}) == [("/proof", "unfit")]
    assert faults_of({name: value for name, value in AGE.items() if name != "source"}) == [("/source", "missing_field")]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("PP 11/2017", [("/source", "not_object"), ("/source/document", "missing_field")]),
        ({"document": "PP 11/2017", "confidence": "certain"}, [("/source/confidence", "value_unknown")]),
        ({"document": "https://x.go.id/pp11", "confidence": "likely"}, [("/source/document", "source.address")]),
        ({"document": " ", "confidence": "likely", "note": {"id": "x"}},
         [("/source/document", "text_length"), ("/source/note/en", "missing_field")]),
        ({"document": "Perda: putra daerah", "confidence": "unsure"}, [("/source/document", "protected_field")]),
    ],
)  # fmt: skip
def test_a_source_is_a_document_and_how_sure_it_is(source: object, expected: list[tuple[str, str]]) -> None:
    assert set(expected) >= set(faults_of(AGE | {"source": source})) != set()


def test_what_was_published_before_sources_had_to_be_said_is_read_as_it_stands() -> None:
    old = {name: value for name, value in without_threshold(VERIFIED).items() if name not in ("source", "proof")}
    faults: list[Fault] = []
    read = parse_requirement(old, "", faults, is_published=True)
    assert read is not None
    assert (read.source, read.proof, faults) == (None, None, [])
    assert requirement_document(read) == old | {"isActionable": False}


@pytest.mark.parametrize("field", ["tenure", "", 7, None, ["age"], {}, True])
def test_an_unknown_field_is_named(field: object) -> None:
    assert faults_of(AGE | {"field": field}) == [("/field", "unknown_fact")]


@pytest.mark.parametrize(
    ("threshold", "code"),
    [
        (True, "not_number"),
        ("56", "not_number"),
        (None, "not_number"),
        ([56], "not_number"),
        (float("nan"), "range"),
        (float("inf"), "range"),
        (-1, "range"),
        (10, "range"),
        pytest.param(ENDLESS, "range", id="endless"),
        (56.5, "not_whole"),
    ],
)
def test_a_threshold_is_a_whole_number_that_somebody_can_have(threshold: object, code: str) -> None:
    assert faults_of(AGE | {"threshold": threshold}) == [("/threshold", code)]


@pytest.mark.parametrize(
    ("but", "expected"),
    [
        ({"comparison": "oneOf"}, [("/comparison", "value_unknown")]),
        ({"years": 2}, [("/years", "unfit")]),
        ({"of": ["pengawas"]}, [("/of", "unfit")]),
        ({"isActionable": "yes"}, [("/isActionable", "not_boolean")]),
        ({"weight": 1}, [("/weight", "unknown_field")]),
        ({"field": "grade", "comparison": "atLeast", "threshold": 35}, [("/threshold", "unknown_grade")]),
        (AT_LEVELS | {"threshold": -24, "of": ["pengawas"]}, [("/threshold", "range")]),
        (AT_LEVELS, [("/of", "missing_field")]),
        (AT_LEVELS | {"of": []}, [("/of", "list_length")]),
        (APPRAISED, [("/years", "missing_field")]),
        (APPRAISED | {"threshold": 4, "years": 6}, [("/threshold", "not_text"), ("/years", "range")]),
        (BOXES | {"threshold": [7, 7, "8"]}, [("/threshold/2", "not_number"), ("/threshold", "listed_twice")]),
        (VERIFIED, [("/threshold", "unfit")]),
        ({"inField": True}, [("/inField", "unfit")]),
        (AT_LEVELS | {"of": ["jf_ahli_muda"], "inField": 1}, [("/inField", "not_boolean")]),
        ({"label": {"id": " "}}, [("/label/en", "missing_field"), ("/label/id", "text_length")]),
        ({"legalBasis": 7, "threshold": 17}, [("/legalBasis", "not_text"), ("/threshold", "range")]),
    ],
)
def test_every_fault_is_told_where_it_is(but: Mapping[str, object], expected: list[tuple[str, str]]) -> None:
    assert faults_of(AGE | but) == expected


@pytest.mark.parametrize("document", [None, 3, "age", [], [AGE]])
def test_a_requirement_is_an_object(document: object) -> None:
    assert ("", "not_object") in faults_of(document)
