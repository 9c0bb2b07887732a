"""What is said of cards, consents, disclosures, and of why somebody looks."""

from __future__ import annotations

SENTENCES = {
    "purpose.missing": (
        "Untuk melihat pegawai instansi lain, sebutkan tujuannya di header X-Purpose, salah satu dari {allowed}.",
        "To look at a talent of another institution, say why: in the header X-Purpose, one of {allowed}.",
    ),
    "consent.purpose": (
        "Tujuan ini tidak didasarkan pada persetujuan; gunakan salah satu dari: {allowed}.",
        "This purpose does not rest on consent; use one of: {allowed}.",
    ),
    "consent.expiry": (
        "Persetujuan harus berakhir di masa depan, paling lama {days} hari dari sekarang.",
        "A consent must end in the future, at most {days} days from now.",
    ),
    "consent.not_found": (
        "Persetujuan tidak ditemukan; periksa nomornya di daftar persetujuan.",
        "The consent was not found; check its id in the list of consents.",
    ),
    "consent.withdrawn": ("Persetujuan ini sudah dicabut.", "This consent has been withdrawn already."),
    "province.unknown": (
        "Kode provinsi tidak dikenal; gunakan kode dua angka Kemendagri, misalnya 14 untuk Riau.",
        "The province is not known; use the two digits of the Ministry of Home Affairs, such as 14 for Riau.",
    ),
    "card.not_found": (
        "Kartu talenta tidak ditemukan, atau pegawainya menarik persetujuannya; cari lagi di daftar kartu.",
        "The card was not found, or the talent no longer consents to be listed; look again in the list of cards.",
    ),
    "disclosure.not_found": (
        "Permintaan pembukaan data tidak ditemukan, atau tidak terbuka untuk tujuan ini; lihat daftar permintaan.",
        "The disclosure was not found, or is not open for this purpose; see the list of disclosures.",
    ),
    "disclosure.whose": (
        "Sebutkan kartu dalam `cardId`, atau seseorang dari pencarian nasional dalam `found`; salah satu saja.",
        "Name a card in `cardId`, or somebody from a national ranking in `found`; one of the two.",
    ),
    "disclosure.number": (
        "Berkas lengkap memerlukan permintaan resmi: sebutkan nomor suratnya.",
        "A dossier takes a formal request: give the number of the letter.",
    ),
    "disclosure.comment": (
        "Pejabat yang berwenang menyebutkan alasan penolakan atau pencabutan.",
        "The appointing authority says why it refuses or withdraws.",
    ),
    "disclosure.answered": (
        "Persetujuan dari pihak ini sudah tercatat; menunggu pihak yang lain.",
        "This side has agreed already; the other one is awaited.",
    ),
    "disclosure.decided": (
        "Permintaan ini sudah diputuskan ({state}); ajukan permintaan baru bila masih diperlukan.",
        "This request has been decided ({state}); make a new one if it is still needed.",
    ),
}
