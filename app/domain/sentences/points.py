"""What is said of the parts of a total, and of what would have to change."""

from __future__ import annotations

_LABELS = {
    "label.predicate.very_good": ("Sangat Baik", "very good"),
    "label.predicate.good": ("Baik", "good"),
    "label.predicate.needs_improvement": ("Butuh Perbaikan", "needs improvement"),
    "label.predicate.poor": ("Kurang", "poor"),
    "label.predicate.very_poor": ("Sangat Kurang", "very poor"),
    "label.employment.pns": ("PNS", "civil servant (PNS)"),
    "label.employment.pppk": ("PPPK", "contract employee (PPPK)"),
    "label.leadership.none": ("belum ada", "none yet"),
    "label.item.workResult": ("Rating hasil kerja", "Rating of work results"),
    "label.item.award": ("Penghargaan", "Awards"),
    "label.item.teamAssignment": ("Tim kerja", "Team assignments"),
    "label.item.assessmentScore": ("Nilai asesmen", "Assessment score"),
    "label.item.potentialCompetence": ("Potensi dan kompetensi", "Potential and competence"),
    "label.item.position": ("Riwayat jabatan", "Position history"),
    "label.item.acting": ("Penugasan Plt/Plh", "Acting assignments"),
    "label.item.sanction": ("Hukuman disiplin", "Discipline"),
    "proof.assetReport": ("Tanda terima laporan harta kekayaan (LHKPN).", "The receipt of the wealth report (LHKPN)."),
    "proof.taxReturn": ("Tanda terima SPT tahunan.", "The receipt of the yearly tax return (SPT)."),
    "proof.healthCertificate": (
        "Surat keterangan sehat dari dokter atau rumah sakit.",
        "A certificate of health of a doctor or hospital.",
    ),
    "proof.integrityStatement": (
        "Pakta integritas atau surat pernyataan rekam jejak.",
        "The integrity pact, or a statement on the track record.",
    ),
    "proof.clearanceStatement": (
        "Surat keterangan tidak sedang diperiksa dan tidak dalam proses pidana.",
        "A statement that there is no examination and no criminal process.",
    ),
    "proof.competenceCertificate": (
        "Sertifikat atau hasil uji kompetensi teknis.",
        "A certificate of technical competence, or the result of a test of it.",
    ),
    "proof.professionalCertificate": ("Sertifikat profesi.", "A licence or certificate of the profession."),
    "proof.diploma": ("Ijazah dengan bidang studinya.", "The diploma with its field of study."),
    "proof.recommendationLetter": (
        "Surat rekomendasi PPK.",
        "The recommendation of the appointing authority (PPK).",
    ),
    "proof.releaseLetter": ("Surat lolos butuh.", "The release letter (lolos butuh)."),
    "proof.rankDecree": ("SK pangkat terakhir.", "The latest rank decree."),
    "proof.positionDecree": ("SK jabatan.", "The decree of the post."),
    "proof.appraisalDocument": ("SKP beserta evaluasinya.", "The appraisal (SKP) with its evaluation."),
    "unit.months": ("{number} bulan", "{number} months"),
    "unit.years": ("{number} tahun", "{number} years"),
    "unit.percent": ("{number} persen", "{number} percent"),
}

SENTENCES: dict[str, tuple[str, str]] = {
    **_LABELS,
    "relaxation.threshold": (
        "{label}: bila {instead}, bukan {present}, ada {candidates} calon.",
        "{label}: with {instead} instead of {present} there are {candidates} candidates.",
    ),
    # parts of a total
    "part.score": ("Nilai {score} dari 100.", "A score of {score} out of 100."),
    "part.no_score": (
        "Nilai ini belum diketahui; lengkapi bukti atau penilaiannya.",
        "This score is not known yet; complete the evidence or the test behind it.",
    ),
    "part.fit": (
        "Tingkat kompetensi memenuhi {matched} dari {asked} tingkat yang diminta standar jabatan.",
        "Competencies meet {matched} of the {asked} levels that the standard of the post asks for.",
    ),
    "part.no_fit": (
        "{missing} kompetensi belum dinilai; lakukan asesmen.",
        "Competencies that have not been assessed: {missing}; an assessment is needed.",
    ),
    "part.months": ("{months} bulan; nilai penuh pada {full} bulan.", "{months} months; {full} months earn all of it."),
    "part.months_on_record": (
        (
            "Tercatat {months} bulan; nilai penuh pada {full} bulan. Masa kerja tanpa catatan jabatan ({open} bulan) "
            "tidak dihitung: ajukan riwayat jabatan untuk menambahkannya."
        ),
        (
            "{months} months are on record; {full} earn all of it. Service without posts on record ({open} months) "
            "does not count: submit the history of posts to add it."
        ),
    ),
    "part.months_since_unknown": (
        "Tercatat {months} bulan; nilai penuh pada {full} bulan. Awal masa kerja belum diketahui: lengkapi TMT CPNS.",
        "{months} months are on record; {full} earn all of it. The first day in service is unknown: supply it.",
    ),
    "part.no_history": (
        "Riwayat jabatan belum ada; ajukan riwayat jabatan.",
        "There is no history of posts yet; submit one.",
    ),
    "part.no_affair": (
        "Urusan pemerintahan jabatan ini belum ditetapkan.",
        "Nobody has said yet which government affair this post works at.",
    ),
    "part.hours": (
        "{hours} jam pelajaran dalam {years} tahun terakhir; nilai penuh pada {full} jam.",
        "{hours} lesson hours in the last {years} years; {full} earn all of it.",
    ),
    "part.no_hours": (
        "Pelatihan dalam {years} tahun terakhir belum diperiksa, atau jam pelajarannya belum tercatat.",
        "Training in the last {years} years has not been checked, or the lesson hours of it are not on record.",
    ),
    "part.programme": (
        "Pernah atau sedang bekerja pada urusan program prioritas ({affairs}): {percent} persen dari bobot.",
        "Works or has worked in an affair of a priority programme ({affairs}): {percent} percent of the weight.",
    ),
    "part.no_programme": (
        "Tidak pernah bekerja pada urusan program prioritas yang berlaku.",
        "Has never worked in an affair that a priority programme in force favours.",
    ),
    "part.no_programme_on_record": (
        (
            "Menurut catatan belum pernah bekerja pada urusan program prioritas yang berlaku. Sebagian masa kerja "
            "tidak tercatat urusannya: ajukan riwayat jabatan untuk melengkapinya."
        ),
        (
            "On record there is no work in an affair that a priority programme in force favours. Of some of the "
            "service no affair is on record: submit the history of posts to add it."
        ),
    ),
    "part.no_time_at_level": (
        "Tanggal mulai pada jenjang sekarang belum diketahui.",
        "It is not known since when the present level has been held.",
    ),
    "part.no_service": (
        "Tanggal mulai bekerja (TMT CPNS) belum diketahui.",
        "It is not known since when this person has been in service.",
    ),
    "part.years": ("{years} tahun; nilai penuh pada {full} tahun.", "{years} years; {full} years earn all of it."),
    "part.no_age": ("Tanggal lahir belum diketahui.", "The date of birth is not known."),
    # what would have to change
    "way.documents": ("Dokumen yang membuktikan: {labels}.", "Documents that show: {labels}."),
    "way.assessment": (
        (
            "Asesmen kompetensi baru yang memenuhi paling sedikit {matched} dari {asked} tingkat standar (JPM "
            "{percent} persen)."
        ),
        (
            "A new assessment of competencies that meets at least {matched} of the {asked} levels of the standard (JPM "
            "{percent} percent)."
        ),
    ),
    "way.leadership": ("Lulus pelatihan kepemimpinan {training}.", "Leadership training {training}, completed."),
    "way.complete": ("Bukti yang masih kurang: {items}.", "The evidence that is missing: {items}."),
    "way.appraisal": (
        "Predikat kinerja paling rendah {predicate} untuk tahun {year}.",
        "A performance predicate of {predicate} or better for the year {year}.",
    ),
    "way.education": ("Ijazah paling rendah {diploma}.", "A diploma of {diploma} or higher."),
    "way.talent_value": ("Nilai talenta paling rendah {points}.", "A talent value of {points} at least."),
    "way.wait": (
        "Terpenuhi dengan berjalannya waktu, bila pelantikan mulai {day}.",
        "Met by time alone, for an inauguration from {day}.",
    ),
    "way.hours": (
        "Paling sedikit {hours} jam pelajaran pelatihan dalam {years} tahun.",
        "At least {hours} lesson hours of training in {years} years.",
    ),
    "way.history_in_affair": (
        (
            "Ajukan riwayat jabatan: masa kerja tanpa catatan dapat menambah pengalaman pada urusan jabatan ini. Cukup "
            "bila terbukti {needed} bulan; tercatat {months}, paling banyak dapat menjadi {most}."
        ),
        (
            "Submit the history of posts: service that is not on record could add experience in the affair of this "
            "post. {needed} months are enough if it shows them; {months} are on record, at most {most} there could be."
        ),
    ),
    "way.history_in_affair_open": (
        (
            "Ajukan riwayat jabatan dan TMT CPNS: masa kerja tanpa catatan dapat menambah pengalaman pada urusan "
            "jabatan ini. Cukup bila terbukti {needed} bulan; tercatat {months}."
        ),
        (
            "Submit the history of posts and the first day in service: service that is not on record could add "
            "experience in the affair of this post. {needed} months are enough if it shows them; {months} are on "
            "record."
        ),
    ),
    "way.history_at_levels": (
        (
            "Ajukan riwayat jabatan: masa kerja tanpa catatan dapat memenuhi {label}. Cukup bila terbukti {needed} "
            "bulan; tercatat {months}, paling banyak dapat menjadi {most}."
        ),
        (
            "Submit the history of posts: service that is not on record could meet {label}. {needed} months are enough "
            "if it shows them; {months} are on record, at most {most} there could be."
        ),
    ),
    "way.history_at_levels_open": (
        (
            "Ajukan riwayat jabatan dan TMT CPNS: masa kerja tanpa catatan dapat memenuhi {label}. Cukup bila terbukti "
            "{needed} bulan; tercatat {months}."
        ),
        (
            "Submit the history of posts and the first day in service: service that is not on record could meet "
            "{label}. {needed} months are enough if it shows them; {months} are on record."
        ),
    ),
    "way.history_in_programme": (
        (
            "Ajukan riwayat jabatan: masa kerja tanpa catatan dapat menunjukkan pekerjaan pada urusan program "
            "prioritas ({affairs})."
        ),
        (
            "Submit the history of posts: service that is not on record could show work in an affair of a priority "
            "programme ({affairs})."
        ),
    ),
    "way.score": ("Nilai uji teknis paling rendah {score}.", "A score of {score} at least in the technical test."),
}
