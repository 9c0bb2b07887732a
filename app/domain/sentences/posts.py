"""What is said about posts, their holders and the affairs of units."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    # a position map that is imported
    "unit_id.unknown": (
        "Unit dengan UNOR ID ini tidak ada di instansi; impor hierarki unor yang memuatnya lebih dahulu.",
        "The institution has no unit of this UNOR ID; import the unit hierarchy that contains it first.",
    ),
    "post.repeated": (
        "Jabatan ini sudah ada di baris sebelumnya dengan isi yang berbeda; baris pertama yang dipakai.",
        "This post stands in an earlier row with other contents; the first row counts.",
    ),
    "post.crowded": (
        "Pemangku jabatan ini {holders} orang, melebihi kebutuhan; periksa peta jabatan dan Data ASN.",
        "{holders} people hold this post, more than it has seats; check the position map and Data ASN.",
    ),
    "post.not_on_map": (
        "Jabatan ini tidak ada di peta jabatan unit pegawai; periksa nama jabatan dan UNOR ID di kedua berkas.",
        "The position map of the person's unit has no such post; check the post's name and UNOR ID in both files.",
    ),
    # workload analyses
    "analysis.current": ("Analisis beban kerja masih berlaku.", "The workload analysis is up to date."),
    "analysis.stale": (
        "Analisis beban kerja sudah usang dan akan ditolak SIASN; perbarui analisis lalu impor peta jabatan baru.",
        "The workload analysis is out of date and SIASN will refuse it; renew it, then import a new position map.",
    ),
    "analysis.to_come": (
        "Tanggal analisis beban kerja sesudah tanggal peta; dianggap tidak diketahui. Perbaiki TANGGAL ABK.",
        "The day of the workload analysis lies after that of the map and counts as unknown; correct TANGGAL ABK.",
    ),
    "analysis.unknown": (
        "Tanggal analisis beban kerja tidak diketahui; isi TANGGAL ABK di peta jabatan.",
        "The day of the workload analysis is not known; fill in TANGGAL ABK in the position map.",
    ),
    # retirement
    "retirement.by_post": (
        "Usia pensiun ditetapkan instansi untuk jabatan ini.",
        "The institution says the age of retirement of this post.",
    ),
    "retirement.by_title": (
        "Usia pensiun ditetapkan instansi untuk nama jabatan yang diawali kata-kata ini.",
        "The institution says the age of retirement of posts whose name begins with these words.",
    ),
    "retirement.by_name": (
        "Usia pensiun mengikuti ketentuan nasional untuk nama jabatan yang diawali kata-kata ini.",
        "The national rules say the age of retirement of posts whose name begins with these words.",
    ),
    "retirement.by_level": (
        "Usia pensiun mengikuti ketentuan nasional untuk jenjang jabatan.",
        "The national rules say the age of retirement of posts of the level.",
    ),
    "retirement.basis_needed": (
        "Usia pensiun dan dasar hukumnya ditulis atau dihapus bersama.",
        "The age of retirement and its legal basis are given, or taken back, together.",
    ),
    "retirement.one_of": (
        "Sebutkan jenjang, atau kata-kata awal nama jabatan; tepat satu di antaranya.",
        "Give a level, or the first words of a post's name; exactly one of them.",
    ),
    "retirement.names_first": (
        "Aturan untuk nama jabatan ditulis sebelum aturan untuk jenjang: pindahkan ke atas.",
        "Rules for names stand before rules for levels: move this one up.",
    ),
    "retirement.never_reached": (
        "Aturan sebelumnya sudah memutuskan semua yang dicakup aturan ini: pindahkan ke atas atau hapus.",
        "An earlier rule already decides about all that this one is for: move it up, or remove it.",
    ),
    "retirement.level_missing": (
        "Tidak ada aturan untuk jenjang {level}: tambahkan.",
        "There is no rule for the level {level}: add one.",
    ),
    "retirement.too_early": (
        "Versi baru berlaku paling cepat hari ini, dan setelah hari mulai berlakunya versi terakhir: pilih hari lain.",
        "A new version takes effect today at the earliest, and after the first day of the latest one: choose another.",
    ),
    "retirement.too_late": (
        "Versi baru berlaku paling lambat dua tahun dari hari ini: periksa tahunnya.",
        "A new version takes effect two years from today at the latest: check the year.",
    ),
    "retirement_rules.not_found": (
        "Versi aturan pensiun tidak ditemukan; lihat daftarnya di /v1/retirement-rules.",
        "There is no such version of the rules of retirement; look them up at /v1/retirement-rules.",
    ),
    "retirement_exception.not_found": (
        "Pengecualian usia pensiun tidak ditemukan di instansi ini; lihat daftarnya di /v1/retirement-exceptions.",
        "The institution has no such exception from the age of retirement; look them up at /v1/retirement-exceptions.",
    ),
    "retirement_exception.repeated": (
        "Sudah ada pengecualian untuk kata-kata ini: ubah yang itu.",
        "There is already an exception for these words: change that one.",
    ),
    # the registry
    "post.not_found": (
        "Jabatan tidak ditemukan di instansi ini; periksa id-nya di /v1/posts.",
        "The institution has no such post; look up its id at /v1/posts.",
    ),
    "posts.not_imported": (
        "Instansi ini belum mengimpor peta jabatan; impor berkas PETA JABATAN lebih dahulu.",
        "The institution has imported no position map yet; import a PETA JABATAN file first.",
    ),
}
