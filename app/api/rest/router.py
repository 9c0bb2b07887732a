"""All of REST under /v1, and its OpenAPI document."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.api.rest import (
    access_exports,
    calculations,
    calibrations,
    candidates,
    cards,
    career_paths,
    clients,
    conditions,
    consents,
    cycles,
    data_requests,
    data_sharing_grants,
    development_plans,
    disclosures,
    events,
    exports,
    freeze_periods,
    imports,
    institutions,
    jobs,
    ledger,
    mobility_campaigns,
    mobility_cases,
    mobility_demand,
    mobility_formulas,
    mobility_listings,
    mobility_offers,
    mobility_organisers,
    mobility_participations,
    mobility_results,
    mobility_runs,
    mobility_verifications,
    movements,
    national_rankings,
    oauth,
    objections,
    placements,
    pools,
    posts,
    problems,
    programmes,
    rankings,
    receipts,
    rehearsals,
    retirement_rules,
    rubrics,
    rule_sets,
    shortlists,
    siasn_accounts,
    siasn_connections,
    siasn_pushes,
    siasn_syncs,
    standing,
    submissions,
    succession_plans,
    succession_policies,
    talent_maps,
    talents,
    vacancies,
    verifications,
    webhooks,
)

PREFIX = "/v1"
READS = (
    *talents.READS,
    *placements.READS,
    *posts.READS,
    *retirement_rules.READS,
    *rubrics.READS,
    *rule_sets.READS,
    *career_paths.READS,
    *institutions.READS,
    *imports.READS,
    *ledger.READS,
    *jobs.READS,
    *submissions.READS,
    *cycles.READS,
    *calculations.READS,
    *calibrations.READS,
    *objections.READS,
    *movements.READS,
    *rehearsals.READS,
    *development_plans.READS,
    *standing.READS,
    *exports.READS,
    *data_requests.READS,
    *receipts.READS,
    *cards.READS,
    *consents.READS,
    *disclosures.READS,
    *pools.READS,
    *succession_plans.READS,
    *succession_policies.READS,
    *clients.READS,
    *siasn_connections.READS,
    *siasn_pushes.READS,
    *siasn_syncs.READS,
    *siasn_accounts.READS,
    *data_sharing_grants.READS,
    *vacancies.READS,
    *rankings.READS,
    *candidates.READS,
    *verifications.READS,
    *shortlists.READS,
    *freeze_periods.READS,
    *programmes.READS,
    *national_rankings.READS,
    *mobility_campaigns.READS,
    *mobility_cases.READS,
    *mobility_formulas.READS,
    *mobility_organisers.READS,
    *mobility_offers.READS,
    *mobility_participations.READS,
    *mobility_listings.READS,
    *mobility_demand.READS,
    *mobility_runs.READS,
    *mobility_results.READS,
    *mobility_verifications.READS,
    *events.READS,
    *webhooks.READS,
)


def install(app: FastAPI) -> None:
    """Add every REST route to the application, and describe them all in its OpenAPI document."""
    problems.install(app)
    app.router.routes[:0] = [read.route(PREFIX) for read in READS]  # tried in order: the hot ones first
    app.include_router(imports.router)
    app.include_router(posts.router)
    app.include_router(retirement_rules.router)
    app.include_router(submissions.router)
    app.include_router(data_requests.router)
    app.include_router(access_exports.router)
    app.include_router(clients.router)
    app.include_router(siasn_connections.router)
    app.include_router(siasn_pushes.router)
    app.include_router(siasn_syncs.router)
    app.include_router(siasn_accounts.router)
    app.include_router(data_sharing_grants.router)
    app.include_router(jobs.router)
    app.include_router(consents.router)
    app.include_router(disclosures.router)
    app.include_router(oauth.router)
    app.include_router(national_rankings.router)
    app.include_router(pools.router)
    app.include_router(succession_plans.router)
    app.include_router(succession_policies.router)
    app.include_router(rule_sets.router)
    for part in (cycles, calibrations, objections, movements, rehearsals, standing, exports, talent_maps, rubrics):
        app.include_router(part.router)
    app.include_router(mobility_listings.router)
    app.include_router(mobility_offers.router)
    app.include_router(mobility_participations.router)
    app.include_router(mobility_cases.router)
    app.include_router(mobility_runs.router)
    app.include_router(mobility_results.router)
    app.include_router(mobility_verifications.router)
    app.include_router(webhooks.router)
    for part in (rankings, verifications, shortlists, vacancies, freeze_periods, programmes):
        app.include_router(part.router)
    for part in (mobility_campaigns, mobility_formulas, mobility_organisers):
        app.include_router(part.router)
    # the documented way to add to what the framework generates
    app.openapi = lambda: openapi(app)  # type: ignore[method-assign]


def openapi(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document: routes by signature, reads by shape, every failure a problem."""
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        for read in READS:
            document["paths"].setdefault(PREFIX + read.path, {})["get"] = read.operation()
        components = document.setdefault("components", {})
        schemas = components.setdefault("schemas", {})
        schemas |= {"Problem": problems.SCHEMA, "Sentence": problems.SENTENCE_SCHEMA}
        components |= {"headers": problems.HEADERS, "responses": problems.RESPONSES}
        components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
        _problems_instead_of_validation_errors(document)
        document["paths"] = dict(sorted(document["paths"].items()))
        document["webhooks"], schemas["CloudEvent"] = events.sent_events(), events.CLOUD_EVENT
        app.openapi_schema = document
    return app.openapi_schema


def _problems_instead_of_validation_errors(document: dict[str, Any]) -> None:
    """The framework announces its own error bodies, which are never sent."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = {"$ref": "#/components/responses/Problem"}
            if path.startswith(PREFIX):
                operation["security"] = [{"bearer": []}]
                operation["responses"]["429"] = {"$ref": "#/components/responses/TooManyRequests"}
                if method != "get":
                    conditions.describe(operation, is_post=method == "post")
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)
