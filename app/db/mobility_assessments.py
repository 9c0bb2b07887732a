"""What the assessment of a campaign's participants of one institution rests on, loaded and stored in sets."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import fetch_rows
from app.db.tables.evidence import stands
from app.domain.candidates import Target
from app.domain.careers import PositionLevel
from app.domain.mobility_assessments import Assessed
from app.domain.mobility_formulas import Ground, Service
from app.domain.mobility_releases import Criterion, Leaver, Release
from app.domain.mobility_wishes import Expanded, Offered, Wildcard, Wish


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who takes part, where their home is and under which unit's release they fall."""

    id: UUID
    talent_id: UUID
    home_offer_id: UUID
    unit_path: tuple[str, ...]
    """From the root to the unit of the home."""
    leaver: Leaver


@dataclass(frozen=True, slots=True)
class Quota:
    """What a unit lets go, and in what order."""

    quota: int
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """The posts of a campaign that are on offer: for wildcards, and as what is asked at each."""

    offers: Sequence[Offered]
    targets: Mapping[UUID, Target]
    own_units: Mapping[UUID, tuple[str, ...]]
    """Of the own institution's: the units that each lies in, from the root."""


async def hold_participants(tx: AsyncSession, institution_id: UUID, campaign_id: UUID) -> list[Participant]:
    """Everybody of the institution who takes part, locked so that nobody changes a wish meanwhile."""
    rows = await fetch_rows(tx, PARTICIPANTS, institution_id, campaign_id)
    return [
        Participant(
            row["id"],
            row["talent_id"],
            row["home_offer_id"],
            tuple(row["path"]),
            Leaver(
                participation_id=row["id"],
                post_since=row["since"],
                has_hardship=row["has_hardship"],
                is_critical=row["is_critical"],
                is_alone=row["holders"] <= 1,
            ),
        )
        for row in rows
    ]


async def load_wishes(tx: AsyncSession, institution_id: UUID, campaign_id: UUID) -> dict[UUID, list[Wish]]:
    """The wishes of each as they were written, the dearest first."""
    wishes = defaultdict(list)
    for row in await fetch_rows(tx, WISHES, institution_id, campaign_id):
        wildcard = None if row["wildcard"] is None else read_wildcard(json.loads(row["wildcard"]))
        wishes[row["participation_id"]].append(Wish(row["place"], row["offer_id"], wildcard))
    return wishes


def write_wildcard(wildcard: Wildcard) -> dict[str, str]:
    """A wildcard as it is kept: what it does not restrict is not there."""
    told = {
        "province": wildcard.province,
        "level": wildcard.level,
        "affair": wildcard.affair,
        "institutionId": None if wildcard.institution_id is None else str(wildcard.institution_id),
    }
    return {name: value for name, value in told.items() if value is not None}


def read_wildcard(kept: Mapping[str, str]) -> Wildcard:
    """A wildcard that was kept."""
    institution = kept.get("institutionId")
    return Wildcard(
        province=kept.get("province"),
        level=kept.get("level"),
        affair=kept.get("affair"),
        institution_id=None if institution is None else UUID(institution),
    )


async def load_published(tx: AsyncSession, institution_id: UUID, campaign_id: UUID, on: date) -> Published:
    """Every post that is on offer in the campaign, of all institutions, as it is asked for on the effective day."""
    rows = await fetch_rows(tx, OFFERS, campaign_id, institution_id)
    offers = [
        Offered(
            id=row["id"],
            institution_id=row["institution_id"],
            institution_name=row["institution_name"],
            unit_name=row["unit_name"],
            post_name=row["post_name"],
            province=row["province_code"],
            level=row["position_level"],
            affair=row["government_affair"],
        )
        for row in rows
    ]
    levels = {level.value: level for level in PositionLevel}
    targets = {
        row["id"]: Target(
            on=on,
            level=levels[row["position_level"]],
            government_affair=row["government_affair"],
            standard=tuple(row["standard"]),
        )
        for row in rows
    }
    own_units = {row["id"]: tuple(row["path"]) for row in rows if row["path"] is not None}
    return Published(offers, targets, own_units)


async def load_quotas(tx: AsyncSession, institution_id: UUID, campaign_id: UUID) -> dict[str, Quota]:
    """What units of the institution let go, by unit."""
    rows = await fetch_rows(tx, QUOTAS, institution_id, campaign_id)
    return {row["unit_id"]: Quota(row["quota"], tuple(map(Criterion, row["criteria"]))) for row in rows}


async def load_grounds(
    tx: AsyncSession, institution_id: UUID, campaign_id: UUID
) -> dict[UUID, dict[Ground, bool | None]]:
    """The grounds that each declared, and whether they were verified."""
    grounds: dict[UUID, dict[Ground, bool | None]] = defaultdict(dict)
    for row in await fetch_rows(tx, GROUNDS, institution_id, campaign_id):
        grounds[row["participation_id"]][Ground(row["ground"])] = row["is_verified"]
    return grounds


async def load_services(tx: AsyncSession, institution_id: UUID, talents: Sequence[UUID]) -> dict[UUID, list[Service]]:
    """The definitive posts of each on record, one after the other; where, as far as it is said."""
    services = defaultdict(list)
    for row in await fetch_rows(tx, SERVICES, institution_id, list(talents)):
        services[row["talent_id"]].append(
            Service(row["effective_from"], row["until"], row["province_code"], row["institution"])
        )
    return services


async def store_assessment(
    tx: AsyncSession,
    institution_id: UUID,
    releases: Mapping[UUID, Release],
    applications: Iterable[tuple[UUID, Expanded, Assessed, str | None]],
    moment: datetime,
) -> None:
    """Put what was found in place of everything that was found before, in one go."""
    participants = list(releases)
    await fetch_rows(tx, FORGET, institution_id, participants)
    rows = (
        (
            participation_id,
            one.rank,
            one.wish_place,
            one.offer_id,
            assessed.points,
            json.dumps(assessed.parts),
            bar,
            json.dumps(assessed.because),
        )
        for participation_id, one, assessed, bar in applications
    )
    while block := list(islice(rows, AT_ONCE)):
        await fetch_rows(tx, WRITE, institution_id, *map(list, zip(*block, strict=True)))
    places = [releases[one].place for one in participants]
    are_released = [releases[one].is_released for one in participants]
    await fetch_rows(tx, RELEASE, institution_id, participants, places, are_released, moment)


PARTICIPANTS = """
    SELECT p.id, p.talent_id, p.home_offer_id, u.path, h.since, post.is_critical,
           (SELECT count(*) FROM post_holder o WHERE o.institution_id = $1 AND o.post_id = post.id)
               + (SELECT count(*) FROM reserved_seat r WHERE r.institution_id = $1 AND r.post_id = post.id) AS holders,
           EXISTS (SELECT FROM mobility_ground g
                   WHERE g.institution_id = $1 AND g.participation_id = p.id AND g.is_verified) AS has_hardship
    FROM mobility_participation p
    JOIN mobility_offer f ON f.institution_id = $1 AND f.id = p.home_offer_id
    JOIN post ON post.institution_id = $1 AND post.id = f.post_id
    JOIN org_unit u ON u.institution_id = $1 AND u.id = post.unit_id
    LEFT JOIN post_holder h ON h.institution_id = $1 AND h.talent_id = p.talent_id AND h.post_id = post.id
    WHERE p.institution_id = $1 AND p.campaign_id = $2
    ORDER BY p.id FOR NO KEY UPDATE OF p"""
WISHES = """
    SELECT w.participation_id, w.place, w.offer_id, w.wildcard::text AS wildcard
    FROM mobility_wish w JOIN mobility_participation p ON p.institution_id = $1 AND p.id = w.participation_id
    WHERE w.institution_id = $1 AND p.campaign_id = $2 ORDER BY w.participation_id, w.place"""
OFFERS = """
    SELECT o.id, o.institution_id, o.institution_name, o.unit_name, o.post_name, o.province_code, o.position_level,
           o.government_affair, o.standard, u.path
    FROM mobility_offer o
    LEFT JOIN org_unit u ON o.institution_id = $2 AND u.institution_id = $2 AND u.id = o.unit_id
    WHERE o.campaign_id = $1 AND o.is_offered"""
QUOTAS = "SELECT unit_id, quota, criteria FROM mobility_release WHERE institution_id = $1 AND campaign_id = $2"
GROUNDS = """
    SELECT g.participation_id, g.ground, g.is_verified
    FROM mobility_ground g JOIN mobility_participation p ON p.institution_id = $1 AND p.id = g.participation_id
    WHERE g.institution_id = $1 AND p.campaign_id = $2"""
SERVICES = f"""
    SELECT e.talent_id, e.effective_from, e.institution,
           lead(e.effective_from) OVER (PARTITION BY e.talent_id ORDER BY e.effective_from, e.id) AS until,
           CASE WHEN name_key(e.institution) = i.name_key THEN i.province_code END AS province_code
    FROM position e JOIN institution i ON i.id = e.institution_id
    WHERE e.institution_id = $1 AND e.talent_id = ANY ($2) AND {stands("e")} AND e.status = 'definitive'
    ORDER BY e.talent_id, e.effective_from, e.id"""  # noqa: S608 - our own words
FORGET = "DELETE FROM mobility_application WHERE institution_id = $1 AND participation_id = ANY ($2::uuid[])"
WRITE = """
    INSERT INTO mobility_application
        (institution_id, participation_id, rank, wish_place, offer_id, points, parts, bar, because)
    SELECT $1, told.* FROM unnest(
        $2::uuid[], $3::int[], $4::int[], $5::uuid[], $6::int[], $7::jsonb[], $8::text[], $9::jsonb[]) AS told"""
AT_ONCE = 5_000
"""How many applications are sent to the database together."""
RELEASE = """
    UPDATE mobility_participation p
    SET release_place = found.place, is_released = found.is_released, assessed_at = $5
    FROM unnest($2::uuid[], $3::int[], $4::boolean[]) AS found (id, place, is_released)
    WHERE p.institution_id = $1 AND p.id = found.id"""
