"""Masks: what not everybody who reads candidates may know of them, and who has seen too much to choose among them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from app.domain.actors import Permission
from app.domain.errors import Forbidden
from app.domain.messages import Sentence, sentence, words_in_both
from app.domain.requirements import Field, Proof, Requirement
from app.domain.rule_sets import SENIORITY, CriterionKind
from app.domain.verdicts import Finding

NEEDED: Mapping[StrEnum, Permission] = {
    Field.SANCTION_FREE: Permission.READ_SPECIFIC_DATA,
    Proof.CLEARANCE_STATEMENT: Permission.READ_SPECIFIC_DATA,
    Proof.HEALTH_CERTIFICATE: Permission.READ_SPECIFIC_DATA,
    Field.VERIFIED: Permission.READ_SPECIFIC_DATA,
    Field.COMPETENCE: Permission.READ_ASSESSMENTS,
    CriterionKind.COMPETENCE_FIT: Permission.READ_ASSESSMENTS,
}
"""The topics of requirements and kinds of criteria that tell of narrowed data, and what somebody has to hold for them.

Sanctions, proceedings and health are specific personal data (UU 27/2022 art. 4(2)). So may be what a document shows
where an old rule set does not say which document: then the topic is `verified`. The receipts of wealth and tax reports
tell no figures. What is not named here is for everybody who may read candidates.
"""
KEPT_WHILE_MASKED: frozenset[StrEnum] = frozenset({Field.AGE, Field.SERVICE, *SENIORITY})
"""What tells how old somebody is, or how long they have served: kept until the shortlist, but for who unmasks."""


def hidden_from(permissions: Collection[Permission], *, is_masked: bool) -> frozenset[StrEnum]:
    """What somebody with these permissions may not know; `is_masked`: of candidates of a masked vacancy."""
    hidden = frozenset(word for word, needed in NEEDED.items() if needed not in permissions)
    return hidden | KEPT_WHILE_MASKED if is_masked and Permission.UNMASK_CANDIDATES not in permissions else hidden


def topic_of(requirement: Requirement) -> StrEnum:
    """What a requirement tells about: its field, or the document where nothing else shows it and a set says which."""
    return requirement.proof or requirement.field


def label_of(requirement: Requirement) -> Sentence:
    """What a requirement is called where masked candidates are spoken of: of a kept one only that there is one."""
    if requirement.field in KEPT_WHILE_MASKED:
        return sentence("mask.requirement")
    return Sentence(id=requirement.label_id, en=requirement.label_en)


def told_of(finding: Finding, *, is_masked: bool) -> Sentence:
    """What was found, and what is missing to decide; of who is masked the outcome alone stands for the facts."""
    found = sentence(f"mask.{finding.outcome}") if is_masked else finding.detail
    said = [found, *(sentence(code) for code in finding.missing)]
    return words_in_both((one["id"] for one in said), (one["en"] for one in said))


def must_not_have_seen_names(subject: str, hands: Collection[str], *, is_masked: bool, may_unmask: bool) -> None:
    """Who knows candidates by name, or judged them for this vacancy, does not choose among them.

    `hands` are those who ranked them, verified documents or gave scores for the vacancy. `is_masked`: names are still
    kept from those who choose.
    """
    if subject in hands:
        raise Forbidden("shortlist.had_a_hand")
    if is_masked and may_unmask:
        raise Forbidden("shortlist.sees_names")
