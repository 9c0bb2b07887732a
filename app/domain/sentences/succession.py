"""What is said about succession pools and plans."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    # pools
    "pool.unknown": (
        "Kelompok rencana suksesi {level} tidak dikenal; pilih salah satu dari: {allowed}.",
        "There is no succession pool {level}; choose one of: {allowed}.",
    ),
    "pool.member_not_found": (
        "Anggota kelompok rencana suksesi tidak ditemukan.",
        "The member of the succession pool was not found.",
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
        "Sebutkan `talents`, atau `everybodyInBoxes`: true, salah satu saja.",
        "Say either `talents`, or `everybodyInBoxes`: true.",
    ),
    "pool.talent_repeated": (
        "Pegawai {nip} disebut lebih dari sekali; hapus pengulangannya.",
        "{nip} is named more than once; take out the repetition.",
    ),
    "pool.talent_not_found": (
        "Pegawai {nip} tidak ditemukan di instansi ini.",
        "There is nobody with the number {nip} in this institution.",
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
        "Jabatan ini tidak ditemukan di instansi Anda.",
        "There is no such post in your institution.",
    ),
    # plans
    "plan.no_rules": (
        "Tidak ada aturan pengisian untuk jenjang {level}; rencana suksesi dibuat untuk jabatan manajerial.",
        "There are no rules by which posts of the level {level} are filled; plans are made for managerial posts.",
    ),
    "plan.talent_not_found": (
        "Pegawai {nip} tidak ditemukan di instansi ini.",
        "There is nobody with the number {nip} in this institution.",
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
        "Pegawai {nip} sedang memegang jabatan ini; sebutkan orang lain.",
        "{nip} holds this post; name somebody else.",
    ),
    "plan.no_facts": (
        "Pegawai {nip} tidak ada di peta talenta, sehingga kesiapannya tidak dapat dihitung; petakan dahulu.",
        "{nip} is not on the talent map, so that nobody can tell how ready they are; map them first.",
    ),
    # dominoes
    "domino.chosen_twice": (
        "Orang yang sama dipilih lebih dari sekali; satu orang hanya mengisi satu jabatan.",
        "The same person is chosen more than once; one person fills one post.",
    ),
    "domino.holds_post": (
        "Orang ini sudah memegang jabatan itu; pilih orang atau jabatan lain.",
        "This person holds that post already; choose somebody else or another post.",
    ),
    "domino.post_not_found": ("Jabatan ini tidak ditemukan.", "There is no such post."),
    "domino.talent_not_found": (
        "Pegawai ini tidak ditemukan di instansi Anda.",
        "There is no such person in your institution.",
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
        "Setiap jabatan target dan kritikal memiliki suksesor yang tersedia hari ini",
        "Every target and critical post has a successor who is available today",
    ),
}
