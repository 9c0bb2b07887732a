"""Cases: requests that can be made again, with names in the place of what only one database knows."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

NAME = re.compile(r"\{\{([A-Z]\.\w+)\}\}")
Names = Mapping[str, str]
"""What stands for what: `A.cycle` for the id of a cycle in the institution that asks, `B.nip` for somebody abroad."""


@dataclass(frozen=True, slots=True)
class Case:
    """One request. `{{A.cycle}}` in its target, headers or body stands for a value of the database at hand."""

    door: str
    about: str
    """What is hostile in it."""
    role: str
    """Who asks; "" is nobody."""
    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def filled(self, names: Names) -> Case:
        """The same with values in the place of names."""

        def fill(text: str) -> str:
            return NAME.sub(lambda found: names.get(found[1], found[0]), text)

        body = self.body
        if b"{{" in body:
            body = fill(body.decode("latin-1")).encode("latin-1")
        headers = tuple((name, fill(value)) for name, value in self.headers)
        return Case(self.door, self.about, self.role, self.method, fill(self.target), headers, body)

    def named(self, names: Names) -> Case:
        """The same with names in the place of values."""

        def name(text: str) -> str:
            for one, value in names.items():
                text = text.replace(value, "{{" + one + "}}")
            return text

        body = name(self.body.decode("latin-1")).encode("latin-1")
        headers = tuple((one, name(value)) for one, value in self.headers)
        return Case(self.door, self.about, self.role, self.method, name(self.target), headers, body)

    def record(self) -> dict[str, object]:
        """What is written of it."""
        body = base64.b64encode(zlib.compress(self.body)).decode() if self.body else ""
        return {
            "door": self.door,
            "about": self.about,
            "role": self.role,
            "method": self.method,
            "target": self.target,
            "headers": [list(header) for header in self.headers],
            "body": body,
        }


def read_case(where: str) -> Case:
    """The case that `FILE#k` names, counted from 1; raises OSError, LookupError or ValueError where there is none."""
    path, _, number = where.rpartition("#")
    if not path:
        path, number = where, "1"
    lines = [line for line in Path(path).read_text().splitlines() if line.strip()]
    told = json.loads(lines[int(number) - 1])["case"]
    headers = tuple((name, value) for name, value in told["headers"])
    body = zlib.decompress(base64.b64decode(told["body"])) if told["body"] else b""
    return Case(told["door"], told["about"], told["role"], told["method"], told["target"], headers, body)


def chance_of(seed: int, door: str, number: int) -> Random:
    """What a case draws from: the same for the same seed, whatever else was drawn."""
    return Random(f"{seed}/{door}/{number}")
