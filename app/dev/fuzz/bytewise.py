"""The REST door, byte by byte: odd verbs, addresses, headers and bodies for every operation of the OpenAPI document."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import quote

from app.dev.fuzz.cases import Case
from app.dev.fuzz.values import ODD_JSON, SEGMENTS, a_text, json_text, json_value

DOOR = "rest"
VERBS = (
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "QUERY",
    "get",
    "X" * 500,
)
KINDS = (
    "application/json",
    "application/json; charset=utf-16",
    "application/json; charset=nothing",
    "text/plain",
    "",
    "/",
    "application/xml",
    "multipart/form-data",
    "application/x-www-form-urlencoded",
    "*/*",
    "a" * 9_000,
    "application/json;;;",
    "application/problem+json",
    "\udcff/json",
)
HEADERS: Mapping[str, Sequence[str]] = {
    "accept": ("", "*/*", "text/html", "application/json;q=nothing", "x" * 9_000, "\udcff"),
    "accept-language": ("", "en", "xx-" * 3_000, ";;;,,,", "*;q=2", "\udcff", "id;q=0,en"),
    "authorization": ("", "Bearer", "Bearer ", "Bearer x.y.z", "Basic Og==", "Bearer \udcff", "Bearer " + "x" * 30_000),
    "content-length": ("-1", "abc", "99999999999999999999", "5"),
    "transfer-encoding": ("chunked", "gzip", "chunked, chunked"),
    "content-encoding": ("gzip", "br", "deflate", "nothing"),
    "expect": ("100-continue", "x"),
    "idempotency-key": ("", '""', "x", "\udcff", '"' + "k" * 5_000 + '"', '"\x01"', "'", '"a", "b"', '"é"'),
    "if-match": ("", "*", '"x"', 'W/"1"', "x", '"1", "2"', ", ,", '"' + "e" * 9_000 + '"', "\udcff", '"-1"', '"9e99"'),
    "if-none-match": ("", "*", '"x"', "W/"),
    "cookie": ("a=b; " * 900, "\udcff"),
    "origin": ("null", "https://evil.example", "\udcff", ""),
    "access-control-request-method": ("GET", "\udcff", ""),
    "x-request-id": ("mine", "\udcff", "x" * 9_000),
    "x-purpose": ("", "x", "\udcff"),
    "x-forwarded-for": ("127.0.0.1", "x" * 5_000),
    "host": ("", "evil.example", "a:b:c", "\udcff"),
    "range": ("bytes=0-", "bytes=-1", "x"),
    "traceparent": ("00-0-0-0", "x" * 900),
    "x-" + "y" * 3_000: ("z" * 3_000,),
}


@dataclass(frozen=True, slots=True)
class Operations:
    """Every operation of a service, and for whom cases may ask."""

    document: Mapping[str, Any]
    roles: Sequence[str]
    ids: frozenset[str]
    """Names of what has an id: tables."""

    def all(self) -> list[tuple[str, str, Mapping[str, Any]]]:
        """Path, method and description."""
        return [
            (path, method.upper(), told)
            for path, operations in sorted(self.document["paths"].items())
            for method, told in sorted(operations.items())
        ]


def case_of(chance: Random, operations: Operations) -> Case:
    """One request for any operation, odd in one or several respects."""
    path, method, told = chance.choice(operations.all())
    about = [f"{method} {path}"]
    target = address(chance, path, told, operations.ids)
    headers: dict[str, str] = {"idempotency-key": f'"{chance.randrange(10**12):012d}"', "if-match": "*"}
    body = b""
    if method in ("POST", "PUT", "PATCH"):
        headers["content-type"] = "application/json"
        name, body = _body(chance, told, operations)
        about.append(name)
    for odd in chance.sample(sorted(ODDITIES), chance.choice([0, 0, 1, 1, 2])):
        method, target, headers, body = ODDITIES[odd](chance, method, target, headers, body)
        about.append(odd)
    role = chance.choice(operations.roles)
    if "authorization" in headers:
        about.append("credentials")
    return Case(DOOR, ", ".join(about), role, method, target, tuple(headers.items()), body)


def address(chance: Random, path: str, told: Mapping[str, Any], ids: frozenset[str]) -> str:
    """The path with values in it and a query behind it."""
    parameters = told.get("parameters", ())
    for parameter in parameters:
        if parameter["in"] == "path":
            path = path.replace("{" + parameter["name"] + "}", path_value(chance, parameter["name"], path, ids))
    given = [one for one in parameters if one["in"] == "query" and chance.random() < 0.4]
    query = "&".join(f"{one['name']}={_query_value(chance, one)}" for one in given)
    return f"{path}?{query}" if query else path


def path_value(chance: Random, name: str, path: str, ids: frozenset[str]) -> str:
    """One's own, another institution's, nobody's, or nonsense."""
    if chance.random() < 0.2:
        return chance.choice(SEGMENTS)
    kind = thing_of(name, path)
    if kind not in ids:
        return chance.choice(["nspk", "1", "2024", "bkn-411-2025", "2"])
    return "{{" + f"{chance.choice('AAABBX')}.{kind}" + "}}"


def thing_of(parameter: str, path: str) -> str:
    """What a parameter of a path names: the table, where it is an id."""
    if parameter == "id":
        parameter = path.split("{id}", maxsplit=1)[0].strip("/").rpartition("/")[2].removesuffix("s")
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in parameter)
    return OTHER_WORDS.get(snake.removesuffix("_id"), snake.removesuffix("_id"))


OTHER_WORDS = {
    "earlier_cycle": "cycle",
    "participation": "mobility_participation",
    "exception": "retirement_exception",
    "search": "national_search",
    "national_recomputation": "national_search_recomputation",
    "rehearsal": "calculation",
    "reference": "regulation_reference",
    "request": "data_request",
    "card": "talent_card",
    "member": "pool_member",
    "recomputation": "ranking_recomputation",
    "campaign": "mobility_campaign",
    "case": "mobility_case",
    "run": "mobility_run",
    "verification": "mobility_verification",
    "organiser": "institution",
    "account": "siasn_account",
    "token": "siasn_token",
    "push": "siasn_push",
    "sync": "siasn_sync",
    "conflict": "siasn_conflict",
    "delivery": "webhook_delivery",
    "grant": "data_sharing_grant",
}
"""Tables whose rows have another name in addresses."""


def _query_value(chance: Random, parameter: Mapping[str, Any]) -> str:
    allowed = parameter.get("schema", {}).get("enum")
    if allowed and chance.random() < 0.5:
        return quote(str(chance.choice(allowed)))
    fitting = {"after": "{{B.after}}", "unit": "{{B.unit}}", "first": "200"}
    if parameter["name"] in fitting and chance.random() < 0.5:
        return fitting[parameter["name"]]
    return chance.choice([*SEGMENTS, quote(a_text(chance)[:3_000], errors="replace")])


# ── bodies


def _body(chance: Random, told: Mapping[str, Any], operations: Operations) -> tuple[str, bytes]:
    if chance.random() < 0.55:
        schema = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        if schema:
            return "almost fitting", almost(chance, schema, operations.document, 4).encode(errors="surrogatepass")
    make = chance.choice(ODD_JSON)
    return make.__name__.replace("_", " "), make(chance).encode(errors="surrogatepass")


def almost(chance: Random, schema: Mapping[str, Any], document: Mapping[str, Any], depth: int) -> str:
    """JSON that fits a schema here and there."""
    schema = resolved(schema, document)
    if depth == 0 or chance.random() < 0.12:
        return json_value(chance, 1)
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return almost(chance, chance.choice(schema[choice]), document, depth)
    if "const" in schema or "enum" in schema:
        return json.dumps(chance.choice(schema.get("enum", [schema.get("const")])))
    properties = schema.get("properties")
    if properties:
        wanted = [name for name in properties if chance.random() < 0.85]
        members = [f"{json.dumps(name)}:{almost(chance, properties[name], document, depth - 1)}" for name in wanted]
        if members and chance.random() < 0.15:
            members.append(chance.choice(members))  # the same name twice
        if chance.random() < 0.1:
            members.append(f"{json_text(chance)}:{json_value(chance, 1)}")
        return "{" + ",".join(members) + "}"
    if schema.get("type") == "array":
        return "[" + ",".join(almost(chance, schema.get("items", {}), document, depth - 1) for _ in range(2)) + "]"
    return _scalar(chance, schema)


def resolved(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema that a reference means."""
    while "$ref" in schema:
        found: Any = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        schema = found
    return schema


def _scalar(chance: Random, schema: Mapping[str, Any]) -> str:
    match schema.get("type"):
        case "integer" | "number":
            return chance.choice(["0", "1", "2", "9", "2024", "-1", "1e2", "1.0", "9223372036854775807", "0.1"])
        case "boolean":
            return chance.choice(["true", "false", "1", '"true"'])
        case "string":
            fitting = [
                "Sesuai keputusan rapat komite.",
                "{{A.nip}}",
                "{{B.nip}}",
                "2024-06-01",
                "{{A.cycle}}",
                "{{B.cycle}}",
            ]
            return json_text(chance, chance.choice([*fitting, "bkn-411-2025", a_text(chance)]))
    return json_value(chance, 1)


# ── oddities: of the verb, the address, the headers, the length


Request = tuple[str, str, dict[str, str], bytes]


def odd_verb(chance: Random, _method: str, target: str, headers: dict[str, str], body: bytes) -> Request:
    return chance.choice(VERBS), target, headers, body


def odd_header(chance: Random, method: str, target: str, headers: dict[str, str], body: bytes) -> Request:
    names = [name for name in sorted(HEADERS) if name != "expect" or body]
    odd = {name: chance.choice(HEADERS[name]) for name in chance.sample(names, chance.choice([1, 1, 3]))}
    return method, target, {**headers, **odd}, body


def odd_kind(chance: Random, method: str, target: str, headers: dict[str, str], body: bytes) -> Request:
    return method, target, {**headers, "content-type": chance.choice(KINDS)}, body


def many_headers(chance: Random, method: str, target: str, headers: dict[str, str], body: bytes) -> Request:
    count, length = chance.choice([(200, 10), (2_000, 5), (50, 900)])
    return method, target, {**headers, **{f"x-{n}": "y" * length for n in range(count)}}, body


def odd_address(chance: Random, method: str, target: str, headers: dict[str, str], body: bytes) -> Request:
    odd = chance.choice(SEGMENTS)
    path, _, query = target.partition("?")
    forms = [
        f"{path}/{odd}",
        f"{path}/",
        f"/{path}",
        f"{path}?{odd}",
        f"{path}?{odd}={odd}",
        f"{path};{odd}",
        f"{path}//",
    ]
    forms += [f"{path}?{query}&{query}", f"http://evil.example{path}", path.upper(), "*", f"{path}#x", f"{path}?&&=&=a"]
    forms += [
        f"{path}?after={'A' * 9_000}",
        f"{path}?first=1&first=2",
        f"{path}?fields={'a.' * 3_000}",
        f"/../..{path}",
    ]
    return method, chance.choice(forms), headers, body


def without_headers(_chance: Random, method: str, target: str, _headers: dict[str, str], body: bytes) -> Request:
    return method, target, {}, body


def large_body(chance: Random, method: str, target: str, headers: dict[str, str], body: bytes) -> Request:
    return method, target, headers, body + b" " * chance.choice([1 << 16, 1 << 20, 3 << 20])


ODDITIES: Mapping[str, Callable[[Random, str, str, dict[str, str], bytes], Request]] = {
    "an odd verb": odd_verb,
    "an odd header": odd_header,
    "an odd content type": odd_kind,
    "many headers": many_headers,
    "an odd address": odd_address,
    "without headers": without_headers,
    "a large body": large_body,
}
