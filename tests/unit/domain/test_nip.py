from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.domain.nip import birth_date, day_of_birth, is_pppk, month_of_entry, parse_nip

NIP = "199101092019212095"


def test_a_nip_of_eighteen_digits_is_kept_as_it_is():
    assert parse_nip(NIP) == NIP


def test_a_nip_carries_the_date_of_birth():
    assert birth_date(NIP) == date(1991, 1, 9)


@pytest.mark.parametrize(
    "text", ["", "BELUM ADA", "'199101092019212095", "19910109 201921 2 095", "-", "١٩٩١٠١٠٩٢٠١٩٢١٢٠٩٥"]
)
def test_anything_but_digits_is_refused_for_its_form(text):
    with pytest.raises(Invalid) as refusal:
        parse_nip(text)
    assert refusal.value.code == "nip.format"


@pytest.mark.parametrize("text", ["19870231201001102", "1", "1991010920192120951"])
def test_too_few_or_too_many_digits_are_refused_with_their_count(text):
    with pytest.raises(Invalid) as refusal:
        parse_nip(text)
    assert (refusal.value.code, refusal.value.about) == ("nip.length", {"digits": len(text)})
    assert str(len(text)) in refusal.value.detail["en"]


@pytest.mark.parametrize("born", ["19870231", "19871301", "00000101", "18991231", "19900229", "19870100"])
def test_a_date_of_birth_that_does_not_exist_is_refused(born):
    with pytest.raises(Invalid) as refusal:
        parse_nip(born + "2010011021")
    assert refusal.value.code == "nip.birth_date"


@pytest.mark.parametrize("rest", ["2010131021", "2010001021", "2010019021", "0000000000"])
def test_the_month_of_entry_and_the_sex_digit_are_not_judged(rest):
    assert parse_nip("19870228" + rest)


@pytest.mark.parametrize(
    ("marker", "expected"), [("01", False), ("12", False), ("19", False), ("20", True), ("21", True)]
)
def test_a_marker_from_twenty_upwards_means_a_contract_employee(marker, expected):
    assert is_pppk("199101092019" + marker + "2095") is expected


@given(st.dates(min_value=date(1900, 1, 1)), st.integers(0, 10**10 - 1))
def test_every_existing_date_of_birth_is_accepted_and_read_back(born, rest):
    nip = f"{born:%Y%m%d}".zfill(8) + f"{rest:010}"
    assert birth_date(parse_nip(nip)) == born


def outcome(text):
    try:
        return parse_nip(text)
    except Invalid as refusal:
        return refusal.code


@given(st.text() | st.text("0123456789", min_size=18, max_size=18))
def test_any_text_is_accepted_whole_or_refused(text):
    assert outcome(text) in {text, "nip.format", "nip.length", "nip.birth_date"}


TODAY = date(2025, 12, 4)


@pytest.mark.parametrize(
    ("recorded", "nip", "born"),
    [
        (date(1991, 1, 10), NIP, date(1991, 1, 10)),  # corrected since the number was given
        (None, NIP, date(1991, 1, 9)),
        (None, "99991231" + NIP[8:], None),
        (None, "20071204" + NIP[8:], date(2007, 12, 4)),  # eighteen on the day
        (None, "20071205" + NIP[8:], None),
        (date(2099, 1, 1), NIP, None),
    ],
)
def test_the_record_says_the_day_of_birth_and_the_number_only_where_it_is_silent(recorded, nip, born):
    assert day_of_birth(recorded, nip, TODAY) == born


@pytest.mark.parametrize(
    ("digits", "entered"),
    [
        ("201003", date(2010, 3, 1)),
        ("000003", None),
        ("999903", None),
        ("201013", None),
        ("201000", None),
        ("201021", None),
        ("202512", date(2025, 12, 1)),
        ("202601", None),  # still to come
        ("200901", date(2009, 1, 1)),  # the month of the eighteenth birthday
        ("200812", None),
        ("198001", None),  # before birth
    ],
)
def test_a_month_of_entry_that_cannot_be_is_unknown(digits, entered):
    assert month_of_entry(f"19910109{digits}1095", date(1991, 1, 9), TODAY) == entered


def test_of_whom_nobody_knows_the_birth_the_number_says_no_entry_either():
    assert month_of_entry(NIP, None, TODAY) is None
