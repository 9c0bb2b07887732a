"""What the chain of an appointment comes to when it is carried out, and who is counted on in several plans."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, insert

from app.db.database import Database
from app.db.ledger import record
from app.db.tables.posts import PostHolderRow
from app.domain.actors import Actor
from app.domain.errors import Conflict, Invalid
from app.domain.post_events import PostEdited
from app.services import dominoes, seats, succession_plans, vacancies
from app.services.dominoes import PreviewDominoes
from app.services.vacancies import CancelVacancy, InaugurateTalent
from tests.factories import an_institution, import_files, officer, rows_of, write_csv
from tests.succession import BECAUSE, a_post, in_pool, plan, say, some_people, talent_ids, units
from tests.vacancies import a_decided_vacancy, a_decreed_vacancy, a_draft

SEED, BOARDS = 2, 5


async def overlaps(db: Database, actor: Actor) -> dict[str, Any]:
    return json.loads(await dominoes.succession_overlaps_document(db, officer(actor)))


async def test_one_name_in_many_plans_covers_one_post(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    star, other = await in_pool(db, actor, tmp_path, 2)
    await say(db, actor, star)
    posts = [await a_post(db, actor, level="pengawas", is_target=True) for _ in range(3)]
    for post, names in zip(posts, ([star], [star], [star, other]), strict=True):
        await plan(db, actor, post, *names)
    told = await overlaps(db, actor)
    assert {name: told[name] for name in ("plans", "named", "namedOneEach", "covered", "coveredOneEach")} == {
        "plans": 3,
        "named": 3,
        "namedOneEach": 2,
        "covered": 3,
        "coveredOneEach": 1,
    }
    assert [(one["talent"]["nip"], len(one["posts"])) for one in told["people"]] == [(star, 3)]


async def test_the_domino_preview_equals_actually_executing_it(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    chief, second, third, spare = await in_pool(db, actor, tmp_path, 4)
    await units(db, actor, "D", "D/A", "D/B", "D/C")
    empty = await a_post(db, actor, level="pengawas", unit_id="D")
    posts = [
        await a_post(db, actor, [nip], level="pengawas", unit_id=unit)
        for nip, unit in ((chief, "A"), (second, "B"), (third, "C"))
    ]
    await a_post(db, actor, [spare], level="pelaksana", unit_id="C")
    for nip in (chief, second, third, spare):
        await say(db, actor, nip)
    await plan(db, actor, posts[0], second)
    await plan(db, actor, posts[1], chief, third)  # the first has moved by then
    before = await seated(db, actor)
    told = await preview(db, actor, empty, chief)
    assert await seated(db, actor) == before
    assert [(one["talent"]["nip"], one["toPost"]["id"]) for one in told["moves"]] == [
        (chief, str(empty)),
        (second, str(posts[0])),
        (third, str(posts[1])),
    ]
    assert [one["talent"]["nip"] for one in told["passedOver"]] == [chief]
    for move in told["moves"]:
        await appoint(db, actor, move["talent"]["nip"], UUID(move["toPost"]["id"]))
    after = dict(before)
    for move in told["moves"]:
        after[move["talentId"]] = move["toPost"]["id"]
    assert await seated(db, actor) == after
    [end] = told["ends"]
    assert (end["post"]["id"], end["hasPlan"], end["cover"]) == (str(posts[2]), False, "acting")
    cover = json.loads(await succession_plans.emergency_cover_document(db, officer(actor), posts[2]))
    first = cover["people"][0]
    assert (cover["kind"], cover["post"]["holders"]) == ("acting", 0)
    assert (end["official"]["nip"], end["distance"]) == (first["talent"]["nip"], first["distance"])


async def preview(db: Database, actor: Actor, post_id: UUID, nip: str, on: date | None = None) -> dict[str, Any]:
    told = {"choices": [{"postId": str(post_id), "nip": nip}], "on": on and on.isoformat()}
    command = PreviewDominoes.model_validate_json(json.dumps(told))
    return json.loads(await dominoes.preview_dominoes(db, officer(actor), command))


async def appoint(db: Database, actor: Actor, nip: str, post_id: UUID) -> None:
    """Through all the steps of a vacancy, up to the inauguration."""
    vacancy_id = await a_decreed_vacancy(db, actor, nip, post_id)
    await vacancies.inaugurate_talent(db, officer(actor), vacancy_id, InaugurateTalent())


async def seated(db: Database, actor: Actor) -> dict[str, str]:
    """Who holds what."""
    rows = await rows_of(db, actor, "SELECT talent_id::text, post_id::text FROM post_holder")
    return {row["talent_id"]: row["post_id"] for row in rows}


async def test_dominoes_of_what_is_not_there_are_refused_by_place(db: Database, tmp_path: Path) -> None:
    actor, stranger = await an_institution(db), await an_institution(db)
    [nip] = await some_people(db, actor, tmp_path, None)
    post = await a_post(db, actor)
    with pytest.raises(Invalid) as refusal:
        await preview(db, stranger, post, nip)
    assert [(fault.code, fault.where) for fault in refusal.value.faults] == [
        ("domino.post_not_found", "/choices/0/postId"),
        ("domino.talent_not_found", "/choices/0/nip"),
    ]


async def test_a_seat_is_thought_of_as_empty_from_the_day_on_which_its_holder_retires(
    db: Database, tmp_path: Path
) -> None:
    """Everybody here is born on 21 August 1980; holders of this post retire at 47, on 1 September 2027."""
    actor = await an_institution(db)
    chief, elder = await some_people(db, actor, tmp_path, None, None)
    post = await a_post(db, actor, [elder], level="pengawas", retirement_age=47)
    await a_post(db, actor, [chief], level="pengawas")
    who = (await talent_ids(db, actor))[chief]
    with pytest.raises(Invalid) as refusal:
        await preview(db, actor, post, chief, on=date(2027, 8, 31))
    assert [(fault.code, fault.where) for fault in refusal.value.faults] == [("domino.seat_held", "/choices/0/postId")]
    told = await preview(db, actor, post, chief, on=date(2027, 9, 1))
    assert [one["toPost"]["id"] for one in told["moves"]] == [str(post)]
    assert [one["talent"]["nip"] for one in told["leaving"]] == [elder]
    vacancy = await a_draft(db, actor)
    for day, is_taken in ((date(2027, 8, 31), False), (date(2027, 9, 1), True)):
        assert (await carried_out(db, actor, vacancy, [(who, post)], day) is None) is is_taken
    with pytest.raises(Invalid) as refusal:
        await preview(db, actor, post, chief, on=db.today() - timedelta(days=1))
    assert [fault.code for fault in refusal.value.faults] == ["domino.day_over"]


async def test_nobody_follows_who_will_have_left_or_is_chosen_for_another_post(db: Database, tmp_path: Path) -> None:
    """Who was chosen for another post is refused here as well, and follows there alone."""
    actor = await an_institution(db)
    chief, elder, chosen, spare = nips = await in_pool(db, actor, tmp_path, 4)
    head, empty = [await a_post(db, actor, level="pengawas", seats=seats) for seats in (1, 2)]
    post = await a_post(db, actor, [chief], level="pengawas")
    await a_post(db, actor, [elder], level="pelaksana", retirement_age=47)
    for nip in nips:
        await say(db, actor, nip)
    await plan(db, actor, post, elder, chosen, spare)
    before, after = date(2027, 8, 31), date(2027, 9, 1)
    for on, follows in ((before, elder), (after, chosen)):
        told = await preview(db, actor, head, chief, on)
        assert [one["talent"]["nip"] for one in told["moves"]] == [chief, follows]
    await a_decided_vacancy(db, actor, chosen, empty)
    told = await preview(db, actor, head, chief, after)
    assert [one["talent"]["nip"] for one in told["moves"]] == [chief, spare]
    with pytest.raises(Invalid) as refusal:
        await preview(db, actor, head, chosen)
    assert [(one.code, one.where) for one in refusal.value.faults] == [("domino.already_chosen", "/choices/0/nip")]
    assert [one["talent"]["nip"] for one in (await preview(db, actor, empty, chosen))["moves"]] == [chosen]


async def test_who_covers_is_looked_for_on_the_day_of_the_inaugurations(db: Database, tmp_path: Path) -> None:
    """Somebody may act by then whose sanction is over, and nobody who by then will retire before the time is over."""
    actor = await an_institution(db)
    chief, sanctioned, retiring = await some_people(db, actor, tmp_path / "a", None, None, None)
    folder = tmp_path / "b"
    folder.mkdir()
    row = {"NIP": sanctioned, "TINGKAT": "SEDANG", "JENIS": "x", "TMT MULAI": "01-11-2025", "TMT SELESAI": "31-03-2027"}
    await import_files(db, actor, [write_csv(folder, "hukuman-disiplin", [row])])
    head = await a_post(db, actor, level="jpt_pratama")
    await a_post(db, actor, [chief], level="pengawas")
    await a_post(db, actor, [sanctioned], level="pengawas", unit_id="U1")
    await a_post(db, actor, [retiring], level="pengawas", retirement_age=47)
    for on, acts in ((db.today(), retiring), (date(2027, 3, 1), retiring), (date(2027, 7, 1), sanctioned)):
        [end] = (await preview(db, actor, head, chief, on))["ends"]
        assert end["official"]["nip"] == acts


async def test_nobody_acts_who_leaves_for_another_post_before(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    chief, leaver = await some_people(db, actor, tmp_path, None, None)
    head = await a_post(db, actor, level="jpt_pratama")
    elsewhere = await a_post(db, actor, level="pengawas")
    left = await a_post(db, actor, [chief], level="pengawas")
    await a_post(db, actor, [leaver], level="pengawas")
    leaves_on = db.today() + timedelta(days=20)
    await a_decreed_vacancy(db, actor, leaver, elsewhere, leaves_on)
    for days, cover in ((-1, [leaver]), (0, [])):
        [end] = (await preview(db, actor, head, chief, leaves_on + timedelta(days)))["ends"]
        assert end["post"]["id"] == str(left)
        assert [one["nip"] for one in (end["official"],) if one] == cover


async def test_whatever_is_previewed_is_what_the_steps_of_inaugurations_come_to(db: Database, tmp_path: Path) -> None:
    """Posts with no, one or two seats, holders who leave by a decree, plans and choices, all drawn by lot."""
    actor = await an_institution(db)
    nips = await in_pool(db, actor, tmp_path, 4)
    for nip in nips:
        await say(db, actor, nip)
    people, draw, met = await talent_ids(db, actor), Random(SEED), set()  # noqa: S311 - boards, no secrets
    elsewhere = await a_post(db, actor, level="pengawas", seats=50)
    vacancy = await a_draft(db, actor)
    for _ in range(BOARDS):
        posts = [await a_post(db, actor, level="pengawas", seats=draw.choice([0, 1, 1, 2])) for _ in range(3)]
        held = {nip: draw.choice(posts) for nip in nips[1:] if draw.random() < 0.7} | {nips[0]: posts[0]}
        await let_sit(db, actor, {people[nip]: post for nip, post in held.items()})
        leaver = draw.choice([*held, *[None] * len(held)])
        leaves_by = None if leaver is None else await a_decreed_vacancy(db, actor, leaver, elsewhere)
        for post in draw.sample(posts, 1):
            able = [one for one in draw.sample(nips, 2) if held.get(one) != post]
            await plan(db, actor, post, *({"nip": one, "reason": BECAUSE} for one in able))
        chosen = [(one, draw.choice(posts)) for one in draw.sample(nips, draw.choice([1, 1, 2]))]
        choices = [(people[one], post) for one, post in chosen if held.get(one) != post and one != leaver]
        if choices:
            met.add(await must_be_alike(db, actor, vacancy, choices))
        if leaves_by is not None:
            await vacancies.cancel_vacancy(db, officer(actor), leaves_by, CancelVacancy(reason=BECAUSE))
    assert met == {True, False}


async def must_be_alike(db: Database, actor: Actor, vacancy: UUID, choices: Sequence[tuple[UUID, UUID]]) -> bool:
    """The preview of choices and their execution; whether they were possible."""
    nip_of = {talent_id: nip for nip, talent_id in (await talent_ids(db, actor)).items()}
    told = {"choices": [{"postId": str(post), "nip": nip_of[who]} for who, post in choices]}
    command = PreviewDominoes.model_validate_json(json.dumps(told))
    before = await seated(db, actor)
    try:
        seen = json.loads(await dominoes.preview_dominoes(db, officer(actor), command))
    except Invalid as refusal:
        held = [choices[int(fault.where.split("/")[2])] for fault in refusal.faults]
        others = [one for one in choices if one not in held]
        assert await carried_out(db, actor, vacancy, others, db.today()) is None
        for one in held:
            assert await carried_out(db, actor, vacancy, [one], db.today()) == "vacancy.seat_held"
        return False
    moves = [(UUID(one["talentId"]), UUID(one["toPost"]["id"])) for one in seen["moves"]]
    assert await carried_out(db, actor, vacancy, moves, db.today()) is None
    assert await seated(db, actor) == before | {str(who): str(post) for who, post in moves}
    for end in seen["ends"]:
        cover = await cover_of(db, actor, UUID(end["post"]["id"]))
        assert end["official"] == (
            cover["people"][0]["talent"] | {"id": cover["people"][0]["talentId"]} if cover["people"] else None
        )
    return True


async def carried_out(
    db: Database, actor: Actor, vacancy: UUID, moves: Sequence[tuple[UUID, UUID]], on: date
) -> str | None:
    """The step of an inauguration for one after the other; why it was refused, if it was."""
    for who, post in moves:
        try:
            async with db.write_as(officer(actor)) as tx:
                await seats._take(tx, officer(actor), post, who, vacancy, on)
                await record(tx, actor, PostEdited(post, {}, {}))
        except Conflict as refusal:
            return refusal.code
    return None


async def let_sit(db: Database, actor: Actor, held: Mapping[UUID, UUID]) -> None:
    """Exactly these hold these posts."""
    async with db.write_as(actor) as tx:
        await tx.execute(delete(PostHolderRow))
        rows = [
            {"institution_id": actor.institution_id, "talent_id": who, "post_id": post} for who, post in held.items()
        ]
        if rows:
            await tx.execute(insert(PostHolderRow), rows)
        await record(tx, actor, PostEdited(uuid4(), {}, {}))


async def cover_of(db: Database, actor: Actor, post_id: UUID) -> dict[str, Any]:
    return json.loads(await succession_plans.emergency_cover_document(db, officer(actor), post_id))
