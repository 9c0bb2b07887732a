"""kills: the test of kills, as a command."""

from __future__ import annotations

import importlib
import signal
from typing import Annotated, NoReturn

import typer

app = typer.Typer()


@app.command()
def kills(
    times: Annotated[int, typer.Option(min=1, help="How many times somebody is killed.")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="The same seed chooses the same places.")] = 1,
) -> None:
    """Kill server, workers and PostgreSQL again and again while they work, in a throw-away installation of their own.

    Ends with 1 where a write that was answered is lost or doubled, or an event is lost, strange or out of order.
    """
    signal.signal(signal.SIGTERM, _leave)  # so that servers are stopped and directories removed
    is_well = importlib.import_module("app.dev.kills.run").print_kills(times, seed)
    raise typer.Exit(0 if is_well else 1)


def _leave(*_: object) -> NoReturn:
    raise SystemExit(128 + signal.SIGTERM)
