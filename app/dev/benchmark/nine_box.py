"""What placing costs: the kernel on arrays in memory, beside the domain's rule person by person."""

from __future__ import annotations

import asyncio
import json
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from app.db import data_subjects, evidence_columns
from app.db.database import open_database
from app.db.migrations import RUBRICS
from app.dev.benchmark.ground import AS_OF, INSTITUTION, import_paths, say, say_load, throw_away, write_people
from app.domain.actors import Actor, Role
from app.domain.evidence import Entry, Kind, Record
from app.domain.nine_box import BOXES
from app.domain.placement import Placement, place
from app.domain.rubric import Rubric
from app.domain.rubric_document import DEFAULT_RUBRIC, parse_rubric
from app.kernels import scoring
from app.kernels.columns import EPOCH, LEVELS, NO_DAY, People, Rows
from app.kernels.next_evidence import deciding
from app.services.placements import BATCH

INVENTED = 2_000  # people who are imported, and repeated to fill a batch
SAMPLE = 1_000  # people whom the domain places
RUNS = 3
AIM = 50_000  # people/s
ELSEWHERE = "Pemerintah Contoh Tetangga"


def measure_nine_box(people: int) -> None:
    """Print people per second of the kernel and of the domain, and the peak memory. Both must come to the same."""
    versions = [parse_rubric(json.loads(path.read_text())) for path in RUBRICS.glob(f"{DEFAULT_RUBRIC}-v*.json")]
    rubric = max(versions, key=lambda one: one.version)
    with throw_away() as ground:
        url = ground.database("nine_box").url
        say(f"importing {INVENTED:,} people")
        known = asyncio.run(_people(url, write_people(ground.directory / "people", INVENTED)))
    sample = _records(known, SAMPLE)
    began = _Clock()
    placed = [place(rubric, record, AS_OF, INSTITUTION) for record in sample]
    alone = began.speed_of(SAMPLE)
    _must_agree(rubric, known, placed)
    before = _peak_megabytes()
    speeds = {what: _speeds(rubric, known, people, work) for what, work in WORK.items()}
    _show(people, speeds, alone, (before, _peak_megabytes()))


def _must_agree(rubric: Rubric, known: People, placed: Sequence[Placement]) -> None:
    [scored] = scoring.score(rubric, known, AS_OF)
    by_kernel = zip(scored.box.tolist(), scored.reachable.tolist(), strict=True)
    for one, (box, reachable) in zip(placed, by_kernel, strict=False):
        if (one.box or 0, one.reachable) != (box, tuple(n for n in BOXES if reachable[n - 1])):
            raise RuntimeError("the kernel and the domain place people in different boxes")


def _score(rubric: Rubric, batch: People) -> None:
    for _ in scoring.score(rubric, batch, AS_OF):
        pass


def _score_and_plan(rubric: Rubric, batch: People) -> None:
    for scored in scoring.score(rubric, batch, AS_OF):
        deciding(rubric, scored)


WORK = {"score, interval, reachable boxes": _score, "… and which evidence decides": _score_and_plan}


async def _people(url: str, paths: list[Path]) -> People:
    institution, _ = await import_paths(url, paths)
    async with (
        open_database(url) as database,
        database.read_as(Actor(institution, Role.OPERATOR, "benchmark")) as tx,
    ):
        ids = await data_subjects.mapped_talents(tx, institution)
        return await evidence_columns.load_people(tx, institution, ids, INSTITUTION)


@dataclass(frozen=True, slots=True, order=True)
class _Speed:
    """People per second, and per second of processor time: on a busy machine only the second one tells."""

    by_wall: float
    by_processor: float


class _Clock:
    """Runs from its making."""

    def __init__(self) -> None:
        self._wall, self._processor = time.perf_counter(), time.process_time()

    def speed_of(self, people: int) -> _Speed:
        """The speed at which so many people were scored until now."""
        return _Speed(
            people / (time.perf_counter() - self._wall), people / max(time.process_time() - self._processor, 1e-9)
        )


def _speeds(rubric: Rubric, known: People, people: int, work: Callable[[Rubric, People], None]) -> list[_Speed]:
    """The speed of each run over all people, in batches of the size that imports use."""
    batch = repeated(known, max(1, min(people, BATCH) // known.size))
    batches = max(1, round(people / batch.size))
    speeds = []
    for _ in track(range(RUNS), "scoring", console=Console(stderr=True), transient=True):
        began = _Clock()
        for _ in range(batches):
            work(rubric, batch)
        speeds.append(began.speed_of(batches * batch.size))
    return speeds


def _peak_megabytes() -> float:
    """The most memory this process has ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def repeated(people: People, times: int) -> People:
    """The same people so many times over, each time as somebody else with rows of their own."""
    return People(
        size=people.size * times,
        rows={kind: _repeated_rows(rows, people.size, times) for kind, rows in people.rows.items()},
        checked={kind: np.tile(flags, times) for kind, flags in people.checked.items()},
        level=np.tile(people.level, times),
    )


def _repeated_rows(rows: Rows, size: int, times: int) -> Rows:
    round_ = np.repeat(np.arange(times), len(rows.id))
    return Rows(
        codes=rows.codes,
        person=np.tile(rows.person, times) + round_ * size,
        id=np.tile(rows.id, times) + round_ * (int(rows.id.max(initial=0)) + 1),
        code=np.tile(rows.code, times),
        begins=np.tile(rows.begins, times),
        ends=np.tile(rows.ends, times),
        year=np.tile(rows.year, times),
        unit=np.tile(rows.unit, times),
        is_home=np.tile(rows.is_home, times),
        value=np.tile(rows.value, times),
        rung=np.tile(rows.rung, times),
        levels=np.tile(rows.levels, (times, 1)),
    )


def _records(people: People, count: int) -> list[Record]:
    """The first people of a batch as the domain knows them."""
    entries: list[dict[Kind, list[Entry]]] = [{} for _ in range(people.size)]
    for kind, rows in people.rows.items():
        for position, person in enumerate(rows.person.tolist()):
            entries[person].setdefault(kind, []).append(_entry(rows, position))
    return [
        Record(
            {kind: tuple(held) for kind, held in entries[person].items()},
            frozenset(kind for kind, flags in people.checked.items() if flags[person]),
            LEVELS[people.level[person]] if people.level[person] >= 0 else None,
        )
        for person in range(count)
    ]


def _entry(rows: Rows, at: int) -> Entry:
    return Entry(
        id=int(rows.id[at]),
        code=rows.codes[rows.code[at]] if rows.code[at] >= 0 else None,
        begins=_day(int(rows.begins[at])),
        ends=_day(int(rows.ends[at])),
        year=int(rows.year[at]) if rows.year[at] >= 0 else None,
        unit=str(rows.unit[at]) if rows.unit[at] >= 0 else None,
        institution=INSTITUTION if rows.is_home[at] else ELSEWHERE,
        levels=tuple(level or None for level in rows.levels[at].tolist()),
    )


def _day(number: int) -> date | None:
    return None if number == NO_DAY else EPOCH + timedelta(days=number)


def _show(people: int, speeds: dict[str, list[_Speed]], alone: _Speed, peaks: tuple[float, float]) -> None:
    table = Table(title=f"Nine-box: {people:,} people in memory, one core")
    table.add_column("")
    for heading in ("people/s", "of the domain's rule", "people/CPU s", "of the domain's rule"):
        table.add_column(heading, justify="right")
    named = {"domain, person by person": alone}
    for what, runs in speeds.items():
        named |= {f"{what}, median": sorted(runs)[len(runs) // 2], f"{what}, best": max(runs)}
    for label, speed in named.items():
        wall, processor = speed.by_wall / alone.by_wall, speed.by_processor / alone.by_processor
        style = "red" if speed is not alone and speed.by_wall < AIM else ""
        numbers = (speed.by_wall, wall, speed.by_processor, processor)
        table.add_row(label, *(f"{number:,.0f}" for number in numbers), style=style)
    Console().print(table)
    print(f"{RUNS} runs · aim {AIM:,} people/s · {say_load()}")
    print(
        f"peak memory {peaks[0]:,.0f} MB before the first run, {peaks[1]:,.0f} MB after the last; batches of {BATCH:,}"
    )
