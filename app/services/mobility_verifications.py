"""Checks of mobility runs from their files alone, by a program of its own: asked for, carried out once, and read."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NotRequired, TypedDict
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

import app
from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.queue import Job, defer_once
from app.db.shapes import mobility_verifications as shapes
from app.db.tables.mobility_results import MobilityVerificationFileRow, MobilityVerificationRow
from app.db.tables.mobility_runs import MobilityRunRow
from app.domain.actors import Actor, Permission
from app.domain.errors import Conflict, Fault, NotFound, TooLarge, refuse
from app.domain.mobility_events import MobilityVerificationRequested, MobilityVerified
from app.domain.mobility_run import RESULTS, SNAPSHOT
from app.domain.mobility_verifications import State, Verdict
from app.services import mobility_files
from app.services.contract import Command
from app.services.import_report import DeliveredFile

NAMES = ("run.json", *SNAPSHOT, *RESULTS)
MOST_BYTES = 32 * 2**20
"""Of files that are handed in, all together; who has more runs the program at home."""
MOST_WAITING = 3
"""Checks of handed-in files that an institution may have waiting."""
PATIENCE = 600.0
"""Seconds; a check of the largest round takes some ninety."""
ROOT = Path(app.__file__).parent.parent
PASSED_ON = ("HOME", "PATH", "NUMBA_CACHE_DIR", "TMPDIR")
"""What the program is told of this one's environment: no secret is among it."""


class VerifyMobilityRun(Command):
    """Which run to check from its published files, and whether without solving it again."""

    run_id: UUID = Field(strict=False)
    is_fast: bool = Field(default=False, description="One pass, without solving again; it cannot see everything.")


# ── writes


async def verify_mobility_run(db: Database, actor: Actor, command: VerifyMobilityRun) -> UUID:
    """Have a run checked from its published files; the same run is checked once, and the answer given again."""
    actor.require(Permission.READ_MOBILITY)
    async with db.write_as(actor) as tx:
        finished = select(MobilityRunRow.id).where(
            MobilityRunRow.id == command.run_id, MobilityRunRow.is_first.is_(True)
        )
        if await tx.scalar(finished) is None:
            raise NotFound("mobility_result.not_found")
        row = MobilityVerificationRow
        known = select(row.id).where(
            row.run_id == command.run_id, row.is_fast == command.is_fast, row.state != State.FAILED.value
        )
        # that somebody else has had checked is as good, once it is done
        done_first = known.order_by(row.state, row.requested_at).limit(1)
        return await tx.scalar(done_first) or await _queue(tx, db, actor, command.is_fast, run_id=command.run_id)


async def verify_mobility_files(
    db: Database, actor: Actor, files: Sequence[DeliveredFile], *, is_fast: bool = False
) -> UUID:
    """Have files checked that are handed in; the same files are checked once, and the answer given again."""
    actor.require(Permission.READ_MOBILITY)
    _must_be_files_of_a_run(files)
    contents = {file.name: await asyncio.to_thread(file.path.read_bytes) for file in files}
    digest = hashlib.sha256()
    for name, content in sorted(contents.items()):
        digest.update(f"{name} {hashlib.sha256(content).hexdigest()}\n".encode())
    row = MobilityVerificationRow
    async with db.write_as(actor) as tx:
        known = select(row.id).where(
            row.institution_id == actor.institution_id,
            row.files_digest == digest.hexdigest(),
            row.is_fast == is_fast,
            row.state != State.FAILED.value,
        )
        if (verification_id := await tx.scalar(known)) is not None:
            return verification_id
        await _must_not_be_busy(tx, actor)
        verification_id = await _queue(tx, db, actor, is_fast, files_digest=digest.hexdigest())
        kept = [{"name": name, "content": content} for name, content in contents.items()]
        keys = {"institution_id": actor.institution_id, "verification_id": verification_id}
        await tx.execute(insert(MobilityVerificationFileRow), [{**keys, **one} for one in kept])
    return verification_id


def _must_be_files_of_a_run(files: Sequence[DeliveredFile]) -> None:
    if not files:
        refuse(Fault("mobility_verification.no_files", "files"))
    names = [file.name for file in files]
    for name in names:
        if name not in NAMES:
            refuse(Fault("mobility_verification.foreign_file", "files", {"name": name, "names": ", ".join(NAMES)}))
        if names.count(name) > 1:
            refuse(Fault("mobility_verification.named_twice", "files", {"name": name}))
    size = sum(file.path.stat().st_size for file in files)
    if size > MOST_BYTES:
        raise TooLarge("mobility_verification.too_large", size=size, most=MOST_BYTES)


async def _must_not_be_busy(tx: AsyncSession, actor: Actor) -> None:
    row = MobilityVerificationRow
    waiting = select(func.count()).where(
        row.institution_id == actor.institution_id, row.files_digest.is_not(None), row.state == State.QUEUED.value
    )
    if (await tx.scalar(waiting) or 0) >= MOST_WAITING:
        raise Conflict("mobility_verification.busy")


async def _queue(
    tx: AsyncSession,
    db: Database,
    actor: Actor,
    is_fast: bool,  # noqa: FBT001 - a column
    *,
    run_id: UUID | None = None,
    files_digest: str | None = None,
) -> UUID:
    """A check that waits, and in the same transaction the job that does it; one at a time for each institution.

    Where somebody in the institution has asked for the same at this moment, it is theirs.
    """
    row = MobilityVerificationRow
    key = {"run_id": run_id, "files_digest": files_digest, "is_fast": is_fast}
    values = {
        "institution_id": actor.institution_id,
        "id": uuid4(),
        "state": State.QUEUED.value,
        "requested_at": db.now(),
        "subject": actor.subject,
        **key,
    }
    added: UUID | None = await tx.scalar(insert(row).values(values).on_conflict_do_nothing().returning(row.id))
    if added is None:
        same = [getattr(row, name).is_not_distinct_from(value) for name, value in key.items()]
        mine = row.institution_id == actor.institution_id
        return (await tx.scalars(select(row.id).where(mine, row.state != State.FAILED.value, *same))).one()
    await record(tx, actor, MobilityVerificationRequested(added, run_id, files_digest, is_fast))
    await defer_once(tx, actor, Job.VERIFY_MOBILITY, f"verify_mobility:{actor.institution_id}")
    return added


# ── the job


async def verify_mobility(db: Database, actor: Actor) -> None:
    """Carry out every check of the institution that waits, one after the other."""
    actor.require(Permission.READ_MOBILITY)
    while (waiting := await _next_waiting(db, actor)) is not None:
        with tempfile.TemporaryDirectory(prefix="nusatalenta-verify-") as made:
            await _write_files(db, actor, waiting, Path(made))
            told = await _checked(Path(made), is_fast=waiting.is_fast)
        await _keep(db, actor, waiting.id, told)


async def _next_waiting(db: Database, actor: Actor) -> MobilityVerificationRow | None:
    row = MobilityVerificationRow
    waiting = select(row).where(row.institution_id == actor.institution_id, row.state == State.QUEUED.value)
    async with db.read_as(actor) as tx:
        return (await tx.scalars(waiting.order_by(row.requested_at, row.id).limit(1))).first()


async def _write_files(db: Database, actor: Actor, waiting: MobilityVerificationRow, folder: Path) -> None:
    """The files as they were published or handed in, into a folder."""
    if waiting.run_id is None:
        files = MobilityVerificationFileRow
        mine = files.institution_id == actor.institution_id, files.verification_id == waiting.id
        async with db.read_as(actor) as tx:
            for handed_in in await tx.scalars(select(files).where(*mine)):
                await asyncio.to_thread((folder / handed_in.name).write_bytes, handed_in.content)
        return
    for name in NAMES:
        published = await mobility_files.download_mobility_file(db, actor, waiting.run_id, name)
        async for part in published.content:
            await asyncio.to_thread(_append, folder / name, part)


def _append(path: Path, content: bytes) -> None:
    with path.open("ab") as file:
        file.write(content)


class Told(TypedDict):
    """What the program says with `--json`; without a run that can be checked there is no identity."""

    verdict: str
    findings: list[dict[str, object]]
    identity: NotRequired[str]
    summary: NotRequired[dict[str, int]]


async def _checked(folder: Path, *, is_fast: bool) -> Told | None:
    """What the program says of the files in a folder; None where it came to no end in time."""
    told = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    asked = ("--json", *(("--fast",) if is_fast else ()), str(folder / "run.json"))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "app.verifier", *asked),
        cwd=ROOT,
        env=told,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    except TimeoutError:
        return None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    try:
        verdict: Told = json.loads(said)
    except ValueError:  # it was killed, or broke down
        return None
    return verdict


async def _keep(db: Database, actor: Actor, verification_id: UUID, told: Told | None) -> None:
    """Store what was found, and let go of what was handed in."""
    async with db.write_as(actor) as tx:
        row = await tx.get(MobilityVerificationRow, (actor.institution_id, verification_id), with_for_update=True)
        if row is None or row.state != State.QUEUED.value:
            return
        row.state, row.finished_at = State.FAILED.value if told is None else State.DONE.value, db.now()
        if told is not None:
            row.verdict = Verdict(told["verdict"]).value
            row.identity, row.summary, row.findings = told.get("identity"), told.get("summary"), told["findings"]
        files = MobilityVerificationFileRow
        mine = files.institution_id == actor.institution_id, files.verification_id == verification_id
        await tx.execute(delete(files).where(*mine))
        await record(tx, actor, MobilityVerified(verification_id, row.verdict))


# ── reads


async def mobility_verification_document(
    db: Database, actor: Actor, verification_id: UUID, wanted: Selection | None = None
) -> Document:
    """One check: whether it waits, and what it came to; of a published run everybody reads it once it is done."""
    actor.require(Permission.READ_MOBILITY)
    document = await db.document_as(actor, shapes.MOBILITY_VERIFICATION, wanted, id=verification_id)
    if document is None:
        raise NotFound("mobility_verification.not_found")
    return document
