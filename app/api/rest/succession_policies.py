"""REST: the policy of succession, version by version."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.pools import answers
from app.api.rest.reads import FIELDS, JSON, PAGE, Read, after_of, first_of, in_path, page_of, select_fields, version_of
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes.succession_policies import SUCCESSION_POLICIES, SUCCESSION_POLICY
from app.domain.actors import Actor
from app.domain.succession import PolicyCode
from app.services import succession_policies
from app.services.succession_policies import PublishSuccessionPolicy

router = APIRouter(prefix="/v1", tags=["succession"], route_class=SignedInRoute)


@router.post(
    "/succession-policies",
    operation_id="publishSuccessionPolicy",
    status_code=201,
    response_class=Response,
    responses=answers(SUCCESSION_POLICY, "The version that was published.", 201),
)
async def publish_succession_policy(request: Request, command: PublishSuccessionPolicy) -> Response:
    """Put the next version of the own policy into force."""
    db, somebody = database(request), who_asks(request)
    version = await succession_policies.publish_succession_policy(db, somebody, command)
    own = PolicyCode.OWN.value
    document = await succession_policies.succession_policy_version_document(db, somebody, own, version)
    location = {"location": f"/v1/succession-policies/{own}/versions/{version}"}
    return Response(document, 201, location, media_type=JSON)


async def policy(db: Database, actor: Actor, request: Request) -> Document:
    return await succession_policies.succession_policy_document(db, actor, select_fields(request, SUCCESSION_POLICY))


async def policy_version(db: Database, actor: Actor, request: Request) -> Document:
    code, wanted = request.path_params["policy"], select_fields(request, SUCCESSION_POLICY)
    return await succession_policies.succession_policy_version_document(db, actor, code, version_of(request), wanted)


async def policies_page(db: Database, actor: Actor, request: Request) -> Document:
    return await succession_policies.succession_policies_page(
        db, actor, first_of(request), after_of(request), page_of(request, SUCCESSION_POLICIES)
    )


POLICY = in_path("policy", "Whose policy it is.", {"type": "string", "enum": [code.value for code in PolicyCode]})
VERSION = in_path("version", "Its version.", {"type": "integer", "minimum": 1})
READS = (
    Read(
        "/succession-policy",
        policy,
        succession_policies.succession_policy_document,
        SUCCESSION_POLICY,
        "succession",
        (FIELDS,),
    ),
    Read(
        "/succession-policies",
        policies_page,
        succession_policies.succession_policies_page,
        SUCCESSION_POLICIES,
        "succession",
        PAGE,
    ),
    Read(
        "/succession-policies/{policy}/versions/{version}",
        policy_version,
        succession_policies.succession_policy_version_document,
        SUCCESSION_POLICY,
        "succession",
        (POLICY, VERSION, FIELDS),
    ),
)
