"""Integration clients: who needs an agreement, how secrets follow each other, and what a token may be for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.actors import ClientScope
from app.domain.clients import Secret, ends_after_rotation, granted_scopes, must_have_agreement
from app.domain.errors import Invalid

NOW = datetime(2026, 11, 22, tzinfo=UTC)
OWN, OTHER = UUID(int=1), UUID(int=2)
READING = (ClientScope.TALENTS_READ,)


@pytest.mark.parametrize(
    ("scopes", "institutions", "is_needed"),
    [(READING, [OWN], False), (READING, [OWN, OTHER], True), ((ClientScope.DISCLOSURES,), [OWN], True)],
)
def test_who_reaches_other_institutions_needs_an_agreement(
    scopes: tuple[ClientScope, ...], institutions: list[UUID], is_needed: bool
) -> None:
    must_have_agreement(scopes, institutions, OWN, "PKS-12/2026")
    if not is_needed:
        must_have_agreement(scopes, institutions, OWN, None)
        return
    with pytest.raises(Invalid) as refusal:
        must_have_agreement(scopes, institutions, OWN, None)
    assert [fault.where for fault in refusal.value.faults] == ["/dataSharingAgreement"]


def test_after_a_rotation_the_newest_secret_overlaps_and_an_older_one_ends() -> None:
    first, second = Secret(uuid4(), NOW + timedelta(hours=3)), Secret(uuid4(), None)
    assert ends_after_rotation([], NOW, timedelta(hours=24)) == {}
    assert ends_after_rotation([second], NOW, timedelta(hours=24)) == {second.id: NOW + timedelta(hours=24)}
    assert ends_after_rotation([first, second], NOW, timedelta()) == {first.id: NOW, second.id: NOW}


hours = st.integers(0, 400).map(lambda number: timedelta(hours=number))


@given(st.lists(st.none() | hours, max_size=4), hours)
def test_at_most_one_secret_outlives_a_rotation_and_none_lives_longer_for_it(
    left: list[timedelta | None], overlap: timedelta
) -> None:
    live = [Secret(uuid4(), None if one is None else NOW + one) for one in left]
    ends = ends_after_rotation(live, NOW, overlap)
    assert set(ends) == {secret.id for secret in live}
    assert sum(end > NOW for end in ends.values()) <= 1
    assert all(end <= NOW + overlap for end in ends.values())
    assert all(secret.expires_at is None or ends[secret.id] <= max(secret.expires_at, NOW) for secret in live)


@pytest.mark.parametrize(
    ("wanted", "granted"),
    [
        (None, {ClientScope.TALENTS_READ, ClientScope.DISCLOSURES}),
        ("", {ClientScope.TALENTS_READ, ClientScope.DISCLOSURES}),
        ("disclosures", {ClientScope.DISCLOSURES}),
        (" disclosures  talents:read ", {ClientScope.TALENTS_READ, ClientScope.DISCLOSURES}),
        ("evidence:write", None),
        ("disclosures evidence:write", None),
        ("disclosures,talents:read", None),
        ("Disclosures", None),
    ],
)
def test_a_token_is_for_a_part_of_what_a_client_may(wanted: str | None, granted: set[ClientScope] | None) -> None:
    allowed = frozenset({ClientScope.TALENTS_READ, ClientScope.DISCLOSURES})
    assert granted_scopes(allowed, wanted) == granted
