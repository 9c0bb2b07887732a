"""Why somebody looks at a person: said with the request, or what their role is there for."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from app.domain.errors import Invalid


class Purpose(StrEnum):
    """A purpose of processing (UU 27/2022 art. 16 and 20: each has its legal basis in `docs/dpia.md`)."""

    TALENT_MANAGEMENT = "talent-management"
    EVIDENCE_VERIFICATION = "evidence-verification"
    CALIBRATION = "calibration"
    SUCCESSION = "succession"
    VACANCY_SELECTION = "vacancy-selection"
    TALENT_MOBILITY = "talent-mobility"
    SUPERVISION = "supervision"
    """Audit, and supervision by a data-protection officer."""
    DATA_SUBJECT_REQUEST = "data-subject-request"
    INTEGRATION = "integration"
    """A system of the institution keeps itself in step."""


PURPOSE_OF_ROLE: Mapping[str, Purpose] = {
    "hr-officer": Purpose.TALENT_MANAGEMENT,
    "operator": Purpose.TALENT_MANAGEMENT,
    "unit-verifier": Purpose.EVIDENCE_VERIFICATION,
    "committee-member": Purpose.CALIBRATION,
    "committee-chair": Purpose.CALIBRATION,
    "appointing-authority": Purpose.CALIBRATION,
    "auditor": Purpose.SUPERVISION,
    "national": Purpose.SUPERVISION,
    "data-protection-officer": Purpose.SUPERVISION,
    "talent": Purpose.DATA_SUBJECT_REQUEST,
    "administrator": Purpose.INTEGRATION,
    "client": Purpose.INTEGRATION,
}
"""Why somebody with a role (`app.domain.actors.Role`) looks at people of the own institution, unless they say why."""


def purpose_within(role: str, said: Purpose | None) -> Purpose:
    """The purpose of a look within the own institution."""
    return PURPOSE_OF_ROLE[role] if said is None else said


def purpose_across(said: Purpose | None) -> Purpose:
    """The purpose of a look into another institution; refused where nobody says it."""
    if said is None:
        raise Invalid("purpose.missing", allowed=", ".join(Purpose))
    return said


class Basis(StrEnum):
    """What processing for a purpose rests on (UU 27/2022 art. 20 paragraph 2)."""

    CONSENT = "consent"
    LEGAL_OBLIGATION = "legal_obligation"
    PUBLIC_TASK = "public_task"

    @property
    def sentence_code(self) -> str:
        """The code of its sentence."""
        return f"rights.basis.{self.value}"


BASES: Mapping[Purpose, Basis] = {
    **dict.fromkeys(Purpose, Basis.PUBLIC_TASK),
    Purpose.TALENT_MOBILITY: Basis.CONSENT,
    Purpose.DATA_SUBJECT_REQUEST: Basis.LEGAL_OBLIGATION,
}
"""The legal basis of each purpose, as access exports and `docs/dpia.md` tell it."""
