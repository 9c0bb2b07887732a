"""Integration clients: systems that an institution registers, their scopes, and how their secrets follow each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.domain.actors import ClientScope
from app.domain.errors import Conflict, Fault, refuse

MOST_OVERLAP = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class KnownClient:
    """What is known of a client before anybody has proven to be it; `hashes` are those of its live secrets."""

    institution_id: UUID
    client_id: str
    scopes: frozenset[ClientScope]
    hashes: tuple[bytes, ...]


def must_have_agreement(
    scopes: Collection[ClientScope], institutions: Iterable[UUID], own: UUID, agreement: str | None
) -> None:
    """Who asks for people of other institutions rests on a data-sharing agreement (UU 27/2022 art. 51-52)."""
    reaches_others = ClientScope.DISCLOSURES in scopes or any(one != own for one in institutions)
    if reaches_others and agreement is None:
        refuse(Fault("client.agreement_needed", "/dataSharingAgreement"))


def must_not_be_revoked(client_id: str, revoked_at: datetime | None) -> None:
    """Refuse with `Conflict` to change a client whose time is over."""
    if revoked_at is not None:
        raise Conflict("client.revoked", client=client_id)


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret that a client may still use; until when, or as long as nobody rotates it."""

    id: UUID
    expires_at: datetime | None


def ends_after_rotation(live: Sequence[Secret], now: datetime, overlap: timedelta) -> Mapping[UUID, datetime]:
    """When each live secret ends once another is made: the newest after the overlap, what is older at once.

    `live` begins with the oldest. No secret lives longer than it would have without the rotation, and with the new
    one two live at most.
    """
    if not live:
        return {}
    *older, newest = live
    end = now + overlap
    ends = {newest.id: end if newest.expires_at is None else min(newest.expires_at, end)}
    return ends | {secret.id: now for secret in older}


def granted_scopes(allowed: frozenset[ClientScope], wanted: str | None) -> frozenset[ClientScope] | None:
    """What a token is for: all that the client may, or the part it asks for (RFC 6749, section 3.3).

    None where it asks for what it may not.
    """
    if not wanted or wanted.isspace():
        return allowed
    named = {scope.value: scope for scope in allowed}
    words = wanted.split()
    return frozenset(named[word] for word in words) if all(word in named for word in words) else None
