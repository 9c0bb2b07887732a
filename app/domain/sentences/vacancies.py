"""What is said about vacancies, freezes and priority programmes."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    # vacancies
    "vacancy.not_found": (
        "Lowongan tidak ditemukan; periksa nomornya di daftar lowongan.",
        "The vacancy was not found; check its id in the list of vacancies.",
    ),
    "vacancy.busy": (
        "Lowongan sedang diubah oleh orang lain; coba lagi sebentar lagi.",
        "Somebody else is changing the vacancy at this moment; try again shortly.",
    ),
    "vacancy.state": (
        "Lowongan berada pada tahap {state}; tindakan ini hanya mungkin pada tahap {needed}.",
        "The vacancy is in the state {state}; this is possible only in the state {needed}.",
    ),
    "vacancy.locked": (
        "{part} tidak dapat diubah lagi: lowongan sudah pada tahap {state}. Jika keliru, batalkan dan buat yang baru.",
        (
            "{part} cannot be changed any more: the vacancy is in the state {state}. If it is wrong, cancel it and "
            "draft another."
        ),
    ),
    "vacancy.no_seat": (
        (
            "Tidak ada kursi jabatan ini yang kosong atau akan kosong pada tanggal itu: dari {seats} kursi, {held} "
            "masih terisi dan {running} sudah menjadi lowongan yang berjalan."
        ),
        (
            "No seat of this post is empty, or will be on that day: of {seats} seats {held} are still held and "
            "{running} have a vacancy that runs already."
        ),
    ),
    "vacancy.no_rule_set": (
        "Belum ada perangkat aturan untuk jenjang {level}; terbitkan satu, atau pilih satu untuk lowongan ini.",
        "There is no rule set for the level {level}; publish one, or choose one for this vacancy.",
    ),
    "vacancy.other_level": (
        "Perangkat aturan {rule_set} adalah untuk jenjang {level}, sedangkan jabatan ini {needed}; pilih yang sesuai.",
        "The rule set {rule_set} is for the level {level}, and this post is {needed}; choose one of that level.",
    ),
    "vacancy.order": (
        "Tanggal {day} lebih awal dari {name}, {earlier}.",
        "{day} is earlier than {name}, {earlier}.",
    ),
    "vacancy.long_ago": (
        "Tanggal {day} lebih dari {years} tahun yang lalu; periksa tahunnya.",
        "{day} is more than {years} years ago; check the year.",
    ),
    "vacancy.day.vacantFrom": ("hari pertama jabatan kosong", "the first day without a holder"),
    "vacancy.day.shortlisted": ("hari calon diusulkan", "the day of the shortlist"),
    "vacancy.day.recommendedOn": ("tanggal rekomendasi BKN", "the day of BKN's recommendation"),
    "vacancy.day.decreedOn": ("tanggal surat keputusan", "the day of the decree"),
    "vacancy.day.since": ("hari pertama", "the first day"),
    "vacancy.ahead": (
        "Tanggal {day} belum tiba; hari ini {today}. Catat surat setelah ditandatangani.",
        "{day} is still to come; today is {today}. Put the paper on record once it is signed.",
    ),
    "vacancy.early": (
        "Keputusan berlaku mulai {day}; pelantikan paling cepat pada hari itu.",
        "The decree takes effect on {day}; nobody is inaugurated before.",
    ),
    "vacancy.nobody_chosen": (
        "Belum ada orang yang dipilih untuk lowongan ini; PPK memutuskan lebih dahulu.",
        "Nobody has been chosen for this vacancy; the appointing authority decides first.",
    ),
    "vacancy.talent_gone": (
        (
            "Pegawai ini tidak ada lagi dalam peta talenta: tidak tercatat aktif pada instansi ini, atau pemrosesan "
            "datanya dibatasi. Pilih orang lain, batalkan lowongan, atau perbarui Data ASN."
        ),
        (
            "This person is not on the talent map any more: not on record as active in this institution, or the "
            "processing of their data is restricted. Choose somebody else, cancel the vacancy, or bring the Data ASN "
            "up to date."
        ),
    ),
    "vacancy.seat_held": (
        (
            "Belum ada kursi yang kosong pada {day}: {held} dari {seats} kursi jabatan ini masih terisi. "
            "Perbarui Data ASN, atau tunggu sampai kursi ditinggalkan."
        ),
        (
            "No seat is empty on {day}: {held} of the {seats} seats of this post are still held. "
            "Bring the Data ASN up to date, or wait until a seat is left."
        ),
    ),
    "vacancy.seat_taken": (
        (
            "Kursi yang akan ditinggalkan pegawai ini ({post}) sudah diambil alih orang lain: {held} orang untuk "
            "{seats} kursi. Lantik pegawai ini, atau perbarui Data ASN bila ia tidak memegang jabatan itu lagi."
        ),
        (
            "Somebody else has taken over the seat that this person was to leave ({post}): {held} people for {seats} "
            "seats. Inaugurate this person, or bring the Data ASN up to date if they do not hold that post any more."
        ),
    ),
    "vacancy.frozen": (
        (
            "{day} berada dalam masa larangan penggantian pejabat {since} sampai {until} ({reason}; {legal_basis}). "
            "Pilih tanggal lain, atau sebutkan nomor persetujuan tertulis Menteri."
        ),
        (
            "{day} lies in the period {since} to {until} in which no official is replaced ({reason}; {legal_basis}). "
            "Choose another day, or state the number of the Minister's written approval."
        ),
    ),
    # looked at once more
    "vacancy.no_longer_eligible": (
        (
            "Menurut data yang tercatat sekarang, tidak semua syarat terpenuhi pada {on}; rinciannya ada di bawah. "
            "Lengkapi atau perbaiki buktinya, pilih orang lain, atau batalkan lowongan."
        ),
        (
            "By what is on record now, not every requirement is met on {on}; each is named below. Complete or correct "
            "the evidence, choose somebody else, or cancel the vacancy."
        ),
    ),
    "eligibility.changed": (
        "{requirement}. Saat pemeringkatan: {before} Sekarang: {now}",
        "{requirement}. At the ranking: {before} Now: {now}",
    ),
    "eligibility.changed_withheld": (
        "Satu syarat tentang data yang tidak dapat Anda lihat tidak terpenuhi; tanyakan kepada sekretariat.",
        "A requirement about data that you may not see is not met; ask the secretariat.",
    ),
    "eligibility.unreadable": ("Tidak dapat dibaca lagi.", "Cannot be read any more."),
    "vacancy.already_chosen": (
        (
            "Sudah ada keputusan lain tentang pegawai ini di instansi ini yang belum berlaku dan belum dibatalkan. "
            "Pilih orang lain, atau tunggu sampai keputusan itu selesai."
        ),
        (
            "There is another decision about this person in the institution that is neither in effect nor cancelled. "
            "Choose somebody else, or wait until it is."
        ),
    ),
    "vacancy.holds_post": (
        (
            "Pegawai ini sudah memegang jabatan ini; satu orang mengisi satu kursi. Pilih orang lain, perbarui "
            "Data ASN bila keliru, atau batalkan lowongan."
        ),
        (
            "This person holds a seat of this post already; one person fills one seat. Choose somebody else, bring the "
            "Data ASN up to date if that is wrong, or cancel the vacancy."
        ),
    ),
    "vacancy.newer_seat": (
        (
            "Pegawai ini menduduki jabatan lain sejak {since}, sesudah {day}; keputusan ini sudah didahului. "
            "Perbarui Data ASN bila keliru, atau batalkan lowongan."
        ),
        (
            "This person has held another seat since {since}, which is after {day}: the decree has been overtaken. "
            "Bring the Data ASN up to date if that is wrong, or cancel the vacancy."
        ),
    ),
    # states and parts, as they stand in a sentence
    "vacancy.state.draft": ("rancangan", "draft"),
    "vacancy.state.open": ("dibuka", "open"),
    "vacancy.state.shortlisted": ("calon diusulkan", "shortlisted"),
    "vacancy.state.decided": ("diputuskan", "decided"),
    "vacancy.state.recommended": ("direkomendasikan BKN", "recommended by BKN"),
    "vacancy.state.decreed": ("ditetapkan dengan keputusan", "decreed"),
    "vacancy.state.effective": ("dilantik", "filled"),
    "vacancy.state.cancelled": ("dibatalkan", "cancelled"),
    "vacancy.part.vacant_from": ("Hari pertama jabatan kosong", "The first day without a holder"),
    "vacancy.part.rule_set": ("Perangkat aturan", "The rule set"),
    "vacancy.part.is_masked": ("Penyamaran calon", "Whether candidates are masked"),
    "vacancy.part.inauguration_on": ("Rencana hari pelantikan", "The planned day of the inauguration"),
    # why a vacancy is given up
    "cancellation.noLongerVacant": ("Jabatan tidak lagi kosong", "The post is vacant no longer"),
    "cancellation.postChanged": (
        "Jabatan berubah, dihapus, atau anggarannya ditarik",
        "The post was changed or abolished, or its funds were withdrawn",
    ),
    "cancellation.nobodyEligible": ("Tidak ada yang memenuhi syarat", "Nobody is eligible"),
    "cancellation.chosenUnavailable": (
        "Orang yang dipilih tidak dapat diangkat",
        "Who was chosen cannot be appointed",
    ),
    "cancellation.procedure": ("Ada kekeliruan dalam proses", "There was a mistake in the procedure"),
    "cancellation.other": ("Alasan lain", "Another reason"),
    # freezes
    "freeze.not_found": (
        "Masa larangan penggantian pejabat tidak ditemukan; periksa nomornya di daftar masa itu.",
        "The period in which no official is replaced was not found; check its id in the list of such periods.",
    ),
    # priority programmes
    "programme.not_found": (
        "Versi program prioritas tidak ditemukan; lihat daftar versinya.",
        "This version of a priority programme was not found; see the list of its versions.",
    ),
    "programme.overtaken": (
        "Versi lain dari program {programme} baru saja terbit; periksa dahulu, lalu terbitkan versi berikutnya.",
        "Somebody has just published another version of {programme}; look at it first, then publish the next one.",
    ),
    "programme.affair": (
        "{affair} bukan kode urusan pemerintahan; gunakan salah satu dari: {allowed}.",
        "{affair} is no code of a government affair; use one of: {allowed}.",
    ),
    "programme.replaced": (
        "Versi yang lebih baru sudah berlaku.",
        "A newer version holds.",
    ),
    "programme.notYet": ("Hari pertamanya belum tiba.", "Its first day has not come."),
    "programme.over": ("Hari terakhirnya sudah lewat.", "Its last day has passed."),
    "programme.provinceUnknown": (
        "Program ini berlaku di satu provinsi, sedangkan provinsi instansi belum diisi; isi di pengaturan instansi.",
        "It applies in one province, and nobody has said in which the institution is; say it in its settings.",
    ),
    "programme.elsewhere": (
        "Program ini berlaku di provinsi lain, bukan di provinsi instansi.",
        "It applies in another province than the institution's.",
    ),
    "programme.repeated": (
        "Urusan {affair} sudah disebut; sebutkan satu kali.",
        "The affair {affair} is named already; name it once.",
    ),
}
