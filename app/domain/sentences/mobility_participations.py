"""What is said about offers, releases, wishes and whoever takes part in mobility campaigns."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    # offers
    "mobility_offer.not_found": (
        "Jabatan tersebut tidak ditawarkan dalam kampanye ini; periksa id jabatan, atau tawarkan lebih dahulu.",
        "The post is not on offer in this campaign; check its id, or offer it first.",
    ),
    "offer.post_unknown": (
        "Tidak ada jabatan dengan id tersebut pada instansi ini; ambil id dari daftar jabatan.",
        "The institution has no post with this id; take the id from the list of posts.",
    ),
    "offer.repeated": (
        "Jabatan ini disebut lebih dari sekali; sebutkan satu kali.",
        "This post is named more than once; name it once.",
    ),
    "offer.province": (
        "Instansi berada di luar provinsi kampanye ini, atau provinsinya belum diisi; lengkapi pengaturan instansi.",
        (
            "The institution is outside the provinces of this campaign, or nobody has said its province; complete its "
            "settings."
        ),
    ),
    "offer.level": (
        "Jenjang {level} tidak termasuk kampanye ini; pilih jabatan pada jenjang yang diumumkan.",
        "The level {level} is not part of this campaign; choose a post of the levels announced.",
    ),
    "offer.affair": (
        "Urusan pemerintahan jabatan ini tidak termasuk kampanye; pilih jabatan pada urusan yang diumumkan.",
        "The government affair of this post is not part of the campaign; choose one of the affairs announced.",
    ),
    "offer.seats": (
        (
            "{post}: dari {funded} kebutuhan, {staying} tetap terisi pada tanggal berlaku dan {promised} sudah "
            "dijanjikan di tempat lain; paling banyak {empty} dapat dibuka."
        ),
        (
            "{post}: of {funded} funded seats {staying} are still held on the effective day and {promised} are "
            "promised elsewhere; at most {empty} can be opened."
        ),
    ),
    # releases
    "mobility_release.not_found": (
        "Unit ini belum menyatakan berapa orang yang dilepas dalam kampanye ini; tetapkan lebih dahulu.",
        "This unit has not said how many people it lets go in this campaign; say it first.",
    ),
    "release.repeated": (
        "Kriteria ini sudah disebut sebelumnya dan tidak menentukan apa pun lagi; hapus yang kedua.",
        "This criterion stands there already and decides nothing more; remove the second one.",
    ),
    # taking part
    "mobility_participation.not_found": (
        "Tidak ada keikutsertaan dengan id tersebut dalam kampanye ini; ambil id dari daftar keikutsertaan.",
        "There is no participation with this id in this campaign; take the id from the list of participations.",
    ),
    "participation.exists": (
        "Anda sudah ikut serta dalam kampanye ini; ubah keinginan pada keikutsertaan yang ada.",
        "You take part in this campaign already; change the wishes of the participation there is.",
    ),
    "participation.pool": (
        "Jabatan Anda tidak termasuk kampanye ini, karena hal-hal yang disebutkan bersama penolakan ini.",
        "Your post is not part of this campaign, for the reasons that come with this refusal.",
    ),
    "participation.not_mapped": (
        "Anda tidak termasuk peta talenta instansi; mintalah pengelola kepegawaian memeriksa data Anda.",
        "You are not on the institution's talent map; ask the human resources office to check your record.",
    ),
    "participation.restricted": (
        "Pemrosesan data Anda sedang dibatasi; ikut serta dimungkinkan setelah pembatasan berakhir.",
        "The processing of your data is restricted; you can take part once the restriction has ended.",
    ),
    "participation.employment_unknown": (
        "Jenis kepegawaian Anda tidak diketahui; mintalah pengelola kepegawaian melengkapinya.",
        (
            "Nobody knows whether you are a civil servant or employed by contract; ask the human resources office to "
            "complete your record."
        ),
    ),
    "participation.no_civil_servant": (
        "Kampanye ini untuk pegawai negeri sipil; pegawai dengan perjanjian kerja tidak berpindah melaluinya.",
        "This campaign is for civil servants; who is employed by contract does not move by it.",
    ),
    "participation.no_post": (
        (
            "Anda tidak memangku jabatan pada peta jabatan, padahal jabatan itu tempat Anda tetap berada bila tidak "
            "berpindah; mintalah pengelola kepegawaian memeriksa peta jabatan."
        ),
        (
            "You hold no post on the position map, and that post is where you stay unless you move; ask the human "
            "resources office to check the position map."
        ),
    ),
    "participation.over": (
        "Keinginan dapat ditulis sampai {day}; tenggat itu sudah lewat.",
        "Wishes could be written down until {day}; that day is over.",
    ),
    "participation.consent_needed": (
        (
            "Keikutsertaan memerlukan persetujuan untuk mobilitas talenta dengan cakupan identitas atau berkas "
            "lengkap, tanpa batas instansi penerima; berikan bersama permintaan ini."
        ),
        (
            "Taking part needs a consent for talent mobility that covers identity or dossier, for any receiving "
            "institution; give one with this request."
        ),
    ),
    "participation.scope": (
        "Persetujuan untuk kartu anonim tidak cukup; setujui pembukaan identitas atau berkas lengkap.",
        "A consent to be listed without a name is not enough; agree to being identified, or to the dossier.",
    ),
    "participation.consent_ends": (
        "Persetujuan harus berlaku sampai hari mutasi berlaku, {day}, berakhir; pilih waktu yang lebih lama.",
        "The consent has to last until the day on which moves take effect, {day}, is over; choose a later end.",
    ),
    "participation.frozen": (
        (
            "Kampanye sudah dibekukan dan bergantung pada semua peserta; tunggu hasilnya, lalu tolak perpindahan Anda "
            "dalam perkara pelaksanaannya bila tidak diinginkan lagi."
        ),
        (
            "The campaign is frozen and rests on everybody in it; wait for the result, and refuse your move in "
            "its case if you do not want it any more."
        ),
    ),
    # wishes
    "wish.one_of": (
        "Satu keinginan menyebut satu penawaran, atau satu kelompok dengan sedikitnya satu ciri; pilih salah satu.",
        "A wish names one offer, or a wildcard with at least one feature; choose one of the two.",
    ),
    "wish.home": (
        "Ini jabatan Anda sendiri: Anda tetap di sana bila tidak ada keinginan yang terpenuhi; hapus dari daftar.",
        "This is your own post: you stay there if no wish comes true; remove it from the list.",
    ),
    "wish.not_offered": (
        "Penawaran ini tidak ada dalam kampanye, atau sudah ditarik; pilih dari daftar penawaran.",
        "The campaign has no such offer, or it was taken back; choose from the list of offers.",
    ),
    "wish.repeated": (
        "Keinginan ini sudah disebut lebih atas; hapus yang kedua.",
        "This wish stands further up already; remove the second one.",
    ),
    "wish.too_many": (
        "Daftar ini mencakup {wishes} jabatan; secara teknis paling banyak {most}. Persempit kelompok yang terluas.",
        "This list covers {wishes} posts; technically at most {most} are possible. Narrow the widest wildcard.",
    ),
    # grounds
    "mobility_ground.not_found": (
        "Alasan ini tidak dinyatakan oleh peserta tersebut; periksa keikutsertaannya.",
        "Whoever takes part did not declare this ground; look at the participation.",
    ),
}
