"""Sources: where the words of a rule were taken from, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.messages import Sentence, sentence
from app.domain.protected import characteristic_in
from app.domain.rubric_faults import LONGEST_LABEL, Part, shown


class Confidence(StrEnum):
    """How sure it is that the source says so."""

    CONFIRMED = "confirmed"
    """Read in the regulation itself, or said alike by several who do not copy each other."""
    LIKELY = "likely"
    """One good reference, or well known and not read again."""
    UNSURE = "unsure"
    """A single weak reference, a choice of one's own, or conflicting ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a rule was taken from."""

    document: str
    """The document and its article, or another reference that can be found without an address."""
    confidence: Confidence
    note_id: str | None = None
    """What about the rule the document does not say."""
    note_en: str | None = None


_ADDRESS = re.compile(r"(?i)\b(https?://|www\.)")


def parse_source(part: Part, *, is_published: bool = False) -> Source | None:
    """The source that a part describes; None where nothing can be read. What is wrong is noted.

    What was published is read as it stands: what its words may say was decided when it was.
    """
    fields = part.fields(("document", "confidence"), ("note",))
    document = fields["document"].text(LONGEST_LABEL)
    confidence = fields["confidence"].choice(tuple(Confidence))
    note = fields["note"].fields(("id", "en")) if fields["note"].is_there else {}
    words = {language: told.text(LONGEST_LABEL) for language, told in note.items()}
    if not is_published:
        _must_be_citable(fields["document"], note.values())
    if confidence is None:
        return None
    return Source(document=document, confidence=confidence, note_id=words.get("id"), note_en=words.get("en"))


def _must_be_citable(document: Part, notes: Iterable[Part]) -> None:
    if isinstance(document.value, str) and _ADDRESS.search(document.value):
        document.note("source.address", value=shown(document.value))
    for told in (document, *notes):
        must_name_nothing_protected(told)


def source_document(source: Source) -> Mapping[str, object]:
    """The document of a source: parsed again, it is the same."""
    note = Sentence(id=source.note_id, en=source.note_en) if source.note_id and source.note_en else None
    return {
        "document": source.document,
        "confidence": source.confidence.value,
        **({} if note is None else {"note": note}),
    }


def must_name_nothing_protected(part: Part) -> bool:
    """Note where a part names a protected characteristic; whether it does. Text beyond a label is too long anyway."""
    found = characteristic_in(part.value[:LONGEST_LABEL] if isinstance(part.value, str) else None)
    if found is not None:
        part.note(
            "requirement.protected_field", field=shown(part.value), characteristic=sentence(f"characteristic.{found}")
        )
    return found is not None
