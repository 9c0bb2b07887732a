"""Conditions that narrow documents about talents to somebody's own reach: one person, or a unit and those below."""

from __future__ import annotations

from sqlalchemy import Text, any_, bindparam, exists, select

from app.db.documents import Condition
from app.db.tables.institutions import OrgUnitRow
from app.db.tables.talents import TalentRow


def of_unit(parameter: str) -> Condition:
    """Talents of the unit that the parameter names and of the units below it; of no unit where it is null."""
    unit = select(OrgUnitRow.id).where(
        OrgUnitRow.institution_id == TalentRow.institution_id,
        OrgUnitRow.id == TalentRow.unit_id,
        bindparam(parameter, type_=Text) == any_(OrgUnitRow.path),
    )
    return exists(unit.correlate(TalentRow.__table__))


SCOPES: dict[str, Condition] = {
    "own_nip": TalentRow.nip == bindparam("own_nip", type_=Text),
    "own_unit": of_unit("own_unit"),
}
"""By the names that `app.services.scopes` gives them; each holds for nobody where its parameter is null."""
