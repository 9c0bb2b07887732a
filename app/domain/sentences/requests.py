"""What is said of requests, and of what they ask for."""

from __future__ import annotations

SENTENCES = {
    # requests
    "request.invalid": (
        "Permintaan tidak dapat diterima: lihat rinciannya.",
        "The request cannot be accepted: see details.",
    ),
    "field.missing": ("Wajib diisi.", "Required."),
    "field.blank": (
        "Harus berisi sekurang-kurangnya satu huruf atau angka.",
        "Must hold at least one letter or digit.",
    ),
    "field.date": ("Harus tanggal yang ada, ditulis yyyy-mm-dd.", "Must be a date that exists, written yyyy-mm-dd."),
    "field.integer": ("Harus bilangan bulat.", "Must be a whole number."),
    "field.boolean": ("Harus true atau false.", "Must be true or false."),
    "field.text": ("Harus teks.", "Must be text."),
    "field.object": ("Harus objek JSON.", "Must be a JSON object."),
    "field.choice": ("Gunakan salah satu dari: {expected}.", "Use one of: {expected}."),
    "field.range": ("Di luar batas yang diizinkan ({limit}).", "Outside what is allowed ({limit})."),
    "field.length": ("Panjangnya di luar batas ({limit}).", "Its length is outside what is allowed ({limit})."),
    "field.unexpected": ("Bagian ini tidak dikenal.", "This part is not known."),
    "field.invalid": ("Tidak dapat diterima: {problem}.", "Cannot be accepted: {problem}."),
    "request.not_json": ("Isi permintaan bukan JSON yang sah.", "The body of the request is not valid JSON."),
    "request.too_large": (
        "Permintaan lebih besar dari batas {limit} byte.",
        "The request is larger than the limit of {limit} bytes.",
    ),
    "page.size": ("`first` harus 1 sampai {highest}.", "`first` must be 1 to {highest}."),
    "page.cursor": (
        "`after` bukan penanda halaman dari layanan ini.",
        "`after` is not a cursor of this service.",
    ),
    "field.unknown": ("Kolom {field} tidak ada.", "There is no field {field}."),
    "talent.not_found": ("Pegawai tidak ditemukan.", "The talent was not found."),
    "institution.not_found": ("Instansi tidak ditemukan.", "The institution was not found."),
    "institution.exists": ("Instansi {name} sudah terdaftar.", "The institution {name} is registered already."),
    "institution.unknown": (
        "Tidak ada instansi bernama {name}; periksa ejaannya, atau tambahkan --create.",
        "No institution is named {name}; check the spelling, or add --create.",
    ),
    "import.no_spreadsheets": (
        "Tidak ada berkas XLSX atau CSV di {folder}.",
        "There is no XLSX or CSV file in {folder}.",
    ),
    "import.not_found": ("Impor tidak ditemukan.", "The import was not found."),
    "route.not_found": ("Alamat ini tidak ada.", "There is nothing at this address."),
    "route.method": ("Metode ini tidak tersedia di alamat ini.", "This method is not available at this address."),
    "unauthenticated": (
        "Diperlukan token akses yang sah (Authorization: Bearer …).",
        "A valid access token is required (Authorization: Bearer …).",
    ),
    "token.no_nip": (
        "Token tidak memuat NIP, padahal peran ini memerlukannya; minta pengelola penyedia identitas menambahkannya.",
        "The token has no employee number (NIP), which this role needs; ask whoever runs the identity provider for it.",
    ),
    "token.expired": ("Token sudah kedaluwarsa; minta yang baru.", "The token has expired; obtain a new one."),
    "forbidden": (
        "Peran {role} tidak mencakup tindakan ini.",
        "The role {role} does not include this.",
    ),
    "rate.limited": (
        "Terlalu banyak permintaan; coba lagi dalam {seconds} detik.",
        "Too many requests; try again in {seconds} seconds.",
    ),
    "request.slow": (
        "Isi permintaan tidak lengkap dalam {seconds} detik; kirim lagi dengan sambungan yang lebih lancar.",
        "The body of the request did not arrive within {seconds} seconds; send it again over a steadier connection.",
    ),
    "request.took_too_long": (
        "Permintaan dihentikan setelah {seconds} detik; coba lagi, atau minta lebih sedikit sekaligus.",
        "The request was stopped after {seconds} seconds; try again, or ask for less at once.",
    ),
    "graphql.invalid": (
        "Operasi GraphQL tidak sah: {problem}",
        "The GraphQL operation is not valid: {problem}",
    ),
    "graphql.too_many_roots": (
        "Paling banyak {limit} bidang akar dalam satu operasi; bagi menjadi beberapa operasi.",
        "An operation may have at most {limit} root fields; split it into several.",
    ),
    "graphql.too_many_fields": (
        "Paling banyak {limit} bidang dalam satu operasi, setelah fragmen dijabarkan; minta lebih sedikit.",
        "An operation may ask for at most {limit} fields, after fragments are spread; ask for fewer.",
    ),
    "graphql.too_many_aliases": (
        "Paling banyak {limit} alias dalam satu operasi; gunakan nama bidang apa adanya.",
        "An operation may have at most {limit} aliases; use the names of the fields as they are.",
    ),
    "graphql.long_alias": (
        "Alias paling panjang {limit} huruf; pakai yang lebih pendek.",
        "An alias may have at most {limit} characters; use a shorter one.",
    ),
    "graphql.too_deep": (
        "Operasi paling dalam {limit} tingkat; minta bagian yang lebih dangkal.",
        "An operation may be at most {limit} levels deep; ask for a shallower part.",
    ),
    "graphql.too_costly": (
        "Biaya operasi {requested} melebihi batas {limit}; minta halaman yang lebih kecil atau lebih sedikit bidang.",
        "The operation costs {requested}, more than the limit of {limit}; ask for a smaller page or for fewer fields.",
    ),
    "graphql.mixed_introspection": (
        "Minta __schema dan __type dalam operasi tersendiri.",
        "Ask for __schema and __type in an operation of their own.",
    ),
    "graphql.no_introspection": (
        "Skema tidak dapat ditanyakan di sini; lihat openapi/schema.graphql.",
        "The schema cannot be asked for here; see openapi/schema.graphql.",
    ),
    "graphql.not_trusted": (
        "Hanya dokumen yang terdaftar yang diterima di sini; kirim documentId-nya.",
        "Only registered documents are accepted here; send the documentId of one.",
    ),
    "graphql.unknown_document": (
        "Tidak ada dokumen terdaftar dengan id ini; daftarkan lebih dahulu, atau kirim teksnya.",
        "No document is registered under this id; register it first, or send its text.",
    ),
    "graphql.too_long": (
        "Dokumen GraphQL lebih panjang dari {limit} huruf.",
        "The GraphQL document is longer than {limit} characters.",
    ),
    "unavailable": ("Layanan belum siap; coba lagi.", "The service is not ready; try again."),
    "internal": (
        "Terjadi kesalahan di pihak kami; sebutkan nomor permintaan saat melapor.",
        "Something went wrong on our side; quote the request id when reporting it.",
    ),
}
