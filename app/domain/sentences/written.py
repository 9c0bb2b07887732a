"""What is said of any document that is read part by part, in the chapter of what it describes."""

from __future__ import annotations

from collections.abc import Mapping

WRITTEN: Mapping[str, tuple[str, str]] = {
    "missing_field": ("Bagian {field} wajib ada: tambahkan.", "The part {field} is required: add it."),
    "unknown_field": (
        "{field} tidak dikenal di sini: hapus, atau periksa ejaannya. Yang dikenal: {known}.",
        "{field} is not known here: remove it, or check its spelling. Known are: {known}.",
    ),
    "not_object": ("Harus objek JSON.", "Must be a JSON object."),
    "not_list": ("Harus daftar JSON.", "Must be a JSON list."),
    "not_text": ("Harus teks.", "Must be text."),
    "not_whole": ("{value} bukan bilangan bulat.", "{value} is not a whole number."),
    "not_number": ("{value} bukan bilangan.", "{value} is not a number."),
    "list_length": (
        "Berisi {length}, seharusnya {fewest} sampai {most}.",
        "It has {length} and must have {fewest} to {most}.",
    ),
    "text_length": (
        "Tulis 1 sampai {limit} huruf, tidak hanya spasi.",
        "Write 1 to {limit} characters, and not only blanks.",
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
        "{value} di luar {lowest} sampai {highest}.",
        "{value} lies outside {lowest} to {highest}.",
    ),
    "open_range": (
        "{value} harus lebih dari {lowest} dan paling banyak {highest}.",
        "{value} must be more than {lowest} and at most {highest}.",
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
        "Jumlah bobot {total}, seharusnya {wanted}.",
        "The weights add up to {total} and must add up to {wanted}.",
    ),
}


def of_chapter(chapter: str) -> dict[str, tuple[str, str]]:
    """The sentences under the codes of a chapter."""
    return {f"{chapter}.{name}": pair for name, pair in WRITTEN.items()}
