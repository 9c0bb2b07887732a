"""Conditions that narrow documents about talents to somebody's own reach: one person, or a unit and those below."""

from __future__ import annotations

from sqlalchemy import Boolean, ColumnElement, Text, any_, bindparam, exists, literal_column, not_, or_, select

from app.db.documents import Condition
from app.db.tables.data_requests import holds
from app.db.tables.institutions import OrgUnitRow
from app.db.tables.talents import TalentRow
from app.domain.data_requests import Kind

is_restricted: ColumnElement[bool] = literal_column(holds(Kind.RESTRICTION, "talent", "id"), Boolean)
"""The talent of the row must not be processed for the time being (UU 27/2022 art. 11)."""
objects_to_automation: ColumnElement[bool] = literal_column(holds(Kind.AUTOMATED_PROCESSING, "talent", "id"), Boolean)
"""The talent of the row is not to be decided on by a machine alone (UU 27/2022 art. 10)."""


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
    "unrestricted_but": or_(not_(is_restricted), TalentRow.nip == bindparam("unrestricted_but", type_=Text)),
}
"""By the names that `app.services.scopes` gives them. The first two hold for nobody where their parameter is null; the
last leaves out whose processing is restricted, but for the one whom it names."""
