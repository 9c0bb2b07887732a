"""Auditing the ledger itself: whether anything in it was changed, removed or inserted, and what is not chained yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.db.whole_ledger import WholeLedger
from app.domain.actors import Actor, Permission
from app.domain.chain import Damage, Finding, Head, Inspection, Link

LATEST = 5
"""Seconds after which an entry is in the chain, unless no worker runs."""
MOST_FINDINGS = 1000
REPORT_EVERY = 1000  # links

Progress = Callable[[int, int], None]
"""`progress(done, total)` is called now and then."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of an audit. `more` counts findings beyond those that are named."""

    entries: int
    head: Link | None
    findings: tuple[Finding, ...]
    more: int
    unchained: int
    oldest_unchained_seconds: float | None

    @property
    def is_late(self) -> bool:
        """Whether the chain has fallen behind: no worker runs, or it is stuck."""
        return (self.oldest_unchained_seconds or 0) > LATEST


async def verify_ledger(db: WholeLedger, actor: Actor, head: Head | None, progress: Progress) -> Verdict:
    """Compute the whole chain again and look for entries outside of it; `head` is one that was kept elsewhere."""
    actor.require(Permission.READ_LEDGER)
    found = _Findings()
    inspection, total, done = Inspection(head), await db.count(), 0
    async for link, entry in db.links():
        found.add(*inspection.look_at(link, entry))
        done += 1
        if done % REPORT_EVERY == 0:
            progress(done, total)
    found.add(*inspection.end())
    waiting, oldest = 0, None
    async for one in db.unchained():
        if not one.is_there:
            found.add(Finding(Damage.ENTRY_REMOVED, None, one.institution_id, one.entry_id))
        elif one.seconds is None:
            found.add(Finding(Damage.ENTRY_INSERTED, None, one.institution_id, one.entry_id))
        else:
            waiting, oldest = waiting + 1, max(oldest or 0.0, one.seconds)
    return Verdict(done, inspection.head, tuple(found.named), found.more, waiting, oldest)


class _Findings:
    """The first of them by name, the others by number, so that memory stays bounded."""

    def __init__(self) -> None:
        self.named: list[Finding] = []
        self.more = 0

    def add(self, *findings: Finding) -> None:
        for finding in findings:
            if len(self.named) < MOST_FINDINGS:
                self.named.append(finding)
            else:
                self.more += 1
