"""Every address of the facade over HTTP, as a regional system asks: envelopes, schemas of the contract, and nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx2
import jsonschema_rs
import pytest
import pytest_asyncio

from app.db.database import Database
from app.domain.actors import Actor, ClientScope
from app.siasn import wire
from tests.contracts import openapi
from tests.facade import BASE, NOTHING, REFERENCES, Simpeg, a_simpeg
from tests.factories import a_nip, a_placed_talent, an_institution
from tests.siasn_records import ROW_ID, siasn_told, siasn_told_everything
from tests.unit.siasn.samples import SAMPLES


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def known(db: Database, tmp_path_factory: pytest.TempPathFactory) -> tuple[Actor, str]:
    """Somebody of whom SIASN told a row of every history."""
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path_factory.mktemp("known"), KEDUDUKAN_HUKUM_NAMA="Aktif, Paruh Waktu")
    await siasn_told_everything(db, actor, nip)
    return actor, nip


@pytest_asyncio.fixture
async def simpeg(db: Database, http: httpx2.AsyncClient, known: tuple[Actor, str]) -> Simpeg:
    return await a_simpeg(db, http, *known)


async def test_every_read_of_the_contract_answers_as_its_schema_says(simpeg: Simpeg) -> None:
    paths = {path: one["get"] for path, one in openapi()["paths"].items() if path.startswith((BASE, REFERENCES))}
    tokens = await simpeg.tokens()
    for path, operation in paths.items():
        assert operation["tags"] == ["siasn"]
        address = path.replace("{nip}", simpeg.nip).replace("{id}", ROW_ID)
        answer = await simpeg.http.get(address, headers=tokens, params={"nip": simpeg.nip, "nipBaru": simpeg.nip})
        assert answer.headers["content-type"] == "application/json"
        if "rw-tubel" in path:
            assert (answer.status_code, answer.content) == (404, NOTHING)
            continue
        assert answer.status_code == 200, path
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema_rs.Draft202012Validator(schema).validate(answer.json())
        assert not _without_last_key(answer.json(), schema), path
    named = {re.sub(r"\W*{\w+}", "", path.removeprefix(BASE)).rpartition("/")[2] for path in paths}
    assert named >= {*wire.HISTORIES, "ref-unor", "paruhwaktu", *wire.REFERENCES}


def _without_last_key(answer: dict[str, Any], schema: dict[str, Any]) -> bool:
    """Whether the schema would take an answer that lacks a key: then it says nothing about keys."""
    name, value = list(answer.items())[-1]
    less = {key: kept for key, kept in answer.items() if key != name}
    return value is not None and jsonschema_rs.Draft202012Validator(schema).is_valid(less)


async def test_what_nobody_may_have_here_is_not_found_byte_for_byte(
    db: Database, simpeg: Simpeg, tmp_path: Path
) -> None:
    tokens, elsewhere = await simpeg.tokens(), await an_institution(db)
    foreign = await a_placed_talent(db, elsewhere, tmp_path)
    family = [f"/pns/data-{who}/{simpeg.nip}" for who in ("pasangan", "anak", "ortu")]
    documents = ["/download-dok?filePath=../../etc/passwd", f"/pns/photo/{simpeg.nip}", f"/pns/rw-tubel/{simpeg.nip}"]
    unknown = [f"/pns/{name}/{nip}" for name in wire.HISTORIES for nip in (a_nip(), "1", foreign)]
    rows = ["/jabatan/id/%00", "/jabatan/id/1", "/pns/nilaiipasn", "/pns/rw-ctln/1", "/jabatan/pns/1", "/"]
    for path in (*family, *documents, *unknown, *rows):
        answer = await simpeg.get(path, tokens)
        assert (answer.status_code, answer.content) == (404, NOTHING), path
    for path in ("/jabatan/save", "/skp22/save", f"/jabatan/delete/{ROW_ID}", "/tm/talentmapping-save"):
        answer = await simpeg.http.post(BASE + path, headers=tokens, json={})
        assert (answer.status_code, answer.content) == (404, NOTHING), path


async def test_without_the_scope_for_specific_data_sanctions_and_assessments_are_not_found(
    db: Database, http: httpx2.AsyncClient, known: tuple[Actor, str]
) -> None:
    plain = await a_simpeg(db, http, *known, scopes=[ClientScope.SIASN_READ])
    tokens = await plain.tokens()
    for name in ("rw-hukdis", wire.POTENTIAL, wire.COMPETENCY):
        assert (await plain.get(f"/pns/{name}/{known[1]}", tokens)).content == NOTHING
    assert (await plain.get(f"/hukdis/id/{ROW_ID}", tokens)).content == NOTHING
    assert (await plain.get(f"/pns/rw-jabatan/{known[1]}", tokens)).status_code == 200


async def test_the_index_of_professionalism_is_told_only_with_the_scope_for_specific_data(
    db: Database, http: httpx2.AsyncClient, simpeg: Simpeg, known: tuple[Actor, str]
) -> None:
    plain = await a_simpeg(db, http, *known, scopes=[ClientScope.SIASN_READ, ClientScope.TALENTS_READ])
    tokens, allowed = await plain.tokens(), await simpeg.tokens()
    for path in (f"/pns/nilaiipasn/{known[1]}", f"/pns/nilaiipasn?nip={known[1]}"):
        withheld = await plain.get(path, tokens)
        assert (withheld.status_code, withheld.content) == (404, NOTHING)
        found = await simpeg.get(path, allowed)
        assert found.status_code == 200
        assert found.json()["data"]["subtotal"] == str(SAMPLES[wire.PROFESSIONALISM]["subtotal"])


async def test_an_award_that_siasn_tells_with_a_level_nobody_knows_is_told_once(
    db: Database, http: httpx2.AsyncClient, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    simpeg = await a_simpeg(db, http, actor, nip)
    tokens, path = await simpeg.tokens(), f"/pns/rw-penghargaan/{nip}"
    first, *others = (await simpeg.get(path, tokens)).json()["data"]
    same = SAMPLES["rw-penghargaan"] | {"hargaNama": f" {first['hargaNama'].swapcase()} ", "skDate": first["skDate"]}
    unlike = same | {"skDate": "01-04-1921"}, same | {"hargaNama": "contoh"}
    said = [(f"a-{number}", body) for number, body in enumerate((same, *unlike))]
    await siasn_told(db, actor, nip, [("rw-penghargaan", row_id, body, None) for row_id, body in said])
    rows = {row["ID"]: row for row in (await simpeg.get(path, tokens)).json()["data"]}
    assert rows.keys() == {"a-0", "a-1", "a-2", *(row["ID"] for row in others)}
    assert (rows["a-0"]["hargaNama"], rows["a-0"]["skNomor"]) == (first["hargaNama"].swapcase(), same["skNomor"])
    assert (await simpeg.get("/penghargaan/id/a-0", tokens)).json()["data"] == rows["a-0"]
    assert (await simpeg.get(f"/penghargaan/id/{first['ID']}", tokens)).content == NOTHING


async def test_pages_are_asked_for_as_clients_do(simpeg: Simpeg) -> None:
    tokens = await simpeg.tokens()
    whole = (await simpeg.get("/referensi/ref-unor", tokens)).json()
    assert whole["count"] == len(whole["data"]) > 0
    for query, rows in (
        ("limit=0&offset=10000", []),
        ("limit=0", whole["data"]),
        ("limit=1&offset=0", whole["data"][:1]),
        ("limit=x&offset=", whole["data"]),
        (f"limit={'9' * 18}&offset=-5", whole["data"]),
        (f"limit={'9' * 40}", whole["data"]),
        ("offset=" + "9" * 18, []),
        (f"limit=5&offset={2**63}", []),
        ("offset=" + "9" * 5000, []),
        ("offset=-" + "9" * 40, whole["data"]),
        ("offset=" + "0" * 40, whole["data"]),
    ):
        answer = await simpeg.get(f"/referensi/ref-unor?{query}", tokens)
        assert (answer.status_code, answer.json()) == (200, whole | {"data": rows}), query
    levels = await simpeg.http.get(f"{REFERENCES}/golongan/search", headers=tokens, params={"limit": 2, "offset": 10})
    assert [row["namaPangkat"] for row in levels.json()["results"]] == ["Penata", "Penata Tingkat I"]
    beyond = await simpeg.http.get(f"{REFERENCES}/golongan/search", headers=tokens, params={"offset": 2**63})
    assert (beyond.status_code, beyond.json()) == (200, {"results": []})
