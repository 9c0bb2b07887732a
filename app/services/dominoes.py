"""Dominoes: what an appointment would set off, and who is counted on in several plans; nothing is changed.

Both are chains of choices over the posts, seats and plans of one institution: a bounded set that the domain reasons
over, loaded in three statements of one transaction. Who acts in the seats that stay empty is asked of the same shape
that tells the emergency cover of a post, with everybody where the chain has brought them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import asyncpg
import orjson
from pydantic import Field
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.data_subjects import RESTRICTED
from app.db.database import Database, fetch_rows
from app.db.documents import Document, Selection
from app.db.post_seats import RESERVED
from app.db.shapes import dominoes as shapes
from app.db.shapes.bench_strength import AVAILABILITY
from app.db.shapes.succession_plans import COVER_OF_POSTS
from app.db.tables.succession import SuccessionPlanRow
from app.domain import dominoes, succession
from app.domain.actors import Actor, Permission
from app.domain.dominoes import Board, Choice, Cover, Preview
from app.domain.errors import Fault, NotFound, refuse
from app.domain.messages import day_in_words
from app.domain.vacancies import CHOSEN
from app.services import ekspose
from app.services.contract import Command
from app.services.cycles import Day
from app.services.pools import Nip

MOST_CHOICES = 20
Json = dict[str, Any]


class ChooseSuccessor(Command):
    """Somebody for a post."""

    post_id: UUID = Field(strict=False)
    nip: Nip


class PreviewDominoes(Command):
    """Whom one thinks of appointing, and where."""

    choices: Annotated[list[ChooseSuccessor], Field(min_length=1, max_length=MOST_CHOICES)]
    on: Day | None = Field(
        None,
        description="The day of the inaugurations; holders who will have left by then are gone. Today unless told.",
    )


async def preview_dominoes(
    db: Database, actor: Actor, command: PreviewDominoes, wanted: Selection | None = None
) -> Document:
    """The chain that choices open: which seats become empty, who would follow there, and who covers what is left.

    By the steps that inaugurations take. Refused for a seat that somebody still holds on the day.
    """
    actor.require(Permission.READ_SUCCESSION)
    on = command.on or db.today()
    if on < db.today():
        refuse(Fault("domino.day_over", "/on", {"day": day_in_words(on)}))
    async with db.read_as(actor) as tx:
        office = await _office(tx, actor, on)
    choices = _must_be_known(office, command.choices, on)
    seen = dominoes.preview(office.board, choices, on)
    told = _told(office, seen, choices, on, await _covers(db, actor, seen, on))
    return orjson.dumps(ekspose._chosen(told, "DominoPreview", shapes.DOMINOES, wanted))  # noqa: SLF001 - a service composes another's steps


async def succession_overlaps_document(db: Database, actor: Actor, wanted: Selection | None = None) -> Document:
    """Who is named ready now in several plans, and how many plans hold where each person fills one post only."""
    actor.require(Permission.READ_SUCCESSION)
    async with db.read_as(actor) as tx:
        office = await _office(tx, actor, db.today())
    plans_of: dict[UUID, list[UUID]] = {}
    for post_id, people in office.ready.items():
        for talent_id in people:
            plans_of.setdefault(talent_id, []).append(post_id)
    several = sorted(((one, posts) for one, posts in plans_of.items() if len(posts) > 1), key=lambda one: -len(one[1]))
    found: Json = {
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
    document = await db.document_as(actor, shapes.SUCCESSION_OVERLAPS, wanted, found=json.dumps(found))
    if document is None:
        raise NotFound("institution.not_found")
    return document


# ── what there is


@dataclass(frozen=True, slots=True)
class _Office:
    """The board of an institution, with the names of what is on it."""

    board: Board
    ready: Mapping[UUID, Sequence[UUID]]
    """By post with a plan: who is named ready now, available or not."""
    posts: Mapping[UUID, asyncpg.Record]
    people: Mapping[UUID, asyncpg.Record]


async def _office(tx: AsyncSession, actor: Actor, on: date) -> _Office:
    posts = {row["id"]: row for row in await fetch_rows(tx, POSTS, actor.institution_id)}
    people = {row["id"]: row for row in await fetch_rows(tx, PEOPLE, actor.institution_id, on)}
    ready: dict[UUID, list[UUID]] = {}
    available: dict[UUID, list[UUID]] = {}
    for row in await tx.execute(PLANS):
        for people_of, counts in ((ready, row.is_ready), (available, row.is_available)):
            people_of.setdefault(row.post_id, []).extend([row.talent_id] if counts else [])
    board = Board(
        seats={one: row["seats"] for one, row in posts.items()},
        post_of={one: row["post_id"] for one, row in people.items() if row["post_id"] is not None},
        leaving=frozenset(one for one, row in people.items() if row["is_leaving"]),
        successors={
            post_id: [one for one in able if _can_take(people[one], post_id, on)] for post_id, able in available.items()
        },
    )
    return _Office(board, ready, posts, people)


def _can_take(person: asyncpg.Record, post_id: UUID, on: date) -> bool:
    """Whether no later seat and no decision about another post stands against an inauguration on the day."""
    is_settled = person["since"] is not None and person["since"] > on
    return not is_settled and person["chosen_for"] in (None, post_id)


POSTS = f"""
    SELECT id, name, level, CASE WHEN is_delivered THEN greatest(seats - {RESERVED}, 0) ELSE 0 END AS seats, unit_id
    FROM post p WHERE institution_id = $1"""  # noqa: S608 - our own words
"""Without the seats that are reserved: nobody of the office takes them."""
_CHOSEN = ", ".join(f"'{one.value}'" for one in CHOSEN)
PEOPLE = f"""
    SELECT t.id, t.nip, t.name, t.is_mapped, h.post_id, h.since, {RESTRICTED} AS is_restricted,
        coalesce(h.retires_on <= $2, false) OR coalesce(
            v.state = 'decreed' AND v.effective_on <= $2 AND v.post_id <> h.post_id, false
        ) AS is_leaving,
        v.post_id AS chosen_for
    FROM talent t
    LEFT JOIN post_holder h ON h.institution_id = t.institution_id AND h.talent_id = t.id
    LEFT JOIN vacancy v ON v.institution_id = t.institution_id AND v.talent_id = t.id AND v.state IN ({_CHOSEN})
    WHERE t.institution_id = $1"""  # noqa: S608 - our own words
"""Who leaves by the day is who `services.seats` counts as having left: retired, or by the decree for another post.

`chosen_for` is the post that somebody is about to take over: of one vacancy at most, which an index sees to.
"""


def _plans() -> Select[Any]:
    found, plan = AVAILABILITY.subquery("found"), SuccessionPlanRow
    of_plan = (found.c.institution_id == plan.institution_id) & (found.c.post_id == plan.post_id)
    return (
        select(plan.post_id, found.c.talent_id, found.c.is_ready, found.c.is_available)
        .outerjoin(found, of_plan)
        .order_by(plan.post_id, found.c.ordinal)
    )


PLANS = _plans()


def _must_be_known(office: _Office, chosen: Sequence[ChooseSuccessor], on: date) -> list[Choice]:
    people = {person["nip"]: person for person in office.people.values()}
    faults, choices = [], []
    for place, choice in enumerate(chosen):
        person = people.get(choice.nip)
        if choice.post_id not in office.posts:
            faults.append(Fault("domino.post_not_found", f"/choices/{place}/postId"))
        if person is None or person["is_restricted"] or not person["is_mapped"]:
            faults.append(Fault("domino.talent_not_found", f"/choices/{place}/nip"))
        elif person["since"] is not None and person["since"] > on:
            about = {"since": day_in_words(person["since"])}
            faults.append(Fault("domino.newer_seat", f"/choices/{place}/nip", about))
        elif person["chosen_for"] not in (None, choice.post_id):
            faults.append(Fault("domino.already_chosen", f"/choices/{place}/nip"))
        else:
            choices.append(Choice(choice.post_id, person["id"]))
    if faults:
        refuse(*faults)
    return choices


async def _covers(db: Database, actor: Actor, seen: Preview, on: date) -> Mapping[UUID, Json]:
    """By post of which a seat stays empty: who may act there from the day, with everybody where they have moved to."""
    moved = {str(one.talent_id): str(one.to_post) for one in seen.moves}
    asked = {"covered": [str(one) for one in seen.empty], "moved": json.dumps(moved), "acts_from": on.isoformat()}
    document = await db.document_as(actor, COVER_OF_POSTS, None, **asked)
    told = orjson.loads(document) if document is not None else {"posts": []}
    return {UUID(one["post"]["id"]): one for one in told["posts"]}


# ── what is told


def _told(office: _Office, seen: Preview, choices: Sequence[Choice], on: date, covers: Mapping[UUID, Json]) -> Json:
    ends = [_end(office, post_id, covers[post_id]) for post_id in seen.empty]
    acting = [one["official"]["id"] for one in ends if one["official"] is not None]
    twice = dict.fromkeys(UUID(one) for one in acting if acting.count(one) > 1)
    touched = {*(one.post_id for one in choices), *(one.to_post for one in seen.moves), *seen.empty}
    return {
        "on": on.isoformat(),
        "moves": [
            {
                "talentId": str(one.talent_id),
                "talent": _talent(office, one.talent_id),
                "fromPost": None if one.from_post is None else _post(office, one.from_post),
                "toPost": _post(office, one.to_post),
                "because": one.because.value,
                "isLoop": one.is_loop,
            }
            for one in seen.moves
        ],
        "leaving": [
            {"post": _post(office, office.board.post_of[one]), "talent": _talent(office, one)}
            for one in sorted(office.board.leaving)
            if office.board.post_of[one] in touched
        ],
        "ends": ends,
        "passedOver": [
            {"post": _post(office, post_id), "talent": _talent(office, talent_id)}
            for post_id, talent_id in seen.passed_over
        ],
        "coveringTwice": [_talent(office, one) for one in twice],
        "hasLoop": any(one.is_loop for one in seen.moves),
        "isCovered": all(one["cover"] != Cover.NOBODY for one in ends),
    }


def _end(office: _Office, post_id: UUID, cover: Json) -> Json:
    nearest = cover["people"][0] if cover["people"] else None
    kind = Cover.NOT_NEEDED if not cover["isActedIn"] else Cover.NOBODY if nearest is None else Cover.ACTING
    return {
        "post": _post(office, post_id),
        "hasPlan": post_id in office.board.successors,
        "cover": kind.value,
        "official": None if nearest is None else {"id": nearest["talentId"], **nearest["talent"]},
        "distance": nearest and nearest["distance"],
        "outcome": nearest and nearest["outcome"],
    }


def _post(office: _Office, post_id: UUID) -> Json:
    row = office.posts[post_id]
    return {"id": str(post_id), "name": row["name"], "level": row["level"], "unitId": row["unit_id"]}


def _talent(office: _Office, talent_id: UUID) -> Json | None:
    row = office.people[talent_id]
    return None if row["is_restricted"] else {"id": str(talent_id), "nip": row["nip"], "name": row["name"]}
