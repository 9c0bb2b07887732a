"""Position levels: the ladder of posts, and how a SIASN record names them."""

from __future__ import annotations

from enum import StrEnum


class PositionLevel(StrEnum):
    """The level of a post (UU 20/2023; codes as in the glossary). Managerial levels first, highest first."""

    JPT_UTAMA = "jpt_utama"
    JPT_MADYA = "jpt_madya"
    JPT_PRATAMA = "jpt_pratama"
    ADMINISTRATOR = "administrator"
    PENGAWAS = "pengawas"
    JF_AHLI_UTAMA = "jf_ahli_utama"
    JF_AHLI_MADYA = "jf_ahli_madya"
    JF_AHLI_MUDA = "jf_ahli_muda"
    JF_AHLI_PERTAMA = "jf_ahli_pertama"
    JF_PENYELIA = "jf_penyelia"
    JF_MAHIR = "jf_mahir"
    JF_TERAMPIL = "jf_terampil"
    JF_PEMULA = "jf_pemula"
    PELAKSANA = "pelaksana"


# SIASN echelon id → level. I.a (10, 11) is held by both JPT utama and madya and is decided by nobody here.
_BY_ECHELON = {
    "12": PositionLevel.JPT_MADYA,
    "21": PositionLevel.JPT_PRATAMA,
    "22": PositionLevel.JPT_PRATAMA,
    "31": PositionLevel.ADMINISTRATOR,
    "32": PositionLevel.ADMINISTRATOR,
    "41": PositionLevel.PENGAWAS,
    "42": PositionLevel.PENGAWAS,
}
_FUNCTIONAL_GRADES = {
    "AHLI UTAMA": PositionLevel.JF_AHLI_UTAMA,
    "AHLI MADYA": PositionLevel.JF_AHLI_MADYA,
    "AHLI MUDA": PositionLevel.JF_AHLI_MUDA,
    "AHLI PERTAMA": PositionLevel.JF_AHLI_PERTAMA,
    "PENYELIA": PositionLevel.JF_PENYELIA,
    "MAHIR": PositionLevel.JF_MAHIR,
    "TERAMPIL": PositionLevel.JF_TERAMPIL,
    "PEMULA": PositionLevel.JF_PEMULA,
}
_FUNCTIONAL, _EXECUTOR = "2", "4"  # SIASN jenis jabatan


def level_of_post(position_type: str | None, echelon: str | None, title: str | None) -> PositionLevel | None:
    """The level a SIASN record implies for the current post; None where it does not say.

    `position_type` is SIASN's jenis jabatan (1 structural, 2 functional, 4 executor), `echelon` its eselon id,
    `title` the name of the post, whose last words carry the grade of a functional post.
    """
    if echelon in _BY_ECHELON:
        return _BY_ECHELON[echelon]
    if position_type == _EXECUTOR:
        return PositionLevel.PELAKSANA
    if position_type == _FUNCTIONAL and title is not None:
        words = title.upper()
        return next((level for ending, level in _FUNCTIONAL_GRADES.items() if words.endswith(ending)), None)
    return None


class CareerMove(StrEnum):
    """What it is to come from a post of one level into one of another."""

    PROMOTION = "promotion"
    ROTATION = "rotation"
    DEMOTION = "demotion"


# Between which rungs a level may stand: ahli utama are drawn on for JPT madya and pratama, ahli madya stand as
# administrators and ahli muda as pengawas (read off PP 11/2017 art. 54 and 107); below that only bounds are known.
_RUNGS: dict[PositionLevel, tuple[int, int]] = {
    PositionLevel.JPT_UTAMA: (6, 6),
    PositionLevel.JPT_MADYA: (5, 5),
    PositionLevel.JPT_PRATAMA: (4, 4),
    PositionLevel.ADMINISTRATOR: (3, 3),
    PositionLevel.PENGAWAS: (2, 2),
    PositionLevel.JF_AHLI_UTAMA: (4, 5),
    PositionLevel.JF_AHLI_MADYA: (3, 3),
    PositionLevel.JF_AHLI_MUDA: (2, 2),
    PositionLevel.JF_AHLI_PERTAMA: (0, 1),
    PositionLevel.JF_PENYELIA: (0, 2),
    PositionLevel.JF_MAHIR: (0, 1),
    PositionLevel.JF_TERAMPIL: (0, 1),
    PositionLevel.JF_PEMULA: (0, 1),
    PositionLevel.PELAKSANA: (0, 0),
}
_SKILLED = (PositionLevel.JF_PEMULA, PositionLevel.JF_TERAMPIL, PositionLevel.JF_MAHIR, PositionLevel.JF_PENYELIA)


def move_between(held: PositionLevel, wanted: PositionLevel) -> CareerMove | None:
    """What it is to come from a level into another one; None where the ladder of levels does not say."""
    if held in _SKILLED and wanted in _SKILLED:
        lowest = highest = _SKILLED.index(held)
        to_lowest = to_highest = _SKILLED.index(wanted)
    else:
        (lowest, highest), (to_lowest, to_highest) = _RUNGS[held], _RUNGS[wanted]
    if to_lowest > highest:
        return CareerMove.PROMOTION
    if to_highest < lowest:
        return CareerMove.DEMOTION
    is_equal = held is wanted or lowest == highest == to_lowest == to_highest
    return CareerMove.ROTATION if is_equal else None


# The level one above: what a talent is mapped for (jabatan target). The top of each ladder has none.
_TARGETS = {
    PositionLevel.JPT_MADYA: PositionLevel.JPT_UTAMA,
    PositionLevel.JPT_PRATAMA: PositionLevel.JPT_MADYA,
    PositionLevel.ADMINISTRATOR: PositionLevel.JPT_PRATAMA,
    PositionLevel.PENGAWAS: PositionLevel.ADMINISTRATOR,
    PositionLevel.PELAKSANA: PositionLevel.PENGAWAS,
    PositionLevel.JF_AHLI_MADYA: PositionLevel.JF_AHLI_UTAMA,
    PositionLevel.JF_AHLI_MUDA: PositionLevel.JF_AHLI_MADYA,
    PositionLevel.JF_AHLI_PERTAMA: PositionLevel.JF_AHLI_MUDA,
    PositionLevel.JF_MAHIR: PositionLevel.JF_PENYELIA,
    PositionLevel.JF_TERAMPIL: PositionLevel.JF_MAHIR,
    PositionLevel.JF_PEMULA: PositionLevel.JF_TERAMPIL,
}


def target_of(level: PositionLevel) -> PositionLevel | None:
    """The level above, for which somebody at this level is mapped; None at the top of a ladder."""
    return _TARGETS.get(level)
