"""Codes as documents say them: the sentence of each, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from string import Formatter

from sqlalchemy import ColumnElement, case, func, literal_column

from app.db.documents import Column, Object, Value, literal_text
from app.db.shapes.schemas import TEXT
from app.domain.messages import SENTENCES, Sentence, sentence

LANGUAGES = ("id", "en")


def said(codes: Mapping[str, str], value: Column) -> Object:
    """The sentence for what a column holds; `codes` names the code of the sentence for each value it can have."""
    sentences = {word: sentence(code) for word, code in codes.items()}
    return Object("Sentence", {name: Value(_in(name, sentences, value), TEXT) for name in LANGUAGES})


def in_both(words: Callable[[str], Column]) -> Object:
    """A sentence made of what `words` gives for each language."""
    return Object("Sentence", {name: Value(words(name), TEXT) for name in LANGUAGES})


def filled(code: str, language: str, **about: Column) -> ColumnElement[str]:
    """The sentence of a code in one language, its placeholders filled from columns; an unknown one is left empty."""
    parts: list[Column] = []
    for words, name, _, _ in Formatter().parse(SENTENCES[code][LANGUAGES.index(language)]):
        parts += [literal_text(words), *([] if name is None else [about[name]])]
    return func.concat(*parts)


def _in(language: str, sentences: Mapping[str, Sentence], value: Column) -> ColumnElement[str]:
    texts = {word: said[language].replace("'", "''") for word, said in sentences.items()}  # type: ignore[literal-required]
    return case({word: literal_column(f"'{text}'") for word, text in texts.items()}, value=value)
