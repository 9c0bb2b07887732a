"""Wildcards stand for offers in one order for everybody; releases follow from facts, and from nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.mobility_releases import Criterion, Leaver, release
from app.domain.mobility_wishes import Offered, Wildcard, Wish, expand, in_published_order, offers_of

ON = date(2027, 3, 1)
KEY = bytes.fromhex("5c" * 32)
chances = st.randoms(use_true_random=False)


def some_offers(chance: Random, count: int = 12) -> list[Offered]:
    return [
        Offered(
            id=UUID(int=number),
            institution_id=UUID(int=chance.randint(100, 102)),
            institution_name=chance.choice(["Kab. A", "kab. B", "Kota C"]),
            unit_name=chance.choice(["Dinas X", "Dinas Y"]),
            post_name=chance.choice(["Kepala Seksi", "Kepala Bidang"]),
            province=chance.choice(["14", "31", None]),
            level=chance.choice(["pengawas", "administrator"]),
            affair=chance.choice(["health", None]),
        )
        for number in range(1, count + 1)
    ]


def some_wishes(chance: Random, offers: list[Offered], home: UUID) -> list[Wish]:
    named = [one.id for one in chance.sample(offers, 3) if one.id != home]
    wildcards = [Wildcard(province="14"), Wildcard(level="pengawas"), Wildcard(affair="health", level="administrator")]
    said: list[UUID | Wildcard] = [*named, *wildcards]
    chance.shuffle(said)
    return [
        Wish(place, *((one, None) if isinstance(one, UUID) else (None, one))) for place, one in enumerate(said, start=1)
    ]


@settings(max_examples=40, deadline=None)
@given(chances)
def test_a_list_becomes_every_post_it_stands_for_once_and_never_the_home(chance: Random) -> None:
    offers = some_offers(chance)
    home = chance.choice(offers).id
    wishes = some_wishes(chance, offers, home)
    shuffled = chance.sample(offers, len(offers))
    published = in_published_order(shuffled)
    stands_for = offers_of((one.wildcard for one in wishes if one.wildcard is not None), published)
    found = expand(wishes, stands_for, {one.id for one in offers}, home)

    assert published == in_published_order(offers)  # however they are stored
    assert [one.rank for one in found] == list(range(1, len(found) + 1))
    posts = [one.offer_id for one in found]
    assert len(set(posts)) == len(posts)
    assert home not in posts
    wanted = {
        offer.id
        for offer in offers
        for wish in wishes
        if wish.offer_id == offer.id or (wish.wildcard is not None and wish.wildcard.fits(offer))
    }
    assert set(posts) == wanted - {home}
    for wish in wishes:  # what is named itself comes where it is named
        if wish.offer_id is not None:
            assert [one.wish_place for one in found if one.offer_id == wish.offer_id] == [wish.place]
    assert [one.wish_place for one in found] == sorted(one.wish_place for one in found)
    order = [one.id for one in published]
    for wish in wishes:
        within = [one.offer_id for one in found if one.wish_place == wish.place]
        assert within == sorted(within, key=order.index)


@settings(max_examples=40, deadline=None)
@given(chances)
def test_releases_follow_the_criteria_and_never_the_order_in_which_people_came(chance: Random) -> None:
    people = [
        Leaver(
            participation_id=UUID(int=number),
            post_since=chance.choice([None, ON - timedelta(chance.choice([400, 800, 1200]))]),
            has_hardship=chance.random() < 0.5,
            is_critical=chance.random() < 0.5,
            is_alone=chance.random() < 0.5,
        )
        for number in range(1, 9)
    ]
    criteria = chance.sample(list(Criterion), chance.randint(0, 3))
    quota = chance.randint(0, 9)
    found = release(people, criteria, quota, ON, KEY)
    assert found == release(chance.sample(people, len(people)), criteria, quota, ON, KEY)
    assert sorted(one.place for one in found.values()) == list(range(1, len(people) + 1))
    assert sum(one.is_released for one in found.values()) == min(quota, len(people))
    assert all(one.is_released == (one.place <= quota) for one in found.values())
    if criteria:  # whoever does better by the first criterion never stands further back for it
        [chosen] = chance.sample(people, 1)
        better = replace(
            chosen, has_hardship=True, is_critical=False, is_alone=False, post_since=ON - timedelta(days=9000)
        )
        others = [one for one in people if one is not chosen]
        again = release([better, *others], criteria, quota, ON, KEY)
        assert again[chosen.participation_id].place <= found[chosen.participation_id].place
