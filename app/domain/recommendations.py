"""What each of the nine boxes recommends, and which succession pools it feeds (PermenPANRB 3/2020, appendix)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from app.domain.calibration import SUCCESSION_POOL
from app.domain.nine_box import BOX_OF, CATEGORIES, Category


class Action(StrEnum):
    """What is recommended for the people of a box."""

    PROMOTE = "promote"
    RETAIN = "retain"
    SUCCESSION_POOL = "succession_pool"
    REWARD = "reward"
    ROTATION = "rotation"
    JOB_ENLARGEMENT = "job_enlargement"
    JOB_ENRICHMENT = "job_enrichment"
    COMPETENCE_DEVELOPMENT = "competence_development"
    STUDY_ASSIGNMENT = "study_assignment"
    PERFORMANCE_GUIDANCE = "performance_guidance"
    PERFORMANCE_COUNSELLING = "performance_counselling"
    SUITABLE_PLACEMENT = "suitable_placement"
    STATUTORY_PROCESS = "statutory_process"

    @property
    def sentence_code(self) -> str:
        """The code of its label."""
        return f"action.{self.value}"


ACTIONS_OF: Mapping[int, tuple[Action, ...]] = {
    9: (Action.PROMOTE, Action.RETAIN, Action.SUCCESSION_POOL, Action.REWARD),
    8: (
        Action.RETAIN,
        Action.SUCCESSION_POOL,
        Action.ROTATION,
        Action.JOB_ENLARGEMENT,
        Action.PERFORMANCE_GUIDANCE,
    ),
    7: (
        Action.RETAIN,
        Action.SUCCESSION_POOL,
        Action.ROTATION,
        Action.JOB_ENRICHMENT,
        Action.COMPETENCE_DEVELOPMENT,
        Action.STUDY_ASSIGNMENT,
    ),
    6: (Action.SUITABLE_PLACEMENT, Action.PERFORMANCE_GUIDANCE, Action.PERFORMANCE_COUNSELLING),
    5: (Action.SUITABLE_PLACEMENT, Action.PERFORMANCE_GUIDANCE, Action.COMPETENCE_DEVELOPMENT),
    4: (Action.ROTATION, Action.COMPETENCE_DEVELOPMENT),
    3: (
        Action.PERFORMANCE_GUIDANCE,
        Action.PERFORMANCE_COUNSELLING,
        Action.COMPETENCE_DEVELOPMENT,
        Action.SUITABLE_PLACEMENT,
    ),
    2: (Action.PERFORMANCE_GUIDANCE, Action.COMPETENCE_DEVELOPMENT, Action.SUITABLE_PLACEMENT),
    1: (Action.STATUTORY_PROCESS,),
}
"""In the order of the appendix."""


class Pool(StrEnum):
    """A Kelompok Rencana Suksesi (KRS)."""

    INSTITUTION = "institution"
    NATIONAL = "national"


BOXES_OF_POOL: Mapping[Pool, frozenset[int]] = {Pool.INSTITUTION: SUCCESSION_POOL, Pool.NATIONAL: frozenset({9})}
"""The boxes that the appendix recommends for a KRS, in every institution the same: what the catalogue of boxes says of
them, and what an ekspose counts as its KRS. Who may be nominated for a pool is another question, of its policy."""


def categories_of(box: int) -> tuple[Category, Category]:
    """The categories of performance and of potential that a box stands for."""
    row = next(row for row in BOX_OF if box in row)
    return CATEGORIES[BOX_OF.index(row)], CATEGORIES[row.index(box)]


def pools_of(box: int) -> tuple[Pool, ...]:
    """The pools that the people of a box are candidates for."""
    return tuple(pool for pool, boxes in BOXES_OF_POOL.items() if box in boxes)
