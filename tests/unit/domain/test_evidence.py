from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.evidence import (
    Entry,
    Kind,
    Record,
    completed_years,
    decisive_day,
    is_within,
    same_institution,
    years_before,
)

AS_OF = date(2025, 12, 4)
DAY = timedelta(days=1)
days = st.dates(date(1990, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("day", "years", "earlier"),
    [
        (AS_OF, 5, date(2020, 12, 4)),
        (AS_OF, 0, AS_OF),
        (date(2024, 2, 29), 4, date(2020, 2, 29)),
        (date(2024, 2, 29), 3, date(2021, 2, 28)),
        (date(2025, 2, 28), 1, date(2024, 2, 28)),
        (date(2025, 3, 1), 1, date(2024, 3, 1)),
    ],
)
def test_years_before_keep_the_day_and_29_february_becomes_28_february(day, years, earlier):
    assert years_before(day, years) == earlier


@pytest.mark.parametrize(
    ("day", "is_inside"),
    [
        (date(2020, 12, 3), False),
        (date(2020, 12, 4), True),
        (date(2023, 1, 1), True),
        (AS_OF, True),
        (AS_OF + DAY, False),
        (None, False),
    ],
)
def test_a_window_includes_both_its_edges_and_no_future_day(day, is_inside):
    assert is_within(day, AS_OF, 5) is is_inside


@pytest.mark.parametrize(("day", "is_inside"), [(date(2021, 2, 27), False), (date(2021, 2, 28), True)])
def test_a_window_that_would_begin_on_29_february_begins_on_28_february(day, is_inside):
    assert is_within(day, date(2024, 2, 29), 3) is is_inside


@pytest.mark.parametrize(
    ("day", "is_inside"), [(date(1970, 1, 1), True), (AS_OF, True), (AS_OF + DAY, False), (None, False)]
)
def test_without_a_window_every_day_but_a_future_one_counts(day, is_inside):
    assert is_within(day, AS_OF, None) is is_inside


@given(days, days, st.integers(0, 9))
def test_a_longer_window_never_loses_a_day(day, as_of, years):
    assert is_within(day, as_of, years + 1) >= is_within(day, as_of, years)


@pytest.mark.parametrize(
    ("since", "until", "years"),
    [
        (date(2020, 12, 4), AS_OF, 5),
        (date(2020, 12, 5), AS_OF, 4),
        (AS_OF, AS_OF, 0),
        (date(2025, 1, 1), AS_OF, 0),
        (date(2020, 2, 29), date(2025, 2, 28), 4),
        (date(2020, 2, 29), date(2025, 3, 1), 5),
        (date(2020, 2, 29), date(2024, 2, 29), 4),
    ],
)
def test_a_year_is_completed_on_its_anniversary(since, until, years):
    assert completed_years(since, until) == years


@given(days, days)
def test_completed_years_never_shrink_from_one_day_to_the_next(since, until):
    assert completed_years(since, until) <= completed_years(since, until + DAY) <= completed_years(since, until) + 1


def test_a_finished_team_counts_by_its_last_day():
    team = Entry(1, begins=date(2022, 1, 1), ends=date(2024, 6, 30))
    assert decisive_day(Kind.TEAM_ASSIGNMENT, team, AS_OF) == date(2024, 6, 30)


def test_a_running_team_counts_as_of_the_day_of_mapping():
    assert decisive_day(Kind.TEAM_ASSIGNMENT, Entry(1, begins=date(2015, 1, 1)), AS_OF) == AS_OF


@pytest.mark.parametrize("kind", [Kind.PERFORMANCE_APPRAISAL, Kind.FEEDBACK_360])
def test_a_yearly_row_counts_by_the_last_day_of_its_year(kind):
    assert decisive_day(kind, Entry(1, year=2024), AS_OF) == date(2024, 12, 31)


@pytest.mark.parametrize("kind", [Kind.AWARD, Kind.TRAINING, Kind.POSITION, Kind.ACTING, Kind.SANCTION])
def test_any_other_row_counts_by_the_day_it_begins(kind):
    row = Entry(1, begins=date(2021, 5, 6), ends=date(2022, 5, 6))
    assert decisive_day(kind, row, AS_OF) == date(2021, 5, 6)


def test_a_diploma_without_a_date_has_no_decisive_day():
    assert decisive_day(Kind.EDUCATION, Entry(1, "s1"), AS_OF) is None


@pytest.mark.parametrize(
    "name",
    [None, "Pemerintah Kota Dumai", "PEMERINTAH KOTA DUMAI", " pemerintah  kota\tDumai ", "Pemerintah Kota\nDumai"],
)
def test_case_and_spacing_do_not_make_another_institution(name):
    assert same_institution(name, "Pemerintah Kota Dumai")


@pytest.mark.parametrize("name", ["Pemerintah Provinsi Riau", "Pemerintah Kota", "PemerintahKotaDumai"])
def test_another_name_is_another_institution(name):
    assert not same_institution(name, "Pemerintah Kota Dumai")


def test_a_record_has_no_rows_of_a_kind_nobody_delivered():
    assert Record().of(Kind.AWARD) == ()
