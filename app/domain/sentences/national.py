"""What is said about searching the nation."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "national.not_found": (
        "Pencarian nasional tidak ditemukan; periksa nomornya di daftar pencarian.",
        "The national ranking was not found; check its id in the list of rankings.",
    ),
    "national.recomputation_not_found": (
        "Perhitungan ulang tidak ditemukan; jalankan perhitungan ulang lebih dahulu.",
        "The recomputation was not found; ask for one first.",
    ),
    "national.no_rule_set": (
        "Tidak ada perangkat aturan untuk jenjang {level}; sebutkan perangkat aturan dalam `ruleSet`.",
        "There is no rule set for the level {level}; name one in `ruleSet`.",
    ),
    "national.other_level": (
        "Perangkat aturan {rule_set} berlaku untuk jenjang {level}, bukan {needed}; pilih yang sesuai jenjangnya.",
        "The rule set {rule_set} is for the level {level}, not for {needed}; choose one of that level.",
    ),
    "national.no_boxes": (
        "Kebijakan suksesi tidak memakai kotak 7, 8, atau 9 secara nasional; sebutkan kotaknya dalam `boxes`.",
        "The policy of succession uses none of the boxes 7, 8 and 9 nationally; say in `boxes` which to search.",
    ),
    "national.past": (
        "Hari pelantikan {day} sudah lewat, karena hari ini {today}; pilih hari ini atau sesudahnya.",
        "The day of inauguration, {day}, has passed, as today is {today}; choose today or a later day.",
    ),
    "national.not_listed": (
        "Orang ini tidak setuju didaftarkan, atau tidak ada dalam hasil pencarian itu; pilih calon yang terdaftar.",
        "This person has not consented to be listed, or is not in the answer to that search; choose a listed one.",
    ),
}
