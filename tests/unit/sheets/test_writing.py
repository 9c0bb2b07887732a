"""Workbooks as they are written: what is read back is what was put in, and nothing is a formula."""

import tempfile
import zipfile
from datetime import date
from decimal import Decimal

import pytest

from app.sheets import reading
from app.sheets.writing import Heading, Kind, Workbook

LIMITS = reading.Limits(packed_bytes=4 << 20, unpacked_bytes=16 << 20)
HEADINGS = (Heading("NIP", 21), Heading("NILAI", 10, Kind.POINTS), Heading("KOTAK", 8, Kind.WHOLE), Heading("TEKS"))


@pytest.fixture
def written(tmp_path):
    def written(fill):
        with Workbook() as book:
            fill(book)
            content = book.finish()
        with content:
            (tmp_path / "book.xlsx").write_bytes(content.read())
        return tmp_path / "book.xlsx"

    return written


def sheets_of(path):
    return {
        sheet.name: [sheet.headings, *(tuple(None if cell == "" else cell for cell in row) for _, row in sheet.rows())]
        for sheet in reading.open_sheets(path, "book.xlsx", LIMITS)
    }


def test_what_is_written_is_read_back(written):
    rows = [
        ("199101092019212095", Decimal("93.588800"), 9, "Ketua"),
        ("198008212005011001", Decimal("0.000001"), None, None),
        (None, 0, 1, "–"),
    ]
    path = written(lambda book: book.add_table("Peta", HEADINGS).add(rows))
    assert sheets_of(path) == {
        "Peta": [
            ("NIP", "NILAI", "KOTAK", "TEKS"),
            ("199101092019212095", 93.5888, 9.0, "Ketua"),
            ("198008212005011001", 0.000001, None, None),
            (None, 0.0, 1.0, "–"),
        ]
    }


@pytest.mark.parametrize(
    "text", ["=1+1", "+62", "-5", "@SUM(A1)", "{=A1}", "http://x.go.id", "00123", "=cmd|' /C calc'!A0"]
)
def test_text_stays_text(written, text):
    path = written(lambda book: book.add_table("A", [Heading(text)], [text]).add([(text,)]))
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    [rows] = sheets_of(path).values()
    assert rows == [(text,), (text,), (text,)]


def test_a_day_is_a_day(written):
    path = written(lambda book: book.add_table("A", [Heading("TANGGAL", 12, Kind.DAY)]).add([(date(2025, 12, 4),)]))
    assert sheets_of(path) == {"A": [("TANGGAL",), (date(2025, 12, 4),)]}


def test_sheets_of_one_name_are_numbered_and_forbidden_letters_go(written):
    names = ["Bagian [A]/B: *?", "bagian a b", "X" * 40, "X" * 40, "'", ""]

    def fill(book):
        for name in names:
            book.add_table(name, HEADINGS).add([("1", None, None, None)])

    found = list(sheets_of(written(fill)))
    assert found == ["Bagian A B", "bagian a b 2", "X" * 31, "X" * 29 + " 2", "Lembar", "Lembar 2"]


def test_sheets_can_be_filled_in_turn(written):
    def fill(book):
        one, other = book.add_table("A", HEADINGS[:1]), book.add_table("B", HEADINGS[:1])
        for number in range(3):
            one.add([(f"a{number}",)])
            other.add([(f"b{number}",)])
        assert (one.rows, other.rows) == (3, 3)

    assert sheets_of(written(fill)) == {
        "A": [("NIP",), ("a0",), ("a1",), ("a2",)],
        "B": [("NIP",), ("b0",), ("b1",), ("b2",)],
    }


def test_nothing_is_left_on_disk(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Workbook() as book:
        book.finish().close()
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_on_disk_of_what_was_never_finished(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(LookupError):
        _fail_half_way()
    assert list(tmp_path.iterdir()) == []


def _fail_half_way():
    with Workbook() as book:
        book.add_table("A", HEADINGS).add([("1", None, None, None)])
        raise LookupError


def test_a_sheet_that_is_full_says_so(monkeypatch):
    monkeypatch.setattr("xlsxwriter.worksheet.Worksheet.write_string", lambda *_: -1)
    with Workbook() as book, pytest.raises(ValueError, match="cannot hold row 2"):
        book.add_table("A", HEADINGS[:1]).add([("x",)])
