"""The world that cases are thrown at: two institutions with people, cycles and work under way, and who may ask."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid5

import asyncpg

from app.auth.development import development_key, sign
from app.db.database import Database, open_database
from app.dev.benchmark.ground import AS_OF, import_paths
from app.dev.fuzz.cases import Names
from app.dev.seed.folders import write_population
from app.domain.actors import Actor, Role
from app.domain.ladder import Rung
from app.services import calibration, cycles, institutions, objections, rehearsals, rubrics, submissions
from app.services.calibration import CalibratePlacement
from app.services.cycles import AdvanceCycle, OpenCycle
from app.services.institutions import CreateInstitution
from app.services.objections import RaiseObjection
from app.services.rehearsals import RehearseRubric
from app.services.rubrics import CopyRubric
from app.services.submissions import AttachDocument, SubmitEvidence, VerifySubmission

PEOPLE = 40
WINDOW = timedelta(days=10)
ASKS, STRANGER, ABSENT = "A", "B", "X"
NOBODY = ""
PDF = b"%PDF-1.7\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"
COMMENT = "Dibahas dalam rapat komite tanggal 3 Maret."
NOWHERE = UUID("00000000-0000-4000-8000-000000000000")
KEPT_TO_THEMSELVES = frozenset({Role.OPERATOR, Role.CLIENT})  # of whom no token of this kind exists


@dataclass(frozen=True, slots=True)
class World:
    """What cases may name, tokens by role, and what must never be seen by anybody who asks."""

    names: Names
    tokens: Mapping[str, str]
    secrets: tuple[str, ...]
    """Ids and employee numbers of the other institution."""
    people: tuple[str, ...]
    """Employee numbers of both: no log may hold one."""


def settle(url: str, superuser_url: str, directory: Path) -> World:
    """Found both institutions and bring them to where they have something of every kind."""
    names: dict[str, str] = {}
    people: dict[str, list[str]] = {}
    for letter in (ASKS, STRANGER):
        folder = directory / f"people-{letter}"
        name = f"Pemerintah Kota Uji {letter}"
        write_population(folder, PEOPLE, institution=name, seed=f"fuzz/{letter}", as_of=AS_OF)
        institution, _ = asyncio.run(import_paths(url, sorted(folder.iterdir()), name))
        asyncio.run(_live_in(url, superuser_url, institution))
        found = asyncio.run(_held_by(superuser_url, institution))
        people[letter] = asyncio.run(_people_of(superuser_url, institution))
        names |= {f"{letter}.{one}": value for one, value in found.items()}
    names |= _absent(names)
    abroad = [nip for nip in people[STRANGER] if nip not in people[ASKS]]
    ids = [value for one, value in names.items() if one.startswith(f"{STRANGER}.") and len(value) == len(str(NOWHERE))]
    agency = asyncio.run(_found_agency(url))
    return World(names, _tokens(names, agency, directory), (*ids, *abroad), (*people[ASKS], *abroad))


async def _found_agency(url: str) -> UUID:
    async with open_database(url) as db:
        operator = Actor(NOWHERE, Role.OPERATOR, "fuzz")
        return await institutions.create_institution(db, operator, CreateInstitution(name="Badan Kepegawaian Negara"))


def _tokens(names: Names, agency: UUID, directory: Path) -> dict[str, str]:
    """A token for each role of the institution that asks; the national one acts for the agency."""
    key, home = development_key(directory / "development-issuer.pem"), UUID(names[f"{ASKS}.institution"])
    tokens = {}
    for role in Role:
        if role in KEPT_TO_THEMSELVES:
            continue
        nip = names[f"{ASKS}.nip"] if role is Role.TALENT else None
        unit = names[f"{ASKS}.unit"] if role is Role.UNIT_VERIFIER else None
        institution = agency if role is Role.NATIONAL else home
        tokens[role.value] = sign(Actor(institution, role, f"fuzz {role.value}", nip, unit_id=unit), key)
    return tokens


def _absent(names: Names) -> dict[str, str]:
    """Values of the same kinds that nobody has."""
    absent = {}
    for one in [name for name in names if name.startswith(f"{STRANGER}.")]:
        kind = one.partition(".")[2]
        absent[f"{ABSENT}.{kind}"] = str(uuid5(NOWHERE, kind))
    return absent | {f"{ABSENT}.nip": "196001011985031999", f"{ABSENT}.unit": "NOWHERE"}


async def _live_in(url: str, superuser_url: str, institution: UUID) -> None:
    """A draft, a submission, a cycle with a move and an objection, and a rehearsal."""
    connection = await asyncpg.connect(superuser_url)
    try:
        nip, box, unit = await connection.fetchrow(
            """SELECT nip, box, unit_id FROM talent t JOIN placement p USING (institution_id)
               WHERE institution_id = $1 AND talent_id = t.id AND box IS NOT NULL ORDER BY nip LIMIT 1""",
            institution,
        )
    finally:
        await connection.close()
    async with open_database(url) as db:
        officer = Actor(institution, Role.HR_OFFICER, "officer")
        talent = Actor(institution, Role.TALENT, "talent", nip)
        await rubrics.copy_rubric(db, officer, CopyRubric(code="bkn-411-2025", version=2))
        await _submit(db, talent, Actor(institution, Role.UNIT_VERIFIER, "verifier", unit_id=unit))
        cycle = await cycles.open_cycle(
            db, officer, OpenCycle(name="Pemetaan uji", objection_until=db.today() + WINDOW)
        )
        await cycles.run_calculation(db, officer, await cycles.start_calculation(db, officer, cycle))
        await cycles.advance_cycle(db, officer, cycle, AdvanceCycle(phase="calibration"))
        told = {"fromBox": box, "box": box % 9 + 1, "reason": "criticalAssignment", "comment": COMMENT}
        member = Actor(institution, Role.COMMITTEE_MEMBER, "member")
        moved = await calibration.calibrate_placement(db, member, cycle, nip, CalibratePlacement.model_validate(told))
        await calibration.confirm_calibration(db, Actor(institution, Role.COMMITTEE_CHAIR, "chair"), moved)
        await cycles.advance_cycle(db, officer, cycle, AdvanceCycle(phase="objection"))
        await objections.raise_objection(db, talent, cycle, RaiseObjection(text="Asesmen saya belum tercatat."))
        command = RehearseRubric(code="pu-djbk", version=1, cycle_id=None)
        await rehearsals.run_rehearsal(db, officer, await rehearsals.rehearse_rubric(db, officer, command), command)


async def _submit(db: Database, talent: Actor, verifier: Actor) -> None:
    command = SubmitEvidence.model_validate({"content": {"education": {"level": "s3", "field": "ILMU HUKUM"}}})
    submission = await submissions.submit_evidence(db, talent, command)
    await submissions.attach_document(db, talent, submission, AttachDocument(name="ijazah.pdf", content=PDF))
    await submissions.verify_submission(db, verifier, submission, VerifySubmission(rung=Rung.DOCUMENTED))


async def _held_by(superuser_url: str, institution: UUID) -> dict[str, str]:
    """The id of one row of every table of an institution, by the table's name, and what else a request may name."""
    connection = await asyncpg.connect(superuser_url)
    try:
        tables = await connection.fetch(
            """SELECT c.table_name FROM information_schema.columns c JOIN information_schema.columns i
               ON i.table_name = c.table_name AND i.column_name = 'id' AND i.data_type = 'uuid'
               WHERE c.column_name = 'institution_id' AND c.table_schema = 'public' ORDER BY 1"""
        )
        found = {"institution": str(institution)}
        for (table,) in tables:
            row = await connection.fetchval(
                f"SELECT id::text FROM {table} WHERE institution_id = $1 ORDER BY id LIMIT 1",  # noqa: S608 - of the catalogue
                institution,
            )
            if row is not None:
                found[table] = row
        nip, unit, draft, name, talent = await connection.fetchrow(
            """SELECT nip, unit_id, d.code, t.name, t.id::text
               FROM submission s JOIN talent t USING (institution_id) JOIN rubric_draft d USING (institution_id)
               WHERE institution_id = $1 AND s.talent_id = t.id""",
            institution,
        )
    finally:
        await connection.close()
    cursor = base64.b64encode(json.dumps([name, talent]).encode()).decode()
    return {**found, "nip": nip, "unit": unit, "draft": draft, "after": cursor}


async def _people_of(superuser_url: str, institution: UUID) -> list[str]:
    connection = await asyncpg.connect(superuser_url)
    try:
        rows = await connection.fetch("SELECT nip FROM talent WHERE institution_id = $1 ORDER BY 1", institution)
    finally:
        await connection.close()
    return [row[0] for row in rows]


async def digest_of(superuser_url: str, institution: str) -> dict[str, str]:
    """What every table holds of an institution, as one number per table."""
    connection = await asyncpg.connect(superuser_url)
    try:
        tables = await connection.fetch(
            """SELECT table_name FROM information_schema.columns
               WHERE column_name = 'institution_id' AND table_schema = 'public' ORDER BY 1"""
        )
        sql = "SELECT md5(coalesce(string_agg(t::text, ';' ORDER BY t::text), '')) FROM {} t WHERE institution_id = $1"
        return {table: await connection.fetchval(sql.format(table), institution) for (table,) in tables}
    finally:
        await connection.close()
