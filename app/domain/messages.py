"""The sentences of every refusal and notice, in Indonesian and English, by their stable code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from app.domain.sentences import (
    candidates,
    cycles,
    development,
    disclosure,
    evidence,
    exports,
    files,
    held,
    identity,
    ledger,
    national,
    posts,
    rankings,
    requests,
    rights,
    rubrics,
    shortlists,
    succession,
    vacancies,
    writes,
)


class Sentence(TypedDict):
    """The same statement in Indonesian (`id`) and English (`en`)."""

    id: str
    en: str


SENTENCES: Mapping[str, tuple[str, str]] = {
    code: pair
    for chapter in (
        files,
        identity,
        ledger,
        rubrics,
        evidence,
        cycles,
        development,
        disclosure,
        exports,
        requests,
        rights,
        writes,
        posts,
        candidates,
        vacancies,
        rankings,
        shortlists,
        succession,
        national,
        held,
    )
    for code, pair in chapter.SENTENCES.items()
}
"""(Indonesian, English) by code. Placeholders are filled from what the refusal is about; each says what to do."""


def sentence(code: str, **about: object) -> Sentence:
    """The sentence of a code in both languages, its placeholders filled."""
    indonesian, english = SENTENCES[code]
    return Sentence(id=indonesian.format_map(about), en=english.format_map(about))
