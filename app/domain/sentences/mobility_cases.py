"""What is said about moves between institutions."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "mobility_case.not_found": (
        "Kasus mobilitas tidak ditemukan; periksa nomornya di daftar kasus.",
        "The mobility case was not found; check its id in the list of cases.",
    ),
    "mobility_case.busy": (
        "Kasus mobilitas ini sedang diubah oleh orang lain; coba lagi sebentar lagi.",
        "Somebody else is changing the mobility case at this moment; try again shortly.",
    ),
    "mobility_case.whose": (
        "Sebutkan satu saja: kartu talenta, atau pembukaan data yang masih terbuka.",
        "State exactly one: a talent card, or a disclosure that is open.",
    ),
    "mobility_case.nobody": (
        (
            "Tidak ada orang yang dapat diminta dengan cara ini: kartunya tidak lagi terdaftar, atau pembukaan datanya "
            "sudah berakhir. Cari kembali di daftar talenta."
        ),
        (
            "Nobody can be asked for this way: the card is not listed any more, or the disclosure has ended. Look "
            "among the listed talents again."
        ),
    ),
    "mobility_case.exists": (
        "Instansi Anda sudah mempunyai kasus yang berjalan untuk pegawai ini; teruskan kasus tersebut.",
        "Your institution has a case for this person already; carry on with that one.",
    ),
    "mobility_case.decreed": (
        "Sudah ada keputusan lain tentang perpindahan pegawai ini; tunggu sampai berlaku atau dicabut.",
        "There is another decree about a move of this person; wait until it is in effect or withdrawn.",
    ),
    "mobility_case.state": (
        "Kasus mobilitas berada pada tahap {state}; tindakan ini hanya mungkin pada tahap {needed}.",
        "The mobility case is in the state {state}; this is possible only in the state {needed}.",
    ),
    "mobility_case.party": (
        "Langkah ini hanya dapat diambil oleh {party}.",
        "Only {party} can take this step.",
    ),
    "mobility_case.party.origin": ("instansi asal", "the origin institution"),
    "mobility_case.party.receiving": ("instansi penerima", "the receiving institution"),
    "mobility_case.party.bkn": ("BKN", "BKN"),
    "mobility_case.no_route": (
        "Jalur persetujuan belum dapat ditentukan; lengkapi semua yang disebutkan bersama penolakan ini.",
        "No route of approval can be told yet; complete everything that is named with this refusal.",
    ),
    "mobility_case.missing.originKind": (
        "Jenis instansi asal belum diketahui; instansi asal mengisinya dalam pengaturannya.",
        "It is not known what kind of institution the origin is; it says so in its settings.",
    ),
    "mobility_case.missing.receivingKind": (
        "Jenis instansi penerima belum diketahui; isi dalam pengaturan instansi.",
        "It is not known what kind of institution the receiving one is; it says so in its settings.",
    ),
    "mobility_case.missing.originProvince": (
        "Provinsi instansi asal belum diketahui; instansi asal mengisinya dalam pengaturannya.",
        "The province of the origin institution is not known; it says so in its settings.",
    ),
    "mobility_case.missing.receivingProvince": (
        "Provinsi instansi penerima belum diketahui; isi dalam pengaturan instansi.",
        "The province of the receiving institution is not known; it says so in its settings.",
    ),
    "mobility_case.no_run": (
        "Kampanye ini belum mempunyai hasil yang dapat dilaksanakan; jalankan dan umumkan dahulu.",
        "The campaign has no result that could be carried out; run and publish it first.",
    ),
    "mobility_case.agreed": ("Anda sudah menyetujui perpindahan ini.", "You have agreed to this move already."),
    "mobility_case.not_agreed": (
        "Pegawai yang bersangkutan belum menyetujui perpindahan ini; tunggu persetujuannya.",
        "The person has not agreed to this move yet; wait until they have.",
    ),
    "mobility_case.not_considered": (
        "Perpindahan di jalur ini tidak dikirim ke BKN; setelah dilepas, catat keputusan pengangkatannya.",
        "A move by this route is not sent to BKN; once it is released, put its decree on record.",
    ),
    "mobility_case.early": (
        "Keputusan berlaku mulai {day}; pelantikan paling cepat pada hari itu.",
        "The decree takes effect on {day}; nobody takes over the post before.",
    ),
    "mobility_case.common_day": (
        "Hari berlaku tidak sesuai dengan langkah lain rangkaian ini, yang berlaku {day}; gunakan hari yang sesuai.",
        (
            "The day does not fit another move that hangs together with this one, which takes effect on {day}; choose "
            "one that does."
        ),
    ),
    "mobility_case.held": (
        (
            "Belum boleh berlaku: langkah {steps} dari rangkaian ini belum ditetapkan dengan keputusan. Tidak ada yang "
            "meninggalkan jabatannya sebelum jabatan berikutnya pasti."
        ),
        (
            "It cannot take effect yet: step {steps} of this chain or cycle has no decree. Nobody leaves before the "
            "next seat is sure."
        ),
    ),
    "mobility_case.taken": (
        "Jabatan yang ditinggalkan sudah ditempati orang lain dalam rangkaian ini; langkah ini tidak dapat dibatalkan.",
        "Somebody has taken over the seat that is left in this chain or cycle; this move cannot be given up any more.",
    ),
    "mobility_case.documents": (
        "Dokumen belum lengkap untuk langkah ini; lengkapi semua yang disebutkan bersama penolakan ini.",
        "Documents are missing for this step; complete all that are named with this refusal.",
    ),
    "mobility_case.document": (
        "{document} belum tercatat; catat nomor dan tanggalnya, atau alasan mengapa tidak diperlukan.",
        "{document}: not on record yet; state its number and day, or why it is not needed.",
    ),
    "mobility_case.no_document": (
        "Daftar periksa kasus ini tidak memuat dokumen tersebut; gunakan kode yang ada dalam daftar.",
        "The checklist of this case has no such document; use a code that it has.",
    ),
    "mobility_case.not_eligible": (
        "Tidak semua syarat jabatan tujuan terpenuhi pada {on}; rinciannya disebutkan bersama penolakan ini.",
        "Not every requirement of the post is met on {on}; each that is not is named with this refusal.",
    ),
    "mobility_case.requirement": (
        "Tidak terpenuhi: {requirement}. Perbaiki buktinya, atau batalkan kasus ini.",
        "Not met: {requirement}. Correct the evidence, or give the case up.",
    ),
    "mobility_case.day.previous": ("tanggal langkah sebelumnya", "the day of the step before"),
    "mobility_case.day.dated": ("tanggal surat", "the day of the paper"),
    # states, as they stand in a sentence
    "mobility_case.state.draft": ("rancangan", "draft"),
    "mobility_case.state.requestedByReceiver": ("diminta instansi penerima", "requested by the receiving institution"),
    "mobility_case.state.released": ("dilepas instansi asal", "released by the origin"),
    "mobility_case.state.refusedByOrigin": ("ditolak instansi asal", "refused by the origin"),
    "mobility_case.state.sentToBkn": ("dikirim ke BKN", "sent to BKN"),
    "mobility_case.state.technicalApproval": ("disetujui secara teknis oleh BKN", "technically approved by BKN"),
    "mobility_case.state.returned": ("dikembalikan BKN", "returned by BKN"),
    "mobility_case.state.decreeIssued": ("ditetapkan dengan keputusan", "decreed"),
    "mobility_case.state.effective": ("berlaku", "in effect"),
    "mobility_case.state.cancelled": ("dibatalkan", "cancelled"),
    # why a case is given up
    "mobility_case.because.talentWithdrew": ("Pegawai mengundurkan diri", "The person withdrew"),
    "mobility_case.because.receiverWithdrew": (
        "Instansi penerima menarik permintaannya",
        "The receiving institution withdrew its request",
    ),
    "mobility_case.because.originWithdrew": (
        "Instansi asal menarik pelepasannya",
        "The origin institution took its release back",
    ),
    "mobility_case.because.decreeWithdrawn": ("Keputusan dicabut", "The decree was withdrawn"),
    "mobility_case.because.aheadFell": (
        "Jabatan tujuan tidak jadi ditinggalkan karena langkah di depannya batal",
        "The seat is not left after all, as a move ahead in the chain is not made",
    ),
    "mobility_case.because.cycleFell": (
        "Langkah lain dalam pertukaran ini batal, sehingga semuanya batal",
        "Another move of the cycle is not made, so that none of it is",
    ),
    # routes of approval
    "mobility_case.route.withinInstitution": ("Dalam satu instansi", "Within one institution"),
    "mobility_case.route.withinProvince": (
        "Antarkabupaten/kota dalam satu provinsi",
        "Between regencies and cities of a province",
    ),
    "mobility_case.route.provinceAndRegency": (
        "Antara provinsi dan kabupaten/kota di dalamnya",
        "Between a province and a regency or city of it",
    ),
    "mobility_case.route.acrossProvinces": ("Antarprovinsi", "Across provinces"),
    "mobility_case.route.centralToRegion": ("Dari instansi pusat ke daerah", "From the centre to a region"),
    "mobility_case.route.regionToCentral": ("Dari daerah ke instansi pusat", "From a region to the centre"),
    "mobility_case.route.centralToCentral": ("Antarinstansi pusat", "Between institutions of the centre"),
}
