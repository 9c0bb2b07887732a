"""One frozen tree of settings, read from the environment here and nowhere else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

import httpx2
import limits
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.auth.destinations import LOOPBACK, Destinations, networks_named
from app.auth.sealing import DEVELOPMENT_SECRETS_KEY, Sealing, development_sealing, sealing_by
from app.db import failpoints

MEGABYTE = 1024 * 1024


def must_be_rate(text: str) -> str:
    """The text; ValueError unless it is one rate such as `600/minute` or `10 per 2 hours`."""
    rates = limits.parse_many(text)
    if len(rates) != 1 or rates[0].amount < 1:
        raise ValueError("one rate, such as 600/minute")
    return text


def _listed(given: object) -> object:
    """The words between commas."""
    return tuple(word.strip() for word in given.split(",") if word.strip()) if isinstance(given, str) else given


Rate = Annotated[str, AfterValidator(must_be_rate)]
Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]


def must_be_bases(paths: tuple[str, ...]) -> tuple[str, ...]:
    """The paths without slashes at the end; ValueError unless each is one below which nothing else can lie."""
    paths = tuple(path.rstrip("/") for path in paths)
    if not paths or not all(BASE.fullmatch(path) for path in paths):
        raise ValueError("paths such as /apisiasn/1.0, with commas between them")
    return paths


BASE = re.compile(
    r"/(?!v1/|v1$|oauth|auth/|graphql|health|metrics|docs|openapi|referensi_siasn)[a-z][a-z_-]*(/[0-9a-z._-]+)+"
)
Mounts = Annotated[Words, AfterValidator(must_be_bases)]


class MisconfiguredError(ValueError):
    """The settings do not make a service; the sentence says what to set."""


class Settings(BaseSettings):
    """Settings; each is an environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    environment: Literal["development", "production"] = "production"
    database_url: str | None = Field(None, description="The PostgreSQL to use; without it, a private one in DATA_DIR.")
    data_dir: Path = Field(
        Path(__file__).resolve().parents[1] / ".data",
        description="Everything the program writes: database, key, demo files.",
    )
    data_protection_contact: str | None = Field(
        None, description="Name and address of the data-protection officer, as access exports tell them."
    )
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=1, le=65535)
    token_issuers: Path | None = Field(
        None, description="JSON file of the OpenID Connect issuers whose tokens count; needed outside development."
    )
    service_url: str | None = Field(
        None, description="Address of the service, such as https://talenta.example.go.id; needed outside development."
    )
    signing_key: Path | None = Field(
        None, description="PEM file of the Ed25519 key that signs tokens of clients; needed outside development."
    )
    secrets_key: Path | None = Field(
        None, description="File of the keys that seal secrets of others, newest first; needed outside development."
    )
    outgoing_networks: Words = Field(
        (),
        description="Networks besides the internet that may be spoken to: 10.20.0.0/16,…; this machine in development.",
    )
    client_token_minutes: int = Field(10, ge=1, le=60, description="How long a token of a client counts.")
    siasn_mounts: Mounts = Field(
        ("/apisiasn/1.0",), description="Bases of the SIASN facade, such as /apisiasn/1.0,/api/1.0 (of its training)."
    )
    siasn_application_minutes: int = Field(
        60, ge=1, le=60, description="How long the facade's token of a system counts."
    )
    siasn_sso_minutes: int = Field(60, ge=1, le=720, description="How long the facade's token of a person counts.")
    rate_limit_siasn: Rate = Field("3000/minute", description="Requests of one system to the SIASN facade.")
    clock_skew_seconds: int = Field(30, ge=0, le=300, description="By how much the clocks of issuers may differ.")
    worker_jobs: int = Field(2, ge=1, le=32, description="Jobs that a worker does at once.")
    worker_silence_seconds: float = Field(
        30, ge=1, le=600, description="How long a worker is silent until its jobs are given to another."
    )
    webhook_jobs: int = Field(
        16, ge=4, le=64, description="Turns of subscriptions to events that a worker takes at once, beside its jobs."
    )
    job_days: int = Field(14, ge=1, le=365, description="How long a job is kept after it ended.")
    delivery_days: int = Field(
        30, ge=1, le=365, description="How long delivered events are listed, and secrets of subscriptions that ended."
    )
    dead_letter_days: int = Field(
        90, ge=1, le=730, description="How long events that nobody took can be delivered again one by one."
    )
    siasn_sync_days: int = Field(
        180, ge=1, le=3650, description="How long it is known what a sync with SIASN found about whom."
    )
    database_connections: int = Field(8, ge=1, le=200, description="Connections for documents, per process.")
    upload_megabytes: int = Field(1024, ge=1, description="Largest request with files; CSV is streamed from disk.")
    workbook_megabytes: int = Field(32, ge=1, description="Largest XLSX, packed.")
    unpacked_megabytes: int = Field(512, ge=1, description="Largest XLSX, unpacked.")
    rate_limit: Rate = Field("600/minute", description="Requests of one client: a person or a system.")
    rate_limit_writes: Rate = Field("120/minute", description="Of these, requests that change something.")
    rate_limit_strangers: Rate = Field("60/minute", description="Attempts to sign in, from one address.")
    graphql_cost: int = Field(100_000, ge=1, description="What one GraphQL operation may cost: see docs/limits.md.")
    graphql_budget: Rate = Field("1000000/minute", description="What all GraphQL operations of one client may cost.")
    graphql_introspection: bool | None = Field(
        None, description="Whether the schema can be asked for, and GraphiQL is there; only in development unless told."
    )
    trusted_documents: Path | None = Field(None, description='JSON file of GraphQL documents: {"<sha256>": "<text>"}.')
    trusted_documents_only: bool = Field(default=False, description="Whether people may send no others.")
    request_seconds: float = Field(30, gt=0, description="Longest request, its body and its answer included.")
    long_request_seconds: float = Field(600, gt=0, description="The same for files in and files out.")
    idempotency_hours: int = Field(
        24, ge=1, le=168, description="How long an Idempotency-Key and its answer are known."
    )
    cors_origins: Words = Field((), description="Origins whose pages may call: https://portal.example.go.id,…")
    trusted_hosts: Words = Field((), description="Names under which the service may be asked; any unless told.")
    trusted_proxies: str = Field("127.0.0.1", description="Addresses whose X-Forwarded-For is believed.")
    hsts_seconds: int | None = Field(
        None, ge=0, description="Strict-Transport-Security; a year unless told, none in development."
    )
    log_format: Literal["text", "json"] = "json"
    failpoint: str | None = Field(None, description="Where the process kills itself, in tests: see docs/jobs.md.")

    @property
    def is_said_to_be_production(self) -> bool:
        """Whether ENVIRONMENT says so; it is taken for granted where nobody says anything."""
        return self.environment == "production" and "environment" in self.model_fields_set

    @classmethod
    def for_development(cls) -> Settings:
        """The settings of somebody at a terminal: in development, unless ENVIRONMENT says otherwise."""
        given = cls().model_dump(exclude_unset=True)
        return cls.model_validate({"environment": "development", "log_format": "text", **given})


def arm_failpoint(settings: Settings) -> None:
    """Have this process killed at the failpoint that FAILPOINT names, in development; elsewhere it is refused."""
    if settings.failpoint is None:
        return
    if settings.environment != "development":
        raise MisconfiguredError("FAILPOINT kills the process: it counts in development only")
    try:
        failpoints.arm(settings.failpoint)
    except ValueError as error:
        raise MisconfiguredError("FAILPOINT: the name of a failpoint and which time, as write.committed:3") from error


def destinations_of(settings: Settings) -> Destinations:
    """Which addresses the service speaks to: public ones and OUTGOING_NETWORKS; this machine by http in development."""
    is_development = settings.environment == "development"
    named = (*settings.outgoing_networks, *(LOOPBACK if is_development else ()))
    try:
        origin = httpx2.URL(settings.service_url or "").host or settings.host
        return Destinations(networks_named(named), allows_http=is_development, origin=origin)
    except (ValueError, httpx2.InvalidURL) as error:
        raise MisconfiguredError(f"OUTGOING_NETWORKS, SERVICE_URL: {error}") from error


def sealing_of(settings: Settings) -> Sealing:
    """What seals secrets of others: the keys of SECRETS_KEY; in development, unless told, a key of its own."""
    if settings.secrets_key is None and settings.environment != "development":
        raise MisconfiguredError("set SECRETS_KEY: what others entrust to the service is kept sealed with it")
    try:
        if settings.secrets_key is None:
            return development_sealing(settings.data_dir / DEVELOPMENT_SECRETS_KEY)
        return sealing_by(settings.secrets_key)
    except (OSError, ValueError) as error:
        raise MisconfiguredError(f"SECRETS_KEY: {error}") from error
