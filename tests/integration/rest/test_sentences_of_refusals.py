"""What people are told at the door: in Indonesian alone, what is wrong, where, and what to do."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from app.db.database import Database
from tests.factories import an_institution
from tests.personas import Personas

ENGLISH = re.compile(
    r"\b(?:or|and|should|must|Input|String|Value error|valid|number|list)\b|[a-z]_[a-z]|\d{4}-\d\d-\d\d"
)
WRONG: dict[str, tuple[str, dict[str, object] | bytes, str, str]] = {
    "a name": ("/v1/rule-sets", {"basedOn": {"code": "x", "version": 1}, "name": "A b", "document": {}},
               "/name", "field.pattern"),
    "an id": ("/v1/vacancies", {"postId": "abc"}, "/postId", "field.id"),
    "half a body": ("/v1/vacancies", b'{"postId": ', "", "request.json_broken"),
    "a choice": ("/v1/national-rankings", {"level": "raja"}, "/level", "field.choice"),
    "a unit and people": ("/v1/siasn-syncs", {"unit": "1", "nips": ["198001012005011001"]},
                          "", "siasn.scope"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
async def test_a_body_that_does_not_fit_is_refused_in_indonesian(name: str, db: Database, personas: Personas) -> None:
    institution = (await an_institution(db)).institution_id
    path, body, where, code = WRONG[name]
    somebody = personas.national(institution) if "national" in path else personas.hr_officer(institution)
    sent = (
        {"content": body, "headers": {"content-type": "application/json"}}
        if isinstance(body, bytes)
        else {"json": body}
    )
    answer = await somebody.post(path, **sent)
    assert answer.status_code == 422, answer.text
    told = {(fault["where"], fault["code"]): fault["detail"] for fault in answer.json()["errors"]}
    assert (where, code) in told
    for said in told.values():
        assert not ENGLISH.search(re.sub("`.*?`|salah satu dari: .*", "", said["id"])), said


async def test_who_may_not_is_told_who_may(db: Database, personas: Personas) -> None:
    member = personas.committee_member((await an_institution(db)).institution_id)
    answer = await member.get(f"/v1/imports/{uuid4()}")
    assert (answer.status_code, answer.json()["detail"]) == (
        403,
        (
            "Peran Anda (anggota komite talenta) tidak mencakup tindakan ini. "
            "Yang berwenang: pengelola kepegawaian; auditor."
        ),
    )
