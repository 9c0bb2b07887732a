"""What is said about requirements, criteria and what they find."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {}
