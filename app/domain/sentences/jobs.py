"""Sentences about background work: refusals of those who look after it, and why a job failed."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "job.not_found": (
        (
            "Pekerjaan latar belakang ini tidak ditemukan. Periksa kembali nomornya di daftar pekerjaan; "
            "pekerjaan yang "
            "sudah lama selesai tidak lagi disimpan."
        ),
        "No background job has this id. Look it up in the list of jobs; those that ended long ago are no longer kept.",
    ),
    "job.not_failed": (
        (
            "Hanya pekerjaan yang sudah gagal sepenuhnya yang dapat diulang. Yang masih menunggu akan dikerjakan "
            "dengan "
            "sendirinya; yang sudah selesai atau dibatalkan dimulai lagi dari tempat asalnya."
        ),
        (
            "Only a job that has failed for good can be tried again. One that waits is done by itself; one that "
            "is done or "
            "cancelled is begun again where it came from."
        ),
    ),
    "job.running": (
        "Pekerjaan ini sedang dikerjakan dan tidak dapat dibatalkan di sini. Tunggu sampai selesai.",
        "This job is being done and cannot be cancelled here. Wait until it has ended.",
    ),
    "job.over": (
        "Pekerjaan ini sudah berakhir, sehingga tidak ada lagi yang dapat dibatalkan.",
        "This job is over, so there is nothing left to cancel.",
    ),
    "job.stopped_elsewhere": (
        (
            "Pekerjaan ini menjalankan proses yang dihentikan di alamatnya sendiri. Buka tautan proses itu pada "
            "pekerjaan "
            "ini, lalu batalkan atau jeda proses tersebut di sana."
        ),
        (
            "This job carries out work that is stopped at its own address. Follow the link of that work on the "
            "job, and "
            "cancel or pause it there."
        ),
    ),
    "job.unavailable": (
        "Basis data atau layanan yang diperlukan tidak dapat dihubungi. Pekerjaan dicoba lagi dengan sendirinya.",
        "The database, or a service that it needs, could not be reached. The job is tried again by itself.",
    ),
    "job.refused": (
        (
            "Sebuah aturan menolak percobaan ini; kode penyebabnya menyebutkan aturan yang mana. Bila pekerjaan tidak "
            "dicoba lagi dengan sendirinya, perbaiki penyebabnya, lalu ulangi pekerjaan ini."
        ),
        (
            "A rule refused this attempt; the code of its cause says which. If the job is not tried again by itself, "
            "put that right, then try it again."
        ),
    ),
    "job.killed": (
        (
            "Proses pekerja berhenti di tengah pekerjaan ini. Pekerjaan diambil alih oleh pekerja lain; bila terulang, "
            "pengelola sistem perlu memeriksa memori dan log."
        ),
        (
            "The worker ended in the middle of this job. Another one takes it over; if it happens again, whoever "
            "runs the "
            "service should look at its memory and its log."
        ),
    ),
    "job.internal": (
        (
            "Terjadi kesalahan yang tidak terduga. Rinciannya ada di log layanan di bawah nomor pekerjaan ini; hubungi "
            "pengelola sistem."
        ),
        (
            "Something unexpected happened. The log of the service tells more under the id of this job; ask "
            "whoever runs "
            "it."
        ),
    ),
    "calculation.cancelled": (
        "Perhitungan dibatalkan sebelum dimulai. Mulai perhitungan baru bila masih diperlukan.",
        "The calculation was cancelled before it began. Start another one if it is still needed.",
    ),
}
