"""Routes of approval of a move between institutions: which applies, and who asks, lets go, considers and decrees.

Routes are data with a version (`app.domain.mobility_rulebooks`): each says whether its source is sure. What is not
known of an institution is said to be missing, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class InstitutionKind(StrEnum):
    """What an institution is in the state; a route depends on it."""

    CENTRAL = "central"
    """A ministry or agency of the centre."""
    PROVINCE = "province"
    REGENCY = "regency"
    CITY = "city"


class RouteCode(StrEnum):
    """Where from and where to, as the routes differ (SE BKN 3/2019)."""

    WITHIN_INSTITUTION = "withinInstitution"
    """From one post of an institution to another, as campaigns bring about."""
    WITHIN_PROVINCE = "withinProvince"
    """Between regencies and cities of a province."""
    PROVINCE_AND_REGENCY = "provinceAndRegency"
    """Between a province and a regency or city of it, either way."""
    ACROSS_PROVINCES = "acrossProvinces"
    CENTRAL_TO_REGION = "centralToRegion"
    REGION_TO_CENTRAL = "regionToCentral"
    CENTRAL_TO_CENTRAL = "centralToCentral"


class Authority(StrEnum):
    """Whose word a step of a route is."""

    RECEIVING = "receivingAuthority"
    """The appointing authority (PPK) of the receiving institution."""
    ORIGIN = "originAuthority"
    GOVERNOR = "governor"
    HOME_AFFAIRS = "ministerOfHomeAffairs"
    BKN = "bkn"
    BKN_REGIONAL = "bknRegionalOffice"


OF_BKN = (Authority.BKN, Authority.BKN_REGIONAL)


@dataclass(frozen=True, slots=True)
class Route:
    """Who says what on the way of a move."""

    code: RouteCode
    requested_by: Authority
    released_by: Authority
    passed_on_by: Authority | None
    """Through whom it reaches BKN; straight where nobody is named."""
    considered_by: Authority | None
    """Whose technical approval it takes; within an institution nobody's."""
    decreed_by: Authority
    is_confirmed: bool
    """Whether the source says so; else it is likely, and to be checked."""


class Missing(StrEnum):
    """What has to be known of an institution before a route applies."""

    ORIGIN_KIND = "originKind"
    RECEIVING_KIND = "receivingKind"
    ORIGIN_PROVINCE = "originProvince"
    RECEIVING_PROVINCE = "receivingProvince"


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of an institution that a route depends on."""

    institution: str
    """Its id."""
    kind: InstitutionKind | None
    province: str | None


def missing_between(origin: Place, receiving: Place) -> tuple[Missing, ...]:
    """What is not known and would be needed; provinces matter only where both are regional."""
    missing: list[Missing] = []
    if origin.institution == receiving.institution:
        return ()
    if origin.kind is None:
        missing.append(Missing.ORIGIN_KIND)
    if receiving.kind is None:
        missing.append(Missing.RECEIVING_KIND)
    if InstitutionKind.CENTRAL not in (origin.kind, receiving.kind):
        if origin.province is None:
            missing.append(Missing.ORIGIN_PROVINCE)
        if receiving.province is None:
            missing.append(Missing.RECEIVING_PROVINCE)
    return tuple(missing)


def route_between(origin: Place, receiving: Place) -> RouteCode | None:
    """Which route applies; None where something is missing."""
    if origin.institution == receiving.institution:
        return RouteCode.WITHIN_INSTITUTION
    if missing_between(origin, receiving):
        return None
    match origin.kind is InstitutionKind.CENTRAL, receiving.kind is InstitutionKind.CENTRAL:
        case True, True:
            return RouteCode.CENTRAL_TO_CENTRAL
        case True, False:
            return RouteCode.CENTRAL_TO_REGION
        case False, True:
            return RouteCode.REGION_TO_CENTRAL
    if origin.province != receiving.province:
        return RouteCode.ACROSS_PROVINCES
    is_of_province = InstitutionKind.PROVINCE in (origin.kind, receiving.kind)
    return RouteCode.PROVINCE_AND_REGENCY if is_of_province else RouteCode.WITHIN_PROVINCE


_BEGINNINGS = (
    (
        re.compile(r"(pemerintah |pemprov\.? )?(daerah )?(provinsi|daerah istimewa|daerah khusus) "),
        InstitutionKind.PROVINCE,
    ),
    (re.compile(r"(pemerintah |pemkab\.? )?(daerah )?kab(upaten|\.) "), InstitutionKind.REGENCY),
    (re.compile(r"(pemerintah |pemkot\.? )?(daerah )?kota "), InstitutionKind.CITY),
    (re.compile(r"kementerian |(badan|lembaga) .*(nasional|negara|republik indonesia)$"), InstitutionKind.CENTRAL),
)


def kind_of(name: str) -> InstitutionKind | None:
    """What an institution is by its official name; None where the name does not say it, and somebody has to."""
    plain = " ".join(name.lower().split())
    return next((kind for beginning, kind in _BEGINNINGS if beginning.match(plain)), None)
