"""What PostgreSQL gives people by criteria is what plain Python gives them, part by part, with their ids and lots."""

from uuid import UUID

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, cast, column, func, literal, literal_column, select, true
from sqlalchemy.dialects.postgresql import JSONB

from app.db.ranking_points import candidate_id_column, part_columns, tie_break_column, total_columns
from app.db.tables.candidates import CandidateRow
from app.domain.actors import Actor, Role
from app.domain.ranking import candidate_id, points_of, tie_break, total_of
from tests.unit.candidates import candidates, criteria_of, givens, targets

OFFICER = Actor(UUID(int=1), Role.HR_OFFICER, "officer")
FACTS = [one.name for one in CandidateRow.__table__.c if one.name not in ("institution_id", "talent_id")]


def row_of(candidate, given_):
    facts = {name: getattr(candidate, name) for name in FACTS}
    return {
        **{name: _plain(value) for name, value in facts.items()},
        "technical_score": given_.technical_score,
    }


def _plain(value):
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, int | str | dict) else str(value)


@settings(
    max_examples=40,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(st.tuples(candidates, givens), min_size=1, max_size=6),
    criteria_of(),
    targets,
    st.binary(min_size=32, max_size=32),
)
async def test_sql_gives_everybody_the_parts_that_python_gives(db, people, criteria, target, seed):
    document = literal([row_of(*one) for one in people], JSONB)
    row = func.jsonb_array_elements(document).table_valued(column("value", JSONB), name="told")
    typed = func.jsonb_populate_record(literal_column("null::candidate"), row.c.value)
    candidate = typed.table_valued(*(column(one.name, one.type) for one in CandidateRow.__table__.c)).lateral()
    score = cast(row.c.value["technical_score"].astext, BigInteger)
    parts = [part_columns(one, candidate.c, target, score) for one in criteria]
    total = total_columns(parts)
    wanted = [figure for one in (*parts, total) for figure in (one.points, one.lowest, one.highest)]
    drawn = tie_break_column(candidate.c.id, seed), candidate_id_column(candidate.c.id, seed)
    statement = select(*drawn, *wanted).select_from(row.join(candidate, true()))
    async with db.read_as(OFFICER) as tx:
        found = [tuple(one) for one in await tx.execute(statement)]
    assert found == [_in_python(*one, criteria, target, seed) for one in people]


def _in_python(candidate, given_, criteria, target, seed):
    parts = [points_of(one, candidate, target, given_) for one in criteria]
    figures = [figure for one in (*parts, total_of(parts)) for figure in (one.points, one.lowest, one.highest)]
    return (tie_break(seed, candidate.id), candidate_id(seed, candidate.id), *figures)
