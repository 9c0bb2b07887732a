"""What is said about vacancies, freezes and priority programmes."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {}
