"""Revisions: nobody changes what somebody else has changed since it was read."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors import PreconditionFailed

ABSENT, FIRST = 0, 1  # the revision of what is not there, and of what was made just now


@dataclass(frozen=True, slots=True)
class Expected:
    """What somebody has read before a change: any of these revisions; None is whichever, as long as it is there.

    No revision at all is what comes of tags that are none of ours.
    """

    revisions: frozenset[int] | None

    def includes(self, present: int) -> bool:
        """Whether the present revision is one that was read."""
        return present != ABSENT if self.revisions is None else present in self.revisions


def exactly(revision: int) -> Expected:
    """The one revision that was read; `ABSENT` where there was nothing yet."""
    return Expected(frozenset({revision}))


def must_be_unchanged(expected: Expected | None, present: int) -> None:
    """`PreconditionFailed` where the present revision is none that was read; who expects nothing is not asked.

    What is not there, or no longer, has no revision: then who wants to make it is told how.
    """
    if expected is not None and not expected.includes(present):
        if present == ABSENT:
            raise PreconditionFailed("precondition.absent")
        if not expected.revisions:
            raise PreconditionFailed("precondition.no_tag")
        raise PreconditionFailed("precondition.failed", revision=present)
