"""The facts about a person as JSON, which frozen rankings hold."""

import json
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.candidates import candidate_of, facts_of
from tests.candidates import a_candidate


@given(seed=st.integers(0, 2**32))
@settings(max_examples=300, deadline=None)
def test_facts_survive_json(seed: int) -> None:
    candidate = a_candidate(Random(seed))  # noqa: S311 - to try things with
    assert candidate_of(json.loads(json.dumps(facts_of(candidate)))) == candidate
