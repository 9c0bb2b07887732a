"""The files door: what somebody could deliver in the place of an export of SIASN."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from random import Random

from app.dev.fuzz.archives import WORKBOOKS, packed, sheet_xml, workbook
from app.dev.fuzz.cases import Case
from app.dev.fuzz.values import NUMBERS, TEXTS, a_text
from app.domain.actors import Role
from app.sheets.cells import CellFault
from app.sheets.layouts import (
    AWARDS,
    DIPLOMAS,
    LAYOUTS,
    LEVELS,
    PREDICATES,
    RATINGS,
    SEVERITIES,
    SEXES,
    STATUSES,
    TRAININGS,
    Column,
    Layout,
)

DOOR = "files"
IMPORTS, MAPS = "/v1/imports", "/v1/talent-maps"
ATTACHMENT = "/v1/submissions/{{A.submission}}/attachment?name="
DAYS = (
    "", "-", "0", "31-12-9999", "00-00-0000", "30-02-2024", "29/02/2023", "2024-13-01", "99999999", "-1", "45995",
    "2958466", "1e9", "01-01-0001", "1.5", "31-12-1899", "01-04-2021", "44927.75",
)  # fmt: skip
ODD_NAMES = (
    "skp.csv", "skp.xlsx", "../../etc/passwd", "C:\\x\\skp.csv", "", " ", "\u202exslx.pks", "x" * 5_000, "a\r\nX: y",
    "a\x00.csv", '"quoted".csv', "é́🙂.xlsx", "skp.exe", ".", "..", "~$skp.xlsx", "%00.csv", "=cmd.csv", "CON",
)  # fmt: skip
KINDS = ("text/csv", "application/octet-stream", "", "application/x-zip-bomb", "text/html; charset=utf-7", "\udc80/x")


def case_of(chance: Random) -> Case:
    """One delivery."""
    lot = chance.random()
    if lot < 0.08:
        return _attachment(chance)
    if lot < 0.2:
        return _broken_form(chance)
    return _delivery(chance)


def _delivery(chance: Random) -> Case:
    files, about = [], []
    for _ in range(chance.choice([1, 1, 1, 2, 5])):
        make = chance.choice([*WORKBOOKS, *TABLES, *TABLES])
        files.append((chance.choice(ODD_NAMES) if chance.random() < 0.1 else _usual_name(make), make(chance)))
        about.append(make.__name__.replace("_", " "))
    target = IMPORTS if chance.random() < 0.8 else MAPS
    fields = _fields(chance, target)
    boundary = f"b{chance.randrange(10**9):09d}"
    body = _form(boundary, fields, files, chance)
    return _case(chance, ", ".join(about), body, f"multipart/form-data; boundary={boundary}", target=target)


def _fields(chance: Random, target: str) -> list[tuple[str, str]]:
    """What is said about the files; most of it fits."""
    given = {"dryRun": "true", "allOrNothing": "false", "asOf": "2025-12-04"} if chance.random() < 0.7 else {}
    if target == MAPS:
        named = {"name": f"Peta {chance.randrange(10**6)}", "rubricCode": "bkn-411-2025", "rubricVersion": "2"}
        given |= {"asOf": "2025-12-04", **named}
    if given and chance.random() < 0.15:
        given[chance.choice(sorted(given))] = chance.choice(DAYS + TEXTS)
    return list(given.items())


def _usual_name(make: Callable[[Random], bytes]) -> str:
    return "skp.csv" if make in TABLES[2:] else "skp.xlsx"


def _case(chance: Random, about: str, body: bytes, kind: str, method: str = "POST", target: str = IMPORTS) -> Case:
    role = Role.HR_OFFICER.value if chance.random() < 0.95 else Role.TALENT.value
    key = f'"{chance.randrange(10**12):012d}"'
    return Case(DOOR, about, role, method, target, (("content-type", kind), ("idempotency-key", key)), body)


def _form(
    boundary: str, fields: Sequence[tuple[str, str]], files: Sequence[tuple[str, bytes]], chance: Random
) -> bytes:
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode(errors="replace")
        for name, value in fields
    ]
    for name, content in files:
        kind = chance.choice(KINDS)
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
        head += f"Content-Type: {kind}\r\n\r\n"
        parts.append(head.encode("utf-8", "surrogateescape") + content + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode()


# ── forms that are none


CHARSET = b'--b0\r\nContent-Disposition: form-data; name="_charset_"\r\n\r\nx\r\n'


def _broken_form(chance: Random) -> Case:
    boundary = "b0"
    content = b"NIP,TAHUN\n1,2024\n"
    whole = _form(boundary, [("dryRun", "true")], [("skp.csv", content)], chance)
    kinds = {
        "without a boundary": (whole, "multipart/form-data"),
        "another boundary": (whole, "multipart/form-data; boundary=other"),
        "an endless boundary": (whole, f"multipart/form-data; boundary={'b' * 9_000}"),
        "an empty boundary": (whole, "multipart/form-data; boundary="),
        "an odd boundary": (whole, 'multipart/form-data; boundary="\udc80\x01"'),
        "cut off": (whole[: chance.randrange(len(whole))], f"multipart/form-data; boundary={boundary}"),
        "no parts": (b"--b0--\r\n", f"multipart/form-data; boundary={boundary}"),
        "too many files": (
            _form(boundary, [], [("a.csv", b"x")] * 1_100, chance), f"multipart/form-data; boundary={boundary}",
        ),
        "too many fields": (
            _form(boundary, [(f"f{n}", "x") for n in range(1_100)], [], chance),
            f"multipart/form-data; boundary={boundary}",
        ),
        "a field as large as a file": (
            _form(boundary, [("asOf", "x" * 2_000_000)], [("a.csv", b"x")], chance),
            f"multipart/form-data; boundary={boundary}",
        ),
        "the files are fields": (
            _form(boundary, [("files", "NIP")], [], chance), f"multipart/form-data; boundary={boundary}",
        ),
        "odd heads of parts": (
            whole.replace(b"form-data;", b"attachment; \xff;"), f"multipart/form-data; boundary={boundary}",
        ),
        "endless heads of parts": (
            whole.replace(b"Content-Type", b"X: " + b"y" * 100_000 + b"\r\nContent-Type"),
            f"multipart/form-data; boundary={boundary}",
        ),
        "a field whose name is odd": (
            whole.replace(b'name="dryRun"', b'name="\xff\x00"'), f"multipart/form-data; boundary={boundary}",
        ),
        "a charset nobody knows": (
            whole.replace(b"--b0\r\n", CHARSET + b"--b0\r\n", 1),
            f"multipart/form-data; boundary={boundary}; charset=nothing",
        ),
        "a form of another kind": (b"files=1&asOf=2", "application/x-www-form-urlencoded"),
        "JSON": (b'{"files": []}', "application/json"),
        "nothing": (b"", "multipart/form-data; boundary=b0"),
    }  # fmt: skip
    about = chance.choice(sorted(kinds))
    body, kind = kinds[about]
    return _case(chance, f"a form: {about}", body, kind)


def _attachment(chance: Random) -> Case:
    contents = (b"", b"%PDF", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"<svg onload=alert(1)>", chance.randbytes(4_000))
    body = chance.choice(contents) + chance.choice([b"", bytes(6 * 1024 * 1024), chance.randbytes(100)])
    kind = chance.choice(["application/pdf", "image/png", "text/html", "", "*/*", "application/pdf; x=\udcff"])
    name = chance.choice(
        ["a.pdf", "%00", "%E2%80%AE", "..%2F..%2Fetc", "x" * 4_000, "%0d%0aX:%20y", "%ff", "", "%F0%9F"]
    )
    case = _case(chance, "an attachment", body, kind, "PUT", ATTACHMENT + name)
    return replace(case, role=Role.TALENT.value)


# ── tables


def _rows(chance: Random, layout: Layout, most: int = 30) -> list[list[str]]:
    """Rows below the headings of a layout: some that fit, and cells among them that do not."""
    columns = [*layout.columns, *layout.optional]
    if chance.random() < 0.3:
        chance.shuffle(columns)
    rows = [[column.heading for column in columns]]
    share = chance.choice([0.0, 0.02, 0.3, 1.0])
    rows += [
        [_odd_cell(chance) if chance.random() < share else _fitting_cell(chance, one) for one in columns]
        for _ in range(chance.randint(1, most))
    ]
    return rows


def _odd_cell(chance: Random) -> str:
    return chance.choice([*DAYS, *NUMBERS, *(text for text in TEXTS if "\0" not in text), "{{B.nip}}"])[:20_000]


def _fitting_cell(chance: Random, column: Column) -> str:
    """What the column takes: somebody who is known, a word of its list, or an ordinary value."""
    if column.heading.startswith("NIP"):
        return chance.choice(["{{A.nip}}", "'{{A.nip}}", "{{B.nip}}", "{{X.nip}}"])
    fitting = _fitting(column)
    return chance.choice(fitting) if fitting else ""


@lru_cache(maxsize=512)
def _fitting(column: Column) -> tuple[str, ...]:
    def fits(word: str) -> bool:
        try:
            column.parse(word)
        except CellFault:
            return False
        return True

    return tuple(word for word in (*WORDS, *DAYS, *NUMBERS) if fits(word))


KNOWN_WORDS = (PREDICATES, RATINGS, AWARDS, TRAININGS, STATUSES, DIPLOMAS, SEVERITIES, SEXES, LEVELS)
WORDS = (
    *(word for words in KNOWN_WORDS for word in words),
    *("01-04-2021", "2024", "3", "Aktif", "01", "Pemerintah Kota Uji A", "U1", "SITI", "KETUA", "INTERNAL", "INSTANSI"),
)


def layout_workbook(chance: Random) -> bytes:
    """A workbook in a layout that imports know, with odd values; uncompressed, so that names in it are found."""
    layouts = chance.sample(LAYOUTS, chance.choice([1, 1, 2, 4]))
    sheets = {layout.name: sheet_xml(_rows(chance, layout)) for layout in layouts}
    return packed(workbook(sheets), 0)


def columns_without_end(chance: Random) -> bytes:
    """Ten thousand columns, or more than any program has."""
    wide = chance.choice([1_000, 10_000, 20_000])
    headings = ["NIP", "TAHUN", *(f"K{n}" for n in range(wide))]
    if chance.random() < 0.4:
        return packed(workbook({"SKP": sheet_xml([headings, ["1"] * wide])}))
    return (",".join(headings) + "\n" + ",".join("1" for _ in headings) + "\n").encode()


def layout_table(chance: Random) -> bytes:
    """CSV in a layout that imports know, with odd values, delimiters and encodings."""
    delimiter = chance.choice([",", ",", ";", "\t", "|"])
    quoted = [
        delimiter.join('"' + cell.replace('"', '""') + '"' if chance.random() < 0.9 else cell for cell in row)
        for row in _rows(chance, chance.choice(LAYOUTS))
    ]
    text = chance.choice(["\n", "\n", "\r\n", "\r", "\n\n"]).join(quoted) + "\n"
    encoding = chance.choice([*["utf-8"] * 6, "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1"])
    return text.encode(encoding, "surrogatepass" if encoding.startswith("utf") else "replace")


def mixed_encodings(chance: Random) -> bytes:
    """A table that changes its encoding on the way, with byte order marks inside."""
    lines = [b"NIP,TAHUN,HASIL KERJA,PERILAKU KERJA,PREDIKAT KINERJA"]
    for _ in range(chance.randint(1, 40)):
        lines.append(a_text(chance)[:500].encode(chance.choice(["utf-8", "utf-16", "cp1252", "utf-7"]), "replace"))
        lines.append(chance.choice([codecs.BOM_UTF8, codecs.BOM_UTF16_LE, b"\xff\xfe\xfd", b"\x81\x8d", b""]))
    return b"\n".join(lines)


def nul_bytes(chance: Random) -> bytes:
    """A table with NULs in it."""
    content = bytearray(layout_table(chance))
    for _ in range(chance.choice([1, 3, 100])):
        content.insert(chance.randrange(len(content) + 1), 0)
    return bytes(content)


def unclosed_quotes(chance: Random) -> bytes:
    """A quotation mark that is never closed, and rows without an end."""
    return (
        b"NIP,TAHUN\n1,2\n" + chance.choice([b'"', b'1,"', b'""",']) + chance.choice([b"1,2\n", b"x", b'"\n']) * 300_000
    )


def other_kinds(chance: Random) -> bytes:
    """Files of other kinds, whatever they are called."""
    starts = [
        b"%PDF-1.7\n",
        b"\x89PNG\r\n\x1a\n",
        b"<html><table>",
        b"{\\rtf1",
        b"Rar!\x1a",
        b"\x1f\x8b\x08",
        b"MZ\x90",
    ]
    starts += [b"\x09\x08\x10\x00\x00\x06\x05\x00", b"<?xml version='1.0'?><Workbook/>", b"7z\xbc\xaf", b"", b"\x7fELF"]
    return chance.choice(starts) + chance.randbytes(chance.choice([0, 10, 3_000]))


def delimiters_only(chance: Random) -> bytes:
    """A table that says nothing."""
    return chance.choice([b",", b";", b"\t", b"\n", b'""', b" ", b",,,\n"]) * chance.choice([1, 100, 200_000])


def random_bytes(chance: Random) -> bytes:
    """Anything."""
    return chance.choice(
        [b"", b"PK\x03\x04", b"PK\x05\x06", codecs.BOM_UTF16_LE, b"\xd0\xcf\x11\xe0"]
    ) + chance.randbytes(chance.choice([1, 22, 500, 20_000]))


TABLES: tuple[Callable[[Random], bytes], ...] = (
    layout_workbook,
    columns_without_end,
    layout_table,
    layout_table,
    mixed_encodings,
    nul_bytes,
    unclosed_quotes,
    other_kinds,
    delimiters_only,
    random_bytes,
)
