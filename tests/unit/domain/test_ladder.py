"""The evidence ladder: who may lift what, and what a submission must say."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.actors import Actor, Role
from app.domain.errors import Conflict, Forbidden, TalentError
from app.domain.evidence import Kind
from app.domain.ladder import (
    SUBMITTABLE,
    Decided,
    Decision,
    Held,
    RefusalReason,
    Rung,
    Standing,
    State,
    lowest,
    must_add_something,
    must_be_decidable,
    must_lack_document,
)
from app.domain.messages import SENTENCES

NIP = "198008212005011001"
OFFICER = Actor(uuid4(), Role.HR_OFFICER, "officer")
VERIFIER = Actor(uuid4(), Role.UNIT_VERIFIER, "verifier", unit_id="U1")
BY_UNIT = Decided(Decision.VERIFY, "unit-verifier", "verifier", Rung.VERIFIED_BY_UNIT)
REFUSED = Decided(Decision.REFUSE, "hr-officer", "officer", Rung.DECLARED)
ASCENDING = [Rung.DECLARED, Rung.DOCUMENTED, Rung.VERIFIED_BY_UNIT, Rung.VERIFIED_BY_HR]


def a_standing(rung: Rung = Rung.DECLARED, state: State = State.SUBMITTED, last: Decided | None = None) -> Standing:
    return Standing(state, rung, NIP, "talent", last)


@given(st.lists(st.sampled_from(Rung)))
def test_the_lowest_rung_is_the_one_that_stands_first_on_the_ladder(rungs: list[Rung]) -> None:
    assert lowest(rungs) is next((rung for rung in ASCENDING if rung in rungs), None)


@pytest.mark.parametrize(
    ("actor", "rung", "reached"),
    [
        (VERIFIER, Rung.DECLARED, Rung.VERIFIED_BY_UNIT),
        (VERIFIER, Rung.DOCUMENTED, Rung.VERIFIED_BY_UNIT),
        (OFFICER, Rung.DECLARED, Rung.VERIFIED_BY_HR),
        (OFFICER, Rung.DOCUMENTED, Rung.VERIFIED_BY_HR),
        (OFFICER, Rung.VERIFIED_BY_UNIT, Rung.VERIFIED_BY_HR),
    ],
)
def test_a_verification_lifts_to_the_verifiers_rung(actor: Actor, rung: Rung, reached: Rung) -> None:
    last = BY_UNIT if rung is Rung.VERIFIED_BY_UNIT else None
    assert must_be_decidable(a_standing(rung, last=last), actor, rung) is reached


@pytest.mark.parametrize(
    "actor",
    [
        Actor(uuid4(), Role.HR_OFFICER, "talent"),
        Actor(uuid4(), Role.HR_OFFICER, "somebody", NIP),
        Actor(uuid4(), Role.UNIT_VERIFIER, "talent", unit_id="U1"),
    ],
)
def test_nobody_decides_about_the_own_submission(actor: Actor) -> None:
    with pytest.raises(Forbidden, match=r"submission\.own"):
        must_be_decidable(a_standing(), actor, Rung.DECLARED)


@pytest.mark.parametrize(
    ("standing", "actor", "seen", "code"),
    [
        (a_standing(Rung.VERIFIED_BY_UNIT, last=BY_UNIT), VERIFIER, Rung.DECLARED, "submission.was_verified"),
        (a_standing(Rung.VERIFIED_BY_UNIT, last=BY_UNIT), VERIFIER, Rung.VERIFIED_BY_UNIT, "submission.was_verified"),
        (a_standing(Rung.VERIFIED_BY_UNIT, last=BY_UNIT), OFFICER, Rung.DOCUMENTED, "submission.was_verified"),
        (a_standing(Rung.DOCUMENTED), OFFICER, Rung.DECLARED, "submission.was_changed"),
        (a_standing(state=State.REFUSED, last=REFUSED), VERIFIER, Rung.DECLARED, "submission.was_refused"),
        (a_standing(state=State.WITHDRAWN), OFFICER, Rung.DECLARED, "submission.was_withdrawn"),
        (
            a_standing(Rung.VERIFIED_BY_UNIT, State.WITHDRAWN, BY_UNIT),
            OFFICER,
            Rung.VERIFIED_BY_UNIT,
            "submission.was_withdrawn",
        ),
    ],
)
def test_who_decides_too_late_is_told_what_happened(standing: Standing, actor: Actor, seen: Rung, code: str) -> None:
    with pytest.raises(Conflict) as refused:
        must_be_decidable(standing, actor, seen)
    assert refused.value.code == code
    if standing.last is not None and standing.state is not State.WITHDRAWN:
        assert standing.last.subject in refused.value.detail["en"]


def test_a_document_is_attached_once_and_before_anybody_verifies() -> None:
    must_lack_document(a_standing(Rung.DECLARED))
    for standing, code in (
        (a_standing(Rung.DOCUMENTED), "submission.has_document"),
        (a_standing(Rung.VERIFIED_BY_UNIT, last=BY_UNIT), "submission.was_verified"),
        (a_standing(state=State.REFUSED, last=REFUSED), "submission.was_refused"),
    ):
        with pytest.raises(Conflict) as refused:
            must_lack_document(standing)
        assert refused.value.code == code


# ── something new

KEY, OTHER_KEY = UUID(int=1), UUID(int=2)
SAME_YEAR, OTHER_YEAR = Held(7, OTHER_KEY, is_same_thing=True), Held(8, OTHER_KEY, is_same_thing=False)


def refusal_of(held: list[Held], corrects: int | None) -> str | None:
    try:
        must_add_something(KEY, held, corrects)
    except TalentError as error:
        return error.code
    return None


@pytest.mark.parametrize(
    ("held", "corrects", "code"),
    [
        ([], None, None),
        ([SAME_YEAR], 7, None),
        ([OTHER_YEAR], 8, None),
        ([SAME_YEAR, Held(9, OTHER_KEY, is_same_thing=True)], 9, None),
        ([SAME_YEAR], None, "evidence.same_thing"),
        ([SAME_YEAR, OTHER_YEAR], 8, "evidence.same_thing"),
        ([SAME_YEAR], 99, "evidence.cannot_be_corrected"),
        ([], 99, "evidence.cannot_be_corrected"),
        ([Held(7, KEY, is_same_thing=True)], None, "evidence.already_recorded"),
        ([Held(7, KEY, is_same_thing=True)], 7, "evidence.already_recorded"),
    ],
)
def test_a_submission_adds_something_or_corrects_what_is_on_record(
    held: list[Held], corrects: int | None, code: str | None
) -> None:
    assert refusal_of(held, corrects) == code


def test_nobody_declares_oneself_free_of_sanctions() -> None:
    assert Kind.SANCTION not in SUBMITTABLE


@pytest.mark.parametrize("one", [*Rung, *RefusalReason, *(state for state in State if state is not State.SUBMITTED)])
def test_what_a_talent_reads_has_a_sentence(one: Rung | RefusalReason | State) -> None:
    assert one.sentence_code in SENTENCES
