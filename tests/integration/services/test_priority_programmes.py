"""Priority programmes: published version by version, and what they favour on a day."""

from __future__ import annotations

import asyncio
import json
from datetime import date, timedelta

import pytest

from app.db.database import Database
from app.domain.actors import Actor
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.revisions import exactly
from app.services import programmes, standing
from app.services.programmes import PriorityProgrammeFilter
from app.services.standing import EditInstitution
from tests.cycles import member
from tests.factories import an_institution, officer
from tests.vacancies import EDUCATION, a_programme


async def favoured(db: Database, actor: Actor, on: date) -> dict[str, int]:
    async with db.read_as(actor) as tx:
        return dict(await programmes._affairs_of_programmes(tx, actor.institution_id, on))


async def listed(db: Database, actor: Actor, *, in_force: bool | None = None) -> list[tuple[str, int, bool]]:
    page = await programmes.priority_programmes_page(db, actor, PriorityProgrammeFilter(in_force=in_force))
    nodes = [edge["node"] for edge in json.loads(page)["edges"]]
    return [(node["code"], node["version"], node["isInForce"]) for node in nodes]


async def test_programmes_in_force_favour_affairs_of_their_province(db: Database) -> None:
    actor, today = await an_institution(db), db.today()
    assert await favoured(db, actor, today) == {}
    await a_programme(db, actor)
    await a_programme(db, actor, code="inflasi", government_affairs=["trade", "food"], weight=60, province_code="14")
    assert await favoured(db, actor, today) == {"education": 800_000}
    assert await listed(db, actor, in_force=True) == [("pendidikan", 1, True)]
    shown = json.loads(await programmes.priority_programme_document(db, actor, "inflasi", 1))
    assert (shown["notInForce"], "pengaturan instansi" in shown["reason"]["id"]) == ("provinceUnknown", True)
    shown = json.loads(await programmes.priority_programme_document(db, actor, "pendidikan", 1))
    assert (shown["notInForce"], shown["reason"]) == (None, None)
    await standing.edit_institution(db, officer(actor), EditInstitution(province_code="14"), expected=exactly(1))
    assert await favoured(db, actor, today) == {"education": 800_000, "food": 600_000, "trade": 600_000}
    assert await listed(db, actor) == [("inflasi", 1, True), ("pendidikan", 1, True)]
    assert await favoured(db, await an_institution(db), today) == {}


async def test_a_version_takes_the_place_of_the_one_before_on_its_first_day(db: Database) -> None:
    actor, today = await an_institution(db), db.today()
    await a_programme(db, actor)
    tomorrow = today + timedelta(days=1)
    assert await a_programme(db, actor, weight=100, since=tomorrow) == ("pendidikan", 2)
    assert await listed(db, actor) == [("pendidikan", 1, True), ("pendidikan", 2, False)]
    assert [await favoured(db, actor, day) for day in (today, tomorrow)] == [
        {"education": 800_000},
        {"education": 1_000_000},
    ]
    coming = json.loads(await programmes.priority_programme_document(db, actor, "pendidikan", 2))
    assert coming["notInForce"] == "notYet"
    assert await a_programme(db, actor, until=today - timedelta(days=1)) == ("pendidikan", 3)  # it ends
    assert [in_force for *_, in_force in await listed(db, actor)] == [False, False, False]
    shown = [
        json.loads(await programmes.priority_programme_document(db, actor, "pendidikan", version))["notInForce"]
        for version in (1, 2, 3)
    ]
    assert shown == ["replaced", "replaced", "over"]
    assert await favoured(db, actor, today) == {}


async def test_of_two_versions_at_once_one_is_published(db: Database) -> None:
    actor = await an_institution(db)
    both = await asyncio.gather(*(a_programme(db, actor) for _ in range(2)), return_exceptions=True)
    assert all(isinstance(one, tuple | Conflict) for one in both)
    versions = [version for _, version, _ in await listed(db, actor)]
    assert versions == list(range(1, len(versions) + 1))


async def test_what_cannot_be_is_refused(db: Database) -> None:
    actor = await an_institution(db)
    for wrong, where in (
        ({"government_affairs": ["education", "magic"]}, "/governmentAffairs/1"),
        ({"until": EDUCATION["since"] - timedelta(days=1)}, "/until"),
    ):
        with pytest.raises(Invalid) as refusal:
            await a_programme(db, actor, **wrong)
        assert [fault.where for fault in refusal.value.faults] == [where]
    with pytest.raises(NotFound):
        await programmes.priority_programme_document(db, actor, "pendidikan", 1)
    with pytest.raises(Forbidden):
        await programmes.publish_priority_programme(db, member(actor), None)
