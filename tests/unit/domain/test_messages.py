"""Every code has its sentence in both languages, and every code in the source has one whose blanks are filled."""

import ast
import re
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

import app
from app.domain import (
    actors,
    calibration,
    careers,
    cycles,
    data_requests,
    disclosures,
    evidence,
    ladder,
    mobility_campaigns,
    mobility_cases,
    objections,
    pools,
    vacancies,
)
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
    assert NotFound("rubric.not_found", rubric="x/1").detail["en"] == "There is no rubric x/1; see the list of rubrics."


def test_a_fault_speaks_about_what_is_wrong():
    assert (
        Fault("rubric.too_deep", "/axes", {"deepest": 3}).detail["en"] == "Means inside means go 3 levels deep at most."
    )


# ── words for people


def words_alone(text):
    """A sentence without what its blanks are filled with, and without the names that a caller has to send."""
    return re.sub(r"`.*?`|\{.*?\}", "", text)


FOREIGN = re.compile(
    r"\b(?:the|and|or|of|must|should|not|is|with|for|an|be|has|have|value|input|valid|required)\b"
    r"|\d{4}-\d\d-\d\d|\b[a-z]+[A-Z]\w*|\b[a-z]+_[a-z_]+\b",
)


def test_no_indonesian_sentence_holds_english_words_codes_or_days_as_programs_write_them():
    told = {
        code: found
        for code, (indonesian, _) in SENTENCES.items()
        if not code.startswith("oauth.")  # who writes a client reads them: the names are those of RFC 6749
        and (found := FOREIGN.findall(words_alone(indonesian)))
    }
    assert told == {}


NAMED = {
    "label.role": actors.Role,
    "label.kind": evidence.Kind,
    "label.level": careers.PositionLevel,
    "cycle.phase": cycles.Phase,
    "cycle.part": cycles.EDITABLE_IN,
    "calibration.state": calibration.State,
    "objection.state": objections.State,
    "data_request.state": data_requests.State,
    "disclosure.state": disclosures.State,
    "rung.words": ladder.Rung,
    "vacancy.state": vacancies.State,
    "vacancy.part": vacancies.EDITABLE_IN,
    "mobility_campaign.state": mobility_campaigns.State,
    "mobility_case.state": mobility_cases.State,
    "pool_state": pools.State,
}


@pytest.mark.parametrize("kind", NAMED)
def test_whatever_has_a_code_has_a_name_of_its_own(kind):
    names = [SENTENCES[f"{kind}.{code}"] for code in NAMED[kind]]
    assert len(set(names)) == len(names)
    assert {code for code, (indonesian, _) in zip(NAMED[kind], names, strict=True) if code == indonesian} <= {"auditor"}


CHOICES = {"allowed", "known", "types", "names", "modes"}  # what is to be sent, as it is to be sent
IN_WORDS = {"sentence", "label", "listed", "words_of"}  # and whatever ends with in_words
QUOTED = {"shown", "seed_of"}  # what somebody wrote themselves, as they wrote it


def coded(node):
    """Whether what fills a blank is a code or an ISO day, instead of words for it."""
    called = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
    if called in IN_WORDS | QUOTED or called.endswith("in_words"):
        return False
    if isinstance(node, ast.Attribute) and node.attr in ("value", "role", "state", "phase", "rung"):
        return not (isinstance(node.value, ast.Name) and node.value.id == "self")
    return called in CODED or any(coded(child) for child in ast.iter_child_nodes(node))


CODED = {"instant", "isoformat"}


def blanks_filled(node):
    """(name, expression) of what a refusal, or the mapping it is given, is about."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", None))
        if name in POSITION_OF_CODE:
            yield from ((one.arg, one.value) for one in node.keywords if one.arg is not None)
            about = argument(node, POSITION_OF_MAPPING[name], "about") if name in POSITION_OF_MAPPING else None
            yield from _pairs(about)
    elif isinstance(node, ast.Assign) and [getattr(one, "id", None) for one in node.targets] == ["about"]:
        yield from _pairs(node.value)


def _pairs(mapping):
    if isinstance(mapping, ast.Dict):
        yield from ((key.value, value) for key, value in zip(mapping.keys, mapping.values, strict=True) if key)


def test_no_blank_is_filled_with_a_code():
    found = [
        f"{path.relative_to(SOURCE)}:{value.lineno} {name}"
        for folder in ("domain", "services", "api")
        for path in sorted((SOURCE / folder).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name, value in blanks_filled(node)
        if name not in CHOICES and coded(value)
    ]
    assert found == []


def test_the_scan_sees_a_code_where_there_is_one():
    wrong = 'raise Conflict("cycle.phase", phase=phase.value, needed=", ".join(one.value for one in allowed))'
    right = 'raise Conflict("cycle.phase", phase=words_of(phase.value), needed=sentence(f"x.{phase.value}"))'
    assert [
        [coded(value) for node in ast.walk(ast.parse(code)) for _, value in blanks_filled(node)]
        for code in (wrong, right)
    ] == [
        [True, True],
        [False, False],
    ]


def test_days_and_moments_are_said_in_words_whoever_fills_them_in():
    said = sentence("objection.exists", at=datetime(2026, 11, 22, 17, 30, tzinfo=UTC))
    assert "pada 23 November 2026 pukul 00.30 WIB " in said["id"]
    assert "of 23 November 2026 at 00:30, Jakarta time " in said["en"]
    assert "22 Mei 2026" in sentence("objection.too_late", until=date(2026, 5, 22))["id"]


def test_what_is_not_found_says_what_to_do():
    silent = [
        code
        for code, (indonesian, _) in SENTENCES.items()
        if code.endswith("not_found") and not re.search(r"[;:]|\. \w", indonesian)
    ]
    assert silent == []


@pytest.mark.parametrize(("word", "instead"), [("kumpulan aturan", "perangkat aturan"), ("ronde", "kampanye")])
def test_one_thing_has_one_name(word, instead):
    assert [code for code, (indonesian, _) in SENTENCES.items() if word in indonesian.lower()] == []
    assert any(instead in indonesian.lower() for indonesian, _ in SENTENCES.values())
