"""A rule set as it is written down (JSON) ↔ a `RuleSet`; everything wrong with it is reported with its JSON pointer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from app.domain.candidates import YEARS_OF_TRAINING
from app.domain.careers import PositionLevel
from app.domain.contradictions import contradictions
from app.domain.errors import Fault, Invalid
from app.domain.messages import Sentence
from app.domain.requirements import Requirement, parse_requirement, requirement_document
from app.domain.rubric import MILLION
from app.domain.rubric_faults import LARGEST_VERSION, LONGEST_LABEL, Part, plain, read_weights, shown
from app.domain.rule_readings import rule_as_written
from app.domain.rule_sets import COUNTED, SENIORITY, WITHIN_YEARS, Criterion, CriterionKind, RuleSet
from app.domain.sources import parse_source, source_document

Json = Mapping[str, object]

MOST_REQUIREMENTS, MOST_CRITERIA = 50, 30
LARGEST_SHORTLIST = 10
LARGEST_FULL = 10_000  # months, hours or years
HIGHEST_SENIORITY_SHARE = 50  # percent: what is left always weighs at least as much
CHAPTER = "rule_set"
FIELDS = (
    "code", "version", "level", "title", "requirements", "criteria", "seniorityShare", "stabilityThreshold",
    "shortlistSize",
)  # fmt: skip
READ_ALONE = ("isOwn", "isDefault", "isForLevel", "basedOn", "publishedAt", "document")
"""What is read of a version beside its rules: nothing that is written, and no fault in what was read."""
WITHDRAWN = ("poolBoxes",)
"""What older versions may say and nothing looks at any more: the boxes of pools are those of the succession policy."""
CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,59}(@[0-9a-f]{8})?")
_DECIMAL = re.compile(r"[0-9]{1,3}(\.[0-9]{1,12})?")


@dataclass(frozen=True, slots=True)
class WrittenRuleSet:
    """A rule set with its title, which no rule needs."""

    rule_set: RuleSet
    title: Sentence


def parse_rule_set(document: object) -> WrittenRuleSet:
    """The rule set a document describes; `Invalid("rule_set.invalid")` with every fault of the document at once."""
    return _parsed(document, is_published=False)


def read_rule_set(document: object) -> WrittenRuleSet:
    """A version as it was published, readable for ever: what today's rules would refuse of it was not asked then."""
    return _parsed(document, is_published=True)


def _parsed(document: object, *, is_published: bool) -> WrittenRuleSet:
    faults: list[Fault] = []
    written = _written(Part(document, "", faults, CHAPTER), is_published=is_published)
    if faults:
        raise Invalid("rule_set.invalid", faults=tuple(faults))
    return written


def document_of(written: WrittenRuleSet) -> Json:
    """The document of a rule set: parsed again, it is the same."""
    rule_set = written.rule_set
    return {
        "code": rule_set.code,
        "version": rule_set.version,
        "level": rule_set.level.value,
        "title": written.title,
        "requirements": [requirement_document(one) for one in rule_set.requirements],
        "criteria": [_criterion_document(one) for one in rule_set.criteria],
        "seniorityShare": rule_set.seniority_share,
        "stabilityThreshold": rule_set.stability_threshold,
        "shortlistSize": rule_set.shortlist_size,
    }


def _criterion_document(criterion: Criterion) -> Json:
    points = Fraction(criterion.weight, MILLION)
    return {
        "code": criterion.code,
        "kind": criterion.kind.value,
        "weight": points.numerator if points.denominator == 1 else float(points),
        **({} if criterion.full is None else {"full": criterion.full}),
        **({} if criterion.years is None else {"years": criterion.years}),
        "label": {"id": criterion.label_id, "en": criterion.label_en},
        **({} if criterion.source is None else {"source": source_document(criterion.source)}),
    }


def _written(part: Part, *, is_published: bool) -> WrittenRuleSet:
    fields = part.fields(FIELDS, WITHDRAWN if is_published else READ_ALONE)
    share = fields["seniorityShare"].whole(0, HIGHEST_SENIORITY_SHARE)
    rule_set = RuleSet(
        code=_code(fields["code"]),
        version=fields["version"].whole(1, LARGEST_VERSION) or 1,
        level=fields["level"].choice(tuple(PositionLevel)) or PositionLevel.JPT_UTAMA,
        requirements=_requirements(fields["requirements"], is_published=is_published),
        criteria=_criteria(fields["criteria"], share, is_published=is_published),
        seniority_share=share or 0,
        stability_threshold=fields["stabilityThreshold"].whole(0, 100) or 0,
        shortlist_size=fields["shortlistSize"].whole(1, LARGEST_SHORTLIST) or 1,
    )
    return WrittenRuleSet(rule_set, _sentence(fields["title"]))


def _code(part: Part) -> str:
    if isinstance(part.value, str) and not CODE.fullmatch(part.value):
        part.note("rule_set.set_code")
        return ""
    return part.text(LONGEST_LABEL)


def _sentence(part: Part) -> Sentence:
    words = part.fields(("id", "en"))
    return Sentence(id=words["id"].text(LONGEST_LABEL), en=words["en"].text(LONGEST_LABEL))


# ── criteria


def _criteria(part: Part, share: int | None, *, is_published: bool) -> tuple[Criterion, ...]:
    """The criteria, whose weights add up to 100 points; those of seniority to no more than their share of them."""
    required = ("code", "kind", "weight", "label", *(() if is_published else ("source",)))
    optional = ("full", "years", *(("source",) if is_published else ()))
    listed = part.listed(1, MOST_CRITERIA)
    if not is_published:
        listed = [replace(one, value=rule_as_written(one.value)) for one in listed]
    found = [one.fields(required, optional) for one in listed]
    weights = read_weights(part, [_decimal(fields["weight"]) for fields in found], Fraction(100))
    taken: dict[str, str] = {}
    criteria = tuple(
        _criterion(fields, weight, taken, is_published=is_published)
        for fields, weight in zip(found, weights, strict=True)
    )
    seniority = Fraction(sum(one.weight for one in criteria if one.kind in SENIORITY), MILLION)
    if share is not None and seniority > share:
        part.note("rule_set.seniority", total=plain(seniority), share=share)
    return criteria


def _decimal(part: Part) -> Part:
    """A number that is written as text, as a number; fifteen digits are exact as one."""
    if isinstance(part.value, str) and _DECIMAL.fullmatch(part.value):
        return replace(part, value=float(part.value))
    return part


def _criterion(
    fields: Mapping[str, Part], weight: Fraction | None, taken: dict[str, str], *, is_published: bool
) -> Criterion:
    kind = fields["kind"].choice(tuple(CriterionKind))
    label = _sentence(fields["label"])
    return Criterion(
        code=fields["code"].new_code(taken),
        kind=kind or CriterionKind.TALENT_VALUE,
        weight=0 if weight is None else int(weight * MILLION),
        full=None if kind is None else _full(fields["full"], kind),
        years=None if kind is None else _years(fields["years"], kind, is_published=is_published),
        label_id=label["id"],
        label_en=label["en"],
        source=parse_source(fields["source"], is_published=is_published) if fields["source"].is_there else None,
    )


def _years(part: Part, kind: CriterionKind, *, is_published: bool) -> int | None:
    """How many years back it reaches: of what is counted within a window, and nowhere else."""
    if kind in WITHIN_YEARS:
        if not (part.is_there or is_published):
            part.say("missing_field", field="years")
        return part.whole(1, YEARS_OF_TRAINING)
    if part.is_there:
        part.note("rule_set.years_unfit", kind=shown(kind.value))
    return None


def _full(part: Part, kind: CriterionKind) -> int | None:
    """What earns the whole weight: required where the kind counts something, and nowhere else."""
    if kind in COUNTED:
        if not part.is_there:
            part.note("rule_set.full_needed", kind=shown(kind.value))
        return part.whole(1, LARGEST_FULL)
    if part.is_there:
        part.note("rule_set.full_unfit", kind=shown(kind.value))
    return None


# ── requirements


def _requirements(part: Part, *, is_published: bool) -> tuple[Requirement, ...]:
    """The requirements, each with a code of its own; before they are published, somebody can meet them together."""
    taken: dict[str, str] = {}
    found: list[tuple[str, Requirement]] = []
    for one in part.listed(1, MOST_REQUIREMENTS):
        requirement = parse_requirement(one.value, one.where, part.faults, is_published=is_published)
        if requirement is None:
            continue
        if (other := taken.setdefault(requirement.code, one.where)) != one.where:
            one.below("code", None).say("repeated", name=requirement.code, other=other)
        found.append((one.where, requirement))
    for fault in () if is_published else contradictions(found):
        replace(part, where=fault.where).note(fault.code, **fault.about)
    return tuple(requirement for _, requirement in found)
