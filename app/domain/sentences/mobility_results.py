"""What is said about results of mobility rounds: outcomes, the answer to each wish, and how to check them."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    # the outcome
    "outcome.moves": (
        "Anda memperoleh jabatan {post} di {unit}, {institution}: pilihan Anda nomor {place}.",
        "You receive the post {post} in {unit}, {institution}: your wish number {place}.",
    ),
    "outcome.stays": (
        "Anda tetap pada jabatan Anda, {post} di {unit}, {institution}; tidak ada pilihan Anda yang terpenuhi.",
        "You stay at your post, {post} in {unit}, {institution}; none of your wishes came true.",
    ),
    # the answer to a wish
    "answer.RECEIVED": ("Pilihan ini terpenuhi.", "This wish came true."),
    "answer.NOT_NEEDED": (
        "Pilihan yang Anda tempatkan lebih dahulu sudah terpenuhi, sehingga pilihan ini tidak diperlukan.",
        "A wish that you put before this one came true, so this one was not needed.",
    ),
    "answer.NOT_RELEASED": (
        "Unit Anda tidak melepas Anda dalam putaran ini: Anda berada di luar kuota pelepasan yang diumumkan.",
        "Your unit does not let you go in this round: you are beyond the release quota that it published.",
    ),
    "answer.NOT_ELIGIBLE": (
        "Anda tidak memenuhi syarat “{requirement}”: {found}",
        "You do not meet the requirement “{requirement}”: {found}",
    ),
    "answer.UNVERIFIED": (
        "Belum dapat dipastikan apakah Anda memenuhi syarat “{requirement}”: {found}",
        "It is not known whether you meet the requirement “{requirement}”: {found}",
    ),
    "answer.NO_SEATS": (
        "Jabatan ini tidak membuka kursi dalam putaran ini.",
        "This post opened no seat in this round.",
    ),
    "answer.INCUMBENT_STAYED": (
        "Tidak ada kursi yang kosong: semua kursi jabatan ini ({seats}) tetap dipangku pemegangnya.",
        "No seat was left: every seat of this post ({seats}) stayed with who held it.",
    ),
    "answer.BELOW_CUTOFF": (
        "Semua kursi jabatan ini ({seats}) terisi: {incumbents} tetap pada pemegangnya, {others} oleh peserta lain.",
        "Every seat of this post ({seats}) is taken: {incumbents} stayed with who held it, {others} went to others.",
    ),
    "answer.CEILING": (
        (
            "Di jabatan ini masih ada kursi kosong, tetapi lingkup “{cell}” dibatasi {ceiling} orang dari putaran ini "
            "dan sudah penuh."
        ),
        (
            "A seat of this post stayed empty, but the cell “{cell}” is limited to {ceiling} people of the round and "
            "is full."
        ),
    ),
    "answer.CEILING_OWN_CELL": (
        (
            "Di jabatan ini masih ada kursi kosong, tetapi lingkup “{cell}” dibatasi {ceiling} orang dari putaran ini "
            "dan sudah penuh. Kursi Anda sendiri termasuk dalam batas itu, sehingga Anda bersaing dengan peserta yang "
            "masuk ke sana."
        ),
        (
            "A seat of this post stayed empty, but the cell “{cell}” is limited to {ceiling} people of the round and "
            "is full. Your own seat counts against that limit, so that you compete with those who come in there."
        ),
    ),
    # what decided, after the sentence before
    "ground.home": (
        "Semuanya sudah memangku jabatan di sana dan berhak tetap.",
        "All of them hold their posts there and may stay.",
    ),
    "ground.depth": (
        (
            "Peserta yang lebih dekat dengan jabatan didahulukan: yang terakhir masuk berada dalam {cutoff_depth} "
            "lingkup yang sama dengan jabatannya, Anda dalam {depth}."
        ),
        (
            "People nearer to a post go first: the last who came in shares {cutoff_depth} cells with the post, you "
            "share {depth}."
        ),
    ),
    "ground.urgency": (
        (
            "Jabatan yang lebih mendesak didahulukan: yang terakhir masuk menuju jabatan kelas {cutoff_urgency}, "
            "jabatan ini kelas {urgency}."
        ),
        (
            "More urgent posts go first: the last who came in went to a post of class {cutoff_urgency}, this post is "
            "of class {urgency}."
        ),
    ),
    "ground.everybody": (
        "Semua yang masuk memiliki sekurang-kurangnya {cutoff_points} poin; poin Anda {points}.",
        "All who came in had at least {cutoff_points} points; you had {points}.",
    ),
    "ground.points": (
        "Yang terakhir masuk, dengan prioritas lain yang sama, memiliki {cutoff_points} poin; poin Anda {points}.",
        "The last who came in, equal in what goes before points, had {cutoff_points} points; you had {points}.",
    ),
    "ground.lot": (
        (
            "Yang terakhir masuk memiliki poin yang sama dengan Anda, {points}; undian yang lebih kecil didahulukan: "
            "{cutoff_lot}, undian Anda {lot}."
        ),
        (
            "The last who came in had as many points as you, {points}; the smaller lot goes first: {cutoff_lot}, yours "
            "is {lot}."
        ),
    ),
    # what a certificate says of itself
    "certificate.title": ("Surat Hasil Mobilitas", "Mobility certificate"),
    "certificate.order": (
        (
            "Pemangku jabatan berhak tetap. Selebihnya yang didahulukan: jabatan dengan kelas kemendesakan yang lebih "
            "tinggi, lalu poin yang lebih banyak, lalu undian yang lebih kecil."
        ),
        (
            "Who holds a post may stay. After them go first: posts of the more urgent class, then more points, then "
            "the smaller lot."
        ),
    ),
    "certificate.own_cell_order": (
        (
            "Pemangku jabatan berhak tetap. Selebihnya yang didahulukan: peserta yang lebih dekat dengan jabatan, lalu "
            "jabatan dengan kelas kemendesakan yang lebih tinggi, lalu poin yang lebih banyak, lalu undian yang lebih "
            "kecil."
        ),
        (
            "Who holds a post may stay. After them go first: who lies in more cells together with the post, then posts "
            "of the more urgent class, then more points, then the smaller lot."
        ),
    ),
    "certificate.verify": (
        (
            "Siapa pun dapat memeriksanya: unduh semua berkas putaran ini, lalu jalankan perintah di bawah. Nomor "
            "peserta Anda dalam berkas itu hanya berlaku untuk putaran ini: {participant}."
        ),
        (
            "Anybody can check this: download the files of the round and run the command below. Your number in these "
            "files is good for this round only: {participant}."
        ),
    ),
    "certificate.more": (
        "Masih ada {more} pilihan lain; semuanya ada dalam dokumen JSON.",
        "There are {more} more wishes; the JSON document has all of them.",
    ),
    "certificate.home": ("Jabatan sebelumnya", "Post before"),
    "certificate.effective": ("Rencana mulai berlaku", "Planned to take effect on"),
    "certificate.lot": ("Undian Anda", "Your lot"),
    "certificate.formula": ("Rumus poin", "Points formula"),
    "certificate.rules": ("Siapa yang didahulukan", "Who goes first"),
    "certificate.wishes": ("Pilihan Anda dan alasannya", "Your wishes, and why"),
    "certificate.number": ("Pilihan", "Wish"),
    "certificate.rank": ("Urutan", "Rank"),
    "certificate.post": ("Jabatan", "Post"),
    "certificate.points": ("Poin", "Points"),
    "certificate.why": ("Hasil dan alasannya", "What became of it, and why"),
    "certificate.check": ("Cara memeriksa", "How to check this"),
    "certificate.run": ("Putaran", "Run"),
    "certificate.identity": ("Identitas", "Identity"),
    "certificate.snapshot": ("SHA-256 data beku", "SHA-256 of the snapshot"),
    "certificate.result": ("SHA-256 hasil", "SHA-256 of the result"),
    "certificate.rules_version": ("Versi aturan", "Version of the rules"),
    "certificate.solver_version": ("Versi program", "Version of the program"),
    "certificate.commitment": ("Komitmen undian", "Commitment of the lottery"),
    "certificate.source": ("Sumber nilai publik", "Source of the public value"),
    "certificate.value": ("Nilai publik", "Public value"),
    "certificate.seed": ("Benih undian", "Seed of the lots"),
    # who sees whom
    "arrival.opaque": (
        "Siapa orangnya baru terlihat dalam kasus mobilitasnya; sampai saat itu hanya nomor peserta yang ditampilkan.",
        "Who this is can be seen in the case of the move; until then only the number of the participant is told.",
    ),
    # conservation
    "conservation.holds": (
        (
            "Tidak ada kursi yang hilang atau bertambah: {before} kursi kosong sebelumnya, dikurangi {entered} orang "
            "yang datang dari jabatan yang tidak ditawarkan, menjadi {after}."
        ),
        (
            "No seat was lost or made: {before} empty seats before, less {entered} people who came from posts that are "
            "not offered, make {after}."
        ),
    ),
    "conservation.broken": (
        (
            "Hitungan kursi tidak cocok: {before} kursi kosong sebelumnya dan {entered} orang yang datang dari jabatan "
            "yang tidak ditawarkan, tetapi sesudahnya {after}. Jangan umumkan hasil ini; laporkan."
        ),
        (
            "The seats do not add up: {before} empty seats before and {entered} people who came from posts that are "
            "not offered, but {after} after. Do not publish this result; report it."
        ),
    ),
    # refusals
    "mobility_result.not_found": (
        "Hasil putaran ini tidak ditemukan: mungkin belum dihitung atau belum diumumkan.",
        "The results of this run were not found: it may not be finished, or not be published yet.",
    ),
    "mobility_certificate.not_found": (
        "Tidak ada hasil atas nama Anda dalam kampanye ini: mungkin Anda tidak ikut, atau hasilnya belum diumumkan.",
        "There is no result of yours in this campaign: you may not have taken part, or nothing is published yet.",
    ),
    "mobility_verification.not_found": (
        "Pemeriksaan tidak ditemukan; minta pemeriksaan lebih dahulu, atau periksa nomornya.",
        "The verification was not found; ask for a check first, or look up its id.",
    ),
    "mobility_verification.no_files": (
        "Kirim sekurang-kurangnya `run.json` dan kesembilan tabelnya.",
        "Send `run.json` and its nine tables.",
    ),
    "mobility_verification.foreign_file": (
        "{name} bukan berkas putaran mobilitas; yang diterima: {names}.",
        "{name} is no file of a mobility round; accepted are: {names}.",
    ),
    "mobility_verification.named_twice": (
        "{name} dikirim lebih dari sekali; kirim satu saja.",
        "{name} was sent more than once; send it once.",
    ),
    "mobility_verification.too_large": (
        (
            "Berkas berjumlah {size} bita, lebih dari {most} yang diterima di sini; jalankan program pemeriksa di "
            "komputer sendiri, seperti diterangkan dalam dokumentasi."
        ),
        (
            "The files have {size} bytes, more than the {most} accepted here; run the program of verification on a "
            "computer of your own, as the documentation says."
        ),
    ),
    "mobility_verification.busy": (
        "Terlalu banyak pemeriksaan berkas kiriman yang masih menunggu; coba lagi setelah salah satunya selesai.",
        "Too many checks of files that were handed in still wait; try again when one of them is finished.",
    ),
    # what a check came to
    "verification.queued": (
        "Pemeriksaan masih menunggu atau sedang berjalan; baca lagi beberapa saat kemudian.",
        "The check still waits or goes on; read this again in a moment.",
    ),
    "verification.verified": (
        "Terbukti: hasil putaran ini, dihitung ulang dengan cara lain, sama dalam setiap bagiannya.",
        "Verified: solved again by another method, the result of this run is the same in every part.",
    ),
    "verification.verified_fast": (
        (
            "Sesuai sejauh yang dapat dilihat pemeriksaan cepat, yang tidak menghitung ulang: apakah ada hasil lain "
            "yang lebih baik bagi peserta, hanya dapat dilihat pemeriksaan lengkap."
        ),
        (
            "In order as far as the fast check can see, which does not solve again: only the full one sees whether "
            "another result would be better for the participants."
        ),
    ),
    "verification.rejected": (
        "Ditolak: berkas putaran ini memuat hal yang tidak benar; lihat temuannya.",
        "Rejected: the files of this run say something untrue; see the findings.",
    ),
    "verification.unusable": (
        "Tidak dapat diperiksa: berkasnya bukan berkas putaran yang utuh; lihat temuannya.",
        "This cannot be checked: the files are not the whole files of a run; see the findings.",
    ),
    "verification.failed": (
        "Pemeriksaan tidak sampai selesai; mintalah sekali lagi, atau jalankan program pemeriksa di komputer sendiri.",
        "The check came to no end; ask for it again, or run the program of verification on a computer of your own.",
    ),
}
