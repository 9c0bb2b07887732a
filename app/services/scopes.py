"""Scopes: whose people somebody may read, as conditions that every document about talents is put under."""

from __future__ import annotations

from app.domain.actors import Actor, Permission
from app.services.contract import is_storable


def scope_of(
    actor: Actor,
    everybody: Permission = Permission.READ_TALENTS,
    of_unit: Permission = Permission.READ_UNIT_TALENTS,
) -> dict[str, str | None]:
    """The conditions of `shapes.scopes.SCOPES` that hold for the actor; none for who may read the whole institution.

    `everybody` and `of_unit` are the permissions that reach so far for what is read; who has neither reaches
    themselves, whatever else they may. It fails closed: where the token names no unit or no employee number, the
    condition holds for nobody. Whose processing is restricted is seen by themselves and by those who answer data
    subjects.
    """
    allowed = {} if actor.may(Permission.ANSWER_DATA_REQUESTS) else {"unrestricted_but": _named(actor.nip)}
    if actor.may(everybody):
        return allowed
    if actor.may(of_unit):
        return {"own_unit": _named(actor.unit_id), **allowed}
    return own_scope(actor)


def own_scope(actor: Actor) -> dict[str, str | None]:
    """The condition that holds for the actor alone, whatever else they may read."""
    return {"own_nip": _named(actor.nip)}


def _named(claim: str | None) -> str | None:
    return claim if claim and is_storable(claim) else None
