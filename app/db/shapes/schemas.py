"""The JSON Schemas of scalars that documents consist of."""

from __future__ import annotations

from app.db.documents import JsonSchema
from app.domain.ladder import Rung

TEXT: JsonSchema = {"type": "string"}
NULLABLE_TEXT: JsonSchema = {"type": ["string", "null"]}
TEXTS: JsonSchema = {"type": "array", "items": {"type": "string"}}
ID: JsonSchema = {"type": "string", "format": "uuid"}
NULLABLE_ID: JsonSchema = {"type": ["string", "null"], "format": "uuid"}
DATE: JsonSchema = {"type": "string", "format": "date"}
NULLABLE_DATE: JsonSchema = {"type": ["string", "null"], "format": "date"}
INSTANT: JsonSchema = {"type": "string", "format": "date-time"}
NULLABLE_INSTANT: JsonSchema = {"type": ["string", "null"], "format": "date-time"}
INTEGER: JsonSchema = {"type": "integer"}
INTEGERS: JsonSchema = {"type": "array", "items": {"type": "integer"}}
NULLABLE_INTEGER: JsonSchema = {"type": ["integer", "null"]}
NUMBER: JsonSchema = {"type": "number"}
NULLABLE_NUMBER: JsonSchema = {"type": ["number", "null"]}
BOOLEAN: JsonSchema = {"type": "boolean"}
NULLABLE_BOOLEAN: JsonSchema = {"type": ["boolean", "null"]}
RUNG: JsonSchema = {"type": "string", "enum": [rung.value for rung in Rung]}
COUNTS: JsonSchema = {"type": "object", "additionalProperties": {"type": "integer"}}


def objects(**properties: JsonSchema) -> JsonSchema:
    """The schema of objects with these properties, all of them required."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def lists(items: JsonSchema) -> JsonSchema:
    """The schema of lists of such items."""
    return {"type": "array", "items": items}
