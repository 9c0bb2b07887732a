"""What an invented person becomes: the staged columns, and the statements that make the rows of every table of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import asyncpg
import numpy as np

from app.dev.nation.governments import Government
from app.dev.nation.people import LEAVES, LEVELS, STUDIES, Columns
from app.dev.seed.folders import DEMO_AS_OF
from app.dev.seed.names import ECHELONS, FAMILY_NAMES, FEMALE_NAMES, KINDS
from app.domain.careers import PositionLevel
from app.domain.government_affairs import CATALOGUE
from app.domain.nine_box import BOX_OF, CATEGORIES

RUBRIC: Final = ("pu-djbk", 1)
"""Everybody is placed by the shipped rubric with the fewest leaves, which keeps a placement small."""
BESIDE: Final = ("institution", "org_unit", "unit_affair", "ledger_entry")

_UUIDS = ("talent_id", "person_id", "candidate_id", "card_id", "consent_id")
_DAYS = (
    *("born_on", "started_on", "level_since", "post_since", "history_from", "affair_since", "assessed_on"),
    *("sanctioned_on", "sanctioned_until"),
)
_LONG = ("nip", "potential", "known", *(f"points_{number}" for number in range(LEAVES)))
_INTEGERS = ("name", "last_days", "earlier_days", "past_affair_days", "unplaced_days", "training_hours")
_SMALL = (
    *("institution", "level", "sex", "is_contract", "study", "education_rank", "graduated_in", "grade"),
    *("last_level", "earlier_level", "knows_history", "affair", "past_affair", "job_family"),
    *(f"appraisal_{back}" for back in range(5)),
    *(f"competency_{number}" for number in range(9)),
    *("are_sanctions_known", "severity", "leadership", "is_listed", "performance_category", "box", "reach"),
)
_TYPES: Final = {
    **dict.fromkeys(_UUIDS, ("uuid", "V16", 16)),
    **dict.fromkeys(_DAYS, ("date", ">i4", 4)),
    **dict.fromkeys(_LONG, ("bigint", ">i8", 8)),
    **dict.fromkeys(_INTEGERS, ("integer", ">i4", 4)),
    **dict.fromkeys(_SMALL, ("smallint", ">i2", 2)),
}
STAGED: Final = tuple(_TYPES)
_HEADER, _TRAILER = b"PGCOPY\n\xff\r\n\x00" + bytes(8), b"\xff\xff"


def encoded(people: Columns) -> bytes:
    """Columns as the file that COPY reads: every value has a fixed width, so that the rows are one array."""
    layout = [("fields", ">i2")]
    for name, (_, kind, _) in _TYPES.items():
        layout += [(f"{name} length", ">i4"), (name, kind)]
    written = np.empty(len(people["nip"]), np.dtype(layout))
    written["fields"] = len(_TYPES)
    for name, (_, kind, width) in _TYPES.items():
        written[f"{name} length"] = width
        written[name] = people[name].view(kind)[:, 0] if kind == "V16" else people[name]
    return _HEADER + written.tobytes() + _TRAILER


async def prepare(connection: asyncpg.Connection, nation: Sequence[Government], laid: datetime) -> None:
    """The institutions with a unit for each affair, and what staged numbers stand for."""
    columns = ", ".join(f"{name} {kind}" for name, (kind, _, _) in _TYPES.items())
    await connection.execute(f"CREATE TEMP TABLE stage_person ({columns}) ON COMMIT DROP")
    for name, (definition, told) in _words(nation).items():
        await connection.execute(f"CREATE TEMP TABLE {name} ({definition}) ON COMMIT DROP")
        await connection.copy_records_to_table(name, records=told)
        await connection.execute(f"ANALYZE {name}")
    for statement in _INSTITUTIONS:
        await connection.execute(statement, *((laid,) if "$1" in statement else ()))


def _words(nation: Sequence[Government]) -> dict[str, tuple[str, list[tuple[object, ...]]]]:
    names = [f"{given} {family}".upper() for given in FEMALE_NAMES for family in FAMILY_NAMES]
    boxes = [(first * 3 + lowest) * 3 + highest for first in range(3) for lowest in range(3) for highest in range(3)]
    reached = [sorted(BOX_OF[at // 9][at // 3 % 3 : at % 3 + 1]) for at in boxes]
    return {
        "stage_institution": (
            "number smallint, id uuid, name text, province text",
            [(one.number, one.id, one.name, one.province) for one in nation],
        ),
        "stage_level": (
            "number smallint, code text, type_id text, type text, echelon_id text, echelon text, title text",
            [(number, level.value, *_post(level)) for number, level in enumerate(LEVELS)],
        ),
        "stage_affair": (
            "number smallint, code text, label text",
            [(number, affair.code, affair.label_id.upper()) for number, affair in enumerate(CATALOGUE)],
        ),
        "stage_name": ("number integer, name text", list(enumerate(names))),
        "stage_reach": (
            "number smallint, boxes smallint[], decided smallint",
            [(at, one, one[0] if len(one) == 1 else None) for at, one in zip(boxes, reached, strict=True)],
        ),
    }


_ECHELON: Final = {
    "jpt_utama": "I.a",
    "jpt_madya": "I.b",
    "jpt_pratama": "II.b",
    "administrator": "III.b",
    "pengawas": "IV.a",
}
_IDS: Final = {**ECHELONS, "I.a": "11", "I.b": "12"}


def _post(level: PositionLevel) -> tuple[str | None, ...]:
    """Kind, echelon and title of a post of a level."""
    if echelon := _ECHELON.get(level.value):
        return "1", KINDS["1"], _IDS[echelon], echelon, level.value.replace("_", " ").upper()
    kind = "4" if level is PositionLevel.PELAKSANA else "2"
    return kind, KINDS[kind], None, None, level.value.removeprefix("jf_").replace("_", " ").upper()


_INSTITUTIONS: Final = (
    f"""INSERT INTO institution (id, name, name_key, as_of, rubric_code, rubric_version, active_rubric_code,
            active_rubric_version, province_code, created_at)
        SELECT id, name, name_key(name), '{DEMO_AS_OF}', '{RUBRIC[0]}', {RUBRIC[1]}, '{RUBRIC[0]}', {RUBRIC[1]},
            province, $1 FROM stage_institution""",  # noqa: S608 - our own words
    """INSERT INTO org_unit (institution_id, id, name, parent_id, path)
        SELECT i.id, 'U', i.name, NULL, '{U}' FROM stage_institution i
        UNION ALL
        SELECT i.id, 'U-' || a.code, a.label, 'U', ARRAY['U', 'U-' || a.code]
        FROM stage_institution i CROSS JOIN stage_affair a""",
    """INSERT INTO unit_affair (institution_id, unit_id, government_affair, is_derived)
        SELECT i.id, 'U-' || a.code, a.code, true FROM stage_institution i CROSS JOIN stage_affair a""",
    """INSERT INTO ledger_entry (institution_id, role, subject, type, about_type, about_id, payload, recorded_at)
        SELECT id, 'operator', 'demo', 'institutionCreated', 'institution', id::text,
            jsonb_build_object('institution_id', id, 'name', name), $1 FROM stage_institution""",
)


def _known(name: str, unknown: str = "-1") -> str:
    return f"nullif(s.{name}, {unknown})"


def _day(name: str) -> str:
    return _known(name, "'-infinity'")


def _array(names: Sequence[str], kind: str) -> str:
    return f"ARRAY[{', '.join(names)}]::{kind}[]"


_STUDY = "(ARRAY[" + ", ".join(f"'{study}'" for study in STUDIES) + "])[s.study + 1]"
_UNIT = "CASE WHEN s.affair < 0 THEN 'U' ELSE 'U-' || a.code END"
_CATEGORY = "(ARRAY[" + ", ".join(f"'{one.value}'" for one in CATEGORIES) + "])[{} + 1]"
_POINTS = [f"s.points_{number}" for number in range(LEAVES)]
_POINTS[1] = "CASE WHEN s.potential >= 0 THEN s.points_1 END"
_REASONS = ["'finding.imported'"] * LEAVES
_REASONS[1] = "CASE WHEN s.potential >= 0 THEN 'finding.imported' ELSE 'finding.no_evidence' END"
_MISSING = "CASE WHEN s.potential >= 0 THEN '{}' ELSE '{potentialCompetence}' END::text[]"
_NOTHING = f"array_fill(NULL::{{}}, ARRAY[{LEAVES}])"
_CLOSED = [
    f"CASE {number} WHEN s.last_level THEN s.last_days WHEN s.earlier_level THEN s.earlier_days ELSE 0 END"
    for number in range(1, len(LEVELS) + 1)
]
_SANCTIONED = [f"CASE WHEN s.severity = {number} THEN s.sanctioned_on END" for number in (1, 2, 3)]
_COMPETENCIES = _array([f"s.competency_{number}" for number in range(9)], "smallint")
_APPRAISALS = _array([_known(f"appraisal_{back}") for back in range(5)], "smallint")
_PAST = "CASE WHEN s.past_affair >= 0 THEN jsonb_build_object(p.code, s.past_affair_days) ELSE '{}' END"
_HOURS = "CASE WHEN s.training_hours >= 0 THEN ARRAY[s.training_hours, 0, 0, 0, 0] END"
_VALUE = "CASE WHEN s.potential >= 0 THEN (s.points_0 + s.potential) / 2 END"
_PEOPLE = "stage_person s JOIN stage_institution i ON i.number = s.institution"
MADE: Final = (
    "INSERT INTO person (id) SELECT person_id FROM stage_person",
    f"""INSERT INTO person_nip (nip, person_id, known_since)
        SELECT nip::text, person_id, '{DEMO_AS_OF}' FROM stage_person""",  # noqa: S608 - our own words
    f"""INSERT INTO talent (institution_id, id, person_id, nip, name, born_on, sex, employment_type, legal_status_id,
            legal_status, candidate_from, grade_id, service_years, service_months, position_type_id, position_type,
            position, position_from, position_level, echelon_id, echelon, education_level, graduated_in, unit_id,
            working_institution, is_mapped)
        SELECT i.id, s.talent_id, s.person_id, s.nip::text, n.name, s.born_on,
            CASE s.sex WHEN 1 THEN 'male' ELSE 'female' END, CASE s.is_contract WHEN 1 THEN 'PPPK' ELSE 'PNS' END, '01',
            'Aktif', s.started_on, CASE s.is_contract WHEN 0 THEN s.grade::text END,
            ('{DEMO_AS_OF}'::date - s.started_on) / 365, ('{DEMO_AS_OF}'::date - s.started_on) % 365 / 31,
            l.type_id, l.type, concat_ws(' ', f.label, l.title), s.post_since, l.code, l.echelon_id, l.echelon,
            {_STUDY}, s.graduated_in, {_UNIT}, i.name, true
        FROM {_PEOPLE} JOIN stage_level l ON l.number = s.level JOIN stage_name n ON n.number = s.name
        LEFT JOIN stage_affair a ON a.number = s.affair LEFT JOIN stage_affair f ON f.number = s.job_family""",  # noqa: S608 - our own words
    f"""INSERT INTO placement (institution_id, talent_id, as_of, rubric_code, rubric_version, variant, performance,
            potential, performance_lowest, performance_highest, potential_lowest, potential_highest,
            performance_category, potential_category, box, reachable, decided_box, talent_value, missing, decides,
            may_decide, reasons, found, scores, points, evidence_ids, evidence_days)
        SELECT i.id, s.talent_id, '{DEMO_AS_OF}', '{RUBRIC[0]}', {RUBRIC[1]}, 0, s.points_0, {_known("potential")},
            s.points_0, s.points_0, CASE WHEN s.potential >= 0 THEN s.potential ELSE s.known END,
            CASE WHEN s.potential >= 0 THEN s.potential ELSE least(s.known + 65000000, 100000000) END,
            {_CATEGORY.format("s.performance_category")},
            CASE WHEN s.potential >= 0 THEN {_CATEGORY.format("s.reach % 3")} END, {_known("box")},
            r.boxes, r.decided, ({_VALUE}) / 1000000.0, {_MISSING}, {_MISSING}, '{{}}', {_array(_REASONS, "text")},
            {_NOTHING.format("text")}, {_NOTHING.format("integer")}, {_array(_POINTS, "integer")},
            {_NOTHING.format("bigint")}, {_NOTHING.format("date")}
        FROM {_PEOPLE} JOIN stage_reach r ON r.number = s.reach""",  # noqa: S608 - our own words
    f"""INSERT INTO candidate (institution_id, talent_id, id, as_of, employment, level, level_since, post_since,
            closed_days, history_from, service_from, job_family, government_affair, affair_days, affair_since,
            unplaced_days, education_rank, grade, born_on, appraised_to, appraisals, competencies, assessed_on,
            are_sanctions_known, sanctioned_until, sanctioned_on, leadership, training_hours, box, performance,
            potential, talent_value, missing)
        SELECT i.id, s.talent_id, s.candidate_id, '{DEMO_AS_OF}',
            CASE s.is_contract WHEN 1 THEN 'pppk' ELSE 'pns' END, l.code, s.level_since, s.post_since,
            CASE s.knows_history WHEN 1 THEN {_array(_CLOSED, "integer")} END, s.history_from, s.started_on,
            f.code, a.code, CASE WHEN s.affair >= 0 THEN {_PAST} END, {_day("affair_since")},
            {_known("unplaced_days")}, s.education_rank, CASE s.is_contract WHEN 0 THEN s.grade END, s.born_on,
            {DEMO_AS_OF.year - 1}, {_APPRAISALS}, CASE WHEN s.competency_0 >= 0 THEN {_COMPETENCIES} END,
            {_day("assessed_on")}, s.are_sanctions_known = 1, {_day("sanctioned_until")},
            {_array(_SANCTIONED, "date")}, {_known("leadership")}, {_HOURS}, {_known("box")},
            s.points_0, {_known("potential")}, {_VALUE}, {_MISSING}
        FROM {_PEOPLE} JOIN stage_level l ON l.number = s.level
        LEFT JOIN stage_affair a ON a.number = s.affair LEFT JOIN stage_affair p ON p.number = s.past_affair
        LEFT JOIN stage_affair f ON f.number = s.job_family""",  # noqa: S608 - our own words
    f"""INSERT INTO consent (institution_id, id, talent_id, scope, purpose, given_at, expires_at)
        SELECT i.id, s.consent_id, s.talent_id, 'card', 'talent-mobility', '{DEMO_AS_OF}',
            '{DEMO_AS_OF}'::timestamptz + interval '2 years'
        FROM {_PEOPLE} WHERE s.is_listed = 1""",  # noqa: S608 - our own words
    f"""INSERT INTO talent_card (id, institution_id, talent_id, position_level, position_type, service_years_from, box,
            performance_from, potential_from, talent_value_from, listed_until)
        SELECT s.card_id, i.id, s.talent_id, l.code, l.type_id,
            ('{DEMO_AS_OF}'::date - s.started_on) / 365 / 5 * 5, {_known("box")}, s.points_0 / 10000000 * 10,
            {_known("potential")} / 10000000 * 10, {_VALUE} / 10000000 * 10,
            CASE WHEN s.is_listed = 1 THEN '{DEMO_AS_OF}'::timestamptz + interval '2 years' END
        FROM {_PEOPLE} JOIN stage_level l ON l.number = s.level""",  # noqa: S608 - our own words
)
"""A statement per table, for everybody who is staged."""
