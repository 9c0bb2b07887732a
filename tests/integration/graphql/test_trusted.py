"""Trusted documents: registered beforehand, asked for by their hash; where only they count, nothing else is."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.api.graphql.trusted import hash_of
from app.db.database import Database
from app.main import MisconfiguredError, create_app
from app.settings import Settings
from tests.conftest import url_of
from tests.factories import an_institution
from tests.personas import Persona, Personas

INSTITUTION = "query Own { institution { id } }"
PAGE = "query Some($first: Int) { talents(first: $first) { edges { node { nip } } } }"
FRAGMENT = "fragment F on Query { __typename }"
Serving = Callable[..., AbstractAsyncContextManager[Personas]]


@pytest.fixture
def serving(settings: Settings, database_name: str, signing_key: Ed25519PrivateKey, tmp_path: Path) -> Serving:
    file = tmp_path / "documents.json"
    file.write_text(json.dumps({hash_of(text): text for text in (INSTITUTION, PAGE)}))

    @asynccontextmanager
    async def served(**chosen: object) -> AsyncIterator[Personas]:
        changed = settings.model_copy(update={"trusted_documents": file, **chosen})
        application = create_app(changed, url_of(database_name))
        async with application.router.lifespan_context(application):
            transport = httpx2.ASGITransport(app=application, raise_app_exceptions=False)
            async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
                yield Personas(client, signing_key)

    return served


async def code_of(persona: Persona, body: object) -> str:
    """The code of the one error, or what was answered."""
    answer = (await persona.post("/graphql", json=body)).json()
    return answer["errors"][0]["extensions"]["code"] if "errors" in answer else "answered"


async def test_a_document_is_asked_for_by_its_hash(db: Database, serving: Serving) -> None:
    actor = await an_institution(db)
    async with serving() as personas:
        officer = personas.hr_officer(actor.institution_id)
        for known in (
            {"documentId": f"sha256:{hash_of(INSTITUTION)}"},
            {"documentId": hash_of(INSTITUTION).upper()},
            {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": hash_of(INSTITUTION)}}},
        ):
            answer = (await officer.post("/graphql", json=known)).json()
            assert answer["data"] == {"institution": {"id": str(actor.institution_id)}}
        page = {"documentId": f"sha256:{hash_of(PAGE)}", "variables": {"first": 2}}
        assert (await officer.post("/graphql", json=page)).json()["extensions"]["cost"]["requested"] == 6
        assert await code_of(officer, {"documentId": "sha256:" + "0" * 64}) == "graphql.unknown_document"
        assert await code_of(officer, {"query": "{ institution { name } }"}) == "answered"
        wrong = await officer.post("/graphql", json={"documentId": 7})
        assert (wrong.status_code, wrong.json()["errors"][0]["where"]) == (422, "/documentId")


async def test_where_only_trusted_documents_count_people_send_nothing_else(db: Database, serving: Serving) -> None:
    actor = await an_institution(db)
    async with serving(trusted_documents_only=True) as personas:
        officer = personas.hr_officer(actor.institution_id)
        assert await code_of(officer, {"query": INSTITUTION}) == "answered"
        assert await code_of(officer, {"documentId": hash_of(INSTITUTION)}) == "answered"
        introspective = "{ __schema { queryType { name } } }"
        for other in ("{ institution { id } }", INSTITUTION + " ", "{ __typename }", introspective):
            assert await code_of(officer, {"query": other}) == "graphql.not_trusted"
        nothing = await officer.post("/graphql", json={})
        assert nothing.status_code == 422


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "is not JSON"),
        ("[]", "must hold one object"),
        (json.dumps({hash_of("{ x }"): 1}), "must hold one object"),
        (json.dumps({hash_of("{ x }"): "{ y }"}), "has another hash"),
        (json.dumps({hash_of("{ nope }"): "{ nope }"}), "Cannot query field 'nope'"),
        (json.dumps({hash_of("{"): "{"}), "Syntax Error"),
        (json.dumps({hash_of(FRAGMENT): FRAGMENT}), "no operation"),
    ],
)
def test_a_file_that_cannot_be_trusted_stops_the_start(
    content: str, said: str, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "documents.json"
    file.write_text(content)
    with pytest.raises(MisconfiguredError, match=said):
        create_app(settings.model_copy(update={"trusted_documents": file}), "postgresql://")


def test_a_file_that_is_not_there_stops_the_start(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(MisconfiguredError, match="cannot be read"):
        create_app(settings.model_copy(update={"trusted_documents": tmp_path / "none.json"}), "postgresql://")
    with pytest.raises(MisconfiguredError, match="needs TRUSTED_DOCUMENTS"):
        create_app(settings.model_copy(update={"trusted_documents_only": True}), "postgresql://")
