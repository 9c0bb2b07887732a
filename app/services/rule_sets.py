"""Rule sets: the shipped ones, and versions that an institution publishes of its own; none of them ever changes."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import lru_cache
from typing import Annotated, NamedTuple, TypedDict

from pydantic import Field, WithJsonSchema
from sqlalchemy import Text, bindparam, cast, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.outdated_plans import recalculate_plans
from app.db.shapes import rule_sets as shapes
from app.db.tables.rule_sets import RuleSetRow
from app.domain.actors import Actor, Permission
from app.domain.careers import PositionLevel
from app.domain.errors import Conflict, Fault, Invalid, NotFound
from app.domain.fact_words import level_in_words
from app.domain.messages import Sentence
from app.domain.rubric_faults import LARGEST_VERSION
from app.domain.rule_set_differences import differences
from app.domain.rule_set_document import (
    Json,
    WrittenRuleSet,
    document_of,
    parse_rule_set,
    read_rule_set,
)
from app.domain.rule_sets import RuleSet
from app.domain.vacancy_events import RuleSetPublished
from app.services import imports
from app.services.contract import Command, may_be_version, page_size, text_cursor

KEPT_RULE_SETS = 256  # of all institutions, per process
Written = Annotated[
    object, WithJsonSchema({"type": "object"}), Field(description="The whole rule set as it is written.")
]


class RuleSetKey(NamedTuple):
    """Which version of which rule set."""

    code: str
    version: int

    def __str__(self) -> str:
        return f"{self.code}/{self.version}"


class RuleSetVersion(Command):
    """A version of a rule set."""

    code: str = Field(max_length=100)
    version: int


class RuleSetFilter(Command):
    """Which versions to list; what is not given does not restrict."""

    level: PositionLevel | None = Field(None, strict=False, description="Level of the posts.")


class EarlierVersion(Command):
    """Which version another one is compared with: of the same code unless told, else what it was made from."""

    version: int | None = Field(None, alias="from", ge=1, le=LARGEST_VERSION)
    code: str | None = Field(None, alias="fromCode", max_length=100)


class PublishRuleSet(Command):
    """Publish a version of a rule set of one's own."""

    based_on: RuleSetVersion = Field(description="Which version it was made from: a shipped one or one's own.")
    name: str | None = Field(
        None,
        pattern=r"^[a-z0-9][a-z0-9-]{0,59}$",
        description="What its code begins with; that of the version it was made from unless told.",
    )
    document: Written
    for_level: bool = Field(
        default=True,
        description="Whether posts of the level are filled by it from now on; if not, only where it is named.",
    )


class CheckRuleSet(Command):
    """Find what is wrong with a rule set."""

    document: Written


class FaultFound(TypedDict):
    """One thing that is wrong, with its JSON pointer."""

    code: str
    where: str
    detail: Sentence


class RuleSetCheck(TypedDict):
    """Whether a rule set could be published, and everything that is wrong with it."""

    valid: bool
    faults: list[FaultFound]


# ── writes


async def publish_rule_set(db: Database, actor: Actor, command: PublishRuleSet) -> RuleSetKey:
    """Publish a rule set under a code of the institution's own, as its next version; it never changes again.

    From then on posts of its level are filled by it, and succession plans judge by it, unless it is not `for_level`.
    `code` and `version` of the document are replaced by those it gets. Refused with every fault of it, and where the
    code is already one of another level of posts.
    """
    actor.require(Permission.EDIT_RULE_SETS)
    base, document = RuleSetKey(command.based_on.code, command.based_on.version), command.document
    async with db.write_as(actor) as tx:
        await imports._hold_institution(tx, actor)  # noqa: SLF001 - one at a time: versions are counted
        if await _find_written(tx, base) is None:
            raise NotFound("rule_set.not_found", rule_set=str(base))
        key = await _next_version(tx, actor, command.name or base.code.partition("@")[0])
        written = _checked({**document, **key._asdict()} if isinstance(document, dict) else document)
        await _must_keep_level(tx, key.code, written.rule_set.level)
        published = {**key._asdict(), "told": json.dumps(document_of(written)), "now": db.now()}
        await tx.execute(
            text(
                "SELECT publish_rule_set(:code, :version, CAST(:told AS jsonb), :base, :base_version, :now, :for_level)"
            ),
            {**published, "base": base.code, "base_version": base.version, "for_level": command.for_level},
        )
        await recalculate_plans(tx, actor)
        await record(tx, actor, RuleSetPublished(str(key), written.rule_set.level.value, str(base)))
    return key


async def check_rule_set(db: Database, actor: Actor, command: CheckRuleSet) -> RuleSetCheck:  # noqa: ARG001 - as every service
    """Everything that is wrong with a rule set as it is written; nothing is stored."""
    actor.require(Permission.EDIT_RULE_SETS)
    try:
        parse_rule_set(command.document)
    except Invalid as refusal:
        faults = [FaultFound(code=one.code, where=one.where, detail=one.detail) for one in refusal.faults]
        return RuleSetCheck(valid=False, faults=faults)
    return RuleSetCheck(valid=True, faults=[])


def _checked(document: object) -> WrittenRuleSet:
    """What is written, if it is a rule set; otherwise its faults with their pointers into the command."""
    try:
        return parse_rule_set(document)
    except Invalid as refusal:
        faults = tuple(Fault(one.code, f"/document{one.where}", one.about) for one in refusal.faults)
        raise Invalid(refusal.code, faults=faults) from refusal


async def _next_version(tx: AsyncSession, actor: Actor, name: str) -> RuleSetKey:
    """The version after all that the institution has of a rule set of that name."""
    code = f"{name}@{str(actor.institution_id)[:8]}"
    newest = await tx.scalar(select(func.max(RuleSetRow.version)).where(RuleSetRow.code == code))
    return RuleSetKey(code, 1 + (newest or 0))


async def _must_keep_level(tx: AsyncSession, code: str, level: PositionLevel) -> None:
    before = await tx.scalar(select(RuleSetRow.level).where(RuleSetRow.code == code).limit(1))
    if before is not None and before != level.value:
        raise Conflict("rule_set.level_changed", rule_set=code, level=level_in_words(before))


async def _rule_set(tx: AsyncSession, code: str, version: int) -> RuleSet:
    """A version that the institution may use: a shipped one or its own. `NotFound` otherwise."""
    key = RuleSetKey(code, version)
    if (document := await _find_written(tx, key)) is None:
        raise NotFound("rule_set.not_found", rule_set=str(key))
    return _read(json.dumps(document))


async def _default_rule_set(tx: AsyncSession, level: PositionLevel) -> RuleSet | None:
    """By what posts of a level are filled unless somebody says: the institution's newest of its own, else the shipped.

    None where there is neither: for functional and executor levels none is shipped.
    """
    document: str | None = await tx.scalar(DEFAULT_DOCUMENT, {"level": level.value})
    return None if document is None else _read(document)


DEFAULT_DOCUMENT = (
    select(cast(RuleSetRow.document, Text))
    .where(RuleSetRow.level == bindparam("level"), RuleSetRow.is_for_level)
    .order_by(*shapes.default_first(RuleSetRow))
    .limit(1)
)


@lru_cache(KEPT_RULE_SETS)
def _read(told: str) -> RuleSet:
    """A published rule set, which never changes: read once for as long as it is used."""
    return read_rule_set(json.loads(told)).rule_set


async def _find_written(tx: AsyncSession, key: RuleSetKey) -> Json | None:
    if not may_be_version(*key):
        return None
    document: Json | None = await tx.scalar(
        select(RuleSetRow.document).where(RuleSetRow.code == key.code, RuleSetRow.version == key.version)
    )
    return document


# ── reads


async def rule_set_document(
    db: Database, actor: Actor, code: str, version: int, wanted: Selection | None = None
) -> Document:
    """A version of a rule set, whole: requirements and criteria with their words. Another institution's is absent."""
    actor.require(Permission.READ_RUBRICS)
    found = None
    if may_be_version(code, version):
        found = await db.document_as(actor, shapes.RULE_SET, wanted, code=code, version=version)
    if found is None:
        raise NotFound("rule_set.not_found", rule_set=f"{code}/{version}")
    return found


async def rule_set_differences_document(
    db: Database,
    actor: Actor,
    code: str,
    version: int,
    earlier: EarlierVersion | None = None,
    wanted: Selection | None = None,
) -> Document:
    """In what a version of a rule set differs from another, or from the one that it was made from, if there is one.

    The two documents, of eighty rules at the most, are compared in plain Python, which also says what an absent word
    means; what is found goes into the statement that looks whether the actor may read the version.
    """
    actor.require(Permission.READ_RUBRICS)
    later = RuleSetKey(code, version)
    async with db.read_as(actor) as tx:
        written = await _find_written(tx, later)
        if written is None:
            raise NotFound("rule_set.not_found", rule_set=str(later))
        base = await _earlier(tx, later, earlier or EarlierVersion())
        before = None if base is None else await _find_written(tx, base)
    if base is not None and before is None:
        raise NotFound("rule_set.not_found", rule_set=str(base))
    compared = [document_of(read_rule_set(one)) for one in (before or written, written)]
    found = {
        "from": None if base is None else base._asdict(),
        "differences": [asdict(one) for one in differences(*compared)],
    }
    told = {"code": code, "version": version, "found": json.dumps(found)}
    document = await db.document_as(actor, shapes.RULE_SET_DIFFERENCES, wanted, **told)
    if document is None:
        raise NotFound("rule_set.not_found", rule_set=str(later))
    return document


async def _earlier(tx: AsyncSession, later: RuleSetKey, told: EarlierVersion) -> RuleSetKey | None:
    """The version that was asked for; else the one it was made from, else the one before; None for the first."""
    if told.version is not None:
        return RuleSetKey(told.code or later.code, told.version)
    made_from = select(RuleSetRow.based_on_code, RuleSetRow.based_on_version).where(
        RuleSetRow.code == later.code, RuleSetRow.version == later.version
    )
    code, version = (await tx.execute(made_from)).one()
    if version is None or code is None:
        return RuleSetKey(later.code, later.version - 1) if later.version > 1 else None
    return RuleSetKey(code, version)


async def rule_sets_page(
    db: Database,
    actor: Actor,
    chosen: RuleSetFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """The versions by which an institution can fill posts, shipped and its own, by code; those of a level, if told."""
    actor.require(Permission.READ_RUBRICS)
    conditions = (chosen or RuleSetFilter()).model_dump(exclude_none=True)
    return await db.page_as(actor, shapes.RULE_SETS, wanted, page_size(first), text_cursor(after), **conditions)
