"""The client against the simulator, over real HTTP: what each answer means, and how it asks."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from app.dev.siasn_simulator.faults import TOKENS, Fails
from app.siasn import wire
from app.siasn.client import SiasnClient
from app.siasn.connection import Connection, Patience
from app.siasn.replies import Accepted, Failed, Found, Layer, Nothing, Refused, Unknown, Unsent
from app.siasn.tokens import lapse_of
from tests.conftest import DESTINATIONS
from tests.siasn import Siasn, a_siasn

SHORT = Patience(attempts=3, first_wait=0.01, pause=0.1, longest_wait=2)
ROW = {"pns_id": "A" * 32, "box": "8", "sumbu_x": "88.50", "sumbu_y": "91.00", "total_sumbu": "179.50"}


@pytest.fixture
def siasn() -> Iterator[Siasn]:
    with a_siasn(people=3) as one:
        yield one


def a_client(siasn: Siasn, renewal: Any = None, patience: Patience = SHORT, **but: Any) -> SiasnClient:
    told = {**siasn.addresses, "gap_seconds": 0.0, "timeout_seconds": 60.0, "token_timeout_seconds": 60.0, **but}
    return SiasnClient(Connection(**told), DESTINATIONS, patience=patience, renewal=renewal)


async def test_somebody_is_found_with_both_tokens_and_nothing_that_may_not_be_kept(siasn: Siasn) -> None:
    nip = siasn.nips[0]
    async with a_client(siasn, headers={"X-Api-Key": "kunci-relai"}) as client:
        with capture_logs() as logs:
            person = await client.person(nip)
            positions = await client.history("rw-jabatan", nip)
    assert isinstance(person, Found)
    assert isinstance(positions, Found)
    [row] = person.rows
    assert row["nipBaru"] == nip
    assert row.keys() <= set(wire.PERSON_STORED)
    assert all(one.keys() <= wire.HISTORIES["rw-jabatan"].stored for one in positions.rows)
    assert logs == []
    headers = siasn.asked.headers
    assert headers["authorization"].startswith("Bearer ")
    assert headers["auth"].startswith("bearer ")
    assert headers["accept"] == "application/json"
    assert headers["x-api-key"] == "kunci-relai"
    assert "pdns=1" in headers["cookie"]
    assert siasn.simulator.tokens.asked == {"application": 1, "sso": 1}


async def test_twenty_at_once_share_one_token_and_one_refresh(siasn: Siasn) -> None:
    siasn.simulator.tokens.application.seconds = siasn.simulator.tokens.sso.seconds = 3600
    async with a_client(siasn, concurrency=16) as client:
        calls = [client.history(name, nip) for nip in siasn.nips for name in list(wire.HISTORIES)[:7]]
        first = await asyncio.gather(*calls)
        assert siasn.simulator.tokens.asked == {"application": 1, "sso": 1}
        siasn.simulator.tokens.forget()  # in the middle of a run: everybody is refused, one asks again
        again = await asyncio.gather(*(client.person(nip) for nip in siasn.nips * 7))
        assert siasn.simulator.tokens.asked == {"application": 2, "sso": 2}
    assert not [one for one in (*first, *again) if isinstance(one, Failed)]


async def test_a_token_that_is_over_is_not_sent(siasn: Siasn) -> None:
    issued = siasn.simulator.tokens
    issued.application.seconds = issued.sso.seconds = 3600
    async with a_client(siasn) as client:
        assert isinstance(await client.person(siasn.nips[0]), Found)
        kept = client._gateway.tokens
        for ours, theirs in ((kept._application, issued.application), (kept._sso, issued.sso)):
            assert ours._token is not None
            assert ours._token.until is not None
            assert time.time() < ours._token.until < theirs.until
            ours._token = replace(ours._token, until=time.time() - 1)
            theirs.until = time.time() - 1
        assert isinstance(await client.person(siasn.nips[0]), Found)
    assert siasn.asked.statuses[401] == 0
    assert siasn.simulator.tokens.asked == {"application": 2, "sso": 2}


@pytest.mark.parametrize(
    ("fails", "asked"),
    [
        (Fails.INVALID_CREDENTIALS, {"application": 2, "sso": 1}),
        (Fails.INVALID_JWT, {"application": 1, "sso": 2}),
        (Fails.SSO_MISMATCH, {"application": 1, "sso": 2}),
        (Fails.RUNTIME_ERROR, {"application": 2, "sso": 2}),
    ],
)
async def test_a_refused_token_is_dropped_and_the_call_made_once_more(
    siasn: Siasn, fails: Fails, asked: dict[str, int]
) -> None:
    """Which of the two says the body, whatever the status is."""
    nip = siasn.nips[0]
    siasn.fails(fails, wire.PERSON, times=1, status=200 if fails is Fails.SSO_MISMATCH else None)
    async with a_client(siasn) as client:
        assert isinstance(await client.person(nip), Found)
        assert siasn.simulator.tokens.asked == asked
        siasn.fails(fails, wire.PERSON)
        failed = await client.person(nip)
    code = "siasn.error" if fails is Fails.RUNTIME_ERROR else "siasn.unauthorised"
    assert isinstance(failed, Failed)
    assert (failed.code, siasn.asked.nips[nip]) == (code, 4)


async def test_the_token_issued_by_hand_counts_before_the_password(siasn: Siasn) -> None:
    issued = siasn.simulator.tokens.static_sso_token(3600)
    lapses = lapse_of(issued)
    assert lapses is not None
    assert timedelta(minutes=59) < lapses - datetime.now(UTC) < timedelta(minutes=61)
    async with a_client(siasn, sso_token=issued) as client:
        assert isinstance(await client.person(siasn.nips[0]), Found)
        assert siasn.asked.headers["auth"] == f"bearer {issued}"
        assert siasn.simulator.tokens.asked["sso"] == 0
        siasn.simulator.tokens.forget()
        assert isinstance(await client.person(siasn.nips[0]), Found)  # refused: now the password counts
        assert siasn.simulator.tokens.asked["sso"] == 1


async def test_a_token_replaced_meanwhile_is_taken_up_without_a_restart(siasn: Siasn) -> None:
    kept = [siasn.simulator.tokens.static_sso_token()]

    async def renewal() -> str:
        return kept[-1]

    async with a_client(siasn, renewal, sso_password=None) as client:
        assert isinstance(await client.person(siasn.nips[0]), Found)
        siasn.simulator.tokens.forget()
        assert await client.person(siasn.nips[0]) == Failed("siasn.unauthorised", None, Layer.SSO)
        kept.append(siasn.simulator.tokens.static_sso_token())
        assert isinstance(await client.person(siasn.nips[0]), Found)


async def test_credentials_that_were_refused_are_not_tried_again(siasn: Siasn) -> None:
    """An account is locked after some wrong passwords."""
    async with a_client(siasn, sso_password="salah") as client:
        failed = [await client.person(nip) for nip in siasn.nips]
    assert {one.code for one in failed if isinstance(one, Failed)} == {"siasn.unauthorised"}
    assert siasn.simulator.tokens.asked["sso"] == 1
    assert siasn.asked.calls.total() == 0


async def test_either_token_can_be_left_to_a_relay(siasn: Siasn) -> None:
    siasn.switch(needed=["application"])
    async with a_client(siasn, use_sso_token=False, sso_password=None) as client:
        assert isinstance(await client.person(siasn.nips[0]), Found)
        assert "auth" not in siasn.asked.headers
    siasn.switch(needed=["sso"])
    async with a_client(siasn, use_application_token=False, consumer_secret=None) as client:
        assert isinstance(await client.person(siasn.nips[0]), Found)
        assert "authorization" not in siasn.asked.headers


MEANS = {
    Fails.NOTHING: Nothing(),
    Fails.NOTHING_BUT_WELL: Nothing(),
    Fails.NO_RECORD: Nothing(),
    Fails.EMPTY: Nothing(),
    Fails.SAID_WRONG: Failed("siasn.error", 200),
    Fails.NO_PATH: Failed("siasn.html", 404),
    Fails.HTML: Failed("siasn.html", 200),
    Fails.TRUNCATED: Failed("siasn.truncated", 200),
    Fails.OTHER_PERSON: Failed("siasn.wrong_person", 200),
}


async def test_every_way_to_say_nothing_and_every_mess_is_told_apart(siasn: Siasn) -> None:
    """200 without data is no failure, 404 without their words is one, and nobody's rows are taken for another's."""
    nip = siasn.nips[0]
    async with a_client(siasn) as client:
        for fails, meaning in MEANS.items():
            siasn.fails(fails, "rw-jabatan", times=1)
            before = siasn.asked.calls["rw-jabatan"]
            assert (fails, await client.history("rw-jabatan", nip)) == (fails, meaning)
            assert siasn.asked.calls["rw-jabatan"] == before + 1, "answers are not asked for again"
        siasn.switch(renumbered={nip: siasn.nips[1]})
        assert await client.person(nip) == Failed("siasn.wrong_person", 200)


async def test_somebody_who_is_not_found_is_asked_for_as_part_time_only_where_ours_say_so(siasn: Siasn) -> None:
    nip = siasn.nips[0]
    siasn.switch(part_time=[nip])
    async with a_client(siasn) as client:
        assert await client.person(nip) == Nothing()
        assert isinstance(await client.person(nip, is_part_time=True), Found)


@pytest.mark.parametrize(
    ("fails", "code"),
    [(Fails.RESET, "siasn.unreachable"), (Fails.CUT_OFF, "siasn.truncated"), (Fails.UNAVAILABLE, "siasn.html")],
)
async def test_what_may_pass_is_tried_three_times(siasn: Siasn, fails: Fails, code: str) -> None:
    nip = siasn.nips[0]
    async with a_client(siasn) as client:
        siasn.fails(fails, "rw-golongan", times=2)
        assert not isinstance(await client.history("rw-golongan", nip), Failed)
        siasn.fails(fails, "rw-golongan")
        failed = await client.history("rw-golongan", nip)
    assert isinstance(failed, Failed)
    assert (failed.code, siasn.asked.calls["rw-golongan"]) == (code, 6)


async def test_a_slow_answer_is_not_waited_for(siasn: Siasn) -> None:
    siasn.fails(Fails.SLOW, wire.PERSON, seconds=60)
    began = time.monotonic()
    async with a_client(siasn, patience=Patience(attempts=1), timeout_seconds=0.3) as client:
        assert await client.person(siasn.nips[0]) == Failed("siasn.timeout")
    assert time.monotonic() - began < 30


async def test_a_suspended_back_end_keeps_the_tokens_and_is_left_alone_for_a_while(
    siasn: Siasn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.siasn.gateway.SHUT_FOR", 3600 / SHORT.pause)
    nip = siasn.nips[0]
    siasn.fails(Fails.SUSPENDED, times=1)
    async with a_client(siasn, concurrency=3) as client:
        began = time.monotonic()
        assert isinstance(await client.person(nip), Found)
        assert time.monotonic() - began >= SHORT.pause
        siasn.fails(Fails.SUSPENDED)
        assert await client.person(nip) == Failed("siasn.suspended", 401)
        asked = siasn.asked.calls.total()
        assert await client.person(nip) == Failed("siasn.suspended", 401)
        assert siasn.asked.calls.total() == asked, "nobody knocks as long as the breaker is open"
        siasn.simulator.faults.clear()
        client._gateway._shut_until -= 3600
        assert isinstance(await client.person(nip), Found)
    assert siasn.simulator.tokens.asked == {"application": 1, "sso": 1}


async def test_whoever_asks_too_often_waits_as_long_as_is_said_and_is_slower_afterwards(siasn: Siasn) -> None:
    siasn.fails(Fails.RATE_LIMITED, wire.PERSON, times=1, seconds=1)
    async with a_client(siasn) as client:
        began = time.monotonic()
        assert isinstance(await client.person(siasn.nips[0]), Found)
        assert time.monotonic() - began >= 1
        await client.person(siasn.nips[0])
        assert time.monotonic() - began >= 1.5, "there was no gap before"
        siasn.fails(Fails.RATE_LIMITED, wire.PERSON, times=1, seconds=60)
        assert await client.person(siasn.nips[0]) == Failed("siasn.rate_limited", 429)
        asked = siasn.asked.calls.total()
        assert await client.person(siasn.nips[1]) == Failed("siasn.rate_limited", 429)
        assert siasn.asked.calls.total() == asked


async def test_one_asks_at_a_time_with_a_gap_in_between(siasn: Siasn) -> None:
    async with a_client(siasn, gap_seconds=0.1) as client:
        await asyncio.gather(*(client.person(nip) for nip in siasn.nips))
    assert siasn.asked.most_at_once == 1
    assert siasn.asked.shortest_gap is not None
    assert siasn.asked.shortest_gap >= 0.09


async def test_a_failure_is_told_without_numbers_tokens_or_contents(
    siasn: Siasn, caplog: pytest.LogCaptureFixture
) -> None:
    nip = siasn.nips[0]
    siasn.fails(Fails.OTHER_PERSON, wire.PERSON, times=1)
    siasn.fails(Fails.RESET, "rw-jabatan")
    with capture_logs() as logs, caplog.at_level(logging.WARNING):
        async with a_client(siasn) as client:
            await client.person(nip)
            await client.history("rw-jabatan", nip)
    told = [one for one in logs if one["event"] == "siasn.failed"]
    assert [(one["code"], one["who"]) for one in told] == [
        ("siasn.wrong_person", f"…{nip[-4:]}"),
        ("siasn.unreachable", f"…{nip[-4:]}"),
    ]
    said = f"{logs} {caplog.text}"
    secrets = [*siasn.nips, siasn.simulator.tokens.application.token, siasn.simulator.tokens.sso.token]
    assert not [one for one in (*secrets, siasn.addresses["sso_password"]) if one in said]


async def test_units_come_page_by_page_and_never_for_ever(siasn: Siasn) -> None:
    async with a_client(siasn) as client:
        pages = [page async for page in client.units()]
        assert all(isinstance(page, Found) for page in pages)
        rows = [row for page in pages if isinstance(page, Found) for row in page.rows]
        assert len(rows) == len(siasn.simulator.units)
        assert {key for row in rows for key in row} <= set(wire.UNIT_KEYS)
        siasn.fails(Fails.HTML, "ref-unor")
        assert [page async for page in client.units()] == [Failed("siasn.html", 200)]
        grades = await client.reference("golongan")
        assert isinstance(grades, Found)
        assert "auth" in siasn.asked.headers
        assert grades.rows[0].keys() == set(wire.REFERENCES["golongan"])


async def test_a_number_that_is_none_reaches_no_address(siasn: Siasn) -> None:
    async with a_client(siasn) as client:
        for text in ("", "19850101201001100", "1985010120100110011", "19850101201001100a", "../../oauth2/token"):
            with pytest.raises(ValueError, match="18 digits"):
                await client.person(text)
    assert siasn.asked.calls.total() == 0


async def test_a_placement_is_handed_over_at_most_once(siasn: Siasn) -> None:
    save = "talentmapping-save"
    async with a_client(siasn) as client:
        taken = await client.save_talent_mapping(ROW)
        assert taken == Accepted(f"{1:032x}", "success")
        assert siasn.simulator.saved == [ROW]
        siasn.fails(Fails.INVALID_JWT, save, times=1)
        assert isinstance(await client.save_talent_mapping(ROW), Accepted), "nobody had looked at it"
        siasn.fails(Fails.SAID_WRONG, save, times=1)
        assert await client.save_talent_mapping(ROW) == Refused("Terjadi kesalahan pada server", 200)
        asked = siasn.asked.calls[save]
        for fails, meaning in (
            (Fails.RESET, Unknown("siasn.unreachable")),
            (Fails.UNAVAILABLE, Unknown("siasn.html", 502)),
            (Fails.HTML, Unknown("siasn.html", 200)),
            (Fails.NO_PATH, Unsent("siasn.html", 404)),
            (Fails.RATE_LIMITED, Unsent("siasn.rate_limited", 429)),
            (Fails.SUSPENDED, Unsent("siasn.suspended", 401)),
        ):
            siasn.fails(fails, save, times=1)
            assert (fails, await client.save_talent_mapping(ROW)) == (fails, meaning)
        assert siasn.asked.calls[save] == asked + 6, "what may have been stored is not sent again"


async def test_a_row_that_no_token_was_had_for_was_not_sent(siasn: Siasn) -> None:
    siasn.fails(Fails.REFUSED, TOKENS)
    async with a_client(siasn) as client:
        assert await client.save_talent_mapping(ROW) == Unsent("siasn.unauthorised", 400)
    async with a_client(siasn, api_base="http://127.0.0.1:9/apisiasn/1.0", use_application_token=False) as client:
        siasn.simulator.faults.clear()
        assert await client.save_talent_mapping(ROW) == Unsent("siasn.unreachable")


async def test_an_answer_that_comes_byte_by_byte_is_waited_for_no_longer_than_another(siasn: Siasn) -> None:
    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 10000\r\n\r\n")
        with suppress(ConnectionError):
            for _ in range(10_000):
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.1)

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    once = Patience(attempts=1)
    async with server, a_client(siasn, patience=once, api_base=address, timeout_seconds=1.0) as client:
        async with asyncio.timeout(60):
            reply = await client.person(siasn.nips[0])
    assert reply == Failed("siasn.timeout")
