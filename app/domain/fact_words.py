"""Facts in words: how sentences name levels, predicates, diplomas, grades and other values, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.domain.candidates import EDUCATION_RANKS, GRADE_NAMES, LEADERSHIP_RANKS, PREDICATE_RANKS
from app.domain.government_affairs import AFFAIRS
from app.domain.messages import SENTENCES, Sentence, sentence
from app.domain.requirements import Field, Requirement
from app.domain.rubric import MILLION


def label(kind: str, code: str) -> Sentence:
    """The name of something that has a code, by its label; the code itself where it has none."""
    name = f"label.{kind}.{code}"
    return sentence(name) if name in SENTENCES else _same(code)


def level_in_words(level: str) -> Sentence:
    """The name of a position level."""
    return label("level", level)


def predicate_in_words(rank: int) -> Sentence:
    """The predicate of a performance appraisal of this rank."""
    return label("predicate", next(name for name, other in PREDICATE_RANKS.items() if other == rank))


def education_in_words(rank: int) -> Sentence:
    """The diplomas of a rank: S1 and diploma IV are equal."""
    return _same(" / ".join(code.upper() for code, other in EDUCATION_RANKS.items() if other == rank))


def grade_in_words(grade: int) -> Sentence:
    """A golongan of civil servants: 31 is III/a."""
    return _same(GRADE_NAMES[grade])


def leadership_in_words(rank: int) -> Sentence:
    """The leadership training of a rank; 0 is none."""
    names = {other: one.value.upper().replace("_", " ") for one, other in LEADERSHIP_RANKS.items()}
    return _same(names[rank]) if rank in names else label("leadership", "none")


def items_in_words(items: Iterable[str]) -> Sentence:
    """Items of evidence in a row."""
    return listed(label("item", item) for item in items)


def affairs_in_words(codes: Iterable[str]) -> Sentence:
    """Government affairs in a row."""
    known = (AFFAIRS.get(code) for code in codes)
    return listed(Sentence(id=one.label_id, en=one.label_en) for one in known if one is not None)


def points_in_words(millionths: int) -> Sentence:
    """Points with two decimals: 71,25 in Indonesian."""
    told = f"{millionths / MILLION:.2f}"
    return Sentence(id=told.replace(".", ","), en=told)


def listed(words: Iterable[Sentence]) -> Sentence:
    """Several words in a row."""
    told = list(words)
    return Sentence(id=", ".join(one["id"] for one in told), en=", ".join(one["en"] for one in told))


def threshold_in_words(requirement: Requirement, value: int | str) -> Sentence:
    """A threshold of a requirement with its unit."""
    match requirement.field, value:
        case Field.GRADE, int():
            return grade_in_words(value)
        case Field.EDUCATION, str():
            return _same(value.upper())
        case Field.LEADERSHIP_TRAINING, str():
            return _same(value.upper().replace("_", " "))
        case Field.APPRAISALS, str():
            return label("predicate", value)
    unit = UNITS.get(requirement.field)
    return _same(str(value)) if unit is None else sentence(unit, number=value)


UNITS: Mapping[Field, str] = {
    **dict.fromkeys(
        (Field.TIME_AT_LEVELS, Field.TIME_IN_POST, Field.RELATED_EXPERIENCE, Field.SERVICE, Field.SANCTION_FREE),
        "unit.months",
    ),
    Field.AGE: "unit.years",
    Field.COMPETENCE: "unit.percent",
}


def _same(words: str) -> Sentence:
    return Sentence(id=words, en=words)
