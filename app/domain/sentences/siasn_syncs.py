"""Sentences about syncs with SIASN: their states, what became of people, what could not be read, and conflicts."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "sync.not_found": (
        "Sinkronisasi ini tidak ditemukan; periksa nomornya di daftar sinkronisasi.",
        "The sync was not found; look up its id in the list of syncs.",
    ),
    "sync.running": (
        "Sinkronisasi {sync} belum selesai; tunggu, lanjutkan, atau batalkan lebih dahulu.",
        "The sync {sync} is not over; wait for it, resume it, or cancel it first.",
    ),
    "sync.over": (
        "Sinkronisasi ini sudah berakhir; mulai yang baru.",
        "The sync is over; start another one.",
    ),
    "sync.not_paused": (
        "Hanya sinkronisasi yang menunggu atau berjalan dapat dijeda.",
        "Only a sync that waits or runs can be paused.",
    ),
    "sync.not_queued": (
        "Hanya sinkronisasi yang dijeda dapat dilanjutkan.",
        "Only a paused sync can be resumed.",
    ),
    "sync.not_cancelled": (
        "Sinkronisasi ini tidak dapat dibatalkan lagi.",
        "The sync cannot be cancelled any more.",
    ),
    "sync.outcome.unchanged": ("Sama dengan SIASN.", "As SIASN says."),
    "sync.outcome.changed": ("Diperbarui menurut SIASN.", "Updated as SIASN says."),
    "sync.outcome.added": (
        "Dikenal SIASN dan belum ada pada kami; ditambahkan.",
        "SIASN knows them and we did not; added.",
    ),
    "sync.outcome.unknownThere": (
        "SIASN tidak mengenal NIP ini; data kami tetap. Periksa NIP-nya, atau laporkan kepada BKN.",
        "SIASN does not know this number; our record stays. Check the number, or report it to BKN.",
    ),
    "sync.outcome.elsewhere": (
        (
            "Menurut SIASN pegawai ini milik instansi lain; tidak ada yang diambil. Selesaikan mutasinya, atau minta "
            "perbaikan di SIASN."
        ),
        (
            "SIASN says that they belong to another institution; nothing was taken over. Complete the transfer, or "
            "have SIASN corrected."
        ),
    ),
    "sync.outcome.failed": (
        "Profil tidak dapat dibaca; data kami tetap. Sebabnya tertera per layanan; ulangi untuk NIP ini.",
        "The profile could not be read; our record stays. Each endpoint says why; sync this number again.",
    ),
    "siasn.age": (
        "`maxAgeHours` hanya untuk `mode` incremental: sinkronisasi penuh menanyakan semua orang; ubah salah satunya.",
        "`maxAgeHours` is for `mode` incremental alone: a full sync asks about everybody; change one of them.",
    ),
    "siasn.scope": (
        "Sebutkan satu unit, atau daftar NIP, tidak keduanya; hapus salah satunya.",
        "Name a unit, or a list of numbers, and not both; leave one of them out.",
    ),
    "siasn.ask": (
        (
            "Untuk bertanya, sebutkan siapa yang ditanya (`askWhom`) dan apa yang ditanyakan (`note`); pada keputusan "
            "yang lain hapus `askWhom`."
        ),
        ("To ask, say who is asked (`askWhom`) and what (`note`); where you decide otherwise, leave `askWhom` out."),
    ),
    "siasn.missing": (
        "Isian wajib kosong di SIASN; lengkapi di SIASN, lalu sinkronkan lagi.",
        "What is needed is empty at SIASN; complete it there, and sync again.",
    ),
    "siasn.number_changed": (
        (
            "Pegawai ini sudah tercatat dengan NIP lain, sehingga tidak dicatat dua kali. Pastikan NIP yang benar di "
            "SIASN, lalu perbaiki Data ASN."
        ),
        (
            "This person is on the books under another NIP and is not entered twice. Find out at SIASN which number is "
            "right, then correct the Data ASN."
        ),
    ),
    "siasn.unreadable": (
        "Isian ini bukan tanggal, bilangan, atau teks yang dapat disimpan; perbaiki di SIASN.",
        "This is no date, number or text that can be kept; correct it at SIASN.",
    ),
    "siasn.code_unknown": (
        "Kode ini tidak ada dalam daftar acuan kami; petakan namanya, atau perbaiki di SIASN.",
        "This code is in none of our lists; map its name, or correct it at SIASN.",
    ),
    "siasn.key_unknown": (
        (
            "SIASN menyebut isian yang tidak kami kenal, sehingga isinya tidak disimpan. Beri tahu pengelola instalasi "
            "agar namanya dipetakan."
        ),
        (
            "SIASN tells something under a name that is not known here, so that nothing of it is kept. Have the "
            "operator of the installation map its name."
        ),
    ),
    "siasn.level_unknown": (
        "Jenjang jabatan ini tidak dapat ditentukan; lengkapi eselon atau jenjangnya di SIASN.",
        "The level of this post cannot be told; complete its echelon or level at SIASN.",
    ),
    "siasn.acting_unknown": (
        "Tidak dapat ditentukan apakah penugasan ini lebih tinggi; lengkapi riwayat jabatan definitifnya.",
        "Whether this acting post stood higher cannot be told; complete the definitive posts beside it.",
    ),
    "siasn.job_over": (
        "Pekerjaan sinkronisasi ini berakhir sebelum selesai. Lihat sebabnya pada daftar pekerjaan, lalu lanjutkan.",
        "The job of this sync ended before it was done. Look up why in the list of jobs, then have it go on.",
    ),
    "siasn.open_ended": (
        "Akhir hukuman tidak disebutkan; periksa surat keputusannya.",
        "The end of the sanction is not told; look into its decree.",
    ),
    "siasn.dates_reversed": (
        "Tanggal akhir mendahului tanggal awal; perbaiki di SIASN.",
        "It ends before it begins; correct it at SIASN.",
    ),
    "siasn.other_institution": (
        "Unit ini milik instansi lain dan tidak diambil.",
        "The unit is another institution's and was not taken.",
    ),
    "siasn.unit_circle": (
        "Unit ini berada di bawah dirinya sendiri; atasannya tidak diambil. Perbaiki pohon unit di SIASN.",
        "The unit stands below itself; what is above it was not taken. Correct the unit tree at SIASN.",
    ),
    "siasn_conflict.not_found": (
        "Pertentangan ini tidak ditemukan; periksa nomornya di daftar pertentangan.",
        "The conflict was not found; look up its id in the list of conflicts.",
    ),
    "siasn_conflict.over": (
        "Pertentangan ini sudah diputuskan, atau salah satu pihak sudah berubah; lihat daftarnya lagi.",
        "The conflict is decided, or one of the sides has changed since; look at the list again.",
    ),
    "siasn_conflict.reason.submission": (
        "Instansi sudah memverifikasi isian lain berdasarkan usulan pegawai.",
        "The institution verified something else on the talent's submission.",
    ),
    "siasn_conflict.reason.decree": (
        "Keputusan instansi memberi jabatan yang belum tercatat di SIASN.",
        "A decree of the institution gave a post that SIASN does not have yet.",
    ),
    "siasn_conflict.reason.import": (
        "Berkas yang diimpor kemudian sudah mengoreksi isian SIASN ini.",
        "Files imported later corrected what SIASN still says.",
    ),
}
