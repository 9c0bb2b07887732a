"""What is said about posts, their holders and the affairs of units."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {}
