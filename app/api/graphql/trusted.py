"""Trusted documents: operations that are registered beforehand, and asked for by the SHA-256 of their text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import orjson
from graphql import GraphQLError, GraphQLSchema, OperationDefinitionNode, parse

from app.api.graphql.selection import MOST_TOKENS, read_operation
from app.domain.errors import TalentError

LONGEST_DOCUMENT = 32_768  # characters; kept texts are bounded by it
PREFIX = "sha256:"
Documents = Mapping[str, str]
"""Texts by the SHA-256 of their UTF-8, in small hexadecimal digits."""


class BadDocumentsError(ValueError):
    """Documents cannot be trusted as they are; the sentence says which one, and why."""


def hash_of(text: str) -> str:
    """The hash a document is asked for by."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_documents(path: Path, schema: GraphQLSchema) -> Documents:
    """The documents of a JSON file `{"<sha256>": "<text>"}`; each hash must fit, and each document the schema."""
    try:
        given = orjson.loads(path.read_bytes())
    except OSError as error:
        raise BadDocumentsError(f"{path} cannot be read: {error.strerror}") from error
    except orjson.JSONDecodeError as error:
        raise BadDocumentsError(f"{path} is not JSON: {error}") from error
    if not isinstance(given, dict) or not all(isinstance(text, str) for text in given.values()):
        raise BadDocumentsError(f'{path} must hold one object of documents: {{"<sha256>": "<text>"}}')
    documents = {key.removeprefix(PREFIX).lower(): text for key, text in given.items()}
    for key, text in documents.items():
        if key != hash_of(text):
            raise BadDocumentsError(f"{path}: the text under {key} has another hash, {hash_of(text)}")
        _must_be_valid(text, f"{path}: {key}", schema)
    return documents


def gather_documents(folder: Path, schema: GraphQLSchema) -> Documents:
    """The documents of all .graphql files below a folder, ready to be written as a file of trusted ones."""
    files = sorted(folder.rglob("*.graphql"))
    if not files:
        raise BadDocumentsError(f"there is no .graphql file in {folder}")
    return dict(_gathered(files, schema))


def _gathered(files: Iterable[Path], schema: GraphQLSchema) -> Iterable[tuple[str, str]]:
    for file in files:
        text = file.read_text("utf-8")
        _must_be_valid(text, str(file), schema)
        yield hash_of(text), text


def _must_be_valid(text: str, where: str, schema: GraphQLSchema) -> None:
    """Every operation of it can be asked for, within the limits that hold for any other."""
    if len(text) > LONGEST_DOCUMENT:
        raise BadDocumentsError(f"{where} is longer than {LONGEST_DOCUMENT} characters")
    try:
        definitions = parse(text, max_tokens=MOST_TOKENS).definitions
        names = [node.name for node in definitions if isinstance(node, OperationDefinitionNode)]
        if not names:
            raise BadDocumentsError(f"{where} has no operation")
        for name in names:
            read_operation(schema, text, name.value if name else None).roots({})
    except GraphQLError as error:
        raise BadDocumentsError(f"{where} is not valid: {error.message}") from error
    except TalentError as error:
        raise BadDocumentsError(f"{where} is not valid: {error.detail['en']}") from error
