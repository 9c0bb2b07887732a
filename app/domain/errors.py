"""Refusals: what the service says no to, with a stable code and a sentence in Indonesian and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, NoReturn

from app.domain.messages import Sentence, sentence


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and where: `where` is a JSON pointer, a parameter, a heading or a cell."""

    code: str
    where: str
    about: Mapping[str, object] = field(default_factory=dict)

    @property
    def detail(self) -> Sentence:
        """What is wrong and what to do, in both languages."""
        return sentence(self.code, **self.about)


class TalentError(Exception):
    """A refusal. `code` is stable and machine-readable; the sentence is for the person who reads it.

    The domain knows no HTTP status: each door maps `kind` to its own.
    """

    kind: ClassVar[str] = "invalid"

    def __init__(self, code: str, *, faults: tuple[Fault, ...] = (), **about: object) -> None:
        super().__init__(code)
        self.code = code
        self.about = about
        self.faults = faults

    @property
    def detail(self) -> Sentence:
        """What is wrong and what to do, in both languages."""
        return sentence(self.code, **self.about)


class Invalid(TalentError):
    """What was sent cannot be accepted as it is."""

    kind = "invalid"


class Malformed(TalentError):
    """The request lacks what it has to say about itself, or says it so that nobody understands it."""

    kind = "malformed"


class TooLarge(TalentError):
    """What was sent is larger than the limit."""

    kind = "too_large"


class NotFound(TalentError):
    """It does not exist, or belongs to another institution: the answer is the same."""

    kind = "not_found"


class Conflict(TalentError):
    """It cannot be done in the present state."""

    kind = "conflict"


class InProgress(Conflict):
    """Somebody is doing it right now; `seconds` is when to ask again."""


class PreconditionRequired(TalentError):
    """What others edit as well is changed only by who says which revision they have read."""

    kind = "precondition_required"


class PreconditionFailed(TalentError):
    """Somebody else has changed it since it was read."""

    kind = "precondition_failed"


class Forbidden(TalentError):
    """The actor's role does not include this."""

    kind = "forbidden"


class Unauthenticated(TalentError):
    """There is no credential, or it is not valid."""

    kind = "unauthenticated"


class TooManyRequests(TalentError):
    """The client's quota is used up; `seconds` is how long to wait."""

    kind = "too_many"


class Unavailable(TalentError):
    """The service cannot answer now; the same request may succeed later."""

    kind = "unavailable"


def refuse(*faults: Fault) -> NoReturn:
    """Refuse what was asked, with everything that is wrong with it."""
    raise Invalid("request.invalid", faults=faults)
