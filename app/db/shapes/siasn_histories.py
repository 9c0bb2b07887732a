"""What documents about somebody's histories tell in SIASN's words: all rows of one, or one row by its id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
)
from sqlalchemy.sql.selectable import LateralFromClause

from app.db.classes import DataClass, Rule, highest_of, rule_for
from app.db.documents import Column, Condition, JsonSchema, Shape, Value, literal_text
from app.db.shapes.placements import BY_NIP
from app.db.shapes.siasn_words import (
    HALF,
    RECORD,
    TALENT,
    Columns,
    Telling,
    as_text,
    coded,
    day,
    instant_of,
    listed,
    one_of,
    rows_or_present,
    rows_told,
    said,
    schema_of_row,
    talents_told,
    year_of,
)
from app.db.staging import TABLES
from app.db.tables.institutions import OrgUnitRow
from app.domain.evidence import Kind
from app.siasn import codes, wire

SUCCESS: JsonSchema = {"type": "integer", "const": 1}
FIRST_OF_SKP22 = 2022
Evidence = Any
"""The columns of a sub-select over a table of evidence."""
_unit: Any = OrgUnitRow.__table__
_appraisals = TABLES[Kind.PERFORMANCE_APPRAISAL]


def _code(theirs: codes.Codes, ours: ColumnElement[Any]) -> ColumnElement[Any]:
    """The code that is served for a value of ours."""
    return coded(ours, codes.outwards(theirs))


def _words(theirs: codes.Codes, words: codes.Codes, ours: ColumnElement[Any]) -> ColumnElement[Any]:
    """The words that are served for a value of ours."""
    return coded(ours, {value: words[code] for code, value in theirs.items()})


def _position(e: Evidence) -> Columns:
    is_present = and_(
        e.status == literal_text("definitive"),
        e.effective_from == TALENT.c.position_from,
        e.name == TALENT.c.position,
    )
    unit = select(_unit.c.name).where(_unit.c.institution_id == e.institution_id, _unit.c.id == e.unit_id)
    return {
        "jenisJabatan": coded(e.level, codes.THEIR_POSITION_TYPE),
        "instansiKerjaNama": e.institution,
        "unorId": e.unit_id,
        "unorNama": unit.scalar_subquery(),
        "eselonId": case((is_present, TALENT.c.echelon_id)),
        "eselon": case((is_present, TALENT.c.echelon)),
        "jabatanFungsionalNama": case((e.level.like(literal_text("jf\\_%")), e.name)),
        "jabatanFungsionalUmumNama": case((e.level == literal_text("pelaksana"), e.name)),
        "namaJabatan": e.name,
        "tmtJabatan": day(e.effective_from),
        "jenisPenugasanId": coded(e.status, codes.THEIR_ASSIGNMENT),
    }


def _education(e: Evidence) -> Columns:
    return {
        "pendidikanNama": e.field,
        "tkPendidikanNama": e.level_label,
        "tahunLulus": as_text(e.graduated_in),
        "namaSekolah": e.school,
    }


def _structural_training(e: Evidence) -> Columns:
    return {
        "latihanStrukturalNama": e.name,
        "tanggalSelesai": day(e.finished_on),
        "jumlahJam": as_text(e.hours),
    }


def _course(e: Evidence) -> Columns:
    return {"namaKursus": e.name, "tanggalSelesaiKursus": day(e.finished_on), "jumlahJam": as_text(e.hours)}


def _certification(e: Evidence) -> Columns:
    return {"namaSertifikasi": e.name, "tanggalSertifikat": day(e.finished_on)}


def _old_appraisal(e: Evidence) -> Columns:
    return {"tahun": as_text(e.year), "penilaiNipNrp": e.appraiser_nip}


def _appraisal(e: Evidence) -> Columns:
    return {
        "tahun": as_text(e.year),
        "hasilKinerja": _words(codes.OUR_RATING, codes.EXPECTATIONS, e.work_result_rating),
        "hasilKinerjaNilai": _code(codes.OUR_RATING, e.work_result_rating),
        "perilakuKerja": _words(codes.OUR_RATING, codes.EXPECTATIONS, e.behaviour_rating),
        "PerilakuKerjaNilai": _code(codes.OUR_RATING, e.behaviour_rating),
        "kuadranKinerja": _words(codes.OUR_PREDICATE, codes.QUADRANTS, e.predicate),
        "KuadranKinerjaNilai": _code(codes.OUR_PREDICATE, e.predicate),
        "nipNrpPenilai": e.appraiser_nip,
    }


def _sanction(e: Evidence) -> Columns:
    return {
        "jenisHukumanNama": e.kind,
        "jenisTingkatHukumanId": _code(codes.OUR_SEVERITY, e.severity),
        "hukumanTanggal": day(e.starts_on),
        "akhirHukumTanggal": day(e.ends_on),
    }


def _award(e: Evidence) -> Columns:
    return {"hargaNama": e.name}


def _potential(e: Evidence) -> Columns:
    return {"tahun": year_of(e.assessed_on), **{key: as_text(e[ours]) for key, ours in codes.OUR_POTENTIAL.items()}}


def _competency(e: Evidence) -> Columns:
    return {"tahun": year_of(e.assessed_on), **{key: as_text(e[ours]) for key, ours in codes.OUR_COMPETENCY.items()}}


def _level(e: Evidence) -> Columns:
    return {"tkPendidikanId": _code(codes.OUR_DIPLOMA, e.level)}


def _number_and_year(e: Evidence) -> Columns:
    numbers = {name: number for number, name in codes.STRUCTURAL_TRAININGS.items()}
    return {"latihanStrukturalId": coded(e.name, numbers), "tahun": year_of(e.finished_on)}


def _kind_and_year(e: Evidence) -> Columns:
    certificates = {"functional": "DIKLAT FUNGSIONAL", "technical": "DIKLAT TEKNIS"}
    return {
        "jenisDiklatId": _code(codes.OUR_TRAINING, e.kind),
        "jenisKursusSertifikat": coded(e.kind, certificates),
        "tahunKursus": year_of(e.finished_on),
    }


def _decree(e: Evidence) -> Columns:
    return {"tahun": year_of(e.awarded_on), "skDate": day(e.awarded_on)}


def _is_award(e: Evidence, body: Column) -> Condition:
    """The same name, in whatever case, and the same day."""
    name, awarded_on = (said("rw-penghargaan", body, key) for key in ("hargaNama", "skDate"))
    return and_(func.lower(name) == func.lower(e.name), awarded_on == day(e.awarded_on))


def _training(*kinds: str) -> Callable[[Evidence], Condition]:
    return lambda e: e.kind.in_([literal_text(kind) for kind in kinds])


def _is_old(e: Evidence) -> Condition:
    """Appraisals in points become no evidence here: of a year that SIASN tells, it tells more."""
    is_of_year = RECORD.c.body.op("->>")(literal_text("tahun")) == as_text(e.year)
    of_year = (RECORD.c.institution_id == e.institution_id, RECORD.c.talent_id == e.talent_id, is_of_year)
    told = select(RECORD.c.row_id).where(
        *of_year, RECORD.c.history == literal_text("rw-skp"), RECORD.c.withdrawn_at.is_(None)
    )
    return and_(e.year < literal_column(str(FIRST_OF_SKP22)), not_(exists(told.correlate(_appraisals))))


def _is_new(e: Evidence) -> Condition:
    return e.year >= literal_column(str(FIRST_OF_SKP22))  # type: ignore[no-any-return]


_APPRAISAL = (Kind.PERFORMANCE_APPRAISAL, "year")
_TRAINING = (Kind.TRAINING, "finished_on")
TELLINGS: Mapping[str, Telling] = {
    telling.name: telling
    for telling in (
        Telling("rw-jabatan", "tmtJabatan", Kind.POSITION, "effective_from", _position),
        Telling("rw-golongan", "tmtGolongan"),
        Telling("rw-pendidikan", "tahunLulus", Kind.EDUCATION, "graduated_in", _education, _level),
        Telling(
            *("rw-diklat", "tanggalSelesai", *_TRAINING, _structural_training, _number_and_year),
            told_here=_training("structural"),
        ),
        Telling(
            *("rw-kursus", "tanggalSelesaiKursus", *_TRAINING, _course, _kind_and_year),
            told_here=_training("technical", "functional"),
        ),
        Telling(
            *("rw-sertifikasi", "tanggalSertifikat", *_TRAINING, _certification),
            told_here=_training("certification"),
        ),
        Telling("rw-skp", "tahun", *_APPRAISAL, _old_appraisal, told_here=_is_old),
        Telling("rw-skp22", "tahun", *_APPRAISAL, _appraisal, told_here=_is_new),
        Telling("rw-kinerjaperiodik", "tahun"),
        Telling("rw-angkakredit", "tanggalSk"),
        Telling("rw-hukdis", "hukumanTanggal", Kind.SANCTION, "starts_on", _sanction),
        Telling("rw-penghargaan", "skDate", Kind.AWARD, "awarded_on", _award, _decree, is_same=_is_award),
        Telling(wire.POTENTIAL, "tahun", Kind.POTENTIAL_ASSESSMENT, "assessed_on", _potential),
        Telling(wire.COMPETENCY, "tahun", Kind.COMPETENCY_ASSESSMENT, "assessed_on", _competency),
        Telling("rw-masakerja", "tanggalAwal"),
        Telling("rw-pnsunor", "skTanggal"),
        Telling("rw-cltn", "tanggalAwal"),
        Telling("rw-pwk", "tmtPwk"),
        Telling("rw-pemberhentian", "skTanggal"),
        Telling("rw-pindahinstansi", "tmtPi"),
        Telling("rw-dp3", "tahun"),
    )
}
"""By the name in the URL; `rw-tubel` is missing: no field list of it is known."""
ENTITIES: Mapping[str, str] = {
    entity: f"rw-{entity}"
    for entity in ("jabatan", "diklat", "kursus", "skp", "skp22", "angkakredit", "hukdis", "penghargaan")
}
"""Of which one row can be asked for by its id, with the history that it is one of."""
PRESENT_GRADE: Columns = {
    "golonganId": TALENT.c.grade_id,
    "golongan": TALENT.c.grade,
    "pangkat": coded(TALENT.c.grade_id, codes.RANKS),
    "tmtGolongan": instant_of(TALENT.c.grade_from),
}


def _rows_of(telling: Telling) -> Select[Any]:
    if telling.name != "rw-golongan":
        return rows_told(telling)
    is_known = or_(TALENT.c.grade_id.is_not(None), TALENT.c.grade.is_not(None))
    return rows_or_present(telling, PRESENT_GRADE, is_known)


def needs_of(kind: Kind | None) -> tuple[Rule, ...]:
    """What somebody has to hold who sees rows of a kind; SIASN's of what is narrowed are as specific as sanctions."""
    if kind is None:
        return ()
    highest = highest_of(TABLES[kind].columns)
    also = rule_for(DataClass.SPECIFIC) if highest is DataClass.RESTRICTED else ()
    return (*rule_for(highest), *also)


def _shape(
    telling: Telling, rows: LateralFromClause, schema: JsonSchema, suffix: str, conditions: Mapping[str, Condition]
) -> Shape:
    words = "".join(word.capitalize() for word in telling.name.split("-"))
    return Shape(
        f"Siasn{words}{suffix}",
        TALENT.join(rows, rows.c.data.is_not(None)),
        {"code": Value(literal_column("1"), SUCCESS), "data": Value(rows.c.data, schema, needs_of(telling.kind))},
        rooted=talents_told,
        conditions=conditions,
    )


def _history(telling: Telling) -> Shape:
    schema: JsonSchema = {"type": ["array", "null"], "items": schema_of_row(telling.history)}
    return _shape(telling, listed(_rows_of(telling)), schema, "", BY_NIP)


def _row(telling: Telling) -> Shape:
    rows = _rows_of(telling).order_by(None).subquery("every")
    wanted = select(*rows.c).where(rows.c[telling.history.row_id[0]] == _row_id)
    row = schema_of_row(telling.history)
    schema: JsonSchema = {**row, "type": ["object", "null"]}
    return _shape(telling, one_of(wanted), schema, "Row", {"row_id": _may_have_it})


def _id_with(digit: str) -> ColumnElement[Any]:
    """The first or the last id that begins as an id of a row of ours; null for what is none."""
    half, rest = func.left(_row_id, literal_column(str(HALF))), literal_text(digit * HALF)
    is_ours = _row_id.op("~")(literal_text("^[0-9a-f]{32}$"))
    return case((is_ours, cast(half.op("||", return_type=Text())(rest), Uuid)))


_row_id = bindparam("row_id", type_=Text)
_of_siasn = select(RECORD.c.talent_id).where(
    RECORD.c.institution_id == func.current_institution(type_=Uuid), RECORD.c.row_id == _row_id
)
_somebody = TALENT.alias("somebody")
_of_ours = select(_somebody.c.id).where(
    _somebody.c.institution_id == func.current_institution(type_=Uuid),
    _somebody.c.id.between(_id_with("0"), _id_with("f")),
)
# somebody of whom SIASN told a row of that id, or whose own id begins as it does
_may_have_it: Condition = TALENT.c.id == any_(func.array(_of_siasn.union_all(_of_ours).scalar_subquery()))

HISTORIES: Mapping[str, Shape] = {name: _history(telling) for name, telling in TELLINGS.items()}
"""All rows of somebody's history (E2), by the name in the URL."""
ROWS: Mapping[str, Shape] = {entity: _row(TELLINGS[name]) for entity, name in ENTITIES.items()}
"""One row by its id (E1), by the entity in the URL."""
