"""The commands: exit statuses, what goes to which stream, and the service against a given PostgreSQL."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import httpx2
import jwt
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.auth.development import DEVELOPMENT_KEY, development_issuer, development_key, sign
from app.auth.keys import published
from app.auth.secrets import hash_of
from app.auth.tokens import AUDIENCE, TokenVerifier
from app.cli import app
from app.db.database import open_database
from app.dev.installation import OWNER_ROLE
from app.domain.actors import Actor, ClientScope, Role
from app.domain.clients import KnownClient
from app.main import create_app
from app.settings import Settings
from tests.conftest import DUMAI, as_superuser, url_of
from tests.factories import a_nip, an_employee, write_csv
from tests.providers import in_production

ROOT = Path(__file__).resolve().parents[2]
AS_OF = ("--as-of", "2025-12-04")


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str


Command = Callable[..., Outcome]


@pytest.fixture
def command(
    database_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """A command of the application, with the test server as DATABASE_URL."""
    monkeypatch.setenv("DATABASE_URL", url_of(database_name, OWNER_ROLE))
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> Outcome:
        status, said = 0, ""
        try:
            app(list(arguments))
        except SystemExit as end:
            # as the interpreter ends with it: a sentence goes to standard error and means 1
            status, said = (1, end.code) if isinstance(end.code, str) else (end.code or 0, "")
        printed = capsys.readouterr()
        return Outcome(status, printed.out, printed.err + said)

    return run


@pytest.fixture
def name() -> str:
    return f"Pemerintah Kota Perintah {uuid4().hex[:8]}"


@pytest.fixture
def folder(tmp_path: Path, name: str) -> Path:
    """One employee who is accepted and one whose number has a digit too few."""
    made = tmp_path / "berkas"
    made.mkdir()
    write_csv(made, "data-asn", [an_employee(a_nip(), name), an_employee(a_nip()[:-1], name)])
    return made


def is_registered(command: Command, name: str) -> bool:
    return command("token", "--institution", name, "--role", "hr-officer").status == 0


# ── import


def test_refused_rows_do_not_stop_an_import_and_paths_are_the_callers(
    command: Command, folder: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    done = command("import", folder.name, "--institution", name, *AS_OF, "--create", "--json")
    assert (done.status, done.err) == (0, "")
    report = json.loads(done.out)
    assert report["files"] == [
        {
            "file": "data-asn.csv",
            "sheets": [{"sheet": "data-asn", "rows": 2, "accepted": 1, "duplicates": 0, "refused": 1}],
        }
    ]
    (refusal,) = report["refusals"]
    assert (refusal["row"], refusal["column"], refusal["code"]) == (3, "NIP BARU", "nip.length")
    shown = command("import", f"{folder.name}/data-asn.csv", "--institution", name.upper(), *AS_OF)
    assert shown.status == 0
    assert "nip.length" in shown.out
    assert "nothing: all of it was there already" in shown.out
    write_csv(folder, "data-asn", [an_employee(a_nip()[:-1], name)])
    assert "nothing: no row was accepted" in command("import", folder.name, "--institution", name, *AS_OF).out


def test_an_unknown_institution_is_refused_in_both_languages(command: Command, folder: Path, name: str) -> None:
    refused = command("import", str(folder), "--institution", name, *AS_OF)
    assert (refused.status, refused.out) == (1, "")
    assert refused.err.splitlines() == [
        f"Tidak ada instansi bernama {name}; periksa ejaannya, atau tambahkan --create.",
        f"No institution is named {name}; check the spelling, or add --create.",
    ]
    as_json = command("import", str(folder), "--institution", name, *AS_OF, "--json")
    assert as_json.status == 1
    report = json.loads(as_json.out)
    assert (report["files"], report["refusals"]) == ([], [])
    assert report["error"]["code"] == "institution.unknown"
    assert set(report["error"]["detail"]) == {"id", "en"}


def test_a_truncated_workbook_refuses_the_import_and_founds_nothing(command: Command, folder: Path, name: str) -> None:
    (folder / "riwayat.xlsx").write_bytes((DUMAI / "riwayat.xlsx").read_bytes()[:20_000])
    refused = command("import", str(folder), "--institution", name, *AS_OF, "--create")
    assert (refused.status, refused.out) == (1, "")
    assert [line.startswith("riwayat.xlsx ") for line in refused.err.splitlines()] == [True, True]
    assert not is_registered(command, name)


def test_all_or_nothing_stores_nothing_when_a_row_is_refused(command: Command, folder: Path, name: str) -> None:
    options = ("--institution", name, *AS_OF, "--create", "--all-or-nothing", "--json")
    refused = command("import", str(folder), *options)
    report = json.loads(refused.out)
    assert (refused.status, report["stored"], len(report["refusals"])) == (1, False, 1)
    assert command("import", str(folder), *options, "--dry-run").status == 1
    assert not is_registered(command, name)
    write_csv(folder, "data-asn", [an_employee(a_nip(), name)])
    assert command("import", str(folder), *options).status == 0
    assert is_registered(command, name)


def test_a_dry_run_reports_and_stores_nothing(command: Command, folder: Path, name: str) -> None:
    tried = command("import", str(folder), "--institution", name, *AS_OF, "--create", "--dry-run", "--json")
    report = json.loads(tried.out)
    assert (tried.status, report["stored"], len(report["refusals"])) == (0, False, 1)
    assert report["changes"]["talents"] == 1
    assert not is_registered(command, name)


@pytest.mark.parametrize("missing", ["tidak-ada", "kosong", "tidak-ada.xlsx"])
def test_a_folder_without_files_is_refused_in_both_languages(
    command: Command, tmp_path: Path, name: str, missing: str
) -> None:
    (tmp_path / "kosong").mkdir()
    refused = command("import", str(tmp_path / missing), "--institution", name, "--create")
    assert (refused.status, refused.out) == (1, "")
    assert [line.split()[0] for line in refused.err.splitlines()] == ["Tidak", "There"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("import", "berkas"),
        ("import", "berkas", "--institution", "X", "--as-of", "04-12-2025"),
        ("token", "--role", "talent", "--institution", "X"),
        ("token", "--role", "unit-verifier", "--institution", "X"),
        ("token", "--role", "unit-verifier", "--institution", "X", "--unit", ""),
        ("token", "--role", "operator", "--institution", "X"),
        ("token", "--role", "hr-officer"),
        ("tidak-ada",),
    ],
)
def test_a_wrong_use_is_explained(command: Command, arguments: tuple[str, ...]) -> None:
    refused = command(*arguments)
    assert (refused.status, refused.out) == (2, "")
    assert "Usage:" in refused.err


# ── token


def test_a_token_is_printed_bare(command: Command, folder: Path, name: str, tmp_path: Path) -> None:
    command("import", str(folder), "--institution", name, *AS_OF, "--create", "--json")
    nip = a_nip()
    printed = command("token", "--institution", name, "--role", "talent", "--nip", nip)
    assert (printed.status, printed.err) == (0, "")
    assert printed.out.count("\n") == 1
    key = development_key(tmp_path / "data" / "development-issuer.pem").public_key()
    claims = jwt.decode(printed.out.strip(), key, algorithms=["EdDSA"], audience=AUDIENCE)
    assert (claims["role"], claims["nip"]) == ("talent", nip)


def test_a_token_says_which_unit_and_who(command: Command, folder: Path, name: str, tmp_path: Path) -> None:
    command("import", str(folder), "--institution", name, *AS_OF, "--create", "--json")
    key = development_key(tmp_path / "data" / "development-issuer.pem").public_key()
    verifier = TokenVerifier([development_issuer(key)])

    def bearer_of(*options: str) -> Actor:
        return asyncio.run(verifier.actor_of(command("token", "--institution", name, *options).out.strip()))

    of_unit = bearer_of("--role", "unit-verifier", "--unit", "U1")
    assert (of_unit.role, of_unit.unit_id) == (Role.UNIT_VERIFIER, "U1")
    members = [bearer_of("--role", "committee-member", "--subject", who) for who in ("rina", "tono")]
    assert [member.subject for member in members] == ["rina", "tono"]
    assert {member.role for member in members} == {Role.COMMITTEE_MEMBER}
    assert bearer_of("--role", "auditor").subject == "development auditor"
    nips = [a_nip(), a_nip()]
    one, other, again = [bearer_of("--role", "talent", "--nip", nip).subject for nip in (*nips, nips[0])]
    assert one == again != other
    assert one == f"development talent {sha256(nips[0].encode()).hexdigest()[:8]}"
    assert of_unit.subject != bearer_of("--role", "unit-verifier", "--unit", "U2").subject


def test_a_token_for_a_unit_verifier_asks_for_the_unit(command: Command) -> None:
    assert "--unit" in command("token", "--role", "unit-verifier", "--institution", "X").err


def test_there_is_no_token_for_an_unknown_institution(command: Command, name: str) -> None:
    refused = command("token", "--institution", name, "--role", "hr-officer")
    assert (refused.status, refused.out) == (1, "")
    assert name in refused.err


# ── settings and databases that will not do


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("PORT", "http", "port: Input should be a valid integer"),
        ("DATABASE_URL", "postgresql://nobody@/none?host=/nowhere", "the database of DATABASE_URL does not answer"),
        ("DATABASE_URL", "mysql", "DATABASE_URL is no address of a database"),
        ("DATABASE_URL", "postgresql://app:geheim@x:SECRETPART/y@127.0.0.1:1/t", "percent-encoded"),
        ("DATABASE_URL", "{empty}", "up to date (./nusatalenta migrate)?"),
        ("ENVIRONMENT", "staging", "environment: Input should be 'development' or 'production'"),
    ],
)
def test_what_cannot_work_is_said_in_a_sentence(
    command: Command, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(variable, value.replace("{empty}", url_of("postgres")))
    refused = command("token", "--institution", "X", "--role", "hr-officer")
    assert (refused.status, refused.out) == (1, "")
    assert sentence in refused.err
    assert [part for part in ("Traceback", "SECRETPART") if part in refused.err] == []


# ── migrate and serve


@pytest_asyncio.fixture
async def empty_database() -> AsyncIterator[str]:
    """The address of a database without a schema, for its owner."""
    database = f"empty_{uuid4().hex[:8]}"
    await as_superuser(f"CREATE DATABASE {database} OWNER {OWNER_ROLE}")
    yield url_of(database, OWNER_ROLE)
    await as_superuser(f"DROP DATABASE {database} WITH (FORCE)")


def test_migrate_and_serve_with_a_given_database(empty_database: str, tmp_path: Path) -> None:
    """An operator's steps: an empty database, its schema, the service with the issuer's key."""
    address = empty_database
    environment = {"DATABASE_URL": address.replace("postgresql:", "postgres:"), "DATA_DIR": str(tmp_path / "data")}
    migrated = subprocess.run(
        [ROOT / "nusatalenta", "migrate"],
        cwd=tmp_path,
        env=bare(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    assert migrated.returncode == 0, migrated.stderr
    issuer, key = "https://sso.example.go.id", Ed25519PrivateKey.generate()
    trusted = in_production(tmp_path, {"issuer": issuer, "jwks": {"keys": [published(key.public_key())]}})
    actor = Actor(uuid4(), Role.HR_OFFICER, "officer", "198501012010011001")
    own = development_key(tmp_path / "data" / DEVELOPMENT_KEY)  # the file is there, and does not count
    with serving(tmp_path, trusted | environment) as service:
        answers = {
            "issuer": service.get("/v1/institutions", headers=bearer(issued(issuer, key, actor))),
            "development": service.get("/v1/institutions", headers=bearer(sign(actor, own))),
            "documentation": service.get("/docs"),
        }
        assert {asked: answer.status_code for asked, answer in answers.items()} == {
            "issuer": 200,
            "development": 401,
            "documentation": 404,
        }
    assert list(tmp_path.glob("data/postgres")) == [], "with DATABASE_URL nothing is started"


@pytest.mark.parametrize("absent", ["TOKEN_ISSUERS", "SERVICE_URL", "SIGNING_KEY"])
def test_production_does_not_start_without_knowing_whose_tokens_count(
    absent: str, command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for variable, value in in_production(tmp_path, {"issuer": "https://sso.example.go.id"}).items():
        monkeypatch.setenv(variable, value)
    monkeypatch.delenv(absent)
    refused = command("serve")
    assert (refused.status, refused.out) == (1, "")
    assert refused.err.startswith("set ")
    assert absent in refused.err


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("TOKEN_ISSUERS", "[]", "TOKEN_ISSUERS: "),
        ("TOKEN_ISSUERS", '[{"issuer": "http://sso.example.go.id"}]', "must begin with https://"),
        ("SIGNING_KEY", "no key", "SIGNING_KEY"),
        ("SERVICE_URL", "http://talenta.example.go.id", "must begin with https://"),
        ("SERVICE_URL", "https://sso.example.go.id", "named more than once"),
    ],
)
def test_production_does_not_start_where_it_would_trust_anybody(
    variable: str, value: str, sentence: str, command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, told in in_production(tmp_path, {"issuer": "https://sso.example.go.id"}).items():
        monkeypatch.setenv(name, told)
    if variable == "SERVICE_URL":
        monkeypatch.setenv(variable, value)
    else:
        Path(os.environ[variable]).write_text(value)
    refused = command("serve")
    assert (refused.status, refused.out) == (1, "")
    assert sentence in refused.err
    assert "Traceback" not in refused.err


def test_production_signs_no_tokens_for_people(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    refused = command("token", "--institution", "X", "--role", "hr-officer")
    assert (refused.status, refused.out) == (1, "")
    assert "TOKEN_ISSUERS" in refused.err


@pytest.mark.parametrize("words", [("demo",), ("run",)], ids=" ".join)
def test_production_is_given_no_invented_institutions(
    command: Command, monkeypatch: pytest.MonkeyPatch, database_name: str, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("DATABASE_URL", url_of(database_name, OWNER_ROLE))
    refused = command(*words)
    assert (refused.status, refused.out) == (1, "")
    assert "invented people" in refused.err


@pytest.mark.parametrize("words", [("migrate",), ("serve",), ("jobs",), ("audit", "verify")], ids=" ".join)
def test_production_uses_no_database_that_nobody_named(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: tuple[str, ...]
) -> None:
    for name, told in in_production(tmp_path, {"issuer": "https://sso.example.go.id"}).items():
        monkeypatch.setenv(name, told)
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "new"))
    refused = command(*words)
    assert (refused.status, refused.out) == (1, "")
    assert "DATABASE_URL" in refused.err
    assert not (tmp_path / "new" / "postgres").exists()


# ── client


def test_a_client_is_registered_and_its_secret_printed_once(
    command: Command, folder: Path, name: str, database_name: str
) -> None:
    command("import", str(folder), "--institution", name, *AS_OF, "--create", "--json")
    options = ("--name", "SIMPEG", "--scope", "talents:read", "--scope", "disclosures")
    refused = command("client", "--institution", name, *options)
    assert (refused.status, refused.out) == (1, "")
    assert "UU 27/2022" in refused.err
    made = command("client", "--institution", name, *options, "--agreement", "PKS-12/2026")
    assert (made.status, made.err) == (0, "")
    told = dict(line.split("=", 1) for line in made.out.splitlines())

    async def known() -> KnownClient | None:
        async with open_database(url_of(database_name)) as db:
            return await db.find_client(told["client_id"])

    client = asyncio.run(known())
    assert client is not None
    assert (client.scopes, client.hashes) == (
        frozenset({ClientScope.TALENTS_READ, ClientScope.DISCLOSURES}),
        (hash_of(told["client_secret"]),),
    )


def test_there_is_no_client_of_an_unknown_institution(command: Command, name: str) -> None:
    refused = command("client", "--institution", name, "--name", "SIMPEG", "--scope", "talents:read")
    assert (refused.status, refused.out) == (1, "")
    assert name in refused.err


def bare(settings: dict[str, str]) -> dict[str, str]:
    """The environment of somebody else's shell, with these settings."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": path, "HOME": os.environ.get("HOME", "/"), **settings}


@contextmanager
def serving(directory: Path, settings: dict[str, str]) -> Iterator[httpx2.Client]:
    """`./nusatalenta serve` until the block ends; then SIGTERM must end it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = directory / "serve.log"
    with log.open("wb") as stream:
        environment = bare(settings | {"PORT": str(port)})
        process = subprocess.Popen(
            [ROOT / "nusatalenta", "serve"], cwd=directory, env=environment, stdout=stream, stderr=stream
        )
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}") as client:
            wait_for(process, client, log)
            yield client
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        assert "Traceback" not in log.read_text()
    finally:
        process.kill()
        process.wait()


def wait_for(process: subprocess.Popen[bytes], client: httpx2.Client, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if client.get("/health/ready").status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def issued(issuer: str, key: Ed25519PrivateKey, actor: Actor) -> str:
    now = datetime.now(UTC)
    claims = {"iss": issuer, "aud": AUDIENCE, "sub": actor.subject, "iat": now, "exp": now + timedelta(minutes=5)}
    roles = {"realm_access": {"roles": [actor.role.value]}}
    whose = {"institution": str(actor.institution_id), "nip": actor.nip}
    return jwt.encode(claims | roles | whose, key, "EdDSA")


# ── audit


def test_an_audit_names_what_was_changed(
    own_database_name: str, command: Command, monkeypatch: pytest.MonkeyPatch, folder: Path, name: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url_of(own_database_name, OWNER_ROLE))
    command("import", str(folder), "--institution", name, *AS_OF, "--create", "--json")
    asyncio.run(as_superuser("SELECT chain_ledger(1000)", own_database_name))
    whole = command("audit", "verify")
    assert (whole.status, whole.err) == (0, "")
    assert "Buku besar utuh: 3 entri" in whole.out
    position, _, hashed = whole.out.split("Keep ")[1].split(" ")[0].partition(":")
    assert command("audit", "verify", "--head", f"{position}:{hashed}").status == 0
    assert command("audit", "verify", "--head", f"{int(position) + 1}:{hashed}").status == 1
    changed = "UPDATE ledger_entry SET subject = 'nobody' WHERE type = 'filesImported'"
    asyncio.run(as_superuser(changed, own_database_name))
    told = command("audit", "verify", "--json")
    [finding] = json.loads(told.out)["findings"]
    assert (told.status, finding["damage"]) == (1, "entry_changed")
    said = command("audit", "verify")
    assert (said.status, said.err) == (1, "")
    assert f"entry {finding['entry_id']} of institution {finding['institution_id']}" in said.out


@pytest.mark.parametrize("head", ["12", ":", "x:" + "0" * 64, "1:" + "0" * 63, "1:" + "G" * 64, "-1:" + "0" * 64])
def test_a_head_that_is_none_is_refused(command: Command, head: str) -> None:
    refused = command("audit", "verify", "--head", head)
    assert (refused.status, refused.out) == (2, "")
    assert "POSITION:HASH" in refused.err


# ── help


def test_documents_of_a_folder_become_a_file_that_the_service_trusts(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "documents" / "below"
    folder.mkdir(parents=True)
    (folder / "own.graphql").write_text("query Own { institution { id } }\n")
    printed = command("trusted-documents", str(folder.parent))
    assert (printed.status, printed.err) == (0, "")
    assert list(json.loads(printed.out).values()) == ["query Own { institution { id } }\n"]
    file = tmp_path / "trusted.json"
    file.write_text(printed.out)
    create_app(Settings(environment="development", data_dir=tmp_path, trusted_documents=file), "postgresql://")
    (folder / "wrong.graphql").write_text("{ nope }")
    refused = command("trusted-documents", str(folder.parent))
    assert (refused.status, refused.out) == (1, "")
    assert refused.err.endswith("wrong.graphql is not valid: Cannot query field 'nope' on type 'Query'.")


def test_every_command_says_what_it_does(command: Command) -> None:
    overview = command("--help")
    assert overview.status == 0
    for name in ("run", "import", "token", "serve", "migrate", "demo", "worker", "audit"):
        assert f" {name} " in overview.out
        assert command(name, "--help").status == 0
    described = command("import", "--help").out
    for option in ("--institution", "--as-of", "--create", "--dry-run", "--all-or-nothing", "--json"):
        assert option in described


@pytest.mark.parametrize(("arguments", "status"), [(["-h"], 0), (["--help"], 0), ([], 2)])
def test_the_bootstrap_explains_itself(arguments: list[str], status: int, tmp_path: Path) -> None:
    shown = subprocess.run(
        [ROOT / "nusatalenta", *arguments], cwd=tmp_path, env=bare({}), capture_output=True, text=True, check=False
    )
    assert shown.returncode == status
    assert "./nusatalenta run" in shown.stdout
