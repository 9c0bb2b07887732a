"""The demonstration: invented institutions, written as the files offices hold, and imported like them."""

from __future__ import annotations

import shutil
import sys
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

from app.auth.development import development_key, sign
from app.db.database import Database
from app.dev.seed.folders import DEMO, DEMO_AS_OF, write_institution
from app.domain.actors import Actor, Role
from app.domain.standing import Index, ReferenceKind
from app.services import imports, institutions, standing
from app.services.import_report import DeliveredFile
from app.services.imports import ImportFiles
from app.services.standing import KeepReference, RecordIndex
from app.settings import MEGABYTE
from app.sheets.reading import Limits

FIRST = DEMO[0].name
NATIONAL_AGENCY = "Badan Kepegawaian Negara"
LIMITS = Limits(64 * MEGABYTE, 512 * MEGABYTE)
DUMAI = "Pemerintah Kota Dumai"
"""What it has published of itself on 4 December 2025; its people are the sample files of the repository."""
NSPK = {2022: ("66.58", "Cukup"), 2023: ("73.79", "Baik"), 2024: ("77.56", "Baik")}
REFERENCES = (
    KeepReference(
        kind=ReferenceKind.REGULATION,
        name="Peraturan Wali Kota Dumai 11/2023",
        title="Manajemen talenta aparatur sipil negara",
    ),
    KeepReference(
        kind=ReferenceKind.COMMITTEE,
        name="Komite Talenta Kota Dumai",
        title="Komite talenta dan tim manajemen talenta",
    ),
)


async def show(database: Database, folder: Path) -> None:
    """Create and import what is not there yet; the files stay in the folder to be looked at."""
    if await database.find_institution(NATIONAL_AGENCY) is None:
        command = institutions.CreateInstitution(name=NATIONAL_AGENCY)
        await institutions.create_institution(database, Actor(uuid4(), Role.OPERATOR, "demo"), command)
    for institution in DEMO:
        if await database.find_institution(institution.name) is not None:
            continue
        print(f"importing the demonstration: {institution.name} …", file=sys.stderr, flush=True)
        files = folder / institution.name.lower().replace(" ", "-")
        shutil.rmtree(files, ignore_errors=True)
        files.mkdir(parents=True)
        write_institution(files, institution, DEMO_AS_OF)
        delivered = [DeliveredFile(path, path.name) for path in sorted(files.iterdir())]
        actor = Actor(uuid4(), Role.OPERATOR, "demo")
        command_to_import = ImportFiles(as_of=DEMO_AS_OF)
        await imports.import_files(
            database, actor, command_to_import, delivered, limits=LIMITS, founding=institution.name
        )
    if await database.find_institution(DUMAI) is None:
        await _found_dumai(database)


async def _found_dumai(database: Database) -> None:
    """The institution of the sample files, with its index history and what its mapping rests on."""
    founder = Actor(uuid4(), Role.OPERATOR, "demo")
    founded = await institutions.create_institution(database, founder, institutions.CreateInstitution(name=DUMAI))
    actor = Actor(founded, Role.OPERATOR, "demo")
    for year, (value, grade) in NSPK.items():
        told = RecordIndex(value=Decimal(value), grade=grade, source="Badan Kepegawaian Negara")
        await standing.record_index(database, actor, Index.NSPK, year, told)
    for reference in REFERENCES:
        await standing.keep_reference(database, actor, uuid4(), reference)


async def officer_token(database: Database, key: Path) -> str:
    """A token for an HR officer of the first institution."""
    institution = await database.find_institution(FIRST)
    if institution is None:
        raise LookupError(FIRST)
    return sign(Actor(institution, Role.HR_OFFICER, "development hr-officer"), development_key(key))
