"""Their words as they are served: keys against samples written by hand, the reading of text, envelopes."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.careers import PositionLevel
from app.domain.evidence import CODES, COMPETENCIES, POTENTIAL_ASPECTS, Kind
from app.siasn import codes, wire
from tests.unit.siasn.samples import SAMPLES


@pytest.mark.parametrize("name", [name for name in wire.HISTORIES if name != "rw-tubel"])
def test_the_keys_are_those_of_a_sample_written_by_hand(name: str) -> None:
    history = wire.HISTORIES[name]
    assert sorted(history.keys) == sorted(SAMPLES[name])
    assert len(history.keys) == len(set(history.keys))
    assert set(history.owner) - {"pnsOrangId", "pnsId"} <= set(history.keys)


def test_nothing_of_the_unknown_rows_is_kept() -> None:
    assert wire.HISTORIES["rw-tubel"].keys == ()
    assert not wire.HISTORIES["rw-tubel"].stored


def test_identity_numbers_family_religion_and_salary_are_never_stored() -> None:
    person = wire.HISTORIES[wire.PERSON]
    assert not person.stored & {"nik", "agama", "gajiPokok", "alamat", "noHp", "email", "tempatLahir", "skck", "path"}
    assert person.stored == frozenset(wire.PERSON_STORED)
    assert not person.stored & set(wire.PERSON_OLDER)


def test_the_misspellings_of_the_wire_stay() -> None:
    said = {key for history in wire.HISTORIES.values() for key in history.keys}
    assert said >= {"KuadranKinerjaNilai", "kuadranKinerjaNilai", "bulanMulaiPenailan", "koefisenId", "nomorIjasah"}
    assert said >= {"noSertipikat", "akhirHukumTanggal", "masaBerlakuSertSelasai", "tasaKerjaTahun", "Sumber", "ID"}
    assert "masaKerjaTahun" in wire.HISTORIES["rw-masakerja"].stored - set(wire.HISTORIES["rw-masakerja"].keys)


@pytest.mark.parametrize(("name", "row", "found"), [
    ("rw-jabatan", {"id": "11111111-2222-3333-4444-555555555555"}, "11111111-2222-3333-4444-555555555555"),
    ("rw-penghargaan", {"ID": "A1"}, "A1"),
    ("rw-penghargaan", {"id": "a1"}, "a1"),
    ("rw-jabatan", {"id": "  "}, None),
    ("rw-jabatan", {"id": "-"}, None),
    ("rw-jabatan", {"id": "a" * 42}, "a" * 42),
    ("rw-jabatan", {"id": "a" * 43}, None),
    ("rw-penghargaan", {"ID": "a" * 3000, "id": "a1"}, "a1"),
    ("nilaiipasn", {"tahun": "1" * 3000}, "nilaiipasn"),
    ("nilaiipasn", {"subtotal": "75.5"}, "nilaiipasn"),
    ("nilaiipasn", {"tahun": 1930}, "1930"),
])  # fmt: skip
def test_a_row_is_known_by_its_id(name: str, row: dict[str, object], found: str | None) -> None:
    assert wire.HISTORIES[name].id_of(row) == found


@pytest.mark.parametrize(("said", "means"), [
    ("25-03-1921", date(1921, 3, 25)), ("1921-04-01T00:00:00Z", date(1921, 4, 1)), ("1921-04-01", date(1921, 4, 1)),
    ("01-01-0001", None), ("0001-01-01T00:00:00Z", None), ("", None), (None, None), ("31-02-1921", None),
    ("kemarin", None), (19210401, None), ("1921", None),
])  # fmt: skip
def test_a_day_is_read_as_it_is_written(said: object, means: date | None) -> None:
    assert wire.day(said) == means


@pytest.mark.parametrize("said", [
    "", None, "  ", "01-01-0001", "0001-01-01T00:00:00Z", "-", " - ", "\u2013", "\u2014", "--", "- \u2014 -",
])  # fmt: skip
def test_what_says_nothing_is_absent_and_no_fault(said: object) -> None:
    assert wire.is_absent(said)
    assert wire.day(said) is None
    assert not wire.is_absent("31-02-1921")
    assert not wire.is_absent("-1")


@pytest.mark.parametrize(("said", "means"), [
    ("12", "12"), ("12.500", "12.5"), (12.5, "12.5"), ("86,20", "86.2"), ("", None), ("n/a", None), ("1e999999", None),
    (True, None), ("9" * 40, None),
])  # fmt: skip
def test_numbers_are_text_and_faulty_ones_are_none(said: object, means: str | None) -> None:
    assert wire.number(said) == (None if means is None else Decimal(means))


def test_a_year_may_be_a_full_date() -> None:
    assert [wire.year(said) for said in ("1919", "01-08-1919", "", "1919.5")] == [1919, 1919, None, None]


def test_the_text_zero_is_no() -> None:
    assert [wire.flag(said) for said in ("1", "0", "", None, True, "true", "ya")] == [
        True, False, None, None, True, True, None,
    ]  # fmt: skip


def test_documents_without_a_type_are_none() -> None:
    named = {"dok_id": "872", "dok_nama": "Dok SK Jabatan", "dok_uri": "a/872_contoh.pdf", "object": "", "slug": "872"}
    said = {"": {"dok_id": "", "dok_nama": "", "dok_uri": "", "object": "", "slug": ""}, "872": named}
    assert wire.path(said) == {"872": {key: value for key, value in named.items() if value}}
    assert wire.path({}) == wire.path(None) == wire.path("") == wire.path([named]) == {}


@settings(max_examples=100)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=3))
def test_whatever_stands_there_is_read_without_an_error(said: object) -> None:
    for read in (wire.text, wire.is_absent, wire.day, wire.number, wire.whole, wire.year, wire.flag, wire.path):
        read(said)


def test_envelopes_are_as_clients_compare_them() -> None:
    assert json.loads(wire.answered(b"[]")) == {"code": 1, "data": []}
    assert json.loads(wire.counted(b"[]", 7)) == {"code": 1, "data": [], "count": 7}
    assert wire.nothing() == b'{"code":0,"data":"Data tidak ditemukan"}'
    assert json.loads(wire.nothing_but_well()) == {"code": 1, "data": "Data tidak ditemukan"}
    assert json.loads(wire.listed(b'[{"id":"1"}]')) == {"results": [{"id": "1"}]}
    assert wire.says_nothing("DATA TIDAK DITEMUKAN ")
    assert wire.says_nothing("record not found")
    assert not any(wire.says_nothing(said) for said in ("Token SSO mismatch", None, [], {}))


@pytest.mark.parametrize(("table", "ours"), [
    (codes.OUR_SEX, ("male", "female")),
    (codes.OUR_PREDICATE, CODES[Kind.PERFORMANCE_APPRAISAL]),
    (codes.OUR_RATING, CODES[Kind.WORK_RESULT]),
    (codes.OUR_SEVERITY, CODES[Kind.SANCTION]),
    (codes.OUR_TRAINING, ("structural", "functional", "technical")),
    (codes.OUR_DIPLOMA, CODES[Kind.EDUCATION]),
    (codes.OUR_COMPETENCY, COMPETENCIES),
])  # fmt: skip
def test_out_and_back_is_the_same_value(table: dict[str, str], ours: tuple[str, ...]) -> None:
    there = codes.outwards(table)
    assert [table[there[value]] for value in ours] == list(ours)


def test_what_has_no_code_of_its_own_is_named_by_the_nearest() -> None:
    assert set(codes.THEIR_ASSIGNMENT) == {"definitive", *CODES[Kind.ACTING]}
    assert set(codes.THEIR_POSITION_TYPE) == {level.value for level in PositionLevel}
    assert codes.outwards(codes.OUR_DIPLOMA)["slta"] == "15"
    assert set(codes.OUR_POTENTIAL.values()) <= set(POTENTIAL_ASPECTS)
    assert set(codes.OUR_POTENTIAL) | {"total"} == set(wire.POTENTIAL_KEYS)
    assert tuple(codes.OUR_COMPETENCY) == wire.COMPETENCY_KEYS
    assert set(codes.RANKS) == set(codes.GRADES)
