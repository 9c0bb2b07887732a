"""Which language somebody reads: Indonesian first, English where `Accept-Language` prefers it."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

Language = Literal["id", "en"]
HEADERS_KEPT = 256
LONGEST_HEADER = 200  # characters that are looked at; browsers send some 40


@lru_cache(HEADERS_KEPT)
def preferred(accept_language: str) -> Language:
    """The better liked of the two by RFC 9110, section 12.5.4; what stands first where both are named alike."""
    quality: dict[str, float] = {}
    for part in accept_language[:LONGEST_HEADER].lower().split(","):
        name, _, parameter = part.partition(";")
        language = name.strip().partition("-")[0]
        if language in ("id", "en", "*"):
            quality.setdefault(language, _quality(parameter))
    other = quality.get("*", 0.0)
    indonesian, english = quality.get("id", other), quality.get("en", other)
    if indonesian != english or "en" not in quality or "id" not in quality:
        return "en" if english > indonesian else "id"
    return "en" if list(quality).index("en") < list(quality).index("id") else "id"


def _quality(parameter: str) -> float:
    """The weight after `q=`; 1 where none is given, 0 for what is none."""
    if not parameter.strip():
        return 1.0
    name, _, value = parameter.partition("=")
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if name.strip() == "q" and 0 <= weight <= 1 else 0.0
