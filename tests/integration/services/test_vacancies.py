"""Vacancies: from the draft to the inauguration, and everything that stands in the way."""

from __future__ import annotations

import asyncio
import json
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.db.database import Database
from app.domain import vacancies as rules
from app.domain.actors import Actor, Role
from app.domain.errors import Forbidden, NotFound, PreconditionFailed, TalentError
from app.domain.messages import day_in_words, sentence
from app.domain.revisions import exactly
from app.domain.vacancies import CancellationReason, State
from app.services import filling_times, freeze_periods, vacancies
from app.services.freeze_periods import EditFreezePeriod
from app.services.rule_sets import RuleSetVersion
from app.services.vacancies import CancelVacancy, EditVacancy, InaugurateTalent, RecordRecommendation, VacancyFilter
from tests.cycles import at, some_talents, somebody
from tests.factories import (
    a_nip,
    a_placed_talent,
    an_employee,
    an_institution,
    import_files,
    name_of,
    officer,
    rows_of,
    talent,
    write_folder,
)
from tests.vacancies import (
    FREEZE,
    a_decided_vacancy,
    a_decreed_vacancy,
    a_draft,
    a_freeze,
    a_post,
    an_open_vacancy,
    choose,
    decree,
    let_hold,
    recommend,
    shown,
)

BECAUSE = CancelVacancy(reason_code=CancellationReason.POST_CHANGED, reason="Anggaran jabatan ini ditarik kembali.")
INAUGURATE = InaugurateTalent()
PENGAWAS = RuleSetVersion(code="pp-11-2017-pengawas", version=2)


async def holders_of(db: Database, actor: Actor, post_id: UUID) -> list[str]:
    sql = "SELECT t.nip FROM post_holder h JOIN talent t ON t.id = h.talent_id WHERE h.post_id = $1"
    return [row["nip"] for row in await rows_of(db, actor, sql, post_id)]


async def refusal_of(doing: Any) -> TalentError:
    with pytest.raises(TalentError) as refusal:
        await doing
    return refusal.value


# ── the whole life


async def test_a_vacancy_passes_from_draft_to_inauguration(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    hr, former, post_id = officer(actor), await a_post(db, actor, [nip]), await a_post(db, actor)
    vacancy_id = await a_draft(db, actor, post_id)
    draft = await shown(db, hr, vacancy_id)
    assert (draft["state"], draft["seed"], draft["ruleSet"], draft["promise"]) == ("draft", None, None, None)
    assert draft["nextStep"] == {"state": "open", "roles": ["hr-officer"]}
    assert draft["foreseeableFrom"] == db.today().isoformat()

    await vacancies.open_vacancy(db, hr, vacancy_id)
    opened = await shown(db, hr, vacancy_id)
    assert opened["ruleSet"]["code"] == "pp-11-2017-pengawas"
    assert opened["nextStep"] == {"state": "shortlisted", "roles": ["committee-member", "committee-chair"]}
    assert opened["promise"] == {"promisedDays": 5, "workingDays": 0, "isKept": None}
    assert opened["seed"] is None

    await choose(db, actor, vacancy_id, nip)
    decided = await shown(db, hr, vacancy_id)
    assert sha256(bytes.fromhex(decided["seed"])).hexdigest() == decided["seedCommitment"] == draft["seedCommitment"]
    assert decided["promise"]["isKept"] is True

    await recommend(db, actor, vacancy_id)
    await decree(db, actor, vacancy_id)
    assert await holders_of(db, actor, post_id) == []
    await vacancies.inaugurate_talent(db, hr, vacancy_id, INAUGURATE)
    filled = await shown(db, hr, vacancy_id)
    assert (filled["state"], filled["nextStep"]) == ("effective", None)
    assert [step["state"] for step in filled["steps"]] == [
        state.value for state in State if state is not State.CANCELLED
    ]
    assert filled["steps"][2]["role"] == "committee-member"
    assert (filled["steps"][0]["workingDays"], filled["steps"][-1]["workingDays"]) == (0, None)

    assert await holders_of(db, actor, post_id) == [nip]
    assert await holders_of(db, actor, former) == []
    [held] = await rows_of(db, actor, "SELECT since, vacancy_id FROM post_holder WHERE post_id = $1", post_id)
    assert (held["since"], held["vacancy_id"]) == (db.today(), vacancy_id)
    [(moved,)] = await rows_of(db, actor, "SELECT payload FROM ledger_entry WHERE type = 'talentInaugurated'")
    assert (moved["post_before"], moved["post"]) == (str(former), str(post_id))
    told = "SELECT payload ->> 'rule_set' AS said FROM ledger_entry WHERE type = 'vacancyAdvanced' AND about_id = $1"
    rule_set = f"{opened['ruleSet']['code']}/{opened['ruleSet']['version']}"
    assert {row["said"] for row in await rows_of(db, actor, told, str(vacancy_id))} == {rule_set}
    freed = await a_draft(db, actor, former)
    assert (await shown(db, hr, freed))["foreseeableFrom"] == db.today().isoformat()


@pytest.mark.parametrize("state", [state for state in State if state is not State.CANCELLED])
async def test_each_step_is_refused_everywhere_but_after_the_one_before(
    state: State, db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    nip, hr = await a_placed_talent(db, actor, tmp_path), officer(actor)
    vacancy_id = await a_draft(db, actor)
    steps = {
        State.OPEN: lambda: vacancies.open_vacancy(db, hr, vacancy_id),
        State.SHORTLISTED: lambda: choose(db, actor, vacancy_id, nip),  # and decided
        State.DECIDED: lambda: asyncio.sleep(0),
        State.RECOMMENDED: lambda: recommend(db, actor, vacancy_id),
        State.DECREED: lambda: decree(db, actor, vacancy_id),
        State.EFFECTIVE: lambda: vacancies.inaugurate_talent(db, hr, vacancy_id, INAUGURATE),
    }
    for reached, step in steps.items():
        if list(State).index(reached) <= list(State).index(state):
            await step()
    here = (await shown(db, hr, vacancy_id))["state"]
    for target, step in steps.items():
        if target not in (rules.FOLLOWING.get(State(here)), State.DECIDED):
            refusal = await refusal_of(step())
            assert (refusal.code, refusal.about["state"]) == ("vacancy.state", rules.words_of(State(here)))
    if here == "effective":
        assert (await refusal_of(vacancies.cancel_vacancy(db, hr, vacancy_id, BECAUSE))).code == "vacancy.state"
        return
    await vacancies.cancel_vacancy(db, hr, vacancy_id, BECAUSE)
    cancelled = await shown(db, hr, vacancy_id)
    assert cancelled["cancellation"] == {
        "cancelledOn": db.today().isoformat(),
        "reasonCode": "postChanged",
        "label": sentence("cancellation.postChanged"),
        "reason": BECAUSE.reason,
    }
    again = await refusal_of(vacancies.cancel_vacancy(db, hr, vacancy_id, BECAUSE))
    assert again.about["state"] == rules.words_of(State.CANCELLED)


async def test_of_two_at_once_one_wins(db: Database) -> None:
    actor = await an_institution(db)
    hr, vacancy_id = officer(actor), await a_draft(db, actor)
    both = [vacancies.open_vacancy(db, hr, vacancy_id, expected=exactly(1)) for _ in range(2)]
    lost = [one for one in await asyncio.gather(*both, return_exceptions=True) if one is not None]
    assert [type(one) for one in lost] == [PreconditionFailed]


async def test_only_the_secretariat_moves_a_vacancy_on(db: Database) -> None:
    actor = await an_institution(db)
    vacancy_id = await a_draft(db, actor)
    for role in (Role.COMMITTEE_CHAIR, Role.APPOINTING_AUTHORITY, Role.AUDITOR):
        with pytest.raises(Forbidden):
            await vacancies.open_vacancy(db, somebody(actor, role, "x"), vacancy_id)


# ── seats and clocks


async def test_a_held_post_has_no_vacancy_and_a_seat_has_one(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    held = await a_post(db, actor, [await a_placed_talent(db, actor, tmp_path)])
    refusal = await refusal_of(a_draft(db, actor, held))
    assert refusal.about == {"seats": 1, "held": 1, "running": 0}
    empty = await a_post(db, actor)
    first = await a_draft(db, actor, empty)
    assert (await refusal_of(a_draft(db, actor, empty))).about == {"seats": 1, "held": 0, "running": 1}
    await vacancies.cancel_vacancy(db, officer(actor), first, BECAUSE)
    await a_draft(db, actor, empty)
    assert (await refusal_of(a_draft(db, actor, uuid4()))).code == "post.not_found"
    stranger = await an_institution(db)
    assert (await refusal_of(a_draft(db, stranger, empty))).code == "post.not_found"


async def test_two_drafts_at_once_get_one_seat(db: Database) -> None:
    actor = await an_institution(db)
    post_id = await a_post(db, actor)
    both = await asyncio.gather(*(a_draft(db, actor, post_id) for _ in range(2)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in both) == ["Conflict", "UUID"]


async def test_the_clock_starts_a_year_before_the_holder_retires(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path, TANGGAL_LAHIR="21-08-1980")
    post_id = await a_post(db, actor, [nip], level="jpt_pratama")
    retires = date(2040, 9, 1)
    early = at(db, db.now().replace(year=2038))
    assert (await refusal_of(a_draft(early, actor, post_id, vacant_from=retires, inauguration_on=retires))).code == (
        "vacancy.no_seat"
    )
    later = at(db, db.now().replace(year=2039, month=12))
    before = {"vacant_from": retires - timedelta(days=1), "inauguration_on": retires}
    assert (await refusal_of(a_draft(later, actor, post_id, **before))).code == "vacancy.no_seat"
    vacancy_id = await a_draft(later, actor, post_id, vacant_from=retires, inauguration_on=retires)
    assert (await shown(db, officer(actor), vacancy_id))["foreseeableFrom"] == "2039-09-01"


async def test_the_seat_of_somebody_chosen_elsewhere_is_foreseeably_empty(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    held, in_a_month = await a_post(db, actor, [nip]), db.today() + timedelta(days=30)
    chosen = await a_decided_vacancy(db, actor, nip)  # planned for in a month
    assert (await refusal_of(a_draft(db, actor, held))).code == "vacancy.no_seat"
    await a_draft(db, actor, held, vacant_from=in_a_month, inauguration_on=in_a_month)
    await vacancies.cancel_vacancy(db, officer(actor), chosen, BECAUSE)
    other = {"vacant_from": in_a_month, "inauguration_on": in_a_month}
    assert (await refusal_of(a_draft(db, actor, held, **other))).about["held"] == 1


async def test_nobody_is_put_in_a_seat_that_is_still_held(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    chosen, other = await some_talents(db, actor, tmp_path, None, None)
    post_id = await a_post(db, actor)
    vacancy_id = await a_decreed_vacancy(db, actor, chosen, post_id)
    await let_hold(db, actor, post_id, other)
    refusal = await refusal_of(vacancies.inaugurate_talent(db, officer(actor), vacancy_id, INAUGURATE))
    assert (refusal.code, refusal.about["held"]) == ("vacancy.seat_held", 1)
    await let_hold(db, actor, post_id, chosen, since=db.today())  # as when the record was quicker
    await let_hold(db, actor, await a_post(db, actor), other)
    await vacancies.inaugurate_talent(db, officer(actor), vacancy_id, INAUGURATE)
    assert await holders_of(db, actor, post_id) == [chosen]


async def test_who_has_left_is_not_inaugurated(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path / "before")
    vacancy_id = await a_decreed_vacancy(db, actor, nip)
    retired = an_employee(nip, await name_of(db, actor), KEDUDUKAN_HUKUM_ID="99", KEDUDUKAN_HUKUM_NAMA="Pensiun")
    await import_files(db, actor, write_folder(tmp_path / "after", [retired], {}))
    refusal = await refusal_of(vacancies.inaugurate_talent(db, officer(actor), vacancy_id, INAUGURATE))
    assert refusal.code == "vacancy.talent_gone"


async def test_two_may_take_over_each_others_seats_at_once(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    first, second = await some_talents(db, actor, tmp_path, None, None)
    here, there = await a_post(db, actor, [first]), await a_post(db, actor, [second], seats=2)
    one = await a_decreed_vacancy(db, actor, first, there)
    other = await a_decreed_vacancy(db, actor, second, here)
    hr = officer(actor)
    both = (vacancies.inaugurate_talent(db, hr, vacancy, INAUGURATE) for vacancy in (one, other))
    assert await asyncio.gather(*both) == [None, None]
    assert (await holders_of(db, actor, here), await holders_of(db, actor, there)) == ([second], [first])


async def test_a_decree_is_not_given_up_once_somebody_took_over_the_seat_it_emptied(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    leaver, follower = await some_talents(db, actor, tmp_path, None, None)
    post_id = await a_post(db, actor, [leaver])
    leaving = await a_decreed_vacancy(db, actor, leaver)
    following = await a_decreed_vacancy(db, actor, follower, post_id)
    await vacancies.inaugurate_talent(db, officer(actor), following, INAUGURATE)
    refusal = await refusal_of(vacancies.cancel_vacancy(db, officer(actor), leaving, BECAUSE))
    assert (refusal.code, refusal.about["held"], refusal.about["seats"]) == ("vacancy.seat_taken", 2, 1)
    await let_hold(db, actor, await a_post(db, actor), leaver)  # Data ASN has them elsewhere by now
    await vacancies.cancel_vacancy(db, officer(actor), leaving, BECAUSE)
    assert await holders_of(db, actor, post_id) == [follower]


# ── freezes


async def test_a_freeze_blocks_the_decree_on_the_day_it_takes_effect(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    soon = db.today() + timedelta(days=20)
    freeze_period_id = await a_freeze(db, actor, since=soon, until=soon + timedelta(days=200))
    vacancy_id = await a_decided_vacancy(db, actor, await a_placed_talent(db, actor, tmp_path))
    await recommend(db, actor, vacancy_id)
    assert [one["id"] for one in (await shown(db, officer(actor), vacancy_id))["freezes"]] == [str(freeze_period_id)]
    refusal = await refusal_of(decree(db, actor, vacancy_id, soon))
    assert refusal.code == "vacancy.frozen"
    assert "UU 10/2016 pasal 71" in refusal.detail["id"]
    assert day_in_words(soon)["id"] in refusal.detail["id"]
    await decree(db, actor, vacancy_id, soon, permit_number="100.2.2.6/4321/SJ")
    assert (await shown(db, officer(actor), vacancy_id))["decree"]["permitNumber"] == "100.2.2.6/4321/SJ"


async def test_a_freeze_blocks_a_decree_of_its_days_that_takes_effect_after_it(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    await a_freeze(db, actor, since=db.today(), until=db.today())
    vacancy_id = await a_decided_vacancy(db, actor, await a_placed_talent(db, actor, tmp_path))
    await recommend(db, actor, vacancy_id)
    refusal = await refusal_of(decree(db, actor, vacancy_id, db.today() + timedelta(days=7)))
    assert refusal.about["day"] == day_in_words(db.today())


async def test_a_freeze_that_is_added_later_blocks_the_inauguration(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    hr, today = officer(actor), db.today()
    vacancy_id = await a_decreed_vacancy(db, actor, await a_placed_talent(db, actor, tmp_path))
    freeze_period_id = await a_freeze(db, actor, since=today, until=today + timedelta(days=1))
    assert (await refusal_of(vacancies.inaugurate_talent(db, hr, vacancy_id, INAUGURATE))).code == "vacancy.frozen"
    moved = EditFreezePeriod(**{**FREEZE, "since": today + timedelta(days=1), "until": today + timedelta(days=2)})
    await freeze_periods.edit_freeze_period(db, hr, freeze_period_id, moved, expected=exactly(1))
    tomorrow = at(db, db.now() + timedelta(days=1))
    assert (await refusal_of(vacancies.inaugurate_talent(tomorrow, hr, vacancy_id, INAUGURATE))).code == (
        "vacancy.frozen"
    )
    await freeze_periods.remove_freeze_period(db, hr, freeze_period_id, expected=exactly(2))
    await vacancies.inaugurate_talent(db, hr, vacancy_id, INAUGURATE)


async def test_a_permit_may_come_after_the_decree(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id = await a_decreed_vacancy(db, actor, await a_placed_talent(db, actor, tmp_path))
    await a_freeze(db, actor, since=db.today(), until=db.today())
    permitted = InaugurateTalent(permit_number="100.2.2.6/4321/SJ")
    await vacancies.inaugurate_talent(db, officer(actor), vacancy_id, permitted)
    assert (await shown(db, officer(actor), vacancy_id))["decree"]["permitNumber"] == permitted.permit_number


# ── impossible days


async def test_nobody_is_inaugurated_before_the_decree_takes_effect(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    tomorrow = db.today() + timedelta(days=1)
    vacancy_id = await a_decreed_vacancy(db, actor, await a_placed_talent(db, actor, tmp_path), None, tomorrow)
    hr = officer(actor)
    assert (await refusal_of(vacancies.inaugurate_talent(db, hr, vacancy_id, INAUGURATE))).code == "vacancy.early"
    await vacancies.inaugurate_talent(at(db, db.now() + timedelta(days=1)), hr, vacancy_id, INAUGURATE)


async def test_papers_of_impossible_days_are_refused(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    today, hr, a_day = db.today(), officer(actor), timedelta(days=1)
    vacancy_id = await a_decided_vacancy(db, actor, await a_placed_talent(db, actor, tmp_path))

    async def faults(doing: Any) -> list[tuple[str, str]]:
        return [(fault.code, fault.where) for fault in (await refusal_of(doing)).faults]

    for day, code in ((today + a_day, "vacancy.ahead"), (today - a_day, "vacancy.order")):
        letter = RecordRecommendation(number="1", recommended_on=day)
        doing = vacancies.record_recommendation(db, hr, vacancy_id, letter)
        assert await faults(doing) == [(code, "/recommendedOn")]
    await recommend(db, actor, vacancy_id)
    wrong = {
        ("vacancy.order", "/decreedOn"): {"decreed_on": today - a_day},
        ("vacancy.ahead", "/decreedOn"): {"decreed_on": today + a_day, "effective_on": today + a_day},
        ("vacancy.order", "/effectiveOn"): {"effective_on": today - a_day},
    }
    for fault, days in wrong.items():
        assert await faults(decree(db, actor, vacancy_id, **days)) == [fault]
    backwards = {"vacant_from": today, "inauguration_on": today - a_day}
    assert await faults(a_draft(db, actor, **backwards)) == [("vacancy.order", "/inaugurationOn")]


# ── editing, rule sets


async def test_parts_are_edited_until_they_are_settled(db: Database) -> None:
    actor = await an_institution(db)
    hr, vacancy_id, later = officer(actor), await a_draft(db, actor), db.today() + timedelta(days=60)
    await vacancies.edit_vacancy(db, hr, vacancy_id, EditVacancy(is_masked=False, rule_set=PENGAWAS))
    draft = await shown(db, hr, vacancy_id)
    assert (draft["isMasked"], draft["ruleSet"]["code"]) == (False, PENGAWAS.code)
    await vacancies.open_vacancy(db, hr, vacancy_id)
    refusal = await refusal_of(vacancies.edit_vacancy(db, hr, vacancy_id, EditVacancy(is_masked=True)))
    assert (refusal.code, refusal.about["part"]) == ("vacancy.locked", sentence("vacancy.part.is_masked"))
    await vacancies.edit_vacancy(db, hr, vacancy_id, EditVacancy(inauguration_on=later))
    edited = "SELECT before, after FROM ledger_entry WHERE type = 'vacancyEdited' ORDER BY id DESC LIMIT 1"
    [entry] = await rows_of(db, actor, edited)
    assert entry["after"] == {"inauguration_on": later.isoformat()}


async def test_the_rule_set_has_to_be_one_of_the_posts_level(db: Database) -> None:
    actor = await an_institution(db)
    other = RuleSetVersion(code="pp-11-2017-administrator", version=1)
    assert (await refusal_of(a_draft(db, actor, rule_set=other))).code == "vacancy.other_level"
    none = RuleSetVersion(code="pp-11-2017-jpt-pratama", version=99)
    assert (await refusal_of(a_draft(db, actor, rule_set=none))).code == "rule_set.not_found"
    executor = await a_draft(db, actor, await a_post(db, actor, level="pelaksana"))
    refusal = await refusal_of(vacancies.open_vacancy(db, officer(actor), executor))
    assert (refusal.code, refusal.detail["en"]) == (
        "vacancy.no_rule_set",
        sentence(refusal.code, level="Executor")["en"],
    )


# ── reading


async def test_talents_see_what_is_open_and_no_draft(db: Database) -> None:
    actor = await an_institution(db)
    draft, opened, hr = await a_draft(db, actor), await an_open_vacancy(db, actor), officer(actor)
    reader = talent(actor, a_nip())

    async def listed(who: Actor, **chosen: Any) -> list[str]:
        page = await vacancies.vacancies_page(db, who, VacancyFilter(**chosen))
        return [edge["node"]["id"] for edge in json.loads(page)["edges"]]

    assert sorted(await listed(hr)) == sorted(map(str, (draft, opened)))
    assert await listed(reader) == [str(opened)]
    assert (await shown(db, reader, opened))["state"] == "open"
    with pytest.raises(NotFound):
        await shown(db, reader, draft)
    stranger = await an_institution(db)
    assert await listed(stranger) == []
    with pytest.raises(NotFound):
        await vacancies.vacancy_document(db, stranger, opened)
    await vacancies.cancel_vacancy(db, hr, opened, BECAUSE)
    assert await listed(reader) == []


async def test_vacancies_are_found_by_state_level_unit_and_name(db: Database) -> None:
    actor = await an_institution(db)
    name = {"name": "Kepala Dinas Kesehatan", "name_key": "kepala dinas kesehatan"}
    health = await a_draft(db, actor, await a_post(db, actor, unit_id="U9", **name))
    clerk = await a_draft(db, actor, await a_post(db, actor, level="pelaksana"))

    async def found(**chosen: Any) -> set[UUID]:
        page = json.loads(await vacancies.vacancies_page(db, officer(actor), VacancyFilter(**chosen)))
        return {UUID(edge["node"]["id"]) for edge in page["edges"]}

    assert await found(q="  KESEHATAN ") == await found(unit="U9") == {health}
    assert await found(level="pelaksana") == {clerk}
    assert await found(state="draft") == {health, clerk}
    assert await found(state="open") == await found(q="%") == set()


# ── times


async def test_filling_times_tell_medians_and_how_often_the_promise_is_kept(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip, hr = await a_placed_talent(db, actor, tmp_path), officer(actor)
    nothing = json.loads(await filling_times.filling_times_document(db, hr))
    assert (nothing["overall"]["toFill"], nothing["overall"]["shareWithinPromise"], nothing["levels"]) == (
        None,
        None,
        [],
    )
    ago = at(db, db.now() - timedelta(days=28))
    late = await an_open_vacancy(ago, actor)
    await choose(db, actor, late, nip)
    await recommend(db, actor, late)
    await decree(db, actor, late)
    await vacancies.inaugurate_talent(db, hr, late, INAUGURATE)
    await a_decided_vacancy(db, actor, nip)
    await an_open_vacancy(ago, actor, await a_post(db, actor, level="administrator"))
    times = json.loads(await filling_times.filling_times_document(db, hr))
    administrator, pratama = (one["counts"] for one in times["levels"])
    assert (administrator["running"], administrator["overdue"], administrator["toFill"]) == (1, 1, None)
    assert (pratama["running"], pratama["filled"], pratama["decided"], pratama["withinPromise"]) == (1, 1, 2, 1)
    assert pratama["toFill"] == {"calendarDays": 28, "workingDays": 20}
    assert pratama["toDecide"] == {"calendarDays": 0, "workingDays": 0}  # the lower of the two in the middle
    assert (times["overall"]["running"], times["overall"]["shareWithinPromise"]) == (2, 50.0)


async def test_working_days_in_sql_are_those_of_the_domain(db: Database) -> None:
    actor, chance = await an_institution(db), Random(7)  # noqa: S311 - to try days with
    days = [date(1945, 8, 17) + timedelta(days=chance.randrange(56_000)) for _ in range(400)]
    pairs = list(zip(days[::2], days[1::2], strict=True)) + [
        (days[0], days[0] + timedelta(days=n)) for n in range(-7, 15)
    ]
    sql = "SELECT working_days(since, until) AS days FROM unnest($1::date[], $2::date[]) AS t (since, until)"
    rows = await rows_of(db, actor, sql, [since for since, _ in pairs], [until for _, until in pairs])
    assert [row["days"] for row in rows] == [rules.working_days(*pair) for pair in pairs]
