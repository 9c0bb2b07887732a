"""The layouts offices deliver: which headings make one, what each column means, and which sheet is which.

A sheet is recognised by its headings alone, in any order and letter case; columns a layout does not name are not read,
so what must not be stored (identity number, religion, address, telephone …) never leaves the file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from hashlib import blake2b
from uuid import UUID

from app.domain.careers import PositionLevel
from app.domain.errors import Invalid
from app.domain.evidence import COMPETENCIES, POTENTIAL_ASPECTS, Kind
from app.sheets import cells
from app.sheets.cells import Cell, CellFault
from app.sheets.reading import Sheet

Parser = Callable[[Cell], object]
Values = dict[str, object]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, the field it fills, how a cell is read, and whether a cell may be absent."""

    heading: str
    field: str
    parse: Parser
    required: bool = True


@dataclass(frozen=True, slots=True)
class Layout:
    """A kind of sheet. `columns` must all be there (`optional` ones need not); `check` looks at a whole row."""

    name: str
    columns: tuple[Column, ...]
    optional: tuple[Column, ...] = ()
    check: Callable[[Values], None] = field(default=lambda _row: None)
    """Raises `RowFault` for what no single cell shows."""
    kind: Kind | None = None
    about: str = "nip"
    """The field that says what a row is about; what nobody knows is refused with `FIELD.unknown`."""


class RowFault(ValueError):
    """A row cannot be accepted because of the cell in the column that fills `field`."""

    def __init__(self, code: str, field: str, **about: object) -> None:
        super().__init__(code)
        self.code, self.field, self.about = code, field, about


@dataclass(frozen=True, slots=True)
class RefusedCell:
    """The first cell of a row that cannot be accepted: the column's heading as the layout spells it."""

    column: str
    value: Cell
    code: str
    about: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class RecognisedSheet:
    """A sheet and its layout; `read` turns a row of cells into values by field, or says which cell is at fault."""

    sheet: Sheet
    layout: Layout
    positions: tuple[tuple[int, Column], ...]
    """Where each column stands, in the order of the file: the first offending cell is the first in the file."""

    def read(self, row: Sequence[Cell], is_known: Callable[[str], bool] | None = None) -> Values | RefusedCell:
        """The values of a row; with `is_known`, who or what it denies is refused like any other cell, in its turn."""
        values: Values = {}
        for position, column in self.positions:
            cell = row[position]
            try:
                value = column.parse(cell)
            except CellFault as fault:
                return RefusedCell(column.heading, cell, fault.code, fault.about)
            if value is None and column.required:
                return RefusedCell(column.heading, cell, "cell.missing", {})
            if is_known is not None and column.field == self.layout.about and not is_known(str(value)):
                return RefusedCell(column.heading, cell, f"{column.field}.unknown", {})
            values[column.field] = value
        try:
            self.layout.check(values)
        except RowFault as fault:
            position, column = next((p, c) for p, c in self.positions if c.field == fault.field)
            return RefusedCell(column.heading, row[position], fault.code, fault.about)
        return values


def row_key(values: Sequence[object]) -> UUID:
    """The identity of a row of evidence: equal values, equal key (128 bits of BLAKE2b)."""
    return UUID(
        bytes=blake2b("\x1f".join("" if v is None else f"={v}" for v in values).encode(), digest_size=16).digest()
    )


def recognise(sheet: Sheet) -> RecognisedSheet | None:
    """The sheet with its layout; None if no layout fits.

    Refused with `heading.missing` where a sheet is clearly meant as one (by its name, or by most of its headings) but
    lacks a column, and with `heading.repeated` where a column stands twice.
    """
    headings = [folded(heading) for heading in sheet.headings]
    present = set(headings)
    complete = [layout for layout in LAYOUTS if present.issuperset(_wanted(layout))]
    if not complete:
        _must_not_be_meant_as_one(sheet, present)
        return None
    layout = max(complete, key=lambda one: len(one.columns))
    columns = {folded(column.heading): column for column in (*layout.columns, *layout.optional)}
    for heading, column in columns.items():
        if headings.count(heading) > 1:
            raise Invalid("heading.repeated", file=sheet.file, sheet=sheet.name, column=column.heading)
    positions = tuple((p, columns[heading]) for p, heading in enumerate(headings) if heading in columns)
    return RecognisedSheet(sheet, layout, positions)


def _must_not_be_meant_as_one(sheet: Sheet, present: set[str]) -> None:
    """Refuse a sheet that is clearly one of the layouts and lacks a column; anything else is just not recognised."""
    named = [layout for layout in LAYOUTS if folded(sheet.name) == folded(layout.name) and present & _wanted(layout)]
    alike = [layout for layout in LAYOUTS if present & _telling(layout) and _share(layout, present) >= MOST]
    if meant := named or sorted(alike, key=lambda layout: _share(layout, present), reverse=True):
        missing = ", ".join(column.heading for column in meant[0].columns if folded(column.heading) not in present)
        raise Invalid("heading.missing", file=sheet.file, sheet=sheet.name, column=missing, layout=meant[0].name)


MOST = 0.6  # of the headings of a layout, one of them its own: a sheet that has them is meant as one


def _share(layout: Layout, present: set[str]) -> float:
    return len(present & _wanted(layout)) / len(layout.columns)


def _telling(layout: Layout) -> set[str]:
    """The headings that no other layout has."""
    return _wanted(layout).difference(*(_wanted(other) for other in LAYOUTS if other is not layout))


def _wanted(layout: Layout) -> set[str]:
    return {folded(column.heading) for column in layout.columns}


def folded(heading: str) -> str:
    """A heading without differences of letter case and spacing."""
    return " ".join(heading.replace("_", " ").replace("-", " ").split()).casefold()


def _remembered(parse: Parser) -> Parser:
    """The same parser, quicker where few values stand in many rows; long text is not worth its memory."""
    remember = lru_cache(maxsize=1 << 14)(parse)

    def read(cell: Cell) -> object:
        return remember(cell) if type(cell) is str and len(cell) <= _SHORT else parse(cell)

    return read


_SHORT = 40


def _choice(choices: Mapping[str, str]) -> Parser:
    return _remembered(partial(cells.choice, allowed=choices))


def _whole(lowest: int, highest: int) -> Parser:
    return _remembered(partial(cells.whole, lowest=lowest, highest=highest))


_text = _remembered(cells.text)
_level = _remembered(cells.level)
_year = _remembered(cells.year)


def _not_before(later: str, earlier: str) -> Callable[[Values], None]:
    def check(row: Values) -> None:
        begins, ends = row[earlier], row[later]
        if begins is not None and ends is not None and ends < begins:  # type: ignore[operator]
            raise RowFault("date.order", later)

    return check


def _team_role(row: Values) -> None:
    row["role"] = f"{row['role']}_{row.pop('scope')}"
    _not_before("until", "since")(row)


def _education_level(row: Values) -> None:
    """An unknown level is stored as it is written, and leaves the indicator unknown."""
    row["level"] = DIPLOMAS.get(str(row["level_label"]).upper())


PREDICATES = {
    "SANGAT BAIK": "very_good",
    "BAIK": "good",
    "BUTUH PERBAIKAN": "needs_improvement",
    "KURANG": "poor",
    "SANGAT KURANG": "very_poor",
}
RATINGS = {"DI ATAS EKSPEKTASI": "above", "SESUAI EKSPEKTASI": "as_expected", "DI BAWAH EKSPEKTASI": "below"}
AWARDS = {
    "INTERNASIONAL": "international",
    "NASIONAL": "national",
    "LINTAS INSTANSI": "cross_institution",
    "INSTANSI": "institution",
}
TRAININGS = {
    "TEKNIS": "technical",
    "FUNGSIONAL": "functional",
    "STRUKTURAL": "structural",
    "SERTIFIKASI": "certification",
}
DEFINITIVE = "definitive"
STATUSES = {
    "DEFINITIF": DEFINITIVE,
    "PLT LEBIH TINGGI": "acting_higher",
    "PLT SETINGKAT": "acting_same",
    "PLH LEBIH TINGGI": "acting_daily_higher",
    "PLH SETINGKAT": "acting_daily_same",
    "PJ KEPALA DAERAH": "acting_regional_head",
}
DIPLOMAS = {"SLTA": "slta", "D-III": "d3", "D-IV": "d4", "S-1": "s1", "S-2": "s2", "S-3": "s3"}
SEVERITIES = {"RINGAN": "light", "SEDANG": "medium", "BERAT": "heavy"}
SEXES = {"M": "male", "F": "female", "L": "male", "P": "female"}
LEVELS = {level.value: level.value for level in PositionLevel}

NIP = Column("NIP", "nip", _remembered(cells.nip))

UNITS = Layout(
    "HierarkiUnor",
    (
        Column("ID", "id", cells.code),
        Column("NAMA_UNOR", "name", cells.text),
        Column("ID_ATASAN", "parent_id", cells.code, required=False),
    ),
)

EMPLOYEES = Layout(
    "Data ASN",
    (
        Column("NIP BARU", "nip", cells.nip),
        Column("NAMA", "name", cells.text),
        Column("KEDUDUKAN HUKUM ID", "legal_status_id", cells.code, required=False),
        Column("KEDUDUKAN HUKUM NAMA", "legal_status", cells.text, required=False),
        Column("JENIS JABATAN ID", "position_type_id", cells.code, required=False),
        Column("JABATAN NAMA", "position", cells.text, required=False),
        Column("TMT JABATAN", "position_from", cells.day, required=False),
        Column("UNOR ID", "unit_id", cells.code, required=False),
        Column("UNOR NAMA", "unit_name", cells.text, required=False),
        Column("INSTANSI KERJA ID", "working_institution_id", cells.code, required=False),
        Column("INSTANSI KERJA NAMA", "working_institution", cells.text),
    ),
    optional=(
        Column("PNS ID", "siasn_id", cells.code, required=False),
        Column("GELAR DEPAN", "title_before", cells.text, required=False),
        Column("GELAR BELAKANG", "title_after", cells.text, required=False),
        Column("TANGGAL LAHIR", "born_on", cells.day, required=False),
        Column("JENIS KELAMIN", "sex", _choice(SEXES), required=False),
        Column("JENIS PEGAWAI ID", "employment_type_id", cells.code, required=False),
        Column("JENIS PEGAWAI NAMA", "employment_type", cells.text, required=False),
        Column("STATUS CPNS PNS", "employment_status", cells.code, required=False),
        Column("TMT CPNS", "candidate_from", cells.day, required=False),
        Column("TMT PNS", "appointed_from", cells.day, required=False),
        Column("GOL AKHIR ID", "grade_id", cells.code, required=False),
        Column("GOL AKHIR NAMA", "grade", cells.text, required=False),
        Column("TMT GOLONGAN", "grade_from", cells.day, required=False),
        Column("MK TAHUN", "service_years", _whole(0, 70), required=False),
        Column("MK BULAN", "service_months", _whole(0, 11), required=False),
        Column("JENIS JABATAN NAMA", "position_type", cells.text, required=False),
        Column("JABATAN ID", "position_id", cells.code, required=False),
        Column("ESELON ID", "echelon_id", cells.code, required=False),
        Column("ESELON NAMA", "echelon", cells.text, required=False),
        Column("TINGKAT PENDIDIKAN NAMA", "education_level", cells.text, required=False),
        Column("PENDIDIKAN NAMA", "education", cells.text, required=False),
        Column("TAHUN LULUS", "graduated_in", _year, required=False),
        Column("INSTANSI INDUK ID", "home_institution_id", cells.code, required=False),
        Column("INSTANSI INDUK NAMA", "home_institution", cells.text, required=False),
    ),
)

POSTS = Layout(
    "PETA JABATAN",
    (
        Column("UNOR ID", "unit_id", _remembered(cells.code)),
        Column("NAMA JABATAN", "name", _text),
        Column("JENJANG", "level", _choice(LEVELS)),
        Column("KELAS JABATAN", "job_class", _whole(1, 17), required=False),
        Column("KEBUTUHAN", "seats", _whole(0, 10_000)),
        Column("TANGGAL ABK", "analysed_on", cells.day, required=False),
        Column("KRITIKAL", "is_critical", _choice({"YA": "yes", "TIDAK": "no"})),
    ),
    optional=(Column("ESELON", "echelon", _text, required=False),),
    about="unit_id",
)

COMPETENCY_HEADINGS = (
    "INTEGRITAS",
    "KERJA SAMA",
    "KOMUNIKASI",
    "ORIENTASI PADA HASIL",
    "PELAYANAN PUBLIK",
    "PENGEMBANGAN DIRI DAN ORANG LAIN",
    "MENGELOLA PERUBAHAN",
    "PENGAMBILAN KEPUTUSAN",
    "PEREKAT BANGSA",
)
POTENTIAL_HEADINGS = (
    "KEMAMPUAN INTELEKTUAL",
    "KEMAMPUAN INTERPERSONAL",
    "KESADARAN DIRI",
    "BERPIKIR KRITIS DAN STRATEGIS",
    "PENYELESAIAN MASALAH",
    "KECERDASAN EMOSIONAL",
    "BELAJAR CEPAT DAN PENGEMBANGAN DIRI",
    "MOTIVASI DAN KOMITMEN",
)


def _assessment(name: str, kind: Kind, headings: Sequence[str], aspects: Sequence[str]) -> Layout:
    levels = zip(headings, aspects, strict=True)
    return Layout(
        name,
        (
            NIP,
            Column("TANGGAL", "assessed_on", cells.day),
            Column("METODE", "method", _text, required=False),
            *(Column(heading, aspect, _level, required=False) for heading, aspect in levels),
        ),
        kind=kind,
    )


EVIDENCE = (
    Layout(
        "SKP",
        (
            NIP,
            Column("TAHUN", "year", _year),
            Column("HASIL KERJA", "work_result_rating", _choice(RATINGS), required=False),
            Column("PERILAKU KERJA", "behaviour_rating", _choice(RATINGS), required=False),
            Column("PREDIKAT KINERJA", "predicate", _choice(PREDICATES)),
        ),
        optional=(Column("PENILAI NIP", "appraiser_nip", _remembered(cells.nip), required=False),),
        kind=Kind.PERFORMANCE_APPRAISAL,
    ),
    Layout(
        "UMPAN BALIK 360",
        (NIP, Column("TAHUN", "year", _year), Column("PREDIKAT", "predicate", _choice(PREDICATES))),
        kind=Kind.FEEDBACK_360,
    ),
    Layout(
        "PENGHARGAAN",
        (
            NIP,
            Column("NAMA PENGHARGAAN", "name", _text),
            Column("TINGKAT", "level", _choice(AWARDS)),
            Column("TANGGAL", "awarded_on", cells.day),
        ),
        kind=Kind.AWARD,
    ),
    Layout(
        "TIM KERJA",
        (
            NIP,
            Column("NAMA TIM", "name", _text),
            Column("PERAN", "role", _choice({"KETUA": "lead", "ANGGOTA": "member"})),
            Column("CAKUPAN", "scope", _choice({"LINTAS INSTANSI": "cross_institution", "INTERNAL": "internal"})),
            Column("MULAI", "since", cells.day),
            Column("SELESAI", "until", cells.day, required=False),
        ),
        check=_team_role,
        kind=Kind.TEAM_ASSIGNMENT,
    ),
    _assessment("ASESMEN KOMPETENSI", Kind.COMPETENCY_ASSESSMENT, COMPETENCY_HEADINGS, COMPETENCIES),
    _assessment("ASESMEN POTENSI", Kind.POTENTIAL_ASSESSMENT, POTENTIAL_HEADINGS, POTENTIAL_ASPECTS),
    Layout(
        "NILAI ASESMEN",
        (
            NIP,
            Column("TANGGAL", "assessed_on", cells.day),
            Column("INSTRUMEN", "instrument", _remembered(cells.instrument)),
            Column("NILAI", "value", _remembered(partial(cells.decimal, lowest=0, highest=999))),
        ),
        kind=Kind.ASSESSMENT_SCORE,
    ),
    Layout(
        "DIKLAT",
        (
            NIP,
            Column("NAMA", "name", _text),
            Column("JENIS", "kind", _choice(TRAININGS)),
            Column("JP", "hours", _whole(0, 10_000), required=False),
            Column("TANGGAL SELESAI", "finished_on", cells.day),
        ),
        kind=Kind.TRAINING,
    ),
    Layout(
        "JABATAN",
        (
            NIP,
            Column("JENIS JABATAN", "position_type", _text, required=False),
            Column("NAMA JABATAN", "name", _text),
            Column("JENJANG", "level", _choice(LEVELS)),
            Column("UNOR ID", "unit_id", cells.code, required=False),
            Column("INSTANSI", "institution", _text, required=False),
            Column("TMT", "effective_from", cells.day),
            Column("STATUS", "status", _choice(STATUSES)),
        ),
        kind=Kind.POSITION,
    ),
    Layout(
        "PENDIDIKAN",
        (
            NIP,
            Column("TINGKAT", "level_label", _text),
            Column("BIDANG", "field", _text, required=False),
            Column("SEKOLAH", "school", _text, required=False),
            Column("TAHUN LULUS", "graduated_in", _year, required=False),
        ),
        check=_education_level,
        kind=Kind.EDUCATION,
    ),
    Layout(
        "HUKUMAN DISIPLIN",
        (
            NIP,
            Column("TINGKAT", "severity", _choice(SEVERITIES)),
            Column("JENIS", "kind", _text, required=False),
            Column("TMT MULAI", "starts_on", cells.day),
            Column("TMT SELESAI", "ends_on", cells.day, required=False),
        ),
        check=_not_before("ends_on", "starts_on"),
        kind=Kind.SANCTION,
    ),
)

LAYOUTS = (UNITS, EMPLOYEES, POSTS, *EVIDENCE)
