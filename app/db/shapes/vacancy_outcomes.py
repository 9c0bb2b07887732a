"""What somebody who was considered for a vacancy is told of its outcome, once that is public: theirs, and why."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Text, and_, bindparam, case, func, literal_column, or_, select

from app.db.classes import DataClass, rule_for
from app.db.documents import Object, Value, literal_text
from app.db.shapes.passing_reasons import REASON, SENTENCES
from app.db.shapes.schemas import BOOLEAN, NULLABLE_DATE, NULLABLE_INTEGER, NULLABLE_TEXT
from app.db.shapes.sentences import said
from app.db.shapes.vacancies import CANCELLATION, day_of, is_shortlisted
from app.db.tables.rankings import RankingCandidateRow, RankingRow
from app.db.tables.shortlists import PassedOverGroupRow, ShortlistEntryRow, ShortlistRow, VacancyDecisionRow
from app.db.tables.talents import TalentRow
from app.db.tables.vacancies import VacancyRow
from app.domain.replays import Standing
from app.domain.shortlists import Group
from app.domain.vacancies import PUBLIC, State

_candidate, _vacancy, _ranking = RankingCandidateRow.__table__, VacancyRow.__table__, RankingRow.__table__
_proposed, _other = ShortlistEntryRow.__table__.alias("proposed"), RankingCandidateRow.__table__.alias("other")

is_public: ColumnElement[bool] = or_(
    VacancyRow.state.in_([literal_text(state.value) for state in PUBLIC]),
    and_(
        VacancyRow.state == literal_text(State.CANCELLED.value),
        RankingCandidateRow.outcome == literal_text(Standing.ELIGIBLE.value),
    ),
)
"""Whether somebody reads what became of them: from the decree on; of a cancelled vacancy, who was eligible."""
was_unmasked: ColumnElement[bool] = or_(
    VacancyRow.state != literal_text(State.CANCELLED.value),
    is_shortlisted,
    TalentRow.nip == bindparam("masked_but", type_=Text),
)
"""Whether others read it as well: of a vacancy that was cancelled before a shortlist, only whom the parameter names."""

# ── proposed, or passed over by the committee: with a reason of one's own, or as one of a group

_own = and_(
    ShortlistEntryRow.institution_id == ShortlistRow.institution_id,
    ShortlistEntryRow.vacancy_id == ShortlistRow.vacancy_id,
    ShortlistEntryRow.talent_id == RankingCandidateRow.talent_id,
)
_lowest_proposed = (
    select(func.min(_other.c.lowest))
    .select_from(_proposed)
    .join(
        _other,
        and_(
            _other.c.institution_id == _proposed.c.institution_id,
            _other.c.ranking_id == ShortlistRow.ranking_id,
            _other.c.candidate_id == _proposed.c.candidate_id,
        ),
    )
    .where(
        _proposed.c.institution_id == ShortlistRow.institution_id,
        _proposed.c.vacancy_id == ShortlistRow.vacancy_id,
        _proposed.c.place.is_not(None),
    )
    .correlate(ShortlistRow.__table__)
    .scalar_subquery()
)
_group_of_own = case(
    (
        RankingCandidateRow.outcome == literal_text(Standing.NEEDS_VERIFICATION.value),
        literal_text(Group.TO_VERIFY.value),
    ),
    (
        and_(
            RankingCandidateRow.outcome == literal_text(Standing.ELIGIBLE.value),
            RankingCandidateRow.position.is_(None),
        ),
        literal_text(Group.UNKNOWN_POINTS.value),
    ),
)
"""As `Considered.group` in `domain.shortlists`, and who of them could have been better."""
_in_group = and_(
    PassedOverGroupRow.institution_id == ShortlistRow.institution_id,
    PassedOverGroupRow.vacancy_id == ShortlistRow.vacancy_id,
    PassedOverGroupRow.who == _group_of_own,
    ShortlistRow.ranking_id == RankingRow.id,
    ShortlistEntryRow.candidate_id.is_(None),
    RankingCandidateRow.highest >= _lowest_proposed,
)
_shortlist, _entry = ShortlistRow.__table__, ShortlistEntryRow.__table__
_group, _decision = PassedOverGroupRow.__table__, VacancyDecisionRow.__table__
_found = (
    select(
        day_of(State.DECIDED).label("decided_on"),
        VacancyRow.decreed_on,
        VacancyRow.effective_on,
        _entry.c.place,
        _decision.c.place.label("chosen_place"),
        func.coalesce(_entry.c.reason_code, _group.c.reason_code, type_=Text).label("code"),
        case((_entry.c.candidate_id.is_(None), _group.c.reason), else_=_entry.c.reason).label("words"),
        case((_decision.c.place > _entry.c.place, _decision.c.reason_code)).label("choice"),
    )
    .select_from(
        select(literal_column("1").label("one"))
        .subquery("asked")
        .outerjoin(
            _shortlist,
            and_(ShortlistRow.institution_id == VacancyRow.institution_id, ShortlistRow.vacancy_id == VacancyRow.id),
        )
        .outerjoin(_entry, _own)
        .outerjoin(_group, _in_group)
        .outerjoin(
            _decision,
            and_(
                VacancyDecisionRow.institution_id == VacancyRow.institution_id,
                VacancyDecisionRow.vacancy_id == VacancyRow.id,
            ),
        )
    )
    .correlate(_candidate, _vacancy, _ranking)
    .subquery("became")
)
_chosen = func.coalesce(_found.c.place == _found.c.chosen_place, literal_column("false"))
VACANCY_OUTCOME = Object(
    "VacancyOutcome",
    {
        "decidedOn": Value(_found.c.decided_on, NULLABLE_DATE),
        "decreedOn": Value(_found.c.decreed_on, NULLABLE_DATE),
        "effectiveOn": Value(_found.c.effective_on, NULLABLE_DATE),
        "place": Value(_found.c.place, NULLABLE_INTEGER),
        "isChosen": Value(_chosen, BOOLEAN),
        "passedOver": Object(
            "OwnPassingOver",
            {
                "reasonCode": Value(func.coalesce(_found.c.code, literal_text(""), type_=Text), REASON),
                "label": said(SENTENCES, _found.c.code),
                "reason": Value(_found.c.words, NULLABLE_TEXT),
            },
            on=_found.c.code.is_not(None),
            needs=rule_for(DataClass.SPECIFIC),
        ),
        "choice": Object(
            "OwnChoice",
            {
                "reasonCode": Value(func.coalesce(_found.c.choice, literal_text(""), type_=Text), REASON),
                "label": said(SENTENCES, _found.c.choice),
            },
            on=_found.c.choice.is_not(None),
            needs=rule_for(DataClass.SPECIFIC),
        ),
        "cancellation": CANCELLATION,
    },
    _found,
    is_public,
)
"""`passedOver` is the committee's reason, `choice` that of the appointing authority for choosing a later place.

A reason may be that somebody's record is under review: talents read their own, others as they read specific data.
"""
