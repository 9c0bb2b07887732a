"""What is said about searching the nation."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {}
