"""Disclosure and consent: both sides have to agree, in either order, and a no or a withdrawal ends it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain import consents
from app.domain.consents import LONGEST, Scope
from app.domain.disclosures import (
    CONSENT_FOR,
    MOST_DAYS_OPEN,
    Party,
    Standing,
    State,
    Tier,
    must_be_requested,
    must_be_withdrawable,
)
from app.domain.errors import Conflict, Invalid
from app.domain.purposes import Purpose, purpose_across, purpose_within

NOW = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize("order", [tuple(Party), tuple(reversed(Party))])
def test_it_is_open_when_both_have_agreed_and_not_before(order: tuple[Party, Party]) -> None:
    first = Standing(State.REQUESTED, frozenset()).after(order[0])
    assert first.state is State.REQUESTED
    assert first.after(order[1]).state is State.OPEN
    with pytest.raises(Conflict, match=r"disclosure\.answered"):
        first.after(order[0])


@pytest.mark.parametrize("state", [state for state in State if state is not State.REQUESTED])
def test_what_is_decided_is_not_decided_again(state: State) -> None:
    for party in Party:
        with pytest.raises(Conflict, match=r"disclosure\.decided"):
            Standing(state, frozenset()).after(party)
    with pytest.raises(Conflict):
        must_be_requested(state)


def test_what_is_closed_is_not_withdrawn() -> None:
    for state in (State.REQUESTED, State.OPEN):
        must_be_withdrawable(state)
    for state in (State.REFUSED, State.WITHDRAWN, State.EXPIRED):
        with pytest.raises(Conflict):
            must_be_withdrawable(state)


def test_a_tier_takes_a_consent_to_at_least_as_much() -> None:
    assert set(Tier.IDENTIFIED.covering) == {Scope.IDENTIFIED, Scope.DOSSIER}
    assert set(Tier.DOSSIER.covering) == {Scope.DOSSIER}


def test_the_consent_to_a_disclosure_lasts_as_long_as_it_can_be_open() -> None:
    assert timedelta(days=MOST_DAYS_OPEN) <= CONSENT_FOR <= LONGEST


@given(some.timedeltas(timedelta(days=-2000), timedelta(days=2000)))
def test_a_consent_ends_in_the_future_and_in_time(ahead: timedelta) -> None:
    if timedelta(0) < ahead <= LONGEST:
        consents.must_end_in_time(NOW, NOW + ahead)
    else:
        with pytest.raises(Invalid):
            consents.must_end_in_time(NOW, NOW + ahead)


def test_within_the_own_institution_a_role_stands_for_a_purpose_and_across_nothing_does() -> None:
    assert purpose_within("auditor", None) is Purpose.SUPERVISION
    assert purpose_within("auditor", Purpose.SUCCESSION) is Purpose.SUCCESSION
    assert purpose_across(Purpose.TALENT_MOBILITY) is Purpose.TALENT_MOBILITY
    with pytest.raises(Invalid, match=r"purpose\.missing"):
        purpose_across(None)
