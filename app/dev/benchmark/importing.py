"""What importing costs: files become placements, each size in a process of its own, beside a plain COPY of the rows."""

from __future__ import annotations

import asyncio
import csv
import math
import multiprocessing
import shutil
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import asyncpg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from app.dev.benchmark.ground import AS_OF, INSTITUTION, Ground, say, say_load, throw_away, write_people
from app.dev.benchmark.load import cpu_seconds
from app.dev.benchmark.timed_import import Outcome, Step, run
from app.dev.demo import LIMITS
from app.services.import_report import Report
from app.services.imports import ImportFiles
from app.settings import MEGABYTE
from app.sheets.reading import open_sheets

SPREADSHEETS = (".xlsx", ".csv")
WORTH_A_LINE = 0.01  # share of the whole
MOST_MEMORY = 1.2
LONGEST_EXIT = 30.0  # seconds


@dataclass(frozen=True, slots=True)
class _Run:
    """One import and its ceiling."""

    name: str
    outcome: Outcome
    process_seconds: float
    server_cpu_seconds: float
    copied_per_second: float

    @property
    def rows(self) -> int:
        return sum(sheet["rows"] for file in self.outcome.report["files"] for sheet in file["sheets"])

    @property
    def people(self) -> int:
        return self.outcome.report["changes"].get("placements", 0)


def measure_imports(sizes: Sequence[int]) -> None:
    """Print what populations of these sizes cost, and how memory grows with them."""
    runs = []
    with throw_away() as ground:
        for size in sorted(sizes):
            folder = ground.directory / f"people-{size}"
            say(f"writing {size:,} people as CSV")
            paths = write_people(folder, size)
            runs.append(_measured(ground, f"{size:,} people", paths, INSTITUTION, AS_OF, plain=paths))
            shutil.rmtree(folder)
    _show(runs)
    if len(runs) > 1:
        ratio = runs[-1].outcome.peak_bytes / runs[0].outcome.peak_bytes
        print(f"peak memory, {runs[-1].name} to {runs[0].name}: {ratio:.2f} (aim: at most {MOST_MEMORY})")


def measure_folder(folder: Path, institution: str, as_of: date | None) -> None:
    """Print what a folder of spreadsheets costs."""
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in SPREADSHEETS)
    with throw_away() as ground:
        plain = _as_plain_csv(paths, ground.directory)
        runs = [_measured(ground, folder.name, paths, institution, as_of or AS_OF, plain=plain)]
    _show(runs)


def _measured(
    ground: Ground, name: str, paths: list[Path], institution: str, as_of: date, *, plain: Sequence[Path]
) -> _Run:
    database = f"import_{time.monotonic_ns()}"
    installation = ground.database(database)
    say(f"importing {name}")
    used = _server_cpu_seconds(ground)
    outcome, seconds = _in_own_process(installation.url, paths, institution, ImportFiles(as_of=as_of))
    used = _server_cpu_seconds(ground) - used
    say("copying the same rows without reading them")
    rows, took = asyncio.run(_copy(ground.server.url(database), plain))
    return _Run(name, outcome, seconds, used, rows / took)


def _server_cpu_seconds(ground: Ground) -> float:
    """Of PostgreSQL and its sessions that have ended."""
    return math.nan if ground.server.process is None else cpu_seconds(ground.server.process.pid, with_children=True)


def _in_own_process(url: str, paths: list[Path], institution: str, command: ImportFiles) -> tuple[Outcome, float]:
    """The outcome, and the seconds from starting the process to its end."""
    began = time.perf_counter()
    spawned = multiprocessing.get_context("spawn")
    heard, told = spawned.Pipe(duplex=False)
    process = spawned.Process(target=run, args=(told, url, paths, institution, command), daemon=True)
    process.start()
    told.close()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None)
        while True:
            try:
                message: Step | Outcome = heard.recv()
            except EOFError as error:
                raise RuntimeError("the importing process died") from error
            if isinstance(message, Outcome):
                process.join(LONGEST_EXIT)
                return message, time.perf_counter() - began
            bar.update(task, description=message.what, completed=message.done, total=message.total or None)


def _as_plain_csv(paths: Iterable[Path], directory: Path) -> list[Path]:
    """Every sheet as a CSV file that PostgreSQL reads by itself."""
    plain: list[Path] = []
    for path in paths:
        for sheet in open_sheets(path, path.name, LIMITS):
            plain.append(directory / f"plain-{len(plain)}.csv")
            with plain[-1].open("w", encoding="utf-8", newline="") as stream:
                write = csv.writer(stream).writerow
                write([heading or f"c{position}" for position, heading in enumerate(sheet.headings)])
                for _, cells in sheet.rows():
                    write(cells)
    return plain


async def _copy(url: str, paths: Iterable[Path]) -> tuple[int, float]:
    """Rows and seconds of copying files, as text, into unlogged tables without keys."""
    connection = await asyncpg.connect(url)
    rows, took = 0, 0.0
    try:
        for number, path in enumerate(paths):
            with path.open(encoding="utf-8", newline="") as stream:
                width = len(next(csv.reader(stream)))
            columns = ", ".join(f"c{position} text" for position in range(width))
            await connection.execute(f"CREATE UNLOGGED TABLE ceiling_{number} ({columns})")
            began = time.perf_counter()
            status = await connection.copy_to_table(f"ceiling_{number}", source=path, format="csv", header=True)
            took += time.perf_counter() - began
            rows += int(status.split()[1])
            await connection.execute(f"DROP TABLE ceiling_{number}")
    finally:
        await connection.close()
    return rows, took


def _show(runs: Sequence[_Run]) -> None:
    table = Table(title="Importing, beside a plain COPY of the same rows into an unlogged table")
    table.add_column("")
    for one in runs:
        table.add_column(one.name, justify="right")
    lines = {
        "seconds": [f"{one.outcome.seconds:,.1f}" for one in runs],
        "… with start and end of the process": [f"{one.process_seconds:,.1f}" for one in runs],
        "processor seconds: import + PostgreSQL": [
            f"{one.outcome.cpu_seconds:,.1f} + {one.server_cpu_seconds:,.1f}" for one in runs
        ],
        "people/s": [f"{one.people / one.outcome.seconds:,.0f}" for one in runs],
        "rows": [f"{one.rows:,}" for one in runs],
        "rows/s": [f"{one.rows / one.outcome.seconds:,.0f}" for one in runs],
        "plain COPY, rows/s": [f"{one.copied_per_second:,.0f}" for one in runs],
        "of the plain COPY": [f"{one.rows / one.outcome.seconds / one.copied_per_second:.3f}" for one in runs],
        "refused": [f"{_refused(one.outcome.report):,}" for one in runs],
        "peak memory, MB": [f"{one.outcome.peak_bytes / MEGABYTE:,.0f}" for one in runs],
        "… before the first file": [f"{one.outcome.idle_bytes / MEGABYTE:,.0f}" for one in runs],
    }
    for label, figures in lines.items():
        table.add_row(label, *figures)
    table.add_section()
    for stage in _stages_worth_a_line(runs[-1].outcome):
        table.add_row(stage, *(f"{one.outcome.stages.get(stage, 0):,.1f} s" for one in runs), style="dim")
    Console().print(table)
    print(say_load())


def _refused(report: Report) -> int:
    return sum(sheet["refused"] for file in report["files"] for sheet in file["sheets"])


def _stages_worth_a_line(outcome: Outcome) -> list[str]:
    return [stage for stage, seconds in outcome.stages.items() if seconds >= WORTH_A_LINE * outcome.seconds]
