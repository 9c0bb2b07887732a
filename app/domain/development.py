"""The skeleton of an individual development plan: which gaps count, and which forms of development fit their size."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

EXPECTED_POTENTIAL = 3
"""The level of a potential aspect below which it asks for development."""


class Form(StrEnum):
    """How somebody develops: by the rule of thumb 70 % at work, 20 % from others, 10 % in courses."""

    EXPERIENCE = "experience"
    EXPOSURE = "exposure"
    EDUCATION = "education"

    @property
    def sentence_code(self) -> str:
        """The code of its description."""
        return f"development.{self.value}"


SHARES: Mapping[Form, int] = {Form.EXPERIENCE: 70, Form.EXPOSURE: 20, Form.EDUCATION: 10}
"""In per cent of the effort."""
FORMS_BY_GAP: Mapping[int, tuple[Form, ...]] = {
    1: (Form.EXPERIENCE,),
    2: (Form.EXPERIENCE, Form.EXPOSURE),
    3: (Form.EXPERIENCE, Form.EXPOSURE, Form.EDUCATION),
}
"""What is suggested from which gap on, in levels: no regulation says so, talent and superior decide."""
LARGEST_GAP = max(FORMS_BY_GAP)


def competency_code(competency: str) -> str:
    """The code of a competency's name."""
    return f"competency.{competency}"


def aspect_code(aspect: str) -> str:
    """The code of a potential aspect's name."""
    return f"potential.{aspect}"
