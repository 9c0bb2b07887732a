"""The sentences of every refusal and notice, in Indonesian and English, by their stable code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, timezone
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
    jobs,
    ledger,
    mobility,
    mobility_campaigns,
    mobility_cases,
    mobility_listings,
    mobility_participations,
    mobility_results,
    mobility_runs,
    national,
    points,
    posts,
    rankings,
    requests,
    rights,
    rubrics,
    rule_sets,
    shortlists,
    siasn,
    siasn_connections,
    siasn_syncs,
    succession,
    vacancies,
    webhooks,
    words,
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
        rule_sets,
        evidence,
        cycles,
        development,
        disclosure,
        exports,
        requests,
        rights,
        writes,
        words,
        siasn,
        jobs,
        webhooks,
        posts,
        points,
        candidates,
        vacancies,
        rankings,
        shortlists,
        siasn_connections,
        siasn_syncs,
        succession,
        national,
        mobility,
        mobility_cases,
        mobility_listings,
        mobility_campaigns,
        mobility_participations,
        mobility_results,
        mobility_runs,
        held,
    )
    for code, pair in chapter.SENTENCES.items()
}
"""(Indonesian, English) by code. Placeholders are filled from what the refusal is about; each says what to do."""


def sentence(code: str, **about: object) -> Sentence:
    """The sentence of a code in both languages, its placeholders filled; words in both are filled in each its own."""
    indonesian, english = SENTENCES[code]
    return Sentence(id=indonesian.format_map(_said(about, "id")), en=english.format_map(_said(about, "en")))


def words_in_both(indonesian: Iterable[str], english: Iterable[str]) -> Sentence:
    """Several words in a row, to fill one placeholder."""
    return Sentence(id="; ".join(indonesian), en="; ".join(english))


def day_in_words(day: date) -> Sentence:
    """A day as sentences say it: 22 November 2026."""
    indonesian, english = MONTHS[day.month - 1]
    return Sentence(id=f"{day.day} {indonesian} {day.year}", en=f"{day.day} {english} {day.year}")


def moment_in_words(moment: datetime) -> Sentence:
    """A moment as sentences say it, by legal time: 22 November 2026 pukul 16.05 WIB."""
    legal = moment.astimezone(LEGAL_TIME)
    day = day_in_words(legal)
    return Sentence(id=f"{day['id']} pukul {legal:%H.%M} WIB", en=f"{day['en']} at {legal:%H:%M}, Jakarta time")


LEGAL_TIME = timezone(timedelta(hours=7), "WIB")
MONTHS = (
    ("Januari", "January"),
    ("Februari", "February"),
    ("Maret", "March"),
    ("April", "April"),
    ("Mei", "May"),
    ("Juni", "June"),
    ("Juli", "July"),
    ("Agustus", "August"),
    ("September", "September"),
    ("Oktober", "October"),
    ("November", "November"),
    ("Desember", "December"),
)
"""The names of the months in both languages."""


def _said(about: Mapping[str, object], language: str) -> dict[str, object]:
    return {name: _in_words(value, language) for name, value in about.items()}


def _in_words(value: object, language: str) -> object:
    """What fills a blank: of words in both languages one, and of a day or moment never how programs write it."""
    match value:
        case dict():
            return value[language]
        case datetime():
            return dict(moment_in_words(value))[language]
        case date():
            return dict(day_in_words(value))[language]
        case _:
            return value
