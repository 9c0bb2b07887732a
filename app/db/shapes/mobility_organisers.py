"""What documents about organisers of mobility campaigns can contain."""

from __future__ import annotations

from sqlalchemy import Boolean, Text, Uuid, bindparam, cast, column, func, or_, select

from app.db.documents import Pages, Shape, Value
from app.db.shapes.schemas import BOOLEAN, ID, NULLABLE_TEXT, TEXT

_institution = (
    select(
        column("id", Uuid),
        column("name", Text),
        column("province_code", Text),
        column("organises_mobility", Boolean),
    )
    .select_from(func.mobility_institutions())
    .subquery("organisers")
)
MOBILITY_ORGANISER = Shape(
    "MobilityOrganiser",
    _institution,
    {
        "institutionId": Value(_institution.c.id, ID),
        "name": Value(_institution.c.name, TEXT),
        "provinceCode": Value(_institution.c.province_code, NULLABLE_TEXT),
        "mayOrganise": Value(_institution.c.organises_mobility, BOOLEAN),
    },
    rooted=lambda actor: or_(_institution.c.organises_mobility, _institution.c.id == cast(actor.c.institution, Uuid)),
    conditions={
        "id": _institution.c.id == bindparam("id", type_=Uuid),
        "may_organise": _institution.c.organises_mobility == bindparam("may_organise", type_=Boolean),
    },
)
MOBILITY_ORGANISERS = Pages(
    "MobilityOrganiser", MOBILITY_ORGANISER, (func.lower(_institution.c.name), cast(_institution.c.id, Text))
)
