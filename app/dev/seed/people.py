"""Invented civil servants with their careers and evidence: the same description gives the same people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from random import Random
from typing import Final

from app.dev.seed import names

Cell = str | date
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """Shares of the people who have, or lack, a piece of evidence."""

    both_assessments: float = 1.0
    one_assessment: float = 0.0
    no_feedback: float = 0.0
    no_last_appraisal: float = 0.0
    no_education: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Workforce:
    """Whom to invent: how many, for which institution, and how much is known about them."""

    institution: str
    region: str
    neighbour: str
    people: int
    seed: str
    completeness: Completeness = Completeness()
    away: float = 0.0  # share on unpaid leave or working for the neighbour


@dataclass(frozen=True, slots=True)
class Seat:
    """A post in a unit."""

    unit: names.Unit
    level: names.Level
    title: str
    echelon: str = ""


@dataclass(slots=True, kw_only=True)
class Person:
    """An invented person; `evidence` holds each sheet's rows without the NIP, in JABATAN the current post first."""

    number: int
    as_of: date
    born: date
    is_female: bool
    is_contract: bool
    started: date
    nip: str
    name: str
    seat: Seat
    seated: date
    grade: str
    study: str
    subject: tuple[str, str, str]
    drive: float  # the latent quality that performance shows
    promise: float  # and the one that potential shows
    whereabouts: str = ""  # "leave" or "neighbour" for those who are away
    evidence: dict[str, tuple[Row, ...]] = field(default_factory=dict)

    def graduated(self, study: str) -> int:
        """The year in which the person finished an education."""
        return min(self.born.year + names.STUDIES[study].age, self.as_of.year - 1)


def invent_people(workforce: Workforce, tree: names.Tree, as_of: date) -> Iterator[Person]:
    """The people one at a time; employee numbers never repeat within the workforce."""
    rng = Random(workforce.seed)
    taken: Counter[date] = Counter()
    for number, seat in enumerate(islice(_seats(rng, tree), workforce.people), 1):
        person = _person(rng, workforce, seat, number, as_of, taken)
        person.evidence = {sheet: tuple(rows(rng, person)) for sheet, rows in _EVIDENCE.items()}
        person.evidence["JABATAN"] = tuple(_career(rng, person, workforce, tree))
        _withhold(rng, person.evidence, workforce.completeness)
        yield person


def _seats(rng: Random, tree: names.Tree) -> Iterator[Seat]:
    """Every leading post once, a few left vacant; then other posts without end."""
    leading = (("jpt_pratama", tree.agencies), ("administrator", tree.divisions), ("pengawas", tree.divisions))
    for code, units in leading:
        yield from (_seat(rng, unit, code) for unit in units if rng.random() >= 0.08)
    while True:
        yield from (_seat(rng, unit, rng.choice(names.LOWER_LEVELS)) for unit in tree.divisions)


def _seat(rng: Random, unit: names.Unit, code: str) -> Seat:
    level, agency, division = names.LEVELS[code], unit.agency, unit.division
    if agency is None:
        raise ValueError("the root unit has no posts")
    if code == "jpt_pratama":
        return Seat(unit, level, *names.HEADS.get(agency.name, (f"KEPALA {agency.name}", "II.b")))
    if code == "administrator":
        is_secretary = division == "SEKRETARIAT"
        title = "SEKRETARIS" if is_secretary else f"KEPALA {division}"
        return Seat(unit, level, f"{title} {agency.name}", "III.a" if is_secretary else "III.b")
    if code == "pengawas":
        title = "KEPALA SUBBAGIAN UMUM" if division == "SEKRETARIAT" else f"KEPALA SEKSI {division}"
        return Seat(unit, level, f"{title} {agency.name}", "IV.a")
    if code == "pelaksana":
        return Seat(unit, level, rng.choice(names.EXECUTORS))
    functions = agency.functions if code.startswith("jf_ahli") else names.SKILLED_FUNCTIONS
    return Seat(unit, level, f"{rng.choice(functions)} {level.suffix}")


def _person(rng: Random, workforce: Workforce, seat: Seat, number: int, as_of: date, taken: Counter[date]) -> Person:
    level, quality = seat.level, rng.random()
    youngest, oldest = level.ages
    born = as_of - timedelta(days=rng.randrange(youngest * 366, oldest * 365))
    is_female = rng.random() < 0.5
    is_contract = level.code in names.CONTRACT_LEVELS and rng.random() < 0.25
    study = rng.choice(level.studies)
    started = _start(rng, born, study, as_of, is_contract=is_contract)
    number_parts = (workforce.institution, born, started, "12"[is_female], "21" if is_contract else f"{started:%m}")
    return Person(
        number=number,
        as_of=as_of,
        born=born,
        is_female=is_female,
        is_contract=is_contract,
        started=started,
        nip=_employee_number(*number_parts, taken),
        name=_name(rng, names.FEMALE_NAMES if is_female else names.MALE_NAMES),
        seat=seat,
        seated=_day(rng, as_of, 2900, started),
        grade=names.STUDIES[study].contract_grade if is_contract else _grade(rng, level, study),
        study=study,
        subject=rng.choice(names.FIELDS),
        drive=0.2 * quality + 0.8 * rng.random(),
        promise=0.2 * quality + 0.8 * rng.random(),
        whereabouts=rng.choice(("leave", "neighbour")) if rng.random() < workforce.away else "",
    )


def _start(rng: Random, born: date, study: str, as_of: date, *, is_contract: bool) -> date:
    """The first day of service, early enough for two full years of appraisals."""
    if is_contract:
        return date(as_of.year - rng.randrange(2, 7), rng.randrange(1, 4), 1)
    year = born.year + names.STUDIES[names.STUDIES[study].entry].age + rng.randrange(1, 5)
    return min(date(year, rng.randrange(1, 13), 1), date(as_of.year - 2, 1, 1))


def _employee_number(institution: str, born: date, started: date, sex: str, month: str, taken: Counter[date]) -> str:
    """Birth date, start, sex and a serial that counts the people born on the same day."""
    if taken[born] >= 999:
        raise ValueError("more people than employee numbers")
    serial = (int(names.identifier(institution)[:8], 16) + taken[born]) % 999 + 1
    taken[born] += 1
    return f"{born.isoformat().replace('-', '')}{started.year}{month}{sex}{serial:03d}"


def _name(rng: Random, given: tuple[str, ...]) -> str:
    first, second, family = rng.choice(given), rng.choice(given), rng.choice(names.FAMILY_NAMES)
    has_second = second != first and rng.random() < 0.3
    return f"{first} {second} {family}".upper() if has_second else f"{first} {family}".upper()


def _grade(rng: Random, level: names.Level, study: str) -> str:
    return rng.choice(level.grades or names.STUDIES[study].grades)


def _day(rng: Random, as_of: date, days: int, earliest: date) -> date:
    """One of the last so many days before the date, none earlier than the earliest."""
    return as_of - timedelta(days=1 + int(rng.random() * min(days, (as_of - earliest).days)))


def _career(rng: Random, person: Person, workforce: Workforce, tree: names.Tree) -> Iterator[Row]:
    """The definitive posts, the current one first, then an acting one."""
    seat, since = person.seat, person.seated
    yield _post(seat, workforce.institution, since, "DEFINITIF")
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        since -= timedelta(days=rng.randrange(400, 2200))
        if since <= person.started:
            break
        seat = _other_seat(rng, tree, seat.level.code if rng.random() < 0.5 else seat.level.before)
        yield _post(seat, workforce.neighbour if rng.random() < 0.08 else workforce.institution, since, "DEFINITIF")
    level = person.seat.level
    offers = [it for it in ((level.same, "SETINGKAT"), (level.higher, "LEBIH TINGGI")) if it[0]]
    if offers and rng.random() < 0.15 + 0.35 * person.promise:
        code, rank = rng.choice(offers)
        form = rng.choice(("PLT", "PLT", "PLH"))
        since = _day(rng, person.as_of, 1500, person.started)
        yield _post(_other_seat(rng, tree, code), workforce.institution, since, f"{form} {rank}", f"{form} ")


def _other_seat(rng: Random, tree: names.Tree, code: str) -> Seat:
    return _seat(rng, rng.choice(tree.agencies if code == "jpt_pratama" else tree.divisions), code)


def _post(seat: Seat, institution: str, since: date, status: str, prefix: str = "") -> Row:
    level = seat.level
    unit_id = names.identifier(institution, seat.unit.name)
    return (names.KINDS[level.kind], prefix + seat.title, level.code, unit_id, institution, since, status)


_ABOVE, _MEETS, _BELOW = "DI ATAS EKSPEKTASI", "SESUAI EKSPEKTASI", "DI BAWAH EKSPEKTASI"
# Work result, behaviour → predicate; PermenPANRB 6/2022.
_PREDICATES: Final = {
    (_ABOVE, _ABOVE): "SANGAT BAIK",
    (_ABOVE, _MEETS): "BAIK",
    (_ABOVE, _BELOW): "KURANG",
    (_MEETS, _ABOVE): "BAIK",
    (_MEETS, _MEETS): "BAIK",
    (_MEETS, _BELOW): "KURANG",
    (_BELOW, _ABOVE): "BUTUH PERBAIKAN",
    (_BELOW, _MEETS): "BUTUH PERBAIKAN",
    (_BELOW, _BELOW): "SANGAT KURANG",
}
_FEEDBACK: Final = (
    (0.55, "SANGAT BAIK"),
    (0.25, "BAIK"),
    (0.12, "BUTUH PERBAIKAN"),
    (0.05, "KURANG"),
    (-1.0, "SANGAT KURANG"),
)
_SCOPES: Final = ("INSTANSI", "LINTAS INSTANSI", "NASIONAL", "INTERNASIONAL")
_TRAINING_KINDS: Final = names.bag("TEKNIS TEKNIS TEKNIS FUNGSIONAL STRUKTURAL SERTIFIKASI")
_SEVERITIES: Final = names.bag("RINGAN RINGAN RINGAN SEDANG SEDANG BERAT")


def _about(rng: Random, quality: float, spread: float) -> float:
    return quality + spread * (rng.random() - 0.5)


def _appraisals(rng: Random, person: Person) -> Iterator[Row]:
    for year in (person.as_of.year - 2, person.as_of.year - 1):
        result, behaviour = (_rating(_about(rng, person.drive, 0.3)) for _ in range(2))
        yield (str(year), result, behaviour, _PREDICATES[result, behaviour])


def _rating(value: float) -> str:
    if value >= 0.58:
        return _ABOVE
    return _MEETS if value >= 0.22 else _BELOW


def _feedback(rng: Random, person: Person) -> Iterator[Row]:
    value = _about(rng, person.drive, 0.3)
    yield (str(person.as_of.year - 1), next(predicate for least, predicate in _FEEDBACK if value >= least))


def _awards(rng: Random, person: Person) -> Iterator[Row]:
    for _ in range(int(person.drive * 1.6 + rng.random() * 0.7)):
        scope = _SCOPES[int(rng.random() ** 1.6 * (1.2 + 2.8 * person.drive))]
        yield (rng.choice(names.AWARDS), scope, _day(rng, person.as_of, 2500, person.started))


def _teams(rng: Random, person: Person) -> Iterator[Row]:
    for _ in range(int(person.drive * 2 + rng.random() * 0.8)):
        role = "KETUA" if rng.random() < person.drive * 0.6 else "ANGGOTA"
        reach = "LINTAS INSTANSI" if rng.random() < person.drive * 0.7 else "INTERNAL"
        begun = _day(rng, person.as_of, 1100, person.started)
        ended = begun + timedelta(days=rng.randrange(60, 400))
        yield (rng.choice(names.TEAMS), role, reach, begun, ended if ended < person.as_of else "")


def _competencies(rng: Random, person: Person) -> Iterator[Row]:
    standard, steps = person.seat.level.standard, []
    for _ in range(9):
        value = _about(rng, person.promise, 0.4)
        steps.append((value >= 0.25) + (value >= 0.42) + (value >= 0.75) - 2)
    levels = (str(min(5, max(1, standard + step))) for step in steps)
    yield (_day(rng, person.as_of, 1000, person.started), "ASSESSMENT CENTER", *levels)


def _aspects(rng: Random, person: Person) -> Iterator[Row]:
    levels = (str(min(5, max(1, round(0.9 + 4.4 * _about(rng, person.promise, 0.36))))) for _ in range(8))
    yield (_day(rng, person.as_of, 1000, person.started), "CACT BKN", *levels)


def _trainings(rng: Random, person: Person) -> Iterator[Row]:
    for _ in range(round(person.promise * 6 + rng.random() * 3)):
        kind, hours = rng.choice(_TRAINING_KINDS), rng.choice(("12", "20", "40", "120"))
        yield (rng.choice(names.TRAININGS[kind]), kind, hours, _day(rng, person.as_of, 1600, person.started))


def _education(rng: Random, person: Person) -> Iterator[Row]:
    entry = names.STUDIES[person.study].entry
    has_earlier = entry != person.study and rng.random() < 0.5
    for study in (entry, person.study) if has_earlier else (person.study,):
        subject, schools = (person.subject[0], names.SCHOOLS) if study != "SLTA" else ("UMUM", names.HIGH_SCHOOLS)
        yield (study, subject, rng.choice(schools), str(person.graduated(study)))


def _sanctions(rng: Random, person: Person) -> Iterator[Row]:
    if rng.random() < 0.08 * (1 - person.drive):
        severity = rng.choice(_SEVERITIES)
        kind, days = rng.choice(names.SANCTIONS[severity])
        begun = _day(rng, person.as_of, 2400, person.started)
        yield (severity, kind, begun, begun + timedelta(days=days))


# The order counts: all draw from the same chance.
_EVIDENCE: Final[Mapping[str, Callable[[Random, Person], Iterator[Row]]]] = {
    "SKP": _appraisals,
    "UMPAN BALIK 360": _feedback,
    "PENGHARGAAN": _awards,
    "TIM KERJA": _teams,
    "ASESMEN KOMPETENSI": _competencies,
    "ASESMEN POTENSI": _aspects,
    "DIKLAT": _trainings,
    "PENDIDIKAN": _education,
    "HUKUMAN DISIPLIN": _sanctions,
}


def _withhold(rng: Random, evidence: dict[str, tuple[Row, ...]], completeness: Completeness) -> None:
    """Take away what the institution does not know about a person."""
    lot = rng.random() - completeness.both_assessments
    known = 2 if lot < 0 else int(lot < completeness.one_assessment)
    assessments = ["ASESMEN KOMPETENSI", "ASESMEN POTENSI"]
    rng.shuffle(assessments)
    for sheet in assessments[known:]:
        evidence[sheet] = ()
    if rng.random() < completeness.no_feedback:
        evidence["UMPAN BALIK 360"] = ()
    if rng.random() < completeness.no_last_appraisal:
        evidence["SKP"] = evidence["SKP"][:1]
    if rng.random() < completeness.no_education:
        evidence["PENDIDIKAN"] = ()
