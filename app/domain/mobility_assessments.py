"""Assessment of those who take part: what each requirement finds at each post wished for, the points, and what bars.

What is not met bars a wish. What nobody knows yet bars it as well, under a code of its own: it is not silently a no,
and the person and the human resources office read which evidence is missing while it can still be brought.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.candidates import Given, Target
from app.domain.masks import topic_of
from app.domain.messages import sentence
from app.domain.mobility import NOT_RELEASED
from app.domain.mobility_formulas import Facts, Formula, part_document, points_of, total_of
from app.domain.requirements import Field, Outcome, Requirement
from app.domain.verdicts import Finding, verdict

NOT_ELIGIBLE = "NOT_ELIGIBLE:"
UNVERIFIED = "unverified."
LONGEST_RULE = 60
_STRANGE = re.compile(r"[^A-Za-z0-9._-]")
OF_THE_POST = (Field.RELATED_EXPERIENCE, Field.COMPETENCE, Field.TIME_AT_LEVELS)
"""The fields that look at the post wished for; every other one finds the same at all posts of a campaign."""
NOTHING_GIVEN = Given()
"""No committee sees documents for a campaign: what the evidence leaves open stays open until it is on record."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """What was found about somebody at one post, but for the release: the points by part, and what bars it."""

    points: int
    parts: tuple[dict[str, object], ...]
    bar: str | None
    because: tuple[dict[str, object], ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """What a campaign asks of whoever moves, and by what it gives points."""

    requirements: Sequence[Requirement]
    formula: Formula


@dataclass(frozen=True, slots=True)
class Assessor:
    """Assesses one person at many posts: what depends on no post, or on one that asks the same, is found once."""

    rules: Rules
    facts: Facts
    _found: dict[tuple[object, ...], tuple[Finding, dict[str, object]]] = field(default_factory=dict, repr=False)
    _assessed: dict[tuple[object, ...], Assessed] = field(default_factory=dict, repr=False)

    def assess(self, post: Target) -> Assessed:
        """What is found at a post."""
        key = (post.government_affair, post.job_family, post.standard)
        if key not in self._assessed:
            self._assessed[key] = self._assess(post)
        return self._assessed[key]

    def _assess(self, post: Target) -> Assessed:
        findings = [self._finding(one, post) for one in self.rules.requirements]
        parts = points_of(self.rules.formula, self.facts, post)
        because = tuple(document for _, document in findings)
        kinds = {block.code: block.kind.value for block in self.rules.formula.blocks}
        told = tuple({"kind": kinds[part.block], **part_document(part)} for part in parts)
        return Assessed(total_of(parts), told, bar_of([found for found, _ in findings]), because)

    def _finding(self, requirement: Requirement, post: Target) -> tuple[Finding, dict[str, object]]:
        of_post = (post.government_affair, post.job_family, post.standard)
        key = (requirement.code, *(of_post if requirement.field in OF_THE_POST else ()))
        if key not in self._found:
            found = verdict(requirement, self.facts.candidate, post, NOTHING_GIVEN)
            self._found[key] = found, finding_document(requirement, found)
        return self._found[key]


def bar_of(findings: Sequence[Finding]) -> str | None:
    """The first requirement that is not met, else the first of which nobody knows it; None where all are met."""
    for outcome, prefix in ((Outcome.NOT_MET, ""), (Outcome.NEEDS_VERIFICATION, UNVERIFIED)):
        for one in findings:
            if one.outcome is outcome:
                return NOT_ELIGIBLE + _STRANGE.sub("-", prefix + one.code)[:LONGEST_RULE]
    return None


def barred(assessed: Assessed, *, is_released: bool, is_inside: bool) -> str | None:
    """What bars somebody at a post: a requirement first; else that they are not released and it is another unit's."""
    return assessed.bar or (None if is_released or is_inside else NOT_RELEASED)


def finding_document(requirement: Requirement, finding: Finding) -> dict[str, object]:
    """What a requirement found, as applications keep it and documents show it."""
    return {
        "requirement": requirement.code,
        "topic": topic_of(requirement).value,
        "label": {"id": requirement.label_id, "en": requirement.label_en},
        "outcome": finding.outcome.value,
        "found": finding.detail,
        "missing": [sentence(code) for code in finding.missing],
        "legalBasis": requirement.legal_basis,
    }
