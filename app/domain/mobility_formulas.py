"""Points formulas of mobility campaigns: blocks that each give somebody whole points at one post, and add up exactly.

A block looks at facts about the person and the post, never at the wish list: what depends on wishes is no reason to
write down true ones. Nothing counts for tenure alone; years in hardship areas do, which are not seniority.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.domain.candidates import PREDICATE_RANKS, Candidate, Target
from app.domain.durations import DAYS_OF_A_YEAR
from app.domain.experience import time_in_affair
from app.domain.fact_words import predicate_in_words
from app.domain.messages import Sentence, sentence
from app.domain.verdicts import LOWEST, matched_levels

PERCENT = 100


class BlockKind(StrEnum):
    """What a block looks at, and nothing else."""

    BOX = "box"
    """The box of the talent map; `scale` has the points of each, `1` to `9`."""
    COMPETENCE_FIT = "competenceFit"
    """Job-person match with the post's standard in whole percent, of `most` points."""
    APPRAISAL = "appraisal"
    """The predicate of the last year that was over; `scale` has the points of each."""
    GROUND = "ground"
    """Whether a ground is verified; all of `most` or nothing."""
    HARDSHIP = "hardship"
    """Whole years served in `areas`, `perYear` points each, at most `most`."""
    AFFAIR_EXPERIENCE = "affairExperience"
    """Whole years in the post's government affair, `perYear` points each, at most `most`."""


class Ground(StrEnum):
    """Why somebody wants to move, where documents were seen."""

    FAMILY = "family"
    HEALTH = "health"


@dataclass(frozen=True, slots=True)
class Areas:
    """Where serving counts as hardship: whole provinces, and institutions by their names."""

    provinces: frozenset[str] = frozenset()
    institutions: frozenset[str] = frozenset()
    """Without differences of case and spacing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of a formula. `most` is what it gives at most."""

    code: str
    kind: BlockKind
    most: int
    scale: Mapping[str, int] = field(default_factory=dict)
    per_year: int | None = None
    ground: Ground | None = None
    areas: Areas | None = None
    label_id: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Formula:
    """One version of a formula. It never changes."""

    code: str
    version: int
    blocks: tuple[Block, ...]

    @property
    def most(self) -> int:
        """What it gives at most."""
        return sum(block.most for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Service:
    """A time in a post on record; `until` is its first day after, None as long as it lasts."""

    since: date
    until: date | None
    province: str | None
    institution: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a formula looks at about one person."""

    candidate: Candidate
    grounds: Mapping[Ground, bool | None] = field(default_factory=dict)
    """True: verified; False: looked at and not so; None: claimed, and nobody has looked. Not there: not claimed."""
    services: Sequence[Service] | None = None
    """None where no post is on record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MobilityPart:
    """What a block gives; `points` None is unknown and counts 0, which is said."""

    block: str
    """Its code."""
    points: int | None
    most: int
    label_id: str
    label_en: str
    because: str
    """The code of a sentence that says what it rests on."""
    about: Mapping[str, object] = field(default_factory=dict)

    @property
    def detail(self) -> Sentence:
        """What it rests on, in both languages."""
        return sentence(self.because, **self.about)


@dataclass(frozen=True, slots=True)
class Found:
    """What a block found; `points` None where it is not known."""

    points: int | None
    because: str
    about: Mapping[str, object] = field(default_factory=dict)


def points_of(formula: Formula, facts: Facts, post: Target) -> tuple[MobilityPart, ...]:
    """What every block of a formula gives somebody at a post, in the order of the formula.

    `post.on` is the day that everything is counted on, the planned day on which moves take effect.
    """
    return tuple(_part(block, KINDS[block.kind](block, facts, post)) for block in formula.blocks)


def total_of(parts: Iterable[MobilityPart]) -> int:
    """What parts come to; what is unknown counts 0."""
    return sum(part.points or 0 for part in parts)


def part_document(part: MobilityPart) -> dict[str, object]:
    """A part as `mobility_application.parts` keeps it and documents show it."""
    return {
        "block": part.block,
        "points": part.points,
        "most": part.most,
        "label": {"id": part.label_id, "en": part.label_en},
        "because": part.detail,
    }


def _part(block: Block, found: Found) -> MobilityPart:
    points = None if found.points is None else max(0, min(found.points, block.most))
    return MobilityPart(
        block=block.code,
        points=points,
        most=block.most,
        label_id=block.label_id,
        label_en=block.label_en,
        because=found.because,
        about=found.about,
    )


def _box(block: Block, facts: Facts, _post: Target) -> Found:
    box = facts.candidate.box
    if not box:
        return Found(None, "mobility_points.no_box")
    return Found(block.scale.get(str(box), 0), "mobility_points.box", {"box": box})


def _competence_fit(block: Block, facts: Facts, post: Target) -> Found:
    levels, asked = facts.candidate.competencies, sum(post.standard)
    if asked == 0:
        return Found(None, "mobility_points.no_standard")
    if levels is None or None in levels:
        return Found(None, "mobility_points.no_assessment")
    percent = PERCENT * matched_levels(levels, post.standard, LOWEST) // asked
    return Found(block.most * percent // PERCENT, "mobility_points.fit", {"percent": percent})


def _appraisal(block: Block, facts: Facts, _post: Target) -> Found:
    year, appraisals = facts.candidate.appraised_to, facts.candidate.appraisals
    if year is None or not appraisals or appraisals[0] is None:
        return Found(None, "mobility_points.no_appraisal")
    predicate = next(name for name, rank in PREDICATE_RANKS.items() if rank == appraisals[0])
    about = {"predicate": predicate_in_words(appraisals[0]), "year": year}
    return Found(block.scale.get(predicate, 0), "mobility_points.appraisal", about)


def _ground(block: Block, facts: Facts, _post: Target) -> Found:
    if block.ground is None or block.ground not in facts.grounds:
        return Found(0, "mobility_points.ground_not_claimed")
    match facts.grounds[block.ground]:
        case None:
            return Found(None, "mobility_points.ground_unseen")
        case True:
            return Found(block.most, "mobility_points.ground_verified")
    return Found(0, "mobility_points.ground_refuted")


def _hardship(block: Block, facts: Facts, post: Target) -> Found:
    if facts.services is None:
        return Found(None, "mobility_points.no_history")
    areas = block.areas or Areas()
    years = _days_in(areas, facts.services, post.on) // DAYS_OF_A_YEAR
    return _by_years(block, years, "mobility_points.hardship")


def _days_in(areas: Areas, services: Iterable[Service], on: date) -> int:
    """Days served in areas up to a day; where posts on record overlap, a day counts once."""
    spells = sorted(
        (one.since, min(one.until or on, on))
        for one in services
        if one.province in areas.provinces or plain_name(one.institution or "") in areas.institutions
    )
    if not spells:
        return 0
    reached = [spells[0][0]]
    for _, until in spells:
        reached.append(max(reached[-1], until))
    starts = [max(since, before) for (since, _), before in zip(spells, reached[:-1], strict=True)]
    return sum(max(0, (until - since).days) for since, (_, until) in zip(starts, spells, strict=True))


def _affair_experience(block: Block, facts: Facts, post: Target) -> Found:
    affair, candidate = post.government_affair, facts.candidate
    if affair is None:
        return Found(None, "mobility_points.no_affair")
    if candidate.affair_days is None and candidate.government_affair is None:
        return Found(None, "mobility_points.no_history")
    days, _ = time_in_affair(candidate, affair, post.on)
    return _by_years(block, days // DAYS_OF_A_YEAR, "mobility_points.affair")


def _by_years(block: Block, years: int, because: str) -> Found:
    each = block.per_year or 0
    return Found(min(years * each, block.most), because, {"years": years, "each": each, "most": block.most})


def plain_name(name: str) -> str:
    """The name of an institution without differences of case and spacing."""
    return " ".join(name.lower().split())


KINDS: Mapping[BlockKind, Callable[[Block, Facts, Target], Found]] = {
    BlockKind.BOX: _box,
    BlockKind.COMPETENCE_FIT: _competence_fit,
    BlockKind.APPRAISAL: _appraisal,
    BlockKind.GROUND: _ground,
    BlockKind.HARDSHIP: _hardship,
    BlockKind.AFFAIR_EXPERIENCE: _affair_experience,
}
"""How each kind is found."""
