"""Who is on the talent map of an institution: active people who work there, whatever their kind of employment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from app.domain.careers import level_of_post
from app.domain.evidence import same_institution

CODE_LENGTH = 2  # of kedudukan hukum; spreadsheet programs drop a leading zero


class Unmapped(StrEnum):
    """Why somebody on the books is not on the map."""

    NOT_ACTIVE = "notActive"
    WORKS_ELSEWHERE = "worksElsewhere"


def unmapped_because(
    status_id: str | None,
    status: str | None,
    working_institution: str | None,
    institution: str,
    active: Collection[str],
) -> Unmapped | None:
    """None for somebody who is mapped.

    `active` are the codes of an active kedudukan hukum (parameters of the rubric); where only the name was delivered,
    it decides.
    """
    words = (status or "").casefold().split()
    is_active = (
        status_id.zfill(CODE_LENGTH) in active if status_id is not None else "aktif" in words and "tidak" not in words
    )
    if not is_active:
        return Unmapped.NOT_ACTIVE
    return None if same_institution(working_institution, institution) else Unmapped.WORKS_ELSEWHERE


_DECISIVE = ("legal_status_id", "legal_status", "working_institution", "position_type_id", "echelon_id", "position")


def completed(values: Mapping[str, object], institution: str, active: Collection[str]) -> dict[str, object]:
    """A personnel record by the fields of a talent, with the level its post implies and whether its owner is mapped."""
    read = {name: None if (value := values.get(name)) is None else str(value) for name in _DECISIVE}
    because = unmapped_because(
        read["legal_status_id"], read["legal_status"], read["working_institution"], institution, active
    )
    level = level_of_post(read["position_type_id"], read["echelon_id"], read["position"])
    return {
        **values,
        "position_level": None if level is None else level.value,
        "is_mapped": because is None,
        "unmapped_because": None if because is None else because.value,
    }
