"""From the claims of a token to a person: which of several roles they act as."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.auth.claims import PEOPLES_ROLES, ClaimMapping
from app.domain.actors import PERMISSIONS, Role
from app.domain.errors import Unauthenticated

NIP = "198008212005011001"


def claims(*roles: object, nip: str | None = NIP) -> dict[str, object]:
    return {"sub": "rina", "nip": nip, "institution": str(uuid4()), "realm_access": {"roles": list(roles)}}


def test_every_role_is_a_persons_but_those_of_systems_and_the_command_line() -> None:
    assert set(PEOPLES_ROLES) == set(Role) - {Role.CLIENT, Role.OPERATOR}
    assert len(PEOPLES_ROLES) == len(set(PEOPLES_ROLES))


@given(st.permutations(PEOPLES_ROLES), st.integers(1, len(PEOPLES_ROLES)), st.booleans())
def test_the_same_roles_make_the_same_actor_in_any_order(roles: list[Role], several: int, has_noise: bool) -> None:
    held = roles[:several]
    named = [*held, "offline_access", None, 7] if has_noise else held
    actor = ClaimMapping().actor_of(claims(*named))
    assert actor.role == min(held, key=PEOPLES_ROLES.index)
    assert {actor.role, *actor.other_roles} == set(held)
    assert actor.permissions == ClaimMapping().actor_of(claims(*sorted(held, key=PEOPLES_ROLES.index))).permissions
    assert PERMISSIONS[actor.role] <= actor.permissions <= frozenset().union(*(PERMISSIONS[role] for role in held))


def test_a_talent_without_a_number_is_what_else_they_are() -> None:
    actor = ClaimMapping().actor_of(claims("talent", "auditor", nip=None))
    assert (actor.role, actor.other_roles) == (Role.AUDITOR, frozenset())
    with pytest.raises(Unauthenticated):
        ClaimMapping().actor_of(claims("talent", nip=""))
