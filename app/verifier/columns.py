"""What the columns of a run are made of, and how loops over them are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt
from numba import njit

Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Refs = npt.NDArray[np.int32]
"""Indices of rows of another table; NONE where the value is empty."""
Lots = npt.NDArray[np.uint64]
Places = npt.NDArray[np.integer[Any]]
"""Where each value of a table begins; it ends one byte before the next begins."""

NONE = -1
EMPTY = np.iinfo(np.int64).min  # of numbers

Loop = TypeVar("Loop", bound=Callable[..., Any])


def compiled(loop: Loop) -> Loop:
    """The same function as machine code, kept for the next start where there is a place to write to."""
    try:
        return cast("Loop", njit(cache=True)(loop))
    except RuntimeError:
        return cast("Loop", njit(loop))
