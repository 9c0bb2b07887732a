"""An installation in a directory of its own whose PostgreSQL, server and workers are killed and begun again."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import cycle
from pathlib import Path
from random import Random
from uuid import UUID

from app.auth.development import DEVELOPMENT_KEY, development_key, sign
from app.db.database import open_database
from app.db.failpoints import Failpoint
from app.db.migrations import migrate
from app.db.policies import APPLICATION_ROLE
from app.dev.installation import DATABASE, OWNER_ROLE, prepare
from app.dev.kills.processes import SERVER, WORKER, Process, free_port
from app.dev.postgres import EmbeddedPostgres
from app.domain.actors import Actor, Role
from app.services import institutions
from app.services.institutions import CreateInstitution

WORKERS = 2
POSTGRES = "postgres"
AT_RANDOM = "at a random moment"
SILENCE = 3  # seconds after which a worker counts as dead
REQUEST = 5  # seconds; a request that died is taken over after them
PLENTY = "1000000/second"
ENVIRONMENT = {
    "ENVIRONMENT": "development",
    "LOG_FORMAT": "json",
    "HOST": "127.0.0.1",
    "WORKER_SILENCE_SECONDS": str(SILENCE),
    "REQUEST_SECONDS": str(REQUEST),
    "RATE_LIMIT": PLENTY,
    "RATE_LIMIT_WRITES": PLENTY,
}
FAILPOINTS: Mapping[str, tuple[Failpoint, ...]] = {
    SERVER: (Failpoint.LEDGER_RECORDED, Failpoint.WRITE_COMMITTED),
    WORKER: (
        *(Failpoint.CHAIN_LINKED, Failpoint.EVENTS_FANNED_OUT, Failpoint.WEBHOOK_SENT, Failpoint.WEBHOOK_MARKED),
        *(Failpoint.JOB_BEGUN, Failpoint.JOB_DONE),
    ),
}
"""Where a process of a kind is killed, in turn."""
PLAN = (
    *(None, None, POSTGRES, None, None, None, WORKER, None),
    *(None, POSTGRES, None, SERVER, None, None, POSTGRES, WORKER),
)
"""Who is killed next at a random moment, again and again; None: whoever gets to a failpoint first."""
LATEST = 4  # the time at which a failpoint kills at the latest
SOON = (0.05, 0.8)  # seconds to a random moment
PATIENCE = 8.0  # seconds to wait for a failpoint


class House:
    """PostgreSQL, one server and two workers; `kills` counts by what was killed and where."""

    def __init__(
        self, postgres: EmbeddedPostgres, directory: Path, chance: Random, kills: Counter[tuple[str, str]]
    ) -> None:
        self.postgres, self.directory, self.chance, self.kills = postgres, directory, chance, kills
        self._plan, self._fates = cycle(PLAN), {kind: cycle(places) for kind, places in FAILPOINTS.items()}
        url, told = self.url, {**ENVIRONMENT, "DATA_DIR": str(directory)}
        self.server = Process(SERVER, SERVER, url, directory, told, free_port())
        self.workers = [Process(WORKER, f"{WORKER}-{n}", url, directory, told) for n in range(1, WORKERS + 1)]

    @property
    def url(self) -> str:
        """As the application connects."""
        return self.postgres.url(DATABASE, APPLICATION_ROLE)

    @property
    def owner_url(self) -> str:
        """As the owner of the schema connects."""
        return self.postgres.url(DATABASE, OWNER_ROLE)

    @property
    def address(self) -> str:
        """Where the server answers."""
        return f"http://127.0.0.1:{self.server.port}"

    def token(self, institution: UUID, role: Role) -> str:
        """A token of somebody."""
        key = development_key(self.directory / DEVELOPMENT_KEY)
        return sign(Actor(institution, role, f"kills {role.value}"), key)

    def found(self, name: str) -> UUID:
        """A fresh institution."""

        async def create() -> UUID:
            async with open_database(self.url) as db:
                operator = Actor(UUID(int=0), Role.OPERATOR, "kills")
                return await institutions.create_institution(db, operator, CreateInstitution(name=name))

        return asyncio.run(create())

    def kill_once(self) -> None:
        """Let everything run until somebody dies at a failpoint, or kill somebody at a random moment.

        Who was killed before may still be starting, and is spared meanwhile.
        """
        self._begin_again()
        at_random = next(self._plan)
        if not self._somebody_dies(self.chance.uniform(*SOON) if at_random else PATIENCE):
            self._kill(at_random or WORKER)

    def _somebody_dies(self, seconds: float) -> bool:
        """Whether a process is killed at a failpoint by then."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if dead := [one for one in self._processes() if one.is_dead()]:
                for one in dead:
                    self.kills[one.kind, (one.failpoint or AT_RANDOM).partition(":")[0]] += 1
                return True
            time.sleep(0.005)
        return False

    def _kill(self, kind: str) -> None:
        """Kill somebody at this very moment."""
        self.kills[kind, AT_RANDOM] += 1
        victims = [one for one in self._processes() if one.kind == kind]
        if victims:
            victim = self.chance.choice(victims)
            victim.wait_until_ready()
            victim.kill()
            return
        for one in self._processes():
            one.wait_until_ready()  # none of them starts without it
        self._kill_postgres()
        self.postgres.stop()  # what is left of it: its lock
        self.postgres.start()

    def begin(self) -> None:
        """Begin everybody anew, to stay."""
        for one in self._processes():
            one.kill()
            one.start(None)
        for one in self._processes():
            one.wait_until_ready()

    def stop(self) -> None:
        """End everything."""
        for one in self._processes():
            one.kill()

    def _begin_again(self) -> None:
        """Begin whoever is dead; PostgreSQL is there, so that they can start."""
        for one in self._processes():
            if one.is_dead():
                one.start(self._fate(one.kind))

    def _processes(self) -> tuple[Process, ...]:
        return (self.server, *self.workers)

    def _fate(self, kind: str) -> str:
        return f"{next(self._fates[kind])}:{self.chance.randint(1, LATEST)}"

    def _kill_postgres(self) -> None:
        """Kill the server with everything it has started, as the system would at the loss of power."""
        if self.postgres.process is None:
            raise RuntimeError("PostgreSQL was begun by somebody else")
        pid = self.postgres.process.pid
        os.kill(pid, signal.SIGSTOP)  # so that it starts nobody who is not on the list
        family = [pid, *_children_of(pid)]
        for one in family:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        self.postgres.process.wait()
        while any(Path(f"/proc/{one}").exists() for one in family):
            time.sleep(0.005)


def _children_of(pid: int) -> list[int]:
    """The processes that a process has started."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
                if int(parent) == pid:
                    found.append(int(entry.name))
    return found


@contextmanager
def a_house(directory: Path, seed: int) -> Iterator[House]:
    """A durable PostgreSQL with the present schema, and who works on it; all of it is gone when the block ends."""
    settings = {"shared_buffers": "64MB", "log_line_prefix": "%m [%p] %d "}
    with EmbeddedPostgres(directory / "postgres", durable=True, settings=settings) as postgres:
        asyncio.run(prepare(postgres, DATABASE))
        asyncio.run(migrate(postgres.url(DATABASE, OWNER_ROLE)))
        house = House(postgres, directory, Random(seed), Counter())
        try:
            yield house
        finally:
            house.stop()
