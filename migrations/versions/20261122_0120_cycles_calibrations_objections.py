"""Mapping cycles with frozen inputs, their calculations, calibrations and objections."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from app.db.policies import protect

revision = "20261122_0120"
down_revision = "20261122_0110"
branch_labels = None
depends_on = None

AUDITED = ("cycle", "cycle_phase", "cycle_input", "cycle_placement", "calibration", "objection")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE performance_appraisal ADD COLUMN appraiser_nip text")
    _create_cycle()
    _create_inputs_and_placements()
    _create_calculation()
    _create_calibration()
    _create_objection()
    for table in AUDITED:
        for statement in protect(table):
            op.execute(statement)
    # its progress is written from minute to minute and is no change of data
    for statement in protect("calculation", audited=False):
        op.execute(statement)


def _create(table: str, key: Sequence[str], *columns: sa.Column[object], points_at: Sequence[str] = ()) -> None:
    """A table of an institution; `points_at` names the tables whose rows it belongs to, by `<table>_id`."""
    op.create_table(
        table,
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        *(sa.Column(f"{other}_id", sa.Uuid(), nullable=table == "calculation") for other in points_at),
        *columns,
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=f"fk_{table}_institution_id"),
        *(
            sa.ForeignKeyConstraint(
                ["institution_id", f"{other}_id"],
                [f"{other}.institution_id", f"{other}.id"],
                name=f"fk_{table}_institution_id_{other}_id",
            )
            for other in points_at
        ),
        sa.PrimaryKeyConstraint("institution_id", *key, name=f"pk_{table}"),
    )


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _box(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.SmallInteger(), nullable=nullable)


def _create_cycle() -> None:
    _create(
        "cycle",
        ["id"],
        sa.Column("id", sa.Uuid(), nullable=False),
        _text("name"),
        sa.Column("as_of", sa.Date(), nullable=False),
        _text("rubric_code"),
        sa.Column("rubric_version", sa.Integer(), nullable=False),
        _text("phase"),
        sa.Column("calibration_until", sa.Date()),
        sa.Column("objection_until", sa.Date()),
        sa.Column("confirmation_until", sa.Date()),
        sa.Column("guideline", JSONB(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False, server_default="calculated"),
        _text("inputs_digest", nullable=True),
        _instant("confirmed_at", nullable=True),
        _text("confirmed_by", nullable=True),
        _instant("created_at"),
    )
    op.create_unique_constraint("uq_cycle_institution_id_name", "cycle", ["institution_id", "name"])
    op.create_foreign_key(
        "fk_cycle_rubric_code_rubric_version",
        "cycle",
        "rubric",
        ["rubric_code", "rubric_version"],
        ["code", "version"],
    )
    op.create_index("ix_cycle_institution_id_created_at_id", "cycle", ["institution_id", "created_at", "id"])
    _create(
        "cycle_phase",
        ["cycle_id", "ordinal"],
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        _text("phase"),
        _instant("entered_at"),
        _text("subject"),
        _text("role"),
        points_at=["cycle"],
    )


def _create_inputs_and_placements() -> None:
    _create(
        "cycle_input",
        ["cycle_id", "sequence"],
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("talents", ARRAY(sa.Uuid()), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _text("digest"),
        points_at=["cycle"],
    )
    _create(
        "cycle_placement",
        ["cycle_id", "talent_id"],
        sa.Column("id", sa.Uuid(), nullable=False, server_default=sa.text("gen_random_uuid()")),
        sa.Column("input_sequence", sa.Integer(), nullable=False),
        _box("calibrated_box", nullable=True),
        _text("unit_id", nullable=True),
        _text("unit_name", nullable=True),
        _text("position_level", nullable=True),
        *_calculated(),
        points_at=["cycle", "talent"],
    )
    op.create_unique_constraint("uq_cycle_placement_institution_id_id", "cycle_placement", ["institution_id", "id"])
    op.create_check_constraint(op.f("ck_cycle_placement_box"), "cycle_placement", "box BETWEEN 1 AND 9")
    op.create_check_constraint(
        op.f("ck_cycle_placement_calibrated_box"), "cycle_placement", "calibrated_box BETWEEN 1 AND 9"
    )
    op.create_check_constraint(
        op.f("ck_cycle_placement_only_the_assessed_are_moved"),
        "cycle_placement",
        "calibrated_box IS NULL OR box IS NOT NULL",
    )
    op.create_index(
        "ix_cycle_placement_institution_id_cycle_id_calibrated_box_box",
        "cycle_placement",
        ["institution_id", "cycle_id", "calibrated_box", "box"],
    )
    op.create_index("ix_cycle_placement_institution_id_talent_id", "cycle_placement", ["institution_id", "talent_id"])


def _calculated() -> list[sa.Column[object]]:
    """What a calculation finds, as in `placement`."""
    texts, numbers = ARRAY(sa.Text()), ARRAY(sa.Integer())
    return [
        sa.Column("as_of", sa.Date(), nullable=False),
        _text("rubric_code"),
        sa.Column("rubric_version", sa.Integer(), nullable=False),
        sa.Column("variant", sa.SmallInteger(), nullable=False),
        sa.Column("performance", sa.BigInteger()),
        sa.Column("potential", sa.BigInteger()),
        sa.Column("performance_lowest", sa.BigInteger(), nullable=False),
        sa.Column("performance_highest", sa.BigInteger(), nullable=False),
        sa.Column("potential_lowest", sa.BigInteger(), nullable=False),
        sa.Column("potential_highest", sa.BigInteger(), nullable=False),
        _text("performance_category", nullable=True),
        _text("potential_category", nullable=True),
        _box("box", nullable=True),
        sa.Column("reachable", ARRAY(sa.SmallInteger()), nullable=False),
        _box("decided_box", nullable=True),
        sa.Column("talent_value", sa.Numeric(12, 8)),
        sa.Column("missing", texts, nullable=False),
        sa.Column("decides", texts, nullable=False),
        sa.Column("may_decide", texts, nullable=False),
        _text("lowest_rung", nullable=True),
        sa.Column("oldest_evidence", sa.Date()),
        sa.Column("reasons", texts, nullable=False),
        sa.Column("found", texts, nullable=False),
        sa.Column("scores", numbers, nullable=False),
        sa.Column("points", numbers, nullable=False),
        sa.Column("evidence_ids", ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("evidence_days", ARRAY(sa.Date()), nullable=False),
    ]


def _create_calculation() -> None:
    _create(
        "calculation",
        ["id"],
        sa.Column("id", sa.Uuid(), nullable=False),
        _text("kind"),
        _text("rubric_code"),
        sa.Column("rubric_version", sa.Integer(), nullable=False),
        _text("state"),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        _text("subject"),
        _instant("started_at"),
        _instant("heartbeat_at"),
        _instant("finished_at", nullable=True),
        sa.Column("result", JSONB()),
        sa.Column("error", JSONB()),
        points_at=["cycle"],
    )
    op.create_index(
        "ix_calculation_institution_id_cycle_id_started_at",
        "calculation",
        ["institution_id", "cycle_id", "started_at"],
    )


def _create_calibration() -> None:
    _create(
        "calibration",
        ["id"],
        sa.Column("id", sa.Uuid(), nullable=False),
        _box("computed_box"),
        _box("from_box"),
        _box("to_box"),
        _text("reason"),
        _text("comment"),
        _text("evidence_kind", nullable=True),
        sa.Column("evidence_id", sa.BigInteger()),
        _text("evidence_text", nullable=True),
        _text("state"),
        _instant("moved_at"),
        _text("subject"),
        _text("role"),
        _instant("second_at", nullable=True),
        _text("second_subject", nullable=True),
        _text("second_role", nullable=True),
        _text("second_comment", nullable=True),
        points_at=["cycle", "talent"],
    )
    op.create_check_constraint(op.f("ck_calibration_moves"), "calibration", "from_box <> to_box")
    op.create_check_constraint(op.f("ck_calibration_four_eyes"), "calibration", "second_subject <> subject")
    op.create_index(
        "ix_calibration_institution_id_cycle_id_moved_at_id",
        "calibration",
        ["institution_id", "cycle_id", "moved_at", "id"],
    )
    for name, states in (("awaiting", "state = 'awaitingSecondPerson'"), ("in_force", IN_FORCE)):
        op.create_index(
            f"uq_calibration_{name}",
            "calibration",
            ["institution_id", "cycle_id", "talent_id"],
            unique=True,
            postgresql_where=sa.text(states),
        )


IN_FORCE = "state IN ('effective', 'confirmed')"


def _create_objection() -> None:
    _create(
        "objection",
        ["id"],
        sa.Column("id", sa.Uuid(), nullable=False),
        _text("text"),
        sa.Column("items", ARRAY(sa.Text()), nullable=False),
        _text("state"),
        _instant("raised_at"),
        _box("box_before", nullable=True),
        _box("box_after", nullable=True),
        _text("answer", nullable=True),
        _instant("answered_at", nullable=True),
        _text("answered_by", nullable=True),
        _text("answered_role", nullable=True),
        points_at=["cycle", "talent"],
    )
    op.create_check_constraint(
        op.f("ck_objection_answered_in_writing"), "objection", "(state = 'open') = (answer IS NULL)"
    )
    op.create_index(
        "ix_objection_institution_id_cycle_id_raised_at_id",
        "objection",
        ["institution_id", "cycle_id", "raised_at", "id"],
    )
    op.create_index(
        "uq_objection_open",
        "objection",
        ["institution_id", "cycle_id", "talent_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("objection", "calibration", "calculation", "cycle_placement", "cycle_input", "cycle_phase", "cycle"):
        op.drop_table(table)
    op.execute("ALTER TABLE performance_appraisal DROP COLUMN appraiser_nip")
