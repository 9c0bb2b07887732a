"""The demonstration: four invented institutions, delivered in four manners and imported like real ones."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from app.db.database import Database, open_database
from app.dev import demo
from app.dev.seed.folders import DEMO
from app.domain.actors import Actor, Role
from app.services import institutions, placements, standing
from tests.conftest import as_superuser, copy_database, url_of
from tests.factories import everything_stored, import_files, spreadsheets

INSTITUTIONS = [institution.name for institution in DEMO]


@dataclass(frozen=True)
class Demonstration:
    """The demonstration as it was loaded: the database, its name, and the folder of the delivered files."""

    db: Database
    database: str
    folder: Path

    async def actor(self, institution: str, role: Role = Role.OPERATOR) -> Actor:
        found = await self.db.find_institution(institution)
        assert found is not None
        return Actor(found, role, "test")

    async def nine_box(self, actor: Actor) -> dict[str, Any]:
        return json.loads(await placements.nine_box_document(self.db, actor))

    async def nine_boxes(self) -> list[dict[str, Any]]:
        """The map of each of the four institutions."""
        return [await self.nine_box(await self.actor(name)) for name in INSTITUTIONS]


@pytest_asyncio.fixture(scope="module")
async def shown(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demonstration]:
    database, folder = await copy_database(), tmp_path_factory.mktemp("demo")
    async with open_database(url_of(database)) as db:
        await demo.show(db, folder)
        yield Demonstration(db, database, folder)
    await as_superuser(f"DROP DATABASE {database} WITH (FORCE)")


def people_by_box(nine_box: dict[str, Any]) -> Counter[int]:
    return Counter({box["box"]: box["count"] for box in nine_box["boxes"]})


async def test_every_box_is_inhabited_somewhere(shown: Demonstration) -> None:
    people = sum((people_by_box(nine_box) for nine_box in await shown.nine_boxes()), Counter())
    assert set(people) == set(range(1, 10))


async def test_only_the_office_that_delivers_no_awards_and_teams_has_nobody_assessed(shown: Demonstration) -> None:
    assessed = dict(zip(INSTITUTIONS, await shown.nine_boxes(), strict=True))
    nobody = [name for name, nine_box in assessed.items() if nine_box["assessed"] == 0]
    assert nobody == [institution.name for institution in DEMO if institution.undelivered]


async def test_no_row_of_the_demonstration_is_refused(shown: Demonstration) -> None:
    refused = await as_superuser('SELECT file, row, "column", code FROM import_refusal', shown.database)
    assert refused == []


async def test_the_nation_is_the_sum_of_its_institutions(shown: Demonstration) -> None:
    nation = await shown.nine_box(await shown.actor(demo.NATIONAL_AGENCY, Role.NATIONAL))
    parts = await shown.nine_boxes()
    counts = {name: sum(part[name] for part in parts) for name in ("total", "assessed", "notAssessed")}
    assert (counts, people_by_box(nation)) == (
        {name: nation[name] for name in counts},
        sum(map(people_by_box, parts), Counter()),
    )


async def test_a_national_actor_sees_every_institution_with_its_counts(shown: Demonstration) -> None:
    bkn = await shown.actor(demo.NATIONAL_AGENCY, Role.NATIONAL)
    page = json.loads(await institutions.institutions_page(shown.db, bkn))
    counts = {edge["node"]["name"]: (edge["node"]["total"], edge["node"]["assessed"]) for edge in page["edges"]}
    parts = zip(INSTITUTIONS, await shown.nine_boxes(), strict=True)
    assert counts == {demo.NATIONAL_AGENCY: (0, 0), demo.DUMAI: (0, 0)} | {
        name: (it["total"], it["assessed"]) for name, it in parts
    }


async def test_the_city_of_dumai_has_its_index_history_and_its_regulation(shown: Demonstration) -> None:
    actor = await shown.actor(demo.DUMAI)
    indices = json.loads(await standing.indices_document(shown.db, actor))["values"]
    assert [(one["index"], one["year"], one["value"], one["grade"]) for one in indices] == [
        ("nspk", 2022, 66.58, "Cukup"),
        ("nspk", 2023, 73.79, "Baik"),
        ("nspk", 2024, 77.56, "Baik"),
    ]
    references = json.loads(await standing.references_document(shown.db, actor))["references"]
    assert [one["name"] for one in references] == ["Komite Talenta Kota Dumai", "Peraturan Wali Kota Dumai 11/2023"]


async def test_showing_it_again_changes_nothing(shown: Demonstration) -> None:
    before = await everything_stored(shown.database)
    await demo.show(shown.db, shown.folder)
    assert await everything_stored(shown.database) == before


async def test_importing_the_same_folder_again_changes_nothing(shown: Demonstration) -> None:
    institution = "Pemerintah Kabupaten Pasaman"
    files = spreadsheets(shown.folder / institution.lower().replace(" ", "-"))
    report = await import_files(shown.db, await shown.actor(institution), files)
    assert not any(report["changes"].values())
