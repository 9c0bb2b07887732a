"""Rubrics of an institution: copied, edited by one at a time, published when activated, unchangeable from then on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db.database import Database
from app.domain.actors import Actor, Role
from app.domain.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    TalentError,
)
from app.domain.revisions import exactly
from app.services import placements, rubrics, talents
from app.services.rubrics import CheckRubric, CopyRubric, EditRubric, RubricKey
from app.services.talents import TalentFilter
from tests.factories import (
    a_nip,
    a_placed_talent,
    a_rubric_draft,
    an_employee,
    an_institution,
    complete_evidence,
    import_files,
    name_of,
    officer,
    rows_of,
    write_csv,
    write_folder,
)

BKN, PU = RubricKey("bkn-411-2025", 2), RubricKey("pu-djbk", 1)
MANADO = Path(__file__).parents[2] / "data" / "rubrics" / "manado.json"
Document = dict[str, Any]


def chair(actor: Actor) -> Actor:
    return Actor(actor.institution_id, Role.COMMITTEE_CHAIR, "chair")


async def draft_of(db: Database, actor: Actor, key: RubricKey) -> Document:
    return json.loads(await rubrics.rubric_draft_document(db, officer(actor), *key))


async def rubric_of(db: Database, actor: Actor, key: RubricKey) -> Document:
    return json.loads(await rubrics.rubric_document(db, actor, *key))


async def placement_of(db: Database, actor: Actor, nip: str) -> Document:
    return json.loads(await placements.placement_document(db, actor, nip))


async def edited(db: Database, actor: Actor, key: RubricKey, change: Callable[[Document], None]) -> int:
    """Edit a draft as it is now; the revision that comes of it."""
    draft = await draft_of(db, actor, key)
    change(draft["document"])
    command, expected = EditRubric(document=draft["document"]), exactly(draft["revision"])
    await rubrics.edit_rubric(db, officer(actor), *key, command, expected=expected)
    return (await draft_of(db, actor, key))["revision"]


async def activated(db: Database, actor: Actor, key: RubricKey, revision: int | None = None) -> None:
    expected = None if revision is None else exactly(revision)
    await rubrics.activate_rubric(db, chair(actor), *key, expected=expected)


def lower(document: Document) -> None:
    """Performance is high from 70 points."""
    document["cutPoints"]["performance"] = [60, 70]


async def listed(db: Database, actor: Actor) -> dict[str, Document]:
    page = json.loads(await rubrics.rubrics_page(db, actor))
    return {f"{edge['node']['code']}/{edge['node']['version']}": edge["node"] for edge in page["edges"]}


async def events(db: Database, actor: Actor) -> list[tuple[str, Document]]:
    sql = "SELECT type, payload FROM ledger_entry WHERE type LIKE 'rubric%' ORDER BY id"
    return [(row["type"], row["payload"]) for row in await rows_of(db, actor, sql)]


# ── drafts


async def test_a_copy_is_a_draft_under_a_code_of_ones_own(db: Database) -> None:
    actor = await an_institution(db)
    key = await rubrics.copy_rubric(db, officer(actor), CopyRubric(code=BKN.code, version=BKN.version))
    assert key == (f"bkn-411-2025@{str(actor.institution_id)[:8]}", 1)
    draft = await draft_of(db, actor, key)
    shipped = (await rubric_of(db, actor, BKN))["document"]
    assert draft["document"] == {**shipped, "code": key.code, "version": 1}
    assert draft["copiedFrom"] == {"code": BKN.code, "version": BKN.version}
    assert (draft["revision"], draft["createdBy"], draft["editedBy"]) == (1, "officer", "officer")
    assert await events(db, actor) == [("rubricCopied", {"rubric": str(key), "source": str(BKN)})]


async def test_copies_are_counted_as_versions_of_one_rubric(db: Database) -> None:
    actor = await an_institution(db)
    first = await rubrics.copy_rubric(db, officer(actor), CopyRubric(code=PU.code, version=1, name="perwako-11-2023"))
    second = await rubrics.copy_rubric(db, officer(actor), CopyRubric(code=first.code, version=1))
    await activated(db, actor, second, 1)
    third = await rubrics.copy_rubric(db, officer(actor), CopyRubric(code=second.code, version=2))
    assert {key.code.partition("@")[0] for key in (first, second, third)} == {"perwako-11-2023"}
    assert [key.version for key in (first, second, third)] == [1, 2, 3]


async def test_copies_made_at_once_have_versions_of_their_own(db: Database) -> None:
    actor = await an_institution(db)
    keys = await asyncio.gather(*(a_rubric_draft(db, officer(actor)) for _ in range(3)))
    assert sorted(key.version for key in keys) == [1, 2, 3]


async def test_an_edit_replaces_what_the_draft_says(db: Database) -> None:
    actor = await an_institution(db)
    key = await a_rubric_draft(db, actor)
    assert await edited(db, actor, key, lower) == 2
    draft = await draft_of(db, actor, key)
    assert draft["document"]["cutPoints"]["performance"] == [60, 70]
    assert await edited(db, actor, key, lower) == 2  # nothing is different
    assert [name for name, _ in await events(db, actor)] == ["rubricCopied", "rubricEdited"]


async def test_whoever_edits_what_somebody_else_has_edited_meanwhile_is_told_so(db: Database) -> None:
    actor = await an_institution(db)
    key = await a_rubric_draft(db, actor)
    document = (await draft_of(db, actor, key))["document"]
    lower(document)
    one, other = officer(actor), Actor(actor.institution_id, Role.HR_OFFICER, "colleague")
    both = [
        rubrics.edit_rubric(
            db, somebody, *key, EditRubric(document={**document, "source": somebody.subject}), expected=exactly(1)
        )
        for somebody in (one, other)
    ]
    outcomes = await asyncio.gather(*both, return_exceptions=True)
    [refusal] = [outcome for outcome in outcomes if isinstance(outcome, TalentError)]
    kept = await draft_of(db, actor, key)
    assert (refusal.kind, refusal.code) == ("precondition_failed", "precondition.failed")
    assert refusal.about == {"revision": 2}
    assert kept["document"]["source"] == kept["editedBy"]
    with pytest.raises(PreconditionFailed):
        await rubrics.discard_rubric(db, one, *key, expected=exactly(1))
    with pytest.raises(PreconditionFailed):
        await activated(db, actor, key, 1)
    assert (await draft_of(db, actor, key))["revision"] == 2


async def test_a_faulty_edit_is_refused_with_its_faults_and_the_draft_stays(db: Database) -> None:
    actor = await an_institution(db)
    key = await a_rubric_draft(db, actor)
    before = await draft_of(db, actor, key)
    document = deepcopy(before["document"])
    document["axes"][0]["components"][0]["weight"] = 59.9
    document["axes"][0]["components"][1]["indicators"][0]["leaves"][0]["measure"]["windowYears"] = -5
    with pytest.raises(Invalid) as refusal:
        await rubrics.edit_rubric(db, officer(actor), *key, EditRubric(document=document), expected=exactly(1))
    assert refusal.value.code == "rubric.invalid"
    assert {fault.where: fault.code for fault in refusal.value.faults} == {
        "/document/axes/0/components": "rubric.weights",
        "/document/axes/0/components/0/indicators": "rubric.weights",
        "/document/axes/0/components/1/indicators/0/leaves/0/measure/windowYears": "rubric.range",
    }
    assert await draft_of(db, actor, key) == before
    check = await rubrics.check_rubric(db, officer(actor), CheckRubric(document=document))
    assert (check["valid"], len(check["faults"])) == (False, 3)
    assert (await rubrics.check_rubric(db, officer(actor), CheckRubric(document=before["document"])))["valid"]


@pytest.mark.parametrize("but", [{"code": "bkn-411-2025"}, {"version": 2}])
async def test_a_draft_keeps_its_code_and_version(db: Database, but: Document) -> None:
    actor = await an_institution(db)
    key = await a_rubric_draft(db, actor)
    document = (await draft_of(db, actor, key))["document"]
    with pytest.raises(Invalid) as refusal:
        await rubrics.edit_rubric(db, officer(actor), *key, EditRubric(document=document | but), expected=exactly(1))
    assert [fault.code for fault in refusal.value.faults] == ["rubric.identity"]


async def test_a_discarded_draft_is_gone(db: Database) -> None:
    actor = await an_institution(db)
    key = await a_rubric_draft(db, actor)
    await rubrics.discard_rubric(db, officer(actor), *key, expected=exactly(1))
    for attempt in (
        rubrics.rubric_draft_document(db, officer(actor), *key),
        rubrics.discard_rubric(db, officer(actor), *key, expected=exactly(1)),
        rubrics.activate_rubric(db, chair(actor), *key, expected=exactly(1)),
        rubrics.copy_rubric(db, officer(actor), CopyRubric(code=key.code, version=1)),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert (await events(db, actor))[-1] == ("rubricDiscarded", {"rubric": str(key)})


# ── activation


async def test_until_something_is_activated_the_newest_version_of_the_default_holds(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    assert (await placement_of(db, actor, nip))["rubric"] == BKN._asdict()
    found = await listed(db, actor)
    assert {name for name, rubric in found.items() if rubric["isActive"]} == {str(BKN)}
    assert {"bkn-411-2025/1", str(BKN), str(PU)} <= set(found)
    assert not any(rubric["isOwn"] or "document" in rubric for rubric in found.values())


async def test_an_activated_draft_places_everybody_anew_and_never_changes(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path / "first")
    before = await placement_of(db, actor, nip)
    key = await a_rubric_draft(db, actor, *BKN)
    revision = await edited(db, actor, key, lower)
    written = (await draft_of(db, actor, key))["document"]
    await activated(db, actor, key, revision)

    after = await placement_of(db, actor, nip)
    assert (before["box"], after["box"], after["rubric"]) == (8, 9, key._asdict())
    assert [part["part"] for part in after["trace"]] == [part["part"] for part in before["trace"]]
    assert {part["label"]["en"] for part in after["trace"]} == {part["label"]["en"] for part in before["trace"]}
    published = await rubric_of(db, actor, key)
    assert (published["document"], published["isOwn"], published["isActive"]) == (written, True, True)
    assert not (await rubric_of(db, actor, BKN))["isActive"]
    assert (await events(db, actor))[-1] == ("rubricActivated", {"rubric": str(key), "previous": str(BKN)})

    with pytest.raises(NotFound):
        await rubrics.edit_rubric(db, officer(actor), *key, EditRubric(document=written), expected=exactly(revision))
    later = await a_placed_talent(db, actor, tmp_path / "later")
    assert (await placement_of(db, actor, later))["rubric"] == key._asdict()


async def test_what_holds_is_not_activated_twice(db: Database) -> None:
    actor = await an_institution(db)
    key = await a_rubric_draft(db, actor)
    both = [activated(db, actor, key, 1) for _ in range(2)]
    outcomes = await asyncio.gather(*both, return_exceptions=True)
    [refusal] = [outcome for outcome in outcomes if outcome is not None]
    assert isinstance(refusal, Conflict)
    assert (refusal.code, refusal.about) == ("rubric.active_already", {"rubric": str(key)})


async def test_an_earlier_version_can_hold_again(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    key = await a_rubric_draft(db, actor, *BKN)
    await activated(db, actor, key, await edited(db, actor, key, lower))
    await activated(db, actor, BKN)
    assert (await placement_of(db, actor, nip))["box"] == 8
    await activated(db, actor, key)
    assert (await placement_of(db, actor, nip))["box"] == 9


async def test_a_draft_is_activated_as_it_was_read(db: Database) -> None:
    actor = await an_institution(db)
    key = await a_rubric_draft(db, actor)
    with pytest.raises(PreconditionRequired):
        await activated(db, actor, key)


async def test_a_shipped_rubric_with_totals_of_an_assessment_places_people(db: Database, tmp_path: Path) -> None:
    actor, nip = await an_institution(db), a_nip()
    name = await name_of(db, actor)
    evidence = complete_evidence(nip, name)
    files = write_folder(tmp_path, [an_employee(nip, name)], evidence)
    totals = [{"NIP": nip, "TANGGAL": "03-04-2025", "INSTRUMEN": "POTKOM", "NILAI": "93,47"}]
    files.append(write_csv(tmp_path, "nilai-asesmen", totals))
    report = await import_files(db, actor, files)
    assert not report["refusals"]
    again = await import_files(db, actor, [write_csv(tmp_path, "nilai-asesmen", [totals[0] | {"NILAI": "93.470"}])])
    assert again["changes"].get("assessmentScore") == 0
    await activated(db, actor, PU)
    placement = await placement_of(db, actor, nip)
    # 65 × 93.47 % + education 4.5 + fit 5 + training 5 + 5 × mean(100, 80, 100) % + discipline 15
    assert placement["potential"]["value"] == 94.922167
    assert (placement["performance"]["value"], placement["box"], placement["missing"]) == (80, 9, [])
    [part] = [part for part in placement["trace"] if part["part"] == "potentialCompetence"]
    assert (part["found"], part["evidence"]["kind"], part["points"]) == ("93.47", "assessmentScore", 60.7555)
    narrowed = await placement_of(db, Actor(actor.institution_id, Role.AUDITOR, "auditor"), nip)
    # a mean is withheld for what its parts rest on: here on posts and acting assignments, which all may see
    withheld = [part["part"] for part in narrowed["trace"] if part["score"] is None]
    assert withheld == ["potentialCompetence", "discipline"]
    document = json.loads(await talents.talent_document(db, actor, nip))
    assert [(row["instrument"], row["value"], row["assessedOn"]) for row in document["assessmentScores"]] == [
        ("potkom", 93.47, "2025-04-03")
    ]


async def test_who_lacks_an_item_of_another_rubric_can_be_listed(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    lacking = TalentFilter(missing="potentialCompetence")
    with pytest.raises(Invalid):
        await talents.talents_page(db, actor, lacking)
    await activated(db, actor, PU)
    assert (await placement_of(db, actor, nip))["missing"] == ["potentialCompetence"]
    page = json.loads(await talents.talents_page(db, actor, lacking))
    assert [edge["node"]["nip"] for edge in page["edges"]] == [nip]
    with pytest.raises(Invalid) as refusal:
        await talents.talents_page(db, actor, TalentFilter(missing="potkom"))
    assert "potentialCompetence" in refusal.value.faults[0].detail["en"]


async def test_the_variants_of_a_rubric_of_ones_own_place_each_by_the_target(db: Database, tmp_path: Path) -> None:
    actor, nip = await an_institution(db), a_nip()
    name = await name_of(db, actor)
    evidence = complete_evidence(nip, name)
    evidence["JABATAN"] = [row | {"JENJANG": "pengawas"} for row in evidence["JABATAN"]]
    evidence["SKP"].append(evidence["SKP"][0] | {"TAHUN": "2023"})
    await import_files(db, actor, write_folder(tmp_path, [an_employee(nip, name)], evidence))
    key = await a_rubric_draft(db, actor)
    manado = json.loads(MANADO.read_text(encoding="utf-8")) | key._asdict()
    await rubrics.edit_rubric(db, officer(actor), *key, EditRubric(document=manado), expected=exactly(1))
    await activated(db, actor, key, 2)
    placement = await placement_of(db, actor, nip)
    weights = {part["part"]: part["weight"] for part in placement["trace"]}
    assert weights == {"performanceAppraisal": 90, "awards": 10, "competence": 50, "education": 50}
    assert placement["box"] is not None


async def test_another_rubric_can_put_other_people_on_the_map(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path, KEDUDUKAN_HUKUM_ID="15", KEDUDUKAN_HUKUM_NAMA="CLTN")
    assert (await placement_of(db, actor, nip))["unmappedBecause"] == "notActive"
    key = await a_rubric_draft(db, actor)

    def count_leave(document: Document) -> None:
        document["mapping"]["activeStatuses"] = ["01", "15"]

    await activated(db, actor, key, await edited(db, actor, key, count_leave))
    placement = await placement_of(db, actor, nip)
    assert (placement["unmappedBecause"], placement["box"]) == (None, 8)
    await activated(db, actor, BKN)
    placement = await placement_of(db, actor, nip)
    assert (placement["unmappedBecause"], placement["box"]) == ("notActive", None)


# ── who may what


async def test_another_institution_neither_reads_nor_uses_what_is_not_its_own(db: Database) -> None:
    actor, stranger = await an_institution(db), await an_institution(db)
    key = await a_rubric_draft(db, actor)
    other = await a_rubric_draft(db, actor)
    await activated(db, actor, other, 1)
    for attempt in (
        rubrics.rubric_draft_document(db, officer(stranger), *key),
        rubrics.rubric_document(db, stranger, *other),
        rubrics.copy_rubric(db, officer(stranger), CopyRubric(code=other.code, version=other.version)),
        rubrics.copy_rubric(db, officer(stranger), CopyRubric(code=key.code, version=key.version)),
        rubrics.activate_rubric(db, chair(stranger), *other),
        rubrics.edit_rubric(
            db, officer(stranger), *key, EditRubric(document=await _valid(db, actor, key)), expected=exactly(1)
        ),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert str(other) in await listed(db, actor)
    assert str(other) not in await listed(db, stranger)
    assert json.loads(await rubrics.rubric_drafts_page(db, officer(stranger)))["edges"] == []


async def _valid(db: Database, actor: Actor, key: RubricKey) -> object:
    return (await draft_of(db, actor, key))["document"]


async def test_officers_edit_chairs_and_authorities_activate_and_everybody_reads(db: Database) -> None:
    actor = await an_institution(db)
    key = await a_rubric_draft(db, actor)
    for role in (Role.HR_OFFICER, Role.COMMITTEE_MEMBER, Role.AUDITOR, Role.TALENT, Role.UNIT_VERIFIER, Role.NATIONAL):
        somebody = Actor(actor.institution_id, role, "somebody", nip="1")
        with pytest.raises(Forbidden):
            await rubrics.activate_rubric(db, somebody, *key, expected=exactly(1))
        assert json.loads(await rubrics.rubric_document(db, somebody, *BKN))["version"] == 2
        assert json.loads(await rubrics.rubrics_page(db, somebody))["edges"]
    for role in (Role.COMMITTEE_CHAIR, Role.APPOINTING_AUTHORITY, Role.TALENT):
        with pytest.raises(Forbidden):
            await rubrics.copy_rubric(db, Actor(actor.institution_id, role, "x"), CopyRubric(code=BKN.code, version=1))
    with pytest.raises(Forbidden):
        await rubrics.rubric_draft_document(db, Actor(actor.institution_id, Role.TALENT, "x"), *key)
    await rubrics.activate_rubric(
        db, Actor(actor.institution_id, Role.APPOINTING_AUTHORITY, "ppk"), *key, expected=exactly(1)
    )


@pytest.mark.parametrize("key", [("bkn-411-2025", 0), ("bkn-411-2025", 2**40), ("a\x00b", 1), ("\ud800", 1), ("", 1)])
async def test_what_cannot_be_a_rubric_is_not_found(db: Database, key: tuple[str, int]) -> None:
    actor = await an_institution(db)
    for attempt in (
        rubrics.rubric_document(db, actor, *key),
        rubrics.rubric_draft_document(db, officer(actor), *key),
        rubrics.activate_rubric(db, chair(actor), *key, expected=exactly(1)),
        rubrics.discard_rubric(db, officer(actor), *key, expected=exactly(1)),
    ):
        with pytest.raises(NotFound):
            await attempt


async def test_the_application_can_publish_nothing_but_drafts_of_its_institution(db: Database) -> None:
    actor, stranger = await an_institution(db), await an_institution(db)
    key = await a_rubric_draft(db, actor)
    publish = text("SELECT publish_rubric(:code, :version, '[]')")
    async with db.write_as(stranger) as tx:
        assert await tx.scalar(publish, key._asdict()) == 0
    with pytest.raises(DBAPIError, match="own_code"):
        async with db.write_as(actor) as tx:
            await tx.execute(text("UPDATE rubric_draft SET code = 'bkn-411-2025', version = 9"))
