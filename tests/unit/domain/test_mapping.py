import pytest

from app.domain.mapping import Unmapped, unmapped_because
from tests.unit.strategies import INSTITUTION

ACTIVE = frozenset({"01", "71"})


def because(status_id="01", status="Aktif", works_in=INSTITUTION):
    return unmapped_because(status_id, status, works_in, INSTITUTION, ACTIVE)


def test_an_active_employee_who_works_here_is_mapped():
    assert because() is None


def test_pppk_are_mapped_too():
    assert because("71", "PPPK Aktif") is None


@pytest.mark.parametrize("status_id", ["02", "99", ""])
def test_whoever_has_another_legal_status_is_not_active(status_id):
    assert because(status_id) is Unmapped.NOT_ACTIVE


def test_the_code_of_the_legal_status_counts_before_its_name():
    assert because("01", "Pensiun") is None


@pytest.mark.parametrize("status", ["Aktif", "AKTIF", " aktif ", "PPPK Aktif", "Aktif Penuh"])
def test_without_a_code_the_name_of_the_legal_status_says_who_is_active(status):
    assert because(None, status) is None


@pytest.mark.parametrize(
    "status", ["Pensiun", "Nonaktif", "Tidak Aktif", "PPPK Tidak Aktif", "Tidak aktif lagi", "", None]
)
def test_without_a_code_any_other_name_is_not_active(status):
    assert because(None, status) is Unmapped.NOT_ACTIVE


def test_an_active_employee_who_works_elsewhere_is_not_mapped():
    assert because(works_in="Pemerintah Provinsi Riau") is Unmapped.WORKS_ELSEWHERE


@pytest.mark.parametrize("works_in", ["PEMERINTAH KOTA DUMAI", "Pemerintah  Kota Dumai "])
def test_the_place_of_work_is_compared_without_case_and_spacing(works_in):
    assert because(works_in=works_in) is None


def test_an_inactive_employee_elsewhere_is_listed_as_inactive():
    assert because("02", works_in="Pemerintah Provinsi Riau") is Unmapped.NOT_ACTIVE
