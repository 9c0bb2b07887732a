"""What is said about freezing, running and rehearsing mobility campaigns."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    # background work
    "mobility_work.not_found": (
        "Pekerjaan itu tidak ada pada kampanye mobilitas mana pun yang dapat Anda lihat; periksa idnya.",
        "There is no such work on any mobility campaign that you can see; check the id.",
    ),
    "mobility_work.under_way": (
        "Pekerjaan yang sama sedang berjalan untuk kampanye ini ({stage}); tunggu hingga selesai, atau batalkan.",
        "The same work is under way for this campaign ({stage}); wait until it is over, or cancel it.",
    ),
    "mobility_work.over": (
        "Pekerjaan ini sudah berakhir, sehingga tidak ada yang dapat dibatalkan atau dilanjutkan.",
        "This work is over, so that there is nothing to cancel or to go on with.",
    ),
    "mobility_work.stage.waiting": ("menunggu giliran", "waiting for its turn"),
    "mobility_work.stage.copying": ("menyalin data", "copying"),
    "mobility_work.stage.loading": ("memuat data", "loading"),
    "mobility_work.stage.drawing": ("mengundi", "drawing the lots"),
    "mobility_work.stage.checking": ("memeriksa", "checking"),
    "mobility_work.stage.solving": ("menghitung hasil", "solving"),
    "mobility_work.stage.answering": ("menyusun alasan", "answering each wish"),
    "mobility_work.stage.writing": ("menulis berkas", "writing the files"),
    "mobility_work.stage.keeping": ("menyimpan hasil", "keeping the results"),
    "mobility_work.stage.done": ("selesai", "done"),
    # the freeze
    "mobility_run.unassessed": (
        (
            "Poin {people} peserta belum dihitung, sehingga kampanye belum dapat dibekukan; daftar berikut menyebut "
            "jumlahnya per instansi. Minta instansi tersebut menghitungnya."
        ),
        (
            "The points of {people} participants have not been worked out, so that the campaign cannot be frozen yet; "
            "the list tells how many by institution. Ask these institutions to work them out."
        ),
    ),
    "mobility_run.unassessed_of": (
        "{institution}: {people} peserta belum memiliki poin.",
        "{institution}: {people} participants have no points yet.",
    ),
    "mobility_run.nobody": (
        "Belum ada peserta dalam kampanye ini, sehingga tidak ada yang dapat dihitung.",
        "Nobody takes part in this campaign, so that there is nothing to run.",
    ),
    # the run
    "mobility_run.other_value": (
        "Kampanye ini sudah dijalankan dengan nilai publik {value}; nilai itu tidak dapat diganti.",
        "This campaign has been run with the public value {value}; it cannot be replaced.",
    ),
    "mobility_run.differs": (
        (
            "Perhitungan ulang menghasilkan {found}, padahal yang tersimpan {kept}; hasilnya tidak disimpan. Laporkan "
            "kepada pengelola layanan."
        ),
        "The same run came to {found}, but {kept} is on record; nothing of it is kept. Tell whoever runs the service.",
    ),
    "mobility_file.not_found": (
        "Berkas itu belum ada, atau belum diumumkan; dokumen proses menyebutkan berkas yang ada.",
        "There is no such file, or it is not published yet; the document of the run names the files.",
    ),
    # rehearsals
    "mobility_rehearsal.no_cell": (
        "Kampanye ini tidak memiliki sel {cell}; sebutkan sel yang ada.",
        "This campaign has no cell {cell}; name one that it has.",
    ),
}
