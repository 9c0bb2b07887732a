"""Plain functions that bring posts into an institution, through the importer."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID, uuid4

from app.db.database import Database
from app.domain.actors import Actor
from app.services import posts, retirement_rules
from app.services.import_report import Report
from app.services.posts import SetUnitAffair
from app.services.retirement_rules import KeepRetirementException
from tests.factories import import_files, officer, write_csv

POST = {
    "UNOR ID": "U1",
    "NAMA JABATAN": "ANALIS KEBIJAKAN AHLI MUDA",
    "JENJANG": "jf_ahli_muda",
    "KELAS JABATAN": "9",
    "KEBUTUHAN": "2",
    "TANGGAL ABK": "07-02-2025",
    "KRITIKAL": "TIDAK",
}
"""A post of the unit and the name that `factories.an_employee` holds, with a seat more."""


def a_post(**but: str) -> dict[str, str]:
    """A row of the position map."""
    return POST | {key.replace("_", " "): value for key, value in but.items()}


async def import_posts(db: Database, actor: Actor, folder: Path, *rows: dict[str, str], **but: object) -> Report:
    """Import a position map of these rows; of one post unless told otherwise. Its units have to be there."""
    folder.mkdir(parents=True, exist_ok=True)
    return await import_files(db, actor, [write_csv(folder, "peta-jabatan", rows or [POST])], **but)


async def post_named(db: Database, actor: Actor, name: str = POST["NAMA JABATAN"], unit: str = "U1") -> UUID:
    """The id of a post."""
    chosen = posts.PostFilter(q=name, unit=unit)
    [edge] = json.loads(await posts.posts_page(db, actor, chosen))["edges"]
    return UUID(edge["node"]["id"])


async def a_registry(db: Database, actor: Actor, folder: Path, unit: str = "U1") -> dict[str, str]:
    """A post of a unit, what the unit works at, and an age of retirement of one's own; their ids by path parameter."""
    await import_posts(db, actor, folder, a_post(UNOR_ID=unit))
    await posts.set_unit_affair(db, officer(actor), unit, SetUnitAffair(government_affair="health"))
    said = KeepRetirementException(words="Analis", age=60, legal_basis="Peraturan Wali Kota 3/2025")
    exception = await retirement_rules.keep_retirement_exception(db, officer(actor), uuid4(), said)
    return {"unitId": unit, "exceptionId": str(exception)}
