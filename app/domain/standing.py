"""What an institution states of its standing, and to whom: indices, references, audiences."""

from __future__ import annotations

from enum import StrEnum


class Index(StrEnum):
    """A national index of how an institution manages its people."""

    NSPK = "nspk"
    """Compliance with norms, standards, procedures and criteria (Peraturan BKN 12/2022)."""
    MERIT = "merit"
    """The merit system (PermenPANRB 40/2018)."""


class ReferenceKind(StrEnum):
    """What is referred to."""

    REGULATION = "regulation"
    COMMITTEE = "committee"


class Audience(StrEnum):
    """For whom a document is made."""

    INSTITUTION = "institution"
    """Those who may read the talent map of the own institution: every count."""
    PUBLIC = "public"
    """Everybody else: small counts are withheld."""
