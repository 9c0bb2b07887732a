"""What was lost, doubled or out of order: what writers were answered against lists, ledger, feed and receiver."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2

from app.dev.kills.receiving import Received
from app.dev.kills.writing import Written

PAGE = 200
MOST_NAMED = 20
Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """What the service tells of one institution when all is over."""

    freezes: Sequence[Entry]
    ledger: Sequence[Entry]
    """By their place in the chain."""
    feed: Sequence[Entry]


def ask(address: str, officer: str, auditor: str, administrator: str) -> Told:
    """Everything that the three may read."""
    with httpx2.Client(base_url=address, timeout=30) as client:
        freezes = _pages(client, officer, "/v1/freeze-periods")
        ledger = sorted(_pages(client, auditor, "/v1/ledger"), key=lambda entry: int(entry["link"]["position"]))
        return Told(freezes, ledger, _feed(client, administrator))


def faults_of(told: Told, writers: Iterable[Written], received: Received | None) -> list[str]:
    """Everything that is not as it should be, in words; nothing where all is well."""
    found = [*_of_writes(told, writers), *_of_feed(told)]
    if received is not None:
        found += [*received.faults, *_of_deliveries(told, received)]
    return found[:MOST_NAMED] + ([f"… {len(found) - MOST_NAMED} more"] if len(found) > MOST_NAMED else [])


def _of_writes(told: Told, writers: Iterable[Written]) -> Iterable[str]:
    """Whatever was answered is there once, and its changes are in the ledger in the order in which they were made."""
    ids, events = defaultdict[str, list[str]](list), defaultdict[str, list[Entry]](list)
    for freeze in told.freezes:
        ids[freeze["reason"]].append(freeze["id"])
    for entry in told.ledger:
        events[entry["aboutId"]].append(entry)
    written = list(writers)
    known = {reason for one in written for reason in one.days}
    yield from (f"{reason}: nobody was answered so" for reason in ids.keys() - known)
    for one in written:
        for reason, days in one.days.items():
            if len(ids[reason]) != 1 or one.ids.get(reason, ids[reason][0]) != ids[reason][0]:
                yield f"{reason}: answered as {one.ids.get(reason)}, there as {ids[reason]}"
                continue
            happened = events[ids[reason][0]]
            made = [entry["type"] for entry in happened]
            if made != ["freezeAdded", *["freezeEdited"] * (len(days) - 1)]:
                yield f"{reason}: {len(days)} writes came to {made}"
            said = [str((entry["after"] or {}).get("until", entry["payload"].get("until"))) for entry in happened]
            if said != days:
                yield f"{reason}: written {days}, in the ledger {said}"


def _of_feed(told: Told) -> Iterable[str]:
    """The feed tells each entry of the ledger once, in the order of the chain."""
    places, fed = [int(entry["link"]["position"]) for entry in told.ledger], [int(one["sequence"]) for one in told.feed]
    if places != fed:
        yield f"the ledger has {len(places)} entries, the feed {len(fed)}; differing: {set(places) ^ set(fed)}"


def _of_deliveries(told: Told, received: Received) -> Iterable[str]:
    """The receiver has each event of the feed, as the feed tells it, and those about one thing in their order."""
    fed = {event["id"]: event for event in told.feed}
    if missing := fed.keys() - received.events.keys():
        yield f"{len(missing)} events never came: {sorted(missing)[:3]}"
    if strange := received.events.keys() - fed.keys():
        yield f"{len(strange)} events came that the feed does not tell: {sorted(strange)[:3]}"
    yield from (
        f"{one} came otherwise than the feed tells it" for one in fed if received.events.get(one, fed[one]) != fed[one]
    )
    latest: dict[str, str] = {}
    for event in received.events.values():
        if event["sequence"] < latest.get(event["subject"], ""):
            yield f"{event['id']} came after a later event about {event['subject']}"
        latest[event["subject"]] = max(event["sequence"], latest.get(event["subject"], ""))


def _pages(client: httpx2.Client, token: str, at: str) -> list[Entry]:
    found: list[Entry] = []
    after: dict[str, str] = {}
    while True:
        answer = client.get(at, params={"first": PAGE, **after}, headers={"authorization": f"Bearer {token}"})
        page = answer.raise_for_status().json()
        found += [edge["node"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = {"after": page["pageInfo"]["endCursor"]}


def _feed(client: httpx2.Client, token: str) -> list[Entry]:
    found: list[Entry] = []
    after = "0"
    while True:
        asked: dict[str, str | int] = {"first": PAGE, "after": after}
        answer = client.get("/v1/events", params=asked, headers={"authorization": f"Bearer {token}"})
        page = answer.raise_for_status().json()
        if not page["events"]:
            return found
        found, after = [*found, *page["events"]], page["nextAfter"]
