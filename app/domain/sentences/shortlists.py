"""What is said about shortlists and decisions."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {}
