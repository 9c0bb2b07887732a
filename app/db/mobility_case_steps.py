"""Steps of mobility cases: the case and its unit held, papers put on record, the route settled, the step taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database
from app.db.ledger import record
from app.db.locks import waiting_shortly
from app.db.tables.mobility_cases import MobilityCaseDocumentRow, MobilityCaseRow, MobilityRulebookRow
from app.db.tables.talents import TalentRow
from app.domain import mobility_cases, mobility_routes
from app.domain.actors import Actor
from app.domain.errors import NotFound
from app.domain.mobility_cases import DocumentState, Paper, Party, Place, State
from app.domain.mobility_events import MobilityCaseAdvanced, MobilityDocumentKept
from app.domain.mobility_moves import Kind
from app.domain.mobility_routes import InstitutionKind, Route
from app.domain.mobility_rulebooks import Rulebook, read_rulebook
from app.domain.revisions import Expected, must_be_unchanged


@dataclass(frozen=True, slots=True)
class Letter:
    """The paper of a step, by its number and day."""

    number: str
    dated: date


@dataclass(frozen=True, slots=True)
class Held:
    """A case that nobody else changes meanwhile, who the actor is in it, and what is known of its unit."""

    row: MobilityCaseRow
    parties: frozenset[Party]
    states: dict[int, State]
    days: dict[int, date | None]

    @property
    def place(self) -> Place | None:
        """Where it stands in a chain or cycle; None of a direct request."""
        if self.row.unit_kind is None or self.row.step is None:
            return None
        return Place(Kind(self.row.unit_kind), self.row.step)


async def hold_case(tx: AsyncSession, actor: Actor, case_id: UUID, expected: Expected | None = None) -> Held:
    """A case that the actor's institution is a party of, locked with the others of its unit; `NotFound` otherwise.

    What another institution prepares is not there yet. From now on a step is written as a whole, or not at all.
    """
    tx.sync_session.autoflush = False
    async with waiting_shortly(tx, "mobility_case.busy"):
        await tx.execute(select(func.hold_mobility_unit(case_id)))
        found = select(MobilityCaseRow).where(MobilityCaseRow.id == case_id).with_for_update()
        row = await tx.scalar(found)
    if row is None or not (parties := _parties(actor, row)):
        raise NotFound("mobility_case.not_found")
    must_be_unchanged(expected, row.revision)
    others = (await tx.execute(select("*").select_from(func.mobility_unit_states(case_id)))).all()
    return Held(row, parties, {one[0]: State(one[1]) for one in others}, {one[0]: one[2] for one in others})


def _parties(actor: Actor, row: MobilityCaseRow) -> frozenset[Party]:
    is_prepared = row.state == State.DRAFT.value and row.campaign_id is None
    found = {
        Party.ORIGIN: row.institution_id == actor.institution_id and not is_prepared,
        Party.RECEIVING: row.receiving_institution_id == actor.institution_id,
        Party.BKN: actor.is_national and row.submitted_on is not None,
    }
    return frozenset(party for party, is_part in found.items() if is_part)


async def hold_own_case(tx: AsyncSession, actor: Actor, case_id: UUID, expected: Expected | None = None) -> Held:
    """A case about oneself, locked."""
    case = await hold_case(tx, actor, case_id, expected)
    mine = await tx.scalar(select(TalentRow.id).where(TalentRow.nip == (actor.nip or "")))
    if Party.ORIGIN not in case.parties or case.row.talent_id != mine:
        raise NotFound("mobility_case.not_found")
    return case


async def keep_document(tx: AsyncSession, db: Database, actor: Actor, case: Held, item: str, paper: Paper) -> None:
    """Put on record what is known of a document, as the side whose document it is."""
    found = select(MobilityCaseDocumentRow).where(
        MobilityCaseDocumentRow.case_id == case.row.id, MobilityCaseDocumentRow.item == item
    )
    row = await tx.scalar(found)
    if row is None:
        raise NotFound("mobility_case.no_document")
    mobility_cases.must_be_part_of(case.parties, Party(row.side))
    before = row.state
    row.state, row.number, row.dated, row.because = paper.state.value, paper.number, paper.dated, paper.because
    row.kept_at, row.kept_by = db.now(), actor.subject
    await tx.flush()
    await record(tx, actor, MobilityDocumentKept(case.row.id, item, before, row.state))


async def must_be_complete(tx: AsyncSession, case: Held, target: State) -> None:
    """Refused with every document that is missing for the step."""
    kept = MobilityCaseDocumentRow
    rows = await tx.execute(select(kept.item, kept.state).where(kept.case_id == case.row.id))
    states = {row.item: DocumentState(row.state) for row in rows}
    mobility_cases.must_be_complete((await rulebook_of(tx, case.row)).items.values(), states, target)


async def rulebook_of(tx: AsyncSession, row: MobilityCaseRow) -> Rulebook:
    """The version of the rules that the case keeps to."""
    rulebook = await tx.get(MobilityRulebookRow, row.rulebook_version)
    if rulebook is None:
        raise NotFound("mobility_case.not_found")
    return read_rulebook(rulebook.document)


async def settle_route(tx: AsyncSession, row: MobilityCaseRow) -> Route:
    """The route that applies by what is known of both institutions; it stays once it is settled."""
    rulebook = await rulebook_of(tx, row)
    if row.route is not None:
        return rulebook.routes[mobility_routes.RouteCode(row.route)]
    told = (await tx.execute(select("*").select_from(func.mobility_case_places(row.id)))).one()
    origin, receiving = (
        mobility_routes.Place(str(institution), kind and InstitutionKind(kind), province)
        for institution, kind, province in (
            (row.institution_id, told[1], told[2]),
            (row.receiving_institution_id, told[4], told[5]),
        )
    )
    code = mobility_routes.route_between(origin, receiving)
    if code is None:
        raise mobility_cases.no_route(mobility_routes.missing_between(origin, receiving))
    route = rulebook.routes[code]
    row.route, row.decree_party = code.value, mobility_cases.decree_party(route).value
    return route


async def nip_of(tx: AsyncSession, row: MobilityCaseRow) -> list[str]:
    """The number of who moves, as far as the actor may know it: none where neither the row nor the case tells it."""
    if row.talent_nip is not None:
        return [row.talent_nip]
    own = select(TalentRow.nip).where(TalentRow.institution_id == row.institution_id, TalentRow.id == row.talent_id)
    return list(await tx.scalars(own))


async def name_talent(tx: AsyncSession, row: MobilityCaseRow) -> None:
    """The other side reads who it is once the origin has released and the talent has agreed (domain.md 8.1)."""
    if row.released_on is not None and row.agreed_at is not None:
        talent = await tx.get(TalentRow, (row.institution_id, row.talent_id))
        if talent is not None:
            row.talent_nip, row.talent_name = talent.nip, talent.name


async def enter_state(
    tx: AsyncSession,
    db: Database,
    actor: Actor,
    case: Held,
    state: State,
    letter: Letter | None,
    because: str | None = None,
) -> None:
    """Take the step: what is kept of it, and the entry in the own ledger; the other institution's is told by itself."""
    row, before = case.row, case.row.state
    if letter is not None:
        days = {"previous": row.dated, "dated": letter.dated}
        mobility_cases.must_be_in_order(days, db.today())
        row.number, row.dated = letter.number, letter.dated
    else:
        row.number, row.dated = None, None
    row.state, row.because = state.value, because
    row.moved_at, row.moved_by, row.moved_role = db.now(), actor.subject, actor.role.value
    row.moved_institution_id = actor.institution_id
    await tx.flush()
    await record(tx, actor, MobilityCaseAdvanced(row.id, before, row.state, row.number, row.cancellation_code))


async def fell_unit(tx: AsyncSession, case: Held, steps: list[int], because: str) -> None:
    """Give up these steps of the unit, in whichever institution, as what they rest on is not made."""
    if steps:
        await tx.execute(select(func.fell_mobility_cases(case.row.id, steps, because)))
