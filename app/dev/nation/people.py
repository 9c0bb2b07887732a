"""The people of an invented institution as arrays: the same government of the same population has the same people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.dev.nation.governments import Government
from app.dev.seed.folders import DEMO_AS_OF
from app.dev.seed.names import FAMILY_NAMES, FEMALE_NAMES
from app.domain.careers import PositionLevel
from app.domain.government_affairs import CATALOGUE
from app.domain.nine_box import BOX_OF
from app.domain.rubric import MILLION

Array = NDArray[Any]
Columns = dict[str, Array]
EPOCH: Final = np.datetime64("2000-01-01")  # PostgreSQL's
AS_OF: Final = (DEMO_AS_OF - date(2000, 1, 1)).days
YEAR: Final = 365.25
LEVELS: Final = tuple(PositionLevel)
FIRST_FUNCTIONAL, EXECUTOR = LEVELS.index(PositionLevel.JF_AHLI_UTAMA), LEVELS.index(PositionLevel.PELAKSANA)
LIGHT: Final = 1
"""Of the severities 1–3: a sanction without a term."""
UNKNOWN: Final = -1
NO_DAY: Final = -(2**31)
"""PostgreSQL's -infinity; what is written is null."""


@dataclass(frozen=True, slots=True)
class Level:
    """What is usual at a level. Shares are of everybody; grades are SIASN's ids."""

    share: float
    ages: tuple[int, int]
    grades: tuple[int, int]
    studies: tuple[float, ...]
    """Weights of slta, d3, s1, s2, s3."""
    before: str
    standard: int
    contracts: float = 0.0
    assessed: float = 0.2
    demoted_from: str | None = None
    """The structural level that some of them were moved from in 2021."""


# 6 % structural, 63 % functional, 31 % executors, as on 1 November 2025
USUAL: Final = {
    "jpt_utama": Level(0.00001, (50, 59), (44, 45), (0, 0, 1, 4, 5), "jpt_madya", 5, assessed=0.9),
    "jpt_madya": Level(0.0001, (48, 59), (43, 45), (0, 0, 1, 5, 4), "jpt_pratama", 5, assessed=0.9),
    "jpt_pratama": Level(0.0034, (44, 59), (42, 43), (0, 0, 2, 7, 1), "administrator", 4, assessed=0.85),
    "administrator": Level(0.0155, (40, 57), (34, 42), (0, 0, 5, 5, 0), "pengawas", 3, assessed=0.8),
    "pengawas": Level(0.03799, (34, 57), (32, 34), (0, 1, 7, 2, 0), "pelaksana", 2, assessed=0.75),
    "jf_ahli_utama": Level(0.004, (50, 64), (44, 45), (0, 0, 1, 4, 5), "jf_ahli_madya", 5),
    "jf_ahli_madya": Level(
        0.075, (43, 59), (41, 43), (0, 0, 6, 4, 0), "jf_ahli_muda", 4, demoted_from="administrator"
    ),
    "jf_ahli_muda": Level(0.125, (35, 57), (33, 34), (0, 0, 8, 2, 0), "jf_ahli_pertama", 3, demoted_from="pengawas"),
    "jf_ahli_pertama": Level(0.300, (25, 52), (31, 32), (0, 0, 9, 1, 0), "pelaksana", 2, contracts=0.55),
    "jf_penyelia": Level(0.025, (42, 57), (33, 34), (0, 7, 3, 0, 0), "jf_mahir", 3),
    "jf_mahir": Level(0.028, (35, 54), (31, 32), (0, 8, 2, 0, 0), "jf_terampil", 2),
    "jf_terampil": Level(0.063, (24, 45), (22, 24), (1, 8, 1, 0, 0), "pelaksana", 1, contracts=0.4),
    "jf_pemula": Level(0.010, (20, 35), (21, 21), (8, 2, 0, 0, 0), "pelaksana", 1),
    "pelaksana": Level(0.31, (21, 57), (21, 33), (5, 2, 3, 0, 0), "pelaksana", 1, contracts=0.6, assessed=0.1),
}  # fmt: skip
STUDIES: Final = ("slta", "d3", "s1", "s2", "s3")
_RANKS, _GRADUATED = (1, 2, 3, 4, 5), (18, 21, 22, 30, 38)
NAMES: Final = len(FEMALE_NAMES) * len(FAMILY_NAMES)
# Schools and hospitals employ most functional posts; everybody else is spread evenly.
_CROWDED: Final = {"education": 40.0, "health": 20.0}
_EVENLY: Final = np.full(len(CATALOGUE), 1 / len(CATALOGUE))
_FUNCTIONAL: Final = np.array([_CROWDED.get(affair.code, 1.0) for affair in CATALOGUE])
LEAVES: Final = 7
"""Of the rubric that everybody is placed by."""
CUTS: Final = (60 * MILLION, 80 * MILLION)


@dataclass(slots=True)
class Numbers:
    """Serials of employee numbers: how many people already have the same birth date, start and sex."""

    taken: Array = field(default_factory=lambda: np.zeros(20_000 * 32 * 13 * 2, np.uint16))

    def serials(self, keys: Array) -> Array:
        """The next serial of each key, which may occur several times."""
        order = np.argsort(keys, kind="stable")
        ranked = keys[order]
        first = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
        within = np.arange(len(keys)) - np.repeat(first, np.diff(np.r_[first, len(keys)]))
        serials = np.empty(len(keys), np.int64)
        serials[order] = self.taken[ranked] + within + 1
        np.add.at(self.taken, keys, 1)
        if serials.max(initial=0) > 999:
            raise ValueError("more people than employee numbers")
        return serials


def invent(government: Government, population: int, numbers: Numbers) -> Columns:
    """The people of one institution, a value each per column; unknown ones are UNKNOWN or NO_DAY."""
    rng = np.random.default_rng([population, government.number])
    size = government.people
    people: Columns = {"institution": np.full(size, government.number)}
    for name in ("talent_id", "person_id", "candidate_id", "card_id", "consent_id"):
        people[name] = _uuids(rng, size)
    people["level"] = _chosen(rng, size, [usual.share for usual in USUAL.values()])
    _person(rng, people, numbers)
    _career(rng, people)
    _work(rng, people)
    _evidence(rng, people)
    _placement(rng, people)
    return people


def _uuids(rng: np.random.Generator, size: int) -> Array:
    """Random ids (version 4), sixteen bytes each."""
    drawn = np.frombuffer(rng.bytes(16 * size), np.uint8).reshape(size, 16).copy()
    drawn[:, 6] = drawn[:, 6] & 0x0F | 0x40
    drawn[:, 8] = drawn[:, 8] & 0x3F | 0x80
    return drawn


def _chosen(rng: np.random.Generator, size: int, weights: Sequence[float] | Array) -> Array:
    ends = np.cumsum(np.asarray(weights, float))
    chosen: Array = np.searchsorted(ends, rng.random(size) * ends[-1], side="right").astype(np.int64)
    return chosen


def _of_level(people: Columns, name: str) -> Array:
    return np.array([getattr(usual, name) for usual in USUAL.values()])[people["level"]]


def _between(rng: np.random.Generator, lowest: Array, highest: Array) -> Array:
    """Whole numbers, each from its lowest to its highest."""
    above: Array = (rng.random(len(lowest)) * (np.maximum(highest, lowest) - lowest + 1)).astype(np.int64)
    return lowest + above


def _unless(known: Array, values: Array, otherwise: int = UNKNOWN) -> Array:
    return np.where(known, values, otherwise)


def _person(rng: np.random.Generator, people: Columns, numbers: Numbers) -> None:
    size, ages = len(people["level"]), _of_level(people, "ages")
    born = AS_OF - _between(rng, (ages[:, 0] * YEAR).astype(np.int64), (ages[:, 1] * YEAR).astype(np.int64))
    study = np.empty(size, np.int64)
    for number, usual in enumerate(USUAL.values()):
        here = people["level"] == number
        study[here] = _chosen(rng, int(here.sum()), usual.studies)
    is_contract = rng.random(size) < _of_level(people, "contracts")
    sex, name = rng.integers(1, 3, size), rng.integers(0, NAMES, size)
    days = born.astype("timedelta64[D]") + EPOCH
    birth_year = days.astype("datetime64[Y]").astype(np.int64) + 1970
    earliest = np.where(study <= 1, np.array(_GRADUATED)[study], 22)
    entry = np.minimum(earliest + rng.integers(1, 8, size), DEMO_AS_OF.year - 3 - birth_year)
    month = rng.integers(1, 13, size)
    recent = DEMO_AS_OF.year - rng.integers(1, 7, size) - birth_year
    entry = np.where(is_contract, np.maximum(recent, earliest - 1), np.maximum(entry, 17))
    year = birth_year + entry
    month = np.where(is_contract, np.minimum(month, 3), month)
    started = ((year - 1970) * 12 + month - 1).astype("datetime64[M]").astype("datetime64[D]")
    oldest = (date(1955, 1, 1) - date(2000, 1, 1)).days
    form = np.where(is_contract, 12, month - 1)
    serial = numbers.serials((((born - oldest) * 32 + (entry - 14) % 32) * 13 + form) * 2 + sex - 1)
    written = np.datetime_as_string(days, "D")
    birth = np.char.replace(written, "-", "").astype(np.int64)
    marker = np.where(is_contract, 21, month)
    grades = _of_level(people, "grades")
    people |= {
        "nip": (((birth * 10_000 + year) * 100 + marker) * 10 + sex) * 1000 + serial,
        "born_on": born,
        "started_on": (started - EPOCH).astype(np.int64),
        "sex": sex,
        "name": name,
        "is_contract": is_contract.astype(np.int64),
        "study": study,
        "education_rank": np.array(_RANKS)[study],
        "graduated_in": np.minimum(birth_year + np.array(_GRADUATED)[study], DEMO_AS_OF.year - 1),
        "grade": _real_grade(_between(rng, grades[:, 0], grades[:, 1])),
    }


def _real_grade(grade: Array) -> Array:
    """Grades have four steps (a to d), the fourth five."""
    letter, group = grade % 10, grade // 10
    return np.where((letter == 0) | ((letter > 4) & (group < 4)), group * 10 + 4, grade)


def _career(rng: np.random.Generator, people: Columns) -> None:
    """When the present level and post began, and what was before."""
    size, level, started = len(people["level"]), people["level"], people["started_on"]
    earliest = np.maximum(started, AS_OF - int(12 * YEAR))
    level_since = earliest + (rng.random(size) * (AS_OF - earliest)).astype(np.int64)
    is_first = (_of_level(people, "before") == np.array(LEVELS)[level]) | (people["is_contract"] == 1)
    level_since = np.where(is_first, started, level_since)
    post_since = level_since + (rng.random(size) ** 2 * (AS_OF - level_since)).astype(np.int64)
    history_from = np.where(rng.random(size) < 0.85, started, np.minimum(level_since, started + 700))
    was = {name: number for number, name in enumerate(LEVELS)}
    before = np.array([was[PositionLevel(usual.before)] for usual in USUAL.values()])
    moved = np.array(
        [UNKNOWN if one.demoted_from is None else was[PositionLevel(one.demoted_from)] for one in USUAL.values()]
    )
    was_moved = (moved[level] != UNKNOWN) & (rng.random(size) < 0.15)
    last = np.where(was_moved, moved[level], before[level])
    earlier = before[last]
    days = np.maximum(level_since - history_from, 0)
    of_last = (days * (0.3 + 0.7 * rng.random(size))).astype(np.int64)
    people |= {
        "level_since": level_since,
        "post_since": post_since,
        "history_from": history_from,
        "last_level": last + 1,
        "last_days": of_last,
        "earlier_level": earlier + 1,
        "earlier_days": np.where(earlier == last, 0, days - of_last),
        "knows_history": (rng.random(size) < 0.95).astype(np.int64),
    }


def _work(rng: np.random.Generator, people: Columns) -> None:
    """Government affairs and job families, now and before."""
    size, level = len(people["level"]), people["level"]
    is_functional = (level >= FIRST_FUNCTIONAL) & (level < EXECUTOR)
    crowded, evenly = (_chosen(rng, size, weights) for weights in (_FUNCTIONAL, _EVENLY))
    affair, other = np.where(is_functional, crowded, evenly), _chosen(rng, size, _EVENLY)
    stayed = rng.random(size) < 0.5
    since = np.where(stayed, people["history_from"], people["level_since"])
    days = np.maximum(since - people["history_from"], 0)
    unplaced = np.where(rng.random(size) < 0.85, 0, days // 3)
    known = rng.random(size) < 0.9
    people |= {
        "affair": _unless(known, affair),
        "affair_since": _unless(known, since, NO_DAY),
        "past_affair": _unless(known & (days > 0) & (other != affair), other),
        "past_affair_days": days - unplaced,
        "unplaced_days": _unless(known, unplaced),
        "job_family": _unless(is_functional, crowded),
    }


def _evidence(rng: np.random.Generator, people: Columns) -> None:
    size = len(people["level"])
    start_year = (people["started_on"].astype("timedelta64[D]") + EPOCH).astype("datetime64[Y]").astype(np.int64) + 1970
    for back in range(5):
        rank = np.array([2, 3, 4, 5])[_chosen(rng, size, (1, 3, 74, 22))]
        known = (rng.random(size) < (0.97 if back < 2 else 0.8)) & (start_year < DEMO_AS_OF.year - back)
        people[f"appraisal_{back}"] = _unless(known, rank)
    assessed = rng.random(size) < _of_level(people, "assessed")
    standard = _of_level(people, "standard")
    for number in range(9):
        level = np.clip(standard + np.array([-1, 0, 1])[_chosen(rng, size, (22, 55, 23))], 1, 5)
        people[f"competency_{number}"] = _unless(assessed, level)
    people["assessed_on"] = _unless(assessed, AS_OF - rng.integers(1, int(4 * YEAR), size), NO_DAY)
    people["are_sanctions_known"] = (rng.random(size) < 0.9).astype(np.int64)
    is_sanctioned = rng.random(size) < 0.02
    begun = AS_OF - rng.integers(1, int(6 * YEAR), size)
    people["severity"] = _unless(is_sanctioned, _chosen(rng, size, (6, 3, 1)) + 1)
    people["sanctioned_on"] = _unless(is_sanctioned, begun, NO_DAY)
    people["sanctioned_until"] = _unless(people["severity"] > LIGHT, begun + rng.integers(1, 366, size), NO_DAY)
    is_leader = people["level"] < FIRST_FUNCTIONAL
    trained = np.clip(4 - people["level"] + 1, 1, 4)
    rank = np.where(rng.random(size) < 0.75, trained, np.maximum(trained - 1, 0))
    people["leadership"] = _unless(rng.random(size) < np.where(is_leader, 0.9, 0.3), np.where(is_leader, rank, 0))
    hours = np.array([0, 12, 20, 40, 60, 100, 140, 220])[_chosen(rng, size, (3, 3, 4, 4, 3, 2, 1, 1))]
    people["training_hours"] = _unless(rng.random(size) < 0.7, hours)
    people["is_listed"] = (rng.random(size) < 0.02).astype(np.int64)


def _placement(rng: np.random.Generator, people: Columns) -> None:
    """Points of the rubric's leaves in millionths, both axes and the box; without an assessment there is none."""
    size, assessed = len(people["level"]), people["assessed_on"] != NO_DAY
    quality = rng.normal(0, 1, size)
    performance = np.clip((73 + 4 * quality + 8 * rng.normal(0, 1, size)) * MILLION, 20 * MILLION, 100 * MILLION)
    shares = np.clip(0.70 + 0.04 * quality + 0.10 * rng.normal(0, 1, size), 0.1, 1)
    points = [
        (shares * 65 * 1000).astype(np.int64) * 1000,
        np.array([2, 3, 4, 5, 5])[people["study"]] * MILLION,
        np.array([2, 5])[rng.integers(0, 2, size)] * MILLION,
        np.array([1, 3, 5])[rng.integers(0, 3, size)] * MILLION,
        np.array([1, 3, 5])[rng.integers(0, 3, size)] * MILLION,
        np.where(people["severity"] == UNKNOWN, 15, 5) * MILLION,
    ]
    people["points_0"] = performance.astype(np.int64) // 1000 * 1000
    for number, leaf in enumerate(points, 1):
        people[f"points_{number}"] = leaf
    known = np.sum(points[1:], axis=0)
    potential = known + points[0]
    category, now = (np.searchsorted(CUTS, values, side="right") for values in (people["points_0"], potential))
    lowest, highest = (
        np.searchsorted(CUTS, values, side="right")
        for values in (known, np.minimum(known + 65 * MILLION, 100 * MILLION))
    )
    lowest, highest = np.where(assessed, now, lowest), np.where(assessed, now, highest)
    people |= {
        "performance_category": category,
        "potential": _unless(assessed, potential),
        "known": known,
        "box": _unless(assessed, np.array(BOX_OF)[category, now]),
        "reach": (category * 3 + lowest) * 3 + highest,
    }
