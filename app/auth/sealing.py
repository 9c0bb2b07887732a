"""Secrets that have to be told again, as to SIASN or in the signature of a webhook: kept encrypted."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

DEVELOPMENT_SECRETS_KEY = "development-secrets.key"
"""Its file below DATA_DIR."""


class SealedElsewhereError(ValueError):
    """None of the installation's keys opens what was sealed: it was sealed by another installation."""


class Sealing:
    """Seals with the first of the installation's keys (Fernet) and opens with any, so that keys can follow each other.

    ValueError for what is no such key, and where there is none.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise ValueError("there is no key")
        self._keys = MultiFernet([Fernet(key) for key in keys])

    def seal(self, secret: str) -> bytes:
        """The secret, as it may be kept."""
        return self._keys.encrypt(secret.encode())

    def opened(self, sealed: bytes) -> str:
        """The secret again; `SealedElsewhereError` where another installation has sealed it."""
        try:
            return self._keys.decrypt(sealed).decode()
        except InvalidToken as error:
            raise SealedElsewhereError("sealed with a key that is none of SECRETS_KEY") from error


def sealing_by(path: Path) -> Sealing:
    """Sealing with the keys of a file, one in a line, the newest first."""
    return Sealing(path.read_text().split())


def development_sealing(path: Path) -> Sealing:
    """Sealing with the key of a development installation, made on first use and readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        part.touch(mode=0o600)
        part.write_bytes(Fernet.generate_key())
        with suppress(FileExistsError):  # another process was quicker: both use its key
            os.link(part, path)
        part.unlink()
    return sealing_by(path)
