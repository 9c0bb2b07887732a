"""What is said of boxes, their recommendations, and development: labels, and the note on a plan's skeleton."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    # categories of the two axes
    "category.performance.low": ("Di bawah ekspektasi", "Below expectation"),
    "category.performance.middle": ("Sesuai ekspektasi", "Meets expectation"),
    "category.performance.high": ("Di atas ekspektasi", "Above expectation"),
    "category.potential.low": ("Rendah", "Low"),
    "category.potential.middle": ("Menengah", "Middle"),
    "category.potential.high": ("Tinggi", "High"),
    # recommendations of the boxes
    "action.promote": ("Dipromosikan", "Promotion"),
    "action.retain": ("Dipertahankan", "Retention"),
    "action.succession_pool": ("Masuk Kelompok Rencana Suksesi", "Entry into the succession pool"),
    "action.reward": ("Penghargaan", "Reward"),
    "action.rotation": ("Rotasi", "Rotation"),
    "action.job_enlargement": ("Perluasan jabatan", "Job enlargement"),
    "action.job_enrichment": ("Pengayaan jabatan", "Job enrichment"),
    "action.competence_development": ("Pengembangan kompetensi", "Competence development"),
    "action.study_assignment": ("Tugas belajar", "Study assignment"),
    "action.performance_guidance": ("Bimbingan kinerja", "Performance guidance"),
    "action.performance_counselling": ("Konseling kinerja", "Performance counselling"),
    "action.suitable_placement": ("Penempatan yang sesuai", "Suitable placement"),
    "action.statutory_process": (
        "Diproses sesuai ketentuan peraturan perundangan",
        "Process as the law provides",
    ),
    # competencies (PermenPANRB 38/2017) and potential aspects (PermenPANRB 3/2020)
    "competency.integrity": ("Integritas", "Integrity"),
    "competency.teamwork": ("Kerja sama", "Teamwork"),
    "competency.communication": ("Komunikasi", "Communication"),
    "competency.results_orientation": ("Orientasi pada hasil", "Results orientation"),
    "competency.public_service": ("Pelayanan publik", "Public service"),
    "competency.developing_self_and_others": (
        "Pengembangan diri dan orang lain",
        "Developing self and others",
    ),
    "competency.managing_change": ("Mengelola perubahan", "Managing change"),
    "competency.decision_making": ("Pengambilan keputusan", "Decision making"),
    "competency.nation_binding": ("Perekat bangsa", "Nation binding"),
    "potential.intellectual_ability": ("Kemampuan intelektual", "Intellectual ability"),
    "potential.interpersonal_ability": ("Kemampuan interpersonal", "Interpersonal ability"),
    "potential.self_awareness": ("Kesadaran diri", "Self-awareness"),
    "potential.critical_and_strategic_thinking": (
        "Berpikir kritis dan strategis",
        "Critical and strategic thinking",
    ),
    "potential.problem_solving": ("Pemecahan masalah", "Problem solving"),
    "potential.emotional_intelligence": ("Kecerdasan emosional", "Emotional intelligence"),
    "potential.fast_learning_and_self_development": (
        "Kemampuan belajar cepat dan mengembangkan diri",
        "Fast learning and self-development",
    ),
    "potential.motivation_and_commitment": ("Motivasi dan komitmen", "Motivation and commitment"),
    # forms of development
    "development.experience": (
        "Pengalaman kerja: penugasan yang menuntut kompetensi ini",
        "Experience: an assignment that asks for this competency",
    ),
    "development.exposure": (
        "Belajar dari orang lain: pembimbingan atau pendampingan",
        "Exposure: mentoring or coaching by others",
    ),
    "development.education": (
        "Belajar terstruktur: pelatihan atau kursus",
        "Education: a training or a course",
    ),
    "development.skeleton": (
        "Ini kerangka, bukan rencana: pegawai dan atasannya memilih sasaran dan kegiatan, dan dapat mengganti saran.",
        "This is a skeleton, not a plan: talent and superior choose aims and activities, and may replace suggestions.",
    ),
    "development.not_assessed": (
        "Belum ada asesmen kompetensi, sehingga kesenjangannya belum diketahui; adakan asesmen lebih dahulu.",
        "There is no competency assessment yet, so that the gaps are unknown; have one made first.",
    ),
    "development.level_unknown": (
        "Jenjang jabatan belum diketahui, sehingga standarnya belum diketahui; lengkapi riwayat jabatan.",
        "The level of the post is unknown, and so is its standard; complete the position history.",
    ),
}
