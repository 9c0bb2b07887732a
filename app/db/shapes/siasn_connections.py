"""What documents about connections to SIASN can contain: of secrets, only that they are there."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Integer, Uuid, case, cast, func, literal_column, true

from app.db.documents import Actor, Condition, Fields, Items, JsonSchema, Object, Shape, Value
from app.db.shapes.formats import instant
from app.db.shapes.found_json import listed_in, word_of
from app.db.shapes.schemas import (
    BOOLEAN,
    INSTANT,
    INTEGER,
    NULLABLE_INSTANT,
    NULLABLE_INTEGER,
    NULLABLE_TEXT,
    NUMBER,
    TEXT,
    TEXTS,
)
from app.db.shapes.sentences import said
from app.db.tables.siasn_connections import SiasnConnectionRow, SiasnTrialRow
from app.domain.siasn_connections import (
    FAILURES,
    REFUSED_ADDRESSES,
    WARNED_DAYS,
    WARNINGS,
    Outcome,
    Step,
    TokenState,
)

_row = SiasnConnectionRow
TOKEN_STATE: JsonSchema = {"type": "string", "enum": [state.value for state in TokenState]}
STEP: JsonSchema = {"type": "string", "enum": [step.value for step in Step]}
OUTCOME: JsonSchema = {"type": "string", "enum": [outcome.value for outcome in Outcome]}
CODES = {code: code for code in (*FAILURES, *REFUSED_ADDRESSES, "siasn.sealed_elsewhere")}
SECONDS_OF_A_DAY = 86_400

_left = func.extract("epoch", _row.sso_token_lapses_at - func.now())
_state: ColumnElement[str] = case(
    (_row.sso_token_lapses_at.is_(None), literal_column(f"'{TokenState.UNREADABLE.value}'")),
    (_left <= 0, literal_column(f"'{TokenState.LAPSED.value}'")),
    (_left <= WARNED_DAYS * SECONDS_OF_A_DAY, literal_column(f"'{TokenState.SOON.value}'")),
    else_=literal_column(f"'{TokenState.VALID.value}'"),
)
_days_left = case((_left <= 0, 0), else_=cast(func.floor(_left / SECONDS_OF_A_DAY), Integer))
_warning = said({state.value: code for state, code in WARNINGS.items()}, _state)
_header = listed_in(_row.headers, "header")
_step = listed_in(SiasnTrialRow.steps, "step")
_code = word_of(_step.c.document, "code")

HEADERS = Items(
    "SiasnHeader",
    {
        "name": Value(word_of(_header.c.document, "name"), TEXT),
        "value": Value(word_of(_header.c.document, "value"), TEXT),
    },
    _header,
    true(),
    (_header.c.place,),
)
SSO_TOKEN = Object(
    "SiasnSsoToken",
    {
        "replacedAt": Value(instant(_row.sso_token_replaced_at), INSTANT),
        "replacedBy": Value(_row.sso_token_replaced_by, TEXT),
        "lapsesAt": Value(instant(_row.sso_token_lapses_at), NULLABLE_INSTANT),
        "daysLeft": Value(_days_left, NULLABLE_INTEGER),
        "state": Value(_state, TOKEN_STATE),
        "warning": Object("Sentence", _warning.fields, on=_state != TokenState.VALID.value),
    },
    on=_row.sso_token.is_not(None),
)
TRIAL = Object(
    "SiasnTrial",
    {
        "triedAt": Value(instant(SiasnTrialRow.tried_at), INSTANT),
        "triedBy": Value(SiasnTrialRow.tried_by, TEXT),
        "succeeded": Value(SiasnTrialRow.succeeded, BOOLEAN),
        "steps": Items(
            "SiasnTrialStep",
            {
                "step": Value(word_of(_step.c.document, "step"), STEP),
                "outcome": Value(word_of(_step.c.document, "outcome"), OUTCOME),
                "code": Value(_code, NULLABLE_TEXT),
                "status": Value(cast(word_of(_step.c.document, "status"), Integer), NULLABLE_INTEGER),
                "detail": Object("Sentence", said(CODES, _code).fields, on=_code.is_not(None)),
            },
            _step,
            true(),
            (_step.c.place,),
        ),
    },
    SiasnTrialRow.__table__,
    SiasnTrialRow.institution_id == _row.institution_id,
)

CONNECTION_FIELDS: Fields = {
    "revision": Value(_row.revision, INTEGER),
    "apiBase": Value(_row.api_base, TEXT),
    "referenceBase": Value(_row.reference_base, NULLABLE_TEXT),
    "applicationTokenUrl": Value(_row.application_token_url, NULLABLE_TEXT),
    "ssoTokenUrl": Value(_row.sso_token_url, NULLABLE_TEXT),
    "consumerKey": Value(_row.consumer_key, NULLABLE_TEXT),
    "hasConsumerSecret": Value(_row.consumer_secret.is_not(None), BOOLEAN),
    "ssoClientId": Value(_row.sso_client_id, NULLABLE_TEXT),
    "ssoUsername": Value(_row.sso_username, NULLABLE_TEXT),
    "hasSsoPassword": Value(_row.sso_password.is_not(None), BOOLEAN),
    "ssoToken": SSO_TOKEN,
    "headers": HEADERS,
    "secretHeaders": Value(_row.secret_header_names, TEXTS),
    "useApplicationToken": Value(_row.use_application_token, BOOLEAN),
    "useSsoToken": Value(_row.use_sso_token, BOOLEAN),
    "gapSeconds": Value(_row.gap_seconds, NUMBER),
    "concurrency": Value(_row.concurrency, INTEGER),
    "timeoutSeconds": Value(_row.timeout_seconds, NUMBER),
    "tokenTimeoutSeconds": Value(_row.token_timeout_seconds, NUMBER),
    "maxAgeHours": Value(_row.max_age_hours, INTEGER),
    "syncEveryHours": Value(_row.sync_every_hours, NULLABLE_INTEGER),
    "histories": Value(_row.histories, TEXTS),
    "pushesPlacements": Value(_row.pushes_placements, BOOLEAN),
    "editedAt": Value(instant(_row.edited_at), INSTANT),
    "editedBy": Value(_row.edited_by, TEXT),
    "trial": TRIAL,
}


def _owned(actor: Actor) -> Condition:
    return _row.institution_id == cast(actor.c.institution, Uuid)


CONNECTION = Shape("SiasnConnection", _row.__table__, CONNECTION_FIELDS, rooted=_owned, conditions={})
