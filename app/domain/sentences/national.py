"""What is said about searching the nation."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "national.no_rule_set": (
        "Tidak ada kumpulan aturan untuk jenjang {level}; sebutkan kumpulan aturan dalam `ruleSet`.",
        "There is no rule set for the level {level}; name one in `ruleSet`.",
    ),
    "national.other_level": (
        "Kumpulan aturan {rule_set} berlaku untuk jenjang {level}, bukan {needed}; pilih yang sesuai jenjangnya.",
        "The rule set {rule_set} is for the level {level}, not for {needed}; choose one of that level.",
    ),
    "national.no_boxes": (
        "Kumpulan aturan {rule_set} tidak memakai kotak 7, 8, atau 9; sebutkan kotak yang dicari dalam `boxes`.",
        "The rule set {rule_set} uses none of the boxes 7, 8 and 9; say in `boxes` which to search.",
    ),
}
