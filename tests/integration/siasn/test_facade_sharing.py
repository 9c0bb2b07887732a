"""Whose people a client of the facade sees: its own institution's, and those that another one shares by a grant."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import httpx2
import pytest_asyncio

from app.db.database import Database
from app.domain.actors import Actor, Role
from app.services import data_sharing_grants
from tests.conftest import as_superuser
from tests.facade import NOTHING, Simpeg, a_simpeg, share
from tests.factories import (
    a_placed_talent,
    an_employee,
    an_institution,
    import_files,
    name_of,
    rows_of,
    talent,
    write_folder,
)
from tests.personas import Personas
from tests.rights import restrict

PERSON, POSITIONS, SANCTIONS = "/pns/data-utama/{}", "/pns/rw-jabatan/{}", "/pns/rw-hukdis/{}"


@pytest_asyncio.fixture
async def origin(db: Database, tmp_path: Path) -> tuple[Actor, str]:
    """An institution and one of its people, whom others ask for."""
    actor = await an_institution(db)
    return actor, await a_placed_talent(db, actor, tmp_path / "origin")


@pytest_asyncio.fixture
async def simpeg(db: Database, http: httpx2.AsyncClient, tmp_path: Path) -> Simpeg:
    actor = await an_institution(db)
    return await a_simpeg(db, http, actor, await a_placed_talent(db, actor, tmp_path / "receiver"))


async def looks(db: Database, actor: Actor) -> list[tuple[str, str, str]]:
    """What the ledger of an institution and the receipts of its people tell of looks from outside."""
    entries = await rows_of(
        db,
        actor,
        "SELECT payload->>'history' AS history, subject, purpose FROM ledger_entry WHERE type = 'profileShared'",
    )
    receipts = await rows_of(db, actor, "SELECT FROM view_receipt WHERE viewer_institution IS NOT NULL")
    assert len(receipts) == len(entries)
    return sorted((row["history"], row["subject"], row["purpose"]) for row in entries)


async def test_foreign_and_absent_people_are_answered_alike_byte_for_byte(
    db: Database, simpeg: Simpeg, origin: tuple[Actor, str]
) -> None:
    tokens = await simpeg.tokens()
    assert (await simpeg.get(PERSON.format(simpeg.nip), tokens)).json()["data"]["nipBaru"] == simpeg.nip
    for path in (PERSON, POSITIONS, SANCTIONS):
        foreign = await simpeg.get(path.format(origin[1]), tokens)
        absent = await simpeg.get(path.format("190001011920012001"), tokens)
        unlike = {"x-request-id", "ratelimit"}
        assert foreign.status_code == absent.status_code == 404
        assert foreign.content == absent.content == NOTHING
        assert {(k, v) for k, v in foreign.headers.items() if k not in unlike} == {
            (k, v) for k, v in absent.headers.items() if k not in unlike
        }
    assert await looks(db, origin[0]) == []


async def test_a_grant_opens_people_to_one_client_and_every_look_is_in_the_ledger_of_the_origin(
    db: Database, simpeg: Simpeg, origin: tuple[Actor, str], personas: Personas
) -> None:
    actor, nip = origin
    other = await a_simpeg(db, simpeg.http, Actor(simpeg.institution, actor.role, "test"), simpeg.nip)
    authority = personas.appointing_authority(actor.institution_id)
    until = db.today().isoformat()
    told = {"clientId": simpeg.client_id, "agreement": "PKS 7/2026", "basis": "Mutasi antarinstansi", "until": until}
    granted = await authority.post("/v1/data-sharing-grants", json=told)
    assert granted.status_code == 201, granted.text
    assert granted.json()["isOpen"] is True
    assert (granted.json()["origin"], granted.json()["histories"]) == (await name_of(db, actor), None)

    tokens = await simpeg.tokens()
    assert (await simpeg.get(PERSON.format(nip), tokens)).json()["data"]["nipBaru"] == nip
    positions = (await simpeg.get(POSITIONS.format(nip), tokens)).json()
    assert {row["nipBaru"] for row in positions["data"]} == {nip}
    assert (await simpeg.get(SANCTIONS.format(nip), tokens)).content == NOTHING
    assert (await other.get(PERSON.format(nip))).content == NOTHING
    seen = [("data-utama", simpeg.client_id, "integration"), ("rw-jabatan", simpeg.client_id, "integration")]
    assert await looks(db, actor) == seen

    receiving = personas.administrator(simpeg.institution)
    address = f"/v1/data-sharing-grants/{granted.json()['id']}"
    assert (await receiving.get(address)).json()["grantedBy"] is None
    assert (await authority.get(address)).json()["grantedBy"] == "authority"
    assert (await receiving.put(f"{address}/revocation")).status_code == 404  # it is the origin's to take back
    revoked = await personas.administrator(actor.institution_id).put(f"{address}/revocation")
    assert revoked.json()["isOpen"] is False
    assert (await simpeg.get(PERSON.format(nip), tokens)).content == NOTHING
    assert await looks(db, actor) == seen
    entries = await rows_of(
        db, actor, "SELECT type FROM ledger_entry WHERE about_id = $1 ORDER BY id", granted.json()["id"]
    )
    assert [row["type"] for row in entries] == ["dataShared", "dataSharingEnded"]


async def test_a_grant_goes_as_far_as_it_says_and_as_long(
    db: Database, database_name: str, simpeg: Simpeg, origin: tuple[Actor, str]
) -> None:
    actor, nip = origin
    grant_id = await share(db, actor, simpeg.client_id, "rw-hukdis", "rw-jabatan")
    tokens = await simpeg.tokens()
    assert (await simpeg.get(POSITIONS.format(nip), tokens)).status_code == 200
    assert (await simpeg.get(PERSON.format(nip), tokens)).content == NOTHING
    sanctions = await simpeg.get(SANCTIONS.format(nip), tokens)
    assert sanctions.json()["data"], "sanctions are shared where they are named"
    over = f"UPDATE data_sharing_grant SET granted_at = 'epoch', expires_at = now() WHERE id = '{grant_id}'"  # noqa: S608
    body = f"SET LOCAL session_replication_role = replica; {over};"
    await as_superuser(f"DO $script$ BEGIN {body} END $script$", database_name)
    assert (await simpeg.get(POSITIONS.format(nip), tokens)).content == NOTHING


async def test_nobody_is_shared_who_asked_that_their_data_rest(
    db: Database, simpeg: Simpeg, origin: tuple[Actor, str]
) -> None:
    actor, nip = origin
    await share(db, actor, simpeg.client_id)
    tokens = await simpeg.tokens()
    assert (await simpeg.get(PERSON.format(nip), tokens)).status_code == 200
    await restrict(db, talent(actor, nip))
    assert (await simpeg.get(PERSON.format(nip), tokens)).content == NOTHING


async def test_whoever_comes_later_with_somebodys_number_takes_nobodys_place(
    db: Database, simpeg: Simpeg, origin: tuple[Actor, str], database_name: str, tmp_path: Path
) -> None:
    actor, nip = origin
    later = await an_institution(db)
    files = write_folder(tmp_path / "later", [an_employee(nip, await name_of(db, later), NAMA="ORANG LAIN")], {})
    await import_files(db, later, files)
    tokens = await simpeg.tokens()

    async def told_by() -> str:
        data = (await simpeg.get(PERSON.format(nip), tokens)).json()["data"]
        return "later" if data["nama"] == "ORANG LAIN" else "origin"

    first = await share(db, actor, simpeg.client_id)
    await share(db, later, simpeg.client_id)
    assert await told_by() == "origin"
    await data_sharing_grants.revoke_data_sharing_grant(db, replace(actor, role=Role.ADMINISTRATOR), first)
    assert await told_by() == "later"
    await share(db, actor, simpeg.client_id)  # renewed, it stands where it stood
    assert await told_by() == "origin"
    assert len(await looks(db, later)) == 1
    # who left, by the word of the origin itself, is told by the institution that they went to
    left = f"UPDATE talent SET is_mapped = false, unmapped_because = 'worksElsewhere' WHERE nip = '{nip}'"  # noqa: S608
    body = f"SET LOCAL session_replication_role = replica; {left} AND institution_id = '{actor.institution_id}';"
    await as_superuser(f"DO $script$ BEGIN {body} END $script$", database_name)
    assert await told_by() == "later"
    body = body.replace(str(actor.institution_id), str(later.institution_id))
    await as_superuser(f"DO $script$ BEGIN {body} END $script$", database_name)
    assert await told_by() == "origin"


async def test_a_grant_is_refused_that_nobody_could_use(
    db: Database, simpeg: Simpeg, origin: tuple[Actor, str], personas: Personas
) -> None:
    actor, _ = origin
    own = await a_simpeg(db, simpeg.http, actor, origin[1])
    authority = personas.appointing_authority(actor.institution_id)
    good = {
        "clientId": simpeg.client_id,
        "agreement": "PKS 7/2026",
        "basis": "Mutasi antarinstansi",
        "until": db.today().isoformat(),
    }
    wrong = [
        ({"clientId": own.client_id}, "/clientId"),
        ({"clientId": "client-nobody"}, "/clientId"),
        ({"histories": ["rw-jabatan", "rw-none"]}, "/histories/1"),
        ({"histories": []}, "/histories"),
        ({"until": "2020-01-01"}, "/until"),
        ({"until": "2999-01-01"}, "/until"),
        ({"basis": "x"}, "/basis"),
    ]
    for but, where in wrong:
        answer = await authority.post("/v1/data-sharing-grants", json=good | but)
        assert (answer.status_code, [fault["where"] for fault in answer.json()["errors"]]) == (422, [where]), (
            answer.text
        )
    refused = await personas.administrator(actor.institution_id).post("/v1/data-sharing-grants", json=good)
    assert refused.status_code == 403
