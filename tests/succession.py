"""Plain functions that bring people into pools and posts under plans, through the services."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert

from app.db.database import Database
from app.db.ledger import record
from app.db.tables.institutions import OrgUnitRow
from app.domain.actors import Actor, Role
from app.domain.post_events import PostEdited
from app.services import pools, posts, succession_plans, succession_policies, willingness
from app.services.pools import NominateTalents, TakeStep, TakeStepBecause
from app.services.posts import SetUnitAffair
from app.services.succession_plans import EditSuccessionPlan
from app.services.succession_policies import PublishSuccessionPolicy
from app.services.willingness import DeclareWillingness
from tests import vacancies
from tests.cycles import chair, evidence_of, somebody
from tests.factories import a_nip, an_employee, import_files, name_of, officer, rows_of, talent, write_folder

BECAUSE = "Dibahas dalam rapat komite suksesi."
FIELD = "health"
"""The affair that people and posts work at."""
WEAK = {"ASESMEN POTENSI": 1}
"""Box 5 instead of 8."""
POLICY = {
    "institutionBoxes": [7, 8, 9],
    "nationalBoxes": [9],
    "termMonths": 12,
    "soonMonths": 24,
    "cover": [{"level": "jpt_pratama", "actedBy": ["jpt_pratama", "administrator"]}],
    "meritWeights": [
        {"item": "committee", "weight": 20},
        {"item": "regulation", "weight": 0},
        {"item": "talentMap", "weight": 20},
        {"item": "targetPosts", "weight": 0},
        {"item": "pool", "weight": 20},
        {"item": "plans", "weight": 20},
        {"item": "bench", "weight": 20},
    ],
    "legalBasis": "Perwako Contoh 11/2023",
}


def colleague(actor: Actor) -> Actor:
    """Another officer than the one who nominates."""
    return somebody(actor, Role.HR_OFFICER, "colleague")


async def some_people(
    db: Database,
    actor: Actor,
    folder: Path,
    *levels: Mapping[str, int] | None,
    without: Sequence[str] = (),
    assessed_on: date = date(2025, 4, 3),
) -> list[str]:
    """Civil servants in box 8, eligible for a post of pengawas, one for each argument; without some sheets for all."""
    institution, nips = await name_of(db, actor), [a_nip() for _ in levels]
    sheets: dict[str, list[dict[str, str]]] = {}
    for nip, weak in zip(nips, levels, strict=True):
        told = evidence_of(nip, institution, weak)
        told["SKP"] = [row | {"TAHUN": year} for row in told["SKP"] for year in ("2024", "2023")]
        told["ASESMEN KOMPETENSI"][0]["TANGGAL"] = f"{assessed_on:%d-%m-%Y}"
        for sheet, rows in told.items():
            if sheet not in without:
                sheets.setdefault(sheet, []).extend(rows)
    employees = [an_employee(nip, institution, JENIS_PEGAWAI_NAMA="PNS Daerah") for nip in nips]
    await import_files(db, actor, write_folder(folder, employees, sheets))
    await posts.set_unit_affair(db, officer(actor), "U1", SetUnitAffair(government_affair=FIELD))
    return nips


async def a_post(db: Database, actor: Actor, holders: Sequence[str] = (), **but: Any) -> UUID:
    """A post in the field of the people that `some_people` makes."""
    return await vacancies.a_post(db, actor, holders, **{"government_affair": FIELD, **but})


async def nominate(db: Database, actor: Actor, *nips: str, level: str = "institution", **but: Any) -> None:
    told = {"talents": list(nips)} if nips else {"everybodyInBoxes": True}
    await pools.nominate_talents(db, officer(actor), level, NominateTalents.model_validate_json(json.dumps(told | but)))


async def members(db: Database, actor: Actor, level: str = "institution") -> dict[str, dict[str, Any]]:
    """The members of a pool by employee number."""
    page = json.loads(await pools.pool_members_page(db, officer(actor), level))
    return {edge["node"]["talent"]["nip"]: edge["node"] for edge in page["edges"]}


async def member_id(db: Database, actor: Actor, nip: str, level: str = "institution") -> UUID:
    return UUID((await members(db, actor, level))[nip]["id"])


async def confirm(db: Database, actor: Actor, *nips: str) -> None:
    """Bring nominated people to their confirmation."""
    for nip in nips:
        who = await member_id(db, actor, nip)
        await pools.verify_pool_member(db, colleague(actor), who, TakeStep())
        await pools.confirm_pool_member(db, chair(actor), who, TakeStep())


async def talent_ids(db: Database, actor: Actor) -> dict[str, UUID]:
    """The ids of everybody by employee number."""
    return {row["nip"]: row["id"] for row in await rows_of(db, actor, "SELECT nip, id FROM talent")}


async def suspend(db: Database, actor: Actor, nip: str) -> None:
    who = await member_id(db, actor, nip)
    await pools.suspend_pool_member(db, officer(actor), who, TakeStepBecause(reason=BECAUSE))


async def say(db: Database, actor: Actor, nip: str, **but: Any) -> None:
    """Somebody says that they are willing, unless told otherwise."""
    told = DeclareWillingness.model_validate_json(json.dumps({"isWilling": True, **but}))
    await willingness.declare_willingness(db, talent(actor, nip), nip, told)


async def plan(db: Database, actor: Actor, post_id: UUID, *successors: str | dict[str, Any]) -> dict[str, Any]:
    """Name successors by their numbers, or with readiness and reason; answers with the plan."""
    named = [{"nip": one} if isinstance(one, str) else one for one in successors]
    command = EditSuccessionPlan.model_validate_json(json.dumps({"successors": named}))
    await succession_plans.edit_succession_plan(db, officer(actor), post_id, command)
    return await plan_of(db, actor, post_id)


async def plan_of(db: Database, actor: Actor, post_id: UUID) -> dict[str, Any]:
    return json.loads(await succession_plans.succession_plan_document(db, officer(actor), post_id))


async def publish_policy(db: Database, actor: Actor, **but: Any) -> None:
    told = PublishSuccessionPolicy.model_validate_json(json.dumps({**POLICY, **but}))
    await succession_policies.publish_succession_policy(db, officer(actor), told)


async def a_planned_post(db: Database, actor: Actor, nip: str) -> dict[str, object]:
    """A target post with a plan that names a confirmed and willing member of the pool, whom the national pool refused.

    Their ids, by path parameter.
    """
    await publish_policy(db, actor, nationalBoxes=[8, 9])
    for level in ("institution", "national"):
        await nominate(db, actor, nip, level=level)
    await confirm(db, actor, nip)
    refused = await member_id(db, actor, nip, "national")
    await pools.refuse_pool_member(db, chair(actor), refused, TakeStepBecause(reason=BECAUSE))
    post_id = await a_post(db, actor, level="pengawas", is_target=True)
    await say(db, actor, nip, forPosts=[str(post_id)])
    await plan(db, actor, post_id, nip)
    return {"postId": post_id, "memberId": refused, "level": "national", "policy": "own"}


async def in_pool(db: Database, actor: Actor, folder: Path, number: int, **but: Any) -> list[str]:
    """Confirmed members of the pool who are eligible for a post of pengawas; what they want is unknown."""
    nips = await some_people(db, actor, folder, *[None] * number, **but)
    await nominate(db, actor)
    await confirm(db, actor, *nips)
    return nips


async def units(db: Database, actor: Actor, *paths: str) -> None:
    """Units by their path, such as `D/B/S`."""
    async with db.write_as(actor) as tx:
        for path in paths:
            row = {"id": path.rpartition("/")[2], "name": f"UNIT {path}", "path": path.split("/")}
            await tx.execute(insert(OrgUnitRow).values(institution_id=actor.institution_id, **row))
        await record(tx, actor, PostEdited(uuid4(), {}, {}))
