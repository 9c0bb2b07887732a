"""A sync to look at: the simulator beside the service, a connection of the first demonstration institution, a sync."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import httpx2
from pydantic import SecretStr

from app.auth.destinations import Destinations
from app.auth.sealing import Sealing
from app.db.database import Database
from app.dev.postgres import stop_with_parent
from app.dev.siasn_simulator.control import APPLICATION_TOKEN, SSO_TOKEN
from app.dev.siasn_simulator.quirks import USUAL, Quirk
from app.dev.siasn_simulator.server import API, REFERENCES
from app.dev.siasn_simulator.serving import HOST, bound
from app.dev.siasn_simulator.tokens import CONSUMER_KEY, CONSUMER_SECRET, PASSWORD, SSO_CLIENT, USERNAME
from app.domain.actors import Actor, Role
from app.domain.errors import Conflict
from app.services import siasn_connections, siasn_syncs

LONGEST_START = 120  # seconds, of which inventing some thousand people takes most


@contextmanager
def simulated(institution: str) -> Iterator[str]:
    """The simulator in a process of its own, with news about the institution's people; yields its address."""
    quirks = [word for quirk in sorted({*USUAL, Quirk.NEWS}) for word in ("--quirk", quirk.value)]
    with started("--institution", institution, *quirks) as (address, _):
        yield address


@contextmanager
def started(*options: str) -> Iterator[tuple[str, int]]:
    """The simulator in a process of its own that ends with this one; yields its address and the process's number."""
    listening = bound()
    port = listening.getsockname()[1]
    listening.close()
    process = subprocess.Popen(
        [*(sys.executable, "-P", "-m", "app", "siasn-simulator", "--port", str(port)), *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=stop_with_parent,  # noqa: PLW1509 - it only makes a system call
    )
    try:
        address = f"http://{HOST}:{port}"
        _wait_for(address, process)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait()


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + LONGEST_START
    while time.monotonic() < until and process.poll() is None:
        try:
            httpx2.get(f"{address}/simulator").raise_for_status()
        except httpx2.TransportError:
            time.sleep(0.1)
        else:
            return
    sys.exit("the simulator of SIASN did not start")


def connection_to(address: str, at_once: int) -> siasn_connections.KeepSiasnConnection:
    """How an institution reaches the simulator: as quickly as it answers, so many calls at once."""
    return siasn_connections.KeepSiasnConnection(
        api_base=f"{address}{API}",
        reference_base=f"{address}{REFERENCES}",
        application_token_url=f"{address}{APPLICATION_TOKEN}",
        sso_token_url=f"{address}{SSO_TOKEN}",
        consumer_key=CONSUMER_KEY,
        consumer_secret=SecretStr(CONSUMER_SECRET),
        sso_client_id=SSO_CLIENT,
        sso_username=USERNAME,
        sso_password=SecretStr(PASSWORD),
        sso_token=SecretStr(""),  # one that somebody gave is for another address
        secret_headers=[],
        gap_seconds=0,
        concurrency=at_once,
    )


async def start_sync(
    database: Database, sealing: Sealing, destinations: Destinations, institution: str, address: str
) -> UUID | None:
    """Connect the institution to the simulator and start a sync; None where one is under way."""
    found = await database.find_institution(institution)
    if found is None:
        raise LookupError(institution)
    actor = Actor(found, Role.OPERATOR, "demo")
    await siasn_connections.keep_siasn_connection(
        database, actor, sealing, destinations, connection_to(address, at_once=4)
    )
    try:
        return await siasn_syncs.start_siasn_sync(database, actor, siasn_syncs.StartSiasnSync())
    except Conflict:
        return None
