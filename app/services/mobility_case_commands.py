"""What may be asked of mobility cases: to open one, the papers of its steps, its checklist, and which to list."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import Field

from app.db.mobility_case_steps import Letter
from app.domain.mobility_cases import DocumentState, State
from app.services.contract import Command, Comment
from app.services.cycles import Day
from app.services.vacancies import Number


class OpenMobilityCase(Command):
    """Prepare to ask for one person for one of the own posts that is empty, or will be by then."""

    post_id: UUID = Field(strict=False)
    card_id: UUID | None = Field(None, strict=False, description="Of `/v1/talent-cards`; or `disclosureId`.")
    disclosure_id: UUID | None = Field(None, strict=False, description="One that is open for talent mobility.")
    planned_on: Day = Field(description="The day on which the person is to take over the post.")
    reason: Comment


class MobilityLetter(Command):
    """The paper of a step, by its number and day."""

    number: Number
    dated: Day

    @property
    def letter(self) -> Letter:
        """The same, as a step keeps it."""
        return Letter(self.number, self.dated)


class RefuseMobilityCase(MobilityLetter):
    """Why the origin does not let somebody go."""

    because: Comment


class ReturnMobilityCase(MobilityLetter):
    """What BKN finds lacking."""

    because: Comment


class DecreeMobilityCase(MobilityLetter):
    """The decree, the day from which the person holds the post (TMT), and the permit where a freeze asks for one."""

    effective_on: Day
    permit_number: Number | None = None


class InaugurateMobilityCase(Command):
    """Have the person take over the post; a permit is asked for where a freeze was put on record after the decree."""

    permit_number: Number | None = None


class CancelMobilityCase(Command):
    """Why a case is given up."""

    because: Comment


class KeepMobilityDocument(Command):
    """Where a document is to be found, or why it is not needed; the document itself is not kept."""

    state: DocumentState = Field(strict=False)
    number: Number | None = None
    dated: Day | None = None
    because: Comment | None = None


class MobilityCaseFilter(Command):
    """Which cases to list; what is not given does not restrict."""

    state: State | None = Field(None, strict=False)
    side: Literal["origin", "receiving"] | None = None
    campaign: UUID | None = Field(None, strict=False)
    seat_left_open: bool | None = Field(None, strict=False)
