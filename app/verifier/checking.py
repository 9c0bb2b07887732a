"""A run checked from its published files: fully, by solving it again, or fast, by what a stable outcome must be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.verifier.columns import EMPTY, Ints
from app.verifier.comparing import MOST_TOLD, differences
from app.verifier.following import CEILING_OWN_CELL, ENVIED, WASTED, Following, what_follows
from app.verifier.manifest import NAME, TABLES, Manifest, read_manifest
from app.verifier.order import order_of
from app.verifier.published import Results, read_results, taken_of
from app.verifier.sentences import Finding, Unusable, say
from app.verifier.snapshot import Snapshot, count_inside, lots_of, read_snapshot
from app.verifier.solving import solve
from app.verifier.tables import Table, read_table

Progress = Callable[[str, Mapping[str, object], int, int], None]
"""Told before each step: a code of a sentence and what it is about, and which step of how many."""
STEPS = len(TABLES) + 5


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found; nothing where all that this check can see is true."""

    is_fast: bool
    findings: tuple[Finding, ...]
    source: str
    identity: str
    summary: Mapping[str, int]

    def told(self, language: str) -> list[str]:
        """The whole verdict in sentences, findings first counted, then the first of them."""
        if self.findings:
            return [say("verdict.rejected", language, {}), *(one.said(language) for one in self.findings)]
        codes = ("verdict.fast", "verdict.fast_blind") if self.is_fast else ("verdict.full",)
        summary = say("verdict.summary", language, self.summary)
        blind = say("verdict.blind", language, {"source": self.source})
        return [*(say(code, language, {}) for code in codes), summary, blind, self.identity]


class _Reader:
    """Reads the tables of a run, telling which."""

    def __init__(self, files: Mapping[str, Path], manifest: Manifest, progress: Progress) -> None:
        self._files, self._manifest, self._progress, self._done = files, manifest, progress, 0

    def step(self, name: str, **about: object) -> None:
        self._progress(f"progress.{name}", about, self._done, STEPS)
        self._done += 1

    def read(self, name: str) -> Table:
        self.step("read", file=name)
        stated = self._manifest.files[name]
        return read_table(self._files[name], TABLES[name], stated.rows, stated.sha256)


def files_of(named: list[Path]) -> dict[str, Path]:
    """The ten files of a run: those named, the others beside `run.json`, which is beside them or one of them."""
    found: dict[str, Path] = {}
    for path in [path / NAME if path.is_dir() else path for path in named]:
        if path.name not in (NAME, *TABLES):
            raise Unusable("file.foreign", file=path.name, names=", ".join((NAME, *TABLES)))
        if path.name in found:
            raise Unusable("file.named_twice", file=path.name)
        found[path.name] = path
    folder = found.get(NAME, named[0]).parent
    return {name: folder / name for name in (NAME, *TABLES)} | found


def verify(files: Mapping[str, Path], progress: Progress, *, is_fast: bool) -> Verdict:
    """Check a run. Raises Unusable where the files are not a run at all."""
    manifest = read_manifest(files[NAME])
    reader = _Reader(files, manifest, progress)
    snapshot = read_snapshot(reader.read)
    results = read_results(reader.read, snapshot)
    reader.step("lots")
    lots = lots_of(snapshot.people, manifest.lottery.seed)
    reader.step("order")
    order = order_of(snapshot, lots, is_own_cell_first=manifest.is_own_cell_first)
    found = manifest.untrue()
    if is_fast:
        taken, broken = _stated(snapshot, results)
    else:
        reader.step("solve")
        taken, broken = solve(snapshot, order), []
    summary: dict[str, int] = {}
    if not broken:
        reader.step("follow")
        following = what_follows(snapshot, lots, order, taken)
        broken = _without_ground(snapshot, following)
        summary = _summary(snapshot, following)
    if not broken:
        reader.step("compare")
        for told in differences(snapshot, taken, following, results):
            found += told
    return Verdict(is_fast, (*found, *broken), manifest.lottery.source, manifest.identity, summary)


def _stated(snapshot: Snapshot, results: Results) -> tuple[Ints, list[Finding]]:
    """The wishes that came true by the published outcomes, and who is below home or where it is overfull."""
    people, posts, cells = snapshot.people, snapshot.posts, snapshot.cells
    taken, below = taken_of(results.outcomes, snapshot)
    names = posts.ids.name
    found = [
        Finding(
            "outcome.below_home",
            {"line": row + 2, "participant": people.ids.name(row), "post": names(results.outcomes.post[row])},
        )
        for row in below[:MOST_TOLD].tolist()
    ]
    filled = np.bincount(results.outcomes.post, minlength=len(posts.ids))
    after = count_inside(filled, posts.cell, cells.parent)
    for row in np.flatnonzero(filled > posts.seats)[:MOST_TOLD].tolist():
        about = {"post": names(row), "people": int(filled[row]), "room": int(posts.seats[row])}
        found.append(Finding("outcome.post_overfull", about))
    for row in np.flatnonzero((cells.ceiling != EMPTY) & (after > cells.ceiling))[:MOST_TOLD].tolist():
        about = {"cell": cells.ids.name(row), "people": int(after[row]), "room": int(cells.ceiling[row])}
        found.append(Finding("outcome.cell_overfull", about))
    return taken, found


def _without_ground(snapshot: Snapshot, following: Following) -> list[Finding]:
    """Refusals in favour of who goes after, and of seats that nothing keeps empty."""
    code, wishes = following.answers.code, snapshot.wishes
    rows = np.flatnonzero(code < 0)
    if not len(rows):
        return []
    kinds = {ENVIED: "outcome.envied", WASTED: "outcome.wasted"}
    told = [
        Finding(
            kinds[int(code[row])],
            {
                "line": row + 2,
                "participant": snapshot.people.ids.name(wishes.person[row]),
                "post": snapshot.posts.ids.name(wishes.post[row]),
            },
        )
        for row in rows[:MOST_TOLD].tolist()
    ]
    return [Finding("outcome.unstable", {"rows": len(rows)}), *told]


def _summary(snapshot: Snapshot, following: Following) -> dict[str, int]:
    moves = following.moves
    units = int(np.count_nonzero(moves.step == 1))
    is_post = snapshot.posts.urgency != EMPTY
    at_home = np.bincount(snapshot.people.home, minlength=len(is_post))
    return {
        "participants": len(snapshot.people.ids),
        "wishes": len(snapshot.wishes.post),
        "movers": len(moves.step),
        "chains": moves.chains,
        "cycles": units - moves.chains,
        "empty_before": int((snapshot.posts.seats - at_home)[is_post].sum()),
        "empty_after": int((snapshot.posts.seats - following.filled)[is_post].sum()),
        "own_cell": int(np.count_nonzero(following.answers.code == CEILING_OWN_CELL)),
    }
