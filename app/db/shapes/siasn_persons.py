"""What documents about a person tell in SIASN's words: `data-utama`, and the index of professionalism."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, ColumnElement, Select, Text, and_, case, exists, func, literal_column, or_, select, true

from app.db.documents import Actor, Condition, JsonSchema, Shape, Value, literal_text
from app.db.shapes.placements import BY_NIP
from app.db.shapes.siasn_histories import SUCCESS, needs_of
from app.db.shapes.siasn_words import (
    PERSON_ID,
    RECORD,
    TALENT,
    Columns,
    as_text,
    coded,
    day,
    one_of,
    records_of,
    schema_of_row,
    talents_told,
    told_columns,
)
from app.db.tables.evidence import AssessmentScoreRow
from app.db.tables.evidence import stands as standing
from app.db.tables.institutions import OrgUnitRow
from app.domain.evidence import Kind
from app.siasn import codes, wire

_unit: Any = OrgUnitRow.__table__
_score: Any = AssessmentScoreRow.__table__


def _newest(history: str, *order: ColumnElement[Any]) -> Select[Any]:
    """SIASN's one row, and the latest of several: ids of people and years change."""
    return records_of(history).order_by(*order, RECORD.c.fetched_at.desc()).limit(literal_column("1"))


def _named_by_type() -> Columns:
    """The present post under the keys of its type alone: what SIASN said under another belongs to an earlier post."""
    posts = {"1": "jabatanStruktural", "2": "jabatanFungsional", "4": "jabatanFungsionalUmum"}
    said = {"Id": TALENT.c.position_id, "Nama": TALENT.c.position}
    return {
        f"{post}{what}": case((TALENT.c.position_type_id == literal_text(code), column))
        for code, post in posts.items()
        for what, column in said.items()
    }


def _service() -> ColumnElement[Any]:
    """Years and months as they are written out; null unless both are known."""
    years, months = as_text(TALENT.c.service_years), as_text(TALENT.c.service_months)
    return (
        years.op("||", return_type=Text())(literal_text(" Tahun "))
        .op("||", return_type=Text())(months)
        .op("||", return_type=Text())(literal_text(" Bulan"))
    )


def _echelon_level() -> ColumnElement[Any]:
    return case(
        (
            TALENT.c.echelon_id.in_([literal_text(one) for one in codes.ECHELONS if one not in codes.NO_ECHELON]),
            func.left(TALENT.c.echelon_id, literal_column("1")),
        )
    )


def _ours() -> Columns:
    statuses = {ours: theirs for theirs, ours in codes.EMPLOYMENTS.items()}
    return {
        "gelarDepan": TALENT.c.title_before,
        "gelarBelakang": TALENT.c.title_after,
        "tglLahir": day(TALENT.c.born_on),
        "jenisKelamin": coded(TALENT.c.sex, codes.outwards(codes.OUR_SEX)),
        "jenisPegawaiId": TALENT.c.employment_type_id,
        "jenisPegawaiNama": TALENT.c.employment_type,
        "kedudukanPnsId": TALENT.c.legal_status_id,
        "kedudukanPnsNama": TALENT.c.legal_status,
        "statusPegawai": func.coalesce(coded(TALENT.c.employment_status, statuses), TALENT.c.employment_status),
        "tmtCpns": day(TALENT.c.candidate_from),
        "tmtPns": day(TALENT.c.appointed_from),
        "tkPendidikanTerakhir": TALENT.c.education_level,
        "pendidikanTerakhirNama": TALENT.c.education,
        "tahunLulus": as_text(TALENT.c.graduated_in),
        "instansiIndukId": TALENT.c.home_institution_id,
        "instansiIndukNama": TALENT.c.home_institution,
        "instansiKerjaId": TALENT.c.working_institution_id,
        "instansiKerjaNama": TALENT.c.working_institution,
        "unorId": TALENT.c.unit_id,
        "unorNama": _unit.c.name,
        "jenisJabatanId": TALENT.c.position_type_id,
        "jenisJabatan": TALENT.c.position_type,
        "jabatanNama": TALENT.c.position,
        "tmtJabatan": day(TALENT.c.position_from),
        "eselon": TALENT.c.echelon,
        "eselonId": TALENT.c.echelon_id,
        "eselonLevel": _echelon_level(),
        "golRuangAkhirId": TALENT.c.grade_id,
        "golRuangAkhir": TALENT.c.grade,
        "pangkatAkhir": coded(TALENT.c.grade_id, codes.RANKS),
        "tmtGolAkhir": day(TALENT.c.grade_from),
        "mkTahun": as_text(TALENT.c.service_years),
        "mkBulan": as_text(TALENT.c.service_months),
        "masaKerja": _service(),
    }


def _otherwise() -> Columns:
    levels = {label: code for code, label in codes.EDUCATION_LEVELS.items()}
    return {
        "tkPendidikanTerakhirId": coded(TALENT.c.education_level, levels),
        "jenisJabatan": coded(TALENT.c.position_type_id, codes.POSITION_TYPES),
        "golRuangAkhir": coded(TALENT.c.grade_id, codes.GRADES),
        "kedudukanPnsNama": coded(TALENT.c.legal_status_id, codes.LEGAL_STATUSES),
    }


def _person() -> Select[Any]:
    theirs = _newest(wire.PERSON).subquery("theirs")
    about = {"id": PERSON_ID, "nipBaru": TALENT.c.nip, "nama": TALENT.c.name, **_named_by_type()}
    columns = told_columns(wire.HISTORIES[wire.PERSON], about, _ours(), theirs.c.body, _otherwise())
    of_unit = and_(_unit.c.institution_id == TALENT.c.institution_id, _unit.c.id == TALENT.c.unit_id)
    source = select(literal_column("1").label("one")).subquery("once").outerjoin(theirs, true())
    return select(*columns).select_from(source.outerjoin(_unit, of_unit)).correlate(TALENT)


def _professionalism() -> Select[Any]:
    newest = RECORD.c.body.op("->>")(literal_text("tahun")).desc().nulls_last()
    stands = exists(
        select(_score.c.id)
        .where(
            _score.c.institution_id == RECORD.c.institution_id,
            _score.c.talent_id == RECORD.c.talent_id,
            _score.c.row_key == RECORD.c.row_key,
            literal_column(standing("assessment_score"), Boolean),
        )
        .correlate(RECORD)
    )
    theirs = _newest(wire.PROFESSIONALISM, newest).where(or_(RECORD.c.kind.is_(None), stands)).subquery("theirs")
    columns = told_columns(wire.HISTORIES[wire.PROFESSIONALISM], {}, {}, theirs.c.body)
    return select(*columns).select_from(theirs).correlate(TALENT)


_part_time = or_(
    *(
        column.ilike(literal_text("%paruh waktu%"))
        for column in (TALENT.c.employment_type, TALENT.c.legal_status, TALENT.c.employment_status)
    )
)


def _works_part_time(actor: Actor) -> Condition:
    return and_(talents_told(actor), _part_time)


def _shape(type_name: str, rows: Select[Any], name: str, kind: Kind | None = None) -> Shape:
    told, needs = one_of(rows), needs_of(kind)
    row: JsonSchema = schema_of_row(wire.HISTORIES[name])
    if needs:
        row = {**row, "type": [row["type"], "null"]}
    return Shape(
        type_name,
        TALENT.join(told, true()),
        {"code": Value(literal_column("1"), SUCCESS), "data": Value(told.c.data, row, needs)},
        rooted=talents_told,
        conditions=BY_NIP,
    )


PERSON = _shape("SiasnDataUtama", _person(), wire.PERSON)
PART_TIME_PERSON = Shape(PERSON.type, PERSON.source, PERSON.fields, rooted=_works_part_time, conditions=BY_NIP)
"""Only whom the record calls part-time: SIASN keeps the others elsewhere."""
INDEX = _shape("SiasnNilaiipasn", _professionalism(), wire.PROFESSIONALISM, Kind.ASSESSMENT_SCORE)
