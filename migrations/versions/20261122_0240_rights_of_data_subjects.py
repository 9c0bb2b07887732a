"""What data subjects ask for, by when, and what humans decided where a machine alone may not."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.db.policies import protect

revision = "20261122_0240"
down_revision = "20261122_0230"
branch_labels = None
depends_on = None

TABLES = ("data_request", "placement_review")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _create_data_request()
    _create_placement_review()
    for table in TABLES:
        for statement in protect(table):
            op.execute(statement)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _uuid(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=False)


def _points_at(table: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["institution_id", f"{other}_id"],
        [f"{other}.institution_id", f"{other}.id"],
        name=f"fk_{table}_institution_id_{other}_id",
    )


def _create_data_request() -> None:
    op.create_table(
        "data_request",
        *(_uuid(name) for name in ("institution_id", "id", "talent_id")),
        *(_text("kind"), _text("statement"), _text("about", nullable=True), _text("should_say", nullable=True)),
        *(_text("state"), _instant("raised_at"), _instant("due_at")),
        *(_text(name, nullable=True) for name in ("outcome", "comment", "reference")),
        _instant("answered_at", nullable=True),
        *(_text(name, nullable=True) for name in ("answered_by", "answered_role")),
        *(_instant(name, nullable=True) for name in ("withdrawn_at", "lifted_at")),
        *(_text(name, nullable=True) for name in ("lifted_by", "lifted_role", "lifted_comment")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_data_request_institution_id"),
        _points_at("data_request", "talent"),
        sa.PrimaryKeyConstraint("institution_id", "id", name="pk_data_request"),
    )
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_data_request_{name}"), "data_request", condition)
    for columns in (["institution_id", "talent_id"], ["institution_id", "due_at", "id"]):
        op.create_index(f"ix_data_request_{'_'.join(columns)}", "data_request", columns)
    op.create_index(
        "uq_data_request_stands",
        "data_request",
        ["institution_id", "talent_id", "kind"],
        unique=True,
        postgresql_where=sa.text(STANDS),
    )


CHECKS = {
    "correction": "num_nonnulls(about, should_say) = CASE WHEN kind = 'correction' THEN 2 ELSE 0 END",
    "answer": "num_nonnulls(outcome, comment, answered_at, answered_by, answered_role) IN (0, 5)",
    "lifting": "num_nonnulls(lifted_at, lifted_by, lifted_role, lifted_comment) IN (0, 4)",
}
STANDS = "state = 'open' OR kind IN ('automated-processing', 'restriction') AND state IN ('granted', 'partly')"


def _create_placement_review() -> None:
    op.create_table(
        "placement_review",
        *(_uuid(name) for name in ("institution_id", "cycle_id", "talent_id")),
        sa.Column("box", sa.SmallInteger()),
        *(_text(name) for name in ("comment", "subject", "role")),
        _instant("reviewed_at"),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_placement_review_institution_id"),
        _points_at("placement_review", "cycle"),
        _points_at("placement_review", "talent"),
        sa.PrimaryKeyConstraint("institution_id", "cycle_id", "talent_id", name="pk_placement_review"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
