"""Names of SIASN's whose meaning nobody has shown for certain: a table that is data, with a version (`names.json`).

What stands in no table is unknown: it is reported, and nothing is made of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson

from app.domain.evidence import CODES, COMPETENCIES, POTENTIAL_ASPECTS, Kind


@dataclass(frozen=True, slots=True)
class Names:
    """Their names and what each is here."""

    version: str
    competencies: Mapping[str, str]
    """Key of `rw-kompetensi` → competency."""
    potentials: Mapping[str, str]
    """Key of `rw-potensi` → aspect."""
    trainings: Mapping[str, str]
    """Jenis diklat, or what stands for it, in capitals → kind of training."""
    awards: Mapping[str, str]
    """Id of an award, or the words its name begins with in capitals → its level. SIASN states no level of any award;
    known are state decorations, which the President confers (UU 20/2009)."""

    def level_of_award(self, code: str | None, name: str) -> str | None:
        """The level of an award; None where no table has it."""
        spoken = f"{name.upper()} "
        begins = [words for words in self.awards if spoken.startswith(f"{words} ")]
        known = code if code in self.awards else max(begins, key=len, default=None)
        return None if known is None else self.awards[known]


_MEANINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "competencies": COMPETENCIES,
    "potentials": POTENTIAL_ASPECTS,
    "trainings": CODES[Kind.TRAINING],
    "awards": CODES[Kind.AWARD],
}


def names_of(document: object) -> Names:
    """The table of a JSON document; ValueError that names the part at fault where it is none."""
    if not isinstance(document, dict) or document.keys() != {"version", *_MEANINGS}:
        raise ValueError(f"the parts are version, {', '.join(_MEANINGS)}")
    return Names(str(document["version"]), *(_part(part, document[part]) for part in _MEANINGS))


def _part(part: str, names: object) -> Mapping[str, str]:
    if not isinstance(names, dict) or not all(meaning in _MEANINGS[part] for meaning in names.values()):
        raise ValueError(f"{part}: names, each with one of {', '.join(_MEANINGS[part])}")
    is_key = part in {"competencies", "potentials"}
    return {str(name) if is_key else str(name).upper(): str(meaning) for name, meaning in names.items()}


DEFAULT: Final = names_of(orjson.loads(Path(__file__).with_name("names.json").read_bytes()))
