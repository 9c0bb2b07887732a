"""What is said of the parts of a total, and of what would have to change."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
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
        "{missing} competencies have not been assessed; an assessment is needed.",
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
    "part.no_history": (
        "Riwayat jabatan belum ada; ajukan riwayat jabatan.",
        "There is no history of posts yet; submit one.",
    ),
    "part.no_affair": (
        "Urusan pemerintahan jabatan ini belum ditetapkan.",
        "Nobody has said yet which government affair this post works at.",
    ),
    "part.hours": (
        "{hours} jam pelajaran dalam tiga tahun; nilai penuh pada {full}.",
        "{hours} lesson hours in three years; {full} earn all of it.",
    ),
    "part.no_hours": (
        "Riwayat pelatihan belum diperiksa.",
        "Nobody has checked yet which training there was.",
    ),
    "part.programme": (
        "Pernah atau sedang bekerja pada urusan program prioritas ({affairs}): {percent} persen dari bobot.",
        "Works or has worked in an affair of a priority programme ({affairs}): {percent} percent of the weight.",
    ),
    "part.no_programme": (
        "Tidak pernah bekerja pada urusan program prioritas yang berlaku.",
        "Has never worked in an affair that a priority programme in force favours.",
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
        "Paling sedikit {hours} jam pelajaran pelatihan dalam tiga tahun.",
        "At least {hours} lesson hours of training in three years.",
    ),
    "way.score": ("Nilai uji teknis paling rendah {score}.", "A score of {score} at least in the technical test."),
}
