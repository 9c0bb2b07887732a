"""The command `siasn-simulator`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from app.dev.siasn_simulator.control import APPLICATION_TOKEN, SSO_TOKEN
from app.dev.siasn_simulator.people import register
from app.dev.siasn_simulator.quirks import USUAL, Quirk
from app.dev.siasn_simulator.server import API, REFERENCES, Simulator
from app.dev.siasn_simulator.serving import HOST, bound, server_of
from app.dev.siasn_simulator.tokens import CONSUMER_KEY, CONSUMER_SECRET, PASSWORD, SSO_CLIENT, USERNAME

app = typer.Typer()
PORT = 8070


@app.command(name="siasn-simulator")
def siasn_simulator(
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0 takes a free one.")] = PORT,
    people: Annotated[int, typer.Option(min=1, max=100_000, help="How many to invent.")] = 100,
    seed: Annotated[str, typer.Option(help="The same seed invents the same people.")] = "simulator",
    institution: Annotated[
        str | None,
        typer.Option(help="Whose people; of a demonstration institution they are those of the demonstration."),
    ] = None,
    quirk: Annotated[
        list[Quirk] | None, typer.Option(help="Its habits; repeat for several, `usual` ones unless told.")
    ] = None,
) -> None:
    """A small SIASN on this machine, with its quirks: to develop, to demonstrate and to test against."""
    simulator = Simulator(register(institution, people, seed), USUAL if quirk is None else frozenset(quirk))
    try:
        listening = bound(port)
    except OSError as error:
        sys.exit(f"port {port} of {HOST} cannot be had ({error.strerror}): choose one with --port")
    simulator.prepare()
    print(told(simulator, f"http://{HOST}:{listening.getsockname()[1]}"), flush=True)
    server_of(simulator).run([listening])


def told(simulator: Simulator, address: str) -> str:
    """What somebody needs to know in order to connect."""
    known = simulator.register
    some = "\n".join(f"                     {nip}" for nip in list(known.people)[:3])
    return f"""
SIASN is simulated with {len(known.people)} people of {known.workforce.institution}. Nothing of it is real.

  API                {address}{API}
  references         {address}{REFERENCES}
  application token  {address}{APPLICATION_TOKEN}
                     consumer key {CONSUMER_KEY}, consumer secret {CONSUMER_SECRET}
  SSO token          {address}{SSO_TOKEN}
                     client id {SSO_CLIENT}, username {USERNAME}, password {PASSWORD}
  some people
{some}

  what it was asked  curl {address}/simulator/asked
  let it fail        curl -X PUT {address}/simulator/faults -d '{{"faults":[{{"fails":"suspended","times":3}}]}}'
"""
