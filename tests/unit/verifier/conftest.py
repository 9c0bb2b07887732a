"""What the tests of the verifier share: checking the run of a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.verifier.checking import Verdict, files_of, verify

Check = Callable[..., Verdict]


def in_silence(*_: object) -> None:
    """Progress that nobody follows."""


@pytest.fixture
def check() -> Check:
    def run(folder: Path, *, is_fast: bool = False) -> Verdict:
        return verify(files_of([folder]), in_silence, is_fast=is_fast)

    return run
