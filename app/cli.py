"""The commands of an installation; `app.dev.cli` adds run, demo and bench."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import tempfile
import threading
from collections.abc import Coroutine
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
from rich.table import Table
from sqlalchemy.exc import DBAPIError
from typer.core import TyperGroup

from app.api.graphql import schema as graphql
from app.auth.tokens import development_key, sign
from app.db.database import Database, UnsafeRoleError, open_database
from app.db.migrations import ROOT
from app.db.migrations import migrate as bring_up_to_date
from app.dev import cli as development
from app.dev.demo import NATIONAL_AGENCY
from app.dev.installation import NoAnswerError, installed
from app.dev.postgres import EmbeddedPostgresError
from app.domain.actors import Actor, Role
from app.domain.errors import Invalid, NotFound, TalentError
from app.domain.nine_box import BOX_OF
from app.main import MisconfiguredError, create_app, keep_temporary_files_in, serve_until_stopped
from app.services import imports, placements
from app.services.import_report import DeliveredFile, Report
from app.services.imports import ImportFiles
from app.settings import MEGABYTE, Settings
from app.sheets.reading import Limits

SENTENCES = (EmbeddedPostgresError, MisconfiguredError, NoAnswerError, UnsafeRoleError)


class _Commands(TyperGroup):
    """Commands whose failures outside our reach (settings, database, files) end in a sentence, not in a traceback."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - what the command returns
        try:
            return super().invoke(ctx)
        except ValidationError as error:
            sys.exit("\n".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()))
        except (asyncpg.PostgresError, DBAPIError) as error:
            said = error.orig if isinstance(error, DBAPIError) else error
            sys.exit(f"the database refuses: {said}\nIs its schema up to date (./nusatalenta migrate)?")
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
SPREADSHEETS = (".xlsx", ".csv")
Map = dict[str, Any]


@app.command()
def serve() -> None:
    """Serve the API on HOST:PORT with the database of DATABASE_URL. The schema must be up to date (`migrate`)."""
    settings = Settings()
    with installed(settings) as installation:
        serve_until_stopped(settings, installation.url)


@app.command()
def worker() -> None:
    """Do background work. This version has none: the process waits until it is stopped."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    print("no background work in this version; waiting to be stopped", file=sys.stderr)
    stopped.wait()


@app.command()
def migrate() -> None:
    """Bring the database of DATABASE_URL to the present schema. Needs the owner of the schema."""
    with installed(Settings()) as installation:
        asyncio.run(bring_up_to_date(installation.owner_url))


@app.command()
def contracts(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; fail if a file is out of date.")] = False,
) -> None:
    """Write openapi/openapi.json and openapi/schema.graphql from the application."""
    with tempfile.TemporaryDirectory() as directory:
        described = create_app(Settings(environment="development", data_dir=Path(directory)), "postgresql://")
    contents = {
        "openapi/openapi.json": json.dumps(described.openapi(), indent=2, ensure_ascii=False) + "\n",
        "openapi/schema.graphql": graphql.sdl(),
    }
    stale = [name for name, text in contents.items() if not (ROOT / name).exists() or (ROOT / name).read_text() != text]
    if check and stale:
        sys.exit(f"out of date: {', '.join(stale)}; run ./nusatalenta contracts")
    for name in stale:
        (ROOT / name).write_text(contents[name])
        print(f"wrote {name}")


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
        report, talent_map = _with_database(settings, run)
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
def token(
    role: Annotated[Role, typer.Option(help="What its bearer may do; no token carries the role operator.")],
    institution: Annotated[
        str | None, typer.Option(help="The institution's official name; of a national actor that of BKN unless told.")
    ] = None,
    nip: Annotated[str | None, typer.Option(help="The employee number of a talent.")] = None,
    unit: Annotated[str | None, typer.Option(help="Id of the unit of a unit verifier; those below it count.")] = None,
    subject: Annotated[
        str | None, typer.Option(help="Who its bearer is; two committee members are two subjects.")
    ] = None,
) -> None:
    """Print a development token (12 hours). It is accepted by `run`, never by a production service."""
    settings = Settings()
    if role is Role.OPERATOR:
        raise typer.BadParameter("no token carries the role operator")
    if role is Role.TALENT and not nip:
        raise typer.BadParameter("a talent needs --nip")
    if role is Role.UNIT_VERIFIER and not unit:
        raise typer.BadParameter("a unit verifier needs --unit, the id of a unit")
    name = institution or (NATIONAL_AGENCY if role is Role.NATIONAL else None)
    if name is None:
        raise typer.BadParameter("--institution is needed")

    async def find(database: Database) -> UUID | None:
        return await database.find_institution(name)

    found = _with_database(settings, find)
    if found is None:
        sys.exit(f"no institution is named {name!r}")
    actor = Actor(found, role, subject or f"development {role.value}", nip, unit_id=unit)
    print(sign(actor, development_key(settings.data_dir / "development-issuer.pem")))


def _with_database(settings: Settings, use: Any) -> Any:  # noqa: ANN401 - what the use returns
    async def opened(url: str, owner_url: str) -> object:
        if settings.database_url is None:
            await bring_up_to_date(owner_url)  # a private database is always brought up to date by whoever uses it
        async with open_database(url) as database:
            work: Coroutine[Any, Any, object] = use(database)
            return await work

    with installed(settings) as installation:
        return asyncio.run(opened(installation.url, installation.owner_url))


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

    def __init__(self, *, is_shown: bool) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=Console(stderr=True), disable=not is_shown, transient=True)
        self._task = self._progress.add_task("reading", total=None)

    def __enter__(self) -> _Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, what: str, done: int, total: int) -> None:
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
        "file", "sheet", *(f"{name}" for name in ("rows", "accepted", "duplicates", "refused")), title="Import"
    )
    for column in table.columns[2:]:
        column.justify = "right"
    for file in report["files"]:
        for sheet in file["sheets"]:
            numbers = (sheet["rows"], sheet["accepted"], sheet["duplicates"], sheet["refused"])
            table.add_row(escape(file["file"]), escape(sheet["sheet"]), *(f"{number:,}" for number in numbers))
    for unknown in report["unrecognised"]:
        table.add_row(escape(unknown["file"]), escape(unknown["sheet"]), "not recognised", style="dim")
    console.print(table)
    for title, remarks in (("Refused rows", report["refusals"]), ("To look at", report["notices"])):
        if remarks:
            listed = Table("where", "value", "why", title=f"{title}: {len(remarks):,}", show_lines=True)
            for remark in remarks[:MOST_SHOWN]:
                where = f"{remark['file']}\n{remark['sheet']}, row {remark['row']}\n{remark['column']}"
                why = f"{escape(remark['detail']['id'])}\n{escape(remark['detail']['en'])}\n[dim]{remark['code']}[/dim]"
                listed.add_row(escape(where), escape(remark["value"] or ""), why)
            console.print(listed)
            if len(remarks) > MOST_SHOWN:
                console.print(f"… and {len(remarks) - MOST_SHOWN:,} more: use --json")
    changed = {name: rows for name, rows in report["changes"].items() if rows}
    said = ", ".join(f"{name} {rows:,}" for name, rows in changed.items()) or "nothing: all of it was there already"
    left_out = ", ".join(f"{reason} {people:,}" for reason, people in report["notMapped"].items())
    console.print(f"mapped {report['mapped']:,}{' · not mapped: ' + left_out if left_out else ''}")
    console.print(f"as of {report['asOf']} · {'changed' if report['stored'] else 'would change'}: {said}")


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
