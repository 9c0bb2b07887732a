"""What is said of events for other systems: the feed, subscriptions, deliveries, addresses not spoken to."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "events.place": (
        (
            "Titik awal pada parameter ini bukan nilai yang pernah diberikan. Gunakan nilai lanjutan dari halaman "
            "sebelumnya apa adanya, atau kosongkan untuk mulai dari awal."
        ),
        "This is no place in the feed. Send the `nextAfter` of the page before as it is, or nothing for the beginning.",
    ),
    "events.place_unknown": (
        (
            "Titik ini belum ada di dalam catatan peristiwa. Gunakan nilai lanjutan yang diberikan oleh layanan ini; "
            "jika nilainya berasal dari instalasi lain atau dari sebelum pemulihan data, mulai lagi dari awal."
        ),
        (
            "This place does not exist yet in the ledger of events. Use a `nextAfter` that this service gave; if it "
            "is from another installation, or from before a restore, begin again from the beginning."
        ),
    ),
    "events.wait": (
        "Lama menunggu paling singkat 0 dan paling lama {highest} detik.",
        "Wait from 0 to {highest} seconds.",
    ),
    "event.unknown": (
        (
            "Jenis peristiwa berikut tidak dikenal: {types}. Gunakan nama dari daftar jenis peristiwa pada "
            "dokumentasi, awal nama yang diikuti tanda bintang, atau tanda bintang saja untuk semuanya."
        ),
        (
            "No event is named so: {types}. Use a name from the table of events, the beginning of names before `*`, "
            "or `*` for all of them."
        ),
    ),
    "event.subject_unknown": (
        "Jenis hal berikut tidak dikenal: {types}. Yang dapat dipilih: {allowed}.",
        "No event is about such a thing: {types}. There are: {allowed}.",
    ),
    "webhook.not_found": (
        "Langganan ini tidak ditemukan. Periksa kembali nomornya di daftar langganan.",
        "There is no such subscription. Look its id up in the list of subscriptions.",
    ),
    "webhook.delivery_not_found": (
        (
            "Pengiriman ini tidak ditemukan pada langganan tersebut. Pengiriman yang sudah lama berhasil tidak lagi "
            "disimpan; gunakan pengiriman ulang dari suatu titik."
        ),
        (
            "The subscription has no such delivery. What was delivered long ago is no longer kept; replay from a "
            "place instead."
        ),
    ),
    "webhook.not_dead": (
        (
            "Hanya pengiriman yang sudah gagal sepenuhnya yang dapat diulang satu per satu. Yang menunggu dikirim "
            "dengan sendirinya; yang sudah terkirim diulang dengan memundurkan titik langganan."
        ),
        (
            "Only a dead delivery is tried again by itself. One that waits is sent anyway; what was delivered is sent"
            " again by moving the cursor of the subscription back."
        ),
    ),
    "webhook.not_paused": (
        "Langganan ini tidak sedang dihentikan, sehingga tidak perlu dilanjutkan.",
        "This subscription is not paused, so there is nothing to resume.",
    ),
    "webhook.not_active": (
        (
            "Langganan ini belum aktif. Tunggu sampai penerima menyetujuinya, atau lanjutkan dahulu bila sedang "
            "dihentikan."
        ),
        "This subscription is not active. Wait until its receiver has agreed, or resume it first.",
    ),
    "webhook.too_many": (
        (
            "Instansi ini sudah memiliki {limit} langganan, yaitu batas tertinggi. Hapus salah satu sebelum membuat "
            "yang baru."
        ),
        "The institution has {limit} subscriptions, which is the limit. Delete one before you make another.",
    ),
    "destination.address": (
        (
            "Ini bukan alamat lengkap. Tulis alamat yang dimulai dengan https, tanpa spasi dan tanpa bagian setelah "
            "tanda pagar."
        ),
        "This is no whole address. Write one that begins with https://, without spaces and without a part after `#`.",
    ),
    "destination.https": (
        "Alamat harus dimulai dengan https, agar isi kiriman tidak terbaca di jalan.",
        "The address must begin with https://, so that nobody on the way can read what is sent.",
    ),
    "destination.credentials": (
        "Alamat tidak boleh memuat nama pengguna atau kata sandi. Hapus bagian sebelum tanda @.",
        "The address must not hold a user name or password. Leave out what stands before the `@`.",
    ),
    "destination.unresolved": (
        "Nama host pada alamat ini tidak dapat ditemukan. Periksa ejaannya dan catatan DNS-nya.",
        "The name in this address leads nowhere. Check how it is spelt, and its DNS records.",
    ),
    "destination.private": (
        (
            "Alamat ini menunjuk ke jaringan internal, yang tidak boleh dituju oleh layanan. Gunakan alamat publik, "
            "atau minta pengelola instalasi mengizinkan jaringannya melalui pengaturan OUTGOING_NETWORKS."
        ),
        (
            "This address leads into a private network, which the service does not speak to. Use a public one, or "
            "have the operator of the installation allow the network by the setting OUTGOING_NETWORKS."
        ),
    ),
    "webhook.timeout": (
        "Penerima tidak menjawab dalam 10 detik.",
        "The receiver did not answer within 10 seconds.",
    ),
    "webhook.unreachable": (
        "Penerima tidak dapat dihubungi, atau sertifikatnya tidak sah untuk nama host tersebut.",
        "The receiver could not be reached, or its certificate is not valid for its name.",
    ),
    "webhook.broken": (
        "Sambungan ke penerima terputus, atau jawabannya tidak dapat dibaca.",
        "The connection to the receiver broke, or its answer could not be read.",
    ),
    "webhook.refused": (
        "Penerima menjawab dengan status selain berhasil.",
        "The receiver answered with a status that is no success.",
    ),
    "webhook.sealed_elsewhere": (
        (
            "Rahasia langganan ini disegel dengan kunci yang tidak dimiliki pemasangan ini, sehingga kiriman tidak "
            "dapat ditandatangani. Buat rahasia baru, sampaikan kepada penerima, lalu lanjutkan langganan; atau "
            "minta pengelola pemasangan mengembalikan berkas kunci semula, lalu lanjutkan."
        ),
        (
            "The secret of this subscription was sealed with a key that this installation does not have, so nothing "
            "can be signed. Make another secret, give it to the receiver and resume; or have the operator restore the "
            "former key file, and resume."
        ),
    ),
    "webhook.not_allowed": (
        (
            "Penerima tidak menyetujui pengiriman. Jawab permintaan OPTIONS dengan tajuk yang menyebut asal pengirim "
            "yang diizinkan, seperti dijelaskan pada dokumentasi peristiwa."
        ),
        (
            "The receiver did not agree to be sent events. Answer the OPTIONS request with the header WebHook-"
            "Allowed-Origin, as the page about events says."
        ),
    ),
}
