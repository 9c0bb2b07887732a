from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.careers import PositionLevel
from app.domain.errors import Invalid
from app.domain.evidence import Kind
from app.sheets import layouts
from app.sheets.layouts import RefusedCell, recognise, row_key
from app.sheets.reading import Sheet

NIP = "199101092019212095"

# the first row of every sheet as offices deliver it
DATA_ASN = (
    "PNS ID", "NIP BARU", "NIP LAMA", "NAMA", "GELAR DEPAN", "GELAR BELAKANG", "TEMPAT LAHIR ID", "TEMPAT LAHIR NAMA",
    "TANGGAL LAHIR", "JENIS KELAMIN", "AGAMA ID", "AGAMA NAMA", "JENIS KAWIN ID", "JENIS KAWIN NAMA", "NIK", "NOMOR HP",
    "EMAIL", "EMAIL GOV", "ALAMAT", "NPWP NOMOR", "BPJS", "JENIS PEGAWAI ID", "JENIS PEGAWAI NAMA",
    "KEDUDUKAN HUKUM ID", "KEDUDUKAN HUKUM NAMA", "STATUS CPNS PNS", "KARTU ASN VIRTUAL", "NOMOR SK CPNS",
    "TANGGAL SK CPNS", "TMT CPNS", "NOMOR SK PNS", "TANGGAL SK PNS", "TMT PNS", "GOL AWAL ID", "GOL AWAL NAMA",
    "GOL AKHIR ID", "GOL AKHIR NAMA", "TMT GOLONGAN", "MK TAHUN", "MK BULAN", "JENIS JABATAN ID", "JENIS JABATAN NAMA",
    "JABATAN ID", "JABATAN NAMA", "TMT JABATAN", "TINGKAT PENDIDIKAN ID", "TINGKAT PENDIDIKAN NAMA", "PENDIDIKAN ID",
    "PENDIDIKAN NAMA", "TAHUN LULUS", "KPKN ID", "KPKN NAMA", "LOKASI KERJA ID", "LOKASI KERJA NAMA", "UNOR ID",
    "UNOR NAMA", "INSTANSI INDUK ID", "INSTANSI INDUK NAMA", "INSTANSI KERJA ID", "INSTANSI KERJA NAMA",
    "SATUAN KERJA INDUK ID", "SATUAN KERJA INDUK NAMA", "SATUAN KERJA KERJA ID", "SATUAN KERJA KERJA NAMA",
    "IS VALID NIK", "NAMA SEKOLAH", "FLAG IKD", "ESELON ID", "ESELON NAMA",
)  # fmt: skip
HEADINGS = {
    "Data ASN": DATA_ASN,
    "HierarkiUnor": ("ID", "NAMA_UNOR", "ID_ATASAN"),
    "SKP": ("NIP", "TAHUN", "HASIL KERJA", "PERILAKU KERJA", "PREDIKAT KINERJA"),
    "UMPAN BALIK 360": ("NIP", "TAHUN", "PREDIKAT"),
    "PENGHARGAAN": ("NIP", "NAMA PENGHARGAAN", "TINGKAT", "TANGGAL"),
    "TIM KERJA": ("NIP", "NAMA TIM", "PERAN", "CAKUPAN", "MULAI", "SELESAI"),
    "ASESMEN KOMPETENSI": (
        "NIP", "TANGGAL", "METODE", "INTEGRITAS", "KERJA SAMA", "KOMUNIKASI", "ORIENTASI PADA HASIL",
        "PELAYANAN PUBLIK", "PENGEMBANGAN DIRI DAN ORANG LAIN", "MENGELOLA PERUBAHAN", "PENGAMBILAN KEPUTUSAN",
        "PEREKAT BANGSA",
    ),
    "ASESMEN POTENSI": (
        "NIP", "TANGGAL", "METODE", "KEMAMPUAN INTELEKTUAL", "KEMAMPUAN INTERPERSONAL", "KESADARAN DIRI",
        "BERPIKIR KRITIS DAN STRATEGIS", "PENYELESAIAN MASALAH", "KECERDASAN EMOSIONAL",
        "BELAJAR CEPAT DAN PENGEMBANGAN DIRI", "MOTIVASI DAN KOMITMEN",
    ),
    "NILAI ASESMEN": ("NIP", "TANGGAL", "INSTRUMEN", "NILAI"),
    "DIKLAT": ("NIP", "NAMA", "JENIS", "JP", "TANGGAL SELESAI"),
    "JABATAN": ("NIP", "JENIS JABATAN", "NAMA JABATAN", "JENJANG", "UNOR ID", "INSTANSI", "TMT", "STATUS"),
    "PENDIDIKAN": ("NIP", "TINGKAT", "BIDANG", "SEKOLAH", "TAHUN LULUS"),
    "HUKUMAN DISIPLIN": ("NIP", "TINGKAT", "JENIS", "TMT MULAI", "TMT SELESAI"),
    "PETA JABATAN": ("UNOR ID", "NAMA JABATAN", "JENJANG", "KELAS JABATAN", "KEBUTUHAN", "TANGGAL ABK", "KRITIKAL"),
}  # fmt: skip
PRIVATE = {"NIK", "AGAMA NAMA", "ALAMAT", "NOMOR HP", "EMAIL", "NPWP NOMOR", "BPJS", "JENIS KAWIN NAMA"}

# a row of each kind of evidence in which every cell says something
ROWS = {
    "SKP": ("2024", "SESUAI EKSPEKTASI", "DI ATAS EKSPEKTASI", "BAIK"),
    "UMPAN BALIK 360": ("2024", "SANGAT BAIK"),
    "PENGHARGAAN": ("Satyalancana", "NASIONAL", "17-08-2024"),
    "TIM KERJA": ("Tim Pelayanan", "KETUA", "LINTAS INSTANSI", "24-02-2024", "25-11-2024"),
    "ASESMEN KOMPETENSI": ("03-04-2025", "ASSESSMENT CENTER", *"345343343"),
    "ASESMEN POTENSI": ("03-04-2025", "CACT BKN", *"53433355"),
    "NILAI ASESMEN": ("03-04-2025", "Potensi JPM", "93,47"),
    "DIKLAT": ("Pelatihan Struktural", "STRUKTURAL", "12", "19-08-2020"),
    "JABATAN": (
        "Jabatan Fungsional", "ANALIS KEBIJAKAN AHLI PERTAMA", "jf_ahli_pertama", "A34B", "Pemerintah Kota Dumai",
        "12-07-2023", "DEFINITIF",
    ),
    "PENDIDIKAN": ("S-1", "EKONOMI PEMBANGUNAN", "UNIVERSITAS TERBUKA", "2014"),
    "HUKUMAN DISIPLIN": ("RINGAN", "Hukuman disiplin ringan", "09-12-2024", "10-12-2024"),
}  # fmt: skip


def sheet(headings, name="Lembar1"):
    return Sheet("kiriman.xlsx", name, tuple(headings), 1, lambda: iter(()))


def read(name, is_known=None, **but):
    """What a full row of the layout becomes; `but` changes cells by heading."""
    row = dict(zip(HEADINGS[name], (f"'{NIP}", *ROWS[name]), strict=True))
    row |= but
    return recognise(sheet(row)).read(list(row.values()), is_known)


def refusal(headings, name="Lembar1"):
    with pytest.raises(Invalid) as raised:
        recognise(sheet(headings, name))
    assert raised.value.detail["id"]
    assert (raised.value.about["file"], raised.value.about["sheet"]) == ("kiriman.xlsx", name)
    return raised.value.code, raised.value.about["column"]


# which sheet is which


def test_there_are_thirteen_layouts_and_data_asn_has_69_columns():
    assert {layout.name for layout in layouts.LAYOUTS} == set(HEADINGS)
    assert len(DATA_ASN) == 69


@pytest.mark.parametrize("name", HEADINGS)
def test_a_sheet_is_recognised_by_its_own_headings(name):
    assert recognise(sheet(HEADINGS[name])).layout.name == name


def test_each_kind_of_evidence_has_one_layout_except_what_other_kinds_bring():
    """Acting assignments are among the positions, ratings of work results among the appraisals."""
    assert sorted(layout.kind for layout in layouts.EVIDENCE) == sorted(set(Kind) - {Kind.ACTING, Kind.WORK_RESULT})


@pytest.mark.parametrize("name", HEADINGS)
@pytest.mark.parametrize("spelling", [str.lower, str.title, lambda h: h.replace(" ", "_"), lambda h: f" {h} ",
                                      lambda h: h.replace("_", " "), lambda h: h.replace(" ", " \n ")])  # fmt: skip
def test_letter_case_blanks_and_underscores_of_headings_do_not_matter(name, spelling):
    assert recognise(sheet(map(spelling, HEADINGS[name]))).layout.name == name


@given(st.sampled_from(sorted(HEADINGS)), st.lists(st.text(max_size=10).map("X{}".format), max_size=5), st.randoms())
def test_the_order_of_columns_and_further_columns_do_not_matter(name, further, chance):
    headings = [*HEADINGS[name], *further, ""]
    chance.shuffle(headings)
    recognised = recognise(sheet(headings))
    assert recognised.layout.name == name
    assert [position for position, _ in recognised.positions] == sorted(
        position for position, _ in recognised.positions
    )


@pytest.mark.parametrize("headings", [("KODE", "KURSI"), (), ("NIP",), ("NIP", "NAMA", "CATATAN"), ("",)])
@pytest.mark.parametrize("name", ["PETA JABATAN", "peta-jabatan", "Lembar1"])
def test_what_is_none_of_the_layouts_is_recognised_as_none(headings, name):
    assert recognise(sheet(headings, name)) is None


def test_a_sheet_that_shares_only_its_name_with_a_layout_is_recognised_as_none():
    assert recognise(sheet(["KODE", "KETERANGAN"], "DIKLAT")) is None


def required_headings():
    return [(one.name, c.heading) for one in layouts.LAYOUTS for c in one.columns]


@pytest.mark.parametrize(("name", "heading"), required_headings())
def test_a_missing_heading_is_named_where_the_sheet_has_the_name_of_a_layout(name, heading):
    headings = [other for other in HEADINGS[name] if other != heading]
    assert refusal(headings, name.lower().replace(" ", "_")) == ("heading.missing", heading)


# the only heading by which these two can be told from other lists of people
ONLY_SIGNS = [("UMPAN BALIK 360", "PREDIKAT"), ("PENGHARGAAN", "NAMA PENGHARGAAN")]


@pytest.mark.parametrize(("name", "heading"), [one for one in required_headings() if one not in ONLY_SIGNS])
def test_a_missing_heading_is_named_where_most_of_the_others_are_there(name, heading):
    assert refusal([other for other in HEADINGS[name] if other != heading]) == ("heading.missing", heading)


@pytest.mark.parametrize(
    "headings",
    [
        ("NIP", "TAHUN"),
        ("NIP", "TAHUN", "BULAN", "HADIR"),
        ("NIP", "NAMA", "JENIS", "TANGGAL LAHIR"),
        ("NIP", "TINGKAT", "TANGGAL"),
    ],
)
def test_a_list_of_people_with_no_heading_of_a_layouts_own_is_recognised_as_none(headings):
    assert recognise(sheet(headings)) is None


def test_the_name_of_a_sheet_tells_more_than_its_headings():
    assert refusal(["NIP", "NAMA", "JENIS", "JP", "TINGKAT"], "PENDIDIKAN")[1] == "BIDANG, SEKOLAH, TAHUN LULUS"


def test_all_missing_headings_are_named():
    assert refusal(["NIP", "NAMA TIM", "SELESAI"], "TIM KERJA") == ("heading.missing", "PERAN, CAKUPAN, MULAI")


@pytest.mark.parametrize("name", HEADINGS)
def test_a_heading_that_stands_twice_is_refused_by_its_name(name):
    heading = HEADINGS[name][1]
    assert refusal([*HEADINGS[name], heading.lower().replace(" ", "_")]) == ("heading.repeated", heading)


def test_an_optional_heading_that_stands_twice_is_refused_and_one_nobody_reads_is_not():
    assert refusal([*DATA_ASN, "ESELON ID"]) == ("heading.repeated", "ESELON ID")
    assert recognise(sheet([*DATA_ASN, "NIK"])).layout is layouts.EMPLOYEES


def test_data_asn_needs_none_of_its_optional_columns():
    needed = [column.heading for column in layouts.EMPLOYEES.columns]
    assert recognise(sheet(needed)).layout is layouts.EMPLOYEES


def test_what_must_not_be_stored_is_in_no_layout():
    read_columns = {c.heading for one in layouts.LAYOUTS for c in (*one.columns, *one.optional)}
    assert set(DATA_ASN) >= PRIVATE
    assert not read_columns & PRIVATE


def test_what_must_not_be_stored_is_not_among_the_values_of_a_row():
    said = {"NIP BARU": NIP, "NAMA": "BUDI", "INSTANSI KERJA NAMA": "Pemerintah Kota Dumai"}
    row = [said.get(heading, "rahasia" if heading in PRIVATE else None) for heading in DATA_ASN]
    assert "rahasia" not in recognise(sheet(DATA_ASN)).read(row).values()


# rows


def test_a_row_becomes_values_by_field():
    assert read("DIKLAT") == {
        "nip": NIP, "name": "Pelatihan Struktural", "kind": "structural", "hours": 12, "finished_on": date(2020, 8, 19),
    }  # fmt: skip
    assert read("JABATAN") == {
        "nip": NIP, "position_type": "Jabatan Fungsional", "name": "ANALIS KEBIJAKAN AHLI PERTAMA",
        "level": "jf_ahli_pertama", "unit_id": "A34B", "institution": "Pemerintah Kota Dumai",
        "effective_from": date(2023, 7, 12), "status": "definitive",
    }  # fmt: skip


def test_a_row_of_data_asn_is_read_with_its_absent_cells_as_none():
    said = {
        "NIP BARU": f"'{NIP}", "NAMA": "BUDI", "INSTANSI KERJA NAMA": "Pemerintah Kota Dumai", "MK BULAN": "00",
        "JENIS KELAMIN": "F", "ESELON ID": "-",
    }  # fmt: skip
    values = recognise(sheet(DATA_ASN)).read([said.get(heading, "") for heading in DATA_ASN])
    assert {field: value for field, value in values.items() if value is not None} == {
        "nip": NIP, "name": "BUDI", "working_institution": "Pemerintah Kota Dumai", "service_months": 0,
        "sex": "female",
    }  # fmt: skip
    assert len(values) == len(layouts.EMPLOYEES.columns) + len(layouts.EMPLOYEES.optional)


def test_the_root_of_the_units_has_no_parent():
    assert recognise(sheet(HEADINGS["HierarkiUnor"])).read(["E67E", "PEMERINTAH KOTA DUMAI", ""]) == {
        "id": "E67E", "name": "PEMERINTAH KOTA DUMAI", "parent_id": None,
    }  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_a_row_reads_the_same_in_any_order_of_columns(name):
    cells = dict(zip(HEADINGS[name], (NIP, *ROWS[name]), strict=True))
    for order in (sorted(cells), [*reversed(cells)]):
        assert recognise(sheet(order)).read([cells[heading] for heading in order]) == read(name)


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("absent", ["", "-", None])
def test_an_absent_cell_is_none_where_it_is_optional_and_missing_where_it_is_not(name, absent):
    layout = recognise(sheet(HEADINGS[name])).layout
    for column in layout.columns:
        if column.required:
            expected = RefusedCell(column.heading, absent, "cell.missing", {})
            assert read(name, **{column.heading: absent}) == expected
        else:
            assert read(name, **{column.heading: absent})[column.field] is None


@pytest.mark.parametrize(
    ("headings", "column"),
    [
        (("NIP", "NAMA", "JENIS", "JP", "TANGGAL SELESAI"), "NIP"),
        (("TANGGAL SELESAI", "JP", "NAMA", "JENIS", "NIP"), "TANGGAL SELESAI"),
        (("NAMA", "CATATAN", "JP", "NIP", "JENIS", "TANGGAL SELESAI"), "JP"),
        (("jenis", "nip", "nama", "jp", "tanggal_selesai"), "JENIS"),
    ],
)
def test_the_first_offending_cell_in_the_order_of_the_file_is_named(headings, column):
    wrong = {"NAMA": "Pelatihan"}
    refused = recognise(sheet(headings)).read([wrong.get(heading, "x") for heading in headings])
    assert (refused.column, refused.value) == (column, "x")


def test_a_nip_nobody_has_is_refused_in_its_turn():
    unknown = RefusedCell("NIP", f"'{NIP}", "nip.unknown", {})
    assert read("DIKLAT", lambda _: False) == unknown
    assert read("DIKLAT", lambda _: False, JENIS="x") == unknown
    assert read("DIKLAT", {NIP}.__contains__)["nip"] == NIP
    headings = ("JENIS", "NAMA", "JP", "TANGGAL SELESAI", "NIP")
    refused = recognise(sheet(headings)).read(["x", "Pelatihan", "1", "19-08-2020", NIP], lambda _: False)
    assert refused.code == "value.unknown"


@pytest.mark.parametrize(
    ("name", "heading", "allowed"),
    [
        ("SKP", "PREDIKAT KINERJA", "SANGAT BAIK, BAIK, BUTUH PERBAIKAN, KURANG, SANGAT KURANG"),
        ("SKP", "HASIL KERJA", "DI ATAS EKSPEKTASI, SESUAI EKSPEKTASI, DI BAWAH EKSPEKTASI"),
        ("UMPAN BALIK 360", "PREDIKAT", "SANGAT BAIK, BAIK, BUTUH PERBAIKAN, KURANG, SANGAT KURANG"),
        ("PENGHARGAAN", "TINGKAT", "INTERNASIONAL, NASIONAL, LINTAS INSTANSI, INSTANSI"),
        ("TIM KERJA", "PERAN", "KETUA, ANGGOTA"),
        ("TIM KERJA", "CAKUPAN", "LINTAS INSTANSI, INTERNAL"),
        ("DIKLAT", "JENIS", "TEKNIS, FUNGSIONAL, STRUKTURAL, SERTIFIKASI"),
        (
            "JABATAN", "JENJANG",
            ", ".join(PositionLevel),
        ),
        (
            "JABATAN", "STATUS",
            "DEFINITIF, PLT LEBIH TINGGI, PLT SETINGKAT, PLH LEBIH TINGGI, PLH SETINGKAT, PJ KEPALA DAERAH",
        ),
        ("HUKUMAN DISIPLIN", "TINGKAT", "RINGAN, SEDANG, BERAT"),
    ],
)  # fmt: skip
def test_an_unknown_choice_is_refused_with_the_labels_that_are_allowed(name, heading, allowed):
    assert read(name, **{heading: "LAINNYA"}) == RefusedCell(heading, "LAINNYA", "value.unknown", {"allowed": allowed})
    for label in allowed.split(", "):
        assert isinstance(read(name, **{heading: label}), dict)
        assert read(name, **{heading: label.swapcase()}) == read(name, **{heading: label})


@pytest.mark.parametrize("heading", ["INTEGRITAS", "PEREKAT BANGSA"])
def test_a_level_outside_one_to_five_is_refused_and_a_blank_one_is_not(heading):
    assert read("ASESMEN KOMPETENSI", **{heading: "6"}) == RefusedCell(heading, "6", "level.range", {})
    assert None in read("ASESMEN KOMPETENSI", **{heading: ""}).values()


@pytest.mark.parametrize("cell", ["93,47", "93.470", 93.47, " '93,470000"])
def test_a_total_is_the_same_row_however_it_is_written(cell):
    told = read("NILAI ASESMEN", NILAI=cell)
    assert told["instrument"] == "potensi-jpm"
    assert row_key(list(told.values())) == row_key(list(read("NILAI ASESMEN").values()))


@pytest.mark.parametrize("truth", [True, 1.0, 1, "1"])
def test_a_cell_is_judged_by_its_kind_whatever_was_read_before(truth):
    read_before = [read("DIKLAT", JP=cell) for cell in ("1", 1, 1.0, True)]
    assert read("DIKLAT", JP=truth) == read_before[3 if truth is True else 0]
    assert read_before[3].code == "number.invalid"


@pytest.mark.parametrize(
    ("role", "scope", "stored"),
    [
        ("KETUA", "LINTAS INSTANSI", "lead_cross_institution"), ("KETUA", "INTERNAL", "lead_internal"),
        ("anggota", "lintas  instansi", "member_cross_institution"), ("ANGGOTA", "INTERNAL", "member_internal"),
    ],
)  # fmt: skip
def test_the_role_in_a_team_says_its_scope_too(role, scope, stored):
    values = read("TIM KERJA", PERAN=role, CAKUPAN=scope)
    assert values["role"] == stored
    assert "scope" not in values


@pytest.mark.parametrize(
    ("name", "begin", "end"), [("TIM KERJA", "MULAI", "SELESAI"), ("HUKUMAN DISIPLIN", "TMT MULAI", "TMT SELESAI")]
)
def test_an_end_before_the_beginning_is_refused_and_the_same_day_or_no_end_is_not(name, begin, end):
    refused = RefusedCell(end, "01-03-2024", "date.order", {})
    assert read(name, **{begin: "02-03-2024", end: "01-03-2024"}) == refused
    assert isinstance(read(name, **{begin: "01-03-2024", end: "01-03-2024"}), dict)
    assert isinstance(read(name, **{begin: "01-03-2024", end: None}), dict)


@pytest.mark.parametrize(
    ("label", "level"),
    [
        ("SLTA", "slta"), ("D-III", "d3"), ("d-iii", "d3"), ("D-IV", "d4"), ("S-1", "s1"), ("s-2", "s2"), ("S-3", "s3"),
        ("Diploma Empat", None), ("S1", None), ("SLTP", None),
    ],
)  # fmt: skip
def test_a_level_of_education_is_kept_as_written_and_understood_where_the_rubric_knows_it(label, level):
    values = read("PENDIDIKAN", TINGKAT=label)
    assert (values["level_label"], values["level"]) == (label, level)


# the identity of a row

STORED = st.none() | st.integers() | st.dates() | st.text(st.characters(exclude_categories=["Cc", "Cs"]))


@given(st.lists(st.tuples(STORED, STORED), min_size=1, max_size=6))
def test_equal_rows_have_one_key_and_rows_that_differ_in_any_value_have_two(pairs):
    one, other = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    assert row_key(one) == row_key(list(one))
    same = [(value is None, str(value)) for value in one] == [(value is None, str(value)) for value in other]
    assert (row_key(one) == row_key(other)) is same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([None], [""]), (["a", None], ["a", ""]), (["a", None], [None, "a"]), (["ab", "c"], ["a", "bc"]),
        (["None"], [None]), (["="], [""]), (["a", "b"], ["a=b", None]), ([None, "a=", "b"], [None, "a", "=b"]),
    ],
)  # fmt: skip
def test_values_that_look_alike_make_different_rows(one, other):
    assert row_key(one) != row_key(other)


def test_the_key_of_a_row_stays_what_it_was_when_rows_were_stored():
    assert (
        str(row_key(["Pelatihan", "structural", 12, None, date(2020, 8, 19)])) == "3e4676b5-accd-888a-878d-29849b25e3e5"
    )
