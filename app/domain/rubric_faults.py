"""A document read part by part: what is wrong is noted with its JSON pointer, and the reading goes on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from app.domain.errors import Fault

MOST_FAULTS = 500  # of one document; more would help nobody
SMALLEST = Fraction(1, 10**6)  # step of a number: what is stored and summed is exact to a millionth
LARGEST_VERSION = 2**31 - 1  # as PostgreSQL counts
LONGEST_LABEL = 200  # characters
ABSENT = object()
_SHORT = 60
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,59}")

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a document and its JSON pointer; `ABSENT` stands for one that is not there.

    Every way to read it notes what is wrong and answers all the same, so that one reading finds every fault. What was
    read may be used only if nothing was noted.
    """

    value: object
    where: str
    faults: list[Fault]
    chapter: str = "rubric"
    """What the codes of faults begin with that any document can have."""

    @property
    def is_there(self) -> bool:
        return self.value is not ABSENT

    def note(self, code: str, **about: object) -> None:
        """Note a fault of this part."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(code, self.where, about))

    def say(self, name: str, /, **about: object) -> None:
        """Note a fault that any document can have, by its name among `sentences.written`."""
        self.note(f"{self.chapter}.{name}", **about)

    def below(self, name: str | int, value: object) -> Part:
        """A part of this part."""
        return Part(value, f"{self.where}/{_escaped(str(name))}", self.faults, self.chapter)

    def fields(self, required: Collection[str], optional: Collection[str] = ()) -> Mapping[str, Part]:
        """The fields of an object by their names; missing and unknown ones are noted."""
        known = (*required, *optional)
        if not isinstance(self.value, dict):
            if self.is_there:
                self.say("not_object")
            return {name: self.below(name, ABSENT) for name in known}
        for name in self.value:
            if name not in known:
                self._unknown(name).say("unknown_field", field=shown(name), known=", ".join(known))
        found = {name: self.below(name, self.value.get(name, ABSENT)) for name in known}
        for name in required:
            if not found[name].is_there:
                found[name].say("missing_field", field=name)
        return found

    def entries(self, known: Collection[str], required: Collection[str] = ()) -> Mapping[str, Part]:
        """The fields that are there of an object of which some are required and all are known."""
        optional = [name for name in known if name not in required]
        return {name: part for name, part in self.fields(required, optional).items() if part.is_there}

    def listed(self, fewest: int, most: int) -> list[Part]:
        """The parts of a list."""
        if not isinstance(self.value, list):
            if self.is_there:
                self.say("not_list")
            return []
        if not fewest <= len(self.value) <= most:
            self.say("list_length", fewest=fewest, most=most, length=len(self.value))
        return [self.below(place, value) for place, value in enumerate(self.value[:most])]

    def text(self, limit: int) -> str:
        """Text of at least one character that can be printed and stored."""
        if not isinstance(self.value, str):
            if self.is_there:
                self.say("not_text")
            return ""
        if not 0 < len(self.value.strip()) <= len(self.value) <= limit:
            self.say("text_length", limit=limit)
        elif not _is_printable(self.value):
            self.say("text_characters")
        return self.value

    def code(self) -> str:
        """The name of something: letters, digits, points, hyphens."""
        if isinstance(self.value, str) and not _CODE.fullmatch(self.value):
            self.say("code", value=shown(self.value))
            return ""
        return self.text(_SHORT)

    def new_code(self, taken: dict[str, str]) -> str:
        """A code that nothing before it has; `taken` says where each code stands."""
        code = self.code()
        if code and code in taken:
            self.say("repeated", name=code, other=taken[code])
        taken.setdefault(code, self.where)
        return code

    def sentence(self, limit: int = LONGEST_LABEL) -> None:
        """The same words in both languages."""
        for words in self.fields(("id", "en")).values():
            words.text(limit)

    def whole(self, lowest: int, highest: int) -> int | None:
        """A whole number; None where there is none."""
        if (found := self.number(lowest, highest)) is None:
            return None
        if found.denominator > 1:
            self.say("not_whole", value=shown(self.value))
            return None
        return found.numerator

    def number(self, lowest: int, highest: int, *, is_open: bool = False) -> Fraction | None:
        """A number by its decimal digits, exact; greater than the lowest where `is_open`. None where there is none."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            if self.is_there:
                self.say("not_number", value=shown(self.value))
            return None
        if not lowest <= self.value <= highest or (is_open and self.value == lowest):  # nothing holds of NaN
            about = {"lowest": lowest, "highest": highest, "value": shown(self.value)}
            self.say("open_range" if is_open else "range", **about)
            return None
        exact = Fraction(str(self.value))
        if exact % SMALLEST:
            self.say("decimals", value=shown(self.value))
            return None
        return exact

    def choice(self, choices: Collection[Choice]) -> Choice | None:
        """One of the choices; None where it is none of them."""
        word = self.one_of([one.value for one in choices])
        return next((one for one in choices if one.value == word), None)

    def one_of(self, allowed: Collection[str]) -> str:
        """One of these words; empty where it is none of them."""
        if isinstance(self.value, str) and self.value in allowed:
            return self.value
        if self.is_there:
            self.say("value_unknown", value=shown(self.value), allowed=", ".join(allowed))
        return ""

    def _unknown(self, name: object) -> Part:
        """Where a field of that name stands; the object itself where the name cannot be written down."""
        is_plain = isinstance(name, str) and len(name) <= _SHORT and _is_printable(name)
        return self.below(str(name), ABSENT) if is_plain else self


def read_weights(part: Part, weights: Sequence[Part], wanted: Fraction | None) -> list[Fraction | None]:
    """Weights in points, each more than 0, which must add up to what is wanted (where that could be read)."""
    found = [weight.number(0, 100, is_open=True) for weight in weights]
    known = [weight for weight in found if weight is not None]
    if wanted is not None and known and len(known) == len(found) and sum(known) != wanted:
        part.say("weights", total=plain(Fraction(sum(known))), wanted=plain(wanted))
    return found


def shown(value: object) -> str:
    """A value as a sentence can quote it, cut where it is long."""
    match value:
        case str():
            words = "".join(letter if _is_printable(letter) else "?" for letter in value[: _SHORT + 1])
        case bool() | None:
            words = {True: "true", False: "false", None: "null"}[value]
        case int():
            words = str(value) if abs(value) < 10**_SHORT else "…"  # endless numbers have no text in Python
        case float():
            words = str(value)
        case dict():
            words = "{…}"
        case _:
            words = "[…]"
    return words if len(words) <= _SHORT else words[:_SHORT] + "…"


def plain(number: Fraction) -> str:
    """A number with at most six decimals as it is written."""
    return f"{float(number):.6f}".rstrip("0").rstrip(".")


def _is_printable(text: str) -> bool:
    return not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
