"""What an operation costs, worked out before anything is executed: from what it asks for, not from what is found.

Each field costs 1. What is below an object is added; what is below a list counts once for each item it may have: as
many as `first` says (50 unless told) for the edges of a page, 10 for every other list. Each change costs 10 more, a
look at the schema costs 1000. Roots add up. So whoever asks for more never pays less.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    FieldNode,
    GraphQLList,
    GraphQLObjectType,
    IntValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
)

from app.api.graphql.selection import INTROSPECTION, Root
from app.db.documents import LARGEST_PAGE, Pick, Selection
from app.services.contract import DEFAULT_PAGE

ITEMS = 10  # that a list is taken to have, where nobody says how many to send
CHANGE = 10
LOOK_AT_SCHEMA = 1_000
PRICES_KEPT = 2_000


@dataclass(frozen=True, slots=True)
class Price:
    """`fixed`, and `each` for every edge of the page."""

    fixed: int
    each: int


def cost_of(
    kind: GraphQLObjectType, roots: Iterable[Root], variables: Mapping[str, Any], *, are_changes: bool = False
) -> int:
    """What these roots of the query or mutation type cost together, with the variables of a request."""
    cost = 0
    for root in roots:
        if root.name in INTROSPECTION:
            cost += LOOK_AT_SCHEMA
            continue
        price = _price(kind, (Pick(root.name, root.alias, root.wanted or None),))
        cost += price.fixed + price.each * _page_size(root.node, variables) + (CHANGE if are_changes else 0)
    return cost


@lru_cache(PRICES_KEPT)
def _price(kind: GraphQLObjectType, wanted: Selection) -> Price:
    fixed = each = 0
    for pick in wanted:
        fixed += 1
        if pick.below is None:
            continue
        field = kind.fields[pick.name]
        below = _price_of_object(get_named_type(field.type), pick.below)
        if not isinstance(get_nullable_type(field.type), GraphQLList):
            fixed, each = fixed + below.fixed, each + below.each
        elif pick.name == "edges":
            each += below.fixed
        else:
            fixed, each = fixed + ITEMS * below.fixed, each + ITEMS * below.each
    return Price(fixed, each)


def _price_of_object(kind: object, wanted: Selection) -> Price:
    assert isinstance(kind, GraphQLObjectType)  # noqa: S101 - a valid operation selects from objects only
    return _price(kind, wanted)


def _page_size(root: FieldNode, variables: Mapping[str, Any]) -> int:
    """How many edges to reckon with; a size that no page has will be refused, and costs what the nearest one does."""
    given = next((argument.value for argument in root.arguments or () if argument.name.value == "first"), None)
    first: object = None
    if isinstance(given, VariableNode):
        first = variables.get(given.name.value)
    elif isinstance(given, IntValueNode):
        first = int(given.value)
    return min(max(first, 1), LARGEST_PAGE) if isinstance(first, int) else DEFAULT_PAGE
