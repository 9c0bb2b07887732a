"""The wall between institutions as callers meet it: whatever is asked through any door, nothing foreign comes back."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import asyncpg
import httpx2
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from graphql import GraphQLNonNull, GraphQLObjectType, get_named_type
from structlog.testing import capture_logs

from app.auth.development import sign
from app.db.database import Database, open_database
from app.dev.fuzz.bytewise import thing_of
from app.domain.actors import Actor, Role
from app.main import create_app
from app.services import talents
from app.settings import Settings
from tests.conftest import as_superuser, copy_database, url_of
from tests.contracts import graphql_schema, openapi
from tests.cycles import some_talents
from tests.disclosures import an_open_disclosure, card_of
from tests.factories import an_institution, officer
from tests.integration.database.test_isolation import an_office
from tests.isolation import (
    MARK,
    Held,
    Statements,
    counts_in,
    digests_of,
    essence_of,
    everything_in,
    fitting,
    fitting_input,
    held_by,
    mark_texts,
    tables_of,
)
from tests.mobility_cases import a_case, request
from tests.mobility_results import a_small_round
from tests.rule_sets import an_own_rule_set
from tests.vacancies import a_post

SEQUENCES, STEPS = 12, 12
MORE_ABROAD = 30  # people: more than any count at home can be
COUNTS = frozenset({"total", "totalCount", "count", "have", "missing", "assessed", "notAssessed", "computed", "people"})
WORDS = frozenset(
    {
        *("code", "version", "index", "year", "level", "requirement", "policy", "formula", "organiserId"),
        *("ground", "item", "name"),
    }
)
"""Parameters of paths that name nothing an institution owns."""
PURPOSE = "talent-mobility"
TOLD_TO_ALL = """SELECT id::text FROM mobility_campaign WHERE state <> 'draft'
    UNION ALL SELECT id::text FROM mobility_offer"""
"""The ids of what every institution reads of a campaign that was announced."""
ALIKE = frozenset({404, 409, 412})
"""What is said of what is not there; 412 where a revision of it was to be there, 409 where one's own is past that."""
ROLES = tuple(sorted(role for role in Role if role not in (Role.OPERATOR, Role.CLIENT)))


OPENAPI, GRAPHQL = openapi(), graphql_schema()
OPERATIONS = {
    told["operationId"]: (path, method.upper(), told)
    for path, operations in OPENAPI["paths"].items()
    for method, told in operations.items()
    if path.startswith("/v1")
}


def parameters_of(told: Mapping[str, Any], place: str) -> list[str]:
    return [one["name"] for one in told.get("parameters", ()) if one["in"] == place]


NAMING = [
    (operation, name)
    for operation, (_, _, told) in OPERATIONS.items()
    for name in parameters_of(told, "path")
    if name not in WORDS
]
"""Every operation and each parameter of its path that names something an institution owns."""
ROOTS = {
    name: (word, field)
    for word, kind in (("query", GRAPHQL.query_type), ("mutation", GRAPHQL.mutation_type))
    for name, field in (kind.fields.items() if kind else ())
}
NAMING_ARGUMENTS = [
    (root, name)
    for root, (_, field) in ROOTS.items()
    for name, argument in field.args.items()
    if name == "nip" or get_named_type(argument.type).name == "UUID" or (name == "code" and "Draft" in root)
]


@dataclass(frozen=True)
class Wall:
    """Two institutions and the service between them; `here` asks, `there` must not be seen."""

    http: httpx2.AsyncClient
    above: asyncpg.Connection
    """Somebody whom no policy holds."""
    tables: list[str]
    here: Held
    there: Held
    key: Ed25519PrivateKey
    statements: Statements
    document: Mapping[str, Any]
    """What a rubric can say."""
    secrets: frozenset[str]

    def headers(self, role: Role, at: Held | None = None) -> dict[str, str]:
        home = at or self.here
        nip = home.values["nip"] if role is Role.TALENT else None
        unit = home.values["unit"] if role is Role.UNIT_VERIFIER else None
        token = sign(Actor(home.institution, role, f"{role.value} {home.institution}", nip, unit_id=unit), self.key)
        return {
            "authorization": f"Bearer {token}",
            "idempotency-key": uuid4().hex,
            "if-match": "*",
            "x-purpose": PURPOSE,
        }

    async def ask(self, operation: str, role: Role, values: Mapping[str, str], query: str = "") -> httpx2.Response:
        """One operation of REST with the least body it takes."""
        path, method, told = OPERATIONS[operation]
        for name in parameters_of(told, "path"):
            path = path.replace("{" + name + "}", quote(values[name], safe=""))
        content = told.get("requestBody", {}).get("content", {})
        sent: dict[str, Any] = {}
        if "application/json" in content:
            sent["json"] = fitting(content["application/json"]["schema"], OPENAPI)
            if operation == "editRubric":
                sent["json"]["document"] = self.document
            if operation == "keepRetirementException":
                sent["json"]["age"] = 60
        elif "multipart/form-data" in content:
            sent["files"] = {"files": ("skp.csv", b"NIP,TAHUN,HASIL KERJA,PERILAKU KERJA,PREDIKAT KINERJA\n")}
        elif content:
            sent["content"] = b"%PDF-1.7\n%%EOF\n"
        with capture_logs():
            return await self.http.request(method, path + query, headers=self.headers(role), **sent)

    async def ask_graphql(self, root: str, role: Role, values: Mapping[str, str]) -> httpx2.Response:
        """One root with the least arguments it takes."""
        word, field = ROOTS[root]
        needed = {
            name: values.get(name, fitting_input(argument.type, name))
            for name, argument in field.args.items()
            if name in values or isinstance(argument.type, GraphQLNonNull)
        }
        declared = ", ".join(f"${name}: {field.args[name].type}" for name in needed)
        given = ", ".join(f"{name}: ${name}" for name in needed)
        below = " { __typename }" if isinstance(get_named_type(field.type), GraphQLObjectType) else ""
        text = f"{word}({declared}) {{ {root}({given}){below} }}"
        with capture_logs():
            return await self.http.post(
                "/graphql", headers=self.headers(role), json={"query": text, "variables": needed}
            )

    def values(self, told: Mapping[str, Any], path: str, held: Held) -> dict[str, str]:
        """The values of the parameters of a path, all of one institution."""
        return {name: self.value(name, path, held) for name in parameters_of(told, "path")}

    def value(self, name: str, path: str, held: Held) -> str:
        words = {"code": "bkn-411-2025", "version": "1", "index": "nspk", "year": "2024", "level": "institution"}
        words |= {"requirement": "health", "policy": "own", "formula": "nasional"}
        words |= {"ground": "family", "item": "diplomas", "name": "run.json"}
        return words[name] if name in words else held.values[thing_of(name, path)]


@pytest_asyncio.fixture(scope="module")
async def wall(
    settings: Settings, signing_key: Ed25519PrivateKey, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Wall]:
    database = await copy_database()
    async with open_database(url_of(database)) as db:
        here = await a_home(db, database, tmp_path_factory, "U-HERE")
        there = await a_home(db, database, tmp_path_factory, "U-THERE", more=MORE_ABROAD)
    await mark_texts(database, there.institution)
    kept = {
        name: there.values[name]
        for name in ("nip", "unit", "draft", "cycle", "programme", "rule_set", "after", "mobility_campaign")
    }
    there = await held_by(database, there.institution, **kept)
    statements = await Statements.of(database)
    application = create_app(settings, url_of(database))
    async with application.router.lifespan_context(application):
        transport = httpx2.ASGITransport(app=application, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            cards = await as_superuser(
                "SELECT id::text FROM talent_card", database
            )  # opaque, and shown to be asked for
            told = await as_superuser(TOLD_TO_ALL, database)
            known = here.ids.union(row[0] for row in (*cards, *told))
            secrets = (there.ids - known) | (there.nips - here.nips) | {MARK, "U-THERE"}
            [(document,)] = await as_superuser(
                "SELECT document::text FROM rubric WHERE institution_id IS NULL LIMIT 1", database
            )
            above, tables = await asyncpg.connect(url_of(database, "postgres")), await tables_of(database)
            document = json.loads(document)
            yield Wall(client, above, tables, here, there, signing_key, statements, document, secrets)
            await above.close()
    await as_superuser(f"DROP DATABASE {database} WITH (FORCE)")


async def a_home(db: Database, database: str, directories: pytest.TempPathFactory, unit: str, more: int = 0) -> Held:
    office = await an_office(db, directories, unit)
    if more:
        await some_talents(db, office.actor, directories.mktemp("more"), bare=more)
    await talents.talent_document(db, officer(office.actor), office.nip)  # leaves a receipt
    asker = await an_institution(db)
    await an_open_disclosure(db, database, office.actor, office.nip, asker, "dossier")
    await request(db, asker, await a_case(db, asker, await a_post(db, asker), await card_of(database, office.nip)))
    await a_small_round(db, database, office.actor, office.nip, is_published=False)
    [(draft, cycle, programme)] = await as_superuser(
        f"""SELECT d.code, c.id::text, p.code
            FROM rubric_draft d JOIN cycle c USING (institution_id) JOIN priority_programme p USING (institution_id)
            WHERE institution_id = '{office.actor.institution_id}' AND c.phase = 'calibration'""",  # noqa: S608
        database,
    )
    known = {"nip": office.nip, "unit": unit, "draft": draft, "cycle": cycle, "programme": programme}
    known["rule_set"] = (await an_own_rule_set(db, office.actor)).code
    [(known["mobility_campaign"],)] = await as_superuser(
        f"""SELECT id::text FROM mobility_campaign
            WHERE institution_id = '{office.actor.institution_id}' AND state = 'draft'""",  # noqa: S608
        database,
    )
    page = json.loads(await talents.talents_page(db, officer(office.actor)))
    after = page["pageInfo"]["endCursor"]
    return await held_by(database, office.actor.institution_id, **known, after=after)


# ── what is foreign is absent


def an_absent(name: str) -> str:
    words = {"nip": "196001011985031999", "draft": "nobodys-draft", "code": "nobodys-draft", "jobId": str(2**62)}
    return words.get(name, str(uuid4()))


def named(argument: str) -> str:
    """What an argument of an operation names."""
    return {"code": "draft"}.get(argument, thing_of(argument, ""))


async def admitted(wall: Wall, operation: str, values: Mapping[str, str]) -> Role:
    """Somebody who may do this at all."""
    for role in ROLES:
        if (await wall.ask(operation, role, values)).status_code not in (401, 403):
            return role
    raise AssertionError(f"nobody may {operation}")


def test_every_parameter_of_a_path_is_known(wall: Wall) -> None:
    unknown = {
        f"{operation}: {name}"
        for operation, name in NAMING
        if thing_of(name, OPERATIONS[operation][0]) not in wall.there.values
    }
    assert not unknown, "an institution of the test has none of these: give it one, or say that it owns none (WORDS)"
    assert len(NAMING) >= 40


@pytest.mark.parametrize(("operation", "name"), NAMING)
async def test_what_is_foreign_is_answered_like_what_is_absent(wall: Wall, operation: str, name: str) -> None:
    path, _, told = OPERATIONS[operation]
    own = wall.values(told, path, wall.here)
    absent = {**own, name: an_absent(name)}
    foreign = {**own, name: wall.value(name, path, wall.there)}
    role = await admitted(wall, operation, absent)
    await wall.ask(operation, role, absent)  # whatever is done once has been done
    seen = []
    for values in (absent, foreign):
        wall.statements.since()
        answer = await wall.ask(operation, role, values)
        seen.append((*essence_of(answer, values[name]), wall.statements.since()))
    assert seen[0] == seen[1]
    status, _, body, statements = seen[0]
    assert status in ALIKE, body  # a list of nothing is none: it would look like an empty one
    assert statements


async def told_in_an_operation(
    wall: Wall, root: str, role: Role, values: Mapping[str, str], name: str
) -> tuple[int, dict[str, str], Any, list[str]]:
    """The essence of an answer, and the statements it took."""
    wall.statements.since()
    answer = await wall.ask_graphql(root, role, values)
    return (*essence_of(answer, values[name]), wall.statements.since())


@pytest.mark.parametrize(("root", "name"), NAMING_ARGUMENTS)
async def test_what_is_foreign_in_an_operation_is_answered_like_what_is_absent(
    wall: Wall, root: str, name: str
) -> None:
    _, field = ROOTS[root]
    needed = [one for one, argument in field.args.items() if isinstance(argument.type, GraphQLNonNull)]
    own = {one: wall.here.values.get(named(one)) for one in needed}
    own = {one: value for one, value in own.items() if value is not None}
    absent, foreign = {**own, name: an_absent(name)}, {**own, name: wall.there.values[named(name)]}
    reached = False
    for role in ROLES:
        seen = [await told_in_an_operation(wall, root, role, absent, name)]
        if seen[0][3]:  # whatever is done once has been done
            seen = [await told_in_an_operation(wall, root, role, absent, name)]
        seen.append(await told_in_an_operation(wall, root, role, foreign, name))
        assert seen[0] == seen[1]
        assert name not in needed or "Connection" not in json.dumps(seen[0][2])  # a list of nothing is none
        reached = reached or bool(seen[0][3])
    assert reached, "nobody came as far as a statement"


# ── whatever is done, nothing foreign comes back and nothing foreign changes


def absent_values(held: Held) -> Held:
    return Held(held.institution, {name: an_absent(name) for name in held.values}, frozenset(), frozenset())


async def step(wall: Wall, chance: Random) -> tuple[str, Role, httpx2.Response]:
    """One operation through one door, each of its values from here, from there, or from nowhere."""
    role = chance.choice(ROLES)
    places = (wall.here, wall.here, wall.there, wall.there, absent_values(wall.there))

    def value(name: str, path: str) -> str:
        return wall.value(name, path, chance.choice(places))

    match chance.choice(["rest", "rest", "rest", "graphql", "aliases", "files"]):
        case "rest":
            operation = chance.choice(sorted(OPERATIONS))
            path, _, told = OPERATIONS[operation]
            values = {name: value(name, path) for name in parameters_of(told, "path")}
            query = filters(wall, chance, parameters_of(told, "query"))
            return f"{operation} {values} {query}", role, await wall.ask(operation, role, values, query)
        case "graphql":
            root = chance.choice(sorted(ROOTS))
            arguments = ROOTS[root][1].args
            known = {name: value(named(name), "") for name in arguments if named(name) in wall.there.values}
            return f"{root} {known}", role, await wall.ask_graphql(root, role, known)
        case "aliases":
            nips = [value("nip", "") for _ in range(6)]
            asked = " ".join(
                f'a{n}: talent(nip: "{nip}") {{ nip name placement {{ box }} }}' for n, nip in enumerate(nips)
            )
            headers = wall.headers(role)
            text = f"{{ {asked} nineBox {{ total }} talents {{ totalCount edges {{ cursor node {{ name }} }} }} }}"
            return text, role, await wall.http.post("/graphql", headers=headers, json={"query": text})
        case _:
            rows = [f"{value('nip', '')},2024,SESUAI EKSPEKTASI,SESUAI EKSPEKTASI,BAIK" for _ in range(4)]
            table = "\n".join(["NIP,TAHUN,HASIL KERJA,PERILAKU KERJA,PREDIKAT KINERJA", *rows])
            files = {"files": ("skp.csv", table.encode())}
            return table, role, await wall.http.post("/v1/imports", headers=wall.headers(role), files=files)


def filters(wall: Wall, chance: Random, names: list[str]) -> str:
    """Some of the query's parameters: another institution's units and cursors, and ordinary ones."""
    choices = {
        "unit": [wall.here.values["unit"], wall.there.values["unit"]],
        "after": [wall.here.values["after"], wall.there.values["after"]],
        "first": ["1", "200"],
        "cycle": [wall.here.values["cycle"], wall.there.values["cycle"]],
        "cycleId": [wall.here.values["cycle"], wall.there.values["cycle"]],
        "nip": [wall.here.values["nip"], wall.there.values["nip"]],
        "audience": ["public", "institution"],
        "name": ["QX", "SITI"],
    }
    chosen = [name for name in names if name in choices and chance.random() < 0.5]
    said = [f"{name}={quote(chance.choice(choices[name]), safe='')}" for name in chosen]
    return "?" + "&".join(said) if said else ""


def must_tell_nothing(wall: Wall, said: str, role: Role, answer: httpx2.Response) -> None:
    shown = everything_in(answer)
    public = {str(wall.there.institution), MARK} if role is Role.NATIONAL else set()  # its name is in the register
    told = {secret for secret in wall.secrets - public if secret in shown and secret not in said}
    assert not told, (said, role, answer.status_code, answer.text[:2_000])
    if role is not Role.NATIONAL and answer.headers.get("content-type") == "application/json":
        assert all(count < MORE_ABROAD for count in counts_in(answer.json(), COUNTS)), (said, role, answer.text[:2_000])
    assert answer.status_code < 500, (said, role, answer.text)


@pytest.mark.parametrize("seed", range(SEQUENCES))
async def test_no_sequence_of_operations_reaches_another_institution(wall: Wall, seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - the same sequence each time
    before, view = await digests_of(wall.above, wall.tables, wall.there.institution), await view_from(wall, wall.there)
    for _ in range(STEPS):
        said, role, answer = await step(wall, chance)
        must_tell_nothing(wall, said, role, answer)
        after = await digests_of(wall.above, wall.tables, wall.there.institution)
        assert after == before, (said, role)
    assert await view_from(wall, wall.there) == view


VIEWS = ("/v1/nine-box", "/v1/completeness", "/v1/cycles", "/v1/talents?first=200", "/v1/submissions", "/v1/references")


async def view_from(wall: Wall, held: Held) -> list[bytes]:
    """What an officer of an institution sees of it; lists and counts, which leave no receipts."""
    headers = wall.headers(Role.HR_OFFICER, held)
    return [(await wall.http.get(path, headers=headers)).content for path in VIEWS]


async def test_what_is_asked_of_the_wall_would_find_a_hole(wall: Wall) -> None:
    """The same questions, asked by the other institution itself, find everything that must not be told."""
    headers = wall.headers(Role.HR_OFFICER, wall.there)
    answer = await wall.http.get(f"/v1/talents/{wall.there.values['nip']}", headers=headers)
    with pytest.raises(AssertionError):
        must_tell_nothing(wall, "", Role.HR_OFFICER, answer)
    counts = await wall.http.get("/v1/nine-box", headers=headers)
    with pytest.raises(AssertionError):
        must_tell_nothing(wall, "", Role.HR_OFFICER, counts)
    workbook = await wall.http.get("/v1/exports/talent-map.xlsx", headers=headers)
    assert workbook.status_code == 200
    with pytest.raises(AssertionError):
        must_tell_nothing(wall, "", Role.HR_OFFICER, workbook)
    page = await wall.http.get("/v1/talents", headers=headers)
    only_cursors = httpx2.Response(200, json={"cursor": page.json()["pageInfo"]["endCursor"]})
    with pytest.raises(AssertionError):
        must_tell_nothing(wall, "", Role.HR_OFFICER, only_cursors)
