"""Shares of a lane: whoever has many jobs leaves room for those who have few."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID


class Shares:
    """Who holds how many places of a lane. Nobody takes the last ones from those who hold fewer.

    Somebody may begin as long as more places are free than they hold: alone that is half of them, beside others
    less, and there is always one left for who holds none.
    """

    def __init__(self, places: int) -> None:
        self._places = places
        self._held: Counter[UUID] = Counter()

    @contextmanager
    def taken_by(self, institution_id: UUID) -> Iterator[bool]:
        """A place as long as the block lasts; False for somebody who holds their share."""
        if self._held[institution_id] >= self._places - self._held.total():
            yield False
            return
        self._held[institution_id] += 1
        try:
            yield True
        finally:
            self._held[institution_id] -= 1
            if not self._held[institution_id]:
                del self._held[institution_id]
