"""Mobility cases: an institution asks for somebody, the origin lets go, BKN considers, a decree, another seat."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.mobility_case_steps import (
    Held,
    Letter,
    enter_state,
    fell_unit,
    hold_case,
    hold_own_case,
    keep_document,
    must_be_complete,
    name_talent,
    nip_of,
    rulebook_of,
    settle_route,
)
from app.db.outdated_plans import outdate_plans_of
from app.db.shapes import mobility_cases as shapes
from app.domain import mobility_cases, shortlists
from app.domain.actors import Actor, Permission
from app.domain.errors import Conflict, Fault, NotFound, refuse
from app.domain.mobility_cases import (
    AGREEABLE,
    KEEPABLE,
    WHO_ENTERS,
    CancellationReason,
    DocumentState,
    Paper,
    Party,
    State,
)
from app.domain.mobility_events import MobilityCaseAgreed, MobilityCaseOpened, MobilitySeatLeft
from app.domain.mobility_moves import Kind
from app.domain.revisions import Expected
from app.services import mobility_case_checks, seats
from app.services.contract import is_storable, named_cursor, page_size
from app.services.mobility_case_commands import (
    CancelMobilityCase,
    DecreeMobilityCase,
    InaugurateMobilityCase,
    KeepMobilityDocument,
    MobilityCaseFilter,
    MobilityLetter,
    OpenMobilityCase,
    RefuseMobilityCase,
    ReturnMobilityCase,
)
from app.services.scopes import own_scope

# ── writes


async def open_mobility_case(db: Database, actor: Actor, command: OpenMobilityCase) -> UUID:
    """Prepare a request for one person of another institution; nobody there reads it before it is made.

    Refused unless a seat of the post is empty by the planned day, and alike for a card and a disclosure that lead to
    nobody.
    """
    actor.require(Permission.MANAGE_MOBILITY_CASES)
    if (command.card_id is None) == (command.disclosure_id is None):
        refuse(Fault("mobility_case.whose", "/cardId"))
    case_id = uuid4()
    async with db.write_as(actor) as tx:
        post = await seats._hold_post(tx, actor, command.post_id)  # noqa: SLF001 - a service composes another's steps
        await seats._foreseeable_from(tx, post, db.today(), command.planned_on)  # noqa: SLF001
        found = (command.card_id, command.disclosure_id)
        told = (command.reason, command.planned_on, db.now(), actor.subject, actor.role.value)
        try:
            opened = await tx.scalar(select(func.open_mobility_case(case_id, *found, command.post_id, *told)))
        except IntegrityError as error:
            raise Conflict("mobility_case.exists") from error
        if not opened:
            raise NotFound("mobility_case.nobody")
        await record(tx, actor, MobilityCaseOpened(case_id, command.post_id, *found))
    return case_id


async def request_mobility_case(
    db: Database, actor: Actor, case_id: UUID, command: MobilityLetter, *, expected: Expected | None = None
) -> None:
    """Ask the origin for the person, as the receiving institution; what the post asks is settled now."""
    actor.require(Permission.MANAGE_MOBILITY_CASES)
    async with db.write_as(actor) as tx:
        case = await hold_case(tx, actor, case_id, expected)
        await _must_be_possible(tx, actor, case, State.REQUESTED)
        await _keep_letter(tx, db, actor, case, "requestLetter", command.letter)
        await must_be_complete(tx, case, State.REQUESTED)
        case.row.asked = await mobility_case_checks._asked(tx, case.row.post_id, case.row.planned_on)  # noqa: SLF001
        await enter_state(tx, db, actor, case, State.REQUESTED, command.letter)


async def release_mobility_case(
    db: Database, actor: Actor, case_id: UUID, command: MobilityLetter, *, expected: Expected | None = None
) -> None:
    """Let the person go, as the appointing authority of the origin.

    Refused where a requirement of the post is not met. With the word of the talent the other side reads the name.
    """
    actor.require(Permission.DECIDE_MOBILITY_CASES)
    async with db.write_as(actor) as tx:
        case = await hold_case(tx, actor, case_id, expected)
        await _must_be_possible(tx, actor, case, State.RELEASED)
        await _keep_letter(tx, db, actor, case, "releaseLetter", command.letter)
        await must_be_complete(tx, case, State.RELEASED)
        row, today = case.row, db.today()
        await mobility_case_checks._must_be_eligible(tx, row, State.RELEASED, row.planned_on, today)  # noqa: SLF001
        row.released_on = command.dated
        await name_talent(tx, row)
        await enter_state(tx, db, actor, case, State.RELEASED, command.letter)


async def refuse_mobility_case(
    db: Database, actor: Actor, case_id: UUID, command: RefuseMobilityCase, *, expected: Expected | None = None
) -> None:
    """Do not let the person go, as the appointing authority of the origin; what rests on the move falls with it."""
    actor.require(Permission.DECIDE_MOBILITY_CASES)
    async with db.write_as(actor) as tx:
        case = await hold_case(tx, actor, case_id, expected)
        await _must_be_possible(tx, actor, case, State.REFUSED)
        falling = mobility_cases.falling_with(case.place, case.states)
        case.row.seat_left_open = _is_of_chain(case)
        await enter_state(tx, db, actor, case, State.REFUSED, command.letter, command.because)
        await fell_unit(tx, case, falling, command.because)


async def submit_mobility_case(
    db: Database, actor: Actor, case_id: UUID, command: MobilityLetter, *, expected: Expected | None = None
) -> None:
    """Send it to BKN by the route that applies, as the receiving institution; again where BKN returned it.

    Refused without the word of the talent, with documents missing, where no route can be told, and on one without BKN.
    """
    actor.require(Permission.MANAGE_MOBILITY_CASES)
    async with db.write_as(actor) as tx:
        case = await hold_case(tx, actor, case_id, expected)
        await _must_be_possible(tx, actor, case, State.SENT)
        mobility_cases.must_be_agreed(has_agreed=case.row.agreed_at is not None)
        mobility_cases.must_follow(State(case.row.state), State.SENT, await settle_route(tx, case.row))
        await must_be_complete(tx, case, State.SENT)
        case.row.submitted_on = command.dated
        await enter_state(tx, db, actor, case, State.SENT, command.letter)


async def approve_mobility_case(
    db: Database, actor: Actor, case_id: UUID, command: MobilityLetter, *, expected: Expected | None = None
) -> None:
    """Give the technical approval (pertek), as BKN."""
    actor.require(Permission.CONSIDER_MOBILITY_CASES)
    async with db.write_as(actor) as tx:
        case = await hold_case(tx, actor, case_id, expected)
        await _must_be_possible(tx, actor, case, State.APPROVED)
        await enter_state(tx, db, actor, case, State.APPROVED, command.letter)


async def return_mobility_case(
    db: Database, actor: Actor, case_id: UUID, command: ReturnMobilityCase, *, expected: Expected | None = None
) -> None:
    """Return what is lacking something to the receiving institution, as BKN."""
    actor.require(Permission.CONSIDER_MOBILITY_CASES)
    async with db.write_as(actor) as tx:
        case = await hold_case(tx, actor, case_id, expected)
        await _must_be_possible(tx, actor, case, State.RETURNED)
        await enter_state(tx, db, actor, case, State.RETURNED, command.letter, command.because)


async def decree_mobility_case(
    db: Database, actor: Actor, case_id: UUID, command: DecreeMobilityCase, *, expected: Expected | None = None
) -> None:
    """Put the decree on record: BKN its own, the receiving institution that of a governor or minister.

    Refused where a requirement is not met on the day it takes effect, for a day that does not fit the others of a
    chain or cycle, and in a freeze of the receiving institution without a permit. A decision: never a system's.
    """
    actor.require(Permission.DECREE_MOBILITY_CASES)
    async with db.write_as(actor) as tx:
        case = await hold_case(tx, actor, case_id, expected)
        route = await settle_route(tx, case.row)
        mobility_cases.must_follow(State(case.row.state), State.DECREED, route)
        decreeing = mobility_cases.decree_party(route)
        mobility_cases.must_be_part_of(case.parties, decreeing)
        mobility_cases.must_be_agreed(has_agreed=case.row.agreed_at is not None)
        shortlists.must_not_be_oneself(actor.nip, await nip_of(tx, case.row))
        days = {"dated": command.dated, "effectiveOn": command.effective_on}
        mobility_cases.must_be_in_order(days, db.today(), to_come=("effectiveOn",))
        mobility_cases.must_be_common(case.place, command.effective_on, case.days)
        await mobility_case_checks._must_be_eligible(  # noqa: SLF001
            tx, case.row, State.DECREED, command.effective_on, db.today()
        )
        told = [command.dated, command.effective_on]
        await mobility_case_checks._must_not_be_frozen(tx, actor, case.row, told, command.permit_number)  # noqa: SLF001
        case.row.effective_on = command.effective_on
        try:
            await enter_state(tx, db, actor, case, State.DECREED, command.letter)
        except IntegrityError as error:
            raise Conflict("mobility_case.decreed") from error


async def inaugurate_mobility_case(
    db: Database,
    actor: Actor,
    case_id: UUID,
    command: InaugurateMobilityCase | None = None,
    *,
    expected: Expected | None = None,
) -> None:
    """Have the person take over the post, on or after the day of the decree, as the receiving institution.

    The seat held before is empty from that day on. Within an institution the person holds the other at once; between
    two it is reserved until a Data ASN of the receiving institution says that the person holds one. Nobody leaves
    before the seat ahead in a chain, or all of a cycle, is decreed; nor in a freeze without a permit.
    """
    actor.require(Permission.MANAGE_MOBILITY_CASES)
    async with db.write_as(actor) as tx:
        case = await hold_case(tx, actor, case_id, expected)
        await _must_be_possible(tx, actor, case, State.EFFECTIVE)
        row, effective_on = case.row, case.row.effective_on or case.row.planned_on
        mobility_cases.must_have_begun(effective_on, db.today())
        permit = None if command is None else command.permit_number
        told = [effective_on, db.today(), row.dated or effective_on]
        await mobility_case_checks._must_not_be_frozen(tx, actor, row, told, permit)  # noqa: SLF001
        mobility_cases.must_not_be_held(case.place, case.states)
        if case.place is None:
            await seats._must_have_seat(tx, actor, row.post_id, effective_on)  # noqa: SLF001
        await enter_state(tx, db, actor, case, State.EFFECTIVE, None)
        left = await tx.scalar(select(func.leave_seat_for_case(row.id)))
        if row.institution_id == row.receiving_institution_id:
            await seats._seat(tx, actor, row.post_id, row.talent_id, effective_on)  # noqa: SLF001
        else:
            await seats._reserve(tx, actor, row.post_id, effective_on)  # noqa: SLF001
        await outdate_plans_of(tx, row.institution_id)
        await record(tx, actor, MobilitySeatLeft(row.id, left, effective_on.isoformat()))


async def cancel_mobility_case(
    db: Database, actor: Actor, case_id: UUID, command: CancelMobilityCase, *, expected: Expected | None = None
) -> None:
    """Give a case up: the talent withdraws, or one of the institutions; after the decree only who put it on record.

    In a chain those nearer the empty seat still move and those behind keep their seat; a cycle falls as a whole.
    """
    actor.require(
        Permission.MANAGE_MOBILITY_CASES,
        Permission.DECIDE_MOBILITY_CASES,
        Permission.CONSIDER_MOBILITY_CASES,
        Permission.TAKE_PART_IN_MOBILITY,
    )
    async with db.write_as(actor) as tx:
        is_talent = not _is_office(actor)
        case = await (
            hold_own_case(tx, actor, case_id, expected) if is_talent else hold_case(tx, actor, case_id, expected)
        )
        row, state = case.row, State(case.row.state)
        party = Party.TALENT if is_talent else _party_giving_up(actor, case)
        reason = mobility_cases.reason_of(party, state, Party(row.decree_party or Party.RECEIVING))
        falling = mobility_cases.falling_with(case.place, case.states)
        await _give_up(tx, db, actor, case, reason, command.because)
        await fell_unit(tx, case, falling, command.because)


async def agree_to_mobility_case(
    db: Database, actor: Actor, case_id: UUID, *, expected: Expected | None = None
) -> None:
    """Agree to be moved, as the talent. With the release of the origin, the other side then reads the name."""
    actor.require(Permission.TAKE_PART_IN_MOBILITY)
    async with db.write_as(actor) as tx:
        case = await hold_own_case(tx, actor, case_id, expected)
        row = case.row
        mobility_cases.must_be_in(State(row.state), AGREEABLE)
        if row.agreed_at is not None:
            raise Conflict("mobility_case.agreed")
        row.agreed_at = db.now()
        await name_talent(tx, row)
        await tx.flush()
        await record(tx, actor, MobilityCaseAgreed(row.id, row.talent_id))


async def keep_mobility_document(
    db: Database,
    actor: Actor,
    case_id: UUID,
    item: str,
    command: KeepMobilityDocument,
    *,
    expected: Expected | None = None,
) -> None:
    """Put on record where a document of the checklist is to be found, or why it is not needed, as its side."""
    actor.require(Permission.MANAGE_MOBILITY_CASES, Permission.DECIDE_MOBILITY_CASES)
    paper = Paper(command.state, command.number, command.dated, command.because)
    mobility_cases.must_say_enough(paper, db.today())
    if not is_storable(item):
        raise NotFound("mobility_case.no_document")
    async with db.write_as(actor) as tx:
        case = await hold_case(tx, actor, case_id, expected)
        mobility_cases.must_be_in(State(case.row.state), KEEPABLE)
        await keep_document(tx, db, actor, case, item, paper)


# ── steps


async def _must_be_possible(tx: AsyncSession, actor: Actor, case: Held, target: State) -> None:
    """The step is the actor's, about somebody else, and follows."""
    mobility_cases.must_be_part_of(case.parties, WHO_ENTERS[target][0])
    mobility_cases.must_follow(State(case.row.state), target)
    shortlists.must_not_be_oneself(actor.nip, await nip_of(tx, case.row))


async def _keep_letter(tx: AsyncSession, db: Database, actor: Actor, case: Held, item: str, letter: Letter) -> None:
    """The letter of a step is a document of the checklist as well, where that has it."""
    paper = Paper(DocumentState.PRESENT, letter.number, letter.dated, None)
    mobility_cases.must_say_enough(paper, db.today())
    if item in (await rulebook_of(tx, case.row)).items:
        await keep_document(tx, db, actor, case, item, paper)


def _is_office(actor: Actor) -> bool:
    offices = (
        Permission.MANAGE_MOBILITY_CASES,
        Permission.DECIDE_MOBILITY_CASES,
        Permission.CONSIDER_MOBILITY_CASES,
    )
    return any(actor.may(one) for one in offices)


def _party_giving_up(actor: Actor, case: Held) -> Party:
    """Whose word it is: the origin's is its appointing authority's, the receiving institution's who keeps the case."""
    needed: dict[Party, Permission] = {
        Party.RECEIVING: Permission.MANAGE_MOBILITY_CASES,
        Party.ORIGIN: Permission.DECIDE_MOBILITY_CASES,
        Party.BKN: Permission.CONSIDER_MOBILITY_CASES,
    }
    own = [party for party, permission in needed.items() if party in case.parties and actor.may(permission)]
    if not own:
        raise actor.refusal(*needed.values())
    return own[0]


async def _give_up(
    tx: AsyncSession, db: Database, actor: Actor, case: Held, reason: CancellationReason, because: str
) -> None:
    row = case.row
    row.cancellation_code, row.talent_nip, row.talent_name = reason.value, None, None
    row.seat_left_open = _is_of_chain(case)
    await enter_state(tx, db, actor, case, State.CANCELLED, None, because)


def _is_of_chain(case: Held) -> bool:
    """Whether nobody takes the seat that was to be taken, so that it is one for the next round."""
    return case.place is not None and case.place.kind is Kind.CHAIN


# ── reads

ALSO_READ = (
    Permission.DECIDE_MOBILITY_CASES,
    Permission.CONSIDER_MOBILITY_CASES,
    Permission.TAKE_PART_IN_MOBILITY,
)


def _reach(actor: Actor) -> dict[str, str | None]:
    """Offices see every case that their institution is a party of, talents what is about them."""
    return {} if _is_office(actor) else own_scope(actor)


async def mobility_case_document(
    db: Database, actor: Actor, case_id: UUID, wanted: Selection | None = None
) -> Document:
    """One case that one is a party of: its route, its steps, its checklist and what comes next."""
    actor.require(Permission.MANAGE_MOBILITY_CASES, *ALSO_READ)
    document = await db.document_as(actor, shapes.MOBILITY_CASE, wanted, id=case_id, **_reach(actor))
    if document is None:
        raise NotFound("mobility_case.not_found")
    return document


async def mobility_cases_page(
    db: Database,
    actor: Actor,
    chosen: MobilityCaseFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """The cases that one is a party of, those with the latest planned day first; talents see their own."""
    actor.require(Permission.MANAGE_MOBILITY_CASES, *ALSO_READ)
    conditions = (chosen or MobilityCaseFilter()).model_dump(exclude_none=True) | _reach(actor)
    return await db.page_as(actor, shapes.MOBILITY_CASES, wanted, page_size(first), named_cursor(after), **conditions)
