"""What other systems are told of an event: what happened, to what, and which state follows which; no contents.

Whoever may know more asks for the document by its id, and what they may see is decided there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import get_args

from app.domain.entries import ABOUT, INSTITUTION
from app.domain.events import EVENT_TYPES, Event, event_name

SPECVERSION = "1.0"
PREFIX, VERSION = "id.nusatalenta.", ".v1"
SOURCE = "urn:uuid:"
"""Followed by the id of the institution in which it happened."""
ANY = "*"
IDS = ("UUID", "UUID | None")
FURTHER = re.compile(r"[;.] |: ")
"""What follows in a docstring is about fields."""
UNTOLD_IDS = frozenset({"card_id"})
"""Would tie an anonymous card to whoever an earlier or later event is about."""
CODES = frozenset(
    {
        *("client_id", "unit_id", "job_id", "receiving_institution", "position", "after", "year", "index"),
        *("rubric", "previous", "rule_set", "formula", "programme", "level", "version", "version_before"),
        *("phase", "phase_before", "state", "state_before", "tier", "verdict", "cause"),
    }
)
"""Names and states of things, in every event that has them. A field of another name is told only if it is an id."""


def type_of(event_type: str) -> str:
    """The type as CloudEvents names it: `id.nusatalenta.cycleAdvanced.v1`."""
    return f"{PREFIX}{event_type}{VERSION}"


def told_fields(kind: type[Event]) -> Mapping[str, str]:
    """The fields of an event that are told, with the names they are told by."""
    names = [one.name for one in fields(kind) if _is_told(one.name, str(one.type))]
    return {name: _camel(name) for name in names}


def _is_told(name: str, kind: str) -> bool:
    return (kind in IDS and name not in UNTOLD_IDS) or name in CODES


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one type of event: the type of its subject, and the fields of its data by their names inside."""

    subject: str
    data: Mapping[str, str]
    kinds: Mapping[str, str]
    """By the name it is told by, what a field is: `UUID`, `str | None` …"""
    says: str
    """The event in one sentence."""


def _told(kind: type[Event]) -> Told:
    about, told = ABOUT.get(kind), told_fields(kind)
    kinds = {told[one.name]: str(one.type) for one in fields(kind) if one.name in told}
    says = FURTHER.split(" ".join((kind.__doc__ or "").split()))[0].removesuffix(".") + "."
    return Told(INSTITUTION if about is None else about.type, told, kinds, says)


TOLD: Mapping[str, Told] = {event_name(kind): _told(kind) for kind in get_args(Event)}
"""By the name of the event in the ledger."""
SUBJECT_TYPES = tuple(sorted({told.subject for told in TOLD.values()}))


def types_matching(patterns: Iterable[str]) -> list[str]:
    """The event types that any of the patterns means: a name, the beginning of names before `*`, or `*` for all."""
    return [name for name in EVENT_TYPES if any(_matches(pattern, name) for pattern in patterns)]


def unknown_patterns(patterns: Iterable[str]) -> list[str]:
    """The patterns that mean no event at all."""
    return [pattern for pattern in patterns if not any(_matches(pattern, name) for name in EVENT_TYPES)]


def _matches(pattern: str, name: str) -> bool:
    plain = pattern.removeprefix(PREFIX).removesuffix(VERSION)
    return name.startswith(plain.removesuffix(ANY)) if plain.endswith(ANY) else plain == name


def described() -> str:
    """Every event as a page in Markdown: docs/event-types.md."""
    rows = [
        f"| `{name}` | {told.subject} | {', '.join(f'`{one}`' for one in told.data.values())} | {told.says} |"
        for name, told in sorted(TOLD.items())
    ]
    return "\n".join((*PAGE, *rows)) + "\n"


PAGE = (
    "# Types of events",
    "",
    "Written by `./nusatalenta contracts`. To whom they are told, and how, is in [events.md](events.md).",
    f"The full type is `{PREFIX}<name>{VERSION}`.",
    "",
    "| name | subject | data | what happened |",
    "|---|---|---|---|",
)
