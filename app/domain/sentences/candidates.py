"""What is said about requirements, criteria and what they find."""

from __future__ import annotations

from app.domain.sentences.written import of_chapter

SENTENCES: dict[str, tuple[str, str]] = of_chapter("requirement") | {
    "requirement.unknown_fact": (
        "{field} bukan hal yang dapat disyaratkan: hapus, atau gunakan salah satu dari {known}.",
        "{field} is nothing that can be required: remove it, or use one of {known}.",
    ),
    "requirement.protected_field": (
        (
            "{field} menyangkut {characteristic}: sistem merit tidak mengecualikan orang menurut itu (UU 20/2023). "
            "Hapus; aturan afirmasi memerlukan undang-undangnya sendiri dan tidak ditulis di perangkat aturan."
        ),
        (
            "{field} is about {characteristic}, by which the merit system excludes nobody (UU 20/2023): remove it; an "
            "affirmative rule needs a law of its own and is not written in a rule set."
        ),
    ),
    "requirement.unknown_grade": (
        "{value} bukan golongan PNS: tulis salah satu dari {known}.",
        "{value} is no grade of civil servants: write one of {known}.",
    ),
    "requirement.listed_twice": (
        "Ada yang disebut dua kali: sebutkan sekali saja.",
        "Something is listed twice: list it once.",
    ),
    "requirement.unfit": (
        "{name} tidak berlaku untuk hal dan perbandingan ini: hapus.",
        "{name} does not go with this field and comparison: remove it.",
    ),
    "requirement.not_boolean": (
        "{value} bukan jawaban ya atau tidak: tulis true atau false tanpa tanda kutip.",
        "{value} is neither true nor false: write one of them, unquoted.",
    ),
    "requirement.contradiction": (
        "Tidak ada orang yang dapat memenuhi {codes} sekaligus ({where}): ubah atau hapus salah satunya.",
        "No person can meet {codes} together ({where}): change or remove one of them.",
    ),
    # what a number, or the record, cannot be right about
    "nip.birth_impossible": (
        "Menurut tanggal lahir ini seseorang belum berusia {years} tahun; perbaiki TANGGAL LAHIR di Data ASN.",
        "By this date of birth somebody is not yet {years} years old; correct TANGGAL LAHIR in Data ASN.",
    ),
    "nip.entry_impossible": (
        "Digit 9 sampai 14 NIP bukan bulan masuk kerja yang mungkin pada usia {years} tahun ke atas; isi TMT CPNS.",
        "Digits 9 to 14 of the NIP are no month of entry possible from the age of {years} on; fill in TMT CPNS.",
    ),
    # what is on record about somebody
    "fact.unknown": ("Tidak tercatat.", "Not on record."),
    "fact.document": (
        "Hanya dapat dilihat dari dokumen.",
        "Only a document can show it.",
    ),
    "fact.document_seen": ("Sudah dilihat: {document}", "Seen: {document}"),
    "fact.document_against": (
        "Dokumen yang dilihat menunjukkan tidak terpenuhi: {document}",
        "Seen, and it shows that this is not met: {document}",
    ),
    "fact.some_document": (
        "Dokumen yang jenisnya tidak disebut perangkat aturan.",
        "A document of which the rule set does not say the kind.",
    ),
    "fact.seen_on": (
        "{found} Dokumennya dilihat pada {day} oleh {role}.",
        "{found} The document was seen on {day} by {role}.",
    ),
    "fact.employment": ("Status kepegawaian: {value}.", "Kind of employment: {value}."),
    "fact.level": ("Jenjang jabatan saat ini: {value}.", "The level of the present post is {value}."),
    "fact.box": ("Kotak {value}.", "Box {value}."),
    "fact.education": ("Pendidikan tertinggi: {value}.", "The highest diploma is {value}."),
    "fact.grade": ("Golongan {value}.", "Grade {value}."),
    "fact.leadership": (
        "Pelatihan kepemimpinan tertinggi: {value}.",
        "The highest leadership training is {value}.",
    ),
    "fact.talent_value": ("Nilai talenta {points}.", "The talent value is {points}."),
    "fact.complete": ("Bukti lengkap.", "The evidence is complete."),
    "fact.incomplete": ("Bukti belum lengkap: {items}.", "The evidence is incomplete: {items}."),
    "fact.age": (
        "Berusia {years} tahun pada {on}, dalam tahun genap.",
        "{years} years old on {on}, in completed years.",
    ),
    "fact.since": ("{months} bulan, sejak {since}.", "{months} months, since {since}."),
    "fact.months": (
        "{months} bulan tercatat; paling banyak {most} bila masa yang belum tercatat ikut dihitung.",
        "{months} months are on record; at most {most} if the time that is not on record counts as well.",
    ),
    "fact.months_in_field": (
        (
            "{months} bulan tercatat, jabatan fungsional hanya yang sebidang; paling banyak {most} bila masa "
            "yang belum tercatat ikut dihitung."
        ),
        (
            "{months} months are on record, functional posts only where they are of the field; at most {most} if "
            "the time that is not on record counts as well."
        ),
    ),
    "fact.months_in_field_open": (
        (
            "{months} bulan tercatat, jabatan fungsional hanya yang sebidang; berapa lagi yang belum tercatat tidak "
            "diketahui."
        ),
        (
            "{months} months are on record, functional posts only where they are of the field; how many more there "
            "are is unknown."
        ),
    ),
    "fact.months_open": (
        "{months} bulan tercatat; berapa lagi yang belum tercatat tidak diketahui.",
        "{months} months are on record; how many more there are is unknown.",
    ),
    "fact.appraisals": (
        "Predikat terendah yang tercatat {value}; {known} dari {years} tahun tercatat.",
        "The lowest predicate on record is {value}; {known} of {years} years are on record.",
    ),
    "fact.appraisals_of": (
        (
            "Predikat terendah yang tercatat untuk {of}, yang sudah berakhir pada hari peta ({as_of}), {value}; "
            "{known} dari {years} tahun tercatat."
        ),
        (
            "The lowest predicate on record for {of}, over on the day of the map ({as_of}), is {value}; {known} of "
            "{years} years are on record."
        ),
    ),
    "fact.competence": (
        "Kesesuaian dengan standar jabatan {percent} persen.",
        "The match with the standard of the post is {percent} percent.",
    ),
    "fact.between": ("{lowest} sampai {highest}", "{lowest} to {highest}"),
    "fact.no_sanction": (
        "Sudah diperiksa: tidak ada yang termasuk syarat ini.",
        "Checked: there is none that this is about.",
    ),
    "fact.sanction": (
        "Hukuman disiplin berlaku sampai {until}.",
        "A disciplinary sanction lasts until {until}.",
    ),
    "fact.sanction_began": (
        "Hukuman disiplin terakhir mulai {on}.",
        "The latest disciplinary sanction began on {on}.",
    ),
    "fact.sanction_open_ended": (
        "Ada hukuman disiplin tanpa tanggal selesai.",
        "There is a disciplinary sanction without an end.",
    ),
    # what would have to be known
    "missing.employment": ("Jenis pegawai di Data ASN.", "The kind of employment in Data ASN."),
    "missing.level": ("Jenjang jabatan saat ini.", "The level of the present post."),
    "missing.box": ("Bukti untuk kedua sumbu.", "Evidence on both axes."),
    "missing.education": ("Ijazah di riwayat pendidikan.", "A diploma on record."),
    "missing.grade": ("Golongan PNS di Data ASN.", "The grade of a civil servant in Data ASN."),
    "missing.leadership": (
        "Register pelatihan, atau jenjang pelatihan struktural yang tercatat.",
        "The register of trainings, or the level of a structural training on record.",
    ),
    "missing.talent_value": ("Bukti untuk kedua sumbu.", "Evidence on both axes."),
    "missing.document": (
        "Dokumen yang dilihat sekretariat.",
        "A document that the secretariat has seen.",
    ),
    "missing.born_on": ("Tanggal lahir.", "The date of birth."),
    "missing.post_since": ("TMT jabatan saat ini.", "Since when the present post is held."),
    "missing.service_from": ("TMT CPNS atau TMT pengangkatan.", "The first day in service."),
    "missing.posts": ("Riwayat jabatan sejak awal masa kerja.", "The posts held since the first day in service."),
    "missing.field": (
        "Urusan pemerintahan unit tempat jabatan fungsional itu dijalankan, atau urusan jabatan yang akan diisi.",
        "The government affairs of the units where functional posts were held, or that of the post to be filled.",
    ),
    "missing.affairs": (
        "Riwayat jabatan sejak awal masa kerja, dan urusan pemerintahan unit-unitnya.",
        "The posts held since the first day in service, and the government affairs of their units.",
    ),
    "missing.affair_of_post": (
        "Urusan pemerintahan jabatan yang akan diisi.",
        "The government affair of the post to be filled.",
    ),
    "missing.appraisals": (
        "Penilaian kinerja semua tahun yang diminta.",
        "An appraisal of each of the years asked for.",
    ),
    "missing.assessment": ("Asesmen kompetensi yang lengkap.", "A complete assessment of competencies."),
    "missing.assessment_in_date": (
        "Asesmen kompetensi yang masih berlaku.",
        "An assessment of competencies that is not out of date.",
    ),
    "missing.end_of_sanction": ("Tanggal selesai hukuman disiplin.", "The end of the disciplinary sanction."),
    "missing.sanctions": ("Register hukuman disiplin.", "The register of disciplinary sanctions."),
}
