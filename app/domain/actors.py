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
    READ_TALENTS = "read_talents"
    """Every talent of the own institution."""
    READ_OWN_TALENT = "read_own_talent"
    """One's own profile and placement, nobody else's."""
    READ_TALENT_MAP = "read_talent_map"
    """Counts over the own institution."""
    READ_NATIONAL_COUNTS = "read_national_counts"
    """Counts over all institutions."""
    READ_IMPORTS = "read_imports"
    IMPORT = "import"
    CREATE_INSTITUTION = "create_institution"


class Role(StrEnum):
    """A role an identity provider can give."""

    HR_OFFICER = "hr-officer"
    NATIONAL = "national"
    TALENT = "talent"
    OPERATOR = "operator"
    """Somebody at the command line of the installation; no token carries this role."""


_OFFICER = frozenset(
    {
        Permission.READ_RUBRICS,
        Permission.READ_INSTITUTIONS,
        Permission.READ_TALENTS,
        Permission.READ_TALENT_MAP,
        Permission.READ_IMPORTS,
        Permission.IMPORT,
    }
)
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.HR_OFFICER: _OFFICER,
    Role.NATIONAL: frozenset({Permission.READ_RUBRICS, Permission.READ_INSTITUTIONS, Permission.READ_NATIONAL_COUNTS}),
    Role.TALENT: frozenset({Permission.READ_RUBRICS, Permission.READ_INSTITUTIONS, Permission.READ_OWN_TALENT}),
    Role.OPERATOR: _OFFICER | {Permission.CREATE_INSTITUTION},
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody acting in one institution, in one request.

    `subject` is the identity provider's name for them; `nip` is given for a talent.
    """

    institution_id: UUID
    role: Role
    subject: str
    nip: str | None = None
    request_id: str | None = None

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
