"""Files in, profiles and placements out."""

from __future__ import annotations

import json
from pathlib import Path

from app.db.database import Database
from app.services import placements
from app.services.imports import DeliveredFile
from tests.factories import a_placed_talent, an_institution, import_files


async def dumai(db: Database, files: Path):
    actor = await an_institution(db)
    delivered = [DeliveredFile(path, path.name) for path in sorted(files.iterdir())]
    return actor, delivered


async def test_worked_example_a_comes_out_to_the_digit(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    placement = json.loads(await placements.placement_document(db, actor, nip))
    assert (placement["performance"]["value"], placement["potential"]["value"]) == (71, 83.85)
    assert (placement["box"], placement["talentValue"]) == (8, 77.425)
