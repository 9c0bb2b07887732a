"""What is said about vacancies, freezes and priority programmes."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    # vacancies
    "vacancy.not_found": ("Lowongan tidak ditemukan.", "The vacancy was not found."),
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
            "Pegawai yang dipilih tidak lagi tercatat aktif pada instansi ini; batalkan lowongan dan mulai lagi, atau "
            "perbarui Data ASN."
        ),
        (
            "Whoever was chosen is no longer on record as active in this institution; cancel the vacancy and begin "
            "again, or bring the Data ASN up to date."
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
    # freezes
    "freeze.not_found": (
        "Masa larangan penggantian pejabat tidak ditemukan.",
        "The period in which no official is replaced was not found.",
    ),
    # priority programmes
    "programme.not_found": (
        "Versi program prioritas tidak ditemukan.",
        "This version of a priority programme was not found.",
    ),
    "programme.overtaken": (
        "Versi lain dari program {programme} baru saja terbit; periksa dahulu, lalu terbitkan versi berikutnya.",
        "Somebody has just published another version of {programme}; look at it first, then publish the next one.",
    ),
    "programme.affair": (
        "{affair} bukan kode urusan pemerintahan; gunakan salah satu dari: {allowed}.",
        "{affair} is no code of a government affair; use one of: {allowed}.",
    ),
    "programme.repeated": (
        "Urusan {affair} sudah disebut; sebutkan satu kali.",
        "The affair {affair} is named already; name it once.",
    ),
}
