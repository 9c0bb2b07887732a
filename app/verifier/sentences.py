"""What the verifier says, in Indonesian and English: why files cannot be used, and what in them is not true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SENTENCES: dict[str, tuple[str, str]] = {
    "file.unreadable": (
        "Berkas {file} tidak dapat dibaca: {why}",
        "{file} cannot be read: {why}",
    ),
    "file.foreign": (
        "{file} bukan berkas sebuah putaran. Berkas putaran: {names}.",
        "{file} is no file of a run. Those are {names}.",
    ),
    "file.named_twice": (
        "{file} disebut dua kali; sebuah putaran memiliki satu berkas untuk tiap nama.",
        "{file} is named twice; a run has one file of each name.",
    ),
    "file.not_utf8": (
        "{file}, baris {line}: bukan teks UTF-8.",
        "{file}, line {line}: this is not UTF-8.",
    ),
    "file.rows": (
        "{file} memuat {rows} baris data, sedangkan run.json menyebut {stated}: berkas terpotong atau tertambah.",
        "{file} has {rows} rows, run.json states {stated}: the file was cut short or added to.",
    ),
    "file.digest": (
        "SHA-256 {file} tidak sama dengan yang disebut run.json: isi berkas telah berubah.",
        "The SHA-256 of {file} is not the one run.json states: the file was changed.",
    ),
    "manifest.not_json": (
        "{file}, baris {line}, kolom {column}: bukan JSON yang utuh.",
        "{file}, line {line}, column {column}: this is not whole JSON.",
    ),
    "manifest.not_an_object": (
        "{file} harus berisi satu objek JSON.",
        "{file} must hold one JSON object.",
    ),
    "manifest.not_canonical": (
        "{file} tidak ditulis dalam bentuk bakunya: kunci terurut dan satu kali saja, tanpa spasi, satu akhir baris.",
        "{file} is not in its one form: keys sorted and once each, no spaces, one line end.",
    ),
    "manifest.key_missing": (
        "{file}: {key} tidak ada.",
        "{file}: {key} is missing.",
    ),
    "manifest.key_unknown": (
        "{file}: {key} tidak dikenal dalam bentuk berkas ini.",
        "{file}: {key} is unknown to this format.",
    ),
    "manifest.value": (
        "{file}: nilai {key} harus berupa {wanted}.",
        "{file}: {key} must be {wanted}.",
    ),
    "table.header": (
        "{file}, baris {line}: judul kolom harus {header}.",
        "{file}, line {line}: the header must be {header}.",
    ),
    "table.cut_short": (
        "{file}, baris {line}: berkas berakhir di tengah baris; berkas terpotong.",
        "{file}, line {line}: the file ends within the line; it was cut short.",
    ),
    "table.columns": (
        "{file}, baris {line}: harus tepat {columns} kolom.",
        "{file}, line {line}: there must be exactly {columns} columns.",
    ),
    "table.character": (
        "{file}, baris {line}: tanda kutip dan tanda CR tidak diperbolehkan.",
        "{file}, line {line}: quotes and carriage returns are not allowed.",
    ),
    "value.empty": (
        "{file}, baris {line}: kolom {column} kosong.",
        "{file}, line {line}: {column} is empty.",
    ),
    "value.number": (
        (
            "{file}, baris {line}: kolom {column} berisi “{value}”, harus bilangan bulat dari {low} sampai {high} "
            "tanpa tanda tambah dan tanpa nol di depan."
        ),
        (
            "{file}, line {line}: {column} is “{value}”, must be a whole number from {low} to {high} without plus "
            "sign or leading zeros."
        ),
    ),
    "value.id": (
        "{file}, baris {line}: kolom {column} berisi “{value}”, harus 1 sampai 36 huruf A–Z, a–z, angka, - atau _.",
        "{file}, line {line}: {column} is “{value}”, must be 1 to 36 of A–Z, a–z, 0–9, - and _.",
    ),
    "value.unknown": (
        "{file}, baris {line}: kolom {column} menyebut “{value}” yang tidak ada dalam berkasnya.",
        "{file}, line {line}: {column} names “{value}”, which its table does not have.",
    ),
    "order.twice": (
        "{file}, baris {line}: “{value}” dalam kolom {column} sudah ada pada baris sebelumnya.",
        "{file}, line {line}: “{value}” in {column} is there already, in the line before.",
    ),
    "order.wrong": (
        "{file}, baris {line}: “{value}” dalam kolom {column} tidak menurut urutan yang ditetapkan.",
        "{file}, line {line}: “{value}” in {column} is out of order.",
    ),
    "cells.circle": (
        "{file}, baris {line}: sel “{value}” berada, lewat induk-induknya, dalam lingkaran.",
        "{file}, line {line}: the parents of cell “{value}” come in a circle.",
    ),
    "cells.ceiling": (
        "{file}, baris {line}: batas atas {value} lebih kecil daripada {people} orang yang jabatannya di dalam sel.",
        "{file}, line {line}: the ceiling {value} is below the {people} people whose home lies inside.",
    ),
    "posts.seats": (
        "{file}, baris {line}: {value} kursi, padahal {people} orang menduduki jabatan ini.",
        "{file}, line {line}: {value} seats, but {people} people are at home in this post.",
    ),
    "posts.pool": (
        "{file}, baris {line}: {value} kursi untuk {people} orang; kursi penampungan harus sama dengan orangnya.",
        "{file}, line {line}: {value} seats for {people} people; the seats of a pool are exactly its people.",
    ),
    "wishes.pool": (
        "{file}, baris {line}: “{value}” adalah penampungan, yang tidak dapat diinginkan.",
        "{file}, line {line}: “{value}” is a pool, for which nobody may wish.",
    ),
    "wishes.rank": (
        "{file}, baris {line}: peringkat “{value}”; peringkat tiap peserta harus 1, 2, 3 dan seterusnya.",
        "{file}, line {line}: rank “{value}”; ranks of a participant must be 1, 2, 3 and so on.",
    ),
    "wishes.home": (
        "{file}, baris {line}: “{value}” adalah jabatan peserta itu sendiri.",
        "{file}, line {line}: “{value}” is the participant's own home.",
    ),
    "wishes.twice": (
        "{file}, baris {line}: “{value}” sudah ada dalam daftar keinginan peserta itu.",
        "{file}, line {line}: “{value}” is on the participant's list already.",
    ),
    "wishes.bar": (
        "{file}, baris {line}: kolom {column} berisi “{value}”, harus kosong, NOT_RELEASED atau NOT_ELIGIBLE:aturan.",
        "{file}, line {line}: {column} is “{value}”, must be empty, NOT_RELEASED or NOT_ELIGIBLE:rule.",
    ),
    "answers.code": (
        "{file}, baris {line}: kode “{value}” tidak dikenal.",
        "{file}, line {line}: the code “{value}” is unknown.",
    ),
    "results.turn": (
        "{file}, baris {line}: “{value}” dalam kolom {column} bukan giliran baris ini menurut potret.",
        "{file}, line {line}: “{value}” in {column} is not whose turn it is by the snapshot.",
    ),
    "results.rows": (
        "{file} berakhir pada baris {line} dengan {rows} baris data, seharusnya {wanted} menurut potret.",
        "{file} ends at line {line} with {rows} rows, by the snapshot there must be {wanted}.",
    ),
    "moves.number": (
        "{file}, baris {line}: langkah “{value}”; rangkaian dan langkah harus bernomor 1, 2, 3 tanpa celah.",
        "{file}, line {line}: step “{value}”; units and their steps must count 1, 2, 3 without gaps.",
    ),
    "manifest.lottery.commitment": (
        "run.json: ikrar undian adalah {stated}, padahal SHA-256 rahasianya {expected}.",
        "run.json: lottery.commitment is {stated}, but the SHA-256 of the secret is {expected}.",
    ),
    "manifest.lottery.seed": (
        "run.json: benih undian adalah {stated}, padahal rahasia dan nilainya menghasilkan {expected}.",
        "run.json: lottery.seed is {stated}, but secret and value make {expected}.",
    ),
    "manifest.snapshotDigest": (
        "run.json: sidik potret adalah {stated}, seharusnya {expected}.",
        "run.json: snapshotDigest is {stated}, must be {expected}.",
    ),
    "manifest.identity": (
        "run.json: identitas putaran adalah {stated}, seharusnya {expected}.",
        "run.json: identity is {stated}, must be {expected}.",
    ),
    "manifest.resultDigest": (
        "run.json: sidik hasil adalah {stated}, seharusnya {expected}.",
        "run.json: resultDigest is {stated}, must be {expected}.",
    ),
    "result.rows": (
        "{file}: {rows} dari {of} baris berbeda dari yang dihasilkan aturan.",
        "{file}: {rows} of {of} rows are not what the rules give.",
    ),
    "result.value": (
        "{file}, baris {line} ({about}): kolom {column} berisi “{stated}”, seharusnya “{expected}”.",
        "{file}, line {line} ({about}): {column} is “{stated}”, must be “{expected}”.",
    ),
    "moves.count": (
        "{file}: ada {rows} perpindahan, seharusnya {expected}.",
        "{file}: there are {rows} moves, must be {expected}.",
    ),
    "outcome.below_home": (
        (
            "outcomes.csv, baris {line}: {participant} mendapat “{post}”, yang bukan jabatannya sendiri dan bukan "
            "keinginannya yang berlaku pada peringkat itu."
        ),
        "outcomes.csv, line {line}: {participant} gets “{post}”, neither the home nor a wish of that rank that counts.",
    ),
    "outcome.post_overfull": (
        "Jabatan {post}: {people} orang pada {room} kursi.",
        "Post {post}: {people} people on {room} seats.",
    ),
    "outcome.cell_overfull": (
        "Sel {cell}: {people} orang, batas atasnya {room}.",
        "Cell {cell}: {people} people, its ceiling is {room}.",
    ),
    "outcome.envied": (
        (
            "wishes.csv, baris {line}: {participant} ditolak pada “{post}”, padahal seseorang yang urutannya di "
            "belakang diterima di sana."
        ),
        "wishes.csv, line {line}: {participant} is refused at “{post}”, where somebody is in who goes after.",
    ),
    "outcome.wasted": (
        (
            "wishes.csv, baris {line}: {participant} ditolak pada “{post}”, padahal ada kursi kosong di sana dan "
            "tidak ada sel penuh yang menghalangi."
        ),
        (
            "wishes.csv, line {line}: {participant} is refused at “{post}”, where a seat is empty and no full cell "
            "is in the way."
        ),
    ),
    "outcome.unstable": (
        "{rows} penolakan tidak beralasan; yang lain tidak dibandingkan lagi.",
        "{rows} refusals have no ground; nothing else was compared.",
    ),
    "verdict.unusable": (
        "Berkas tidak dapat diperiksa.",
        "The files cannot be checked.",
    ),
    "verdict.rejected": (
        "DITOLAK: hasil ini bukan yang dihasilkan aturan.",
        "REJECTED: this result is not what the rules give.",
    ),
    "verdict.full": (
        (
            "TERVERIFIKASI: penempatan dihitung ulang oleh program yang mandiri; setiap hasil, jawaban, ambang, "
            "jabatan, sel dan perpindahan sama."
        ),
        (
            "VERIFIED: solved again by an independent program; every outcome, answer, cut-off, post, cell and move "
            "is the same."
        ),
    ),
    "verdict.fast": (
        (
            "TIDAK ADA YANG SALAH menurut pemeriksaan cepat: undian dan sidik benar, tidak seorang pun turun, tidak "
            "ada jabatan atau sel yang melampaui batas, tidak ada penolakan tanpa alasan, dan semua jawaban sesuai "
            "dengan hasil."
        ),
        (
            "NOTHING WRONG by the fast check: lottery and digests are right, nobody is below home, no post or cell "
            "is overfull, no refusal is without ground, and all answers follow from the outcomes."
        ),
    ),
    "verdict.fast_blind": (
        (
            "Yang tidak terlihat oleh pemeriksaan cepat: apakah ada hasil lain yang sama adilnya dan lebih baik bagi "
            "peserta, yang seharusnya dipilih. Hanya pemeriksaan penuh, tanpa --fast, yang menghitung ulang."
        ),
        (
            "What the fast check cannot see: whether another outcome, as free of envy and better for participants, "
            "should have been chosen. Only the full check, without --fast, solves again."
        ),
    ),
    "verdict.blind": (
        (
            "Yang tidak dapat ditunjukkan berkas mana pun: apakah potret itu benar, apakah ikrar undian terbit "
            "sebelum keinginan ditutup, dan apakah nilainya sama dengan yang diumumkan sumbernya ({source})."
        ),
        (
            "What no file can show: whether the snapshot is true, whether the commitment was published before wishes "
            "closed, and whether the value is the one its source announced ({source})."
        ),
    ),
    "verdict.summary": (
        (
            "{participants} peserta, {wishes} keinginan; {movers} pindah dalam {chains} rantai dan {cycles} lingkaran;"
            " kursi kosong di luar penampungan {empty_before} sebelum dan {empty_after} sesudahnya; {own_cell}"
            " penolakan karena kursi sendiri ikut terhitung."
        ),
        (
            "{participants} participants, {wishes} wishes; {movers} move in {chains} chains and {cycles} cycles;"
            " seats empty outside pools: {empty_before} before, {empty_after} after; {own_cell} refusals because the"
            " own seat counts."
        ),
    ),
    "progress.read": (
        "membaca {file}",
        "reading {file}",
    ),
    "progress.lots": (
        "menghitung undian",
        "drawing the lots",
    ),
    "progress.order": (
        "mengurutkan semua keinginan",
        "putting all applications in order",
    ),
    "progress.solve": (
        "menghitung ulang penempatan",
        "solving again",
    ),
    "progress.follow": (
        "menurunkan jawaban, ambang dan perpindahan",
        "finding answers, cut-offs and moves",
    ),
    "progress.compare": (
        "membandingkan",
        "comparing",
    ),
}
LANGUAGES = ("id", "en")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the files that is not true."""

    code: str
    about: Mapping[str, object]

    def said(self, language: str) -> str:
        return say(self.code, language, self.about)


class Unusable(Exception):
    """The files are not a run as the format describes it: which, where, and why."""

    def __init__(self, code: str, **about: object) -> None:
        super().__init__(say(code, "en", about))
        self.code, self.about = code, about

    def said(self, language: str) -> str:
        return say(self.code, language, self.about)


def say(code: str, language: str, about: Mapping[str, object]) -> str:
    """One sentence; numbers of people and rows with thousands marked."""
    written = {name: f"{value:,}" if isinstance(value, int) else value for name, value in about.items()}
    written |= {name: about[name] for name in ("line", "low", "high", "column") if name in about}
    return SENTENCES[code][LANGUAGES.index(language)].format(**written)
