"""Every code has its sentence in both languages, and every code in the source has one whose blanks are filled."""

import ast
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

import app
from app.domain.errors import Fault, NotFound
from app.domain.finding import Reason
from app.domain.messages import SENTENCES, sentence

SOURCE = Path(app.__file__).parent
REFUSALS = {"TalentError", "Invalid", "TooLarge", "NotFound", "Conflict", "Forbidden", "Unauthenticated"}
POSITION_OF_CODE = dict.fromkeys(REFUSALS | {"Fault", "CellFault", "RowFault", "note", "sentence"}, 0) | {
    "RefusedCell": 2
}
POSITION_OF_MAPPING = {"Fault": 2, "RefusedCell": 3}
ABOUT_A_CELL = {"CellFault", "RowFault", "RefusedCell"}  # the importer adds the column


def blanks(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def constants(node):
    """The strings an expression can be; a name says nothing here."""
    if isinstance(node, ast.IfExp):
        return constants(node.body) | constants(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def argument(call, position, keyword):
    if position < len(call.args):
        return call.args[position]
    return next((one.value for one in call.keywords if one.arg == keyword), None)


def filled(name, call):
    """The blanks a call fills; None where only running it would tell."""
    if name in POSITION_OF_MAPPING:
        about = argument(call, POSITION_OF_MAPPING[name], "about")
        if about is not None and not (isinstance(about, ast.Dict) and all(about.keys)):
            return None
        names = {key.value for key in about.keys} if about else set()
    elif any(one.arg is None for one in call.keywords):
        return None
    else:
        names = {one.arg for one in call.keywords}
    return names | ({"column"} if name in ABOUT_A_CELL else set())


@cache
def uses():
    """(where, code, blanks filled) of every call that says a code."""
    return tuple(_uses())


def _uses():
    for path in sorted(SOURCE.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", None))
            if name not in POSITION_OF_CODE:
                continue
            for code in constants(argument(call, POSITION_OF_CODE[name], "code")):
                yield f"{path.relative_to(SOURCE)}:{call.lineno}", code, filled(name, call)


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_sentence_says_something(language):
    position = ("id", "en").index(language)
    assert [code for code, texts in SENTENCES.items() if not texts[position].strip()] == []


def test_both_languages_of_a_sentence_have_the_same_blanks():
    differing = [code for code, (indonesian, english) in SENTENCES.items() if blanks(indonesian) != blanks(english)]
    assert differing == []


def test_every_blank_has_a_plain_name():
    names = {name for texts in SENTENCES.values() for text in texts for name in blanks(text)}
    assert {name for name in names if not name.isidentifier()} == set()


def test_the_scan_of_the_source_finds_codes_of_every_layer():
    found = {code for _, code, _ in uses()}
    assert {"nip.format", "file.encrypted", "file.not_a_spreadsheet", "talent.not_found", "rubric.weights"} <= found


def test_every_code_in_the_source_has_a_sentence():
    assert [(where, code) for where, code, _ in uses() if code not in SENTENCES] == []


def test_every_blank_of_a_sentence_is_filled_where_its_code_is_used():
    unfilled = [
        (where, code, sorted(blanks(SENTENCES[code][0]) - names))
        for where, code, names in uses()
        if code in SENTENCES and names is not None and blanks(SENTENCES[code][0]) - names
    ]
    assert unfilled == []


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_of_a_finding_has_a_sentence_without_blanks(reason):
    assert blanks(SENTENCES[reason][0]) == set()


def test_a_sentence_is_filled_in_both_languages():
    filled_in = sentence("page.size", highest=200)
    assert filled_in == {"id": "`first` harus 1 sampai 200.", "en": "`first` must be 1 to 200."}


def test_a_refusal_speaks_about_what_it_refuses():
    assert NotFound("rubric.not_found", rubric="x/1").detail["en"] == "There is no rubric x/1."


def test_a_fault_speaks_about_what_is_wrong():
    assert (
        Fault("rubric.too_deep", "/axes", {"deepest": 3}).detail["en"] == "Means inside means go 3 levels deep at most."
    )
