"""GraphQL: the posts that fit a person."""

from __future__ import annotations

import datetime
from uuid import UUID

import strawberry

from app.api.graphql.candidates import CounterfactualItem
from app.api.graphql.context import WITHHELD, Asked, RootFunction, compiled
from app.api.graphql.placements import Sentence
from app.api.graphql.rule_sets import RuleSetVersion, RuleSource
from app.db.documents import Document
from app.domain.career_paths import Remedy
from app.domain.careers import PositionLevel
from app.domain.replays import Standing
from app.domain.requirements import Field, Outcome
from app.services import career_paths

strawberry.enum(Remedy, graphql_name_from="value", description="What helps where a requirement is not met.")


@strawberry.type(
    description="What a requirement finds about somebody, and what helps; `metOn`: when time alone is enough."
)
class CareerStep:
    requirement: str
    field: Field
    label: Sentence
    legal_basis: str
    source: RuleSource | None
    is_withheld: bool
    outcome: Outcome
    found: Sentence
    missing: list[Sentence]
    remedy: Remedy | None
    met_on: datetime.date | None


@strawberry.type(
    description="A post that is or will be empty; from when a seat that is still held will be, is for who may read "
    "about people."
)
class CareerPost:
    id: UUID
    name: str
    unit_id: str
    unit: str
    is_empty: bool
    vacant_from: datetime.date | None


@strawberry.type(description="A government affair.")
class CareerAffair:
    code: str
    label: Sentence


@strawberry.type(
    description="Posts of one affair and job family; null where nobody has said which. `posts` names the first five."
)
class CareerOpening:
    government_affair: CareerAffair | None
    job_family: str | None
    empty_now: int
    empty_in3_years: int = strawberry.field(name="emptyIn3Years")
    empty_in5_years: int = strawberry.field(name="emptyIn5Years")
    first_vacant_on: datetime.date | None
    posts: list[CareerPost]


@strawberry.type(
    description="Posts of one level for which the same is found. `items`: the fewest things that together "
    "would make one eligible; `blocked`: requirements that neither they nor time will meet. Both are empty for who "
    "may not see all that they rest on."
)
class CareerPath:
    level: PositionLevel
    standard: list[int]
    rule_set: RuleSetVersion
    outcome: Standing
    items: list[CounterfactualItem]
    blocked: list[str]
    time_alone_from: datetime.date | None
    steps: list[CareerStep]
    openings: list[CareerOpening]


@strawberry.type(description="Posts ahead of a talent that are or will be empty in five years, the highest first.")
class CareerPaths:
    nip: str
    name: str
    level: PositionLevel | None
    as_of: datetime.date | None
    on: datetime.date
    paths: list[CareerPath]
    withheld: list[str] = strawberry.field(description=WITHHELD)


@strawberry.type
class CareerPathQueries:
    @strawberry.field(
        description="The posts that fit a talent, and what would have to change; null out of one's reach."
    )
    def career_paths(self, nip: str) -> CareerPaths | None:
        compiled()


async def career_paths_of(asked: Asked, nip: str) -> Document:
    return await career_paths.career_paths_document(asked.db, asked.actor, nip, asked.wanted)


ROOTS: dict[str, RootFunction] = {"careerPaths": career_paths_of}
