"""Requirements as data: a field, a comparison, a threshold and a legal basis; met, not met, or to be verified."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import TypeVar

from app.domain.candidates import (
    EDUCATION_RANKS,
    GRADES,
    PREDICATE_RANKS,
    SEVERITIES,
    YEARS_OF_APPRAISALS,
    Employment,
    LeadershipTraining,
)
from app.domain.careers import PositionLevel
from app.domain.errors import Fault, Invalid
from app.domain.rubric_faults import LONGEST_LABEL, MOST_FAULTS, Part, shown


class Outcome(StrEnum):
    """What a requirement finds about somebody. In SQL: true, false, null."""

    MET = "met"
    NOT_MET = "notMet"
    NEEDS_VERIFICATION = "needsVerification"


class Field(StrEnum):
    """What a requirement may look at, and nothing else: sex, religion, marital status and ethnicity are none of it."""

    EMPLOYMENT = "employment"
    LEVEL = "level"
    """Of the present post."""
    EDUCATION = "education"
    GRADE = "grade"
    TIME_AT_LEVELS = "timeAtLevels"
    """Months in posts of the levels `of`, together."""
    TIME_IN_POST = "timeInPost"
    """Months in the present post."""
    RELATED_EXPERIENCE = "relatedExperience"
    """Months in the government affair of the vacant post, together."""
    SERVICE = "service"
    """Months in service."""
    AGE = "age"
    """Completed years on the day of inauguration."""
    APPRAISALS = "appraisals"
    """The lowest predicate of the last `years` calendar years that were over on the day of the map.

    A year that ended after that day nobody could have been appraised for, whenever the inauguration is.
    """
    COMPETENCE = "competence"
    """Job-person match in percent against the standard of the vacant post, each competency capped at its standard."""
    SANCTION_FREE = "sanctionFree"
    """Serves no sanction on the day. With a threshold it asks something else: no sanction of the severities `of` began
    in so many months before."""
    LEADERSHIP_TRAINING = "leadershipTraining"
    BOX = "box"
    TALENT_VALUE = "talentValue"
    """Points, 0–100."""
    COMPLETENESS = "completeness"
    """Whether the evidence is complete."""
    VERIFIED = "verified"
    """Nothing is on record; only somebody who has seen a document can say (health, integrity, wealth report …)."""


class Comparison(StrEnum):
    """How a fact is compared with the threshold."""

    AT_LEAST = "atLeast"
    AT_MOST = "atMost"
    ONE_OF = "oneOf"
    IS_TRUE = "isTrue"


Threshold = int | str | tuple[str, ...] | tuple[int, ...] | None
Json = Mapping[str, object]
Value = TypeVar("Value", str, int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One requirement of a rule set. `code` is its own within the set."""

    code: str
    field: Field
    comparison: Comparison
    threshold: Threshold = None
    of: tuple[str, ...] = ()
    """The levels of `timeAtLevels`, the severities of `sanctionFree`."""
    years: int | None = None
    """Of `appraisals`: how many calendar years. Of `competence`: after how many years an assessment is out of date."""
    label_id: str
    label_en: str
    legal_basis: str
    is_actionable: bool = False
    """Whether the person can do something about it within a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a requirement on a field is written: the comparisons, and which words or numbers may be its threshold."""

    comparisons: tuple[Comparison, ...]
    words: tuple[str, ...] = ()
    numbers: Sequence[int] = ()
    of: tuple[str, ...] = ()
    years: range | None = None
    is_free: bool = False
    """Whether threshold (with `of`) or `years` may be left out."""


YOUNGEST = 18
"""Completed years: nobody is appointed younger (PP 11/2017 art. 23)."""
OLDEST = 70
"""Completed years: nobody serves longer (professors; UU 14/2005 art. 67)."""
_AGES = range(YOUNGEST, OLDEST + 1)
_MONTHS = range(1, (OLDEST - YOUNGEST) * 12)
_AT_LEAST, _IS_TRUE, _ONE_OF = (Comparison.AT_LEAST,), (Comparison.IS_TRUE,), (Comparison.ONE_OF,)
_BOTH_WAYS = (Comparison.AT_LEAST, Comparison.AT_MOST)
_LEVELS = tuple(level.value for level in PositionLevel)

FORMS: Mapping[Field, Form] = {
    Field.EMPLOYMENT: Form(comparisons=_ONE_OF, words=tuple(one.value for one in Employment)),
    Field.LEVEL: Form(comparisons=_ONE_OF, words=_LEVELS),
    Field.EDUCATION: Form(comparisons=_AT_LEAST, words=tuple(EDUCATION_RANKS)),
    Field.GRADE: Form(comparisons=_BOTH_WAYS, numbers=GRADES),
    Field.TIME_AT_LEVELS: Form(comparisons=_AT_LEAST, numbers=_MONTHS, of=_LEVELS),
    Field.TIME_IN_POST: Form(comparisons=_BOTH_WAYS, numbers=_MONTHS),
    Field.RELATED_EXPERIENCE: Form(comparisons=_AT_LEAST, numbers=_MONTHS),
    Field.SERVICE: Form(comparisons=_AT_LEAST, numbers=_MONTHS),
    Field.AGE: Form(comparisons=_BOTH_WAYS, numbers=_AGES),
    Field.APPRAISALS: Form(
        comparisons=_AT_LEAST, words=tuple(PREDICATE_RANKS), years=range(1, YEARS_OF_APPRAISALS + 1)
    ),
    Field.COMPETENCE: Form(comparisons=_AT_LEAST, numbers=range(1, 101), years=range(1, 11), is_free=True),
    Field.SANCTION_FREE: Form(comparisons=_IS_TRUE, numbers=_MONTHS, of=SEVERITIES, is_free=True),
    Field.LEADERSHIP_TRAINING: Form(comparisons=_AT_LEAST, words=tuple(one.value for one in LeadershipTraining)),
    Field.BOX: Form(comparisons=_ONE_OF, numbers=range(1, 10)),
    Field.TALENT_VALUE: Form(comparisons=_AT_LEAST, numbers=range(1, 101)),
    Field.COMPLETENESS: Form(comparisons=_IS_TRUE),
    Field.VERIFIED: Form(comparisons=_IS_TRUE),
}

PROTECTED: Mapping[str, frozenset[str]] = {
    "sex": frozenset({"sex", "gender", "jeniskelamin", "kelamin", "male", "female", "pria", "wanita", "lakilaki"}),
    "religion": frozenset({"religion", "faith", "agama", "kepercayaan"}),
    "maritalStatus": frozenset(
        {"maritalstatus", "marriage", "married", "statuskawin", "statusperkawinan", "perkawinan"}
    ),
    "ethnicity": frozenset({"ethnicity", "ethnicgroup", "race", "tribe", "suku", "sukubangsa", "ras", "etnis"}),
    "disability": frozenset({"disability", "disabled", "disabilitas", "difabel", "kecacatan"}),
    "birthplace": frozenset({"birthplace", "placeofbirth", "tempatlahir", "asaldaerah", "putradaerah", "hometown"}),
}
"""What may never be required of anybody (merit without discrimination: UU 20/2023), by how people write it."""
_SEPARATORS = re.compile(r"[^a-z]")


# ── as it is written down


def parse_requirement(document: object, pointer: str, faults: list[Fault]) -> Requirement | None:
    """The requirement that a document describes. Everything wrong is added to `faults`; then there is none."""
    before = len(faults)
    requirement = _requirement(Part(document, pointer, faults, "requirement"))
    return requirement if len(faults) == before < MOST_FAULTS else None


def requirement_document(requirement: Requirement) -> Json:
    """The document of a requirement: parsed again, it is the same."""
    threshold = requirement.threshold
    return {
        "code": requirement.code,
        "field": requirement.field.value,
        "comparison": requirement.comparison.value,
        **({} if threshold is None else {"threshold": list(threshold) if isinstance(threshold, tuple) else threshold}),
        **({"of": list(requirement.of)} if requirement.of else {}),
        **({} if requirement.years is None else {"years": requirement.years}),
        "label": {"id": requirement.label_id, "en": requirement.label_en},
        "legalBasis": requirement.legal_basis,
        "isActionable": requirement.is_actionable,
    }


def protected(word: object) -> str | None:
    """Which protected characteristic a word names, in Indonesian or English; None where it names none."""
    plain = _SEPARATORS.sub("", word.casefold()) if isinstance(word, str) else ""
    return next((name for name, words in PROTECTED.items() if plain in words), None)


def _requirement(part: Part) -> Requirement | None:
    optional = ("threshold", "of", "years", "isActionable")
    fields = part.fields(("code", "field", "comparison", "label", "legalBasis"), optional)
    code, about = _code(fields["code"]), _field(fields["field"])
    label = fields["label"].fields(("id", "en"))
    words = [label[language].text(LONGEST_LABEL) for language in ("id", "en")]
    legal_basis, is_actionable = fields["legalBasis"].text(LONGEST_LABEL), _flag(fields["isActionable"])
    comparison = None if about is None else fields["comparison"].choice(FORMS[about].comparisons)
    if about is None or comparison is None:
        return None
    form = FORMS[about]
    return Requirement(
        code=code,
        field=about,
        comparison=comparison,
        threshold=_threshold(fields["threshold"], form, comparison),
        of=_of(fields["of"], form, is_asked=fields["threshold"].is_there),
        years=_years(fields["years"], form),
        label_id=words[0],
        label_en=words[1],
        legal_basis=legal_basis,
        is_actionable=is_actionable,
    )


def _code(part: Part) -> str:
    """A code may not name either what no requirement looks at."""
    _must_not_be_protected(part)
    return part.code()


def _field(part: Part) -> Field | None:
    if not part.is_there or _must_not_be_protected(part):
        return None
    found = next((one for one in Field if one.value == part.value), None)
    if found is None:
        part.note("requirement.unknown_field", field=shown(part.value), known=", ".join(Field))
    return found


def _must_not_be_protected(part: Part) -> bool:
    name = protected(part.value)
    if name is not None:
        part.note("requirement.protected_field", field=shown(part.value), characteristic=name)
    return name is not None


def _threshold(part: Part, form: Form, comparison: Comparison) -> Threshold:
    if not (form.words or form.numbers):
        _must_be_absent(part, "threshold")
        return None
    if not part.is_there:
        _must_be_free(part, "threshold", is_free=form.is_free and comparison is Comparison.IS_TRUE)
        return None
    if comparison is not Comparison.ONE_OF:
        return _word(part, form.words) if form.words else _number(part, form.numbers)
    listed = part.listed(1, len(form.words or form.numbers))
    if form.words:
        return _different(part, [_word(one, form.words) for one in listed])
    return _different(part, [_number(one, form.numbers) for one in listed])


def _of(part: Part, form: Form, *, is_asked: bool) -> tuple[str, ...]:
    if not form.of or (form.is_free and not is_asked):
        _must_be_absent(part, "of")
        return ()
    if not part.is_there:
        _must_be_free(part, "of", is_free=False)
    return _different(part, [_word(one, form.of) for one in part.listed(1, len(form.of))])


def _years(part: Part, form: Form) -> int | None:
    if form.years is None:
        _must_be_absent(part, "years")
        return None
    if not part.is_there:
        _must_be_free(part, "years", is_free=form.is_free)
        return None
    return _number(part, form.years)


def _word(part: Part, words: Collection[str]) -> str:
    if not isinstance(part.value, str):
        part.say("not_text")
        return ""
    return part.one_of(words)


def _number(part: Part, numbers: Sequence[int]) -> int:
    found = part.whole(numbers[0], numbers[-1])
    if found is not None and found not in numbers:
        part.note("requirement.unknown_grade", value=found, known=", ".join(map(str, numbers)))
    return found or 0


def _different(part: Part, values: Sequence[Value]) -> tuple[Value, ...]:
    if len(set(values)) < len(values):
        part.note("requirement.listed_twice")
    return tuple(values)


def _must_be_absent(part: Part, name: str) -> None:
    if part.is_there:
        part.note("requirement.unfit", name=name)


def _must_be_free(part: Part, name: str, *, is_free: bool) -> None:
    if not is_free:
        part.say("missing_field", field=name)


def _flag(part: Part) -> bool:
    if part.is_there and not isinstance(part.value, bool):
        part.note("requirement.not_boolean", value=shown(part.value))
    return part.value is True


# ── what nobody can meet

Place = tuple[str, Requirement]
"""A requirement and its JSON pointer."""


def must_be_possible(requirements: Sequence[Requirement], pointer: str = "/requirements") -> None:
    """Refused with `requirement.contradiction` where no person can meet some of them together.

    There is a fault for each such set, at the last of it, that names the codes and pointers of all.
    """
    placed = [(f"{pointer}/{number}", requirement) for number, requirement in enumerate(requirements)]
    found = tuple(_fault(clash) for clash in _clashes(placed))
    if found:
        raise Invalid("requirement.contradiction", faults=found, **found[0].about)


def _fault(clash: Sequence[Place]) -> Fault:
    codes, where = (", ".join(words) for words in zip(*((one.code, pointer) for pointer, one in clash), strict=True))
    return Fault("requirement.contradiction", clash[-1][0], {"codes": codes, "where": where})


def _clashes(placed: Sequence[Place]) -> Iterator[Sequence[Place]]:
    """Smallest sets of requirements that leave nothing of what they look at, each once."""
    told: list[Sequence[Place]] = []
    allowed = {place[0]: dict(_allowed(place[1])) for place in placed}
    for fact in sorted({fact for facts in allowed.values() for fact in facts}):
        involved = [place for place in placed if fact in allowed[place[0]]]
        for clash in _disjoint(involved, {pointer: facts.get(fact, frozenset()) for pointer, facts in allowed.items()}):
            if clash not in told:
                told.append(clash)
                yield clash


def _disjoint(involved: Sequence[Place], allowed: Mapping[str, frozenset[object]]) -> Iterator[Sequence[Place]]:
    """The pairs that have nothing in common; where there is none, a smallest set of which the same is true."""

    def is_empty(places: Sequence[Place]) -> bool:
        return not frozenset.intersection(*(allowed[pointer] for pointer, _ in places))

    pairs = [pair for pair in combinations(involved, 2) if is_empty(pair)]
    if pairs or len(involved) < 2 or not is_empty(involved):
        yield from pairs
        return
    least = list(involved)
    for place in involved:
        without = [one for one in least if one is not place]
        least = without if is_empty(without) else least
    yield least


def _allowed(requirement: Requirement) -> Iterator[tuple[str, frozenset[object]]]:
    """What a requirement leaves of each fact it speaks of.

    Nobody has spent more months anywhere than since turning `YOUNGEST`; PPPK have no grade of a civil servant.
    """
    form, threshold = FORMS[requirement.field], requirement.threshold
    match requirement.comparison:
        case Comparison.ONE_OF if isinstance(threshold, tuple):
            yield requirement.field.value, frozenset(threshold)
        case Comparison.AT_LEAST if isinstance(threshold, int):
            yield requirement.field.value, frozenset(one for one in form.numbers if one >= threshold)
            if requirement.field in _TIMES:
                yield Field.AGE.value, frozenset(range(YOUNGEST + threshold // 12, OLDEST + 1))
        case Comparison.AT_MOST if isinstance(threshold, int):
            yield requirement.field.value, frozenset(one for one in (0, *form.numbers) if one <= threshold)
    if requirement.field is Field.GRADE:
        yield Field.EMPLOYMENT.value, frozenset({Employment.PNS.value})


_TIMES = frozenset({Field.TIME_AT_LEVELS, Field.TIME_IN_POST, Field.RELATED_EXPERIENCE, Field.SERVICE})
