"""Incremental syncs: whom they leave out, and that nobody is fresh in what was not asked for."""

from __future__ import annotations

from app.db.database import Database
from tests.factories import an_institution, name_of, officer
from tests.siasn import a_siasn
from tests.siasn_syncs import connect, people, sync, told


async def test_a_profile_alone_makes_no_history_fresh(db: Database) -> None:
    actor = await an_institution(db)
    hr = officer(actor)
    with a_siasn(people=1, institution=await name_of(db, actor)) as siasn:
        await connect(db, actor, siasn.addresses, histories=["rw-kursus", "rw-diklat"])
        await sync(db, hr, nips=siasn.nips, histories=[])
        whole = await sync(db, hr, nips=siasn.nips, mode="incremental")
        [one] = await people(db, hr, whole)
        assert {said["endpoint"] for said in one["endpoints"]} == {"data-utama", "rw-kursus", "rw-diklat"}
        # as long as that is fresh, so is any part of it, and a profile that was asked for since changes nothing
        await sync(db, hr, nips=siasn.nips, histories=[])
        for part in ([], ["rw-kursus"], ["rw-diklat", "rw-kursus"], None):
            again = await sync(db, hr, nips=siasn.nips, mode="incremental", histories=part)
            assert (await told(db, hr, again))["total"] == 0


async def test_some_histories_make_no_others_fresh(db: Database) -> None:
    actor = await an_institution(db)
    hr = officer(actor)
    with a_siasn(people=2, institution=await name_of(db, actor)) as siasn:
        await connect(db, actor, siasn.addresses, histories=["rw-kursus"])
        first, _ = sorted(siasn.nips)
        await sync(db, hr, nips=siasn.nips)
        await sync(db, hr, nips=[first], histories=["rw-kursus", "rw-diklat"])
        other = await sync(db, hr, mode="incremental", histories=["rw-kursus", "rw-diklat"])
        assert [one["nip"] for one in await people(db, hr, other)] == sorted(siasn.nips)[1:]


async def test_a_rehearsal_makes_nobody_fresh_and_whom_siasn_does_not_know_is(db: Database) -> None:
    actor = await an_institution(db)
    hr = officer(actor)
    with a_siasn(people=1, institution=await name_of(db, actor)) as siasn:
        await connect(db, actor, siasn.addresses, histories=["rw-kursus"])
        [nip] = siasn.nips
        unknown = nip[:-1] + ("1" if nip[-1] == "0" else "0")
        await sync(db, hr, nips=[nip], dry_run=True)
        await sync(db, hr, nips=[unknown])
        asked = await sync(db, hr, nips=[nip, unknown], mode="incremental")
        assert [one["nip"] for one in await people(db, hr, asked)] == [nip]
