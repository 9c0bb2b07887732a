"""REST: rule sets, and publishing versions of one's own."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.reads import (
    FIELDS,
    JSON,
    PAGE,
    Read,
    after_of,
    filter_of,
    first_of,
    in_path,
    page_of,
    query,
    select_fields,
    version_of,
)
from app.api.rest.rubrics import CHECK
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document, schema_of
from app.db.shapes import rule_sets as shapes
from app.domain.actors import Actor
from app.domain.careers import PositionLevel
from app.services import rule_sets
from app.services.rule_sets import CheckRuleSet, EarlierVersion, PublishRuleSet, RuleSetFilter

PUBLISHED: dict[str, Any] = {
    "description": "The version, which never changes.",
    "content": {JSON: {"schema": schema_of(shapes.RULE_SET.fields)}},
}
router = APIRouter(prefix="/v1", tags=["rule sets"], route_class=SignedInRoute)


@router.post(
    "/rule-sets",
    operation_id="publishRuleSet",
    status_code=201,
    response_class=Response,
    responses={201: PUBLISHED},
)
async def publish_rule_set(request: Request, command: PublishRuleSet) -> Response:
    """Publish a rule set under a code of the institution's own, as its next version; it never changes again."""
    db, somebody = database(request), who_asks(request)
    key = await rule_sets.publish_rule_set(db, somebody, command)
    document = await rule_sets.rule_set_document(db, somebody, *key)
    location = f"/v1/rule-sets/{key.code}/versions/{key.version}"
    return Response(document, 201, {"location": location}, media_type=JSON)


@router.post(
    "/rule-set-validations",
    operation_id="checkRuleSet",
    response_class=Response,
    responses={200: {"description": "What is wrong, if anything.", "content": {JSON: {"schema": CHECK}}}},
)
async def check_rule_set(request: Request, command: CheckRuleSet) -> Response:
    """Find everything that is wrong with a rule set; nothing is stored."""
    check = await rule_sets.check_rule_set(database(request), who_asks(request), command)
    return Response(orjson.dumps(check), media_type=JSON)


async def rule_set(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.RULE_SET)
    return await rule_sets.rule_set_document(db, actor, request.path_params["ruleSet"], version_of(request), wanted)


async def rule_set_differences(db: Database, actor: Actor, request: Request) -> Document:
    earlier = filter_of(request, EarlierVersion, EARLIER)
    code, wanted = request.path_params["ruleSet"], select_fields(request, shapes.RULE_SET_DIFFERENCES)
    return await rule_sets.rule_set_differences_document(db, actor, code, version_of(request), earlier, wanted)


async def rule_sets_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, RuleSetFilter, FILTERS)
    return await rule_sets.rule_sets_page(
        db, actor, chosen, first_of(request), after_of(request), page_of(request, shapes.RULE_SETS)
    )


CODE = in_path("ruleSet", "Code of a rule set, such as `pp-11-2017-jpt-pratama`.", {"type": "string"})
VERSION = in_path("version", "Its version.", {"type": "integer"})
FILTERS = (query("level", "Level of the posts.", {"type": "string", "enum": [level.value for level in PositionLevel]}),)
EARLIER = (
    query("from", "The version to compare with; what this one was made from unless told.", {"type": "integer"}),
    query("fromCode", "The code of that version, where it is another one.", {"type": "string"}),
)
READS = (
    Read("/rule-sets", rule_sets_page, rule_sets.rule_sets_page, shapes.RULE_SETS, "rule sets", (*FILTERS, *PAGE)),
    Read(
        "/rule-sets/{ruleSet}/versions/{version}",
        rule_set,
        rule_sets.rule_set_document,
        shapes.RULE_SET,
        "rule sets",
        (CODE, VERSION, FIELDS),
    ),
    Read(
        "/rule-sets/{ruleSet}/versions/{version}/differences",
        rule_set_differences,
        rule_sets.rule_set_differences_document,
        shapes.RULE_SET_DIFFERENCES,
        "rule sets",
        (CODE, VERSION, *EARLIER, FIELDS),
    ),
)
