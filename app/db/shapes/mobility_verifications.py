"""What documents about checks of mobility runs can contain."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Integer, Uuid, and_, bindparam, case, cast, func, true

from app.db.documents import Items, JsonSchema, Shape, Value, literal_text
from app.db.shapes.formats import instant
from app.db.shapes.found_json import listed_in, word_of
from app.db.shapes.schemas import BOOLEAN, ID, INSTANT, INTEGER, NULLABLE_ID, NULLABLE_INSTANT, NULLABLE_TEXT, TEXT
from app.db.shapes.sentences import filled, in_both
from app.db.tables.mobility_results import MobilityVerificationRow
from app.domain.mobility_verifications import State, Verdict

_finding = listed_in(MobilityVerificationRow.findings, "finding")
_counted = func.jsonb_each_text(MobilityVerificationRow.summary).table_valued("key", "value", name="counted")
_counted = _counted.render_derived()
STATE: JsonSchema = {"type": "string", "enum": [state.value for state in State]}
VERDICT: JsonSchema = {"type": ["string", "null"], "enum": [*(verdict.value for verdict in Verdict), None]}


def _said(language: str) -> ColumnElement[str]:
    is_verified = MobilityVerificationRow.verdict == literal_text(Verdict.VERIFIED)
    verdicts = [
        (MobilityVerificationRow.verdict == literal_text(one), filled(f"verification.{one.value}", language))
        for one in (Verdict.VERIFIED, Verdict.REJECTED, Verdict.UNUSABLE)
    ]
    fast = filled("verification.verified_fast", language)
    failed = MobilityVerificationRow.state == literal_text(State.FAILED)
    return case(
        (and_(is_verified, MobilityVerificationRow.is_fast), fast),
        *verdicts,
        (failed, filled("verification.failed", language)),
        else_=filled("verification.queued", language),
    )


MOBILITY_VERIFICATION = Shape(
    "MobilityVerification",
    MobilityVerificationRow.__table__,
    {
        "id": Value(MobilityVerificationRow.id, ID),
        "runId": Value(MobilityVerificationRow.run_id, NULLABLE_ID),
        "isFast": Value(MobilityVerificationRow.is_fast, BOOLEAN),
        "state": Value(MobilityVerificationRow.state, STATE),
        "requestedAt": Value(instant(MobilityVerificationRow.requested_at), INSTANT),
        "finishedAt": Value(instant(MobilityVerificationRow.finished_at), NULLABLE_INSTANT),
        "verdict": Value(MobilityVerificationRow.verdict, VERDICT),
        "detail": in_both(_said),
        "identity": Value(MobilityVerificationRow.identity, NULLABLE_TEXT),
        "summary": Items(
            "MobilityVerifiedCount",
            {"name": Value(_counted.c.key, TEXT), "count": Value(cast(_counted.c.value, Integer), INTEGER)},
            _counted,
            true(),
            (_counted.c.key,),
        ),
        "findings": Items(
            "MobilityFinding",
            {
                "code": Value(word_of(_finding.c.document, "code"), TEXT),
                "id": Value(word_of(_finding.c.document, "id"), TEXT),
                "en": Value(word_of(_finding.c.document, "en"), TEXT),
            },
            _finding,
            true(),
            (_finding.c.place,),
        ),
    },
    # policies say who reads what: whoever asked, and of published runs everybody
    rooted=lambda actor: actor.c.institution.is_not(None),
    conditions={"id": MobilityVerificationRow.id == bindparam("id", type_=Uuid)},
)
