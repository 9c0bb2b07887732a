"""How documents say why somebody was passed over."""

from __future__ import annotations

from app.db.documents import JsonSchema
from app.domain.shortlists import PassingReason

REASON: JsonSchema = {"type": "string", "enum": [one.value for one in PassingReason]}
NULLABLE_REASON: JsonSchema = {"type": ["string", "null"], "enum": [*(one.value for one in PassingReason), None]}
SENTENCES = {one.value: f"passing.{one.value}" for one in PassingReason}
"""The code of the sentence of each."""
