"""Work that goes on after its request was answered, in this process; it ends with the process."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

AT_ONCE = 2  # calculations; each holds a connection for as long as it runs
logger = structlog.get_logger()


class Background:
    """Holds on to what was started, so that it is not collected while it runs, and stops it at shutdown."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns = asyncio.Semaphore(AT_ONCE)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it as soon as there is a turn; an unexpected failure is logged."""
        task = asyncio.create_task(self._in_turn(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """End everything at once."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _in_turn(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            async with self._turns:
                await work
        except Exception:
            logger.exception("background.failed")
        finally:
            work.close()
