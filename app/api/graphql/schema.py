"""The schema (Strawberry), and the functions that answer its roots."""

from __future__ import annotations

from collections.abc import Mapping

import strawberry
from graphql import GraphQLSchema
from strawberry.printer import print_schema

from app.api.graphql import (
    calibrations,
    cards,
    clients,
    consents,
    cycle_placements,
    cycles,
    data_requests,
    development_plans,
    disclosures,
    ekspose,
    institutions,
    movements,
    objections,
    placements,
    receipts,
    rehearsals,
    rubrics,
    standing,
    submissions,
    talents,
)
from app.api.graphql.context import RootFunction

ROOTS: Mapping[str, RootFunction] = {
    **institutions.ROOTS,
    **talents.ROOTS,
    **placements.ROOTS,
    **rubrics.ROOTS,
    **submissions.ROOTS,
    **cycles.ROOTS,
    **cycle_placements.ROOTS,
    **calibrations.ROOTS,
    **objections.ROOTS,
    **data_requests.ROOTS,
    **standing.ROOTS,
    **ekspose.ROOTS,
    **movements.ROOTS,
    **rehearsals.ROOTS,
    **development_plans.ROOTS,
    **clients.ROOTS,
    **receipts.ROOTS,
    **cards.ROOTS,
    **consents.ROOTS,
    **disclosures.ROOTS,
}
CHANGES: Mapping[str, RootFunction] = {
    **rubrics.CHANGES,
    **submissions.CHANGES,
    **cycles.CHANGES,
    **cycle_placements.CHANGES,
    **calibrations.CHANGES,
    **objections.CHANGES,
    **data_requests.CHANGES,
    **standing.CHANGES,
    **movements.CHANGES,
    **rehearsals.CHANGES,
    **clients.CHANGES,
    **consents.CHANGES,
    **disclosures.CHANGES,
}


@strawberry.type
class Query(
    institutions.InstitutionQueries,
    talents.TalentQueries,
    placements.PlacementQueries,
    rubrics.RubricQueries,
    submissions.SubmissionQueries,
    cycles.CycleQueries,
    cycle_placements.CyclePlacementQueries,
    calibrations.CalibrationQueries,
    objections.ObjectionQueries,
    data_requests.DataRequestQueries,
    standing.StandingQueries,
    ekspose.EksposeQueries,
    movements.MovementQueries,
    rehearsals.RehearsalQueries,
    development_plans.DevelopmentPlanQueries,
    clients.ClientQueries,
    receipts.ReceiptQueries,
    cards.CardQueries,
    consents.ConsentQueries,
    disclosures.DisclosureQueries,
):
    pass


@strawberry.type
class Mutation(
    rubrics.RubricChanges,
    submissions.SubmissionChanges,
    cycles.CycleChanges,
    cycle_placements.CyclePlacementChanges,
    calibrations.CalibrationChanges,
    objections.ObjectionChanges,
    data_requests.DataRequestChanges,
    standing.StandingChanges,
    movements.MovementChanges,
    rehearsals.RehearsalChanges,
    clients.ClientChanges,
    consents.ConsentChanges,
    disclosures.DisclosureChanges,
):
    pass


SCHEMA = strawberry.Schema(query=Query, mutation=Mutation)
COMPILED_SCHEMA: GraphQLSchema = SCHEMA._schema  # noqa: SLF001 - Strawberry names no public way to the schema it builds


def sdl() -> str:
    """The schema definition as it is committed in openapi/schema.graphql."""
    return print_schema(SCHEMA) + "\n"
