"""GraphQL: syncs with SIASN, their people and reports, and the conflicts that they find."""

from __future__ import annotations

import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.api.graphql.context import WITHHELD, Asked, RootFunction, compiled
from app.api.graphql.placements import Sentence
from app.api.graphql.siasn_connections import SiasnSsoToken
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain import siasn_syncs as words
from app.domain.revisions import exactly
from app.services import siasn_conflicts, siasn_reports, siasn_syncs
from app.services.siasn_conflicts import DecideSiasnConflict, SiasnConflictFilter
from app.services.siasn_syncs import MoveSiasnSync, StartSiasnSync, SyncPersonFilter

for _word, _name, _about in (
    (words.Scope, "SiasnSyncScope", "Of whom a sync is."),
    (words.Mode, "SiasnSyncMode", "Whom of those chosen a sync asks about."),
    (words.State, "SiasnSyncState", "How far a sync is."),
    (words.Outcome, "SiasnSyncOutcome", "What became of one person in a sync."),
    (words.Change, "SiasnChangeKind", "What happened to a record or a row of evidence."),
    (words.Reason, "SiasnConflictReason", "Why theirs is not taken over by itself."),
    (words.Standing, "SiasnConflictStanding", "How far a conflict is."),
    (words.Decision, "SiasnConflictDecision", "What is decided about a conflict."),
):
    strawberry.enum(_word, name=_name, graphql_name_from="value", description=_about)


ROWS = "Null where it failed, and where nobody is told whether there are any."


@strawberry.type(description="Why a sync stopped by itself.")
class SiasnProblem:
    code: str
    detail: Sentence | None


@strawberry.type(description="A unit that was not taken as SIASN tells it, by the key that is at fault.")
class SiasnUnitFault:
    unit: str | None
    key: str
    code: str
    detail: Sentence | None


@strawberry.type(
    description="A sync with SIASN. Everybody in it has one outcome, or still waits: `done` is the sum of the six "
    "outcomes, and `total` that and those who wait. `conflicts` counts those found for the first time."
)
class SiasnSync:
    id: UUID
    scope: words.Scope
    unit: str | None
    mode: words.Mode
    max_age_hours: int | None
    histories: list[str]
    dry_run: bool
    state: words.State
    problem: SiasnProblem | None
    by: str
    requested_at: datetime.datetime
    started_at: datetime.datetime | None
    finished_at: datetime.datetime | None
    forgotten_at: datetime.datetime | None = strawberry.field(
        description="When what became of whom was forgotten, but for how many."
    )
    total: int
    done: int
    unchanged: int
    changed: int
    added: int
    unknown_there: int
    elsewhere: int
    failed: int
    with_failures: int
    with_unmapped: int
    conflicts: int
    people_per_second: float | None = strawberry.field(description="While it was at work.")
    units_changed: int
    unit_faults: list[SiasnUnitFault]
    sso_token: SiasnSsoToken | None = strawberry.field(description="The one issued by hand, and when it lapses.")


@strawberry.type(description="One field, and what each side says of it as text.")
class SiasnDifference:
    field: str
    ours: str | None
    theirs: str | None


@strawberry.type(description="What changed of a record (`data-utama`) or a row of a history.")
class SiasnChange:
    endpoint: str
    change: words.Change
    kind: str | None
    row_id: str | None
    fields: list[SiasnDifference]


@strawberry.type(description="`answer` is `found`, `nothing`, `answered` where nobody is told which, or why it failed.")
class SiasnEndpoint:
    endpoint: str
    answer: str
    status: int | None
    rows: int | None = strawberry.field(description=ROWS)
    at: datetime.datetime
    detail: Sentence | None


@strawberry.type(description="Something that SIASN told and nobody could read.")
class SiasnUnmapped:
    endpoint: str
    row_id: str | None
    key: str
    value: str | None
    code: str
    detail: Sentence | None


@strawberry.type(description="What became of one person in a sync.")
class SiasnSyncPerson:
    id: UUID
    nip: str
    outcome: words.Outcome | None = strawberry.field(description="Null as long as it is not their turn.")
    detail: Sentence | None
    done_at: datetime.datetime | None
    endpoints: list[SiasnEndpoint]
    changes: list[SiasnChange]
    narrowed_changes: list[SiasnChange] | None = strawberry.field(description="Of sanctions and assessments.")
    unmapped: list[SiasnUnmapped] | None
    conflicts: int
    withheld: list[str] = strawberry.field(description=WITHHELD)


@strawberry.type(description="How often what changed, by endpoint.")
class SiasnChangeCount:
    endpoint: str
    change: words.Change
    rows: int
    people: int


@strawberry.type(description="How often an endpoint answered so.")
class SiasnAnswerCount:
    endpoint: str
    answer: str
    people: int
    rows: int | None = strawberry.field(description=ROWS)
    detail: Sentence | None


@strawberry.type(description="How often something could not be read.")
class SiasnUnmappedCount:
    endpoint: str
    key: str
    code: str
    rows: int
    people: int
    detail: Sentence | None


@strawberry.type(description="How the conflicts stand that a sync found.")
class SiasnConflictCounts:
    open: int
    asked: int
    decided: int
    superseded: int


@strawberry.type(description="The reconciliation report of a sync.")
class SiasnReport:
    sync: SiasnSync
    waiting: int
    changes: list[SiasnChangeCount]
    narrowed_changes: list[SiasnChangeCount] | None
    answers: list[SiasnAnswerCount]
    unmapped: list[SiasnUnmappedCount] | None
    conflicts: SiasnConflictCounts | None
    withheld: list[str] = strawberry.field(description=WITHHELD)


@strawberry.type(description="Whom a conflict is about.")
class SiasnConflictTalent:
    nip: str
    name: str


@strawberry.type(description="A value of SIASN's that contradicts a verified one of ours.")
class SiasnConflict:
    id: UUID
    revision: int
    talent: SiasnConflictTalent
    sync_id: UUID
    topic: str | None
    kind: str | None
    reason: words.Reason
    detail: Sentence
    differences: list[SiasnDifference] | None
    found_at: datetime.datetime
    standing: words.Standing
    decision: words.Decision | None
    asked_whom: str | None
    note: str | None
    decided_by: str | None
    decided_at: datetime.datetime | None
    withheld: list[str] = strawberry.field(description=WITHHELD)


@strawberry.type
class SiasnSyncEdge:
    cursor: str
    node: SiasnSync


@strawberry.type(description="A page of syncs, newest first.")
class SiasnSyncConnection:
    edges: list[SiasnSyncEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class SiasnSyncPersonEdge:
    cursor: str
    node: SiasnSyncPerson


@strawberry.type(description="A page of the people of a sync, in their order.")
class SiasnSyncPersonConnection:
    edges: list[SiasnSyncPersonEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class SiasnConflictEdge:
    cursor: str
    node: SiasnConflict


@strawberry.type(description="A page of conflicts, oldest first.")
class SiasnConflictConnection:
    edges: list[SiasnConflictEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(description="Whom to ask about: everybody on the books, a unit with those below it, or a list.")
class StartSiasnSyncInput:
    nips: list[str] | None = None
    unit: str | None = None
    mode: words.Mode = words.Mode.FULL
    max_age_hours: int | None = None
    histories: list[str] | None = None
    dry_run: bool = False


@strawberry.input(description="`paused`, `running` (again) or `cancelled`.")
class MoveSiasnSyncInput:
    state: str


@strawberry.input(description="Which people to list; what is not given does not restrict.")
class SiasnSyncPersonFilterInput:
    outcome: words.Outcome | None = None
    changed: bool | None = None
    failed: bool | None = None
    conflict: bool | None = None
    unmapped: bool | None = None
    missing_there: bool | None = None
    missing_here: bool | None = None


@strawberry.input(description="Which conflicts to list; what is not given does not restrict.")
class SiasnConflictFilterInput:
    standing: words.Standing | None = None
    reason: words.Reason | None = None
    sync_id: UUID | None = None
    nip: str | None = None


@strawberry.input(description="Which side counts; or who is asked, and what.")
class DecideSiasnConflictInput:
    decision: words.Decision
    note: str | None = None
    ask_whom: str | None = None


@strawberry.type
class SiasnSyncQueries:
    @strawberry.field(description="One sync with SIASN.")
    def siasn_sync(self, sync_id: UUID) -> SiasnSync | None:
        compiled()

    @strawberry.field(description="The syncs of the institution, newest first.")
    def siasn_syncs(self, first: int | None = None, after: str | None = None) -> SiasnSyncConnection | None:
        compiled()

    @strawberry.field(description="The people of a sync, and what became of each.")
    def siasn_sync_people(
        self,
        sync_id: UUID,
        first: int | None = None,
        after: str | None = None,
        chosen: Annotated[SiasnSyncPersonFilterInput | None, strawberry.argument(name="filter")] = None,
    ) -> SiasnSyncPersonConnection | None:
        compiled()

    @strawberry.field(description="The reconciliation report of a sync.")
    def siasn_report(self, sync_id: UUID) -> SiasnReport | None:
        compiled()

    @strawberry.field(description="One conflict with SIASN.")
    def siasn_conflict(self, conflict_id: UUID) -> SiasnConflict | None:
        compiled()

    @strawberry.field(description="The conflicts of the institution, oldest first.")
    def siasn_conflicts(
        self,
        first: int | None = None,
        after: str | None = None,
        chosen: Annotated[SiasnConflictFilterInput | None, strawberry.argument(name="filter")] = None,
    ) -> SiasnConflictConnection | None:
        compiled()


@strawberry.type
class SiasnSyncChanges:
    @strawberry.field(description="Have people asked about at SIASN, in the background.")
    def start_siasn_sync(self, input: StartSiasnSyncInput) -> SiasnSync | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Pause, resume or cancel a sync.")
    def move_siasn_sync(self, sync_id: UUID, input: MoveSiasnSyncInput) -> SiasnSync | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Keep ours, take theirs, or note who is asked.")
    def decide_siasn_conflict(
        self,
        conflict_id: UUID,
        revision: int,
        input: DecideSiasnConflictInput,  # noqa: A002
    ) -> SiasnConflict | None:
        compiled()


async def sync_document(asked: Asked, sync_id: UUID) -> Document:
    return await siasn_syncs.siasn_sync_document(asked.db, asked.actor, sync_id, asked.wanted)


async def syncs_page(asked: Asked, first: int | None = None, after: str | None = None) -> Document:
    return await siasn_syncs.siasn_syncs_page(asked.db, asked.actor, first, after, asked.wanted)


async def people_page(
    asked: Asked,
    sync_id: UUID,
    first: int | None = None,
    after: str | None = None,
    filter: dict[str, Any] | None = None,  # noqa: A002 - the argument's name in the schema
) -> Document:
    chosen = SyncPersonFilter.model_validate(filter or {}, by_alias=True)
    return await siasn_syncs.siasn_sync_people_page(asked.db, asked.actor, sync_id, chosen, first, after, asked.wanted)


async def report_document(asked: Asked, sync_id: UUID) -> Document:
    return await siasn_reports.siasn_report_document(asked.db, asked.actor, sync_id, asked.wanted)


async def conflict_document(asked: Asked, conflict_id: UUID) -> Document:
    return await siasn_conflicts.siasn_conflict_document(asked.db, asked.actor, conflict_id, asked.wanted)


async def conflicts_page(
    asked: Asked,
    first: int | None = None,
    after: str | None = None,
    filter: dict[str, Any] | None = None,  # noqa: A002 - the argument's name in the schema
) -> Document:
    chosen = SiasnConflictFilter.model_validate(filter or {}, by_alias=True)
    return await siasn_conflicts.siasn_conflicts_page(asked.db, asked.actor, chosen, first, after, asked.wanted)


async def start_siasn_sync(asked: Asked, input: dict[str, Any]) -> Document:  # noqa: A002
    command = StartSiasnSync.model_validate(input, by_alias=True)
    return await sync_document(asked, await siasn_syncs.start_siasn_sync(asked.db, asked.actor, command))


async def move_siasn_sync(asked: Asked, sync_id: UUID, input: dict[str, Any]) -> Document:  # noqa: A002
    command = MoveSiasnSync.model_validate(input, by_alias=True)
    await siasn_syncs.move_siasn_sync(asked.db, asked.actor, sync_id, command)
    return await sync_document(asked, sync_id)


async def decide_siasn_conflict(
    asked: Asked,
    conflict_id: UUID,
    revision: int,
    input: dict[str, Any],  # noqa: A002
) -> Document:
    command = DecideSiasnConflict.model_validate(input, by_alias=True)
    await siasn_conflicts.decide_siasn_conflict(asked.db, asked.actor, conflict_id, command, expected=exactly(revision))
    return await conflict_document(asked, conflict_id)


ROOTS: dict[str, RootFunction] = {
    "siasnSync": sync_document,
    "siasnSyncs": syncs_page,
    "siasnSyncPeople": people_page,
    "siasnReport": report_document,
    "siasnConflict": conflict_document,
    "siasnConflicts": conflicts_page,
}
CHANGES: dict[str, RootFunction] = {
    "startSiasnSync": start_siasn_sync,
    "moveSiasnSync": move_siasn_sync,
    "decideSiasnConflict": decide_siasn_conflict,
}
