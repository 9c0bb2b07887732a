"""The catalogue of everything that can happen: each change of data is recorded as one of these."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class InstitutionCreated:
    """An institution was registered."""

    institution_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class FilesImported:
    """Files were imported as one unit; `digest` is the SHA-256 over the files' contents, `changes` counts rows."""

    import_id: UUID
    as_of: str
    digest: str
    changes: dict[str, int]


@dataclass(frozen=True, slots=True)
class TalentsPlaced:
    """The placements of an institution were calculated; `digest` is the SHA-256 over all of them in order of id."""

    as_of: str
    rubric: str
    total: int
    assessed: int
    digest: str


Event = InstitutionCreated | FilesImported | TalentsPlaced


def event_type(event: Event) -> str:
    """The stable name of an event, such as `filesImported`."""
    name = type(event).__name__
    return name[0].lower() + name[1:]
