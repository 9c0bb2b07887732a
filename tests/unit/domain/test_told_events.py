"""What other systems are told of events: every one of them, ids and states only."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

import pytest

from app.db.migrations import ROOT
from app.domain.events import EVENT_TYPES, Event
from app.domain.told_events import ANY, CODES, IDS, TOLD, described, told_fields, types_matching, unknown_patterns

PERSONAL = (
    "name",
    "nip",
    "reason",
    "box",
    "willing",
    "kind",
    "outcome",
    "grade",
    "value",
    "number",
    "words",
    "comment",
)
"""Words in names of fields that hold contents about people."""


def test_the_page_of_types_is_the_one_committed() -> None:
    assert set(TOLD) == set(EVENT_TYPES)
    assert (ROOT / "docs" / "event-types.md").read_text() == described()


@pytest.mark.parametrize("kind", get_args(Event))
def test_only_ids_and_states_are_told(kind: type[Event]) -> None:
    of = {one.name: str(one.type) for one in fields(kind)}
    for name in told_fields(kind):
        assert of[name] in IDS or name in CODES
        assert of[name] in ("UUID", "UUID | None", "str", "str | None", "int"), name
        assert not any(word in name for word in PERSONAL), name


def test_patterns_mean_names_beginnings_and_everything() -> None:
    assert types_matching(["cycleAdvanced", "id.nusatalenta.cycleOpened.v1"]) == ["cycleAdvanced", "cycleOpened"]
    assert types_matching(["webhook*"]) == [name for name in EVENT_TYPES if name.startswith("webhook")]
    assert types_matching([ANY]) == list(EVENT_TYPES)
    assert unknown_patterns(["cycle*", "cycles", "", "nothing*"]) == ["cycles", "", "nothing*"]
