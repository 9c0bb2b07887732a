"""Memory of a process that runs for long."""

from __future__ import annotations

import gc

YOUNG = 10_000
"""New objects after which the collector looks at what is new; a request or a row of a sync makes some hundred."""


def settle() -> None:
    """What is loaded by now stays to the end: the collector looks at what comes after it alone, and less often.

    To look at everything takes it a fifth of a second, in which nobody is answered.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)
