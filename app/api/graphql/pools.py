"""GraphQL: succession pools and their members, and willingness."""

from __future__ import annotations

import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.api.graphql.calibrations import TalentName
from app.api.graphql.context import WITHHELD, Asked, RootFunction, compiled
from app.api.graphql.succession_policies import PolicyVersion
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain import pools as words
from app.domain.careers import PositionLevel
from app.domain.recommendations import Pool
from app.domain.revisions import exactly
from app.services import pools as service
from app.services import willingness
from app.services.pools import (
    ConfirmPoolMembers,
    NominateTalents,
    PoolCandidateFilter,
    PoolMemberFilter,
    TakeStep,
    TakeStepBecause,
)
from app.services.willingness import DeclareWillingness

strawberry.enum(Pool, name="PoolLevel", graphql_name_from="value", description="Whose pool it is.")
strawberry.enum(
    words.State, name="PoolMemberState", graphql_name_from="value", description="Where a member of a pool is."
)


@strawberry.type(description="How many members of a pool are in each state today.")
class PoolStateCounts:
    nominated: int
    verified: int
    confirmed: int
    refused: int
    returned: int
    suspended: int
    expired: int


@strawberry.type(
    description="A pool: its boxes, who could be nominated, how many members are where, and how many left its boxes."
)
class SuccessionPool:
    level: Pool
    boxes: list[int]
    term_months: int
    policy: PolicyVersion
    candidates: int
    members: PoolStateCounts
    left_boxes: int


@strawberry.type(description="What somebody said of their willingness; after `until` it is unknown again.")
class SuccessionWillingness:
    talent: TalentName
    is_willing: bool
    until: datetime.date | None
    for_posts: list[str] | None
    declared_at: datetime.datetime
    is_in_force: bool


@strawberry.type(description="One step of a member; why somebody was suspended is for who may see specific data.")
class PoolMemberStep:
    state: words.State
    reason: str | None
    at: datetime.datetime
    role: str
    by: str


@strawberry.type(description="A member of a pool; `isStillInBox` is null for who stands in no box at present.")
class PoolMember:
    id: UUID
    revision: int
    level: Pool
    state: words.State
    talent: TalentName
    unit_id: str | None
    position: str | None
    position_level: PositionLevel | None
    nominated_box: int
    box: int | None
    is_still_in_box: bool | None
    expires_on: datetime.date | None
    policy: PolicyVersion
    willingness: SuccessionWillingness | None
    steps: list[PoolMemberStep]
    withheld: list[str] = strawberry.field(description=WITHHELD)


@strawberry.type
class PoolMemberEdge:
    cursor: str
    node: PoolMember


@strawberry.type(description="A page of members.")
class PoolMemberConnection:
    edges: list[PoolMemberEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type(description="Somebody in a box of the pool who is neither in it nor on the way into it.")
class PoolCandidate:
    talent: TalentName
    unit_id: str | None
    position: str | None
    position_level: PositionLevel | None
    box: int | None


@strawberry.type
class PoolCandidateEdge:
    cursor: str
    node: PoolCandidate


@strawberry.type(description="A page of candidates of a pool, by name.")
class PoolCandidateConnection:
    edges: list[PoolCandidateEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(name="PoolMemberFilter", description="Which members to list; what is not given does not restrict.")
class PoolMemberFilterInput:
    state: words.State | None = None
    unit: str | None = None
    position_level: PositionLevel | None = None
    still_in_box: bool | None = None


@strawberry.input(name="PoolCandidateFilter", description="Which candidates to list; what is not given does not count.")
class PoolCandidateFilterInput:
    unit: str | None = None
    position_level: PositionLevel | None = None


@strawberry.input(description="People to nominate by their employee numbers, or everybody in the boxes.")
class NominateTalentsInput:
    talents: list[str] | None = None
    everybody_in_boxes: bool = False
    reason: str | None = None


@strawberry.input(description="Members to confirm for one reason, by their ids.")
class ConfirmPoolMembersInput:
    members: list[UUID]
    reason: str | None = None


@strawberry.input(description="A step that may have a reason.")
class TakeStepInput:
    reason: str | None = None


@strawberry.input(description="A step that needs a reason.")
class TakeStepBecauseInput:
    reason: str


@strawberry.input(description="Whether one is willing; until a day, and of some posts alone, where that is said.")
class DeclareWillingnessInput:
    is_willing: bool
    until: datetime.date | None = None
    for_posts: list[UUID] | None = None


@strawberry.type
class PoolQueries:
    @strawberry.field(description="A pool as a whole.")
    def succession_pool(self, level: Pool) -> SuccessionPool | None:
        compiled()

    @strawberry.field(description="The members of a pool by name, those too whose term is over.")
    def pool_members(
        self,
        level: Pool,
        first: int | None = None,
        after: str | None = None,
        chosen: Annotated[PoolMemberFilterInput | None, strawberry.argument(name="filter")] = None,
    ) -> PoolMemberConnection | None:
        compiled()

    @strawberry.field(description="Who could be nominated for a pool, by name.")
    def pool_candidates(
        self,
        level: Pool,
        first: int | None = None,
        after: str | None = None,
        chosen: Annotated[PoolCandidateFilterInput | None, strawberry.argument(name="filter")] = None,
    ) -> PoolCandidateConnection | None:
        compiled()

    @strawberry.field(description="One member with all steps; null where there is none. The look leaves a receipt.")
    def pool_member(self, member_id: UUID) -> PoolMember | None:
        compiled()

    @strawberry.field(description="The pools that a talent is in or was nominated for.")
    def talent_pool_memberships(
        self, nip: str, first: int | None = None, after: str | None = None
    ) -> PoolMemberConnection | None:
        compiled()

    @strawberry.field(description="What a talent said of their willingness; null where they have said nothing.")
    def succession_willingness(self, nip: str) -> SuccessionWillingness | None:
        compiled()


@strawberry.type
class PoolChanges:
    @strawberry.field(description="Nominate people of a pool's boxes, all of them or none.")
    def nominate_talents(self, level: Pool, input: NominateTalentsInput) -> SuccessionPool | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Verify a nomination; whoever nominated does not.")
    def verify_pool_member(self, member_id: UUID, revision: int, input: TakeStepInput) -> PoolMember | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Confirm a verified member for the term of the policy.")
    def confirm_pool_member(self, member_id: UUID, revision: int, input: TakeStepInput) -> PoolMember | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Confirm verified members together, all of them or none.")
    def confirm_pool_members(self, level: Pool, input: ConfirmPoolMembersInput) -> SuccessionPool | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Refuse a nomination.")
    def refuse_pool_member(self, member_id: UUID, revision: int, input: TakeStepBecauseInput) -> PoolMember | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Return a nomination for revision.")
    def return_pool_member(self, member_id: UUID, revision: int, input: TakeStepBecauseInput) -> PoolMember | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Suspend a confirmed member; the term goes on.")
    def suspend_pool_member(self, member_id: UUID, revision: int, input: TakeStepBecauseInput) -> PoolMember | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Lift a suspension.")
    def reinstate_pool_member(self, member_id: UUID, revision: int, input: TakeStepBecauseInput) -> PoolMember | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Say for oneself whether one is willing to succeed.")
    def declare_willingness(self, nip: str, input: DeclareWillingnessInput) -> SuccessionWillingness | None:  # noqa: A002
        compiled()


async def succession_pool(asked: Asked, level: Pool) -> Document:
    return await service.succession_pool_document(asked.db, asked.actor, level, asked.wanted)


async def pool_members(
    asked: Asked,
    level: Pool,
    first: int | None = None,
    after: str | None = None,
    filter: dict[str, Any] | None = None,  # noqa: A002 - the argument's name in the schema
) -> Document:
    chosen = PoolMemberFilter.model_validate(filter or {}, by_alias=True)
    return await service.pool_members_page(asked.db, asked.actor, level, chosen, first, after, asked.wanted)


async def pool_candidates(
    asked: Asked,
    level: Pool,
    first: int | None = None,
    after: str | None = None,
    filter: dict[str, Any] | None = None,  # noqa: A002 - the argument's name in the schema
) -> Document:
    chosen = PoolCandidateFilter.model_validate(filter or {}, by_alias=True)
    return await service.pool_candidates_page(asked.db, asked.actor, level, chosen, first, after, asked.wanted)


async def pool_member(asked: Asked, member_id: UUID) -> Document:
    return await service.pool_member_document(asked.db, asked.actor, member_id, asked.wanted)


async def talent_pool_memberships(
    asked: Asked, nip: str, first: int | None = None, after: str | None = None
) -> Document:
    return await service.talent_pool_memberships_page(asked.db, asked.actor, nip, first, after, asked.wanted)


async def succession_willingness(asked: Asked, nip: str) -> Document:
    return await willingness.succession_willingness_document(asked.db, asked.actor, nip, asked.wanted)


async def nominate_talents(asked: Asked, level: Pool, input: dict[str, Any]) -> Document:  # noqa: A002
    command = NominateTalents.model_validate(input, by_alias=True)
    await service.nominate_talents(asked.db, asked.actor, level, command)
    return await succession_pool(asked, level)


async def verify_pool_member(asked: Asked, member_id: UUID, revision: int, input: dict[str, Any]) -> Document:  # noqa: A002
    command = TakeStep.model_validate(input, by_alias=True)
    await service.verify_pool_member(asked.db, asked.actor, member_id, command, expected=exactly(revision))
    return await pool_member(asked, member_id)


async def confirm_pool_member(asked: Asked, member_id: UUID, revision: int, input: dict[str, Any]) -> Document:  # noqa: A002
    command = TakeStep.model_validate(input, by_alias=True)
    await service.confirm_pool_member(asked.db, asked.actor, member_id, command, expected=exactly(revision))
    return await pool_member(asked, member_id)


async def confirm_pool_members(asked: Asked, level: Pool, input: dict[str, Any]) -> Document:  # noqa: A002
    command = ConfirmPoolMembers.model_validate(input, by_alias=True)
    await service.confirm_pool_members(asked.db, asked.actor, level, command)
    return await succession_pool(asked, level)


async def refuse_pool_member(asked: Asked, member_id: UUID, revision: int, input: dict[str, Any]) -> Document:  # noqa: A002
    command = TakeStepBecause.model_validate(input, by_alias=True)
    await service.refuse_pool_member(asked.db, asked.actor, member_id, command, expected=exactly(revision))
    return await pool_member(asked, member_id)


async def return_pool_member(asked: Asked, member_id: UUID, revision: int, input: dict[str, Any]) -> Document:  # noqa: A002
    command = TakeStepBecause.model_validate(input, by_alias=True)
    await service.return_pool_member(asked.db, asked.actor, member_id, command, expected=exactly(revision))
    return await pool_member(asked, member_id)


async def suspend_pool_member(asked: Asked, member_id: UUID, revision: int, input: dict[str, Any]) -> Document:  # noqa: A002
    command = TakeStepBecause.model_validate(input, by_alias=True)
    await service.suspend_pool_member(asked.db, asked.actor, member_id, command, expected=exactly(revision))
    return await pool_member(asked, member_id)


async def reinstate_pool_member(asked: Asked, member_id: UUID, revision: int, input: dict[str, Any]) -> Document:  # noqa: A002
    command = TakeStepBecause.model_validate(input, by_alias=True)
    await service.reinstate_pool_member(asked.db, asked.actor, member_id, command, expected=exactly(revision))
    return await pool_member(asked, member_id)


async def declare_willingness(asked: Asked, nip: str, input: dict[str, Any]) -> Document:  # noqa: A002
    command = DeclareWillingness.model_validate(input, by_alias=True)
    await willingness.declare_willingness(asked.db, asked.actor, nip, command)
    return await succession_willingness(asked, nip)


ROOTS: dict[str, RootFunction] = {
    "successionPool": succession_pool,
    "poolMembers": pool_members,
    "poolCandidates": pool_candidates,
    "poolMember": pool_member,
    "talentPoolMemberships": talent_pool_memberships,
    "successionWillingness": succession_willingness,
}
CHANGES: dict[str, RootFunction] = {
    "nominateTalents": nominate_talents,
    "verifyPoolMember": verify_pool_member,
    "confirmPoolMember": confirm_pool_member,
    "confirmPoolMembers": confirm_pool_members,
    "refusePoolMember": refuse_pool_member,
    "returnPoolMember": return_pool_member,
    "suspendPoolMember": suspend_pool_member,
    "reinstatePoolMember": reinstate_pool_member,
    "declareWillingness": declare_willingness,
}
