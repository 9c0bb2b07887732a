"""fuzz: generated cases against the whole service, of which none may make it fail."""

from __future__ import annotations

import importlib
import signal
import sys
from enum import StrEnum
from typing import Annotated, NoReturn

import typer

from app.settings import Settings

app = typer.Typer()


class Door(StrEnum):
    """Where cases are thrown."""

    REST = "rest"
    GRAPHQL = "graphql"
    FILES = "files"
    ALL = "all"


@app.command()
def fuzz(
    cases: Annotated[int, typer.Option(min=1, help="How many cases to throw.")] = 2_000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed makes the same cases.")] = 1,
    door: Annotated[Door, typer.Option(help="Where to throw them.")] = Door.ALL,
    replay: Annotated[
        str | None, typer.Option(help="FILE#k: make the k-th written failure again, nothing else.")
    ] = None,
) -> None:
    """Throw generated and hostile requests and files at the real service, on a throw-away database of its own.

    Ends with 1 where an answer is a mistake of ours, late, somebody else's, or the service did not survive. Failures
    are written to DATA_DIR/fuzz.
    """
    signal.signal(signal.SIGTERM, _leave)  # so that servers are stopped and directories removed
    try:
        run = importlib.import_module("app.dev.fuzz.run")
    except ModuleNotFoundError as error:
        if error.name and error.name.partition(".")[0] == "app":
            raise
        sys.exit(f"{error.name} is missing: it belongs to the development environment (./nusatalenta installs it)")
    doors = tuple(one.value for one in Door if one is not Door.ALL) if door is Door.ALL else (door.value,)
    is_well = run.replay(replay) if replay else run.fuzz(cases, seed, doors, Settings().data_dir / "fuzz")
    raise typer.Exit(0 if is_well else 1)


def _leave(*_: object) -> NoReturn:
    raise SystemExit(128 + signal.SIGTERM)
