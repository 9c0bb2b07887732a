"""The policy of succession: boxes and terms of pools, who may act in which posts, weights of what merit rules ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.shapes.succession_policies import SUCCESSION_POLICIES, SUCCESSION_POLICY
from app.db.tables.succession import ShippedSuccessionPolicyRow, SuccessionPolicyRow
from app.domain.actors import Actor, Permission
from app.domain.careers import PositionLevel
from app.domain.errors import NotFound
from app.domain.recommendations import Pool
from app.domain.sources import Confidence
from app.domain.succession import (
    Ladder,
    MeritItem,
    Policy,
    PolicyCode,
    PolicyPart,
    must_be_consistent,
)
from app.domain.succession_events import SuccessionPolicyPublished
from app.services import imports
from app.services.contract import Command, may_be_version, page_size, text_cursor
from app.services.standing import Lines

Boxes = Annotated[list[Annotated[int, Field(ge=1, le=9)]], Field(min_length=1, max_length=9)]
Level = Annotated[PositionLevel, Field(strict=False)]
Levels = Annotated[list[Level], Field(min_length=1, max_length=len(PositionLevel))]


class CoverRule(Command):
    """Whose holders may act in posts of a level, preferred first."""

    level: Level
    acted_by: Levels


class LevelsAhead(Command):
    """The levels that holders of a level may be appointed to, the highest first."""

    level: Level
    ahead: Levels


class MeritWeight(Command):
    """How much one item of what the merit rules ask weighs."""

    item: MeritItem = Field(strict=False)
    weight: int = Field(ge=0, le=100)


class PolicySource(Command):
    """Where a value comes from, and how sure it is."""

    about: PolicyPart = Field(strict=False)
    legal_basis: Lines
    confidence: Confidence = Field(strict=False)


class PublishSuccessionPolicy(Command):
    """The next version of the institution's own policy."""

    institution_boxes: Boxes = Field(description="Boxes whose people may enter the pool of the institution.")
    national_boxes: Boxes
    term_months: int = Field(ge=1, le=120, description="How long a confirmation holds.")
    soon_months: int = Field(ge=1, le=60, description="Within how many months one is ready in one to two years.")
    acting_months: int | None = Field(
        None, ge=1, le=24, description="How long an acting official acts; as in the version in force unless told."
    )
    cover: Annotated[list[CoverRule], Field(max_length=len(PositionLevel))] = Field(
        description="Levels that are not named have posts that nobody acts in."
    )
    levels_ahead: Annotated[list[LevelsAhead], Field(max_length=len(PositionLevel))] | None = Field(
        None, description="As in the version in force unless told."
    )
    merit_weights: Annotated[list[MeritWeight], Field(max_length=len(MeritItem))] = Field(
        description="Every item once; together 100."
    )
    merit_aspect_weight: int | None = Field(
        None, ge=1, le=100, description="Percent of the merit index; as in the version in force unless told."
    )
    sources: Annotated[list[PolicySource], Field(max_length=len(PolicyPart))] = Field(default_factory=list)
    legal_basis: Lines


# ── writes


async def publish_succession_policy(db: Database, actor: Actor, command: PublishSuccessionPolicy) -> int:
    """Put the next version of the own policy into force; what was decided by an earlier one stays as it is."""
    actor.require(Permission.EDIT_RULE_SETS)
    async with db.write_as(actor) as tx:
        await imports._hold_institution(tx, actor)  # noqa: SLF001 - one at a time: versions are counted
        before = await tx.scalar(select(func.max(SuccessionPolicyRow.version))) or 0
        present = await _policy(tx)
        cover = [(rule.level, rule.acted_by) for rule in command.cover]
        ahead = [(rule.level, rule.ahead) for rule in command.levels_ahead or []]
        must_be_consistent(
            [command.institution_boxes, command.national_boxes],
            [(one.item, one.weight) for one in command.merit_weights],
            {PolicyPart.COVER: cover, PolicyPart.LEVELS_AHEAD: ahead},
        )
        told = present.levels_ahead if command.levels_ahead is None else dict(ahead)
        row = {
            "version": before + 1,
            "institution_boxes": sorted(command.institution_boxes),
            "national_boxes": sorted(command.national_boxes),
            "term_months": command.term_months,
            "soon_months": command.soon_months,
            "acting_months": command.acting_months or present.acting_months,
            "cover": _written(dict(cover)),
            "levels_ahead": _written(told),
            "merit_weights": {one.item.value: one.weight for one in command.merit_weights},
            "merit_aspect_weight": command.merit_aspect_weight or present.merit_aspect_weight,
            "sources": {
                one.about.value: {"legalBasis": one.legal_basis, "confidence": one.confidence.value}
                for one in command.sources
            },
            "legal_basis": command.legal_basis,
        }
        who = {"institution_id": actor.institution_id, "published_at": db.now(), "published_by": actor.subject}
        await tx.execute(insert(SuccessionPolicyRow).values(**who, **row))
        await record(tx, actor, SuccessionPolicyPublished(before, before + 1))
    return before + 1


def _written(ladder: Mapping[PositionLevel, Sequence[PositionLevel]]) -> dict[str, list[str]]:
    return {level.value: [one.value for one in others] for level, others in ladder.items()}


async def _policy(tx: AsyncSession) -> Policy:
    """What is in force: the newest of the institution's own, else the newest that is shipped."""
    own = await tx.scalar(select(SuccessionPolicyRow).order_by(SuccessionPolicyRow.version.desc()).limit(1))
    if own is not None:
        return _read(PolicyCode.OWN, own)
    newest = select(ShippedSuccessionPolicyRow).order_by(ShippedSuccessionPolicyRow.version.desc()).limit(1)
    return _read(PolicyCode.SHIPPED, (await tx.execute(newest)).scalar_one())


def _read(code: PolicyCode, row: SuccessionPolicyRow | ShippedSuccessionPolicyRow) -> Policy:
    return Policy(
        code=code,
        version=row.version,
        boxes={Pool.INSTITUTION: tuple(row.institution_boxes), Pool.NATIONAL: tuple(row.national_boxes)},
        term_months=row.term_months,
        soon_months=row.soon_months,
        acting_months=row.acting_months,
        cover=_ladder(row.cover),
        levels_ahead=_ladder(row.levels_ahead),
        merit_weights={MeritItem(item): int(weight) for item, weight in row.merit_weights.items()},
        merit_aspect_weight=row.merit_aspect_weight,
    )


def _ladder(told: Mapping[str, Sequence[str]]) -> Ladder:
    return {PositionLevel(level): tuple(map(PositionLevel, others)) for level, others in told.items()}


# ── reads


async def succession_policy_document(db: Database, actor: Actor, wanted: Selection | None = None) -> Document:
    """The policy in force in the own institution: its own, or what is shipped."""
    actor.require(Permission.READ_RUBRICS)
    document = await db.document_as(actor, SUCCESSION_POLICY, wanted, in_force=True)
    if document is None:
        raise NotFound("institution.not_found")
    return document


async def succession_policy_version_document(
    db: Database, actor: Actor, code: str, version: int, wanted: Selection | None = None
) -> Document:
    """One version, by which plans or memberships may have been decided; whether it is still in force."""
    actor.require(Permission.READ_RUBRICS)
    document = None
    if code in tuple(PolicyCode) and may_be_version(code, version):
        document = await db.document_as(actor, SUCCESSION_POLICY, wanted, code=code, version=version)
    if document is None:
        raise NotFound("policy.not_found")
    return document


async def succession_policies_page(
    db: Database, actor: Actor, first: int | None = None, after: str | None = None, wanted: Selection | None = None
) -> Document:
    """Every version that the institution has published, and then what was shipped; older ones first."""
    actor.require(Permission.READ_RUBRICS)
    return await db.page_as(actor, SUCCESSION_POLICIES, wanted, page_size(first), text_cursor(after))
