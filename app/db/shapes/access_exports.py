"""Everything that is held about one person, as one document (UU 27/2022 art. 7, 13), with what art. 21 has people told.

Most of it is the rows as they are stored, column by column, so that nothing is left out by forgetting it; what the
application works out of them is told as it is shown elsewhere. Nothing is withheld from whom it is about, but what a
selection knows of them while it runs: under which id, what documents showed, scores, places and decisions are told once
it is over. Who knew their id, and told it, would not be masked any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from typing import cast as narrowed

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    FromClause,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
    and_,
    any_,
    case,
    cast,
    func,
    literal_column,
    not_,
    null,
    or_,
    select,
    true,
)
from sqlalchemy import Column as TableColumn
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.type_api import TypeEngine

from app.db.base import Base
from app.db.documents import Condition, Field, Fields, Items, JsonSchema, Object, Shape, Value, literal_text
from app.db.shapes import data_requests as requests
from app.db.shapes import mobility_cases as cases
from app.db.shapes.access_notices import HELD, NOTICE
from app.db.shapes.calibrations import CALIBRATION
from app.db.shapes.consents import CONSENT
from app.db.shapes.cycle_placements import CYCLE_PLACEMENT_FIELDS
from app.db.shapes.cycles import of_cycle
from app.db.shapes.development_plans import DEVELOPMENT_PLAN
from app.db.shapes.formats import instant
from app.db.shapes.ledger import LEDGER_ENTRY
from app.db.shapes.mobility_participations import HELD_PARTICIPATIONS
from app.db.shapes.objections import OBJECTION
from app.db.shapes.placements import BY_NIP, PROCESSING, owned, placement_fields
from app.db.shapes.receipts import RECEIPT
from app.db.shapes.schemas import BOOLEAN, DATE, ID, INSTANT, INTEGER, NULLABLE_TEXT, NUMBER, TEXT
from app.db.shapes.submissions import SUBMISSION
from app.db.shapes.talents import camel
from app.db.tables import evidence as rows
from app.db.tables.calibrations import CalibrationRow
from app.db.tables.candidates import CandidateRow
from app.db.tables.cards import TalentCardRow
from app.db.tables.consents import ConsentRow
from app.db.tables.cycles import CycleInputRow, CyclePlacementRow, CycleRow
from app.db.tables.data_requests import DataRequestRow, PlacementReviewRow
from app.db.tables.disclosures import DisclosureRow
from app.db.tables.imports import ImportRow
from app.db.tables.institutions import InstitutionRow, OrgUnitRow
from app.db.tables.ledger import LedgerEntryRow
from app.db.tables.mobility_cases import MobilityCaseRow
from app.db.tables.mobility_listings import MobilityListingRow
from app.db.tables.movements import MovementRow, RehearsalMoverRow
from app.db.tables.objections import ObjectionRow
from app.db.tables.placements import PlacementRow
from app.db.tables.posts import PostHolderRow
from app.db.tables.rankings import (
    CandidateVerificationRow,
    RankingCandidateRow,
    RankingRow,
    TechnicalScoreRow,
)
from app.db.tables.receipts import ViewReceiptRow
from app.db.tables.shortlists import DecisionCheckRow, ShortlistEntryRow, VacancyDecisionRow
from app.db.tables.siasn_accounts import SiasnAccountRow
from app.db.tables.siasn_pushes import SiasnReceiptRow
from app.db.tables.siasn_records import SiasnRecordRow
from app.db.tables.siasn_syncs import SiasnConflictRow, SiasnSyncPersonRow
from app.db.tables.submissions import SubmissionRow
from app.db.tables.succession import PoolMemberRow, SuccessionWillingnessRow, SuccessorRow
from app.db.tables.talents import TalentRow
from app.db.tables.vacancies import VacancyRow
from app.domain.mobility_cases import State as CaseState
from app.domain.vacancies import PUBLIC, State

OF_THE_SYSTEM = frozenset({"institution_id", "talent_id", "row_key", "person_id"})
"""Columns that say only whose row it is, or tell equal rows apart."""
_talent, _institution = TalentRow.__table__, InstitutionRow.__table__


# ── rows as they are stored


def _stored(table: Table) -> Fields:
    """Every column of a row under its name in JSON."""
    return {camel(one.name): _as_stored(one) for one in table.columns if one.name not in OF_THE_SYSTEM}


def _as_stored(one: TableColumn[object]) -> Value:
    schema = _schema(one.type)
    if one.nullable:
        schema = _or_null(schema)
    if isinstance(one.type, DateTime):
        return Value(instant(one), schema)
    return Value(func.trim_scale(one) if isinstance(one.type, Numeric) else one, schema)


def _schema(kind: TypeEngine[object]) -> JsonSchema:
    if isinstance(kind, ARRAY):
        return {"type": "array", "items": _or_null(_schema(kind.item_type))}
    return next((schema for known, schema in SCHEMAS.items() if isinstance(kind, known)), OBJECT_OR_LIST)


def _or_null(schema: JsonSchema) -> JsonSchema:
    kinds = schema["type"]
    return {**schema, "type": [*(kinds if isinstance(kinds, list) else [kinds]), "null"]}


OBJECT_OR_LIST: JsonSchema = {"type": ["object", "array"]}
"""Of a column of JSON."""


SCHEMAS: Mapping[type[TypeEngine[Any]], JsonSchema] = {
    Boolean: BOOLEAN,
    LargeBinary: TEXT,
    Integer: INTEGER,
    Numeric: NUMBER,
    DateTime: INSTANT,
    Date: DATE,
    Uuid: ID,
    Text: TEXT,
}


def _table(row: type[Base]) -> Table:
    return narrowed("Table", row.__table__)


def _of_talent(table: Table) -> Condition:
    return and_(table.c.institution_id == TalentRow.institution_id, table.c.talent_id == TalentRow.id)


def _rows(row: type[Base], **more: Field) -> Items:
    """All rows of a table about the talent, in the order of its key."""
    table = _table(row)
    order = tuple(one for one in table.primary_key.columns if one.name not in OF_THE_SYSTEM)
    return Items(HELD, {**_stored(table), **more}, table, _of_talent(table), order or tuple(table.primary_key.columns))


def _row(row: type[Base]) -> Object:
    """The one row of a table about the talent, or null."""
    table = _table(row)
    return Object(HELD, _stored(table), table, _of_talent(table))


def _evidence(row: type[Base]) -> Items:
    """Evidence of a kind, also what was withdrawn, with the import it came from."""
    table = _table(row)
    imported = Object(
        HELD,
        {
            "asOf": Value(ImportRow.as_of, DATE),
            "importedAt": Value(instant(ImportRow.started_at), INSTANT),
            "by": Value(ImportRow.subject, TEXT),
            "digest": Value(ImportRow.digest, TEXT),
        },
        ImportRow.__table__,
        and_(ImportRow.institution_id == table.c.institution_id, ImportRow.id == table.c.import_id),
    )
    return _rows(row, imported=imported)


# ── what is shown elsewhere


def _held(field: Field) -> Field:
    """A part of another document as it is told to whom it is about: nothing of it is withheld."""
    if isinstance(field, Value):
        return replace(field, needs=())
    return replace(field, type=HELD, needs=(), fields=_all_of(field.fields))


def _all_of(fields: Fields, *but: str) -> Fields:
    return {name: _held(field) for name, field in fields.items() if name not in ("withheld", *but)}


def _shown(shape: Shape, row: type[Base], *but: str) -> Items:
    """What another document tells of each row about the talent."""
    table = _table(row)
    return Items(HELD, _all_of(shape.fields, *but), table, _of_talent(table), (table.c.id,))


_placement = Object(
    HELD,
    _all_of(placement_fields(PlacementRow, with_trace=True)),
    select(literal_column("1").label("one")).subquery("placed"),
    PlacementRow.talent_id.is_not(None),
)
_cycle_placements = Items(
    HELD,
    _all_of(CYCLE_PLACEMENT_FIELDS, "nip", "name", "processing"),
    CyclePlacementRow.__table__.join(CycleRow.__table__, of_cycle(CyclePlacementRow)),
    _of_talent(_table(CyclePlacementRow)),
    (CycleRow.created_at, CycleRow.id),
)
_frozen_inputs = Items(
    HELD,
    {name: _stored(_table(CycleInputRow))[name] for name in ("cycleId", "sequence", "digest")},
    CycleInputRow.__table__,
    and_(CycleInputRow.institution_id == TalentRow.institution_id, TalentRow.id == any_(CycleInputRow.talents)),
    (CycleInputRow.cycle_id, CycleInputRow.sequence),
)
# of another institution, its name and the role answer for who asked and who looked
_disclosure = _table(DisclosureRow)
_disclosures = Items(
    HELD,
    {name: field for name, field in _stored(_disclosure).items() if name != "requestedBy"},
    _disclosure,
    _of_talent(_disclosure),
    (_disclosure.c.id,),
)

_account = _rows(SiasnAccountRow)
_siasn_accounts = replace(_account, fields={name: one for name, one in _account.fields.items() if name != "hash"})

_sync_person = _table(SiasnSyncPersonRow)
_siasn_syncs = Items(
    HELD,
    _stored(_sync_person),
    _sync_person,
    and_(_sync_person.c.institution_id == TalentRow.institution_id, _sync_person.c.nip == TalentRow.nip),
    (_sync_person.c.done_at, _sync_person.c.id),
)
"""What became of the person whenever SIASN was asked about them."""

_found_case = _rows(MobilityCaseRow, steps=_held(cases.STEPS), documents=_held(cases.DOCUMENTS))
_is_prepared = and_(MobilityCaseRow.state == literal_text(CaseState.DRAFT.value), MobilityCaseRow.campaign_id.is_(None))
_mobility_cases = replace(
    _found_case,
    fields={name: field for name, field in _found_case.fields.items() if name != "movedBy"},
    on=and_(_found_case.on, not_(_is_prepared)),
)
"""Moves of the person; what another institution still prepares it alone knows, and who of it does."""


# ── selections: what became of somebody is told once it is public, until then only that a selection runs

_vacancy = _table(VacancyRow)
CLOSED = (*PUBLIC, State.CANCELLED)
_is_closed = _vacancy.c.state.in_([literal_text(state.value) for state in CLOSED])
_appointments = Items(
    HELD,
    {name: field for name, field in _stored(_vacancy).items() if name not in ("seed", "seedCommitment", "isMasked")},
    _vacancy,
    and_(_of_talent(_vacancy), _is_closed),
    (_vacancy.c.id,),
)


def _once_closed(row: type[Base]) -> Items:
    """Rows of vacancies, told once the selection is over, or its decision public."""
    items, table = _rows(row), _table(row)
    closed = (
        select(_vacancy.c.id)
        .where(_vacancy.c.institution_id == table.c.institution_id, _vacancy.c.id == table.c.vacancy_id, _is_closed)
        .correlate(table)
        .exists()
    )
    return replace(items, on=and_(items.on, closed))


_ranked, _ranking = _table(RankingCandidateRow), _table(RankingRow)
_ranking_is_closed = (
    select(_vacancy.c.id)
    .join(
        _ranking, and_(_ranking.c.institution_id == _vacancy.c.institution_id, _ranking.c.vacancy_id == _vacancy.c.id)
    )
    .where(_ranking.c.institution_id == _ranked.c.institution_id, _ranking.c.id == _ranked.c.ranking_id, _is_closed)
    .correlate(_ranked)
    .exists()
)
"""Whether the selection that a ranking was made for is over, or its decision public."""
_facts: ColumnElement[Any] = cast(_ranked.c.facts, JSONB).op("->")(literal_text("candidate"))
WHILE_IT_RUNS: Fields = {
    "rankingId": Value(_ranked.c.ranking_id, ID),
    "isClosed": Value(_ranking_is_closed, BOOLEAN),
    "facts": Value(
        case(
            (_ranking_is_closed, _ranked.c.facts),
            else_=func.json_build_object(literal_text("candidate"), _facts.op("-")(literal_text("id"))),
        ),
        {"type": "object"},
    ),
}
"""Of a ranking: which one it was, and the facts about the person that were put to the rules, under no id."""


def _when_closed(field: Field) -> Field:
    if not isinstance(field, Value):
        return field
    kind = field.schema["type"]
    schema = {**field.schema, "type": kind if isinstance(kind, list) else [kind, "null"]}
    return Value(case((_ranking_is_closed, field.sql)), schema)


_found = _rows(RankingCandidateRow)
_rankings = replace(
    _found, fields={**{name: _when_closed(field) for name, field in _found.fields.items()}, **WHILE_IT_RUNS}
)
_from_outside = LedgerEntryRow.type == "profileDisclosed"
# the view of the owner of the schema that tells an institution which of its people a card is of
_card = _table(TalentCardRow).to_metadata(MetaData(), name="own_card")
_own_submissions = (
    select(cast(SubmissionRow.id, Text)).where(_of_talent(_table(SubmissionRow))).correlate(_talent).scalar_subquery()
)
_own_candidacies = (
    select(cast(_ranked.c.candidate_id, Text)).where(_of_talent(_ranked)).correlate(_talent).scalar_subquery()
)
_entry_is_closed = (
    select(_vacancy.c.id)
    .where(
        _vacancy.c.institution_id == LedgerEntryRow.institution_id,
        cast(_vacancy.c.id, Text) == LedgerEntryRow.payload["vacancy_id"].astext,
        _is_closed,
    )
    .correlate(LedgerEntryRow.__table__)
    .exists()
)
_ledger = Items(
    HELD,
    {
        **_all_of(LEDGER_ENTRY.fields),
        "subject": Value(case((_from_outside, null()), else_=LedgerEntryRow.subject), NULLABLE_TEXT),
    },
    LedgerEntryRow.__table__,
    and_(
        LedgerEntryRow.institution_id == TalentRow.institution_id,
        or_(and_(LedgerEntryRow.type != "vacancyDecided", LedgerEntryRow.about_type != "candidate"), _entry_is_closed),
        or_(
            and_(LedgerEntryRow.about_type == "talent", LedgerEntryRow.about_id == cast(TalentRow.id, Text)),
            and_(LedgerEntryRow.about_type == "submission", LedgerEntryRow.about_id.in_(_own_submissions)),
            and_(LedgerEntryRow.about_type == "candidate", LedgerEntryRow.about_id.in_(_own_candidacies)),
        ),
    ),
    (LedgerEntryRow.id,),
)


_unit: FromClause = OrgUnitRow.__table__
ACCESS_EXPORT = Shape(
    "AccessExport",
    DEVELOPMENT_PLAN.source,
    {
        "notice": Object(HELD, NOTICE),
        "profile": Object(HELD, _stored(_table(TalentRow))),
        "unit": Object(
            HELD,
            {"id": Value(OrgUnitRow.id, TEXT), "name": Value(OrgUnitRow.name, TEXT)},
            _unit,
            and_(OrgUnitRow.institution_id == TalentRow.institution_id, OrgUnitRow.id == TalentRow.unit_id),
        ),
        "processing": PROCESSING,
        "performanceAppraisals": _evidence(rows.PerformanceAppraisalRow),
        "feedback360": _evidence(rows.Feedback360Row),
        "awards": _evidence(rows.AwardRow),
        "teamAssignments": _evidence(rows.TeamAssignmentRow),
        "competencyAssessments": _evidence(rows.CompetencyAssessmentRow),
        "potentialAssessments": _evidence(rows.PotentialAssessmentRow),
        "assessmentScores": _evidence(rows.AssessmentScoreRow),
        "trainings": _evidence(rows.TrainingRow),
        "positions": _evidence(rows.PositionRow),
        "educations": _evidence(rows.EducationRow),
        "disciplinarySanctions": _evidence(rows.SanctionRow),
        "registersChecked": _rows(rows.EvidenceCheckRow),
        "submissions": _shown(SUBMISSION, SubmissionRow, "talent"),
        "placement": _placement,
        "cyclePlacements": _cycle_placements,
        "reviews": _rows(PlacementReviewRow),
        "frozenInputs": _frozen_inputs,
        "calibrations": _shown(CALIBRATION, CalibrationRow, "talent"),
        "objections": _shown(OBJECTION, ObjectionRow, "talent"),
        "movements": _rows(MovementRow),
        "rehearsals": _rows(RehearsalMoverRow),
        "developmentPlan": Object(HELD, _all_of(DEVELOPMENT_PLAN.fields, "nip", "name")),
        "seat": _row(PostHolderRow),
        "candidate": _row(CandidateRow),
        "rankings": _rankings,
        "verifications": _once_closed(CandidateVerificationRow),
        "technicalScores": _once_closed(TechnicalScoreRow),
        "shortlists": _once_closed(ShortlistEntryRow),
        "decisions": _once_closed(VacancyDecisionRow),
        "decisionChecks": _once_closed(DecisionCheckRow),
        "appointments": _appointments,
        "poolMemberships": _rows(PoolMemberRow),
        "willingness": _row(SuccessionWillingnessRow),
        "successions": _rows(SuccessorRow),
        "dataRequests": _shown(requests.DATA_REQUEST, DataRequestRow, "talent"),
        "consents": _shown(CONSENT, ConsentRow),
        "card": Object(HELD, _stored(_card), _card, _of_talent(_card)),
        "mobilityListing": _row(MobilityListingRow),
        "mobilityParticipations": HELD_PARTICIPATIONS,
        "mobilityCases": _mobility_cases,
        "siasnAccounts": _siasn_accounts,
        "siasnSyncs": _siasn_syncs,
        "siasnConflicts": _rows(SiasnConflictRow),
        "siasnRecords": _rows(SiasnRecordRow),
        "siasnReceipts": _rows(SiasnReceiptRow),
        "disclosures": _disclosures,
        "receipts": _shown(RECEIPT, ViewReceiptRow),
        "ledger": _ledger,
    },
    rooted=owned,
    conditions={**BY_NIP, "contact": true(), "page": true()},
)
