"""Rules of retirement: the national versions, and what an institution says of posts of certain names instead."""

from __future__ import annotations

import json
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import retirements
from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.shapes import retirement_rules as shapes
from app.db.tables.institutions import InstitutionRow
from app.db.tables.posts import RetirementExceptionRow, RetirementVersionRow
from app.domain import posts as domain
from app.domain.actors import Actor, Permission
from app.domain.careers import PositionLevel
from app.domain.errors import Conflict, NotFound
from app.domain.post_events import RetirementExceptionKept, RetirementExceptionRemoved, RetirementRulesPublished
from app.domain.posts import RetirementRule
from app.domain.revisions import ABSENT, Expected, must_be_unchanged
from app.services import imports
from app.services.contract import Command
from app.services.cycles import Day, Name

Age = Annotated[int, Field(ge=40, le=80, description="In years; the month after it is reached is that of retirement.")]
LATEST_VERSION = 2**15 - 1
MOST_RULES = 200


class WrittenRetirementRule(Command):
    """At which age holders of posts of a level, or of a name that begins with certain words, retire."""

    level: PositionLevel | None = Field(None, strict=False)
    words: Name | None = Field(None, description="The first words of a post's name.")
    age: Age
    legal_basis: Name


class PublishRetirementRules(Command):
    """The next version of the national rules, whole: names first, then every level."""

    effective_from: Day = Field(description="Today at the earliest, and after that of the latest version.")
    legal_basis: Name
    rules: Annotated[list[WrittenRetirementRule], Field(min_length=1, max_length=MOST_RULES)] = Field(
        description="The first rule that fits a post decides."
    )


class KeepRetirementException(Command):
    """What the institution says of posts whose name begins with certain words."""

    words: Name = Field(description="The first words of the posts' names; of several that fit the longest count.")
    age: Age
    legal_basis: Name


# ── writes


async def publish_retirement_rules(db: Database, actor: Actor, command: PublishRetirementRules) -> int:
    """Publish the next version of the national rules; a version never changes. Answers with its number.

    An institution works out its retirements by it with the first import of a day on which it is in force.
    """
    actor.require(Permission.PUBLISH_RETIREMENT_RULES)
    rules = [_rule_of(one) for one in command.rules]
    domain.must_be_rulebook(rules)
    told = [{"level": one.level, "words": one.words, "age": one.age, "legal_basis": one.legal_basis} for one in rules]
    async with db.write_as(actor) as tx:
        newest = (await tx.scalars(select(func.max(RetirementVersionRow.effective_from)))).one()
        domain.must_take_effect_later(command.effective_from, newest, db.today())
        version = await tx.scalar(
            text("SELECT publish_retirement_rules(:first_day, :basis, CAST(:rules AS jsonb), :now)"),
            {
                "first_day": command.effective_from,
                "basis": command.legal_basis,
                "rules": json.dumps(told),
                "now": db.now(),
            },
        )
        if version is None:  # somebody was quicker
            raise Conflict("retirement.too_early")
        first_day = command.effective_from.isoformat()
        await record(tx, actor, RetirementRulesPublished(version, first_day, command.legal_basis))
    return int(version)


def _rule_of(written: WrittenRetirementRule) -> RetirementRule:
    words = None if written.words is None else _key(written.words)
    return RetirementRule(level=written.level, words=words, age=written.age, legal_basis=written.legal_basis)


def _key(words: str) -> str:
    """Without differences of case and spacing, as names of posts are compared."""
    return " ".join(words.lower().split())


async def keep_retirement_exception(
    db: Database,
    actor: Actor,
    exception_id: UUID,
    command: KeepRetirementException,
    *,
    expected: Expected | None = None,
) -> UUID:
    """Say it under an id of the caller's choice, or change the exception that has it; retirements follow at once."""
    actor.require(Permission.EDIT_POSTS)
    words = _key(command.words)
    told = {"words": words, "age": command.age, "legal_basis": command.legal_basis}
    async with db.write_as(actor) as tx:
        institution = await imports._hold_idle_institution(tx, actor)  # noqa: SLF001 - a service composes another's steps
        key = (actor.institution_id, exception_id)
        row = await tx.get(RetirementExceptionRow, key)
        must_be_unchanged(expected, ABSENT if row is None else row.revision)
        await _must_be_the_only_one(tx, exception_id, words)
        before = None if row is None else row.age
        if row is None:
            await tx.execute(insert(RetirementExceptionRow).values(institution_id=key[0], id=key[1], **told))
        else:
            for name, value in told.items():
                setattr(row, name, value)
            await tx.flush()
        await _foresee_again(tx, institution)
        await record(
            tx,
            actor,
            RetirementExceptionKept(exception_id, words, before, command.age, command.legal_basis),
        )
    return exception_id


async def remove_retirement_exception(
    db: Database, actor: Actor, exception_id: UUID, *, expected: Expected | None = None
) -> None:
    """Take an exception back; retirements follow the national rules again at once."""
    actor.require(Permission.EDIT_POSTS)
    async with db.write_as(actor) as tx:
        institution = await imports._hold_idle_institution(tx, actor)  # noqa: SLF001 - a service composes another's steps
        row = await tx.get(RetirementExceptionRow, (actor.institution_id, exception_id))
        if row is None:
            raise NotFound("retirement_exception.not_found")
        must_be_unchanged(expected, row.revision)
        await tx.delete(row)
        await tx.flush()
        await _foresee_again(tx, institution)
        await record(tx, actor, RetirementExceptionRemoved(exception_id, row.words))


async def _must_be_the_only_one(tx: AsyncSession, exception_id: UUID, words: str) -> None:
    row = RetirementExceptionRow
    if await tx.scalar(select(row.id).where(row.words == words, row.id != exception_id)) is not None:
        raise Conflict("retirement_exception.repeated")


async def _foresee_again(tx: AsyncSession, institution: InstitutionRow) -> None:
    if institution.as_of is not None:
        await retirements.foresee(tx, institution.id, institution.as_of)


# ── reads


async def retirement_rulebooks_document(db: Database, actor: Actor, wanted: Selection | None = None) -> Document:
    """Every version of the national rules of retirement, the newest first."""
    actor.require(Permission.READ_RUBRICS)
    document = await db.document_as(actor, shapes.RETIREMENT_RULEBOOKS, wanted)
    if document is None:
        raise NotFound("institution.not_found")
    return document


async def retirement_rules_document(
    db: Database, actor: Actor, version: int, wanted: Selection | None = None
) -> Document:
    """One version of the national rules of retirement (BUP), with the legal basis of each rule."""
    actor.require(Permission.READ_RUBRICS)
    document = None
    if 0 < version <= LATEST_VERSION:
        document = await db.document_as(actor, shapes.RETIREMENT_RULES, wanted, version=version)
    if document is None:
        raise NotFound("retirement_rules.not_found")
    return document


async def retirement_exceptions_document(db: Database, actor: Actor, wanted: Selection | None = None) -> Document:
    """What the institution says of posts of certain names instead of the national rules."""
    actor.require(Permission.READ_POSTS)
    document = await db.document_as(actor, shapes.RETIREMENT_EXCEPTIONS, wanted)
    if document is None:
        raise NotFound("institution.not_found")
    return document


async def retirement_exception_document(
    db: Database, actor: Actor, exception_id: UUID, wanted: Selection | None = None
) -> Document:
    """One exception, and how many posts it decides about."""
    actor.require(Permission.READ_POSTS)
    document = await db.document_as(actor, shapes.RETIREMENT_EXCEPTION, wanted, id=exception_id)
    if document is None:
        raise NotFound("retirement_exception.not_found")
    return document
