"""Scopes: whose people somebody may read, as conditions that every document about talents is put under."""

from __future__ import annotations

from app.domain.actors import Actor, Permission
from app.services.contract import is_storable


def scope_of(actor: Actor) -> dict[str, str | None]:
    """The conditions of `shapes.scopes.SCOPES` that hold for the actor; none for who may read the whole institution.

    It fails closed: where the token names no unit or no employee number, the condition holds for nobody.
    """
    if actor.may(Permission.READ_TALENTS):
        return {}
    if actor.may(Permission.READ_UNIT_TALENTS):
        return {"own_unit": _named(actor.unit_id)}
    return {"own_nip": _named(actor.nip)}


def _named(claim: str | None) -> str | None:
    return claim if claim and is_storable(claim) else None
