"""One story with real processes: a newcomer starts everything, imports, reads, stops, is killed, and starts again."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

ROOT = Path(__file__).resolve().parents[2]
PORT_IS_TAKEN = r"port \d+ of \S+ cannot be had|address already in use"
DUMAI, BONTANG = "Pemerintah Kota Dumai", "Pemerintah Kota Bontang"
BOXES = {1: 0, 2: 0, 3: 25, 4: 0, 5: 31, 6: 4, 7: 4, 8: 3, 9: 0}
IMPORTED = {
    ("data-asn.xlsx", "Data ASN"): (595, 592, 1, 2),
    ("hierarki-unor.xlsx", "HierarkiUnor"): (101, 101, 0, 0),
    ("peta-jabatan.xlsx", "PETA JABATAN"): (493, 493, 0, 0),
    ("riwayat.xlsx", "SKP"): (1186, 1184, 0, 2),
    ("riwayat.xlsx", "UMPAN BALIK 360"): (592, 592, 0, 0),
    ("riwayat.xlsx", "PENGHARGAAN"): (332, 332, 0, 0),
    ("riwayat.xlsx", "TIM KERJA"): (533, 533, 0, 0),
    ("riwayat.xlsx", "ASESMEN KOMPETENSI"): (68, 67, 0, 1),
    ("riwayat.xlsx", "ASESMEN POTENSI"): (67, 67, 0, 0),
    ("riwayat.xlsx", "DIKLAT"): (2684, 2684, 0, 0),
    ("riwayat.xlsx", "JABATAN"): (1251, 1251, 0, 0),
    ("riwayat.xlsx", "PENDIDIKAN"): (592, 592, 0, 0),
    ("riwayat.xlsx", "HUKUMAN DISIPLIN"): (28, 28, 0, 0),
}


class House:
    """An installation in a short directory of its own, used from a working directory elsewhere."""

    def __init__(self, directory: Path) -> None:
        self.data, self.elsewhere = directory / "d", directory / "elsewhere"
        for made in (self.data, self.elsewhere):
            made.mkdir(parents=True)
        directory.chmod(0o755)  # as root, the server runs under another account
        (self.elsewhere / "app").mkdir()  # what lies in the caller's directory is never imported
        (self.elsewhere / "app" / "__init__.py").write_text("raise RuntimeError('not this one')")
        shutil.copytree(ROOT / "tests" / "data" / "dumai", self.elsewhere / "berkas")
        outer = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "ENVIRONMENT", "HOST")}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self.environment = outer | {"DATA_DIR": str(self.data), "PATH": path}
        self.choose_port()
        self.started: list[subprocess.Popen[bytes]] = []
        self.runs = 0

    def choose_port(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment["PORT"] = str(self.port)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command beside the running service."""
        command = [ROOT / "nusatalenta", *arguments]
        return subprocess.run(
            command, cwd=self.elsewhere, env=self.environment, capture_output=True, text=True, check=False
        )

    def run(self) -> Running:
        """`./nusatalenta run`, ready; on another port where somebody else has taken the chosen one meanwhile."""
        log = self.elsewhere / f"run-{self.runs}.log"
        self.runs += 1
        for _ in range(5):
            running = self.begin(log)
            if running.process.poll() is None or not re.search(PORT_IS_TAKEN, running.printed()):
                break
            self.choose_port()
        assert running.process.poll() is None, running.printed()
        return running

    def begin(self, log: Path) -> Running:
        """Ready, or over."""
        began = time.monotonic()
        with log.open("wb") as stream:
            command = [ROOT / "nusatalenta", "run"]
            process = subprocess.Popen(command, cwd=self.elsewhere, env=self.environment, stdout=stream, stderr=stream)
        self.started.append(process)
        running = Running(process, log, f"http://127.0.0.1:{self.port}")
        wait_until(lambda: process.poll() is not None or running.is_ready(), 120, log.read_text)
        running.took = time.monotonic() - began
        return running


class Running:
    def __init__(self, process: subprocess.Popen[bytes], log: Path, address: str) -> None:
        self.process, self.log, self.address, self.took = process, log, address, 0.0

    def is_ready(self) -> bool:
        try:
            return httpx2.get(f"{self.address}/health/ready").status_code == 200
        except httpx2.TransportError:
            return False

    def printed(self) -> str:
        return self.log.read_text()

    def printed_token(self) -> str:
        """The line that a person copies."""
        (token,) = (line for line in self.printed().splitlines() if line.startswith("eyJ"))
        return token

    def stop(self, how: signal.Signals, patience: float) -> None:
        """Send the signal to the one process a person knows of; everything it started must go."""
        family = family_of(self.process.pid)
        assert any(b"postgres" in command for command in family.values())
        self.process.send_signal(how)
        wait_until(lambda: self.process.poll() is not None, patience, self.printed)
        wait_until(lambda: not alive(family), patience, lambda: str(alive(family)))


Process = tuple[int, str]  # a number may be used again; with the time of its start it is one process


def processes() -> dict[Process, tuple[int, bytes]]:
    """All processes: their parent, and their command."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command, stat = (entry / "cmdline").read_bytes(), (entry / "stat").read_text()
            except OSError:
                continue
            state, parent, *rest = stat.rpartition(")")[2].split()
            if state not in "ZX":
                found[int(entry.name), rest[17]] = int(parent), command
    return found


def family_of(pid: int) -> dict[Process, bytes]:
    """A process and all its descendants."""
    everybody = processes()
    members = {pid}
    while more := {process for (process, _), (parent, _) in everybody.items() if parent in members} - members:
        members |= more
    return {process: command for process, (_, command) in everybody.items() if process[0] in members}


def alive(family: dict[Process, bytes]) -> dict[Process, bytes]:
    now = processes()
    return {process: command for process, command in family.items() if process in now}


def wait_until(is_so: Callable[[], bool], patience: float, why: Callable[[], str]) -> None:
    deadline = time.monotonic() + patience
    while not is_so():
        assert time.monotonic() < deadline, why()
        time.sleep(0.05)


@pytest.fixture
def house() -> Iterator[House]:
    directory = Path(tempfile.mkdtemp(prefix="nt-", dir="/var/tmp"))
    house = House(directory)
    yield house
    for process in house.started:
        if process.poll() is None:
            process.kill()
            process.wait()
    shutil.rmtree(directory, ignore_errors=True)


def client(running: Running, token: str) -> httpx2.Client:
    return httpx2.Client(base_url=running.address, headers={"authorization": f"Bearer {token}"}, timeout=60)


def rows_of(report: dict[str, Any]) -> dict[tuple[str, str], tuple[int, ...]]:
    return {
        (file["file"], sheet["sheet"]): tuple(sheet[name] for name in ("rows", "accepted", "duplicates", "refused"))
        for file in report["files"]
        for sheet in file["sheets"]
    }


def test_a_newcomer_runs_imports_reads_stops_and_starts_again(house: House) -> None:
    running = house.run()
    shows_the_way_in(running)
    report = imports_dumai_beside_it(house)
    token = house.command("token", "--institution", DUMAI, "--role", "hr-officer").stdout.strip()
    with client(running, token) as officer, client(running, running.printed_token()) as stranger:
        nip = reads_over_rest(officer)
        reads_the_same_over_graphql(officer, nip)
        sees_nothing_of_it(stranger, nip)
        imports_again_over_rest(officer, house, report)
        calculates_in_the_background(officer, running)
        proves_the_ledger(officer, house)
    running.stop(signal.SIGTERM, 60)
    assert "Traceback" not in running.printed()

    running = house.run()
    assert running.took < 120, "a second start lays nothing anew"
    assert "importing the demonstration" not in running.printed()
    with client(running, token) as officer:
        assert reads_over_rest(officer) == nip
    running.stop(signal.SIGKILL, 60)

    running = house.run()
    with client(running, token) as officer:
        assert reads_over_rest(officer) == nip
    running.stop(signal.SIGINT, 60)
    assert "Traceback" not in running.printed()
    assert {path.name for path in house.elsewhere.iterdir()} <= {"app", "berkas"} | {f"run-{n}.log" for n in range(3)}


def calculates_in_the_background(officer: httpx2.Client, running: Running) -> None:
    """The worker that `run` started beside the server does it."""
    opened = officer.post("/v1/cycles", json={"name": "Pemetaan 2026"}, headers={"idempotency-key": '"cycle"'})
    assert opened.status_code == 201, opened.text
    begun = officer.put(f"{opened.headers['location']}/calculation")
    assert begun.status_code == 202, begun.text

    def is_done() -> bool:
        told: str = officer.get(begun.headers["location"]).json()["state"]
        return told == "done"

    wait_until(is_done, 60, running.printed)
    assert "job.done" in running.printed()
    assert "development hr-officer" not in running.printed()


def proves_the_ledger(officer: httpx2.Client, house: House) -> None:
    def is_chained() -> bool:
        return bool(officer.get("/v1/ledger-head").json()["unchained"] == 0)

    wait_until(is_chained, 60, lambda: officer.get("/v1/ledger-head").text)
    head = officer.get("/v1/ledger-head").json()
    kept = f"{head['position']}:{head['hash']}"
    proven = house.command("audit", "verify", "--head", kept, "--json")
    assert proven.returncode == 0, proven.stderr
    assert json.loads(proven.stdout)["entries"] >= head["position"]


def shows_the_way_in(running: Running) -> None:
    assert f"{running.address}/docs" in running.printed()
    assert f"{running.address}/graphql" in running.printed()
    for path in ("/docs", "/graphql"):
        page = httpx2.get(f"{running.address}{path}", headers={"accept": "text/html"})
        assert (page.status_code, page.headers["content-type"].partition(";")[0]) == (200, "text/html")
    with client(running, running.printed_token()) as officer:
        assert officer.get("/v1/nine-box").json()["total"] > 0


def imports_dumai_beside_it(house: House) -> dict[str, Any]:
    """The folder is named relative to the caller's working directory."""
    done = house.command(
        *("import", "berkas", "--institution", DUMAI, "--as-of", "2025-12-04", "--create", "--json"),
    )
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    assert rows_of(report) == IMPORTED
    assert [(refusal["file"], refusal["row"], refusal["code"]) for refusal in report["refusals"][:1]] == [
        ("data-asn.xlsx", 202, "nip.length")
    ]
    assert len(report["refusals"]) == sum(refused for *_, refused in IMPORTED.values())
    for refusal in report["refusals"]:
        assert set(refusal) >= {"file", "sheet", "row", "column", "value", "code", "detail"}
        assert set(refusal["detail"]) == {"id", "en"}
    return report


def reads_over_rest(officer: httpx2.Client) -> str:
    """The map, one placement and a page of talents; returns a NIP of box 8."""
    nine_box = officer.get("/v1/nine-box").json()
    assert (nine_box["asOf"], nine_box["total"], nine_box["assessed"]) == ("2025-12-04", 592, 67)
    assert {box["box"]: box["count"] for box in nine_box["boxes"]} == BOXES
    page = officer.get("/v1/talents", params={"box": 8, "count": "true"}).json()
    assert page["totalCount"] == len(page["edges"]) == BOXES[8]
    nip: str = page["edges"][0]["node"]["nip"]
    placement = officer.get(f"/v1/talents/{nip}/placement").json()
    assert (placement["nip"], placement["box"], placement["missing"]) == (nip, 8, [])
    assert len(placement["trace"]) > 0
    return nip


def reads_the_same_over_graphql(officer: httpx2.Client, nip: str) -> None:
    query = """query ($nip: String!) {
        institution { name }
        nineBox { total assessed boxes { box count } }
        talent(nip: $nip) { nip name placement { box talentValue performance { value } } }
    }"""
    answer = officer.post("/graphql", json={"query": query, "variables": {"nip": nip}}).json()
    assert "errors" not in answer
    data, placement = answer["data"], officer.get(f"/v1/talents/{nip}/placement").json()
    assert data["institution"]["name"] == DUMAI
    assert (data["nineBox"]["total"], data["nineBox"]["assessed"]) == (592, 67)
    assert {box["box"]: box["count"] for box in data["nineBox"]["boxes"]} == BOXES
    assert data["talent"] == {
        "nip": nip,
        "name": officer.get(f"/v1/talents/{nip}").json()["name"],
        "placement": {
            "box": 8,
            "talentValue": placement["talentValue"],
            "performance": {"value": placement["performance"]["value"]},
        },
    }


def sees_nothing_of_it(stranger: httpx2.Client, nip: str) -> None:
    """What belongs to another institution does not exist: the answer is that for a number nobody has."""
    for path in ("/v1/talents/{}", "/v1/talents/{}/placement"):
        answers = [stranger.get(path.format(number)) for number in (nip, "190001011900011999")]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].json()["code"] == answers[1].json()["code"] == "talent.not_found"
    asked = {"query": "query ($nip: String!) { institution { name } talent(nip: $nip) { name } }"}
    answer = stranger.post("/graphql", json={**asked, "variables": {"nip": nip}}).json()
    assert answer["data"] == {"institution": {"name": BONTANG}, "talent": None}


def imports_again_over_rest(officer: httpx2.Client, house: House, first: dict[str, Any]) -> None:
    """The same files report the same and change nothing."""
    paths = sorted((house.elsewhere / "berkas").iterdir())
    files = [("files", (path.name, path.read_bytes())) for path in paths]
    answer = officer.post("/v1/imports", files=files, data={"asOf": "2025-12-04"}, headers={"idempotency-key": "again"})
    assert answer.status_code == 201, answer.text
    again = answer.json()
    assert rows_of(again) == IMPORTED
    assert [refusal["detail"] for refusal in again["refusals"]] == [refusal["detail"] for refusal in first["refusals"]]
    assert set(again["changes"].values()) == {0}
    assert officer.get(answer.headers["location"]).json()["id"] == again["id"] != first["id"]
