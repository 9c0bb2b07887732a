"""How one institution reaches SIASN: addresses, credentials, and how politely it asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, repr=False)
class Connection:
    """One connection, its secrets opened: it is made for a piece of work, and never shown, kept or logged.

    The bases are whole and end where paths begin: nothing is derived from a host. A relay that adds a token by itself
    needs the one that is switched off neither here nor there. Times are in seconds.
    """

    api_base: str
    """Such as `https://…:8243/apisiasn/1.0`."""
    reference_base: str | None = None
    application_token_url: str | None = None
    sso_token_url: str | None = None
    consumer_key: str | None = None
    consumer_secret: str | None = None
    sso_client_id: str | None = None
    sso_username: str | None = None
    """The NIP of the civil servant whose rights count."""
    sso_password: str | None = None
    sso_token: str | None = None
    """Issued by hand; it counts before the password does."""
    headers: Mapping[str, str] = field(default_factory=lambda: NO_HEADERS)
    """What a relay wants to see besides, secret ones included."""
    use_application_token: bool = True
    use_sso_token: bool = True
    gap_seconds: float = 0.5
    """From an answer to the next request; 0 switches the limit off."""
    concurrency: int = 1
    timeout_seconds: float = 60.0
    token_timeout_seconds: float = 15.0
    max_age: timedelta = timedelta(days=7)
    """Who was asked for since then is fresh."""
    histories: tuple[str, ...] = ()
    """Which are asked for, by their names in the address."""
    pushes_placements: bool = False

    @property
    def has_password(self) -> bool:
        """Whether an SSO token can be asked for."""
        return None not in (self.sso_token_url, self.sso_client_id, self.sso_username, self.sso_password)


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long somebody waits for an answer; times in seconds."""

    attempts: int = 3
    first_wait: float = 0.5
    """Before the second attempt; then twice as long, and by chance up to as much again."""
    pause: float = 30.0
    """For a back end that the gateway has suspended."""
    longest_wait: float = 120.0
    """What `Retry-After` may ask for; a call that would wait longer fails."""


IMPATIENT = Patience(attempts=1)
"""For somebody who waits for the answer."""
