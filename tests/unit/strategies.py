"""What properties are tried with: people with all kinds of evidence, dated around the edges of windows."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from hypothesis import strategies as st

from app.domain.careers import PositionLevel
from app.domain.evidence import ASPECTS, COMPLETE_REGISTERS, Entry, Kind, Record, years_before
from app.domain.rubric import DirectValue
from app.domain.rubric_document import parse_rubric

RUBRICS = Path(__file__).parents[2] / "migrations" / "rubrics"
BKN_411_DOCUMENT = json.loads((RUBRICS / "bkn-411-2025-v1.json").read_text(encoding="utf-8"))
BKN_411 = parse_rubric(BKN_411_DOCUMENT)
OF_INSTITUTIONS = [
    parse_rubric(json.loads(path.read_text(encoding="utf-8")))
    for folder in (RUBRICS, Path(__file__).parents[1] / "data" / "rubrics")
    for path in sorted(folder.glob("*.json"))
]
"""All that the repository ships, and others that show what rubrics can be."""
INSTRUMENTS = sorted(
    {
        one.measure.instrument
        for rubric in OF_INSTITUTIONS
        for leaf in (leaf for tree in rubric.trees for leaf in tree.leaves)
        for one in (leaf, *getattr(leaf.measure, "parts", ()))
        if isinstance(one.measure, DirectValue)
    }
)
INSTITUTION = "Pemerintah Kota Dumai"

Fields = dict[str, object]

PREDICATES = ("very_good", "good", "needs_improvement", "poor", "very_poor")
RATINGS = ("below", "as_expected", "above")
AWARDS = ("institution", "cross_institution", "national", "international")
TEAM_ROLES = ("member_internal", "member_cross_institution", "lead_internal", "lead_cross_institution")
TRAININGS = ("technical", "functional", "structural", "certification")
ACTINGS = ("acting_daily_same", "acting_daily_higher", "acting_same", "acting_higher", "acting_regional_head")
DIPLOMAS = ("slta", "d3", "d4", "s1", "s2", "s3")
SEVERITIES = ("light", "medium", "heavy")
LEVELS = tuple(PositionLevel)

as_of_days = st.one_of(
    st.sampled_from([date(2025, 12, 4), date(2024, 2, 29), date(2027, 2, 28), date(2025, 3, 1), date(2026, 1, 1)]),
    st.dates(date(2005, 1, 1), date(2035, 12, 31)),
)

# A day is drawn as (years before the day of mapping, days after that): one strategy serves every day of mapping.
_EDGES = [(years, days) for years in (0, 1, 2, 3, 5) for days in (-1, 0, 1)]
_PAST = [(years, -days) for years in range(13) for days in (20, 75, 190)]
_FUTURE = [(0, 30), (0, 400)]
_days = st.sampled_from(_EDGES + _PAST + _FUTURE)
_past = st.sampled_from([(0, 0), *_PAST])
_years = st.integers(-3, 1)  # after the year of mapping


def _blanks_allowed(words: tuple[str, ...]) -> st.SearchStrategy[str | None]:
    return st.sampled_from([*words, None])


def _levels(kind: Kind, lowest: int) -> st.SearchStrategy[tuple[int | None, ...]]:
    """A level of every aspect, drawn at once as the digits of one number; 0 is a blank."""
    base, size = 6 - lowest, len(ASPECTS[kind])
    numbers = st.integers(0, base**size - 1)
    return numbers.map(lambda number: tuple(lowest + number // base**n % base or None for n in range(size)))


def _rows(**fields: st.SearchStrategy[object]) -> st.SearchStrategy[Fields]:
    return st.fixed_dictionaries(fields)


_level_codes = st.one_of(
    st.sampled_from(["administrator", "pengawas", None]), st.sampled_from([one.value for one in LEVELS])
)
_position = {
    "code": _level_codes,
    "unit": st.sampled_from([None, "U1", "U2", "U3"]),
    "institution": st.sampled_from([None, INSTITUTION, " pemerintah  KOTA dumai", "Pemerintah Provinsi Riau"]),
}
_rows_of: Mapping[Kind, st.SearchStrategy[Fields]] = {
    Kind.PERFORMANCE_APPRAISAL: _rows(code=_blanks_allowed(PREDICATES), year=_years),
    Kind.WORK_RESULT: _rows(code=_blanks_allowed(RATINGS), year=_years),
    Kind.FEEDBACK_360: _rows(code=_blanks_allowed(PREDICATES), year=_years),
    Kind.ASSESSMENT_SCORE: _rows(
        code=st.sampled_from(INSTRUMENTS), begins=_days, value=st.integers(0, 210) | st.integers(0, 110_000_000)
    ),
    Kind.AWARD: _rows(code=st.sampled_from([*AWARDS, "unheard_of"]), begins=_days),
    Kind.TEAM_ASSIGNMENT: _rows(code=_blanks_allowed(TEAM_ROLES), begins=_days, ends=st.none() | _days),
    Kind.COMPETENCY_ASSESSMENT: _rows(begins=_days, levels=_levels(Kind.COMPETENCY_ASSESSMENT, 0)),
    Kind.POTENTIAL_ASSESSMENT: _rows(begins=_days, levels=_levels(Kind.POTENTIAL_ASSESSMENT, 0)),
    Kind.TRAINING: _rows(code=_blanks_allowed(TRAININGS), begins=_days),
    Kind.POSITION: _rows(**_position, begins=_days),
    Kind.ACTING: _rows(code=_blanks_allowed(ACTINGS), begins=_days),
    Kind.EDUCATION: _rows(code=_blanks_allowed(DIPLOMAS)),
    Kind.SANCTION: _rows(code=_blanks_allowed(SEVERITIES), begins=_days, ends=st.none() | _days),
}
_most_rows = {Kind.ASSESSMENT_SCORE: 9, Kind.COMPETENCY_ASSESSMENT: 2, Kind.POTENTIAL_ASSESSMENT: 2, Kind.TRAINING: 9}
_any_rows = st.fixed_dictionaries(
    {kind: st.lists(rows, max_size=_most_rows.get(kind, 3)) for kind, rows in _rows_of.items()}
)
# One usable row of every kind whose absence would be unknown: with it, most axes have a value.
_usable_rows = st.fixed_dictionaries(
    {
        Kind.PERFORMANCE_APPRAISAL: _rows(code=st.sampled_from(PREDICATES), year=st.just(-1)),
        Kind.FEEDBACK_360: _rows(code=st.sampled_from(PREDICATES), year=st.just(0)),
        Kind.COMPETENCY_ASSESSMENT: _rows(begins=st.just((0, 0)), levels=_levels(Kind.COMPETENCY_ASSESSMENT, 1)),
        Kind.POTENTIAL_ASSESSMENT: _rows(begins=st.just((0, 0)), levels=_levels(Kind.POTENTIAL_ASSESSMENT, 1)),
        Kind.POSITION: _rows(**_position, begins=_past),
        Kind.EDUCATION: _rows(code=st.sampled_from(DIPLOMAS)),
    }
)
_checks = st.one_of(st.just(COMPLETE_REGISTERS), st.frozensets(st.sampled_from(sorted(COMPLETE_REGISTERS))))


def _entry(number: int, fields: Fields, as_of: date) -> Entry:
    found = dict(fields)
    for name in ("begins", "ends"):
        if (drawn := found.get(name)) is not None:
            years, days = drawn
            found[name] = years_before(as_of, years) + timedelta(days=days)
    if "year" in found:
        found["year"] += as_of.year
    return Entry(id=number, **found)


@st.composite
def records(draw, as_of: date, first_id: int = 1) -> Record:
    """All evidence about one person; ids count from `first_id`."""
    rows = {kind: [dict(row) for row in drawn] for kind, drawn in draw(_any_rows).items()}
    if draw(st.booleans()):
        for kind, row in draw(_usable_rows).items():
            rows[kind].append(dict(row))
    if draw(st.booleans()):  # rows of one day, so that ids decide
        for own in rows.values():
            for row in own:
                row.update({name: own[-1][name] for name in ("begins", "year") if name in row})
    numbers = iter(range(first_id, first_id + sum(map(len, rows.values()))))
    return Record(
        entries={kind: tuple(_entry(next(numbers), row, as_of) for row in own) for kind, own in rows.items() if own},
        checked=draw(_checks),
        level=draw(st.sampled_from([None, *LEVELS])),
    )


@st.composite
def people(draw) -> tuple[date, Record]:
    """A day of mapping and somebody to map."""
    as_of = draw(as_of_days)
    return as_of, draw(records(as_of))


@st.composite
def batches(draw) -> tuple[date, tuple[Record, ...]]:
    """A day of mapping and one to six people, no two of whose rows have the same id."""
    as_of = draw(as_of_days)
    size = draw(st.integers(1, 6))
    return as_of, tuple(draw(records(as_of, first_id=1 + 1000 * person)) for person in range(size))
