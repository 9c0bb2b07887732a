"""What runs beside the service in development, and is started again where it ends by itself."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

EVERY = 1.0  # seconds


@contextmanager
def kept(name: str, ended: Callable[[], int | None], start: Callable[[], object]) -> Iterator[None]:
    """While the block runs, start it again whenever it ends; `ended` tells the code it ended with, None before."""
    stopping = threading.Event()

    def keep() -> None:
        while not stopping.wait(EVERY):
            if (code := ended()) is None:
                continue
            print(f"{name} ended ({code}); starting it again", file=sys.stderr, flush=True)
            try:
                start()
            except (OSError, RuntimeError) as error:
                print(f"{name} cannot be started: {error}", file=sys.stderr, flush=True)

    keeper = threading.Thread(target=keep, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stopping.set()
        keeper.join()
