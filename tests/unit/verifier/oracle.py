"""Tiny rounds solved by looking at every outcome, and written as files of a run; nothing here is the product's."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

SECRET, VALUE, SOURCE = bytes(range(16)), "0421-1987", "Undian negara, 1 Desember 2026"
SEED = hashlib.sha256(SECRET + VALUE.encode()).digest()
HEADERS = {
    "cells.csv": "cell,parent,level,ceiling",
    "posts.csv": "post,cell,seats,urgency",
    "participants.csv": "participant,home",
    "wishes.csv": "participant,rank,post,points,bar",
    "outcomes.csv": "participant,post,rank",
    "answers.csv": "participant,rank,code,cell,depth,urgency,points,lot",
    "post-results.csv": "post,seats,filled,empty,incumbents,depth,points,lot",
    "cell-results.csv": "cell,ceiling,before,after,depth,urgency,points,lot",
    "moves.csv": "unit,step,participant,from,to",
}
SNAPSHOT = list(HEADERS)[:4]
Row = tuple[object, ...]
Tables = dict[str, list[Row]]


@dataclass(frozen=True)
class Wish:
    post: str
    points: int = 0
    bar: str = ""


@dataclass(frozen=True)
class Market:
    """Cells: parent and ceiling. Posts: cell, seats, urgency (none: a pool). People: home and wishes in their order."""

    posts: dict[str, tuple[str, int, int | None]]
    people: dict[str, tuple[str, tuple[Wish, ...]]]
    cells: dict[str, tuple[str, int | None]] = field(default_factory=dict)
    own_cell_first: bool = False

    def around(self, post: str) -> list[str]:
        """The cells a post lies in, smallest first."""
        found, here = [], self.posts[post][0]
        while here:
            found.append(here)
            here = self.cells[here][0]
        return found

    def key(self, person: str, rank: int | None) -> tuple[object, ...]:
        """Where an application stands in the order; no rank: at home."""
        wishes = self.people[person][1]
        if rank is None:
            return (0, person)
        wish = wishes[rank - 1]
        return (1, -(self.depth(person, rank) or 0), self.posts[wish.post][2], -wish.points, lot(person), person, rank)

    def depth(self, person: str, rank: int) -> int | None:
        """Of the smallest cell that holds both home and post; none where that does not count."""
        home, wishes = self.people[person]
        shared = set(self.around(home)) & set(self.around(wishes[rank - 1].post))
        return len(shared) if self.own_cell_first else None

    def post(self, person: str, rank: int | None) -> str:
        home, wishes = self.people[person]
        return home if rank is None else wishes[rank - 1].post


Outcome = dict[str, "int | None"]
Application = tuple[str, "int | None"]


def lot(person: str, seed: bytes = SEED) -> int:
    return int.from_bytes(hmac.digest(seed, person.encode(), "sha256")[:8], "big")


def chosen(market: Market, applications: list[Application]) -> set[Application]:
    """The best of these, one after the other as long as posts and cells have room."""
    room = {post: seats for post, (_, seats, _) in market.posts.items()}
    room |= {cell: ceiling for cell, (_, ceiling) in market.cells.items() if ceiling is not None}
    kept = set()
    for person, rank in sorted(applications, key=lambda one: market.key(*one)):
        post = market.post(person, rank)
        bounds = [one for one in (post, *market.around(post)) if one in room]
        if all(room[one] > 0 for one in bounds):
            kept.add((person, rank))
            for one in bounds:
                room[one] -= 1
    return kept


def options(market: Market, person: str) -> list[int | None]:
    return [rank for rank, wish in enumerate(market.people[person][1], 1) if not wish.bar] + [None]


def feasible(market: Market) -> Iterator[Outcome]:
    for ranks in itertools.product(*(options(market, person) for person in market.people)):
        outcome = dict(zip(market.people, ranks, strict=True))
        if len(chosen(market, list(outcome.items()))) == len(outcome):
            yield outcome


def is_stable(market: Market, outcome: Outcome) -> bool:
    return not any(
        (person, rank) in chosen(market, [*outcome.items(), (person, rank)])
        for person, got in outcome.items()
        for rank in options(market, person)
        if rank is not None and (got is None or rank < got)
    )


def stable(market: Market) -> list[Outcome]:
    return [outcome for outcome in feasible(market) if is_stable(market, outcome)]


def best(market: Market) -> Outcome:
    """The stable outcome that nobody would change for another stable one."""
    every = stable(market)
    return next(one for one in every if all(better(one[who], two[who]) for two in every for who in one))


def better(one: int | None, two: int | None) -> bool:
    return (one or 10**9) <= (two or 10**9)


def snapshot_of(market: Market) -> Tables:
    return {
        "cells.csv": [(cell, parent, "level", ceiling) for cell, (parent, ceiling) in sorted(market.cells.items())],
        "posts.csv": [(post, *rest) for post, rest in sorted(market.posts.items())],
        "participants.csv": [(person, home) for person, (home, _) in sorted(market.people.items())],
        "wishes.csv": [
            (person, rank, wish.post, wish.points, wish.bar)
            for person, (_, wishes) in sorted(market.people.items())
            for rank, wish in enumerate(wishes, 1)
        ],
    }


class Ended:
    """A market and where an outcome leaves everybody."""

    def __init__(self, market: Market, outcome: Outcome) -> None:
        self.market, self.outcome, self.people = market, outcome, sorted(market.people)
        self.ends = {person: market.post(person, rank) for person, rank in outcome.items()}
        self.posts = {post: [one for one in self.people if self.ends[one] == post] for post in sorted(market.posts)}
        self.cells = {
            cell: [one for one in self.people if cell in market.around(self.ends[one])] for cell in sorted(market.cells)
        }

    def last(self, inside: list[str]) -> Row:
        """Depth, urgency, points and lot of the last of these who is not at home."""
        came = [(self.market.key(one, self.outcome[one]), one) for one in inside if self.outcome[one] is not None]
        if not came:
            return (None, None, None, None)
        one = max(came)[1]
        wish = self.market.people[one][1][self.outcome[one] - 1]
        return (self.market.depth(one, self.outcome[one]), self.market.posts[wish.post][2], wish.points, lot(one))

    def is_full(self, cell: str) -> bool:
        return len(self.cells[cell]) == self.market.cells[cell][1]

    def answer(self, person: str, rank: int, wish: Wish) -> Row:
        """The code of a wish, and what is shown with it."""
        got, inside = self.outcome[person], self.posts[wish.post]
        nothing = ("", None, None, None, None)
        if wish.bar:
            return (wish.bar, *nothing)
        if got == rank:
            return ("RECEIVED", *nothing)
        if got is not None and rank > got:
            return ("NOT_NEEDED", *nothing)
        if len(inside) < self.market.posts[wish.post][1]:
            return self.ceiling(person, rank, wish)
        if all(self.outcome[one] is None for one in inside):
            return ("INCUMBENT_STAYED", *nothing)
        return ("BELOW_CUTOFF", "", *self.last(inside))

    def ceiling(self, person: str, rank: int, wish: Wish) -> Row:
        mine = self.market.key(person, rank)
        way = [
            cell
            for cell in self.market.around(wish.post)
            if self.is_full(cell) and all(self.market.key(one, self.outcome[one]) < mine for one in self.cells[cell])
        ]
        others = [cell for cell in way if person not in self.cells[cell]]
        cell = (others or way or [""])[0]  # "": nothing is in the way, and a forger has to write something
        return ("CEILING" if others else "CEILING_OWN_CELL", cell, *self.last(self.cells.get(cell, [])))


def results_of(market: Market, outcome: Outcome) -> Tables:
    """What a run publishes of an outcome, as the format describes it."""
    ended = Ended(market, outcome)
    return {
        "outcomes.csv": [(person, ended.ends[person], outcome[person]) for person in ended.people],
        "answers.csv": [
            (person, rank, *ended.answer(person, rank, wish))
            for person in ended.people
            for rank, wish in enumerate(market.people[person][1], 1)
        ],
        "post-results.csv": [
            (
                *(post, market.posts[post][1], len(inside), market.posts[post][1] - len(inside)),
                sum(outcome[one] is None for one in inside),
                *(value for column, value in enumerate(ended.last(inside)) if column != 1),
            )
            for post, inside in ended.posts.items()
        ],
        "cell-results.csv": [
            (
                *(cell, market.cells[cell][1]),
                sum(cell in market.around(home) for home, _ in market.people.values()),
                len(inside),
                *(ended.last(inside) if ended.is_full(cell) else (None, None, None, None)),
            )
            for cell, inside in ended.cells.items()
        ],
        "moves.csv": moves_of(market, ended.ends),
    }


def moves_of(market: Market, ends: dict[str, str]) -> list[Row]:
    homes = {person: home for person, (home, _) in market.people.items()}
    movers = sorted(person for person in homes if homes[person] != ends[person])
    next_one: dict[str, str] = {}
    heads = []
    for post, (_, seats, _) in market.posts.items():
        empty = seats - sum(home == post for home in homes.values())
        coming = [one for one in movers if ends[one] == post]
        heads += coming[:empty]
        next_one |= dict(zip([one for one in movers if homes[one] == post], coming[empty:], strict=False))
    rows: list[Row] = []
    units = 0
    for first in [*sorted(heads), *movers]:
        who, step = first, 0
        if any(row[2] == first for row in rows):
            continue
        units += 1
        while who and not any(row[2] == who for row in rows):
            step += 1
            rows.append((units, step, who, homes[who], ends[who]))
            who = next_one.get(who, "")
    return rows


def written(name: str, rows: list[Row]) -> bytes:
    lines = [HEADERS[name], *(",".join("" if value is None else str(value) for value in row) for row in rows)]
    return "".join(f"{line}\n" for line in lines).encode()


def digest(*lines: str) -> str:
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def run_json(files: dict[str, bytes], *, own_cell_first: bool = False, **changed: object) -> dict[str, object]:
    """What `run.json` says of these tables; `changed` are values of the lottery that are said instead."""
    shas = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    lottery = {
        "commitment": hashlib.sha256(SECRET).hexdigest(),
        "secret": SECRET.hex(),
        "source": SOURCE,
        "value": VALUE,
        "seed": SEED.hex(),
    } | changed
    lines = [f"{name} {shas[name]}" for name in HEADERS]
    flag = str(own_cell_first).lower()
    snapshot = digest(*lines[:4], "daEn", flag, str(lottery["commitment"]), str(lottery["source"]))
    return {
        "format": 1,
        "campaign": "round-1",
        "profile": "daEn",
        "rulesVersion": "2026.1",
        "solverVersion": "1",
        "ownCellFirst": own_cell_first,
        "lottery": lottery,
        "snapshotDigest": snapshot,
        "identity": digest(snapshot, "2026.1", "1", str(lottery["seed"])),
        "resultDigest": digest(*lines[4:]),
        "files": {name: {"sha256": shas[name], "rows": files[name].count(b"\n") - 1} for name in HEADERS},
    }


def write(folder: Path, files: dict[str, bytes], manifest: dict[str, object]) -> Path:
    """Put `run.json` and these tables into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    text = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    (folder / "run.json").write_text(f"{text}\n", encoding="utf-8")
    return folder / "run.json"


def publish(folder: Path, market: Market, tables: Tables) -> Path:
    """Write a run with digests that fit whatever the tables say."""
    files = {name: written(name, tables[name]) for name in HEADERS}
    return write(folder, files, run_json(files, own_cell_first=market.own_cell_first))


def a_market(seed: int, most_people: int = 4) -> Market:
    """Few posts, many wishes, ceilings that bind; often with a pool."""
    chance = random.Random(seed)  # noqa: S311 - a market that can be had again
    cells = {f"c{number}": chance.choice(["", *(f"c{other}" for other in range(number))]) for number in range(3)}
    posts = {f"p{number}": chance.choice(["", *cells, *cells]) for number in range(chance.randint(2, 5))}
    homes = {f"i{number}": chance.choice([*posts, "pool"]) for number in range(chance.randint(2, most_people))}
    held = [*homes.values()]
    people = {}
    for person, home in homes.items():
        wished = chance.sample([post for post in posts if post != home], chance.randint(0, len(posts) - 1))
        bars = chance.choices(["", "NOT_RELEASED", "NOT_ELIGIBLE:grade"], (8, 1, 1), k=len(wished))
        people[person] = (
            home,
            tuple(Wish(post, chance.randint(-1, 2), bar) for post, bar in zip(wished, bars, strict=True)),
        )
    seats = {post: held.count(post) + chance.choice([0, 1, 1]) for post in posts}
    market = Market(
        posts={post: (cell, seats[post], chance.randint(1, 2)) for post, cell in posts.items()}
        | ({"pool": ("", held.count("pool"), None)} if "pool" in held else {}),
        people=people,
        cells={cell: (parent, None) for cell, parent in cells.items()},
        own_cell_first=chance.random() < 0.3,
    )
    stock = {cell: sum(cell in market.around(home) for home in held) for cell in cells}
    ceilings = {cell: chance.choice([None, stock[cell], stock[cell], stock[cell] + 1]) for cell in cells}
    return replace(market, cells={cell: (parent, ceilings[cell]) for cell, parent in cells.items()})
