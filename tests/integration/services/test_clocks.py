"""Clocks of posts: since when a seat was foreseeably empty, whatever empties it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import update

from app.db.database import Database
from app.db.ledger import record
from app.db.tables.posts import PostRow
from app.domain.actors import Actor
from app.domain.durations import months_before
from app.domain.post_events import PostEdited
from app.services import posts, vacancies
from app.services.posts import EditPost
from app.services.vacancies import CancelVacancy, InaugurateTalent
from tests.cycles import at
from tests.factories import (
    a_nip,
    a_placed_talent,
    an_employee,
    an_institution,
    import_files,
    name_of,
    officer,
    write_csv,
)
from tests.posts import a_post as a_row
from tests.posts import import_posts, post_named
from tests.vacancies import a_decided_vacancy, a_draft, a_post, decree, recommend, shown

NOW = datetime.now(UTC)
TAKEN, LATER = NOW + timedelta(14), NOW + timedelta(21)


async def clock_of(db: Database, actor: Actor, post_id: UUID) -> tuple[str, str | None, str | None]:
    clock = json.loads(await posts.post_document(db, actor, post_id))["clock"]
    return clock["state"], clock["foreseeableFrom"], clock["emptySince"]


async def test_the_clock_of_a_seat_starts_when_its_holder_is_chosen_for_another_post(
    db: Database, tmp_path: Path
) -> None:
    later, actor = at(db, TAKEN), await an_institution(db)
    chosen, gone = db.today().isoformat(), later.today().isoformat()
    nip = await a_placed_talent(db, actor, tmp_path)
    left, taken = await a_post(db, actor, [nip]), await a_post(db, actor)
    vacancy_id = await a_decided_vacancy(db, actor, nip, taken)
    assert await clock_of(db, actor, left) == ("foreseeable", chosen, None)
    await recommend(db, actor, vacancy_id)
    await decree(db, actor, vacancy_id, later.today())
    await vacancies.inaugurate_talent(later, officer(actor), vacancy_id, InaugurateTalent())
    assert await clock_of(db, actor, left) == ("empty", chosen, gone)
    assert await clock_of(db, actor, taken) == ("held", None, None)
    freed = await a_draft(at(db, LATER), actor, left)
    assert (await shown(db, officer(actor), freed))["foreseeableFrom"] == chosen


async def test_a_choice_that_is_cancelled_stops_the_clock_it_started(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    left, taken = await a_post(db, actor, [nip]), await a_post(db, actor)
    vacancy_id = await a_decided_vacancy(db, actor, nip, taken)
    cancel = CancelVacancy(reason="Jabatan dihapus dari peta jabatan.")
    await vacancies.cancel_vacancy(at(db, TAKEN), officer(actor), vacancy_id, cancel)
    assert await clock_of(db, actor, left) == ("held", None, None)
    again = await a_draft(at(db, LATER), actor, taken)
    # that of the seat, not of the vacancy: it has been empty since the first day
    assert (await shown(db, officer(actor), again))["foreseeableFrom"] == db.today().isoformat()


async def test_a_seat_more_and_a_holder_who_leaves_the_map_start_the_clock_on_the_day_of_the_map(
    db: Database, tmp_path: Path
) -> None:
    actor, nip = await an_institution(db), a_nip()
    name = await name_of(db, actor)

    async def deliver(seats: str, as_of: date, **but: str) -> tuple[str, str | None, str | None]:
        files = [write_csv(tmp_path, "asn", [an_employee(nip, name, **but)])]
        await import_files(db, actor, files, as_of=as_of)
        await import_posts(db, actor, tmp_path, a_row(KEBUTUHAN=seats), as_of=as_of)
        return await clock_of(db, actor, await post_named(db, actor))

    gone = {"KEDUDUKAN_HUKUM_NAMA": "Meninggal", "KEDUDUKAN_HUKUM_ID": "99"}
    assert await deliver("1", date(2025, 12, 4)) == ("held", None, None)
    assert await deliver("2", date(2026, 1, 5)) == ("empty", "2026-01-05", "2026-01-05")
    assert await deliver("1", date(2026, 2, 5)) == ("held", None, None)
    assert await deliver("1", date(2026, 3, 5), **gone) == ("empty", "2026-03-05", "2026-03-05")


# ── what the last map did not know yet

AGE = 58
"""At which holders of the post retire."""


def a_retirement(near: date) -> tuple[date, str]:
    """The first day of the month of a day, and the birthday of who retires on it as Data ASN writes it."""
    retires = near.replace(day=1)
    return retires, f"{(retires - timedelta(15)).replace(year=(retires - timedelta(15)).year - AGE):%d-%m-%Y}"


async def test_a_seat_becomes_foreseeable_between_two_maps(db: Database, tmp_path: Path) -> None:
    actor, nips, today = await an_institution(db), [a_nip(), a_nip()], db.today()
    name, (retires, born) = await name_of(db, actor), a_retirement(today + timedelta(100))
    people = [an_employee(nips[0], name, TANGGAL_LAHIR=born), an_employee(nips[1], name, TANGGAL_LAHIR="01-05-1990")]
    map_day = today - timedelta(400)

    async def deliver(people: list[dict[str, str]]) -> UUID:
        await import_files(db, actor, [write_csv(tmp_path, "asn", people)], as_of=map_day)
        await import_posts(db, actor, tmp_path, a_row(KEBUTUHAN="1"), as_of=map_day)
        return await post_named(db, actor)

    post_id = await deliver(people[:1])
    foreseen = ("foreseeable", months_before(retires, 12).isoformat(), None)
    await as_of_the_map(db, actor, post_id)
    assert await clock_of(db, actor, post_id) == foreseen
    await posts.edit_post(db, officer(actor), post_id, EditPost(is_target=True))
    assert await clock_of(db, actor, post_id) == foreseen
    # two hold the one seat: who retires leaves none empty
    assert await clock_of(db, actor, await deliver(people)) == ("held", None, None)


async def test_the_clock_of_who_retired_between_two_maps_started_when_it_was_foreseeable(
    db: Database, tmp_path: Path
) -> None:
    actor, nip, today = await an_institution(db), a_nip(), db.today()
    name, (retires, born) = await name_of(db, actor), a_retirement(today - timedelta(35))
    people = [an_employee(nip, name, TANGGAL_LAHIR=born)]
    before = today - timedelta(500)
    await import_files(db, actor, [write_csv(tmp_path, "asn", people)], as_of=before)
    await import_posts(db, actor, tmp_path, a_row(KEBUTUHAN="1"), as_of=before)
    post_id = await post_named(db, actor)
    await as_of_the_map(db, actor, post_id)
    gone = [people[0] | {"KEDUDUKAN HUKUM NAMA": "Pensiun", "KEDUDUKAN HUKUM ID": "99"}]
    await import_files(db, actor, [write_csv(tmp_path, "asn", gone)], as_of=today)
    foreseen = months_before(retires, 12).isoformat()
    assert await clock_of(db, actor, post_id) == ("empty", foreseen, today.isoformat())


async def as_of_the_map(db: Database, actor: Actor, post_id: UUID) -> None:
    """As it was written on the day of the map: nothing was foreseeable."""
    async with db.write_as(actor) as tx:
        await tx.execute(update(PostRow).where(PostRow.id == post_id).values(clock_from=None))
        await record(tx, actor, PostEdited(post_id, {}, {}))
