"""The REST door as its OpenAPI document describes it: Schemathesis makes what fits and what does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from requests.structures import CaseInsensitiveDict
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok

from app.dev.fuzz.bytewise import thing_of
from app.dev.fuzz.cases import Case

DOOR = "rest"
CHECKS = {
    # what a schema cannot say (a day in the past, a box one is not in, a cursor of another list) is refused with 422
    "positive_data_acceptance": {
        "expected-statuses": ["2xx", "304", "401", "403", "404", "409", "412", "413", "422", "428"],
    },
    "negative_data_rejection": {
        "expected-statuses": ["400", "401", "403", "404", "405", "409", "412", "413", "415", "422", "428"]
    },
    "missing_required_header": {"expected-statuses": ["400", "401", "403", "404", "422", "428"]},
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A generated request: what Schemathesis knows of it, and what is sent."""

    case: Any
    sent: requests.PreparedRequest
    role: str

    def as_case(self) -> Case:
        """The same as a case that can be written down; who asks is told by the role."""
        target = self.sent.path_url
        about = f"{self.case.meta.generation.mode.value}: {self.case.method} {self.case.path}"
        left_out = ("authorization", "content-length")
        headers = tuple((name, str(value)) for name, value in self.sent.headers.items() if name.lower() not in left_out)
        body = self.sent.body
        content = body.encode(errors="surrogatepass") if isinstance(body, str) else body
        content = content if isinstance(content, bytes) else b""
        return Case(DOOR, about, self.role, str(self.sent.method), target, headers, content)


GRANTS = frozenset({"/oauth/token"})
"""Whether a token is given depends on a secret, not on what a request looks like."""
Ask = Callable[[Asked], None]


def operations_of(document: Mapping[str, Any]) -> list[Any]:
    """Every operation of the document below /v1, with its checks set."""
    config = SchemathesisConfig.from_dict({"checks": CHECKS})
    schema = schemathesis.openapi.from_dict(dict(document), config=config)
    found = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    return sorted(found, key=lambda one: (one.path, one.method))


@dataclass(frozen=True, slots=True)
class Ground:
    """Tokens by role, values that can stand in addresses by their names, and where the service is."""

    tokens: Mapping[str, str]
    names: Mapping[str, str]
    base_url: str


def ask(
    operation: Any,  # noqa: ANN401 - Schemathesis' own
    mode: GenerationMode,
    *,
    count: int,
    seed: int,
    ground: Ground,
    send: Ask,
) -> None:
    """Make so many requests for an operation and hand each over; the same for the same seed."""

    @seeded(seed)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def made(data: st.DataObject) -> None:
        send(draw(data, operation, mode, ground))

    with suppress(Unsatisfiable):  # without parameters nothing can be wrong
        made()


def draw(
    data: st.DataObject,
    operation: Any,  # noqa: ANN401 - Schemathesis' own
    mode: GenerationMode,
    ground: Ground,
) -> Asked:
    """One request: now and then with values in its address that are there, here or abroad."""
    case = data.draw(operation.as_strategy(generation_mode=mode))
    for name in sorted(case.path_parameters or {}):
        letter = data.draw(st.sampled_from(["A", "A", "B", "X", ""]))
        found = ground.names.get(f"{letter}.{thing_of(name, operation.path)}")
        if found is not None and mode is GenerationMode.POSITIVE:
            case.path_parameters[name] = found
    role = data.draw(st.sampled_from(sorted(ground.tokens)))
    headers = {"authorization": f"Bearer {ground.tokens[role]}"}
    kwargs = case.as_transport_kwargs(base_url=ground.base_url, headers=headers)
    told = {name: value for name, value in kwargs.items() if name in SENT}
    return Asked(case, requests.Request(**told).prepare(), role)


SENT = frozenset({"method", "url", "headers", "params", "cookies", "json", "data", "files"})


def wrong_as_described(asked: Asked, response: object, *, excluded: Sequence[str] = ()) -> Iterator[str]:
    """What the checks of Schemathesis find wrong with an answer, and refusals of what fits."""
    load_all_checks()
    named = {check.__name__: check for check in schemathesis.checks.CHECKS.get_all()}
    headers = CaseInsensitiveDict(asked.sent.headers)
    if asked.case.path in GRANTS:
        excluded = (*excluded, "positive_data_acceptance")
    try:
        asked.case.validate_response(
            response,
            headers=headers,
            excluded_checks=[named[name] for name in excluded],
            transport_kwargs={},
        )
    except FailureGroup as group:
        for failure in group.exceptions:
            said = " ".join(str(failure).split())[:600]
            yield f"{type(failure).__name__}: {said} ({getattr(response, 'status_code', '')})"
