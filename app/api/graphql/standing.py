"""GraphQL: an institution's settings, its indices, and the regulations and committees it rests on."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.db.documents import Document
from app.domain import nine_box
from app.domain import standing as words
from app.domain.mobility_routes import InstitutionKind
from app.domain.revisions import exactly
from app.services import standing
from app.services.standing import EditInstitution, KeepReference, RecordIndex

strawberry.enum(InstitutionKind, graphql_name_from="value", description="What an institution is in the state.")
strawberry.enum(nine_box.Axis, graphql_name_from="value", description="An axis of the nine-box map.")
strawberry.enum(
    words.Index, graphql_name_from="value", description="An index of how an institution manages its people."
)
strawberry.enum(words.ReferenceKind, graphql_name_from="value", description="What is referred to.")


@strawberry.type(
    description="`axisX` is the axis that exports and drawings call X; `kind` is null where nobody has said what the "
    "institution is, and routes of mobility need it; `provinceCode` is the home ministry's. A "
    "workload analysis is out of date after `workloadAnalysisYears`; a seat counts as one that will be empty from "
    "`foresightMonths` before its holder retires."
)
class InstitutionSettings:
    revision: int
    axis_x: nine_box.Axis
    kind: InstitutionKind | None
    province_code: str | None
    workload_analysis_years: int
    foresight_months: int


@strawberry.type(description="The value of an index in a year, with its grade, as its publisher states them.")
class IndexValue:
    index: words.Index
    year: int
    value: float
    grade: str
    source: str | None


@strawberry.type(description="The index values of an institution by year.")
class Indices:
    values: list[IndexValue]


@strawberry.type(description="A regulation that the mapping rests on, or the committee that decides.")
class RegulationReference:
    id: UUID
    revision: int
    kind: words.ReferenceKind
    name: str
    title: str
    dated: datetime.date | None
    text: str | None


@strawberry.type(description="The regulations and committees of an institution.")
class References:
    references: list[RegulationReference]


@strawberry.input(description="The settings to change; what is not given stays.")
class EditInstitutionInput:
    axis_x: nine_box.Axis | None = None
    kind: InstitutionKind | None = None
    province_code: str | None = None
    workload_analysis_years: int | None = None
    foresight_months: int | None = None


@strawberry.input(description="The value of an index, with its grade, as its publisher states them.")
class RecordIndexInput:
    value: float
    grade: str
    source: str | None = None


@strawberry.input(description="A regulation or a committee: `name` is its number or name.")
class KeepReferenceInput:
    kind: words.ReferenceKind
    name: str
    title: str
    dated: datetime.date | None = None
    text: str | None = None


@strawberry.type
class StandingQueries:
    @strawberry.field(description="The settings of the own institution.")
    def institution_settings(self) -> InstitutionSettings | None:
        compiled()

    @strawberry.field(description="The index values of the own institution by year.")
    def indices(self) -> Indices | None:
        compiled()

    @strawberry.field(description="The regulations and committees of the own institution.")
    def references(self) -> References | None:
        compiled()


@strawberry.type
class StandingChanges:
    @strawberry.field(description="Change the settings of the own institution.")
    def edit_institution(self, revision: int, input: EditInstitutionInput) -> InstitutionSettings | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Put an index value of a year on record, in place of the one that stood there.")
    def record_index(self, index: words.Index, year: int, input: RecordIndexInput) -> IndexValue | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Take an index value off the record; answers with those that are left.")
    def remove_index(self, index: words.Index, year: int) -> Indices | None:
        compiled()

    @strawberry.field(
        description="Put a reference on record under an id of one's choice, or change it; `revision` of a new one is 0."
    )
    def keep_reference(
        self,
        reference_id: UUID,
        revision: int,
        input: KeepReferenceInput,  # noqa: A002
    ) -> RegulationReference | None:
        compiled()

    @strawberry.field(description="Take a reference off the record; answers with those that are left.")
    def remove_reference(self, reference_id: UUID, revision: int) -> References | None:
        compiled()


async def institution_settings(asked: Asked) -> Document:
    return await standing.institution_settings_document(asked.db, asked.actor, asked.wanted)


async def indices(asked: Asked) -> Document:
    return await standing.indices_document(asked.db, asked.actor, asked.wanted)


async def references(asked: Asked) -> Document:
    return await standing.references_document(asked.db, asked.actor, asked.wanted)


async def edit_institution(asked: Asked, revision: int, input: dict[str, Any]) -> Document:  # noqa: A002
    command = EditInstitution.model_validate(input, by_alias=True)
    await standing.edit_institution(asked.db, asked.actor, command, expected=exactly(revision))
    return await institution_settings(asked)


async def record_index(asked: Asked, index: words.Index, year: int, input: dict[str, Any]) -> Document:  # noqa: A002
    command = RecordIndex.model_validate(input, by_alias=True)
    await standing.record_index(asked.db, asked.actor, index, year, command)
    return await standing.index_document(asked.db, asked.actor, index, year, asked.wanted)


async def remove_index(asked: Asked, index: words.Index, year: int) -> Document:
    await standing.remove_index(asked.db, asked.actor, index, year)
    return await indices(asked)


async def keep_reference(
    asked: Asked,
    reference_id: UUID,
    revision: int,
    input: dict[str, Any],  # noqa: A002
) -> Document:
    command = KeepReference.model_validate(input, by_alias=True)
    await standing.keep_reference(asked.db, asked.actor, reference_id, command, expected=exactly(revision))
    return await standing.reference_document(asked.db, asked.actor, reference_id, asked.wanted)


async def remove_reference(asked: Asked, reference_id: UUID, revision: int) -> Document:
    await standing.remove_reference(asked.db, asked.actor, reference_id, expected=exactly(revision))
    return await references(asked)


ROOTS: dict[str, RootFunction] = {
    "institutionSettings": institution_settings,
    "indices": indices,
    "references": references,
}
CHANGES: dict[str, RootFunction] = {
    "editInstitution": edit_institution,
    "recordIndex": record_index,
    "removeIndex": remove_index,
    "keepReference": keep_reference,
    "removeReference": remove_reference,
}
