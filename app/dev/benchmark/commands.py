"""The commands of `bench`: what this machine does, beside a ceiling of the same run or an aim."""

from __future__ import annotations

import signal
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from app.dev.benchmark.demand import measure_demand
from app.dev.benchmark.facade import measure_facade
from app.dev.benchmark.importing import measure_folder, measure_imports
from app.dev.benchmark.matching import POPULATIONS, measure_matching
from app.dev.benchmark.nine_box import measure_nine_box
from app.dev.benchmark.rankings import POPULATIONS as INSTITUTIONS
from app.dev.benchmark.rankings import measure_rankings
from app.dev.benchmark.reading import measure_reading
from app.dev.benchmark.siasn import measure_siasn

app = typer.Typer(no_args_is_help=True, help="Measure the doors, the import and the scoring; figures are ratios.")


@app.callback()
def prepare() -> None:
    """Measure the doors, the import and the scoring; figures are ratios against a ceiling of the same run."""
    signal.signal(signal.SIGTERM, _leave)  # so that servers are stopped and directories removed


def _leave(*_: object) -> NoReturn:
    raise SystemExit(128 + signal.SIGTERM)


@app.command()
def read(
    people: Annotated[int, typer.Option(min=100, help="People in the database.")] = 2_000,
    seconds: Annotated[float, typer.Option(min=0.1, help="How long each line is asked in each round.")] = 3.0,
    connections: Annotated[int, typer.Option(min=1, max=500, help="Connections that ask at the same time.")] = 16,
) -> None:
    """REST and GraphQL, one profile and a list of 50, beside a FastAPI route sending one asyncpg statement."""
    measure_reading(people, seconds, connections)


@app.command()
def facade(
    people: Annotated[int, typer.Option(min=100, help="People in the database.")] = 2_000,
    seconds: Annotated[float, typer.Option(min=0.1, help="How long each line is asked in each round.")] = 3.0,
    connections: Annotated[int, typer.Option(min=1, max=500, help="Connections that ask at the same time.")] = 16,
) -> None:
    """SIASN's facade with both its tokens, beside a FastAPI route sending the same asyncpg statement."""
    measure_facade(people, seconds, connections)


@app.command(name="import")
def import_(
    people: Annotated[list[int] | None, typer.Option(min=100, help="Sizes; 10,000 and 100,000 unless told.")] = None,
    folder: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="Import this folder instead.")
    ] = None,
    institution: Annotated[str, typer.Option(help="The institution the folder is of.")] = "Pemerintah Kota Dumai",
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day the folder describes; 2025-12-04 unless told."),
    ] = None,
) -> None:
    """Populations as CSV, or a folder: seconds by stage, rows/s, peak memory, beside a plain COPY of the same rows."""
    if folder is not None:
        measure_folder(folder, institution, as_of.date() if as_of else None)
    else:
        measure_imports(people or [10_000, 100_000])


@app.command(name="nine-box")
def nine_box(
    people: Annotated[int, typer.Option(min=100, help="How many to place.")] = 1_000_000,
) -> None:
    """Score, interval and reachable boxes on arrays in memory, beside the domain's rule person by person."""
    measure_nine_box(people)


@app.command()
def ranking(
    people: Annotated[
        list[int] | None, typer.Option(min=100, help="Sizes; 1,000, 9,000 and 30,000 unless told.")
    ] = None,
) -> None:
    """Everybody of an institution ranked for a vacancy, at the door, beside writing down their facts alone."""
    measure_rankings(people or INSTITUTIONS)


@app.command()
def match(
    populations: Annotated[
        str, typer.Option(help="Sizes of the nation, between commas; the largest takes minutes and some 15 GB.")
    ] = ",".join(map(str, POPULATIONS)),
    data: Annotated[
        Path | None,
        typer.Option(
            exists=True, file_okay=False, help="Measure last the nation that `demo --population` laid in this DATA_DIR."
        ),
    ] = None,
) -> None:
    """Searches of the whole nation and its counts, at the door beside PostgreSQL alone, as the nation grows."""
    try:
        sizes = [int(size) for size in populations.split(",") if size]
    except ValueError as error:
        raise typer.BadParameter("whole numbers between commas") from error
    if any(size < SMALLEST_NATION for size in sizes):
        raise typer.BadParameter(f"a nation has at least {SMALLEST_NATION:,} people")
    measure_matching(sizes, data)


@app.command()
def demand() -> None:
    """Demand and supply over every count that a nation can have, beside the statement alone and beside `SELECT 1`."""
    measure_demand()


@app.command()
def mobility(
    participants: Annotated[
        list[int] | None, typer.Option(min=1_000, help="Sizes, ascending; four up to 500,000 unless told.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option(file_okay=False, help="Keep the files of the largest round here.")
    ] = None,
    *,
    in_database: Annotated[
        bool, typer.Option("--database", help="Lay the largest round in PostgreSQL, freeze and run it there.")
    ] = False,
) -> None:
    """A round of national mobility from columns to files: seconds by stage, memory, growth, on one processor."""
    if in_database:
        from app.dev.benchmark.mobility_database import measure_mobility_database  # noqa: PLC0415 - the same

        measure_mobility_database((participants or [500_000])[-1])
        return
    from app.dev.benchmark.mobility import SIZES, measure_mobility  # noqa: PLC0415 - loads the compiler

    measure_mobility(participants or SIZES, folder)


@app.command()
def siasn(
    people: Annotated[int, typer.Option(min=100, max=20_000, help="People whom the simulator knows.")] = 10_000,
) -> None:
    """A sync from the simulator with the limit off: people/s with the profile alone and with all histories."""
    measure_siasn(people)


SMALLEST_NATION = 300
