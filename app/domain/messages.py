"""The sentences of every refusal and notice, in Indonesian and English, by their stable code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict


class Sentence(TypedDict):
    """The same statement in Indonesian (`id`) and English (`en`)."""

    id: str
    en: str


# Placeholders are filled from what the refusal is about. Each sentence says what is wrong and what to do.
SENTENCES: Mapping[str, tuple[str, str]] = {
    # files
    "file.not_a_spreadsheet": (
        "{file} bukan lembar kerja: kirim berkas XLSX atau CSV.",
        "{file} is not a spreadsheet: send an XLSX or a CSV file.",
    ),
    "file.damaged": (
        "{file} rusak atau terpotong: buka dan simpan ulang, lalu kirim kembali.",
        "{file} is damaged or cut off: open and save it again, then send it once more.",
    ),
    "file.encrypted": (
        "{file} dilindungi kata sandi: simpan tanpa kata sandi, lalu kirim kembali.",
        "{file} is protected by a password: save it without one, then send it again.",
    ),
    "file.empty": ("{file} kosong.", "{file} is empty."),
    "file.too_large": (
        "{file} lebih besar dari batas {limit} byte: kirim sebagai beberapa CSV.",
        "{file} is larger than the limit of {limit} bytes: send it as several CSV files.",
    ),
    "file.unpacked_too_large": (
        "{file} menjadi lebih besar dari {limit} byte setelah dibuka: kirim sebagai CSV.",
        "{file} unpacks to more than {limit} bytes: send it as CSV.",
    ),
    "file.nul_bytes": (
        "{file} berisi byte NUL pada baris {row}: ekspor ulang sebagai CSV UTF-8.",
        "{file} holds a NUL byte in row {row}: export it again as UTF-8 CSV.",
    ),
    "file.row_too_wide": (
        "{file}, baris {row}: baris terlalu panjang atau tanda kutip tidak ditutup.",
        "{file}, row {row}: the row is too long, or a quotation mark is not closed.",
    ),
    "heading.missing": (
        "{file}, lembar {sheet}: kolom {column} tidak ada; lembar ini dikenali sebagai {layout}.",
        "{file}, sheet {sheet}: the column {column} is missing; the sheet was recognised as {layout}.",
    ),
    "heading.repeated": (
        "{file}, lembar {sheet}: kolom {column} muncul lebih dari sekali.",
        "{file}, sheet {sheet}: the column {column} appears more than once.",
    ),
    # cells
    "cell.missing": ("{column} wajib diisi.", "{column} must not be empty."),
    "text.too_long": ("{column} lebih panjang dari {limit} huruf.", "{column} is longer than {limit} characters."),
    "text.control_character": (
        "{column} berisi karakter kendali yang tidak dapat disimpan.",
        "{column} contains a control character that cannot be stored.",
    ),
    "text.invalid": ("{column} tidak dapat dibaca sebagai teks.", "{column} cannot be read as text."),
    "code.number": (
        "{column} tersimpan sebagai bilangan sehingga angka terakhirnya hilang; ubah kolom menjadi teks dan isi ulang.",
        "{column} is stored as a number, which loses its last digits; make the column text and enter it again.",
    ),
    "date.invalid": (
        "{column} bukan tanggal yang ada; tulis dd-mm-yyyy, misalnya 04-12-2025.",
        "{column} is not a date that exists; write dd-mm-yyyy, for example 04-12-2025.",
    ),
    "date.order": ("{column} lebih awal dari tanggal mulai.", "{column} is earlier than the date it began."),
    "number.invalid": ("{column} harus bilangan bulat.", "{column} must be a whole number."),
    "number.range": (
        "{column} harus antara {lowest} dan {highest}.",
        "{column} must lie between {lowest} and {highest}.",
    ),
    "level.range": (
        "{column} harus tingkat 1 sampai 5.",
        "{column} must be a level from 1 to 5.",
    ),
    "year.invalid": ("{column} harus tahun empat angka.", "{column} must be a year of four digits."),
    "value.unknown": (
        "Nilai {column} tidak dikenal; gunakan salah satu dari: {allowed}.",
        "The value of {column} is not known; use one of: {allowed}.",
    ),
    "nip.format": (
        "NIP harus 18 angka tanpa tanda lain.",
        "A NIP consists of 18 digits and nothing else.",
    ),
    "nip.length": (
        "NIP harus 18 angka; yang ini {digits} angka.",
        "A NIP has 18 digits; this one has {digits}.",
    ),
    "nip.birth_date": (
        "Delapan angka pertama NIP harus tanggal lahir yang ada (yyyymmdd).",
        "The first eight digits of a NIP must be a date of birth that exists (yyyymmdd).",
    ),
    "nip.number": (
        "NIP tersimpan sebagai bilangan sehingga angka terakhirnya hilang; ubah kolom menjadi teks dan isi ulang.",
        "The NIP is stored as a number, which loses its last digits; make the column text and enter it again.",
    ),
    "nip.unknown": (
        "Tidak ada pegawai dengan NIP ini di instansi; impor Data ASN yang memuatnya lebih dahulu.",
        "Nobody in the institution has this NIP; import the Data ASN that contains it first.",
    ),
    "nip.repeated": (
        "NIP ini sudah ada di baris sebelumnya dengan isi yang berbeda; baris pertama yang dipakai.",
        "This NIP stands in an earlier row with other contents; the first row counts.",
    ),
    "education.unrecognised": (
        "Tingkat pendidikan ini disimpan tetapi tidak dikenal rubrik; tulis SLTA, D-III, D-IV, S-1, S-2 atau S-3.",
        "This level of education is stored but unknown to the rubric; write SLTA, D-III, D-IV, S-1, S-2 or S-3.",
    ),
    "sanction.open_ended": (
        "Tanpa tanggal selesai tidak diketahui apakah hukuman masih dijalani; lengkapi TMT SELESAI.",
        "Without an end it is unknown whether the sanction is still being served; fill in TMT SELESAI.",
    ),
    "import.too_many_refused": (
        "Lebih dari {limit} baris bermasalah; periksa apakah ini berkas yang benar. Tidak ada yang disimpan.",
        "More than {limit} rows have faults; check that these are the right files. Nothing is stored.",
    ),
    "import.nothing_recognised": (
        "Tidak ada lembar yang dikenali dalam {names}; periksa judul kolom pada baris pertama.",
        "No sheet was recognised in {names}; check the headings in the first row.",
    ),
    # rubrics
    "rubric.invalid": ("Rubrik tidak dapat digunakan.", "The rubric cannot be used."),
    "rubric.weights": (
        "Jumlah bobot {total}, seharusnya {wanted}.",
        "The weights add up to {total} and must add up to {wanted}.",
    ),
    "rubric.mode": ("Cara ukur {mode} tidak dikenal.", "The measure {mode} is not known."),
    "rubric.not_found": ("Rubrik {rubric} tidak ada.", "There is no rubric {rubric}."),
    # findings: why a part of a placement has its score, or has none
    "finding.evidence": ("Berdasarkan bukti yang tercatat.", "From the evidence on record."),
    "finding.checked_none": ("Sudah diperiksa dan tidak ada.", "Checked, and there is none."),
    "finding.given": (
        "Ditetapkan oleh tujuan pemetaan: jabatan saat ini.",
        "Follows from the purpose of the mapping: the current post.",
    ),
    "finding.no_evidence": ("Belum ada bukti: tidak diketahui.", "There is no evidence yet: unknown."),
    "finding.not_checked": (
        "Register ini belum disampaikan: tidak diketahui.",
        "This register has not been delivered: unknown.",
    ),
    "finding.not_current": (
        "Ada bukti, tetapi bukan untuk periode yang dinilai: tidak diketahui.",
        "There is evidence, but not of the period that counts: unknown.",
    ),
    "finding.unrecognised": (
        "Bukti ada, tetapi kategorinya tidak dikenal rubrik: tidak diketahui.",
        "There is evidence, but of a category the rubric does not know: unknown.",
    ),
    "finding.no_standard": (
        "Standar jabatan tidak diketahui karena jenjang jabatan tidak diketahui.",
        "The standard is unknown because the level of the post is unknown.",
    ),
    "finding.level_blank": (
        "Tingkat ini kosong dalam laporan asesmen.",
        "This level is blank in the assessment report.",
    ),
    "finding.open_ended": (
        "Ada hukuman tanpa tanggal selesai: tidak diketahui apakah masih dijalani.",
        "There is a sanction without an end: unknown whether it is still being served.",
    ),
    # requests
    "request.invalid": (
        "Permintaan tidak dapat diterima: lihat rinciannya.",
        "The request cannot be accepted: see details.",
    ),
    "field.missing": ("Wajib diisi.", "Required."),
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
    "token.expired": ("Token sudah kedaluwarsa; minta yang baru.", "The token has expired; obtain a new one."),
    "forbidden": (
        "Peran {role} tidak mencakup tindakan ini.",
        "The role {role} does not include this.",
    ),
    "graphql.too_long": (
        "Dokumen GraphQL lebih panjang dari {limit} huruf.",
        "The GraphQL document is longer than {limit} characters.",
    ),
    "rubric.changed": (
        "Rubrik {rubric} di basis data berbeda dari berkasnya; terbitkan versi baru.",
        "The rubric {rubric} in the database differs from its file; publish a new version instead.",
    ),
    "unavailable": ("Layanan belum siap; coba lagi.", "The service is not ready; try again."),
    "internal": (
        "Terjadi kesalahan di pihak kami; sebutkan nomor permintaan saat melapor.",
        "Something went wrong on our side; quote the request id when reporting it.",
    ),
}


def sentence(code: str, **about: object) -> Sentence:
    """The sentence of a code in both languages, its placeholders filled."""
    indonesian, english = SENTENCES[code]
    return Sentence(id=indonesian.format_map(about), en=english.format_map(about))
