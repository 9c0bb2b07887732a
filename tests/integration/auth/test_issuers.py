"""Tokens of OpenID Connect issuers: which count, how their keys are found and kept, and what a file may say of them."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.auth.claims import NUMBERED_ROLES, ClaimMapping
from app.auth.issuers import TYPES_OF_TOKENS, read_issuers
from app.auth.key_sets import DISCOVERY, KEPT_FOR, LARGEST_ANSWER, NOT_SOONER_THAN, REFRESHED_AFTER, PublishedKeys
from app.auth.tokens import Issuer, TokenVerifier
from app.domain.actors import Role
from app.domain.errors import Unauthenticated, Unavailable
from tests.providers import AUDIENCE, KEYS, Provider, a_key, serving

INSTITUTION = UUID("7f1d8c1e-9d57-4f3e-a80a-96a1d3d1f7d2")
RSA = a_key("RS256")  # made once: RSA keys are slow to make


@pytest.fixture
def provider() -> Iterator[Provider]:
    with serving(Provider(keys=[RSA])) as started:
        yield started


def written(directory: Path, *entries: dict[str, Any]) -> Path:
    path = directory / "issuers.json"
    path.write_text(json.dumps(entries))
    return path


def verifier_of(directory: Path, *entries: dict[str, Any]) -> TokenVerifier:
    return TokenVerifier(read_issuers(written(directory, *entries), is_development=False))


async def must_refuse(verifier: TokenVerifier, token: str, code: str = "unauthenticated") -> None:
    with pytest.raises(Unauthenticated) as refusal:
        await verifier.actor_of(token)
    assert refusal.value.code == code


# ── what counts


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
async def test_a_token_counts_by_the_published_key_it_names(algorithm: str, tmp_path: Path) -> None:
    key = RSA if algorithm == "RS256" else a_key(algorithm)
    with serving(Provider(keys=[a_key("EdDSA"), a_key("ES256"), key])) as provider:
        actor = await verifier_of(tmp_path, {"issuer": provider.url}).actor_of(provider.token(key))
        assert (actor.institution_id, actor.role, actor.subject) == (INSTITUTION, Role.HR_OFFICER, "2f0b")


async def test_each_issuer_speaks_with_its_own_keys_only(tmp_path: Path, provider: Provider) -> None:
    with serving(Provider(keys=[a_key()])) as other:
        verifier = verifier_of(tmp_path, {"issuer": provider.url}, {"issuer": other.url})
        for one in (provider, other):
            assert (await verifier.actor_of(one.token())).institution_id == INSTITUTION
        await must_refuse(verifier, provider.token(other.keys[0]))
        await must_refuse(verifier, other.token(provider.keys[0]))
        await must_refuse(verifier, other.token(iss="http://127.0.0.1:1"))


SOON = timedelta(seconds=20)
BAD: dict[str, dict[str, Any]] = {
    "another audience": {"aud": "account"},
    "no audience": {"aud": None},
    "an issuer with a slash": {"iss": "{url}/"},
    "a list of issuers": {"iss": ["{url}"]},
    "no issuer": {"iss": None},
    "no subject": {"sub": None},
    "a blank subject": {"sub": "  "},
    "a number for a subject": {"sub": 7},
    "no end": {"exp": None},
    "an end that is never": {"exp": float("inf")},
    "no beginning": {"iat": None},
    "made in the future": {"iat": datetime.now(UTC) + timedelta(hours=1)},
    "for the future": {"nbf": datetime.now(UTC) + timedelta(hours=1)},
    "no institution": {"institution": None},
    "a list of institutions": {"institution": [str(INSTITUTION)]},
    "roles of others only": {"realm_access": {"roles": ["offline_access"]}},
    "no roles": {"realm_access": None},
    "roles at another place": {"realm_access": ["hr-officer"]},
    "the command line's role": {"realm_access": {"roles": ["operator"]}},
    "a system's role": {"realm_access": {"roles": ["client"]}},
    "words that cannot be stored": {"sub": "a\x00b"},
}


@pytest.mark.parametrize("claims", BAD.values(), ids=list(BAD))
async def test_a_token_with_other_claims_does_not_count(
    claims: dict[str, Any], tmp_path: Path, provider: Provider
) -> None:
    verifier = verifier_of(tmp_path, {"issuer": provider.url})
    claims = json.loads(json.dumps(claims, default=lambda moment: moment.timestamp()).replace("{url}", provider.url))
    assert await verifier.actor_of(provider.token())
    await must_refuse(verifier, provider.token(**claims))


async def test_clocks_may_differ_a_little(tmp_path: Path, provider: Provider) -> None:
    verifier, now = verifier_of(tmp_path, {"issuer": provider.url}), datetime.now(UTC)
    assert await verifier.actor_of(provider.token(nbf=now + SOON, iat=now + SOON))
    just = provider.token(exp=now - SOON)
    assert await verifier.actor_of(just)
    assert await verifier.actor_of(just)
    await must_refuse(verifier, provider.token(exp=now - 2 * SOON), "token.expired")
    strict = TokenVerifier(read_issuers(written(tmp_path, {"issuer": provider.url}), is_development=False), timedelta())
    await must_refuse(strict, just, "token.expired")
    await must_refuse(strict, provider.token(nbf=now + SOON))


def forged(header: dict[str, Any], payload: bytes, signature: bytes = b"") -> str:
    parts = (json.dumps(header).encode(), payload, signature)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


async def test_no_algorithm_counts_but_those_of_the_issuer_with_keys_of_its_own(
    tmp_path: Path, provider: Provider
) -> None:
    verifier, key = verifier_of(tmp_path, {"issuer": provider.url}), provider.keys[0]
    claims = jwt.decode(provider.token(), options={"verify_signature": False})
    pem = key.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    payload = json.dumps(claims).encode()
    signed_by_pem = jwt.get_algorithm_by_name("HS256").sign  # the library itself refuses to sign with a public key
    head = {"alg": "HS256", "kid": key.id}
    beginning = forged(head, payload).rpartition(".")[0]
    signature = base64.urlsafe_b64encode(signed_by_pem(beginning.encode(), pem)).rstrip(b"=").decode()
    for token in (
        forged({"alg": "none"}, payload),
        forged({"alg": "none", "kid": key.id}, payload),
        f"{beginning}.{signature}",
        jwt.encode(claims, key.private, "RS512", {"kid": key.id}),
        jwt.encode(claims, key.private, "PS256", {"kid": key.id}),
        provider.token(a_key("EdDSA", kid=key.id)),
        provider.token(a_key("ES256", kid=key.id)),
        provider.token(header={"typ": "logout+jwt"}),
        provider.token(header={"crit": ["b64"], "b64": False}),
        forged({"alg": "RS256", "kid": key.id}, b"[" * 30_000),
        forged({"alg": "RS256", "kid": key.id}, b"[]"),
        forged({"alg": ["RS256"], "kid": key.id}, payload),
        forged({"alg": "RS256", "kid": {"a": 1}}, payload),
    ):
        await must_refuse(verifier, token)
    assert await verifier.actor_of(provider.token(header={"typ": "at+jwt"}))
    narrow = verifier_of(tmp_path, {"issuer": provider.url, "algorithms": ["ES256"]})
    await must_refuse(narrow, provider.token())


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")  # who signs with such a key is told
async def test_keys_that_are_not_for_verifying_are_no_keys(tmp_path: Path) -> None:
    good, told_everybody = a_key(), a_key()
    told_everybody.published |= jwt.get_algorithm_by_name("EdDSA").to_jwk(told_everybody.private, as_dict=True)
    of_p384 = ec.generate_private_key(ec.SECP384R1())
    bad = [
        a_key(use="enc"),
        a_key(alg="HS256"),
        a_key(key_ops=["encrypt"]),
        a_key("RS256", bits=1024),
        a_key("ES256", crv="P-384"),
        a_key(x="not a key"),
        told_everybody,
        a_key(kty="oct", k="c2VjcmV0"),
    ]
    bad[4].private = of_p384
    with serving(Provider(keys=[*bad, good])) as provider:
        verifier = verifier_of(tmp_path, {"issuer": provider.url})
        assert await verifier.actor_of(provider.token(good))
        for key in (*bad[:4], *bad[5:]):
            await must_refuse(verifier, provider.token(key))


async def test_a_token_that_names_no_key_counts_where_there_is_only_one(tmp_path: Path) -> None:
    with serving(Provider(keys=[a_key(), a_key("ES256")])) as provider:
        claims = jwt.decode(provider.token(), options={"verify_signature": False})
        token = jwt.encode(claims, provider.keys[0].private, "EdDSA")
        assert "kid" not in jwt.get_unverified_header(token)
        assert await verifier_of(tmp_path, {"issuer": provider.url}).actor_of(token)
        provider.keys.append(a_key())
        await must_refuse(verifier_of(tmp_path, {"issuer": provider.url}), token)


# ── keys that change


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def verifier_by(clock: Clock, provider: Provider) -> TokenVerifier:
    keys = PublishedKeys(provider.url, is_development=False, clock=clock)
    algorithms = frozenset({"RS256", "EdDSA"})
    return TokenVerifier([Issuer(provider.url, keys, algorithms, ClaimMapping().actor_of, types=TYPES_OF_TOKENS)])


async def test_a_rotated_key_is_found_without_a_restart(provider: Provider) -> None:
    clock = Clock()
    verifier = verifier_by(clock, provider)
    assert await verifier.actor_of(provider.token())
    old, new = provider.keys[0], a_key()
    provider.keys[:] = [new]
    await must_refuse(verifier, provider.token(new))  # a moment after the keys were fetched
    clock.now += NOT_SOONER_THAN
    assert await verifier.actor_of(provider.token(new))
    await must_refuse(verifier, provider.token(old, sub="another"))
    assert provider.asked == [DISCOVERY, KEYS] * 2


async def test_unknown_keys_make_nobody_ask_the_provider_more_often(provider: Provider) -> None:
    clock = Clock()
    verifier = verifier_by(clock, provider)
    for _ in range(20):
        await must_refuse(verifier, provider.token(a_key()))
    assert provider.asked == [DISCOVERY, KEYS]


async def test_those_who_wait_at_once_ask_once(provider: Provider) -> None:
    verifier = verifier_by(Clock(), provider)
    provider.may_answer.clear()
    waiting = [asyncio.create_task(verifier.actor_of(provider.token(sub=f"{n}"))) for n in range(20)]
    await asyncio.sleep(0.05)
    waiting[0].cancel()  # somebody hangs up; the others do not notice
    provider.may_answer.set()
    actors = await asyncio.gather(*waiting[1:])
    assert len(actors) == 19
    assert provider.asked == [DISCOVERY, KEYS]


async def test_keys_are_asked_for_again_in_the_background_as_they_age(provider: Provider) -> None:
    clock = Clock()
    verifier = verifier_by(clock, provider)
    await verifier.actor_of(provider.token())
    withdrawn = provider.keys[0]
    provider.keys[:] = [a_key()]
    clock.now += REFRESHED_AFTER + 1
    assert await verifier.actor_of(provider.token(withdrawn, sub="nobody waits"))
    async with asyncio.timeout(30):
        while await counts(verifier, provider.token(withdrawn, sub=uuid4().hex)):  # noqa: ASYNC110 - it is a thread's
            await asyncio.sleep(0.01)
    await must_refuse(verifier, provider.token(withdrawn, sub="somebody else"))
    assert provider.asked == [DISCOVERY, KEYS] * 2


async def counts(verifier: TokenVerifier, token: str) -> bool:
    try:
        await verifier.actor_of(token)
    except Unauthenticated:
        return False
    return True


async def test_keys_are_kept_while_the_provider_is_away(provider: Provider) -> None:
    clock = Clock()
    verifier = verifier_by(clock, provider)
    await verifier.actor_of(provider.token())
    provider.answers[DISCOVERY] = (503, {}, b"")
    clock.now += KEPT_FOR - 1
    assert await verifier.actor_of(provider.token(sub="known key"))
    with pytest.raises(Unavailable):
        await verifier.actor_of(provider.token(a_key()))  # nobody can tell
    clock.now += 1 + NOT_SOONER_THAN
    with pytest.raises(Unavailable):
        await verifier.actor_of(provider.token(sub="a day later"))
    del provider.answers[DISCOVERY]
    clock.now += NOT_SOONER_THAN
    assert await verifier.actor_of(provider.token(sub="a day later"))


async def test_a_provider_that_is_away_at_first_is_found_later() -> None:
    clock, provider = Clock(), Provider(keys=[a_key()])
    with serving(provider):
        port = int(provider.url.rpartition(":")[2])
    verifier = verifier_by(clock, provider)
    with pytest.raises(Unavailable):
        await verifier.actor_of(provider.token())
    with serving(provider, port):
        clock.now += NOT_SOONER_THAN
        assert await verifier.actor_of(provider.token())


async def test_a_failure_that_passes_is_tried_again(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    failures, document = [503, 502], provider.document
    monkeypatch.setattr(provider, "document", lambda path: (failures.pop(), {}, b"") if failures else document(path))
    assert await verifier_by(Clock(), provider).actor_of(provider.token())
    assert provider.asked == [DISCOVERY] * 3 + [KEYS]


def discovered(**but: object) -> dict[str, bytes]:
    return {DISCOVERY: json.dumps({"issuer": "{url}", "jwks_uri": "{url}/keys"} | but).encode()}


FAULTS: dict[str, dict[str, bytes]] = {
    "another issuer": discovered(issuer="https://sso.invalid"),
    "no address of keys": discovered(jwks_uri=None),
    "keys without encryption": discovered(jwks_uri="http://sso.invalid/keys"),
    "keys in a file": discovered(jwks_uri="file:///etc/passwd"),
    "no JSON": {DISCOVERY: b"<html>"},
    "no object": {DISCOVERY: b"[]"},
    "too deep": {DISCOVERY: b"[" * 60_000},
    "too long": {KEYS: json.dumps({"keys": [RSA.published]}).encode() + b" " * LARGEST_ANSWER},
    "no keys": {KEYS: b'{"keys": []}'},
    "keys that are no list": {KEYS: b'{"keys": {"kty": "RSA"}}'},
    "no text": {KEYS: b"\xff\xfe"},
}


@pytest.mark.parametrize("answers", FAULTS.values(), ids=list(FAULTS))
async def test_a_provider_that_says_something_else_is_as_good_as_away(
    answers: dict[str, bytes], provider: Provider
) -> None:
    told = {path: body.replace(b"{url}", provider.url.encode()) for path, body in answers.items()}
    provider.answers |= {path: (200, {}, body) for path, body in told.items()}
    with pytest.raises(Unavailable) as refusal:
        await verifier_by(Clock(), provider).actor_of(provider.token())
    assert refusal.value.code == "issuer.away"


async def test_nobody_else_answers_for_a_provider(provider: Provider) -> None:
    with serving(Provider(keys=[a_key()])) as other:
        provider.answers[KEYS] = (302, {"location": other.url + KEYS}, b"")
        with pytest.raises(Unavailable):
            await verifier_by(Clock(), provider).actor_of(provider.token(other.keys[0]))
        assert other.asked == []


# ── what the file says


async def test_an_issuer_speaks_for_the_institutions_and_roles_it_was_given(tmp_path: Path, provider: Provider) -> None:
    own, entry = uuid4(), {"issuer": provider.url, "roles": ["hr-officer", "talent"]}
    regional = verifier_of(tmp_path, entry | {"institutions": [str(own)]})
    await must_refuse(regional, provider.token())
    both = provider.token(institution=str(own), realm_access={"roles": ["national", "hr-officer"]})
    actor = await regional.actor_of(both)
    assert (actor.role, actor.other_roles) == (Role.HR_OFFICER, frozenset())
    await must_refuse(regional, provider.token(institution=str(own), realm_access={"roles": ["national"]}))


@pytest.mark.parametrize("role", sorted(NUMBERED_ROLES))
async def test_who_judges_others_has_to_say_who_they_are(tmp_path: Path, provider: Provider, role: Role) -> None:
    """Without an employee number nobody could tell that they judge themselves."""
    token = provider.token(realm_access={"roles": [role.value]}, nip=None)
    with pytest.raises(Unauthenticated, match=r"token\.no_nip"):
        await verifier_of(tmp_path, {"issuer": provider.url}).actor_of(token)
    trusting = verifier_of(tmp_path, {"issuer": provider.url, "nipRoles": ["talent"]})
    if role is not Role.TALENT:
        assert (await trusting.actor_of(token)).nip is None


async def test_an_appointing_authority_may_be_no_civil_servant(tmp_path: Path, provider: Provider) -> None:
    token = provider.token(realm_access={"roles": ["appointing-authority", "committee-chair"]}, nip=None)
    actor = await verifier_of(tmp_path, {"issuer": provider.url}).actor_of(token)
    assert (actor.role, actor.other_roles) == (Role.APPOINTING_AUTHORITY, frozenset())


async def test_the_words_of_a_provider_are_translated(tmp_path: Path, provider: Provider) -> None:
    entry = {
        "issuer": provider.url,
        "audience": "talenta",
        "claims": {
            "subject": "preferred_username",
            "roles": "https://asn.example/groups",
            "institution": "asn.instansi.kode",
            "nip": "asn.nip",
            "unit": "asn.unor",
        },
        "roleNames": {"admin-kepegawaian": "hr-officer", "pegawai": "talent"},
        "institutionIds": {"7171": str(INSTITUTION)},
    }
    verifier = verifier_of(tmp_path, entry)
    claims = {
        "aud": "talenta",
        "preferred_username": "rina",
        "https://asn.example/groups": ["pegawai", "admin-kepegawaian", "national"],
        "asn": {"instansi": {"kode": "7171"}, "nip": "198008212005011001", "unor": "U1"},
    }
    actor = await verifier.actor_of(provider.token(**claims))
    assert (actor.subject, actor.institution_id, actor.role) == ("rina", INSTITUTION, Role.HR_OFFICER)
    assert (actor.nip, actor.unit_id, actor.other_roles) == ("198008212005011001", "U1", frozenset({Role.TALENT}))
    unknown = {"instansi": {"kode": str(INSTITUTION)}, "nip": None}
    await must_refuse(verifier, provider.token(**claims | {"asn": unknown}))
    await must_refuse(verifier, provider.token(**claims | {"https://asn.example/groups": "hr-officer"}))


async def test_keys_can_stand_in_the_file_itself(tmp_path: Path, provider: Provider) -> None:
    given = {"keys": [key.published for key in provider.keys]}
    verifier = verifier_of(tmp_path, {"issuer": provider.url, "jwks": given})
    assert await verifier.actor_of(provider.token())
    await must_refuse(verifier, provider.token(a_key()))
    assert provider.asked == []


HTTPS = "https://sso.example.go.id/realms/asn"
UNUSABLE: dict[str, tuple[object, str]] = {
    "no list": ({"issuer": HTTPS}, "array"),
    "nobody": ([], "at least 1"),
    "no issuer": ([{"audience": "x"}], "0.issuer"),
    "a misspelt name": ([{"issuer": HTTPS, "audiences": "x"}], "0.audiences"),
    "no encryption": ([{"issuer": "http://sso.example.go.id"}], "https://"),
    "no address": ([{"issuer": "sso"}], "address"),
    "an address with a question": ([{"issuer": HTTPS + "?a=b"}], "address"),
    "an address with a password": ([{"issuer": "https://a:b@sso.example.go.id"}], "address"),
    "a port that is none": ([{"issuer": "https://sso.example.go.id:x"}], "address"),
    "a shared secret": ([{"issuer": HTTPS, "algorithms": ["HS256"]}], "0.algorithms"),
    "no signature": ([{"issuer": HTTPS, "algorithms": ["none"]}], "0.algorithms"),
    "no algorithm": ([{"issuer": HTTPS, "algorithms": []}], "0.algorithms"),
    "the command line": ([{"issuer": HTTPS, "roleNames": {"root": "operator"}}], "operator"),
    "systems": ([{"issuer": HTTPS, "roles": ["client"]}], "client"),
    "an unknown role": ([{"issuer": HTTPS, "roles": ["root"]}], "0.roles"),
    "twice": ([{"issuer": HTTPS}, {"issuer": HTTPS}], "more than once"),
    "keys of no use": ([{"issuer": HTTPS, "jwks": {"keys": [{"kty": "oct", "k": "AAAA"}]}}], "jwks"),
}


@pytest.mark.parametrize(("told", "says"), UNUSABLE.values(), ids=list(UNUSABLE))
def test_a_file_that_trusts_too_much_is_refused(told: object, says: str, tmp_path: Path) -> None:
    path = tmp_path / "issuers.json"
    path.write_text(json.dumps(told))
    with pytest.raises(ValueError, match=says):
        TokenVerifier(read_issuers(path, is_development=False))


def test_without_encryption_an_issuer_is_this_machine_or_for_development(tmp_path: Path) -> None:
    for local in ("http://localhost:8080/realms/asn", "http://127.0.0.1:9400", "http://[::1]:9400"):
        assert read_issuers(written(tmp_path, {"issuer": local}), is_development=False)
    assert read_issuers(written(tmp_path, {"issuer": "http://keycloak:8080"}), is_development=True)
    assert read_issuers(written(tmp_path, {"issuer": HTTPS}), is_development=False)[0].audience == AUDIENCE
