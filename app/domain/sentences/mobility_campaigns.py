"""What is said of mobility campaigns: who organises them, their rules, days, cells and points."""

from __future__ import annotations

from app.domain.sentences.written import of_chapter

SENTENCES: dict[str, tuple[str, str]] = of_chapter("mobility_formula") | {
    # who organises
    "mobility_organiser.not_found": (
        "Instansi tidak ditemukan, atau belum menyebutkan provinsinya; minta instansi mengisi provinsi lebih dahulu.",
        "The institution was not found, or has not said in which province it is; ask it to say so first.",
    ),
    "mobility_organiser.not_allowed": (
        "Instansi ini belum diizinkan menyelenggarakan mobilitas; mintalah izin kepada BKN.",
        "This institution is not allowed to organise mobility; ask BKN to allow it.",
    ),
    # campaigns
    "mobility_campaign.not_found": (
        "Kampanye mobilitas tidak ditemukan; periksa nomornya di daftar kampanye.",
        "The mobility campaign was not found; check its id in the list of campaigns.",
    ),
    "mobility_campaign.busy": (
        "Kampanye mobilitas sedang diubah oleh orang lain; coba lagi sebentar lagi.",
        "Somebody else is changing the mobility campaign at this moment; try again shortly.",
    ),
    "mobility_campaign.state": (
        "Kampanye mobilitas berada pada tahap {state}; tindakan ini hanya mungkin pada tahap {needed}.",
        "The mobility campaign is in the state {state}; this is possible only in the state {needed}.",
    ),
    "mobility_campaign.other_door": (
        "Tahap {state} tidak dimasuki langsung, tetapi mengikuti pembekuan, perhitungan, atau pelaksanaan.",
        "The state {state} is not entered directly; it follows from the freeze, a run or the execution.",
    ),
    "mobility_campaign.locked": (
        "{part} tidak dapat diubah lagi: kampanye sudah pada tahap {state}. Jika keliru, batalkan dan buat yang baru.",
        (
            "{part} cannot be changed any more: the campaign is in the state {state}. If it is wrong, cancel it and "
            "lay down another."
        ),
    ),
    "mobility_campaign.because": (
        "Sebutkan alasannya, sekurang-kurangnya 10 huruf: semua orang membacanya.",
        "Say why, in at least 10 characters: everybody reads it.",
    ),
    "mobility_campaign.past": (
        "Keinginan ditutup pada {day}, padahal hari ini {today}; pilih hari sesudahnya.",
        "Wishes close on {day}, and today is {today}; choose a later day.",
    ),
    "mobility_campaign.order": (
        "Hari {day} harus sesudah {name}, yaitu {earlier}.",
        "{day} has to be later than {name}, {earlier}.",
    ),
    "mobility_campaign.shortened": (
        "Hari {announced} sudah diumumkan dan hanya dapat ditunda, tidak dimajukan ke {day}.",
        "{announced} has been announced and can only be put off, not moved forward to {day}.",
    ),
    "mobility_campaign.early": (
        "Tahap {state} berlangsung sampai {day}; tunggu, atau nyatakan pemendekan beserta alasannya.",
        "The state {state} lasts until {day}; wait, or say that it is cut short, and why.",
    ),
    "mobility_campaign.over": (
        "Hari terakhir keinginan, {day}, sudah lewat; tunda dahulu hari itu.",
        "The last day of wishes, {day}, is over; put it off first.",
    ),
    "mobility_campaign.nothing_offered": (
        "Belum ada jabatan yang ditawarkan dalam kampanye ini; mintalah instansi menawarkan jabatan lebih dahulu.",
        "No post is offered in this campaign yet; ask institutions to offer posts first.",
    ),
    "mobility_campaign.open_cases": (
        "Masih ada {cases} kasus mobilitas yang berjalan dari kampanye ini; selesaikan atau batalkan dahulu.",
        "There are {cases} cases of this campaign that are still open; finish or cancel them first.",
    ),
    "mobility_campaign.repeated": (
        "{value} disebut lebih dari sekali; sisakan satu.",
        "{value} is listed more than once; keep one of them.",
    ),
    "mobility_campaign.own_province": (
        "Instansi ini hanya menyelenggarakan mobilitas di provinsinya, {province}; sebutkan itu saja ({number}).",
        "This institution organises mobility in its own province alone, {province}; name only that one ({number}).",
    ),
    "mobility_campaign.no_programme": (
        "Program prioritas {programme} tidak ada; terbitkan dahulu, atau sebutkan yang ada: {known}.",
        "There is no priority programme {programme}; publish it first, or name one of: {known}.",
    ),
    "mobility_campaign.unverifiable": (
        "Syarat yang perlu dokumen tidak dapat diperiksa dalam kampanye mobilitas; hapus, lalu minta saat pelaksanaan.",
        "What documents show is not looked at in a campaign; remove it, and ask for them when moves are carried out.",
    ),
    "mobility_campaign.state.draft": ("konsep", "draft"),
    "mobility_campaign.state.announced": ("diumumkan", "announced"),
    "mobility_campaign.state.collecting": ("pengumpulan keinginan", "collecting wishes"),
    "mobility_campaign.state.correction": ("perbaikan data", "correction"),
    "mobility_campaign.state.frozen": ("dibekukan", "frozen"),
    "mobility_campaign.state.run": ("selesai dihitung", "run"),
    "mobility_campaign.state.published": ("hasil diterbitkan", "published"),
    "mobility_campaign.state.executing": ("pelaksanaan", "being carried out"),
    "mobility_campaign.state.closed": ("selesai", "closed"),
    "mobility_campaign.state.cancelled": ("dibatalkan", "cancelled"),
    "mobility_campaign.part.name": ("Nama", "The name"),
    "mobility_campaign.part.legal_basis": ("Dasar hukum", "The legal basis"),
    "mobility_campaign.part.province_codes": ("Daftar provinsi", "The list of provinces"),
    "mobility_campaign.part.levels": ("Daftar jenjang", "The list of levels"),
    "mobility_campaign.part.government_affairs": ("Daftar urusan", "The list of affairs"),
    "mobility_campaign.part.requirements": ("Syarat", "The requirements"),
    "mobility_campaign.part.formula": ("Formula poin", "The points formula"),
    "mobility_campaign.part.own_cell_first": ("Pendahuluan sel sendiri", "Whether one's own cell goes first"),
    "mobility_campaign.part.urgencies": ("Kelas kemendesakan", "The urgency of programmes"),
    "mobility_campaign.part.lottery_source": ("Sumber undian", "The source of the lottery"),
    "mobility_campaign.part.cells": ("Daftar sel", "The list of cells"),
    "mobility_campaign.part.collecting_until": ("hari terakhir keinginan", "the last day of wishes"),
    "mobility_campaign.part.correction_until": ("hari terakhir perbaikan", "the last day of corrections"),
    "mobility_campaign.part.effective_on": ("hari mulai berlaku", "the day on which moves take effect"),
    "requirement.repeated": (
        "{name} sudah dipakai di {other}: beri yang lain.",
        "{name} stands at {other} already: give another one.",
    ),
    # formulas
    "mobility_formula.not_found": (
        "Formula poin tidak ditemukan; lihat daftar formula penyelenggara.",
        "The points formula was not found; see the organiser's list of formulas.",
    ),
    "mobility_formula.invalid": (
        "Formula poin tidak dapat digunakan: perbaiki setiap kesalahan yang dirinci.",
        "The points formula cannot be used: mend every fault in the details.",
    ),
    "mobility_formula.reserved": (
        "Kode {formula} milik formula bawaan; terbitkan formula sendiri dengan kode lain.",
        "The code {formula} is that of the shipped formula; publish your own under another code.",
    ),
    "mobility_formula.overtaken": (
        "Orang lain baru saja menerbitkan versi {formula}; ulangi untuk menerbitkan versi berikutnya.",
        "Somebody else has just published a version of {formula}; repeat it to publish the next one.",
    ),
    "mobility_formula.tenure": (
        (
            "{kind} memberi poin untuk lamanya waktu saja, yang tidak boleh menentukan; gunakan masa bertugas di "
            "daerah sulit atau pengalaman dalam urusan jabatan."
        ),
        (
            "{kind} gives points for time alone, which decides nothing; use years in hardship areas or experience in "
            "the post's affair."
        ),
    ),
    "mobility_formula.wishes": (
        "{name} bergantung pada daftar keinginan; poin hanya boleh bertumpu pada fakta, agar orang menulis apa adanya.",
        "{name} depends on the wish list; points rest on facts alone, so that people write down what they truly want.",
    ),
    "mobility_formula.unfit": (
        "{name} tidak berlaku untuk jenis {kind}; hapus.",
        "{name} does not belong to the kind {kind}; remove it.",
    ),
    "mobility_formula.no_areas": (
        "Sebutkan provinsi atau instansi yang termasuk daerah sulit.",
        "Name the provinces or institutions that count as hardship areas.",
    ),
    # points
    "mobility_points.box": ("Kotak {box} pada peta talenta.", "Box {box} of the talent map."),
    "mobility_points.no_box": ("Belum ada kotak pada peta talenta.", "There is no box of the talent map yet."),
    "mobility_points.fit": (
        "Kompetensi memenuhi {percent} persen standar jabatan.",
        "Competencies meet {percent} per cent of the post's standard.",
    ),
    "mobility_points.no_standard": (
        "Jabatan ini belum memiliki standar kompetensi.",
        "The post has no standard of competencies yet.",
    ),
    "mobility_points.no_assessment": (
        "Belum semua kompetensi dinilai.",
        "Not all competencies have been assessed.",
    ),
    "mobility_points.appraisal": (
        "Predikat kinerja tahun {year}: {predicate}.",
        "Performance appraisal of {year}: {predicate}.",
    ),
    "mobility_points.no_appraisal": (
        "Predikat kinerja tahun terakhir belum ada.",
        "The performance appraisal of the last year is missing.",
    ),
    "mobility_points.ground_not_claimed": ("Alasan ini tidak diajukan.", "This ground was not put forward."),
    "mobility_points.ground_unseen": (
        "Alasan ini diajukan, tetapi dokumennya belum diperiksa.",
        "This ground was put forward, and nobody has looked at its documents yet.",
    ),
    "mobility_points.ground_verified": ("Alasan ini sudah diverifikasi.", "This ground is verified."),
    "mobility_points.ground_refuted": (
        "Alasan ini sudah diperiksa dan tidak terbukti.",
        "This ground was looked at and not confirmed.",
    ),
    "mobility_points.hardship": (
        "{years} tahun penuh bertugas di daerah sulit, {each} poin setahun, paling banyak {most}.",
        "{years} whole years in hardship areas, {each} points a year, at most {most}.",
    ),
    "mobility_points.affair": (
        "{years} tahun penuh dalam urusan jabatan ini, {each} poin setahun, paling banyak {most}.",
        "{years} whole years in the post's affair, {each} points a year, at most {most}.",
    ),
    "mobility_points.no_history": (
        "Riwayat jabatan belum tercatat.",
        "No history of posts is on record.",
    ),
    "mobility_points.no_affair": (
        "Urusan pemerintahan jabatan ini belum disebutkan.",
        "Nobody has said at which government affair the post works.",
    ),
    # cells
    "mobility_cell.own_level": (
        "Sel jenis ini harus menyebutkan {needed}.",
        "A cell of this level has to name {needed}.",
    ),
    "mobility_cell.other_level": (
        "{named} lebih sempit daripada jenis sel ini; buat sel tersendiri di dalamnya.",
        "{named} is narrower than a cell of this level; make a cell of its own within.",
    ),
    "mobility_cell.level_order": (
        "Jenis sel {cell} lebih luas daripada induknya, {parent}; urutannya jabatan, provinsi, instansi, unit.",
        "Cell {cell} is of a wider level than {parent} around it: occupation, province, institution, unit.",
    ),
    "mobility_cell.part.occupation": ("jenjang atau urusan pemerintahan", "a position level or a government affair"),
    "mobility_cell.part.province": ("provinsi", "a province"),
    "mobility_cell.part.institution": ("instansi", "an institution"),
    "mobility_cell.part.unit": ("unit", "a unit"),
    "mobility_cell.unit_alone": (
        "Unit di sel {cell} hanya berarti dalam instansinya; sebutkan instansinya, atau letakkan di dalam selnya.",
        "The unit of cell {cell} means something only in its institution; name it, or put the cell inside its cell.",
    ),
    "mobility_cell.no_institution": (
        "Instansi ini tidak terdaftar; sebutkan id instansi yang ada.",
        "There is no such institution; name the id of one that exists.",
    ),
    "mobility_cell.not_narrower": (
        "Sel {cell} memuat jabatan yang sama dengan induknya, {parent}; persempit, atau hapus salah satunya.",
        "Cell {cell} holds the same posts as its parent {parent}; make it narrower, or remove one of them.",
    ),
    "mobility_cell.outside": (
        "Sel {cell} tidak memuat jabatan apa pun: isinya bertentangan dengan sel di atasnya.",
        "Cell {cell} can hold no post: what it says contradicts the cells around it.",
    ),
    "mobility_cell.inside": (
        "Sel {cell} seluruhnya berada di dalam sel {other}; jadikan {other} induknya.",
        "Cell {cell} lies within cell {other} as a whole; make {other} its parent.",
    ),
    "mobility_cell.same": (
        "Sel {cell} memuat jabatan yang sama dengan sel {other}; hapus salah satunya.",
        "Cell {cell} holds the same posts as cell {other}; remove one of them.",
    ),
    "mobility_cell.cross": (
        (
            "Sel {cell} dan sel {other} saling memotong: sebagian jabatan berada di keduanya. Letakkan yang satu di "
            "dalam yang lain, atau pisahkan."
        ),
        (
            "Cells {cell} and {other} cross: some posts lie in both. Put one of them inside the other, or keep them "
            "apart."
        ),
    ),
    "mobility_cell.two_bounds": (
        "Sebutkan ruang tambahan atau batas, tidak keduanya.",
        "Say the headroom or the ceiling, not both.",
    ),
    "mobility_cell.too_many": (
        "Kampanye ini akan memiliki {cells} sel, paling banyak {most}; hapus yang berlebih.",
        "The campaign would have {cells} cells, and {most} at most; remove what is too many.",
    ),
}
