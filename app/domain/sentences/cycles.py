"""What is said of cycles, calibrations and objections."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    # cycles
    "cycle.not_found": (
        "Siklus tidak ditemukan; periksa nomornya di daftar siklus.",
        "The cycle was not found; check its id in the list of cycles.",
    ),
    "cycle.exists": (
        "Siklus bernama {name} sudah ada; pilih nama lain.",
        "There is a cycle named {name} already; choose another name.",
    ),
    "cycle.phase": (
        "Siklus berada pada tahap {phase}; tindakan ini hanya mungkin pada tahap {needed}.",
        "The cycle is in the phase {phase}; this is possible only in the phase {needed}.",
    ),
    "cycle.busy": (
        "Siklus sedang diubah oleh orang lain; coba lagi sebentar lagi.",
        "Somebody else is changing the cycle at this moment; try again shortly.",
    ),
    "institution.busy": (
        "Impor atau pembaruan bukti sedang berlangsung; coba lagi setelah selesai.",
        "An import, or another change of evidence, is under way; try again when it is done.",
    ),
    "cycle.locked": (
        "{part} tidak dapat diubah lagi: siklus sudah pada tahap {phase}.",
        "{part} cannot be changed any more: the cycle is in the phase {phase}.",
    ),
    "cycle.not_calculated": (
        "Siklus belum dihitung; jalankan perhitungan dan tunggu sampai selesai.",
        "The cycle has not been calculated; start its calculation and wait until it is done.",
    ),
    "cycle.not_confirmed": (
        "Siklus belum ditetapkan oleh PPK; penetapan mendahului publikasi.",
        "The appointing authority has not confirmed the cycle; confirmation comes before publication.",
    ),
    "cycle.confirmed": (
        "Siklus sudah ditetapkan oleh {by}.",
        "The cycle has been confirmed already, by {by}.",
    ),
    "cycle.imported": (
        "Siklus ini diimpor dari luar dan tidak dihitung di sini.",
        "This cycle was imported from elsewhere and is not calculated here.",
    ),
    "cycle.placement_not_found": (
        "Penempatan pegawai ini dalam siklus tidak ditemukan; periksa apakah siklusnya sudah dihitung.",
        "The placement of this talent in the cycle was not found; see whether the cycle has been calculated.",
    ),
    "plan.order": (
        "Tanggal {day} lebih awal dari akhir tahap sebelumnya, {earlier}.",
        "{day} is earlier than the end of the phase before it, {earlier}.",
    ),
    "guideline.repeated": (
        "Kotak {boxes} muncul lebih dari sekali; setiap kotak paling banyak dalam satu porsi.",
        "Box {boxes} appears more than once; each box belongs to at most one share.",
    ),
    "guideline.box": ("Kotak {boxes} tidak ada; gunakan 1 sampai 9.", "There is no box {boxes}; use 1 to 9."),
    "guideline.total": (
        "Jumlah porsi {total} persen; paling banyak 100 persen.",
        "The shares add up to {total} per cent; at most 100 per cent are possible.",
    ),
    # calculations
    "calculation.not_found": (
        "Perhitungan tidak ditemukan; jalankan perhitungan siklusnya lebih dahulu.",
        "The calculation was not found; start the calculation of the cycle first.",
    ),
    "calculation.running": (
        "Perhitungan siklus ini sedang berjalan (selesai {done} dari {total} pegawai); tunggu sampai selesai.",
        "A calculation of this cycle is under way ({done} of {total} people done); wait until it is done.",
    ),
    "calculation.overtaken": (
        "Perhitungan ini digantikan oleh perhitungan yang lebih baru; tidak ada hasilnya yang disimpan.",
        "A newer calculation took the place of this one; nothing of it was stored.",
    ),
    "calculation.nobody": (
        "Tidak ada pegawai dalam peta; impor Data ASN lebih dahulu, lalu hitung kembali.",
        "Nobody is on the map; import the Data ASN first, then calculate again.",
    ),
    # movement between two cycles, and rehearsals
    "movement.not_found": (
        "Pergerakan antara kedua siklus ini belum dihitung; jalankan perhitungannya lebih dahulu.",
        "The movement between these two cycles has not been worked out; start its calculation first.",
    ),
    "movement.order": (
        "Siklus {earlier} tidak lebih awal dari siklus {later}; tukar keduanya.",
        "The cycle {earlier} is not earlier than the cycle {later}; exchange them.",
    ),
    "movement.same": (
        "Pergerakan dihitung antara dua siklus yang berbeda; pilih siklus lain sebagai siklus sebelumnya.",
        "Movement is worked out between two different cycles; choose another one as the earlier.",
    ),
    "rehearsal.not_found": (
        "Simulasi rubrik tidak ditemukan, atau perhitungannya belum selesai; periksa nomornya di daftar simulasi.",
        "The rehearsal was not found, or its calculation is not done yet; check its id in the list of rehearsals.",
    ),
    # calibrations
    "calibration.not_found": (
        "Kalibrasi tidak ditemukan; periksa nomornya di daftar kalibrasi siklus ini.",
        "The calibration was not found; check its id in the cycle's list of calibrations.",
    ),
    "calibration.not_assessed": (
        "Pegawai ini belum berada dalam kotak; lengkapi buktinya, kalibrasi tidak menggantikan bukti.",
        "This talent stands in no box yet; complete the evidence, a calibration is no substitute for it.",
    ),
    "calibration.no_move": (
        "Pegawai ini sudah berada di kotak {box}.",
        "This talent stands in box {box} already.",
    ),
    "calibration.moved_meanwhile": (
        "{by} memindahkan pegawai ini ke kotak {box} pada {at}; periksa kembali, lalu putuskan dari kotak itu.",
        "{by} moved this talent to box {box} at {at}; look again, and decide from that box.",
    ),
    "calibration.box_changed": (
        "Pegawai ini sekarang berada di kotak {box}; periksa kembali, lalu putuskan dari kotak itu.",
        "This talent now stands in box {box}; look again, and decide from that box.",
    ),
    "calibration.pending": (
        "Pemindahan ke kotak {box} oleh {by} pada {at} menunggu orang kedua; putuskan itu lebih dahulu.",
        "A move to box {box} by {by} at {at} awaits its second person; settle that one first.",
    ),
    "calibration.own_placement": (
        "Tidak seorang pun memutuskan kotaknya sendiri; serahkan kepada orang lain.",
        "Nobody decides on their own box; leave it to somebody else.",
    ),
    "calibration.same_person": (
        "Orang kedua harus bukan pengusul pemindahan; mintalah anggota komite lain.",
        "The second person cannot be the one who made the move; ask another member of the committee.",
    ),
    "calibration.not_yours": (
        "Hanya pengusul yang dapat menarik pemindahan; orang lain dapat menolaknya.",
        "Only whoever made a move can withdraw it; others can reject it.",
    ),
    "calibration.settled": (
        "Pemindahan ini sudah diputuskan ({state}); buat pemindahan baru bila perlu.",
        "This move is settled ({state}); make a new one if need be.",
    ),
    "calibration.undecided": (
        "{count} pemindahan masih menunggu orang kedua; tetapkan, tolak atau tarik lebih dahulu.",
        "{count} moves still await a second person; confirm, reject or withdraw them first.",
    ),
    "calibration.evidence_unknown": (
        "Pegawai ini tidak memiliki bukti {kind} nomor {id}; periksa profilnya.",
        "This talent has no evidence {kind} with number {id}; look at the profile.",
    ),
    "calibration.reason.behaviourOnRecord": (
        "Perilaku kerja yang tercatat tidak sesuai dengan kotak hasil perhitungan.",
        "Behaviour on record does not match the calculated box.",
    ),
    "calibration.reason.resultNotInAppraisal": (
        "Hasil kerja yang tidak termuat dalam penilaian kinerja.",
        "Results that the appraisal does not contain.",
    ),
    "calibration.reason.criticalAssignment": (
        "Penugasan kritikal yang sedang atau baru selesai dijalankan.",
        "A critical assignment under way or just completed.",
    ),
    "calibration.reason.assessmentOutdated": (
        "Hasil asesmen tidak lagi menggambarkan keadaan pegawai.",
        "The assessment no longer describes the talent.",
    ),
    "calibration.reason.disciplinaryProcess": (
        "Proses disiplin sedang berjalan.",
        "A disciplinary process is under way.",
    ),
    "calibration.reason.conflictOfEvidence": (
        "Bukti-bukti saling bertentangan.",
        "Pieces of evidence contradict each other.",
    ),
    "calibration.reason.other": ("Alasan lain, dijelaskan dalam catatan.", "Another reason, explained in the comment."),
    # objections
    "objection.not_found": (
        "Sanggahan tidak ditemukan; periksa nomornya di daftar sanggahan.",
        "The objection was not found; check its id in the list of objections.",
    ),
    "objection.too_late": (
        "Batas waktu sanggah sudah lewat pada {until}.",
        "The deadline for objections was {until}.",
    ),
    "objection.exists": (
        "Sanggahan Anda yang disampaikan pada {at} masih menunggu jawaban.",
        "Your objection of {at} still awaits its answer.",
    ),
    "objection.answered": (
        "Sanggahan ini sudah dijawab ({state}).",
        "This objection has been answered ({state}).",
    ),
    "objection.own_move": (
        "Anda ikut memindahkan pegawai ini; sanggahannya harus dijawab orang lain.",
        "You took part in moving this talent; somebody else has to answer the objection.",
    ),
    "objection.no_window": (
        "Masa sanggah memerlukan batas waktu yang belum lewat, sekarang {until}; ubah rencana siklus.",
        "Objections need a deadline that is still to come, now {until}; edit the plan of the cycle.",
    ),
    "objection.no_deadline": ("belum ditentukan", "not set"),
    "objection.shortened": (
        "Pegawai sudah diberi waktu sanggah sampai {until}; batas waktu hanya dapat diperpanjang.",
        "Talents were given until {until} to object; the deadline can only be moved back.",
    ),
    "objection.window_open": (
        "Masa sanggah berlangsung sampai {until}; tunggu, atau kirim `endObjectionsEarly` (tercatat).",
        "Objections may be raised until {until}; wait, or send `endObjectionsEarly` (it is recorded).",
    ),
    "objection.unanswered": (
        "{count} sanggahan belum dijawab; jawab semuanya lebih dahulu.",
        "Objections still to be answered: {count}. Answer them all first.",
    ),
}
