"""The ekspose pack as a workbook: one sheet for each of its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domain.messages import sentence
from app.domain.movement import CAUSES
from app.domain.nine_box import BOXES
from app.domain.standing import Audience
from app.services.ekspose_data import Count, Ekspose, Movement
from app.sheets.writing import Heading, Kind, Table, Workbook, Written

WITHHELD = "•"


def write_ekspose(book: Workbook, pack: Ekspose) -> int:
    """Write all sheets; returns how many lines of figures there are."""
    above = _above(pack)
    tables = [
        _summary(book, pack, above),
        _levels(book, pack, above),
        _items(book, pack, above),
        _units(book, pack, above),
        _movement(book, pack["movement"], above),
        _indices(book, pack, above),
        _references(book, pack, above),
    ]
    return sum(table.rows for table in tables)


def _above(pack: Ekspose) -> list[str]:
    institution = pack["institution"]
    rubric = f"{institution['rubric']['code'] or '–'}/{institution['rubric']['version'] or '–'}"
    lines = [institution["name"], f"Per tanggal {institution['asOf'] or '–'} · rubrik {rubric}"]
    is_public = pack["audience"] == Audience.PUBLIC.value
    return [*lines, sentence("ekspose.withheld")["id"]] if is_public else lines


def _shown(count: Count) -> Written:
    return WITHHELD if count is None else count


def _summary(book: Workbook, pack: Ekspose, above: Sequence[str]) -> Table:
    coverage, pools = pack["coverage"], pack["pools"]
    table = book.add_table("Ringkasan", [Heading("URAIAN", 60), Heading("JUMLAH", 12, Kind.COUNT)], above)
    table.add(
        [
            ("Dipetakan", _shown(coverage["mapped"])),
            ("Dalam kotak (bukti lengkap)", _shown(coverage["assessed"])),
            ("Pasti satu kotak walau bukti belum lengkap", _shown(coverage["decided"])),
            ("Belum dapat ditentukan", _shown(coverage["notAssessed"])),
            *((f"Kotak {box['box']}", _shown(box["count"])) for box in pack["boxes"]),
            ("Kelompok rencana suksesi instansi (kotak 7, 8, 9)", _shown(pools["institution"])),
            ("Kelompok rencana suksesi nasional (kotak 9)", _shown(pools["national"])),
            ("Lowongan", pack["postsNotKept"]["id"] if pack["postsNotKept"] else _shown(pack["vacancies"])),
        ]
    )
    return table


def _levels(book: Workbook, pack: Ekspose, above: Sequence[str]) -> Table:
    columns = [*(f"KOTAK {box}" for box in BOXES), "PASTI", "BELUM", "JUMLAH"]
    table = book.add_table("Kotak per jenjang", [Heading("JENJANG", 28), *_counts(columns)], above)
    table.add(
        (
            sentence(f"label.level.{level['positionLevel'] or 'unknown'}")["id"],
            *(_shown(box["count"]) for box in level["boxes"]),
            *map(_shown, (level["decided"], level["notAssessed"], level["total"])),
        )
        for level in pack["levels"]
    )
    return table


def _counts(labels: Sequence[str]) -> list[Heading]:
    return [Heading(label, 10, Kind.COUNT) for label in labels]


def _items(book: Workbook, pack: Ekspose, above: Sequence[str]) -> Table:
    table = book.add_table("Kelengkapan", [Heading("BUKTI", 32), *_counts(["ADA", "BELUM ADA"])], above)
    table.add((_item(one["item"]), _shown(one["have"]), _shown(one["missing"])) for one in pack["items"])
    return table


def _item(item: str) -> str:
    return sentence(f"label.item.{item}")["id"]


def _units(book: Workbook, pack: Ekspose, above: Sequence[str]) -> Table:
    """Per unit how many have each item."""
    labels = [_item(one["item"]).upper() for one in pack["items"]]
    table = book.add_table("Kelengkapan per unit", [Heading("UNIT", 44), *_counts(["PEGAWAI", *labels])], above)
    table.add(
        (unit["unit"]["name"], _shown(unit["total"]), *(_shown(one["have"]) for one in unit["items"]))
        for unit in pack["units"]
    )
    return table


def _movement(book: Workbook, movement: Movement | None, above: Sequence[str]) -> Table:
    if movement is None:
        above = [*above, sentence("ekspose.no_movement")["id"]]
        return book.add_table("Pergerakan", [Heading("URAIAN", 40), *_counts(["JUMLAH"])], above)
    cycles = f"{movement['earlierCycle']['name']} → {movement['cycle']['name']}"
    columns = [Heading("DARI KOTAK", 40), *_counts([f"KE KOTAK {box}" for box in BOXES])]
    table = book.add_table("Pergerakan", columns, [*above, cycles])
    nothing: list[Written] = [None] * (len(BOXES) - 1)
    table.add((label, _shown(count), *nothing) for label, count in _flow(movement).items())
    cells = iter(movement["matrix"])
    table.add((f"Kotak {box}", *(_shown(next(cells)["count"]) for _ in BOXES)) for box in BOXES if movement["matrix"])
    return table


def _flow(movement: Movement) -> Mapping[str, Count]:
    margins = movement["margins"]
    return {
        "Tetap": movement["stayed"],
        "Berpindah": movement["moved"],
        **{f"– karena {_cause(cause).lower()}": movement["byCause"][cause] for cause in CAUSES},
        "Baru masuk": margins["entered"],
        "Keluar": margins["left"],
        "Tidak dinilai pada keduanya": margins["notAssessed"],
    }


def _cause(cause: str) -> str:
    return sentence(f"label.cause.{cause}")["id"]


def _indices(book: Workbook, pack: Ekspose, above: Sequence[str]) -> Table:
    columns = [Heading("INDEKS", 28), Heading("TAHUN", 8, Kind.WHOLE), Heading("NILAI", 10, Kind.POINTS)]
    table = book.add_table("Indeks", [*columns, Heading("PREDIKAT", 18), Heading("SUMBER", 44)], above)
    table.add(
        (sentence(f"label.index.{one['index']}")["id"], one["year"], one["value"], one["grade"], one["source"])
        for one in pack["indices"]
    )
    return table


def _references(book: Workbook, pack: Ekspose, above: Sequence[str]) -> Table:
    columns = [Heading("JENIS", 14), Heading("NOMOR ATAU NAMA", 32), Heading("TENTANG", 60), Heading("TANGGAL", 12)]
    table = book.add_table("Peraturan dan komite", [*columns, Heading("KETERANGAN", 44)], above)
    table.add(
        (sentence(f"label.reference.{one['kind']}")["id"], one["name"], one["title"], one["dated"], one["text"])
        for one in pack["references"]
    )
    return table
