"""The cost of an operation as a rule: whoever asks for more never pays less."""

from __future__ import annotations

import pytest
from graphql import GraphQLObjectType, build_schema
from hypothesis import given, settings
from hypothesis import strategies as st

from app.api.graphql.cost import cost_of
from app.api.graphql.selection import MOST_ALIASES, read_operation
from app.domain.errors import Invalid

SCHEMA = build_schema(
    """
    type Query { one: Thing, page(first: Int): Page, all: [Thing!]! }
    type Page { edges: [Edge!]!, totalCount: Int }
    type Edge { node: Thing }
    type Thing { name: String, tags: [String!]!, part: Thing, parts: [Thing!] }
    """
)
leaves = st.lists(st.sampled_from(["name", "tags"]), min_size=1, unique=True).map(" ".join)
things = leaves
for _ in range(3):
    deeper = st.builds("{} {} {{ {} }}".format, leaves, st.sampled_from(["part", "parts"]), things)
    things = st.one_of(leaves, deeper)
roots = st.one_of(
    things.map(lambda inner: f"one {{ {inner} }}"),
    things.map(lambda inner: f"all {{ {inner} }}"),
    things.map(lambda inner: f"page(first: $first) {{ totalCount edges {{ node {{ {inner} }} }} }}"),
)


def cost(selection: str, first: int | None) -> int:
    declared = "query($first: Int)" if "$first" in selection else "query"
    operation = read_operation(SCHEMA, f"{declared} {{ {selection} }}", None)
    variables = {"first": first}
    kind = SCHEMA.query_type
    assert isinstance(kind, GraphQLObjectType)
    return cost_of(kind, operation.roots(variables), variables)


@settings(deadline=None)
@given(roots, things, st.none() | st.integers(1, 200))
def test_a_field_more_never_costs_less(asked: str, more: str, first: int | None) -> None:
    richer = asked.rstrip("} ") + f" x: part {{ {more} }} " + asked[len(asked.rstrip("} ")) :]
    assert cost(richer, first) > cost(asked, first)
    assert cost(f"{asked} x: one {{ {more} }}", first) == cost(asked, first) + cost(f"one {{ {more} }}", first)


@settings(deadline=None)
@given(things, st.integers(1, 199))
def test_a_larger_page_costs_more(inner: str, first: int) -> None:
    page = f"page(first: $first) {{ edges {{ node {{ {inner} }} }} }}"
    assert cost(page, first + 1) - cost(page, first) == cost(page, 2) - cost(page, 1) > 0


def test_names_for_fields_are_counted() -> None:
    names = " ".join(f"a{n}: name" for n in range(MOST_ALIASES))
    assert cost(f"one {{ {names} }}", None) == 1 + MOST_ALIASES
    with pytest.raises(Invalid) as refused:
        cost(f"one {{ {names} }} again: one {{ name }}", None)
    assert refused.value.code == "graphql.too_many_aliases"
