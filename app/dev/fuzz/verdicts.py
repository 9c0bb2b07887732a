"""What an answer may be: never a mistake of ours, never late, never somebody else's."""

from __future__ import annotations

import json
from collections.abc import Iterator

from app.dev.fuzz.cases import Case
from app.dev.fuzz.served import Answer
from app.dev.fuzz.world import NOBODY, STRANGER, World
from app.domain.actors import Role

SLOWEST = 20.0  # seconds for an answer, whatever was asked, on a machine that does other things too
MOST_MEMORY = 1 << 30  # bytes that the service may ever hold
IN_OTHER_WORDS = ("/oauth", "/auth/realms/", "/apisiasn/", "/referensi_siasn/")
"""What refuses as RFC 6749 and SIASN do."""
PROBLEM, HTML = "application/problem+json", "text/html"


def wrong_with(case: Case, answer: Answer, world: World) -> Iterator[str]:
    """Everything that is wrong with an answer to a filled case."""
    if answer.status >= 500:
        yield f"a server error: {answer.status}"
    if answer.took > SLOWEST:
        yield f"slower than {SLOWEST:.0f} s: {answer.took:.1f} s"
    if b'"code":"internal"' in answer.body:
        yield "a mistake of ours behind the door"
    yield from _not_a_problem(case, answer)
    if case.role == NOBODY and case.target.startswith(("/v1", "/graphql")) and 200 <= answer.status < 300:
        yield "answered to nobody"
    yield from _foreign(case, answer, world)


def _not_a_problem(case: Case, answer: Answer) -> Iterator[str]:
    """Every refusal of the application is a problem; what is no HTTP, the server refuses before it."""
    if answer.status < 400 or case.method == "HEAD" or "x-request-id" not in answer.headers:
        return
    if case.target.startswith(IN_OTHER_WORDS):
        return
    if answer.kind != PROBLEM:
        yield f"a refusal that is {answer.kind or 'nothing'} and no problem"
        return
    try:
        body = json.loads(answer.body)
    except ValueError:
        yield "a problem that is no JSON"
        return
    if body.get("status") != answer.status or not body.get("code"):
        yield "a problem that does not say what it is"


def _foreign(case: Case, answer: Answer, world: World) -> Iterator[str]:
    """What only the other institution holds must not come back, unless the request itself said it."""
    said = f"{case.target} {case.headers} {case.body.decode('latin-1')}"
    shown = f"{answer.text} {answer.headers}"
    register = world.names[f"{STRANGER}.institution"] if case.role == Role.NATIONAL else ""
    for secret in world.secrets:
        if secret != register and secret in shown and secret not in said:
            yield "something of another institution"
            return
