"""Differences between two rule sets as they are written: what came, what went, and what says something else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from app.domain.candidates import GRADE_NAMES
from app.domain.messages import Sentence
from app.domain.requirements import Field
from app.domain.rule_set_document import Json


class Subject(StrEnum):
    """What a difference is about."""

    REQUIREMENT = "requirement"
    CRITERION = "criterion"
    SETTING = "setting"


class Change(StrEnum):
    """What happened to it."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Changed:
    """A part that says something else, by its name as in a path (`label.id`); empty where one does not have it."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A requirement, criterion or setting that is not the same in both."""

    subject: Subject
    code: str
    change: Change
    label: Sentence | None
    """Its latest words; None of a setting."""
    parts: tuple[Changed, ...]


LISTS: Mapping[Subject, str] = {Subject.REQUIREMENT: "requirements", Subject.CRITERION: "criteria"}
SETTINGS = ("level", "title", "seniorityShare", "stabilityThreshold", "shortlistSize")


def differences(before: Json, after: Json) -> Iterator[Difference]:
    """Everything in which two documents of rule sets differ but their keys; the order of a list does not count."""
    for subject, name in LISTS.items():
        earlier, later = _by_code(before[name]), _by_code(after[name])
        for code in (*earlier, *(code for code in later if code not in earlier)):
            parts = tuple(_changed(earlier.get(code, {}), later.get(code, {})))
            if parts:
                change = (
                    Change.ADDED if code not in earlier else Change.REMOVED if code not in later else Change.CHANGED
                )
                label = cast("Sentence", (later.get(code) or earlier[code])["label"])
                yield Difference(subject, code, change, label, parts)
    for name in SETTINGS:
        if parts := tuple(_changed({name: before[name]}, {name: after[name]})):
            yield Difference(Subject.SETTING, name, Change.CHANGED, None, parts)


def _by_code(written: object) -> dict[str, Json]:
    return {cast("str", one["code"]): _in_words(one) for one in cast("list[Json]", written)}


def _in_words(written: Json) -> Json:
    """A rule with its grade as everybody writes it."""
    grade = written.get("threshold")
    if written.get("field") == Field.GRADE.value and isinstance(grade, int):
        return {**written, "threshold": GRADE_NAMES[grade]}
    return written


def _changed(before: Json, after: Json) -> Iterator[Changed]:
    earlier, later = dict(_leaves(before)), dict(_leaves(after))
    for name in (*earlier, *(name for name in later if name not in earlier)):
        if name != "code" and earlier.get(name) != later.get(name):
            yield Changed(name, earlier.get(name, ()), later.get(name, ()))


def _leaves(written: Json, above: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, value in written.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{above}{name}.")
        else:
            values = value if isinstance(value, list) else [value]
            yield above + name, tuple(one if isinstance(one, str) else json.dumps(one) for one in values)
