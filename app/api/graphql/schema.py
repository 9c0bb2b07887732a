"""The schema (Strawberry), and the functions that answer its roots."""

from __future__ import annotations

from collections.abc import Mapping

import strawberry
from graphql import GraphQLSchema
from strawberry.printer import print_schema

from app.api.graphql import (
    calibrations,
    candidates,
    cards,
    career_paths,
    clients,
    consents,
    cycle_placements,
    cycles,
    data_requests,
    development_plans,
    disclosures,
    ekspose,
    freeze_periods,
    institutions,
    movements,
    national_rankings,
    objections,
    placements,
    pools,
    posts,
    programmes,
    rankings,
    receipts,
    rehearsals,
    rubrics,
    rule_sets,
    shortlists,
    standing,
    submissions,
    succession_plans,
    talents,
    vacancies,
    verifications,
)
from app.api.graphql.context import RootFunction

ROOTS: Mapping[str, RootFunction] = {
    **institutions.ROOTS,
    **talents.ROOTS,
    **placements.ROOTS,
    **posts.ROOTS,
    **rubrics.ROOTS,
    **rule_sets.ROOTS,
    **career_paths.ROOTS,
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
    **pools.ROOTS,
    **succession_plans.ROOTS,
    **vacancies.ROOTS,
    **rankings.ROOTS,
    **candidates.ROOTS,
    **verifications.ROOTS,
    **shortlists.ROOTS,
    **freeze_periods.ROOTS,
    **programmes.ROOTS,
}
CHANGES: Mapping[str, RootFunction] = {
    **posts.CHANGES,
    **rubrics.CHANGES,
    **rule_sets.CHANGES,
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
    **pools.CHANGES,
    **succession_plans.CHANGES,
    **vacancies.CHANGES,
    **rankings.CHANGES,
    **verifications.CHANGES,
    **shortlists.CHANGES,
    **freeze_periods.CHANGES,
    **programmes.CHANGES,
    **national_rankings.CHANGES,
}


@strawberry.type
class Query(
    institutions.InstitutionQueries,
    talents.TalentQueries,
    placements.PlacementQueries,
    posts.PostQueries,
    rubrics.RubricQueries,
    rule_sets.RuleSetQueries,
    career_paths.CareerPathQueries,
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
    pools.PoolQueries,
    succession_plans.SuccessionPlanQueries,
    vacancies.VacancyQueries,
    rankings.RankingQueries,
    candidates.CandidateQueries,
    verifications.VerificationQueries,
    shortlists.ShortlistQueries,
    freeze_periods.FreezePeriodQueries,
    programmes.PriorityProgrammeQueries,
):
    pass


@strawberry.type
class Mutation(
    posts.PostChanges,
    rubrics.RubricChanges,
    rule_sets.RuleSetChanges,
    submissions.SubmissionChanges,
    cycles.CycleChanges,
    cycle_placements.CyclePlacementChanges,
    calibrations.CalibrationChanges,
    objections.ObjectionChanges,
    data_requests.DataRequestChanges,
    standing.StandingChanges,
    movements.MovementChanges,
    national_rankings.NationalRankingChanges,
    rehearsals.RehearsalChanges,
    clients.ClientChanges,
    consents.ConsentChanges,
    disclosures.DisclosureChanges,
    pools.PoolChanges,
    succession_plans.SuccessionPlanChanges,
    vacancies.VacancyChanges,
    rankings.RankingChanges,
    verifications.VerificationChanges,
    shortlists.ShortlistChanges,
    freeze_periods.FreezePeriodChanges,
    programmes.PriorityProgrammeChanges,
):
    pass


SCHEMA = strawberry.Schema(query=Query, mutation=Mutation)
COMPILED_SCHEMA: GraphQLSchema = SCHEMA._schema  # noqa: SLF001 - Strawberry names no public way to the schema it builds


def sdl() -> str:
    """The schema definition as it is committed in openapi/schema.graphql."""
    return print_schema(SCHEMA) + "\n"
