"""GraphQL: who organises mobility campaigns, and their points formulas."""

from __future__ import annotations

import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.placements import Sentence
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain import mobility_formulas as words
from app.services import mobility_formulas as service
from app.services import mobility_organisers as organisers
from app.services.mobility_formulas import MobilityFormulaFilter, PublishMobilityFormula
from app.services.mobility_organisers import SetMobilityOrganiser

strawberry.enum(
    words.BlockKind, name="MobilityBlockKind", graphql_name_from="value", description="What a block looks at."
)


@strawberry.type(
    description="An institution, its province, and whether it may organise mobility campaigns: there, or anywhere "
    "where it has no province."
)
class MobilityOrganiser:
    institution_id: UUID
    name: str
    province_code: str | None
    may_organise: bool


@strawberry.type
class MobilityOrganiserEdge:
    cursor: str
    node: MobilityOrganiser


@strawberry.type(description="A page of institutions that may organise campaigns, by name.")
class MobilityOrganiserConnection:
    edges: list[MobilityOrganiserEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type(description="What a value, a box or a predicate, is worth.")
class MobilityScaleStep:
    value: str
    points: int


@strawberry.type(
    description="A block of a formula: what it gives at most, or by the values of its scale; `perYear` for each whole "
    "year, `ground` where one has to be verified, `provinces` and `institutions` that count as hardship areas."
)
class MobilityBlock:
    code: str
    kind: words.BlockKind
    label: Sentence
    most: int | None
    per_year: int | None
    ground: str | None
    provinces: list[str]
    institutions: list[str]
    scale: list[MobilityScaleStep]


@strawberry.type(description="One version of a points formula of an organiser; everybody reads it, nobody edits it.")
class MobilityFormula:
    organiser_id: UUID
    code: str
    version: int
    published_at: datetime.datetime
    title: Sentence
    blocks: list[MobilityBlock]


@strawberry.type
class MobilityFormulaEdge:
    cursor: str
    node: MobilityFormula


@strawberry.type(description="A page of versions by code, the older first.")
class MobilityFormulaConnection:
    edges: list[MobilityFormulaEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(
    name="MobilityFormulaFilter", description="Which versions to list; what is not given does not restrict."
)
class MobilityFormulaFilterInput:
    organiser_id: UUID | None = None
    code: str | None = None


@strawberry.input(description="Whether an institution may organise campaigns.")
class SetMobilityOrganiserInput:
    may_organise: bool


@strawberry.input(description="A formula, or the next version of the one with the code.")
class PublishMobilityFormulaInput:
    code: str
    document: JSON


@strawberry.type
class MobilityFormulaQueries:
    @strawberry.field(description="Whether an institution may organise campaigns; null where there is none.")
    def mobility_organiser(self, institution_id: UUID) -> MobilityOrganiser | None:
        compiled()

    @strawberry.field(description="The institutions that may organise campaigns, by name.")
    def mobility_organisers(
        self, first: int | None = None, after: str | None = None
    ) -> MobilityOrganiserConnection | None:
        compiled()

    @strawberry.field(description="One version of a points formula; null where there is none.")
    def mobility_formula(self, organiser_id: UUID, code: str, version: int) -> MobilityFormula | None:
        compiled()

    @strawberry.field(description="The points formulas of all organisers, by code.")
    def mobility_formulas(
        self,
        first: int | None = None,
        after: str | None = None,
        chosen: Annotated[MobilityFormulaFilterInput | None, strawberry.argument(name="filter")] = None,
    ) -> MobilityFormulaConnection | None:
        compiled()


@strawberry.type
class MobilityFormulaChanges:
    @strawberry.field(
        description="Allow an institution to organise campaigns, or no longer: BKN alone. Answers with those who may."
    )
    def set_mobility_organiser(
        self,
        institution_id: UUID,
        input: SetMobilityOrganiserInput,  # noqa: A002
    ) -> MobilityOrganiserConnection | None:
        compiled()

    @strawberry.field(description="Publish a points formula, or the next version of one; a version is never edited.")
    def publish_mobility_formula(self, input: PublishMobilityFormulaInput) -> MobilityFormula | None:  # noqa: A002
        compiled()


async def mobility_organiser(asked: Asked, institution_id: UUID) -> Document:
    return await organisers.mobility_organiser_document(asked.db, asked.actor, institution_id, asked.wanted)


async def mobility_organisers(asked: Asked, first: int | None = None, after: str | None = None) -> Document:
    return await organisers.mobility_organisers_page(asked.db, asked.actor, first, after, asked.wanted)


async def mobility_formula(asked: Asked, organiser_id: UUID, code: str, version: int) -> Document:
    return await service.mobility_formula_document(asked.db, asked.actor, organiser_id, code, version, asked.wanted)


async def mobility_formulas(
    asked: Asked,
    first: int | None = None,
    after: str | None = None,
    filter: dict[str, Any] | None = None,  # noqa: A002 - the argument's name in the schema
) -> Document:
    chosen = MobilityFormulaFilter.model_validate(filter or {}, by_alias=True)
    return await service.mobility_formulas_page(asked.db, asked.actor, chosen, first, after, asked.wanted)


async def set_mobility_organiser(asked: Asked, institution_id: UUID, input: dict[str, Any]) -> Document:  # noqa: A002
    command = SetMobilityOrganiser.model_validate(input, by_alias=True)
    await organisers.set_mobility_organiser(asked.db, asked.actor, institution_id, command)
    return await mobility_organisers(asked)


async def publish_mobility_formula(asked: Asked, input: dict[str, Any]) -> Document:  # noqa: A002
    command = PublishMobilityFormula.model_validate(input, by_alias=True)
    return await mobility_formula(asked, *await service.publish_mobility_formula(asked.db, asked.actor, command))


ROOTS: dict[str, RootFunction] = {
    "mobilityOrganiser": mobility_organiser,
    "mobilityOrganisers": mobility_organisers,
    "mobilityFormula": mobility_formula,
    "mobilityFormulas": mobility_formulas,
}
CHANGES: dict[str, RootFunction] = {
    "setMobilityOrganiser": set_mobility_organiser,
    "publishMobilityFormula": publish_mobility_formula,
}
