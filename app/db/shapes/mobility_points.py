"""What an application rests on, as documents tell it: the points by part, and what each requirement found."""

from __future__ import annotations

from sqlalchemy import Integer, cast, true

from app.db.documents import Items, Value
from app.db.shapes.found_json import listed_in, sentence_of, sentences_of, word_of
from app.db.shapes.schemas import INTEGER, NULLABLE_INTEGER, TEXT
from app.db.tables.mobility import MobilityApplicationRow

_part = listed_in(MobilityApplicationRow.parts, "part")
_finding = listed_in(MobilityApplicationRow.because, "finding")
POINTS_PARTS = Items(
    "MobilityPointsPart",
    {
        "block": Value(word_of(_part.c.document, "block"), TEXT),
        "points": Value(cast(word_of(_part.c.document, "points"), Integer), NULLABLE_INTEGER),
        "most": Value(cast(word_of(_part.c.document, "most"), Integer), INTEGER),
        "label": sentence_of(_part.c.document, "label"),
        "because": sentence_of(_part.c.document, "because"),
    },
    _part,
    true(),
    (_part.c.place,),
)
FOUND_REQUIREMENTS = Items(
    "MobilityRequirement",
    {
        "requirement": Value(word_of(_finding.c.document, "requirement"), TEXT),
        "label": sentence_of(_finding.c.document, "label"),
        "outcome": Value(word_of(_finding.c.document, "outcome"), TEXT),
        "found": sentence_of(_finding.c.document, "found"),
        "missing": sentences_of(_finding.c.document, "missing"),
    },
    _finding,
    true(),
    (_finding.c.place,),
)
