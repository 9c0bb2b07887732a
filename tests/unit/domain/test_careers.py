from itertools import product

import pytest

from app.domain.careers import CareerMove, PositionLevel, level_of_post, move_between

STRUCTURAL, FUNCTIONAL, EXECUTOR = "1", "2", "4"


@pytest.mark.parametrize(
    ("echelon", "level"),
    [
        ("12", PositionLevel.JPT_MADYA),
        ("21", PositionLevel.JPT_PRATAMA),
        ("22", PositionLevel.JPT_PRATAMA),
        ("31", PositionLevel.ADMINISTRATOR),
        ("32", PositionLevel.ADMINISTRATOR),
        ("41", PositionLevel.PENGAWAS),
        ("42", PositionLevel.PENGAWAS),
    ],
)
def test_the_echelon_of_a_structural_post_says_its_level(echelon, level):
    assert level_of_post(STRUCTURAL, echelon, "Kepala Bidang") is level


@pytest.mark.parametrize("echelon", ["11", "10", "51", "", None])
def test_a_structural_post_whose_echelon_does_not_say_its_level_has_none(echelon):
    assert level_of_post(STRUCTURAL, echelon, "Kepala") is None


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("Dokter Ahli Utama", PositionLevel.JF_AHLI_UTAMA),
        ("GURU AHLI MADYA", PositionLevel.JF_AHLI_MADYA),
        ("Analis SDM Aparatur Ahli Muda", PositionLevel.JF_AHLI_MUDA),
        ("pranata komputer ahli pertama", PositionLevel.JF_AHLI_PERTAMA),
        ("Bidan Penyelia", PositionLevel.JF_PENYELIA),
        ("Perawat Mahir", PositionLevel.JF_MAHIR),
        ("Perawat Terampil", PositionLevel.JF_TERAMPIL),
        ("Pemadam Kebakaran Pemula", PositionLevel.JF_PEMULA),
    ],
)
def test_the_last_words_of_a_functional_title_say_its_level(title, level):
    assert level_of_post(FUNCTIONAL, None, title) is level


@pytest.mark.parametrize("title", ["Guru", "Ahli Madya Kesehatan", "", None])
def test_a_functional_title_without_a_grade_at_its_end_has_no_level(title):
    assert level_of_post(FUNCTIONAL, None, title) is None


@pytest.mark.parametrize("title", ["Pengelola Keuangan", "Operator Mahir", None])
def test_an_executor_is_pelaksana_whatever_the_title(title):
    assert level_of_post(EXECUTOR, None, title) is PositionLevel.PELAKSANA


@pytest.mark.parametrize("position_type", [None, "", "3", "9"])
def test_a_post_of_unknown_type_has_no_level(position_type):
    assert level_of_post(position_type, None, "Guru Ahli Madya") is None


@pytest.mark.parametrize(
    ("held", "wanted", "move"),
    [
        ("administrator", "jpt_pratama", "promotion"),
        ("jf_ahli_madya", "jpt_pratama", "promotion"),
        ("jf_ahli_muda", "pengawas", "rotation"),
        ("administrator", "administrator", "rotation"),
        ("jpt_pratama", "administrator", "demotion"),
        ("jf_mahir", "jf_penyelia", "promotion"),
        ("jf_mahir", "pengawas", "promotion"),
        ("jf_penyelia", "pengawas", None),
        ("jf_ahli_utama", "jpt_pratama", None),
        ("jf_ahli_utama", "jf_ahli_utama", "rotation"),
    ],
)
def test_a_move_is_told_by_the_ladder_of_levels(held: str, wanted: str, move: str | None) -> None:
    assert move_between(PositionLevel(held), PositionLevel(wanted)) == move


def test_the_way_back_of_a_promotion_is_a_demotion() -> None:
    back = {CareerMove.PROMOTION: CareerMove.DEMOTION, CareerMove.DEMOTION: CareerMove.PROMOTION}
    for held, wanted in product(PositionLevel, repeat=2):
        there = move_between(held, wanted)
        assert move_between(wanted, held) is (there if there is None else back.get(there, there))
