"""A ranking as a workbook: what stands in documents, for whom it stands there, and a record that it left the house."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.db.database import Database
from app.domain.actors import Actor, Role
from app.domain.errors import Forbidden, NotFound
from app.services import exports
from tests.cycles import chair, member, somebody
from tests.exports import tables_of
from tests.factories import an_institution, officer, rows_of, talent
from tests.personas import Personas
from tests.rankings import ranked, why
from tests.rights import restrict
from tests.shortlists import a_ranked_vacancy, propose

Row = dict[str, Any]
WHO = {"NIP", "NAMA", "JABATAN", "UNIT"}


async def exported(db: Database, actor: Actor, ranking_id: UUID) -> tuple[list[Row], dict[str, Any], bytes]:
    """The rows below their headings, what the sheet about it says, and the bytes of it all."""
    with (await exports.export_ranking(db, actor, ranking_id)).content as content:
        written = content.read()
    tables = tables_of(written)
    return tables["Pemeringkatan"], {row["KETERANGAN"]: row["ISI"] for row in tables["Keterangan"]}, written


async def test_everybody_stands_in_it_with_each_verdict_and_each_part_that_add_up(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    _, ranking_id, _ = await a_ranked_vacancy(db, actor, tmp_path, is_masked=True)
    rows, about, written = await exported(db, officer(actor), ranking_id)
    people = await ranked(db, officer(actor), ranking_id)
    assert [(row["URUTAN"], row["NOMOR CALON"], row["NIP"]) for row in rows] == [
        (one["position"], one["candidateId"], one["talent"]["nip"]) for one in people
    ]
    told = await why(db, officer(actor), ranking_id, UUID(people[0]["candidateId"]))
    verdicts = [rows[0][one["requirement"]["label"]["id"].upper()] for one in told["verdicts"]]
    assert (set(verdicts), rows[0]["HASIL"]) == ({"Memenuhi"}, "Memenuhi syarat")
    points = [value for heading, value in rows[0].items() if heading.startswith("NILAI - ")]
    assert points == [part["points"] for part in told["parts"]]
    assert sum(points) == pytest.approx(rows[0]["JUMLAH"], abs=1e-9)
    assert (about["Memenuhi syarat"], about["Nomor pemeringkatan"]) == (len(people), str(ranking_id))
    payload = "payload->>'what' AS what, payload->>'digest' AS digest, payload->>'highest_class' AS highest_class"
    sql = f"SELECT subject, {payload} FROM ledger_entry WHERE payload->>'what' = 'ranking'"  # noqa: S608 - our own words
    [entry] = await rows_of(db, actor, sql)
    assert tuple(entry) == ("officer", "ranking", hashlib.sha256(written).hexdigest(), "specific")


async def test_neither_names_nor_exact_points_of_masked_candidates_leave_the_house(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, people = await a_ranked_vacancy(db, actor, tmp_path, is_masked=True)
    [masked, *_], about, _ = await exported(db, chair(actor), ranking_id)
    [exact, *_], _, _ = await exported(db, officer(actor), ranking_id)
    assert not WHO & set(masked)
    assert "Calon disamarkan" in about
    assert masked["JUMLAH"] == exact["JUMLAH"] // 1 != exact["JUMLAH"]
    await propose(db, member(actor), vacancy_id, ranking_id, people[:3])
    [[after, *_], *_] = await exported(db, chair(actor), ranking_id)
    assert after == exact


async def test_who_must_not_be_processed_is_left_out_and_who_may_not_export_gets_nothing(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    _, ranking_id, _ = await a_ranked_vacancy(db, actor, tmp_path)
    rows, *_ = await exported(db, officer(actor), ranking_id)
    await restrict(db, talent(actor, rows[0]["NIP"]))
    left, *_ = await exported(db, officer(actor), ranking_id)
    assert [row["NIP"] for row in left] == [row["NIP"] for row in rows[1:]]
    for who in (member(actor), somebody(actor, Role.AUDITOR, "auditor")):
        with pytest.raises(Forbidden):
            await exports.export_ranking(db, who, ranking_id)
    with pytest.raises(NotFound):
        await exports.export_ranking(db, officer(await an_institution(db)), ranking_id)


async def test_the_door_hands_out_the_file(db: Database, personas: Personas, tmp_path: Path) -> None:
    actor = await an_institution(db)
    _, ranking_id, _ = await a_ranked_vacancy(db, actor, tmp_path)
    office = personas.hr_officer(actor.institution_id)
    answer = await office.get(f"/v1/exports/rankings/{ranking_id}.xlsx")
    assert (answer.status_code, answer.content[:2]) == (200, b"PK")
    assert answer.headers["content-disposition"].startswith('attachment; filename="pemeringkatan-')
    assert (await office.get(f"/v1/exports/rankings/{uuid4()}.xlsx")).status_code == 404
