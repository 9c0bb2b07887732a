"""The division of labour: which role may do what, and above all which may not."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from app.domain.actors import PERMISSIONS, PERMISSIONS_OF_SCOPES, Actor, ClientScope, Permission, Role
from app.domain.errors import Forbidden
from app.domain.messages import SENTENCES

OFFICERS = {Role.HR_OFFICER, Role.OPERATOR}
COMMITTEE = {Role.COMMITTEE_MEMBER, Role.COMMITTEE_CHAIR}
DOSSIERS = {Permission.READ_TALENTS, Permission.READ_UNIT_TALENTS, Permission.READ_OWN_TALENT}
EVERYBODYS = {Permission.READ_RUBRICS, Permission.READ_INSTITUTIONS, Permission.READ_MOBILITY}

HOLDERS: dict[Permission, set[Role]] = {
    Permission.READ_RUBRICS: set(Role),
    Permission.READ_INSTITUTIONS: set(Role),
    Permission.READ_MOBILITY: set(Role),
    Permission.ADMIT_MOBILITY_ORGANISERS: {Role.NATIONAL},
    Permission.ORGANISE_MOBILITY: {*OFFICERS, Role.APPOINTING_AUTHORITY, Role.NATIONAL},
    Permission.RELEASE_FOR_MOBILITY: {Role.APPOINTING_AUTHORITY},
    Permission.TAKE_PART_IN_MOBILITY: {Role.TALENT},
    Permission.DECIDE_MOBILITY_CASES: {Role.APPOINTING_AUTHORITY},
    Permission.CONSIDER_MOBILITY_CASES: {Role.NATIONAL},
    Permission.READ_TALENTS: {*OFFICERS, *COMMITTEE, Role.APPOINTING_AUTHORITY, Role.AUDITOR},
    Permission.READ_UNIT_TALENTS: {Role.UNIT_VERIFIER},
    Permission.READ_OWN_TALENT: {Role.TALENT},
    Permission.READ_NATIONAL_COUNTS: {Role.NATIONAL},
    Permission.READ_IMPORTS: {*OFFICERS, Role.AUDITOR},
    Permission.READ_LEDGER: {Role.AUDITOR, Role.DATA_PROTECTION_OFFICER},
    Permission.READ_RECEIPTS: {Role.AUDITOR, Role.DATA_PROTECTION_OFFICER},
    Permission.MANAGE_CLIENTS: {Role.ADMINISTRATOR, Role.OPERATOR},
    Permission.READ_SPECIFIC_DATA: {*OFFICERS, *COMMITTEE, Role.APPOINTING_AUTHORITY, Role.TALENT},
    Permission.READ_ASSESSMENTS: {*OFFICERS, *COMMITTEE, Role.APPOINTING_AUTHORITY, Role.TALENT},
    Permission.READ_CARDS: {*OFFICERS, Role.NATIONAL},
    Permission.REQUEST_DISCLOSURE: OFFICERS,
    Permission.RELEASE_DISCLOSURE: {Role.APPOINTING_AUTHORITY},
    Permission.EXERCISE_RIGHTS: {Role.TALENT},
    Permission.ANSWER_DATA_REQUESTS: {*OFFICERS, Role.DATA_PROTECTION_OFFICER},
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
    Permission.EDIT_POSTS: OFFICERS,
    Permission.EDIT_RULE_SETS: OFFICERS,
    Permission.MANAGE_VACANCIES: OFFICERS,
    Permission.UNMASK_CANDIDATES: OFFICERS,
    Permission.READ_CANDIDATES: {*OFFICERS, *COMMITTEE, Role.APPOINTING_AUTHORITY, Role.AUDITOR},
    Permission.PROPOSE_SHORTLIST: COMMITTEE,
    Permission.DECIDE_VACANCY: {Role.APPOINTING_AUTHORITY},
    Permission.MANAGE_SUCCESSION: OFFICERS,
    Permission.CONFIRM_POOLS: {Role.COMMITTEE_CHAIR, Role.APPOINTING_AUTHORITY},
    Permission.DECLARE_WILLINGNESS: {Role.TALENT},
    Permission.READ_OWN_CAREER: {Role.TALENT},
    Permission.RANK_NATIONALLY: {Role.NATIONAL},
    Permission.DECREE_MOBILITY_CASES: {Role.HR_OFFICER, Role.NATIONAL, Role.OPERATOR},
    Permission.DECIDE_SIASN_CONFLICTS: {Role.HR_OFFICER, Role.OPERATOR},
    Permission.READ_AS_SIASN: set(),
    Permission.MANAGE_SIASN: {Role.ADMINISTRATOR, Role.OPERATOR},
    Permission.MANAGE_WEBHOOKS: {Role.ADMINISTRATOR, Role.OPERATOR},
}
"""Who may, for everything where somebody too many would be a fault."""


@pytest.mark.parametrize("permission", HOLDERS, ids=str)
def test_exactly_these_roles_may(permission: Permission) -> None:
    assert {role for role in Role if Actor(uuid4(), role, "somebody").may(permission)} == HOLDERS[permission]


def test_a_talent_reads_nobody_else() -> None:
    assert PERMISSIONS[Role.TALENT] & DOSSIERS == {Permission.READ_OWN_TALENT}
    assert not PERMISSIONS[Role.TALENT] & {Permission.READ_TALENT_MAP, Permission.READ_CYCLES, Permission.EXPORT}


def test_a_national_actor_reads_no_dossier() -> None:
    assert PERMISSIONS[Role.NATIONAL] == {
        *EVERYBODYS,
        Permission.READ_NATIONAL_COUNTS,
        Permission.READ_CARDS,
        Permission.RANK_NATIONALLY,
        Permission.PUBLISH_RETIREMENT_RULES,
        Permission.ADMIT_MOBILITY_ORGANISERS,
        Permission.ORGANISE_MOBILITY,
        Permission.READ_MOBILITY_DEMAND,
        Permission.CONSIDER_MOBILITY_CASES,
        Permission.DECREE_MOBILITY_CASES,
    }


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


def test_several_roles_allow_what_each_of_them_allows() -> None:
    both = Actor(uuid4(), Role.HR_OFFICER, "somebody", "198001012005011001", other_roles=frozenset({Role.TALENT}))
    assert both.permissions == PERMISSIONS[Role.HR_OFFICER] | PERMISSIONS[Role.TALENT]
    assert both.may(Permission.OBJECT)


def test_a_client_may_what_its_scopes_say_and_decides_nothing() -> None:
    bare = Actor(uuid4(), Role.CLIENT, "system")
    assert bare.permissions == EVERYBODYS
    reader = Actor(uuid4(), Role.CLIENT, "system", scopes=frozenset({ClientScope.TALENTS_READ}))
    assert reader.permissions == EVERYBODYS | PERMISSIONS_OF_SCOPES[ClientScope.TALENTS_READ]
    decisions = {Permission.CALIBRATE, Permission.CONFIRM_CYCLE, Permission.ACTIVATE_RUBRIC, Permission.VERIFY_EVIDENCE}
    for scope, permissions in PERMISSIONS_OF_SCOPES.items():
        assert not permissions & decisions, scope


def test_any_one_of_the_alternatives_is_enough() -> None:
    verifier = Actor(uuid4(), Role.UNIT_VERIFIER, "verifier")
    verifier.require(Permission.READ_TALENTS, Permission.READ_UNIT_TALENTS)
    with pytest.raises(Forbidden) as refused:
        verifier.require(Permission.READ_TALENTS, Permission.READ_OWN_TALENT)
    assert refused.value.code == "forbidden"


@pytest.mark.parametrize("role", Role)
def test_a_refusal_names_the_role_and_who_may_in_words(role: Role) -> None:
    codes = {*Role, *Permission} - {"administrator", "auditor", "operator"}  # the same words in Indonesian
    actor = Actor(uuid4(), role, "somebody")
    for permission in Permission:
        told = actor.refusal(permission).detail["id"]
        said, who = told.split("Yang berwenang: ")
        assert SENTENCES[f"label.role.{role}"][0] in said
        assert len(who) > 5, permission
        assert not codes & set(re.findall(r"[\w-]+", re.sub("`.*?`", "", told))), told


def test_who_may_are_the_people_and_for_a_system_the_scopes_as_well() -> None:
    member, system = (Actor(uuid4(), role, "x") for role in (Role.COMMITTEE_MEMBER, Role.CLIENT))
    assert member.refusal(Permission.SYNC_SIASN).detail["id"] == (
        "Peran Anda (anggota komite talenta) tidak mencakup tindakan ini. Yang berwenang: pengelola kepegawaian."
    )
    assert (
        "pengelola kepegawaian; sistem yang terhubung dengan cakupan `siasn:sync`"
        in (system.refusal(Permission.SYNC_SIASN).detail["id"])
    )
    assert "operator instalasi" in member.refusal(Permission.CREATE_INSTITUTION).detail["id"]


def test_who_is_a_talent_besides_sees_no_more_of_others_for_it() -> None:
    fields = {Permission.READ_SPECIFIC_DATA, Permission.READ_ASSESSMENTS}
    for role in (Role.AUDITOR, Role.UNIT_VERIFIER, Role.DATA_PROTECTION_OFFICER):
        both = Actor(uuid4(), role, "somebody", "198001012005011001", other_roles=frozenset({Role.TALENT}))
        assert not both.permissions & fields
        assert both.may(Permission.READ_OWN_TALENT)
