"""What is said of the rights of data subjects, and of what they are told with an access export."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    # requests
    "data_request.not_found": (
        "Permohonan tidak ditemukan; periksa nomornya di daftar permohonan.",
        "The request was not found; check its id in the list of requests.",
    ),
    "data_request.exists": (
        "Permohonan Anda yang sejenis, disampaikan pada {at}, masih berlaku; tarik dahulu atau tunggu jawabannya.",
        "Your request of the same kind, raised at {at}, still stands; withdraw it first, or wait for its answer.",
    ),
    "data_request.answered": (
        "Permohonan ini tidak menunggu jawaban lagi ({state}).",
        "This request no longer awaits an answer ({state}).",
    ),
    "data_request.settled": (
        "Permohonan ini tidak dapat ditarik lagi ({state}).",
        "This request cannot be withdrawn any more ({state}).",
    ),
    "data_request.not_restricted": (
        "Tidak ada pembatasan yang berlaku dari permohonan ini ({state}); hanya pembatasan yang berlaku dapat dicabut.",
        "No restriction holds by this request ({state}); only one that holds can be lifted.",
    ),
    "data_request.own": (
        "Tidak seorang pun menjawab permohonannya sendiri; serahkan kepada orang lain.",
        "Nobody answers their own request; leave it to somebody else.",
    ),
    "data_request.no_correction": (
        "Hanya permohonan pembetulan yang memuat bagian ini.",
        "Only a request for correction has this part.",
    ),
    "talent.restricted": (
        "Pemrosesan data pegawai ini sedang dibatasi (UU 27/2022); cabut pembatasannya lebih dahulu.",
        "The processing of this talent's data is restricted (UU 27/2022); lift the restriction first.",
    ),
    "cycle.manual_decisions": (
        (
            "{count} pegawai keberatan terhadap keputusan otomatis dan belum ditinjau; kalibrasi atau catat "
            "tinjauannya (`awaitingReview=true` menampilkan mereka)."
        ),
        (
            "People who object to automated decisions and still have to be reviewed: {count}. Calibrate them or "
            "record a review (`awaitingReview=true` lists them)."
        ),
    ),
    # the head of an access export
    "rights.title": ("Data pribadi yang kami simpan", "The personal data we hold"),
    "rights.intro": (
        (
            "Lembar ini memuat semua yang disimpan tentang Anda oleh layanan ini pada saat dibuat (UU 27/2022 "
            "pasal 7 dan 13). Bagian yang kosong berarti tidak ada yang disimpan."
        ),
        (
            "This sheet holds everything this service has on record about you at the time it was made (UU 27/2022 "
            "art. 7 and 13). An empty part means that nothing is held."
        ),
    ),
    "rights.retention": (
        (
            "Profil, bukti dan penempatan disimpan selama Anda menjadi pegawai instansi ini dan sesudahnya "
            "menurut jadwal retensi arsip kepegawaian. Catatan jejak audit tidak diubah dan tidak dihapus."
        ),
        (
            "Profile, evidence and placements are kept as long as you are employed here, and afterwards as the "
            "retention schedule of personnel records says. Entries of the audit trail are neither changed nor "
            "deleted."
        ),
    ),
    "rights.rights": (
        (
            "Anda dapat meminta pembetulan, menolak keputusan yang hanya otomatis, dan meminta pembatasan; "
            "jawabannya diberikan dalam 3×24 jam. Keputusan tentang Anda selalu dicatat atas nama manusia yang "
            "mengambilnya."
        ),
        (
            "You may ask for correction, object to decisions made by automated processing alone, and ask for "
            "restriction; you are answered within 3×24 hours. A decision about you is always recorded with the "
            "human who took it."
        ),
    ),
    "rights.withheld": (
        "Tidak disimpan sama sekali: data keluarga, agama, NIK dan data kesehatan.",
        "Not stored at all: family, religion, NIK and health data.",
    ),
    "rights.none": ("Tidak ada yang disimpan.", "Nothing is held."),
    "rights.contact_unset": (
        "Hubungi pejabat pelindungan data pribadi instansi Anda.",
        "Turn to the data-protection officer of your institution.",
    ),
    # purposes of processing, and what each rests on
    "rights.purpose.talent-management": ("Manajemen talenta instansi", "Talent management of the institution"),
    "rights.purpose.evidence-verification": ("Verifikasi bukti", "Verification of evidence"),
    "rights.purpose.calibration": ("Kalibrasi oleh komite talenta", "Calibration by the talent committee"),
    "rights.purpose.succession": ("Rencana suksesi", "Succession planning"),
    "rights.purpose.vacancy-selection": ("Seleksi untuk jabatan lowong", "Selection for vacancies"),
    "rights.purpose.talent-mobility": ("Mobilitas talenta atas kehendak sendiri", "Voluntary talent mobility"),
    "rights.purpose.supervision": ("Pengawasan dan audit", "Supervision and audit"),
    "rights.purpose.data-subject-request": ("Pelayanan hak subjek data", "Serving the rights of data subjects"),
    "rights.purpose.integration": ("Penyelarasan sistem kepegawaian instansi", "Keeping personnel systems in step"),
    "rights.basis.public_task": (
        "Pelaksanaan tugas dalam rangka kepentingan umum (UU 27/2022 pasal 20 ayat 2 huruf e; UU 20/2023).",
        "A task in the public interest (UU 27/2022 art. 20(2)e; UU 20/2023).",
    ),
    "rights.basis.consent": (
        "Persetujuan Anda, yang dapat ditarik kapan saja (UU 27/2022 pasal 20 ayat 2 huruf a).",
        "Your consent, which you may withdraw at any time (UU 27/2022 art. 20(2)a).",
    ),
    "rights.basis.legal_obligation": (
        "Kewajiban hukum pengendali data (UU 27/2022 pasal 20 ayat 2 huruf c).",
        "A legal obligation of the controller (UU 27/2022 art. 20(2)c).",
    ),
}
