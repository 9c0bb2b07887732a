"""The lot of a round: chance that nobody can choose, drawn from a secret committed beforehand and a public value."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.errors import Fault, Invalid

LOT_BYTES = 8


@dataclass(frozen=True, slots=True)
class Lottery:
    """What the lots are drawn from; the commitment and the source are public before wishes close, the rest after."""

    commitment: bytes
    """SHA-256 of the secret."""
    source: str
    """Where the value comes from, and when."""
    secret: bytes
    value: str
    """What the source gave after the freeze."""
    seed: bytes


def commitment_to(secret: bytes) -> bytes:
    """What is published of a secret, and cannot be kept with any other one."""
    return hashlib.sha256(secret).digest()


def seed_of(secret: bytes, value: str) -> bytes:
    """Neither who knows the secret nor who makes the value can choose it alone."""
    return hashlib.sha256(secret + value.encode()).digest()


def must_keep_commitment(lottery: Lottery) -> None:
    """Refused with everything that is wrong: another secret than the one committed to, another seed than theirs."""
    faults = []
    if not hmac.compare_digest(commitment_to(lottery.secret), lottery.commitment):
        faults.append(
            Fault(
                "mobility.secret",
                "/lottery/secret",
                {"found": commitment_to(lottery.secret).hex(), "commitment": lottery.commitment.hex()},
            )
        )
    if not hmac.compare_digest(seed_of(lottery.secret, lottery.value), lottery.seed):
        faults.append(
            Fault(
                "mobility.seed",
                "/lottery/seed",
                {"found": lottery.seed.hex(), "seed": seed_of(lottery.secret, lottery.value).hex()},
            )
        )
    if faults:
        raise Invalid("mobility.lottery", faults=tuple(faults))


def lot_of(seed: bytes, participant: str) -> int:
    """What decides between equal points, the smaller first: one lot for all wishes of a person."""
    return int.from_bytes(hmac.digest(seed, participant.encode(), "sha256")[:LOT_BYTES], "big")


def lots_of(seed: bytes, participants: Iterable[str]) -> dict[str, int]:
    """The lot of each of them."""
    return {participant: lot_of(seed, participant) for participant in participants}
