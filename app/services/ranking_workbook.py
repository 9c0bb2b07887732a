"""A ranking as a workbook: everybody in it, each verdict and each part, as far as its reader may know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import asyncpg

from app.db.classes import PERMISSION_OF, DataClass
from app.domain.masks import KEPT_WHILE_MASKED, NEEDED, topic_of
from app.domain.replays import Standing
from app.domain.requirements import Requirement
from app.domain.rubric import MILLION
from app.domain.rule_sets import Criterion
from app.sheets.writing import Heading, Kind, Table, Workbook, Written

STANDINGS: Mapping[str, str] = {
    Standing.ELIGIBLE: "Memenuhi syarat",
    Standing.NEEDS_VERIFICATION: "Perlu verifikasi",
    Standing.INELIGIBLE: "Tidak memenuhi syarat",
}
VERDICTS: Mapping[bool | None, str] = {True: "Memenuhi", False: "Tidak memenuhi", None: "Perlu verifikasi"}
WHILE_MASKED = "selama calon disamarkan"
NARROWED = "data spesifik (hukuman disiplin, proses hukum, kesehatan) atau hasil asesmen, bagi yang berwenang"


@dataclass(frozen=True, slots=True)
class RankingLayout:
    """The columns of a ranking for one reader, who may not know what is `hidden`; `is_masked`: nor who somebody is."""

    requirements: Sequence[Requirement]
    criteria: Sequence[Criterion]
    hidden: frozenset[StrEnum]
    is_masked: bool

    @property
    def has_totals(self) -> bool:
        """A sum less the other parts would be the part that is kept."""
        return not any(one.kind in self.hidden for one in self.criteria)

    def headings(self) -> list[Heading]:
        who = () if self.is_masked else (("NIP", 21), ("NAMA", 32), ("JABATAN", 40), ("UNIT", 40))
        totals = ("JUMLAH", "PALING RENDAH", "PALING TINGGI") if self.has_totals else ()
        return [
            Heading("URUTAN", 9, Kind.WHOLE),
            Heading("NOMOR CALON", 38),
            *(Heading(label, width) for label, width in who),
            Heading("HASIL", 22),
            *(Heading(one.label_id.upper(), 20) for one in self.requirements if topic_of(one) not in self.hidden),
            *(Heading(_label(one), 16, Kind.POINTS) for one in self.criteria if one.kind not in self.hidden),
            *(Heading(label, 14, Kind.POINTS) for label in totals),
            Heading("PENENTU NILAI SAMA", 66),
        ]

    def cells_of(self, person: asyncpg.Record) -> list[Written]:
        """What stands below the headings about somebody."""
        who = () if self.is_masked else (person["nip"], person["name"], person["post"], person["unit"])
        verdicts = zip(self.requirements, person["verdicts"], strict=True)
        parts = zip(self.criteria, person["parts"], strict=True)
        return [
            person["position"],
            str(person["candidate_id"]),
            *who,
            STANDINGS[person["outcome"]],
            *(VERDICTS[met] for one, met in verdicts if topic_of(one) not in self.hidden),
            *(self._points(points) for one, points in parts if one.kind not in self.hidden),
            *(self._totals(person) if self.has_totals else ()),
            person["tie_break"],
        ]

    @property
    def highest_class(self) -> DataClass:
        """Of what stands in it."""
        shown = [word for word in NEEDED if word not in self.hidden and word in self._words]
        classes = [one for one in PERMISSION_OF if any(NEEDED[word] is PERMISSION_OF[one] for word in shown)]
        return max(classes, default=DataClass.GENERAL)

    def left_out(self) -> Iterator[tuple[str, str]]:
        """The columns that the reader may not see, and why."""
        labels = [*(one.label_id.upper() for one in self.requirements), *map(_label, self.criteria)]
        for label, word in zip(labels, self._words, strict=True):
            if word in self.hidden:
                yield label, WHILE_MASKED if word in KEPT_WHILE_MASKED else NARROWED
        if not self.has_totals:
            yield "JUMLAH", "dikurangi nilai lain, jumlah menunjukkan nilai yang tidak disertakan"

    @property
    def _words(self) -> list[StrEnum]:
        """What each requirement and criterion is about."""
        return [*map(topic_of, self.requirements), *(one.kind for one in self.criteria)]

    def _totals(self, person: asyncpg.Record) -> Iterator[Decimal | None]:
        yield self._points(person["total"])
        yield self._points(person["lowest"])
        yield self._points(person["highest"], upwards=True)

    def _points(self, millionths: int | None, *, upwards: bool = False) -> Decimal | None:
        """Whole points while masked, as in documents."""
        if millionths is None or not self.is_masked:
            return None if millionths is None else Decimal(millionths) / MILLION
        return Decimal(-(-millionths // MILLION) if upwards else millionths // MILLION)


def begin(book: Workbook, layout: RankingLayout) -> Table:
    """The sheet of those in the ranking, who are added in their order."""
    return book.add_table("Pemeringkatan", layout.headings())


def add(table: Table, layout: RankingLayout, people: Iterable[asyncpg.Record]) -> None:
    """Some people more."""
    table.add(layout.cells_of(one) for one in people)


def describe(book: Workbook, layout: RankingLayout, about: Sequence[tuple[str, Written]]) -> None:
    """A sheet that says what the ranking is of, and what is left out."""
    table = book.add_table("Keterangan", [Heading("KETERANGAN", 28), Heading("ISI", 80)])
    table.add(about)
    table.add([("Sel kosong", "Tidak diketahui; bukan nol")])
    if layout.is_masked:
        table.add([("Calon disamarkan", "Tanpa nama dan NIP; nilai dibulatkan ke bawah menjadi bilangan bulat")])
    table.add(("Kolom yang tidak disertakan", f"{label} ({why})") for label, why in layout.left_out())


def _label(criterion: Criterion) -> str:
    return f"NILAI - {criterion.label_id.upper()}"
