"""Taking over: what SIASN told of some people becomes their record and evidence, in one transaction and in sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID, uuid4

import orjson
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import posts, retirements, siasn_held, siasn_taken, staging, unit_affairs
from app.db.ledger import record
from app.db.siasn_held import HeldTalent, RowId
from app.db.tables.imports import ImportRow
from app.db.tables.institutions import InstitutionRow
from app.db.tables.siasn_syncs import SiasnSyncRow
from app.domain.actors import Actor
from app.domain.evidence import Kind
from app.domain.siasn_events import SiasnPeopleTaken
from app.domain.siasn_syncs import Outcome
from app.services import imports, placements
from app.services.placements import ActiveRubric
from app.services.siasn_comparing import (
    POST_TOPIC,
    Comparison,
    Contradiction,
    Part,
    compare_part,
    decree_contradiction,
    find_news,
    registers_left_open,
    rows_of,
    unanswered,
)
from app.services.siasn_pulls import FINE, Asked
from app.services.siasn_readings import (
    Person,
    ReadRow,
    Terms,
    merge_person,
    read_history,
    read_person,
    refuse_number,
    row_from,
)
from app.siasn import wire

REGISTERS: dict[Kind, frozenset[str]] = {
    Kind.AWARD: frozenset({"rw-penghargaan"}),
    Kind.TRAINING: frozenset({"rw-diklat", "rw-kursus", "rw-sertifikasi"}),
    Kind.ACTING: frozenset({"rw-jabatan"}),
    Kind.SANCTION: frozenset({"rw-hukdis"}),
}
"""Which histories together are SIASN's whole register of a kind: asked for all of them, no row means "none"."""


@dataclass(slots=True)
class Taken:
    """What came of some people."""

    people: list[Person] = field(default_factory=list)
    conflicts: int = 0

    @property
    def changed(self) -> int:
        """How many of them are not as they were."""
        return sum(person.outcome in (Outcome.CHANGED, Outcome.ADDED) for person in self.people)


@dataclass(frozen=True, slots=True)
class Frame:
    """What stays the same while people are taken over."""

    actor: Actor
    sync: SiasnSyncRow
    institution: InstitutionRow
    rubric: ActiveRubric
    as_of: date
    now: datetime

    @property
    def institution_id(self) -> UUID:
        return self.institution.id

    @property
    def terms(self) -> Terms:
        return Terms(self.institution.name, self.institution.siasn_id, self.rubric.active_statuses)

    @property
    def import_id(self) -> UUID:
        """The origin of what it brings."""
        if self.sync.import_id is None:
            raise LookupError("a sync has its import before it brings anything")
        return self.sync.import_id


async def _open_frame(tx: AsyncSession, actor: Actor, sync: SiasnSyncRow, today: date, now: datetime) -> Frame:
    """The institution, which nobody else changes meanwhile, and the rubric that it maps by."""
    institution = await imports._hold_institution(tx, actor)  # noqa: SLF001 - a service composes another's steps
    rubric = await placements._active_rubric(tx)  # noqa: SLF001
    return Frame(actor, sync, institution, rubric, institution.as_of or today, now)


async def _take_people(tx: AsyncSession, frame: Frame, asked: Sequence[Asked]) -> Taken:
    """Compare and take over. Nothing is deleted; who could not be asked about stays as they are."""
    held = await siasn_held.held_talents(tx, frame.institution_id, [one.turn.nip for one in asked])
    taken = Taken([read_person(one, held.get(one.turn.nip), frame.terms) for one in asked])
    await _refuse_other_numbers(tx, frame, taken.people, held)
    present = [person for person in taken.people if person.is_taken]
    if present and frame.sync.import_id is None:
        await _begin_import(tx, frame)
    decrees = await _find_decrees(tx, frame, present)
    kept = {one.talent_id for one in decrees}
    for person in present:
        merge_person(person, held.get(person.nip), frame.terms, keeps_post=person.talent_id in kept)
    touched = await _merge_talents(tx, frame, present)
    comparison = await _compare(tx, frame, present)
    comparison.contradictions += decrees
    touched |= await _store(tx, frame, comparison)
    touched |= await _mark_asked(tx, frame, present)
    await _place(tx, frame, present, kept, touched)
    await _conclude(tx, frame, taken, comparison.contradictions)
    return taken


async def _refuse_other_numbers(
    tx: AsyncSession, frame: Frame, people: Sequence[Person], held: Mapping[str, HeldTalent]
) -> None:
    """Nobody is on the books twice: whoever is there under another NIP has failed, and it is said."""
    added = [(one, str(said)) for one in people if (said := _new_siasn_id(one, held.get(one.nip))) is not None]
    if not added:
        return
    known = await siasn_held.known_numbers(tx, frame.institution_id, [siasn_id for _, siasn_id in added])
    for person, siasn_id in added:
        if known.setdefault(siasn_id, person.nip) != person.nip:
            refuse_number(person, known[siasn_id])


def _new_siasn_id(person: Person, held: HeldTalent | None) -> object:
    """SIASN's id of somebody whose own record does not have it yet."""
    said = person.theirs.get("siasn_id") if person.is_taken else None
    return None if held is not None and held.values["siasn_id"] == said else said


async def _begin_import(tx: AsyncSession, frame: Frame) -> None:
    """The origin of all evidence that a sync brings: an import without files."""
    import_id = uuid4()
    told: dict[str, object] = {
        "files": [],
        "notices": None,
        "unrecognised": [],
        "mapped": 0,
        "notMapped": {},
        "notDelivered": 0,
    }
    await tx.execute(
        insert(ImportRow).values(
            institution_id=frame.institution_id,
            id=import_id,
            as_of=frame.as_of,
            started_at=frame.now,
            subject=frame.actor.subject,
            digest=sha256(frame.sync.id.bytes).hexdigest(),
            report={**told, "seats": None, "changes": {}},
        )
    )
    frame.sync.import_id = import_id
    await tx.flush()


async def _find_decrees(tx: AsyncSession, frame: Frame, present: Iterable[Person]) -> list[Contradiction]:
    told: dict[UUID, tuple[str | None, str | None]] = {
        person.talent_id: (_text(person.theirs.get("unit_id")), _text(person.theirs.get("position")))
        for person in present
        if person.talent_id is not None
    }
    decrees = await siasn_held.held_decrees(tx, frame.institution_id, told)
    found = (
        decree_contradiction(person, decree)
        for person in present
        if person.talent_id is not None and (decree := decrees.get(person.talent_id)) is not None
    )
    return [one for one in found if one is not None]


def _text(value: object) -> str | None:
    return None if value is None else str(value)


async def _merge_talents(tx: AsyncSession, frame: Frame, present: Sequence[Person]) -> set[UUID]:
    """Records of talents as they are to be; returns whose changed."""
    staged = [person for person in present if person.staged is not None]
    if not staged:
        return set()
    await staging.TALENTS.open(tx)
    rows = ({**(person.staged or {}), "sheet_number": 0, "row_number": n} for n, person in enumerate(staged))
    await staging.TALENTS.add(tx, [tuple(row.get(name) for name in staging.TALENTS.columns) for row in rows])
    units = await posts.known_units(tx, frame.institution_id)
    await staging.merge_talents(tx, frame.institution_id)
    if any(person.talent_id is None for person in staged):
        await siasn_taken.learn_of_talents(tx)
    if any(person.staged and person.staged["unit_id"] not in (None, *units) for person in staged):
        await staging.lay_paths(tx, frame.institution_id)
        await unit_affairs.derive_affairs(tx, frame.institution_id)
    if any(person.talent_id is None for person in staged):
        ids = await siasn_held.talent_ids(tx, frame.institution_id, [person.nip for person in staged])
        for person in staged:
            person.talent_id = ids[person.nip]
    return {person.talent_id for person in staged if person.talent_id is not None}


async def _compare(tx: AsyncSession, frame: Frame, present: Sequence[Person]) -> Comparison:
    by_id = {person.talent_id: person for person in present if person.talent_id is not None}
    talents = list(by_id)
    records = await siasn_held.held_records(tx, frame.institution_id, talents)
    found = find_news(present, records)
    before = await _told_before(tx, frame, found, by_id)
    for kind in sorted({part.kind for part in found.touched}):
        parts = [part for part in found.touched if part.kind is kind]
        evidence = await siasn_held.held_evidence(tx, frame.institution_id, kind, [part.talent_id for part in parts])
        for part in parts:
            rows = list(rows_of(found.touched[part], kind))
            compare_part(found, part, rows, evidence.get(part.talent_id, ()), before.get(part, ()))
    return found


async def _told_before(
    tx: AsyncSession, frame: Frame, found: Comparison, by_id: dict[UUID, Person]
) -> dict[Part, list[ReadRow]]:
    """Rows of the kinds concerned that SIASN told before: in histories that have not answered now, or readably."""
    silent = {part.talent_id: unanswered(by_id[part.talent_id]) for part in found.touched}

    def is_kept(row_id: RowId) -> bool:
        return row_id in found.unreadable or row_id[1] in silent[row_id[0]]

    held = {
        row_id[0]
        for row_id, record in found.records.items()
        if row_id[0] in silent and record.kind is not None and is_kept(row_id)
    }
    kinds = sorted({part.kind for part in found.touched})
    told: dict[tuple[UUID, str], list[ReadRow]] = {}
    if held:
        for talent_id, history, row_id, body in await siasn_held.held_bodies(
            tx, frame.institution_id, kinds, sorted(held)
        ):
            if is_kept((talent_id, history, row_id)):
                told.setdefault((talent_id, history), []).append(row_from(history, row_id, body))
    before: dict[Part, list[ReadRow]] = {}
    for (talent_id, history), rows in told.items():
        shadow = Person(by_id[talent_id].asked, Outcome.UNCHANGED, talent_id, rows={history: rows})
        read_history(shadow, history)
        for row in rows:
            if row.kind is not None and Part(talent_id, row.kind) in found.touched:
                before.setdefault(Part(talent_id, row.kind), []).append(row)
    return before


async def _store(tx: AsyncSession, frame: Frame, found: Comparison) -> set[UUID]:
    """Merge evidence as an import does, keep SIASN's rows, withdraw what is gone; returns whose evidence changed."""
    touched: set[UUID] = set()
    for kind, rows in sorted(found.staged.items()):
        stage = staging.EVIDENCE[kind]
        await stage.open(tx)
        await stage.add(tx, staged_rows(stage, rows))
        talents = {person.talent_id for person, _ in rows if person.talent_id is not None}
        if await staging.merge_evidence(tx, frame.institution_id, frame.import_id, kind, sorted(talents)):
            touched |= talents
    if found.news:
        kept = {
            (person.talent_id, row.history, row.row_id): (row.body.decode(), row.digest, row.kind, row.row_key)
            for person, row in found.news
        }
        rows_kept = [(*row_id, *said) for row_id, said in kept.items()]
        await siasn_taken.keep_records(tx, frame.institution_id, rows_kept, frame.now)
    if found.gone:
        await siasn_taken.withdraw_records(tx, frame.institution_id, found.gone, frame.now)
    if found.unvouched:
        keys = ((part.talent_id, part.kind, key) for part, keys in found.unvouched.items() for key in keys)
        await siasn_taken.withdraw_evidence(tx, frame.institution_id, frame.import_id, keys)
        touched |= {part.talent_id for part in found.unvouched}
    return touched


def staged_rows(stage: staging.Stage, rows: Sequence[tuple[Person, ReadRow]]) -> list[tuple[object, ...]]:
    """Rows of a kind as an import stages them; the same said twice is staged once."""
    seen: dict[tuple[str, UUID | None], tuple[object, ...]] = {}
    for number, (person, row) in enumerate(rows):
        values = {
            **row.values,
            "sheet_number": 0,
            "row_number": number,
            "nip": person.nip,
            "row_key": row.row_key,
        }
        seen.setdefault((person.nip, row.row_key), tuple(values.get(name) for name in stage.columns))
    return list(seen.values())


async def _mark_asked(tx: AsyncSession, frame: Frame, present: Sequence[Person]) -> set[UUID]:
    """Whose registers were asked for whole: a register without a row says that there is none.

    Where it names something that cannot be read nobody knows, also if there was nothing before.
    """
    asked: list[tuple[UUID, Kind]] = []
    open_ones: list[tuple[UUID, Kind]] = []
    for person in present:
        if person.talent_id is None:
            continue
        answered = {str(told["endpoint"]) for told in person.asked.endpoints if told["answer"] in FINE}
        left_open = registers_left_open(person)
        open_ones += [(person.talent_id, kind) for kind in sorted(left_open)]
        asked += [
            (person.talent_id, kind)
            for kind, histories in REGISTERS.items()
            if kind not in left_open and histories <= answered
        ]
    touched = await siasn_taken.mark_asked(tx, frame.institution_id, frame.import_id, asked) if asked else set()
    return touched | (await siasn_taken.unmark_asked(tx, frame.institution_id, open_ones) if open_ones else set())


async def _place(
    tx: AsyncSession, frame: Frame, present: Sequence[Person], kept: set[UUID], touched: set[UUID]
) -> None:
    """Who holds which post, and where everybody stands whose record or evidence changed."""
    if not touched:
        return
    moved = [person.talent_id for person in present if person.staged is not None and _has_moved(person)]
    await _place_holders(tx, frame, [one for one in moved if one is not None and one not in kept])
    institution, rubric = frame.institution, frame.rubric.rubric
    if institution.as_of is None:
        institution.as_of = frame.as_of
        institution.rubric_code, institution.rubric_version = rubric.code, rubric.version
    await placements._place_some(tx, frame.actor, institution, rubric, frame.as_of, sorted(touched))  # noqa: SLF001


def _has_moved(person: Person) -> bool:
    """Whether what changed may concern the post that they hold."""
    told = {str(one["field"]) for change in person.changes for one in change["fields"]}  # type: ignore[attr-defined]
    return person.outcome is Outcome.ADDED or bool(told & _OF_POSTS)


_OF_POSTS = frozenset({"position", "positionFrom", "unitId", "legalStatusId", "legalStatus", "workingInstitution"})


async def _place_holders(tx: AsyncSession, frame: Frame, moved: Sequence[UUID]) -> None:
    """Who of these people holds which post, by what is on record now; without a position map nobody knows."""
    if not moved or frame.institution.posts_as_of is None:
        return
    await retirements.start_clocks(tx, frame.institution_id, frame.as_of)
    if await posts.place_holders(tx, frame.institution_id, frame.as_of, moved):
        await retirements.foresee(tx, frame.institution_id, frame.as_of)


async def _conclude(tx: AsyncSession, frame: Frame, taken: Taken, contradictions: Sequence[Contradiction]) -> None:
    """Queue contradictions, and say what became of everybody."""
    by_id = {person.talent_id: person for person in taken.people if person.is_taken and person.talent_id is not None}
    rows = (
        (one.talent_id, one.topic, one.kind, one.row_key, one.reason, _json(one.differences), one.digest)
        for one in contradictions
    )
    answered = [
        (talent_id, name)
        for talent_id, person in by_id.items()
        for name in (POST_TOPIC, *sorted(frozenset(wire.HISTORIES) - unanswered(person)))
    ]
    for talent_id in await siasn_taken.keep_conflicts(
        tx, frame.institution_id, frame.sync.id, answered, rows, frame.now
    ):
        by_id[talent_id].conflicts += 1
        taken.conflicts += 1
    digest = sha256()
    for person in taken.people:
        if person.outcome is Outcome.UNCHANGED and (person.changes or person.narrowed_changes):
            person.outcome = Outcome.CHANGED
        digest.update(_json([person.nip, person.outcome, person.changes, person.narrowed_changes]).encode())
    if not frame.sync.is_dry_run:
        event = SiasnPeopleTaken(frame.sync.id, len(taken.people), taken.changed, taken.conflicts, digest.hexdigest())
        await record(tx, frame.actor, event)


async def _keep_findings(tx: AsyncSession, frame: Frame, taken: Taken) -> None:
    """What became of everybody, for the report of the sync."""
    rows = (
        (
            person.asked.turn.ordinal,
            person.outcome,
            _json(person.asked.endpoints),
            _json(person.changes),
            _json(person.narrowed_changes),
            _json(person.unmapped),
            len(person.unmapped),
            sum(told["answer"] not in FINE for told in person.asked.endpoints),
            person.conflicts,
        )
        for person in taken.people
    )
    await siasn_taken.keep_findings(tx, frame.institution_id, frame.sync.id, rows, frame.now)


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
