"""The language somebody reads, from `Accept-Language`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.languages import preferred


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("", "id"),
        ("*", "id"),
        ("id, en", "id"),
        ("en, id", "en"),
        ("en;q=0.1, id", "id"),
        ("id;q=0.1, en", "en"),
        ("en;q=0.8, id;q=0.8", "en"),
        ("id;q=0.8, en;q=0.8", "id"),
        ("fr, en;q=0.2", "en"),
        ("fr, *;q=0.5, en;q=0.2", "id"),
        ("fr, id;q=0, *", "en"),
        ("en;q=0", "id"),
        ("en;q=2", "id"),
        ("en;q=nan", "id"),
        ("en;q=x, id;q=0.1", "id"),
        ("EN-us ; Q=0.5", "en"),
        ("english", "id"),
        (";;;,,,", "id"),
    ],
)
def test_the_better_liked_language_wins_and_indonesian_where_nobody_says(asked: str, language: str) -> None:
    assert preferred(asked) == language


@given(st.text(max_size=300))
def test_whatever_is_sent_there_is_a_language(asked: str) -> None:
    assert preferred(asked) in ("id", "en")
