"""A small round of mobility that has every answer in it: frozen, run and published through the services."""

from __future__ import annotations

import json
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from app.db.database import Database
from app.domain.actors import Actor
from app.domain.mobility_campaigns import State
from app.domain.mobility_lottery import lot_of, seed_of
from app.services import mobility_campaigns, mobility_runs
from app.services.import_report import DeliveredFile
from app.services.mobility_campaigns import AdvanceMobilityCampaign
from app.services.mobility_rehearsals import RehearseMobility, rehearse_mobility, run_mobility_rehearsal
from app.services.mobility_runs import FreezeMobilityCampaign, StartMobilityRun
from app.services.mobility_verifications import VerifyMobilityRun, verify_mobility_files, verify_mobility_run
from tests.conftest import url_of
from tests.factories import (
    a_nip,
    an_employee,
    an_institution,
    complete_evidence,
    import_files,
    name_of,
    rows_of,
    write_folder,
)
from tests.mobility import EARLY, a_campaign, advanced, an_organiser, national

VALUE = "7 3 9 1"
PART = {
    "kind": "box",
    "block": "box",
    "most": 100,
    "label": {"id": "Kotak talenta", "en": "Talent box"},
    "because": {"id": "Kotak 8.", "en": "Box 8."},
}


def a_finding(outcome: str) -> dict[str, Any]:
    """What a requirement found, as applications keep it."""
    return {
        "requirement": "rank",
        "label": {"id": "Pangkat III/d", "en": "Rank III/d"},
        "outcome": outcome,
        "found": {"id": "Pangkatnya III/b.", "en": "The rank is III/b."},
        "missing": [],
    }


BARRED = {"NOT_ELIGIBLE:rank": "notMet", "NOT_ELIGIBLE:unverified.rank": "needsVerification"}


@dataclass
class Round:
    """A round, and who is who in it."""

    organiser: Actor
    here: Actor
    """The institution of both talents."""
    there: Actor
    campaign_id: UUID
    run_id: UUID = field(default_factory=uuid4)
    nips: dict[str, str] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)
    """As the published files call them."""
    posts: dict[str, UUID] = field(default_factory=dict)


@dataclass
class _Hall:
    """Where rows are put without asking anybody: the services of offers and wishes have tests of their own."""

    connection: asyncpg.Connection
    round_: Round
    seed: bytes

    async def cell(self, name: str, unit: str, ceiling: int | None) -> None:
        await self.connection.execute(
            """INSERT INTO mobility_cell (institution_id, campaign_id, id, level, of_unit_id, ceiling)
            VALUES ($1, $2, $3, 'unit', $4, $5)""",
            *(self.round_.organiser.institution_id, self.round_.campaign_id, name, unit, ceiling),
        )

    async def offers(self, name: str, seats: int, of: Actor, unit: str = "U1", urgency: int = 2) -> None:
        post_id, told = uuid4(), self.round_
        told.posts[name] = post_id
        await self.connection.execute(
            """INSERT INTO mobility_offer (institution_id, id, campaign_id, post_id, is_offered, open_seats, urgency,
                post_name, unit_id, unit_name, institution_name, province_code, position_level, standard)
            VALUES ($1, $2, $3, $4, true, $5, $6, $7, $8, 'Bidang Mutasi', $9, $10, 'pengawas', '{}')""",
            *(of.institution_id, post_id, told.campaign_id, uuid4(), seats, urgency, f"Kepala {name}", unit),
            *(("Kota Dumai", "14") if of is told.here else ("Kota Pontianak", "61")),
        )

    async def wishes(
        self,
        name: str,
        home: str,
        wishes: list[tuple[str, int, str | None]],
        talent_id: UUID | None = None,
        lot_below: str | None = None,
    ) -> None:
        """Somebody with a list of posts, points and bars; where told, with a smaller lot than somebody else."""
        told, id_, file_id = self.round_, uuid4(), uuid4()
        while lot_below and lot_of(self.seed, str(file_id)) > lot_of(self.seed, str(told.people[lot_below])):
            file_id = uuid4()
        told.people[name] = file_id
        of = told.here if talent_id else told.there
        await self.connection.execute(
            """INSERT INTO mobility_participation (institution_id, id, file_id, campaign_id, talent_id, consent_id,
                home_offer_id, joined_at, is_released, assessed_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, now(), true, now())""",
            *(of.institution_id, id_, file_id, told.campaign_id, talent_id or uuid4(), uuid4(), told.posts[home]),
        )
        await self.connection.executemany(
            """INSERT INTO mobility_application (institution_id, participation_id, rank, wish_place, offer_id, points,
                parts, bar, because) VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8)""",
            [
                (
                    *(of.institution_id, id_, rank, told.posts[post], points, json.dumps([{**PART, "points": points}])),
                    *(bar, json.dumps([a_finding(BARRED[bar])] if bar in BARRED else [])),
                )
                for rank, (post, points, bar) in enumerate(wishes, start=1)
            ],
        )


async def a_published_round(db: Database, database: str, folder: Path, **but: Any) -> Round:
    """The same, which everybody reads."""
    round_ = await a_run_round(db, database, folder, **but)
    await _publish(db, round_)
    return round_


async def a_run_round(
    db: Database, database: str, folder: Path, *, own_cell_first: bool = False, more_wishes: int = 0
) -> Round:
    """A round in which Ani stays with every kind of refusal, and Budi moves; only the organiser reads it yet."""
    organiser = await an_organiser(db)
    here, there = await an_institution(db), await an_institution(db)
    campaign_id = await a_campaign(db, organiser, ownCellFirst=own_cell_first)
    await advanced(db, organiser, campaign_id, State.COLLECTING)
    round_ = Round(organiser, here, there, campaign_id)
    talents = await _some_talents(db, here, folder, round_)
    async with _hall(database, round_) as hall:
        await _fill(hall, talents, more_wishes)
    await advanced(db, organiser, campaign_id, State.CORRECTION)
    await _run(db, round_)
    return round_


async def a_small_round(
    db: Database, database: str, actor: Actor, nip: str, *, is_published: bool = True
) -> dict[str, Any]:
    """A published round of the actor's institution in which one of its talents moves, and checks of it that wait."""
    organiser = national(actor)
    campaign_id = await a_campaign(db, organiser)
    await advanced(db, organiser, campaign_id, State.COLLECTING)
    round_ = Round(organiser, actor, actor, campaign_id)
    [talent] = await rows_of(db, actor, "SELECT id FROM talent WHERE nip = $1", nip)
    async with _hall(database, round_) as hall:
        await hall.cell("bunga", "U1", 5)
        await hall.offers("Rumah", 0, actor)
        await hall.offers("Cemara", 1, actor)
        await hall.wishes("Ani", "Rumah", [("Cemara", 55, None)], talent["id"])
    await advanced(db, organiser, campaign_id, State.CORRECTION)
    await _run(db, round_)
    rehearsal_id = await rehearse_mobility(db, organiser, campaign_id, RehearseMobility())
    await run_mobility_rehearsal(db, organiser, rehearsal_id)
    if is_published:
        await _publish(db, round_)
    verification_id = await verify_mobility_run(db, organiser, VerifyMobilityRun(run_id=round_.run_id))
    with tempfile.NamedTemporaryFile() as file:
        await verify_mobility_files(db, organiser, [DeliveredFile(Path(file.name), "run.json")])
    return {
        "campaignId": campaign_id,
        "runId": round_.run_id,
        "mobilityRehearsalId": rehearsal_id,
        "verificationId": verification_id,
    }


@asynccontextmanager
async def _hall(database: str, round_: Round) -> AsyncIterator[_Hall]:
    """Nobody is asked there, nor is anything noted."""
    connection = await asyncpg.connect(url_of(database, "postgres"))
    try:
        await connection.execute("SET session_replication_role = replica")
        secret = await connection.fetchval(
            "SELECT secret FROM mobility_secret WHERE campaign_id = $1", round_.campaign_id
        )
        yield _Hall(connection, round_, seed_of(secret, VALUE))
    finally:
        await connection.close()


async def _some_talents(db: Database, here: Actor, folder: Path, round_: Round) -> dict[str, UUID]:
    name = await name_of(db, here)
    round_.nips = {"Ani": a_nip(), "Budi": a_nip()}
    employees = [an_employee(nip, name) | {"NAMA": who} for who, nip in round_.nips.items()]
    evidence = [complete_evidence(nip, name) for nip in round_.nips.values()]
    files = write_folder(folder, employees, {kind: evidence[0][kind] + evidence[1][kind] for kind in evidence[0]})
    await import_files(db, here, files)
    rows = await rows_of(db, here, "SELECT nip, id FROM talent")
    by_nip = {row["nip"]: row["id"] for row in rows}
    return {who: by_nip[nip] for who, nip in round_.nips.items()}


async def _fill(hall: _Hall, talents: dict[str, UUID], more_wishes: int) -> None:
    here, there = hall.round_.here, hall.round_.there
    for cell, unit, ceiling in (("bunga", "U-B", 1), ("daun", "U-D", 1), ("akar", "U-A", None)):
        await hall.cell(cell, unit, ceiling)
    await hall.offers("Rumah", 0, here, "U-D")
    await hall.offers("Teras", 0, here)
    await hall.offers("Elang", 1, there, "U-A")
    await hall.offers("Kasuari", 0, there)
    await hall.offers("Merak", 0, there)
    await hall.offers("Nuri", 1, there)
    await hall.offers("Rajawali", 1, there)
    await hall.offers("Undian", 1, there)
    await hall.offers("Mendesak", 1, there, "U-B", urgency=1)
    await hall.offers("Bunga", 1, there, "U-B")
    await hall.offers("Daun", 1, here, "U-D")
    await hall.offers("Cemara", 1, there)
    await hall.offers("Damar", 1, there)
    await hall.offers("Luar", 0, there, "U-A")
    more = [f"Tambahan {n}" for n in range(more_wishes)]
    for name in more:
        await hall.offers(name, 0, there)
    ani = [
        *(("Elang", 68, None), ("Merak", 70, None), ("Kasuari", 70, None), ("Undian", 50, None), ("Bunga", 60, None)),
        *(("Daun", 40, None), ("Nuri", 30, "NOT_RELEASED"), ("Rajawali", 30, "NOT_ELIGIBLE:rank")),
        ("Damar", 30, "NOT_ELIGIBLE:unverified.rank"),
        *((name, 10, None) for name in more),
    ]
    await hall.wishes("Ani", "Rumah", ani, talents["Ani"])
    await hall.wishes("Budi", "Teras", [("Cemara", 55, None), ("Elang", 54, None)], talents["Budi"])
    await hall.wishes("Incumbent", "Merak", [])
    await hall.wishes("Better", "Luar", [("Elang", 71, None)])
    await hall.wishes("Lucky", "Luar", [("Undian", 50, None)], lot_below="Ani")
    await hall.wishes("Urgent", "Luar", [("Mendesak", 10, None)])
    await hall.wishes("Rival", "Luar", [("Rumah", 90, None)])


async def _run(db: Database, round_: Round) -> None:
    """Freeze and run, doing at once what a worker would do."""
    organiser, campaign_id = round_.organiser, round_.campaign_id
    freeze = FreezeMobilityCampaign(is_early=True, because=EARLY)
    work_id = await mobility_runs.freeze_mobility_campaign(db, organiser, campaign_id, freeze)
    await mobility_runs.run_mobility_freeze(db, organiser, work_id)
    round_.run_id = await mobility_runs.start_mobility_run(db, organiser, campaign_id, StartMobilityRun(value=VALUE))
    await mobility_runs.run_mobility(db, organiser, round_.run_id)
    document = json.loads(await mobility_runs.mobility_run_document(db, organiser, round_.run_id))
    assert document["state"] == "succeeded", document


async def _publish(db: Database, round_: Round) -> None:
    command = AdvanceMobilityCampaign(state=State.PUBLISHED)
    await mobility_campaigns.advance_mobility_campaign(db, round_.organiser, round_.campaign_id, command)
