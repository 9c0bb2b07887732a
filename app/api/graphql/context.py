"""What a root of an operation is given: the database, who asks, and what is wanted of the document."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Never

from app.auth.destinations import Destinations
from app.auth.sealing import Sealing
from app.auth.sso_tokens import SsoTokens
from app.db.database import Database
from app.db.documents import Document, Selection
from app.domain.actors import Actor


@dataclass(frozen=True, slots=True)
class Asked:
    """One root of an operation, on behalf of somebody."""

    db: Database
    actor: Actor
    wanted: Selection
    sealing: Sealing
    destinations: Destinations
    sso_tokens: SsoTokens


WITHHELD = "Paths of the fields below, or of some of their rows, that are null because the reader may not see them."
RootFunction = Callable[..., Awaitable[Document]]
"""`f(asked, **arguments)` calls one service function and answers with its document."""


def compiled() -> Never:
    """The body of every field of query and mutation: compiled into documents, never executed field by field."""
    raise NotImplementedError("operations are answered by the compiled roots")
