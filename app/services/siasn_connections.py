"""The connection of an institution to SIASN: kept with its secrets sealed, tried, and opened for work."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

import orjson
from pydantic import AfterValidator, Field, SecretStr, StringConstraints
from pydantic_core import PydanticCustomError
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.destinations import Destinations
from app.auth.sealing import SealedElsewhereError, Sealing
from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.shapes import siasn_connections as shapes
from app.db.tables.siasn_connections import SiasnConnectionRow, SiasnTrialRow
from app.domain.actors import Actor, Permission
from app.domain.errors import Conflict, Fault, NotFound, PreconditionFailed, refuse
from app.domain.revisions import ABSENT, FIRST, Expected, must_be_unchanged
from app.domain.siasn_connections import Entrusted, must_be_complete, must_be_free, must_stay_where_it_is
from app.domain.siasn_events import SiasnConnectionKept, SiasnConnectionRemoved, SiasnSsoTokenReplaced
from app.services.contract import Command, must_say_something
from app.siasn import wire
from app.siasn.connection import Connection
from app.siasn.tokens import Renewal, lapse_of

NOT_CONNECTED, SEALED_ELSEWHERE = "siasn.not_connected", "siasn.sealed_elsewhere"
PULLED = frozenset(wire.HISTORIES) - {wire.PERSON, "rw-tubel"}
"""What can be asked for besides the main record, which always is; of study assignments nothing could be kept."""
USUALLY_PULLED = (
    *("rw-jabatan", "rw-golongan", "rw-pendidikan", "rw-diklat", "rw-kursus", "rw-sertifikasi", "rw-skp22"),
    *("rw-kinerjaperiodik", "rw-hukdis", "rw-penghargaan", "rw-potensi", "rw-kompetensi", wire.PROFESSIONALISM),
)
MOST_HEADERS = 20
NIP = re.compile(r"[0-9]{18}")


def _must_be_sendable(secret: SecretStr) -> SecretStr:
    told = secret.get_secret_value()
    if not told.isprintable() or not told.isascii() or told != told.strip():
        raise PydanticCustomError("siasn.unsendable", "a secret without blanks around it, on one line")
    return secret


def _must_be_nip(text: str) -> str:
    if not NIP.fullmatch(text):
        raise PydanticCustomError("siasn.nip", "18 digits")
    return text


def _must_be_pulled(name: str) -> str:
    if name not in PULLED:
        raise PydanticCustomError("siasn.history", "no history of SIASN")
    return name


Address = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(must_say_something)
]
Nip = Annotated[str, AfterValidator(_must_be_nip)]
NipOrEmpty = Annotated[str, AfterValidator(lambda text: text and _must_be_nip(text))]
Secret = Annotated[SecretStr, Field(max_length=8000, strict=False), AfterValidator(_must_be_sendable)]
HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$")]
HeaderValue = Annotated[str, StringConstraints(pattern=r"^[!-~]([ -~]{0,1998}[!-~])?$")]
History = Annotated[str, AfterValidator(_must_be_pulled)]


class Header(Command):
    """A header that goes with every call of the API and the reference service."""

    name: HeaderName
    value: HeaderValue


class SecretHeader(Command):
    """The same with a value that is never told again."""

    name: HeaderName
    value: Secret


class KeepSiasnConnection(Command):
    """The whole connection. A secret that is not given stays as it is; an empty text takes it away."""

    api_base: Address = Field(description="Up to where paths begin: `https://…:8243/apisiasn/1.0`, or that of a relay.")
    reference_base: Address | None = None
    application_token_url: Address | None = None
    sso_token_url: Address | None = None
    consumer_key: Line | None = None
    consumer_secret: Secret | None = None
    sso_client_id: Line | None = None
    sso_username: NipOrEmpty | None = Field(None, description="The NIP of the civil servant whose rights count.")
    sso_password: Secret | None = None
    sso_token: Secret | None = Field(None, description="Issued by hand; it counts before the password does.")
    headers: list[Header] = Field([], max_length=MOST_HEADERS, description="As a relay wants them.")
    secret_headers: list[SecretHeader] | None = Field(
        None, max_length=MOST_HEADERS, description="Not given, those that are kept stay; a list takes their place."
    )
    use_application_token: bool = True
    use_sso_token: bool = True
    gap_seconds: float = Field(0.5, ge=0, le=60, description="From an answer to the next request; 0 is no limit.")
    concurrency: int = Field(1, ge=1, le=16, description="Requests at once.")
    timeout_seconds: float = Field(60, ge=1, le=300)
    token_timeout_seconds: float = Field(15, ge=1, le=60)
    max_age_hours: int = Field(168, ge=0, le=8784, description="Who was asked for since then is fresh.")
    sync_every_hours: int | None = Field(
        None, ge=1, le=168, description="How often an incremental sync of everybody starts by itself; null is never."
    )
    histories: list[History] = Field(list(USUALLY_PULLED), max_length=40, description="Which are asked for.")
    pushes_placements: bool = Field(False, description="Whether confirmed placements may be handed over.")  # noqa: FBT003


class ReplaceSiasnSsoToken(Command):
    """Another SSO token issued by hand."""

    sso_token: Annotated[Secret, Field(min_length=1)]


# ── writes


async def keep_siasn_connection(
    db: Database,
    actor: Actor,
    sealing: Sealing,
    destinations: Destinations,
    command: KeepSiasnConnection,
    *,
    expected: Expected | None = None,
) -> UUID:
    """Connect the own institution to SIASN, or change how. Secrets are sealed and never told again.

    Refused for addresses that are not spoken to, for a token that is used and cannot be had, and where a secret would
    be told to another machine than the one that it was given for.
    """
    actor.require(Permission.MANAGE_SIASN)
    _must_be_plausible(destinations, command)
    _must_be_free(command)
    async with db.write_as(actor) as tx:
        row = await _find_row(tx, actor)
        must_be_unchanged(expected, ABSENT if row is None else row.revision)
        _must_stay_where_it_is(row, command)
        values = _values(row, command, sealing, db, actor)
        _must_be_complete(values)
        before, changed = _told(row), _told_of(values)
        await tx.execute(delete(SiasnTrialRow))  # it was one of other settings
        if row is None:
            kept = insert(SiasnConnectionRow).values(institution_id=actor.institution_id, **values)
            kept = kept.on_conflict_do_nothing()
            if await tx.scalar(kept.returning(SiasnConnectionRow.institution_id)) is None:  # somebody was quicker
                raise PreconditionFailed("precondition.failed", revision=FIRST)
        else:
            for name, value in values.items():
                setattr(row, name, value)
        differing = [name for name, value in changed.items() if before.get(name) != value]
        told = {name: before.get(name) for name in differing}, {name: changed[name] for name in differing}
        await record(tx, actor, SiasnConnectionKept(*told, _given(command)))
    return actor.institution_id


async def replace_siasn_sso_token(db: Database, actor: Actor, sealing: Sealing, command: ReplaceSiasnSsoToken) -> UUID:
    """Replace the SSO token issued by hand; what is under way goes on with it. Refused for one that has lapsed."""
    actor.require(Permission.MANAGE_SIASN)
    async with db.write_as(actor) as tx:
        row = await _find_row(tx, actor)
        if row is None:
            raise NotFound(NOT_CONNECTED)
        for name, value in _token(command.sso_token, sealing, db, actor).items():
            setattr(row, name, value)
        lapses_at = row.sso_token_lapses_at
        await record(tx, actor, SiasnSsoTokenReplaced(None if lapses_at is None else lapses_at.isoformat()))
    return actor.institution_id


async def remove_siasn_connection(db: Database, actor: Actor, *, expected: Expected | None = None) -> None:
    """Cut the connection, and forget its secrets. What SIASN has told stays."""
    actor.require(Permission.MANAGE_SIASN)
    async with db.write_as(actor) as tx:
        row = await _find_row(tx, actor)
        if row is None:
            raise NotFound(NOT_CONNECTED)
        must_be_unchanged(expected, row.revision)
        await tx.execute(delete(SiasnTrialRow))
        await tx.delete(row)
        await record(tx, actor, SiasnConnectionRemoved(row.api_base))


async def _find_row(tx: AsyncSession, actor: Actor) -> SiasnConnectionRow | None:
    """The connection, which nobody else changes meanwhile."""
    return await tx.get(SiasnConnectionRow, actor.institution_id, with_for_update=True)


ADDRESSES = {
    "api_base": "/apiBase",
    "reference_base": "/referenceBase",
    "application_token_url": "/applicationTokenUrl",
    "sso_token_url": "/ssoTokenUrl",
}
"""The columns with addresses, and where each is given."""
Named = Literal["consumer_secret", "sso_password", "sso_token", "secret_headers"]
TOLD_TO: Mapping[Named, tuple[str, tuple[str, ...]]] = {
    "consumer_secret": ("/consumerSecret", ("application_token_url",)),
    "sso_password": ("/ssoPassword", ("sso_token_url",)),
    "sso_token": ("/ssoToken", ("api_base",)),
    "secret_headers": ("/secretHeaders", ("api_base", "reference_base")),
}
"""Each secret: where it is given, and the addresses that it is told to."""


def _must_be_plausible(destinations: Destinations, command: KeepSiasnConnection) -> None:
    for name, where in ADDRESSES.items():
        if (address := getattr(command, name)) is not None:
            destinations.must_be_plausible(address, where)
            if "?" in address:
                refuse(Fault("destination.address", where))


def _must_be_free(command: KeepSiasnConnection) -> None:
    told = [(f"/headers/{place}/name", one.name) for place, one in enumerate(command.headers)]
    told += [(f"/secretHeaders/{place}/name", one.name) for place, one in enumerate(command.secret_headers or [])]
    must_be_free(told, uses_application_token=command.use_application_token, uses_sso_token=command.use_sso_token)


def _must_stay_where_it_is(row: SiasnConnectionRow | None, command: KeepSiasnConnection) -> None:
    if row is None:
        return
    secrets = []
    for name, (where, columns) in TOLD_TO.items():
        is_kept = getattr(row, name) is not None and getattr(command, name) is None
        before = [one for column in columns if (one := getattr(row, column)) is not None]
        after = [one for column in columns if (one := getattr(command, column)) is not None]
        secrets.append(Entrusted(where, is_kept, before, after))
    must_stay_where_it_is(secrets)


def _must_be_complete(values: Mapping[str, object]) -> None:
    pointers = {name: f"/{_camel(name)}" for name in values}
    must_be_complete(
        uses_application_token=bool(values["use_application_token"]),
        uses_sso_token=bool(values["use_sso_token"]),
        has_sso_token=values["sso_token"] is not None,
        given={pointers[name] for name, value in values.items() if value is not None},
    )


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


PLAIN = (
    *("api_base", "reference_base", "application_token_url", "sso_token_url", "consumer_key", "sso_client_id"),
    *("sso_username", "use_application_token", "use_sso_token", "gap_seconds", "concurrency", "timeout_seconds"),
    *("token_timeout_seconds", "max_age_hours", "sync_every_hours", "pushes_placements"),
)
"""The columns that are what the command says."""
SETTINGS = tuple(name for name in PLAIN if name not in ("sso_username", "consumer_key"))
"""Of these, what the ledger keeps."""


def _values(
    row: SiasnConnectionRow | None, command: KeepSiasnConnection, sealing: Sealing, db: Database, actor: Actor
) -> dict[str, object]:
    """The row as it is to be."""
    values: dict[str, object] = {name: getattr(command, name) or None for name in ("consumer_key", "sso_username")}
    values |= {name: getattr(command, name) for name in PLAIN if name not in values}
    values["headers"] = [one.model_dump() for one in command.headers]
    values["histories"] = list(dict.fromkeys(command.histories))
    for name in ("consumer_secret", "sso_password"):
        given: SecretStr | None = getattr(command, name)
        values[name] = getattr(row, name, None) if given is None else _sealed(given, sealing)
    names = ("sso_token", "sso_token_lapses_at", "sso_token_replaced_at", "sso_token_replaced_by")
    if command.sso_token is None:
        values |= {name: getattr(row, name, None) for name in names}
    else:
        has_one = bool(command.sso_token.get_secret_value())
        values |= _token(command.sso_token, sealing, db, actor) if has_one else dict.fromkeys(names)
    if command.secret_headers is None:
        values |= {"secret_headers": getattr(row, "secret_headers", None)}
        values |= {"secret_header_names": getattr(row, "secret_header_names", [])}
    else:
        told = {one.name: one.value.get_secret_value() for one in command.secret_headers}
        values |= {"secret_headers": sealing.seal(orjson.dumps(told).decode()) if told else None}
        values |= {"secret_header_names": list(told)}
    return values | {"edited_at": db.now(), "edited_by": actor.subject}


def _sealed(secret: SecretStr, sealing: Sealing) -> bytes | None:
    told = secret.get_secret_value()
    return sealing.seal(told) if told else None


def _token(secret: SecretStr, sealing: Sealing, db: Database, actor: Actor) -> dict[str, object]:
    """The columns of an SSO token issued by hand."""
    told = secret.get_secret_value()
    if " " in told:
        refuse(Fault("siasn.unsendable", "/ssoToken"))
    lapses_at = lapse_of(told)
    if lapses_at is not None and lapses_at <= db.now():
        refuse(Fault("siasn.token_over", "/ssoToken", {"day": lapses_at.date()}))
    replaced = {"sso_token_replaced_at": db.now(), "sso_token_replaced_by": actor.subject}
    return {"sso_token": sealing.seal(told), "sso_token_lapses_at": lapses_at, **replaced}


def _told(row: SiasnConnectionRow | None) -> dict[str, object]:
    return {} if row is None else {name: getattr(row, name) for name in (*SETTINGS, "histories")}


def _told_of(values: Mapping[str, object]) -> dict[str, object]:
    return {name: values[name] for name in (*SETTINGS, "histories")}


def _given(command: KeepSiasnConnection) -> list[str]:
    """Which credentials were given anew, by their names."""
    names: Collection[str] = ("consumer_secret", "sso_password", "sso_token", "secret_headers")
    return [_camel(name) for name in names if getattr(command, name) is not None]


# ── for work


async def _open_connection(tx: AsyncSession, actor: Actor, sealing: Sealing) -> Connection:
    """The institution's connection with its secrets opened; `Conflict` where there is none, or they do not open."""
    row = await tx.get(SiasnConnectionRow, actor.institution_id)
    if row is None:
        raise Conflict(NOT_CONNECTED)
    headers = {str(one["name"]): str(one["value"]) for one in row.headers}
    secret = _opened(row.secret_headers, sealing)
    return Connection(
        api_base=row.api_base,
        reference_base=row.reference_base,
        application_token_url=row.application_token_url,
        sso_token_url=row.sso_token_url,
        consumer_key=row.consumer_key,
        consumer_secret=_opened(row.consumer_secret, sealing),
        sso_client_id=row.sso_client_id,
        sso_username=row.sso_username,
        sso_password=_opened(row.sso_password, sealing),
        sso_token=_opened(row.sso_token, sealing),
        headers=headers if secret is None else headers | orjson.loads(secret),
        use_application_token=row.use_application_token,
        use_sso_token=row.use_sso_token,
        gap_seconds=row.gap_seconds,
        concurrency=row.concurrency,
        timeout_seconds=row.timeout_seconds,
        token_timeout_seconds=row.token_timeout_seconds,
        max_age=timedelta(hours=row.max_age_hours),
        histories=tuple(row.histories),
        pushes_placements=row.pushes_placements,
    )


def _renewal(db: Database, actor: Actor, sealing: Sealing) -> Renewal:
    """Tells the SSO token issued by hand as it is kept now, for work that outlives one."""

    async def renew() -> str | None:
        async with db.read_as(actor) as tx:
            row = await tx.get(SiasnConnectionRow, actor.institution_id)
            return None if row is None else _opened(row.sso_token, sealing)

    return renew


def _opened(sealed: bytes | None, sealing: Sealing) -> str | None:
    try:
        return None if sealed is None else sealing.opened(sealed)
    except SealedElsewhereError as error:
        raise Conflict(SEALED_ELSEWHERE) from error


# ── reads


async def siasn_connection_document(db: Database, actor: Actor, wanted: Selection | None = None) -> Document:
    """How the own institution reaches SIASN, when its SSO token lapses, and what came of the last trial."""
    actor.require(Permission.MANAGE_SIASN)
    document = await db.document_as(actor, shapes.CONNECTION, wanted)
    if document is None:
        raise NotFound(NOT_CONNECTED)
    return document
