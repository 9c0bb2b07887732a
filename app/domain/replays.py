"""Replays: the bytes of what a ranking found about everybody, and where one that is made again finds something else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.domain.candidates import Candidate, Given, Target
from app.domain.ranking import points_of, tie_break, total_of
from app.domain.requirements import Outcome, Requirement
from app.domain.rule_sets import Criterion
from app.domain.verdicts import overall, verdict


class Standing(StrEnum):
    """What the requirements together make of somebody."""

    ELIGIBLE = "eligible"
    NEEDS_VERIFICATION = "needsVerification"
    INELIGIBLE = "ineligible"


STANDINGS = tuple(Standing)
STANDING_OF: Mapping[Outcome, Standing] = {
    Outcome.MET: Standing.ELIGIBLE,
    Outcome.NEEDS_VERIFICATION: Standing.NEEDS_VERIFICATION,
    Outcome.NOT_MET: Standing.INELIGIBLE,
}
UNKNOWN, NOTHING = "?", "-"
Order = tuple[int, int, str, bytes]
"""By this people stand in lists: group, points, lot, id."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What everybody in a run was put to."""

    target: Target
    requirements: Sequence[Requirement]
    criteria: Sequence[Criterion]
    seed: bytes


@dataclass(frozen=True, slots=True)
class Considered:
    """What a run found about one person, as it is stored."""

    candidate_id: UUID
    outcome: Standing
    verdicts: tuple[bool | None, ...]
    parts: tuple[int | None, ...]
    total: int | None
    lowest: int
    highest: int
    tie_break: str | None

    @property
    def order(self) -> Order:
        """Those with a position first, then eligible without one, to be verified, ineligible."""
        if self.outcome is Standing.ELIGIBLE and self.total is not None:
            return 0, -self.total, self.tie_break or "", self.candidate_id.bytes
        return 1 + STANDINGS.index(self.outcome), -self.highest, "", self.candidate_id.bytes

    def digest(self, facts: str) -> bytes:
        """SHA-256 over the frozen facts, as they are stored, and what was found."""
        return hashlib.sha256("\n".join([str(self.candidate_id), facts, *self._words()]).encode()).digest()

    def _words(self) -> list[str]:
        verdicts = ",".join(UNKNOWN if one is None else "ft"[one] for one in self.verdicts)
        parts = ",".join(UNKNOWN if one is None else str(one) for one in self.parts)
        total = UNKNOWN if self.total is None else str(self.total)
        return [self.outcome, verdicts, parts, total, str(self.lowest), str(self.highest), self.tie_break or NOTHING]


def consider(terms: Terms, candidate: Candidate, given: Given) -> Considered:
    """What a run under these terms finds about somebody, by the plain rules."""
    outcomes = tuple(verdict(one, candidate, terms.target, given).outcome for one in terms.requirements)
    parts = tuple(points_of(one, candidate, terms.target, given) for one in terms.criteria)
    total, standing = total_of(parts), STANDING_OF[overall(outcomes)]
    is_eligible = standing is Standing.ELIGIBLE
    return Considered(
        candidate.id,
        standing,
        tuple(None if one is Outcome.NEEDS_VERIFICATION else one is Outcome.MET for one in outcomes),
        tuple(part.points for part in parts),
        total.points,
        total.lowest,
        total.highest,
        tie_break(terms.seed, candidate.id) if is_eligible else None,
    )


def heading(**about: object) -> bytes:
    """The bytes of what was the same for everybody."""
    return json.dumps(about, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=str).encode()


@dataclass(frozen=True, slots=True)
class Difference:
    """Somebody about whom something is stored otherwise than it is found; `facts`: what was frozen was changed."""

    candidate_id: UUID
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a run stored about somebody, with the facts as they are stored and as they are read; None: unreadable."""

    found: Considered
    facts: str
    inputs: tuple[Candidate, Given] | None
    digest: bytes
    ordinal: int
    position: int | None
    lacking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands: as found again, and as stored."""

    order: Order
    ordinal: int
    position: int | None


def sealed(people: str, **told: object) -> str:
    """SHA-256, in hexadecimal, over the digest of all people and what is told of the run as a whole."""
    return hashlib.sha256(people.encode() + heading(**told)).hexdigest()


class Replay:
    """A run that is made again from what it stored, some people at a time, in the order of their ids."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._digests = bytearray()
        self._places: list[Place] = []
        self._differences: dict[UUID, list[str]] = {}

    def add(self, people: Iterable[Kept]) -> None:
        """Find everything about them again, and note what is stored otherwise."""
        for one in people:
            again = one.found if one.inputs is None else consider(self._terms, *one.inputs)
            digest = again.digest(one.facts)
            self._digests += digest
            self._places.append(Place(again.order, one.ordinal, one.position))
            different = [name for name in COMPARED if getattr(one.found, name) != getattr(again, name)]
            if list(one.lacking) != self._lacking(again):
                different.append("lacking")
            if different or digest != one.digest:
                self._note(one.found.candidate_id, *(different or ["facts"]))

    def finish(self, heading: bytes) -> str:
        """The digest of the run as it is found again; `heading` is what was the same for everybody."""
        whole = hashlib.sha256(heading + self._digests)
        self._places.sort(key=lambda place: place.order)
        for ordinal, place in enumerate(self._places, start=1):
            group, *_, candidate_id = place.order
            whole.update(candidate_id)
            if (place.ordinal, place.position) != (ordinal, ordinal if group == 0 else None):
                self._note(UUID(bytes=candidate_id), "position")
        return whole.hexdigest()

    @property
    def differences(self) -> list[Difference]:
        """Everybody about whom something is different, in the order of their ids."""
        return [Difference(one, tuple(what)) for one, what in sorted(self._differences.items())]

    def _lacking(self, found: Considered) -> list[str]:
        asked = zip(self._terms.requirements, found.verdicts, strict=True)
        return [one.code for one, is_met in asked if is_met is not True]

    def _note(self, candidate_id: UUID, *what: str) -> None:
        self._differences.setdefault(candidate_id, []).extend(what)


COMPARED = ("outcome", "verdicts", "parts", "total", "lowest", "highest", "tie_break")
