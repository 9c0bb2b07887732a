"""Posts: what each asks and who holds it, and which government affairs units work at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from pydantic import Field
from sqlalchemy import and_, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import candidates, retirements
from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.outdated_plans import recalculate_plans
from app.db.post_standards import standard
from app.db.shapes import posts as shapes
from app.db.tables.institutions import InstitutionRow, OrgUnitRow
from app.db.tables.posts import PostRow, UnitAffairRow
from app.db.unit_affairs import nearest_affair
from app.domain.actors import Actor, Permission
from app.domain.candidates import Target
from app.domain.careers import PositionLevel
from app.domain.errors import Fault, NotFound, refuse
from app.domain.evidence import COMPETENCIES
from app.domain.government_affairs import AFFAIRS
from app.domain.post_events import PostEdited, UnitAffairSet
from app.domain.revisions import ABSENT, Expected, must_be_unchanged
from app.services import imports
from app.services.contract import Command, StorableText, is_storable, must_be_one_of, named_cursor, page_size
from app.services.cycles import Name


class PostFilter(Command):
    """Which posts to list; what is not given does not restrict."""

    unit: StorableText | None = Field(None, max_length=100, description="Id of a unit; those below it are included.")
    level: PositionLevel | None = Field(None, strict=False)
    vacant: bool | None = Field(None, description="Whether a funded seat is empty.")
    critical: bool | None = None
    target: bool | None = None
    affair: StorableText | None = Field(None, max_length=60, description="Code of a government affair.")
    delivered: bool | None = Field(None, description="Whether the latest position map names the post.")
    stale_analysis: bool | None = Field(None, description="Whether the workload analysis counts no more, where known.")
    q: StorableText | None = Field(None, max_length=200, description="Words of the name, as they stand in it.")


class StandardLevels(Command):
    """The level 1 to 5 that a post asks of each of the nine competencies (PermenPANRB 38/2017)."""

    integrity: int = Field(ge=1, le=5)
    teamwork: int = Field(ge=1, le=5)
    communication: int = Field(ge=1, le=5)
    results_orientation: int = Field(ge=1, le=5)
    public_service: int = Field(ge=1, le=5)
    developing_self_and_others: int = Field(ge=1, le=5)
    managing_change: int = Field(ge=1, le=5)
    decision_making: int = Field(ge=1, le=5)
    nation_binding: int = Field(ge=1, le=5)


class EditPost(Command):
    """What to change of a post; what is not given stays. Null is that of the level, rule or unit again."""

    is_critical: bool | None = None
    is_target: bool | None = Field(None, description="Whether successors are planned for.")
    job_family: StorableText | None = Field(None, min_length=1, max_length=100)
    government_affair: str | None = Field(None, max_length=60, description="A code of `/v1/government-affairs`.")
    standard: StandardLevels | None = None
    retirement_age: int | None = Field(None, ge=40, le=80, description="Where a special rule applies to its holders.")
    retirement_basis: Name | None = Field(None, description="The legal basis of `retirementAge`; given with it.")


class SetUnitAffair(Command):
    """What a unit works at, and those below it that nobody says anything else of."""

    government_affair: str = Field(
        max_length=60,
        description="A code of `/v1/government-affairs`.",
        json_schema_extra={"enum": list(AFFAIRS)},
    )


# ── writes


async def edit_post(
    db: Database, actor: Actor, post_id: UUID, command: EditPost, *, expected: Expected | None = None
) -> UUID:
    """Change what the institution says of a post. Its seats, level and class are those of the position map."""
    actor.require(Permission.EDIT_POSTS)
    must_be_one_of(tuple(AFFAIRS), "/governmentAffair", command.government_affair)
    async with db.write_as(actor) as tx:
        institution = await _hold_map(tx, actor)
        post = await _hold_post(tx, actor, post_id)
        must_be_unchanged(expected, post.revision)
        told = _told(command)
        _must_have_basis(post, told)
        changed: dict[str, object] = {name: told[name] for name in told if getattr(post, name) != told[name]}
        before: dict[str, object] = {name: getattr(post, name) for name in changed}
        for name, value in changed.items():
            setattr(post, name, value)
        if changed:
            await tx.flush()
            as_of = _day_of_map(institution)
            await retirements.foresee(tx, actor.institution_id, as_of, post_id)
            if OF_CANDIDATES & changed.keys():
                await candidates.refresh_candidates(tx, actor.institution_id, as_of)
            await recalculate_plans(tx, actor)
            await record(tx, actor, PostEdited(post_id, before, changed))
    return post_id


def _told(command: EditPost) -> Mapping[str, object]:
    """What the command gives, by the names of the columns."""
    told: dict[str, object] = {name: getattr(command, name) for name in command.model_fields_set}
    told = {name: value for name, value in told.items() if value is not None or name in NULLABLE}
    if command.standard is not None:
        told["standard"] = [getattr(command.standard, code) for code in COMPETENCIES]
    return told


def _must_have_basis(post: PostRow, told: Mapping[str, object]) -> None:
    """An age of a post's own is given with its legal basis, and taken back with it; one of before may have none."""
    if not told.keys() & {"retirement_age", "retirement_basis"}:
        return
    age, basis = (told.get(name, getattr(post, name)) for name in ("retirement_age", "retirement_basis"))
    is_new = "retirement_age" in told and age != post.retirement_age
    if (age is None) != (basis is None) or (is_new and age is not None and "retirement_basis" not in told):
        refuse(Fault("retirement.basis_needed", "/retirementBasis"))


OF_CANDIDATES = frozenset({"job_family", "government_affair"})
"""What is a fact about the holders, too."""
NULLABLE = frozenset({"job_family", "government_affair", "standard", "retirement_age", "retirement_basis"})


async def set_unit_affair(
    db: Database, actor: Actor, unit_id: str, command: SetUnitAffair, *, expected: Expected | None = None
) -> str:
    """Say which government affair a unit works at; no import overwrites it."""
    actor.require(Permission.EDIT_POSTS)
    must_be_one_of(tuple(AFFAIRS), "/governmentAffair", command.government_affair)
    affair = command.government_affair
    async with db.write_as(actor) as tx:
        institution = await _hold_map(tx, actor)
        key = (actor.institution_id, unit_id)
        unit = await tx.get(OrgUnitRow, key, with_for_update=True) if is_storable(unit_id) else None
        if unit is None:
            raise NotFound("unit.not_found")
        row = await tx.get(UnitAffairRow, key)
        must_be_unchanged(expected, ABSENT if row is None else row.revision)
        before = None if row is None else row.government_affair
        if row is None:
            ids = {"institution_id": actor.institution_id, "unit_id": unit_id}
            tx.add(UnitAffairRow(**ids, government_affair=affair, is_derived=False))
        else:
            row.government_affair, row.is_derived = affair, False
        await tx.flush()
        await candidates.refresh_candidates(tx, actor.institution_id, _day_of_map(institution))
        await recalculate_plans(tx, actor)
        await record(tx, actor, UnitAffairSet(unit_id, before, affair))
    return unit_id


async def _hold_map(tx: AsyncSession, actor: Actor) -> InstitutionRow:
    """The institution, whose map nobody makes anew meanwhile.

    Held before any post or unit, as an import does, so that neither waits for the other; what a change finds out about
    many people rests on what no import is about to replace.
    """
    return await imports._hold_idle_institution(tx, actor)  # noqa: SLF001 - a service composes another's steps


def _day_of_map(institution: InstitutionRow) -> date:
    """The day of the present map. Units and posts come with one."""
    if institution.as_of is None:
        raise NotFound("institution.not_found")
    return institution.as_of


async def _hold_post(tx: AsyncSession, actor: Actor, post_id: UUID) -> PostRow:
    """The post, locked until the transaction ends; `NotFound` where the institution has none of that id."""
    post = await tx.get(PostRow, (actor.institution_id, post_id), with_for_update={"key_share": True})
    if post is None:
        raise NotFound("post.not_found")
    return post


async def _target_of(tx: AsyncSession, post_id: UUID, on: date) -> Target | None:
    """The post as somebody is looked for, on the planned day of inauguration; None where there is no such post.

    The affair is the post's own or that of its unit, the standard its own or that of its level. What priority
    programmes favour is not part of a post: `affairs_of_programmes` is empty.
    """
    affair = nearest_affair()
    asked = (
        select(
            PostRow.level,
            func.coalesce(PostRow.government_affair, affair.c.government_affair).label("government_affair"),
            PostRow.job_family,
            standard.label("standard"),
        )
        .join(OrgUnitRow, and_(OrgUnitRow.institution_id == PostRow.institution_id, OrgUnitRow.id == PostRow.unit_id))
        .outerjoin(affair, true())
        .where(PostRow.id == post_id)
    )
    post = (await tx.execute(asked)).one_or_none()
    if post is None:
        return None
    return Target(
        on=on,
        level=PositionLevel(post.level),
        government_affair=post.government_affair,
        job_family=post.job_family,
        standard=tuple(post.standard),
    )


# ── reads


async def posts_page(
    db: Database,
    actor: Actor,
    chosen: PostFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """A page of posts by name, with their seats, who holds how many, and since when a seat is foreseeably empty."""
    actor.require(Permission.READ_POSTS)
    conditions = (chosen or PostFilter()).model_dump(exclude_none=True)
    must_be_one_of(tuple(AFFAIRS), "affair", conditions.get("affair"))
    return await db.page_as(actor, shapes.POSTS, wanted, page_size(first), named_cursor(after), **conditions)


async def post_document(db: Database, actor: Actor, post_id: UUID, wanted: Selection | None = None) -> Document:
    """One post: its unit, seats and holders, the standard it asks, its affair, its workload analysis and its clock."""
    actor.require(Permission.READ_POSTS)
    document = await db.document_as(actor, shapes.POST, wanted, id=post_id)
    if document is None:
        raise NotFound("post.not_found")
    return document


async def government_affairs_document(db: Database, actor: Actor, wanted: Selection | None = None) -> Document:
    """The government affairs of UU 23/2014 and the functions that support and oversee them."""
    actor.require(Permission.READ_RUBRICS)
    document = await db.document_as(actor, shapes.GOVERNMENT_AFFAIRS, wanted)
    if document is None:
        raise NotFound("institution.not_found")
    return document


async def unit_affair_document(db: Database, actor: Actor, unit_id: str, wanted: Selection | None = None) -> Document:
    """What a unit works at: said of it, read off its name, or taken over from the nearest unit above."""
    actor.require(Permission.READ_POSTS)
    document = await db.document_as(actor, shapes.UNIT_AFFAIR, wanted, unit=unit_id) if is_storable(unit_id) else None
    if document is None:
        raise NotFound("unit.not_found")
    return document
