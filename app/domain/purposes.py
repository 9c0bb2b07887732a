"""Why somebody looks at a person: said with the request, or what their role is there for."""

from __future__ import annotations

from enum import StrEnum


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
