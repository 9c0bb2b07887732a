"""Sentences about the connection to SIASN: what it lacks, how its token ages, and why a call failed."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "siasn.not_connected": (
        (
            "Instansi ini belum tersambung ke SIASN. Administrator dapat mengisi alamat dan kredensialnya di "
            "pengaturan sambungan SIASN."
        ),
        (
            "This institution is not connected to SIASN. The administrator can fill in addresses and credentials in"
            " the settings of the SIASN connection."
        ),
    ),
    "siasn.sealed_elsewhere": (
        (
            "Kredensial SIASN disegel dengan kunci yang tidak dimiliki pemasangan ini. Kembalikan berkas kunci "
            "semula, atau isi kembali semua kredensial sambungan."
        ),
        (
            "The SIASN credentials were sealed with a key that this installation does not have. Restore the former "
            "key file, or give all credentials of the connection again."
        ),
    ),
    "siasn.secret_again": (
        (
            "Alamat tujuan rahasia ini diubah ke mesin lain. Isi kembali rahasianya, agar tidak terkirim ke mesin "
            "yang tidak dimaksud."
        ),
        (
            "The address that this secret is sent to is now on another machine. Give the secret again, so that it "
            "reaches no machine it was not meant for."
        ),
    ),
    "siasn.credential_needed": (
        "Isian ini diperlukan karena tokennya dipakai. Isi, atau matikan pemakaian token tersebut.",
        "This is needed because its token is used. Fill it in, or switch the token off.",
    ),
    "siasn.header_taken": (
        (
            "Header {header} sudah dibuat oleh sambungan ini sendiri atau disebut dua kali. Pakai nama lain, atau "
            "matikan token yang memakainya."
        ),
        (
            "The header {header} is made by the connection itself, or named twice. Use another name, or switch the "
            "token off that uses it."
        ),
    ),
    "siasn.unsendable": (
        "Rahasia ini memuat spasi, baris baru, atau huruf yang tidak dapat dikirim. Salin kembali tanpa bagian itu.",
        "This secret holds a blank, a line break or a letter that cannot be sent. Copy it again without.",
    ),
    "siasn.token_over": (
        "Masa berlaku token ini sudah berakhir pada {day}. Minta token baru.",
        "This token was over on {day}. Ask for a new one.",
    ),
    "siasn.nip": (
        "Nomor induk pegawai terdiri atas 18 angka. Periksa kembali nomornya.",
        "An employee number has 18 digits. Check the number.",
    ),
    "siasn.history": (
        "Riwayat ini tidak dikenal di SIASN atau tidak diambil. Pilih dari daftar yang ada di dokumentasi.",
        "SIASN has no such history, or it is not pulled. Choose from the list in the documentation.",
    ),
    "siasn.sso_token.soon": (
        "Masa berlaku token SSO akan berakhir dalam dua minggu. Siapkan token pengganti.",
        "The SSO token lapses within two weeks. Have another one ready.",
    ),
    "siasn.sso_token.lapsed": (
        "Masa berlaku token SSO sudah berakhir. Ganti dengan token baru; sampai saat itu kata sandi dipakai bila ada.",
        "The SSO token has lapsed. Replace it; until then the password is used where there is one.",
    ),
    "siasn.sso_token.unreadable": (
        "Kapan token SSO berakhir tidak dapat dibaca dari tokennya. Tanyakan kepada yang menerbitkannya.",
        "When the SSO token lapses cannot be read from it. Ask whoever issued it.",
    ),
    "siasn.unreachable": (
        "SIASN tidak dapat dihubungi. Periksa alamatnya, dan apakah alamat internet mesin ini telah terdaftar di BKN.",
        (
            "SIASN could not be reached. Check the address, and whether BKN has admitted the internet address of "
            "this machine."
        ),
    ),
    "siasn.timeout": (
        "SIASN tidak menjawab pada waktunya. Coba lagi nanti, atau perpanjang batas waktu sambungan.",
        "SIASN did not answer in time. Try again later, or allow the connection more time.",
    ),
    "siasn.suspended": (
        "Layanan di belakang gerbang SIASN sedang dihentikan sementara. Tunggu beberapa menit; token tetap berlaku.",
        "The service behind SIASN's gateway is suspended for the time being. Wait some minutes; tokens stay valid.",
    ),
    "siasn.unauthorised": (
        "SIASN menolak kredensial atau token. Periksa kunci aplikasi, kata sandi, dan token SSO pada sambungan.",
        (
            "SIASN refused the credentials or a token. Check the application's key, the password and the SSO token "
            "of the connection."
        ),
    ),
    "siasn.html": (
        "Yang dijawab adalah halaman web, bukan data. Alamatnya mungkin keliru, atau ada gerbang di tengah jalan.",
        "What came back is a web page, not data. The address may be wrong, or some gateway stands in between.",
    ),
    "siasn.truncated": (
        "Jawaban SIASN terpotong dan tidak dipakai. Coba lagi nanti.",
        "SIASN's answer was cut off and is not used. Try again later.",
    ),
    "siasn.wrong_person": (
        "SIASN menjawab tentang orang lain, sehingga jawabannya tidak dipakai. Nomor pegawai mungkin telah berubah.",
        "SIASN answered about somebody else, so the answer is not used. The employee number may have changed.",
    ),
    "siasn.rate_limited": (
        "SIASN meminta permintaan dikurangi. Perlebar jeda antarpermintaan, lalu coba lagi nanti.",
        "SIASN asks for fewer requests. Widen the gap between requests and try again later.",
    ),
    "siasn.error": (
        "SIASN menjawab dengan kesalahan. Coba lagi nanti; bila berulang, tanyakan kepada BKN beserta waktunya.",
        "SIASN answered with an error. Try again later; if it stays, ask BKN and say when it happened.",
    ),
    "siasn.pushes_off": (
        "Penyerahan hasil pemetaan ke SIASN belum diizinkan pada sambungan ini. Administrator dapat menyalakannya.",
        "This connection does not allow placements to be handed over to SIASN. The administrator can switch it on.",
    ),
    "siasn.interrupted": (
        "Penyerahan terputus ketika jawaban SIASN ditunggu, sehingga hasilnya tidak diketahui.",
        "Handing over was interrupted while SIASN's answer was awaited, so nobody knows what came of it.",
    ),
    "siasn_push.not_found": (
        "Penyerahan ini tidak ditemukan. Periksa kembali nomornya di daftar penyerahan.",
        "No handing over has this id. Look it up in the list of them.",
    ),
    "siasn_push.under_way": (
        "Hasil siklus ini sedang diserahkan. Tunggu sampai selesai, atau hentikan dahulu.",
        "The placements of this cycle are being handed over. Wait until that is done, or stop it first.",
    ),
    "siasn_push.nobody": (
        (
            "Tidak ada lagi hasil siklus ini yang perlu diserahkan. Yang hasilnya tidak diketahui hanya diserahkan "
            "lagi bila diminta."
        ),
        (
            "Nothing of this cycle is left to be handed over. Those whose outcome is unknown are asked for again "
            "only if you say so."
        ),
    ),
    "siasn_push.over": (
        "Penyerahan ini sudah berakhir, sehingga tidak ada yang dapat dihentikan.",
        "This is over, so there is nothing to stop.",
    ),
    "siasn_push.job_over": (
        (
            "Pekerjaan penyerahan ini berakhir sebelum selesai. Lihat sebabnya pada daftar pekerjaan, lalu mulai "
            "penyerahan baru untuk yang tersisa."
        ),
        (
            "The job of this handing over ended before it was done. Look up why in the list of jobs, then begin "
            "another one for those who are left."
        ),
    ),
    "siasn_push.no_siasn_id": (
        "Nomor SIASN orang ini belum diketahui. Ambil datanya dari SIASN terlebih dahulu.",
        "SIASN's id of this person is not known. Pull their data from SIASN first.",
    ),
    "siasn_push.no_values": (
        "Nilai sumbu orang ini tidak diketahui, sehingga tidak dapat diserahkan.",
        "The axis values of this person are not known, so they cannot be handed over.",
    ),
    "siasn_push.stopped": (
        "Penyerahan berakhir sebelum hasil ini dikirim. Mulai penyerahan lagi untuk melanjutkannya.",
        "Handing over ended before this result was sent. Begin another one to go on.",
    ),
    "siasn_push.restricted": (
        "Pemrosesan data orang ini sedang dibatasi atas permintaannya.",
        "Processing of this person's data is restricted on their request.",
    ),
    "siasn_push.refused": (
        "SIASN menolak hasil ini; kata-katanya ada pada tanda terima.",
        "SIASN refused this result; its words are on the receipt.",
    ),
}
