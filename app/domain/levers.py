"""What counterfactuals pull: somebody's case, the things that would have to change, and how far each can."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.domain.candidates import Candidate, Given
from app.domain.messages import Sentence, sentence
from app.domain.replays import Considered, Terms, consider
from app.domain.requirements import Requirement
from app.domain.verdicts import Finding, verdict


@dataclass(frozen=True, slots=True)
class Case:
    """Somebody, what was recorded about them, and what they are put to."""

    terms: Terms
    candidate: Candidate
    given: Given

    @property
    def considered(self) -> Considered:
        return consider(self.terms, self.candidate, self.given)

    @property
    def findings(self) -> list[tuple[Requirement, Finding]]:
        target = self.terms.target
        return [(one, verdict(one, self.candidate, target, self.given)) for one in self.terms.requirements]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that would have to change, and what exactly."""

    about: str
    """The field of a requirement, or the kind of a criterion."""
    code: str
    """Of a sentence."""
    values: Mapping[str, object]
    apply: Callable[[Case], Case] = field(compare=False, repr=False)
    touches: tuple[str, ...] = ()
    """The topics of the requirements that it is about, where `about` is not one; readers may not know of some."""

    @property
    def detail(self) -> Sentence:
        """What exactly, in both languages."""
        return sentence(self.code, **self.values)


@dataclass(frozen=True, slots=True)
class Lever:
    """What somebody can change, little by little: the least and the most of it, and what so much of it is."""

    lowest: int
    highest: int
    at: Callable[[int], Item]


def once(about: str, code: str, values: Mapping[str, object], apply: Callable[[Case], Case], *touches: str) -> Lever:
    """What is done, or not."""
    return Lever(1, 1, lambda _once: Item(about, code, values, apply, touches))
