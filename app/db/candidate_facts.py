"""What is on record about placed talents as facts of candidates: one SELECT over placement, talent and evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Date, Text, literal_column

from app.db.fact_columns import day_of_birth, month_of_entry, written
from app.db.inaugurations import is_news
from app.db.tables.evidence import stands
from app.db.tables.talents import TalentRow
from app.db.unit_affairs import UNIT_AFFAIRS
from app.domain.candidates import (
    BLOCKING,
    EDUCATION_RANKS,
    FUNCTIONAL,
    GRADES,
    LEADERSHIP_RANKS,
    LEVELS,
    PREDICATE_RANKS,
    SEVERITIES,
    UNSAID,
    YEARS_OF_APPRAISALS,
    YEARS_OF_TRAINING,
    Employment,
    LeadershipTraining,
)
from app.domain.evidence import COMPETENCIES

# ── how names are read (regular expressions of PostgreSQL, regardless of case)

_GAP = "[^A-Z0-9]*"
_NUMBERED = f"(PKN|PIM|KEPEMIMPINAN|KEPEMIMPINAN NASIONAL){_GAP}(TINGKAT|TK)?{_GAP}"
LEADERSHIP_NAMES: tuple[tuple[LeadershipTraining, str], ...] = (
    (LeadershipTraining.PKN_I, rf"{_NUMBERED}(I|1)\M|\mSPATI\M"),
    (LeadershipTraining.PKN_II, rf"{_NUMBERED}(II|2)\M|\mSPAMEN\M"),
    (LeadershipTraining.PKA, rf"{_NUMBERED}(III|3)\M|\mPKA\M|KEPEMIMPINAN ADMINISTRATOR|\mSPAMA\M"),
    (LeadershipTraining.PKP, rf"{_NUMBERED}(IV|4)\M|\mPKP\M|KEPEMIMPINAN PENGAWAS|\mADUM(LA)?\M"),
)
"""Structural trainings that are leadership training, by name: today's, Diklatpim I–IV, and those before 2001."""
EMPLOYMENT_NAMES: tuple[tuple[Employment, str], ...] = (
    (Employment.PPPK, r"\m(PPPK|P3K)\M|PERJANJIAN KERJA"),
    (Employment.PNS, r"\mPNS\M|PEGAWAI NEGERI SIPIL"),
)
"""Kinds of employment (jenis pegawai) of Data ASN."""
EDUCATION_NAMES: tuple[tuple[str, str], ...] = (
    ("s3", r"^(S-?3|DOKTOR)\M"),
    ("s2", r"^(S-?2|MAGISTER)\M"),
    ("s1", r"^(S-?1|SARJANA)\M"),
    ("d4", r"^(D-?IV|DIPLOMA IV)\M"),
    ("d3", r"^(D-?III|DIPLOMA III)\M"),
    ("slta", r"^(SLTA|SMA|SMK)\M"),
)
"""Levels of education (tingkat pendidikan) of Data ASN."""


def _by_name(names: Iterable[tuple[str, str]], column: str) -> str:
    whens = " ".join(f"WHEN {column} ~* '{pattern}' THEN '{code}'" for code, pattern in names)
    return f"CASE {whens} END"


def _ranked(ranks: Iterable[tuple[str, int]], column: str) -> str:
    whens = " ".join(f"WHEN '{code}' THEN {rank}" for code, rank in ranks)
    return f"CASE {column} {whens} END"


# ── parts of the statement; `{of}` is the condition that narrows rows `e` to the talents asked for

_PEOPLE = """
    drawn AS MATERIALIZED (
        SELECT t.id AS talent_id, t.position_level, t.unit_id, t.nip, t.born_on, t.candidate_from, t.appointed_from,
               t.grade_id, t.position_from, t.employment_type, t.education_level,
               e.box, e.performance, e.potential, e.talent_value, e.missing
        FROM placement e JOIN talent t ON t.institution_id = e.institution_id AND t.id = e.talent_id
        WHERE {of}
    ),
    kinds AS (
        SELECT t.employment_type, {employment} AS employment FROM (SELECT DISTINCT employment_type FROM drawn) t
    ),
    schooling AS (
        SELECT t.education_level, {education} AS rank FROM (SELECT DISTINCT education_level FROM drawn) t
    ),
    people AS MATERIALIZED (
        SELECT t.talent_id, t.position_level, t.unit_id, t.nip, t.candidate_from, t.appointed_from, t.grade_id,
               CASE WHEN t.position_from <= CAST(:as_of AS date) THEN t.position_from END AS position_from,
               {day_of_birth} AS born_on,
               coalesce(k.employment, CASE WHEN t.employment_type IS NULL THEN
                   CASE WHEN substr(t.nip, 13, 2) BETWEEN '01' AND '12' THEN 'pns'
                        WHEN substr(t.nip, 13, 2) >= '20' THEN 'pppk' END END) AS employment,
               d.rank AS education_rank,
               t.box, t.performance, t.potential, floor(t.talent_value * 1000000)::bigint AS talent_value, t.missing
        FROM drawn t LEFT JOIN kinds k ON k.employment_type = t.employment_type
        LEFT JOIN schooling d ON d.education_level = t.education_level
    ),
    unit_affairs AS MATERIALIZED ({unit_affairs}),
    seats AS (
        SELECT e.talent_id, p.job_family, p.government_affair
        FROM post_holder e JOIN post p ON p.institution_id = e.institution_id AND p.id = e.post_id
        WHERE {of}
    ),
    inaugurated AS MATERIALIZED (
        SELECT e.talent_id, e.since AS begins, p.level, p.unit_id
        FROM post_holder e JOIN post p ON p.institution_id = e.institution_id AND p.id = e.post_id
        JOIN talent t ON t.institution_id = e.institution_id AND t.id = e.talent_id
        WHERE {of} AND e.vacancy_id IS NOT NULL AND (e.since > CAST(:as_of AS date) OR {is_news})
    ),
    present AS MATERIALIZED (
        SELECT p.talent_id, coalesce(i.level, p.position_level) AS level, s.job_family,
               coalesce(s.government_affair, a.government_affair) AS government_affair
        FROM people p LEFT JOIN seats s ON s.talent_id = p.talent_id
        LEFT JOIN inaugurated i ON i.talent_id = p.talent_id
        LEFT JOIN unit_affairs a ON a.institution_id = :institution_id AND a.unit_id = coalesce(i.unit_id, p.unit_id)
    )"""

_POSTS = """
    held AS MATERIALIZED (
        SELECT DISTINCT ON (e.talent_id, e.effective_from)
               e.talent_id, e.effective_from AS begins, e.level, e.unit_id
        FROM position e WHERE {of} AND {stands} AND e.status = 'definitive' AND e.effective_from <= CAST(:as_of AS date)
        ORDER BY e.talent_id, e.effective_from, e.id DESC
    ),
    latest AS (
        SELECT DISTINCT ON (talent_id) talent_id, begins, level FROM held ORDER BY talent_id, begins DESC
    ),
    told AS (
        SELECT p.talent_id, p.position_from AS begins, p.position_level AS level, p.unit_id
        FROM people p LEFT JOIN latest l ON l.talent_id = p.talent_id
        LEFT JOIN inaugurated i ON i.talent_id = p.talent_id
        WHERE p.position_level IS NOT NULL AND p.position_from >= coalesce(l.begins, p.position_from)
        AND (i.begins IS NULL OR p.position_from < i.begins)
        UNION ALL SELECT p.talent_id, i.begins, i.level, i.unit_id
        FROM inaugurated i JOIN people p ON p.talent_id = i.talent_id
    ),
    posts AS (
        SELECT h.talent_id, h.begins, h.level, h.unit_id FROM held h
        WHERE NOT EXISTS (SELECT FROM told t WHERE t.talent_id = h.talent_id AND t.begins = h.begins)
        UNION ALL SELECT talent_id, begins, level, unit_id FROM told
    ),
    lasting AS (
        SELECT p.talent_id, p.begins, p.level, lead(p.begins) OVER w AS ends,
               lag(p.level) OVER w IS DISTINCT FROM p.level AS is_other_level,
               CASE WHEN lead(p.begins) OVER w IS NULL THEN n.government_affair
                    ELSE a.government_affair END AS affair
        FROM posts p JOIN present n ON n.talent_id = p.talent_id
        LEFT JOIN unit_affairs a ON a.institution_id = :institution_id AND a.unit_id = p.unit_id
        WINDOW w AS (PARTITION BY p.talent_id ORDER BY p.begins)
    ),
    placed AS (
        SELECT l.*, lag(l.affair) OVER w IS DISTINCT FROM l.affair AS is_other_affair FROM lasting l
        WINDOW w AS (PARTITION BY l.talent_id ORDER BY l.begins)
    ),
    spells AS MATERIALIZED (
        SELECT s.talent_id, s.begins, s.level, s.affair, s.ends, s.ends - s.begins AS days,
               max(s.begins) FILTER (WHERE s.is_other_level) OVER w AS level_since,
               max(s.begins) FILTER (WHERE s.is_other_affair) OVER w AS affair_since,
               last_value(s.affair) OVER w AS present_affair
        FROM placed s
        WINDOW w AS (
            PARTITION BY s.talent_id ORDER BY s.begins ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        )
    ),
    careers AS (
        SELECT talent_id, min(begins) AS history_from, max(begins) AS post_since, max(level_since) AS level_since,
               max(level) FILTER (WHERE ends IS NULL) AS level, ARRAY[{closed_days}] AS closed_days,
               CASE WHEN max(present_affair) IS NOT NULL THEN max(affair_since) END AS affair_since,
               coalesce(sum(days) FILTER (WHERE affair IS NULL), 0)::int AS unplaced_days
        FROM spells GROUP BY talent_id
    ),
    affairs AS (
        SELECT talent_id, jsonb_object_agg(affair, days) AS affair_days
        FROM (SELECT talent_id, affair, sum(days) AS days FROM spells
              WHERE affair IS NOT NULL AND ends IS NOT NULL AND (present_affair IS NULL OR begins < affair_since)
              GROUP BY talent_id, affair) of_affair
        GROUP BY talent_id
    ),
    functional AS (
        SELECT talent_id, jsonb_object_agg(level, affairs) AS functional_days
        FROM (SELECT talent_id, level, jsonb_object_agg(affair, days) AS affairs
              FROM (SELECT talent_id, level, coalesce(affair, '{unsaid}') AS affair, sum(days) AS days FROM spells
                    WHERE ends IS NOT NULL AND level IN ({functional}) GROUP BY 1, 2, 3) of_affair
              GROUP BY talent_id, level) of_level
        GROUP BY talent_id
    )"""

_EVIDENCE = """
    checks AS (
        SELECT e.talent_id, bool_or(e.kind = 'sanction') AS sanctions, bool_or(e.kind = 'training') AS trainings
        FROM evidence_check e WHERE {of} AND e.kind IN ('sanction', 'training') GROUP BY e.talent_id
    ),
    diplomas AS (
        SELECT e.talent_id, max({diploma}) AS rank FROM education e WHERE {of} AND {stands} GROUP BY e.talent_id
    ),
    yearly AS (
        SELECT DISTINCT ON (e.talent_id, e.year) e.talent_id, e.year, {predicate} AS rank
        FROM performance_appraisal e
        WHERE {of} AND {stands} AND e.year BETWEEN {appraised_to} - {before} AND {appraised_to}
        ORDER BY e.talent_id, e.year, e.id DESC
    ),
    appraised AS (SELECT e.talent_id, ARRAY[{appraisals}]::smallint[] AS ranks FROM yearly e GROUP BY e.talent_id),
    assessed AS (
        SELECT DISTINCT ON (e.talent_id) e.talent_id, e.assessed_on, ARRAY[{competencies}] AS levels
        FROM competency_assessment e WHERE {of} AND {stands} AND e.assessed_on <= CAST(:as_of AS date)
        ORDER BY e.talent_id, e.assessed_on DESC, e.id DESC
    ),
    sanctioned AS (
        SELECT e.talent_id, ARRAY[{sanctioned_on}] AS began,
               max(coalesce(e.ends_on, 'infinity')) FILTER (WHERE e.severity IN ({blocking})) AS until
        FROM disciplinary_sanction e WHERE {of} AND {stands} GROUP BY e.talent_id
    ),
    titles AS (
        SELECT e.name, {leadership} AS rank
        FROM (SELECT DISTINCT name FROM training e WHERE {of} AND {stands} AND e.kind = 'structural') e
    ),
    trained AS (
        SELECT t.talent_id, max(t.rank) AS leadership, bool_or(t.is_structural AND t.rank IS NULL) AS is_unread,
               ARRAY[{training_hours}] AS hours
        FROM (SELECT e.talent_id, e.hours, e.kind = 'structural' AS is_structural, n.rank,
                     CASE {years_back} END AS back
              FROM training e LEFT JOIN titles n ON e.kind = 'structural' AND n.name = e.name
              WHERE {of} AND {stands} AND e.finished_on <= CAST(:as_of AS date)) t
        GROUP BY t.talent_id
    )"""

_FACTS: Mapping[str, str] = {
    "talent_id": "p.talent_id",
    "as_of": "CAST(:as_of AS date)",
    "employment": "p.employment",
    "level": "coalesce(n.level, c.level)",
    "level_since": "CASE WHEN coalesce(n.level, c.level) = c.level THEN c.level_since END",
    "post_since": "c.post_since",
    "closed_days": "c.closed_days",
    "history_from": "c.history_from",
    "service_from": "{service_from}",
    "job_family": "n.job_family",
    "government_affair": "n.government_affair",
    "affair_days": "CASE WHEN c.talent_id IS NOT NULL THEN coalesce(f.affair_days, '{{}}') END",
    "affair_since": "c.affair_since",
    "unplaced_days": "c.unplaced_days",
    "functional_days": "CASE WHEN c.talent_id IS NOT NULL THEN coalesce(o.functional_days, '{{}}') END",
    "education_rank": "greatest(p.education_rank, d.rank)",
    "grade": "CASE WHEN p.employment = 'pns' AND p.grade_id IN ({grades}) THEN p.grade_id::smallint END",
    "born_on": "p.born_on",
    "appraised_to": "{appraised_to}",
    "appraisals": "coalesce(y.ranks, array_fill(NULL::smallint, ARRAY[{years}]))",
    "competencies": "a.levels",
    "assessed_on": "a.assessed_on",
    "are_sanctions_known": "coalesce(k.sanctions, false)",
    "sanctioned_until": "s.until",
    "sanctioned_on": "coalesce(s.began, array_fill(NULL::date, ARRAY[{severities}]))",
    "leadership": "CASE WHEN k.trainings AND (r.leadership IS NOT NULL OR r.is_unread IS NOT TRUE) "
    "THEN coalesce(r.leadership, 0) END",
    "training_hours": "CASE WHEN k.trainings THEN coalesce(r.hours, array_fill(0, ARRAY[{years_of_training}])) END",
    "box": "p.box",
    "performance": "p.performance",
    "potential": "p.potential",
    "talent_value": "p.talent_value",
    "missing": "p.missing",
}
FACTS = tuple(_FACTS)
"""The columns that a refreshment writes."""
_SERVICE_FROM = """CASE
    WHEN p.candidate_from IS NOT NULL THEN p.candidate_from
    WHEN p.employment = 'pppk' THEN p.appointed_from ELSE {month_of_entry} END"""
_AS_OF = literal_column("CAST(:as_of AS date)", Date)
_NUMBER, _BORN_ON = literal_column("p.nip", Text), literal_column("p.born_on", Date)
_JOINS = """
    FROM people p JOIN present n ON n.talent_id = p.talent_id
    LEFT JOIN careers c ON c.talent_id = p.talent_id LEFT JOIN affairs f ON f.talent_id = p.talent_id
    LEFT JOIN functional o ON o.talent_id = p.talent_id
    LEFT JOIN checks k ON k.talent_id = p.talent_id LEFT JOIN diplomas d ON d.talent_id = p.talent_id
    LEFT JOIN appraised y ON y.talent_id = p.talent_id LEFT JOIN assessed a ON a.talent_id = p.talent_id
    LEFT JOIN sanctioned s ON s.talent_id = p.talent_id LEFT JOIN trained r ON r.talent_id = p.talent_id"""


OF_SOME = " AND e.talent_id = ANY (CAST(:talents AS uuid[]))"


def select_facts(*, of_some: bool) -> str:
    """The statement; it asks for `institution_id`, `as_of` and, where it is not about everybody, `talents`."""
    appraised_to = "(extract(year FROM CAST(:as_of AS date))::int - 1)"
    levels = ", ".join(
        f"coalesce(sum(days) FILTER (WHERE level = '{level.value}' AND begins < level_since), 0)::int"
        for level in LEVELS
    )
    years = range(YEARS_OF_APPRAISALS)
    parts = {
        "of": f"e.institution_id = :institution_id{OF_SOME if of_some else ''}",
        "stands": stands("e"),
        "employment": _by_name([(one.value, name) for one, name in EMPLOYMENT_NAMES], "t.employment_type"),
        "education": _ranked(EDUCATION_RANKS.items(), f"({_by_name(EDUCATION_NAMES, 't.education_level')})"),
        "unit_affairs": UNIT_AFFAIRS,
        "is_news": is_news("e", "p", "t"),
        "closed_days": levels,
        "diploma": _ranked(EDUCATION_RANKS.items(), "e.level"),
        "predicate": _ranked(PREDICATE_RANKS.items(), "e.predicate"),
        "appraised_to": appraised_to,
        "before": YEARS_OF_APPRAISALS - 1,
        "appraisals": ", ".join(f"max(e.rank) FILTER (WHERE e.year = {appraised_to} - {back})" for back in years),
        "competencies": ", ".join(f"e.{name}" for name in COMPETENCIES),
        "sanctioned_on": ", ".join(f"max(e.starts_on) FILTER (WHERE e.severity = '{one}')" for one in SEVERITIES),
        "blocking": ", ".join(f"'{one}'" for one in BLOCKING),
        "years_of_training": YEARS_OF_TRAINING,
        "years_back": " ".join(
            f"WHEN e.finished_on >= (CAST(:as_of AS date) - interval '{back + 1} years')::date THEN {back}"
            for back in range(YEARS_OF_TRAINING)
        ),
        "training_hours": ", ".join(
            f"CASE WHEN bool_or(t.back = {back} AND t.hours IS NULL) IS NOT TRUE "
            f"THEN coalesce(sum(t.hours) FILTER (WHERE t.back = {back}), 0)::int END"
            for back in range(YEARS_OF_TRAINING)
        ),
        "functional": ", ".join(f"'{level.value}'" for level in FUNCTIONAL),
        "unsaid": UNSAID,
        "leadership": _ranked(
            [(one.value, rank) for one, rank in LEADERSHIP_RANKS.items()],
            f"({_by_name([(one.value, name) for one, name in LEADERSHIP_NAMES], 'e.name')})",
        ),
        "day_of_birth": written(day_of_birth(TalentRow.__table__.alias("t").c, _AS_OF)),
        "service_from": _SERVICE_FROM.format(month_of_entry=written(month_of_entry(_NUMBER, _BORN_ON, _AS_OF))),
        "grades": ", ".join(f"'{grade}'" for grade in GRADES),
        "years": YEARS_OF_APPRAISALS,
        "severities": len(SEVERITIES),
    }
    ctes = ",".join(part.format(**parts) for part in (_PEOPLE, _POSTS, _EVIDENCE))
    facts = ", ".join(f"{fact.format(**parts)} AS {name}" for name, fact in _FACTS.items())
    return f"WITH {ctes} SELECT {facts} {_JOINS}"
