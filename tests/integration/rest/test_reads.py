"""REST reads: who may, what comes back, what is refused."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
import jwt
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from structlog.testing import capture_logs

from app.api.rest.router import READS
from app.auth.development import DEVELOPMENT_ISSUER
from app.auth.tokens import AUDIENCE
from app.db.database import Database, open_database
from app.db.shapes.talents import ITEMS
from app.domain.actors import Actor
from app.main import create_app
from app.settings import Settings
from tests.conftest import as_superuser, copy_database, url_of
from tests.factories import (
    a_nip,
    a_placed_talent,
    an_employee,
    an_institution,
    complete_evidence,
    import_files,
    name_of,
    write_csv,
    write_folder,
)
from tests.personas import Persona, Personas

PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Office:
    """A root unit R, U1 below it, U2 below U1 – and four people."""

    actor: Actor
    placed: str
    """In U1, in box 8."""
    half: str
    """In U2; no assessment of potential."""
    bare: str
    """In U1, an executor, without any evidence."""
    unmapped: str
    """In R, retired."""

    @property
    def id(self) -> UUID:
        return self.actor.institution_id


@pytest_asyncio.fixture(scope="module")
async def office(db: Database, tmp_path_factory: pytest.TempPathFactory) -> Office:
    actor, folder = await an_institution(db), tmp_path_factory.mktemp("office")
    name, made = await name_of(db, actor), Office(actor, *(a_nip() for _ in range(4)))
    units = [("R", ""), ("U1", "R"), ("U2", "U1"), ("V", "R")]
    people = [
        an_employee(made.placed, name, NAMA="ANI") | {"UNOR ID": "U1"},
        an_employee(made.half, name, NAMA="BUDI") | {"UNOR ID": "U2"},
        an_employee(made.bare, name, NAMA="CITRA", JENIS_JABATAN_ID="4") | {"UNOR ID": "U1"},
        an_employee(made.unmapped, name, NAMA="DEDI", KEDUDUKAN_HUKUM_ID="99", KEDUDUKAN_HUKUM_NAMA="Pensiun")
        | {"UNOR ID": "R"},
    ]
    evidence = complete_evidence(made.placed, name)
    for sheet, rows in complete_evidence(made.half, name).items():
        if sheet not in {"ASESMEN POTENSI", "HUKUMAN DISIPLIN"}:
            evidence[sheet] = evidence[sheet] + rows
    tree = write_csv(folder, "units", [{"ID": u, "NAMA_UNOR": f"UNIT {u}", "ID_ATASAN": above} for u, above in units])
    await import_files(db, actor, [tree, *write_folder(folder, people, evidence)])
    return made


@pytest.fixture
def officer(personas: Personas, office: Office) -> Persona:
    return personas.hr_officer(office.id)


def path_of(read: Any, nip: str, import_id: str) -> str:
    return filled(read.path, nip=nip, id=import_id)


def filled(path: str, **known: str) -> str:
    """A path with its parameters; those that are not told are ids of nothing."""
    known |= {"code": "bkn-411-2025", "version": "1"}
    return "/v1" + path.format(**{name: known.get(name, uuid4()) for name in re.findall(r"{(\w+)}", path)})


# ── who is asking

EVERYTHING = [*(read.path for read in READS), "POST /imports", "POST /graphql"]


async def ask(persona: Persona, path: str, nip: str) -> httpx2.Response:
    if path == "POST /graphql":
        return await persona.post("/graphql", json={"query": "{ institution { name } }"})
    if path == "POST /imports":
        return await persona.post("/v1/imports", files={"files": ("a.csv", b"NIP\n")}, data={"asOf": "2025-12-04"})
    return await persona.get(filled(path, nip=nip))


def token_but(key: Ed25519PrivateKey, owner: UUID, **but: Any) -> str:
    now = datetime.now(UTC)
    claims = {
        "iss": DEVELOPMENT_ISSUER,
        "aud": AUDIENCE,
        "sub": "somebody",
        "iat": now,
        "exp": now + timedelta(hours=1),
        "institution": str(owner),
        "role": "hr-officer",
    }
    return jwt.encode(
        {name: value for name, value in (claims | but).items() if value is not None}, key, algorithm="EdDSA"
    )


def must_be_unauthenticated(answer: httpx2.Response, code: str = "unauthenticated") -> None:
    assert answer.status_code == 401
    assert answer.headers["content-type"] == PROBLEM
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["code"] == code


@pytest.mark.parametrize("path", EVERYTHING)
async def test_without_a_token_nothing_is_answered(path: str, personas: Personas, office: Office) -> None:
    must_be_unauthenticated(await ask(personas.anonymous(), path, office.placed))


@pytest.mark.parametrize("read", READS, ids=[read.operation_id for read in READS])
async def test_who_is_not_signed_in_learns_nothing_about_parameters(
    read: Any, personas: Personas, office: Office
) -> None:
    path = path_of(read, office.placed, "x")
    must_be_unauthenticated(await personas.anonymous().get(f"{path}?fields=nope&first=0&after=x&box=x"))


@pytest.mark.parametrize("path", EVERYTHING)
async def test_an_expired_token_says_so(path: str, personas: Personas, office: Office) -> None:
    must_be_unauthenticated(await ask(personas.expired(office.id), path, office.placed), "token.expired")


async def test_a_token_counts_until_it_expires(
    http: httpx2.AsyncClient, signing_key: Ed25519PrivateKey, office: Office
) -> None:
    just = token_but(signing_key, office.id, exp=datetime.now(UTC) - timedelta(seconds=10))  # clocks differ a little
    assert (await Persona(http, just).get("/v1/nine-box")).status_code == 200
    late = token_but(signing_key, office.id, exp=datetime.now(UTC) - timedelta(seconds=40))
    must_be_unauthenticated(await Persona(http, late).get("/v1/nine-box"), "token.expired")


BAD_CLAIMS: dict[str, dict[str, Any]] = {
    "another audience": {"aud": "somebody-else"},
    "no audience": {"aud": None},
    "another issuer": {"iss": "https://issuer.invalid"},
    "no issuer": {"iss": None},
    "no subject": {"sub": None},
    "no end": {"exp": None},
    "from the future": {"iat": datetime.now(UTC) + timedelta(hours=1)},
    "an unknown role": {"role": "root"},
    "no role": {"role": None},
    "the role of the command line": {"role": "operator"},
    "the role of a system": {"role": "client"},
    "several roles that nobody has": {"role": ["root", "operator", 7]},
    "a number that is no text": {"role": "talent", "nip": 198008212005011001},
    "a unit that is no text": {"role": "unit-verifier", "unit": 7},
    "several units": {"role": "unit-verifier", "unit": ["U1", "V"]},
    "no institution": {"institution": None},
    "an institution that is no id": {"institution": "dumai"},
    "a number for an institution": {"institution": 7},
}


@pytest.mark.parametrize("claims", BAD_CLAIMS.values(), ids=list(BAD_CLAIMS))
async def test_a_token_with_bad_claims_is_refused(
    claims: dict[str, Any], http: httpx2.AsyncClient, signing_key: Ed25519PrivateKey, office: Office
) -> None:
    good, bad = token_but(signing_key, office.id), token_but(signing_key, office.id, **claims)
    assert (await Persona(http, good).get("/v1/nine-box")).status_code == 200
    must_be_unauthenticated(await Persona(http, bad).get("/v1/nine-box"))


async def test_a_talent_without_a_number_is_told_what_the_token_lacks(
    http: httpx2.AsyncClient, signing_key: Ed25519PrivateKey, office: Office
) -> None:
    answer = await Persona(http, token_but(signing_key, office.id, role="talent")).get("/v1/nine-box")
    assert (answer.status_code, answer.json()["code"]) == (401, "token.no_nip")


def unsigned(claims: dict[str, Any], header: dict[str, str]) -> str:
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, claims))
    return ".".join(parts) + "."


async def test_a_forged_or_garbled_token_is_refused(
    http: httpx2.AsyncClient, signing_key: Ed25519PrivateKey, office: Office
) -> None:
    good = token_but(signing_key, office.id)
    claims = jwt.decode(good, options={"verify_signature": False})
    head, body, signature = good.split(".")
    public = signing_key.public_key().public_bytes_raw()
    bad = (
        unsigned(claims, {"alg": "none", "typ": "JWT"}),
        unsigned(claims, {"alg": "EdDSA", "typ": "JWT"}),
        jwt.encode(claims, public + public, algorithm="HS512"),  # the public key taken for a shared secret
        token_but(Ed25519PrivateKey.generate(), office.id),
        f"{head}.{body}.{signature[:-4]}AAAA",
        f"{head}.{body}",
        good[: len(good) // 2],
        "garbage",
        "a.b.c",
        "....",
        "\x01",
        "x" * 20_000,
    )
    for token in bad:
        must_be_unauthenticated(await Persona(http, token).get("/v1/nine-box"))


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic {}", "Token {}", "{}", "Bearer{}"])
async def test_a_token_is_taken_from_a_bearer_header_only(
    header: str, http: httpx2.AsyncClient, signing_key: Ed25519PrivateKey, office: Office
) -> None:
    token = token_but(signing_key, office.id)
    must_be_unauthenticated(await http.get("/v1/nine-box", headers={"authorization": header.format(token)}))
    must_be_unauthenticated(await http.get(f"/v1/nine-box?access_token={token}"))
    assert (await http.get("/v1/nine-box", headers={"authorization": f"bearer {token}"})).status_code == 200


# ── other institutions, other people


@pytest.mark.parametrize("path", ["/v1/talents/{}", "/v1/talents/{}/placement"])
async def test_a_foreign_number_is_answered_like_an_absent_one(
    path: str, personas: Personas, db: Database, office: Office
) -> None:
    stranger = personas.hr_officer((await an_institution(db)).institution_id)
    assert (await personas.hr_officer(office.id).get(path.format(office.placed))).status_code == 200
    bodies = []
    for nip in (office.placed, a_nip(), "nobody", "1" * 500, "%20", "198008212005011001%0a"):
        answer = await stranger.get(path.format(nip))
        assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)
        bodies.append({name: value for name, value in answer.json().items() if name != "requestId"})
    assert all(body == bodies[0] for body in bodies)
    assert bodies[0]["code"] == "talent.not_found"


async def test_a_foreign_import_is_answered_like_an_absent_one(
    personas: Personas, db: Database, office: Office, officer: Persona
) -> None:
    [edge] = (await officer.get("/v1/imports")).json()["edges"]
    assert (await officer.get(f"/v1/imports/{edge['node']['id']}")).status_code == 200
    stranger = personas.hr_officer((await an_institution(db)).institution_id)
    answers = [await stranger.get(f"/v1/imports/{one}") for one in (edge["node"]["id"], uuid4(), "x", "1" * 300)]
    assert {answer.status_code for answer in answers} == {404}
    assert {answer.json()["code"] for answer in answers} == {"import.not_found"}


async def test_a_stranger_lists_nothing_of_others(personas: Personas, db: Database, office: Office) -> None:
    stranger = personas.hr_officer((await an_institution(db)).institution_id)
    for path in ("talents", "org-units", "imports"):
        assert (await stranger.get(f"/v1/{path}")).json()["edges"] == []
    assert (await stranger.get("/v1/nine-box")).json()["total"] == 0
    [edge] = (await stranger.get("/v1/institutions")).json()["edges"]
    assert edge["node"]["id"] != str(office.id)


async def test_a_talent_sees_their_own_profile_and_placement(personas: Personas, office: Office) -> None:
    talent = personas.talent(office.id, office.placed)
    assert (await talent.get(f"/v1/talents/{office.placed}")).json()["name"] == "ANI"
    assert (await talent.get(f"/v1/talents/{office.placed}/placement")).json()["box"] == 8


@pytest.mark.parametrize("path", ["/v1/talents/{}", "/v1/talents/{}/placement"])
async def test_to_a_talent_a_colleague_does_not_exist(path: str, personas: Personas, office: Office) -> None:
    talent = personas.talent(office.id, office.placed)
    for nip in (office.half, a_nip()):
        answer = await talent.get(path.format(nip))
        assert (answer.status_code, answer.json()["code"]) == (404, "talent.not_found")


async def test_a_talent_of_another_institution_sees_nobody(personas: Personas, db: Database, office: Office) -> None:
    elsewhere = personas.talent((await an_institution(db)).institution_id, office.placed)
    assert (await elsewhere.get(f"/v1/talents/{office.placed}")).status_code == 404


def must_be_forbidden(answer: httpx2.Response) -> None:
    assert (answer.status_code, answer.headers["content-type"]) == (403, PROBLEM)
    assert answer.json()["code"] == "forbidden"


@pytest.mark.parametrize(
    "path", ["talents", "nine-box", "completeness", "org-units", "imports", f"imports/{UUID(int=1)}"]
)
async def test_a_talent_may_list_and_count_nobody(path: str, personas: Personas, office: Office) -> None:
    must_be_forbidden(await personas.talent(office.id, office.placed).get(f"/v1/{path}"))


@pytest.mark.parametrize(
    "path", ["talents", "completeness", "org-units", "imports", "talents/{}", "talents/{}/placement"]
)
async def test_a_national_actor_sees_no_dossiers(path: str, personas: Personas, office: Office) -> None:
    must_be_forbidden(await personas.national(office.id).get(f"/v1/{path.format(office.placed)}"))


# ── the nation


@pytest_asyncio.fixture(scope="module")
async def nation(
    settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[httpx2.AsyncClient, list[Actor]]]:
    """A database of its own: two institutions with two and one placed people, one without anybody."""
    name = await copy_database()
    application = create_app(settings, url_of(name))
    async with application.router.lifespan_context(application), open_database(url_of(name)) as db:
        actors = [await an_institution(db, f"Pemerintah {letter}") for letter in "ABC"]
        for number, actor in enumerate((actors[0], actors[0], actors[1])):
            await a_placed_talent(db, actor, tmp_path_factory.mktemp(f"n{number}"))
        nobody = an_employee(a_nip(), "Pemerintah B")
        await import_files(db, actors[1], write_folder(tmp_path_factory.mktemp("n"), [nobody], {}))
        transport = httpx2.ASGITransport(app=application)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            yield client, actors
    await as_superuser(f"DROP DATABASE {name} WITH (FORCE)")


async def test_the_national_map_is_the_sum_of_all(
    nation: tuple[httpx2.AsyncClient, list[Actor]], signing_key: Ed25519PrivateKey
) -> None:
    http, actors = nation
    personas = Personas(http, signing_key)
    told = (await personas.national(actors[2].institution_id).get("/v1/nine-box")).json()
    boxes = [{"box": box, "count": 3 if box == 8 else 0} for box in range(1, 10)]
    rubric = {"code": None, "version": None}
    assert told == {"asOf": None, "rubric": rubric, "total": 4, "assessed": 3, "notAssessed": 1, "boxes": boxes}
    own = [(await personas.hr_officer(one.institution_id).get("/v1/nine-box")).json() for one in actors]
    for name in ("total", "assessed", "notAssessed"):
        assert sum(one[name] for one in own) == told[name]
    for box in range(9):
        assert sum(one["boxes"][box]["count"] for one in own) == told["boxes"][box]["count"]


async def test_a_national_actor_lists_all_institutions_with_their_counts(
    nation: tuple[httpx2.AsyncClient, list[Actor]], signing_key: Ed25519PrivateKey
) -> None:
    http, actors = nation
    national = Personas(http, signing_key).national(actors[2].institution_id)
    seen, after = [], ""
    for _ in range(3):
        page = (await national.get(f"/v1/institutions?first=1{after}")).json()
        seen += [edge["node"] for edge in page["edges"]]
        after = f"&after={page['pageInfo']['endCursor']}"
    assert not page["pageInfo"]["hasNextPage"]
    assert [(one["name"], one["total"], one["assessed"]) for one in seen] == [
        ("Pemerintah A", 2, 2),
        ("Pemerintah B", 2, 1),
        ("Pemerintah C", 0, 0),
    ]
    assert [one["id"] for one in seen] == [str(actor.institution_id) for actor in actors]


async def test_a_regional_actor_lists_only_the_own_institution(
    nation: tuple[httpx2.AsyncClient, list[Actor]], signing_key: Ed25519PrivateKey
) -> None:
    http, actors = nation
    for persona in (
        Personas(http, signing_key).hr_officer(actors[0].institution_id),
        Personas(http, signing_key).talent(actors[0].institution_id, "1"),
    ):
        [edge] = (await persona.get("/v1/institutions")).json()["edges"]
        assert edge["node"]["name"] == "Pemerintah A"
        assert edge["node"]["asOf"] == "2025-12-04"


# ── lists


async def names(officer: Persona, query: str) -> list[str]:
    answer = await officer.get(f"/v1/talents?{query}")
    assert answer.status_code == 200, answer.text
    return [edge["node"]["name"] for edge in answer.json()["edges"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "ANI BUDI CITRA DEDI"),
        ("unit=R", "ANI BUDI CITRA DEDI"),
        ("unit=U1", "ANI BUDI CITRA"),
        ("unit=U2", "BUDI"),
        ("unit=V", ""),
        ("unit=nope", ""),
        ("unit=%25", ""),
        ("positionLevel=pelaksana", "CITRA"),
        ("positionLevel=jf_ahli_muda", "ANI BUDI DEDI"),
        ("box=8", "ANI"),
        ("box=1", ""),
        ("assessed=true", "ANI"),
        ("assessed=false", "BUDI CITRA DEDI"),
        ("missing=potentialAssessment", "BUDI CITRA"),
        ("missing=performanceAppraisal", "CITRA"),
        ("mapped=true", "ANI BUDI CITRA"),
        ("mapped=false", "DEDI"),
        ("unit=U1&mapped=true&assessed=false&missing=performanceAppraisal", "CITRA"),
        ("unit=U2&box=8", ""),
    ],
)
async def test_filters_restrict_a_list(query: str, found: str, officer: Persona) -> None:
    assert await names(officer, query) == found.split()


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("first=0", "first"),
        ("first=201", "first"),
        ("first=-1", "first"),
        ("first=x", "first"),
        ("first=", "first"),
        ("first=1.5", "first"),
        ("first=99999999999999999999999", "first"),
        ("first=%00", "first"),
        ("box=0", "box"),
        ("box=10", "box"),
        ("box=x", "box"),
        ("box=99999999999999999999", "box"),
        ("assessed=maybe", "assessed"),
        ("mapped=", "mapped"),
        ("positionLevel=boss", "positionLevel"),
        ("missing=nope", "missing"),
        (f"unit={'x' * 101}", "unit"),
        ("fields=nope", "fields"),
        ("fields=placement.nope", "fields"),
        ("fields=nip.nope", "fields"),
        ("fields=__typename", "fields"),
        ("fields=nip,%00", "fields"),
        ("fields=edges", "fields"),
    ],
)
async def test_what_cannot_be_read_is_named(query: str, where: str, officer: Persona) -> None:
    must_name(await officer.get(f"/v1/talents?{query}"), where)


def must_name(answer: httpx2.Response, where: str) -> None:
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM), answer.text
    body = answer.json()
    assert body["code"] == "request.invalid"
    assert [fault["where"] for fault in body["errors"]] == [where]
    assert all(fault["detail"]["id"] and fault["detail"]["en"] for fault in body["errors"])


@pytest.mark.parametrize("path", ["/v1/talents?unit=%00", "/v1/talents/%00", "/v1/talents/1%009/placement"])
async def test_text_that_cannot_be_stored_matches_nobody_or_is_refused(path: str, officer: Persona) -> None:
    with capture_logs():
        answer = await officer.get(path)
    assert answer.status_code in (200, 404, 422), answer.text
    assert answer.json().get("edges", []) == []


def cursor(keys: Any) -> str:
    return base64.b64encode(json.dumps(keys).encode()).decode()


HOSTILE = {
    "no base64": "garbage!",
    "empty": "",
    "not padded": "WyJB",
    "no JSON": base64.b64encode(b"nope").decode(),
    "no UTF-8": base64.b64encode(b"\xff\xfe").decode(),
    "no list": cursor({"a": "b"}),
    "a text": cursor("ab"),
    "too few": cursor(["ANI"]),
    "too many": cursor(["ANI", str(uuid4()), "x"]),
    "no id": cursor(["ANI", "x"]),
    "numbers": cursor([1, 2]),
    "nulls": cursor([None, None]),
    "lists": cursor([["ANI"], [str(uuid4())]]),
    "a NUL": cursor(["A\x00", str(uuid4())]),
    "half a character": base64.b64encode(b'["\\ud800", "' + str(uuid4()).encode() + b'"]').decode(),
    "a huge number": base64.b64encode(b"[" + b"9" * 10_000 + b', "x"]').decode(),
    "deep": base64.b64encode(b"[" * 40_000).decode(),
    "huge": cursor(["A" * 40_000, "x"]),
    "statements": cursor(["'; DROP TABLE talent; --", "x' OR true"]),
    "letters outside ASCII": "é",
}


@pytest.mark.parametrize("after", HOSTILE.values(), ids=list(HOSTILE))
@pytest.mark.parametrize("path", ["talents", "imports"])
async def test_a_cursor_not_of_ours_is_refused(path: str, after: str, officer: Persona) -> None:
    must_name(await officer.get(f"/v1/{path}", params={"after": after}), "after")


@pytest.mark.parametrize("path", ["talents", "imports", "org-units", "institutions"])
async def test_every_list_refuses_hostile_cursors_and_sizes(path: str, officer: Persona) -> None:
    for name in ("no base64", "no JSON", "no list", "too few", "numbers", "a NUL", "half a character", "deep"):
        must_name(await officer.get(f"/v1/{path}", params={"after": HOSTILE[name]}), "after")
    for first in ("0", "201", "x"):
        must_name(await officer.get(f"/v1/{path}?first={first}"), "first")


async def test_a_well_made_cursor_of_nobody_goes_on_where_it_would_stand(officer: Persona) -> None:
    after = cursor(["BUDI ' \\ \" é", str(UUID(int=0))])
    answer = await officer.get("/v1/talents", params={"after": after})
    assert [edge["node"]["name"] for edge in answer.json()["edges"]] == ["CITRA", "DEDI"]


@pytest.mark.parametrize("sign", ["\u200b", "\u00ad", "\u200e", "\ufeff", "\U0001f642", "é"])
async def test_the_cursor_of_any_stored_name_can_be_sent_back(
    sign: str, db: Database, personas: Personas, tmp_path_factory: pytest.TempPathFactory
) -> None:
    actor = await an_institution(db)
    name = await name_of(db, actor)
    people = [an_employee(a_nip(), name, NAMA=f"ANI{sign}CONTOH") for _ in range(2)]
    await import_files(db, actor, write_folder(tmp_path_factory.mktemp("names"), people, {}))
    officer = personas.hr_officer(actor.institution_id)
    page = (await officer.get("/v1/talents?first=1")).json()
    answer = await officer.get("/v1/talents", params={"after": page["pageInfo"]["endCursor"]})
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["edges"]) == 1


async def test_a_list_is_cut_at_first_and_counts_when_asked(officer: Persona) -> None:
    page = (await officer.get("/v1/talents?first=3&count=true&fields=name")).json()
    assert [edge["node"] for edge in page["edges"]] == [{"name": "ANI"}, {"name": "BUDI"}, {"name": "CITRA"}]
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (4, True)
    assert "totalCount" not in (await officer.get("/v1/talents")).json()
    assert (await officer.get("/v1/talents?count=true&box=8")).json()["totalCount"] == 1


async def test_a_list_sends_a_summary_and_more_when_asked(officer: Persona) -> None:
    [edge] = (await officer.get("/v1/talents?box=8")).json()["edges"]
    assert "awards" not in edge["node"]
    assert edge["node"]["unit"] == {"id": "U1", "name": "UNIT U1", "path": ["R", "U1"]}
    [edge] = (await officer.get("/v1/talents?box=8&fields=awards.name")).json()["edges"]
    assert edge["node"] == {"awards": [{"name": "Teladan"}]}


async def test_units_come_superiors_first_with_their_mapped_people(officer: Persona) -> None:
    units = [edge["node"] for edge in (await officer.get("/v1/org-units")).json()["edges"]]
    assert [(unit["id"], unit["parentId"], unit["path"], unit["people"]) for unit in units] == [
        ("R", None, ["R"], 0),
        ("U1", "R", ["R", "U1"], 2),
        ("U2", "U1", ["R", "U1", "U2"], 1),
        ("V", "R", ["R", "V"], 0),
    ]


# ── documents


async def test_a_profile_has_what_was_delivered(officer: Persona, office: Office) -> None:
    profile = (await officer.get(f"/v1/talents/{office.placed}")).json()
    assert (profile["nip"], profile["name"], profile["isMapped"]) == (office.placed, "ANI", True)
    assert profile["position"] == {
        "name": "ANALIS KEBIJAKAN AHLI MUDA",
        "type": None,
        "level": "jf_ahli_muda",
        "echelon": None,
        "effectiveFrom": "2021-04-01",
    }
    assert [held["effectiveFrom"] for held in profile["positions"]] == ["2023-04-01", "2021-04-01", "2018-04-01"]
    assert len(profile["trainings"]) == 6
    assert profile["disciplinarySanctions"] == []
    assert profile["placement"]["box"] == 8


async def test_fields_choose_what_is_sent(officer: Persona, office: Office) -> None:
    path = f"/v1/talents/{office.placed}"
    assert (await officer.get(f"{path}?fields=nip,placement.box")).json() == {
        "nip": office.placed,
        "placement": {"box": 8},
    }
    assert (await officer.get(f"{path}/placement?fields=potential.value")).json() == {"potential": {"value": 83.85}}
    assert (await officer.get("/v1/nine-box?fields=total")).json() == {"total": 3}
    assert (await officer.get("/v1/completeness?fields=items.item,items.missing")).json()["items"][0]["missing"] == 1
    must_name(await officer.get(f"{path}?fields=nip,nope"), "fields")
    must_name(await officer.get(f"{path}/placement?fields=nope"), "fields")
    must_name(await officer.get("/v1/nine-box?fields=boxes.nope"), "fields")
    must_name(await officer.get("/v1/completeness?fields=nope"), "fields")


async def test_the_map_has_nine_boxes_and_those_not_assessed(officer: Persona) -> None:
    assert (await officer.get("/v1/nine-box")).json() == {
        "asOf": "2025-12-04",
        "rubric": {"code": "bkn-411-2025", "version": 2},
        "total": 3,
        "assessed": 1,
        "notAssessed": 2,
        "boxes": [{"box": box, "count": int(box == 8)} for box in range(1, 10)],
    }


PLACEMENT = (
    *("nip", "asOf", "box", "performance", "potential", "talentValue", "rubric", "missing", "trace", "unmappedBecause"),
    *("decidedBox", "reachableBoxes", "nextEvidence", "lowestRung", "oldestEvidence"),
    *("processing", "manualDecision", "withheld"),
)


async def test_a_placement_shows_its_parts(officer: Persona, office: Office) -> None:
    told = (await officer.get(f"/v1/talents/{office.placed}/placement")).json()
    assert set(told) == set(PLACEMENT)
    assert told["performance"] == {"value": 71, "lowest": 71, "highest": 71, "category": "middle"}
    assert told["potential"] == {"value": 83.85, "lowest": 83.85, "highest": 83.85, "category": "high"}
    assert (told["box"], told["talentValue"], told["missing"]) == (8, 77.425, [])
    assert (told["decidedBox"], told["reachableBoxes"]) == (8, [8])
    assert (told["lowestRung"], told["oldestEvidence"]) == ("verifiedByHr", "2018-04-01")
    for axis, total in (("performance", 71), ("potential", 83.85)):
        parts = [part for part in told["trace"] if part["axis"] == axis]
        assert sum(part["weight"] for part in parts) == 100
        assert sum(part["points"] for part in parts) == pytest.approx(total)
    for part in told["trace"]:
        assert set(part["reason"]) == {"code", "detail"}
        assert part["reason"]["detail"]["id"]
        assert part["reason"]["detail"]["en"]


async def test_performance_is_given_although_potential_is_unknown(officer: Persona, office: Office) -> None:
    told = (await officer.get(f"/v1/talents/{office.half}/placement")).json()
    assert set(told) == set(PLACEMENT)
    assert told["performance"] == {"value": 71, "lowest": 71, "highest": 71, "category": "middle"}
    # 83.85 with the assessment, of whose 25 points a fifth is sure
    assert told["potential"] == {"value": None, "lowest": 73.05, "highest": 93.05, "category": None}
    assert (told["box"], told["talentValue"], told["unmappedBecause"]) == (None, None, None)
    assert (told["decidedBox"], told["reachableBoxes"]) == (None, [5, 8])
    plan = [{"items": ["potentialAssessment"]}]
    assert told["nextEvidence"] == {"surely": plan, "possibly": plan}
    assert told["missing"] == ["potentialAssessment"]
    unknown = [part for part in told["trace"] if part["score"] is None]
    assert unknown
    assert {(part["axis"], part["points"]) for part in unknown} == {("potential", None)}


async def test_somebody_not_on_the_map_has_an_empty_placement_and_a_reason(officer: Persona, office: Office) -> None:
    told = (await officer.get(f"/v1/talents/{office.unmapped}/placement")).json()
    nothing = dict.fromkeys(("value", "lowest", "highest", "category"))
    assert told == {
        "decidedBox": None,
        "reachableBoxes": [],
        "nextEvidence": {"surely": [], "possibly": []},
        "lowestRung": None,
        "oldestEvidence": None,
        "processing": "normal",
        "manualDecision": False,
        "withheld": [],
        "nip": office.unmapped,
        "asOf": None,
        "box": None,
        "performance": nothing,
        "potential": nothing,
        "talentValue": None,
        "rubric": {"code": None, "version": None},
        "missing": [],
        "trace": [],
        "unmappedBecause": "notActive",
    }


async def test_completeness_counts_ten_items_for_all_and_per_unit(officer: Persona) -> None:
    told = (await officer.get("/v1/completeness")).json()
    assert set(told) == {"asOf", "total", "items", "units"}
    assert (told["asOf"], told["total"]) == ("2025-12-04", 3)
    assert [unit["unit"]["id"] for unit in told["units"]] == ["U1", "U2"]
    assert [unit["total"] for unit in told["units"]] == [2, 1]
    for part in (told, *told["units"]):
        assert len(part["items"]) == 10
        assert {item["item"] for item in part["items"]} == set(ITEMS)
        assert all(item["have"] + item["missing"] == part["total"] for item in part["items"])
    missing = {item["item"]: item["missing"] for item in told["items"]}
    assert (missing["potentialAssessment"], missing["performanceAppraisal"]) == (2, 1)
    for item in ITEMS:
        assert len(await names(Persona(officer.http, officer.token), f"missing={item}")) == missing[item]


async def test_an_institution_without_anybody_has_an_empty_map(personas: Personas, db: Database) -> None:
    officer = personas.hr_officer((await an_institution(db)).institution_id)
    told = (await officer.get("/v1/nine-box")).json()
    assert (told["asOf"], told["total"], told["assessed"], told["notAssessed"]) == (None, 0, 0, 0)
    assert [box["count"] for box in told["boxes"]] == [0] * 9
    told = (await officer.get("/v1/completeness")).json()
    assert (told["total"], told["units"]) == (0, [])


async def test_a_token_of_an_institution_that_does_not_exist_finds_nothing(personas: Personas) -> None:
    officer = personas.hr_officer(uuid4())
    assert (await officer.get("/v1/talents")).json()["edges"] == []
    assert (await officer.get("/v1/completeness")).json()["code"] == "institution.not_found"
    assert (await officer.get("/v1/institutions")).json()["edges"] == []


# ── rubrics


async def test_the_rubric_of_a_placement_can_be_read_by_the_one_it_places(office: Office, personas: Personas) -> None:
    talent = personas.talent(office.actor.institution_id, office.placed)
    rubric = (await talent.get(f"/v1/talents/{office.placed}/placement")).json()["rubric"]
    told = (await talent.get(f"/v1/rubrics/{rubric['code']}/{rubric['version']}")).json()
    assert told["document"]["cutPoints"] == {"performance": [60, 80], "potential": [60, 80]}


@pytest.mark.parametrize("version", ["3", "0", "x", "99999999999999999999", "%00"])
async def test_a_rubric_that_does_not_exist_is_not_found(officer: Persona, version: str) -> None:
    answer = await officer.get(f"/v1/rubrics/bkn-411-2025/{version}")
    assert (answer.status_code, answer.json()["code"]) == (404, "rubric.not_found")
