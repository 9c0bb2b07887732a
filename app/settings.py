"""One frozen tree of settings, read from the environment here and nowhere else."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

MEGABYTE = 1024 * 1024


class Settings(BaseSettings):
    """Settings; each is an environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    environment: Literal["development", "production"] = "production"
    database_url: str | None = Field(None, description="The PostgreSQL to use; without it, a private one in DATA_DIR.")
    data_dir: Path = Field(
        Path(__file__).resolve().parents[1] / ".data",
        description="Everything the program writes: database, key, demo files.",
    )
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=1, le=65535)
    token_issuer: str | None = Field(None, description="The `iss` of access tokens outside development.")
    token_public_key: Path | None = Field(None, description="PEM file of the issuer's Ed25519 public key.")
    database_connections: int = Field(8, ge=1, le=200, description="Connections for documents, per process.")
    upload_megabytes: int = Field(1024, ge=1, description="Largest request with files; CSV is streamed from disk.")
    workbook_megabytes: int = Field(32, ge=1, description="Largest XLSX, packed.")
    unpacked_megabytes: int = Field(512, ge=1, description="Largest XLSX, unpacked.")
    log_format: Literal["text", "json"] = "json"
