"""SIASN's rows as our values: what each history becomes here, and what of it has no place.

What cannot be read, or stands in no list, is named by its key and never guessed at. Values are by the columns of the
talent and of the kind of evidence, and written as an import of files would hold them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from app.domain.careers import CareerMove, PositionLevel, level_of_post, move_between
from app.domain.durations import MONTHS_OF_A_YEAR, months_after
from app.domain.evidence import Kind
from app.domain.mapping import completed
from app.siasn import codes, wire
from app.siasn.names import DEFAULT, Names
from app.siasn.reading import Reading, Row, Unmapped, UnmappedError, Values


class NotOurs(StrEnum):
    """Why a row becomes no evidence, though nothing is wrong with it."""

    HISTORY = "history"
    """Nothing of ours is of this kind: ranks and credit points, appraisals in points up to 2021, and what an appraiser
    says within a year (`rw-kinerjaperiodik`), whose yearly predicate comes as `rw-skp22`."""
    DELETED = "deleted"
    """SIASN has deleted the row."""
    ANNULLED = "annulled"
    """A later decree has annulled the sanction."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A row as ours. `kind` is None for a talent; `unmapped` is what the row says besides that has no place."""

    values: Values
    kind: Kind | None = None
    unmapped: tuple[Unmapped, ...] = ()


Outcome = Mapped | Unmapped | NotOurs


# ── people


def talent_of(row: Row, institution: str, active: Collection[str]) -> Mapped | Unmapped:
    """A person of `data-utama`, by the columns of a talent and `unit_name`.

    `institution` and `active` decide about the map, as in an import. Unmapped without a number or a name.
    """
    read = Reading(row)
    try:
        values = _identity(read) | _service(read) | _post(read)
    except UnmappedError as error:
        return error.unmapped
    return Mapped(completed(values, institution, active), unmapped=tuple(read.unmapped))


def _identity(read: Reading) -> Values:
    return {
        "nip": read.needed("nipBaru", read.nip("nipBaru")),
        "siasn_id": read.text("id"),
        "name": read.needed("nama", read.text("nama")),
        "title_before": read.text("gelarDepan"),
        "title_after": read.text("gelarBelakang"),
        "born_on": read.day("tglLahir"),
        "sex": read.code("jenisKelamin", SEXES),
        "education_level": read.text("tkPendidikanTerakhir"),
        "education": read.text("pendidikanTerakhirNama"),
        "graduated_in": read.year("tahunLulus"),
    }


def _service(read: Reading) -> Values:
    return {
        "employment_type_id": read.text("jenisPegawaiId"),
        "employment_type": read.text("jenisPegawaiNama"),
        "legal_status_id": read.text("kedudukanPnsId"),
        "legal_status": read.text("kedudukanPnsNama"),
        "employment_status": read.code("statusPegawai", codes.EMPLOYMENTS),
        "candidate_from": read.day("tmtCpns"),
        "appointed_from": read.day("tmtPns"),
        "grade_id": read.text("golRuangAkhirId"),
        "grade": read.text("golRuangAkhir"),
        "grade_from": read.day("tmtGolAkhir"),
        "service_years": read.whole("mkTahun", 0, _LONGEST_SERVICE),
        "service_months": read.whole("mkBulan", 0, MONTHS_OF_A_YEAR - 1),
        "home_institution_id": read.text("instansiIndukId"),
        "home_institution": read.text("instansiIndukNama"),
        "working_institution_id": read.text("instansiKerjaId"),
        "working_institution": read.text("instansiKerjaNama"),
    }


def _post(read: Reading) -> Values:
    kind = read.one_of("jenisJabatanId", codes.POSITION_TYPES)
    echelon = read.one_of("eselonId", codes.ECHELONS.keys() | codes.NO_ECHELON)
    named = _POSTS.get(kind or "")
    return {
        "position_type_id": kind,
        "position_type": read.text("jenisJabatan"),
        "position_id": read.text(f"{named}Id") if named else None,
        "position": read.text("jabatanNama") or (read.text(f"{named}Nama") if named else None),
        "position_from": read.day("tmtJabatan"),
        "echelon_id": None if echelon in codes.NO_ECHELON else echelon,
        "echelon": None if echelon in codes.NO_ECHELON else read.text("eselon"),
        "unit_id": read.text("unorId"),
        "unit_name": read.text("unorNama"),
    }


SEXES: Final = {**codes.OUR_SEX, "L": "male", "P": "female"}
"""M and F on the wire; L and P where an office has typed them in."""
_LONGEST_SERVICE = 70
_POSTS: Final = {"1": "jabatanStruktural", "2": "jabatanFungsional", "4": "jabatanFungsionalUmum"}
"""Which key names the post of a jenis jabatan; a dual post (3) has no id of its own."""


# ── evidence


def evidence_of(history: str, row: Row, names: Names = DEFAULT, *, held: PositionLevel | None = None) -> Outcome:
    """What one row of a history becomes. `held`: the level of one's own post when an acting one began."""
    if not wire.is_absent(row.get("deletedAt")):
        return NotOurs.DELETED
    if history == "rw-hukdis" and _is_annulled(row):
        return NotOurs.ANNULLED
    if (kind := KINDS.get(history)) is None:
        return NotOurs.HISTORY
    read = Reading(row)
    try:
        values = _position(read, held) if kind is Kind.POSITION else _READ_BY[history](read, names)
    except UnmappedError as error:
        return error.unmapped
    return Mapped(values, kind, tuple(read.unmapped))


def evidences_of(history: str, rows: Sequence[Row], names: Names = DEFAULT) -> list[Outcome]:
    """What all rows of somebody's history become, in their order.

    Whether an acting post stood higher than one's own is read from the rows of definitive posts beside it.
    """
    if history != "rw-jabatan":
        return [evidence_of(history, row, names) for row in rows]
    alone = [evidence_of(history, row) for row in rows]
    own = sorted(
        (since, level)
        for outcome in alone
        if isinstance(outcome, Mapped) and outcome.values["status"] == _DEFINITIVE
        if isinstance(since := outcome.values["effective_from"], date)
        if isinstance(level := outcome.values["level"], str)
    )
    return [
        evidence_of(history, row, held=_level_on(own, row)) if _is_acting(row) else outcome
        for row, outcome in zip(rows, alone, strict=True)
    ]


def register_left_open(history: str, row: Row, names: Names = DEFAULT) -> Kind | None:
    """Of which kind a row that cannot be read may tell something: that there is "none" cannot be said then.

    A definitive post is no acting one, and a course of a kind that counts nothing is none that would.
    """
    match history:
        case "rw-jabatan":
            return None if wire.text(row.get("jenisPenugasanId")) in {None, "D"} else Kind.ACTING
        case "rw-kursus":
            said = (wire.text(row.get("jenisDiklatId")) or "").upper()
            return None if said in codes.TRAINING_TYPES and said not in names.trainings else Kind.TRAINING
    return REGISTER_OF.get(history)


REGISTER_OF: Final = {
    "rw-hukdis": Kind.SANCTION,
    "rw-penghargaan": Kind.AWARD,
    "rw-diklat": Kind.TRAINING,
    "rw-sertifikasi": Kind.TRAINING,
}


def _level_on(own: Sequence[tuple[date, str]], row: Row) -> PositionLevel | None:
    began = wire.day(row.get("tmtJabatan"))
    levels = [level for since, level in own if began is not None and since <= began]
    return PositionLevel(levels[-1]) if levels else None


def _is_acting(row: Row) -> bool:
    return wire.text(row.get("jenisPenugasanId")) in _ACTING


_DEFINITIVE = "definitive"
_ACTING: Final = {
    "PLT": {CareerMove.PROMOTION: "acting_higher", CareerMove.ROTATION: "acting_same"},
    "PLH": {CareerMove.PROMOTION: "acting_daily_higher", CareerMove.ROTATION: "acting_daily_same"},
}
_HEADS = ("GUBERNUR", "BUPATI", "WALI KOTA", "WALIKOTA")
_NAMED_BY: Final = {"2": "jabatanFungsionalNama", "4": "jabatanFungsionalUmumNama"}


def _position(read: Reading, held: PositionLevel | None) -> Values:
    """A post held. Rows from before SIASN asked for it say no jenis penugasan, and are definitive."""
    kind = read.needed("jenisJabatan", read.one_of("jenisJabatan", codes.POSITION_TYPES))
    name = read.needed("namaJabatan", read.text("namaJabatan", *([_NAMED_BY[kind]] if kind in _NAMED_BY else [])))
    echelon = read.one_of("eselonId", codes.ECHELONS.keys() | codes.NO_ECHELON)
    level = level_of_post(kind, echelon, name)
    if level is None:
        raise read.fail("siasn.level_unknown", "namaJabatan" if kind == "2" else "eselonId")
    is_unit_move = wire.text(read.row.get("jenisMutasiId")) == "MU"
    since = read.day(*(("tmtMutasi", "tmtJabatan") if is_unit_move else ("tmtJabatan",)))
    return {
        "position_type": codes.POSITION_TYPES[kind].title(),
        "name": name,
        "level": level.value,
        "unit_id": read.text("unorId"),
        "institution": read.text("instansiKerjaNama"),
        "effective_from": read.needed("tmtJabatan", since),
        "status": _status(read, level, name, held),
    }


def _status(read: Reading, level: PositionLevel, name: str, held: PositionLevel | None) -> str:
    said = read.text("jenisPenugasanId")
    if said in {None, "D"}:
        return _DEFINITIVE
    if said == "PJ" and name.upper().startswith(tuple(f"{title}{head}" for head in _HEADS for title in ("", "PJ "))):
        return "acting_regional_head"
    if said not in _ACTING:
        raise read.fail("siasn.code_unknown", "jenisPenugasanId")
    move = None if held is None else move_between(held, level)
    if move is None or move not in _ACTING[said]:
        raise read.fail("siasn.acting_unknown", "jenisPenugasanId")
    return _ACTING[said][move]


def _education(read: Reading, _: Names) -> Values:
    """A diploma; its level is unknown where the list of them does not have it, and its label is kept."""
    code = read.one_of("tkPendidikanId", codes.EDUCATION_LEVELS)
    label = read.text("tkPendidikanNama") or (codes.EDUCATION_LEVELS[code] if code else None)
    graduated = read.year("tahunLulus")
    if graduated is None and (day := read.day("tglLulus")) is not None:
        graduated = day.year
    return {
        "level": codes.OUR_DIPLOMA.get(code or ""),
        "level_label": read.needed("tkPendidikanNama", label),
        "field": read.text("pendidikanNama"),
        "school": read.text("namaSekolah"),
        "graduated_in": graduated,
    }


def _structural_training(read: Reading, _: Names) -> Values:
    named = codes.STRUCTURAL_TRAININGS.get(read.text("latihanStrukturalId") or "")
    return {
        "name": read.needed("latihanStrukturalNama", read.text("latihanStrukturalNama") or named),
        "kind": "structural",
        "hours": read.whole("jumlahJam", 0, _MOST_HOURS),
        "finished_on": read.needed("tanggalSelesai", read.day("tanggalSelesai", "tanggal")),
    }


_MOST_HOURS = 10_000


def _course(read: Reading, names: Names) -> Values:
    """A course of a kind that counts here; workshops, seminars and others are of none."""
    spoken = [said.upper() for key in ("jenisDiklatId", "jenisKursusSertifikat") if (said := read.text(key))]
    counted = spoken[:1] if spoken and spoken[0] in codes.TRAINING_TYPES else spoken
    kind = next((names.trainings[said] for said in counted if said in names.trainings), None)
    if kind is None:
        raise read.fail("siasn.code_unknown" if spoken else "siasn.missing", "jenisDiklatId")
    return {
        "name": read.needed("namaKursus", read.text("namaKursus", "jenisKursusNama")),
        "kind": kind,
        "hours": read.whole("jumlahJam", 0, _MOST_HOURS),
        "finished_on": read.needed("tanggalSelesaiKursus", read.day("tanggalSelesaiKursus", "tanggalKursus")),
    }


def _certification(read: Reading, _: Names) -> Values:
    return {
        "name": read.needed("namaSertifikasi", read.text("namaSertifikasi")),
        "kind": "certification",
        "hours": None,
        "finished_on": read.needed("tanggalSertifikat", read.day("tanggalSertifikat", "masaBerlakuSertMulai")),
    }


def _appraisal(read: Reading, _: Names) -> Values:
    """A year's appraisal by its numbers; labels vary in spelling, and the quadrant is taken as delivered."""
    return {
        "year": read.needed("tahun", read.year("tahun")),
        "work_result_rating": read.code("hasilKinerjaNilai", codes.OUR_RATING),
        "behaviour_rating": read.code("PerilakuKerjaNilai", codes.OUR_RATING),
        "predicate": read.needed("KuadranKinerjaNilai", read.code("KuadranKinerjaNilai", codes.OUR_PREDICATE)),
        "appraiser_nip": read.nip("nipNrpPenilai"),
    }


def _sanction(read: Reading, _: Names) -> Values:
    """A sanction that stands. Its end is computed from its length where it is not said, else left unknown."""
    severity = read.code("jenisTingkatHukumanId", codes.OUR_SEVERITY)
    starts = read.needed("hukumanTanggal", read.day("hukumanTanggal"))
    ends = read.day("akhirHukumTanggal", "akhirHukumanTanggal")
    years, months = read.whole("masaTahun", 0, _LONGEST_SERVICE), read.whole("masaBulan", 0, _MOST_MONTHS)
    if ends is None and (served := (years or 0) * MONTHS_OF_A_YEAR + (months or 0)):
        ends = months_after(starts, served)
    if ends is None:
        read.note("siasn.open_ended", "akhirHukumTanggal")
    elif ends < starts:
        read.note("siasn.dates_reversed", "akhirHukumTanggal")
        ends = None
    return {
        "severity": read.needed("jenisTingkatHukumanId", severity),
        "kind": read.text("jenisHukumanNama"),
        "starts_on": starts,
        "ends_on": ends,
    }


_MOST_MONTHS = 240


def _is_annulled(row: Row) -> bool:
    return not all(wire.is_absent(row.get(key)) for key in ("skPembatalanNomor", "skPembatalanTanggal"))


def _award(read: Reading, names: Names) -> Values:
    name = read.needed("hargaNama", read.text("hargaNama"))
    if (level := names.level_of_award(read.text("hargaId"), name)) is None:
        raise read.fail("siasn.code_unknown", "hargaNama")
    return {"name": name, "level": level, "awarded_on": read.needed("skDate", read.day("skDate"))}


def _assessment(read: Reading, aspects: Mapping[str, str]) -> Values:
    """Levels from 1 to 5 by the table of names. Only the year is told: 1 January, so that none looks fresher."""
    levels: Values = {ours: read.whole(theirs, 1, _HIGHEST_LEVEL) for theirs, ours in aspects.items()}
    for key in read.row.keys() - aspects.keys() - AROUND_ASSESSMENTS:
        read.note("siasn.code_unknown", key)
    read.needed(next(iter(aspects)), next((level for level in levels.values() if level is not None), None))
    return {"assessed_on": _of_a_year(read), "method": None, **levels}


_HIGHEST_LEVEL = 5
AROUND_ASSESSMENTS: Final = {"id", "idPns", "pnsId", "pnsOrangId", "nipBaru", "nipLama", "tahun", "total", "path"} | {
    "createdAt",
    "updatedAt",
    "deletedAt",
}
"""What a row of an assessment says besides its levels; `total` is of no aspect."""


def _of_a_year(read: Reading, *keys: str) -> date:
    """The day under one of the keys, else 1 January of `tahun`."""
    if (day := read.day(*keys)) is not None:
        return day
    return date(read.needed("tahun", read.year("tahun")), 1, 1)


def _professionalism(read: Reading, _: Names) -> Values:
    """The index of professionalism (IP ASN), a total of 0 to 100."""
    value = read.needed("subtotal", read.decimal("subtotal", 0, 100))
    return {"assessed_on": _of_a_year(read, "created_at"), "instrument": PROFESSIONALISM_INDEX, "value": value}


PROFESSIONALISM_INDEX: Final = "ip-asn"

KINDS: Final[Mapping[str, Kind]] = {
    "rw-jabatan": Kind.POSITION,
    "rw-pendidikan": Kind.EDUCATION,
    "rw-diklat": Kind.TRAINING,
    "rw-kursus": Kind.TRAINING,
    "rw-sertifikasi": Kind.TRAINING,
    "rw-skp22": Kind.PERFORMANCE_APPRAISAL,
    "rw-hukdis": Kind.SANCTION,
    "rw-penghargaan": Kind.AWARD,
    wire.POTENTIAL: Kind.POTENTIAL_ASSESSMENT,
    wire.COMPETENCY: Kind.COMPETENCY_ASSESSMENT,
    wire.PROFESSIONALISM: Kind.ASSESSMENT_SCORE,
}
"""What the rows of a history become; of all others nothing is made."""
_READ_BY: Final[Mapping[str, Callable[[Reading, Names], Values]]] = {
    "rw-pendidikan": _education,
    "rw-diklat": _structural_training,
    "rw-kursus": _course,
    "rw-sertifikasi": _certification,
    "rw-skp22": _appraisal,
    "rw-hukdis": _sanction,
    "rw-penghargaan": _award,
    wire.POTENTIAL: lambda read, names: _assessment(read, names.potentials),
    wire.COMPETENCY: lambda read, names: _assessment(read, names.competencies),
    wire.PROFESSIONALISM: _professionalism,
}
