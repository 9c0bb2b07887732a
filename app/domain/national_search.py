"""A search of the nation: who is looked for, and which requirements decide where nobody can be asked for documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.candidates import Target
from app.domain.careers import PositionLevel
from app.domain.ranking import criteria_in_use
from app.domain.requirements import Field, Requirement
from app.domain.rule_sets import Criterion, RuleSet

POOL_BOXES = (7, 8, 9)
"""Whose people enter succession pools (PermenPANRB 3/2020): the nation is searched for no others."""
MOST = 100
"""How many a search names at the most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The post that somebody is looked for."""

    on: date
    level: PositionLevel
    government_affair: str | None
    standard: tuple[int, ...]

    @property
    def target(self) -> Target:
        """As rules ask for it; priority programmes are an affair of the institution that fills the post."""
        return Target(on=self.on, level=self.level, government_affair=self.government_affair, standard=self.standard)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Who is looked for: for which post, under which rules, in which boxes and provinces; the `first` so many."""

    post: Post
    requirements: tuple[Requirement, ...]
    criteria: tuple[Criterion, ...]
    """Those in use."""
    boxes: tuple[int, ...]
    provinces: tuple[str, ...] | None
    first: int

    @property
    def deciding(self) -> tuple[Requirement, ...]:
        """The requirements that facts can meet: whoever does not meet them all is not found."""
        return tuple(one for one in self.requirements if _is_decided_by_facts(one, self.post))


def search_for(
    rule_set: RuleSet, post: Post, *, boxes: tuple[int, ...] | None, provinces: tuple[str, ...] | None, first: int
) -> Search:
    """A search under a rule set, in the boxes of its pool unless told. Nobody has been tested for the post."""
    has_affair = post.government_affair is not None
    return Search(
        post=post,
        requirements=rule_set.requirements,
        criteria=criteria_in_use(rule_set, has_technical_scores=False, has_programmes=False, has_affair=has_affair),
        boxes=boxes or tuple(box for box in rule_set.pool_boxes if box in POOL_BOXES),
        provinces=provinces,
        first=first,
    )


def _is_decided_by_facts(requirement: Requirement, post: Post) -> bool:
    """Whether anybody can meet a requirement on the facts alone.

    What only documents show, and experience in an affair that nobody has said, is left to the institution that fills
    the post: it excludes nobody here, and its verdict stays open.
    """
    is_open = requirement.field is Field.RELATED_EXPERIENCE and post.government_affair is None
    return requirement.field is not Field.VERIFIED and not is_open
