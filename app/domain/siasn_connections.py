"""The connection of an institution to SIASN: what it needs, whom its secrets are told to, and how a token ages."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from app.domain.errors import Fault, refuse

WARNED_DAYS = 14
"""Before an SSO token issued by hand lapses."""


class TokenState(StrEnum):
    """How an SSO token issued by hand stands."""

    VALID = "valid"
    SOON = "soon"
    """It lapses within two weeks."""
    LAPSED = "lapsed"
    UNREADABLE = "unreadable"
    """It does not say when it ends."""


WARNINGS = {
    TokenState.SOON: "siasn.sso_token.soon",
    TokenState.LAPSED: "siasn.sso_token.lapsed",
    TokenState.UNREADABLE: "siasn.sso_token.unreadable",
}
"""What somebody who keeps the connection is told."""


class Step(StrEnum):
    """What a trial of a connection does."""

    SECRETS = "secrets"
    """Opening what is kept sealed; told where that fails."""
    APPLICATION_TOKEN = "applicationToken"  # noqa: S105 - the name of a step
    SSO_TOKEN = "ssoToken"  # noqa: S105 - the name of a step
    READ = "read"
    """One page of units."""
    REFERENCES = "references"
    """One list of the reference service."""


class Outcome(StrEnum):
    """What came of a step."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    SKIPPED = "skipped"
    """It is switched off, or a step before it failed."""


FAILURES = tuple(
    f"siasn.{one}"
    for one in (
        *("unreachable", "timeout", "suspended", "unauthorised", "html", "truncated"),
        *("wrong_person", "rate_limited", "error"),
    )
)
"""The codes of a call that failed, whatever it was for."""
REFUSED_ADDRESSES = ("destination.private", "destination.unresolved")
"""The codes of an address that is not spoken to."""


@dataclass(frozen=True, slots=True)
class Entrusted:
    """A secret of a connection: where it is given, and the addresses that it is told to before a change and after it.

    `is_kept`: there is one and nobody gives another.
    """

    where: str
    is_kept: bool
    before: Collection[str]
    after: Collection[str]


def must_stay_where_it_is(secrets: Iterable[Entrusted]) -> None:
    """Who changes the machine that a secret is told to gives the secret again: nobody reads it by moving the address.

    Refused with `siasn.secret_again` at each.
    """
    moved = [one for one in secrets if one.is_kept and _origins(one.after) - _origins(one.before)]
    if moved:
        refuse(*(Fault("siasn.secret_again", one.where) for one in moved))


def must_be_complete(
    *, uses_application_token: bool, uses_sso_token: bool, has_sso_token: bool, given: Collection[str]
) -> None:
    """A token that is used can be had; `given` are the pointers of what is there. Refused with all that is missing."""
    needed: list[str] = []
    if uses_application_token:
        needed += ["/applicationTokenUrl", "/consumerKey", "/consumerSecret"]
    if uses_sso_token and not has_sso_token:
        needed += ["/ssoTokenUrl", "/ssoClientId", "/ssoUsername", "/ssoPassword"]
    missing = [where for where in needed if where not in given]
    if missing:
        refuse(*(Fault("siasn.credential_needed", where) for where in missing))


RESERVED = frozenset({"accept", "content-type", "content-length", "transfer-encoding", "connection", "host", "cookie"})
"""Headers that the connection makes by itself."""


def must_be_free(headers: Iterable[tuple[str, str]], *, uses_application_token: bool, uses_sso_token: bool) -> None:
    """Further headers are none that is made anyway, and each is there once; `headers` are pointers and names.

    Refused with `siasn.header_taken` at each.
    """
    taken = set(RESERVED)
    taken |= {"authorization"} if uses_application_token else set()
    taken |= {"auth"} if uses_sso_token else set()
    faults: list[Fault] = []
    for where, name in headers:
        if name.casefold() in taken:
            faults.append(Fault("siasn.header_taken", where, {"header": name}))
        taken.add(name.casefold())
    if faults:
        refuse(*faults)


def _origins(addresses: Iterable[str]) -> set[tuple[str, str]]:
    parts = [urlsplit(address) for address in addresses]
    return {(one.scheme, one.netloc.casefold()) for one in parts}
