"""The life of a mapping cycle: its phases, what may be done in which, its planned dates and its advisory shares."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from app.domain.errors import Conflict, Fault, refuse
from app.domain.messages import Sentence, day_in_words, sentence, words_in_both
from app.domain.nine_box import BOXES


class Phase(StrEnum):
    """Where a cycle is. It passes all phases in this order, and none twice."""

    OPEN = "open"
    CALCULATION = "calculation"
    CALIBRATION = "calibration"
    OBJECTION = "objection"
    CONFIRMATION = "confirmation"
    PUBLICATION = "publication"
    CLOSED = "closed"


class Act(StrEnum):
    """What is done to a cycle and what stands in it."""

    CALCULATE = "calculate"
    CALIBRATE = "calibrate"
    REVIEW = "review"
    OBJECT = "object"
    ANSWER = "answer"
    CONFIRM = "confirm"


ALLOWED_IN: Mapping[Act, tuple[Phase, ...]] = {
    Act.CALCULATE: (Phase.OPEN, Phase.CALCULATION, Phase.CALIBRATION),
    Act.CALIBRATE: (Phase.CALIBRATION,),
    Act.REVIEW: (Phase.CALIBRATION, Phase.OBJECTION, Phase.CONFIRMATION),
    Act.OBJECT: (Phase.OBJECTION,),
    Act.ANSWER: (Phase.OBJECTION,),
    Act.CONFIRM: (Phase.CONFIRMATION,),
}
FOLLOWING: Mapping[Phase, Phase] = dict(zip(tuple(Phase), tuple(Phase)[1:], strict=False))

_BEGINNING = (Phase.OPEN, Phase.CALCULATION, Phase.CALIBRATION)
EDITABLE_IN: Mapping[str, tuple[Phase, ...]] = {
    "as_of": (Phase.OPEN, Phase.CALCULATION),
    "rubric": (Phase.OPEN, Phase.CALCULATION),
    "name": _BEGINNING,
    "guideline": _BEGINNING,
    "calibration_until": _BEGINNING,
    "objection_until": (*_BEGINNING, Phase.OBJECTION),
    "confirmation_until": (*_BEGINNING, Phase.OBJECTION, Phase.CONFIRMATION),
}
"""Up to when a part of a cycle may be edited; another day or rubric asks for a new calculation."""


class PlacementState(StrEnum):
    """What a placement of a cycle is worth: a talent sees it as soon as it can be objected to."""

    DRAFT = "draft"
    PROVISIONAL = "provisional"
    PUBLISHED = "published"


STATE_IN: Mapping[Phase, PlacementState] = {
    **dict.fromkeys(Phase, PlacementState.DRAFT),
    **dict.fromkeys((Phase.OBJECTION, Phase.CONFIRMATION), PlacementState.PROVISIONAL),
    **dict.fromkeys((Phase.PUBLICATION, Phase.CLOSED), PlacementState.PUBLISHED),
}


class Origin(StrEnum):
    """Where the placements of a cycle come from."""

    CALCULATED = "calculated"
    IMPORTED = "imported"


class SkewBy(StrEnum):
    """Whose people are compared: those one person appraised or, where no appraisal names one, those of a unit."""

    APPRAISER = "appraiser"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Plan:
    """The last day of each phase that people wait for; None where none is planned."""

    calibration_until: date | None = None
    objection_until: date | None = None
    confirmation_until: date | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """An advisory share: how many of a hundred assessed people are expected in these boxes together."""

    boxes: tuple[int, ...]
    percent: int


def must_allow(act: Act, phase: Phase) -> None:
    """Refused with `cycle.phase`, which says where the cycle is and where it would have to be."""
    must_be_in(phase, ALLOWED_IN[act])


def must_be_in(phase: Phase, allowed: Collection[Phase]) -> None:
    """Refused with `cycle.phase` outside the allowed phases."""
    if phase not in allowed:
        needed = [words_of(one) for one in allowed]
        said = words_in_both((one["id"] for one in needed), (one["en"] for one in needed))
        raise Conflict("cycle.phase", phase=words_of(phase), needed=said)


def words_of(phase: Phase) -> Sentence:
    """A phase, as it stands in a sentence."""
    return sentence(f"cycle.phase.{phase.value}")


def must_follow(phase: Phase, target: Phase) -> None:
    """A cycle moves on by one phase at a time, and never back."""
    must_be_in(phase, [before for before, after in FOLLOWING.items() if after is target])


def must_be_editable(phase: Phase, changed: Iterable[str]) -> None:
    """Refused with `cycle.locked`, which names the first part that is settled by now."""
    for part in changed:
        if phase not in EDITABLE_IN[part]:
            raise Conflict("cycle.locked", part=sentence(f"cycle.part.{part}"), phase=words_of(phase))


def must_be_in_order(plan: Plan) -> None:
    """The planned days follow each other; two phases may end on the same day."""
    planned = [
        (name, day)
        for name, day in (
            ("calibrationUntil", plan.calibration_until),
            ("objectionUntil", plan.objection_until),
            ("confirmationUntil", plan.confirmation_until),
        )
        if day is not None
    ]
    for (_, earlier), (name, later) in pairwise(planned):
        if later < earlier:
            fault = Fault("plan.order", f"/{name}", {"day": day_in_words(later), "earlier": day_in_words(earlier)})
            refuse(fault)


def must_not_shorten(phase: Phase, before: date | None, after: date | None) -> None:
    """People were told until when they may object: the deadline is only ever moved back."""
    if phase is Phase.OBJECTION and before is not None and (after is None or after < before):
        raise Conflict("objection.shortened", until=day_in_words(before))


def must_be_disjoint(shares: Sequence[Share]) -> None:
    """A box has at most one advisory share, and all shares together are at most the whole."""
    named = [box for share in shares for box in share.boxes]
    faults = []
    if repeated := sorted({box for box in named if named.count(box) > 1}):
        faults.append(Fault("guideline.repeated", "/guideline", {"boxes": ", ".join(map(str, repeated))}))
    if unknown := sorted({box for box in named if box not in BOXES}):
        faults.append(Fault("guideline.box", "/guideline", {"boxes": ", ".join(map(str, unknown))}))
    if (total := sum(share.percent for share in shares)) > WHOLE:
        faults.append(Fault("guideline.total", "/guideline", {"total": total}))
    if faults:
        refuse(*faults)


WHOLE = 100  # percent


def must_be_calculated_here(origin: str) -> None:
    """Of an imported cycle only the outcome is known: nothing can be worked out from its evidence."""
    if origin != Origin.CALCULATED.value:
        raise Conflict("cycle.imported")


def must_be_calculated(*, has_placements: bool) -> None:
    """Nobody can calibrate what has not been calculated."""
    if not has_placements:
        raise Conflict("cycle.not_calculated")


def must_be_settled(awaiting: int) -> None:
    """People are told where they stand only when every move is decided."""
    if awaiting:
        raise Conflict("calibration.undecided", count=awaiting)


def must_be_reviewed(awaiting: int) -> None:
    """Who objects to automated processing is decided on by a human, who is recorded, before a box becomes final."""
    if awaiting:
        raise Conflict("cycle.manual_decisions", count=awaiting)


def must_have_a_window(today: date, until: date | None) -> None:
    """Objections need a deadline that is still to come."""
    if until is None or until < today:
        said = sentence("objection.no_deadline") if until is None else day_in_words(until)
        raise Conflict("objection.no_window", until=said)


def must_be_heard(unanswered: int, today: date, until: date | None, *, may_be_early: bool) -> bool:
    """A cycle is put up for confirmation when every objection is answered and the window over; whether it is early."""
    if unanswered:
        raise Conflict("objection.unanswered", count=unanswered)
    if until is None or today > until:
        return False
    if not may_be_early:
        raise Conflict("objection.window_open", until=day_in_words(until))
    return True
