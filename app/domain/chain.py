"""The chain of the ledger: what is hashed, in which order, and how a chain that was tampered with is found out.

docs/ledger.md specifies it. PostgreSQL chains with a function of its own; this is the second, independent account.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

FORMAT = "1"
"""Of what is hashed; another set of columns is another format."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the ledger; JSON columns as PostgreSQL prints them."""

    institution_id: UUID
    id: int
    recorded_at: datetime
    role: str
    subject: str
    purpose: str | None
    type: str
    about_type: str | None
    about_id: str | None
    payload: str
    before: str | None
    after: str | None
    request_id: str | None
    transaction: str


@dataclass(frozen=True, slots=True)
class Link:
    """The place of an entry in the chain, and the hash that stands there."""

    position: int
    institution_id: UUID
    entry_id: int
    hash: str
    chained_at: datetime


@dataclass(frozen=True, slots=True)
class Head:
    """A place of the chain and its hash, as somebody wrote them down."""

    position: int
    hash: str


class Damage(StrEnum):
    """What was done to a ledger."""

    ENTRY_CHANGED = "entry_changed"
    ENTRY_REMOVED = "entry_removed"
    ENTRY_INSERTED = "entry_inserted"
    """It is in the ledger, but neither in the chain nor waiting for it."""
    LINK_CHANGED = "link_changed"
    LINK_REMOVED = "link_removed"
    TAIL_REMOVED = "tail_removed"
    """The chain ends before a place that somebody wrote down."""
    REWRITTEN = "rewritten"
    """The chain is whole, but not the one of which somebody wrote down a hash."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and where; what nobody can know is None. A gap goes from `position` to `until`."""

    damage: Damage
    position: int | None = None
    institution_id: UUID | None = None
    entry_id: int | None = None
    until: int | None = None


def hash_of(entry: Entry, link: Link, previous: str | None) -> str:
    """The hash that belongs to an entry at its place after `previous` (None: nothing comes before)."""
    values = (
        FORMAT,
        previous,
        str(link.position),
        _instant(link.chained_at),
        str(entry.institution_id),
        str(entry.id),
        _instant(entry.recorded_at),
        entry.role,
        entry.subject,
        entry.purpose,
        entry.type,
        entry.about_type,
        entry.about_id,
        entry.payload,
        entry.before,
        entry.after,
        entry.request_id,
        entry.transaction,
    )
    return sha256(b"".join(_netstring(value) for value in values)).hexdigest()


def _netstring(value: str | None) -> bytes:
    """Length in bytes, colon, bytes, comma: no two rows of values are written alike. Null is a hyphen and a comma."""
    if value is None:
        return b"-,"
    encoded = value.encode()
    return b"%d:%s," % (len(encoded), encoded)


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Inspection:
    """Looks at the links of a chain one after the other, in order of position, and tells what is wrong.

    Which of the two was changed, an entry or its link, the next link tells: it was made from the hash that stood there
    when it was made.
    """

    def __init__(self, written_down: Head | None = None) -> None:
        self.head: Link | None = None
        self._written_down = written_down
        self._computed: str | None = None
        self._doubtful = False  # whether the hash of the last link is not what its entry asks for
        self._is_after_gap = False

    def look_at(self, link: Link, entry: Entry | None) -> Iterator[Finding]:
        """What is wrong between the last link and this one, and with this one; `entry` is None where there is none."""
        last = self.head
        expected = 1 if last is None else last.position + 1
        self._is_after_gap = link.position != expected
        if self._is_after_gap:
            yield from self._settle(follows_computed=False)
            yield Finding(Damage.LINK_REMOVED, expected, until=link.position - 1)
        yield from self._look_at_entry(link, entry, None if last is None else last.hash)
        kept = self._written_down
        if kept is not None and kept.position == link.position and kept.hash != link.hash:
            yield Finding(Damage.REWRITTEN, link.position, link.institution_id, link.entry_id)
        self.head = link

    def _look_at_entry(self, link: Link, entry: Entry | None, previous: str | None) -> Iterator[Finding]:
        if entry is None:
            yield from self._settle(follows_computed=False)
            yield Finding(Damage.ENTRY_REMOVED, link.position, link.institution_id, link.entry_id)
            self._computed = None
            return
        found = hash_of(entry, link, previous)
        if self._is_after_gap:  # the hash before it is lost, so nobody can tell
            found = link.hash
        elif self._doubtful and found != link.hash and self._computed is not None:
            found = hash_of(entry, link, self._computed)
            yield from self._settle(follows_computed=found == link.hash)
        else:
            yield from self._settle(follows_computed=False)
        self._computed, self._doubtful = found, found != link.hash

    def _settle(self, *, follows_computed: bool) -> Iterator[Finding]:
        """The last link was doubtful: it was changed if the next one follows from what its entry asks for."""
        if self._doubtful and self.head is not None:
            damage = Damage.LINK_CHANGED if follows_computed else Damage.ENTRY_CHANGED
            yield Finding(damage, self.head.position, self.head.institution_id, self.head.entry_id)
        self._doubtful = False

    def end(self) -> Iterator[Finding]:
        """What is wrong with the end of the chain."""
        yield from self._settle(follows_computed=False)
        reached = 0 if self.head is None else self.head.position
        if self._written_down is not None and self._written_down.position > reached:
            yield Finding(Damage.TAIL_REMOVED, self._written_down.position)
