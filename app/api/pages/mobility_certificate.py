"""A mobility certificate as a page to print: plain HTML in both languages, without scripts, under 30 kB."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.domain.messages import Sentence, day_in_words, sentence

LARGEST = 30_000
"""Bytes."""
Told = Mapping[str, Any]


def render(certificate: Told) -> bytes:
    """The page in UTF-8; of a list of wishes too long for it the first ones, and how many more there are."""
    wishes = certificate["wishes"]
    page = _page(certificate, len(wishes))
    fits, too_many = 0, len(wishes)
    while len(page) >= LARGEST and too_many - fits > 1:
        tried = (fits + too_many) // 2
        if len(_page(certificate, tried)) < LARGEST:
            fits = tried
        else:
            too_many = tried
    return page if len(page) < LARGEST else _page(certificate, fits)


def _page(certificate: Told, shown: int) -> bytes:
    wishes, run = certificate["wishes"], certificate["run"]
    more = sentence("certificate.more", more=len(wishes) - shown) if shown < len(wishes) else None
    lines = [(label, run[name]) for label, name in RUN.items() if run[name] is not None]
    return PAGE.render({**certificate, "wishes": wishes[:shown], "more": more, "run_lines": lines}).encode()


RUN = {
    "certificate.run": "id",
    "certificate.identity": "identity",
    "certificate.snapshot": "snapshotDigest",
    "certificate.result": "resultDigest",
    "certificate.rules_version": "rulesVersion",
    "certificate.solver_version": "solverVersion",
    "certificate.commitment": "lotteryCommitment",
    "certificate.source": "lotterySource",
    "certificate.value": "lotteryValue",
    "certificate.seed": "seed",
}
"""What is told of the run, by what it is called."""


def _place(post: Mapping[str, str | None]) -> str:
    """A post in words; of one that is not offered only its number is known."""
    told = [post[name] for name in ("name", "unit", "institution")]
    return ", ".join(one for one in told if one) or str(post["id"])


def _day(text: str) -> Sentence:
    return day_in_words(date.fromisoformat(text))


_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.globals |= {"say": sentence, "place": _place, "day": _day}
PAGE = _environment.get_template("mobility_certificate.html")
