"""What is said of evidence, those who submit it and those who verify it."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "evidence.no_levels": (
        "Asesmen tanpa satu pun tingkat bukan bukti; isi tingkat yang ada dalam laporan.",
        "An assessment without a single level is no evidence; give the levels that the report states.",
    ),
    # where a submission stands
    "rung.declared": (
        "Dinyatakan tanpa dokumen dan belum dihitung dalam peta talenta; lampirkan dokumen agar dapat diverifikasi.",
        "Declared without a document, and not counted in the talent map; attach a document so that it can be verified.",
    ),
    "rung.documented": (
        "Dokumen terlampir; menunggu verifikasi unit atau pengelola kepegawaian dan belum dihitung dalam peta talenta.",
        "A document is attached; it awaits verification by the unit or by HR and is not counted in the talent map.",
    ),
    "rung.verifiedByUnit": (
        "Diverifikasi unit; baru dihitung dalam peta talenta setelah diverifikasi pengelola kepegawaian.",
        "Verified by the unit; it counts in the talent map once HR has verified it, too.",
    ),
    "rung.verifiedByHr": (
        "Diverifikasi pengelola kepegawaian: menjadi bukti dan dihitung dalam peta talenta.",
        "Verified by HR: it is evidence, and counts in the talent map.",
    ),
    "submission.accepted": (
        "Diterima: tercatat sebagai bukti dan dihitung dalam peta talenta.",
        "Accepted: it is on record as evidence and counts in the talent map.",
    ),
    "submission.refused": (
        "Ditolak: baca alasannya, perbaiki, lalu ajukan kembali.",
        "Refused: read why, correct it, and submit it again.",
    ),
    "submission.withdrawn": ("Ditarik kembali oleh pengaju.", "Withdrawn by whoever submitted it."),
    # why a submission is refused
    "refusal.documentUnreadable": (
        "Dokumen tidak terbaca; ajukan kembali dengan pindaian yang jelas.",
        "The document cannot be read; submit it again with a clear scan.",
    ),
    "refusal.doesNotMatchDocument": (
        "Isi pengajuan berbeda dari dokumen; ajukan kembali sesuai dokumen.",
        "What is declared differs from the document; submit it again as the document has it.",
    ),
    "refusal.notThisPerson": (
        "Dokumen ini tentang orang lain; ajukan kembali dengan dokumen sendiri.",
        "The document is about somebody else; submit it again with your own.",
    ),
    "refusal.alreadyRecorded": (
        "Bukti ini sudah tercatat; tidak ada yang perlu diajukan.",
        "This is on record already; there is nothing to submit.",
    ),
    "refusal.outOfScope": (
        "Hal ini tidak dicatat sebagai bukti talenta.",
        "This is nothing that is kept as evidence of talent.",
    ),
    "refusal.other": ("Ditolak; baca keterangan pemeriksa.", "Refused; read the verifier's comment."),
    # what cannot be submitted
    "evidence.one_kind": (
        "Isi tepat satu jenis bukti: {allowed}.",
        "Fill in exactly one kind of evidence: {allowed}.",
    ),
    "evidence.future": (
        "Tidak boleh setelah hari ini; kosongkan yang belum selesai.",
        "Must not lie after today; leave out what is still to end.",
    ),
    "evidence.already_recorded": (
        "Bukti yang sama sudah tercatat (nomor {evidence}); tidak perlu diajukan lagi.",
        "The same evidence is on record already (number {evidence}); there is nothing to submit.",
    ),
    "evidence.same_thing": (
        "Bukti nomor {evidence} sudah mencatat hal ini dengan isi lain; sebutkan nomor itu dalam `corrects`.",
        "Evidence number {evidence} records this otherwise; name that number in `corrects` to correct it.",
    ),
    "evidence.cannot_be_corrected": (
        "Bukti nomor {evidence} bukan bukti jenis ini milik pegawai ini atau sudah digantikan; baca ulang profil.",
        "Evidence number {evidence} is not of this kind and person, or has been replaced; read the profile again.",
    ),
    "evidence.overruled": (
        "Baris ini pernah dikoreksi melalui pengajuan yang diverifikasi dan tidak dipakai; perbaiki data sumbernya.",
        "A verified submission has corrected this row, which is not used; correct it at its source.",
    ),
    "submission.pending": (
        "Pengajuan yang sama masih menunggu keputusan.",
        "The same submission is still waiting for a decision.",
    ),
    "submission.too_many": (
        "Paling banyak {limit} pengajuan boleh menunggu keputusan; tarik yang tidak diperlukan.",
        "At most {limit} submissions may wait for a decision; withdraw those that are not needed.",
    ),
    # documents
    "document.type": (
        "Lampiran harus berkas PDF, PNG atau JPEG yang utuh.",
        "What is attached must be a PDF, PNG or JPEG file.",
    ),
    "document.too_large": (
        "Lampiran lebih besar dari batas {limit} byte; perkecil pindaiannya.",
        "What is attached is larger than the limit of {limit} bytes; make the scan smaller.",
    ),
    "document.not_found": (
        "Pengajuan ini tidak memiliki dokumen; lampirkan satu lebih dahulu.",
        "This submission has no document; attach one first.",
    ),
    "submission.has_document": (
        "Dokumen lain sudah terlampir; tarik pengajuan ini dan ajukan kembali.",
        "Another document is attached already; withdraw this submission and submit it again.",
    ),
    # decisions
    "submission.not_found": (
        "Pengajuan tidak ditemukan; periksa nomornya di daftar pengajuan.",
        "The submission was not found; check its number in the list of submissions.",
    ),
    "submission.own": (
        "Pengajuan sendiri diputuskan oleh orang lain.",
        "One's own submission is decided by somebody else.",
    ),
    "submission.was_verified": (
        "Sudah diverifikasi oleh {by} ({role}) dan kini {rung}; baca ulang sebelum memutuskan.",
        "{by} ({role}) has verified it, and it is {rung} now; read it again before you decide.",
    ),
    "submission.was_refused": (
        "Sudah ditolak oleh {by} ({role}); tidak dapat diubah lagi.",
        "{by} ({role}) has refused it; it can no longer be changed.",
    ),
    "submission.was_withdrawn": (
        "Sudah ditarik kembali oleh pengaju.",
        "It has been withdrawn by whoever submitted it.",
    ),
    "submission.was_changed": (
        "Pengajuan ini kini {rung}, lain dari yang Anda baca; baca ulang sebelum memutuskan.",
        "The submission is {rung} now, which is not what you have read; read it again before you decide.",
    ),
}
