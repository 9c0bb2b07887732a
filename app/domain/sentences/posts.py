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
    "analysis.unknown": (
        "Tanggal analisis beban kerja tidak diketahui; isi TANGGAL ABK di peta jabatan.",
        "The day of the workload analysis is not known; fill in TANGGAL ABK in the position map.",
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
