"""The policy of succession: boxes and terms of pools, who may act in which posts, weights of what merit rules ask."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.shapes.succession_policies import SUCCESSION_POLICY
from app.db.tables.succession import SuccessionPolicyRow
from app.domain.actors import Actor, Permission
from app.domain.careers import PositionLevel
from app.domain.errors import NotFound
from app.domain.recommendations import Pool
from app.domain.succession import SHIPPED, MeritItem, Policy, must_be_consistent
from app.domain.succession_events import SuccessionPolicyPublished
from app.services import imports
from app.services.contract import Command
from app.services.standing import Lines

Boxes = Annotated[list[Annotated[int, Field(ge=1, le=9)]], Field(min_length=1, max_length=9)]
Level = Annotated[PositionLevel, Field(strict=False)]


class CoverRule(Command):
    """Whose holders may act in posts of a level, preferred first."""

    level: Level
    acted_by: Annotated[list[Level], Field(min_length=1, max_length=len(PositionLevel))]


class MeritWeight(Command):
    """How much one item of what the merit rules ask weighs."""

    item: MeritItem = Field(strict=False)
    weight: int = Field(ge=0, le=100)


class PublishSuccessionPolicy(Command):
    """The next version of the institution's own policy."""

    institution_boxes: Boxes = Field(description="Boxes whose people may enter the pool of the institution.")
    national_boxes: Boxes
    term_months: int = Field(ge=1, le=120, description="How long a confirmation holds.")
    soon_months: int = Field(ge=1, le=60, description="Within how many months one is ready in one to two years.")
    cover: Annotated[list[CoverRule], Field(max_length=len(PositionLevel))] = Field(
        description="Levels that are not named have posts that nobody acts in."
    )
    merit_weights: Annotated[list[MeritWeight], Field(max_length=len(MeritItem))] = Field(
        description="Every item once; together 100."
    )
    legal_basis: Lines


# ── writes


async def publish_succession_policy(db: Database, actor: Actor, command: PublishSuccessionPolicy) -> int:
    """Put the next version of the own policy into force; what was decided by an earlier one stays as it is."""
    actor.require(Permission.EDIT_RULE_SETS)
    async with db.write_as(actor) as tx:
        await imports._hold_institution(tx, actor)  # noqa: SLF001 - one at a time: versions are counted
        before = await tx.scalar(select(func.max(SuccessionPolicyRow.version))) or SHIPPED.version
        policy = _written(command, before + 1)
        must_be_consistent(
            [policy.boxes[pool] for pool in Pool], [(one.item, one.weight) for one in command.merit_weights]
        )
        row = {
            "version": policy.version,
            "institution_boxes": sorted(command.institution_boxes),
            "national_boxes": sorted(command.national_boxes),
            "term_months": policy.term_months,
            "soon_months": policy.soon_months,
            "cover": {level.value: [one.value for one in able] for level, able in policy.cover.items()},
            "merit_weights": {item.value: weight for item, weight in policy.merit_weights.items()},
            "legal_basis": policy.legal_basis,
        }
        who = {"institution_id": actor.institution_id, "published_at": db.now(), "published_by": actor.subject}
        await tx.execute(insert(SuccessionPolicyRow).values(**who, **row))
        await record(tx, actor, SuccessionPolicyPublished(before, policy.version))
    return policy.version


def _written(command: PublishSuccessionPolicy, version: int) -> Policy:
    return Policy(
        version=version,
        boxes={
            Pool.INSTITUTION: tuple(sorted(command.institution_boxes)),
            Pool.NATIONAL: tuple(sorted(command.national_boxes)),
        },
        term_months=command.term_months,
        soon_months=command.soon_months,
        cover={rule.level: tuple(rule.acted_by) for rule in command.cover},
        merit_weights={one.item: one.weight for one in command.merit_weights},
        legal_basis=command.legal_basis,
    )


async def _policy(tx: AsyncSession) -> Policy:
    """What is in force: the newest of the institution's own, else the shipped one."""
    row = await tx.scalar(select(SuccessionPolicyRow).order_by(SuccessionPolicyRow.version.desc()).limit(1))
    if row is None:
        return SHIPPED
    return Policy(
        version=row.version,
        boxes={Pool.INSTITUTION: tuple(row.institution_boxes), Pool.NATIONAL: tuple(row.national_boxes)},
        term_months=row.term_months,
        soon_months=row.soon_months,
        cover={PositionLevel(level): tuple(map(PositionLevel, able)) for level, able in row.cover.items()},
        merit_weights={MeritItem(item): int(weight) for item, weight in row.merit_weights.items()},
        legal_basis=row.legal_basis,
    )


# ── reads


async def succession_policy_document(db: Database, actor: Actor, wanted: Selection | None = None) -> Document:
    """The policy in force in the own institution; version 0 is the shipped one."""
    actor.require(Permission.READ_RUBRICS)
    document = await db.document_as(actor, SUCCESSION_POLICY, wanted)
    if document is None:
        raise NotFound("institution.not_found")
    return document
