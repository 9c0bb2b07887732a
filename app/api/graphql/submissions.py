"""GraphQL: submissions of evidence, and what verifiers decide."""

from __future__ import annotations

import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.api.graphql import evidence, evidence_inputs
from app.api.graphql.context import WITHHELD, Asked, RootFunction, compiled
from app.api.graphql.placements import Sentence
from app.api.graphql.talents import PageInfo, Unit
from app.db.documents import Document
from app.domain import ladder
from app.domain.ladder import Rung
from app.domain.revisions import exactly
from app.services import submissions
from app.services.submissions import RefuseSubmission, SubmissionFilter, SubmitEvidence, VerifySubmission

strawberry.enum(
    ladder.State, name="SubmissionState", graphql_name_from="value", description="What has become of a submission."
)
strawberry.enum(
    ladder.Decision, name="VerifierDecision", graphql_name_from="value", description="What a verifier decided."
)
strawberry.enum(ladder.RefusalReason, graphql_name_from="value", description="Why a submission is refused.")


@strawberry.type(description="What is declared: the part of its kind, the others are null.")
class SubmissionContent:
    performance_appraisal: evidence.PerformanceAppraisalContent | None
    feedback360: evidence.Feedback360Content | None
    award: evidence.AwardContent | None
    team_assignment: evidence.TeamAssignmentContent | None
    competency_assessment: evidence.CompetencyAssessmentContent | None
    potential_assessment: evidence.PotentialAssessmentContent | None
    training: evidence.TrainingContent | None
    position: evidence.PositionHeldContent | None
    education: evidence.EducationContent | None


@strawberry.type(description="Whose submission it is.")
class Submitter:
    nip: str
    name: str
    unit: Unit | None


@strawberry.type(
    description="The document attached to a submission; its bytes are at /v1/submissions/{submissionId}/attachment."
)
class AttachedDocument:
    name: str
    media_type: str
    size: int
    sha256: str


@strawberry.type(description="What a verifier decided, on which rung that left the submission, and why.")
class SubmissionDecision:
    decision: ladder.Decision
    rung: Rung
    role: str
    by: str
    decided_at: datetime.datetime
    reason: str | None
    comment: str | None
    detail: Sentence


@strawberry.type(
    description="Evidence that a talent declares, or corrects (`corrects` is the row on record). It counts once HR has "
    "verified it: then it is the row `evidenceId`."
)
class Submission:
    id: UUID
    revision: int
    talent: Submitter
    kind: str
    content: SubmissionContent
    corrects: int | None
    state: ladder.State
    rung: Rung
    detail: Sentence
    submitted_by: str
    submitted_at: datetime.datetime
    document: AttachedDocument | None
    decisions: list[SubmissionDecision]
    evidence_id: int | None
    withheld: list[str] = strawberry.field(description=WITHHELD)


@strawberry.type
class SubmissionEdge:
    cursor: str
    node: Submission


@strawberry.type(description="A page of submissions, oldest first.")
class SubmissionConnection:
    edges: list[SubmissionEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(
    name="SubmissionFilter", description="Which submissions to list; what is not given does not restrict."
)
class SubmissionFilterInput:
    state: ladder.State | None = None
    rung: Rung | None = None
    kind: str | None = None
    unit: str | None = strawberry.field(default=None, description="Id of a unit; the units below it are included.")


@strawberry.input(description="Evidence about oneself; `corrects` is the row on record that it takes the place of.")
class SubmitEvidenceInput:
    content: evidence_inputs.EvidenceContentInput
    corrects: int | None = None


@strawberry.input(description="`rung` is the one that the verifier has seen the submission on.")
class VerifySubmissionInput:
    rung: Rung


@strawberry.input(description="`rung` is the one that the verifier has seen the submission on.")
class RefuseSubmissionInput:
    rung: Rung
    reason: ladder.RefusalReason
    comment: str


@strawberry.type
class SubmissionQueries:
    @strawberry.field(description="One submission that one may see; null where there is none.")
    def submission(self, submission_id: UUID) -> Submission | None:
        compiled()

    @strawberry.field(description="One's own submissions; a verifier's queue, by unit or of the institution.")
    def submissions(
        self,
        first: int | None = None,
        after: str | None = None,
        chosen: Annotated[SubmissionFilterInput | None, strawberry.argument(name="filter")] = None,
    ) -> SubmissionConnection | None:
        compiled()


@strawberry.type
class SubmissionChanges:
    @strawberry.field(description="Declare one row of evidence about oneself, or correct one on record.")
    def submit_evidence(self, input: SubmitEvidenceInput) -> Submission | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Take back one's own submission that nobody has decided.")
    def withdraw_submission(self, submission_id: UUID) -> Submission | None:
        compiled()

    @strawberry.field(description="Verify a submission, for the unit or for HR.")
    def verify_submission(
        self,
        submission_id: UUID,
        revision: int,
        input: VerifySubmissionInput,  # noqa: A002
    ) -> Submission | None:
        compiled()

    @strawberry.field(description="Refuse a submission with a reason and a comment.")
    def refuse_submission(
        self,
        submission_id: UUID,
        revision: int,
        input: RefuseSubmissionInput,  # noqa: A002
    ) -> Submission | None:
        compiled()


async def submission(asked: Asked, submission_id: UUID) -> Document:
    return await submissions.submission_document(asked.db, asked.actor, submission_id, asked.wanted)


async def submissions_page(
    asked: Asked,
    first: int | None = None,
    after: str | None = None,
    filter: dict[str, Any] | None = None,  # noqa: A002 - the argument's name in the schema
) -> Document:
    chosen = SubmissionFilter.model_validate(filter or {}, by_alias=True)
    return await submissions.submissions_page(asked.db, asked.actor, chosen, first, after, asked.wanted)


async def submit_evidence(asked: Asked, input: dict[str, Any]) -> Document:  # noqa: A002
    command = SubmitEvidence.model_validate(input, by_alias=True)
    return await submission(asked, await submissions.submit_evidence(asked.db, asked.actor, command))


async def withdraw_submission(asked: Asked, submission_id: UUID) -> Document:
    await submissions.withdraw_submission(asked.db, asked.actor, submission_id)
    return await submission(asked, submission_id)


async def verify_submission(
    asked: Asked,
    submission_id: UUID,
    revision: int,
    input: dict[str, Any],  # noqa: A002
) -> Document:
    command = VerifySubmission.model_validate(input, by_alias=True)
    await submissions.verify_submission(asked.db, asked.actor, submission_id, command, expected=exactly(revision))
    return await submission(asked, submission_id)


async def refuse_submission(
    asked: Asked,
    submission_id: UUID,
    revision: int,
    input: dict[str, Any],  # noqa: A002
) -> Document:
    command = RefuseSubmission.model_validate(input, by_alias=True)
    await submissions.refuse_submission(asked.db, asked.actor, submission_id, command, expected=exactly(revision))
    return await submission(asked, submission_id)


ROOTS: dict[str, RootFunction] = {"submission": submission, "submissions": submissions_page}
CHANGES: dict[str, RootFunction] = {
    "submitEvidence": submit_evidence,
    "withdrawSubmission": withdraw_submission,
    "verifySubmission": verify_submission,
    "refuseSubmission": refuse_submission,
}
