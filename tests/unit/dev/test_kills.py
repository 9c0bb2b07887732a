"""Who judges what is left after kills finds whatever is lost, doubled, out of order or untold."""

from __future__ import annotations

from typing import Any

import pytest

from app.dev.kills.receiving import Received
from app.dev.kills.verdict import Told, faults_of
from app.dev.kills.writing import Written

ENTRIES = (("freezeAdded", "2027-01-01"), ("freezeEdited", "2027-02-01"))


def a_world() -> tuple[Told, Written, Received]:
    """One freeze, put on record and edited once; everything told and received."""
    ledger: list[Any] = [
        {"aboutId": "f", "type": kind, "after": {"until": until}, "payload": {}, "link": {"position": place}}
        for place, (kind, until) in enumerate(ENTRIES, start=1)
    ]
    feed: list[Any] = [{"id": f"e{place}", "sequence": f"{place}", "subject": "freezePeriod/f"} for place in (1, 2)]
    told = Told([{"reason": "r", "id": "f"}], ledger, feed)
    received = Received(events={one["id"]: dict(one) for one in feed}, deliveries=2)
    return told, Written(days={"r": [until for _, until in ENTRIES]}, ids={"r": "f"}, answered=2), received


def test_a_world_in_which_all_is_well_has_no_faults() -> None:
    told, written, received = a_world()
    assert faults_of(told, [written], received) == []


@pytest.mark.parametrize("broken", ["write lost", "write doubled", "ledger", "feed", "untold", "invented", "order"])
def test_whatever_is_broken_is_found(broken: str) -> None:
    told, written, received = a_world()
    freezes, ledger, feed = list(told.freezes), list(told.ledger), list(told.feed)
    match broken:
        case "write lost":
            freezes.clear()
        case "write doubled":
            freezes.append({"reason": "r", "id": "g"})
        case "ledger":
            ledger.reverse()
        case "feed":
            feed.pop()
        case "untold":
            received.events.pop("e2")
        case "invented":
            received.events["e3"] = {"id": "e3", "sequence": "3", "subject": "freezePeriod/f"}
        case _:
            received.events = dict(reversed(received.events.items()))
    assert faults_of(Told(freezes, ledger, feed), [written], received)
