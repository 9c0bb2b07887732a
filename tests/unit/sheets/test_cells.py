import unicodedata
from datetime import date, datetime, time, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.messages import SENTENCES
from app.sheets import cells

NIP = "199101092019212095"
LEVELS = {"JF Ahli Pertama": "jf_ahli_pertama", "SANGAT BAIK": "sangat_baik"}
PARSERS = {
    "text": cells.text,
    "code": cells.code,
    "day": cells.day,
    "whole": partial(cells.whole, lowest=0, highest=100),
    "level": cells.level,
    "year": cells.year,
    "nip": cells.nip,
    "choice": partial(cells.choice, allowed=LEVELS),
}
SURROGATES = st.text(st.characters(codec=None, categories=("L", "N", "P", "Z", "Cc", "Cs")))
ANY_CELL = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), SURROGATES, st.text("0123456789-/.:TZ' eE+"),
    st.dates(), st.datetimes(), st.times(), st.timedeltas(),
)  # fmt: skip


def fault(parse, cell, **options):
    with pytest.raises(cells.CellFault) as raised:
        parse(cell, **options)
    return raised.value.code


@pytest.mark.parametrize("parse", PARSERS.values(), ids=PARSERS)
@pytest.mark.parametrize("cell", [None, "", " ", "\t\n", "\xa0", "-", " - ", "\u2013", "\u2014", "'", "'-", "' "])
def test_nothing_blanks_and_dashes_are_absent(parse, cell):
    assert parse(cell) is None
    assert cells.is_absent(cell)


@pytest.mark.parametrize("cell", [0, 0.0, False, "0", "--", time(0), date(1, 1, 1)])
def test_a_zero_is_not_absent(cell):
    assert not cells.is_absent(cell)


def outcome(parse, cell):
    try:
        return parse(cell)
    except cells.CellFault as raised:
        return SENTENCES[raised.code][1].format_map({"column": "NIP", **raised.about})


@given(ANY_CELL)
def test_any_cell_gives_something_that_can_be_stored_or_a_fault_with_a_sentence(cell):
    for parse in PARSERS.values():
        assert str(outcome(parse, cell)).encode() is not None


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_numbers_that_are_none_are_refused_everywhere(number):
    codes = {name: fault(parse, number) for name, parse in PARSERS.items()}
    assert codes == {
        "text": "text.invalid", "code": "text.invalid", "day": "date.invalid", "whole": "number.invalid",
        "level": "level.range", "year": "year.invalid", "nip": "nip.format", "choice": "text.invalid",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("  Zoë   Bakri\xa0", "Zoë Bakri"), ("'0812", "0812"), ("' x", "x"), ("a\r\nb", "a b"), ("Zoe\u0308", "Zoë"),
        ("Ma'ruf", "Ma'ruf"), (33.0, "33"), (33.5, "33.5"), (7, "7"), (True, "TRUE"), (date(2025, 12, 4), "04-12-2025"),
    ],
)  # fmt: skip
def test_text_becomes_one_trimmed_line(cell, expected):
    assert cells.text(cell) == expected


@pytest.mark.parametrize("character", ["\0", "\x07", "\x1b", "\x1f", "\x7f", "\x9d", "\udc81"])
def test_text_with_a_character_that_cannot_be_stored_is_refused(character):
    assert fault(cells.text, f"Bu{character}di") == "text.control_character"


def test_text_may_be_as_long_as_the_limit_and_no_longer():
    assert cells.text("x" * 500) == "x" * 500
    assert fault(cells.text, "x" * 501) == "text.too_long"
    assert fault(cells.text, "xxx", limit=2) == "text.too_long"


@given(st.text())
def test_text_that_was_read_once_reads_the_same_again(written):
    try:
        once = cells.text(written)
    except cells.CellFault:
        return
    assert once is None or once.startswith("'") or cells.text(once) == once
    assert once is None or unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize(("cell", "expected"), [("007", "007"), (33.0, "33"), (33, "33"), ("'A0B1 ", "A0B1")])
def test_an_identifier_keeps_its_zeros_and_loses_the_decimal_point_of_excel(cell, expected):
    assert cells.code(cell) == expected


@pytest.mark.parametrize("number", [1e15, 1.9910109201921e17, 199101092019212095])
def test_an_identifier_kept_as_a_long_number_is_refused_because_digits_are_lost(number):
    assert fault(cells.code, number) == "code.number"


@pytest.mark.parametrize("cell", [date(2025, 12, 4), time(1), timedelta(1), True])
def test_an_identifier_turned_into_something_else_by_the_spreadsheet_is_refused(cell):
    assert fault(cells.code, cell) == "text.invalid"


@pytest.mark.parametrize(
    "cell",
    [
        "04-12-2025", "04/12/2025", "4-12-2025", "4/12/2025", "2025-12-04", "2025/12/04", "2025-12-04T00:00:00",
        "2025-12-04T23:59:59Z", "2025-12-04T10:00:00.123+07:00", "2025-12-04 10:00:00", "04-12-2025 10:00",
        " 04-12-2025 ", " " * 60 + "04-12-2025", date(2025, 12, 4), datetime.fromisoformat("2025-12-04T12:00"),
        45995, 45995.0, 45995.75, "45995", "'04-12-2025",
    ],
)  # fmt: skip
def test_a_date_is_read_in_every_form_in_use(cell):
    assert cells.day(cell) == date(2025, 12, 4)


@pytest.mark.parametrize(
    "cell",
    [
        "31-02-2025", "12/31/2025", "04-12/2025", "04-12-25", "besok", "2025", "9999", "99999", "00-00-0000",
        "31-12-1899", "01-01-2101", "04-12-2025 kira-kira", "x" * 1000, 0, 5, 80001, -1.5, 1e300, True, time(10),
        timedelta(days=3), date(1899, 12, 31), datetime.fromisoformat("2101-01-01"), "\uff19\uff19-12-2025",
        "04-12-2025T" + "0" * 100, "9" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_date_from_1900_to_2100_is_refused(cell):
    assert fault(cells.day, cell) == "date.invalid"


@pytest.mark.parametrize(
    "cell", ["01-01-0001", "1/1/0001", "0001-01-01T00:00:00", date(1, 1, 1), datetime.fromisoformat("0001-01-01")]
)
def test_the_zero_date_of_siasn_is_absent(cell):
    assert cells.day(cell) is None


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_date_survives_every_way_of_writing_it(when):
    written = ["%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"]
    assert {cells.day(when.strftime(form)) for form in written} == {when}
    assert cells.day(f"{when.day}-{when.month}-{when.year}") == when


@given(st.integers(10_000, 73_000))
def test_the_days_excel_counts_are_dates(serial):
    assert (
        cells.day(serial)
        == cells.day(float(serial))
        == cells.day(str(serial))
        == date(1899, 12, 30) + timedelta(serial)
    )


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("93,47", "93.47"), ("93.47", "93.47"), (93.47, "93.47"), ("93,4700000", "93.47"), (" '93,47 ", "93.47"),
        ("100", "100"), (100.0, "100"), ("100,0", "100"), (0, "0"), ("0,00", "0"), ("-0", "0"),
        (1 / 3, "0.333333"), (0.1 + 0.2, "0.3"), ("999", "999"),
    ],
)  # fmt: skip
def test_equal_totals_are_written_alike(cell, written):
    assert str(cells.decimal(cell, 0, 999)) == written


@pytest.mark.parametrize(
    "cell", ["1.234,5", "93,", ",5", "sembilan", "1e2", "9" * 5000, "٤٠", True, date(2025, 1, 1), 1e300, float("nan")]
)
def test_what_is_no_total_is_refused(cell):
    assert fault(lambda value: cells.decimal(value, 0, 999), cell) == "number.decimal"


@pytest.mark.parametrize("cell", ["999,000001", "1000", -1, "-0,000001"])
def test_a_total_outside_the_range_is_refused(cell):
    assert fault(lambda value: cells.decimal(value, 0, 999), cell) == "number.range"


@pytest.mark.parametrize(
    ("cell", "name"),
    [("POTKOM", "potkom"), (" Potensi  JPM", "potensi-jpm"), ("tes_potensi", "tes-potensi"), ("-", None)],
)
def test_an_instrument_has_one_name_however_it_is_written(cell, name):
    assert cells.instrument(cell) == name


@pytest.mark.parametrize("cell", ["%", "é", "x" * 61])
def test_what_cannot_name_an_instrument_is_refused(cell):
    assert fault(cells.instrument, cell) == "instrument.invalid"


@pytest.mark.parametrize(("cell", "expected"), [("40", 40), (40.0, 40), (40, 40), (" '40 ", 40), ("0", 0), ("-0", 0)])
def test_a_whole_number_is_read_from_text_and_numbers(cell, expected):
    assert cells.whole(cell, 0, 100) == expected


@pytest.mark.parametrize(
    "cell", ["40,0", "40.0", "1.000", 40.5, "empat", True, date(2025, 1, 1), "٤٠", "1e2", "9" * 5000]
)
def test_what_is_not_a_whole_number_is_refused(cell):
    assert fault(cells.whole, cell, lowest=0, highest=100) == "number.invalid"


@pytest.mark.parametrize("cell", [-1, "101", 1e300])
def test_a_number_outside_the_range_is_refused_with_the_range(cell):
    with pytest.raises(cells.CellFault) as raised:
        cells.whole(cell, 0, 100)
    assert (raised.value.code, raised.value.about) == ("number.range", {"lowest": 0, "highest": 100})


@pytest.mark.parametrize("cell", ["9", 0, 6, "baik", 2.5])
def test_a_level_outside_one_to_five_is_refused(cell):
    assert fault(cells.level, cell) == "level.range"


def test_a_level_and_a_year_are_read():
    assert [cells.level(cell) for cell in ("1", 5.0)] == [1, 5]
    assert [cells.year(cell) for cell in ("1900", 2100.0)] == [1900, 2100]


@pytest.mark.parametrize("cell", ["24", "1899", 2101, "20255", "2024/2025", date(2024, 1, 1)])
def test_what_is_not_a_year_of_our_time_is_refused(cell):
    assert fault(cells.year, cell) == "year.invalid"


@pytest.mark.parametrize("cell", [NIP, f"'{NIP}", f" {NIP}\xa0", f" ' {NIP}"])
def test_a_nip_is_read_with_the_apostrophe_and_blanks_around_it(cell):
    assert cells.nip(cell) == NIP


@pytest.mark.parametrize("cell", [1.9910109201921e17, 199101092019212095, 10**17, "1.99E+17", "1,99101E+17", "2e17"])
def test_a_nip_kept_as_a_number_is_refused_because_digits_are_lost(cell):
    assert fault(cells.nip, cell) == "nip.number"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (12345, "nip.length"), (12345.0, "nip.length"), ("19870231201001102", "nip.length"),
        ("BELUM ADA", "nip.format"), (True, "nip.format"), (-5, "nip.format"), (1.5, "nip.format"),
        (date(1991, 1, 9), "nip.format"), ("198702312010011021", "nip.birth_date"),
    ],
)  # fmt: skip
def test_an_unusable_nip_is_refused_by_what_is_wrong_with_it(cell, code):
    assert fault(cells.nip, cell) == code


@pytest.mark.parametrize("cell", ["SANGAT BAIK", "sangat baik", " Sangat\xa0 baik ", "'SANGAT\nBAIK"])
def test_a_label_is_found_whatever_its_case_and_spacing(cell):
    assert cells.choice(cell, LEVELS) == "sangat_baik"


def test_an_unknown_label_is_refused_with_those_that_are_known():
    with pytest.raises(cells.CellFault) as raised:
        cells.choice("CUKUP", LEVELS)
    assert (raised.value.code, raised.value.about) == ("value.unknown", {"allowed": "JF Ahli Pertama, SANGAT BAIK"})
