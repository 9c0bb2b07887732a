"""What is said of files, their rows and cells."""

from __future__ import annotations

SENTENCES = {
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
        "{file}, lembar {sheet}: lembar ini dikenali sebagai {layout}, tetapi tidak ada kolom: {column}.",
        "{file}, sheet {sheet}: the sheet was recognised as {layout}, but has no column called: {column}.",
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
    "number.decimal": (
        "{column} harus bilangan; pisahkan desimal dengan koma atau titik, misalnya 93,47.",
        "{column} must be a number; separate decimals by a comma or a point, such as 93.47.",
    ),
    "instrument.invalid": (
        "{column} harus nama instrumen dari huruf dan angka, misalnya POTKOM.",
        "{column} must be the name of an instrument in letters and digits, such as POTKOM.",
    ),
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
        "Nilai ini tidak dikenal; gunakan salah satu dari: {allowed}.",
        "This value is not known; use one of: {allowed}.",
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
}
