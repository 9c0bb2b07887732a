"""An access export as a page to print: plain HTML without scripts; whatever the data say is escaped."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.domain.messages import Sentence, sentence
from app.services.access_exports import Held

WIDEST = 8  # columns of a table; rows with more, or with something inside, are written one below the other
UNNAMED = "…"


def render(held: Held) -> bytes:
    """The page as HTML in UTF-8."""
    parts = {name: value for name, value in held.items() if name != "notice"}
    return PAGE.render(notice=held["notice"], parts=parts).encode()


def _label(name: str) -> Sentence:
    """What a part is called; keys inside of payloads are what they are."""
    try:
        return sentence(f"held.{name}")
    except KeyError:
        return Sentence(id=name, en="")


def _told(record: Mapping[str, object]) -> dict[str, object]:
    """What a record says; unknown and empty parts are left out."""
    return {name: value for name, value in record.items() if value not in (None, [], {})}


def _kind(value: object) -> str:
    """How a value is written: a sentence in two languages, a record, a list of records, or plainly."""
    if isinstance(value, Mapping):
        return "sentence" if set(value) == {"id", "en"} else "record"
    return "records" if isinstance(value, list) and value and isinstance(value[0], Mapping) else "plain"


def _columns(records: list[Mapping[str, object]]) -> list[str]:
    """The columns of a table of these records; none where they do not fit into one."""
    names = list(dict.fromkeys(name for record in records for name in _told(record)))
    is_flat = all(_kind(value) in ("plain", "sentence") for record in records for value in record.values())
    return names if is_flat and len(names) <= WIDEST else []


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "ya / yes" if value else "tidak / no"
    if isinstance(value, list):
        return ", ".join(UNNAMED if one is None else str(one) for one in value)
    return "" if value is None else str(value)


_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters |= {"told": _told, "kind": _kind, "columns": _columns, "plain": _plain}
_environment.globals |= {"label": _label, "say": sentence}
PAGE = _environment.get_template("access_export.html")
