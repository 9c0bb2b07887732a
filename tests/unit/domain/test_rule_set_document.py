"""Rule sets as they are written: the shipped ones say what the regulation says, every fault is named at its place."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.db.migrations import RULE_SETS
from app.domain.careers import PositionLevel
from app.domain.errors import Invalid
from app.domain.protected import characteristic_in
from app.domain.requirements import Requirement
from app.domain.rule_set_document import WITHDRAWN, WrittenRuleSet, document_of, parse_rule_set, read_rule_set
from app.domain.rule_sets import COUNTED, SENIORITY, Criterion, CriterionKind, RuleSet
from tests.candidates import SOURCE

DOCUMENTS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(RULE_SETS.glob("*.json"))}
NEWEST = {name: document for name, document in DOCUMENTS.items() if document["version"] == 2}
SHIPPED = {written.rule_set.level: written.rule_set for written in map(parse_rule_set, NEWEST.values())}
PRATAMA = NEWEST["pp-11-2017-jpt-pratama-v2"]
MILLION = 1_000_000
MANAGERIAL = tuple(PositionLevel)[:5]


def faults_of(document: object) -> dict[str, set[str]]:
    """Where what is wrong, by JSON pointer."""
    with pytest.raises(Invalid) as refusal:
        parse_rule_set(document)
    assert refusal.value.code == "rule_set.invalid"
    assert all(re.search("[:;] [a-z]", words) for fault in refusal.value.faults for words in fault.detail.values()), (
        "what is wrong, then what to do"
    )
    where: dict[str, set[str]] = {}
    for fault in refusal.value.faults:
        where.setdefault(fault.where, set()).add(fault.code)
    return where


def but(*path: str | int, value: Any) -> dict[str, Any]:
    """The shipped set for JPT pratama with something else at a place."""
    document = deepcopy(PRATAMA)
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return document


# ── what is shipped


def test_every_managerial_level_has_one_shipped_set_written_as_it_would_be_written_again() -> None:
    assert set(SHIPPED) == set(MANAGERIAL)
    for name, document in DOCUMENTS.items():
        written = read_rule_set(document)
        assert document_of(written) == {name: value for name, value in document.items() if name not in WITHDRAWN}
        assert name == f"{written.rule_set.code}-v{written.rule_set.version}"


def told(level: PositionLevel) -> dict[str, tuple[object, ...]]:
    """Per field that has a threshold: the threshold, and what narrows the field."""
    return {
        one.field.value: tuple(part for part in (one.threshold, one.years) if part is not None)
        for one in SHIPPED[level].requirements
        if one.threshold is not None
    }


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("jpt_utama", {"education": ("s1",), "relatedExperience": (120,), "timeAtLevels": (24,), "age": (58,)}),
        ("jpt_madya", {"education": ("s1",), "relatedExperience": (84,), "timeAtLevels": (24,), "age": (58,)}),
        ("jpt_pratama", {"education": ("s1",), "relatedExperience": (60,), "timeAtLevels": (24,), "age": (56,)}),
        ("administrator", {"education": ("s1",), "timeAtLevels": (36,), "appraisals": ("good", 2)}),
        ("pengawas", {"education": ("d3",), "timeAtLevels": (48,), "appraisals": ("good", 2)}),
    ],
)
def test_thresholds_are_those_of_the_regulation(level: str, expected: dict[str, tuple[object, ...]]) -> None:
    """PP 11/2017 art. 54 and 107 with PP 17/2020; job-person match as PermenPANRB 38/2017 selects by."""
    everywhere = {"employment": (("pns",),), "competence": (80, 3)}
    assert told(PositionLevel(level)) == expected | everywhere


@pytest.mark.parametrize(
    ("level", "posts"),
    [
        ("jpt_utama", {"jpt_madya", "jf_ahli_utama"}),
        ("jpt_madya", {"jpt_pratama", "jf_ahli_utama"}),
        ("jpt_pratama", {"administrator", "jf_ahli_madya"}),
        ("administrator", {"pengawas", "jf_ahli_muda"}),
        ("pengawas", {"pelaksana", "jf_ahli_pertama"}),
    ],
)
def test_the_posts_below_and_equal_functional_posts_count(level: str, posts: set[str]) -> None:
    of = next(one.of for one in SHIPPED[PositionLevel(level)].requirements if one.field == "timeAtLevels")
    assert posts | {level} <= set(of)
    assert not set(of) & {"jpt_utama", "jpt_madya"} - {level} - posts


@pytest.mark.parametrize("level", MANAGERIAL)
def test_only_documents_that_the_regulation_asks_for_have_to_be_seen(level: PositionLevel) -> None:
    seen = {one.code for one in SHIPPED[level].requirements if one.field == "verified"}
    assert seen == {"technicalCompetence", "integrity", "health", "noProceedings"}


@pytest.mark.parametrize("level", MANAGERIAL)
def test_a_past_sanction_excludes_nobody_and_seniority_weighs_nothing_unless_configured(level: PositionLevel) -> None:
    [sanction] = [one for one in SHIPPED[level].requirements if one.field == "sanctionFree"]
    assert (sanction.threshold, sanction.of) == (None, ())
    assert not {one.kind for one in SHIPPED[level].criteria} & SENIORITY
    stricter = {
        **PRATAMA["requirements"][9], "code": "noRecentSanction", "threshold": 24, "of": ["medium", "heavy"],
    }  # fmt: skip
    assert parse_rule_set(but("requirements", value=[*PRATAMA["requirements"], stricter]))


@pytest.mark.parametrize("level", MANAGERIAL)
def test_every_shipped_requirement_cites_its_article(level: PositionLevel) -> None:
    assert all("PP 11/2017 ps." in one.legal_basis or "Peraturan BKN 5/2019" in one.legal_basis
               for one in SHIPPED[level].requirements)  # fmt: skip


@pytest.mark.parametrize("level", MANAGERIAL)
def test_what_no_regulation_settles_says_so(level: PositionLevel) -> None:
    """The flags of every shipped rule: how long an assessment holds is in no regulation; weights are nobody's law."""
    sure = {one.code: one.source and one.source.confidence for one in SHIPPED[level].requirements}
    assert (sure["competence"], sure["sanction"], sure["noProceedings"]) == ("unsure", "likely", "likely")
    assert sure["requiredPost"] == ("likely" if level is PositionLevel.JPT_MADYA else "confirmed")
    assert {one.source and one.source.confidence for one in SHIPPED[level].criteria} == {"unsure"}
    assert all("medium or heavy" in one.label_en and one.source and "exclude nobody" in (one.source.note_en or "")
               for one in SHIPPED[level].requirements if one.code == "sanction")  # fmt: skip
    assert not any("PermenPANRB 38/2017" in one.legal_basis for one in SHIPPED[level].requirements)
    in_field = {one.is_in_field for one in SHIPPED[level].requirements if one.field == "timeAtLevels"}
    assert in_field == {level in (PositionLevel.ADMINISTRATOR, PositionLevel.PENGAWAS)}


# ── what is wrong is named where it is


@pytest.mark.parametrize(
    ("path", "value", "where", "code"),
    [
        (("criteria", 0, "weight"), 39.999999, "/criteria", "rule_set.weights"),
        (("criteria", 0, "weight"), float("nan"), "/criteria/0/weight", "rule_set.open_range"),
        (("criteria", 0, "weight"), float("inf"), "/criteria/0/weight", "rule_set.open_range"),
        (("criteria", 0, "weight"), -40, "/criteria/0/weight", "rule_set.open_range"),
        (("criteria", 0, "weight"), 10**400, "/criteria/0/weight", "rule_set.open_range"),
        (("criteria", 0, "weight"), "NaN", "/criteria/0/weight", "rule_set.not_number"),
        (("criteria", 0, "weight"), "40.0000001", "/criteria/0/weight", "rule_set.decimals"),
        (("criteria", 0, "weight"), True, "/criteria/0/weight", "rule_set.not_number"),
        (("criteria", 0, "kind"), "charisma", "/criteria/0/kind", "rule_set.value_unknown"),
        (("criteria", 0, "full"), 12, "/criteria/0/full", "rule_set.full_unfit"),
        (("criteria", 0, "years"), 3, "/criteria/0/years", "rule_set.years_unfit"),
        (("criteria", 3), {"kind": "training"}, "/criteria/3/years", "rule_set.missing_field"),
        (("criteria", 3, "years"), 6, "/criteria/3/years", "rule_set.range"),
        (("criteria", 0, "source"), {}, "/criteria/0/source/document", "rule_set.missing_field"),
        (("requirements", 4, "label", "en"), "Is a woman", "/requirements/4/label/en", "requirement.protected_field"),
        (("requirements", 4, "proof"), "baptismCertificate", "/requirements/4/proof", "requirement.value_unknown"),
        (("criteria", 0, "kind"), "service", "/criteria/0/full", "rule_set.full_needed"),
        (("criteria", 2, "full"), 0, "/criteria/2/full", "rule_set.range"),
        (("criteria", 1, "code"), "talentValue", "/criteria/1/code", "rule_set.repeated"),
        (("requirements", 1, "code"), "status", "/requirements/1/code", "rule_set.repeated"),
        (("requirements", 1, "field"), "religion", "/requirements/1/field", "requirement.protected_field"),
        (("requirements", 1, "field"), "shoeSize", "/requirements/1/field", "requirement.unknown_fact"),
        (("requirements", 1, "treshold"), 5, "/requirements/1/treshold", "requirement.unknown_field"),
        (("requirements", 1, "thresholds"), ["s1"], "/requirements/1/thresholds", "requirement.unknown_field"),
        (("requirements",), [], "/requirements", "rule_set.list_length"),
        (("seniorityShare",), 51, "/seniorityShare", "rule_set.range"),
        (("stabilityThreshold",), 80.5, "/stabilityThreshold", "rule_set.not_whole"),
        (("shortlistSize",), 11, "/shortlistSize", "rule_set.range"),
        (("poolBoxes",), [7, 8, 9], "/poolBoxes", "rule_set.unknown_field"),
        (("level",), "lurah", "/level", "rule_set.value_unknown"),
        (("code",), "JPT Pratama", "/code", "rule_set.set_code"),
        (("title", "en"), "", "/title/en", "rule_set.text_length"),
        (("title", "id"), "\ud800", "/title/id", "rule_set.text_characters"),
        (("colour",), "red", "/colour", "rule_set.unknown_field"),
    ],
)
def test_a_fault_is_named_at_its_place(path: tuple[str | int, ...], value: object, where: str, code: str) -> None:
    assert code in faults_of(but(*path, value=value))[where]


def test_all_faults_are_found_at_once() -> None:
    document = but("criteria", 0, "weight", value=float("nan"))
    document["shortlistSize"], document["requirements"][0]["threshold"] = 0, []
    del document["criteria"][5]["label"]
    assert set(faults_of(document)) == {
        "/criteria/0/weight", "/criteria/5/label", "/requirements/0/threshold", "/shortlistSize",
    }  # fmt: skip


@pytest.mark.parametrize("document", [None, 7, [], "x", {}, {"criteria": {}}, {"requirements": [None, 3, []]}])
def test_whatever_is_written_is_answered(document: object) -> None:
    assert faults_of(document)


def test_what_nobody_can_meet_is_said_at_once() -> None:
    """The oldest allowed is 56, and another requirement asks for 60."""
    older = {**PRATAMA["requirements"][7], "code": "experienced", "comparison": "atLeast", "threshold": 60}
    assert PRATAMA["requirements"][7]["code"] == "age"
    with pytest.raises(Invalid) as refusal:
        parse_rule_set(but("requirements", value=[*PRATAMA["requirements"], older]))
    [fault] = refusal.value.faults
    assert (fault.code, fault.where) == ("requirement.contradiction", "/requirements/11")
    assert fault.detail["en"].startswith("No person can meet age, experienced together (/requirements/7, ")


def test_what_was_published_stays_readable_whatever_today_refuses() -> None:
    """Words that are refused today, an address, and requirements that nobody can meet together."""
    document = but("requirements", 0, "legalBasis", value="Perda 1/2019: putra daerah")
    note = {"id": "Khusus putra daerah", "en": "Born here"}
    source = {"document": "https://daerah.go.id/putra daerah", "confidence": "unsure", "note": note}
    document["requirements"][1]["source"] = document["criteria"][0]["source"] = source
    older = {**PRATAMA["requirements"][7], "code": "experienced", "comparison": "atLeast", "threshold": 60}
    document["requirements"].append(older)
    assert set(faults_of(document)) == {
        *("/requirements/0/legalBasis", "/requirements/1/source/document", "/requirements/1/source/note/id"),
        *("/criteria/0/source/document", "/criteria/0/source/note/id", "/requirements/11"),
    }
    assert document_of(read_rule_set(document)) == document


def test_tenure_and_age_together_weigh_no_more_than_their_share() -> None:
    def with_age(points: float) -> dict[str, Any]:
        document = but("criteria", 0, "weight", value=40 - points)
        source = {"document": "Perwako 11/2023", "confidence": "confirmed"}
        senior = {"kind": "age", "full": 50, "label": {"id": "Usia", "en": "Age"}, "source": source}
        half = points / 2
        document["criteria"] += [
            {**senior, "code": "age", "weight": half},
            {**senior, "code": "tenure", "kind": "timeAtLevel", "weight": half},
        ]
        return document

    assert parse_rule_set(with_age(20)).rule_set.seniority_share == 20
    assert faults_of(with_age(20.5)) == {"/criteria": {"rule_set.seniority"}}


# ── written and read again

_words = st.text("abcdefghij klmnop", min_size=1, max_size=20).filter(
    lambda words: words.strip() and characteristic_in(words) is None
)
_requirements = st.lists(
    st.sampled_from([one for each in SHIPPED.values() for one in each.requirements]),
    min_size=1, max_size=6, unique_by=lambda one: one.field,
).filter(lambda some: len({one.code for one in some}) == len(some))  # fmt: skip


@st.composite
def rule_sets(draw: st.DrawFn) -> RuleSet:
    cuts = sorted(draw(st.sets(st.integers(1, 100 * MILLION - 1), max_size=5)))
    weights = [b - a for a, b in zip([0, *cuts], [*cuts, 100 * MILLION], strict=True)]
    kinds = draw(st.lists(st.sampled_from(sorted(set(CriterionKind) - SENIORITY)),
                          min_size=len(weights), max_size=len(weights)))  # fmt: skip
    requirements: list[Requirement] = draw(_requirements)
    return RuleSet(
        code=draw(st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}(@[0-9a-f]{8})?", fullmatch=True)),
        version=draw(st.integers(1, 2**31 - 1)),
        level=draw(st.sampled_from(PositionLevel)),
        requirements=tuple(replace(one, label_en=draw(_words)) for one in requirements),
        criteria=tuple(
            Criterion(
                code=f"c{place}",
                kind=kind,
                weight=weight,
                full=draw(st.integers(1, 10_000)) if kind in COUNTED else None,
                years=draw(st.integers(1, 5)) if kind is CriterionKind.TRAINING else None,
                label_id=draw(_words),
                label_en=draw(_words),
                source=SOURCE,
            )
            for place, (kind, weight) in enumerate(zip(kinds, weights, strict=True))
        ),
        seniority_share=draw(st.integers(0, 50)),
        stability_threshold=draw(st.integers(0, 100)),
        shortlist_size=draw(st.integers(1, 10)),
    )


@given(rule_sets(), _words)
def test_a_written_rule_set_is_read_as_it_was(rule_set: RuleSet, title: str) -> None:
    written = WrittenRuleSet(rule_set, {"id": title, "en": title})
    assert parse_rule_set(json.loads(json.dumps(document_of(written)))) == written
