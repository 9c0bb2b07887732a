"""SIASN's rows become our values or are named as having none; nothing is guessed at, and nothing is fatal."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.db import staging
from app.dev.seed.folders import employee
from app.dev.siasn_simulator import telling
from app.dev.siasn_simulator.people import held, register
from app.dev.siasn_simulator.quirks import USUAL, Quirk, spoil
from app.domain import evidence
from app.domain.careers import PositionLevel
from app.domain.evidence import CODES, Kind
from app.domain.mapping import completed
from app.sheets import layouts
from app.siasn import codes, wire
from app.siasn.mapping import KINDS, Mapped, NotOurs, evidence_of, evidences_of, talent_of
from app.siasn.names import DEFAULT, names_of
from app.siasn.reading import Unmapped

INSTITUTION = "Pemerintah Kota Bontang"
ACTIVE = frozenset({"01", "71"})
PEOPLE = register(INSTITUTION)
COMPETENT = dict.fromkeys(wire.COMPETENCY_KEYS, "3")


def mapped(history: str, **row: object) -> Mapped:
    outcome = evidence_of(history, row)
    assert isinstance(outcome, Mapped), outcome
    return outcome


def unmapped(history: str, **row: object) -> Unmapped:
    outcome = evidence_of(history, row)
    assert isinstance(outcome, Unmapped), outcome
    return outcome


def a_person(**but: object) -> dict[str, object]:
    nip = next(iter(PEOPLE.people))
    return PEOPLE.told(nip)[wire.PERSON][0] | but


def a_talent(**but: object) -> Mapped:
    outcome = talent_of(a_person(**but), INSTITUTION, ACTIVE)
    assert isinstance(outcome, Mapped), outcome
    return outcome


# ── out and back


def line(longest: int = 30) -> st.SearchStrategy[str]:
    return st.text("ABC éş'/.,0123456789-", min_size=1, max_size=longest).map(
        lambda said: f"X{' '.join(said.split())}".strip()
    )


DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
YEARS = st.integers(1900, 2099)
LEVELS = st.integers(1, 5)


def one_of(kind: Kind) -> st.SearchStrategy[str]:
    return st.sampled_from(CODES[kind])


@st.composite
def posts(draw: st.DrawFn) -> dict[str, object]:
    """A definitive post whose name tells the level that functional posts have by it."""
    level = draw(st.sampled_from([it for it in PositionLevel if it is not PositionLevel.JPT_UTAMA]))
    kind = codes.THEIR_POSITION_TYPE[level.value]
    suffix = level.value.removeprefix("jf_").replace("_", " ").upper() if kind == "2" else ""
    return {
        "position_type": codes.POSITION_TYPES[kind].title(),
        "name": f"{draw(line())} {suffix}".strip(),
        "level": level.value,
        "unit_id": draw(st.none() | st.from_regex(r"[0-9A-F]{32}", fullmatch=True)),
        "institution": draw(st.none() | line()),
        "effective_from": draw(DAYS),
        "status": "definitive",
    }


def assessments(kind: Kind, told: dict[str, str]) -> st.SearchStrategy[dict[str, object]]:
    levels = st.fixed_dictionaries(dict.fromkeys(told.values(), LEVELS))
    years = YEARS.map(lambda year: {"assessed_on": date(year, 1, 1), "method": None})
    return st.tuples(years, levels).map(lambda parts: parts[0] | parts[1])


OURS = {
    Kind.POSITION: posts(),
    Kind.EDUCATION: st.fixed_dictionaries(
        {
            "level": one_of(Kind.EDUCATION),
            "level_label": line(),
            "field": st.none() | line(),
            "school": st.none() | line(),
            "graduated_in": st.none() | YEARS,
        }
    ),
    Kind.TRAINING: st.fixed_dictionaries(
        {
            "name": line(),
            "kind": st.sampled_from(("technical", "functional", "structural")),
            "hours": st.none() | st.integers(0, 10_000),
            "finished_on": DAYS,
        }
    )
    | st.fixed_dictionaries(
        {"name": line(), "kind": st.just("certification"), "hours": st.none(), "finished_on": DAYS}
    ),
    Kind.PERFORMANCE_APPRAISAL: st.fixed_dictionaries(
        {
            "year": YEARS,
            "work_result_rating": st.none() | one_of(Kind.WORK_RESULT),
            "behaviour_rating": st.none() | one_of(Kind.WORK_RESULT),
            "predicate": one_of(Kind.PERFORMANCE_APPRAISAL),
            "appraiser_nip": st.sampled_from((None, "198501012010011001")),
        }
    ),
    Kind.SANCTION: st.tuples(DAYS, DAYS, one_of(Kind.SANCTION), st.none() | line()).map(
        lambda said: {
            "severity": said[2],
            "kind": said[3],
            "starts_on": min(said[:2]),
            "ends_on": max(said[:2]),
        }
    ),
    Kind.COMPETENCY_ASSESSMENT: assessments(Kind.COMPETENCY_ASSESSMENT, dict(codes.OUR_COMPETENCY)),
    Kind.POTENTIAL_ASSESSMENT: assessments(Kind.POTENTIAL_ASSESSMENT, dict(codes.OUR_POTENTIAL)),
}


@pytest.mark.parametrize("kind", OURS, ids=str)
@given(data=st.data(), nip=st.sampled_from(["198501012010011001", "199912312020122002"]), place=st.integers(0, 40))
@settings(max_examples=40, deadline=None)
def test_what_is_told_as_siasn_tells_it_comes_back_as_it_was_with_all_its_quirks(
    kind: Kind, data: st.DataObject, nip: str, place: int
) -> None:
    values = data.draw(OURS[kind])
    history, said = telling.TOLD[kind](values)
    row = telling.owned(history, said, nip, "P1", place)
    spoilt = spoil({history: [dict(row)]}, nip, data.draw(st.sets(st.sampled_from(sorted(USUAL)))))[history][0]
    told = {key: value for key, value in spoilt.items() if key in wire.HISTORIES[history].stored}
    outcome = evidence_of(history, told)
    assert outcome == Mapped(values, kind)
    assert evidence_of(history, row) == outcome


def test_a_sync_of_the_demonstration_brings_what_its_files_brought() -> None:
    """Of what SIASN knows: the hours of certificates, levels of awards and days of assessments it does not."""
    told = {Kind.POSITION, Kind.EDUCATION, Kind.TRAINING, Kind.PERFORMANCE_APPRAISAL, Kind.SANCTION}
    for nip, person in list(PEOPLE.people.items())[::9]:
        rows = spoil(PEOPLE.told(nip), nip, USUAL)
        outcomes = [it for history, found in rows.items() for it in evidences_of(history, found)]
        found = [(it.kind, it.values) for it in outcomes if isinstance(it, Mapped)]
        for kind, values in held(person):
            is_told = kind in told and values.get("kind") != "certification"
            if is_told and values.get("status", "definitive") == "definitive":
                expected = values | ({"appraiser_nip": None} if kind is Kind.PERFORMANCE_APPRAISAL else {})
                assert (kind, expected) in found


def test_a_person_is_who_the_personnel_file_says() -> None:
    columns = (*layouts.EMPLOYEES.columns, *layouts.EMPLOYEES.optional)
    for nip, person in PEOPLE.people.items():
        cells = employee(person, PEOPLE.workforce)
        filed = {column.field: column.parse(cells.get(column.heading)) for column in columns}
        talent = talent_of(spoil(PEOPLE.told(nip), nip, USUAL)[wire.PERSON][0], INSTITUTION, ACTIVE)
        assert talent == Mapped(completed(filed, INSTITUTION, ACTIVE))


def test_values_have_the_columns_of_their_tables() -> None:
    address = {"sheet_number", "row_number", "row_key", "nip"}
    for nip in list(PEOPLE.people)[::20]:
        rows = PEOPLE.told(nip)
        assert a_talent().values.keys() == set(staging.TALENTS.columns) - {"sheet_number", "row_number"}
        for history in rows.keys() & KINDS.keys():
            for outcome in evidences_of(history, rows[history]):
                if isinstance(outcome, Mapped) and outcome.kind is not None:
                    columns = set(staging.EVIDENCE[outcome.kind].columns) - address
                    told = set(evidence.ASPECTS.get(outcome.kind, ()))
                    assert outcome.values.keys() - told == columns - told


# ── never fatal

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
    | st.sampled_from(["01-01-0001", "31-02-2020", "2020-01-01T00:00:00Z", "1", "D", "PLT", "-", "\x00", "9" * 40]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=3,
)  # fmt: skip


@pytest.mark.parametrize("history", [wire.PERSON, *KINDS])
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_no_row_is_fatal(history: str, data: st.DataObject) -> None:
    keys = sorted(wire.HISTORIES[history].stored) or ["id"]
    row = data.draw(st.dictionaries(st.sampled_from(keys), ANYTHING, max_size=8))
    if history == wire.PERSON:
        assert isinstance(talent_of(row, INSTITUTION, ACTIVE), (Mapped, Unmapped))
    else:
        [outcome] = evidences_of(history, [row])
        assert isinstance(outcome, (Mapped, Unmapped, NotOurs))


def test_odd_codes_and_unreadable_words_are_named_and_the_rest_is_kept() -> None:
    talent = a_talent(jenisKelamin="X", mkTahun="dua", tglLahir="31-02-1980", eselonId="77", nama=" SITI  CONTOH ")
    noted = {(one.code, one.key, one.value) for one in talent.unmapped}
    assert noted == {
        ("siasn.code_unknown", "jenisKelamin", "X"),
        ("siasn.unreadable", "mkTahun", "dua"),
        ("siasn.unreadable", "tglLahir", "31-02-1980"),
        ("siasn.code_unknown", "eselonId", "77"),
    }
    assert talent.values["sex"] is talent.values["service_years"] is talent.values["born_on"] is None
    assert talent.values["name"] == "SITI CONTOH"


@pytest.mark.parametrize("key", ["nipBaru", "nama"])
def test_a_person_without_a_number_or_a_name_is_nobody(key: str) -> None:
    assert talent_of(a_person(**{key: "- "}), INSTITUTION, ACTIVE) == Unmapped("siasn.missing", key)


def test_nothing_that_cannot_be_stored_comes_through() -> None:
    assert a_talent(unorNama="BIDANG\x00CONTOH", jabatanNama="X" * 501).values["unit_name"] is None
    assert Unmapped("siasn.unreadable", "unorNama", "BIDANGCONTOH") in a_talent(unorNama="BIDANG\x00CONTOH").unmapped


# ── people


def test_who_works_elsewhere_or_is_not_active_is_on_the_books_and_not_on_the_map() -> None:
    assert a_talent().values["is_mapped"] is True
    moved = a_talent(instansiKerjaNama="Pemerintah Kota Lain").values
    assert (moved["is_mapped"], moved["unmapped_because"]) == (False, "worksElsewhere")
    assert a_talent(kedudukanPnsId="02").values["unmapped_because"] == "notActive"
    assert a_talent(instansiKerjaNama=f" {INSTITUTION.upper()}  ").values["is_mapped"] is True


def test_a_post_is_named_by_its_jenis_jabatan_and_its_level_follows_from_it() -> None:
    functional = {"jenisJabatanId": "2", "eselonId": "99", "eselon": "-", "jabatanNama": None}
    named = {"jabatanFungsionalId": "J1", "jabatanFungsionalNama": "PERENCANA AHLI MUDA"}
    values = a_talent(**functional, **named).values
    assert (values["position"], values["position_id"]) == ("PERENCANA AHLI MUDA", "J1")
    assert (values["position_level"], values["echelon_id"], values["echelon"]) == ("jf_ahli_muda", None, None)
    assert a_talent(eselonId="11", jenisJabatanId="1").values["position_level"] is None


@pytest.mark.parametrize(("written", "year"), [("1919", 1919), ("01-08-1919", 1919), (1919, 1919), ("0", None)])
def test_the_year_of_a_diploma_is_a_year_or_a_date(written: object, year: int | None) -> None:
    assert a_talent(tahunLulus=written).values["graduated_in"] == year


# ── posts

OWN = {"jenisJabatan": "2", "namaJabatan": "PERENCANA AHLI MUDA", "tmtJabatan": "01-02-2020", "jenisPenugasanId": "D"}
ACTING = {"jenisJabatan": "1", "namaJabatan": "KEPALA BIDANG", "tmtJabatan": "01-03-2021", "jenisPenugasanId": "PLT"}


def test_whether_an_acting_post_is_higher_is_read_from_the_own_post_of_that_day() -> None:
    rows = [ACTING | {"eselonId": "31"}, OWN, ACTING | {"eselonId": "41"}]
    rows += [rows[0] | {"jenisPenugasanId": "PLH"}, rows[0] | {"tmtJabatan": "31-01-2020"}]
    rows += [rows[0] | {"tmtJabatan": OWN["tmtJabatan"]}, rows[0] | {"tmtJabatan": "02-01-2023"}]
    rows += [OWN | {"namaJabatan": "PERENCANA AHLI MADYA", "tmtJabatan": "01-01-2023"}]
    outcomes = evidences_of("rw-jabatan", rows)
    statuses = [it.values["status"] if isinstance(it, Mapped) else it for it in outcomes]
    nobody_knows = Unmapped("siasn.acting_unknown", "jenisPenugasanId", "PLT")
    assert statuses[:5] == ["acting_higher", "definitive", "acting_same", "acting_daily_higher", nobody_knows]
    assert statuses[5:] == ["acting_higher", "acting_same", "definitive"]


@pytest.mark.parametrize(
    ("but", "code", "key"),
    [
        ({"jenisJabatan": "9"}, "siasn.code_unknown", "jenisJabatan"),
        ({"jenisJabatan": None}, "siasn.missing", "jenisJabatan"),
        ({"namaJabatan": "PERENCANA"}, "siasn.level_unknown", "namaJabatan"),
        ({"jenisJabatan": "1", "eselonId": "11"}, "siasn.level_unknown", "eselonId"),
        ({"tmtJabatan": "01-01-0001"}, "siasn.missing", "tmtJabatan"),
        ({"tmtJabatan": "31-02-2020"}, "siasn.unreadable", "tmtJabatan"),
        ({"jenisPenugasanId": "TT"}, "siasn.code_unknown", "jenisPenugasanId"),
        ({"jenisPenugasanId": "XX"}, "siasn.code_unknown", "jenisPenugasanId"),
    ],
)
def test_a_post_that_cannot_be_told_is_named_by_what_is_missing(but: dict[str, object], code: str, key: str) -> None:
    refused = unmapped("rw-jabatan", **OWN | but)
    assert (refused.code, refused.key) == (code, key)


def test_a_post_without_a_name_has_that_of_its_function_and_old_rows_are_definitive() -> None:
    name = {"namaJabatan": None, "jabatanFungsionalNama": " PERENCANA AHLI MUDA "}
    values = mapped("rw-jabatan", **OWN | name | {"jenisPenugasanId": ""}).values
    assert (values["name"], values["status"]) == ("PERENCANA AHLI MUDA", "definitive")


def test_a_move_to_another_unit_counts_from_its_own_day() -> None:
    moved = OWN | {"jenisMutasiId": "MU", "tmtMutasi": "05-06-2022"}
    assert mapped("rw-jabatan", **moved).values["effective_from"] == date(2022, 6, 5)
    assert mapped("rw-jabatan", **moved | {"tmtMutasi": "01-01-0001"}).values["effective_from"] == date(2020, 2, 1)


def test_penjabat_of_a_region_is_its_acting_head() -> None:
    post = {"jenisJabatan": "1", "eselonId": "22", "tmtJabatan": "01-03-2021", "jenisPenugasanId": "PJ"}
    assert mapped("rw-jabatan", **post, namaJabatan="PJ WALI KOTA").values["status"] == "acting_regional_head"
    assert unmapped("rw-jabatan", **post, namaJabatan="KEPALA DINAS").key == "jenisPenugasanId"


def test_deleted_rows_are_not_ours() -> None:
    assert evidence_of("rw-jabatan", OWN | {"deletedAt": "31-12-2024"}) is NotOurs.DELETED
    assert isinstance(evidence_of("rw-jabatan", OWN | {"deletedAt": "01-01-0001"}), Mapped)


# ── sanctions

SANCTION = {"jenisTingkatHukumanId": "S", "jenisHukumanNama": "Teguran", "hukumanTanggal": "31-01-2025"}


@pytest.mark.parametrize(
    ("said", "ends", "codes_of_notes"),
    [
        ({"akhirHukumTanggal": "31-01-2026"}, date(2026, 1, 31), []),
        ({"akhirHukumanTanggal": "31-01-2026"}, date(2026, 1, 31), []),
        ({"akhirHukumTanggal": "01-01-0001", "masaTahun": "1", "masaBulan": "1"}, date(2026, 2, 28), []),
        ({"masaTahun": "0", "masaBulan": ""}, None, ["siasn.open_ended"]),
        ({"akhirHukumTanggal": "30-01-2025"}, None, ["siasn.dates_reversed"]),
        ({"akhirHukumTanggal": "x", "masaTahun": "1"}, date(2026, 1, 31), ["siasn.unreadable"]),
    ],
)
def test_the_end_of_a_sanction_is_said_or_computed_or_unknown(
    said: dict[str, object], ends: date | None, codes_of_notes: list[str]
) -> None:
    outcome = mapped("rw-hukdis", **SANCTION | said)
    assert (outcome.values["ends_on"], [note.code for note in outcome.unmapped]) == (ends, codes_of_notes)
    assert outcome.values["severity"] == "medium"


@pytest.mark.parametrize("decree", [{"skPembatalanNomor": "1/2025"}, {"skPembatalanTanggal": "01-02-2025"}])
def test_a_later_decree_annuls_a_sanction(decree: dict[str, object]) -> None:
    assert evidence_of("rw-hukdis", SANCTION | decree) is NotOurs.ANNULLED
    blank = {"skPembatalanNomor": " ", "skPembatalanTanggal": "01-01-0001"}
    assert isinstance(evidence_of("rw-hukdis", SANCTION | blank), Mapped)


# ── the rest


def test_an_appraisal_is_read_by_its_numbers_whatever_the_labels_say() -> None:
    row = {"tahun": "2024", "hasilKinerjaNilai": "1", "PerilakuKerjaNilai": 3, "KuadranKinerjaNilai": "4"}
    values = mapped("rw-skp22", **row, kuadranKinerja="SANGAT BAIK", hasilKinerja="SESUAI ESPEKTASI").values
    assert (values["work_result_rating"], values["behaviour_rating"]) == ("above", "below")
    assert values["predicate"] == "poor"
    refused = unmapped("rw-skp22", **row | {"KuadranKinerjaNilai": None}, kuadranKinerja="BAIK")
    assert refused == Unmapped("siasn.missing", "KuadranKinerjaNilai")


def test_what_is_said_within_a_year_and_what_we_have_no_kind_for_is_not_ours() -> None:
    for history in wire.HISTORIES.keys() - KINDS.keys() - {wire.PERSON}:
        assert evidence_of(history, {"id": "1", "tahun": "2024"}) is NotOurs.HISTORY


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"jenisDiklatId": "2"}, "functional"),
        ({"jenisDiklatId": "DIKLAT TEKNIS"}, "technical"),
        ({"jenisDiklatId": "", "jenisKursusSertifikat": "Diklat  Fungsional"}, "functional"),
        ({"jenisKursusSertifikat": "T"}, "technical"),
        ({"jenisDiklatId": "9", "jenisKursusSertifikat": "DIKLAT TEKNIS"}, None),
        ({"jenisDiklatId": "77", "jenisKursusSertifikat": "P"}, None),
    ],
)
def test_a_course_is_of_the_kind_that_its_code_or_its_words_say(said: dict[str, object], kind: str | None) -> None:
    row = {"namaKursus": "Analisis", "jumlahJam": 20, "tanggalSelesaiKursus": "01-05-2024"}
    if kind is None:
        assert unmapped("rw-kursus", **row | said).code == "siasn.code_unknown"
    else:
        assert mapped("rw-kursus", **row | said).values["kind"] == kind


def test_a_certificate_may_spell_its_days_either_way_and_has_no_hours() -> None:
    row = {"namaSertifikasi": "Risiko", "masaBerlakuSertMulai": "01-05-2024", "tanggalSertifikat": "01-01-0001"}
    values = mapped("rw-sertifikasi", **row).values
    assert (values["finished_on"], values["hours"], values["kind"]) == (date(2024, 5, 1), None, "certification")


def test_an_award_has_the_level_that_a_table_gives_it() -> None:
    row = {"skDate": "17-08-2023", "hargaId": "201", "hargaNama": "Satyalancana Karya Satya X Tahun"}
    assert mapped("rw-penghargaan", **row).values["level"] == "national"
    other = row | {"hargaNama": "Satyalancanawan"}
    assert unmapped("rw-penghargaan", **other).code == "siasn.code_unknown"
    outcome = evidence_of("rw-penghargaan", other, names_of(NAMES))
    assert isinstance(outcome, Mapped)
    assert outcome.values["level"] == "institution"


def test_an_assessment_is_read_by_a_table_of_names_and_of_a_year_the_first_day_counts() -> None:
    outcome = mapped(wire.COMPETENCY, id="1", tahun="2024", **COMPETENT, literasiDigital="4")
    assert outcome.values["integrity"] == 3
    assert outcome.values["assessed_on"] == date(2024, 1, 1)
    assert outcome.unmapped == (Unmapped("siasn.code_unknown", "literasiDigital", "4"),)
    in_points = mapped(wire.COMPETENCY, tahun="2024", **COMPETENT | {"integritas": "78.5"})
    assert in_points.values["integrity"] is None
    assert in_points.unmapped == (Unmapped("siasn.unreadable", "integritas", "78.5"),)
    assert unmapped(wire.COMPETENCY, tahun="2024").code == "siasn.missing"
    emotional = evidence_of(wire.POTENTIAL, {"tahun": "2024", "emosi": 5, "total": "80"}, names_of(NAMES))
    assert isinstance(emotional, Mapped)
    assert emotional.values["emotional_intelligence"] == 5


NAMES = {
    "version": "2",
    "competencies": dict(DEFAULT.competencies),
    "potentials": {"emosi": "emotional_intelligence"},
    "trainings": {"8": "technical"},
    "awards": {"201": "institution", "satyalancanawan": "international"},
}


@pytest.mark.parametrize(
    "document",
    [[], {}, NAMES | {"other": {}}, NAMES | {"awards": {"X": "best"}}, NAMES | {"potentials": []}],
)
def test_a_table_of_names_that_is_none_is_refused(document: object) -> None:
    with pytest.raises(ValueError, match=r"parts|awards|potentials"):
        names_of(document)


def test_the_index_of_professionalism_is_a_total_of_its_own_instrument() -> None:
    values = mapped(wire.PROFESSIONALISM, subtotal="75.50", created_at="2025-01-31 10:15:00", tahun="2024").values
    assert values == {"assessed_on": date(2025, 1, 31), "instrument": "ip-asn", "value": Decimal("75.5")}
    assert mapped(wire.PROFESSIONALISM, subtotal=80, tahun="2024").values["assessed_on"] == date(2024, 1, 1)
    assert unmapped(wire.PROFESSIONALISM, subtotal="101", tahun="2024").code == "siasn.unreadable"


def test_an_odd_label_of_a_diploma_is_kept_without_a_level() -> None:
    row = {"pendidikanNama": "TEKNIK", "tahunLulus": "", "tglLulus": "01-08-2001"}
    odd = mapped("rw-pendidikan", **row, tkPendidikanId="99", tkPendidikanNama="Spesialis")
    assert (odd.values["level"], odd.values["level_label"], odd.values["graduated_in"]) == (None, "Spesialis", 2001)
    assert [note.key for note in odd.unmapped] == ["tkPendidikanId"]
    assert mapped("rw-pendidikan", **row, tkPendidikanId="05").values["level_label"] == "Sekolah Dasar"
    assert unmapped("rw-pendidikan", **row) == Unmapped("siasn.missing", "tkPendidikanNama")


def test_every_quirk_of_the_simulator_changes_something() -> None:
    nips = list(PEOPLE.people)[:20]
    plain = [spoil(PEOPLE.told(nip), nip, ()) for nip in nips]
    for quirk in set(Quirk) - {Quirk.UNIT_CYCLE}:
        assert [spoil(PEOPLE.told(nip), nip, {quirk}) for nip in nips] != plain, quirk
