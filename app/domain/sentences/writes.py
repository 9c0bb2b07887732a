"""What is said of writes that are repeated, and of changes to what others edit as well."""

from __future__ import annotations

SENTENCES = {
    "idempotency.key_missing": (
        (
            "Setiap POST memerlukan kepala Idempotency-Key: teks acak yang baru, misalnya UUID, "
            "dan yang sama lagi jika permintaan yang sama diulang."
        ),
        (
            "Every POST needs the header Idempotency-Key: a fresh random text such as a UUID, "
            "and the same one again where the same request is repeated."
        ),
    ),
    "idempotency.key_malformed": (
        (
            "Idempotency-Key harus satu teks, dengan atau tanpa tanda kutip, sepanjang 1 sampai {longest} huruf ASCII "
            "yang tercetak."
        ),
        "Idempotency-Key must be one text, quoted or not, of 1 to {longest} printable ASCII characters.",
    ),
    "idempotency.in_progress": (
        "Permintaan dengan kunci ini masih dikerjakan; ulangi beberapa saat lagi dengan kunci yang sama.",
        "The request with this key is still being worked on; repeat it shortly, with the same key.",
    ),
    "idempotency.reused": (
        "Kunci ini sudah dipakai untuk permintaan lain; pakai kunci baru untuk permintaan baru.",
        "This key was used for another request; take a new key for a new request.",
    ),
    "idempotency.not_repeatable": (
        (
            "Permintaan ini sudah dijalankan, dan jawabannya berisi rahasia yang hanya ditunjukkan sekali. "
            "Jika rahasia itu hilang, buat yang baru."
        ),
        (
            "This request was carried out, and its answer held a secret that is shown only once. "
            "If the secret is lost, make a new one."
        ),
    ),
    "idempotency.answer_lost": (
        (
            "Permintaan ini sudah dijalankan, tetapi jawabannya tidak sampai tersimpan. "
            "Jangan diulang dengan kunci baru: lihat hasilnya di daftar sumber dayanya, "
            "atau di buku besar pada nomor permintaan {request}."
        ),
        (
            "This request was carried out, but its answer was not kept. Do not repeat it with a new key: "
            "look for what it made in the list of such resources, or in the ledger by the request id {request}."
        ),
    ),
    "idempotency.taken_over": (
        "Ulangan permintaan ini sudah mengambil alih; lihat jawaban ulangan itu.",
        "A repetition of this request has taken over; see the answer of that one.",
    ),
    "precondition.required": (
        (
            "Yang ini juga diubah orang lain. Bacalah dulu (GET), lalu kirim If-Match dengan ETag yang diterima; "
            "untuk yang belum ada, kirim If-None-Match: *."
        ),
        (
            "Others change this as well. Read it first (GET), then send If-Match with the ETag you received; "
            "for what is not there yet, send If-None-Match: *."
        ),
    ),
    "precondition.absent": (
        (
            "Yang ini belum ada, atau tidak ada lagi. Untuk membuatnya, kirim If-None-Match: * sebagai ganti If-Match "
            "(GraphQL: revision 0)."
        ),
        (
            "This is not there yet, or no longer. To make it, send If-None-Match: * in place of If-Match "
            "(GraphQL: revision 0)."
        ),
    ),
    "precondition.no_tag": (
        (
            "Isi If-Match bukan ETag dari layanan ini. Baca dokumennya (GET), lalu kirim nilai kepala ETag-nya "
            "seluruhnya dan tanpa diubah, termasuk tanda kutipnya."
        ),
        (
            "What If-Match says is no ETag of this service. Read the document (GET), then send the whole value of its "
            "header ETag as it is, with its quotation marks."
        ),
    ),
    "precondition.other": (
        "Sudah berubah sejak Anda membacanya. Baca lagi (GET), lalu putuskan kembali.",
        "It has changed since you read it. Read it again (GET), then decide anew.",
    ),
    "precondition.there": (
        "Ini sudah ada. Baca dulu (GET); untuk mengubahnya, hilangkan If-None-Match.",
        "This is there already. Read it first (GET); to change it, leave out If-None-Match.",
    ),
    "precondition.failed": (
        "Sudah berubah sejak Anda membacanya: sekarang revisi {revision}. Baca lagi, lalu putuskan kembali.",
        "It has changed since you read it: it is now of revision {revision}. Read it again, then decide anew.",
    ),
}
