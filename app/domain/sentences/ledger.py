"""What an audit of the ledger says of what it finds."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "ledger.entry_changed": (
        "Posisi {position}: entri {entry} instansi {institution} diubah. Bandingkan dengan cadangan.",
        "Position {position}: entry {entry} of institution {institution} was changed. Compare it with a backup.",
    ),
    "ledger.entry_removed": (
        "Posisi {position}: entri {entry} instansi {institution} dihapus. Isinya ada di cadangan.",
        "Position {position}: entry {entry} of institution {institution} was removed. A backup tells what it said.",
    ),
    "ledger.entry_inserted": (
        "Entri {entry} instansi {institution} tidak dirantai dan tidak menunggu: disisipkan, atau tautannya dihapus.",
        "Entry {entry} of institution {institution} is neither chained nor waiting: inserted, or its link was removed.",
    ),
    "ledger.link_changed": (
        "Posisi {position}: tautan entri {entry} instansi {institution} diubah; entrinya sendiri utuh.",
        "Position {position}: the link of entry {entry} of institution {institution} was changed; the entry is intact.",
    ),
    "ledger.link_removed": (
        "Tautan dari posisi {position} sampai {until} dihapus. Pulihkan dari cadangan.",
        "The links from position {position} to {until} were removed. Restore them from a backup.",
    ),
    "ledger.tail_removed": (
        "Rantai berakhir sebelum posisi {position} yang pernah dicatat: ujungnya dihapus. Pulihkan dari cadangan.",
        "The chain ends before position {position}, which was written down: its tail was removed. Restore a backup.",
    ),
    "ledger.rewritten": (
        "Hash di posisi {position} bukan yang pernah dicatat: rantai dibuat ulang. Bandingkan dengan cadangan.",
        "The hash at position {position} is not the one written down: the chain was made anew. Compare a backup.",
    ),
    "ledger.late": (
        "{unchained} entri belum dirantai, yang tertua sejak {seconds} detik: jalankan ./nusatalenta worker.",
        "{unchained} entries are not chained yet, the oldest for {seconds} seconds: run ./nusatalenta worker.",
    ),
    "ledger.whole": (
        "Buku besar utuh: {entries} entri dirantai, {unchained} menunggu. Simpan {head} di tempat lain.",
        "The ledger is whole: {entries} entries chained, {unchained} waiting. Keep {head} elsewhere.",
    ),
}
