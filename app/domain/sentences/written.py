"""What is said of any document that is read part by part, in the chapter of what it describes."""

from __future__ import annotations

from collections.abc import Mapping

WRITTEN: Mapping[str, tuple[str, str]] = {
    "missing_field": ("Bagian {field} wajib ada: tambahkan.", "The part {field} is required: add it."),
    "unknown_field": (
        "{field} tidak dikenal di sini: hapus, atau periksa ejaannya. Yang dikenal: {known}.",
        "{field} is not known here: remove it, or check its spelling. Known are: {known}.",
    ),
    "not_object": ("Harus objek JSON: tulis dalam kurung kurawal.", "Must be a JSON object: write it in braces."),
    "not_list": ("Harus daftar JSON: tulis dalam kurung siku.", "Must be a JSON list: write it in square brackets."),
    "not_text": ("Harus teks: tulis dalam tanda kutip.", "Must be text: write it in quotation marks."),
    "not_whole": ("{value} bukan bilangan bulat: bulatkan.", "{value} is not a whole number: round it."),
    "not_number": (
        "{value} bukan bilangan: tulis angka tanpa tanda kutip.",
        "{value} is not a number: write digits, unquoted.",
    ),
    "list_length": (
        "Berisi {length}, seharusnya {fewest} sampai {most}: tambah atau kurangi isinya.",
        "It has {length} and must have {fewest} to {most}: add some or take some out.",
    ),
    "text_length": (
        "Terlalu pendek atau terlalu panjang: tulis 1 sampai {limit} karakter, tidak hanya spasi.",
        "Too short or too long: write 1 to {limit} characters, and not only blanks.",
    ),
    "text_characters": (
        "Berisi karakter kendali yang tidak dapat disimpan: hapus.",
        "It has a control character, which cannot be stored: remove it.",
    ),
    "code": (
        "{value} tidak dapat menjadi kode: awali dengan huruf, lalu huruf, angka, titik, tanda hubung, maksimum 60.",
        "{value} cannot be a code: begin with a letter, go on with letters, digits, points or hyphens, at most 60.",
    ),
    "repeated": (
        "{name} sudah dipakai di {other}: beri yang lain.",
        "{name} stands at {other} already: give another one.",
    ),
    "range": (
        "{value} tidak diterima: tulis bilangan dari {lowest} sampai {highest}.",
        "{value} is not accepted: write a number from {lowest} to {highest}.",
    ),
    "open_range": (
        "{value} tidak diterima: tulis bilangan yang lebih dari {lowest} dan paling banyak {highest}.",
        "{value} is not accepted: write a number that is more than {lowest} and at most {highest}.",
    ),
    "decimals": (
        "{value} memiliki lebih dari enam desimal: bulatkan.",
        "{value} has more than six decimals: round it.",
    ),
    "value_unknown": (
        "{value} tidak dikenal; gunakan salah satu dari: {allowed}.",
        "{value} is not known; use one of: {allowed}.",
    ),
    "weights": (
        "Jumlah bobot {total}, seharusnya {wanted}: ubah bobotnya.",
        "The weights add up to {total} and must add up to {wanted}: change them.",
    ),
}


def of_chapter(chapter: str) -> dict[str, tuple[str, str]]:
    """The sentences under the codes of a chapter."""
    return {f"{chapter}.{name}": pair for name, pair in WRITTEN.items()}
