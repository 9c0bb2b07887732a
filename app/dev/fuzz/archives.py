"""Workbooks no spreadsheet program writes: bombs, lies, traps and ruins, each from a little chance."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from random import Random
from xml.sax.saxutils import escape

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SKP = (
    ("NIP", "TAHUN", "HASIL KERJA", "PERILAKU KERJA", "PREDIKAT KINERJA"),
    ("{{A.nip}}", "2024", "SESUAI EKSPEKTASI", "SESUAI EKSPEKTASI", "BAIK"),
)
Parts = dict[str, bytes]


def sheet_xml(rows: Sequence[Sequence[str]], *, dimension: str = "A1") -> bytes:
    """A worksheet of texts that stand in their cells."""
    written = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(
            f'<c r="{letters(column)}{number}" t="inlineStr"><is><t xml:space="preserve">{storable(cell)}</t></is></c>'
            for column, cell in enumerate(row)
        )
        written.append(f'<row r="{number}">{cells}</row>')
    data = "".join(written)
    return f'{HEAD}<worksheet {MAIN}><dimension ref="{dimension}"/><sheetData>{data}</sheetData></worksheet>'.encode(
        errors="replace"
    )


def storable(text: str) -> str:
    """The text as XML 1.0 can hold it."""
    return escape("".join(c for c in text if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff")))


def letters(column: int) -> str:
    """A for 0, AA for 26."""
    named = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        named = chr(65 + rest) + named
    return named


def workbook(sheets: Mapping[str, bytes]) -> Parts:
    """The parts of a workbook with these worksheets."""
    listed = "".join(
        f'<sheet name="{escape(name, {chr(34): "&quot;"})}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(sheets, start=1)
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{KIND}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    whole = f'<Relationship Id="rId1" Type="{KIND}/officeDocument" Target="xl/workbook.xml"/>'
    return {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
        'ContentType="application/xml"/></Types>'.encode(),
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{whole}</Relationships>'.encode(),
        "xl/workbook.xml": f"{HEAD}<workbook {MAIN} {RELATIONS}><sheets>{listed}</sheets></workbook>".encode(),
        "xl/_rels/workbook.xml.rels": (
            f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{related}</Relationships>'.encode()
        ),
        **{f"xl/worksheets/sheet{n}.xml": content for n, content in enumerate(sheets.values(), start=1)},
    }


def packed(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of the parts."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def _plain(sheet: bytes | None = None) -> Parts:
    return workbook({"SKP": sheet or sheet_xml(SKP)})


def _sheet(data: str, before: str = "") -> bytes:
    return packed(_plain(f"{HEAD}{before}<worksheet {MAIN}><sheetData>{data}</sheetData></worksheet>".encode()))


# ── bombs


def ratio_bomb(chance: Random) -> bytes:
    """A worksheet of blanks that unpacks a thousandfold."""
    return packed(_plain(b"<worksheet>" + b" " * chance.choice([1 << 20, 1 << 25, 1 << 27]) + b"</worksheet>"))


def nested_bomb(chance: Random) -> bytes:
    """Archives in archives, where nobody should look."""
    inner = packed({"a": bytes(1 << 24)})
    for depth in range(chance.randint(1, 6)):
        inner = packed({f"xl/worksheets/sheet{depth}.xml": inner, "xl/workbook.xml": inner})
    return packed({**_plain(), "xl/embeddings/inner.zip": inner, "xl/extra.xml": inner})


def overlapping_bomb(chance: Random) -> bytes:
    """Many entries of the directory that share the bytes of one part."""
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = bytes(1 << chance.choice([16, 20, 24]))
    body = raw.compress(content) + raw.flush()
    about = (20, 0, 8, 0, 0, zlib.crc32(content), len(body), len(content))
    local = struct.pack("<IHHHHHIII", 0x04034B50, *about) + struct.pack("<HH", 15, 0) + b"xl/workbook.xml" + body
    count = chance.choice([2, 200, 9_000, 20_000])
    directory = b"".join(
        struct.pack("<IHHHHHHIII", 0x02014B50, 20, *about) + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0) + name
        for name in (b"xl/workbook.xml", *(f"xl/worksheets/sheet{n}.xml".encode() for n in range(count)))
    )
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count % 65536, count % 65536, len(directory), len(local), 0)
    return local + directory + end


def far_corners(chance: Random) -> bytes:
    """A cell in a far corner, so that all between would be laid out."""
    corner = chance.choice(["XFD1048576", "A1048576", "XFD1", "ZZZZZZ99999999", "AAA500000", "A4294967296", "A0", "1A"])
    return _sheet(f'<row r="1"><c r="A1"><v>1</v></c></row><row><c r="{corner}"><v>1</v></c></row>')


def lying_dimension(chance: Random) -> bytes:
    """A dimension that says millions of cells where there are two."""
    said = chance.choice(["A1:XFD1048576", "A1:ZZZZZZZ9999999999", "", "B2:A1", "A1:A0", "$", "A-1:B-2", "🙂"])
    return packed(_plain(sheet_xml(SKP, dimension=said)))


def many_empty_cells(chance: Random) -> bytes:
    """Cells without a word in them, hundreds of thousands."""
    row = "<row>" + "<c/>" * chance.choice([10, 1_000, 17_000]) + "</row>"
    return _sheet(row * chance.choice([10, 200, 1_000]))


def repeated_string(chance: Random) -> bytes:
    """One long shared text shown by many cells."""
    parts = _plain()
    text = "x" * chance.choice([1_000, 32_767, 1_000_000])
    parts["xl/sharedStrings.xml"] = f"{HEAD}<sst {MAIN}><si><t>{text}</t></si></sst>".encode()
    index = chance.choice(["0", "0", "0", "-1", "4294967296", "99", "1e3", "", "NaN"])
    cells = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>{index}</v></c></row>' for n in range(1, chance.choice([2, 50, 5_000]))
    )
    parts["xl/worksheets/sheet1.xml"] = f"<worksheet {MAIN}><sheetData>{cells}</sheetData></worksheet>".encode()
    return packed(parts)


# ── traps


def external_entity(chance: Random) -> bytes:
    """A document type that would have files and addresses read, or one text multiplied."""
    told = chance.choice(
        [
            '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
            '<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:1/x">]>',
            '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">',
            '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]>',
            '<!DOCTYPE x [<!ENTITY a "ha">'
            + "".join(f'<!ENTITY a{n} "{("&a" + (str(n - 1) if n else "") + ";") * 10}">' for n in range(10))
            + '<!ENTITY e "&a9;">]>',
        ]
    )
    return _sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>NIP &e;</t></is></c></row>', told)


def strange_names(chance: Random) -> bytes:
    """Parts whose names lead out of the archive, or are no names."""
    strange = ["../../../../etc/passwd", "/etc/passwd", "C:\\x.xml", "xl\\..\\..\\x.xml", "x" * 60_000, "a\nb.xml"]
    strange += ["xl/worksheets/sheet1.XML", "\u202elmx.teehs", "xl/" * 500 + "x.xml", " ", "con.xml", "é\udcff.xml"]
    parts = _plain()
    for name in chance.sample(strange, 3):
        parts[name.encode(errors="replace").decode()] = b"<x/>"
    return packed(parts)


def with_macros(chance: Random) -> bytes:
    """Macros, external links and embedded objects beside the sheets."""
    parts = _plain()
    parts["xl/vbaProject.bin"] = b"\xd0\xcf\x11\xe0" + chance.randbytes(2_000)
    parts["xl/externalLinks/externalLink1.xml"] = b'<externalLink r:id="rId1"/>'
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = (
        b'<Relationships><Relationship Id="rId1" Target="file://evil/share" TargetMode="External"/></Relationships>'
    )
    parts["customUI/customUI.xml"] = b"<customUI/>"
    return packed(parts)


def strange_relations(chance: Random) -> bytes:
    """A workbook whose sheets are not where it says, or are something else."""
    parts = _plain()
    target = chance.choice(["../../x", "/etc/passwd", "", "http://127.0.0.1:1/", "workbook.xml", "worksheets/none.xml"])
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"worksheets/sheet1.xml", target.encode()
    )
    if chance.random() < 0.3:
        del parts[chance.choice(sorted(parts))]
    return packed(parts)


def strange_cells(chance: Random) -> bytes:
    """Cells of every type with values that do not fit it."""
    values = [
        "",
        "NaN",
        "1e999999",
        "-1e308",
        "9" * 100_000,
        "-0",
        "2958466",
        "-1",
        "0x10",
        "#REF!",
        "TRUE",
        "2024-13-45",
    ]
    types = ["", ' t="n"', ' t="b"', ' t="e"', ' t="d"', ' t="str"', ' t="s"', ' t="zz"', ' s="99"', ' s="-1"']
    rows = [
        f'<row r="{n}"><c r="A{n}"{chance.choice(types)}><f>{chance.choice(["", "A1", "1+", "x" * 9_000])}</f>'
        f"<v>{chance.choice(values)}</v></c></row>"
        for n in range(2, 20)
    ]
    heading = '<row r="1"><c r="A1" t="inlineStr"><is><t>NIP</t></is></c></row>'
    return _sheet(heading + "".join(rows))


def deep_mark_up(chance: Random) -> bytes:
    """Mark-up nested without an end."""
    depth = chance.choice([100, 10_000, 200_000])
    return _sheet('<row r="1"><c r="A1">' + "<is>" * depth + "</is>" * depth + "</c></row>")


def strange_encoding(chance: Random) -> bytes:
    """Parts in other encodings than they say."""
    text = sheet_xml([*SKP, ["Zoë"]]).decode()
    said = chance.choice(["UTF-16", "UTF-7", "ISO-8859-1", "nothing", ""])
    content = text.replace("UTF-8", said).encode(chance.choice(["utf-8", "utf-16", "utf-32", "cp1252"]), "replace")
    return packed(_plain(content))


def many_sheets(chance: Random) -> bytes:
    """Hundreds of worksheets, some of one name."""
    sheet = sheet_xml(SKP)
    names = [chance.choice([f"S{n}", f"S{n}" + "x" * 300, f"S{n}'\"<>&", f"=S{n}"]) for n in range(400)]
    return packed(workbook(dict.fromkeys(names, sheet)))


# ── ruins


def password_protected(chance: Random) -> bytes:
    """The envelope that Excel puts around a workbook with a password, whole and in pieces."""
    mark = "EncryptedPackage".encode("utf-16-le")
    start = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + chance.randbytes(chance.choice([0, 500, 5_000]))
    return start + chance.choice([mark, mark[:9], b""]) + chance.randbytes(chance.choice([0, 3, 4_096]))


def encrypted_part(chance: Random) -> bytes:
    """An archive that says its parts, or one, are encrypted."""
    content = bytearray(packed(_plain()))
    places = [found.start() + 8 for found in re.finditer(b"PK\x01\x02", content)]
    for at in places if chance.random() < 0.5 else places[-1:]:
        content[at] |= 1
    return bytes(content)


def cut_off(chance: Random) -> bytes:
    """A sound workbook that ends too early, or begins too late."""
    content = packed(_plain())
    at = chance.randrange(len(content))
    return content[:at] if chance.random() < 0.7 else content[at:]


def bytes_changed(chance: Random) -> bytes:
    """A sound workbook with some bytes that are others."""
    content = bytearray(packed(_plain(), chance.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])))
    for _ in range(chance.choice([1, 5, 50])):
        content[chance.randrange(len(content))] = chance.randrange(256)
    return bytes(content)


def lying_sizes(chance: Random) -> bytes:
    """An archive whose directory says other sizes, numbers and places than there are."""
    content = bytearray(packed(_plain()))
    at = content.index(b"PK\x01\x02") if chance.random() < 0.5 else content.index(b"PK\x05\x06")
    where = at + chance.choice([4, 8, 10, 12, 16, 20, 24, 28, 30, 42])
    content[where : where + 4] = struct.pack("<I", chance.choice([0, 1, 0xFFFFFFFF, 0x7FFFFFFF, 1 << 20]))
    return bytes(content)


def odd_compression(chance: Random) -> bytes:
    """Parts compressed in ways no spreadsheet program uses."""
    return packed(_plain(), chance.choice([zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]))


WORKBOOKS: tuple[Callable[[Random], bytes], ...] = (
    ratio_bomb,
    nested_bomb,
    overlapping_bomb,
    far_corners,
    lying_dimension,
    many_empty_cells,
    repeated_string,
    external_entity,
    strange_names,
    with_macros,
    strange_relations,
    strange_cells,
    deep_mark_up,
    strange_encoding,
    many_sheets,
    password_protected,
    encrypted_part,
    cut_off,
    bytes_changed,
    lying_sizes,
    odd_compression,
)
