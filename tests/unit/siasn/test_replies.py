"""What an answer means, whatever it looks like."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.siasn import wire
from app.siasn.replies import (
    Accepted,
    Failed,
    Found,
    Nothing,
    Refused,
    Trouble,
    Unknown,
    Unsent,
    answer_of,
    page_of,
    references_of,
    reply_of,
    saved_of,
    trouble_of,
)
from app.siasn.tokens import lapse_of

NIP = "190001011920012001"
POSITIONS, PERSON = wire.HISTORIES["rw-jabatan"], wire.HISTORIES[wire.PERSON]
ROW = {"id": "A1", "namaJabatan": "KEPALA BIDANG CONTOH", "gajiPokok": "1"}
KEPT = Found(({"id": "A1", "namaJabatan": "KEPALA BIDANG CONTOH"},))


def meant(body: Any, status: int = 200, history: wire.History = POSITIONS) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return reply_of(answer_of(status, raw), history, NIP)


@pytest.mark.parametrize("well", [{"code": 1}, {"code": "1"}, {"code": True}, {"success": True}])
def test_success_is_written_in_four_ways(well: dict[str, Any]) -> None:
    assert meant({**well, "data": [ROW]}) == KEPT
    assert meant({**well, "data": [ROW]}, 201) == Failed("siasn.error", 201)


@pytest.mark.parametrize("ill", [{}, {"code": 0}, {"code": "0"}, {"code": 2}, {"success": "true"}, {"success": False}])
def test_data_without_success_is_not_taken(ill: dict[str, Any]) -> None:
    assert meant({**ill, "data": [ROW]}) == Failed("siasn.error", 200)


def test_rows_that_name_another_person_are_refused_whatever_the_key_is_called() -> None:
    mine, other = "A8ACA7397AEB3912E040640A040269BB", "C7A4ACA7397AEB3912E040640A040269"
    for name, key in (("rw-skp22", "pnsDinilaiId"), ("rw-hukdis", "pnsOrang"), ("rw-jabatan", "idPns")):
        history = wire.HISTORIES[name]
        assert key in history.owner
        for said, counts in ((mine, True), (mine.lower(), True), (None, True), ("", True), (other, False)):
            answer = answer_of(200, json.dumps({"code": 1, "data": [{"id": "R1", key: said}]}).encode())
            reply = reply_of(answer, history, NIP, mine)
            assert isinstance(reply, Found) if counts else reply == Failed("siasn.wrong_person", 200), (name, said)


def test_a_text_where_data_should_be_is_never_rows() -> None:
    for words in (wire.NOT_FOUND, "DATA TIDAK DITEMUKAN ", "record not found"):
        for status in (200, 404):
            assert meant({"code": 1, "data": words}, status) == Nothing()
    assert meant({"code": 1, "data": "sesuatu"}) == Failed("siasn.error", 200)
    assert meant({"code": 1, "data": ["sesuatu"]}) == Failed("siasn.error", 200)
    assert meant({"code": 0, "data": None, "message": "sesuatu"}, 404) == Failed("siasn.error", 404)
    assert meant({"code": 1, "data": None}) == meant({"code": 1, "data": []}) == Nothing()
    assert meant({"code": 1, "data": ROW}) == Failed("siasn.error", 200), "a history is a list"


def test_rows_are_those_of_the_person_asked_for_and_not_deleted() -> None:
    assert meant({"code": 1, "data": {"nipBaru": NIP}}, history=PERSON) == Found(({"nipBaru": NIP},))
    for other in ("190001011920012002", None, ""):
        assert meant({"code": 1, "data": {"nipBaru": other}}, history=PERSON) == Failed("siasn.wrong_person", 200)
    assert meant({"code": 1, "data": [{"nipBaru": "190001011920012002"}]}) == Failed("siasn.wrong_person", 200)
    rows = [{**ROW, "deletedAt": "31-12-1930"}, {**ROW, "deletedAt": "01-01-0001"}]
    assert len(meant({"code": 1, "data": rows}).rows) == 1


def test_what_is_no_json_is_told_apart() -> None:
    assert meant(b"\xef\xbb\xbf\n <html>") == Failed("siasn.html", 200)
    assert meant(b"<html>", 404) == Failed("siasn.html", 404)
    assert meant(b'{"code":1,"data":[{"id"') == Failed("siasn.truncated", 200)
    assert meant(b"") == Failed("siasn.truncated", 200)
    assert meant(b"Bad Gateway", 502) == Failed("siasn.error", 502)
    assert meant(b"[]") == Failed("siasn.error", 200), "bare lists are those of the reference service"
    assert meant({"code": 1, "data": [{"id": "A\x001"}]}) == Found(({"id": "A1"},))
    halves = rb'{"code":1,"data":[{"id":"A\ud8001\udc00 \ud83d\ude00 \\ud800"}]}'
    assert meant(halves) == Found(({"id": "A1 \U0001f600 \\ud800"},))


def test_pages_of_units_and_references_have_envelopes_of_their_own() -> None:
    page = answer_of(200, b'{"code":1,"count":"12","data":[{"Id":"1","Lain":"x"}]}')
    assert page_of(page, wire.UNIT_KEYS) == Found(({"Id": "1"},), 12)
    for body in (b'[{"id":"1","x":"y"}]', b'{"results":[{"id":"1"}]}'):
        assert references_of(answer_of(200, body), ("id",)) == Found(({"id": "1"},))
    assert references_of(answer_of(200, b"[]"), ("id",)) == Nothing()
    assert references_of(answer_of(200, b"[1]"), ("id",)) == Failed("siasn.error", 200)
    assert references_of(answer_of(404, b"[]"), ("id",)) == Failed("siasn.error", 404)


@pytest.mark.parametrize(
    ("status", "body", "trouble"),
    [
        (401, {"code": "900901", "message": "?"}, Trouble.APPLICATION),
        (401, {"fault": {"code": 900902, "message": "Missing Credentials"}}, Trouble.APPLICATION),
        (200, {"message": "Invalid Or Expired JWT"}, Trouble.SSO),
        (403, {"code": 0, "data": "Token SSO mismatch"}, Trouble.SSO),
        (500, {"message": "Runtime Error", "description": "x"}, Trouble.FAULT),
        (500, {"message": "Runtime Error", "description": "State: SUSPENDED"}, Trouble.SUSPENDED),
        (401, {"code": 0}, Trouble.UNCLEAR),
        (401, "?", Trouble.UNCLEAR),
        (404, {"code": 0, "data": "NIP 199009012015011001 tidak ada"}, None),
        (200, {"code": 1, "data": [{"message": "suspended"}]}, None),
    ],
)
def test_the_body_says_what_a_call_was_refused_for(status: int, body: Any, trouble: Trouble | None) -> None:
    assert trouble_of(answer_of(status, json.dumps(body).encode())) is trouble


def test_a_row_is_accepted_only_where_that_is_said() -> None:
    def saved(body: Any, status: int = 200) -> Any:
        return saved_of(answer_of(status, json.dumps(body).encode()))

    assert saved({"success": True, "mapData": {"rwId": "B2"}, "message": "ok"}) == Accepted("B2", "ok")
    assert saved({"success": True, "mapData": "tersimpan"}) == Accepted(None, "tersimpan")
    assert saved({"success": False, "mapData": f"PNS {NIP} tidak ada\n"}) == Refused("PNS … tidak ada", 200)
    assert saved({"code": 0, "data": "ditolak"}, 400) == Refused("ditolak", 400)
    for nothing in ({"code": 1, "data": wire.NOT_FOUND}, {"success": True, "mapData": wire.NOT_FOUND}):
        assert saved(nothing) == Refused(wire.NOT_FOUND, 200)
    assert saved({"message": "Runtime Error"}, 401) == Unknown("siasn.error", 401), "it may have gone through"
    assert saved({"message": "galat"}, 500) == Unknown("siasn.error", 500)
    assert saved_of(answer_of(200, b"<html>")) == Unknown("siasn.html", 200)
    assert saved_of(answer_of(404, b"<html>")) == Unsent("siasn.html", 404)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=8) | st.sampled_from([wire.NOT_FOUND, NIP]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["code", "success", "data", "id", "nipBaru", "nik"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=150)
@given(JSON, st.sampled_from([200, 201, 400, 401, 404, 500]), st.sampled_from([POSITIONS, PERSON]))
def test_whatever_comes_back_nothing_is_found_but_kept_keys_of_a_success(
    body: Any, status: int, history: wire.History
) -> None:
    answer = answer_of(status, json.dumps(body).encode())
    reply = reply_of(answer, history, NIP)
    trouble_of(answer)
    assert isinstance(saved_of(answer), Accepted | Refused | Unsent | Unknown)
    if isinstance(reply, Found):
        assert status == 200
        assert body.get("code") in (1, "1") or body.get("success") is True
        assert all(row.keys() <= history.stored for row in reply.rows)
    else:
        assert isinstance(reply, Nothing | Failed)


@given(st.text(max_size=30) | st.binary(max_size=30).map(lambda raw: f"a.{base64.urlsafe_b64encode(raw).decode()}.b"))
@settings(max_examples=60)
def test_a_token_that_says_nothing_lapses_nobody_knows_when(token: str) -> None:
    assert lapse_of(token) is None


def test_a_token_says_when_it_lapses() -> None:
    def jwt(claims: object) -> str:
        return f"e30.{base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip('=')}.x"

    assert lapse_of(jwt({"exp": 1_000_000_000})) == datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC)
    for told in ("1", True, -1, 10**30, None, []):
        assert lapse_of(jwt({"exp": told})) is None
    assert lapse_of(jwt([])) is None
