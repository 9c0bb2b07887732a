"""A GraphQL operation becomes selections of documents: parsed, validated and walked once, kept by its text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    parse,
    validate,
)

from app.db.documents import Pick, Selection
from app.domain.errors import Invalid

MOST_TOKENS = 2_000
MOST_FIELDS = 500  # after fragments are spread
MOST_ALIASES = 150
MOST_ROOTS = 10
DEEPEST = 12
INTROSPECTION = ("__schema", "__type")  # executed by the library, which has limits of its own
LONGEST_NAME = 60  # PostgreSQL would cut longer names of columns
MOST_VARIANTS = 16  # compiled per operation: one for each combination of @include and @skip that was asked for

Flags = Mapping[str, bool]
"""The values of the variables that @include and @skip look at."""


@dataclass(frozen=True, slots=True)
class Root:
    """A field of the query or mutation type, the name it is answered under, and what is wanted of its document."""

    node: FieldNode
    alias: str
    wanted: Selection

    @property
    def name(self) -> str:
        return self.node.name.value


@dataclass(slots=True)
class Operation:
    """One valid operation. `roots` compiles it for the flags of a request, within the limits."""

    document: DocumentNode
    node: OperationDefinitionNode
    flag_names: tuple[str, ...]
    _fragments: Mapping[str, FragmentDefinitionNode]
    _compiled: dict[tuple[bool, ...], tuple[Root, ...]] = field(default_factory=dict)

    @property
    def changes(self) -> bool:
        """Whether it is a mutation."""
        return self.node.operation is OperationType.MUTATION

    def roots(self, variables: Mapping[str, Any]) -> tuple[Root, ...]:
        """The roots that these variables include, in the order of the operation."""
        flags = {name: bool(variables.get(name)) for name in self.flag_names}
        key = tuple(flags.values())
        if (known := self._compiled.get(key)) is None:
            known = _Walk(self._fragments, flags).roots(self.node.selection_set)
            if len(self._compiled) < MOST_VARIANTS:
                self._compiled[key] = known
        return known


def read_operation(schema: GraphQLSchema, text: str, name: str | None) -> Operation:
    """The operation of that name (or the only one); GraphQLError where the text is not valid."""
    document = parse(text, max_tokens=MOST_TOKENS)
    if errors := validate(schema, document, max_errors=10):
        raise GraphQLErrorGroup(errors)
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    chosen = [node for node in operations if name is None or (node.name and node.name.value == name)]
    if len(chosen) != 1:
        raise GraphQLError("Say by operationName which operation to execute.")
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    sets = [chosen[0].selection_set, *(fragment.selection_set for fragment in fragments.values())]
    flag_names = sorted({name for one in sets for name in _flag_names(one)})
    return Operation(document, chosen[0], tuple(flag_names), fragments)


class GraphQLErrorGroup(GraphQLError):
    """Several errors of one document."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


class _Walk:
    """One walk over an operation: merges fields, spreads fragments, honours @include and @skip.

    `Invalid` as soon as a limit is passed.
    """

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode], flags: Flags) -> None:
        self._fragments, self._flags = fragments, flags
        self._met = self._aliases = 0

    def roots(self, selections: SelectionSetNode) -> tuple[Root, ...]:
        merged = self._merged([selections], 1)
        if len(merged) > MOST_ROOTS:
            raise Invalid("graphql.too_many_roots", limit=MOST_ROOTS)
        return tuple(
            Root(nodes[0], alias, () if nodes[0].name.value in INTROSPECTION else self._below(nodes, 2))
            for alias, nodes in merged.items()
        )

    def _below(self, nodes: list[FieldNode], depth: int) -> Selection:
        sets = [node.selection_set for node in nodes if node.selection_set is not None]
        return tuple(
            Pick(same[0].name.value, alias, self._below(same, depth + 1) if same[0].selection_set else None)
            for alias, same in self._merged(sets, depth).items()
        )

    def _merged(self, sets: list[SelectionSetNode], depth: int) -> dict[str, list[FieldNode]]:
        """The fields of several selection sets by alias, in the order in which they first appear."""
        if depth > DEEPEST:
            raise Invalid("graphql.too_deep", limit=DEEPEST)
        merged: dict[str, list[FieldNode]] = {}
        for selections in sets:
            for node in self._spread(selections):
                alias = node.alias.value if node.alias else node.name.value
                if len(alias) > LONGEST_NAME:
                    raise Invalid("graphql.long_alias", limit=LONGEST_NAME)
                merged.setdefault(alias, []).append(node)
        return merged

    def _spread(self, selections: SelectionSetNode) -> Iterator[FieldNode]:
        # type conditions need no look: there are no interfaces and no unions, so validation lets only fitting ones pass
        for node in selections.selections:
            self._met += 1  # skipped ones and fragments too: each costs a look
            if self._met > MOST_FIELDS:
                raise Invalid("graphql.too_many_fields", limit=MOST_FIELDS)
            if not all(self._is_included(directive) for directive in node.directives or ()):
                continue
            if isinstance(node, FieldNode):
                self._aliases += node.alias is not None
                if self._aliases > MOST_ALIASES:
                    raise Invalid("graphql.too_many_aliases", limit=MOST_ALIASES)
                yield node
            elif isinstance(node, InlineFragmentNode):
                yield from self._spread(node.selection_set)
            elif isinstance(node, FragmentSpreadNode):
                yield from self._spread(self._fragments[node.name.value].selection_set)

    def _is_included(self, directive: DirectiveNode) -> bool:
        if directive.name.value not in ("include", "skip"):
            return True
        value = (directive.arguments or ())[0].value
        condition = value.value if isinstance(value, BooleanValueNode) else self._flags[_variable(value)]
        return condition is (directive.name.value == "include")


def _flag_names(selections: SelectionSetNode) -> Iterator[str]:
    for node in selections.selections:
        for directive in node.directives or ():
            if directive.name.value in ("include", "skip"):
                for argument in directive.arguments or ():
                    if isinstance(argument.value, VariableNode):
                        yield argument.value.name.value
        below = getattr(node, "selection_set", None)
        if below is not None:
            yield from _flag_names(below)


def _variable(value: object) -> str:
    if not isinstance(value, VariableNode):
        raise GraphQLError("@include and @skip take true, false or a variable.")
    return value.name.value
