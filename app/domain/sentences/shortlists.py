"""What is said about shortlists and decisions."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    # proposals
    "shortlist.not_found": (
        "Belum ada usulan calon untuk lowongan ini; usulkan calon lebih dahulu.",
        "No shortlist has been proposed for this vacancy; propose candidates first.",
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
        "Calon ini tidak ada dalam pemeringkatan; gunakan pengenal calon dari pemeringkatan tersebut.",
        "This candidate is not in the ranking; use the id of a candidate of that ranking.",
    ),
    "shortlist.ineligible": (
        "Calon ini tidak memenuhi syarat: {labels}. Usulkan calon yang memenuhi semua syarat.",
        "This candidate does not meet: {labels}. Propose somebody who meets every requirement.",
    ),
    "shortlist.to_verify": (
        (
            "Syarat calon ini masih harus diverifikasi: {labels}. Verifikasi dokumennya, lalu jalankan "
            "pemeringkatan baru."
        ),
        ("Requirements of this candidate are still to be verified: {labels}. Verify the documents, then rank anew."),
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
            "Calon {candidate} pada peringkat {position} lebih baik daripada yang diusulkan; sebutkan sebagai yang "
            "dilewati, dengan alasannya."
        ),
        (
            "Candidate {candidate} at position {position} is ranked better than somebody proposed; name them among "
            "those passed over, with the reason."
        ),
    ),
    "shortlist.group_reason_owed": (
        (
            "{people} orang {who} mungkin berperingkat lebih baik daripada yang diusulkan: lengkapi datanya, atau "
            "sebutkan alasan bagi masing-masing atau satu alasan untuk semuanya."
        ),
        (
            "People {who}, {people} in number, may turn out to be ranked better than somebody proposed: complete what "
            "is on record, or give a reason for each of them or one for all."
        ),
    ),
    "shortlist.nobody_in_group": (
        "Tidak ada orang {who} yang masih memerlukan alasan; hapus alasan bersama ini.",
        "Nobody {who} is owed a reason any more; leave this common reason out.",
    ),
    "shortlist.group_repeated": ("Kelompok ini disebut lebih dari sekali.", "This group is named more than once."),
    "passing.group.toVerify": (
        "yang syaratnya masih harus diverifikasi",
        "whose requirements are still to be verified",
    ),
    "passing.group.unknownPoints": (
        "yang memenuhi syarat tetapi nilainya belum lengkap",
        "who are eligible and whose points are unknown",
    ),
    "ranking.out_of_date": (
        "Sejak pemeringkatan ini ada yang berubah: {what}. Jalankan pemeringkatan baru dan usulkan dari hasilnya.",
        "Something has changed since this ranking: {what}. Rank anew and propose from the result.",
    ),
    "ranking.changed.post": (
        "apa yang diminta jabatan ini, atau cara menilainya",
        "what the post asks, or how it is weighed",
    ),
    "ranking.changed.map": ("tanggal peta talenta", "the day of the talent map"),
    "shortlist.not_passed_over": (
        (
            "Calon ini tidak dilewati: tidak memenuhi syarat, ikut diusulkan, atau peringkatnya tidak lebih baik. "
            "Jangan sebutkan di sini."
        ),
        (
            "This candidate is not passed over: not eligible, proposed as well, or not ranked better. Leave them out "
            "here."
        ),
    ),
    "shortlist.order": (
        (
            "Calon pada urutan {better} peringkatnya lebih baik daripada calon pada urutan {place}. Usulkan menurut "
            "peringkat; yang memutuskan dapat memilih calon lain dengan alasan."
        ),
        (
            "The candidate in place {better} is ranked better than the one in place {place}. Propose in the order of "
            "the ranking; whoever decides may choose another one with a reason."
        ),
    ),
    "shortlist.words_needed": (
        "Alasan lain harus dijelaskan dengan kata-kata.",
        "Another reason has to be told in words.",
    ),
    "shortlist.oneself": (
        "Ini tentang Anda sendiri; orang lain harus mengusulkan, memutuskan, dan mencatatnya.",
        "This is about yourself; others have to propose, decide and put it on record.",
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
