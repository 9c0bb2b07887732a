"""REST: submissions of evidence, their documents, and what verifiers decide."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.etags import ReadBefore, contested
from app.api.rest.reads import (
    FIELDS,
    PAGE,
    PURPOSE,
    Read,
    after_of,
    answers,
    filter_of,
    first_of,
    in_path,
    page_of,
    query,
    select_fields,
)
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import submissions as shapes
from app.domain.actors import Actor
from app.domain.errors import NotFound
from app.domain.ladder import SUBMITTABLE, Rung, State
from app.services import submissions
from app.services.submissions import (
    MEDIA_TYPES,
    AttachDocument,
    RefuseSubmission,
    SubmissionFilter,
    SubmitEvidence,
    VerifySubmission,
)

router = APIRouter(prefix="/v1", tags=["submissions"], route_class=SignedInRoute)
SubmissionId = Annotated[UUID, Path(alias="submissionId", description="Id of a submission.")]
BYTES = {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in MEDIA_TYPES.values()}


@router.post(
    "/submissions",
    operation_id="submitEvidence",
    status_code=201,
    response_class=Response,
    responses=answers(shapes.SUBMISSION, "The submission; it awaits verification.", 201),
)
async def submit_evidence(request: Request, command: SubmitEvidence) -> Response:
    """Declare one row of evidence about oneself, or correct one on record."""
    submission_id = await submissions.submit_evidence(database(request), who_asks(request), command)
    return await _submission(request, submission_id, 201, f"/v1/submissions/{submission_id}")


@router.put(
    "/submissions/{submissionId}/attachment",
    operation_id="attachDocument",
    response_class=Response,
    responses=answers(shapes.SUBMISSION, "The submission with its document."),
    openapi_extra={"requestBody": {"required": True, "content": BYTES}},
)
async def attach_document(
    request: Request,
    submission_id: SubmissionId,
    name: Annotated[str, Query(description="What the talent calls the document.")] = "document",
) -> Response:
    """Attach the document that one's own submission rests on: a PDF, PNG or JPEG of at most 5 MB."""
    command = AttachDocument(name=name, content=await request.body())
    await submissions.attach_document(database(request), who_asks(request), submission_id, command)
    return await _submission(request, submission_id)


@router.get(
    "/submissions/{submissionId}/attachment",
    operation_id="submissionAttachment",
    response_class=Response,
    responses={200: {"description": "The document as it was attached.", "content": BYTES}},
)
async def submission_attachment(request: Request, submission_id: SubmissionId) -> Response:
    """Read the document attached to a submission."""
    attachment = await submissions.submission_attachment(database(request), who_asks(request), submission_id)
    headers = {
        "content-disposition": f"attachment; filename*=utf-8''{quote(attachment.name, safe='')}",
        "content-security-policy": "sandbox",
        "x-content-type-options": "nosniff",
        "cache-control": "private, no-store",
    }
    return Response(attachment.content, 200, headers, attachment.media_type)


@router.put(
    "/submissions/{submissionId}/withdrawal",
    operation_id="withdrawSubmission",
    response_class=Response,
    responses=answers(shapes.SUBMISSION, "The submission, withdrawn."),
)
async def withdraw_submission(request: Request, submission_id: SubmissionId) -> Response:
    """Take back one's own submission that nobody has decided."""
    await submissions.withdraw_submission(database(request), who_asks(request), submission_id)
    return await _submission(request, submission_id)


@router.put(
    "/submissions/{submissionId}/verification",
    operation_id="verifySubmission",
    response_class=Response,
    responses=answers(shapes.SUBMISSION, "The submission on its new rung; verified by HR it is evidence."),
)
async def verify_submission(
    request: Request, submission_id: SubmissionId, command: VerifySubmission, expected: ReadBefore
) -> Response:
    """Verify a submission, for the unit or for HR."""
    db, somebody = database(request), who_asks(request)
    await submissions.verify_submission(db, somebody, submission_id, command, expected=expected)
    return await _submission(request, submission_id)


@router.put(
    "/submissions/{submissionId}/refusal",
    operation_id="refuseSubmission",
    response_class=Response,
    responses=answers(shapes.SUBMISSION, "The submission, refused."),
)
async def refuse_submission(
    request: Request, submission_id: SubmissionId, command: RefuseSubmission, expected: ReadBefore
) -> Response:
    """Refuse a submission with a reason and a comment."""
    db, somebody = database(request), who_asks(request)
    await submissions.refuse_submission(db, somebody, submission_id, command, expected=expected)
    return await _submission(request, submission_id)


async def _submission(
    request: Request, submission_id: UUID, status: int = 200, location: str | None = None
) -> Response:
    document = await submissions.submission_document(database(request), who_asks(request), submission_id)
    return contested(document, status, location)


async def submission_document(db: Database, actor: Actor, request: Request) -> Document:
    try:
        submission_id = UUID(request.path_params["submissionId"])
    except ValueError as error:
        raise NotFound("submission.not_found") from error
    wanted = select_fields(request, shapes.SUBMISSION)
    return await submissions.submission_document(db, actor, submission_id, wanted)


async def submissions_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, SubmissionFilter, FILTERS)
    return await submissions.submissions_page(
        db, actor, chosen, first_of(request), after_of(request), page_of(request, shapes.SUBMISSIONS)
    )


FILTERS = (
    query("state", "What has become of it.", {"type": "string", "enum": [state.value for state in State]}),
    query("rung", "How far it has come.", {"type": "string", "enum": [rung.value for rung in Rung]}),
    query("kind", "What it is about.", {"type": "string", "enum": [kind.value for kind in SUBMITTABLE]}),
    query("unit", "Id of a unit; the units below it are included.", {"type": "string"}),
)
ID = in_path("submissionId", "Id of a submission.", {"type": "string", "format": "uuid"})
READS = (
    Read(
        "/submissions",
        submissions_page,
        submissions.submissions_page,
        shapes.SUBMISSIONS,
        "submissions",
        (*FILTERS, *PAGE),
    ),
    Read(
        "/submissions/{submissionId}",
        submission_document,
        submissions.submission_document,
        shapes.SUBMISSION,
        "submissions",
        (ID, FIELDS, PURPOSE),
    ),
)
