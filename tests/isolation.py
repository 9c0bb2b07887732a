"""What a test of the wall needs: what only one institution holds, requests that fit, and the statements they cause."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx2
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
)

from app.dev.fuzz.bytewise import resolved
from tests.conftest import as_superuser

MARK = "QXBZ"
"""Stands in every text of the institution that is not to be seen, and nowhere else."""
SENTENCE = "Sesuai keputusan rapat komite tanggal 3 Maret."
UUIDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CURSORS = re.compile(r'"(?:cursor|startCursor|endCursor)"\s*:\s*"([A-Za-z0-9+/=_-]+)"')
ENTRY = re.compile(r"^\d{4}-\d\d-\d\d .*?\] (\S*) (\w+):  ", re.MULTILINE)
"""Of the server's log: the database, and the level of what is said."""
OF_THE_ANSWER = frozenset(
    {"x-request-id", "date", "ratelimit", "content-length"}
)  # how often one has asked, how long one's words are


@dataclass(frozen=True)
class Held:
    """What an institution holds: the id of a row by table, its numbers and words."""

    institution: UUID
    values: Mapping[str, str]
    nips: frozenset[str]
    ids: frozenset[str]


async def tables_of(database: str) -> list[str]:
    rows = await as_superuser(
        """SELECT table_name FROM information_schema.columns JOIN information_schema.tables USING (table_name)
           WHERE column_name = 'institution_id' AND table_type = 'BASE TABLE' ORDER BY 1""",
        database,
    )
    return [row[0] for row in rows]


async def rows_held(database: str, institution: UUID) -> dict[str, list[str]]:
    """Every row of an institution as text, by table; whoever reads it stands above all policies."""
    tables = await tables_of(database)
    selects = [f"SELECT '{t}', x::text FROM {t} x WHERE institution_id = '{institution}'" for t in tables]  # noqa: S608
    rows: dict[str, list[str]] = {table: [] for table in tables}
    for table, row in await as_superuser(" UNION ALL ".join(selects), database):
        rows[table].append(row)
    return {table: sorted(found) for table, found in rows.items()}


async def digests_of(above: asyncpg.Connection, tables: list[str], institution: UUID) -> dict[str, str]:
    """All rows of an institution as one number per table, in one statement of somebody above all policies."""
    selects = [
        f"SELECT '{t}', md5(string_agg(x::text, ';' ORDER BY x::text)) FROM {t} x WHERE institution_id = $1"  # noqa: S608
        for t in tables
    ]
    return dict(await above.fetch(" UNION ALL ".join(selects), institution))


async def held_by(database: str, institution: UUID, **but: str) -> Held:
    rows = await rows_held(database, institution)
    values = {"institution": str(institution)}
    with_ids = await as_superuser(
        """SELECT table_name, column_name FROM information_schema.columns
           WHERE column_name IN ('id', table_name || '_id') AND table_schema = 'public'""",
        database,
    )
    for table, column in with_ids:
        if rows.get(table):
            sql = f"SELECT min({column}::text) FROM {table} WHERE institution_id = '{institution}'"  # noqa: S608
            [(values[table],)] = await as_superuser(sql, database)
    of_institution = f"args -> 'actor' ->> 'institution_id' = '{institution}'"
    [(values["job"],)] = await as_superuser(
        f"SELECT min(id)::text FROM procrastinate_jobs WHERE {of_institution}",  # noqa: S608
        database,
    )
    values |= but
    nips = await as_superuser(f"SELECT nip FROM talent WHERE institution_id = '{institution}'", database)  # noqa: S608
    everything = "\n".join(row for found in rows.values() for row in found)
    return Held(institution, values, frozenset(row[0] for row in nips), frozenset(UUIDS.findall(everything)))


async def mark_texts(database: str, institution: UUID) -> None:
    """Write the mark into the names of an institution's people, units, cycles and drafts, past every trigger."""
    columns = (
        ("talent", "name"), ("talent", "position"), ("org_unit", "name"), ("cycle", "name"), ("client", "name"),
        ("regulation_reference", "name"), ("regulation_reference", "title"), ("training", "name"), ("award", "name"),
    )  # fmt: skip
    known = {
        tuple(row)
        for row in await as_superuser("SELECT table_name, column_name FROM information_schema.columns", database)
    }
    statements = [
        f"UPDATE {table} SET {column} = '{MARK} ' || {column} WHERE institution_id = '{institution}'"  # noqa: S608
        for table, column in columns
        if (table, column) in known
    ]
    statements.append(f"UPDATE institution SET name = name || ' {MARK}' WHERE id = '{institution}'")  # noqa: S608
    script = "; ".join(statements)
    body = f"SET LOCAL session_replication_role = replica; {script};"
    await as_superuser(f"DO $script$ BEGIN {body} END $script$", database)


# ── requests that fit


def fitting(schema: Mapping[str, Any], document: Mapping[str, Any], name: str = "") -> Any:
    """The least JSON that a schema takes."""
    schema = resolved(schema, document)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return fitting(schema[choice][0], document, name)
    kind = schema.get("type")
    match kind[0] if isinstance(kind, list) else kind:
        case "object":
            wanted = schema.get("required", ()) or list(schema.get("properties", {}))[: schema.get("minProperties", 0)]
            return {one: fitting(schema["properties"][one], document, one) for one in wanted}
        case "array":
            return [fitting(schema["items"], document, name)] * schema.get("minItems", 0)
        case "integer" | "number":
            return max(1, schema.get("minimum", 1))
        case "boolean":
            return False
        case "string":
            return _text(schema.get("format", ""), schema.get("maxLength"))
    return {}


def _text(form: str, longest: int | None) -> str:
    fixed = {
        "date": "2025-12-04",
        "uuid": str(uuid4()),
        "date-time": "2025-12-04T00:00:00Z",
        "uri": "https://a.example/",
    }
    return fixed.get(form, SENTENCE[:longest])


def fitting_input(kind: Any, name: str = "") -> Any:
    """The least value that an input of GraphQL takes."""
    if isinstance(kind, GraphQLNonNull):
        return fitting_input(kind.of_type, name)
    if isinstance(kind, GraphQLList):
        return []
    if isinstance(kind, GraphQLEnumType):
        return "calibration" if name == "phase" else min(kind.values)
    if isinstance(kind, GraphQLInputObjectType):
        needed = {one: field for one, field in kind.fields.items() if isinstance(field.type, GraphQLNonNull)}
        return {one: fitting_input(field.type, one) for one, field in needed.items()}
    scalars = {"Int": 1, "Float": 1.0, "Boolean": False, "UUID": str(uuid4()), "Date": "2025-12-04", "JSON": {}}
    scalars |= {"Decimal": "1"}
    return scalars.get(kind.name, SENTENCE)


# ── what came back, and what it took


def essence_of(answer: httpx2.Response, said: str) -> tuple[int, dict[str, str], Any]:
    """Status, headers and body, but for what differs between any two answers, and for the value that was said."""
    headers = {name.lower(): value for name, value in answer.headers.items() if name.lower() not in OF_THE_ANSWER}
    text = answer.text.replace(said, "…")
    try:
        body = json.loads(text)
    except ValueError:
        body = text
    return answer.status_code, headers, _without_number(body)


def _without_number(body: Any) -> Any:
    if isinstance(body, dict):
        return {name: _without_number(value) for name, value in body.items() if name != "requestId"}
    return [_without_number(one) for one in body] if isinstance(body, list) else body


def everything_in(answer: httpx2.Response) -> str:
    """All text of an answer: its headers, its body, what its cursors hide, and the parts of a workbook."""
    body = answer.content
    texts = [str(dict(answer.headers))]
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            texts += [archive.read(name).decode(errors="replace") for name in archive.namelist()]
    else:
        texts.append(body.decode(errors="replace"))
    for cursor in CURSORS.findall(texts[-1]):
        texts.append(base64.b64decode(cursor + "==", altchars=b"-_").decode(errors="replace"))
    return "\n".join(texts)


def counts_in(body: Any, names: frozenset[str]) -> Iterator[int]:
    """Every whole number under one of these names."""
    if isinstance(body, dict):
        for name, value in body.items():
            if name in names and isinstance(value, int):
                yield value
            yield from counts_in(value, names)
    elif isinstance(body, list):
        for one in body:
            yield from counts_in(one, names)


class Statements:
    """What the server logs of the one database that logs every statement."""

    def __init__(self, log: Path, database: str) -> None:
        """Log nothing that was there before."""
        self._log, self._database = log, database
        self._read = log.stat().st_size

    @classmethod
    async def of(cls, database: str) -> Statements:
        await as_superuser(f"ALTER DATABASE {database} SET log_statement = 'all'")
        [place] = await as_superuser("SHOW data_directory")
        return cls(Path(place[0]).parent / "postgres.log", database)

    def since(self) -> list[str]:
        """The statements since this was asked last, without their parameters and the names they were prepared under."""
        with self._log.open("rb") as stream:
            stream.seek(self._read)
            told = stream.read()
        self._read += len(told)
        text = told.decode(errors="replace")
        _, *parts = ENTRY.split(text)  # database, level and what is said, in turn
        entries = zip(parts[::3], parts[1::3], parts[2::3], strict=True)
        mine = (self._database, "LOG")
        said = [entry.strip() for database, level, entry in entries if (database, level) == mine]
        found = [re.match(r"(?:statement|execute [^:]*): (.*)", entry, re.DOTALL) for entry in said]
        return [one[1] for one in found if one]
