"""Data subjects ask, a human answers within three times twenty-four hours, and both see where a request stands."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pydantic import ValidationError

from app.db.database import Database
from app.domain.actors import Actor, Role
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.services import data_requests
from app.services.data_requests import AnswerDataRequest, DataRequestFilter, RaiseDataRequest
from tests.cycles import at, member, some_talents
from tests.factories import an_institution, officer, rows_of, talent
from tests.rights import STATEMENT, ask, lift, officer_for_data_protection, reply, told


class Office:
    def __init__(self, db: Database, actor: Actor, nips: list[str]) -> None:
        self.db, self.actor = db, actor
        self.protector = officer_for_data_protection(actor)
        self.ani, self.budi = (talent(actor, nip) for nip in nips)


@pytest_asyncio.fixture
async def office(db: Database, tmp_path: Path) -> Office:
    operator = await an_institution(db)
    return Office(db, officer(operator), await some_talents(db, operator, tmp_path / "office", bare=2))


async def found(office: Office, who: Actor, **chosen: Any) -> list[str]:
    page = await data_requests.data_requests_page(office.db, who, DataRequestFilter(**chosen))
    return [edge["node"]["id"] for edge in json.loads(page)["edges"]]


async def test_a_request_is_answered_once_and_its_subject_reads_the_answer(office: Office) -> None:
    request_id = await ask(office.db, office.ani, "access")
    before = await told(office.db, office.ani, request_id)
    raised, due = (datetime.fromisoformat(before[name]) for name in ("raisedAt", "dueAt"))
    assert due - raised == timedelta(hours=72)
    assert (before["state"], before["answer"], before["isOverdue"]) == ("open", None, False)
    assert before["talent"]["nip"] == office.ani.nip

    await reply(office.db, office.protector, request_id, "partly", reference="S-12/PPDP/2026")
    after = await told(office.db, office.ani, request_id)
    assert (after["state"], after["answer"]["outcome"], after["answer"]["reference"]) == (
        "partly",
        "partly",
        "S-12/PPDP/2026",
    )
    assert (after["answer"]["by"], after["answer"]["role"]) == ("protector", "data-protection-officer")
    with pytest.raises(Conflict, match=r"data_request\.answered"):
        await reply(office.db, office.actor, request_id, "refused")


async def test_the_clock_runs_by_hours_and_stops_with_the_answer(office: Office) -> None:
    now = datetime.now(UTC)
    late = await ask(at(office.db, now - timedelta(hours=72, seconds=5)), office.ani, "access")
    in_time = await ask(at(office.db, now - timedelta(hours=71)), office.budi, "access")
    assert await found(office, office.protector) == [str(late), str(in_time)]
    assert await found(office, office.actor, overdue=True) == [str(late)]
    assert (await told(office.db, office.actor, in_time))["isOverdue"] is False
    await reply(office.db, office.actor, late, "granted")
    assert await found(office, office.actor, overdue=True) == []


async def test_the_list_is_in_the_order_of_the_clock_and_can_be_narrowed(office: Office) -> None:
    now = datetime.now(UTC)
    later = await ask(office.db, office.ani, "restriction")
    earlier = await ask(at(office.db, now - timedelta(hours=9)), office.budi, "automated-processing")
    assert await found(office, office.actor) == [str(earlier), str(later)]
    assert await found(office, office.actor, kind="restriction") == [str(later)]
    assert await found(office, office.actor, state="refused") == []
    first = json.loads(await data_requests.data_requests_page(office.db, office.actor, None, 1))
    rest = json.loads(
        await data_requests.data_requests_page(office.db, office.actor, None, 1, first["pageInfo"]["endCursor"])
    )
    assert [edge["node"]["id"] for edge in rest["edges"]] == [str(later)]


async def test_one_request_of_a_kind_stands_at_a_time(office: Office) -> None:
    first = await ask(office.db, office.ani, "automated-processing")
    with pytest.raises(Conflict) as refusal:
        await ask(office.db, office.ani, "automated-processing")
    assert (refusal.value.code, refusal.value.about["at"]) == (
        "data_request.exists",
        datetime.fromisoformat((await told(office.db, office.ani, first))["raisedAt"]),
    )
    await reply(office.db, office.actor, first, "granted")  # it is still in effect
    with pytest.raises(Conflict, match=r"data_request\.exists"):
        await ask(office.db, office.ani, "automated-processing")
    await ask(office.db, office.ani, "access")
    await ask(office.db, office.budi, "automated-processing")
    await data_requests.withdraw_data_request(office.db, office.ani, first)
    await ask(office.db, office.ani, "automated-processing")


async def test_a_subject_takes_a_request_back_and_nobody_else_does(office: Office) -> None:
    request_id = await ask(office.db, office.ani, "restriction")
    with pytest.raises(NotFound):
        await data_requests.withdraw_data_request(office.db, office.budi, request_id)
    with pytest.raises(Forbidden):
        await data_requests.withdraw_data_request(office.db, office.actor, request_id)
    await data_requests.withdraw_data_request(office.db, office.ani, request_id)
    after = await told(office.db, office.ani, request_id)
    assert (after["state"], after["withdrawnAt"] is not None) == ("withdrawn", True)
    with pytest.raises(Conflict, match=r"data_request\.settled"):
        await data_requests.withdraw_data_request(office.db, office.ani, request_id)
    with pytest.raises(Conflict, match=r"data_request\.answered"):
        await reply(office.db, office.actor, request_id, "granted")


async def test_nobody_answers_or_lifts_for_themselves(office: Office) -> None:
    himself = Actor(office.actor.institution_id, Role.HR_OFFICER, "ani", office.ani.nip, other_roles={Role.TALENT})
    request_id = await ask(office.db, himself, "restriction")
    with pytest.raises(Forbidden, match=r"data_request\.own"):
        await reply(office.db, himself, request_id, "granted")
    await reply(office.db, office.actor, request_id, "granted")
    with pytest.raises(Forbidden, match=r"data_request\.own"):
        await lift(office.db, himself, request_id)


async def test_an_officer_who_is_a_talent_too_asks_for_themselves(office: Office) -> None:
    both = Actor(office.actor.institution_id, Role.HR_OFFICER, "budi", office.budi.nip, other_roles={Role.TALENT})
    request_id = await ask(office.db, both, "access")
    assert (await told(office.db, both, request_id))["talent"]["nip"] == office.budi.nip


async def test_a_talent_sees_the_own_requests_and_a_stranger_none(office: Office) -> None:
    of_ani, of_budi = [await ask(office.db, who, "access") for who in (office.ani, office.budi)]
    assert await found(office, office.ani) == [str(of_ani)]
    stranger = officer(await an_institution(office.db))
    for nobody in (office.ani, stranger):
        with pytest.raises(NotFound):
            await data_requests.data_request_document(office.db, nobody, of_budi)
    with pytest.raises(NotFound):
        await reply(office.db, stranger, of_budi, "granted")
    with pytest.raises(Forbidden):
        await found(office, member(office.actor))
    with pytest.raises(NotFound, match=r"talent\.not_found"):
        await ask(office.db, talent(office.actor, "198008212005011999"), "access")
    with pytest.raises(NotFound, match=r"talent\.not_found"):
        await ask(office.db, talent(office.actor, "\x00"), "access")


async def test_a_correction_says_what_and_how_it_should_be(office: Office) -> None:
    request_id = await ask(office.db, office.ani, "correction", about="/profile/name", shouldSay="SITI CONTOH, S.H.")
    kept = await told(office.db, office.actor, request_id)
    assert (kept["about"], kept["shouldSay"]) == ("/profile/name", "SITI CONTOH, S.H.")
    await ask(office.db, office.budi, "correction", about="education", shouldSay="S-3 Hukum")
    for wrong in ({}, {"about": "/religion", "shouldSay": "-1"}, {"about": "/profile/name"}):
        with pytest.raises(Invalid):
            await ask(office.db, office.ani, "correction", **wrong)


async def test_what_requests_and_answers_say_stays_out_of_the_ledger(office: Office) -> None:
    secret = "Rahasia: saya sedang berobat di rumah sakit."
    request_id = await ask(
        office.db, office.ani, "correction", statement=secret, about="/profile/name", shouldSay=secret
    )
    await reply(office.db, office.actor, request_id, "refused", comment=secret, reference=secret)
    entries = await rows_of(office.db, office.actor, "SELECT type, e::text AS entry FROM ledger_entry e")
    assert {"dataRequestRaised", "dataRequestAnswered"} <= {row["type"] for row in entries}
    assert not any("Rahasia" in row["entry"] for row in entries)


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "access", "statement": " " * 30},
        {"kind": "deletion", "statement": STATEMENT},
        {"kind": "access", "statement": STATEMENT, "nip": "198001012005011001"},
        {"kind": "correction", "statement": STATEMENT, "about": "x" * 501, "shouldSay": "y"},
        {"kind": "correction", "statement": STATEMENT, "about": "/profile\x00", "shouldSay": "y"},
    ],
)
def test_a_request_that_says_nothing_or_too_much_is_refused(body: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        RaiseDataRequest.model_validate_json(json.dumps(body))


def test_an_answer_says_why() -> None:
    with pytest.raises(ValidationError):
        AnswerDataRequest.model_validate_json('{"outcome": "refused", "comment": "no"}')
