"""Codes as documents say them: the sentence of each, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, case, literal_column

from app.db.documents import Column, Object, Value
from app.db.shapes.schemas import TEXT
from app.domain.messages import Sentence, sentence


def said(codes: Mapping[str, str], value: Column) -> Object:
    """The sentence for what a column holds; `codes` names the code of the sentence for each value it can have."""
    sentences = {word: sentence(code) for word, code in codes.items()}
    return Object("Sentence", {name: Value(_in(name, sentences, value), TEXT) for name in ("id", "en")})


def _in(language: str, sentences: Mapping[str, Sentence], value: Column) -> ColumnElement[str]:
    texts = {word: said[language].replace("'", "''") for word, said in sentences.items()}  # type: ignore[literal-required]
    return case({word: literal_column(f"'{text}'") for word, text in texts.items()}, value=value)
