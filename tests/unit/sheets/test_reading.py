import codecs
import csv
import struct
import zipfile
from datetime import date

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import Invalid, TalentError, TooLarge
from app.sheets import cells, reading, unpacking

LIMITS = reading.Limits(packed_bytes=4 << 20, unpacked_bytes=16 << 20)
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.fixture
def put(tmp_path):
    def put(content, name="data"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return put


@pytest.fixture
def workbook(tmp_path):
    def workbook(sheets, **options):
        path = tmp_path / "workbook.xlsx"
        with xlsxwriter.Workbook(path, options) as book:
            as_date = book.add_format({"num_format": "dd-mm-yyyy"})
            for name, rows in sheets.items():
                sheet = book.add_worksheet(name)
                for row, values in rows.items():
                    for column, value in enumerate(values):
                        sheet.write(row - 1, column, value, as_date if isinstance(value, date) else None)
        return path

    return workbook


@pytest.fixture
def with_parts(workbook, tmp_path):
    """A workbook some parts of which are replaced by others."""

    def with_parts(parts, compression=zipfile.ZIP_DEFLATED):
        source = workbook({"A": {1: ["NIP"], 2: ["x"]}})
        path = tmp_path / "changed.xlsx"
        with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", compression) as new:
            kept = {name: old.read(name) for name in old.namelist()}
            for name, content in (kept | parts).items():
                new.writestr(name, content)
        return path

    return with_parts


def sheet_xml(body):
    return f'<worksheet xmlns="{NAMESPACE}"><sheetData>{body}</sheetData></worksheet>'.encode()


def strings_xml(*strings):
    return f'<sst xmlns="{NAMESPACE}">{"".join(f"<si><t>{text}</t></si>" for text in strings)}</sst>'.encode()


def read(path, file="Data ASN.csv", limits=LIMITS):
    return [(sheet.name, sheet.headings, list(sheet.rows())) for sheet in reading.open_sheets(path, file, limits)]


def outcome(path):
    try:
        return read(path)
    except TalentError as refused:
        return refused.detail["en"]


def refusal(path, kind=Invalid, limits=LIMITS):
    with pytest.raises(kind) as raised:
        read(path, "Data ASN", limits)
    assert raised.value.about["file"] == "Data ASN"
    assert "Data ASN" in raised.value.detail["id"]
    return raised.value.code


# CSV


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_told_from_the_headings(put, delimiter):
    lines = [["NIP", "Nama, gelar; lain"], ["1", "Budi"]]
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    assert read(put(text)) == [("Data ASN", ("NIP", "Nama, gelar; lain"), [(2, ["1", "Budi"])])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-be"])
def test_a_name_is_read_in_every_encoding_in_use(put, encoding):
    bom = codecs.BOM_UTF16_BE if encoding == "utf-16-be" else b""
    content = bom + "NIP;NAMA\n1;Zoë\n".encode(encoding)
    assert read(put(content)) == [("Data ASN", ("NIP", "NAMA"), [(2, ["1", "Zoë"])])]


def test_a_file_that_stops_being_utf_8_far_inside_is_read_as_cp1252(put):
    content = "NAMA\n" + "Zoë\n" * 300_000
    sheet = read(put(content.encode() + "Zoë".encode("cp1252")))[0]
    assert sheet[2][-1] == (300_002, ["Zoë"])
    assert sheet[2][0] == (2, ["ZoÃ«"])


def test_a_file_cut_inside_a_character_is_still_read(put):
    assert read(put("NAMA\nZoë".encode()[:-1]))[0][2] == [(2, ["ZoÃ"])]


@pytest.mark.parametrize("content", [b"NAMA\nBu\x81di\n", codecs.BOM_UTF8 + b"NAMA\nBu\x81di\n"])
def test_a_byte_without_a_meaning_costs_its_cell_and_not_the_file(put, content):
    [(_, _, [(row, [cell])])] = read(put(content))
    with pytest.raises(cells.CellFault, match=r"text\.control_character"):
        cells.text(cell)
    assert row == 2


def test_row_numbers_are_those_a_spreadsheet_program_shows(put):
    text = '\n;;\nNIP;NAMA;\n\n1;"Budi\nS.E."\n;-; \n2;Ani\n\n'
    assert read(put(text)) == [("Data ASN", ("NIP", "NAMA"), [(5, ["1", "Budi\nS.E."]), (7, ["2", "Ani"])])]


def test_short_rows_are_filled_up_and_long_rows_cut(put):
    assert read(put("A,B,C\n1\n1,2,3,4\n"))[0][2] == [(2, ["1", None, None]), (3, ["1", "2", "3"])]


def test_headings_stay_as_they_are_written(put):
    assert read(put(" Nip ,,NAMA\xa0,nama,,\n"))[0][1] == ("Nip", "", "NAMA", "nama")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending_is_understood(put, ending):
    assert read(put(f"A,B{ending}1,2{ending}"))[0][2] == [(2, ["1", "2"])]


def test_a_sheet_can_be_read_again(put):
    [sheet] = reading.open_sheets(put("A\n1\n2\n"), "a.csv", LIMITS)
    assert list(sheet.rows()) == list(sheet.rows()) == [(2, ["1"]), (3, ["2"])]


def test_a_csv_larger_than_the_limits_of_workbooks_is_read(put):
    limits = reading.Limits(packed_bytes=10, unpacked_bytes=10)
    assert len(read(put("A\n" + "1\n" * 100), limits=limits)[0][2]) == 100


def test_a_file_of_delimiters_only_has_no_headings(put):
    assert read(put(";;\n;;\n")) == [("Data ASN", (), [])]


@pytest.mark.parametrize("content", [b"NIP,NAMA\n1,a\n2,b\0\n", "\ufeffNIP,NAMA\n1,a\n2,b\0\n".encode("utf-16-le")])
def test_a_nul_byte_is_refused_with_its_row(put, content):
    with pytest.raises(Invalid) as raised:
        read(put(content), "a.csv")
    assert (raised.value.code, raised.value.about) == ("file.nul_bytes", {"file": "a.csv", "row": 3})


def test_a_nul_byte_after_a_cell_of_two_lines_is_refused_with_the_row_of_the_record(put):
    with pytest.raises(Invalid) as raised:
        read(put(b'NIP\n"a\nb"\n\0\n'), "a.csv")
    assert raised.value.about["row"] == 3


@pytest.mark.parametrize(
    "wide",
    [
        '"' + "x" * 70_000 + '"', '"never closed\n1,2\n', '"never closed' + "\n1,2" * 50_000, "x" * 70_000,
        ",".join(["x" * 1000] * 2000), '"\n",' * 400_000,
    ],
    ids=["long field", "unclosed", "unclosed and long", "long unquoted field", "long row", "long row of short lines"],
)  # fmt: skip
def test_a_row_that_does_not_end_is_refused_where_it_begins(put, wide):
    [sheet] = reading.open_sheets(put(f"A,B\n1,2\n{wide}"), "a.csv", LIMITS)
    with pytest.raises(Invalid) as raised:
        list(sheet.rows())
    assert (raised.value.code, raised.value.about) == ("file.row_too_wide", {"file": "a.csv", "row": 3})


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.sampled_from("\t\r\n")),
            min_size=2,
            max_size=2,
        )
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_the_csv_module_writes_is_read_back(tmp_path, rows):
    path = tmp_path / "written.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["A", "B"], *rows])
    spoken = [(n, row) for n, row in enumerate(rows, 2) if not all(map(cells.is_absent, row))]
    assert read(path) == [("Data ASN", ("A", "B"), spoken)]


@given(st.binary() | st.binary().map(b"PK\x03\x04".__add__) | st.binary().map(codecs.BOM_UTF16_LE.__add__))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_are_read_or_refused(tmp_path, content):
    path = tmp_path / "bytes"
    path.write_bytes(content)
    assert outcome(path)


# what is no spreadsheet


@pytest.mark.parametrize("content", [b"", b" \r\n\t", codecs.BOM_UTF8])
def test_a_file_without_content_is_empty(put, content):
    assert refusal(put(content)) == "file.empty"


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n1 0 obj", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\xff\xd8\xff\xe0\0\x10JFIF",
        b"<!DOCTYPE html><table>", b"\xef\xbb\xbf<html>", bytes(range(256)) * 20,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), b"PK\x05\x06" + bytes(18),
    ],
)  # fmt: skip
def test_what_is_no_spreadsheet_is_refused(put, content):
    assert refusal(put(content)) == "file.not_a_spreadsheet"


def test_an_archive_without_a_workbook_is_no_spreadsheet(tmp_path):
    path = tmp_path / "archive.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refusal(path) == "file.not_a_spreadsheet"


@pytest.mark.parametrize("padding", [512, (1 << 20) - 20])
def test_a_workbook_with_a_password_is_refused_as_such(put, padding):
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    assert refusal(put(head + bytes(padding) + "EncryptedPackage".encode("utf-16-le") + bytes(99))) == "file.encrypted"


def test_an_archive_with_encrypted_parts_is_refused_as_such(put, workbook):
    packed = bytearray(workbook({"A": {1: ["NIP"]}}).read_bytes())
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    assert refusal(put(bytes(packed))) == "file.encrypted"


# XLSX


def test_sheets_are_read_in_their_order_with_the_rows_the_program_shows(workbook):
    path = workbook({
        "SKP": {1: ["NIP", "TAHUN", " HASIL "], 2: ["'1", 2024, "BAIK"], 4: ["-", "", " "], 5: ["2", 2025.0, ""]},
        "KOSONG": {},
        "DIKLAT": {3: ["NIP", "TANGGAL SELESAI"], 5: ["1", date(2025, 12, 4)], 6: ["2", "04-12-2025"]},
    })  # fmt: skip
    assert read(path) == [
        ("SKP", ("NIP", "TAHUN", "HASIL"), [(2, ["'1", 2024.0, "BAIK"]), (5, ["2", 2025.0, ""])]),
        ("KOSONG", (), []),
        ("DIKLAT", ("NIP", "TANGGAL SELESAI"), [(5, ["1", date(2025, 12, 4)]), (6, ["2", "04-12-2025"])]),
    ]


def test_a_date_kept_as_the_days_excel_counts_is_a_date(workbook):
    [(_, _, [(_, [serial])])] = read(workbook({"A": {1: ["TMT"], 2: [45995]}}))
    assert cells.day(serial) == date(2025, 12, 4)


def test_a_number_as_heading_is_read_as_it_is_shown(workbook):
    assert read(workbook({"A": {1: ["NIP", 2024]}}))[0][1] == ("NIP", "2024")


def test_hidden_sheets_are_read_and_charts_passed_over(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet("A").write(0, 0, "NIP")
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=A!$A$1:$A$2"})
        book.add_chartsheet("C").set_chart(chart)
        hidden = book.add_worksheet("B")
        hidden.write(0, 0, "NAMA")
        hidden.hide()
    assert [(name, headings) for name, headings, _ in read(tmp_path / "a.xlsx")] == [("A", ("NIP",)), ("B", ("NAMA",))]


def test_sheets_stay_readable_after_the_last_was_asked_for(workbook):
    sheets = list(reading.open_sheets(workbook({"A": {1: ["X"], 2: ["a"]}, "B": {1: ["Y"], 2: ["b"]}}), "a", LIMITS))
    assert [list(sheet.rows()) for sheet in sheets] == [[(2, ["a"])], [(2, ["b"])]]


@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.9, 0.99])
def test_a_truncated_workbook_is_damaged(put, workbook, share):
    packed = workbook({"A": {n: [f"{n}", n * 7919 % 1000] for n in range(1, 2000)}}).read_bytes()
    assert refusal(put(packed[: int(len(packed) * share)])) == "file.damaged"


def test_a_workbook_with_changed_bytes_is_damaged(put, workbook):
    packed = bytearray(workbook({"A": {1: ["NIP"], 2: ["1"]}}).read_bytes())
    packed[40:60] = bytes(20)
    assert refusal(put(bytes(packed))) == "file.damaged"


@pytest.mark.parametrize(
    "body",
    [
        "<row",
        '<row r="x"><c/></row>',
        '<row><c t="s"><v>99</v></c></row>',
        f'<row r="{"9" * 5000}"><c><v>1</v></c></row>',
    ],
)
def test_a_worksheet_that_makes_no_sense_is_damaged(with_parts, body):
    assert refusal(with_parts({"xl/worksheets/sheet1.xml": sheet_xml(body)})) == "file.damaged"


def test_a_part_compressed_in_an_unusual_way_is_damaged(with_parts):
    assert refusal(with_parts({}, compression=zipfile.ZIP_LZMA)) == "file.damaged"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_is_there_twice_is_damaged(workbook):
    path = workbook({"A": {1: ["NIP"]}})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", sheet_xml(""))
    assert refusal(path) == "file.damaged"


def test_a_panic_of_the_parser_is_a_damaged_file(workbook, monkeypatch):
    class PanicError(BaseException):
        pass

    class Broken:
        @staticmethod
        def from_path(path):
            raise PanicError

    monkeypatch.setattr(reading, "CalamineWorkbook", Broken)
    assert refusal(workbook({"A": {1: ["NIP"]}})) == "file.damaged"


# size


def test_a_workbook_over_the_packed_limit_is_refused_with_the_limit(workbook):
    path = workbook({"A": {1: ["NIP"]}})
    with pytest.raises(TooLarge) as raised:
        read(path, limits=reading.Limits(packed_bytes=1000, unpacked_bytes=1 << 20))
    assert (raised.value.code, raised.value.about["limit"]) == ("file.too_large", 1000)


@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "xl/media/image1.png"])
def test_a_workbook_over_the_unpacked_limit_is_refused(with_parts, name):
    assert refusal(with_parts({name: bytes(LIMITS.unpacked_bytes)}), TooLarge) == "file.unpacked_too_large"


def test_a_bomb_that_lies_about_its_size_is_refused(with_parts):
    path = with_parts({"xl/worksheets/sheet1.xml": sheet_xml(" " * (64 << 20))})
    packed = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo("xl/worksheets/sheet1.xml")
    true, lie = struct.pack("<L", entry.file_size), struct.pack("<L", 1000)
    assert packed.count(true) == 2
    path.write_bytes(packed.replace(true, lie))
    assert refusal(path, TooLarge) == "file.unpacked_too_large"


def test_an_archive_of_very_many_parts_is_refused(tmp_path, workbook):
    path = workbook({"A": {1: ["NIP"]}})
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(10_001):
            archive.writestr(f"{number}", b"")
    assert refusal(path, TooLarge) == "file.unpacked_too_large"


def test_an_archive_with_an_endless_directory_is_refused_before_it_is_read(put, workbook, monkeypatch):
    packed = bytearray(workbook({"A": {1: ["NIP"]}}).read_bytes())
    end = packed.rindex(b"PK\x05\x06")
    packed[end + 12 : end + 16] = struct.pack("<L", 5 << 20)
    monkeypatch.setattr(unpacking.zipfile, "ZipFile", None)
    assert refusal(put(bytes(packed)), TooLarge) == "file.unpacked_too_large"


CELL = "<v>1</v></c>"


@pytest.mark.parametrize(
    "body",
    [
        f'<row r="1"><c r="A1">{CELL}</row><row r="1048576"><c r="XFD1048576">{CELL}</row>',
        f"<row r='1'><c r='A1'>{CELL}</row><row><c s='0'r  =\n'xfd1048576'>{CELL}</row>",
        f'<row r="1"><c>{CELL}</row><row r="900000"><c r="XFD1" s="0"/><c>{CELL}</row>',
        f'<row r="1"><c>{CELL}</row><row r="900000">{"<c/>" * 300}<c>{CELL}</row>',
        f'<row r="1"><c>{CELL}</row>{"<row/>" * 100_000}<row>{"<c/>" * 300}<c>{CELL}</row>',
        f'<x:row r="1"><y-z:c>{CELL.replace("/c", "/y-z:c")}</x:row><row r="900000">{"<c/>" * 300}<c>{CELL}</row>',
        f'<row r="1"><c r="A&#49;">{CELL}</row><row r="900000">{"<c/>" * 300}<c>{CELL}</row>',
        f'<row r="1"><c r="A1">{CELL}</row><row r="9"><c r="A2" r="XFD1048576">{CELL}</row>',
        f'<row r="1"><c r="A1">{CELL}</row><row r="9"><c r="A2" x=">"r="XFD1048576">{CELL}</row>',
        f'<row r="1">{" " * (3 << 20)}<c r="A1">{CELL}</row><row r="9"><c r="XFD1048576">{CELL}</row>',
    ],
)
def test_cells_in_far_corners_are_refused_before_the_space_between_them_is_laid_out(with_parts, body):
    path = with_parts({"xl/worksheets/sheet1.xml": sheet_xml(body)})
    assert refusal(path, TooLarge) == "file.unpacked_too_large"


def test_mark_up_that_could_hide_where_a_row_ends_is_refused(with_parts):
    body = f"<row><c>{CELL}<!-- </row> --><c>{CELL}</row>"
    assert refusal(with_parts({"xl/worksheets/sheet1.xml": sheet_xml(body)})) == "file.damaged"


@pytest.mark.parametrize(
    "body",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c><c r="XFD1048576" s="3"/></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row><row r="1048576" hidden="1"/>',
        "<row><c><v>1</v></c></row><row><c><v>2</v></c></row>",
    ],
    ids=["empty cell far away", "empty row far away", "no references"],
)
def test_what_spreadsheet_programs_leave_behind_is_no_obstacle(with_parts, body):
    path = with_parts({"xl/worksheets/sheet1.xml": sheet_xml(body)})
    assert read(path) == [("A", ("1",), [(2, [2.0])])]


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A1" t="s"><v>1</v></c>',
        "<c t='s'><v>1</v></c>",
        '<c r="A1" t="s"><v>0</v><v>1</v></c>',
        "<c t='s'><v>01</v></c>",
    ],
)
def test_a_long_text_shared_by_very_many_cells_is_refused(with_parts, cell):
    rows = f"<row>{cell}</row>" * 30_000
    parts = {"xl/worksheets/sheet1.xml": sheet_xml(rows), "xl/sharedStrings.xml": strings_xml("NIP", "x" * 10_000)}
    assert refusal(with_parts(parts), TooLarge) == "file.unpacked_too_large"


def test_a_long_text_beside_very_many_short_ones_is_read(with_parts):
    rows = '<row><c t="s"><v>0</v></c></row>' * 30_000 + '<row><c t="s"><v>1</v></c></row>'
    parts = {"xl/worksheets/sheet1.xml": sheet_xml(rows), "xl/sharedStrings.xml": strings_xml("NIP", "x" * 10_000)}
    assert len(read(with_parts(parts))[0][2]) == 30_000
