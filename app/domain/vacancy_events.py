"""What can happen to vacancies, from the draft to the inauguration."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class VacancyDrafted:
    """A vacancy of a post was written down, with the commitment to the seed that will decide ties."""

    vacancy_id: UUID
    post_id: UUID
    seed_commitment: str


@dataclass(frozen=True, slots=True)
class VacancyAdvanced:
    """A vacancy entered another state; `rule_set` is the version it is filled by."""

    vacancy_id: UUID
    state_before: str
    state: str
    rule_set: str | None


VacancyEvent = VacancyDrafted | VacancyAdvanced
