"""A failpoint kills in development alone, at the place and the time that was said, and nowhere else."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.db import failpoints
from app.db.failpoints import Failpoint
from app.settings import MisconfiguredError, Settings, arm_failpoint

PASSING = """
from app.db.failpoints import Failpoint, arm, reached
arm("chain.linked:3")
for time in (1, 2, 3, 4):
    reached(Failpoint.LEDGER_RECORDED)
    print(time, flush=True)
    reached(Failpoint.CHAIN_LINKED)
"""


def test_a_process_kills_itself_at_the_place_and_the_time_that_were_said() -> None:
    done = subprocess.run([sys.executable, "-c", PASSING], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split()) == (-signal.SIGKILL, ["1", "2", "3"])


def test_nobody_is_killed_who_was_not_armed() -> None:
    for place in Failpoint:
        failpoints.reached(place)


def test_failpoints_are_refused_outside_development_and_so_is_any_other_word(tmp_path: Path) -> None:
    arm_failpoint(Settings(environment="production"))
    with pytest.raises(MisconfiguredError, match="development only"):
        arm_failpoint(Settings(environment="production", failpoint="chain.linked:1"))
    for word in ("nowhere:1", "chain.linked:0", "chain.linked:x"):
        with pytest.raises(MisconfiguredError, match="failpoint"):
            arm_failpoint(Settings(environment="development", failpoint=word, data_dir=tmp_path))
