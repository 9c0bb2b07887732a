"""Cards: codes and bands without a name, kept in step with placements; listed only as long as the talent consents."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from pydantic import ValidationError

from app.db.database import Database, open_database
from app.domain.actors import Actor, Role
from app.domain.errors import Forbidden, Invalid
from app.services import cards, consents, standing
from app.services.cards import CardFilter
from app.services.standing import EditInstitution
from tests.conftest import as_superuser, url_of
from tests.cycles import at, somebody
from tests.disclosures import a_consent, a_system, card_of
from tests.factories import (
    a_nip,
    a_placed_talent,
    an_employee,
    an_institution,
    complete_evidence,
    import_files,
    name_of,
    officer,
    rows_of,
    talent,
    write_folder,
)


async def listed(db: Database, asker: Actor, **chosen: Any) -> dict[str, dict[str, Any]]:
    """All cards that somebody is shown, by id."""
    found: dict[str, dict[str, Any]] = {}
    after = None
    while True:
        page = json.loads(await cards.talent_cards_page(db, asker, CardFilter(**chosen), 200, after))
        found |= {edge["node"]["id"]: edge["node"] for edge in page["edges"]}
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return found


async def test_a_card_says_what_anybody_may_know(db: Database, database_name: str, tmp_path: Path) -> None:
    origin, asker = await an_institution(db), officer(await an_institution(db))
    nip = await a_placed_talent(db, origin, tmp_path / "office", TINGKAT_PENDIDIKAN_NAMA="S-2")
    await standing.edit_institution(db, officer(origin), EditInstitution(province_code="14"))
    await a_consent(db, origin, nip)
    card = str(await card_of(database_name, nip))
    assert (await listed(db, asker))[card] == {
        "id": card,
        "provinceCode": "14",
        "positionLevel": "jf_ahli_muda",
        "positionType": "2",
        "educationLevel": "s2",
        "serviceYearsFrom": None,
        "box": 8,
        "performanceFrom": 70,
        "potentialFrom": 80,
        "talentValueFrom": 70,
        "mobilityWish": None,
    }


async def test_only_who_consents_is_listed_and_never_to_the_own_institution(
    db: Database, database_name: str, tmp_path: Path
) -> None:
    origin, asker = await an_institution(db), await an_institution(db)
    nip = await a_placed_talent(db, origin, tmp_path / "office")
    card = str(await card_of(database_name, nip))
    national = somebody(asker, Role.NATIONAL, "bkn")
    system, without_agreement = await a_system(db, asker, origin), await a_system(db, asker)
    askers = (officer(asker), national, system)
    await a_consent(db, origin, nip, "identified")
    assert [card in await listed(db, one) for one in askers] == [False] * 3
    consent = await a_consent(db, origin, nip)
    card = str(await card_of(database_name, nip))
    assert [card in await listed(db, one) for one in askers] == [True] * 3
    for stranger in (officer(origin), without_agreement):
        assert card not in await listed(db, stranger)
    assert await listed(db, Actor(uuid4(), Role.HR_OFFICER, "nobody")) == {}
    await consents.withdraw_consent(db, talent(origin, nip), consent)
    assert [card in await listed(db, one) for one in askers] == [False] * 3


async def test_a_consent_that_ended_lists_nobody(db: Database, database_name: str, tmp_path: Path) -> None:
    origin = await an_institution(db)
    nip = await a_placed_talent(db, origin, tmp_path / "office")
    await a_consent(at(db, datetime.now(UTC) - timedelta(days=100)), origin, nip, days=30)
    card = await card_of(database_name, nip)
    asker = officer(await an_institution(db))
    assert str(card) not in await listed(db, asker)
    await a_consent(db, origin, nip)
    again = await card_of(database_name, nip)
    assert again != card
    assert str(again) in await listed(db, asker)


async def test_cards_are_found_by_level_box_and_province(db: Database, database_name: str, tmp_path: Path) -> None:
    origin, asker = await an_institution(db), officer(await an_institution(db))
    nip = await a_placed_talent(db, origin, tmp_path / "office")
    await standing.edit_institution(db, officer(origin), EditInstitution(province_code="96"))
    await a_consent(db, origin, nip)
    card = str(await card_of(database_name, nip))
    fitting = {"position_level": "jf_ahli_muda", "box": 8, "province": "96"}
    assert card in await listed(db, asker, **fitting)
    for other in ({"position_level": "pengawas"}, {"box": 7}, {"province": "11"}):
        assert card not in await listed(db, asker, **{**fitting, **other})
    with pytest.raises(Invalid):
        await listed(db, asker, province="00")
    for role in (Role.TALENT, Role.AUDITOR, Role.APPOINTING_AUTHORITY):
        with pytest.raises(Forbidden):
            await listed(db, somebody(origin, role, "x"))


async def test_a_card_stays_the_same_one_while_its_placement_changes_and_goes_with_it(
    db: Database, database_name: str, tmp_path: Path
) -> None:
    origin, nip = await an_institution(db), a_nip()
    name = await name_of(db, origin)
    bare = write_folder(tmp_path / "first", [an_employee(nip, name)], {})
    await import_files(db, origin, bare)
    card = await card_of(database_name, nip)
    assert (await rows(database_name, origin))[0]["box"] is None
    full = write_folder(tmp_path / "second", [an_employee(nip, name)], complete_evidence(nip, name))
    await import_files(db, origin, full)
    assert [(row["id"], row["box"]) for row in await rows(database_name, origin)] == [(card, 8)]
    promoted = an_employee(nip, name, JABATAN_NAMA="ANALIS KEBIJAKAN AHLI MADYA")
    await import_files(db, origin, write_folder(tmp_path / "third", [promoted], {}))
    assert [(row["id"], row["position_level"]) for row in await rows(database_name, origin)] == [
        (card, "jf_ahli_madya")
    ]
    retired = an_employee(nip, name, KEDUDUKAN_HUKUM_ID="77", KEDUDUKAN_HUKUM_NAMA="Pensiun")
    await import_files(db, origin, write_folder(tmp_path / "fourth", [retired], {}))
    assert await rows(database_name, origin) == []


async def rows(database: str, origin: Actor) -> list[Any]:
    return await as_superuser(f"SELECT * FROM talent_card WHERE institution_id = '{origin.institution_id}'", database)  # noqa: S608


async def test_an_institution_is_told_which_cards_are_of_its_own_people_and_of_nobody_else(
    db: Database, database_name: str, tmp_path: Path
) -> None:
    origin, other = await an_institution(db), await an_institution(db)
    nip = await a_placed_talent(db, origin, tmp_path / "office")
    await a_placed_talent(db, other, tmp_path / "other")
    own = await rows_of(db, origin, "SELECT c.id, t.nip FROM own_card c JOIN talent t ON t.id = c.talent_id")
    assert [(row["id"], row["nip"]) for row in own] == [(await card_of(database_name, nip), nip)]
    national = somebody(Actor(uuid4(), Role.NATIONAL, "bkn"), Role.NATIONAL, "bkn")
    assert await rows_of(db, national, "SELECT FROM own_card") == []


async def test_a_province_is_one_that_there_is() -> None:
    with pytest.raises(ValidationError, match="no code of a province"):
        EditInstitution(province_code="99")


# ── the nation


@pytest_asyncio.fixture
async def nation(own_database_name: str) -> AsyncIterator[Database]:
    """A database that holds nobody else."""
    async with open_database(url_of(own_database_name)) as db:
        yield db


async def people_in(db: Database, folder: Path, province: str | None, bare: int, placed: int) -> Actor:
    """An institution with people who are not assessed, and people in box 8; all at one level."""
    origin = await an_institution(db)
    if province is not None:
        await standing.edit_institution(db, officer(origin), EditInstitution(province_code=province))
    name, nips = await name_of(db, origin), [a_nip() for _ in range(bare + placed)]
    sheets: dict[str, list[dict[str, str]]] = {}
    for nip in nips[:placed]:
        for sheet, told in complete_evidence(nip, name).items():
            sheets.setdefault(sheet, []).extend(told)
    await import_files(db, origin, write_folder(folder, [an_employee(nip, name) for nip in nips], sheets))
    return origin


async def test_the_nation_is_counted_by_province_level_and_box(nation: Database, tmp_path: Path) -> None:
    origin = await people_in(nation, tmp_path / "1", "14", bare=6, placed=5)
    await people_in(nation, tmp_path / "2", "14", bare=1, placed=2)
    await people_in(nation, tmp_path / "3", None, bare=8, placed=5)
    national = somebody(origin, Role.NATIONAL, "bkn")
    counts = json.loads(await cards.talent_card_counts_document(nation, national))
    assert counts["total"] == 27
    told = {
        (row["provinceCode"], row["positionLevel"], box["box"]): box["people"]
        for row in counts["rows"]
        for box in row["boxes"]
        if box["people"] != 0
    }
    level = "jf_ahli_muda"
    assert told == {("14", level, None): 7, ("14", level, 8): 7, (None, level, None): 8, (None, level, 8): 5}
    for actor in (officer(origin), somebody(origin, Role.AUDITOR, "auditor")):
        with pytest.raises(Forbidden):
            await cards.talent_card_counts_document(nation, actor)


async def test_small_counts_are_withheld_with_what_would_give_them_away(nation: Database, tmp_path: Path) -> None:
    origin = await people_in(nation, tmp_path / "1", "14", bare=9, placed=2)
    await people_in(nation, tmp_path / "2", "13", bare=9, placed=7)
    counts = json.loads(await cards.talent_card_counts_document(nation, somebody(origin, Role.NATIONAL, "bkn")))
    told = {(row["provinceCode"], box["box"]): box["people"] for row in counts["rows"] for box in row["boxes"]}
    assert (told["14", 8], told["13", 8]) == (None, None)
    assert (told["14", None], told["13", None], counts["total"]) == (9, 9, 27)
