"""The evidence ladder: how well founded a row of evidence is, who may lift it, and why it may be refused."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.domain.actors import Actor, Permission, Role, role_in_words
from app.domain.errors import Conflict, Forbidden
from app.domain.evidence import Kind
from app.domain.messages import Sentence, sentence


class Rung(StrEnum):
    """How well founded evidence is, in ascending order. What the HR office imports is verified by it."""

    DECLARED = "declared"
    DOCUMENTED = "documented"
    """A document is attached; nobody has compared it."""
    VERIFIED_BY_UNIT = "verifiedByUnit"
    VERIFIED_BY_HR = "verifiedByHr"

    @property
    def sentence_code(self) -> str:
        """The code of the sentence that says what a submission on this rung waits for."""
        return f"rung.{self.value}"


class State(StrEnum):
    """What has become of a submission."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    """Verified by HR: it is evidence now."""
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    """By the talent."""

    @property
    def sentence_code(self) -> str:
        """The code of its sentence, where nothing is left to be decided; before that the rung has one."""
        return f"submission.{self.value}"


class Decision(StrEnum):
    """What a verifier says of a submission."""

    VERIFY = "verify"
    REFUSE = "refuse"


class RefusalReason(StrEnum):
    """Why a submission is refused."""

    DOCUMENT_UNREADABLE = "documentUnreadable"
    DOES_NOT_MATCH_DOCUMENT = "doesNotMatchDocument"
    NOT_THIS_PERSON = "notThisPerson"
    ALREADY_RECORDED = "alreadyRecorded"
    OUT_OF_SCOPE = "outOfScope"
    OTHER = "other"

    @property
    def sentence_code(self) -> str:
        """The code of its sentence."""
        return f"refusal.{self.value}"


# To declare oneself free of sanctions is no evidence, and totals of instruments come from the assessment centre. A post
# held acting is a position with another status, and the rating of work results is part of an appraisal.
NOT_SUBMITTABLE = frozenset({Kind.SANCTION, Kind.ASSESSMENT_SCORE, Kind.ACTING, Kind.WORK_RESULT})
SUBMITTABLE = tuple(kind for kind in Kind if kind not in NOT_SUBMITTABLE)

_HEIGHT = {rung: height for height, rung in enumerate(Rung)}


def lowest(rungs: Iterable[Rung]) -> Rung | None:
    """The lowest of some rungs; None of none."""
    return min(rungs, key=_HEIGHT.__getitem__, default=None)


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision on record: by whom (the identity provider's name) in which role, and the rung it left behind."""

    decision: Decision
    role: str
    subject: str
    rung: Rung


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a submission stands: whose it is, and who decided last."""

    state: State
    rung: Rung
    nip: str
    submitted_by: str
    last: Decided | None = None


def rung_of_verifier(actor: Actor) -> Rung:
    """The rung that this actor's verification reaches."""
    return Rung.VERIFIED_BY_HR if actor.may(Permission.VERIFY_EVIDENCE) else Rung.VERIFIED_BY_UNIT


def must_be_decidable(standing: Standing, actor: Actor, seen: Rung) -> Rung:
    """The rung that the actor decides at; refused for one's own, for what is decided, and for what has changed.

    `seen` is the rung that the actor knew when deciding. A unit decides until it has verified, HR until it is evidence.
    """
    if actor.subject == standing.submitted_by or actor.nip == standing.nip:
        raise Forbidden("submission.own")
    must_be_open(standing)
    decides_at = rung_of_verifier(actor)
    if standing.rung is not seen or _HEIGHT[standing.rung] >= _HEIGHT[decides_at]:
        raise _overtaken(standing)
    return decides_at


def must_be_open(standing: Standing) -> None:
    """Refuse what is refused, accepted or withdrawn already, and say by whom."""
    if standing.state is not State.SUBMITTED:
        raise _overtaken(standing)


def must_lack_document(standing: Standing) -> None:
    """A document is attached once, so that what a verifier has read is what is attached."""
    must_be_open(standing)
    if standing.rung is Rung.VERIFIED_BY_UNIT:
        raise _overtaken(standing)
    if standing.rung is not Rung.DECLARED:
        raise Conflict("submission.has_document")


def _overtaken(standing: Standing) -> Conflict:
    """Why a decision comes too late: somebody else decided, the talent withdrew or attached a document."""
    if standing.state is State.WITHDRAWN:
        return Conflict("submission.was_withdrawn")
    if (last := standing.last) is None:
        return Conflict("submission.was_changed", rung=_in_words(standing.rung))
    if last.decision is Decision.REFUSE:
        return Conflict("submission.was_refused", by=last.subject, role=role_in_words(Role(last.role)))
    role = role_in_words(Role(last.role))
    return Conflict("submission.was_verified", by=last.subject, role=role, rung=_in_words(last.rung))


def _in_words(rung: Rung) -> Sentence:
    return sentence(f"rung.words.{rung.value}")


@dataclass(frozen=True, slots=True)
class Held:
    """A row on record of the kind and person of a submission; equal rows have equal keys."""

    id: int
    row_key: UUID
    is_same_thing: bool
    """Whether it speaks of what the submission speaks of, such as the appraisal of the same year."""


def must_add_something(row_key: UUID, held: Collection[Held], corrects: int | None) -> None:
    """A submission says something new, and what is on record about the same thing is what it corrects.

    `held` are the rows that count: those about the same thing, and the one to be corrected.
    """
    if corrects is not None and corrects not in {row.id for row in held}:
        raise Conflict("evidence.cannot_be_corrected", evidence=corrects)
    same = {row.id for row in held if row.is_same_thing}
    if known := [row.id for row in held if row.row_key == row_key]:
        raise Conflict("evidence.already_recorded", evidence=known[0])
    if same and corrects not in same:
        raise Conflict("evidence.same_thing", evidence=min(same))
