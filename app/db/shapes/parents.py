"""What lists are of: a cycle, a vacancy, a talent …, each a row that is there for whoever asks, or is not."""

from __future__ import annotations

from sqlalchemy import Text, Uuid, and_, bindparam, cast

from app.db.documents import Actor, Condition, Parent
from app.db.shapes.mobility_campaigns import readable
from app.db.shapes.scopes import SCOPES
from app.db.tables.cycles import CycleRow
from app.db.tables.mobility import MobilityCampaignRow
from app.db.tables.mobility_results import MobilityResultRow
from app.db.tables.movements import MovementRunRow, RehearsalRow
from app.db.tables.rankings import RankingRow
from app.db.tables.siasn_pushes import SiasnPushRow
from app.db.tables.siasn_syncs import SiasnSyncRow
from app.db.tables.talents import TalentRow
from app.db.tables.vacancies import VacancyRow
from app.db.tables.webhooks import WebhookRow

_Row = (
    type[CycleRow]
    | type[RankingRow]
    | type[RehearsalRow]
    | type[SiasnPushRow]
    | type[SiasnSyncRow]
    | type[VacancyRow]
    | type[WebhookRow]
)


def _own(row: _Row, name: str, absent: str) -> Parent:
    """A row of the own institution by its id."""

    def is_it(actor: Actor) -> Condition:
        return and_(row.institution_id == cast(actor.c.institution, Uuid), row.id == bindparam(name, type_=Uuid))

    return Parent(name, row.__table__, is_it, absent)


def _is_talent(actor: Actor) -> Condition:
    return and_(
        TalentRow.institution_id == cast(actor.c.institution, Uuid), TalentRow.nip == bindparam("nip", type_=Text)
    )


def _is_movement(actor: Actor) -> Condition:
    return and_(
        MovementRunRow.institution_id == cast(actor.c.institution, Uuid),
        MovementRunRow.cycle_id == bindparam("cycle_id", type_=Uuid),
        MovementRunRow.earlier_cycle_id == bindparam("earlier_cycle_id", type_=Uuid),
    )


def _campaign(name: str) -> Parent:
    """A campaign that whoever asks may read, by its id."""

    def is_it(actor: Actor) -> Condition:
        return and_(readable(actor), MobilityCampaignRow.id == bindparam(name, type_=Uuid))

    return Parent(name, MobilityCampaignRow.__table__, is_it, "mobility_campaign.not_found")


def _is_result(actor: Actor) -> Condition:
    return and_(actor.c.institution.is_not(None), MobilityResultRow.run_id == bindparam("run_id", type_=Uuid))


OF_CAMPAIGN, OF_CAMPAIGN_ID = _campaign("campaign"), _campaign("campaign_id")
OF_RESULT = Parent("run_id", MobilityResultRow.__table__, _is_result, "mobility_result.not_found")
"""Policies say who reads it: the organiser, and everybody once the campaign is published."""
OF_MOVEMENT = Parent("cycle_id", MovementRunRow.__table__, _is_movement, "movement.not_found")
OF_CYCLE = _own(CycleRow, "cycle_id", "cycle.not_found")
OF_RANKING = _own(RankingRow, "ranking_id", "ranking.not_found")
OF_REHEARSAL = _own(RehearsalRow, "rehearsal_id", "rehearsal.not_found")
OF_SIASN_PUSH = _own(SiasnPushRow, "push_id", "siasn_push.not_found")
OF_SIASN_SYNC = _own(SiasnSyncRow, "sync_id", "sync.not_found")
OF_VACANCY = _own(VacancyRow, "vacancy_id", "vacancy.not_found")
OF_WEBHOOK = _own(WebhookRow, "webhook_id", "webhook.not_found")
OF_TALENT = Parent("nip", TalentRow.__table__, _is_talent, "talent.not_found", SCOPES)
"""Within the reach of who asks, as where the talent itself is read."""
