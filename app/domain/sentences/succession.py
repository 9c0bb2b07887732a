"""What is said about succession pools and plans."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    # words
    "pool_state.nominated": ("diusulkan", "nominated"),
    "pool_state.verified": ("diverifikasi", "verified"),
    "pool_state.confirmed": ("ditetapkan", "confirmed"),
    "pool_state.refused": ("ditolak", "refused"),
    "pool_state.returned": ("dikembalikan untuk diperbaiki", "returned for revision"),
    "pool_state.suspended": ("ditangguhkan", "suspended"),
    "pool_state.expired": ("berakhir masa berlakunya", "expired"),
    "readiness.ready_now": ("siap sekarang", "ready now"),
    "readiness.in_1_to_2_years": ("siap dalam satu sampai dua tahun", "ready in one to two years"),
    "readiness.later": ("siap kemudian", "ready later"),
    # pools
    "pool.unknown": (
        "Tidak ada kelompok rencana suksesi seperti ini; pilih kelompok instansi atau kelompok nasional.",
        "There is no such succession pool; choose that of the institution or the national one.",
    ),
    "pool.member_repeated": (
        "Anggota ini disebut lebih dari sekali; hapus pengulangannya.",
        "This member is named more than once; take out the repetition.",
    ),
    "pool.not_confirmable": (
        "{members} anggota tidak dapat ditetapkan, jadi tidak seorang pun ditetapkan; lihat alasannya satu per satu.",
        "{members} members cannot be confirmed, so that nobody was; see why, one by one.",
    ),
    "pool.member_not_found": (
        "Anggota kelompok rencana suksesi tidak ditemukan; periksa nomornya di daftar anggota.",
        "The member of the succession pool was not found; check the id in the list of members.",
    ),
    "pool.state": (
        "Anggota ini berstatus {state}; langkah ini hanya mungkin dari: {needed}.",
        "The member is {state}; this step is possible only from: {needed}.",
    ),
    "pool.same_person": (
        "Pengusul tidak memverifikasi usulannya sendiri; mintalah pegawai lain memverifikasi.",
        "Whoever nominated does not verify; ask a colleague to do it.",
    ),
    "pool.own_membership": (
        "Keanggotaan diri sendiri diputuskan oleh orang lain.",
        "Others decide about one's own membership.",
    ),
    "pool.not_in_box": (
        "Pegawai ini berada di kotak {box}; kelompok ini hanya untuk kotak {boxes}.",
        "This person stands in box {box}; the pool is for the boxes {boxes} only.",
    ),
    "pool.member_already": (
        "Pegawai {nip} sudah menjadi anggota dengan status {state}.",
        "{nip} is a member already and is {state}.",
    ),
    "pool.members_already": (
        "{members} pegawai sudah menjadi anggota; lihat rincian statusnya, lalu keluarkan dari usulan.",
        "{members} people are members already; see where each is, and leave them out of the nomination.",
    ),
    "pool.busy": (
        "Anggota ini sedang diubah oleh orang lain; coba lagi sebentar lagi.",
        "Somebody else is changing this member at this moment; try again shortly.",
    ),
    "pool.overtaken": (
        "Sebagian usulan baru saja dibuat oleh orang lain; muat ulang daftarnya, lalu usulkan yang tersisa.",
        "Somebody else has just nominated some of them; read the list again and nominate who is left.",
    ),
    "pool.nobody": (
        "Tidak ada yang dapat diusulkan: semua di kotak kelompok ini sudah menjadi anggota, atau kotaknya kosong.",
        "There is nobody to nominate: all who stand in the boxes of the pool are members, or the boxes are empty.",
    ),
    "pool.talents_or_everybody": (
        "Sebutkan nomor pegawai yang diusulkan, atau minta semua di kotak kelompok ini diusulkan; salah satu saja.",
        "Say either the numbers of those nominated, or that everybody in the boxes is; one of both.",
    ),
    "pool.talent_repeated": (
        "Pegawai {nip} disebut lebih dari sekali; hapus pengulangannya.",
        "{nip} is named more than once; take out the repetition.",
    ),
    "pool.talent_not_found": (
        "Pegawai {nip} tidak ditemukan di instansi ini; periksa NIP-nya.",
        "There is nobody with the number {nip} in this institution; check the number.",
    ),
    "willingness.not_found": (
        "Pegawai ini belum menyatakan kesediaan; itu bukan penolakan.",
        "This person has not said whether they are willing, which is no refusal.",
    ),
    "willingness.over": (
        "Tanggal {until} sudah lewat; pilih hari ini atau sesudahnya.",
        "{until} is over; choose today or a later day.",
    ),
    "willingness.post_not_found": (
        "Jabatan ini tidak ditemukan di instansi Anda; pilih dari peta jabatan.",
        "There is no such post in your institution; choose from the position map.",
    ),
    # plans
    "plan.no_rules": (
        "Tidak ada aturan pengisian untuk jenjang jabatan ini; rencana suksesi dibuat untuk jabatan manajerial.",
        "There are no rules by which posts of this level are filled; plans are made for managerial posts.",
    ),
    "plan.talent_not_found": (
        "Pegawai {nip} tidak ditemukan di instansi ini; periksa NIP-nya.",
        "There is nobody with the number {nip} in this institution; check the number.",
    ),
    "plan.talent_repeated": (
        "Pegawai {nip} disebut lebih dari sekali; hapus pengulangannya.",
        "{nip} is named more than once; take out the repetition.",
    ),
    "plan.not_found": (
        "Jabatan ini belum memiliki rencana suksesi; buat rencananya dahulu.",
        "The post has no succession plan yet; make one first.",
    ),
    "plan.not_in_pool": (
        "Pegawai {nip} bukan anggota kelompok rencana suksesi yang telah ditetapkan dan masih berlaku; beri alasan.",
        "{nip} is no confirmed member of the pool whose term runs; give a reason.",
    ),
    "plan.readiness_without_reason": (
        "Kesiapan {nip} dihitung {computed}, dipilih {chosen}; beri alasan.",
        "The readiness of {nip} is computed as {computed} and set to {chosen}; give a reason.",
    ),
    "plan.holds_post": (
        "Pegawai {nip} sedang memegang jabatan ini; sebutkan pegawai lain.",
        "{nip} holds this post; name somebody else.",
    ),
    "plan.no_facts": (
        "Pegawai {nip} tidak ada di peta talenta, sehingga kesiapannya tidak dapat dihitung; petakan dahulu.",
        "{nip} is not on the talent map, so that nobody can tell how ready they are; map them first.",
    ),
    # dominoes
    "domino.chosen_twice": (
        "Pegawai yang sama dipilih lebih dari sekali; satu pegawai hanya mengisi satu jabatan.",
        "The same person is chosen more than once; one person fills one post.",
    ),
    "domino.holds_post": (
        "Pegawai ini sudah memegang jabatan itu; pilih pegawai atau jabatan lain.",
        "This person holds that post already; choose somebody else or another post.",
    ),
    "domino.post_not_found": (
        "Jabatan ini tidak ditemukan; pilih dari peta jabatan.",
        "There is no such post; choose from the position map.",
    ),
    "domino.talent_not_found": (
        "Pegawai ini tidak ditemukan di instansi Anda; periksa nomornya.",
        "There is no such person in your institution; check the number.",
    ),
    "domino.seat_held": (
        "Semua kursi jabatan ini masih terisi pada {day}; pilih jabatan atau hari lain, atau pindahkan pemegangnya.",
        "All seats of this post are held on {day}; choose another post or day, or also where a holder goes.",
    ),
    "domino.already_chosen": (
        (
            "Sudah ada keputusan tentang pegawai ini untuk jabatan lain yang belum berlaku dan belum dibatalkan; "
            "pilih pegawai lain, atau tunggu sampai keputusan itu selesai."
        ),
        (
            "There is a decision about this person for another post that is neither in effect nor cancelled; "
            "choose somebody else, or wait until it is."
        ),
    ),
    "domino.newer_seat": (
        "Pegawai ini baru memegang jabatannya sejak {since}; pilih hari sesudahnya, atau pegawai lain.",
        "This person holds their post only from {since}; choose a later day, or somebody else.",
    ),
    "domino.day_over": (
        "Tanggal {day} sudah lewat; pilih hari ini atau sesudahnya.",
        "{day} is over; choose today or a later day.",
    ),
    # who may act
    "cover.same_level": ("Jabatannya setingkat.", "Holds a post of the same level."),
    "cover.other_level": (
        "Jabatannya pada jenjang yang menurut kebijakan boleh menjadi pelaksana tugas.",
        "Holds a post of a level that may act here by the policy.",
    ),
    "cover.same_unit": ("Bekerja di unit yang sama.", "Works in the same unit."),
    "cover.near_unit": ("Bekerja di unit lain yang dekat.", "Works in another unit nearby."),
    "cover.not_retiring": (
        "Tidak pensiun selama masa tugas sebagai pelaksana tugas atau pelaksana harian.",
        "Does not retire while acting.",
    ),
    "cover.retirement_unknown": (
        "Tanggal pensiunnya belum diketahui; lengkapi tanggal lahirnya.",
        "Nobody knows when they retire; put the day of birth on record.",
    ),
    "cover.no_sanction": (
        "Tidak menjalani hukuman disiplin sedang atau berat.",
        "Serves no medium or heavy disciplinary sanction.",
    ),
    "cover.sanction_unknown": (
        "Catatan hukuman disiplinnya belum diperiksa atau tidak menyebut akhirnya; periksa dahulu.",
        "The record of sanctions has not been checked, or names no end; check it first.",
    ),
    # the policy
    "policy.boxes_repeated": (
        "Kotak {boxes} muncul lebih dari sekali.",
        "Box {boxes} appears more than once.",
    ),
    "policy.boxes_wider": (
        "Kotak kelompok nasional harus termasuk kotak kelompok instansi.",
        "The boxes of the national pool have to be among those of the institution's.",
    ),
    "policy.boxes_not_national": (
        "Pencarian nasional hanya menjangkau kotak {kept}: hapus kotak {boxes} dari kelompok nasional.",
        "Searches of the nation reach the boxes {kept} alone: take box {boxes} out of the national pool.",
    ),
    "policy.not_found": (
        "Versi kebijakan suksesi ini tidak ditemukan; lihat daftar versinya.",
        "There is no such version of the policy of succession; look at the list of its versions.",
    ),
    "policy.level_repeated": (
        "Jenjang disebut lebih dari sekali; hapus pengulangannya.",
        "A level is named more than once; take out the repetition.",
    ),
    "policy.weights": (
        "Bobot harus menyebut setiap butir tepat satu kali dan berjumlah 100; sekarang {sum}.",
        "The weights have to name every item once and make 100; now they make {sum}.",
    ),
    # what the merit rules ask
    "merit.committee": ("Komite talenta tercatat", "A talent committee is on record"),
    "merit.regulation": ("Peraturan manajemen talenta tercatat", "A regulation on talent management is on record"),
    "merit.talentMap": ("Peta talenta telah dipublikasikan", "A talent map is published"),
    "merit.targetPosts": ("Jabatan target atau kritikal ditetapkan", "Target or critical posts are decided"),
    "merit.pool": (
        "Kelompok rencana suksesi instansi memiliki anggota yang telah ditetapkan",
        "The pool of the institution has confirmed members",
    ),
    "merit.plans": (
        "Setiap jabatan target dan kritikal memiliki rencana suksesi",
        "Every target and critical post has a succession plan",
    ),
    "merit.bench": (
        "Setiap jabatan target dan kritikal memiliki suksesor yang tersedia hari ini, satu orang untuk satu jabatan",
        "Every target and critical post has a successor who is available today, one person for one post",
    ),
    "merit.committee.lacking": (
        "Catat keputusan tentang Komite Talenta Instansi sebagai rujukan.",
        "Put the decree on the talent committee on record as a reference.",
    ),
    "merit.regulation.lacking": (
        "Catat peraturan manajemen talenta instansi sebagai rujukan.",
        "Put the institution's regulation on talent management on record as a reference.",
    ),
    "merit.talentMap.lacking": (
        "Selesaikan satu siklus pemetaan, lalu publikasikan.",
        "Finish a cycle of mapping and publish it.",
    ),
    "merit.targetPosts.lacking": (
        "Tetapkan jabatan target atau kritikal; bila belum ada peta jabatan, impor dahulu.",
        "Decide on target or critical posts; import the position map first where there is none.",
    ),
    "merit.pool.lacking": (
        "Usulkan, verifikasi, dan tetapkan anggota kelompok rencana suksesi instansi.",
        "Nominate, verify and confirm members of the institution's pool.",
    ),
    "merit.plans.lacking": (
        "Buat rencana suksesi untuk setiap jabatan target dan kritikal.",
        "Make a succession plan for every target and critical post.",
    ),
    "merit.bench.lacking": (
        "Lengkapi suksesor yang tersedia: memenuhi syarat hari ini, bukti lengkap, ditetapkan, dan bersedia.",
        "See to successors who are available: eligible today, with complete evidence, confirmed and willing.",
    ),
    "merit.supervisor": (
        "Koordinasi dengan pengawas sistem merit (dahulu KASN, kini BKN dan KemenPANRB): tidak tercatat di sini.",
        "Coordination with the supervisor of the merit system (KASN, now BKN and the ministry): not on record here.",
    ),
    "merit.category": (
        "Kategori sistem merit menurut penilai: tidak disimpulkan di sini dari daftar periksa ini.",
        "The category of the merit system that its assessors found: nothing here concludes it from this checklist.",
    ),
}
