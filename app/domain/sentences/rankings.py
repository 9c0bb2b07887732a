"""What is said about rankings and those in them."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "verification.oneself": (
        "Anda sendiri termasuk yang dinilai; orang lain harus mencatatnya.",
        "You are one of those this is about; somebody else has to record it.",
    ),
    "mask.requirement": (
        "syarat yang tidak ditampilkan selama calon disamarkan",
        "a requirement that is not shown while candidates are masked",
    ),
    "mask.met": ("Memenuhi.", "Met."),
    "mask.notMet": ("Tidak memenuhi.", "Not met."),
    "mask.needsVerification": ("Belum dapat dipastikan.", "Not known to be met."),
    "shortlist.had_a_hand": (
        "Anda ikut memeringkatkan, memverifikasi, atau menilai untuk lowongan ini; orang lain yang harus memutuskan.",
        "You ranked, verified documents or gave scores for this vacancy; somebody else has to propose and decide.",
    ),
    "shortlist.sees_names": (
        "Peran Anda dapat melihat nama calon yang disamarkan; anggota komite yang tidak melihatnya harus mengusulkan.",
        "Your roles let you see who the masked candidates are; a member of the committee who does not has to propose.",
    ),
    "move.promotion": (
        "Ini promosi: jenjang jabatan ini lebih tinggi daripada jabatan yang dipegang.",
        "This is a promotion: the post is of a higher level than the one held.",
    ),
    "move.rotation": (
        "Ini rotasi: jenjang jabatan ini setara dengan jabatan yang dipegang.",
        "This is a rotation: the post is of the same level as the one held, or of an equal one.",
    ),
    "move.demotion": (
        "Ini demosi: jenjang jabatan ini lebih rendah daripada jabatan yang dipegang.",
        "This is a demotion: the post is of a lower level than the one held.",
    ),
    "ranking.not_found": (
        "Pemeringkatan tidak ditemukan; jalankan pemeringkatan lebih dahulu, atau periksa nomornya.",
        "The ranking was not found; rank first, or check its id.",
    ),
    "ranking.requirement_not_told": (
        "Pemeringkatan ini tidak memuat persyaratan {requirement} yang boleh Anda ketahui; pilih dari: {told}.",
        "This ranking has no requirement {requirement} that you may know about; choose from: {told}.",
    ),
    "ranking.recomputation_not_found": (
        "Pemeringkatan ini belum pernah dihitung ulang; jalankan perhitungan ulang lebih dahulu.",
        "This ranking has not been made again yet; ask for its recomputation first.",
    ),
    "ranking.nobody": (
        "Tidak ada pegawai dalam peta yang dapat dipertimbangkan; impor Data ASN dan bukti lebih dahulu.",
        "There is nobody on the map who could be considered; import the Data ASN and the evidence first.",
    ),
    "ranking.seniority": (
        (
            "Kriteria lain aturan ini tidak berlaku bagi jabatan ini ({unused}), sehingga masa kerja, lama jenjang, "
            "dan usia berbobot lebih dari {share} persen dari yang tersisa. Pilih aturan lain untuk lowongan ini, atau "
            "isi urusan pemerintahan jabatannya."
        ),
        (
            "Other criteria of this rule set do not apply to this post ({unused}), so that service, time at the level "
            "and age weigh more than {share} percent of what is left. Choose another rule set for the vacancy, or say "
            "what government affair the post is of."
        ),
    ),
    "ranking.firm": (
        "Tempat pertama kokoh: bobot yang sedikit berbeda hampir tidak mengubahnya.",
        "The first place is firm: somewhat different weights hardly change it.",
    ),
    "ranking.only_to_verify": (
        "Belum ada yang memenuhi semua syarat, tetapi {people} orang juga tidak gugur: datanya perlu diverifikasi.",
        "Nobody meets every requirement yet, but {people} people are not ruled out: what is open has to be verified.",
    ),
    "ranking.tied": (
        "Yang teratas setara secara statistik: siapa yang pertama bergantung pada pilihan bobot. Timbang alasan lain.",
        (
            "The first are statistically tied: who is first depends on the choice of weights. Weigh what else speaks "
            "for each."
        ),
    ),
    "candidate.not_found": (
        "Calon ini tidak ditemukan pada lowongan ini; nomor calon hanya berlaku untuk satu lowongan.",
        "This candidate was not found for this vacancy; the id of a candidate is good for one vacancy only.",
    ),
    "candidate.not_considered": (
        "Calon ini tidak dipertimbangkan dalam pemeringkatan itu.",
        "This candidate was not considered in that ranking.",
    ),
    "verification.not_found": (
        "Verifikasi syarat ini bagi calon tersebut tidak ditemukan; catat verifikasinya lebih dahulu.",
        "There is no verification of this requirement for the candidate; put the verification on record first.",
    ),
    "verification.no_requirement": (
        "Syarat {requirement} tidak ada dalam aturan lowongan ini. Yang ada: {known}.",
        "The rules of this vacancy have no requirement {requirement}. There are: {known}.",
    ),
    "verification.decided": (
        "Bukti yang tercatat sudah memutuskan syarat {requirement}: {found} Bila keliru, perbaiki buktinya.",
        (
            "The evidence on record already decides the requirement {requirement}: {found} If it is wrong, correct the "
            "evidence."
        ),
    ),
    "verification.not_proposed": (
        "Usulan sudah disampaikan; sejak itu hanya dokumen calon yang diusulkan yang masih dapat dicatat.",
        "The shortlist is proposed; from then on documents can be put on record only of those proposed.",
    ),
    "verification.repeated": (
        "Calon ini disebut dua kali untuk hal yang sama; sebutkan sekali saja.",
        "This candidate is named twice for the same; name them once.",
    ),
    "technical_score.ruled_out": (
        (
            "Calon ini tidak memenuhi syarat menurut pemeringkatan terbaru. Satu nilai membuat kriteria ini berlaku "
            "bagi semua calon; peringkatkan lagi bila buktinya sudah berubah, lalu catat nilainya."
        ),
        (
            "The newest ranking found this candidate ineligible. One score makes the criterion count for everybody; "
            "rank again if the evidence has changed, then record the score."
        ),
    ),
    "technical_score.not_found": (
        "Nilai teknis calon ini untuk lowongan tersebut belum tercatat; catat nilainya lebih dahulu.",
        "No technical score of this candidate is on record for the vacancy; put the score on record first.",
    ),
}
