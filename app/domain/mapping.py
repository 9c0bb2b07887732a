"""Who is on the talent map of an institution: active people who work there, whatever their kind of employment."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

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
