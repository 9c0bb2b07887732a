"""The simulated SIASN answers, refuses and fails over real HTTP as the gateway has been seen to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import httpx2
import pytest

from app.dev.siasn_simulator.faults import Fails
from app.dev.siasn_simulator.people import register
from app.dev.siasn_simulator.quirks import USUAL, Quirk
from app.dev.siasn_simulator.server import Simulator
from app.dev.siasn_simulator.serving import in_a_thread
from app.siasn import wire
from tests.siasn import Siasn, a_siasn

SAVED = {"pns_id": "A", "box": "9", "sumbu_x": "80", "sumbu_y": "90", "total_sumbu": "170"}


@contextmanager
def connected(siasn: Siasn) -> Iterator[httpx2.Client]:
    """A client with both tokens."""
    at = siasn.addresses
    with httpx2.Client(base_url=f"{at['api_base']}/", timeout=5) as client:
        basic = (at["consumer_key"], at["consumer_secret"])
        application = client.post(
            at["application_token_url"], auth=basic, data={"grant_type": "client_credentials"}
        ).json()
        password = {"client_id": at["sso_client_id"], "username": at["sso_username"], "password": at["sso_password"]}
        sso = client.post(at["sso_token_url"], data={"grant_type": "password", **password}).json()
        client.headers["authorization"] = f"Bearer {application['access_token']}"
        client.headers["auth"] = f"bearer {sso['access_token']}"
        yield client


def test_a_person_and_every_history_are_answered_in_their_envelopes_and_counted() -> None:
    with a_siasn() as siasn, connected(siasn) as client:
        nip = siasn.nips[0]
        for name, history in wire.HISTORIES.items():
            answer = client.get(f"pns/{name}/{nip}")
            if answer.status_code == 404:
                assert answer.content == wire.nothing()
                continue
            data = answer.json()["data"]
            assert answer.json()["code"] == 1
            assert isinstance(data, dict if history.is_one else list)
            for row in [data] if history.is_one else data:
                assert row.keys() - {"kunciYangBaru", "createdAt", "updatedAt", "deletedAt"} <= {*history.keys, "id"}
        assert client.get(f"pns/rw-jabatan/{nip[:-1]}X").status_code == 404
        assert client.get(f"pns/nilaiipasn?nip={nip}").json()["code"] == 1
        assert siasn.asked.calls["rw-jabatan"] == 2
        assert siasn.asked.nips[nip] == len(wire.HISTORIES) + 1
        assert siasn.asked.most_at_once == 1


def test_invented_people_can_be_nobody_and_those_of_the_demonstration_are_its_own() -> None:
    with a_siasn() as siasn:
        assert {nip[14] for nip in siasn.nips} == {"0"}
    with a_siasn(institution="Pemerintah Kota Bontang") as siasn:
        assert len(siasn.nips) == 320
        assert {nip[14] for nip in siasn.nips} == {"1", "2"}


def test_tokens_are_refused_expire_and_are_needed() -> None:
    with a_siasn(application_calls=2) as siasn, connected(siasn) as client:
        path = f"pns/data-utama/{siasn.nips[0]}"
        assert [client.get(path).status_code for _ in range(3)] == [200, 200, 401]
        assert client.get(path).json()["message"] == "Invalid Credentials"
        assert client.get(path, headers={"auth": "bearer x"}).json()["code"] == "900901"
        siasn.switch(needed=["sso"])
        assert client.get(path).status_code == 200
        refused = client.get(path, headers={"auth": "bearer x"})
        assert (refused.status_code, refused.json()) == (401, {"message": "invalid or expired jwt"})
        at = siasn.addresses
        wrong = client.post(at["sso_token_url"] + "/", data={"grant_type": "password", "password": "x"})
        assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_grant")
        said = {"grant_type": "client_credentials"}
        body = {"client_id": at["consumer_key"], "client_secret": at["consumer_secret"]}
        assert client.post(at["application_token_url"], data=said | body).json()["token_type"] == "Bearer"
        basic = (at["consumer_key"], at["consumer_secret"])
        again = [client.post(at["application_token_url"], auth=basic, json=said).json() for _ in range(2)]
        assert again[0]["access_token"] == again[1]["access_token"]
        assert siasn.simulator.tokens.asked == {"application": 4, "sso": 2}


@pytest.mark.parametrize(
    ("fails", "status", "said"),
    [
        (Fails.HTML, 200, "<html>"),
        (Fails.NO_PATH, 404, "<html>"),
        (Fails.UNAVAILABLE, 502, "<html>"),
        (Fails.RATE_LIMITED, 429, "throttled"),
        (Fails.SUSPENDED, 401, "SUSPENDED"),
        (Fails.RUNTIME_ERROR, 401, "Runtime Error"),
        (Fails.SSO_MISMATCH, 401, "Token SSO mismatch"),
        (Fails.NOTHING_BUT_WELL, 200, wire.NOT_FOUND),
        (Fails.NO_RECORD, 200, "record not found"),
    ],
)
def test_a_fault_strikes_where_and_as_often_as_it_is_told(fails: Fails, status: int, said: str) -> None:
    with a_siasn() as siasn, connected(siasn) as client:
        one, other = siasn.nips[:2]
        siasn.fails(fails, "rw-jabatan", nip=one, after=1, times=1, seconds=2)
        asked = [client.get(f"pns/rw-jabatan/{nip}") for nip in (one, other, one, one)]
        assert [answer.status_code for answer in asked] == [200, 200, status, 200]
        assert said in asked[2].text
        if fails is Fails.RATE_LIMITED:
            assert asked[2].headers["retry-after"] == "2"


def test_connections_break_and_answers_are_late_cut_and_of_somebody_else() -> None:
    with a_siasn() as siasn, connected(siasn) as client:
        path = f"pns/rw-skp22/{siasn.nips[0]}"
        whole = client.get(path).content
        for fails in (Fails.RESET, Fails.CUT_OFF):
            siasn.fails(fails, times=1)
            with pytest.raises(httpx2.TransportError):
                client.get(path)
        siasn.fails(Fails.TRUNCATED, times=1)
        assert client.get(path).content == whole[: len(whole) // 2]
        siasn.fails(Fails.SLOW, seconds=0.2, times=1)
        began = monotonic()
        assert client.get(path).content == whole
        assert monotonic() - began >= 0.2
        siasn.fails(Fails.OTHER_PERSON, "data-utama", times=1)
        assert client.get(f"pns/data-utama/{siasn.nips[0]}").json()["data"]["nipBaru"] == siasn.nips[1]
        siasn.fails(Fails.TOKENS_GONE, times=1)
        assert [client.get(path).status_code for _ in range(2)] == [401, 401]


def test_people_move_are_renumbered_and_work_part_time() -> None:
    with a_siasn() as siasn, connected(siasn) as client:
        one, two, three = siasn.nips
        siasn.switch(moved={one: "Pemerintah Kota Lain"}, renumbered={two: "199001012015010001"}, part_time=[three])
        assert client.get(f"pns/data-utama/{one}").json()["data"]["instansiKerjaNama"] == "Pemerintah Kota Lain"
        assert client.get(f"pns/data-utama/{two}").json()["data"]["nipBaru"] == "199001012015010001"
        assert client.get(f"pns/data-utama/{three}").status_code == 404
        assert client.get(f"pns/data-utama/paruhwaktu/{three}").json()["data"]["nipBaru"] == three


def test_units_come_in_pages_and_in_a_circle_where_that_is_wanted() -> None:
    with a_siasn(people=30) as siasn, connected(siasn) as client:
        pages = [client.get("referensi/ref-unor", params={"limit": 4, "offset": at}).json() for at in (0, 4, 8)]
        assert [len(page["data"]) for page in pages] == [4, pages[0]["count"] - 4, 0]
        assert set(pages[0]["data"][0]) == set(wire.UNIT_KEYS)
        assert len(client.get("referensi/ref-unor?limit=0&offset=0").json()["data"]) == pages[0]["count"]
        siasn.switch(quirks=[Quirk.UNIT_CYCLE])
        units = {unit["Id"]: unit["DiatasanId"] for unit in client.get("referensi/ref-unor").json()["data"]}
        assert any(units.get(above) == unit for unit, above in units.items())
        rows = client.get(f"{siasn.addresses['reference_base']}/eselon/search?limit=2").json()["results"]
        assert [row["id"] for row in rows] == ["10", "11"]


def test_results_of_a_talent_mapping_are_taken_and_nothing_else_is_written() -> None:
    with a_siasn() as siasn, connected(siasn) as client:
        taken = client.post("tm/talentmapping-save", json=SAVED)
        assert taken.json()["mapData"] == {"rwTalentMappingId": f"{1:032x}"}
        assert client.post("tm/talentmapping-save", json=SAVED | {"box": 9}).json()["success"] is False
        assert siasn.simulator.saved == [SAVED]
        assert siasn.asked.writes == 0
        assert client.post("jabatan/save", json={}).status_code == 405
        assert siasn.asked.writes == 1


def test_it_is_switched_and_looked_at_over_http() -> None:
    with a_siasn() as siasn, connected(siasn) as client:
        own = f"{siasn.url}/simulator"
        switched = client.put(f"{own}/faults", json={"faults": [{"fails": "nothing"}], "quirks": ["repeatedRows"]})
        assert (switched.status_code, switched.json()["quirks"]) == (200, ["repeatedRows"])
        assert client.get(f"pns/data-utama/{siasn.nips[0]}").status_code == 404
        assert client.get(f"{own}/asked").json()["statuses"] == {"404": 1}
        assert client.put(f"{own}/faults", json={"faults": [{"fails": "badly"}]}).status_code == 422
        as_before = client.delete(f"{own}/faults").json()
        assert (as_before["faults"], as_before["quirks"]) == ([], sorted(USUAL))
        assert client.delete(f"{own}/asked").json()["calls"] == {}
        assert client.get(f"{own}/people").json() == siasn.nips
        assert client.get(own).json()["institution"] == siasn.institution


def test_it_is_again_as_it_was_started() -> None:
    simulator = Simulator(register(people=3), frozenset({*USUAL, Quirk.NEWS}))
    with in_a_thread(simulator) as url, connected(Siasn(url, simulator)) as client:
        own, path = f"{url}/simulator", f"pns/data-utama/{next(iter(simulator.register.people))}"
        before = client.get(own).json()
        limits = {"applicationCalls": 1, "ssoCalls": 1, "needed": ["sso"], "quirks": []}
        assert client.put(f"{own}/faults", json=limits).json() != before
        assert [client.get(path).status_code for _ in range(2)] == [200, 401]
        assert client.delete(f"{own}/faults").json() == before
        assert [client.get(path).status_code for _ in range(3)] == [200] * 3
        assert simulator.tokens.needed == {"application", "sso"}
