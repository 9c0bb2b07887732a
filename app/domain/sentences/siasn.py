"""Sentences about SIASN: what systems and people are told that ask us as SIASN, and whoever lets them."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "siasn.application_token": (
        "Token aplikasi (Authorization) tidak ada, tidak dikenal, atau kedaluwarsa. Minta token baru di /oauth2/token.",
        "The application's token (Authorization) is missing, unknown or expired. Ask for another at /oauth2/token.",
    ),
    "siasn.sso_token": (
        "Token SSO (Auth) tidak ada, tidak sah, kedaluwarsa, atau dicabut. Masuk lagi untuk mendapat yang baru.",
        "The SSO token (Auth) is missing, invalid, expired or revoked. Sign in again for another.",
    ),
    "siasn.sso_mismatch": (
        "Token SSO ini bukan untuk aplikasi yang memakainya. Masuk dengan `client_id` aplikasi itu.",
        "This SSO token is not for the application that uses it. Sign in with that application's `client_id`.",
    ),
    "siasn.sign_in": (
        "NIP atau kata sandi salah, atau akun sedang terkunci. Periksa keduanya; akun terbuka sendiri dalam 15 menit.",
        "Number or password is wrong, or the account is locked. Check both; it opens by itself after 15 minutes.",
    ),
    "siasn_account.not_found": (
        "Akun fasad SIASN ini tidak ditemukan. Periksa nomornya di daftar akun.",
        "No account of the SIASN facade has this id. Look it up in the list of accounts.",
    ),
    "siasn_account.revoked": (
        "Akun ini sudah dicabut. Daftarkan akun baru untuk pegawai dan klien yang sama.",
        "This account has been revoked. Register another for the same person and client.",
    ),
    "siasn_account.exists": (
        "Pegawai ini sudah memiliki akun pada klien tersebut. Ganti rahasianya, atau cabut dahulu akun itu.",
        "This person has an account with that client already. Rotate its secret, or revoke it first.",
    ),
    "siasn_account.no_person": (
        "NIP ini tidak dikenal sebagai pegawai instansi. Periksa NIP, atau impor datanya dahulu.",
        "The institution knows nobody with this number. Check it, or import the person first.",
    ),
    "siasn_account.no_client": (
        "Bukan klien aktif instansi ini dengan cakupan siasn:read. Periksa nomornya dan cakupannya.",
        "Not a live client of this institution with the scope siasn:read. Check its id and its scopes.",
    ),
    "siasn_token.not_found": (
        "Token ini tidak ditemukan pada akun tersebut. Periksa nomornya pada rincian akun.",
        "That account has no token with this id. Look it up in the account's document.",
    ),
    "data_sharing.not_found": (
        "Izin berbagi data ini tidak ditemukan. Periksa nomornya di daftar izin.",
        "No grant of data sharing has this id. Look it up in the list of grants.",
    ),
    "data_sharing.client": (
        "Bukan klien aktif instansi lain dengan cakupan siasn:read. Mintalah nomor kliennya kepada instansi penerima.",
        "Not a live client of another institution with the scope siasn:read. Ask that institution for the client's id.",
    ),
    "data_sharing.history": (
        "Riwayat {history} tidak dikenal; yang tersedia: {allowed}.",
        "There is no history {history}; known are {allowed}.",
    ),
    "data_sharing.until": (
        "Tanggal akhir harus mulai hari ini sampai paling lama {days} hari ke depan.",
        "The last day has to be between today and {days} days from now.",
    ),
}
