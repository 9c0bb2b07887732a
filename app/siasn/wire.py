"""SIASN's words: every field list spelt as it is served, code lists, the reading of its text, and its envelopes.

Reconstructed from public clients of the gateway; misspellings are the wire's own. What is served here (`keys`) is
exactly what those clients write into their tables, so that a key more or less breaks them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final

PERSON, PART_TIME_PERSON, PROFESSIONALISM = "data-utama", "data-utama/paruhwaktu", "nilaiipasn"
POTENTIAL, COMPETENCY = "rw-potensi", "rw-kompetensi"


@dataclass(frozen=True, slots=True)
class History:
    """One endpoint below `/pns/` about a person.

    `keys` are served, in this order; `row_id` and `owner` name the keys that identify a row and its person, first
    found counts; `also_read` are other spellings and later keys that a pull may meet; `never_stored` is dropped
    before anything is written. `is_one`: the data is an object, not a list. `is_provisional`: nobody outside has
    shown how the rows look.
    """

    name: str
    keys: tuple[str, ...]
    owner: tuple[str, ...] = ("idPns",)
    row_id: tuple[str, ...] = ("id",)
    also_read: tuple[str, ...] = ()
    never_stored: frozenset[str] = frozenset()
    is_one: bool = False
    is_provisional: bool = False

    @property
    def stored(self) -> frozenset[str]:
        """The keys that may be kept from a pull: an allow-list."""
        return STORED[self.name]

    def id_of(self, row: Mapping[str, object]) -> str | None:
        """SIASN's id of a row; what is one object a person and carries no id is known by the endpoint's name."""
        found = next((said for key in self.row_id if (said := identity(row.get(key))) is not None), None)
        return self.name if found is None and self.is_one else found


def _keys(words: str) -> tuple[str, ...]:
    return tuple(words.split())


PERSON_STORED = _keys("""
    id nipBaru nipLama nama gelarDepan gelarBelakang tglLahir jenisKelamin jenisPegawaiId jenisPegawaiNama
    kedudukanPnsId kedudukanPnsNama statusPegawai tmtCpns tmtPns tglSkCpns tglSkPns nomorSkCpns nomorSkPns
    tmtPensiun bupPensiun tkPendidikanTerakhirId tkPendidikanTerakhir pendidikanTerakhirId pendidikanTerakhirNama
    tahunLulus instansiIndukId instansiIndukNama instansiKerjaId instansiKerjaNama instansiKerjaKodeCepat
    satuanKerjaIndukId satuanKerjaIndukNama satuanKerjaKerjaId satuanKerjaKerjaNama unorId unorNama unorIndukId
    unorIndukNama jenisJabatanId jenisJabatan jabatanNama jabatanStrukturalId jabatanStrukturalNama
    jabatanFungsionalId jabatanFungsionalNama jabatanFungsionalUmumId jabatanFungsionalUmumNama tmtJabatan eselon
    eselonId eselonLevel tmtEselon jenjang jabatanAsn asnJenjangJabatan kode_jenjang_jabatan levelJabatan
    kelas_jabatan golRuangAwalId golRuangAwal golRuangAkhirId golRuangAkhir tmtGolAkhir pangkatAwal pangkatAkhir
    mkTahun mkBulan masaKerja lokasiKerjaId lokasiKerja kanregId kanregNama validNik
""")
PERSON_NEVER_STORED = _keys("""
    nik nomorIdDocument jenisIdDokumenId jenisIdDokumenNama alamat kodePos noHp noTelp email emailGov genEmailAsn
    tempatLahir tempatLahirId agama agamaId jenisKawinId statusPerkawinan jumlahIstriSuami jumlahAnak karis_karsu
    statusHidup akteKelahiran akteMeninggal tglMeninggal noNpwp tglNpwp bpjs noAskes noTaspen taspenId taspenNama
    tanggal_taspen tabrum2 gajiPokok kpknId kpknNama kppnId kppnNama ktuaId ktuaNama kartuAsn noSeriKarpeg bahasa
    noSuratKeteranganDokter tglSuratKeteranganDokter noSuratKeteranganBebasNarkoba
    tglSuratKeteranganBebasNarkoba skck tglSkck noSpmt tglSpmt nomorSttpl tglSttpl path
""")
PERSON_OLDER = _keys("latihanStrukturalNama nomorSptm pertekCpnsPnsl2thNomor pertekCpnsPnsl2thTanggal")
"""Seen in one older client alone: neither served nor kept."""

_ROW = _keys("id idPns nipBaru nipLama")
_APPRAISER = _keys("""
    penilaiNama penilaiNipNrp penilaiUnorNama penilaiJabatan penilaiGolongan penilaiTmtGolongan penilaiNonPns
    statusPenilai
""")
_SUPERIOR = _keys("""
    atasanPenilaiNama atasanPenilaiNipNrp atasanPenilaiUnorNama atasanPenilaiJabatan atasanPenilaiGolongan
    atasanPenilaiTmtGolongan atasanNonPns statusAtasanPenilai
""")
_MOVED = """instansiKerja instansiInduk satuanKerja satuanKerjaInduk unor lokasiKerja jenisJabatan jabatanFungsional"""

COMPETENCY_KEYS = _keys("""
    integritas kerjasama komunikasi orientasiPadaHasil pelayananPublik pengembanganDiriDanOrla mengelolaPerubahan
    pengambilanKeputusan perekatBangsa
""")
POTENTIAL_KEYS = _keys("intelektual interpersonal kesadaranDiri berfikirKritis motivasiKomitmen total")

_ALL = (
    History(
        PERSON,
        PERSON_STORED + PERSON_NEVER_STORED,
        owner=("id",),
        also_read=PERSON_OLDER,
        never_stored=frozenset(PERSON_NEVER_STORED + PERSON_OLDER),
        is_one=True,
    ),
    History(
        PROFESSIONALISM,
        _keys("""
            kualifikasi kompetensi kinerja disiplin subtotal created_at tahun keterangan_kualifikasi
            keterangan_kompetensi keterangan_kinerja keterangan_disiplin keterangan_subtotal
        """),
        owner=(),
        row_id=("tahun",),
        is_one=True,
    ),
    History(
        "rw-jabatan",
        _ROW
        + _keys("""
            jenisJabatan instansiKerjaId instansiKerjaNama satuanKerjaId satuanKerjaNama unorId unorNama unorIndukId
            unorIndukNama namaUnor eselon eselonId jabatanFungsionalId jabatanFungsionalNama jabatanFungsionalUmumId
            jabatanFungsionalUmumNama namaJabatan tmtJabatan tanggalSk nomorSk tmtPelantikan tmtMutasi
            jenisPenugasanId jenisMutasiId subJabatanId path
        """),
        also_read=_keys("createdAt updatedAt deletedAt"),
    ),
    History(
        "rw-golongan",
        _ROW
        + _keys("""
            golonganId golongan pangkat tmtGolongan skNomor skTanggal noPertekBkn tglPertekBkn jumlahKreditUtama
            jumlahKreditTambahan jenisKPId jenisKPNama masaKerjaGolonganTahun masaKerjaGolonganBulan path
        """),
    ),
    History(
        "rw-pendidikan",
        _ROW
        + _keys("""
            pendidikanId pendidikanNama tkPendidikanId tkPendidikanNama tahunLulus tglLulus isPendidikanPertama
            nomorIjasah namaSekolah gelarDepan gelarBelakang path
        """),
    ),
    History(
        "rw-diklat",
        _ROW
        + _keys("""
            latihanStrukturalId latihanStrukturalNama nomor tanggal tanggalSelesai tahun jumlahJam
            institusiPenyelenggara path
        """),
    ),
    History(
        "rw-kursus",
        _ROW
        + _keys("""
            jenisDiklatId jenisKursusId jenisKursusNama jenisKursusSertifikat namaKursus institusiPenyelenggara
            jumlahJam noSertipikat tahunKursus tanggalKursus tanggalSelesaiKursus path
        """),
    ),
    History(
        "rw-sertifikasi",
        _keys("""
            id pnsOrangId namaSertifikasi nomorSertifikat tanggalSertifikat masaBerlakuSertMulai
            masaBerlakuSertSelasai gelarDepanSert gelarBelakangSert lembagaSertifikasiId lembagaSertifikasiNama
            rumpunJabatanId path
        """),
        owner=("pnsOrangId",),
        also_read=("masaBerlakuSertSelesai",),
    ),
    History(
        "rw-skp",
        _keys("""
            id pns tahun nilaiSkp orientasiPelayanan integritas komitmen disiplin kerjasama kepemimpinan
            inisiatifKerja nilaiPerilakuKerja nilaiPrestasiKerja jumlah nilairatarata konversiNilai nilaiIntegrasi
            jenisJabatan jenisPeraturanKinerjaKd pejabatPenilai
        """)
        + _APPRAISER
        + ("atasanPejabatPenilai", *_SUPERIOR),
        owner=("pns",),
    ),
    History(
        "rw-skp22",
        _keys("""
            id pnsDinilaiId tahun hasilKinerja hasilKinerjaNilai perilakuKerja PerilakuKerjaNilai kuadranKinerja
            KuadranKinerjaNilai namaPenilai nipNrpPenilai penilaiGolonganId penilaiJabatanNm penilaiUnorNm
            statusPenilai path
        """),
        owner=("pnsDinilaiId",),
    ),
    History(
        "rw-kinerjaperiodik",
        _keys("""
            id pnsDinilaiId nip nama tahun periodikId periodikNama hasilKinerja hasilKinerjaNilai perilakuKerja
            perilakuKerjaNilai kuadranNilai kuadranKinerjaNilai koefisenId kriteria persentase jabatan unorId
            unorNama instansiId instansiNama penilaiPnsId namaPenilai penilaiNipNrp penilaiGolonganId
            penilaiJabatanNama penilaiUnorNm statusPenilai path
        """),
        owner=("pnsDinilaiId",),
    ),
    History(
        "rw-angkakredit",
        _keys("""
            id pns nomorSk tanggalSk bulanMulaiPenailan tahunMulaiPenailan bulanSelesaiPenailan
            tahunSelesaiPenailan kreditUtamaBaru kreditPenunjangBaru kreditBaruTotal rwJabatan namaJabatan
            isAngkaKreditPertama isIntegrasi isKonversi Sumber created_at updated_at path
        """),
        owner=("pns",),
    ),
    History(
        "rw-hukdis",
        _keys("""
            id pnsOrang rwHukumanDisiplin jenisHukuman jenisHukumanNama jenisTingkatHukumanId hukumanTanggal
            akhirHukumTanggal masaTahun masaBulan skNomor skTanggal skPembatalanNomor skPembatalanTanggal nomorPp
            alasanHukumanDisiplin alasanHukumanDisiplinNama keterangan golongan golonganLama kedudukanHukum path
        """),
        owner=("pnsOrang",),
        also_read=("akhirHukumanTanggal",),
    ),
    History(
        "rw-penghargaan",
        _keys("ID pnsOrangId hargaId hargaNama tahun skNomor skDate path"),
        owner=("pnsOrangId",),
        row_id=("ID", "id"),
        also_read=("id",),
    ),
    History(
        POTENTIAL,
        (*_ROW[:3], "tahun", "pnsOrangId", *POTENTIAL_KEYS),
        owner=("idPns", "pnsOrangId"),
        is_provisional=True,
    ),
    History(COMPETENCY, (*_ROW[:3], "tahun", "pnsId", *COMPETENCY_KEYS), owner=("idPns", "pnsId"), is_provisional=True),
    History(
        "rw-masakerja",
        _ROW
        + _keys("""
            pengalaman tanggalAwal tanggalSelesai nomorSk tanggalSk nomorBkn tanggalBkn tasaKerjaTahun
            masaKerjaBulan dinilai path
        """),
        also_read=("masaKerjaTahun",),
    ),
    History(
        "rw-pnsunor",
        _keys("id pnsOrang unorBaru namaUnorBaru skNomor skTanggal asalId asalNama asalNamaLabel instansi path"),
        owner=("pnsOrang",),
    ),
    History(
        "rw-cltn",
        _keys("""
            id pnsOrangId cltnId skNomor skTanggal tanggalAwal tanggalAkhir tanggalAktif nomorLetterBkn
            tanggalLetterBkn path
        """),
        owner=("pnsOrangId",),
    ),
    History("rw-tubel", (), row_id=()),
    History(
        "rw-pwk",
        _keys("""
            id pnsOrang instansi satuanKerja unorBaru lokasiKerjaBaru kpknBaru skNomor skTanggal tmtPwk asalId
            asalNama path
        """),
        owner=("pnsOrang",),
    ),
    History(
        "rw-pemberhentian",
        _keys("id pnsOrang jenisHenti kedudukanHukumPns skNomor skTanggal asalId asalNama asalNamaLabel path"),
        owner=("pnsOrang",),
    ),
    History(
        "rw-pindahinstansi",
        (
            *_keys("id pnsOrang jenisPi jenisPegawai tmtPi eselon orangUsulPeremajaanId"),
            *(noun + when for noun in _MOVED.split() for when in ("Lama", "Baru")),
            *_keys("jabatanFungsionalUmumBaru kpknBaru"),
            *(f"sk{by}{what}" for by in ("Usul", "Bkn", "Asal", "Tujuan", "AsalProv") for what in ("Nomor", "Tanggal")),
            "path",
        ),
        owner=("pnsOrang",),
    ),
    History(
        "rw-dp3",
        _keys("""
            id pnsId tahun jenisJabatan kesetiaan prestasiKerja tanggungJawab ketaatan kejujuran kerjasama prakarsa
            kepemimpinan jumlah nilairatarata pejabatPenilaiId
        """)
        + _APPRAISER
        + ("atasanPejabatPenilaiId", *_SUPERIOR, "path"),
        owner=("pnsId",),
    ),
)
HISTORIES: Final[Mapping[str, History]] = MappingProxyType({history.name: history for history in _ALL})
"""By the name in the URL. Of `rw-tubel` no field list is known: nothing of it is kept, nothing served."""
STORED: Final = MappingProxyType(
    {history.name: frozenset(history.keys + history.also_read) - history.never_stored for history in _ALL}
)

_DAYS = re.compile(r"(tmt|tgl|tanggal)([A-Z]\w*)?|\w*(Tanggal|TmtGolongan|Date)|masaBerlaku\w+")
INSTANTS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "rw-golongan": frozenset({"tmtGolongan"}),
        "rw-angkakredit": frozenset({"created_at", "updated_at"}),
        PROFESSIONALISM: frozenset({"created_at"}),
        "rw-cltn": frozenset({"tanggalLetterBkn"}),
    }
)
"""The keys that are ISO timestamps; other dates are `dd-MM-yyyy`."""


def is_day(history: str, key: str) -> bool:
    """Whether a key of an endpoint says a day, written `dd-MM-yyyy`."""
    return _DAYS.fullmatch(key) is not None and key not in INSTANTS.get(history, ())


UNIT_KEYS = _keys("""
    Id InstansiId DiatasanId EselonId NamaUnor NamaJabatan CepatKode IndukUnorId PemimpinPnsId JenisUnorId
""")
TALENT_MAPPING_KEYS = _keys("pns_id box sumbu_x sumbu_y total_sumbu")

_CODED = _keys("""
    agama alasan-hukuman-disiplin asn-jenis-jabatan jenis-anak jenis-diklat jenis-jabatan kanreg kedudukan-hukum
    latihan-struktural lokasi ref-dokumen ref-jenjang-jf
""")
REFERENCES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        **dict.fromkeys(_CODED, ("id", "nama")),
        "asn-jenjang-jabatan": _keys("id nama asnJenisJabatanId level"),
        "eselon": _keys("""
            id nama terendah_id tertinggi_id eselon_level_id asn_jenjang_jabatan_id jabatan_asn level_kompetensi_jabatan
        """),
        "golongan": _keys("id nama namaPangkat fungKredututama fungKreditTambahan fungKreditTotal"),
        "instansi": _keys("id nama jenis cepatKode lokasiId jenisInstansiId"),
        "jabatan-fungsional": _keys("""
            id nama min_gol_id max_gol_id bup_usia kel_jabatan_id cepat_kode jenis jenjang status jenis_jabatan_id
            kode_jenjang_jabatan asn_jenjang_jabatan level rumpun_jabatan_id rumpun_jabatan_nama
        """),
        "jabatan-fungsional-umum": _keys("""
            id nama cepat_kode kode_menpan instansi_id status jenis_jabatan_umum_id asn_jenjang_jabatan_id
            asn_jenjang_jabatan_nama level
        """),
        "jenis-hukuman": _keys("id nama jenisTingkatHukumanId"),
        "kel-jabatan": _keys("id nama rumpunJabatanId pembinaId jenisJabatanUmumId status"),
        "pendidikan": _keys("id tingkat_pendidikan_id nama cepat_kode status"),
        "satuan-kerja": _keys("id nama instansiId parentId kanregId"),
        "tingkat-pendidikan": _keys("id nama golongan_id golongan_awal_id group_tk_pend_id group_tk_pend_nm"),
    }
)
"""The keys of each list of the reference service; of those with `id` and `nama` alone no more is known."""

NOT_FOUND = "Data tidak ditemukan"
_NOTHING = frozenset({NOT_FOUND.casefold(), "record not found"})


def answered(data: bytes) -> bytes:
    """E1 and E2: an object or a list of rows."""
    return b'{"code":1,"data":' + data + b"}"


def counted(data: bytes, count: int) -> bytes:
    """E3: a page of rows and how many there are in all."""
    return b'{"code":1,"data":' + data + b',"count":%d}' % count


def nothing() -> bytes:
    """E4, sent with 404."""
    return b'{"code":0,"data":"' + NOT_FOUND.encode() + b'"}'


def nothing_but_well() -> bytes:
    """E5, sent with 200: what some endpoints answer where others say E4."""
    return b'{"code":1,"data":"' + NOT_FOUND.encode() + b'"}'


def listed(rows: bytes) -> bytes:
    """E12: a page of the reference service."""
    return b'{"results":' + rows + b"}"


def says_nothing(data: object) -> bool:
    """Whether the text that stands where data should means that there is none; other texts are errors."""
    return isinstance(data, str) and data.strip().casefold() in _NOTHING


_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})[-/](?P<month>\d{1,2})[-/](?P<year>\d{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[T ].{0,40})?", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,18}(?:[.,]\d{1,18})?", re.ASCII)
_FLAGS = {"1": True, "true": True, "0": False, "false": False}
_DASHES = re.compile(r"[\s\-\u2010-\u2015\u2212]+")
NO_DATE, LONGEST_ID = date(1, 1, 1), 42  # characters


def text(value: object) -> str | None:
    """What is said, without blanks around it; None where nothing is."""
    if isinstance(value, str):
        return value.strip() or None
    return None if value is None or isinstance(value, (bool, list, dict)) else str(value)


def is_absent(value: object) -> bool:
    """Whether a value says nothing: null, blanks, dashes, the zero date. What else cannot be read is faulty."""
    said = text(value)
    return said is None or said[:10] in {"01-01-0001", "0001-01-01"} or _DASHES.fullmatch(said) is not None


def identity(value: object) -> str | None:
    """An id; None where nothing is said, or what is too long to be one, which no index could hold."""
    return None if is_absent(value) or len(said := str(text(value))) > LONGEST_ID else said


def day(value: object) -> date | None:
    """`dd-MM-yyyy` or ISO, with or without a time; None where absent or unreadable (see `is_absent`)."""
    said = text(value)
    found = None if said is None else _DAY_FIRST.fullmatch(said) or _YEAR_FIRST.fullmatch(said)
    if found is None:
        return None
    try:
        read = date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None
    return None if read == NO_DATE else read


def number(value: object) -> Decimal | None:
    """`"12"`, `"12.500"`, `12.5`, also with a comma; None where absent or unreadable."""
    said = text(value)
    return Decimal(said.replace(",", ".")) if said is not None and _NUMBER.fullmatch(said) else None


def whole(value: object) -> int | None:
    """A number without a fraction; None where absent, unreadable or with one."""
    read = number(value)
    return int(read) if read is not None and read == read.to_integral_value() else None


def year(value: object) -> int | None:
    """`yyyy`, or the year of a date: `tahunLulus` has been seen as either."""
    read, found = whole(value), day(value)
    return found.year if read is None and found is not None else read


def flag(value: object) -> bool | None:
    """`"1"`, `"0"`, or a JSON boolean; None where absent or unreadable. The text `"0"` is no."""
    return value if isinstance(value, bool) else _FLAGS.get((text(value) or "").casefold())


def path(value: object) -> dict[str, dict[str, str]]:
    """The documents of a row by their type; an entry without a type, or that says nothing, is none."""
    documents = {
        str(kind): {str(name): said for name, member in one.items() if (said := text(member)) is not None}
        for kind, one in (value.items() if isinstance(value, dict) else ())
        if isinstance(one, dict)
    }
    return {kind: one for kind, one in documents.items() if kind and one}
