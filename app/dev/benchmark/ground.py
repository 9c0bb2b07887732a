"""The ground a measurement stands on: a throw-away PostgreSQL, a population in it, and words on the terminal."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from app.db.database import open_database
from app.db.migrations import migrate
from app.db.policies import APPLICATION_ROLE
from app.dev.demo import LIMITS
from app.dev.installation import OWNER_ROLE, Installation, prepare
from app.dev.postgres import EmbeddedPostgres
from app.dev.seed.folders import DEMO_AS_OF, write_population
from app.domain.actors import Actor, Role
from app.services import imports
from app.services.import_report import DeliveredFile, Progress, Report
from app.services.imports import ImportFiles

INSTITUTION = "Pemerintah Kota Contoh"
AS_OF = DEMO_AS_OF


@dataclass(frozen=True, slots=True)
class Ground:
    """A directory and a server that are gone when the measurement is over."""

    directory: Path
    server: EmbeddedPostgres

    def database(self, name: str) -> Installation:
        """A new database with the present schema."""
        installation = Installation(self.server.url(name, OWNER_ROLE), self.server.url(name, APPLICATION_ROLE))
        asyncio.run(prepare(self.server, name))
        asyncio.run(migrate(installation.owner_url))
        return installation


@contextmanager
def throw_away(settings: dict[str, str] | None = None) -> Iterator[Ground]:
    """A private server without durability in a directory of its own, both removed afterwards."""
    say("starting a throw-away PostgreSQL")
    with (
        _directory() as directory,
        EmbeddedPostgres(directory / "postgres", durable=False, settings=settings) as server,
    ):
        yield Ground(directory, server)


@contextmanager
def standing(data: Path, settings: dict[str, str] | None = None) -> Iterator[Ground]:
    """The private server of an installation, which stays; everything else is removed afterwards."""
    say(f"starting the PostgreSQL of {data}")
    with _directory() as directory, EmbeddedPostgres(data / "postgres", settings=settings) as server:
        yield Ground(directory, server)


@contextmanager
def _directory() -> Iterator[Path]:
    # not in DATA_DIR: what is measured must not depend on whether the server's account can enter it
    with tempfile.TemporaryDirectory(prefix="nusatalenta-bench-", dir="/var/tmp") as made:
        directory = Path(made)
        directory.chmod(0o711)
        yield directory


def write_people(folder: Path, people: int) -> list[Path]:
    """A folder of CSV files with complete evidence of so many people."""
    write_population(folder, people, institution=INSTITUTION, seed=f"bench/{people}", as_of=AS_OF)
    return sorted(folder.iterdir())


async def import_paths(
    url: str,
    paths: list[Path],
    institution: str = INSTITUTION,
    command: ImportFiles | None = None,
    progress: Progress = lambda _what, _done, _all: None,
) -> tuple[UUID, Report]:
    """Import files through the service, founding the institution; its id and the report."""
    actor = Actor(uuid4(), Role.OPERATOR, "benchmark")
    files = [DeliveredFile(path, path.name) for path in paths]
    command = command or ImportFiles(as_of=AS_OF)
    async with open_database(url) as database:
        report = await imports.import_files(
            database, actor, command, files, limits=LIMITS, progress=progress, founding=institution
        )
        found = await database.find_institution(institution)
    if found is None:
        raise LookupError(institution)
    return found, report


def say(what: str) -> None:
    """What is being done now."""
    print(f"{what} …", file=sys.stderr, flush=True)


def say_load() -> str:
    """How busy the machine was, for whoever reads the figures."""
    return f"{os.cpu_count()} processors, load average {', '.join(f'{load:.1f}' for load in os.getloadavg())}"
