"""What documents about disclosures can contain, and what is seen of somebody who is disclosed."""

from __future__ import annotations

from typing import cast as narrowed

from sqlalchemy import ColumnElement, Uuid, and_, bindparam, case, cast, exists, func, null, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.db.documents import Actor, Condition, Fields, Items, JsonSchema, Object, Pages, Shape, Value
from app.db.shapes.calibrations import TALENT_NAME
from app.db.shapes.formats import instant
from app.db.shapes.placements import CATEGORY, OF_TALENT
from app.db.shapes.schemas import (
    BOOLEAN,
    ID,
    INSTANT,
    NULLABLE_DATE,
    NULLABLE_INSTANT,
    NULLABLE_INTEGER,
    NULLABLE_NUMBER,
    NULLABLE_TEXT,
    TEXT,
)
from app.db.shapes.scopes import SCOPES
from app.db.shapes.talents import HISTORIES, TALENT_FIELDS
from app.db.tables.consents import ConsentRow
from app.db.tables.disclosures import DisclosureRow
from app.db.tables.evidence import CompetencyAssessmentRow, PotentialAssessmentRow
from app.db.tables.institutions import InstitutionRow
from app.db.tables.placements import PlacementRow
from app.db.tables.talents import TalentRow
from app.domain.disclosures import State, Tier

_disclosure, _talent, _institution = DisclosureRow.__table__, TalentRow.__table__, InstitutionRow.__table__
TIER: JsonSchema = {"type": "string", "enum": [tier.value for tier in Tier]}
STATE: JsonSchema = {"type": "string", "enum": [state.value for state in State]}
_requested_at = instant(DisclosureRow.requested_at)
_is_over = and_(DisclosureRow.state == State.OPEN.value, DisclosureRow.expires_at <= func.now())
_whose = and_(TalentRow.institution_id == DisclosureRow.institution_id, TalentRow.id == DisclosureRow.talent_id)
_named = _talent.alias("named")


def _at_home(column: InstrumentedAttribute[str | None]) -> ColumnElement[str | None]:
    """What the origin and the talent see and the asking institution does not: it does not see the talent's row."""
    return case((TalentRow.id.is_not(None), column), else_=null())


def _either_side(actor: Actor) -> Condition:
    mine = cast(actor.c.institution, Uuid)
    return or_(DisclosureRow.institution_id == mine, DisclosureRow.receiving_institution_id == mine)


DISCLOSURE = Shape(
    "Disclosure",
    _disclosure.outerjoin(_talent, _whose),
    {
        "id": Value(DisclosureRow.id, ID),
        "cardId": Value(DisclosureRow.card_id, ID),
        "tier": Value(DisclosureRow.tier, TIER),
        "purpose": Value(DisclosureRow.purpose, TEXT),
        "reason": Value(DisclosureRow.reason, TEXT),
        "requestNumber": Value(DisclosureRow.request_number, NULLABLE_TEXT),
        "receivingInstitution": Value(DisclosureRow.receiving_institution, TEXT),
        "requestedRole": Value(DisclosureRow.requested_role, TEXT),
        "requestedAt": Value(_requested_at, INSTANT),
        "state": Value(case((_is_over, State.EXPIRED.value), else_=DisclosureRow.state), STATE),
        "isReleased": Value(DisclosureRow.released_at.is_not(None), BOOLEAN),
        "isConsented": Value(DisclosureRow.consent_id.is_not(None), BOOLEAN),
        "openedAt": Value(instant(DisclosureRow.opened_at), NULLABLE_INSTANT),
        "expiresAt": Value(instant(DisclosureRow.expires_at), NULLABLE_INSTANT),
        "closedAt": Value(instant(DisclosureRow.closed_at), NULLABLE_INSTANT),
        # whose no it was, and why, stays at home: nobody is to be asked again by another way
        "closedRole": Value(_at_home(DisclosureRow.closed_role), NULLABLE_TEXT),
        "closedComment": Value(_at_home(DisclosureRow.closed_comment), NULLABLE_TEXT),
        "releaseComment": Value(_at_home(DisclosureRow.release_comment), NULLABLE_TEXT),
        "talent": Object(
            "TalentName",
            {name: Value(_named.c[name], field.schema) for name, field in TALENT_NAME.items()},  # type: ignore[union-attr]
            _named,
            and_(_named.c.institution_id == DisclosureRow.institution_id, _named.c.id == DisclosureRow.talent_id),
        ),
    },
    rooted=_either_side,
    conditions={
        "id": DisclosureRow.id == bindparam("id", type_=Uuid),
        "receiving": DisclosureRow.receiving_institution_id == bindparam("receiving", type_=Uuid),
        **SCOPES,
    },
)
DISCLOSURES = Pages("Disclosure", DISCLOSURE, (_requested_at, DisclosureRow.id), descending=True)


# ── what is disclosed

_dossier = _disclosure.alias("dossier")


def _parts(history: str, type_name: str, *names: str) -> Items:
    """Some fields of a history; the type is another one."""
    items = narrowed("Items", HISTORIES[history])
    return Items(type_name, {name: items.fields[name] for name in names}, items.source, items.on, items.order)


def _assessments(row: type[CompetencyAssessmentRow | PotentialAssessmentRow], history: str) -> Items:
    """When and how somebody was assessed; what was found, level by level, is not disclosed."""
    items = narrowed("Items", HISTORIES[history])
    fields: Fields = {name: items.fields[name] for name in ("assessedOn", "method", "rung")}
    return Items("DisclosedAssessment", fields, row.__table__, items.on, items.order)


DOSSIER: Fields = {
    "performanceAppraisals": _parts(
        "performanceAppraisals",
        "DisclosedAppraisal",
        "year",
        "workResultRating",
        "behaviourRating",
        "predicate",
        "rung",
    ),
    "feedback360": HISTORIES["feedback360"],
    "awards": HISTORIES["awards"],
    "teamAssignments": HISTORIES["teamAssignments"],
    "trainings": HISTORIES["trainings"],
    "competencyAssessments": _assessments(CompetencyAssessmentRow, "competencyAssessments"),
    "potentialAssessments": _assessments(PotentialAssessmentRow, "potentialAssessments"),
    "summary": Object(
        "AssessmentSummary",
        {
            "asOf": Value(PlacementRow.as_of, NULLABLE_DATE),
            "box": Value(PlacementRow.box, NULLABLE_INTEGER),
            "performance": Value(PlacementRow.performance_category, CATEGORY),
            "potential": Value(PlacementRow.potential_category, CATEGORY),
            "talentValue": Value(func.trim_scale(PlacementRow.talent_value), NULLABLE_NUMBER),
        },
        PlacementRow.__table__,
        OF_TALENT,
    ),
}


def _consent_stands() -> Condition:
    """The consent that the disclosure rests on has neither ended nor been withdrawn, and covers it."""
    covers = [
        and_(DisclosureRow.tier == tier.value, ConsentRow.scope == scope.value)
        for tier in Tier
        for scope in tier.covering
    ]
    consent = select(ConsentRow.id).where(
        ConsentRow.institution_id == DisclosureRow.institution_id,
        ConsentRow.id == DisclosureRow.consent_id,
        ConsentRow.talent_id == DisclosureRow.talent_id,
        ConsentRow.purpose == DisclosureRow.purpose,
        func.coalesce(ConsentRow.receiving_institution_id, DisclosureRow.receiving_institution_id)
        == DisclosureRow.receiving_institution_id,
        ConsentRow.withdrawn_at.is_(None),
        ConsentRow.expires_at > func.now(),
        or_(*covers),
    )
    return exists(consent.correlate(_disclosure))


DISCLOSED_TALENT = Shape(
    "DisclosedTalent",
    _disclosure.join(_talent, _whose).join(_institution, InstitutionRow.id == DisclosureRow.institution_id),
    {
        "nip": Value(TalentRow.nip, TEXT),
        "name": Value(TalentRow.name, TEXT),
        "titleBefore": Value(TalentRow.title_before, NULLABLE_TEXT),
        "titleAfter": Value(TalentRow.title_after, NULLABLE_TEXT),
        "institution": Value(InstitutionRow.name, TEXT),
        **{name: TALENT_FIELDS[name] for name in ("unit", "position", "grade", "positions", "educations")},
        "dossier": Object(
            "Dossier",
            DOSSIER,
            _dossier,
            and_(
                _dossier.c.institution_id == DisclosureRow.institution_id,
                _dossier.c.id == DisclosureRow.id,
                _dossier.c.tier == Tier.DOSSIER.value,
            ),
        ),
    },
    rooted=lambda actor: DisclosureRow.institution_id == cast(actor.c.institution, Uuid),
    conditions={
        "id": DisclosureRow.id == bindparam("id", type_=Uuid),
        "consented": _consent_stands(),
        **SCOPES,
    },
)
"""Tier 2, and below `dossier` tier 3. Allow-listed: what is not named here crosses no border."""
