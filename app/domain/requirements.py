"""Requirements as data: a field, a comparison, a threshold, a legal basis and a source; met, not met, or to verify."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from app.domain.candidates import (
    EDUCATION_RANKS,
    GRADE_NAMES,
    GRADES,
    PREDICATE_RANKS,
    SEVERITIES,
    YEARS_OF_APPRAISALS,
    Employment,
    LeadershipTraining,
)
from app.domain.careers import PositionLevel
from app.domain.errors import Fault
from app.domain.rubric_faults import LONGEST_LABEL, MOST_FAULTS, Part, shown
from app.domain.rule_readings import rule_as_written
from app.domain.sources import Source, must_name_nothing_protected, parse_source, source_document


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
    """Serves no medium or heavy sanction on the day (a light one has no term). With a threshold it asks something else:
    no sanction of the severities `of` began in so many months before."""
    LEADERSHIP_TRAINING = "leadershipTraining"
    BOX = "box"
    TALENT_VALUE = "talentValue"
    """Points, 0–100."""
    COMPLETENESS = "completeness"
    """Whether the evidence is complete."""
    VERIFIED = "verified"
    """Nothing is on record; only somebody who has seen the document `proof` can say (health, integrity …)."""


class Proof(StrEnum):
    """The documents that a requirement may ask somebody to see: a closed list, in which nothing else can hide."""

    ASSET_REPORT = "assetReport"
    """Receipt of the wealth report (LHKPN, LHKASN)."""
    TAX_RETURN = "taxReturn"
    """Receipt of the yearly tax return (SPT tahunan)."""
    HEALTH_CERTIFICATE = "healthCertificate"
    """Of a doctor or hospital: sound in body and mind, free of narcotics."""
    INTEGRITY_STATEMENT = "integrityStatement"
    """Integrity pact, or the statement on track record, integrity and morality."""
    CLEARANCE_STATEMENT = "clearanceStatement"
    """Of the institution or inspectorate: under no disciplinary examination, in no criminal process, no findings."""
    COMPETENCE_CERTIFICATE = "competenceCertificate"
    """Of technical competence, or the result of a test of it."""
    PROFESSIONAL_CERTIFICATE = "professionalCertificate"
    """A licence or certificate of a profession, such as for procurement or audit."""
    DIPLOMA = "diploma"
    """With its field of study."""
    RECOMMENDATION_LETTER = "recommendationLetter"
    """Of the own appointing authority (PPK)."""
    RELEASE_LETTER = "releaseLetter"
    """Lolos butuh of the institution of origin."""
    RANK_DECREE = "rankDecree"
    POSITION_DECREE = "positionDecree"
    APPRAISAL_DOCUMENT = "appraisalDocument"
    """SKP with its evaluation."""


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
    source: Source | None = None
    """Where it was taken from; None only in versions that were published before anybody had to say so."""
    proof: Proof | None = None
    """Of `verified`: which document shows it; None as with `source`."""
    is_in_field: bool = False
    """Of `timeAtLevels`: functional posts count only in the field of the vacant post (PP 11/2017 art. 54)."""
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
    has_field: bool = False
    """Whether it can be narrowed to the field of the vacant post."""
    needs_proof: bool = False


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
    Field.TIME_AT_LEVELS: Form(comparisons=_AT_LEAST, numbers=_MONTHS, of=_LEVELS, has_field=True),
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
    Field.VERIFIED: Form(comparisons=_IS_TRUE, needs_proof=True),
}


# ── as it is written down


def parse_requirement(
    document: object, pointer: str, faults: list[Fault], *, is_published: bool = False
) -> Requirement | None:
    """The requirement that a document describes. Everything wrong is added to `faults`; then there is none.

    One that was published before its source and proof had to be said may lack them, and its words stand as they are.
    """
    before = len(faults)
    written = document if is_published else rule_as_written(document)
    requirement = _requirement(Part(written, pointer, faults, "requirement"), is_published=is_published)
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
        **({"inField": True} if requirement.is_in_field else {}),
        **({} if requirement.proof is None else {"proof": requirement.proof.value}),
        "label": {"id": requirement.label_id, "en": requirement.label_en},
        "legalBasis": requirement.legal_basis,
        **({} if requirement.source is None else {"source": source_document(requirement.source)}),
        "isActionable": requirement.is_actionable,
    }


def _requirement(part: Part, *, is_published: bool) -> Requirement | None:
    required = ("code", "field", "comparison", "label", "legalBasis", *(() if is_published else ("source",)))
    optional = ("threshold", "of", "years", "inField", "proof", "isActionable", *(("source",) if is_published else ()))
    fields = part.fields(required, optional)
    code, about = fields["code"].code(), _field(fields["field"])
    label = fields["label"].fields(("id", "en"))
    words = [label[language].text(LONGEST_LABEL) for language in ("id", "en")]
    legal_basis, is_actionable = fields["legalBasis"].text(LONGEST_LABEL), _flag(fields["isActionable"])
    source = parse_source(fields["source"], is_published=is_published) if fields["source"].is_there else None
    if not is_published:
        for told in (fields["code"], *label.values(), fields["legalBasis"]):
            must_name_nothing_protected(told)
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
        source=source,
        proof=_proof(fields["proof"], form, is_free=is_published),
        is_in_field=_in_field(fields["inField"], form),
        is_actionable=is_actionable,
    )


def _field(part: Part) -> Field | None:
    if not part.is_there or must_name_nothing_protected(part):
        return None
    found = next((one for one in Field if one.value == part.value), None)
    if found is None:
        part.note("requirement.unknown_fact", field=shown(part.value), known=", ".join(Field))
    return found


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


def _proof(part: Part, form: Form, *, is_free: bool) -> Proof | None:
    if not form.needs_proof:
        _must_be_absent(part, "proof")
        return None
    if not part.is_there:
        _must_be_free(part, "proof", is_free=is_free)
        return None
    return part.choice(tuple(Proof))


def _in_field(part: Part, form: Form) -> bool:
    if not form.has_field:
        _must_be_absent(part, "inField")
        return False
    return _flag(part)


def _word(part: Part, words: Collection[str]) -> str:
    if not isinstance(part.value, str):
        part.say("not_text")
        return ""
    return part.one_of(words)


def _number(part: Part, numbers: Sequence[int]) -> int:
    return _grade(part) if numbers is GRADES else part.whole(numbers[0], numbers[-1]) or 0


def _grade(part: Part) -> int:
    """A grade as everybody writes it (IV/b), or by its number (42)."""
    told = part.value.strip().casefold() if isinstance(part.value, str) else part.value
    for grade, name in GRADE_NAMES.items():
        if told in (grade, name.casefold()):
            return grade
    part.note("requirement.unknown_grade", value=shown(part.value), known=", ".join(GRADE_NAMES.values()))
    return 0


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
