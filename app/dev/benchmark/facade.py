"""What SIASN's facade costs: its answers beside a route that sends the bytes of the same statement, as ratios."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from uuid import UUID

import httpx2
import uvloop

from app.api.siasn.tokens import APPLICATION, SSO
from app.db.database import Database, open_database
from app.dev.benchmark.ceiling import FACADE
from app.dev.benchmark.ground import import_paths, say, throw_away, write_people
from app.dev.benchmark.load import Line, get
from app.dev.benchmark.reading import ROUNDS, Group, Server, measure_groups, show, some_nips, the_servers
from app.domain.actors import Actor, ClientScope, Role
from app.services import clients, siasn_accounts
from app.services.clients import RegisterClient
from app.services.siasn_accounts import RegisterSiasnAccount

DATABASE, BASE = "facade", "/apisiasn/1.0/pns"
AIM = 0.75
HTTP = "http://127.0.0.1"
Forms = tuple[tuple[str, dict[str, str]], ...]
"""Where each of the two tokens is had, and with what."""


def measure_facade(people: int, seconds: float, connections: int) -> None:
    """Print how the facade reads, with both tokens and a receipt of every look, beside the statement alone."""
    with throw_away() as ground:
        installation = ground.database(DATABASE)
        say(f"importing {people:,} people")
        institution, _ = asyncio.run(import_paths(installation.url, write_people(ground.directory / "people", people)))
        nips = asyncio.run(some_nips(ground.server.url(DATABASE)))
        forms = asyncio.run(_registered(installation.url, institution, nips[0]))
        say("starting the service and its ceiling")
        with the_servers(ground, installation.url, institution) as (service, ceiling):
            tokens = [_token(service, *form) for form in forms]
            groups = [_group(name, service, ceiling, tokens, nips) for name in FACADE]
            uvloop.run(measure_groups(groups, seconds, connections))
    how = f"{people:,} people · {connections} connections · {ROUNDS} rounds of {seconds:g} s"
    show("SIASN's facade", groups, how, AIM)


async def _registered(url: str, institution: UUID, nip: str) -> Forms:
    """A system with an account for somebody."""
    async with open_database(url) as db:
        return await _register(db, Actor(institution, Role.OPERATOR, "benchmark"), nip)


async def _register(db: Database, operator: Actor, nip: str) -> Forms:
    made = await clients.register_client(db, operator, RegisterClient(name="SIMPEG", scopes=[ClientScope.SIASN_READ]))
    administrator = Actor(operator.institution_id, Role.ADMINISTRATOR, "benchmark")
    account = await siasn_accounts.register_siasn_account(
        db, administrator, RegisterSiasnAccount(client_id=made.client_id, nip=nip)
    )
    client = {"client_id": made.client_id}
    person = {"grant_type": "password", "username": nip, "password": account.secret, **client}
    system = {"grant_type": "client_credentials", "client_secret": made.secret, **client}
    return (APPLICATION, system), (SSO, person)


def _token(service: Server, path: str, form: dict[str, str]) -> str:
    answer = httpx2.post(f"{HTTP}:{service.port}{path}", data=form)
    answer.raise_for_status()
    return str(json.loads(answer.content)["access_token"])


def _group(name: str, service: Server, ceiling: Server, tokens: Sequence[str], nips: Sequence[str]) -> Group:
    begins = b'{"code":1,"data":'
    told = [get(f"{BASE}/{name}/{nip}", *tokens) for nip in nips]
    alone = [get(f"/facade/{name}/{nip}") for nip in nips]
    return Group(
        name,
        [
            Line("FastAPI, one statement", ceiling.port, ceiling.process, alone, begins),
            Line("facade", service.port, service.process, told, begins),
        ],
    )
