"""A points formula as it is written (JSON) ↔ a `Formula`; everything wrong with it is said with its JSON pointer."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from app.domain.candidates import PREDICATE_RANKS
from app.domain.errors import Fault, Invalid
from app.domain.mobility_formulas import Areas, Block, BlockKind, Formula, Ground, plain_name
from app.domain.provinces import PROVINCES
from app.domain.rubric_faults import LONGEST_LABEL, Part, shown
from app.domain.sources import must_name_nothing_protected

Json = Mapping[str, object]

CHAPTER = "mobility_formula"
MOST_BLOCKS, MOST_POINTS = 30, 100_000
MOST_INSTITUTIONS = 600
BOXES = tuple(str(box) for box in range(1, 10))
TENURE = frozenset({"tenure", "service", "age", "seniority", "timeAtLevel", "timeInPost"})
"""Kinds that nobody may be given: time alone decides nothing (UU 20/2023: merit)."""
WISHES = ("wish", "preference", "choice", "rank", "keinginan", "pilihan", "minat")
"""Words by which a kind or a code gives away that it looks at the wish list."""

_SCALED = {BlockKind.BOX: BOXES, BlockKind.APPRAISAL: tuple(PREDICATE_RANKS)}
_BY_YEAR = frozenset({BlockKind.HARDSHIP, BlockKind.AFFAIR_EXPERIENCE})


def parse_formula(document: object, code: str, version: int) -> Formula:
    """The formula of a document; `Invalid("mobility_formula.invalid")` with every fault of the document at once."""
    faults: list[Fault] = []
    fields = Part(document, "", faults, CHAPTER).fields(("title", "blocks"))
    for language in fields["title"].fields(("id", "en")).values():
        language.text(LONGEST_LABEL)
    taken: dict[str, str] = {}
    blocks = [_block(part, taken) for part in fields["blocks"].listed(1, MOST_BLOCKS)]
    if faults:
        raise Invalid("mobility_formula.invalid", faults=tuple(faults))
    return Formula(code, version, tuple(block for block in blocks if block is not None))


def _block(part: Part, taken: dict[str, str]) -> Block | None:
    fields = part.fields(("code", "kind", "label"), ("most", "scale", "perYear", "ground", "areas"))
    code, kind = fields["code"].new_code(taken), _kind(fields["kind"])
    label = fields["label"].fields(("id", "en"))
    words = [label[language].text(LONGEST_LABEL) for language in ("id", "en")]
    for told in (fields["code"], *label.values()):
        must_name_nothing_protected(told)
    _must_not_look_at_wishes(fields["code"])
    if kind is None:
        return None
    _must_be_absent(fields, kind)
    scale = _scale(fields["scale"], _SCALED[kind]) if kind in _SCALED else {}
    most = max(scale.values(), default=0) if kind in _SCALED else fields["most"].whole(1, MOST_POINTS) or 0
    return Block(
        code=code,
        kind=kind,
        most=most,
        scale=scale,
        per_year=fields["perYear"].whole(1, MOST_POINTS) if kind in _BY_YEAR else None,
        ground=fields["ground"].choice(tuple(Ground)) if kind is BlockKind.GROUND else None,
        areas=_areas(fields["areas"]) if kind is BlockKind.HARDSHIP else None,
        label_id=words[0],
        label_en=words[1],
    )


def _kind(part: Part) -> BlockKind | None:
    if not part.is_there or must_name_nothing_protected(part):
        return None
    if isinstance(part.value, str) and part.value in TENURE:
        part.note("mobility_formula.tenure", kind=shown(part.value))
        return None
    if _must_not_look_at_wishes(part):
        return None
    return part.choice(tuple(BlockKind))


def _must_not_look_at_wishes(part: Part) -> bool:
    """Note where a name gives away that a block would rest on the wish list (mobility rules: points rest on facts)."""
    name = part.value.lower() if isinstance(part.value, str) else ""
    if looks := any(word in name for word in WISHES):
        part.note("mobility_formula.wishes", name=shown(part.value))
    return looks


def _must_be_absent(fields: Mapping[str, Part], kind: BlockKind) -> None:
    """What belongs to another kind is not there, and what belongs to this one is."""
    needed = {
        "scale": kind in _SCALED,
        "most": kind not in _SCALED,
        "perYear": kind in _BY_YEAR,
        "ground": kind is BlockKind.GROUND,
        "areas": kind is BlockKind.HARDSHIP,
    }
    for name, is_needed in needed.items():
        if is_needed and not fields[name].is_there:
            fields[name].say("missing_field", field=name)
        elif not is_needed and fields[name].is_there:
            fields[name].note("mobility_formula.unfit", name=name, kind=shown(kind.value))


def _scale(part: Part, words: Collection[str]) -> dict[str, int]:
    """Points by box or predicate, each of them."""
    return {word: found.whole(0, MOST_POINTS) or 0 for word, found in part.fields(words).items()}


def _areas(part: Part) -> Areas:
    fields = part.fields((), ("provinces", "institutions"))
    if not any(found.is_there for found in fields.values()):
        part.note("mobility_formula.no_areas")
    provinces = [found.one_of(PROVINCES) for found in _listed(fields["provinces"], len(PROVINCES))]
    institutions = [
        plain_name(found.text(LONGEST_LABEL)) for found in _listed(fields["institutions"], MOST_INSTITUTIONS)
    ]
    return Areas(frozenset(provinces), frozenset(institutions))


def _listed(part: Part, most: int) -> list[Part]:
    return part.listed(1, most) if part.is_there else []


SHIPPED = "nasional"
"""The code of the formula that comes with the service; nobody publishes one under it."""
SHIPPED_VERSION = 1
SHIPPED_DOCUMENT: Json = {
    "title": {"id": "Formula nasional", "en": "National formula"},
    "blocks": [
        {
            "code": "kotak",
            "kind": "box",
            "scale": {"1": 0, "2": 30, "3": 60, "4": 90, "5": 120, "6": 150, "7": 200, "8": 250, "9": 300},
            "label": {"id": "Kotak manajemen talenta", "en": "Box of the talent map"},
        },
        {
            "code": "kesesuaian",
            "kind": "competenceFit",
            "most": 300,
            "label": {"id": "Kesesuaian kompetensi dengan standar jabatan", "en": "Match with the post's standard"},
        },
        {
            "code": "kinerja",
            "kind": "appraisal",
            "scale": {"very_poor": 0, "poor": 0, "needs_improvement": 40, "good": 80, "very_good": 120},
            "label": {"id": "Predikat kinerja tahun terakhir", "en": "Appraisal of the last year"},
        },
        {
            "code": "pengalaman",
            "kind": "affairExperience",
            "perYear": 15,
            "most": 90,
            "label": {"id": "Pengalaman dalam urusan jabatan", "en": "Experience in the post's affair"},
        },
        {
            "code": "daerah-khusus",
            "kind": "hardship",
            "perYear": 20,
            "most": 100,
            "areas": {"provinces": ["53", "81", "82", "91", "92", "93", "94", "95", "96"]},
            "label": {"id": "Masa bertugas di daerah sulit", "en": "Years in hardship areas"},
        },
        {
            "code": "keluarga",
            "kind": "ground",
            "ground": "family",
            "most": 50,
            "label": {"id": "Alasan keluarga yang terverifikasi", "en": "Verified family ground"},
        },
        {
            "code": "kesehatan",
            "kind": "ground",
            "ground": "health",
            "most": 60,
            "label": {"id": "Alasan kesehatan yang terverifikasi", "en": "Verified health ground"},
        },
    ],
}
"""An organiser that names no formula uses this one; the points are a proposal to decide openly [U]."""
