"""What the OpenAPI document says of keys, tags and conditions, and of the answers they lead to."""

from __future__ import annotations

from typing import Any

from app.api.idempotency import LONGEST_KEY
from app.api.rest.etags import OWN, READ_BEFORE

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
TEXT = {"type": "string"}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "A fresh text for each request, and the same one where it is repeated: it is done once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": r"^[!#-~]+$"},
}
KNOWN = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of what one has; 304 where that is still so.",
    "schema": TEXT,
}
REPLAYED = {"Idempotency-Replayed": {"description": "`true` where the answer was given before.", "schema": TEXT}}
TAGGED = {"ETag": {"description": "A strong entity tag; of what others edit, for `If-Match`.", "schema": TEXT}}
NOT_MODIFIED = {"description": "It is what one has already.", "headers": TAGGED}
OF_KEYS = {
    "400": "The Idempotency-Key is missing or malformed, or the request cannot be read.",
    "409": "It cannot be done now; or the request under this key is under way, or its answer is lost.",
    "422": "What was sent cannot be accepted; or the key was used for another request.",
}
OF_CONDITIONS = {
    "412": "It has changed since it was read.",
    "428": "The request does not say what was read.",
}


def describe(operation: dict[str, Any], *, is_post: bool) -> None:
    """Add what holds for every POST, and for every operation with a condition."""
    parameters, responses = operation.setdefault("parameters", []), operation["responses"]
    if is_post:
        parameters.append(KEY)
        _add(responses, OF_KEYS, REPLAYED)
    conditions = [one for one in parameters if one["name"] in ("If-Match", "If-None-Match")]
    for condition in conditions:
        condition["schema"] = TEXT
        condition["required"] = condition["description"] == READ_BEFORE
    if conditions:
        is_own = any(condition["description"] == OWN for condition in conditions)
        _add(responses, {"412": OF_CONDITIONS["412"]} if is_own else OF_CONDITIONS, TAGGED)


def _add(responses: dict[str, Any], refusals: dict[str, str], headers: dict[str, Any]) -> None:
    for status, answer in responses.items():
        if status.startswith("2") and status != "204":
            answer.setdefault("headers", {}).update(headers)
    for status, description in refusals.items():
        responses.setdefault(status, {"description": description, "content": PROBLEM})
