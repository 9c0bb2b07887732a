"""What the ledger keeps of an event beside its payload, and what never gets into it."""

from dataclasses import fields
from typing import get_args
from uuid import UUID

import pytest

from app.domain import events, mobility_events, siasn_events
from app.domain.entries import ABOUT, INSTITUTION, entry_of
from app.domain.events import Event

ONE, TWO, THREE = (UUID(int=n) for n in (1, 2, 3))
WHOLE = {
    *(events.TalentsPlaced, events.TalentMapExported, events.InstitutionEdited),
    mobility_events.MobilityListingsEnded,
    *(siasn_events.SiasnConnectionRemoved, siasn_events.SiasnConnectionTried, siasn_events.SiasnSsoTokenReplaced),
}
SAID_BY_PEOPLE = {"comment", "statement", "text", "answer", "reasoning", "note", "evidence_text"}
KINDS = sorted(get_args(Event), key=lambda kind: kind.__name__)


def test_a_move_tells_whom_and_from_where_to_where() -> None:
    kept = entry_of(events.TalentMoved(ONE, TWO, THREE, 5, 8, "criticalAssignment", awaits_second_person=False))
    assert (kept.about_type, kept.about_id) == ("talent", str(THREE))
    assert (kept.before, kept.after) == ({"box": 5}, {"box": 8})
    assert kept.payload["calibration_id"] == str(ONE)


def test_what_was_not_there_before_is_null() -> None:
    first = entry_of(events.IndexRecorded("nspk", 2024, None, None, "77.56", "Baik"))
    assert (first.about_id, first.before) == ("nspk/2024", None)
    assert first.after == {"value": "77.56", "grade": "Baik"}


def test_an_edit_tells_every_value_by_name() -> None:
    kept = entry_of(events.CycleEdited(ONE, {"name": "A", "as_of": None}, {"name": "B", "as_of": "2025-12-04"}))
    assert (kept.before, kept.after) == ({"name": "A", "as_of": None}, {"name": "B", "as_of": "2025-12-04"})


def test_an_event_of_the_whole_institution_is_about_it() -> None:
    kept = entry_of(events.InstitutionEdited({"axis_x": "potential"}, {"axis_x": "performance"}))
    assert (kept.about_type, kept.about_id) == (INSTITUTION, None)
    assert (kept.before, kept.after) == ({"axis_x": "potential"}, {"axis_x": "performance"})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_event_says_what_it_is_about_and_nothing_that_somebody_wrote(kind: type[Event]) -> None:
    names = {field.name for field in fields(kind)}
    assert kind in ABOUT or kind in WHOLE
    if kind in ABOUT:
        about = ABOUT[kind]
        assert names >= {*about.id, *(field for change in about.changes for field in (change.before, change.after))}
    assert not names & SAID_BY_PEOPLE


def test_whatever_is_about_a_talent_is_found_by_the_talent() -> None:
    for kind in KINDS:
        if "talent_id" in {field.name for field in fields(kind)}:
            assert ABOUT[kind].id == ("talent_id",), kind
