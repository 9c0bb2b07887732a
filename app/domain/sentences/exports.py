"""What is said of what leaves the house: exports, the ekspose pack, exchanged maps; and the names things have there."""

from __future__ import annotations

_LABELS = {
    "label.axis.performance": ("Kinerja", "Performance"),
    "label.axis.potential": ("Potensial", "Potential"),
    "label.performance.low": ("Di bawah ekspektasi", "Below expectation"),
    "label.performance.middle": ("Sesuai ekspektasi", "As expected"),
    "label.performance.high": ("Di atas ekspektasi", "Above expectation"),
    "label.potential.low": ("Rendah", "Low"),
    "label.potential.middle": ("Menengah", "Middle"),
    "label.potential.high": ("Tinggi", "High"),
    "label.item.competencyAssessment": ("Asesmen kompetensi", "Competency assessment"),
    "label.item.potentialAssessment": ("Asesmen potensi", "Potential assessment"),
    "label.item.performanceAppraisal": ("Penilaian kinerja (SKP)", "Performance appraisal (SKP)"),
    "label.item.feedback360": ("Umpan balik 360", "360 feedback"),
    "label.item.education": ("Pendidikan", "Education"),
    "label.item.positionHistory": ("Riwayat jabatan", "Position history"),
    "label.item.training": ("Diklat", "Training"),
    "label.item.awards": ("Penghargaan", "Awards"),
    "label.item.teamAssignments": ("Tim kerja", "Team assignments"),
    "label.item.discipline": ("Hukuman disiplin", "Discipline"),
    "label.level.jpt_utama": ("JPT utama", "Main senior executive"),
    "label.level.jpt_madya": ("JPT madya", "Middle senior executive"),
    "label.level.jpt_pratama": ("JPT pratama", "First senior executive"),
    "label.level.administrator": ("Administrator", "Administrator"),
    "label.level.pengawas": ("Pengawas", "Supervisor"),
    "label.level.jf_ahli_utama": ("JF ahli utama", "Functional, main expert"),
    "label.level.jf_ahli_madya": ("JF ahli madya", "Functional, middle expert"),
    "label.level.jf_ahli_muda": ("JF ahli muda", "Functional, junior expert"),
    "label.level.jf_ahli_pertama": ("JF ahli pertama", "Functional, first expert"),
    "label.level.jf_penyelia": ("JF penyelia", "Functional, overseer"),
    "label.level.jf_mahir": ("JF mahir", "Functional, proficient"),
    "label.level.jf_terampil": ("JF terampil", "Functional, skilled"),
    "label.level.jf_pemula": ("JF pemula", "Functional, beginner"),
    "label.level.pelaksana": ("Pelaksana", "Executor"),
    "label.level.unknown": ("Jenjang tidak diketahui", "Level unknown"),
    "label.index.nspk": ("Indeks NSPK", "NSPK index"),
    "label.index.merit": ("Indeks sistem merit", "Merit system index"),
    "label.reference.regulation": ("Peraturan", "Regulation"),
    "label.reference.committee": ("Komite", "Committee"),
    "label.cause.data": ("Data", "Data"),
    "label.cause.rating": ("Penilaian", "Rating"),
    "label.cause.rubric": ("Rubrik", "Rubric"),
    "label.cause.calibration": ("Kalibrasi", "Calibration"),
}

SENTENCES: dict[str, tuple[str, str]] = {
    **_LABELS,
    # files
    "export.nothing_mapped": (
        "Belum ada peta untuk diekspor; impor Data ASN dan buktinya lebih dahulu.",
        "There is no map to export yet; import Data ASN and its evidence first.",
    ),
    "unit.not_found": (
        "Unit tidak ditemukan; periksa kodenya di daftar unit.",
        "The unit was not found; check its id in the list of units.",
    ),
    # the ekspose pack
    "ekspose.posts_not_kept": (
        "Jabatan belum dikelola dalam layanan ini; impor peta jabatan untuk menghitung lowongan dan cakupan suksesi.",
        "Posts are not kept in this service yet; import a position map to count vacancies and succession coverage.",
    ),
    "ekspose.no_movement": (
        "Belum ada: pergerakan memerlukan dua siklus yang dipublikasikan dan perhitungannya.",
        "None yet: movement needs two published cycles and its calculation.",
    ),
    "ekspose.withheld": (
        "• Angka ditahan: 1 sampai 4 orang, atau angka lain yang dapat membukanya.",
        "• Withheld: 1 to 4 people, or another number that would give such a number away.",
    ),
    "index.not_found": (
        "Indeks ini tidak tercatat untuk tahun tersebut; pilih tahun lain, atau catat nilainya dahulu.",
        "The index has no value on record for that year; choose another year, or put its value on record first.",
    ),
    "index.unknown": (
        "Indeks {index} tidak dikenal; gunakan {allowed}.",
        "The index {index} is not known; use {allowed}.",
    ),
    "reference.not_found": (
        "Rujukan tidak ditemukan; lihat daftar rujukan instansi.",
        "The reference was not found; see the references of the institution.",
    ),
    # exchanged maps
    "talent_map.not_recognised": (
        "Tidak ada peta talenta dalam {names}: judulnya harus memuat NIP, X - POTENSIAL (NILAI), Y - KINERJA (NILAI).",
        "No talent map in {names}: its headings must have NIP, X - POTENSIAL (NILAI) and Y - KINERJA (NILAI).",
    ),
    "talent_map.indicator": (
        "{file}, lembar {sheet}: {column} bukan indikator rubrik {rubric}; pilih rubrik yang dipakai peta ini.",
        "{file}, sheet {sheet}: {column} is no indicator of the rubric {rubric}; choose the map's own rubric.",
    ),
    "points.invalid": (
        "{column} harus bilangan, atau kosong bila tidak diketahui.",
        "{column} must be a number, or empty where it is unknown.",
    ),
    "points.range": (
        "{column} harus antara 0 dan {highest}, dengan paling banyak {decimals} angka desimal.",
        "{column} must lie between 0 and {highest}, with at most {decimals} decimals.",
    ),
    "talent_map.sum": (
        "Jumlah indikatornya {sum}, bukan nilai {column} ini.",
        "Its indicators add up to {sum}, which is not this value of {column}.",
    ),
    "talent_map.sum_missing": (
        "{column} kosong, padahal semua indikatornya terisi dan berjumlah {sum}.",
        "{column} is empty although all its indicators are filled in and add up to {sum}.",
    ),
    "talent_map.sum_unknown": (
        "{column} harus kosong selama ada indikatornya yang kosong: yang tidak diketahui bukan nol.",
        "{column} must be empty as long as one of its indicators is: unknown is not zero.",
    ),
    "talent_map.follows": (
        "Menurut titik potong rubrik, {column} di sini adalah {expected}.",
        "By the cut points of the rubric, {column} is {expected} here.",
    ),
    "talent_map.no_calibration": (
        "{column} hanya dapat diisi untuk pegawai yang berada dalam kotak.",
        "{column} can be filled in only for somebody who stands in a box.",
    ),
    "talent_map.repeated": (
        "NIP ini sudah ada pada baris sebelumnya; satu pegawai satu baris.",
        "This NIP stands in an earlier row; one person has one row.",
    ),
    "talent_map.other_tree": (
        "{column} bukan indikator varian {variant}; kosongkan.",
        "{column} is no indicator of variant {variant}; leave it empty.",
    ),
}
