"""Rule sets through both doors: shipped ones are read by all, one's own are published once and never change."""

from __future__ import annotations

import asyncio
import json
from copy import deepcopy
from typing import Any

import asyncpg
import pytest

from app.db.database import Database
from app.domain.actors import Actor
from app.domain.careers import PositionLevel
from app.domain.errors import NotFound
from app.domain.rule_sets import RuleSet
from app.services import rule_sets
from app.services.rule_sets import RuleSetVersion
from tests.conftest import url_of
from tests.factories import an_institution, officer, rows_of
from tests.personas import Persona, Personas
from tests.rule_sets import BASE, DOCUMENT, SHIPPED, an_own_rule_set
from tests.vacancies import a_post, an_open_vacancy, shown

GRADE = {
    "code": "grade",
    "field": "grade",
    "comparison": "atLeast",
    "threshold": 42,
    "label": {"id": "Golongan paling rendah IV/b", "en": "Grade IV/b at least"},
    "legalBasis": "Perwako 11/2023 ps. 5",
    "source": {"document": "Perwako 11/2023 ps. 5", "confidence": "confirmed"},
}


def with_a_grade() -> dict[str, Any]:
    """The shipped set for JPT pratama, with a minimum grade."""
    return {**deepcopy(DOCUMENT), "requirements": [*DOCUMENT["requirements"], GRADE]}


async def told(persona: Persona, method: str, path: str, status: int, **options: Any) -> Any:
    answer = await getattr(persona, method)(f"/v1{path}", **options)
    assert answer.status_code == status, answer.text
    return answer.json()


async def default_of(db: Database, actor: Actor, level: PositionLevel) -> RuleSet | None:
    async with db.read_as(actor) as tx:
        return await rule_sets._default_rule_set(tx, level)


async def test_a_rule_set_of_ones_own_from_the_shipped_one_to_the_second_version(
    db: Database, personas: Personas
) -> None:
    actor = await an_institution(db)
    hr, talent = personas.hr_officer(actor.institution_id), personas.talent(actor.institution_id, "1")
    before = await default_of(db, actor, PositionLevel.JPT_PRATAMA)
    assert before is not None
    assert before.code == SHIPPED

    command = {"basedOn": BASE, "name": "perwako-11-2023", "document": with_a_grade()}
    answer = await hr.post("/v1/rule-sets", json=command)
    published = answer.json()
    code = f"perwako-11-2023@{str(actor.institution_id)[:8]}"
    assert (answer.status_code, answer.headers["location"]) == (201, f"/v1/rule-sets/{code}/versions/1")
    assert (published["code"], published["version"], published["basedOn"]) == (code, 1, BASE)
    assert (published["isOwn"], published["isDefault"], published["level"]) == (True, True, "jpt_pratama")
    assert published["document"] == {
        **with_a_grade(),
        "code": code,
        "version": 1,
        "requirements": [*DOCUMENT["requirements"], {**GRADE, "isActionable": False}],
    }
    again = {"basedOn": {"code": code, "version": 1}, "document": published["document"]}
    second = await told(hr, "post", "/rule-sets", 201, json=again)
    assert (second["code"], second["version"], second["isDefault"]) == (code, 2, True)
    first = await told(talent, "get", f"/rule-sets/{code}/versions/1", 200)
    assert first == {**published, "isDefault": False}
    now = await default_of(db, actor, PositionLevel.JPT_PRATAMA)
    assert now is not None
    assert (now.code, now.version) == (code, 2)
    sql = "SELECT payload FROM ledger_entry WHERE type = 'ruleSetPublished' ORDER BY id"
    assert [row["payload"] for row in await rows_of(db, actor, sql)] == [
        {"rule_set": f"{code}/1", "level": "jpt_pratama", "based_on": f"{SHIPPED}/2"},
        {"rule_set": f"{code}/2", "level": "jpt_pratama", "based_on": f"{code}/1"},
    ]


async def test_rules_for_one_vacancy_leave_those_of_the_level_as_they_are(db: Database, personas: Personas) -> None:
    actor = await an_institution(db)
    before = await default_of(db, actor, PositionLevel.JPT_PRATAMA)
    command = {"basedOn": BASE, "name": "seleksi-khusus", "document": with_a_grade(), "forLevel": False}
    published = await told(personas.hr_officer(actor.institution_id), "post", "/rule-sets", 201, json=command)
    assert (published["isForLevel"], published["isDefault"]) == (False, False)
    assert await default_of(db, actor, PositionLevel.JPT_PRATAMA) == before
    post_id = await a_post(db, actor, level="jpt_pratama")
    version = RuleSetVersion(code=published["code"], version=published["version"])
    vacancy = await shown(db, officer(actor), await an_open_vacancy(db, actor, post_id, rule_set=version))
    assert vacancy["ruleSet"] == {"code": version.code, "version": version.version}


async def test_a_requirement_is_shown_with_its_words(db: Database, personas: Personas) -> None:
    actor = await an_institution(db)
    shown = await told(personas.talent(actor.institution_id, "1"), "get", f"/rule-sets/{SHIPPED}/versions/2", 200)
    by_code = {one["code"]: one for one in shown["requirements"]}
    assert [one["code"] for one in shown["requirements"]] == [one["code"] for one in DOCUMENT["requirements"]]
    assert by_code["education"] == {
        "code": "education",
        "label": {
            "id": "Pendidikan paling rendah sarjana atau diploma IV",
            "en": "A bachelor's degree or diploma IV at least",
        },
        "field": "education",
        "comparison": "atLeast",
        "thresholds": ["s1"],
        "of": [],
        "years": None,
        "inField": False,
        "proof": None,
        "legalBasis": "PP 11/2017 ps. 107 huruf c angka 1 jo. PP 17/2020",
        "source": {
            "document": "PP 11/2017 jo. PP 17/2020, ps. 107 huruf c angka 1",
            "confidence": "confirmed",
            "note": None,
        },
        "isActionable": False,
    }
    assert by_code["health"]["proof"] == "healthCertificate"
    assert by_code["competence"]["source"]["confidence"] == "unsure"
    assert by_code["competence"]["source"]["note"]["en"].endswith("institutions may change it.")
    training = next(one for one in shown["criteria"] if one["kind"] == "training")
    assert (training["years"], training["source"]["confidence"]) == (3, "unsure")
    assert by_code["age"]["thresholds"] == ["56"]
    assert by_code["health"]["thresholds"] == []
    assert by_code["requiredPost"]["of"][:2] == ["administrator", "jf_ahli_madya"]
    assert by_code["competence"]["years"] == 3
    assert [(one["kind"], one["weight"], one["full"]) for one in shown["criteria"]][:3] == [
        ("talentValue", 40, None),
        ("competenceFit", 20, None),
        ("relatedExperience", 10, 120),
    ]
    assert (shown["isOwn"], shown["basedOn"]) == (False, None)


async def test_what_is_read_of_a_default_version_can_be_published_as_the_next(db: Database, personas: Personas) -> None:
    hr = personas.hr_officer((await an_institution(db)).institution_id)
    shipped = [one["node"] for one in (await told(hr, "get", "/rule-sets", 200))["edges"]]
    defaults = [one for one in shipped if one["isDefault"]]
    assert len(defaults) == 5
    for one in defaults:
        key = {"code": one["code"], "version": one["version"]}
        read = await told(hr, "get", f"/rule-sets/{key['code']}/versions/{key['version']}", 200)
        again = await told(hr, "post", "/rule-sets", 201, json={"basedOn": key, "document": read})
        own = {"code", "version", "isOwn", "basedOn", "publishedAt", "document"}
        assert {name: value for name, value in again.items() if name not in own} == {
            name: value for name, value in read.items() if name not in own
        }
        assert {**again["document"], **key} == read["document"]


async def test_a_grade_is_written_and_shown_as_everybody_writes_it(db: Database, personas: Personas) -> None:
    hr = personas.hr_officer((await an_institution(db)).institution_id)
    requirements = [*DOCUMENT["requirements"], GRADE | {"threshold": "IV/b"}]
    command = {"basedOn": BASE, "name": "kenaikan", "document": {**DOCUMENT, "requirements": requirements}}
    read = await told(hr, "post", "/rule-sets", 201, json=command)
    assert read["requirements"][-1]["thresholds"] == ["IV/b"]
    assert read["document"]["requirements"][-1] == {**GRADE, "isActionable": False}  # as older versions keep it
    command = {"basedOn": {"code": read["code"], "version": 1}, "document": read}
    again = await told(hr, "post", "/rule-sets", 201, json=command)
    assert again["requirements"] == read["requirements"]
    read["requirements"][-1]["thresholds"] = ["iii/d"]
    await told(hr, "post", "/rule-sets", 201, json={**command, "document": read})
    found = await told(hr, "get", f"/rule-sets/{read['code']}/versions/3/differences?from=2", 200)
    [changed] = found["differences"]
    assert changed["parts"] == [{"name": "threshold", "before": ["IV/b"], "after": ["III/d"]}]
    for wrong in (7, 15, 99, "V/a", "42", True, ["IV/b"]):
        document = {**DOCUMENT, "requirements": [GRADE | {"threshold": wrong}]}
        check = await told(hr, "post", "/rule-set-validations", 200, json={"document": document})
        assert {"requirement.unknown_grade"} == {one["code"] for one in check["faults"]}


async def test_an_older_version_is_shown_as_it_may_be_published_again(db: Database, personas: Personas) -> None:
    """It says which boxes the pool has, as nothing does any more but the policy of succession."""
    hr = personas.hr_officer((await an_institution(db)).institution_id)
    shown = (await told(hr, "get", f"/rule-sets/{SHIPPED}/versions/1", 200))["document"]
    assert set(DOCUMENT) == set(shown)
    answer = await told(hr, "post", "/rule-set-validations", 200, json={"document": shown | {"poolBoxes": [9]}})
    assert ("rule_set.unknown_field", "/poolBoxes") in {(one["code"], one["where"]) for one in answer["faults"]}


async def test_rule_sets_are_listed_by_level(db: Database, personas: Personas) -> None:
    actor = await an_institution(db)
    hr = personas.hr_officer(actor.institution_id)
    await told(hr, "post", "/rule-sets", 201, json={"basedOn": BASE, "document": DOCUMENT})
    listed = await told(hr, "get", "/rule-sets?level=jpt_pratama", 200)
    own = f"{SHIPPED}@{str(actor.institution_id)[:8]}"
    assert [(one["node"]["code"], one["node"]["isDefault"]) for one in listed["edges"]] == [
        (SHIPPED, False),
        (SHIPPED, False),
        (own, True),
    ]
    assert "document" not in listed["edges"][0]["node"]
    first = await told(hr, "get", "/rule-sets?first=4", 200)
    rest = await told(hr, "get", f"/rule-sets?after={first['pageInfo']['endCursor']}", 200)
    assert len(first["edges"] + rest["edges"]) == 11
    assert (await told(hr, "get", "/rule-sets?level=pelaksana", 200))["edges"] == []
    for query in ("level=x", "colour=red", "after=x", "first=0"):
        await told(hr, "get", f"/rule-sets?{query}", 422)
    await told(personas.anonymous(), "get", "/rule-sets", 401)


async def test_what_an_institution_publishes_is_its_own(db: Database, personas: Personas) -> None:
    actor, stranger = await an_institution(db), await an_institution(db)
    hr, elsewhere = personas.hr_officer(actor.institution_id), personas.hr_officer(stranger.institution_id)
    own = await told(hr, "post", "/rule-sets", 201, json={"basedOn": BASE, "document": DOCUMENT})
    key = {"code": own["code"], "version": 1}
    await told(elsewhere, "get", f"/rule-sets/{own['code']}/versions/1", 404)
    refused = await told(elsewhere, "post", "/rule-sets", 404, json={"basedOn": key, "document": DOCUMENT})
    assert refused["code"] == "rule_set.not_found"
    shipped = await default_of(db, stranger, PositionLevel.JPT_PRATAMA)
    assert shipped is not None
    assert shipped.code == SHIPPED
    async with db.read_as(stranger) as tx:
        with pytest.raises(NotFound):
            await rule_sets._rule_set(tx, own["code"], 1)


async def test_nobody_but_the_secretariat_publishes_rule_sets(db: Database, personas: Personas) -> None:
    institution = (await an_institution(db)).institution_id
    command = {"basedOn": BASE, "document": DOCUMENT}
    for persona in (
        personas.committee_chair(institution),
        personas.talent(institution, "1"),
        personas.auditor(institution),
    ):
        await told(persona, "post", "/rule-sets", 403, json=command)
        await told(persona, "post", "/rule-set-validations", 403, json={"document": DOCUMENT})


async def test_only_managerial_levels_have_a_shipped_rule_set(db: Database) -> None:
    actor = await an_institution(db)
    found = {level: await default_of(db, actor, level) for level in PositionLevel}
    assert [level.value for level, rule_set in found.items() if rule_set is not None] == [
        "jpt_utama", "jpt_madya", "jpt_pratama", "administrator", "pengawas",
    ]  # fmt: skip


async def test_a_code_stays_with_its_level(db: Database, personas: Personas) -> None:
    hr = personas.hr_officer((await an_institution(db)).institution_id)
    await told(hr, "post", "/rule-sets", 201, json={"basedOn": BASE, "document": DOCUMENT})
    other = {**DOCUMENT, "level": "administrator"}
    refused = await told(hr, "post", "/rule-sets", 409, json={"basedOn": BASE, "document": other})
    assert refused["code"] == "rule_set.level_changed"
    await told(hr, "post", "/rule-sets", 201, json={"basedOn": BASE, "name": "another", "document": other})


async def test_two_who_publish_at_once_publish_two_versions(db: Database) -> None:
    actor = await an_institution(db)
    keys = await asyncio.gather(*(an_own_rule_set(db, actor) for _ in range(2)))
    assert {key.version for key in keys} == {1, 2}


async def test_a_published_version_cannot_be_changed_nor_put_under_anothers_code(
    db: Database, database_name: str
) -> None:
    actor, other = await an_institution(db), await an_institution(db)
    key = await an_own_rule_set(db, actor)
    foreign = f"x@{str(other.institution_id)[:8]}"
    document = json.dumps({**DOCUMENT, "code": foreign, "version": 1})
    publish = "SELECT publish_rule_set($1, 1, $2, $3, 2, now(), true)"

    async def attempt(sql: str, *values: object) -> None:
        async with connection.transaction():
            await connection.execute("SELECT set_config('app.institution_id', $1, true)", str(actor.institution_id))
            await connection.execute(sql, *values)

    connection = await asyncpg.connect(url_of(database_name))
    try:
        for sql in ("UPDATE rule_set SET document = '{}' WHERE code = $1", "DELETE FROM rule_set WHERE code = $1"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await attempt(sql, key.code)
        with pytest.raises(asyncpg.CheckViolationError):
            await attempt(publish, foreign, document, SHIPPED)
        assert await connection.fetchval(publish, foreign, document, SHIPPED) == 0  # by nobody
    finally:
        await connection.close()


# ── bad bodies


def raw(old: str, new: str) -> bytes:
    body = json.dumps({"basedOn": BASE, "document": DOCUMENT})
    assert old in body
    return body.replace(old, new, 1).encode()


WEIGHT = '"weight": 40'
BAD = {
    "a weight that is no number": (WEIGHT, '"weight": NaN', "/document/criteria/0/weight", "rule_set.open_range"),
    "an endless weight": (WEIGHT, '"weight": 1e999', "/document/criteria/0/weight", "rule_set.open_range"),
    "weights of 99.9": (WEIGHT, '"weight": 39.9', "/document/criteria", "rule_set.weights"),
    "an unknown field": ('"field": "age"', '"field": "shoeSize"', "/document/requirements/7/field",
                         "requirement.unknown_fact"),
    "a religion": ('"field": "age"', '"field": "agama"', "/document/requirements/7/field",
                   "requirement.protected_field"),
    "a lone surrogate": ('"label": {"id": "', '"label": {"id": "\\ud800', "/document/requirements/0/label/id",
                         "requirement.text_characters"),
    "a nul": ('"title": {"id": "', '"title": {"id": "\\u0000', "/document/title/id", "rule_set.text_characters"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "where", "code"), BAD.values(), ids=BAD)
async def test_a_faulty_rule_set_is_a_problem_that_names_the_place(
    db: Database, personas: Personas, old: str, new: str, where: str, code: str
) -> None:
    hr = personas.hr_officer((await an_institution(db)).institution_id)
    headers = {"content-type": "application/json"}
    problem = await told(hr, "post", "/rule-sets", 422, content=raw(old, new), headers=headers)
    assert problem["code"] == "rule_set.invalid"
    assert {"code": code, "where": where} in [{k: e[k] for k in ("code", "where")} for e in problem["errors"]]
    assert len((await told(hr, "get", "/rule-sets", 200))["edges"]) == 10


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"NaN", b"{}", b'{"document": null}', b'{"document": {}, "basedOn": null}',
     b'{"document": ' + b'{"a":' * 5000 + b"1" + b"}" * 5001, b"\xff\xfe",
     b'{"document": {}, "basedOn": {"code": "\\u0000", "version": 1}}',
     b'{"document": {}, "basedOn": {"code": "x", "version": 99999999999999999999}}',
     b'{"document": 7, "basedOn": {"code": "pp-11-2017-pengawas", "version": 1}}'],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/rule-sets", "/rule-set-validations"])
async def test_any_body_is_answered(db: Database, personas: Personas, path: str, body: bytes) -> None:
    hr = personas.hr_officer((await an_institution(db)).institution_id)
    answer = await hr.post(f"/v1{path}", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (200, 400, 404, 422), answer.text


async def test_a_rule_set_is_checked_without_being_stored(db: Database, personas: Personas) -> None:
    hr = personas.hr_officer((await an_institution(db)).institution_id)
    good = await told(hr, "post", "/rule-set-validations", 200, json={"document": with_a_grade()})
    assert good == {"valid": True, "faults": []}
    bad = await told(hr, "post", "/rule-set-validations", 200, json={"document": {"shortlistSize": 0}})
    assert not bad["valid"]
    assert {fault["where"] for fault in bad["faults"]} >= {"/code", "/criteria", "/shortlistSize"}
    assert len((await told(hr, "get", "/rule-sets", 200))["edges"]) == 10


@pytest.mark.parametrize("version", ["0", "-1", "x", "9" * 30, "3"])
async def test_what_is_no_version_is_not_found(db: Database, personas: Personas, version: str) -> None:
    hr = personas.hr_officer((await an_institution(db)).institution_id)
    problem = await told(hr, "get", f"/rule-sets/{SHIPPED}/versions/{version}", 404)
    assert problem["code"] == "rule_set.not_found"


# ── GraphQL

SOURCE = "source { document confidence note { id en } }"
REQUIREMENT = f"""code label {{ id en }} field comparison thresholds of years inField proof legalBasis {SOURCE}
    isActionable"""
RULE_SET = f"""code version level title {{ id en }} isOwn isDefault isForLevel basedOn {{ code version }} publishedAt
    requirements {{ {REQUIREMENT} }} criteria {{ code label {{ id en }} kind weight full years {SOURCE} }}
    seniorityShare stabilityThreshold shortlistSize document"""


async def test_both_doors_say_and_do_the_same(db: Database, personas: Personas) -> None:
    hr = personas.hr_officer((await an_institution(db)).institution_id)
    answer = await hr.ask(
        f"""mutation ($base: RuleSetVersionInput!, $document: JSON!) {{
            publishRuleSet(basedOn: $base, document: $document, name: "own") {{ {RULE_SET} }} }}""",
        base=BASE,
        document=with_a_grade(),
    )
    own = answer["data"]["publishRuleSet"]
    assert own == await told(hr, "get", f"/rule-sets/{own['code']}/versions/1", 200)
    answer = await hr.ask(
        f"""query ($code: String!) {{
            ruleSet(code: $code, version: 2) {{ {RULE_SET} }}
            ruleSets(filter: {{level: jpt_pratama}}) {{ totalCount edges {{ node {{ {RULE_SET} }} }} }}
            nothing: ruleSet(code: "x", version: 1) {{ code }}
        }}""",
        code=SHIPPED,
    )
    first, shipped = [await told(hr, "get", f"/rule-sets/{SHIPPED}/versions/{one}", 200) for one in (1, 2)]
    assert {one["source"] for one in first["requirements"]} == {None}
    assert answer["data"] == {
        "ruleSet": shipped,
        "ruleSets": {"totalCount": 3, "edges": [{"node": own}, {"node": first}, {"node": shipped}]},
        "nothing": None,
    }
    refused = await hr.ask(
        "mutation ($base: RuleSetVersionInput!) { publishRuleSet(basedOn: $base, document: {}) { code } }", base=BASE
    )
    assert refused["errors"][0]["extensions"]["code"] == "rule_set.invalid"


# ── in what versions differ


async def test_two_versions_are_compared_rule_by_rule(db: Database, personas: Personas) -> None:
    actor, stranger = await an_institution(db), await an_institution(db)
    hr, talent = personas.hr_officer(actor.institution_id), personas.talent(actor.institution_id, "1")
    document = with_a_grade()
    document["requirements"] = [one for one in document["requirements"] if one["code"] != "health"]
    document["requirements"][7] = {**document["requirements"][7], "threshold": 55}
    document["shortlistSize"] = 4
    own = await told(hr, "post", "/rule-sets", 201, json={"basedOn": BASE, "document": document})
    path = f"/rule-sets/{own['code']}/versions/1/differences"
    compared = await told(talent, "get", path, 200)
    assert (compared["code"], compared["version"], compared["from"]) == (own["code"], 1, BASE)
    assert [(one["subject"], one["code"], one["change"]) for one in compared["differences"]] == [
        ("requirement", "age", "changed"),
        ("requirement", "health", "removed"),
        ("requirement", "grade", "added"),
        ("setting", "shortlistSize", "changed"),
    ]
    age, health, _, size = compared["differences"]
    assert age["parts"] == [{"name": "threshold", "before": ["56"], "after": ["55"]}]
    assert (health["label"]["en"], size["label"]) == ("Healthy in body and mind", None)
    assert size["parts"] == [{"name": "shortlistSize", "before": ["3"], "after": ["4"]}]
    assert {"name": "proof", "before": ["healthCertificate"], "after": []} in health["parts"]
    assert {"label.id", "source.confidence"} <= {part["name"] for part in health["parts"]}

    earlier = await told(talent, "get", f"{path}?from=1&fromCode={SHIPPED}", 200)
    added = [one["code"] for one in earlier["differences"] if one["change"] == "added"]
    assert (earlier["from"], added) == ({"code": SHIPPED, "version": 1}, ["noProceedings", "grade"])
    assert (await told(talent, "get", f"{path}?from=1", 200))["differences"] == []
    shipped = await told(talent, "get", f"/rule-sets/{SHIPPED}/versions/2/differences?fields=from", 200)
    assert shipped == {"from": {"code": SHIPPED, "version": 1}}
    asked = """query ($code: String!, $from: Int, $other: String) {
        ruleSetDifferences(code: $code, version: 1, from: $from, fromCode: $other) {
            code version from { code version }
            differences { subject code change label { id en } parts { name before after } }
        } }"""
    for given, expected in (({}, compared), ({"from": 1, "other": SHIPPED}, earlier)):
        answer = await talent.ask(asked, code=own["code"], **given)
        assert answer["data"]["ruleSetDifferences"] == expected

    for query in ("from=7", f"from=1&fromCode={own['code'][:-1]}x"):
        await told(talent, "get", f"{path}?{query}", 404)
    for query in ("from=0", "from=x", "from=99999999999"):
        await told(talent, "get", f"{path}?{query}", 422)
    first = await told(talent, "get", f"/rule-sets/{SHIPPED}/versions/1/differences", 200)
    assert (first["from"], first["differences"]) == (None, [])
    await told(personas.talent(stranger.institution_id, "1"), "get", path, 404)
    elsewhere = personas.hr_officer(stranger.institution_id)
    await told(elsewhere, "get", f"/rule-sets/{SHIPPED}/versions/2/differences?from=1&fromCode={own['code']}", 404)
