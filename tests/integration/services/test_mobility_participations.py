"""Offers, wishes and assessments of a campaign: what becomes of them, for whom they count, and that nothing remains."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.db.database import Database
from app.domain.actors import Actor
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.mobility_campaigns import State
from app.services import (
    consents,
    data_requests,
    mobility_assessments,
    mobility_grounds,
    mobility_offers,
    mobility_participations,
    mobility_releases,
)
from app.services.data_requests import RaiseDataRequest
from app.services.mobility_grounds import DeclareMobilityGrounds, VerifyMobilityGround
from app.services.mobility_offers import OfferPost, OfferPosts
from app.services.mobility_participations import JoinMobilityCampaign
from app.services.mobility_releases import SetMobilityRelease
from tests.conftest import as_superuser
from tests.cycles import authority
from tests.disclosures import a_consent
from tests.factories import an_institution, officer, talent
from tests.mobility import a_campaign, a_participant, advanced, an_offer, an_organiser, wish
from tests.mobility_rounds import frozen
from tests.rankings import some_people
from tests.vacancies import a_draft, a_post

RULE = {
    "code": "education",
    "field": "education",
    "comparison": "atLeast",
    "threshold": "s3",
    "label": {"id": "Pendidikan", "en": "Education"},
    "legalBasis": "PermenPANRB 3/2020",
    "source": {"document": "PermenPANRB 3/2020", "confidence": "confirmed"},
}


def codes(refusal: pytest.ExceptionInfo[Any]) -> list[tuple[str, str]]:
    return [(fault.code, fault.where) for fault in refusal.value.faults]


async def applications(db: Database, actor: Actor, campaign: UUID, nip: str, one: UUID) -> list[dict[str, Any]]:
    who = talent(actor, nip)
    page = json.loads(await mobility_participations.mobility_applications_page(db, who, campaign, one))
    return [edge["node"] for edge in page["edges"]]


async def own(db: Database, actor: Actor, campaign: UUID, nip: str, one: UUID) -> dict[str, Any]:
    who = talent(actor, nip)
    return json.loads(await mobility_participations.mobility_participation_document(db, who, campaign, one))


async def test_wishes_are_expanded_assessed_and_shown_to_their_own_talent(db: Database, tmp_path: Path) -> None:
    organiser, here, there = await an_organiser(db), await an_institution(db), await an_institution(db)
    nips = await some_people(db, here, tmp_path, 2)
    home = await a_post(db, here, nips, seats=3, name="KEPALA SEKSI A", name_key="kepala seksi a")
    inside = await a_post(db, here, name="KEPALA SEKSI B", name_key="kepala seksi b")
    outside = await a_post(db, there, seats=2)
    campaign = await a_campaign(db, organiser)
    await advanced(db, organiser, campaign, State.ANNOUNCED)
    home_offer, inside_offer = await an_offer(db, here, campaign, home, inside)
    [outside_offer] = await an_offer(db, there, campaign, outside)
    release = SetMobilityRelease.model_validate({"quota": 1, "criteria": ["hardship", "yearsInPost"]})
    await mobility_releases.set_mobility_release(db, authority(here), campaign, "U1", release)
    await advanced(db, organiser, campaign, State.COLLECTING)
    parts = [await a_participant(db, here, campaign, nip, {"level": "pengawas"}, outside_offer) for nip in nips]
    declared = DeclareMobilityGrounds.model_validate({"grounds": ["family"]})
    await mobility_grounds.declare_mobility_grounds(db, talent(here, nips[1]), campaign, parts[1], declared)
    seen = VerifyMobilityGround(is_verified=True)
    await mobility_grounds.verify_mobility_ground(db, officer(here), campaign, parts[1], "family", seen)
    await mobility_assessments.assess_mobility(db, officer(here), campaign)

    first, second = [await applications(db, here, campaign, nip, one) for nip, one in zip(nips, parts, strict=True)]
    assert [(one["rank"], one["wishPlace"], one["offer"]["offerId"]) for one in first] == [
        (1, 1, str(inside_offer)),
        (2, 2, str(outside_offer)),
    ]
    assert str(home_offer) not in json.dumps(first)
    # one of the unit is released: who has a verified ground goes first, whatever else they wish for
    assert [one["bar"] for one in first] == [None, "NOT_RELEASED"]
    assert [one["bar"] for one in second] == [None, None]
    assert second[0]["points"] == sum(part["points"] or 0 for part in second[0]["parts"]) > first[0]["points"]
    assert all(part["because"]["id"] for part in first[0]["parts"])
    shown = await own(db, here, campaign, nips[1], parts[1])
    assert (shown["isReleased"], shown["releasePlace"], shown["applications"], shown["barred"]) == (True, 1, 2, 0)
    assert shown["grounds"][0]["isVerified"] is True
    told = json.loads(await mobility_assessments.mobility_assessment_document(db, officer(here), campaign))
    assert (told["participants"], told["released"], told["notReleased"], told["unverified"]) == (2, 1, 1, 0)
    page = json.loads(await mobility_participations.mobility_participants_page(db, officer(here), campaign))
    assert {edge["node"]["nip"] for edge in page["edges"]} == set(nips)
    assert str(outside_offer) not in json.dumps(page)  # nobody else reads what is wished for
    elsewhere = json.loads(await mobility_participations.mobility_participants_page(db, officer(there), campaign))
    assert elsewhere["edges"] == []
    with pytest.raises(NotFound):
        await own(db, here, campaign, nips[0], parts[1])

    await wish(db, here, campaign, nips[0], parts[0], outside_offer)
    assert (await own(db, here, campaign, nips[0], parts[0]))["assessedAt"] is None
    assert await applications(db, here, campaign, nips[0], parts[0]) == []


async def test_what_is_not_met_bars_and_what_nobody_knows_says_what_is_missing(db: Database, tmp_path: Path) -> None:
    organiser, here = await an_organiser(db), await an_institution(db)
    [nip] = await some_people(db, here, tmp_path, 1)
    await a_post(db, here, [nip])
    wanted = await a_post(db, here)
    seen = {**RULE, "code": "posts", "field": "relatedExperience", "threshold": 100}
    for rules, bar in (([RULE], "NOT_ELIGIBLE:education"), ([seen], "NOT_ELIGIBLE:unverified.posts")):
        campaign = await a_campaign(db, organiser, requirements=rules)
        await advanced(db, organiser, campaign, State.COLLECTING)
        [offer] = await an_offer(db, here, campaign, wanted)
        part = await a_participant(db, here, campaign, nip, offer)
        await mobility_assessments.assess_mobility(db, officer(here), campaign)
        [one] = await applications(db, here, campaign, nip, part)
        assert one["bar"] == bar
        assert one["requirements"][0]["found"]["en"]
        page = json.loads(await mobility_participations.mobility_participants_page(db, officer(here), campaign))
        missing = page["edges"][0]["node"]["missing"]
        assert [told["requirement"] for told in missing] == (["posts"] if "unverified" in bar else [])
        assert all(told["missing"][0]["id"] for told in missing)
        await mobility_offers.withdraw_offer(db, officer(here), campaign, wanted)


async def test_more_seats_than_will_be_empty_are_refused_item_by_item(db: Database, tmp_path: Path) -> None:
    organiser, here = await an_organiser(db), await an_institution(db)
    nips = await some_people(db, here, tmp_path, 1)
    full, empty = await a_post(db, here, nips), await a_post(db, here)
    other = await a_post(db, here, level="administrator")
    campaign, second = await a_campaign(db, organiser), await a_campaign(db, organiser)
    for one in (campaign, second):
        await advanced(db, organiser, one, State.ANNOUNCED)
    posts = (empty, full, other, empty, organiser.institution_id)
    asked = OfferPosts.model_validate({"offers": [{"postId": str(post), "seats": 1} for post in posts]})
    with pytest.raises(Invalid) as refused:
        await mobility_offers.offer_posts(db, officer(here), campaign, asked)
    assert codes(refused) == [
        ("offer.repeated", "/offers/3/postId"),
        ("offer.seats", "/offers/1/seats"),
        ("offer.level", "/offers/2/postId"),
        ("offer.post_unknown", "/offers/4/postId"),
    ]
    await an_offer(db, here, campaign, empty, full)  # of a post that is held, the seats that leavers free
    with pytest.raises(Invalid) as refused:  # the seat is promised already
        await mobility_offers.offer_post(db, officer(here), second, empty, OfferPost(seats=1))
    assert codes(refused) == [("offer.seats", "/seats")]
    await mobility_offers.withdraw_offer(db, officer(here), campaign, empty)
    await mobility_offers.offer_post(db, officer(here), second, empty, OfferPost(seats=1))
    with pytest.raises(Conflict, match="no_seat"):  # nor is it promised to whom a vacancy would choose
        await a_draft(db, here, empty)
    with pytest.raises(Forbidden):
        await mobility_offers.offer_post(db, talent(here, nips[0]), second, empty, OfferPost())


async def test_who_takes_part_needs_a_consent_that_lasts_and_belongs_to_the_pool(db: Database, tmp_path: Path) -> None:
    organiser, here = await an_organiser(db), await an_institution(db)
    [nip] = await some_people(db, here, tmp_path, 1)
    campaign, who = await a_campaign(db, organiser), talent(here, nip)
    await advanced(db, organiser, campaign, State.COLLECTING)
    nothing = JoinMobilityCampaign()

    async def join(command: JoinMobilityCampaign = nothing) -> UUID:
        return await mobility_participations.join_mobility_campaign(db, who, campaign, command)

    with pytest.raises(Conflict, match=r"participation\.no_post"):
        await join()
    await a_post(db, here, [nip], level="administrator")
    with pytest.raises(Conflict, match=r"participation\.pool"):
        await join()
    await a_post(db, here, [nip])
    with pytest.raises(Conflict, match=r"participation\.consent_needed"):
        await join()
    short = await a_consent(db, here, nip, "identified", 60)
    with pytest.raises(Invalid) as refused:
        await join(JoinMobilityCampaign(consent_id=short))
    assert codes(refused) == [("participation.consent_ends", "/consentId")]
    card = {"scope": "card", "expiresAt": (db.now() + timedelta(days=200)).isoformat()}
    with pytest.raises(Invalid) as refused:
        await join(JoinMobilityCampaign.model_validate({"consent": card}))
    assert codes(refused) == [("participation.scope", "/consent/scope")]
    await a_consent(db, here, nip, "identified", 200)
    part = await join()
    with pytest.raises(Conflict, match=r"participation\.exists"):
        await join()
    home = (await own(db, here, campaign, nip, part))["home"]["offerId"]
    with pytest.raises(Invalid) as refused:
        await wish(db, here, campaign, nip, part, home, {}, {"level": "pengawas"}, {"level": "pengawas"}, campaign)
    assert codes(refused) == [
        ("wish.home", "/wishes/0/offerId"),
        ("wish.one_of", "/wishes/1"),
        ("wish.repeated", "/wishes/3"),
        ("wish.not_offered", "/wishes/4/offerId"),
    ]


async def test_a_withdrawn_consent_leaves_nothing_of_the_person(
    db: Database, database_name: str, tmp_path: Path
) -> None:
    organiser, here, there = await an_organiser(db), await an_institution(db), await an_institution(db)
    [nip] = await some_people(db, here, tmp_path, 1)
    await a_post(db, here, [nip])
    campaign = await a_campaign(db, organiser)
    await advanced(db, organiser, campaign, State.COLLECTING)
    [offer] = await an_offer(db, there, campaign, await a_post(db, there))
    part = await a_participant(db, here, campaign, nip, offer, {"level": "pengawas"})
    declared = DeclareMobilityGrounds.model_validate({"grounds": ["health"]})
    await mobility_grounds.declare_mobility_grounds(db, talent(here, nip), campaign, part, declared)
    await advanced(db, organiser, campaign, State.CORRECTION)
    await mobility_assessments.assess_mobility_anew(db, here)
    shown = await own(db, here, campaign, nip, part)
    assert shown["assessedAt"] is not None
    traces = [str(part), shown["home"]["offerId"]]
    assert all([await rows_with(database_name, trace) for trace in traces])
    await consents.withdraw_consent(db, talent(here, nip), UUID(shown["consent"]["id"]))
    assert [await rows_with(database_name, trace) for trace in traces] == [[], []]
    with pytest.raises(NotFound):
        await own(db, here, campaign, nip, part)


async def test_who_objects_is_taken_out_until_the_freeze_and_nobody_after_it(db: Database, tmp_path: Path) -> None:
    organiser, here = await an_organiser(db), await an_institution(db)
    nips = await some_people(db, here, tmp_path, 2)
    await a_post(db, here, nips, seats=2)
    campaign = await a_campaign(db, organiser)
    await advanced(db, organiser, campaign, State.COLLECTING)
    [offer] = await an_offer(db, here, campaign, await a_post(db, here))
    parts = [await a_participant(db, here, campaign, nip, offer) for nip in nips]
    await advanced(db, organiser, campaign, State.CORRECTION)
    await mobility_assessments.assess_mobility_anew(db, here)
    said = {"kind": "automated-processing", "statement": "Saya ingin keputusan tentang saya dibuat oleh manusia."}
    command = RaiseDataRequest.model_validate(said)
    await data_requests.raise_data_request(db, talent(here, nips[0]), command)
    with pytest.raises(NotFound):
        await own(db, here, campaign, nips[0], parts[0])
    left = await own(db, here, campaign, nips[1], parts[1])
    assert left["assessedAt"] is None  # places move up: nothing is frozen before they are found anew
    await mobility_assessments.assess_mobility_anew(db, here)
    assert (await frozen(db, organiser, campaign))["state"] == "succeeded"
    with pytest.raises(Conflict, match=r"participation\.frozen"):
        await mobility_participations.withdraw_from_mobility(db, talent(here, nips[1]), campaign, parts[1])
    await consents.withdraw_consent(db, talent(here, nips[1]), UUID(left["consent"]["id"]))
    assert (await own(db, here, campaign, nips[1], parts[1]))["applications"] == 1


async def rows_with(database: str, trace: str) -> list[str]:
    """The tables that hold a text anywhere in a row."""
    tables = await as_superuser(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'",
        database,
    )
    holds = " UNION ALL ".join(
        f"SELECT '{row['table_name']}' AS name WHERE EXISTS "  # noqa: S608 - our own tables
        f"(SELECT FROM public.{row['table_name']} t WHERE position('{trace}' IN t::text) > 0)"
        for row in tables
    )
    return [row["name"] for row in await as_superuser(holds, database)]
