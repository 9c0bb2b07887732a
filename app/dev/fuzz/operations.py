"""The GraphQL door: operations deeper, wider, longer and stranger than anybody needs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from random import Random

from graphql import (
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    get_named_type,
)

from app.dev.fuzz.cases import Case
from app.dev.fuzz.values import ODD_JSON, json_text, json_value

DOOR = "graphql"
FITTING = {
    "nip": ("{{A.nip}}", "{{B.nip}}", "{{X.nip}}"),
    "unit": ("{{A.unit}}", "{{B.unit}}"),
    "after": ("{{A.after}}", "{{B.after}}", "W10=", "bnVsbA=="),
    "code": ("bkn-411-2025", "{{A.draft}}", "{{B.draft}}"),
}


def schema_of(sdl: str) -> GraphQLSchema:
    return build_schema(sdl)


def case_of(chance: Random, schema: GraphQLSchema, roles: Sequence[str]) -> Case:
    """One operation."""
    make = chance.choice([one_root, one_root, one_root, several_roots, *STRANGE])
    body = make(chance, schema)
    key = f'"{chance.randrange(10**12):012d}"'
    headers = (("content-type", "application/json"), ("idempotency-key", key), ("if-match", "*"))
    return Case(DOOR, make.__name__.replace("_", " "), chance.choice(roles), "POST", "/graphql", headers, body)


def asked(query: str, variables: str = "{}") -> bytes:
    """The body that asks this; variables are JSON already."""
    return f'{{"query":{json.dumps(query)},"variables":{variables}}}'.encode(errors="surrogatepass")


# ── operations that fit the schema, with arguments that may not


def one_root(chance: Random, schema: GraphQLSchema) -> bytes:
    return _operation(chance, schema, 1)


def several_roots(chance: Random, schema: GraphQLSchema) -> bytes:
    return _operation(chance, schema, chance.choice([2, 5, 10, 11]))


def _operation(chance: Random, schema: GraphQLSchema, roots: int) -> bytes:
    kind = schema.mutation_type if chance.random() < 0.4 and schema.mutation_type else schema.query_type
    assert kind is not None  # noqa: S101 - every schema has queries
    word = "mutation" if kind is schema.mutation_type else "query"
    declared, given, written = [], [], []
    for number in range(roots):
        name = chance.choice(sorted(kind.fields))
        field, arguments = kind.fields[name], []
        for argument, told in field.args.items():
            is_needed = isinstance(told.type, GraphQLNonNull)
            if not is_needed and chance.random() < 0.5:
                continue
            variable = f"v{number}_{argument}"
            declared.append(f"${variable}: {told.type}")
            given.append(f"{json.dumps(variable)}:{_value(chance, argument, told.type, 4)}")
            arguments.append(f"{argument}: ${variable}")
        told_arguments = f"({', '.join(arguments)})" if arguments else ""
        written.append(f"r{number}: {name}{told_arguments}{_selection(chance, field.type, chance.randint(1, 3))}")
    head = f"({', '.join(declared)})" if declared else ""
    return asked(f"{word}{head} {{ {' '.join(written)} }}", "{" + ",".join(given) + "}")


def _selection(chance: Random, kind: object, depth: int, share: float = 0.6) -> str:
    """Fields of a type, fewer the deeper they are."""
    named = get_named_type(kind)  # type: ignore[call-overload]
    if not isinstance(named, GraphQLObjectType):
        return ""
    chosen = ["__typename"]
    for name, field in named.fields.items():
        is_object = isinstance(get_named_type(field.type), GraphQLObjectType)
        needs = any(isinstance(argument.type, GraphQLNonNull) for argument in field.args.values())
        if needs or (is_object and depth == 0) or chance.random() > share:
            continue
        chosen.append(name + _selection(chance, field.type, depth - 1, share * 0.6))
    return " { " + " ".join(chosen) + " }"


def _value(chance: Random, name: str, kind: object, depth: int) -> str:
    """JSON for an argument; most of it fits."""
    if isinstance(kind, GraphQLNonNull):
        kind = kind.of_type
    elif chance.random() < 0.1:
        return "null"
    if chance.random() < 0.15 or depth == 0:
        return json_value(chance, 1)
    if isinstance(kind, GraphQLList):
        if chance.random() < 0.1:
            return "[" + ",".join(["null"] * 300) + "]"
        return (
            "[" + ",".join(_value(chance, name, kind.of_type, depth - 1) for _ in range(chance.choice([0, 1, 2]))) + "]"
        )
    if isinstance(kind, GraphQLInputObjectType):
        members = [
            f"{json.dumps(one)}:{_value(chance, one, field.type, depth - 1)}"
            for one, field in kind.fields.items()
            if isinstance(field.type, GraphQLNonNull) or chance.random() < 0.6
        ]
        return "{" + ",".join(members) + "}"
    return _scalar(chance, name, kind)


def _scalar(chance: Random, name: str, kind: object) -> str:
    if values := getattr(kind, "values", None):
        return json.dumps(chance.choice(sorted(values)))
    if name in FITTING and chance.random() < 0.7:
        return json.dumps(chance.choice(FITTING[name]))
    match getattr(kind, "name", ""):
        case "Int":
            return chance.choice(["0", "1", "2", "9", "200", "201", "-1", "2147483647", "2147483648", "2024", "1.0"])
        case "Float" | "Decimal":
            return chance.choice(["0.5", "1", "1e300", "-0.0", "1e999", '"77.56"'])
        case "Boolean":
            return chance.choice(["true", "false"])
        case "UUID":
            thing = {"cycleId": "cycle", "submissionId": "submission", "calibrationId": "calibration"}.get(
                name, "objection"
            )
            return json.dumps("{{" + chance.choice("AAB") + "." + thing + "}}")
        case "Date" | "DateTime":
            return chance.choice(['"2024-06-01"', '"9999-12-31"', '"0001-01-01"', '"2024-02-30"', '""'])
    return json_text(chance)


# ── operations that nobody needs


def deep_nesting(chance: Random, _schema: GraphQLSchema) -> bytes:
    depth = chance.choice([13, 200, 900, 5_000])
    inner = chance.choice(["talent", "a", "... on Query", "edges", "__schema"])
    return asked("{ " + f"{inner} {{ " * depth + "x" + " }" * depth + " }")


def deep_values(chance: Random, _schema: GraphQLSchema) -> bytes:
    depth = chance.choice([100, 1_000, 5_000])
    return asked(
        'mutation { editRubric(code: "x", version: 1, revision: 1, document: '
        + "[" * depth
        + "]" * depth
        + ") { code } }"
    )


def many_aliases(chance: Random, _schema: GraphQLSchema) -> bytes:
    root = chance.choice(
        ["nineBox { total }", 'talent(nip: "{{B.nip}}") { name }', "__typename", "talents { totalCount }"]
    )
    return asked("{ " + " ".join(f"a{n}: {root}" for n in range(chance.choice([11, 200, 2_000]))) + " }")


def aliases_below(chance: Random, _schema: GraphQLSchema) -> bytes:
    below = " ".join(f"a{n}: edges {{ node {{ nip }} }}" for n in range(chance.choice([50, 300])))
    return asked(f"{{ talents(first: 200) {{ {below} }} }}")


def fragment_cycles(chance: Random, _schema: GraphQLSchema) -> bytes:
    texts = (
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
        "{ ...A } fragment A on Query { ...A }",
        "{ talents { ...A } } fragment A on TalentConnection { edges { node { ...B } } } fragment B on Talent { ...B }",
        "{ ...Nowhere }",
        "{ ...A } fragment A on Talent { name }",
    )
    return asked(chance.choice(texts))


def fragments_that_double(chance: Random, _schema: GraphQLSchema) -> bytes:
    depth = chance.choice([8, 16, 30])
    parts = [f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(depth)]
    return asked(" ".join(["{ ...F0 }", *parts, f"fragment F{depth} on Query {{ __typename }}"]))


def conflicting_fields(chance: Random, _schema: GraphQLSchema) -> bytes:
    count = chance.choice([10, 150, 400])
    return asked("{ " + " ".join(f"x: talents(first: {n + 1}) {{ totalCount }}" for n in range(count)) + " }")


def giant_variables(chance: Random, _schema: GraphQLSchema) -> bytes:
    variables = "{" + f'"nip":{chance.choice(ODD_JSON)(chance)}' + "}"
    return asked("query($nip: String!) { talent(nip: $nip) { name } }", variables)


def many_directives(chance: Random, _schema: GraphQLSchema) -> bytes:
    directive = chance.choice(["@include(if: true)", "@skip(if: $x)", "@nothing", "@include", "@include(if: 1)"])
    return asked("query($x: Boolean = false) { nineBox " + f"{directive} " * chance.choice([1, 2, 900]) + "{ total } }")


def introspection(chance: Random, _schema: GraphQLSchema) -> bytes:
    deep = "ofType { " * 30 + "name" + " }" * 30
    texts = (
        "{ __schema { types { name fields { name type { " + deep + " } } } } }",
        "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }",
        '{ __type(name: "Talent") { name } nineBox { total } }',
        "{ __typename }",
        "subscription { x }",
    )
    return asked(chance.choice(texts))


def odd_documents(chance: Random, _schema: GraphQLSchema) -> bytes:
    texts = (
        "",
        " ",
        "{",
        "}",
        "{}",
        "query",
        "query A { __typename } query B { __typename }",
        "{ \ud800 }",
        "{ a\x00 }",
        "\ufeff{ __typename }",
        "# only words",
        '{ talent(nip: """' + "x" * 20_000 + '""") { name } }',
        "{ talent(nip: 1e999) { name } }",
        "x" * 40_000,
        "{ nineBox { total " + "total " * 3_000 + "} }",
        "type A { b: C }",
        '{ talent(nip: "\\ud800") { name } }',
        "query($a: Nothing) { __typename }",
        "query($a: [[[[Int!]!]!]!] = [[[[1]]]]) { __typename }",
        "{ " + "a" * 3_000 + ": nineBox { total } }",
        "{ talents(filter: {nothing: 1}) { totalCount } }",
        "{ talents(first: 99999999999999999999) { totalCount } }",
        "{ nineBox { total { x } } }",
        "{ talents }",
        "mutation { nothing }",
        "{ " + "," * 20_000 + " __typename }",
    )
    return asked(chance.choice(texts))


def odd_envelopes(chance: Random, _schema: GraphQLSchema) -> bytes:
    texts = (
        '{"query":"{ __typename }","variables":[]}',
        '{"query":"{ __typename }","variables":"x"}',
        '{"query":null}',
        "[]",
        "null",
        '""',
        '{"query":"{ __typename }","operationName":5}',
        '{"query":"{ __typename }","operationName":"Nothing"}',
        "{}",
        "",
        '[{"query":"{ __typename }"},{"query":"{ __typename }"}]',
        '{"query":"{ __typename }","extensions":{"persistedQuery":{}}}',
        '{"query":"{ __typename }","extensions":[]}',
        '{"query":"{ __typename }","query":"{ nineBox { total } }"}',
        '{"query":"{ __typename }","documentId":1}',
        '{"documentId":"sha256:\\u0000"}',
        '{"id":"x","extensions":{"persistedQuery":{"sha256Hash":1}}}',
    )
    body = chance.choice([*texts, chance.choice(ODD_JSON)(chance)])
    return body.encode(errors="surrogatepass")


STRANGE: tuple[Callable[[Random, GraphQLSchema], bytes], ...] = (
    deep_nesting,
    deep_values,
    many_aliases,
    aliases_below,
    fragment_cycles,
    fragments_that_double,
    conflicting_fields,
    giant_variables,
    many_directives,
    introspection,
    odd_documents,
    odd_envelopes,
)
