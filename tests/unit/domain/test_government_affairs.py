"""Government affairs: which one the name of a unit says, and which its superiors say for it."""

from __future__ import annotations

import pytest

from app.domain.government_affairs import CATALOGUE, AffairKind, affair_of_unit, affairs_of_units


@pytest.mark.parametrize(
    ("name", "affair"),
    [
        ("DINAS KESEHATAN", "health"),
        ("UPT Puskesmas Bumi Ayu", "health"),
        ("SDN 001 DUMAI KOTA", "education"),
        ("Dinas  Pendidikan dan\tKebudayaan", "education"),
        ("BIDANG KEBUDAYAAN", "culture"),
        ("BADAN PENDIDIKAN DAN PELATIHAN", "personnel"),
        ("BADAN KEPEGAWAIAN DAN PENGEMBANGAN SDM", "personnel"),
        ("DINAS TANAMAN PANGAN DAN HORTIKULTURA", "agriculture"),
        ("DINAS KETAHANAN PANGAN DAN PERTANIAN", "food"),
        ("DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL", "civil_registration"),
        ("DINAS PENGENDALIAN PENDUDUK DAN KB", "family_planning"),
        ("DINAS PENANAMAN MODAL DAN PTSP", "investment"),
        ("SATUAN POLISI PAMONG PRAJA", "public_order"),
        ("BADAN PENANGGULANGAN BENCANA DAERAH", "public_order"),
        ("INSPEKTORAT DAERAH", "oversight"),
        ("SEKRETARIAT DPRD", "secretariat"),
        ("KECAMATAN DUMAI BARAT", "territory"),
        ("BIDANG II - DINAS PERHUBUNGAN", "transport"),
        # what a section looks after for its own body is no affair of its own
        ("SEKRETARIAT - DINAS SOSIAL", "social"),
        ("SUBBAGIAN KEUANGAN - DINAS KESEHATAN", "health"),
        ("SUB BAGIAN UMUM DAN KEPEGAWAIAN", None),
        ("BIDANG PENDIDIKAN DAN PELATIHAN", None),
        ("PEMERINTAH KOTA DUMAI", None),
        ("BAGIAN HUKUM", None),
        ("PERSATUAN SOSIALISASI", None),  # words within words say nothing
        ("", None),
    ],
)
def test_the_name_of_a_unit_says_its_affair(name: str, affair: str | None) -> None:
    assert affair_of_unit(name) == affair


def test_the_catalogue_is_that_of_the_law() -> None:
    kinds = [affair.kind for affair in CATALOGUE]
    mandatory = kinds.count(AffairKind.BASIC_SERVICE) + kinds.count(AffairKind.MANDATORY)
    assert (kinds.count(AffairKind.BASIC_SERVICE), mandatory, kinds.count(AffairKind.OPTIONAL)) == (6, 24, 8)
    assert len({affair.code for affair in CATALOGUE}) == len(CATALOGUE)
    for affair in CATALOGUE:
        assert {affair_of_unit(f"DINAS {words}") for words in affair.words} == {affair.code}


def test_a_section_of_a_supporting_body_has_the_affair_of_the_body() -> None:
    units = [
        ("social", "BIDANG SOSIAL BUDAYA", ("root", "planning", "social")),
        ("root", "PEMERINTAH KOTA", ("root",)),
        ("planning", "BADAN PERENCANAAN PEMBANGUNAN DAERAH", ("root", "planning")),
        ("agency", "DINAS PENDIDIKAN DAN KEBUDAYAAN", ("root", "planning", "agency")),
        ("culture", "BIDANG KEBUDAYAAN", ("root", "planning", "agency", "culture")),
    ]
    assert affairs_of_units(units) == {"planning": "planning", "agency": "education", "culture": "culture"}
