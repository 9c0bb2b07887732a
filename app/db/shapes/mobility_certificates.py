"""What a talent's certificate of a mobility campaign can contain: the outcome, and why each wish came out as it did."""

from __future__ import annotations

from sqlalchemy import (
    ColumnElement,
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    not_,
    select,
)

from app.db.documents import Column, Condition, Fields, Items, Object, Shape, Value, literal_text
from app.db.shapes.formats import instant
from app.db.shapes.found_json import listed_in, word_of
from app.db.shapes.mobility_points import FOUND_REQUIREMENTS, POINTS_PARTS
from app.db.shapes.mobility_results import (
    LOT,
    code_of,
    cutoff,
    is_frozen_post,
    is_offer,
    of_run,
    offers,
    post_of,
    rule_of,
)
from app.db.shapes.schemas import (
    BOOLEAN,
    DATE,
    ID,
    INTEGER,
    NULLABLE_INSTANT,
    NULLABLE_INTEGER,
    NULLABLE_TEXT,
    TEXT,
)
from app.db.shapes.scopes import SCOPES
from app.db.shapes.sentences import filled, in_both
from app.db.tables.mobility import MobilityApplicationRow, MobilityCampaignRow, MobilityParticipationRow
from app.db.tables.mobility_results import (
    MobilityCellResultRow,
    MobilityOutcomeRow,
    MobilityPostResultRow,
    MobilityResultRow,
)
from app.db.tables.mobility_runs import MobilityFrozenPostRow, MobilityRunRow, MobilityWorkRow
from app.db.tables.talents import TalentRow
from app.domain.mobility import NOT_RELEASED
from app.domain.mobility_answers import Code
from app.domain.requirements import Outcome

VERIFY = "./nusatalenta verify-run run.json"
_participation, _talent, _run = MobilityParticipationRow.__table__, TalentRow.__table__, MobilityRunRow.__table__
_campaign, _outcome = MobilityCampaignRow.__table__, MobilityOutcomeRow.__table__
_home, _got, _wished = offers("home"), offers("got"), offers("wished")
_application = MobilityApplicationRow.__table__
_own_cell_first: ColumnElement[bool] = MobilityCampaignRow.own_cell_first.is_(True)


# ── one wish

_answer: ColumnElement[str] = MobilityResultRow.codes[MobilityOutcomeRow.codes[MobilityApplicationRow.rank]]
_cell: ColumnElement[int] = MobilityOutcomeRow.cells[MobilityApplicationRow.rank]
_wishes = (
    _application.join(
        MobilityFrozenPostRow.__table__,
        and_(is_frozen_post, MobilityFrozenPostRow.id == MobilityApplicationRow.offer_id),
    )
    .join(
        MobilityPostResultRow.__table__,
        and_(of_run(MobilityPostResultRow), MobilityPostResultRow.post_id == MobilityApplicationRow.offer_id),
    )
    .outerjoin(_wished, is_offer(_wished, MobilityApplicationRow.offer_id))
    .outerjoin(
        MobilityCellResultRow.__table__,
        and_(of_run(MobilityCellResultRow), MobilityCellResultRow.number == _cell),
    )
)
_of_participation = and_(
    MobilityApplicationRow.institution_id == MobilityParticipationRow.institution_id,
    MobilityApplicationRow.participation_id == MobilityParticipationRow.id,
)
_code, _rule = code_of(_answer), rule_of(_answer)
_is_at_post = _code == literal_text(Code.BELOW_CUTOFF)
NOT_ELIGIBLE, UNVERIFIED = "NOT_ELIGIBLE", "UNVERIFIED"
_nearness: ColumnElement[int | None] = case(
    (
        _own_cell_first,
        func.mobility_nearness(
            MobilityRunRow.institution_id,
            MobilityRunRow.campaign_id,
            MobilityParticipationRow.home_offer_id,
            MobilityApplicationRow.offer_id,
            type_=Integer,
        ),
    )
)
# the last who came in, of the post or of the full cell in the way
_last_depth, _last_points, _last_lot, _last_urgency = (
    case((_is_at_post, of_post), else_=of_cell)
    for of_post, of_cell in (
        (MobilityPostResultRow.depth, MobilityCellResultRow.depth),
        (MobilityPostResultRow.points, MobilityCellResultRow.points),
        (MobilityPostResultRow.lot, MobilityCellResultRow.lot),
        (MobilityFrozenPostRow.urgency, MobilityCellResultRow.urgency),
    )
)
_others = MobilityPostResultRow.filled - MobilityPostResultRow.incumbents
ABOUT: dict[str, Column] = {
    "seats": MobilityPostResultRow.seats,
    "incumbents": MobilityPostResultRow.incumbents,
    "others": _others,
    "cell": MobilityCellResultRow.cell_id,
    "ceiling": MobilityCellResultRow.ceiling,
    "points": MobilityApplicationRow.points,
    "lot": MobilityOutcomeRow.lot,
    "urgency": MobilityFrozenPostRow.urgency,
    "depth": _nearness,
    "cutoff_points": _last_points,
    "cutoff_lot": _last_lot,
    "cutoff_urgency": _last_urgency,
    "cutoff_depth": _last_depth,
}
"""What the sentences of answers are filled from."""


def _failed(outcome: Outcome, *path: str) -> ColumnElement[str]:
    """Of the first requirement that came out so, a word of what was found."""
    found = listed_in(MobilityApplicationRow.because, "failed")
    word: ColumnElement[str] = found.c.document.op("#>>", return_type=Text())(literal_column(f"'{{{','.join(path)}}}'"))
    is_it = word_of(found.c.document, "outcome") == literal_text(outcome.value)
    first = select(word).select_from(found).where(is_it).order_by(found.c.place).limit(literal_column("1"))
    return first.correlate(_application).scalar_subquery()


def _ineligible(key: str, outcome: Outcome, language: str) -> ColumnElement[str]:
    label, found = _failed(outcome, "label", language), _failed(outcome, "found", language)
    return filled(f"answer.{key}", language, requirement=label, found=found)


def why(language: str) -> ColumnElement[str]:
    """What became of a wish and what decided, in words: the first of the comparisons, in their order, that differs."""

    def say(code: str) -> ColumnElement[str]:
        return filled(code, language, **ABOUT)

    answer = {code.value: say(f"answer.{code.value}") for code in Code} | {NOT_RELEASED: say("answer.NOT_RELEASED")}
    is_barred, is_met = _code == literal_text(NOT_ELIGIBLE), literal_text(Outcome.NOT_MET.value)
    is_unmet = func.coalesce(_failed(Outcome.NOT_MET, "outcome") == is_met, literal_column("false"))
    no_seats = and_(_code == literal_text(Code.INCUMBENT_STAYED), MobilityPostResultRow.seats == literal_column("0"))
    said = case(
        (and_(is_barred, is_unmet), _ineligible(NOT_ELIGIBLE, Outcome.NOT_MET, language)),
        (is_barred, _ineligible(UNVERIFIED, Outcome.NEEDS_VERIFICATION, language)),
        (no_seats, say("answer.NO_SEATS")),
        *((_code == literal_text(code), words) for code, words in answer.items()),
    )
    is_refused = _code.in_([literal_text(code) for code in (Code.BELOW_CUTOFF, Code.CEILING, Code.CEILING_OWN_CELL)])
    ground = case(
        (_last_points.is_(None), say("ground.home")),
        (and_(_own_cell_first, _last_depth > _nearness), say("ground.depth")),
        (_last_urgency < MobilityFrozenPostRow.urgency, say("ground.urgency")),
        (_last_points == MobilityApplicationRow.points, say("ground.lot")),
        (
            and_(_code == literal_text(Code.BELOW_CUTOFF), not_(_own_cell_first)),
            say("ground.everybody"),
        ),
        else_=say("ground.points"),
    )
    return case((is_refused, func.concat(said, literal_text(" "), ground)), else_=said)


_WISH: Fields = {
    "rank": Value(MobilityApplicationRow.rank, INTEGER),
    "wishPlace": Value(MobilityApplicationRow.wish_place, INTEGER),
    "post": post_of(MobilityApplicationRow.offer_id, _wished),
    "code": Value(_code, TEXT),
    "rule": Value(_rule, NULLABLE_TEXT),
    "why": in_both(why),
    "points": Value(MobilityApplicationRow.points, INTEGER),
    "parts": POINTS_PARTS,
    "requirements": FOUND_REQUIREMENTS,
    "nearness": Value(_nearness, NULLABLE_INTEGER),
    "urgency": Value(MobilityFrozenPostRow.urgency, NULLABLE_INTEGER),
    "cellId": Value(MobilityCellResultRow.cell_id, NULLABLE_TEXT),
    "ceiling": Value(MobilityCellResultRow.ceiling, NULLABLE_INTEGER),
    "seats": Value(MobilityPostResultRow.seats, INTEGER),
    "filled": Value(MobilityPostResultRow.filled, INTEGER),
    "incumbents": Value(MobilityPostResultRow.incumbents, INTEGER),
    "cutoff": cutoff(_last_depth, _last_urgency, _last_points, _last_lot),
}


# ── the certificate


_application = MobilityApplicationRow.__table__.alias("came_true")
_came_true = (
    select(_application.c.wish_place)
    .where(
        _application.c.institution_id == MobilityParticipationRow.institution_id,
        _application.c.participation_id == MobilityParticipationRow.id,
        _application.c.rank == MobilityOutcomeRow.rank,
    )
    .correlate(_participation, _outcome)
    .scalar_subquery()
)
"""The place of the wish as it was written: of one that a wildcard stands for, that of the wildcard."""


def _in_words(language: str) -> ColumnElement[str]:
    home = {"post": _home.c.post_name, "unit": _home.c.unit_name, "institution": _home.c.institution_name}
    got = {"post": _got.c.post_name, "unit": _got.c.unit_name, "institution": _got.c.institution_name}
    moves = filled("outcome.moves", language, place=_came_true, **got)
    return case((MobilityOutcomeRow.rank.is_not(None), moves), else_=filled("outcome.stays", language, **home))


def _order(language: str) -> ColumnElement[str]:
    own, plain = (filled(f"certificate.{name}", language) for name in ("own_cell_order", "order"))
    return case((_own_cell_first, own), else_=plain)


def _checked(language: str) -> ColumnElement[str]:
    return filled("certificate.verify", language, participant=MobilityParticipationRow.file_id)


_rules_version: ColumnElement[str] = func.concat(
    MobilityCampaignRow.formula_code, literal_text("/"), MobilityCampaignRow.formula_version
)
_certificates = (
    _participation.join(
        _talent,
        and_(
            TalentRow.institution_id == MobilityParticipationRow.institution_id,
            TalentRow.id == MobilityParticipationRow.talent_id,
        ),
    )
    .join(_campaign, MobilityCampaignRow.id == MobilityParticipationRow.campaign_id)
    .join(_run, and_(MobilityRunRow.campaign_id == MobilityCampaignRow.id, MobilityRunRow.is_first.is_(True)))
    .join(
        MobilityWorkRow.__table__,
        and_(MobilityWorkRow.institution_id == MobilityRunRow.institution_id, MobilityWorkRow.id == MobilityRunRow.id),
    )
    .join(MobilityResultRow.__table__, of_run(MobilityResultRow))
    .join(
        _outcome,
        and_(of_run(MobilityOutcomeRow), MobilityOutcomeRow.participant_id == MobilityParticipationRow.file_id),
    )
    .outerjoin(_home, is_offer(_home, MobilityParticipationRow.home_offer_id))
    .outerjoin(_got, is_offer(_got, MobilityOutcomeRow.post_id))
)
_is_published: Condition = MobilityCampaignRow.state.in_(
    [literal_text(state) for state in ("published", "executing", "closed")]
)
MOBILITY_CERTIFICATE = Shape(
    "MobilityCertificate",
    _certificates,
    {
        "participantId": Value(MobilityParticipationRow.file_id, ID),
        "campaign": Object(
            "CertifiedCampaign",
            {
                "id": Value(MobilityCampaignRow.id, ID),
                "name": Value(MobilityCampaignRow.name, TEXT),
                "legalBasis": Value(MobilityCampaignRow.legal_basis, TEXT),
                "profile": Value(MobilityCampaignRow.profile, TEXT),
                "ownCellFirst": Value(_own_cell_first, BOOLEAN),
                "effectiveOn": Value(MobilityCampaignRow.effective_on, DATE),
                "formula": Object(
                    "CertifiedFormula",
                    {
                        "code": Value(MobilityCampaignRow.formula_code, TEXT),
                        "version": Value(MobilityCampaignRow.formula_version, INTEGER),
                    },
                ),
            },
        ),
        "nip": Value(TalentRow.nip, TEXT),
        "name": Value(TalentRow.name, TEXT),
        "moves": Value(MobilityOutcomeRow.rank.is_not(None), BOOLEAN),
        "rank": Value(MobilityOutcomeRow.rank, NULLABLE_INTEGER),
        "wishPlace": Value(_came_true, NULLABLE_INTEGER),
        "home": post_of(MobilityParticipationRow.home_offer_id, _home),
        "post": post_of(MobilityOutcomeRow.post_id, _got),
        "detail": in_both(_in_words),
        "lot": Value(cast(MobilityOutcomeRow.lot, Text), LOT),
        "order": in_both(_order),
        "wishes": Items("CertifiedWish", _WISH, _wishes, _of_participation, (MobilityApplicationRow.rank,)),
        "run": Object(
            "CertifiedRun",
            {
                "id": Value(MobilityRunRow.id, ID),
                "finishedAt": Value(instant(MobilityWorkRow.finished_at), NULLABLE_INSTANT),
                "identity": Value(MobilityRunRow.identity, NULLABLE_TEXT),
                "snapshotDigest": Value(MobilityRunRow.snapshot_digest, NULLABLE_TEXT),
                "resultDigest": Value(MobilityRunRow.result_digest, NULLABLE_TEXT),
                "rulesVersion": Value(_rules_version, TEXT),
                "solverVersion": Value(MobilityResultRow.solver_version, TEXT),
                "lotteryCommitment": Value(MobilityCampaignRow.lottery_commitment, TEXT),
                "lotterySource": Value(MobilityCampaignRow.lottery_source, TEXT),
                "lotteryValue": Value(MobilityRunRow.value, TEXT),
                "seed": Value(MobilityRunRow.seed, TEXT),
            },
        ),
        "verification": Object(
            "CertifiedVerification",
            {"detail": in_both(_checked), "command": Value(literal_text(VERIFY), TEXT)},
        ),
    },
    rooted=lambda actor: and_(
        MobilityParticipationRow.institution_id == cast(actor.c.institution, Uuid), _is_published
    ),
    conditions={"campaign_id": MobilityCampaignRow.id == bindparam("campaign_id", type_=Uuid), **SCOPES},
)
