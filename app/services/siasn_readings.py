"""Readings: what SIASN answered about somebody as rows of ours, and what of it nobody could read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import sha256
from uuid import UUID

import orjson

from app.db.classes import KINDS_OF
from app.db.siasn_held import FIELDS, HeldTalent, Values
from app.db.staging import EVIDENCE
from app.domain.evidence import Kind, same_institution
from app.domain.mapping import completed
from app.domain.siasn_syncs import Outcome
from app.services.siasn_pulls import KEPT_SECRET, Asked
from app.sheets.layouts import row_key
from app.siasn import mapping, wire
from app.siasn.mapping import Mapped
from app.siasn.reading import Unmapped
from app.siasn.replies import Found, Nothing, Row

NARROWED = frozenset(kind for kinds in KINDS_OF.values() for kind in kinds)
"""Kinds of evidence that not everybody may see who may see a sync."""
POST = (
    *("position_type_id", "position_type", "position_id", "position", "position_from"),
    *("echelon_id", "echelon", "unit_id", "unit_name"),
)
"""What says which post somebody holds: it changes as a whole."""
TOLD = tuple(name for name in FIELDS if name not in {"position_level", "is_mapped", "unmapped_because"})
"""The fields of a talent that do not follow from others."""
KEY_UNKNOWN = "siasn.key_unknown"
Json = dict[str, object]


@dataclass(slots=True)
class ReadRow:
    """One row that SIASN told; `kind`, `row_key` and `values` are of the evidence that it becomes, where it does."""

    history: str
    row_id: str
    row: Row
    body: bytes
    digest: str
    kind: Kind | None = None
    row_key: UUID | None = None
    values: Values = field(default_factory=dict)
    is_read: bool = False
    is_unreadable: bool = False
    """It was read, and nothing of ours could be made of it."""


@dataclass(slots=True)
class Person:
    """Somebody in a sync, and what is found about them as it goes on."""

    asked: Asked
    outcome: Outcome
    talent_id: UUID | None = None
    theirs: Values = field(default_factory=dict)
    """Of the profile, by the fields of a talent."""
    staged: Values | None = None
    """The record of the talent as it is to be; None where it stays."""
    rows: dict[str, list[ReadRow]] = field(default_factory=dict)
    """By history; of those only that told any."""
    changes: list[Json] = field(default_factory=list)
    narrowed_changes: list[Json] = field(default_factory=list)
    unmapped: list[Json] = field(default_factory=list)
    conflicts: int = 0

    @property
    def nip(self) -> str:
        return self.asked.turn.nip

    @property
    def is_taken(self) -> bool:
        """Whether what SIASN told of them counts."""
        return self.outcome in (Outcome.UNCHANGED, Outcome.CHANGED, Outcome.ADDED)

    def note(
        self, endpoint: str, change: str, kind: Kind | None, row_id: str | None, differences: Sequence[Json]
    ) -> None:
        """Add to what changed about them."""
        where = self.narrowed_changes if kind in NARROWED or endpoint in KEPT_SECRET else self.changes
        where.append(
            {
                "endpoint": endpoint,
                "change": change,
                "kind": kind,
                "rowId": row_id,
                "fields": differences,
            }
        )


@dataclass(frozen=True, slots=True)
class Terms:
    """What readings depend on: the institution by its name and its id at SIASN, and who counts as active."""

    institution: str
    siasn_id: str | None
    active: Collection[str]


def read_person(asked: Asked, held: HeldTalent | None, terms: Terms) -> Person:
    """Whether what SIASN told of somebody counts, and what it says of them; the histories are not looked into yet."""
    talent_id = None if held is None else held.id
    match asked.profile:
        case Found(rows=rows) if rows:
            pass
        case Nothing() | Found():
            return Person(asked, Outcome.UNKNOWN_THERE, talent_id)
        case _:
            return Person(asked, Outcome.FAILED, talent_id)
    told = mapping.talent_of(rows[0], terms.institution, terms.active)
    if isinstance(told, Unmapped):
        return Person(asked, Outcome.FAILED, talent_id, unmapped=[_unmapped(wire.PERSON, None, told)])
    person = Person(asked, Outcome.UNCHANGED if held else Outcome.ADDED, talent_id, told.values)
    person.unmapped += [_unmapped(wire.PERSON, None, one) for one in told.unmapped]
    if _is_elsewhere(told.values, terms):
        person.outcome = Outcome.ELSEWHERE
        return person
    person.rows = {wire.PERSON: [_row_of(wire.PERSON, rows[0])]}
    for name, reply in asked.histories.items():
        if isinstance(reply, Found):
            person.unmapped += [_unmapped(name, None, Unmapped(KEY_UNKNOWN, key)) for key in reply.unknown]
            told_once = {row.row_id: row for row in reversed([_row_of(name, row) for row in reply.rows])}
            person.rows[name] = list(reversed(told_once.values()))
    return person


def refuse_number(person: Person, known: str) -> None:
    """Nothing of somebody counts whom the institution has under another NIP, `known`."""
    person.outcome, person.rows = Outcome.FAILED, {}
    person.unmapped = [_unmapped(wire.PERSON, None, Unmapped("siasn.number_changed", "nipBaru", known))]


def merge_person(person: Person, held: HeldTalent | None, terms: Terms, *, keeps_post: bool) -> None:
    """The record of the talent as it is to be: what SIASN leaves out stays; `keeps_post`: so does our post.

    Of another post than ours, nothing of ours counts.
    """
    ours = {} if held is None else held.values
    merged = {name: value if (value := person.theirs.get(name)) is not None else ours.get(name) for name in FIELDS}
    if person.theirs.get("position") not in (None, ours.get("position")):
        merged |= {name: person.theirs.get(name) for name in POST if name in merged}
    if keeps_post:
        merged |= {name: ours.get(name) for name in POST if name in merged}
    merged = completed(merged, terms.institution, terms.active)
    if held is not None and all(merged[name] == ours[name] for name in FIELDS):
        return
    person.staged = {**merged, "unit_name": person.theirs.get("unit_name")}
    told = differences_between(*({name: side.get(name) for name in TOLD} for side in (ours, merged)))
    person.note(wire.PERSON, "added" if held is None else "changed", None, None, told)


def read_history(person: Person, history: str) -> None:
    """Read the rows of a history as evidence, once."""
    rows = person.rows[history]
    if rows[0].is_read or history not in mapping.KINDS:
        return
    for one, outcome in zip(rows, mapping.evidences_of(history, [row.row for row in rows]), strict=True):
        one.is_read = True
        if isinstance(outcome, Unmapped):
            one.is_unreadable = True
            person.unmapped.append(_unmapped(history, one.row_id, outcome))
        if isinstance(outcome, Mapped) and outcome.kind is not None:
            person.unmapped += [_unmapped(history, one.row_id, missing) for missing in outcome.unmapped]
            one.kind, one.values = outcome.kind, outcome.values
            one.row_key = row_key(EVIDENCE[outcome.kind].identity(outcome.values))


def differences_between(ours: Values, theirs: Values) -> list[Json]:
    """Field by field, as text, where two sides differ."""
    return [
        {"field": _camel(name), "ours": said(ours.get(name)), "theirs": said(theirs.get(name))}
        for name in dict.fromkeys((*ours, *theirs))
        if ours.get(name) != theirs.get(name)
    ]


def said(value: object) -> str | None:
    """A value as reports say it."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value.normalize():f}"
        case _:
            return str(value)


def _is_elsewhere(theirs: Values, terms: Terms) -> bool:
    """Whether both home and working institution are others; one that is not told is nobody else's."""
    sides = (("home_institution_id", "home_institution"), ("working_institution_id", "working_institution"))
    told = [(theirs.get(code), theirs.get(name)) for code, name in sides]
    known = [(code, name) for code, name in told if code is not None or name is not None]
    return bool(known) and not any(_is_ours(code, name, terms) for code, name in known)


def _is_ours(code: object, name: object, terms: Terms) -> bool:
    by_code = code is not None and code == terms.siasn_id
    return by_code or (name is not None and same_institution(str(name), terms.institution))


def _row_of(history: str, row: Row) -> ReadRow:
    body = orjson.dumps(row, option=orjson.OPT_SORT_KEYS)
    digest = sha256(body).hexdigest()
    return ReadRow(history, wire.HISTORIES[history].id_of(row) or digest, row, body, digest)


def row_from(history: str, row_id: str, body: str) -> ReadRow:
    """A row as it was kept."""
    return replace(_row_of(history, orjson.loads(body)), row_id=row_id)


def _unmapped(endpoint: str, row_id: str | None, told: Unmapped) -> Json:
    return {"endpoint": endpoint, "rowId": row_id, "code": told.code, "key": told.key, "value": told.value}


@cache
def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
