"""What is said of rubrics, and of what they find about a person."""

from __future__ import annotations

from app.domain.sentences.written import of_chapter

SENTENCES = {
    **of_chapter("rubric"),
    # rubrics
    "rubric.invalid": (
        "Rubrik tidak dapat digunakan: perbaiki setiap kesalahan yang dirinci.",
        "The rubric cannot be used: mend every fault in the details.",
    ),
    "rubric.rubric_code": (
        "Kode rubrik terdiri atas huruf kecil, angka dan tanda hubung, paling banyak 60.",
        "The code of a rubric consists of small letters, digits and hyphens, at most 60.",
    ),
    "rubric.status": (
        "Kode kedudukan hukum terdiri atas dua angka, misalnya 01.",
        "The code of a legal status has two digits, such as 01.",
    ),
    # the tree and its weights
    "rubric.axes": (
        "Sumbu ini sudah ada: rubrik memiliki satu sumbu kinerja dan satu sumbu potensial.",
        "This axis is there already: a rubric has one axis of performance and one of potential.",
    ),
    "rubric.part_weights": (
        "Hanya sebagian bagian memiliki bobot: beri semuanya bobot (jumlah 100), atau tidak satu pun.",
        "Only some of the parts have a weight: give one to each (100 in all), or to none.",
    ),
    "rubric.circle": (
        "Rata-rata memuat dirinya sendiri ({path}): beri bagian {name} kode lain, atau hapus.",
        "The mean contains itself ({path}): give the part {name} another code, or remove it.",
    ),
    "rubric.too_deep": (
        "Rata-rata di dalam rata-rata paling banyak {deepest} tingkat.",
        "Means inside means go {deepest} levels deep at most.",
    ),
    "rubric.outcomes": (
        "Rata-rata ini dapat menjadi lebih dari {most} nilai: kurangi bagiannya, samakan bobotnya, atau bulatkan.",
        "More than {most} values of this mean are possible: have fewer parts or equal weights, or round them.",
    ),
    "rubric.item_unlisted": (
        "Butir {item} tidak ada dalam daftar items: tambahkan di sana, atau periksa ejaannya.",
        "The item {item} is not among the items: add it there, or check its spelling.",
    ),
    "rubric.item_unused": (
        "Tidak ada daun yang memerlukan butir ini: hapus, atau sebutkan pada daun yang memerlukannya.",
        "No leaf needs this item: remove it, or name it at the leaf that does.",
    ),
    "rubric.item_of_mean": (
        "Butir kelengkapan sebuah rata-rata disebut oleh bagian-bagiannya: tulis null di sini.",
        "The items of a mean are named by its parts: write null here.",
    ),
    # measures
    "rubric.mode": (
        "Cara ukur {mode} tidak dikenal; gunakan salah satu dari: {modes}.",
        "The measure {mode} is not known; use one of: {modes}.",
    ),
    "rubric.no_scores": (
        "Tidak ada kategori yang dinilai: beri setidaknya satu nilai.",
        "No category has a score: give at least one.",
    ),
    "rubric.window_unfit": (
        "Baris jenis ini tidak memiliki jendela waktu: hapus `windowYears`.",
        "Rows of this kind are not looked at through a window: remove `windowYears`.",
    ),
    "rubric.years_unfit": (
        "{field} hanya berlaku dengan `pick` `previousYear`.",
        "{field} goes only with the `pick` `previousYear`.",
    ),
    "rubric.years_twice": (
        "`yearWeights` sudah menyebut tahunnya: hapus `yearsBack`.",
        "The `yearWeights` say which years count: remove `yearsBack`.",
    ),
    "rubric.scale_needed": (
        "Tidak ada standar jabatan untuk asesmen ini: sebutkan skalanya, misalnya 5.",
        "There is no standard for this assessment: say its scale, such as 5.",
    ),
    "rubric.scale": (
        "Nilai tertinggi harus lebih besar daripada yang terendah.",
        "The highest value must be greater than the lowest.",
    ),
    "rubric.instrument": (
        "Instrumen ditulis dengan huruf kecil, angka dan tanda hubung, misalnya potkom.",
        "An instrument is written in small letters, digits and hyphens, such as potkom.",
    ),
    "rubric.bands_start": (
        "Rentang terendah mulai dari {lowest}: tambahkan rentang mulai dari 0.",
        "The lowest band begins at {lowest}: add one that begins at 0.",
    ),
    "rubric.bands_repeated": (
        "Dua rentang mulai dari {edge}: hapus salah satunya.",
        "Two bands begin at {edge}: remove one of them.",
    ),
    "rubric.bands_gap": (
        "Tidak ada rentang dari {first} sampai {last}: rentang sebelumnya harus berakhir di awal rentang ini.",
        "No band holds from {first} to {last}: the band before must end where this one begins.",
    ),
    "rubric.bands_overlap": (
        "Dua rentang berlaku dari {first} sampai {last}: rentang sebelumnya harus berakhir di awal rentang ini.",
        "Two bands hold from {first} to {last}: the band before must end where this one begins.",
    ),
    "rubric.bands_end": (
        "Di atas {last} tidak ada rentang: hapus to pada rentang tertinggi.",
        "No band holds above {last}: remove the end of the highest one.",
    ),
    "rubric.cut_points": (
        "Batas kategori tinggi harus lebih besar daripada batas kategori menengah.",
        "The high category must begin above the middle one.",
    ),
    "rubric.no_standards": (
        "Tidak ada standar kompetensi: sebutkan sedikitnya satu jenjang jabatan.",
        "There are no competency standards: give those of at least one level of posts.",
    ),
    # rubrics and drafts
    "rubric.identity": (
        "Draf ini adalah {rubric}: kode dan versinya tidak dapat diganti.",
        "This draft is {rubric}: its code and version cannot be changed.",
    ),
    "rubric.draft_not_found": (
        "Tidak ada draf {rubric}: mungkin sudah diaktifkan atau dibuang.",
        "There is no draft {rubric}: it may have been activated or discarded.",
    ),
    "rubric.active_already": (
        "Rubrik {rubric} sudah aktif.",
        "The rubric {rubric} is active already.",
    ),
    "rubric.not_found": (
        "Rubrik {rubric} tidak ada; lihat daftar rubrik.",
        "There is no rubric {rubric}; see the list of rubrics.",
    ),
    "rubric.changed": (
        "Rubrik {rubric} di basis data berbeda dari berkasnya; terbitkan versi baru.",
        "The rubric {rubric} in the database differs from its file; publish a new version instead.",
    ),
    # findings: why a part of a placement has its score, or has none
    "finding.evidence": ("Berdasarkan bukti yang tercatat.", "From the evidence on record."),
    "finding.checked_none": ("Sudah diperiksa dan tidak ada.", "Checked, and there is none."),
    "finding.given": (
        "Ditetapkan oleh tujuan pemetaan: jabatan saat ini.",
        "Follows from the purpose of the mapping: the current post.",
    ),
    "finding.no_evidence": ("Belum ada bukti: tidak diketahui.", "There is no evidence yet: unknown."),
    "finding.not_checked": (
        "Register ini belum disampaikan: tidak diketahui.",
        "This register has not been delivered: unknown.",
    ),
    "finding.not_current": (
        "Ada bukti, tetapi bukan untuk periode yang dinilai: tidak diketahui.",
        "There is evidence, but not of the period that counts: unknown.",
    ),
    "finding.unrecognised": (
        "Bukti ada, tetapi kategorinya tidak dikenal rubrik: tidak diketahui.",
        "There is evidence, but of a category the rubric does not know: unknown.",
    ),
    "finding.no_standard": (
        "Standar jabatan tidak diketahui karena jenjang jabatan tidak diketahui.",
        "The standard is unknown because the level of the post is unknown.",
    ),
    "finding.level_blank": (
        "Tingkat ini kosong dalam laporan asesmen.",
        "This level is blank in the assessment report.",
    ),
    "finding.parts": ("Rata-rata dari bagian-bagiannya.", "The mean of its parts."),
    "finding.parts_missing": (
        "Belum semua bagiannya diketahui.",
        "Not all of its parts are known yet.",
    ),
    "finding.open_ended": (
        "Ada hukuman tanpa tanggal selesai: tidak diketahui apakah masih dijalani.",
        "There is a sanction without an end: unknown whether it is still being served.",
    ),
    "finding.imported": (
        "Dari peta talenta yang diimpor; buktinya tidak ada di sini.",
        "From an imported talent map; its evidence is not here.",
    ),
}
