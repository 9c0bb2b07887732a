"""The commands of an installation; `app.dev.cli` adds run, demo and bench."""

from __future__ import annotations

import asyncio
import json
import re
import sys
import tempfile
import time
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID, uuid4

import asyncpg
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table
from sqlalchemy.exc import DBAPIError
from typer.core import TyperGroup

from app.api.graphql.trusted import BadDocumentsError, gather_documents
from app.db.database import Database, UnsafeRoleError
from app.db.migrations import ROOT
from app.db.migrations import migrate as bring_up_to_date
from app.db.whole_ledger import open_ledger
from app.dev import cli as development
from app.dev.installation import NoAnswerError, installed, with_database
from app.dev.postgres import EmbeddedPostgresError
from app.domain import told_events
from app.domain.actors import Actor, ClientScope, Role
from app.domain.chain import Head
from app.domain.errors import Invalid, NotFound, TalentError
from app.domain.messages import sentence
from app.domain.nine_box import BOX_OF
from app.jobs.shown import table_of_jobs
from app.services import clients, imports, placements
from app.services.audit import Verdict, verify_ledger
from app.services.clients import RegisterClient
from app.services.field_faults import faults_of
from app.services.import_report import DeliveredFile, Report, SeatsReport
from app.services.imports import ImportFiles
from app.settings import MEGABYTE, MisconfiguredError, Settings
from app.sheets.reading import Limits
from app.sheets.temporary import keep_temporary_files_in

SENTENCES = (BadDocumentsError, EmbeddedPostgresError, MisconfiguredError, NoAnswerError, UnsafeRoleError)


AS_OWNER = "This role may not do it: connect as the owner of the schema (DATABASE_URL)."
UP_TO_DATE = "Is its schema up to date (./nusatalenta migrate)?"


class _Commands(TyperGroup):
    """Commands whose failures outside our reach (settings, database, files) end in a sentence, not in a traceback."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - what the command returns
        try:
            return super().invoke(ctx)
        except ValidationError as error:
            sys.exit("\n".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()))
        except (asyncpg.PostgresError, DBAPIError) as error:
            said = error.orig if isinstance(error, DBAPIError) else error
            is_forbidden = getattr(said, "sqlstate", None) == asyncpg.InsufficientPrivilegeError.sqlstate
            sys.exit(f"the database refuses: {said}\n{AS_OWNER if is_forbidden else UP_TO_DATE}")
        except (OSError, *SENTENCES) as error:
            sys.exit(str(error))

    def main(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - what the base class takes and returns
        return super().main(*args, **{"prog_name": "./nusatalenta"} | kwargs)


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="Talent management for Indonesia's civil service.",
)
app.add_typer(development.app)
audit = typer.Typer(no_args_is_help=True, help="Look at the ledger itself.")
app.add_typer(audit, name="audit")
SPREADSHEETS = (".xlsx", ".csv")
Map = dict[str, Any]


@app.command()
def serve() -> None:
    """Serve the API on HOST:PORT with the database of DATABASE_URL. The schema must be up to date (`migrate`)."""
    from app.main import serve_until_stopped  # noqa: PLC0415 - the doors are half of what there is to load

    settings = Settings()
    with installed(settings) as installation:
        serve_until_stopped(settings, installation.url)


@app.command()
def worker() -> None:
    """Do background work and chain the ledger until stopped. Any number of workers may run beside each other."""
    from app.jobs.worker import work_until_stopped  # noqa: PLC0415 - its queue is slow to load

    settings = Settings()
    with installed(settings) as installation:
        work_until_stopped(settings, installation.url)


@app.command()
def jobs() -> None:
    """Print how many background jobs of all institutions wait, run or failed, and since when the oldest is there."""
    Console().print(table_of_jobs(with_database(Settings(), Database.count_jobs)))


@app.command()
def migrate() -> None:
    """Bring the database of DATABASE_URL to the present schema. Needs the owner of the schema."""
    with installed(Settings()) as installation:
        asyncio.run(bring_up_to_date(installation.owner_url))


@app.command()
def contracts(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; fail if a file is out of date.")] = False,
) -> None:
    """Write openapi/openapi.json, openapi/schema.graphql and docs/event-types.md from the application."""
    from app.api.graphql import schema as graphql  # noqa: PLC0415 - the doors are half of what there is to load
    from app.main import create_app  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as directory:
        described = create_app(Settings(environment="development", data_dir=Path(directory)), "postgresql://")
    contents = {
        "openapi/openapi.json": json.dumps(described.openapi(), indent=2, ensure_ascii=False) + "\n",
        "openapi/schema.graphql": graphql.sdl(),
        "docs/event-types.md": told_events.described(),
    }
    stale = [name for name, text in contents.items() if not (ROOT / name).exists() or (ROOT / name).read_text() != text]
    if check and stale:
        sys.exit(f"out of date: {', '.join(stale)}; run ./nusatalenta contracts")
    for name in stale:
        (ROOT / name).write_text(contents[name])
        print(f"wrote {name}")


@app.command()
def trusted_documents(
    folder: Annotated[Path, typer.Argument(help="A folder with .graphql files.")],
) -> None:
    """Print the GraphQL documents of a folder as a file for TRUSTED_DOCUMENTS; refuse those that are not valid."""
    from app.api.graphql import schema as graphql  # noqa: PLC0415 - slow to load

    print(json.dumps(gather_documents(folder, graphql.COMPILED_SCHEMA), indent=2, ensure_ascii=False))


@app.command(name="import")
def import_folder(
    folder: Annotated[Path, typer.Argument(help="A folder with XLSX and CSV files, or one such file.")],
    institution: Annotated[str, typer.Option(help="The institution's official name.")],
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day the files describe; unless told, the map's, or today."),
    ] = None,
    create: Annotated[
        bool, typer.Option("--create", help="Register the institution if there is none of that name.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report everything, store nothing.")] = False,
    all_or_nothing: Annotated[
        bool, typer.Option("--all-or-nothing", help="Store nothing if any row is refused.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Import what an HR office holds and place everybody in the nine-box map.

    Ends with 0 when the import went through (or would, with --dry-run), refused rows included, and with 1 when nothing
    is stored.
    """
    settings = Settings()
    keep_temporary_files_in(settings.data_dir)

    async def run(database: Database) -> tuple[Report, Map | None]:
        sheets, others = _files(folder)
        found = await database.find_institution(institution)
        if found is None and not create:
            raise NotFound("institution.unknown", name=institution)
        actor = Actor(found or uuid4(), Role.OPERATOR, "command line")
        day = as_of.date() if as_of else None
        command = ImportFiles(as_of=day, dry_run=dry_run, all_or_nothing=all_or_nothing)
        with _Bar(is_shown=sys.stderr.isatty()) as bar:
            report = await imports.import_files(
                database,
                actor,
                command,
                sheets,
                limits=Limits(settings.workbook_megabytes * MEGABYTE, settings.unpacked_megabytes * MEGABYTE),
                progress=bar.show,
                founding=institution if found is None else None,
            )

        report["unrecognised"] += [{"file": name, "sheet": ""} for name in others]
        if as_json or not report["stored"]:
            return report, None
        return report, json.loads(await placements.nine_box_document(database, actor))

    try:
        report, talent_map = with_database(settings, run)
    except TalentError as error:
        _print_refusal(error, as_json=as_json)
        raise typer.Exit(1) from error
    if as_json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        _print_report(report)
        if talent_map is not None:
            _print_map(talent_map)
    raise typer.Exit(0 if report["stored"] or (dry_run and not (all_or_nothing and report["refusals"])) else 1)


@app.command()
def client(
    institution: Annotated[str, typer.Option(help="The institution's official name.")],
    name: Annotated[str, typer.Option(help="What the system is called.")],
    scope: Annotated[list[ClientScope], typer.Option(help="What it may; several times for several.")],
    agreement: Annotated[
        str | None, typer.Option(help="Number of the data-sharing agreement; needed to reach other institutions.")
    ] = None,
    reaching: Annotated[
        list[str] | None, typer.Option(help="Official name of another institution whose cards it may ask for.")
    ] = None,
) -> None:
    """Register a system of an institution, and print its id and its secret, which is shown this once."""

    async def register(database: Database) -> clients.Credentials:
        own, *others = [await _institution(database, one) for one in (institution, *(reaching or ()))]
        actor = Actor(own, Role.OPERATOR, "command line")
        try:
            command = RegisterClient(name=name, scopes=scope, institutions=others, data_sharing_agreement=agreement)
        except ValidationError as error:
            raise Invalid("request.invalid", faults=faults_of(error.errors())) from error
        return await clients.register_client(database, actor, command)

    try:
        made = with_database(Settings(), register)
    except TalentError as error:
        for told in (error.detail, *(fault.detail for fault in error.faults)):
            print(f"{told['id']}\n{told['en']}", file=sys.stderr)
        raise typer.Exit(1) from error
    print(f"client_id={made.client_id}\nclient_secret={made.secret}")


async def _institution(database: Database, name: str) -> UUID:
    found = await database.find_institution(name)
    if found is None:
        raise NotFound("institution.none_named", name=name)
    return found


@audit.command(name="verify")
def verify(
    head: Annotated[
        str | None, typer.Option(metavar="POSITION:HASH", help="A head of the chain that was kept elsewhere.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdict as JSON.")] = False,
) -> None:
    """Compute the chain of the whole ledger again. Ends with 1 where anything was changed, removed or inserted.

    Needs the owner of the schema: nobody else sees every institution.
    """
    kept = _head(head)
    with installed(Settings()) as installation:
        verdict = asyncio.run(_verify(installation.owner_url, kept))
    if as_json:
        print(json.dumps(asdict(verdict), default=str))
    else:
        _print_verdict(verdict)
    sys.exit(1 if verdict.findings else 0)


@app.command(
    name="verify-run",
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def verify_run(context: typer.Context) -> None:
    """Check a round of national mobility from its published files: 0 verified, 1 rejected, 2 unusable."""
    from app.verifier.__main__ import main  # noqa: PLC0415 - loads the compiler, which no other command needs

    sys.exit(main(context.args, f"{context.find_root().info_name} verify-run"))


def _head(text: str | None) -> Head | None:
    if text is None:
        return None
    position, _, hashed = text.partition(":")
    if not position.isdecimal() or not re.fullmatch("[0-9a-f]{64}", hashed):
        raise typer.BadParameter("--head is POSITION:HASH, as /v1/ledger-head tells both")
    return Head(int(position), hashed)


async def _verify(owner_url: str, head: Head | None) -> Verdict:
    auditor = Actor(UUID(int=0), Role.OPERATOR, "command line", other_roles=frozenset({Role.AUDITOR}))
    async with open_ledger(owner_url) as whole:
        with _Bar(is_shown=sys.stderr.isatty(), patience=2) as bar:
            return await verify_ledger(whole, auditor, head, lambda done, total: bar.show("verifying", done, total))


def _print_verdict(verdict: Verdict) -> None:
    told = [
        sentence(
            f"ledger.{one.damage}",
            entry=one.entry_id,
            institution=one.institution_id,
            position=one.position or "–",
            until=one.until,
        )
        for one in verdict.findings
    ]
    if not told:
        head = f"{verdict.head.position}:{verdict.head.hash}" if verdict.head else "0"
        told.append(sentence("ledger.whole", entries=verdict.entries, unchained=verdict.unchained, head=head))
    if verdict.is_late:
        seconds = round(verdict.oldest_unchained_seconds or 0)
        told.append(sentence("ledger.late", unchained=verdict.unchained, seconds=seconds))
    for one in told:
        print(f"{one['id']}\n{one['en']}")
    if verdict.more:
        print(f"… {verdict.more:,}")


def _files(folder: Path) -> tuple[list[DeliveredFile], list[str]]:
    """The spreadsheets of a folder, and the names of its other files; hidden and lock files are left out."""
    if folder.is_file():
        return [DeliveredFile(folder, folder.name)], []
    there = folder.iterdir() if folder.is_dir() else ()
    found = sorted(path for path in there if path.is_file() and not path.name.startswith((".", "~$")))
    sheets = [DeliveredFile(path, path.name) for path in found if path.suffix.lower() in SPREADSHEETS]
    if not sheets:
        raise Invalid("import.no_spreadsheets", folder=folder)
    return sheets, [path.name for path in found if path.suffix.lower() not in SPREADSHEETS]


class _Bar:
    """Progress on the terminal; nothing where standard error is not one."""

    def __init__(self, *, is_shown: bool, patience: float = 0) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=Console(stderr=True), disable=not is_shown, transient=True)
        self._task = self._progress.add_task("reading", total=None)
        self._since = time.monotonic() + patience

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, what: str, done: int, total: int) -> None:
        if time.monotonic() < self._since:
            return
        self._progress.start()
        self._progress.update(self._task, description=what, completed=done, total=total or None)


def _print_refusal(error: TalentError, *, as_json: bool) -> None:
    if as_json:
        print(
            json.dumps(
                {"files": [], "refusals": [], "error": {"code": error.code, "detail": error.detail}}, ensure_ascii=False
            )
        )
    print(f"{error.detail['id']}\n{error.detail['en']}", file=sys.stderr)


def _print_report(report: Report) -> None:
    console = Console()
    table = Table(
        *map(_whole, ("file", "sheet")),
        *(Column(name, justify="right", no_wrap=True) for name in ("rows", "accepted", "duplicates", "refused")),
        title="Import",
    )
    for file in report["files"]:
        for sheet in file["sheets"]:
            numbers = (sheet["rows"], sheet["accepted"], sheet["duplicates"], sheet["refused"])
            table.add_row(escape(file["file"]), escape(sheet["sheet"]), *(f"{number:,}" for number in numbers))
    for unknown in report["unrecognised"]:
        table.add_row(escape(unknown["file"]), escape(unknown["sheet"]), "not recognised", style="dim")
    console.print(table)
    for title, remarks in (("Refused rows", report["refusals"]), ("To look at", report["notices"])):
        if remarks:
            listed = Table(*map(_whole, ("where", "value", "why")), title=f"{title}: {len(remarks):,}", show_lines=True)
            for remark in remarks[:MOST_SHOWN]:
                where = f"{remark['file']}\n{remark['sheet']}, row {remark['row']}\n{remark['column']}"
                why = f"{escape(remark['detail']['id'])}\n{escape(remark['detail']['en'])}\n[dim]{remark['code']}[/dim]"
                listed.add_row(escape(where), escape(remark["value"] or ""), why)
            console.print(listed)
            if len(remarks) > MOST_SHOWN:
                console.print(f"… and {len(remarks) - MOST_SHOWN:,} more: use --json")
    if report["seats"] is not None:
        console.print(_seats(report["seats"]))
    changed = {name: rows for name, rows in report["changes"].items() if rows}
    accepted = any(sheet["accepted"] for file in report["files"] for sheet in file["sheets"])
    nothing = "nothing: all of it was there already" if accepted else "nothing: no row was accepted"
    said = ", ".join(f"{name} {rows:,}" for name, rows in changed.items()) or nothing
    left_out = ", ".join(f"{reason} {people:,}" for reason, people in report["notMapped"].items())
    console.print(f"mapped {report['mapped']:,}{' · not mapped: ' + left_out if left_out else ''}")
    console.print(f"as of {report['asOf']} · {'changed' if report['stored'] else 'would change'}: {said}")


def _whole(header: str) -> Column:
    """A column of names, which go on in the next line where they do not fit."""
    return Column(header, overflow="fold")


def _seats(seats: SeatsReport) -> Table:
    """What the position map and its holders come to."""
    table = Table("posts", "seats", "held", "vacant", "beyond seats", "people without a post", title="Peta jabatan")
    names = ("posts", "seats", "held", "vacantSeats", "beyondSeats", "withoutPost")
    table.add_row(*(f"{seats[name]:,}" for name in names))  # type: ignore[literal-required]
    for column in table.columns:
        column.justify = "right"
    empty = ", ".join(f"{level} {number:,}" for level, number in seats["emptyPosts"].items())
    gone = f" · no longer delivered {seats['notDelivered']:,}" if seats["notDelivered"] else ""
    table.caption = f"empty posts: {empty or 'none'}{gone}"
    return table


def _print_map(talent_map: Map) -> None:
    """The nine boxes as committees draw them: performance upwards, potential to the right."""
    counts = {box["box"]: box["count"] for box in talent_map["boxes"]}
    title = f"Peta talenta {talent_map['asOf']}: {talent_map['total']:,} people, {talent_map['assessed']:,} assessed"
    table = Table("kinerja \\ potensial", "rendah", "menengah", "tinggi", title=title, show_lines=True)
    for label, boxes in reversed(list(zip(EXPECTATIONS, BOX_OF, strict=True))):
        table.add_row(label, *(f"[dim]{box}[/dim]  [bold]{counts[box]:,}[/bold]" for box in boxes))
    console = Console()
    console.print(table)
    console.print(
        f"{talent_map['notAssessed']:,} people are in no box because evidence is missing: see /v1/completeness"
    )


EXPECTATIONS = ("di bawah ekspektasi", "sesuai ekspektasi", "di atas ekspektasi")
MOST_SHOWN = 50
