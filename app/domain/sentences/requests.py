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
    "field.range": ("Di luar batas: harus {limit}.", "Out of range: it must be {limit}."),
    "field.length": ("Panjangnya tidak sesuai: harus {limit}.", "Its length does not fit: it must have {limit}."),
    "field.unexpected": (
        "Bagian ini tidak dikenal; hapus, atau periksa ejaannya.",
        "This part is not known; remove it, or check its spelling.",
    ),
    "field.empty": ("Harus kosong: hapus bagian ini, atau tulis null.", "Must be empty: leave it out, or write null."),
    "field.moment": (
        "Harus tanggal dan jam yang ada, dengan zona waktu, ditulis `yyyy-mm-ddThh:mm:ss+07:00`.",
        "Must be a day and time that exist, with a time zone, written `yyyy-mm-ddThh:mm:ss+07:00`.",
    ),
    "field.number": (
        "Harus bilangan: tulis dengan angka 0 sampai 9, dengan titik di depan desimalnya.",
        "Must be a number: write it with the digits 0 to 9, and a point before its decimals.",
    ),
    "field.decimals": (
        "Angkanya terlalu banyak; bulatkan, atau periksa besarnya.",
        "It has too many digits; round it, or check how large it is.",
    ),
    "field.unstorable": (
        "Memuat karakter yang tidak dapat disimpan; hapus karakter kendali atau yang rusak, lalu kirim lagi.",
        "Holds a character that cannot be stored; remove control characters and broken ones, then send it again.",
    ),
    "field.line": (
        "Harus satu baris teks yang berisi, tanpa karakter kendali; tulis ulang bagian ini.",
        "Must be one line of text that says something, without control characters; write it anew.",
    ),
    "field.nip": (
        "Harus NIP: 18 angka tanpa tanda lain, diawali tanggal lahir. Periksa kembali nomornya.",
        "Must be an employee number (NIP): 18 digits that begin with the date of birth. Check the number.",
    ),
    "field.id": (
        "Harus nomor pengenal (UUID); salin dari daftar atau dokumen yang memuatnya.",
        "Must be an id (UUID); copy it from the list or the document that tells it.",
    ),
    "field.list": (
        "Harus daftar JSON: tulis isinya di antara [ dan ].",
        "Must be a JSON list: write what it holds between [ and ].",
    ),
    "field.address": (
        "Harus alamat internet yang lengkap, misalnya https://instansi.go.id/terima.",
        "Must be a complete internet address, such as https://instansi.go.id/terima.",
    ),
    "field.pattern": ("Bentuknya tidak sesuai: tulis {form}.", "It has not the right form: write {form}."),
    "pattern.code": (
        "2 sampai 60 huruf kecil, angka, atau tanda hubung, diawali huruf",
        "2 to 60 small letters, digits or hyphens, a letter first",
    ),
    "pattern.name": (
        "1 sampai 60 huruf kecil, angka, atau tanda hubung, diawali huruf atau angka",
        "1 to 60 small letters, digits or hyphens, a letter or digit first",
    ),
    "pattern.cell": (
        "1 sampai 36 huruf, angka, tanda hubung, atau garis bawah",
        "1 to 36 letters, digits, hyphens or underscores",
    ),
    "pattern.header_name": (
        "nama kepala HTTP dari 1 sampai 100 huruf, angka, atau tanda hubung",
        "the name of an HTTP header, 1 to 100 letters, digits or hyphens",
    ),
    "pattern.header_value": (
        "satu baris huruf ASCII yang tercetak, tanpa spasi di kedua ujungnya, paling banyak 2000",
        "one line of printable ASCII characters, without blanks around it, at most 2000",
    ),
    "pattern.line": ("satu baris yang berisi", "one line that says something"),
    "pattern.sha256": ("64 angka heksadesimal dengan huruf kecil", "64 hexadecimal digits in small letters"),
    "pattern.other": (
        "seperti keterangan bagian ini dalam dokumentasi",
        "it as the documentation says of this part",
    ),
    "field.invalid": (
        "Isi bagian ini tidak dapat diterima; bandingkan dengan keterangannya dalam dokumentasi.",
        "What this part says cannot be accepted; compare it with what the documentation says of it.",
    ),
    "request.unreadable": (
        "Isi permintaan tidak terbaca; periksa jenis isinya (Content-Type) dan susunannya, lalu kirim lagi.",
        "The body of the request cannot be read; check its Content-Type and its form, then send it again.",
    ),
    "request.json_broken": (
        "Isi permintaan bukan JSON yang sah: rusak pada karakter ke-{position}. Perbaiki, lalu kirim lagi.",
        "The body of the request is not valid JSON: it breaks at character {position}. Mend it, then send it again.",
    ),
    "request.not_json": (
        "Isi permintaan bukan JSON yang sah; perbaiki, lalu kirim lagi.",
        "The body of the request is not valid JSON; mend it, then send it again.",
    ),
    "request.content_type": (
        "Isi permintaan belum dinyatakan sebagai JSON; kirim tajuk `Content-Type: application/json`.",
        "The body is not declared to be JSON; send the header `Content-Type: application/json`.",
    ),
    "request.too_large": (
        "Permintaan lebih besar dari batas {limit} byte.",
        "The request is larger than the limit of {limit} bytes.",
    ),
    "page.size": ("`first` harus 1 sampai {highest}.", "`first` must be 1 to {highest}."),
    "page.cursor": (
        "`after` bukan penanda halaman dari layanan ini; kirim `endCursor` halaman sebelumnya, tanpa diubah.",
        "`after` is not a cursor of this service; send the `endCursor` of the page before, unchanged.",
    ),
    "field.unknown": (
        "Kolom {field} tidak ada; periksa ejaannya.",
        "There is no field {field}; check its spelling.",
    ),
    "talent.not_found": (
        "Pegawai tidak ditemukan; periksa NIP atau nomornya, atau impor datanya lebih dahulu.",
        "The talent was not found; check the number, or import the data first.",
    ),
    "institution.not_found": (
        "Instansi tidak ditemukan; periksa nomornya di daftar instansi.",
        "The institution was not found; check its id in the list of institutions.",
    ),
    "institution.exists": ("Instansi {name} sudah terdaftar.", "The institution {name} is registered already."),
    "institution.unknown": (
        "Tidak ada instansi bernama {name}; periksa ejaannya, atau tambahkan --create.",
        "No institution is named {name}; check the spelling, or add --create.",
    ),
    "import.no_spreadsheets": (
        "Tidak ada berkas XLSX atau CSV di {folder}; sebutkan map yang memuatnya.",
        "There is no XLSX or CSV file in {folder}; name the folder that has some.",
    ),
    "import.not_found": (
        "Impor tidak ditemukan; periksa nomornya di daftar impor.",
        "The import was not found; check its id in the list of imports.",
    ),
    "route.not_found": (
        "Alamat ini tidak ada; periksa ejaannya terhadap dokumentasi.",
        "There is nothing at this address; compare it with the documentation.",
    ),
    "route.method": (
        "Metode ini tidak tersedia di alamat ini; yang tersedia disebut dalam kepala Allow.",
        "This method is not available at this address; the header Allow names those that are.",
    ),
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
        "Peran Anda ({role}) tidak mencakup tindakan ini. Yang berwenang: {who}.",
        "Your role ({role}) does not include this. It is for: {who}.",
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
        "Operasi GraphQL tidak sah {where}; perbaiki menurut skema. Rinciannya, dalam bahasa Inggris, di `problem`.",
        "The GraphQL operation is not valid {where}; correct it by the schema.",
    ),
    "graphql.place": ("pada baris {line}, kolom {column}", "in line {line}, column {column}"),
    "graphql.no_place": ("atau variabelnya tidak sesuai", "or its variables do not fit"),
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
        "Hanya dokumen yang terdaftar yang diterima di sini; kirim `documentId`-nya.",
        "Only registered documents are accepted here; send the `documentId` of one.",
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
