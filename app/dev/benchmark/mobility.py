"""What a round of national mobility costs: from the columns to the files, on one processor, as the round grows."""

from __future__ import annotations

import hashlib
import os
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from math import log
from multiprocessing import get_context
from pathlib import Path
from statistics import linear_regression
from typing import TypeVar

import numpy as np
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from app.dev.benchmark.ground import say, say_load
from app.dev.benchmark.mobility_market import PARTICIPANTS, invent
from app.dev.benchmark.small_markets import MARKETS, own_cell_shares
from app.domain.mobility_answers import Code
from app.domain.mobility_lottery import Lottery, commitment_to, lots_of, seed_of
from app.domain.mobility_run import DA_EN, Rules, Written, run_paper
from app.kernels import run_files
from app.kernels.mobility import solve
from app.kernels.mobility_answers import CODES, results_of
from app.kernels.mobility_moves import moves_of
from app.kernels.mobility_rounds import Labels, Round, must_be_sound

SIZES = (5_000, 20_000, 100_000, PARTICIPANTS)
"""Participants; each round has its share of the nation's posts and empty seats."""
AIM_SECONDS, AIM_GIB, AIM_EXPONENT = 60.0, 4.0, 1.15
SECRET, VALUE = bytes(range(32)), "invented"
LOTTERY = Lottery(commitment_to(SECRET), "an invented value", SECRET, VALUE, seed_of(SECRET, VALUE))
STAGES = ("read", "lots", "check", "solve", "answer", "moves", "write")
Outcome = TypeVar("Outcome")


@dataclass(slots=True)
class Clock:
    """Seconds of each stage."""

    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    """Of the processor; another process that wants it does not count."""
    began: float = field(default_factory=time.perf_counter)

    @contextmanager
    def of(self, stage: str) -> Iterator[None]:
        """Everything inside belongs to the stage."""
        began = time.process_time()
        yield
        self.seconds[stage] += time.process_time() - began


@dataclass(frozen=True, slots=True)
class Figures:
    """What a round took and came to."""

    participants: int
    wishes: int
    seconds: Mapping[str, float]
    """Of the processor, by stage."""
    elapsed: float
    first: float
    """Seconds of a tiny round before it: the machine code is made, or read where an earlier run has left it."""
    gibibytes: float
    """The most that the process held."""
    written: int
    """Bytes."""
    moved: int
    longest: int
    """Moves of the longest chain or cycle."""
    codes: Mapping[str, int]

    @property
    def total(self) -> float:
        return sum(self.seconds.values())


def measure_mobility(sizes: Sequence[int], folder: Path | None) -> None:
    """Print seconds by stage, memory and growth; the files of the last size stay in a folder where one is named."""
    found = []
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="nusatalenta-bench-", dir="/var/tmp") as made:
            snapshot = Path(made) / "snapshot.npz"
            say(f"inventing a round of {size:,}")
            _alone(_invent, size, snapshot)
            say("running it")
            kept = folder if folder is not None and size == sizes[-1] else Path(made) / "files"
            found.append(_alone(_measure, snapshot, kept, own_cell_first=False))
            if size == sizes[-1]:
                insiders_first = _alone(_measure, snapshot, Path(made) / "others", own_cell_first=True)
    _show(found)
    _show_own_cell(found[-1], insiders_first)


def _alone(work: Callable[..., Outcome], *arguments: object, **named: object) -> Outcome:
    """In a process of its own, so that its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, *arguments, **named).result()


def _invent(participants: int, snapshot: Path) -> None:
    round_, labels = invent(participants)
    columns = {one.name: getattr(whole, one.name) for whole in (round_, labels) for one in fields(whole)}
    np.savez(snapshot, **columns)


def _read(snapshot: Path) -> tuple[Round, Labels]:
    with np.load(snapshot) as columns:
        round_ = Round(**{one.name: columns[one.name] for one in fields(Round)})
        return round_, Labels(**{one.name: columns[one.name] for one in fields(Labels)})


def _measure(snapshot: Path, folder: Path, *, own_cell_first: bool) -> Figures:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    first, clock = Clock(), Clock()
    with first.of("all"), tempfile.TemporaryDirectory(dir=snapshot.parent) as warming:
        run_round(*invent(WARMING), Path(warming), Clock())
    with clock.of("read"):
        round_, labels = _read(snapshot)
    return run_round(replace(round_, own_cell_first=own_cell_first), labels, folder, clock, first.seconds["all"])


def run_round(round_: Round, labels: Labels, folder: Path, clock: Clock, first: float = 0.0) -> Figures:
    """Draw the lots, solve and write the ten files of a round into a folder."""
    with clock.of("lots"):
        lots = lots_of(LOTTERY.seed, labels.participants.astype(str).tolist())
        round_ = replace(round_, lot=np.fromiter(lots.values(), np.uint64, len(lots)))
    with clock.of("check"):
        must_be_sound(round_, labels)
    with clock.of("solve"):
        solved = solve(round_)
    with clock.of("answer"):
        results = results_of(round_, solved)
    with clock.of("moves"):
        moves = moves_of(round_, solved)
    with clock.of("write"):
        snapshot = run_files.snapshot_tables(round_, labels)
        tables = snapshot | run_files.result_tables(round_, labels, solved, results, moves)
        written = _write(folder, tables, Rules("benchmark", DA_EN, "1", round_.own_cell_first))
    return Figures(
        participants=len(round_.home),
        wishes=len(round_.post),
        seconds=clock.seconds,
        elapsed=time.perf_counter() - clock.began,
        first=first,
        gibibytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
        written=written,
        moved=len(moves.participant),
        longest=int(moves.step.max(initial=0)),
        codes={code: int((results.code == place).sum()) for place, code in enumerate(CODES)},
    )


def _write(folder: Path, tables: Mapping[str, run_files.Table], rules: Rules) -> int:
    """How many bytes were written."""
    folder.mkdir(parents=True, exist_ok=True)
    files, size = {}, 0
    for name, table in tables.items():
        digest = hashlib.sha256()
        with (folder / name).open("wb") as file:
            for block in table.blocks():
                digest.update(block)
                size += file.write(block)
        files[name] = Written(digest.digest(), table.rows)
    return size + (folder / "run.json").write_bytes(run_paper(files, rules, LOTTERY))


# ── what is shown


def _show(rounds: Sequence[Figures]) -> None:
    title = "A round of mobility, from columns to files (processor seconds, one processor)"
    table = Table(title=title, box=SIMPLE)
    for heading in ("participants", "wishes", *STAGES, "total", "elapsed", "GiB", "MB written", "moved", "longest"):
        table.add_column(heading, justify="right")
    for one in rounds:
        is_within = one.total <= AIM_SECONDS and one.gibibytes <= AIM_GIB
        table.add_row(
            f"{one.participants:,}",
            f"{one.wishes:,}",
            *(f"{one.seconds[stage]:.2f}" for stage in STAGES),
            f"{one.total:.2f}",
            f"{one.elapsed:.2f}",
            f"{one.gibibytes:.2f}",
            f"{one.written / 10**6:.0f}",
            f"{one.moved:,}",
            f"{one.longest}",
            style="" if is_within else "red",
        )
    Console(width=150).print(table)
    if len(rounds) > 1:
        print(f"time grows as participants to the power of {_exponent(rounds):.3f} (aim ≤ {AIM_EXPONENT})")
    first = f"{rounds[0].first:.1f} s, then {rounds[-1].first:.1f} s"
    print(f"a tiny round beforehand, which makes the machine code or finds it: {first}")
    print(f"aims: {AIM_SECONDS:.0f} s, {AIM_GIB:.0f} GiB · {say_load()}")


def _exponent(rounds: Sequence[Figures]) -> float:
    """The slope of a line through the logarithms of sizes and seconds."""
    return linear_regression([log(one.participants) for one in rounds], [log(one.total) for one in rounds]).slope


def _show_own_cell(without: Figures, insiders_first: Figures) -> None:
    """What `ownCellFirst` changes, in the largest round and in small ones."""
    table = Table(title="A seat stays empty because the person's own seat counts against the ceiling", box=SIMPLE)
    table.add_column("")
    headings = ("refused wishes", "moved", f"of {MARKETS:,} small rounds in", "… where that seat is their home")
    for heading in headings:
        table.add_column(heading, justify="right")
    for name, one, is_set in (("", without, False), ("ownCellFirst", insiders_first, True)):
        any_seat, home = own_cell_shares(own_cell_first=is_set)
        refused = one.codes[Code.CEILING_OWN_CELL]
        table.add_row(name, f"{refused:,}", f"{one.moved:,}", f"{any_seat:.1%}", f"{home:.1%}")
    Console(width=150).print(table)


WARMING = 1_000
"""Participants of the tiny round."""
