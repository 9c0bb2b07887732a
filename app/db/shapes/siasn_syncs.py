"""What documents about syncs with SIASN can contain: how far one is, its people, and its reconciliation report."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    ColumnElement,
    FromClause,
    Integer,
    Numeric,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
    true,
)

from app.db.classes import DataClass, Rule, rule_for
from app.db.documents import (
    Actor,
    Column,
    Condition,
    Fields,
    Items,
    JsonSchema,
    Object,
    Pages,
    Shape,
    Value,
    literal_text,
)
from app.db.shapes.formats import instant
from app.db.shapes.found_json import listed_in, part_of, word_of
from app.db.shapes.parents import OF_SIASN_SYNC
from app.db.shapes.schemas import (
    BOOLEAN,
    ID,
    INSTANT,
    INTEGER,
    NULLABLE_INSTANT,
    NULLABLE_INTEGER,
    NULLABLE_NUMBER,
    NULLABLE_TEXT,
    TEXT,
    TEXTS,
)
from app.db.shapes.sentences import said
from app.db.shapes.siasn_connections import SSO_TOKEN
from app.db.tables.siasn_connections import SiasnConnectionRow
from app.db.tables.siasn_syncs import SiasnConflictRow, SiasnSyncPersonRow, SiasnSyncRow
from app.db.withholding import WITHHELD
from app.domain.siasn_connections import FAILURES
from app.domain.siasn_syncs import FAULTS, Change, Mode, Outcome, Scope, Standing, State

_sync, _person = SiasnSyncRow.__table__, SiasnSyncPersonRow.__table__
STATE: JsonSchema = {"type": "string", "enum": [state.value for state in State]}
SCOPE: JsonSchema = {"type": "string", "enum": [scope.value for scope in Scope]}
CHANGE: JsonSchema = {"type": "string", "enum": [change.value for change in Change]}
MODE: JsonSchema = {"type": "string", "enum": [mode.value for mode in Mode]}
OUTCOME: JsonSchema = {"type": ["string", "null"], "enum": [*(outcome.value for outcome in Outcome), None]}
CODES = {code: code for code in (*FAILURES, *FAULTS)}
_SPECIFIC = rule_for(DataClass.SPECIFIC)


def of_sync(row: type[SiasnSyncPersonRow | SiasnConflictRow]) -> Condition:
    """The rows of a sync."""
    return and_(row.institution_id == SiasnSyncRow.institution_id, row.sync_id == SiasnSyncRow.id)


def sentence_of(code: Column) -> Object:
    """What a code means and what to do; null where it is none that needs words."""
    told = said(CODES, code)
    return Object("Sentence", told.fields, on=code.in_([literal_column(f"'{one}'") for one in CODES]))


# ── counts

_was = {outcome: SiasnSyncPersonRow.outcome == literal_column(f"'{outcome.value}'") for outcome in Outcome}
_counted: dict[str, ColumnElement[int]] = {
    "done": func.count(SiasnSyncPersonRow.outcome),
    **{outcome.value: func.count().filter(was) for outcome, was in _was.items()},
    "with_failures": func.count().filter(SiasnSyncPersonRow.failures > 0),
    "conflicts": func.coalesce(func.sum(SiasnSyncPersonRow.conflicts), literal_column("0")),
    "with_unmapped": func.count().filter(SiasnSyncPersonRow.unread > 0),
}
# what was kept of them, once the people are forgotten
_counts: FromClause = (
    select(
        *(
            func.coalesce(cast(SiasnSyncRow.counts[literal_text(name)].astext, Integer), counted).label(name)
            for name, counted in _counted.items()
        )
    )
    .where(of_sync(SiasnSyncPersonRow))
    .correlate(_sync)
    .lateral("counts")
)
_rate = case(
    (SiasnSyncRow.working_ms > 0, func.round(cast(_counts.c.done * 1000, Numeric) / SiasnSyncRow.working_ms, 1))
)
_fault = listed_in(SiasnSyncRow.unit_faults, "unit_fault")
_fault_code = word_of(_fault.c.document, "code")

SYNC_FIELDS: Fields = {
    "id": Value(SiasnSyncRow.id, ID),
    "scope": Value(SiasnSyncRow.scope, SCOPE),
    "unit": Value(SiasnSyncRow.unit_id, NULLABLE_TEXT),
    "mode": Value(SiasnSyncRow.mode, MODE),
    "maxAgeHours": Value(SiasnSyncRow.max_age_hours, NULLABLE_INTEGER),
    "histories": Value(SiasnSyncRow.histories, TEXTS),
    "dryRun": Value(SiasnSyncRow.is_dry_run, BOOLEAN),
    "state": Value(SiasnSyncRow.state, STATE),
    "problem": Object(
        "SiasnProblem",
        {"code": Value(SiasnSyncRow.problem, TEXT), "detail": sentence_of(SiasnSyncRow.problem)},
        on=SiasnSyncRow.problem.is_not(None),
    ),
    "by": Value(SiasnSyncRow.subject, TEXT),
    "requestedAt": Value(instant(SiasnSyncRow.requested_at), INSTANT),
    "startedAt": Value(instant(SiasnSyncRow.started_at), NULLABLE_INSTANT),
    "finishedAt": Value(instant(SiasnSyncRow.finished_at), NULLABLE_INSTANT),
    "forgottenAt": Value(instant(SiasnSyncRow.forgotten_at), NULLABLE_INSTANT),
    "total": Value(SiasnSyncRow.total, INTEGER),
    "done": Value(_counts.c.done, INTEGER),
    **{outcome.value: Value(_counts.c[outcome.value], INTEGER) for outcome in Outcome},
    "withFailures": Value(_counts.c.with_failures, INTEGER),
    "withUnmapped": Value(_counts.c.with_unmapped, INTEGER),
    "conflicts": Value(_counts.c.conflicts, INTEGER),
    "peoplePerSecond": Value(_rate, NULLABLE_NUMBER),
    "unitsChanged": Value(SiasnSyncRow.units_changed, INTEGER),
    "unitFaults": Items(
        "SiasnUnitFault",
        {
            "unit": Value(word_of(_fault.c.document, "unit"), NULLABLE_TEXT),
            "key": Value(word_of(_fault.c.document, "about"), TEXT),
            "code": Value(_fault_code, TEXT),
            "detail": sentence_of(_fault_code),
        },
        _fault,
        true(),
        (_fault.c.place,),
    ),
    "ssoToken": Object(
        "SiasnSsoToken",
        SSO_TOKEN.fields,
        SiasnConnectionRow.__table__,
        and_(
            SiasnConnectionRow.institution_id == SiasnSyncRow.institution_id, SiasnConnectionRow.sso_token.is_not(None)
        ),
    ),
}


def owned(actor: Actor) -> Condition:
    """Syncs of the actor's institution."""
    return SiasnSyncRow.institution_id == cast(actor.c.institution, Uuid)


BY_ID = {"id": SiasnSyncRow.id == bindparam("id", type_=Uuid)}
SIASN_SYNC = Shape("SiasnSync", _sync.join(_counts, true()), SYNC_FIELDS, rooted=owned, conditions=BY_ID)
SIASN_SYNCS = Pages("SiasnSync", SIASN_SYNC, (instant(SiasnSyncRow.requested_at), SiasnSyncRow.id), descending=True)


# ── people


def _change(json: Column, name: str) -> Items:
    change = listed_in(json, name)
    field = listed_in(part_of(change.c.document, "fields"), f"{name}_field")
    return Items(
        "SiasnChange",
        {
            "endpoint": Value(word_of(change.c.document, "endpoint"), TEXT),
            "change": Value(
                word_of(change.c.document, "change"),
                CHANGE,
            ),
            "kind": Value(word_of(change.c.document, "kind"), NULLABLE_TEXT),
            "rowId": Value(word_of(change.c.document, "rowId"), NULLABLE_TEXT),
            "fields": difference_items(field),
        },
        change,
        true(),
        (change.c.place,),
        needs=_SPECIFIC if name == "narrowed_change" else (),
    )


def difference_items(field: FromClause) -> Items:
    """Field by field what each side says."""
    document = field.c.document
    fields: Fields = {
        "field": Value(word_of(document, "field"), TEXT),
        "ours": Value(word_of(document, "ours"), NULLABLE_TEXT),
        "theirs": Value(word_of(document, "theirs"), NULLABLE_TEXT),
    }
    return Items("SiasnDifference", fields, field, true(), (field.c.place,))


_endpoint = listed_in(SiasnSyncPersonRow.endpoints, "endpoint")
_answer = word_of(_endpoint.c.document, "answer")
_unmapped = listed_in(SiasnSyncPersonRow.unmapped, "unmapped")
_unmapped_code = word_of(_unmapped.c.document, "code")
_outcomes = {outcome.value: f"sync.outcome.{outcome.value}" for outcome in Outcome}
_told = said(_outcomes, SiasnSyncPersonRow.outcome)

PERSON_FIELDS: Fields = {
    "id": Value(SiasnSyncPersonRow.id, ID),
    "nip": Value(SiasnSyncPersonRow.nip, TEXT),
    "outcome": Value(SiasnSyncPersonRow.outcome, OUTCOME),
    "detail": Object("Sentence", _told.fields, on=SiasnSyncPersonRow.outcome.is_not(None)),
    "doneAt": Value(instant(SiasnSyncPersonRow.done_at), NULLABLE_INSTANT),
    "endpoints": Items(
        "SiasnEndpoint",
        {
            "endpoint": Value(word_of(_endpoint.c.document, "endpoint"), TEXT),
            "answer": Value(_answer, TEXT),
            "status": Value(cast(word_of(_endpoint.c.document, "status"), Integer), NULLABLE_INTEGER),
            "rows": Value(cast(word_of(_endpoint.c.document, "rows"), Integer), NULLABLE_INTEGER),
            "at": Value(word_of(_endpoint.c.document, "at"), INSTANT),
            "detail": sentence_of(_answer),
        },
        _endpoint,
        true(),
        (_endpoint.c.place,),
    ),
    "changes": _change(SiasnSyncPersonRow.changes, "change"),
    "narrowedChanges": _change(SiasnSyncPersonRow.narrowed_changes, "narrowed_change"),
    "unmapped": Items(
        "SiasnUnmapped",
        {
            "endpoint": Value(word_of(_unmapped.c.document, "endpoint"), TEXT),
            "rowId": Value(word_of(_unmapped.c.document, "rowId"), NULLABLE_TEXT),
            "key": Value(word_of(_unmapped.c.document, "key"), TEXT),
            "value": Value(word_of(_unmapped.c.document, "value"), NULLABLE_TEXT),
            "code": Value(_unmapped_code, TEXT),
            "detail": sentence_of(_unmapped_code),
        },
        _unmapped,
        true(),
        (_unmapped.c.place,),
        needs=_SPECIFIC,
    ),
    "conflicts": Value(SiasnSyncPersonRow.conflicts, INTEGER),
    "withheld": WITHHELD,
}


def _asked(name: str, condition: Condition) -> Condition:
    return bindparam(name, type_=Boolean) == condition


_is_changed = func.coalesce(_was[Outcome.CHANGED] | _was[Outcome.ADDED], literal_column("false"))
_is_new = func.coalesce(_was[Outcome.ADDED], literal_column("false"))
_is_unknown = func.coalesce(_was[Outcome.UNKNOWN_THERE], literal_column("false"))
PERSON = Shape(
    "SiasnSyncPerson",
    _person,
    PERSON_FIELDS,
    rooted=lambda actor: SiasnSyncPersonRow.institution_id == cast(actor.c.institution, Uuid),
    conditions={
        "sync_id": SiasnSyncPersonRow.sync_id == bindparam("sync_id", type_=Uuid),
        "outcome": SiasnSyncPersonRow.outcome == bindparam("outcome", type_=Text),
        "changed": _asked("changed", _is_changed),
        "failed": _asked("failed", SiasnSyncPersonRow.failures > 0),
        "conflict": _asked("conflict", SiasnSyncPersonRow.conflicts > 0),
        "unmapped": _asked("unmapped", SiasnSyncPersonRow.unread > 0),
        "missing_there": _asked("missing_there", _is_unknown),
        "missing_here": _asked("missing_here", _is_new),
    },
)
SIASN_SYNC_PEOPLE = Pages(
    "SiasnSyncPerson", PERSON, (SiasnSyncPersonRow.ordinal, SiasnSyncPersonRow.id), parent=OF_SIASN_SYNC
)


# ── the reconciliation report


def _by_change(json: Column, name: str) -> FromClause:
    """How many rows of which endpoint changed how."""
    row = listed_in(json, f"{name}_row")
    return (
        select(
            word_of(row.c.document, "endpoint").label("endpoint"),
            word_of(row.c.document, "change").label("change"),
            func.count().label("rows"),
            func.count(SiasnSyncPersonRow.ordinal.distinct()).label("people"),
        )
        .select_from(_person.join(row, true()))
        .where(of_sync(SiasnSyncPersonRow))
        .group_by(literal_column("1"), literal_column("2"))
        .correlate(_sync)
        .lateral(name)
    )


def _changes_counted(json: Column, name: str, needs: tuple[Rule, ...] = ()) -> Items:
    by_change = _by_change(json, name)
    return Items(
        "SiasnChangeCount",
        {
            "endpoint": Value(by_change.c.endpoint, TEXT),
            "change": Value(by_change.c.change, CHANGE),
            "rows": Value(by_change.c.rows, INTEGER),
            "people": Value(by_change.c.people, INTEGER),
        },
        by_change,
        true(),
        (by_change.c.endpoint, by_change.c.change),
        needs=needs,
    )


_by_answer = (
    select(
        word_of(_endpoint.c.document, "endpoint").label("endpoint"),
        word_of(_endpoint.c.document, "answer").label("answer"),
        func.count().label("people"),
        func.sum(cast(word_of(_endpoint.c.document, "rows"), Integer)).label("rows"),
    )
    .select_from(_person.join(_endpoint, true()))
    .where(of_sync(SiasnSyncPersonRow))
    .group_by(literal_column("1"), literal_column("2"))
    .correlate(_sync)
    .lateral("by_answer")
)
_by_unmapped = (
    select(
        word_of(_unmapped.c.document, "endpoint").label("endpoint"),
        word_of(_unmapped.c.document, "key").label("key"),
        word_of(_unmapped.c.document, "code").label("code"),
        func.count().label("rows"),
        func.count(SiasnSyncPersonRow.ordinal.distinct()).label("people"),
    )
    .select_from(_person.join(_unmapped, true()))
    .where(of_sync(SiasnSyncPersonRow))
    .group_by(literal_column("1"), literal_column("2"), literal_column("3"))
    .correlate(_sync)
    .lateral("by_unmapped")
)
_standings: FromClause = (
    select(
        *(
            func.count().filter(SiasnConflictRow.standing == literal_column(f"'{one.value}'")).label(one.value)
            for one in Standing
        )
    )
    .where(of_sync(SiasnConflictRow))
    .correlate(_sync)
    .lateral("standings")
)
REPORT_FIELDS: Fields = {
    "sync": Object("SiasnSync", SYNC_FIELDS),
    "waiting": Value(SiasnSyncRow.total - _counts.c.done, INTEGER),
    "changes": _changes_counted(SiasnSyncPersonRow.changes, "by_change"),
    # of a sync of one person, a count is a fact about them
    "narrowedChanges": _changes_counted(SiasnSyncPersonRow.narrowed_changes, "by_narrowed_change", _SPECIFIC),
    "answers": Items(
        "SiasnAnswerCount",
        {
            "endpoint": Value(_by_answer.c.endpoint, TEXT),
            "answer": Value(_by_answer.c.answer, TEXT),
            "people": Value(_by_answer.c.people, INTEGER),
            "rows": Value(_by_answer.c.rows, NULLABLE_INTEGER),
            "detail": sentence_of(_by_answer.c.answer),
        },
        _by_answer,
        true(),
        (_by_answer.c.endpoint, _by_answer.c.answer),
    ),
    "unmapped": Items(
        "SiasnUnmappedCount",
        {
            "endpoint": Value(_by_unmapped.c.endpoint, TEXT),
            "key": Value(_by_unmapped.c.key, TEXT),
            "code": Value(_by_unmapped.c.code, TEXT),
            "rows": Value(_by_unmapped.c.rows, INTEGER),
            "people": Value(_by_unmapped.c.people, INTEGER),
            "detail": sentence_of(_by_unmapped.c.code),
        },
        _by_unmapped,
        true(),
        (_by_unmapped.c.endpoint, _by_unmapped.c.key, _by_unmapped.c.code),
        needs=_SPECIFIC,
    ),
    "conflicts": Object(
        "SiasnConflictCounts", {one.value: Value(_standings.c[one.value], INTEGER) for one in Standing}, _standings
    ),
    "withheld": WITHHELD,
}
SIASN_REPORT = Shape("SiasnReport", _sync.join(_counts, true()), REPORT_FIELDS, rooted=owned, conditions=BY_ID)
