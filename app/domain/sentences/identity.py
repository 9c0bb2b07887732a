"""What is said of issuers, of integration clients, and of how they obtain tokens."""

from __future__ import annotations

SENTENCES = {
    "issuer.away": (
        "Penyedia identitas sedang tidak dapat dihubungi; coba lagi.",
        "The identity provider cannot be reached at the moment; try again.",
    ),
    "institution.none_named": (
        "Tidak ada instansi bernama {name}; periksa ejaannya.",
        "No institution is named {name}; check the spelling.",
    ),
    "client.not_found": (
        "Klien integrasi tidak ditemukan; periksa nomornya di daftar klien.",
        "The integration client was not found; check its id in the list of clients.",
    ),
    "client.revoked": (
        "Klien {client} sudah dicabut; daftarkan yang baru.",
        "The client {client} has been revoked; register another.",
    ),
    "client.agreement_needed": (
        "Wajib untuk menjangkau instansi lain: nomor perjanjian berbagi data (UU 27/2022 pasal 51-52).",
        "Required to reach other institutions: the number of a data-sharing agreement (UU 27/2022 art. 51-52).",
    ),
    # errors of RFC 6749, section 5.2
    "oauth.invalid_request": (
        "Kirim formulir (POST): grant_type client_credentials, di SSO password; tiap isian sekali, satu cara masuk.",
        "POST a form: grant_type client_credentials, password at the SSO; each field once, one way to authenticate.",
    ),
    "oauth.invalid_client": (
        "Klien tidak dikenal atau rahasianya salah, berakhir atau dicabut.",
        "The client is not known, or its secret is wrong, has ended or was revoked.",
    ),
    "oauth.unsupported_grant_type": (
        "Hanya client_credentials yang tersedia, dan hanya password di alamat masuk SSO.",
        "Only client_credentials is available, and only password at the single sign-on.",
    ),
    "oauth.invalid_scope": (
        "Klien tidak memiliki salah satu cakupan yang diminta.",
        "The client does not have one of the scopes it asks for.",
    ),
    "oauth.invalid_grant": (
        "NIP atau kata sandi salah, atau akun sedang terkunci.",
        "Number or password is wrong, or the account is locked.",
    ),
    "oauth.unauthorized_client": (
        "Klien tidak boleh memakai cara ini: cakupan siasn:read tidak ada, atau instansi mematikan masuk dengan sandi.",
        "The client may not do this: it lacks the scope siasn:read, or its institution has switched off passwords.",
    ),
    "oauth.temporarily_unavailable": (
        "Layanan belum dapat menjawab; coba lagi sebentar lagi.",
        "The service cannot answer now; try again in a moment.",
    ),
    "oauth.server_error": (
        "Terjadi kesalahan di pihak kami; hubungi pengelola dengan X-Request-Id.",
        "It is our mistake; ask whoever runs the service and name the X-Request-Id.",
    ),
}
