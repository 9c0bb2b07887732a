"""Comparing: which rows that SIASN told are news, which contradict what our side verified, and which are gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

import orjson

from app.db.siasn_held import HeldDecree, HeldEvidence, HeldRecord, RowId
from app.db.staging import CONTENT, EVIDENCE
from app.domain.evidence import Kind
from app.domain.siasn_syncs import Reason
from app.services.siasn_readings import Json, Person, ReadRow, differences_between, read_history, said
from app.sheets.layouts import row_key
from app.siasn import mapping, wire
from app.siasn.replies import Found


class Part(NamedTuple):
    """All that one history, or all histories of a kind, say about one talent."""

    talent_id: UUID
    kind: Kind


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A value of theirs that is not taken over by itself."""

    talent_id: UUID
    topic: str
    kind: Kind | None
    row_key: UUID | None
    reason: Reason
    differences: list[Json]

    @property
    def digest(self) -> str:
        """Of both sides: the same as long as neither changes."""
        return sha256(orjson.dumps([self.reason, self.differences], option=orjson.OPT_SORT_KEYS)).hexdigest()


@dataclass(slots=True)
class Comparison:
    """What is to be done with the histories of some people."""

    records: Mapping[RowId, HeldRecord]
    news: list[tuple[Person, ReadRow]] = field(default_factory=list)
    """Rows that are to be kept as SIASN tells them now."""
    gone: list[RowId] = field(default_factory=list)
    unvouched: dict[Part, dict[UUID, RowId | None]] = field(default_factory=dict)
    """Evidence that SIASN may vouch for no longer, by its key; with the row that is gone, where none took its place."""
    unreadable: set[RowId] = field(default_factory=set)
    """Rows that cannot be read as they are told now: what they told before stands."""
    touched: dict[Part, Person] = field(default_factory=dict)
    staged: dict[Kind, list[tuple[Person, ReadRow]]] = field(default_factory=dict)
    contradictions: list[Contradiction] = field(default_factory=list)


def find_news(people: Iterable[Person], records: Mapping[RowId, HeldRecord]) -> Comparison:
    """Which rows are new, other than before, back, or gone; evidence of the kinds concerned is to be compared."""
    found = Comparison(records)
    held_of: dict[tuple[UUID, str], list[RowId]] = {}
    for row_id, record in records.items():
        if not record.is_withdrawn:
            held_of.setdefault(row_id[:2], []).append(row_id)
    for person in people:
        for history in person.rows:
            _find_news_of(person, history, found)
            if held := held_of.get((_id(person), history)):
                told = {row.row_id for row in person.rows[history]}
                for row_id in held:
                    if row_id[2] not in told:
                        _note_gone(person, row_id, found)
    return found


def _find_news_of(person: Person, history: str, found: Comparison) -> None:
    talent_id, rows = _id(person), person.rows[history]
    held = [found.records.get((talent_id, history, row.row_id)) for row in rows]
    if any(
        record is None
        or record.is_withdrawn
        or record.digest != row.digest
        or record.kind is None
        or not record.is_settled
        for row, record in zip(rows, held, strict=True)
    ):
        read_history(person, history)
    for row, record in zip(rows, held, strict=True):
        if row.is_unreadable and record is not None and record.kind is not None and not record.is_withdrawn:
            found.unreadable.add((talent_id, history, row.row_id))
            continue
        if not row.is_read and record is not None:
            row.kind, row.row_key = record.kind, record.row_key
        is_news = _is_news(row, record)
        was_evidence = record is not None and record.kind is not None and not record.is_withdrawn
        if is_news:
            found.news.append((person, row))
        if is_news and history != wire.PERSON and row.kind is None and not was_evidence:
            change = "added" if record is None else "restored" if record.is_withdrawn else "changed"
            person.note(history, change, None, row.row_id, [])
        if row.kind is not None and (is_news or (record is not None and not record.is_settled)):
            found.touched[Part(talent_id, row.kind)] = person
        if record is not None and record.kind is not None and row.kind is not record.kind:
            part = Part(talent_id, record.kind)
            found.touched[part] = person
            row_id = (talent_id, history, row.row_id) if row.kind is None else None
            found.unvouched.setdefault(part, {})[_key(record.row_key)] = row_id


def _is_news(row: ReadRow, record: HeldRecord | None) -> bool:
    return record is None or record.is_withdrawn or record.digest != row.digest


def _note_gone(person: Person, row_id: RowId, found: Comparison) -> None:
    record = found.records[row_id]
    found.gone.append(row_id)
    if record.kind is None or record.row_key is None:
        person.note(row_id[1], "withdrawn", None, row_id[2], [])
    else:
        part = Part(row_id[0], record.kind)
        found.touched[part] = person
        found.unvouched.setdefault(part, {})[record.row_key] = row_id


def rows_of(person: Person, kind: Kind) -> Iterator[ReadRow]:
    """All rows that say something of a kind about somebody, read."""
    for history, rows in person.rows.items():
        if mapping.KINDS.get(history) is kind and any(row.kind is kind for row in rows):
            read_history(person, history)
            yield from (row for row in rows if row.kind is kind)


def registers_left_open(person: Person) -> frozenset[Kind]:
    """The kinds of which SIASN names something about somebody that cannot be read."""
    unread = (row for rows in person.rows.values() for row in rows if row.is_unreadable)
    kinds = (mapping.register_left_open(row.history, row.row) for row in unread)
    return frozenset(kind for kind in kinds if kind is not None)


def unanswered(person: Person) -> frozenset[str]:
    """The histories about which SIASN has not said anything that counts: what they told before stands."""
    answered = {name for name, reply in person.asked.histories.items() if isinstance(reply, Found)}
    return frozenset(wire.HISTORIES) - answered


def compare_part(
    found: Comparison, part: Part, rows: Sequence[ReadRow], held: Sequence[HeldEvidence], told_before: Sequence[ReadRow]
) -> None:
    """Compare the rows of a kind with what is held: stage them all, but for those that contradict what is verified.

    `told_before` are rows that were not told, or not readably, this time; they are delivered along, as what they told
    stands.
    """
    person = found.touched[part]
    by_key = {one.row_key: one for one in held}
    _complete(found, part, rows, held)
    _complete(found, part, told_before, held)
    delivered = {row.row_key for row in (*rows, *told_before)}
    staged = found.staged.setdefault(part.kind, [])
    for row in rows:
        record = found.records.get((part.talent_id, row.history, row.row_id))
        if (why := _contradiction(part.kind, row, held, by_key)) is not None:
            reason, ours = why
            topic = f"{row.history}:{row.row_id}"
            told = _content(row, by_key)
            differences = differences_between({} if ours is None else ours.values, told)
            found.contradictions.append(
                Contradiction(part.talent_id, topic, part.kind, row.row_key, reason, differences)
            )
            continue
        staged.append((person, row))
        _note_change(person, part.kind, row, record, held, by_key, delivered)
    staged += [(person, row) for row in told_before if _contradiction(part.kind, row, held, by_key) is None]
    for key, row_id in found.unvouched.get(part, {}).items():
        one = by_key.get(key)
        if row_id is not None and key not in delivered and one is not None and one.stands:
            person.note(row_id[1], "withdrawn", part.kind, row_id[2], differences_between(one.values, {}))


def _complete(found: Comparison, part: Part, rows: Sequence[ReadRow], held: Sequence[HeldEvidence]) -> None:
    """Complete rows by what is held; one that became another row of evidence by that vouches for the other no more."""
    for row in rows:
        record = found.records.get((part.talent_id, row.history, row.row_id))
        complete_row(part.kind, row, held, None if record is None else record.row_key)
        if record is None or record.kind is not part.kind or record.row_key == row.row_key:
            continue
        found.unvouched.setdefault(part, {}).setdefault(_key(record.row_key), None)
        if not _is_news(row, record):
            found.news.append((found.touched[part], row))


def complete_row(kind: Kind, row: ReadRow, held: Sequence[HeldEvidence], before: UUID | None) -> None:
    """What SIASN does not say of something is no news: there it says what our row about the same thing says.

    `before` is the key of the evidence that the row was so far, which counts where nothing about that stands.
    """
    about = [one for one in held if one.is_about(kind, row.values) and (one.stands or one.row_key == before)]
    if not about:
        return
    silent = [name for name in CONTENT[kind] if row.values.get(name) is None]
    if not silent:
        return
    told = {name: value for name, value in row.values.items() if value is not None}
    alike = [one for one in about if all(one.values[name] == value for name, value in told.items())]
    ours = max(alike or about, key=lambda one: one.stands)
    row.values = {**row.values, **{name: ours.values[name] for name in silent}}
    row.row_key = ours.row_key if ours in alike else row_key(EVIDENCE[kind].identity(row.values))


def _content(row: ReadRow, by_key: Mapping[UUID, HeldEvidence]) -> Mapping[str, object]:
    held = by_key.get(_key(row.row_key))
    return row.values if held is None else held.values


def _contradiction(
    kind: Kind, row: ReadRow, held: Sequence[HeldEvidence], by_key: Mapping[UUID, HeldEvidence]
) -> tuple[Reason, HeldEvidence | None] | None:
    """Why a row is not taken over by itself, and what stands instead of it."""
    same = by_key.get(_key(row.row_key))
    if same is not None and same.stands:
        return None
    about = [one for one in held if one.stands and one.is_about(kind, row.values)]
    if same is not None and same.overruled_by is not None:
        corrected = [one for one in held if one.submission_id == same.overruled_by]
        return Reason.SUBMISSION, next(iter((*corrected, *about)), None)
    if same is not None and same.is_corrected_by_files:
        return Reason.IMPORT, next(iter(about), None)
    submitted = [one for one in about if one.submission_id is not None]
    return (Reason.SUBMISSION, submitted[0]) if submitted else None


def _note_change(
    person: Person,
    kind: Kind,
    row: ReadRow,
    record: HeldRecord | None,
    held: Sequence[HeldEvidence],
    by_key: Mapping[UUID, HeldEvidence],
    delivered: set[UUID | None],
) -> None:
    same = by_key.get(_key(row.row_key))
    if same is not None:
        if not same.stands:
            person.note(row.history, "restored", kind, row.row_id, differences_between({}, same.values))
        return
    before = None if record is None or record.row_key is None else by_key.get(record.row_key)
    if before is None:
        before = next((one for one in held if _is_corrected(one, kind, row, delivered)), None)
    ours = {} if before is None else before.values
    change = "added" if before is None else "changed"
    person.note(row.history, change, kind, row.row_id, differences_between(ours, row.values))


def _is_corrected(one: HeldEvidence, kind: Kind, row: ReadRow, delivered: set[UUID | None]) -> bool:
    return one.stands and one.row_key not in delivered and one.is_about(kind, row.values)


def decree_contradiction(person: Person, decree: HeldDecree) -> Contradiction | None:
    """Where SIASN names another post than the one that our decree gave since; None where it knows, or knows better."""
    since = person.theirs.get("position_from")
    if decree.is_as_told or (decree.since is not None and since is not None and since >= decree.since):  # type: ignore[operator]
        return None
    differences: list[Json] = [
        {"field": "position", "ours": decree.post, "theirs": said(person.theirs.get("position"))},
        {"field": "unitId", "ours": decree.unit_id, "theirs": said(person.theirs.get("unit_id"))},
        {"field": "positionFrom", "ours": said(decree.since), "theirs": said(since)},
    ]
    return Contradiction(_id(person), POST_TOPIC, None, None, Reason.DECREE, differences)


POST_TOPIC = "post"


def _id(person: Person) -> UUID:
    if person.talent_id is None:
        raise LookupError("somebody who is taken over is on the books")
    return person.talent_id


def _key(row_key: UUID | None) -> UUID:
    if row_key is None:
        raise LookupError("a row of a kind has a key")
    return row_key
