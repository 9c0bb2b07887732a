"""Who acts, for which institution, and what a role may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.domain.errors import Forbidden


class Permission(StrEnum):
    """One thing somebody may do. A service function asks for it before anything else."""

    READ_INSTITUTIONS = "read_institutions"
    READ_RUBRICS = "read_rubrics"
    """The rules that people are placed by; everybody may."""
    EDIT_RUBRICS = "edit_rubrics"
    """Copy, edit and simulate the institution's own drafts."""
    ACTIVATE_RUBRIC = "activate_rubric"
    READ_TALENTS = "read_talents"
    """Every talent of the own institution."""
    READ_UNIT_TALENTS = "read_unit_talents"
    """The talents of the own unit and the units below it; of none where the token names no unit."""
    READ_OWN_TALENT = "read_own_talent"
    """One's own profile and placement, nobody else's."""
    READ_TALENT_MAP = "read_talent_map"
    """Counts over the own institution."""
    READ_NATIONAL_COUNTS = "read_national_counts"
    """Counts over all institutions."""
    READ_IMPORTS = "read_imports"
    IMPORT = "import"
    CREATE_INSTITUTION = "create_institution"
    SUBMIT_OWN_EVIDENCE = "submit_own_evidence"
    VERIFY_EVIDENCE_OF_UNIT = "verify_evidence_of_unit"
    VERIFY_EVIDENCE = "verify_evidence"
    READ_CYCLES = "read_cycles"
    MANAGE_CYCLES = "manage_cycles"
    """Open, calculate and move on; everything but confirming."""
    CONFIRM_CYCLE = "confirm_cycle"
    CALIBRATE = "calibrate"
    """Move somebody, and be the second person for somebody else's move."""
    OBJECT = "object"
    """Object to one's own placement."""
    ANSWER_OBJECTIONS = "answer_objections"
    EDIT_INSTITUTION = "edit_institution"
    """Keep the institution's settings, index values and references."""
    EXPORT = "export"
    """Take the talent map, the work plan and the ekspose pack out of the house."""
    READ_LEDGER = "read_ledger"


class Role(StrEnum):
    """A role an identity provider can give."""

    HR_OFFICER = "hr-officer"
    UNIT_VERIFIER = "unit-verifier"
    COMMITTEE_MEMBER = "committee-member"
    COMMITTEE_CHAIR = "committee-chair"
    APPOINTING_AUTHORITY = "appointing-authority"
    """PPK: minister, head of agency, governor, regent or mayor."""
    AUDITOR = "auditor"
    NATIONAL = "national"
    TALENT = "talent"
    OPERATOR = "operator"
    """Somebody at the command line of the installation; no token carries this role."""


_EVERYBODY = frozenset({Permission.READ_RUBRICS, Permission.READ_INSTITUTIONS})
_READER = _EVERYBODY | {Permission.READ_TALENTS, Permission.READ_TALENT_MAP, Permission.READ_CYCLES}
_OFFICER = _READER | {
    Permission.EDIT_RUBRICS,
    Permission.READ_IMPORTS,
    Permission.IMPORT,
    Permission.VERIFY_EVIDENCE,
    Permission.MANAGE_CYCLES,
    Permission.ANSWER_OBJECTIONS,
    Permission.EDIT_INSTITUTION,
    Permission.EXPORT,
}
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.HR_OFFICER: _OFFICER,
    Role.UNIT_VERIFIER: _EVERYBODY | {Permission.READ_UNIT_TALENTS, Permission.VERIFY_EVIDENCE_OF_UNIT},
    Role.COMMITTEE_MEMBER: _READER | {Permission.CALIBRATE},
    Role.COMMITTEE_CHAIR: _READER
    | {Permission.CALIBRATE, Permission.ANSWER_OBJECTIONS, Permission.ACTIVATE_RUBRIC, Permission.EXPORT},
    Role.APPOINTING_AUTHORITY: _READER
    | {Permission.CALIBRATE, Permission.CONFIRM_CYCLE, Permission.ACTIVATE_RUBRIC, Permission.EXPORT},
    Role.AUDITOR: _READER | {Permission.READ_IMPORTS, Permission.READ_LEDGER},
    Role.NATIONAL: _EVERYBODY | {Permission.READ_NATIONAL_COUNTS},
    Role.TALENT: _EVERYBODY | {Permission.READ_OWN_TALENT, Permission.SUBMIT_OWN_EVIDENCE, Permission.OBJECT},
    Role.OPERATOR: _OFFICER | {Permission.CREATE_INSTITUTION, Permission.ACTIVATE_RUBRIC},
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody acting in one institution, in one request.

    `subject` is the identity provider's name for them; `nip` is given for a talent, `unit_id` for a unit verifier.
    """

    institution_id: UUID
    role: Role
    subject: str
    nip: str | None = None
    request_id: str | None = None
    unit_id: str | None = None

    @property
    def is_national(self) -> bool:
        """Whether the actor's reach is the nation: aggregates and registers of all institutions, never dossiers."""
        return self.role is Role.NATIONAL

    def may(self, permission: Permission) -> bool:
        return permission in PERMISSIONS[self.role]

    def require(self, permission: Permission, *alternatives: Permission) -> None:
        """Refuse with `Forbidden` unless the role includes the permission, or one of the alternatives."""
        if not any(self.may(one) for one in (permission, *alternatives)):
            raise Forbidden("forbidden", role=self.role.value, permission=permission.value)
