"""From the box into the pool and out of it: who decides, who may not, and where everybody stands meanwhile."""

from __future__ import annotations

import json
from asyncio import gather
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from app.db.database import Database
from app.domain.actors import Actor, Role
from app.domain.careers import PositionLevel, target_of
from app.domain.durations import months_after
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.pools import FOLLOWS, State
from app.domain.revisions import exactly
from app.domain.succession import PolicyPart, must_be_consistent
from app.services import pools, succession_policies, willingness
from app.services.pools import ConfirmPoolMembers, NominateTalents, TakeStep, TakeStepBecause
from app.services.willingness import DeclareWillingness
from tests.cycles import at, chair, member, somebody
from tests.factories import an_institution, officer, rows_of, talent
from tests.rights import restrict
from tests.succession import (
    BECAUSE,
    WEAK,
    colleague,
    confirm,
    member_id,
    members,
    nominate,
    publish_policy,
    say,
    some_people,
    suspend,
)

WHY = TakeStepBecause(reason=BECAUSE)


async def pool(db: Database, actor: Actor, level: str = "institution") -> dict[str, Any]:
    return json.loads(await pools.succession_pool_document(db, officer(actor), level))


async def candidates(db: Database, actor: Actor, level: str = "institution") -> list[str]:
    page = json.loads(await pools.pool_candidates_page(db, officer(actor), level))
    return [edge["node"]["talent"]["nip"] for edge in page["edges"]]


async def steps(db: Database, actor: Actor, nip: str) -> list[tuple[str, str, str | None]]:
    document = json.loads(await pools.pool_member_document(db, actor, await member_id(db, actor, nip)))
    return [(one["state"], one["by"], one["reason"]) for one in document["steps"]]


async def test_a_member_goes_from_the_box_to_the_confirmation_and_every_step_is_kept(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    nip, weak = await some_people(db, actor, tmp_path, None, WEAK)
    assert await candidates(db, actor) == [nip]
    await nominate(db, actor, nip, reason=BECAUSE)
    assert await candidates(db, actor) == []
    await confirm(db, actor, nip)
    [one] = (await members(db, actor)).values()
    assert (one["state"], one["nominatedBox"], one["isStillInBox"]) == ("confirmed", 8, True)
    assert one["policy"] == {"code": "shipped", "version": 1}
    assert await steps(db, officer(actor), nip) == [
        ("nominated", "officer", BECAUSE),
        ("verified", "colleague", None),
        ("confirmed", "chair", None),
    ]
    assert (await pool(db, actor))["members"] == {
        **dict.fromkeys((await pool(db, actor))["members"], 0),
        "confirmed": 1,
    }
    entries = await rows_of(db, actor, "SELECT type FROM ledger_entry WHERE type LIKE 'pool%' OR type LIKE 'talentsN%'")
    assert sorted(row["type"] for row in entries) == ["poolMemberMoved", "poolMemberMoved", "talentsNominated"]
    assert weak not in await members(db, actor)


async def test_steps_out_of_turn_or_by_the_wrong_people_are_refused(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    [nip] = await some_people(db, actor, tmp_path, None)
    await nominate(db, actor, nip)
    who = await member_id(db, actor, nip)
    with pytest.raises(Forbidden, match=r"pool\.same_person"):
        await pools.verify_pool_member(db, officer(actor), who, TakeStep())
    with pytest.raises(Forbidden, match="forbidden"):
        await pools.confirm_pool_member(db, officer(actor), who, TakeStep())
    with pytest.raises(Forbidden, match="forbidden"):
        await pools.verify_pool_member(db, member(actor), who, TakeStep())
    with pytest.raises(Forbidden, match=r"pool\.own_membership"):
        await pools.verify_pool_member(db, somebody(actor, Role.HR_OFFICER, "self", nip), who, TakeStep())
    with pytest.raises(Conflict, match=r"pool\.state") as refusal:
        await pools.confirm_pool_member(db, chair(actor), who, TakeStep())
    assert (refusal.value.about["state"]["en"], refusal.value.about["needed"]["id"]) == ("nominated", "diverifikasi")
    with pytest.raises(Conflict, match=r"pool\.state"):
        await pools.reinstate_pool_member(db, officer(actor), who, WHY)


async def test_a_nomination_names_everybody_who_cannot_be_and_changes_nothing(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    strong, weak, other = await some_people(db, actor, tmp_path, None, WEAK, None)
    await nominate(db, actor, strong)
    command = NominateTalents(talents=[strong, weak, other, other, "196001011985031999"])
    with pytest.raises(Invalid) as refusal:
        await pools.nominate_talents(db, officer(actor), "institution", command)
    assert [(fault.code, fault.where) for fault in refusal.value.faults] == [
        ("pool.member_already", "/talents/0"),
        ("pool.not_in_box", "/talents/1"),
        ("pool.talent_repeated", "/talents/3"),
        ("pool.talent_not_found", "/talents/4"),
    ]
    with pytest.raises(Conflict, match=r"pool\.members_already") as conflict:
        await nominate(db, actor, strong)
    assert conflict.value.faults[0].about["state"]["en"] == "nominated"
    assert set(await members(db, actor)) == {strong}


async def test_everybody_in_the_boxes_is_nominated_at_once_and_nobody_twice(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    first, second, weak = await some_people(db, actor, tmp_path, None, None, WEAK)
    await nominate(db, actor, first)
    await nominate(db, actor)
    assert set(await members(db, actor)) == {first, second}
    with pytest.raises(Conflict, match=r"pool\.nobody"):
        await nominate(db, actor)
    with pytest.raises(Conflict, match=r"pool\.nobody"):
        await nominate(db, actor, level="national")  # box 8 alone
    for told in (NominateTalents(), NominateTalents(talents=[weak], everybody_in_boxes=True)):
        with pytest.raises(Invalid, match=r"request\.invalid"):
            await pools.nominate_talents(db, officer(actor), "institution", told)


async def test_who_is_refused_or_returned_can_be_nominated_again(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    [nip] = await some_people(db, actor, tmp_path, None)
    for decide, state in ((pools.refuse_pool_member, "refused"), (pools.return_pool_member, "returned")):
        await nominate(db, actor, nip)
        await decide(db, chair(actor), await member_id(db, actor, nip), WHY)
        assert (await members(db, actor))[nip]["state"] == state
        assert await candidates(db, actor) == [nip]
    await nominate(db, actor, nip)
    told = [state for state, _, _ in await steps(db, officer(actor), nip)]
    assert told == ["nominated", "refused", "nominated", "returned", "nominated"]


async def test_a_confirmation_is_over_by_the_date_alone(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    [nip] = await some_people(db, actor, tmp_path, None)
    long_ago = at(db, db.now() - timedelta(days=800))  # the shipped policy confirms for 24 months
    await nominate(long_ago, actor, nip)
    await confirm(long_ago, actor, nip)
    assert (await members(db, actor))[nip]["state"] == "expired"
    assert (await pool(db, actor))["members"]["expired"] == 1
    with pytest.raises(Conflict, match=r"pool\.state"):
        await suspend(db, actor, nip)
    await nominate(db, actor, nip)
    await confirm(db, actor, nip)
    assert (await members(db, actor))[nip]["state"] == "confirmed"


async def test_a_suspension_is_lifted_and_its_reason_is_for_few(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    [nip] = await some_people(db, actor, tmp_path, None)
    await nominate(db, actor, nip)
    await confirm(db, actor, nip)
    before = (await members(db, actor))[nip]["expiresOn"]
    await suspend(db, actor, nip)
    assert (await members(db, actor))[nip]["state"] == "suspended"
    assert (await steps(db, officer(actor), nip))[-1] == ("suspended", "officer", BECAUSE)
    assert (await steps(db, somebody(actor, Role.AUDITOR, "auditor"), nip))[-1] == ("suspended", "officer", None)
    with pytest.raises(Conflict, match=r"pool\.state"):
        await pools.confirm_pool_member(db, chair(actor), await member_id(db, actor, nip), TakeStep())
    await pools.reinstate_pool_member(db, officer(actor), await member_id(db, actor, nip), WHY)
    one = (await members(db, actor))[nip]
    assert (one["state"], one["expiresOn"]) == ("confirmed", before)


async def test_who_leaves_the_boxes_is_shown_and_not_dropped(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    confirmed, nominated = await some_people(db, actor, tmp_path, None, None)
    await nominate(db, actor)
    await confirm(db, actor, confirmed)
    await pools.verify_pool_member(db, colleague(actor), await member_id(db, actor, nominated), TakeStep())
    await publish_policy(db, actor, institutionBoxes=[9])
    told = await members(db, actor)
    assert {(one["state"], one["isStillInBox"]) for one in told.values()} == {("confirmed", False), ("verified", False)}
    assert (await pool(db, actor))["leftBoxes"] == 2
    chosen = pools.PoolMemberFilter(still_in_box=True)
    assert json.loads(await pools.pool_members_page(db, officer(actor), "institution", chosen))["edges"] == []
    with pytest.raises(Conflict, match=r"pool\.not_in_box"):
        await pools.confirm_pool_member(db, chair(actor), await member_id(db, actor, nominated), TakeStep())


async def test_a_policy_of_ones_own_replaces_the_shipped_one_from_its_version_on(db: Database, tmp_path: Path) -> None:
    actor, other = await an_institution(db), await an_institution(db)
    [nip] = await some_people(db, actor, tmp_path, None)
    shipped = json.loads(await succession_policies.succession_policy_document(db, officer(actor)))
    assert (shipped["code"], shipped["version"], shipped["publishedBy"]) == ("shipped", 1, None)
    await publish_policy(db, actor, institutionBoxes=[8], nationalBoxes=[8])
    told = json.loads(await succession_policies.succession_policy_document(db, officer(actor)))
    assert (told["version"], told["institutionBoxes"], told["publishedBy"]) == (1, [8], "officer")
    assert json.loads(await succession_policies.succession_policy_document(db, officer(other))) == shipped
    await nominate(db, actor, nip, level="national")
    assert (await members(db, actor, "national"))[nip]["policy"] == {"code": "own", "version": 1}


async def test_talents_see_their_own_memberships_and_say_themselves_whether_they_are_willing(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    nip, other = await some_people(db, actor, tmp_path, None, None)
    await nominate(db, actor)
    own = json.loads(await pools.talent_pool_memberships_page(db, talent(actor, nip), nip))
    assert [edge["node"]["talent"]["nip"] for edge in own["edges"]] == [nip]
    with pytest.raises(NotFound, match=r"talent\.not_found"):
        await pools.talent_pool_memberships_page(db, talent(actor, nip), other)
    with pytest.raises(NotFound, match=r"pool\.member_not_found"):
        await pools.pool_member_document(db, talent(actor, nip), await member_id(db, actor, other))
    with pytest.raises(NotFound, match=r"willingness\.not_found"):
        await willingness.succession_willingness_document(db, officer(actor), nip)
    await say(db, actor, nip, until=db.today().isoformat())
    told = json.loads(await willingness.succession_willingness_document(db, officer(actor), nip))
    assert (told["isWilling"], told["isInForce"]) == (True, True)
    with pytest.raises(NotFound, match=r"talent\.not_found"):
        await willingness.declare_willingness(db, talent(actor, nip), other, DeclareWillingness(is_willing=True))
    yesterday = DeclareWillingness(is_willing=True, until=db.today() - timedelta(days=1))
    with pytest.raises(Invalid, match=r"request\.invalid"):
        await willingness.declare_willingness(db, talent(actor, nip), nip, yesterday)


async def test_a_stranger_finds_nobody_and_a_look_at_a_member_leaves_a_receipt(db: Database, tmp_path: Path) -> None:
    actor, stranger = await an_institution(db), await an_institution(db)
    [nip] = await some_people(db, actor, tmp_path, None)
    await nominate(db, actor, nip)
    who = await member_id(db, actor, nip)
    assert await members(db, stranger) == {}
    for step in (pools.pool_member_document(db, officer(stranger), who),
                 pools.verify_pool_member(db, officer(stranger), who, TakeStep())):  # fmt: skip
        with pytest.raises(NotFound, match=r"pool\.member_not_found"):
            await step
    await pools.pool_member_document(db, officer(actor), who)
    [looks] = await rows_of(db, actor, "SELECT count(*) AS looks FROM view_receipt WHERE document = 'PoolMember'")
    assert looks["looks"] == 1


async def test_whose_processing_is_restricted_is_neither_nominated_nor_listed(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip, other = await some_people(db, actor, tmp_path, None, None)
    await nominate(db, actor, nip)
    for one in (nip, other):
        await restrict(db, talent(actor, one))
    chief = somebody(actor, Role.COMMITTEE_CHAIR, "chair")
    assert json.loads(await pools.pool_members_page(db, chief, "institution"))["edges"] == []
    with pytest.raises(Conflict, match=r"pool\.nobody"):
        await nominate(db, actor)


async def test_nobody_takes_a_step_on_a_member_that_changed_meanwhile(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    [nip] = await some_people(db, actor, tmp_path, None)
    await nominate(db, actor, nip)
    who = await member_id(db, actor, nip)
    await pools.verify_pool_member(db, colleague(actor), who, TakeStep(), expected=exactly(1))
    with pytest.raises(Exception, match=r"precondition\.failed"):
        await pools.confirm_pool_member(db, chair(actor), who, TakeStep(), expected=exactly(1))
    assert (await members(db, actor))[nip]["revision"] == 2


async def test_members_are_confirmed_together_or_nobody_is_and_everybody_learns_why(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    ready, other, early, weak = nips = await some_people(db, actor, tmp_path, None, None, None, WEAK)
    await publish_policy(db, actor, institutionBoxes=[5, 8], nationalBoxes=[8])
    await nominate(db, actor)
    ids = {nip: await member_id(db, actor, nip) for nip in nips}
    for nip in (ready, other, weak):
        await pools.verify_pool_member(db, colleague(actor), ids[nip], TakeStep())
    await publish_policy(db, actor, institutionBoxes=[8], nationalBoxes=[8])
    command = ConfirmPoolMembers(members=[ids[ready], ids[early], ids[weak], uuid4(), ids[ready]], reason=BECAUSE)
    with pytest.raises(Conflict, match=r"pool\.not_confirmable") as refusal:
        await pools.confirm_pool_members(db, chair(actor), "institution", command)
    assert [(fault.code, fault.where) for fault in refusal.value.faults] == [
        ("pool.state", "/members/1"),
        ("pool.not_in_box", "/members/2"),
        ("pool.member_not_found", "/members/3"),
        ("pool.member_repeated", "/members/4"),
    ]
    assert "diusulkan" in refusal.value.faults[0].detail["id"]
    assert (await pool(db, actor))["members"]["confirmed"] == 0
    both = ConfirmPoolMembers(members=[ids[ready], ids[other]], reason=BECAUSE)
    with pytest.raises(Conflict) as own:
        await pools.confirm_pool_members(db, somebody(actor, Role.COMMITTEE_CHAIR, "self", ready), "institution", both)
    assert [(fault.code, fault.where) for fault in own.value.faults] == [("pool.own_membership", "/members/0")]
    with pytest.raises(Conflict):  # those of another level are not there
        await pools.confirm_pool_members(db, chair(actor), "national", both)
    with pytest.raises(Forbidden):
        await pools.confirm_pool_members(db, officer(actor), "institution", both)
    await pools.confirm_pool_members(db, chair(actor), "institution", both)
    told = await members(db, actor)
    assert {told[nip]["state"] for nip in (ready, other)} == {"confirmed"}
    assert told[ready]["expiresOn"] == months_after(db.today(), 12).isoformat()
    assert (await steps(db, officer(actor), other))[-1] == ("confirmed", "chair", BECAUSE)
    [entry] = await rows_of(db, actor, "SELECT payload FROM ledger_entry WHERE type = 'poolMembersConfirmed'")
    assert entry["payload"]["members"] == 2


async def test_two_who_confirm_the_same_members_at_once_do_it_once(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nips = await some_people(db, actor, tmp_path, None, None)
    await nominate(db, actor)
    ids = [await member_id(db, actor, nip) for nip in nips]
    for who in ids:
        await pools.verify_pool_member(db, colleague(actor), who, TakeStep())
    orders = (ConfirmPoolMembers(members=ids), ConfirmPoolMembers(members=ids[::-1]))
    attempts = [pools.confirm_pool_members(db, chair(actor), "institution", one) for one in orders]
    answers = await gather(*attempts, return_exceptions=True)
    assert sorted(type(one).__name__ for one in answers) == ["Conflict", "Pool"]
    assert [state for state, _, _ in await steps(db, officer(actor), nips[0])].count("confirmed") == 1


TAKE = {
    State.VERIFIED: (pools.verify_pool_member, colleague),
    State.CONFIRMED: (pools.confirm_pool_member, chair),
    State.REFUSED: (pools.refuse_pool_member, chair),
    State.RETURNED: (pools.return_pool_member, chair),
    State.SUSPENDED: (pools.suspend_pool_member, officer),
}
WAY_TO: dict[State, tuple[State, ...]] = {
    State.NOMINATED: (),
    State.VERIFIED: (State.VERIFIED,),
    State.CONFIRMED: (State.VERIFIED, State.CONFIRMED),
    State.REFUSED: (State.REFUSED,),
    State.RETURNED: (State.RETURNED,),
    State.SUSPENDED: (State.VERIFIED, State.CONFIRMED, State.SUSPENDED),
    State.EXPIRED: (State.VERIFIED, State.CONFIRMED),
}


@pytest.mark.parametrize("present", State)
async def test_from_every_state_the_steps_that_follow_are_taken_and_all_others_refused(
    db: Database, tmp_path: Path, present: State
) -> None:
    actor = await an_institution(db)
    nips = await some_people(db, actor, tmp_path, *[None] * len(TAKE))
    then = at(db, db.now() - timedelta(days=800)) if present is State.EXPIRED else db
    await nominate(then, actor)
    for nip, (following, (take, by)) in zip(nips, TAKE.items(), strict=True):
        who = await member_id(db, actor, nip)
        for state in WAY_TO[present]:
            await TAKE[state][0](then, TAKE[state][1](actor), who, WHY)
        if present in FOLLOWS[following]:
            await take(db, by(actor), who, WHY)
            assert (await members(db, actor))[nip]["state"] == following.value
            continue
        with pytest.raises(Conflict, match=r"pool\.state"):
            await take(db, by(actor), who, WHY)
        assert (await members(db, actor))[nip]["state"] == present.value


async def test_two_declarations_at_once_both_hold_one_after_the_other(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    [nip] = await some_people(db, actor, tmp_path, None)
    await gather(*(say(db, actor, nip, isWilling=one) for one in (True, False, True, False)))
    entries = await rows_of(db, actor, "SELECT payload FROM ledger_entry WHERE type = 'willingnessDeclared'")
    before = [one["payload"]["willing_before"] for one in entries]
    assert len(entries) == 4
    assert before.count(None) == 1


async def test_every_version_of_the_policy_stays_readable_with_its_sources(db: Database, tmp_path: Path) -> None:
    actor, stranger = await an_institution(db), await an_institution(db)
    [nip] = await some_people(db, actor, tmp_path, None)
    await nominate(db, actor, nip)
    source = {"about": "termMonths", "legalBasis": "Perwako 11/2023 ps. 7", "confidence": "confirmed"}
    ahead = [{"level": "pelaksana", "ahead": ["pengawas"]}]
    await publish_policy(db, actor, sources=[source], levelsAhead=ahead, actingMonths=6)
    await publish_policy(db, actor, termMonths=36)
    told = json.loads(await succession_policies.succession_policies_page(db, officer(actor)))
    versions = [edge["node"] for edge in told["edges"]]
    assert [(one["code"], one["version"], one["isInForce"], one["termMonths"]) for one in versions] == [
        ("own", 1, False, 12),
        ("own", 2, True, 36),
        ("shipped", 1, False, 24),
    ]
    assert (versions[0]["sources"], versions[1]["sources"]) == ([source], [])
    assert (versions[1]["levelsAhead"], versions[1]["actingMonths"]) == (ahead, 6)  # as in the one before
    assert {one["about"] for one in versions[2]["sources"]} == {part.value for part in PolicyPart}
    assert (await members(db, actor))[nip]["policy"] == {"code": "shipped", "version": 1}
    first = await succession_policies.succession_policy_version_document(db, officer(actor), "own", 1)
    assert json.loads(first) == versions[0]
    for reader, code, version in ((stranger, "own", 1), (actor, "own", 3), (actor, "shipped", 2**40), (actor, "x", 1)):
        with pytest.raises(NotFound, match=r"policy\.not_found"):
            await succession_policies.succession_policy_version_document(db, officer(reader), code, version)


async def test_what_is_shipped_is_consistent_and_leads_to_managerial_posts_alone(db: Database) -> None:
    actor = await an_institution(db)
    async with db.read_as(actor) as tx:
        policy = await succession_policies._policy(tx)
    ladders = {PolicyPart.COVER: list(policy.cover.items()), PolicyPart.LEVELS_AHEAD: list(policy.levels_ahead.items())}
    must_be_consistent(list(policy.boxes.values()), list(policy.merit_weights.items()), ladders)
    managerial = tuple(PositionLevel)[:5]
    assert set(policy.levels_ahead) == set(PositionLevel)
    for level, ahead in policy.levels_ahead.items():
        above = target_of(level)
        assert list(ahead) == sorted(ahead, key=managerial.index)
        assert level not in managerial or level in ahead
        assert above not in managerial or above in ahead
