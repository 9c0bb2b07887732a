"""What requirements find: the regulation's examples, and that only what is certain is decided."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.candidates import LEVELS, Candidate, Employment, Given, Target
from app.domain.careers import PositionLevel
from app.domain.messages import SENTENCES
from app.domain.requirements import Comparison, Field, Outcome, Requirement
from app.domain.verdicts import verdict
from tests.candidates import (
    AS_OF,
    ON,
    a_candidate,
    a_requirement,
    a_target,
    a_word,
    every_kind_of_requirement,
    forgotten,
    somebody_known,
)

NOTHING = Given()
MET, NOT_MET, NEEDS_VERIFICATION = Outcome
PRATAMA = Target(on=ON, level=PositionLevel.JPT_PRATAMA, government_affair="health", standard=(4,) * 9)
MANAGING_CHANGE = 6


def required(field: Field, comparison: Comparison, threshold: object = None, **but: object) -> Requirement:
    words = {"code": field.value, "label_id": "Syarat", "label_en": "Requirement", "legal_basis": "PP 11/2017"}
    return Requirement(field=field, comparison=comparison, threshold=threshold, **(words | but))


def somebody(**known: object) -> Candidate:
    return Candidate(id=UUID(int=1), as_of=AS_OF, **known)


def days_at(**days: int) -> tuple[int, ...]:
    return tuple(days.get(level.value, 0) for level in LEVELS)


def outcome(requirement: Requirement, target: Target = PRATAMA, **known: object) -> Outcome:
    return verdict(requirement, somebody(**known), target, NOTHING).outcome


# ── PP 11/2017 jo. PP 17/2020, art. 107: high leadership posts

AT_MOST_56 = required(Field.AGE, Comparison.AT_MOST, 56)
AT_MOST_58 = required(Field.AGE, Comparison.AT_MOST, 58)
BACHELOR = required(Field.EDUCATION, Comparison.AT_LEAST, "s1")
FIVE_YEARS_RELATED = required(Field.RELATED_EXPERIENCE, Comparison.AT_LEAST, 60)
TWO_YEARS_ADMINISTRATOR = required(Field.TIME_AT_LEVELS, Comparison.AT_LEAST, 24, of=("administrator", "jf_ahli_madya"))
PNS = required(Field.EMPLOYMENT, Comparison.ONE_OF, ("pns",))


@pytest.mark.parametrize(
    ("requirement", "born_on", "expected"),
    [
        (AT_MOST_56, date(1970, 3, 2), MET),
        (AT_MOST_56, date(1969, 3, 3), MET),
        (AT_MOST_56, date(1969, 3, 2), NOT_MET),
        (AT_MOST_58, date(1967, 3, 3), MET),
        (AT_MOST_58, date(1967, 3, 2), NOT_MET),
        (AT_MOST_56, None, NEEDS_VERIFICATION),
    ],
)
def test_art_107_age_is_in_completed_years_on_the_day_of_inauguration(
    requirement: Requirement, born_on: date | None, expected: Outcome
) -> None:
    assert outcome(requirement, born_on=born_on) is expected


@pytest.mark.parametrize(("rank", "expected"), [(2, NOT_MET), (3, MET), (5, MET), (None, NEEDS_VERIFICATION)])
def test_art_107_asks_for_a_bachelor_or_diploma_iv(rank: int | None, expected: Outcome) -> None:
    assert outcome(BACHELOR, education_rank=rank) is expected


def test_art_107_asks_for_a_civil_servant() -> None:
    found = [outcome(PNS, employment=one) for one in (Employment.PNS, Employment.PPPK, None)]
    assert found == [MET, NOT_MET, NEEDS_VERIFICATION]


def test_art_107_five_years_of_related_experience_add_up_over_posts() -> None:
    """Two years in health long ago, and health again since 2 March 2023; 2024 had a day more than a year needs."""
    career = {
        "service_from": date(2010, 3, 2),
        "history_from": date(2010, 3, 2),
        "affair_days": {"health": 730, "finance": 4018},
        "unplaced_days": 0,
        "government_affair": "health",
        "affair_since": date(2023, 3, 2),
        "post_since": date(2023, 3, 2),
    }
    assert outcome(FIVE_YEARS_RELATED, **career) is MET
    finding = verdict(FIVE_YEARS_RELATED, somebody(**career), replace(PRATAMA, on=ON - timedelta(30)), NOTHING)
    assert (finding.outcome, finding.met_on) == (NOT_MET, ON - timedelta(1))


def test_art_107_two_years_as_administrator_count_now_or_earlier() -> None:
    earlier = {"closed_days": days_at(administrator=730), "level": PositionLevel.PENGAWAS, "level_since": ON}
    now = {"closed_days": days_at(), "level": PositionLevel.ADMINISTRATOR, "level_since": date(2024, 3, 2)}
    for career in (earlier, now):
        assert outcome(TWO_YEARS_ADMINISTRATOR, service_from=date(2005, 3, 2), **career) is MET


# ── art. 54: administrators and supervisors

THREE_YEARS_PENGAWAS = required(Field.TIME_AT_LEVELS, Comparison.AT_LEAST, 36, of=("pengawas", "jf_ahli_muda"))
FOUR_YEARS_PELAKSANA = required(Field.TIME_AT_LEVELS, Comparison.AT_LEAST, 48, of=("pelaksana",))
DIPLOMA_III = required(Field.EDUCATION, Comparison.AT_LEAST, "d3")
TWO_GOOD_YEARS = required(Field.APPRAISALS, Comparison.AT_LEAST, "good", years=2)


def test_art_54_an_anniversary_completes_the_years_at_a_level() -> None:
    pengawas = {"closed_days": days_at(), "level": PositionLevel.PENGAWAS, "service_from": date(2023, 3, 5)}
    assert outcome(THREE_YEARS_PENGAWAS, level_since=date(2023, 3, 2), **pengawas) is MET
    late = verdict(THREE_YEARS_PENGAWAS, somebody(level_since=date(2023, 3, 5), **pengawas), PRATAMA, NOTHING)
    assert (late.outcome, late.met_on) == (NOT_MET, date(2026, 3, 4))
    assert outcome(DIPLOMA_III, education_rank=2) is MET


IN_FIELD = replace(THREE_YEARS_PENGAWAS, is_in_field=True)
AUDITOR_SINCE_2020 = {
    "service_from": date(2014, 3, 2),
    "level": PositionLevel.JF_AHLI_MUDA,
    "level_since": date(2020, 3, 2),
    "post_since": date(2024, 3, 2),
    "affair_since": date(2024, 3, 2),
    "closed_days": days_at(pelaksana=2192),
}


@pytest.mark.parametrize(
    ("before", "now", "family", "expected"),
    [
        ("health", "health", None, MET),
        ("finance", "finance", None, NOT_MET),
        ("finance", "health", None, NOT_MET),
        ("health", "finance", None, MET),
        ("finance", None, None, NOT_MET),
        ("health", None, None, MET),
        ("?", "health", None, NEEDS_VERIFICATION),
        ("finance", "finance", "auditor", NOT_MET),
        ("?", "finance", "auditor", NEEDS_VERIFICATION),
    ],
)
def test_art_54_functional_posts_count_only_in_the_field_of_the_post(
    before: str, now: str | None, family: str | None, expected: Outcome
) -> None:
    """JF ahli muda for four years until 2024 and two since then; three are asked for, in the field of health."""
    career = {**AUDITOR_SINCE_2020, "functional_days": {"jf_ahli_muda": {before: 1461}}, "government_affair": now}
    assert outcome(THREE_YEARS_PENGAWAS, **career) is MET
    target = replace(PRATAMA, job_family="auditor")
    assert outcome(IN_FIELD, target, job_family=family or "perencana", **career) is expected
    unsaid = replace(PRATAMA, government_affair=None)
    assert outcome(IN_FIELD, unsaid, job_family=family, **career) is NEEDS_VERIFICATION


def test_art_54_the_present_functional_post_is_in_the_field_of_its_job_family_too() -> None:
    since_2020 = {"post_since": date(2020, 3, 2), "functional_days": {}, "government_affair": "finance"}
    career = AUDITOR_SINCE_2020 | since_2020
    target = replace(PRATAMA, job_family="auditor")
    found = [outcome(IN_FIELD, target, job_family=one, **career) for one in ("auditor", "perencana", None)]
    assert found == [MET, NOT_MET, NEEDS_VERIFICATION]


def test_art_54_managerial_posts_count_in_any_field() -> None:
    career = {"closed_days": days_at(pengawas=1461), "service_from": date(2014, 3, 2), "functional_days": {}}
    assert outcome(IN_FIELD, **career) is MET


def test_art_54_time_that_nobody_has_accounted_for_may_count() -> None:
    """On record since 2024: in service since 2015, nine years may have been anything; since 2023, too few are left."""
    since_2024 = {"closed_days": days_at(), "level": PositionLevel.PELAKSANA, "level_since": date(2024, 3, 2)}
    assert outcome(FOUR_YEARS_PELAKSANA, service_from=date(2015, 3, 2), **since_2024) is NEEDS_VERIFICATION
    assert outcome(FOUR_YEARS_PELAKSANA, service_from=date(2023, 3, 2), **since_2024) is NOT_MET
    assert outcome(FOUR_YEARS_PELAKSANA, **since_2024) is NEEDS_VERIFICATION


@pytest.mark.parametrize(
    ("appraisals", "expected"),
    [
        ((4, 5, None, None, None), MET),
        ((4, 3, 5, 5, 5), NOT_MET),
        ((4, None, 1, 1, 1), NEEDS_VERIFICATION),
        ((None, 3, None, None, None), NOT_MET),
        ((), NEEDS_VERIFICATION),
    ],
)
def test_art_54_performance_is_good_in_both_of_the_last_two_years(
    appraisals: tuple[int | None, ...], expected: Outcome
) -> None:
    assert outcome(TWO_GOOD_YEARS, appraisals=appraisals) is expected


def test_a_year_that_ends_after_the_map_counts_against_nobody() -> None:
    """As of 4 December 2025 nobody is appraised for 2025, though the inauguration is in 2026."""
    assert outcome(TWO_GOOD_YEARS, appraised_to=2024, appraisals=(4, 4, None, None, None)) is MET


# ── competence and sanctions

EIGHTY_PERCENT = required(Field.COMPETENCE, Comparison.AT_LEAST, 80, years=3)


def test_a_level_above_the_standard_makes_up_for_nothing() -> None:
    """All nine at the standard of 4 but one at 1: 33 of 36; three at 1 are 27 of 36, also with fives elsewhere."""
    assessed = {"assessed_on": date(2025, 4, 3)}
    assert outcome(EIGHTY_PERCENT, competencies=(4,) * 8 + (1,), **assessed) is MET
    assert outcome(EIGHTY_PERCENT, competencies=(5,) * 6 + (1,) * 3, **assessed) is NOT_MET


def test_a_blank_level_needs_verification_only_where_it_could_decide() -> None:
    levels = [4] * 9
    levels[MANAGING_CHANGE] = None
    assert outcome(EIGHTY_PERCENT, competencies=tuple(levels), assessed_on=date(2025, 4, 3)) is MET
    assert outcome(EIGHTY_PERCENT, competencies=(1,) * 8 + (None,), assessed_on=date(2025, 4, 3)) is NOT_MET
    assert (
        outcome(EIGHTY_PERCENT, competencies=(4,) * 3 + (3,) * 5 + (None,), assessed_on=date(2025, 4, 3))
        is NEEDS_VERIFICATION
    )


@pytest.mark.parametrize(
    ("assessed_on", "expected"),
    [(date(2023, 3, 2), MET), (date(2023, 3, 1), NEEDS_VERIFICATION), (None, NEEDS_VERIFICATION)],
)
def test_an_assessment_out_of_date_on_the_day_needs_verification(assessed_on: date | None, expected: Outcome) -> None:
    assert outcome(EIGHTY_PERCENT, competencies=(5,) * 9, assessed_on=assessed_on) is expected


SERVES_NONE = required(Field.SANCTION_FREE, Comparison.IS_TRUE)
NONE_FOR_TWO_YEARS = required(Field.SANCTION_FREE, Comparison.IS_TRUE, 24, of=("medium", "heavy"))


@pytest.mark.parametrize(
    ("until", "is_checked", "expected", "met_on"),
    [
        (None, True, MET, None),
        (None, False, NEEDS_VERIFICATION, None),
        (ON - timedelta(1), True, MET, None),
        (ON - timedelta(1), False, NEEDS_VERIFICATION, None),
        (ON, True, NOT_MET, ON + timedelta(1)),
        (ON, False, NOT_MET, None),
        (date.max, True, NEEDS_VERIFICATION, None),
    ],
)
def test_who_serves_a_sanction_on_the_day_waits_for_its_end(
    until: date | None, is_checked: bool, expected: Outcome, met_on: date | None
) -> None:
    candidate = somebody(sanctioned_until=until, are_sanctions_known=is_checked)
    finding = verdict(SERVES_NONE, candidate, PRATAMA, NOTHING)
    assert (finding.outcome, finding.met_on) == (expected, met_on)


def test_past_sanctions_of_the_severities_asked_for_count_for_so_many_months() -> None:
    began, light = (None, date(2024, 3, 3), None), (date(2026, 1, 1), None, date(2024, 3, 2))
    finding = verdict(NONE_FOR_TWO_YEARS, somebody(sanctioned_on=began, are_sanctions_known=True), PRATAMA, NOTHING)
    assert (finding.outcome, finding.met_on) == (NOT_MET, date(2026, 3, 3))
    assert outcome(NONE_FOR_TWO_YEARS, sanctioned_on=light, are_sanctions_known=True) is MET


# ── verification


def test_a_verification_decides_what_the_evidence_leaves_open_and_nothing_else() -> None:
    word = Given(verified={"age": True, "education": False})
    assert verdict(AT_MOST_56, somebody(), PRATAMA, word).outcome is MET
    assert verdict(BACHELOR, somebody(), PRATAMA, word).outcome is NOT_MET
    against = verdict(AT_MOST_56, somebody(born_on=date(1960, 1, 1)), PRATAMA, word)
    assert (against.outcome, against.is_verified) == (NOT_MET, False)


# ── properties


@given(seed=st.integers(0, 2**32), kind=st.sampled_from(every_kind_of_requirement()))
@settings(max_examples=200, deadline=None)
def test_what_is_decided_in_spite_of_gaps_stays_decided_when_they_are_filled(
    seed: int, kind: tuple[Field, Comparison]
) -> None:
    """So an unknown that turns out well never makes anybody ineligible, and no other outcome worse."""
    lot = Random(seed)  # noqa: S311 - to try things with
    requirement, target = a_requirement(lot, *kind), a_target(lot)
    known, posts = somebody_known(lot)
    with_gaps = verdict(requirement, forgotten(lot, known, posts), target, NOTHING).outcome
    truth = verdict(requirement, known, target, NOTHING).outcome
    assert with_gaps in {truth, NEEDS_VERIFICATION}


@given(seed=st.integers(0, 2**32), kind=st.sampled_from(every_kind_of_requirement()))
@settings(max_examples=200, deadline=None)
def test_the_day_time_helps_is_the_first_on_which_it_is_met(seed: int, kind: tuple[Field, Comparison]) -> None:
    lot = Random(seed)  # noqa: S311 - to try things with
    requirement, target, candidate = a_requirement(lot, *kind), a_target(lot), a_candidate(lot)
    day = verdict(requirement, candidate, target, NOTHING).met_on
    if day is not None:
        assert day > target.on
        assert verdict(requirement, candidate, replace(target, on=day), NOTHING).outcome is MET
        assert verdict(requirement, candidate, replace(target, on=day - timedelta(1)), NOTHING).outcome is not MET


@given(seed=st.integers(0, 2**32), kind=st.sampled_from(every_kind_of_requirement()))
@settings(max_examples=200, deadline=None)
def test_every_finding_says_the_fact_and_an_open_one_what_is_missing(seed: int, kind: tuple[Field, Comparison]) -> None:
    lot = Random(seed)  # noqa: S311 - to try things with
    finding = verdict(a_requirement(lot, *kind), a_candidate(lot), a_target(lot), a_word(lot))
    assert all(finding.detail.values())
    assert bool(finding.missing) == (finding.outcome is NEEDS_VERIFICATION)
    assert all(name in SENTENCES for name in finding.missing)
