"""What is said about rounds of national mobility."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    # what a round rests on
    "mobility.market": (
        "Kampanye mobilitas ini belum dapat dijalankan; perbaiki semua yang disebutkan dalam `faults`.",
        "This mobility round cannot be run yet; correct everything that `faults` names.",
    ),
    "mobility.id": (
        "Id terdiri atas 1 sampai 36 huruf, angka, tanda hubung, atau garis bawah; gunakan id lain.",
        "An id has 1 to 36 letters, digits, hyphens or underscores; use another one.",
    ),
    "mobility.level": (
        "Jenis sel terdiri atas 1 sampai 36 huruf, angka, tanda hubung, atau garis bawah, misalnya `province`.",
        "The level of a cell has 1 to 36 letters, digits, hyphens or underscores, such as `province`.",
    ),
    "mobility.number": (
        "Nilai ini harus bilangan bulat dari {lowest} sampai {highest}.",
        "This has to be a whole number from {lowest} to {highest}.",
    ),
    "mobility.repeated": (
        "{id} disebut lebih dari sekali; hapus yang berlebih.",
        "{id} is listed more than once; remove what is too many.",
    ),
    # cells
    "mobility.cross": (
        (
            "{id} berada dalam sel {one} dan juga dalam sel {other}, padahal sel tidak boleh saling memotong; pilih "
            "satu, atau letakkan sel yang satu di dalam yang lain."
        ),
        (
            "{id} lies in cell {one} and in cell {other} as well, but cells must not cross; choose one of them, or put "
            "one cell inside the other."
        ),
    ),
    "mobility.no_cell": (
        "Tidak ada sel {cell} dalam kampanye ini; tambahkan sel tersebut atau sebutkan yang ada.",
        "The round has no cell {cell}; add it, or name one that exists.",
    ),
    "mobility.circle": (
        "Sel {cell} berada di dalam dirinya sendiri melalui induknya; putuskan lingkaran ini dengan induk lain.",
        "Cell {cell} lies within itself by way of its parents; break the circle with another parent.",
    ),
    "mobility.ceiling": (
        (
            "Batas sel {cell} adalah {ceiling} orang, tetapi {people} peserta memangku jabatan di dalamnya dan berhak "
            "tetap di sana; naikkan batasnya menjadi sekurang-kurangnya {people}."
        ),
        (
            "The ceiling of cell {cell} is {ceiling} people, but {people} participants hold posts in it and may stay; "
            "raise it to at least {people}."
        ),
    ),
    # posts
    "mobility.no_post": (
        "Tidak ada jabatan {post} dalam kampanye ini; tambahkan jabatan tersebut atau sebutkan yang ada.",
        "The round has no post {post}; add it, or name one that exists.",
    ),
    "mobility.seats": (
        (
            "Jabatan {post} membuka {seats} kursi, tetapi {people} peserta memangkunya dan berhak tetap di sana; isi "
            "sekurang-kurangnya {people} kursi."
        ),
        (
            "Post {post} has {seats} seats in the round, but {people} participants hold it and may stay; give it at "
            "least {people} seats."
        ),
    ),
    "mobility.pool_seats": (
        "Kelompok {post} memuat {people} orang tetapi {seats} kursi; jumlah keduanya harus sama.",
        "Pool {post} has {people} people but {seats} seats; the two have to be equal.",
    ),
    # wishes
    "mobility.rank": (
        "Urutan keinginan ini {rank}, seharusnya {expected}: urutan mulai dari 1 tanpa celah.",
        "The rank of this wish is {rank} and should be {expected}: ranks begin at 1 and have no gaps.",
    ),
    "mobility.pool_wished": (
        "{post} adalah kelompok orang tanpa jabatan, bukan jabatan yang dapat diminati; hapus keinginan ini.",
        "{post} is a pool of people without a post and no post to wish for; remove this wish.",
    ),
    "mobility.home_wished": (
        "Jabatan {post} sudah dipangku orang ini dan tetap menjadi haknya; hapus keinginan ini.",
        "This person holds post {post} already and keeps it in any case; remove this wish.",
    ),
    "mobility.wished_twice": (
        "Jabatan {post} diminati orang ini lebih dari sekali; sisakan satu keinginan.",
        "This person wishes for post {post} more than once; keep one of the wishes.",
    ),
    "mobility.bar": (
        "Alasan keinginan tidak dapat dipertimbangkan: `NOT_RELEASED`, atau `NOT_ELIGIBLE:` diikuti kode syarat.",
        "Why a wish cannot count is `NOT_RELEASED`, or `NOT_ELIGIBLE:` followed by the code of a rule.",
    ),
    # the lot
    "mobility.lottery": (
        "Undian ini tidak sesuai dengan yang diumumkan sebelumnya; kampanye tidak dapat dijalankan dengannya.",
        "This lottery is not the one announced beforehand; the round cannot be run with it.",
    ),
    "mobility.secret": (
        "SHA-256 rahasia ini {found}, bukan {commitment} yang diumumkan; gunakan rahasia yang diumumkan itu.",
        "The SHA-256 of this secret is {found}, not {commitment} as announced; use the secret of the announcement.",
    ),
    "mobility.seed": (
        "Benih ini {found}, padahal rahasia dan nilai publik menghasilkan {seed}; gunakan hasil itu.",
        "This seed is {found}, but the secret and the public value give {seed}; use that one.",
    ),
}
