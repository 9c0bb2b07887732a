"""What is said about succession pools and plans."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {}
