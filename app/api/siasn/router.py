"""The facade: SIASN's addresses below its bases, where its tokens are had, and their part of the OpenAPI document."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI

from app.api.siasn import contract, employees, histories, references, tokens
from app.api.siasn.access import Facade, admit_application, admit_siasn
from app.api.siasn.reads import Base, FacadeRead

REFERENCES = "/referensi_siasn/1"
PEOPLE: tuple[FacadeRead, ...] = (*employees.READS, *histories.READS, *references.READS)
LISTS: tuple[FacadeRead, ...] = references.LISTS


def install(app: FastAPI, facade: Facade, mounts: Sequence[str]) -> None:
    """Add the facade to the application: the bases of `mounts` for people, that of the references, and the tokens'.

    It comes first, since nothing else lies below its bases; what it has no read for is told as not found.
    """
    app.state.facade = facade
    people = [Base(mount, PEOPLE, admit_siasn) for mount in mounts]
    app.router.routes[:0] = [*people, Base(REFERENCES, LISTS, admit_application), *tokens.routes()]
    contract.describe(app, {mounts[0]: PEOPLE, REFERENCES: LISTS}, REFERENCES)
