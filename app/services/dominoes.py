"""Dominoes: what an appointment would set off, and who is counted on in several plans; nothing is changed.

Both are chains of choices over the posts, seats and plans of one institution: a bounded set that the domain reasons
over, loaded in two statements of one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import asyncpg
import orjson
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.data_subjects import RESTRICTED
from app.db.database import Database, fetch_rows
from app.db.documents import DIALECT, Document, Selection
from app.db.shapes import dominoes as shapes
from app.db.shapes.bench_strength import AVAILABILITY
from app.domain import dominoes, succession
from app.domain.actors import Actor, Permission
from app.domain.careers import PositionLevel
from app.domain.dominoes import Board, Choice, Post, Preview
from app.domain.errors import Fault, Invalid
from app.services import ekspose, succession_policies
from app.services.contract import Command

MOST_CHOICES = 20
Json = dict[str, object]


class ChooseSuccessor(Command):
    """Somebody for a post."""

    post_id: UUID = Field(strict=False)
    talent_id: UUID = Field(strict=False)


class PreviewDominoes(Command):
    """Whom one thinks of appointing, and where."""

    choices: Annotated[list[ChooseSuccessor], Field(min_length=1, max_length=MOST_CHOICES)]


async def preview_dominoes(
    db: Database, actor: Actor, command: PreviewDominoes, wanted: Selection | None = None
) -> Document:
    """The chain that choices open: which seats become empty, who would follow there, and who covers what is left."""
    actor.require(Permission.READ_SUCCESSION)
    async with db.read_as(actor) as tx:
        office = await _office(tx, actor)
    choices = [Choice(one.post_id, one.talent_id) for one in command.choices]
    _must_be_known(office, choices)
    told = _told(office, dominoes.preview(office.board, choices))
    return orjson.dumps(ekspose._chosen(told, "DominoPreview", shapes.DOMINOES, wanted))  # noqa: SLF001 - a service composes another's steps


async def succession_overlaps_document(db: Database, actor: Actor, wanted: Selection | None = None) -> Document:
    """Who is named ready now in several plans, and how many plans hold where each person fills one post only."""
    actor.require(Permission.READ_SUCCESSION)
    async with db.read_as(actor) as tx:
        office = await _office(tx, actor)
    plans_of: dict[UUID, list[UUID]] = {}
    for post_id, people in office.ready.items():
        for talent_id in people:
            plans_of.setdefault(talent_id, []).append(post_id)
    several = sorted(((one, posts) for one, posts in plans_of.items() if len(posts) > 1), key=lambda one: -len(one[1]))
    told: Json = {
        "plans": len(office.ready),
        "named": sum(bool(people) for people in office.ready.values()),
        "namedOneEach": len(succession.fill(office.ready)),
        "covered": sum(bool(people) for people in office.board.successors.values()),
        "coveredOneEach": len(succession.fill(office.board.successors)),
        "people": [
            {"talent": _talent(office, one), "posts": [_post(office, post_id) for post_id in posts]}
            for one, posts in several
        ],
    }
    return orjson.dumps(ekspose._chosen(told, "SuccessionOverlaps", shapes.OVERLAPS, wanted))  # noqa: SLF001


# ── what there is


@dataclass(frozen=True, slots=True)
class _Office:
    """The board of an institution, with the names of what is on it."""

    board: Board
    ready: Mapping[UUID, Sequence[UUID]]
    """By post with a plan: who is named ready now, available or not."""
    posts: Mapping[UUID, asyncpg.Record]
    people: Mapping[UUID, asyncpg.Record]


async def _office(tx: AsyncSession, actor: Actor) -> _Office:
    policy = await succession_policies._policy(tx)  # noqa: SLF001 - a service composes another's steps
    posts = {row["id"]: row for row in await fetch_rows(tx, POSTS, actor.institution_id)}
    people = {row["id"]: row for row in await fetch_rows(tx, PEOPLE, actor.institution_id)}
    plans = await fetch_rows(tx, PLANS, actor.institution_id)
    board = Board(
        posts={one: _of_board(row) for one, row in posts.items()},
        post_of={one: row["post_id"] for one, row in people.items() if row["post_id"] is not None},
        successors={row["post_id"]: row["available"] or [] for row in plans},
        cover=policy.cover,
        unavailable=frozenset(one for one, row in people.items() if row["is_restricted"]),
    )
    return _Office(board, {row["post_id"]: row["ready"] or [] for row in plans}, posts, people)


POSTS = """
    SELECT p.id, p.name, p.level, p.seats, p.unit_id, u.path
    FROM post p JOIN org_unit u ON u.institution_id = p.institution_id AND u.id = p.unit_id
    WHERE p.institution_id = $1"""
PEOPLE = f"""
    SELECT t.id, t.nip, t.name, h.post_id, {RESTRICTED} AS is_restricted
    FROM talent t
    LEFT JOIN post_holder h ON h.institution_id = t.institution_id AND h.talent_id = t.id
    WHERE t.institution_id = $1"""  # noqa: S608 - our own words
PLANS = f"""
    SELECT plan.post_id,
           array_agg(found.talent_id ORDER BY found.ordinal) FILTER (WHERE found.is_ready) AS ready,
           array_agg(found.talent_id ORDER BY found.ordinal) FILTER (WHERE found.is_available) AS available
    FROM succession_plan plan
    LEFT JOIN ({AVAILABILITY.compile(dialect=DIALECT, compile_kwargs={"literal_binds": True})}) found
        ON found.institution_id = plan.institution_id AND found.post_id = plan.post_id
    WHERE plan.institution_id = $1
    GROUP BY plan.post_id ORDER BY plan.post_id"""  # noqa: S608 - our own words


def _of_board(row: asyncpg.Record) -> Post:
    return Post(row["id"], PositionLevel(row["level"]), tuple(row["path"]), row["seats"])


def _must_be_known(office: _Office, choices: Sequence[Choice]) -> None:
    faults = []
    for place, choice in enumerate(choices):
        if choice.post_id not in office.posts:
            faults.append(Fault("domino.post_not_found", f"/choices/{place}/postId"))
        if choice.talent_id not in office.people or choice.talent_id in office.board.unavailable:
            faults.append(Fault("domino.talent_not_found", f"/choices/{place}/talentId"))
    if faults:
        raise Invalid("request.invalid", faults=tuple(faults))


# ── what is told


def _told(office: _Office, preview: Preview) -> Json:
    return {
        "moves": [
            {
                "talentId": str(one.talent_id),
                "talent": _talent(office, one.talent_id),
                "fromPost": None if one.from_post is None else _post(office, one.from_post),
                "toPost": _post(office, one.to_post),
                "because": one.because.value,
                "isLoop": one.is_loop,
            }
            for one in preview.moves
        ],
        "ends": [
            {
                "post": _post(office, one.post_id),
                "hasPlan": one.has_plan,
                "cover": one.cover.value,
                "official": None if one.talent_id is None else _talent(office, one.talent_id),
                "distance": one.distance,
            }
            for one in preview.ends
        ],
        "passedOver": [
            {"post": _post(office, post_id), "talent": _talent(office, talent_id)}
            for post_id, talent_id in preview.passed_over
        ],
        "coveringTwice": [_talent(office, one) for one in preview.covering_twice],
        "hasLoop": any(one.is_loop for one in preview.moves),
        "isCovered": all(one.cover is not dominoes.Cover.NOBODY for one in preview.ends),
    }


def _post(office: _Office, post_id: UUID) -> Json:
    row = office.posts[post_id]
    return {"id": str(post_id), "name": row["name"], "level": row["level"], "unitId": row["unit_id"]}


def _talent(office: _Office, talent_id: UUID) -> Json | None:
    if talent_id in office.board.unavailable:
        return None
    row = office.people[talent_id]
    return {"id": str(talent_id), "nip": row["nip"], "name": row["name"]}
