"""What is said about shortlists and decisions."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    # proposals
    "shortlist.not_found": (
        "Belum ada usulan calon untuk lowongan ini.",
        "No shortlist has been proposed for this vacancy.",
    ),
    "shortlist.outdated": (
        (
            "Pemeringkatan ini bukan yang terbaru, atau ada verifikasi, nilai, atau tanggal yang berubah sesudahnya; "
            "jalankan pemeringkatan baru dan usulkan dari hasilnya."
        ),
        (
            "This ranking is not the newest one, or a verification, a score or the planned day has changed since; rank "
            "anew and propose from the result."
        ),
    ),
    "shortlist.repeated": ("Calon ini disebut lebih dari sekali.", "This candidate is named more than once."),
    "shortlist.not_considered": (
        "Calon ini tidak ada dalam pemeringkatan; gunakan candidateId dari pemeringkatan tersebut.",
        "This candidate is not in the ranking; use a candidateId of that ranking.",
    ),
    "shortlist.ineligible": (
        "Calon ini tidak memenuhi syarat: {labels} ({codes}). Usulkan calon yang memenuhi semua syarat.",
        "This candidate does not meet: {labels} ({codes}). Propose somebody who meets every requirement.",
    ),
    "shortlist.to_verify": (
        (
            "Syarat calon ini masih harus diverifikasi: {labels} ({codes}). Verifikasi dokumennya, lalu jalankan "
            "pemeringkatan baru."
        ),
        (
            "Requirements of this candidate are still to be verified: {labels} ({codes}). Verify the documents, then "
            "rank anew."
        ),
    ),
    "shortlist.too_many": (
        "Paling banyak {size} calon dapat diusulkan untuk jabatan ini.",
        "At most {size} candidates may be proposed for this post.",
    ),
    "shortlist.too_few": (
        "Usulkan {size} calon: {eligible} orang memenuhi syarat.",
        "Propose {size} candidates: {eligible} people are eligible.",
    ),
    "shortlist.reason_owed": (
        (
            "Calon {candidate} pada peringkat {position} lebih baik daripada yang diusulkan; masukkan ke "
            "passedOver dengan alasannya."
        ),
        (
            "Candidate {candidate} at position {position} is ranked better than somebody proposed; add them to "
            "passedOver with the reason."
        ),
    ),
    "shortlist.unknown_reason_owed": (
        (
            "Nilai calon {candidate} belum lengkap dan mungkin lebih baik daripada yang diusulkan; masukkan ke "
            "passedOver dengan alasannya."
        ),
        (
            "Points of candidate {candidate} are unknown and may be better than those of somebody proposed; add them "
            "to passedOver with the reason."
        ),
    ),
    "shortlist.not_passed_over": (
        (
            "Calon ini tidak dilewati: tidak memenuhi syarat, ikut diusulkan, atau peringkatnya tidak lebih baik. "
            "Hapus dari passedOver."
        ),
        (
            "This candidate is not passed over: not eligible, proposed as well, or not ranked better. Remove them from "
            "passedOver."
        ),
    ),
    "shortlist.words_needed": (
        "Alasan lain harus dijelaskan dengan kata-kata.",
        "Another reason has to be told in words.",
    ),
    "shortlist.oneself": (
        "Anda sendiri termasuk calon; orang lain harus mengusulkan dan memutuskan.",
        "You are one of the candidates yourself; others have to propose and decide.",
    ),
    # decisions
    "decision.same_person": (
        "Anda yang mengusulkan; keputusan diambil oleh orang lain.",
        "You made the proposal; somebody else has to decide.",
    ),
    "decision.not_proposed": (
        "Calon ini tidak diusulkan; pilih salah satu dari yang diusulkan.",
        "This candidate is not on the shortlist; choose one of those who are.",
    ),
    "decision.reason_needed": (
        "Memilih calon pada urutan {place} dan bukan urutan pertama memerlukan alasan.",
        "Choosing the candidate in place {place} and not the first needs a reason.",
    ),
    # reasons
    "passing.experience": (
        "Pengalaman calon lain lebih sesuai dengan kebutuhan jabatan saat ini",
        "Another candidate's experience fits better what the post needs now",
    ),
    "passing.interview": (
        "Hasil wawancara atau pemaparan makalah",
        "What an interview or a presentation showed",
    ),
    "passing.recordUnderReview": (
        "Rekam jejak sedang diperiksa",
        "The track record is under review",
    ),
    "passing.neededInPost": (
        "Masih diperlukan di jabatan sekarang",
        "Needed in the present post",
    ),
    "passing.unwilling": ("Tidak bersedia diangkat", "Not willing to be appointed"),
    "passing.otherPlan": (
        "Disiapkan untuk jabatan lain dalam rencana suksesi",
        "Meant for another post in the succession plan",
    ),
    "passing.unknownPoints": (
        "Nilai belum lengkap dan tidak dapat dilengkapi pada waktunya",
        "Points are unknown and could not be found out in time",
    ),
    "passing.team": (
        "Susunan tim pimpinan unit kerja",
        "How the leadership of the unit is made up",
    ),
    "passing.other": ("Alasan lain", "Another reason"),
}
