"""How SIASN writes: many forms of the same, and, where asked for, what must be noticed and never be stored."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Final
from zlib import crc32

from app.dev.siasn_simulator import telling
from app.dev.siasn_simulator.telling import Row
from app.domain.evidence import Kind
from app.siasn import wire

Rows = dict[str, list[Row]]


class Quirk(StrEnum):
    """A habit of the wire. The first ones only look odd, those from `NEWS` on say something else."""

    ZERO_DATES = "zeroDates"
    """A date that is not known is `01-01-0001`, `""` or null, also in one list."""
    ISO_DATES = "isoDates"
    """Some dates are ISO instants where others are `dd-MM-yyyy`."""
    TRAILING_SPACES = "trailingSpaces"
    PATHS = "paths"
    """`path` is null, an empty object, one with documents, or one with an empty key."""
    UNKNOWN_KEYS = "unknownKeys"
    MISSING_KEYS = "missingKeys"
    """Keys that say nothing are left out in some rows."""
    JSON_NUMBERS = "jsonNumbers"
    """Hours, years and scores are numbers in some rows and text in others."""
    LABELS = "labels"
    """`ESPEKTASI` for `EKSPEKTASI`."""
    DELETED_ROWS = "deletedRows"
    """A row that is marked as deleted stands among the others."""
    LOWER_CASE_ID = "lowerCaseId"
    """Awards carry `id` where others carry `ID`."""
    NEWS = "news"
    """Every seventh person has finished a training, and every twentieth another diploma, that nobody here knows of."""
    UNKNOWN_CODES = "unknownCodes"
    """Every tenth person has codes that stand in no list."""
    REPEATED_ROWS = "repeatedRows"
    """The first row of a history comes twice."""
    UNREADABLE = "unreadable"
    """Every tenth person has dates and numbers that cannot be read."""
    UNIT_CYCLE = "unitCycle"
    """Two units stand below each other."""


USUAL: Final = frozenset(list(Quirk)[: list(Quirk).index(Quirk.NEWS)])
_EVERY = 10
_TRAINED_EVERY, _GRADUATED_EVERY = 7, 20


def spoil(rows: Rows, nip: str, quirks: Collection[Quirk]) -> Rows:
    """The same rows as SIASN would write them; the same rows of the same person always alike."""
    lot = crc32(nip.encode())
    if Quirk.NEWS in quirks:
        _add_news(rows, nip, lot)
    for history, found in rows.items():
        for place, row in enumerate(found):
            for quirk, change in _CHANGES.items():
                if quirk in quirks:
                    change(history, row, lot + place)
        if Quirk.DELETED_ROWS in quirks and history == "rw-jabatan":
            gone = {**found[0], "id": f"{found[0]['id']}-x"[:42], "tmtJabatan": "01-01-1999"}
            found.append({**gone, "deletedAt": "31-12-2024"})
        if Quirk.REPEATED_ROWS in quirks and not wire.HISTORIES[history].is_one:
            found.append(dict(found[0]))
    return rows


def _add_news(rows: Rows, nip: str, lot: int) -> None:
    person = str(rows[wire.PERSON][0]["id"]) if wire.PERSON in rows else nip
    for every, kind, values in (
        (_TRAINED_EVERY, Kind.TRAINING, NEW_TRAINING),
        (_GRADUATED_EVERY, Kind.EDUCATION, NEW_DIPLOMA),
    ):
        if lot % every == 0:
            history, said = telling.TOLD[kind](values)
            found = rows.setdefault(history, [])
            found.append(telling.owned(history, said, nip, person, len(found)))


NEW_TRAINING: Final[Mapping[str, object]] = {
    "name": "Pelatihan Kecerdasan Artifisial",
    "kind": "technical",
    "hours": 40,
    "finished_on": date(2025, 11, 21),
}
NEW_DIPLOMA: Final[Mapping[str, object]] = {
    "level": "s2",
    "level_label": "S-2",
    "field": "KEBIJAKAN PUBLIK",
    "school": "UNIVERSITAS CONTOH NUSANTARA",
    "graduated_in": 2025,
}


def spoil_units(units: list[Row], quirks: Collection[Quirk]) -> list[Row]:
    """The units; with a cycle the second and the third of them are below each other."""
    if Quirk.UNIT_CYCLE in quirks and len(units) > 2:
        units[1] |= {"DiatasanId": units[2]["Id"]}
        units[2] |= {"DiatasanId": units[1]["Id"]}
    if Quirk.TRAILING_SPACES in quirks:
        for unit in units[::3]:
            unit["NamaUnor"] = f"{unit['NamaUnor']}  "
    return units


@cache
def _is_date(key: str) -> bool:
    return key.startswith(("tmt", "tgl", "tanggal")) or key in {"skTanggal", "skDate", "hukumanTanggal", *_PERIODS}


_PERIODS = frozenset({"akhirHukumTanggal", "masaBerlakuSertMulai", "masaBerlakuSertSelasai"})


def _zero_dates(_: str, row: Row, lot: int) -> None:
    for place, key in enumerate(key for key, value in row.items() if value in (None, "") and _is_date(key)):
        row[key] = ("01-01-0001", "", None)[(lot + place) % 3]


def _iso_dates(history: str, row: Row, lot: int) -> None:
    if lot % 3 or history == wire.PERSON:
        return
    for key, value in row.items():
        if _is_date(key) and isinstance(value, str) and len(value) == 10 and value != "01-01-0001":
            row[key] = f"{value[6:]}-{value[3:5]}-{value[:2]}T00:00:00Z"


def _trailing_spaces(_: str, row: Row, lot: int) -> None:
    for key in ("unorNama", "namaJabatan", "namaKursus", "hargaNama", "namaSekolah", "instansiKerjaNama"):
        if lot % 2 and isinstance(value := row.get(key), str) and value:
            row[key] = f"{value}  "


def _paths(_: str, row: Row, lot: int) -> None:
    if "path" in row:
        uri = "peremajaan/usulan/872_contoh.pdf"
        one = {"dok_id": "872", "dok_nama": "Dok SK Jabatan", "dok_uri": uri, "object": uri, "slug": "872"}
        row["path"] = (None, {}, {"872": one}, {"": dict.fromkeys(one, "")})[lot % 4]


def _unknown_keys(_: str, row: Row, lot: int) -> None:
    if lot % 4 == 0:
        row |= {"kunciYangBaru": "nilai", "createdAt": "31-12-2024", "updatedAt": None}


def _missing_keys(_: str, row: Row, lot: int) -> None:
    if lot % 5 == 0:
        for key in [key for key, value in row.items() if value is None and key not in {"id", "ID"}]:
            del row[key]


def _json_numbers(history: str, row: Row, lot: int) -> None:
    keys = ("jumlahJam", "tahun", "subtotal", "kualifikasi", "kompetensi", "kinerja", "disiplin")
    for key in keys if lot % 2 or history == wire.PROFESSIONALISM else ():
        if (value := wire.number(row.get(key))) is not None:
            row[key] = int(value) if value == int(value) else float(value)


def _labels(_: str, row: Row, lot: int) -> None:
    for key in ("hasilKinerja", "perilakuKerja"):
        if lot % 2 and isinstance(value := row.get(key), str):
            row[key] = value.replace("EKSPEKTASI", "ESPEKTASI")


def _lower_case_id(history: str, row: Row, lot: int) -> None:
    if history == "rw-penghargaan" and lot % 2:
        row["id"] = row.pop("ID")


def _unknown_codes(_: str, row: Row, lot: int) -> None:
    if lot % _EVERY == 0:
        row |= {key: code for key, code in _STRANGE.items() if row.get(key)}


_STRANGE: Final[Mapping[str, str]] = {
    "jenisJabatan": "9",
    "jenisKelamin": "X",
    "KuadranKinerjaNilai": "7",
    "jenisTingkatHukumanId": "Z",
    "tkPendidikanId": "99",
    "jenisDiklatId": "77",
    "golonganId": "88",
}


def _unreadable(_: str, row: Row, lot: int) -> None:
    if lot % _EVERY == 1:
        row |= {key: text for key, text in _ILLEGIBLE.items() if row.get(key)}


_ILLEGIBLE: Final[Mapping[str, str]] = {
    "tmtJabatan": "31-02-2020",
    "tmtCpns": "kemarin",
    "jumlahJam": "dua puluh",
    "hukumanTanggal": "00-00-2020",
    "skDate": "17/08",
    "mkTahun": "x",
}

_CHANGES: Final[Mapping[Quirk, Callable[[str, Row, int], None]]] = {
    Quirk.UNKNOWN_CODES: _unknown_codes,
    Quirk.UNREADABLE: _unreadable,
    Quirk.ZERO_DATES: _zero_dates,
    Quirk.ISO_DATES: _iso_dates,
    Quirk.TRAILING_SPACES: _trailing_spaces,
    Quirk.PATHS: _paths,
    Quirk.UNKNOWN_KEYS: _unknown_keys,
    Quirk.MISSING_KEYS: _missing_keys,
    Quirk.JSON_NUMBERS: _json_numbers,
    Quirk.LABELS: _labels,
    Quirk.LOWER_CASE_ID: _lower_case_id,
}
