"""Loops that NumPy has no words for, as machine code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

Loop = TypeVar("Loop", bound=Callable[..., Any])


def compiled(loop: Loop) -> Loop:
    """The same loop as machine code; kept on disk where there is a place for it, and other threads work meanwhile."""
    try:
        code: Loop = njit(loop, cache=True, nogil=True)
    except RuntimeError:  # neither the directory of the source nor that of the user can be written to
        code = njit(loop, nogil=True)
    return code
