"""The launcher of the private PostgreSQL, with real servers on directories of their own."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest

from app.dev import postgres
from app.dev.postgres import EmbeddedPostgres, EmbeddedPostgresError

IS_ROOT = os.geteuid() == 0
OWNER = """
import sys, time
from pathlib import Path
from app.dev.postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), durable=False).start()
print(server.process.pid, server.socket, flush=True)
time.sleep(60)
"""

STARTER = """
import subprocess, sys, time
from app.dev.postgres import stop_with_parent
deaf = "import signal, time; signal.signal(signal.SIGINT, lambda *_: None); print('deaf', flush=True); time.sleep(600)"
child = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE, preexec_fn=stop_with_parent)
child.stdout.readline()
print(child.pid, flush=True)
time.sleep(600)
"""
"""Starts a program in which the exception that SIGINT raises is lost, as it may be in one that only starts."""


@pytest.fixture
def directory() -> Iterator[Path]:
    """A short directory that the server's account may enter."""
    made = Path(tempfile.mkdtemp(prefix="nt-", dir="/var/tmp"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def owner(directory: Path) -> Iterator[Callable[[Path], tuple[subprocess.Popen[str], int, Path]]]:
    """Another process that starts a server: the process, the server's number and its socket directory."""
    started: list[subprocess.Popen[str]] = []

    def start(place: Path) -> tuple[subprocess.Popen[str], int, Path]:
        command = [sys.executable, "-c", OWNER, str(place)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        started.append(process)
        number, _, socket = (process.stdout.readline() if process.stdout else "").strip().partition(" ")
        return process, int(number), Path(socket)

    yield start
    for process in started:
        process.kill()
        process.communicate()
    postgres_is_gone(directory)


def a_server(place: Path, **but: bool) -> EmbeddedPostgres:
    return EmbeddedPostgres(place, durable=False, **but)


async def ask(server: EmbeddedPostgres, sql: str) -> object:
    connection = await asyncpg.connect(server.url())
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


def servers_of(directory: Path) -> list[int]:
    """Numbers of the servers on data below a directory; a child just forked still has its server's command line."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                command = (entry / "cmdline").read_bytes()
                if b"postgres" in command and b"-D" in command.split(b"\0") and bytes(directory) in command:
                    parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    return [process for process, parent in parents.items() if parent not in parents]


def is_running(process: int) -> bool:
    try:
        return (Path("/proc") / str(process) / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def wait_for_any(*paths: Path) -> None:
    while not any(path.exists() for path in paths):
        time.sleep(0.005)


def postgres_is_gone(directory: Path, patience: float = 60) -> bool:
    deadline = time.monotonic() + patience
    while there := servers_of(directory):
        if time.monotonic() > deadline:
            raise AssertionError(f"still there: {there}")
        time.sleep(0.02)
    return True


async def test_a_started_server_answers_keeps_its_data_and_ends_with_its_starter(directory: Path) -> None:
    with a_server(directory / "postgres") as server:
        assert servers_of(directory) == [server.process.pid if server.process else None]
        await ask(server, "CREATE TABLE kept AS SELECT 42 AS answer")
        assert await ask(server, "SHOW listen_addresses") == ""
        assert server.socket.stat().st_mode & 0o077 == 0
        assert server.data.stat().st_mode & 0o077 == 0
    assert servers_of(directory) == []
    with a_server(directory / "postgres") as server:
        assert await ask(server, "SELECT answer FROM kept") == 42


async def test_a_server_that_ends_by_itself_is_started_again_where_it_was(
    directory: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with a_server(directory / ("x" * 100)) as server, server.kept():  # too long for a socket
        await ask(server, "CREATE TABLE kept AS SELECT 42 AS answer")
        assert server.process is not None
        before = server.process
        os.kill(before.pid, signal.SIGINT)
        until = time.monotonic() + 20
        while server.process is before or len(server._pid_file()) < 8 or "ready" not in server._pid_file()[7]:
            assert time.monotonic() < until
            await asyncio.sleep(0.1)
        assert await ask(server, "SELECT answer FROM kept") == 42
    assert "PostgreSQL ended (0)" in capfd.readouterr().err
    assert postgres_is_gone(directory)


async def test_whoever_attaches_uses_the_same_server_and_leaves_it_running(directory: Path, owner) -> None:
    _, number, socket = owner(directory / "postgres")
    attached = a_server(directory / "postgres").start()
    assert (attached.process, attached.socket) == (None, socket)
    await ask(attached, "SELECT 1")
    attached.stop()
    assert servers_of(directory) == [number]


async def test_whoever_attaches_while_the_server_is_being_started_waits_for_it(directory: Path, owner) -> None:
    began = threading.Thread(target=owner, args=(directory / "postgres",))
    began.start()
    wait_for_any(directory / "postgres" / "data.part", directory / "postgres" / "data")
    with a_server(directory / "postgres") as attached:
        assert attached.process is None
        assert await ask(attached, "SELECT 1") == 1
    began.join()


async def test_a_server_that_another_owns_is_replaced_after_its_end_by_whoever_waits(
    directory: Path, owner, capfd: pytest.CaptureFixture[str]
) -> None:
    process, number, _ = owner(directory / "postgres")
    threading.Timer(0.5, process.kill).start()
    with a_server(directory / "postgres", wait=True) as server:
        assert process.poll() == -signal.SIGKILL
        assert servers_of(directory) == [server.process.pid if server.process else None] != [number]
        assert await ask(server, "SELECT 1") == 1
    assert "waiting: another command uses" in capfd.readouterr().err


async def test_a_server_goes_with_its_killed_owner_and_the_next_start_is_clean(directory: Path, owner) -> None:
    process, _, _ = owner(directory / "postgres")
    process.kill()
    assert process.wait() == -signal.SIGKILL
    with a_server(directory / "postgres") as server:  # at once: the old server may be on its way out
        assert servers_of(directory) == [server.process.pid if server.process else None]
        assert await ask(server, "SELECT 1") == 1
    process, _, _ = owner(directory / "postgres")
    process.kill()
    assert postgres_is_gone(directory)


async def test_an_initialisation_that_was_cut_off_is_begun_again(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, cut_off = postgres.find_bindir(), directory / "bin"
    cut_off.mkdir()
    # initdb writes the version first: from then on an unfinished directory looks like a finished one
    script(cut_off / "initdb", 'mkdir "$2" && echo 18 > "$2/PG_VERSION"; echo cut off >&2; exit 1')
    script(cut_off / "postgres", f'exec {real / "postgres"} "$@"')
    with monkeypatch.context() as environment:
        environment.setenv("PG_BINDIR", str(cut_off))
        with pytest.raises(EmbeddedPostgresError, match="cut off"):
            a_server(directory / "postgres").start()
    with a_server(directory / "postgres") as server:
        assert await ask(server, "SELECT 1") == 1


def script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_data_of_another_major_version_is_refused_and_left_alone(directory: Path) -> None:
    data = directory / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedPostgresError, match=r"was made by PostgreSQL 9, this is \d\d: choose another DATA_DIR"):
        a_server(directory / "postgres").start()
    assert [path.name for path in data.iterdir()] == ["PG_VERSION"]
    with pytest.raises(EmbeddedPostgresError, match="was made by"):  # the lock was given back
        a_server(directory / "postgres").start()


@pytest.mark.parametrize("name", ["p" * 120, "dengan spasi, koma dan é"])
async def test_a_path_that_is_too_long_or_unusual_for_a_socket_works(directory: Path, name: str, owner) -> None:
    place = directory / name / "postgres"
    with a_server(place) as server:
        assert await ask(server, "SELECT 1") == 1
        assert server.socket.parent == Path("/tmp")  # noqa: S108 - made by mkdtemp
        near = server.socket
    assert not near.exists()
    process, _, killed = owner(place)
    process.kill()
    process.wait()
    with a_server(place) as server:
        assert await ask(server, "SELECT 1") == 1
        assert not killed.exists(), "what the killed owner left is removed by the next start"


@pytest.mark.parametrize("account", [os.geteuid()])
async def test_below_a_private_directory_root_falls_back_and_a_user_does_not(
    directory: Path, account: int, capfd: pytest.CaptureFixture[str]
) -> None:
    (directory / "home" / "data").mkdir(parents=True)
    (directory / "home").chmod(0o700)
    wanted = directory / "home" / "data" / "postgres"
    server = a_server(wanted)
    try:
        with server:
            assert await ask(server, "SELECT 1") == 1
            assert (server.directory == wanted) is (account != 0)
        if account == 0:
            assert "the database lives in" in capfd.readouterr().err
            assert server.directory.parent == directory.parent
            assert a_server(wanted).directory == server.directory
    finally:
        shutil.rmtree(server.directory)


def test_a_place_that_cannot_be_written_to_is_refused_with_a_sentence(directory: Path) -> None:
    (directory / "file").write_text("")
    with pytest.raises(EmbeddedPostgresError, match=r"/file cannot be used \(.+\): set DATA_DIR to another place"):
        a_server(directory / "file" / "postgres")


def test_without_any_postgresql_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(postgres.shutil, "which", lambda name: None)
    monkeypatch.setattr(postgres.Path, "glob", lambda *_: iter(()))
    monkeypatch.setenv("PG_BINDIR", "/nowhere")
    with pytest.raises(EmbeddedPostgresError, match="set DATABASE_URL or PG_BINDIR"):
        postgres.find_bindir()


@pytest.mark.parametrize("owner_of_data", [pwd.getpwnam("nobody").pw_uid if IS_ROOT else os.geteuid()])
def test_root_runs_the_server_as_whoever_owns_the_data(directory: Path, owner_of_data: int) -> None:
    place = directory / "postgres"
    place.mkdir()
    os.chown(place, owner_of_data, -1)
    with a_server(place) as server:
        assert server.process is not None
        assert Path(f"/proc/{server.process.pid}").stat().st_uid == owner_of_data


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody tells a child that its parent has died")
def test_a_child_that_loses_an_interruption_ends_with_its_killed_parent() -> None:
    parent = subprocess.Popen([sys.executable, "-c", STARTER], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()
    try:
        deadline = time.monotonic() + 60
        while is_running(child):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
