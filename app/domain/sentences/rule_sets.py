"""What is said of rule sets: documents and versions, and of what they leave open on the way to a post."""

from __future__ import annotations

from app.domain.sentences.written import of_chapter

SENTENCES = {
    **of_chapter("rule_set"),
    "rule_set.invalid": (
        "Perangkat aturan tidak dapat digunakan: perbaiki setiap kesalahan yang dirinci.",
        "The rule set cannot be used: mend every fault in the details.",
    ),
    "rule_set.set_code": (
        "Kode perangkat aturan tidak dapat digunakan: tulis huruf kecil, angka dan tanda hubung, paling banyak 60.",
        "No code of a rule set: write small letters, digits and hyphens, at most 60.",
    ),
    "rule_set.seniority": (
        "Masa kerja dan usia berbobot {total} poin, paling banyak {share} (`seniorityShare`): kurangi bobotnya.",
        "Tenure and age weigh {total} points and at most {share} are allowed (`seniorityShare`): lower their weights.",
    ),
    "rule_set.full_needed": (
        "Kriteria {kind} menghitung sesuatu: sebutkan `full`, jumlah yang memperoleh seluruh bobot.",
        "The criterion {kind} counts something: say with `full` how much earns the whole weight.",
    ),
    "rule_set.full_unfit": (
        "Kriteria {kind} sudah memiliki nilai tertinggi sendiri: hapus `full`.",
        "The criterion {kind} has a highest value of its own: remove `full`.",
    ),
    "rule_set.years_unfit": (
        "Kriteria {kind} tidak dihitung dalam jangka tahun: hapus `years`.",
        "The criterion {kind} looks back no number of years: remove `years`.",
    ),
    "source.address": (
        "{value} memuat alamat internet, yang kelak hilang: sebutkan dokumen dan pasalnya.",
        "{value} has an internet address, which is gone one day: name the document and its article.",
    ),
    "characteristic.sex": ("jenis kelamin", "sex"),
    "characteristic.religion": ("agama", "religion"),
    "characteristic.maritalStatus": ("status perkawinan", "marital status"),
    "characteristic.ethnicity": ("suku atau ras", "ethnicity"),
    "characteristic.disability": ("disabilitas", "disability"),
    "characteristic.birthplace": ("tempat asal", "place of origin"),
    "rule_set.not_found": (
        "Perangkat aturan {rule_set} tidak ada: lihat daftar perangkat aturan.",
        "There is no rule set {rule_set}: see the list of rule sets.",
    ),
    "rule_set.level_changed": (
        "Versi-versi {rule_set} berlaku untuk jenjang {level}: terbitkan yang lain dengan nama baru.",
        "The versions of {rule_set} are for posts of the level {level}: publish this one under another name.",
    ),
    "rule_set.changed": (
        "Perangkat aturan {rule_set} di basis data berbeda dari berkasnya; terbitkan versi baru.",
        "The rule set {rule_set} in the database differs from its file; publish a new version instead.",
    ),
    "career.withheld": (
        "Peran ini tidak melihat data tersebut.",
        "This role does not see such data.",
    ),
}
