"""Values that programs stumble over: numbers, texts, JSON and addresses."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

TEXTS = (
    "",
    " ",
    "\x00",
    "NIP\x00",
    "\ud800",
    "\udfff\ud800",
    "\u202eMINDA",
    "\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b",
    "e\u0301" * 300,
    "Z\u0335\u0321\u0322" * 100,
    "𐀀𝕊𝕚𝕥𝕚🙂" * 40,
    "\ufeffSITI",
    "\uffff\ufffe",
    "İIıi",
    "ﷺ" * 500,
    "x" * 100_000,
    "'; DROP TABLE talent; --",
    '=HYPERLINK("http://x";"y")',
    "<script>alert(1)</script>",
    "{{7*7}}${7*7}%{7*7}",
    "../../../../etc/passwd",
    "%00%0d%0aX: y",
    "\r\nX-Injected: yes",
    "\\u0000",
    "-1",
    "true",
    "null",
    "1980-02-30",
    "9999-12-31",
    "0000-00-00",
    "10000-01-01",
    "2024-02-29T25:61:61Z",
    "00000000-0000-0000-0000-000000000000",
    "198008212005011001",
    "１９８００８２１２００５０１１００１",
    "٣",
)
NUMBERS = (
    "0",
    "-0",
    "-0.0",
    "1e999999",
    "-1e999999",
    "1e-999999",
    "9" * 4_000,
    "9" * 100_000,
    "0." + "1" * 10_000,
    "9223372036854775808",
    "-9223372036854775809",
    "2147483648",
    "4294967296",
    "1.7976931348623159e308",
    "NaN",
    "Infinity",
    "-Infinity",
    "0x10",
    "01",
    "1_000",
    "1.",
    ".5",
    "1e",
    "--1",
)
SEGMENTS = (
    "",
    ".",
    "..",
    "%",
    "%zz",
    "%00",
    "%ff%fe",
    "%2e%2e%2f",
    "%2F",
    "%252e",
    "%c0%ae",
    "%ed%a0%80",
    "a%0d%0ab",
    "0",
    "-1",
    "null",
    "*",
    "x" * 4_000,
    "9" * 5_000,
    "%F0%9F%99%82",
    "%E2%80%AE",
    "{nip}",
    "1e99",
    "0x1",
    ";a=b",
    "%3F",
    "%23",
    "1980082120050110011",
    "２",
    "{{X.nip}}",
    "00000000-0000-0000-0000-000000000000",
    "%7B%7D",
)


def a_text(chance: Random) -> str:
    return chance.choice(TEXTS)


def json_text(chance: Random, text: str | None = None) -> str:
    """A text as JSON, odd characters as they are or escaped."""
    return json.dumps(a_text(chance) if text is None else text, ensure_ascii=chance.random() < 0.7)


def json_value(chance: Random, depth: int = 3) -> str:
    """Any JSON, and now and then what only looks like it."""
    lot = chance.random()
    if lot < 0.35:
        return json_text(chance)
    if lot < 0.6:
        return chance.choice(NUMBERS)
    if lot < 0.7 or depth == 0:
        return chance.choice(["null", "true", "false", "[]", "{}", '"{{B.cycle}}"', '"{{B.nip}}"', '"{{X.nip}}"'])
    if lot < 0.72:
        return "[" + ",".join("0" * 200) + "]"
    several = range(chance.choice([0, 1, 2, 5]))
    if lot < 0.85:
        return "[" + ",".join(json_value(chance, depth - 1) for _ in several) + "]"
    return "{" + ",".join(f"{json_text(chance)}:{json_value(chance, depth - 1)}" for _ in several) + "}"


def deep_array(chance: Random) -> str:
    depth = chance.choice([100, 1_000, 1_025, 10_000, 100_000])
    return "[" * depth + chance.choice(["", "]" * depth])


def deep_object(chance: Random) -> str:
    depth = chance.choice([100, 1_000, 1_025, 10_000, 100_000])
    name = chance.choice(['"a"', '"content"', '"query"', '"document"', '"components"'])
    return f"{{{name}:" * depth + "1" + chance.choice(["", "}" * depth])


def wide_object(chance: Random) -> str:
    return "{" + ",".join(f'"field{n}":{n}' for n in range(chance.choice([10, 1_000, 50_000]))) + "}"


def cut_json(chance: Random) -> str:
    whole = json_value(chance)
    return whole[: chance.randrange(len(whole) + 1)] + chance.choice(["", ",", "\x00", "}", "]", "//", "/*"])


ODD_JSON: tuple[Callable[[Random], str], ...] = (json_value, deep_array, deep_object, wide_object, cut_json)
