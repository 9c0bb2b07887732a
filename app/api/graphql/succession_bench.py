"""GraphQL: how many stand ready for target and critical posts."""

from __future__ import annotations

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.db.documents import Document
from app.domain.careers import PositionLevel
from app.services import succession_plans as service


@strawberry.type(
    description="Of the named: `available` are ready and eligible today, with complete evidence, confirmed and "
    "unexpired in the pool, willing, and at no higher level than the post (`demotion`); of the `outdated` a plan has "
    "to be calculated anew to tell whether they are eligible. Whoever lacks several things is counted with each."
)
class Bench:
    named: int
    available: int
    not_ready: int
    outdated: int
    not_eligible: int
    needs_verification: int
    incomplete: int
    not_in_pool: int
    unwilling: int
    willingness_unknown: int
    demotion: int


@strawberry.type(description="Target and critical posts of a level; coverage in per cent, null where there are none.")
class BenchOfLevel:
    level: PositionLevel | None
    posts: int
    with_plan: int
    with_one: int
    with_two: int
    coverage_of_one: float | None
    coverage_of_two: float | None
    bench: Bench


@strawberry.type(description="Target and critical posts of a unit itself.")
class BenchOfUnit:
    id: str
    name: str
    posts: int
    with_plan: int
    with_one: int
    with_two: int
    coverage_of_one: float | None
    coverage_of_two: float | None
    bench: Bench


@strawberry.type(description="How many target and critical posts have one, or two, successors available today.")
class BenchStrength:
    posts: int
    with_plan: int
    with_one: int
    with_two: int
    coverage_of_one: float | None
    coverage_of_two: float | None
    bench: Bench
    levels: list[BenchOfLevel]
    units: list[BenchOfUnit]


@strawberry.type
class BenchStrengthQueries:
    @strawberry.field(description="How many target and critical posts have a successor available today.")
    def bench_strength(self) -> BenchStrength | None:
        compiled()


async def bench_strength(asked: Asked) -> Document:
    return await service.bench_strength_document(asked.db, asked.actor, asked.wanted)


ROOTS: dict[str, RootFunction] = {"benchStrength": bench_strength}
