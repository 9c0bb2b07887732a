"""Each box recommends what the appendix of PermenPANRB 3/2020 says, and feeds the pools it names."""

from itertools import pairwise

import pytest

from app.domain.development import FORMS_BY_GAP, SHARES, Form, aspect_code, competency_code
from app.domain.evidence import COMPETENCIES, POTENTIAL_ASPECTS
from app.domain.messages import SENTENCES
from app.domain.nine_box import BOXES, Category, box_of
from app.domain.recommendations import ACTIONS_OF, Action, Pool, categories_of, pools_of


@pytest.mark.parametrize(
    ("box", "labels"),
    [
        (9, "Dipromosikan · Dipertahankan · Masuk Kelompok Rencana Suksesi · Penghargaan"),
        (8, "Dipertahankan · Masuk Kelompok Rencana Suksesi · Rotasi · Perluasan jabatan · Bimbingan kinerja"),
        (
            7,
            (
                "Dipertahankan · Masuk Kelompok Rencana Suksesi · Rotasi · Pengayaan jabatan · Pengembangan kompetensi"
                " · Tugas belajar"
            ),
        ),
        (6, "Penempatan yang sesuai · Bimbingan kinerja · Konseling kinerja"),
        (5, "Penempatan yang sesuai · Bimbingan kinerja · Pengembangan kompetensi"),
        (4, "Rotasi · Pengembangan kompetensi"),
        (3, "Bimbingan kinerja · Konseling kinerja · Pengembangan kompetensi · Penempatan yang sesuai"),
        (2, "Bimbingan kinerja · Pengembangan kompetensi · Penempatan yang sesuai"),
        (1, "Diproses sesuai ketentuan peraturan perundangan"),
    ],
)
def test_a_box_recommends_what_the_appendix_says(box, labels):
    assert " · ".join(SENTENCES[action.sentence_code][0] for action in ACTIONS_OF[box]) == labels


def test_every_action_is_recommended_for_some_box():
    assert {action for actions in ACTIONS_OF.values() for action in actions} == set(Action)


@pytest.mark.parametrize("box", BOXES)
def test_a_box_stands_for_the_categories_that_lead_to_it(box):
    assert box_of(*categories_of(box)) == box


def test_box_seven_is_high_performance_and_middle_potential():
    assert categories_of(7) == (Category.HIGH, Category.MIDDLE)


def test_whoever_is_in_the_succession_pool_is_recommended_for_it():
    assert {box for box in BOXES if pools_of(box)} == {7, 8, 9}
    assert {box for box in BOXES if Pool.NATIONAL in pools_of(box)} == {9}
    assert {box for box, actions in ACTIONS_OF.items() if Action.SUCCESSION_POOL in actions} == {7, 8, 9}


def test_forms_of_development_share_the_whole_effort_and_grow_with_the_gap():
    assert sum(SHARES.values()) == 100
    forms = [set(FORMS_BY_GAP[gap]) for gap in sorted(FORMS_BY_GAP)]
    assert all(smaller < larger for smaller, larger in pairwise(forms))
    assert forms[-1] == set(Form)


def test_everything_of_a_plan_has_its_words():
    codes = [
        *(competency_code(one) for one in COMPETENCIES),
        *(aspect_code(one) for one in POTENTIAL_ASPECTS),
        *(form.sentence_code for form in Form),
    ]
    assert set(codes) <= set(SENTENCES)
