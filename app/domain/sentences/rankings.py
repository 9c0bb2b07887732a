"""What is said about rankings and those in them."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {}
