"""Movements between two cycles with their causes, and rehearsals of another rubric."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from app.db.policies import protect

revision = "20261122_0140"
down_revision = "20261122_0130"
branch_labels = None
depends_on = None

TABLES = ("movement_run", "movement", "rehearsal", "rehearsal_count", "rehearsal_mover")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _create_movement()
    _create_rehearsal()
    for table in TABLES:
        for statement in protect(table):
            op.execute(statement)


def _create(table: str, key: Sequence[str], *parts: sa.schema.SchemaItem) -> None:
    """A table of an institution."""
    op.create_table(
        table,
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        *parts,
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=f"fk_{table}_institution_id"),
        sa.PrimaryKeyConstraint("institution_id", *key, name=f"pk_{table}"),
    )


def _points_at(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    columns = ["institution_id", column]
    return sa.ForeignKeyConstraint(
        columns, [f"{other}.institution_id", f"{other}.id"], name=f"fk_{table}_institution_id_{column}"
    )


def _uuid(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _drawn_id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid(), nullable=False, server_default=sa.text("gen_random_uuid()"))


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _number(name: str, kind: type[sa.Integer] = sa.SmallInteger, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, kind(), nullable=nullable)


def _instant(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _create_movement() -> None:
    _create(
        "movement_run",
        ["cycle_id", "earlier_cycle_id"],
        *(_uuid("cycle_id"), _uuid("earlier_cycle_id"), _uuid("calculation_id"), _instant("calculated_at")),
        *(_text("inputs_digest"), _text("earlier_inputs_digest")),
        _points_at("movement_run", "cycle_id", "cycle"),
        _points_at("movement_run", "earlier_cycle_id", "cycle"),
        _points_at("movement_run", "calculation_id", "calculation"),
    )
    op.create_check_constraint(op.f("ck_movement_run_two_cycles"), "movement_run", "cycle_id <> earlier_cycle_id")
    pair = ["institution_id", "cycle_id", "earlier_cycle_id"]
    _create(
        "movement",
        ["cycle_id", "earlier_cycle_id", "talent_id"],
        *(_uuid("cycle_id"), _uuid("earlier_cycle_id"), _uuid("talent_id"), _drawn_id()),
        *(_number("from_box"), _number("to_box")),
        sa.Column("boxes", ARRAY(sa.SmallInteger()), nullable=False),
        *(_text("cause", nullable=True), _text("unit_id", nullable=True), _text("unit_name", nullable=True)),
        sa.ForeignKeyConstraint(
            pair, [f"movement_run.{column}" for column in pair], name=f"fk_movement_{'_'.join(pair)}"
        ),
        _points_at("movement", "talent_id", "talent"),
    )
    op.create_unique_constraint("uq_movement_institution_id_id", "movement", ["institution_id", "id"])
    op.create_index(f"ix_movement_{'_'.join(pair)}_cause", "movement", [*pair, "cause"])


def _create_rehearsal() -> None:
    _create(
        "rehearsal",
        ["id"],
        *(_uuid("id"), _uuid("cycle_id", nullable=True)),
        *(sa.Column("as_of", sa.Date(), nullable=False), _instant("rehearsed_at")),
        *(_text("rubric_code"), _number("rubric_version", sa.Integer, nullable=False)),
        _number("draft_revision", sa.Integer),
        *(_text("present_code"), _number("present_version", sa.Integer, nullable=False)),
        _points_at("rehearsal", "id", "calculation"),
        _points_at("rehearsal", "cycle_id", "cycle"),
    )
    _create(
        "rehearsal_count",
        ["rehearsal_id", "ordinal"],
        *(_uuid("rehearsal_id"), _number("ordinal", sa.Integer, nullable=False)),
        *(_text("unit_id", nullable=True), _text("unit_name", nullable=True)),
        *(_number("from_box"), _number("to_box"), _number("people", sa.Integer, nullable=False)),
        _points_at("rehearsal_count", "rehearsal_id", "rehearsal"),
    )
    _create(
        "rehearsal_mover",
        ["rehearsal_id", "talent_id"],
        *(_uuid("rehearsal_id"), _uuid("talent_id"), _drawn_id()),
        *(_text("unit_id", nullable=True), _text("unit_name", nullable=True)),
        *(_number("from_box"), _number("to_box")),
        *(_number(f"{axis}_{side}", sa.BigInteger) for side in ("before", "after") for axis in AXES),
        _points_at("rehearsal_mover", "rehearsal_id", "rehearsal"),
        _points_at("rehearsal_mover", "talent_id", "talent"),
    )
    op.create_unique_constraint("uq_rehearsal_mover_institution_id_id", "rehearsal_mover", ["institution_id", "id"])
    op.create_check_constraint(op.f("ck_rehearsal_mover_moves"), "rehearsal_mover", "from_box IS DISTINCT FROM to_box")


AXES = ("performance", "potential")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
