"""What we call something, told as SIASN tells it: one row of a history for one thing we hold."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from app.domain.careers import PositionLevel
from app.domain.evidence import Kind
from app.siasn import codes, wire

Row = dict[str, object]
Values = Mapping[str, object]


def written(day: object) -> str | None:
    """A day as `dd-MM-yyyy`."""
    return f"{day.day:02}-{day.month:02}-{day.year:04}" if isinstance(day, date) else None


def row_id(*parts: object) -> str:
    """An id of one of SIASN's three generations, always the same for the same parts."""
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).digest()
    text = digest[:16].hex()
    return (text, text.upper(), str(UUID(bytes=digest[:16])))[digest[16] % 3]


def owned(history: str, said: Values, nip: str, person_id: str, place: int) -> Row:
    """A row with its id and its owner under the names that this history has for them."""
    told = wire.HISTORIES[history]
    names: Row = {"nipBaru": nip, "nip": nip, "nipLama": ""}
    row: Row = dict.fromkeys(told.keys)
    row |= {key: value for key, value in names.items() if key in row}
    row |= dict.fromkeys((key for key in told.owner if key in row), person_id)
    row |= said
    if told.row_id and not told.is_one:
        row[told.row_id[0]] = row_id(history, nip, place)
    return row


_DIPLOMAS, _RATINGS, _PREDICATES, _SEVERITIES = map(
    codes.outwards, (codes.OUR_DIPLOMA, codes.OUR_RATING, codes.OUR_PREDICATE, codes.OUR_SEVERITY)
)
_ECHELONS: Final = {
    PositionLevel.JPT_MADYA: "12",
    PositionLevel.JPT_PRATAMA: "22",
    PositionLevel.ADMINISTRATOR: "31",
    PositionLevel.PENGAWAS: "41",
}


def position(values: Values) -> tuple[str, Row]:
    """A post; whether an acting one stands higher is not said."""
    level = PositionLevel(str(values["level"]))
    echelon = _ECHELONS.get(level)
    kind = codes.THEIR_POSITION_TYPE[level.value]
    functional = {"2": "jabatanFungsional", "4": "jabatanFungsionalUmum"}.get(kind)
    named = {f"{functional}Id": row_id(values["name"]), f"{functional}Nama": values["name"]} if functional else {}
    return "rw-jabatan", {
        **dict.fromkeys(("jabatanFungsionalId", "jabatanFungsionalNama"), ""),
        **dict.fromkeys(("jabatanFungsionalUmumId", "jabatanFungsionalUmumNama"), ""),
        **named,
        "jenisJabatan": kind,
        "eselonId": echelon,
        "eselon": codes.ECHELONS.get(echelon or ""),
        "namaJabatan": values["name"],
        "unorId": values["unit_id"],
        "unorNama": values.get("unit_name"),
        "namaUnor": "",
        "instansiKerjaNama": values["institution"],
        "tmtJabatan": written(values["effective_from"]),
        "jenisPenugasanId": codes.THEIR_ASSIGNMENT[str(values["status"])],
        "jenisMutasiId": "MJ",
        "subJabatanId": "0",
    }


def education(values: Values) -> tuple[str, Row]:
    """A diploma."""
    level = values["level"]
    return "rw-pendidikan", {
        "pendidikanId": row_id(values["level_label"], values["field"]),
        "pendidikanNama": values["field"],
        "tkPendidikanId": _DIPLOMAS[str(level)] if level else None,
        "tkPendidikanNama": values["level_label"],
        "tahunLulus": _text(values["graduated_in"]),
        "namaSekolah": values["school"],
        "isPendidikanPertama": "",
    }


def training(values: Values) -> tuple[str, Row]:
    """A training: structural ones, certificates and all others stand in three histories."""
    finished, hours = values["finished_on"], _text(values["hours"])
    day = written(finished)
    year = str(finished.year) if isinstance(finished, date) else None
    if values["kind"] == "structural":
        return "rw-diklat", {
            "latihanStrukturalId": "8", "latihanStrukturalNama": values["name"], "jumlahJam": hours, "tahun": year,
            "tanggal": day, "tanggalSelesai": day, "institusiPenyelenggara": "LEMBAGA CONTOH",
        }  # fmt: skip
    if values["kind"] == "certification":
        return "rw-sertifikasi", {
            "namaSertifikasi": values["name"], "tanggalSertifikat": day, "masaBerlakuSertMulai": day,
            "lembagaSertifikasiNama": "LEMBAGA CONTOH",
        }  # fmt: skip
    kind, label = {"functional": ("2", "DIKLAT FUNGSIONAL"), "technical": ("3", "DIKLAT TEKNIS")}[str(values["kind"])]
    return "rw-kursus", {
        "jenisDiklatId": kind, "jenisKursusSertifikat": label, "namaKursus": values["name"], "jumlahJam": hours,
        "tahunKursus": year, "tanggalKursus": day, "tanggalSelesaiKursus": day,
        "institusiPenyelenggara": "LEMBAGA CONTOH",
    }  # fmt: skip


def appraisal(values: Values) -> tuple[str, Row]:
    """A year's appraisal."""
    row: Row = {"tahun": _text(values["year"]), "statusPenilai": "ASN", "nipNrpPenilai": values.get("appraiser_nip")}
    for label, number, field, numbers, labels in (
        ("hasilKinerja", "hasilKinerjaNilai", "work_result_rating", _RATINGS, codes.EXPECTATIONS),
        ("perilakuKerja", "PerilakuKerjaNilai", "behaviour_rating", _RATINGS, codes.EXPECTATIONS),
        ("kuadranKinerja", "KuadranKinerjaNilai", "predicate", _PREDICATES, codes.QUADRANTS),
    ):
        if said := values[field]:
            row[number] = numbers[str(said)]
            row[label] = labels[numbers[str(said)]]
    return "rw-skp22", row


def sanction(values: Values) -> tuple[str, Row]:
    """A disciplinary sanction."""
    return "rw-hukdis", {
        "jenisTingkatHukumanId": _SEVERITIES[str(values["severity"])],
        "jenisHukumanNama": values["kind"],
        "hukumanTanggal": written(values["starts_on"]),
        "akhirHukumTanggal": written(values["ends_on"]),
    }


def award(values: Values) -> tuple[str, Row]:
    """An award; SIASN knows no level of one."""
    day = values["awarded_on"]
    year = str(day.year) if isinstance(day, date) else None
    return "rw-penghargaan", {"hargaNama": values["name"], "skDate": written(day), "tahun": year}


def _assessment(history: str, keys: Mapping[str, str]) -> Callable[[Values], tuple[str, Row]]:
    def tell(values: Values) -> tuple[str, Row]:
        assessed = values["assessed_on"]
        year = str(assessed.year) if isinstance(assessed, date) else None
        return history, {"tahun": year, **{theirs: _text(values[ours]) for theirs, ours in keys.items()}}

    return tell


def _text(value: object) -> str | None:
    return None if value is None else str(value)


TOLD: Final[Mapping[Kind, Callable[[Values], tuple[str, Row]]]] = {
    Kind.POSITION: position,
    Kind.EDUCATION: education,
    Kind.TRAINING: training,
    Kind.PERFORMANCE_APPRAISAL: appraisal,
    Kind.SANCTION: sanction,
    Kind.AWARD: award,
    Kind.COMPETENCY_ASSESSMENT: _assessment(wire.COMPETENCY, codes.OUR_COMPETENCY),
    Kind.POTENTIAL_ASSESSMENT: _assessment(wire.POTENTIAL, codes.OUR_POTENTIAL),
}
"""What SIASN tells of: 360-degree feedback and work in teams it knows nothing about."""
