"""The division of labour: which role may do what, and above all which may not."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.domain.actors import PERMISSIONS, Actor, Permission, Role
from app.domain.errors import Forbidden

OFFICERS = {Role.HR_OFFICER, Role.OPERATOR}
COMMITTEE = {Role.COMMITTEE_MEMBER, Role.COMMITTEE_CHAIR}
DOSSIERS = {Permission.READ_TALENTS, Permission.READ_UNIT_TALENTS, Permission.READ_OWN_TALENT}
EVERYBODYS = {Permission.READ_RUBRICS, Permission.READ_INSTITUTIONS}

HOLDERS: dict[Permission, set[Role]] = {
    Permission.READ_RUBRICS: set(Role),
    Permission.READ_INSTITUTIONS: set(Role),
    Permission.READ_TALENTS: {*OFFICERS, *COMMITTEE, Role.APPOINTING_AUTHORITY, Role.AUDITOR},
    Permission.READ_UNIT_TALENTS: {Role.UNIT_VERIFIER},
    Permission.READ_OWN_TALENT: {Role.TALENT},
    Permission.READ_NATIONAL_COUNTS: {Role.NATIONAL},
    Permission.READ_IMPORTS: {*OFFICERS, Role.AUDITOR},
    Permission.READ_LEDGER: {Role.AUDITOR},
    Permission.CREATE_INSTITUTION: {Role.OPERATOR},
    Permission.IMPORT: OFFICERS,
    Permission.EDIT_RUBRICS: OFFICERS,
    Permission.MANAGE_CYCLES: OFFICERS,
    Permission.VERIFY_EVIDENCE: OFFICERS,
    Permission.VERIFY_EVIDENCE_OF_UNIT: {Role.UNIT_VERIFIER},
    Permission.SUBMIT_OWN_EVIDENCE: {Role.TALENT},
    Permission.OBJECT: {Role.TALENT},
    Permission.CALIBRATE: {*COMMITTEE, Role.APPOINTING_AUTHORITY},
    Permission.CONFIRM_CYCLE: {Role.APPOINTING_AUTHORITY},
}
"""Who may, for everything where somebody too many would be a fault."""


@pytest.mark.parametrize("permission", HOLDERS, ids=str)
def test_exactly_these_roles_may(permission: Permission) -> None:
    assert {role for role in Role if Actor(uuid4(), role, "somebody").may(permission)} == HOLDERS[permission]


def test_a_talent_reads_nobody_else() -> None:
    assert PERMISSIONS[Role.TALENT] & DOSSIERS == {Permission.READ_OWN_TALENT}
    assert not PERMISSIONS[Role.TALENT] & {Permission.READ_TALENT_MAP, Permission.READ_CYCLES, Permission.EXPORT}


def test_a_national_actor_reads_no_dossier() -> None:
    assert PERMISSIONS[Role.NATIONAL] == {*EVERYBODYS, Permission.READ_NATIONAL_COUNTS}


def test_a_unit_verifier_may_nothing_that_reaches_beyond_the_unit() -> None:
    of_unit = {Permission.READ_UNIT_TALENTS, Permission.VERIFY_EVIDENCE_OF_UNIT}
    assert PERMISSIONS[Role.UNIT_VERIFIER] == {*EVERYBODYS, *of_unit}


def test_an_auditor_changes_nothing() -> None:
    assert {permission for permission in PERMISSIONS[Role.AUDITOR] if not permission.startswith("read_")} == set()


def test_who_calculates_neither_moves_nor_confirms() -> None:
    decisions = {Permission.CALIBRATE, Permission.CONFIRM_CYCLE}
    for role in Role:
        assert not (Permission.MANAGE_CYCLES in PERMISSIONS[role] and decisions & PERMISSIONS[role]), role


def test_nobody_has_two_reaches() -> None:
    for role in Role:
        assert len(PERMISSIONS[role] & DOSSIERS) <= 1, role


def test_any_one_of_the_alternatives_is_enough() -> None:
    verifier = Actor(uuid4(), Role.UNIT_VERIFIER, "verifier")
    verifier.require(Permission.READ_TALENTS, Permission.READ_UNIT_TALENTS)
    with pytest.raises(Forbidden) as refused:
        verifier.require(Permission.READ_TALENTS, Permission.READ_OWN_TALENT)
    assert (refused.value.code, refused.value.about["role"]) == ("forbidden", "unit-verifier")
