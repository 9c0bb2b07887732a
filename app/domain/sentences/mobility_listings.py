"""What is said of the register of those who want to move, and of demand and supply."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "listing.not_found": (
        "Anda tidak terdaftar sebagai peminat mutasi; daftarkan diri Anda lebih dahulu.",
        "You are not listed as somebody who wants to move; be listed first.",
    ),
    "listing.no_consent": (
        "Pendaftaran memerlukan persetujuan Anda untuk mobilitas talenta; berikan bersama pendaftaran.",
        "A listing needs a consent of yours for talent mobility that stands; give one with the listing.",
    ),
    "listing.restricted": (
        "Pemrosesan data Anda sedang dibatasi; Anda dapat terdaftar setelah pembatasan berakhir.",
        "The processing of your data is restricted; you can be listed once the restriction has ended.",
    ),
    "listing.repeated": (
        "Ini sudah disebut dalam daftar yang sama; sebutkan satu kali.",
        "This stands on the same list already; name it once.",
    ),
    "listing.excluded": (
        "Ini disebut sebagai tujuan dan sekaligus dikecualikan; hapus dari salah satu daftar.",
        "This is both wanted and excluded; remove it from one of the two lists.",
    ),
    "listing.affair": (
        "Kode ini bukan kode urusan pemerintahan; gunakan kode dari daftar urusan pemerintahan.",
        "This is no code of a government affair; use one of the list of government affairs.",
    ),
    "listing.institution": (
        "Instansi ini tidak ditemukan; periksa nomornya.",
        "There is no such institution; check the id.",
    ),
    "listing.own_institution": (
        "Ini instansi Anda sendiri; sebutkan instansi lain sebagai tujuan.",
        "This is your own institution; name another one to go to.",
    ),
    "listing.nowhere": (
        "Semua provinsi dikecualikan sehingga tidak ada tujuan yang tersisa; sisakan sekurang-kurangnya satu provinsi.",
        "Every province is excluded and none is left to go to; leave at least one.",
    ),
}
